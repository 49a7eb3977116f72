"""Rules with the day they hold from, and the days on which nobody works or everybody must."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Text,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class RulePack(Base):
    """规则包: settings that hold for a place and all beneath from a day on, until the next ones do.

    A row is never changed but to be withdrawn before its day. So what was done on a day can always be held
    against the rules of that day.
    """

    __tablename__ = "rule_pack"
    __table_args__ = (
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("jsonb_typeof(settings) = 'object'", name="settings_named"),
        Index("rule_pack_place_id_from_on_index", "place_id", "from_on"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), comment="none: everywhere")
    code: Mapped[str] = mapped_column(Text, comment="of the shipped pack it began as")
    from_on: Mapped[date] = mapped_column(Date)
    settings: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="whole, so that no later release alters it"
    )
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CalendarDay(Base):
    """A day that is not what its weekday says: a holiday, or a weekend day worked to make up for one."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    worked: Mapped[bool]
    name: Mapped[str] = mapped_column(Text, comment="of the holiday")
    provisional: Mapped[bool] = mapped_column(
        server_default=false(), comment="by statute; how it is made up for has not been announced"
    )
