"""Plans: asking for one, publishing it, putting it aside, and what it changes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range
from flask import request, url_for

from app.errors import Refusal
from app.services import audit, comparison, jobs, plan_guard
from app.services.access import BIGGEST_ID
from app.services.kinds import LINE_CLASSES, SLOTS, SPECIAL_KINDS
from app.views.jobs import told
from app.views.session import actor, today, work

bp = APIBlueprint("plans", __name__, tag="Plans")


class Match(Schema):
    """The version of the plan that is meant, as an entity tag."""

    if_match = String(data_key="If-Match", metadata={"example": '"3"'})


class Special(Schema):
    """A grid drawn by hand: the plots most of which the polygon covers."""

    kind = String(required=True, validate=OneOf(SPECIAL_KINDS))
    name = String(required=True, validate=Length(1, 80))
    polygon = Dict(required=True, metadata={"description": "GeoJSON Polygon, lon/lat in degrees"})


class Micro(Schema):
    """Fewest and most households of a micro-grid."""

    least = Integer(required=True, strict=True, validate=Range(1, 100_000))
    most = Integer(required=True, strict=True, validate=Range(2, 100_000))


class Split(Schema):
    """What is wanted of the grids: how large they are, or how many, and all a manager can wish besides."""

    target = Integer(
        allow_none=True,
        strict=True,
        validate=Range(2, 100_000),
        metadata={
            "description": "Households per grid, or what `weights` gives; with least and most. Without any "
            "of the three: as the rules of the place say"
        },
    )
    least = Integer(allow_none=True, strict=True, validate=Range(1, 100_000))
    most = Integer(allow_none=True, strict=True, validate=Range(2, 200_000))
    seed = Integer(load_default=1, strict=True, validate=Range(0, 2**31 - 1))
    coordinators = Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=Range(1, 100_000),
        metadata={"description": "Grids in all; the band is 10 % around the mean"},
    )
    weights = String(
        load_default=None,
        allow_none=True,
        validate=Length(1, 200),
        metadata={
            "description": "Formula balanced instead of households: households, buildings, area_ha, "
            "numbers, + - * / ( ), min, max"
        },
    )
    lines = Dict(
        keys=String(validate=OneOf(LINE_CLASSES)),
        values=String(validate=OneOf(("never", "follow", "free", "avoid"))),
        load_default=dict,
        metadata={"description": "How borders take to each class of line"},
    )
    seeds = List(
        List(Float(), validate=Length(equal=2)),
        load_default=list,
        validate=Length(max=1000),
        metadata={"description": "Points [lon, lat] that each begin a grid of their own"},
    )
    locked = Boolean(load_default=True, metadata={"description": "Keep what the place has locked"})
    special = List(Nested(Special), load_default=list, validate=Length(max=200))
    keep_special = Boolean(load_default=True)
    compounds = String(load_default=None, allow_none=True, validate=OneOf(("whole",)))
    micro = Nested(Micro, load_default=None, allow_none=True)
    entrances = Boolean(
        load_default=False, metadata={"description": "Divide marked buildings by their entrances"}
    )
    slot = String(load_default=None, allow_none=True, validate=OneOf(SLOTS))


class With(Schema):
    """The other plan."""

    before = Integer(load_default=None, validate=Range(0, BIGGEST_ID), data_key="with")


class Published(Schema):
    """What publishing did."""

    plan_id = Integer()
    place_id = Integer()
    retired_plan_id = Integer(allow_none=True)
    duties_kept = Integer()
    duties_ended = Integer()
    vacant = Integer()
    duties_begun = Integer()


@bp.post("/api/places/<string:code>/splits")
@bp.input(Split, arg_name="wish")
@bp.doc(summary="Divide a place into grids", responses={202: "The job that does it"})
def split(code: str, wish: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Start dividing a place; the same wish while it runs is the same job.

    What cannot be had is refused at once where that shows without the ground, else the job fails with why.
    What was had but in part stands in the job's result and the plan's parameters as `told`.
    """
    size = {name: wish.pop(name, None) for name in ("target", "least", "most")}
    with work() as session:
        job = jobs.ask_split(session, code, actor().person_id, seed=wish.pop("seed"), **size, wishes=wish)
        answer = {"job": told(job)}
    return answer, 202, {"Location": url_for("jobs.show", job_id=answer["job"]["id"])}


@bp.post("/api/plans/<int:plan_id>/publication")
@bp.input(Match, location="headers", arg_name="match")
@bp.output(Published)
@bp.doc(
    summary="Publish a draft",
    responses={412: "The plan was changed meanwhile", 428: "If-Match is missing"},
)
def publish(plan_id: int, match: dict[str, Any]) -> dict[str, Any]:
    """Make a draft the plan in force; the one before is retired, duties pass on by grid code."""
    from app.services import publishing  # numpy and shapely: only when something is published

    version = wanted_version()
    with work() as session:
        done = publishing.publish(session, plan_id, version, actor().person_id, today=today())
        facts = asdict(done)
        audit.record(session, actor().person_id, "plan.published", f"plan {plan_id}", facts)
        return facts


@bp.post("/api/plans/<int:plan_id>/retirement")
@bp.input(Match, location="headers", arg_name="match")
@bp.doc(
    summary="Discard a draft",
    responses={204: "It is retired", 412: "It was changed meanwhile", 428: "If-Match is missing"},
)
def discard(plan_id: int, match: dict[str, Any]) -> tuple[str, int]:
    """Retire a draft that nobody wants any more; it stays readable."""
    version = wanted_version()
    with work() as session:
        comparison.retire_draft(session, plan_id, version, actor().person_id)
    return "", 204


@bp.get("/api/plans/<int:plan_id>/comparison")
@bp.input(With, location="query", arg_name="wish")
@bp.doc(summary="What a plan changes", responses={200: "The comparison"})
def compare(plan_id: int, wish: dict[str, Any]) -> dict[str, Any]:
    """What changes for whom if this plan takes the place of another. If none is named: of the one in force,
    or for a plan that was published of the one before it.

    `comparison` is null where there is none to compare with.
    """
    with work() as session:
        before = wish["before"]
        if before is None:
            before = comparison.plan_before(session, plan_id)
        if before is None:
            return {"comparison": None}
        found = comparison.compare(session, before, plan_id, actor().scope)
        was, will = (
            plan_guard.told_of_plan(session, one, actor(), actor().scope) for one in (before, plan_id)
        )
        return {"comparison": plan_guard.comparison_told(found, was, will)}


def wanted_version() -> int:
    """The version that If-Match names; `version_missing` without it."""
    tags = request.if_match.as_set()
    version = (next(iter(tags)) or "") if len(tags) == 1 else ""
    if not version.isdecimal() or len(version) > 9:
        raise Refusal("version_missing")
    return int(version)
