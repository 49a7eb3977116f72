"""Pages of inspections: what is to be looked at, done with one press or with the hazard that was found."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.services import inspections, reading
from app.services.access import COORDINATORS, MANAGERS
from app.views import form_fields as fields
from app.views.language import text
from app.views.session import actor, today, work

bp = APIBlueprint("inspections", __name__, enable_openapi=False)


@bp.app_template_global()
def looked_at(about: str) -> str:
    """What an inspection looks at: a kind in the reader's language, other words as they were given."""
    return text(f"inspection-about-{about}") if about in inspections.OFTEN else about


@bp.get("/inspections")
def listing() -> ResponseReturnValue:
    """What is due within a fortnight: in one's grids, or (`?of=all`) in all one's places."""
    everybody = request.args.get("of") == "all" or not actor().holds(COORDINATORS)
    with work() as session:
        found = inspections.due(session, actor(), today(), mine=not everybody)
        done = inspections.history(session, [one.id for one in found])
        places = [
            one
            for one in reading.place_names(session, actor())
            if one.level != "city" and reading.covers(actor().scope, one.path)
        ]
    return render_template(
        "inspections.html",
        due=found,
        done=done,
        everybody=everybody,
        places=places,
        manages=actor().holds(MANAGERS),
        today=today(),
    )


@bp.post("/inspections")
def set_up() -> ResponseReturnValue:
    """Let all rental compounds, markets and building sites of a place be inspected."""
    with work() as session:
        inspections.set_up(session, actor(), fields.words("place"), today())
    return redirect(url_for("inspections.listing", of="all"))


@bp.post("/inspections/<int:inspection_id>/done")
def done(inspection_id: int) -> ResponseReturnValue:
    """Looked at, and nothing was wrong."""
    with work() as session:
        note = fields.words("note")
        inspections.done(session, actor(), inspection_id, today(), today(), note=note)
    return redirect(url_for("inspections.listing", of=request.form.get("of") or None))


@bp.post("/inspections/<int:inspection_id>/end")
def end(inspection_id: int) -> ResponseReturnValue:
    """It is inspected no more."""
    with work() as session:
        inspections.end(session, actor(), inspection_id, today())
    return redirect(url_for("inspections.listing", of="all"))
