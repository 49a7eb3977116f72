"""Splitting a stored place into grids: read in one transaction, divide in none, write in another.

A plan belongs to the place that was imported, for that is where its plots are: a community imported
with its district is divided with the district, and no grid crosses its outline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.plots import Band, IntArray
from app.geo.split import Told, split
from app.models import Edit, Place
from app.services import entrances, locks
from app.services.bulk import shapes_of
from app.services.kinds import SPECIAL_KINDS
from app.services.micro_grids import write_micro_grids
from app.services.naming import counted_as
from app.services.new_drafts import new_draft
from app.services.plan_rows import (
    OUT_OF_BAND,
    Grids,
    Known,
    grid_codes,
    measured,
    place_codes,
    read_known,
    write_grids,
)
from app.services.plot_tables import Progress, StoredPlots, current, nothing_told, read_plots
from app.services.review import refuse_submitted_slot
from app.services.wishes import (
    NO_LOCKS,
    NOTHING,
    Asked,
    Former,
    Ground,
    Locks,
    former_of,
    micro_of,
    resolved,
)

Transactions = Callable[[], AbstractContextManager[Session]]
DIVIDING_SHARE = 0.9  # of the time; the rest is measuring and writing


@dataclass(frozen=True)
class Prepared:
    """All that dividing a place needs to know.

    code_of: code by `place.id`. former: the grids of the plan in force, whose codes are kept by overlap.
    former_of: which of them each plot lies in, -1 for none. used_codes: every code that was ever in force.
    locks: what the place has locked. compound: number of each plot's compound, where compounds matter.
    plain_id: the version of plots with all buildings whole; `plots` are it, but for those in `by_entrance`.
    told: what shows before anything is divided.
    """

    place_id: int
    plots: StoredPlots
    known: Known
    code_of: Mapping[int, str]
    former: Former
    former_of: IntArray
    former_plan: int | None
    used_codes: frozenset[str]
    asked: Asked = NOTHING
    locks: Locks = NO_LOCKS
    compound: IntArray | None = None
    plain_id: int | None = None
    by_entrance: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Divided:
    """A division, ready to be written. band: as it was held to. micro: number of each plot's micro-grid in
    all, -1 for none; None where none were asked for."""

    grid: IntArray
    grids: Grids
    codes: list[str]
    band: Band
    seed: int
    told: tuple[Told, ...] = ()
    micro: IntArray | None = None


def split_place(
    transactions: Transactions,
    place_code: str,
    band: Band,
    seed: int = 1,
    *,
    workers: int = 1,
    progress: Progress = nothing_told,
    cancelled: Callable[[], bool] = lambda: False,
    actor_id: int | None = None,
    name: str | None = None,
    asked: Asked = NOTHING,
) -> int:
    """Divide a place into grids of about equal households; answers the id of the new draft.

    asked: what is wished besides; `band` gives way to a number of coordinators there.

    transactions: opens one, as `partial(transaction, engine)`; none is open while dividing.
    progress: told shares 0–1. cancelled: asked each time, and where it says yes nothing is written.
    Same plots and seed, same grids, whatever `workers`. Refused with `place_unknown`, `place_without_plots`,
    `split_at_other_place`, `split_cancelled`, `plots_changed` and `locked_grid_divided`, and as
    `wishes.resolved` and `steering.steered` say.
    """

    def tell(share: float) -> None:
        if cancelled():
            raise Refusal("split_cancelled", place=place_code)
        progress(share)

    with transactions() as session:
        prepared = prepare(session, place_code, asked)
    divided = divide(prepared, band, seed, workers=workers, progress=tell)
    with transactions() as session:
        plan_id = write(session, prepared, divided, actor_id=actor_id, name=name)
        tell(1.0)
    return plan_id


def prepare(session: Session, place_code: str, asked: Asked = NOTHING) -> Prepared:
    """Read what dividing a place needs.

    Buildings that grids left alone have a part of are divided by entrance, whether that was asked for or not.
    """
    place = session.scalars(select(Place).where(Place.code == place_code)).first()
    if place is None:
        raise Refusal("place_unknown", place=place_code)
    newest = current(session, place.id)
    if newest is None:
        raise _no_plots(session, place)
    kept = entrances.kept_divided(
        session, place.id, locked=asked.locked, named=asked.locks, special=asked.keep_special
    )
    version = entrances.version_of_marks(
        session, newest.id, marks=asked.entrances, keep_locked=asked.locked, kept=kept
    )
    plots = read_plots(session, version.tessellation_id)
    former = session.execute(_FORMER, {"place": place.id}).all()
    used = session.scalars(_USED, {"place": place.id})
    grids = Former(
        [row.code for row in former],
        [row.kind for row in former],
        [row.name for row in former],
        shapes_of(row.outline for row in former),
    )
    return Prepared(
        place.id,
        plots,
        read_known(session, plots),
        place_codes(session, place.id),
        grids,
        former_of(plots.polygons, grids),
        former[0].plan_id if former else None,
        frozenset(used),
        asked,
        locks.for_split(session, place.id, plots) if asked.locked else NO_LOCKS,
        locks.compound_of(session, place.id, plots) if asked.compounds == "whole" else None,
        newest.id,
        version.divided,
        _told_of(version) if asked.entrances else (),
    )


def _told_of(version: entrances.Version) -> tuple[Told, ...]:
    """That no building is marked, or how many marked ones had to stay whole."""
    if not version.divided and not version.whole:
        return (Told("entrances_unmarked", {}),)
    return (Told("entrances_whole", {"count": version.whole}),) if version.whole else ()


_FORMER = text("""
    SELECT grid.code, grid.kind, grid.name, grid.plan_id, ST_AsBinary(grid.outline) AS outline
    FROM grid JOIN plan ON plan.id = grid.plan_id
    WHERE plan.place_id = :place AND plan.state = 'published' ORDER BY grid.code
