"""The past: which plan was in force on a day, which grid something lay in then, and who answered for it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services.lookup import Scope, in_scope


def moment_of(when: date | datetime, now: datetime, timezone: ZoneInfo) -> datetime:
    """The moment that is meant: of a day its end, and of today now. Refused with `moment_to_come`.

    A plan comes into force on some hour of its first day; whoever asks for that day means the new one.
    """
    if not isinstance(when, datetime):
        if when > now.astimezone(timezone).date():
            raise Refusal("moment_to_come", when=when.isoformat())
        midnight = datetime.combine(when + timedelta(days=1), time(), timezone)
        return min(midnight - timedelta(microseconds=1), now)
    meant = when if when.tzinfo is not None else when.replace(tzinfo=timezone)
    if meant > now:
        raise Refusal("moment_to_come", when=when.isoformat())
    return meant


def plans_in_force(session: Session, path: str) -> list[dict[str, Any]]:
    """Plans that are or were in force for a place, its own and those of places above; the newest first."""
    return [_plan(row) for row in session.execute(_IN_FORCE, {"path": path})]


def plan_at(session: Session, path: str, moment: datetime) -> dict[str, Any] | None:
    """The plan in force for a place at a moment: its own, else that of the nearest place above."""
    row = session.execute(_AT, {"path": path, "moment": moment}).first()
    return None if row is None else _plan(row)


def answered(
    session: Session,
    plan_id: int,
    moment: datetime,
    scope: Scope,
    *,
    point: tuple[float, float] | None = None,
    building_id: int | None = None,
) -> list[dict[str, Any]]:
    """The grids of a plan that a point or a building lay in, and who answered for each at a moment.

    A building that was divided by its entrances lay in several. point: lon/lat in degrees. No more than
    what is in scope.
    """
    lon, lat = point or (None, None)
    asked = {"plan": plan_id, "lon": lon, "lat": lat, "building": building_id, **in_scope(scope)}
    question = _GRID_OF_POINT if building_id is None else _GRIDS_OF_BUILDING
    rows = session.execute(question, asked).all()
    return [
        {"grid": {"id": row.id, "code": row.code, "name": row.name}, **on_duty(session, row.id, moment)}
        for row in rows
    ]


def on_duty(session: Session, grid_id: int, moment: datetime) -> dict[str, Any]:
    """Who answered for a grid at a moment: primary (None: a vacancy) and deputies, each with since when."""
    rows = session.execute(_ON_DUTY, {"grid": grid_id, "moment": moment}).all()
    primary = next((_member(row) for row in rows if row.kind == "primary"), None)
    return {"primary": primary, "deputies": [_member(row) for row in rows if row.kind == "deputy"]}


def _member(row: Row[Any]) -> dict[str, Any]:
    return {"name": row.name, "office_phone": row.office_phone, "since": row.since.isoformat()}


def _plan(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "place": row.code,
        "version": row.version,
        "from": row.published_at.isoformat(),
        "to": row.retired_at and row.retired_at.isoformat(),
    }


_OF_PLAN = """
    SELECT plan.id, plan.name, plan.version, plan.published_at, plan.retired_at, place.code
    FROM plan JOIN place ON place.id = plan.place_id
    WHERE place.path @> CAST(:path AS ltree) AND plan.published_at IS NOT NULL
"""
_IN_FORCE = text(f"{_OF_PLAN} ORDER BY plan.published_at DESC, plan.id DESC")
_AT = text(f"""
    {_OF_PLAN} AND plan.published_at <= :moment AND (plan.retired_at IS NULL OR plan.retired_at > :moment)
    ORDER BY nlevel(place.path) DESC, plan.published_at DESC LIMIT 1
""")
_SEEN = "(:everywhere OR place.path <@ ANY(CAST(:scope AS ltree[])))"
_GRID_OF_POINT = text(f"""
    SELECT grid.id, grid.code, grid.name FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = :plan AND {_SEEN}
        AND ST_Intersects(grid.outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
    ORDER BY grid.code LIMIT 1
""")  # noqa: S608 (constants)
_GRIDS_OF_BUILDING = text(f"""
    WITH doors AS (
        SELECT DISTINCT placed.grid_id FROM plan JOIN plot_entrance AS door USING (tessellation_id)
        JOIN grid_plot AS placed ON placed.plan_id = plan.id AND placed.plot_id = door.plot_id
        WHERE plan.id = :plan AND door.building_id = :building
    ), whole AS (
        SELECT min(grid.code) AS code
        FROM grid JOIN building ON ST_Intersects(grid.outline, building.position)
        WHERE grid.plan_id = :plan AND building.id = :building AND NOT EXISTS (SELECT FROM doors)
    )
    SELECT grid.id, grid.code, grid.name FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = :plan AND {_SEEN}
        AND (grid.id IN (SELECT grid_id FROM doors) OR grid.code = (SELECT code FROM whole))
    ORDER BY grid.code
""")  # noqa: S608 (constants)
_ON_DUTY = text("""
    SELECT duty.kind, person.name, person.office_phone, lower(during) AS since
    FROM duty JOIN person ON person.id = duty.person_id
    WHERE duty.grid_id = :grid AND during @> CAST(:moment AS timestamptz) ORDER BY duty.kind DESC, person.name
""")
