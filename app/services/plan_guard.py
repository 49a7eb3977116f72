"""The guard of five over figures of plans, for who neither manages the place nor answers for the grid.

Who divides sees what is weighed, and a coordinator the own grid. Everybody else, leaders and administrators
too, is told of households by grid and by place, as `told_in_tree` chooses, and of no building, plot or
micro-grid: these cut across the ground that two plans move, and of most few is all there is to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, Row, text
from sqlalchemy.orm import Session

from app.services import comparison
from app.services.access import COORDINATORS, MANAGERS, Actor
from app.services.duties import coordinates
from app.services.guard_five import shown, told_in_tree
from app.services.lookup import Scope, in_scope

ENDS = ("from", "to")
COUNTED = "households"  # how keys of facts end that count some
OVER_ALL = ("min", "median", "mean", "max")
COUNTING_FAULTS = ("building_in_no_grid", "households_differ", "band_differs")


@dataclass(frozen=True)
class Told:
    """What somebody is told of the households of a plan.

    known: ids of the grids told with all that is in them; None: every grid. hidden: ids of those whose own
    count is not told. left_out: households in no sum, for their community has few.
    """

    known: frozenset[int] | None = None
    hidden: frozenset[int] = frozenset()
    left_out: int = 0

    @property
    def is_all(self) -> bool:
        """Whether nothing is withheld."""
        return self.known is None

    def knows(self, grid_id: int) -> bool:
        """Whether a grid is told with its buildings and micro-grids."""
        return self.known is None or grid_id in self.known

    def of_grid(self, grid_id: int, households: int) -> int | None:
        """A grid's households, or None."""
        return None if grid_id in self.hidden else households

    def mark(self) -> str:
        """One word that is the same as long as the same is told."""
        return repr((self.known and sorted(self.known), sorted(self.hidden)))


ALL = Told()
MOST_KEPT = 256
_KEPT: WeakKeyDictionary[Engine, dict[tuple[Any, ...], Told]] = WeakKeyDictionary()  # each tile asks for it


def told_of_plan(session: Session, plan_id: int, actor: Actor, scope: Scope) -> Told:
    """What somebody is told of a plan's grids in scope.

    Another plan could be subtracted from the one in force: where it moves fewer than five households of a
    grid, no grid that has any of its ground tells its count.
    """
    plan = session.execute(_PLAN, {"plan": plan_id}).first()
    if plan is None or actor.covers(MANAGERS, plan.path):
        return ALL
    if actor.holds(COORDINATORS):  # whose grids change hands while the plan stays as it is
        return _told(session, plan_id, actor, scope)
    kept = _KEPT.setdefault(session.get_bind().engine, {})
    key = (*plan, actor.roles, scope)
    told = kept.get(key)
    if told is None:
        told = _told(session, plan_id, actor, scope)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = told
    return told


def _told(session: Session, plan_id: int, actor: Actor, scope: Scope) -> Told:
    rows = session.execute(_GRIDS, {"plan": plan_id, "person": actor.person_id, **in_scope(scope)}).all()
    others = _others(rows, actor)
    if not others:
        return ALL
    known = frozenset(row.id for row in rows) - {row.id for row in others}
    moved = _beside_in_force(session, plan_id, actor, scope)
    is_told, apart = grids_told(
        [row.path for row in others],
        [row.households for row in others],
        [row.code in moved for row in others],
    )
    hidden = frozenset(row.id for row, told in zip(others, is_told, strict=True) if not told)
    return Told(known, hidden, apart)


def knows_building(session: Session, actor: Actor, building_id: int) -> bool:
    """Whether somebody manages the place of a building, or answers for the grid in force it stands in."""
    rows = session.execute(_OF_BUILDING, {"building": building_id, "person": actor.person_id}).all()
    return any(row.served or actor.covers(MANAGERS, row.path) for row in rows)


