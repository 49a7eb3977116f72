"""Two transactions at once: the second begins, on a connection of its own, before the first has committed."""

import threading
import time

from sqlalchemy import text

from app.db import transaction
from app.errors import Refusal

PATIENCE_SECONDS = 30
WAITING = text("""
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
""")


def second_of_two(engine, first, second):
    """What the second of two answers, or the code it was refused with. Both are given a session."""
    ended = {}

    def run():
        try:
            with transaction(engine) as session:
                ended["answer"] = second(session)
        except Refusal as refusal:
            ended["answer"] = refusal.code
        except Exception as error:  # noqa: BLE001 - told where it can be seen
            ended["error"] = error

    other = threading.Thread(target=run)
    with transaction(engine) as session:
        first(session)
        other.start()
        until = time.monotonic() + PATIENCE_SECONDS
        while other.is_alive() and not waits(engine) and time.monotonic() < until:
            time.sleep(0.02)
    other.join(PATIENCE_SECONDS)
    assert not other.is_alive()
    if "error" in ended:
        raise ended["error"]
    return ended["answer"]


def waits(engine):
    """Whether somebody waits for a lock."""
    with transaction(engine) as session:
        return session.scalar(WAITING) > 0
