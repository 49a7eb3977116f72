"""What the map's tiles are kept by: how often the ground changed, and the tiles drawn of late."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of


class GroundVersion(Base):
    """How often what lies on a place's ground was written; triggers count, nobody else writes here."""

    __tablename__ = "ground_version"
    __table_args__ = (CheckConstraint("version >= 1", name="version_counted"),)

    place_id: Mapped[int] = mapped_column(
        ForeignKey("place.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(BigInteger)


class Tile(Base):
    """A tile as it was last drawn, packed; another version of the same tile takes its place.

    Unlogged: it can be drawn again, so a crash may empty the table.
    """

    __tablename__ = "tile"
    __table_args__ = (
        one_of("source", "ground", "plan"),
        Index("tile_drawn_at_index", "drawn_at"),
        {"prefixes": ["UNLOGGED"]},
    )

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    about: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="id of the place or plan"
    )
    seen_by: Mapped[str] = mapped_column(Text, primary_key=True, comment="digest of the scope drawn for")
    z: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    x: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    y: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[str] = mapped_column(Text, comment="of what is drawn, and of how")
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="gzip; empty where nothing is drawn")
    drawn_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
