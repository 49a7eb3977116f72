"""The exchange file: who lives where in a place, as one table that other departments' systems read and write.

One row for each stay, and one for each dwelling or household without any. What goes out comes in again
without loss (`register_import`): households and residents are told apart by numbers of the file, not by ours.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from sqlalchemy import text

from app.errors import Refusal
from app.geo.formula_safe import guarded
from app.services import audit, identities
from app.services.jobs import place_called
from app.services.personal import Registers
from app.services.register_rows import BANDS, HEAD, HOURS, SOURCES, USES

FIELDS = (
    *("building", "entrance", "dwelling", "floor", "use", "household_no", "household_from"),
    *("household_until", "visit_hour", "resident_no", "name", "age_band", "registered_here", "phone"),
    *("from_on", "until_on", "source", "purpose"),
)
IDENTITY = ("birth_date", "id_number")
# Words of fixed lists as a Chinese file has them: the second of the names by which they are read.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "use": USES,
    "age_band": BANDS,
    "visit_hour": HOURS,
    "source": SOURCES,
}


@dataclass(frozen=True)
class Numbers:
    """That whole identity numbers are to be in the file: why, the key they are kept under, and the day."""

    reason: str
    key: bytes
    today: date


def export(registers: Registers, code: str, numbers: Numbers | None = None) -> tuple[bytes, int]:
    """The exchange file of a place (CSV, UTF-8 with its mark) and its number of rows. It is logged.

    numbers: with them the file has birth dates and whole numbers besides, of communities whose rules say so.
    Refused with `reason_missing`, with `numbers_not_exchanged` where no community's rules do, and as
    `identities.opened` refuses.
    """
    place = place_called(registers.session, code)
    rows = [dict(row) for row in registers.session.execute(_ROWS, {"path": str(place.path)}).mappings()]
    fields = FIELDS if numbers is None else FIELDS + IDENTITY
    facts: dict[str, Any] = {} if numbers is None else _with_numbers(registers, code, rows, numbers)
    written = StringIO(newline="")
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow([HEAD[name] for name in fields])
    table.writerows(_lines(rows, fields))
    households = {row["household_id"] for row in rows if row["household_id"] is not None}
    registers.seen("export", f"exchange {code}", households, facts)
    facts |= {"rows": len(rows), "households": len(households)}
    audit.record(registers.session, registers.person_id, "registers.exchanged", f"place {code}", facts)
    return written.getvalue().encode("utf-8-sig"), len(rows)


def _with_numbers(
    registers: Registers, code: str, rows: list[dict[str, Any]], numbers: Numbers
) -> dict[str, Any]:
    """Put birth dates and numbers into rows; returns what the audit tells of it."""
    reason = identities.a_reason(numbers.reason)
    asked = identities.rules_by_community(registers, numbers.today)
    theirs = [row for row in rows if asked(row["community_id"]).exchange_number]
    if not theirs:
        raise Refusal("numbers_not_exchanged", place=code)
    sealed = {
        row["resident_id"]: (row["resident_id"], row["number_hash"], row["number_sealed"])
        for row in theirs
        if row["number_sealed"] is not None
    }
    found = identities.opened(registers, list(sealed.values()), identities.Keys(numbers.key))
    for row in theirs:
        row["birth_date"] = row["born_on"] if asked(row["community_id"]).birth_date else None
        row["id_number"] = found.get(row["resident_id"])
    return {"numbers": len(found), "reason": reason}


def _lines(rows: Iterable[Any], fields: tuple[str, ...]) -> Iterable[list[str | None]]:
    """Rows as they are written, households and residents numbered as they come."""
    numbers: dict[str, dict[int, int]] = {"household": {}, "resident": {}}
    for row in rows:
        told = dict(row)
        for kind, known in numbers.items():
            id_ = row[f"{kind}_id"]
            told[f"{kind}_no"] = None if id_ is None else known.setdefault(id_, len(known) + 1)
        yield [_cell(name, told.get(name)) for name in fields]


def _cell(name: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in WORDS:
        return WORDS[name][str(value)][1]
    return guarded(str(value))


_ROWS = text("""
    SELECT building.code AS building, entrance.code AS entrance, dwelling.code AS dwelling, dwelling.floor,
        dwelling.use, household.id AS household_id, household.begun_on AS household_from,
        household.ended_on AS household_until, household.visit_hour, resident.id AS resident_id,
        resident.name, resident.age_band, resident.registered_here, resident.phone, resident.source,
        resident.purpose, stay.from_on, stay.until_on, dwelling.community_id, identity.born_on,
        identity.number_hash, identity.number_sealed
    FROM dwelling
    JOIN building ON building.id = dwelling.building_id
    JOIN place ON place.id = dwelling.community_id
    LEFT JOIN entrance ON entrance.id = dwelling.entrance_id
    LEFT JOIN household ON household.dwelling_id = dwelling.id
    LEFT JOIN stay ON stay.household_id = household.id
    LEFT JOIN resident ON resident.id = stay.resident_id
    LEFT JOIN identity ON identity.resident_id = resident.id
    WHERE place.path <@ CAST(:path AS ltree) AND dwelling.retired_at IS NULL
    ORDER BY building.code COLLATE "C", building.id, entrance.code COLLATE "C", dwelling.code COLLATE "C",
        dwelling.id, household.begun_on, household.id, stay.from_on, stay.id
""")
