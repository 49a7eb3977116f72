"""Ways to bring one grid of a plan back into its band or into one piece, those that disturb least first.

Few plots are tried one by one, two by two and three by three between the grid and each neighbour: among so
few the cheapest is found for certain. Where none of these helps, surplus walks from grid to grid as in
re-balancing. A grid of hardly anybody may join a neighbour, one of many become two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from app.errors import Refusal
from app.geo import rebalance
from app.geo.editing import Excerpt, checked, divide_into, torn_off, touching, walled
from app.geo.partition import pieces
from app.geo.plots import Band, IntArray, PlotTable
from app.geo.split.steering import contracted, taken_out

MOST = 6  # proposals
TOGETHER = 3  # plots are tried at once
RINGS = 3  # of plots behind a border are looked at
CANDIDATES = 24  # plots at most, nearest to the border first
LOOKED_AT = 80  # sets of plots, cheapest first, until one tears nothing
EVENNESS = (0.05, 0.01)  # bands around the mean of two grids, to even them out
MOVED_PRICE = 0.25


class Repair(NamedTuple):
    """One proposal: the kind of edit it is, and the grid of each plot after it."""

    kind: str
    grid: IntArray


class Standing(NamedTuple):
    """How one grid stands, and what it cost the others; smaller is better.

    pieces: of the grid beyond the first. beyond: load by which it misses the band. worse: other grids that
    miss it by more than before.
    """

    pieces: int
    beyond: int
    worse: int


def repairs(excerpt: Excerpt, number: int, rng: np.random.Generator) -> list[Repair]:
    """Proposals to repair a grid: best first, those with different neighbours before more with the same.

    excerpt: the grid with all grids it touches. Best is what mends it and makes no other grid worse, then
    what moves the least load. Empty where nothing helps. Refused with `grid_is_locked` and
    `nothing_to_repair`.
    """
    if excerpt.closed[number]:
        raise Refusal("grid_is_locked", grid=number, plots=excerpt.members(number))
    before = standing(excerpt, number, excerpt.grid)
    if before == (0, 0, 0):
        raise Refusal("nothing_to_repair", grid=number)
    ways = _joined_up(excerpt, number) if before.pieces else _back_in_band(excerpt, number, rng)
    found: dict[bytes, Repair] = {}
    for way in ways:
        if _is_allowed(excerpt, way.grid) and standing(excerpt, number, way.grid)[:2] < before[:2]:
            found.setdefault(way.grid.tobytes(), way)
    return _spread(excerpt, number, list(found.values()))


def standing(excerpt: Excerpt, number: int, grid: IntArray) -> Standing:
    """How a grid stands in a plan; where it was divided or given up, all that came of it counts."""
    before, beyond = _beyond(excerpt, excerpt.grid), _beyond(excerpt, grid)
    parts = pieces(excerpt.table.edges, grid)
    own = np.arange(len(beyond)) >= excerpt.count  # new grids are parts of it
    own[number] = True
    others = np.flatnonzero(~own)
    torn = int(np.maximum(parts[own[: len(parts)]] - 1, 0).sum())
    return Standing(torn, int(beyond[own].sum()), int((beyond[others] > before[others]).sum()))


def _beyond(excerpt: Excerpt, grid: IntArray) -> IntArray:
    """Load by which each grid misses the band; 0 for special grids and for numbers no plot has."""
    load, band = excerpt.loads(grid), excerpt.band
    beyond = np.maximum(np.maximum(band.least - load, load - band.most), 0)
    beyond[: excerpt.count][excerpt.special] = 0
    beyond[np.bincount(grid, minlength=len(load)) == 0] = 0
    return beyond.astype(np.int64)


def _is_allowed(excerpt: Excerpt, grid: IntArray) -> bool:
    try:
        checked(excerpt, grid)
    except Refusal:  # this way breaks a rule of plans, others may not
        return False
    return True


def _spread(excerpt: Excerpt, number: int, found: list[Repair]) -> list[Repair]:
    """The best first; the best of each set of grids before others that change the same ones, which are told
    only where they leave the grid as well as the very best."""
    ranked = sorted(found, key=lambda way: _rank(excerpt, number, way.grid))
    first: dict[tuple[int, ...], Repair] = {}
    for way in ranked:
        moved = way.grid != excerpt.grid
        first.setdefault(tuple(np.unique(np.append(way.grid[moved], excerpt.grid[moved])).tolist()), way)
    chosen = list(first.values())
    best = standing(excerpt, number, ranked[0].grid) if ranked else None
    others = [way for way in ranked if not any(way is one for one in chosen)]
    return [*chosen, *(way for way in others if standing(excerpt, number, way.grid) == best)][:MOST]


def _rank(excerpt: Excerpt, number: int, grid: IntArray) -> tuple[Standing, int, int]:
    moved = grid != excerpt.grid
    return standing(excerpt, number, grid), int(excerpt.load[moved].sum()), int(moved.sum())


# --- In one piece ------------------------------------------------------------------------------------------


def _joined_up(excerpt: Excerpt, number: int) -> Iterator[Repair]:
    """What is torn off goes to each neighbour that can take it; or the ground between is taken over."""
    torn = torn_off(excerpt, excerpt.grid, number)
    for other in _neighbours(excerpt, torn, number):
        grid = excerpt.grid.copy()
        grid[torn] = other
        yield Repair("move", grid)
    yield from _bridged(excerpt, number, torn)


def _neighbours(excerpt: Excerpt, plots: IntArray, number: int) -> list[int]:
    """Grids that share a passable line with some plots of a grid, without those that take nothing."""
    edges = excerpt.table.edges
    inside = np.zeros(len(excerpt.grid), np.bool_)
    inside[plots] = True
    rows = ~edges.wall & (inside[edges.i] != inside[edges.j])
    beside = np.where(inside[edges.i], edges.j, edges.i)[rows]
    numbers = np.unique(excerpt.grid[beside])
    return [one for one in numbers.tolist() if one != number and not excerpt.closed[one]]


def _bridged(excerpt: Excerpt, number: int, torn: IntArray) -> Iterator[Repair]:
    """The way with the least load from what is torn off to the rest, through one neighbour at a time."""
    main = np.setdiff1d(excerpt.members(number), torn)
    table = walled(excerpt)
    for other in _neighbours(excerpt, torn, number):
        ground = np.concatenate([main, torn, excerpt.members(other)])
        way = _cheapest_way(taken_out(table, ground), excerpt.load[ground], len(main), len(main) + len(torn))
        if way is not None:
            grid = excerpt.grid.copy()
            grid[ground[way]] = number
            yield Repair("move", grid)


def _cheapest_way(table: PlotTable, load: IntArray, first: int, second: int) -> IntArray | None:
    """Plots between the first ones (0 … first-1) and the next (first … second-1); None without a way."""
    edges, n = table.edges, len(load)
    i, j = edges.i[~edges.wall], edges.j[~edges.wall]
    cost = load + 0.01
    weights = np.append(cost[j], cost[i])
    links = csr_array((weights, (np.append(i, j), np.append(j, i))), shape=(n, n))
    away, before, _ = dijkstra(links, indices=np.arange(first), return_predecessors=True, min_only=True)
    end = first + int(np.argmin(away[first:second]))
    if not np.isfinite(away[end]):
        return None
    way = [end]
    while before[way[-1]] >= 0:
        way.append(int(before[way[-1]]))
    return np.array([plot for plot in way if plot >= second], np.int64)


# --- In the band -------------------------------------------------------------------------------------------


def _back_in_band(excerpt: Excerpt, number: int, rng: np.random.Generator) -> Iterator[Repair]:
    """Few plots with each neighbour; more where these do not suffice; one grid fewer or more."""
    beside = _neighbours(excerpt, excerpt.members(number), number)
    ordinary = [one for one in beside if not excerpt.special[one]]
    solved = 0
    for other in ordinary:
        grid = _few_moved(excerpt, number, other)
        if grid is not None:
            solved += 1
            yield Repair("move", grid)
    if solved < TOGETHER:
        yield from (Repair("move", grid) for grid in _walked(excerpt, np.arange(excerpt.count), rng))
        for other in ordinary:
            yield from (Repair("move", grid) for grid in _walked(excerpt, np.array([number, other]), rng))
    load, band = int(excerpt.loads(excerpt.grid)[number]), excerpt.band
    if load < band.least:
        for other in ordinary:
            yield Repair("merge", np.where(excerpt.grid == number, other, excerpt.grid).astype(np.int64))
    elif load >= 2 * band.least:
        yield from _divided(excerpt, number, rng)


def _divided(excerpt: Excerpt, number: int, rng: np.random.Generator) -> Iterator[Repair]:
    parts = max(2, round(int(excerpt.loads(excerpt.grid)[number]) / excerpt.band.target))
    try:
        yield Repair("divide", divide_into(excerpt, number, parts, rng))
    except Refusal:  # it is one large plot, or in the way of something locked: then there is no such way
        return


def _few_moved(excerpt: Excerpt, number: int, other: int) -> IntArray | None:
    """The cheapest move of up to three plots (or of what moves as one) between two grids after which the
    first is in the band, and the second too or as it was; None where there is none."""
    load, band = excerpt.loads(excerpt.grid), excerpt.band
    giver, taker = (number, other) if load[number] > band.most else (other, number)
    given = _sums_wanted(int(load[giver]), int(load[taker]), giver == number, band)
    for groups in _sets(excerpt, giver, taker, *given):
        grid = excerpt.grid.copy()
        grid[np.isin(excerpt.group, groups) & (excerpt.grid == giver)] = taker
        if _is_allowed(excerpt, grid):
            return grid
    return None


def _sums_wanted(gives: int, takes: int, giver_first: bool, band: Band) -> tuple[int, int]:
    """Fewest and most load that may change hands. The second grid stays in the band; one that is out of it
    already gets no further away."""
    if giver_first:
        least, most = gives - band.most, gives - band.least
        room = band.most - takes if takes <= band.most else 0
        return max(least, 1), min(most, room)
    least, most = band.least - takes, band.most - takes
    spare = gives - band.least if gives >= band.least else 0
    return max(least, 1), min(most, spare)


def _sets(excerpt: Excerpt, giver: int, taker: int, least: int, most: int) -> Iterator[list[int]]:
    """Sets of up to TOGETHER groups near the border whose load fits, cheapest first."""
    near = _near(excerpt, giver, taker)
    load = {group: int(excerpt.load[(excerpt.group == group)].sum()) for group in near}
    fixed = set(excerpt.group[excerpt.fixed].tolist())
    near = [group for group in near if load[group] <= most and group not in fixed]
    found = [
        (sum(load[group] for group in groups), len(groups), groups)
        for size in range(1, TOGETHER + 1)
        for groups in combinations(near, size)
    ]
    fit = sorted(one for one in found if least <= one[0] <= most)
    yield from (list(groups) for _, _, groups in fit[:LOOKED_AT])


def _near(excerpt: Excerpt, giver: int, taker: int) -> list[int]:
    """Groups of a grid that lie wholly in it, those nearest to its border with another first."""
    edges = excerpt.table.edges
    way = ~edges.wall
    i, j = edges.i[way], edges.j[way]
    ring = np.where(excerpt.grid == taker, 0, -1)
    for step in range(1, RINGS + 1):
        for one, two in ((i, j), (j, i)):
            reached = two[(ring[one] == step - 1) & (ring[two] < 0) & (excerpt.grid[two] == giver)]
            ring[reached] = step
    near = np.flatnonzero(ring > 0)
    order = near[np.lexsort((excerpt.load[near], ring[near]))]
    groups = list(dict.fromkeys(excerpt.group[order].tolist()))
    whole = [g for g in groups if (excerpt.grid[excerpt.group == g] == giver).all()]
    return whole[:CANDIDATES]


def _walked(excerpt: Excerpt, numbers: IntArray, rng: np.random.Generator) -> Iterator[IntArray]:
    """Plans by re-balancing some of the grids among themselves."""
    for grid in _rebalanced(excerpt, numbers, excerpt.band, rng):
        if (grid != excerpt.grid).any():
            yield grid


def _rebalanced(
    excerpt: Excerpt, numbers: IntArray, band: Band, rng: np.random.Generator
) -> Iterator[IntArray]:
    """Proposals of `rebalance` for some grids, with what moves as one moved so."""
    members = np.flatnonzero(np.isin(excerpt.grid, numbers))
    table = replace(taken_out(walled(excerpt), members), households=excerpt.load[members])
    own = np.searchsorted(numbers, excerpt.grid[members])
    if (pieces(table.edges, own) != 1).any():  # it works on grids in one piece only
        return
    group = np.unique(excerpt.group[members], return_inverse=True)[1]
    first = np.unique(group, return_index=True)[1]
    locked = rebalance.Locked(
        np.bincount(group, excerpt.fixed[members]) > 0, excerpt.closed[numbers], excerpt.special[numbers]
    )
    joined = contracted(table, group, excerpt.load[members])
    for one in rebalance.proposals(joined, own[first], band, rng, locked=locked, lines=excerpt.lines):
        grid = excerpt.grid.copy()
        grid[members] = numbers[one.grid[group]]
        yield grid


# --- Two grids made even -----------------------------------------------------------------------------------


def rebalance_pair(excerpt: Excerpt, one: int, other: int, rng: np.random.Generator) -> IntArray:
    """Two grids of loads as equal as is worth it: what moves counts a quarter of what they differ by.

    Refused with `grids_apart`, `nothing_changes` where they cannot be evener, and as `checked` says.
    """
    if not touching(excerpt, one, other):
        raise Refusal("grids_apart", grid=one, other=other)
    numbers = np.array(sorted((one, other)), np.int64)
    mean = max(2, round(float(excerpt.loads(excerpt.grid)[numbers].sum()) / 2))
    found = [excerpt.grid]
    for share in EVENNESS:
        found += _rebalanced(excerpt, numbers, Band.around(mean, share), rng)
    found += _evened(excerpt, one, other)

    def rank(grid: IntArray) -> float:
        load, moved = excerpt.loads(grid), excerpt.load[grid != excerpt.grid].sum()
        return abs(int(load[one] - load[other])) + MOVED_PRICE * float(moved)

    best = min((grid for grid in found if grid is excerpt.grid or _is_allowed(excerpt, grid)), key=rank)
    return checked(excerpt, best)


def _evened(excerpt: Excerpt, one: int, other: int) -> Iterator[IntArray]:
    """Few plots of the heavier grid to the lighter one: the evenest set that tears nothing."""
    load = excerpt.loads(excerpt.grid)
    giver, taker = (one, other) if load[one] >= load[other] else (other, one)
    apart = int(load[giver] - load[taker])
    sets = sorted(
        _sets(excerpt, giver, taker, 1, apart),
        key=lambda groups: abs(apart - 2 * int(excerpt.load[np.isin(excerpt.group, groups)].sum())),
    )
    for groups in sets:
        grid = excerpt.grid.copy()
        grid[np.isin(excerpt.group, groups)] = taker
        if _is_allowed(excerpt, grid):
            yield grid
            return
