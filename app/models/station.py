"""What a station keeps besides its registers: tasks, its six haves, meetings, notices, mediation."""

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
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of

FIVE_DUTIES = ("wishes", "services", "help", "organise", "culture")
PERIODS = ("week", "month", "quarter")
SIX_HAVES = ("sign", "place", "organisation", "network", "team", "system")
MEETING_KINDS = ("meeting", "feedback day")
OUTCOMES = ("settled", "not settled", "handed on")


class Task(Base):
    """A recurring task of one of the five duties, for every grid of a place."""

    __tablename__ = "task"
    __table_args__ = (
        one_of("duty", *FIVE_DUTIES),
        one_of("every", *PERIODS),
        CheckConstraint("name_en <> '' AND name_zh <> ''", name="name_given"),
        Index("task_place_id_index", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="none: everywhere")
    duty: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    every: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(server_default=true())


class TaskDone(Base):
    """A task was done in a grid on a day. By the grid's code, so that it outlives plans."""

    __tablename__ = "task_done"
    __table_args__ = (Index("task_done_grid_code_index", "grid_code", "done_on"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    grid_code: Mapped[str] = mapped_column(Text)
    done_on: Mapped[date] = mapped_column(Date)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class StationCheck(Base):
    """六有: whether a station has one of six things, as somebody saw it on a day; perhaps with a photo."""

    __tablename__ = "station_check"
    __table_args__ = (
        one_of("what", *SIX_HAVES),
        CheckConstraint("(photo IS NULL) = (photo_type IS NULL)", name="photo_typed"),
        CheckConstraint("photo_type IN ('image/jpeg', 'image/png')", name="photo_type_known"),
        Index("station_check_place_id_index", "place_id", "what", "looked_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), comment="a community")
    what: Mapped[str] = mapped_column(Text)
    there: Mapped[bool]
    looked_on: Mapped[date] = mapped_column(Date)
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    photo_type: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Meeting(Base):
    """A meeting or a feedback day, with its minutes."""

    __tablename__ = "meeting"
    __table_args__ = (
        one_of("kind", *MEETING_KINDS),
        CheckConstraint("minutes <> ''", name="minutes_given"),
        Index("meeting_place_id_index", "place_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Date)
    minutes: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Notice(Base):
    """公告: what hangs on the board of a grid, or of all grids of a place, in both languages, until a day."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("title_zh <> '' AND text_zh <> ''", name="chinese_given"),
        CheckConstraint("(title_en = '') = (text_en = '')", name="english_whole"),
        CheckConstraint("until_on >= from_on", name="ends_after_it_began"),
        Index("notice_place_id_index", "place_id", "until_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    grid_code: Mapped[str | None] = mapped_column(Text, comment="none: all grids of the place")
    title_zh: Mapped[str] = mapped_column(Text)
    text_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text, server_default="")
    text_en: Mapped[str] = mapped_column(Text, server_default="")
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date, comment="the last day it hangs")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Correction(Base):
    """更正通知: one office tells another that something held about a building or place is not right."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("office <> '' AND wrong <> '' AND better <> ''", name="said_whole"),
        CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name="answered_when"),
        Index("correction_place_id_index", "place_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    office: Mapped[str] = mapped_column(Text, comment="to whom it goes")
    wrong: Mapped[str] = mapped_column(Text, comment="what is held; names nobody")
    better: Mapped[str] = mapped_column(Text, comment="what should be held")
    sent_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date, comment="in work days, by the rules of the day it was sent")
    rule_pack_id: Mapped[int | None] = mapped_column(ForeignKey("rule_pack.id"))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_on: Mapped[date | None] = mapped_column(Date)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


# Latin initials, or a surname of one character, with 某 or a letter where that helps to tell parties apart.
# What is longer may be a whole Chinese name.
PARTY = r"([A-Z]{1,3}|[\u4e00-\u9fff][某A-Z]?)"


class Mediation(Base):
    """调解: a dispute settled before it grows; parties by initials, the file open to its mediator alone."""

    __tablename__ = "mediation"
    __table_args__ = (
        CheckConstraint(f"parties ~ '^{PARTY}( {PARTY}){{1,5}}$'", name="parties_by_initials"),
        one_of("outcome", *OUTCOMES),
        CheckConstraint("(outcome IS NULL) = (closed_on IS NULL)", name="closed_with_outcome"),
        CheckConstraint("closed_on >= opened_on", name="closed_after_it_was_opened"),
        Index("mediation_mediator_id_index", "mediator_id"),
        Index("mediation_place_id_index", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    mediator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    parties: Mapped[str] = mapped_column(Text, comment="initials, as in `L W`")
    about: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None] = mapped_column(Date)
