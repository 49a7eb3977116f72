"""Hazards as files for other programmes: CSV, a workbook, a GeoPackage, and requests as Open311 has them.

What leaves the house never speaks of fewer than five households: of a hazard on residential ground with one
to four of them, or on what is withheld beside it (`heat_guard.untold_in`), a row tells kind, state and
community, and neither where it is nor in which building; in which grid, where five or more live on such
ground of it. Of a community with one to four households there is no such row. Descriptions stay in the
house, for they are words of people. Every file is written down with who took it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.formula_safe import guarded
from app.models.hazards import WAITING
from app.services import spreadsheets
from app.services.heat import Ground, Wish
from app.services.heat_guard import Shapes, on_ground, untold_in
from app.services.tile_layers import FEW

COLUMNS = (
    *("id", "kind", "severity", "state", "mechanism", "origin", "community", "grid", "site", "building"),
    *("lon", "lat", "reported_at", "due_at", "closed_at", "overdue", "office", "withheld"),
)
AT_ONCE, GPKG_ROWS = 10_000, 50_000
MOST_SHEET_ROWS = 1_000_000  # a workbook's sheet holds little more
FORMATS = {
    "csv": spreadsheets.CSV,
    "xlsx": spreadsheets.XLSX,
    "gpkg": "application/geopackage+sqlite3",
}
MOST_REQUESTS = 1_000  # of an answer, as Open311 has it


@dataclass(frozen=True)
class Hidden:
    """What of a place is not told outside. ground: polygons, in degrees, of which no place is told.

    grids: community and code of those that have, or had while in force, one to four households. silent: codes
    of those that are not named where ground is not told. communities: codes of those of which no row is on
    such ground.
    """

    ground: Shapes
    grids: frozenset[tuple[str, str]]
    silent: frozenset[str]
    communities: frozenset[str]


def hidden_in(session: Session, ground: Ground) -> Hidden:
    """What of a place is not told outside."""
    rows = session.execute(_FEW_GRIDS, {"communities": list(ground.communities), "few": FEW})
    untold = untold_in(session, ground)
    few = frozenset((row.community, row.code) for row in rows)
    return Hidden(untold.ground, few, untold.grids, untold.communities)


def taken(
    opens: Callable[[], AbstractContextManager[Session]],
    ground: Ground,
    wish: Wish,
    hidden: Hidden,
    zone: Any,
) -> Iterator[dict[str, Any]]:
    """The hazards a wish means, oldest first, as they may leave the house. zone: of the moments told.

    opens: a transaction for each part of them, so that none is kept open while somebody slowly takes a
    million rows.
    """
    after = _before(wish, zone)
    while True:
        with opens() as session:
            rows = session.execute(_ROWS, _asked(ground, wish, after)).all()
        yield from told([dict(row._mapping) for row in rows], hidden, zone)
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1].reported_at, rows[-1].id)


def counted(session: Session, ground: Ground, wish: Wish, zone: Any) -> int:
    """How many hazards a wish means."""
    return int(session.scalar(_COUNT, _asked(ground, wish, _before(wish, zone))) or 0)


def check_fits(form: str, rows: int) -> None:
    """Refuse with `sheet_too_small` what a workbook cannot hold."""
    if form == "xlsx" and rows > MOST_SHEET_ROWS:
        raise Refusal("sheet_too_small", rows=rows, most=MOST_SHEET_ROWS)


def _before(wish: Wish, zone: Any) -> tuple[datetime, int]:
    """Before the first hazard a wish means."""
    return datetime.fromtimestamp(wish.since, zone), 0


def told(rows: Sequence[dict[str, Any]], hidden: Hidden, zone: Any) -> list[dict[str, Any]]:
    """Rows as they may leave the house; those about which nothing may be said are not among them."""
    if not rows:
        return []
    lon, lat = (np.array([row[name] for row in rows], np.float64) for name in ("lon", "lat"))
    hides = on_ground(lon, lat, hidden.ground) if len(hidden.ground) else np.zeros(len(rows), bool)
    return [
        _told(row, hidden, zone, hides=is_there)
        for row, is_there in zip(rows, hides.tolist(), strict=True)
        if not (is_there and row["community"] in hidden.communities)
    ]


def _told(row: dict[str, Any], hidden: Hidden, zone: Any, *, hides: bool) -> dict[str, Any]:
    """A row that lies on ground that is not told keeps the grid of its day, by which reports count it too."""
    made = {name: row.get(name) for name in COLUMNS}
    made["withheld"] = hides
    if (row["community"], row["grid"]) in hidden.grids or (hides and row["grid"] in hidden.silent):
        made["grid"] = None
    if hides:
        made |= {"lon": None, "lat": None, "building": None, "site": None}
    for name in ("reported_at", "due_at", "closed_at"):
        moment = made[name]
        if moment is not None:
            made[name] = moment.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return made


def parts(form: str, rows: Iterable[dict[str, Any]], notes: Sequence[str]) -> Iterator[bytes]:
    """A file of hazards as it comes, CSV or a workbook; cells that would be formulas are text.

    notes: what it is and who took it; they stand beneath the rows.
    """
    cells = ([row[name] for name in COLUMNS] for row in rows)
    if form == "xlsx":
        return spreadsheets.xlsx_parts("hazards", COLUMNS, cells, notes)
    return spreadsheets.csv_parts(COLUMNS, cells, notes)


def write(path: Path, form: str, rows: Iterable[dict[str, Any]], notes: Sequence[str]) -> None:
    """A file of hazards in any form; notes as in `parts`."""
    if form == "gpkg":
        write_geopackage(path, rows, notes)
        return
    with path.open("wb") as out:
        out.writelines(parts(form, rows, notes))


def write_geopackage(path: Path, rows: Iterable[dict[str, Any]], notes: Sequence[str]) -> None:
    """A GeoPackage of hazards, written part by part so that a million need no more memory than one part.

    notes: the description of its layer.
    """
    import geopandas as gpd
    import pandas as pd
    import pyogrio
    import shapely

    more = iter(rows)
    while (some := list(islice(more, GPKG_ROWS))) or not path.exists():
        table = pd.DataFrame([[_safe(row[name]) for name in COLUMNS] for row in some], columns=list(COLUMNS))
        lon, lat = (pd.to_numeric(table[name]) for name in ("lon", "lat"))
        has = lon.notna().to_numpy()
        shapes = np.full(len(table), None, dtype=object)
        shapes[has] = shapely.points(lon[has], lat[has])
        for name in ("reported_at", "due_at", "closed_at"):
            table[name] = pd.to_datetime(table[name])
        frame = gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=shapes, crs="EPSG:4326")
        pyogrio.write_dataframe(
            frame,
            path,
            layer="hazards",
            driver="GPKG",
            geometry_type="Point",
            append=path.exists(),
            layer_options={} if path.exists() else {"DESCRIPTION": " ".join(notes)},
        )


def _safe(value: Any) -> Any:
    return guarded(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Requests:
    """Which requests are asked for. since, until: when they were reported; page from 1."""

    since: datetime
    until: datetime
    status: str | None = None
    kinds: tuple[str, ...] = ()
    page: int = 1
    page_size: int = 100


def requests(
    session: Session, ground: Ground, asked: Requests, names: dict[str, str], zone: Any
) -> list[dict[str, Any]]:
    """Requests as in Open311 GeoReport v2, the newest first. names: of kinds, by code."""
    facts = {
        "communities": list(ground.communities),
        "since": asked.since,
        "until": asked.until,
        "standing": {"open": "open", "closed": "closed", None: "all"}[asked.status],
        "kinds": list(asked.kinds),
        "most": asked.page_size,
        "skipped": (asked.page - 1) * asked.page_size,
    }
    rows = [dict(row._mapping) for row in session.execute(_REQUESTS, facts)]
    by_id = {row["id"]: row for row in rows}
    made = told(rows, hidden_in(session, ground), zone)
    return [_request(by_id[one["id"]], one, names) for one in made]


def _request(row: dict[str, Any], one: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    moment = {name: row[name] and row[name].isoformat() for name in ("reported_at", "due_at", "state_since")}
    return {
        "service_request_id": str(row["id"]),
        "status": "open" if row["closed_at"] is None else "closed",
        "status_notes": row["state"],
        "service_name": names[row["kind"]],
        "service_code": row["kind"],
        "description": None,
        "agency_responsible": row["office"] or None,
        "service_notice": None,
        "requested_datetime": moment["reported_at"],
        "updated_datetime": moment["state_since"],
        "expected_datetime": moment["due_at"],
        "address": one["building"],
        "address_id": one["grid"],
        "zipcode": None,
        "lat": one["lat"],
        "long": one["lon"],
        "media_url": None,
    }


def _asked(ground: Ground, wish: Wish, after: tuple[Any, int]) -> dict[str, Any]:
    return {
        "communities": list(ground.communities),
        "until_s": wish.until,
        "standing": wish.standing,
        "kinds": list(wish.kinds),
        "severities": list(wish.severities),
        "after_at": after[0],
        "after": after[1],
        "most": AT_ONCE,
    }


_TOLD = """
    hazard.id, hazard.kind, hazard.severity, hazard.state, hazard.mechanism, hazard.origin,
    place.code AS community, hazard.grid_code AS grid, hazard.office, hazard.state_since,
    CASE WHEN hazard.building_id IS NOT NULL THEN 'building' WHEN hazard.compound_id IS NOT NULL
        THEN 'compound'
        ELSE 'point' END AS site,
    coalesce(building.address, building.name, building.code, compound.name, compound.code) AS building,
    ST_X(hazard.position) AS lon, ST_Y(hazard.position) AS lat,
    hazard.reported_at, hazard.due_at, hazard.closed_at
