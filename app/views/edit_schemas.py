"""What the API of edits takes and answers, for its description and for checking what is sent."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, Raw, String
from apiflask.validators import Length, OneOf, Range

from app.services.access import BIGGEST_ID
from app.services.kinds import GRID_KINDS
from app.views.map_schemas import Asked, Grid, Planned

LONGEST_NOTE = 500
LARGEST_PAGE = 500
KINDS = ("move", "merge", "divide", "draw", "change")


class SentEdit(Schema):
    """Which version of the plan is meant, and a name for the request, so that it may be sent again."""

    if_match = String(data_key="If-Match", metadata={"example": '"3"'})
    key = String(
        data_key="Idempotency-Key",
        load_default=None,
        metadata={"description": "1 to 100 printable characters; bound to person, address and body, 7 days"},
    )


class WantedEdit(Schema):
    """An edit: plots that change grid, and what changes of grids."""

    kind = String(required=True, validate=OneOf(KINDS))
    moves = Dict(
        keys=String(),
        values=List(Raw(), validate=Length(equal=2)),
        load_default=dict,
        metadata={
            "description": "{plot: [from, to]}; `to` is the id of a grid, or `new:1` … for one to be made"
        },
    )
    grids = Dict(
        keys=String(),
        values=Dict(),
        load_default=dict,
        metadata={
            "description": "{`new:1`: {kind, name, code, planned}} or {id: {attribute: [was, now]}} of code, "
            "name, kind, planned (the id of a person) and own_lock (true, false or null: as the place has it)"
        },
    )
    note = String(load_default=None, allow_none=True, validate=Length(max=LONGEST_NOTE))
    parameters = Dict(load_default=dict, metadata={"description": "What the act was told, as a line"})


class EditNote(Schema):
    """Why."""

    note = String(load_default=None, allow_none=True, validate=Length(max=LONGEST_NOTE))


class Restoration(EditNote):
    """The version a plan is to go back to."""

    to = Integer(required=True, strict=True, validate=Range(1, 2**31 - 1))


class WhichEdits(Asked):
    """Edits beyond a version."""

    after = Integer(load_default=0, validate=Range(0, 2**31 - 1))
    limit = Integer(load_default=100, validate=Range(1, LARGEST_PAGE))
    moves = Boolean(load_default=False, truthy={"true"}, falsy={"false"})


class Since(Asked):
    """The version somebody knows already."""

    after = Integer(load_default=None, validate=Range(0, 2**31 - 1))


class OnGround(Asked):
    """A version of plots."""

    ground = Integer(required=True, validate=Range(0, BIGGEST_ID))


class ResidentsOnPlots(Schema):
    """Counts by plot."""

    residents = Dict(
        keys=String(), values=Integer(), metadata={"description": "{plot: residents}, of plots that have any"}
    )


class Edit(Schema):
    """A saved change of a plan."""

    version = Integer()
    base_version = Integer()
    kind = String()
    note = String(allow_none=True)
    by = Nested(Planned, allow_none=True)
    at = String()
    parameters = Dict()
    undoes = Integer(allow_none=True)
    undone_by = Integer(allow_none=True)
    plots = Integer()
    households = Integer(metadata={"description": "Households on plots that changed grid"})
    grids = List(String(), metadata={"description": "Codes of the grids it is about"})
    ground = Integer(allow_none=True, metadata={"description": "Version of plots after it, where it changed"})
    moves = Dict(metadata={"description": "{plot: [from, to]}"})
    changes = Dict(metadata={"description": "{grid: {was, now}}; null: made, or given up"})


class Edits(Schema):
    """Edits, the newest first."""

    version = Integer()
    edits = List(Nested(Edit))


class SavedEdit(Schema):
    """What became of an edit."""

    plan = Integer()
    version = Integer()
    edit = Nested(Edit)
    made = Dict(keys=String(), values=Integer(), metadata={"description": "Ids of new grids by name"})
    gone = List(Integer(), metadata={"description": "Grids given up: their last plot left"})
    grids = List(Nested(Grid), metadata={"description": "Every grid that is other than before"})
    others = List(Nested(Edit), metadata={"description": "Edits of others since, that it was merged with"})


class GridPlots(Schema):
    """The plots of a grid."""

    id = Integer()
    plots = List(Integer())


class Assignment(Schema):
    """A plan as a table plot → grid."""

    plan = Integer()
    version = Integer()
    ground = Integer(metadata={"description": "The version of plots"})
    grids = List(Nested(GridPlots))


class GridInState(GridPlots):
    """A grid as it was."""

    code = String()
    name = String(allow_none=True)
    kind = String(validate=OneOf(GRID_KINDS))
    planned = Nested(Planned, allow_none=True)
    own_lock = Boolean(allow_none=True)


class PlanState(Assignment):
    """A plan as it was at a version."""

    grids = List(Nested(GridInState))


class GroundPlot(Schema):
    """A plot: metres, square metres, and lon/lat in degrees."""

    id = Integer()
    households = Integer()
    buildings = Integer()
    area = Float()
    perimeter = Float()
    outer = Float(metadata={"description": "Metres of it on the outline of the place"})
    community = String()
    point = List(Float())
    rings = List(List(Float()), metadata={"description": "lon, lat, lon, lat …; the outer ring first"})
    compound = Integer(allow_none=True)
    names = List(String(), metadata={"description": "Buildings on it, at most three"})


class GroundCell(Schema):
    """The plots whose middle lies in a tile of zoom 15, and the lines they share."""

    ground = Integer()
    x = Integer()
    y = Integer()
    plots = List(Nested(GroundPlot))
    edges = List(
        List(Raw()),
        metadata={"description": "[plot, other, metres, number of the class of line, 1 for a wall]"},
    )
    lines = List(
        List(Raw()),
        metadata={"description": "[plot, other, [[lon, lat, lon, lat …] …]]; in the cell of the smaller id"},
    )
