"""In what order to walk: metres between stops over the streets, and a short path through all of them.

A stop is joined to the nearest street by the straight line to it. Where streets do not lead from one stop to
another (a gate, a bridge that is not drawn), the straight line stands in, lengthened by a usual detour.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from app.geo.plots import FloatArray

DETOUR = 1.3  # of walked to straight metres in towns, about (Boscoe, Henry & Zdeb 2012 found 1.4 by car)
EXACT = 9  # stops up to which every order is looked at
SEGMENT = 3  # stops that are moved together at most
KICKS = 30  # times a short path is shaken up to find a shorter one

IntArray = npt.NDArray[np.int64]


def walked_metres(streets: npt.NDArray[np.object_], stops: FloatArray) -> FloatArray:
    """Metres between all pairs of stops over the streets.

    streets: lines in metres. stops: (n, 2) in metres. Returns (n, n), symmetric, 0 on the diagonal.
    """
    straight: FloatArray = np.hypot(*(stops[:, None] - stops[None]).transpose(2, 0, 1))
    lines = shapely.get_parts(shapely.node(shapely.multilinestrings(streets))) if len(streets) else streets
    if not len(lines):
        beeline: FloatArray = straight * DETOUR
        return beeline
    tails, heads, metres, count, access = _graph(lines, stops)
    graph = coo_array((metres, (tails, heads)), shape=(count, count)).tocsr()
    first = count - len(stops)
    found = dijkstra(graph, directed=False, indices=np.arange(first, count))[:, first:]
    found = found + access[:, None] + access[None]
    found = np.where(np.isfinite(found), found, straight * DETOUR)
    np.fill_diagonal(found, 0)
    walked: FloatArray = np.maximum((found + found.T) / 2, straight)
    return walked


def walk(metres: FloatArray, rng: np.random.Generator, start: int | None = None) -> list[int]:
    """A short path that calls at every stop once, and need not come back.

    metres: (n, n), symmetric. start: the stop to begin at; None: wherever it is shortest. The best of all
    orders up to EXACT stops; else 2-opt and Or-opt (Or 1976) from several beginnings, shaken up by double
    bridges (Martin, Otto & Felten 1991).

    >>> walk(np.abs(np.subtract.outer([0.0, 3, 1, 2], [0.0, 3, 1, 2])), np.random.default_rng(1), start=0)
    [0, 2, 3, 1]
    """
    count = len(metres)
    if count < 2:
        return list(range(count))
    padded = np.zeros((count + 1, count + 1))  # one more stop, no way from any: where the path ends
    padded[:count, :count] = metres
    if start is None:
        return _open_walk(padded, rng)
    order = exact(padded, start) if count <= EXACT else shortened(padded, _nearest_first(padded, start), rng)
    return [stop for stop in order if stop < count]


def length(metres: FloatArray, order: list[int]) -> float:
    """Metres of a walk."""
    return float(sum(metres[a, b] for a, b in pairwise(order)))


def exact(padded: FloatArray, start: int) -> list[int]:
    """The shortest path of all from a stop through the others to the last one of the matrix.

    Dynamic programming over sets of stops (Held & Karp 1962): 2^n·n² steps.
    """
    end = len(padded) - 1
    stops = [stop for stop in range(end) if stop != start]
    count = len(stops)
    between = padded[np.ix_(stops, stops)]
    best = np.full((1 << count, count), np.inf)
    came = np.zeros((1 << count, count), dtype=np.int64)
    for at, stop in enumerate(stops):
        best[1 << at, at] = padded[start, stop]
    for chosen in range(1, 1 << count):
        for at in range(count):
            if chosen >> at & 1 and chosen != 1 << at:
                by = best[chosen ^ (1 << at)] + between[:, at]
                came[chosen, at] = by.argmin()
                best[chosen, at] = by[came[chosen, at]]
    chosen, at = (1 << count) - 1, int(best[-1].argmin())
    order = []
    while chosen:
        order.append(stops[at])
        chosen, at = chosen ^ (1 << at), int(came[chosen, at])
    return [start, *reversed(order), end]


def shortened(padded: FloatArray, order: list[int], rng: np.random.Generator) -> list[int]:
    """A path from its first stop to the last one of the matrix, shortened until no small change helps."""
    best = _settled(padded, np.array(order))
    least = _sum(padded, best)
    for _ in range(KICKS if len(order) > SEGMENT * 2 else 0):
        tried = _settled(padded, _double_bridge(best, rng))
        if (found := _sum(padded, tried)) < least - 1e-9:
            best, least = tried, found
    return [int(stop) for stop in best]


def _open_walk(padded: FloatArray, rng: np.random.Generator) -> list[int]:
    """As a closed tour with the stop that is no way from any, cut there."""
    end = len(padded) - 1
    if end <= EXACT:
        twice = np.zeros((end + 2, end + 2))
        twice[: end + 1, : end + 1] = padded
        return [stop for stop in exact(twice, end) if stop < end]
    order = [end, *(stop for stop in _nearest_first(padded, 0) if stop != end)]
    twice = np.zeros((end + 2, end + 2))
    twice[: end + 1, : end + 1] = padded
    return [stop for stop in shortened(twice, [*order, end + 1], rng) if stop < end]


def _nearest_first(padded: FloatArray, start: int) -> list[int]:
    """To the nearest stop not called at yet, again and again."""
    end = len(padded) - 1
    left = np.ones(end, dtype=bool)
    order = [start]
    left[start] = False
    while left.any():
        order.append(int(np.where(left, padded[order[-1], :end], np.inf).argmin()))
        left[order[-1]] = False
    return [*order, end]


def _settled(padded: FloatArray, order: IntArray) -> IntArray:
    """Turn parts round and move parts elsewhere while that helps. The first and the last stop stay."""
    while True:
        for change in (_turned, _moved):
            changed = change(padded, order)
            if changed is not None:
                order = changed
                break
        else:
            return order


def _turned(padded: FloatArray, order: IntArray) -> IntArray | None:
    """The order with that part turned round which saves most (2-opt); None where none saves anything."""
    before, inner, after = order[:-2], order[1:-1], order[2:]
    gain = (
        padded[before, inner][:, None]
        + padded[inner, after][None]
        - padded[np.ix_(before, inner)]
        - padded[np.ix_(inner, after)]
    )
    gain = np.triu(gain, 1)
    first, last = np.unravel_index(gain.argmax(), gain.shape)
    if gain[first, last] <= 1e-9:
        return None
    made = order.copy()
    made[first + 1 : last + 2] = made[first + 1 : last + 2][::-1]
    return made


def _moved(padded: FloatArray, order: IntArray) -> IntArray | None:
    """The order with a few stops moved, either way round, to where that saves most (Or-opt)."""
    best, made = 1e-9, None
    for size in range(1, min(SEGMENT, len(order) - 3) + 1):
        for at in range(1, len(order) - size):
            part, rest = order[at : at + size], np.delete(order, slice(at, at + size))
            a, b = order[at - 1], order[at + size]
            saved = padded[a, part[0]] + padded[part[-1], b] - padded[a, b]
            if saved <= best:
                continue
            for turned in (part, part[::-1]):
                cost = (
                    padded[rest[:-1], turned[0]] + padded[turned[-1], rest[1:]] - padded[rest[:-1], rest[1:]]
                )
                to = int(cost.argmin())
                if saved - cost[to] > best:
                    best, made = saved - cost[to], np.insert(rest, to + 1, turned)
    return made


def _double_bridge(order: IntArray, rng: np.random.Generator) -> IntArray:
    """Four parts in another order; no small change leads back at once."""
    a, b, c = np.sort(rng.choice(np.arange(1, len(order) - 1), 3, replace=False))
    return np.concatenate([order[:a], order[b:c], order[a:b], order[c:]])


def _sum(padded: FloatArray, order: IntArray) -> float:
    return float(padded[order[:-1], order[1:]].sum())


def _graph(
    lines: npt.NDArray[np.object_], stops: FloatArray
) -> tuple[IntArray, IntArray, FloatArray, int, FloatArray]:
    """Edges between corners of streets and the feet of stops: tails, heads, metres, nodes, way to the foot.

    Feet are the last nodes, in the order of the stops.
    """
    points = shapely.points(stops)
    nearest = shapely.STRtree(lines).nearest(points)
    along = shapely.line_locate_point(lines[nearest], points)
    access = shapely.distance(lines[nearest], points)
    ends = np.stack([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    corners, node = np.unique(np.round(shapely.get_coordinates(ends.ravel()), 2), axis=0, return_inverse=True)
    tail, head = node.reshape(2, -1)
    whole = shapely.length(lines)
    feet = len(corners) + np.arange(len(stops))
    # Along each line: its tail, the feet on it in order, its head.
    owner = np.concatenate([np.arange(len(lines)), nearest, np.arange(len(lines))])
    nodes = np.concatenate([tail, feet, head])
    place = np.concatenate([np.zeros(len(lines)), along, whole])
    rank = np.concatenate([np.zeros(len(lines)), np.ones(len(stops)), np.full(len(lines), 2)])
    order = np.lexsort((place, rank, owner))
    owner, nodes, place = owner[order], nodes[order], place[order]
    inside = owner[:-1] == owner[1:]
    metres = np.maximum(np.diff(place)[inside], 1e-6)  # a sparse matrix takes 0 for no edge
    return nodes[:-1][inside], nodes[1:][inside], metres, len(corners) + len(stops), access
