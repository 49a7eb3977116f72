"""Which buildings belong to an outline: asked when a district is read, and when it is cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from app.geo.crs import Geometries
from app.geo.plots import BoolArray, FloatArray

IN_DOUBT = (0.45, 0.55)  # shares between these are about half


def inside(outline: Any, buildings: Geometries) -> tuple[BoolArray, FloatArray]:
    """Which buildings belong to the outline, and the share (0–1) of each that lies in it.

    A building astride belongs where most of it lies. Only where about half of it does (more than 45 %, less
    than 55 %) its inner point decides.
    """
    shapely.prepare(outline)
    share = np.where(shapely.covers(outline, buildings), 1.0, 0.0)
    astride = np.flatnonzero((share == 0) & shapely.intersects(outline, buildings))
    whole = shapely.area(buildings[astride])
    common = shapely.area(shapely.intersection(buildings[astride], outline))
    share[astride] = np.divide(common, whole, out=np.zeros(len(astride)), where=whole > 0)
    belongs = share >= 0.5
    doubtful = np.flatnonzero((share > IN_DOUBT[0]) & (share < IN_DOUBT[1]))
    belongs[doubtful] = shapely.intersects(outline, shapely.point_on_surface(buildings[doubtful]))
    return belongs, share
