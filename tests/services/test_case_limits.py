"""Limits of the stages of a case: none so long that its clock would not end."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.errors import Refusal
from app.models import Person
from app.services import case_limits
from app.services.access import Actor, Grant
from app.services.case_limits import MOST_HOURS, STAGES, Limit
from app.services.rules import Clocks
from app.services.work_days import Calendar
from app.services.work_time import work_time

TODAY = date(2026, 11, 26)


def limit(each):
    return Limit(None, 1, TODAY, working_time=True, hours=dict.fromkeys(STAGES, each))


@pytest.fixture
def administrator(session):
    person = Person(account="limits", name="keeper of limits")
    session.add(person)
    session.flush()
    return Actor(person.id, person.account, person.name, (Grant("administrator", None),))


@pytest.mark.parametrize(
    ("each", "code"),
    [
        (MOST_HOURS / 4 + 0.01, "hazard_limits_long"),
        (float("inf"), "hazard_limits_long"),
        (float("nan"), "fields_malformed"),
        (0, "fields_malformed"),
    ],
)
def test_limits_that_are_too_long_or_no_hours_are_refused(session, administrator, each, code):
    with pytest.raises(Refusal) as caught:
        case_limits.add_limit(session, administrator, limit(each), TODAY)

    assert caught.value.code == code


def test_the_longest_limits_are_taken_and_their_clock_ends_where_one_hour_a_day_is_worked(
    session, administrator
):
    made = case_limits.add_limit(session, administrator, limit(MOST_HOURS / 4), TODAY)
    short = work_time(
        Calendar(), Clocks(work_from_hour=8, noon_from_hour=9, noon_until_hour=9, work_until_hour=9)
    )
    start = datetime(2026, 11, 26, 8, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert made > 0
    assert short.between(start, short.after(start, MOST_HOURS)) == MOST_HOURS
