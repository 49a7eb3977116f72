"""Editing a draft: moves of plots and changes of grids are checked, stored, undone, and merged with others'.

A writer takes the plan's row, so that saves come one after the other. An edit says of everything it touches
what it was for its author; where that is so no more, somebody else changed it, and the edit is a conflict.
All else merges: the rules are checked on the plan as it is now. Only the grids an edit is about are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.errors import Refusal, torn_part
from app.models import Edit, Plan
from app.models.plans import GRID_KINDS, SPECIAL_KINDS
from app.services.bulk import insert_rows, new_ids, update_rows
from app.services.edit_history import (
    ALL,
    ATTRIBUTES,
    MADE_BY_MACHINE,
    MOVED_GROUND,
    PIECES,
    changes_between,
    edit_at,
    edits_since,
    grids_touched,
    maker,
    past,
    tell,
    undone_by,
)
from app.services.edit_part import (
    Part,
    buildings_on,
    grids_of,
    in_place_of,
    measured_part,
    part_of,
    plots_in,
)
from app.services.plan_rows import COMMUNITY_DIGITS, GRID_VALUES, grid_values, in_order
from app.services.review import must_be_editable

BY_HAND = ("move", "merge", "divide", "draw", "change")
LONGEST_NAME = 80
LONGEST_CODE = 15

Grid = Mapping[str, Any]
Moves = Mapping[int, tuple[int | None, int | str | None]]


@dataclass(frozen=True)
class Wanted:
    """An edit as its author means it.

    moves: {plot: (from, to)}; `to` is a grid's id or a name of `new`; None where the plot is not, or is no
    more, of the plan's ground. new: grids that are to be made: {name: attributes}.
    changes: {grid: {attribute: (was, now)}}. remade: grids that come back as they were, with all attributes.
    gone: grids that are to be given up, as they were left. ground: the version of plots after it, where that
    changes. as_it_was: it brings back what passed the rules before, for nobody changed these grids since.
    """

    kind: str
    moves: Moves = field(default_factory=dict)
    new: Mapping[str, Grid] = field(default_factory=dict)
    changes: Mapping[int, Mapping[str, tuple[Any, Any]]] = field(default_factory=dict)
    remade: Mapping[int, Grid] = field(default_factory=dict)
    gone: Mapping[int, Grid] = field(default_factory=dict)
    note: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    ground: int | None = None
    as_it_was: bool = False


@dataclass(frozen=True)
class Saved:
    """What became of an edit. made: ids of new grids by name. changed: grids that are other than before."""

    plan_id: int
    version: int
    base: int
    made: dict[str, int]
    gone: list[int]
    changed: list[int]


def save(session: Session, plan_id: int, base: int, wanted: Wanted, actor_id: int | None = None) -> Saved:
    """Store an edit of a draft that its author saw at version `base`.

    Refused with `plan_unknown`, `plan_not_draft`, `plan_submitted`, `plan_changed` for a version to come,
    `edit_conflict`, `plot_moved`, `edit_empty`, and by the rules: `community_crossed`, `grid_in_pieces`,
    `grid_is_locked`, `building_is_locked`, `grid_code_taken`, `grid_code_malformed`, `coordinator_unknown`.
    """
    return _store(session, locked_plan(session, plan_id, base), base, wanted, actor_id)


def switch_ground(
    session: Session,
    plan_id: int,
    base: int,
    tessellation_id: int,
    moves: Moves,
    actor_id: int | None = None,
    *,
    kind: str = "cut",
    note: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Saved:
    """Take a draft to another version of its place's plots.

    moves: for each plot that is no more (grid, None), for each that is new (None, grid).
    """
    wanted = Wanted(kind, moves, note=note, parameters=parameters or {}, ground=tessellation_id)
    return save(session, plan_id, base, wanted, actor_id)


def reverse(
    session: Session,
    plan_id: int,
    base: int,
    version: int,
    actor_id: int | None = None,
    note: str | None = None,
) -> Saved:
    """Undo the edit that made a version, also when others came after it; undoing an undo is redoing.

    Refused as `save`, with `not_found`, and with `edit_not_undoable` and `edit_undone_already`.
    """
    plan = locked_plan(session, plan_id, base)
    edit = edit_at(session, plan_id, version)
    if edit.kind in MADE_BY_MACHINE:
        raise Refusal("edit_not_undoable", version=version, kind=edit.kind)
    if version in (undone := undone_by(session, plan_id)):
        raise Refusal("edit_undone_already", version=version, by=undone[version])
    return _store(session, plan, base, _reversed(session, plan, edit, note), actor_id)


def _reversed(session: Session, plan: Plan, edit: Row[Any], note: str | None) -> Wanted:
    ground = None
    if edit.tessellation_id is not None:
        if edit.tessellation_id != plan.tessellation_id:  # cut again since
            raise Refusal("edit_not_undoable", version=edit.version, kind=edit.kind)
        ground = edit.parameters[MOVED_GROUND][0]
    own = grids_touched(edit)
    later = edits_since(session, plan.id, edit.version)
    return Wanted(
        "undo",
        {int(plot): (pair[1], pair[0]) for plot, pair in edit.moves.items()},
        changes={
            int(grid): {name: (change["now"][name], was) for name, was in change["was"].items()}
            for grid, change in edit.grids.items()
            if change["was"] is not None and change["now"] is not None
        },
        remade={int(grid): change["was"] for grid, change in edit.grids.items() if change["now"] is None},
        gone={int(grid): change["now"] for grid, change in edit.grids.items() if change["was"] is None},
        note=note,
        parameters={"undoes": edit.version, **_pieces_of(edit)},
        ground=ground,
        as_it_was=not any(own & grids_touched(one) for one in later),
    )


def _pieces_of(edit: Row[Any]) -> dict[str, Any]:
    """Which piece is of which plot, for the same households change hands again when it is taken back."""
    return {PIECES: edit.parameters[PIECES]} if PIECES in edit.parameters else {}


def restore(
    session: Session,
    plan_id: int,
    base: int,
    version: int,
    actor_id: int | None = None,
    note: str | None = None,
) -> Saved:
    """Make a draft what it was at a version, in one edit.

    Refused as `save`; with `plan_changed` where `base` is not the newest version, for what others did since
    would be undone unseen; and with `edit_not_undoable` for what a machine did since.
    """
    plan = locked_plan(session, plan_id, base)
    if base != plan.version:
        raise Refusal("plan_changed", plan=plan_id, yours=base, current=plan.version)
    for edit in edits_since(session, plan_id, version):
        if edit.kind in MADE_BY_MACHINE:
            raise Refusal("edit_not_undoable", version=edit.version, kind=edit.kind)
    then = past(session, plan_id, version, plan.tessellation_id, plan.version)
    now = grids_of(session, plan_id, list(then.plots))
    grids = _grids(session, plan_id, list(then.grids))
    moves = {plot: (now.get(plot), grid) for plot, grid in then.plots.items() if now.get(plot) != grid}
    told: dict[str, Any] = {"to": version}
    if then.tessellation_id != plan.tessellation_id:
        told[PIECES] = in_place_of(session, plan, moves)
    wanted = Wanted(
        "restore",
        moves,
        changes={
            grid: {
                name: (grids[grid][name], was[name])
                for name in ATTRIBUTES
                if name in was and was[name] != grids[grid][name]
            }
            for grid, was in then.grids.items()
            if was is not None and grid in grids
        },
        remade={grid: was for grid, was in then.grids.items() if was is not None and grid not in grids},
        gone={grid: grids[grid] for grid, was in then.grids.items() if was is None and grid in grids},
        note=note,
        parameters=told,
        ground=then.tessellation_id if then.tessellation_id != plan.tessellation_id else None,
        as_it_was=True,
    )
    return _store(session, plan, base, wanted, actor_id)


def locked_plan(session: Session, plan_id: int, base: int) -> Plan:
    """The draft that is to be written, its row taken until the transaction ends."""
    plan = session.scalars(
        select(Plan).where(Plan.id == plan_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    must_be_editable(session, plan)
    if base > plan.version:
        raise Refusal("plan_changed", plan=plan_id, yours=base, current=plan.version)
    return plan


# --- Storing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """What an edit is about, as it is now.

    before: {plot: grid} of every plot of the grids that are measured. grids: those that are there.
    locked: codes that the place has locked.
    """

    plan: Plan
    before: dict[int, int]
    grids: dict[int, dict[str, Any]]
    locked: frozenset[str]


def _store(session: Session, plan: Plan, base: int, asked: Wanted, actor_id: int | None) -> Saved:
    wanted = _named_ground(plan, _without_nothing(asked))
    desk = _desk(session, plan, wanted)
    check_same(session, desk, base, wanted)
    made = _made(session, desk, wanted)
    moves: dict[int, tuple[int | None, int | None]] = {
        plot: (one, made[to] if isinstance(to, str) else to) for plot, (one, to) in wanted.moves.items()
    }
    after = dict(desk.before)
    for plot, (_, to) in moves.items():
        after.pop(plot, None)
        if to is not None:
            after[plot] = to
    attributes = _attributes(session, desk, wanted, made, moves)
    left = sorted({*desk.before.values()} - {*after.values()})
    _check_given_up(session, desk, base, wanted, left, after)
    _check_locks(session, desk, wanted, moves)
    touched = _touched(wanted, moves)
    order = sorted((grid for grid in touched if grid not in left), key=lambda grid: attributes[grid]["code"])
    part = None
    if order:
        tessellation_id = wanted.ground or plan.tessellation_id
        own = {plot: grid for plot, grid in after.items() if grid in touched}
        part = part_of(session, plan, tessellation_id, own, order)
        _check_communities(part, attributes)
        if not wanted.as_it_was:
            _check_pieces(session, desk, part, moves, attributes)
    _write(session, desk, wanted, moves, attributes, left, part)
    kept = {grid: own for grid, own in attributes.items() if grid not in left}
    changes = changes_between(desk.grids, kept)
    version = _append(session, plan, base, wanted, moves, changes, actor_id)
    changed = sorted({*order, *wanted.changes} - {*left})
    return Saved(plan.id, version, base, made, left, changed)


def _without_nothing(wanted: Wanted) -> Wanted:
    """Without moves that go nowhere and changes that change nothing; `edit_empty` where none is left."""
    moves = {plot: pair for plot, pair in wanted.moves.items() if pair[0] != pair[1]}
    changes = {
        grid: kept
        for grid, change in wanted.changes.items()
        if (kept := {name: pair for name, pair in change.items() if pair[0] != pair[1]})
    }
    if not moves and not changes and not wanted.ground:
        raise Refusal("edit_empty")
    return replace(wanted, moves=moves, changes=changes)


def _named_ground(plan: Plan, wanted: Wanted) -> Wanted:
    """An edit that changes the version of plots says from which to which."""
    if wanted.ground is None:
        return wanted
    said = {**wanted.parameters, MOVED_GROUND: [plan.tessellation_id, wanted.ground]}
    return replace(wanted, parameters=said)


def _desk(session: Session, plan: Plan, wanted: Wanted) -> Desk:
    named = {grid for pair in wanted.moves.values() for grid in pair if isinstance(grid, int)}
    named |= {*wanted.gone, *_remeasured(wanted)}
    before = plots_in(session, plan.id, sorted(named))
    elsewhere = grids_of(session, plan.id, [plot for plot in wanted.moves if plot not in before])
    grids = _grids(session, plan.id, sorted({*named, *wanted.changes, *elsewhere.values()}))
    locked = frozenset(session.scalars(_LOCKED, {"place": plan.place_id}))
    return Desk(plan, before | elsewhere, grids, locked)


def _grids(session: Session, plan_id: int, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Attributes of the grids that are there."""
    rows = session.execute(_GRIDS, {"plan": plan_id, "grids": list(ids)})
    return {row.id: {name: getattr(row, name) for name in ALL} for row in rows}


