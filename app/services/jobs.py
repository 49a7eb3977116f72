"""Jobs: asked for in the transaction of what they follow from, told about while they work, ended once.

A job is taken up by one attempt after the other. Whatever an attempt writes carries its number and only
counts while the job runs under that number: a worker that was thought dead and comes back, or one that
works on for a job cancelled meanwhile, finds its row changed and must undo everything (`Superseded`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Job, Place, Tessellation
from app.services.access import MANAGERS, Actor

AT_WORK = ("queued", "running")
MOST_ATTEMPTS = 3
QUEUE, TASK = "work", "work"
CHANNEL = "gridkeeper_job"

_DEFER = text(
    """
    SELECT (procrastinate.procrastinate_defer_jobs_v1(ARRAY[
        ROW(:queue, :task, 0, :lock, NULL, jsonb_build_object('job_id', CAST(:job_id AS bigint)), NULL)
        ::procrastinate.procrastinate_job_to_defer_v1
    ]))[1]
    """
)
_LOST = text(
    """
    SELECT id FROM job
    WHERE state IN ('queued', 'running') AND NOT EXISTS (
        SELECT FROM procrastinate.procrastinate_jobs
        WHERE procrastinate_jobs.id = job.queue_id AND status IN ('todo', 'doing')
    )
    """
)


class Superseded(Exception):
    """The job is no longer this attempt's: cancelled, failed, or taken up by another."""


def ask(
    session: Session,
    kind: str,
    *,
    asked_by: int | None,
    place: Place | None = None,
    upload_id: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    behind: str | None = None,
) -> tuple[Job, bool]:
    """Put a job in the queue; it is seen there when the caller's transaction commits.

    Jobs of one district queue behind each other, others behind those that name the same to stand `behind`.
    The same thing asked for by the same person while it waits or runs is the same job.

    Returns the job, and whether it is new.
    """
    about = behind or (f"upload {upload_id}" if place is None else f"place {place.path.partition('.')[0]}")
    take_turn(session, about)
    wanted = dict(parameters or {})
    same = session.scalar(
        select(Job).where(
            Job.kind == kind,
            Job.state.in_(AT_WORK),
            Job.asked_by == asked_by,
            Job.place_id.is_not_distinct_from(None if place is None else place.id),
            Job.upload_id.is_not_distinct_from(upload_id),
            Job.parameters == wanted,
        )
    )
    if same is not None:
        return same, False
    job = Job(
        kind=kind,
        asked_by=asked_by,
        place_id=None if place is None else place.id,
        upload_id=upload_id,
        parameters=wanted,
    )
    session.add(job)
    session.flush()
    job.queue_id = session.scalar(_DEFER, {"queue": QUEUE, "task": TASK, "lock": about, "job_id": job.id})
    session.flush()
    session.refresh(job)
    return job, True


