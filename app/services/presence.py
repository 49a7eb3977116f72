"""Who has a plan open just now. Nothing is kept: a window that is closed, or not heard of, is forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.edit_history import tell

FORGOTTEN_SECONDS = 45  # more than four heartbeats of a stream


def open_(session: Session, plan_id: int, person_id: int) -> int:
    """Somebody opens a plan; answers the id of the window."""
    found: int = session.execute(_OPEN, {"plan": plan_id, "person": person_id}).scalar_one()
    tell(session, plan_id)
    return found


def close(session: Session, window_id: int) -> None:
    """The window is closed."""
    plan_id = session.scalar(_CLOSE, {"window": window_id})
    if plan_id is not None:
        tell(session, plan_id)


def people(session: Session, plan_id: int, window_id: int) -> list[dict[str, Any]]:
    """Who has a plan open, by name; the window that asks is known to be still there."""
    session.execute(_STILL_THERE, {"window": window_id})
    if session.execute(_FORGET, {"plan": plan_id, "seconds": FORGOTTEN_SECONDS}).all():
        tell(session, plan_id)
    return [{"id": row.id, "name": row.name} for row in session.execute(_PEOPLE, {"plan": plan_id})]


_OPEN = text("INSERT INTO presence (plan_id, person_id) VALUES (:plan, :person) RETURNING id")
_CLOSE = text("DELETE FROM presence WHERE id = :window RETURNING plan_id")
_STILL_THERE = text("UPDATE presence SET seen_at = clock_timestamp() WHERE id = :window")
_FORGET = text("""
    DELETE FROM presence WHERE id IN (
        SELECT id FROM presence
        WHERE plan_id = :plan AND seen_at < clock_timestamp() - make_interval(secs => :seconds)
        ORDER BY id FOR UPDATE SKIP LOCKED
    ) RETURNING id
""")
_PEOPLE = text("""
    SELECT DISTINCT person.id, person.name FROM presence JOIN person ON person.id = presence.person_id
    WHERE presence.plan_id = :plan ORDER BY person.name, person.id
""")
