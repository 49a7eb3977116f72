"""Contracts, safety letters and duty statements: printed from a template, signed, scanned, run out.

A letter belongs to a rental or to an employer. What the templates say stands in the words of letters.ftl and
is about the safety of houses alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from app.errors import Refusal
from app.models import Employer, Letter, Rental, Tenancy
from app.models.registers import LETTER_KINDS
from app.services import audit, rentals, scans
from app.services.personal import Registers
from app.services.rentals import expires_soon, letters_of

CONTRACT, SAFETY_LETTER, DUTY_STATEMENT = LETTER_KINDS
A_YEAR = timedelta(days=365)  # what most are signed for
KINDS_OF_RENTAL = (CONTRACT, SAFETY_LETTER)
KINDS_OF_EMPLOYER = (DUTY_STATEMENT, SAFETY_LETTER)


def sign(
    registers: Registers,
    kind: str,
    signed_on: date,
    expires_on: date | None,
    today: date,
    *,
    rental_id: int | None = None,
    employer_id: int | None = None,
    tenancy_id: int | None = None,
    scan: bytes | None = None,
) -> int:
    """Write down that a letter was signed, with its scan if there is one; returns its id.

    Refused with `not_found`, `letter_kind_wrong`, `day_in_future`, `day_before_another`, `tenancy_elsewhere`
    and what `scans.taken` says.
    """
    seat = _seat(registers, kind, rental_id, employer_id)
    if signed_on > today:
        raise Refusal("day_in_future", day=signed_on)
    if expires_on is not None and expires_on < signed_on:
        raise Refusal("day_before_another", day=expires_on, earlier=signed_on)
    if tenancy_id is not None and registers.find(Tenancy, tenancy_id).rental_id != rental_id:
        raise Refusal("tenancy_elsewhere")
    kept, type_ = scans.taken(scan) if scan else (None, None)
    letter = Letter(
        rental_id=rental_id,
        employer_id=employer_id,
        tenancy_id=tenancy_id,
        kind=kind,
        signed_on=signed_on,
        expires_on=expires_on,
        scan=kept,
        scan_type=type_,
        entered_by=registers.person_id,
        **seat,
    )
    registers.session.add(letter)
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "letter.signed", f"letter {letter.id}")
    return letter.id


def add_scan(registers: Registers, letter_id: int, scan: bytes) -> Letter:
    """Put a scan to a letter, in place of one it may have; refused as `scans.taken` says."""
    letter = registers.find(Letter, letter_id)
    letter.scan, letter.scan_type = scans.taken(scan)
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "letter.scanned", f"letter {letter_id}")
    return letter


def strike(registers: Registers, letter_id: int) -> Letter:
    """Remove a letter that was entered by mistake, scan and all."""
    letter = registers.find(Letter, letter_id)
    registers.session.delete(letter)
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "letter.struck", f"letter {letter_id}")
    return letter


def scan_of(registers: Registers, letter_id: int) -> tuple[bytes, str]:
    """A scan and its type; the read is logged. Refused with `not_found` where there is none."""
    letter = registers.find(Letter, letter_id)
    if letter.scan is None or letter.scan_type is None:
        raise Refusal("not_found")
    _seen(registers, "view", letter.rental_id, f"letter {letter_id}")
    return letter.scan, letter.scan_type


def expiring(registers: Registers, today: date) -> list[dict[str, Any]]:
    """The latest letters of each kind that have expired or will soon, the first to go first.

    Of rentals and employers that are still there, without names: where, which letter, until when.
    """
    soon = expires_soon(registers, today)
    rows = registers.session.execute(_EXPIRING, {"soon": soon}).mappings()
    return [{**row, "state": rentals.letter_state(row["expires_on"], today, soon)} for row in rows]


def of_employer(registers: Registers, employer_id: int, today: date) -> dict[str, Any]:
    """What the page of an employer shows of its letters; the latest duty statement's state is told apart."""
    letters = letters_of(registers, today, employer_id=employer_id)
    statement = next((letter for letter in letters if letter["kind"] == DUTY_STATEMENT), None)
    state = "missing" if statement is None else statement["state"]
    return {
        "employer_id": employer_id,
        "letters": letters,
        "duty_state": state,
        "duty_until": statement and statement["expires_on"],
        "kinds": KINDS_OF_EMPLOYER,
        "today": today,
        "a_year_on": today + A_YEAR,
    }


