"""How long a save takes in a plan of a whole district: 3,400 grids, 100,000 plots, one editor and eight.

    script/bench editing [--plots 100000] [--grids 3400] [--saves 200] [-o FIGURES.md]

The ground is made for it: blocks of crooked plots, some twenty corners each, a building on most, every block
a grid at first. It is written straight into a throw-away cluster (durable, as ours is: fsync, full pages,
checksums). Then plots are given to grids beside theirs, through the functions that answer
`POST /api/plans/ID/edits`: transaction, checks, outlines, figures, the rows of the answer, and the commit.
A generated city (bench/city.py) of a million households has as many grids but a quarter of the plots.
"""

from __future__ import annotations

import argparse
import os
import platform
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from pyproj import CRS
from sqlalchemy import Engine, text

from app.db import transaction
from app.errors import Refusal
from app.geo.crs import to_lonlat
from app.geo.plots import Band, Edges, IntArray, LineClass, PlotTable
from app.models import Edit, Place, Plan
from app.services.bulk import copy_rows, hex_of
from app.services.editing import Wanted, save
from app.services.plan_rows import measured, read_known, write_grids
from app.services.plot_tables import read_plots, write_plots
from app.services.publishing import plan_faults
from app.views.edits import told
from tests.services.throw_away import databases

SRID, ORIGIN_M, SIDE_M = 4546, (500_000.0, 4_006_000.0), 25.0
BAND = Band(300, 270, 330)
CORNERS = 5  # of a side of a plot
CODE = "140499"
EDITORS = 8


def main() -> None:
    asked = arguments()
    with databases(pool_size=2 * EDITORS) as new_engine:
        engine = new_engine()
        began = time.monotonic()
        plan_id = given_district(engine, asked.plots, asked.grids)
        print(f"written in {time.monotonic() - began:.0f} s", flush=True)
        with transaction(engine) as session:
            counts = session.execute(COUNTS, {"plan": plan_id}).one()
        lines = [
            figures(f"{editors} editor{'s' * (editors > 1)}", saves(engine, plan_id, asked.saves, editors))
            for editors in (1, EDITORS)
        ]
        with transaction(engine) as session:
            faults = plan_faults(session, plan_id)
    page = "\n".join(
        [
            f"{counts.grids:,} grids, {counts.plots:,} plots; {platform.machine()}, {os.cpu_count()} cores, "
            f"load average {os.getloadavg()[0]:.1f}; grids unsound afterwards: {len(faults)}",
            "",
            "| | saves | refused | p50 ms | p95 ms | most ms | saves/s |",
            "|---|---|---|---|---|---|---|",
            *lines,
        ]
    )
    print(page)
    if asked.output:
        asked.output.write_text(page + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--plots", type=int, default=100_000)
    asked.add_argument("--grids", type=int, default=3_400)
    asked.add_argument("--saves", type=int, default=200, help="of each editor, in all")
    asked.add_argument("-o", "--output", type=Path)
    return asked.parse_args()


def figures(who: str, found: tuple[list[float], int, float]) -> str:
    seconds, refused, whole = found
    p50, p95 = (float(np.percentile(seconds, q)) * 1000 for q in (50, 95))
    most, rate = max(seconds) * 1000, len(seconds) / whole
    return f"| {who} | {len(seconds)} | {refused} | {p50:.0f} | {p95:.0f} | {most:.0f} | {rate:.1f} |"


# --- The district ----------------------------------------------------------------------------------------


def given_district(engine: Engine, plots: int, grids: int) -> int:
    """A draft of a square of crooked plots, in blocks; answers its id."""
    side = round(np.sqrt(plots))
    rng = np.random.default_rng(1)
    polygons = crooked(side, rng)
    lonlat = to_lonlat(polygons, CRS.from_epsg(SRID))
    table = table_of(polygons, side, rng)
    label = blocks(side, grids)
    with transaction(engine) as session:
        outline = shapely.multipolygons([shapely.coverage_union_all(lonlat)])
        place = Place(
            level="district", code=CODE, name="Bench", path=CODE, srid=SRID, outline=from_shape(outline, 4326)
        )
        session.add(place)
        session.flush()
        _buildings(session, place.id, lonlat, table.households)
        one_each = (table.households > 0).astype(np.int64)
        written = write_plots(session, place.id, lonlat, table, one_each, np.full(len(lonlat), place.id))
        stored = read_plots(session, written.tessellation_id)
        plan = Plan(
            place_id=place.id,
            tessellation_id=written.tessellation_id,
            name="Bench",
            version=1,
            target=BAND.target,
            least=BAND.least,
            most=BAND.most,
        )
        session.add(plan)
        session.flush()
        order = np.argsort(written.ids)
        number = label[order]
        found = measured(stored, number, BAND, {}, read_known(session, stored))
        codes = [f"{k + 1:05d}" for k in range(len(found.outline))]
        write_grids(session, plan.id, stored, number, found, codes)
        session.add(Edit(plan_id=plan.id, version=1, base_version=0, kind="split", moves={}))
        session.flush()
        return plan.id


def crooked(side: int, rng: np.random.Generator) -> np.ndarray:
    """Plots that tile a square: corners off the lattice, sides of several corners that neighbours share."""
    at = np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1), indexing="ij"), axis=-1) * SIDE_M
    at = at + rng.uniform(-0.2, 0.2, at.shape) * SIDE_M
    across = _side(at[:-1], at[1:], rng)  # from a corner to the next in x
    along = _side(at[:, :-1], at[:, 1:], rng)
    rings = np.concatenate(
        [
            across[:, :-1][..., :-1, :],
            along[1:][..., :-1, :],
            across[:, 1:][..., ::-1, :][..., :-1, :],
            along[:-1][..., ::-1, :][..., :-1, :],
        ],
        axis=-2,
    )
    rings = np.concatenate([rings, rings[..., :1, :]], axis=-2).reshape(side * side, -1, 2)
    return shapely.polygons(np.round(rings + ORIGIN_M, 2))


