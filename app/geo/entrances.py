"""Large buildings divided by their entrances: the plot of each becomes a plot for every entrance.

Only for buildings that a manager marked, whose entrances are known. The ground of such a plot goes to the
nearest entrance (Voronoi), other buildings on it stay whole, and every new corner is put into the ring of
the neighbour too: plots still tile the ground on the centimetre lattice, with all edges matched. Where that
cannot be had (an entrance would be cut off from its ground), the building stays whole, which is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from app.errors import Refusal
from app.geo.certificate import Doors
from app.geo.crs import Geometries
from app.geo.doors import FEWEST
from app.geo.joined import joined
from app.geo.plots import BoolArray, Edges, FloatArray, IntArray, LineClass, PlotTable
from app.geo.tessellate.arrangement import (
    CM,
    Frame,
    Shapes,
    faces,
    inner_points,
    lies_in,
    match_borders,
    node,
    segments,
    shared,
)

CLEAR_CM = 10.0  # a line keeps so far from the point that tells where a building stands
STEP = 0.1  # of the way to that point an entrance is thought nearer, until the line is clear of it
TRIES = 12
ROUNDING_M = 0.02  # a shorter common line came from rounding, and is none


@dataclass(frozen=True)
class Standing:
    """The buildings of some ground, one row each.

    footprints: in metres. spots: a point inside each, which tells where it stands. plot: on which, -1 for
    none. households: of each.
    """

    footprints: Geometries
    spots: Geometries
    plot: IntArray
    households: IntArray


@dataclass(frozen=True)
class DividedPlots:
    """Plots after buildings were divided.

    polygons: in metres on the lattice. origin: the former plot each is, or is part of. buildings: how many
    stand on each. plot_of_building, plot_of_door: -1 for none; of doors only those of divided buildings have
    one. divided: the buildings. whole: those that stay whole, with the code of WHY_WHOLE.
    """

    polygons: Geometries
    table: PlotTable
    origin: IntArray
    buildings: IntArray
    plot_of_building: IntArray
    plot_of_door: IntArray
    divided: IntArray
    whole: Mapping[int, str] = field(default_factory=dict)


WHY_WHOLE = ("no_plot", "few_entrances", "miscounted", "entrance_elsewhere", "entrance_cut_off")


def divided_by_entrances(
    polygons: Geometries, table: PlotTable, standing: Standing, doors: Doors, wanted: IntArray
) -> DividedPlots:
    """Divide the plots of some buildings by their entrances.

    polygons: the plots in metres, on the lattice, tiling their ground. wanted: positions of the buildings.
    A building stays whole where it stands on no plot (`no_plot`), has fewer than two entrances
    (`few_entrances`), the households behind them are not the building's (`miscounted`), one lies on
    another plot (`entrance_elsewhere`), or one would be cut off from its ground (`entrance_cut_off`).
    Refused with `plots_do_not_match` where the plots cannot be matched again.
    """
    frame = Frame.around(shapely.box(*shapely.total_bounds(polygons)))
    ground = frame.to_cm(polygons)
    points = frame.to_cm(doors.points)
    spots = frame.to_cm(standing.spots)
    whole = _unfit(ground, standing, doors, points, wanted)
    fit = np.array([one for one in np.unique(wanted).tolist() if one not in whole], np.int64)
    cut: dict[int, tuple[Shapes, IntArray]] = {}
    for plot in np.unique(standing.plot[fit]).tolist():
        here = fit[standing.plot[fit] == plot]
        pieces = _pieces(
            ground[plot],
            frame.to_cm(standing.footprints[_others(standing, plot, here)]),
            points[_doors_of(doors, here)],
            spots[here],
        )
        if pieces is None:
            whole |= dict.fromkeys(here.tolist(), "entrance_cut_off")
        else:
            cut[plot] = pieces, _doors_of(doors, here)
    return _finished(frame, ground, table, standing, doors, points, spots, cut, whole)


def _unfit(
    ground: Shapes, standing: Standing, doors: Doors, points: Shapes, wanted: IntArray
) -> dict[int, str]:
    """The buildings that cannot be divided, and why."""
    whole: dict[int, str] = {}
    for one in np.unique(wanted).tolist():
        own = _doors_of(doors, np.array([one]))
        plot = int(standing.plot[one])
        if plot < 0:
            whole[one] = "no_plot"
        elif len(own) < FEWEST:
            whole[one] = "few_entrances"
        elif int(doors.households[own].sum()) != int(standing.households[one]):
            whole[one] = "miscounted"
        elif not shapely.contains_properly(ground[plot], points[own]).all():
            whole[one] = "entrance_elsewhere"
    return whole


def _doors_of(doors: Doors, buildings: IntArray) -> IntArray:
    """Positions of the entrances of these buildings."""
    return np.flatnonzero(np.isin(doors.building, buildings))


def _others(standing: Standing, plot: int, divided: IntArray) -> IntArray:
    """The buildings on a plot that stay whole."""
    return np.setdiff1d(np.flatnonzero(standing.plot == plot), divided)


# --- One plot ----------------------------------------------------------------------------------------------


def _pieces(plot: shapely.Geometry, others: Shapes, doors: Shapes, spots: Shapes) -> Shapes | None:
    """The ground of each entrance, in their order: one polygon each, together the plot; None where one
    would be cut off from its ground.

    others: footprints that stay whole. spots: points that no line may run through.
    """
    near = shapely.get_coordinates(doors)
    if len(np.unique(near, axis=0)) < len(near):
        return None
    cells = _cells(plot, near, shapely.get_coordinates(spots))
    bodies = shapely.get_parts(shapely.intersection(shapely.union_all(others), plot))
    bodies = bodies[shapely.area(bodies) > 0]
    lines = [shapely.boundary(plot), *(shapely.intersection(shapely.boundary(cell), plot) for cell in cells)]
    bits = faces(node(np.array([*lines, *shapely.boundary(bodies)], object)))
    inner = inner_points(bits)
    bits, inner = bits[inside := shapely.intersects(plot, inner)], inner[inside]
    owner = lies_in(inner, cells)
    owner[owner < 0] = shapely.STRtree(doors).nearest(inner[owner < 0])
    _keep_whole(bits, inner, owner, bodies)
    owner = _in_one_piece(bits, owner, lies_in(doors, bits))
    pieces = [shapely.coverage_union_all(bits[owner == door]) for door in range(len(doors))]
    sound = all(
        piece.geom_type == "Polygon" and shapely.contains_properly(piece, door)
        for piece, door in zip(pieces, doors, strict=True)
    )
    return np.array(pieces, object) if sound else None


def _cells(plot: shapely.Geometry, doors: FloatArray, spots: FloatArray) -> Shapes:
    """The ground nearest to each entrance; no line comes near a spot, lest nobody knew on which side it is.

    A building as like to itself as a mirror image has its spot right on the line: then the entrance that
    is nearest to it counts as somewhat nearer.
    """
    seen = doors.copy()
    for _ in range(TRIES):
        cells = np.asarray(
            shapely.get_parts(
                shapely.voronoi_polygons(shapely.multipoints(seen), extend_to=plot, ordered=True)
            )
        )
        lines = shapely.multilinestrings(list(shapely.get_parts(shapely.boundary(cells))))
        crowded = np.flatnonzero(shapely.distance(shapely.points(spots), lines) < CLEAR_CM)
        if len(crowded) == 0:
            break
        spot = spots[crowded[0]]
        nearest = int(np.argmin(np.round(np.hypot(*(seen - spot).T), 3)))
        seen[nearest] += STEP * (spot - seen[nearest])
    return cells


def _keep_whole(bits: Shapes, inner: Shapes, owner: IntArray, bodies: Shapes) -> None:
    """Give all bits of a footprint that stays whole to the entrance that has most of it."""
    body = lies_in(inner, bodies)
    area = shapely.area(bits)
    for one in np.unique(body[body >= 0]):
        own = body == one
        owner[own] = np.argmax(np.bincount(owner[own], area[own]))


def _in_one_piece(bits: Shapes, owner: IntArray, home: IntArray) -> IntArray:
    """The owner of each bit, where what is cut off from its entrance goes to the longest neighbour.

    home: the bit each entrance lies in.
    """
    s = segments(bits)
    first, second, _ = shared(s)
    a, b, length = s.polygon[first], s.polygon[second], s.length[first]
    owner = owner.copy()
    for _ in range(len(bits)):
        same = owner[a] == owner[b]
        part = joined(len(bits), a[same], b[same])
        lost = ~np.isin(part, part[home])
        if not lost.any():
            break
        one, other = lost[a] & ~lost[b], lost[b] & ~lost[a]
        taken = np.append(part[a[one]], part[b[other]])
        taker = np.append(owner[b[one]], owner[a[other]])
        if len(taken) == 0:
            break
        rows, place = np.unique(np.stack([taken, taker], 1), axis=0, return_inverse=True)
        total = np.bincount(place.ravel(), np.append(length[one], length[other]))
        best = rows[np.lexsort((rows[:, 1], -np.round(total, 6)))[0]]
        owner[part == best[0]] = best[1]
    return owner


# --- All plots ---------------------------------------------------------------------------------------------


def _finished(
    frame: Frame,
    ground: Shapes,
    table: PlotTable,
    standing: Standing,
    doors: Doors,
    points: Shapes,
    spots: Shapes,
    cut: Mapping[int, tuple[Shapes, IntArray]],
    whole: dict[int, str],
) -> DividedPlots:
    """All plots with those that were cut as their pieces, matched, and with their figures."""
    polygons, origin, is_whole = pieces_together(ground, cut)
    now = np.full(len(ground), -1, np.int64)
    now[origin[is_whole]] = np.flatnonzero(is_whole)
    cut_doors = np.concatenate([np.zeros(0, np.int64), *(own for _, own in cut.values())]).astype(np.int64)
    of_door = np.full(len(doors.points), -1, np.int64)
    plot_of_door = standing.plot[doors.building[cut_doors]]
    of_door[cut_doors] = piece_at(points[cut_doors], plot_of_door, polygons, origin)
    of_building = np.where(standing.plot >= 0, now[standing.plot], -1)
    astray = np.flatnonzero((standing.plot >= 0) & (of_building < 0))  # their plot was cut
    of_building[astray] = piece_at(spots[astray], standing.plot[astray], polygons, origin)
    divided = np.unique(doors.building[cut_doors])

    households = np.where(is_whole, table.households[origin], 0)
    others = np.setdiff1d(astray, divided)
    np.add.at(households, of_building[others], standing.households[others])
    np.add.at(households, of_door[cut_doors], doors.households[cut_doors])
    metres = frame.to_metres(polygons)
    changed = ~shapely.equals_exact(metres, frame.to_metres(ground)[origin], tolerance=0.0)
    edges = edges_of_pieces(polygons, table.edges, origin, is_whole)
    return DividedPlots(
        metres,
        figures_of_pieces(table, origin, metres, changed, households, edges),
        origin,
        np.bincount(of_building[of_building >= 0], minlength=len(origin)).astype(np.int64),
        of_building,
        of_door,
        divided,
        whole,
    )


def piece_at(points: Shapes, plot: IntArray, polygons: Shapes, origin: IntArray) -> IntArray:
    """The piece of its plot (one of `plot` each) that a point lies in.

    A building may reach over the outline or into another plot, and its point with it; it stays with its
    plot then, on the piece that is nearest.
    """
    found = lies_in(points, polygons)
    for k in np.flatnonzero((found < 0) | (origin[found] != plot)).tolist():
        own = np.flatnonzero(origin == plot[k])
        found[k] = own[int(np.argmin(shapely.distance(polygons[own], points[k])))]
    return found


def pieces_together(
    ground: Shapes, cut: Mapping[int, tuple[Shapes, IntArray]]
) -> tuple[Shapes, IntArray, BoolArray]:
    """Whole plots and pieces, with the same corners on both sides of every line; the plot each is of, and
    which are whole. Pieces stand where their plot stood."""
    kept = np.setdiff1d(np.arange(len(ground)), np.array([*cut], np.int64))
    origin = np.concatenate([kept, *(np.full(len(pieces), plot) for plot, (pieces, _) in cut.items())])
    polygons = np.concatenate([ground[kept], *(pieces for pieces, _ in cut.values())])
    if cut:
        polygons = match_borders(polygons, shapely.coverage_union_all(ground))
        if lost := int(shapely.is_empty(polygons).sum()):
            raise Refusal("plots_do_not_match", count=lost)
    order = np.argsort(origin, kind="stable")
    origin = origin[order].astype(np.int64)
    return polygons[order], origin, np.isin(origin, kept)


def figures_of_pieces(
    before: PlotTable,
    origin: IntArray,
    metres: Shapes,
    changed: BoolArray,
    households: IntArray,
    edges: Edges,
) -> PlotTable:
    """The figures of the plots now; those of ground that did not change are what they were."""
    area = np.where(changed, shapely.area(metres), before.area[origin])
    perimeter = np.where(changed, shapely.length(metres), before.perimeter[origin])
    inner = sum(np.bincount(end, edges.metres, len(origin)) for end in (edges.i, edges.j))
    xy = before.xy[origin].copy()
    xy[changed] = shapely.get_coordinates(shapely.centroid(metres[changed]))
    return PlotTable(households, area, perimeter, np.maximum(perimeter - inner, 0.0), xy, edges)


def edges_of_pieces(polygons: Shapes, before: Edges, origin: IntArray, is_whole: BoolArray) -> Edges:
    """Who touches whom now. Lines between whole plots are what they were.

    A piece's line to another plot is of the class that line had; where it had several, the piece has its
    share of each. Between pieces of one plot it runs inside the block.
    """
    now = np.full(int(origin.max()) + 1, -1, np.int64)
    now[origin[is_whole]] = np.flatnonzero(is_whole)
    left = (now[before.i] >= 0) & (now[before.j] >= 0)
    former: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(~left).tolist():
        former.setdefault((int(before.i[row]), int(before.j[row])), []).append(row)

    new: list[tuple[int, int, float, int, bool]] = []
    for i, j, metres in _lines_of_pieces(polygons, is_whole):
        one, other = sorted((int(origin[i]), int(origin[j])))
        lines = former.get((one, other), [])
        if one == other:
            new.append((i, j, metres, LineClass.INSIDE_BLOCK, False))
        elif not lines and metres >= ROUNDING_M:  # they met in a corner before
            new.append((i, j, metres, LineClass.INSIDE_BLOCK, True))
        share = metres / float(before.metres[lines].sum()) if lines else 0.0
        new += [
            (i, j, share * float(before.metres[k]), int(before.kind[k]), bool(before.wall[k])) for k in lines
        ]
    columns = [np.array(column) for column in zip(*new, strict=True)] or [np.zeros(0)] * 5
    every = Edges(
        np.append(now[before.i[left]], columns[0]).astype(np.int64),
        np.append(now[before.j[left]], columns[1]).astype(np.int64),
        np.append(before.metres[left], columns[2]).astype(np.float64),
        np.append(before.kind[left], columns[3]).astype(np.int8),
        np.append(before.wall[left], columns[4]).astype(np.bool_),
    )
    order = np.lexsort((every.wall, every.kind, every.j, every.i))
    return Edges(*(getattr(every, name)[order] for name in ("i", "j", "metres", "kind", "wall")))


def _lines_of_pieces(polygons: Shapes, is_whole: BoolArray) -> list[tuple[int, int, float]]:
    """Pairs of plots of which one at least is a piece, and the metres of line they share."""
    s = segments(polygons)
    first, second, _ = shared(s)
    a, b = s.polygon[first], s.polygon[second]
    touched = ~(is_whole[a] & is_whole[b])
    ends = np.stack([np.minimum(a, b)[touched], np.maximum(a, b)[touched]], 1)
    pairs, place = np.unique(ends, axis=0, return_inverse=True)
    metres = np.bincount(place.ravel(), s.length[first][touched], len(pairs)) / CM
    return [(int(i), int(j), float(length)) for (i, j), length in zip(pairs, metres, strict=True)]
