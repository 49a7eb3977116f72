"""Small made-up districts for tests: a `District` from a few shapes in metres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from app.geo.district import District
from app.geo.plots import LineClass
from app.geo.readers.report import ImportReport

PLACE = CRS.from_epsg(4546)  # CGCS2000, 111° E
EAST, NORTH = 500_000.0, 4_000_000.0


def here(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape drawn near (0, 0), moved to where the projected CRS means a real place."""
    return shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH]))


def town(
    outline: shapely.Geometry,
    buildings: Sequence[shapely.Geometry] = (),
    *,
    households: int | Sequence[int] = 10,
    streets: Sequence[Any] = (),
    water: Sequence[shapely.Geometry] = (),
    railways: Sequence[Any] = (),
    compounds: Sequence[shapely.Geometry] = (),
    admin: Sequence[shapely.Geometry] = (),
) -> District:
    """A district of these shapes. Streets and railways are sequences of corners; all streets are local."""
    counts = np.full(len(buildings), households) if isinstance(households, int) else np.array(households)
    lines = [here(shapely.LineString(line)) for line in streets]
    rails = [here(shapely.LineString(line)) for line in railways]
    return District(
        crs=PLACE,
        outline=here(outline),
        outline_source="file",
        buildings=_layer(
            buildings,
            code=[f"B{k}" for k in range(len(buildings))],
            name=None,
            households=counts.astype(np.int64),
            households_source="register",
            kind="residential",
        ),
        streets=_frame(
            lines,
            kind=np.int8(LineClass.LOCAL),
            highway="residential",
            name=None,
            bridge=False,
            tunnel=False,
            layer=0,
        ),
        water=_layer(water, kind="river", name=None, tunnel=False),
        railways=_frame(rails, kind="rail", name=None, bridge=False, tunnel=False, layer=0),
        compounds=_layer(compounds, code=[f"C{k}" for k in range(len(compounds))], name=None),
        admin=_layer(admin, level="community", code=[f"{k:012d}" for k in range(len(admin))], name=None),
        report=ImportReport(),
    )


def _layer(shapes: Sequence[shapely.Geometry], **columns: Any) -> gpd.GeoDataFrame:
    return _frame([here(shape) for shape in shapes], **columns)


def _frame(shapes: Sequence[shapely.Geometry], **columns: Any) -> gpd.GeoDataFrame:
    table = {
        name: np.full(len(shapes), given) if np.isscalar(given) or given is None else given
        for name, given in columns.items()
    }
    return gpd.GeoDataFrame(table, geometry=np.array(shapes, dtype=object), crs=PLACE)


def houses(
    columns: int, rows: int, *, step: float = 30.0, side: float = 12.0, at: tuple[float, float] = (9, 9)
) -> list[shapely.Geometry]:
    """Equal square houses in rows, the first with its corner at `at`."""
    return [
        shapely.box(at[0] + c * step, at[1] + r * step, at[0] + c * step + side, at[1] + r * step + side)
        for r in range(rows)
        for c in range(columns)
    ]
