"""Codes by which residents read what is held about them: handed out at the door, good once and for a week.

Whoever types one in gets a token that opens the page for half an hour. Kept are keyed hashes of both.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Household, OwnCode
from app.services import audit
from app.services.personal import Registers, open_code

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another; 12 of them are 60 bits
LENGTH, GROUP = 12, 4
GOOD_FOR = timedelta(days=7)
OPEN_FOR = timedelta(minutes=30)


def hand_out(registers: Registers, household_id: int, key: bytes, now: datetime) -> str:
    """A new code for a household, told this once; an earlier one that was not used is good no more.

    Refused with `not_found` where the household is not seen.
    """
    session = registers.session
    household = session.scalar(select(Household).where(Household.id == household_id))
    if household is None:
        raise Refusal("not_found")
    for former in session.scalars(
        select(OwnCode).where(OwnCode.household_id == household_id, OwnCode.used_at.is_(None))
    ):
        session.delete(former)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    session.add(
        OwnCode(
            household_id=household.id,
            building_id=household.building_id,
            community_id=household.community_id,
            code_hash=_hash(key, code),
            made_by=registers.person_id,
            made_at=now,
            expires_at=now + GOOD_FOR,
        )
    )
    session.flush()
    audit.record(session, registers.person_id, "own_code.handed_out", f"household {household_id}")
    return spaced(code)


def use(session: Session, said: str, key: bytes, now: datetime) -> str:
    """Change a code for the token that opens the page. Refused with `own_code_unknown`.

    said: as it was typed: spaces, hyphens and small letters do not matter.
    """
    code = "".join(said.split()).replace("-", "").upper()[: LENGTH + 1]
    hashed = _hash(key, code)
    open_code(session, hashed)
    found = session.scalar(select(OwnCode).where(OwnCode.code_hash == hashed).with_for_update())
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise Refusal("own_code_unknown")
    token = secrets.token_urlsafe(32)
    found.used_at, found.open_until, found.token_hash = now, now + OPEN_FOR, _hash(key, token)
    session.flush()
    audit.record(session, None, "own_code.used", f"household {found.household_id}")
    return token


def household_of(session: Session, token: str, key: bytes, now: datetime) -> int | None:
    """The household whose page a token opens, while it does."""
    hashed = _hash(key, token)
    open_code(session, hashed)
    found = session.scalar(select(OwnCode).where(OwnCode.token_hash == hashed))
    return found.household_id if found and found.open_until and found.open_until > now else None


def close(session: Session, token: str, key: bytes, now: datetime) -> None:
    """Close the page before its time."""
    hashed = _hash(key, token)
    open_code(session, hashed)
    found = session.scalar(select(OwnCode).where(OwnCode.token_hash == hashed))
    if found is not None:
        found.open_until = now
        session.flush()


def spaced(code: str) -> str:
    """In groups that can be read out.

    >>> spaced("ABCDEFGHJKLM")
    'ABCD-EFGH-JKLM'
    """
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _hash(key: bytes, said: str) -> bytes:
    return hmac.new(key, f"own code {said}".encode(), hashlib.sha256).digest()
