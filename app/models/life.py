"""The life of a plan: submitted, reviewed, commented on; and who may publish where."""

from __future__ import annotations

from datetime import date, datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Text,
    func,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, lonlat, one_of, sound

REVIEW_STATES = ("waiting", "approved", "sent_back", "withdrawn")


class Review(Base):
    """审核: a draft submitted to its leaders; waiting → approved or sent back, or withdrawn by a manager.

    While one is waiting or approved the draft is not edited. One that is over never changes.
    """

    __tablename__ = "review"
    __table_args__ = (
        one_of("state", *REVIEW_STATES),
        CheckConstraint("version >= 0", name="version_counted"),
        CheckConstraint("state <> 'waiting' OR decided_at IS NULL", name="waiting_undecided"),
        CheckConstraint(
            "state NOT IN ('approved', 'sent_back') OR decided_at IS NOT NULL", name="decided_when"
        ),
        CheckConstraint("state <> 'approved' OR effective_on IS NOT NULL", name="approved_for_a_day"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_when"),
        Index(
            "review_open_index",
            "plan_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'approved')"),
        ),
        Index("review_plan_id_index", "plan_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    version: Mapped[int] = mapped_column(comment="of the plan that is looked at")
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    asked_note: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(Text, comment="of who decided")
    effective_on: Mapped[date | None] = mapped_column(Date, comment="the day it is to be in force")
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("job.id"), comment="publishes it since its day came; tells why where it could not"
    )


class Comment(Base):
    """批注: what somebody says of a draft, perhaps of a point on its map or of one grid; settled once."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint("settled_by IS NULL OR settled_at IS NOT NULL", name="settled_when"),
        sound("position"),
        Index("comment_plan_id_index", "plan_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    version: Mapped[int] = mapped_column(comment="of the plan that was looked at")
    text: Mapped[str] = mapped_column(Text)
    position: Mapped[WKBElement | None] = mapped_column(lonlat("POINT"))
    grid_code: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PlaceSetting(Base):
    """设置: how a place and all beneath it work; without a row as the place above, at last by default."""

    __tablename__ = "place_setting"

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    managers_publish_alone: Mapped[bool] = mapped_column(
        server_default=true(), comment="without the approval of a leader"
    )
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
