"""Alerts: grids in force that have left their band."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Alert(Base):
    """提醒: a published grid whose households left its band, open until settled.

    households: when it was last looked at. A grid has one open alert at most; a settled one stays.
    """

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint("households >= 0", name="households_counted"),
        CheckConstraint("0 < least AND least <= most", name="band_ordered"),
        CheckConstraint("settled_at >= raised_at", name="settled_after"),
        Index("alert_open_index", "grid_id", unique=True, postgresql_where=text("settled_at IS NULL")),
        Index("alert_grid_id_index", "grid_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    grid_id: Mapped[int] = mapped_column(ForeignKey("grid.id"))
    households: Mapped[int]
    least: Mapped[int]
    most: Mapped[int]
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
