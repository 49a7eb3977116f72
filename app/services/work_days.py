"""Which days are worked: weekdays but for holidays, and weekend days that make up for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import CalendarDay
from app.services import audit
from app.services.access import ADMINISTRATORS, Actor, require

SATURDAY = 5
LONGEST_NAME = 40
MOST_DAYS = 3_660  # ten years: no clock of ours runs longer


@dataclass(frozen=True)
class Calendar:
    """worked: days that are not what their weekday says; all others are."""

    worked: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Whether a day is worked.

        >>> spring = Calendar({date(2026, 2, 14): True, date(2026, 2, 16): False})
        >>> spring.works(date(2026, 2, 14)), spring.works(date(2026, 2, 16)), spring.works(date(2026, 2, 17))
        (True, False, True)
        """
        return self.worked.get(day, day.weekday() < SATURDAY)

    def after(self, day: date, count: int) -> date:
        """The day by which so many days were worked after one, which does not count itself.

        >>> Calendar().after(date(2026, 3, 6), 1)
        datetime.date(2026, 3, 9)
        """
        if not 0 <= count <= MOST_DAYS:
            raise ValueError(f"{count} days are no clock of ours")
        while count:
            day += timedelta(days=1)
            count -= self.works(day)
        return day

    def worked_between(self, first: date, last: date) -> int:
        """How many days are worked after the first, up to and with the last."""
        return sum(self.works(first + timedelta(days=number + 1)) for number in range((last - first).days))


def read_calendar(session: Session) -> Calendar:
    """The calendar as it is kept."""
    return Calendar({row.day: row.worked for row in session.scalars(select(CalendarDay))})


def calendar_of(session: Session, year: int) -> list[Row[date, bool, str, bool]]:
    """The days of a year that are not what their weekday says."""
    columns = (CalendarDay.day, CalendarDay.worked, CalendarDay.name, CalendarDay.provisional)
    within = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(session.execute(select(*columns).where(within).order_by(CalendarDay.day)).all())


def years(session: Session) -> list[tuple[int, bool]]:
    """Years of which some day is kept, and whether any of its days is provisional."""
    found: dict[int, bool] = {}
    for row in session.scalars(select(CalendarDay)):
        found[row.day.year] = found.get(row.day.year, False) or row.provisional
    return sorted(found.items())


def keep_day(session: Session, actor: Actor, day: date, name: str, *, worked: bool) -> None:
    """Say of a day that it is worked or not, in place of what was said before; refused without a name.

    The calendar is everybody's: refused with `not_in_scope` to administrators of a place alone.
    """
    require(actor, ADMINISTRATORS, [None])
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refusal("fields_malformed", fields="name")
    session.merge(CalendarDay(day=day, worked=worked, name=name, provisional=False))
    audit.record(session, actor.person_id, "calendar.kept", f"day {day}", {"worked": worked, "name": name})


def forget_day(session: Session, actor: Actor, day: date) -> None:
    """Let a day be what its weekday says; `not_found` where it is already, `not_in_scope` as above."""
    require(actor, ADMINISTRATORS, [None])
    if session.scalar(delete(CalendarDay).where(CalendarDay.day == day).returning(CalendarDay.day)) is None:
        raise Refusal("not_found")
    audit.record(session, actor.person_id, "calendar.forgotten", f"day {day}")
