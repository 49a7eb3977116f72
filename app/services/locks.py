"""Locks: grids that splits leave as they are in the plan in force, and buildings that stay in their grid.

A lock is of a place and names a grid by its code, so that it outlives plans; it holds until it is taken off.
What a draft locks or unlocks itself (`grid.own_lock`) goes before it there, and is the place's once in force.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.plots import IntArray
from app.geo.split.steering import area_of
from app.models import Building, Lock, Place
from app.services import audit
from app.services.access import BIGGEST_ID
from app.services.bulk import shapes_of
from app.services.jobs import place_called
from app.services.plan_rows import IS_LOCKED
from app.services.plot_tables import StoredPlots
from app.services.wishes import Locks


def listed(session: Session, code: str) -> dict[str, list[dict[str, Any]]]:
    """The locks of a place, in the order of codes."""
    rows = session.execute(_LISTED, {"place": place_called(session, code).id}).all()
    grids = [{"id": row.id, "code": row.grid_code} for row in rows if row.grid_code is not None]
    buildings = [
        {"id": row.id, "building": {"id": row.building_id, "code": row.code, "name": row.name}}
        for row in rows
        if row.building_id is not None
    ]
    return {"grids": grids, "buildings": buildings}


_LISTED = text("""
    SELECT lock.id, lock.grid_code, lock.building_id, building.code, building.name
    FROM lock LEFT JOIN building ON building.id = lock.building_id
    WHERE lock.place_id = :place ORDER BY lock.grid_code, building.code, lock.id
""")


def lock_grid(session: Session, code: str, grid: str, actor_id: int | None = None) -> int:
    """Lock a grid of the plan in force; locked already, it stays so. Refused with `locked_grid_unknown`."""
    place = place_called(session, code)
    if session.scalar(_IN_FORCE, {"place": place.id, "grid": grid}) is None:
        raise Refusal("locked_grid_unknown", grid=grid)
    return _lock(session, place, actor_id, grid_code=grid)


_IN_FORCE = text("""
    SELECT grid.id FROM grid JOIN plan ON plan.id = grid.plan_id
    WHERE plan.place_id = :place AND plan.state = 'published' AND grid.code = :grid
""")


def lock_building(session: Session, code: str, building_id: int, actor_id: int | None = None) -> int:
    """Lock a building that stands in a place to its grid; refused with `locked_building_unknown`."""
    place = place_called(session, code)
    building = session.get(Building, building_id)
    if building is None or building.place_id != place.id or building.retired_at is not None:
        raise Refusal("locked_building_unknown", building=building_id)
    return _lock(session, place, actor_id, building_id=building_id)


def _lock(session: Session, place: Place, actor_id: int | None, **what: Any) -> int:
    """Two may lock the same at once: the second finds the lock of the first."""
    inserted = session.scalar(
        text("""
            INSERT INTO lock (place_id, grid_code, building_id, made_by)
            VALUES (:place, :grid_code, :building_id, :actor) ON CONFLICT DO NOTHING RETURNING id
        """),
        {"grid_code": None, "building_id": None, **what, "place": place.id, "actor": actor_id},
    )
    if inserted is not None:
        audit.record(session, actor_id, "lock.made", f"place {place.code}", what)
        return int(inserted)
    same = select(Lock.id).where(Lock.place_id == place.id)
    for column, value in what.items():
        same = same.where(getattr(Lock, column) == value)
    return session.scalars(same).one()


def unlock(session: Session, code: str, lock_id: int, actor_id: int | None = None) -> None:
    """Take a lock of a place off; `not_found` where it has no such lock."""
    place = place_called(session, code)
    lock = session.get(Lock, lock_id) if lock_id <= BIGGEST_ID else None
    if lock is None or lock.place_id != place.id:
        raise Refusal("not_found")
    facts = {"grid_code": lock.grid_code, "building_id": lock.building_id}
    session.delete(lock)
    session.flush()
    audit.record(session, actor_id, "lock.removed", f"place {place.code}", facts)


def lock_all(session: Session, code: str, actor_id: int | None = None, plan_id: int | None = None) -> int:
    """Lock every grid of the plan in force, or of another plan of the place; answers how many it has.

    Refused with `plan_elsewhere`, and with `no_plan_in_force`.
    """
    place = place_called(session, code)
    if plan_id is None:
        plan_id = session.scalar(_PLAN_IN_FORCE, {"place": place.id})
        if plan_id is None:
            raise Refusal("no_plan_in_force", place=f"{place.name} ({place.code})")
    elif session.scalar(_PLACE_OF, {"plan": plan_id}) != place.id:
        raise Refusal("plan_elsewhere", plan=plan_id, place=f"{place.name} ({place.code})")
    facts = {"place": place.id, "plan": plan_id, "actor": actor_id}
    new = session.scalars(_LOCK_ALL, facts).all()
    audit.record(session, actor_id, "lock.made", f"place {place.code}", {"plan": plan_id, "grids": len(new)})
    return int(session.scalar(_COUNT, facts) or 0)


def unlock_all(session: Session, code: str, actor_id: int | None = None) -> int:
    """Take the locks of all grids of a place off, not those of buildings; answers how many there were."""
    place = place_called(session, code)
    gone = len(session.scalars(_UNLOCK_ALL, {"place": place.id}).all())
    audit.record(session, actor_id, "lock.removed", f"place {place.code}", {"grids": gone})
    return gone


_PLAN_IN_FORCE = text("SELECT id FROM plan WHERE place_id = :place AND state = 'published'")
_PLACE_OF = text("SELECT place_id FROM plan WHERE id = :plan")
_LOCK_ALL = text("""
    INSERT INTO lock (place_id, grid_code, made_by)
    SELECT :place, code, :actor FROM grid WHERE plan_id = :plan ORDER BY code
    ON CONFLICT DO NOTHING RETURNING id
