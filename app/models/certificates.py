"""What certificates are kept by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Certificate(Base):
    """合格证: what geometry said of a plan when it was last examined; another mark, another certificate.

    Unlogged: the plan can be examined again, so a crash may empty the table.
    """

    __tablename__ = "certificate"
    __table_args__ = (Index("certificate_made_at_index", "made_at"), {"prefixes": ["UNLOGGED"]})

    plan_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    mark: Mapped[str] = mapped_column(Text, comment="of all that it depends on")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    drawing: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="the map of the printed sheet; null: no ground"
    )
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
