"""Compounds of a place: listed, and drawn, changed or taken off by hand."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf

from app.services import compounds
from app.views.session import actor, work

bp = APIBlueprint("compounds", __name__, tag="Plans")

POLYGON = {"description": "GeoJSON Polygon or MultiPolygon, lon/lat in degrees"}


class CompoundToDraw(Schema):
    """A compound as it is drawn."""

    name = String(required=True, validate=Length(1, 80))
    kind = String(load_default=compounds.RENTAL, validate=OneOf(compounds.KINDS))
    polygon = Dict(required=True, metadata=POLYGON)


class CompoundChange(Schema):
    """What shall be otherwise; what is not named stays."""

    name = String(validate=Length(1, 80))
    kind = String(validate=OneOf(compounds.KINDS))
    polygon = Dict(metadata=POLYGON)


class CompoundDrawer(Schema):
    """Who drew it."""

    id = Integer()
    name = String()


class PlaceCompound(Schema):
    """A compound; `polygon` only of those drawn by hand, which may be changed."""

    id = Integer()
    code = String()
    name = String(allow_none=True)
    name_pinyin = String(allow_none=True)
    kind = String(allow_none=True)
    drawn = Boolean()
    drawn_by = Nested(CompoundDrawer, allow_none=True)
    drawn_at = String(allow_none=True)
    buildings = Integer()
    households = Integer()
    bbox = List(Float())
    polygon = Dict(allow_none=True)


class ChangedCompound(PlaceCompound):
    """A compound as it is after an act."""


class PlaceCompounds(Schema):
    """The compounds of a place."""

    compounds = List(Nested(PlaceCompound))


@bp.get("/api/places/<string:code>/compounds")
@bp.output(PlaceCompounds)
@bp.doc(summary="Compounds of a place")
def listing(code: str) -> dict[str, Any]:
    """All compounds that lie in a place, with buildings and households that stand in them."""
    with work() as session:
        return {"compounds": compounds.listed(session, code)}


@bp.post("/api/places/<string:code>/compounds")
@bp.input(CompoundToDraw, arg_name="wanted")
@bp.output(ChangedCompound, status_code=201)
@bp.doc(summary="Draw a compound")
def draw(code: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Draw a rental compound, or one of another kind. It outlives imports."""
    with work() as session:
        return compounds.draw(session, code, actor_id=actor().person_id, **wanted)


@bp.patch("/api/places/<string:code>/compounds/<int:compound_id>")
@bp.input(CompoundChange, arg_name="wanted")
@bp.output(ChangedCompound)
@bp.doc(summary="Change a compound drawn by hand")
def change(code: str, compound_id: int, wanted: dict[str, Any]) -> dict[str, Any]:
    """Another name, kind or border; one that came with files is changed by importing these."""
    with work() as session:
        return compounds.change(session, code, compound_id, wanted, actor().person_id)


@bp.delete("/api/places/<string:code>/compounds/<int:compound_id>")
@bp.doc(summary="Take a compound drawn by hand off the map", responses={204: "It is gone"})
def remove(code: str, compound_id: int) -> tuple[str, int]:
    """Its buildings stay where they are."""
    with work() as session:
        compounds.remove(session, code, compound_id, actor().person_id)
    return "", 204
