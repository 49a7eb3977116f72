"""Hazards counted by place and day, as the triggers of `hazard` keep them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Identity, Index, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class HazardTally(Base):
    """So many hazards more of a place and a day: of a community, and likewise of every place above it.

    what: `reported`, `filed` and `open` by the day they were reported; `due`, `due closed`, `on time` and
    `waiting` (its clock runs) by the day they are due; `closed` and `gone` (refused ones too) by the day
    they were closed; `waiting in` without a day, the kind being the community's id and the grid's code.
    Appended by triggers alone; `settle_hazard_tally` puts rows together.
    """

    __tablename__ = "hazard_tally"
    __table_args__ = (
        Index(
            "hazard_tally_place_index",
            "place_id",
            "what",
            "day",
            postgresql_include=["kind", "hours", "n"],
        ),
        Index("hazard_tally_fresh_index", "id", postgresql_where=text("is_fresh")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    day: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, server_default="")
    hours: Mapped[int] = mapped_column(server_default="0", comment="of what is closed: how long it took")
    n: Mapped[int] = mapped_column(comment="so many more, or fewer where below zero")
    is_fresh: Mapped[bool] = mapped_column(server_default=true())
