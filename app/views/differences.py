"""Where two plans differ, or two versions of one: as a map, and as a table of buildings."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from apiflask.fields import Boolean, Integer, String
from apiflask.validators import OneOf, Range
from flask import Response

from app.db import Transaction
from app.errors import Refusal
from app.services import comparison, plan_guard, reading, residents_moved
from app.services.access import BIGGEST_ID, DECIDERS
from app.views import map_schemas as schemas
from app.views.map_api import STRICT
from app.views.packed import json_answer
from app.views.session import actor, work

bp = APIBlueprint("differences", __name__, tag="Plans")

SORTS = ("code", "name", "households", "from", "to")
BIGGEST_VERSION = 2**31 - 1
NOTHING: dict[str, Any] = {"type": "FeatureCollection", "before": None, "features": []}
NOBODY: dict[str, Any] = {"total": 0, "households": 0, "people": None, "buildings": [], "next": None}


class Between(schemas.Asked):
    """What it is held against: another plan, if none is named the one it follows; versions of either."""

    before = Integer(load_default=None, validate=Range(0, BIGGEST_ID), data_key="with")
    version = Integer(load_default=None, validate=Range(1, BIGGEST_VERSION))
    with_version = Integer(load_default=None, validate=Range(1, BIGGEST_VERSION))


class PageOfMoved(Between):
    """The same, and which page of the table."""

    sort = String(load_default="households", validate=OneOf(SORTS))
    descending = Boolean(load_default=True)
    limit = Integer(load_default=50, validate=Range(1, 1000))
    after = Integer(load_default=0, validate=Range(0, 10_000_000))


@bp.get("/api/plans/<int:plan_id>/differences")
@bp.input(Between, **STRICT)
@bp.doc(summary="Ground that changes hands between two plans or versions", responses={200: "GeoJSON"})
def differences(plan_id: int, asked: dict[str, Any]) -> Response:
    """A polygon for each pair of grids, with households and buildings; of what is in the person's scope.

    No features and `before` null where there is none to compare with.
    """
    from app.services import differences  # shapely: only when plans are compared

    with work() as session:
        found = _moved(session, plan_id, asked)
        if found is None:
            return json_answer(NOTHING)
        residents = residents_moved.counter(session, actor(), plan_id)
        before, after = _told(session, found)
        said = differences.differences(session, found, residents)
        return json_answer(plan_guard.differences_told(said, before, after))


@bp.get("/api/plans/<int:plan_id>/moved-buildings")
@bp.input(PageOfMoved, **STRICT)
@bp.doc(summary="Buildings that change hands between two plans or versions", responses={200: "A page"})
def moved_buildings(plan_id: int, asked: dict[str, Any]) -> Response:
    """A page of the buildings on ground that changes hands; `next` is the `after` of the next page."""
    from app.services import differences

    page = {name: asked.pop(name) for name in ("sort", "descending", "limit", "after")}
    with work() as session:
        found = _moved(session, plan_id, asked)
        if found is None:
            return json_answer(NOBODY)
        residents = residents_moved.counter(session, actor(), plan_id)
        if all(told.is_all for told in _told(session, found)):
            return json_answer(differences.moved_buildings(session, found, residents, **page))
        if page["sort"] == "households":
            page |= {"sort": "code", "descending": False}
        said = differences.moved_buildings(session, found, residents, **page)
        return json_answer(plan_guard.without_counts(said))


def _told(session: Transaction, found: Any) -> tuple[plan_guard.Told, plan_guard.Told]:
    """What is told of households of the earlier plan and of the later."""
    return (
        reading.plan_told(session, found.before.plan_id, actor())[1],
        reading.plan_told(session, found.after.plan_id, actor())[1],
    )


def _moved(session: Transaction, plan_id: int, asked: dict[str, Any]) -> Any:
    """What moves, in the person's scope; None where there is nothing to compare with.

    A version without another plan named is of this one. How a plan came about is for those who decide.
    """
    from app.services import differences

    if (asked["version"] or asked["with_version"]) and not actor().holds(DECIDERS):
        raise Refusal("not_allowed")
    scope = reading.plan_scope(session, plan_id, actor())
    before = asked["before"]
    if before is None:
        before = plan_id if asked["with_version"] else comparison.plan_before(session, plan_id)
    if before is None:
        return None
    reading.plan_scope(session, before, actor())
    later, earlier = (plan_id, asked["version"]), (before, asked["with_version"])
    return differences.moved(session, earlier, later, scope)
