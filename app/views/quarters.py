"""The quarter an address is about, and those that are offered beside it."""

from __future__ import annotations

from collections.abc import Mapping

from app.services import indicators
from app.services.indicators import Quarter
from app.views.session import today

FORMER_QUARTERS = 7  # offered besides this one


def quarter_in(asked: Mapping[str, str]) -> Quarter:
    """The quarter that `quarter` names, this one without; refused with `quarter_unknown`."""
    name = asked.get("quarter")
    return indicators.quarter_called(name, today()) if name else indicators.quarter_of(today())


def quarters() -> list[Quarter]:
    """This quarter and those before it, the last first."""
    found = [indicators.quarter_of(today())]
    for _ in range(FORMER_QUARTERS):
        found.append(found[-1].former)
    return found
