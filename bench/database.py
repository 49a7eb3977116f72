"""Whole districts into the database: rows per second, seconds for each step, peak memory, look-ups.

    script/bench database [--data FOLDER] [--only NAME …] [-o FIGURES.md]

Each `FOLDER/NAME/NAME.gpkg` is imported, divided and published in a cluster made for the run (durable,
as ours is: fsync, full pages, checksums), in a process of its own that is measured with its children. Then
every check is run and points are looked up. Without a data folder the generated demo district is taken.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

import geodata
from app.cluster import ensure, own_cluster, stop
from app.config import logins
from app.db import MIGRATIONS, open_engine, transaction, upgrade
from app.geo.plots import Band
from app.geo.readers import read_district
from app.services.checks import Where, run_checks
from app.services.importing import NewPlace, cut_ground, store_district
from app.services.lookup import grid_at, nearest_building
from app.services.publishing import publish
from app.services.splitting import divide, prepare, write

BAND = Band.around(300, 0.10)
POINTS = 500
STEPS = ("read", "plots", "store", "prepare", "divide", "write", "publish", "checks")
GROUND = ("building", "street", "water", "railway", "green", "compound", "plot", "plot_edge")


def main() -> None:
    asked = arguments()
    if asked.one:
        print(json.dumps(measured(Path(asked.one), asked.code)))
        return
    with tempfile.TemporaryDirectory(prefix="gk-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        os.environ["GRIDKEEPER_CLUSTER"] = folder
        ensure(own_cluster())
        try:
            upgrade(logins().owner)
            rows = [run(file, f"{990001 + number}") for number, file in enumerate(files(asked, Path(folder)))]
        finally:
            stop(own_cluster())
    page = figures(rows)
    print(page)
    if asked.output:
        asked.output.write_text(page + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--code", help=argparse.SUPPRESS)
    return parser.parse_args()


def files(asked: argparse.Namespace, folder: Path) -> list[Path]:
    if asked.data is None:
        file = folder / "demo.gpkg"
        geodata.write(geodata.district(10, 1), file)
        return [file]
    found = sorted(asked.data.glob("*/*.gpkg"), key=lambda file: file.stat().st_size)
    return [
        file
        for file in found
        if file.stem == file.parent.name and (not asked.only or file.stem in asked.only)
    ]


def run(file: Path, code: str) -> dict[str, Any]:
    """One district in a process of its own."""
    own = [sys.executable, "-m", "bench.database", "--one", str(file), "--code", code]
    done = subprocess.run(
        [sys.executable, "-m", "bench.peak", *own], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    told = json.loads(done.stdout.splitlines()[-1])
    return told | json.loads(done.stderr.splitlines()[-1]) | {"name": file.stem}


def measured(file: Path, code: str) -> dict[str, Any]:
    """Seconds for each step, rows, and milliseconds of look-ups."""
    engine = open_engine(logins().app, statement_seconds=0)
    opens = partial(transaction, engine)
    seconds: dict[str, float] = {}

    def step(name: str, act: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        result = act()
        seconds[name] = time.perf_counter() - begun
        return result

    def in_transaction(act: Callable[[Any], Any]) -> Any:
        with opens() as session:
            return act(session)

    workers = len(os.sched_getaffinity(0))
    district = step("read", lambda: read_district(file))
    ground = step("plots", lambda: cut_ground(district, code, workers=workers))
    new = NewPlace(code, file.stem)
    stored = step("store", lambda: in_transaction(lambda session: store_district(session, ground, new)))
    prepared = step("prepare", lambda: in_transaction(lambda session: prepare(session, code)))
    divided = step("divide", lambda: divide(prepared, BAND, 1, workers=workers))
    plan = step("write", lambda: in_transaction(lambda session: write(session, prepared, divided)))
    step("publish", lambda: in_transaction(lambda session: publish(session, plan, 1)))
    failed = step("checks", checks)
    told = {"counts": stored.counts, "seconds": seconds, "grids": len(divided.codes), "failed": failed}
    return told | in_transaction(lambda session: looked_up(session, plan))


def checks() -> list[str]:
    newest = max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    opens = partial(transaction, open_engine(logins().owner, statement_seconds=0))
    where = Where(own_cluster().folder, newest)
    return [outcome.title for outcome in run_checks(opens, where) if outcome.state == "failed"]


def looked_up(session: Any, plan: int) -> dict[str, Any]:
    """Median and 95th percentile in ms over points spread over the place."""
    box = session.execute(
        text("""
            SELECT ST_XMin(all_), ST_YMin(all_), ST_XMax(all_), ST_YMax(all_)
            FROM (SELECT ST_Extent(outline) AS all_ FROM grid WHERE plan_id = :plan) AS extent
        """),
        {"plan": plan},
    ).one()
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.uniform(box[k], box[k + 2], POINTS) for k in (0, 1)]).tolist()

    def milliseconds(act: Callable[[float, float], Any]) -> dict[str, float]:
        taken = []
        for lon, lat in points:
            begun = time.perf_counter()
            act(lon, lat)
            taken.append(1000 * (time.perf_counter() - begun))
        return {"p50": statistics.median(taken), "p95": statistics.quantiles(taken, n=20)[-1]}

    return {
        "grid_at": milliseconds(lambda lon, lat: grid_at(session, plan, lon, lat)),
        "nearest": milliseconds(lambda lon, lat: nearest_building(session, lon, lat)),
    }


def figures(rows: list[dict[str, Any]]) -> str:
    head = ["district", "buildings", "rows stored", "rows/s", "grids", *(f"{step} s" for step in STEPS)]
    head += ["all s", "peak MB", "grid at p50/p95 ms", "nearest p50/p95 ms", "checks failed"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        seconds = row["seconds"]
        stored = sum(row["counts"].get(table, 0) for table in GROUND)
        cells = [
            row["name"],
            f"{row['counts']['building']:,}",
            f"{stored:,}",
            f"{stored / seconds['store']:,.0f}",
        ]
        cells += [f"{row['grids']:,}", *(f"{seconds[step]:.1f}" for step in STEPS)]
        cells += [f"{sum(seconds.values()):.0f}", f"{row['peak_mb']:,.0f}"]
        cells += [f"{row[what]['p50']:.1f} / {row[what]['p95']:.1f}" for what in ("grid_at", "nearest")]
        lines.append("| " + " | ".join([*cells, ", ".join(row["failed"]) or "0"]) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
