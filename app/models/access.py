"""Sessions, attempts to sign in, and the audit of what was done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class SignIn(Base):
    """A session of a person, from signing in until it ends; the browser holds the token, we its hash."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("sign_in_person_id_index", "person_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    session_key: Mapped[str] = mapped_column(Text, comment="of the person when it began")
    client: Mapped[str] = mapped_column(Text, comment="keyed hash of the address")
    begun_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignInAttempt(Base):
    """A password that was tried and has not proved right; kept for a day."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("sign_in_attempt_account_at_index", "account", "at"),
        Index("sign_in_attempt_client_at_index", "client", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account: Mapped[str] = mapped_column(Text, comment="keyed hash of what was typed")
    client: Mapped[str] = mapped_column(Text, comment="keyed hash of the address")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Audit(Base):
    """One act of a person, appended and never changed. `facts` hold no secret."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(facts) = 'object'", name="facts_named"),
        Index("audit_about_index", "about"),
        Index("audit_person_id_index", "person_id"),
        Index(
            "audit_households_index",
            "households",
            postgresql_using="gin",
            postgresql_where=text("households IS NOT NULL"),
        ),
        CheckConstraint("(households IS NULL) = (purpose IS NULL)", name="read_for_a_purpose"),
        Index("audit_seal_id_index", "seal_id"),
        Index("audit_unsealed_index", "id", postgresql_where=text("seal_id IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: the command line")
    act: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text, comment="kind and key, as in `person 7`")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    purpose: Mapped[str | None] = mapped_column(Text, comment="of a read of personal rows")
    households: Mapped[list[int] | None] = mapped_column(
        ARRAY(BigInteger), comment="whose rows were read, so that they can be told"
    )
    seal_id: Mapped[int | None] = mapped_column(ForeignKey("audit_seal.id"))


class AuditSeal(Base):
    """A batch of audit rows sealed: its hash is made of theirs and of the seal before."""

    __tablename__ = "audit_seal"
    __table_args__ = (CheckConstraint("rows > 0", name="rows_sealed"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    rows: Mapped[int]
    hash: Mapped[bytes] = mapped_column(
        LargeBinary, comment="SHA-256 of the seal before, itself and its rows"
    )
