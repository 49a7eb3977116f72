"""Mending a plan after its households changed, so that as few of them as possible get another coordinator.

`proposals` is the story: from the plan as it is, at several prices for disruption, surplus walks from grid to
grid until one has room for it (`kernels.ease`); nothing far from a grid out of band is looked at. Grids keep
their numbers. One grid more is cut from where most households are to spare, one fewer is shared out where its
neighbours have most room. `least_moves` is what no plan can do without. Figures:
docs/decisions/0009-rebalancing.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from app.geo import split as splitting
from app.geo.joined import joined
from app.geo.plots import Band, BoolArray, Edges, FloatArray, IntArray, LineClass, PlotTable
from app.geo.split import kernels
from app.geo.split.kernels import Desk, Ground, Labels, SeedArray, Weights
from app.geo.split.steering import line_prices

__all__ = ["Bound", "Locked", "Prices", "Proposal", "Settings", "least_moves", "proposals", "warm"]


WANTED = 3  # proposals to choose from
MORE_TRIES = 6  # with other seeds, where those of `Settings` came to fewer


class Prices(NamedTuple):
    """What disruption costs beside a grid out of band, which costs 6 (`split.Settings`).

    target: a target's worth of households that change hands. plot: each plot that does. near_edge, shape:
    shares of what `split` pays for a grid at the edge of its band, and for its shape and border.
    exchanges: share of what is tried that are exchanges of two plots. tidy: whether grids in the band but
    near its edge are eased too.
    """

    target: float
    plot: float
    near_edge: float
    shape: float
    exchanges: float = 0.0
    tidy: bool = False


@dataclass(frozen=True)
class Settings:
    """How hard to look.

    prices: one proposal for each. runs: for each proposal, of which it is the best, part by part. rounds:
    over the grids still out of band. steps: offers per plot of a group. heat: at the start, in the price of a
    grid. patience: rounds that mend nothing before it is left. settling: rounds over what moved, to bring
    home what need not have. sites: places tried for a grid more or fewer.
    """

    prices: tuple[Prices, ...] = (
        Prices(10.0, 0.05, 0.125, 0.25, exchanges=0.05),
        Prices(6.0, 0.05, 0.25, 0.5, exchanges=0.3),
        Prices(2.0, 0.05, 1.0, 1.0, exchanges=0.3, tidy=True),
    )
    rounds: int = 6
    steps: int = 5
    heat: float = 0.4
    settling: int = 1
    runs: int = 2
    patience: int = 2
    sites: int = 3


@dataclass(frozen=True)
class Locked:
    """What stays as it is.

    plots: shape (n,), these keep their grid. grids: shape (k,), these keep their plots and get no other.
    special: which of the grids no band concerns; None for none.
    """

    plots: BoolArray
    grids: BoolArray
    special: BoolArray | None = None


@dataclass(frozen=True)
class Bound:
    """What must change hands at least, whoever finds the plan; see `least_moves`."""

    households: int
    plots: int


@dataclass(frozen=True)
class Proposal:
    """A plan that could follow the present one.

    grid: of each plot; numbers of the present plan, and from its number of grids on those that are new.
    moved: plots whose grid is another one. people_moved: None where people are not known.
    affected: numbers of the grids that lose or gain a plot. in_band_before, in_band_after: shares of grids.
    """

    grid: IntArray
    moved: IntArray
    households_moved: int
    people_moved: int | None
    affected: IntArray
    in_band_before: float
    in_band_after: float
    bound: Bound


class Case(NamedTuple):
    """What all proposals start from.

    desks: one for each run. k: grids of the present plan. needs: what `_bound` found out already.
    """

    plots: PlotTable
    ground: Ground
    desks: list[Desk]
    blank: Labels
    present: IntArray
    k: int
    locked: Locked
    band: Band
    weights: Weights
    needs: dict[tuple[int, int, int, bool], tuple[Need, Need]]


def proposals(
    plots: PlotTable,
    grid: IntArray,
    band: Band,
    rng: np.random.Generator,
    *,
    locked: Locked | None = None,
    change: int = 0,
    people: IntArray | None = None,
    lines: Mapping[LineClass, str] | None = None,
    settings: Settings = Settings(),
) -> list[Proposal]:
    """Plans that could follow a present one, those that disturb the fewest households first.

    plots: with the households of today. grid: 0 … k-1, of each plot at present; every number occurs and every
    grid is in one piece. change: grids more (or, below 0, fewer) than at present. people: of each plot.
    lines: how borders should take to lines of a class, as in `steering.Wishes`; walls are with the edges.
    There are fewer than three where the ways found are the same, and none where no grid can be added or
    given up. The same rng state gives the same proposals.
    """
    if len(plots) == 0:
        return []
    case = _case(plots, grid, band, locked, lines or {})
    seeds = rng.integers(0, 2**63, size=256, dtype=np.uint64)
    turns = (seeds[at : at + 1].copy() for at in range(len(seeds)))
    found: dict[bytes, IntArray] = {}
    starts = _starts(case, change, settings, turns)
    for start in starts:
        labels = _labels(case, start)
        for prices in settings.prices if start is starts[0] else settings.prices[:1]:
            labels = _best_mended(case, labels, prices, settings, turns)
            found.setdefault(labels.grid.tobytes(), labels.grid.copy())
    for attempt in range(MORE_TRIES if starts else 0):
        if len(found) >= WANTED:
            break
        dearer = settings.prices[attempt % len(settings.prices)]
        prices = dearer._replace(target=dearer.target / 2, exchanges=0.5)
        labels = _best_mended(case, _labels(case, starts[0]), prices, settings, turns)
        found.setdefault(labels.grid.tobytes(), labels.grid.copy())
    ends = sorted(found.values(), key=lambda end: not _new_hold(case, end))
    sound = sum(_new_hold(case, end) for end in ends)
    told = [_told(case, end, people, change) for end in ends[: max(sound, WANTED)]]
    return sorted(told, key=lambda one: (one.households_moved, len(one.affected), len(one.moved)))


def _new_hold(case: Case, grid: IntArray) -> bool:
    """Whether all new grids are in the band: cheap as it is, a crumb of a grid helps nobody."""
    load = np.bincount(grid, case.plots.households).astype(np.int64)
    return bool(case.band.holds(load[case.k :]).all())


def _case(
    plots: PlotTable, grid: IntArray, band: Band, locked: Locked | None, lines: Mapping[LineClass, str]
) -> Case:
    usual = splitting.Settings()
    # Surplus walks from grid to grid only where a load nearer the target is worth a rougher border.
    chosen = replace(usual, deviation=0.4, line=0.6, line_price=line_prices(usual.line_price, lines))
    ground = splitting.ground_of(plots, band, chosen)
    count = int(grid.max()) + 1
    if locked is None:
        locked = Locked(np.zeros(len(plots), np.bool_), np.zeros(count, np.bool_))
    counts = splitting.grid_counts(ground, band, chosen)
    return Case(
        plots,
        ground,
        [kernels.desk_for(ground)],
        splitting.labels_for(ground, counts),
        grid.astype(np.int64),
        count,
        locked,
        band,
        splitting.weights_for(band, chosen),
        {},
    )


def _copy(labels: Labels) -> Labels:
    return labels._replace(**{name: part.copy() for name, part in labels._asdict().items()})


def _labels(case: Case, grid: IntArray) -> Labels:
    labels = _copy(case.blank)
    kernels.load_labels(case.ground, labels, grid, case.weights)
    return labels


def _stay(case: Case, prices: Prices) -> kernels.Stay:
    fixed = case.locked.plots | case.locked.grids[case.present]
    closed = np.zeros(len(case.present), np.bool_)
    closed[: case.k] = case.locked.grids
    unmarked = np.full(len(case.present), -1, np.int64)
    return kernels.Stay(
        case.present,
        fixed,
        closed,
        prices.target / case.band.target,
        prices.plot,
        prices.exchanges,
        unmarked,
    )


def _best_mended(
    case: Case, start: Labels, prices: Prices, settings: Settings, turns: Iterator[SeedArray]
) -> Labels:
    """The plan mended several times, on all cores, and the cheapest of each part of it that changed.

    Grids that exchanged plots in any of the runs, one after the other, are a part. What is in a part before
    is in it in every run, so each can be taken from whichever it is cheapest in.
    """
    seeds = [next(turns) for _ in range(settings.runs)]
    while len(case.desks) < len(seeds):
        case.desks.append(kernels.desk_for(case.ground))

    def mended(seed: SeedArray, desk: Desk) -> Labels:
        return _mended(case, start, prices, settings, seed, desk)

    with ThreadPoolExecutor(len(seeds)) as pool:
        found = list(pool.map(mended, seeds, case.desks))
    size = len(start.grid)
    here, there = np.tile(start.grid, len(found)), np.concatenate([labels.grid for labels in found])
    moved = here != there
    part = joined(size, here[moved], there[moved])
    price = [_price_of_parts(case, labels, prices, part) for labels in found]
    chosen = np.argmin(price, axis=0)[part[start.grid]]
    grids = np.array([labels.grid for labels in found])
    return _labels(case, grids[chosen, np.arange(size)])


def _price_of_parts(case: Case, labels: Labels, prices: Prices, part: IntArray) -> FloatArray:
    """What the grids of each part cost, and the moves of their plots. part: of each grid number."""
    moved = labels.grid != case.present
    moving = prices.plot + prices.target / case.band.target * case.plots.households[moved]
    standing = labels.plots > 0
    price: FloatArray = np.zeros(len(part))
    np.add.at(price, part[standing], labels.cost[standing])
    np.add.at(price, part[labels.grid[moved]], moving)
    return price


def _mended(
    case: Case, start: Labels, prices: Prices, settings: Settings, seed: SeedArray, desk: Desk
) -> Labels:
    """The plan with its grids eased back into the band."""
    labels = _copy(start)
    w = case.weights
    w = w._replace(
        near_edge=w.near_edge * prices.near_edge, shape=w.shape * prices.shape, line=w.line * prices.shape
    )
    stay = _stay(case, prices)
    kernels.price_again(labels, w)

    def ease(centres: IntArray, rings: int, heat: float) -> None:
        kernels.shuffle(seed, centres)
        kernels.ease_around(case.ground, labels, desk, centres, rings, settings.steps, heat, w, stay, seed)

    fewest, idle = len(case.present) + 1, 0
    for turn in range(settings.rounds):
        bad = kernels.bad_grids(case.ground, labels, w)
        idle = 0 if len(bad) < fewest else idle + 1
        fewest = min(fewest, len(bad))
        if len(bad) == 0 or idle > settings.patience:
            break
        ease(bad, 1 + turn % 2, settings.heat * (1 + turn % 3))
    if prices.tidy:
        ease(_near_the_edge(labels, case.band), 1, settings.heat / 4)
    for _ in range(settings.settling):
        moved = np.flatnonzero(labels.grid != case.present)
        ease(np.unique(np.append(labels.grid[moved], case.present[moved])), 1, settings.heat / 4)
    return labels


def _near_the_edge(labels: Labels, band: Band) -> IntArray:
    """Grids in the last tenth of the band's half width, or out of it."""
    load = labels.tally[:, kernels.HOUSEHOLDS]
    high = load > band.target + 0.9 * (band.most - band.target)
    low = load < band.target - 0.9 * (band.target - band.least)
    return np.flatnonzero((high | low) & (labels.plots > 0))


