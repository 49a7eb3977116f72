"""What is divided in a benchmark: plots with their table, and the ground that a division is scored on.

Cases are kept as files, so that a run of many hours' worth of cities can be taken up again, and so that each
way of dividing can run in a process of its own that never sees a polygon.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from app.geo.partition import outlines
from app.geo.plots import IntArray, PlotTable
from app.geo.readers import read_district
from app.geo.tessellate import tessellate
from bench import city, neutral, peers, plain_plots
from bench.tables import BAND, arrays_of, load_table

Shapes = npt.NDArray[np.object_]

DISSOLVE_M = 0.01  # plain plots share no corners across a street
MADE_OF = (city, plain_plots)  # whose source decides whether a kept city is still good


@dataclass(frozen=True)
class Case:
    """Plots to divide. polygons: one per plot; shared_corners: whether they are a coverage."""

    polygons: Shapes
    table: PlotTable
    ground: neutral.Ground
    shared_corners: bool

    @property
    def wanted(self) -> int:
        """Grids: households ÷ target, rounded."""
        return max(1, round(int(self.table.households.sum()) / BAND.target))

    def outlines(self, grid: IntArray) -> Shapes:
        """The ground of each grid 0 … k-1."""
        if self.shared_corners:
            return outlines(self.polygons, grid)
        order = np.argsort(grid, kind="stable")
        members = np.split(order, np.flatnonzero(np.diff(grid[order])) + 1)
        joined = [shapely.union_all(self.polygons[plots], grid_size=DISSOLVE_M) for plots in members]
        return np.array(joined, object)

    def scores(self, grid: IntArray, way: str = "") -> neutral.Scores:
        """Neutral scores of a division; squares are scored as drawn, not as plots that follow them."""
        if way == "squares":
            cells = peers.drawn_squares(self.table, self.wanted, self.ground.boundary)
            return neutral.score(cells, self.ground)
        cells = self.outlines(grid)
        ground = replace(self.ground, units=self.polygons, households=self.table.households)
        return neutral.score(cells, ground, grid, target=BAND.target)


def kept(folder: Path, name: str, make: Callable[[], Case]) -> Path:
    """The file of that case, made if it is not there; cities made by other code are made anew."""
    source = b"".join(Path(str(module.__file__)).read_bytes() for module in MADE_OF)
    path = folder / f"{name}-{hashlib.sha256(source).hexdigest()[:8]}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        save(make(), path)
    return path


def on_plain_plots(made: city.City, workers: int = 1) -> Case:
    """A generated city on the plots that the published peers were measured on."""
    polygons, table, _ = plain_plots.plain_plots(made, workers)
    lines = made.streets.geometry.to_numpy()
    river = (made.streets["cls"] == "river").to_numpy()
    footprints = made.buildings.geometry.to_numpy()
    ground = neutral.Ground(
        units=footprints,
        households=made.buildings["households"].to_numpy(np.int64),
        footprints=footprints,
        lines=lines,
        streets=lines[~river],
        barriers=lines[river],
        boundary=made.boundary,
    )
    return Case(polygons, table, ground, shared_corners=False)


def on_own_plots(path: Path, workers: int = 1) -> Case:
    """A district's file on the plots that a user gets."""
    district = read_district(path)
    plots = tessellate(district, most=BAND.most, workers=workers)
    ground = neutral.ground_of_file(path, district.crs)
    lines = np.concatenate([ground.lines, ground.barriers])
    return Case(plots.polygons, plots.table, replace(ground, lines=lines), shared_corners=True)


def save(case: Case, path: Path) -> None:
    """Arrays and geometry as one .npz, written whole or not at all."""
    arrays = arrays_of(case.table)
    arrays |= {"ground_households": case.ground.households, "shared_corners": np.array(case.shared_corners)}
    for name, shapes in _geometry(case).items():
        wkb = shapely.to_wkb(shapes)
        arrays[f"{name}_wkb"] = np.frombuffer(b"".join(wkb), np.uint8)
        arrays[f"{name}_size"] = np.array([len(one) for one in wkb], np.int64)
    draft = path.with_suffix(".draft.npz")
    np.savez(draft, **arrays)
    draft.rename(path)


def _geometry(case: Case) -> dict[str, Shapes]:
    ground = case.ground
    return {
        "polygons": case.polygons,
        "units": ground.units,
        "footprints": ground.footprints,
        "lines": ground.lines,
        "streets": ground.streets,
        "barriers": ground.barriers,
        "boundary": np.array([ground.boundary], object),
    }


def load(path: Path) -> Case:
    """The case as it was saved."""
    with np.load(path) as kept_arrays:
        shapes = {name: _shapes(kept_arrays, name) for name in _SHAPES}
        households = kept_arrays["ground_households"]
        shared_corners = bool(kept_arrays["shared_corners"])
    ground = neutral.Ground(
        units=shapes["units"],
        households=households,
        footprints=shapes["footprints"],
        lines=shapes["lines"],
        streets=shapes["streets"],
        barriers=shapes["barriers"],
        boundary=shapes["boundary"][0],
    )
    return Case(shapes["polygons"], load_table(path), ground, shared_corners)


_SHAPES = ("polygons", "units", "footprints", "lines", "streets", "barriers", "boundary")


def _shapes(arrays: np.lib.npyio.NpzFile, name: str) -> Shapes:
    whole, end = arrays[f"{name}_wkb"].tobytes(), np.cumsum(arrays[f"{name}_size"])
    start = end - arrays[f"{name}_size"]
    wkb = [whole[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    return np.asarray(shapely.from_wkb(np.array(wkb, object)), object)


def buildings_in(path: Path) -> int:
    """How many buildings a district's file has."""
    return len(gpd.read_file(path, layer="buildings", read_geometry=False))
