"""Employers over the API: those of a building, another one, what is held of one."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.errors import Refusal
from app.services import employers, homes
from app.services.personal import open_registers
from app.services.phones import clean
from app.views import homes_schemas as schemas
from app.views.session import actor, today, work

bp = APIBlueprint("employers_api", __name__, tag="Registers")


@bp.get("/api/employers")
@bp.input(schemas.EmployersAsked, location="query", arg_name="asked")
@bp.output(schemas.EmployersOut)
@bp.doc(summary="Employers of a building")
def listing(asked: dict[str, Any]) -> dict[str, Any]:
    """Those that are there today, with what is missing of each; phones masked."""
    with work() as session:
        registers = open_registers(session, actor(), "employer")
        homes.require_seen(registers, asked["building"])
        return {"employers": employers.of_building(registers, asked["building"], today())}


@bp.post("/api/employers")
@bp.input(schemas.EmployerIn, arg_name="given")
@bp.output(schemas.EmployerId, status_code=201)
@bp.doc(summary="Register an employer")
def add(given: dict[str, Any]) -> dict[str, Any]:
    """A firm, shop, market or site of a building."""
    building_id, begun_on = given.pop("building_id"), given.pop("begun_on")
    with work() as session:
        registers = open_registers(session, actor(), "employer")
        return {"id": employers.add(registers, building_id, begun_on, _told(given), today())}


@bp.patch("/api/employers/<int:employer_id>")
@bp.input(schemas.EmployerChange, arg_name="given")
@bp.output(schemas.BuildingId)
@bp.doc(summary="Correct an employer")
def change(employer_id: int, given: dict[str, Any]) -> dict[str, Any]:
    """What is not named stays as it is; with `ended_on` it is gone."""
    with work() as session:
        registers = open_registers(session, actor(), "employer")
        return {"building_id": employers.change(registers, employer_id, _told(given), today())}


def _told(given: dict[str, Any]) -> dict[str, Any]:
    """What was told of an employer, written in one way; an empty contact is none."""
    told = dict(given)
    if "name" in told:
        told["name"] = " ".join(told["name"].split())
        if not told["name"]:
            raise Refusal("fields_malformed", fields="name")
    if "contact_name" in told:
        told["contact_name"] = " ".join((told["contact_name"] or "").split()) or None
    if "contact_phone" in told:
        told["contact_phone"] = clean(told["contact_phone"])
    return told
