"""Open ground cut along a line that a manager drew, never through a building.

Each plot that the line crosses from border to border becomes two or more; every new corner is put into the
ring of the neighbour too, so that plots still tile their ground on the centimetre lattice with all edges
matched. A plot whose ring gets a corner more is another plot than before, for plots are never changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from app.errors import Refusal
from app.geo.crs import Geometries
from app.geo.editing import thought_on
from app.geo.entrances import edges_of_pieces, figures_of_pieces, piece_at, pieces_together
from app.geo.plots import BoolArray, IntArray, PlotTable
from app.geo.tessellate.arrangement import (
    CM,
    Frame,
    Shapes,
    faces,
    inner_points,
    longest_neighbour,
    node,
    segments,
    shared,
)

SCRAP_M2 = 4.0  # a smaller piece stays with the one beside it
HAIR_CM = 5.0  # a line so far within a footprint runs along its wall; deeper it runs through it


@dataclass(frozen=True)
class Standing:
    """What stands on some ground: each building once, or each entrance of one that is divided.

    spots: a point of each, in metres; plot: on which it stands. households, buildings: what it adds to it.
    """

    spots: Geometries
    plot: IntArray
    households: IntArray
    buildings: IntArray


@dataclass(frozen=True)
class CutPlots:
    """Plots after a cut.

    polygons: in metres on the lattice. origin: the former plot each is, or is part of. is_whole: whether it
    is all of that. changed: whether its ring is another. stands_on: the plot of each of `Standing`.
    """

    polygons: Geometries
    table: PlotTable
    origin: IntArray
    buildings: IntArray
    is_whole: BoolArray
    changed: BoolArray
    stands_on: IntArray


def cut_plots(
    polygons: Geometries,
    table: PlotTable,
    buildings: IntArray,
    wanted: IntArray,
    line: shapely.Geometry,
    footprints: Geometries,
    standing: Standing,
) -> CutPlots:
    """Cut the wanted plots where a line crosses them.

    polygons: in metres on the lattice: the wanted plots and all that touch one of them. line: in metres; an
    end within a plot is thought on to its border unless most of the way would be. footprints: of the
    buildings near, in metres.
    Refused with `building_in_the_way` (facts `building`, a position in `footprints`), `cut_cuts_nothing`, and
    `plots_do_not_match` where the plots cannot be matched again.
    """
    frame = Frame.around(shapely.box(*shapely.total_bounds(polygons)))
    ground = frame.to_cm(polygons)
    drawn = frame.to_cm(np.array([line], object))[0]
    bodies = shapely.buffer(frame.to_cm(footprints), -HAIR_CM, join_style="mitre")
    cut: dict[int, tuple[Shapes, IntArray]] = {}
    for plot in wanted.tolist():
        across = _across(drawn, ground[plot])
        pieces = _pieces(ground[plot], across)
        if len(pieces) > 1:
            _check_buildings(across, ground[plot], bodies)
            cut[plot] = pieces, np.zeros(0, np.int64)
    if not cut:
        raise Refusal("cut_cuts_nothing")
    polygons_now, origin, is_whole = pieces_together(ground, cut)
    metres = frame.to_metres(polygons_now)
    changed = ~shapely.equals_exact(metres, frame.to_metres(ground)[origin], tolerance=0.0)
    stands_on = _stands_on(frame.to_cm(standing.spots), standing.plot, polygons_now, origin, is_whole)
    households = _shared_out(table.households, standing.households, standing.plot, stands_on, origin, metres)
    counted = _shared_out(buildings, standing.buildings, standing.plot, stands_on, origin, metres)
    edges = edges_of_pieces(polygons_now, table.edges, origin, is_whole)
    return CutPlots(
        metres,
        figures_of_pieces(table, origin, metres, changed, households, edges),
        origin,
        counted,
        is_whole,
        changed,
        stands_on,
    )


def _across(line: shapely.Geometry, plot: shapely.Geometry) -> shapely.Geometry:
    """A line as it cuts one plot: with an end in it, gone on to the border; a ring has no end."""
    is_open = line.geom_type == "LineString" and not shapely.is_closed(line)
    return thought_on(line, plot) if is_open else line


def _pieces(plot: shapely.Geometry, line: shapely.Geometry) -> Shapes:
    """The parts a line divides a plot into; scraps stay with the part they share the longest line with."""
    inside = shapely.intersection(line, plot)
    if shapely.length(inside) == 0:
        return np.array([plot], object)
    bits = faces(node(np.array([shapely.boundary(plot), inside], object)))
    bits = bits[shapely.intersects(plot, inner_points(bits))]
    owner = _without_scraps(bits)
    joined = [shapely.coverage_union_all(bits[owner == number]) for number in np.unique(owner)]
    sound = all(piece.geom_type == "Polygon" for piece in joined)
    return np.array(joined if sound else [plot], object)


def _without_scraps(bits: Shapes) -> IntArray:
    """Number of the part each bit belongs to: its own, or of a scrap that of its longest neighbour."""
    owner = np.arange(len(bits))
    pieces = segments(bits)
    first, second, _ = shared(pieces)
    one, other, length = pieces.polygon[first], pieces.polygon[second], pieces.length[first]
    for _ in range(len(bits)):
        area = np.bincount(owner, shapely.area(bits), len(bits))
        small = (area > 0) & (area < SCRAP_M2 * CM**2)
        a, b = owner[one], owner[other]
        apart = a != b
        ends = np.append(a[apart], b[apart]), np.append(b[apart], a[apart])
        best, _ = longest_neighbour(*ends, np.tile(length[apart], 2), len(bits))
        scraps = np.flatnonzero(small & (best >= 0))
        if len(scraps) == 0:
            break
        smallest = scraps[np.argmin(area[scraps])]
        owner[owner == smallest] = best[smallest]
    return owner


def _check_buildings(line: shapely.Geometry, plot: shapely.Geometry, bodies: Shapes) -> None:
    near = shapely.STRtree(bodies).query(shapely.intersection(line, plot), predicate="intersects")
    if len(near):
        raise Refusal("building_in_the_way", building=int(np.sort(near)[0]))


def _stands_on(
    spots: Shapes, plot: IntArray, polygons: Shapes, origin: IntArray, is_whole: BoolArray
) -> IntArray:
    """The plot now of each thing that stands on one: that plot, or the piece of it its point lies in."""
    now = np.full(int(origin.max()) + 1, -1, np.int64)
    now[origin[is_whole]] = np.flatnonzero(is_whole)
    found = now[plot]
    astray = np.flatnonzero(found < 0)
    if len(astray):
        found[astray] = piece_at(spots[astray], plot[astray], polygons, origin)
    return found


def _shared_out(
    before: IntArray,
    each: IntArray,
    plot: IntArray,
    stands_on: IntArray,
    origin: IntArray,
    metres: Geometries,
) -> IntArray:
    """What each plot counts now: pieces what stands on them; what nothing stands for stays with the largest
    piece. Together the pieces of a plot count what it did."""
    counts = np.bincount(stands_on, each, len(origin)).astype(np.int64)
    largest = np.lexsort((shapely.area(metres), origin))
    main = largest[np.append(np.diff(origin[largest]) > 0, True)]
    total = np.bincount(origin, counts, len(before)).astype(np.int64)
    counts[main] += (before - total)[origin[main]]
    short = np.flatnonzero(counts < 0)  # it was counted on another day: then by none of the pieces in turn
    for piece in short.tolist():
        for other in np.flatnonzero(origin == origin[piece]).tolist():
            taken = min(max(counts[other], 0), -int(counts[piece]))
            counts[other] -= taken
            counts[piece] += taken
    return counts
