"""By what counts are rounded to fives."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Rounding(Base):
    """The key by which this installation rounds (`app.services.fives`); one row, made by the migration."""

    __tablename__ = "rounding"
    __table_args__ = (
        CheckConstraint("id = 1", name="is_one"),
        {"comment": "by what key counts are rounded to fives; the same as long as the installation lives"},
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(Text)