""")
_USED = text("""
    SELECT DISTINCT grid.code FROM grid JOIN plan ON plan.id = grid.plan_id
    WHERE plan.place_id = :place AND plan.published_at IS NOT NULL
""")


def _no_plots(session: Session, place: Place) -> Refusal:
    """Why a place cannot be divided: its plots are with another one, or there are none yet."""
    other = session.execute(
        text("""
            SELECT place.code, place.name FROM tessellation JOIN place ON place.id = tessellation.place_id
            WHERE place.path @> CAST(:path AS ltree) OR place.path <@ CAST(:path AS ltree)
            ORDER BY nlevel(place.path) LIMIT 1
        """),
        {"path": place.path},
    ).first()
    called = f"{place.name} ({place.code})"
    if other is None:
        return Refusal("place_without_plots", place=called)
    return Refusal("split_at_other_place", place=called, other=f"{other.name} ({other.code})")


def divide(
    prepared: Prepared, band: Band | None, seed: int, *, workers: int = 1, progress: Progress = nothing_told
) -> Divided:
    """Divide the plots; no database needed. band: None where a number of coordinators was asked for."""
    plots, asked = prepared.plots, prepared.asked
    found = resolved(
        asked,
        Ground(
            plots.table,
            plots.buildings,
            plots.metres,
            plots.crs,
            plots.community,
            prepared.former,
            prepared.former_of,
            prepared.locks,
            prepared.compound,
        ),
        band,
    )
    rng = np.random.default_rng(seed)
    division = split(
        plots.table,
        found.band,
        rng,
        workers=workers,
        progress=lambda share: progress(DIVIDING_SHARE * share),
        wishes=found.wishes,
    )
    kinds, names = found.kinds(division.grid)
    micro = None
    if asked.micro is not None:
        whole = np.array([kind in SPECIAL_KINDS for kind in kinds], np.bool_)
        micro = micro_of(plots.table, division.grid, asked, whole, rng)
    reasons = counted_as(asked.weights, division.reasons)
    grids = measured(
        plots,
        division.grid,
        found.band,
        reasons,
        prepared.known,
        load=found.load,
        kinds=kinds,
        names=names,
    )
    progress(DIVIDING_SHARE + 0.03)
    kept = kept_codes(prepared, division.grid, found.codes(division.grid)) if prepared.former.codes else None
    named = grid_codes(grids, prepared.code_of, prepared.place_id, kept, prepared.used_codes)
    return Divided(division.grid, grids, named, found.band, seed, (*prepared.told, *division.told), micro)


def kept_codes(prepared: Prepared, grid: IntArray, bound: Mapping[int, str]) -> dict[int, str]:
    """Each former code goes to the grid that keeps most of its households, then of its ground.

    bound: codes by number of the grids that must have them.
    """
    plots, codes = prepared.plots, prepared.former.codes
    plot = np.flatnonzero(prepared.former_of >= 0)
    former = prepared.former_of[plot]
    weight = plots.table.households[plot] + plots.table.area[plot] / (plots.table.area.sum() + 1.0)
    pairs, place = np.unique(np.stack([grid[plot], former]), axis=1, return_inverse=True)
    shared = np.bincount(place.ravel(), weight, pairs.shape[1])
    kept = dict(bound)
    given = {*bound.values()}
    for pair in np.lexsort((pairs[1], pairs[0], -shared)):
        number, code = int(pairs[0, pair]), codes[int(pairs[1, pair])]
        if number not in kept and code not in given:
            kept[number] = code
            given.add(code)
    return kept


def write(
    session: Session,
    prepared: Prepared,
    divided: Divided,
    *,
    actor_id: int | None = None,
    name: str | None = None,
) -> int:
    """Write a division as a draft; refused with `plots_changed` where the place was imported meanwhile.

    A former draft in the same slot is retired.
    """
    asked, band = prepared.asked, divided.band
    place = session.scalars(
        select(Place).where(Place.id == prepared.place_id).with_for_update(key_share=True)
    ).one()
    newest = current(session, place.id)
    if newest is None or newest.id != prepared.plain_id:
        raise Refusal("plots_changed", place=f"{place.name} ({place.code})")
    if asked.slot is not None:
        refuse_submitted_slot(session, place.id, asked.slot)
        session.execute(_CLEAR_SLOT, {"place": place.id, "slot": asked.slot})
    plan = new_draft(
        session,
        place.id,
        prepared.plots.tessellation_id,
        band,
        actor_id,
        slot=asked.slot,
        weights=asked.weights,
        name=name,
    )
    ids = write_grids(session, plan.id, prepared.plots, divided.grid, divided.grids, divided.codes)
    if divided.micro is not None:
        write_micro_grids(session, plan.id, prepared.plots, ids[divided.grid], divided.micro)
    session.add(
        Edit(
            plan_id=plan.id,
            version=1,
            base_version=0,
            kind="split",
            moves={},
            parameters=parameters_of(prepared, divided),
            made_by=actor_id,
        )
    )
    session.flush()
    return plan.id


_CLEAR_SLOT = text("""
    UPDATE plan SET state = 'retired', retired_at = clock_timestamp()
    WHERE place_id = :place AND slot = :slot AND state = 'draft'
