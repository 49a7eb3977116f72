"""Counts of residents for the map."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Float, Integer, List, Nested, String
from apiflask.validators import Range
from flask import Response

from app.services import reading, register_map
from app.views import map_schemas as schemas
from app.views.map_api import STRICT
from app.views.packed import json_answer
from app.views.session import actor, here, work

bp = APIBlueprint("register_map", __name__, tag="Registers")


class View(schemas.Asked):
    """What the map shows, in degrees."""

    west = Float(required=True, validate=Range(-180, 180))
    south = Float(required=True, validate=Range(-90, 90))
    east = Float(required=True, validate=Range(-180, 180))
    north = Float(required=True, validate=Range(-90, 90))


class Counts(Schema):
    """How many; null: few, fewer than five."""

    households = Integer(allow_none=True)
    residents = Integer(allow_none=True)
    floating = Integer(allow_none=True)
    rentals = Integer(allow_none=True)
    verified = Integer(allow_none=True, metadata={"description": "households verified this quarter"})


class GridCounts(Counts):
    """Those of a grid; exact: for who keeps its registers."""

    id = Integer()
    code = String()
    exact = Boolean()


class AllGridCounts(Schema):
    """Those of all grids of a plan in scope."""

    grids = List(Nested(GridCounts))


class BuildingCounts(Counts):
    """Those of a building."""

    id = Integer()
    position = List(Float())
    compound = String(allow_none=True)


class AllBuildingCounts(Schema):
    """Those of the buildings in a view; null: there are too many, come closer."""

    buildings = List(Nested(BuildingCounts), allow_none=True)


class Clear(Schema):
    """One of the six clears."""

    of = String()
    filled = Integer()
    required = Integer()


class LetCompound(Schema):
    """A rental compound with the id of its rental."""

    rental = Integer()
    name = String(allow_none=True)
    code = String()
    letter_until = String(allow_none=True)
    visited_on = String(allow_none=True)


class OneGridCounts(Schema):
    """A grid's counts, its six clears, and the rental compounds in it."""

    id = Integer()
    exact = Boolean()
    counts = Nested(Counts)
    clears = List(Nested(Clear))
    compounds = List(Nested(LetCompound))


@bp.get("/api/plans/<int:plan_id>/residents")
@bp.input(schemas.Asked, **STRICT)
@bp.output(AllGridCounts)
@bp.doc(summary="Residents by grid, as counts")
def of_plan(plan_id: int, asked: dict[str, Any]) -> Response:
    """Households, residents, floating, rentals and what is verified, by grid; in fives for most."""
    with work() as session:
        scope = reading.plan_scope(session, plan_id, actor())
        grids = register_map.grid_counts(session, plan_id, actor(), scope, here())
    return json_answer({"grids": grids})


@bp.get("/api/grids/<int:grid_id>/residents")
@bp.input(schemas.Asked, **STRICT)
@bp.output(OneGridCounts)
@bp.doc(summary="Residents of a grid, as counts")
def of_grid(grid_id: int, asked: dict[str, Any]) -> Response:
    """The counts of a grid; for who keeps its registers the six clears and rental compounds too."""
    with work() as session:
        reading.grid_open(session, grid_id, actor())
        told = register_map.one_grid(session, grid_id, actor(), here())
    return json_answer(told)


@bp.get("/api/places/<string:code>/residents")
@bp.input(View, **STRICT)
@bp.output(AllBuildingCounts)
@bp.doc(summary="Residents by building, as counts")
def in_view(code: str, asked: dict[str, Any]) -> Response:
    """The counts of the buildings in a view whose registers one keeps."""
    box = (asked["west"], asked["south"], asked["east"], asked["north"])
    with work() as session:
        found = register_map.building_counts(session, actor(), box, here())
    return json_answer({"buildings": found})
