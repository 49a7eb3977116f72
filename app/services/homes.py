"""Who lives where: a building, its entrances, dwellings, households and residents, for who answers for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import registers as tables
from app.services import audit
from app.services.personal import Registers
from app.services.rules import Clocks
from app.services.visiting_hours import is_late, period_begins

AGE_BANDS, VISIT_HOURS, DWELLING_USES = tables.AGE_BANDS, tables.VISIT_HOURS, tables.DWELLING_USES
SOURCES, VISIT_RESULTS = tables.SOURCES, tables.VISIT_RESULTS
MOST_DWELLINGS = 400  # added at once
MOST_VISITS = 20  # shown of a household
ASKED_FIELDS = (
    "phone",
    "age_band",
    "registered_here",
)  # of a resident: what a visit asks where it is missing


# --- A building ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Home:
    """A household as its door shows it.

    state: verified (this quarter), due, overdue (nobody went through it for a whole quarter and more).
    """

    id: int
    first_name: str
    residents: int
    visit_hour: str | None
    verified_at: datetime | None
    state: str
    missing: int


@dataclass(frozen=True)
class Door:
    """A dwelling of a building; `called_at` None: nobody has called there yet."""

    id: int
    code: str
    floor: int | None
    entrance_id: int | None
    use: str
    let: bool
    called_at: datetime | None
    homes: list[Home]

    @property
    def state(self) -> str:
        """The most pressing of its households; without one: empty, or other where nobody is to live."""
        states = {home.state for home in self.homes}
        found = next((state for state in ("overdue", "due", "verified") if state in states), None)
        return found or ("other" if self.use == "other" else "empty")


@dataclass(frozen=True)
class Floor:
    """The doors of one floor, from left to right; number None where it is not known."""

    number: int | None
    doors: list[Door]


@dataclass(frozen=True)
class Staircase:
    """An entrance with its floors, the topmost first; id None: doors whose entrance is not known."""

    id: int | None
    code: str | None
    name: str | None
    floors: list[Floor]


@dataclass(frozen=True)
class Standing:
    """A building as everybody on the staff may know it, and who answers for it today."""

    id: int
    code: str
    name: str | None
    name_pinyin: str | None
    address: str | None
    floors: int | None
    estimated: int
    lon: float
    lat: float
    community: str
    plan_place: str | None
    grid_id: int | None
    grid_code: str | None
    coordinators: list[str] = field(default_factory=list)


def standing(session: Session, building_id: int) -> Standing:
    """A building, no personal row of it. Refused with `not_found`, also where it was pulled down."""
    row = session.execute(_STANDING, {"building": building_id}).first()
    if row is None:
        raise Refusal("not_found")
    return Standing(**row._mapping)


def is_open(registers: Registers, building_id: int) -> bool:
    """Whether the rows of a building are seen in this transaction."""
    return bool(registers.session.scalar(_IS_OPEN, {"building": building_id}))


def require_open(registers: Registers, building_id: int) -> None:
    """Refuse writing about a building none of whose rows this person may see: `building_not_served`."""
    if not is_open(registers, building_id):
        code = registers.session.scalar(_CODE, {"building": building_id})
        if code is None:
            raise Refusal("not_found")
        raise Refusal("building_not_served", building=code)


def doors_to_move_to(registers: Registers, building_id: int) -> list[Row[Any]]:
    """The dwellings of a building by id and number, no row of a person."""
    rows = registers.session.execute(_DOORS_ONLY, {"building": building_id}).all()
    return sorted(rows, key=lambda row: door_order(row.code))


def require_seen(registers: Registers, building_id: int) -> None:
    """Refuse reading of a building none of whose rows this person may see: `not_found`."""
    if not is_open(registers, building_id):
        raise Refusal("not_found")


def doors(registers: Registers, building_id: int, now: datetime) -> list[Door]:
    """The dwellings of a building with their households; written down as seen.

    now: in the city's own zone.
    """
    months = registers.clocks(now.date()).verification_months
    former = period_begins(now, months, back=1)
    asked = {
        "building": building_id,
        "quarter": period_begins(now, months),
        "former": former,
        "former_on": former.date(),
    }
    homes: dict[int, list[Home]] = {}
    for row in registers.session.execute(_HOMES, asked):
        facts = dict(row._mapping)
        homes.setdefault(facts.pop("dwelling_id"), []).append(Home(**facts))
    found = [
        Door(**row._mapping, homes=homes.get(row.id, [])) for row in registers.session.execute(_DOORS, asked)
    ]
    registers.seen("view", f"building {building_id}", (home.id for all_ in homes.values() for home in all_))
    return sorted(found, key=lambda door: door_order(door.code))


def staircases(session: Session, building_id: int, found: Sequence[Door]) -> list[Staircase]:
    """Doors as the front of the house shows them: by entrance, from the topmost floor down."""
    entrances = session.execute(_ENTRANCES, {"building": building_id}).all()
    known = [(row.id, row.code, row.name) for row in entrances] + [(None, None, None)]
    made = []
    for entrance_id, code, name in known:
        own = [door for door in found if door.entrance_id == entrance_id]
        if own or entrance_id is not None:
            made.append(Staircase(entrance_id, code, name, _floors(own)))
    return made


def _floors(found: Iterable[Door]) -> list[Floor]:
    by_floor: dict[int | None, list[Door]] = {}
    for door in found:
        floor = door.floor if door.floor is not None else floor_of(door.code)
        by_floor.setdefault(floor, []).append(door)
    numbers = sorted((number for number in by_floor if number is not None), reverse=True)
    return [Floor(number, by_floor[number]) for number in [*numbers, *({None} & set(by_floor))]]


def floor_of(code: str) -> int | None:
    """The floor that a door's number tells; None where it does not.

    >>> floor_of("1203"), floor_of("302"), floor_of("B12"), floor_of("7"), floor_of("3单元502")
    (12, 3, None, None, 5)
    """
    found = re.search(r"(?<![0-9A-Za-z])(\d{1,2})(\d{2})$", code)
    return int(found.group(1)) or None if found else None


def door_order(code: str) -> list[tuple[int, int | str]]:
    """What doors are sorted by: numbers in them as numbers.

    >>> sorted(["1001", "201", "B2", "B10"], key=door_order)
    ['201', '1001', 'B2', 'B10']
    """
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.findall(r"\d+|\D+", code)]


# --- Dwellings -------------------------------------------------------------------------------------------


def add_dwellings(
    registers: Registers,
    building_id: int,
    codes: Sequence[str],
    *,
    entrance_id: int | None = None,
    use: str = "home",
) -> list[int]:
    """Add doors to a building; those it has already stay as they are, and one that was retired comes back.

    codes: numbers on the doors. Returns ids, in the order of the codes. Refused with `not_found` for an
    entrance of another building, `building_not_served`, `door_missing` for one without a number.
    """
    require_open(registers, building_id)
    if entrance_id is not None:
        owner = registers.session.scalar(_ENTRANCE_OF, {"entrance": entrance_id})
        if owner != building_id:
            raise Refusal("not_found")
    wanted = list(dict.fromkeys(" ".join(code.split()) for code in codes))
    if "" in wanted:
        raise Refusal("door_missing")
    ids = []
    for code in wanted:
        seat = {
            "building": building_id,
            "entrance": entrance_id,
            "code": code,
            "floor": floor_of(code),
            "use": use,
        }
        ids.append(int(registers.session.execute(_ADD_DWELLING, seat).scalar_one()))
    audit.record(
        registers.session,
        registers.person_id,
        "dwelling.added",
        f"building {building_id}",
        {"dwellings": len(ids)},
    )
    return ids


def change_dwelling(
    registers: Registers, dwelling_id: int, *, use: str | None = None, retired: bool | None = None
) -> int:
    """Say what a dwelling is used for, or that there is no such door any more; returns its building.

    Refused with `not_found`, and with `dwelling_occupied` where somebody lives there.
    """
    found = dwelling(registers, dwelling_id)
    if retired or use in ("empty", "other"):
        homes = registers.session.scalar(_LIVING, {"dwelling": dwelling_id}) or 0
        if homes:
            raise Refusal("dwelling_occupied", dwelling=found.code, households=homes)
    asked = {"dwelling": dwelling_id, "use": use, "retired": retired}
    registers.session.execute(_CHANGE_DWELLING, asked)
    facts = {"use": use} if use else {"retired": retired}
    audit.record(registers.session, registers.person_id, "dwelling.changed", f"dwelling {dwelling_id}", facts)
    return int(found.building_id)


def dwelling(registers: Registers, dwelling_id: int) -> Row[Any]:
    """A dwelling: id, building_id, community_id, code, use; `not_found` where it is not seen."""
    row = registers.session.execute(_DWELLING, {"dwelling": dwelling_id}).first()
    if row is None:
        raise Refusal("not_found")
    return row


# --- A household -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ResidentSeen:
    """Somebody who lives in a household, with the stay that is open."""

    id: int
    name: str
    age_band: str | None
    registered_here: bool | None
    phone: str | None
    source: str
    entered_at: datetime
    stay_id: int
    from_on: date

    @property
    def missing(self) -> list[str]:
        """Names of the fields nobody has told yet."""
        return [name for name in ASKED_FIELDS if getattr(self, name) is None]


@dataclass(frozen=True)
class VisitSeen:
    """A call at the door; entry_hours: within how many hours of it the rules wanted it entered."""

    id: int
    happened_at: datetime
    entered_at: datetime
    result: str
    verified: bool
    who: str
    entry_hours: int

    @property
    def late(self) -> bool:
        """Whether it was entered after the hours there are."""
        return is_late(self.happened_at, self.entered_at, self.entry_hours)


@dataclass(frozen=True)
class PromiseSeen:
    """What was asked and promised at a door."""

    id: int
    asked: str | None
    promised: str | None
    due_on: date | None
    kept_on: date | None


@dataclass(frozen=True)
class HouseholdSeen:
    """One file: a household with who lives in it and what was said at its door.

    former: how many lived here and left; they are on no current page.
    """

    id: int
    dwelling_id: int
    building_id: int
    dwelling_code: str
    dwelling_use: str
    visit_hour: str | None
    begun_on: date
    ended_on: date | None
    objected: list[str]
    residents: list[ResidentSeen]
    former: int
    visits: list[VisitSeen]
    promises: list[PromiseSeen]

    @property
    def verified_at(self) -> datetime | None:
        """When what is held was last gone through."""
        return next((visit.happened_at for visit in self.visits if visit.verified), None)

    @property
    def missing(self) -> int:
        """How many fields nobody has told yet."""
        return sum(len(one.missing) for one in self.residents) + (self.visit_hour is None)


def household(registers: Registers, household_id: int) -> HouseholdSeen:
    """One household's file; written down as seen. `not_found` where it is not seen by this person."""
    asked = {"household": household_id, "most": MOST_VISITS}
    row = registers.session.execute(_HOUSEHOLD, asked).first()
    if row is None:
        raise Refusal("not_found")
    ask, clocks = registers.session.execute, cache(registers.clocks)
    made = HouseholdSeen(
        **row._mapping,
        residents=[ResidentSeen(**one._mapping) for one in ask(_RESIDENTS, asked)],
        visits=[_visit_seen(clocks, one) for one in ask(_VISITS, asked)],
        promises=[PromiseSeen(**one._mapping) for one in ask(_PROMISES, asked)],
    )
    registers.seen("view", f"household {household_id}", [household_id])
    return made


