"""What re-balancing takes after households changed: `python -m bench.rebalancing CASE.npz ANSWER.npz`.

The plan is a division that `bench.one` wrote. Each scenario changes households by chance and asks for
proposals, three times, of which the quickest counts; the one that disturbs the fewest households is figured,
beside what dividing anew would move.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array

from app.geo import rebalance
from app.geo.plots import IntArray, PlotTable
from app.geo.split import split, warm
from bench.notebook import Row
from bench.tables import BAND, load_table

Random = np.random.Generator

LARGE_BUILDING = 30
GRIDS_PER_NEW_BLOCK = 90
FEWEST_NEW_BLOCKS = 21
NEW_HOUSEHOLDS = 30, 150
TIMES = 3
TWICE = 2.0  # the households that must move at least: what a proposal should keep to


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("case", type=Path)
    ask.add_argument("answer", type=Path)
    ask.add_argument("--anew", action="store_true", help="also divide anew, for comparison")
    given = ask.parse_args()
    table = load_table(given.case)
    with np.load(given.answer) as kept:
        present = kept["grid"]
    warm()
    rebalance.warm()
    rows = [_figured(name, change, table, present, given.anew) for name, change in SCENARIOS.items()]
    print(json.dumps(rows))


def _every_building(share: float) -> Callable[[Random, PlotTable, int], IntArray]:
    def change(rng: Random, plots: PlotTable, grids: int) -> IntArray:
        by = rng.uniform(-share, share, len(plots))
        return np.rint(plots.households * (1 + by)).astype(np.int64)

    return change


def _new_blocks(rng: Random, plots: PlotTable, grids: int) -> IntArray:
    """Households on ground that had none, one block for every 90 grids, 21 at least."""
    empty = np.flatnonzero(plots.households == 0)
    count = min(len(empty), max(FEWEST_NEW_BLOCKS, round(grids / GRIDS_PER_NEW_BLOCK)))
    households = plots.households.copy()
    households[rng.choice(empty, count, replace=False)] = rng.integers(*NEW_HOUSEHOLDS, count)
    return households


def _demolished(rng: Random, plots: PlotTable, grids: int) -> IntArray:
    """One in a hundred of the larger buildings stands empty."""
    large = np.flatnonzero(plots.households >= LARGE_BUILDING)
    households = plots.households.copy()
    households[rng.choice(large, max(1, len(large) // 100), replace=False)] = 0
    return households


SCENARIOS: dict[str, Callable[[Random, PlotTable, int], IntArray]] = {
    "every building ±5 %": _every_building(0.05),
    "every building ±10 %": _every_building(0.10),
    "new blocks of 30 to 150 households": _new_blocks,
    "1 % of larger buildings demolished": _demolished,
}


def _figured(
    name: str,
    change: Callable[[Random, PlotTable, int], IntArray],
    before: PlotTable,
    present: IntArray,
    anew: bool,
) -> Row:
    grids = int(present.max()) + 1
    plots = replace(before, households=change(np.random.default_rng(1), before, grids))
    more = int(plots.households.sum() - before.households.sum()) // BAND.target
    wall = cpu = float("inf")
    for _ in range(TIMES):
        began, cpu_began = time.perf_counter(), time.process_time()
        found = rebalance.proposals(plots, present, BAND, np.random.default_rng(1), change=max(0, more))
        wall = min(wall, time.perf_counter() - began)
        cpu = min(cpu, time.process_time() - cpu_began)
    row: Row = {"scenario": name, "plots": len(plots), "grids": grids, "more": max(0, more)}
    row |= {"wall_s": wall, "cpu_s": cpu, "proposals": len(found)}
    if found:
        gentlest, best = found[0], max(found, key=lambda one: one.in_band_after)
        few = [one for one in found if one.households_moved <= TWICE * one.bound.households]
        row |= {
            "in10_before": gentlest.in_band_before,
            "in10_after": gentlest.in_band_after,
            "in10_best": best.in_band_after,
            **({"in10_few": max(one.in_band_after for one in few)} if few else {}),
            "moved": len(gentlest.moved),
            "households_moved": gentlest.households_moved,
            "bound": gentlest.bound.plots,
            "households_bound": gentlest.bound.households,
        }
    if anew:
        row["moved_anew"] = _moved_by_dividing_anew(plots, present)
    return row


def _moved_by_dividing_anew(plots: PlotTable, present: IntArray) -> int:
    """Plots that change grid when the old numbers are handed to the new grids as well as can be."""
    workers = len(os.sched_getaffinity(0))
    fresh = split(plots, BAND, np.random.default_rng(2), workers=workers).grid
    size = int(fresh.max()) + 1, int(present.max()) + 1
    common = coo_array((np.ones(len(fresh)), (fresh, present)), shape=size).toarray()
    rows, columns = linear_sum_assignment(common, maximize=True)
    return int(len(fresh) - common[rows, columns].sum())


if __name__ == "__main__":
    main()
