"""The life of a plan: submitted, commented on, approved or sent back, copied; and who may publish alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint
from marshmallow import RAISE

from app.db import Transaction
from app.services import comments, place_settings, review
from app.views import review_schemas as schemas
from app.views.errors import worded
from app.views.map_schemas import Asked
from app.views.plans import Match, wanted_version
from app.views.session import actor, today, work

bp = APIBlueprint("review", __name__, tag="Plan life")

MEANT: dict[str, Any] = {"location": "headers", "arg_name": "match"}
ASKED: dict[str, Any] = {"location": "query", "arg_name": "asked", "unknown": RAISE}
AT_A_VERSION = {412: "The plan was changed meanwhile", 428: "If-Match is missing"}


@bp.post("/api/plans/<int:plan_id>/submission")
@bp.input(schemas.Submission, arg_name="wish")
@bp.input(Match, **MEANT)
@bp.output(schemas.OneReview, status_code=201)
@bp.doc(summary="Submit a draft to its leaders", responses=AT_A_VERSION)
def submit(plan_id: int, wish: dict[str, Any], match: dict[str, Any]) -> dict[str, Any]:
    """From now on it is not edited, until it is sent back or withdrawn."""
    version = wanted_version()
    with work() as session:
        review.submit(session, plan_id, version, actor().person_id, wish["note"])
        return _newest(session, plan_id)


@bp.delete("/api/plans/<int:plan_id>/submission")
@bp.output(schemas.OneReview)
@bp.doc(summary="Withdraw a submission")
def withdraw(plan_id: int) -> dict[str, Any]:
    """Also one that is approved; the draft may be edited again."""
    with work() as session:
        review.withdraw(session, plan_id, actor().person_id)
        return _newest(session, plan_id)


@bp.get("/api/plans/<int:plan_id>/review")
@bp.input(Asked, **ASKED)
@bp.output(schemas.Reviews)
@bp.doc(summary="Reviews of a plan")
def reviews(plan_id: int, asked: dict[str, Any]) -> dict[str, Any]:
    """All reviews, the newest first, and whether the plan needs an approval to be published."""
    with work() as session:
        needed = review.approval_needed(session, plan_id)
        found = [with_words(one) for one in review.reviews_of(session, plan_id)]
    return {"plan": plan_id, "approval_needed": needed, "reviews": found}


@bp.post("/api/plans/<int:plan_id>/review/approval")
@bp.input(schemas.Approval, arg_name="wish")
@bp.input(Match, **MEANT)
@bp.output(schemas.OneReview)
@bp.doc(summary="Approve a plan for a day", responses=AT_A_VERSION)
def approve(plan_id: int, wish: dict[str, Any], match: dict[str, Any]) -> dict[str, Any]:
    """It comes into force with that day, whoever is at work then. Nobody approves what is their own."""
    version = wanted_version()
    with work() as session:
        review.approve(session, plan_id, version, actor().person_id, today=today(), **wish)
        return _newest(session, plan_id)


@bp.post("/api/plans/<int:plan_id>/review/return")
@bp.input(schemas.SentBack, arg_name="wish")
@bp.output(schemas.OneReview)
@bp.doc(summary="Send a plan back")
def send_back(plan_id: int, wish: dict[str, Any]) -> dict[str, Any]:
    """Its managers edit it again; a plan that was approved may be sent back until it is in force."""
    with work() as session:
        review.send_back(session, plan_id, actor().person_id, wish["note"])
        return _newest(session, plan_id)


@bp.get("/api/plans/<int:plan_id>/comments")
@bp.input(Asked, **ASKED)
@bp.output(schemas.Comments)
@bp.doc(summary="Comments on a plan")
def listing(plan_id: int, asked: dict[str, Any]) -> dict[str, Any]:
    """All of them, the oldest first; those settled too."""
    with work() as session:
        return {"comments": comments.comments_of(session, plan_id)}


@bp.post("/api/plans/<int:plan_id>/comments", provide_automatic_options=False)  # GET's are for more people
@bp.input(schemas.ToComment, arg_name="said")
@bp.output(schemas.OneComment, status_code=201)
@bp.doc(summary="Comment on a draft")
def comment(plan_id: int, said: dict[str, Any]) -> dict[str, Any]:
    """Of the whole plan, of a grid, or pinned to a point of the map."""
    position = said["position"] and (said["position"][0], said["position"][1])
    with work() as session:
        words = said["text"].strip()
        return comments.comment_on(
            session, plan_id, actor().person_id, words, position=position, grid=said["grid"]
        )


@bp.post("/api/comments/<int:comment_id>/settlement")
@bp.output(schemas.OneComment)
@bp.doc(summary="Settle a comment")
def settle(comment_id: int) -> dict[str, Any]:
    """It is dealt with; who said so first stays."""
    with work() as session:
        return comments.settle(session, comment_id, actor().person_id)


@bp.post("/api/plans/<int:plan_id>/duplicate")
@bp.input(schemas.Duplicate, arg_name="wish")
@bp.output(schemas.Copy, status_code=201)
@bp.doc(summary="Copy a plan into a draft")
def duplicate(plan_id: int, wish: dict[str, Any]) -> dict[str, Any]:
    """A draft that begins as the plan is, whatever its state, on the plots of today."""
    from app.services import duplicates

    with work() as session:
        made = duplicates.duplicate(session, plan_id, actor().person_id, wish["slot"])
        return {"plan": made.id, "version": made.version, "slot": made.slot}


@bp.get("/api/places/<string:code>/settings")
@bp.input(Asked, **ASKED)
@bp.output(schemas.SettingsThere)
@bp.doc(summary="Settings of a place")
def settings(code: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Its own, else those of the nearest place above that has some."""
    with work() as session:
        return asdict(place_settings.settings_at(session, code))


@bp.put("/api/places/<string:code>/settings", provide_automatic_options=False)  # as above
@bp.input(schemas.Settings, arg_name="wish")
@bp.output(schemas.SettingsThere)
@bp.doc(summary="Change the settings of a place")
def change_settings(code: str, wish: dict[str, Any]) -> dict[str, Any]:
    """They hold for all beneath it that has none of its own."""
    with work() as session:
        return asdict(place_settings.change_settings(session, code, actor().person_id, **wish))


def _newest(session: Transaction, plan_id: int) -> dict[str, Any]:
    return with_words(review.reviews_of(session, plan_id)[0])


def with_words(told: dict[str, Any]) -> dict[str, Any]:
    """A review whose failure, if any, is said in the request's language."""
    failed = told["failed"]
    if failed is None:
        return told
    return {**told, "failed": {**failed, "detail": worded(failed["code"], failed["facts"])}}
