"""Months of the calendar: the same day some months on, or the last there is."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

DECEMBER = 12


def months_on(day: date, months: int) -> date:
    """The same day so many months later (earlier where negative), the last of the month where it has none.

    >>> months_on(date(2026, 8, 31), 6), months_on(date(2024, 2, 29), -12)
    (datetime.date(2027, 2, 28), datetime.date(2023, 2, 28))
    """
    year, month = divmod(day.year * DECEMBER + day.month - 1 + months, DECEMBER)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