def _told(case: Case, grid: IntArray, people: IntArray | None, change: int) -> Proposal:
    moved = np.flatnonzero(grid != case.present)
    households = case.plots.households
    before = np.bincount(case.present, households, case.k).astype(np.int64)
    after = np.bincount(grid, households, case.k).astype(np.int64)
    standing = np.bincount(grid, minlength=case.k) > 0
    return Proposal(
        grid,
        moved,
        int(households[moved].sum()),
        None if people is None else int(people[moved].sum()),
        np.unique(np.append(grid[moved], case.present[moved])),
        _in_band(case, before, np.ones(case.k, np.bool_)),
        _in_band(case, after, standing),
        _bound(case, after, change),
    )


def _in_band(case: Case, load: IntArray, standing: BoolArray) -> float:
    """Share of the grids that stand and that the band concerns."""
    concerned = standing.copy()
    if case.locked.special is not None:
        concerned[: case.k] &= ~case.locked.special
    return float(case.band.holds(load[concerned]).mean()) if concerned.any() else 1.0


# One grid more, or one fewer


def _starts(case: Case, change: int, settings: Settings, turns: Iterator[SeedArray]) -> list[IntArray]:
    """Plans with the wanted number of grids, to be mended: the present one, or one for each site tried."""
    if change == 0:
        return [case.present]
    made: list[IntArray] = []
    for first in _sites(case, case.present, change):
        if len(made) == settings.sites:
            break
        grid: IntArray | None = case.present
        for step in range(abs(change)):
            if grid is not None:
                grid = _changed(case, grid, _sites(case, grid, change) if step else [first], change, turns)
        if grid is not None:
            made.append(grid)
    return made


