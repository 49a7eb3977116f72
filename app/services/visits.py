"""走访: one form at the door writes everything that was learnt there, in one transaction, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.errors import Refusal
from app.services import arrivals, audit, employers, homes, needs
from app.services.arrivals import Where
from app.services.personal import Registers
from app.services.visiting_hours import is_late

AHEAD = timedelta(minutes=5)  # phones' clocks go wrong by so much without anybody noticing
MET = "met"


@dataclass(frozen=True)
class Said:
    """What was asked and promised; a promise has a day."""

    asked: str | None = None
    promised: str | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Call:
    """A visit as it was written down at the door.

    One of household_id, dwelling_id and building_id says where. residents: what was told of those who live
    there, by id and field. arrived: people who live there and are not known yet. departed: ids of those who
    left, as of the day of the visit. needs: help the household asked for, each by a consent of its own.
    employers: what was told of employers of the building, by id and field.
    """

    client_id: str
    happened_at: datetime
    result: str
    household_id: int | None = None
    dwelling_id: int | None = None
    building_id: int | None = None
    verified: bool = False
    said: Sequence[Said] = ()
    residents: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    visit_hour: str | None = None
    arrived: Sequence[Mapping[str, Any]] = ()
    arrived_on: date | None = None
    departed: Sequence[int] = ()
    consent: bool = False
    needs: Sequence[needs.Asked] = ()
    employers: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def writes_of_people(self) -> bool:
        """Whether anything of a person is entered that was not held before."""
        return bool(self.residents or self.arrived or self.visit_hour)


@dataclass(frozen=True)
class Visited:
    """A visit that is written down. again: it had been sent before, and nothing more was written.

    needs: ids of those that were asked for, in their order.
    """

    visit_id: int
    building_id: int
    dwelling_id: int | None
    household_id: int | None
    late: bool
    again: bool = False
    needs: tuple[int, ...] = ()


def visit(registers: Registers, call: Call, now: datetime, key: bytes) -> Visited:
    """Write a visit down with all that was learnt. Sent again with the same `client_id` it stays one.

    now: in the city's own zone; it is when the visit was entered. key: what codes of needs are hashed with.
    Refused with `visit_unmet`, `visit_ahead`, `consent_missing`, `promise_without_day`,
    `client_id_reused`, `not_found`, `building_not_served`, `household_ended`, `need_without_household`, and
    as `needs.ask` refuses.
    """
    _check(call, now)
    seat = _seat(registers, call)
    visit_id = registers.session.scalar(_WRITE, _visit_row(registers, call, seat, now))
    if visit_id is None:
        return _sent_before(registers, call)
    household_id = _learn(registers, call, seat, visit_id, now.date())
    for said in call.said:
        registers.session.execute(_PROMISE, {**seat, "visit": visit_id, **vars(said)})
    asked = _ask(registers, call, household_id, now, key)
    for employer_id, told in call.employers.items():
        employers.fill(registers, employer_id, seat["building"], told)
    late = is_late(call.happened_at, now, registers.clocks(now.date()).entry_hours)
    facts = {
        "result": call.result,
        "verified": call.verified,
        "late": late,
        "promises": len(call.said),
        "residents": len(call.residents),
        "consent": call.consent,
    }
    audit.record(registers.session, registers.person_id, "visit.written", f"visit {visit_id}", facts)
    return Visited(visit_id, seat["building"], seat["dwelling"], household_id, late, needs=asked)


def keep_promise(registers: Registers, promise_id: int, kept_on: date, today: date) -> int:
    """Say that what was promised is done; returns the building. Refused with `not_found`, `day_in_future`."""
    if kept_on > today:
        raise Refusal("day_in_future", day=kept_on)
    row = registers.session.execute(_KEEP, {"promise": promise_id, "day": kept_on}).first()
    if row is None:
        raise Refusal("not_found")
    audit.record(registers.session, registers.person_id, "promise.kept", f"promise {promise_id}")
    return int(row.building_id)


def _check(call: Call, now: datetime) -> None:
    if call.happened_at > now + AHEAD:
        minutes = round((call.happened_at - now).total_seconds() / 60)
        raise Refusal("visit_ahead", minutes=minutes)
    learnt = call.verified or call.writes_of_people or call.departed or call.needs or call.employers
    if call.result != MET and learnt:
        raise Refusal("visit_unmet")
    if call.writes_of_people and not call.consent:
        raise Refusal("consent_missing")
    if any(said.promised and said.due_on is None for said in call.said):
        raise Refusal("promise_without_day")


def _seat(registers: Registers, call: Call) -> dict[str, Any]:
    """Where it was: household, dwelling, building, community; None where it was of the larger thing."""
    if call.household_id is not None:
        row = registers.session.execute(_HOUSEHOLD, {"household": call.household_id}).first()
        if row is None:
            raise Refusal("not_found")
        return {**row._mapping, "household": call.household_id}
    if call.dwelling_id is not None:
        found = homes.dwelling(registers, call.dwelling_id)
        seat = {"dwelling": found.id, "building": found.building_id, "community": found.community_id}
        return {**seat, "household": None}
    if call.building_id is None:
        raise Refusal("visit_where")
    homes.require_open(registers, call.building_id)
    community = registers.session.scalar(_COMMUNITY, {"building": call.building_id})
    return {"household": None, "dwelling": None, "building": call.building_id, "community": community}


def _visit_row(registers: Registers, call: Call, seat: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        **seat,
        "client_id": call.client_id,
        "person": registers.person_id,
        "result": call.result,
        "verified": call.verified,
        "happened_at": min(call.happened_at, now),
        "entered_at": now,
    }


def _learn(
    registers: Registers, call: Call, seat: Mapping[str, Any], visit_id: int, today: date
) -> int | None:
    """Write what was told of people; returns the household, also one that begins with it."""
    household_id: int | None = seat["household"]
    for resident_id, told in call.residents.items():
        if homes.change_resident(registers, resident_id, told) != household_id:
            raise Refusal("not_found")
    if call.arrived:
        where = Where(household_id=household_id, dwelling_id=seat["dwelling"])
        household_id = arrivals.arrive(
            registers,
            where,
            call.arrived,
            call.arrived_on or min(call.happened_at.date(), today),
            today,
            client_id=call.client_id,
            consent=call.consent,
            visit_hour=call.visit_hour,
        ).household_id
        registers.session.execute(_OF_HOUSEHOLD, {"visit": visit_id, "household": household_id})
    elif call.visit_hour and household_id is not None:
        homes.change_household(registers, household_id, call.visit_hour)
    if call.departed:
        left = arrivals.depart(registers, call.departed, min(call.happened_at.date(), today), today)
        if left.household_id != household_id:
            raise Refusal("not_found")
    return household_id


def _ask(
    registers: Registers, call: Call, household_id: int | None, now: datetime, key: bytes
) -> tuple[int, ...]:
    """Write down what help was asked for; whoever walked sees to it. The audit names the needs alone."""
    if not call.needs:
        return ()
    if household_id is None:
        raise Refusal("need_without_household")
    owner = registers.person_id or 0
    return tuple(
        needs.ask(registers, household_id, asked, owner, key, now, now.date())[0] for asked in call.needs
    )


def _sent_before(registers: Registers, call: Call) -> Visited:
    """The visit that was sent with the same id; another one is refused with `client_id_reused`."""
    row = registers.session.execute(_BEFORE, {"client_id": call.client_id}).first()
    where = (call.household_id, call.dwelling_id, call.building_id)
    same = row is not None and (
        (row.person_id, row.result) == (registers.person_id, call.result)
        and (row.household_id, row.dwelling_id, row.building_id)[
            next(place for place, one in enumerate(where) if one is not None)
        ]
        == next(one for one in where if one is not None)
    )
    if row is None or not same:
        raise Refusal("client_id_reused")
    late = is_late(row.happened_at, row.entered_at, registers.clocks(row.entered_at.date()).entry_hours)
    return Visited(row.id, row.building_id, row.dwelling_id, row.household_id, late, again=True)


_HOUSEHOLD = text("""
    SELECT dwelling_id AS dwelling, building_id AS building, community_id AS community
    FROM household WHERE id = :household
""")
_COMMUNITY = text("SELECT building_community(:building)")
_WRITE = text("""
    INSERT INTO visit (client_id, building_id, community_id, dwelling_id, household_id, person_id, result,
        verified, happened_at, entered_at)
    VALUES (:client_id, :building, :community, :dwelling, :household, :person, :result,
        :verified, :happened_at, :entered_at)
    ON CONFLICT (client_id) DO NOTHING RETURNING id
""")
_BEFORE = text("""
    SELECT id, building_id, dwelling_id, household_id, person_id, result, happened_at, entered_at
    FROM visit WHERE client_id = :client_id
""")
_PROMISE = text("""
    INSERT INTO promise (visit_id, building_id, community_id, asked, promised, due_on)
    VALUES (:visit, :building, :community, :asked, :promised, :due_on)
""")
_OF_HOUSEHOLD = text("UPDATE visit SET household_id = :household WHERE id = :visit")
_KEEP = text("UPDATE promise SET kept_on = :day WHERE id = :promise RETURNING building_id")
