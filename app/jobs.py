"""The worker: takes jobs from the queue, has each done by a process of its own, and ends it when told to.

`run_worker` is procrastinate's worker with one task. For a job it starts `python -m app.jobs`, which
computes and stores, and looks twice a second whether the job is still wanted: if not, the whole group of
processes is killed. So cancelling works while kernels compute, a fault of a library takes no other job
with it, and the worker stays small. The process in turn ends itself when its worker is gone.

A worker that dies leaves its job `doing` in the queue; its heart stops beating there, and any worker puts
the job back. `app.services.jobs` sees to it that a job counts once however often it was begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import Login, audit_heads_file, exports_folder, logins, timezone, uploads_folder
from app.db import open_engine, transaction
from app.errors import Refusal
from app.services import jobs

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from sqlalchemy import Engine

_log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5  # how soon a cancelled job is killed
TELL_SECONDS = 0.3  # how often a job says how far it is
HEARTBEAT_SECONDS, SILENT_SECONDS = 2.0, 10.0
TIDY_SECONDS = 600.0
DUE_SECONDS = 60.0  # how often plans are looked for whose day has come
RETENTION_SECONDS = 6 * 3600.0  # how often what is over is looked for; a day has begun at the latest then
SEAL_SECONDS = 1.0  # how long a row of the audit may stand unsealed
JOBS_AT_ONCE = 2  # one divides, the other reads a file meanwhile
PROGRAM = (sys.executable, "-m", "app.jobs")


def run_worker(login: Login | None = None, program: Sequence[str] = PROGRAM) -> None:
    """Work until told to stop by SIGTERM or SIGINT; a job that runs then goes back into the queue.

    login: as the app; from the environment where not given. program: what does a job.
    """
    asyncio.run(_work(login or logins().app, program))


async def _work(login: Login, program: Sequence[str]) -> None:
    engine = open_engine(login, pool_size=JOBS_AT_ONCE + 1)
    queue = open_queue(login, engine, program)
    regular = (
        (partial(_put_back, queue, engine), HEARTBEAT_SECONDS, "Looking for jobs left behind"),
        (partial(asyncio.to_thread, _purge, engine), TIDY_SECONDS, "Removing forgotten uploads"),
        (partial(asyncio.to_thread, _purge_made, engine), TIDY_SECONDS, "Removing files whose day is over"),
        (partial(asyncio.to_thread, _ask_due, engine), DUE_SECONDS, "Looking for plans whose day has come"),
        (partial(asyncio.to_thread, _escalate, engine), DUE_SECONDS, "Telling of stages that are over"),
        (partial(asyncio.to_thread, _seal, engine), SEAL_SECONDS, "Sealing the audit"),
        (partial(asyncio.to_thread, _write_head, engine), TIDY_SECONDS, "Writing down the audit's head"),
        (partial(asyncio.to_thread, _settle, engine), TIDY_SECONDS, "Putting counts of hazards together"),
        (partial(asyncio.to_thread, _remove_over, engine), RETENTION_SECONDS, "Removing what is over"),
    )
    async with queue.open_async():
        aside = [asyncio.create_task(_again(*one)) for one in regular]
        try:
            await queue.run_worker_async(
                queues=[jobs.QUEUE],
                concurrency=JOBS_AT_ONCE,
                shutdown_graceful_timeout=0.1,
                abort_job_polling_interval=5.0,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=SILENT_SECONDS,
                delete_jobs="successful",
            )
        finally:
            for task in aside:
                task.cancel()
            await asyncio.gather(*aside, return_exceptions=True)
            engine.dispose()


def open_queue(login: Login, engine: Engine, program: Sequence[str] = PROGRAM) -> App:
    """Procrastinate over the same socket and as the same role as everything else."""
    import procrastinate

    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_conninfo(login), max_size=4))

    # What stops a job half-way is not the job's fault: procrastinate puts it back at once.
    @queue.task(
        name=jobs.TASK,
        queue=jobs.QUEUE,
        pass_context=True,
        retry=procrastinate.RetryStrategy(retry_exceptions={procrastinate.exceptions.JobAborted}),
    )
    def work(context: JobContext, job_id: int) -> None:
        if not supervise(engine, job_id, context.should_abort, program):
            raise procrastinate.exceptions.JobAborted

    return queue


def _conninfo(login: Login) -> str:
    """The login in the words of psycopg 3, looking into the queue's schema."""
    from psycopg.conninfo import make_conninfo

    given = dict(login.url.translate_connect_args(username="user", database="dbname"), **login.url.query)
    options = "-c search_path=procrastinate -c jit=off"
    if login.role is not None:
        options += f" -c role={login.role}"
    return make_conninfo("", **{**given, "options": options, "connect_timeout": "5"})


async def _again(act: Callable[[], Awaitable[None]], seconds: float, task: str) -> None:
    """Do something now and then, as long as the worker works. task: what failed, in the log."""
    while True:
        try:
            await act()
        except Exception:  # noqa: BLE001 - whatever it was, it is tried again; the worker must go on
            _log.exception("%s failed", task)
        await asyncio.sleep(seconds)


async def _put_back(queue: App, engine: Engine) -> None:
    """Jobs of workers that have gone silent are to be begun anew; jobs nobody knows any more have failed."""
    manager = queue.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        _log.warning("Job %s was left behind by its worker; it is begun anew", job.task_kwargs)
        await manager.retry_job(job, retry_at=datetime.now(UTC))
    await asyncio.to_thread(_end_lost, engine)


def _end_lost(engine: Engine) -> None:
    with transaction(engine) as session:
        jobs.end_lost(session)


def _purge(engine: Engine) -> None:
    """Forgotten uploads are removed."""
    from app.services import uploads

    with transaction(engine) as session:
        uploads.purge(session, uploads_folder())


