"""The page of an employer, and the form for another one."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request

from app.errors import Refusal
from app.services import employers, homes, letters
from app.services.access import BIGGEST_ID
from app.services.personal import open_registers
from app.views.session import actor, today, work

bp = APIBlueprint("employers", __name__, enable_openapi=False)


@bp.get("/employers/new")
def new_page() -> str:
    """The form for an employer of a building."""
    said = request.args.get("building", "")
    if not (said.isascii() and said.isdigit() and 0 < int(said) <= BIGGEST_ID):
        raise Refusal("not_found")
    with work() as session:
        stands = homes.standing(session, int(said))
        homes.require_seen(open_registers(session, actor(), "employer"), stands.id)
    return _page(building=stands, employer=None, facts={"building": stands.id})


@bp.get("/employers/<int:employer_id>")
def employer_page(employer_id: int) -> str:
    """One employer: who answers for its safety, and the letters it signed."""
    with work() as session:
        registers = open_registers(session, actor(), "employer")
        shown = employers.employer(registers, employer_id, today())
        stands = homes.standing(session, shown.building_id)
        panel = letters.of_employer(registers, employer_id, today())
    return _page(
        building=stands,
        employer=shown,
        letters_panel=panel,
        facts={"employer": employer_id, "building": stands.id},
    )


def _page(**shown: Any) -> str:
    return render_template(
        "employer.html", sizes=employers.SIZES, kinds_of_employer=employers.KINDS, day=today(), **shown
    )
