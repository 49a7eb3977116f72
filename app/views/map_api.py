"""What the map reads: places, plans, grids, buildings, points and words."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from marshmallow import RAISE

from app.errors import Refusal
from app.services import lookup, plan_guard, reading
from app.services.access import BIGGEST_ID
from app.services.search import search as find
from app.views import map_schemas as schemas
from app.views.packed import is_known, json_answer, unchanged
from app.views.plan_history import moment_meant
from app.views.review import with_words
from app.views.session import actor, work

bp = APIBlueprint("map_api", __name__, tag="Map")

STRICT: dict[str, Any] = {"location": "query", "arg_name": "asked", "unknown": RAISE}


@bp.get("/api/places")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.Places)
@bp.doc(summary="The tree of places")
def places(asked: dict[str, Any]) -> Response:
    """Every place the person may read, and what lies above it; parents first."""
    with work() as session:
        return json_answer({"places": reading.places(session, actor())})


@bp.get("/api/places/<string:code>")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.OnePlace)
@bp.doc(summary="A place")
def place(code: str, asked: dict[str, Any]) -> Response:
    """A place with its counts, its version of plots and the places above it."""
    with work() as session:
        return json_answer(reading.place(session, code, actor()))


@bp.get("/api/places/<string:code>/plans")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.Plans)
@bp.doc(summary="Plans of a place")
def plans(code: str, asked: dict[str, Any]) -> Response:
    """Plans of a place and of those above it: in force, drafts the person may see, retired."""
    with work() as session:
        return json_answer({"plans": [_in_words(one) for one in reading.plans(session, code, actor())]})


@bp.get("/api/plans/<int:plan_id>")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.Plan)
@bp.doc(summary="A plan")
def plan(plan_id: int, asked: dict[str, Any]) -> Response:
    """A plan with what its grids in scope come to."""
    with work() as session:
        scope, told = reading.plan_told(session, plan_id, actor())
        deciding = reading.draft_scope(actor())
        found = reading.plan(session, plan_id, scope, deciding=deciding, told=told)
        return json_answer(_in_words(found))


@bp.get("/api/plans/<int:plan_id>/grids")
@bp.input(schemas.OnDay, **STRICT)
@bp.output(schemas.Grids)
@bp.doc(summary="All grids of a plan", responses={304: "What the browser has is still good"})
def grids(plan_id: int, asked: dict[str, Any]) -> Response:
    """All grids of a plan in scope, with figures, reasons and coordinators, also those of a former day."""
    when = moment_meant(asked["when"]) if asked["when"] else None
    with work() as session:
        scope, told = reading.plan_told(session, plan_id, actor())
        mark = reading.grids_mark(session, plan_id, scope, when, told)
        if is_known(mark):
            return unchanged(mark)
        return json_answer(reading.grids(session, plan_id, scope, when, told), mark)


@bp.get("/api/plans/<int:plan_id>/border")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.InnerBorder)
@bp.doc(summary="What the borders between a plan's grids follow")
def border(plan_id: int, asked: dict[str, Any]) -> Response:
    """Metres of border between grids in scope, and the shares of streets, rivers and other lines in it."""
    with work() as session:
        scope = reading.plan_scope(session, plan_id, actor())
        return json_answer(reading.inner_border(session, plan_id, scope))


@bp.get("/api/grids/<int:grid_id>")
@bp.input(schemas.OnDay, **STRICT)
@bp.output(schemas.OneGrid)
@bp.doc(summary="A grid")
def grid(grid_id: int, asked: dict[str, Any]) -> Response:
    """A grid with its staff (also of a former day), neighbours, compounds and what runs along its border."""
    when = moment_meant(asked["when"]) if asked["when"] else None
    with work() as session:
        return json_answer(reading.grid(session, grid_id, actor(), when))


@bp.get("/api/grids/<int:grid_id>/buildings")
@bp.input(schemas.Page, **STRICT)
@bp.output(schemas.Buildings)
@bp.doc(summary="Buildings of a grid")
def grid_buildings(grid_id: int, asked: dict[str, Any]) -> Response:
    """A page of the buildings that stand in a grid; `next` is the `after` of the page that follows."""
    with work() as session:
        plan_id = reading.grid_open(session, grid_id, actor())
        is_told = reading.plan_told(session, plan_id, actor())[1].knows(grid_id)
        sort, descending = asked["sort"], asked["descending"]
        if sort == "households" and not is_told:  # no order tells of them either
            sort, descending = "code", False
        page = reading.grid_buildings(
            session,
            grid_id,
            sort=sort,
            descending=descending,
            limit=asked["limit"],
            after=cursor_read(asked["after"], sort),
            is_told=is_told,
        )
    return json_answer({**page, "next": cursor_written(page["next"], sort)})


@bp.get("/api/plans/<int:plan_id>/at")
@bp.input(schemas.Point, **STRICT)
@bp.output(schemas.At)
@bp.doc(summary="The grid at a point")
def at(plan_id: int, asked: dict[str, Any]) -> Response:
    """The grid of a plan at a point; null where there is none, or none in the person's scope."""
    with work() as session:
        scope = reading.plan_scope(session, plan_id, actor())
        found = lookup.grid_at(session, plan_id, asked["lon"], asked["lat"], scope)
        return json_answer({"grid": None if found is None else dict(found._mapping)})


