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
import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import Geometries
from app.geo.plots import Band, IntArray
from app.geo.split import split
from app.models import Edit, Place, Plan
from app.services.bulk import shapes_of
from app.services.plan_rows import (
    Grids,
    Known,
    grid_codes,
    measured,
    place_codes,
    read_known,
    write_grids,
)
from app.services.plot_tables import Progress, StoredPlots, current, nothing_told, read_plots

Transactions = Callable[[], AbstractContextManager[Session]]
DIVIDING_SHARE = 0.9  # of the time; the rest is measuring and writing


@dataclass(frozen=True)
class Prepared:
    """All that dividing a place needs to know.

    code_of: code by `place.id`. numbered: codes and outlines of the grids whose codes are kept by
    overlap, and every code that was ever in force.
    """

    place_id: int
    plots: StoredPlots
    known: Known
    code_of: Mapping[int, str]
    former_codes: list[str]
    former_outlines: Geometries
    used_codes: frozenset[str]


@dataclass(frozen=True)
class Divided:
    """A division, ready to be written."""

    grid: IntArray
    grids: Grids
    codes: list[str]


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
) -> int:
    """Divide a place into grids of about equal households; answers the id of the new draft.

    transactions: opens one, as `partial(transaction, engine)`; none is open while dividing.
    progress: told shares 0–1. cancelled: asked each time, and where it says yes nothing is written.
    Same plots and seed, same grids, whatever `workers`. Refused with `place_unknown`, `place_without_plots`,
    `split_at_other_place`, `split_cancelled` and `plots_changed`.
    """

    def tell(share: float) -> None:
        if cancelled():
            raise Refusal("split_cancelled", place=place_code)
        progress(share)

    with transactions() as session:
        prepared = prepare(session, place_code)
    divided = divide(prepared, band, seed, workers=workers, progress=tell)
    with transactions() as session:
        plan_id = write(session, prepared, divided, band, seed, actor_id=actor_id, name=name)
        tell(1.0)
    return plan_id


def prepare(session: Session, place_code: str) -> Prepared:
    """Read what dividing a place needs."""
    place = session.scalars(select(Place).where(Place.code == place_code)).first()
    if place is None:
        raise Refusal("place_unknown", place=place_code)
    newest = current(session, place.id)
    if newest is None:
        raise _no_plots(session, place)
    plots = read_plots(session, newest.id)
    former = session.execute(_FORMER, {"place": place.id}).all()
    used = session.scalars(_USED, {"place": place.id})
    return Prepared(
        place.id,
        plots,
        read_known(session, plots),
        place_codes(session, place.id),
        [row.code for row in former],
        shapes_of(row.outline for row in former),
        frozenset(used),
    )


_FORMER = text("""
    SELECT grid.code, ST_AsBinary(grid.outline) AS outline
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
    prepared: Prepared, band: Band, seed: int, *, workers: int = 1, progress: Progress = nothing_told
) -> Divided:
    """Divide the plots; no database needed."""
    plots = prepared.plots
    division = split(
        plots.table,
        band,
        np.random.default_rng(seed),
        workers=workers,
        progress=lambda share: progress(DIVIDING_SHARE * share),
    )
    grids = measured(plots, division.grid, band, division.reasons, prepared.known)
    progress(DIVIDING_SHARE + 0.03)
    kept = _kept_codes(prepared, division.grid) if prepared.former_codes else None
    named = grid_codes(grids, prepared.code_of, prepared.place_id, kept, prepared.used_codes)
    return Divided(division.grid, grids, named)


def _kept_codes(prepared: Prepared, grid: IntArray) -> dict[int, str]:
    """Each former code goes to the grid that keeps most of its households, then of its ground."""
    plots = prepared.plots
    points = shapely.point_on_surface(plots.polygons)
    plot, former = shapely.STRtree(prepared.former_outlines).query(points, predicate="within")
    weight = plots.table.households[plot] + plots.table.area[plot] / (plots.table.area.sum() + 1.0)
    pairs, place = np.unique(np.stack([grid[plot], former]), axis=1, return_inverse=True)
    shared = np.bincount(place.ravel(), weight, pairs.shape[1])
    kept: dict[int, str] = {}
    given: set[int] = set()
    for pair in np.lexsort((pairs[1], pairs[0], -shared)):
        number, old = int(pairs[0, pair]), int(pairs[1, pair])
        if number not in kept and old not in given:
            kept[number] = prepared.former_codes[old]
            given.add(old)
    return kept


def write(
    session: Session,
    prepared: Prepared,
    divided: Divided,
    band: Band,
    seed: int,
    *,
    actor_id: int | None = None,
    name: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> int:
    """Write a division as a draft; refused with `plots_changed` where the place was imported meanwhile."""
    place = session.scalars(
        select(Place).where(Place.id == prepared.place_id).with_for_update(key_share=True)
    ).one()
    newest = current(session, place.id)
    if newest is None or newest.id != prepared.plots.tessellation_id:
        raise Refusal("plots_changed", place=f"{place.name} ({place.code})")
    before = session.scalar(select(func.count()).select_from(Plan).where(Plan.place_id == place.id)) or 0
    plan = Plan(
        place_id=place.id,
        tessellation_id=newest.id,
        name=name or f"#{before + 1}",
        version=1,
        target=band.target,
        least=band.least,
        most=band.most,
        made_by=actor_id,
    )
    session.add(plan)
    session.flush()
    write_grids(session, plan.id, prepared.plots, divided.grid, divided.grids, divided.codes)
    facts = {"target": band.target, "least": band.least, "most": band.most, "seed": seed}
    session.add(
        Edit(
            plan_id=plan.id,
            version=1,
            base_version=0,
            kind="split",
            moves={},
            parameters={**facts, **(parameters or {})},
            made_by=actor_id,
        )
    )
    session.flush()
    return plan.id


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
        text("""
            SELECT place.name || ' (' || place.code || ')' AS place, plan.name, plan.least, plan.most,
                count(*) AS grids, count(grid.reason) AS explained,
                count(*) FILTER (WHERE grid.households BETWEEN plan.least AND plan.most) AS in_band
            FROM plan JOIN place ON place.id = plan.place_id JOIN grid ON grid.plan_id = plan.id
            WHERE plan.id = :plan GROUP BY plan.id, place.id
        """),
        {"plan": plan_id},
    ).one()
    return PlanSummary(row.place, row.name, row.grids, row.in_band, row.explained, row.least, row.most)
