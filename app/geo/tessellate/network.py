"""Lines that bound ground, and the blocks between them.

Streets, railways, river banks and middles, administrative borders and the outline are noded together; the
faces between them are blocks. A footprint that lies over such a line is taken out of
the blocks it reaches into and given whole to the one that holds most of it.
Works in whole centimetres (see `arrangement`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from app.geo.joined import joined
from app.geo.partition import outlines
from app.geo.plots import LineClass
from app.geo.tessellate.arrangement import (
    CM,
    Shapes,
    faces,
    half_way,
    inner_points,
    inside_mask,
    lies_in,
    longest_neighbour,
    node,
    polygons_of,
    segments,
    shared,
    two_point_lines,
)

KindArray = npt.NDArray[np.int8]

SLIVER_M2 = 1_000.0  # traffic islands and bits between paths are nobody's plot
STRIP_M = 15.0  # nor is a median between two carriageways
GAP_M = 6.0  # a street that ends this near to another was meant to meet it
BANK_STEP_M = 10.0
WATER_LEAST_M2 = 1_000.0
SMOOTH_RIVER_M = 2.0

# How readily a sliver joins its neighbour across a line: a median goes to either side of a
# carriageway, never over a wall if there is any other way.
_CROSSING = np.ones(len(LineClass))
_CROSSING[LineClass.SECONDARY] = 0.6
_CROSSING[LineClass.ARTERIAL] = 0.3
_CROSSING_WALL = 0.001


@dataclass(frozen=True)
class Lines:
    """The lines that bound ground. geometry: linestrings; kind: LineClass of each."""

    geometry: Shapes
    kind: KindArray

    def __add__(self, other: Lines) -> Lines:
        return Lines(np.concatenate([self.geometry, other.geometry]), np.concatenate([self.kind, other.kind]))

    @classmethod
    def of(cls, geometry: Shapes, kind: LineClass | KindArray) -> Lines:
        """Linestrings out of lines and multilines; polygons give their rings."""
        shapes = np.asarray(geometry, dtype=object)
        kinds = np.full(len(shapes), kind, np.int8) if isinstance(kind, LineClass) else kind
        polygonal = np.isin(shapely.get_type_id(shapes), (3, 6))
        shapes = np.where(polygonal, shapely.boundary(shapes), shapes)
        parts, index = shapely.get_parts(shapes, return_index=True)
        keep = (shapely.get_type_id(parts) <= shapely.GeometryType.LINEARRING) & ~shapely.is_empty(parts)
        keep &= shapely.get_type_id(parts) >= shapely.GeometryType.LINESTRING
        return cls(parts[keep], kinds[index[keep]])


class LineIndex:
    """Which class of line runs along a segment."""

    def __init__(self, lines: Lines) -> None:
        pieces, line = two_point_lines(lines.geometry)
        self._kind = lines.kind[line]
        self._tree = shapely.STRtree(pieces)

    def kinds(self, middles: Shapes) -> KindArray:
        """The highest LineClass within 3 cm of each point, INSIDE_BLOCK where there is none."""
        found = np.full(len(middles), LineClass.INSIDE_BLOCK, np.int8)
        point, line = self._tree.query(middles, predicate="dwithin", distance=3.0)
        np.maximum.at(found, point, self._kind[line])
        return found


def close_gaps(streets: Shapes) -> Shapes:
    """Short links from street ends to the street they stop just before."""
    if len(streets) < 2:
        return np.empty(0, object)
    ends = np.concatenate([shapely.get_point(streets, 0), shapely.get_point(streets, -1)])
    own = np.tile(np.arange(len(streets)), 2)
    tree = shapely.STRtree(streets)
    point, line = tree.query(ends, predicate="dwithin", distance=GAP_M * CM)
    foreign = line != own[point]
    point, line = point[foreign], line[foreign]
    distance = shapely.distance(ends[point], streets[line])
    nearest = np.full(len(ends), np.inf)
    np.minimum.at(nearest, point, distance)
    loose = (distance == nearest[point]) & (nearest[point] > 1.0)
    _, first = np.unique(point[loose], return_index=True)
    links = shapely.shortest_line(ends[point[loose][first]], streets[line[loose][first]])
    return np.asarray(links)


def river_lines(outline: shapely.Geometry, water: Shapes, inhabited: Shapes) -> tuple[Lines, Lines]:
    """Banks of wide water, and the middle of each water that parts inhabited land from inhabited land.

    outline, water: polygons. inhabited: points, one per building.
    A lake or a bay one can walk around has banks but no middle.
    """
    nothing = Lines(np.empty(0, object), np.empty(0, np.int8))
    if len(water) == 0:
        return nothing, nothing
    wet = shapely.intersection(shapely.union_all(water), outline, grid_size=1.0)
    wet_parts, _ = polygons_of(np.array([wet], object))
    wet_parts = wet_parts[shapely.area(wet_parts) >= WATER_LEAST_M2 * CM * CM]
    if len(wet_parts) == 0:
        return nothing, nothing
    wet = shapely.union_all(wet_parts)
    banks = Lines.of(np.array([wet], object), LineClass.RIVER)
    land, _ = polygons_of(np.array([shapely.difference(outline, wet, grid_size=1.0)], object))
    holder = lies_in(inhabited, land) if len(land) else np.empty(0, np.int64)
    land = land[np.unique(holder[holder >= 0])]
    if len(land) < 2:
        return banks, nothing
    near = shapely.buffer(wet, 1.0)
    rim = shapely.intersection(shapely.boundary(land), near)
    xy, whose = shapely.get_coordinates(
        shapely.segmentize(shapely.simplify(rim, 50.0), BANK_STEP_M * CM), return_index=True
    )
    _, only = np.unique(np.rint(xy), axis=0, return_index=True)
    middle = half_way(xy[only], whose[only], SMOOTH_RIVER_M * CM)
    over = (
        shapely.get_parts(shapely.intersection(shapely.multilinestrings(middle), wet))
        if len(middle)
        else middle
    )
    return banks, Lines.of(over, LineClass.RIVER)


def blocks(outline: shapely.Geometry, lines: Lines, walls: Lines, spots: Shapes) -> Shapes:
    """The ground between lines, without slivers.

    outline: polygon or multipolygon. lines: all that bound ground; walls: those of them that grids do not
    cross. spots: a point in every building: no face with one is a sliver.
    Returns polygons that tile the outline.
    """
    edge = Lines.of(np.array([outline], object), LineClass.ADMINISTRATIVE)
    near = shapely.intersects(lines.geometry, outline) if len(lines.geometry) else np.empty(0, bool)
    noded = node(np.concatenate([edge.geometry, lines.geometry[near]]))
    cut = faces(noded)
    cut = cut[inside_mask(inner_points(cut), outline)]
    return without_slivers(cut, lines, walls, spots)


def without_slivers(cut: Shapes, lines: Lines, walls: Lines, spots: Shapes) -> Shapes:
    """Join each small or narrow face without a spot to the neighbour it shares most line with.

    Rather over minor lines than over great ones, and over a wall only where there is nothing else.
    """
    built = np.zeros(len(cut), bool)
    holder = lies_in(spots, cut)
    built[holder[holder >= 0]] = True
    half = STRIP_M / 2 * CM
    broad = shapely.buffer(shapely.buffer(cut, -half, quad_segs=2), half, quad_segs=2)
    thin = shapely.area(broad) < 0.5 * shapely.area(cut)
    small = ~built & (thin | (shapely.area(cut) < SLIVER_M2 * CM * CM))
    if not small.any():
        return cut
    s = segments(cut)
    first, second, _ = shared(s)
    weight = s.length[first]
    middles = s.middle(first)
    weight = weight * _CROSSING[LineIndex(lines).kinds(middles)]
    weight[LineIndex(walls).kinds(middles) > LineClass.INSIDE_BLOCK] *= _CROSSING_WALL
    a, b = s.polygon[first], s.polygon[second]
    group = np.arange(len(cut))
    for _ in range(12):
        still = np.zeros(group.max() + 1, bool)
        still[group[small]] = True
        still[group[~small]] = False
        x, y = group[a], group[b]
        across = x != y
        x, y, w = x[across], y[across], weight[across]
        best, _ = longest_neighbour(np.append(x, y), np.append(y, x), np.append(w, w), len(still))
        move = np.flatnonzero(still & (best >= 0))
        if len(move) == 0:
            break
        group = joined(len(still), move, best[move])[group]
    _, group = np.unique(group, return_inverse=True)
    parts, _ = polygons_of(outlines(cut, group))
    return parts


def give_whole(outline: shapely.Geometry, whole: Shapes, shapes: Shapes) -> Shapes:
    """Blocks in which every footprint lies whole.

    outline: as for `blocks`; whole: blocks; shapes: footprints, all within the outline, barely overlapping.
    """
    s = segments(whole)
    rim = shapely.STRtree(shapely.linestrings(np.stack([s.start, s.end], axis=1)))
    astride = (
        np.unique(rim.query(shapes, predicate="dwithin", distance=2.0)[0])
        if len(shapes)
        else np.empty(0, int)
    )
    if len(astride) == 0:
        return whole
    rings = np.concatenate([shapely.boundary(whole), shapely.boundary(shapes[astride])])
    cut = faces(node(rings))
    spot = inner_points(cut)
    inside = inside_mask(spot, outline)
    cut, spot = cut[inside], spot[inside]
    under = lies_in(spot, shapes[astride])
    block = lies_in(spot, whole)
    area = shapely.area(cut)
    covered = under >= 0
    home, _ = longest_neighbour(under[covered], block[covered], area[covered], len(astride))
    block = np.where(covered, home[under], block)
    parts, _ = polygons_of(outlines(cut, block) if len(cut) else cut)
    return parts
