"""The edits of a plan as people see them, and what a plan was at any version of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal

ATTRIBUTES = ("code", "name", "kind", "planned_id", "own_lock")
ALL = (*ATTRIBUTES, "community_id")
# What makes a plan, or carries it to other ground, is no step that one goes back over.
MADE_BY_MACHINE = ("split", "rebalance", "import", "layer")
LARGEST_PAGE = 500
CHANNEL = "gridkeeper_plan"  # on which the database tells of a plan that was changed or opened
MOVED_GROUND = "tessellation"  # of edits that changed the version of plots: [before, after]
# Of edits that change plots and their grids at once: {plot that comes or goes: the one in its place}, of
# which the first lies wholly in the second.
PIECES = "pieces"


def edits(
    session: Session, plan_id: int, *, after: int = 0, limit: int = LARGEST_PAGE, with_moves: bool = False
) -> list[dict[str, Any]]:
    """Edits of a plan beyond a version, the newest first, as JSON.

    with_moves: with `moves` and `changes` as they are stored.
    """
    asked = {"plan": plan_id, "after": after, "upto": None, "limit": limit}
    rows = session.execute(_EDITS, asked).all()
    undone, codes = undone_by(session, plan_id), _codes(session, plan_id, rows)
    return [_told(row, undone, codes, with_moves) for row in rows]


def edits_since(session: Session, plan_id: int, version: int) -> Sequence[Row[Any]]:
    """The rows of the edits beyond a version, the oldest first."""
    asked = {"plan": plan_id, "after": version, "upto": None, "limit": None}
    return session.execute(_EDITS, asked).all()[::-1]


def edit_at(session: Session, plan_id: int, version: int) -> Row[Any]:
    """The edit that made a version; `not_found` where there is none."""
    asked = {"plan": plan_id, "after": version - 1, "upto": version, "limit": 1}
    found = session.execute(_EDITS, asked).first()
    if found is None:
        raise Refusal("not_found")
    return found


_EDITS = text("""
    SELECT edit.version, edit.base_version, edit.kind, edit.note, edit.made_at, edit.made_by, edit.moves,
        edit.grids, edit.parameters, edit.tessellation_id, person.name,
        (SELECT count(*) FROM jsonb_object_keys(edit.moves)) AS plots,
        (
            SELECT coalesce(sum(counted.households), 0)::int FROM jsonb_each(edit.moves) AS move
            CROSS JOIN LATERAL (
                SELECT households FROM tessellation_plot
                WHERE plot_id = CAST(move.key AS bigint)
                ORDER BY tessellation_id = plan.tessellation_id DESC, tessellation_id DESC LIMIT 1
            ) AS counted
            WHERE coalesce(
                move.value ->> 0,
                edit.moves -> (edit.parameters -> 'pieces' ->> move.key) ->> 0
            ) <> coalesce(
                move.value ->> 1,
                edit.moves -> (edit.parameters -> 'pieces' ->> move.key) ->> 1
            )
        ) AS households
    FROM edit JOIN plan ON plan.id = edit.plan_id LEFT JOIN person ON person.id = edit.made_by
    WHERE edit.plan_id = :plan AND edit.version > :after
        AND (CAST(:upto AS integer) IS NULL OR edit.version <= CAST(:upto AS integer))
    ORDER BY edit.version DESC LIMIT :limit
""")


def undone_by(session: Session, plan_id: int) -> dict[int, int]:
    """Which version undid which, as it stands now: an undo that was undone itself counts no more."""
    found: dict[int, int] = {}
    for row in session.execute(_UNDONE, {"plan": plan_id}):
        if row.version not in found:
            found.setdefault(row.undoes, row.version)
    return found


_UNDONE = text("""
    SELECT version, CAST(parameters ->> 'undoes' AS integer) AS undoes FROM edit
    WHERE plan_id = :plan AND kind = 'undo' ORDER BY version DESC
