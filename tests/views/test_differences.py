"""Differences of plans over HTTP: who sees them, pages, and what is refused."""

import pytest
from sqlalchemy import text

from tests.views.world import EAST_STREET, HERE, A, B


@pytest.fixture
def draft(session, world) -> int:
    """A draft of the district in which the grid of A has been given to B: one number for two."""
    made = session.scalar(
        text("""
            INSERT INTO plan (place_id, tessellation_id, name, target, least, most)
            SELECT place_id, tessellation_id, 'draft', target, least, most FROM plan WHERE id = :plan
            RETURNING id
        """),
        {"plan": world.plans[HERE]},
    )
    session.execute(
        text("""
            INSERT INTO grid (plan_id, community_id, code, outline, households, buildings, area_m2)
            SELECT :draft, community_id, CASE code WHEN :code THEN :other ELSE code END, outline, households,
                buildings, area_m2
            FROM grid WHERE plan_id = :plan
        """),
        {"draft": made, "plan": world.plans[HERE], "code": f"{A}001", "other": f"{A}002"},
    )
    session.execute(
        text("""
            INSERT INTO grid_plot (plan_id, plot_id, grid_id, tessellation_id, community_id)
            SELECT :draft, plot_id, own.id, tessellation_id, grid_plot.community_id
            FROM grid_plot JOIN grid AS own ON own.plan_id = :draft
                AND own.community_id = grid_plot.community_id
            WHERE grid_plot.plan_id = :plan
        """),
        {"draft": made, "plan": world.plans[HERE]},
    )
    session.commit()
    return made


def test_a_manager_sees_ground_and_buildings_that_change_hands(as_manager, draft, world):
    said = as_manager.get(f"/api/plans/{draft}/differences").json  # with the plan in force

    [feature] = said["features"]
    assert (feature["properties"]["from"], feature["properties"]["to"]) == (f"{A}001", f"{A}002")
    assert (said["households"], said["buildings"], said["before"]["plan"]) == (300, 4, world.plans[HERE])

    first = as_manager.get(f"/api/plans/{draft}/moved-buildings?limit=3&sort=name&descending=false").json
    rest = as_manager.get(
        f"/api/plans/{draft}/moved-buildings?limit=3&sort=name&descending=false&after={first['next']}"
    ).json
    assert (first["total"], first["households"], len(first["buildings"]), len(rest["buildings"])) == (
        4,
        300,
        3,
        1,
    )
    names = [row["name"] for row in (*first["buildings"], *rest["buildings"])]
    assert names == sorted(names)


def test_a_coordinator_sees_no_draft_and_no_former_version(as_coordinator, draft, world):
    in_force = world.plans[HERE]

    assert as_coordinator.get(f"/api/plans/{draft}/differences").status_code == 403
    assert as_coordinator.get(f"/api/plans/{in_force}/differences?with={draft}").status_code == 403
    assert as_coordinator.get(f"/api/plans/{in_force}/differences?version=1").status_code == 403
    assert as_coordinator.get(f"/api/plans/{in_force}/differences?with={in_force}").json["features"] == []


def test_without_a_plan_in_force_there_is_nothing_to_compare_with(as_manager, world):
    plan = world.plans[HERE]

    said = as_manager.get(f"/api/plans/{plan}/differences").json  # it is the one in force itself

    assert (said["before"], said["features"]) == (None, [])
    assert as_manager.get(f"/api/plans/{plan}/moved-buildings").json["total"] == 0


@pytest.mark.parametrize(
    ("query", "status"),
    [("with=x", 422), ("version=0", 422), ("sort=age", 422), ("limit=0", 422), ("with=999999999", 404)],
)
def test_questions_that_make_no_sense_are_refused(as_manager, draft, query, status):
    assert as_manager.get(f"/api/plans/{draft}/moved-buildings?{query}").status_code == status


def test_plans_of_two_places_are_not_compared(as_manager, draft, world):
    answer = as_manager.get(f"/api/plans/{draft}/differences?with={world.plans[EAST_STREET]}")

    assert (answer.status_code, answer.json["code"]) == (422, "plans_not_comparable")
    assert B not in answer.json["detail"]
