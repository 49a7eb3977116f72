"""Operations of the editor: what giving, drawing, dividing, merging or repairing would do to a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, Raw, String
from apiflask.validators import Length, OneOf, Range
from flask import Response
from marshmallow import RAISE, ValidationError, validates_schema

from app.db import Transaction
from app.services import plan_guard, reading
from app.services.access import BIGGEST_ID
from app.services.kinds import GRID_KINDS
from app.views.edit_schemas import EditNote, SavedEdit, SentEdit
from app.views.edits import MAY_FAIL, answered
from app.views.errors import worded
from app.views.language import text
from app.views.map_schemas import Asked
from app.views.packed import json_answer
from app.views.session import actor, work

bp = APIBlueprint("operations", __name__, tag="Editing")

MOST_PLOTS, MOST_CORNERS, MOST_GRIDS, MOST_PARTS = 20_000, 5_000, 200, 100
# What each operation takes besides the version; of a tuple one.
NEEDS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "give": (("plots", "buildings"), "to"),
    "draw": (("polygon", "plots", "buildings"),),
    "divide_by_line": ("grid", "line"),
    "divide_into": ("grid", "parts"),
    "merge": ("grids",),
    "follow_street": ("grids", "street"),
    "repair": ("grid",),
    "rebalance_pair": ("grids",),
    "cut": ("plots", "line"),
}
PAIRS = ("follow_street", "rebalance_pair")


def an_id(**more: Any) -> Integer:
    """An id of something stored."""
    return Integer(strict=True, validate=Range(0, BIGGEST_ID), **more)


class NameOrId(Raw):
    """A street by name or by id."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> str | int:
        if isinstance(value, str) and 1 <= len(value) <= 200:
            return value
        if type(value) is int and 0 <= value <= BIGGEST_ID:
            return value
        raise ValidationError("a name or an id")


class Operation(Schema):
    """What is to be done: `do`, and what that takes."""

    class Meta:
        unknown = RAISE

    version = Integer(required=True, strict=True, validate=Range(0, 2**31 - 1))
    do = String(required=True, validate=OneOf(list(NEEDS)))
    plots = List(an_id(), validate=Length(1, MOST_PLOTS))
    buildings = List(an_id(), validate=Length(1, MOST_PLOTS))
    to = an_id()
    grid = an_id()
    grids = List(an_id(), validate=Length(2, MOST_GRIDS))
    polygon = Dict(metadata={"description": "GeoJSON Polygon, lon/lat in degrees"})
    kind = String(validate=OneOf(GRID_KINDS))
    name = String(validate=Length(1, 80), allow_none=True)
    line = List(
        List(Float(), validate=Length(equal=2)),
        validate=Length(2, MOST_CORNERS),
        metadata={"description": "Corners [lon, lat]"},
    )
    parts = Integer(strict=True, validate=Range(2, MOST_PARTS))
    street = NameOrId(metadata={"description": "Name or id"})
    exact = Boolean(
        load_default=False,
        metadata={"description": "Of `draw`: open plots are cut along the border, see POST drawings"},
    )

    @validates_schema
    def complete(self, given: dict[str, Any], **_: Any) -> None:
        """All that the operation needs is there."""
        if given.get("do") not in NEEDS:
            return
        for need in NEEDS[given["do"]]:
            names = (need,) if isinstance(need, str) else need
            if sum(name in given for name in names) != 1:
                raise ValidationError("missing", names[0])
        if given["exact"] and (given["do"] != "draw" or "polygon" not in given):
            raise ValidationError("of a polygon that is drawn", "exact")
        if given["do"] in PAIRS and len(set(given["grids"])) != 2:
            raise ValidationError("two grids", "grids")


class Cut(EditNote):
    """Where open ground is cut: along a line, or along the border of a polygon."""

    class Meta:
        unknown = RAISE

    plots = List(an_id(), validate=Length(1, MOST_PLOTS), load_default=None, allow_none=True)
    line = List(
        List(Float(), validate=Length(equal=2)),
        validate=Length(2, MOST_CORNERS),
        metadata={"description": "Corners [lon, lat]"},
    )
    polygon = Dict(metadata={"description": "GeoJSON Polygon, lon/lat in degrees"})

    @validates_schema
    def one_of_both(self, given: dict[str, Any], **_: Any) -> None:
        """A line or a polygon."""
        if ("line" in given) == ("polygon" in given):
            raise ValidationError("line or polygon", "line")


class Drawing(EditNote):
    """A grid along an exact border."""

    class Meta:
        unknown = RAISE

    polygon = Dict(required=True, metadata={"description": "GeoJSON Polygon, lon/lat in degrees"})
    kind = String(load_default=None, allow_none=True, validate=OneOf(GRID_KINDS))
    name = String(load_default=None, allow_none=True, validate=Length(1, 80))