def take_turn(session: Session, about: str) -> None:
    """Wait until nobody else asks for jobs about the same; until the caller's transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"ask for a job: {about}"))))


def find(session: Session, job_id: int) -> Job:
    """A job as it is now."""
    job = session.get(Job, job_id, populate_existing=True)
    if job is None:
        raise Refusal("not_found")
    return job


def seen_by(session: Session, job_id: int, actor: Actor, kinds: Collection[str]) -> Job:
    """A job somebody may see: the asker's own, or of a place they have one of these roles for.

    Jobs of uploads, and of no place, are the asker's alone: nobody else sees what was sent in or taken.
    """
    job = find(session, job_id)
    if not _may_see(session, job, actor, kinds):
        raise Refusal("not_allowed" if _is_private(job) else "not_in_scope")
    return job


def _may_see(session: Session, job: Job, actor: Actor, kinds: Collection[str]) -> bool:
    is_own = job.asked_by is not None and job.asked_by == actor.person_id
    if is_own or _is_private(job):
        return is_own
    return actor.covers(kinds, session.get_one(Place, job.place_id).path)


def is_managed_by(session: Session, job: Job, actor: Actor) -> bool:
    """Whether somebody manages the place of a job."""
    return job.place_id is not None and actor.covers(MANAGERS, session.get_one(Place, job.place_id).path)


def _is_private(job: Job) -> bool:
    return job.upload_id is not None or job.place_id is None


def ask_split(
    session: Session,
    code: str,
    asked_by: int,
    *,
    seed: int,
    target: int | None = None,
    least: int | None = None,
    most: int | None = None,
    wishes: Mapping[str, Any] | None = None,
) -> Job:
    """Ask for a place to be divided.

    target, least, most: households per grid, or the load that is balanced; none of them: as the rules of the
    place say, or where a number of coordinators is asked for. wishes: as the fields of `wishes.Asked`.
    Refused with `band_missing`, `band_malformed` and as `wishes.checked` says.
    """
    from app.services.wishes import asked_of, checked  # numpy and shapely: only when a split is asked for

    asked = checked(asked_of(wishes or {}))
    place = place_called(session, code)
    if asked.coordinators is None and asked.weights is None and target is least is most is None:
        from app.services import rule_packs  # it asks this module for places

        size = rule_packs.size_today(session, place.path)
        target, least, most = size.target, size.least, size.most
    band = {"target": target, "least": least, "most": most}
    if asked.coordinators is not None:
        band = {}
    elif target is None or least is None or most is None:
        raise Refusal("band_missing")
    elif not 0 < least <= target <= most:
        raise Refusal("band_malformed", target=target, least=least, most=most)
    ready = select(Tessellation.id).where(Tessellation.place_id == place.id).limit(1)
    if session.scalar(ready) is None:
        from app.services import splitting  # numba takes a second; it knows why there is nothing to divide

        splitting.prepare(session, code)
    wish = {**band, "seed": seed, **asked.kept()}
    return ask(session, "split", asked_by=asked_by, place=place, parameters=wish)[0]


def place_called(session: Session, code: str) -> Place:
    """The place with this code."""
    place = session.scalar(select(Place).where(Place.code == code))
    if place is None:
        raise Refusal("place_unknown", place=code)
    return place


def at_work(session: Session, code: str, actor: Actor, kinds: Collection[str]) -> list[Job]:
    """What waits or runs for the place with this code, as far as a person may see it."""
    found = of_place(session, place_called(session, code))
    return [job for job in found if _may_see(session, job, actor, kinds)]


def of_place(session: Session, place: Place) -> list[Job]:
    """What waits or runs for a place, what lies above it and beneath it; the oldest first."""
    touching = Place.path.op("<@")(place.path) | Place.path.op("@>")(place.path)
    found = (
        select(Job)
        .join(Place, Place.id == Job.place_id)
        .where(Job.state.in_(AT_WORK), touching)
        .order_by(Job.id)
    )
    return list(session.scalars(found))


def of_upload(session: Session, upload_id: int) -> Job | None:
    """The last job of an upload."""
    found = select(Job).where(Job.upload_id == upload_id).order_by(Job.id.desc()).limit(1)
    return session.scalar(found)


def described(job: Job) -> dict[str, Any]:
    """A job as it goes over the wire, all but the words of a refusal."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "share": round(job.share, 4),
        "step": job.step,
        "place_id": job.place_id,
        "upload_id": job.upload_id,
        "parameters": job.parameters,
        "result": job.result,
        "refusal": job.refusal,
        "asked_at": job.asked_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
    }


def cancel(session: Session, job_id: int) -> Job:
    """Stop a job for good. It stores nothing from this moment on; its worker sees it within a second."""
    done = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_(AT_WORK))
        .values(state="cancelled", ended_at=func.clock_timestamp())
    )
    job = find(session, job_id)
    if not _rows(done) and job.state != "cancelled":
        raise Refusal("job_over", state=job.state)
    _tell_all(session, job_id)
    return job


# --- what workers do -------------------------------------------------------------------------------------


