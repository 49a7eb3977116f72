"""Answers kept for requests that are sent again: who heard nothing back gets what they would have heard.

A key belongs to a person, and to the first request that named it: address and body. What was refused is not
kept; sent again, it is tried again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal

DAYS = 7
LONGEST_KEY = 100


def once(
    session: Session,
    person_id: int,
    key: str | None,
    about: str,
    body: bytes,
    act: Callable[[], dict[str, Any]],
) -> tuple[dict[str, Any], bool]:
    """Do something, unless it was done for the same request already; its answer, and whether that was kept.

    key: None to do it whatever was done before. about: the address asked. Refused with
    `idempotency_key_malformed` and, where the key belongs to another request, `idempotency_key_reused`.
    """
    if key is None:
        return act(), False
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Refusal("idempotency_key_malformed")
    asked = hashlib.sha256(f"{about}\n".encode() + body).digest()
    named = {"person": person_id, "key": key}
    session.execute(_ONE_AT_A_TIME, {"about": f"answer {person_id} {key}"})
    session.execute(_FORGET, {"days": DAYS})
    kept = session.execute(_KEPT, named).first()
    if kept is not None:
        if bytes(kept.asked) != asked:
            raise Refusal("idempotency_key_reused")
        said: dict[str, Any] = kept.said
        return said, True
    said = act()
    session.execute(_KEEP, {**named, "asked": asked, "said": json.dumps(said, ensure_ascii=False)})
    return said, False


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:about, 0))")
# One at a time: two that delete the same rows in another order could wait for each other.
_FORGET = text("""
    DELETE FROM answer WHERE made_at < now() - make_interval(days => :days)
        AND (SELECT pg_try_advisory_xact_lock(hashtextextended('forget answers', 0)))
""")
_KEPT = text("SELECT asked, said FROM answer WHERE person_id = :person AND key = :key")
_KEEP = text("""
    INSERT INTO answer (person_id, key, asked, said) VALUES (:person, :key, :asked, CAST(:said AS jsonb))
""")
