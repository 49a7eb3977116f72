"""Plots of a generated city as the published comparison of partitioners made them: Voronoi cells per block.

A plainer source of plots than our own `app.geo.tessellate`: every block for itself, its edges straight, no
corner shared with the block across the street. Figures on these plots can be laid beside the published
ones; figures on our own plots say what a user gets. docs/benchmarks.md says at each table which is which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import shapely

from app.geo.plots import Edges, FloatArray, IntArray, LineClass, PlotTable
from app.geo.tessellate import worker_pool
from bench.city import City

Shapes = npt.NDArray[np.object_]

STEP_M = 4.0  # between sample points along a footprint
INSET_M = 0.4  # sampled a little inside, so that a cell's edge never touches the footprint
SCRAP_M2 = 0.5
TOUCH_M = 0.06  # sides this near to each other, in one direction, are one line
LEAST_SHARED_M = 0.5  # a shared corner makes no neighbours
ON_STREET_M = 0.5
PARCELS = 32
CLASSES = {
    "local": LineClass.LOCAL,
    "secondary": LineClass.SECONDARY,
    "arterial": LineClass.ARTERIAL,
    "river": LineClass.RIVER,
}

Task = tuple[int, shapely.Geometry, Shapes, IntArray]  # a block's number and shape, samples, buildings


@dataclass(frozen=True)
class Sides:
    """Stretches of border shared by two plots: i < j, metres, the middle of each."""

    i: IntArray
    j: IntArray
    metres: FloatArray
    middle: FloatArray


def plain_plots(city: City, workers: int = 1) -> tuple[Shapes, PlotTable, IntArray]:
    """Polygons, their table, and how many buildings (0 or 1) stand on each.

    A line is of the highest class of street on it. The river is a wall, as it has no bridges here.
    """
    polygons, building, block = cells(city, workers)
    households = np.append(city.buildings["households"].to_numpy(np.int64), 0)[building]  # -1: none
    sides = shared_sides(polygons)
    perimeter = shapely.length(polygons)
    edges = _edges(sides, block, city)
    along = np.bincount(np.append(edges.i, edges.j), np.tile(edges.metres, 2), len(polygons))
    table = PlotTable(
        households=households,
        area=shapely.area(polygons),
        perimeter=perimeter,
        outer=np.maximum(perimeter - along, 0.0),
        xy=shapely.get_coordinates(shapely.centroid(polygons)),
        edges=edges,
    )
    return polygons, table, (building >= 0).astype(np.int64)


def cells(city: City, workers: int = 1) -> tuple[Shapes, IntArray, IntArray]:
    """Cells that tile the boundary; the building of each (-1 for none) and its block."""
    found: list[tuple[shapely.Polygon, int, int]]
    parcels = list(_parcels(city))
    if workers > 1:
        with worker_pool(workers) as pool:
            found = list(chain.from_iterable(pool.map(_cells_of_parcel, parcels)))
    else:
        found = list(chain.from_iterable(map(_cells_of_parcel, parcels)))
    polygons, building, block = zip(*found, strict=True)
    return np.array(polygons, object), np.array(building, np.int64), np.array(block, np.int64)


def _parcels(city: City) -> Iterator[list[Task]]:
    """The blocks with their number, shape, footprint samples and buildings, in parcels."""
    blocks = city.blocks.geometry.to_numpy()
    rings = _sampled(city.buildings.geometry.to_numpy())
    home = city.buildings["block"].to_numpy(np.int64)
    order = np.argsort(home, kind="stable")
    start = np.searchsorted(home[order], np.arange(len(blocks) + 1))
    for numbers in np.array_split(np.arange(len(blocks)), PARCELS):
        members = [order[start[k] : start[k + 1]] for k in numbers]
        yield [(int(k), blocks[k], rings[own], own) for k, own in zip(numbers, members, strict=True)]


def _sampled(footprints: Shapes) -> Shapes:
    """Their outlines, a little inside, with a corner every few metres."""
    inner = shapely.buffer(footprints, -INSET_M, join_style="mitre")
    inner = np.where(shapely.is_empty(inner), footprints, inner)
    return np.asarray(shapely.segmentize(shapely.boundary(inner), STEP_M), object)


def _cells_of_parcel(parcel: list[Task]) -> list[tuple[shapely.Polygon, int, int]]:
    return [
        (cell, building, number)
        for number, block, rings, own in parcel
        for cell, building in _cells_of_block(block, rings, own)
    ]


def _cells_of_block(
    block: shapely.Polygon, rings: Shapes, own: IntArray
) -> Iterator[tuple[shapely.Polygon, int]]:
    """The ground nearest to each building; a corner that the block's shape cuts off is a cell of nobody."""
    if len(own) < 2:
        yield block, int(own[0]) if len(own) else -1
        return
    xy, whose = shapely.get_coordinates(rings, return_index=True)
    xy, first = np.unique(np.round(xy, 3), axis=0, return_index=True)
    whose = whose[first]
    voronoi = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=block.buffer(50)))
    point, cell = shapely.STRtree(voronoi).query(shapely.points(xy), predicate="intersects")
    owner = np.full(len(voronoi), -1)
    owner[cell] = whose[point]
    for member, building in enumerate(own):
        ground = _union(voronoi[owner == member]).intersection(block)
        parts = [
            part for part in shapely.get_parts(ground) if part.geom_type == "Polygon" and part.area > SCRAP_M2
        ]
        parts.sort(key=lambda part: -part.area)
        for rank, part in enumerate(parts):
            yield part, int(building) if rank == 0 else -1


