"""What belongs to duties besides who answers: leave, handovers, stations, training, and appeals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of

COURSE_KINDS = ("pre-job", "in-post", "special")


class Appeal(Base):
    """申诉: a coordinator contests a figure of a grid; settled once, by a manager, in words."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("words <> ''", name="words_given"),
        CheckConstraint(r"quarter ~ '^[0-9]{4}Q[1-4]$'", name="quarter_named"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (upheld IS NULL)",
            name="answered_whole",
        ),
        Index("appeal_community_id_index", "community_id"),
        Index(
            "appeal_open_index",
            *("grid_code", "quarter", "indicator"),
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    grid_code: Mapped[str] = mapped_column(Text)
    indicator: Mapped[str] = mapped_column(Text)
    quarter: Mapped[str] = mapped_column(Text, comment="as in 2026Q1")
    words: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    answer: Mapped[str | None] = mapped_column(Text)
    upheld: Mapped[bool | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Absence(Base):
    """休假: days on which somebody is not at work. Why is nobody's business, so no column says it."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="ends_after_it_began"),
        Index("absence_person_id_index", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date, comment="the last day away")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Handover(Base):
    """交接: a grid handed from one coordinator to another, with how much was open then."""

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(open_things) = 'object'", name="open_things_named"),
        CheckConstraint("from_id <> to_id", name="to_somebody_else"),
        Index("handover_grid_id_index", "grid_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    grid_id: Mapped[int] = mapped_column(ForeignKey("grid.id"))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: it was vacant")
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None] = mapped_column(Text)
    open_things: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="how many of each kind")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Course(Base):
    """培训课程: what coordinators learn; what was learnt holds for some months, or for good."""

    __tablename__ = "course"
    __table_args__ = (
        one_of("kind", *COURSE_KINDS),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("holds_months > 0", name="holds_counted"),
        Index("course_place_id_index", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    holds_months: Mapped[int | None] = mapped_column(SmallInteger, comment="none: for good")


class Attendance(Base):
    """Somebody took part in a course on a day."""

    __tablename__ = "attendance"
    __table_args__ = (Index("attendance_person_id_index", "person_id"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    held_on: Mapped[date] = mapped_column(Date, primary_key=True)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
