"""Dividing plots into grids of nearly equal households, each in one piece, along streets where it can.

`split` is the story: find the connected parts, fix how many grids each gets, divide roughly (METIS),
polish pairs of neighbours by random lines and spanning trees, mend what is out of band by the tree knapsack,
put the blocks of a few neighbours together as is cheapest, and say why whatever is still out of band is so.
Method and measurements: docs/decisions/0005-splitting.md, 0008-engine.md and
0014-blocks-put-together.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from app.geo.plots import Band, BoolArray, Edges, FloatArray, IntArray, LineClass, PlotTable
from app.geo.split import kernels, limits, seed
from app.geo.split.explain import Reason, explained, warm_explaining
from app.geo.split.kernels import Desk, Ground, Labels, Purse, SeedArray, Weights
from app.geo.split.steering import Engine, Told, Wishes, explained_by_load, line_prices, renumbered, steered
from app.geo.split.tiles import Crew

__all__ = [
    "Division",
    "Reason",
    "Settings",
    "Told",
    "Wishes",
    "engine_of",
    "reasons",
    "split",
    "warm",
    "why_out_of_band",
]


TOWER_SHARE, TOWER_PROOF_STEPS = 0.1, 2000  # of the target: from which on plots are held to fit some grid
FINE_TARGET = 300  # the knapsack counts single households up to this target, and coarser above
# As `OVERSIZED` of plots to be kept apart, and as targets' worth of `OVERSIZED_HOUSEHOLDS` below nothing: one
# of them alone changes no price, two in a grid count as a plot above the band with a dump around it.
APART, APART_TARGETS = 0.26, 10.0
MENDS_PER_TILING = 10  # tries for each grid out of band before tiles are drawn anew
MENDING_STRICTNESS = 0.6  # of trees for the knapsack: how far they keep to blocks
HOTTEST_MENDING, FEWEST_HOT_ROUNDS = 8.0, 20  # the heat is more than what a grid out of band costs
COLD_SHARE = 0.9  # of the rounds, after which the last ones take only what is cheaper
LAST_OFFERS = 50  # of every plot and part of a block, while the last offers cool
MOST_PATIENCE, GRIDS_WITHOUT_PATIENCE = 2.5, 3000
# Rounds of mends and of recombining: the power of the number of grids by which a smaller place gets more of
# them, and the most for each grid, as with a dozen grids few ways are left untried soon.
THOROUGHNESS, MOST_ROUNDS_PER_GRID = 0.7, 8


def _line_prices() -> dict[LineClass, float]:
    return {
        LineClass.INSIDE_BLOCK: 1.0,
        LineClass.COMPOUND: 0.2,
        LineClass.LOCAL: 0.0,
        LineClass.SECONDARY: 0.0,
        LineClass.ARTERIAL: 0.0,
        LineClass.RIVER: -0.5,
        LineClass.RAIL: -0.5,
        LineClass.ADMINISTRATIVE: 0.3,
    }


@dataclass(frozen=True)
class Settings:
    """What a good division is, as prices per grid, and how hard to look for one.

    deviation: times d², where d = 1 at the edge of the band and 0 at the target.
    near_edge: times (d - 0.9)² beyond 0.9, to keep a little room for later change.
    out_of_band: once for a grid out of band.
    shape: times (1 / compactness - 1), which is 0 for a circle and 0.27 for a square.
    ragged: times the shape's price of what goes beyond a compactness of .45.
    line: times priced border metres / sqrt(area); line_price weighs a metre by what runs there:
        1 inside a block, 0 along a street, below 0 where a border is welcome.
    burden: per target's worth of households that share a grid with a plot larger than the band. Such a
        grid is out of band anyway, so a low price makes it a dump: at 3, one in Seoul took in 1,900
        households and every other grid looked perfect. At 20 it takes in about 90 to save a neighbour.
    count_slack_share: how far the number of grids may leave households / target, as a share of it.
    sweeps: re-splits of all neighbouring pairs while `heat` cools to nothing; in a small place up to 2.5
        times as many. lines_per_pair, trees_per_pair, offers: tries for each pair by random lines and
        trees, and of each plot after every sweep.
    mending_sweeps, mends, mending_heat: more sweeps from half the heat, with so many tries after each for
        every grid out of band, together with some of its neighbours. mend_rounds: as many rounds of ten
        tries, at most, for what is left then; settlings: rounds that only lessen how far out it is.
    trees_per_group, largest_group: of every such try.
    rounds: of putting the blocks of a few neighbours together anew, from `recombining_heat` to nothing.
    """

    deviation: float = 0.2
    near_edge: float = 40.0
    out_of_band: float = 6.0
    shape: float = 1.1
    ragged: float = 1.5
    line: float = 1.0
    line_price: Mapping[LineClass, float] = field(default_factory=_line_prices)
    burden: float = 20.0
    count_slack_share: float = 0.015
    sweeps: int = 16
    heat: float = 2.0
    lines_per_pair: int = 2
    trees_per_pair: int = 1
    offers: int = 1
    mending_sweeps: int = 14
    mends: int = 3
    mending_heat: float = 4.0
    mend_rounds: int = 32
    settlings: int = 3
    trees_per_group: int = 8
    largest_group: int = 7
    rounds: int = 175
    recombining_heat: float = 0.5


@dataclass(frozen=True)
class Division:
    """Plots to grids.

    grid: number 0..k-1 of each plot's grid, shape (n,); every number occurs.
    component: number of the connected part (over lines that are not walls) each plot is in, shape (n,).
    reasons: for each grid out of band, why.
    told: what could not be had as it was wished.
    """

    grid: IntArray
    component: IntArray
    reasons: Mapping[int, Reason]
    told: tuple[Told, ...] = ()


def split(
    plots: PlotTable,
    band: Band,
    rng: np.random.Generator,
    *,
    workers: int = 1,
    progress: Callable[[float], None] | None = None,
    settings: Settings = Settings(),
    wishes: Wishes | None = None,
) -> Division:
    """Divide plots into grids within the band where that is possible, each in one piece.

    Two plots may share a grid only if joined over edges that are not walls; a connected part with too few
    households is a grid of its own. The same rng state gives the same division, whatever `workers`
    (threads). progress: called with a share 0-1 now and then.
    wishes: what a manager wants besides, see `steering`.
    """
    tell = progress or (lambda share: None)
    if len(plots) == 0:
        return Division(np.zeros(0, np.int64), np.zeros(0, np.int64), {})
    if wishes is not None:
        settings = replace(settings, line_price=line_prices(settings.line_price, wishes.lines))
        found = steered(plots, band, wishes, engine_of(rng, settings, tell, workers))
        tell(1.0)
        return Division(found.grid, found.component, found.reasons, found.told)
    ground, grid = _divided(plots, band, rng, settings, tell, workers=workers)
    division = Division(grid, ground.component, explained(ground, grid, band, plots.edges))
    tell(1.0)
    return division


def engine_of(
    rng: np.random.Generator,
    settings: Settings = Settings(),
    tell: Callable[[float], None] = lambda share: None,
    workers: int = 1,
) -> Engine:
    """What `steering` divides changed ground with."""

    def divide(
        plots: PlotTable, band: Band, counts: IntArray | None, apart: IntArray, start: IntArray | None
    ) -> IntArray:
        return _divided(plots, band, rng, settings, tell, counts, apart, start, workers)[1]

    return Engine(divide, lambda plots, grid, band: reasons(plots, grid, band, settings))


def _divided(
    plots: PlotTable,
    band: Band,
    rng: np.random.Generator,
    settings: Settings,
    tell: Callable[[float], None],
    exactly: IntArray | None = None,
    apart: IntArray | None = None,
    start: IntArray | None = None,
    workers: int = 1,
) -> tuple[Ground, IntArray]:
    """The ground, and the number of each plot's grid.

    exactly: how many grids each connected part must have. apart: plots of which no two should share a grid.
    start: a division to better; None to begin with a rough one.
    """
    ground = ground_of(plots, band, settings)
    counts = grid_counts(ground, band, settings)
    if exactly is not None:
        counts = counts._replace(wanted=exactly, fewest=exactly, most=exactly)
    seeds = rng.integers(0, 2**63, size=2, dtype=np.uint64)
    if apart is not None and len(apart):
        starts = np.bincount(ground.component[apart], minlength=len(counts.wanted))
        counts = counts._replace(
            wanted=np.maximum(counts.wanted, starts),
            fewest=np.maximum(counts.fewest, starts),
            most=np.maximum(counts.most, starts),
        )
    first = seed.first_division(ground, counts.wanted, band, int(seeds[0])) if start is None else start
    if apart is not None:
        ordinary = apart[ground.own[apart, kernels.OVERSIZED] == 0]
        ground.own[ordinary, kernels.OVERSIZED] = APART
        ground.own[ordinary, kernels.OVERSIZED_HOUSEHOLDS] = -APART_TARGETS * band.target
    tell(0.1)
    labels = _improve(ground, first, counts, band, settings, seeds[1:], workers, tell)
    return ground, renumbered(labels.grid)[0]


def reasons(
    plots: PlotTable, grid: IntArray, band: Band, settings: Settings | None = None
) -> dict[int, Reason]:
    """Why each grid of a plan that is out of band is so, whoever made the plan.

    grid: number 0..k-1 of each plot's grid.
    """
    if len(plots) == 0:
        return {}
    return explained(ground_of(plots, band, settings or Settings()), grid, band, plots.edges)


def why_out_of_band(
    plots: PlotTable, grid: IntArray, band: Band, load: FloatArray | None, special: BoolArray
) -> dict[int, Reason]:
    """As `reasons`, of a plan that was steered.

    load: of each plot, what is balanced instead of households. special: grids outside the band test.
    """
    found = explained_by_load(plots, grid, band, load, lambda *given: reasons(*given))
    return {number: reason for number, reason in found.items() if not special[number]}


def ground_of(plots: PlotTable, band: Band, settings: Settings) -> Ground:
    """The plots and their lines as the kernels want them: rows of one pair of plots added up."""
    edges, n = plots.edges, len(plots)
    price_of = np.array([settings.line_price[kind] for kind in LineClass])
    price = edges.metres * price_of[edges.kind]
    pair, row = np.unique(edges.i * n + edges.j, return_inverse=True)
    i, j = pair // n, pair % n
    metres = np.bincount(row, edges.metres, len(pair)).astype(np.float64)
    priced = np.bincount(row, price, len(pair)).astype(np.float64)
    passable = np.bincount(row, ~edges.wall, len(pair)) > 0
    # Trees leave blocks late: a line is dear as far as it is cheap to put a border there.
    top, bottom = price_of.max(), price_of.min()
    dear = (top - priced / np.maximum(metres, 1e-9)) / max(top - bottom, 1e-9)
    order = np.argsort(np.concatenate([i, j]), kind="stable")
    owner = np.concatenate([i, j])[order]
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=n))]).astype(np.int64)

    giant = plots.households > band.most
    own = np.zeros((n, 6))
    own[:, kernels.HOUSEHOLDS] = plots.households
    own[:, kernels.AREA] = plots.area
    own[:, kernels.PERIMETER] = plots.perimeter
    own[:, kernels.PRICE] = np.bincount(edges.i, price, n) + np.bincount(edges.j, price, n)
    own[:, kernels.OVERSIZED] = giant
    own[:, kernels.OVERSIZED_HOUSEHOLDS] = np.where(giant, plots.households, 0)
    ground = Ground(
        own=own,
        start=start,
        neighbour=np.concatenate([j, i])[order].astype(np.int64),
        metres=np.tile(metres, 2)[order],
        price=np.tile(priced, 2)[order],
        dear=np.tile(dear, 2)[order],
        passable=np.tile(passable, 2)[order],
        component=np.zeros(n, dtype=np.int64),
        block=np.zeros(n, dtype=np.int64),
        xy=np.ascontiguousarray(plots.xy, dtype=np.float64),
        stuck=np.zeros(n, dtype=np.bool_),
    )
    tower = max(1, round(TOWER_SHARE * band.target))
    stuck = limits.stuck_plots(
        ground.start, ground.neighbour, ground.passable, plots.households.astype(np.int64),
        tower, band.least, band.most, TOWER_PROOF_STEPS,
    )  # fmt: skip
    blocks = ground._replace(passable=ground.passable & (ground.price > 0))
    return ground._replace(
        component=seed.pieces(ground, ground.component),
        block=seed.pieces(blocks, ground.component),
        stuck=stuck,
    )


class Counts(NamedTuple):
    """Grids per component: how many there should be, the fewest and most allowed, and whether any number
    could put all of them in band."""

    wanted: IntArray
    fewest: IntArray
    most: IntArray
    mendable: BoolArray


def grid_counts(ground: Ground, band: Band, settings: Settings) -> Counts:
    """How many grids each component should have.

    A plot larger than the band takes a grid of its own, which can also take in what would else be too
    few households for another.
    """

    def per_component(column: int) -> IntArray:
        return np.bincount(ground.component, ground.own[:, column]).astype(np.int64)

    giants = per_component(kernels.OVERSIZED)
    free = per_component(kernels.HOUSEHOLDS) - per_component(kernels.OVERSIZED_HOUSEHOLDS)
    ordinary = np.array([limits.best_count(int(total), band) for total in free], dtype=np.int64)
    ordinary = np.where(giants > 0, np.minimum(ordinary, free // max(1, band.least)), ordinary)
    feasible = np.array([bool(limits.count_limits(int(total), band)) for total in free], dtype=np.bool_)
    inhabited = np.bincount(ground.component, ground.own[:, kernels.HOUSEHOLDS] > 0).astype(np.int64)
    slack = (ordinary * settings.count_slack_share).astype(np.int64)
    wanted = np.maximum(1, np.minimum(giants + ordinary, inhabited))
    fewest = np.maximum(1, wanted - slack - (giants > 0))
    return Counts(wanted, fewest, wanted + slack, feasible | (giants > 0))


def _improve(
    ground: Ground,
    grid: IntArray,
    counts: Counts,
    band: Band,
    settings: Settings,
    state: SeedArray,
    workers: int,
    tell: Callable[[float], None],
) -> Labels:
    """From a rough division to a good one: counts, annealing without and with mends, blocks put together.

    Heats are in units of the price of a grid; each stage cools to nothing.
    """
    w = weights_for(band, settings)
    labels = labels_for(ground, counts)
    kernels.load_labels(ground, labels, grid, w)
    exactly = labels._replace(fewest=counts.wanted, most=counts.wanted)
    kernels.mend_counts(ground, exactly, kernels.desk_for(ground), w, state)
    crew = Crew(ground, labels, int(state[0]), workers)
    grids = int(labels.grids.sum())
    patience = _patience(grids)

    # While mending, shape counts half and far out of band is hardly worse than just out of it: a defect
    # can then wander, hot enough to leave grids worse for a while, until it meets one that cancels it.
    mending = w._replace(shape=w.shape / 2, ragged=0.0, line=w.line / 2, near_edge=w.near_edge / 8)

    def anneal(sweeps: int, heat: float, mends: int, begin: float, end: float) -> None:
        sweeps = round(sweeps * patience)
        for turn in range(sweeps):
            cooling = 1 - (turn + 1) / sweeps
            _anneal(crew, settings, heat * cooling, w)
            if mends and cooling > 0:
                _mend(crew, band, settings, mends, settings.mending_heat * cooling, w, mending)
            tell(begin + (end - begin) * (1 - cooling))

    anneal(settings.sweeps, settings.heat, 0, 0.1, 0.3)
    anneal(settings.mending_sweeps, settings.heat / 2, settings.mends, 0.3, 0.5)
    thoroughness = _thoroughness(grids)
    _mend_hot(crew, band, settings, min(grids, round(settings.mend_rounds * thoroughness)), w, mending)
    for _ in range(settings.settlings):  # what is still out of band comes as near to it as it can
        _mend(crew, band, settings, MENDS_PER_TILING, 0.0, w, w)
    rounds = min(MOST_ROUNDS_PER_GRID * grids, round(settings.rounds * thoroughness))
    for turn in range(rounds):
        cooling = max(0.0, 1 - (turn + 1) / (COLD_SHARE * rounds))
        _recombine(crew, settings.recombining_heat * cooling, w)
        tell(0.55 + 0.4 * (turn + 1) / rounds)
    if settings.settlings:  # what fell out of band on the way
        _mend(crew, band, settings, MENDS_PER_TILING, 0.0, w, w)
    crew.work(lambda mine, desk, seed: kernels.smooth(ground, mine, desk, LAST_OFFERS, 0.15, w, seed))
    return labels


def _mend_hot(crew: Crew, band: Band, settings: Settings, rounds: int, w: Weights, mending: Weights) -> None:
    """Let what is left out of band wander, and go back to the best division met.

    Where half of the rounds bring nothing, the other half is spared.
    """
    ground, labels = crew.ground, crew.labels

    def standing() -> tuple[int, float]:
        return len(kernels.bad_grids(ground, labels, w)), float(labels.cost[labels.plots > 0].sum())

    best, grid, gained = standing(), labels.grid.copy(), 0
    for turn in range(rounds if best[0] else 0):
        heat = HOTTEST_MENDING * (1 - turn / rounds)
        _mend(crew, band, settings, MENDS_PER_TILING, heat, w, mending)
        found = standing()
        if found[0] < best[0]:
            gained = turn
        if found < best:
            best, grid = found, labels.grid.copy()
        if best[0] == 0 or turn - gained >= max(FEWEST_HOT_ROUNDS, rounds // 2):
            break
    if not np.array_equal(grid, labels.grid):
        kernels.load_labels(ground, labels, grid, w)


def _recombine(crew: Crew, heat: float, w: Weights) -> None:
    """Put the blocks of a few neighbours together anew, around every grid."""

    def task(mine: Labels, desk: Desk, seed: SeedArray) -> int:
        return kernels.recombine_round(crew.ground, mine, desk, heat, w, seed)

    crew.work(task)


def _patience(grids: int) -> float:
    """How many times the sweeps a small place gets, where they cost next to nothing."""
    return min(MOST_PATIENCE, max(1.0, math.sqrt(GRIDS_WITHOUT_PATIENCE / max(1, grids))))


def _thoroughness(grids: int) -> float:
    """How many times the hot mends and the rounds of recombining a smaller place gets, as they help most.

    At the power of .7 a place of 60,000 households still takes a quarter of the time of a million.
    """
    return max(1.0, math.pow(GRIDS_WITHOUT_PATIENCE / max(1, grids), THOROUGHNESS))


def _anneal(crew: Crew, settings: Settings, heat: float, w: Weights) -> None:
    """One sweep over all pairs of neighbours, and offers of single plots and parts of blocks after it."""
    lines, trees, offers = settings.lines_per_pair, settings.trees_per_pair, settings.offers

    def task(mine: Labels, desk: Desk, seed: SeedArray) -> None:
        kernels.anneal(crew.ground, mine, desk, lines, trees, offers, heat, w, seed)

    crew.work(task)


def _mend(
    crew: Crew, band: Band, settings: Settings, rounds: int, heat: float, w: Weights, mending: Weights
) -> int:
    """Some tries for each grid out of band, priced by `mending`; returns how many are left."""
    purse = _purse(band, settings.trees_per_group, MENDING_STRICTNESS, mending)

    def task(mine: Labels, desk: Desk, seed: SeedArray) -> int:
        largest = settings.largest_group
        return kernels.mend(crew.ground, mine, desk, largest, rounds, heat, w, mending, purse, seed)

    return sum(crew.work(task))


@lru_cache(maxsize=8)
def _purse(band: Band, trees: int, strictness: float, w: Weights) -> Purse:
    grain = max(1.0, band.target / FINE_TARGET)
    top = int((2 * band.most - band.least) / grain) + 2
    loads = np.array([kernels.load_cost(s * grain, w) for s in range(top)])
    return Purse(loads, grain, trees, strictness)


def weights_for(band: Band, settings: Settings) -> Weights:
    """The prices of `settings` for grids of this band, as the kernels want them."""
    return Weights(
        target=float(band.target),
        least=float(band.least),
        most=float(band.most),
        deviation=settings.deviation,
        near_edge=settings.near_edge,
        out_of_band=settings.out_of_band,
        shape=settings.shape,
        ragged=settings.ragged,
        line=settings.line,
        burden=settings.burden,
    )


def labels_for(ground: Ground, counts: Counts) -> Labels:
    """Room for a plan of these plots, with every plot in no grid yet; `kernels.load_labels` fills it."""
    n = len(ground.own)

    def numbers() -> IntArray:
        return np.full(n, -1, dtype=np.int64)

    return Labels(
        grid=numbers(),
        following=numbers(),
        preceding=numbers(),
        first=numbers(),
        plots=np.zeros(n, dtype=np.int64),
        tally=np.zeros((n, 6)),
        cost=np.zeros(n),
        grids=np.zeros(len(counts.wanted), dtype=np.int64),
        fewest=counts.fewest,
        most=counts.most,
        mendable=counts.mendable,
        tile=np.zeros(n, dtype=np.int64),
        numbers=np.arange(n),
    )


def warm() -> None:
    """Compile every kernel (numba, cached on disk), so that no one waits for it later."""
    side = 8
    i = np.array([p for p in range(side * side) if (p + 1) % side] + list(range(side * (side - 1))))
    j = np.array([p + 1 for p in range(side * side) if (p + 1) % side] + list(range(side, side * side)))
    order = np.lexsort((j, i))
    edges = Edges(
        i[order], j[order], np.full(len(i), 10.0), np.zeros(len(i), np.int8), np.zeros(len(i), np.bool_)
    )
    outer = 40.0 - 10.0 * np.bincount(np.concatenate([i, j]), minlength=side * side).astype(np.float64)
    xy = np.array([(10.0 * (p % side), 10.0 * (p // side)) for p in range(side * side)])
    households = np.full(side * side, 30)
    households[0] = 500
    plots = PlotTable(households, np.full(len(xy), 100.0), np.full(len(xy), 40.0), outer, xy, edges)
    band = Band.around(300, 0.01)
    split(plots, band, np.random.default_rng(1))
    warm_explaining(ground_of(plots, band, Settings()), band)