def _changed(
    case: Case, grid: IntArray, sites: list[int], change: int, turns: Iterator[SeedArray]
) -> IntArray | None:
    """One grid more or fewer at the first of the sites where that can be."""
    for site in sites:
        found = _cut(case, grid, site, next(turns)) if change > 0 else _shared_out(case, grid, site)
        if found is not None:
            return found
    return None


def _sites(case: Case, grid: IntArray, change: int) -> list[int]:
    """Grids where one more or one fewer disturbs least, best first, none beside a better one.

    One more: where a grid and those around it have most over the target. One fewer: the lightest grid, as
    far as those around it have room for it.
    """
    count = _numbers(case, grid)
    load = np.bincount(grid, case.plots.households, count)
    beside = _touching(case, grid, count)
    open_ = np.bincount(grid, minlength=count) > (1 if change > 0 else 0)
    open_[: case.k] &= ~case.locked.grids
    open_[grid[case.locked.plots]] &= change > 0  # a grid that is given up gives up all of its plots
    open_[grid[case.ground.own[:, kernels.OVERSIZED] > 0]] = False
    open_ &= beside.sum(axis=1) > 0 if change < 0 else True
    if change > 0:
        spare = np.where(open_, load - case.band.target, 0)
        near = spare + beside @ spare
        score = -(near + 0.25 * (beside @ near))
    else:
        room = np.where(open_, np.maximum(case.band.most - load, 0), 0)
        score = load + np.maximum(load - beside @ room, 0)
    chosen: list[int] = []
    shut = ~open_
    for site in np.argsort(score, kind="stable").tolist():
        if not shut[site]:
            chosen.append(site)
            shut[beside.indices[beside.indptr[site] : beside.indptr[site + 1]]] = True
        if len(chosen) == 8:
            break
    return chosen