class Figures(Schema):
    """A grid before and after; null for what is not there then."""

    grid = Raw(metadata={"description": "Id, or `new:1` …"})
    code = String(allow_none=True)
    kind = String()
    gone = Boolean()
    households_before = Integer(allow_none=True)
    households_after = Integer(allow_none=True)
    buildings_before = Integer(allow_none=True)
    buildings_after = Integer(allow_none=True)
    load_before = Float(allow_none=True)
    load_after = Float(allow_none=True)
    in_band_before = Boolean(allow_none=True)
    in_band_after = Boolean(allow_none=True)
    pieces = Integer()


class Why(Schema):
    """Why it cannot be done, with what to draw among the facts."""

    code = String()
    facts = Dict()
    detail = String()


class Told(Schema):
    """Moves and new grids as an edit takes them, and what they come to."""

    kind = String()
    moves = Dict(metadata={"description": "{plot: [from, to]}; `to` is an id or `new:1` …"})
    grids = Dict(metadata={"description": "{`new:1`: {kind, name}}"})
    parameters = Dict()
    after = List(Nested(Figures))
    plots_moved = Integer()
    buildings_moved = Integer()
    households_moved = Integer()
    people_moved = Integer(
        allow_none=True, metadata={"description": "Residents, for who manages the whole plan"}
    )


class CutPieces(Schema):
    """A plot that is cut, and how large its pieces are."""

    plot = Integer()
    areas_m2 = List(Float())


class Outcome(Told):
    """What an operation would do, or for `repair` the proposals; `refusal` says why nothing can be done."""

    version = Integer()
    grid = Integer()
    cuts = Integer(metadata={"description": "Of `cut` and an exact `draw`: plots cut; `moves` are none then"})
    pieces = List(Nested(CutPieces), metadata={"description": "Of `cut`: what becomes of each plot"})
    outline = Dict(metadata={"description": "GeoJSON: of an exact `draw` the new grid, of `cut` the line"})
    proposals = List(Nested(Told))
    refusal = Nested(Why, allow_none=True)


class ProblemGrid(Schema):
    """A grid by id and code."""

    id = Integer()
    code = String()


class PlanProblem(Schema):
    """One fault of a plan, with what to show of it."""

    kind = String()
    grids = List(Nested(ProblemGrid))
    plots = List(Integer())
    bbox = List(Float(), metadata={"description": "West, south, east, north in degrees"})
    facts = Dict()
    sentence = String()


class Problems(Schema):
    """All faults of a plan, worst first."""

    plan = Integer()
    version = Integer()
    problems = List(Nested(PlanProblem))


class BorderStreet(Schema):
    """A street a border could follow, with the metres of it."""

    id = Integer()
    name = String(allow_none=True)
    metres = Float()


class BorderStreets(Schema):
    """Streets between two grids, longest first."""

    streets = List(Nested(BorderStreet))


class StreetWithin(BorderStreet):
    """A street a grid could be divided along, or open ground of it cut."""

    line = List(List(Float()), metadata={"description": "Corners [lon, lat]"})
    households = List(
        Integer(), allow_none=True, metadata={"description": "Of both grids; null where it does not divide"}
    )


class StreetsWithin(Schema):
    """Streets through a grid, those first that divide it most evenly."""

    streets = List(Nested(StreetWithin))


@bp.post("/api/plans/<int:plan_id>/operations")
@bp.input(Operation, arg_name="act")
@bp.output(Outcome)
@bp.doc(summary="What an operation would do to a draft", responses={412: "The plan was changed meanwhile"})
def operate(plan_id: int, act: dict[str, Any]) -> Response:
    """Moves, new grids and figures, to be shown and then sent as an edit; nothing is stored."""
    # numba takes a second: only when needed
    from app.services import cuts, exact_drawing, operations, residents_moved

    version = act.pop("version")
    run = exact_drawing.rehearse if act["exact"] else operations.operate
    if not act["exact"]:
        del act["exact"]
    with work() as session:
        if act["do"] == "cut":  # nobody changes hands
            told = cuts.rehearse(session, plan_id, version, act)
        else:
            told = run(session, plan_id, version, act, residents_moved.counter(session, actor(), plan_id))
    return json_answer(_worded(told))


def _worded(told: dict[str, Any]) -> dict[str, Any]:
    """The same with a sentence for the refusal, in the asker's language."""
    if (refusal := told["refusal"]) is None:
        return told
    return told | {"refusal": refusal | {"detail": worded(refusal["code"], refusal["facts"])}}


