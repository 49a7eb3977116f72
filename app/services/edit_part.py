"""The part of a plan that an edit touches: some grids with their plots, and what shares a line with them.

Read by the grids it is about, so that it costs the same in a plan of thirty grids and in one of thousands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.geo.crs import Geometries
from app.geo.partition import piece_of, torn_off
from app.geo.plots import Band, BoolArray, FloatArray, IntArray, PlotTable
from app.models import Plan
from app.models.plans import SPECIAL_KINDS
from app.reasons import Reason
from app.services.bulk import shapes_of
from app.services.naming import Named, counted_as
from app.services.plan_rows import Grids, measured, read_known
from app.services.plot_tables import StoredPlots, edges_of, lines_at
from app.services.wishes import loads_of

MOST_BUILDINGS_NAMED = 3


@dataclass(frozen=True)
class Part:
    """Grids of a plan as arrays, as they are after an edit.

    plots: of these grids, and those beside them, whose polygons are empty. grid: number of each plot's grid
    in `ids`; the first `own` of them are the grids of the part, the others stand beside it.
    """

    plots: StoredPlots
    grid: IntArray
    ids: list[int]
    own: int

    @property
    def inside(self) -> BoolArray:
        """Which plots are of the part."""
        return self.grid < self.own

    def pieces(self) -> IntArray:
        """Of how many pieces each grid of the part is made."""
        piece = piece_of(self.plots.table.edges, self.grid)
        pairs = np.unique(np.stack([self.grid, piece])[:, self.inside], axis=1)
        return np.bincount(pairs[0], minlength=self.own)

    def torn_off(self, number: int) -> IntArray:
        """Ids of the plots of a grid beside its main piece: that with most households, then ground."""
        table = self.plots.table
        torn: IntArray = self.plots.ids[
            torn_off(table.edges, self.grid, number, table.households, table.area)
        ]
        return torn

    def beside(self) -> dict[int, set[int]]:
        """Of each grid beside the part, the numbers of the part's grids that it shares a line with."""
        edges, found = self.plots.table.edges, dict[int, set[int]]()
        pairs = np.stack([self.grid[edges.i], self.grid[edges.j]])
        pairs = np.unique(np.concatenate([pairs, pairs[::-1]], axis=1), axis=1)
        for one, other in pairs[:, (pairs[0] < self.own) & (pairs[1] >= self.own)].T.tolist():
            found.setdefault(other, set()).add(one)
        return found


def plots_in(session: Session, plan_id: int, grid_ids: Sequence[int]) -> dict[int, int]:
    """The plots of some grids: {plot: grid}."""
    rows = session.execute(_PLOTS_IN, {"plan": plan_id, "grids": list(grid_ids)})
    return {row.plot_id: row.grid_id for row in rows}


def grids_of(session: Session, plan_id: int, plot_ids: Sequence[int]) -> dict[int, int]:
    """The grids of some plots: {plot: grid}; a plot that is not of the plan is left out."""
    rows = session.execute(_GRIDS_OF, {"plan": plan_id, "plots": list(plot_ids)})
    return {row.plot_id: row.grid_id for row in rows}


_PLOTS_IN = text("""
    SELECT plot_id, grid_id FROM grid_plot
    WHERE plan_id = :plan AND grid_id = ANY(CAST(:grids AS bigint[]))
""")
_GRIDS_OF = text("""
    SELECT plot_id, grid_id FROM grid_plot
    WHERE plan_id = :plan AND plot_id = ANY(CAST(:plots AS bigint[]))
""")


