"""The five duties: recurring tasks of every grid, when each was last done, and which duty rests too long."""

from __future__ import annotations

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
    if every == "week":
        begins = today - timedelta(days=today.weekday())
        ends = begins + timedelta(days=6)
    else:
        months = 1 if every == "month" else 3
        begins = date(today.year, (today.month - 1) // months * months + 1, 1)
        ends = months_on(begins, months) - timedelta(days=1)
    return None if last_on is not None and last_on >= begins else ends


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
