"""Published grids, buildings and public duties for other software: OGC API – Features, as the public role.

Part 1: Core (OGC 17-069r4). Features are GeoJSON in CRS84; a page follows the one before by a key, never by
counting, so that a collection of any length is read through at the same cost a page.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from app.errors import Refusal

USUAL, MOST = 100, 1_000  # features a page
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
PARAMETERS = ("bbox", "bbox-crs", "datetime", "limit", "cursor", "f", "lang")


@dataclass(frozen=True)
class Collection:
    """One collection. rows: a question for its features with `id`, `geometry`, `begun` and properties.

    filters: names of properties that may be asked for by value.
    """

    name: str
    rows: str
    properties: tuple[str, ...]
    filters: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """What is asked of a collection; `asked_of` reads it from an address."""

    limit: int = USUAL
    box: tuple[float, float, float, float] | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: int = 0
    filters: tuple[tuple[str, str], ...] = ()


# Buildings have no time of their own, duties begin; features without a time match every time.
COLLECTIONS = {
    one.name: one
    for one in (
        Collection(
            "grids",
            """
            SELECT public_grid.id, public_grid.outline AS geometry, public_grid.code, public_grid.name,
                public_grid.kind, place.code AS community, place.name AS community_name,
                plan_name, plan_version, published_at AS begun, NULL::timestamptz AS ended
            FROM public_grid JOIN place ON place.id = community_id
            """,
            ("code", "name", "kind", "community", "community_name", "plan_name", "plan_version"),
            ("code", "kind", "community"),
        ),
        Collection(
            "buildings",
            """
            SELECT building.id, geometry, building.code, name, name_pinyin, address, kind, floors,
                NULL::timestamptz AS begun, NULL::timestamptz AS ended
            FROM building WHERE retired_at IS NULL
            """,
            ("code", "name", "name_pinyin", "address", "kind", "floors"),
            ("code", "kind"),
        ),
        Collection(
            "duties",
            """
            SELECT public_duty.id, public_grid.label AS geometry, public_grid.code AS grid, public_duty.kind,
                work_name, work_phone, lower(during) AS begun, upper(during) AS ended
            FROM public_duty JOIN public_grid ON public_grid.id = grid_id
            WHERE during @> CAST(:now AS timestamptz)
            """,
            ("grid", "kind", "work_name", "work_phone"),
            ("grid", "kind"),
        ),
    )
}


def collection(name: str) -> Collection:
    """A collection by its name; `not_found` where there is none."""
    if name not in COLLECTIONS:
        raise Refusal("not_found")
    return COLLECTIONS[name]


def extent(session: Session) -> list[float] | None:
    """West, south, east and north of all there is; None where there is nothing."""
    row = session.execute(_EXTENT).one()
    return None if row.west is None else [row.west, row.south, row.east, row.north]


def features(
    session: Session, of: Collection, page: Page, now: datetime
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of features, and the cursor of the next one (None: it was the last).

    now: duties that hold then.
    """
    wheres = ["id > :after"]
    facts: dict[str, Any] = {"after": page.after, "limit": page.limit + 1, "now": now}
    if page.box is not None:
        west, south, east, north = page.box
        boxes = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        reached = []
        for number, (left, right) in enumerate(boxes):
            facts |= {f"w{number}": left, f"e{number}": right, "s": south, "n": north}
            reached.append(f"ST_Intersects(geometry, ST_MakeEnvelope(:w{number}, :s, :e{number}, :n, 4326))")
        wheres.append(f"({' OR '.join(reached)})")
    if page.since is not None:
        wheres.append("(ended IS NULL OR ended >= CAST(:since AS timestamptz))")
        facts["since"] = page.since
    if page.until is not None:
        wheres.append("(begun IS NULL OR begun <= CAST(:until AS timestamptz))")
        facts["until"] = page.until
    for number, (name, value) in enumerate(page.filters):
        wheres.append(f"{name} = :filter{number}")  # name is one of the collection's own
        facts[f"filter{number}"] = value
    question = f"""
        SELECT *, ST_AsGeoJSON(geometry, 8) AS shape FROM ({of.rows}) AS asked
        WHERE {" AND ".join(wheres)} ORDER BY id LIMIT :limit
    """  # noqa: S608 (constants and bound values)
    rows = session.execute(text(question), facts).mappings().all()
    kept = rows[: page.limit]
    further = len(rows) > page.limit
    return [_feature(of, row) for row in kept], _written(kept[-1]["id"]) if further else None