def to_print(
    registers: Registers,
    kind: str,
    today: date,
    *,
    rental_id: int | None = None,
    employer_id: int | None = None,
    tenancy_id: int | None = None,
) -> dict[str, Any]:
    """What a letter's template is filled with: parties, address, days; that it was printed is logged."""
    _seat(registers, kind, rental_id, employer_id)
    if rental_id is not None:
        facts = dict(registers.session.execute(_RENTAL, {"rental": rental_id}).mappings().one())
        facts["tenancy"] = _tenancy(registers, rental_id, tenancy_id)
        about = f"rental {rental_id}"
    else:
        facts = dict(registers.session.execute(_EMPLOYER, {"employer": employer_id}).mappings().one())
        facts["tenancy"] = None
        about = f"employer {employer_id}"
    _seen(registers, "print", rental_id, about)
    return {**facts, "kind": kind, "today": today}


def _tenancy(registers: Registers, rental_id: int, tenancy_id: int | None) -> dict[str, Any] | None:
    """The tenancy a letter is about: the one named, else the only one there is."""
    rows: Sequence[Any] = (
        registers.session.execute(_OPEN_TENANCIES, {"rental": rental_id, "tenancy": tenancy_id})
        .mappings()
        .all()
    )
    return dict(rows[0]) if len(rows) == 1 else None


def _seat(registers: Registers, kind: str, rental_id: int | None, employer_id: int | None) -> dict[str, int]:
    """Where the rental or employer stands, once it is known that it may have a letter of this kind."""
    kinds = KINDS_OF_RENTAL if rental_id is not None else KINDS_OF_EMPLOYER
    if kind not in kinds:
        raise Refusal("letter_kind_wrong")
    owner: Rental | Employer = (
        registers.find(Rental, rental_id) if rental_id is not None else registers.find(Employer, employer_id)
    )
    return {"building_id": owner.building_id, "community_id": owner.community_id}


def _seen(registers: Registers, act: str, rental_id: int | None, about: str) -> None:
    if rental_id is not None:
        rentals.seen(registers, act, about, [rental_id])
    else:  # nobody lives at an employer's; a contact's name was shown all the same
        registers.seen_of_none(act, about)


_PLACE = """
    coalesce(building.name, building.code) AS building, building.address, community.name AS community,
    (SELECT parent.name FROM place AS parent WHERE parent.path = community.parent_path) AS subdistrict
"""
_RENTAL = text(f"""
    SELECT rental.id AS rental_id, rental.purpose, rental.rooms, rental.area_m2, dwelling.code AS dwelling,
        compound.name AS compound, landlord.name AS party, landlord.phone, {_PLACE}
    FROM rental
    JOIN landlord ON landlord.id = rental.landlord_id
    JOIN building ON building.id = rental.building_id
    JOIN place AS community ON community.id = rental.community_id
    LEFT JOIN dwelling ON dwelling.id = rental.dwelling_id
    LEFT JOIN compound ON compound.id = rental.compound_id
    WHERE rental.id = :rental
""")  # noqa: S608 (constants)
_EMPLOYER = text(f"""
    SELECT employer.id AS employer_id, employer.name AS party, employer.contact_name,
        employer.contact_phone AS phone, {_PLACE}
    FROM employer
    JOIN building ON building.id = employer.building_id
    JOIN place AS community ON community.id = employer.community_id
    WHERE employer.id = :employer
""")  # noqa: S608 (constants)
_OPEN_TENANCIES = text("""
    SELECT tenancy.id, tenancy.household_id, tenancy.from_on, tenancy.until_on,
        (SELECT string_agg(resident.name, '、' ORDER BY resident.id) FROM resident
         JOIN stay ON stay.resident_id = resident.id AND stay.until_on IS NULL
         WHERE resident.household_id = tenancy.household_id) AS names
    FROM tenancy
    WHERE rental_id = :rental AND (tenancy.id = :tenancy OR CAST(:tenancy AS bigint) IS NULL AND NOT ended)
    ORDER BY from_on DESC LIMIT 2
""")
_EXPIRING = text("""
    SELECT * FROM (
        SELECT DISTINCT ON (letter.rental_id, letter.employer_id, letter.kind, letter.tenancy_id)
            letter.id, letter.kind, letter.rental_id, letter.employer_id, letter.building_id,
            letter.expires_on, coalesce(building.name, building.code) AS building,
            dwelling.code AS dwelling
        FROM letter
        JOIN building ON building.id = letter.building_id
        LEFT JOIN rental ON rental.id = letter.rental_id
        LEFT JOIN dwelling ON dwelling.id = rental.dwelling_id
        LEFT JOIN employer ON employer.id = letter.employer_id
        LEFT JOIN tenancy ON tenancy.id = letter.tenancy_id
        WHERE rental.ended_on IS NULL AND employer.ended_on IS NULL AND tenancy.ended IS NOT TRUE
        ORDER BY letter.rental_id, letter.employer_id, letter.kind, letter.tenancy_id,
            letter.signed_on DESC, letter.id DESC
    ) AS latest
    WHERE expires_on <= :soon ORDER BY expires_on, id LIMIT 500
""")
