"""Operations over HTTP: whom they are for, what a request must hold, in whose language one is told no."""

import pytest
from sqlalchemy import text

from app.models import Grid, Role
from tests.services.drawn_drafts import given_drawn
from tests.services.test_cuts import at
from tests.views.test_plan_views import draft  # noqa: F401 (a fixture)


def ask(browser, plan: int, version: int = 3, **act):
    return browser.post(f"/api/plans/{plan}/operations", json={"version": version, **act})


@pytest.fixture
def first_grids(session, draft) -> list[int]:  # noqa: F811
    found = session.scalars(text("SELECT id FROM grid WHERE plan_id = :plan ORDER BY code"), {"plan": draft})
    return list(found)


def test_operations_are_for_managers(as_coordinator, as_leader, client, draft, first_grids):  # noqa: F811
    act = {"do": "divide_into", "grid": first_grids[0], "parts": 2}

    assert ask(client, draft, **act).status_code == 401
    assert ask(as_coordinator, draft, **act).json["code"] == "not_allowed"
    assert ask(as_leader, draft, **act).json["code"] == "not_allowed"


@pytest.mark.parametrize(
    "act",
    [
        {},
        {"do": "explode"},
        {"do": "divide_into", "grid": 1},
        {"do": "divide_into", "grid": 1, "parts": 1},
        {"do": "give", "to": 1},
        {"do": "give", "to": 1, "plots": [1], "buildings": [1]},
        {"do": "merge", "grids": [1]},
        {"do": "rebalance_pair", "grids": [1, 1]},
        {"do": "divide_by_line", "grid": 1, "line": [[0, 0], [1]]},
        {"do": "follow_street", "grids": [1, 2], "street": {"id": 1}},
        {"do": "repair", "grid": 1, "more": 1},
        {"do": "cut", "line": [[0, 0], [1, 1]]},
    ],
)
def test_a_request_holds_what_its_operation_needs(as_manager, draft, act):  # noqa: F811
    answer = ask(as_manager, draft, **act)

    assert (answer.status_code, answer.json["code"]) == (422, "fields_malformed")


def test_a_stale_version_and_another_plans_grid_are_refused(
    as_manager,
    draft,  # noqa: F811
    first_grids,
    session,
):
    other = session.scalars(text("SELECT min(id) FROM grid WHERE plan_id <> :plan"), {"plan": draft}).one()

    stale = ask(as_manager, draft, 2, do="divide_into", grid=first_grids[0], parts=2)
    strange = ask(as_manager, draft, do="divide_into", grid=other, parts=2)

    assert (stale.status_code, stale.json["code"]) == (412, "plan_changed")
    assert (strange.status_code, strange.json["code"]) == (422, "grid_unknown")


@pytest.mark.parametrize(("language", "said"), [("en", "on one side"), ("zh", "同一侧")])
def test_what_geometry_forbids_is_told_in_the_askers_language(
    as_manager,
    draft,  # noqa: F811
    first_grids,
    session,
    language,
    said,
):
    code = session.get_one(Grid, first_grids[0]).code

    answer = as_manager.post(
        f"/api/plans/{draft}/operations",
        json={"version": 3, "do": "divide_by_line", "grid": first_grids[0], "line": [[0, 0], [1, 1]]},
        headers={"Accept-Language": language},
    )

    told = answer.json
    assert answer.status_code == 200
    assert (told["moves"], told["after"], told["refusal"]["code"]) == ({}, [], "line_divides_nothing")
    assert code in told["refusal"]["detail"]
    assert said in told["refusal"]["detail"]


def test_streets_between_two_grids_are_listed(as_manager, draft, first_grids):  # noqa: F811
    one, other = first_grids[:2]

    listed = as_manager.get(f"/api/plans/{draft}/borders/{one}/{other}/streets")
    same = as_manager.get(f"/api/plans/{draft}/borders/{one}/{one}/streets")
    huge = as_manager.get(f"/api/plans/{draft}/borders/{one}/{10**30}/streets")

    assert listed.status_code == 200 or listed.json["code"] == "grids_apart"
    assert (same.status_code, same.json["code"]) == (422, "grids_apart")
    assert (huge.status_code, huge.json["code"]) == (404, "not_found")


