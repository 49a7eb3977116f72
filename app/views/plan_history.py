"""Who answers and who answered: plans in force, coordinators, the same ground at several times."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from apiflask.fields import Float, Integer, String
from apiflask.validators import Length, Range
from flask import Response
from marshmallow import RAISE

from app.errors import Refusal
from app.services import duties, history, plan_guard, reading
from app.services.access import BIGGEST_ID
from app.views import review_schemas as schemas
from app.views.map_schemas import Asked
from app.views.packed import json_answer
from app.views.session import actor, now, settings, today, work

bp = APIBlueprint("plan_history", __name__, tag="Plan life")

STRICT: dict[str, Any] = {"location": "query", "arg_name": "asked", "unknown": RAISE}
MOST_OTHERS = 12


class When(Asked):
    """A day or moment, and what is asked about: a point, or a building."""

    when = String(
        required=True,
        validate=Length(8, 40),
        metadata={"description": "ISO 8601; a day means its end", "example": "2026-03-03"},
    )
    lon = Float(load_default=None, validate=Range(-180, 180))
    lat = Float(load_default=None, validate=Range(-90, 90))
    building = Integer(load_default=None, validate=Range(0, BIGGEST_ID))


class With(Asked):
    """What else is counted on the plan's grids."""

    with_ = String(
        data_key="with",
        load_default=None,
        validate=Length(1, 400),
        metadata={
            "description": "Ids of plans of the same place and days, by commas; else all ever in force"
        },
    )


@bp.get("/api/places/<string:code>/history")
@bp.input(Asked, **STRICT)
@bp.output(schemas.History)
@bp.doc(summary="Plans that were in force")
def plans(code: str, asked: dict[str, Any]) -> Response:
    """Each with from when until when, the newest first; of the place itself and of places above it."""
    with work() as session:
        return json_answer({"plans": history.plans_in_force(session, reading.path_of(session, code))})


@bp.get("/api/places/<string:code>/at")
@bp.input(When, **STRICT)
@bp.output(schemas.AnswersThen)
@bp.doc(summary="Who answered then")
def at(code: str, asked: dict[str, Any]) -> Response:
    """The plan in force at a moment, and who answered for a point or a building; no more than in scope."""
    moment = moment_meant(asked["when"])
    with work() as session:
        plan = history.plan_at(session, reading.path_of(session, code), moment)
        answers = []
        point = None if asked["lon"] is None or asked["lat"] is None else (asked["lon"], asked["lat"])
        if plan is not None and (point or asked["building"] is not None):
            answers = history.answered(
                session, plan["id"], moment, actor().scope, point=point, building_id=asked["building"]
            )
        return json_answer({"when": moment.isoformat(), "plan": plan, "answers": answers})


@bp.get("/api/plans/<int:plan_id>/constant-geography")
@bp.input(With, **STRICT)
@bp.output(schemas.SameGround)
@bp.doc(summary="The same ground at several times")
def constant_geography(plan_id: int, asked: dict[str, Any]) -> Response:
    """Households and buildings of several times, summed on the grids of this plan."""
    from app.services import same_ground

    others = None if asked["with_"] is None else _others(asked["with_"])
    with work() as session:
        scope = reading.plan_scope(session, plan_id, actor())
        for other in others or ():
            if isinstance(other, int):
                reading.plan_scope(session, other, actor())
        told = plan_guard.told_of_plan(session, plan_id, actor(), scope)
        found = same_ground.on_same_ground(session, plan_id, scope, others)
        return json_answer(plan_guard.same_ground_told(found, told))


@bp.get("/api/places/<string:code>/coordinators")
@bp.input(Asked, **STRICT)
@bp.output(schemas.Coordinators)
@bp.doc(summary="Coordinators of a place")
def coordinators(code: str, asked: dict[str, Any]) -> Response:
    """Who may answer for grids there, with the grids and households each has now."""
    with work() as session:
        found = duties.coordinators(session, reading.path_of(session, code), today())
        return json_answer({"coordinators": found})


@bp.put("/api/grids/<int:grid_id>/coordinator")
@bp.input(schemas.Assignment, arg_name="wish")
@bp.output(schemas.Assigned)
@bp.doc(summary="Assign a coordinator")
def assign(grid_id: int, wish: dict[str, Any]) -> dict[str, Any]:
    """From now on, for a grid of the plan in force; null leaves it vacant."""
    with work() as session:
        return duties.assign(session, grid_id, wish["person"], actor().person_id, today())


def moment_meant(said: str) -> datetime:
    """A day or moment in ISO 8601; refused with `request_malformed` and `moment_to_come`."""
    return history.moment_of(_when(said), now(), settings().timezone)


def _when(said: str) -> date | datetime:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            return date.fromisoformat(said)
        return datetime.fromisoformat(said)
    except ValueError:
        raise Refusal("request_malformed") from None


def _others(said: str) -> list[int | datetime]:
    named = said.split(",")
    if len(named) > MOST_OTHERS:
        raise Refusal("too_many_times", count=len(named), most=MOST_OTHERS)
    return [
        int(one) if one.isascii() and one.isdecimal() and len(one) < 19 else moment_meant(one)
        for one in named
    ]
