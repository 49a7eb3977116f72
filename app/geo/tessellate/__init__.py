"""A district's ground cut into plots: the smallest pieces a plan may move.

The story: footprints that overlap, and compounds that stay whole, become one *owner* of ground
each. Lines that one can see (streets, railways, river banks) and walls on paper part the outline
into blocks. Each block is cut on its own, on all cores, so that every building has the
ground nearest to it. Neighbouring blocks are then given the same corners, and every
shared metre is entered in the edge table. Lengths are metres; corners lie on a 1 cm lattice.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from app.errors import Refusal
from app.geo.district import District
from app.geo.joined import joined
from app.geo.outline import inside
from app.geo.partition import outlines
from app.geo.plots import BoolArray, Edges, IntArray, LineClass, PlotTable
from app.geo.tessellate import ground
from app.geo.tessellate.arrangement import (
    CM,
    Frame,
    Shapes,
    inner_points,
    lies_in,
    longest_neighbour,
    match_borders,
    polygons_of,
    segments,
    shared,
)
from app.geo.tessellate.kept import Block, GroundCache, Kept, blocks_of, cut, read, together
from app.geo.tessellate.network import (
    LineIndex,
    Lines,
    blocks,
    close_gaps,
    give_whole,
    river_lines,
    without_slivers,
)

__all__ = ["GroundCache", "Note", "Settings", "Tessellation", "tessellate"]

Settings = ground.Settings

OVERLAP_M2 = 0.25  # walls that share a line overlap by rounding; more than this is a real overlap
BETWEEN_AREAS_M = 50.0  # ground in no area, but this near to one, was forgotten between two outlines
ASTRIDE_M2 = 5.0  # areas are drawn by hand: less than this over a border is a stroke too wide
SCRAP_M2 = 1.0  # less of a footprint than this within the outline is no building there
BRIDGE_REACH_M = 20.0  # plots this near to a crossing street touch across the water
APART_COST = 700  # parts of one building with more plots and households than this between them stay apart
PARCELS = 96  # blocks are handed to workers in about this many parcels
WORTH_A_WORKER = 1_000  # fewer blocks and footprints are cut before another process has started
WALL_WATER = ("river", "canal")  # a stream is stepped over


@dataclass(frozen=True)
class Note:
    """Something about one building or compound that a person should know.

    overlap: shares m2 with an earlier building, and a plot. astride_outline: m2 of it lie beyond the outline.
    beyond_outline: most of it does, with m2; it is no building of the district. parts_apart: no single plot
    holds it, m2 are elsewhere. astride_area, compound_divided: m2 of it lie in other areas than most of it;
    a building keeps to one area all the same, a compound is divided at the border.

    row: of `district.buildings`, or of `district.compounds` for compound_divided.
    """

    code: str
    row: int
    m2: float


@dataclass(frozen=True)
class Tessellation:
    """The plots of a district.

    polygons: one valid polygon per plot, corners on the centimetre lattice, tiling `outline`.
    table: households, areas and edges of the plots. buildings: how many stand on each plot.
    plot_of_building: plot of each row of the district's buildings, -1 for those beyond the outline.
    area_of_plot: position in `district.admin` of the area of level `within` each plot lies in, -1 for none.
    outline: the district's outline as the plots have it: on the lattice, with their corners in it.
    """

    polygons: Shapes
    table: PlotTable
    buildings: IntArray
    plot_of_building: IntArray
    area_of_plot: IntArray
    outline: shapely.Geometry
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class _Owners:
    """What must stay whole. parts: footprint polygons on the lattice; owner: whose each part is (0..count-1).

    footprints: of each building, cut off at the outline. of_building: owner of each building, -1 for one
    that lies mostly beyond the outline.
    walls: outlines of compounds, whole and divided ones.
    """

    parts: Shapes
    owner: IntArray
    count: int
    footprints: Shapes
    of_building: IntArray
    whole_compounds: Shapes
    divided_compounds: Shapes

    @cached_property
    def spots(self) -> Shapes:
        """A point well inside each part."""
        return inner_points(self.parts)


@dataclass(frozen=True)
class _Pattern:
    """The lines of a district. physical: what one can see; paper: administrative borders asked for.

    walls: those physical lines no grid crosses but at `crossings` (points).
    """

    physical: Lines
    paper: Lines
    walls: Lines
    crossings: Shapes


def tessellate(
    district: District,
    *,
    most: int = 330,
    within: str | None = None,
    workers: int = 1,
    settings: Settings | None = None,
    progress: Callable[[float], None] | None = None,
    cache: GroundCache | None = None,
) -> Tessellation:
    """Cut a district into plots.

    most: a compound with more households than this may be divided between its buildings.
    within: level of the administrative areas whose borders no grid crosses; a building astride such a border
    keeps to one area, and a compound is divided there.
    workers: processes that cut blocks; the result does not depend on it.
    progress: called with a share 0–1. cache: where cut blocks are kept; the result does not depend on it.
    """
    settings = settings or Settings()
    tell = progress or (lambda share: None)
    frame = Frame.around(district.outline)
    outline = shapely.union_all(frame.to_cm(np.array([district.outline], object)), grid_size=1.0)
    areas = _areas(district, within, frame)
    owners, notes = _owners(district, frame, outline, areas[0], most)
    pattern = _pattern(district, frame, outline, owners, areas)
    tell(0.08)

    lines = pattern.physical + pattern.paper, pattern.walls + pattern.paper
    whole = blocks(outline, *lines, owners.spots)
    whole = without_slivers(give_whole(outline, whole, owners.parts), *lines, owners.spots)
    block_of_part = lies_in(owners.spots, whole)
    tell(0.15)

    pieces = blocks_of(whole, owners.parts, owners.owner, block_of_part, settings)
    kept = _cut_all(pieces, settings, workers, cache, lambda share: tell(0.15 + 0.65 * share))
    polygons, owner, block = together(kept, pieces)
    polygons = match_borders(polygons, outline)
    left = ~shapely.is_empty(polygons)
    polygons, owner, block = polygons[left], owner[left], block[left]
    tell(0.85)

    of_owner = _households_of(district, owners)
    polygons, block, plot_of_owner, lost = _parts_together(polygons, owner, block, of_owner, most)
    of_building, apart = _plots_of_buildings(owners, plot_of_owner, lost, polygons)
    notes += apart
    tell(0.88)
    result = _finish(district, frame, polygons, block, of_building, owners, areas, pattern, notes)
    tell(1.0)
    return result


def _areas(district: District, within: str | None, frame: Frame) -> tuple[Shapes, IntArray]:
    """Outlines of the areas of that level on the lattice, and their rows in `district.admin`."""
    if within is None:
        return np.empty(0, object), np.empty(0, np.int64)
    rows = np.flatnonzero((district.admin["level"].astype(str) == within).to_numpy())
    if len(rows) == 0:
        levels = ", ".join(sorted(set(district.admin["level"].astype(str)))) or "none"
        raise Refusal("level_unknown", level=within, found=levels)
    return frame.to_cm(district.admin.geometry.to_numpy()[rows]), rows


def _owners(
    district: District, frame: Frame, outline: shapely.Geometry, areas: Shapes, most: int
) -> tuple[_Owners, list[Note]]:
    n = len(district.buildings)
    footprints = frame.to_cm(np.append(district.buildings.geometry.to_numpy(), district.foreign))
    footprints, held, notes = _within_outline(footprints, outline)
    held[n:] = False
    notes = [note for note in notes if note.row < n]
    compounds = frame.to_cm(district.compounds.geometry.to_numpy())
    notes += [Note("astride_area", row, m2) for row, m2 in _across(footprints[:n], areas)]
    across = _across(compounds, areas)
    notes += [Note("compound_divided", row, m2) for row, m2 in across]
    compounds = _divided_at(compounds, [row for row, _ in across], areas)
    home = _compound_of(footprints, compounds)
    counted = np.bincount(
        home[home >= 0],
        weights=np.append(district.buildings["households"], np.zeros(len(district.foreign)))[home >= 0],
        minlength=len(compounds),
    )
    divided = counted > most
    home[np.isin(home, np.flatnonzero(divided))] = -1
    bodies = _compound_bodies(compounds, ~divided, home, footprints, outline)

    a, b, overlap = _overlaps(footprints, home)
    notes += [Note("overlap", int(i), float(m2)) for i, m2 in zip(b, overlap, strict=True) if i < n]
    in_compound = np.flatnonzero(home >= 0)
    all_footprints = len(footprints)
    owner = joined(
        all_footprints + len(compounds),
        np.append(a, in_compound),
        np.append(b, all_footprints + home[in_compound]),
    )
    shapes = np.append(footprints, bodies)
    present = np.flatnonzero(~shapely.is_empty(shapes))
    owner, shapes = owner[present], shapes[present]
    _, owner = np.unique(owner, return_inverse=True)
    size = np.bincount(owner)
    single = size[owner] == 1
    shared_by = np.flatnonzero(size > 1)
    together = [shapely.union_all(shapes[owner == k], grid_size=1.0) for k in shared_by]
    merged = np.append(shapes[single], np.array(together, object))
    parts, index = polygons_of(merged)
    part_owner = np.append(owner[single], shared_by)[index]
    of_building = np.full(n, -1, np.int64)
    of_building[present[present < n]] = owner[present < n]
    of_building[~held[:n]] = -1
    return (
        _Owners(parts, part_owner, len(size), footprints, of_building, bodies[~divided], compounds[divided]),
        notes,
    )


def _within_outline(footprints: Shapes, outline: shapely.Geometry) -> tuple[Shapes, BoolArray, list[Note]]:
    """Footprints cut off at the outline, and which of them belong here: those that lie mostly within."""
    shapely.prepare(outline)
    inner = shapely.contains_properly(outline, footprints)
    held, notes = inner.copy(), []
    clipped = footprints.copy()
    belongs, _ = inside(outline, footprints)
    for k in np.flatnonzero(~inner):
        within = shapely.intersection(footprints[k], outline, grid_size=1.0)
        parts, _ = polygons_of(np.array([within], object))
        beyond = (footprints[k].area - float(shapely.area(parts).sum())) / CM**2
        held[k] = bool(belongs[k]) and len(parts) > 0
        large = parts[shapely.area(parts) >= SCRAP_M2 * CM**2]
        clipped[k] = shapely.multipolygons(parts if held[k] and len(large) == 0 else large)
        if beyond > 0.01:
            notes.append(Note("astride_outline" if held[k] else "beyond_outline", int(k), beyond))
    return clipped, held, notes


def _across(shapes: Shapes, areas: Shapes) -> list[tuple[int, float]]:
    """Rows of the shapes that really reach into a second area, and how many m² of each lie there."""
    if len(shapes) == 0 or len(areas) == 0:
        return []
    shape, area = shapely.STRtree(areas).query(shapes, predicate="intersects")
    twice = np.bincount(shape, minlength=len(shapes))[shape] > 1
    shape, area = shape[twice], area[twice]
    common = shapely.area(shapely.intersection(shapes[shape], areas[area])) / CM**2
    total, largest = np.zeros(len(shapes)), np.zeros(len(shapes))
    np.add.at(total, shape, common)
    np.maximum.at(largest, shape, common)
    elsewhere = total - largest
    return [(int(row), float(elsewhere[row])) for row in np.flatnonzero(elsewhere > ASTRIDE_M2)]


def _divided_at(compounds: Shapes, rows: list[int], areas: Shapes) -> Shapes:
    """The compounds, those in `rows` as one piece for each area they lie in."""
    pieces = [
        part
        for row in rows
        for part in polygons_of(shapely.intersection(areas, compounds[row], grid_size=1.0))[0]
    ]
    return np.append(np.delete(compounds, rows), np.array(pieces, object))


def _compound_of(footprints: Shapes, compounds: Shapes) -> IntArray:
    """The compound that holds most of each footprint, -1 for none."""
    home = np.full(len(footprints), -1, np.int64)
    if len(compounds) == 0:
        return home
    b, c = shapely.STRtree(compounds).query(footprints, predicate="intersects")
    share = shapely.area(shapely.intersection(footprints[b], compounds[c])) / np.maximum(
        shapely.area(footprints[b]), 1
    )
    mostly = share > 0.5
    home[b[mostly][::-1]] = c[mostly][::-1]
    return home


def _compound_bodies(
    compounds: Shapes, whole: BoolArray, home: IntArray, footprints: Shapes, outline: shapely.Geometry
) -> Shapes:
    """Ground of the compounds that stay whole, less other people's buildings and earlier compounds."""
    bodies = np.full(len(compounds), shapely.Polygon(), object)
    tree = shapely.STRtree(footprints)
    for k in np.flatnonzero(whole):
        body = shapely.intersection(compounds[k], outline, grid_size=1.0)
        others = [footprints[b] for b in tree.query(compounds[k], predicate="intersects") if home[b] != k]
        others += [c for c in bodies[:k] if not c.is_empty and c.intersects(body)]
        if others:
            body = shapely.difference(body, shapely.union_all(others, grid_size=1.0), grid_size=1.0)
        parts, _ = polygons_of(np.array([body], object))
        bodies[k] = shapely.multipolygons(parts[shapely.area(parts) >= SCRAP_M2 * CM**2])
    return bodies