_GRIDS = text("""
    SELECT id, code, name, kind, planned_id, own_lock, community_id FROM grid
    WHERE plan_id = :plan AND id = ANY(CAST(:grids AS bigint[]))
""")
_LOCKED = text("SELECT grid_code FROM lock WHERE place_id = :place AND grid_code IS NOT NULL")


# --- Is all as its author saw it? ------------------------------------------------------------------------


def check_same(session: Session, desk: Desk, base: int, wanted: Wanted) -> None:
    """Refuse an edit that touches what is not as its author saw it.

    `edit_conflict`, where others changed it since `base`, with both sides of everything that clashes; else
    `plot_moved`, `grid_unknown` and `edit_conflict`.
    """
    plots = [plot for plot, (was, _) in wanted.moves.items() if desk.before.get(plot) != was]
    targets = {to for _, to in wanted.moves.values() if isinstance(to, int)}
    named = sorted(targets | {*wanted.changes, *wanted.gone})
    grids: list[tuple[int, str | None]] = [
        (grid, None) for grid in named if grid not in desk.grids and grid not in wanted.remade
    ]
    for grid, change in wanted.changes.items():
        if grid in desk.grids:
            grids += [(grid, name) for name, (was, _) in change.items() if desk.grids[grid][name] != was]
    for grid, known in wanted.gone.items():
        if grid in desk.grids:
            grids += [(grid, name) for name in ATTRIBUTES if desk.grids[grid][name] != known.get(name)]
    if not plots and not grids:
        return
    if base == desk.plan.version:
        _refuse_untrue(desk, wanted, plots, grids)
    raise _conflict(session, desk, base, wanted, plots, grids)


