"""Plans over HTTP: published at the version one saw, discarded, compared."""

import pytest
from sqlalchemy import text

from app.models import Plan
from tests.views.world import HERE, A


@pytest.fixture
def draft(session, world):
    """A draft of the first district: a copy of its plan in force, with one plot in another grid's place."""
    made = session.execute(
        text("""
            INSERT INTO plan (place_id, tessellation_id, name, target, least, most, version)
            SELECT place_id, tessellation_id, 'Draft', target, least, most, 3 FROM plan WHERE id = :plan
            RETURNING id
        """),
        {"plan": world.plans[HERE]},
    ).scalar_one()
    session.execute(
        text("""
            INSERT INTO grid (plan_id, community_id, code, outline, households, buildings, area_m2)
            SELECT :draft, community_id, code, outline, households, buildings, area_m2
            FROM grid WHERE plan_id = :plan
        """),
        {"draft": made, "plan": world.plans[HERE]},
    )
    session.execute(
        text("""
            INSERT INTO grid_plot (plan_id, plot_id, grid_id, tessellation_id, community_id)
            SELECT :draft, old.plot_id, new.id, old.tessellation_id, old.community_id
            FROM grid_plot AS old JOIN grid ON grid.id = old.grid_id
            JOIN grid AS new ON new.plan_id = :draft AND new.code = grid.code
            WHERE old.plan_id = :plan
        """),
        {"draft": made, "plan": world.plans[HERE]},
    )
    session.commit()
    return made


def act(browser, plan, what, version='"3"'):
    headers = {} if version is None else {"If-Match": version}
    return browser.post(f"/api/plans/{plan}/{what}", headers=headers)


@pytest.mark.parametrize("what", ["publication", "retirement"])
@pytest.mark.parametrize(
    ("version", "status", "code"),
    [
        (None, 428, "version_missing"),
        ("*", 428, "version_missing"),
        ('""', 428, "version_missing"),
        ('W/"3"', 428, "version_missing"),
        ('"three"', 428, "version_missing"),
        ('"3", "4"', 428, "version_missing"),
        ('"2"', 412, "plan_changed"),
    ],
)
def test_a_plan_is_changed_only_at_the_version_one_saw(
    as_manager, session, draft, what, version, status, code
):
    answer = act(as_manager, draft, what, version)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert session.get(Plan, draft, populate_existing=True).state == "draft"


def test_a_discarded_draft_stays_readable(as_manager, session, draft):
    answer = act(as_manager, draft, "retirement")
    again = act(as_manager, draft, "retirement")

    assert answer.status_code == 204
    assert (again.status_code, again.json["code"]) == (409, "plan_not_draft")
    assert as_manager.get(f"/api/plans/{draft}").json["state"] == "retired"
    acts = session.execute(text("SELECT act, about FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert tuple(acts) == ("plan.discarded", f"plan {draft}")


def test_a_draft_is_compared_with_the_plan_in_force(as_manager, world, draft):
    compared = as_manager.get(f"/api/plans/{draft}/comparison").json["comparison"]

    assert (compared["before"], compared["after"]) == (world.plans[HERE], draft)
    assert compared["households_moved"] == 0
    assert len(compared["grids"]) == 3


def test_a_coordinator_compares_only_the_grids_of_his_community(as_coordinator, draft):
    compared = as_coordinator.get(f"/api/plans/{draft}/comparison").json["comparison"]

    assert [grid["code"] for grid in compared["grids"]] == [f"{A}001"]


def test_a_plan_in_force_has_nothing_to_be_compared_with(as_manager, world):
    assert as_manager.get(f"/api/plans/{world.plans[HERE]}/comparison").json == {"comparison": None}


def test_only_managers_of_the_place_publish(client, as_leader, as_coordinator, as_stranger, draft):
    browsers = (client, as_leader, as_coordinator, as_stranger)
    codes = [act(browser, draft, "publication").json["code"] for browser in browsers]

    assert codes == ["not_signed_in", "not_allowed", "not_allowed", "not_in_scope"]


def test_the_page_of_a_comparison_is_there(as_manager, as_stranger, draft):
    assert as_manager.get(f"/plans/{draft}/compare").status_code == 200
    assert as_stranger.get(f"/plans/{draft}/compare").status_code == 403
