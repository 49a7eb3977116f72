"""Draw plots and grids of a district at district and street scale, to be looked at.

    script/bench picture DISTRICT.gpkg … [-o out/pictures]

Writes NAME_plots.png, NAME_grids.png and the same with _street at the middle of the households.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path as File

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib import pyplot
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path

from app.geo.district import District
from app.geo.partition import Polygons
from app.geo.plots import Band, FloatArray, IntArray
from app.geo.readers import read_district
from app.geo.split import split
from app.geo.tessellate import tessellate

STREET_M = 300.0  # half the side of a picture at street scale
SHADES = np.array(
    [[0.74, 0.85, 0.92], [0.99, 0.88, 0.71], [0.80, 0.91, 0.78], [0.87, 0.82, 0.91], [0.97, 0.80, 0.80],
     [0.95, 0.95, 0.80], [0.86, 0.86, 0.86], [0.78, 0.90, 0.90]]
)  # fmt: skip


def main() -> None:
    ask = argparse.ArgumentParser(
        prog="script/bench picture", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    ask.add_argument("districts", type=File, nargs="+")
    ask.add_argument("-o", "--output", type=File, default=File("out/pictures"))
    given = ask.parse_args()
    mpl.use("Agg")
    given.output.mkdir(parents=True, exist_ok=True)
    for path in given.districts:
        draw_district(path, given.output)


def draw_district(path: File, folder: File) -> None:
    """Plots and grids of one file, four pictures."""
    district = read_district(path)
    band = Band.around(300, 0.10)
    plots = tessellate(district, most=band.most, workers=len(os.sched_getaffinity(0)))
    grid = split(plots.table, band, np.random.default_rng(1)).grid
    weight = plots.table.households
    middle = (plots.table.xy * weight[:, None]).sum(0) / max(1, weight.sum())
    middle = plots.table.xy[np.argmin(np.hypot(*(plots.table.xy - middle).T))]
    street = np.concatenate([middle - STREET_M, middle + STREET_M])
    whole = np.array(shapely.bounds(district.outline))
    for scale, bounds in (("", whole), ("_street", street)):
        for what, colour in (("plots", np.arange(len(grid))), ("grids", grid)):
            draw(district, plots.polygons, colour, bounds, folder / f"{path.stem}_{what}{scale}.png")


def draw(district: District, plots: Polygons, colour: IntArray, bounds: FloatArray, file: File) -> None:
    """One picture: plots in shades by `colour`, buildings dark, streets white."""
    frame = shapely.box(*bounds)
    near = shapely.intersects(plots, frame)
    shades = np.random.default_rng(0).permutation(len(SHADES))[colour[near] * 5 % len(SHADES)]
    figure, axes = pyplot.subplots(figsize=(13, 13))
    line = 0.4 if bounds[2] - bounds[0] < 3 * STREET_M else 0.05
    axes.add_collection(
        PathCollection(_paths(plots[near]), facecolors=SHADES[shades], edgecolors="#555", linewidths=line)
    )
    buildings = district.buildings.geometry.to_numpy()
    inner = _paths(buildings[shapely.intersects(buildings, frame)])
    axes.add_collection(PathCollection(inner, facecolors="#444", edgecolors="none", alpha=0.5))
    streets = shapely.get_parts(district.streets.geometry.to_numpy())
    shown = [shapely.get_coordinates(one) for one in streets[shapely.intersects(streets, frame)]]
    axes.add_collection(LineCollection(shown, colors="white", linewidths=2 * line))
    axes.set(xlim=bounds[[0, 2]], ylim=bounds[[1, 3]], aspect="equal")
    axes.axis("off")
    figure.savefig(file, dpi=80, bbox_inches="tight")
    pyplot.close(figure)


def _paths(shapes: Polygons) -> list[Path]:
    return [
        Path.make_compound_path(*(Path(shapely.get_coordinates(ring)) for ring in shapely.get_rings(part)))
        for part in shapely.get_parts(shapes)
    ]


if __name__ == "__main__":
    main()