def test_streets_through_a_grid_are_listed(as_manager, as_coordinator, draft, first_grids):  # noqa: F811
    path = f"/api/plans/{draft}/grids/{first_grids[0]}/streets"

    listed = as_manager.get(path)
    unknown = as_manager.get(f"/api/plans/{draft}/grids/{10**9}/streets")
    huge = as_manager.get(f"/api/plans/{draft}/grids/{10**30}/streets")

    assert listed.status_code == 200
    assert all(len(street["line"]) > 1 for street in listed.json["streets"])
    assert (unknown.status_code, unknown.json["code"]) == (422, "grid_unknown")
    assert (huge.status_code, huge.json["code"]) == (404, "not_found")
    assert as_coordinator.get(path).json["code"] == "not_allowed"


@pytest.mark.parametrize(("language", "said"), [("en", "divides no plot"), ("zh", "没有切开")])
def test_what_a_cut_would_come_to_is_told_in_the_askers_language(
    as_manager,
    draft,  # noqa: F811
    session,
    language,
    said,
):
    plot = session.scalars(
        text("SELECT min(plot_id) FROM grid_plot WHERE plan_id = :plan"), {"plan": draft}
    ).one()
    answer = as_manager.post(
        f"/api/plans/{draft}/operations",
        json={"version": 3, "do": "cut", "plots": [plot], "line": [[0, 0], [1, 1]]},
        headers={"Accept-Language": language},
    )

    assert (answer.status_code, answer.json["refusal"]["code"]) == (200, "cut_cuts_nothing")
    assert said in answer.json["refusal"]["detail"].lower()


@pytest.mark.parametrize(("language", "said"), [("en", "has no coordinator"), ("zh", "没有协理员")])
def test_problems_are_told_in_the_askers_language(as_manager, draft, language, said):  # noqa: F811
    answer = as_manager.get(f"/api/plans/{draft}/problems", headers={"Accept-Language": language})

    found = answer.json["problems"]
    assert answer.json["version"] == 3
    assert any(said in one["sentence"] for one in found)
    assert not any("plan-problem" in one["sentence"] for one in found)


def test_problems_are_for_managers_and_leaders(as_leader, as_coordinator, draft):  # noqa: F811
    assert as_leader.get(f"/api/plans/{draft}/problems").status_code == 200
    assert as_coordinator.get(f"/api/plans/{draft}/problems").status_code == 403


def cut(browser, plan: int, version: str | None = '"3"', **body):
    headers = {} if version is None else {"If-Match": version}
    return browser.post(f"/api/plans/{plan}/cuts", json=body, headers=headers)


def test_a_cut_names_the_version_one_saw_and_a_line_or_a_polygon(as_manager, as_leader, draft):  # noqa: F811
    line = [[0, 0], [1, 1]]

    assert cut(as_leader, draft, line=line).json["code"] == "not_allowed"
    assert cut(as_manager, draft, None, line=line).json["code"] == "version_missing"
    assert cut(as_manager, draft).json["code"] == "fields_malformed"
    assert cut(as_manager, draft, line=line, polygon={}).json["code"] == "fields_malformed"
    assert cut(as_manager, draft, line=line).json["code"] == "cut_cuts_nothing"


def test_a_cut_is_an_edit_and_is_done_once_however_often_it_is_sent(session, sign_in, people):
    drawn = given_drawn(session, "A A B B")
    session.add(Role(person_id=people["manager"], kind="manager", place_id=drawn.place))
    session.commit()
    manager = sign_in(people["manager"])
    headers = {"If-Match": '"1"', "Idempotency-Key": "a cut"}
    body = {"line": at((-40, 10), (100, 10)), "plots": drawn.plots[:1], "note": "Path"}

    first = manager.post(f"/api/plans/{drawn.plan}/cuts", json=body, headers=headers)
    again = manager.post(f"/api/plans/{drawn.plan}/cuts", json=body, headers=headers)

    assert (first.status_code, first.json["version"]) == (200, 2)
    assert (first.json["edit"]["kind"], first.json["edit"]["note"]) == ("cut", "Path")
    assert first.json["edit"]["ground"] is not None
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
