"""Drawn plans with figures, for tests of files and maps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from app.geo.plots import Band
from app.services.plan_figures import PlanFigures, plan_figures
from tests.geo.drawing import draw_plots

BAND = Band(300, 270, 330)
CRS_114E = CRS.from_epsg(4547)
PLACE_XY = np.array([500_000.0, 2_500_000.0])  # somewhere around Shenzhen
SIDE_M = 80.0

FIVE_GRIDS = """
    A A|B B|B C
    A A|B B|C C
    ---+---+---
    D D#E E E E
    D D#E E E E
"""


@dataclass(frozen=True)
class Why:
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    remedy: None = None


def plan_of(drawing: str, households: int | str | Mapping[str, int], **more) -> PlanFigures:
    """The figures of a drawn plan, set down near Shenzhen, one building a plot."""
    drawn = draw_plots(drawing, households, SIDE_M)
    place = lambda shape: shapely.transform(shape, lambda xy: xy + PLACE_XY)  # noqa: E731
    buildings = np.ones(len(drawn.grid), np.int64)
    counts = np.bincount(drawn.grid, weights=drawn.table.households).astype(int)
    limits = {"least": BAND.least, "most": BAND.most}
    reasons = {
        int(grid): Why("not_found", {"households": int(counts[grid]), **limits})
        for grid in np.flatnonzero((counts < BAND.least) | (counts > BAND.most))
    }
    return plan_figures(
        place(drawn.polygons),
        drawn.table,
        drawn.grid,
        outline=place(drawn.outline),
        **{"buildings": buildings, "crs": CRS_114E, "band": BAND, "reasons": reasons} | more,
    )


def known(**columns: list[bool]) -> pd.DataFrame:
    return pd.DataFrame(columns)
