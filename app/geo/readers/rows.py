"""From raw layers to rows that can be trusted, role by role: buildings, streets, railways, water and areas.

Each row is taken, mended or refused, and the report says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from app.errors import part
from app.geo.formula_safe import unguarded
from app.geo.plots import BoolArray, LineClass
from app.geo.readers.attributes import (
    NO,
    building_codes,
    building_uses,
    cells,
    entrance_counts,
    floor_counts,
    household_counts,
    line_columns,
    plain_texts,
    tag_of,
    texts,
)
from app.geo.readers.columns import find_columns
from app.geo.readers.ground import (
    LINES,
    POINTS,
    POLYGONS,
    ground,
    in_local_metres,
    refuse_sizes,
    refuse_twins,
    valid,
    within,
)
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.raw import RawLayer
from app.geo.readers.report import ImportReport, shown
from app.geo.readers.sieve import Rows, Sieve, exploded

_ARTERIAL = (
    "motorway", "trunk", "primary", "arterial", "expressway",
    "快速路", "主干路", "主干道", "高速公路", "国道", "省道",
)  # fmt: skip
_SECONDARY = ("secondary", "tertiary", "collector", "次干路", "次干道", "县道")
_LOCAL = (
    "unclassified", "residential", "living_street", "service", "pedestrian", "road", "local", "unknown",
    "支路", "小区路", "内部道路", "街巷", "巷", "乡道", "村道",
)  # fmt: skip
STREET_KINDS: dict[str, LineClass] = {
    **{word + link: LineClass.ARTERIAL for word in _ARTERIAL for link in ("", "_link")},
    **{word + link: LineClass.SECONDARY for word in _SECONDARY for link in ("", "_link")},
    **dict.fromkeys(_LOCAL, LineClass.LOCAL),
}
# Ways that no grid's border follows: not open to carriages, not built, or not on the ground.
NOT_STREETS = frozenset(
    [
        "footway", "cycleway", "steps", "path", "platform", "track", "track_grade1", "track_grade2",
        "track_grade3", "track_grade4", "track_grade5", "construction", "proposed", "corridor", "bridleway",
        "elevator", "raceway", "bus_guideway", "busway", "escape", "rest_area", "services", "via_ferrata",
        "abandoned", "razed", "disused", "planned", "no", "bus_stop", "crossing", "emergency_bay", "ladder",
        "人行道", "步道", "自行车道", "在建",
    ]
)  # fmt: skip
# Rails on the ground of their own; a tram runs in the street, a monorail above it.
RAILS = frozenset(
    ["rail", "light_rail", "narrow_gauge", "subway", "preserved", "funicular", "铁路", "轻轨", "地铁", "高铁"]
)
_SUBWAYS = frozenset(("subway", "地铁"))


def building_rows(
    raw: RawLayer,
    options: ReadOptions,
    limits: Limits,
    report: ImportReport,
    extent: tuple[float, float, float, float] | None = None,
) -> Rows:
    """The buildings of a layer: code, name, households, households_source, kind, address, floors and a valid
    footprint.

    extent: west, south, east, north in degrees; a building farther out than the limits' margin is refused.
    """
    sieve = Sieve("buildings", raw, report, limits)
    found = find_columns("buildings", raw.columns, options.columns, file=raw.file)
    report.note("columns_found", file=raw.file, layer=raw.name, columns=_pairs(found))
    sieve.named_by(raw.columns.get(found.get("code", "")))
    geometry = ground(sieve, raw, POLYGONS, options)
    geometry = valid(sieve, geometry)
    within(sieve, geometry, extent)
    metres = in_local_metres(geometry, sieve.kept)
    footprint = np.where(sieve.kept, shapely.area(metres), np.nan)
    refuse_sizes(sieve, footprint)
    refuse_twins(sieve, geometry, options.strict)
    names = texts(sieve, raw, found.get("name"), "name", options.strict)
    codes = building_codes(sieve, raw, found.get("code"), options.strict)
    use = building_uses(raw, found, np.nan_to_num(footprint))
    households, source = household_counts(sieve, raw, found, use, np.nan_to_num(footprint), options)
    rows = Rows(
        geometry,
        {
            "code": codes,
            "name": names,
            "households": households,
            "households_source": source,
            "kind": [str(word) for word in use],
            "address": plain_texts(raw, found.get("address"), limits.name_characters),
            "floors": floor_counts(raw, found.get("floors")),
            "row": [sieve.label(k) for k in range(len(raw))],
        },
    )
    return sieve.finish(rows, options.strict)


def street_rows(raw: RawLayer, options: ReadOptions, limits: Limits, report: ImportReport) -> dict[str, Rows]:
    """The carriageways of a layer as `streets`, and rails among them (`railway_rail` …) as `railways`."""
    sieve = Sieve("streets", raw, report, limits)
    found = find_columns("streets", raw.columns, options.columns, file=raw.file)
    report.note("columns_found", file=raw.file, layer=raw.name, columns=_pairs(found))
    geometry = ground(sieve, raw, LINES, options)
    tags, tag_column = _street_tags(raw, found)
    if tag_column is None and len(raw):
        report.note("streets_without_kind", file=raw.file, layer=raw.name)
    rails = np.array([tag.startswith("railway_") for tag in tags], dtype=bool)
    not_streets = np.array([tag in NOT_STREETS for tag in tags], dtype=bool) & ~rails
    sieve.refuse(np.flatnonzero(not_streets), "not_a_street", lambda k: {"kind": tags[k]})
    unknown = sorted(
        {
            tag
            for tag in tags
            if tag and tag not in STREET_KINDS and tag not in NOT_STREETS and not tag.startswith("railway_")
        }
    )
    if unknown and tag_column is not None:
        report.note(
            "street_kinds_unknown", file=raw.file, kinds=", ".join(shown(tag, 30) for tag in unknown[:12])
        )
    columns = line_columns(sieve, raw, found, options.strict)
    _refuse_buried_rails(
        sieve,
        [tag.removeprefix("railway_") if rail else "" for tag, rail in zip(tags, rails, strict=True)],
        rails,
        columns,
    )
    columns["highway"] = [tag or None for tag in tags]
    columns["kind"] = np.array([STREET_KINDS.get(tag, LineClass.LOCAL) for tag in tags], dtype=np.int8)
    rows = Rows(geometry, columns)
    streets = sieve.finish(rows, options.strict, ~rails)
    railways = rows.where(sieve.kept & rails)
    railways.columns["kind"] = [
        (tag or "").removeprefix("railway_") for tag in railways.columns.pop("highway")
    ]
    return {"streets": exploded(streets), "railways": exploded(railways)}


def railway_rows(raw: RawLayer, options: ReadOptions, limits: Limits, report: ImportReport) -> Rows:
    """Railways with their own ground; tunnels are flagged, but subways below ground are left out."""
    sieve = Sieve("railways", raw, report, limits)
    found = find_columns("railways", raw.columns, {}, file=raw.file)
    geometry = ground(sieve, raw, LINES, options)
    kinds = [tag_of(value).removeprefix("railway_") or "rail" for value in cells(raw, found.get("railway"))]
    columns = line_columns(sieve, raw, found, options.strict)
    _refuse_buried_rails(sieve, kinds, np.ones(len(raw), dtype=bool), columns)
    columns["kind"] = list(kinds)
    return exploded(sieve.finish(Rows(geometry, columns), options.strict))


def water_rows(raw: RawLayer, options: ReadOptions, limits: Limits, report: ImportReport) -> Rows:
    """Water as polygons and lines."""
    sieve = Sieve("water", raw, report, limits)
    found = find_columns("water", raw.columns, {}, file=raw.file)
    geometry = valid(sieve, ground(sieve, raw, (*LINES, *POLYGONS), options))
    kinds = [tag_of(value) for value in cells(raw, found.get("kind"))]
    fallback = [tag_of(value) for value in cells(raw, found.get("natural"))]
    columns = line_columns(sieve, raw, found, options.strict)
    del columns["bridge"], columns["layer"]
    columns["kind"] = [kind or other or "water" for kind, other in zip(kinds, fallback, strict=True)]
    columns["row"] = [sieve.label(k) for k in range(len(raw))]
    return exploded(sieve.finish(Rows(geometry, columns), options.strict))


def area_rows(role: str, raw: RawLayer, options: ReadOptions, limits: Limits, report: ImportReport) -> Rows:
    """Boundary, compounds or administrative areas: polygons with code, name and level."""
    sieve = Sieve(role, raw, report, limits)
    found = find_columns(role, raw.columns, {}, file=raw.file)
    _fill_rings(raw)
    geometry = valid(sieve, ground(sieve, raw, POLYGONS, options))
    columns: dict[str, Any] = {
        "code": [
            value or f"{k + 1}" for k, value in enumerate(texts(sieve, raw, found.get("code"), "code", False))
        ],
        "name": texts(sieve, raw, found.get("name"), "name", False),
        "level": [value or "" for value in texts(sieve, raw, found.get("level"), "level", False)],
        "row": [sieve.label(k) for k in range(len(raw))],
    }
    if role == "compounds":
        for field in ("kind", "address"):
            columns[field] = plain_texts(raw, found.get(field), limits.name_characters)
    return sieve.finish(Rows(geometry, columns), options.strict)


def drawn_grid_rows(raw: RawLayer, options: ReadOptions, limits: Limits, report: ImportReport) -> Rows:
    """Grids drawn elsewhere: polygons with code, name and kind as written, guards of formulas taken off."""
    sieve = Sieve("grids", raw, report, limits)
    found = find_columns("grids", raw.columns, options.columns, file=raw.file)
    report.note("columns_found", file=raw.file, layer=raw.name, columns=_pairs(found))
    sieve.named_by(raw.columns.get(found.get("code", "")))
    _fill_rings(raw)
    geometry = valid(sieve, ground(sieve, raw, POLYGONS, options))
    columns: dict[str, Any] = {
        field: [unguarded(value) for value in texts(sieve, raw, found.get(field), field, options.strict)]
        for field in ("code", "name", "kind")
    }
    columns["row"] = [sieve.label(k) for k in range(len(raw))]
    return sieve.finish(Rows(geometry, columns), options.strict)


def green_rows(raw: RawLayer, options: ReadOptions, limits: Limits, report: ImportReport) -> Rows:
    """Parks, squares and fields, drawn on the base map and used for nothing else."""
    sieve = Sieve("green", raw, report, limits)
    found = find_columns("green", raw.columns, {}, file=raw.file)
    geometry = valid(sieve, ground(sieve, raw, POLYGONS, options))
    columns: dict[str, Any] = {
        field: plain_texts(raw, found.get(field), limits.name_characters) for field in ("kind", "name")
    }
    columns["row"] = [sieve.label(k) for k in range(len(raw))]
    return sieve.finish(Rows(geometry, columns), strict=False)


def entrance_rows(raw: RawLayer, options: ReadOptions, limits: Limits, report: ImportReport) -> Rows:
    """Entrances of buildings: points with the building's code, a code, a name and households, -1 where the
    file leaves them empty. Whether they fit their buildings shows when both are known."""
    sieve = Sieve("entrances", raw, report, limits)
    found = find_columns("entrances", raw.columns, {}, file=raw.file)
    report.note("columns_found", file=raw.file, layer=raw.name, columns=_pairs(found))
    sieve.named_by(raw.columns.get(found.get("code", "")))
    geometry = ground(sieve, raw, POINTS, options)
    building = texts(sieve, raw, found.get("building"), "building", options.strict)
    sieve.refuse([k for k, code in enumerate(building) if code is None], "entrance_without_building")
    names = texts(sieve, raw, found.get("name"), "name", options.strict)
    codes = texts(sieve, raw, found.get("code"), "code", options.strict)
    columns: dict[str, Any] = {
        "building": building,
        "code": [code or name for code, name in zip(codes, names, strict=True)],
        "name": names,
        "households": entrance_counts(sieve, raw, found),
        "row": [sieve.label(k) for k in range(len(raw))],
    }
    _refuse_beside_refused(sieve, building)
    geometry[~sieve.kept] = None
    return sieve.finish(Rows(geometry, columns), options.strict)


def _refuse_beside_refused(sieve: Sieve, building: Sequence[str | None]) -> None:
    """Leave out all entrances of a building that has a refused one, lest the others share its households."""
    short = {building[k] for k in np.flatnonzero(~sieve.kept).tolist()} - {None}
    rows = [k for k in np.flatnonzero(sieve.kept).tolist() if building[k] in short]
    sieve.refuse(rows, "entrance_beside_refused", lambda k: {"building": building[k]})


def _fill_rings(raw: RawLayer) -> None:
    """A closed line that stands for an area, as drawing programs leave it, becomes the area."""
    lines = np.isin(shapely.get_type_id(raw.geometry), LINES)
    for k in np.flatnonzero(lines & shapely.is_closed(raw.geometry)).tolist():
        rings = shapely.get_parts(raw.geometry[k])
        if (shapely.get_num_points(rings) < 4).any():
            continue
        areas = shapely.polygons(shapely.linearrings([shapely.get_coordinates(ring) for ring in rings]))
        raw.geometry[k] = areas[0] if len(areas) == 1 else shapely.multipolygons(areas)
        raw.mends.append((k, "geometry type", part("closed_line"), part("area_within")))


def _street_tags(raw: RawLayer, found: Mapping[str, str]) -> tuple[list[str], str | None]:
    """The kind of each street as the source tags it, and the column; all blank if no value is known."""
    railway = [tag_of(value) for value in cells(raw, found.get("railway"))]
    column = found.get("highway")
    tags = [tag_of(value).casefold() for value in cells(raw, column)]
    known = any(tag in STREET_KINDS or tag in NOT_STREETS or tag.startswith("railway_") for tag in tags)
    if not known:
        column, tags = None, [""] * len(raw)
    merged = [
        tag or (f"railway_{rail}" if rail and rail not in NO else "")
        for tag, rail in zip(tags, railway, strict=True)
    ]
    return merged, column


def _refuse_buried_rails(
    sieve: Sieve, kinds: list[str], rails: BoolArray, columns: Mapping[str, Any]
) -> None:
    """Leave out what is no railway on ground of its own."""
    other = [k for k in np.flatnonzero(rails).tolist() if kinds[k] not in RAILS]
    sieve.refuse(other, "not_a_street", lambda k: {"kind": part("rail_of_kind", kind=kinds[k])})
    below = [
        k
        for k in np.flatnonzero(rails).tolist()
        if kinds[k] in _SUBWAYS and (columns["tunnel"][k] or columns["layer"][k] < 0)
    ]
    sieve.refuse(below, "not_a_street", lambda k: {"kind": part("below_ground", kind=kinds[k])})


def _pairs(found: Mapping[str, str]) -> object:
    pairs = [part("column_found", field=field, column=shown(column, 40)) for field, column in found.items()]
    return pairs or part("none")
