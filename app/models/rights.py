"""What residents may ask for, the codes they come in with, what was removed, and staff's second factor."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of
from app.models.registers import _of_household, _seated

REQUEST_KINDS = ("correct", "object", "delete", "copy")
REQUEST_STATES = ("open", "granted", "refused")


class SubjectRequest(Base):
    """申请: what a resident asks for about their own data; its words go when the household goes."""

    __tablename__ = "subject_request"
    __table_args__ = (
        *_seated("subject_request"),
        _of_household("subject_request"),
        Index("subject_request_household_id_index", "household_id"),
        Index("subject_request_due_on_index", "due_on", postgresql_where=text("state = 'open'")),
        one_of("kind", *REQUEST_KINDS),
        one_of("state", *REQUEST_STATES),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_when"),
        CheckConstraint("state <> 'refused' OR answer <> ''", name="refused_why"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[int | None] = mapped_column(comment="none once all of it was removed")
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, server_default="", comment="of the resident")
    state: Mapped[str] = mapped_column(Text, server_default="open")
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_on: Mapped[date] = mapped_column(Date)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, server_default="")
    stops: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="purposes that a granted objection ends"
    )
    lifted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OwnCode(Base):
    """查询码: handed out at the door, good once; then the page is open for a while by its token.

    A row is seen by who serves the household, and by who knows the hash of the code or of the token.
    """

    __tablename__ = "own_code"
    __table_args__ = (
        *_seated("own_code"),
        _of_household("own_code"),
        Index("own_code_household_id_index", "household_id"),
        CheckConstraint("(used_at IS NULL) = (token_hash IS NULL)", name="used_for_a_token"),
        CheckConstraint("(token_hash IS NULL) = (open_until IS NULL)", name="open_for_a_while"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[int]
    building_id: Mapped[int]
    community_id: Mapped[int]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    open_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Tombstone(Base):
    """A personal row that was removed: which, by which rule, when. Holds nothing of what it said."""

    __tablename__ = "tombstone"
    __table_args__ = (Index("tombstone_removed_at_index", "removed_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, comment="name of its table")
    row_id: Mapped[int] = mapped_column(BigInteger)
    rule: Mapped[str] = mapped_column(Text)
    removed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class SecondFactor(Base):
    """The second factor of a person (RFC 6238); its secret is made of the salt and a key kept elsewhere."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    confirmed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="by a first code; asked for at every sign-in from then on"
    )
    last_step: Mapped[int | None] = mapped_column(BigInteger, comment="a code counts once")


class RecoveryCode(Base):
    """A code that stands in for the second factor, once."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("recovery_code_person_id_index", "person_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
