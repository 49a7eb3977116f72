"""The life of a plan over HTTP: submitted, approved, sent back, commented on, copied; the past restored."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.models import Plan, Role
from tests.views.test_plan_views import act, draft  # noqa: F401 (a fixture)
from tests.views.world import HERE, NORTH, SIDE, WEST, A, B

TODAY = "2026-03-02"  # by the clock of these tests


@pytest.fixture
def sound(session, draft):  # noqa: F811
    """The draft, with the lines its plots share and outlines that are the union of them."""
    session.execute(
        text("""
            INSERT INTO plot_edge (tessellation_id, plot_id, neighbour_id, kind, metres, wall)
            SELECT own.tessellation_id, own.plot_id, other.plot_id, 'inside block', 100, false
            FROM grid_plot AS own JOIN grid_plot AS other
                ON other.grid_id = own.grid_id AND other.plot_id > own.plot_id
            JOIN plot AS a ON a.id = own.plot_id JOIN plot AS b ON b.id = other.plot_id
            WHERE own.plan_id = :plan AND ST_Length(ST_Intersection(a.geometry, b.geometry)) > 0
        """),
        {"plan": draft},
    )
    session.execute(
        text("""
            UPDATE grid SET outline = (
                SELECT ST_Multi(ST_Union(plot.geometry))
                FROM grid_plot JOIN plot ON plot.id = grid_plot.plot_id WHERE grid_id = grid.id
            ) WHERE plan_id = :plan
        """),
        {"plan": draft},
    )
    session.commit()
    return draft


def submit(browser, plan, version='"3"', **body):
    return browser.post(f"/api/plans/{plan}/submission", json=body, headers={"If-Match": version})


def approve(browser, plan, day=TODAY, version='"3"'):
    address, body = f"/api/plans/{plan}/review/approval", {"effective_on": day, "note": "good"}
    return browser.post(address, json=body, headers={"If-Match": version})


def send_back(browser, plan, note="grid 1 is too long"):
    return browser.post(f"/api/plans/{plan}/review/return", json={"note": note})


def told(answer):
    return answer.status_code, answer.json.get("code") or answer.json["state"]


def test_a_draft_goes_to_its_leader_and_back_and_comes_into_force(as_manager, as_leader, session, sound):
    assert told(submit(as_manager, sound, note="three grids")) == (201, "waiting")
    assert told(send_back(as_leader, sound)) == (200, "sent_back")
    assert told(submit(as_manager, sound)) == (201, "waiting")
    assert told(approve(as_leader, sound)) == (200, "approved")

    assert act(as_manager, sound, "publication").status_code == 200

    plan = as_manager.get(f"/api/plans/{sound}").json
    assert (plan["state"], plan["review"]["state"], plan["review"]["note"]) == (
        "published",
        "approved",
        "good",
    )
    reviews = as_leader.get(f"/api/plans/{sound}/review").json
    assert [one["state"] for one in reviews["reviews"]] == ["approved", "sent_back"]
    assert reviews["reviews"][1]["asked_note"] == "three grids"


def test_what_waits_is_neither_discarded_nor_published(as_manager, sound):
    submit(as_manager, sound)

    for what in ("publication", "retirement"):
        assert told(act(as_manager, sound, what)) == (409, "plan_submitted")
    assert told(submit(as_manager, sound)) == (409, "plan_submitted")
    assert told(as_manager.delete(f"/api/plans/{sound}/submission")) == (200, "withdrawn")
    assert told(as_manager.delete(f"/api/plans/{sound}/submission")) == (409, "plan_not_submitted")
    assert as_manager.get(f"/api/plans/{sound}").json["review"] is None
    assert act(as_manager, sound, "retirement").status_code == 204


@pytest.mark.parametrize(
    ("version", "answer"),
    [("", (428, "version_missing")), ("*", (428, "version_missing")), ('"2"', (412, "plan_changed"))],
)
def test_who_submits_or_approves_says_which_version(as_manager, as_leader, sound, version, answer):
    assert told(submit(as_manager, sound, version)) == answer
    submit(as_manager, sound)
    assert told(approve(as_leader, sound, version=version)) == answer


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2026-03-01", (422, "effective_in_past")),
        ("2099-01-01", (422, "effective_too_far")),
        ("tomorrow", (422, "fields_malformed")),
    ],
)
def test_a_day_that_cannot_be_is_refused(as_manager, as_leader, sound, day, answer):
    submit(as_manager, sound)

    assert told(approve(as_leader, sound, day)) == answer


def test_today_is_the_day_where_the_place_lies(as_manager, sign_in, people, sound, clock):
    submit(as_manager, sound)
    clock.passes(hours=12)  # midnight in Shanghai, still afternoon by Greenwich

    assert told(approve(sign_in(people["leader"]), sound)) == (422, "effective_in_past")


def test_a_plan_approved_for_later_is_published_from_then_on(
    as_manager, as_leader, sign_in, people, sound, clock
):
    submit(as_manager, sound)
    approve(as_leader, sound, "2026-03-03")
    assert told(act(as_manager, sound, "publication")) == (409, "approval_not_yet")

    clock.passes(hours=12)

    assert act(sign_in(people["manager"]), sound, "publication").status_code == 200


def test_nobody_approves_their_own_submission(sign_in, people, session, world, sound):
    session.add(Role(person_id=people["manager"], kind="leader", place_id=world.places[HERE]))
    session.commit()
    both = sign_in(people["manager"])
    submit(both, sound)

    assert told(approve(both, sound)) == (403, "own_submission")


def test_each_act_is_for_its_role(client, as_manager, as_leader, as_coordinator, as_stranger, sound):
    def codes(do):
        browsers = (client, as_coordinator, as_stranger, as_manager, as_leader)
        return [do(browser).json.get("code") for browser in browsers]

    comment = lambda one: one.post(f"/api/plans/{sound}/comments", json={"text": "x"})  # noqa: E731

    assert codes(lambda one: submit(one, sound)) == [
        *("not_signed_in", "not_allowed", "not_in_scope", None, "not_allowed"),
    ]
    assert codes(lambda one: send_back(one, sound)) == [
        *("not_signed_in", "not_allowed", "not_allowed", "not_allowed", None),
    ]
    assert codes(comment) == ["not_signed_in", "not_allowed", "not_in_scope", None, None]


def test_coordinators_see_no_review_and_no_comment(as_leader, as_coordinator, as_manager, sound):
    submit(as_manager, sound)
    approve(as_leader, sound)
    act(as_manager, sound, "publication")

    plan = as_coordinator.get(f"/api/plans/{sound}").json

    assert (plan["review"], plan["open_comments"]) == (None, 0)
    assert as_coordinator.get(f"/api/plans/{sound}/comments").status_code == 403


def test_comments_are_pinned_and_settled(as_leader, as_manager, sound):
    address = f"/api/plans/{sound}/comments"
    spot = [WEST + SIDE / 2, NORTH - SIDE / 2]
    made = as_leader.post(address, json={"text": "  why here?  ", "position": spot})
    assert (made.status_code, made.json["text"], made.json["grid"]) == (201, "why here?", f"{A}001")
    assert as_manager.get(f"/api/plans/{sound}").json["open_comments"] == 1

    settled = as_manager.post(f"/api/comments/{made.json['id']}/settlement")

    assert settled.json["settled_by"]["name"] == "Person manager"
    assert as_manager.get(address).json["comments"] == [settled.json]
    assert as_manager.get(f"/api/plans/{sound}").json["open_comments"] == 0
    for wrong in ({"text": " "}, {"text": "x", "position": [200, 0]}, {"text": "x", "more": 1}):
        assert told(as_leader.post(address, json=wrong)) == (422, "fields_malformed")


def test_why_a_plan_was_not_published_is_said_in_the_readers_language(as_manager, session, sound, world):
    session.execute(
        text("""
            WITH made AS (
                INSERT INTO job (kind, place_id, state, ended_at, refusal)
                VALUES ('publish', :place, 'failed', now(),
                    '{"code": "plan_unsound", "facts": {"plan": 7, "grids": "12", "count": 1}}')
                RETURNING id
            )
            INSERT INTO review (plan_id, version, state, decided_at, effective_on, job_id)
            SELECT :plan, 3, 'approved', now(), '2026-03-02', id FROM made
        """),
        {"place": world.places[HERE], "plan": sound},
    )
    session.commit()

    said = {
        language: as_manager.get(f"/api/plans/{sound}?lang={language}").json["review"]["failed"]
        for language in ("en", "zh")
    }

    assert said["en"]["code"] == "plan_unsound"
    assert "cannot be published" in said["en"]["detail"]
    assert "不能发布" in said["zh"]["detail"]


def test_only_administrators_say_who_publishes_alone(
    as_manager, as_leader, as_district_administrator, as_stranger, sound
):
    address = f"/api/places/{HERE}/settings"
    assert as_manager.get(address).json == {"managers_publish_alone": True, "set_at": None}
    wish = {"managers_publish_alone": False}
    for browser in (as_manager, as_leader):
        assert told(browser.put(address, json=wish)) == (403, "not_allowed")

    changed = as_district_administrator.put(address, json=wish)

    assert changed.json == {"managers_publish_alone": False, "set_at": HERE}
    assert told(act(as_manager, sound, "publication")) == (409, "approval_missing")
    assert as_manager.get(f"/api/plans/{sound}/review").json["approval_needed"]
    assert told(as_district_administrator.put(address, json={})) == (422, "fields_malformed")


def test_a_plan_is_copied_into_a_slot(as_manager, as_leader, sound, session):
    address = f"/api/plans/{sound}/duplicate"

    made = as_manager.post(address, json={"slot": "C"})

    assert (made.status_code, made.json["slot"]) == (201, "C")
    copy = as_manager.get(f"/api/plans/{made.json['plan']}").json
    assert (copy["state"], copy["grids"]) == ("draft", 3)
    assert told(as_manager.post(address, json={"slot": "C"})) == (409, "slot_taken")
    assert told(as_manager.post(address, json={"slot": "D"})) == (422, "fields_malformed")
    assert as_leader.post(address, json={}).status_code == 403


# --- The past --------------------------------------------------------------------------------------------


@pytest.fixture
def year(session, world, clock):
    """A duty of the past and one that lasts, a month after the world's plans were published; the grid."""
    grid = world.grids[HERE, B]
    for person, during in (("coordinator", "[2025-04-01,2025-06-01)"), ("stranger", "[2025-08-01,)")):
        session.execute(
            text(
                "INSERT INTO duty (grid_id, person_id, kind, during) "
                "VALUES (:grid, :person, 'primary', CAST(:during AS tstzrange))"
            ),
            {"grid": grid, "person": world.people[person], "during": during},
        )
    session.commit()
    clock.now = session.get(Plan, world.plans[HERE]).published_at + timedelta(days=30)
    return grid


