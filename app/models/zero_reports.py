"""Reports that must be filed every month, also where nothing happened."""

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
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ZeroReport(Base):
    """零报告: what happened in a grid in a month, as its coordinator reported it. Never changed.

    No row is no report, and not a report of nothing.
    """

    __tablename__ = "zero_report"
    __table_args__ = (
        UniqueConstraint("grid_id", "month"),
        Index("zero_report_person_id_index", "person_id"),
        CheckConstraint("extract(day FROM month) = 1", name="month_by_its_first_day"),
        CheckConstraint("least(arrivals, departures, visits) >= 0", name="counted"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    grid_id: Mapped[int] = mapped_column(ForeignKey("grid.id"))
    month: Mapped[date] = mapped_column(Date, comment="its first day")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    arrivals: Mapped[int] = mapped_column(comment="stays begun, as known when it was filed")
    departures: Mapped[int]
    visits: Mapped[int]
