"""Buildings that may be divided by their entrances."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Integer, List, Nested, String
from apiflask.validators import Range

from app.services import entrance_marks
from app.services.access import BIGGEST_ID
from app.views.locks import Made
from app.views.map_schemas import Name
from app.views.session import actor, work

bp = APIBlueprint("entrances", __name__, tag="Plans")


class ToMark(Schema):
    """A building by its id."""

    building = Integer(required=True, strict=True, validate=Range(0, BIGGEST_ID))


class Called(Name):
    """What a building is called."""

    id = Integer()
    code = String()


class Divisible(Schema):
    """A building with how many households it has and how many entrances are known."""

    building = Nested(Called)
    households = Integer()
    entrances = Integer()


class Mark(Divisible):
    """A marked building."""

    id = Integer()


class Marks(Schema):
    """Marked buildings, others that could be marked (the largest), and how many could in all."""

    marks = List(Nested(Mark))
    unmarked = List(Nested(Divisible))
    known = Integer()


@bp.get("/api/places/<string:code>/entrance-marks")
@bp.output(Marks)
@bp.doc(summary="Buildings that may be divided by their entrances")
def listing(code: str) -> dict[str, Any]:
    """Those that a manager marked, and those whose entrances are known."""
    with work() as session:
        return entrance_marks.listed(session, code)


@bp.post("/api/places/<string:code>/entrance-marks")
@bp.input(ToMark, arg_name="what")
@bp.output(Made, status_code=201)
@bp.doc(summary="Let a building be divided by its entrances")
def mark(code: str, what: dict[str, Any]) -> dict[str, Any]:
    """Mark one building whose entrances are known; a split divides it where it is asked to."""
    with work() as session:
        return {"id": entrance_marks.mark(session, code, what["building"], actor().person_id)}


@bp.delete("/api/places/<string:code>/entrance-marks/<int:mark_id>")
@bp.doc(summary="Take a mark off", responses={204: "It is off"})
def unmark(code: str, mark_id: int) -> tuple[str, int]:
    """The next split keeps the building whole; plans that divide it stay as they are."""
    with work() as session:
        entrance_marks.unmark(session, code, mark_id, actor().person_id)
    return "", 204
