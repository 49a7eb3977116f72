"""Grids and offices by how they see their cases through, the cases behind each figure, and appeals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import assessment, indicators, reading
from app.services.access import STAFF, require
from app.services.assessment import GRID, SORTS
from app.services.hazard_kinds import kind_names
from app.services.indicators import CASE_MEASURES
from app.views.errors import STATUS, worded
from app.views.form_fields import whole_in
from app.views.language import language
from app.views.quarters import quarter_in, quarters
from app.views.session import actor, now, settings, work

bp = APIBlueprint("assessment", __name__, enable_openapi=False)

KEPT = ("place", "quarter", "by", "measure")


@bp.get("/assessment")
def page() -> ResponseReturnValue:
    """Grids or offices of a place with a measure over a quarter."""
    return _page(request.args)


@bp.get("/assessment/cases")
def behind() -> ResponseReturnValue:
    """The cases that count against a grid or an office."""
    asking, asked = actor(), request.args
    quarter, sort, measure = quarter_in(asked), _sort(asked), _measure(asked)
    key = asked.get("key", "")
    with work() as session:
        code = asked.get("place", "")
        path = reading.path_of(session, code)
        require(asking, STAFF, [path], "touches")
        zone = settings().timezone
        rows = assessment.behind(session, asking, path, sort, key, measure, quarter, now(), zone)
        names = kind_names(session, language())
    return render_template(
        "assessment_cases.html",
        rows=rows,
        key=key,
        sort=sort,
        measure=measure,
        quarter=quarter,
        place=code,
        kind_names=names,
        most=assessment.MOST_BEHIND,
    )


@bp.post("/assessment/appeals")
def contest() -> ResponseReturnValue:
    """Who answers for a grid contests one of its figures."""
    form = request.form
    try:
        with work() as session:
            said = form.get("words", "")
            indicators.contest(
                session, actor(), whole_in(form, "grid"), _measure(form), quarter_in(form), said
            )
    except Refusal as refusal:
        return _page(form, refusal)
    kept: dict[str, Any] = {name: form[name] for name in KEPT if form.get(name)}
    return redirect(url_for("assessment.page", **kept))


def _page(asked: Mapping[str, str], refusal: Refusal | None = None) -> ResponseReturnValue:
    asking = actor()
    quarter, sort, measure = quarter_in(asked), _sort(asked), _measure(asked)
    with work() as session:
        places, code, path = reading.place_chosen(session, asking, asked.get("place"))
        if code is None:
            return render_template("assessment.html", places=[], refused="")
        found = assessment.assessment(session, asking, path, sort, quarter, now(), settings().timezone)
    ranked, others = found.ranked(measure)
    shown = render_template(
        "assessment.html",
        places=places,
        place=code,
        quarter=quarter,
        quarters=quarters(),
        sort=sort,
        sorts=SORTS,
        measure=measure,
        names=CASE_MEASURES,
        total=found.total,
        ranked=ranked,
        others=[one for one in others if one.measures[measure].whole],
        own=[one for one in found.all if one.own],
        refused=worded(refusal.code, refusal.facts) if refusal else "",
    )
    return (shown, STATUS.get(refusal.code, 422)) if refusal else shown


def _sort(asked: Mapping[str, Any]) -> str:
    said = asked.get("by", GRID)
    return said if said in SORTS else GRID


def _measure(asked: Mapping[str, Any]) -> str:
    said = asked.get("measure", "")
    return said if said in CASE_MEASURES else CASE_MEASURES[0]
