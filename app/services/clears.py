"""The six clears 六清: how much of what ought to be known of a building or grid is known, filled of required.

Each has a rule that a person can check: a row that is required, and what fills it. Nothing is scored; what
is missing is a list of things to do.

families      a dwelling that is lived in; filled by a registered household
persons       a resident; filled by age band and where they are registered
facilities    a rental or employer; filled by a safety letter or duty statement in force
hazards       a household; filled by a visit of this quarter at which somebody was met
needs         a need; filled once it is referred or done
hotspots      a promise whose day has come; filled once it is kept
"""
# ruff: noqa: S608 (questions are put together from constants; what people say is bound)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.services.ledgers import DOOR_OF_ROW, PLACE_OF_ROW
from app.services.lookup import standing_in
from app.services.personal import Registers, verified_since

MOST = 200  # missing things told at once


@dataclass(frozen=True)
class Clear:
    """of: which of the six. filled and required are counts; nothing may be required."""

    of: str
    filled: int
    required: int


# Of each: rows from FROM on, what fills one, and the household a row is of (SQL of its id).
_RULES: dict[str, tuple[str, str, str]] = {
    "families": (
        """FROM dwelling JOIN building ON building.id = dwelling.building_id
        WHERE dwelling.retired_at IS NULL AND dwelling.use IN ('home', 'rental')""",
        "EXISTS (SELECT FROM household WHERE dwelling_id = dwelling.id AND ended_on IS NULL)",
        "NULL",
    ),
    "persons": (
        """FROM stay JOIN resident ON resident.id = stay.resident_id
        JOIN household ON household.id = stay.household_id
        JOIN dwelling ON dwelling.id = household.dwelling_id
        JOIN building ON building.id = stay.building_id WHERE stay.until_on IS NULL""",
        "age_band IS NOT NULL AND registered_here IS NOT NULL",
        "stay.household_id",
    ),
    "facilities": (
        """FROM (
            SELECT id, building_id, dwelling_id, NULL::bigint AS employer_id, NULL AS called
            FROM rental WHERE ended_on IS NULL
            UNION ALL
            SELECT NULL, building_id, NULL, id, name FROM employer WHERE ended_on IS NULL
        ) AS kept JOIN building ON building.id = kept.building_id
        LEFT JOIN dwelling ON dwelling.id = kept.dwelling_id WHERE true""",
        """EXISTS (SELECT FROM letter WHERE (rental_id = kept.id AND letter.kind = 'safety letter'
            OR letter.employer_id = kept.employer_id AND letter.kind = 'duty statement')
            AND coalesce(expires_on, 'infinity') >= :today)""",
        "NULL",
    ),
    "hazards": (
        """FROM household JOIN dwelling ON dwelling.id = household.dwelling_id
        JOIN building ON building.id = household.building_id WHERE household.ended_on IS NULL""",
        """EXISTS (SELECT FROM visit WHERE visit.household_id = household.id AND result = 'met'
            AND happened_at >= :since)""",
        "household.id",
    ),
    "needs": (
        """FROM need JOIN household ON household.id = need.household_id
        JOIN dwelling ON dwelling.id = household.dwelling_id
        JOIN building ON building.id = need.building_id WHERE need.until_on >= :today""",
        "need.state <> 'open'",
        "need.household_id",
    ),
    "hotspots": (
        """FROM promise JOIN visit ON visit.id = promise.visit_id
        LEFT JOIN dwelling ON dwelling.id = visit.dwelling_id
        JOIN building ON building.id = promise.building_id WHERE due_on <= :today
            AND (visit.household_id IS NULL
                OR EXISTS (SELECT FROM household WHERE household.id = visit.household_id))""",
        "kept_on IS NOT NULL",
        "visit.household_id",
    ),
}
CLEARS = tuple(_RULES)
# Whose door has a household, is asked as for a visit: one that objected to lists is not missing, and nothing
# but the door of one that is missing is told.
_ASKED_FOR = {"families": "visit"}


def clears(registers: Registers, buildings: Sequence[int], now: datetime) -> list[Clear]:
    """The six of some buildings together.

    now: aware, in the zone of the city; it decides the quarter and the day.
    """
    found = []
    for of, (rows, fills, _) in _RULES.items():
        question = (
            f"SELECT count(*) FILTER (WHERE {fills}), count(*) {rows} AND building.id = ANY(:buildings)"
        )
        given = _given(registers, buildings, now)
        with registers.asking(_ASKED_FOR.get(of, registers.purpose)):
            filled, required = registers.session.execute(text(question), given).one()
        found.append(Clear(of, filled, required))
    return found


def missing(registers: Registers, buildings: Sequence[int], of: str, now: datetime) -> list[dict[str, Any]]:
    """What is not filled of one of the six, by address: where, and the page to fill it on; `MOST` at most.

    That rows of households were told is written down.
    """
    rows, fills, household = _RULES[of]
    called = "kept.called" if of == "facilities" else "NULL"
    rental = "kept.id" if of == "facilities" else "NULL"
    joined = rows.replace(" WHERE ", " LEFT JOIN entrance ON entrance.id = dwelling.entrance_id WHERE ", 1)
    if of == "facilities":  # the first WHERE there is within
        joined = rows.replace(
            " WHERE true", " LEFT JOIN entrance ON entrance.id = dwelling.entrance_id WHERE true"
        )
    question = text(f"""
            SELECT building.id AS building_id, {PLACE_OF_ROW}, {DOOR_OF_ROW}, {household} AS household_id,
                dwelling.id AS dwelling_id, {called} AS called, {rental} AS rental_id
            {joined} AND building.id = ANY(:buildings) AND ({fills}) IS NOT TRUE
            ORDER BY building.code, dwelling.floor, dwelling.code LIMIT {MOST}
        """)
    given = _given(registers, buildings, now)
    with registers.asking(_ASKED_FOR.get(of, registers.purpose)):
        found = registers.session.execute(question, given).all()
    told = [dict(row._mapping) for row in found]
    registers.seen("view", f"clears {of}", [row["household_id"] for row in told if row["household_id"]])
    return told


def buildings_of_grid(registers: Registers, grid_id: int) -> list[int]:
    """Ids of the buildings in a grid."""
    question = text(f"SELECT building.id FROM {standing_in(':grid')} ORDER BY building.id")
    return list(registers.session.scalars(question, {"grid": grid_id}))


def _given(registers: Registers, buildings: Sequence[int], now: datetime) -> dict[str, Any]:
    return {"buildings": list(buildings), "since": verified_since(registers, now), "today": now.date()}
