"""The page on which whoever holds the code of a need follows it, or withdraws it, without signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from apiflask import APIBlueprint
from flask import render_template
from flask.typing import ResponseReturnValue

from app.db import Transaction
from app.errors import Refusal
from app.services import needs
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.session import client, now, settings, work

bp = APIBlueprint("follow", __name__, enable_openapi=False)

LONGEST_CODE = 40
Found = TypeVar("Found")


@bp.get("/follow")
def form() -> ResponseReturnValue:
    """Where the code is typed; it never stands in an address."""
    return _page()


@bp.post("/follow")
def follow() -> ResponseReturnValue:
    """What became of the need."""
    code = fields.words("code")[:LONGEST_CODE]
    try:
        need = _tried(lambda session: needs.follow(session, code, settings().secret_key))
    except Refusal as refusal:
        return _refused(refusal)
    return _page(need=need, code=code)


@bp.post("/follow/withdrawal")
def withdraw() -> ResponseReturnValue:
    """Take the need back: nothing of it stays."""
    code = fields.words("code")[:LONGEST_CODE]
    try:
        _tried(lambda session: needs.withdraw_by_code(session, code, settings().secret_key) or None)
    except Refusal as refusal:
        return _refused(refusal)
    return _page(withdrawn=True)


def _tried(look: Callable[[Transaction], Found | None]) -> Found:
    """Look with a code; attempts are written down first, so that nobody tries thousands."""
    with work() as session:
        attempt = needs.attempt(session, settings().secret_key, client(), now())
    with work() as session:
        found = look(session)
        if found is not None:
            needs.succeeded(session, attempt)
    if found is None:
        raise Refusal("follow_code_unknown")
    return found


def _refused(refusal: Refusal) -> ResponseReturnValue:
    seconds = refusal.facts.get("seconds")
    headers = {"Retry-After": str(seconds)} if seconds else {}
    return _page(refused=worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422), headers


def _page(
    need: dict[str, object] | None = None, code: str = "", refused: str = "", withdrawn: bool = False
) -> str:
    return render_template("follow.html", need=need, code=code, refused=refused, withdrawn=withdrawn)