""")


def parameters_of(prepared: Prepared, divided: Divided) -> dict[str, Any]:
    """All that the division hung on besides its plots, so that it can be made again; and what it was told.

    Locks are written out as they were, with the plan in force whose grids they name.
    """
    band = divided.band
    kept = {
        "target": band.target,
        "least": band.least,
        "most": band.most,
        "seed": divided.seed,
        **prepared.asked.kept(),
    }
    if prepared.locks.grids or prepared.locks.buildings:
        kept["locks_held"] = {
            "grids": list(prepared.locks.grids),
            "buildings": list(prepared.locks.buildings),
            "plan": prepared.former_plan,
        }
    if prepared.by_entrance:
        kept["divided_by_entrance"] = list(prepared.by_entrance)
    if divided.told:
        kept["told"] = [{"code": one.code, "facts": dict(one.facts)} for one in divided.told]
    return kept


def told_of(session: Session, plan_id: int) -> list[Told]:
    """What could not be had as it was wished when a plan was made."""
    made = select(Edit).where(Edit.plan_id == plan_id, Edit.kind == "split").order_by(Edit.version)
    edit = session.scalars(made.limit(1)).first()
    return [Told(**one) for one in (edit.parameters.get("told", ()) if edit else ())]


@dataclass(frozen=True)
class PlanSummary:
    """A plan in a line. explained: grids out of band whose reason is known."""

    place: str
    name: str
    grids: int
    in_band: int
    explained: int
    least: int
    most: int


def plan_summary(session: Session, plan_id: int) -> PlanSummary:
    """How many grids a plan has, and how many of them are as wanted."""
    row = session.execute(
        text(f"""
            SELECT place.name || ' (' || place.code || ')' AS place, plan.name, plan.least, plan.most,
                count(*) AS grids, count(grid.reason) AS explained,
                count(*) FILTER (WHERE NOT ({OUT_OF_BAND})) AS in_band
            FROM plan JOIN place ON place.id = plan.place_id JOIN grid ON grid.plan_id = plan.id
            WHERE plan.id = :plan GROUP BY plan.id, place.id
        """),  # noqa: S608 (constants)
        {"plan": plan_id},
    ).one()
    return PlanSummary(row.place, row.name, row.grids, row.in_band, row.explained, row.least, row.most)
