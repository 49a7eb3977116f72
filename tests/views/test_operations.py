"""Operations over HTTP: whom they are for, what a request must hold, in whose language one is told no."""

import pytest
from sqlalchemy import text

from app.models import Grid
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
    answer = as_manager.get(f"/api/plans/{draft}/borders/{first_grids[0]}/{first_grids[1]}/streets")

    assert answer.status_code in (200, 422)
    assert "streets" in answer.json or answer.json["code"] == "grids_apart"


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
