"""The page on which residents read what is held about them, and the codes that lead to it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import own_codes, own_data, retention, subject_requests, throttle
from app.services.personal import open_own, open_registers
from app.views.errors import STATUS, worded
from app.views.language import day, language, moment, text
from app.views.session import actor, client, now, settings, today, work
from app.words import has_words

bp = APIBlueprint("own_data", __name__, enable_openapi=False)

TOKEN = "own"  # noqa: S105 (its place in the cookie)


@bp.get("/my-data")
def page() -> ResponseReturnValue:
    """What is held and who read it, while the page is open; else where the code is typed in."""
    return _shown()


@bp.post("/my-data")
def use() -> ResponseReturnValue:
    """Open the page with a code; guessing is slowed down as at the sign-in."""
    key = settings().secret_key
    try:
        with work() as session:
            attempt = throttle.attempt(session, key, f"my data {client()}", client(), now())
        with work() as session:
            token = own_codes.use(session, request.form.get("code", "")[:40], key, now())
            throttle.succeeded(session, attempt)
    except Refusal as refusal:
        return _closed(worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    cookie[TOKEN] = token
    return redirect(url_for("own_data.page"))


@bp.post("/my-data/requests")
def ask() -> ResponseReturnValue:
    """Ask for a correction, deletion or copy, or object."""
    kind, words = request.form.get("kind", ""), request.form.get("words", "")
    try:
        with work() as session:
            household_id = _household(session)
            if household_id is None:
                return redirect(url_for("own_data.page"))
            registers = open_own(session, household_id)
            subject_requests.ask(registers, household_id, kind, words, now(), today())
    except Refusal as refusal:
        return _shown(worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return redirect(url_for("own_data.page", asked=1, _anchor="requests"))


@bp.post("/my-data/copy")
def copy() -> ResponseReturnValue:
    """Everything that is held as a file to take along; the request for it is answered by it."""
    with work() as session:
        household_id = _household(session)
        if household_id is None:
            return redirect(url_for("own_data.page"))
        registers = open_own(session, household_id)
        subject_requests.ask(registers, household_id, "copy", "", now(), today())
        rows = own_data.copied(registers, household_id)
    answer = jsonify(household=household_id, made_at=now().isoformat(), registers=rows)
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@bp.post("/my-data/leave")
def leave() -> ResponseReturnValue:
    """Close the page at once."""
    token = cookie.pop(TOKEN, None)
    if token is not None:
        with work() as session:
            own_codes.close(session, token, settings().secret_key, now())
    return redirect(url_for("own_data.page"))


@bp.post("/households/<int:household_id>/own-code")
def hand_out(household_id: int) -> ResponseReturnValue:
    """Make a code for a household and show it, once, to be handed over."""
    with work() as session:
        registers = open_registers(session, actor(), "request")
        code = own_codes.hand_out(registers, household_id, settings().secret_key, now())
    until = now() + own_codes.GOOD_FOR
    return render_template("own_code.html", code=code, until=until, household_id=household_id)


def _household(session: Any) -> int | None:
    token = cookie.get(TOKEN)
    if token is None:
        return None
    return own_codes.household_of(session, token, settings().secret_key, now())


def _shown(refused: str = "") -> str:
    with work() as session:
        household_id = _household(session)
        if household_id is None:
            return _closed()
        registers = open_own(session, household_id)
        periods = retention.periods_on(session, today(), household_id)
        entries = own_data.held(registers, household_id, periods)
        reads = own_data.reads(session, household_id)
        asked = [
            {name: getattr(one, name) for name in ("id", "kind", "words", "state", "made_at", "due_on")}
            | {"answered_at": one.answered_at, "answer": one.answer, "stops": one.stops}
            | {"lifted_at": one.lifted_at}
            for one in subject_requests.of_household(session, household_id)
        ]
    return render_template(
        "own_data.html",
        entries=_by_table(entries),
        reads=reads,
        requests=asked,
        refused=refused,
        asked="asked" in request.args,
        said=said,
        months=periods.stay_months,
        household_id=household_id,
        asks=("correct", "object", "delete"),
    )


ASIDE = ("subject_request", "own_code")  # requests have a part of their own; codes say nothing


def _by_table(entries: list[own_data.Entry]) -> dict[str, list[own_data.Entry]]:
    """Rows by register, in its order; those that say something."""
    found: dict[str, list[own_data.Entry]] = {}
    for entry in entries:
        if entry.told and entry.table not in ASIDE:
            found.setdefault(entry.table, []).append(entry)
    return found


def _closed(refused: str = "") -> str:
    return render_template("own_data_closed.html", refused=refused)


def said(column: str, value: Any) -> str:
    """A value as people read it: codes in words, days and moments as the language writes them."""
    if isinstance(value, list):
        return text("list-comma").join(said("purpose", one) for one in value)
    if isinstance(value, bool):
        return text("value-yes") if value else text("value-no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    code = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")
    name = f"purpose-{code}" if column == "purpose" else f"value-{code}"
    return text(name) if has_words(language(), name) else str(value)