def _numbers(case: Case, grid: IntArray) -> int:
    """How many numbers grids have: those of the present ones that were given up stay unused."""
    return max(case.k, int(grid.max()) + 1)


def _touching(case: Case, grid: IntArray, count: int) -> csr_array:
    """1.0 for two grids that touch along a line that is no wall, shape (k, k)."""
    edges = case.plots.edges
    a, b = grid[edges.i], grid[edges.j]
    kept = ~edges.wall & (a != b)
    pairs = np.unique(np.append(a[kept] * count + b[kept], b[kept] * count + a[kept]))
    return csr_array((np.ones(len(pairs)), (pairs // count, pairs % count)), shape=(count, count))


def _cut(case: Case, grid: IntArray, site: int, seed: SeedArray) -> IntArray | None:
    """Two grids of one; the part with more of its households keeps the number, the other gets the next.

    The part with plots that must keep their grid keeps the number too; None where both have some.
    """
    labels = _labels(case, grid)
    if not kernels.cut_in_two(case.ground, labels, case.desks[0], site, case.weights, seed):
        return None
    members = np.flatnonzero(grid == site)
    other = labels.grid[members] != site
    load, fixed = case.plots.households[members], case.locked.plots[members]
    if fixed[other].any() and fixed[~other].any():
        return None
    if fixed[other].any() or (not fixed.any() and load[other].sum() > load[~other].sum()):
        other = ~other
    result = grid.copy()
    result[members[other]] = _numbers(case, grid)
    return result


def _shared_out(case: Case, grid: IntArray, site: int) -> IntArray | None:
    """A grid's plots given to those around it, from its rim inwards, each to the lightest it touches."""
    ground, result = case.ground, grid.copy()
    load = np.bincount(grid, case.plots.households, _numbers(case, grid))
    shut = np.zeros(len(load), np.bool_)
    shut[: case.k] = case.locked.grids
    shut[site] = True
    left = np.flatnonzero(grid == site).tolist()
    while left:
        offers = []
        for plot in left:
            lines = slice(ground.start[plot], ground.start[plot + 1])
            around = result[ground.neighbour[lines][ground.passable[lines]]]
            offers += [(load[other], int(other), plot) for other in around[~shut[around]]]
        if not offers:
            return None
        _, other, plot = min(offers)
        result[plot] = other
        load[other] += case.plots.households[plot]
        left.remove(plot)
    return result


# What no plan can do without


def least_moves(
    plots: PlotTable,
    grid: IntArray,
    band: Band,
    *,
    reached: IntArray | None = None,
    locked: Locked | None = None,
    change: int = 0,
) -> Bound:
    """Households and plots that must change hands at least in any plan that keeps all present grids.

    reached: households of each grid of such a plan, shape (k + new,); without it all shall be in band. A plan
    that leaves a grid out of band is held to no more than it reaches, so that the bound is one of its moves.

    Let a plan P keep every present grid (each keeps one of its plots at least), and M be the plots that move.

    1. A grid a over the band loses plots L_a with households of at least its excess over `most`. They are
       whole plots. If P has no new grid, each of them ends in a grid b that keeps a plot of its own, on a
       path within b; the part of that path that lies in a moves too. So L_a is at least as heavy as the
       cheapest path out of a from each of its plots (weighed by plots on it), and s_a, the lightest sum T
       of some plots with T >= excess and no path heavier than T, is a bound for it. Where a without s_a
       is below the band, it must gain as well (2); more lost would call for more gained.
    2. Likewise a grid b below the band gains G_b, on paths to a plot that b keeps; d_b is the lightest such
       sum. Where b with d_b is over the band, it must lose as well (1).
    3. The L_a are disjoint, for a plot leaves one grid; so are the G_b. A plot can be in one L_a and one G_b,
       if it moves from a to b. Let X_ab be those, and e_ab the cheapest path from b to a plot of a, without
       that plot. All of that path is gained by b, so X_ab > 0 needs G_b >= X_ab + e_ab, and a pair with
       e_ab >= d_b saves nothing: G_b - X_ab >= e_ab >= d_b. For the others sum_b X_ab <= L_a and
       sum_a X_ab <= G_b. More than s_a lost or d_b gained costs what it can save at most. Hence
       |M| >= sum s_a + sum d_b - F, with F the greatest flow from grids a (s_a) to grids b (d_b).
    4. A new grid gains `least` (or what it reaches), from anywhere. Where c grids are given up, the c largest
       d_b may be spared, but all households of c grids move: the greater of the two bounds holds.

    In plots the same with 1 for the weight of each, and for s_a and d_b the fewest plots within as many steps
    that hold enough households.
    """
    case = _case(plots, grid, band, locked, {})
    if reached is None:
        load = np.bincount(grid, plots.households, case.k).astype(np.int64)
        wanted = np.where(case.locked.grids, load, np.clip(load, band.least, band.most))
        reached = np.append(wanted, np.full(max(0, change), band.least))
    return _bound(case, reached, change)


class Need(NamedTuple):
    """What must leave a grid at least, or come to it.

    away, steps_away: of each grid reached, what the lightest path to a plot of it weighs without that plot.
    """

    households: int
    plots: int
    away: dict[int, int]
    steps_away: dict[int, int]


NOTHING = Need(0, 0, {}, {})


def _bound(case: Case, reached: IntArray, change: int) -> Bound:
    load = np.bincount(case.present, case.plots.households, case.k).astype(np.int64)
    end = reached[: case.k]
    low, high = np.minimum(case.band.least, end), np.maximum(case.band.most, end)
    if change < 0:
        low[end == 0] = 0
    leave, come = {}, {}
    for grid in np.flatnonzero((load < low) | (load > high)).tolist():
        given, got = _needs(case, grid, int(load[grid]), int(low[grid]), int(high[grid]), change > 0)
        leave.update({grid: given} if given.plots else {})
        come.update({grid: got} if got.plots else {})
    new = np.minimum(case.band.least, reached[case.k :]).tolist()
    largest = np.sort(case.plots.households)[::-1].cumsum()
    few = [int(np.searchsorted(largest, one)) + 1 if one else 0 for one in new]
    to_new = range(len(come), len(come) + len(new))
    households = _disjoint(
        [need.households for need in leave.values()],
        [need.households for need in come.values()] + new,
        _arcs(leave, come, to_new, "households"),
    )
    plots = _disjoint(
        [need.plots for need in leave.values()],
        [need.plots for need in come.values()] + few,
        _arcs(leave, come, to_new, "plots"),
    )
    if change < 0:
        return _where_some_are_given_up(case, Bound(households, plots), list(come.values()), load, -change)
    return Bound(households, plots)


def _arcs(leave: dict[int, Need], come: dict[int, Need], to_new: range, of: str) -> list[tuple[int, int]]:
    """By their places in the two: what may serve as a loss of one grid and a gain of another at once.

    to_new: the places of new grids, which may begin anywhere.
    """
    place = {grid: at for at, grid in enumerate(leave)}
    found = [(a, b) for a in place.values() for b in to_new]
    for b, need in enumerate(come.values()):
        limit, away = (need.households, need.away) if of == "households" else (need.plots, need.steps_away)
        found += [(place[grid], b) for grid, path in away.items() if path < limit and grid in place]
    return found


def _where_some_are_given_up(case: Case, bound: Bound, come: list[Need], load: IntArray, fewer: int) -> Bound:
    spared = sum(sorted((need.households for need in come), reverse=True)[:fewer])
    spared_plots = sum(sorted((need.plots for need in come), reverse=True)[:fewer])
    size = np.bincount(case.present, minlength=case.k)
    return Bound(
        max(bound.households - spared, int(np.sort(load)[:fewer].sum())),
        max(bound.plots - spared_plots, int(np.sort(size)[:fewer].sum())),
    )


def _needs(case: Case, grid: int, load: int, low: int, high: int, anywhere: bool) -> tuple[Need, Need]:
    """What must leave a grid and what must come so that it holds low … high; one may call for the other."""
    wanted = (grid, low, high, anywhere)
    if wanted not in case.needs:
        given = got = NOTHING
        if load > high:
            given = _leaving(case, grid, load - high, anywhere)
            if load - given.households < low:
                got = _coming(case, grid, low - load + given.households)
        else:
            got = _coming(case, grid, low - load)
            if load + got.households > high:
                given = _leaving(case, grid, load + got.households - high, anywhere)
        case.needs[wanted] = given, got
    return case.needs[wanted]


def _disjoint(leave: Sequence[int], come: Sequence[int], arcs: Sequence[tuple[int, int]]) -> int:
    """sum s + sum d - the greatest flow from one to the other along `arcs`."""
    total = sum(leave) + sum(come)
    if not leave or not come:
        return total
    source, sink = len(leave) + len(come), len(leave) + len(come) + 1
    rows = [(source, a, size) for a, size in enumerate(leave)]
    rows += [(len(leave) + b, sink, size) for b, size in enumerate(come)]
    rows += [(a, len(leave) + b, leave[a]) for a, b in arcs]
    i, j, capacity = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    graph = csr_array((capacity, (i, j)), shape=(sink + 1, sink + 1))
    return total - int(maximum_flow(graph, source, sink).flow_value)


def _leaving(case: Case, grid: int, excess: int, anywhere: bool) -> Need:
    """What must leave a grid. anywhere: a new grid may begin in its midst, so that no path leads out."""
    members = np.flatnonzero(case.present == grid)
    if anywhere:
        free = members[~(case.locked.plots[members] | case.locked.grids[grid])]
        own = case.plots.households[free]
        return Need(_lightest(own, own, excess) or excess, _fewest(own, np.ones_like(own), excess), {}, {})
    return _need(case, members, True, excess)


def _coming(case: Case, grid: int, shortage: int) -> Need:
    """What must come to a grid below the band, and from which grids it may."""
    return _need(case, np.flatnonzero(case.present == grid), False, shortage)


def _need(case: Case, members: IntArray, inside: bool, wanted: int) -> Need:
    ground, households = case.ground, case.plots.households
    fixed = case.locked.plots | case.locked.grids[case.present]
    seen = np.full(len(households), -1, np.int64)

    def around(weight: IntArray, limit: int) -> tuple[IntArray, IntArray]:
        return kernels.paths(ground, weight, case.present, fixed, members, inside, limit, seen)

    limit, least = 2 * wanted + 32, None
    while True:
        plots, before = around(households, limit)
        own = households[plots]
        least = _lightest(own, before + own, wanted)
        if (least is not None and least <= limit) or not (before + own >= limit).any():
            break
        limit *= 4
    away = _nearest(case.present[plots], before)
    reach = 2
    while True:
        plots, before = around(np.ones_like(households), reach)
        few = _fewest(households[plots], before + 1, wanted)
        if few <= reach or not (before + 1 >= reach).any():
            break
        reach *= 2
    return Need(least or wanted, few, away, _nearest(case.present[plots], before))


def _nearest(grid: IntArray, before: IntArray) -> dict[int, int]:
    order = np.argsort(before, kind="stable")
    known, first = np.unique(grid[order], return_index=True)
    return dict(zip(known.tolist(), before[order][first].tolist(), strict=True))


def _lightest(own: IntArray, path: IntArray, wanted: int) -> int | None:
    """The least T >= wanted that some plots sum to, none of them with a path heavier than T; None for none.

    own, path: households of each plot, and of the lightest path to it with it.
    """
    sums = 1  # bit T: some of the plots so far sum to T
    order = np.argsort(path, kind="stable")
    for households, whole in zip(own[order].tolist(), path[order].tolist(), strict=True):
        lowest = _lowest_from(sums, wanted)
        if lowest is not None and lowest < whole:
            return lowest
        sums |= sums << households
    return _lowest_from(sums, wanted)


def _lowest_from(sums: int, wanted: int) -> int | None:
    left = sums >> wanted
    return wanted + (left & -left).bit_length() - 1 if left else None


def _fewest(own: IntArray, steps: IntArray, wanted: int) -> int:
    """The fewest plots n, all within n steps, that hold as many households as wanted; as many as there are
    where all do not."""
    for n in range(1, len(own) + 1):
        if np.sort(own[steps <= n])[::-1][:n].sum() >= wanted:
            return n
    return max(1, len(own))


def warm() -> None:
    """Compile what `split.warm` does not."""
    side = 4
    edges = [(p, p + 1) for p in range(side * side) if (p + 1) % side]
    edges += [(p, p + side) for p in range(side * (side - 1))]
    i, j = np.array(sorted(edges), np.int64).T
    lines = Edges(i, j, np.full(len(i), 10.0), np.zeros(len(i), np.int8), np.zeros(len(i), np.bool_))
    outer = 40.0 - 10.0 * np.bincount(np.concatenate([i, j]), minlength=side * side).astype(np.float64)
    xy = np.array([(10.0 * (p % side), 10.0 * (p // side)) for p in range(side * side)])
    households = np.array([45, *[37] * (side * side - 1)])
    size = np.full(len(xy), 100.0)
    plots = PlotTable(households, size, size * 0.4, outer, xy, lines)
    grid = np.repeat([0, 1], side * side // 2)
    proposals(plots, grid, Band(300, 296, 302), np.random.default_rng(1), change=0)
