"""Why a plan is as it is, and its certificate: as JSON, and as a sheet of paper."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, render_template

from app.db import DatabaseFault
from app.errors import Refusal
from app.services import plan_guard, reading
from app.services.explanation import explanation
from app.services.kept_certificates import Sheet, certificate_mark, keep_sheet, kept_sheet
from app.views import map_schemas as schemas
from app.views.map_api import STRICT
from app.views.packed import json_answer
from app.views.session import actor, now, work

bp = APIBlueprint("certificates", __name__, tag="Plans")

log = logging.getLogger("gridkeeper")
MOST_LISTED = 1_200  # grids whose households are printed one by one


@bp.get("/api/plans/<int:plan_id>/certificate")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.Certificate)
@bp.doc(summary="The certificate of a plan")
def certificate(plan_id: int, asked: dict[str, Any]) -> Response:
    """What geometry alone says of a plan, with parameters, versions and a fingerprint.

    It is made when it is first asked for, and anew once anything it depends on has changed.
    """
    return json_answer(_told(plan_id, _sheet(plan_id).certificate))


@bp.get("/api/plans/<int:plan_id>/explanation")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.Explanation)
@bp.doc(summary="Why a plan is as it is")
def explain(plan_id: int, asked: dict[str, Any]) -> Response:
    """Grids out of band with reason and remedy, the five furthest from the target, and a histogram."""
    with work() as session:
        scope, told = reading.plan_told(session, plan_id, actor())
        return json_answer(explanation(session, plan_id, scope, told))


@bp.get("/plans/<int:plan_id>/certificate")
@bp.doc(hide=True)
def certificate_page(plan_id: int) -> str:
    """The same for print, on A4."""
    sheet = _sheet(plan_id)
    made = _told(plan_id, sheet.certificate)
    return render_template(
        "certificate.html",
        made=made,
        certified_at=datetime.fromisoformat(made["certified_at"]),
        made_at=datetime.fromisoformat(made["subject"]["made_at"]),
        drawing=sheet.drawing,
        listed=made["grids"] if len(made["grids"]) <= MOST_LISTED else [],
    )


def _sheet(plan_id: int) -> Sheet:
    """As it is kept, else made anew, outside of any transaction: examining takes long."""
    with work() as session:
        reading.plan_scope(session, plan_id, actor())
        mark = certificate_mark(session, plan_id)
        kept = kept_sheet(session, plan_id, mark)
        if kept is not None:
            return kept
        from app.services import certificates  # numpy and shapely: only when something is examined

        plan = certificates.plan_ground(session, plan_id)
    made = certificates.sheet_of_plan(plan, now())
    _keep(plan_id, mark, made)
    return made


def _told(plan_id: int, made: dict[str, Any]) -> dict[str, Any]:
    """A certificate as who asks is told it."""
    with work() as session:
        told = reading.plan_told(session, plan_id, actor())[1]
        return plan_guard.certificate_told(made, told)


def _keep(plan_id: int, mark: str, made: Sheet) -> None:
    """Keep it for the next who asks; where that fails it is logged, and this one has it all the same."""
    try:
        with work() as session:
            keep_sheet(session, plan_id, mark, made)
    except (DatabaseFault, Refusal) as fault:
        log.warning("the certificate of plan %d was not kept: %s", plan_id, type(fault).__name__)
