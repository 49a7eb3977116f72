"""What is asked of every request before its view runs: who, may they, and is what they send fit to be read.

The order counts: nothing of a body is read for somebody who may not send it.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]

from app.errors import Refusal
from app.services.access import OPEN_TO_ALL, POLICY, allow, allow_there, is_public
from app.services.second_factor import is_needed
from app.views import flood
from app.views.session import actor, first_questions, settings, settle, signed_in
from app.views.wire import check_text, read_json

BODY_MB = 1
READING = ("GET", "HEAD")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# What somebody may do who still has the password given by another.
BEFORE_AN_OWN_PASSWORD = ("me.me", "me.password", "sign_in.sign_out", "people_api.me")
# Likewise for whose role needs a second factor and who has none yet.
BEFORE_A_SECOND_FACTOR = (*BEFORE_AN_OWN_PASSWORD, "second_factor.page", "second_factor.confirm")


def install(app: Flask) -> None:
    """Ask in this order: text that is text, rights, size, JSON, the token against forged requests.

    What the public sends has no token: from where it comes and how often is asked before its body is read.
    """
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_MB * 1_000_000,
        WTF_CSRF_CHECK_DEFAULT=False,  # asked by `not_forged`, which knows the policy
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # we send no referrer; SameSite and the token remain
    )
    app.before_request(address_is_text)
    app.before_request(may)
    app.before_request(public_is_ours)
    app.before_request(body_is_sound)
    protection = CSRFProtect(app)
    app.before_request(lambda: not_forged(protection))


def address_is_text() -> None:
    """Refuse characters in the address that no table can hold."""
    named = [value for value in (request.view_args or {}).values() if isinstance(value, str)]
    check_text([*named, *request.args, *request.args.values()])


def may() -> None:
    """Refuse what the policy does not allow; what has no line there, to everybody."""
    if request.endpoint is None:  # nothing lives here: answered as such
        return
    rule = POLICY.get(request.endpoint)
    if rule is None:
        raise Refusal("not_allowed")
    request.max_content_length = int(rule.body_mb * 1_000_000)
    if rule.who in OPEN_TO_ALL:
        return
    asking = actor()
    found = signed_in()
    if found is not None and found.password_is_given and request.endpoint not in BEFORE_AN_OWN_PASSWORD:
        raise Refusal("password_must_change")
    if (
        settings().second_factor
        and found is not None
        and not found.has_second_factor
        and is_needed(asking)
        and request.endpoint not in BEFORE_A_SECOND_FACTOR
    ):
        raise Refusal("second_factor_missing")
    allow(asking, rule)
    if rule.at is not None:
        with first_questions() as session:
            allow_there(session, asking, rule, request.view_args or {})
    if request.method not in READING:  # a body may be long in coming
        settle()


def public_is_ours() -> None:
    """Refuse of the public what another site's page sends, and floods, before anything of it is read.

    No session is looked at, so no token could be bound to one: the browser says from where it comes.
    """
    if not _is_sent() or not is_public(request.endpoint):
        return
    if not _is_ours(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")):
        raise Refusal("origin_foreign")
    flood.take(flood.SENT.get(request.endpoint or "", "look"))


def body_is_sound() -> None:
    """Read JSON strictly before any view does."""
    if request.is_json and request.method not in ("GET", "HEAD", "OPTIONS"):
        body = request.get_data(cache=True)
        if body:
            read_json(body)
    elif request.mimetype in FORMS:
        check_text([*request.form, *request.form.values()])
    elif request.path.startswith("/api/") and request.content_length:  # another site's form could send it
        raise Refusal("body_type_unknown", found=request.mimetype or "—", wanted="application/json")


def not_forged(protection: CSRFProtect) -> None:
    """Refuse what another site's page sends in a person's name: where a session counts, by its token."""
    if _is_sent() and not is_public(request.endpoint) and current_app.config["WTF_CSRF_ENABLED"]:
        protection.protect()


def _is_sent() -> bool:
    return request.endpoint is not None and request.method not in (*READING, "OPTIONS")


def _is_ours(origin: str | None, fetched_from: str | None) -> bool:
    """Whether a request comes from our own page. Every browser of today tells one of the two."""
    if origin is not None and origin != "null":
        return origin == request.host_url.rstrip("/")
    return fetched_from == "same-origin"