def take_up(session: Session, job_id: int) -> int | None:
    """Begin a job, or begin it anew where a worker was lost.

    A job that ended its worker every time is given up. Returns the attempt, None if there is nothing to do.
    """
    job = session.get(Job, job_id, with_for_update=True)
    if job is None or job.state not in AT_WORK:
        return None
    if job.attempt >= MOST_ATTEMPTS:
        _fail(session, job, Refusal("job_given_up", attempts=job.attempt))
        return None
    job.attempt += 1
    job.state, job.share, job.step = "running", 0.0, None
    job.started_at = func.clock_timestamp()
    session.flush()
    _tell_all(session, job_id)
    return job.attempt


def give_back(session: Session, job_id: int, attempt: int) -> None:
    """Let another worker begin anew, because this one was told to stop: that counts as no attempt."""
    session.execute(
        update(Job)
        .where(_mine(job_id, attempt))
        .values(state="queued", attempt=attempt - 1, share=0.0, step=None, started_at=None)
    )
    _tell_all(session, job_id)


def is_mine(session: Session, job_id: int, attempt: int) -> bool:
    """Whether the job still runs under this attempt."""
    return session.scalar(select(Job.id).where(_mine(job_id, attempt))) is not None


def tell(session: Session, job_id: int, attempt: int, share: float, step: str | None) -> None:
    """Say how far it is. share: of the whole, 0–1; step: a code the pages have words for."""
    done = session.execute(
        update(Job).where(_mine(job_id, attempt)).values(share=min(1.0, max(0.0, share)), step=step)
    )
    if not _rows(done):
        raise Superseded
    _tell_all(session, job_id)


def finish(session: Session, job_id: int, attempt: int, result: Mapping[str, Any]) -> None:
    """End a job well, in the transaction that stores what it made."""
    done = session.execute(
        update(Job)
        .where(_mine(job_id, attempt))
        .values(state="done", share=1.0, result=dict(result), ended_at=func.clock_timestamp())
    )
    if not _rows(done):
        raise Superseded
    _tell_all(session, job_id)


def fail(session: Session, job_id: int, attempt: int, refusal: Refusal) -> None:
    """End a job with the reason why it could not be done; nothing happens where it is another's by now."""
    job = session.scalar(select(Job).where(_mine(job_id, attempt)).with_for_update())
    if job is not None:
        _fail(session, job, refusal)


def end_lost(session: Session) -> list[int]:
    """End jobs that no queue knows any more: nobody will ever take them up. Returns which."""
    lost = list(session.scalars(_LOST))
    for job_id in lost:
        job = session.get(Job, job_id, with_for_update=True, populate_existing=True)
        if job is not None and job.state in AT_WORK:
            _fail(session, job, Refusal("job_stopped"))
    return lost


def _fail(session: Session, job: Job, refusal: Refusal) -> None:
    job.state, job.refusal = "failed", {"code": refusal.code, "facts": _plain(refusal.facts)}
    job.ended_at = func.clock_timestamp()
    session.flush()
    _tell_all(session, job.id)


def _plain(facts: Mapping[str, object]) -> dict[str, Any]:
    """Facts as JSON can hold them.

    >>> _plain({"rows": 3, "file": b"x", "all": [{"row": "feature 1"}]})
    {'rows': 3, 'file': "b'x'", 'all': [{'row': 'feature 1'}]}
    """
    return {str(name): _plain_fact(fact) for name, fact in facts.items()}


def _plain_fact(fact: object) -> Any:
    if isinstance(fact, str | int | float | bool | None):
        return fact
    if isinstance(fact, Mapping):
        return _plain(fact)
    return [_plain_fact(part) for part in fact] if isinstance(fact, list | tuple) else str(fact)


def _mine(job_id: int, attempt: int) -> Any:
    return (Job.id == job_id) & (Job.attempt == attempt) & (Job.state == "running")


def _rows(done: Any) -> int:
    return int(done.rowcount)


def _tell_all(session: Session, job_id: int) -> None:
    """Wake whoever follows the job, when the transaction commits."""
    session.execute(select(func.pg_notify(CHANNEL, str(job_id))))
