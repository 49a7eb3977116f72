"""Hours that are worked: from the morning to noon and on until the evening, on days the calendar says.

A clock that runs in these stands at night, at noon and on holidays by itself; nobody has to stop it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.services.rules import Clocks
from app.services.work_days import MOST_DAYS, Calendar

ONE_DAY = timedelta(days=1)
MIDNIGHT = 24  # of which `time` knows nothing: the last moment of the day stands for it
Span = tuple[time, time]


@dataclass(frozen=True)
class WorkTime:
    """spans: hours of a day that is worked, in their order; what is aware is in the zone of the city."""

    calendar: Calendar
    spans: tuple[Span, ...]

    def after(self, start: datetime, hours: float) -> datetime:
        """When so many hours will have been worked after a moment.

        >>> week = work_time(Calendar(), Clocks())
        >>> week.after(datetime(2026, 3, 6, 17), 2).isoformat()  # a Friday
        '2026-03-09T09:00:00'
        """
        left = timedelta(hours=hours)
        for begins, ends in self._worked_from(start):
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        raise ValueError(f"{hours} hours are no clock of ours")

    def between(self, first: datetime, last: datetime) -> float:
        """How many hours are worked from a moment to a later one; 0 where it is not later.

        >>> work_time(Calendar(), Clocks()).between(datetime(2026, 3, 6, 17), datetime(2026, 3, 9, 15))
        6.0
        """
        worked = timedelta()
        if first >= last:
            return 0.0
        for begins, ends in self._worked_from(first):
            if begins >= last:
                break
            worked += min(ends, last) - begins
        return worked / timedelta(hours=1)

    def _worked_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is worked of every day from a moment on."""
        day = start.date()
        for _ in range(MOST_DAYS):
            for begins, ends in self._of(day, start):
                if ends > start:
                    yield max(begins, start), ends
            day += ONE_DAY

    def _of(self, day: date, like: datetime) -> Iterator[tuple[datetime, datetime]]:
        if self.calendar.works(day):
            for begins, ends in self.spans:
                yield (
                    datetime.combine(day, begins, like.tzinfo),
                    datetime.combine(day, ends, like.tzinfo),
                )


def work_time(calendar: Calendar, clocks: Clocks) -> WorkTime:
    """The hours worked by a calendar and the clocks of a rule pack; a noon of no length is none."""
    at = (clocks.work_from_hour, clocks.noon_from_hour, clocks.noon_until_hour, clocks.work_until_hour)
    morning, noon, afternoon, evening = (_hour(hour) for hour in at)
    spans = ((morning, noon), (afternoon, evening)) if afternoon < evening else ((morning, noon),)
    return WorkTime(calendar, spans)


def _hour(hour: int) -> time:
    return time.max if hour == MIDNIGHT else time(hour)
