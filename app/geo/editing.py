"""Changing a plan by hand: what an act does to the grids it is about, or why it cannot be done.

An act looks at an `Excerpt`, some grids of a plan with all of their plots, and answers the grid of each plot
afterwards; numbers from the excerpt's count on are new grids. Nothing is changed that was given. Refusals
name grids and plots by number. What a grid may be is said once, in `checked`: within one community, in no
more pieces than before, and nothing that is locked has moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import shapely

from app.errors import Refusal
from app.geo import partition
from app.geo.crs import Geometries
from app.geo.partition import grid_count, moves, piece_of, pieces
from app.geo.plots import Band, BoolArray, FloatArray, IntArray, LineClass, PlotTable
from app.geo.split import Settings, Wishes, split, steering
from app.geo.tessellate.arrangement import (
    CM,
    Frame,
    longest_neighbour,
    segments,
    shared,
    two_point_lines,
)

MOSTLY = 0.5  # of a plot's ground decides on which side of a line, or in what was drawn, it lies
DRAWN_SHARE = 0.5  # of a dividing line must have been drawn; the rest is thought on to the next border
HAIR_M = 0.01  # beside a line, to see which ground lies there
ALONG_M = 2.0  # a border that runs so near to a street's line follows it
EVENNESS = (0.10, 0.02)  # bands around the mean in which a grid is divided; the most even way is taken
# One grid has few ways to be divided: with fewer rounds than a place gets, it is divided as evenly.
DIVIDING = Settings(sweeps=5, mending_sweeps=4, mend_rounds=10, rounds=40)
KEPT_SHARE = 0.3  # of a grid's load and ground stays with it where its border moves onto a street between
END_M = 15.0  # beyond a street's end ground still lies beside it
WORTH_FOLLOWING_M = 15.0  # a street that plots share less of is none to follow


@dataclass(frozen=True)
class Excerpt:
    """Some grids of a plan with all of their plots.

    table: of the plots; lines to plots of other grids are outline. grid: number 0 … k-1 of each plot's grid,
    every number occurs. polygons: in metres. community, buildings: of each plot. load: what is held against
    `band`, in its unit. fixed: plots that keep their grid, shape (n,). closed: grids that keep their plots
    and get no other, shape (k,). special: grids that no band concerns, shape (k,). group: number 0 … m-1 of
    what moves as one where the engine chooses, a compound or a plot. lines: how borders should take to lines
    of a class there, as in `steering.Wishes`.
    """

    table: PlotTable
    grid: IntArray
    polygons: Geometries
    community: IntArray
    buildings: IntArray
    load: IntArray
    band: Band
    fixed: BoolArray
    closed: BoolArray
    special: BoolArray
    group: IntArray
    lines: Mapping[LineClass, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many grids there are before the act."""
        return len(self.closed)

    def loads(self, grid: IntArray) -> IntArray:
        """What each grid 0 … holds of what the band is held against; at least `count` of them."""
        return np.bincount(grid, self.load, self.count).astype(np.int64)

    def members(self, *numbers: int) -> IntArray:
        """The plots of these grids, in rising order."""
        return np.flatnonzero(np.isin(self.grid, numbers))


def checked(excerpt: Excerpt, after: IntArray) -> IntArray:
    """The plan after an act, if it breaks no rule.

    Refused with `nothing_changes`, `grid_is_locked`, `building_is_locked`, `community_crossed` and
    `grid_in_pieces` (a grid in more pieces than before, or a new one in several); facts `plots` are those to
    draw.
    """
    done = moves(excerpt.grid, after)
    if len(done) == 0:
        raise Refusal("nothing_changes")
    ends = np.stack([done.came_from, done.goes_to], axis=1)
    shut = np.append(excerpt.closed, np.zeros(max(0, grid_count(after) - excerpt.count), np.bool_))[ends]
    if shut.any():
        at = int(np.argmax(shut.any(axis=1)))
        raise Refusal("grid_is_locked", grid=int(ends[at][shut[at]][0]), plots=done.plots[shut.any(axis=1)])
    if excerpt.fixed[done.plots].any():
        held = done.plots[excerpt.fixed[done.plots]]
        raise Refusal("building_is_locked", grid=int(excerpt.grid[held[0]]), building=None, plots=held)
    _check_communities(excerpt, after, np.unique(done.goes_to))
    _check_pieces(excerpt, after, np.unique(ends))
    return after


