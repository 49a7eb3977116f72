"""Grids and offices are assessed by how cases end, never by how many there are, with the rows behind."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.errors import Refusal
from app.services import assessment, indicators
from app.services.access import Actor, Grant
from app.services.assessment import GRID, OFFICE
from app.services.indicators import Quarter
from app.services.measures import Measure
from tests.services.hazardous import given_hazard
from tests.services.mapped import DISTRICT, PATHS, W, given_map

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)
FIRST = Quarter(date(2026, 1, 1))


@pytest.fixture
def made(session):
    return given_map(session)


def leader():
    return Actor(0, "leader", "Leader", (Grant("leader", PATHS[DISTRICT]),))


def coordinator(made):
    return Actor(made.coordinator.id, "wren", "Wren", (Grant("coordinator", PATHS[W]),))


def read(session, actor=None, sort=GRID, now=NOW):
    return assessment.assessment(session, actor or leader(), PATHS[DISTRICT], sort, FIRST, now, ZONE)


def of(found, key):
    return next(one for one in found.all if one.key == key).measures


def behind(session, actor, key, measure="case_on_time", sort=GRID):
    rows = assessment.behind(session, actor, PATHS[DISTRICT], sort, key, measure, FIRST, NOW, ZONE)
    return [row.id for row in rows]


def test_measures_say_how_cases_ended(session, made):
    given_hazard(session, made, closed_days=4, reworked=1)
    given_hazard(session, made, closed_days=9)
    given_hazard(session, made, state="handling", reopened=1)
    given_hazard(session, made, closed_days=1, state="refused")

    found = of(read(session), made.grids["W1"].code)

    assert found == {
        "case_on_time": Measure(1, 3),
        "case_closed": Measure(2, 3),
        "case_check_passed": Measure(1, 2),
        "case_stayed_closed": Measure(2, 3),
    }


def test_of_a_larger_place_only_ones_own_is_counted(session, made):
    given_hazard(session, made, "W1", closed_days=9)
    east = given_hazard(session, made, "E2", closed_days=9)
    of_west = Actor(0, "west", "West", (Grant("leader", PATHS[W]), Grant("administrator", None)))

    assert [one.key for one in read(session, of_west).all] == [made.grids["W1"].code]
    assert behind(session, of_west, made.grids["E2"].code) == []
    assert behind(session, leader(), made.grids["E2"].code) == [east.id]


def test_a_grid_with_few_cases_is_not_ranked_however_good(session, made):
    for _ in range(20):
        given_hazard(session, made, "E2", closed_days=6)
    given_hazard(session, made, "W1", closed_days=1)

    ranked, others = read(session).ranked("case_on_time")

    assert [one.key for one in ranked] == [made.grids["E2"].code]
    assert [one.key for one in others] == [made.grids["W1"].code]


def test_more_cases_of_the_same_quality_change_no_rate(session, made):
    given_hazard(session, made, closed_days=4)
    given_hazard(session, made)
    before = of(read(session), made.grids["W1"].code)["case_on_time"].percent()
    for _ in range(3):
        given_hazard(session, made, closed_days=4)
        given_hazard(session, made)

    assert of(read(session), made.grids["W1"].code)["case_on_time"].percent() == before


def test_offices_are_assessed_by_the_cases_handed_to_them(session, made):
    given_hazard(session, made, "W1", office="Fire station", closed_days=4)
    given_hazard(session, made, "E2", office="Fire station")
    given_hazard(session, made, "E2")

    found = read(session, sort=OFFICE)

    assert of(found, "Fire station")["case_on_time"] == Measure(1, 2)
    assert of(found, "")["case_on_time"] == Measure(0, 1)
    assert found.total["case_on_time"] == Measure(1, 3)


def test_every_figure_opens_the_cases_that_count_against_it(session, made):
    late = given_hazard(session, made, closed_days=9)
    given_hazard(session, made, closed_days=2)
    redone = given_hazard(session, made, closed_days=3, reworked=1)

    code = made.grids["W1"].code
    assert behind(session, leader(), code) == [late.id]
    assert behind(session, leader(), code, "case_closed") == []
    assert behind(session, leader(), code, "case_check_passed") == [redone.id]
    assert behind(session, leader(), "", sort=OFFICE) == [late.id]


def test_a_coordinator_reads_the_own_grids_and_nobody_elses(session, made):
    for grid in ("W1", "W3"):
        given_hazard(session, made, grid)

    found = read(session, coordinator(made))

    assert [one.key for one in found.all] == [made.grids["W1"].code]
    for key, sort in ((made.grids["W3"].code, GRID), ("", OFFICE)):
        with pytest.raises(Refusal) as caught:
            behind(session, coordinator(made), key, sort=sort)
        assert caught.value.code == "not_your_grid"


def test_a_contested_figure_says_so(session, made):
    given_hazard(session, made)
    actor, grid = coordinator(made), made.grids["W1"]

    indicators.contest(session, actor, grid.id, "case_on_time", FIRST, "The lift was broken.")

    assert next(one for one in read(session).all if one.key == grid.code).contested == {"case_on_time"}


def test_what_is_due_today_is_not_held_against_anybody(session, made):
    given_hazard(session, made)

    assert read(session, now=datetime(2026, 2, 7, 10, tzinfo=UTC)).all == []
    assert len(read(session, now=datetime(2026, 2, 8, 10, tzinfo=UTC)).all) == 1
    assert read(session, now=datetime(2026, 1, 1, 1, tzinfo=UTC)).all == []