""")


def _told(
    row: Row[Any], undone: Mapping[int, int], codes: Mapping[int, str], with_moves: bool
) -> dict[str, Any]:
    said = {
        "version": row.version,
        "base_version": row.base_version,
        "kind": row.kind,
        "note": row.note,
        "by": maker(row),
        "at": row.made_at.isoformat(),
        "parameters": row.parameters,
        "undoes": row.parameters.get("undoes") if row.kind == "undo" else None,
        "undone_by": undone.get(row.version),
        "plots": row.plots,
        "households": row.households,
        "grids": sorted({codes[grid] for grid in grids_touched(row) if grid in codes}),
        "ground": row.tessellation_id,
    }
    return said | {"moves": row.moves, "changes": row.grids} if with_moves else said


def maker(row: Row[Any]) -> dict[str, Any] | None:
    """Who made an edit."""
    return None if row.made_by is None else {"id": row.made_by, "name": row.name}


def grids_touched(row: Row[Any]) -> set[int]:
    """Ids of the grids that an edit is about."""
    moved = {grid for pair in row.moves.values() for grid in pair if grid is not None}
    return moved | {int(grid) for grid in row.grids}


def _codes(session: Session, plan_id: int, rows: Iterable[Row[Any]]) -> dict[int, str]:
    """Codes of the grids these edits are about: as they are now, or as they were when they were given up."""
    named: dict[int, str] = {}
    wanted: set[int] = set()
    for row in rows:
        wanted |= grids_touched(row)
        for grid, change in row.grids.items():
            last = change["now"] or change["was"]
            if "code" in last:
                named.setdefault(int(grid), last["code"])
    asked = {"plan": plan_id, "grids": sorted(wanted)}
    named |= {row.id: row.code for row in session.execute(_CODES, asked)}
    for row in session.execute(_FORMER_CODES, asked | {"grids": sorted(wanted - set(named))}):
        named.setdefault(row.grid, row.code)
    return named


_CODES = text("SELECT id, code FROM grid WHERE plan_id = :plan AND id = ANY(CAST(:grids AS bigint[]))")
_FORMER_CODES = text("""
    SELECT asked.grid, edit.grids -> CAST(asked.grid AS text) -> 'was' ->> 'code' AS code
    FROM unnest(CAST(:grids AS bigint[])) AS asked (grid)
    JOIN edit ON edit.plan_id = :plan AND edit.grids ? CAST(asked.grid AS text)
    WHERE edit.grids -> CAST(asked.grid AS text) -> 'was' ->> 'code' IS NOT NULL
    ORDER BY edit.version DESC
""")


@dataclass
class Past:
    """How a plan differed at an earlier version from what it is now.

    plots: {plot: grid then}, None for one that was not of the plan. grids: {grid: attributes then}, None for
    one that was not there; of one that is there now only those that differed need be known.
    """

    tessellation_id: int
    plots: dict[int, int | None] = field(default_factory=dict)
    grids: dict[int, dict[str, Any] | None] = field(default_factory=dict)

    def step_back(self, edit: Row[Any]) -> None:
        """Over one edit, the newest first."""
        self.plots |= {int(plot): pair[0] for plot, pair in edit.moves.items()}
        for grid, change in edit.grids.items():
            was = change["was"]
            known = self.grids.get(int(grid)) or {}
            self.grids[int(grid)] = None if was is None else {**known, **was}
        if edit.tessellation_id is not None:
            self.tessellation_id = edit.parameters[MOVED_GROUND][0]


def past(session: Session, plan_id: int, version: int, tessellation_id: int, current: int) -> Past:
    """What a plan was at a version; `not_found` for one it never had.

    Refused with `state_unknown` where an edit on the way does not tell enough to step back over it.
    """
    if not 0 < version <= current:
        raise Refusal("not_found")
    found = Past(tessellation_id)
    for edit in reversed(edits_since(session, plan_id, version)):
        if edit.kind == "import" and edit.tessellation_id is None:  # of before this was kept
            raise Refusal("state_unknown", version=version, since=edit.version)
        found.step_back(edit)
    return found


def state(session: Session, plan_id: int, version: int) -> dict[str, Any]:
    """A plan as it was at a version: its grids and which plots each had."""
    plan = session.execute(_PLAN, {"plan": plan_id}).first()
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    then = past(session, plan_id, version, plan.tessellation_id, plan.version)
    placed: dict[int, int | None] = {
        row.plot_id: row.grid_id for row in session.execute(_ASSIGNMENT, {"plan": plan_id})
    }
    placed |= then.plots
    grids: dict[int, dict[str, Any] | None] = {
        row.id: dict(row._mapping) for row in session.execute(_GRIDS, {"plan": plan_id})
    }
    for grid, attributes in then.grids.items():
        grids[grid] = None if attributes is None else {**(grids.get(grid) or {}), **attributes, "id": grid}
    plots: dict[int, list[int]] = {}
    for plot, own in sorted(placed.items()):
        if own is not None:
            plots.setdefault(own, []).append(plot)
    names = people(session, {own["planned_id"] for own in grids.values() if own is not None})
    return {
        "plan": plan_id,
        "version": version,
        "ground": then.tessellation_id,
        "grids": [
            {
                "id": own["id"],
                "code": own["code"],
                "name": own["name"],
                "kind": own["kind"],
                "planned": names.get(own["planned_id"]),
                "own_lock": own.get("own_lock"),  # edits of before it was kept do not tell it
                "plots": plots.get(own["id"], []),
            }
            for own in sorted((own for own in grids.values() if own is not None), key=lambda one: one["code"])
        ],
    }


def attributes_of(session: Session, plan_id: int) -> dict[int, dict[str, Any]]:
    """Attributes of every grid of a plan."""
    rows = session.execute(_GRIDS, {"plan": plan_id})
    return {row.id: {name: getattr(row, name) for name in ALL} for row in rows}


def changes_between(
    before: Mapping[int, Mapping[str, Any]], after: Mapping[int, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What an edit did to grids, as it is stored: {grid: {was, now}}.

    >>> changes_between({1: {"code": "1", "name": None}}, {1: {"code": "2", "name": None}})
    {'1': {'was': {'code': '1'}, 'now': {'code': '2'}}}
    """
    found: dict[str, dict[str, Any]] = {}
    for grid in sorted({*before, *after}):
        was, now = before.get(grid), after.get(grid)
        if was is None or now is None:
            found[str(grid)] = {"was": was and dict(was), "now": now and dict(now)}
        elif other := [name for name in was if was[name] != now[name]]:
            found[str(grid)] = {
                "was": {name: was[name] for name in other},
                "now": {name: now[name] for name in other},
            }
    return found


