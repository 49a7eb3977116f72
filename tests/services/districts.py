"""A small district around a drawn plan, for maps."""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from app.geo.district import District
from app.geo.plots import LineClass
from app.services.plan_figures import PlanFigures


def district_of(plan: PlanFigures) -> District:
    """A house in the middle of every plot, two streets, a pond, a stream, a railway and a compound."""
    crs = plan.grids.crs
    west, south, east, north = shapely.bounds(plan.outline)

    def layer(shapes: Any, **columns: Any) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)

    def across(y: float) -> shapely.LineString:
        return shapely.LineString([(west - 50, y), (east + 50, y)])

    plots = plan.plots.geometry.to_numpy()
    houses = shapely.buffer(plots, -25)
    middle = (south + north) / 2
    kinds = np.array([LineClass.ARTERIAL, LineClass.LOCAL], np.int8)
    return District(
        crs=crs,
        outline=plan.outline,
        outline_source="file",
        buildings=layer(houses, code=[str(n) for n in range(len(houses))]),
        streets=layer([across(middle), across(middle + 80)], kind=kinds, tunnel=[False, True]),
        water=layer(
            [shapely.box(west, south, west + 30, south + 30), across(south + 10)],
            kind=["lake", "stream"],
        ),
        railways=layer([across(north)], kind=["rail"]),
        compounds=layer([plots[0]], code=["c1"], name=["大院"]),
        admin=layer([], level=[], code=[], name=[]),
        report=None,  # type: ignore[arg-type]  the map does not read it
    )
