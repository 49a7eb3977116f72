"""手机: the phones of those who walk, the key their unsent entries are sealed for, and wiping one from afar.

What is written without signal is sealed on the phone for the public half of a key (ECDH on P-256, HKDF,
AES-GCM). The private half is wrapped by a secret that is worked out here from the server's key and told only
to its person, signed in: a copy of the phone opens nothing, nor does a copy of the database.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Handset
from app.services import audit
from app.services.access import Actor

MOST = 20  # of one person; phones are lost and replaced, not collected


@dataclass(frozen=True)
class Key:
    """What opens the entries of a phone. private_key: wrapped by the secret; None: the phone is not known."""

    secret: str
    private_key: bytes | None
    next_number: int


def own(session: Session, actor: Actor, handset_id: UUID) -> Handset:
    """A phone of who asks, locked: its entries are taken one after another.

    Refused with `handset_unknown`, `handset_wiped`.
    """
    found = session.get(Handset, handset_id, with_for_update=True, populate_existing=True)
    if found is None or found.person_id != actor.person_id:
        raise Refusal("handset_unknown")
    if found.wipe_asked_at is not None:
        raise Refusal("handset_wiped")
    return found


def key(session: Session, actor: Actor, handset_id: UUID, server_key: bytes) -> Key:
    """What opens a phone's entries, also one that is not known yet. Refused with `handset_wiped`.

    server_key: which the database does not hold.
    """
    secret = _secret(server_key, actor.person_id, handset_id)
    found = session.get(Handset, handset_id)
    if found is None or found.person_id != actor.person_id:
        return Key(secret, None, 1)
    if found.wipe_asked_at is not None:
        raise Refusal("handset_wiped")
    return Key(secret, found.private_key, found.next_number)


def enrol(
    session: Session,
    actor: Actor,
    handset_id: UUID,
    public_key: dict[str, Any],
    private_key: bytes,
    now: datetime,
) -> Handset:
    """Make a phone known, with its key. Said again, nothing changes.

    Refused with `handset_unknown` where the id is taken, `handsets_too_many`, `handset_wiped`.
    """
    found = session.get(Handset, handset_id)
    if found is not None:
        return own(session, actor, handset_id)
    if len(of_person(session, actor.person_id)) >= MOST:
        raise Refusal("handsets_too_many", most=MOST)
    made = Handset(
        id=handset_id,
        person_id=actor.person_id,
        public_key=public_key,
        private_key=private_key,
        made_at=now,
        seen_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor.person_id, "handset.enrolled", f"person {actor.person_id}")
    return made


def of_person(session: Session, person_id: int) -> Sequence[Any]:
    """The phones of a person that were not wiped, the last seen first."""
    asked = _TOLD.where(Handset.person_id == person_id, Handset.wiped_at.is_(None))
    return session.execute(asked.order_by(Handset.seen_at.desc(), Handset.id)).all()


def wiped_of(session: Session, person_id: int) -> Sequence[Any]:
    """The phones of a person that were wiped, the last one first."""
    asked = _TOLD.where(Handset.person_id == person_id, Handset.wiped_at.is_not(None))
    return session.execute(asked.order_by(Handset.wiped_at.desc(), Handset.id)).all()


def ask_wipe(session: Session, actor: Actor, person_id: int, handset_id: UUID, now: datetime) -> None:
    """Have a phone wiped as soon as it is heard of; from now on nothing opens what it holds.

    Refused with `not_found`.
    """
    found = session.get(Handset, handset_id, with_for_update=True)
    if found is None or found.person_id != person_id:
        raise Refusal("not_found")
    if found.wipe_asked_at is not None:
        return
    found.wipe_asked_at, found.wipe_asked_by = now, actor.person_id
    session.flush()
    facts = {"unsent": found.unsent}
    audit.record(session, actor.person_id, "handset.wipe_asked", f"person {person_id}", facts)


def wiped(session: Session, actor: Actor, handset_id: UUID, unsent: int, now: datetime) -> None:
    """A phone says that it is empty, and how many unsent entries were lost. Refused with `handset_unknown`.

    Also by its person's own choice: then nobody asked before.
    """
    found = session.get(Handset, handset_id, with_for_update=True)
    if found is None or found.person_id != actor.person_id:
        raise Refusal("handset_unknown")
    if found.wiped_at is not None:
        return
    if found.wipe_asked_at is None:
        found.wipe_asked_at, found.wipe_asked_by = now, actor.person_id
    found.wiped_at, found.wiped_unsent, found.unsent = now, unsent, 0
    session.flush()
    audit.record(session, actor.person_id, "handset.wiped", f"person {actor.person_id}", {"unsent": unsent})


def _secret(server_key: bytes, person_id: int, handset_id: UUID) -> str:
    """32 bytes as hex, of this person's phone alone (HMAC-SHA-256)."""
    about = f"handset {person_id} {handset_id}".encode()
    return hmac.new(server_key, about, hashlib.sha256).hexdigest()


# What is told of a phone: nothing that opens it.
_TOLD = select(
    Handset.id,
    Handset.seen_at,
    Handset.unsent,
    Handset.wipe_asked_at,
    Handset.wiped_at,
    Handset.wiped_unsent,
)
