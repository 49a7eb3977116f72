"""Figures of plans for who neither manages the place nor answers for the grid: in fives, and of no building.

Who divides sees what is weighed, and a coordinator the own grid. Everybody else, leaders and administrators
too, is told of households in fives (`app.services.fives`), by grid, by place and where ground changes hands:
whatever they subtract, of two drafts, two states of one or two plans, is a multiple of five. Single
buildings, plots and micro-grids are not told: of most of these “few” is all there is to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, text
from sqlalchemy.orm import Session

from app import reasons
from app.services.access import COORDINATORS, MANAGERS, Actor
from app.services.duties import coordinates
from app.services.fives import Fives, code_in, fives_of
from app.services.lookup import Scope, in_scope

ENDS = ("from", "to")
COUNTED = "households"  # how keys of facts end that count some
OVER_ALL = ("min", "median", "mean", "max")
COUNTING_FAULTS = ("building_in_no_grid", "households_differ", "band_differs")


ROW_FLOWS = ("households_gained", "households_lost")
PERSONS = ("households_before", "households_after", *ROW_FLOWS)


@dataclass(frozen=True)
class Told:
    """What somebody is told of the households of a plan.

    known: ids and codes of the grids told as they are counted, with all that is in them; None: every grid.
    fives: how all others are told; None where there are none. households: of all grids, as they are counted,
    by id. communities: codes, by a grid's id and by its code. place: code of the smallest place with all of
    them. by_formula: whether it balances a formula instead of households: what that makes of a grid is then
    not told.
    """

    known: frozenset[int | str] | None = None
    fives: Fives | None = None
    households: Mapping[int, int] = field(default_factory=dict)
    communities: Mapping[int | str, str] = field(default_factory=dict)
    place: str = ""
    by_formula: bool = False

    @property
    def is_all(self) -> bool:
        """Whether everything is told as it is counted."""
        return self.known is None

    def knows(self, grid: int | str | None) -> bool:
        """Whether a grid, by id or code, is told as it is counted, with its buildings and micro-grids."""
        return self.known is None or grid in self.known

    def of_grid(self, grid: int | str, households: float) -> int | None:
        """A count of households in a grid, by id or code, as it is told."""
        return int(households) if self.knows(grid) else self.of(households, grid)

    def held(self, grid: int | str, held: float) -> float | None:
        """What is weighed of a grid, by the plan's formula or in households; None where it is not told."""
        if self.knows(grid):
            return held
        return None if self.by_formula else self.of(held, grid)

    def of(self, households: float, *grids: int | str | None) -> int | None:
        """A count of households somewhere in these grids, in fives; None where it is “few”."""
        if self.fives is None:
            return int(households)
        beside = (self.communities[grid] for grid in grids if grid is not None and grid in self.communities)
        return self.fives.told(round(households), next(beside, self.place))

    @cached_property
    def drawn(self) -> dict[int, int | None]:
        """What tiles say of all grids that are not known, by id: reckoned once for all of them."""
        return {grid: self.of(households, grid) for grid, households in self.households.items()}

    def mark(self) -> str:
        """One word that is the same as long as the same is told."""
        return repr(self.known and sorted(self.known, key=str))


ALL = Told()
MOST_KEPT = 32  # a megabyte each at 3,400 grids
_KEPT: WeakKeyDictionary[Engine, dict[tuple[Any, ...], Told]] = WeakKeyDictionary()  # each tile asks for it


def told_of_plan(session: Session, plan_id: int, actor: Actor, scope: Scope) -> Told:
    """What somebody is told of a plan's grids in scope."""
    plan = session.execute(_PLAN, {"plan": plan_id}).first()
    if plan is None or actor.covers(MANAGERS, plan.path):
        return ALL
    if actor.holds(COORDINATORS):  # whose grids change hands while the plan stays as it is
        return _told(session, plan, actor, scope)
    kept = _KEPT.setdefault(session.get_bind().engine, {})
    key = (*plan, actor.roles, scope)
    told = kept.get(key)
    if told is None:
        told = _told(session, plan, actor, scope)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = told
    return told


def _told(session: Session, plan: Row[Any], actor: Actor, scope: Scope) -> Told:
    rows = session.execute(_GRIDS, {"plan": plan.id, "person": actor.person_id, **in_scope(scope)}).all()
    known = [row for row in rows if row.served or actor.covers(MANAGERS, row.path)]
    codes = {row.path: code_in(row.path) for row in rows}
    communities: dict[int | str, str] = {}
    for row in rows:
        communities[row.id] = communities[row.code] = codes[row.path]
    return Told(
        frozenset(name for row in known for name in (row.id, row.code)),
        fives_of(session),
        {row.id: row.households for row in rows},
        communities,
        code_in(*{row.path for row in rows if row.households} or {plan.path}),
        plan.by_formula,
    )


