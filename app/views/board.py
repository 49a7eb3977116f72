"""The board of leaders and managers: one place and period, figures that open what they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import audit, board, charts, indicators, periods
from app.services.board import Board
from app.services.fives import fives_of
from app.services.hazard_kinds import kind_names
from app.services.hazards import STATES
from app.services.measures import Measure
from app.services.periods import OFFERED_DAYS, Period, last_days, month_of
from app.views.heat import kept_here as kept_points
from app.views.language import language, number, text
from app.views.session import actor, here, now, settings, today, work

bp = APIBlueprint("board", __name__, enable_openapi=False)

REGISTER_FIGURES = ("verification", "promises_kept")


@bp.get("/board")
def page() -> ResponseReturnValue:
    """Figures of a place over a period."""
    asking = actor()
    period = periods.chosen(request.args, today())
    with work() as session:
        places = board.places(session, asking)
        place = board.place_chosen(session, asking, request.args.get("place"))
        if place is None:
            return render_template("board.html", place=None)
        found = board.board(session, place, period, now(), settings().timezone)
        kinds = kind_names(session, language())
    return render_template(
        "board.html",
        places=places,
        place=place,
        period=period,
        offered=offered(today()),
        found=found,
        kind_names=kinds,
        drawn=drawn(found),
        cases=Cases(place.code, period, today()),
        at=here(),
        quarter=indicators.quarter_of(period.last),
    )


@bp.get("/board/registers")
def registers() -> ResponseReturnValue:
    """Coverage of the quarter's visits and promises kept, as words; counted anew, so asked for apart."""
    asking = actor()
    period = periods.chosen(request.args, today())
    with work() as session:
        place = board.place_chosen(session, asking, request.args.get("place"))
        if place is None:
            raise Refusal("not_found")
        quarter = indicators.quarter_of(period.last)
        found = indicators.figures(session, asking, place.path, quarter, now(), settings().timezone)
        fives = fives_of(session)
    read = indicators.opened(asking, found.grids)
    told = {name: indicators.total_told(found, name, read, fives) for name in REGISTER_FIGURES}
    return jsonify({name: _worded(measure) for name, measure in told.items()})


@bp.get("/board/take-away")
def taken() -> ResponseReturnValue:
    """The map to take away, as a file: one page that opens with no network. It is written down."""
    from app.services import take_away  # numpy and folium: only when a map is made

    asking = actor()
    period = periods.chosen(request.args, today())
    with work() as session:
        place = board.place_chosen(session, asking, request.args.get("place"))
        if place is None:
            raise Refusal("not_found")
        zone, points = settings().timezone, kept_points()
        page = take_away.take_away(session, points, place, period, now(), zone, language=language())
        facts = take_away.facts(period, take_away.USUAL_BANDWIDTH_M)
        audit.record(session, asking.person_id, "report.taken", f"place {place.code}", facts)
    name = f"hazards-{place.code}-{period.last}.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(page, mimetype="text/html", headers=headers)


COUNTED = tuple(state for state in STATES if state not in ("refused", "duplicate"))


class Cases:
    """Addresses of the lists of cases behind figures."""

    def __init__(self, place: str, period: Period, today: date) -> None:
        self.place, self.period, self.today = place, period, today

    def __call__(self, **asked: Any) -> str:
        """Hazards of the place that are so, whenever they were reported."""
        said = {"place": self.place, **{name: value for name, value in asked.items() if value is not None}}
        return f"/hazards?{urlencode(said, doseq=True)}"

    def within(self, days: Period | None = None, **asked: Any) -> str:
        """The same within the period, or within some of its days."""
        days = days or self.period
        return self(**asked, **{"from": days.first.isoformat(), "to": days.last.isoformat()})

    def due(self, states: Sequence[str] = COUNTED) -> str:
        """Those due in the period up to yesterday, as its rates count them: today is not over."""
        last = min(self.period.last, periods.day_before(self.today))
        days = Period(self.period.first, max(last, self.period.first))
        return self.within(days, due=1, state=list(states))


def offered(day: date) -> list[tuple[str, int, Period]]:
    """Periods to choose: name, days, and the period."""
    month = month_of(day)
    return [
        *(("days", days, last_days(days, day)) for days in OFFERED_DAYS),
        ("month", 0, Period(month.first, day)),
        ("former-month", 0, month_of(periods.day_before(month.first))),
    ]


def drawn(found: Board) -> dict[str, charts.Chart]:
    """The charts of a board."""
    weeks = found.weeks
    return {
        "moved": charts.columns([(week.reported, week.gone) for week in weeks]),
        "open": charts.line([week.open for week in weeks]),
        "on_time": charts.line([week.on_time.percent() for week in weeks], top=100),
    }


def _worded(measure: Measure | None) -> Mapping[str, str]:
    if measure is None:
        return {"rate": "–", "counted": text("indicators-few")}
    rate = measure.percent()
    if rate is None:
        return {"rate": text("indicators-no-data"), "counted": "n = 0"}
    return {
        "rate": text("figure-percent", n=number(float(rate), 1)),
        "counted": f"{number(measure.part)} / {number(measure.whole)}",
    }