def _check_communities(excerpt: Excerpt, after: IntArray, gaining: IntArray) -> None:
    for number in gaining.tolist():
        members = np.flatnonzero(after == number)
        places, first = np.unique(excerpt.community[members], return_index=True)
        if len(places) > 1:
            came = members[excerpt.grid[members] != number]
            own = members[excerpt.grid[members] == number]
            home = excerpt.community[own[0]] if len(own) else places[np.argmin(first)]
            strange = came[excerpt.community[came] != home]
            raise Refusal("community_crossed", grid=number, plots=strange)


def _check_pieces(excerpt: Excerpt, after: IntArray, concerned: IntArray) -> None:
    edges = excerpt.table.edges
    before = np.append(pieces(edges, excerpt.grid), np.ones(grid_count(after), np.int64))
    now = pieces(edges, after)
    for number in concerned[concerned < len(now)].tolist():
        allowed = max(1, int(before[number])) if number < excerpt.count else 1
        if now[number] > allowed:
            torn = torn_off(excerpt, after, number)
            raise Refusal("grid_in_pieces", grid=number, pieces=int(now[number]), plots=torn)


def torn_off(excerpt: Excerpt, grid: IntArray, number: int) -> IntArray:
    """The plots of a grid outside its largest piece, by load and then by ground."""
    table = excerpt.table
    return partition.torn_off(table.edges, grid, number, excerpt.load, table.area)


# --- Giving, joining, drawing ------------------------------------------------------------------------------


def give(excerpt: Excerpt, plots: IntArray, to: int) -> IntArray:
    """Plots go to a grid, as when a manager sweeps a border over them."""
    after = excerpt.grid.copy()
    after[plots] = to
    return checked(excerpt, after)


def merge(excerpt: Excerpt, into: int, others: IntArray) -> IntArray:
    """All plots of some grids go to one of them; the others are given up."""
    after = np.where(np.isin(excerpt.grid, others), into, excerpt.grid).astype(np.int64)
    return checked(excerpt, after)


def plots_under(polygons: Geometries, drawn: shapely.Geometry) -> IntArray:
    """The plots most of whose ground lies in a polygon; both in one CRS in metres."""
    near = np.sort(shapely.STRtree(polygons).query(drawn, predicate="intersects"))
    share = shapely.area(shapely.intersection(polygons[near], drawn)) / shapely.area(polygons[near])
    return np.asarray(near[share > MOSTLY], dtype=np.int64)


def draw(excerpt: Excerpt, plots: IntArray) -> IntArray:
    """The plots become a new grid; what that tears off their former grids goes to a neighbour.

    Each former grid keeps its largest piece. A piece torn off goes to the neighbour with the longest line,
    and to the new grid only where nothing else is beside it.
    Refused with `drawn_holds_no_plot`, `drawn_across_communities`, `drawn_in_pieces`, and as `checked` says.
    """
    if len(plots) == 0:
        raise Refusal("drawn_holds_no_plot")
    new = excerpt.count
    places, counts = np.unique(excerpt.community[plots], return_counts=True)
    if len(places) > 1:
        strange = plots[excerpt.community[plots] != places[np.argmax(counts)]]
        raise Refusal("drawn_across_communities", plots=strange)
    after = excerpt.grid.copy()
    after[plots] = new
    if (parts := int(pieces(excerpt.table.edges, after)[new])) > 1:
        raise Refusal("drawn_in_pieces", pieces=parts, plots=torn_off(excerpt, after, new))
    torn = _newly_torn(excerpt, after)
    after = _rehomed(excerpt, after, torn, np.append(excerpt.closed, True))
    after = _rehomed(excerpt, after, torn & (after < 0), np.append(excerpt.closed, False))
    after = np.where(after < 0, excerpt.grid, after)  # nobody is beside it: `checked` says so
    return checked(excerpt, after)


def _newly_torn(excerpt: Excerpt, after: IntArray) -> BoolArray:
    """Plots of grids that are in more pieces than before, outside the largest piece of each."""
    edges = excerpt.table.edges
    before, now = pieces(edges, excerpt.grid), pieces(edges, after)
    torn = np.zeros(len(after), np.bool_)
    for number in np.flatnonzero(now[: excerpt.count] > np.maximum(1, before[: len(now)][: excerpt.count])):
        torn[torn_off(excerpt, after, int(number))] = True
    return torn


