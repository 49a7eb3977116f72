"""Why a plan is as it is, and its certificate: as JSON, and as a sheet of paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, render_template

from app.services import reading
from app.services.explanation import explanation
from app.views import map_schemas as schemas
from app.views.map_api import STRICT
from app.views.packed import json_answer
from app.views.session import actor, now, work

bp = APIBlueprint("certificates", __name__, tag="Plans")

MOST_LISTED = 1_200  # grids whose households are printed one by one


@bp.get("/api/plans/<int:plan_id>/certificate")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.Certificate)
@bp.doc(summary="The certificate of a plan")
def certificate(plan_id: int, asked: dict[str, Any]) -> Response:
    """What geometry alone says of a plan, with parameters, versions and a fingerprint, worked out anew."""
    return json_answer(_made(plan_id)[1])


@bp.get("/api/plans/<int:plan_id>/explanation")
@bp.input(schemas.Asked, **STRICT)
@bp.output(schemas.Explanation)
@bp.doc(summary="Why a plan is as it is")
def explain(plan_id: int, asked: dict[str, Any]) -> Response:
    """Grids out of band with reason and remedy, the five furthest from the target, and a histogram."""
    with work() as session:
        scope = reading.plan_scope(session, plan_id, actor())
        return json_answer(explanation(session, plan_id, scope))


@bp.get("/plans/<int:plan_id>/certificate")
@bp.doc(hide=True)
def certificate_page(plan_id: int) -> str:
    """The same for print, on A4."""
    from app.services.certificate_map import drawing

    plan, made = _made(plan_id)
    return render_template(
        "certificate.html",
        made=made,
        certified_at=datetime.fromisoformat(made["certified_at"]),
        made_at=datetime.fromisoformat(made["subject"]["made_at"]),
        drawing=drawing(plan.grids, plan.ground.crs, plan.band),
        listed=made["grids"] if len(made["grids"]) <= MOST_LISTED else [],
    )


def _made(plan_id: int) -> tuple[Any, dict[str, Any]]:
    from app.services import certificates  # numpy and shapely: only when something is examined

    with work() as session:
        reading.plan_scope(session, plan_id, actor())
        plan = certificates.plan_ground(session, plan_id)
    return plan, certificates.certificate_of_plan(plan, now())