def test_who_answered_on_a_day_is_told(sign_in, people, world, year, session):
    published = session.get(Plan, world.plans[HERE]).published_at
    as_manager, as_coordinator = sign_in(people["manager"]), sign_in(people["coordinator"])
    spot = {"lon": WEST + 2.5 * SIDE, "lat": NORTH - SIDE / 2}

    def asked(browser, when, **more):
        return browser.get(f"/api/places/{HERE}/at", query_string={"when": when, **more})

    day = (published + timedelta(days=2)).date().isoformat()
    by_point = asked(as_manager, day, **spot)
    by_building = asked(as_manager, day, building=world.buildings[f"{B}-0"])
    assert by_point.json == by_building.json
    assert by_point.json["plan"]["id"] == world.plans[HERE]
    assert [one["grid"]["code"] for one in by_point.json["answers"]] == [f"{B}001"]
    assert by_point.json["answers"][0]["primary"]["name"] == "Person stranger"
    assert asked(as_coordinator, day, **spot).json["answers"] == []  # not in scope
    before = asked(as_manager, "2001-01-01", **spot).json
    assert (before["plan"], before["answers"]) == (None, [])
    assert told(asked(as_manager, "2999-01-01")) == (422, "moment_to_come")
    for wrong in ("2026-13-01", "yesterday", "2026-03-03T25:00"):
        assert told(asked(as_manager, wrong)) == (400, "request_malformed")


