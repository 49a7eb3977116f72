"""Signing in and out."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import accounts, second_factor, throttle
from app.views.errors import STATUS, worded
from app.views.session import client, enter, hashing, leave, now, settings, signed_in, work

bp = APIBlueprint("sign_in", __name__, enable_openapi=False)

HALF = "half"  # in the cookie: the password was right, the code is still to come
LONGEST_ACCOUNT, LONGEST_PASSWORD = 64, 1024  # typed; what is allowed is less, and told elsewhere


@bp.get("/")
def home() -> ResponseReturnValue:
    """The map; whoever is not signed in is asked to."""
    return redirect("/map" if signed_in() else url_for("sign_in.form"))


@bp.get("/sign-in")
def form() -> ResponseReturnValue:
    """The page to sign in at."""
    if signed_in():
        return redirect(own_address(request.args.get("next")))
    return _page(), 200


@bp.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Sign in; unknown account and wrong password take as long and read the same."""
    account = request.form.get("account", "").strip().lower()[:LONGEST_ACCOUNT]
    password = request.form.get("password", "")[:LONGEST_PASSWORD]
    try:
        person_id, given = _proved(account, password)
    except Refusal as refusal:
        seconds = refusal.facts.get("seconds")
        headers = {"Retry-After": str(seconds)} if seconds else {}
        return _page(account, worded(refusal.code, refusal.facts)), STATUS[refusal.code], headers
    with work() as session:
        asks_code = second_factor.has_one(session, person_id)
    if asks_code:
        half_way(person_id, given)
        return redirect(url_for("second_factor.code_form", next=request.form.get("next") or None))
    enter(person_id)
    wanted = own_address(request.form.get("next"))
    return redirect(url_for("me.me", next=wanted) if given else wanted)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    found = signed_in()
    if found is not None:
        with work() as session:
            accounts.end(session, found.sign_in_id, now())
    leave()
    return redirect(url_for("sign_in.form"))


def _proved(account: str, password: str) -> tuple[int, bool]:
    """The person whose password it is, and whether somebody else gave it to them."""
    with work() as session:
        attempt = throttle.attempt(session, settings().secret_key, account, client(), now())
        kept = accounts.kept_of(session, account, now())
    right = hashing().fits(password, kept.password_hash)  # takes its time: no transaction is open meanwhile
    with work() as session:
        if not right or kept.person_id is None or kept.password_hash is None:
            if kept.person_id is not None:
                accounts.sign_in_failed(session, kept.person_id)
        else:
            throttle.succeeded(session, attempt)
            if hashing().is_dated(kept.password_hash):
                accounts.keep_anew(session, kept.person_id, hashing(), password)
            return kept.person_id, kept.is_given
    raise Refusal("sign_in_failed")


def half_way(person_id: int, given: bool) -> None:
    """Remember in the cookie whose password was right, when, and whether another gave it."""
    cookie[HALF] = [person_id, now().isoformat(), given]


def _page(account: str = "", refused: str = "") -> str:
    wanted = request.values.get("next", "")
    return render_template("sign_in.html", account=account, refused=refused, next=wanted)


def own_address(wanted: str | None) -> str:
    """Where to go on, if that is a page of ours; else the map. Another site's address is never followed."""
    wanted = wanted or ""
    ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if ours and wanted.isprintable() else url_for("sign_in.home")
