"""Quarters, months and hours of visiting, as clocks of the registers count them.

A moment here is always a datetime in the city's own zone; its date is the day it is there.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

QUARTER = 3  # months, in which a household is gone through once unless the rules say otherwise
DAYTIME = range(8, 18)  # hours in which most people are at work
SATURDAY = 5


def period_begins(moment: datetime, months: int = QUARTER, back: int = 0) -> datetime:
    """The first moment of the period it is, or of one some periods back.

    months: its length, a quarter unless the rules say otherwise. Periods follow one another from the year 0,
    so those that divide a year begin with it.

    >>> period_begins(datetime(2026, 11, 26, 9)), period_begins(datetime(2026, 2, 1), back=1)
    (datetime.datetime(2026, 10, 1, 0, 0), datetime.datetime(2025, 10, 1, 0, 0))
    >>> period_begins(datetime(2026, 11, 26, 9), months=6), period_begins(datetime(2026, 11, 26), months=1)
    (datetime.datetime(2026, 7, 1, 0, 0), datetime.datetime(2026, 11, 1, 0, 0))
    """
    begun = ((moment.year * 12 + moment.month - 1) // months - back) * months
    return moment.replace(
        year=begun // 12, month=begun % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )


def period_ends(moment: datetime, months: int = QUARTER) -> date:
    """The last day of the period it is.

    >>> period_ends(datetime(2026, 11, 26)), period_ends(datetime(2026, 2, 1), 12)
    (datetime.date(2026, 12, 31), datetime.date(2026, 12, 31))
    """
    return (period_begins(moment, months, back=-1) - timedelta(days=1)).date()


def month_begins(day: date, back: int = 0) -> date:
    """The first day of a day's month, or of one some months back.

    >>> month_begins(date(2026, 1, 31), back=1)
    datetime.date(2025, 12, 1)
    """
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def month_ends(day: date) -> date:
    """The last day of a day's month.

    >>> month_ends(date(2026, 2, 3))
    datetime.date(2026, 2, 28)
    """
    return month_begins(day, back=-1) - timedelta(days=1)


def is_late(happened_at: datetime, entered_at: datetime, hours: int) -> bool:
    """Whether something was entered more than so many hours after it happened.

    >>> noon = datetime(2026, 3, 2, 12)
    >>> is_late(noon, datetime(2026, 3, 3, 12), 24), is_late(noon, datetime(2026, 3, 3, 12, 0, 1), 24)
    (False, True)
    """
    return entered_at - happened_at > timedelta(hours=hours)


def hour_of(moment: datetime) -> str:
    """Which of the hours people may choose to be visited in it is: day, evening or weekend.

    >>> thursday = datetime(2026, 11, 26, 9)
    >>> hour_of(thursday), hour_of(thursday.replace(hour=19)), hour_of(thursday.replace(day=28))
    ('day', 'evening', 'weekend')
    """
    if moment.weekday() >= SATURDAY:
        return "weekend"
    return "day" if moment.hour in DAYTIME else "evening"


def suits(visit_hour: str | None, moment: datetime) -> bool:
    """Whether somebody who likes to be visited at that hour may be called on now; None: at any.

    Evening households are called on in the evening of any day, never in the daytime.

    >>> saturday = datetime(2026, 11, 28, 10)
    >>> suits("evening", saturday), suits("evening", saturday.replace(hour=19)), suits("weekend", saturday)
    (False, True, True)
    >>> thursday = saturday.replace(day=26)
    >>> suits(None, saturday), suits("day", thursday), suits("weekend", thursday)
    (True, True, False)
    """
    if visit_hour == "evening":
        return moment.hour not in DAYTIME
    if visit_hour == "weekend":
        return moment.weekday() >= SATURDAY
    return visit_hour is None or moment.hour in DAYTIME
