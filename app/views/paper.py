"""Sheets to print, as PDF: for a wall, for a hand, for a walk; and what a scanned sheet opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import segno
from apiflask import APIBlueprint
from babel.dates import format_date
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.services import find, paper, reading
from app.services.access import REGISTRARS
from app.services.pdf import pdf_of
from app.views.language import BABEL_LOCALES
from app.views.session import actor, now, public_work, signed_in, today, work
from app.words import words

bp = APIBlueprint("paper", __name__, enable_openapi=False)

STYLE = Path(__file__).parent.parent / "static" / "css" / "paper_sheets.css"
A4 = "@page { size: A4; margin: 14mm 14mm 16mm }"


@bp.get("/paper")
def page() -> ResponseReturnValue:
    """Which sheets there are of a place and its grids."""
    with work() as session:
        places = reading.place_names(session, actor())
    known = [one.code for one in places]
    code = request.args.get("place", "")
    code = code if code in known else next(iter(known), "")
    cards: list[dict[str, Any]] = []
    if code:
        with public_work() as session:
            cards = find.cards_beneath(session, code, paper.MOST_ON_WALL + 1, now(), today())
    return render_template(
        "paper.html",
        places=places,
        place=code,
        cards=cards[: paper.MOST_ON_WALL],
        for_wall=0 < len(cards) <= paper.MOST_ON_WALL,
        for_atlas=0 < len(cards) <= paper.MOST_IN_ATLAS,
        walls=list(paper.WALLS),
    )


@bp.get("/paper/places/<string:code>/wall.pdf")
def wall(code: str) -> Response:
    """The wall sheet: map, grids, who answers for them, phones."""
    size = request.args.get("size", "A1")
    with public_work() as session:
        sheet = paper.place_sheet(session, code, size, now(), today())
    points = 28 if size == "A0" else 20
    small = f"font-size: {points * 0.6:g}pt"
    style = (
        f"@page {{ size: {size}; margin: 20mm; @bottom-left {{ {small} }} @bottom-right {{ {small} }} }}"
        f" html {{ font-size: {points}pt }}"
    )
    return _pdf(f"wall-{code}-{size}", style, "paper_wall.html", sheet=sheet, size=size)


@bp.get("/paper/places/<string:code>/atlas.pdf")
def atlas(code: str) -> Response:
    """A community on one page, and a page for each grid."""
    with public_work() as session:
        whole, sheets = paper.atlas(session, code, now(), today())
    return _pdf(f"atlas-{code}", A4, "paper_atlas.html", sheet=whole, sheets=sheets)


@bp.get("/paper/grids/<int:grid_id>/card.pdf")
def card(grid_id: int) -> Response:
    """A grid on one sheet, to be hung in a stairwell."""
    return _of_grid(grid_id, "card", "paper_card.html")


@bp.get("/paper/grids/<int:grid_id>/buildings.pdf")
def buildings(grid_id: int) -> Response:
    """The buildings of a grid, numbered as on its map."""
    return _of_grid(grid_id, "buildings", "paper_buildings.html", paper.buildings_sheet)


@bp.get("/paper/grids/<int:grid_id>/walk.pdf")
def walk(grid_id: int) -> Response:
    """The buildings of a grid with boxes to tick and a QR each."""
    return _of_grid(grid_id, "walk", "paper_walk.html", paper.walk_sheet)


def _of_grid(
    grid_id: int, name: str, template: str, made: Callable[..., paper.GridSheet] = paper.grid_sheet
) -> Response:
    with public_work() as session:
        sheet = made(session, grid_id, now(), today())
    return _pdf(f"{name}-{sheet.card['code']}", A4, template, sheet=sheet)


def _pdf(name: str, page_style: str, template: str, **facts: Any) -> Response:
    """A sheet in both languages. What is on it is public; who printed it is not told."""
    shown = render_template(
        template,
        zh=words("zh"),
        en=words("en"),
        qr=_qr,
        printed=today(),
        day_zh=partial(_day, "zh"),
        day_en=partial(_day, "en"),
        **facts,
    )
    made = pdf_of([shown], f"{STYLE.read_text(encoding='utf-8')}\n{page_style}")
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(made, mimetype="application/pdf", headers=headers)


def _day(language: str, value: Any) -> str:
    known = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return str(format_date(known, format="long", locale=BABEL_LOCALES[language]))


def _qr(kind: str, number: int, border: str) -> Markup:
    """What opens the right form when scanned: our address, with the border as it was when printed."""
    address = url_for("paper.scanned", kind=kind, number=number, border=border, _external=True)
    drawing = segno.make(address.partition("?")[0], error="m").svg_inline(border=1, omitsize=True)
    return Markup(drawing)  # noqa: S704 (drawn by us, of our own address)


@bp.get("/q/<any(building, grid):kind>/<int:number>")
@bp.get("/q/<any(building, grid):kind>/<int:number>/<string:border>")
def scanned(kind: str, number: int, border: str = "") -> ResponseReturnValue:
    """What a sheet or door plate leads to: for who keeps registers the building's page, else the public card.

    border: of the grid when the sheet was printed; where it is another now, that is said first.
    """
    with public_work() as session:
        here = (
            find.border_around(session, number)
            if kind == "building"
            else find.border_of_grid(session, number)
        )
    target = _target(kind, number)
    if border and (here is None or here[1] != border):
        return render_template("paper_old.html", target=target, is_gone=here is None)
    return redirect(target)


def _target(kind: str, number: int) -> str:
    found = signed_in()
    public = f"{url_for('find.page')}?{kind}={number}"
    if found is None:
        return public
    if kind == "building" and found.actor.holds(REGISTRARS):
        return url_for("homes.building_page", building_id=number)
    return public
