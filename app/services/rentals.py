"""Rentals: dwellings and whole compounds that are let, by whom and to whom, and the check when tenants leave.

A landlord is kept once for all rentals: who is named alike with the same telephone is the same. When tenants
have moved out, the dwelling is to be looked at within the days the rules say; `move_out_checks` are what is
due for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from psycopg2.errors import UniqueViolation
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Compound, Dwelling, Landlord, Rental, Tenancy
from app.services import audit
from app.services.compounds import RENTAL as RENTAL_COMPOUND
from app.services.masking import masked
from app.services.personal import Registers
from app.services.phones import clean

LONGEST_TEXT = 80
MOST_ROOMS = 200
MOST_M2 = Decimal(100_000)
PAGE = 200


@dataclass(frozen=True)
class Let:
    """What is told of a rental when it is registered or corrected.

    area_m2: of the rooms that are let. purpose: what it is let for, as in living or storing.
    """

    landlord: str
    phone: str | None
    begun_on: date
    purpose: str | None = None
    rooms: int | None = None
    area_m2: Decimal | None = None


@dataclass(frozen=True)
class MoveOutCheck:
    """A dwelling to be looked at because its tenants have left; `due_on` is the last day for it."""

    tenancy_id: int
    rental_id: int
    building_id: int
    dwelling_id: int | None
    household_id: int | None
    building: str
    dwelling: str | None
    left_on: date
    due_on: date


# --- Registering and cancelling ---------------------------------------------------------------------------


def register(
    registers: Registers, said: Let, *, dwelling_id: int | None = None, compound_id: int | None = None
) -> int:
    """Register a dwelling, or a whole rental compound, as let; returns the rental's id.

    Refused with `not_found`, `rental_registered_already`, `compound_not_rental`, and what `_checked` says.
    """
    told = _checked(said)
    session = registers.session
    seat = (
        _seat_of_dwelling(registers, dwelling_id) if dwelling_id else _seat_of_compound(session, compound_id)
    )
    lets = Rental.dwelling_id == dwelling_id if dwelling_id else Rental.compound_id == compound_id
    if session.scalar(select(Rental.id).where(lets, Rental.ended_on.is_(None))):
        raise Refusal("rental_registered_already")
    landlord = _landlord(session, told, seat["building_id"])
    rental = Rental(
        dwelling_id=dwelling_id,
        compound_id=None if dwelling_id else compound_id,
        landlord_id=landlord.id,
        begun_on=told.begun_on,
        purpose=told.purpose,
        rooms=told.rooms,
        area_m2=told.area_m2,
        **seat,
    )
    _add(session, rental, "rental_registered_already")
    if dwelling_id:
        session.get_one(Dwelling, dwelling_id).use = "rental"
    _record(registers, "rental.registered", rental.id)
    return rental.id


def change(registers: Registers, rental_id: int, said: Let) -> None:
    """Correct what is known of a rental; another landlord takes it over with all that was signed."""
    told = _checked(said)
    rental = registers.find(Rental, rental_id)
    landlord = registers.session.get_one(Landlord, rental.landlord_id)
    if (landlord.name, landlord.phone) != (told.landlord, told.phone):
        if landlord.name == told.landlord:  # another number of the same: for all their rentals
            landlord.phone = told.phone
        else:
            rental.landlord_id = _landlord(registers.session, told, rental.building_id).id
    rental.begun_on, rental.purpose = told.begun_on, told.purpose
    rental.rooms, rental.area_m2 = told.rooms, told.area_m2
    _record(registers, "rental.changed", rental_id)


def cancel(registers: Registers, rental_id: int, on: date, today: date) -> None:
    """Let a rental end. Refused while tenants are in it: `rental_has_tenants`."""
    rental = registers.find(Rental, rental_id)
    session = registers.session
    if session.scalar(select(Tenancy.id).where(Tenancy.rental_id == rental_id, ~Tenancy.ended)):
        raise Refusal("rental_has_tenants")
    _check_day(on, rental.begun_on, today)
    rental.ended_on = on
    if rental.dwelling_id:
        lived_in = session.scalar(
            text("SELECT EXISTS (SELECT FROM household WHERE dwelling_id = :id AND ended_on IS NULL)"),
            {"id": rental.dwelling_id},
        )
        session.get_one(Dwelling, rental.dwelling_id).use = "home" if lived_in else "empty"
    _record(registers, "rental.cancelled", rental_id)


def _checked(said: Let) -> Let:
    """What was told, cleaned. Refused with `fields_malformed` naming the fields, and `phone_malformed`."""
    landlord = " ".join(said.landlord.split())
    purpose = " ".join((said.purpose or "").split()) or None
    wrong = [
        name
        for name, is_wrong in (
            ("landlord", not 0 < len(landlord) <= LONGEST_TEXT),
            ("purpose", len(purpose or "") > LONGEST_TEXT),
            ("rooms", said.rooms is not None and not 0 < said.rooms <= MOST_ROOMS),
            ("area_m2", said.area_m2 is not None and not 0 < said.area_m2 <= MOST_M2),
        )
        if is_wrong
    ]
    if wrong:
        raise Refusal("fields_malformed", fields=", ".join(wrong))
    return Let(landlord, clean(said.phone), said.begun_on, purpose, said.rooms, said.area_m2)


def _seat_of_dwelling(registers: Registers, dwelling_id: int) -> dict[str, int]:
    dwelling = registers.find(Dwelling, dwelling_id)
    if dwelling.retired_at is not None:
        raise Refusal("not_found")
    return {"building_id": dwelling.building_id, "community_id": dwelling.community_id}


def _seat_of_compound(session: Session, compound_id: int | None) -> dict[str, int]:
    """The first building of a compound, and where that stands: the compound's rows are seen with it."""
    compound = None if compound_id is None else session.get(Compound, compound_id)
    if compound is None:
        raise Refusal("not_found")
    if compound.kind != RENTAL_COMPOUND:
        raise Refusal("compound_not_rental", compound=compound.name or compound.code)
    seat = session.execute(_FIRST_OF_COMPOUND, {"compound": compound_id}).first()
    if seat is None:
        raise Refusal("compound_without_buildings", compound=compound.name or compound.code)
    return {"building_id": seat.building_id, "community_id": seat.community_id}