def _refuse_untrue(
    desk: Desk, wanted: Wanted, plots: Sequence[int], grids: Sequence[tuple[int, str | None]]
) -> None:
    """What is said of the newest version and is not so is no conflict, but a mistake."""
    if plots and wanted.kind in BY_HAND:
        if plots[0] not in desk.before:
            raise Refusal("plot_unknown", plot=plots[0])
        raise Refusal(
            "plot_moved",
            plot=plots[0],
            expected=wanted.moves[plots[0]][0],
            found=desk.before[plots[0]],
        )
    if wanted.kind in BY_HAND and (missing := [grid for grid, name in grids if name is None]):
        raise Refusal("grid_unknown", grid=missing[0])


def _conflict(
    session: Session,
    desk: Desk,
    base: int,
    wanted: Wanted,
    plots: Sequence[int],
    grids: Sequence[tuple[int, str | None]],
    strangers: Sequence[int] = (),
) -> Refusal:
    """Both sides of what clashes: what was wanted, what is, who made it so, and in which version.

    strangers: plots that stand in a grid that was to be given up.
    """
    began = wanted.parameters["undoes"] if wanted.kind == "undo" else base
    since = edits_since(session, desk.plan.id, began)
    by_plot: dict[int, Row[Any]] = {}
    by_grid: dict[tuple[int, str | None], Row[Any]] = {}
    for edit in since:  # the last one stays
        by_plot |= {int(plot): edit for plot in edit.moves}
        for grid, change in edit.grids.items():
            for name in (change["now"] or {}) if change["was"] is not None else ATTRIBUTES:
                by_grid[int(grid), name] = edit
            by_grid[int(grid), None] = edit

    def who(edit: Row[Any] | None) -> dict[str, Any]:
        return {"by": edit and maker(edit), "version": edit and edit.version}

    told_plots = [
        {
            "plot": plot,
            "from": wanted.moves[plot][0] if plot in wanted.moves else desk.before.get(plot),
            "to": wanted.moves[plot][1] if plot in wanted.moves else None,
            "now": desk.before.get(plot),
            **who(by_plot.get(plot)),
        }
        for plot in [*plots, *strangers]
    ]
    told_grids = [
        {
            "grid": grid,
            "attribute": name,
            "yours": wanted.changes[grid][name][1] if name and grid in wanted.changes else None,
            "now": desk.grids[grid][name] if name and grid in desk.grids else None,
            **who(by_grid.get((grid, name))),
        }
        for grid, name in grids
    ]
    current = desk.plan.version
    return Refusal("edit_conflict", base=base, current=current, plots=told_plots, grids=told_grids)


