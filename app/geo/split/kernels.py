"""The compiled inner loops: grids as running sums, random trees, re-splits, the tree knapsack.

Everything here is numba, in one file on purpose: numba's disk cache notices a change of the file a
function stands in, not of the functions it calls, so kernels spread over files run stale code.

Vocabulary. A *line* is a pair of plots that touch, stored once from each side. A *tally* is the row of
sums (`HOUSEHOLDS` … `OVERSIZED_HOUSEHOLDS`) of a plot or a grid; with it every cost is O(1):
perimeter of a grid = sum of its plots' perimeters - 2 * metres inside it. The *desk* holds the few
grids being divided anew, renumbered from 0. An *atom* is a piece of a block that `recombine` moves whole;
sets of atoms are whole numbers, one bit an atom.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

from app.geo.plots import BoolArray, FloatArray, IntArray

SeedArray = npt.NDArray[np.uint64]
Index = int | np.integer[Any]  # a plot, grid or rank as it comes out of an array or a range
Function = TypeVar("Function", bound=Callable[..., Any])

# Columns of a tally; a tree's sums have the four after them too.
HOUSEHOLDS, AREA, PERIMETER, PRICE, OVERSIZED, OVERSIZED_HOUSEHOLDS = range(6)
INNER, INNER_PRICE, TOUCH, TOUCH_PRICE = range(6, 10)
NEVER = np.inf
WANTED, MET = 1 << 40, (1 << 40) + 1  # marks on the desk, beyond any plot's number
ROUGH = 1.2  # 1 / compactness - 1 from which on a grid counts as ragged: a compactness of .45
BLOCK_SHARE = 0.3  # of the offers that take along the grid's whole share of a block
MOST_ATOMS = 16  # of a group: the table of all sets of them must stay in the cache
MOST_CUT = 128  # atoms before the lightest are joined; ground in more is too fine for blocks to matter
MOST_SETS = 4096  # looked at for a group; about sixty are usual
MOST_RECOMBINED = 4  # grids at once; with more, each has too few atoms
MOST_LINES = 3


def compiled(function: Function) -> Function:
    """`numba.njit`, cached on disk and free of the interpreter lock, with the types kept for mypy."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


class Ground(NamedTuple):
    """What never changes while dividing: the plots and the lines between them.

    own: tally of each plot, shape (n, 6). start: first line of each plot, shape (n + 1,).
    neighbour, metres, price, dear, passable: per line, shape (2 * pairs,); price is metres times the
    weight of their class, dear (0-1) how unwilling a tree is to cross, passable False behind a wall.
    component: connected part each plot is in. block: the same when no line along which a border is free
    may be crossed either. xy: middle of each plot in metres, shape (n, 2). stuck: per plot, True where it is
    proved that no grid with it is in the band.
    """

    own: FloatArray
    start: IntArray
    neighbour: IntArray
    metres: FloatArray
    price: FloatArray
    dear: FloatArray
    passable: BoolArray
    component: IntArray
    block: IntArray
    xy: FloatArray
    stuck: BoolArray


class Labels(NamedTuple):
    """A division in progress. Grid numbers run up to n; those without plots are free.

    grid, following, preceding: per plot; plots of a grid form a linked list from `first` (-1 ends it).
    plots, tally, cost: per grid number. grids, fewest, most: grids per component, and the numbers allowed.
    tile: per grid number, the tile it is in; numbers: the grid numbers of this tile, some without plots.
    Whoever holds the labels of one tile changes no grid of another, so tiles are worked on at once.
    """

    grid: IntArray
    following: IntArray
    preceding: IntArray
    first: IntArray
    plots: IntArray
    tally: FloatArray
    cost: FloatArray
    grids: IntArray
    fewest: IntArray
    most: IntArray
    mendable: BoolArray
    tile: IntArray
    numbers: IntArray


class Weights(NamedTuple):
    """Prices of `grid_cost`; see `Settings` for the units."""

    target: float
    least: float
    most: float
    deviation: float
    near_edge: float
    out_of_band: float
    shape: float
    ragged: float
    line: float
    burden: float


class Purse(NamedTuple):
    """What the knapsack pays for loads, and how trees are drawn for it.

    loads: `load_cost` of s grains of `grain` households, s = 0..top-1; no open part holds more.
    trees: drawn per group. strictness: of `draw_tree`, at most.
    """

    loads: FloatArray
    grain: float
    trees: int
    strictness: float


class Board(NamedTuple):
    """Room for `recombine`, allocated once.

    key, atom: per local plot, what plots of an atom agree in and the number of the atom. tally: per atom.
    metres, price: of the lines between two atoms. beside, touching: per atom, the set of those it hangs
    together with or has a line with. atoms, beyond, ruled_out, rows: per depth of the search, the set in
    hand, the atoms that may join it, those that must not, and its sums. cost: per set of atoms, infinite
    where it is no grid. sets, load, floor: of the sets that can be grids, by their lowest atom, those of atom
    a from start[a]: households, and the least that their atoms cost in any grids.
    """

    key: IntArray
    atom: IntArray
    tally: FloatArray
    metres: FloatArray
    price: FloatArray
    beside: IntArray
    touching: IntArray
    atoms: IntArray
    beyond: IntArray
    ruled_out: IntArray
    rows: FloatArray
    cost: FloatArray
    sets: IntArray
    load: FloatArray
    start: IntArray
    floor: FloatArray


class Desk(NamedTuple):
    """Room to work in, allocated once; local numbers 0..size-1 stand for the plots on the desk."""

    place: IntArray
    plots: IntArray
    start: IntArray
    neighbour: IntArray
    metres: FloatArray
    price: FloatArray
    dear: FloatArray
    passable: BoolArray
    heap_key: FloatArray
    heap_line: IntArray
    heap_from: IntArray
    order: IntArray
    up: IntArray
    rank: IntArray
    sums: FloatArray
    part: IntArray
    best: IntArray
    mark: IntArray
    along: FloatArray
    block_sum: FloatArray
    block_plots: IntArray
    below: FloatArray
    whole: FloatArray
    cuts: IntArray
    costs: FloatArray
    board: Board


def desk_for(ground: Ground) -> Desk:
    """Working room large enough for all plots at once."""
    n, lines = len(ground.own), len(ground.neighbour)

    def whole(size: int) -> IntArray:
        return np.full(size, -1, dtype=np.int64)

    def real(size: int) -> FloatArray:
        return np.zeros(size)

    return Desk(
        place=whole(n), plots=whole(n), start=whole(n + 1), neighbour=whole(lines), metres=real(lines),
        price=real(lines), dear=real(lines), passable=np.zeros(lines, dtype=np.bool_),
        heap_key=real(lines + 1), heap_line=whole(lines + 1), heap_from=whole(lines + 1),
        order=whole(n), up=whole(n), rank=whole(n), sums=np.zeros((n, 10)),
        part=whole(n), best=whole(n), mark=whole(n), along=real(n),
        block_sum=real(n), block_plots=np.zeros(n, dtype=np.int64),
        below=real(10), whole=real(10), cuts=whole(3), costs=real(3), board=_board(n),
    )  # fmt: skip


def _board(n: int) -> Board:
    atoms = MOST_ATOMS

    def whole(size: int) -> IntArray:
        return np.zeros(size, dtype=np.int64)

    return Board(
        key=whole(n), atom=whole(n), tally=np.zeros((n, 6)), metres=np.zeros((atoms, atoms)),
        price=np.zeros((atoms, atoms)), beside=whole(atoms), touching=whole(atoms), atoms=whole(atoms),
        beyond=whole(atoms), ruled_out=whole(atoms), rows=np.zeros((atoms, 6)),
        cost=np.full(1 << atoms, NEVER), sets=whole(MOST_SETS), load=np.zeros(MOST_SETS),
        start=whole(atoms + 1), floor=np.zeros(MOST_SETS),
    )  # fmt: skip


