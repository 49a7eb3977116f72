"""What is due at the doors somebody answers for: verification every quarter, promises, doors never called at.

Everything follows the building, so that nothing is lost when borders change: a building that comes to another
grid is on that coordinator's list from then on. What is due by a rental's end comes from `rentals`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import rentals
from app.services.access import MANAGERS, Actor
from app.services.duties import coordinates
from app.services.homes import LAST_VERIFIED, STATE, door_order
from app.services.lookup import standing_in
from app.services.personal import Registers
from app.services.visiting_hours import period_begins, period_ends, suits

AHEAD = timedelta(days=7)  # a promise is on the list so long before its day
KINDS = ("promise", "move-out", "verification", "never")  # in the order of their pressing


@dataclass(frozen=True)
class Grid:
    """A grid somebody answers for today. kind: primary or deputy."""

    id: int
    code: str
    name: str | None
    kind: str
    households: int


@dataclass(frozen=True)
class Due:
    """One thing to do at one door, and why.

    kind: of KINDS. since: when it was last done; None: never. now: whether those who live there may be
    called on at this hour; `hour` says when they like it.
    """

    kind: str
    building_id: int
    dwelling_id: int | None
    household_id: int | None
    door: str
    due_on: date
    overdue: bool
    since: date | None
    hour: str | None
    now: bool
    promise_id: int | None = None
    words: str | None = None


@dataclass(frozen=True)
class DueBuilding:
    """What is due in one building, the most pressing first."""

    id: int
    name: str
    address: str | None
    grid_code: str
    lon: float
    lat: float
    due: list[Due]

    @property
    def overdue(self) -> int:
        """How many things should have been done before today."""
        return sum(one.overdue for one in self.due)

    @property
    def now(self) -> int:
        """How many can be done at this hour."""
        return sum(one.now for one in self.due)


Source = Callable[[Registers, Sequence[int], datetime], list[Due]]


def my_grids(session: Session, person_id: int) -> list[Grid]:
    """The grids in force somebody is primary or deputy of at this moment, by code."""
    rows = session.execute(_MY_GRIDS, {"person": person_id})
    return [Grid(**row._mapping) for row in rows]


def grids_asked(session: Session, actor: Actor, grid_id: int | None) -> list[Grid]:
    """One's own grids; or one that is named, which is one's own or lies where one manages.

    Refused with `not_found`, and with `grid_not_served` where it is neither.
    """
    own = my_grids(session, actor.person_id)
    if grid_id is None:
        return own
    found = [grid for grid in own if grid.id == grid_id]
    if found:
        return found
    row = session.execute(_GRID, {"grid": grid_id}).first()
    if row is None:
        raise Refusal("not_found")
    if not actor.covers(MANAGERS, row.path):
        raise Refusal("grid_not_served", grid=row.code)
    return [Grid(row.id, row.code, row.name, "manager", row.households)]


def due(registers: Registers, grids: Sequence[Grid], now: datetime) -> list[DueBuilding]:
    """What is due in these grids, by building; the buildings with most that is overdue first.

    now: in the city's own zone. Whose doors are listed is written down as seen.
    """
    standing = _standing(registers.session, grids)
    ids = [row.id for row in standing]
    by_building: dict[int, list[Due]] = {}
    for source in SOURCES:
        for one in source(registers, ids, now):
            by_building.setdefault(one.building_id, []).append(one)
    shown = [one for found in by_building.values() for one in found]
    registers.seen("view", "due", (one.household_id for one in shown if one.household_id is not None))
    made = [
        DueBuilding(**row._mapping, due=sorted(by_building[row.id], key=_pressing))
        for row in standing
        if row.id in by_building
    ]
    return sorted(made, key=lambda building: (-building.overdue, -len(building.due), building.name))


def verifications(registers: Registers, buildings: Sequence[int], now: datetime) -> list[Due]:
    """Households nobody has gone through this quarter; overdue where nobody did in the last one either.

    A quarter is as many months as the rules in force say.
    """
    months = registers.clocks(now.date()).verification_months
    begins, former = period_begins(now, months), period_begins(now, months, back=1)
    asked = {
        "buildings": list(buildings),
        "quarter": begins,
        "former": former,
        "former_on": former.date(),
    }
    ends, missed = period_ends(now, months), begins.date() - timedelta(days=1)
    found = []
    for row in registers.session.execute(_UNVERIFIED, asked):
        overdue = row.state == "overdue"
        since = None if row.verified_at is None else row.verified_at.astimezone(now.tzinfo).date()
        found.append(
            _at_door(row, now, "verification", missed if overdue else ends, since=since, overdue=overdue)
        )
    return found


def promises(registers: Registers, buildings: Sequence[int], now: datetime) -> list[Due]:
    """Promises whose day is over or comes within a week."""
    asked = {"buildings": list(buildings), "until": now.date() + AHEAD}
    return [
        _at_door(
            row,
            now,
            "promise",
            row.due_on,
            since=row.happened_at.astimezone(now.tzinfo).date(),
            overdue=row.due_on < now.date(),
            promise_id=row.promise_id,
            words=row.promised or row.asked,
        )
        for row in registers.session.execute(_PROMISED, asked)
    ]


def never_visited(registers: Registers, buildings: Sequence[int], now: datetime) -> list[Due]:
    """Doors behind which nobody is registered and at which nobody has called."""
    rows = registers.session.execute(_NEVER, {"buildings": list(buildings)})
    until = period_ends(now, registers.clocks(now.date()).verification_months)
    return [_at_door(row, now, "never", until) for row in rows]


def move_outs(registers: Registers, buildings: Sequence[int], now: datetime) -> list[Due]:
    """Rentals whose tenants have left, or should have, and that nobody has looked at since."""
    here = set(buildings)
    return [
        Due(
            "move-out",
            check.building_id,
            check.dwelling_id,
            None,  # who moved out is not there to be asked
            check.dwelling or "",
            check.due_on,
            overdue=check.due_on < now.date(),
            since=check.left_on,
            hour=None,
            now=True,
        )
        for check in rentals.move_out_checks(registers, now.date())
        if check.building_id in here
    ]


SOURCES: tuple[Source, ...] = (promises, move_outs, verifications, never_visited)


def _at_door(row: Any, now: datetime, kind: str, due_on: date, **more: Any) -> Due:
    hour = row.visit_hour
    told = {"since": None, "overdue": False, **more}
    return Due(
        kind,
        row.building_id,
        row.dwelling_id,
        row.household_id,
        row.door or "",
        due_on,
        hour=hour,
        now=suits(hour, now),
        **told,
    )


def _pressing(one: Due) -> tuple[Any, ...]:
    return (not one.overdue, KINDS.index(one.kind), one.due_on, door_order(one.door))


def _standing(session: Session, grids: Sequence[Grid]) -> list[Any]:
    """Buildings that stand in the grids, once each."""
    rows: dict[int, Any] = {}
    for grid in grids:
        for row in session.execute(_BUILDINGS, {"grid": grid.id, "code": grid.code}):
            rows.setdefault(row.id, row)
    return list(rows.values())


_MY_GRIDS = text(f"""
    SELECT grid.id, grid.code, grid.name, min(duty.kind COLLATE "C") AS kind, grid.households
    FROM duty JOIN grid ON grid.id = duty.grid_id
    JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    WHERE duty.person_id = :person AND duty.during @> clock_timestamp() AND {coordinates("grid")}
    GROUP BY grid.id ORDER BY grid.code
