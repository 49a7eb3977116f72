"""Who lives where, over the API: doors, households, arrivals and departures, visits, what is due.

Every answer with a personal row has its row in the audit, and none is kept by a browser (`no-store` is what
answers say that say nothing else).
"""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.db import Transaction
from app.errors import Refusal
from app.services import arrivals, due, homes, identities, visits
from app.services import zero_reports as reports
from app.services.arrivals import Where
from app.services.needs import Asked
from app.services.personal import open_registers
from app.services.phones import clean
from app.services.visits import Call, Said
from app.views import homes_schemas as schemas
from app.views.session import actor, here, settings, today, work

bp = APIBlueprint("homes_api", __name__, tag="Registers")

Told = dict[str, Any]
YEARS = range(2000, 2101)  # of what may have happened; beyond, zones have no answer


@bp.get("/api/buildings/<int:building_id>/dwellings")
@bp.output(schemas.DoorsOut)
@bp.doc(summary="Dwellings of a building")
def doors(building_id: int) -> Told:
    """Dwellings with their households; 404 where one answers for none of them."""
    with work() as session:
        registers = open_registers(session, actor(), "visit")
        homes.require_seen(registers, building_id)
        return {"building_id": building_id, "doors": homes.doors(registers, building_id, here())}


@bp.post("/api/buildings/<int:building_id>/dwellings")
@bp.input(schemas.DoorsIn, arg_name="wanted")
@bp.output(schemas.DoorsOut, status_code=201)
@bp.doc(summary="Add dwellings to a building")
def add_doors(building_id: int, wanted: Told) -> Told:
    """Add doors by their numbers; those that are there stay as they are."""
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        homes.add_dwellings(
            registers, building_id, wanted["doors"], entrance_id=wanted["entrance_id"], use=wanted["use"]
        )
        return {"building_id": building_id, "doors": homes.doors(registers, building_id, here())}


@bp.patch("/api/dwellings/<int:dwelling_id>")
@bp.input(schemas.DwellingChange, arg_name="wanted")
@bp.output(schemas.BuildingId)
@bp.doc(summary="Change a dwelling")
def change_door(dwelling_id: int, wanted: Told) -> Told:
    """What it is used for, or that there is no such door any more."""
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        return {"building_id": homes.change_dwelling(registers, dwelling_id, **wanted)}


@bp.get("/api/households/<int:household_id>")
@bp.output(schemas.HouseholdOut)
@bp.doc(summary="A household")
def household(household_id: int) -> homes.HouseholdSeen:
    """Its residents, visits and promises."""
    with work() as session:
        return homes.household(open_registers(session, actor(), "visit"), household_id)


@bp.patch("/api/households/<int:household_id>")
@bp.input(schemas.HouseholdChange, arg_name="wanted")
@bp.output(schemas.HouseholdId)
@bp.doc(summary="Change a household")
def change_household(household_id: int, wanted: Told) -> Told:
    """When it likes to be visited."""
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        homes.change_household(registers, household_id, wanted["visit_hour"])
    return {"household_id": household_id}


@bp.patch("/api/residents/<int:resident_id>")
@bp.input(schemas.ResidentCorrection, arg_name="told")
@bp.output(schemas.HouseholdId)
@bp.doc(summary="Correct a resident's fields")
def change_resident(resident_id: int, told: Told) -> Told:
    """What is not named stays as it is. Birth date and ID number are taken where the rules have them."""
    fields = {name: value for name, value in told.items() if name not in identities.TOLD}
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        household_id = homes.change_resident(registers, resident_id, _told(fields))
        own = identities.told_in(told)
        identities.keep(registers, resident_id, own, settings().identity_key, today())
    return {"household_id": household_id}


@bp.post("/api/arrivals")
@bp.input(schemas.ArrivalIn, arg_name="given")
@bp.output(schemas.ArrivalOut, status_code=201)
@bp.doc(summary="Register an arrival")
def arrive(given: Told) -> arrivals.Arrived:
    """Register people who came to live in a household, a dwelling, or behind a door of a building."""
    with work() as session:
        return write_arrival(session, given)


@bp.post("/api/departures")
@bp.input(schemas.DepartureIn, arg_name="given")
@bp.output(schemas.DepartureOut, status_code=201)
@bp.doc(summary="Register a departure")
def depart(given: Told) -> arrivals.Departed:
    """Close the stays of residents of one household; it ends with the last of them."""
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        return arrivals.depart(registers, given["residents"], given["until_on"], today())


@bp.delete("/api/departures/<int:stay_id>")
@bp.output(schemas.HouseholdId)
@bp.doc(summary="Take a departure back")
def take_back(stay_id: int) -> Told:
    """The stay is open again, within 31 days."""
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        return {"household_id": arrivals.take_back(registers, stay_id, today())}


