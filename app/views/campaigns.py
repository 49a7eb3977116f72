"""Targets of campaigns: a page of a place with a curve for each, set and taken back by who oversees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import board, campaigns, charts
from app.services.campaigns import Standing, Wanted
from app.services.hazard_kinds import kind_names
from app.services.months import months_on
from app.views.errors import STATUS, worded
from app.views.form_fields import day_in, whole_in
from app.views.forms import done
from app.views.language import language
from app.views.session import actor, now, settings, today, work

bp = APIBlueprint("campaigns", __name__, enable_openapi=False)

USUAL_MONTHS = 3


@bp.get("/campaigns")
def page() -> ResponseReturnValue:
    """The targets of a place, and what was reached on each day until now."""
    return _page(request.args)


@bp.post("/campaigns")
def set_target() -> ResponseReturnValue:
    """Set a target."""
    form = request.form

    def act(session: Any) -> None:
        wanted = Wanted(
            form.get("name_zh", ""),
            form.get("name_en", ""),
            form.get("measure", ""),
            form.get("kind") or None,
            whole_in(form, "target"),
            day_in(form, "from_on"),
            day_in(form, "until_on"),
        )
        campaigns.set_target(session, actor(), form.get("place", ""), wanted, today())

    return _done(act)


@bp.post("/campaigns/<int:campaign_id>/removal")
def take_back(campaign_id: int) -> ResponseReturnValue:
    """Take a target back."""
    return _done(lambda session: campaigns.take_back(session, actor(), campaign_id))


def _done(act: Callable[[Any], Any]) -> ResponseReturnValue:
    """Do something and show the page anew, or say there why not."""
    return done(act, _page, url_for("campaigns.page", place=request.form.get("place") or None))


def _page(asked: Mapping[str, str], refusal: Refusal | None = None) -> ResponseReturnValue:
    with work() as session:
        places = board.places(session, actor())
        place = board.place_chosen(session, actor(), asked.get("place"))
        found = campaigns.standing(session, place.path, now(), settings().timezone) if place else []
        kinds = kind_names(session, language())
    return make_response(
        render_template(
            "campaigns.html",
            places=places,
            place=place,
            found=found,
            names=campaigns.names(found, language()),
            drawn={one.campaign.id: drawn(one) for one in found},
            kind_names=kinds,
            measures=campaigns.MEASURES,
            today=today(),
            usual_until=months_on(today(), USUAL_MONTHS),
            given=asked if refusal else {},
            refused=worded(refusal.code, refusal.facts) if refusal else "",
        ),
        STATUS.get(refusal.code, 422) if refusal else 200,
    )


def drawn(one: Standing) -> dict[str, charts.Chart]:
    """The line to the target over all days, and what was reached until now, on the same axis."""
    shares = [measure.percent() for measure in one.reached]
    to_come = [None] * (one.period.days - len(shares))
    return {
        "aimed": charts.line(one.aimed(), top=100),
        "reached": charts.line([*shares, *to_come], top=100),
    }
