"""Staff: who they are, what they may do where, and who answers for which grid."""

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
    Text,
    UniqueConstraint,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of


class Person(Base):
    """工作人员: someone who signs in. Without a password hash nobody can sign in as them."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("account <> '' AND account = lower(account)", name="account_lower_case"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("starts_with(password_hash, '$argon2id$')", name="password_hashed"),
        CheckConstraint("work_name <> ''", name="work_name_given"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    name_pinyin: Mapped[str | None] = mapped_column(Text)
    office_phone: Mapped[str | None] = mapped_column(Text)
    work_name: Mapped[str | None] = mapped_column(
        Text, comment="as the public reads it, where it is not the name"
    )
    password_hash: Mapped[str | None] = mapped_column(Text)
    password_until: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True),
        comment="given by someone else: good until then, and only to choose an own one",
    )
    session_key: Mapped[str] = mapped_column(
        Text,
        unique=True,
        server_default=text("gen_random_uuid()::text"),
        comment="a new one ends every session",
    )
    active: Mapped[bool] = mapped_column(server_default=true())
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Role(Base):
    """A role of a person, for a place and all beneath it; without a place for the whole deployment."""

    __tablename__ = "role"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "place_id", postgresql_nulls_not_distinct=True),
        one_of("kind", "manager", "coordinator", "leader", "administrator"),
        CheckConstraint("place_id IS NOT NULL OR kind = 'administrator'", name="place_given"),
        Index("role_place_id_index", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Text)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    until: Mapped[date | None] = mapped_column(Date, comment="the last day it holds; none: until revoked")


class Duty(Base):
    """责任: who answers for which grid, from when, until when. A time without a primary is a vacancy."""

    __tablename__ = "duty"
    __table_args__ = (
        one_of("kind", "primary", "deputy"),
        CheckConstraint("NOT isempty(during) AND NOT lower_inf(during)", name="during_begins"),
        ExcludeConstraint(
            ("grid_id", "="),
            ("during", "&&"),
            name="duty_one_primary",
            using="gist",
            where=text("kind = 'primary'"),
        ),
        Index("duty_grid_id_index", "grid_id"),
        Index("duty_person_id_index", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    grid_id: Mapped[int] = mapped_column(ForeignKey("grid.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Text)
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
