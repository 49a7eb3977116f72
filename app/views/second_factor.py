"""The second factor: set up and removed under one's own account, asked for at the sign-in."""

from __future__ import annotations

from datetime import datetime, timedelta

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import accounts, second_factor, throttle
from app.views.errors import STATUS, worded
from app.views.session import actor, client, enter, now, settings, signed_in, work
from app.views.sign_in import HALF, own_address

bp = APIBlueprint("second_factor", __name__, enable_openapi=False)

OFFERED = "second-factor"  # in the cookie: the mark of what this session was offered
HALF_GOOD_FOR = timedelta(minutes=5)


@bp.get("/me/second-factor")
def page() -> str:
    """Set one up, or see that there is one."""
    return _page()


@bp.post("/me/second-factor")
def confirm() -> ResponseReturnValue:
    """Set it up with a first code; the page shows the recovery codes, once."""
    person_id = actor().person_id
    try:
        _slow_down(person_id)
        with work() as session:
            said = request.form.get("code", "")[:20]
            key, mark = settings().secret_key, cookie.get(OFFERED)
            codes = accounts.confirm_second_factor(session, person_id, said, key, now(), mark)
    except Refusal as refusal:
        return _page(worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    enter(person_id)
    return _page(codes=codes)


@bp.post("/me/second-factor/removal")
def remove() -> ResponseReturnValue:
    """Take it away, with a code of it; not where one's role needs it."""
    person_id = actor().person_id
    try:
        if settings().second_factor and second_factor.is_needed(actor()):
            raise Refusal("second_factor_missing")
        _slow_down(person_id)
        with work() as session:
            said = request.form.get("code", "")[:20]
            second_factor.check(session, person_id, said, settings().secret_key, now())
            second_factor.remove(session, person_id, person_id)
    except Refusal as refusal:
        return _page(worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return redirect(url_for("second_factor.page"))


@bp.get("/sign-in/code")
def code_form() -> ResponseReturnValue:
    """Where the code is asked for, after the password."""
    if _half() is None:
        return redirect(url_for("sign_in.form"))
    return _form()


@bp.post("/sign-in/code")
def code() -> ResponseReturnValue:
    """Sign in with the code."""
    half = _half()
    if half is None:
        return redirect(url_for("sign_in.form"))
    person_id, given = half
    try:
        attempt = _slow_down(person_id)
        with work() as session:
            said = request.form.get("code", "")[:20]
            second_factor.check(session, person_id, said, settings().secret_key, now())
            throttle.succeeded(session, attempt)
    except Refusal as refusal:
        return _form(worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    enter(person_id)
    wanted = own_address(request.form.get("next"))
    return redirect(url_for("me.me", next=wanted) if given else wanted)


def _half() -> tuple[int, bool] | None:
    person_id, at, given = cookie.get(HALF) or (None, None, None)
    if person_id is None or given is None or at is None or datetime.fromisoformat(at) + HALF_GOOD_FOR < now():
        return None
    return person_id, given


def _slow_down(person_id: int) -> int:
    with work() as session:
        return throttle.attempt(session, settings().secret_key, f"code {person_id}", client(), now())


def _page(refused: str = "", codes: list[str] | None = None) -> str:
    person_id, key = actor().person_id, settings().secret_key
    with work() as session:
        standing = second_factor.standing(session, person_id)
        offered = None
        if not standing.since:
            offered = second_factor.offer(session, person_id, key, now(), cookie.get(OFFERED))
            cookie[OFFERED] = offered.mark
    needed = settings().second_factor and second_factor.is_needed(actor())
    found = signed_in()
    return render_template(
        "second_factor.html",
        standing=standing,
        offered=offered,
        codes=codes,
        needed=needed,
        asked_for=needed and not (found and found.has_second_factor),
        refused=refused,
    )


def _form(refused: str = "") -> str:
    return render_template("sign_in_code.html", refused=refused, next=request.values.get("next", ""))
