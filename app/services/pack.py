"""What a phone takes along: ground, buildings and what is due, to be there without signal.

No name, phone number or value of anybody: building, door, reason, and which fields nobody has told yet. Firms
and shops are told by the name over their door, without what in it may name somebody, and only where something
is to be asked of them. The kinds of hazards, the services that may be asked for, the order to walk in and the
metres between stops are there too, so that a walk can be planned anew on the way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services import border_news, due, employers, needs, walking
from app.services.due import DueBuilding, Grid
from app.services.find import sql_border
from app.services.lookup import standing_in
from app.services.named_people import redacted
from app.services.personal import Registers

AROUND_DEG = 0.0005  # about 50 m of streets beyond a grid
BESIDE_DEG = 0.0008  # about 80 m: a park or square a building is told by
DECIMALS = 6  # of degrees: 11 cm


def pack(registers: Registers, grids: Sequence[Grid], now: datetime) -> dict[str, Any]:
    """Everything a phone takes along for somebody's grids; the read is told in the audit as that of /today.

    grids: those they answer for. now: in the city's own zone.
    """
    session, ids = registers.session, [grid.id for grid in grids]
    found = due.due(registers, grids, now)
    kinds = session.execute(_KINDS).all()
    return {
        "made_at": now,
        "person_id": registers.person_id,
        "grids": _rows(session, _GRIDS, ids, "outline"),
        "buildings": _rows(session, _BUILDINGS, ids, "ground"),
        "streets": [json.loads(line) for line in session.scalars(_STREETS, _asked(ids))],
        "due": _due(registers, found),
        "walk": _walk(session, found, ids),
        "kinds": [dict(row._mapping) for row in kinds],
        "services": needs.catalogue(session),
        "need_days": {"usual": needs.USUALLY_KEPT.days, "most": needs.LONGEST_KEPT.days},
        "employers": _employers(registers, ids),
        "employer_sizes": list(employers.SIZES),
        "changes": [
            border_news.told(one)
            for one in border_news.changes(session, registers.person_id or 0, grids, now)
        ],
    }


def _due(registers: Registers, found: Sequence[DueBuilding]) -> list[dict[str, Any]]:
    """What is due, door by door, with the names of the fields nobody has told."""
    homes = [one.household_id for building in found for one in building.due if one.household_id is not None]
    rows = registers.session.execute(_MISSING, {"households": homes})
    missing = {row.household_id: [name for name in FIELDS if getattr(row, name)] for row in rows}
    return [
        {
            "building_id": one.building_id,
            "dwelling_id": one.dwelling_id,
            "household_id": one.household_id,
            "door": one.door,
            "kind": one.kind,
            "due_on": one.due_on,
            "overdue": one.overdue,
            "missing": missing.get(one.household_id or 0, []),
        }
        for building in found
        for one in building.due
    ]


def _employers(registers: Registers, grids: Sequence[int]) -> list[dict[str, Any]]:
    """Employers of one's buildings of which something is to be asked, told in the audit by their number."""
    rows = registers.session.execute(_EMPLOYERS, {"grids": list(grids)}).all()
    made = [
        {
            "id": row.id,
            "building_id": row.building_id,
            "name": redacted(row.name),
            "kind": row.kind,
            "missing": [name for name in employers.ASKED_FIELDS if getattr(row, name)],
        }
        for row in rows
    ]
    if made:
        registers.seen_of_none("view", "pack", {"employers": len(made)})
    return made


def _walk(session: Session, found: Sequence[DueBuilding], grids: Sequence[int]) -> dict[str, Any]:
    """The stops of the day in the order to walk them, and whole metres between each two."""
    stops = [building.id for building in found[: walking.MOST]]
    if not stops:
        return {"stops": [], "metres": []}
    srid = session.execute(_SRID, {"grids": list(grids)}).scalar_one()
    metres = walking.metres_between(session, stops, srid)
    order = walking.order(metres)
    return {
        "stops": [stops[at] for at in order],
        "metres": metres[order][:, order].round().astype(int).tolist(),
    }


def _rows(session: Session, question: Any, grids: list[int], shape: str) -> list[dict[str, Any]]:
    """Rows of a question, with their GeoJSON read."""
    found = session.execute(question, _asked(grids))
    return [{**row._mapping, shape: json.loads(getattr(row, shape))} for row in found]


