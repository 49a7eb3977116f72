"""Vector tiles for anybody: the base map and the grids in force of a place, drawn as the public role.

The public role writes nothing, so tiles are kept in the process that drew them.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import tiles
from app.services.tile_layers import PUBLIC_NAMES

MOST_KEPT = 2_000  # tiles, of some 20 kB each
LOWEST, HIGHEST = 8, 17  # zooms; beyond, a client draws what it has larger


class Kept:
    """Tiles by their mark, those asked for last."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, mark: str) -> bytes | None:
        """A tile that was drawn before."""
        with self._lock:
            if mark in self._tiles:
                self._tiles.move_to_end(mark)
            return self._tiles.get(mark)

    def keep(self, mark: str, packed: bytes) -> None:
        """Keep a tile, and forget the one that was not asked for longest."""
        with self._lock:
            self._tiles[mark] = packed
            if len(self._tiles) > MOST_KEPT:
                self._tiles.popitem(last=False)


def source(session: Session, code: str) -> tiles.Source:
    """What the tiles of a place are drawn from; `not_found` where there is no such place."""
    row = session.execute(PLACE, {"code": code}).first()
    if row is None:
        raise Refusal("not_found")
    said = repr((row.ground, row.grids, tiles.DRAWN_AS))
    version = hashlib.sha256(said.encode()).hexdigest()[:12]
    return tiles.Source("public", row.id, version, tuple(row.places), None)


def tile(session: Session, found: tiles.Source, z: int, x: int, y: int, kept: Kept) -> bytes:
    """A tile, packed by gzip; empty where nothing is to be drawn. `tile_unknown` for no tile's numbers."""
    tiles.check_address(z, x, y)
    mark = found.mark(z, x, y)
    packed = kept.get(mark)
    if packed is None:
        drawn = tiles.draw(session, found, z, x, y)
        packed = gzip.compress(drawn, compresslevel=4, mtime=0) if drawn else b""
        kept.keep(mark, packed)
    return packed


def tile_json(session: Session, code: str, address: str) -> dict[str, Any]:
    """What a program needs to draw the tiles of a place (TileJSON 3.0).

    address: of a tile, with {z} {x} {y}.
    """
    found = source(session, code)
    box = session.execute(BOX, {"code": code}).one()
    return {
        "tilejson": "3.0.0",
        "name": box.name,
        "version": "1.0.0",
        "description": f"{code} {found.version}",
        "attribution": box.attribution or "",
        "scheme": "xyz",
        "tiles": [address],
        "minzoom": LOWEST,
        "maxzoom": HIGHEST,
        "bounds": [box.west, box.south, box.east, box.north],
        "center": [(box.west + box.east) / 2, (box.south + box.north) / 2, 13],
        "vector_layers": [
            {"id": name, "minzoom": lowest, "maxzoom": HIGHEST, "fields": dict.fromkeys(fields, "")}
            for name, lowest, fields in PUBLIC_NAMES
        ],
    }


PLACE = text(f"""
    SELECT place.id, {tiles.RELATED},
        (SELECT coalesce(sum(hashint8extended(public_grid.id, plan_version)), 0) FROM public_grid
         WHERE community_path <@ place.path) AS grids
    FROM place WHERE code = :code
""")  # noqa: S608 (constants)
BOX = text("""
    SELECT name, attribution, ST_XMin(outline) AS west, ST_YMin(outline) AS south,
        ST_XMax(outline) AS east, ST_YMax(outline) AS north
    FROM place WHERE code = :code
""")