def _visit_seen(clocks: Callable[[date], Clocks], row: Row[Any]) -> VisitSeen:
    """A visit, held against the hours there were on the day it was entered. clocks: of a day."""
    return VisitSeen(**row._mapping, entry_hours=clocks(row.entered_at.date()).entry_hours)


def change_household(registers: Registers, household_id: int, visit_hour: str | None) -> None:
    """When a household likes to be visited. Refused with `not_found`, `household_ended`."""
    living_household(registers, household_id)
    asked = {"household": household_id, "hour": visit_hour}
    registers.session.execute(_CHANGE_HOUSEHOLD, asked)
    audit.record(
        registers.session,
        registers.person_id,
        "household.changed",
        f"household {household_id}",
        {"fields": ["visit_hour"]},
    )


def living_household(registers: Registers, household_id: int) -> Row[Any]:
    """A household that has not ended, locked: id, dwelling_id, building_id, community_id, begun_on.

    Refused with `not_found`, and with `household_ended` once its last resident has left.
    """
    row = registers.session.execute(_LIVING_HOUSEHOLD, {"household": household_id}).first()
    if row is None:
        raise Refusal("not_found")
    if row.ended_on is not None:
        raise Refusal("household_ended", household=household_id, day=row.ended_on)
    return row


def change_resident(registers: Registers, resident_id: int, changed: Mapping[str, Any]) -> int:
    """Correct fields of a resident: name, phone, age_band, registered_here; returns the household.

    changed: the new values by field; the audit tells which fields, never what they hold.
    Refused with `not_found`.
    """
    row = registers.session.execute(_RESIDENT, {"resident": resident_id}).first()
    if row is None:
        raise Refusal("not_found")
    values = {name: changed.get(name, getattr(row, name)) for name in ("name", *ASKED_FIELDS)}
    registers.session.execute(_CHANGE_RESIDENT, {"resident": resident_id, **values})
    facts = {"fields": sorted(changed)}
    audit.record(registers.session, registers.person_id, "resident.changed", f"resident {resident_id}", facts)
    return int(row.household_id)


