"""Finding grids, buildings, compounds, streets and places by what people type of them.

Codes, names, addresses; Chinese from anywhere inside (there are no spaces to begin words by), pinyin and its
first letters. What is typed is taken literally: `%` and `_` stand for themselves. First comes what begins
with it, then what holds it.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services.lookup import in_scope

Scope = tuple[str, ...] | None

MOST = 20  # answers of each kind
CANDIDATES = 200  # looked at for them
LONGEST = 60  # characters
TRIGRAM = 3


def search(
    session: Session, code: str, words: str, scope: Scope, plan_id: int | None = None
) -> dict[str, Any]:
    """What in a place answers to the words, at most twenty of each kind; `not_found` where there is no place.

    plan_id: also its grids, and for each building the grid it stands in.
    """
    path = session.scalar(PATH, {"code": code})
    if path is None:
        raise Refusal("not_found")
    typed = " ".join(words.split())[:LONGEST]
    asked = {"path": path, "plan": plan_id, **in_scope(scope)}
    where = session.execute(WHERE, asked).one()
    asked |= {**where._mapping, **patterns(typed), "plain": typed, "most": MOST, "candidates": CANDIDATES}
    nothing = not typed or where.west is None  # no word, or no ground of this place is theirs to see

    def found(question: TextClause) -> list[dict[str, Any]]:
        if nothing:
            return []
        return [_as_json(dict(row)) for row in session.execute(question, asked).mappings()]

    return {
        "query": typed,
        "grids": found(GRIDS) if plan_id is not None else [],
        "buildings": found(BUILDINGS_BY_LITTLE if len(typed) < TRIGRAM else BUILDINGS),
        "compounds": found(COMPOUNDS),
        "streets": found(STREETS),
        "places": found(PLACES),
    }


def patterns(typed: str) -> dict[str, str]:
    r"""What LIKE is asked for: wildcards taken literally, and pinyin typed in syllables joined.

    >>> patterns("5% _a")["holds"]
    '%5\\% \\_a%'
    >>> patterns("chang an")["joined"], patterns("Chang'an")["joined"], patterns("lü")["joined"]
    ('%changan%', '%Changan%', '%lv%')
    """
    literal = re.sub(r"([\\%_])", r"\\\1", typed)
    joined = re.sub("[ '’]", "", literal).replace("ü", "v").replace("Ü", "v")
    return {
        "begins": f"{literal}%",
        "holds": f"%{literal}%",
        "begins_joined": f"{joined}%",
        "joined": f"%{joined}%",
        "line": f"%\n{literal}%".lower(),
        "line_joined": f"%\n{joined}%".lower(),
        "inside": f"%{literal}%".lower(),
        "inside_joined": f"%{joined}%".lower(),
    }


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    """Corners, points and the grid of a building as lists and objects."""
    row.pop("rank")
    if "west" in row:
        row["bbox"] = [row.pop(side) for side in ("west", "south", "east", "north")]
    row["label" if "households" in row else "position"] = [row.pop("lon"), row.pop("lat")]
    if "grid_id" in row:
        grid = {"id": row.pop("grid_id"), "code": row.pop("grid_code")}
        row["grid"] = grid if grid["id"] is not None else None
    return row


# --- Questions -------------------------------------------------------------------------------------------

PATH = text("SELECT path::text FROM place WHERE code = :code")
# related: places whose imports may lie here. within: those that lie here whole. seen: those in the scope.
# The box holds all that lies here and is in the scope.
WHERE = text("""
    SELECT
        (SELECT array_agg(id) FROM place
         WHERE path <@ CAST(:path AS ltree) OR path @> CAST(:path AS ltree)) AS related,
        (SELECT array_agg(id) FROM place WHERE path <@ CAST(:path AS ltree)) AS within,
        (SELECT coalesce(array_agg(id), '{}') FROM place
         WHERE path <@ ANY(CAST(:scope AS ltree[]))) AS seen,
        min(ST_XMin(outline)) AS west, min(ST_YMin(outline)) AS south,
        max(ST_XMax(outline)) AS east, max(ST_YMax(outline)) AS north
    FROM place
    WHERE path <@ CAST(:path AS ltree) AND (:everywhere OR path <@ ANY(CAST(:scope AS ltree[])))
        OR path @> CAST(:path AS ltree) AND path = ANY(CAST(:scope AS ltree[]))
""")
BOX = "ST_XMin({0}) AS west, ST_YMin({0}) AS south, ST_XMax({0}) AS east, ST_YMax({0}) AS north"
POINT = "ST_X({0}) AS lon, ST_Y({0}) AS lat"
# What was imported with a place that lies here whole is here; of the rest the position decides.
HERE = """
    place_id = ANY(:related)
    AND position && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    AND (place_id = ANY(:within) OR EXISTS (
        SELECT FROM place AS looked_in
        WHERE looked_in.path = CAST(:path AS ltree) AND ST_Covers(looked_in.outline, position)))
    AND (:everywhere OR place_id = ANY(:seen) OR EXISTS (
        SELECT FROM place AS own
        WHERE own.path = ANY(CAST(:scope AS ltree[])) AND ST_Covers(own.outline, position)))