@bp.get("/api/places/<string:code>/nearest-building")
@bp.input(schemas.Point, **STRICT)
@bp.output(schemas.Nearest)
@bp.doc(summary="The building nearest to a point")
def nearest_building(code: str, asked: dict[str, Any]) -> Response:
    """The building of a place nearest to a point, with its distance; null where there is none in scope."""
    with work() as session:
        path = reading.path_of(session, code)
        found = lookup.nearest_building(session, asked["lon"], asked["lat"], actor().scope, path)
        if found is None:
            return json_answer({"building": None})
        is_told = plan_guard.knows_building(session, actor(), found.id)
        said = reading.building(found, is_told=is_told)
        return json_answer({"building": {**said, "distance_m": round(found.distance_m, 1)}})


@bp.get("/api/places/<string:code>/search")
@bp.input(schemas.Words, **STRICT)
@bp.output(schemas.Found)
@bp.doc(summary="Search")
def search(code: str, asked: dict[str, Any]) -> Response:
    """Grids, buildings, compounds, streets and places by code, name, address, pinyin or its first letters."""
    with work() as session:
        plan_id, scope = asked["plan"], actor().scope
        if plan_id is not None:
            scope = reading.plan_scope(session, plan_id, actor())
        found = find(session, code, asked["q"], scope, plan_id)
        if plan_id is not None and found["grids"]:
            told = plan_guard.told_of_plan(session, plan_id, actor(), scope)
            for grid in found["grids"]:
                grid["households"] = told.of_grid(grid["id"], grid["households"])
        return json_answer(found)


def _in_words(plan: dict[str, Any]) -> dict[str, Any]:
    """A plan whose review says in the request's language why it could not be published, if so."""
    return plan if plan["review"] is None else {**plan, "review": with_words(plan["review"])}


def cursor_written(last: list[Any] | None, sort: str) -> str | None:
    """Where a page ended, as one word."""
    if last is None:
        return None
    return base64.urlsafe_b64encode(json.dumps([sort, *last], ensure_ascii=False).encode()).decode()


def cursor_read(word: str | None, sort: str) -> tuple[str | int, int] | None:
    """Where the page before ended; refused with `request_malformed` where the word is none of ours."""
    if word is None:
        return None
    try:
        order, value, building_id = json.loads(base64.b64decode(word, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise Refusal("request_malformed") from None
    wanted = int if sort in reading.BY_NUMBER else str
    sound = order == sort and type(value) is wanted and type(building_id) is int
    if not sound or (wanted is str and "\0" in str(value)) or not _fits(value) or not _fits(building_id):
        raise Refusal("request_malformed")
    return value, building_id


def _fits(value: str | int) -> bool:
    return isinstance(value, str) or abs(value) <= BIGGEST_ID
