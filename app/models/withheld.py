"""What was not told outside."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Withheld(Base):
    """Ground and grids of a community of which nothing is told outside, once it was not.

    It stays so (`app.services.heat_guard`): another choice on another day would tell of this one.
    """

    __tablename__ = "withheld"

    community_id: Mapped[int] = mapped_column(
        ForeignKey("place.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(Text, comment="of plans and plots it was chosen beside")
    plots: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), comment="ids, of former plots too")
    grids: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="codes; no count of them is told")
