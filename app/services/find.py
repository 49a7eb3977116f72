"""What residents find without signing in: their grid, who answers for it, the office, its hours and services.

Everything is asked as the public role, which can read no household, no resident and no table of staff. No
question lists more than ten answers, and none is answered that holds no word.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, RowMapping, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services.search import LONGEST, TRIGRAM, patterns

MOST = 10  # answers to a question
CANDIDATES = 200
LEAST_SIGNS = 2  # letters, digits or characters
MOST_GRIDS_KEPT = 60  # in what a screen keeps for when the network is gone
MOST_BUILDINGS_KEPT = 4_000
SIMPLE_DEGREES = 1e-6  # a tenth of a metre: outlines are for looking at


# --- Looking for ------------------------------------------------------------------------------------------


def search(session: Session, words: str, code: str | None = None) -> list[dict[str, Any]]:
    """Buildings, compounds, parks and grids that answer to the words, at most ten in all, best first.

    By name, address, code, pinyin or its first letters, each with the grid it lies in. code: only in this
    place. Refused with `search_too_short`, `not_found`.
    """
    typed = " ".join(words.split())[:LONGEST]
    if len(re.sub(r"[\W_]", "", typed)) < LEAST_SIGNS:
        raise Refusal("search_too_short", least=LEAST_SIGNS)
    asked = {**patterns(typed), "plain": typed, "most": MOST, "candidates": CANDIDATES}
    asked |= {"path": None if code is None else path_of(session, code)}
    questions = (BUILDINGS if len(typed) >= TRIGRAM else BUILDINGS_BY_LITTLE, COMPOUNDS, GREENS, GRIDS)
    found = [dict(row) for question in questions for row in session.execute(question, asked).mappings()]
    found.sort(key=lambda one: (one["rank"], len(one["name"] or one["address"] or ""), one["code"] or ""))
    return [_match(one) for one in found[:MOST]]


def _match(row: dict[str, Any]) -> dict[str, Any]:
    row.pop("rank")
    row["position"] = [round(row.pop("lon"), 6), round(row.pop("lat"), 6)]
    row["grid"] = {"id": row.pop("grid_id"), "code": row.pop("grid_code")}
    return row


def path_of(session: Session, code: str) -> str:
    """Where a place stands in the tree; `not_found` where there is none."""
    path: str | None = session.scalar(PATH, {"code": code})
    if path is None:
        raise Refusal("not_found")
    return path


# --- Cards ------------------------------------------------------------------------------------------------


def card(session: Session, grid_id: int, now: datetime, today: date) -> dict[str, Any]:
    """All that is told of a grid in force; `not_found` where there is none.

    now, today: who answers then, and which notices hang.
    """
    found = _cards(session, CARD_OF_ID, {"grid": grid_id}, now, today)
    if not found:
        raise Refusal("not_found")
    return found[0]


def card_at(session: Session, lon: float, lat: float, now: datetime, today: date) -> dict[str, Any] | None:
    """The grid in force at a point in degrees; None where there is none."""
    found = _cards(session, CARD_AT, {"lon": lon, "lat": lat}, now, today)
    return found[0] if found else None


def cards_beneath(session: Session, code: str, most: int, now: datetime, today: date) -> list[dict[str, Any]]:
    """The cards of all grids in force of a place, by code, at most so many; `not_found`."""
    return _cards(session, CARDS_BENEATH, {"path": path_of(session, code), "most": most}, now, today)


def building(session: Session, building_id: int, now: datetime, today: date) -> dict[str, Any]:
    """A building with its grid's card (None: no plan reaches it); `not_found` where there is none."""
    row = session.execute(BUILDING, {"building": building_id}).mappings().first()
    if row is None:
        raise Refusal("not_found")
    found = dict(row)
    lon, lat = found.pop("lon"), found.pop("lat")
    return {**found, "position": [lon, lat], "card": card_at(session, lon, lat, now, today)}


def _cards(
    session: Session, question: Any, asked: dict[str, Any], now: datetime, today: date
) -> list[dict[str, Any]]:
    rows = session.execute(question, {**asked, "step": SIMPLE_DEGREES}).mappings().all()
    grids = [row["id"] for row in rows]
    duties = _by_grid(session.execute(DUTIES, {"grids": grids, "now": now}).mappings())
    notices = _by_grid(session.execute(NOTICES, {"grids": grids, "today": today}).mappings())
    services = [dict(row) for row in session.execute(SERVICES).mappings()] if rows else []
    offices = {row["grid_id"]: row for row in session.execute(OFFICES, {"grids": grids}).mappings()}
    return [
        {
            **_grid(row),
            "coordinators": duties.get(row["id"], []),
            "office": _office(offices.get(row["id"])),
            "notices": notices.get(row["id"], []),
            "services": services,
        }
        for row in rows
    ]


