"""What a manager wishes of a split, brought about around the kernels, which know nothing of it.

The ground is changed before it is divided and the grids are carried back to it afterwards:

- lines never to be crossed become walls; others get another price;
- grids that are left alone (locked, or drawn by hand) are taken out, their borders become outline;
- plots that stay together become one plot;
- what is balanced may be another load than households, in steps of a thousandth;
- seeds, and plots locked to different grids, are kept apart (`APART`), and what still shares a grid in the
  end is parted in a pass of its own;
- a number of grids asked for is shared out to the connected parts by largest remainder and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from app.errors import Refusal
from app.geo.joined import joined
from app.geo.partition import pieces, plots_of
from app.geo.plots import Band, BoolArray, Edges, FloatArray, IntArray, LineClass, PlotTable
from app.geo.split import limits
from app.geo.split.explain import Facts, Reason, Remedy
from app.geo.split.load import STEP, band_in_steps, in_steps

MANNERS = ("never", "follow", "free", "avoid")
FOLLOWED, AVOIDED = -1.5, 1.5  # price of a metre of border, where 1 is inside a block and 0 along a street
TOLERANCE = 0.10  # of the band around the mean where a number of grids is asked for
CUT_OFF = ("component_too_small", "component_admits_no_division")
LOOKED_FOR = ("stuck_plots", "not_found")
HALF = 0.5  # of a plot's ground must lie in a polygon drawn by hand for the plot to be in it


@dataclass(frozen=True)
class Wishes:
    """What is wished of a split, by numbers of plots.

    count: how many grids there should be in all, those that are left alone among them.
    load: what is balanced instead of households, shape (n,), in whole thousandths; None for households.
    lines: how borders should take to lines of a class, one of MANNERS; others as `Settings` has them.
    seeds: plots that each begin a grid of their own; no two of them, and no two of `locked`, share one.
    fixed: number of the grid each plot is in that is left alone, -1 for free ground, shape (n,).
    special: by number of such a grid, whether it is outside the band test.
    locked: number of the group each plot is in that must stay in one grid, -1 for none, shape (n,).
    whole: number of the compound each plot is in that is kept whole where the band allows it, -1 for none.
    """

    count: int | None = None
    load: FloatArray | None = None
    lines: Mapping[LineClass, str] = field(default_factory=dict)
    seeds: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    fixed: IntArray | None = None
    special: BoolArray = field(default_factory=lambda: np.zeros(0, np.bool_))
    locked: IntArray | None = None
    whole: IntArray | None = None


@dataclass(frozen=True)
class Told:
    """Something that could not be had as it was wished: a code and its facts.

    grids_forced: `wanted` grids were asked for, `made` there are, for so many parts are connected.
    compounds_divided: so many of the compounds to be kept whole were not (`count`): they hold more than a
        grid may, lie in pieces, or hold several seeds or locked grids.
    """

    code: str
    facts: Mapping[str, int]


@dataclass(frozen=True)
class Steered:
    """A division as wished: number 0..k-1 of each plot's grid, why grids are out of band, what to tell."""

    grid: IntArray
    component: IntArray
    reasons: Mapping[int, Reason]
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Engine:
    """What divides ground without wishes.

    divide: (plots, band, grids per connected part or None, plots kept apart, division to begin with or None)
        -> grid of each plot.
    explain: (plots, grid, band) -> why grids are out of band.
    """

    divide: Callable[[PlotTable, Band, IntArray | None, IntArray, IntArray | None], IntArray]
    explain: Callable[[PlotTable, IntArray, Band], Mapping[int, Reason]]


def band_for(total: float, count: int) -> Band:
    """The band around the mean load where a number of grids is asked for.

    >>> band_for(3000, 10)
    Band(target=300, least=270, most=330)
    """
    return Band.around(max(2, round(total / max(1, count))), TOLERANCE)


