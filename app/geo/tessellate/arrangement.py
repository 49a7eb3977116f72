"""Lines on a centimetre lattice: noding, faces, and who shares which segment with whom.

Inside `tessellate` one unit is one centimetre and every corner has whole coordinates, so
"the same corner" is equality of integers. Snap rounding (GEOS, `grid_size=1`) keeps every
corner at least half a centimetre away from every line it is not on, so that rounding
to the 1e-8 degree lattice of stored coordinates can not make lines cross.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import Delaunay

from app.errors import Refusal
from app.geo.plots import BoolArray, FloatArray, IntArray

Shapes = npt.NDArray[np.object_]
CM = 100.0
TOUCH_CM = 1.5  # two corners rounded to the lattice lie at most 1.42 cm off each other's line
_KEY_SHIFT = 1 << 31
SAME_CENTRE_DECIMALS = 3  # of a centimetre: far below the lattice, far above rounding


@dataclass(frozen=True)
class Frame:
    """Metres of a projected CRS to whole centimetres from a nearby origin, and back."""

    x_cm: float
    y_cm: float

    @classmethod
    def around(cls, geometry: shapely.Geometry) -> Frame:
        x, y, _, _ = shapely.bounds(geometry)
        return cls(float(np.floor(x) * CM), float(np.floor(y) * CM))

    def to_cm(self, shapes: Shapes) -> Shapes:
        """Corners rounded to the lattice; polygons made valid again where rounding broke them."""
        origin = np.array([self.x_cm, self.y_cm])
        rounded: Shapes = shapely.transform(shapely.force_2d(shapes), lambda xy: np.rint(xy * CM) - origin)
        broken = ~shapely.is_valid(rounded)
        if broken.any():
            exact = shapely.transform(shapely.force_2d(shapes[broken]), lambda xy: xy * CM - origin)
            sound = shapely.make_valid(exact, method="structure", keep_collapsed=False)
            rounded[broken] = shapely.set_precision(sound, 1.0)
        return rounded

    def to_metres(self, shapes: Shapes) -> Shapes:
        """The double nearest to each corner's decimal metres: equal corners stay equal."""
        origin = np.array([self.x_cm, self.y_cm])
        return np.asarray(shapely.transform(shapes, lambda xy: np.rint(xy + origin) / CM))


def node(lines: Shapes) -> Shapes:
    """All lines cut where they meet, on the lattice; overlapping lines become one."""
    return np.asarray(shapely.get_parts(shapely.union_all(lines, grid_size=1.0)))


def faces(lines: Shapes) -> Shapes:
    """The polygons that noded lines enclose; dead ends bound nothing and are dropped."""
    return np.asarray(shapely.get_parts(shapely.polygonize(lines)))


def polygons_of(shapes: Shapes) -> tuple[Shapes, IntArray]:
    """The polygon parts of polygons, multipolygons and collections, and each one's position in `shapes`."""
    parts, index = shapely.get_parts(shapes, return_index=True)
    inner, again = shapely.get_parts(parts, return_index=True)  # a collection may hold a multipolygon
    index = index[again]
    keep = (shapely.get_type_id(inner) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(inner)
    return inner[keep], index[keep]


@dataclass(frozen=True)
class Segments:
    """Every straight piece of the rings of some polygons.

    polygon: whose ring, shape (m,). start, end: corners, shape (m, 2).
    low, high: the two corners as sortable keys, low < high, the same for both directions.
    at: position of `start` in the polygons' flat coordinate array.
    """

    polygon: IntArray
    start: FloatArray
    end: FloatArray
    low: IntArray
    high: IntArray
    at: IntArray

    @property
    def length(self) -> FloatArray:
        return np.asarray(np.hypot(*(self.end - self.start).T))

    def middle(self, at: IntArray) -> Shapes:
        """Middle points of the segments at those positions."""
        return np.asarray(shapely.points((self.start[at] + self.end[at]) / 2))


def segments(polygons: Shapes) -> Segments:
    """polygons: valid, whole coordinates, no multipolygons."""
    _, xy, (ring_end, polygon_end) = shapely.to_ragged_array(polygons)
    ring_of = np.repeat(np.arange(len(ring_end) - 1), np.diff(ring_end))
    polygon_of_ring = np.repeat(np.arange(len(polygons)), np.diff(polygon_end))
    at = np.flatnonzero(ring_of[:-1] == ring_of[1:])
    whole = np.rint(xy).astype(np.int64) + (_KEY_SHIFT >> 1)
    key = whole[:, 0] * _KEY_SHIFT + whole[:, 1]
    low, high = np.minimum(key[at], key[at + 1]), np.maximum(key[at], key[at + 1])
    return Segments(polygon_of_ring[ring_of[at]], xy[at], xy[at + 1], low, high, at)


def shared(s: Segments) -> tuple[IntArray, IntArray, IntArray]:
    """Positions (first, second) of the segments that two rings share, and those only one ring has."""
    order = np.lexsort((s.high, s.low))
    same = (s.low[order][1:] == s.low[order][:-1]) & (s.high[order][1:] == s.high[order][:-1])
    first = order[:-1][same]
    second = order[1:][same]
    alone = np.ones(len(order), bool)
    alone[first] = alone[second] = False
    return first, second, np.flatnonzero(alone)


def match_borders(polygons: Shapes, outline: shapely.Geometry) -> Shapes:
    """Give both sides of every border the same corners.

    Neighbouring blocks are cut apart from each other: a plot border of one that ends on the line
    between them is a corner the other does not know yet. Each such corner is put into the other's ring.
    Where two such corners lie within a centimetre or two, their order on the line may be in doubt: there the
    few plots concerned are noded together again. A scrap too thin for the lattice comes back empty.
    """
    edge = shapely.STRtree(two_point_lines(shapely.get_rings(shapely.get_parts(outline)))[0])
    polygons = _shared_corners(polygons, edge)
    for attempt in range(8):
        s, odd = _unmatched(polygons, edge)
        broken = np.flatnonzero(~shapely.is_valid(polygons))
        if len(odd) == 0 and len(broken) == 0:
            # what runs within a centimetre of the outline is not seen above
            broken = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(polygons)))
            if len(broken) == 0:
                return polygons
        near = shapely.STRtree(polygons).query(
            s.middle(odd), predicate="dwithin", distance=(2 + attempt) * TOUCH_CM
        )[1]
        polygons = _noded_again(polygons, np.unique(np.concatenate([near, s.polygon[odd], broken])))
    raise Refusal("plots_do_not_match", count=len(odd) + len(broken))


