"""The page of figures: indicators of a place and its grids, what stands behind them, appeals, flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import indicators, reading
from app.services.access import MANAGERS
from app.services.fives import fives_of
from app.services.indicators import INDICATORS
from app.views.errors import STATUS, worded
from app.views.quarters import quarter_in, quarters
from app.views.session import actor, now, settings, today, work

bp = APIBlueprint("indicators", __name__, enable_openapi=False)

FORM = ("place", "quarter", "indicator")


@bp.get("/indicators")
def figures() -> ResponseReturnValue:
    """All indicators of a place, and one of them by grid."""
    return _page(request.args)


@bp.get("/indicators/grids/<int:grid_id>")
def behind(grid_id: int) -> ResponseReturnValue:
    """The buildings of a grid in which something is missing for an indicator."""
    asking, asked = actor(), request.args
    quarter = quarter_in(asked)
    indicator = asked.get("indicator", INDICATORS[0])
    with work() as session:
        rows = indicators.behind(session, asking, grid_id, indicator, quarter, now(), settings().timezone)
        grid = reading.grid(session, grid_id, asking)
    return render_template(
        "indicator_grid.html",
        grid=grid,
        rows=rows,
        indicator=indicator,
        quarter=quarter,
        place=asked.get("place"),
    )


@bp.post("/indicators/appeals")
def contest() -> ResponseReturnValue:
    """A coordinator contests a figure of the own grid."""
    form = request.form
    try:
        quarter = quarter_in(form)
        with work() as session:
            indicators.contest(
                session, actor(), _id(form), form.get("indicator", ""), quarter, form.get("words", "")
            )
    except Refusal as refusal:
        return _page(form, refusal)
    return redirect(url_for("indicators.figures", **_kept(form), _anchor="appeals"))


@bp.post("/indicators/appeals/<int:appeal_id>/answer")
def answer(appeal_id: int) -> ResponseReturnValue:
    """A manager settles an appeal."""
    form = request.form
    try:
        with work() as session:
            upheld = form.get("upheld") == "yes"
            indicators.answer(session, actor(), appeal_id, form.get("words", ""), now(), upheld=upheld)
    except Refusal as refusal:
        if refusal.code != "appeal_without_words":
            raise
        return _page(form, refusal)
    return redirect(url_for("indicators.figures", **_kept(form), _anchor="appeals"))


def _page(asked: Mapping[str, str], refusal: Refusal | None = None) -> ResponseReturnValue:
    asking = actor()
    quarter = quarter_in(asked)
    indicator = asked.get("indicator", "")
    indicator = indicator if indicator in INDICATORS else INDICATORS[0]
    with work() as session:
        places, code, path = reading.place_chosen(session, asking, asked.get("place"))
        if code is None:
            return render_template("indicators.html", places=[], refused="")
        found = indicators.figures(session, asking, path, quarter, now(), settings().timezone)
        until = min(today(), quarter.last)
        flow = indicators.flow_told(session, asking, path, until)
        said = indicators.appeals(session, asking, path)
        fives = fives_of(session)
    opens = indicators.opened(asking, found.grids)
    by_grid = indicators.grids_told(found, indicator, opens, fives)
    ranked = indicators.ranked_as_told(found, by_grid, opens)
    placed = {grid.id for grid, _ in ranked}
    others = [grid for grid in found.grids if grid.id not in placed]
    page = render_template(
        "indicators.html",
        places=places,
        place=code,
        quarter=quarter,
        quarters=quarters(),
        names=INDICATORS,
        indicator=indicator,
        total={name: indicators.total_told(found, name, opens, fives) for name in INDICATORS},
        in_fives=len(opens) < len(found.grids),
        ranked=ranked,
        others=[(grid, by_grid[grid.id]) for grid in others if grid.measures[indicator].whole],
        without=[(grid, None) for grid in others if not grid.measures[indicator].whole],
        flow_told=flow,
        appeals=said,
        manages=asking.touches(MANAGERS, path),
        opens=opens,
        refused=worded(refusal.code, refusal.facts) if refusal else "",
    )
    return (page, STATUS.get(refusal.code, 422)) if refusal else page


def _id(form: Mapping[str, str]) -> int:
    said = form.get("grid", "")
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise Refusal("not_found")
    return int(said)


def _kept(form: Mapping[str, str]) -> dict[str, Any]:
    return {name: form[name] for name in FORM if form.get(name)}
