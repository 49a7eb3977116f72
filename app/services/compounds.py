"""Compounds drawn by hand: rental compounds above all, of which no file tells.

A compound is of the place whose ground was imported, whichever place beneath it is asked about. What was
drawn outlives imports; what came with files is changed by importing them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import Geometries, round_degrees
from app.models import Compound, Place
from app.models.ground import COMPOUND_KINDS
from app.services import audit
from app.services.access import BIGGEST_ID
from app.services.bulk import hex_of, many, shapes_of
from app.services.jobs import place_called
from app.services.latin import latin

KINDS = COMPOUND_KINDS
RENTAL = "rental compound"
INSIDE_SHARE = 0.5  # of its ground at least lies in the place it is drawn in
WIDEST_DEGREES = 0.2
MOST_CORNERS = 2_000


def listed(session: Session, code: str) -> list[dict[str, Any]]:
    """The compounds of a place by name; of those drawn by hand who drew them, and the polygon."""
    return _rows(session, place_called(session, code))


def draw(
    session: Session,
    code: str,
    name: str,
    kind: str,
    polygon: Mapping[str, Any],
    actor_id: int | None = None,
) -> dict[str, Any]:
    """Draw a compound; buildings that stand in it are its own from now on.

    polygon: GeoJSON, lon/lat in degrees. Refused with `compound_malformed`, `compound_too_wide`,
    `compound_outside` and, where a place has no ground yet, `place_without_plots`.
    """
    place = place_called(session, code)
    ground_id = _ground_of(session, place)
    shape = _drawn(session, place, name, polygon)
    id_ = session.scalar(
        text("""
            WITH own AS (SELECT nextval(pg_get_serial_sequence('compound', 'id')) AS id)
            INSERT INTO compound (id, place_id, code, name, name_pinyin, name_initials, kind, geometry,
                drawn_by, drawn_at)
            SELECT id, :place, 'drawn-' || id, :name, :pinyin, :initials, :kind, :shape, :actor, now()
            FROM own RETURNING id
        """),
        {"place": ground_id, "kind": kind, "shape": shape, "actor": actor_id, **_called(name)},
    )
    _house(session, ground_id, int(id_ or 0))
    audit.record(session, actor_id, "compound.drawn", f"compound {id_}", {"place": code, "name": name})
    return _one(session, place, int(id_ or 0))


def change(
    session: Session, code: str, compound_id: int, wanted: Mapping[str, Any], actor_id: int | None = None
) -> dict[str, Any]:
    """Change `name`, `kind` or `polygon` of a compound drawn by hand; what is not named stays.

    Refused as `draw` says, with `not_found` and, where it came with files, `compound_imported`.
    """
    place, compound = _own(session, code, compound_id)
    name = wanted.get("name") or compound.name or compound.code
    given: dict[str, Any] = {}
    if "name" in wanted:
        given |= {"name": name, **dict(zip(("name_pinyin", "name_initials"), latin(name), strict=True))}
    if "kind" in wanted:
        given["kind"] = wanted["kind"]
    if "polygon" in wanted:
        given["geometry"] = _drawn(session, place, name, wanted["polygon"])
    for column, value in given.items():
        setattr(compound, column, value)
    session.flush()
    if "polygon" in wanted:
        _house(session, compound.place_id, compound_id)
    audit.record(session, actor_id, "compound.changed", f"compound {compound_id}", {"changed": [*wanted]})
    return _one(session, place, compound_id)


def remove(session: Session, code: str, compound_id: int, actor_id: int | None = None) -> None:
    """Take a compound drawn by hand off the map; its buildings stand in the next larger one, or in none.

    Refused as `change` is, and with `compound_let` while the register names it.
    """
    _, compound = _own(session, code, compound_id)
    if let_compounds(session, [compound_id]):
        raise Refusal("compound_let", name=compound.name or compound.code)
    facts = {"place": code, "name": compound.name, "code": compound.code}
    ground_id = compound.place_id
    session.execute(_HOUSE, {"place": ground_id, "compound": compound_id, "other_than": compound_id})
    session.execute(delete(Compound).where(Compound.id == compound_id))
    session.expunge(compound)
    audit.record(session, actor_id, "compound.removed", f"compound {compound_id}", facts)


def drawn_compounds(session: Session, place_id: int) -> tuple[list[int], Geometries]:
    """Ids of what was drawn by hand in the place with this id, and its ground in lon/lat."""
    rows = session.execute(
        text("""
            SELECT id, ST_AsBinary(geometry) AS geometry FROM compound
            WHERE place_id = :place AND drawn_at IS NOT NULL ORDER BY id
        """),
        {"place": place_id},
    ).all()
    return [row.id for row in rows], shapes_of(row.geometry for row in rows)


def let_compounds(session: Session, ids: Sequence[int]) -> set[int]:
    """Which of the compounds the register names as let, now or before."""
    return set(session.scalars(text("SELECT compounds_let(:ids)"), {"ids": list(ids)}))


def _ground_of(session: Session, place: Place) -> int:
    """Id of the place that this one's ground was imported with."""
    found = session.scalar(
        text("""
            SELECT place.id FROM place
            WHERE place.path @> CAST(:path AS ltree)
                AND EXISTS (SELECT FROM tessellation WHERE place_id = place.id)
            ORDER BY nlevel(place.path) DESC LIMIT 1
        """),
        {"path": place.path},
    )
    if found is None:
        raise Refusal("place_without_plots", place=f"{place.name} ({place.code})")
    return int(found)