def _unmatched(polygons: Shapes, edge: shapely.STRtree) -> tuple[Segments, IntArray]:
    """Segments that only one ring has though they are not on the outline (`edge`: its two-point lines)."""
    s = segments(polygons)
    _, _, alone = shared(s)
    on_edge, _ = edge.query(s.middle(alone), predicate="dwithin", distance=2 * TOUCH_CM)
    return s, np.setdiff1d(alone, alone[on_edge])


def _noded_again(polygons: Shapes, which: IntArray) -> Shapes:
    """The same polygons, those in `which` cut anew from the noded lines of all of them."""
    old = polygons[which]
    bits = faces(node(shapely.boundary(old)))
    spot = inner_points(bits)
    holder = lies_in(spot, old)
    gap = holder < 0
    narrow = gap & shapely.is_empty(shapely.buffer(bits, -2 * TOUCH_CM, quad_segs=1))
    bits, holder = bits[~gap | narrow], holder[~gap | narrow]
    s = segments(bits)
    first, second, _ = shared(s)
    a, b, length = s.polygon[first], s.polygon[second], s.length[first]
    best, _ = longest_neighbour(np.append(a, b), np.append(b, a), np.append(length, length), len(bits))
    holder = np.where((holder < 0) & (best >= 0), holder[best], holder)
    new = polygons.copy()
    for k, position in enumerate(which):
        parts = shapely.get_parts(shapely.coverage_union_all(bits[holder == k]))
        new[position] = max(parts, key=lambda part: part.area, default=shapely.Polygon())
    return new


