"""The page of kinds of hazards and limits of cases, for administrators."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import case_limits, hazards
from app.services.case_limits import STAGES, Limit
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.session import actor, now, today, work

bp = APIBlueprint("case_limits", __name__, enable_openapi=False)


@bp.get("/hazards/limits")
def page() -> ResponseReturnValue:
    """Kinds and limits, those that hold and those that did or will."""
    return _page()


@bp.post("/hazards/limits")
def add() -> ResponseReturnValue:
    """Let a limit hold from a day on."""
    try:
        limit = Limit(
            kind=fields.words("kind") or None,
            severity=fields.whole_or_none("severity") or 0,
            from_on=fields.day("from_on"),
            working_time=fields.words("working_time") == "yes",
            hours={stage: float(fields.number_or_none(f"{stage}_hours") or 0) for stage in STAGES},
        )
        with work() as session:
            case_limits.add_limit(session, actor(), limit, today())
    except Refusal as refusal:
        return _refused(refusal)
    return redirect(url_for("case_limits.page"))


@bp.post("/hazards/kinds")
def keep() -> ResponseReturnValue:
    """Add a kind, or change one."""
    try:
        with work() as session:
            case_limits.keep_kind(
                session,
                actor(),
                fields.words("code"),
                (fields.words("name_en"), fields.words("name_zh")),
                float(fields.number_or_none("weight") or 0),
                now(),
                by_public=fields.words("by_public") == "yes",
                retired=fields.words("retired") == "yes",
            )
    except Refusal as refusal:
        return _refused(refusal)
    return redirect(url_for("case_limits.page"))


def _refused(refusal: Refusal) -> ResponseReturnValue:
    if refusal.code == "not_in_scope":
        raise refusal
    return make_response(_page(worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422))


def _page(refused: str = "") -> str:
    with work() as session:
        kinds, limits = case_limits.kinds(session), case_limits.limits(session)
    return render_template(
        "case_limits.html",
        hazard_kinds=kinds,
        limits=limits,
        stages=STAGES,
        severities=hazards.SEVERITIES,
        refused=refused,
        given=request.form,
        keeps=actor().covers(("administrator",), None),
        today=today(),
    )
