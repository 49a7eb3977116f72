"""Jobs over HTTP: asked for, followed, cancelled, and nobody else's business."""

import json
import threading
import time

import pytest
from sqlalchemy import text

from app.config import Settings
from app.db import transaction
from app.errors import Refusal
from app.models import Job, Place
from app.services import accounts, jobs
from app.services.job_news import News
from tests.views.conftest import Browser
from tests.views.world import HERE, A

WISH = {"target": 300, "least": 270, "most": 330, "seed": 1}


def split(browser, code=HERE, **wish):
    return browser.post(f"/api/places/{code}/splits", json={**WISH, **wish})


@pytest.fixture
def job(as_manager):
    return split(as_manager).json["job"]


def test_a_split_is_a_job_that_is_followed(as_manager):
    answer = split(as_manager)

    job = answer.json["job"]
    assert (answer.status_code, job["state"], job["kind"]) == (202, "queued", "split")
    assert job["parameters"] == WISH
    assert as_manager.get(answer.location).json == job


def test_the_same_wish_while_it_waits_is_the_same_job(as_manager):
    first, same, other = split(as_manager), split(as_manager), split(as_manager, seed=2)

    assert first.json["job"]["id"] == same.json["job"]["id"] != other.json["job"]["id"]


def test_the_page_finds_what_is_at_work_for_its_place(as_manager, job):
    found = as_manager.get(f"/api/places/{A}/jobs").json["jobs"]

    assert [one["id"] for one in found] == [job["id"]]