def steered(plots: PlotTable, band: Band, wishes: Wishes, engine: Engine) -> Steered:
    """Divide plots as wished.

    band: in the unit of the load. Refused where wishes contradict each other: `coordinators_too_few`,
    `coordinators_too_many`, `seeds_too_many`, `seeds_in_one_plot`, `seeds_in_one_lock`, `seed_on_fixed`,
    `locked_too_large`.
    """
    n = len(plots)
    walled = replace(plots, edges=with_walls(plots.edges, wishes.lines))
    fixed = np.full(n, -1, np.int64) if wishes.fixed is None else wishes.fixed
    free = np.flatnonzero(fixed < 0)
    grid = np.full(n, -1, np.int64)
    reasons: dict[int, Reason] = {}
    told: list[Told] = []
    if len(free):
        load, unit = _whole_loads(plots.households if wishes.load is None else wishes.load)
        scaled = band if unit == 1 else band_in_steps(band)
        ground = taken_out(walled, free)
        group, divided = _groups(wishes, free, ground, load[free], scaled.most, unit)
        merged = contracted(ground, group, load[free])
        apart = _kept_apart(wishes, free, group)
        counts, forced = _counts(wishes, fixed, merged, apart, scaled, unit)
        label = engine.divide(merged, scaled, counts, apart, None)
        if is_crowded(label, apart):
            label = parted(merged, label, apart, scaled.target)
            better = engine.divide(merged, scaled, counts, apart, label)
            label = label if is_crowded(better, apart) else better
        grid[free] = label[group]
        reasons = _carried_back(engine.explain(merged, label, scaled), group, free, load, unit)
        reasons |= _shut_in(reasons, walled.edges, wishes, fixed, grid, load, scaled, unit)
        reasons |= _looked_around(reasons, walled.edges, fixed, grid)
        told += [*divided, *forced]
    for number in np.unique(fixed[fixed >= 0]):
        grid[fixed == number] = grid.max() + 1
    grid, now = renumbered(grid)
    reasons = {int(now[number]): reason for number, reason in reasons.items()}
    reasons |= _of_fixed(plots, band, wishes, fixed, grid)
    return Steered(grid, parts_of(walled.edges, n), reasons, tuple(told))


def micro_grids(plots: PlotTable, grid: IntArray, band: Band, engine: Engine, whole: BoolArray) -> IntArray:
    """The same one level down: number 0..m-1 of each plot's micro-grid, -1 where its grid is kept whole.

    Every border between grids is a wall, so micro-grids tile their grid. whole: by number of grid.
    """
    inside = np.flatnonzero(~whole[grid])
    micro = np.full(len(plots), -1, np.int64)
    if len(inside) == 0:
        return micro
    ground = taken_out(plots, inside)
    own = grid[inside]
    between = own[ground.edges.i] != own[ground.edges.j]
    walled = replace(ground, edges=replace(ground.edges, wall=ground.edges.wall | between))
    micro[inside] = renumbered(engine.divide(walled, band, None, np.zeros(0, np.int64), None))[0]
    return micro


def explained_by_load(
    plots: PlotTable,
    grid: IntArray,
    band: Band,
    load: FloatArray | None,
    explain: Callable[[PlotTable, IntArray, Band], Mapping[int, Reason]],
) -> dict[int, Reason]:
    """Why grids are out of band by their load, with counts in its unit."""
    if load is None:
        return dict(explain(plots, grid, band))
    whole, unit = _whole_loads(load)
    scaled = band if unit == 1 else band_in_steps(band)
    found = explain(replace(plots, households=whole), grid, scaled)
    same = np.arange(len(plots), dtype=np.int64)
    return _carried_back(found, same, same, whole, unit)


# --- Changing the ground ---------------------------------------------------------------------------------


def with_walls(edges: Edges, lines: Mapping[LineClass, str]) -> Edges:
    """The edges with every line of a class never to be crossed as a wall."""
    never = [int(line) for line, manner in lines.items() if manner == "never"]
    return replace(edges, wall=edges.wall | np.isin(edges.kind, never)) if never else edges


def walls_between(edges: Edges, lines: Mapping[LineClass, str], grid: IntArray) -> Edges:
    """The edges with lines never to be crossed as walls, but within a grid that lies across one already.

    grid: of each plot. Such a grid, drawn by hand, is left as it is: with the wall it were in pieces.
    """
    shut = with_walls(edges, lines)
    torn = pieces(shut, grid) > 1
    inside = (grid[edges.i] == grid[edges.j]) & torn[grid[edges.i]]
    return replace(shut, wall=np.where(inside, edges.wall, shut.wall))


