"""What the API takes and tells of homes: dwellings, households, arrivals, departures, visits, what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from apiflask import Schema
from apiflask.fields import UUID, Boolean, Date, DateTime, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from app.services import employers, homes, needs
from app.services.access import BIGGEST_ID

A_DOOR = Length(1, 20)
A_PHONE = Length(0, 30)
SAID = Length(1, 500)


def an_id(**more: Any) -> Integer:
    """An id of a row."""
    return Integer(validate=Range(1, BIGGEST_ID), strict=True, **more)


def a_word(*known: str, **more: Any) -> String:
    """One of the words there are for something."""
    return String(validate=OneOf(known), **more)


def yes_or_no(**more: Any) -> Boolean:
    """true or false, nothing that looks like it."""
    return Boolean(truthy={True}, falsy={False}, **more)


class HomeOut(Schema):
    id = Integer()
    first_name = String()
    residents = Integer()
    visit_hour = String(allow_none=True)
    verified_at = DateTime(allow_none=True)
    state = String()
    missing = Integer()


class DoorOut(Schema):
    id = Integer()
    code = String()
    floor = Integer(allow_none=True)
    entrance_id = Integer(allow_none=True)
    use = String()
    let = Boolean()
    called_at = DateTime(allow_none=True)
    state = String()
    homes = List(Nested(HomeOut))


class DoorsOut(Schema):
    building_id = Integer()
    doors = List(Nested(DoorOut))


class DoorsIn(Schema):
    doors = List(String(validate=A_DOOR), required=True, validate=Length(1, homes.MOST_DWELLINGS))
    entrance_id = an_id(load_default=None, allow_none=True)
    use = a_word(*homes.DWELLING_USES, load_default="home")


class DwellingChange(Schema):
    use = a_word(*homes.DWELLING_USES)
    retired = Boolean(truthy={True}, falsy=set(), metadata={"description": "true: there is no such door"})


class ResidentOut(Schema):
    id = Integer()
    name = String()
    age_band = String(allow_none=True)
    registered_here = Boolean(allow_none=True)
    phone = String(allow_none=True)
    source = String()
    entered_at = DateTime()
    stay_id = Integer()
    from_on = Date()
    missing = List(String())


class VisitOut(Schema):
    id = Integer()
    happened_at = DateTime()
    entered_at = DateTime()
    result = String()
    verified = Boolean()
    who = String()
    late = Boolean(metadata={"description": "entered more than 24 hours after"})


class PromiseOut(Schema):
    id = Integer()
    asked = String(allow_none=True)
    promised = String(allow_none=True)
    due_on = Date(allow_none=True)
    kept_on = Date(allow_none=True)


class HouseholdOut(Schema):
    id = Integer()
    dwelling_id = Integer()
    building_id = Integer()
    dwelling_code = String()
    dwelling_use = String()
    visit_hour = String(allow_none=True)
    begun_on = Date()
    ended_on = Date(allow_none=True)
    objected = List(String(), metadata={"description": "purposes it is hidden from, by its objection"})
    residents = List(Nested(ResidentOut))
    former = Integer()
    visits = List(Nested(VisitOut))
    promises = List(Nested(PromiseOut))
    missing = Integer()


class HouseholdChange(Schema):
    visit_hour = a_word(*homes.VISIT_HOURS, required=True, allow_none=True)


class ResidentChange(Schema):
    """What somebody told of themselves; what is not named stays as it is."""

    name = String(validate=Length(1, 80))
    phone = String(allow_none=True, validate=A_PHONE)
    age_band = a_word(*homes.AGE_BANDS, allow_none=True)
    registered_here = yes_or_no(allow_none=True)


class ResidentCorrection(ResidentChange):
    """Besides, what only some rule packs have; it goes by no phone's queue and stands in no other body."""

    birth_date = Date(allow_none=True)
    id_number = String(allow_none=True, validate=Length(1, 40), metadata={"description": "18 characters"})