def _landlord(session: Session, told: Let, building_id: int) -> Landlord:
    """The landlord of that name and telephone, among those seen; else a new one."""
    same = Landlord.phone == told.phone if told.phone else Landlord.phone.is_(None)
    # Without a number a name tells two people apart only within a building.
    here = () if told.phone else (Landlord.building_id == building_id,)
    named = select(Landlord).where(Landlord.name == told.landlord, same, *here).order_by(Landlord.id).limit(1)
    found = session.scalar(named)
    if found is None:
        found = Landlord(building_id=building_id, name=told.landlord, phone=told.phone)
        session.add(found)
        session.flush()
    return found


def to_register(registers: Registers, dwelling_id: int | None, compound_id: int | None) -> dict[str, Any]:
    """Where a rental is about to be registered: building and dwelling or compound. `not_found` else."""
    session = registers.session
    if dwelling_id is not None:
        _seat_of_dwelling(registers, dwelling_id)
        row = session.execute(_DWELLING, {"dwelling": dwelling_id}).mappings().one()
    else:
        seat = _seat_of_compound(session, compound_id)
        asked = {"compound": compound_id, "building": seat["building_id"]}
        row = session.execute(_COMPOUND, asked).mappings().one()
    return dict(row)


# --- Tenancies --------------------------------------------------------------------------------------------


