"""What heat and lists of hazards may say outside: in public, in files, on paper.

Nothing that leaves the house speaks of fewer than five households. Residential ground with one to four of
them is left blank, and hazards that are there are left out before anything is reckoned: nothing drawn around
it depends on them, on no zoom, for no kind and no time. Ground where nobody lives (markets, sites, streets)
is shown. No kernel is narrower than 100 m.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.geo.density import Frame, to_degrees
from app.geo.plots import BoolArray, FloatArray
from app.services.heat import Ground, Wish, chosen, picture
from app.services.heat_points import KeptPoints, Points, with_only
from app.services.tile_layers import FEW

LEAST_BANDWIDTH_M = 100

Shapes = np.ndarray[Any, np.dtype[np.object_]]


def few_ground(session: Session, ground: Ground) -> Shapes:
    """Plots of a place with one to four households, as polygons in degrees."""
    shapes = [bytes(row.shape) for row in _few_plots(session, ground)]
    return np.asarray(shapely.from_wkb(shapes), dtype=object)


def few_by_community(session: Session, ground: Ground) -> dict[str, int]:
    """How many households live on such plots in all, by the code of the community; none: not in it."""
    counted: dict[str, int] = {}
    for row in _few_plots(session, ground):
        counted[row.community] = counted.get(row.community, 0) + row.households
    return counted


def _few_plots(session: Session, ground: Ground) -> Sequence[Row[Any]]:
    asked = {"communities": list(ground.communities), "path": ground.path, "few": FEW}
    return session.execute(_FEW_PLOTS, asked).all()


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
    at = shapely.STRtree(few).query(shapely.points(lon, lat), predicate="intersects")[0]
    found = np.zeros(len(lon), bool)
    found[at] = True
    return found


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


# Of each place its newest plots with buildings whole; also those of places above and beneath.
_FEW_PLOTS = text("""
    WITH newest AS MATERIALIZED (
        SELECT DISTINCT ON (tessellation.place_id) tessellation.id
        FROM tessellation JOIN place ON place.id = tessellation.place_id
        WHERE plain_id IS NULL AND (place.path @> CAST(:path AS ltree) OR place.path <@ CAST(:path AS ltree))
        ORDER BY tessellation.place_id, version DESC
    )
    SELECT ST_AsBinary(plot.geometry) AS shape, households, place.code AS community FROM newest
    JOIN tessellation_plot ON tessellation_id = newest.id AND households BETWEEN 1 AND :few - 1
    JOIN plot ON plot.id = plot_id AND plot.community_id = ANY(CAST(:communities AS bigint[]))
    JOIN place ON place.id = plot.community_id
    ORDER BY plot.id
""")
