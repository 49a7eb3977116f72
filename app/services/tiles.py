"""Vector tiles of the map, drawn by PostGIS: the ground as a base map, and plans over it.

Who asks first finds the source (`ground_source`, `plan_source`): what is drawn, in which version, for whose
eyes. From these comes the mark by which a browser knows that its tile is still good; only when it is not
is `tile` asked for. Tiles are kept in the database, where every process finds them.

No tile carries personal data, and no count of households under five.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import atan, degrees, pi, sinh
from typing import Any
from zlib import crc32

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.bands import class_starts
from app.geo.plots import Band
from app.services import plan_guard, tile_layers
from app.services.tile_layers import DEEPEST_ZOOM, EXTENT, FEW, MARGIN, question

MOST_FEATURES = 20_000  # in one layer of one tile
MOST_KEPT_BYTES = 256 << 20

Scope = tuple[str, ...] | None


@dataclass(frozen=True)
class Source:
    """What tiles are drawn from.

    about: id of the place or plan. version: of everything drawn, changes when any of it does.
    places: ids of the places whose ground it is. seen: ids of the places whose rows may be drawn; None for
    all. in_force: a plan in which grids have coordinators. told: what of a plan's households may be drawn.
    """

    kind: str
    about: int
    version: str
    places: tuple[int, ...]
    seen: tuple[int, ...] | None
    band: Band | None = None
    in_force: bool = False
    told: plan_guard.Told = plan_guard.ALL

    @property
    def seen_by(self) -> str:
        """One word for whose eyes it is drawn for."""
        if self.told.is_all:
            return "all" if self.seen is None else digest(self.seen)
        return digest((self.seen, self.told.mark()))

    def mark(self, z: int, x: int, y: int) -> str:
        """One word for a tile that is the same as long as the tile is."""
        return digest((self.kind, self.about, self.version, self.seen_by, z, x, y))


def ground_source(session: Session, code: str, scope: Scope) -> Source:
    """The base map of a place, as who has this scope may see it; `not_found` where there is no such place."""
    place = session.execute(PLACE, {"code": code}).first()
    if place is None:
        raise Refusal("not_found")
    version = f"{place.ground}.{DRAWN_AS}"
    seen = _seen(session, place.path, scope)
    return Source("ground", place.id, version, tuple(place.places), seen)


def plan_source(
    session: Session, plan_id: int, scope: Scope, told: plan_guard.Told = plan_guard.ALL
) -> Source:
    """A plan, as who has this scope may see it; `not_found` where there is no such plan.

    told: what they are told of its households.
    """
    plan = session.execute(PLAN, {"plan": plan_id}).first()
    if plan is None:
        raise Refusal("not_found")
    said = (plan.state, plan.version, plan.tessellation_id, plan.staffed, plan.ground, DRAWN_AS)
    seen = _seen(session, plan.path, scope)
    band = Band(plan.target, plan.least, plan.most)
    in_force = plan.state == "published"
    return Source("plan", plan_id, digest(said), tuple(plan.places), seen, band, in_force, told)


def tile(session: Session, source: Source, z: int, x: int, y: int) -> bytes:
    """A tile, packed by gzip; empty where nothing is to be drawn. Drawn once for each version.

    Refused with `tile_unknown` where the three numbers name none.
    """
    check_address(z, x, y)
    key = {"source": source.kind, "about": source.about, "seen_by": source.seen_by, "z": z, "x": x, "y": y}
    kept = session.execute(KEPT, key | {"version": source.version}).scalar()
    if kept is not None:
        return bytes(kept)
    drawn = draw(session, source, z, x, y)
    packed = gzip.compress(drawn, compresslevel=4, mtime=0) if drawn else b""
    session.execute(KEEP, key | {"version": source.version, "content": packed})
    if crc32(source.mark(z, x, y).encode()) % 256 == 0:
        session.execute(SWEEP, {"most": MOST_KEPT_BYTES})
    return packed


def check_address(z: int, x: int, y: int) -> None:
    """Refuse numbers that name no tile."""
    if not (0 <= z <= DEEPEST_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise Refusal("tile_unknown", tile=f"{z}/{x}/{y}")


def draw(session: Session, source: Source, z: int, x: int, y: int) -> bytes:
    """A tile as PostGIS draws it."""
    asked = _question(source.kind, z, source.seen is not None)
    if asked is None:
        return b""
    facts: dict[str, Any] = {"z": z, "x": x, "y": y, "few": FEW, "most_features": MOST_FEATURES}
    facts |= dict(zip(("west", "south", "east", "north"), reach(z, x, y, MARGIN / EXTENT), strict=True))
    tile_sides = ("tile_west", "tile_south", "tile_east", "tile_north")
    facts |= dict(zip(tile_sides, reach(z, x, y), strict=True))
    facts |= {"step": 360 / 2**z / 1024, "units": float(EXTENT * 2**z)}  # a step: half a pixel, in degrees
    facts |= {"about": source.about, "places": list(source.places), "seen": list(source.seen or ())}
    known, said = source.told.known or (), source.told.drawn
    facts |= {"all_told": source.told.is_all, "known": [one for one in known if isinstance(one, int)]}
    facts |= {"told_of": list(said), "told": list(said.values())}
    if source.band is not None:
        facts |= {"class_starts": class_starts(source.band)}
        facts |= {"least": source.band.least, "most": source.band.most, "in_force": source.in_force}
    return bytes(session.execute(asked, facts).scalar_one())


def reach(z: int, x: int, y: int, margin: float = 0.0) -> tuple[float, float, float, float]:
    """West, south, east and north of a tile with a margin, as a share of its side, in degrees.

    >>> [round(degree, 2) for degree in reach(1, 0, 0, 1 / 64)]
    [-182.81, -2.81, 2.81, 85.29]
    """
    latitude = [degrees(atan(sinh(pi * (1 - 2 * row / 2**z)))) for row in (y + 1 + margin, y - margin)]
    longitude = [360 * column / 2**z - 180 for column in (x - margin, x + 1 + margin)]
    return longitude[0], latitude[0], longitude[1], latitude[1]


# --- Questions -------------------------------------------------------------------------------------------

LAYERS = {"ground": tile_layers.GROUND, "plan": tile_layers.PLAN, "public": tile_layers.PUBLIC}
# Another way of drawing is another version: tiles kept from before are drawn anew.
DRAWN_AS = hashlib.sha256(
    "".join(question(layers, z, True) for layers in LAYERS.values() for z in range(DEEPEST_ZOOM + 1)).encode()
).hexdigest()[:8]

# Ground may have been imported with the place, with one above it or with some beneath it.
RELATED = """
    (SELECT array_agg(related.id ORDER BY related.id) FROM place AS related
     WHERE related.path <@ place.path OR related.path @> place.path) AS places,
    (SELECT coalesce(sum(ground_version.version), 0) FROM ground_version
     JOIN place AS related ON related.id = ground_version.place_id
     WHERE related.path <@ place.path OR related.path @> place.path) AS ground
