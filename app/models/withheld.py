"""What was not told outside."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Withheld(Base):
    """Ground and grids of a community of which nothing was told outside while a plan was in force.

    It stays so (`app.services.heat_guard`): another choice on another day would tell of this one.
    """

    __tablename__ = "withheld"

    community_id: Mapped[int] = mapped_column(
        ForeignKey("place.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    plan_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="0: no plan was in force"
    )
    plots: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), comment="ids, also of plots that are no more")
    grids: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="codes of those of which no count is told")