def let(
    registers: Registers, rental_id: int, household_id: int | None, from_on: date, until_on: date | None
) -> int:
    """Let a rental to a household that is registered there, or to tenants who are not yet (None).

    Refused with `rental_cancelled`, `household_elsewhere`, `tenancy_open_already`, `day_before_another`.
    """
    rental = registers.find(Rental, rental_id)
    if rental.ended_on is not None:
        raise Refusal("rental_cancelled")
    if until_on is not None and until_on < from_on:
        raise Refusal("day_before_another", day=until_on, earlier=from_on)
    if household_id is not None:
        _check_lives_there(registers.session, rental, household_id)
    tenancy = Tenancy(
        rental_id=rental_id,
        household_id=household_id,
        building_id=rental.building_id,
        community_id=rental.community_id,
        from_on=from_on,
        until_on=until_on,
    )
    _add(registers.session, tenancy, "tenancy_open_already")
    _record(registers, "tenancy.begun", rental_id)
    return tenancy.id


def end_tenancy(registers: Registers, tenancy_id: int, on: date, today: date) -> int:
    """The tenants have moved out on a day; a look at the rental is due. Returns the rental.

    Refused with `not_found`, `tenancy_over`, `day_before_another`, `day_in_future`.
    """
    tenancy = registers.find(Tenancy, tenancy_id)
    if tenancy.ended:
        raise Refusal("tenancy_over")
    _check_day(on, tenancy.from_on, today)
    tenancy.until_on, tenancy.ended = on, True
    _record(registers, "tenancy.ended", tenancy.rental_id)
    return tenancy.rental_id


def move_out_checks(registers: Registers, today: date) -> list[MoveOutCheck]:
    """Rentals to be looked at: their tenants have left, or should have, and nobody has been there since.

    The soonest due first. Who looks later than `due_on` finds it here still.
    """
    rows = registers.session.execute(_CHECKS, {"today": today})
    within = timedelta(days=registers.clocks(today).move_out_check_days)
    return [MoveOutCheck(**row._mapping, due_on=row.left_on + within) for row in rows]


def _check_lives_there(session: Session, rental: Rental, household_id: int) -> None:
    home = session.execute(_HOME, {"household": household_id}).first()
    where = ("dwelling_id", rental.dwelling_id) if rental.dwelling_id else ("building_id", rental.building_id)
    if home is None or home._mapping[where[0]] != where[1]:
        raise Refusal("household_elsewhere")
    open_one = select(Tenancy.id).where(
        Tenancy.rental_id == rental.id, Tenancy.household_id == household_id, ~Tenancy.ended
    )
    if session.scalar(open_one):
        raise Refusal("tenancy_open_already")


