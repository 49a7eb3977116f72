"""A divided place described: its grids and plots as tables, ready for files, reports and maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from app.geo import codes, measure, partition
from app.geo.crs import to_lonlat, to_metres
from app.geo.plots import Band, FloatArray, IntArray, PlotTable
from app.models.plans import SPECIAL_KINDS
from app.reasons import Reason, remedy_words, words
from app.services.naming import NOBODYS, Buildings, named, with_codes

REASON_COLUMNS = ("reason_code", "reason", "reason_zh", "remedy_code", "remedy", "remedy_zh")


@dataclass(frozen=True)
class PlanFigures:
    """What there is to say about a plan.

    grids: one row per grid number 0 … k-1, polygons in metres: `code`, every measure, `neighbours` as
        a list of grid numbers, and for a grid out of band REASON_COLUMNS.
    plots: one row per plot, polygons in metres: `grid` (number), `households`, `buildings`, `area_m2` and,
        where there are micro-grids, `micro_grid` (number, -1 for none).
    outline: of the place, in metres, as it was given.
    """

    grids: gpd.GeoDataFrame
    plots: gpd.GeoDataFrame
    outline: shapely.Geometry
    band: Band

    @cached_property
    def summary(self) -> dict[str, float | int]:
        """The plan in a few numbers, as `measure.summary` defines them."""
        given = self.grids["reason_code"]
        return measure.summary(self.grids, self.band, given[given != ""].to_dict())

    @cached_property
    def stored_grids(self) -> partition.Polygons:
        """The grids as files hold them: lon/lat on the 1e-8 degree lattice."""
        return to_lonlat(self.grids.geometry.to_numpy(), self.grids.crs)

    @cached_property
    def stored_plots(self) -> partition.Polygons:
        """The plots as files hold them: lon/lat on the 1e-8 degree lattice."""
        return to_lonlat(self.plots.geometry.to_numpy(), self.plots.crs)

    def soundness(self) -> dict[str, partition.Soundness]:
        """Whether grids, and whether plots, tile the outline, as files hold them."""
        return {"grids": self._sound(self.stored_grids), "plots": self._sound(self.stored_plots)}

    def _sound(self, stored: partition.Polygons) -> partition.Soundness:
        found = partition.soundness(to_metres(stored, self.grids.crs), self.outline)
        unmatched = ~shapely.is_empty(shapely.coverage_invalid_edges(stored))
        return replace(
            found,
            invalid=max(found.invalid, int((~shapely.is_valid(stored)).sum())),
            invalid_edges=max(found.invalid_edges, int(unmatched.sum())),
        )


def plan_figures(
    polygons: partition.Polygons,
    table: PlotTable,
    grid: IntArray,
    *,
    buildings: IntArray,
    outline: shapely.Geometry,
    crs: CRS,
    band: Band,
    reasons: Mapping[int, Reason],
    known: pd.DataFrame | None = None,
    plot_of_building: IntArray | None = None,
    called: tuple[Sequence[str], IntArray] | None = None,
    community: Sequence[str] | None = None,
    load: FloatArray | None = None,
    kinds: Sequence[str] | None = None,
    names: Sequence[str | None] | None = None,
    micro: IntArray | None = None,
) -> PlanFigures:
    """Dissolve, number and measure the grids of a plan.

    polygons: the plots, in metres of `crs`. grid: number of each plot's grid, 0 … k-1, none unused.
    buildings: how many stand on each plot. reasons: why a grid is out of band, by grid number.
    known: one row per building, True where an indicator is answered; `plot_of_building` says where
        each stands, -1 for outside; called: what each is called, and its households.
        Without them completeness is unknown.
    community: 12-digit code of each plot's community; None for a place without communities.
    load: of each plot, what is balanced instead of households. kinds, names: of each grid.
    micro: number of each plot's micro-grid, -1 for none.
    """
    outlines = partition.outlines(polygons, grid)
    kind = kinds or ["residential"] * len(outlines)
    special = np.array([one in SPECIAL_KINDS for one in kind], np.bool_)
    grids = measure.figures(table, grid, gpd.GeoSeries(outlines), band, buildings, load, special)
    grids["kind"] = kind
    grids["name"] = [name or "" for name in names or [None] * len(kind)]
    grids.insert(0, "code", codes.number(outlines, _of_grids(community, grid)))
    grids["completeness"] = _completeness(known, plot_of_building, grid, len(grids))
    standing = NOBODYS
    if called is not None and plot_of_building is not None:
        standing = Buildings(*called, plot_of_building)
    reasons = named(reasons, grid, standing)
    for column, given in _reasons(reasons, grids["code"].tolist()).items():
        grids[column] = given
    plots = {
        "grid": grid,
        "households": table.households,
        "buildings": buildings,
        "area_m2": table.area,
    }
    if micro is not None:
        plots["micro_grid"] = micro
    return PlanFigures(
        gpd.GeoDataFrame(grids, geometry=outlines, crs=crs),
        gpd.GeoDataFrame(plots, geometry=polygons, crs=crs),
        outline,
        band,
    )


def _of_grids(community: Sequence[str] | None, grid: IntArray) -> list[str] | None:
    """The community of each grid: that of its plots, for no grid crosses communities."""
    if community is None:
        return None
    _, first = np.unique(grid, return_index=True)
    return [community[plot] for plot in first]


def answered(buildings: pd.DataFrame) -> pd.DataFrame:
    """Which indicators each building of a district answers, as `measure.completeness` asks them."""
    return pd.DataFrame(
        {
            "households_counted": buildings["households_source"] != "estimate",
            "named": buildings["name"].notna(),
            "use_known": buildings["kind"].notna(),
        }
    )


def _completeness(
    known: pd.DataFrame | None, plot_of_building: IntArray | None, grid: IntArray, count: int
) -> pd.Series:
    if known is None or plot_of_building is None:
        return pd.Series(np.full(count, np.nan))
    inside = plot_of_building >= 0
    return measure.completeness(known[inside], grid[plot_of_building[inside]], count)


def _reasons(reasons: Mapping[int, Reason], codes: Sequence[str]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {name: [] for name in REASON_COLUMNS}
    for number in range(len(codes)):
        reason = reasons.get(number)
        remedy = reason.remedy if reason else None
        facts = with_codes(reason.facts, codes) if reason else {}
        said = words(reason.code, facts) if reason else None
        advised = remedy_words(remedy.code, facts | with_codes(remedy.facts, codes)) if remedy else None
        cells = (
            *(reason.code if reason else "", said.en if said else "", said.zh if said else ""),
            *(remedy.code if remedy else "", advised.en if advised else "", advised.zh if advised else ""),
        )
        for name, cell in zip(REASON_COLUMNS, cells, strict=True):
            columns[name].append(cell)
    return columns
