"""What is printed of published grids: wall sheet, grid card, list of buildings, walk sheet, atlas.

All of it is read as the public role, so that nothing personal can come onto a wall.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

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
BESIDE_LIST_MM = (182.0, 110.0)  # a map that leaves room for the list of what it numbers
WALLS = {"A1": (594.0, 841.0), "A0": (841.0, 1189.0)}  # portrait, millimetres


@dataclass(frozen=True)
class GridSheet:
    """A grid with its map and the buildings in it."""

    card: dict[str, Any]
    map: PaperMap
    buildings: list[dict[str, Any]]
    metres: int | None = None  # of the walk past them in this order, where it is one


@dataclass(frozen=True)
class Group:
    """The grids of one community. mark: a letter before their numbers; none where there is one community."""

    mark: str
    community: dict[str, Any]
    cards: list[dict[str, Any]]

    def label(self, card: dict[str, Any]) -> str:
        """What stands on the map and in the list for a grid."""
        return str(card["name"] or f"{self.mark}{card['code'][-3:]}")


@dataclass(frozen=True)
class PlaceSheet:
    """A place with the cards of all its grids and a map of them."""

    place: dict[str, Any]
    cards: list[dict[str, Any]]
    map: PaperMap
    groups: list[Group]


def grid_sheet(session: Session, grid_id: int, now: datetime, today: date) -> GridSheet:
    """What is printed of one grid; `not_found` where it is not in force."""
    card = find.card(session, grid_id, now, today)
    return _sheet(session, card, _shown(session, card["community"]["code"]))


def buildings_sheet(session: Session, grid_id: int, now: datetime, today: date) -> GridSheet:
    """A grid with its buildings by address, numbered so on its map; `not_found` where it is not in force."""
    card = find.card(session, grid_id, now, today)
    around = _shown(session, card["community"]["code"])
    return _sheet(session, card, around, _buildings(session, card), BESIDE_LIST_MM)


def walk_sheet(session: Session, grid_id: int, now: datetime, today: date) -> GridSheet:
    """A grid with its buildings in the order to walk past them all over the streets, numbered so.

    By address where they are more than `walking.MOST`; metres: of the walk, None then. `not_found` where the
    grid is not in force.
    """
    card = find.card(session, grid_id, now, today)
    buildings, metres = _walked(session, _buildings(session, card))
    around = _shown(session, card["community"]["code"])
    sheet = _sheet(session, card, around, buildings, BESIDE_LIST_MM)
    return replace(sheet, metres=metres)


def _walked(session: Session, buildings: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int | None]:
    if not 0 < len(buildings) <= walking.MOST:
        return buildings, None
    srid = cast(int, local_crs(buildings[0]["lon"], buildings[0]["lat"]).to_epsg())  # all of them have one
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
    groups = _grouped(cards)
    shown = _labelled(_shown(session, code), groups)
    focus = shapely.unary_union([one.outline for one in shown])
    made = drawn(session, shown, focus, width - 40, height * 0.58)
    return PlaceSheet(find.places(session, code), cards, made, groups)


def _grouped(cards: list[dict[str, Any]]) -> list[Group]:
    """Grids by community: numbers begin anew in each."""
    found: dict[str, list[dict[str, Any]]] = {}
    for card in cards:
        found.setdefault(card["community"]["code"], []).append(card)
    return [
        Group(_mark(at) if len(found) > 1 else "", own[0]["community"], own)
        for at, own in enumerate(found.values())
    ]


def _mark(at: int) -> str:
    """A, B … Z, AA, AB …

    >>> _mark(0), _mark(25), _mark(26), _mark(53)
    ('A', 'Z', 'AA', 'BB')
    """
    return ("" if at < 26 else _mark(at // 26 - 1)) + chr(ord("A") + at % 26)


def _labelled(shown: list[Shown], groups: list[Group]) -> list[Shown]:
    labels = {card["code"]: group.label(card) for group in groups for card in group.cards}
    return [replace(one, label=labels.get(one.code, one.label)) for one in shown]


def atlas(session: Session, code: str, now: datetime, today: date) -> tuple[PlaceSheet, list[GridSheet]]:
    """A community on one page, and a page for each of its grids.

    Refused with `not_found`, `sheet_too_many`.
    """
    cards = find.cards_beneath(session, code, MOST_IN_ATLAS + 1, now, today)
    if not 0 < len(cards) <= MOST_IN_ATLAS:
        raise Refusal("sheet_too_many", most=MOST_IN_ATLAS)
    groups = _grouped(cards)
    shown = _labelled(_shown(session, code), groups)
    focus = shapely.unary_union([one.outline for one in shown])
    overview = drawn(session, shown, focus, *A4_MAP_MM)
    whole = PlaceSheet(find.places(session, code), cards, overview, groups)
    return whole, [_sheet(session, card, shown) for card in cards]


def _buildings(session: Session, card: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {"grid": card["id"], "most": MOST_BUILDINGS}
    return [dict(row) for row in session.execute(_BUILDINGS, asked).mappings()]


def _sheet(
    session: Session,
    card: dict[str, Any],
    around: list[Shown],
    buildings: Sequence[dict[str, Any]] = (),
    frame_mm: tuple[float, float] = A4_MAP_MM,
) -> GridSheet:
    """buildings: to be numbered on the map, and listed."""
    own = shapely.from_geojson(json.dumps(card["outline"]))
    grids = [replace(one, chosen=one.code == card["code"]) for one in around]
    numbers = [(str(number), row["lon"], row["lat"]) for number, row in enumerate(buildings, start=1)]
    made = drawn(
        session,
        grids,
        own,
        *frame_mm,
        hatched=False,
        numbers=numbers,
    )
    return GridSheet(card, made, list(buildings))


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
