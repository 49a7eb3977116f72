"""Locks of a place: what splits leave as it is."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Integer, List, Nested, String
from apiflask.validators import Length, Range

from app.errors import Refusal
from app.services import locks
from app.services.access import BIGGEST_ID
from app.views.session import actor, work

bp = APIBlueprint("locks", __name__, tag="Plans")


class ToLock(Schema):
    """A grid of the plan in force by its code, or a building by its id; one of the two."""

    grid = String(load_default=None, allow_none=True, validate=Length(1, 15))
    building = Integer(load_default=None, allow_none=True, strict=True, validate=Range(0, BIGGEST_ID))


class ToLockAll(Schema):
    """Whether all grids are to be locked or none; of the plan in force, or of one that is named."""

    locked = Boolean(required=True)
    plan = Integer(load_default=None, allow_none=True, strict=True, validate=Range(0, BIGGEST_ID))


class LockedAll(Schema):
    """How many grids were locked, or unlocked."""

    grids = Integer()


class LockedGrid(Schema):
    """A locked grid."""

    id = Integer()
    code = String()


class NamedBuilding(Schema):
    """A building by name."""

    id = Integer()
    code = String()
    name = String(allow_none=True)


class LockedBuilding(Schema):
    """A building locked to its grid."""

    id = Integer()
    building = Nested(NamedBuilding)


class Locks(Schema):
    """What a place has locked."""

    grids = List(Nested(LockedGrid))
    buildings = List(Nested(LockedBuilding))


class Made(Schema):
    """The lock that was made, or was there."""

    id = Integer()


@bp.get("/api/places/<string:code>/locks")
@bp.output(Locks)
@bp.doc(summary="What a place has locked")
def listing(code: str) -> dict[str, Any]:
    """Grids that splits leave alone, and buildings that stay in their grid."""
    with work() as session:
        return locks.listed(session, code)


@bp.post("/api/places/<string:code>/locks")
@bp.input(ToLock, arg_name="what")
@bp.output(Made, status_code=201)
@bp.doc(summary="Lock a grid or a building")
def lock(code: str, what: dict[str, Any]) -> dict[str, Any]:
    """Lock one thing; what is locked already stays so."""
    grid, building = what["grid"], what["building"]
    if (grid is None) == (building is None):
        raise Refusal("lock_of_one_thing")
    with work() as session:
        if grid is not None:
            return {"id": locks.lock_grid(session, code, grid, actor().person_id)}
        return {"id": locks.lock_building(session, code, building, actor().person_id)}


@bp.post("/api/places/<string:code>/locks/all")
@bp.input(ToLockAll, arg_name="wish")
@bp.output(LockedAll)
@bp.doc(summary="Lock or unlock every grid")
def lock_all(code: str, wish: dict[str, Any]) -> dict[str, Any]:
    """Lock all grids of the plan in force or of the plan named, or take the locks of all grids off."""
    with work() as session:
        if wish["locked"]:
            return {"grids": locks.lock_all(session, code, actor().person_id, wish["plan"])}
        return {"grids": locks.unlock_all(session, code, actor().person_id)}


@bp.delete("/api/places/<string:code>/locks/<int:lock_id>")
@bp.doc(summary="Take a lock off", responses={204: "It is off"})
def unlock(code: str, lock_id: int) -> tuple[str, int]:
    """The next split divides it again."""
    with work() as session:
        locks.unlock(session, code, lock_id, actor().person_id)
    return "", 204
