"""The view of the page of heat to take along: as PDF, and as the SVG of which the browser makes a PNG."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from apiflask import APIBlueprint
from apiflask.fields import Boolean, Float, String
from apiflask.validators import OneOf, Range
from flask import Response, render_template

from app.services import audit
from app.services.access import OVERSEERS
from app.services.hazard_kinds import kind_names
from app.views.heat import LEVELS, Wished, kept_here, wish_of
from app.views.language import day, language, number, text
from app.views.map_api import STRICT
from app.views.session import actor, here, settings, work

if TYPE_CHECKING:
    from app.services.heat import Wish
    from app.services.heat_sheet import Look, Sheet

bp = APIBlueprint("heat_sheet", __name__, tag="Heat")

PAGE = "@page { size: 297mm 210mm; margin: 0 } body { margin: 0 } svg { display: block }"
MOST_KINDS = 5  # named in the line beneath the title
SWATCH_MM, LETTER_MM = 13.0, 1.9
BYTES = {"schema": {"type": "string", "format": "binary"}}
SVG: Any = {200: {"description": "SVG", "content": {"image/svg+xml": BYTES}}}
PDF: Any = {200: {"description": "PDF", "content": {"application/pdf": BYTES}}}


class SheetWished(Wished):
    """What is shown, and the ground in sight."""

    view = String(load_default="heat", validate=OneOf(("heat", *LEVELS)))
    measure = String(load_default="count", validate=OneOf(("count", "rate")))
    spots = Boolean(load_default=False, truthy={"true"}, falsy={"false"})
    change = Boolean(load_default=False, truthy={"true"}, falsy={"false"})
    west = Float(required=True, validate=Range(-180, 180))
    south = Float(required=True, validate=Range(-85, 85))
    east = Float(required=True, validate=Range(-180, 180))
    north = Float(required=True, validate=Range(-85, 85))


@bp.get("/api/places/<string:code>/heat/sheet.svg")
@bp.input(SheetWished, **STRICT)
@bp.doc(summary="The view as a picture", responses=SVG)
def svg(code: str, asked: dict[str, Any]) -> Response:
    """A map with legend, period, scale and source; guarded as all that leaves the house."""
    answer = Response(_drawn(code, asked, "svg"), mimetype="image/svg+xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"heat-{code}.svg")
    return answer


@bp.get("/api/places/<string:code>/heat/sheet.pdf")
@bp.input(SheetWished, **STRICT)
@bp.doc(summary="The view as PDF", responses=PDF)
def pdf(code: str, asked: dict[str, Any]) -> Response:
    """The same on A4 lying."""
    from app.services.pdf import pdf_of

    made = pdf_of([f"<!doctype html><meta charset='utf-8'><body>{_drawn(code, asked, 'pdf')}"], PAGE)
    answer = Response(made, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"heat-{code}.pdf")
    return answer


def _drawn(code: str, asked: dict[str, Any], form: str) -> str:
    """The sheet as SVG; that it was taken is written down."""
    from app.services import heat, heat_sheet

    with work() as session:
        ground = heat.ground_of(session, code, actor().scope_of(OVERSEERS))
        names = kind_names(session, language())
        wish = wish_of(names, asked)
        look = heat_sheet.Look(
            asked["view"], asked["measure"], asked["spots"], asked["change"] and wish.since > 0
        )
        box = (asked["west"], asked["south"], asked["east"], asked["north"])
        sheet = heat_sheet.sheet(session, kept_here(), ground, wish, box, look)
        facts = {"format": form, "state": wish.standing, "kinds": list(wish.kinds), "view": look.view}
        audit.record(session, actor().person_id, "heat.taken", f"place {code}", facts)
        name = ground.name_pinyin if language() == "en" and ground.name_pinyin else ground.name
    return render_template(
        "heat_sheet.html",
        sheet=sheet,
        title=text("heat-sheet-title", place=name),
        which=_which(wish, look, names),
        legend=_legend(look),
        marks=_marks(sheet, look),
        swatches=_swatches(sheet, look),
        spots=look.spots,
        bar=_length(sheet.bar_m),
        guard=text("heat-sheet-guard", metres=sheet.bandwidth_m),
        made=text("heat-sheet-made", day=day(here().date())),
    )


def _which(wish: Wish, look: Look, kinds: dict[str, str]) -> str:
    """Which hazards: how they stand, kinds, severities, and of which days."""
    said = [text("heat-state-named", state=wish.standing)]
    named = [kinds[code] for code in wish.kinds]
    if len(named) > MOST_KINDS:
        said.append(text("heat-sheet-kinds", n=len(named)))
    else:
        said.append(text("list-comma").join(named) or text("heat-kinds-all"))
    if wish.severities:
        grades = (text("heat-severity-named", severity=str(one)) for one in wish.severities)
        said.append(text("list-comma").join(grades))
    last = day(_day(wish.until - 1))
    if wish.since:
        said.append(text("heat-sheet-days", first=day(_day(wish.since)), last=last))
    else:
        said.append(text("heat-sheet-until", last=last))
    if look.change:
        said.append(text("heat-change"))
    return " · ".join(said)


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment, settings().timezone).date()


def _legend(look: Look) -> str:
    if look.view == "heat":
        return text("heat-legend-change" if look.change else "heat-legend")
    return text("heat-change") if look.change else text(f"heat-legend-{look.measure}")


def _marks(sheet: Sheet, look: Look) -> list[tuple[float, str]]:
    """Where figures stand on the scale of heat: colour goes by the square root."""
    top = sheet.top
    if look.change:
        return [(0, f"−{_digits(top)}"), (0.5, text("heat-legend-same")), (1, f"+{_digits(top)}")]
    if not top:
        return [(0, text("heat-legend-none"))]
    return [((value / top) ** 0.5, _digits(value)) for value in (0, top / 16, top / 4, top)]


def _digits(value: float) -> str:
    return number(float(f"{value:.2g}"))


def _swatches(sheet: Sheet, look: Look) -> list[tuple[str, str, float]]:
    """Colours of areas with what they mean, and how far right each stands."""
    decimals = 1 if look.measure == "rate" else 0
    said = []
    for one in sheet.swatches:
        if one.name:
            words = text("heat-legend-none") if one.name == "none" else text(f"heat-sheet-{one.name}")
        elif one.least == one.most:
            words = number(one.most or 0, decimals)
        else:
            words = f"{number(one.least or 0, decimals)}–{number(one.most or 0, decimals)}"
        said.append((one.colour, words))
    if sheet.has_blank:
        said.append(("#c9ccd0", text("heat-sheet-few")))
    placed, at = [], 0.0
    for colour, words in said:
        placed.append((colour, words, round(at, 1)))
        at += SWATCH_MM + LETTER_MM * sum(2 if ord(letter) > 0x2E80 else 1 for letter in words)
    return placed


def _length(metres: int) -> str:
    if metres >= 1000:
        return text("bulletin-bar-km", km=number(metres / 1000))
    return text("certificate-bar", metres=number(metres))