def line_prices(prices: Mapping[LineClass, float], lines: Mapping[LineClass, str]) -> dict[LineClass, float]:
    """What a metre of border costs along each class of line, as wished.

    `follow` is well below every class that has no wish, `avoid` above; `free` is neither liked nor disliked.
    A wall may be a border as well as any line.
    """
    wished = {"follow": FOLLOWED, "avoid": AVOIDED, "free": 0.0}
    return {line: wished.get(lines.get(line, ""), price) for line, price in prices.items()}


def taken_out(plots: PlotTable, kept: IntArray) -> PlotTable:
    """The table of some plots only, in their order; lines towards others become outline."""
    place = np.full(len(plots), -1, np.int64)
    place[kept] = np.arange(len(kept))
    edges = plots.edges
    i, j = place[edges.i], place[edges.j]
    inside = (i >= 0) & (j >= 0)
    lost = np.zeros(len(plots))
    for here, there in ((edges.i, j), (edges.j, i)):
        lost += np.bincount(here, np.where(there < 0, edges.metres, 0.0), len(plots))
    rows = Edges(i[inside], j[inside], edges.metres[inside], edges.kind[inside], edges.wall[inside])
    return PlotTable(
        plots.households[kept],
        plots.area[kept],
        plots.perimeter[kept],
        (plots.outer + lost)[kept],
        plots.xy[kept],
        rows,
    )


def contracted(plots: PlotTable, group: IntArray, load: IntArray) -> PlotTable:
    """The table with the plots of each group 0..m-1 as one, counted by their load."""
    m = int(group.max()) + 1
    edges = plots.edges
    i, j = group[edges.i], group[edges.j]
    between = i != j
    within = np.bincount(i[~between], edges.metres[~between], m)
    area = np.bincount(group, plots.area, m).astype(np.float64)
    xy = np.stack([np.bincount(group, plots.area * plots.xy[:, axis], m) / area for axis in (0, 1)], axis=1)
    return PlotTable(
        households=np.bincount(group, load, m).astype(np.int64),
        area=area,
        perimeter=(np.bincount(group, plots.perimeter, m) - 2 * within).astype(np.float64),
        outer=np.bincount(group, plots.outer, m).astype(np.float64),
        xy=xy,
        edges=_joined(edges, i, j, between),
    )


def _joined(edges: Edges, i: IntArray, j: IntArray, kept: BoolArray) -> Edges:
    """Edges by new numbers, rows of one pair, class and wall added up."""
    low, high = np.minimum(i, j)[kept], np.maximum(i, j)[kept]
    keys = np.stack([low, high, edges.kind[kept].astype(np.int64), edges.wall[kept].astype(np.int64)])
    rows, row = np.unique(keys, axis=1, return_inverse=True)
    metres = np.bincount(row.ravel(), edges.metres[kept], rows.shape[1]).astype(np.float64)
    return Edges(rows[0], rows[1], metres, rows[2].astype(np.int8), rows[3].astype(np.bool_))


def parts_of(edges: Edges, count: int) -> IntArray:
    """Number of the connected part each plot is in, over lines that are not walls."""
    return joined(count, edges.i[~edges.wall], edges.j[~edges.wall])