def _check_given_up(
    session: Session,
    desk: Desk,
    base: int,
    wanted: Wanted,
    left: Sequence[int],
    after: Mapping[int, int],
) -> None:
    """A grid is given up as its author knew it: nobody renamed it meanwhile, nobody moved plots into it."""
    strangers = [plot for plot, grid in after.items() if grid in wanted.gone]
    renamed: list[tuple[int, str | None]] = []
    if base < desk.plan.version and left:
        for edit in edits_since(session, desk.plan.id, base):
            for grid, change in edit.grids.items():
                if int(grid) in left and change["was"] is not None and change["now"] is not None:
                    renamed += [(int(grid), name) for name in change["now"]]
    if strangers or (renamed and wanted.kind in BY_HAND):
        raise _conflict(session, desk, base, wanted, (), sorted(set(renamed)), strangers)
    if left and (grid_id := session.scalar(_ON_DUTY, {"grids": list(left)})) is not None:
        raise Refusal("grid_has_duty", grid=desk.grids[grid_id]["code"])


_ON_DUTY = text("SELECT grid_id FROM duty WHERE grid_id = ANY(CAST(:grids AS bigint[])) LIMIT 1")


# --- The grids after it ----------------------------------------------------------------------------------


def _made(session: Session, desk: Desk, wanted: Wanted) -> dict[str, int]:
    """Ids of the grids that are new; `new_grid_empty` for one without plots or without a description."""
    going = {to for _, to in wanted.moves.values() if isinstance(to, str)}
    if odd := sorted(going ^ {*wanted.new}):
        raise Refusal("new_grid_empty", grid=odd[0])
    ids = new_ids(session, "grid", len(wanted.new)).tolist() if wanted.new else []
    return dict(zip(sorted(wanted.new), ids, strict=True))


def _attributes(
    session: Session,
    desk: Desk,
    wanted: Wanted,
    made: Mapping[str, int],
    moves: Mapping[int, tuple[int | None, int | None]],
) -> dict[int, dict[str, Any]]:
    """Attributes of every grid the edit is about, as they are after it; checked."""
    after = {grid: dict(known) for grid, known in desk.grids.items()}
    for grid, known in wanted.remade.items():
        after[grid] = {name: known.get(name) for name in ALL}
    for grid, change in wanted.changes.items():
        after[grid] |= {name: now for name, (_, now) in change.items()}
    used: set[str] | None = None
    for name, grid in made.items():
        community = _community_of(session, next(plot for plot, (_, to) in moves.items() if to == grid))
        given = wanted.new[name]
        after[grid] = {
            "community_id": community,
            "kind": given.get("kind") or "residential",
            "name": given.get("name"),
            "planned_id": given.get("planned_id"),
            "own_lock": given.get("own_lock"),
            "code": given.get("code"),
        }
        if after[grid]["code"] is None:
            used = _used_codes(session, desk.plan) if used is None else used
            after[grid]["code"] = _next_code(_model_code(session, desk, community), used)
            used.add(after[grid]["code"])
    if wanted.kind in BY_HAND:
        _check_attributes(session, desk, wanted, made, after)
    _check_codes(session, desk, wanted, made, after)
    return after


def _community_of(session: Session, plot_id: int) -> int:
    """The community a plot lies in."""
    return int(session.scalars(_COMMUNITY_OF, {"plot": plot_id}).one())


_COMMUNITY_OF = text("SELECT community_id FROM plot WHERE id = :plot")


def _model_code(session: Session, desk: Desk, community_id: int) -> str:
    """A code of a grid of the plan in a community: new ones are made after it."""
    for known in desk.grids.values():
        if known["community_id"] == community_id:
            return str(known["code"])
    asked = {"plan": desk.plan.id, "community": community_id}
    return str(session.scalars(_MODEL_CODE, asked).one())


