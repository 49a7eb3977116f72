"""Why grids are out of band, what is proved and what was merely not found, and what would help.

A remedy is worked out, not guessed: a neighbour across a wall is named only where the total of both
is admissible; entrances only where halving that plot ends the proof that nothing fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.geo.plots import Band, Edges, IntArray, LineClass
from app.geo.split import kernels, limits
from app.geo.split.kernels import Ground

__all__ = ["Facts", "Reason", "Remedy", "explained", "warm_explaining"]

PROOF_STEPS = 20_000  # of the exact search for stuck plots; beyond that a plot counts as undecided
BESIDE = 3  # plots around a stuck one that are named, the largest
REMEDY_PROOFS = 400  # exact searches for remedies in all: with thousands of stuck plots the rest goes without
PAIR_STEPS = 5_000
LARGE_SHARE = 0.2  # of the target: a plot so large is one that makes dividing hard
LARGE_SHOWN = 3

Facts = Mapping[str, int | tuple[int, ...]]


@dataclass(frozen=True)
class Remedy:
    """What would help a grid out of band most; facts beyond those of its reason.

    entrances: divide `plot` by its entrances, into `parts` at least.
    join_across: open the wall to the part beside it, of `neighbour_households` with `neighbour_plot` in it;
        together they hold `together_households`, which makes `grids` grids in band. `line` is the class of
        the wall: a bridge is missing for RIVER and RAIL, a community's border is in the way for
        ADMINISTRATIVE.
    again: with the grid of `neighbour_plot` it can be divided anew into `grids`, as far as was looked:
        another seed or a move by hand.
    special_grid: nobody's workload: make it a special grid.
    unlock: it is out of band because it is locked (said by `steering`).
    unlock_beside: any one of the locked grids with a plot in `around_plots` joins it to enough other ground
        (said by `steering`); the first to `together_households`, which makes `grids`.
    accept: nothing that was tried would help.
    """

    code: str
    facts: Facts


@dataclass(frozen=True)
class Reason:
    """Why a grid is out of band; `facts` carry plots and households, for words and pictures.

    one_plot_too_large: `plot` alone holds more than `most`.
    uninhabited: the connected part has no households at all.
    component_too_small: the connected part holds fewer than `least` (an island, an exclave, behind walls).
    component_admits_no_division: its total lies between what k and k + 1 grids can hold.
    shut_in: one of the two above, because of grids beside it that are left alone; each has a plot in
        `around_plots` (said by `steering`, as is `locked`: it is itself left alone).
    stuck_plots: no connected set of whole plots around any of `plots` falls in band (proved);
        `plots_households` of each, `beside_households` of the largest plots beside the first.
        This and `not_found` hold as long as grids with a plot in `around_plots` are left alone (said by
        `steering`, where there are any).
    not_found: the best that was found, which proves nothing. `plots`, `plots_households`: the largest in the
        grid; `neighbours`: grids beside it; `adding_up`: with how many of them it may be divided anew, the
        others being proved not to do.
    """

    code: str
    facts: Facts
    remedy: Remedy | None = None


class _Looks:
    """The ground with a division upon it, and the proofs that were asked for."""

    def __init__(self, ground: Ground, grid: IntArray, band: Band, edges: Edges) -> None:
        self.ground, self.grid, self.band, self.edges = ground, grid, band, edges
        self.households = ground.own[:, kernels.HOUSEHOLDS].astype(np.int64)
        self.load = np.bincount(grid, self.households).astype(np.int64)
        self.total = np.bincount(ground.component, self.households).astype(np.int64)
        self.order = np.argsort(grid, kind="stable")
        self.ends = np.cumsum(np.bincount(grid))
        self.mark = np.zeros(len(grid), dtype=np.int64)
        self.proofs_left = REMEDY_PROOFS

    def plots(self, number: int) -> IntArray:
        return self.order[self.ends[number - 1] if number else 0 : self.ends[number]]

    def found(self, plot: int, households: IntArray | None = None) -> int:
        """FITS, STUCK or UNDECIDED, with other households if given."""
        ground, band = self.ground, self.band
        counts = self.households if households is None else households
        lines = ground.start, ground.neighbour, ground.passable
        return int(limits.fits_a_grid(*lines, counts, plot, band.least, band.most, PROOF_STEPS, self.mark))

    def halved(self, plot: int) -> IntArray:
        """Households where a plot is divided in two."""
        counts = self.households.copy()
        counts[plot] = (counts[plot] + 1) // 2
        return counts

    def part(self, one: int, other: int, households: IntArray | None = None) -> int:
        """Whether two grids can be divided anew, their ground alone being looked at.

        STUCK where it is proved that no connected part of both with their largest plot is in band while, of
        two grids, the rest is so too; UNDECIDED also where there were proofs enough.
        """
        if self.proofs_left <= 0:
            return limits.UNDECIDED
        self.proofs_left -= 1
        counts = self.households if households is None else households
        both = np.concatenate([self.plots(one), self.plots(other)])
        only = np.full(len(counts), self.band.most + 1, np.int64)  # what is too large is never taken
        only[both] = counts[both]
        total, least, most = int(self.load[one] + self.load[other]), self.band.least, self.band.most
        if limits.best_count(total, self.band) == 2:
            least, most = max(least, total - most), min(most, total - least)
        plot = int(both[np.argmax(counts[both])])
        lines = self.ground.start, self.ground.neighbour, self.ground.passable
        return int(limits.fits_a_grid(*lines, only, plot, least, most, PAIR_STEPS, self.mark))

    def beside(self, plot: int) -> IntArray:
        """Inhabited plots that share a passable line with a plot, the largest first."""
        lines = slice(self.ground.start[plot], self.ground.start[plot + 1])
        near = np.unique(self.ground.neighbour[lines][self.ground.passable[lines]])
        near = near[self.households[near] > 0]
        return near[np.lexsort((near, -self.households[near]))].astype(np.int64)

    def grids_beside(self, number: int) -> IntArray:
        """Grids that share a passable line with a grid."""
        members = self.plots(number)
        start, end = self.ground.start[members], self.ground.start[members + 1]
        lines = np.concatenate([np.arange(a, b) for a, b in zip(start, end, strict=True)])
        lines = lines[self.ground.passable[lines]]
        near = np.unique(self.grid[self.ground.neighbour[lines]])
        others: IntArray = near[near != number]
        return others


def explained(ground: Ground, grid: IntArray, band: Band, edges: Edges) -> dict[int, Reason]:
    """Why each out-of-band grid is so, the most compelling reason first, and what would help.

    edges: those the ground was made of, walls included.
    """
    looks = _Looks(ground, grid, band, edges)
    return {int(number): _reason(looks, int(number)) for number in np.flatnonzero(~band.holds(looks.load))}


def _reason(looks: _Looks, number: int) -> Reason:
    plots, households, band = looks.plots(number), looks.households, looks.band
    largest = int(plots[np.argmax(households[plots])])
    component = int(looks.ground.component[largest])
    whole = int(looks.total[component])
    facts: dict[str, int | tuple[int, ...]] = {
        "households": int(looks.load[number]),
        "least": band.least,
        "most": band.most,
    }
    if households[largest] > band.most:
        giant = {"plot": largest, "plot_households": int(households[largest])}
        parts = -(-int(households[largest]) // band.most)
        return Reason(
            "one_plot_too_large", facts | giant, Remedy("entrances", {"plot": largest, "parts": parts})
        )
    if whole == 0:
        return Reason("uninhabited", facts, Remedy("special_grid", {}))
    if not limits.count_limits(whole, band):
        code = "component_too_small" if whole < band.least else "component_admits_no_division"
        return Reason(code, facts | {"component_households": whole}, _across(looks, component))
    proved = [int(plot) for plot in plots if households[plot] > 0 and looks.found(int(plot)) == limits.STUCK]
    if proved:
        proved.sort(key=lambda plot: (-households[plot], plot))
        more = {
            "plots": tuple(proved),
            "plots_households": tuple(int(households[plot]) for plot in proved),
            "beside_households": tuple(int(households[plot]) for plot in looks.beside(proved[0])[:BESIDE]),
        }
        return Reason("stuck_plots", facts | more, _divided(looks, proved[0]))
    return _not_found(looks, number, facts)


def _not_found(looks: _Looks, number: int, facts: Facts) -> Reason:
    """What makes it hard, and with which grid beside it a division is possible, or would be."""
    band, households = looks.band, looks.households
    plots = looks.plots(number)
    large = plots[np.lexsort((plots, -households[plots]))]
    large = large[households[large] >= LARGE_SHARE * band.target][:LARGE_SHOWN]
    near = looks.grids_beside(number)
    together = looks.load[number] + looks.load[near]
    order = np.lexsort((near, np.abs(together - 2 * band.target)))
    adding_up = [int(near[k]) for k in order if limits.count_limits(int(together[k]), band)]
    parted = [other for other in adding_up if looks.part(number, other) != limits.STUCK]
    more: Facts = {
        "plots": tuple(int(plot) for plot in large),
        "plots_households": tuple(int(households[plot]) for plot in large),
        "neighbours": len(near),
        "adding_up": len(parted),
    }
    if parted:
        total = int(looks.load[number] + looks.load[parted[0]])
        again: Facts = {
            "neighbour_plot": int(looks.plots(parted[0])[0]),
            "together_households": total,
            "grids": limits.best_count(total, band),
        }
        return Reason("not_found", {**facts, **more}, Remedy("again", again))
    for plot in large.tolist():
        halved = looks.halved(plot)
        if any(looks.part(number, other, halved) == limits.FITS for other in adding_up):
            return Reason(
                "not_found", {**facts, **more}, Remedy("entrances", {"plot": int(plot), "parts": 2})
            )
    return Reason("not_found", {**facts, **more}, Remedy("accept", {}))


def _divided(looks: _Looks, stuck: int) -> Remedy:
    """Which plot, halved, would let the stuck one fit: itself first, then the largest beside it."""
    for plot in [stuck, *looks.beside(stuck)[:BESIDE].tolist()]:
        if looks.proofs_left <= 0 or looks.households[plot] < 2:
            continue
        looks.proofs_left -= 1
        if looks.found(stuck, looks.halved(plot)) == limits.FITS:
            return Remedy("entrances", {"plot": int(plot), "parts": 2})
    return Remedy("accept", {})


def _across(looks: _Looks, component: int) -> Remedy:
    """The neighbour across a wall with which this part divides.

    Where the sum of both admits no division, taking over a part of the neighbour's would not help either:
    if both sides then divided, so would their sum.
    """
    own = int(looks.total[component])
    found: list[tuple[tuple[int, int], Remedy]] = []
    for other, line, plot in _walls(looks, component):
        theirs = int(looks.total[other])
        if theirs and limits.count_limits(own + theirs, looks.band):
            facts = {
                "neighbour_plot": plot,
                "neighbour_households": theirs,
                "line": line,
                "together_households": own + theirs,
                "grids": limits.best_count(own + theirs, looks.band),
            }
            found.append(((line, theirs), Remedy("join_across", facts)))
    if found:  # a border on paper is moved sooner than a bridge is found; the smaller neighbour first
        return min(found, key=lambda one: one[0])[1]
    return Remedy("special_grid" if 2 * own < looks.band.least else "accept", {})


def _walls(looks: _Looks, component: int) -> list[tuple[int, int, int]]:
    """Parts across a wall: component, class of the longest wall between, and the plot there."""
    edges, of = looks.edges, looks.ground.component
    near = np.flatnonzero((of[edges.i] == component) != (of[edges.j] == component))
    other = np.where(of[edges.i[near]] == component, edges.j[near], edges.i[near])
    found = []
    for beyond in np.unique(of[other]):
        rows = np.flatnonzero(of[other] == beyond)
        metres = np.bincount(edges.kind[near[rows]], edges.metres[near[rows]], len(LineClass))
        longest = rows[np.argmax(edges.metres[near[rows]])]
        found.append((int(beyond), int(np.argmax(metres)), int(other[longest])))
    return found


def warm_explaining(ground: Ground, band: Band) -> None:
    """Compile what explaining needs, on any ground."""
    households = ground.own[:, kernels.HOUSEHOLDS].astype(np.int64)
    lines = ground.start, ground.neighbour, ground.passable
    mark = np.zeros(len(households), dtype=np.int64)
    limits.fits_a_grid(*lines, households, 0, band.least, band.most, PROOF_STEPS, mark)
