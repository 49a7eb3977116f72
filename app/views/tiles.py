"""Vector tiles: of the ground, and of plans over it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from app.services import reading, tiles
from app.views.packed import is_known, packed_answer, unchanged
from app.views.session import actor, work

bp = APIBlueprint("tiles", __name__, tag="Map")

VECTOR_TILE = "application/vnd.mapbox-vector-tile"
BYTES = {"schema": {"type": "string", "format": "binary"}}
ANSWERS: Any = {
    200: {"description": "The tile", "content": {VECTOR_TILE: BYTES}},
    204: {"description": "Nothing is drawn there"},
    304: {"description": "What the browser has is still good"},
}


@bp.get("/tiles/ground/<string:code>/<string:version>/<int:z>/<int:x>/<int:y>.mvt")
@bp.doc(summary="A tile of the base map", responses=ANSWERS)
def ground(code: str, version: str, z: int, x: int, y: int) -> Response:
    """Streets, water, green, names, from z14 buildings without figures. Any version answers with today's."""
    tiles.check_address(z, x, y)
    with work() as session:
        source = tiles.ground_source(session, code, actor().scope)
        mark = source.mark(z, x, y)
        if is_known(mark):
            return unchanged(mark)
        return packed_answer(tiles.tile(session, source, z, x, y), VECTOR_TILE, mark)


@bp.get("/tiles/plan/<int:plan_id>/<string:version>/<int:z>/<int:x>/<int:y>.mvt")
@bp.doc(summary="A tile of a plan", responses=ANSWERS)
def plan(plan_id: int, version: str, z: int, x: int, y: int) -> Response:
    """Grids and their labels, from z14 plots, buildings and compounds: what the person may see."""
    tiles.check_address(z, x, y)
    with work() as session:
        scope, told = reading.plan_told(session, plan_id, actor())
        source = tiles.plan_source(session, plan_id, scope, told)
        mark = source.mark(z, x, y)
        if is_known(mark):
            return unchanged(mark)
        return packed_answer(tiles.tile(session, source, z, x, y), VECTOR_TILE, mark)
