"""What comes from phones: each entry once, in the order in which it was written, whatever the way did to it.

An entry has an id and a number, both made on the phone. The next number is settled at once; one that came too
early waits here until those before it have come. Sent again it gets the answer it had. So entries that are
doubled, reordered or unanswered end as if each had come once, in order.

A refusal settles an entry as well: what follows does not wait for it, and its writer sees why and corrects it
by another entry, and so does an entry that no table takes. What the server could not do at the moment settles
nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Handset, Sent
from app.models.handsets import SENT_KINDS as KINDS
from app.services import audit, handsets
from app.services.access import Actor

__all__ = ["KINDS", "PASSING", "WAITS", "Act", "Entry", "Settled", "became", "dropped", "greet", "take"]

log = logging.getLogger("gridkeeper")

WAITS = timedelta(days=7)  # what waits longer is forgotten here; the phone has it still
# Said of the server's state at the moment, not of the entry.
PASSING = {"database_busy", "database_full", "database_unreachable", "disk_full", "too_many_requests"}

# Faults of one entry: said again, they are the same. Others are the server's, and pass or are mended.
OF_THE_ENTRY = (IntegrityError, DataError, ValueError)

Body = Mapping[str, Any]
Act = Callable[[Session, Body], dict[str, Any]]


@dataclass(frozen=True)
class Entry:
    """What was written on a phone. body: as the kind's act takes it, with this `client_id`."""

    client_id: UUID
    number: int
    kind: str
    body: Body

    @property
    def said(self) -> str:
        """The body in one way of writing it; half a character, as of a cut emoji, stays escaped."""
        said = json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return said.encode(errors="backslashreplace").decode()

    @property
    def hash(self) -> bytes:
        """What tells it from any other entry."""
        return hashlib.sha256(f"{self.number}\n{self.kind}\n{self.said}".encode()).digest()


@dataclass(frozen=True)
class Settled:
    """What became of an entry. state: done, refused or waiting.

    answer: of its act when done; code and facts of the refusal when refused.
    """

    client_id: UUID
    number: int
    state: str
    answer: dict[str, Any]


def take(
    session: Session,
    actor: Actor,
    handset_id: UUID,
    entry: Entry,
    acts: Mapping[str, Act],
    now: datetime,
) -> Settled:
    """Take one entry, and settle it with all that waited for it.

    acts: what writes an entry of each kind; its answer is kept and holds ids alone. Refused as a whole, and
    not settled, with `handset_unknown`, `handset_wiped`, `client_id_reused` (the id came with another entry,
    or from somebody else) and `number_taken`.
    """
    handset = handsets.own(session, actor, handset_id)
    handset.seen_at = now
    _enter(session, actor)
    known = session.get(Sent, entry.client_id)
    if known is None:
        _receive(session, handset, entry, now)
    elif (known.handset_id, known.hash) != (handset_id, entry.hash):
        raise Refusal("client_id_reused")
    while _settle_next(session, handset, acts, now):
        pass
    return _told(session.get_one(Sent, entry.client_id))


def greet(session: Session, actor: Actor, handset_id: UUID, unsent: int, oldest: int, now: datetime) -> None:
    """Hear how many entries a phone holds, and the lowest number among them: none below it will come.

    A phone lets go of an entry when it has heard that it is settled; where the server knows nothing of that,
    it was put back to an earlier day, and waiting would be for ever. Refused with `handset_unknown`,
    `handset_wiped`.
    """
    handset = handsets.own(session, actor, handset_id)
    handset.seen_at, handset.unsent = now, unsent
    handset.next_number = max(handset.next_number, oldest)
    session.flush()


def became(
    session: Session, actor: Actor, handset_id: UUID, ids: Collection[UUID]
) -> tuple[int, dict[UUID, Settled]]:
    """The number a phone's next entry is awaited under, and what became of these, those never heard of not
    named. Refused with `handset_unknown`, `handset_wiped`.
    """
    awaited = handsets.own(session, actor, handset_id).next_number
    _enter(session, actor)
    rows = session.execute(_OF_IDS, {"ids": list(ids)})
    return awaited, {row.client_id: Settled(**row._mapping) for row in rows}


