"""Drafts that are carried over to a new version of their place's plots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.geo.joined import joined
from app.geo.partition import piece_of
from app.geo.plots import Band, BoolArray, IntArray
from app.geo.split import why_out_of_band
from app.models import Edit, Grid, GridPlot, MicroGrid, Plan
from app.models.plans import SPECIAL_KINDS
from app.services.bulk import insert_rows, new_ids, update_rows
from app.services.edit_history import MOVED_GROUND, attributes_of, changes_between, tell
from app.services.kept_wishes import walled, wishes_of
from app.services.naming import counted_as
from app.services.plan_rows import (
    GRID_VALUES,
    Known,
    grid_codes,
    grid_values,
    measured,
    place_codes,
    read_known,
    write_grid_plots,
)
from app.services.plot_tables import StoredPlots, read_plots
from app.services.publishing import StoredPlan, read_plan
from app.services.review import lapse
from app.services.wishes import loads_of


@dataclass(frozen=True)
class MovedDraft:
    """What became of a draft.

    plots_placed: plots that are new to it. grids: those that changed, with `code`, `households` as
    [before, after] (None where there is no such grid) and how many `plots` came or went.
    micro_grids_dropped: so many it had; they are of ground that is no more, and are made by splitting anew
    or by re-balancing. submission_lapsed: it was before its leaders, or approved; it is not what they saw any
    more, and is to be submitted again.
    """

    plan_id: int
    name: str
    plots_placed: int
    grids: list[dict[str, Any]] = field(default_factory=list)
    micro_grids_dropped: int = 0
    submission_lapsed: bool = False


def carry_drafts(
    session: Session, former: StoredPlots, tessellation_id: int, actor_id: int | None
) -> list[MovedDraft]:
    """Move every draft of the former version to the new one; each gets an edit of the kind `import`."""
    drafts = select(Plan).where(Plan.tessellation_id == former.tessellation_id, Plan.state == "draft")
    found = session.scalars(drafts.order_by(Plan.id).with_for_update()).all()
    if not found:
        return []
    plots = read_plots(session, tessellation_id)
    known = read_known(session, plots)
    return [_carry(session, plan, former, plots, known, actor_id) for plan in found]


def carry_draft(session: Session, plan: Plan, tessellation_id: int, actor_id: int | None) -> MovedDraft:
    """Move one draft to another version of its place's plots."""
    former, plots = read_plots(session, plan.tessellation_id), read_plots(session, tessellation_id)
    return _carry(session, plan, former, plots, read_known(session, plots), actor_id)