def _union(cells: Shapes) -> shapely.Geometry:
    """Of cells that share their borders; those of nearly equal points sometimes cross by a hair."""
    try:
        return shapely.coverage_union_all(cells)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapely.make_valid(cells), grid_size=0.001)


def shared_sides(polygons: Shapes) -> Sides:
    """Where two plots touch along a line: equal sides first, overlapping sides in one line for the rest.

    Neighbours share no corners across a street, so that a long side there faces several short ones.
    """
    start, end, owner = _sides_of(polygons)
    metres = np.hypot(*(end - start).T)
    one, other, alone = _equal_pairs(start, end)
    s, t, covered, middle = _overlapping_pairs(start[alone], end[alone], owner[alone])
    s, t = alone[s], alone[t]
    a, b = np.append(owner[one], owner[s]), np.append(owner[other], owner[t])
    length = np.append(metres[one], covered)
    middles = np.concatenate([(start[one] + end[one]) / 2, middle])
    i, j = np.minimum(a, b), np.maximum(a, b)
    keep = (i != j) & _long_enough(i, j, length, len(polygons))
    return Sides(i[keep], j[keep], length[keep], middles[keep])


def _sides_of(polygons: Shapes) -> tuple[FloatArray, FloatArray, IntArray]:
    """Every straight side: both ends, and whose it is."""
    rings, polygon = shapely.get_parts(shapely.boundary(polygons), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    start, end, owner = xy[:-1], xy[1:], polygon[ring[:-1]]
    real = (np.diff(ring) == 0) & (np.hypot(*(end - start).T) > 1e-6)
    return start[real], end[real], owner[real]


def _equal_pairs(start: FloatArray, end: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
    """Sides with the same two ends (to the centimetre) in pairs, and all sides that are in no pair."""
    a, b = np.round(start, 2), np.round(end, 2)
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    key = np.where(swap[:, None], np.concatenate([b, a], 1), np.concatenate([a, b], 1))
    _, group, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    group = group.ravel()
    paired = np.flatnonzero(count[group] == 2)
    pairs = paired[np.argsort(group[paired], kind="stable")].reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], np.flatnonzero(count[group] != 2)


def _overlapping_pairs(
    start: FloatArray, end: FloatArray, owner: IntArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Pairs of sides on one line: rows of both, metres in common, and the middle of that."""
    lines = shapely.linestrings(np.stack([start, end], 1))
    a, b = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=TOUCH_M)
    keep = (a < b) & (owner[a] != owner[b])
    a, b = a[keep], b[keep]
    length = np.hypot(*(end - start).T)
    longer = length[a] >= length[b]
    s, t = np.where(longer, a, b), np.where(longer, b, a)  # t is laid upon the longer s
    along = (end[s] - start[s]) / length[s][:, None]
    ahead = [((point - start[s]) * along).sum(1) for point in (start[t], end[t])]
    aside = [np.abs(_cross(point - start[s], along)) for point in (start[t], end[t])]
    first = np.maximum(np.minimum(*ahead), 0.0)
    last = np.minimum(np.maximum(*ahead), length[s])
    good = (last - first > 1e-3) & (np.maximum(*aside) < 3 * TOUCH_M)
    middle = start[s] + along * ((first + last) / 2)[:, None]
    return s[good], t[good], (last - first)[good], middle[good]


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _long_enough(i: IntArray, j: IntArray, metres: FloatArray, count: int) -> npt.NDArray[np.bool_]:
    """Which sides are of pairs that share more than a corner."""
    _, pair = np.unique(i * count + j, return_inverse=True)
    return np.asarray(np.bincount(pair, metres)[pair] > LEAST_SHARED_M)


def _edges(sides: Sides, block: IntArray, city: City) -> Edges:
    """One row per pair of plots and class of line between them."""
    streets = city.streets.geometry.to_numpy()
    classes = city.streets["cls"].map(CLASSES).to_numpy(np.int8)
    kind = np.full(len(sides.i), LineClass.INSIDE_BLOCK, np.int8)
    between = np.flatnonzero(block[sides.i] != block[sides.j])
    side, street = shapely.STRtree(streets).query(
        shapely.points(sides.middle[between]), predicate="dwithin", distance=ON_STREET_M
    )
    np.maximum.at(kind, between[side], classes[street])
    rows, row = np.unique(np.stack([sides.i, sides.j, kind], 1), axis=0, return_inverse=True)
    return Edges(
        i=rows[:, 0],
        j=rows[:, 1],
        metres=np.bincount(row.ravel(), sides.metres).astype(np.float64),
        kind=rows[:, 2].astype(np.int8),
        wall=rows[:, 2] == LineClass.RIVER,
    )