def _add(session: Session, row: Rental | Tenancy, code: str) -> None:
    """Insert a row; refused with a code where somebody else was faster and what may be once is there now."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            raise Refusal(code) from None
        raise


def _check_day(on: date, earliest: date, today: date) -> None:
    if on < earliest:
        raise Refusal("day_before_another", day=on, earlier=earliest)
    if on > today:
        raise Refusal("day_in_future", day=on)


# --- Reading ----------------------------------------------------------------------------------------------


def rental(registers: Registers, rental_id: int, today: date) -> dict[str, Any]:
    """All that is kept of a rental: landlord with the whole number, tenancies, letters. It is logged."""
    row = registers.session.execute(_ONE, {"rental": rental_id, "today": today}).mappings().first()
    if row is None:
        raise Refusal("not_found")
    told = _told(dict(row), today, expires_soon(registers, today))
    told["phone"] = row["phone"]
    asked = {"rental": rental_id, "today": today}
    told["tenancies"] = [dict(one) for one in registers.session.execute(_TENANCIES, asked).mappings()]
    told["households"] = [
        dict(one)
        for one in registers.session.execute(
            _HOUSEHOLDS,
            {"rental": rental_id, "dwelling": row["dwelling_id"], "building": row["building_id"]},
        ).mappings()
    ]
    told["letters"] = letters_of(registers, today, rental_id=rental_id)
    # Of a compound, whoever lives in the building and could be its tenant is shown by name, too.
    named = [one["id"] for one in told["households"]]
    seen(registers, "view", f"rental {rental_id}", [rental_id], also=named)
    return told


def listed(registers: Registers, today: date, *, only: str = "", after: int = 0) -> list[dict[str, Any]]:
    """Rentals that are let, as a list shows them: numbers masked, what is missing or expires told first.

    only: "" for all, "attention" for those without a safety letter, with one expired or expiring soon, or
    without a contract. after: id of the last one seen; PAGE rows at most.
    """
    soon = expires_soon(registers, today)
    asked = {"today": today, "soon": soon, "only": only, "after": after, "most": PAGE}
    rows = registers.session.execute(_LISTED, asked).mappings().all()
    if rows:
        seen(registers, "view", "rentals", [row["id"] for row in rows])
    return [_told(dict(row), today, soon) for row in rows]


def panel(registers: Registers, dwelling_id: int, today: date) -> dict[str, Any]:
    """What the page of a dwelling or household shows of its rental: `rental` None where it is not let.

    Whoever shows it says so (`Registers.seen`) with the household of the page.
    """
    row = registers.session.execute(_OF_DWELLING, {"dwelling": dwelling_id}).first()
    if row is None:
        return {"dwelling_id": dwelling_id, "rental": None}
    one = registers.session.execute(_ONE, {"rental": row.id, "today": today}).mappings().one()
    told = _told(dict(one), today, expires_soon(registers, today))
    told["tenancies"] = [
        dict(tenancy)
        for tenancy in registers.session.execute(_TENANCIES, {"rental": row.id, "today": today}).mappings()
        if not tenancy["ended"]
    ]
    told["letters"] = letters_of(registers, today, rental_id=row.id)
    return {"dwelling_id": dwelling_id, "rental": told}


def of_building(registers: Registers, building_id: int, today: date) -> list[dict[str, Any]]:
    """What is let in a building, by landlord and door, as `listed` tells it; the read is logged."""
    soon = expires_soon(registers, today)
    rows = registers.session.execute(_OF_BUILDING, {"building": building_id}).mappings().all()
    if rows:
        seen(registers, "view", f"building {building_id}", [row["id"] for row in rows])
    return [_told(dict(row), today, soon) for row in rows]


def of_compound(registers: Registers, compound_id: int, today: date) -> dict[str, Any] | None:
    """The rental of a whole compound with its landlord and letters, or None; the read is logged."""
    found = select(Rental.id).where(Rental.compound_id == compound_id, Rental.ended_on.is_(None))
    id_ = registers.session.scalar(found)
    return None if id_ is None else rental(registers, id_, today)


def expires_soon(registers: Registers, today: date) -> date:
    """The last day of which it is warned, as the rules in force say."""
    return today + timedelta(days=registers.clocks(today).letter_warning_days)


def letters_of(
    registers: Registers, today: date, *, rental_id: int | None = None, employer_id: int | None = None
) -> list[dict[str, Any]]:
    """Letters of a rental or an employer, the latest of each kind first, with their `state`."""
    rows = registers.session.execute(_LETTERS, {"rental": rental_id, "employer": employer_id}).mappings()
    soon = expires_soon(registers, today)
    return [{**row, "state": letter_state(row["expires_on"], today, soon)} for row in rows]


def letter_state(expires_on: date | None, today: date, soon: date) -> str:
    """`valid`, `soon` (expires on that day or before) or `expired`.

    >>> day, soon = date(2026, 3, 1), date(2026, 3, 31)
    >>> days = (None, date(2026, 2, 28), day, date(2026, 3, 31), date(2026, 4, 1))
    >>> [letter_state(on, day, soon) for on in days]
    ['valid', 'expired', 'soon', 'soon', 'valid']
    """
    if expires_on is None or expires_on > soon:
        return "valid"
    return "expired" if expires_on < today else "soon"


def seen(
    registers: Registers, act: str, about: str, rentals: Sequence[int], *, also: Sequence[int] = ()
) -> None:
    """Write down that rentals were shown: whose households, and where none is registered, the act alone.

    also: further households shown beside them.
    """
    households = [*registers.session.scalars(_WHOSE, {"rentals": list(rentals)}), *also]
    registers.seen(act, about, households)
    if not households:  # a landlord was shown all the same
        registers.seen_of_none(act, about)


def _told(row: Mapping[str, Any], today: date, soon: date) -> dict[str, Any]:
    """A rental for a list: address, landlord with masked number, what was signed."""
    told = dict(row)
    told["phone"] = masked(row["phone"])
    told["safety_state"] = _state(row["safety_id"], row["safety_until"], today, soon)
    told["contract_state"] = _state(row["contract_id"], row["contract_until"], today, soon)
    return told


def _state(letter_id: int | None, expires_on: date | None, today: date, soon: date) -> str:
    return "missing" if letter_id is None else letter_state(expires_on, today, soon)


def _record(registers: Registers, act: str, rental_id: int) -> None:
    registers.session.flush()
    audit.record(registers.session, registers.person_id, act, f"rental {rental_id}")


_FIRST_OF_COMPOUND = text("""
    SELECT building.id AS building_id, building_community(building.id) AS community_id
    FROM building WHERE compound_id = :compound AND retired_at IS NULL ORDER BY code, id LIMIT 1
