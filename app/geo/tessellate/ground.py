"""One block of ground cut into plots: each building with the ground nearer to it than to any other.

Borders are the Voronoi lines between buildings (Okabe et al. 2000, generalised to polygons by sampling their
walls, as in momepy's morphological tessellation), smoothed, cut off at the walls, and noded together with
the walls and the block's own ring: no footprint is ever cut, and neighbours share every corner.
Works in whole centimetres (see `arrangement`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from app.geo.joined import joined
from app.geo.partition import outlines
from app.geo.plots import BoolArray, FloatArray, IntArray
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
)


@dataclass(frozen=True)
class Settings:
    """How ground is cut; lengths in metres, areas in m².

    wall_step: distance between sample points along a wall; fine_step where another building stands across
    a narrow gap (narrow to wide), so that the line between them does not zigzag.
    inset: sample points lie this far inside the wall, so that wall-sharing buildings meet at their wall.
    smooth: how far a border may leave the exact Voronoi line.
    reach: ground farther than this from any building is open ground (the border runs half-way).
    open_piece: open ground larger than this is cut into pieces of about this size.
    open_least: smaller bits of far ground stay with the buildings.
    """

    wall_step: float = 4.0
    fine_step: float = 1.25
    narrow: float = 1.2
    wide: float = 6.0
    inset: float = 0.4
    smooth: float = 0.8
    reach: float = 80.0
    open_piece: float = 30_000.0
    open_least: float = 5_000.0
    corner: float = 1.0


@dataclass(frozen=True)
class Plots:
    """Plots of one block. owner: position in the owners given, -1 for open ground.

    anchored: the plot holds footprint ground of its owner (False only for open ground).
    An owner whose footprints lie apart has several plots; the caller joins them.
    """

    polygons: Shapes
    owner: IntArray
    anchored: BoolArray


def cut_block(block: shapely.Polygon, shapes: Shapes, owner: IntArray, settings: Settings) -> Plots:
    """Cut one block into plots.

    block: polygon on the lattice. shapes: footprints (polygons) that lie in it; owner: whose each is (0..).
    """
    soft = _far_ground(block, shapes, settings)
    if len(shapes) == 0 and len(soft) == 0:
        return _cut_open(block, settings)
    owners, owner_index = np.unique(owner, return_inverse=True)
    if len(owners) + len(soft) == 1 and len(shapes):
        return Plots(np.array([block], object), owners[:1], np.array([True]))
    everyone = np.append(shapes, soft)
    whose = np.append(owner_index, len(owners) + np.arange(len(soft)))
    sites, site_owner = _sites(everyone, whose, settings)
    ground = shapely.difference(block, shapely.union_all(shapes)) if len(shapes) else block
    borders = _borders(ground, shapes, sites, site_owner, settings)
    bits, spot = _bits(block, [borders, shapely.boundary(shapes)])
    holder = lies_in(spot, shapes) if len(shapes) else np.full(len(bits), -1, np.int64)
    anchored = holder >= 0
    _, nearest = cKDTree(sites).query(shapely.get_coordinates(spot))
    belongs = np.where(anchored, whose[holder], site_owner[nearest])
    belongs, plot, count = settle(bits, belongs, anchored)
    polygons = outlines(bits, plot)
    plot_owner = np.zeros(count, np.int64)
    plot_owner[plot] = belongs
    plot_anchored = np.zeros(count, bool)
    np.logical_or.at(plot_anchored, plot, anchored)
    is_open = plot_owner >= len(owners)
    kept = Plots(
        polygons[~is_open],
        owners[np.minimum(plot_owner, len(owners) - 1)][~is_open] if len(owners) else np.empty(0, np.int64),
        plot_anchored[~is_open],
    )
    pieces = [_cut_open(p, settings) for p in polygons[is_open]]
    return Plots(
        np.concatenate([kept.polygons, *(p.polygons for p in pieces)]),
        np.concatenate([kept.owner, *(p.owner for p in pieces)]),
        np.concatenate([kept.anchored, *(p.anchored for p in pieces)]),
    )


def _bits(block: shapely.Polygon, lines: list[Shapes]) -> tuple[Shapes, Shapes]:
    """The faces that lines cut a block into, and a point in each; its holes are other people's ground."""
    bits = faces(node(np.concatenate([np.array([shapely.boundary(block)], object), *lines])))
    spot = inner_points(bits)
    if len(shapely.get_rings(block)) > 1:
        within = inside_mask(spot, block)
        bits, spot = bits[within], spot[within]
    return bits, spot


