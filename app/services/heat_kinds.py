"""Which kinds of hazards there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


def kinds_of(session: Session) -> Sequence[Row[Any]]:
    """All kinds, also retired ones, in the order of lists: code, name_en, name_zh, weight."""
    return session.execute(_KINDS).all()


_KINDS = text("SELECT code, name_en, name_zh, weight FROM hazard_kind ORDER BY position, code")