def feature(session: Session, of: Collection, feature_id: int, now: datetime) -> dict[str, Any]:
    """One feature; `not_found` where there is none."""
    question = f"SELECT *, ST_AsGeoJSON(geometry, 8) AS shape FROM ({of.rows}) AS asked WHERE id = :id"  # noqa: S608
    row = session.execute(text(question), {"id": feature_id, "now": now}).mappings().first()
    if row is None:
        raise Refusal("not_found")
    return _feature(of, row)


def _feature(of: Collection, row: RowMapping) -> dict[str, Any]:
    begun = row["begun"]
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": json.loads(row["shape"]),
        "properties": {
            **{name: row[name] for name in of.properties},
            **({"since": begun.astimezone(UTC).isoformat().replace("+00:00", "Z")} if begun else {}),
        },
    }


# --- Reading an address -----------------------------------------------------------------------------------


def asked_of(of: Collection, said: Mapping[str, str]) -> Page:
    """What an address asks; `parameter_unknown` and `parameter_malformed` name the wrong parameter."""
    for name in said:
        if name not in (*PARAMETERS, *of.filters):
            raise Refusal("parameter_unknown", parameter=name)
    if said.get("bbox-crs", CRS84) != CRS84:
        raise _malformed("bbox-crs")
    since, until = _interval(said.get("datetime"))
    return Page(
        limit=_limit(said.get("limit")),
        box=_box(said.get("bbox")),
        since=since,
        until=until,
        after=_read(said.get("cursor")),
        filters=tuple((name, said[name]) for name in of.filters if name in said),
    )


def _malformed(name: str) -> Refusal:
    return Refusal("parameter_malformed", parameter=name)


def _limit(said: str | None) -> int:
    """As the standard wants it: more than the most is the most, no fault."""
    if said is None:
        return USUAL
    if not (said.isascii() and said.isdecimal() and int(said[:12]) > 0):
        raise _malformed("limit")
    return min(int(said[:12]), MOST)


def _box(said: str | None) -> tuple[float, float, float, float] | None:
    """Four numbers, or six with heights, which nothing here has."""
    if said is None:
        return None
    try:
        numbers = [float(part) for part in said.split(",")]
    except ValueError:
        raise _malformed("bbox") from None
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not all(abs(number) <= 1e6 for number in numbers) or numbers[1] > numbers[3]:
        raise _malformed("bbox")
    west, south, east, north = numbers
    return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)


def _interval(said: str | None) -> tuple[datetime | None, datetime | None]:
    """A moment, or two with `..` or nothing for an open end."""
    if said is None:
        return None, None
    parts = said.split("/")
    if len(parts) > 2 or all(part in ("", "..") for part in parts):
        raise _malformed("datetime")
    ends = [None if part in ("", "..") else _moment(part) for part in parts]
    since, until = ends[0], ends[-1]
    if since is not None and until is not None and since > until:
        raise _malformed("datetime")
    return since, until


def _moment(said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise _malformed("datetime") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _written(last: int) -> str:
    return base64.urlsafe_b64encode(f"after {last}".encode()).decode().rstrip("=")


def _read(said: str | None) -> int:
    if said is None:
        return 0
    try:
        word = base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise _malformed("cursor") from None
    head, _, number = word.partition(" ")
    if head != "after" or not number.isdecimal() or len(number) > 18:
        raise _malformed("cursor")
    return int(number)


_EXTENT = text("""
    SELECT min(ST_XMin(outline)) AS west, min(ST_YMin(outline)) AS south,
        max(ST_XMax(outline)) AS east, max(ST_YMax(outline)) AS north
    FROM place WHERE parent_path IS NULL
""")
