"""Work as people see it: jobs in the background, files sent in, answers kept, and who has a plan open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of

EMPTY = text("'{}'::jsonb")


class Upload(Base):
    """Files a person sent in, kept in quarantine until they are imported or discarded; the row stays."""

    __tablename__ = "upload"
    __table_args__ = (
        one_of("state", "received", "read", "refused", "imported", "discarded"),
        CheckConstraint("jsonb_typeof(files) = 'array'", name="files_listed"),
        CheckConstraint("jsonb_typeof(options) = 'object'", name="options_named"),
        CheckConstraint("folder ~ '^[A-Za-z0-9_-]{16,}$'", name="folder_random"),
        Index("upload_person_id_index", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(Text, server_default="received")
    folder: Mapped[str] = mapped_column(Text, unique=True, comment="random name in the quarantine")
    files: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, comment="[{name as sent, stored, bytes, sha256, role}]"
    )
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=EMPTY)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    preview: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="small drawing of what was read"
    )
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Job(Base):
    """Something done in the background: queued → running → done, failed or cancelled.

    `attempt` counts how often a worker took it up. What a worker writes names the attempt it was
    given, so that one that was thought dead and comes back cannot write beside its successor.
    """

    __tablename__ = "job"
    __table_args__ = (
        one_of(
            "kind",
            *("read_upload", "import_upload", "split", "rebalance", "publish", "layer", "hazard_file"),
        ),
        one_of("state", "queued", "running", "done", "failed", "cancelled"),
        CheckConstraint("share >= 0 AND share <= 1", name="share_in_range"),
        CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_when"
        ),
        CheckConstraint("(state = 'failed') = (refusal IS NOT NULL)", name="failed_why"),
        Index("job_place_id_index", "place_id"),
        Index("job_upload_id_index", "upload_id"),
        Index("job_at_work_index", "queue_id", postgresql_where=text("state IN ('queued', 'running')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=EMPTY)
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    queue_id: Mapped[int | None] = mapped_column(BigInteger, comment="its row in the queue")
    share: Mapped[float] = mapped_column(Double, server_default="0")
    step: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    refusal: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="code and facts of what it failed for"
    )
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Answer(Base):
    """What was answered to a request that named a key: sent again, it gets the same answer; for some days."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("key <> '' AND char_length(key) <= 100", name="key_short"),
        CheckConstraint("octet_length(asked) = 32", name="asked_whole"),
        Index("answer_made_at_index", "made_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True, comment="chosen by who asks")
    asked: Mapped[bytes] = mapped_column(LargeBinary, comment="hash of address and body")
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Presence(Base):
    """A window in which a person has a plan open; the row goes with it. Unlogged: nothing of it is kept."""

    __tablename__ = "presence"
    __table_args__ = (Index("presence_plan_id_index", "plan_id"), {"prefixes": ["UNLOGGED"]})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
