"""Reviews: a manager submits a draft, a leader approves it for a day or sends it back.

    (none) ─submit─► waiting ─approve─► approved ─► published on its day, by the worker or a manager
                       │  └──send back──┐  └──send back──► sent_back
                       └───withdraw──► withdrawn ◄──withdraw──┘

While a review is waiting or approved its draft is not edited. Every act locks the plan's row first, as edits
do: of two at once the second finds what the first did.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Place, Plan, Review
from app.services import audit
from app.services.place_settings import settings_of

OPEN = ("waiting", "approved")
FARTHEST_DAYS = 3 * 366  # an effective date further off is a slip of the pen


def must_be_editable(session: Session, plan: Plan) -> None:
    """Refuse what would change a plan that is no draft, or one that its leaders look at.

    To be asked with the plan's row locked. Refused with `plan_not_draft` and `plan_submitted`.
    """
    if plan.state != "draft":
        raise Refusal("plan_not_draft", plan=plan.id, state=plan.state)
    review = open_review(session, plan.id)
    if review is not None:
        raise Refusal("plan_submitted", plan=plan.id, state=review.state)


def open_review(session: Session, plan_id: int) -> Review | None:
    """The review of a plan that is waiting or approved."""
    found = select(Review).where(Review.plan_id == plan_id, Review.state.in_(OPEN))
    return session.scalars(found.execution_options(populate_existing=True)).first()


def submit(
    session: Session, plan_id: int, version: int, actor_id: int | None, note: str | None = None
) -> Review:
    """Ask the leaders to look at a draft.

    version: the one its manager looked at. Refused with `plan_unknown`, `plan_not_draft`, `plan_submitted`,
    `plan_changed` and, for a plan that could not be published either, `plan_unsound`.
    """
    from app.services.micro_grids import make_missing_micro_grids
    from app.services.publishing import refuse_unsound  # shapely: only when geometry is looked at

    plan = _locked(session, plan_id)
    must_be_editable(session, plan)
    if plan.version != version:
        raise Refusal("plan_changed", plan=plan_id, yours=version, current=plan.version)
    make_missing_micro_grids(session, plan_id)
    refuse_unsound(session, plan_id)
    review = Review(plan_id=plan_id, version=version, asked_by=actor_id, asked_note=note)
    session.add(review)
    session.flush()
    session.refresh(review)
    audit.record(session, actor_id, "plan.submitted", f"plan {plan_id}", {"version": version})
    return review


def withdraw(session: Session, plan_id: int, actor_id: int | None) -> Review:
    """Take a submission back, also one that is approved; the draft may be edited again.

    Refused with `plan_unknown`, `plan_not_draft` and `plan_not_submitted`.
    """
    review = _of_draft(session, _locked(session, plan_id))
    return _end(session, review, actor_id, "plan.withdrawn")


def lapse(session: Session, plan_id: int, actor_id: int | None) -> bool:
    """End the open review of a plan that is not what was submitted any more; whether there was one."""
    review = open_review(session, plan_id)
    if review is not None:
        _end(session, review, actor_id, "plan.submission_lapsed")
    return review is not None


def _end(session: Session, review: Review, actor_id: int | None, act: str) -> Review:
    facts = {"review": review.id, "was": review.state}
    review.state, review.withdrawn_by = "withdrawn", actor_id
    review.withdrawn_at = func.clock_timestamp()
    session.flush()
    session.refresh(review)
    audit.record(session, actor_id, act, f"plan {review.plan_id}", facts)
    return review


def approve(
    session: Session,
    plan_id: int,
    version: int,
    actor_id: int,
    *,
    effective_on: date,
    today: date,
    note: str | None = None,
) -> Review:
    """Let a submitted draft come into force on a day, from its midnight on.

    version: the one the leader looked at. today: the day it is where the place lies. Refused with
    `plan_unknown`, `plan_not_draft`, `review_not_waiting`, `plan_changed`, `own_submission`,
    `effective_in_past` and `effective_too_far`.
    """
    plan = _locked(session, plan_id)
    review = _waiting(session, plan)
    if not plan.version == version == review.version:
        raise Refusal("plan_changed", plan=plan_id, yours=version, current=plan.version)
    if review.asked_by == actor_id:
        raise Refusal("own_submission", plan=plan_id)
    if effective_on < today:
        raise Refusal("effective_in_past", day=effective_on.isoformat(), today=today.isoformat())
    if (effective_on - today).days > FARTHEST_DAYS:
        raise Refusal("effective_too_far", day=effective_on.isoformat(), days=FARTHEST_DAYS)
    review.effective_on = effective_on
    return _decide(session, review, "approved", actor_id, note)


def send_back(session: Session, plan_id: int, actor_id: int, note: str) -> Review:
    """Give a submitted draft back to its managers with what is to change; also one approved already.

    Refused with `plan_unknown`, `plan_not_draft` and `plan_not_submitted`.
    """
    review = _of_draft(session, _locked(session, plan_id))
    return _decide(session, review, "sent_back", actor_id, note)


def _decide(session: Session, review: Review, state: str, actor_id: int, note: str | None) -> Review:
    review.state, review.decided_by, review.note = state, actor_id, note
    review.decided_at = func.clock_timestamp()
    session.flush()
    session.refresh(review)
    day = None if review.effective_on is None else review.effective_on.isoformat()
    facts = {"review": review.id, "version": review.version, "effective_on": day}
    audit.record(session, actor_id, f"plan.{state}", f"plan {review.plan_id}", facts)
    return review


def must_be_publishable(session: Session, plan: Plan, today: date | None) -> Review | None:
    """Refuse to publish a draft that lacks an approval its place asks for, or whose day has not come.

    To be asked with the plan's row locked. today: None where nobody says; no approval is then old enough.
    Refused with `plan_submitted`, `approval_not_yet` and `approval_missing`.

    Returns the approval it is published by; None where managers publish alone.
    """
    review = open_review(session, plan.id)
    if review is None:
        if not settings_of(session, session.get_one(Place, plan.place_id)).managers_publish_alone:
            raise Refusal("approval_missing", plan=plan.id)
        return None
    if review.state == "waiting":
        raise Refusal("plan_submitted", plan=plan.id, state=review.state)
    if review.version != plan.version:  # nothing that edits lets this come about
        raise Refusal("approval_missing", plan=plan.id)
    day = review.effective_on
    if day is not None and (today is None or day > today):
        raise Refusal("approval_not_yet", plan=plan.id, day=day.isoformat())
    return review


def approval_needed(session: Session, plan_id: int) -> bool:
    """Whether a plan is published only by an approval, as its place has it; `plan_unknown` for none."""
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    return not settings_of(session, session.get_one(Place, plan.place_id)).managers_publish_alone


def refuse_submitted_slot(session: Session, place_id: int, slot: str) -> None:
    """Refuse to put another draft in a slot whose draft the leaders look at; its row is locked."""
    held = select(Plan).where(Plan.place_id == place_id, Plan.slot == slot, Plan.state == "draft")
    for plan in session.scalars(held.with_for_update()):
        must_be_editable(session, plan)


def reviews_of(session: Session, plan_id: int) -> list[dict[str, Any]]:
    """All reviews of a plan, the newest first."""
    rows = session.execute(_REVIEWS, {"plans": [plan_id]}).all()
    return [described(row) for row in rows]


def last_reviews(session: Session, plan_ids: list[int]) -> dict[int, dict[str, Any]]:
    """The newest review of each plan that has one, but those withdrawn."""
    found: dict[int, dict[str, Any]] = {}
    for row in session.execute(_REVIEWS, {"plans": plan_ids}):
        found.setdefault(row.plan_id, described(row))
    return {plan: review for plan, review in found.items() if review["state"] != "withdrawn"}


def described(row: Any) -> dict[str, Any]:
    """A review as it goes over the wire. failed: why it was not published on its day, as a job tells it."""
    return {
        "id": row.id,
        "version": row.version,
        "state": row.state,
        "asked_by": _person(row.asked_by, row.asker),
        "asked_at": row.asked_at.isoformat(),
        "asked_note": row.asked_note,
        "decided_by": _person(row.decided_by, row.decider),
        "decided_at": row.decided_at and row.decided_at.isoformat(),
        "note": row.note,
        "effective_on": row.effective_on and row.effective_on.isoformat(),
        "withdrawn_by": _person(row.withdrawn_by, row.withdrawer),
        "withdrawn_at": row.withdrawn_at and row.withdrawn_at.isoformat(),
        "failed": row.failed,
    }


def _person(person_id: int | None, name: str | None) -> dict[str, Any] | None:
    return None if person_id is None else {"id": person_id, "name": name}


_REVIEWS = text("""
    SELECT review.*, asker.name AS asker, decider.name AS decider, withdrawer.name AS withdrawer,
        coalesce(job.refusal, CASE WHEN job.state = 'cancelled' THEN
            '{"code": "publication_cancelled", "facts": {}}'::jsonb END) AS failed
    FROM review
    LEFT JOIN person AS asker ON asker.id = review.asked_by
    LEFT JOIN person AS decider ON decider.id = review.decided_by
    LEFT JOIN person AS withdrawer ON withdrawer.id = review.withdrawn_by
    LEFT JOIN job ON job.id = review.job_id
    WHERE review.plan_id = ANY(:plans) ORDER BY review.plan_id, review.id DESC
""")


def _locked(session: Session, plan_id: int) -> Plan:
    plan = session.get(Plan, plan_id, with_for_update=True, populate_existing=True)
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    return plan


def _of_draft(session: Session, plan: Plan) -> Review:
    """The open review of a draft."""
    if plan.state != "draft":
        raise Refusal("plan_not_draft", plan=plan.id, state=plan.state)
    review = open_review(session, plan.id)
    if review is None:
        raise Refusal("plan_not_submitted", plan=plan.id)
    return review


def _waiting(session: Session, plan: Plan) -> Review:
    if plan.state != "draft":
        raise Refusal("plan_not_draft", plan=plan.id, state=plan.state)
    review = open_review(session, plan.id)
    if review is None or review.state != "waiting":
        raise Refusal("review_not_waiting", plan=plan.id)
    return review
