"""Jobs: how far they are, asked for or followed as they go, and cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app

from app.db import Transaction, transaction
from app.errors import Refusal
from app.services import jobs, plan_guard
from app.services.access import ADMINISTRATORS, MANAGERS, Actor
from app.views.errors import worded
from app.views.language import text
from app.views.session import actor, actor_now, work
from app.views.streams import HEARTBEAT_SECONDS, LONGEST_SECONDS, STILL_THERE, event, news, streamed

bp = APIBlueprint("jobs", __name__, tag="Jobs")


@bp.get("/api/jobs/<int:job_id>")
@bp.doc(summary="How far a job is", responses={200: "The job"})
def show(job_id: int) -> dict[str, Any]:
    """A job: its state, its share (0–1) and step, its result or why it failed."""
    with work() as session:
        return _told(session, jobs.seen_by(session, job_id, actor(), MANAGERS | ADMINISTRATORS), actor())


@bp.get("/api/places/<string:code>/jobs")
@bp.doc(summary="What waits or runs for a place", responses={200: "The jobs"})
def of_place(code: str) -> dict[str, Any]:
    """Jobs that wait or run for a place, what lies above it and beneath it, as far as one may see them."""
    with work() as session:
        found = jobs.at_work(session, code, actor(), MANAGERS | ADMINISTRATORS)
        return {"jobs": [_told(session, job, actor()) for job in found]}


@bp.post("/api/jobs/<int:job_id>/cancellation")
@bp.doc(summary="Stop a job", responses={200: "The job, cancelled", 409: "It is over already"})
def cancel(job_id: int) -> dict[str, Any]:
    """Stop a job; nothing of it is stored."""
    with work() as session:
        jobs.seen_by(session, job_id, actor(), MANAGERS | ADMINISTRATORS)
        return told(jobs.cancel(session, job_id))


@bp.get("/api/jobs/<int:job_id>/events")
@bp.doc(
    summary="Follow a job",
    responses={200: "Server-sent events `job`", 503: "Too many follow jobs just now"},
)
def events(job_id: int) -> Response:
    """The job whenever something of it changes, as server-sent events, until it ends.

    503 with Retry-After where too many are followed already: ask for the job itself then.
    """
    with work() as session:
        jobs.seen_by(session, job_id, actor(), MANAGERS | ADMINISTRATORS)
    following = news().follow(job_id)
    follower = following.__enter__()

    def stream() -> Iterator[str]:
        waited = 0.0
        while waited < LONGEST_SECONDS:
            job = _seen(job_id)
            if job is None:
                return
            yield event("job", job)
            if job["state"] not in jobs.AT_WORK:
                return
            while not follower.wait(HEARTBEAT_SECONDS):
                waited += HEARTBEAT_SECONDS
                yield STILL_THERE
                if _seen(job_id) is None:
                    return

    return streamed(stream(), lambda: following.__exit__(None, None, None))


def _seen(job_id: int) -> dict[str, Any] | None:
    """The job, if the person is still signed in and still may see it."""
    with transaction(current_app.extensions["engine"]) as session:
        asking: Actor | None = actor_now(session)
        if asking is None:
            return None
        try:
            job = jobs.seen_by(session, job_id, asking, MANAGERS | ADMINISTRATORS)
            return _told(session, job, asking)
        except Refusal:
            return None


def _told(session: Transaction, job: Any, asking: Actor) -> dict[str, Any]:
    """A job as who did not ask for it and manages nothing there is told it: of households nothing."""
    said = told(job)
    if job.asked_by == asking.person_id or jobs.is_managed_by(session, job, asking):
        return said
    parameters = {name: value for name, value in said["parameters"].items() if name != "buildings"}
    refusal, result = said["refusal"], plan_guard.without_counts(said["result"])
    if refusal is not None:  # its words count what is too many, or too few
        refusal = {"code": refusal["code"], "facts": {}, "detail": text("job-refused")}
    return said | {"parameters": parameters, "result": result, "refusal": refusal}


def told(job: Any) -> dict[str, Any]:
    """A job for the wire, with the words of its refusal."""
    said = jobs.described(job)
    if said["refusal"] is not None:
        said["refusal"]["detail"] = worded(said["refusal"]["code"], said["refusal"]["facts"])
    return said
