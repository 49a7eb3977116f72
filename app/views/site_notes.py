"""Notes about a building, written and struck on its page."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import site_notes
from app.services.personal import open_registers
from app.views.errors import STATUS, worded
from app.views.homes import building_with
from app.views.session import actor, now, work

bp = APIBlueprint("site_notes", __name__, enable_openapi=False)


@bp.post("/buildings/<int:building_id>/notes")
def write(building_id: int) -> ResponseReturnValue:
    """Note something; what is refused is told on the page, with the words kept."""
    said = request.form.get("words", "")
    try:
        with work() as session:
            registers = open_registers(session, actor(), "visit")
            site_notes.write(registers, actor(), building_id, said, now())
    except Refusal as refusal:
        if refusal.code in ("not_found", "building_not_served"):
            raise
        refused = worded(refusal.code, refusal.facts)
        return building_with(building_id, said, refused), STATUS.get(refusal.code, 422)
    return redirect(url_for("homes.building_page", building_id=building_id, _anchor="notes"))


@bp.post("/buildings/<int:building_id>/notes/<int:note_id>/removal")
def strike(building_id: int, note_id: int) -> ResponseReturnValue:
    """Let a note hold no more."""
    with work() as session:
        registers = open_registers(session, actor(), "visit")
        site_notes.strike(registers, actor(), building_id, note_id, now())
    return redirect(url_for("homes.building_page", building_id=building_id, _anchor="notes"))