def settle(bits: Shapes, belongs: IntArray, anchored: BoolArray) -> tuple[IntArray, IntArray, int]:
    """Let no plot lie in pieces: bits cut off from their owner's building go to the longest neighbour.

    bits: noded faces; belongs: owner of each; anchored: the bit is footprint ground and stays.
    Returns the owners, the plot number of each bit (0..count-1) and count.
    """
    s = segments(bits)
    first, second, _ = shared(s)
    a, b, length = s.polygon[first], s.polygon[second], s.length[first]
    area = shapely.area(bits)
    for _ in range(12):
        piece, count = _pieces(len(bits), a, b, belongs)
        held = np.bincount(piece, weights=np.where(anchored, area, 0.0), minlength=count)
        size = np.bincount(piece, weights=area, minlength=count)
        owner_of = np.zeros(count, np.int64)
        owner_of[piece] = belongs
        order = np.lexsort((size, held, owner_of))
        main = np.zeros(count, bool)
        main[order[np.append(owner_of[order][1:] != owner_of[order][:-1], True)]] = True
        loose = ~main & (held == 0)
        across = belongs[a] != belongs[b]
        x = np.concatenate([piece[a[across]], piece[b[across]]])
        y = np.concatenate([piece[b[across]], piece[a[across]]])
        w = np.tile(length[across], 2)
        steady = loose[x] & ~loose[y]
        best, _ = longest_neighbour(x[steady], y[steady], w[steady], count)
        move = loose & (best >= 0)
        if not move.any():
            break
        belongs = np.where(move[piece], owner_of[best[piece]], belongs)
    piece, count = _pieces(len(bits), a, b, belongs)
    return belongs, piece, count


def _pieces(count: int, a: IntArray, b: IntArray, belongs: IntArray) -> tuple[IntArray, int]:
    same = belongs[a] == belongs[b]
    piece = joined(count, a[same], b[same])
    return piece, int(piece.max()) + 1


def _sites(shapes: Shapes, whose: IntArray, settings: Settings) -> tuple[FloatArray, IntArray]:
    """Sample points along the walls, a little inside them; and whose each is."""
    inset = settings.inset * CM
    shrunk = shapely.buffer(shapely.simplify(shapes, inset / 2), -inset, join_style="mitre")
    shrunk = np.where(shapely.is_empty(shrunk), shapes, shrunk)
    ring = shapely.boundary(shrunk)
    coarse, at = shapely.get_coordinates(shapely.segmentize(ring, settings.wall_step * CM), return_index=True)
    owner = whose[at]
    if settings.fine_step < settings.wall_step and whose.min() != whose.max():
        crowded = np.unique(at[_near_other(coarse, owner, settings)])
        if len(crowded):
            fine, fine_at = shapely.get_coordinates(
                shapely.segmentize(ring[crowded], settings.fine_step * CM), return_index=True
            )
            fine_owner = whose[crowded][fine_at]
            near = _near_other(fine, fine_owner, settings, coarse, owner)
            coarse, owner = np.concatenate([coarse, fine[near]]), np.concatenate([owner, fine_owner[near]])
    _, only = np.unique(np.rint(coarse), axis=0, return_index=True)
    only.sort()
    return coarse[only], owner[only]


def _near_other(
    points: FloatArray,
    owner: IntArray,
    settings: Settings,
    others: FloatArray | None = None,
    other_owner: IntArray | None = None,
) -> BoolArray:
    """Which points face another owner's wall across a gap that is neither closed nor wide."""
    others = points if others is None else others
    other_owner = owner if other_owner is None else other_owner
    k = min(8, len(others))
    distance, index = cKDTree(others).query(points, k=k, distance_upper_bound=settings.wide * CM * 1.5)
    distance, index = distance.reshape(len(points), k), index.reshape(len(points), k)
    known = index < len(others)
    foreign = known & (other_owner[np.where(known, index, 0)] != owner[:, None])
    gap = np.where(foreign, distance, np.inf).min(1)
    return np.asarray((gap > settings.narrow * CM) & (gap < settings.wide * CM * 1.5))


