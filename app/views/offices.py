"""The form with what the public reads of an office."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import offices, reading
from app.services.access import ADMINISTRATORS, MANAGERS, require
from app.services.find import OFFICE_COLUMNS
from app.views.errors import STATUS, worded
from app.views.session import actor, work

bp = APIBlueprint("offices", __name__, enable_openapi=False)


@bp.get("/offices")
def page() -> ResponseReturnValue:
    """What is shown of the office of a place."""
    return _page()


@bp.post("/offices")
def change() -> ResponseReturnValue:
    """Change it."""
    code = request.form.get("place", "")
    try:
        with work() as session:
            require(actor(), MANAGERS | ADMINISTRATORS, [reading.path_of(session, code)])
            offices.change(session, code, request.form, actor().person_id)
    except Refusal as refusal:
        if refusal.code != "fields_malformed":
            raise
        return _page(worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return redirect(url_for("offices.page", place=code, kept=1))


def _page(refused: str = "") -> str:
    with work() as session:
        places = [
            one
            for one in reading.place_names(session, actor())
            if actor().covers(MANAGERS | ADMINISTRATORS, one.path)
        ]
        known = sorted((one.code for one in places), key=lambda code: (len(code), code))  # the widest first
        code = request.values.get("place", "")
        code = code if code in known else next(iter(known), "")
        office = offices.office(session, code) if code else None
    if refused and office is not None:
        office |= {name: request.form.get(name, "") for name in OFFICE_COLUMNS}
    return render_template(
        "offices.html", places=places, place=code, office=office, refused=refused, kept="kept" in request.args
    )
