"""A plan as one page that opens anywhere, with no network: Leaflet, base map and figures are in the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from app.geo.bands import UNINHABITED, class_ranges, deviation_class
from app.geo.crs import to_lonlat
from app.geo.partition import Polygons
from app.geo.plots import IntArray, LineClass
from app.services.one_page import LEAFLET, check_leaflet, one_page
from app.services.plan_figures import PlanFigures
from app.services.whole_file import whole_file

if TYPE_CHECKING:
    from app.geo.district import District

LATTICE_DEG = 1e-6  # of drawn corners, about 0.1 m
GRID_TOLERANCE_M = 0.7  # borders are simplified together, so that neighbours stay matched
BASE_TOLERANCE_M = 1.0
MOST_CORNERS = 1_200_000  # of buildings, about 8 MB; beyond that the page shows none
LABEL_TOLERANCE_M = 3.0

FIGURES = [
    *["households", "buildings", "area_m2", "deviation", "compactness"],
    *["physical_share", "street_share", "pieces", "completeness"],
]


def write_map(
    path: Path,
    plan: PlanFigures,
    district: District,
    *,
    title: str,
    title_zh: str | None = None,
    attribution: str = "",
    leaflet: Path = LEAFLET,
) -> None:
    """Write a folium map of the plan over the district's own streets, water and buildings.

    title, title_zh: the place's name. attribution: whose data it is, shown as text.
    Refused with `leaflet_missing` before script/setup has run, else as `whole_file` says.
    """
    check_leaflet(leaflet)
    page = {
        "title": {"en": title, "zh": title_zh or title},
        "attribution": attribution,
        "band": {"target": plan.band.target, "least": plan.band.least, "most": plan.band.most},
        "classes": class_ranges(plan.band),
        "summary": {name: _number(value) for name, value in plan.summary.items()},
        "grids": _grid_columns(plan),
        "base": _base_map(district, plan),
    }
    name = " · ".join(dict.fromkeys((title, title_zh or title)))
    text = one_page(name, page, named="plan", look="map_file", show="showPlan", leaflet=leaflet)
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def _grid_columns(plan: PlanFigures) -> dict[str, Any]:
    """What the page knows of each grid, column by column; borders simplified together."""
    grids = plan.grids
    outlines = shapely.coverage_simplify(grids.geometry.to_numpy(), GRID_TOLERANCE_M)
    inscribed = shapely.maximum_inscribed_circle(outlines, tolerance=LABEL_TOLERANCE_M)
    centre = to_lonlat(shapely.get_point(inscribed, 0), grids.crs)
    said = list(
        zip(_and(grids, "reason", "remedy", " "), _and(grids, "reason_zh", "remedy_zh", ""), strict=True)
    )
    reasons = list(dict.fromkeys(said))
    columns = {name: [_number(value) for value in grids[name]] for name in FIGURES}
    return {
        "code": grids["code"].tolist(),
        **columns,
        "class": _classes(plan).tolist(),
        "neighbours": grids["neighbours"].tolist(),
        "reasons": [{"en": en, "zh": zh} for en, zh in reasons],
        "reason": [reasons.index(pair) for pair in said],
        "label": _lattice(shapely.get_coordinates(centre)).tolist(),
        "label_radius_m": [round(float(metres), 1) for metres in shapely.length(inscribed)],
        "outlines": drawn(outlines, grids.crs),
    }


def _classes(plan: PlanFigures) -> IntArray:
    """How each grid is drawn; special grids, which are outside the band, like ground where nobody lives."""
    drawn_in = deviation_class(plan.grids["held"].to_numpy(), plan.band)
    apart = plan.grids["special"].to_numpy(dtype=bool) | (plan.grids["households"].to_numpy() == 0)
    return np.where(apart, UNINHABITED, drawn_in).astype(np.int64)


def _and(grids: pd.DataFrame, reason: str, remedy: str, between: str) -> list[str]:
    """Why, and what would help, in one breath."""
    return [between.join(filter(None, pair)) for pair in zip(grids[reason], grids[remedy], strict=True)]


def _base_map(district: District, plan: PlanFigures) -> dict[str, Any]:
    """The ground beneath the grids, each layer as `drawn` says."""
    crs = district.crs
    streets = district.streets[~district.streets["tunnel"].astype(bool)]
    flowing = district.water.geom_type.str.contains("LineString")
    buildings = shapely.simplify(district.buildings.geometry.to_numpy(), BASE_TOLERANCE_M / 2)
    few_enough = shapely.get_num_coordinates(buildings).sum() <= MOST_CORNERS
    layers = {
        "land": np.array([plan.outline], dtype=object),
        "compounds": district.compounds.geometry.to_numpy(),
        "water": district.water[~flowing].geometry.to_numpy(),
        "streams": district.water[flowing].geometry.to_numpy(),
        "railways": district.railways.geometry.to_numpy(),
        **{
            name: streets.geometry.to_numpy()[streets["kind"].to_numpy() == kind]
            for name, kind in (
                ("local", LineClass.LOCAL),
                ("secondary", LineClass.SECONDARY),
                ("arterial", LineClass.ARTERIAL),
            )
        },
    }
    drawn_layers = {
        name: drawn(shapely.simplify(shapes, BASE_TOLERANCE_M), crs) for name, shapes in layers.items()
    }
    return {**drawn_layers, "buildings": drawn(buildings if few_enough else buildings[:0], crs)}


def drawn(shapes: Polygons, crs: CRS) -> dict[str, list[int]]:
    """Geometries as small numbers that the page turns into lines again.

    Returns `rings` (how many each geometry has), `corners` (how many each ring or line has) and `xy`: lon
    and lat of every corner as whole steps of 1e-6 degree from the corner before, the first from (0, 0).

    >>> square = np.array([shapely.box(0, 0, 2e-6, 1e-6)], dtype=object)
    >>> drawn(square, CRS.from_epsg(4326))
    {'rings': [1], 'corners': [5], 'xy': [2, 0, 0, 1, -2, 0, 0, -1, 2, 0]}
    """
    lines, owner = shapely.get_parts(shapes, return_index=True)
    if len(lines) and (shapely.get_dimensions(lines) == 2).any():
        rings, of_line = shapely.get_rings(lines, return_index=True)
        lines, owner = rings, owner[of_line]
    xy, of_line = shapely.get_coordinates(to_lonlat(lines, crs), return_index=True)
    steps = np.diff(_lattice(xy), axis=0, prepend=np.zeros((1, 2), np.int64))
    return {
        "rings": np.bincount(owner, minlength=len(shapes)).tolist(),
        "corners": np.bincount(of_line, minlength=len(lines)).tolist(),
        "xy": steps.ravel().tolist(),
    }


def _lattice(lonlat: np.ndarray[Any, np.dtype[np.float64]]) -> IntArray:
    return np.rint(lonlat / LATTICE_DEG).astype(np.int64)


def _number(value: float) -> float | int | None:
    """As JSON has it, with four digits behind the point."""
    number = float(value)
    if np.isnan(number):
        return None
    return int(number) if number.is_integer() else round(number, 4)
