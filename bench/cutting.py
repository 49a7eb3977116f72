"""Plots and edges of one district, timed: `python -m bench.cutting DISTRICT.gpkg`; figures as JSON.

Reading the file is not counted, nor the start of Python.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from app.geo.readers import read_district
from app.geo.tessellate import tessellate
from bench.tables import BAND


def main() -> None:
    district = read_district(Path(sys.argv[1]))
    workers = len(os.sched_getaffinity(0))
    before, began = _cpu_s(), time.perf_counter()
    plots = tessellate(district, most=BAND.most, workers=workers)
    row = {
        "case": Path(sys.argv[1]).stem,
        "wall_s": time.perf_counter() - began,
        "cpu_s": _cpu_s() - before,
        "buildings": len(district.buildings),
        "plots": len(plots.table),
        "edges": len(plots.table.edges),
    }
    print(json.dumps(row))


def _cpu_s() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    main()
