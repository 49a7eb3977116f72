"""楼长 and safety contacts: who helps a coordinator in the buildings of a grid, and sees nobody's data.

Heads of buildings are rows of their own. Contacts of employers stay with their employer and are told beside
them, so that nothing is typed twice. Nobody of either has an account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from app.errors import Refusal
from app.models import Helper
from app.services import audit, homes
from app.services.personal import Registers
from app.services.phones import clean

LONGEST_NAME = 80


@dataclass(frozen=True)
class HelperSeen:
    """Somebody who helps. kind: `head` of a building, or `contact` of an employer, which is named then.

    id: of a head, to end it by; None of a contact. ended_on: the last day, where one is known.
    """

    kind: str
    id: int | None
    building_id: int
    building: str
    name: str
    phone: str | None
    employer: str | None
    begun_on: date
    ended_on: date | None


def of_buildings(
    registers: Registers,
    buildings: Sequence[int],
    today: date,
    about: str,
    act: str = "view",
    *,
    heads_only: bool = False,
) -> list[HelperSeen]:
    """Who helps in these buildings today, by building, heads first; the read is in the audit.

    about: what was looked at, as in `building 12`. act: as `Registers.seen` knows it.
    """
    asked = {"buildings": list(buildings), "today": today, "heads_only": heads_only}
    found = [HelperSeen(**row._mapping) for row in registers.session.execute(_HELPERS, asked)]
    if found:
        registers.seen_of_none(act, f"helpers of {about}")
    return found


def add(registers: Registers, building_id: int, name: str, phone: str, begun_on: date, today: date) -> int:
    """Register the head of a building; returns the id.

    Refused with `not_found`, `building_not_served`, `fields_malformed`, `telephone_malformed`,
    `day_in_future`.
    """
    homes.require_open(registers, building_id)
    plain = " ".join(name.split())
    if not 0 < len(plain) <= LONGEST_NAME:
        raise Refusal("fields_malformed", fields="name")
    if begun_on > today:
        raise Refusal("day_in_future", day=begun_on)
    made = Helper(
        building_id=building_id,
        name=plain,
        phone=clean(phone),
        begun_on=begun_on,
        entered_by=registers.person_id,
    )
    registers.session.add(made)
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "helper.added", f"helper {made.id}")
    return made.id


def end(registers: Registers, helper_id: int, today: date) -> int:
    """Say that somebody is head of the building no more, from today on; returns the building."""
    found = registers.find(Helper, helper_id)
    if found.ended_on is None:
        found.ended_on = today
        registers.session.flush()
        audit.record(registers.session, registers.person_id, "helper.ended", f"helper {helper_id}")
    return found.building_id


_HELPERS = text("""
    SELECT told.*, coalesce(building.name, building.address, building.code) AS building FROM (
        SELECT 'head' AS kind, id, building_id, name, phone, NULL AS employer, begun_on, ended_on
        FROM helper WHERE building_id = ANY (:buildings) AND coalesce(ended_on > :today, true)
        UNION ALL
        SELECT 'contact', NULL, building_id, contact_name, nullif(contact_phone, ''), name, begun_on, ended_on
        FROM employer WHERE NOT :heads_only AND building_id = ANY (:buildings) AND contact_name <> ''
            AND coalesce(ended_on > :today, true)
    ) AS told JOIN building ON building.id = told.building_id
    ORDER BY building.code, told.kind DESC, told.employer COLLATE pinyin, told.id
""")
