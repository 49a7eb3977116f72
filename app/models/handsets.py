"""Phones that keep entries while there is no signal, and what has come from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of

SENT_KINDS = ("visit", "arrival", "hazard", "photo", "dropped")
SENT_STATES = ("waiting", "done", "refused")


class Handset(Base):
    """手机: one person's phone as it is known here, with the key its unsent entries are sealed for.

    The private half is wrapped by a secret that neither this table nor the phone holds.
    """

    __tablename__ = "handset"
    __table_args__ = (
        CheckConstraint("next_number > 0", name="numbers_counted"),
        CheckConstraint("unsent >= 0 AND (wiped_unsent IS NULL OR wiped_unsent >= 0)", name="unsent_counted"),
        CheckConstraint("octet_length(private_key) BETWEEN 32 AND 1000", name="key_sized"),
        CheckConstraint("(wipe_asked_at IS NULL) = (wipe_asked_by IS NULL)", name="wipe_asked_by_somebody"),
        CheckConstraint("(wiped_at IS NULL) = (wiped_unsent IS NULL)", name="wiped_and_counted"),
        Index("handset_person_id_index", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="made on the phone")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    public_key: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="a JWK on P-256")
    private_key: Mapped[bytes] = mapped_column(LargeBinary, comment="wrapped by AES-GCM")
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    next_number: Mapped[int] = mapped_column(
        server_default="1", comment="of the entry that is to be settled next"
    )
    unsent: Mapped[int] = mapped_column(server_default="0", comment="as the phone last said")
    wipe_asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    wipe_asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wiped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    wiped_unsent: Mapped[int | None] = mapped_column(comment="entries that were lost with it")


class Sent(Base):
    """An entry that came from a phone: what became of it, or its body while those before it are missing."""

    __tablename__ = "sent"
    __table_args__ = (
        one_of("kind", *SENT_KINDS),
        one_of("state", *SENT_STATES),
        CheckConstraint("number > 0", name="number_counted"),
        CheckConstraint("octet_length(hash) = 32", name="hash_whole"),
        CheckConstraint("(state = 'waiting') = (body IS NOT NULL)", name="body_while_waiting"),
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled_when"),
        Index("sent_handset_id_number_unique", "handset_id", "number", unique=True),
        Index("sent_waiting_index", "received_at", postgresql_where=text("state = 'waiting'")),
    )

    client_id: Mapped[UUID] = mapped_column(primary_key=True, comment="made on the phone: kept once")
    handset_id: Mapped[UUID] = mapped_column(ForeignKey("handset.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    number: Mapped[int] = mapped_column(comment="its place among the phone's entries")
    kind: Mapped[str] = mapped_column(Text)
    hash: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of number, kind and body")
    state: Mapped[str] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text, comment="JSON; gone as soon as it is settled")
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
