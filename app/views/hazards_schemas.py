"""What the API takes and tells of hazards and their cases."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import UUID, Boolean, Date, DateTime, Dict, File, Float, Integer, List, Nested, String
from apiflask.validators import Length, Range

from app.services import case_life, case_photos, hazards
from app.views.homes_schemas import a_word, an_id, yes_or_no
from app.views.map_schemas import Asked

A_KIND = Length(1, 40)
A_TEXT = Length(0, case_life.LONGEST_TEXT)
LON, LAT = Range(-180, 180), Range(-90, 90)


def a_severity(**more: Any) -> Integer:
    """1 general, 2 serious, 3 grave."""
    return Integer(validate=Range(1, 3), **more)


class KindOut(Schema):
    code = String()
    name_en = String()
    name_zh = String()
    weight = Float()
    by_public = Boolean()


class KindsOut(Schema):
    kinds = List(Nested(KindOut))


class HazardsAsked(Asked):
    """Which hazards; a word may be asked for several times over, as in `state=filed&state=dispatched`."""

    place = String(validate=Length(6, 20), metadata={"description": "code of an area"})
    grid = String(validate=Length(1, 40), metadata={"description": "code of the grid it was reported in"})
    state = List(a_word(*hazards.STATES), load_default=list)
    kind = List(String(validate=A_KIND), load_default=list)
    severity = List(a_severity(), load_default=list)
    mechanism = a_word(*hazards.MECHANISMS)
    open = Boolean(metadata={"description": "true: not closed; false: closed, refused or a duplicate"})
    overdue = Boolean(load_default=False)
    escalated = Boolean(load_default=False)
    mine = Boolean(load_default=False, metadata={"description": "in grids one answers for, or handed to one"})
    building = Integer(validate=Range(1))
    compound = Integer(validate=Range(1))
    west = Float(validate=LON)
    south = Float(validate=LAT)
    east = Float(validate=LON)
    north = Float(validate=LAT)
    after = Integer(validate=Range(1), metadata={"description": "id of the last one seen"})


class HeldOut(Schema):
    waiting = Integer()


class NearAsked(Asked):
    kind = String(required=True, validate=A_KIND)
    building = Integer(validate=Range(1))
    compound = Integer(validate=Range(1))
    lon = Float(validate=LON)
    lat = Float(validate=LAT)


class NearOut(Schema):
    id = Integer()
    kind = String()
    severity = Integer()
    state = String()
    reported_at = DateTime()
    building = String(allow_none=True)
    distance_m = Float()


class AllNearOut(Schema):
    hazards = List(Nested(NearOut))


class HazardOut(Schema):
    id = Integer()
    client_id = UUID(allow_none=True)
    kind = String()
    severity = Integer()
    state = String()
    state_since = DateTime()
    mechanism = String()
    origin = String()
    version = Integer()
    site = String()
    description = String(metadata={"description": "empty while it is held back"})
    held = Boolean()
    community = String()
    community_name = String()
    grid_code = String(allow_none=True)
    coordinator = String(allow_none=True)
    building_id = Integer(allow_none=True)
    building = String(allow_none=True)
    compound_id = Integer(allow_none=True)
    compound = String(allow_none=True)
    lon = Float()
    lat = Float()
    reported_at = DateTime()
    due_at = DateTime()
    stage_due_at = DateTime(allow_none=True)
    clock = String(
        allow_none=True, metadata={"description": "green, amber, red, or `stands`; null: the case is over"}
    )
    overdue = Boolean()
    escalated_at = DateTime(allow_none=True)
    office = String()
    handler_id = Integer(allow_none=True)
    handler = String(allow_none=True)
    review_on = Date(allow_none=True)
    done_at = DateTime(allow_none=True)
    closed_at = DateTime(allow_none=True)
    duplicate_of = Integer(allow_none=True)
    reopened = Integer()
    reworked = Integer()
    returned = Integer()


class AllHazardsOut(Schema):
    hazards = List(Nested(HazardOut))
    after = Integer(allow_none=True, metadata={"description": "id to ask the next page with"})


class StepOut(Schema):
    id = Integer()
    number = Integer()
    act = String()
    from_state = String(allow_none=True)
    to_state = String()
    person = String(allow_none=True)
    at = DateTime()
    entered_at = DateTime()
    note = String()
    told = String()
    facts = Dict()


class StopOut(Schema):
    from_at = DateTime()
    until_at = DateTime(allow_none=True)
    why = String()


class PhotoOut(Schema):
    id = Integer()
    shows = String()
    by_public = Boolean()
    added_at = DateTime()


class NextActOut(Schema):
    act = String()
    needs = List(String())


class CaseOut(HazardOut):
    """A hazard with the life of its case."""

    steps = List(Nested(StepOut))
    stops = List(Nested(StopOut))
    photos = List(Nested(PhotoOut))
    acts = List(Nested(NextActOut), metadata={"description": "what the person may do next"})


class ReportIn(Schema):
    """One of building_id, compound_id, and lon with lat."""

    client_id = UUID(required=True)
    happened_at = DateTime(required=True, format="iso", metadata={"description": "with its zone"})
    kind = String(required=True, validate=A_KIND)
    severity = a_severity(strict=True, load_default=1)
    building_id = an_id(load_default=None, allow_none=True)
    compound_id = an_id(load_default=None, allow_none=True)
    lon = Float(load_default=None, allow_none=True, validate=LON)
    lat = Float(load_default=None, allow_none=True, validate=LAT)
    site = String(load_default="", validate=Length(0, hazards.LONGEST_SITE))
    description = String(load_default="", validate=Length(0, hazards.LONGEST_TEXT))
    emergency = yes_or_no(load_default=False)


class ReportedOut(Schema):
    id = Integer()
    version = Integer()
    state = String()
    due_at = DateTime()
    grid_code = String(allow_none=True)
    coordinator = String(allow_none=True)
    again = Boolean()


class ActIn(Schema):
    """An act with what it needs. version: of the case as it was seen."""

    act = a_word(*case_life.ACTS, required=True)
    version = an_id(required=True)
    note = String(load_default="", validate=A_TEXT)
    told = String(load_default="", validate=A_TEXT)
    reason = String(validate=A_TEXT)
    called = String(validate=A_TEXT)
    decision = String(validate=A_TEXT)
    office = String(validate=A_TEXT)
    receipt = String(validate=A_TEXT)
    answer = String(validate=A_TEXT)
    met_on = Date()
    review_on = Date()
    of = an_id()
    handler_id = an_id()
    kind = String(validate=A_KIND)
    severity = a_severity(strict=True)
    mechanism = a_word(*hazards.MECHANISMS)


class ActedOut(Schema):
    id = Integer()
    version = Integer()
    state = String()
    due_at = DateTime()
    stage_due_at = DateTime(allow_none=True)


class PhotoIn(Schema):
    photo = File(required=True)  # type: ignore[no-untyped-call]


class PhotoShows(Schema):
    shows = a_word(*case_photos.SHOWS, load_default="before")


class PhotoId(Schema):
    id = Integer()
