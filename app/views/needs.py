"""Pages of service needs: asked for by consent, referred, answered, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import needs
from app.services.needs import Asked
from app.services.personal import Registers, open_registers
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.language import text
from app.views.session import actor, now, settings, today, work
from app.words import has_words

bp = APIBlueprint("needs", __name__, enable_openapi=False)

PURPOSE = "need"


@bp.app_template_global()
def office_words(office: str) -> str:
    """An office of the catalogue in words of the request; another one as it was written."""
    name = f"office-{office}"
    return text(name) if has_words("en", name) else office


@bp.get("/needs")
def listing() -> ResponseReturnValue:
    """Needs that are not done: one's own, or (`?of=all`) all one answers for."""
    everybody = request.args.get("of") == "all"
    after = fields.asked_whole("after") or 0
    with work() as session:
        registers = open_registers(session, actor(), PURPOSE)
        owner_id = None if everybody else actor().person_id
        found = needs.due(registers, today(), owner_id=owner_id, after=after)
    more = found[-1]["id"] if len(found) == needs.PAGE else None
    return render_template("needs.html", needs=found, everybody=everybody, more=more)


@bp.get("/needs/new")
def new() -> ResponseReturnValue:
    """The form of a need of a household (`?household=`)."""
    return _new(fields.asked_whole("household"))


@bp.post("/needs")
def ask() -> ResponseReturnValue:
    """Write a need down; the page shows the code, once."""
    household_id = fields.whole_or_none("household")
    try:
        asked = Asked(
            service=fields.words("service"),
            purpose=fields.words("purpose"),
            until_on=fields.day("until_on"),
            consents=fields.words("consents") == "yes",
            resident_id=fields.whole_or_none("resident"),
        )
        with work() as session:
            need_id, code = needs.ask(
                open_registers(session, actor(), PURPOSE),
                household_id or 0,
                asked,
                actor().person_id,
                settings().secret_key,
                now(),
                today(),
            )
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return _new(household_id, worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return _page(need_id, code=code)


@bp.get("/needs/<int:need_id>")
def need(need_id: int) -> ResponseReturnValue:
    """One need: what for, until when, whose, and what became of it."""
    return _page(need_id)


@bp.post("/needs/<int:need_id>/referrals")
def refer(need_id: int) -> ResponseReturnValue:
    """Hand it to an office."""
    return _done(
        need_id,
        lambda registers: needs.refer(
            registers,
            need_id,
            fields.words("other") or fields.words("office"),
            today(),
            fields.day_or_none("due_on"),
        ),
    )


@bp.post("/needs/<int:need_id>/referrals/<int:referral_id>/answer")
def answer(need_id: int, referral_id: int) -> ResponseReturnValue:
    """Write down what came of it."""
    is_done = fields.words("done") == "yes"
    return _done(
        need_id,
        lambda registers: needs.answer(
            registers, need_id, referral_id, fields.words("result"), today(), is_done=is_done
        ),
    )


@bp.post("/needs/<int:need_id>/withdrawal")
def withdraw(need_id: int) -> ResponseReturnValue:
    """The household wants it no more: it is removed."""
    with work() as session:
        needs.withdraw(open_registers(session, actor(), PURPOSE), need_id)
    return redirect(url_for("needs.listing"))


def _done(need_id: int, act: Callable[[Registers], Any]) -> ResponseReturnValue:
    try:
        with work() as session:
            act(open_registers(session, actor(), PURPOSE))
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return _page(need_id, refused=worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return redirect(url_for("needs.need", need_id=need_id))


def _page(need_id: int, *, code: str = "", refused: str = "") -> str:
    with work() as session:
        registers = open_registers(session, actor(), PURPOSE)
        shown = needs.need(registers, need_id, today())
        offices = sorted({one["office"] for one in needs.catalogue(session)})
    return render_template(
        "need.html",
        need=shown,
        offices=offices,
        code=code,
        refused=refused,
        given=request.form,
        today=today(),
    )


def _new(household_id: int | None, refused: str = "") -> str:
    with work() as session:
        registers = open_registers(session, actor(), PURPOSE)
        household = needs.asking(registers, household_id or 0)
        services = needs.catalogue(session)
    return render_template(
        "need_new.html",
        household=household,
        services=services,
        refused=refused,
        given=request.form,
        first=today() + needs.ONE_DAY,
        usually=today() + needs.USUALLY_KEPT,
        last=today() + needs.LONGEST_KEPT,
    )
