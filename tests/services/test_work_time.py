"""Hours that are worked, over nights, weekends, and a national holiday with days that make up for it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.rules import Clocks
from app.services.work_days import Calendar
from app.services.work_time import work_time

ZONE = ZoneInfo("Asia/Shanghai")
# The National Day of 2026: 1 to 7 October are free, Sunday 20 September and Saturday 10 October are worked.
NATIONAL_DAY = Calendar(
    {
        **{date(2026, 10, day): False for day in range(1, 8)},
        date(2026, 9, 20): True,
        date(2026, 10, 10): True,
    }
)
WORK = work_time(NATIONAL_DAY, Clocks())  # 8 to 12 and 14 to 18


def at(month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(9, 28, 8), 8, at(9, 28, 18)),
        (at(9, 28, 11), 2, at(9, 28, 15)),  # over noon
        (at(9, 28, 12, 30), 1, at(9, 28, 15)),  # begun at noon, it runs from two on
        (at(9, 28, 20), 4, at(9, 29, 12)),  # begun at night
        (at(9, 30, 17), 4, at(10, 8, 11)),  # over the seven days of the holiday
        (at(10, 3, 10), 8, at(10, 8, 18)),  # begun in it
        (at(10, 9, 17), 9, at(10, 10, 18)),  # Saturday makes up for it
        (at(10, 10, 17), 2, at(10, 12, 9)),  # and Sunday is free again
        (at(9, 18, 17), 9, at(9, 20, 18)),  # a Saturday that is free before a Sunday that is worked
        (at(9, 28, 18), 0.5, at(9, 29, 8, 30)),
    ],
)
def test_hours_worked_after_a_moment(start, hours, end):
    assert WORK.after(start, hours) == end
    assert WORK.between(start, end) == pytest.approx(hours)


def test_nothing_is_worked_backwards_or_in_a_holiday():
    assert WORK.between(at(10, 2, 9), at(10, 7, 18)) == 0
    assert WORK.between(at(9, 30, 12), at(9, 30, 9)) == 0


def test_a_rule_pack_may_have_no_noon():
    through = work_time(
        Calendar(), Clocks(work_from_hour=9, noon_from_hour=17, noon_until_hour=17, work_until_hour=17)
    )

    assert through.after(at(9, 28, 9), 9) == at(9, 29, 10)


MOMENTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 1)).map(lambda at: at.replace(tzinfo=ZONE))


@given(start=MOMENTS, hours=st.floats(0.01, 80))
def test_what_was_asked_for_is_what_is_worked_until_then(start, hours):
    end = WORK.after(start, hours)

    assert WORK.between(start, end) == pytest.approx(hours, abs=1e-6)
    assert NATIONAL_DAY.works(end.date())


@given(start=MOMENTS, first=st.floats(0.01, 30), more=st.floats(0.01, 30))
def test_a_clock_that_was_stopped_goes_on_with_what_was_left(start, first, more):
    there = WORK.after(start, first)
    night = timedelta(0)

    assert WORK.after(there + night, more) - WORK.after(start, first + more) < timedelta(seconds=1)