def knows_building(session: Session, actor: Actor, building_id: int) -> bool:
    """Whether somebody manages the place of a building, or answers for the grid in force it stands in."""
    rows = session.execute(_OF_BUILDING, {"building": building_id, "person": actor.person_id}).all()
    return any(row.served or actor.covers(MANAGERS, row.path) for row in rows)


def place_told(
    session: Session, actor: Actor, path: str, households: int, lived_in: Sequence[str]
) -> int | None:
    """Households of the place at a path as somebody is told them; None is “few”.

    lived_in: paths of the communities in it that have some.
    """
    if actor.covers(MANAGERS, path):
        return households
    return fives_of(session).told(households, code_in(*lived_in or (path,)))


def comparison_told(found: Mapping[str, Any], before: Told, after: Told) -> dict[str, Any]:
    """A comparison of two plans as `comparison.compare` has it, in fives for who is not told all."""
    if before.is_all and after.is_all:
        return dict(found)
    grids = []
    for row in found["grids"]:
        was, will, code = row["before_id"], row["after_id"], row["code"]
        old, new = row["households_before"], row["households_after"]
        told_old = old if old is None or before.knows(was) else _between(old, before, after, code)
        told_new = new if new is None or after.knows(will) else _between(new, before, after, code)
        is_own = before.knows(code) and after.knows(code)
        between = {n: row[n] if is_own else _between(row[n], before, after, code) for n in ROW_FLOWS}
        grids.append({**row, "households_before": told_old, "households_after": told_new, **between})
    return {
        **_in_fives(found, after, ("households", "households_moved")),
        "grids": grids,
        "flows": [_flow_told(flow, before, after) for flow in found["flows"]],
        "coordinators": [_in_fives(person, after, PERSONS) for person in found["coordinators"]],
    }


def _between(households: int, before: Told, after: Told, *codes: str | None) -> int | None:
    """A count of ground that two plans share, told by the community of the first of these grids."""
    told = after if any(code in after.communities for code in codes) else before
    return told.of(households, *codes)


def _flow_told(flow: Mapping[str, Any], before: Told, after: Told) -> dict[str, Any]:
    return {**flow, COUNTED: _between(flow[COUNTED], before, after, *(flow[end] for end in ENDS))}


def _in_fives(
    row: Mapping[str, Any], told: Told, names: Iterable[str] = (COUNTED,), at: int | str | None = None
) -> dict[str, Any]:
    """A row whose counts with these names are told for a grid, or for the plan's place."""
    return {**row, **{name: told.of(row[name], at) for name in names}}


def differences_told(found: Mapping[str, Any], before: Told, after: Told) -> dict[str, Any]:
    """Ground that changes hands, with households in fives for who is not told all."""
    if (before.is_all and after.is_all) or not found["features"]:
        return dict(found)
    features = [
        {**one, "properties": _flow_told(one["properties"], before, after)} for one in found["features"]
    ]
    features.sort(key=lambda one: _order(one["properties"]))  # the order of the counts would tell of few
    return {**_in_fives(found, after), "features": features}


def _order(flow: Mapping[str, Any]) -> tuple[Any, ...]:
    return -(flow[COUNTED] or 0), *(str(flow[end] or "") for end in ENDS)


