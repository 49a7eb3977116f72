"""The five duties: recurring tasks of every grid, when each was last done, and which duty rests too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import TaskDone
from app.models.station import FIVE_DUTIES
from app.services import audit, rule_packs
from app.services.access import Actor
from app.services.lookup import OF_SMALLEST_PLAN
from app.services.months import months_on


@dataclass(frozen=True)
class TaskSeen:
    """A task in a grid. due_on: the last day of the period it is still to be done in; None: it is done."""

    id: int
    name: str
    every: str
    last_on: date | None
    due_on: date | None


@dataclass(frozen=True)
class DutySeen:
    """One of the five in a grid. idle: nothing of it was done for as many days as the rules let pass."""

    duty: str
    tasks: list[TaskSeen]
    last_on: date | None
    idle: bool


def duties_of(session: Session, grid_id: int, today: date, language: str = "zh") -> list[DutySeen]:
    """The five duties of a grid, in their order; `not_found` where there is no such grid."""
    grid = session.execute(_GRID, {"grid": grid_id}).first()
    if grid is None:
        raise Refusal("not_found")
    idle_days = rule_packs.in_force(session, grid.path, today).rules.clocks.idle_duty_days
    rows = session.execute(_TASKS, {"path": grid.path, "code": grid.code}).all()
    found = []
    for duty in FIVE_DUTIES:
        tasks = [
            TaskSeen(
                row.id,
                row.name_zh if language == "zh" else row.name_en,
                row.every,
                row.last_on,
                due_on(row.every, row.last_on, today),
            )
            for row in rows
            if row.duty == duty
        ]
        last_on = max((one.last_on for one in tasks if one.last_on), default=None)
        idle = bool(tasks) and (last_on is None or (today - last_on).days >= idle_days)
        found.append(DutySeen(duty, tasks, last_on, idle))
    return found


def due_on(every: str, last_on: date | None, today: date) -> date | None:
    """The last day of this period where the task was not done in it; None where it was.

    >>> sunday, monday = date(2026, 3, 1), date(2026, 3, 2)
    >>> due_on("week", sunday, monday), due_on("month", sunday, monday)
    (datetime.date(2026, 3, 8), None)
    """
    begins, ends = period_of(every, today)
    return None if last_on is not None and last_on >= begins else ends


def period_of(every: str, day: date) -> tuple[date, date]:
    """First and last day of the week, month or quarter a day is in.

    >>> [day.isoformat() for day in period_of("week", date(2026, 3, 1))]
    ['2026-02-23', '2026-03-01']
    """
    if every == "week":
        begins = day - timedelta(days=day.weekday())
        return begins, begins + timedelta(days=6)
    months = 1 if every == "month" else 3
    begins = date(day.year, (day.month - 1) // months * months + 1, 1)
    return begins, months_on(begins, months) - timedelta(days=1)


@dataclass(frozen=True)
class Done:
    """A task in a period over grids: in how many of how many that have it, it was done."""

    task: int
    duty: str
    name_en: str
    name_zh: str
    every: str
    first: date
    last: date
    done: int
    grids: int


def done_in(
    session: Session, path: str, periods: Sequence[tuple[str, date, date]], person: int | None = None
) -> list[Done]:
    """Every task of a place in periods, over its grids in force within `gridkeeper.scope`.

    periods: how often a task comes, with first and last day. person: count those grids alone that somebody
    answers for now.
    """
    every, first, last = zip(*periods, strict=True) if periods else ((), (), ())
    asked = {
        "path": path,
        "person": person,
        "every": list(every),
        "first": list(first),
        "last": list(last),
    }
    return [Done(**row._mapping) for row in session.execute(_DONE_IN, asked)]


def done(session: Session, actor: Actor, grid_id: int, task_id: int, on: date, today: date) -> None:
    """Write down that a task was done; refused with `not_your_duty`, `not_found` and `day_to_come`."""
    grid = session.execute(_GRID, {"grid": grid_id}).first()
    if grid is None or task_id not in {row.id for row in _tasks(session, grid.path, grid.code)}:
        raise Refusal("not_found")
    if session.scalar(_ANSWERS, {"grid": grid_id, "person": actor.person_id}) is None:
        raise Refusal("not_your_duty", grid=grid.code)
    if on > today:
        raise Refusal("day_to_come", day=on.isoformat(), today=today.isoformat())
    session.add(
        TaskDone(
            task_id=task_id,
            community_id=grid.community_id,
            grid_code=grid.code,
            done_on=on,
            person_id=actor.person_id,
        )
    )
    session.flush()
    audit.record(session, actor.person_id, "task.done", f"grid {grid_id}", {"task": task_id})


def own_grids(session: Session, person_id: int) -> list[tuple[int, str]]:
    """Grids in force somebody answers for now: id and code."""
    return [(row.id, row.code) for row in session.execute(_OWN, {"person": person_id})]


def _tasks(session: Session, path: str, code: str) -> list[Row[Any]]:
    return list(session.execute(_TASKS, {"path": path, "code": code}).all())


_GRID = text("""
    SELECT grid.code, grid.community_id, place.path::text
    FROM grid JOIN place ON place.id = grid.community_id WHERE grid.id = :grid
""")
_TASKS = text("""
    SELECT task.id, duty, name_en, name_zh, every, (
        SELECT max(done_on) FROM task_done WHERE task_id = task.id AND grid_code = :code
    ) AS last_on
    FROM task LEFT JOIN place ON place.id = task.place_id
    WHERE active AND (place_id IS NULL OR place.path @> CAST(:path AS ltree)) ORDER BY task.id
""")
_ANSWERS = text("""
    SELECT id FROM duty WHERE grid_id = :grid AND person_id = :person AND during @> clock_timestamp() LIMIT 1
""")
_OWN = text("""
    SELECT DISTINCT grid.id, grid.code FROM duty JOIN grid ON grid.id = duty.grid_id
    JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    WHERE duty.person_id = :person AND duty.during @> clock_timestamp() ORDER BY grid.code
""")
_DONE_IN = text(f"""
    WITH seen AS MATERIALIZED (
        SELECT grid.code, place.path
        FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        JOIN place AS planned ON planned.id = plan.place_id JOIN place ON place.id = grid.community_id
        WHERE place.path <@ CAST(:path AS ltree) AND place.path <@ ANY (scope_paths()) AND {OF_SMALLEST_PLAN}
            AND (CAST(:person AS bigint) IS NULL OR EXISTS (
                SELECT FROM duty WHERE duty.grid_id = grid.id AND duty.person_id = :person
                    AND during @> clock_timestamp()
            ))
    ),
    wanted AS MATERIALIZED (
        SELECT task.id, duty, name_en, name_zh, task.every, seen.code
        FROM task LEFT JOIN place AS given ON given.id = task.place_id
        JOIN seen ON task.place_id IS NULL OR given.path @> seen.path
        WHERE active
    )
    SELECT wanted.id AS task, duty, name_en, name_zh, period.every, period.first, period.last,
        count(found.code) AS done, count(*) AS grids
    FROM unnest(CAST(:every AS text[]), CAST(:first AS date[]), CAST(:last AS date[]))
        AS period (every, first, last)
    JOIN wanted ON wanted.every = period.every
    LEFT JOIN LATERAL (
        SELECT DISTINCT grid_code AS code FROM task_done
        WHERE task_id = wanted.id AND grid_code = wanted.code AND done_on BETWEEN period.first AND period.last
    ) AS found ON true
    GROUP BY wanted.id, duty, name_en, name_zh, period.every, period.first, period.last
    ORDER BY wanted.id, period.first
""")  # noqa: S608 (constants)