def places_told(session: Session, actor: Actor, counted: Mapping[str, int]) -> dict[str, int]:
    """Households of communities, by path, without those that have few: these go into no sum.

    A coordinator's own grids are known, so what a community has besides is held against five.
    """
    own = {row.path: row.households for row in session.execute(_OWN, {"person": actor.person_id})}
    return {
        path: households
        for path, households in counted.items()
        if actor.covers(MANAGERS, path) or shown(max(0, households - own.get(path, 0))) is not None
    }


def comparison_told(found: Mapping[str, Any], before: Told, after: Told) -> dict[str, Any]:
    """A comparison of two plans as `comparison.compare` has it, with None for what is not told."""
    if before.is_all and after.is_all:
        return dict(found)
    few = {flow["from"] for flow in found["flows"] if shown(flow["households"]) is None}
    few |= {
        row["code"]
        for row in found["grids"]
        if _is_hidden(row["after_id"], after) or _is_hidden(row["before_id"], before)
    }
    flows = [_without(flow, flow["from"] in few or flow["to"] in few) for flow in found["flows"]]
    grids = []
    for row in found["grids"]:
        was = _is_hidden(row["before_id"], before)
        told = _without(row, was, "households_before")
        told = _without(told, _is_hidden(row["after_id"], after), "households_after")
        is_astir = (
            was
            or row["code"] in few
            or any(row["code"] in (flow["from"], flow["to"]) and flow["households"] is None for flow in flows)
        )
        grids.append(_without(told, is_astir, "households_gained", "households_lost"))
    untold = {row["code"] for row in grids if None in [row["households_gained"], *_both(row)]}
    unseen = {row["code"] for row in found["grids"] if _is_hidden(row["before_id"], before)}
    people = []
    for person in found["coordinators"]:
        own = {*person["grids"], *person["grids_void"]}
        told = _without(person, unseen & own, "households_before")
        names = (f"households_{name}" for name in ("after", "lost", "gained"))
        people.append(_without(told, untold & own, *names))
    return {
        **found,
        "households": found["households"] - after.left_out,
        "households_moved": found["households_moved"] if _tells_moved(found, before) else None,
        "grids": grids,
        "flows": flows,
        "coordinators": people,
    }


def _tells_moved(found: Mapping[str, Any], before: Told) -> bool:
    """Whether the sum of all that moves is told: if it comes from told grids, in pieces of no few."""
    flows: dict[str, list[int]] = {}
    for flow in found["flows"]:
        if flow["from"] is not None:
            flows.setdefault(flow["from"], []).append(flow["households"])
    for row in found["grids"]:
        moved = flows.get(row["code"], [])
        pieces = [*moved, max(0, (row["households_before"] or 0) - sum(moved))]
        is_astir = _is_hidden(row["before_id"], before) or any(shown(piece) is None for piece in pieces)
        if sum(moved) and is_astir:
            return False
    return True


def _both(row: Mapping[str, Any]) -> list[int | None]:
    """The counts a grid has where it exists: of a new or void one the other is missing by itself."""
    state = row["state"]
    return [
        *([row["households_before"]] if state != "new" else []),
        *([row["households_after"]] if state != "void" else []),
    ]


def differences_told(found: Mapping[str, Any], told: Told, codes: Iterable[str]) -> dict[str, Any]:
    """Ground that changes hands, without households where few move from a grid. codes: of hidden grids."""
    if told.is_all or not found["features"]:
        return dict(found)
    said = [one["properties"] for one in found["features"]]
    few = {*codes} | {one["from"] for one in said if shown(one["households"]) is None}
    features = [
        {**one, "properties": _without(one["properties"], {one["properties"][end] for end in ENDS} & few)}
        for one in found["features"]
    ]
    return {**_without(found, few), "features": features}