""")
_DWELLING = text("""
    SELECT dwelling.id AS dwelling_id, NULL AS compound_id, dwelling.code AS dwelling, building.address,
        building.id AS building_id, coalesce(building.name, building.code) AS building, NULL AS compound
    FROM dwelling JOIN building ON building.id = dwelling.building_id WHERE dwelling.id = :dwelling
""")
_COMPOUND = text("""
    SELECT NULL AS dwelling_id, compound.id AS compound_id, NULL AS dwelling, compound.address,
        building.id AS building_id, coalesce(building.name, building.code) AS building,
        coalesce(compound.name, compound.code) AS compound
    FROM compound, building WHERE compound.id = :compound AND building.id = :building
""")
_HOME = text("SELECT dwelling_id, building_id FROM household WHERE id = :household AND ended_on IS NULL")
_OF_DWELLING = text("""
    SELECT id FROM rental WHERE dwelling_id = :dwelling AND ended_on IS NULL ORDER BY id DESC LIMIT 1
""")
# The day somebody stood at the door after they had left: whether they were met there does not matter.
_CHECKS = text("""
    SELECT tenancy.id AS tenancy_id, tenancy.rental_id, rental.building_id, rental.dwelling_id,
        tenancy.household_id, tenancy.until_on AS left_on, dwelling.code AS dwelling,
        coalesce(building.name, building.code) AS building
    FROM tenancy JOIN rental ON rental.id = tenancy.rental_id
    JOIN building ON building.id = rental.building_id
    LEFT JOIN dwelling ON dwelling.id = rental.dwelling_id
    WHERE tenancy.until_on <= :today AND (tenancy.ended OR tenancy.until_on < :today) AND NOT EXISTS (
        SELECT FROM visit
        WHERE visit.building_id = rental.building_id AND visit.happened_at >= tenancy.until_on
            AND (rental.dwelling_id IS NULL OR visit.dwelling_id = rental.dwelling_id)
    )
    ORDER BY tenancy.until_on, tenancy.id
""")
_SHOWN = """
    rental.id, rental.dwelling_id, rental.compound_id, rental.building_id, rental.purpose, rental.rooms,
    rental.area_m2, rental.begun_on, rental.ended_on, dwelling.code AS dwelling, compound.name AS compound,
    coalesce(building.name, building.code) AS building, building.address,
    landlord.id AS landlord_id, landlord.name AS landlord, landlord.phone,
    safety.id AS safety_id, safety.expires_on AS safety_until,
    contract.id AS contract_id, contract.expires_on AS contract_until,
    (SELECT count(*) FROM tenancy WHERE tenancy.rental_id = rental.id AND NOT tenancy.ended) AS tenants
