"""Polygons drawn elsewhere laid over plots: which of them holds each plot, and where they disagree.

Everything is in metres of one CRS. A plot goes whole to the polygon that covers most of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from app.geo.crs import Geometries
from app.geo.joined import joined
from app.geo.plots import BoolArray, Edges, FloatArray, IntArray

COVERED_SHARE = 0.5  # of a plot at least lies in polygons, or it is uncovered
SAME_SHARE = 1e-6  # shares that differ by less are the same
OVERLAP_M2 = 1.0  # two polygons that share less are taken to touch
SLIT_M = 0.05  # and so are those that share only what is narrower than two of these
CUT_SHARE, CUT_M2 = 0.02, 1.0  # a building is cut where so much of it at least lies in another polygon


@dataclass(frozen=True)
class Laid:
    """Polygons laid over plots.

    polygon: number of the one that each plot goes to, -1 for none. covered_m2: ground of each plot that lies
    in any polygon. plots, polygons, shared_m2: one row for each plot and polygon that share ground.
    """

    polygon: IntArray
    covered_m2: FloatArray
    plots: IntArray
    polygons: IntArray
    shared_m2: FloatArray


@dataclass(frozen=True)
class Doubled:
    """Ground in two polygons at once."""

    one: int
    other: int
    ground: shapely.Geometry


def lay(plots: Geometries, area_m2: FloatArray, drawn: Geometries, doubled: list[Doubled]) -> Laid:
    """Find the polygon of each plot: the one with most of its ground, if half of it is covered at all.

    Where two have the same share the smaller polygon has the plot: who draws a market over a grid means it.

    >>> plots = draw_plots("A A B").polygons
    >>> lay(plots, shapely.area(plots), np.array([shapely.box(0, 0, 16, 10)], object), []).polygon
    array([ 0,  0, -1])
    """
    number, plot = shapely.STRtree(plots).query(drawn, predicate="intersects")
    inside, within = shapely.STRtree(plots).query(drawn, predicate="covers")
    pairs = number.astype(np.int64) * len(plots) + plot
    whole = np.isin(pairs, inside.astype(np.int64) * len(plots) + within)
    shared = area_m2[plot].copy()
    shared[~whole] = shapely.area(shapely.intersection(plots[plot[~whole]], drawn[number[~whole]]))
    some = shared > 0
    number, plot, shared = number[some], plot[some], shared[some]
    covered = np.minimum(np.bincount(plot, shared, len(plots)), area_m2)
    twice = sorted({end for pair in doubled for end in (pair.one, pair.other)})
    for own in np.unique(plot[np.isin(number, twice)]).tolist():
        over = drawn[number[plot == own]]
        if len(over) > 1:
            covered[own] = shapely.area(shapely.intersection(plots[own], shapely.union_all(over)))
    share = np.round(shared / area_m2[plot] / SAME_SHARE)
    size = shapely.area(drawn)[number]
    order = np.lexsort((number, size, -share, plot))
    owner, first = np.unique(plot[order], return_index=True)
    found = np.full(len(plots), -1, np.int64)
    found[owner] = number[order][first]
    found[covered < COVERED_SHARE * area_m2] = -1
    return Laid(found, covered, plot.astype(np.int64), number.astype(np.int64), shared)


def overlaps(drawn: Geometries) -> list[Doubled]:
    """Pairs of polygons that share ground, those that share most first; slits are no overlap.

    >>> [pair.ground.area for pair in overlaps(shapely.box([0, 8, 30], 0, [10, 20, 40], 10))]
    [20.0]
    """
    one, other = shapely.STRtree(drawn).query(drawn, predicate="intersects")
    one, other = one[one < other], other[one < other]
    ground = shapely.intersection(drawn[one], drawn[other])
    large = np.flatnonzero(shapely.area(ground) >= OVERLAP_M2)
    core = shapely.buffer(ground[large], -SLIT_M, join_style="mitre")
    wide = shapely.buffer(core, SLIT_M, join_style="mitre")
    kept = large[shapely.area(wide) >= OVERLAP_M2]
    kept = kept[np.argsort(-shapely.area(ground[kept]), kind="stable")]
    return [Doubled(int(one[k]), int(other[k]), ground[k]) for k in kept.tolist()]


@dataclass(frozen=True)
class Cut:
    """A building that polygons divide between them. polygons, shares: of its ground, the largest first."""

    building: int
    polygons: list[int]
    shares: list[float]


def cut_buildings(footprints: Geometries, drawn: Geometries) -> list[Cut]:
    """Buildings with more than CUT_SHARE of their ground, and CUT_M2, in each of two polygons or more.

    Nothing is said of a building that lies whole in one, however many others cover it too.

    >>> house = np.array([shapely.box(8, 2, 12, 4)], object)
    >>> cut_buildings(house, shapely.box([0, 11], 0, [11, 20], 10))
    [Cut(building=0, polygons=[0, 1], shares=[0.75, 0.25])]
    """
    tree = shapely.STRtree(footprints)
    number, building = tree.query(drawn, predicate="intersects")
    _, whole = tree.query(drawn, predicate="covers")
    divided = ~np.isin(building, whole)
    number, building = number[divided], building[divided]
    area = shapely.area(footprints)
    shared = shapely.area(shapely.intersection(footprints[building], drawn[number]))
    counts = (shared > CUT_SHARE * area[building]) & (shared > CUT_M2)
    number, building, shared = number[counts], building[counts], shared[counts]
    found = []
    for own in np.flatnonzero(np.bincount(building, minlength=1) > 1).tolist():
        mine = np.flatnonzero(building == own)
        mine = mine[np.lexsort((number[mine], -shared[mine]))]
        shares = [round(float(part), 4) for part in shared[mine] / area[own]]
        found.append(Cut(own, number[mine].tolist(), shares))
    return found


def together(edges: Edges, some: BoolArray) -> list[IntArray]:
    """Plots among `some` that touch each other, group by group.

    >>> plots = draw_plots("A A B A")
    >>> [group.tolist() for group in together(plots.edges, plots.grid == 0)]
    [[0, 1], [3]]
    """
    inside = some[edges.i] & some[edges.j]
    part = joined(len(some), edges.i[inside], edges.j[inside])
    members = np.flatnonzero(some)
    order = members[np.argsort(part[members], kind="stable")]
    ends = np.flatnonzero(np.diff(part[order])) + 1
    return [np.asarray(group, np.int64) for group in np.split(order, ends)] if len(order) else []
