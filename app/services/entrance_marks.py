"""Buildings that a manager lets be divided by their entrances.

A mark is of a building and outlives plans, as locks do. It divides nothing by itself: it counts in splits
that ask for entrances (`services/entrances.py`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.doors import FEWEST
from app.models import Building, EntranceMark
from app.services import audit
from app.services.access import BIGGEST_ID
from app.services.jobs import place_called

MOST_LISTED = 200  # buildings that could be marked, the largest first


def listed(session: Session, code: str) -> dict[str, Any]:
    """The marked buildings of a place by code, and others with known entrances, the largest first.

    known: how many buildings have entrances enough to be divided.
    """
    place = place_called(session, code)
    asked = {"place": place.id, "fewest": FEWEST, "most": MOST_LISTED}
    rows = session.execute(_LISTED, asked).all()
    told = [
        {
            "id": row.mark_id,
            "building": {name: getattr(row, name) for name in ("id", "code", "name", "name_pinyin")},
            "households": row.households,
            "entrances": row.entrances,
        }
        for row in rows
    ]
    could = [{k: v for k, v in one.items() if k != "id"} for one in told if one["id"] is None]
    return {
        "marks": [one for one in told if one["id"] is not None],
        "unmarked": could[:MOST_LISTED],
        "known": rows[0].known if rows else 0,
    }


_LISTED = text("""
    SELECT building.id, building.code, building.name, building.name_pinyin, building.households,
        mark.id AS mark_id, count(entrance.id) AS entrances,
        sum(CASE WHEN count(entrance.id) >= :fewest THEN 1 ELSE 0 END) OVER () AS known
    FROM building LEFT JOIN entrance ON entrance.building_id = building.id
    LEFT JOIN entrance_mark AS mark ON mark.building_id = building.id
    WHERE building.place_id = :place AND building.retired_at IS NULL
    GROUP BY building.id, mark.id
    HAVING mark.id IS NOT NULL OR count(entrance.id) >= :fewest
    ORDER BY mark.id IS NULL, CASE WHEN mark.id IS NULL THEN -building.households END, building.code
    LIMIT :most + (SELECT count(*) FROM entrance_mark WHERE place_id = :place)
""")


def mark(session: Session, code: str, building_id: int, actor_id: int | None = None) -> int:
    """Let a building be divided by its entrances; marked already, it stays so.

    Refused with `locked_building_unknown` and, where fewer than two entrances are known, `entrances_unknown`;
    with `not_found` where another took the mark off that was there.
    """
    place = place_called(session, code)
    building = session.get(Building, building_id) if building_id <= BIGGEST_ID else None
    if building is None or building.place_id != place.id or building.retired_at is not None:
        raise Refusal("locked_building_unknown", building=building_id)
    known = session.scalar(text("SELECT count(*) FROM entrance WHERE building_id = :id"), {"id": building_id})
    if (known or 0) < FEWEST:
        raise Refusal("entrances_unknown", building=building.name or building.code)
    inserted = session.scalar(
        text("""
            INSERT INTO entrance_mark (place_id, building_id, made_by) VALUES (:place, :building, :actor)
            ON CONFLICT DO NOTHING RETURNING id
        """),
        {"place": place.id, "building": building_id, "actor": actor_id},
    )
    if inserted is not None:
        facts = {"building_id": building_id}
        audit.record(session, actor_id, "entrance_mark.made", f"place {place.code}", facts)
        return int(inserted)
    made = select(EntranceMark.id).where(EntranceMark.building_id == building_id)
    if (known_mark := session.scalars(made).one_or_none()) is None:
        raise Refusal("not_found")
    return known_mark


def unmark(session: Session, code: str, mark_id: int, actor_id: int | None = None) -> None:
    """Take a mark off; plans that were divided stay as they are. `not_found` where there is no such mark."""
    place = place_called(session, code)
    gone = text("DELETE FROM entrance_mark WHERE id = :id AND place_id = :place RETURNING building_id")
    building_id = session.scalar(gone, {"id": min(mark_id, BIGGEST_ID), "place": place.id})
    if building_id is None:
        raise Refusal("not_found")
    facts = {"building_id": building_id}
    audit.record(session, actor_id, "entrance_mark.removed", f"place {place.code}", facts)


def building_called(session: Session, code: str, building: str) -> int:
    """The id of a standing building by its code; refused with `locked_building_unknown`."""
    found = session.scalar(
        select(Building.id).where(
            Building.place_id == place_called(session, code).id,
            Building.code == building,
            Building.retired_at.is_(None),
        )
    )
    if found is None:
        raise Refusal("locked_building_unknown", building=building)
    return int(found)