def _asked(grids: list[int]) -> dict[str, Any]:
    return {"grids": grids, "decimals": DECIMALS, "around": AROUND_DEG, "beside": BESIDE_DEG}


FIELDS = ("phone", "age_band", "registered_here", "visit_hour")
_GRIDS = text(f"""
    SELECT id, code, name, ST_AsGeoJSON(outline, :decimals) AS outline, {sql_border("outline")} AS border
    FROM grid WHERE id = ANY(:grids) ORDER BY code
""")  # noqa: S608 (constants)
# Found by what people go by: its own names, its compound's, a park's beside it, what is noted of it.
_BUILDINGS = text(f"""
    SELECT DISTINCT ON (building.code) building.id, building.code, building.name, building.address,
        concat_ws(chr(10), building.words, lower(compound.name), lower(compound.name_pinyin),
            compound.name_initials, (
                SELECT string_agg(concat_ws(chr(10), lower(name), lower(name_pinyin)), chr(10)) FROM green
                WHERE green.name IS NOT NULL AND ST_DWithin(green.geometry, building.position, :beside)
            ), array_to_string(noted.words, chr(10))) AS words,
        noted.words AS notes, round(ST_X(building.position)::numeric, 6)::float AS lon,
        round(ST_Y(building.position)::numeric, 6)::float AS lat,
        ST_AsGeoJSON(ST_Simplify(building.geometry, 0.000005, true), :decimals) AS ground,
        ARRAY(SELECT entrance.name FROM entrance
            WHERE entrance.building_id = building.id AND entrance.name IS NOT NULL
            ORDER BY entrance.code) AS entrances
    FROM unnest(CAST(:grids AS bigint[])) AS served(id) CROSS JOIN LATERAL {standing_in("served.id")}
    LEFT JOIN compound ON compound.id = building.compound_id
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT words FROM site_note
            WHERE site_note.building_id = building.id AND struck_at IS NULL ORDER BY id DESC) AS words
    ) AS noted
    ORDER BY building.code
""")  # noqa: S608 (constants)
_STREETS = text("""
    SELECT ST_AsGeoJSON(clipped, :decimals) FROM (
        SELECT street.id,
            ST_Intersection(street.geometry, ST_Expand(ST_Envelope(grid.outline), :around)) AS clipped
        FROM grid JOIN street ON street.geometry && ST_Expand(grid.outline, :around)
        WHERE grid.id = ANY(:grids)
    ) AS around WHERE NOT ST_IsEmpty(clipped) ORDER BY id
""")
_SRID = text("""
    SELECT min(place.srid) FROM grid JOIN place ON place.id = grid.community_id WHERE grid.id = ANY(:grids)
""")
_MISSING = text("""
    SELECT household.id AS household_id, coalesce(bool_or(resident.phone IS NULL), false) AS phone,
        coalesce(bool_or(resident.age_band IS NULL), false) AS age_band,
        coalesce(bool_or(resident.registered_here IS NULL), false) AS registered_here,
        household.visit_hour IS NULL AS visit_hour
    FROM household
    LEFT JOIN stay ON stay.household_id = household.id AND stay.until_on IS NULL
    LEFT JOIN resident ON resident.id = stay.resident_id
    WHERE household.id = ANY(:households) GROUP BY household.id
""")
_EMPLOYERS = text(f"""
    SELECT * FROM (
        SELECT employer.id, building_id, employer.name, employer.kind, size IS NULL AS size,
            nullif(contact_name, '') IS NULL AS contact_name,
            nullif(contact_phone, '') IS NULL AS contact_phone
        FROM unnest(CAST(:grids AS bigint[])) AS served(id)
        CROSS JOIN LATERAL {standing_in("served.id")}
        JOIN employer ON employer.building_id = building.id AND ended_on IS NULL
    ) AS told WHERE size OR contact_name OR contact_phone
    ORDER BY building_id, name COLLATE pinyin, id
""")  # noqa: S608 (constants)
_KINDS = text("""
    SELECT code, name_en, name_zh FROM hazard_kind WHERE retired_at IS NULL ORDER BY position
""")
