"""Every figure of our division beside public peers, in one run; writes docs/benchmarks.md.

    script/bench split [--data FOLDER] [--quick] [--only SECTION …] [--resume] [--page] [-o FILE.md]

Sections, in this order: medium, large (generated cities, seeds 1-4, on the plots the published peers were
measured on); own (the same cities on our own plots); growth (3 thousand to a million households);
communities; plots (cutting some 100,000 buildings); rebalance (after households changed); files (whole
districts from file to file); districts (their plots beside peers); raw (raw files of districts). The last
three take FOLDER/NAME/NAME.gpkg and FOLDER/NAME/raw; without --data the generated demo district stands in.

Each way of dividing runs alone, in a process of its own; then the divisions are scored on all cores by
bench/neutral.py, which knows nothing of how grids are made. Figures are noted in .cache/bench as they come:
--only measures some sections and keeps the others, --resume goes on where a run was cut short; what other
code measured is dropped. Run one at a time.
The whole takes about an hour on two cores, more than half of it for a million households; so a terminal that
may close is no place for it (nohup). --quick takes about three minutes: one medium city and the communities.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from os import sched_getaffinity
from pathlib import Path

import numpy as np

import geodata
from app.geo.plots import Band
from app.geo.split import reasons
from app.geo.tessellate import worker_pool
from bench import cases, neutral, peers, report
from bench.city import SIZES, generated, write
from bench.notebook import ROOT, Notebook, Row, machine
from bench.one import OURS
from bench.tables import BAND

FOLDER = ROOT / ".cache" / "bench"
PAGE = ROOT / "docs" / "benchmarks.md"
CITY_SEEDS = (1, 2, 3, 4)
PLAN_SEEDS = (1, 2, 3)
GROWTH = (3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
STRONGEST = ("METIS contig, ufactor 100", "KaHIP eco")
LIMIT_S = 900.0
WIDE = Band.around(BAND.target, 0.20)
MANY_BUILDINGS = 50_000
UNPROVED = "not_found"


@dataclass(frozen=True)
class Run:
    """What is asked of one run."""

    notes: Notebook
    folder: Path
    data: Path | None
    districts: list[str]
    city_seeds: list[int]

    @property
    def workers(self) -> int:
        return len(sched_getaffinity(0))


def main() -> None:
    ask = argparse.ArgumentParser(
        prog="script/bench split", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    ask.add_argument("--data", type=Path, help="folder of districts; default: the generated demo district")
    ask.add_argument("--districts", nargs="*", default=[], help="names of districts in it; default: all")
    ask.add_argument("--seeds", nargs="*", type=int, default=CITY_SEEDS, help="of cities; default: 1 2 3 4")
    ask.add_argument("--only", nargs="*", choices=SECTIONS, metavar="SECTION", help="sections; default: all")
    ask.add_argument("--resume", action="store_true", help="keep what a run with the same code has measured")
    ask.add_argument(
        "--quick", action="store_true", help="one medium city and the communities; writes no page"
    )
    ask.add_argument("--page", action="store_true", help="measure nothing, write the page of what is noted")
    ask.add_argument("--older", type=Path, help="take what was not measured from this page, marked as such")
    ask.add_argument("-o", "--output", type=Path, help="the page to write; default: docs/benchmarks.md")
    given = ask.parse_args()
    notes = Notebook(FOLDER / ("quick.jsonl" if given.quick else "figures.jsonl"), resume=given.resume)
    wanted = given.only or (QUICK if given.quick else SECTIONS)
    with tempfile.TemporaryDirectory() as folder:
        seeds = given.seeds[:1] if given.quick else given.seeds
        run = Run(notes, Path(folder), given.data, given.districts, list(seeds))
        for name in () if given.page else wanted:
            _say(f"== {name}")
            notes.begin(name)
            SECTIONS[name](run)
    page = report.page(notes, machine())
    if given.older:
        page = report.with_older(page, given.older.read_text(encoding="utf-8"))
    print(page)
    if given.output or not given.quick:
        (given.output or PAGE).write_text(page, encoding="utf-8")


def _say(line: str) -> None:
    """Progress goes to stderr, the page to stdout."""
    print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True)


# ---- cities


def _cities(run: Run, size: str) -> None:
    plan_seeds = PLAN_SEEDS if size == "medium" else PLAN_SEEDS[:1]
    for seed in run.city_seeds:
        path = _plain(f"{size}-{seed}", SIZES[size], seed, run)
        _side_by_side(run, size, f"seed {seed}", path, list(peers.WAYS), plan_seeds)


def _own(run: Run) -> None:
    for size, seed in [("medium", seed) for seed in run.city_seeds] + [("large", run.city_seeds[0])]:
        file = _city_file(size, seed)
        path = cases.kept(FOLDER, f"{size}-{seed}-own", partial(cases.on_own_plots, file, run.workers))
        _side_by_side(run, "own", f"{size}, seed {seed}", path, list(STRONGEST), PLAN_SEEDS[:1])


def _plain(name: str, households: int, seed: int, run: Run) -> Path:
    _say(f"city {name}")
    workers = run.workers if households > SIZES["medium"] else 1  # processes take seconds to begin
    return cases.kept(
        FOLDER, f"{name}-plain", lambda: cases.on_plain_plots(generated(households, seed), workers)
    )


def _city_file(size: str, seed: int) -> Path:
    path = FOLDER / f"{size}_{seed}.gpkg"
    if not path.exists():
        _say(f"city {path.stem}")
        draft = path.with_name(f"draft_{path.name}")
        write(generated(SIZES[size], seed), draft)
        draft.rename(path)
    return path


def _side_by_side(
    run: Run, section: str, case: str, path: Path, ways: list[str], plan_seeds: tuple[int, ...]
) -> None:
    """Ours for each seed and each peer, timed one after the other; then all are scored together."""
    wanted = [*((OURS, seed) for seed in plan_seeds), *((way, 1) for way in ways)]
    keys = {f"{case}: {way}, {seed}": (way, seed) for way, seed in wanted}
    timed: dict[str, tuple[Row, Path]] = {}
    for key, (way, seed) in keys.items():
        if not run.notes.has(section, key):
            answer = run.folder / f"{section}-{len(timed)}.npz"
            timed[key] = _alone(path, answer, way, seed), answer
    with worker_pool(run.workers) as pool:
        scored: dict[str, Future[Row]] = {
            key: pool.submit(_scores, path, answer, keys[key][0])
            for key, (effort, answer) in timed.items()
            if "error" not in effort
        }
        for key, (effort, _) in timed.items():
            way, seed = keys[key]
            scores = scored[key].result() if key in scored else {}
            row = {"case": case, "way": way, "seed": seed, **effort, **scores}
            run.notes.note(section, key, row)
            _say(f"{section}, {key}: ±10 % {row.get('in10', 0):.3f}, {row.get('wall_s', 0):.1f} s")


def _alone(case: Path, answer: Path, way: str, seed: int, repeat: int = 1) -> Row:
    """Wall and CPU seconds and peak MB of one way in a process of its own; `error` where it does not end."""
    words = [str(case), str(answer), way, "--seed", str(seed), "--repeat", str(repeat)]
    try:
        return _child("bench.one", words, LIMIT_S)
    except subprocess.TimeoutExpired:
        return {"error": f"not ended after {LIMIT_S:.0f} s"}


def _child(module: str, words: list[str], limit_s: float | None = None) -> Row:
    """What the module prints as JSON, with the peak memory of its process and that one's children."""
    command = [sys.executable, "-m", "bench.peak", sys.executable, "-m", module, *words]
    done = _run(command, limit_s)
    printed = json.loads(done.stdout.splitlines()[-1])
    row = printed if isinstance(printed, dict) else {"rows": printed}
    return row | {"peak_mb": json.loads(done.stderr.splitlines()[-1])["peak_mb"]}


