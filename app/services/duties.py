"""Who answers for a grid in force: a coordinator takes it over from now on, or leaves it vacant."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Grid, Person, Plan
from app.services import audit


def coordinators(session: Session, path: str, today: date) -> list[dict[str, Any]]:
    """Coordinators whose role holds for a place, some place above or beneath it, with what they answer for.

    grids: codes of those in force there that the person is primary of; households: on them.
    """
    rows = session.execute(_COORDINATORS, {"path": path, "today": today}).all()
    return [dict(row._mapping) for row in rows]


def assign(
    session: Session, grid_id: int, person_id: int | None, actor_id: int | None, today: date
) -> dict[str, Any]:
    """Make a coordinator the primary of a grid in force from now on; None leaves it vacant.

    Who answered until now ceases to; whoever was to begin later still does. Nothing happens where the person
    answers already. Refused with `not_found`, `plan_not_in_force` and `not_a_coordinator`.
    """
    grid = grid_in_force(session, grid_id)
    person = None if person_id is None else session.get(Person, person_id)
    asked = {"grid": grid_id, "person": person_id, "today": today}
    if person_id is not None and (person is None or not may_answer(session, grid_id, person_id, today)):
        raise Refusal("not_a_coordinator", grid=grid.code)
    now = session.scalar(select(text("clock_timestamp()")))
    former = session.execute(_PRIMARY, {**asked, "now": now}).first()
    if former is None or former.person_id != person_id:
        _take_over(session, {**asked, "now": now}, former)
        facts = {"person": person_id, "former": former and former.person_id}
        audit.record(session, actor_id, "duty.assigned", f"grid {grid_id}", facts)
    named = None if person is None else {"id": person.id, "name": person.name}
    return {"grid": {"id": grid.id, "code": grid.code}, "coordinator": named}


def may_answer(session: Session, grid_id: int, person_id: int, today: date) -> bool:
    """Whether somebody works here and is a coordinator for the grid's community or a place above it."""
    return session.scalar(_MAY_ANSWER, {"grid": grid_id, "person": person_id, "today": today}) is not None


def grid_in_force(session: Session, grid_id: int) -> Grid:
    """A grid of a plan in force, its plan locked. Refused with `not_found` and `plan_not_in_force`."""
    grid = session.get(Grid, grid_id)
    if grid is None:
        raise Refusal("not_found")
    plan = session.get_one(Plan, grid.plan_id, with_for_update=True, populate_existing=True)
    if plan.state != "published":
        raise Refusal("plan_not_in_force", plan=plan.id)
    return grid


def _take_over(session: Session, asked: dict[str, Any], former: Any) -> None:
    if former is not None:
        session.execute(_END, {**asked, "duty": former.id})
    if asked["person"] is not None:
        session.execute(_END_OWN_DEPUTY, asked)
        session.execute(_BEGIN, asked)


def coordinates(grid: str) -> str:
    """A condition on `:person`: they are a coordinator today for the community of a grid or a place above it.

    grid: the alias of the grid's row. Today is the database's: a role that ran out is then over for everybody
    within a day, whoever asks, without a day handed down to each question.
    """
    return f"""EXISTS (
        SELECT FROM role JOIN place AS covered ON covered.id = role.place_id
        JOIN place AS community ON community.id = {grid}.community_id
        WHERE role.person_id = :person AND role.kind = 'coordinator'
            AND (role.until IS NULL OR role.until >= CURRENT_DATE) AND community.path <@ covered.path
    )"""


# The role holds today for the grid's community or a place above it, and the person still works here.
_MAY_ANSWER = text("""
    SELECT role.id FROM role JOIN place AS covered ON covered.id = role.place_id
    JOIN person ON person.id = role.person_id
    JOIN grid ON grid.id = :grid JOIN place ON place.id = grid.community_id
    WHERE role.person_id = :person AND role.kind = 'coordinator' AND person.active
        AND (role.until IS NULL OR role.until >= :today) AND place.path <@ covered.path
    LIMIT 1
""")
_PRIMARY = text("""
    SELECT id, person_id FROM duty
    WHERE grid_id = :grid AND kind = 'primary' AND during @> CAST(:now AS timestamptz) FOR UPDATE
""")
_END = text("UPDATE duty SET during = tstzrange(lower(during), :now) WHERE id = :duty")
# Nobody is primary and deputy of one grid at once.
_END_OWN_DEPUTY = text("""
    UPDATE duty SET during = tstzrange(lower(during), :now)
    WHERE grid_id = :grid AND kind = 'deputy' AND person_id = :person AND lower(during) < :now
        AND during @> CAST(:now AS timestamptz)
""")
_BEGIN = text("""
    INSERT INTO duty (grid_id, person_id, kind, during)
    SELECT :grid, :person, 'primary', tstzrange(:now, min(lower(during)))
    FROM duty WHERE grid_id = :grid AND kind = 'primary' AND lower(during) > :now
""")
_COORDINATORS = text("""
    SELECT person.id, person.name,
        coalesce(array_agg(grid.code ORDER BY grid.code) FILTER (WHERE grid.id IS NOT NULL), '{}') AS grids,
        coalesce(sum(grid.households), 0)::int AS households
    FROM person
    LEFT JOIN duty ON duty.person_id = person.id AND duty.kind = 'primary'
        AND duty.during @> clock_timestamp()
    LEFT JOIN grid ON grid.id = duty.grid_id AND EXISTS (
        SELECT FROM plan, place
        WHERE plan.id = grid.plan_id AND plan.state = 'published'
            AND place.id = grid.community_id AND place.path <@ CAST(:path AS ltree)
    )
    WHERE person.active AND EXISTS (
        SELECT FROM role JOIN place ON place.id = role.place_id
        WHERE role.person_id = person.id AND role.kind = 'coordinator'
            AND (role.until IS NULL OR role.until >= :today)
            AND (place.path <@ CAST(:path AS ltree) OR place.path @> CAST(:path AS ltree))
    )
    GROUP BY person.id ORDER BY person.name COLLATE pinyin, person.id
""")
