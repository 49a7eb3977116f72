"""Who waits for news of a job: one thread for each process listens to the database and wakes them.

The thread begins with the first who waits and ends some time after the last. Only so many may wait at once,
for each holds a thread of the server; who finds no room asks now and then instead.
"""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from app.config import MOST_STREAMS
from app.errors import Refusal
from app.services.jobs import CHANNEL

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 2.0


class News:
    """News of jobs for the streams of one process."""

    def __init__(self, engine: Engine, most: int = MOST_STREAMS) -> None:
        self._engine, self._most = engine, most
        self._told = threading.Condition()
        self._turns: dict[int, int] = {}  # job -> how often it was told of
        self._open = 0
        self._listener: threading.Thread | None = None

    @contextmanager
    def follow(self, job_id: int) -> Iterator[Follower]:
        """Wait for news of a job; refused with `too_many_streams`."""
        with self._told:
            if self._open >= self._most:
                raise Refusal("too_many_streams")
            self._open += 1
            self._turns.setdefault(job_id, 0)
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="news of jobs", daemon=True)
                self._listener.start()
        try:
            yield Follower(self, job_id)
        finally:
            with self._told:
                self._open -= 1
                if self._open == 0:
                    self._turns.clear()

    def wait(self, job_id: int, seen: int, seconds: float) -> int:
        """Until the job was told of more often than was seen, or so long. Returns how often."""
        with self._told:
            self._told.wait_for(lambda: self._turns.get(job_id, seen) != seen, seconds)
            return self._turns.get(job_id, seen)

    def turn(self, job_id: int) -> int:
        """How often a job was told of."""
        with self._told:
            return self._turns.get(job_id, 0)

    def _tell(self, job_id: int | None) -> None:
        """Of one job, or of all where something may have been missed."""
        with self._told:
            for known in self._turns if job_id is None else [job_id] if job_id in self._turns else []:
                self._turns[known] += 1
            self._told.notify_all()

    def _listen(self) -> None:
        while self._wanted():
            try:
                self._listen_once()
            except Exception:  # noqa: BLE001 - the database may be away; streams still ask it now and then
                _log.warning("Listening for news of jobs failed; it is tried again", exc_info=True)
                time.sleep(AGAIN_SECONDS)

    def _wanted(self) -> bool:
        with self._told:
            if self._open:
                return True
            self._listener = None
            return False

    def _listen_once(self) -> None:
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        if connection is None:
            return
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._tell(None)
            while True:
                ready, _, _ = select.select([connection], [], [], LOOK_SECONDS)
                if ready:
                    connection.poll()
                    while connection.notifies:
                        said = connection.notifies.pop(0).payload
                        self._tell(int(said) if said.isdecimal() else None)
                with self._told:
                    if self._open == 0:
                        return
        finally:
            connection.close()


class Follower:
    """One who waits for news of a job."""

    def __init__(self, news: News, job_id: int) -> None:
        self._news, self._job_id = news, job_id
        self._seen = news.turn(job_id)

    def wait(self, seconds: float) -> bool:
        """Whether there is news within so many seconds."""
        before, self._seen = self._seen, self._news.wait(self._job_id, self._seen, seconds)
        return self._seen != before
