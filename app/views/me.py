"""One's own account: name, roles, password, sessions."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import accounts, throttle
from app.services.passwords import LEAST
from app.views.errors import STATUS, worded
from app.views.session import actor, client, enter, hashing, leave, now, settings, signed_in, today, work
from app.views.sign_in import own_address

bp = APIBlueprint("me", __name__, enable_openapi=False)


@bp.get("/me")
def me() -> ResponseReturnValue:
    """The page of one's own account."""
    return _page(changed="changed" in request.args)


@bp.post("/me/password")
def password() -> ResponseReturnValue:
    """Choose one's own password; every other session ends."""
    given = {name: request.form.get(name, "") for name in ("present", "wanted", "again")}
    try:
        if given["wanted"] != given["again"]:
            raise Refusal("passwords_differ")
        asking = actor()
        with work() as session:  # guessing here is slowed down as at the sign-in
            attempt = throttle.attempt(session, settings().secret_key, asking.account, client(), now())
        with work() as session:
            present, wanted = given["present"], given["wanted"]
            accounts.change_password(session, asking.person_id, hashing(), present, wanted, now())
            throttle.succeeded(session, attempt)
    except Refusal as refusal:
        return _page(refused=worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    enter(asking.person_id)
    back = request.form.get("next")
    return redirect(own_address(back) if back else url_for("me.me", changed=1))


@bp.post("/me/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of one's own, this one too."""
    with work() as session:
        accounts.end_all(session, actor(), actor().person_id, now())
    leave()
    return redirect(url_for("sign_in.form"))


def _page(**shown: Any) -> str:
    found = signed_in()
    with work() as session:
        person = accounts.person(session, actor().person_id, today())
        sessions = accounts.sessions_of(session, actor().person_id, now())
    shown = {"refused": "", "changed": False, **shown}
    given = found is not None and found.password_is_given
    wanted = request.values.get("next", "")
    return render_template(
        "me.html", person=person, sessions=sessions, given=given, next=wanted, least=LEAST, **shown
    )