def dropped(session: Session, actor: Actor) -> dict[str, Any]:
    """An entry its writer let go of, unsent, by their own choice: it is counted."""
    audit.record(session, actor.person_id, "entry.dropped", f"person {actor.person_id}")
    return {}


def _receive(session: Session, handset: Handset, entry: Entry, now: datetime) -> None:
    session.execute(_FORGET, {"handset": handset.id, "before": now - WAITS})
    row = {
        "client_id": entry.client_id,
        "handset": handset.id,
        "person": handset.person_id,
        "number": entry.number,
        "kind": entry.kind,
        "hash": entry.hash,
        "body": entry.said,
        "now": now,
    }
    if entry.number < handset.next_number or session.scalar(_TAKEN, row):
        raise Refusal("number_taken", number=entry.number, next=handset.next_number)
    if session.scalar(_KEEP, row) is None:  # by somebody whose rows are not seen here
        raise Refusal("client_id_reused")


def _settle_next(session: Session, handset: Handset, acts: Mapping[str, Act], now: datetime) -> bool:
    """Settle the entry whose turn it is, if it has come."""
    asked = {"handset": handset.id, "number": handset.next_number}
    client_id = session.scalar(_WHOSE_TURN, asked)
    if client_id is None:
        return False
    waiting = session.get_one(Sent, client_id)
    waiting.state, waiting.answer = _done(session, waiting, acts)
    waiting.body, waiting.settled_at = None, now
    handset.next_number += 1
    session.flush()
    return True


def _done(session: Session, waiting: Sent, acts: Mapping[str, Act]) -> tuple[str, dict[str, Any]]:
    """Let an entry's act write, or keep why it could not."""
    body = {**json.loads(waiting.body or "{}"), "client_id": str(waiting.client_id)}
    try:
        with session.begin_nested():
            return "done", acts[waiting.kind](session, body)
    except Refusal as refusal:
        if refusal.code in PASSING:
            raise
        facts = json.loads(json.dumps(dict(refusal.facts), default=str))
        return "refused", {"code": refusal.code, "facts": facts}
    except OF_THE_ENTRY as error:
        # Words of the error may quote what was written of people: where it came from is enough to find it.
        log.error("entry %s (%s) was not taken: %s", waiting.client_id, waiting.kind, _where(error))
        return "refused", {"code": "entry_not_taken", "facts": {}}


def _where(error: Exception) -> str:
    """The kind of an error and the lines of ours it came through, without its words."""
    steps = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/app/" in frame.filename
    ]
    return f"{type(error).__name__} at {' > '.join(steps)}"


def _told(row: Sent) -> Settled:
    return Settled(row.client_id, row.number, row.state, row.answer)


def _enter(session: Session, actor: Actor) -> None:
    """Let this transaction see the entries of who asks, and no others."""
    session.execute(_ENTER, {"person": str(actor.person_id)})


_ENTER = text("SELECT set_config('gridkeeper.sender', :person, true)")
_FORGET = text("""
    DELETE FROM sent WHERE handset_id = :handset AND state = 'waiting' AND received_at < :before
""")
_TAKEN = text("SELECT true FROM sent WHERE handset_id = :handset AND number = :number")
_KEEP = text("""
    INSERT INTO sent (client_id, handset_id, person_id, number, kind, hash, state, body, received_at)
    VALUES (:client_id, :handset, :person, :number, :kind, :hash, 'waiting', :body, :now)
    ON CONFLICT (client_id) DO NOTHING RETURNING client_id
""")
_WHOSE_TURN = text("""
    SELECT client_id FROM sent WHERE handset_id = :handset AND number = :number AND state = 'waiting'
""")
_OF_IDS = text("""
    SELECT client_id, number, state, answer FROM sent WHERE client_id = ANY(:ids)
""")