def _overlaps(footprints: Shapes, home: IntArray) -> tuple[IntArray, IntArray, npt.NDArray[np.float64]]:
    """Pairs of footprints that really overlap, and by how many m²; pairs in one compound are left out."""
    a, b = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    keep = (a < b) & ((home[a] != home[b]) | (home[a] < 0))
    a, b = a[keep], b[keep]
    m2 = shapely.area(shapely.intersection(footprints[a], footprints[b])) / CM**2
    real = m2 > OVERLAP_M2
    return a[real], b[real], m2[real]


def _pattern(
    district: District,
    frame: Frame,
    outline: shapely.Geometry,
    owners: _Owners,
    areas: tuple[Shapes, IntArray],
) -> _Pattern:
    on_ground = district.streets[~district.streets["tunnel"].to_numpy(bool)]
    streets = Lines.of(frame.to_cm(on_ground.geometry.to_numpy()), on_ground["kind"].to_numpy(np.int8))
    links = Lines.of(close_gaps(streets.geometry), LineClass.LOCAL)
    surface = district.railways[
        ~(district.railways["tunnel"].to_numpy(bool) | district.railways["bridge"].to_numpy(bool))
    ]
    rails = Lines.of(frame.to_cm(surface.geometry.to_numpy()), LineClass.RAIL)
    water = frame.to_cm(district.water.geometry.to_numpy())
    surfaces, _ = polygons_of(water)
    banks, middle = river_lines(outline, surfaces, owners.spots)
    is_line = shapely.get_dimensions(water) == 1
    wide = is_line & district.water["kind"].isin(WALL_WATER).to_numpy()
    rivers = Lines.of(water[wide], LineClass.RIVER)
    streams = Lines.of(water[is_line & ~wide], LineClass.RIVER)
    fences = Lines.of(owners.divided_compounds, LineClass.COMPOUND)
    walls = rails + middle + rivers
    crossings = shapely.get_parts(
        shapely.intersection(shapely.union_all(streets.geometry), shapely.union_all(walls.geometry))
    )
    return _Pattern(
        physical=streets + links + rails + banks + middle + rivers + streams + fences,
        paper=Lines.of(areas[0], LineClass.ADMINISTRATIVE),
        walls=walls,
        crossings=crossings[~shapely.is_empty(crossings)],
    )