def _rehomed(excerpt: Excerpt, grid: IntArray, homeless: BoolArray, barred: BoolArray) -> IntArray:
    """Pieces of plots without a home go whole to the grid they share the longest line with.

    barred: grids that take none, by number. Plots nobody takes come back as -1.
    """
    edges, n = excerpt.table.edges, len(grid)
    after = np.where(homeless, -1, grid).astype(np.int64)
    while (after < 0).any():
        piece = piece_of(edges, np.where(after < 0, -1 - grid, after))
        rows = ~edges.wall & (excerpt.community[edges.i] == excerpt.community[edges.j])
        rows &= (after[edges.i] < 0) != (after[edges.j] < 0)
        inner = np.where(after[edges.i] < 0, edges.i, edges.j)[rows]
        taker = after[np.where(after[edges.i] < 0, edges.j, edges.i)[rows]]
        open_ = ~barred[taker]
        best, _ = longest_neighbour(piece[inner][open_], taker[open_], edges.metres[rows][open_], n)
        found = (after < 0) & (best[piece] >= 0)
        if not found.any():
            break
        after[found] = best[piece[found]]
    return after


# --- Dividing ----------------------------------------------------------------------------------------------


def divide_by_line(excerpt: Excerpt, number: int, line: shapely.Geometry) -> IntArray:
    """A grid becomes two along a line: each plot goes to the side that most of its ground lies on.

    Both sides are one piece: a scrap goes over to the other one. The side with more of the load, or with what
    is locked, stays the grid. line: in metres; an end within the grid is thought on to its border.
    Refused with `line_divides_nothing`, and as `checked` says.
    """
    members = excerpt.members(number)
    share = left_shares(excerpt.polygons[members], line)
    if share is None:
        raise Refusal("line_divides_nothing", grid=number, plots=members[:0])
    return checked(excerpt, _in_two(excerpt, number, members, share > MOSTLY))


def _in_two(excerpt: Excerpt, number: int, members: IntArray, apart: BoolArray) -> IntArray:
    """The grid and a new one of the plots `apart`, each in one piece where that can be."""
    new = excerpt.count
    after = excerpt.grid.copy()
    after[members[apart]] = new
    if apart.all() or not apart.any():
        raise Refusal("line_divides_nothing", grid=number, plots=members[:0])
    scraps = np.zeros(len(after), np.bool_)
    for side in (number, new):
        scraps[torn_off(excerpt, after, side)] = True
    barred = np.ones(new + 1, np.bool_)
    barred[[number, new]] = False
    after = _rehomed(excerpt, after, scraps, barred)
    after = np.where(after < 0, number, after)  # it was apart from the rest before
    if not (after == new).any():
        raise Refusal("line_divides_nothing", grid=number, plots=members[:0])
    return _keeping(excerpt, after, number, new)


def _keeping(excerpt: Excerpt, after: IntArray, number: int, *new: int) -> IntArray:
    """The same with the numbers exchanged so that the part with what is locked, else with most of the load,
    keeps the grid's number."""
    parts = [number, *new]
    held = np.bincount(after, excerpt.fixed & np.isin(after, parts), max(parts) + 1)
    load = np.bincount(after, excerpt.load, max(parts) + 1)
    best = max(parts, key=lambda part: (held[part], load[part], -part))
    if best == number:
        return after
    return np.where(after == best, number, np.where(after == number, best, after)).astype(np.int64)


def left_shares(polygons: Geometries, line: shapely.Geometry) -> FloatArray | None:
    """The share of each plot's ground to the left of a line; None where it does not divide their ground.

    polygons: plots of one ground, in metres. Where the line crosses several times, each part of the ground
    is on the side that more of the line beside it says.
    """
    outline = shapely.coverage_union_all(polygons)
    line = thought_on(line, outline)
    faces = _faces(outline, line)
    if len(faces) < 2:
        return None
    left = shapely.union_all(faces[_is_left(faces, line, outline)])
    shares = shapely.area(shapely.intersection(polygons, left)) / shapely.area(polygons)
    return np.asarray(shares, dtype=np.float64)


def _faces(outline: shapely.Geometry, line: shapely.Geometry) -> Geometries:
    """The parts a line divides some ground into."""
    noded = shapely.union_all([shapely.boundary(outline), line])
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), dtype=object)
    inside = shapely.intersects(outline, shapely.point_on_surface(faces))
    return np.asarray(faces[inside], dtype=object)


