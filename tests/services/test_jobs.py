"""Jobs: asked for, followed, cancelled, failed, and done once however often their worker dies.

The workers here are processes of their own, on a database of their own: they commit.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from app.config import Login
from app.db import open_engine, transaction
from app.errors import Refusal
from app.models import Place
from app.services import jobs
from tests.services.ground_in_database import DISTRICT, WEST_CODE, given_ground

ROOT = Path(__file__).parents[2]
WORKER = """
import sys
from app import jobs
jobs.HEARTBEAT_SECONDS, jobs.SILENT_SECONDS, jobs.LOOK_SECONDS = 0.2, 1.0, 0.1
jobs.run_worker(program=(sys.executable, "-m", "tests.services.slow_jobs"))
"""
ASKED = {"steps": 10, "seconds": 0.05, "end": "store"}


@pytest.fixture(scope="module")
def logins(new_database, worker_id):
    return new_database(f"jobs_{worker_id}")


@pytest.fixture(scope="module")
def engine(logins):
    opened = open_engine(logins.app)
    with transaction(opened) as session:
        given_ground(session)
    yield opened
    opened.dispose()


@pytest.fixture
def start_worker(logins, tmp_path):
    """Start workers; all are ended after the test."""
    with workers(logins, tmp_path) as start:
        yield start


@pytest.fixture(scope="class")
def folder(tmp_path_factory):
    """Where the one worker of a class has its temporary files."""
    return tmp_path_factory.mktemp("worker")


@pytest.fixture(scope="class")
def worker(engine, logins, folder):
    """One that works until the last test of a class is over; it takes a second to start."""
    with workers(logins, folder) as start:
        yield start()


@contextlib.contextmanager
def workers(logins, folder):
    """What starts workers, whose temporary files lie in a folder; all are ended in the end."""
    started = []

    def start():
        environ = {
            **os.environ,
            "DATABASE_URL": logins.owner.url.render_as_string(hide_password=False),
            "DATABASE_APP_URL": logins.app.url.render_as_string(hide_password=False),
            "TMPDIR": str(folder),
        }
        process = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environ)
        started.append(process)
        return process

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
    for process in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def ask(engine, place_code=DISTRICT, **parameters):
    with transaction(engine) as session:
        place = session.query(Place).filter_by(code=place_code).one()
        job, _ = jobs.ask(session, "split", asked_by=None, place=place, parameters={**ASKED, **parameters})
        return job.id


def seen(engine, job_id):
    with transaction(engine) as session:
        return jobs.described(jobs.find(session, job_id))


def wait_for(engine, job_id, *states, seconds=20.0):
    until = time.monotonic() + seconds
    while (job := seen(engine, job_id))["state"] not in states:
        assert time.monotonic() < until, f"still {job}"
        time.sleep(0.02)
    return job


def stored(engine, job_id):
    with transaction(engine) as session:
        return session.scalar(
            text("SELECT count(*) FROM green WHERE name = :name"), {"name": f"job {job_id}"}
        )


def test_a_job_is_asked_for_once_while_it_waits_or_runs(engine):
    parameters = {"steps": 1, "seconds": 0, "end": "store", "seed": 7}

    first, again = ask(engine, **parameters), ask(engine, **parameters)
    other = ask(engine, **{**parameters, "seed": 8})
    for job_id in (first, other):
        with transaction(engine) as session:
            jobs.cancel(session, job_id)
    later = ask(engine, **parameters)

    assert first == again != other
    assert later not in (first, other)
    with transaction(engine) as session:
        jobs.cancel(session, later)


def test_a_job_whose_asking_fails_was_never_asked_for(engine):
    with pytest.raises(Refusal), transaction(engine) as session:
        place = session.query(Place).filter_by(code=DISTRICT).one()
        job, _ = jobs.ask(session, "split", asked_by=None, place=place, parameters={"seed": 99})
        queued = job.queue_id
        raise Refusal("job_stopped")

    with transaction(engine) as session:
        found = session.scalar(
            text("SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE id = :id"), {"id": queued}
        )
    assert found == 0


class TestOneWorker:
    """One worker does all that is asked of it, whatever became of the jobs before."""

    @pytest.mark.slow
    def test_a_job_tells_how_far_it_is_and_ends_with_what_it_made(self, engine, worker):
        job_id = ask(engine, steps=8, seconds=0.2)

        shares = set()
        while (job := seen(engine, job_id))["state"] in jobs.AT_WORK:
            shares.add(job["share"])
            time.sleep(0.02)

        assert len(shares) >= 4
        assert (job["state"], job["share"], job["result"]) == ("done", 1.0, {"stored": f"job {job_id}"})
        assert stored(engine, job_id) == 1

    def test_a_running_job_is_cancelled_at_once_and_stores_nothing(self, engine, worker, folder):
        job_id = ask(engine, steps=100, seconds=0.1)
        wait_for(engine, job_id, "running")
        with transaction(engine) as session:
            jobs.cancel(session, job_id)

        assert seen(engine, job_id)["state"] == "cancelled"
        until = time.monotonic() + 20
        while (psutil.Process(worker.pid).children() or list(folder.iterdir())) and time.monotonic() < until:
            time.sleep(0.05)
        assert psutil.Process(worker.pid).children() == []
        assert list(folder.iterdir()) == []
        assert stored(engine, job_id) == 0

    def test_a_job_that_is_over_is_not_cancelled(self, engine, worker):
        job_id = ask(engine, steps=1)
        wait_for(engine, job_id, "done")

        with pytest.raises(Refusal) as caught, transaction(engine) as session:
            jobs.cancel(session, job_id)

        assert (caught.value.code, caught.value.facts["state"]) == ("job_over", "done")

    @pytest.mark.parametrize(
        ("end", "code"),
        [("refuse", "level_unknown"), ("break", "job_stopped"), ("crash", "job_stopped")],
    )
    def test_a_job_that_cannot_be_done_says_why(self, engine, worker, end, code):
        job_id = ask(engine, steps=1, end=end)

        job = wait_for(engine, job_id, "failed", "done")

        assert job["refusal"]["code"] == code
        assert str(Refusal(code, **job["refusal"]["facts"]))
        assert stored(engine, job_id) == 0

    @pytest.mark.slow
    def test_jobs_of_one_district_queue_behind_each_other(self, engine, worker):
        first = ask(engine, steps=10, seconds=0.1)
        second = ask(engine, place_code=WEST_CODE, steps=1)

        wait_for(engine, first, "running")
        beside = seen(engine, second)["state"]
        wait_for(engine, second, "done")
        first_ended, second_began = seen(engine, first)["ended_at"], seen(engine, second)["started_at"]

        assert beside == "queued"
        assert first_ended <= second_began


@pytest.mark.slow
def test_a_job_whose_worker_is_killed_is_done_once_by_the_next(engine, start_worker):
    first = start_worker()
    job_id = ask(engine, steps=20, seconds=0.1)
    wait_for(engine, job_id, "running")
    time.sleep(0.5)
    children = psutil.Process(first.pid).children(recursive=True)
    first.kill()
    first.wait()
    start_worker()

    job = wait_for(engine, job_id, *("done", "failed"), seconds=30)

    assert job["state"] == "done"
    assert stored(engine, job_id) == 1
    assert children
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive


@pytest.mark.slow
def test_a_worker_told_to_stop_gives_its_job_back(engine, start_worker):
    first = start_worker()
    job_id = ask(engine, steps=20, seconds=0.1)
    wait_for(engine, job_id, "running")
    first.send_signal(signal.SIGTERM)
    first.wait(60)

    given_back = seen(engine, job_id)
    start_worker()

    assert given_back["state"] == "queued"
    assert wait_for(engine, job_id, "done", "failed")["state"] == "done"
    assert stored(engine, job_id) == 1


@pytest.mark.slow
def test_a_waiting_job_is_cancelled_before_it_begins(engine, start_worker):
    job_id = ask(engine)
    with transaction(engine) as session:
        jobs.cancel(session, job_id)
    start_worker()
    after = ask(engine, steps=1)

    wait_for(engine, after, "done")

    assert seen(engine, job_id)["state"] == "cancelled"
    assert seen(engine, job_id)["started_at"] is None
    assert stored(engine, job_id) == 0


def test_an_attempt_that_was_replaced_can_write_nothing(engine):
    job_id = ask(engine)
    with transaction(engine) as session:
        slow = jobs.take_up(session, job_id)
    with transaction(engine) as session:
        quick = jobs.take_up(session, job_id)

    with pytest.raises(jobs.Superseded), transaction(engine) as session:
        jobs.tell(session, job_id, slow, 0.5, None)
    with pytest.raises(jobs.Superseded), transaction(engine) as session:
        jobs.finish(session, job_id, slow, {})
    with transaction(engine) as session:
        jobs.fail(session, job_id, slow, Refusal("job_stopped"))
    with transaction(engine) as session:
        jobs.finish(session, job_id, quick, {"plan": 1})

    assert seen(engine, job_id)["result"] == {"plan": 1}


def test_a_job_that_ends_every_worker_is_given_up(engine):
    job_id = ask(engine)

    for _ in range(jobs.MOST_ATTEMPTS + 1):
        with transaction(engine) as session:
            jobs.take_up(session, job_id)

    job = seen(engine, job_id)
    assert (job["state"], job["refusal"]["code"]) == ("failed", "job_given_up")


def test_a_job_no_queue_knows_does_not_stay_at_work_for_ever(engine):
    job_id = ask(engine)
    with transaction(engine) as session:
        jobs.take_up(session, job_id)
        session.execute(
            text(
                "UPDATE procrastinate.procrastinate_jobs SET status = 'failed' "
                "WHERE id = (SELECT queue_id FROM job WHERE id = :id)"
            ),
            {"id": job_id},
        )
    with transaction(engine) as session:
        ended = jobs.end_lost(session)

    assert ended == [job_id]
    assert seen(engine, job_id)["refusal"]["code"] == "job_stopped"


def test_what_is_at_work_for_a_place_is_found_from_above_and_below(engine):
    job_id = ask(engine, place_code=WEST_CODE)
    with transaction(engine) as session:
        places = {place.code: place for place in session.query(Place)}
        found = {code: [job.id for job in jobs.of_place(session, place)] for code, place in places.items()}
        jobs.cancel(session, job_id)

    assert job_id in found[DISTRICT]
    assert job_id in found[WEST_CODE]
    assert job_id not in found["140499001002"]


def test_the_public_knows_nothing_of_jobs(logins):
    engine = open_engine(Login(logins.public.url))
    for question in ("SELECT * FROM job", "SELECT * FROM procrastinate.procrastinate_jobs"):
        with pytest.raises(Exception, match="permission denied"), engine.connect() as connection:
            connection.execute(text(question))
    engine.dispose()