_MODEL_CODE = text("""
    SELECT code FROM grid WHERE plan_id = :plan AND community_id = :community ORDER BY code LIMIT 1
""")


def _check_attributes(
    session: Session,
    desk: Desk,
    wanted: Wanted,
    made: Mapping[str, int],
    after: Mapping[int, Grid],
) -> None:
    """What is new in them must be fit to be stored."""
    for grid in [*made.values(), *wanted.changes]:
        own = after[grid]
        name = own["name"]
        if name is not None and not 0 < len(name.strip()) <= LONGEST_NAME:
            raise Refusal("grid_name_malformed", most=LONGEST_NAME)
        if own["kind"] not in GRID_KINDS:
            raise Refusal("grid_kind_unknown", kind=own["kind"])
    planned = {after[grid]["planned_id"] for grid in made.values()}
    planned |= {change["planned_id"][1] for change in wanted.changes.values() if "planned_id" in change}
    asked = sorted(planned - {None})
    if not asked:
        return
    known = set(session.scalars(_COORDINATORS, {"ids": asked, "place": desk.plan.place_id}))
    if strange := [person for person in asked if person not in known]:
        raise Refusal("coordinator_unknown", person=strange[0])


_COORDINATORS = text("""
    SELECT person.id FROM person WHERE active AND person.id = ANY(CAST(:ids AS bigint[])) AND EXISTS (
        SELECT FROM role JOIN place ON place.id = role.place_id JOIN place AS own ON own.id = :place
        WHERE role.person_id = person.id AND role.kind = 'coordinator'
            AND (role.until IS NULL OR role.until >= current_date)
            AND (place.path <@ own.path OR place.path @> own.path)
    )
""")


def _check_codes(
    session: Session, desk: Desk, wanted: Wanted, made: Mapping[str, int], after: Mapping[int, Grid]
) -> None:
    """A new code has digits and begins as those of its community do; no two grids have the same."""
    renumbered = [grid for grid, change in wanted.changes.items() if "code" in change]
    for grid in [*made.values(), *renumbered]:
        code, community = after[grid]["code"], after[grid]["community_id"]
        model = _model_code(session, desk, community)
        digits = isinstance(code, str) and code.isascii() and code.isdigit() and len(code) <= LONGEST_CODE
        if not digits or stem_of(code) != stem_of(model):
            raise Refusal("grid_code_malformed", grid=str(code), stem=stem_of(model))
    fresh = [*made.values(), *renumbered, *wanted.remade]
    codes = [after[grid]["code"] for grid in fresh]
    taken = {row.code: row.id for row in session.execute(_HOLDERS, {"plan": desk.plan.id, "codes": codes})}
    leaving = _leaving(desk, wanted)
    for grid, code in zip(fresh, codes, strict=True):
        holder = taken.get(code, grid)
        frees = holder in leaving or holder in renumbered
        if codes.count(code) > 1 or (holder != grid and not frees):
            raise Refusal("grid_code_taken", grid=code)


def _leaving(desk: Desk, wanted: Wanted) -> set[int]:
    """Grids that none of their plots stays in."""
    left: dict[int, int] = {}
    for plot, grid in desk.before.items():
        stays = plot not in wanted.moves or wanted.moves[plot][1] == grid
        left[grid] = left.get(grid, 0) + stays
    for _, to in wanted.moves.values():
        if isinstance(to, int):
            left[to] = left.get(to, 0) + 1
    return {grid for grid, count in left.items() if count == 0}


_HOLDERS = text("SELECT id, code FROM grid WHERE plan_id = :plan AND code = ANY(CAST(:codes AS text[]))")


def stem_of(code: str) -> str:
    """What stands before the number of a grid: the community, or nothing.

    >>> stem_of("140402001003017"), stem_of("17")
    ('140402001003', '')
    """
    return code[:COMMUNITY_DIGITS] if len(code) > COMMUNITY_DIGITS else ""


def _used_codes(session: Session, plan: Plan) -> set[str]:
    """Codes of the plan now and before, and of every plan that was in force."""
    return set(session.scalars(_USED, {"plan": plan.id, "place": plan.place_id}))


_USED = text("""
    SELECT grid.code FROM grid JOIN plan ON plan.id = grid.plan_id
    WHERE plan.id = :plan OR (plan.place_id = :place AND plan.published_at IS NOT NULL)
    UNION
    SELECT change.value -> 'was' ->> 'code' FROM edit, jsonb_each(edit.grids) AS change
    WHERE edit.plan_id = :plan AND change.value -> 'was' ->> 'code' IS NOT NULL
""")


def _next_code(model: str, used: set[str]) -> str:
    """The number after the highest that was ever used beside this; `codes_used_up` where it has no room."""
    stem = stem_of(model)
    beside = [code for code in used if stem_of(code) == stem]
    width = len(model) - len(stem)
    highest = max((int(code[len(stem) :]) for code in beside), default=0)
    code = f"{stem}{highest + 1:0{width}d}"
    if len(code) > LONGEST_CODE:
        raise Refusal("codes_used_up", community=stem)
    return code


