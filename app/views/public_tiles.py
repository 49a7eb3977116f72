"""Vector tiles and their TileJSON for anybody and any program."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, current_app, url_for

from app.services import public_tiles, tiles
from app.views import flood
from app.views.packed import is_known, json_answer, packed_answer, unchanged
from app.views.session import public_work
from app.views.tiles import VECTOR_TILE

bp = APIBlueprint("public_tiles", __name__, enable_openapi=False)

ANYBODY_ASKS_EACH_TIME = "public, no-cache"


@bp.get("/ogc/tiles/<string:place_code>")
def tile_json(place_code: str) -> Response:
    """What there is to draw, and where."""
    flood.take("tile")
    address = url_for("public_tiles.tile", place_code=place_code, z=0, x=0, y=0, _external=True)
    with public_work() as session:
        told = public_tiles.tile_json(
            session, place_code, address.partition("?")[0].replace("/0/0/0.mvt", "/{z}/{x}/{y}.mvt")
        )
    return json_answer(told)


@bp.get("/ogc/tiles/<string:place_code>/<int:z>/<int:x>/<int:y>.mvt")
def tile(place_code: str, z: int, x: int, y: int) -> Response:
    """A tile of the base map and the grids in force."""
    tiles.check_address(z, x, y)
    flood.take("tile")
    kept = current_app.extensions.setdefault("public tiles", public_tiles.Kept())
    with public_work() as session:
        source = public_tiles.source(session, place_code)
        mark = source.mark(z, x, y)
        if is_known(mark):
            return _for_anybody(unchanged(mark))
        return _for_anybody(
            packed_answer(public_tiles.tile(session, source, z, x, y, kept), VECTOR_TILE, mark)
        )


def _for_anybody(answer: Response) -> Response:
    answer.headers["Cache-Control"] = ANYBODY_ASKS_EACH_TIME
    return answer