@compiled
def random_share(seed: SeedArray) -> float:
    """The next number in [0, 1) of splitmix64 (Steele, Lea & Flood 2014); `seed` (1,) moves on."""
    seed[0] += np.uint64(0x9E3779B97F4A7C15)
    z = seed[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def random_below(seed: SeedArray, bound: int) -> int:
    return int(random_share(seed) * bound)


@compiled
def shuffle(seed: SeedArray, numbers: IntArray) -> None:
    for i in range(len(numbers) - 1, 0, -1):
        j = random_below(seed, i + 1)
        numbers[i], numbers[j] = numbers[j], numbers[i]


@compiled
def load_cost(households: float, w: Weights) -> float:
    """How far a count is from the target, in units of the band's half width, priced."""
    if households > w.target:
        d = (households - w.target) / max(1.0, w.most - w.target)
    else:
        d = (w.target - households) / max(1.0, w.target - w.least)
    cost = w.deviation * d * d
    if d > 0.9:
        beyond = min(d - 0.9, 2.0)  # a hopeless grid must not outweigh a dozen that can be mended
        cost += w.near_edge * beyond * beyond + 0.5 * max(0.0, d - 2.9)
    if households > w.most or households < w.least:
        cost += w.out_of_band
    return cost


@compiled
def grid_cost(
    households: float,
    area: float,
    perimeter: float,
    price: float,
    oversized: float,
    giants: float,
    w: Weights,
) -> float:
    """The price of one grid: load, shape (1 / Polsby-Popper - 1) and the lines its border follows.

    A grid with a plot larger than the band is forced out of it: only what it holds besides counts.
    """
    if oversized > 0.5:
        cost = w.burden * (households - giants / oversized) / w.target + w.out_of_band * (oversized - 1.0)
    else:
        cost = load_cost(households, w)
    area = max(area, 1e-6)
    roughness = perimeter * perimeter / (4.0 * math.pi * area) - 1.0
    roughness += w.ragged * max(0.0, roughness - ROUGH)
    return cost + w.shape * roughness + w.line * price / math.sqrt(area)


@compiled
def row_cost(row: FloatArray, w: Weights) -> float:
    return grid_cost(row[0], row[1], row[2], row[3], row[4], row[5], w)


@compiled
def is_bad(row: FloatArray, w: Weights) -> bool:
    """Out of band though no single plot forces it to be, or holding a grid's worth besides such a plot."""
    if row[OVERSIZED] > 0.5:
        return bool(row[HOUSEHOLDS] - row[OVERSIZED_HOUSEHOLDS] >= w.least)
    return bool(row[HOUSEHOLDS] > w.most or row[HOUSEHOLDS] < w.least)


@compiled
def unlink(labels: Labels, plot: Index) -> None:
    grid = labels.grid[plot]
    before, after = labels.preceding[plot], labels.following[plot]
    if before >= 0:
        labels.following[before] = after
    else:
        labels.first[grid] = after
    if after >= 0:
        labels.preceding[after] = before
    labels.plots[grid] -= 1


@compiled
def link(labels: Labels, plot: Index, grid: Index) -> None:
    after = labels.first[grid]
    labels.grid[plot] = grid
    labels.preceding[plot] = -1
    labels.following[plot] = after
    if after >= 0:
        labels.preceding[after] = plot
    labels.first[grid] = plot
    labels.plots[grid] += 1


@compiled
def tally_up(ground: Ground, labels: Labels, grid: Index, w: Weights) -> None:
    """Sum a grid afresh from its plots."""
    row = labels.tally[grid]
    row[:] = 0.0
    plot = labels.first[grid]
    while plot >= 0:
        for column in range(6):
            row[column] += ground.own[plot, column]
        for line in range(ground.start[plot], ground.start[plot + 1]):
            if labels.grid[ground.neighbour[line]] == grid:
                row[PERIMETER] -= ground.metres[line]
                row[PRICE] -= ground.price[line]
        plot = labels.following[plot]
    labels.cost[grid] = row_cost(row, w)


@compiled
def load_labels(ground: Ground, labels: Labels, grid: IntArray, w: Weights) -> None:
    """Start from grid numbers 0..k-1 per plot; every grid must lie in one component."""
    labels.first[:] = -1
    labels.plots[:] = 0
    labels.grids[:] = 0
    for plot in range(len(grid) - 1, -1, -1):
        link(labels, plot, grid[plot])
    for number in range(len(labels.first)):
        if labels.plots[number] > 0:
            tally_up(ground, labels, number, w)
            labels.grids[ground.component[labels.first[number]]] += 1


@compiled
def price_again(labels: Labels, w: Weights) -> None:
    """Other weights, same grids."""
    for grid in labels.numbers:
        if labels.plots[grid] > 0:
            labels.cost[grid] = row_cost(labels.tally[grid], w)


@compiled
def is_stuck(ground: Ground, labels: Labels, grid: Index, w: Weights) -> bool:
    """Whether a grid has a plot that is proved to fit no grid, and is not far out of the band."""
    load = labels.tally[grid, HOUSEHOLDS]
    if not 2.0 * w.least - w.target <= load <= 2.0 * w.most - w.target:
        return False
    plot = labels.first[grid]
    while plot >= 0:
        if ground.stuck[plot]:
            return True
        plot = labels.following[plot]
    return False


@compiled
def bad_grids(ground: Ground, labels: Labels, w: Weights) -> IntArray:
    """Out-of-band grids that have a neighbour to trade with, where that can help; none where all are stuck.

    Beside others the stuck ones count: to divide them anew as well makes way for those.
    """
    found = np.empty(len(labels.numbers), dtype=np.int64)
    size, stuck = 0, 0
    for grid in labels.numbers:
        if labels.plots[grid] == 0 or not is_bad(labels.tally[grid], w):
            continue
        component = ground.component[labels.first[grid]]
        if labels.grids[component] > 1 and labels.mendable[component]:
            found[size] = grid
            size += 1
            stuck += is_stuck(ground, labels, grid, w)
    return found[: size if stuck < size else 0]


@compiled
def lay_out(ground: Ground, labels: Labels, desk: Desk, grids: IntArray) -> int:
    """Put the plots of some grids on the desk, with the lines among them; returns how many plots."""
    size = 0
    for grid in grids:
        plot = labels.first[grid]
        while plot >= 0:
            desk.plots[size] = plot
            desk.place[plot] = size
            size += 1
            plot = labels.following[plot]
    count = 0
    for local in range(size):
        desk.start[local] = count
        plot = desk.plots[local]
        for line in range(ground.start[plot], ground.start[plot + 1]):
            other = desk.place[ground.neighbour[line]]
            if other >= 0:
                desk.neighbour[count] = other
                desk.metres[count] = ground.metres[line]
                desk.price[count] = ground.price[line]
                desk.dear[count] = ground.dear[line]
                desk.passable[count] = ground.passable[line]
                count += 1
    desk.start[size] = count
    return size


@compiled
def clear(desk: Desk, size: int) -> None:
    for local in range(size):
        desk.place[desk.plots[local]] = -1


@compiled
def draw_tree(desk: Desk, size: int, strictness: float, seed: SeedArray) -> int:
    """A random spanning tree of the desk (Prim on random weights); returns how many plots it reached.

    Dear lines weigh `strictness` more, so that blocks hang together and cuts fall on streets.
    Afterwards order[rank] is a local plot, up[rank] the rank of its parent, parents before children.
    """
    for local in range(size):
        desk.rank[local] = -1
    current = random_below(seed, size)
    desk.order[0] = current
    desk.up[0] = -1
    desk.rank[current] = 0
    reached = 1
    heap = 0
    while True:
        for line in range(desk.start[current], desk.start[current + 1]):
            if desk.passable[line] and desk.rank[desk.neighbour[line]] < 0:
                key = random_share(seed) + strictness * desk.dear[line]
                child = heap
                heap += 1
                while child > 0:
                    parent = (child - 1) >> 1
                    if desk.heap_key[parent] <= key:
                        break
                    desk.heap_key[child] = desk.heap_key[parent]
                    desk.heap_line[child] = desk.heap_line[parent]
                    desk.heap_from[child] = desk.heap_from[parent]
                    child = parent
                desk.heap_key[child] = key
                desk.heap_line[child] = line
                desk.heap_from[child] = desk.rank[current]
        found = -1
        while heap > 0 and found < 0:
            line = desk.heap_line[0]
            source = desk.heap_from[0]
            heap -= 1
            key = desk.heap_key[heap]
            parent = 0
            while True:
                child = 2 * parent + 1
                if child >= heap:
                    break
                if child + 1 < heap and desk.heap_key[child + 1] < desk.heap_key[child]:
                    child += 1
                if desk.heap_key[child] >= key:
                    break
                desk.heap_key[parent] = desk.heap_key[child]
                desk.heap_line[parent] = desk.heap_line[child]
                desk.heap_from[parent] = desk.heap_from[child]
                parent = child
            desk.heap_key[parent] = key
            desk.heap_line[parent] = desk.heap_line[heap]
            desk.heap_from[parent] = desk.heap_from[heap]
            if desk.rank[desk.neighbour[line]] < 0:
                found = desk.neighbour[line]
                desk.order[reached] = found
                desk.up[reached] = source
                desk.rank[found] = reached
                reached += 1
        if found < 0:
            return reached
        current = found


@compiled
def add_up_tree(ground: Ground, desk: Desk, size: int) -> None:
    """Exact sums of every subtree, by rank: tallies, metres inside it, metres of its plots' lines.

    A line counts as inside from its two ends' lowest common ancestor upwards.
    """
    sums = desk.sums
    for rank in range(size):
        plot = desk.plots[desk.order[rank]]
        for column in range(6):
            sums[rank, column] = ground.own[plot, column]
        for column in range(6, 10):
            sums[rank, column] = 0.0
    for local in range(size):
        rank = desk.rank[local]
        for line in range(desk.start[local], desk.start[local + 1]):
            metres, price = desk.metres[line], desk.price[line]
            sums[rank, TOUCH] += metres
            sums[rank, TOUCH_PRICE] += price
            other = desk.rank[desk.neighbour[line]]
            if other > rank:
                a, b = rank, other
                while a != b:
                    if a > b:
                        a = desk.up[a]
                    else:
                        b = desk.up[b]
                sums[a, INNER] += metres
                sums[a, INNER_PRICE] += price
    for rank in range(size - 1, 0, -1):
        parent = desk.up[rank]
        for column in range(10):
            sums[parent, column] += sums[rank, column]


@compiled
def costs_of_two(s: FloatArray, t: FloatArray, w: Weights) -> tuple[float, float]:
    """Exact cost of the two grids made by taking a part with sums `s` out of a whole with sums `t`."""
    crossing, crossing_price = s[TOUCH] - 2.0 * s[INNER], s[TOUCH_PRICE] - 2.0 * s[INNER_PRICE]
    inner, inner_price = t[INNER] - s[INNER] - crossing, t[INNER_PRICE] - s[INNER_PRICE] - crossing_price
    below = grid_cost(
        s[HOUSEHOLDS], s[AREA], s[PERIMETER] - 2.0 * s[INNER], s[PRICE] - 2.0 * s[INNER_PRICE],
        s[OVERSIZED], s[OVERSIZED_HOUSEHOLDS], w,
    )  # fmt: skip
    rest = grid_cost(
        t[HOUSEHOLDS] - s[HOUSEHOLDS], t[AREA] - s[AREA], t[PERIMETER] - s[PERIMETER] - 2.0 * inner,
        t[PRICE] - s[PRICE] - 2.0 * inner_price, t[OVERSIZED] - s[OVERSIZED],
        t[OVERSIZED_HOUSEHOLDS] - s[OVERSIZED_HOUSEHOLDS], w,
    )  # fmt: skip
    return below, rest


@compiled
def accepts(change: float, temperature: float, seed: SeedArray) -> bool:
    """Metropolis: always when cheaper, now and then when dearer."""
    if change < -1e-9:
        return True
    if temperature <= 0.0 or change > 12.0 * temperature:
        return False
    return bool(random_share(seed) < math.exp(-change / temperature))


@compiled
def is_rewarded(ground: Ground, desk: Desk, size: int) -> bool:
    """Whether a border is welcome anywhere on the desk, so that a grid may cost less than its load does."""
    for local in range(size):
        if ground.own[desk.plots[local], PRICE] < 0.0:
            return True
    return bool(desk.start[size] > 0 and desk.price[: desk.start[size]].min() < 0.0)


@compiled
def best_cut(
    ground: Ground, desk: Desk, size: int, lines: int, trees: int, w: Weights, seed: SeedArray
) -> float:
    """The cheapest two grids over some random lines and all cuts of some random trees.

    `desk.best` gets 0 or 1 per local plot. Infinite when nothing was found.
    """
    cheapest = NEVER
    rewarded = is_rewarded(ground, desk, size)
    for _ in range(lines):
        cheapest = best_line(ground, desk, size, cheapest, rewarded, w, seed)
    for _ in range(trees):
        if draw_tree(desk, size, 2.0 * random_share(seed), seed) < size:
            return NEVER
        add_up_tree(ground, desk, size)
        cut = -1
        for rank in range(1, size):
            if not rewarded and load_cost_of_two(desk.sums[rank], desk.sums[0], w) >= cheapest:
                continue
            below, rest = costs_of_two(desk.sums[rank], desk.sums[0], w)
            if below + rest < cheapest:
                cheapest = below + rest
                cut = rank
        if cut >= 0:
            for rank in range(size):
                inside = rank == cut or (rank > cut and desk.part[desk.up[rank]] == 1)
                desk.part[rank] = 1 if inside else 0
                desk.best[desk.order[rank]] = desk.part[rank]
    return cheapest


@compiled
def load_cost_of_two(part: FloatArray, whole: FloatArray, w: Weights) -> float:
    """What the loads alone cost when a part is taken out of a whole; no cut costs less, if not `is_rewarded`.

    Nothing beside a giant.
    """
    if whole[OVERSIZED] > 0.5:
        return -NEVER
    return load_cost(part[HOUSEHOLDS], w) + load_cost(whole[HOUSEHOLDS] - part[HOUSEHOLDS], w)


@compiled
def sort_along(desk: Desk, size: int) -> None:
    """`order` by `along`, lowest first; a pair of grids is small enough for insertion."""
    if size > 128:
        desk.order[:size] = np.argsort(desk.along[:size])
        return
    for local in range(size):
        key, at = desk.along[local], local
        while at > 0 and desk.along[desk.order[at - 1]] > key:
            desk.order[at] = desk.order[at - 1]
            at -= 1
        desk.order[at] = local


@compiled
def order_along_line(ground: Ground, desk: Desk, size: int, seed: SeedArray) -> None:
    """Rank the desk's plots along a random direction, the plots of a block more or less together."""
    turn = 2.0 * math.pi * random_share(seed)
    east, north = math.cos(turn), math.sin(turn)
    for local in range(size):
        plot = desk.plots[local]
        desk.along[local] = ground.xy[plot, 0] * east + ground.xy[plot, 1] * north
        desk.block_sum[ground.block[plot]] += desk.along[local]
        desk.block_plots[ground.block[plot]] += 1
    together = min(1.0 - 1e-3, 1.3 * random_share(seed))
    for local in range(size):
        block = ground.block[desk.plots[local]]
        middle = desk.block_sum[block] / desk.block_plots[block]
        desk.along[local] += together * (middle - desk.along[local])
    for local in range(size):
        block = ground.block[desk.plots[local]]
        desk.block_sum[block] = 0.0
        desk.block_plots[block] = 0
    sort_along(desk, size)
    for rank in range(size):
        desk.rank[desk.order[rank]] = rank


@compiled
def one_piece(desk: Desk, lowest: int, highest: int) -> bool:
    """Whether the local plots of ranks lowest..highest-1 hang together; `up` and `part` are used up."""
    for rank in range(lowest, highest):
        desk.part[rank] = 0
    desk.up[0] = lowest
    desk.part[lowest] = 1
    size, done = 1, 0
    while done < size:
        local = desk.order[desk.up[done]]
        done += 1
        for line in range(desk.start[local], desk.start[local + 1]):
            rank = desk.rank[desk.neighbour[line]]
            if lowest <= rank < highest and desk.part[rank] == 0 and desk.passable[line]:
                desk.part[rank] = 1
                desk.up[size] = rank
                size += 1
    return size == highest - lowest


@compiled
def best_line(
    ground: Ground, desk: Desk, size: int, cheapest: float, rewarded: bool, w: Weights, seed: SeedArray
) -> float:
    """The cheapest two grids on the two sides of one random line, if cheaper than `cheapest`.

    Straight cuts make round grids, and cost a fifth of a tree. `desk.best` gets 0 or 1 when one was found.
    """
    order_along_line(ground, desk, size, seed)
    below, whole = desk.below, desk.whole
    below[:] = 0.0
    whole[:] = 0.0
    for local in range(size):
        for column in range(6):
            whole[column] += ground.own[desk.plots[local], column]
        for line in range(desk.start[local], desk.start[local + 1]):
            whole[INNER] += 0.5 * desk.metres[line]
            whole[INNER_PRICE] += 0.5 * desk.price[line]
    cuts, costs = desk.cuts, desk.costs
    cuts[:] = -1
    costs[:] = cheapest
    for rank in range(size - 1):
        local = desk.order[rank]
        own = ground.own[desk.plots[local]]
        for column in range(6):
            below[column] += own[column]
        for line in range(desk.start[local], desk.start[local + 1]):
            if desk.rank[desk.neighbour[line]] < rank:
                below[INNER] += desk.metres[line]
                below[INNER_PRICE] += desk.price[line]
            below[TOUCH] += desk.metres[line]
            below[TOUCH_PRICE] += desk.price[line]
        if not rewarded and load_cost_of_two(below, whole, w) >= costs[2]:
            continue
        one, other = costs_of_two(below, whole, w)
        at = 2
        if one + other < costs[at]:
            while at > 0 and one + other < costs[at - 1]:
                costs[at], cuts[at] = costs[at - 1], cuts[at - 1]
                at -= 1
            costs[at], cuts[at] = one + other, rank
    for choice in range(3):
        cut = cuts[choice]
        if cut >= 0 and one_piece(desk, 0, cut + 1) and one_piece(desk, cut + 1, size):
            for rank in range(size):
                desk.best[desk.order[rank]] = 1 if rank <= cut else 0
            return float(costs[choice])
    return cheapest


@compiled
def hand_over(ground: Ground, labels: Labels, desk: Desk, size: int, numbers: IntArray, w: Weights) -> None:
    """Write the desk's `best` parts back: part p becomes grid numbers[p]."""
    for local in range(size):
        plot, grid = desk.plots[local], numbers[desk.best[local]]
        if labels.grid[plot] != grid:
            unlink(labels, plot)
            link(labels, plot, grid)
    for grid in numbers:
        tally_up(ground, labels, grid, w)


@compiled
def resplit_pair(
    ground: Ground, labels: Labels, desk: Desk, pair: IntArray, lines: int, trees: int, temperature: float,
    w: Weights, seed: SeedArray,
) -> bool:  # fmt: skip
    """Divide two neighbours anew by the best cut of several lines and trees, if that is accepted."""
    size = lay_out(ground, labels, desk, pair)
    before = labels.cost[pair[0]] + labels.cost[pair[1]]
    after = best_cut(ground, desk, size, lines, trees, w, seed)
    taken = after < NEVER and abs(after - before) > 1e-9 and accepts(after - before, temperature, seed)
    if taken:
        hand_over(ground, labels, desk, size, pair, w)
    clear(desk, size)
    return bool(taken)


@compiled
def plots_of(labels: Labels) -> IntArray:
    """The plots of the grids of this tile."""
    count = 0
    for grid in labels.numbers:
        count += labels.plots[grid]
    found = np.empty(count, dtype=np.int64)
    size = 0
    for grid in labels.numbers:
        plot = labels.first[grid]
        while plot >= 0:
            found[size] = plot
            size += 1
            plot = labels.following[plot]
    return found


@compiled
def neighbouring_pairs(ground: Ground, labels: Labels) -> IntArray:
    """Grids of this tile that touch along a passable line, each pair once, as a * n + b, a < b, sorted."""
    n, tile = len(labels.grid), labels.tile[labels.numbers[0]]
    plots = plots_of(labels)
    size = 0
    for plot in plots:
        size += ground.start[plot + 1] - ground.start[plot]
    keys = np.empty(size // 2 + 1, dtype=np.int64)
    size = 0
    for plot in plots:
        a = labels.grid[plot]
        for line in range(ground.start[plot], ground.start[plot + 1]):
            b = labels.grid[ground.neighbour[line]]
            if a < b and labels.tile[b] == tile and ground.passable[line]:
                keys[size] = a * n + b
                size += 1
    return np.unique(keys[:size])


@compiled
def sweep(
    ground: Ground, labels: Labels, desk: Desk, lines: int, trees: int, temperature: float, w: Weights,
    seed: SeedArray,
) -> int:  # fmt: skip
    """Re-split every pair of neighbours once, in random order; returns how many changed."""
    n = len(labels.grid)
    pairs = neighbouring_pairs(ground, labels)
    shuffle(seed, pairs)
    pair = np.empty(2, dtype=np.int64)
    changed = 0
    for key in pairs:
        pair[0], pair[1] = key // n, key % n
        if resplit_pair(ground, labels, desk, pair, lines, trees, temperature, w, seed):
            changed += 1
    return changed


@compiled
def gather_chunk(ground: Ground, labels: Labels, desk: Desk, plot: Index, whole_block: bool) -> int:
    """Put a plot on the desk, or all that its grid holds of its block around it; returns how many plots."""
    grid, block = labels.grid[plot], ground.block[plot]
    desk.plots[0] = plot
    desk.place[plot] = 0
    size, done = 1, 0
    while whole_block and done < size:
        here = desk.plots[done]
        done += 1
        for line in range(ground.start[here], ground.start[here + 1]):
            other = ground.neighbour[line]
            inside = labels.grid[other] == grid and ground.block[other] == block and ground.passable[line]
            if inside and desk.place[other] < 0:
                desk.plots[size] = other
                desk.place[other] = size
                size += 1
    return size


@compiled
def holds_without_desk(ground: Ground, labels: Labels, desk: Desk, size: int) -> bool:
    """Whether the grid of the desk's plots stays in one piece, and not empty, when they leave it.

    The search ends as soon as all of the grid's plots that touch the desk are found joined.
    """
    grid = labels.grid[desk.plots[0]]
    wanted, marked = 0, size
    for local in range(size):
        plot = desk.plots[local]
        for line in range(ground.start[plot], ground.start[plot + 1]):
            other = ground.neighbour[line]
            if ground.passable[line] and labels.grid[other] == grid and desk.place[other] < 0:
                desk.plots[marked] = other
                desk.place[other] = WANTED
                marked += 1
                wanted += 1
    met = 0
    if wanted > 0:
        first = desk.plots[size]
        desk.order[0] = first
        desk.place[first] = MET
        reached, done, met = 1, 0, 1
        while done < reached and met < wanted:
            here = desk.order[done]
            done += 1
            for line in range(ground.start[here], ground.start[here + 1]):
                there = ground.neighbour[line]
                if not ground.passable[line] or labels.grid[there] != grid:
                    continue
                if desk.place[there] == WANTED:
                    met += 1
                elif desk.place[there] < 0:
                    desk.plots[marked] = there
                    marked += 1
                else:
                    continue
                desk.place[there] = MET
                desk.order[reached] = there
                reached += 1
    for local in range(size, marked):
        desk.place[desk.plots[local]] = -1
    return wanted > 0 and met == wanted


@compiled
def holds_without(ground: Ground, labels: Labels, desk: Desk, plot: Index) -> bool:
    """Whether a plot's grid stays in one piece, and not empty, when the plot leaves it."""
    size = gather_chunk(ground, labels, desk, plot, False)
    holds = holds_without_desk(ground, labels, desk, size)
    clear(desk, size)
    return bool(holds)


@compiled
def costs_of_giving(
    h: FloatArray, t: FloatArray, own: FloatArray, kept: float, kept_price: float, gained: float,
    gained_price: float, w: Weights,
) -> tuple[float, float]:  # fmt: skip
    """What a grid with sums `h` costs without some ground, and one with sums `t` with it.

    own: sums of the ground. kept, gained: metres of its lines with the rest of the first grid and with the
    second; the prices likewise.
    """
    left = grid_cost(
        h[0] - own[0], h[1] - own[1], h[2] - own[2] + 2.0 * kept,
        h[3] - own[3] + 2.0 * kept_price, h[4] - own[4], h[5] - own[5], w,
    )  # fmt: skip
    joined = grid_cost(
        t[0] + own[0], t[1] + own[1], t[2] + own[2] - 2.0 * gained,
        t[3] + own[3] - 2.0 * gained_price, t[4] + own[4], t[5] + own[5], w,
    )  # fmt: skip
    return left, joined


@compiled
def give_chunk(
    ground: Ground, labels: Labels, desk: Desk, size: int, there: Index, temperature: float, w: Weights,
    seed: SeedArray,
) -> bool:  # fmt: skip
    """Move the desk's plots, all of one grid, to a neighbouring grid if that is accepted."""
    home = labels.grid[desk.plots[0]]
    own, h, t = desk.below, labels.tally[home], labels.tally[there]
    own[:] = 0.0
    kept = kept_price = gained = gained_price = 0.0
    for local in range(size):
        plot = desk.plots[local]
        for column in range(6):
            own[column] += ground.own[plot, column]
        for line in range(ground.start[plot], ground.start[plot + 1]):
            other = ground.neighbour[line]
            if desk.place[other] >= 0:
                own[PERIMETER] -= ground.metres[line]
                own[PRICE] -= ground.price[line]
            elif labels.grid[other] == home:
                kept += ground.metres[line]
                kept_price += ground.price[line]
            elif labels.grid[other] == there:
                gained += ground.metres[line]
                gained_price += ground.price[line]
    left, joined = costs_of_giving(h, t, own, kept, kept_price, gained, gained_price, w)
    change = left + joined - labels.cost[home] - labels.cost[there]
    if not accepts(change, temperature, seed) or not holds_without_desk(ground, labels, desk, size):
        return False
    for local in range(size):
        unlink(labels, desk.plots[local])
        link(labels, desk.plots[local], there)
    for column in range(6):
        h[column] -= own[column]
        t[column] += own[column]
    h[PERIMETER] += 2.0 * kept
    h[PRICE] += 2.0 * kept_price
    t[PERIMETER] -= 2.0 * gained
    t[PRICE] -= 2.0 * gained_price
    labels.cost[home] = left
    labels.cost[there] = joined
    return True


@compiled
def offer_plots(
    ground: Ground, labels: Labels, desk: Desk, temperature: float, w: Weights, seed: SeedArray
) -> int:
    """Offer each border plot, or its grid's share of its block, to a neighbouring grid drawn at random.

    Returns how many offers were accepted. Cheap, and it smooths what cuts leave ragged.
    """
    tile = labels.tile[labels.numbers[0]]
    plots = plots_of(labels)
    shuffle(seed, plots)
    moved = 0
    for plot in plots:
        home = labels.grid[plot]
        if labels.plots[home] < 2:
            continue
        choices = 0
        there = home
        for line in range(ground.start[plot], ground.start[plot + 1]):
            grid = labels.grid[ground.neighbour[line]]
            if grid != home and labels.tile[grid] == tile and ground.passable[line]:
                choices += 1
                if random_share(seed) * choices < 1.0:
                    there = grid
        if choices == 0:
            continue
        size = gather_chunk(ground, labels, desk, plot, random_share(seed) < BLOCK_SHARE)
        if give_chunk(ground, labels, desk, size, there, temperature, w, seed):
            moved += 1
        clear(desk, size)
    return moved


@compiled
def smooth(
    ground: Ground, labels: Labels, desk: Desk, rounds: int, temperature: float, w: Weights, seed: SeedArray
) -> None:
    """Anneal single plots and parts of blocks: `rounds` offers to each, cooling to nothing."""
    for turn in range(rounds):
        offer_plots(ground, labels, desk, temperature * (1.0 - (turn + 1.0) / rounds), w, seed)
    for grid in labels.numbers:  # sums that were added to and taken from, afresh
        if labels.plots[grid] > 0:
            tally_up(ground, labels, grid, w)


@compiled
def anneal(
    ground: Ground, labels: Labels, desk: Desk, lines: int, trees: int, rounds: int, temperature: float,
    w: Weights, seed: SeedArray,
) -> int:  # fmt: skip
    """One sweep over the pairs of a tile and some smoothing after it."""
    changed = sweep(ground, labels, desk, lines, trees, temperature, w, seed)
    smooth(ground, labels, desk, rounds, min(0.2, temperature), w, seed)
    return changed


@compiled
def free_number(labels: Labels, after: int) -> int:
    """Where in the tile's numbers the next one without plots stands, upwards from `after`; -1: none."""
    for at in range(after + 1, len(labels.numbers)):
        if labels.plots[labels.numbers[at]] == 0:
            return at
    return -1


@compiled
def merge_into_neighbour(ground: Ground, labels: Labels, grid: Index, w: Weights) -> bool:
    """Dissolve a grid into the neighbour with which the two together are cheapest."""
    best, best_cost = -1, NEVER
    plot = labels.first[grid]
    while plot >= 0:
        for line in range(ground.start[plot], ground.start[plot + 1]):
            other = labels.grid[ground.neighbour[line]]
            if other != grid and other != best and ground.passable[line]:
                t, o = labels.tally[grid], labels.tally[other]
                cost = load_cost(t[0] + o[0], w) if t[4] + o[4] < 0.5 else w.out_of_band + t[0] / w.target
                cost -= labels.cost[other]
                if cost < best_cost:
                    best, best_cost = other, cost
        plot = labels.following[plot]
    if best < 0:
        return False
    while labels.first[grid] >= 0:
        plot = labels.first[grid]
        unlink(labels, plot)
        link(labels, plot, best)
    tally_up(ground, labels, best, w)
    labels.grids[ground.component[labels.first[best]]] -= 1
    return True


@compiled
def cut_in_two(ground: Ground, labels: Labels, desk: Desk, grid: Index, w: Weights, seed: SeedArray) -> bool:
    """Make two grids of one by the best cut of a dozen trees."""
    free = free_number(labels, -1)
    if free < 0:
        return False
    numbers = np.array([grid, labels.numbers[free]], dtype=np.int64)
    size = lay_out(ground, labels, desk, numbers[:1])
    taken = size > 1 and best_cut(ground, desk, size, 12, 12, w, seed) < NEVER
    if taken:
        hand_over(ground, labels, desk, size, numbers, w)
        labels.grids[ground.component[labels.first[grid]]] += 1
    clear(desk, size)
    return bool(taken)


@compiled
def mend_counts(ground: Ground, labels: Labels, desk: Desk, w: Weights, seed: SeedArray) -> None:
    """Merge crumbs, then merge the lightest or cut the heaviest until each component's number is allowed.

    Grids are visited in the order of their households, lightest first, so one pass mostly suffices.
    """
    for attempt in range(6):
        settled = True
        ranking = np.argsort(labels.tally[:, HOUSEHOLDS], kind="mergesort")
        for grid in ranking:
            if labels.plots[grid] == 0:
                continue
            part = ground.component[labels.first[grid]]
            crumb = attempt == 0 and 3.0 * labels.tally[grid, HOUSEHOLDS] < w.least
            if labels.grids[part] > 1 and (crumb or labels.grids[part] > labels.most[part]):
                merge_into_neighbour(ground, labels, grid, w)
        for grid in ranking[::-1]:
            if labels.plots[grid] == 0:
                continue
            part = ground.component[labels.first[grid]]
            if labels.grids[part] < labels.fewest[part]:
                cut_in_two(ground, labels, desk, grid, w, seed)
        for part in range(len(labels.grids)):
            if labels.grids[part] < labels.fewest[part] or labels.grids[part] > labels.most[part]:
                settled = False
        if settled:
            return


@compiled
def gather_group(
    ground: Ground, labels: Labels, desk: Desk, grid: Index, wanted: int, seed: SeedArray
) -> IntArray:
    """A grid and up to wanted-1 others around it, grown at random over passable lines."""
    tile = labels.tile[grid]
    group = np.empty(wanted, dtype=np.int64)
    group[0] = grid
    size = 1
    around = np.empty(64, dtype=np.int64)
    while size < wanted:
        found = 0
        for member in group[:size]:
            plot = labels.first[member]
            while plot >= 0:
                for line in range(ground.start[plot], ground.start[plot + 1]):
                    other = labels.grid[ground.neighbour[line]]
                    if (
                        ground.passable[line]
                        and other != member
                        and labels.tile[other] == tile
                        and found < 64
                    ):
                        known = False
                        for i in range(size):
                            known = known or group[i] == other
                        for i in range(found):
                            known = known or around[i] == other
                        if not known:
                            around[found] = other
                            found += 1
                plot = labels.following[plot]
        if found == 0:
            break
        group[size] = around[random_below(seed, found)]
        size += 1
    return group[:size]


@compiled
def knapsack(
    ground: Ground, desk: Desk, size: int, table: FloatArray, joined: npt.NDArray[np.int16], w: Weights,
    purse: Purse, per_metre: float, seed: SeedArray,
) -> int:  # fmt: skip
    """The best division of the drawn tree into any number of parts, exactly; returns how many.

    table[rank, s]: cheapest way to divide the subtree so that its open part, the one with `rank` in it,
    holds s households; the last column is an open part with an oversized plot, whatever it holds.
    joined[rank, s]: households the child `rank` brought into its parent's open part of s, -1 if cut off.
    Priced are loads (exactly, in grains of `grain` households) and, as a stand-in for shape, the metres
    cut. desk.part gets the part number of each rank.
    """
    loads, grain = purse.loads, purse.grain
    top = len(loads)  # the column for oversized plots
    closed_at = np.empty(size, dtype=np.int64)
    forced_before = np.empty(size, dtype=np.int64)
    low = np.empty(size, dtype=np.int64)
    high = np.empty(size, dtype=np.int64)
    fresh = np.empty(top + 1)
    for rank in range(size):
        plot = desk.plots[desk.order[rank]]
        for s in range(top + 1):
            table[rank, s] = NEVER
        if ground.own[plot, OVERSIZED] > 0.5:
            table[rank, top] = 0.0
            low[rank], high[rank] = top, -1
        else:
            s = int(ground.own[plot, HOUSEHOLDS] / grain + (random_share(seed) if grain > 1.0 else 0.0))
            s = min(s, top - 1)
            table[rank, s] = 0.0
            low[rank], high[rank] = s, s
    best = NEVER
    for rank in range(size - 1, -1, -1):
        mine = table[rank]
        closed, at = mine[top], top
        for s in range(low[rank], high[rank] + 1):
            if mine[s] + loads[s] < closed:
                closed, at = mine[s] + loads[s], s
        closed_at[rank] = at
        if rank == 0:
            best = closed
            break
        sums = desk.sums[rank]
        metres, price = sums[TOUCH] - 2.0 * sums[INNER], sums[TOUCH_PRICE] - 2.0 * sums[INNER_PRICE]
        closed += per_metre * (w.shape * 0.76 * metres + w.line * price)
        parent = desk.up[rank]
        theirs = table[parent]
        choice = joined[rank]
        for s in range(low[parent], high[parent] + 1):
            fresh[s] = theirs[s] + closed
            choice[s] = -1
        upper = high[parent]
        if high[rank] >= 0 and upper >= 0:
            upper = min(upper + high[rank], top - 1)
        for s in range(max(high[parent], low[parent] - 1) + 1, upper + 1):
            fresh[s] = NEVER
        fresh_top, choice_top, before_top = theirs[top] + closed, -1, top
        for t in range(low[rank], high[rank] + 1):
            mine_t = mine[t]
            if mine_t == NEVER:
                continue
            # No branch inside and no index but the loop's own, so that the processor adds several at once.
            end = max(low[parent], min(high[parent], top - 1 - t) + 1)
            without, cheapest = theirs[low[parent] : end], fresh[low[parent] + t : end + t]
            brought = choice[low[parent] + t : end + t]
            for at in range(len(without)):
                v = without[at] + mine_t
                cheaper = v < cheapest[at]
                cheapest[at] = v if cheaper else cheapest[at]
                brought[at] = t if cheaper else brought[at]
            v = theirs[top] + mine_t + w.burden * t * grain / w.target
            if v < fresh_top:
                fresh_top, choice_top, before_top = v, t, top
        if mine[top] < NEVER:
            for s in range(low[parent], high[parent] + 1):
                v = theirs[s] + mine[top] + w.burden * s * grain / w.target
                if v < fresh_top:
                    fresh_top, choice_top, before_top = v, top, s
        for s in range(low[parent], upper + 1):
            theirs[s] = fresh[s]
        high[parent] = upper
        theirs[top] = fresh_top
        choice[top] = choice_top
        forced_before[rank] = before_top
    if best == NEVER:
        return 0
    state = desk.mark
    state[0] = closed_at[0]
    desk.part[0] = 0
    parts = 1
    for rank in range(1, size):
        parent = desk.up[rank]
        s = state[parent]
        t = joined[rank, s]
        if t < 0:
            desk.part[rank] = parts
            parts += 1
            state[rank] = closed_at[rank]
        else:
            desk.part[rank] = desk.part[parent]
            state[rank] = t
            state[parent] = forced_before[rank] if s == top else s - t
    return parts


@compiled
def parts_cost(ground: Ground, desk: Desk, size: int, parts: int, tallies: FloatArray, w: Weights) -> float:
    """Exact cost of the parts in `desk.part` (by rank)."""
    tallies[:parts] = 0.0
    for rank in range(size):
        part = desk.part[rank]
        local = desk.order[rank]
        plot = desk.plots[local]
        for column in range(6):
            tallies[part, column] += ground.own[plot, column]
        for line in range(desk.start[local], desk.start[local + 1]):
            if desk.part[desk.rank[desk.neighbour[line]]] == part:
                tallies[part, PERIMETER] -= desk.metres[line]
                tallies[part, PRICE] -= desk.price[line]
    total = 0.0
    for part in range(parts):
        total += row_cost(tallies[part], w)
    return total


@compiled
def resplit_group(
    ground: Ground, labels: Labels, desk: Desk, group: IntArray, temperature: float, w: Weights, purse: Purse,
    seed: SeedArray,
) -> bool:  # fmt: skip
    """Divide some grids anew by the knapsack over random trees, if the best of them is accepted."""
    size = lay_out(ground, labels, desk, group)
    component = ground.component[desk.plots[0]]
    fewest = len(group) - labels.grids[component] + min(labels.fewest[component], labels.grids[component])
    most = len(group) - labels.grids[component] + max(labels.most[component], labels.grids[component])
    before = 0.0
    area = 0.0
    for grid in group:
        before += labels.cost[grid]
        area += labels.tally[grid, AREA]
    per_metre = 2.0 / math.sqrt(area / len(group))
    spare = 0
    while spare < len(group) and labels.plots[labels.numbers[len(labels.numbers) - 1 - spare]] == 0:
        spare += 1
    table = np.empty((size, len(purse.loads) + 1))
    joined = np.empty((size, len(purse.loads) + 1), dtype=np.int16)
    tallies = np.empty((size, 6))
    cheapest = NEVER
    best_parts = 0
    for _ in range(purse.trees):
        if draw_tree(desk, size, purse.strictness * random_share(seed), seed) < size:
            break
        add_up_tree(ground, desk, size)
        parts = knapsack(ground, desk, size, table, joined, w, purse, per_metre, seed)
        if parts < fewest or parts > min(most, len(group) + spare) or parts == 0:
            continue
        cost = parts_cost(ground, desk, size, parts, tallies, w)
        if cost < cheapest:
            cheapest = cost
            best_parts = parts
            for rank in range(size):
                desk.best[desk.order[rank]] = desk.part[rank]
    change = cheapest - before
    taken = cheapest < NEVER and abs(change) > 1e-9 and accepts(change, temperature, seed)
    if taken:
        numbers = np.empty(best_parts, dtype=np.int64)
        numbers[: min(best_parts, len(group))] = group[:best_parts]
        at = -1
        for part in range(len(group), best_parts):
            at = free_number(labels, at)
            numbers[part] = labels.numbers[at]
        hand_over(ground, labels, desk, size, numbers, w)
        labels.grids[component] += best_parts - len(group)
    clear(desk, size)
    return bool(taken)


@compiled
def mend(
    ground: Ground, labels: Labels, desk: Desk, largest: int, rounds: int, temperature: float, w: Weights,
    mending: Weights, purse: Purse, seed: SeedArray,
) -> int:  # fmt: skip
    """Divide every out-of-band grid anew with some neighbours, `rounds` times; returns how many are left."""
    price_again(labels, mending)
    for _ in range(rounds):
        bad = bad_grids(ground, labels, w)
        if len(bad) == 0:
            break
        shuffle(seed, bad)
        for grid in bad:
            if labels.plots[grid] > 0 and is_bad(labels.tally[grid], w):
                group = gather_group(ground, labels, desk, grid, 2 + random_below(seed, largest - 1), seed)
                if len(group) > 1:
                    resplit_group(ground, labels, desk, group, temperature, mending, purse, seed)
    price_again(labels, w)
    return len(bad_grids(ground, labels, w))


@compiled
def cut_atoms(ground: Ground, labels: Labels, desk: Desk, size: int, lines: int, seed: SeedArray) -> int:
    """Part the desk into atoms: what hangs together of a block between some random lines; returns how many.

    A block keeps the present borders in it or loses them, by chance, so that the present division is among
    those that can be put together now and then.
    """
    key, atom = desk.board.key, desk.board.atom
    keeping, salt = random_share(seed), random_below(seed, 1 << 30)
    for local in range(size):
        plot = desk.plots[local]
        block = ground.block[plot]
        drawn = np.uint64(block + salt) * np.uint64(0x9E3779B97F4A7C15)
        drawn ^= drawn >> np.uint64(32)
        drawn *= np.uint64(0xBF58476D1CE4E5B9)
        keeps = float(drawn >> np.uint64(11)) * (1.0 / 9007199254740992.0) < keeping
        key[local] = (block * len(labels.grid) + (labels.grid[plot] if keeps else 0)) << MOST_LINES
    for turn in range(lines):
        here, there = desk.plots[random_below(seed, size)], desk.plots[random_below(seed, size)]
        east, north = ground.xy[there, 0] - ground.xy[here, 0], ground.xy[there, 1] - ground.xy[here, 1]
        at = ground.xy[here, 0] * east + ground.xy[here, 1] * north
        for local in range(size):
            plot = desk.plots[local]
            if ground.xy[plot, 0] * east + ground.xy[plot, 1] * north > at:
                key[local] += 1 << turn
    atom[:size] = -1
    count = 0
    for begin in range(size):
        if atom[begin] >= 0:
            continue
        atom[begin] = count
        desk.order[0] = begin
        reached, done = 1, 0
        while done < reached:
            here = desk.order[done]
            done += 1
            for line in range(desk.start[here], desk.start[here + 1]):
                other = desk.neighbour[line]
                if atom[other] < 0 and desk.passable[line] and key[other] == key[begin]:
                    atom[other] = count
                    desk.order[reached] = other
                    reached += 1
        count += 1
    return count


@compiled
def join_atoms(ground: Ground, desk: Desk, size: int, count: int) -> int:
    """Join the lightest atom to a neighbour, of its own block if it can be, until `MOST_ATOMS` are left.

    Returns how many are left, 0 where an atom has no neighbour.
    """
    atom = desk.board.atom
    load, touch = np.zeros(count), np.zeros(count)
    for local in range(size):
        own = ground.own[desk.plots[local]]
        load[atom[local]] += own[HOUSEHOLDS] + 1e-5 * own[AREA]  # of empty ground, the smallest
    left = count
    while left > MOST_ATOMS:
        lightest = np.argmin(load)
        touch[:] = 0.0
        for local in range(size):
            if atom[local] == lightest:
                for line in range(desk.start[local], desk.start[local + 1]):
                    other = atom[desk.neighbour[line]]
                    if other != lightest and desk.passable[line]:
                        touch[other] += desk.metres[line] * (1.2 if desk.price[line] > 0.0 else 0.2)
        best = np.argmax(touch)
        if touch[best] == 0.0:
            return 0
        for local in range(size):
            if atom[local] == lightest:
                atom[local] = best
        load[best] += load[lightest]
        load[lightest] = NEVER
        left -= 1
    number = np.cumsum(load < NEVER) - 1
    for local in range(size):
        atom[local] = number[atom[local]]
    return left


@compiled
def weigh_atoms(ground: Ground, desk: Desk, size: int, count: int) -> None:
    """Sum up each atom, and the lines between any two."""
    board = desk.board
    board.tally[:count] = 0.0
    board.metres[:count] = 0.0
    board.price[:count] = 0.0
    board.beside[:count] = 0
    board.touching[:count] = 0
    for local in range(size):
        a = board.atom[local]
        for column in range(6):
            board.tally[a, column] += ground.own[desk.plots[local], column]
        for line in range(desk.start[local], desk.start[local + 1]):
            b = board.atom[desk.neighbour[line]]
            if a == b:
                board.tally[a, PERIMETER] -= desk.metres[line]
                board.tally[a, PRICE] -= desk.price[line]
            else:
                board.metres[a, b] += desk.metres[line]
                board.price[a, b] += desk.price[line]
                board.touching[a] |= 1 << b
                if desk.passable[line]:
                    board.beside[a] |= 1 << b


@compiled
def price_sets(
    board: Board, count: int, least: float, most: float, dearest: float, temperature: float, w: Weights,
    seed: SeedArray,
) -> None:  # fmt: skip
    """List and price the sets of atoms that can be grids: in one piece, least..most households, < dearest.

    Every set in one piece is grown from its lowest atom, once: an atom beside it joins it, or is ruled out
    for what grows from here. Each gets a random surcharge, `temperature` on average: the cheapest partition
    is then a sample, as in annealing, of nearly the cheapest.
    """
    atoms, beyond, ruled_out, rows = board.atoms, board.beyond, board.ruled_out, board.rows
    found = 0
    for lowest in range(count):
        board.start[lowest] = found
        atoms[0] = 1 << lowest
        ruled_out[0] = (2 << lowest) - 1
        beyond[0] = board.beside[lowest] & ~ruled_out[0]
        rows[0] = board.tally[lowest]
        depth = 0
        fresh = True
        while depth >= 0:
            row = rows[depth]
            if fresh and least <= row[HOUSEHOLDS] <= most and found < len(board.sets):
                price = row_cost(row, w)
                if temperature > 0.0:
                    price -= temperature * math.log(1.0 - random_share(seed))
                if price < dearest:
                    board.cost[atoms[depth]] = price
                    board.sets[found] = atoms[depth]
                    board.load[found] = row[HOUSEHOLDS]
                    found += 1
            fresh = False
            if beyond[depth] == 0:
                depth -= 1
                continue
            a = 0
            while beyond[depth] >> a & 1 == 0:
                a += 1
            beyond[depth] ^= 1 << a
            ruled_out[depth] |= 1 << a
            if row[HOUSEHOLDS] + board.tally[a, HOUSEHOLDS] > most:
                continue
            grown = rows[depth + 1]
            for column in range(6):
                grown[column] = row[column] + board.tally[a, column]
            inside = atoms[depth] & board.touching[a]
            b = 0
            while inside > 0:
                if inside & 1:
                    grown[PERIMETER] -= 2.0 * board.metres[a, b]
                    grown[PRICE] -= 2.0 * board.price[a, b]
                inside >>= 1
                b += 1
            atoms[depth + 1] = atoms[depth] | 1 << a
            ruled_out[depth + 1] = ruled_out[depth]
            beyond[depth + 1] = (beyond[depth] | board.beside[a]) & ~ruled_out[depth]
            depth += 1
            fresh = True
    board.start[count] = found


@compiled
def price_floors(board: Board, count: int) -> float:
    """The least that the atoms of each set cost in any sets, by their shares of households; that of all.

    Infinite where an atom is in no set.
    """
    share = np.full(count, NEVER)
    for one in range(board.start[count]):
        atoms = board.sets[one]
        for a in range(count):
            if atoms >> a & 1:
                share[a] = min(share[a], board.cost[atoms] / max(1.0, board.load[one]))
    if np.max(share) == NEVER:
        return NEVER
    whole = 0.0
    for a in range(count):
        share[a] *= board.tally[a, HOUSEHOLDS]
        whole += share[a]
    for one in range(board.start[count]):
        board.floor[one] = 0.0
        for a in range(count):
            if board.sets[one] >> a & 1:
                board.floor[one] += share[a]
    return whole


@compiled
def best_sets(board: Board, count: int, parts: int, cheapest: float, found: IntArray) -> float:
    """The cheapest partition of all atoms into some sets, if it costs less than `cheapest`; sets in `found`.

    Exact: depth first, the lowest atom that is left with every set it is in, as far as floors allow.
    """
    whole = price_floors(board, count)
    if whole >= cheapest:
        return cheapest
    rest = np.full(parts, (1 << count) - 1)
    at, end = np.zeros(parts, dtype=np.int64), np.zeros(parts, dtype=np.int64)
    spent, floor = np.zeros(parts), np.full(parts, whole)
    end[0] = board.start[1]
    depth = 0
    while depth >= 0:
        if at[depth] == end[depth]:
            depth -= 1
            continue
        one = at[depth]
        at[depth] += 1
        atoms = board.sets[one]
        left = rest[depth] & ~atoms
        total, below = spent[depth] + board.cost[atoms], floor[depth] - board.floor[one]
        if atoms & ~rest[depth] != 0 or left == 0 or total + below >= cheapest:
            continue
        if depth < parts - 2:
            lowest = 0
            while left >> lowest & 1 == 0:
                lowest += 1
            depth += 1
            rest[depth], spent[depth], floor[depth] = left, total, below
            at[depth], end[depth] = board.start[lowest], board.start[lowest + 1]
        elif total + board.cost[left] < cheapest:
            cheapest = total + board.cost[left]
            for above in range(depth + 1):
                found[above] = board.sets[at[above] - 1]
            found[depth + 1] = left
    return cheapest


@compiled
def recombine(
    ground: Ground, labels: Labels, desk: Desk, group: IntArray, lines: int, temperature: float, w: Weights,
    seed: SeedArray,
) -> bool:  # fmt: skip
    """Divide some grids anew, into as many, as the pieces of their blocks are cheapest put together.

    Of all ways to put them together, that is: set partitioning, exact for the atoms that were drawn. With a
    temperature the sample of `price_sets` is taken, unless it is far dearer than what is there: surcharges on
    that too were measured to be no better.
    """
    size = lay_out(ground, labels, desk, group)
    before, least, most = 0.0, w.least, w.most
    for grid in group:
        before += labels.cost[grid]
        least = min(least, labels.tally[grid, HOUSEHOLDS])
        most = max(most, labels.tally[grid, HOUSEHOLDS])
    count = cut_atoms(ground, labels, desk, size, lines, seed)
    if MOST_ATOMS < count <= MOST_CUT:
        count = join_atoms(ground, desk, size, count)
    found = np.zeros(len(group), dtype=np.int64)
    dearest = before - 1e-9 if temperature == 0.0 else before + 12.0 * temperature
    taken = False
    if len(group) <= count <= MOST_ATOMS:
        weigh_atoms(ground, desk, size, count)
        dearest_set = NEVER if is_rewarded(ground, desk, size) else dearest
        price_sets(desk.board, count, least, most, dearest_set, temperature, w, seed)
        taken = best_sets(desk.board, count, len(group), dearest, found) < dearest
        for one in range(desk.board.start[count]):
            desk.board.cost[desk.board.sets[one]] = NEVER
    if taken:
        for local in range(size):
            for part in range(len(group)):
                if found[part] >> desk.board.atom[local] & 1:
                    desk.best[local] = part
        hand_over(ground, labels, desk, size, group, w)
    clear(desk, size)
    return bool(taken)


@compiled
def recombine_round(
    ground: Ground, labels: Labels, desk: Desk, temperature: float, w: Weights, seed: SeedArray
) -> int:
    """`recombine` every grid of a tile with some around it, and offer plots; returns how many changed."""
    grids = labels.numbers.copy()
    shuffle(seed, grids)
    changed = 0
    for grid in grids:
        if labels.plots[grid] > 0:
            group = gather_group(
                ground, labels, desk, grid, 2 + random_below(seed, MOST_RECOMBINED - 1), seed
            )
            lines = random_below(seed, MOST_LINES + 1)
            if len(group) > 1 and recombine(ground, labels, desk, group, lines, temperature, w, seed):
                changed += 1
    offer_plots(ground, labels, desk, temperature / 3.0, w, seed)
    return changed


class Stay(NamedTuple):
    """The plan in force while it is mended, and what it costs to leave it.

    grid: of each plot before, as numbered in `Labels`. fixed: per plot, True where it must not move.
    closed: per grid number, True where no plot may come in. household, plot: price of each that changes
    hands.
    exchanges: share of what `ease` offers that are exchanges of two plots. near: per grid number, room, -1.
    """

    grid: IntArray
    fixed: BoolArray
    closed: BoolArray
    household: float
    plot: float
    exchanges: float
    near: IntArray


@compiled
def moving_price(ground: Ground, stay: Stay, plot: Index, grid: Index) -> float:
    """What it costs to have a plot in a grid: nothing where it was before."""
    if stay.grid[plot] == grid:
        return 0.0
    return float(stay.plot + stay.household * ground.own[plot, HOUSEHOLDS])


@compiled
def gather_around(
    ground: Ground, labels: Labels, stay: Stay, grid: Index, rings: int, found: IntArray
) -> IntArray:
    """A grid and those around it, ring by ring over passable lines, none of them closed; marked in `near`.

    found: room for the answer, which ends where it does.
    """
    found[0] = grid
    stay.near[grid] = 0
    size, begin = 1, 0
    for ring in range(rings):
        end = size
        for member in found[begin:end]:
            plot = labels.first[member]
            while plot >= 0:
                for line in range(ground.start[plot], ground.start[plot + 1]):
                    other = labels.grid[ground.neighbour[line]]
                    if (
                        ground.passable[line]
                        and stay.near[other] < 0
                        and not stay.closed[other]
                        and size < len(found)
                    ):
                        found[size] = other
                        stay.near[other] = ring + 1
                        size += 1
                plot = labels.following[plot]
        begin = end
    return found[:size]


@compiled
def costs_of_move(
    ground: Ground, labels: Labels, plot: Index, there: Index, w: Weights
) -> tuple[float, float]:
    """What a plot's grid would cost without it, and another with it."""
    home = labels.grid[plot]
    kept = kept_price = gained = gained_price = 0.0
    for line in range(ground.start[plot], ground.start[plot + 1]):
        grid = labels.grid[ground.neighbour[line]]
        if grid == home:
            kept += ground.metres[line]
            kept_price += ground.price[line]
        elif grid == there:
            gained += ground.metres[line]
            gained_price += ground.price[line]
    return costs_of_giving(
        labels.tally[home], labels.tally[there], ground.own[plot], kept, kept_price, gained, gained_price, w
    )


@compiled
def shift(ground: Ground, labels: Labels, plot: Index, there: Index, left: float, joined: float) -> None:
    """Move a plot to another grid; left, joined: as from `costs_of_move`."""
    home = labels.grid[plot]
    h, t, own = labels.tally[home], labels.tally[there], ground.own[plot]
    for column in range(6):
        h[column] -= own[column]
        t[column] += own[column]
    for line in range(ground.start[plot], ground.start[plot + 1]):
        grid = labels.grid[ground.neighbour[line]]
        if grid == home:
            h[PERIMETER] += 2.0 * ground.metres[line]
            h[PRICE] += 2.0 * ground.price[line]
        elif grid == there:
            t[PERIMETER] -= 2.0 * ground.metres[line]
            t[PRICE] -= 2.0 * ground.price[line]
    unlink(labels, plot)
    link(labels, plot, there)
    labels.cost[home] = left
    labels.cost[there] = joined


@compiled
def grid_beside(ground: Ground, labels: Labels, stay: Stay, plot: Index, seed: SeedArray) -> int:
    """One of the marked grids a plot touches beside its own, drawn at random; -1 for none."""
    choices = 0
    there = -1
    for line in range(ground.start[plot], ground.start[plot + 1]):
        grid = labels.grid[ground.neighbour[line]]
        if grid != labels.grid[plot] and ground.passable[line] and stay.near[grid] >= 0:
            choices += 1
            if random_share(seed) * choices < 1.0:
                there = grid
    return there


@compiled
def touches(ground: Ground, labels: Labels, plot: Index, grid: Index) -> bool:
    for line in range(ground.start[plot], ground.start[plot + 1]):
        if ground.passable[line] and labels.grid[ground.neighbour[line]] == grid:
            return True
    return False


@compiled
def partner_for(
    ground: Ground, labels: Labels, stay: Stay, plot: Index, there: Index, w: Weights
) -> tuple[int, float]:
    """The plot of `there` for which this one is best exchanged, as far as loads go; and what that changes."""
    home = labels.grid[plot]
    own, h, t = ground.own[plot, HOUSEHOLDS], labels.tally[home, HOUSEHOLDS], labels.tally[there, HOUSEHOLDS]
    before = load_cost(h, w) + load_cost(t, w)
    best, cheapest = -1, NEVER
    other = labels.first[there]
    while other >= 0:
        theirs = ground.own[other, HOUSEHOLDS]
        if theirs > 0.0 and theirs != own and not stay.fixed[other] and touches(ground, labels, other, home):
            change = load_cost(h - own + theirs, w) + load_cost(t + own - theirs, w) - before
            change += moving_price(ground, stay, other, home) - moving_price(ground, stay, other, there)
            if change < cheapest:
                best, cheapest = other, change
        other = labels.following[other]
    return best, cheapest + moving_price(ground, stay, plot, there) - moving_price(ground, stay, plot, home)


@compiled
def try_move(
    ground: Ground, labels: Labels, desk: Desk, stay: Stay, plot: Index, there: Index, limit: float,
    temperature: float, w: Weights, seed: SeedArray,
) -> float:  # fmt: skip
    """Move a plot if that is accepted beside what has changed already; answers what it changes, else `NEVER`.

    limit: what has changed so far by the first half of an exchange, 0 for a move alone.
    """
    home = labels.grid[plot]
    left, joined = costs_of_move(ground, labels, plot, there, w)
    change = left + joined - labels.cost[home] - labels.cost[there]
    change += moving_price(ground, stay, plot, there) - moving_price(ground, stay, plot, home)
    if not accepts(limit + change, temperature, seed) or not holds_without(ground, labels, desk, plot):
        return NEVER
    shift(ground, labels, plot, there, left, joined)
    return float(change)


@compiled
def ease(
    ground: Ground, labels: Labels, desk: Desk, grids: IntArray, steps: int, heat: float, w: Weights,
    stay: Stay, seed: SeedArray,
) -> float:  # fmt: skip
    """Anneal the plots of some grids (marked in `stay.near`) among these, and keep the cheapest plan met.

    The price of a plan is that of its grids and of every plot that is not where it was before. Plots move
    alone or are exchanged: surplus walks from grid to grid until one has room for it, and where only towers
    stand the larger goes for the smaller. Answers what was saved, 0 for nothing.
    """
    count = 0
    for grid in grids:
        count += labels.plots[grid]
    plots = np.empty(count, dtype=np.int64)
    count = 0
    for grid in grids:
        plot = labels.first[grid]
        while plot >= 0:
            if not stay.fixed[plot]:
                plots[count] = plot
                count += 1
            plot = labels.following[plot]
    if count == 0:
        return 0.0
    moved = np.empty(2 * steps, dtype=np.int64)
    came_from = np.empty(2 * steps, dtype=np.int64)
    cost = best = 0.0
    size = best_size = 0
    for step in range(steps):
        plot = plots[random_below(seed, count)]
        home = labels.grid[plot]
        if labels.plots[home] < 2:
            continue
        there = grid_beside(ground, labels, stay, plot, seed)
        if there < 0:
            continue
        temperature = heat * (1.0 - (step + 1.0) / steps)
        if ground.own[plot, HOUSEHOLDS] > 0.0 and random_share(seed) < stay.exchanges:
            other, change = partner_for(ground, labels, stay, plot, there, w)
            if other < 0 or change > 3.0 * temperature:
                continue
            first = try_move(ground, labels, desk, stay, plot, there, 0.0, NEVER, w, seed)
            if first == NEVER:
                continue
            second = NEVER
            if touches(ground, labels, other, home) and labels.plots[home] > 0:
                second = try_move(ground, labels, desk, stay, other, home, first, temperature, w, seed)
            if second == NEVER:
                left, joined = costs_of_move(ground, labels, plot, home, w)
                shift(ground, labels, plot, home, left, joined)
                continue
            moved[size], came_from[size] = plot, home
            moved[size + 1], came_from[size + 1] = other, there
            size += 2
            cost += first + second
        else:
            change = try_move(ground, labels, desk, stay, plot, there, 0.0, temperature, w, seed)
            if change == NEVER:
                continue
            moved[size], came_from[size] = plot, home
            size += 1
            cost += change
        if cost < best - 1e-9:
            best = cost
            best_size = size
    for at in range(size - 1, best_size - 1, -1):
        unlink(labels, moved[at])
        link(labels, moved[at], came_from[at])
    for grid in grids:
        tally_up(ground, labels, grid, w)
    return -best


@compiled
def ease_around(
    ground: Ground, labels: Labels, desk: Desk, centres: IntArray, rings: int, steps: int, heat: float,
    w: Weights, stay: Stay, seed: SeedArray,
) -> int:  # fmt: skip
    """`ease` every one of some grids together with those around it; answers how many times that helped.

    steps: per plot of the group.
    """
    room = np.empty(64, dtype=np.int64)
    helped = 0
    for grid in centres:
        if labels.plots[grid] == 0 or stay.closed[grid]:
            continue
        group = gather_around(ground, labels, stay, grid, rings, room)
        plots = 0
        for member in group:
            plots += labels.plots[member]
        if len(group) > 1 and ease(ground, labels, desk, group, steps * plots, heat, w, stay, seed) > 0.0:
            helped += 1
        for member in group:
            stay.near[member] = -1
    return helped


@compiled
def paths(
    ground: Ground, weight: IntArray, present: IntArray, fixed: BoolArray, members: IntArray, inside: bool,
    limit: int, seen: IntArray,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """Plots by the weight of the lightest path to them over plots that may move, lightest first.

    Into a grid from all around (inside), or out of it (not inside); members: its plots. A path counts the
    plots on it, the last included. Answers plots, and what their paths weigh without them; all below
    `limit`. seen: -1 for each plot, given back so.
    """
    grid = present[members[0]]
    heap = [(0, 0, -1)]
    heap.pop()
    for plot in members:
        for line in range(ground.start[plot], ground.start[plot + 1]):
            other = ground.neighbour[line]
            if ground.passable[line] and present[other] != grid:
                begin = plot if inside else other
                if not fixed[begin]:
                    heapq.heappush(heap, (weight[begin], 0, begin))
    found = [0]
    found.pop()
    befores = [0]
    befores.pop()
    while len(heap) > 0:
        whole, before, plot = heapq.heappop(heap)
        if seen[plot] >= 0:
            continue
        seen[plot] = 0
        found.append(plot)
        befores.append(before)
        if whole >= limit:
            continue
        for line in range(ground.start[plot], ground.start[plot + 1]):
            other = ground.neighbour[line]
            is_member = present[other] == grid
            if ground.passable[line] and seen[other] < 0 and not fixed[other] and is_member == inside:
                heapq.heappush(heap, (whole + weight[other], whole, other))
    for plot in found:
        seen[plot] = -1
    return np.array(found, dtype=np.int64), np.array(befores, dtype=np.int64)