def two_point_lines(lines: Shapes) -> tuple[Shapes, IntArray]:
    """The straight pieces of linestrings or rings, and which line each is of."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    at = np.flatnonzero(line[:-1] == line[1:])
    return np.asarray(shapely.linestrings(np.stack([xy[at], xy[at + 1]], axis=1))), line[at]


def _shared_corners(polygons: Shapes, edge: shapely.STRtree) -> Shapes:
    for _ in range(4):
        s, alone = _unmatched(polygons, edge)
        if len(alone) == 0:
            break
        lines = shapely.linestrings(np.stack([s.start[alone], s.end[alone]], axis=1))
        corners = np.unique(np.concatenate([s.start[alone], s.end[alone]]), axis=0)
        corner, line = shapely.STRtree(lines).query(
            shapely.points(corners), predicate="dwithin", distance=TOUCH_CM
        )
        a, b, p = s.start[alone][line], s.end[alone][line], corners[corner]
        along = ((p - a) * (b - a)).sum(1) / ((b - a) ** 2).sum(1)
        inside = (along > 0) & (along < 1) & (p != a).any(1) & (p != b).any(1)
        if not inside.any():
            break
        at, along, p = s.at[alone][line][inside], along[inside], p[inside]
        order = np.lexsort((along, at))
        polygons = _with_corners(polygons, at[order] + 1, p[order])
    return polygons


def _with_corners(polygons: Shapes, before: IntArray, corners: FloatArray) -> Shapes:
    kind, xy, (ring_end, polygon_end) = shapely.to_ragged_array(polygons)
    added = np.searchsorted(before, ring_end, side="left")
    return np.asarray(
        shapely.from_ragged_array(
            kind, np.insert(xy, before, corners, axis=0), (ring_end + added, polygon_end)
        )
    )


def longest_neighbour(
    of: IntArray, neighbour: IntArray, weight: FloatArray, count: int
) -> tuple[IntArray, FloatArray]:
    """For each of `count` things the neighbour with most weight in total, -1 where there is none.

    Ties go to the lower number, so that the answer does not depend on the order of rows.
    """
    best, best_weight = np.full(count, -1, np.int64), np.zeros(count)
    if len(of):
        pair, inverse = np.unique(np.stack([of, neighbour], 1), axis=0, return_inverse=True)
        total = np.bincount(inverse.ravel(), weights=weight)
        order = np.lexsort((-pair[:, 1], np.round(total, 6), pair[:, 0]))
        last = np.flatnonzero(np.append(pair[order][1:, 0] != pair[order][:-1, 0], True))
        best[pair[order][last, 0]] = pair[order][last, 1]
        best_weight[pair[order][last, 0]] = total[order][last]
    return best, best_weight


def inner_points(polygons: Shapes) -> Shapes:
    """A point well inside each polygon: not in a spike, where rounding could put it on the wrong side."""
    points = np.asarray(shapely.point_on_surface(polygons))
    near = np.flatnonzero(shapely.distance(points, shapely.boundary(polygons)) < 2 * TOUCH_CM)
    circles = shapely.maximum_inscribed_circle(polygons[near], tolerance=1.0)
    points[near] = shapely.get_point(circles, 0)
    return points


def lies_in(points: Shapes, shapes: Shapes) -> IntArray:
    """Position of the first shape that each point touches, -1 where none does."""
    found = np.full(len(points), -1, np.int64)
    p, s = shapely.STRtree(shapes).query(points, predicate="intersects")
    order = np.lexsort((s, p))[::-1]
    found[p[order]] = s[order]
    return found


def inside_mask(points: Shapes, area: shapely.Geometry) -> BoolArray:
    """Which points touch the area (prepared once)."""
    shapely.prepare(area)
    return np.asarray(shapely.intersects(area, points))


def half_way(points: FloatArray, owner: IntArray, smooth_cm: float) -> Shapes:
    """Voronoi lines between points of different owners, merged into chains and smoothed.

    points: shape (n, 2), distinct; owner: whose each is. A chain parts one pair of owners; chains meet at
    their ends. They reach well beyond the points; the caller cuts them off.
    """
    low, high = points.min(0), points.max(0)
    middle, reach = (low + high) / 2, 4 * float((high - low).max()) + 100 * CM
    around = reach * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0, 1.5], [1.5, 0], [0, -1.5], [-1.5, 0]])
    sites = np.concatenate([points - middle, around])
    whose = np.concatenate([owner, np.full(len(around), -1)])
    ridges = _ridges(Delaunay(sites), whose) + middle
    if len(ridges) == 0:
        return np.empty(0, object)
    chains = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ridges))))
    return np.asarray(shapely.simplify(chains, smooth_cm))


def _ridges(net: Delaunay, owner: IntArray) -> FloatArray:
    """The Voronoi ridges between two owners (>= 0), from end to end: shape (m, 2, 2).

    The circumcentres of two triangles side by side are the ends of the ridge between the corners they share
    (Okabe et al. 2000, 2.3). Ends that are the same but for rounding are made one.
    """
    triangle, across = np.repeat(np.arange(len(net.simplices)), 3), net.neighbors.ravel()
    pair = owner[net.simplices[:, [[1, 2], [2, 0], [0, 1]]]].reshape(-1, 2)
    keep = (triangle < across) & (pair[:, 0] != pair[:, 1]) & (pair >= 0).all(1)
    ends = np.stack([triangle[keep], across[keep]], 1)
    needed, ends = np.unique(ends, return_inverse=True)
    a, b, c = (net.points[net.simplices[needed, k]] for k in range(3))
    b, c = b - a, c - a
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = 0.5 / (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
        b2, c2 = (b**2).sum(1), (c**2).sum(1)
        centre = a + np.stack([c[:, 1] * b2 - b[:, 1] * c2, b[:, 0] * c2 - c[:, 0] * b2], 1) * turn[:, None]
        centre = np.round(centre, SAME_CENTRE_DECIMALS)
    lines = centre[ends.reshape(-1, 2)]
    sound = np.isfinite(lines).all((1, 2)) & (lines[:, 0] != lines[:, 1]).any(1)
    return np.asarray(lines[sound])