def tell(session: Session, plan_id: int) -> None:
    """Tell who follows a plan that there is news of it, once all is committed."""
    session.execute(_NOTIFY, {"channel": CHANNEL, "plan": str(plan_id)})


_NOTIFY = text("SELECT pg_notify(:channel, :plan)")
_PLAN = text("SELECT version, tessellation_id FROM plan WHERE id = :plan")
_ASSIGNMENT = text("SELECT plot_id, grid_id FROM grid_plot WHERE plan_id = :plan")
_GRIDS = text("""
    SELECT id, code, name, kind, planned_id, own_lock, community_id FROM grid WHERE plan_id = :plan
""")


def people(session: Session, ids: Collection[int | None]) -> dict[int | None, dict[str, Any]]:
    """Names of persons, as JSON, by id."""
    asked = {"ids": sorted(one for one in ids if one is not None)}
    return {row.id: {"id": row.id, "name": row.name} for row in session.execute(_PEOPLE, asked)}


_PEOPLE = text("SELECT id, name FROM person WHERE id = ANY(CAST(:ids AS bigint[]))")


def assignment(session: Session, plan_id: int) -> dict[str, Any]:
    """Which plots each grid of a plan has."""
    plan = session.execute(_PLAN, {"plan": plan_id}).one()
    rows = session.execute(_BY_GRID, {"plan": plan_id})
    return {
        "plan": plan_id,
        "version": plan.version,
        "ground": plan.tessellation_id,
        "grids": [{"id": row.grid_id, "plots": row.plots} for row in rows],
    }


_BY_GRID = text("""
    SELECT grid_id, array_agg(plot_id ORDER BY plot_id) AS plots
    FROM grid_plot WHERE plan_id = :plan GROUP BY grid_id ORDER BY grid_id
""")


def grounds(session: Session, plan_id: int) -> set[int]:
    """Versions of plots that a plan lies on, or lay on at some version of it."""
    return set(session.scalars(_GROUNDS, {"plan": plan_id}))


_GROUNDS = text("""
    SELECT tessellation_id FROM plan WHERE id = :plan
    UNION
    SELECT CAST(jsonb_array_elements_text(parameters -> 'tessellation') AS bigint) FROM edit
    WHERE plan_id = :plan AND jsonb_typeof(parameters -> 'tessellation') = 'array'
        AND (tessellation_id IS NOT NULL OR kind = 'import')
""")
