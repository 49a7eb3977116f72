"""What the public reads of an office; grids and duties it reads through views (migration 0046)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Office(Base):
    """办公地点: what is shown of the office behind the grids of a place and of all beneath it."""

    __tablename__ = "office"

    place_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("place.id"), primary_key=True, autoincrement=False
    )
    phone: Mapped[str] = mapped_column(Text, server_default="")
    supervision_phone: Mapped[str] = mapped_column(
        Text, server_default="", comment="who hears complaints about the work"
    )
    hours_zh: Mapped[str] = mapped_column(Text, server_default="")
    hours_en: Mapped[str] = mapped_column(Text, server_default="")
    address_zh: Mapped[str] = mapped_column(Text, server_default="")
    address_en: Mapped[str] = mapped_column(Text, server_default="")
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
