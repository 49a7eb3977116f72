"""The second factor: codes of six digits that change every half minute (RFC 6238, HMAC-SHA-1, RFC 4226).

The secret an authenticator app is given is made of a salt, which the database keeps, and of the server's key,
which it does not: a copy of the database alone lets nobody in. A code counts once; one from the step before
or after is taken, for clocks that differ. Ten recovery codes stand in, each once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Person, RecoveryCode, SecondFactor
from app.services import audit
from app.services.access import ADMINISTRATOR, MANAGER, Actor

STEP_S, DIGITS, DRIFT_STEPS = 30, 6, 1
SALT_BYTES, SECRET_BYTES = 16, 20
RECOVERY_CODES, RECOVERY_LETTERS, RECOVERY_LENGTH = 10, "abcdefghjkmnpqrstuvwxyz23456789", 10
SET_UP_WITHIN = timedelta(minutes=30)
NEEDED_BY = frozenset({MANAGER, ADMINISTRATOR})


@dataclass(frozen=True)
class Offered:
    """What an authenticator app is told. secret: Base32 in groups; address: for `otpauth:` links.

    mark: for the session that asked, which alone can go on with it.
    """

    secret: str
    address: str
    mark: str


@dataclass(frozen=True)
class Standing:
    """Whether a person has one, since when, and how many recovery codes are left."""

    since: datetime | None
    recovery_left: int


def is_needed(actor: Actor) -> bool:
    """Whether one of the person's roles asks for a second factor."""
    return actor.holds(NEEDED_BY)


def standing(session: Session, person_id: int) -> Standing:
    """How it is with a person's second factor."""
    found = session.get(SecondFactor, person_id)
    left = session.scalar(
        select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    )
    return Standing(found.confirmed_at if found else None, left or 0)


def has_one(session: Session, person_id: int) -> bool:
    """Whether a code is asked for when the person signs in."""
    return standing(session, person_id).since is not None


def offer(session: Session, person_id: int, key: bytes, now: datetime, mark: str | None) -> Offered:
    """Begin to set one up, or tell again what was begun. Refused with `second_factor_there`.

    mark: of what this session was offered before. What another session began it is not told: whoever has the
    password alone would hold the secret of the app that is set up elsewhere.
    """
    found = session.get(SecondFactor, person_id)
    if found is not None and found.confirmed_at is not None:
        raise Refusal("second_factor_there")
    if found is None or found.begun_at < now - SET_UP_WITHIN or found.salt.hex() != mark:
        found = found or SecondFactor(person_id=person_id)
        found.salt, found.begun_at, found.last_step = secrets.token_bytes(SALT_BYTES), now, None
        session.add(found)
        session.flush()
    account = session.get_one(Person, person_id).account
    said = base64.b32encode(_secret(key, person_id, found.salt)).decode()
    label = quote(f"Gridkeeper:{account}")
    return Offered(
        " ".join(said[at : at + 4] for at in range(0, len(said), 4)),
        f"otpauth://totp/{label}?secret={said}&issuer=Gridkeeper&algorithm=SHA1&digits={DIGITS}&period={STEP_S}",
        found.salt.hex(),
    )


def confirm(
    session: Session, person_id: int, said: str, key: bytes, now: datetime, mark: str | None
) -> list[str]:
    """Set it up with a first code; returns the recovery codes, which are told this once.

    mark: of what this session was offered.

    Refused: `second_factor_wrong`, `second_factor_there`, `second_factor_late`.
    """
    found = session.get(SecondFactor, person_id, with_for_update=True)
    if found is None or (found.begun_at < now - SET_UP_WITHIN and found.confirmed_at is None):
        raise Refusal("second_factor_late")
    if found.confirmed_at is not None:
        raise Refusal("second_factor_there")
    if found.salt.hex() != mark:  # another session has begun anew since
        raise Refusal("second_factor_late")
    if not _take(found, said, key, now):
        raise Refusal("second_factor_wrong")
    found.confirmed_at = now
    codes = _new_recovery_codes(session, person_id, key)
    audit.record(session, person_id, "second_factor.set_up", f"person {person_id}")
    return codes


def check(session: Session, person_id: int, said: str, key: bytes, now: datetime) -> None:
    """Take a code of the app, or a recovery code, once. Refused with `second_factor_wrong`."""
    found = session.get(SecondFactor, person_id, with_for_update=True)
    if found is not None and found.confirmed_at is not None and _take(found, said, key, now):
        session.flush()
        return
    spare = session.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.used_at.is_(None),
            RecoveryCode.code_hash == _recovery_hash(key, person_id, said),
        )
        .with_for_update()
    )
    if spare is None:
        raise Refusal("second_factor_wrong")
    spare.used_at = now
    audit.record(session, person_id, "second_factor.recovered", f"person {person_id}")


def remove(session: Session, by: int | None, person_id: int) -> None:
    """Take it away: by an administrator for who lost the phone, or by the person with a code."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    audit.record(session, by, "second_factor.removed", f"person {person_id}")


def code_at(secret: bytes, step: int) -> str:
    """The code of a step (of 30 s since 1970), RFC 4226 §5.3.

    >>> code_at(b"12345678901234567890", 59 // 30)
    '287082'
    """
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def secret_of(session: Session, person_id: int, key: bytes) -> bytes:
    """What the person's app holds."""
    return _secret(key, person_id, session.get_one(SecondFactor, person_id).salt)


def _take(found: SecondFactor, said: str, key: bytes, now: datetime) -> bool:
    code, step = "".join(said.split()), int(now.timestamp()) // STEP_S
    secret = _secret(key, found.person_id, found.salt)
    for near in range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1):
        is_new = found.last_step is None or near > found.last_step
        if is_new and hmac.compare_digest(code_at(secret, near).encode(), code.encode("utf-8", "replace")):
            found.last_step = near
            return True
    return False


def _new_recovery_codes(session: Session, person_id: int, key: bytes) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [
        "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=_recovery_hash(key, person_id, code)) for code in codes
    )
    session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _recovery_hash(key: bytes, person_id: int, said: str) -> bytes:
    code = "".join(said.split()).replace("-", "").lower()
    return hmac.new(key, f"recovery {person_id} {code}".encode("utf-8", "replace"), hashlib.sha256).digest()


def _secret(key: bytes, person_id: int, salt: bytes) -> bytes:
    return hmac.new(key, b"second factor %d " % person_id + salt, hashlib.sha256).digest()[:SECRET_BYTES]