def in_place_of(
    session: Session, plan: Plan, moves: Mapping[int, tuple[int | None, int | None]]
) -> dict[str, int]:
    """Where plots become others, by which of them households are counted: {plot: the one in its place}.

    moves: {plot: (from, to)}, None where the plot is not, or is no more, of the plan's ground. Of two plots
    with a building in common the one is named whose buildings all stand on the other; plots without
    buildings, on which nobody lives, are left out.
    """
    asked = {
        "place": plan.place_id,
        "version": plan.tessellation_id,
        "gone": [plot for plot, (_, to) in moves.items() if to is None],
        "come": [plot for plot, (was, _) in moves.items() if was is None],
    }
    pairs = [(row.gone, row.come) for row in session.execute(_IN_COMMON, asked)]
    of_gone: dict[int, set[int]] = {}
    of_come: dict[int, set[int]] = {}
    for gone, come in pairs:
        of_gone.setdefault(gone, set()).add(come)
        of_come.setdefault(come, set()).add(gone)
    found = {str(gone): min(own) for gone, own in of_gone.items() if len(own) == 1}
    return found | {
        str(come): min(own) for come, own in of_come.items() if len(own) == 1 and len(of_gone[min(own)]) > 1
    }


# An entrance of a divided building counts where it is.
_IN_COMMON = text("""
    SELECT DISTINCT gone.id AS gone, come.id AS come
    FROM plot AS gone JOIN building ON building.place_id = :place AND building.retired_at IS NULL
        AND ST_Intersects(gone.geometry, building.position)
    JOIN plot AS come ON ST_Intersects(come.geometry, building.position)
    WHERE gone.id = ANY(CAST(:gone AS bigint[])) AND come.id = ANY(CAST(:come AS bigint[]))
    UNION
    SELECT gone.id, come.id
    FROM plot AS gone JOIN plot_entrance AS door
        ON door.tessellation_id = :version AND door.plot_id = gone.id
    JOIN plot AS come ON ST_Intersects(come.geometry, door.position)
    WHERE gone.id = ANY(CAST(:gone AS bigint[])) AND come.id = ANY(CAST(:come AS bigint[]))
""")


def buildings_on(session: Session, plan: Plan, plots: Sequence[int]) -> list[str]:
    """Names of the buildings on some plots, those most households first; no more than a sentence holds."""
    asked = {"place": plan.place_id, "plots": list(plots), "most": MOST_BUILDINGS_NAMED}
    return list(session.scalars(_CALLED, asked))


_CALLED = text("""
    SELECT coalesce(building.name, building.code) FROM plot
    JOIN building ON building.position && plot.geometry
        AND ST_Intersects(plot.geometry, building.position)
        AND building.place_id = :place AND building.retired_at IS NULL
    WHERE plot.id = ANY(CAST(:plots AS bigint[]))
    ORDER BY building.households DESC, building.code LIMIT :most
""")


def part_of(
    session: Session, plan: Plan, tessellation_id: int, placed: Mapping[int, int], order: Sequence[int]
) -> Part:
    """The part that is made of these plots.

    placed: {plot: grid}, every plot of every grid of the part. order: the grids, as they are to be numbered.
    """
    ids = np.array(sorted(placed), np.int64)
    rows = {row.id: row for row in _facts(session, tessellation_id, ids.tolist())}
    lines = lines_at(session, tessellation_id, ids.tolist())
    beyond = np.setdiff1d(np.array([[row.plot_id, row.neighbour_id] for row in lines], np.int64), ids)
    near = grids_of(session, plan.id, beyond.tolist())
    both = np.union1d(ids, beyond)
    named = [*order, *sorted({*near.values()} - {*order})]
    number = {grid: place for place, grid in enumerate(named)}
    grid = np.array(
        [number[placed[plot] if plot in placed else near[plot]] for plot in both.tolist()], np.int64
    )
    return Part(_stored(session, plan, tessellation_id, both, rows, lines), grid, named, len(order))


