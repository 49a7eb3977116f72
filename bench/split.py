"""Whole districts from file to file, and our division beside public peers on the same plots.

    script/bench split [--data FOLDER] [--scorer SCORE.py] [--only NAME …] [-o FIGURES.md]

Each `FOLDER/NAME/NAME.gpkg` is divided by `gridkeeper split` in a process of its own, measured (wall, CPU
and peak memory, children included), and scored by a scorer that knows nothing of how the grids were
made. Raw files (`FOLDER/NAME/raw`: .osm, .osm.pbf, or buildings.geojson with roads.geojson) are divided
too, and figure with their own report. Then the plots are divided by METIS, KaHIP and squares as well,
all in one run. Without a data folder the generated demo district is taken.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np

import geodata
from app.geo import measure, partition
from app.geo.plots import Band, IntArray, PlotTable
from app.geo.readers import read_district
from app.geo.split import split
from app.geo.tessellate import tessellate
from bench import peers

BAND = Band.around(300, 0.10)
SEEDS = (1, 2, 3)
SCORES = {
    "cells": "grids",
    "forced": "forced",
    "infeasible": "infeasible",
    "in10": "±10 %",
    "in10_free": "±10 % free",
    "contiguous": "one piece",
    "buildings_cut": "cut",
    "buildings_outside": "outside",
    "gap_m2": "gap m²",
    "overlap_m2": "overlap m²",
    "outside_m2": "beyond m²",
    "invalid_edges": "unmatched",
    "k_excess": "k excess",
    "pp_mean": "PP mean",
    "pp_p10": "PP p10",
    "street_share": "streets",
}
FIGURES = {
    "grids": "grids",
    "in_band": "±10 %",
    "in_20": "±20 %",
    "one_piece": "one piece",
    "compactness_mean": "PP mean",
    "compactness_p10": "PP p10",
    "inner_physical_share": "on lines",
    "households_max": "most households",
}


OWN = {
    "grids": "grids",
    "households": "households",
    "in_band_free": "±10 % free",
    "one_piece": "one piece",
    "k_excess": "k excess",
    "forced": "forced",
    "infeasible": "infeasible",
}
GEOMETRY = ["invalid", "invalid_edges", "gap_m2", "overlap_m2", "outside_m2"]


def main() -> None:
    ask = argparse.ArgumentParser(
        prog="script/bench split", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    ask.add_argument("--data", type=Path, help="folder of districts; default: the generated demo district")
    ask.add_argument("--scorer", type=Path, help="score.py DISTRICT GRIDS --json, run on every result")
    ask.add_argument("--only", nargs="*", help="names of districts")
    ask.add_argument("-o", "--output", type=Path, help="write the tables here too, as Markdown")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = list(_report(given, Path(folder)))
    if given.output:
        given.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _report(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    districts = list(_districts(given, folder))
    head = ["district", "wall s", "CPU s", "peak MB", *(SCORES.values() if given.scorer else ())]
    yield from _say(_row(head), _row(["---"] * len(head)))
    for path in districts:
        yield from _say(_row(_file_to_file(path, folder / "grids.gpkg", given.scorer)))
    yield from _raw(given, folder)
    for path in districts:
        yield from _side_by_side(path)


def _districts(given: argparse.Namespace, folder: Path) -> Iterator[Path]:
    if given.data is None:
        demo = folder / "demo.gpkg"
        geodata.write(geodata.district(), demo)
        yield demo
        return
    found = sorted(given.data.glob("*/*.gpkg"), key=lambda path: path.stat().st_size)
    yield from (path for path in found if not given.only or path.stem in given.only)


def _file_to_file(path: Path, grids: Path, scorer: Path | None) -> list[str]:
    effort = _measured([str(path), "-o", str(grids)])
    scores: list[str] = []
    if scorer:
        found = json.loads(_run([sys.executable, str(scorer), str(path), str(grids), "--json"]).stdout)
        scores = [_number(found[name]) for name in SCORES]
    return [path.stem, *effort, *scores]


def _measured(words: list[str]) -> list[str]:
    """Wall and CPU seconds and peak MB of one `gridkeeper split`."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = _run([sys.executable, "-m", "bench.peak", "gridkeeper", "split", *words])
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak_mb = json.loads(done.stderr.splitlines()[-1])["peak_mb"]
    return [f"{wall:.1f}", f"{cpu:.1f}", f"{peak_mb:.0f}"]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done


