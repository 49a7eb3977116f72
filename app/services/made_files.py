"""Files of hazards that take too long to be made within a request: made by a job, kept a day for who asked.

What stands in one is what the person may read at the moment it is made. It is handed to nobody else, and no
longer to them once they may read another part of the place: then it is to be made anew. That it was asked
for, and each time it was taken, is written down.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Job
from app.services import audit, jobs
from app.services.access import OVERSEERS, Actor, require
from app.services.accounts import actor_of

if TYPE_CHECKING:  # numba, scipy and pandas take a second: only where a file is made, not to remove old ones
    from app.services.heat import Ground, Wish

KIND = "hazard_file"
MADE_APART = 20_000  # from so many rows on
FORMS = ("xlsx", "gpkg")  # CSV goes out as it is made, however many
KEPT = timedelta(hours=24)
MOST_KEPT = 10  # of one person, waiting ones counted, failed ones not
BYTES_PER_ROW = 400
TOLD_EACH = 5_000
_NAME = re.compile(r"\.?([0-9]+)-[0-9]+\b.*\.(xlsx|gpkg)(-journal)?")


@dataclass(frozen=True)
class MadeFile:
    """A file that is asked for, being made or there. name: as it is sent; until: when it goes."""

    id: int
    name: str
    state: str
    share: float
    rows: int | None
    bytes: int | None
    until: datetime | None
    refusal: dict[str, Any] | None


def is_made_apart(form: str, rows: int) -> bool:
    """Whether a file of so many rows is made by a job."""
    return form in FORMS and rows > MADE_APART


def ask(
    session: Session, actor: Actor, ground: Ground, form: str, wish: Wish, rows: int, notes: Sequence[str]
) -> Job:
    """Ask for a file. rows: about how many it will have. notes: what is said in it, in the asker's language.

    The same wish while it waits or is made is the same file. Refused with `files_too_many` and as
    `hazard_files.check_fits` says.
    """
    from app.services import hazard_files

    hazard_files.check_fits(form, rows)
    behind = f"files of person {actor.person_id}"
    jobs.take_turn(session, behind)
    meant = {
        "place": ground.code,
        "format": form,
        "since": wish.since,
        "until": wish.until,
        "standing": wish.standing,
        "kinds": list(wish.kinds),
        "severities": list(wish.severities),
    }
    there = of_person(session, actor.person_id)
    for job in there:
        if job.state in jobs.AT_WORK and meant.items() <= job.parameters.items():
            return job
    if sum(job.state != "failed" for job in there) >= MOST_KEPT:
        raise Refusal("files_too_many", most=MOST_KEPT)
    job, _ = jobs.ask(
        session,
        KIND,
        asked_by=actor.person_id,
        parameters={**meant, "rows": rows, "notes": list(notes)},
        behind=behind,
    )
    facts = {"format": form, "state": wish.standing, "kinds": list(wish.kinds), "job": job.id}
    audit.record(session, actor.person_id, "hazard.exported", f"place {ground.code}", facts)
    return job


def of_person(session: Session, person_id: int) -> list[Job]:
    """Files a person asked for that wait, are made, are there or could not be made, the newest first."""
    found = select(Job).where(
        Job.kind == KIND,
        Job.asked_by == person_id,
        or_(Job.state.in_(jobs.AT_WORK), Job.state.in_(("done", "failed")) & (Job.ended_at > _oldest())),
    )
    return list(session.scalars(found.order_by(Job.id.desc())))


def find(session: Session, person_id: int, job_id: int) -> Job:
    """A file this person asked for; `not_found` where it is none or another's."""
    job = jobs.find(session, job_id)
    if job.kind != KIND or job.asked_by != person_id:
        raise Refusal("not_found")
    return job


def described(job: Job) -> MadeFile:
    """A file as it is told."""
    result = job.result or {}
    return MadeFile(
        id=job.id,
        name=f"hazards-{job.parameters['place']}.{job.parameters['format']}",
        state=job.state,
        share=job.share,
        rows=result.get("rows"),
        bytes=result.get("bytes"),
        until=job.ended_at + KEPT if job.state == "done" and job.ended_at else None,
        refusal=job.refusal,
    )


