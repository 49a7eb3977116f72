"""Editing a draft: what an editor reads, edits saved, undone and gone back over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, request

from app.db import Transaction, transaction
from app.errors import Refusal
from app.services import edit_history, kept_answers, presence, publishing, reading
from app.services.access import BIGGEST_ID, POLICY, allow_there
from app.views import edit_schemas as schemas
from app.views import streams
from app.views.map_api import STRICT
from app.views.map_schemas import Asked
from app.views.packed import NEVER_CHANGES, is_known, json_answer, unchanged
from app.views.plans import wanted_version
from app.views.session import actor, actor_now, work
from app.views.streams import HEARTBEAT_SECONDS, LONGEST_SECONDS, STILL_THERE, event, streamed

bp = APIBlueprint("edits", __name__, tag="Editing")

MAY_FAIL = {412: "The plan is at another version", 428: "If-Match is missing"}
RESERVED = frozenset({"undoes", edit_history.MOVED_GROUND, edit_history.PIECES, "wishes", "copy_of"})
LONGEST_PARAMETERS = 50_000
ATTRIBUTES = {
    **{name: name for name in ("code", "name", "kind", "own_lock")},
    "planned": "planned_id",
}


@bp.get("/api/plans/<int:plan_id>/assignment")
@bp.input(Asked, **STRICT)
@bp.output(schemas.Assignment)
@bp.doc(summary="Which plots each grid has", responses={304: "What the browser has is still good"})
def assignment(plan_id: int, asked: dict[str, Any]) -> Response:
    """A plan as a table of grids and their plots."""
    with work() as session:
        mark = f"{plan_id}.{publishing.version_of(session, plan_id)}"
        if is_known(mark):
            return unchanged(mark)
        return json_answer(edit_history.assignment(session, plan_id), mark)


@bp.get("/api/plans/<int:plan_id>/ground/<int:x>/<int:y>")
@bp.input(schemas.OnGround, **STRICT)
@bp.output(schemas.GroundCell)
@bp.doc(summary="Plots in a cell of the map", responses={304: "What the browser has is still good"})
def ground(plan_id: int, x: int, y: int, asked: dict[str, Any]) -> Response:
    """The plots of a version whose middle lies in a tile of zoom 15; they never change."""
    from app.services import edit_ground

    with work() as session:
        said = f"{asked['ground']}.{x}.{y}"
        if is_known(said):
            return unchanged(said, NEVER_CHANGES)
        found = edit_ground.cell(session, plan_id, asked["ground"], x, y)
    return json_answer(found, said, NEVER_CHANGES)


@bp.get("/api/plans/<int:plan_id>/ground/<int:x>/<int:y>/residents")
@bp.input(schemas.OnGround, **STRICT)
@bp.output(schemas.ResidentsOnPlots)
@bp.doc(summary="Residents by plot in a cell of the map, as counts")
def residents(plan_id: int, x: int, y: int, asked: dict[str, Any]) -> Response:
    """How many residents live on each plot of a cell, for figures under the hand; plots without: left out."""
    from app.services import edit_ground, residents_moved

    with work() as session:
        plots = edit_ground.plots_of_cell(session, plan_id, asked["ground"], x, y)
        told = residents_moved.counter(session, actor(), plan_id)(plots)
    return json_answer({"residents": {str(plot): count for plot, count in (told or {}).items()}})


@bp.post("/api/plans/<int:plan_id>/edits")
@bp.input(schemas.SentEdit, location="headers", arg_name="sent")
@bp.input(schemas.WantedEdit, arg_name="body")
@bp.output(schemas.SavedEdit)
@bp.doc(summary="Save an edit", responses=MAY_FAIL)
def save(plan_id: int, sent: dict[str, Any], body: dict[str, Any]) -> Response:
    """Store an edit of a draft; if others changed it since that version, merged with what they did.

    409 `edit_conflict` where both changed the same plot, the same attribute of a grid, or a grid given up.
    """
    from app.services import editing

    wanted = wanted_of(body)

    def act(session: Transaction, plan_id: int, base: int) -> Any:
        return editing.save(session, plan_id, base, wanted, actor().person_id)

    return answered(plan_id, sent, act)


@bp.get("/api/plans/<int:plan_id>/edits")
@bp.input(schemas.WhichEdits, **STRICT)
@bp.output(schemas.Edits)
@bp.doc(summary="Edits of a plan")
def edits(plan_id: int, asked: dict[str, Any]) -> Response:
    """Who changed what when, the newest first; `moves` and `changes` only where asked for."""
    with work() as session:
        version = publishing.version_of(session, plan_id)
        found = edit_history.edits(
            session, plan_id, after=asked["after"], limit=asked["limit"], with_moves=asked["moves"]
        )
        return json_answer({"version": version, "edits": found})


@bp.post("/api/plans/<int:plan_id>/edits/<int:version>/reversal")
@bp.input(schemas.SentEdit, location="headers", arg_name="sent")
@bp.input(schemas.EditNote, arg_name="body")
@bp.output(schemas.SavedEdit)
@bp.doc(summary="Undo an edit", responses=MAY_FAIL)
def reverse(plan_id: int, version: int, sent: dict[str, Any], body: dict[str, Any]) -> Response:
    """Take one edit back, also when others came after it; undoing an undo is redoing."""
    from app.services import editing

    def act(session: Transaction, plan_id: int, base: int) -> Any:
        return editing.reverse(session, plan_id, base, version, actor().person_id, body["note"])

    return answered(plan_id, sent, act)


@bp.post("/api/plans/<int:plan_id>/restoration")
@bp.input(schemas.SentEdit, location="headers", arg_name="sent")
@bp.input(schemas.Restoration, arg_name="body")
@bp.output(schemas.SavedEdit)
@bp.doc(summary="Go back to a version", responses=MAY_FAIL)
def restore(plan_id: int, sent: dict[str, Any], body: dict[str, Any]) -> Response:
    """Make a draft what it was at a version, in one edit that can be undone as any other."""
    from app.services import editing

    def act(session: Transaction, plan_id: int, base: int) -> Any:
        return editing.restore(session, plan_id, base, body["to"], actor().person_id, body["note"])

    return answered(plan_id, sent, act)


@bp.get("/api/plans/<int:plan_id>/states/<int:version>")
@bp.input(Asked, **STRICT)
@bp.output(schemas.PlanState)
@bp.doc(summary="A plan as it was at a version")
def state(plan_id: int, version: int, asked: dict[str, Any]) -> Response:
    """The grids a plan had at a version, with their plots."""
    with work() as session:
        return json_answer(edit_history.state(session, plan_id, version))


@bp.get("/api/plans/<int:plan_id>/news")
@bp.input(schemas.Since, **STRICT)
@bp.doc(
    summary="Follow a plan",
    responses={200: "Server-sent events `edit` and `people`", 503: "Too many follow something just now"},
)
def news(plan_id: int, asked: dict[str, Any]) -> Response:
    """Every edit from now on, or beyond a version, and who has the plan open, as server-sent events.

    `edit` has version, kind and by; `people` the people. Who follows a plan has it open.
    """
    with work() as session:
        version = publishing.version_of(session, plan_id)
    seen = version if asked["after"] is None else asked["after"]
    following = streams.news().follow(plan_id, edit_history.CHANNEL)
    follower = following.__enter__()
    window: list[int] = []

    def stream() -> Iterator[str]:
        nonlocal seen
        people, waited = None, 0.0
        while waited < LONGEST_SECONDS:
            found = _news(plan_id, seen, window)
            if found is None:
                return
            for edit in found["edits"]:
                seen = edit["version"]
                yield event("edit", edit)
            if found["people"] != people:
                people = found["people"]
                yield event("people", {"people": people})
            if not follower.wait(HEARTBEAT_SECONDS):
                waited += HEARTBEAT_SECONDS
                yield STILL_THERE

    def over() -> None:
        following.__exit__(None, None, None)
        if window:
            with transaction(engine) as session:
                presence.close(session, window[0])

    engine = current_app.extensions["engine"]
    return streamed(stream(), over)


def _news(plan_id: int, seen: int, window: list[int]) -> dict[str, Any] | None:
    """What is new of a plan; None for who is signed out, or may see it no more. The window stays known."""
    with transaction(current_app.extensions["engine"]) as session:
        asking = actor_now(session)
        if asking is None:
            return None
        try:
            allow_there(session, asking, POLICY["edits.news"], {"plan_id": plan_id})
        except Refusal:
            return None
        if not window:
            window.append(presence.open_(session, plan_id, asking.person_id))
        edits = edit_history.edits_since(session, plan_id, seen)
        return {
            "edits": [
                {"version": edit.version, "kind": edit.kind, "by": edit_history.maker(edit)} for edit in edits
            ],
            "people": presence.people(session, plan_id, window[0]),
        }


def answered(plan_id: int, sent: Mapping[str, Any], act: Callable[[Transaction, int, int], Any]) -> Response:
    """Do what was asked once, however often it is sent, and tell what became of it."""
    base = wanted_version()
    with work() as session:

        def once() -> dict[str, Any]:
            return told(session, act(session, plan_id, base))

        said, again = kept_answers.once(
            session, actor().person_id, sent["key"], request.path, request.get_data(), once
        )
    answer = json_answer(said)
    answer.set_etag(str(said["version"]))
    if again:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


def told(session: Transaction, saved: Any) -> dict[str, Any]:
    """What became of an edit, for who sent it."""
    since = edit_history.edits(session, saved.plan_id, after=saved.base, with_moves=True)
    return {
        "plan": saved.plan_id,
        "version": saved.version,
        "edit": since[0],
        "made": saved.made,
        "gone": saved.gone,
        "grids": reading.some_grids(session, saved.plan_id, saved.changed),
        "others": since[1:],
    }


# --- What is sent ----------------------------------------------------------------------------------------


def wanted_of(body: Mapping[str, Any]) -> Any:
    """An edit as it was sent; `edit_malformed` where it cannot be read."""
    from app.services.editing import Wanted

    _check_parameters(body["parameters"])
    new = {key: _described(key, own) for key, own in body["grids"].items() if key.startswith("new:")}
    return Wanted(
        body["kind"],
        {_id(plot, "moves"): _move(plot, pair) for plot, pair in body["moves"].items()},
        new=new,
        changes={
            _id(key, "grids"): _change(key, own) for key, own in body["grids"].items() if key not in new
        },
        note=body["note"],
        parameters=body["parameters"],
    )


def _check_parameters(parameters: Mapping[str, Any]) -> None:
    """What an act was told is kept as it came, but for what only the server says, and for a library of it."""
    if reserved := sorted({*parameters} & RESERVED):
        raise Refusal("edit_malformed", what=f"parameters.{reserved[0]}")
    if len(json.dumps(parameters)) > LONGEST_PARAMETERS:
        raise Refusal("edit_malformed", what="parameters")


def _move(plot: str, pair: list[Any]) -> tuple[int, int | str]:
    source, to = pair
    named = isinstance(to, str) and to.startswith("new:")
    if not _is_id(source) or not (named or _is_id(to)):
        raise Refusal("edit_malformed", what=f"moves.{plot}")
    return source, to


def _described(key: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of a grid that is to be made."""
    return {
        ATTRIBUTES[name]: _attribute(f"grids.{key}", name, value)
        for name, value in own.items()
        if _known(key, name)
    }