@bp.post("/api/plans/<int:plan_id>/cuts")
@bp.input(SentEdit, location="headers", arg_name="sent")
@bp.input(Cut, arg_name="body")
@bp.output(SavedEdit)
@bp.doc(summary="Cut open ground along a line", responses=MAY_FAIL)
def cut(plan_id: int, sent: dict[str, Any], body: dict[str, Any]) -> Response:
    """Cut plots of a draft where a line crosses them, never through a building: an edit as any other."""
    from app.services import cuts

    def act(session: Transaction, plan_id: int, base: int) -> Any:
        return cuts.cut(session, plan_id, base, body, actor().person_id)

    return answered(plan_id, sent, act)


@bp.post("/api/plans/<int:plan_id>/drawings")
@bp.input(SentEdit, location="headers", arg_name="sent")
@bp.input(Drawing, arg_name="body")
@bp.output(SavedEdit)
@bp.doc(summary="Draw a grid along an exact border", responses=MAY_FAIL)
def draw(plan_id: int, sent: dict[str, Any], body: dict[str, Any]) -> Response:
    """Cut open plots of a draft along a border, never a building; the ground within is a grid: one edit.

    `POST operations` with `"do": "draw", "exact": true` tells what it would come to.
    """
    from app.services import exact_drawing

    def act(session: Transaction, plan_id: int, base: int) -> Any:
        return exact_drawing.draw_exactly(session, plan_id, base, body, actor().person_id)

    return answered(plan_id, sent, act)


@bp.get("/api/plans/<int:plan_id>/borders/<int:one>/<int:other>/streets")
@bp.input(Asked, location="query", arg_name="asked", unknown=RAISE)
@bp.output(BorderStreets)
@bp.doc(summary="Streets that a border could follow")
def streets(plan_id: int, one: int, other: int, asked: dict[str, Any]) -> Response:
    """Streets that the border of two grids of a plan could be moved onto, longest first."""
    from app.services import operations

    with work() as session:
        return json_answer({"streets": operations.streets_between(session, plan_id, one, other)})


@bp.get("/api/plans/<int:plan_id>/grids/<int:grid_id>/streets")
@bp.input(Asked, location="query", arg_name="asked", unknown=RAISE)
@bp.output(StreetsWithin)
@bp.doc(summary="Streets a grid could be divided along")
def streets_within(plan_id: int, grid_id: int, asked: dict[str, Any]) -> Response:
    """Streets through a grid of a plan, each as a line to divide it along and what that would come to."""
    from app.services import dividing_lines

    with work() as session:
        return json_answer({"streets": dividing_lines.streets_through(session, plan_id, grid_id)})


@bp.get("/api/plans/<int:plan_id>/problems")
@bp.input(Asked, location="query", arg_name="asked", unknown=RAISE)
@bp.output(Problems)
@bp.doc(summary="What is amiss with a plan")
def problems(plan_id: int, asked: dict[str, Any]) -> Response:
    """Grids in pieces or out of band, compounds divided, vacancies and missing codes, worst first."""
    from app.services import problems as looking

    with work() as session:
        found = looking.problems(session, plan_id)
        told = reading.plan_told(session, plan_id, actor())[1]
    heard = [_in_fives(one, told) for one in found["problems"]]
    if not told.is_all:  # what is furthest out by few would tell of these
        heard.sort(key=lambda one: _order(one, looking.KINDS))
    said = [one | {"sentence": _sentence(one)} for one in heard]
    return json_answer(found | {"problems": said})


def _in_fives(problem: dict[str, Any], told: plan_guard.Told) -> dict[str, Any]:
    """A problem with its counts as who asks is told them; None where one is “few”."""
    facts, grids = problem["facts"], [grid["id"] for grid in problem["grids"]]
    if told.is_all or all(told.knows(grid) for grid in grids):
        return problem
    counts: dict[str, Any] = {}
    if "households" in facts:
        counts["households"] = told.of(facts["households"], *grids)
    if "held" in facts:
        counts["held"] = told.held(grids[0], facts["held"])
    if "beyond" in facts:
        held = counts["held"]
        off = None if held is None else max(facts["least"] - held, held - facts["most"], 0) or None
        counts |= {"beyond": off, "held": None if off is None else held}
    return problem | {"facts": facts | counts}


def _order(problem: dict[str, Any], kinds: Sequence[str]) -> tuple[Any, ...]:
    beyond = problem["facts"].get("beyond") or 0
    return kinds.index(problem["kind"]), -beyond, [grid["code"] for grid in problem["grids"]]


def _sentence(problem: dict[str, Any]) -> str:
    """A problem in the asker's language."""
    facts = {name: _shown(value) for name, value in problem["facts"].items() if value is not None}
    untold = "-untold" if len(facts) < len(problem["facts"]) else ""
    return text(f"plan-problem-{problem['kind'].replace('_', '-')}{untold}", **facts)


def _shown(value: Any) -> Any:
    """Whole loads without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