def _stored(
    session: Session,
    plan: Plan,
    tessellation_id: int,
    ids: IntArray,
    rows: Mapping[int, Row[Any]],
    lines: Sequence[Row[Any]],
) -> StoredPlots:
    """The plots as arrays; of those beside the part nothing but their ids and lines is known."""

    def column(name: str, kind: type) -> Any:
        return np.array([getattr(rows[k], name) if k in rows else 0 for k in ids.tolist()], kind)

    polygons = np.full(len(ids), shapely.Polygon(), dtype=object)
    polygons[[k in rows for k in ids.tolist()]] = shapes_of(
        rows[k].geometry for k in ids.tolist() if k in rows
    )
    edges = edges_of(lines, ids)
    perimeter = column("perimeter_m", np.float64)
    shared = np.bincount(edges.i, edges.metres, len(ids)) + np.bincount(edges.j, edges.metres, len(ids))
    table = PlotTable(
        households=column("households", np.int64),
        area=column("area_m2", np.float64),
        perimeter=perimeter,
        outer=np.maximum(perimeter - shared, 0.0),
        xy=np.zeros((len(ids), 2)),  # nothing here asks where they lie
        edges=edges,
    )
    srid = session.scalar(_SRID, {"place": plan.place_id})
    return StoredPlots(
        *(tessellation_id, plan.place_id, _crs(int(srid or 0)), ids),
        *(column("community_id", np.int64), polygons, column("buildings", np.int64), table),
    )


_SRID = text("SELECT srid FROM place WHERE id = :place")


@lru_cache(maxsize=64)
def _crs(srid: int) -> CRS:
    return CRS.from_epsg(srid)


def _facts(session: Session, tessellation_id: int, ids: Sequence[int]) -> Sequence[Row[Any]]:
    return session.execute(_FACTS, {"tessellation": tessellation_id, "plots": list(ids)}).all()


_FACTS = text("""
    SELECT plot.id, plot.community_id, plot.area_m2, plot.perimeter_m, counted.households, counted.buildings,
        ST_AsBinary(plot.geometry) AS geometry
    FROM unnest(CAST(:plots AS bigint[])) AS asked (plot_id)
    JOIN tessellation_plot AS counted ON counted.tessellation_id = :tessellation
        AND counted.plot_id = asked.plot_id
    JOIN plot ON plot.id = asked.plot_id
""")


def measured_part(
    session: Session, plan: Plan, part: Part, kinds: Sequence[str], names: Sequence[str | None]
) -> Grids:
    """Outlines and figures of the grids of a part, as a split would measure them.

    kinds, names: of each grid of the part.
    """
    band, inside = Band(plan.target, plan.least, plan.most), part.inside
    load = _loads(plan, part)
    known = read_known(session, part.plots, _box(part.plots.polygons[inside]))
    counts = part.plots.table.households if load is None else load
    why = _reasons(part, kinds, band, counts, by_households=load is None)
    return measured(
        *(part.plots, part.grid, band, counted_as(plan.weights, why), known),
        load=load,
        kinds=kinds,
        names=names,
        only=part.own,
    )


def _box(polygons: Geometries) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(polygons).tolist()
    return west, south, east, north


def _loads(plan: Plan, part: Part) -> FloatArray | None:
    """What is balanced instead of households, of each plot; 0 beside the part."""
    inside, table = part.inside, part.plots.table
    own = replace(table, households=table.households[inside], area=table.area[inside])
    found = loads_of(plan.weights, own, part.plots.buildings[inside])
    if found is None:
        return None
    load = np.zeros(len(table))
    load[inside] = found
    return load


def _reasons(
    part: Part, kinds: Sequence[str], band: Band, counts: IntArray | FloatArray, *, by_households: bool
) -> dict[int, Reason]:
    """Why grids that were changed by hand are out of band, as far as they tell by themselves.

    What is proved by looking at all the ground around is for who divides or re-balances.
    """
    found: dict[int, Reason] = {}
    for number in range(part.own):
        members = np.flatnonzero(part.grid == number)
        total = float(np.round(counts[members].sum(), 3))
        if kinds[number] in SPECIAL_KINDS or band.least <= total <= band.most:
            continue
        facts: dict[str, Any] = {"least": band.least, "most": band.most}
        facts["households"] = int(total) if by_households else total
        largest = int(members[np.argmax(counts[members])])
        if by_households and counts[largest] > band.most:
            giant = {"plot": largest, "plot_households": int(counts[largest])}
            remedy = {"plot": largest, "parts": -(-int(counts[largest]) // band.most)}
            found[number] = Named("one_plot_too_large", facts | giant, Named("entrances", remedy))
        elif total == 0:
            found[number] = Named("uninhabited", facts, Named("special_grid", {}))
        else:
            found[number] = Named("changed_by_hand", facts)
    return found
