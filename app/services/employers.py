"""用工单位: firms, shops, markets and sites of a building, with who answers for their safety.

An employer without a contact, or without a duty statement that holds, is a gap that shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text

from app.errors import Refusal
from app.models import Employer
from app.models import registers as tables
from app.services import audit, homes
from app.services.masking import masked
from app.services.personal import Registers

KINDS, SIZES = tables.EMPLOYER_KINDS, tables.EMPLOYER_SIZES
TOLD = ("name", "kind", "size", "contact_name", "contact_phone")
ASKED_FIELDS = ("size", "contact_name", "contact_phone")  # what a visit asks where it is missing


@dataclass(frozen=True)
class EmployerSeen:
    """An employer as lists show it: the contact's phone is masked.

    statement: its duty statement, signed, expired or missing. gaps: what is missing, of contact, phone,
    size and statement.
    """

    id: int
    building_id: int
    name: str
    kind: str
    size: str | None
    contact_name: str | None
    contact_phone: str | None
    begun_on: date
    ended_on: date | None
    statement: str
    statement_until: date | None

    @property
    def gaps(self) -> list[str]:
        """What a visit should bring."""
        missing = {
            "contact": self.contact_name is None,
            "phone": self.contact_phone is None,
            "size": self.size is None,
            "statement": self.statement != "signed",
        }
        return [name for name, lacks in missing.items() if lacks]


def of_building(registers: Registers, building_id: int, today: date) -> list[EmployerSeen]:
    """The employers that are in a building today, by name; that contacts were shown is in the audit."""
    asked = {"building": building_id, "employer": None, "today": today}
    found = [_seen(row, masks=True) for row in registers.session.execute(_EMPLOYERS, asked)]
    if any(one.contact_name or one.contact_phone for one in found):
        registers.seen_of_none("view", f"employers of building {building_id}")
    return found


def employer(registers: Registers, employer_id: int, today: date) -> EmployerSeen:
    """One employer, its contact's phone whole; the read is in the audit. Refused with `not_found`."""
    asked = {"building": None, "employer": employer_id, "today": today}
    row = registers.session.execute(_EMPLOYERS, asked).first()
    if row is None:
        raise Refusal("not_found")
    registers.seen_of_none("view", f"employer {employer_id}")
    return _seen(row, masks=False)


def add(registers: Registers, building_id: int, begun_on: date, told: Mapping[str, Any], today: date) -> int:
    """Register an employer in a building; returns its id.

    told: name and, as far as known, kind, size, contact_name, contact_phone.
    Refused with `not_found`, `building_not_served`, `day_in_future`.
    """
    homes.require_open(registers, building_id)
    if begun_on > today:
        raise Refusal("day_in_future", day=begun_on)
    made = Employer(
        building_id=building_id, begun_on=begun_on, **{name: told[name] for name in TOLD if name in told}
    )
    registers.session.add(made)
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "employer.added", f"employer {made.id}")
    return made.id


def change(registers: Registers, employer_id: int, told: Mapping[str, Any], today: date) -> int:
    """Correct what is held of an employer, or say with `ended_on` that it is gone; returns its building.

    Refused with `not_found`, `day_in_future`, `day_before_another`.
    """
    found = registers.find(Employer, employer_id)
    ended_on = told.get("ended_on")
    if ended_on is not None and ended_on > today:
        raise Refusal("day_in_future", day=ended_on)
    if ended_on is not None and ended_on < found.begun_on:
        raise Refusal("day_before_another", day=ended_on, earlier=found.begun_on)
    for name in (*TOLD, "ended_on"):
        if name in told:
            setattr(found, name, told[name])
    registers.session.flush()
    facts = {"fields": sorted(told)}
    audit.record(registers.session, registers.person_id, "employer.changed", f"employer {employer_id}", facts)
    return found.building_id


def fill(registers: Registers, employer_id: int, building_id: int, told: Mapping[str, Any]) -> None:
    """Put in what nobody had told of an employer of a building; what is held already stays.

    told: of size, contact_name and contact_phone. Refused with `not_found` where it is elsewhere.
    """
    found = registers.find(Employer, employer_id)
    if found.building_id != building_id:
        raise Refusal("not_found")
    if found.ended_on is not None:  # since it was asked: nothing to fill, and the visit counts
        return
    missing = sorted(name for name in ASKED_FIELDS if told.get(name) and not getattr(found, name))
    for name in missing:
        setattr(found, name, told[name])
    registers.session.flush()
    if missing:
        facts = {"fields": missing}
        audit.record(
            registers.session, registers.person_id, "employer.changed", f"employer {employer_id}", facts
        )


def to_ask(registers: Registers, building_id: int) -> list[dict[str, Any]]:
    """The employers of a building of which something is to be asked, without who their contacts are.

    Of each id, name, kind, and the names of what nobody has told; the read is in the audit.
    """
    rows = registers.session.execute(_TO_ASK, {"building": building_id}).all()
    made = [
        {
            "id": row.id,
            "name": row.name,
            "kind": row.kind,
            "missing": [name for name in ASKED_FIELDS if getattr(row, name)],
        }
        for row in rows
    ]
    asked = [one for one in made if one["missing"]]
    if asked:
        registers.seen_of_none("view", f"employers of building {building_id}")
    return asked


def _seen(row: Any, *, masks: bool) -> EmployerSeen:
    facts = dict(row._mapping)
    if masks:
        facts["contact_phone"] = masked(facts["contact_phone"])
    return EmployerSeen(**facts)


_TO_ASK = text("""
    SELECT id, name, kind, size IS NULL AS size, nullif(contact_name, '') IS NULL AS contact_name,
        nullif(contact_phone, '') IS NULL AS contact_phone
    FROM employer WHERE building_id = :building AND ended_on IS NULL
    ORDER BY name COLLATE pinyin, id
""")
_EMPLOYERS = text("""
    SELECT employer.id, employer.building_id, employer.name, employer.kind, employer.size,
        nullif(employer.contact_name, '') AS contact_name,
        nullif(employer.contact_phone, '') AS contact_phone, employer.begun_on, employer.ended_on,
        CASE WHEN letter.signed_on IS NULL THEN 'missing'
            WHEN letter.expires_on < :today THEN 'expired' ELSE 'signed' END AS statement,
        letter.expires_on AS statement_until
    FROM employer
    LEFT JOIN LATERAL (
        SELECT signed_on, expires_on FROM letter
        WHERE employer_id = employer.id AND kind = 'duty statement'
        ORDER BY signed_on DESC, id DESC LIMIT 1
    ) AS letter ON true
    WHERE (employer.id = :employer OR employer.building_id = :building AND employer.ended_on IS NULL)
    ORDER BY employer.name COLLATE pinyin, employer.id
""")