# --- Rules -----------------------------------------------------------------------------------------------


def _touched(wanted: Wanted, moves: Mapping[int, tuple[int | None, int | None]]) -> set[int]:
    """Grids whose outline, figures or place among their neighbours change."""
    moved = {grid for pair in moves.values() for grid in pair if grid is not None}
    return moved | _remeasured(wanted)


def _remeasured(wanted: Wanted) -> set[int]:
    """Grids that are measured anew for what they are called or are, though no plot moves."""
    return {grid for grid, change in wanted.changes.items() if {"code", "kind"} & {*change}}


def _check_locks(
    session: Session, desk: Desk, wanted: Wanted, moves: Mapping[int, tuple[int | None, int | None]]
) -> None:
    """No plot leaves or joins a locked grid, no locked building changes grid, no locked grid changes code.

    Where plots are other ones now, a locked grid has to cover the ground it covered.
    """
    whole = {plot: pair for plot, pair in moves.items() if None not in pair}
    renumbered = {grid for grid, change in wanted.changes.items() if "code" in change}
    moved = {grid for pair in whole.values() for grid in pair if grid is not None}
    recut = {grid for pair in moves.values() for grid in pair if grid is not None} - moved
    for grid in sorted(moved | renumbered | recut):
        if not _is_locked(desk, wanted, grid):
            continue
        code = (desk.grids.get(grid) or wanted.remade[grid])["code"]
        if grid in moved | renumbered or not _covers_the_same(session, grid, moves):
            raise Refusal("grid_is_locked", grid=code)
    _check_locked_buildings(session, desk, wanted, moves)


def _is_locked(desk: Desk, wanted: Wanted, grid: int) -> bool:
    """Whether a grid is locked, and stays so: an edit may change what it unlocks itself, as going back does.

    One that comes back is bound by the place's lock alone: it was in the state it comes back to.
    """

    def locked(word: bool | None, code: str) -> bool:
        return code in desk.locked if word is None else word

    if (now := desk.grids.get(grid)) is None:
        known = wanted.remade.get(grid)
        return known is not None and known.get("own_lock") is None and known["code"] in desk.locked
    _, after = wanted.changes.get(grid, {}).get("own_lock", (None, now["own_lock"]))
    return locked(now["own_lock"], now["code"]) and locked(after, now["code"])


def _covers_the_same(session: Session, grid: int, moves: Mapping[int, tuple[int | None, int | None]]) -> bool:
    """Whether the plots that come to a grid cover the ground of those that leave it."""
    asked = {
        "gone": [plot for plot, pair in moves.items() if pair[0] == grid],
        "come": [plot for plot, pair in moves.items() if pair[1] == grid],
    }
    apart = session.scalar(_APART, asked)
    return apart is not None and apart < ROUNDED_M2


# The corners of cuts are rounded to the lattice.
ROUNDED_M2 = 1.0
_APART = text("""
    SELECT ST_Area(CAST(ST_SymDifference(
        (SELECT ST_Union(geometry) FROM plot WHERE id = ANY(CAST(:gone AS bigint[]))),
        (SELECT ST_Union(geometry) FROM plot WHERE id = ANY(CAST(:come AS bigint[])))
    ) AS geography))
""")


def _check_locked_buildings(
    session: Session, desk: Desk, wanted: Wanted, moves: Mapping[int, tuple[int | None, int | None]]
) -> None:
    """No plot with a locked building changes grid; on other plots it stands in the grids it stood in."""
    after: dict[str, set[int]] = {}
    if wanted.ground is not None:
        come = {plot: to for plot, (_, to) in moves.items() if to is not None}
        for row in _locked_on(session, desk, wanted.ground, come):
            after.setdefault(row.code, set()).add(come[row.plot])
    leaving = {plot: one for plot, (one, _) in moves.items() if one is not None}
    rows = _locked_on(session, desk, desk.plan.tessellation_id, leaving)
    for row in rows:
        stood = {leaving[one.plot] for one in rows if one.code == row.code}
        if moves[row.plot][1] is not None or stood != after.get(row.code):
            grid = desk.grids[leaving[row.plot]]["code"]
            raise Refusal("building_is_locked", building=row.called, plot=row.plot, grid=grid)


def _locked_on(session: Session, desk: Desk, version: int, plots: Mapping[int, int]) -> Sequence[Row[Any]]:
    """The locked buildings on some plots of a version, with the plot of each."""
    asked = {"place": desk.plan.place_id, "plots": list(plots), "version": version}
    return session.execute(_LOCKED_BUILDINGS, asked).all()


_LOCKED_BUILDINGS = text("""
    SELECT building.code, coalesce(building.name, building.code) AS called, plot.id AS plot
    FROM lock JOIN building ON building.id = lock.building_id AND building.retired_at IS NULL
    JOIN plot ON plot.id = ANY(CAST(:plots AS bigint[])) AND (
        ST_Intersects(plot.geometry, building.position) OR EXISTS (
            SELECT FROM plot_entrance AS door WHERE door.tessellation_id = :version
                AND door.building_id = building.id AND door.plot_id = plot.id
        )
    )
    WHERE lock.place_id = :place ORDER BY building.code, plot.id
""")


