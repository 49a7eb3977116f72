"""Notes about sites, for who calls there next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

LONGEST_NOTE = 300


class SiteNote(Base):
    """现场备注: what is good to know of a building before one calls there. Struck when it holds no more."""

    __tablename__ = "site_note"
    __table_args__ = (
        CheckConstraint(f"char_length(words) BETWEEN 1 AND {LONGEST_NOTE}", name="words_sized"),
        CheckConstraint("(struck_at IS NULL) = (struck_by IS NULL)", name="struck_by_somebody"),
        Index("site_note_building_id_index", "building_id", postgresql_where=text("struck_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    words: Mapped[str] = mapped_column(Text, comment="about the site, of nobody")
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    struck_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    struck_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
