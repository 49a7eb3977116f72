"""The calendar of a station: a month with what has its day already, counted; to hang up beside the door.

Nothing is entered here. Feedback days, meetings, tasks of the five duties, inspections, zero reports, the end
of a verification period, corrections and notices are kept elsewhere, each in its place. Nobody is named, no
firm and no door: what is due at doors stands on the list of the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.station import PERIODS
from app.services import five_duties, rule_packs, work_days
from app.services.access import COORDINATOR, REGISTRARS, Actor
from app.services.lookup import OF_SMALLEST_PLAN
from app.services.months import months_on
from app.services.personal import open_registers
from app.services.visiting_hours import month_begins, month_ends, period_ends
from app.services.zero_reports import EARLY, GRACE

FRIDAY = 4  # the feedback day of every week: 每周五意见反馈日
WEEK = 7
REACH = 12  # months that may be looked at, back and ahead
Asked = dict[str, Any]


@dataclass(frozen=True)
class Dated:
    """Something that has its day. kind: what it is, as the words know it.

    n of whole: how many, done of all. what: a name or how often; about: a day in the month that is meant.
    """

    day: date
    kind: str
    n: int = 0
    whole: int = 0
    what: str = ""
    about: date | None = None


def month_called(said: str, today: date) -> date:
    """The first day of a month as in `2026-03`; of this month for anything else or too far away.

    >>> today = date(2026, 3, 6)
    >>> [month_called(said, today).isoformat() for said in ("2026-05", "2026-13", "2031-01", "-202603")]
    ['2026-05-01', '2026-03-01', '2026-03-01', '2026-03-01']
    """
    here = month_begins(today)
    if not re.fullmatch("[0-9]{4}-[0-9]{2}", said):
        return here
    year, _, month = said.partition("-")
    if not (date.min.year < int(year) < date.max.year and 1 <= int(month) <= 12):
        return here
    found = date(int(year), int(month), 1)
    return found if _is_in_reach(found, here) else here


def beside(month: date, today: date) -> tuple[date | None, date | None]:
    """The months before and after one; None where that is too far away.

    >>> beside(date(2027, 3, 1), date(2026, 3, 6))
    (datetime.date(2027, 2, 1), None)
    """
    here, former, after = month_begins(today), months_on(month, -1), months_on(month, 1)
    return former if _is_in_reach(former, here) else None, after if _is_in_reach(after, here) else None


def _is_in_reach(month: date, here: date) -> bool:
    return months_on(here, -REACH) <= month <= months_on(here, REACH)


def weeks(month: date) -> list[list[date]]:
    """The days of a month by weeks from Monday on, with those of other months that fill the first and last.

    >>> [len(weeks(date(2026, month, 1))) for month in (2, 3)]
    [5, 6]
    """
    first, last = month - timedelta(days=month.weekday()), month_ends(month)
    count = ((last - first).days // WEEK + 1) * WEEK
    days = [first + timedelta(days=at) for at in range(count)]
    return [days[at : at + WEEK] for at in range(0, count, WEEK)]


def dated(session: Session, actor: Actor, path: str, month: date, now: datetime) -> dict[date, list[Dated]]:
    """What has its day in a month, for a place within the scope, by day.

    month: its first day. now: aware, in the zone of the city. Who is a coordinator and nothing else has
    the tasks and zero reports of the grids they answer for.
    """
    only_own = {grant.kind for grant in actor.roles} == {COORDINATOR}
    asked: Asked = {
        "path": path,
        "first": month,
        "last": month_ends(month),
        "today": now.date(),
        "person": actor.person_id if only_own else None,
    }
    found: dict[date, list[Dated]] = {}
    for source in (_work_days, _meetings, _tasks, _zero_reports, _verification, _inspections, _rest):
        for one in source(session, actor, asked, now):
            if asked["first"] <= one.day <= asked["last"]:
                found.setdefault(one.day, []).append(one)
    return found


def _work_days(session: Session, _actor: Actor, asked: Asked, _now: datetime) -> Iterator[Dated]:
    for row in work_days.calendar_of(session, asked["first"].year):
        yield Dated(row.day, "worked" if row.worked else "holiday", what=row.name)


def _meetings(session: Session, _actor: Actor, asked: Asked, _now: datetime) -> Iterator[Dated]:
    """Meetings and feedback days of which there are minutes; and every Friday that is worked."""
    kept: set[date] = set()
    for row in session.execute(_HELD, asked):
        is_feedback = row.kind == "feedback day"
        kept |= {row.held_on} if is_feedback else set()
        yield Dated(row.held_on, "feedback-kept" if is_feedback else "meeting", n=row.n)
    calendar = work_days.read_calendar(session)
    for day in _days(asked):
        if day.weekday() == FRIDAY and calendar.works(day) and day not in kept:
            yield Dated(day, "feedback")


def _tasks(session: Session, _actor: Actor, asked: Asked, _now: datetime) -> Iterator[Dated]:
    """On the last day of a week, month or quarter: its tasks, and how many of them are done in its grids."""
    periods = sorted(
        {(every, *five_duties.period_of(every, day)) for every in PERIODS for day in _days(asked)}
    )
    periods = [one for one in periods if one[2] <= asked["last"]]
    tasks = five_duties.done_in(session, asked["path"], periods, asked["person"])
    for every, first, last in periods:
        of_period = [one for one in tasks if (one.every, one.first) == (every, first)]
        done, whole = sum(one.done for one in of_period), sum(one.grids for one in of_period)
        if whole:
            kind = "tasks-ahead" if first > asked["today"] else "tasks"
            yield Dated(last, kind, n=done, whole=whole, what=every)


def _zero_reports(session: Session, _actor: Actor, asked: Asked, _now: datetime) -> Iterator[Dated]:
    """From when on the month can be reported, and the last day on which the former one is in time."""
    month, former = asked["first"], month_begins(asked["first"], 1)
    row = session.execute(_FILED, {**asked, "month": former}).one()
    if row.grids:
        yield Dated(month + timedelta(days=GRACE - 1), "zero-until", row.filed, row.grids, about=former)
        yield Dated(asked["last"] - timedelta(days=EARLY - 1), "zero-from", about=month)


def _verification(session: Session, _actor: Actor, asked: Asked, now: datetime) -> Iterator[Dated]:
    """The end of the months in which every household is gone through once, by the rules of the month."""
    rules = rule_packs.in_force(session, asked["path"], asked["first"]).rules
    begins = now.replace(year=asked["first"].year, month=asked["first"].month, day=1)
    months = rules.clocks.verification_months
    yield Dated(period_ends(begins, months), "verification", n=months)


def _inspections(session: Session, actor: Actor, asked: Asked, _now: datetime) -> Iterator[Dated]:
    """Inspections due and done, for who does them; none of an employer that is no more."""
    if not actor.touches(REGISTRARS, asked["path"]):
        return
    open_registers(session, actor, "employer")
    for row in session.execute(_INSPECTED, asked):
        late = row.due and row.day < asked["today"]
        kind = "inspections-late" if late else "inspections" if row.due else "inspections-done"
        yield Dated(row.day, kind, n=row.n, what=row.about)


def _rest(session: Session, _actor: Actor, asked: Asked, _now: datetime) -> Iterator[Dated]:
    """Answers of offices to corrections, and notices that are hung up or come down."""
    for row in session.execute(_AWAITED, asked):
        late = row.due_on < asked["today"]
        yield Dated(row.due_on, "corrections-late" if late else "corrections", n=row.n)
    for row in session.execute(_HUNG, asked):
        yield Dated(row.day, "notice-ends" if row.ends else "notice", n=row.n)


def _days(asked: Asked) -> list[date]:
    first, last = asked["first"], asked["last"]
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def of_days(days: Sequence[date], found: dict[date, list[Dated]]) -> list[tuple[date, list[Dated]]]:
    """Days with what is on them; none is left out."""
    return [(day, found.get(day, [])) for day in days]


_WITHIN = "place.path <@ CAST(:path AS ltree) AND place.path <@ ANY (scope_paths())"
_HELD = text(f"""
    SELECT kind, held_on, count(*) AS n FROM meeting JOIN place ON place.id = place_id
    WHERE {_WITHIN} AND held_on BETWEEN :first AND :last GROUP BY kind, held_on ORDER BY held_on, kind
