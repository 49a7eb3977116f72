"""The assessment as a page: read by all staff, contested by who answers for a grid."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.models import Hazard
from app.services.indicators import CASE_MEASURES
from tests.views.conftest import NOON
from tests.views.world import HERE, A, E


@pytest.fixture
def late(session, world):
    """A case of the coordinator's grid that is overdue."""
    row = session.execute(
        text("SELECT grid.code, grid.community_id, building.id, building.position FROM grid, building "
             "WHERE grid.id = :grid LIMIT 1"),
        {"grid": world.grids[HERE, A]},
    ).one()  # fmt: skip
    hazard = Hazard(
        community_id=row.community_id, grid_code=row.code, building_id=row.id, position=row.position,
        kind="gas", origin="coordinator", reported_at=NOON - timedelta(days=20), state="handling",
        due_at=NOON - timedelta(days=10), state_since=NOON - timedelta(days=20),
    )  # fmt: skip
    session.add(hazard)
    session.flush()
    return row.code


@pytest.mark.parametrize("who", ["as_manager", "as_coordinator", "as_leader", "as_administrator"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_everybody_of_the_staff_reads_it(request, who, language):
    page = request.getfixturevalue(who).get(f"/assessment?place={A}&lang={language}")

    assert page.status_code == 200
    assert {"en": "no data", "zh": "无数据"}[language] in page.text


@pytest.mark.parametrize("measure", CASE_MEASURES)
@pytest.mark.parametrize("by", ["grid", "office"])
def test_every_figure_has_cases_behind_it(as_leader, late, measure, by):
    page = as_leader.get(f"/assessment?place={HERE}&by={by}&measure={measure}&lang=en")
    cases = as_leader.get(f"/assessment/cases?place={HERE}&by={by}&measure={measure}&key={late}")

    assert (page.status_code, cases.status_code) == (200, 200)


def test_a_late_case_stands_behind_the_figure(as_leader, late):
    page = as_leader.get(f"/assessment/cases?place={HERE}&measure=case_on_time&key={late}&lang=en")

    assert "still open" in page.text
    assert "/hazards/" in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/assessment?place=000000", 404),
        (f"/assessment?place={E}", 403),
        ("/assessment?quarter=2026Q4", 422),
        (f"/assessment/cases?place={E}", 403),
    ],
)
def test_what_is_not_there_or_not_ones_own_is_refused(as_manager, path, status):
    assert as_manager.get(path).status_code == status


def test_a_coordinator_contests_and_everybody_sees_it(as_coordinator, as_leader, world, late):
    form = {"grid": world.grids[HERE, A], "place": A, "quarter": "2026Q1", "measure": "case_on_time"}

    assert as_coordinator.post("/assessment/appeals", data={**form, "words": ""}).status_code == 422
    assert (
        as_coordinator.post("/assessment/appeals", data={**form, "words": "The key was lost."}).status_code
        == 302
    )
    assert "contested" in as_leader.get(f"/assessment?place={A}&lang=en").text
    assert "The key was lost." in as_leader.get(f"/indicators?place={A}&lang=en").text