def _whole_loads(load: FloatArray | IntArray) -> tuple[IntArray, int]:
    """Loads as whole numbers, and how many of them make one: 1 where they are whole already."""
    steps = in_steps(np.asarray(load, dtype=np.float64))
    return (steps, STEP) if (steps % STEP).any() else (steps // STEP, 1)


def _groups(
    wishes: Wishes, free: IntArray, ground: PlotTable, load: IntArray, most: int, unit: int
) -> tuple[IntArray, list[Told]]:
    """Which plots stay together, as numbers 0..m-1; compounds too large to stay whole are told of."""
    n = len(free)
    links: list[tuple[int, int]] = []
    if wishes.locked is not None:
        for number, plots in enumerate(_members(wishes.locked[free])):
            if load[plots].sum() > most and len(plots) > 1:
                total = round(float(load[plots].sum()) / unit)
                raise Refusal("locked_too_large", grid=number, households=total, most=most // unit)
            links += _chain(plots)
    group = _linked(links, n)
    if wishes.whole is None:
        return group, []
    compounds, in_pieces = _compounds(ground.edges, wishes.whole[free], group)
    held = np.bincount(group, load).astype(np.int64)
    starts = np.bincount(_kept_apart(wishes, free, group), minlength=len(held))
    root = list(range(len(held)))
    divided = 0
    for groups, torn in zip(compounds, in_pieces, strict=True):
        joined = sorted({_root_of(root, number) for number in groups.tolist()})
        if torn or held[joined].sum() > most or starts[joined].sum() > 1:
            divided += 1
            continue
        own = joined[0]
        held[own], starts[own] = held[joined].sum(), starts[joined].sum()
        for number in joined:
            root[number] = own
    roots = np.array([_root_of(root, number) for number in range(len(root))], np.int64)
    group = np.unique(roots[group], return_inverse=True)[1].astype(np.int64)
    return group, [Told("compounds_divided", {"count": divided})] if divided else []


def _compounds(edges: Edges, compound: IntArray, group: IntArray) -> tuple[list[IntArray], BoolArray]:
    """The groups each compound touches, and whether these lie in pieces; in the order of compounds.

    A group is one piece by itself, so only lines with an end in the compound can join two of its groups.
    """
    inside = np.flatnonzero(compound >= 0)
    width = int(group.max()) + 1
    pairs = np.unique(compound[inside] * width + group[inside])  # a compound and a group it touches
    number = pairs // width
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    links = []
    for here, there in ((edges.i, edges.j), (edges.j, edges.i)):
        open_ = ~edges.wall & (compound[here] >= 0)
        one = compound[here[open_]] * width + group[here[open_]]
        other = compound[here[open_]] * width + group[there[open_]]
        both = np.isin(other, pairs)
        links.append(np.searchsorted(pairs, np.stack([one[both], other[both]])))
    i, j = np.concatenate(links, axis=1)
    part = joined(len(pairs), i, j)
    torn = np.zeros(len(begins), np.bool_)
    place = np.searchsorted(begins, np.arange(len(pairs)), side="right") - 1
    np.logical_or.at(torn, place, part != part[begins][place])
    return np.split(pairs % width, begins[1:]) if len(pairs) else [], torn


def _root_of(root: list[int], number: int) -> int:
    """The first of the groups a group was joined with; the way there is shortened."""
    while root[number] != number:
        root[number] = root[root[number]]
        number = root[number]
    return number


def _members(number: IntArray) -> list[IntArray]:
    """Plots of each number 0.. that is used; -1 is none."""
    named = np.flatnonzero(number >= 0)
    return [named[plots] for plots in plots_of(number[named])] if len(named) else []


def _chain(plots: IntArray) -> list[tuple[int, int]]:
    return list(zip(plots[:-1].tolist(), plots[1:].tolist(), strict=True))


def _linked(links: Sequence[tuple[int, int]], count: int) -> IntArray:
    pairs = np.array(links, np.int64).reshape(-1, 2)
    return joined(count, pairs[:, 0], pairs[:, 1])


def _kept_apart(wishes: Wishes, free: IntArray, group: IntArray) -> IntArray:
    """The joined plots of which no two may share a grid: seeds, and what is locked to one grid."""
    place = dict(zip(free.tolist(), group.tolist(), strict=True))
    locked = [] if wishes.locked is None else _members(wishes.locked[free])
    starts = {int(group[plots[0]]) for plots in locked if len(plots)}
    first: dict[int, int] = {}
    for number, seed in enumerate(wishes.seeds.tolist(), 1):
        if seed not in place:
            raise Refusal("seed_on_fixed", seed=number, grid="—")
        own = place[seed]
        if own in first:
            same = int(wishes.seeds[first[own] - 1]) == seed
            code = "seeds_in_one_plot" if same else "seeds_in_one_lock"
            raise Refusal(code, first=first[own], second=number)
        first[own] = number
    return np.array(sorted({*starts, *first}), np.int64)


# --- How many grids ----------------------------------------------------------------------------------------


def _counts(
    wishes: Wishes, fixed: IntArray, merged: PlotTable, apart: IntArray, band: Band, unit: int
) -> tuple[IntArray | None, list[Told]]:
    """Grids for each connected part where a number was asked for, and whether there must be more."""
    component = parts_of(merged.edges, len(merged))
    if wishes.count is None:
        _check_starts(merged.households, component, apart, band, unit)
        return None, []
    alone = len(np.unique(fixed[fixed >= 0]))
    wanted = wishes.count - alone
    if wanted < max(1, len(apart)):
        needed = alone + max(1, len(apart))
        raise Refusal("coordinators_too_few", coordinators=wishes.count, needed=needed)
    if wanted > len(merged):
        raise Refusal("coordinators_too_many", coordinators=wishes.count, most=alone + len(merged))
    counts = shared_out(merged.households, component, wanted, np.bincount(component[apart], minlength=1))
    made = alone + int(counts.sum())
    facts = {"wanted": wishes.count, "made": made}
    return counts, [Told("grids_forced", facts)] if made != wishes.count else []


def _check_starts(load: IntArray, component: IntArray, apart: IntArray, band: Band, unit: int) -> None:
    """Refuse more seeds and locked grids on connected ground than it can have grids."""
    starts = np.bincount(component[apart], minlength=int(component.max()) + 1)
    total = np.bincount(component, load)
    giants = np.bincount(component, load > band.most)
    room = np.maximum(1, total // band.least + giants)
    for part in np.flatnonzero((starts > room) & (starts > 1)):
        raise Refusal(
            "seeds_too_many",
            starts=int(starts[part]),
            households=round(float(total[part]) / unit),
            most=int(room[part]),
        )


def shared_out(load: IntArray, component: IntArray, count: int, starts: IntArray) -> IntArray:
    """How many of `count` grids each connected part gets: by its load, largest remainder first.

    At least one each, and one for each of its `starts`; at most one for each plot that somebody lives on.
    The sum is `count` unless the parts need more.

    >>> shared_out(np.array([100, 200, 700]), np.array([0, 1, 2]), 10, np.zeros(3, int)).tolist()
    [1, 1, 1]
    >>> shared_out(np.full(10, 100), np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 1]), 4, np.zeros(2, int)).tolist()
    [1, 3]
    """
    parts = int(component.max()) + 1
    total = np.bincount(component, load, parts)
    inhabited = np.bincount(component, load > 0, parts).astype(np.int64)
    plots = np.bincount(component, minlength=parts)
    fewest = np.maximum(1, np.pad(starts, (0, parts - len(starts))))
    most = np.maximum(fewest, inhabited)
    if most.sum() < count:  # then also plots where nobody lives
        most = np.maximum(fewest, plots)
    quota = total / max(float(total.sum()), 1.0) * count
    counts = np.clip(np.floor(quota), fewest, most).astype(np.int64)
    while counts.sum() < count and (counts < most).any():
        counts[np.argmax(np.where(counts < most, quota - counts, -np.inf))] += 1
    while counts.sum() > count and (counts > fewest).any():
        counts[np.argmin(np.where(counts > fewest, quota - counts, np.inf))] -= 1
    return counts


# --- Keeping apart -----------------------------------------------------------------------------------------


def is_crowded(grid: IntArray, apart: IntArray) -> bool:
    """Whether two of the plots to be kept apart share a grid."""
    return len(np.unique(grid[apart])) < len(apart)


def parted(plots: PlotTable, grid: IntArray, apart: IntArray, target: int) -> IntArray:
    """The division with no two of the plots kept apart in one grid.

    The engine keeps nearly all of them apart by their price. A grid that holds two all the same is divided
    anew with as many neighbours as it takes to have a grid for each; roughly, for the engine to better it.
    """
    grid = grid.copy()
    links = _links(plots)
    while True:
        held = np.bincount(grid[apart], minlength=int(grid.max()) + 1)
        if not (held > 1).any():
            return grid
        region = _region(plots, grid, held, int(np.argmax(held > 1)))
        members = np.flatnonzero(np.isin(grid, region))
        starts = apart[np.isin(apart, members)]
        numbers = [*region, *range(len(held), len(held) + max(0, len(starts) - len(region)))]
        starts = _with_others(plots, members, starts, len(numbers))
        own = _grown(plots, links, members, starts)
        _evened(plots, links, members, starts, own, target)
        grid[members] = np.array(numbers, np.int64)[own[members]]


def _links(plots: PlotTable) -> csr_array:
    """Which plots can be walked to from which."""
    edges, n = plots.edges, len(plots)
    i, j = edges.i[~edges.wall], edges.j[~edges.wall]
    return csr_array((np.ones(2 * len(i)), (np.append(i, j), np.append(j, i))), shape=(n, n))


def _region(plots: PlotTable, grid: IntArray, held: IntArray, crowded: int) -> list[int]:
    """The crowded grid and neighbours, near ones first, until there is a grid for each plot kept apart."""
    edges = plots.edges
    one, other = grid[edges.i[~edges.wall]], grid[edges.j[~edges.wall]]
    region = [crowded]
    for number in region:
        near = np.unique(np.concatenate([other[one == number], one[other == number]]))
        for neighbour in sorted(near.tolist(), key=lambda grid_number: (held[grid_number], grid_number)):
            if held[region].sum() <= len(region):
                return region
            if neighbour not in region:
                region.append(int(neighbour))
    return region


def _with_others(plots: PlotTable, members: IntArray, starts: IntArray, count: int) -> IntArray:
    """As many starts as grids: to those kept apart, the plots furthest from all others."""
    chosen = starts.tolist()
    near = np.full(len(members), np.inf)
    for start in chosen:
        near = np.minimum(near, np.hypot(*(plots.xy[members] - plots.xy[start]).T))
    while len(chosen) < count:
        chosen.append(int(members[np.argmax(near)]))
        near = np.minimum(near, np.hypot(*(plots.xy[members] - plots.xy[chosen[-1]]).T))
    return np.array(chosen, np.int64)


def _grown(plots: PlotTable, links: csr_array, members: IntArray, starts: IntArray) -> IntArray:
    """Which start each plot of the region falls to: the one with the least load takes the nearest next."""
    own = np.full(len(plots), -1, np.int64)
    inside = np.zeros(len(plots), bool)
    inside[members] = True
    own[starts] = np.arange(len(starts))
    load = plots.households[starts].astype(np.float64)
    growing = set(range(len(starts)))
    fringe: list[set[int]] = [set(_near(links, int(start))) for start in starts]
    while growing:
        part = min(growing, key=lambda number: (load[number], number))
        fringe[part] = {plot for plot in fringe[part] if inside[plot] and own[plot] < 0}
        if not fringe[part]:
            growing.discard(part)
            continue
        away = {plot: float(np.hypot(*(plots.xy[plot] - plots.xy[starts[part]]))) for plot in fringe[part]}
        plot = min(away, key=lambda number: (away[number], number))
        own[plot] = part
        load[part] += plots.households[plot]
        fringe[part] |= set(_near(links, plot))
    return own


def _evened(
    plots: PlotTable, links: csr_array, members: IntArray, starts: IntArray, own: IntArray, target: int
) -> None:
    """Give plots at borders to a neighbour as long as that brings loads nearer to the target."""
    load = np.bincount(own[members], plots.households[members], len(starts))
    fast = {*starts.tolist()}
    better = True
    while better:
        better = False
        for plot in members.tolist():
            if plot in fast or plots.households[plot] == 0:
                continue
            here, mine = own[plot], plots.households[plot]
            beside = {int(own[near]) for near in _near(links, plot) if own[near] >= 0} - {int(here)}
            gains = {
                there: _off(load[here], target) + _off(load[there], target)
                - _off(load[here] - mine, target) - _off(load[there] + mine, target)
                for there in beside
            }  # fmt: skip
            if gains and max(gains.values()) > 0 and _holds_without(links, own, plot):
                there = max(gains, key=lambda number: (gains[number], -number))
                own[plot] = there
                load[here] -= mine
                load[there] += mine
                better = True


def _off(load: float, target: int) -> float:
    return float((load - target) ** 2)


def _near(links: csr_array, plot: int) -> list[int]:
    near: list[int] = links.indices[links.indptr[plot] : links.indptr[plot + 1]].tolist()
    return near


def _holds_without(links: csr_array, own: IntArray, plot: int) -> bool:
    """Whether the rest of a plot's part is one piece without it."""
    mine = [near for near in _near(links, plot) if own[near] == own[plot]]
    if len(mine) < 2:
        return len(mine) == 1
    seen, ahead = {mine[0], plot}, [mine[0]]
    while ahead:
        for near in _near(links, ahead.pop()):
            if own[near] == own[plot] and near not in seen:
                seen.add(near)
                ahead.append(near)
    return all(near in seen for near in mine)


# --- Finding plots -----------------------------------------------------------------------------------------


def plots_under(polygons: Any, drawn: shapely.Geometry) -> IntArray:
    """The plots most of whose ground lies in a polygon drawn by hand; both in one CRS in metres."""
    near = np.sort(shapely.STRtree(polygons).query(drawn, predicate="intersects"))
    share = shapely.area(shapely.intersection(polygons[near], drawn)) / shapely.area(polygons[near])
    return np.asarray(near[share > HALF], dtype=np.int64)


def anchor(plots: PlotTable, members: IntArray, within: IntArray) -> IntArray | None:
    """The plots that join `members` to one piece over ground `within`, by ways with few households.

    Returns members and ways in rising order, None where no way leads from one to the other.
    """
    ground = taken_out(plots, within)
    place = np.full(len(plots), -1, np.int64)
    place[within] = np.arange(len(within))
    links = _links(ground)
    cost = ground.households + 0.01
    links.data = cost[links.indices]
    wanted = place[members].tolist()
    joined, missing = [wanted[0]], set(wanted[1:]) - {wanted[0]}
    while missing:
        away, before, _ = dijkstra(links, indices=joined, return_predecessors=True, min_only=True)
        plot = min(missing, key=lambda number: (away[number], number))
        if not np.isfinite(away[plot]):
            return None
        while plot not in joined:
            joined.append(plot)
            missing.discard(plot)
            plot = int(before[plot])
    return np.sort(within[np.array(joined)])


def area_of(polygons: Any, areas: Any) -> IntArray:
    """Number of the area each plot lies in, by a point inside the plot; -1 for none. Of several, the first.

    polygons, areas: in one CRS.
    """
    found = np.full(len(polygons), -1, np.int64)
    if len(areas) and len(polygons):
        plot, area = shapely.STRtree(areas).query(shapely.point_on_surface(polygons), predicate="within")
        order = np.lexsort((area, plot))[::-1]
        found[plot[order]] = area[order]
    return found


# --- Carrying back -----------------------------------------------------------------------------------------


def renumbered(grid: IntArray) -> tuple[IntArray, IntArray]:
    """Numbers 0.. without holes, in the order in which the plots first show them; and the new number of
    each former one."""
    used, first, place = np.unique(grid, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first)).astype(np.int64)
    now = np.full(int(used.max()) + 1, -1, np.int64)
    now[used] = rank
    return rank[place], now


def _carried_back(
    found: Mapping[int, Reason], group: IntArray, free: IntArray, load: IntArray, unit: int
) -> dict[int, Reason]:
    """Reasons with plots by their own numbers, counts in the unit of the load."""
    order = np.lexsort((-load[free], group))  # of joined plots, the one with most load stands for all
    _, first = np.unique(group[order], return_index=True)
    plot_of = free[order[first]]

    def fact(name: str, value: Any) -> Any:
        if name in ("plot", "neighbour_plot"):
            return int(plot_of[value])
        if name == "plots":
            return tuple(int(plot_of[plot]) for plot in value)
        if unit != 1 and (name in ("least", "most") or "households" in name):
            return (
                tuple(round(one / unit) for one in value) if isinstance(value, tuple) else round(value / unit)
            )
        return value

    def back(facts: Facts) -> Facts:
        return {name: fact(name, value) for name, value in facts.items()}

    return {
        number: Reason(
            reason.code,
            back(reason.facts),
            Remedy(reason.remedy.code, back(reason.remedy.facts)) if reason.remedy else None,
        )
        for number, reason in found.items()
    }


def _shut_in(
    reasons: Mapping[int, Reason],
    edges: Edges,
    wishes: Wishes,
    fixed: IntArray,
    grid: IntArray,
    load: IntArray,
    band: Band,
    unit: int,
) -> dict[int, Reason]:
    """Of the grids of ground that is cut off, those that only grids left alone cut off, and which to unlock.

    grid: of each plot, -1 where it is left alone. load, band: in steps, `unit` of which make one.
    """
    free = fixed < 0
    part = parts_of(replace(edges, wall=edges.wall | (free[edges.i] != free[edges.j])), len(fixed))
    beside = _beside(edges, part, fixed)
    total = np.bincount(part, load)
    found = {}
    for number, reason in reasons.items():
        own = int(part[np.argmax(grid == number)])
        around = beside[1][beside[0] == own]
        if reason.code not in CUT_OFF or len(around) == 0:
            continue
        unlocked = []
        for one in around.tolist():
            together = int(total[beside[0][beside[1] == one]].sum() + load[fixed == one].sum())
            if not _is_special(wishes, one) and limits.count_limits(together, band):
                unlocked.append((one, together))
        facts = {**reason.facts, "around_plots": _first_of(fixed, around.tolist())}
        remedy = reason.remedy
        if unlocked:
            together = unlocked[0][1]
            helps: Facts = {
                "around_plots": _first_of(fixed, [one for one, _ in unlocked]),
                "together_households": round(together / unit),
                "grids": limits.best_count(together, band),
            }
            remedy = Remedy("unlock_beside", helps)
        found[number] = Reason("shut_in", facts, remedy)
    return found


def _looked_around(
    reasons: Mapping[int, Reason], edges: Edges, fixed: IntArray, grid: IntArray
) -> dict[int, Reason]:
    """Of the grids for which sets of plots were looked for, those beside grids left alone, which were not
    among them."""
    beside = _beside(edges, grid, fixed)
    around = {number: beside[1][beside[0] == number].tolist() for number in reasons}
    return {
        number: replace(reason, facts={**reason.facts, "around_plots": _first_of(fixed, around[number])})
        for number, reason in reasons.items()
        if reason.code in LOOKED_FOR and around[number]
    }


def _beside(edges: Edges, part: IntArray, fixed: IntArray) -> IntArray:
    """Pairs of a part (or grid) of free ground and a grid left alone that share a passable line, (2, m)."""
    pairs = []
    for here, there in ((edges.i, edges.j), (edges.j, edges.i)):
        met = ~edges.wall & (fixed[here] < 0) & (fixed[there] >= 0)
        pairs.append(np.stack([part[here[met]], fixed[there[met]]]))
    return np.unique(np.concatenate(pairs, axis=1), axis=1)


def _first_of(fixed: IntArray, numbers: Sequence[int]) -> tuple[int, ...]:
    """A plot of each of these grids, to know it by."""
    return tuple(int(np.argmax(fixed == number)) for number in numbers)


def _is_special(wishes: Wishes, number: int) -> bool:
    """Whether a grid that is left alone is outside the band test."""
    return number < len(wishes.special) and bool(wishes.special[number])


def _of_fixed(
    plots: PlotTable, band: Band, wishes: Wishes, fixed: IntArray, grid: IntArray
) -> dict[int, Reason]:
    """Of the grids left alone that are held against the band, those out of it: they are locked."""
    load = plots.households if wishes.load is None else wishes.load
    reasons = {}
    for number, members in enumerate(_members(fixed)):
        held = float(load[members].sum())
        if len(members) and not _is_special(wishes, number) and not band.least <= held <= band.most:
            facts = {"households": round(held), "least": band.least, "most": band.most}
            reasons[int(grid[members[0]])] = Reason("locked", facts, Remedy("unlock", {}))
    return reasons