def _side(one: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A crooked line between two corners."""
    share = np.linspace(0, 1, CORNERS)[:, None]
    line = one[..., None, :] * (1 - share) + other[..., None, :] * share
    line[..., 1:-1, :] += rng.uniform(-0.03, 0.03, line[..., 1:-1, :].shape) * SIDE_M
    return line


def table_of(polygons: np.ndarray, side: int, rng: np.random.Generator) -> PlotTable:
    """Households on most plots, lines to the four neighbours."""
    number = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([number[:-1].ravel(), number[1:].ravel()], 1),
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], 1),
        ]
    )
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    metres = np.full(len(pairs), SIDE_M)
    street = rng.random(len(pairs)) < 0.3
    kind = np.where(street, int(LineClass.LOCAL), int(LineClass.INSIDE_BLOCK)).astype(np.int8)
    edges = Edges(pairs[:, 0], pairs[:, 1], metres, kind, np.zeros(len(pairs), np.bool_))
    perimeter = shapely.length(polygons)
    shared = np.bincount(pairs.ravel(), minlength=len(polygons)) * SIDE_M
    households = np.where(rng.random(len(polygons)) < 0.8, rng.integers(4, 22, len(polygons)), 0)
    return PlotTable(
        households=households.astype(np.int64),
        area=shapely.area(polygons),
        perimeter=perimeter,
        outer=np.maximum(perimeter - shared, 0.0),
        xy=shapely.get_coordinates(shapely.centroid(polygons)),
        edges=edges,
    )


def blocks(side: int, grids: int) -> IntArray:
    """So many rectangles of plots, nearly alike."""
    rows = round(np.sqrt(grids))
    columns = round(grids / rows)
    x, y = np.divmod(np.arange(side * side), side)
    return (x * rows // side * columns + y * columns // side).astype(np.int64)


def _buildings(session, place_id: int, lonlat: np.ndarray, households: IntArray) -> None:
    """A house on every plot with households."""
    standing = np.flatnonzero(households)
    middle = shapely.centroid(lonlat[standing])
    house = shapely.buffer(middle, 0.00005, cap_style="square")
    copy_rows(
        session,
        "building",
        ["place_id", "code", "name", "households", "households_source", "geometry", "position"],
        zip(
            [place_id] * len(standing),
            (f"B{plot}" for plot in standing.tolist()),
            (f"{plot}号楼" for plot in standing.tolist()),
            households[standing].tolist(),
            ["register"] * len(standing),
            hex_of(np.array([shapely.multipolygons([one]) for one in house], object)),
            hex_of(middle),
            strict=True,
        ),
    )


# --- Saving ----------------------------------------------------------------------------------------------


def saves(engine: Engine, plan_id: int, count: int, editors: int) -> tuple[list[float], int, float]:
    """Seconds of each save that was taken, how many were refused, and seconds in all."""
    seconds: list[float] = []
    refused = 0
    lock = threading.Lock()

    def edit(number: int) -> None:
        nonlocal refused
        for version, wanted in wishes(
            engine, plan_id, count // editors, np.random.default_rng([7, editors, number])
        ):
            began = time.perf_counter()
            try:
                with transaction(engine) as session:
                    told(session, save(session, plan_id, version, wanted))
            except Refusal:
                with lock:
                    refused += 1
                continue
            with lock:
                seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    workers = [threading.Thread(target=edit, args=(number,)) for number in range(editors)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return seconds, refused, time.perf_counter() - began


def wishes(
    engine: Engine, plan_id: int, count: int, rng: np.random.Generator
) -> Iterator[tuple[int, Wanted]]:
    """A plot at a border, of anywhere, to the grid on the other side."""
    for _ in range(count):
        with transaction(engine) as session:
            version = session.scalar(text("SELECT version FROM plan WHERE id = :plan"), {"plan": plan_id})
            row = session.execute(AT_BORDER, {"plan": plan_id, "share": float(rng.random())}).one()
        yield version, Wanted("move", {row.plot_id: (row.source, row.target)})


COUNTS = text("""
    SELECT (SELECT count(*) FROM grid WHERE plan_id = :plan) AS grids,
        (SELECT count(*) FROM grid_plot WHERE plan_id = :plan) AS plots
""")
AT_BORDER = text("""
    WITH chosen AS (
        SELECT id FROM grid WHERE plan_id = :plan
            AND id >= (
                SELECT min(id) + CAST(:share * (max(id) - min(id)) AS bigint) FROM grid WHERE plan_id = :plan
            )
        ORDER BY id LIMIT 1
    )
    SELECT own.plot_id, own.grid_id AS source, beyond.grid_id AS target
    FROM chosen JOIN grid_plot AS own ON own.grid_id = chosen.id
    JOIN plot_edge AS edge ON edge.tessellation_id = own.tessellation_id AND edge.plot_id = own.plot_id
    JOIN grid_plot AS beyond ON beyond.plan_id = own.plan_id AND beyond.plot_id = edge.neighbour_id
    WHERE beyond.grid_id <> own.grid_id ORDER BY random() LIMIT 1
""")


if __name__ == "__main__":
    main()
