"""Plans whose day has come: those approved for today, or for a day on which nobody was at work.

The worker looks every minute and has each published by a job of its own. The review remembers its job:
whatever became of that is told to the managers and not tried again for ever; they publish by hand, or take
the plan back.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import Place, Plan, Review
from app.services import audit, jobs

KIND = "publish"


def ask_due(session: Session, today: date) -> list[int]:
    """Have every plan published whose day has come and whose job nobody asked for yet.

    today: the day it is where the places lie. Several may look at once: each review is taken by one.
    Returns the ids of the jobs.
    """
    asked = []
    for row in session.execute(_DUE, {"today": today}).all():
        job, _ = jobs.ask(
            session,
            KIND,
            asked_by=row.decided_by,
            place=session.get_one(Place, row.place_id),
            parameters={"review": row.id, "plan": row.plan_id, "day": today.isoformat()},
        )
        session.get_one(Review, row.id).job_id = job.id
        asked.append(job.id)
    session.flush()
    return asked


_DUE = text("""
    SELECT review.id, review.plan_id, review.decided_by, plan.place_id
    FROM review JOIN plan ON plan.id = review.plan_id
    WHERE review.state = 'approved' AND review.effective_on <= :today AND review.job_id IS NULL
        AND plan.state = 'draft'
    ORDER BY review.effective_on, review.decided_at, review.id
    FOR NO KEY UPDATE OF review SKIP LOCKED
""")


def publish_due(session: Session, parameters: dict[str, Any]) -> dict[str, Any]:
    """Publish a plan as its review approved it.

    parameters: of the job that `ask_due` asked for. A manager who was quicker is no failure. Refused as
    `publish` says.

    Returns what publishing did; only the plan where there was nothing to do any more.
    """
    from app.services.publishing import publish  # shapely: the worker, which only looks, does without

    plan = session.get_one(Plan, parameters["plan"])
    session.get_one(Place, plan.place_id, with_for_update={"key_share": True})  # in the order of `publish`
    session.refresh(plan, with_for_update=True)
    review = session.get_one(Review, parameters["review"], populate_existing=True)
    if plan.state != "draft" or review.state != "approved":
        return {"plan": plan.id, "state": plan.state}
    done = publish(session, plan.id, review.version, today=date.fromisoformat(parameters["day"]))
    facts = {**asdict(done), "review": review.id, "approved_by": review.decided_by}
    audit.record(session, None, "plan.published", f"plan {plan.id}", facts)
    return {"plan": plan.id, "state": "published", **asdict(done)}