def _cut_all(
    blocks: list[Block],
    settings: Settings,
    workers: int,
    cache: GroundCache | None,
    tell: Callable[[float], None],
) -> list[Kept]:
    """Plots of each block; only those are cut that are not kept, and these are kept from now on."""
    wanted = {block.key: block for block in blocks}
    known = cache.get(wanted.keys()) if cache is not None else {}
    found = {key: read(kept, wanted[key]) for key, kept in known.items() if key in wanted}
    plots = {key: kept for key, kept in found.items() if kept is not None}
    left = [block for key, block in wanted.items() if key not in plots]
    for done, (parcel, fresh) in enumerate(_cut_parcels(left, settings, workers), 1):
        if cache is not None:
            cache.put({block.key: kept for block, kept in zip(parcel, fresh, strict=True)})
        for block, kept in zip(parcel, fresh, strict=True):
            plots[block.key] = _sound(read(kept, block))
        tell(min(1.0, done / PARCELS))
    return [plots[block.key] for block in blocks]


def _sound(kept: Kept | None) -> Kept:
    if kept is None:  # what was cut a moment ago
        raise Refusal("plots_do_not_match", count=1)
    return kept


def _cut_parcels(
    blocks: list[Block], settings: Settings, workers: int
) -> Iterator[tuple[list[Block], list[bytes]]]:
    """Cut ground of the blocks, a parcel at a time, each of about equal work."""
    if not blocks:
        return
    work = np.cumsum([1 + len(block.parts) for block in blocks])
    parcel = (work * PARCELS / (work[-1] + 1)).astype(int)
    parcels = [blocks[start:end] for start, end in zip(*_runs(parcel), strict=True)]
    if workers <= 1 or work[-1] < WORTH_A_WORKER:
        for blocks_of_it in parcels:
            yield blocks_of_it, _cut_parcel(blocks_of_it, settings)
        return
    with worker_pool(workers) as pool:
        yield from zip(parcels, pool.map(_cut_parcel, parcels, [settings] * len(parcels)), strict=True)


