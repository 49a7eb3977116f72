"""What a plan was steered by when it was split, and what of it holds for every plan that is made of it.

Lines to follow, to avoid or never to be crossed, compounds to be kept whole, seeds that each have a grid of
their own, grids that are left alone, and micro-grids: all is in the parameters of the split, and every draft
made by re-balancing hands it on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.geo.plots import BoolArray, IntArray, PlotTable
from app.geo.rebalance import Locked
from app.geo.split.steering import contracted, parts_of, with_walls
from app.models import Edit
from app.services.plot_tables import StoredPlots
from app.services.wishes import NOTHING, Asked, asked_of, lines_of

KEPT = "wishes"  # where the parameters of a re-balancing hold those of the split


def wishes_of(session: Session, plan_id: int) -> Asked:
    """What was asked of the split that a plan goes back to."""
    made = select(Edit).where(Edit.plan_id == plan_id, Edit.kind.in_(("split", "rebalance")))
    edit = session.scalars(made.order_by(Edit.version).limit(1)).first()
    if edit is None:
        return NOTHING
    return asked_of(edit.parameters if edit.kind == "split" else edit.parameters.get(KEPT, {}))


def handed_on(asked: Asked) -> dict[str, Any]:
    """The same for the parameters of the next draft, which has a slot of its own or none."""
    return {KEPT: kept} if (kept := replace(asked, slot=None).kept()) else {}


def walled(plots: StoredPlots, asked: Asked) -> StoredPlots:
    """The plots with lines never to be crossed as walls."""
    edges = with_walls(plots.table.edges, lines_of(asked))
    return replace(plots, table=replace(plots.table, edges=edges))


def seeded(plots: StoredPlots, asked: Asked) -> BoolArray:
    """Which plots a seed lies in, shape (n,): as long as they keep their grids, no two share one."""
    found = np.zeros(len(plots), np.bool_)
    if asked.seeds:
        points = shapely.points(np.array(asked.seeds, np.float64))
        found[shapely.STRtree(plots.polygons).query(points, predicate="intersects")[1]] = True
    return found


def moving_as_one(table: PlotTable, grid: IntArray, compound: IntArray | None, most: int) -> IntArray | None:
    """Number 0..m-1 of what moves together, compounds kept whole and plots; None where all move alone.

    compound: of each plot, -1 for none. One that is in several grids now, in pieces or heavier than `most` is
    not kept whole, as in a split.
    """
    if compound is None or (compound < 0).all():
        return None
    n, edges = len(table), table.edges
    linked = ~edges.wall & (compound[edges.i] == compound[edges.j])
    part = parts_of(replace(edges, wall=~linked), n)
    inside = np.flatnonzero(compound >= 0)
    own = compound[inside]
    places = np.unique(np.stack([own, part[inside], grid[inside]]), axis=1)
    whole = np.bincount(places[0]) == 1
    whole &= np.bincount(own, table.households[inside]) <= most
    group = np.arange(n)
    group[inside] = np.where(whole[own], n + own, inside)
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


def as_one(
    table: PlotTable, grid: IntArray, locked: Locked, group: IntArray
) -> tuple[PlotTable, IntArray, Locked]:
    """The plots, their grids and what is locked, with each group as one plot; locked where one of it is."""
    first = np.unique(group, return_index=True)[1]
    fixed = np.bincount(group, locked.plots) > 0
    return contracted(table, group, table.households), grid[first], replace(locked, plots=fixed)
