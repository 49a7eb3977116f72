"""Monthly reports: which there are, one as a sheet with its words to edit, and as PDF."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import board, charts, month_reports
from app.services.access import MANAGERS
from app.services.hazard_kinds import kind_names
from app.services.month_reports import PARTS, Report, month_called
from app.views.errors import STATUS, worded
from app.views.form_fields import whole_in
from app.views.language import language, speaking
from app.views.session import actor, now, settings, today, work
from app.words import LANGUAGES

bp = APIBlueprint("reports", __name__, enable_openapi=False)

SHEET_STYLE = Path(__file__).parent.parent / "static" / "css" / "report_sheet.css"
ORDERS = {"en": ("en",), "zh": ("zh",), "both": ("zh", "en")}


@bp.get("/reports")
def listing() -> ResponseReturnValue:
    """The months of a place, with how far their reports are."""
    asking = actor()
    with work() as session:
        places = board.places(session, asking)
        place = board.place_chosen(session, asking, request.args.get("place"))
        found = month_reports.months(session, place.id, today()) if place else []
    return render_template("reports.html", places=places, place=place, months=found)


@bp.get("/reports/<code>/<month>")
def page(code: str, month: str) -> ResponseReturnValue:
    """A report as it will be printed, and its words to edit."""
    return _page(code, month)


@bp.post("/reports/<code>/<month>/words")
def save(code: str, month: str) -> ResponseReturnValue:
    """Keep what was written."""
    said = {one: {part: request.form.get(f"{part}-{one}", "").strip() for part in PARTS} for one in LANGUAGES}
    try:
        with work() as session:
            place = _place(session, code)
            version = whole_in(request.form, "version")
            month_reports.save(session, actor(), place, month_called(month, today()), said, version, now())
    except Refusal as refusal:
        if refusal.code not in ("report_changed", "report_too_long"):
            raise
        return _page(code, month, refusal, said)
    return redirect(url_for("reports.page", code=code, month=month))


@bp.post("/reports/<code>/<month>/final")
def finish(code: str, month: str) -> ResponseReturnValue:
    """Words and figures are to stay as they are."""
    with work() as session:
        place = _place(session, code)
        version = whole_in(request.form, "version")
        zone = settings().timezone
        month_reports.finish(session, actor(), place, month_called(month, today()), version, now(), zone)
    return redirect(url_for("reports.page", code=code, month=month))


@bp.get("/reports/<code>/<month>.pdf")
def pdf(code: str, month: str) -> Response:
    """The sheet as PDF, in one language or (`in=both`) in Chinese and then in English."""
    from app.services.pdf import pdf_of

    place, found, names = _read(code, month)
    pages = []
    for one in ORDERS.get(request.args.get("in", ""), (language(),)):
        with speaking(one):
            pages.append(render_template("report_print.html", **_shown(place, found, names[one])))
    made = pdf_of(pages, SHEET_STYLE.read_text(encoding="utf-8"))
    name = f"report-{code}-{found.month:%Y-%m}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, mimetype="application/pdf", headers=headers)


def _page(
    code: str, month: str, refusal: Refusal | None = None, said: month_reports.Words | None = None
) -> ResponseReturnValue:
    place, found, names = _read(code, month)
    shown = render_template(
        "report.html",
        **_shown(place, found, names[language()]),
        written=said or found.words,
        parts=PARTS,
        longest=month_reports.LONGEST_PART,
        edits=actor().covers(MANAGERS, place.path) and not found.is_final,
        is_over=found.month < today().replace(day=1),
        refused=worded(refusal.code, refusal.facts) if refusal else "",
        version=whole_in(request.form, "version") if refusal else found.version,
    )
    return (shown, STATUS.get(refusal.code, 422)) if refusal else shown


def _read(code: str, month: str) -> tuple[Any, Report, dict[str, dict[str, str]]]:
    first = month_called(month, today())
    with work() as session:
        place = _place(session, code)
        found = month_reports.report(session, place, first, now(), settings().timezone)
        names = {one: kind_names(session, one) for one in LANGUAGES}
    return place, found, names


def _place(session: Any, code: str) -> Any:
    return board.place_chosen(session, actor(), code)


def _shown(place: Any, found: Report, kinds: dict[str, str]) -> dict[str, Any]:
    """What the sheet is made of."""
    weeks = found.figures["weeks"]
    return {
        "place": place,
        "report": found,
        "figures": found.figures,
        "measure": lambda name: month_reports.measure(found.figures, name),
        "moved": charts.columns([(week["reported"], week["gone"]) for week in weeks]),
        "week_first": [date.fromisoformat(week["first"]) for week in weeks],
        "kind_names": kinds,
        "day": date.fromisoformat,
        "instant": datetime.fromisoformat,
    }
