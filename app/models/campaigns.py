"""What is aimed at in a campaign: a share, by a day. About sites and cases, never about persons."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Identity, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of

CAMPAIGN_MEASURES = ("closed", "inspected")


class Campaign(Base):
    """专项行动: a share of hazards closed, or of sites inspected, that a place wants to reach by a day."""

    __tablename__ = "campaign"
    __table_args__ = (
        one_of("measure", *CAMPAIGN_MEASURES),
        CheckConstraint("name_zh <> ''", name="chinese_given"),
        CheckConstraint("target_percent BETWEEN 1 AND 100", name="target_a_share"),
        CheckConstraint("until_on > from_on", name="ends_after_it_began"),
        CheckConstraint("kind IS NULL OR measure = 'closed'", name="kind_of_hazards"),
        Index("campaign_place_id_index", "place_id", "until_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, server_default="")
    measure: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(ForeignKey("hazard_kind.code"), comment="none: all hazards")
    target_percent: Mapped[int]
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date, comment="the day by which the share is to be reached")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), comment="who set it")
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