def same_ground_told(found: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Several times on the same grids, in fives for who is not told all."""
    if told.is_all:
        return dict(found)
    times = []
    for time in found["times"]:
        astray = time["not_comparable"]
        counts = [name for name in astray if name.endswith(COUNTED)]
        grids = [{**row, COUNTED: told.of_grid(row["grid"], row[COUNTED])} for row in time["grids"]]
        times.append(
            {**_in_fives(time, told), "grids": grids, "not_comparable": _in_fives(astray, told, counts)}
        )
    return {**found, "times": times}


def reason_told(said: Mapping[str, Any], told: Told, grid: int | str) -> dict[str, Any]:
    """Why a grid is as it is, with its counts in fives; without facts and sentence where one is of few.

    said: `reason` and `remedy` as `reasons.sentences` has them.
    """
    nothing: dict[str, Any] = {"facts": {}, "sentence": None}
    if told.knows(grid) or said["reason"] is None:
        return dict(said)
    if told.by_formula:
        return {name: one and {**one, **nothing} for name, one in said.items()}
    facts = {name: one and _facts_told(one["facts"], told, grid) for name, one in said.items()}
    measures = {"reason_facts": facts["reason"]}
    if said["remedy"] is not None:
        measures["remedy"] = {**said["remedy"], "facts": facts["remedy"]}
    again = reasons.sentences(said["reason"]["code"], measures, 0)
    return {
        name: again[name] if one is None or again[name]["sentence"] else {**one, **nothing}
        for name, one in said.items()
    }


def _facts_told(facts: Mapping[str, Any], told: Told, grid: int | str) -> dict[str, Any]:
    return {
        name: _counts_told(value, told, grid) if name.endswith(COUNTED) else value
        for name, value in facts.items()
    }


def _counts_told(value: Any, told: Told, grid: int | str) -> Any:
    if isinstance(value, Sequence):
        return [told.of(one, grid) for one in value]
    return None if value is None else told.of(value, grid)


def without_counts(found: Any) -> Any:
    """The same JSON with None for each count of households in it, at any depth."""
    if isinstance(found, Mapping):
        return {name: None if COUNTED in name else without_counts(value) for name, value in found.items()}
    return [without_counts(one) for one in found] if isinstance(found, list) else found


def certificate_told(made: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """A certificate with households in fives, and without those of single buildings.

    A mark that holds a count could be tried until it fits: such are left out.
    """
    if told.is_all:
        return dict(made)
    checks, target = made["checks"], made["band"]["target"]
    out = [_out_told(row, told, target) for row in made["out_of_band"]]
    return {
        **made,
        "sizes": _sizes_told(made, told),
        "checks": {**checks, "households_in_all": _or_none(checks["households_in_all"], told)},
        "divided": without_counts(made["divided"]),
        "out_of_band": sorted(out, key=lambda row: (-abs(row["deviation"] or 0), row["code"])),
        "faults": [
            {**fault, "facts": {}, "sentence": None} if fault["code"] in COUNTING_FAULTS else fault
            for fault in made["faults"]
        ],
        "grids": [
            row if told.knows(row["code"]) else {**_in_fives(row, told, at=row["code"]), "sha256": None}
            for row in made["grids"]
        ],
        "sha256": None,
    }


def _or_none(count: float | None, told: Told) -> int | None:
    return None if count is None else told.of(count)


def _sizes_told(made: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Sizes in fives, the least and the most as of the grids that have them; of a formula none."""
    sizes = made["sizes"]
    said = {name: None if told.by_formula else _or_none(sizes[name], told) for name in OVER_ALL}
    for name in ("min", "max"):
        grids = [row["code"] for row in made["grids"] if row[COUNTED] == sizes[name]]
        if grids and said[name] is not None:
            said[name] = told.of_grid(grids[0], sizes[name])
    return {**sizes, **said, COUNTED: told.of(sizes[COUNTED])}


def _out_told(row: Mapping[str, Any], told: Told, target: int) -> dict[str, Any]:
    """A grid out of band, as told."""
    code = row["code"]
    if told.knows(code):
        return dict(row)
    why = {name: row[name] and {"facts": {}, **row[name]} for name in ("reason", "remedy")}
    return {
        **row,
        COUNTED: told.of(row[COUNTED], code),
        "deviation": deviation_told(row[COUNTED], target, told, code),
        **reason_told(why, told, code),
    }


def deviation_told(held: float, target: int, told: Told, grid: int | str) -> float | None:
    """How far a grid is from the target, of what is told of it. held: what is weighed."""
    said = told.held(grid, held)
    return None if said is None else round((said - target) / target, 4)


# All that what is told of a plan hangs on, for who answers for no grid.
_PLAN = text("""
    SELECT plan.id, plan.version, plan.tessellation_id, place.path::text AS path,
        plan.weights IS NOT NULL AS by_formula,
        (SELECT coalesce(sum(version), 0) FROM ground_version) AS ground
    FROM plan JOIN place ON place.id = plan.place_id WHERE plan.id = :plan
""")
_SERVED = f"""(EXISTS (SELECT FROM duty WHERE duty.grid_id = grid.id AND duty.person_id = :person
    AND during @> clock_timestamp()) AND {coordinates("grid")})"""
_GRIDS = text(f"""
    SELECT grid.id, grid.code, grid.households, place.path::text AS path, {_SERVED} AS served
    FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = :plan AND (:everywhere OR place.path <@ ANY(CAST(:scope AS ltree[])))
    ORDER BY grid.code
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