def a_name(said: str) -> str:
    """A name as it is kept, without space around it. Refused with `resident_unnamed` if nothing is left."""
    name = " ".join(said.split())
    if not name:
        raise Refusal("resident_unnamed")
    return name


# --- Questions -------------------------------------------------------------------------------------------

_STANDING = text("""
    SELECT building.id, building.code, building.name, building.name_pinyin, building.address,
        building.floors, building.households AS estimated,
        ST_X(building.position) AS lon, ST_Y(building.position) AS lat,
        community.name AS community, ruled.code AS plan_place,
        grid.id AS grid_id, grid.code AS grid_code,
        coalesce((
            SELECT array_agg(person.name ORDER BY duty.kind DESC, person.name)
            FROM duty JOIN person ON person.id = duty.person_id
            WHERE duty.grid_id = grid.id AND duty.during @> clock_timestamp()
        ), '{}') AS coordinators
    FROM building
    JOIN place AS community ON community.id = building_community(building.id)
    LEFT JOIN (grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        JOIN place AS ruled ON ruled.id = plan.place_id)
        ON ST_Contains(grid.outline, building.position)
    WHERE building.id = :building AND building.retired_at IS NULL
    ORDER BY nlevel(ruled.path) NULLS LAST LIMIT 1
""")
_CODE = text("SELECT coalesce(name, address, code) FROM building WHERE id = :building")
_IS_OPEN = text("""
    SELECT coalesce(:building = ANY(served_buildings()), false)
        OR EXISTS (SELECT FROM place
            WHERE id = building_community(:building) AND path <@ ANY(staff_paths()))
""")
_ENTRANCES = text("SELECT id, code, name FROM entrance WHERE building_id = :building ORDER BY code")
_ENTRANCE_OF = text("SELECT building_id FROM entrance WHERE id = :entrance")
_DOORS_ONLY = text("""
    SELECT dwelling.id, dwelling.code, dwelling.use, entrance.name AS entrance FROM dwelling
    LEFT JOIN entrance ON entrance.id = dwelling.entrance_id
    WHERE dwelling.building_id = :building AND dwelling.retired_at IS NULL
""")
_DOORS = text("""
    SELECT dwelling.id, dwelling.code, dwelling.floor, dwelling.entrance_id, dwelling.use,
        EXISTS (SELECT FROM rental WHERE rental.dwelling_id = dwelling.id AND rental.ended_on IS NULL) AS let,
        (SELECT max(happened_at) FROM visit WHERE visit.dwelling_id = dwelling.id) AS called_at
    FROM dwelling WHERE building_id = :building AND retired_at IS NULL
""")
# What decides whether a household is due: `due.py` asks by the same words.
STATE = """CASE
    WHEN verified.happened_at >= :quarter THEN 'verified'
    WHEN coalesce(verified.happened_at < :former, household.begun_on < :former_on) THEN 'overdue'
    ELSE 'due' END"""
