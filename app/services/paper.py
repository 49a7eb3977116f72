"""What is printed of published grids: wall sheet, grid card, list of buildings, walk sheet, atlas.

All of it is read as the public role, so that nothing personal can come onto a wall.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import find
from app.services.paper_map import PaperMap, Shown, drawn

MOST_ON_WALL, MOST_IN_ATLAS = 200, 60  # grids
MOST_BUILDINGS = 2_000
A4_MAP_MM = (182.0, 150.0)
WALLS = {"A1": (594.0, 841.0), "A0": (841.0, 1189.0)}  # portrait, millimetres


@dataclass(frozen=True)
class GridSheet:
    """A grid with its map and the buildings in it."""

    card: dict[str, Any]
    map: PaperMap
    buildings: list[dict[str, Any]]


@dataclass(frozen=True)
class PlaceSheet:
    """A place with the cards of all its grids and a map of them."""

    place: dict[str, Any]
    cards: list[dict[str, Any]]
    map: PaperMap


def grid_sheet(session: Session, grid_id: int, now: datetime, today: date) -> GridSheet:
    """What is printed of one grid; `not_found` where it is not in force."""
    card = find.card(session, grid_id, now, today)
    return _sheet(session, card, _shown(session, card["community"]["code"]))


def place_sheet(session: Session, code: str, size: str, now: datetime, today: date) -> PlaceSheet:
    """The wall sheet of a community or subdistrict. size: one of WALLS.

    Refused with `not_found`, `sheet_too_many` (of grids, or of none), `fields_malformed`.
    """
    if size not in WALLS:
        raise Refusal("fields_malformed", fields="size")
    cards = find.cards_beneath(session, code, MOST_ON_WALL + 1, now, today)
    if not 0 < len(cards) <= MOST_ON_WALL:
        raise Refusal("sheet_too_many", most=MOST_ON_WALL)
    width, height = WALLS[size]
    shown = _shown(session, code)
    focus = shapely.unary_union([one.outline for one in shown])
    made = drawn(session, shown, focus, width - 40, height * 0.58)
    return PlaceSheet(find.places(session, code), cards, made)


def atlas(session: Session, code: str, now: datetime, today: date) -> tuple[PlaceSheet, list[GridSheet]]:
    """A community on one page, and a page for each of its grids.

    Refused with `not_found`, `sheet_too_many`.
    """
    cards = find.cards_beneath(session, code, MOST_IN_ATLAS + 1, now, today)
    if not 0 < len(cards) <= MOST_IN_ATLAS:
        raise Refusal("sheet_too_many", most=MOST_IN_ATLAS)
    shown = _shown(session, code)
    focus = shapely.unary_union([one.outline for one in shown])
    overview = drawn(session, shown, focus, *A4_MAP_MM)
    whole = PlaceSheet(find.places(session, code), cards, overview)
    return whole, [_sheet(session, card, shown) for card in cards]


def _sheet(session: Session, card: dict[str, Any], around: list[Shown]) -> GridSheet:
    asked = {"grid": card["id"], "most": MOST_BUILDINGS}
    buildings = [dict(row) for row in session.execute(_BUILDINGS, asked).mappings()]
    own = shapely.from_geojson(json.dumps(card["outline"]))
    grids = [replace(one, chosen=one.code == card["code"]) for one in around]
    numbers = [(str(number), row["lon"], row["lat"]) for number, row in enumerate(buildings, start=1)]
    made = drawn(
        session,
        grids,
        own,
        *A4_MAP_MM,
        hatched=False,
        numbers=numbers,
    )
    return GridSheet(card, made, buildings)


def _shown(session: Session, code: str) -> list[Shown]:
    rows = session.execute(_OUTLINES, {"code": code}).all()
    return [Shown(shapely.from_wkb(bytes(row.outline)), row.label, row.code) for row in rows]


_OUTLINES = text("""
    SELECT public_grid.code, coalesce(public_grid.name, right(public_grid.code, 3)) AS label,
        ST_AsBinary(public_grid.outline) AS outline
    FROM public_grid JOIN place ON community_path <@ place.path WHERE place.code = :code
    ORDER BY public_grid.code
""")
_BUILDINGS = text("""
    SELECT building.id, building.code, building.name, address, building.kind, floors,
        ST_X(position) AS lon, ST_Y(position) AS lat
    FROM public_grid JOIN building ON ST_Contains(public_grid.outline, position) AND retired_at IS NULL
    WHERE public_grid.id = :grid ORDER BY address, building.code LIMIT :most
""")
