"""The plots of a plan by cells of the map, as an editor needs them: polygons, buildings, shared lines.

A version of plots never changes, so a cell of it may be kept for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import LATTICE_DEG, Geometries
from app.geo.plots import IntArray
from app.services.bulk import shapes_of
from app.services.edit_history import grounds
from app.services.plot_tables import KIND, lines_at
from app.services.tiles import reach

ZOOM = 15
NAMES = 3
DECIMALS = 7


def cell(session: Session, plan_id: int, ground: int, x: int, y: int) -> dict[str, Any]:
    """The plots whose middle lies in a cell, and every line they share with others.

    ground: the version of plots. x, y: of a web-mercator tile of zoom 15. Refused with `tile_unknown`, and
    with `ground_unknown` for a version that the plan never lay on.
    """
    _check(session, plan_id, ground, x, y)
    rows = session.execute(_PLOTS, {"ground": ground, "names": NAMES, **_box(x, y)}).all()
    ids = [row.id for row in rows]
    lines = lines_at(session, ground, ids)
    inside = {*ids}
    pairs = sorted({(row.plot_id, row.neighbour_id) for row in lines if row.plot_id in inside})
    return {
        "ground": ground,
        "x": x,
        "y": y,
        "plots": _plots(rows, lines),
        "edges": [
            [row.plot_id, row.neighbour_id, round(row.metres, 2), int(KIND[row.kind]), int(row.wall)]
            for row in lines
        ],
        "lines": _shared(session, rows, pairs),
    }


def plots_of_cell(session: Session, plan_id: int, ground: int, x: int, y: int) -> list[int]:
    """Ids of the plots with somebody on them whose middle lies in a cell; refused as `cell` is."""
    _check(session, plan_id, ground, x, y)
    return list(session.scalars(_HOUSED, {"ground": ground, **_box(x, y)}))


def _check(session: Session, plan_id: int, ground: int, x: int, y: int) -> None:
    if not (0 <= x < 2**ZOOM and 0 <= y < 2**ZOOM):
        raise Refusal("tile_unknown", tile=f"{ZOOM}/{x}/{y}")
    if ground not in grounds(session, plan_id):
        raise Refusal("ground_unknown", plan=plan_id, ground=ground)


def _box(x: int, y: int) -> dict[str, float]:
    return dict(zip(("west", "south", "east", "north"), reach(ZOOM, x, y), strict=True))


# The middle decides in which cell a plot is: in one, and in no other.
_IN_CELL = """plot.geometry && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
        AND ST_X(middle) >= :west AND ST_X(middle) < :east
        AND ST_Y(middle) > :south AND ST_Y(middle) <= :north"""
_HOUSED = text(f"""
    SELECT plot.id FROM plot JOIN tessellation_plot AS counted
        ON counted.tessellation_id = :ground AND counted.plot_id = plot.id AND counted.buildings > 0
    CROSS JOIN LATERAL ST_Centroid(plot.geometry) AS middle
    WHERE {_IN_CELL}
    ORDER BY plot.id
""")  # noqa: S608 (constants)
_PLOTS = text(f"""
    SELECT plot.id, place.code AS community, plot.area_m2, plot.perimeter_m, counted.households,
        counted.buildings, ST_AsBinary(plot.geometry) AS geometry, ST_X(middle) AS lon, ST_Y(middle) AS lat,
        (
            SELECT compound.id FROM compound
            WHERE compound.place_id = tessellation.place_id
                AND ST_Contains(compound.geometry, ST_PointOnSurface(plot.geometry))
            ORDER BY compound.id LIMIT 1
        ) AS compound,
        ARRAY(
            SELECT coalesce(building.name, building.code) FROM building
            WHERE counted.buildings > 0 AND building.place_id = tessellation.place_id
                AND building.position && plot.geometry AND ST_Intersects(plot.geometry, building.position)
                AND building.retired_at IS NULL
            ORDER BY building.households DESC, building.code LIMIT :names
        ) AS names
    FROM plot JOIN tessellation_plot AS counted
        ON counted.tessellation_id = :ground AND counted.plot_id = plot.id
    JOIN tessellation ON tessellation.id = counted.tessellation_id
    JOIN place ON place.id = plot.community_id
    CROSS JOIN LATERAL ST_Centroid(plot.geometry) AS middle
    WHERE {_IN_CELL}
    ORDER BY plot.id