def _is_left(faces: Geometries, line: shapely.Geometry, outline: shapely.Geometry) -> BoolArray:
    """Whether more of the line beside each face has it to its left than to its right."""
    drawn, _ = two_point_lines(shapely.get_parts(line))
    inside = shapely.get_parts(shapely.intersection(shapely.union_all(drawn), outline))
    pieces_, _ = two_point_lines(inside[shapely.get_dimensions(inside) == 1])
    middle = shapely.line_interpolate_point(pieces_, 0.5, normalized=True)
    along = _directions(drawn)[shapely.STRtree(drawn).nearest(middle)]  # noding may turn a piece round
    aside = np.stack([-along[:, 1], along[:, 0]], axis=1) * HAIR_M
    score = np.zeros(len(faces))
    for sign in (1.0, -1.0):
        points = shapely.points(shapely.get_coordinates(middle) + sign * aside)
        piece, face = shapely.STRtree(faces).query(points, predicate="intersects")
        np.add.at(score, face, sign * shapely.length(pieces_)[piece])
    return np.asarray(score > 0)


def _directions(lines: Geometries) -> FloatArray:
    """Unit vectors of two-point lines, shape (m, 2)."""
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    along = ends[:, 1] - ends[:, 0]
    return np.asarray(along / np.maximum(np.hypot(*along.T), 1e-9)[:, None])


def thought_on(line: shapely.Geometry, outline: shapely.Geometry) -> shapely.Geometry:
    """A line that ends within some ground, gone on straight to its border; unless most would be thought."""
    drawn_m = shapely.length(shapely.intersection(line, outline))
    xy = shapely.get_coordinates(line)
    xy = xy[np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1))]
    if len(xy) < 2 or drawn_m == 0:
        return line
    first, last = _onward(xy[1], xy[0], outline), _onward(xy[-2], xy[-1], outline)
    thought_m = np.hypot(*(first - xy[0])) + np.hypot(*(last - xy[-1]))
    if drawn_m < DRAWN_SHARE * (drawn_m + thought_m):
        return line
    return shapely.LineString(np.vstack([first, xy, last]))


def _onward(before: FloatArray, end: FloatArray, outline: shapely.Geometry) -> FloatArray:
    """Where a line that comes from `before` and ends within some ground would just have left it; else its
    end."""
    if not shapely.contains_xy(outline, *end):
        return end
    west, south, east, north = shapely.bounds(outline)
    reach = np.hypot(east - west, north - south) + 1.0
    ahead = (end - before) / np.hypot(*(end - before))
    ray = shapely.LineString([end, end + ahead * reach])
    away = shapely.distance(shapely.intersection(ray, shapely.boundary(outline)), shapely.Point(end))
    return np.asarray(end + ahead * (away + 1.0))


def divide_into(excerpt: Excerpt, number: int, parts: int, rng: np.random.Generator) -> IntArray:
    """A grid becomes several of loads as equal as its plots allow, by the engine that splits places.

    The part with what is locked, else with most of the load, stays the grid.
    Refused with `parts_too_many`, and as `checked` says.
    """
    members = excerpt.members(number)
    found = [
        label
        for tolerance in EVENNESS
        if (label := _divided(excerpt, members, parts, tolerance, rng)) is not None
    ]
    if not found:
        most = min(parts - 1, len(np.unique(excerpt.group[members])))
        raise Refusal("parts_too_many", grid=number, parts=parts, most=max(1, most))
    label = min(found, key=lambda one: _unevenness(excerpt.load[members], one))
    after = excerpt.grid.copy()
    after[members] = np.where(label == 0, number, excerpt.count - 1 + label)
    new = range(excerpt.count, excerpt.count + parts - 1)
    return checked(excerpt, _keeping(excerpt, after, number, *new))


def _divided(
    excerpt: Excerpt, members: IntArray, parts: int, tolerance: float, rng: np.random.Generator
) -> IntArray | None:
    """Number 0 … parts-1 of each member; None where the engine finds no such division."""
    table = steering.taken_out(walled(excerpt), members)
    table = replace(table, households=excerpt.load[members])
    band = Band.around(max(2, round(float(excerpt.load[members].sum()) / parts)), tolerance)
    fixed = np.flatnonzero(excerpt.fixed[members])
    locked = np.full(len(members), -1, np.int64)
    if len(fixed) > 1:
        anchored = steering.anchor(table, fixed, np.arange(len(members)))
        locked[fixed if anchored is None else anchored] = 0
    group = excerpt.group[members]
    whole = np.where(np.bincount(group)[group] > 1, group, -1)
    wishes = Wishes(count=parts, lines=excerpt.lines, locked=locked, whole=whole)
    try:
        label = split(table, band, rng, settings=DIVIDING, wishes=wishes).grid
    except Refusal as refusal:
        if refusal.code not in ("coordinators_too_many", "locked_too_large"):
            raise
        return None
    return label if grid_count(label) == parts else None


