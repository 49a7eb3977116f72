"""The log of reads of personal data, for administrators: who read whose rows, what for, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from app.services.fives import fives_of
from app.services.personal import ACTS, PURPOSES, Registers

PAGE = 100


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty: everything. before: rows before this number, for the next page."""

    who: str = ""
    household_id: int | None = None
    act: str = ""
    purpose: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Line:
    """One read. reader: account and name, None for the command line, the worker and residents.

    households: how many were read; of more than one in fives, None being “few”: a read of a whole grid would
    count it, day by day.
    """

    id: int
    at: datetime
    act: str
    purpose: str
    about: str
    account: str | None
    name: str | None
    households: int | None


def search(registers: Registers, wanted: Wanted, zone: str) -> list[Line]:
    """Reads of households one may see, and of none by staff of one's places, the latest first, one page.

    zone: whose days `since` and `until` are, as in Asia/Shanghai. It shows no personal data: numbers of
    households, and staff.
    """
    asked = {
        "who": f"%{_escaped(wanted.who.strip())}%",
        "household": wanted.household_id,
        "act": f"registers.{wanted.act}" if wanted.act in ACTS else "",
        "purpose": wanted.purpose if wanted.purpose in PURPOSES else "",
        "since": wanted.since,
        "until": wanted.until,
        "before": wanted.before,
        "zone": zone,
        "most": PAGE,
        "everywhere": registers.session.scalar(_EVERYWHERE),
    }
    rows = registers.session.execute(_SEARCH, asked).all()
    fives = fives_of(registers.session)
    return [
        Line(
            row.id, row.at, row.act.removeprefix("registers."), row.purpose, row.about, row.account,
            row.name, row.households if row.households < 2 else fives.told(row.households, ""),
        )
        for row in rows
    ]  # fmt: skip


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# A read of no household is seen by who sees the places in which its reader has a role.
_EVERYWHERE = text("""
    SELECT NOT EXISTS (SELECT FROM place WHERE parent_path IS NULL AND NOT path <@ ANY (
        CAST(string_to_array(current_setting('gridkeeper.staff', true), ',') AS ltree[])))
""")
# A household that is gone is seen by nobody any more; its reads are, by those who see the others of the row.
_SEARCH = text("""
    SELECT audit.id, audit.at, audit.act, audit.purpose, audit.about, person.account, person.name,
        cardinality(audit.households) AS households
    FROM audit LEFT JOIN person ON person.id = audit.person_id
    WHERE audit.households IS NOT NULL
        AND (CAST(:household AS bigint) IS NULL OR audit.households @> ARRAY[CAST(:household AS bigint)])
        AND (:who = '%%' OR person.name ILIKE :who OR person.account ILIKE :who)
        AND (:act = '' OR audit.act = :act)
        AND (:purpose = '' OR audit.purpose = :purpose)
        AND (CAST(:since AS date) IS NULL OR audit.at >= CAST(:since AS date)::timestamp AT TIME ZONE :zone)
        AND (CAST(:until AS date) IS NULL
            OR audit.at < (CAST(:until AS date) + 1)::timestamp AT TIME ZONE :zone)
        AND (CAST(:before AS bigint) IS NULL OR audit.id < :before)
        AND (EXISTS (SELECT FROM household WHERE household.id = ANY (audit.households))
            OR audit.households = '{}' AND (:everywhere OR EXISTS (
                SELECT FROM role JOIN place ON place.id = role.place_id
                WHERE role.person_id = audit.person_id
                    AND place.path <@ ANY (CAST(string_to_array(
                        current_setting('gridkeeper.staff', true), ',') AS ltree[]))
            )))
    ORDER BY audit.id DESC LIMIT :most
""")
