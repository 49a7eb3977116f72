"""The monthly report: one tap, once, also of nothing; a missing one is not zero."""

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.services import arrivals, due, zero_reports
from app.services.arrivals import Where
from app.services.personal import open_registers
from tests.services.mapped import W
from tests.services.registered import on_duty, staff

NOW = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def registers(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    return open_registers(session, actor, "visit")


@pytest.fixture
def grid(session, registers):
    (own,) = due.my_grids(session, registers.person_id)
    return own


def states(registers, grid, now=NOW):
    return {one.month: one.state for one in zero_reports.months(registers, [grid], now)}


def test_a_month_nobody_reported_is_missing_and_one_of_nothing_is_zero(registers, grid):
    assert states(registers, grid) == {date(2026, 1, 1): "missing", FEBRUARY: "missing", MARCH: "open"}

    filed = zero_reports.file(registers, grid, date(2026, 2, 14), NOW)

    assert (filed.state, filed.late) == ("zero", False)
    assert filed.figures == {"arrivals": 0, "departures": 0, "visits": 0}
    assert states(registers, grid)[FEBRUARY] == "zero"


def test_what_happened_is_counted_and_stays_as_it_was_reported(made, registers, grid):
    resident = made.residents["W2"][0].id
    arrivals.depart(registers, [resident], date(2026, 2, 27), NOW.date())
    filed = zero_reports.file(registers, grid, FEBRUARY, NOW)
    arrivals.arrive(
        registers,
        Where(household_id=made.households["W2"][1].id),
        [{"name": "新来的"}],
        date(2026, 2, 28),
        NOW.date(),
        client_id=str(uuid4()),
        consent=True,
    )

    assert (filed.state, filed.figures) == ("changes", {"arrivals": 0, "departures": 1, "visits": 0})
    february = next(one for one in zero_reports.months(registers, [grid], NOW) if one.month == FEBRUARY)
    assert february.figures["arrivals"] == 0


def test_a_month_is_reported_once(session, registers, grid):
    zero_reports.file(registers, grid, FEBRUARY, NOW)

    with pytest.raises(Refusal) as caught:
        zero_reports.file(registers, grid, FEBRUARY, NOW)

    assert caught.value.code == "zero_report_filed"
    assert session.scalar(text("SELECT count(*) FROM zero_report")) == 1


@pytest.mark.parametrize(("day", "may"), [(26, False), (27, True), (31, True)])
def test_a_month_is_reported_from_its_last_five_days_on(registers, grid, day, may):
    now = NOW.replace(day=day)
    if may:
        assert zero_reports.file(registers, grid, MARCH, now).state == "zero"
        return
    with pytest.raises(Refusal) as caught:
        zero_reports.file(registers, grid, MARCH, now)
    assert (caught.value.code, caught.value.facts["day"]) == ("zero_report_early", date(2026, 3, 27))


@pytest.mark.parametrize(("day", "late"), [(5, False), (6, True)])
def test_a_report_after_the_days_of_grace_is_late(registers, grid, day, late):
    assert zero_reports.file(registers, grid, FEBRUARY, NOW.replace(day=day)).late is late