"""
_FROM = """
    FROM hazard JOIN place ON place.id = hazard.community_id
    LEFT JOIN building ON building.id = hazard.building_id
    LEFT JOIN compound ON compound.id = hazard.compound_id
    WHERE hazard.community_id = ANY(CAST(:communities AS bigint[]))
        AND hazard.state NOT IN ('refused', 'duplicate')
        AND (CAST(:kinds AS text[]) = '{}' OR hazard.kind = ANY(CAST(:kinds AS text[])))
"""
_FEW_GRIDS = text("""
    SELECT DISTINCT place.code AS community, grid.code FROM grid
    JOIN plan ON plan.id = grid.plan_id AND plan.published_at IS NOT NULL
    JOIN place ON place.id = grid.community_id
    WHERE grid.community_id = ANY(CAST(:communities AS bigint[])) AND grid.households BETWEEN 1 AND :few - 1
""")
# As heat.is_late has it: what was closed after that moment was open at it.
_LATE = f"""hazard.due_at < to_timestamp(:until_s)
    AND ({WAITING} OR coalesce(hazard.closed_at >= to_timestamp(:until_s), false))"""
_MEANT = f"""
        AND hazard.reported_at < to_timestamp(:until_s)
        AND (hazard.reported_at, hazard.id) > (:after_at, :after)
        AND (CAST(:severities AS int[]) = '{{}}' OR hazard.severity = ANY(CAST(:severities AS int[])))
        AND CASE CAST(:standing AS text)
            WHEN 'open' THEN coalesce(hazard.closed_at >= to_timestamp(:until_s), true)
            WHEN 'overdue' THEN {_LATE}
            WHEN 'closed' THEN hazard.closed_at < to_timestamp(:until_s)
            ELSE true END
"""
_ROWS = text(
    f"SELECT {_TOLD}, ({_LATE}) AS overdue {_FROM} {_MEANT}"
    " ORDER BY hazard.reported_at, hazard.id LIMIT :most"
)
_COUNT = text(f"SELECT count(*) {_FROM} {_MEANT}")
_REQUESTS = text(f"""
    SELECT {_TOLD}, false AS overdue {_FROM}
        AND hazard.reported_at >= :since AND hazard.reported_at < :until
        AND CASE CAST(:standing AS text) WHEN 'open' THEN hazard.closed_at IS NULL
            WHEN 'closed' THEN hazard.closed_at IS NOT NULL ELSE true END
    ORDER BY hazard.reported_at DESC, hazard.id DESC LIMIT :most OFFSET :skipped
""")