def test_the_list_of_grids_shows_the_coordinators_of_a_day(sign_in, people, world, year, session):
    published = session.get(Plan, world.plans[HERE]).published_at
    as_manager = sign_in(people["manager"])
    address = f"/api/plans/{world.plans[HERE]}/grids"

    def coordinator(when):
        grids = as_manager.get(address, query_string={"when": when}).json["grids"]
        return next(grid["coordinator"] for grid in grids if grid["code"] == f"{B}001")

    assert coordinator((published + timedelta(days=1)).isoformat()) == {"name": "Person stranger"}
    assert coordinator((published - timedelta(days=1)).isoformat()) is None  # not in force yet
    one = as_manager.get(f"/api/grids/{year}?when={(published + timedelta(days=1)).date()}").json
    assert one["coordinator"]["name"] == "Person stranger"


def test_the_history_of_a_place(as_coordinator, world):
    plans = as_coordinator.get(f"/api/places/{A}/history").json["plans"]

    assert {plan["id"] for plan in plans} == {world.plans[HERE], world.plans[f"{HERE}001"]}


def test_the_same_ground_is_counted_for_whoever_may_read_the_plans(as_manager, as_coordinator, world, sound):
    address = f"/api/plans/{sound}/constant-geography"

    told_ = as_manager.get(f"{address}?with={world.plans[HERE]},2999-01-01")
    assert told(told_) == (422, "moment_to_come")
    counted = as_manager.get(f"{address}?with={world.plans[HERE]}").json

    assert [one["households"] for one in counted["times"]] == [900]
    assert [grid["code"] for grid in counted["grids"]] == [f"{A}001", f"{B}001", "140499002001001"]
    assert told(as_coordinator.get(address)) == (403, "not_allowed")
    assert told(as_manager.get(f"{address}?with={','.join('1' * 13)}")) == (422, "too_many_times")
    assert told(as_manager.get(f"{address}?with=x")) == (400, "request_malformed")


def test_a_manager_assigns_coordinators(as_manager, as_leader, world, people):
    grid = world.grids[HERE, A]
    address = f"/api/grids/{grid}/coordinator"
    assert told(as_leader.put(address, json={"person": None})) == (403, "not_allowed")
    assert told(as_manager.put(address, json={"person": people["leader"]})) == (422, "not_a_coordinator")

    vacant = as_manager.put(address, json={"person": None})
    taken = as_manager.put(address, json={"person": people["coordinator"]})

    assert vacant.json["coordinator"] is None
    assert taken.json["coordinator"]["name"] == "Person coordinator"
    listed = as_manager.get(f"/api/places/{HERE}/coordinators").json["coordinators"]
    assert [(one["name"], one["grids"]) for one in listed] == [("Person coordinator", [f"{A}001"])]
