"""Re-balancing a plan: asking for proposals, making one a draft; and alerts of grids that left their band."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, DateTime, Dict, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range
from flask import url_for
from marshmallow import RAISE

from app.services import alerts as alerting
from app.services import audit, plan_guard, reading
from app.services.access import BIGGEST_ID
from app.views.jobs import told
from app.views.map_schemas import UNTOLD, Asked
from app.views.packed import json_answer
from app.views.session import actor, work

bp = APIBlueprint("rebalance", __name__, tag="Plans")

MOST_BUILDINGS = 2000
WANTS = ("mend", "one_more", "one_fewer", "opens")


class Wish(Schema):
    """What is wanted; `buildings` are households by id of a building, for `opens`."""

    class Meta:
        unknown = RAISE

    want = String(required=True, validate=OneOf(WANTS))
    buildings = Dict(
        keys=String(validate=[Length(1, 18), lambda text: text.isascii() and text.isdecimal()]),
        values=Integer(strict=True, validate=Range(0, 100_000)),
        load_default=dict,
        validate=Length(max=MOST_BUILDINGS),
    )
    locked = Boolean(load_default=True, truthy={True}, falsy={False})
    seed = Integer(load_default=1, strict=True, validate=Range(0, 2**31 - 1))


class Choice(Schema):
    """One proposal of a job."""

    class Meta:
        unknown = RAISE

    job = Integer(required=True, strict=True, validate=Range(0, BIGGEST_ID))
    proposal = Integer(required=True, strict=True, validate=Range(1, 100))


class Draft(Schema):
    """The new draft."""

    plan = Integer()


class AlertGrid(Schema):
    """A grid by id and code."""

    id = Integer()
    code = String()


class Alert(Schema):
    """A grid in force that has left its band."""

    id = Integer()
    grid = Nested(AlertGrid)
    plan = Integer()
    households = Integer(allow_none=True, metadata={"description": UNTOLD})
    least = Integer()
    most = Integer()
    raised_at = DateTime()


class Alerts(Schema):
    """Alerts that are open."""

    alerts = List(Nested(Alert))


@bp.post("/api/plans/<int:plan_id>/rebalance")
@bp.input(Wish, arg_name="wish")
@bp.doc(summary="Look for proposals to re-balance a plan", responses={202: "The job that does it"})
def ask(plan_id: int, wish: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Start looking; the result of the job holds the proposals, those that disturb fewest first."""
    from app.services import rebalance  # numba takes a second: only when something is re-balanced

    with work() as session:
        job = rebalance.ask_rebalance(session, plan_id, actor().person_id, **wish)
        answer = {"job": told(job)}
    return answer, 202, {"Location": url_for("jobs.show", job_id=answer["job"]["id"])}


@bp.post("/api/plans/<int:plan_id>/rebalance/acceptance")
@bp.input(Choice, arg_name="choice")
@bp.output(Draft, status_code=201)
@bp.doc(summary="Make a proposal a draft", responses={412: "The plan was changed meanwhile"})
def accept(plan_id: int, choice: dict[str, Any]) -> dict[str, Any]:
    """A new draft in which the proposal's plots have moved; codes are kept, new grids get new ones."""
    from app.services import rebalance

    with work() as session:
        made = rebalance.accept(session, plan_id, choice["job"], choice["proposal"], actor().person_id)
        facts = {"from": plan_id, "proposal": choice["proposal"], "job": choice["job"]}
        audit.record(session, actor().person_id, "plan.rebalanced", f"plan {made}", facts)
        return {"plan": made}


@bp.get("/api/places/<string:code>/alerts")
@bp.input(Asked, location="query", arg_name="asked", unknown=RAISE)
@bp.output(Alerts)
@bp.doc(summary="Grids in force that have left their band")
def alerts(code: str, asked: dict[str, Any]) -> Any:
    """Alerts that are open for a place, as far as one may see its grids."""
    with work() as session:
        path = reading.path_of(session, code)
        alerts = alerting.open_alerts(session, path, actor().scope)
        seen = {
            plan: plan_guard.told_of_plan(session, plan, actor(), actor().scope)
            for plan in {alert["plan"] for alert in alerts}
        }
        for alert in alerts:
            alert["households"] = seen[alert["plan"]].of_grid(alert["grid"]["id"], alert["households"])
        return json_answer({"alerts": alerts})