def _borders(
    ground: shapely.Geometry,
    shapes: Shapes,
    sites: FloatArray,
    site_owner: IntArray,
    settings: Settings,
) -> Shapes:
    """The lines half-way between different owners, over open ground only."""
    chains = half_way(sites, site_owner, settings.smooth * CM)
    if len(chains) == 0:
        return chains
    over = shapely.get_parts(shapely.intersection(shapely.multilinestrings(chains), ground))
    over = over[shapely.get_type_id(over) == shapely.GeometryType.LINESTRING]
    if len(over) and len(shapes):
        over = _to_corners(
            shapely.get_parts(shapely.line_merge(shapely.multilinestrings(over))), shapes, settings
        )
    return np.asarray(over)


def _to_corners(lines: Shapes, shapes: Shapes, settings: Settings) -> Shapes:
    """Lines that end on a wall near a corner end at that corner: no slivers beside shared walls."""
    xy, at = shapely.get_coordinates(lines, return_index=True)
    is_end = np.ones(len(xy), bool)
    is_end[1:-1] = (at[1:-1] != at[:-2]) | (at[1:-1] != at[2:])
    corners = shapely.get_coordinates(shapes)
    distance, nearest = cKDTree(corners).query(xy[is_end])
    walls = shapely.STRtree(shapely.boundary(shapes))
    end_points = shapely.points(xy[is_end])
    on_wall = np.zeros(len(end_points), bool)
    on_wall[walls.query(end_points, predicate="dwithin", distance=1.0)[0]] = True
    snap = on_wall & (distance <= settings.corner * CM)
    moved = xy.copy()
    moved[np.flatnonzero(is_end)[snap]] = corners[nearest[snap]]
    result = shapely.linestrings(moved, indices=at)
    return np.asarray(result[shapely.length(result) > 0])


def _far_ground(block: shapely.Polygon, shapes: Shapes, settings: Settings) -> Shapes:
    """Parts of the block that are far from every building and wide enough to be worth a plot."""
    least = settings.open_least * CM * CM
    if len(shapes) == 0 or block.area < least:
        return np.empty(0, object)
    west, south, east, north = shapely.bounds(block)
    if np.hypot(east - west, north - south) < settings.reach * CM:
        return np.empty(0, object)
    near = shapely.union_all(shapely.buffer(shapely.convex_hull(shapes), settings.reach * CM, quad_segs=4))
    far = shapely.difference(block, near)
    width = 15 * CM
    far = shapely.buffer(shapely.buffer(far, -width, quad_segs=2), width * 0.9, quad_segs=2)
    parts, _ = polygons_of(np.array([far], object))
    return np.asarray(parts[shapely.area(parts) > least])


def _cut_open(ground: shapely.Polygon, settings: Settings) -> Plots:
    """Open ground in compact pieces of about `open_piece`, so that each can go to the grid beside it."""
    count = round(ground.area / (settings.open_piece * CM * CM))
    whole = Plots(np.array([ground], object), np.array([-1]), np.array([False]))
    if count < 2:
        return whole
    west, south, east, north = shapely.bounds(ground)
    step = np.sqrt(ground.area / count) / 6
    x, y = np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step))
    grid_xy = np.stack([x.ravel(), y.ravel()], 1)
    shapely.prepare(ground)
    inner = grid_xy[shapely.contains_xy(ground, grid_xy)]
    if len(inner) <= count:
        return whole
    centres = _even_centres(inner, count)
    if len(centres) < 2:
        return whole
    borders = _borders(ground, np.empty(0, object), centres, np.arange(len(centres)), settings)
    bits, spot = _bits(ground, [borders])
    _, nearest = cKDTree(centres).query(shapely.get_coordinates(spot))
    _, piece, pieces = settle(bits, nearest, np.zeros(len(bits), bool))
    polygons = outlines(bits, piece)
    return Plots(polygons, np.full(pieces, -1), np.zeros(pieces, bool))


def _even_centres(points: FloatArray, count: int) -> FloatArray:
    """Centres of about equal shares of the points (Lloyd's algorithm from evenly chosen starts)."""
    centres = points[np.linspace(0, len(points) - 1, count).astype(int)]
    for _ in range(15):
        _, label = cKDTree(centres).query(points)
        _, label = np.unique(label, return_inverse=True)
        size = np.bincount(label)
        centres = np.stack([np.bincount(label, points[:, k]) / size for k in (0, 1)], 1)
    return np.asarray(centres)
