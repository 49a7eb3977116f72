"""The one place that words refusals: a problem document (RFC 9457) for programs, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from apiflask import HTTPError
from flask import Flask, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from app.errors import Refusal, sentence
from app.services.access import is_public
from app.views.headers import REQUEST_ID
from app.views.language import language, text
from app.words import has_words

log = logging.getLogger("gridkeeper")

DEFAULT_STATUS = 422  # what was sent is understood and cannot be done
STATUS: dict[str, int] = {
    "not_signed_in": 401,
    "sign_in_failed": 401,
    "password_must_change": 403,
    "second_factor_missing": 403,
    "second_factor_wrong": 401,
    "second_factor_there": 409,
    "second_factor_late": 401,
    "own_code_unknown": 401,
    "request_answered": 409,
    "not_allowed": 403,
    "not_in_scope": 403,
    "own_rights": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "account_taken": 409,
    "role_held": 409,
    "last_administrator": 409,
    "person_inactive": 409,
    "plan_changed": 412,
    "plan_not_draft": 409,
    "plan_is_retired": 409,
    "building_not_served": 403,
    "grid_not_served": 403,
    "dwelling_occupied": 409,
    "household_ended": 409,
    "reveals_too_often": 429,
    "number_unreadable": 503,
    "identity_key_missing": 503,
    "zero_report_early": 409,
    "zero_report_filed": 409,
    "stay_over": 409,
    "departure_final": 409,
    "client_id_reused": 409,
    "number_taken": 409,
    "handset_unknown": 404,
    "handset_wiped": 410,
    "handsets_too_many": 409,
    "plot_moved": 409,
    "edit_conflict": 409,
    "edit_not_undoable": 409,
    "edit_undone_already": 409,
    "state_unknown": 409,
    "grid_code_taken": 409,
    "grid_has_duty": 409,
    "grid_is_locked": 409,
    "building_is_locked": 409,
    "report_changed": 409,
    "report_final": 409,
    "report_month_not_over": 409,
    "report_not_saved": 409,
    "plan_submitted": 409,
    "plan_not_submitted": 409,
    "plan_not_in_force": 409,
    "review_not_waiting": 409,
    "approval_missing": 409,
    "approval_not_yet": 409,
    "slot_taken": 409,
    "own_submission": 403,
    "proposal_unknown": 409,
    "compound_imported": 409,
    "compound_let": 409,
    "place_exists": 409,
    "job_over": 409,
    "file_made_apart": 409,
    "files_too_many": 409,
    "file_not_ready": 409,
    "file_gone": 410,
    "upload_gone": 410,
    "upload_not_read": 409,
    "upload_changed": 409,
    "place_not_new": 403,
    "rental_registered_already": 409,
    "rental_has_tenants": 409,
    "rental_cancelled": 409,
    "tenancy_open_already": 409,
    "tenancy_over": 409,
    "need_done": 409,
    "referral_answered": 409,
    "follow_code_unknown": 404,
    "origin_foreign": 403,
    "words_not_held": 409,
    "parameter_unknown": 400,
    "parameter_malformed": 400,
    "pack_too_large": 413,
    "hazard_changed": 409,
    "case_not_now": 409,
    "case_mechanism": 409,
    "case_photo_missing": 409,
    "case_recheck_by_another": 409,
    "case_grave_not_on_the_spot": 409,
    "case_reopened_late": 409,
    "case_call_first": 409,
    "photos_too_many": 409,
    "scan_too_large": 413,
    "version_missing": 428,
    "upload_too_many_files": 413,
    "body_too_large": 413,
    "file_too_large": 413,
    "body_type_unknown": 415,
    "body_malformed": 400,
    "text_malformed": 400,
    "host_not_ours": 400,
    "form_expired": 400,
    "request_malformed": 400,
    "tile_unknown": 400,
    "too_many_requests": 429,
    "sign_in_too_often": 429,
    "internal": 500,
    "disk_full": 507,
    "uploads_full": 507,
    "too_many_streams": 503,
    "database_busy": 503,
    "database_full": 507,
    "database_unreachable": 503,
}
RETRY_SECONDS = {"database_busy": 2, "database_unreachable": 10, "too_many_streams": 5}
# What pages and programs ask of the public part.
FOR_PROGRAMS = (
    *("/find/search", "/find/at", "/find/grids/", "/find/buildings/", "/find/version", "/find/pack/"),
    *("/find/worker.js", "/ogc"),
)
# Where somebody who looks at a page is led instead of being told no.
INSTEAD = {
    "not_signed_in": "sign_in.form",
    "password_must_change": "me.me",
    "second_factor_missing": "second_factor.page",
}
# Facts that are ours alone: they stand in the log, never in an answer.
SECRET_FACTS = {"database_unreachable": ("what",), "cluster_failed": ("what",), "internal": ()}
CODES_OF_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "body_type_unknown",
}


def problem(
    refusal: Refusal, status: int | None = None, headers: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """The answer that says no."""
    status = status or STATUS.get(refusal.code, DEFAULT_STATUS)
    facts = {k: v for k, v in refusal.facts.items() if k not in SECRET_FACTS.get(refusal.code, ())}
    more = dict(headers or {})
    wait = facts.get("seconds") if status == HTTPStatus.TOO_MANY_REQUESTS else RETRY_SECONDS.get(refusal.code)
    if wait is not None:
        more["Retry-After"] = str(wait)
    if not wants_page():
        return _document(refusal, facts, status), status, more
    if request.method in ("GET", "HEAD") and refusal.code in INSTEAD:
        return redirect(url_for(INSTEAD[refusal.code], next=request.full_path.rstrip("?")))
    said = {
        "title": title(status),
        "status": status,
        "code": refusal.code,
        "detail": worded(refusal.code, facts),
    }
    try:
        return render_template(_frame(), **said), status, more
    except Exception as error:  # a fault of the page's frame: then without it
        log.error("request %s: the page of a problem failed", request.environ.get(REQUEST_ID), exc_info=error)
        return (
            f"{said['title']}\n\n{said['detail']}\n",
            status,
            {**more, "Content-Type": "text/plain; charset=utf-8"},
        )


def _frame() -> str:
    """Whose page tells it: the public's knows no session, so none is begun to say no."""
    return "problem_public.html" if is_public(request.endpoint) else "problem.html"


