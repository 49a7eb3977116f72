"""What is held about a household, told to itself: every field, what for, until when, and who read it.

The transaction sees the rows of this one household and no others (`open_own`), so what is told is whatever a
register holds of it: a register that is added later is told without a line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Base, Service
from app.services.field_register import NEED, REGISTER, REQUEST, STAY, VISIT, Field
from app.services.months import months_on
from app.services.personal import Registers
from app.services.rules import Retention

# Not told: hashes of codes, which say nothing, and scans, which the household has on paper.
UNTOLD = ("code_hash", "token_hash", "number_hash", "scan", "client_id")
# Told that it is held; what it holds is encrypted, and known to who it is about.
THAT_IT_IS = ("number_sealed",)
MOST_READS = 200


@dataclass(frozen=True)
class Told:
    """One field of one row. until: the day it goes, where that is known by now."""

    column: str
    value: Any
    field: Field
    until: date | None


@dataclass(frozen=True)
class Entry:
    """One row of a register."""

    table: str
    row_id: int
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Read:
    """Somebody read rows of the household. readers: role and office of each role held; empty: no person.

    reason: what they gave for reading a whole number.
    """

    at: datetime
    act: str
    purpose: str
    by_household: bool
    readers: tuple[tuple[str, str | None], ...]
    reason: str | None = None


def held(registers: Registers, household_id: int, periods: Retention) -> list[Entry]:
    """Every row there is about the household, field by field; told in the audit as a read of its own."""
    session, entries = registers.session, []
    left_on = _left_on(session, household_id)
    services = session.execute(select(Service.id, Service.name_en, Service.name_zh))
    names = {number: f"{english} / {chinese}" for number, english, chinese in services}
    for table, fields in REGISTER.items():
        for row in _rows(session, table):
            until = _until(row, fields["id"].until, left_on, periods)
            told = tuple(
                Told(column, _value(column, row[column], names), field, until)
                for column, field in fields.items()
                if field.personal and column not in UNTOLD and row[column] not in (None, "", [])
            )
            entries.append(Entry(table, row["id"], told))
    registers.seen("view", f"household {household_id}", [household_id])
    return entries


def _value(column: str, value: Any, services: Mapping[int, str]) -> Any:
    """What is told of a value. services: names by id; without any a service is told by its id."""
    if column in THAT_IT_IS:
        return value is not None
    return services.get(value, value) if column == "service_id" else value


def copied(registers: Registers, household_id: int) -> dict[str, list[dict[str, Any]]]:
    """The same as plain rows by register, to be taken along."""
    found = {
        table: [
            {column: _value(column, value, {}) for column, value in row.items() if column not in UNTOLD}
            for row in _rows(registers.session, table)
        ]
        for table in REGISTER
    }
    registers.seen("export", f"household {household_id}", [household_id])
    return {table: rows for table, rows in found.items() if rows}


def reads(session: Session, household_id: int) -> list[Read]:
    """Who read rows of the household, the latest first: by role and office, not by name."""
    rows = session.execute(_READS, {"household": household_id, "most": MOST_READS}).all()
    return [
        Read(
            row.at,
            row.act.removeprefix("registers."),
            row.purpose,
            row.purpose == "own-data",
            tuple(zip(row.kinds or (), row.offices or (), strict=True)),
            row.reason,
        )
        for row in rows
    ]


def _rows(session: Session, table: str) -> list[dict[str, Any]]:
    found = Base.metadata.tables[table]
    return [dict(row) for row in session.execute(select(found).order_by(found.c.id)).mappings()]


def _left_on(session: Session, household_id: int) -> date | None:
    """The day the last of them moved out; None while somebody lives there."""
    asked = {"household": household_id}
    row = session.execute(
        text("""
            SELECT max(until_on) AS left_on, bool_or(until_on IS NULL) AS lived_in
            FROM stay WHERE household_id = :household
        """),
        asked,
    ).one()
    found: date | None = None if row.lived_in else row.left_on
    return found


def _until(row: dict[str, Any], clock: str, left_on: date | None, periods: Retention) -> date | None:
    """The day a row goes, as far as it is known: what has not begun to end has none."""
    if clock == STAY:
        ended = row.get("until_on") or left_on
        return None if ended is None else months_on(ended, periods.stay_months)
    if clock == VISIT and row.get("happened_at"):
        return months_on(row["happened_at"].date(), periods.visit_months)
    if clock == NEED:
        until: date | None = row.get("until_on")
        return until
    if clock == REQUEST and row.get("answered_at"):
        return months_on(row["answered_at"].date(), periods.stay_months)
    return None


# The roles of today: what somebody was at the time is in the audit too, but not for residents to puzzle over.
_READS = text("""
    SELECT audit.at, audit.act, audit.purpose, held.kinds, held.offices, audit.facts ->> 'reason' AS reason
    FROM audit LEFT JOIN LATERAL (
        SELECT array_agg(role.kind ORDER BY role.id) AS kinds,
            array_agg(place.name ORDER BY role.id) AS offices
        FROM role LEFT JOIN place ON place.id = role.place_id WHERE role.person_id = audit.person_id
    ) AS held ON true
    WHERE audit.households @> ARRAY[CAST(:household AS bigint)]
    ORDER BY audit.at DESC, audit.id DESC LIMIT :most
""")
