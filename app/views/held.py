"""Words and photos of the public that wait for staff to look."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.services import held
from app.views.session import actor, now, work

bp = APIBlueprint("held", __name__, enable_openapi=False)


@bp.get("/hazards/held")
def page() -> ResponseReturnValue:
    """What waits in one's places, with what is proposed to be shown."""
    with work() as session:
        waiting = held.waiting(session, actor())
    return render_template("held.html", waiting=waiting)


@bp.post("/hazards/held/<int:hazard_id>")
def settle(hazard_id: int) -> ResponseReturnValue:
    """Show these words, or none."""
    form = request.form
    drops = form.get("act") == "drop"
    site, description = ("", "") if drops else (form.get("site", ""), form.get("description", ""))
    with work() as session:
        held.settle_words(session, actor(), hazard_id, site, description)
    return redirect(url_for("held.page"))


@bp.get("/hazards/held/photos/<int:photo_id>")
def photo(photo_id: int) -> ResponseReturnValue:
    """A photo, for who is to look at it."""
    with work() as session:
        found = held.photo(session, actor(), photo_id)
        return Response(bytes(found.photo), mimetype=found.photo_type)


@bp.post("/hazards/held/photos/<int:photo_id>")
def settle_photo(photo_id: int) -> ResponseReturnValue:
    """Show it with the case, or to nobody."""
    with work() as session:
        held.settle_photo(session, actor(), photo_id, now(), shown=request.form.get("act") == "show")
    return redirect(url_for("held.page"))
