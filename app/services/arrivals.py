"""来有登记、走有注销: registered on arriving, closed on leaving; moves within what one answers for.

An arrival opens a stay, a departure closes it and starts the clock of its retention; a household ends with
its last resident. Dates are days of the city; none lies ahead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text

from app.errors import Refusal
from app.services import audit, homes
from app.services.personal import Registers

KEPT_FOR = "registration"  # what residents are told their entry is for
UNDO = timedelta(days=31)  # how long a departure can be taken back


@dataclass(frozen=True)
class Arrived:
    """Where somebody was registered. again: it had been sent before and nothing was written."""

    household_id: int
    dwelling_id: int
    building_id: int
    residents: list[int]
    again: bool = False


@dataclass(frozen=True)
class Where:
    """To whom or where somebody comes: a household, else a dwelling, else a door of a building by its code.

    With a dwelling a household of its own begins there, beside those that live there already.
    """

    household_id: int | None = None
    dwelling_id: int | None = None
    building_id: int | None = None
    door: str | None = None
    entrance_id: int | None = None


def arrive(
    registers: Registers,
    where: Where,
    people: Sequence[Mapping[str, Any]],
    from_on: date,
    today: date,
    *,
    client_id: str,
    consent: bool,
    source: str = "visit",
    visit_hour: str | None = None,
) -> Arrived:
    """Register people who have come to live somewhere.

    people: name and, as far as told, phone, age_band, registered_here of each. client_id: made where it was
    written down; sent again, nothing more is written. consent: they were told what it is kept for and agreed.
    Refused with `consent_missing`, `day_in_future`, `not_found`, `building_not_served`, `household_ended`.
    """
    registers.session.execute(_ONE_AT_A_TIME, {"client_id": client_id})
    known = _sent_before(registers, client_id, len(people))
    if known is not None:
        return known
    if not consent:
        raise Refusal("consent_missing")
    _not_ahead(from_on, today)
    seat = _household(registers, where, from_on, visit_hour)
    ids = [
        _register(registers, seat, one, from_on, source, _client_id(client_id, number))
        for number, one in enumerate(people)
    ]
    registers.session.execute(_LIVED_IN, {"dwelling": seat["dwelling"]})
    facts = {"residents": len(ids), "source": source, "consent": True}
    about = f"household {seat['household']}"
    audit.record(registers.session, registers.person_id, "arrival.registered", about, facts)
    return Arrived(seat["household"], seat["dwelling"], seat["building"], ids)


@dataclass(frozen=True)
class Departed:
    """What a departure closed. ended: the household ended with it."""

    household_id: int
    stays: list[int]
    ended: bool


def depart(registers: Registers, residents: Sequence[int], until_on: date, today: date) -> Departed:
    """Close the stays of residents of one household; it ends with its last resident.

    until_on: their last day there. Refused with `not_found`, `stay_over`, `day_in_future`,
    `day_before_another`, `several_households`.
    """
    _not_ahead(until_on, today)
    stays = _open_stays(registers, residents)
    for household_id in sorted({stay.household_id for stay in stays}):
        registers.session.execute(_LOCK, {"household": household_id})
    if len({stay.household_id for stay in stays}) != 1:
        raise Refusal("several_households")
    for stay in stays:
        if until_on < stay.from_on:
            raise Refusal("day_before_another", day=until_on, earlier=stay.from_on)
        registers.session.execute(_CLOSE, {"stay": stay.id, "day": until_on})
    household_id = int(stays[0].household_id)
    ended = _end_if_empty(registers, household_id, until_on)
    facts = {"residents": len(stays), "ended": ended}
    about = f"household {household_id}"
    audit.record(registers.session, registers.person_id, "departure.registered", about, facts)
    return Departed(household_id, [int(stay.id) for stay in stays], ended)


def take_back(registers: Registers, stay_id: int, today: date) -> int:
    """Undo a departure: the stay is open again, and the household with it; returns the household.

    Refused with `not_found`, and with `departure_final` after 31 days, or once the person lives elsewhere.
    """
    stay = registers.session.execute(_STAY, {"stay": stay_id}).first()
    if stay is None:
        raise Refusal("not_found")
    if stay.until_on is None:
        return int(stay.household_id)
    if stay.until_on < today - UNDO or stay.elsewhere:
        raise Refusal("departure_final", day=stay.until_on)
    registers.session.execute(_LOCK, {"household": stay.household_id})
    registers.session.execute(_REOPEN, {"stay": stay_id})
    registers.session.execute(_LIVES_ON, {"household": stay.household_id})
    registers.session.execute(_LIVED_IN, {"dwelling": stay.dwelling_id})
    about = f"household {stay.household_id}"
    audit.record(registers.session, registers.person_id, "departure.taken_back", about)
    return int(stay.household_id)


def move(registers: Registers, residents: Sequence[int], where: Where, on: date, today: date) -> Arrived:
    """Let residents of one household move to another dwelling or household that the same person answers for.

    on: the first day there; their stay in the old one ends on it. What they told moves with them, and with
    all of them what they objected to; visits and promises stay with the old door. Refused as arrivals and
    departures are; into a building of somebody else with `building_not_served`: there it is an arrival,
    which its own coordinator registers.
    """
    left = depart(registers, residents, on, today)
    seat = _household(registers, where, on, _visit_hour(registers, left.household_id) if left.ended else None)
    if seat["household"] == left.household_id:
        raise Refusal("moved_nowhere")
    if left.ended and where.household_id is None:
        registers.session.execute(_OBJECTS_ON, {**seat, "left": left.household_id})
    for resident_id in residents:
        registers.session.execute(_MOVE, {**seat, "resident": resident_id})
        registers.session.execute(_STAY_HERE, {**seat, "resident": resident_id, "day": on, "client_id": None})
    registers.session.execute(_LIVED_IN, {"dwelling": seat["dwelling"]})
    facts = {"residents": len(residents), "from": left.household_id}
    about = f"household {seat['household']}"
    audit.record(registers.session, registers.person_id, "residents.moved", about, facts)
    return Arrived(seat["household"], seat["dwelling"], seat["building"], list(residents))


def _household(registers: Registers, where: Where, from_on: date, visit_hour: str | None) -> dict[str, int]:
    """The household people come to, begun where there is none: household, dwelling, building, community."""
    if where.household_id is not None:
        row = homes.living_household(registers, where.household_id)
        if from_on < row.begun_on:  # who was there first is told later
            registers.session.execute(_BEGAN, {"household": row.id, "day": from_on})
        if visit_hour:
            registers.session.execute(_HOUR, {"household": row.id, "hour": visit_hour})
        return {
            "household": row.id,
            "dwelling": row.dwelling_id,
            "building": row.building_id,
            "community": row.community_id,
        }
    dwelling = homes.dwelling(registers, _dwelling_id(registers, where))
    seat = {
        "dwelling": dwelling.id,
        "building": dwelling.building_id,
        "community": dwelling.community_id,
    }
    begun = {**seat, "day": from_on, "hour": visit_hour}
    return {**seat, "household": registers.session.execute(_BEGIN, begun).scalar_one()}


def _dwelling_id(registers: Registers, where: Where) -> int:
    if where.dwelling_id is not None:
        return where.dwelling_id
    if where.building_id is None or not where.door:
        raise Refusal("door_missing")
    (made,) = homes.add_dwellings(registers, where.building_id, [where.door], entrance_id=where.entrance_id)
    return made


def _register(
    registers: Registers,
    seat: Mapping[str, int],
    one: Mapping[str, Any],
    from_on: date,
    source: str,
    client_id: str,
) -> int:
    told = {
        "name": one["name"],
        "phone": one.get("phone"),
        "age_band": one.get("age_band"),
        "registered_here": one.get("registered_here"),
        "source": source,
        "purpose": KEPT_FOR,
        "person": registers.person_id,
    }
    resident_id = int(registers.session.execute(_RESIDENT, {**seat, **told}).scalar_one())
    stay = {**seat, "resident": resident_id, "day": from_on, "client_id": client_id}
    if registers.session.scalar(_STAY_HERE, stay) is None:  # by somebody whose rows are not seen here
        raise Refusal("client_id_reused")
    return resident_id


def _client_id(client_id: str, number: int) -> str:
    """Of the stay of each who arrived together, from the one their arrival was sent with."""
    return str(uuid5(UUID(client_id), str(number)))


def _sent_before(registers: Registers, client_id: str, people: int) -> Arrived | None:
    asked = {"first": _client_id(client_id, 0), "sent": [_client_id(client_id, n) for n in range(people)]}
    row = registers.session.execute(_SENT_BEFORE, asked).first()
    if row is None:
        return None
    return Arrived(row.household_id, row.dwelling_id, row.building_id, list(row.residents), again=True)


def _not_ahead(day: date, today: date) -> None:
    if day > today:
        raise Refusal("day_in_future", day=day)


def _open_stays(registers: Registers, residents: Sequence[int]) -> list[Any]:
    rows = registers.session.execute(_OPEN_STAYS, {"residents": list(residents)}).all()
    missing = set(residents) - {row.resident_id for row in rows}
    if missing or not rows:
        left = registers.session.scalar(_LEFT, {"residents": sorted(missing)})
        raise Refusal("not_found") if left is None else Refusal("stay_over", day=left)
    return list(rows)


def _end_if_empty(registers: Registers, household_id: int, until_on: date) -> bool:
    asked = {"household": household_id, "day": until_on}
    ended = registers.session.execute(_END_IF_EMPTY, asked).first()
    if ended is not None:
        registers.session.execute(_EMPTIED, {"dwelling": ended.dwelling_id})
    return ended is not None


def _visit_hour(registers: Registers, household_id: int) -> str | None:
    hour: str | None = registers.session.scalar(_HOUR_OF, {"household": household_id})
    return hour


_BEGIN = text("""
    INSERT INTO household (dwelling_id, building_id, community_id, begun_on, visit_hour)
    VALUES (:dwelling, :building, :community, :day, :hour) RETURNING id