def worded(code: str, facts: Mapping[str, Any]) -> str:
    """What a person reads of a refusal, in the request's language."""
    if first := next(iter(facts.get("all") or ()), None):  # refused for its rows: the first of them says why
        facts = {**facts, "why": worded(first["code"], {"row": first["row"], **first["facts"]})}
    name = "refusal-" + code.replace("_", "-")
    if has_words(language(), name):
        return text(name, **{key: _plain(value) for key, value in facts.items()})
    return sentence(code, facts)


def wants_page() -> bool:
    """Whether a person looks at the answer, not a program."""
    return not request.path.startswith(("/api/", "/tiles/", "/static/", "/health", *FOR_PROGRAMS))


def _document(refusal: Refusal, facts: Mapping[str, Any], status: int) -> Any:
    said = {
        "type": f"urn:gridkeeper:problem:{refusal.code}",
        "title": title(status),
        "status": status,
        "code": refusal.code,
        "detail": worded(refusal.code, facts),
        "facts": {key: _plain(value) for key, value in facts.items() if key != "pointer"},
        "request": request.environ.get(REQUEST_ID),
    }
    if "pointer" in facts:
        said["pointer"] = facts["pointer"]
    answer = make_response(jsonify(said))
    answer.mimetype = "application/problem+json"
    return answer


def title(status: int) -> str:
    """The kind of problem, in few words."""
    name = f"problem-title-{status}"
    return text(name if has_words(language(), name) else "problem-title-other")


def _plain(value: Any) -> Any:
    """A fact as JSON can hold it."""
    if isinstance(value, bool | int | float | str | None):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)


def install(app: Flask) -> None:
    """Every way of failing ends in `problem`."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> ResponseReturnValue:
        if STATUS.get(refusal.code, DEFAULT_STATUS) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request %s: %s", request.environ.get(REQUEST_ID), refusal)
        return problem(refusal)

    @app.errorhandler(HTTPError)
    def refused_by_schema(error: HTTPError) -> ResponseReturnValue:
        """What APIFlask refuses: fields that are not as the schema says."""
        fields = _fields(error.detail)
        if not fields:
            code = CODES_OF_STATUS.get(error.status_code)
            return problem(_of_status(error.status_code) if code is None else Refusal(code))
        refusal = Refusal("fields_malformed", fields=", ".join(fields), errors=error.detail)
        return problem(refusal, error.status_code)

    @app.errorhandler(CSRFError)
    def without_token(_: CSRFError) -> ResponseReturnValue:
        return problem(Refusal("form_expired"))

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> ResponseReturnValue:
        if error.code is not None and error.code < HTTPStatus.BAD_REQUEST:
            return error  # a redirect
        if isinstance(error, MethodNotAllowed):
            allowed = ", ".join(sorted(error.valid_methods or ()))
            refusal = Refusal("method_not_allowed", method=request.method, allowed=allowed)
            return problem(refusal, headers={"Allow": allowed})
        if isinstance(error, SecurityError):
            return problem(Refusal("host_not_ours"))
        return problem(_of_status(error.code or 500), error.code)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> ResponseReturnValue:
        request_id = request.environ.get(REQUEST_ID)
        log.error("request %s failed", request_id, exc_info=error)
        return problem(Refusal("internal", request=request_id))


def _of_status(status: int) -> Refusal:
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        most = (request.max_content_length or current_app.config["MAX_CONTENT_LENGTH"] or 0) / 1e6
        return Refusal("body_too_large", most_mb=round(most))
    if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        return Refusal("body_type_unknown", found=request.mimetype or "—", wanted="application/json")
    if status == HTTPStatus.NOT_FOUND:
        return Refusal("not_found")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refusal("internal", request=request.environ.get(REQUEST_ID))
    return Refusal("request_malformed")


def _fields(detail: Any) -> list[str]:
    """Names of the fields that marshmallow complains of, as `json.target`."""
    if not isinstance(detail, Mapping):
        return []
    return [
        f"{where}.{name}" if where not in ("json", "query", "form") else str(name)
        for where, names in detail.items()
        for name in (names if isinstance(names, Mapping) else [""])
    ]