def _grid(row: RowMapping) -> dict[str, Any]:
    return {
        "id": row["id"],
        "code": row["code"],
        "name": row["name"],
        "kind": row["kind"],
        "community": {"code": row["community_code"], "name": row["community"], "pinyin": row["pinyin"]},
        "above": row["above"],
        "plan": {
            "name": row["plan_name"],
            "version": row["plan_version"],
            "since": row["published_at"].date().isoformat(),
        },
        "bbox": [round(row[side], 7) for side in ("west", "south", "east", "north")],
        "label": [round(row["lon"], 6), round(row["lat"], 6)],
        "outline": json.loads(row["outline"]),
        "border": row["border"],
    }


def _by_grid(rows: Iterable[RowMapping]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        one = {name: _plain(value) for name, value in row.items() if name != "grid_id"}
        found.setdefault(row["grid_id"], []).append(one)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _office(row: RowMapping | None) -> dict[str, str] | None:
    return None if row is None else {name: row[name] for name in OFFICE_COLUMNS}


# --- For screens that stand somewhere ----------------------------------------------------------------------


def places(session: Session, code: str | None) -> dict[str, Any]:
    """What a page looks at first: the place, or all there is, with its box and the names above it."""
    path = None if code is None else path_of(session, code)
    row = session.execute(PLACE, {"path": path}).mappings().one()
    box = [row[side] for side in ("west", "south", "east", "north")]
    return {
        "code": row["code"],
        "name": row["name"],
        "pinyin": row["name_pinyin"],
        "level": row["level"],
        "bbox": None if box[0] is None else [round(side, 7) for side in box],
    }


def version(session: Session, code: str | None, now: datetime, today: date) -> str:
    """One word that changes when a plan, a duty, an office or a notice of the place does.

    now, today: duties and notices count when they begin and end.
    """
    path = None if code is None else path_of(session, code)
    said = session.execute(VERSION, {"path": path, "now": now, "today": today}).one()
    return hashlib.sha256(repr(tuple(said)).encode()).hexdigest()[:16]


def pack(session: Session, code: str, now: datetime, today: date) -> dict[str, Any]:
    """All that a screen in a community needs without network: its grids' cards, and its buildings to search.

    Refused with `not_found`, and for what is more than a community with `pack_too_large`: a screen stands in
    one place, and a district's list of buildings is a matter of `/ogc`.
    """
    place = places(session, code)
    path = path_of(session, code)
    cards = _cards(session, CARDS_BENEATH, {"path": path, "most": MOST_GRIDS_KEPT + 1}, now, today)
    if place["level"] != "community" or len(cards) > MOST_GRIDS_KEPT:
        raise Refusal("pack_too_large", most=MOST_GRIDS_KEPT)
    asked = {"grids": [one["id"] for one in cards], "most": MOST_BUILDINGS_KEPT}
    columns = ("id", "name", "pinyin", "initials", "address", "code", "lon", "lat", "grid")
    return {
        "version": version(session, code, now, today),
        "place": place,
        "grids": [{name: value for name, value in one.items() if name != "services"} for one in cards],
        "services": cards[0]["services"] if cards else [],
        "columns": columns,
        "buildings": [
            [_rounded(row[name]) for name in columns]
            for row in session.execute(BUILDINGS_IN, asked).mappings()
        ],
    }


def _rounded(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value


# --- What scanned sheets say ------------------------------------------------------------------------------


def border_of_grid(session: Session, grid_id: int) -> tuple[int, str] | None:
    """A grid with its border in one word, as `card` has it; None where it is in force no more.

    Printed on sheets, the word tells whether the border has changed since.
    """
    return _border(session.execute(BORDER_OF_GRID, {"grid": grid_id}).first())


def border_around(session: Session, building_id: int) -> tuple[int, str] | None:
    """The same of the grid in which a building stands now."""
    return _border(session.execute(BORDER_AROUND, {"building": building_id}).first())


def _border(row: Row[Any] | None) -> tuple[int, str] | None:
    return None if row is None else (row.id, row.border)


def sql_border(outline: str) -> str:
    """A grid's border in one word, as SQL. outline: the column."""
    return f"substr(md5(ST_AsBinary(ST_Normalize({outline}))), 1, 8)"


# --- Questions --------------------------------------------------------------------------------------------

OFFICE_COLUMNS = ("phone", "supervision_phone", "hours_zh", "hours_en", "address_zh", "address_en")
PATH = text("SELECT path::text FROM place WHERE code = :code")
PLACE = text("""
    SELECT * FROM (
        SELECT count(*) AS there, min(ST_XMin(outline)) AS west, min(ST_YMin(outline)) AS south,
            max(ST_XMax(outline)) AS east, max(ST_YMax(outline)) AS north
        FROM place
        WHERE CASE WHEN CAST(:path AS ltree) IS NULL THEN parent_path IS NULL
            ELSE path = CAST(:path AS ltree) END
    ) AS box LEFT JOIN LATERAL (
        SELECT code, name, name_pinyin, level FROM place
        WHERE path = CAST(:path AS ltree) OR (CAST(:path AS ltree) IS NULL AND box.there = 1
            AND parent_path IS NULL)
    ) AS named ON true
""")
IN_GRID = """
    JOIN LATERAL (
        SELECT id AS grid_id, code AS grid_code, community_path FROM public_grid
        WHERE ST_Covers(outline, position) ORDER BY code LIMIT 1
    ) AS own ON CAST(:path AS ltree) IS NULL OR community_path <@ CAST(:path AS ltree)
"""
AT = "ST_X(position) AS lon, ST_Y(position) AS lat"
JOINED = "translate(lower(name_pinyin), 'ü'' ', 'v')"
BEGINS = f"name ILIKE :begins OR {JOINED} ILIKE :begins_joined OR name_initials ILIKE :begins_joined"
HOLDS = f"name ILIKE :holds OR {JOINED} ILIKE :joined OR name_initials ILIKE :joined"
RANK = f"""CASE WHEN name = :plain THEN 0 WHEN name ILIKE :begins THEN 1
    WHEN {BEGINS} THEN 3 ELSE 5 END AS rank"""
OF_BUILDING = "id, code, name, name_pinyin, name_initials, address, position, words"
# The place's box, before the candidates are cut off: another place's namesakes must not fill them.
_NEAR = """(CAST(:path AS ltree) IS NULL
            OR position && (SELECT outline FROM place WHERE path = CAST(:path AS ltree)))"""
# As in the search of staff: what begins so first, what holds it only where that is not enough.
_BUILDINGS = f"""
    WITH beginning AS MATERIALIZED (
        SELECT {OF_BUILDING} FROM building
        WHERE (words LIKE :line OR words LIKE :line_joined) AND retired_at IS NULL AND {_NEAR}
        LIMIT :candidates
    ), candidate AS (
        SELECT * FROM beginning
        UNION
        (SELECT {OF_BUILDING} FROM building
         WHERE (SELECT count(*) FROM beginning) < :most AND {{inside}} AND retired_at IS NULL
            AND {_NEAR}
         LIMIT :candidates)
    )
    SELECT 'building' AS kind, id, code, name, name_pinyin AS pinyin, address, {AT}, grid_id, grid_code,
        CASE WHEN code = :plain THEN 0 WHEN name ILIKE :begins THEN 1 WHEN address ILIKE :begins THEN 2
            WHEN {BEGINS} THEN 3 ELSE 5 END AS rank
    FROM candidate {IN_GRID}
    ORDER BY rank, length(coalesce(name, address, '')), code LIMIT :most
"""  # noqa: S608 (constants)
BUILDINGS = text(_BUILDINGS.format(inside="(words LIKE :inside OR words LIKE :inside_joined)"))
# The index knows nothing shorter than three characters.
BUILDINGS_BY_LITTLE = text(_BUILDINGS.format(inside="strpos(words, lower(:plain)) > 0"))
COMPOUNDS = text(f"""
    SELECT 'compound' AS kind, id, code, name, name_pinyin AS pinyin, address, {AT}, grid_id, grid_code,
        {RANK}
    FROM compound, LATERAL ST_PointOnSurface(geometry) AS position {IN_GRID}
    WHERE name IS NOT NULL AND ({HOLDS} OR address ILIKE :holds)
    ORDER BY rank, name LIMIT :most
""")  # noqa: S608 (constants)
# Parks and squares are what people go by.
GREENS = text(f"""
    SELECT 'landmark' AS kind, id, NULL AS code, name, name_pinyin AS pinyin, NULL AS address, {AT},
        grid_id, grid_code, CASE WHEN name ILIKE :begins THEN 1 ELSE 5 END AS rank
    FROM green, LATERAL ST_PointOnSurface(geometry) AS position {IN_GRID}
    WHERE name ILIKE :holds OR {JOINED} ILIKE :joined
    ORDER BY rank, name LIMIT :most
""")  # noqa: S608 (constants)
GRIDS = text("""
    SELECT 'grid' AS kind, id, code, name, NULL AS pinyin, NULL AS address,
        ST_X(label) AS lon, ST_Y(label) AS lat, id AS grid_id, code AS grid_code,
        CASE WHEN code = :plain THEN 0 ELSE 4 END AS rank
    FROM public_grid
    WHERE (code = :plain OR name ILIKE :begins)
        AND (CAST(:path AS ltree) IS NULL OR community_path <@ CAST(:path AS ltree))
    ORDER BY code LIMIT :most
""")

_CARD = f"""
    SELECT asked.id, asked.code, asked.name, asked.kind, plan_name, plan_version, published_at,
        place.code AS community_code, place.name AS community, place.name_pinyin AS pinyin,
        (SELECT array_agg(above.name ORDER BY nlevel(above.path)) FROM place AS above
         WHERE above.path @> place.path AND above.id <> place.id) AS above,
        ST_XMin(asked.outline) AS west, ST_YMin(asked.outline) AS south, ST_XMax(asked.outline) AS east,
        ST_YMax(asked.outline) AS north, ST_X(label) AS lon, ST_Y(label) AS lat,
        {sql_border("asked.outline")} AS border,
        ST_AsGeoJSON(ST_SimplifyPreserveTopology(asked.outline, :step), 6) AS outline
    FROM public_grid AS asked JOIN place ON place.id = asked.community_id
"""  # noqa: S608 (constants)
CARD_OF_ID = text(f"{_CARD} WHERE asked.id = :grid")
CARD_AT = text(f"""
    {_CARD} WHERE ST_Intersects(asked.outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
    ORDER BY asked.code LIMIT 1
""")
CARDS_BENEATH = text(f"{_CARD} WHERE community_path <@ CAST(:path AS ltree) ORDER BY asked.code LIMIT :most")
DUTIES = text("""
    SELECT grid_id, kind, work_name AS name, work_phone AS phone, lower(during) AS since FROM public_duty
    WHERE grid_id = ANY(:grids) AND during @> CAST(:now AS timestamptz)
    ORDER BY kind <> 'primary', lower(during)
""")
# Those that hang in the grid itself, or in every grid of its place or of one above.
NOTICES = text("""
    SELECT public_grid.id AS grid_id, title_zh, text_zh, title_en, text_en, until_on
    FROM public_grid JOIN place ON place.path @> community_path
    JOIN notice ON notice.place_id = place.id
        AND (notice.grid_code IS NULL OR notice.grid_code = public_grid.code)
    WHERE public_grid.id = ANY(:grids) AND CAST(:today AS date) BETWEEN from_on AND until_on
    ORDER BY from_on DESC, notice.id DESC
""")
SERVICES = text("SELECT name_zh, name_en, office FROM service WHERE active ORDER BY id")
OFFICES = text(f"""
    SELECT DISTINCT ON (public_grid.id) public_grid.id AS grid_id, {", ".join(OFFICE_COLUMNS)}
    FROM public_grid JOIN place ON place.path @> community_path
    JOIN office ON office.place_id = place.id
    WHERE public_grid.id = ANY(:grids)
    ORDER BY public_grid.id, nlevel(place.path) DESC
""")  # noqa: S608 (constants)
BUILDING = text(f"""
    SELECT id, code, name, name_pinyin AS pinyin, address, {AT} FROM building
    WHERE id = :building AND retired_at IS NULL
""")  # noqa: S608 (constants)
BUILDINGS_IN = text("""
    SELECT building.id, building.name, name_pinyin AS pinyin, name_initials AS initials, address,
        building.code, ST_X(position) AS lon, ST_Y(position) AS lat, public_grid.id AS grid
    FROM public_grid JOIN building ON ST_Contains(outline, position) AND retired_at IS NULL
    WHERE public_grid.id = ANY(:grids)
    ORDER BY building.code LIMIT :most
""")
_BENEATH = "(CAST(:path AS ltree) IS NULL OR community_path <@ CAST(:path AS ltree))"
VERSION = text(f"""
    SELECT (SELECT sum(hashint8extended(public_grid.id, plan_version)) FROM public_grid WHERE {_BENEATH}),
        (SELECT sum(hashtextextended(
            public_duty.id || work_name || coalesce(work_phone, '') || public_duty.kind, 0))
         FROM public_duty JOIN public_grid ON public_grid.id = grid_id
         WHERE during @> CAST(:now AS timestamptz) AND {_BENEATH}),
        (SELECT max(changed_at) FROM office),
        (SELECT sum(hashint8extended(id, 0)) FROM notice
         WHERE CAST(:today AS date) BETWEEN from_on AND until_on),
        (SELECT sum(version) FROM ground_version)
""")  # noqa: S608 (constants)
_BORDER = f"SELECT id, {sql_border('outline')} AS border FROM public_grid"  # noqa: S608 (constants)
BORDER_OF_GRID = text(f"{_BORDER} WHERE id = :grid")
BORDER_AROUND = text(f"""
    {_BORDER} WHERE ST_Covers(outline, (
        SELECT position FROM building WHERE building.id = :building AND retired_at IS NULL))
    ORDER BY code LIMIT 1
""")  # noqa: S608 (constants)
