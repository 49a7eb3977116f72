"""Certificates: what geometry says of a plan, put down with all it takes to check it again.

The figures come from `app.geo.certificate`, which knows nothing of the engine; nothing here adds to them
but names, parameters, versions and the time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyproj import CRS
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.faults import words as fault_words
from app.geo import certificate as geometry
from app.geo.certificate import Doors, Fault, Finding, Grids, Ground
from app.geo.crs import Geometries, to_lonlat, to_metres
from app.geo.district import District
from app.geo.doors import FEWEST
from app.geo.plots import Band
from app.reasons import sentences
from app.services.bulk import shapes_of
from app.services.certificate_map import drawing
from app.services.grid_files import STORED_CRS, without_clock
from app.services.kept_certificates import Sheet
from app.services.plan_figures import PlanFigures
from app.services.plan_rows import LOAD, SPECIAL
from app.services.plot_tables import ON_NEWEST_GROUND
from app.services.whole_file import whole_file

FORMAT = "gridkeeper certificate 1"
ENGINE = Path(__file__).parent.parent / "geo"
DOOR_OFF_M = 0.05  # a stated entrance lies no further from its building than rounding takes it
MAKING = ("split", "rebalance", "layer")  # kinds of edit that a plan begins with
CHECKS = (
    *("outline_m2", "grids_m2", "area_error_m2", "rounding_m2", "gap_m2", "overlap_m2", "outside_m2"),
    *("grids_in_pieces", "grids_invalid"),
)
OF_THE_OUTLINE = ("outline_m2", "grids_m2", "area_error_m2", "rounding_m2")
CHECKS_OF_BUILDINGS = (
    *("buildings_in_all", "households_in_all", "buildings_cut", "buildings_divided", "buildings_in_no_grid"),
)


@dataclass(frozen=True)
class Stated:
    """What a certificate says that geometry cannot know.

    subject: what was divided. parameters: how it was asked for. reasons: of each grid out of band, by code:
    `code`, `facts`, `sentence` and where there is one the `remedy`. tessellation: the version of plots.
    edits: kinds of changes since the division. weights: formula balanced instead of households.
    """

    subject: Mapping[str, Any]
    parameters: Mapping[str, Any]
    reasons: Mapping[str, Mapping[str, Any]]
    tessellation: Mapping[str, Any] | None = None
    edits: Sequence[Mapping[str, Any]] = ()
    weights: str | None = None


@dataclass(frozen=True)
class PlanGround:
    """A stored plan as it is examined, outside of any transaction."""

    grids: Grids
    ground: Ground
    band: Band
    stated: Stated
    outline: Geometries


def certificate(grids: Grids, ground: Ground, band: Band, stated: Stated, now: datetime) -> dict[str, Any]:
    """Examine grids and put down what was found, as JSON has it."""
    found = geometry.examine(grids, ground, band.least, band.most)
    checks: dict[str, Any] = {name: _rounded(getattr(found, name)) for name in CHECKS}
    of_buildings = {name: getattr(found, name) if ground.is_counted else None for name in CHECKS_OF_BUILDINGS}
    held, ordinary = grids.held(found.counted), grids.ordinary
    order = sorted(range(len(grids.codes)), key=lambda k: grids.codes[k])
    return {
        "format": FORMAT,
        "subject": dict(stated.subject),
        "certified_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "software": {"gridkeeper": version("gridkeeper"), "engine": engine_mark()},
        "crs": ground.crs.to_string(),
        "tessellation": None if stated.tessellation is None else dict(stated.tessellation),
        "parameters": dict(stated.parameters),
        "edits": [dict(edit) for edit in stated.edits],
        "band": {"target": band.target, "least": band.least, "most": band.most},
        "checks": {**checks, **of_buildings, "faults": len(found.faults)},
        "sizes": {
            **geometry.sizes(held[ordinary], band.target, band.least, band.most),
            "special": int((~ordinary).sum()),
            "households": int(found.counted.sum()),
            "counted_in": stated.weights or "households",
        },
        "divided": _divided(grids, ground),
        "out_of_band": _out_of_band(grids, found, band, stated.reasons),
        "faults": [told(fault) for fault in found.faults],
        "grids": [
            {"code": grids.codes[k], "households": int(grids.households[k]), "sha256": mark}
            for k, mark in zip(order, geometry.grid_fingerprints(grids), strict=True)
        ],
        "canonical": geometry.CANONICAL,
        "sha256": geometry.fingerprint(grids),
    }


def _divided(grids: Grids, ground: Ground) -> list[dict[str, Any]]:
    """Buildings divided by their entrances, with the grid and the households of each entrance."""
    doors = ground.doors
    if doors is None or len(doors.points) == 0:
        return []
    where = to_lonlat(doors.points, ground.crs)
    grid = np.full(len(where), -1, np.int64)
    point, found = shapely.STRtree(grids.lonlat).query(where, predicate="intersects")
    grid[point[::-1]] = found[::-1]
    told: dict[str, list[dict[str, Any]]] = {}
    for k, (lon, lat) in enumerate(shapely.get_coordinates(where).tolist()):
        told.setdefault(str(ground.codes[doors.building[k]]), []).append(
            {
                "grid": grids.codes[grid[k]] if grid[k] >= 0 else None,
                "households": int(doors.households[k]),
                "position": [lon, lat],
            }
        )
    return [{"building": code, "entrances": entrances} for code, entrances in sorted(told.items())]


def _out_of_band(
    grids: Grids, found: Finding, band: Band, reasons: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Grids out of band, furthest first, with why."""
    held = grids.held(found.counted)
    off = np.abs(held - band.target)
    out = np.flatnonzero(grids.ordinary & ~((held >= band.least) & (held <= band.most)))
    return [
        {
            "code": grids.codes[k],
            "households": int(found.counted[k]),
            "deviation": round(float(held[k] - band.target) / band.target, 4),
            "reason": None,
            "remedy": None,
            **reasons.get(grids.codes[k], {}),
        }
        for k in sorted(out.tolist(), key=lambda k: (-off[k], grids.codes[k]))
    ]