@bp.post("/api/moves")
@bp.input(schemas.MoveIn, arg_name="given")
@bp.output(schemas.ArrivalOut, status_code=201)
@bp.doc(summary="Let residents move to another dwelling")
def move(given: Told) -> arrivals.Arrived:
    """Within what one answers for; elsewhere it is a departure here and an arrival there."""
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        return arrivals.move(registers, given["residents"], _where(given), given["on"], today())


@bp.post("/api/visits")
@bp.input(schemas.VisitIn, arg_name="given")
@bp.output(schemas.VisitedOut, status_code=201)
@bp.doc(summary="Write a visit down")
def visit(given: Told) -> visits.Visited:
    """One visit with all that was learnt: verified, corrected, arrived, left, asked, promised, needed."""
    with work() as session:
        return write_visit(session, given)


@bp.post("/api/promises/<int:promise_id>/keeping")
@bp.input(schemas.KeptIn, arg_name="given")
@bp.output(schemas.BuildingId)
@bp.doc(summary="Say that a promise is kept")
def keep(promise_id: int, given: Told) -> Told:
    """It leaves the list of what is due."""
    with work() as session:
        registers = open_registers(session, actor(), "visit")
        return {"building_id": visits.keep_promise(registers, promise_id, given["kept_on"], today())}


@bp.get("/api/due")
@bp.input(schemas.DueAsked, location="query", arg_name="asked")
@bp.output(schemas.DueListOut)
@bp.doc(summary="What is due")
def listing(asked: Told) -> Told:
    """Visits and promises that are due in one's grids, or in a grid of a place one manages, by building."""
    with work() as session:
        grids = due.grids_asked(session, actor(), asked["grid"])
        registers = open_registers(session, actor(), "visit")
        return {"grids": grids, "buildings": due.due(registers, grids, here())}


@bp.get("/api/zero-reports")
@bp.input(schemas.ZeroReportsAsked, location="query", arg_name="asked")
@bp.output(schemas.MonthsOut)
@bp.doc(summary="Monthly reports")
def zero_reports(asked: Told) -> Told:
    """The last months of one's grids: reported as zero, with changes, missing, or not over yet."""
    with work() as session:
        grids = due.grids_asked(session, actor(), asked["grid"])
        registers = open_registers(session, actor(), "visit")
        return {"months": reports.months(registers, grids, here())}


@bp.post("/api/zero-reports")
@bp.input(schemas.ZeroReportIn, arg_name="given")
@bp.output(schemas.FiledMonth, status_code=201)
@bp.doc(summary="File a monthly report")
def file_zero_report(given: Told) -> reports.Month:
    """Report a grid's month as it is known, also where nothing happened; once."""
    with work() as session:
        (grid,) = due.grids_asked(session, actor(), given["grid_id"])
        registers = open_registers(session, actor(), "visit")
        return reports.file(registers, grid, given["month"], here())


def write_arrival(session: Transaction, given: Told) -> arrivals.Arrived:
    """Register an arrival as `ArrivalIn` gives it, of who asks."""
    return arrivals.arrive(
        open_registers(session, actor(), "registration"),
        _where(given),
        [_told(one) for one in given["residents"]],
        given["from_on"],
        today(),
        client_id=str(given["client_id"]),
        consent=given["consent"],
        source=given["source"],
        visit_hour=given["visit_hour"],
    )


def write_visit(session: Transaction, given: Told) -> visits.Visited:
    """Write down a visit as `VisitIn` gives it, of who asks."""
    registers = open_registers(session, actor(), "visit")
    return visits.visit(registers, _call(given), here(), settings().secret_key)


def _where(given: Told) -> Where:
    return Where(**{name: given[name] for name in Where.__dataclass_fields__})


def _told(one: Told) -> Told:
    """What was told of a resident, written in one way."""
    named = {name: value for name, value in one.items() if name != "id"}
    if "name" in named:
        named["name"] = homes.a_name(named["name"])
    if "phone" in named:
        named["phone"] = clean(named["phone"])
    return named


def _of_employer(one: Told) -> Told:
    """What was told of an employer, its contact's phone written in one way."""
    told = {name: value for name, value in one.items() if name != "id" and value}
    return {**told, "contact_phone": clean(told["contact_phone"])} if "contact_phone" in told else told


def _call(given: Told) -> Call:
    """A visit as the service takes it: its time in the city's own zone, as all it goes by."""
    taken = {**given, "client_id": str(given["client_id"])}
    zone = here().tzinfo
    happened_at = given["happened_at"]
    if happened_at.year not in YEARS:
        raise Refusal("fields_malformed", fields="happened_at")
    taken["happened_at"] = (
        happened_at.replace(tzinfo=zone) if happened_at.tzinfo is None else happened_at.astimezone(zone)
    )
    taken["said"] = [Said(**one) for one in given["said"] if one["asked"] or one["promised"]]
    taken["residents"] = {one["id"]: _told(one) for one in given["residents"]}
    taken["arrived"] = [_told(one) for one in given["arrived"]]
    taken["needs"] = [Asked(**one) for one in given["needs"]]
    taken["employers"] = {one["id"]: _of_employer(one) for one in given["employers"]}
    return Call(**taken)