""")  # noqa: S608 (constants)
# A report is of the grid by its code, which outlives plans.
_FILED = text(f"""
    WITH seen AS (
        SELECT grid.code FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        JOIN place AS planned ON planned.id = plan.place_id JOIN place ON place.id = grid.community_id
        WHERE {_WITHIN} AND {OF_SMALLEST_PLAN}
            AND (CAST(:person AS bigint) IS NULL OR EXISTS (
                SELECT FROM duty WHERE duty.grid_id = grid.id AND duty.person_id = :person
                    AND during @> clock_timestamp()
            ))
    ),
    filed AS (
        SELECT DISTINCT grid.code FROM zero_report JOIN grid ON grid.id = zero_report.grid_id
        WHERE month = :month
    )
    SELECT count(*) AS grids, count(filed.code) AS filed FROM seen LEFT JOIN filed ON filed.code = seen.code
""")  # noqa: S608 (constants)
_INSPECTED = text(f"""
    SELECT inspection.due_on AS day, about, true AS due, count(*) AS n
    FROM inspection JOIN place ON place.id = inspection.community_id
    LEFT JOIN employer ON employer.id = inspection.employer_id
    WHERE {_WITHIN} AND inspection.ended_on IS NULL AND employer.ended_on IS NULL
        AND num_nonnulls(inspection.building_id, inspection.compound_id, inspection.employer_id) = 1
        AND due_on BETWEEN :first AND :last
    GROUP BY day, about
    UNION ALL
    SELECT done_on, about, false, count(*)
    FROM inspection_done JOIN inspection ON inspection.id = inspection_id
    JOIN place ON place.id = inspection.community_id
    WHERE {_WITHIN} AND done_on BETWEEN :first AND :last GROUP BY done_on, about
    ORDER BY day, due, about
""")  # noqa: S608 (constants)
_AWAITED = text(f"""
    SELECT due_on, count(*) AS n FROM correction JOIN place ON place.id = place_id
    WHERE {_WITHIN} AND answer IS NULL AND due_on BETWEEN :first AND :last GROUP BY due_on
""")  # noqa: S608 (constants)
_HUNG = text(f"""
    SELECT from_on AS day, false AS ends, count(*) AS n FROM notice JOIN place ON place.id = place_id
    WHERE {_WITHIN} AND from_on BETWEEN :first AND :last GROUP BY from_on
    UNION ALL
    SELECT until_on, true, count(*) FROM notice JOIN place ON place.id = place_id
    WHERE {_WITHIN} AND until_on BETWEEN :first AND :last GROUP BY until_on
""")  # noqa: S608 (constants)
