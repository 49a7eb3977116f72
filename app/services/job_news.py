"""Who waits for news of a job or a plan: one thread for each process listens to the database and wakes them.

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
from app.services.edit_history import CHANNEL as OF_PLANS
from app.services.jobs import CHANNEL as OF_JOBS

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 2.0


Topic = tuple[str, int]  # a channel, and the job or plan


class News:
    """News of jobs and plans for the streams of one process."""

    def __init__(self, engine: Engine, most: int = MOST_STREAMS) -> None:
        self._engine, self._most = engine, most
        self._told = threading.Condition()
        self._turns: dict[Topic, int] = {}  # how often it was told of
        self._open = 0
        self._listener: threading.Thread | None = None

    @contextmanager
    def follow(self, about: int, channel: str = OF_JOBS) -> Iterator[Follower]:
        """Wait for news of a job, or of a plan by its channel; refused with `too_many_streams`."""
        topic = channel, about
        with self._told:
            if self._open >= self._most:
                raise Refusal("too_many_streams")
            self._open += 1
            seen = self._turns.setdefault(topic, 0)
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen, name="news", daemon=True)
                self._listener.start()
        try:
            yield Follower(self, topic, seen)
        finally:
            with self._told:
                self._open -= 1
                if self._open == 0:
                    self._turns.clear()

    def wait(self, topic: Topic, seen: int, seconds: float) -> int:
        """Until it was told of more often than was seen, or so long. Returns how often."""
        with self._told:
            self._told.wait_for(lambda: self._turns.get(topic, seen) != seen, seconds)
            return self._turns.get(topic, seen)

    def _tell(self, topic: Topic | None) -> None:
        """Of one thing, or of all where something may have been missed."""
        with self._told:
            for known in self._turns if topic is None else [topic] if topic in self._turns else []:
                self._turns[known] += 1
            self._told.notify_all()

    def _listen(self) -> None:
        while self._wanted():
            try:
                self._listen_once()
            except Exception:  # noqa: BLE001 - the database may be away; streams still ask it now and then
                _log.warning("Listening for news failed; it is tried again", exc_info=True)
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
                for channel in (OF_JOBS, OF_PLANS):
                    cursor.execute(f"LISTEN {channel}")
            self._tell(None)
            while True:
                ready, _, _ = select.select([connection], [], [], LOOK_SECONDS)
                if ready:
                    connection.poll()
                    while connection.notifies:
                        said = connection.notifies.pop(0)
                        self._tell((said.channel, int(said.payload)) if said.payload.isdecimal() else None)
                with self._told:
                    if self._open == 0:
                        return
        finally:
            connection.close()


class Follower:
    """One who waits for news of what happened since they began to follow."""

    def __init__(self, news: News, topic: Topic, seen: int) -> None:
        self._news, self._topic, self._seen = news, topic, seen

    def wait(self, seconds: float) -> bool:
        """Whether there is news within so many seconds."""
        before, self._seen = self._seen, self._news.wait(self._topic, self._seen, seconds)
        return self._seen != before