LAST_VERIFIED = """LATERAL (
    SELECT max(happened_at) AS happened_at FROM visit
    WHERE visit.household_id = household.id AND visit.verified
) AS verified ON true"""
_HOMES = text(f"""
    SELECT household.id, household.dwelling_id, coalesce(living.first_name, '') AS first_name,
        coalesce(living.residents, 0) AS residents, household.visit_hour,
        verified.happened_at AS verified_at, {STATE} AS state,
        coalesce(living.missing, 0) + (household.visit_hour IS NULL)::int AS missing
    FROM household
    LEFT JOIN {LAST_VERIFIED}
    LEFT JOIN LATERAL (
        SELECT (array_agg(resident.name ORDER BY stay.from_on, resident.id))[1] AS first_name,
            count(*) AS residents,
            sum(num_nulls(resident.phone, resident.age_band, resident.registered_here)) AS missing
        FROM stay JOIN resident ON resident.id = stay.resident_id
        WHERE stay.household_id = household.id AND stay.until_on IS NULL
    ) AS living ON true
    WHERE household.building_id = :building AND household.ended_on IS NULL
    ORDER BY household.id
""")  # noqa: S608 (constants)
_ADD_DWELLING = text("""
    INSERT INTO dwelling (building_id, entrance_id, code, floor, use)
    VALUES (:building, :entrance, :code, :floor, :use)
    ON CONFLICT (building_id, entrance_id, code) DO UPDATE SET retired_at = NULL
    RETURNING id
""")
_DWELLING = text("""
    SELECT dwelling.id, dwelling.building_id, dwelling.community_id, dwelling.code, dwelling.use
    FROM dwelling WHERE id = :dwelling AND retired_at IS NULL
""")
_LIVING = text("SELECT count(*) FROM household WHERE dwelling_id = :dwelling AND ended_on IS NULL")
_CHANGE_DWELLING = text("""
    UPDATE dwelling SET use = coalesce(:use, use),
        retired_at = CASE WHEN CAST(:retired AS boolean) THEN now() ELSE retired_at END
    WHERE id = :dwelling
""")
_HOUSEHOLD = text("""
    SELECT household.id, household.dwelling_id, household.building_id, dwelling.code AS dwelling_code,
        dwelling.use AS dwelling_use, household.visit_hour, household.begun_on, household.ended_on,
        household.objected,
        (SELECT count(DISTINCT resident_id) FROM stay AS past
            WHERE past.household_id = household.id AND past.until_on IS NOT NULL) AS former
    FROM household JOIN dwelling ON dwelling.id = household.dwelling_id WHERE household.id = :household
""")
_RESIDENTS = text("""
    SELECT resident.id, resident.name, resident.age_band, resident.registered_here, resident.phone,
        resident.source, resident.entered_at, stay.id AS stay_id, stay.from_on
    FROM stay JOIN resident ON resident.id = stay.resident_id
    WHERE stay.household_id = :household AND stay.until_on IS NULL
    ORDER BY stay.from_on, resident.id
""")
_VISITS = text("""
    SELECT visit.id, visit.happened_at, visit.entered_at, visit.result, visit.verified, person.name AS who
    FROM visit JOIN person ON person.id = visit.person_id
    WHERE visit.household_id = :household ORDER BY visit.happened_at DESC, visit.id DESC LIMIT :most
""")
_PROMISES = text("""
    SELECT promise.id, promise.asked, promise.promised, promise.due_on, promise.kept_on
    FROM promise JOIN visit ON visit.id = promise.visit_id
    WHERE visit.household_id = :household
    ORDER BY promise.kept_on IS NOT NULL, promise.due_on, promise.id LIMIT :most
""")
_CHANGE_HOUSEHOLD = text("UPDATE household SET visit_hour = :hour WHERE id = :household")
_LIVING_HOUSEHOLD = text("""
    SELECT id, dwelling_id, building_id, community_id, begun_on, ended_on
    FROM household WHERE id = :household FOR UPDATE
""")
_RESIDENT = text("""
    SELECT id, household_id, name, phone, age_band, registered_here
    FROM resident WHERE id = :resident FOR UPDATE
""")
_CHANGE_RESIDENT = text("""
    UPDATE resident SET name = :name, phone = :phone, age_band = :age_band,
        registered_here = :registered_here WHERE id = :resident
""")