""")  # noqa: S608 (constants)


def _plots(rows: Sequence[Row[Any]], lines: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    shared: dict[int, float] = {}
    for line in lines:
        for plot in (line.plot_id, line.neighbour_id):
            shared[plot] = shared.get(plot, 0.0) + line.metres
    polygons = shapes_of(row.geometry for row in rows)
    return [
        {
            "id": row.id,
            "households": row.households,
            "buildings": row.buildings,
            "area": round(row.area_m2, 1),
            "perimeter": round(row.perimeter_m, 2),
            "outer": round(max(row.perimeter_m - shared.get(row.id, 0.0), 0.0), 2),
            "community": row.community,
            "point": [round(row.lon, DECIMALS), round(row.lat, DECIMALS)],
            "rings": [_flat(shapely.get_coordinates(ring)) for ring in shapely.get_rings(polygon)],
            "compound": row.compound,
            "names": row.names,
        }
        for row, polygon in zip(rows, polygons, strict=True)
    ]


def _flat(points: Any) -> list[float]:
    found: list[float] = np.round(points, DECIMALS).ravel().tolist()
    return found


def _shared(session: Session, rows: Sequence[Row[Any]], pairs: Sequence[tuple[int, int]]) -> list[Any]:
    """The line or lines that the plots of each pair share: [[plot, other, [[lon, lat, lon, lat …] …]] …]."""
    known = {row.id: row.geometry for row in rows}
    missing = sorted({other for _, other in pairs} - {*known})
    known |= {row.id: row.geometry for row in session.execute(_GROUND, {"plots": missing})}
    ids = np.array(sorted(known), np.int64)
    found = shared_lines(ids, shapes_of(known[plot] for plot in ids.tolist()), pairs)
    return [
        [one, other, [_flat(shapely.get_coordinates(part)) for part in shapely.get_parts(found[one, other])]]
        for one, other in pairs
        if (one, other) in found
    ]


_GROUND = text("""
    SELECT id, ST_AsBinary(geometry) AS geometry FROM plot WHERE id = ANY(CAST(:plots AS bigint[]))
""")


def shared_lines(
    ids: IntArray, polygons: Geometries, pairs: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], Any]:
    """The lines that plots share, by pair of ids.

    Neighbours have every corner in common: a shared piece of line is the same two corners in both.

    >>> ground = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> shared_lines(np.array([7, 9]), ground, [(7, 9)])[7, 9].wkt
    'LINESTRING (1 0, 1 1)'
    """
    if len(pairs) == 0:
        return {}
    rings, plot_of = shapely.get_rings(polygons, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    inner = ring_of[1:] == ring_of[:-1]
    corners = np.round(points / LATTICE_DEG).astype(np.int64)
    one, other = corners[:-1][inner], corners[1:][inner]
    turned = (one[:, 0] > other[:, 0]) | ((one[:, 0] == other[:, 0]) & (one[:, 1] > other[:, 1]))
    keys = np.where(turned[:, None], np.hstack([other, one]), np.hstack([one, other]))
    owner = ids[plot_of[ring_of[:-1][inner]]]
    order = np.lexsort((owner, *keys.T))
    keys, owner = keys[order], owner[order]
    same = np.flatnonzero((keys[1:] == keys[:-1]).all(axis=1) & (owner[1:] != owner[:-1]))
    wanted = {pair: number for number, pair in enumerate(pairs)}
    found = zip(owner[same].tolist(), owner[same + 1].tolist(), strict=True)
    number = np.array([wanted.get(pair, -1) for pair in found], np.int64)
    kept = np.flatnonzero(number >= 0)
    kept = kept[np.argsort(number[kept], kind="stable")]
    if len(kept) == 0:
        return {}
    pieces = shapely.linestrings((keys[same[kept]] * LATTICE_DEG).reshape(-1, 2, 2))
    used, place = np.unique(number[kept], return_inverse=True)
    merged = shapely.line_merge(shapely.multilinestrings(pieces, indices=place))
    return {pairs[number]: line for number, line in zip(used.tolist(), merged, strict=True)}