def _runs(sorted_numbers: IntArray) -> tuple[IntArray, IntArray]:
    """Where each run of equal numbers starts and ends."""
    edges = np.flatnonzero(np.diff(sorted_numbers)) + 1
    return np.append(0, edges), np.append(edges, len(sorted_numbers))


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """Processes that end with the one they work for, however that ends."""
    context = multiprocessing.get_context("forkserver")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_the_parent)


def _end_with_the_parent() -> None:
    """A worker whose parent was killed would wait for its next task for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _cut_parcel(parcel: list[Block], settings: Settings) -> list[bytes]:
    return [cut(block, settings) for block in parcel]


def _households_of(district: District, owners: _Owners) -> IntArray:
    """Households of each owner's buildings."""
    counted = np.zeros(owners.count, np.int64)
    held = owners.of_building >= 0
    np.add.at(counted, owners.of_building[held], district.buildings["households"].to_numpy(np.int64)[held])
    return counted


def _parts_together(
    polygons: Shapes, owner: IntArray, block: IntArray, households: IntArray, most: int
) -> tuple[Shapes, IntArray, IntArray, list[int]]:
    """Join plots of one owner that lie apart, with those on the way between that has fewest households.

    households: of each owner. Parts too far apart stay so, and parts that would make one plot of more than
    `most` households, or, where the building has more by itself, add more than half as many to it.
    Returns polygons, block of each (a joined plot is a block of its own), plot of each owner (-1 for
    none), and the owners whose parts stay apart.
    """
    n = len(polygons)
    owned = np.flatnonzero(owner >= 0)
    order = owned[np.lexsort((shapely.area(polygons[owned]), owner[owned]))]
    main_plot = np.full(len(households), -1, np.int64)
    main_plot[owner[order]] = order
    apart = owned[main_plot[owner[owned]] != owned]
    if len(apart) == 0:
        return polygons, block, main_plot, []
    s = segments(polygons)
    first, second, _ = shared(s)
    a, b = np.unique(np.stack([s.polygon[first], s.polygon[second]], axis=1), axis=0).T
    load = np.zeros(n, np.int64)
    load[main_plot[main_plot >= 0]] = households[main_plot >= 0]
    # What a step costs: the plot it leads to, and who lives there.
    steps_in = 1.0 + np.concatenate([load[b], load[a]])
    graph = coo_matrix((steps_in, (np.append(a, b), np.append(b, a))), shape=(n, n)).tocsr()
    group = np.arange(n)
    lost: list[int] = []
    for whose in np.unique(owner[apart]):
        main = main_plot[whose]
        steps, before = dijkstra(graph, indices=main, limit=APART_COST, return_predecessors=True)
        for piece in apart[owner[apart] == whose]:
            way = [int(piece)]
            while np.isfinite(steps[piece]) and way[-1] != main:
                way.append(int(before[way[-1]]))
            joining = np.unique(group[way])
            together = int(load[joining].sum())
            if np.isinf(steps[piece]) or together > max(most, int(households[whose]) + most // 2):
                lost.append(int(whose))
                continue
            load[joining] = 0
            load[joining[0]] = together
            group[np.isin(group, joining)] = joining[0]
    _, start, group, size = np.unique(group, return_index=True, return_inverse=True, return_counts=True)
    new_block = np.where(size > 1, block.max() + 1 + np.arange(len(size)), block[start])
    main_plot = np.where(main_plot >= 0, group[main_plot], -1)
    return outlines(polygons, group), new_block, main_plot, lost


def _plots_of_buildings(
    owners: _Owners, plot_of_owner: IntArray, lost: list[int], polygons: Shapes
) -> tuple[IntArray, list[Note]]:
    """Plot of each building, -1 beyond the outline; and a note for each that no single plot holds whole.

    A footprint that reaches over a gap in the outline counts where its inner point lies.
    """
    of_building = np.append(plot_of_owner, -1)[owners.of_building]
    astray = np.flatnonzero(np.isin(owners.of_building, lost))
    footprints = owners.footprints[astray]
    of_building[astray] = lies_in(inner_points(footprints), polygons)
    outside_m2 = shapely.area(shapely.difference(footprints, polygons[of_building[astray]])) / CM**2
    notes = [
        Note("parts_apart", int(building), float(m2))
        for building, m2 in zip(astray, outside_m2, strict=True)
        if m2 > OVERLAP_M2
    ]
    return of_building, notes


def _finish(
    district: District,
    frame: Frame,
    polygons: Shapes,
    block: IntArray,
    of_building: IntArray,
    owners: _Owners,
    areas: tuple[Shapes, IntArray],
    pattern: _Pattern,
    notes: list[Note],
) -> Tessellation:
    n = len(polygons)
    spots = inner_points(polygons)
    area_of_plot = np.full(n, -1, np.int64)
    if len(areas[0]):
        area_of_plot = _area_of(spots, *areas)
    edges, outer = _edges(polygons, block, area_of_plot, owners, pattern)
    here = of_building >= 0
    households = np.zeros(n, np.int64)
    np.add.at(households, of_building[here], district.buildings["households"].to_numpy(np.int64)[here])
    edges = _open_pockets(households, edges, area_of_plot)
    metres = frame.to_metres(polygons)
    table = PlotTable(
        households=households,
        area=shapely.area(metres),
        perimeter=shapely.length(metres),
        outer=outer,
        xy=shapely.get_coordinates(shapely.centroid(metres)),
        edges=edges,
    )
    return Tessellation(
        polygons=metres,
        table=table,
        buildings=np.bincount(of_building[here], minlength=n),
        plot_of_building=of_building,
        area_of_plot=area_of_plot,
        outline=shapely.coverage_union_all(metres),
        notes=notes,
    )


def _area_of(spots: Shapes, areas: Shapes, rows: IntArray) -> IntArray:
    """Row of the area each spot lies in; ground between areas drawn apart goes to the nearest."""
    found = lies_in(spots, areas)
    left = np.flatnonzero(found < 0)
    near, which = shapely.STRtree(areas).query_nearest(spots[left], max_distance=BETWEEN_AREAS_M * CM)
    found[left[near[::-1]]] = which[::-1]
    return np.where(found >= 0, rows[found], -1)


def _edges(
    polygons: Shapes, block: IntArray, area_of_plot: IntArray, owners: _Owners, pattern: _Pattern
) -> tuple[Edges, npt.NDArray[np.float64]]:
    """The edge table, and the metres of each plot that lie on the outline."""
    s = segments(polygons)
    first, second, alone = shared(s)
    a, b = s.polygon[first], s.polygon[second]
    i, j = np.minimum(a, b), np.maximum(a, b)
    metres = s.length[first] / CM
    kind = np.full(len(first), LineClass.INSIDE_BLOCK, np.int8)
    between = block[a] != block[b]
    lines = pattern.physical + pattern.paper + Lines.of(owners.whole_compounds, LineClass.COMPOUND)
    if len(lines.geometry):
        look = between if len(owners.whole_compounds) == 0 else np.ones(len(first), bool)
        kind[look] = LineIndex(lines).kinds(s.middle(first[look]))
    wall = area_of_plot[a] != area_of_plot[b]
    barrier = np.flatnonzero(np.isin(kind, (LineClass.RIVER, LineClass.RAIL)))
    if len(barrier) and len(pattern.walls.geometry):
        hard = LineIndex(pattern.walls).kinds(s.middle(first[barrier])) > LineClass.INSIDE_BLOCK
        if len(pattern.crossings):
            pieces = shapely.linestrings(np.stack([s.start[first[barrier]], s.end[first[barrier]]], axis=1))
            near, _ = shapely.STRtree(pattern.crossings).query(
                pieces, predicate="dwithin", distance=BRIDGE_REACH_M * CM
            )
            hard[near] = False
        wall[barrier[hard]] = True
    rows, inverse = np.unique(np.stack([i, j, kind, wall], 1), axis=0, return_inverse=True)
    edges = Edges(
        i=rows[:, 0],
        j=rows[:, 1],
        metres=np.bincount(inverse.ravel(), weights=metres).astype(np.float64),
        kind=rows[:, 2].astype(np.int8),
        wall=rows[:, 3].astype(bool),
    )
    outer = np.bincount(s.polygon[alone], weights=s.length[alone] / CM, minlength=len(polygons))
    return edges, outer.astype(np.float64)


def _open_pockets(households: IntArray, edges: Edges, area_of_plot: IntArray) -> Edges:
    """Ground without households behind a river or railway joins the neighbour with the longest line.

    Else every strip between two tracks would be a grid of nobody. Administrative borders stay shut.
    """
    wall = edges.wall.copy()
    passable = area_of_plot[edges.i] == area_of_plot[edges.j]
    for _ in range(8):
        way = ~wall
        piece = joined(len(households), edges.i[way], edges.j[way])
        count = int(piece.max()) + 1
        empty = np.bincount(piece, weights=households, minlength=count) == 0
        x, y = piece[edges.i], piece[edges.j]
        may = wall & passable & (x != y)
        best, _ = longest_neighbour(
            np.append(x[may], y[may]), np.append(y[may], x[may]), np.tile(edges.metres[may], 2), count
        )
        best = np.where(empty, best, -1)
        opened = may & ((best[x] == y) | (best[y] == x))
        if not opened.any():
            break
        wall[opened] = False
    return Edges(edges.i, edges.j, edges.metres, edges.kind, wall)