class ResidentIn(ResidentChange):
    name = String(required=True, validate=Length(1, 80))


class ToldOf(ResidentChange):
    id = an_id(required=True)


class HouseholdId(Schema):
    household_id = Integer()


class BuildingId(Schema):
    building_id = Integer()


class WhereIn(Schema):
    household_id = an_id(load_default=None, allow_none=True)
    dwelling_id = an_id(load_default=None, allow_none=True)
    building_id = an_id(load_default=None, allow_none=True)
    door = String(load_default=None, allow_none=True, validate=A_DOOR)
    entrance_id = an_id(load_default=None, allow_none=True)


class ArrivalIn(WhereIn):
    client_id = UUID(required=True)
    from_on = Date(required=True)
    residents = List(Nested(ResidentIn), required=True, validate=Length(1, 12))
    consent = yes_or_no(required=True)
    source = a_word(*homes.SOURCES[:4], load_default="visit")
    visit_hour = a_word(*homes.VISIT_HOURS, load_default=None, allow_none=True)


class ArrivalOut(Schema):
    household_id = Integer()
    dwelling_id = Integer()
    building_id = Integer()
    residents = List(Integer())
    again = Boolean(metadata={"description": "it had been sent before"})


class DepartureIn(Schema):
    residents = List(an_id(), required=True, validate=Length(1, 30))
    until_on = Date(required=True, metadata={"description": "the last day there"})


class DepartureOut(Schema):
    household_id = Integer()
    stays = List(Integer())
    ended = Boolean(metadata={"description": "nobody is left: the household ended"})


class MoveIn(WhereIn):
    residents = List(an_id(), required=True, validate=Length(1, 30))
    on = Date(required=True)


class SaidIn(Schema):
    asked = String(load_default=None, allow_none=True, validate=SAID)
    promised = String(load_default=None, allow_none=True, validate=SAID)
    due_on = Date(load_default=None, allow_none=True)


class VisitNeedIn(Schema):
    """Help a household asks for at the door; without their consent it is not sent at all."""

    service = String(required=True, validate=Length(1, 40), metadata={"description": "its code"})
    purpose = String(required=True, validate=Length(1, needs.LONGEST_TEXT))
    until_on = Date(required=True)
    consents = yes_or_no(required=True)
    resident_id = an_id(load_default=None, allow_none=True)
    code = String(
        load_default=None,
        allow_none=True,
        validate=Length(1, 20),
        metadata={"description": "to follow it by, as it was made and handed over at the door"},
    )


class VisitEmployerIn(Schema):
    """What was told of an employer of the building; what is held of it already stays."""

    id = an_id(required=True)
    size = a_word(*employers.SIZES, load_default=None, allow_none=True)
    contact_name = String(load_default=None, allow_none=True, validate=Length(0, 80))
    contact_phone = String(load_default=None, allow_none=True, validate=A_PHONE)


class VisitIn(Schema):
    client_id = UUID(required=True, metadata={"description": "sent twice with the same, it is one visit"})
    happened_at = DateTime(required=True, format="iso")
    result = a_word(*homes.VISIT_RESULTS, required=True)
    household_id = an_id(load_default=None, allow_none=True)
    dwelling_id = an_id(load_default=None, allow_none=True)
    building_id = an_id(load_default=None, allow_none=True)
    verified = yes_or_no(load_default=False)
    consent = yes_or_no(load_default=False)
    said = List(Nested(SaidIn), load_default=list, validate=Length(0, 10))
    residents = List(Nested(ToldOf), load_default=list, validate=Length(0, 30))
    visit_hour = a_word(*homes.VISIT_HOURS, load_default=None, allow_none=True)
    arrived = List(Nested(ResidentIn), load_default=list, validate=Length(0, 12))
    arrived_on = Date(load_default=None, allow_none=True)
    departed = List(an_id(), load_default=list, validate=Length(0, 30))
    needs = List(Nested(VisitNeedIn), load_default=list, validate=Length(0, 5))
    employers = List(Nested(VisitEmployerIn), load_default=list, validate=Length(0, 20))