"""
# Pinyin as it is typed: without blank and apostrophe, v for ü.
JOINED = "translate(lower(name_pinyin), 'ü'' ', 'v')"
NAME_BEGINS = f"name ILIKE :begins OR {JOINED} ILIKE :begins_joined OR name_initials ILIKE :begins_joined"
NAME_HOLDS = f"""name ILIKE :holds OR name_pinyin ILIKE :holds OR {JOINED} ILIKE :joined
    OR name_initials ILIKE :joined"""
RANK = f"""CASE WHEN name = :plain THEN 0 WHEN name ILIKE :begins THEN 1
    WHEN {NAME_BEGINS} THEN 2 ELSE 3 END AS rank"""

GRIDS = text(f"""
    SELECT grid.id, grid.code, grid.name, grid.households, place.code AS community,
        {BOX.format("grid.outline")}, {POINT.format("grid.label")},
        CASE WHEN grid.code = :plain THEN 0 WHEN right(grid.code, length(:plain)) = :plain THEN 1
            WHEN grid.code LIKE :begins THEN 2 ELSE 3 END AS rank
    FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = :plan AND place.id = ANY(:within) AND (:everywhere OR place.id = ANY(:seen))
        AND (grid.code LIKE :holds OR grid.name ILIKE :holds)
    ORDER BY rank, grid.code LIMIT :most
""")  # noqa: S608 (constants)
# Candidates, a limited number: the one with this code, what begins with the words and, where that is not
# enough, what holds them: it comes after all others, so many rows need not be read for it.
# `building.words` is all lines that may be found, in small letters.
_BUILDINGS = f"""
    WITH beginning AS MATERIALIZED (
        SELECT * FROM building
        WHERE (words LIKE :line OR words LIKE :line_joined) AND retired_at IS NULL AND {HERE}
        LIMIT :candidates
    ), candidate AS (
        SELECT * FROM building WHERE code = :plain AND retired_at IS NULL AND {HERE}
        UNION ALL
        SELECT * FROM beginning
        UNION ALL
        (SELECT * FROM building
         WHERE (SELECT count(*) FROM beginning) < :most AND {{inside}} AND retired_at IS NULL AND {HERE}
         LIMIT :candidates)
    ), best AS (
        SELECT DISTINCT ON (rank, length(coalesce(name, address, '')), code, id) *
        FROM (
            SELECT candidate.*, CASE WHEN code = :plain THEN 0 WHEN name ILIKE :begins THEN 1
                WHEN address ILIKE :begins THEN 2 WHEN code ILIKE :begins THEN 3
                WHEN {NAME_BEGINS} THEN 4 ELSE 5 END AS rank
            FROM candidate
        ) AS ranked
        ORDER BY rank, length(coalesce(name, address, '')), code, id LIMIT :most
    )
    SELECT best.id, best.code, best.name, name_pinyin, address, kind, {POINT.format("position")},
        own.id AS grid_id, own.code AS grid_code, rank
    FROM best LEFT JOIN LATERAL (
        SELECT id, code FROM grid
        WHERE plan_id = CAST(:plan AS bigint) AND ST_Contains(outline, best.position) LIMIT 1
    ) AS own ON true
    ORDER BY rank, length(coalesce(best.name, address, '')), best.code
"""  # noqa: S608 (constants)
BUILDINGS = text(_BUILDINGS.format(inside="(words LIKE :inside OR words LIKE :inside_joined)"))
# The index knows nothing shorter than three characters: reading the rows is quicker than asking it.
BUILDINGS_BY_LITTLE = text(_BUILDINGS.format(inside="strpos(words, lower(:plain)) > 0"))
COMPOUNDS = text(f"""
    SELECT id, code, name, name_pinyin, kind, {BOX.format("geometry")}, {POINT.format("position")}, {RANK}
    FROM compound, LATERAL ST_PointOnSurface(geometry) AS position
    WHERE (code ILIKE :holds OR address ILIKE :holds OR {NAME_HOLDS}) AND {HERE}
    ORDER BY rank, code LIMIT :most
""")  # noqa: S608 (constants)
# The pieces of a street are one answer, shown where its longest piece is.
STREETS = text(f"""
    SELECT name, name_pinyin, min(ST_XMin(geometry)) AS west, min(ST_YMin(geometry)) AS south,
        max(ST_XMax(geometry)) AS east, max(ST_YMax(geometry)) AS north, rank,
        (array_agg(ST_X(middle) ORDER BY length DESC))[1] AS lon,
        (array_agg(ST_Y(middle) ORDER BY length DESC))[1] AS lat
    FROM (SELECT *, {RANK} FROM street WHERE place_id = ANY(:related) AND ({NAME_HOLDS})) AS piece,
        LATERAL ST_Length(geometry) AS length,
        LATERAL ST_LineInterpolatePoint(geometry, 0.5) AS middle
    GROUP BY name, name_pinyin, rank ORDER BY rank, name LIMIT :most
""")  # noqa: S608 (constants)
PLACES = text(f"""
    SELECT code, level, name, name_pinyin, {BOX.format("outline")},
        {POINT.format("ST_PointOnSurface(outline)")}, {RANK}
    FROM place
    WHERE id = ANY(:within) AND (:everywhere OR id = ANY(:seen)) AND (code LIKE :begins OR {NAME_HOLDS})
    ORDER BY rank, code LIMIT :most
""")  # noqa: S608 (constants)
