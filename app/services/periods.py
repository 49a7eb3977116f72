"""A span of days that figures are about, chosen once and kept in addresses as `from` and `to`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.errors import Refusal
from app.services.months import months_on

USUAL_DAYS = 90
LONGEST_DAYS = 3 * 366
OFFERED_DAYS = (7, 30, 90, 365)
WEEK = 7


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def former(self) -> Period:
        """As many days, just before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def moments(self, timezone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins, and when the day after it does, in the city."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), timezone), datetime.combine(after, time(), timezone)

    def day(self, at: int) -> date:
        """The day that comes so many after the first."""
        return self.first + timedelta(days=at)

    def weeks(self) -> list[Period]:
        """Its weeks from Monday to Sunday, cut to it at both ends.

        >>> [str(week.first) for week in Period(date(2026, 11, 25), date(2026, 12, 8)).weeks()]
        ['2026-11-25', '2026-11-30', '2026-12-07']
        """
        found, first = [], self.first
        while first <= self.last:
            last = min(self.last, first + timedelta(days=WEEK - first.isoweekday()))
            found.append(Period(first, last))
            first = last + timedelta(days=1)
        return found


def last_days(days: int, today: date) -> Period:
    """So many days up to today."""
    return Period(today - timedelta(days=days - 1), today)


def day_before(day: date) -> date:
    """Yesterday, seen from a day."""
    return day - timedelta(days=1)


def month_of(day: date) -> Period:
    """The month a day is in.

    >>> month_of(date(2026, 2, 14)).last
    datetime.date(2026, 2, 28)
    """
    first = day.replace(day=1)
    return Period(first, months_on(first, 1) - timedelta(days=1))


def chosen(asked: Mapping[str, str], today: date) -> Period:
    """The period an address names by `from` and `to`; without them the last 90 days.

    One of them alone is completed to 90 days. Refused with `period_malformed` where they are no days, end
    before they begin, lie ahead, or are more than three years.
    """
    first, last = (day_named(asked.get(name, "")) for name in ("from", "to"))
    if first is not None and first > today:
        raise Refusal("period_malformed", first=first.isoformat(), last=(last or first).isoformat())
    if last is None:
        last = today if first is None else min(today, first + timedelta(days=USUAL_DAYS - 1))
    if first is None:
        first = last - timedelta(days=USUAL_DAYS - 1)
    period = Period(first, last)
    if not 0 < period.days <= LONGEST_DAYS or last > today:
        raise Refusal("period_malformed", first=first.isoformat(), last=last.isoformat())
    return period


def day_named(said: str) -> date | None:
    """A day as addresses have it, from 1970 on; None for no word, `period_malformed` for another."""
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Refusal("period_malformed", first=said, last=said) from None
    if day.year < 1970:
        raise Refusal("period_malformed", first=said, last=said)
    return day