def taken(session: Session, actor: Actor, job: Job, root: Path) -> Path:
    """Where the file lies that its asker takes now; that it was taken is written down.

    Refused with `file_not_ready`, `file_gone`, and as the asker's roles say.
    """
    if job.state in jobs.AT_WORK:
        raise Refusal("file_not_ready")
    path, is_there = path_of(root, job), (Job.state == "done") & (Job.ended_at > _oldest())
    if not session.scalar(select(is_there).where(Job.id == job.id)) or not path.is_file():
        raise Refusal("file_gone")
    if (job.result or {}).get("ground") != _mark(_ground(session, actor, job)):
        raise Refusal("file_gone")
    facts = {"format": job.parameters["format"], "job": job.id}
    audit.record(session, actor.person_id, "hazard.file_taken", f"place {job.parameters['place']}", facts)
    return path


def path_of(root: Path, job: Job) -> Path:
    """Where a file lies: named after its job and attempt, so that no two attempts write the same."""
    return root / f"{job.id}-{job.attempt}.{job.parameters['format']}"


def make(
    opens: Callable[[], AbstractContextManager[Session]],
    root: Path,
    job: Job,
    attempt: int,
    today: date,
    zone: Any,
    tell: Callable[[str, float], None],
) -> None:
    """Write the file a job is for, as its asker's roles are now, and end the job.

    opens: a transaction. zone: of the moments told. What is left of an attempt that was superseded goes.
    """
    from app.services import hazard_files
    from app.services.heat import Wish
    from app.services.whole_file import whole_file

    chosen = job.parameters
    form = chosen["format"]
    wish = Wish(
        chosen["since"],
        chosen["until"],
        chosen["standing"],
        tuple(chosen["kinds"]),
        tuple(chosen["severities"]),
    )
    with opens() as session:
        ground = _ground(session, actor_of(session, job.asked_by or 0, today), job)
        hidden = hazard_files.hidden_in(session, ground)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, written = path_of(root, job), _Counted(tell, chosen["rows"])
    try:
        with whole_file(path, BYTES_PER_ROW * int(chosen["rows"])) as unfinished:
            rows = hazard_files.taken(opens, ground, wish, hidden, zone)
            hazard_files.write(unfinished, form, written.of(rows), chosen["notes"])
        path.chmod(0o600)
        result = {"rows": written.rows, "bytes": path.stat().st_size, "ground": _mark(ground)}
        with opens() as session:
            jobs.finish(session, job.id, attempt, result)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def purge(session: Session, root: Path) -> int:
    """Remove files whose day is over, and what is left of jobs that were stopped. Returns how many."""
    if not root.is_dir():
        return 0
    kept = set(
        session.scalars(
            select(Job.id).where(
                Job.kind == KIND,
                or_(Job.state.in_(jobs.AT_WORK), (Job.state == "done") & (Job.ended_at > _oldest())),
            )
        )
    )
    ours = [(file, named) for file in root.iterdir() if (named := _NAME.fullmatch(file.name))]
    over = [file for file, named in ours if int(named[1]) not in kept]
    for file in over:
        file.unlink(missing_ok=True)
    return len(over)


class _Counted:
    """Counts rows as they pass, and says how far that is."""

    def __init__(self, tell: Callable[[str, float], None], expected: int) -> None:
        self._tell, self._expected, self.rows = tell, max(1, expected), 0

    def of(self, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The rows as they are."""
        for row in rows:
            if self.rows % TOLD_EACH == 0:
                self._tell("writing", min(0.99, self.rows / self._expected))
            self.rows += 1
            yield row


def _ground(session: Session, actor: Actor, job: Job) -> Ground:
    from app.services import heat

    ground = heat.ground_of(session, job.parameters["place"], actor.scope_of(OVERSEERS))
    require(actor, OVERSEERS, [ground.path], "touches")
    return ground


def _mark(ground: Ground) -> str:
    """The same for the same part of a place."""
    return hashlib.sha256(",".join(map(str, ground.communities)).encode()).hexdigest()


def _oldest() -> Any:
    return func.now() - KEPT
