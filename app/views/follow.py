"""The page on which whoever holds a code follows a need or a report, or withdraws the need; no signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from apiflask import APIBlueprint
from flask import render_template
from flask.typing import ResponseReturnValue

from app.db import Transaction
from app.errors import Refusal
from app.services import follow_codes, hazards, needs
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
    """What became of the need, or of the place that was reported."""
    code = fields.words("code")[:LONGEST_CODE]
    try:
        found = _tried(lambda session: _followed(session, code))
    except Refusal as refusal:
        return _refused(refusal)
    return _page(code=code, **found)


def _followed(session: Transaction, code: str) -> dict[str, Any] | None:
    key = settings().secret_key
    need = needs.follow(session, code, key)
    if need is not None:
        return {"need": need}
    hazard = hazards.follow(session, follow_codes.hashed(key, code))
    return None if hazard is None else {"hazard": hazard}


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
    need: dict[str, Any] | None = None,
    hazard: dict[str, Any] | None = None,
    code: str = "",
    refused: str = "",
    withdrawn: bool = False,
) -> str:
    return render_template(
        "follow.html", need=need, hazard=hazard, code=code, refused=refused, withdrawn=withdrawn
    )