""")  # noqa: S608 (constants)
_GRID = text("""
    SELECT grid.id, grid.code, grid.name, grid.households, place.path::text AS path
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id WHERE grid.id = :grid
""")
_BUILDINGS = text(f"""
    SELECT building.id, coalesce(building.name, building.address, building.code) AS name, building.address,
        CAST(:code AS text) AS grid_code,
        ST_X(building.position) AS lon, ST_Y(building.position) AS lat
    FROM {standing_in(":grid")} ORDER BY building.code
""")  # noqa: S608 (constants)
_UNVERIFIED = text(f"""
    SELECT * FROM (
        SELECT household.building_id, household.dwelling_id, household.id AS household_id,
            dwelling.code AS door, household.visit_hour, verified.happened_at AS verified_at, {STATE} AS state
        FROM household JOIN dwelling ON dwelling.id = household.dwelling_id
        LEFT JOIN {LAST_VERIFIED}
        WHERE household.building_id = ANY(:buildings) AND household.ended_on IS NULL
    ) AS living WHERE state <> 'verified'
""")  # noqa: S608 (constants)
_PROMISED = text("""
    SELECT promise.id AS promise_id, promise.asked, promise.promised, promise.due_on, promise.building_id,
        visit.happened_at, visit.dwelling_id, visit.household_id, dwelling.code AS door, household.visit_hour
    FROM promise JOIN visit ON visit.id = promise.visit_id
    LEFT JOIN dwelling ON dwelling.id = visit.dwelling_id
    LEFT JOIN household ON household.id = visit.household_id
    WHERE promise.building_id = ANY(:buildings) AND promise.kept_on IS NULL AND promise.due_on <= :until
        AND household.ended_on IS NULL
""")
_NEVER = text("""
    SELECT dwelling.building_id, dwelling.id AS dwelling_id, NULL::bigint AS household_id,
        dwelling.code AS door, NULL::text AS visit_hour
    FROM dwelling
    WHERE dwelling.building_id = ANY(:buildings) AND dwelling.retired_at IS NULL AND dwelling.use <> 'other'
        AND NOT EXISTS (SELECT FROM household
            WHERE household.dwelling_id = dwelling.id AND household.ended_on IS NULL)
        AND NOT EXISTS (SELECT FROM visit WHERE visit.dwelling_id = dwelling.id)
""")
