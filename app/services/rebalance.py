"""Re-balancing a stored plan: read it on today's ground, find proposals, make one of them a draft.

A plan that was made for an earlier version of its place's plots is carried over to the newest one first, as
drafts are. Grids keep their codes by number; a new one takes the next number that was never used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.plots import Band, IntArray, PlotTable
from app.geo.rebalance import Locked, Proposal, proposals
from app.geo.split import reasons
from app.geo.split.steering import walls_between
from app.models import Edit, Job, Place, Plan
from app.models.plans import SPECIAL_KINDS
from app.services import locks
from app.services.bulk import shapes_of
from app.services.drafts import placed
from app.services.kept_wishes import as_one, handed_on, moving_as_one, seeded, walled, wishes_of
from app.services.locks import compound_of
from app.services.micro_grids import write_micro_grids
from app.services.new_drafts import free_slot, new_draft
from app.services.plan_rows import Grids, grid_codes, measured, place_codes, read_known, write_grids
from app.services.plot_tables import StoredPlots, newest_of_plan, read_plots
from app.services.publishing import read_plan
from app.services.wishes import NO_LOCKS, Asked, lines_of, micro_of

CHANGES = {"mend": 0, "one_more": 1, "one_fewer": -1, "opens": 0}
MOST_PROPOSALS = 5


@dataclass(frozen=True)
class Present:
    """A plan as it is on today's ground.

    table: of the plots, with households of today or of a day to come; no line between communities can be
    crossed. grid: of each plot, 0 … k-1. codes, ids, kinds, names: of each grid; no code and no id where
    carrying over made it.
    added: households that `table` has more than stand there today. asked: what the plan was steered by; no
    line of a class never to be crossed can be. group: of each plot, what moves as one; None where all may
    move alone.
    """

    plan_id: int
    version: int
    plots: StoredPlots
    table: PlotTable
    grid: IntArray
    codes: list[str | None]
    ids: list[int | None]
    kinds: list[str]
    names: list[str | None]
    band: Band
    locked: Locked
    added: int
    asked: Asked
    group: IntArray | None


def read_present(
    session: Session, plan_id: int, opens: Mapping[int, int] | None = None, *, locked: bool = True
) -> Present:
    """Read a plan that is in force or a draft.

    opens: households that buildings, by id, will have. locked: keep what is locked as it is.
    Refused with `plan_unknown`, `plan_is_retired`, `plan_by_formula` and `building_not_here`.
    """
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    if plan.state == "retired":
        raise Refusal("plan_is_retired", plan=plan.name)
    if plan.weights is not None:
        raise Refusal("plan_by_formula", plan=plan.name)
    newest = newest_of_plan(session, plan.id)
    before, band = read_plan(session, plan_id), Band(plan.target, plan.least, plan.most)
    asked = wishes_of(session, plan_id)
    plots, label = before.plots, before.grid
    if newest != plan.tessellation_id:
        plots = read_plots(session, newest)
        label = placed(before, walled(plots, asked), band)
    used, grid = np.unique(label, return_inverse=True)
    known = [int(number) if number < len(before.codes) else None for number in used]
    codes = [None if number is None else before.codes[number] for number in known]
    kinds = ["residential" if number is None else before.kinds[number] for number in known]
    names = {row.id: row.name for row in session.execute(_NAMES, {"plan": plan_id})}
    grid = grid.astype(np.int64)
    added = _added(session, plots, opens or {})
    table = _closed(plots, grid, asked, added)
    compound = compound_of(session, plan.place_id, plots) if asked.compounds == "whole" else None
    return Present(
        plan.id,
        plan.version,
        plots,
        table,
        grid,
        codes,
        [None if number is None else before.ids[number] for number in known],
        kinds,
        [None if number is None else names[before.ids[number]] for number in known],
        band,
        _locked(session, plan, plots, codes, kinds, asked, locked),
        int(added.sum()),
        asked,
        moving_as_one(table, grid, compound, band.most),
    )


def _closed(plots: StoredPlots, grid: IntArray, asked: Asked, added: IntArray) -> PlotTable:
    """The plots with some households more, and with walls where no grid may reach across."""
    edges = walls_between(plots.table.edges, lines_of(asked), grid)
    apart = plots.community[edges.i] != plots.community[edges.j]
    return replace(
        plots.table, households=plots.table.households + added, edges=replace(edges, wall=edges.wall | apart)
    )


def _locked(
    session: Session,
    plan: Plan,
    plots: StoredPlots,
    codes: Sequence[str | None],
    kinds: Sequence[str],
    asked: Asked,
    keep: bool,
) -> Locked:
    """What may not move: special grids, plots of seeds, and, where that is to be kept, what is locked in the
    plan and the grids that the split left alone."""
    held = locks.for_split(session, plan.place_id, plots) if keep else NO_LOCKS
    alone = {*locks.of_plan(session, plan.id), *asked.locks} if keep else set()
    special = np.array([kind in SPECIAL_KINDS for kind in kinds], np.bool_)
    named = np.array([code in alone for code in codes], np.bool_)
    fixed = seeded(plots, asked)
    fixed[held.plots[held.plots >= 0]] = True
    return Locked(fixed, special | named, special)


_NAMES = text("SELECT id, name FROM grid WHERE plan_id = :plan")


def _added(session: Session, plots: StoredPlots, opens: Mapping[int, int]) -> IntArray:
    """How many households each plot will have more (or, below 0, fewer) than today."""
    added = np.zeros(len(plots), np.int64)
    if not opens:
        return added
    rows = session.execute(_BUILDINGS, {"ids": list(opens)}).all()
    points = shapes_of(row.position for row in rows)
    point, plot = shapely.STRtree(plots.polygons).query(points, predicate="intersects")
    where = dict(zip(point[::-1].tolist(), plot[::-1].tolist(), strict=True))
    found = {row.id: where[number] for number, row in enumerate(rows) if number in where}
    if missing := sorted(set(opens) - set(found)):
        raise Refusal("building_not_here", building=missing[0], count=len(missing))
    doors: dict[int, list[Any]] = {}
    for door in session.execute(_DOORS, {"ids": list(opens), "version": plots.tessellation_id}):
        doors.setdefault(door.building_id, []).append(door)
    for row in rows:
        behind = doors.get(row.id)
        if behind is None:
            added[found[row.id]] += opens[row.id] - row.households
            continue
        before = np.array([door.households for door in behind], np.int64)
        plot = plots.numbers_of(np.array([door.plot_id for door in behind], np.int64))
        np.add.at(added, plot, shared_alike(opens[row.id], before) - before)
    return np.maximum(added, -plots.table.households)


_BUILDINGS = text("""
    SELECT id, households, ST_AsBinary(position) AS position FROM building
    WHERE id = ANY(CAST(:ids AS bigint[])) AND retired_at IS NULL ORDER BY id