""")
_BEGAN = text("UPDATE household SET begun_on = :day WHERE id = :household")
_HOUR = text("UPDATE household SET visit_hour = :hour WHERE id = :household")
_OBJECTS_ON = text("""
    WITH carried AS (
        UPDATE subject_request SET household_id = :household, building_id = :building,
            community_id = :community
        WHERE household_id = :left AND stops IS NOT NULL AND lifted_at IS NULL
    )
    UPDATE household SET objected = former.objected FROM household AS former
    WHERE household.id = :household AND former.id = :left
""")
_HOUR_OF = text("SELECT visit_hour FROM household WHERE id = :household")
_RESIDENT = text("""
    INSERT INTO resident (household_id, building_id, community_id, name, phone, age_band, registered_here,
        source, purpose, entered_by)
    VALUES (:household, :building, :community, :name, :phone, :age_band, :registered_here,
        :source, :purpose, :person)
    RETURNING id
""")
_STAY_HERE = text("""
    INSERT INTO stay (resident_id, household_id, building_id, community_id, from_on, client_id)
    VALUES (:resident, :household, :building, :community, :day, :client_id)
    ON CONFLICT (client_id) DO NOTHING RETURNING id
""")
_MOVE = text("""
    UPDATE resident SET household_id = :household, building_id = :building, community_id = :community
    WHERE id = :resident
