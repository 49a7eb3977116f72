"""What heat and lists of hazards may say outside: in public, in files, on paper.

Nothing that leaves the house speaks of fewer than five households. Residential ground with one to four of
them is left blank, and so is the next smallest beside it where the two could be told apart by subtraction;
hazards that are there are left out before anything is reckoned: nothing drawn around it depends on them, on
no zoom, for no kind and no time. Ground where nobody lives (markets, sites, streets) is shown. No kernel is
narrower than 100 m.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo.density import Frame, to_degrees
from app.geo.plots import BoolArray, FloatArray, IntArray
from app.services.guard_five import Told, levels_of, told_in_tree
from app.services.heat import Ground, Wish, chosen, picture
from app.services.heat_points import KeptPoints, Points, with_only
from app.services.lookup import OF_SMALLEST_PLAN
from app.services.tile_layers import FEW

LEAST_BANDWIDTH_M = 100

Shapes = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True)
class Untold:
    """What of a place is not told outside beside all that is.

    plots: ids, and ground: their polygons in degrees. grid_of: the code of the grid of each, where that may
    be told of what is there. grids: codes of grids in force of which no count is told. communities: codes of
    those of which nothing on such ground is told. left_out: ids of communities that are in no sum of the
    place. few: whether all of it has one to four households.
    """

    plots: tuple[int, ...]
    grid_of: tuple[str | None, ...]
    grids: frozenset[str]
    communities: frozenset[str]
    left_out: tuple[int, ...]
    few: bool
    ground: Shapes = field(default_factory=lambda: np.empty(0, object))


def untold_in(session: Session, ground: Ground) -> Untold:
    """Which ground, grids and communities of a place are not told, that no sum less others tells of few.

    Plots are the parts: in files each hazard stands at its place, so what is withheld of a grid follows from
    its count less these. Residential ground with one to four households is withheld, and with it the next
    smallest until a grid, and a community, have five or more on such ground (`told_in_tree`).
    """
    asked = {"communities": list(ground.communities), "path": ground.path}
    found = untold_of(session.execute(_PLOTS, asked).all())
    shapes = {row.id: bytes(row.shape) for row in session.execute(_SHAPES, {"plots": list(found.plots)})}
    polygons = shapely.from_wkb([shapes[plot] for plot in found.plots])
    return replace(found, ground=np.asarray(polygons, dtype=object))


def untold_of(rows: Sequence[Any]) -> Untold:
    """The same of plots with households, without their polygons.

    rows: plot, households, grid (code or None), community (code), community_id, path of it, and version of
    the plots; of a community the newest version counts, of older ones plots with one to four households are
    withheld too.
    """
    newest: dict[int, int] = {}
    for row in rows:
        newest[row.community_id] = max(newest.get(row.community_id, 0), row.version)
    now = [row for row in rows if row.version == newest[row.community_id]]
    if not now:
        return Untold((), (), frozenset(), frozenset(), (), few=False)
    told, grids, communities = _tree(now)
    withheld = {
        row.plot: row.grid if told.told[1][grid] else None
        for row, grid, is_told in zip(now, grids, told.told[0].tolist(), strict=True)
        if not is_told
    }
    for row in rows:
        if row.version != newest[row.community_id] and row.households < FEW:
            withheld[row.plot] = None
    silent = {
        row.community: row.community_id
        for row, community in zip(now, communities, strict=True)
        if not told.told[2][community]
    }
    return Untold(
        plots=tuple(withheld),
        grid_of=tuple(withheld.values()),
        grids=frozenset(
            row.grid for row, grid in zip(now, grids, strict=True) if row.grid and not told.told[1][grid]
        ),
        communities=frozenset(silent),
        left_out=() if told.told[-1].all() else tuple(silent.values()),
        few=sum(row.households for row in now) < FEW,
    )


def _tree(rows: Sequence[Any]) -> tuple[Told, list[int], list[int]]:
    """What may be told of plots, grids and all above; the number of each plot's grid, and of its community.

    A plot that lies in no grid is told beside the grids of its community, as one of its own.
    """
    names = [row.grid or f"{row.community} {row.plot}" for row in rows]
    _, first, grid = np.unique(np.array(names), return_index=True, return_inverse=True)
    above = levels_of([rows[at].path for at in first])
    households = np.array([row.households for row in rows])
    told = told_in_tree(households, [grid, *above], protected=2)
    return told, grid.tolist(), above[0][grid].tolist()


def without(points: Points, few: Shapes) -> Points:
    """Points without those that lie in some polygons. Their mark is another for other ground."""
    if not len(few) or not len(points):
        return points
    lon, lat = to_degrees(points.x, points.y)
    hidden = on_ground(lon, lat, few)
    kept = with_only(points, ~hidden)
    return _marked(kept, hidden)


def on_ground(lon: FloatArray, lat: FloatArray, few: Shapes) -> BoolArray:
    """Which places in degrees are in one of some polygons, or on its edge."""
    found = np.zeros(len(lon), bool)
    found[which_ground(lon, lat, few)[0]] = True
    return found


def which_ground(lon: FloatArray, lat: FloatArray, few: Shapes) -> tuple[IntArray, IntArray]:
    """Pairs of a place in degrees and a polygon it is in, or on the edge of."""
    place, shape = shapely.STRtree(few).query(shapely.points(lon, lat), predicate="intersects")
    return place, shape


def _marked(points: Points, hidden: BoolArray) -> Points:
    """With a mark of its own, so that what is worked out of them is not taken for that of all."""
    left_out = hashlib.sha256(np.packbits(hidden).tobytes()).hexdigest()[:20]
    return replace(points, mark=f"{points.mark} without {left_out}")


def blanked(few: Shapes, frame: Frame) -> BoolArray:
    """The pixels of a frame that some polygons touch; rows from the north."""
    found = np.zeros((frame.pixels, frame.pixels), bool)
    if not len(few):
        return found
    edge: FloatArray = np.arange(frame.pixels + 1, dtype=np.float64) * frame.pixel
    lon, _ = to_degrees(np.asarray(frame.west + edge, np.float64), np.full(len(edge), 0.5))
    _, lat = to_degrees(np.full(len(edge), 0.5), np.asarray(frame.north + edge, np.float64))
    for shape in few:
        west, south, east, north = shape.bounds
        left, right = np.searchsorted(lon, [west, east], side="left") - 1
        top, bottom = np.searchsorted(-lat, [-north, -south], side="left") - 1
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, frame.pixels - 1), min(bottom, frame.pixels - 1)
        if right < left or bottom < top:
            continue
        boxes = shapely.box(
            lon[None, left : right + 1],
            lat[top + 1 : bottom + 2, None],
            lon[None, left + 1 : right + 2],
            lat[top : bottom + 1, None],
        )
        found[top : bottom + 1, left : right + 1] |= shapely.intersects(boxes, shape)
    return found


def shown_outside(
    kept: KeptPoints, outside: Points, ground: Ground, wish: Wish, frame: Frame, blank: BoolArray
) -> tuple[FloatArray, int]:
    """Weight per hectare as it may be shown outside, 0 where it stays blank, and how many hazards are in it.

    outside: points `without` those on ground of few. blank: the pixels that touch it, by `blanked`.
    """
    some = chosen(kept, outside, ground, wish)
    drawn = picture(some, frame, max(wish.bandwidth_m, LEAST_BANDWIDTH_M))
    drawn[blank] = 0
    return drawn, len(some)


# Of each place its newest plots with buildings whole; also those of places above and beneath. A plot that is
# newer than the plan lies where its inside does.
_PLOTS = text(f"""
    WITH newest AS MATERIALIZED (
        SELECT DISTINCT ON (tessellation.place_id) tessellation.id
        FROM tessellation JOIN place ON place.id = tessellation.place_id
        WHERE plain_id IS NULL AND (place.path @> CAST(:path AS ltree) OR place.path <@ CAST(:path AS ltree))
        ORDER BY tessellation.place_id, version DESC
    ), in_force AS MATERIALIZED (
        SELECT grid.id, grid.plan_id, grid.community_id, grid.code, grid.outline
        FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        JOIN place AS planned ON planned.id = plan.place_id JOIN place ON place.id = grid.community_id
        WHERE grid.community_id = ANY(CAST(:communities AS bigint[])) AND {OF_SMALLEST_PLAN}
    ), given AS MATERIALIZED (
        SELECT grid_plot.plot_id, in_force.code FROM in_force
        JOIN grid_plot ON grid_plot.plan_id = in_force.plan_id AND grid_plot.grid_id = in_force.id
    )
    SELECT newest.id AS version, plot.id AS plot, households, plot.community_id, place.code AS community,
        place.path::text AS path, coalesce(given.code, (
            SELECT code FROM in_force WHERE in_force.community_id = plot.community_id
                AND ST_Contains(outline, ST_PointOnSurface(plot.geometry)) ORDER BY code LIMIT 1
        )) AS grid
    FROM newest JOIN tessellation_plot ON tessellation_id = newest.id AND households > 0
    JOIN plot ON plot.id = plot_id AND plot.community_id = ANY(CAST(:communities AS bigint[]))
    JOIN place ON place.id = plot.community_id LEFT JOIN given ON given.plot_id = plot.id
    ORDER BY plot.id, newest.id
""")  # noqa: S608 (constants)
_SHAPES = text("SELECT id, ST_AsBinary(geometry) AS shape FROM plot WHERE id = ANY(CAST(:plots AS bigint[]))")
