"""Twenty communities of 2,000 to 5,000 households, each divided alone: seconds as JSON, one number each.

The kernels are compiled first, as they are at set-up; reading and cutting plots is not counted. Each is
divided three times and the quickest counts, as other work on the machine only ever adds to it.
"""

from __future__ import annotations

import json
import os
import time

import numpy as np

from app.geo.plots import PlotTable
from app.geo.split import split, warm
from bench.city import generated
from bench.plain_plots import plain_plots
from bench.tables import BAND

COMMUNITIES = 20
TIMES = 3
FEWEST, MOST = 2_000, 5_000


def main() -> None:
    warm()
    tables = [
        plain_plots(generated(int(households), seed))[1]
        for seed, households in enumerate(np.linspace(FEWEST, MOST, COMMUNITIES), 1)
    ]
    rows = []
    for seed, table in enumerate(tables, 1):
        wall, cpu = map(min, zip(*(_seconds(table, seed) for _ in range(TIMES)), strict=True))
        households = int(table.households.sum())
        rows.append({"households": households, "plots": len(table), "wall_s": wall, "cpu_s": cpu})
    print(json.dumps(rows))


def _seconds(table: PlotTable, seed: int) -> tuple[float, float]:
    """Wall and CPU seconds of one division."""
    began, cpu_began = time.perf_counter(), time.process_time()
    split(table, BAND, np.random.default_rng(seed), workers=len(os.sched_getaffinity(0)))
    return time.perf_counter() - began, time.process_time() - cpu_began


if __name__ == "__main__":
    main()