def _change(key: str, own: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    found: dict[str, tuple[Any, Any]] = {}
    for name, pair in own.items():
        if not isinstance(pair, list) or len(pair) != 2 or not _known(key, name):
            raise Refusal("edit_malformed", what=f"grids.{key}.{name}")
        was, now = (_attribute(f"grids.{key}", name, value) for value in pair)
        if now is None and name in ("code", "kind"):
            raise Refusal("edit_malformed", what=f"grids.{key}.{name}")
        found[ATTRIBUTES[name]] = was, now
    return found


def _known(key: str, name: str) -> bool:
    if name not in ATTRIBUTES:
        raise Refusal("edit_malformed", what=f"grids.{key}.{name}")
    return True


def _attribute(where: str, name: str, value: Any) -> Any:
    """A person by id, whether it is locked, or text; null for none."""
    fits = _is_id(value) if name == "planned" else isinstance(value, bool if name == "own_lock" else str)
    if value is not None and not fits:
        raise Refusal("edit_malformed", what=f"{where}.{name}")
    return value


def _id(key: str, where: str) -> int:
    if not (key.isascii() and key.isdecimal() and len(key) <= 19 and int(key) <= BIGGEST_ID):
        raise Refusal("edit_malformed", what=f"{where}.{key[:40]}")
    return int(key)


def _is_id(value: Any) -> bool:
    return type(value) is int and 0 <= value <= BIGGEST_ID
