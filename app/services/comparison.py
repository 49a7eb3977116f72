"""What changes from one plan of a place to another: households and buildings that change hands, and whose.

A grid is the same in both where its code is: codes pass on by overlap. A plot that both plans know by its id
is compared directly; one that only the later ground has, by the grid of the earlier plan it lies in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Plan

_FLOWS = text(
    """
    WITH later AS MATERIALIZED (
        SELECT grid_plot.plot_id, grid.code, counted.households, counted.buildings,
            earlier_grid.code AS earlier_code
        FROM grid_plot
        JOIN grid ON grid.id = grid_plot.grid_id
        JOIN place ON place.id = grid.community_id
        JOIN tessellation_plot AS counted
            ON counted.tessellation_id = grid_plot.tessellation_id AND counted.plot_id = grid_plot.plot_id
        LEFT JOIN grid_plot AS earlier
            ON earlier.plan_id = :before AND earlier.plot_id = grid_plot.plot_id
        LEFT JOIN grid AS earlier_grid ON earlier_grid.id = earlier.grid_id
        WHERE grid_plot.plan_id = :after
            AND (CAST(:everywhere AS boolean) OR place.path <@ ANY (CAST(:scope AS ltree[])))
    ), placed AS (
        SELECT later.code, later.households, later.buildings,
            coalesce(later.earlier_code, (
                SELECT grid.code FROM grid JOIN plot ON plot.id = later.plot_id
                WHERE later.earlier_code IS NULL AND grid.plan_id = :before
                    AND ST_Intersects(grid.outline, ST_PointOnSurface(plot.geometry))
                ORDER BY grid.code LIMIT 1
            )) AS earlier_code
        FROM later
    )
    SELECT earlier_code, code, sum(households)::int, sum(buildings)::int
    FROM placed GROUP BY earlier_code, code ORDER BY code, earlier_code
    """
)
# With whoever answers for each; of a plan that is over, who did last.
_GRIDS = text(
    """
    SELECT grid.code, grid.id, grid.households, grid.buildings, person.name, person.id
    FROM grid
    JOIN place ON place.id = grid.community_id
    JOIN plan ON plan.id = grid.plan_id
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary'
        AND duty.during @> coalesce(plan.retired_at - interval '1 microsecond', now())
    LEFT JOIN person ON person.id = duty.person_id
    WHERE grid.plan_id = :plan
        AND (CAST(:everywhere AS boolean) OR place.path <@ ANY (CAST(:scope AS ltree[])))
    ORDER BY grid.code
    """
)


def plan_before(session: Session, plan_id: int) -> int | None:
    """The plan whose place this one takes: the one in force, or of one that was published the one before."""
    question = text(
        """
        SELECT other.id FROM plan
        JOIN plan AS other ON other.place_id = plan.place_id AND other.id <> plan.id
        WHERE plan.id = :plan AND CASE WHEN plan.published_at IS NULL THEN other.state = 'published'
            ELSE other.published_at < plan.published_at END
        ORDER BY other.published_at DESC, other.id DESC LIMIT 1
        """
    )
    found: int | None = session.scalar(question, {"plan": plan_id})
    return found


def compare(
    session: Session, before_id: int, after_id: int, scope: Sequence[str] | None = None
) -> dict[str, Any]:
    """What changes for whom if the plan `after` takes the place of `before`.

    scope: paths of the places whose grids are told of; None for all.

    Returns totals, one row for each grid of either plan (`kept`, `new`, `void`), the flows of households
    between grids, and the coordinators whose grids change.
    """
    before, after = session.get(Plan, before_id), session.get(Plan, after_id)
    if before is None or after is None or before.place_id != after.place_id:
        raise Refusal("plans_not_comparable")
    seen = {"everywhere": scope is None, "scope": list(scope or ())}
    earlier = {row[0]: row for row in session.execute(_GRIDS, {"plan": before_id, **seen})}
    later = {row[0]: row for row in session.execute(_GRIDS, {"plan": after_id, **seen})}
    flows = [
        {"from": source, "to": target, "households": households, "buildings": buildings}
        for source, target, households, buildings in session.execute(
            _FLOWS, {"before": before_id, "after": after_id, **seen}
        )
    ]
    moved = [flow for flow in flows if flow["from"] != flow["to"]]
    grids = [_grid(code, earlier, later, moved) for code in sorted(earlier.keys() | later.keys())]
    states = [grid["state"] for grid in grids]
    return {
        "before": before_id,
        "after": after_id,
        "same_ground": before.tessellation_id == after.tessellation_id,
        "households": sum(flow["households"] for flow in flows),
        "buildings": sum(flow["buildings"] for flow in flows),
        "households_moved": sum(flow["households"] for flow in moved),
        "buildings_moved": sum(flow["buildings"] for flow in moved),
        "grids_kept": states.count("kept"),
        "grids_new": states.count("new"),
        "grids_void": states.count("void"),
        "grids": grids,
        "flows": [flow for flow in moved if flow["buildings"] or flow["households"]],
        "coordinators": _coordinators(grids, {code: row[5] for code, row in earlier.items()}),
    }


def _grid(
    code: str, earlier: dict[str, Any], later: dict[str, Any], moved: list[dict[str, Any]]
) -> dict[str, Any]:
    old, new = earlier.get(code), later.get(code)
    gained = [flow for flow in moved if flow["to"] == code]
    lost = [flow for flow in moved if flow["from"] == code]
    return {
        "code": code,
        "state": "kept" if old and new else "new" if new else "void",
        "before_id": old[1] if old else None,
        "after_id": new[1] if new else None,
        "households_before": old[2] if old else None,
        "households_after": new[2] if new else None,
        "buildings_before": old[3] if old else None,
        "buildings_after": new[3] if new else None,
        "households_gained": sum(flow["households"] for flow in gained),
        "households_lost": sum(flow["households"] for flow in lost),
        "buildings_gained": sum(flow["buildings"] for flow in gained),
        "buildings_lost": sum(flow["buildings"] for flow in lost),
        "coordinator": old[4] if old else None,
    }


def _coordinators(grids: list[dict[str, Any]], answering: dict[str, int | None]) -> list[dict[str, Any]]:
    """Those whose grids change, with what they had and will have.

    answering: code of a grid -> the person; two persons may have one name.
    """
    people: dict[int, dict[str, Any]] = {}
    for grid in grids:
        person_id = answering.get(grid["code"])
        if person_id is None:
            continue
        person = people.setdefault(
            person_id,
            {
                "name": grid["coordinator"],
                "grids": [],
                "grids_void": [],
                "households_before": 0,
                "households_after": 0,
                "households_lost": 0,
                "households_gained": 0,
            },
        )
        person["grids" if grid["state"] == "kept" else "grids_void"].append(grid["code"])
        person["households_before"] += grid["households_before"] or 0
        person["households_after"] += grid["households_after"] or 0
        person["households_lost"] += grid["households_lost"]
        person["households_gained"] += grid["households_gained"]
    return [
        person
        for person in people.values()
        if person["grids_void"] or person["households_lost"] or person["households_gained"]
    ]


def retire_draft(session: Session, plan_id: int, version: int, actor_id: int | None) -> None:
    """Put a draft aside that nobody wants any more; it stays readable."""
    from app.services import audit
    from app.services.review import must_be_editable

    plan = session.get(Plan, plan_id, with_for_update=True)
    if plan is None:
        raise Refusal("not_found")
    must_be_editable(session, plan)
    if plan.version != version:
        raise Refusal("plan_changed", plan=plan_id, yours=version, current=plan.version)
    session.execute(
        text("UPDATE plan SET state = 'retired', retired_at = clock_timestamp() WHERE id = :plan"),
        {"plan": plan_id},
    )
    audit.record(session, actor_id, "plan.discarded", f"plan {plan_id}", {"version": version})