def test_who_manages_a_part_is_not_told_of_jobs_of_the_whole(session, sign_in, people, clock, job):
    accounts.grant_role(session, None, people["coordinator"], "manager", A, until=None, today=clock().date())
    session.commit()
    of_part = sign_in(people["coordinator"])

    found = of_part.get(f"/api/places/{A}/jobs")

    assert (found.status_code, found.json) == (200, {"jobs": []})


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"least": 310}, 422, "band_malformed"),
        ({"most": 290}, 422, "band_malformed"),
        ({"target": 1}, 422, "fields_malformed"),
        ({"target": "300"}, 422, "fields_malformed"),
        ({"target": 300.5}, 422, "fields_malformed"),
        ({"seed": -1}, 422, "fields_malformed"),
        ({"surprise": 1}, 422, "fields_malformed"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(as_manager, wish, status, code):
    answer = split(as_manager, **wish)

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_place_without_plots_cannot_be_split(as_manager):
    answer = split(as_manager, code=A)

    assert (answer.status_code, answer.json["code"]) == (422, "split_at_other_place")


def test_only_managers_of_the_place_split_it(client, as_leader, as_coordinator, as_stranger):
    codes = [split(browser).json["code"] for browser in (client, as_leader, as_coordinator, as_stranger)]

    assert codes == ["not_signed_in", "not_allowed", "not_allowed", "not_in_scope"]


def test_a_job_is_cancelled_once(as_manager, session, job):
    cancelled = as_manager.post(f"/api/jobs/{job['id']}/cancellation")
    again = as_manager.post(f"/api/jobs/{job['id']}/cancellation")
    session.execute(text("UPDATE job SET state = 'done' WHERE id = :id"), {"id": job["id"]})
    session.commit()
    over = as_manager.post(f"/api/jobs/{job['id']}/cancellation")

    assert (cancelled.status_code, cancelled.json["state"]) == (200, "cancelled")
    assert again.json["state"] == "cancelled"
    assert (over.status_code, over.json["code"]) == (409, "job_over")


def test_others_see_no_job_of_a_place_that_is_not_theirs(as_stranger, as_leader, job):
    assert as_stranger.get(f"/api/jobs/{job['id']}").json["code"] == "not_in_scope"
    assert as_leader.get(f"/api/jobs/{job['id']}").json["code"] == "not_allowed"
    assert as_stranger.post(f"/api/jobs/{job['id']}/cancellation").status_code == 403
    assert as_stranger.get(f"/api/jobs/{job['id']}/events").status_code == 403


def test_a_job_that_failed_says_why_in_the_language_of_the_page(as_manager, session, job):
    with_attempt = jobs.take_up(session, job["id"])
    jobs.fail(session, job["id"], with_attempt, Refusal("job_stopped"))
    session.commit()

    in_english = as_manager.get(f"/api/jobs/{job['id']}?lang=en").json["refusal"]
    in_chinese = as_manager.get(f"/api/jobs/{job['id']}?lang=zh").json["refusal"]

    assert in_english["code"] == in_chinese["code"] == "job_stopped"
    assert "stopped" in in_english["detail"]
    assert any("一" <= character <= "鿿" for character in in_chinese["detail"])


# --- following, on connections of its own ----------------------------------------------------------------


@pytest.fixture
def live(live_app, world, views_settings: Settings):
    """A manager's browser on the live application, and a job that waits; what is left is ended."""
    engine = live_app.extensions["engine"]
    with transaction(engine) as session:
        token = accounts.begin(session, world.people["manager"], "test", views_settings.clock())
        place = session.query(Place).filter_by(code=HERE).one()
        job, _ = jobs.ask(session, "split", asked_by=world.people["manager"], place=place, parameters=WISH)
        job_id = job.id
    live_app.test_client_class = Browser
    browser = live_app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    browser.person_id = world.people["manager"]
    yield browser, engine, job_id
    with transaction(engine) as session:
        session.execute(text("DELETE FROM procrastinate.procrastinate_jobs"))
        for left in session.query(Job).filter(Job.state.in_(jobs.AT_WORK)):
            jobs.cancel(session, left.id)


def told(chunks):
    """The jobs in what a stream has sent so far."""
    for chunk in chunks:
        words = chunk.decode() if isinstance(chunk, bytes) else chunk
        if words.startswith("event: job"):
            yield json.loads(words.split("data: ", 1)[1])


def test_a_stream_tells_each_change_at_once_and_ends_with_the_job(live):
    browser, engine, job_id = live

    def work():
        time.sleep(0.3)
        with transaction(engine) as session:
            attempt = jobs.take_up(session, job_id)
        for share in (0.25, 0.5):
            time.sleep(0.2)
            with transaction(engine) as session:
                jobs.tell(session, job_id, attempt, share, "dividing")
        time.sleep(0.2)
        with transaction(engine) as session:
            jobs.finish(session, job_id, attempt, {"plan": 1})

    worker = threading.Thread(target=work)
    worker.start()
    answer = browser.get(f"/api/jobs/{job_id}/events", buffered=False)
    seen = list(told(answer.response))
    worker.join()
    answer.close()

    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert seen[0]["state"] == "queued"
    assert {job["share"] for job in seen} >= {0.25, 0.5}
    assert (seen[-1]["state"], seen[-1]["result"]) == ("done", {"plan": 1})


def test_a_stream_ends_when_its_person_is_signed_out(live, monkeypatch):
    browser, _, job_id = live
    monkeypatch.setattr("app.views.jobs.HEARTBEAT_SECONDS", 0.1)
    answer = browser.get(f"/api/jobs/{job_id}/events", buffered=False)
    stream = iter(answer.response)
    first = next(stream)
    monkeypatch.setattr("app.views.jobs.actor_now", lambda session: None)

    rest = list(stream)
    answer.close()

    assert b"queued" in first
    assert not list(told(rest))


def test_too_many_streams_are_told_to_come_back(live, live_app, monkeypatch):
    browser, engine, job_id = live
    monkeypatch.setitem(live_app.extensions, "news", News(engine, most=1))
    first = browser.get(f"/api/jobs/{job_id}/events", buffered=False)
    second = browser.get(f"/api/jobs/{job_id}/events")
    first.close()
    third = browser.get(f"/api/jobs/{job_id}/events", buffered=False)
    third.close()

    assert (second.status_code, second.json["code"]) == (503, "too_many_streams")
    assert int(second.headers["Retry-After"]) > 0
    assert third.status_code == 200


def test_news_are_heard_again_after_the_connection_was_lost(live, monkeypatch):
    _, engine, job_id = live
    monkeypatch.setattr("app.services.job_news.AGAIN_SECONDS", 0.1)
    news = News(engine)
    with news.follow(job_id) as follower:
        assert follower.wait(30)  # the thread listens from now on
        with transaction(engine) as session:
            ended = session.scalar(
                text(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                    "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                )
            )
        assert follower.wait(30)
        with transaction(engine) as session:
            jobs.take_up(session, job_id)
        heard = follower.wait(30)

    assert ended >= 1
    assert heard


def test_streams_of_another_district_stay_closed(live, live_app, world, views_settings):
    _, engine, job_id = live
    with transaction(engine) as session:
        token = accounts.begin(session, world.people["stranger"], "test", views_settings.clock())
    stranger = live_app.test_client()
    with stranger.session_transaction() as cookie:
        cookie["_user_id"] = token

    assert stranger.get(f"/api/jobs/{job_id}/events").status_code == 403


def test_an_administrator_reads_no_households_in_what_a_manager_asked_for(
    session, as_manager, as_district_administrator, world, people, clock
):
    moved = [{"plot": 7, "households": 2}]
    job = Job(
        kind="rebalance",
        state="done",
        place_id=world.places[HERE],
        asked_by=people["manager"],
        result={"proposals": [{"households_moved": 2, "grids": 3, "moved": moved}]},
        ended_at=clock(),
    )
    session.add(job)
    session.commit()

    told, untold = (
        browser.get(f"/api/jobs/{job.id}").json for browser in (as_manager, as_district_administrator)
    )

    assert told["result"]["proposals"][0]["moved"] == moved
    assert untold["result"]["proposals"] == [
        {"households_moved": None, "grids": 3, "moved": [{"plot": 7, "households": None}]}
    ]