class VisitedOut(Schema):
    visit_id = Integer()
    building_id = Integer()
    dwelling_id = Integer(allow_none=True)
    household_id = Integer(allow_none=True)
    late = Boolean()
    again = Boolean()
    needs = List(Integer(), metadata={"description": "those that were asked for, in their order"})


class KeptIn(Schema):
    kept_on = Date(required=True)


class DueAsked(Schema):
    grid = Integer(
        load_default=None,
        validate=Range(1, BIGGEST_ID),
        metadata={"description": "one grid; else all one answers for"},
    )


class DueOut(Schema):
    kind = String()
    building_id = Integer()
    dwelling_id = Integer(allow_none=True)
    household_id = Integer(allow_none=True)
    door = String()
    due_on = Date()
    overdue = Boolean()
    since = Date(allow_none=True)
    hour = String(allow_none=True)
    now = Boolean(metadata={"description": "whether they may be called on at this hour"})
    promise_id = Integer(allow_none=True)
    words = String(allow_none=True)


class DueBuildingOut(Schema):
    id = Integer()
    name = String()
    address = String(allow_none=True)
    grid_code = String()
    lon = Float()
    lat = Float()
    due = List(Nested(DueOut))
    overdue = Integer()
    now = Integer()


class GridOut(Schema):
    id = Integer()
    code = String()
    name = String(allow_none=True)
    kind = String()
    households = Integer()


class DueListOut(Schema):
    grids = List(Nested(GridOut))
    buildings = List(Nested(DueBuildingOut))


class ZeroReportsAsked(Schema):
    grid = Integer(load_default=None, validate=Range(1, BIGGEST_ID))


class ZeroReportIn(Schema):
    grid_id = an_id(required=True)
    month = Date(
        required=True,
        validate=Range(date(2000, 1, 1), date(2100, 12, 31)),
        metadata={"description": "any day of it"},
    )


class MonthOut(Schema):
    grid_id = Integer()
    grid_code = String()
    month = Date()
    state = String(metadata={"description": "zero, changes, missing, or open: not over yet"})
    late = Boolean()
    may = Boolean(metadata={"description": "it can be reported now"})
    filed_at = DateTime(allow_none=True)
    figures = Dict(keys=String(), values=Integer())


class FiledMonth(MonthOut):
    """A month as it is once it was reported."""


class MonthsOut(Schema):
    months = List(Nested(MonthOut))


class EmployersAsked(Schema):
    building = Integer(required=True, validate=Range(1, BIGGEST_ID))


class EmployerTold(Schema):
    name = String(validate=Length(1, 120))
    kind = a_word(*employers.KINDS)
    size = a_word(*employers.SIZES, allow_none=True)
    contact_name = String(allow_none=True, validate=Length(0, 80))
    contact_phone = String(allow_none=True, validate=A_PHONE)


class EmployerIn(EmployerTold):
    building_id = an_id(required=True)
    name = String(required=True, validate=Length(1, 120))
    begun_on = Date(required=True)


class EmployerChange(EmployerTold):
    ended_on = Date(metadata={"description": "the last day it was there"})


class EmployerOut(Schema):
    id = Integer()
    building_id = Integer()
    name = String()
    kind = String()
    size = String(allow_none=True)
    contact_name = String(allow_none=True)
    contact_phone = String(allow_none=True, metadata={"description": "masked"})
    begun_on = Date()
    ended_on = Date(allow_none=True)
    statement = String(metadata={"description": "its duty statement: signed, expired or missing"})
    statement_until = Date(allow_none=True)
    gaps = List(String())


class EmployersOut(Schema):
    employers = List(Nested(EmployerOut))


class EmployerId(Schema):
    id = Integer()