def same_ground_told(found: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Several times on the same grids, a count only where it is told and not few from the one told before."""
    if told.is_all:
        return dict(found)
    last: dict[int, int] = {}
    times = []
    for time in found["times"]:
        rows, is_whole = [], True
        for row in time["grids"]:
            grid, households = row["grid"], row["households"]
            tells = grid not in told.hidden and shown(households) is not None
            tells = tells and shown(abs(households - last.get(grid, households))) is not None
            if tells:
                last[grid] = households
            is_whole = is_whole and tells
            rows.append(_without(row, not tells))
        gone = {
            name: shown(count) if name.endswith(COUNTED) else count
            for name, count in time["not_comparable"].items()
        }
        times.append({**_without(time, not is_whole), "grids": rows, "not_comparable": gone})
    return {**found, "times": times}


def reason_told(said: Mapping[str, Any], households: int, is_open: bool) -> dict[str, Any]:
    """Why a grid is as it is; without facts and sentence where these, or the rest beside them, are of few.

    is_open: whether every grid of its plan is told; else counts of others are silenced, for the grid and its
    neighbour together would tell of a neighbour that is not.
    """
    return {name: one and _silenced(one, households, is_open) for name, one in said.items()}


def _silenced(reason: Mapping[str, Any], households: int, is_open: bool) -> dict[str, Any]:
    for name, counted in reason["facts"].items():
        if name.endswith(COUNTED) and name != COUNTED:
            counts = list(counted) if isinstance(counted, Sequence) else [counted]
            if not is_open or any(_is_few_of(count, households) for count in [*counts, sum(counts)]):
                return {**reason, "facts": {}, "sentence": None}
    return dict(reason)


def _is_few_of(count: int, households: int) -> bool:
    return shown(int(count)) is None or shown(abs(households - int(count))) is None


def without_counts(found: Any) -> Any:
    """The same JSON with None for each count of households in it, at any depth."""
    if isinstance(found, Mapping):
        return {name: None if COUNTED in name else without_counts(value) for name, value in found.items()}
    return [without_counts(one) for one in found] if isinstance(found, list) else found


def certificate_told(made: Mapping[str, Any], told: Told, codes: frozenset[str]) -> dict[str, Any]:
    """A certificate without the households of the grids with these codes, and of single buildings.

    Where a grid is not told, neither is what is reckoned over all: sizes, and marks that hold its count.
    """
    if told.is_all:
        return dict(made)
    sizes = {**made["sizes"], **(dict.fromkeys(OVER_ALL) if codes else {})}
    sizes["households"] -= told.left_out
    checks = dict(made["checks"])
    if checks["households_in_all"] is not None:
        checks["households_in_all"] -= told.left_out
    counted = {row["code"]: row["households"] for row in made["grids"]}
    nothing = dict.fromkeys(("households", "deviation", "reason", "remedy"))
    open_, hidden = [], []
    for row in made["out_of_band"]:
        if row["code"] in codes:
            hidden.append({**row, **nothing})
        else:
            why = {name: row[name] and {"facts": {}, **row[name]} for name in ("reason", "remedy")}
            open_.append({**row, **reason_told(why, counted[row["code"]], not codes)})
    return {
        **made,
        "sizes": sizes,
        "checks": checks,
        "divided": without_counts(made["divided"]),
        "out_of_band": [*open_, *sorted(hidden, key=lambda row: row["code"])],
        "faults": [
            {**fault, "facts": {}, "sentence": None} if fault["code"] in COUNTING_FAULTS else fault
            for fault in made["faults"]
        ],
        "grids": [_without(row, row["code"] in codes, COUNTED, "sha256") for row in made["grids"]],
        "sha256": None if codes else made["sha256"],
    }


def codes_hidden(session: Session, plan_id: int, told: Told) -> frozenset[str]:
    """Codes of the hidden grids of a plan."""
    if not told.hidden:
        return frozenset()
    return frozenset(session.scalars(_CODES, {"plan": plan_id, "grids": sorted(told.hidden)}))


def _without(row: Mapping[str, Any], is_hidden: object, *names: str) -> dict[str, Any]:
    return {**row, **dict.fromkeys(names or (COUNTED,))} if is_hidden else dict(row)


def _is_hidden(grid_id: int | None, told: Told) -> bool:
    return grid_id is not None and grid_id in told.hidden


def _others(rows: Sequence[Row[Any]], actor: Actor) -> list[Row[Any]]:
    return [row for row in rows if not (row.served or actor.covers(MANAGERS, row.path))]


def grids_told(
    paths: Sequence[str], households: Sequence[int], withheld: Sequence[bool] = ()
) -> tuple[list[bool], int]:
    """Which grids tell their count, and households of the communities whose sum is not told either.

    paths: of their communities. withheld: those that something else keeps from being told.
    """
    if not paths:
        return [], 0
    _, community = np.unique(paths, return_inverse=True)
    kept = np.array(withheld, np.bool_) if withheld else None
    tree = told_in_tree(np.array(households, np.int64), [community], withheld=kept)
    return tree.told[0].tolist(), int(tree.untold[1][~tree.told[1]].sum())


def astir(pieces: Iterable[tuple[str | None, str, int]], hidden: frozenset[str]) -> frozenset[str]:
    """Grids of a plan with ground of a grid in force that is hidden, or is in pieces of few households.

    Counts that are told are then sums of pieces that the two plans have in common, each of nought or five and
    more, and of whole grids in force.

    pieces: grid in force, grid, and households of what they have in common.
    """
    common = list(pieces)
    few = {was for was, _, households in common if was in hidden or shown(households) is None}
    return frozenset(code for was, code, households in common if was in few and households)


def _beside_in_force(session: Session, plan_id: int, actor: Actor, scope: Scope) -> frozenset[str]:
    before = comparison.in_force_beside(session, plan_id)
    if before is None:
        return frozenset()
    hidden = codes_hidden(session, before, told_of_plan(session, before, actor, scope))
    return astir(comparison.pieces(session, before, plan_id, scope), hidden)


# All that what is told of a plan hangs on, for who answers for no grid.
_PLAN = text("""
    SELECT plan.id, plan.state, plan.version, plan.tessellation_id, place.path::text AS path,
        beside.id AS beside_id, beside.version AS beside_version,
        (SELECT coalesce(sum(version), 0) FROM ground_version) AS ground
    FROM plan JOIN place ON place.id = plan.place_id
    LEFT JOIN plan AS beside ON beside.place_id = plan.place_id AND beside.state = 'published'
        AND beside.id <> plan.id
    WHERE plan.id = :plan
""")
_SERVED = f"""(EXISTS (SELECT FROM duty WHERE duty.grid_id = grid.id AND duty.person_id = :person
    AND during @> clock_timestamp()) AND {coordinates("grid")})"""
_GRIDS = text(f"""
    SELECT grid.id, grid.code, grid.households, place.path::text AS path, {_SERVED} AS served
    FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = :plan AND (:everywhere OR place.path <@ ANY(CAST(:scope AS ltree[])))
    ORDER BY grid.code
""")  # noqa: S608 (constants)
_OWN = text(f"""
    SELECT place.path::text AS path, sum(grid.households)::int AS households
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id WHERE {_SERVED} GROUP BY place.path
""")  # noqa: S608 (constants)
_OF_BUILDING = text(f"""
    SELECT place.path::text AS path, EXISTS (
            SELECT FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
            WHERE grid.community_id = place.id AND ST_Contains(grid.outline, building.position) AND {_SERVED}
        ) AS served
    FROM building JOIN place AS imported ON imported.id = building.place_id
    JOIN place ON place.path <@ imported.path AND place.level = 'community'
        AND (place.id = imported.id OR ST_Covers(place.outline, building.position))
    WHERE building.id = :building
""")  # noqa: S608 (constants)
_CODES = text("SELECT code FROM grid WHERE plan_id = :plan AND id = ANY(CAST(:grids AS bigint[]))")