def _carry(
    session: Session, plan: Plan, former: StoredPlots, plots: StoredPlots, known: Known, actor_id: int | None
) -> MovedDraft:
    before = read_plan(session, plan.id, former)
    band = Band(plan.target, plan.least, plan.most)
    label = placed(before, walled(plots, wishes_of(session, plan.id)), band)
    used, grid = np.unique(label, return_inverse=True)
    grid = grid.astype(np.int64)
    kept = int(np.searchsorted(used, len(before.codes)))  # numbers beyond are new grids
    kinds = [before.kinds[number] if number < len(before.kinds) else "residential" for number in used]
    load = loads_of(plan.weights, plots.table, plots.buildings)
    why = why_out_of_band(plots.table, grid, band, load, np.isin(kinds, SPECIAL_KINDS))
    grids = measured(plots, grid, band, counted_as(plan.weights, why), known, load=load, kinds=kinds)
    named = {place: before.codes[number] for place, number in enumerate(used[:kept])}
    code = grid_codes(grids, place_codes(session, plan.place_id), plan.place_id, named, before.codes)
    ids = np.append(
        np.array(before.ids, np.int64)[used[:kept]], new_ids(session, "grid", len(used) - kept)
    ).astype(np.int64)

    known_before = attributes_of(session, plan.id)
    micro = session.scalar(select(func.count()).where(MicroGrid.plan_id == plan.id)) or 0
    session.execute(delete(MicroGrid).where(MicroGrid.plan_id == plan.id))  # of ground that is no more
    session.execute(delete(GridPlot).where(GridPlot.plan_id == plan.id))
    empty = [id_ for id_ in before.ids if id_ not in {*ids.tolist()}]
    session.execute(delete(Grid).where(Grid.id.in_(empty)))
    base = plan.version
    plan.tessellation_id, plan.version = plots.tessellation_id, base + 1
    session.flush()
    rows = list(
        zip(ids.tolist(), grids.community.tolist(), code, grid_values(plots, grids, code), strict=True)
    )
    left = [(id_, community, own, *values) for id_, community, own, values in rows[:kept]]
    update_rows(session, "grid", ["id", "community_id", "code", *GRID_VALUES], left)
    columns = ["id", "plan_id", "community_id", "code", *GRID_VALUES]
    fresh = [(id_, plan.id, community, own, *values) for id_, community, own, values in rows[kept:]]
    insert_rows(session, "grid", columns, fresh)
    write_grid_plots(session, plan.id, plots, ids[grid])
    moves = _moves(before, plots, ids[grid])
    changes = changes_between(known_before, attributes_of(session, plan.id))
    session.add(
        Edit(
            plan_id=plan.id,
            version=base + 1,
            base_version=base,
            kind="import",
            moves=moves,
            grids=changes,
            parameters={MOVED_GROUND: [former.tessellation_id, plots.tessellation_id]},
            tessellation_id=plots.tessellation_id,
            made_by=actor_id,
        )
    )
    session.flush()
    tell(session, plan.id)
    after = dict(zip(ids.tolist(), grids.figures["households"].tolist(), strict=True))
    told = _told(before, moves, dict(zip(ids.tolist(), code, strict=True)), after)
    lapsed = lapse(session, plan.id, actor_id)
    return MovedDraft(plan.id, plan.name, int((former.numbers_of(plots.ids) < 0).sum()), told, micro, lapsed)


def placed(before: StoredPlan, plots: StoredPlots, band: Band) -> IntArray:
    """The grid of each plot of the new version; numbers from `len(before.codes)` on are new grids.

    A plot that was there keeps its grid. A new one gets that of most of the ground it lies on, else the
    neighbour's with the longest line. A part that was torn off its grid goes to such a neighbour too, or,
    with half of what a grid needs at least, stands as a grid of its own. No grid reaches over a wall
    or across communities.
    """
    label = _by_ground(before, plots)
    _join_neighbours(label, plots)
    following = _parted_at_communities(label, len(before.codes), plots)
    return in_one_piece(label, following, plots, band)


def in_one_piece(label: IntArray, following: int, plots: StoredPlots, band: Band) -> IntArray:
    """The grid of each plot when every grid is one piece within its community; -1 comes in, never goes out.

    Plots without a grid join the neighbour with the longest line. A part torn off its grid goes to such a
    neighbour too, or, with half of what a grid needs at least, stands as a grid of its own.
    following: the next unused number; new grids have those from it on.
    """
    label = label.copy()
    _join_neighbours(label, plots)
    edges, table = plots.table.edges, plots.table
    piece = piece_of(edges, np.where(label >= 0, label, following))
    torn: BoolArray = np.zeros(len(label), bool)
    for number in np.unique(label[label >= 0]):
        members = np.flatnonzero(label == number)
        pieces = np.unique(piece[members])
        if len(pieces) > 1:
            parts = {int(own): members[piece[members] == own] for own in pieces}
            load = [
                (table.households[part].sum(), table.area[part].sum(), -own) for own, part in parts.items()
            ]
            torn[members[piece[members] != -max(load)[2]]] = True
    for own in np.unique(piece[torn]):
        members = np.flatnonzero(torn & (piece == own))
        large = 2 * table.households[members].sum() >= band.least
        label[members] = following if large else -1
        following += int(large)
    _join_neighbours(label, plots)
    alone = label < 0  # no neighbour this side of a wall
    open_ = alone[edges.i] & alone[edges.j] & ~edges.wall
    open_ &= plots.community[edges.i] == plots.community[edges.j]
    part = joined(len(label), edges.i[open_], edges.j[open_])
    label[alone] = following + np.unique(part[alone], return_inverse=True)[1]
    return label


