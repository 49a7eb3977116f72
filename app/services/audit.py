"""The audit: who did what, when, about what; appended, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.models import Audit


def record(
    session: Session,
    person_id: int | None,
    act: str,
    about: str,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Append an act, in the transaction of what it tells of.

    person_id: who did it; None for the command line. about: kind and key, as in `person 7`.
    facts: no secrets.
    """
    session.add(Audit(person_id=person_id, act=act, about=about, facts=dict(facts or {})))
    session.flush()
