"""How good divisions of small cities are, as a table a person can review: `python -m bench.golden` writes it.

`tests/golden/quality.csv` holds, for each case, what our division reached when it was written. The test asks
that no later division of the same case is worse by more than chance allows (`SLACK`). Write it anew only
after an improvement, or with a reason in the commit for what got worse.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import shapely

import geodata
from app.geo.plots import LineClass
from app.geo.split import Settings, split
from bench import cases, neutral
from bench.city import generated
from bench.notebook import ROOT
from bench.tables import BAND
from tests.geo.drawing import draw_plots

TABLE = ROOT / "tests" / "golden" / "quality.csv"

CITY_HOUSEHOLDS = 10_000
CITY_SEEDS = (1, 2, 3)
DEMO_COMMUNITIES = 1
DRAWN_BLOCKS = 6  # in each direction
DRAWN_BLOCK = 3, 4  # plots, down and across
PLAN_SEEDS = (1, 2)

# How much worse than in the table a figure may be: one grid of about thirty out of band, and some shape.
SLACK = {
    "in_band": 0.035,
    "one_piece": 0.0,
    "compactness_mean": 0.025,
    "compactness_p10": 0.05,
    "street_share": 0.04,
}
MOST_SLACK = 40  # households in the fullest grid
COUNT_SLACK = 1  # grids more or fewer
TILING_SLACK_M2 = 0.5  # plain plots share no corners: joining them leaves a few square decimetres

Golden = dict[str, float]


def golden_cases() -> dict[str, Callable[[], cases.Case]]:
    """Each case by name, made when it is asked for."""
    cities = {
        f"city of 10,000, seed {seed}": lambda seed=seed: cases.on_plain_plots(
            generated(CITY_HOUSEHOLDS, seed)
        )
        for seed in CITY_SEEDS
    }
    return {**cities, "demo of one community": _demo, "drawn blocks": _drawn}


def _demo() -> cases.Case:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.gpkg"
        geodata.write(geodata.district(DEMO_COMMUNITIES), path)
        return cases.on_own_plots(path)


def _drawn() -> cases.Case:
    """18 by 24 square plots of 5 to 45 households, in blocks of three by four between straight streets."""
    row = "|".join([" ".join("A" * DRAWN_BLOCK[1])] * DRAWN_BLOCKS)
    street = "-" * len(row)
    block = [row] * DRAWN_BLOCK[0] + [street]
    drawing = "\n".join((block * DRAWN_BLOCKS)[:-1])
    count = DRAWN_BLOCKS**2 * DRAWN_BLOCK[0] * DRAWN_BLOCK[1]
    households = " ".join(map(str, np.random.default_rng(1).integers(5, 46, count)))
    drawn = draw_plots(drawing, households, side_m=30.0)
    edges = drawn.edges
    on_street = edges.kind == LineClass.LOCAL
    streets = shapely.intersection(drawn.polygons[edges.i[on_street]], drawn.polygons[edges.j[on_street]])
    ground = neutral.Ground(
        units=drawn.polygons,
        households=drawn.table.households,
        footprints=shapely.buffer(drawn.polygons, -5.0),
        lines=streets,
        streets=streets,
        barriers=np.empty(0, object),
        boundary=drawn.outline,
    )
    return cases.Case(drawn.polygons, drawn.table, ground, shared_corners=True)


def figures(case: cases.Case, settings: Settings | None = None) -> Golden:
    """The mean over a few seeds of the plan, so that a lucky one does not set the mark; the fullest grid of
    all."""
    rows = []
    for seed in PLAN_SEEDS:
        rng = np.random.default_rng(seed)
        division = split(case.table, BAND, rng, settings=settings or Settings())
        rows.append(case.scores(division.grid))
    mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    return {
        "grids": mean["grids"],
        "in_band": mean["in10"],
        "one_piece": mean["contiguous"],
        "compactness_mean": mean["pp_mean"],
        "compactness_p10": mean["pp_p10"],
        "street_share": mean["street_share"],
        "households_max": max(row["households_max"] for row in rows),
        "buildings_cut": max(row["buildings_cut"] for row in rows),
        "gap_m2": max(row["gap_m2"] for row in rows),
        "overlap_m2": max(row["overlap_m2"] for row in rows),
    }


def worse(found: Golden, golden: Golden) -> list[str]:
    """What fell below the table, in words; nothing where all is as good."""
    faults = [
        f"{name} {found[name]:.3f}, was {golden[name]:.3f}"
        for name, slack in SLACK.items()
        if found[name] < golden[name] - slack - 5e-4  # the table has three digits
    ]
    if found["households_max"] > golden["households_max"] + MOST_SLACK:
        faults.append(f"households_max {found['households_max']:.0f}, was {golden['households_max']:.0f}")
    if abs(found["grids"] - golden["grids"]) > COUNT_SLACK:
        faults.append(f"grids {found['grids']:g}, were {golden['grids']:g}")
    faults += [
        f"{name} {found[name]:g}"
        for name in ("buildings_cut", "gap_m2", "overlap_m2")
        if found[name] > golden[name] + TILING_SLACK_M2
    ]
    return faults


def read() -> dict[str, Golden]:
    """The table: case to figures."""
    with TABLE.open(encoding="utf-8") as file:
        return {row.pop("case"): {k: float(v) for k, v in row.items()} for row in csv.DictReader(file)}


def main() -> None:
    rows = list(_rows())
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _rows() -> Iterator[dict[str, str]]:
    for name, make in golden_cases().items():
        yield {"case": name, **{key: f"{value:.3f}" for key, value in figures(make()).items()}}


if __name__ == "__main__":
    main()
