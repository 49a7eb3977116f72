"""From a district to its grids with no database: the whole engine in one call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from app.errors import Refusal
from app.geo.certificate import Doors
from app.geo.district import District
from app.geo.entrances import Standing, divided_by_entrances
from app.geo.plots import Band, IntArray
from app.geo.split import Told, split
from app.geo.split.steering import area_of
from app.geo.tessellate import Tessellation, tessellate
from app.services.kinds import SPECIAL_KINDS
from app.services.naming import counted_as
from app.services.plan_figures import PlanFigures, answered, plan_figures
from app.services.wishes import NOTHING, Asked, Ground, micro_of, resolved

COMMUNITY_DIGITS = 12
PLOTS_SHARE = 0.7  # of the time that plots and grids take together


@dataclass(frozen=True)
class FileSplit:
    """A divided district: its plots, and the plan with its figures.

    doors: entrances of the buildings that are in more than one grid by them; None for none.
    """

    tessellation: Tessellation
    plan: PlanFigures
    told: tuple[Told, ...] = ()
    doors: Doors | None = None

    def notes(self, district: District, most: int = 1_000) -> dict[str, Any]:
        """What the cutting of plots has to say of single buildings and compounds."""
        found = self.tessellation.notes
        codes = {
            "compounds": district.compounds["code"].to_numpy(),
            "buildings": district.buildings["code"].to_numpy(),
        }
        rows = []
        for note in found[:most]:
            layer = "compounds" if note.code == "compound_divided" else "buildings"
            what = {"code": note.code, "layer": layer, "which": str(codes[layer][note.row])}
            rows.append({**what, "m2": round(note.m2, 2)})
        return {
            "plots": len(self.tessellation.polygons),
            "divided_by_entrance": self.divided(district),
            "counts": dict(sorted(Counter(note.code for note in found).items())),
            "rows": rows,
        }

    def divided(self, district: District) -> list[str]:
        """Codes of the buildings that are in more than one grid by their entrances."""
        if self.doors is None:
            return []
        return [str(code) for code in district.buildings["code"].to_numpy()[np.unique(self.doors.building)]]


def split_district(
    district: District,
    band: Band,
    seed: int,
    *,
    within: str | None = None,
    workers: int = 1,
    progress: Callable[[float], None] | None = None,
    asked: Asked = NOTHING,
    by_entrance: Collection[str] | None = (),
) -> FileSplit:
    """Cut a district into plots and divide these into grids.

    within: level of the administrative areas whose borders no grid crosses; where their codes are those of
    communities (12 digits), grids are numbered within each. Same district and seed, same grids, whatever
    `workers`. asked: what is wished besides; a file has no plan in force, so nothing is locked there.
    by_entrance: codes of buildings that may be divided by their entrances, None for all whose entrances are
    known. Refused with `entrances_unknown` for one whose are not.
    """
    tell = progress or (lambda share: None)
    tessellation = tessellate(
        district,
        most=band.most,
        within=within,
        workers=workers,
        progress=lambda share: tell(PLOTS_SHARE * share),
    )
    tessellation, of_door, told = _by_entrances(district, tessellation, by_entrance)
    buildings = tessellation.buildings
    ground = Ground(
        tessellation.table,
        buildings,
        tessellation.polygons,
        district.crs,
        tessellation.area_of_plot,
        compound=area_of(tessellation.polygons, district.compounds.geometry.to_numpy())
        if asked.compounds == "whole"
        else None,
    )
    found = resolved(asked, ground, band)
    rng = np.random.default_rng(seed)
    division = split(
        tessellation.table,
        found.band,
        rng,
        workers=workers,
        progress=lambda share: tell(PLOTS_SHARE + (1 - PLOTS_SHARE) * share),
        wishes=found.wishes,
    )
    kinds, names = found.kinds(division.grid)
    micro = None
    if asked.micro is not None:
        whole = np.array([kind in SPECIAL_KINDS for kind in kinds], np.bool_)
        micro = micro_of(tessellation.table, division.grid, asked, whole, rng)
    plan = plan_figures(
        tessellation.polygons,
        tessellation.table,
        division.grid,
        buildings=buildings,
        outline=district.outline,
        crs=district.crs,
        band=found.band,
        reasons=counted_as(asked.weights, division.reasons),
        known=answered(district.buildings),
        plot_of_building=tessellation.plot_of_building,
        called=_called(district),
        community=_communities(district, tessellation),
        load=found.load,
        kinds=kinds,
        names=names,
        micro=micro,
    )
    doors = _in_several(_doors(district), of_door, division.grid)
    return FileSplit(tessellation, plan, (*told, *division.told), doors)


def _doors(district: District) -> Doors:
    """The entrances a district knows."""
    known = district.entrances
    if known is None or len(known) == 0:
        return Doors(np.empty(0, object), np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Doors(
        known.geometry.to_numpy(),
        known["building"].to_numpy(np.int64),
        known["households"].to_numpy(np.int64),
    )


def _by_entrances(
    district: District, plots: Tessellation, wanted: Collection[str] | None
) -> tuple[Tessellation, IntArray, tuple[Told, ...]]:
    """The plots with buildings divided by their entrances, the plot of each entrance (-1: its building is
    whole), and how many buildings had to stay whole."""
    doors = _doors(district)
    nowhere = np.full(len(doors.points), -1, np.int64)
    codes = district.buildings["code"].to_numpy()
    if wanted is not None:
        if unknown := sorted(set(wanted) - set(codes[doors.building])):
            raise Refusal("entrances_unknown", building=unknown[0])
        rows = np.flatnonzero(np.isin(codes, [*wanted]))
    else:
        rows = np.unique(doors.building)
    if len(rows) == 0:
        return plots, nowhere, ()
    footprints = district.buildings.geometry.to_numpy()
    standing = Standing(
        footprints,
        np.asarray(shapely.point_on_surface(footprints)),
        plots.plot_of_building,
        district.buildings["households"].to_numpy(np.int64),
    )
    done = divided_by_entrances(plots.polygons, plots.table, standing, doors, rows)
    told = (Told("entrances_whole", {"count": len(done.whole)}),) if done.whole else ()
    divided = replace(
        plots,
        polygons=done.polygons,
        table=done.table,
        buildings=done.buildings,
        plot_of_building=done.plot_of_building,
        area_of_plot=plots.area_of_plot[done.origin],
    )
    return divided, done.plot_of_door, told


def _in_several(doors: Doors, plot: IntArray, grid: IntArray) -> Doors | None:
    """The entrances of buildings that are in more than one grid. plot: of each entrance, -1 for none."""
    inside = np.flatnonzero(plot >= 0)
    pairs = np.unique(np.stack([doors.building[inside], grid[plot[inside]]]), axis=1)
    building, count = np.unique(pairs[0], return_counts=True)
    own = np.flatnonzero(np.isin(doors.building, building[count > 1]))
    return Doors(doors.points[own], doors.building[own], doors.households[own]) if len(own) else None


def _called(district: District) -> tuple[list[str], IntArray]:
    """What each building is called, and how many households it holds."""
    buildings = district.buildings
    called = buildings["name"].where(buildings["name"].notna(), buildings["code"]).astype(str)
    return called.tolist(), buildings["households"].to_numpy()


def _communities(district: District, tessellation: Tessellation) -> list[str] | None:
    """Code of each plot's community, None where plots know no communities."""
    area = tessellation.area_of_plot
    if len(area) == 0 or (area < 0).any():
        return None
    codes = district.admin["code"].fillna("").astype(str).to_numpy()[area]
    if not all(len(code) == COMMUNITY_DIGITS and code.isdigit() for code in np.unique(codes)):
        return None
    return [str(code) for code in codes]