def _run(command: list[str], limit_s: float | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=limit_s)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done


def _scores(path: Path, answer: Path, way: str) -> Row:
    """Neutral scores, and how many grids are out of a band without proof that nothing else was possible."""
    case = cases.load(path)
    with np.load(answer) as kept:
        grid = kept["grid"]
    scores: Row = dict(case.scores(grid, way))
    if way != "squares":
        for name, band in (("open10", BAND), ("open20", WIDE)):
            found = reasons(case.table, grid, band)
            scores[name] = sum(reason.code == UNPROVED for reason in found.values())
    return scores


# ---- growth, communities, plots


def _growth(run: Run) -> None:
    for households in GROWTH:
        path = _plain(f"growth-{households}", households, 1, run)
        repeat = 3 if households <= 30_000 else 1
        row = run.notes.row(
            "growth",
            f"{households}",
            lambda path=path, repeat=repeat: _alone(path, run.folder / "growth.npz", OURS, 1, repeat),
        )
        _say(f"growth, {households:,}: {row['wall_s']:.2f} s for {row['plots']:,} plots")


def _communities(run: Run) -> None:
    run.notes.row("communities", "20", lambda: _child("bench.communities", []))


def _plots(run: Run) -> None:
    """Plots and edges of the largest district given, of the large city if that has fewer buildings."""
    given = [path for path in _given(run) if cases.buildings_in(path) >= MANY_BUILDINGS]
    path = given[-1] if given else _city_file("large", 1)
    run.notes.row("plots", path.stem, lambda: _child("bench.cutting", [str(path)]))


