"""Hazards for the tests, row by row: `mapped` with what a test says was reported there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.models import Hazard
from tests.services.mapped import Mapped

REPORTED = datetime(2026, 2, 2, 4, tzinfo=UTC)  # a Monday, noon in Shanghai


def given_hazard(
    session: Session,
    made: Mapped,
    grid: str = "W1",
    *,
    reported: datetime = REPORTED,
    due_days: float = 5,
    closed_days: float | None = None,
    **columns: Any,
) -> Hazard:
    """A hazard in the first building of a grid. due_days, closed_days: after it was reported."""
    building = made.buildings[grid][0]
    closed = None if closed_days is None else reported + timedelta(days=closed_days)
    hazard = Hazard(
        **{
            "community_id": made.grids[grid].community_id,
            "grid_code": made.grids[grid].code,
            "building_id": building.id,
            "position": building.position,
            "kind": "gas",
            "origin": "coordinator",
            "reported_at": reported,
            "due_at": reported + timedelta(days=due_days),
            "state": "handling" if closed is None else "closed",
            "state_since": closed or reported,
            "closed_at": closed,
            **columns,
        }
    )
    session.add(hazard)
    session.flush()
    return hazard
