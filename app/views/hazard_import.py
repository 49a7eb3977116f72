"""Bringing hazards in from a table of points: looked at first, then entered; nothing of the file is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apiflask import APIBlueprint
from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.geo.readers.options import Limits
from app.services import hazards
from app.services.uploads import DATUMS
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.language import language, text
from app.views.session import actor, here, work

if TYPE_CHECKING:  # numpy and shapely take a second: only when a file is read
    from app.services.hazard_import import Report, Wanted

bp = APIBlueprint("hazard_import", __name__, enable_openapi=False)

LINES_SHOWN, KINDS_SHOWN = 200, 40
LIMITS = replace(Limits.for_uploads(), rows=25_000)  # an answer takes seconds; more by the command line
FIELDS = ("id", "occurred_at", "lon", "lat", "closed_at", "kind", "severity", "detail")
ENTER, REPORT = "enter", "report"  # else it is looked at
NO_COLUMNS = "hazard_columns_missing"


@bp.get("/import/hazards")
def form() -> ResponseReturnValue:
    """Which file, for which place."""
    return _page()


@bp.post("/import/hazards")
def bring_in() -> ResponseReturnValue:
    """Look at a file, enter it, or get the report of every row; by the button pressed."""
    from app.services import hazard_import

    way = fields.words("way")
    octets, name = fields.sent_file()
    wanted = _wanted(name)
    try:
        report = _done(wanted, octets, name, enter=way == ENTER)
    except Refusal as refusal:
        if refusal.code == "not_in_scope":
            raise
        heads = hazard_import.heads_in(octets, name, LIMITS) if refusal.code == NO_COLUMNS else []
        said = worded(refusal.code, refusal.facts)
        return make_response(_page(refused=said, heads=heads), STATUS.get(refusal.code, 422))
    if way == REPORT:
        answer = make_response(hazard_import.report_file(report, text))
        answer.mimetype = "text/csv"
        answer.headers.set("Content-Disposition", "attachment", filename=f"report-{wanted.place}.csv")
        return answer
    return _page(report, hazard_import.heads_in(octets, name, LIMITS), entered=way == ENTER)


def _done(wanted: Wanted, octets: bytes, name: str, *, enter: bool) -> Report:
    """Look at a file or enter it; that it was refused is written down, too."""
    from app.services import hazard_import

    act = hazard_import.bring_in if enter else hazard_import.look
    person = actor().person_id
    try:
        with work() as session:
            hazard_import.may_bring_in(session, actor(), wanted.place)
            return act(session, person, wanted, octets, name, LIMITS, here())
    except Refusal as refusal:
        with work() as session:
            hazard_import.refused(session, person, wanted, octets, refusal.code)
        raise


def _wanted(name: str) -> Wanted:
    """How the form says the file is to be read."""
    from app.services import hazard_import

    datum = fields.words("datum") or DATUMS[0]
    if datum not in DATUMS:
        raise Refusal("fields_malformed", fields="datum")
    theirs, ours = request.form.getlist("theirs"), request.form.getlist("ours")
    place = fields.words("place")
    source = fields.words("source") or hazard_import.usual_source(place, name)
    if len(source) > hazard_import.LONGEST_SOURCE:
        raise Refusal("fields_malformed", fields="source")
    return hazard_import.Wanted(
        place=place,
        source=source,
        kind=fields.words("kind") or None,
        kinds={one: code for one, code in zip(theirs, ours, strict=False) if one and code},
        datum=datum,
        columns={field: head for field in FIELDS if (head := request.form.get(f"column-{field}"))},
    )


def _page(
    report: Report | None = None, heads: list[str] | None = None, refused: str = "", *, entered: bool = False
) -> str:
    from app.services import hazard_import, hazard_rows

    with work() as session:
        places = hazard_import.places(session, actor())
        kinds = hazards.kinds(session)
    lines = [line for line in report.lines if line.outcome == hazard_import.REFUSED] if report else []
    chosen = {field: request.form.get(f"column-{field}", "") for field in FIELDS}
    theirs, ours = request.form.getlist("theirs"), request.form.getlist("ours")
    return render_template(
        "import_hazards.html",
        places=places,
        datums=DATUMS,
        given=request.form,
        hazard_kinds=[(kind["code"], kind[f"name_{language()}"]) for kind in kinds],
        fields=FIELDS,
        heads=heads or [],
        columns={**chosen, **(report.columns if report else {})},
        needed=hazard_rows.NEEDED,
        theirs=list(report.kinds.items())[:KINDS_SHOWN] if report else [],
        ours=dict(zip(theirs, ours, strict=False)),
        report=report,
        lines=lines[:LINES_SHOWN],
        more=max(0, len(lines) - LINES_SHOWN),
        refused=refused,
        entered=entered,
    )