""")
# Sent twice at once, the second waits here and then finds what the first has written.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('arrival ' || :client_id, 0))")
_SENT_BEFORE = text("""
    SELECT household.id AS household_id, household.dwelling_id, household.building_id,
        (SELECT array_agg(resident_id ORDER BY resident_id) FROM stay AS same
            WHERE same.client_id = ANY(CAST(:sent AS uuid[]))) AS residents
    FROM stay JOIN household ON household.id = stay.household_id WHERE stay.client_id = :first
""")
_OPEN_STAYS = text("""
    SELECT id, resident_id, household_id, from_on FROM stay
    WHERE resident_id = ANY(:residents) AND until_on IS NULL ORDER BY id FOR UPDATE
""")
# Who leaves with others at once, or while somebody comes, waits: else none of them would see the last leave.
_LOCK = text("SELECT id FROM household WHERE id = :household FOR UPDATE")
_LEFT = text("SELECT max(until_on) FROM stay WHERE resident_id = ANY(:residents)")
_CLOSE = text("UPDATE stay SET until_on = :day WHERE id = :stay")
_END_IF_EMPTY = text("""
    UPDATE household SET ended_on = greatest(CAST(:day AS date), begun_on)
    WHERE id = :household AND ended_on IS NULL
        AND NOT EXISTS (SELECT FROM stay WHERE household_id = household.id AND until_on IS NULL)
    RETURNING dwelling_id
""")
# A rental stays one while it is vacant; its letting ends by itself.
_EMPTIED = text("""
    UPDATE dwelling SET use = 'empty' WHERE id = :dwelling AND use = 'home'
        AND NOT EXISTS (SELECT FROM household WHERE dwelling_id = dwelling.id AND ended_on IS NULL)
""")
_LIVED_IN = text("UPDATE dwelling SET use = 'home' WHERE id = :dwelling AND use IN ('empty', 'other')")
_STAY = text("""
    SELECT stay.id, stay.until_on, stay.household_id, household.dwelling_id,
        resident.household_id <> stay.household_id OR EXISTS (SELECT FROM stay AS other
            WHERE other.resident_id = stay.resident_id AND other.until_on IS NULL AND other.id <> stay.id
        ) AS elsewhere
    FROM stay JOIN household ON household.id = stay.household_id
    JOIN resident ON resident.id = stay.resident_id
    WHERE stay.id = :stay FOR UPDATE OF stay
""")
_REOPEN = text("UPDATE stay SET until_on = NULL WHERE id = :stay")
_LIVES_ON = text("UPDATE household SET ended_on = NULL WHERE id = :household")
