"""In which of many polygons each of many points is: a million points and some thousand polygons in a second.

Points are sorted into cells; each polygon looks at those of the cells it touches and counts how many of its
edges lie to the east of a point (crossing number; Shimrat 1962, Algorithm 112). `shapely.STRtree` says the
same, slower by far: it prepares the points, and not the polygons.
"""

from __future__ import annotations

import numpy as np
import shapely

from app.geo.locate_kernel import held
from app.geo.partition import Polygons
from app.geo.plots import FloatArray, IntArray

POINTS_PER_CELL = 4
MOST_CELLS = 2_048  # across and down


def located(x: FloatArray, y: FloatArray, polygons: Polygons) -> IntArray:
    """The number of the polygon each point is in, on an edge of several the first; −1: in none.

    x, y: shape (n,), in the units of the polygons, which may have holes and several parts.

    >>> halves = shapely.box([0, 1], 0, [1, 2], 1)
    >>> located(np.array([0.5, 1.0, 1.5, 3.0]), np.array([0.5, 0.5, 1.0, 0.5]), halves).tolist()
    [0, 0, 1, -1]
    """
    where = np.full(len(x), -1)
    if not len(x) or not len(polygons):
        return where
    west, south, east, north = shapely.total_bounds(polygons)
    near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    side = int(np.clip(np.sqrt(len(near) / POINTS_PER_CELL), 1, MOST_CELLS))
    cells = np.array([side, side])
    column = _cell(x[near], west, east, side)
    row = _cell(y[near], south, north, side)
    cell = row * side + column
    order = np.argsort(cell, kind="stable")
    first_of_cell = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=side * side))])
    bounds = shapely.bounds(polygons)
    boxes = np.column_stack([
        *(_cell(bounds[:, k], west, east, side) for k in (0, 2)),
        *(_cell(bounds[:, k], south, north, side) for k in (1, 3)),
    ])  # fmt: skip
    found = np.full(len(near), -1)
    held(x[near][order], y[near][order], first_of_cell, cells, boxes, *_rings(polygons), found)
    where[near[order]] = found
    return where


def _cell(along: FloatArray, low: float, high: float, side: int) -> IntArray:
    """In which of so many cells between two ends each number lies."""
    wide = max(high - low, np.finfo(float).tiny)
    return np.asarray(np.clip((along - low) / wide * side, 0, side - 1).astype(np.int64))


def _rings(polygons: Polygons) -> tuple[FloatArray, FloatArray, IntArray, IntArray]:
    """Corners of all rings in one row, where each ring begins, and where the rings of each polygon do."""
    parts, shape_of_part = shapely.get_parts(polygons, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring_of_corner = shapely.get_coordinates(rings, return_index=True)
    first_of_ring = np.searchsorted(ring_of_corner, np.arange(len(rings) + 1))
    first_of_shape = np.searchsorted(shape_of_part[part_of_ring], np.arange(len(polygons) + 1))
    return (
        np.ascontiguousarray(corners[:, 0]),
        np.ascontiguousarray(corners[:, 1]),
        first_of_ring,
        first_of_shape,
    )
