"""Why grids are out of band: what is proved, what was merely not found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.geo.plots import Band, IntArray
from app.geo.split import kernels, limits
from app.geo.split.kernels import Ground

__all__ = ["Reason", "Remedy", "explained", "warm_explaining"]

PROOF_STEPS = 20_000  # of the exact search for stuck plots; beyond that a plot counts as undecided


@dataclass(frozen=True)
class Remedy:
    """What would help a grid out of band most; facts beyond those of its reason."""

    code: str
    facts: Mapping[str, int | tuple[int, ...]]


@dataclass(frozen=True)
class Reason:
    """Why a grid is out of band; `facts` carry plots and households, for words and pictures.

    one_plot_too_large: `plot` alone holds more than `most`.
    uninhabited: the connected part has no households at all.
    component_too_small: the connected part holds fewer than `least` (an island, an exclave, behind walls).
    component_admits_no_division: its total lies between what k and k + 1 grids can hold.
    stuck_plots: no connected set of whole plots around any of `plots` falls in band (proved).
    not_found: the best that was found.
    """

    code: str
    facts: Mapping[str, int | tuple[int, ...]]
    remedy: Remedy | None = None


def explained(ground: Ground, grid: IntArray, band: Band) -> dict[int, Reason]:
    """Why each out-of-band grid is so, the most compelling reason first."""
    households = ground.own[:, kernels.HOUSEHOLDS].astype(np.int64)
    load = np.bincount(grid, households).astype(np.int64)
    total = np.bincount(ground.component, households).astype(np.int64)
    order = np.argsort(grid, kind="stable")
    ends = np.cumsum(np.bincount(grid))
    mark = np.zeros(len(grid), dtype=np.int64)

    def stuck(plot: int) -> bool:
        lines = ground.start, ground.neighbour, ground.passable
        found = limits.fits_a_grid(*lines, households, plot, band.least, band.most, PROOF_STEPS, mark)
        return found == limits.STUCK

    def reason(number: int) -> Reason:
        plots = order[ends[number - 1] if number else 0 : ends[number]]
        largest = int(plots[np.argmax(households[plots])])
        whole = int(total[ground.component[largest]])
        facts: dict[str, int | tuple[int, ...]] = {
            "households": int(load[number]),
            "least": band.least,
            "most": band.most,
        }
        if households[largest] > band.most:
            giant = {"plot": largest, "plot_households": int(households[largest])}
            return Reason("one_plot_too_large", facts | giant)
        if whole == 0:
            return Reason("uninhabited", facts)
        if whole < band.least:
            return Reason("component_too_small", facts | {"component_households": whole})
        if not limits.count_limits(whole, band):
            return Reason("component_admits_no_division", facts | {"component_households": whole})
        proved = tuple(int(plot) for plot in plots if households[plot] > 0 and stuck(int(plot)))
        if proved:
            return Reason("stuck_plots", facts | {"plots": proved})
        return Reason("not_found", facts)

    return {int(number): reason(int(number)) for number in np.flatnonzero(~band.holds(load))}


def warm_explaining(ground: Ground, band: Band) -> None:
    """Compile what explaining needs, on any ground."""
    households = ground.own[:, kernels.HOUSEHOLDS].astype(np.int64)
    lines = ground.start, ground.neighbour, ground.passable
    mark = np.zeros(len(households), dtype=np.int64)
    limits.fits_a_grid(*lines, households, 0, band.least, band.most, PROOF_STEPS, mark)