def _drawn(session: Session, place: Place, name: str, polygon: Mapping[str, Any]) -> str:
    """What was drawn as PostGIS reads it, on the lattice, and most of it in the place."""
    try:
        shape = shapely.transform(shapely.geometry.shape(polygon), round_degrees)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, shapely.errors.ShapelyError):
        raise Refusal("compound_malformed", name=name) from None
    sound = shape.geom_type in ("Polygon", "MultiPolygon") and shape.area > 0 and shape.is_valid
    sound = sound and shapely.get_num_coordinates(shape) <= MOST_CORNERS
    if not sound or not shapely.covers(shapely.box(-180, -90, 180, 90), shape):
        raise Refusal("compound_malformed", name=name)
    west, south, east, north = shape.bounds
    if max(east - west, north - south) > WIDEST_DEGREES:
        raise Refusal("compound_too_wide", name=name, most_degrees=WIDEST_DEGREES)
    written = hex_of(many(np.array([shape], object)))[0]
    inside = session.scalar(
        text("""
            SELECT ST_Area(ST_Intersection(outline, CAST(:shape AS geometry)))
                / ST_Area(CAST(:shape AS geometry))
            FROM place WHERE id = :place
        """),
        {"shape": written, "place": place.id},
    )
    if (inside or 0) < INSIDE_SHARE:
        raise Refusal("compound_outside", name=name, place=f"{place.name} ({place.code})")
    return written


def _called(name: str) -> dict[str, str | None]:
    in_latin = latin(name)
    return {"name": name, "pinyin": in_latin.pinyin, "initials": in_latin.initials}


def _own(session: Session, code: str, compound_id: int) -> tuple[Place, Compound]:
    """A compound that lies in the place and was drawn by hand."""
    place = place_called(session, code)
    if not 0 <= compound_id <= BIGGEST_ID or not _rows(session, place, compound_id):
        raise Refusal("not_found")
    compound = session.get_one(Compound, compound_id, with_for_update=True)
    if compound.drawn_at is None:
        raise Refusal("compound_imported", name=compound.name or compound.code)
    return place, compound


# Buildings that are the compound's, or stand in it, belong to the smallest compound they stand in.
_HOUSE = text("""
    UPDATE building SET compound_id = (
        SELECT compound.id FROM compound
        WHERE compound.place_id = :place AND compound.id <> :other_than
            AND ST_Intersects(compound.geometry, building.position)
        ORDER BY ST_Area(compound.geometry), compound.id LIMIT 1
    )
    WHERE building.place_id = :place AND retired_at IS NULL AND (
        compound_id = :compound
        OR ST_Intersects(position, (SELECT geometry FROM compound WHERE id = :compound))
    )
""")


def _house(session: Session, ground_id: int, compound_id: int) -> None:
    session.execute(_HOUSE, {"place": ground_id, "compound": compound_id, "other_than": -1})


def _one(session: Session, place: Place, compound_id: int) -> dict[str, Any]:
    return _rows(session, place, compound_id)[0]


def _rows(session: Session, place: Place, compound_id: int | None = None) -> list[dict[str, Any]]:
    rows = session.execute(_LISTED, {"place": place.id, "path": place.path, "only": compound_id})
    return [
        {
            "id": row.id,
            "code": row.code,
            "name": row.name,
            "name_pinyin": row.name_pinyin,
            "kind": row.kind,
            "drawn": row.drawn_at is not None,
            "drawn_by": {"id": row.person_id, "name": row.person} if row.person_id else None,
            "drawn_at": row.drawn_at.isoformat() if row.drawn_at else None,
            "buildings": row.buildings,
            "households": row.households,
            "bbox": [row.west, row.south, row.east, row.north],
            "polygon": json.loads(row.polygon) if row.polygon else None,
        }
        for row in rows
    ]


_LISTED = text("""
    SELECT compound.id, compound.code, compound.name, compound.name_pinyin, compound.kind, drawn_at,
        person.id AS person_id, person.name AS person,
        count(building.id)::int AS buildings, coalesce(sum(building.households), 0)::int AS households,
        ST_XMin(compound.geometry) AS west, ST_YMin(compound.geometry) AS south,
        ST_XMax(compound.geometry) AS east, ST_YMax(compound.geometry) AS north,
        CASE WHEN drawn_at IS NOT NULL THEN ST_AsGeoJSON(
            CASE WHEN ST_NumGeometries(compound.geometry) = 1 THEN ST_GeometryN(compound.geometry, 1)
                ELSE compound.geometry END, 8) END AS polygon
    FROM place AS asked
    JOIN place AS own ON own.path @> asked.path OR own.path <@ asked.path
    JOIN compound ON compound.place_id = own.id
        AND ST_Intersects(asked.outline, ST_PointOnSurface(compound.geometry))
    LEFT JOIN building ON building.compound_id = compound.id AND building.retired_at IS NULL
    LEFT JOIN person ON person.id = compound.drawn_by
    WHERE asked.id = :place AND (CAST(:only AS bigint) IS NULL OR compound.id = :only)
    GROUP BY compound.id, person.id
    ORDER BY compound.name NULLS LAST, compound.code, compound.id
""")