def _by_ground(before: StoredPlan, plots: StoredPlots) -> IntArray:
    """The former grid of each plot, by id or else by the most ground; -1 where it lies on none."""
    former = before.plots
    where = former.numbers_of(plots.ids)
    label = np.where(where >= 0, before.grid[where], -1).astype(np.int64)
    fresh = np.flatnonzero(where < 0)
    number, old = shapely.STRtree(former.polygons).query(plots.polygons[fresh], predicate="intersects")
    ground = shapely.area(shapely.intersection(plots.polygons[fresh[number]], former.polygons[old]))
    pairs, pair = np.unique(np.stack([number, before.grid[old]]), axis=1, return_inverse=True)
    shared = np.bincount(pair.ravel(), ground, pairs.shape[1])
    for at in np.lexsort((-pairs[1], shared)):  # the most ground comes last and stays
        if shared[at] > 0:
            label[fresh[pairs[0, at]]] = pairs[1, at]
    return label


def _parted_at_communities(label: IntArray, following: int, plots: StoredPlots) -> int:
    """A grid whose ground lies in several communities now keeps to the one with most of its households.

    following: the next unused number. Returns the one after those given out here.
    """
    for number in np.unique(label[label >= 0]):
        members = np.flatnonzero(label == number)
        places = np.unique(plots.community[members])
        load = {
            int(place): (
                plots.table.households[members[plots.community[members] == place]].sum(),
                -int(place),
            )
            for place in places
        }
        for place in sorted(load, key=lambda place: load[place], reverse=True)[1:]:
            label[members[plots.community[members] == place]] = following
            following += 1
    return following


def _join_neighbours(label: IntArray, plots: StoredPlots) -> None:
    """Plots without a grid get that of the neighbour with the longest line, from the rim inwards."""
    edges = plots.table.edges
    open_ = ~edges.wall & (plots.community[edges.i] == plots.community[edges.j])
    while True:
        gains: dict[int, Counter[int]] = {}
        for own, other in ((edges.i, edges.j), (edges.j, edges.i)):
            for k in np.flatnonzero(open_ & (label[own] < 0) & (label[other] >= 0)):
                gains.setdefault(int(own[k]), Counter())[int(label[other[k]])] += edges.metres[k]
        if not gains:
            return
        for plot, metres in gains.items():
            label[plot] = min(metres, key=lambda number: (-metres[number], number))


def _moves(before: StoredPlan, plots: StoredPlots, grid_id: IntArray) -> dict[str, list[int | None]]:
    """{plot: [from, to]}: grids by id, None where the plot or its grid is not there."""
    was = {
        plot: before.ids[number]
        for plot, number in zip(before.plots.ids.tolist(), before.grid.tolist(), strict=True)
    }
    now = dict(zip(plots.ids.tolist(), grid_id.tolist(), strict=True))
    changed = [plot for plot in sorted({*was, *now}) if was.get(plot) != now.get(plot)]
    return {str(plot): [was.get(plot), now.get(plot)] for plot in changed}


def _told(
    before: StoredPlan,
    moves: Mapping[str, list[int | None]],
    code: Mapping[int, str],
    after: Mapping[int, int],
) -> list[dict[str, Any]]:
    """The grids that changed, by code."""
    counted = np.bincount(before.grid, before.plots.table.households, len(before.ids)).astype(int)
    households = dict(zip(before.ids, counted.tolist(), strict=True))
    names = {**dict(zip(before.ids, before.codes, strict=True)), **code}
    plots = Counter(grid for pair in moves.values() for grid in pair if grid is not None)
    rows = [
        {"code": names[id_], "households": [households.get(id_), after.get(id_)], "plots": plots[id_]}
        for id_ in names
        if plots[id_] or households.get(id_) != after.get(id_)
    ]
    return sorted(rows, key=lambda row: str(row["code"]))
