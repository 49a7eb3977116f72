"""One way to divide one case, alone in its process: `python -m bench.one CASE.npz ANSWER.npz WAY [--seed 1]`.

Writes the grid of each plot, and for our own the reasons of what is out of band; prints wall and CPU seconds
of the division alone, as JSON. Kernels are compiled before the clock runs, as they are at set-up.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.geo.plots import IntArray, PlotTable
from app.geo.split import split, warm
from bench import peers
from bench.tables import BAND, load_table

OURS = "Gridkeeper"


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("case", type=Path)
    ask.add_argument("answer", type=Path)
    ask.add_argument("way", choices=[OURS, *peers.WAYS])
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--wanted", type=int, help="grids; default: households ÷ target")
    ask.add_argument("--repeat", type=int, default=1, help="the fastest of so many counts")
    given = ask.parse_args()
    table = load_table(given.case)
    wanted = given.wanted or max(1, round(int(table.households.sum()) / BAND.target))
    divide = ours(table, given.seed) if given.way == OURS else theirs(given.way, table, wanted)
    if given.way == OURS:
        warm()
    timed = [_timed(divide) for _ in range(given.repeat)]
    grid, codes = timed[0][0]
    np.savez(given.answer, grid=grid, codes=codes)
    wall, cpu = min((wall, cpu) for _, wall, cpu in timed)
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "plots": len(table), "edges": len(table.edges)}))


Answer = tuple[IntArray, np.ndarray]


def ours(table: PlotTable, seed: int) -> Callable[[], Answer]:
    """Our division on all cores, with the reason of each grid ("" for those in band)."""

    def divide() -> Answer:
        workers = len(os.sched_getaffinity(0))
        division = split(table, BAND, np.random.default_rng(seed), workers=workers)
        grids = int(division.grid.max()) + 1
        codes = [division.reasons[k].code if k in division.reasons else "" for k in range(grids)]
        return division.grid, np.array(codes)

    return divide


def theirs(way: str, table: PlotTable, wanted: int) -> Callable[[], Answer]:
    """A peer's division; it gives no reasons."""
    return lambda: (peers.WAYS[way](table, wanted), np.array([""]))


def _timed(divide: Callable[[], Answer]) -> tuple[Answer, float, float]:
    began, cpu_began = time.perf_counter(), _cpu_s()
    answer = divide()
    return answer, time.perf_counter() - began, _cpu_s() - cpu_began


def _cpu_s() -> float:
    """Of this process, all its threads, and the children it has waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    main()
