"""Reasons and remedies that name things as people do: buildings by name or code, grids by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.geo.plots import BoolArray, IntArray
from app.reasons import Reason, Remedy

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Buildings:
    """What buildings are called, how many households each holds, and on which plot it stands (-1: none).

    entrances: how many are known of each, 0 where it could not be divided by them. marked: whether a manager
    lets it be.
    """

    called: Sequence[str]
    households: IntArray
    plot: IntArray
    entrances: IntArray | None = None
    marked: BoolArray | None = None


NOBODYS = Buildings((), np.zeros(0, np.int64), np.zeros(0, np.int64))  # where buildings are not known


@dataclass(frozen=True)
class Named:
    """A reason or a remedy that people can read: with names, or what is counted, among its facts."""

    code: str
    facts: Facts
    remedy: Remedy | None = None


def named(reasons: Mapping[int, Reason], grid: IntArray, buildings: Buildings) -> dict[int, Reason]:
    """Reasons by grid number, with what their plots are called.

    For `plot`: `building` with most households on it, its `building_households`, how many stand `on_plot`.
    For `plots`: `buildings`, likewise. For `neighbour_plot`: `neighbour_grid`, its number in `grid`; for
    `around_plots`: `around_grids`, likewise.
    """
    concerned = {
        plot
        for reason in reasons.values()
        for facts in (reason.facts, reason.remedy.facts if reason.remedy else {})
        for plot in _plots(facts)
    }
    on = _on_plots(concerned, buildings)

    def told(facts: Facts, *, advises_entrances: bool = False) -> dict[str, Any]:
        more: dict[str, Any] = dict(facts)
        if "plot" in facts and on.get(facts["plot"]):
            standing = on[facts["plot"]]
            more["building"] = buildings.called[standing[0]]
            more["building_households"] = int(buildings.households[standing[0]])
            more["on_plot"] = len(standing)
            if advises_entrances:
                more |= _entrances(buildings, standing[0])
        if "plots" in facts and all(on.get(plot) for plot in facts["plots"]):
            more["buildings"] = [buildings.called[on[plot][0]] for plot in facts["plots"]]
        if "neighbour_plot" in facts:
            more["neighbour_grid"] = int(grid[facts["neighbour_plot"]])
        if "around_plots" in facts:
            more["around_grids"] = [int(grid[plot]) for plot in facts["around_plots"]]
        return more

    return {
        number: Named(
            reason.code,
            told(reason.facts),
            _remedy(reason.remedy, told) if reason.remedy else None,
        )
        for number, reason in reasons.items()
    }


def _remedy(remedy: Remedy, told: Callable[..., dict[str, Any]]) -> Named:
    return Named(remedy.code, told(remedy.facts, advises_entrances=remedy.code == "entrances"))


def _entrances(buildings: Buildings, row: int) -> dict[str, Any]:
    """Of a building that could be divided: how many entrances are known, and whether it is marked."""
    if buildings.entrances is None or not buildings.entrances[row]:
        return {}
    marked = buildings.marked is not None and bool(buildings.marked[row])
    return {"entrances_known": int(buildings.entrances[row]), "is_marked": marked}


def with_codes(facts: Facts, codes: Sequence[str]) -> dict[str, Any]:
    """The same with codes of grids in place of their numbers: `neighbour`, `around`."""
    more = {name: value for name, value in facts.items() if name not in ("neighbour_grid", "around_grids")}
    if "neighbour_grid" in facts:
        more["neighbour"] = codes[facts["neighbour_grid"]]
    if "around_grids" in facts:
        more["around"] = [codes[number] for number in facts["around_grids"]]
    return more


def counted_as(weights: str | None, reasons: Mapping[int, Reason]) -> Mapping[int, Reason]:
    """Reasons that say by which formula their counts are, where it is not households."""
    if weights is None:
        return reasons
    return {
        number: Named(reason.code, {**reason.facts, "weights": weights}, reason.remedy)
        for number, reason in reasons.items()
    }


def _plots(facts: Facts) -> list[int]:
    return [*([facts["plot"]] if "plot" in facts else []), *facts.get("plots", ())]


def _on_plots(plots: set[int], buildings: Buildings) -> dict[int, list[int]]:
    """The buildings on each of these plots, that with most households first."""
    found: dict[int, list[int]] = {plot: [] for plot in plots}
    inside = np.flatnonzero(np.isin(buildings.plot, np.array(sorted(plots), np.int64)))
    for building in inside[np.lexsort((inside, -buildings.households[inside]))].tolist():
        found[int(buildings.plot[building])].append(building)
    return found