def _check_communities(part: Part, attributes: Mapping[int, Grid]) -> None:
    """No grid crosses communities."""
    for number, grid in enumerate(part.ids[: part.own]):
        strange = (part.grid == number) & (part.plots.community != attributes[grid]["community_id"])
        if strange.any():
            plot = int(part.plots.ids[strange][0])
            raise Refusal("community_crossed", grid=attributes[grid]["code"], plot=plot)


def _check_pieces(
    session: Session,
    desk: Desk,
    part: Part,
    moves: Mapping[int, tuple[int | None, int | None]],
    attributes: Mapping[int, Grid],
) -> None:
    """No grid is in more pieces than before, and a new one is in one."""
    pieces = part.pieces()
    torn = [number for number in range(part.own) if pieces[number] > 1]
    if not torn:
        return
    allowed = _pieces_before(session, desk)
    for number in torn:
        grid = part.ids[number]
        if pieces[number] > allowed.get(grid, 1):
            plots = part.torn_off(number).tolist()
            buildings = buildings_on(session, desk.plan, plots)
            raise Refusal(
                "grid_in_pieces",
                grid=attributes[grid]["code"],
                pieces=int(pieces[number]),
                plots=plots,
                buildings=buildings,
                torn=torn_part(buildings),
            )


def _pieces_before(session: Session, desk: Desk) -> dict[int, int]:
    """Of how many pieces each grid is now."""
    order = sorted({*desk.before.values()})
    part = part_of(session, desk.plan, desk.plan.tessellation_id, desk.before, order)
    return dict(zip(order, part.pieces().tolist(), strict=True))


# --- Rows ------------------------------------------------------------------------------------------------


def _write(
    session: Session,
    desk: Desk,
    wanted: Wanted,
    moves: Mapping[int, tuple[int | None, int | None]],
    attributes: Mapping[int, Grid],
    left: Sequence[int],
    part: Part | None,
) -> None:
    """The grids, their outlines and figures, and the rows plot → grid; what is derived is dropped."""
    plan_id = desk.plan.id
    moved = {grid for pair in moves.values() for grid in pair if grid is not None}
    special = {grid for grid, own in attributes.items() if own["kind"] in SPECIAL_KINDS}
    session.execute(_DROP_MICRO, {"grids": sorted((moved | special) & {*desk.grids})})
    fresh = [grid for grid in attributes if grid not in desk.grids]
    coming = {attributes[grid]["code"] for grid in [*fresh, *wanted.changes]}
    parked = [grid for grid, own in desk.grids.items() if own["code"] in coming]
    session.execute(_PARK, {"grids": parked})
    values: dict[int, tuple[Any, ...]] = {}
    codes: list[str] = []
    if part is not None:
        codes = _codes_of(session, part, attributes)
        kinds = [attributes[grid]["kind"] for grid in part.ids[: part.own]]
        names = [attributes[grid]["name"] for grid in part.ids[: part.own]]
        grids = measured_part(session, desk.plan, part, kinds, names)
        values = dict(zip(part.ids, grid_values(part.plots, grids, codes), strict=False))
    columns = ["id", *ATTRIBUTES]
    rows = {grid: (grid, *(attributes[grid][name] for name in ATTRIBUTES)) for grid in attributes}
    insert_rows(
        session,
        "grid",
        ["plan_id", "community_id", *columns, *GRID_VALUES],
        [(plan_id, attributes[grid]["community_id"], *rows[grid], *values[grid]) for grid in fresh],
    )
    _place(session, desk.plan, wanted.ground, moves, attributes)
    kept = [grid for grid in rows if grid in desk.grids and grid not in left]
    measured = [(*rows[grid], *values[grid]) for grid in kept if grid in values]
    update_rows(session, "grid", [*columns, *GRID_VALUES], measured)
    renamed = [rows[grid] for grid in kept if grid not in values and grid in wanted.changes]
    update_rows(session, "grid", columns, renamed)
    if left:
        session.execute(_GIVE_UP, {"grids": list(left)})
    if part is not None:
        _tell_neighbours(session, desk, part, codes, attributes, left)


_DROP_MICRO = text("DELETE FROM micro_grid WHERE grid_id = ANY(CAST(:grids AS bigint[]))")
# Out of the way of who takes their codes, until they have new ones or are given up.
_PARK = text("UPDATE grid SET code = lpad(id::text, 15, '0') WHERE id = ANY(CAST(:grids AS bigint[]))")
_GIVE_UP = text("DELETE FROM grid WHERE id = ANY(CAST(:grids AS bigint[]))")