def _rebalance(run: Run) -> None:
    """Scenarios of change on our division of a city; a medium one is divided anew as well, to compare."""
    for size in ("medium", "large"):
        path, answer = _plain(f"{size}-1", SIZES[size], 1, run), run.folder / "rebalance.npz"
        if not run.notes.has("rebalance", size):
            _alone(path, answer, OURS, 1)
            words = [str(path), str(answer), *(["--anew"] if size == "medium" else [])]
            run.notes.note("rebalance", size, _child("bench.rebalancing", words))
        _say(f"rebalance, {size}")


# ---- districts


def _given(run: Run) -> list[Path]:
    """The districts asked for, the smallest file first."""
    if run.data is None:
        return []
    found = sorted(run.data.glob("*/*.gpkg"), key=lambda path: path.stat().st_size)
    return [path for path in found if not run.districts or path.stem in run.districts]


def _districts_of(run: Run) -> list[Path]:
    given = _given(run)
    if given:
        return given
    demo = run.folder / "demo.gpkg"
    if not demo.exists():
        geodata.write(geodata.district(), demo)
    return [demo]


def _files(run: Run) -> None:
    for path in _districts_of(run):
        row = run.notes.row("files", path.stem, partial(_file_to_file, run, path))
        _say(f"files, {path.stem}: ±10 % free {row['in10_free']:.3f}, {row['wall_s']:.1f} s")


def _file_to_file(run: Run, path: Path) -> Row:
    grids = run.folder / "grids.gpkg"
    effort = _gridkeeper([str(path), "-o", str(grids)])
    return {"case": path.stem, **effort, **neutral.score_files(path, grids)}


def _gridkeeper(words: list[str]) -> Row:
    """Wall and CPU seconds and peak MB of one `gridkeeper split`, reading and writing included."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = _run([sys.executable, "-m", "bench.peak", "gridkeeper", "split", *words])
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": wall, "cpu_s": cpu, "peak_mb": json.loads(done.stderr.splitlines()[-1])["peak_mb"]}


def _districts(run: Run) -> None:
    for path in _districts_of(run):
        case = run.folder / f"{path.stem}.npz"
        cases.save(cases.on_own_plots(path, run.workers), case)
        _side_by_side(run, "districts", path.stem, case, list(peers.WAYS), PLAN_SEEDS)


def _raw(run: Run) -> None:
    """Raw files of each district, as their own reports figure them."""
    for name, words in _raw_sources(run):
        run.notes.row("raw", name, partial(_raw_file, run, name, words))
        _say(f"raw, {name}")


def _raw_file(run: Run, name: str, words: list[str]) -> Row:
    report_file = run.folder / "report.json"
    effort = _gridkeeper([*words, "-o", str(run.folder / "raw.gpkg"), "--report", str(report_file)])
    told = json.loads(report_file.read_text(encoding="utf-8"))
    return {
        "case": name,
        **effort,
        "outline": told["import"]["outline"],
        **told["summary"],
        **told["geometry"]["grids"],
    }


def _raw_sources(run: Run) -> Iterator[tuple[str, list[str]]]:
    for raw in sorted(run.data.glob("*/raw")) if run.data else []:
        if run.districts and raw.parent.name not in run.districts:
            continue
        for extract in sorted([*raw.glob("*.osm"), *raw.glob("*.osm.pbf")]):
            yield extract.name, [str(extract)]
        if (raw / "buildings.geojson").is_file():
            layers = {"buildings": "buildings", "streets": "roads", "water": "water", "railways": "railway"}
            files = {role: raw / f"{name}.geojson" for role, name in layers.items()}
            words = [w for role, file in files.items() if file.is_file() for w in (f"--{role}", str(file))]
            yield f"{raw.parent.name} GeoJSON", words


SECTIONS: dict[str, Callable[[Run], None]] = {
    "medium": partial(_cities, size="medium"),
    "large": partial(_cities, size="large"),
    "own": _own,
    "growth": _growth,
    "communities": _communities,
    "plots": _plots,
    "rebalance": _rebalance,
    "files": _files,
    "districts": _districts,
    "raw": _raw,
}
QUICK = ("medium", "communities")


if __name__ == "__main__":
    main()