""")


_DOORS = text("""
    SELECT building_id, plot_id, households FROM plot_entrance
    WHERE tessellation_id = :version AND building_id = ANY(CAST(:ids AS bigint[]))
    ORDER BY building_id, code
""")


def shared_alike(total: int, before: IntArray) -> IntArray:
    """A number shared out as others were, to the last one; evenly where those are all 0.

    >>> shared_alike(10, np.array([1, 1, 2])).tolist()
    [3, 2, 5]
    """
    weight = before if before.sum() else np.ones_like(before)
    reached = np.cumsum(weight) * total * 2 // weight.sum() + 1  # rounded at each step, so nothing is lost
    shares: IntArray = np.diff(reached // 2, prepend=0)
    return shares


def buildings_called(session: Session, code: str, named: Mapping[str, int]) -> dict[int, int]:
    """Households by id of a building, from those by code; refused with `building_not_here`."""
    rows = session.execute(_CALLED, {"place": code, "codes": list(named)}).all()
    if missing := sorted(set(named) - {row.code for row in rows}):
        raise Refusal("building_not_here", building=missing[0], count=len(missing))
    return {row.id: named[row.code] for row in rows}


_CALLED = text("""
    SELECT building.id, building.code FROM building
    JOIN place AS own ON own.id = building.place_id JOIN place ON place.code = :place
    WHERE (own.path @> place.path OR own.path <@ place.path) AND building.retired_at IS NULL
        AND building.code = ANY(CAST(:codes AS text[]))
    ORDER BY building.id
""")


def propose(present: Present, want: str, seed: int) -> list[Proposal]:
    """Plans that could follow, those that disturb the fewest households first; none where all is well.

    want: of `CHANGES`. An estate that opens gets proposals with as many grids more as it fills, and without.
    Refused with `no_grid_to_change` where no grid can be added or given up.
    """
    rng = np.random.default_rng(seed)
    changes = [CHANGES[want]]
    if want == "opens" and (more := round(present.added / present.band.target)) > 0:
        changes.append(more)
    found = [one for change in changes for one in _proposals(present, rng, change) if len(one.moved)]
    if not found and CHANGES[want]:
        raise Refusal("no_grid_to_change", want=want)
    ranked = sorted(found, key=lambda one: (one.households_moved, len(one.affected), len(one.moved)))
    best = max(found, key=lambda one: one.in_band_after, default=None)
    if best is not None and all(one is not best for one in ranked[:MOST_PROPOSALS]):
        return [*ranked[: MOST_PROPOSALS - 1], best]
    return ranked[:MOST_PROPOSALS]


def _proposals(present: Present, rng: np.random.Generator, change: int) -> list[Proposal]:
    """Of `app.geo.rebalance`, with what moves as one moved so; the bound counts such a group as a plot."""
    table, grid, locked, group = present.table, present.grid, present.locked, present.group
    if group is not None:
        table, grid, locked = as_one(table, grid, locked, group)
    lines = lines_of(present.asked)
    found = proposals(table, grid, present.band, rng, locked=locked, change=change, lines=lines)
    if group is None:
        return found
    return [
        replace(one, grid=one.grid[group], moved=np.flatnonzero(np.isin(group, one.moved))) for one in found
    ]


def told(present: Present, found: list[Proposal]) -> list[dict[str, Any]]:
    """Proposals as a job's result holds them; plots by id, grids by code and number, new ones by `new` 0 …"""
    return [{"number": number, **_told(present, one)} for number, one in enumerate(found, start=1)]


