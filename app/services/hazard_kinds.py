"""Which kinds of hazards there are, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


def kinds_of(session: Session) -> Sequence[Row[Any]]:
    """All kinds, also retired ones, in the order of lists: code, name_en, name_zh, weight."""
    return session.execute(_KINDS).all()


def kind_names(session: Session, language: str) -> dict[str, str]:
    """What all kinds are called, by their codes in the order of lists."""
    return {kind.code: str(getattr(kind, f"name_{language}")) for kind in kinds_of(session)}


_KINDS = text("SELECT code, name_en, name_zh, weight FROM hazard_kind ORDER BY position, code")
