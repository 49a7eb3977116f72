"""Heads of buildings: registered and ended on the building's page."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.services import helpers
from app.services.personal import open_registers
from app.views import form_fields as fields
from app.views.session import actor, today, work

bp = APIBlueprint("helpers", __name__, enable_openapi=False)


@bp.post("/buildings/<int:building_id>/helpers")
def add(building_id: int) -> ResponseReturnValue:
    """Register the head of a building."""
    name, phone, since = fields.words("name"), fields.words("phone"), fields.day_or_none("since")
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        helpers.add(registers, building_id, name, phone, since or today(), today())
    return redirect(url_for("homes.building_page", building_id=building_id, _anchor="helpers"))


@bp.post("/helpers/<int:helper_id>/ending")
def end(helper_id: int) -> ResponseReturnValue:
    """They are head of the building no more."""
    with work() as session:
        building_id = helpers.end(open_registers(session, actor(), "registration"), helper_id, today())
    return redirect(url_for("homes.building_page", building_id=building_id, _anchor="helpers"))
