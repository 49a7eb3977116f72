"""Statistics on constant geography: what was counted at several times, summed on the grids of one plan.

Households and buildings are known by plot, for every version of a place's plots. A plot that the plan knows
by its id lies in the grid it is in. A former one lies where the points inside its buildings lie; where they
lie in several grids, or no building is known on it, where most of its ground does. So a new division never
looks like a change of what it divides. What cannot be compared is told: plots astride borders, and plots
outside every grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Plan
from app.services.lookup import Scope, in_scope
from app.services.plan_rows import SPECIAL

MOST_TIMES = 12


@dataclass(frozen=True)
class Time:
    """A version of plots to be counted. plan_id: whose it is; None: today's."""

    tessellation_id: int
    plan_id: int | None
    counted_at: datetime


def on_same_ground(
    session: Session, plan_id: int, scope: Scope, others: Sequence[int | datetime] | None = None
) -> dict[str, Any]:
    """Households and buildings of several times on the grids of one plan.

    others: ids of plans of the same place, and moments, for which the plan then in force counts; None: every
    plan that was ever in force. The plan's own plots and today's come last. No more than what is in scope.
    Refused with `plan_unknown`, `plans_not_comparable`, `no_plan_at` and `too_many_times`.

    Returns the grids, and for each time the sums by grid, the grids then in their band, how plots were placed
    and what could not be compared.
    """
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    seen = in_scope(scope)
    grids = session.execute(_GRIDS, {"plan": plan_id, **seen}).all()
    times = _times(session, plan, others)
    if len(times) > MOST_TIMES:
        raise Refusal("too_many_times", count=len(times), most=MOST_TIMES)
    return {
        "plan": plan_id,
        "least": plan.least,
        "most": plan.most,
        "by_formula": plan.weights is not None,
        "grids": [
            {"id": row.id, "code": row.code, "name": row.name, "special": row.special} for row in grids
        ],
        "times": [_counted(session, plan, one, grids, seen) for one in times],
    }


def _times(session: Session, plan: Plan, others: Sequence[int | datetime] | None) -> list[Time]:
    """Versions to count, the oldest first; each once, but the plan's own at the end and then today's."""
    named = {row.id: row for row in session.execute(_PLANS, {"place": plan.place_id})}
    chosen: list[int] = []
    for other in [row.id for row in named.values() if row.published_at] if others is None else others:
        if isinstance(other, datetime):
            chosen.append(_in_force_at(named, other))
        elif other not in named:
            raise Refusal("plans_not_comparable")
        else:
            chosen.append(other)
    wanted = sorted({*chosen, plan.id}, key=lambda one: (named[one].made_at, one))
    wanted.sort(key=lambda one: one == plan.id)
    found: dict[int, Time] = {}
    for one in wanted:
        row = named[one]
        found.setdefault(row.tessellation_id, Time(row.tessellation_id, one, row.counted_at))
    newest = session.execute(_NEWEST, {"place": plan.place_id}).one()
    found.setdefault(newest.id, Time(newest.id, None, newest.made_at))
    return list(found.values())


def _in_force_at(named: dict[int, Any], moment: datetime) -> int:
    for row in named.values():
        if (
            row.published_at
            and row.published_at <= moment
            and not (row.retired_at and row.retired_at <= moment)
        ):
            return int(row.id)
    raise Refusal("no_plan_at", when=moment.isoformat())


def _counted(
    session: Session, plan: Plan, one: Time, grids: Sequence[Any], seen: dict[str, Any]
) -> dict[str, Any]:
    asked = {"plan": plan.id, "own": plan.tessellation_id, "version": one.tessellation_id, **seen}
    rows = session.execute(_PLACED, asked).all()
    sums = {row.grid_id: row for row in rows if row.grid_id is not None}
    outside = next((row for row in rows if row.grid_id is None), None)
    figures = [
        {
            "grid": grid.id,
            "households": sums[grid.id].households if grid.id in sums else 0,
            "buildings": sums[grid.id].buildings if grid.id in sums else 0,
        }
        for grid in grids
    ]
    plain = [own for own, grid in zip(figures, grids, strict=True) if not grid.special]
    return {
        "plan": one.plan_id,
        "ground": one.tessellation_id,
        "counted_at": one.counted_at.isoformat(),
        "households": sum(own["households"] for own in figures),
        "buildings": sum(own["buildings"] for own in figures),
        "in_band": None
        if plan.weights is not None
        else sum(plan.least <= own["households"] <= plan.most for own in plain),
        "grids": figures,
        "placed": {
            how: sum(getattr(row, how) for row in sums.values())
            for how in ("by_plot", "by_building", "by_ground")
        },
        "not_comparable": {
            "astride_plots": sum(row.astride for row in sums.values()),
            "astride_households": sum(row.astride_households for row in sums.values()),
            "outside_plots": 0 if outside is None else outside.plots,
            "outside_households": 0 if outside is None else outside.households,
        },
    }