def _unevenness(load: IntArray, label: IntArray) -> int:
    """How far the heaviest part is from the lightest."""
    return int(np.ptp(np.bincount(label, load)))


def walled(excerpt: Excerpt) -> PlotTable:
    """The plots with walls where the engine draws no grid across: between communities, and along lines that
    are never to be crossed."""
    edges = steering.walls_between(excerpt.table.edges, excerpt.lines, excerpt.grid)
    apart = excerpt.community[edges.i] != excerpt.community[edges.j]
    return replace(excerpt.table, edges=replace(edges, wall=edges.wall | apart))


# --- Streets -----------------------------------------------------------------------------------------------


def metres_along(polygons: Geometries, streets: Geometries) -> FloatArray:
    """Metres of the lines that plots share which run along each street: there a border could follow it.

    polygons, streets: in metres.
    """
    lines = _shared_lines(polygons)
    found = np.zeros(len(streets))
    if len(lines.metres) and len(streets):
        tree = shapely.STRtree(streets)
        line, street = tree.query_nearest(lines.middle, max_distance=ALONG_M, all_matches=False)
        np.add.at(found, street, lines.metres[line])
    return found


class _SharedLines(NamedTuple):
    """Straight pieces of line that two plots share: their plots, middles in metres, and lengths."""

    i: IntArray
    j: IntArray
    middle: Geometries
    metres: FloatArray


def _shared_lines(polygons: Geometries) -> _SharedLines:
    frame = Frame.around(shapely.box(*shapely.total_bounds(polygons)))
    pieces_ = segments(frame.to_cm(polygons))
    first, second, _ = shared(pieces_)
    middle = frame.to_metres(pieces_.middle(first))
    ends = pieces_.polygon[first], pieces_.polygon[second]
    return _SharedLines(*ends, middle, pieces_.length[first] / CM)


def follow_street(excerpt: Excerpt, one: int, other: int, street: shapely.Geometry) -> IntArray:
    """The border of two grids moves onto a street: plots on the far side of it change hands.

    Beside the street each side is one grid's, as far as the border then runs on it: ground that would have
    its new border elsewhere stays, and so does what lies beyond the street's ends or is not joined to the
    grid that would get it. Each has the side on which more of it lies. A scrap that is cut off changes hands
    too. street: its lines, in metres.
    Refused with `street_not_between`, also where a grid would keep hardly anything; with `grids_apart`, and
    as `checked` says.
    """
    if not touching(excerpt, one, other):
        raise Refusal("grids_apart", grid=one, other=other)
    members = excerpt.members(one, other)
    beside, left = _sides(excerpt.polygons[members], street)
    own = excerpt.grid[members]
    sides = [np.where(beside, np.where(left, *pair), own) for pair in ((one, other), (other, one))]
    wanted = excerpt.grid.copy()
    wanted[members] = max(sides, key=lambda side: _least_kept(excerpt, members, side))
    after = _bordered_by(excerpt, members, _joined_flips(excerpt, wanted), street)
    barred = np.ones(excerpt.count, np.bool_)
    barred[[one, other]] = False
    mended = _rehomed(excerpt, after, _newly_torn(excerpt, after), barred)
    after = np.where(mended < 0, after, mended)
    if not beside.any() or _least_kept(excerpt, members, after[members]) < KEPT_SHARE:
        raise Refusal("street_not_between", grid=one, other=other, street=None)
    return checked(excerpt, after)


def _joined_flips(excerpt: Excerpt, wanted: IntArray) -> IntArray:
    """Of plots that are to change hands those that are joined to what the taker has already."""
    flips = wanted != excerpt.grid
    piece = piece_of(excerpt.table.edges, wanted)  # a grid's plots of before and of afterwards together
    held = np.zeros(len(piece), np.bool_)
    held[piece[~flips]] = True
    return np.where(flips & held[piece], wanted, excerpt.grid).astype(np.int64)