def _purge_made(engine: Engine) -> None:
    """Files made for somebody are removed when their day is over."""
    from app.services import made_files

    with transaction(engine) as session:
        made_files.purge(session, exports_folder())


def _seal(engine: Engine) -> None:
    """What was written to the audit becomes part of its chain."""
    from app.services import audit_chain

    with transaction(engine) as session:
        audit_chain.seal(session)


def _write_head(engine: Engine) -> None:
    """Once a day the audit's head is written where the database's owner may not reach."""
    from app.services import audit_chain

    file, today = audit_heads_file(), datetime.now(UTC).date().isoformat()
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    if lines and lines[-1].startswith(today):
        return
    with transaction(engine) as session:
        head = audit_chain.head(session)
    if head.seal:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("a", encoding="ascii") as opened:
            opened.write(f"{today} {head} {head.rows}\n")


def _remove_over(engine: Engine) -> None:
    """Personal rows whose time is over go."""
    from app.services import retention
    from app.services.personal import open_places

    today = datetime.now(timezone()).date()
    with transaction(engine) as session:
        retention.run(open_places(session, retention.everywhere(session), "retention"), today)


def _settle(engine: Engine) -> None:
    """What was appended to the counts of hazards becomes one row for each of them."""
    from app.services import board

    with transaction(engine) as session:
        board.settle(session)


def _escalate(engine: Engine) -> None:
    """Cases whose stage is over are told upwards."""
    from app.services import case_clocks

    with transaction(engine) as session:
        case_clocks.escalate(session, datetime.now(timezone()))


def _ask_due(engine: Engine) -> None:
    """Plans approved for today come into force, and those of days on which no worker ran."""
    from app.services import due_plans

    today = datetime.now(timezone()).date()
    with transaction(engine) as session:
        due_plans.ask_due(session, today)


# --- one job, seen from the worker -----------------------------------------------------------------------


def supervise(
    engine: Engine, job_id: int, told_to_stop: Callable[[], bool], program: Sequence[str] = PROGRAM
) -> bool:
    """Have a job done. False where it was interrupted and must be done by somebody else."""
    with transaction(engine) as session:
        attempt = jobs.take_up(session, job_id)
    if attempt is None:
        return True
    with _process(program, job_id, attempt) as process:
        while not _ended(process, LOOK_SECONDS):
            if told_to_stop():
                _kill(process)
                with transaction(engine) as session:
                    jobs.give_back(session, job_id, attempt)
                return False
            if not _still_wanted(engine, job_id, attempt):
                return True
    with transaction(engine) as session:  # where it ended without a word
        jobs.fail(session, job_id, attempt, Refusal("job_stopped"))
    return True


def _still_wanted(engine: Engine, job_id: int, attempt: int) -> bool:
    """Also yes where the database does not answer just now: the process finds out by itself."""
    try:
        with transaction(engine) as session:
            return jobs.is_mine(session, job_id, attempt)
    except Refusal:
        return True


@contextlib.contextmanager
def _process(program: Sequence[str], job_id: int, attempt: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group and a temporary folder of its own; nothing of either is left."""
    with tempfile.TemporaryDirectory(prefix="gridkeeper-job-", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(  # noqa: S603 - our own programme
            [*program, str(job_id), str(attempt)],
            stdin=subprocess.PIPE,  # never written to: it ends when we do
            env={**os.environ, "TMPDIR": folder},
            cwd=Path(__file__).resolve().parent.parent,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _kill(process)


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait so long for the process to end. It is not reaped yet: its number still names its group."""
    until = time.monotonic() + seconds
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


# --- one job, seen from its own process ------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """`python -m app.jobs JOB ATTEMPT`, started by a worker."""
    job_id, attempt = map(int, arguments)
    _end_with_the_worker()
    engine = open_engine(logins().app, statement_seconds=0, pool_size=3)
    try:
        do(engine, job_id, attempt)
    finally:
        engine.dispose()
    return 0


def do(engine: Engine, job_id: int, attempt: int) -> None:
    """Do a job under this attempt, to its end: done, failed, or superseded and nothing stored."""
    from app import job_kinds

    telling = _Telling(engine, job_id, attempt)
    try:
        with transaction(engine) as session:
            job = jobs.find(session, job_id)
            session.expunge(job)
        job_kinds.DOERS[job.kind](engine, job, attempt, telling)
    except jobs.Superseded:
        _log.info("Job %s is no longer wanted; nothing was stored", job_id)
    except Refusal as refusal:
        _end(engine, job_id, attempt, refusal)
    except Exception:  # noqa: BLE001 - a fault of ours: the person is told, the trace is in the log
        _log.exception("Job %s ended by a fault of ours", job_id)
        _end(engine, job_id, attempt, Refusal("job_stopped"))


def _end(engine: Engine, job_id: int, attempt: int, refusal: Refusal) -> None:
    with transaction(engine) as session:
        jobs.fail(session, job_id, attempt, refusal)


class _Telling:
    """Says how far a job is: not more often than anybody can see."""

    def __init__(self, engine: Engine, job_id: int, attempt: int) -> None:
        self.engine, self.job_id, self.attempt = engine, job_id, attempt
        self.told_at, self.told_step = 0.0, ""

    def __call__(self, step: str, share: float) -> None:
        now = time.monotonic()
        if step == self.told_step and now - self.told_at < TELL_SECONDS:
            return
        self.told_at, self.told_step = now, step
        with transaction(self.engine) as session:
            jobs.tell(session, self.job_id, self.attempt, share, step)


def _end_with_the_worker() -> None:
    """When the worker is gone, however it went, the pipe from it ends: so do we and all we started."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    sys.exit(main(sys.argv[1:]))