"""
_AROUND = """
    FROM rental
    JOIN building ON building.id = rental.building_id
    JOIN landlord ON landlord.id = rental.landlord_id
    LEFT JOIN dwelling ON dwelling.id = rental.dwelling_id
    LEFT JOIN compound ON compound.id = rental.compound_id
    LEFT JOIN LATERAL (
        SELECT id, expires_on FROM letter WHERE rental_id = rental.id AND kind = 'safety letter'
        ORDER BY signed_on DESC, id DESC LIMIT 1
    ) AS safety ON true
    LEFT JOIN LATERAL (
        SELECT id, expires_on FROM letter WHERE rental_id = rental.id AND kind = 'contract'
        ORDER BY signed_on DESC, id DESC LIMIT 1
    ) AS contract ON true
"""
_ONE = text(f"""
    SELECT {_SHOWN},
        (SELECT count(*) FROM rental AS other
         WHERE other.landlord_id = landlord.id AND other.ended_on IS NULL AND other.id <> rental.id) AS others
    {_AROUND} WHERE rental.id = :rental
""")  # noqa: S608 (constants)
_LISTED = text(f"""
    SELECT {_SHOWN} {_AROUND}
    WHERE rental.ended_on IS NULL AND rental.id > :after AND (
        :only = '' OR safety.id IS NULL OR safety.expires_on <= :soon
        OR contract.id IS NULL OR contract.expires_on <= :soon
    )
    ORDER BY rental.id LIMIT :most
""")
_OF_BUILDING = text(f"""
    SELECT {_SHOWN} {_AROUND}
    WHERE rental.ended_on IS NULL AND rental.building_id = :building
    ORDER BY landlord.name, landlord.id, dwelling.code, rental.id
""")
_TENANCIES = text("""
    SELECT tenancy.id, tenancy.household_id, tenancy.from_on, tenancy.until_on, tenancy.ended,
        NOT tenancy.ended AND tenancy.until_on < :today AS overdue,
        (SELECT string_agg(resident.name, '、' ORDER BY resident.id) FROM resident
         JOIN stay ON stay.resident_id = resident.id AND stay.until_on IS NULL
         WHERE resident.household_id = tenancy.household_id) AS names
    FROM tenancy WHERE rental_id = :rental ORDER BY tenancy.ended, tenancy.from_on DESC, tenancy.id
""")
# Who could be named as tenants: those registered there whom no tenancy names yet.
_HOUSEHOLDS = text("""
    SELECT household.id, dwelling.code AS dwelling,
        (SELECT string_agg(resident.name, '、' ORDER BY resident.id) FROM resident
         JOIN stay ON stay.resident_id = resident.id AND stay.until_on IS NULL
         WHERE resident.household_id = household.id) AS names
    FROM household JOIN dwelling ON dwelling.id = household.dwelling_id
    WHERE household.ended_on IS NULL AND household.building_id = :building
        AND (CAST(:dwelling AS bigint) IS NULL OR household.dwelling_id = :dwelling)
        AND NOT EXISTS (
            SELECT FROM tenancy
            WHERE rental_id = :rental AND NOT ended AND tenancy.household_id = household.id
        )
    ORDER BY dwelling.code, household.id LIMIT 100
""")
_LETTERS = text("""
    SELECT id, kind, tenancy_id, signed_on, expires_on, scan IS NOT NULL AS has_scan, scan_type
    FROM letter
    WHERE rental_id = CAST(:rental AS bigint) OR employer_id = CAST(:employer AS bigint)
    ORDER BY signed_on DESC, id DESC
""")
_WHOSE = text("""
    SELECT household.id FROM rental JOIN household ON household.dwelling_id = rental.dwelling_id
    WHERE rental.id = ANY (:rentals) AND household.ended_on IS NULL
    UNION SELECT household_id FROM tenancy WHERE rental_id = ANY (:rentals) AND household_id IS NOT NULL
    ORDER BY 1
""")