def _place(
    session: Session,
    plan: Plan,
    ground: int | None,
    moves: Mapping[int, tuple[int | None, int | None]],
    attributes: Mapping[int, Grid],
) -> None:
    """Write which grid each plot that moves is in now, and where plots are other ones, those."""
    gone = [plot for plot, (_, to) in moves.items() if to is None]
    come = {plot: to for plot, (one, to) in moves.items() if one is None and to is not None}
    going = {plot: to for plot, (one, to) in moves.items() if one is not None and to is not None}
    if gone:
        session.execute(_TAKE_OUT, {"plan": plan.id, "plots": gone})
    if ground is not None:
        plan.tessellation_id = ground
        session.flush()  # every row of the plan goes along
    if come:
        insert_rows(
            session,
            "grid_plot",
            ["plan_id", "plot_id", "grid_id", "tessellation_id", "community_id"],
            [
                (plan.id, plot, grid, plan.tessellation_id, attributes[grid]["community_id"])
                for plot, grid in come.items()
            ],
        )
    if going:
        session.execute(_MOVE, {"plan": plan.id, "plots": list(going), "grids": list(going.values())})


_TAKE_OUT = text("""
    DELETE FROM grid_plot WHERE plan_id = :plan AND plot_id = ANY(CAST(:plots AS bigint[]))
""")
_MOVE = text("""
    UPDATE grid_plot SET grid_id = moved.grid_id
    FROM unnest(CAST(:plots AS bigint[]), CAST(:grids AS bigint[])) AS moved (plot_id, grid_id)
    WHERE grid_plot.plan_id = :plan AND grid_plot.plot_id = moved.plot_id
""")


def _codes_of(session: Session, part: Part, attributes: Mapping[int, Grid]) -> list[str]:
    """Codes of the grids of a part and of those beside it."""
    beside = part.ids[part.own :]
    known = {row.id: row.code for row in session.execute(_CODES, {"grids": beside})}
    return [attributes[grid]["code"] if grid in attributes else known[grid] for grid in part.ids]


_CODES = text("SELECT id, code FROM grid WHERE id = ANY(CAST(:grids AS bigint[]))")


def _tell_neighbours(
    session: Session,
    desk: Desk,
    part: Part,
    codes: Sequence[str],
    attributes: Mapping[int, Grid],
    left: Sequence[int],
) -> None:
    """Rewrite which neighbours the grids beside the part have, where that changed."""
    concerned = {*part.ids[: part.own], *left}
    former = {own["code"] for grid, own in desk.grids.items() if grid in concerned}
    renumbered = {
        own["code"]: attributes[grid]["code"]
        for grid, own in desk.grids.items()
        if attributes[grid]["code"] != own["code"]
    }
    sharing = part.beside()
    rows = session.execute(_MEASURES, {"grids": part.ids[part.own :]}).all()
    number = {grid: place for place, grid in enumerate(part.ids)}
    changed: dict[int, str] = {}
    for row in rows:
        mine = {codes[other] for other in sharing.get(number[row.id], ())}
        others = {*row.measures.get("neighbours", ())} - former
        told = renamed(row.measures, renumbered) | {"neighbours": in_order(others | mine)}
        if told != row.measures:
            changed[row.id] = json.dumps(told, ensure_ascii=False)
    if changed:
        session.execute(_RETELL, {"grids": list(changed), "measures": list(changed.values())})


_MEASURES = text("SELECT id, measures FROM grid WHERE id = ANY(CAST(:grids AS bigint[]))")
_RETELL = text("""
    UPDATE grid SET measures = told.measures
    FROM unnest(CAST(:grids AS bigint[]), CAST(:measures AS jsonb[])) AS told (id, measures)
    WHERE grid.id = told.id
""")


def renamed(measures: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """Measures whose reason and remedy call grids by their new codes.

    >>> renamed({"reason_facts": {"around": ["1", "2"]}}, {"2": "5"})
    {'reason_facts': {'around': ['1', '5']}}
    """
    said = dict(measures)
    if codes and "reason_facts" in said:
        said["reason_facts"] = _recoded(said["reason_facts"], codes)
    if codes and "remedy" in said:
        said["remedy"] = said["remedy"] | {"facts": _recoded(said["remedy"]["facts"], codes)}
    return said


def _recoded(facts: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    said = dict(facts)
    if "neighbour" in said:
        said["neighbour"] = codes.get(said["neighbour"], said["neighbour"])
    if "around" in said:
        said["around"] = [codes.get(code, code) for code in said["around"]]
    return said


def _append(
    session: Session,
    plan: Plan,
    base: int,
    wanted: Wanted,
    moves: Mapping[int, tuple[int | None, int | None]],
    changes: Mapping[str, Any],
    actor_id: int | None,
) -> int:
    """The edit's row and the plan's new version; who follows the plan is told when all is committed."""
    plan.version += 1
    session.add(
        Edit(
            plan_id=plan.id,
            version=plan.version,
            base_version=base,
            kind=wanted.kind,
            moves={str(plot): list(pair) for plot, pair in sorted(moves.items())},
            grids=dict(changes),
            parameters=dict(wanted.parameters),
            note=wanted.note,
            tessellation_id=wanted.ground,
            made_by=actor_id,
        )
    )
    session.flush()
    tell(session, plan.id)
    return plan.version
