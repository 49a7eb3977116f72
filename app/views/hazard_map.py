"""Open hazards for the map."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, DateTime, Float, Integer, List, Nested, String
from flask import Response

from app.services import hazard_map
from app.views.map_api import STRICT
from app.views.packed import json_answer
from app.views.register_map import View
from app.views.session import actor, here, work

bp = APIBlueprint("hazard_map", __name__, tag="Hazards")


class OpenHazard(Schema):
    """One open hazard; site: its building or compound, null for a point."""

    id = Integer()
    kind = String()
    severity = Integer()
    state = String()
    due_at = DateTime()
    overdue = Boolean()
    lon = Float()
    lat = Float()
    site = String(allow_none=True)


class KindName(Schema):
    """A kind with its names."""

    code = String()
    name_en = String()
    name_zh = String()


class HazardCell(Schema):
    """Hazards counted together: how many, the worst severity, how many are overdue, the middle of them."""

    hazards = Integer()
    worst = Integer()
    overdue = Integer()
    lon = Float()
    lat = Float()


class OpenHazards(Schema):
    """Those of a view: points, or cells where there are more than two thousand."""

    points = List(Nested(OpenHazard))
    kinds = List(Nested(KindName), metadata={"description": "those among the points"})
    cells = List(Nested(HazardCell))
    cell_m = Float(allow_none=True, metadata={"description": "side of a cell in metres; null with points"})


@bp.get("/api/places/<string:code>/hazards/open")
@bp.input(View, **STRICT)
@bp.output(OpenHazards)
@bp.doc(summary="Open hazards in a view")
def in_view(code: str, asked: dict[str, Any]) -> Response:
    """Kind, severity, state, clock and building of what is open; no descriptions, and nobody's name."""
    box = (asked["west"], asked["south"], asked["east"], asked["north"])
    with work() as session:
        found = hazard_map.in_view(session, actor(), code, box, here())
    points = [{**point, "due_at": point["due_at"].isoformat()} for point in found.points]
    return json_answer({**vars(found), "points": points})
