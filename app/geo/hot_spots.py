"""Which areas are hotter or colder together with their neighbours than chance would have it.

Gi* of Ord and Getis (1995, Local spatial autocorrelation statistics), as esda has it. How likely it is by
chance is not read off a normal curve, which counts of few hazards do not follow, but from conditional
permutations: what the neighbours would come to if the values of all other areas were dealt out anew. Hundreds
of areas are tested at once, so one in twenty would stand out by chance alone: at most that share of those
named may be wrong (false discovery rate, Benjamini and Hochberg 1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from app.geo.crs import Geometries
from app.geo.plots import BoolArray, FloatArray, IntArray

DEALS = 9_999
FALSE_SHARE = 0.05  # of the areas named, at most this many by chance
FEWEST = 10  # areas; of fewer nothing can be said
SMALL = 300  # areas; of fewer each is left out of its own deal


@dataclass(frozen=True)
class HotSpots:
    """z: of Gi*, NaN where nothing is said; p: two-sided; is_significant: after the false discovery rate."""

    z: FloatArray
    p: FloatArray
    is_significant: BoolArray


def neighbours(outlines: Geometries) -> tuple[IntArray, IntArray]:
    """Pairs of areas that touch, both ways; outlines of one plan, which share their corners."""
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    apart = first != second
    return first[apart], second[apart]


def hot_spots(values: FloatArray, first: IntArray, second: IntArray, rng: np.random.Generator) -> HotSpots:
    """Gi* of values by area. first, second: pairs of neighbours, both ways.

    Nothing is said of areas whose value is NaN or that have no neighbour with one, of all where fewer than
    FEWEST are left, and where all values are the same.
    """
    nothing = HotSpots(np.full(len(values), np.nan), np.ones(len(values)), np.zeros(len(values), bool))
    has = ~np.isnan(values)
    joined = has[first] & has[second]
    first, second = first[joined], second[joined]
    said = np.unique(first)
    if len(said) < FEWEST or np.ptp(values[said]) == 0:
        return nothing
    place = np.full(len(values), -1)
    place[said] = np.arange(len(said))
    first, second, measured = place[first], place[second], values[said]
    z, p, found = nothing.z, nothing.p, nothing.is_significant
    z[said] = _z(measured, first, second)
    p[said] = _chance(measured, first, second, rng)
    found[said] = p[said] <= _threshold(p[said])
    return HotSpots(z, p, found)


def _z(values: FloatArray, first: IntArray, second: IntArray) -> FloatArray:
    """Gi* of each area with its neighbours and itself: formula (15) of Ord and Getis."""
    number = len(values)
    around = np.bincount(first, values[second], number) + values
    count = np.bincount(first, minlength=number) + 1
    spread = values.std() * np.sqrt((number * count - count**2) / (number - 1))
    return np.asarray((around - values.mean() * count) / spread)


def _threshold(p: FloatArray) -> float:
    """The largest p that is still significant; none: below every p."""
    ordered = np.sort(p)
    passed = np.flatnonzero(ordered <= FALSE_SHARE * np.arange(1, len(p) + 1) / len(p))
    return float(ordered[passed[-1]]) if len(passed) else 0.0


def _chance(values: FloatArray, first: IntArray, second: IntArray, rng: np.random.Generator) -> FloatArray:
    """How often a deal makes an area and its neighbours as hot, or as cold; twice the smaller share."""
    around: FloatArray = np.bincount(first, values[second], len(values)).astype(np.float64)
    number = np.bincount(first, minlength=len(values))
    most = int(number.max())
    p = np.empty(len(values))
    dealt = _deals(len(values), min(most + 1, len(values)), rng)
    for count in np.unique(number):
        of_count = np.flatnonzero(number == count)
        if len(values) < SMALL:
            for area in of_count:
                p[area] = _share(
                    values[_without(dealt, int(area), int(count))].sum(axis=1), around[area : area + 1]
                )[0]
        else:
            p[of_count] = _share(values[dealt[:, :count]].sum(axis=1), around[of_count])
    return p


def _deals(areas: int, drawn: int, rng: np.random.Generator) -> IntArray:
    """DEALS times some of the areas, none twice in a deal; shape (DEALS, drawn)."""
    if areas < SMALL:
        return np.argsort(rng.random((DEALS, areas)), axis=1)[:, :drawn]
    dealt = rng.integers(0, areas, (DEALS, drawn))
    while True:
        ordered = np.sort(dealt, axis=1)
        doubled = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
        if not len(doubled):
            return dealt
        dealt[doubled] = rng.integers(0, areas, (len(doubled), drawn))


def _without(dealt: IntArray, area: int, count: int) -> IntArray:
    """The first of each deal that are not the area itself; shape (DEALS, count)."""
    others = np.argsort(dealt[:, : count + 1] == area, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(dealt[:, : count + 1], others, axis=1)


def _share(sums: FloatArray, seen: FloatArray) -> FloatArray:
    ordered = np.sort(sums)
    hotter = len(ordered) - np.searchsorted(ordered, seen - 1e-9)
    colder = np.searchsorted(ordered, seen + 1e-9, side="right")
    return np.asarray(np.minimum(1.0, 2 * (np.minimum(hotter, colder) + 1) / (len(ordered) + 1)))