""")
_COUNT = text("SELECT count(*) FROM grid WHERE plan_id = :plan")
_UNLOCK_ALL = text("DELETE FROM lock WHERE place_id = :place AND grid_code IS NOT NULL RETURNING id")


def of_plan(session: Session, plan_id: int) -> set[str]:
    """Codes of the grids of a plan that are locked: by the draft itself, else by the place."""
    return set(session.scalars(_OF_PLAN, {"plan": plan_id}))


_OF_PLAN = text(f"""
    SELECT grid.code FROM grid JOIN plan ON plan.id = grid.plan_id WHERE plan.id = :plan AND {IS_LOCKED}
""")  # noqa: S608 (a constant)


def carry(session: Session, from_plan: int, to_plan: int) -> None:
    """What a draft has locked or unlocked itself is so in a draft made of it, by the codes of its grids."""
    session.execute(_CARRY, {"from": from_plan, "to": to_plan})


_CARRY = text("""
    UPDATE grid SET own_lock = old.own_lock FROM grid AS old
    WHERE grid.plan_id = :to AND old.plan_id = :from AND old.code = grid.code AND old.own_lock IS NOT NULL
""")


def put_in_force(session: Session, plan_id: int, place_id: int, actor_id: int | None) -> None:
    """What a draft has locked or unlocked itself is locked or unlocked in its place, once it is in force."""
    asked = {"plan": plan_id, "place": place_id, "actor": actor_id}
    for word, question in (("lock.made", _NOW_LOCKED), ("lock.removed", _NOW_OPEN)):
        if codes := session.scalars(question, asked).all():
            audit.record(session, actor_id, word, f"plan {plan_id}", {"grids": len(codes)})


_NOW_LOCKED = text("""
    INSERT INTO lock (place_id, grid_code, made_by)
    SELECT :place, code, :actor FROM grid WHERE plan_id = :plan AND own_lock ORDER BY code
    ON CONFLICT DO NOTHING RETURNING grid_code
""")
_NOW_OPEN = text("""
    DELETE FROM lock USING grid
    WHERE lock.place_id = :place AND grid.plan_id = :plan AND grid.code = lock.grid_code
        AND NOT grid.own_lock
    RETURNING lock.grid_code
""")


def for_split(session: Session, place_id: int, plots: StoredPlots) -> Locks:
    """What a place has locked: buildings that stand there now, with the plots they stand on; of one that this
    version has divided by its entrances these are the plots of all its entrances.

    A lock of a grid that is in force no more, or of a building pulled down, holds nothing.
    """
    grids = session.scalars(_LOCKED_GRIDS, {"place": place_id}).all()
    rows = session.execute(_LOCKED_BUILDINGS, {"place": place_id}).all()
    where = np.full(len(rows), -1, np.int64)
    if rows:
        points = shapes_of(row.position for row in rows)
        point, plot = shapely.STRtree(plots.polygons).query(points, predicate="intersects")
        where[point[::-1]] = plot[::-1]
    doors = session.execute(_LOCKED_DOORS, {"version": plots.tessellation_id, "place": place_id}).all()
    divided = {door.building_id for door in doors}
    whole = where[[row.id not in divided for row in rows]] if rows else where
    behind = plots.numbers_of(np.array([door.plot_id for door in doors], np.int64))
    return Locks(list(grids), [row.code for row in rows], np.append(whole, behind))


_LOCKED_GRIDS = text("""
    SELECT lock.grid_code FROM lock JOIN plan ON plan.place_id = lock.place_id AND plan.state = 'published'
    JOIN grid ON grid.plan_id = plan.id AND grid.code = lock.grid_code
    WHERE lock.place_id = :place ORDER BY lock.grid_code
""")
_LOCKED_BUILDINGS = text("""
    SELECT building.id, building.code, ST_AsBinary(building.position) AS position
    FROM lock JOIN building ON building.id = lock.building_id
    WHERE lock.place_id = :place AND building.retired_at IS NULL ORDER BY building.code, building.id
""")
_LOCKED_DOORS = text("""
    SELECT door.building_id, door.plot_id FROM lock JOIN plot_entrance AS door USING (building_id)
    WHERE lock.place_id = :place AND door.tessellation_id = :version ORDER BY door.building_id, door.code
""")


def compound_of(session: Session, place_id: int, plots: StoredPlots) -> IntArray:
    """Number of the compound each plot lies in, by a point inside the plot; -1 for none."""
    rows = session.scalars(
        text("SELECT ST_AsBinary(geometry) FROM compound WHERE place_id = :place ORDER BY id"),
        {"place": place_id},
    ).all()
    return area_of(plots.polygons, shapes_of(rows))
