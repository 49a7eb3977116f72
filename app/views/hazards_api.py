"""Hazards and their cases over the API: listing, reporting, acting, and photos."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from marshmallow import RAISE

from app.errors import Refusal
from app.services import case_life, case_photos, hazards, held
from app.services.case_life import Said
from app.services.hazards import Report, Wanted
from app.views import hazards_schemas as schemas
from app.views.homes_api import YEARS
from app.views.map_api import STRICT
from app.views.map_schemas import Asked
from app.views.session import actor, here, settings, work

bp = APIBlueprint("hazards_api", __name__, tag="Hazards")

Told = dict[str, Any]
SIDES = ("west", "south", "east", "north")


@bp.get("/api/hazard-kinds")
@bp.input(Asked, **STRICT)
@bp.output(schemas.KindsOut)
@bp.doc(summary="Kinds of hazards")
def kinds(asked: Told) -> Told:
    """The kinds that may be reported, with their names in both languages."""
    with work() as session:
        return {"kinds": hazards.kinds(session)}


@bp.get("/api/hazards")
@bp.input(schemas.HazardsAsked, **STRICT)
@bp.output(schemas.AllHazardsOut)
@bp.doc(summary="Hazards of one's places")
def listing(asked: Told) -> Told:
    """What is open by the day it is due, all else the newest first; 50 at a time."""
    with work() as session:
        return vars(hazards.list_hazards(session, actor(), wanted(asked), here()))


@bp.get("/api/hazards/held")
@bp.input(Asked, **STRICT)
@bp.output(schemas.HeldOut)
@bp.doc(summary="How much of the public waits to be looked at")
def held_back(asked: Told) -> Told:
    """Hazards of one's places whose words or photos nobody is shown until somebody has looked."""
    with work() as session:
        return {"waiting": held.count(session, actor())}


@bp.get("/api/hazards/near")
@bp.input(schemas.NearAsked, **STRICT)
@bp.output(schemas.AllNearOut)
@bp.doc(summary="Hazards that may be the same one")
def near(asked: Told) -> Told:
    """Of the same kind within 50 m and 7 days, to be looked at before another is reported."""
    with work() as session:
        site = hazards.site_of(
            session, asked.get("building"), asked.get("compound"), asked.get("lon"), asked.get("lat")
        )
        return {"hazards": hazards.near(session, actor(), asked["kind"], site, here())}


@bp.post("/api/hazards")
@bp.input(schemas.ReportIn, arg_name="given")
@bp.output(schemas.ReportedOut, status_code=201)
@bp.doc(summary="Report a hazard")
def report(given: Told) -> hazards.Reported:
    """Sent twice with the same `client_id` it stays one; photos follow by that id."""
    with work() as session:
        return hazards.report(session, actor(), as_report(given), here())


@bp.get("/api/hazards/<int:hazard_id>")
@bp.input(Asked, **STRICT)
@bp.output(schemas.CaseOut)
@bp.doc(summary="A hazard and its case")
def one(hazard_id: int, asked: Told) -> Told:
    """With its steps, photos, and what the person may do next; that it was opened is written down."""
    with work() as session:
        found = hazards.read(session, actor(), hazard_id, here())
    acts = case_life.next_acts(found["state"], found["mechanism"], actor(), found["path"])
    return {**found, "acts": [{"act": arc.act, "needs": arc.needs} for arc in acts]}


@bp.post("/api/hazards/<int:hazard_id>/acts")
@bp.input(schemas.ActIn, arg_name="given")
@bp.output(schemas.ActedOut)
@bp.doc(summary="Do the next step of a case")
def act(hazard_id: int, given: Told) -> Told:
    """409 where somebody did something meanwhile, or where the step is none of this state."""
    name, version = given.pop("act"), given.pop("version")
    said = Said(given.pop("note"), given.pop("told"), given)
    with work() as session:
        hazard = case_life.act(session, actor(), hazard_id, name, version, said, here())
        return {
            "id": hazard.id,
            "version": hazard.version,
            "state": hazard.state,
            "due_at": hazard.due_at,
            "stage_due_at": hazard.stage_due_at,
        }


@bp.post("/api/hazards/<int:hazard_id>/photos")
@bp.input(schemas.PhotoShows, location="query", arg_name="asked", unknown=RAISE)
@bp.input(schemas.PhotoIn, location="files", arg_name="sent")
@bp.output(schemas.PhotoId, status_code=201)
@bp.doc(summary="Add a photo to a hazard")
def add_photo(hazard_id: int, asked: Told, sent: Told) -> Told:
    """Before the work, or (`shows=after`) of the work done. JPEG or PNG, at most 8 MB."""
    with work() as session:
        photo = sent["photo"].read
        return {"id": case_photos.add_there(session, actor(), hazard_id, photo, asked["shows"])}


@bp.post("/api/hazards/sent/<uuid:client_id>/photos")
@bp.input(schemas.PhotoShows, location="query", arg_name="asked", unknown=RAISE)
@bp.input(schemas.PhotoIn, location="files", arg_name="sent")
@bp.output(schemas.PhotoId, status_code=201)
@bp.doc(summary="Add a photo to a hazard one sent")
def add_photo_sent(client_id: UUID, asked: Told, sent: Told) -> Told:
    """By the id that was made where it was reported; 404 until the report has come. Sent twice, kept once."""
    with work() as session:
        hazard_id = hazards.hazard_sent(session, actor(), client_id)
        photo = sent["photo"].read
        return {"id": case_photos.add_there(session, actor(), hazard_id, photo, asked["shows"])}


def wanted(asked: Told) -> Wanted:
    """What a list is asked for, by the words of the address."""
    box = tuple(asked.get(side) for side in SIDES)
    if any(side is not None for side in box) and None in box:
        raise Refusal("fields_malformed", fields=", ".join(SIDES))
    return Wanted(
        place=asked.get("place"),
        grid=asked.get("grid"),
        states=asked["state"],
        kinds=asked["kind"],
        severities=asked["severity"],
        mechanism=asked.get("mechanism"),
        is_open=asked.get("open"),
        overdue=asked["overdue"],
        escalated=asked["escalated"],
        mine=asked["mine"],
        building_id=asked.get("building"),
        compound_id=asked.get("compound"),
        box=None if None in box else box,  # type: ignore[arg-type]
        after=asked.get("after"),
    )


def as_report(given: Told) -> Report:
    """A report as `ReportIn` gives it."""
    happened_at = given.pop("happened_at")
    if happened_at.year not in YEARS:
        raise Refusal("fields_malformed", fields="happened_at")
    if happened_at.tzinfo is None:
        happened_at = happened_at.replace(tzinfo=settings().timezone)
    mechanism = "emergency" if given.pop("emergency") else "ordinary"
    return Report(reported_at=happened_at.astimezone(settings().timezone), mechanism=mechanism, **given)