"""
PLACE = text(
    f"SELECT place.id, place.path::text, {RELATED} FROM place WHERE code = :code"  # noqa: S608 (constants)
)
# Whether a grid is vacant changes with time and without an edit.
PLAN = text(f"""
    SELECT plan.state, plan.version, plan.tessellation_id, plan.target, plan.least, plan.most,
        place.path::text, {RELATED},
        CASE WHEN plan.state = 'published' THEN (
            SELECT sum(hashint8extended(grid_id, 0)) FROM duty JOIN grid ON grid.id = duty.grid_id
            WHERE grid.plan_id = plan.id AND duty.kind = 'primary' AND during @> now()
        ) END AS staffed
    FROM plan JOIN place ON place.id = plan.place_id
    WHERE plan.id = :plan
""")  # noqa: S608 (constants)
SEEN = text(
    "SELECT id FROM place WHERE path <@ ANY(CAST(:scope AS ltree[])) AND path <@ CAST(:path AS ltree)"
)

SAME_TILE = "source = :source AND about = :about AND seen_by = :seen_by AND z = :z AND x = :x AND y = :y"
KEPT = text(f"SELECT content FROM tile WHERE {SAME_TILE} AND version = :version")  # noqa: S608 (constants)
KEEP = text("""
    INSERT INTO tile (source, about, seen_by, z, x, y, version, content)
    VALUES (:source, :about, :seen_by, :z, :x, :y, :version, :content)
    ON CONFLICT (source, about, seen_by, z, x, y)
    DO UPDATE SET version = excluded.version, content = excluded.content, drawn_at = excluded.drawn_at
""")
# The newest that fit stay.
SWEEP = text("""
    DELETE FROM tile WHERE drawn_at <= (
        SELECT max(drawn_at) FROM (
            SELECT drawn_at, sum(octet_length(content) + 200) OVER (ORDER BY drawn_at DESC) AS bytes FROM tile
        ) AS newest_first WHERE bytes > :most
    )
""")


def _seen(session: Session, path: str, scope: Scope) -> tuple[int, ...] | None:
    """Ids of the places beneath this one that a scope lets see; None for all of it."""
    if scope is None or any(path == above or path.startswith(f"{above}.") for above in scope):
        return None
    found = session.scalars(SEEN, {"scope": list(scope), "path": path})
    return tuple(sorted(found))


@cache
def _question(kind: str, z: int, scoped: bool) -> TextClause | None:
    """What is asked for a tile; None where nothing is drawn at that zoom."""
    layers = [layer for layer in LAYERS[kind] if layer.lowest <= z <= layer.highest]
    return text(question(layers, z, scoped)) if layers else None


def digest(said: Iterable[Any]) -> str:
    """One word for what was said."""
    return hashlib.sha256(repr(tuple(said)).encode()).hexdigest()[:20]