def _told(present: Present, one: Proposal) -> dict[str, Any]:
    points = shapely.get_coordinates(shapely.point_on_surface(present.plots.polygons[one.moved]))
    k = len(present.codes)
    named = [*present.codes, *[None] * (int(one.grid.max()) + 1 - k)]
    moves = [
        {
            "plot": int(present.plots.ids[plot]),
            "lon": round(float(lon), 7),
            "lat": round(float(lat), 7),
            "households": int(present.table.households[plot]),
            "buildings": int(present.plots.buildings[plot]),
            "from": named[present.grid[plot]],
            "to": named[one.grid[plot]],
            "number": int(one.grid[plot]),
            "new": int(one.grid[plot]) - k if one.grid[plot] >= k else None,
        }
        for plot, (lon, lat) in zip(one.moved.tolist(), points, strict=True)
    ]
    return {
        "households_moved": one.households_moved,
        "people_moved": one.people_moved,
        "buildings_moved": int(present.plots.buildings[one.moved].sum()),
        "plots_moved": len(moves),
        "coordinators_affected": len(one.affected),
        "grids": len(np.unique(one.grid)),
        "grids_changed": sorted(code for number in one.affected if (code := named[number]) is not None),
        "in_band_before": round(one.in_band_before, 6),
        "in_band_after": round(one.in_band_after, 6),
        "lower_bound": one.bound.households,
        "lower_bound_plots": one.bound.plots,
        "moves": moves,
    }


def ask_rebalance(
    session: Session,
    plan_id: int,
    asked_by: int | None,
    *,
    want: str,
    seed: int,
    locked: bool = True,
    buildings: Mapping[str, int] | None = None,
) -> Job:
    """Ask for proposals; refused with `plan_is_retired` and, where nothing opens, `estate_empty`."""
    from app.services import jobs

    plan = session.get(Plan, plan_id)
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    if plan.state == "retired":
        raise Refusal("plan_is_retired", plan=plan.name)
    if want == "opens" and not buildings:
        raise Refusal("estate_empty")
    wish = {"plan": plan_id, "version": plan.version, "want": want, "seed": seed, "locked": locked}
    if want == "opens":
        wish["buildings"] = dict(buildings or {})
    place = session.get_one(Place, plan.place_id)
    return jobs.ask(session, "rebalance", asked_by=asked_by, place=place, parameters=wish)[0]


def result_of(present: Present, want: str, seed: int) -> dict[str, Any]:
    """What a job of the kind `rebalance` ends with."""
    return {
        "plan": present.plan_id,
        "version": present.version,
        "tessellation": present.plots.tessellation_id,
        "want": want,
        "least": present.band.least,
        "most": present.band.most,
        "proposals": told(present, propose(present, want, seed)),
    }


def accept(session: Session, plan_id: int, job_id: int, number: int, actor_id: int | None = None) -> int:
    """Make a proposal of a job a new draft; answers its id.

    Refused with `proposal_unknown`, and where the plan or its plots are not what they were when it was made
    with `plan_changed` and `plots_changed`.
    """
    job = session.get(Job, job_id)
    if job is None or job.kind != "rebalance" or (job.result or {}).get("plan") != plan_id:
        raise Refusal("proposal_unknown", proposal=number)
    chosen = {one["number"]: one for one in (job.result or {})["proposals"]}.get(number)
    if chosen is None:
        raise Refusal("proposal_unknown", proposal=number)
    return write_draft(session, plan_id, job.result or {}, chosen, dict(job.parameters), actor_id)


