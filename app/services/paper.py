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
from app.geo.crs import local_crs
from app.geo.walking import length
from app.services import find, walking
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
    metres: int | None = None  # of the walk past them in this order, where it is one


@dataclass(frozen=True)
class PlaceSheet:
    """A place with the cards of all its grids and a map of them."""

    place: dict[str, Any]
    cards: list[dict[str, Any]]
    map: PaperMap


def grid_sheet(session: Session, grid_id: int, now: datetime, today: date) -> GridSheet:
    """What is printed of one grid; `not_found` where it is not in force."""
    card = find.card(session, grid_id, now, today)
    return _sheet(session, card, _shown(session, card["community"]["code"]), _buildings(session, card))


def walk_sheet(session: Session, grid_id: int, now: datetime, today: date) -> GridSheet:
    """A grid with its buildings in the order to walk past them all over the streets, numbered so.

    By address where they are more than `walking.MOST`; metres: of the walk, None then. `not_found` where the
    grid is not in force.
    """
    card = find.card(session, grid_id, now, today)
    buildings, metres = _walked(session, _buildings(session, card))
    sheet = _sheet(session, card, _shown(session, card["community"]["code"]), buildings)
    return replace(sheet, metres=metres)


def _walked(session: Session, buildings: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int | None]:
    if not 0 < len(buildings) <= walking.MOST:
        return buildings, None
    srid = local_crs(buildings[0]["lon"], buildings[0]["lat"]).to_epsg()
    metres = walking.metres_between(session, [one["id"] for one in buildings], srid)
    order = walking.order(metres)
    return [buildings[at] for at in order], round(length(metres, order))


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
    return whole, [_sheet(session, card, shown, _buildings(session, card)) for card in cards]


def _buildings(session: Session, card: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {"grid": card["id"], "most": MOST_BUILDINGS}
    return [dict(row) for row in session.execute(_BUILDINGS, asked).mappings()]


def _sheet(
    session: Session, card: dict[str, Any], around: list[Shown], buildings: list[dict[str, Any]]
) -> GridSheet:
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