def _bordered_by(excerpt: Excerpt, members: IntArray, wanted: IntArray, street: shapely.Geometry) -> IntArray:
    """Of ground that is to change hands what then has most of its border with its former grid there."""
    lines = _shared_lines(excerpt.polygons[members])
    i, j = members[lines.i], members[lines.j]
    on_street = shapely.dwithin(lines.middle, street, ALONG_M)
    flips = wanted != excerpt.grid
    patch = piece_of(excerpt.table.edges, np.where(flips, wanted, -1 - excerpt.grid))
    border = np.zeros((2, len(patch)))
    for one, other in ((i, j), (j, i)):
        rows = flips[one] & (wanted[one] != wanted[other])
        np.add.at(border[0], patch[one[rows]], lines.metres[rows])
        np.add.at(border[1], patch[one[rows & on_street]], lines.metres[rows & on_street])
    follows = border[1] >= np.maximum(MOSTLY * border[0], WORTH_FOLLOWING_M)
    return np.where(flips & follows[patch], wanted, excerpt.grid).astype(np.int64)


def _least_kept(excerpt: Excerpt, members: IntArray, after: IntArray) -> float:
    """Of the grids of some plots, the smallest share of a grid's load or ground that stays with it."""
    own = excerpt.grid[members]
    stays = after == own
    shares = [
        weight[(own == number) & stays].sum() / max(float(weight[own == number].sum()), 1e-9)
        for number in np.unique(own)
        for weight in (excerpt.load[members], excerpt.table.area[members])
        if weight[own == number].any()
    ]
    return float(min(shares))


def touching(excerpt: Excerpt, one: int, other: int) -> bool:
    """Whether two grids share a line that is no wall."""
    edges = excerpt.table.edges
    ends = np.sort(np.stack([excerpt.grid[edges.i], excerpt.grid[edges.j]]), axis=0)
    return bool((~edges.wall & (ends[0] == min(one, other)) & (ends[1] == max(one, other))).any())


def _sides(polygons: Geometries, street: shapely.Geometry) -> tuple[BoolArray, BoolArray]:
    """Which plots lie beside the longest unbroken part of a street, and which of all to the left of it."""
    ground = shapely.buffer(shapely.union_all(shapely.envelope(polygons)), ALONG_M)
    parts = shapely.get_parts(shapely.line_merge(shapely.union_all(shapely.intersection(street, ground))))
    parts = parts[shapely.get_dimensions(parts) == 1]
    if len(parts) == 0:
        nothing = np.zeros(len(polygons), np.bool_)
        return nothing, nothing
    line = _longer(max(parts, key=lambda part: metres_along(polygons, np.array([part], object))[0]))
    spot = shapely.point_on_surface(polygons)
    at = shapely.line_locate_point(line, spot)
    beside = (at > 0) & (at < shapely.length(line))
    before = shapely.line_interpolate_point(line, np.maximum(at - HAIR_M, 0.0))
    behind = shapely.line_interpolate_point(line, np.minimum(at + HAIR_M, shapely.length(line)))
    (x0, y0), (x1, y1), (x, y) = (shapely.get_coordinates(points).T for points in (before, behind, spot))
    return beside, np.asarray((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) > 0)


def line_through(polygons: Geometries, street: Geometries) -> shapely.LineString | None:
    """The longest unbroken part of a street within some ground; None where less is there than is worth it.

    polygons, street: in metres; a street may come in several lines. What runs along the border of the ground
    is none of it.
    """
    ground = shapely.buffer(shapely.coverage_union_all(polygons), -ALONG_M)
    inside = shapely.line_merge(shapely.union_all(shapely.intersection(street, ground)))
    parts = shapely.get_parts(inside)
    parts = parts[shapely.get_dimensions(parts) == 1]
    if len(parts) == 0:
        return None
    longest = max(parts, key=shapely.length)
    return longest if shapely.length(longest) >= WORTH_FOLLOWING_M else None


def _longer(line: shapely.Geometry) -> shapely.Geometry:
    """A line gone on straight a little at both ends."""
    xy = shapely.get_coordinates(line)
    ahead = _directions(shapely.linestrings(np.stack([xy[[1, 0]], xy[[-2, -1]]])))
    return shapely.LineString(np.vstack([xy[0] + END_M * ahead[0], xy, xy[-1] + END_M * ahead[1]]))
