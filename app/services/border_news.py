"""When borders have changed: which buildings joined one's grids, which left, and who had or has them now.

What is open moves with its building, as everything does; so the news names buildings and colleagues alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.due import Grid
from app.services.lookup import standing_in

FRESH = timedelta(days=30)  # how long a change is told of
JOINED, LEFT = "joined", "left"


@dataclass(frozen=True)
class Passed:
    """A building that came or went. grid and who: where it was before, or is now; None where nobody's."""

    way: str
    building_id: int
    name: str
    address: str | None
    grid_code: str | None
    who: str | None


@dataclass(frozen=True)
class Change:
    """A change of borders, as one coordinator sees it."""

    on: date
    passed: list[Passed]

    @property
    def joined(self) -> int:
        """How many buildings came."""
        return sum(one.way == JOINED for one in self.passed)

    @property
    def left(self) -> int:
        """How many buildings went."""
        return sum(one.way == LEFT for one in self.passed)


def changes(session: Session, person_id: int, grids: Sequence[Grid], now: datetime) -> list[Change]:
    """What the plans in force have changed for somebody lately, the newest first.

    grids: those they answer for now. now: in the city's own zone. A grid taken over is no change of borders:
    what is held against each other is what they answered for just before and just after a plan came into
    force. Plans that changed nothing for them are not named.
    """
    found = []
    for plan in session.execute(_PLANS, {"person": person_id, "since": now - FRESH}):
        asked = {"person": person_id, "plan": plan.id, "former": plan.former, "moment": plan.moment}
        rows = [Passed(**row._mapping) for row in session.execute(_PASSED, asked)]
        served = {grid.id for grid in grids}
        if rows and (served & set(plan.grids) or any(one.way == LEFT for one in rows)):
            found.append(Change(plan.moment.astimezone(now.tzinfo).date(), rows))
    return found


def _of(plan: str, around: str) -> str:
    """Buildings of the grids of a plan somebody answered for around a moment."""
    return f"""
        SELECT DISTINCT building.id FROM duty
        JOIN grid AS served ON served.id = duty.grid_id AND served.plan_id = {plan}
        CROSS JOIN LATERAL {standing_in("served.id")}
        WHERE duty.person_id = :person AND duty.during && {around}
    """  # noqa: S608 (constants)


def _told(way: str, ids: str, plan: str, around: str) -> str:
    """These buildings, each with its grid in a plan and who was primary of it around a moment."""
    return f"""
        SELECT '{way}' AS way, building.id AS building_id,
            coalesce(building.name, building.address, building.code) AS name, building.address,
            grid.code AS grid_code, person.name AS who
        FROM ({ids}) AS passed JOIN building USING (id)
        LEFT JOIN grid ON grid.plan_id = {plan} AND ST_Contains(grid.outline, building.position)
        LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND duty.during && {around}
        LEFT JOIN person ON person.id = duty.person_id
    """  # noqa: S608 (constants)


_BEFORE = "tstzrange(CAST(:moment AS timestamptz) - interval '1 second', CAST(:moment AS timestamptz))"
_AFTER = "tstzrange(CAST(:moment AS timestamptz), CAST(:moment AS timestamptz) + interval '1 second')"
# Plans in force that came after another one, with the grids somebody answered for in either.
_PLANS = text("""
    SELECT plan.id, former.id AS former, plan.published_at AS moment,
        array_agg(DISTINCT grid.id) AS grids
    FROM plan
    JOIN LATERAL (
        SELECT id FROM plan AS earlier
        WHERE earlier.place_id = plan.place_id AND earlier.state = 'retired'
        ORDER BY earlier.retired_at DESC, earlier.id DESC LIMIT 1
    ) AS former ON true
    JOIN grid ON grid.plan_id IN (plan.id, former.id)
    JOIN duty ON duty.grid_id = grid.id AND duty.person_id = :person
    WHERE plan.state = 'published' AND plan.published_at >= :since
    GROUP BY plan.id, former.id ORDER BY plan.published_at DESC
""")
_NOW_MINE, _MINE_BEFORE = _of(":plan", _AFTER), _of(":former", _BEFORE)
_CAME = _told(JOINED, f"{_NOW_MINE} EXCEPT {_MINE_BEFORE}", ":former", _BEFORE)
_WENT = _told(LEFT, f"{_MINE_BEFORE} EXCEPT {_NOW_MINE}", ":plan", _AFTER)
_PASSED = text(f"SELECT * FROM ({_CAME} UNION ALL {_WENT}) AS moved ORDER BY way, name, building_id")  # noqa: S608


def told(change: Change) -> dict[str, Any]:
    """A change as JSON holds it."""
    return {
        "on": change.on,
        "joined": change.joined,
        "left": change.left,
        "buildings": [vars(one) for one in change.passed],
    }
