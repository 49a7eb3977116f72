"""The audit as a chain: new rows sealed in batches, and the whole reckoned anew to see whether it holds.

A seal's hash is SHA-256 of the hash before it, of its own number, time and count, and of the hash of each of
its rows, by id; a row's hash is that of all its columns as one JSON array. `verify` reckons with the words
below and not with the function that sealed: who changed rows might have changed the function too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

BATCH = 10_000  # rows in one seal at most


@dataclass(frozen=True)
class Head:
    """The last seal. rows: of the audit under all seals; hash in hexadecimal digits."""

    seal: int
    hash: str
    made_at: datetime | None
    rows: int

    def __str__(self) -> str:
        return f"{self.seal}:{self.hash}"


@dataclass(frozen=True)
class Verdict:
    """What reckoning the chain anew found.

    broken: numbers of seals that do not hold, in order; missing: seals that should be there;
    unsealed: rows waiting, since `waiting_since`; head_lost: a head kept elsewhere is not of this chain.
    """

    head: Head
    broken: tuple[int, ...]
    missing: tuple[int, ...]
    unsealed: int
    waiting_since: datetime | None
    head_lost: bool

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, removed or put in."""
        return not (self.broken or self.missing or self.head_lost)


def seal(session: Session) -> int:
    """Seal the rows that are committed and have no seal yet; returns how many."""
    sealed = 0
    while batch := int(session.scalar(_SEAL, {"most": BATCH}) or 0):
        sealed += batch
        if batch < BATCH:
            break
    return sealed


def head(session: Session) -> Head:
    """Where the chain ends; number 0 where nothing was sealed yet."""
    row = session.execute(_HEAD).one()
    return Head(row.id or 0, row.hash.hex() if row.hash else "", row.made_at, row.rows)


def verify(session: Session, known: str | None = None) -> Verdict:
    """Reckon every seal anew from the rows there are.

    known: a head as it was told before (`7:ab12…`): the chain must still hold that seal.
    """
    rows = session.execute(_RECKONED).all()
    broken = tuple(row.id for row in rows if not row.holds)
    there = {row.id for row in rows}
    missing = tuple(number for number in range(1, max(there, default=0) + 1) if number not in there)
    waiting = session.execute(_WAITING).one()
    number, _, wanted = (known or "").partition(":")
    lost = known is not None and {str(row.id): row.hash.hex() for row in rows}.get(number) != wanted
    return Verdict(head(session), broken, missing, waiting.rows, waiting.since, lost)


_SEAL = text("SELECT seal_audit(:most)")
_HEAD = text("""
    SELECT last.id, last.hash, last.made_at, coalesce((SELECT sum(rows) FROM audit_seal), 0)::bigint AS rows
    FROM (SELECT 1) AS always LEFT JOIN LATERAL (
        SELECT id, hash, made_at FROM audit_seal ORDER BY id DESC LIMIT 1
    ) AS last ON true
""")
_WAITING = text("SELECT count(*) AS rows, min(at) AS since FROM audit WHERE seal_id IS NULL")
# A seal whose rows are all gone has no `sealed`; `IS TRUE` takes that for broken.
_RECKONED = text("""
    WITH sealed AS (
        SELECT seal_id, count(*) AS rows, string_agg(
            sha256(convert_to(
                jsonb_build_array(
                    id, extract(epoch FROM at), person_id, act, about, facts, purpose, households
                )::text, 'UTF8'
            )), ''::bytea ORDER BY id
        ) AS hashes
        FROM audit WHERE seal_id IS NOT NULL GROUP BY seal_id
    )
    SELECT seal.id, seal.hash, (
        seal.rows = sealed.rows AND seal.hash = sha256(
            coalesce(lag(seal.hash) OVER (ORDER BY seal.id), ''::bytea)
            || convert_to(
                jsonb_build_array(seal.id, extract(epoch FROM seal.made_at), sealed.rows)::text, 'UTF8'
            )
            || sealed.hashes
        )
    ) IS TRUE AS holds
    FROM audit_seal AS seal LEFT JOIN sealed ON sealed.seal_id = seal.id ORDER BY seal.id
""")
