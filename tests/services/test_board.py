"""The board counts hazards by place and period as they are, whoever writes them and however."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.errors import Refusal
from app.services import board
from app.services.access import Actor, Grant
from app.services.measures import Measure
from app.services.periods import Period, chosen
from tests.services.hazardous import REPORTED, given_hazard
from tests.services.mapped import DISTRICT, PATHS, SUBDISTRICT, E, W, given_map

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
TALLY = text("""
    SELECT place_id, day, what, kind, hours, sum(n) AS n FROM hazard_tally
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
""")


@pytest.fixture
def made(session):
    return given_map(session)


def read(session, made, code=DISTRICT, period=FEBRUARY, now=NOW):
    place = board.place_chosen(session, leader(), code)
    return board.board(session, place, period, now, ZONE)


def leader(code=DISTRICT):
    return Actor(1, "leader", "Leader", (Grant("leader", PATHS[code]),))


def tally(session):
    return {tuple(row) for row in session.execute(TALLY)}


def test_figures_of_a_place_are_those_of_all_beneath_it(session, made):
    given_hazard(session, made, "W1")
    given_hazard(session, made, "W2", due_days=60)
    given_hazard(session, made, "E2", closed_days=2)

    whole, west, east = (read(session, made, code) for code in (DISTRICT, W, E))

    assert (whole.open, whole.overdue) == (2, 1)
    assert (west.open, west.overdue) == (2, 1)
    assert (east.open, east.overdue) == (0, 0)
    assert read(session, made, SUBDISTRICT) == whole
    assert whole.filed == Measure(3, 3)
    assert whole.closed == whole.on_time == Measure(1, 2)
    assert whole.median_days == Decimal("2.0")


def test_what_was_closed_late_is_closed_but_not_on_time(session, made):
    given_hazard(session, made, closed_days=4)
    given_hazard(session, made, closed_days=6)

    found = read(session, made)

    assert (found.closed, found.on_time) == (Measure(2, 2), Measure(1, 2))


def test_refused_and_duplicate_ones_are_neither_filed_nor_due(session, made):
    first = given_hazard(session, made, closed_days=4)
    given_hazard(session, made, closed_days=1, state="refused")
    given_hazard(session, made, closed_days=1, state="duplicate", duplicate_of=first.id)
    given_hazard(session, made, state="reported")

    found = read(session, made)

    assert found.filed == Measure(1, 4)
    assert found.on_time == Measure(1, 2)
    assert found.median_days == Decimal("4.0")


@pytest.mark.parametrize("state", ["pending", "claimed done", "verified"])
def test_a_clock_that_stands_is_never_overdue(session, made, state):
    review = {"review_on": date(2026, 5, 1)} if state == "pending" else {}
    given_hazard(session, made, state=state, **review)

    found = read(session, made)

    assert (found.open, found.overdue, found.worst) == (1, 0, [])


def test_overdue_is_to_the_minute(session, made):
    due = REPORTED + timedelta(days=5)
    given_hazard(session, made)

    assert read(session, made, now=due).overdue == 0
    assert read(session, made, now=due + timedelta(minutes=1)).overdue == 1


def test_what_is_due_today_is_not_counted_before_its_day_is_over(session, made):
    given_hazard(session, made, closed_days=1)
    due = REPORTED + timedelta(days=5)

    assert read(session, made, now=due).on_time == Measure(0, 0)
    assert read(session, made, now=due + timedelta(days=1)).on_time == Measure(1, 1)


def test_days_are_those_of_the_city(session, made):
    given_hazard(session, made, reported=datetime(2026, 1, 31, 15, 59, tzinfo=UTC))
    given_hazard(session, made, reported=datetime(2026, 1, 31, 16, 0, tzinfo=UTC))

    assert read(session, made).filed.whole == 1


def test_weeks_reckon_back_how_many_were_open(session, made):
    given_hazard(session, made, closed_days=3)
    given_hazard(session, made, closed_days=10)
    given_hazard(session, made, reported=REPORTED + timedelta(days=14))

    weeks = read(session, made).weeks

    assert [week.open for week in weeks] == [0, 1, 0, 1, 1]
    assert [week.reported for week in weeks] == [0, 2, 0, 1, 0]
    assert [week.gone for week in weeks] == [0, 1, 1, 0, 0]


def test_the_worst_grids_say_why(session, made):
    for state, kind in (("dispatched", "gas"), ("dispatched", "fire"), ("handling", "gas")):
        given_hazard(session, made, "W3", state=state, kind=kind)
    given_hazard(session, made, "E2")
    given_hazard(session, made, "W1", grid_code=None)

    first, *others = read(session, made).worst

    assert (first.code, first.overdue) == (made.grids["W3"].code, 3)
    assert (first.states, first.kinds) == (
        [("dispatched", 2), ("handling", 1)],
        [("gas", 2), ("fire", 1)],
    )
    assert first.coordinator is None
    assert first.in_force
    assert {one.code for one in others} == {made.grids["E2"].code, None}


def test_vacancies_are_grids_in_force_nobody_answers_for(session, made):
    assert read(session, made).vacant == Measure(2, 6)
    assert read(session, made, W).vacant == Measure(1, 3)


@pytest.mark.parametrize(
    ("who", "code", "refused"),
    [
        (leader(W), E, "not_in_scope"),
        (leader(W), DISTRICT, "not_in_scope"),
        (leader(), "999999", "not_found"),
    ],
)
def test_the_place_of_others_is_refused(session, made, who, code, refused):
    with pytest.raises(Refusal) as caught:
        board.place_chosen(session, who, code)

    assert caught.value.code == refused


def test_without_a_code_the_first_place_of_ones_own_is_shown(session, made):
    coordinator = replace(leader(), roles=(Grant("coordinator", PATHS[W]),))

    assert board.place_chosen(session, leader(W), None).code == W
    assert board.place_chosen(session, coordinator, None) is None


STEP = st.sampled_from(["report", "handling", "pending", "closed", "refused", "reopen", "settle"])


@given(steps=st.lists(st.tuples(STEP, st.integers(0, 5)), min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_is_what_counting_anew_would_give(root_session, steps):
    root_session.rollback()
    made = given_map(root_session)
    hazards = []
    for step, which in steps:
        if step == "settle":
            board.settle(root_session)
        elif step == "report" or not hazards:
            hazards.append(given_hazard(root_session, made, ("W1", "E2")[which % 2], due_days=which))
        else:
            changed(root_session, hazards[which % len(hazards)], step, which)
    kept = tally(root_session)

    root_session.execute(text("SELECT recount_hazard_tally()"))

    assert kept == tally(root_session)


def changed(session, hazard, step, days):
    hazard.state = "handling" if step == "reopen" else step
    hazard.review_on = date(2026, 5, 1) if step == "pending" else None
    hazard.closed_at = hazard.reported_at + timedelta(days=days) if step in ("closed", "refused") else None
    session.flush()


def test_settling_leaves_one_row_for_each_count(session, made):
    for _ in range(3):
        given_hazard(session, made)
    before = tally(session)

    board.settle(session)

    assert tally(session) == before
    assert session.scalar(text("SELECT max(n) FROM hazard_tally")) == 3
    assert session.scalar(text("SELECT bool_or(is_fresh) FROM hazard_tally")) is False


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-13-01"},
        {"from": "2026-03-03"},
        {"from": "2026-02-02", "to": "2026-02-01"},
        {"from": "2020-01-01", "to": "2026-02-01"},
        {"to": "0001-01-01"},
    ],
)
def test_a_period_that_is_none_is_refused(asked):
    with pytest.raises(Refusal) as caught:
        chosen(asked, date(2026, 3, 2))

    assert caught.value.code == "period_malformed"


def test_half_a_period_is_completed():
    today = date(2026, 3, 2)

    assert chosen({}, today) == Period(date(2025, 12, 3), today)
    assert chosen({"from": "2026-02-01"}, today) == Period(date(2026, 2, 1), today)
    assert chosen({"to": "2026-01-31"}, today).days == 90