def write_draft(
    session: Session,
    plan_id: int,
    result: Mapping[str, Any],
    chosen: Mapping[str, Any],
    parameters: Mapping[str, Any],
    actor_id: int | None = None,
) -> int:
    """Write a proposal (`chosen`) out of a result as a draft with one edit of the kind `rebalance`.

    Refused as `accept` says. All that takes time is done before the place is locked.
    """
    present = read_present(session, plan_id)
    plan = session.get_one(Plan, plan_id)
    place = session.get_one(Place, plan.place_id)
    if present.version != result["version"]:
        raise Refusal("plan_changed", plan=plan_id, yours=result["version"], current=present.version)
    if present.plots.tessellation_id != result["tessellation"]:
        raise Refusal("plots_changed", place=f"{place.name} ({place.code})")
    ready = _ready(session, present, chosen, int(parameters["seed"]))
    session.scalars(select(Place).where(Place.id == place.id).with_for_update(key_share=True)).one()
    session.refresh(plan)
    _check_same(present, plan, newest_of_plan(session, plan.id), place)
    return _write(session, plan, ready, {**parameters, "proposal": chosen["number"]}, actor_id)


@dataclass(frozen=True)
class Ready:
    """A proposal with all that takes time worked out. used: number in `present` of each of its grids.

    micro: number of each plot's micro-grid in all, -1 for none; None where the plan has none.
    """

    present: Present
    used: IntArray
    grid: IntArray
    grids: Grids
    moves: list[tuple[dict[str, Any], int]]
    micro: IntArray | None


def _ready(session: Session, present: Present, chosen: Mapping[str, Any], seed: int) -> Ready:
    """Work out what a proposal comes to; nothing is locked meanwhile.

    Micro-grids are made anew as the split was asked to make them, for grids that changed have others.
    """
    moves = _plots_of(present, chosen["moves"])
    moved = present.grid.copy()
    for move, plot in moves:
        moved[plot] = move["number"]  # of the same plan on the same plots
    used, grid = np.unique(moved, return_inverse=True)
    grid, plots = grid.astype(np.int64), present.plots
    kinds = [present.kinds[old] if old < len(present.kinds) else "residential" for old in used.tolist()]
    names = [present.names[old] if old < len(present.names) else None for old in used.tolist()]
    special = np.array([kind in SPECIAL_KINDS for kind in kinds], np.bool_)
    found = reasons(present.table, grid, present.band)  # with the walls it was held to
    why = {number: reason for number, reason in found.items() if not special[number]}
    grids = measured(plots, grid, present.band, why, read_known(session, plots), kinds=kinds, names=names)
    micro = None
    if present.asked.micro is not None:
        micro = micro_of(plots.table, grid, present.asked, special, np.random.default_rng(seed))
    return Ready(present, used, grid, grids, moves, micro)


def _check_same(present: Present, plan: Plan, tessellation_id: int, place: Place) -> None:
    """Refuse with `plan_is_retired`, `plan_changed` or `plots_changed` what was changed since it was read."""
    if plan.state == "retired":
        raise Refusal("plan_is_retired", plan=plan.name)
    if plan.version != present.version:
        raise Refusal("plan_changed", plan=plan.id, yours=present.version, current=plan.version)
    if tessellation_id != present.plots.tessellation_id:
        raise Refusal("plots_changed", place=f"{place.name} ({place.code})")


def _write(
    session: Session, plan: Plan, ready: Ready, parameters: dict[str, Any], actor_id: int | None
) -> int:
    """The draft, its grids and plots, its micro-grids and its one edit; the place is locked."""
    present, plots, used = ready.present, ready.present.plots, ready.used
    kept = {
        at: code
        for at, old in enumerate(used.tolist())
        if old < len(present.codes) and (code := present.codes[old]) is not None
    }
    taken = {*session.scalars(_TAKEN, {"place": plan.place_id, "plan": plan.id})}
    codes = grid_codes(ready.grids, place_codes(session, plan.place_id), plan.place_id, kept, taken)
    draft = new_draft(
        session,
        plan.place_id,
        plots.tessellation_id,
        present.band,
        actor_id,
        slot=free_slot(session, plan.place_id),
        weights=None,  # plans by a formula are not re-balanced
    )
    ids = write_grids(session, draft.id, plots, ready.grid, ready.grids, codes)
    if plan.state == "draft":
        locks.carry(session, plan.id, draft.id)
    if ready.micro is not None:
        write_micro_grids(session, draft.id, plots, ids[ready.grid], ready.micro)
    moves = {
        str(move["plot"]): [present.ids[int(present.grid[plot])], int(ids[ready.grid[plot]])]
        for move, plot in ready.moves
    }
    session.add(
        Edit(
            plan_id=draft.id,
            version=1,
            base_version=0,
            kind="rebalance",
            moves=moves,
            parameters={**parameters, **handed_on(present.asked)},
            made_by=actor_id,
        )
    )
    session.flush()
    return draft.id


_TAKEN = text("""
    SELECT DISTINCT grid.code FROM grid JOIN plan ON plan.id = grid.plan_id
    WHERE plan.id = :plan OR (plan.place_id = :place AND plan.published_at IS NOT NULL)
""")


def _plots_of(present: Present, moves: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    where = present.plots.numbers_of(np.array([move["plot"] for move in moves], np.int64))
    return list(zip(moves, where.tolist(), strict=True))