def _raw(given: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Raw files of each district, as their own reports figure them."""
    head = ["raw", "wall s", "CPU s", "peak MB", "outline", *OWN.values(), *GEOMETRY]
    sources = list(_raw_sources(given))
    if sources:
        yield from _say("", _row(head), _row(["---"] * len(head)))
    for name, words in sources:
        report_file = folder / "report.json"
        effort = _measured([*words, "-o", str(folder / "raw.gpkg"), "--report", str(report_file)])
        report = json.loads(report_file.read_text(encoding="utf-8"))
        own = [_number(report["summary"][key]) for key in OWN]
        geometry = [_number(report["geometry"]["grids"][key]) for key in GEOMETRY]
        yield from _say(_row([name, *effort, report["import"]["outline"], *own, *geometry]))


def _raw_sources(given: argparse.Namespace) -> Iterator[tuple[str, list[str]]]:
    if given.data is None:
        return
    for raw in sorted(given.data.glob("*/raw")):
        if given.only and raw.parent.name not in given.only:
            continue
        for extract in sorted([*raw.glob("*.osm"), *raw.glob("*.osm.pbf")]):
            yield extract.name, [str(extract)]
        if (raw / "buildings.geojson").is_file():
            layers = {"buildings": "buildings", "streets": "roads", "water": "water", "railways": "railway"}
            files = {role: raw / f"{name}.geojson" for role, name in layers.items()}
            words = [w for role, file in files.items() if file.is_file() for w in (f"--{role}", str(file))]
            yield f"{raw.parent.name} GeoJSON", words


def _side_by_side(path: Path) -> Iterator[str]:
    plots = tessellate(read_district(path), most=BAND.most, workers=len(os.sched_getaffinity(0)))
    table = plots.table
    wanted = max(1, round(int(table.households.sum()) / BAND.target))
    ways: dict[str, Callable[[], IntArray]] = {
        **{f"Gridkeeper, seed {seed}": _ours(table, seed) for seed in SEEDS},
        "METIS contig": lambda: peers.metis(table, wanted),
        "KaHIP eco": lambda: peers.kahip_eco(table, wanted),
        "squares": lambda: peers.squares(table, wanted),
    }
    head = [f"{path.stem}: {len(table):,} plots", "CPU s", *FIGURES.values()]
    yield from _say("", _row(head), _row(["---"] * len(head)))
    for name, way in ways.items():
        began = time.process_time()
        grid = way()
        cpu = time.process_time() - began
        outlines = gpd.GeoSeries(partition.outlines(plots.polygons, grid))
        figures = measure.summary(measure.figures(table, grid, outlines, BAND, plots.buildings), BAND, {})
        yield from _say(_row([name, f"{cpu:.1f}", *(_number(figures[key]) for key in FIGURES)]))


def _ours(table: PlotTable, seed: int) -> Callable[[], IntArray]:
    return lambda: split(table, BAND, np.random.default_rng(seed)).grid


def _say(*lines: str) -> Iterator[str]:
    for line in lines:
        print(line, flush=True)
        yield line


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: float) -> str:
    """Three digits behind the point at most; whole numbers whole.

    >>> _number(0.98765), _number(12.0)
    ('0.988', '12')
    """
    return f"{round(float(value), 3):g}" if abs(value) < 1_000_000 else f"{value:.0f}"


if __name__ == "__main__":
    main()