_SEEN = "(:everywhere OR place.path <@ ANY(CAST(:scope AS ltree[])))"
_GRIDS = text(f"""
    SELECT grid.id, grid.code, grid.name, {SPECIAL} AS special
    FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = :plan AND {_SEEN} ORDER BY grid.code
""")  # noqa: S608 (constants)
_PLANS = text("""
    SELECT plan.id, plan.tessellation_id, plan.made_at, plan.published_at, plan.retired_at,
        tessellation.made_at AS counted_at
    FROM plan JOIN tessellation ON tessellation.id = plan.tessellation_id WHERE plan.place_id = :place
""")
_NEWEST = text("""
    SELECT id, made_at FROM tessellation WHERE place_id = :place AND plain_id IS NULL
    ORDER BY version DESC LIMIT 1
""")
# Points are buildings, also those pulled down since; of one that the plan divides, its entrances.
_PLACED = text(f"""
    WITH counted AS MATERIALIZED (
        SELECT counted.plot_id, counted.households, counted.buildings, kept.grid_id AS kept
        FROM tessellation_plot AS counted JOIN plot ON plot.id = counted.plot_id
        JOIN place ON place.id = plot.community_id
        LEFT JOIN grid_plot AS kept ON kept.plan_id = :plan AND kept.plot_id = counted.plot_id
        WHERE counted.tessellation_id = :version AND (counted.households > 0 OR counted.buildings > 0)
            AND {_SEEN}
    ), fresh AS MATERIALIZED (
        SELECT plot.id AS plot_id, plot.geometry FROM counted JOIN plot ON plot.id = counted.plot_id
        WHERE kept IS NULL
    ), points AS MATERIALIZED (
        SELECT fresh.plot_id, building.position AS point
        FROM fresh JOIN building ON ST_Intersects(building.position, fresh.geometry)
        WHERE NOT EXISTS (
            SELECT FROM plot_entrance AS door
            WHERE door.tessellation_id = :own AND door.building_id = building.id
        )
        UNION ALL
        SELECT fresh.plot_id, door.position
        FROM fresh JOIN plot_entrance AS door
            ON door.tessellation_id = :own AND ST_Intersects(door.position, fresh.geometry)
    ), standing AS MATERIALIZED (
        SELECT points.plot_id, min(grid.id) AS grid_id, count(DISTINCT grid.id) AS grids
        FROM points JOIN grid ON grid.plan_id = :plan AND ST_Intersects(grid.outline, points.point)
        GROUP BY points.plot_id
    ), ground AS (
        SELECT DISTINCT ON (plot_id) fresh.plot_id, grid.id AS grid_id, shared.area < 0.99 * ST_Area(geometry)
            AS torn
        FROM fresh LEFT JOIN standing USING (plot_id)
        JOIN grid ON grid.plan_id = :plan AND ST_Intersects(grid.outline, fresh.geometry)
        CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(grid.outline, fresh.geometry)) AS area) AS shared
        WHERE standing.grids IS DISTINCT FROM 1 AND shared.area > 0
        ORDER BY plot_id, shared.area DESC, grid.id
    ), placed AS (
        SELECT counted.*, coalesce(kept, ground.grid_id, standing.grid_id) AS grid_id,
            standing.grids = 1 AS by_building, ground.grid_id IS NOT NULL AS by_ground,
            coalesce(standing.grids > 1, ground.torn, false) AS astride
        FROM counted LEFT JOIN standing USING (plot_id) LEFT JOIN ground USING (plot_id)
    )
    SELECT grid_id, count(*) AS plots, sum(households)::int AS households, sum(buildings)::int AS buildings,
        count(kept) AS by_plot, count(*) FILTER (WHERE by_building) AS by_building,
        count(*) FILTER (WHERE by_ground) AS by_ground, count(*) FILTER (WHERE astride) AS astride,
        coalesce(sum(households) FILTER (WHERE astride), 0)::int AS astride_households
    FROM placed GROUP BY grid_id
""")  # noqa: S608 (constants)