def told(fault: Fault) -> dict[str, Any]:
    """A fault as JSON: code, facts, place and the sentence in both languages."""
    said = fault_words(fault.code, fault.facts)
    lon, lat = (None if np.isnan(value) else value for value in (fault.lon, fault.lat))
    return {
        "code": fault.code,
        "facts": dict(fault.facts),
        "lon": lon,
        "lat": lat,
        "sentence": said._asdict(),
    }


def _rounded(value: float | int) -> float | int:
    return value if isinstance(value, int) else round(value, 2)


@cache
def engine_mark() -> str:
    """What the engine's source comes to: SHA-256 over the names and contents of all its files.

    Two installations with the same mark divide alike, whatever their version is called.
    """
    whole = hashlib.sha256()
    for path in sorted(ENGINE.rglob("*.py")):
        whole.update(path.relative_to(ENGINE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


# --- Of a district in files ------------------------------------------------------------------------------


def ground_of(district: District, doors: Doors | None = None) -> Ground:
    """A district as it is examined. doors: entrances of the buildings that are divided by them."""
    buildings = district.buildings
    return Ground(
        district.crs,
        district.outline,
        buildings["code"].tolist(),
        buildings.geometry.to_numpy(),
        buildings["households"].to_numpy(),
        divided=None if doors is None else np.isin(np.arange(len(buildings)), doors.building),
        doors=doors,
    )


def certified_doors(district: District, certified: Mapping[str, Any] | None) -> Doors | None:
    """Entrances of the buildings that a certificate says are divided, as the district knows them; where it
    knows none, as the certificate states them.

    A statement counts for nothing where it has fewer than two entrances, one away from the building, or
    other households than the building. None where no building is left.
    """
    stated = [] if certified is None else certified.get("divided", [])
    place = {code: k for k, code in enumerate(district.buildings["code"])}
    households = district.buildings["households"].to_numpy()
    known = district.entrances
    points: list[Any] = []
    rows: list[tuple[int, int]] = []
    for one in stated:
        building = place.get(one["building"], -1)
        if building < 0:
            continue
        own = None if known is None else known[known["building"] == building]
        if own is not None and len(own):
            there, counts = list(own.geometry), own["households"].tolist()
        else:
            lonlat = shapely.points([door["position"] for door in one["entrances"]])
            there, counts = (
                list(to_metres(lonlat, district.crs)),
                [door["households"] for door in one["entrances"]],
            )
            away = shapely.distance(there, district.buildings.geometry.iloc[building])
            if len(there) < FEWEST or not (away <= DOOR_OFF_M).all():
                continue
        if sum(counts) == int(households[building]):
            points += there
            rows += [(building, count) for count in counts]
    if not rows:
        return None
    building, count = np.array(rows, np.int64).T
    return Doors(np.array(points, object), building, count)


def certificate_of_split(
    plan: PlanFigures,
    district: District,
    parameters: Mapping[str, Any],
    subject: str,
    now: datetime,
    doors: Doors | None = None,
) -> dict[str, Any]:
    """The certificate of a division that is written to files. doors: of buildings divided by them."""
    codes = plan.grids["code"].tolist()
    weights = parameters.get("weights")
    grids = Grids(
        codes,
        plan.stored_grids,
        plan.grids["households"].to_numpy(),
        special=plan.grids["special"].to_numpy(dtype=bool),
        load=plan.grids["held"].to_numpy(dtype=np.float64) if weights else None,
    )
    reasons = {
        row["code"]: {
            "reason": {
                "code": row["reason_code"],
                "sentence": {"en": row["reason"], "zh": row["reason_zh"]},
            },
            "remedy": {"sentence": {"en": row["remedy"], "zh": row["remedy_zh"]}} if row["remedy"] else None,
        }
        for _, row in plan.grids[plan.grids["reason_code"] != ""].iterrows()
    }
    stated = Stated(
        {"file": subject, "outline": district.outline_source}, parameters, reasons, weights=weights
    )
    return certificate(grids, ground_of(district, doors), plan.band, stated, now)


def write_certificate(path: Path, made: Mapping[str, Any]) -> None:
    """Write a certificate as JSON, whole or not at all."""
    with whole_file(path) as unfinished:
        unfinished.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# --- Of a stored plan ------------------------------------------------------------------------------------


def plan_ground(session: Session, plan_id: int) -> PlanGround:
    """Read what is needed to examine a plan; `not_found` where there is none.

    Buildings are counted where the plan's plots are the newest of its place: of former ground only the
    plots are kept, and households are then as the plan states them.
    """
    row = session.execute(_PLAN, {"plan": plan_id}).first()
    if row is None:
        raise Refusal("not_found")
    rows = session.execute(_GRIDS, {"plan": plan_id}).all()
    outline = shapes_of([row.outline])
    crs = CRS.from_epsg(row.srid)
    grids = Grids(
        [grid.code for grid in rows],
        shapes_of(grid.outline for grid in rows),
        np.array([grid.households for grid in rows], np.int64),
        special=np.array([grid.special for grid in rows], np.bool_),
        load=None if row.weights is None else np.array([grid.held for grid in rows], np.float64),
    )
    band = Band(row.target, row.least, row.most)
    edits = session.execute(_EDITS, {"plan": plan_id}).all()
    made = next((edit for edit in edits if edit.kind in MAKING), None)
    asked = {} if made is None else dict(made.parameters)
    later = [{"version": edit.version, "kind": edit.kind} for edit in edits if edit is not made]
    subject = {
        "plan": plan_id,
        "name": row.name,
        "state": row.state,
        "version": row.version,
        "place": row.place_code,
        "place_name": row.place_name,
        "place_name_pinyin": row.place_pinyin,
        "made_at": row.made_at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    plots = {"version": row.tessellation_version, "is_newest": row.is_newest}
    reasons = {
        grid.code: sentences(grid.reason, grid.measures, grid.households)
        for grid in rows
        if not grid.special and not row.least <= grid.held <= row.most
    }
    ground = _plan_ground(session, plan_id, row, crs, to_metres(outline, crs)[0])
    return PlanGround(
        grids, ground, band, Stated(subject, asked, reasons, plots, later, row.weights), outline
    )


def _plan_ground(session: Session, plan_id: int, row: Any, crs: CRS, outline: Any) -> Ground:
    found = session.execute(_BUILDINGS, {"place": row.place_id}).all() if row.is_newest else []
    behind = session.execute(_DIVIDED, {"plan": plan_id}).all() if row.is_newest else []
    place = {building.id: k for k, building in enumerate(found)}
    doors = Doors(
        to_metres(shapes_of(door.position for door in behind), crs),
        np.array([place[door.building_id] for door in behind], np.int64),
        np.array([door.households for door in behind], np.int64),
    )
    return Ground(
        crs,
        outline,
        [building.code for building in found],
        to_metres(shapes_of(building.geometry for building in found), crs),
        np.array([building.households for building in found], np.int64),
        divided=np.isin(np.arange(len(found)), doors.building) if behind else None,
        doors=doors if behind else None,
        is_counted=row.is_newest,
    )


_PLAN = text(f"""
    SELECT plan.name, plan.state, plan.version, plan.target, plan.least, plan.most, plan.made_at,
        plan.weights,
        plan.place_id, place.code AS place_code, place.name AS place_name,
        place.name_pinyin AS place_pinyin, place.srid,
        ST_AsBinary(place.outline) AS outline, tessellation.version AS tessellation_version,
        plan.tessellation_id, {ON_NEWEST_GROUND} AS is_newest
    FROM plan JOIN place ON place.id = plan.place_id
    JOIN tessellation ON tessellation.id = plan.tessellation_id
    WHERE plan.id = :plan
""")  # noqa: S608 (a constant)
_GRIDS = text(f"""
    SELECT code, households, {LOAD} AS held, {SPECIAL} AS special, reason, measures,
        ST_AsBinary(outline) AS outline
    FROM grid WHERE plan_id = :plan ORDER BY code
""")  # noqa: S608 (constants)
_EDITS = text("SELECT version, kind, parameters FROM edit WHERE plan_id = :plan ORDER BY version")
_BUILDINGS = text("""
    SELECT id, code, households, ST_AsBinary(geometry) AS geometry FROM building
    WHERE place_id = :place AND retired_at IS NULL ORDER BY code
""")


# Entrances of the buildings that a plan has in more than one grid, and that still stand.
_DIVIDED = text("""
    WITH behind AS (
        SELECT door.building_id, door.households, door.position, grid_plot.grid_id
        FROM plan JOIN plot_entrance AS door USING (tessellation_id)
        JOIN grid_plot ON grid_plot.plan_id = plan.id AND grid_plot.plot_id = door.plot_id
        JOIN building ON building.id = door.building_id AND building.retired_at IS NULL
        WHERE plan.id = :plan
    )
    SELECT building_id, households, ST_AsBinary(position) AS position FROM behind
    WHERE building_id IN (SELECT building_id FROM behind GROUP BY 1 HAVING count(DISTINCT grid_id) > 1)
    ORDER BY building_id, ST_AsBinary(position)
""")


def certificate_of_plan(plan: PlanGround, now: datetime) -> dict[str, Any]:
    """The certificate of a stored plan."""
    return certificate(plan.grids, plan.ground, plan.band, plan.stated, now)


def sheet_of_plan(plan: PlanGround, now: datetime) -> Sheet:
    """The certificate of a stored plan with the map that is printed with it."""
    drawn = drawing(plan.grids, plan.ground.crs, plan.band)
    return Sheet(certificate_of_plan(plan, now), None if drawn is None else asdict(drawn))


def write_plan_grids(path: Path, grids: Grids) -> None:
    """Write the grids of a plan as `verify` reads them: layer `grids`, whole or not at all."""
    rows = {"code": list(grids.codes), "households": grids.households}
    frame = gpd.GeoDataFrame(rows, geometry=grids.lonlat, crs=STORED_CRS)
    with whole_file(path) as unfinished, without_clock():
        pyogrio.write_dataframe(frame, unfinished, layer="grids", driver="GPKG")


# --- Checking again --------------------------------------------------------------------------------------


def read_certificate(path: Path) -> dict[str, Any]:
    """A certificate as it was written; refused with `file_missing` and `certificate_unreadable`."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        band = read["band"]
        sound = (
            read["format"] == FORMAT
            and all(type(band[name]) is int for name in ("target", "least", "most"))
            and all(isinstance(grid["code"], str) for grid in read["grids"])
            and all(isinstance(read[name], dict) for name in ("checks", "sizes"))
            and isinstance(read["sha256"], str)
            and all(_is_divided(one) for one in _listed(read.get("divided", [])))
        )
    except FileNotFoundError:
        raise Refusal("file_missing", file=str(path)) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise Refusal("certificate_unreadable", file=path.name) from None
    if not sound:
        raise Refusal("certificate_unreadable", file=path.name)
    return dict(read)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _is_divided(one: Any) -> bool:
    """Whether this is a divided building as `_divided` writes it; raises as reading what is missing does."""
    return isinstance(one["building"], str) and all(
        type(door["households"]) is int
        and door["households"] >= 0
        and len(_listed(door["position"])) == 2
        and all(type(degrees) in (int, float) and abs(degrees) <= 360 for degrees in door["position"])
        for door in _listed(one["entrances"])
    )


@dataclass(frozen=True)
class Verdict:
    """What a second look at grids found. now: the certificate they would get today."""

    now: dict[str, Any]
    faults: list[dict[str, Any]]
    is_certified: bool


def verify(
    grids: Grids, ground: Ground, band: Band, now: datetime, certified: Mapping[str, Any] | None = None
) -> Verdict:
    """Examine grids, and hold them against a certificate if there is one."""
    if certified is not None and not _in_households(certified):
        grids = replace(grids, in_band=None)  # what the band was held against is not in the ground
    made = certificate(grids, ground, band, Stated({}, {}, {}), now)
    changes = [] if certified is None else _changes(grids, ground, made, certified)
    return Verdict(made, [*made["faults"], *changes], certified is not None)


def _changes(
    grids: Grids, ground: Ground, made: Mapping[str, Any], certified: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Where grids are not those of a certificate: the grids themselves, then figures, then the whole."""
    marks = {grid["code"]: grid.get("sha256") for grid in certified["grids"]}
    now = {grid["code"]: grid["sha256"] for grid in made["grids"]}
    where = _middles(grids)
    found = [
        Fault("grid_changed" if code in marks else "grid_added", {"grid": code}, *where[code])
        for code in sorted(now)
        if marks.get(code) != now[code]
    ]
    nowhere = (float("nan"), float("nan"))
    found += [Fault("grid_gone", {"grid": code}, *nowhere) for code in sorted(set(marks) - set(now))]
    for part in ("sizes", "checks") if _in_households(certified) else ("checks",):
        for figure, value in made[part].items():
            if figure in certified[part] and not _agrees(figure, certified[part][figure], value, made):
                facts = {"figure": figure, "stated": certified[part][figure], "found": value}
                found.append(Fault("figure_differs", facts, *nowhere))
    if certified["sha256"] != made["sha256"]:
        facts = {"stated": certified["sha256"][:16] + "…", "found": made["sha256"][:16] + "…"}
        found.append(Fault("hash_differs", facts, *nowhere))
    return [told(fault) for fault in found]


def _in_households(certified: Mapping[str, Any]) -> bool:
    """Whether the band was held against households, and not against a formula."""
    return bool(certified["sizes"].get("counted_in", "households") == "households")


def _agrees(figure: str, stated: Any, found: Any, made: Mapping[str, Any]) -> bool:
    """Whether a figure is what it was; areas may be off by what rounding the outline takes."""
    if stated is None or found is None:
        return True  # not measured then, or not now
    if figure in OF_THE_OUTLINE and isinstance(stated, int | float):
        return bool(abs(stated - found) <= made["checks"]["rounding_m2"])
    return bool(stated == found)


def _middles(grids: Grids) -> dict[str, tuple[float, float]]:
    """A point of each grid in degrees."""
    points = shapely.get_coordinates(shapely.point_on_surface(grids.lonlat))
    if len(points) != len(grids.codes):  # an empty outline has no point
        return dict.fromkeys(grids.codes, (float("nan"), float("nan")))
    return {
        code: (round(float(lon), 7), round(float(lat), 7))
        for code, (lon, lat) in zip(grids.codes, points, strict=True)
    }
