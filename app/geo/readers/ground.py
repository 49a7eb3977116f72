"""The geometry of rows: of the right type, small enough, in WGS-84, on the lattice, valid, and each once.

Whole columns at a time; only the few rows with something wrong are looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from app.errors import Refusal, part, row_part
from app.geo.crs import UNSHIFT, Geometries, is_lonlat, local_crs, round_degrees, to_lonlat, to_metres
from app.geo.plots import BoolArray, FloatArray, IntArray
from app.geo.readers.options import ReadOptions
from app.geo.readers.raw import RawLayer
from app.geo.readers.report import shown
from app.geo.readers.sieve import Sieve

POLYGONS = (3, 6)  # shapely's type numbers
LINES = (1, 2, 5)
POINTS = (0,)
_WANTED = {POLYGONS: "a_polygon", LINES: "a_line", POINTS: "a_point"}
DATUM_WORDS = {"gcj02": "GCJ-02", "bd09": "BD-09", "wgs84": "WGS-84", "cgcs2000": "CGCS2000"}
# Words by which PROJ opens a file of its own (a grid of shifts, a list of definitions). `@null` is no file:
# common software writes it into Web Mercator.
_OPENS_FILES = re.compile(r"grids\s*=\s*(?!@null\b)|\+?\binit\s*=|PARAMETERFILE|\+file\s*=", re.IGNORECASE)
# What GEOS finds wrong with a polygon -> our part of a sentence.
_FAULTS = {
    "Self-intersection": "geos_self_intersection",
    "Ring Self-intersection": "geos_ring_self_intersection",
    "Hole lies outside shell": "geos_hole_outside",
    "Holes are nested": "geos_nested_holes",
    "Nested shells": "geos_nested_shells",
    "Interior is disconnected": "geos_interior_cut",
    "Duplicate Rings": "geos_duplicate_rings",
    "Too few points in geometry component": "geos_too_few_points",
}
_AT_ONCE, _STACKED = 64, 500  # buildings looked at together; the most near each of them on average


def ground(sieve: Sieve, raw: RawLayer, types: tuple[int, ...], options: ReadOptions) -> Geometries:
    """Geometries of the wanted types in WGS-84 on the lattice, two-dimensional; None for refused rows."""
    crs, said_by = _crs_of(sieve, raw, options)
    for k, (code, facts) in raw.faults.items():
        sieve.refuse_one(k, code, **facts)
    for k, what, before, after in raw.mends:
        sieve.mend(k, what, before, after)
    geometry = raw.geometry.copy()
    sieve.refuse(np.flatnonzero(shapely.is_missing(geometry)), "geometry_missing")
    sieve.refuse(np.flatnonzero(shapely.is_empty(geometry)), "geometry_empty")
    _unwrap_collections(sieve, geometry, types)
    kinds = shapely.get_type_id(geometry)
    wanted = part(_WANTED.get(types, "a_line_or_polygon"))
    sieve.refuse(
        np.flatnonzero(sieve.kept & ~np.isin(kinds, types)),
        "geometry_type",
        lambda k: {"type": geometry[k].geom_type, "wanted": wanted},
    )
    corners, rings = shapely.get_num_coordinates(geometry), _ring_counts(geometry)
    limits = sieve.limits
    sieve.refuse(
        np.flatnonzero(corners > limits.vertices),
        "too_many_vertices",
        lambda k: {"vertices": int(corners[k]), "most": limits.vertices},
    )
    sieve.refuse(
        np.flatnonzero(rings > limits.rings),
        "too_many_rings",
        lambda k: {"rings": int(rings[k]), "most": limits.rings},
    )
    geometry[~sieve.kept] = None
    geometry = _flat(sieve, geometry)
    sieve.refuse(_rows_with(geometry, lambda xy: ~np.isfinite(xy).all(axis=1)), "coordinate_not_a_number")
    geometry[~sieve.kept] = None
    if crs.is_projected:
        _refuse_degrees_as_metres(sieve, geometry, crs, said_by)
    geometry = _to_wgs84(sieve, geometry, crs, options)
    geometry[~sieve.kept] = None
    return geometry


def _crs_of(sieve: Sieve, raw: RawLayer, options: ReadOptions) -> tuple[CRS, object]:
    """The CRS of a layer, and who says so: the person, else the file; it is never guessed.

    What the person names wins over what the file says. Only where the coordinates are of the size of the
    file's CRS and not of the named one (degrees, metres) the file's stays: the name was meant for the other
    files.
    """
    if options.crs is None or raw.crs_certain:
        return _understood(raw, raw.crs), part("the_file")
    named = _understood(raw, options.crs)
    try:
        stated = None if raw.crs is None else _understood(raw, raw.crs)
    except Refusal:  # a nonsense: the remedy it would name was taken already
        stated = None
    if raw.crs is None or (stated is not None and _same(stated, named)):
        return named, part("option_crs")
    before = shown(raw.crs if stated is None else stated.name)
    facts = {"file": raw.file, "layer": raw.name, "stated": before, "named": shown(named.name)}
    if stated is not None and _fits(stated, raw.geometry) and not _fits(named, raw.geometry):
        sieve.report.warn("crs_kept", **facts)
        return stated, part("the_file")
    sieve.report.mend(sieve.role, None, "coordinate system", before, named.name)
    sieve.report.warn("crs_replaced", **facts)
    return named, part("option_crs")


def _understood(raw: RawLayer, words: str | None) -> CRS:
    """The CRS in these words, without heights."""
    if words is None:
        raise Refusal("crs_missing", file=raw.file, layer=raw.name)
    if _OPENS_FILES.search(words):
        raise Refusal("file_unsafe", file=raw.file, what=part("crs_reads_file"))
    try:
        crs = CRS.from_user_input(words)
        crs = crs.to_2d() if len(crs.axis_info) > 2 else crs
    except CRSError:
        raise Refusal("crs_unreadable", file=raw.file, crs=shown(words)) from None
    if not (crs.is_geographic or crs.is_projected) or "undefined" in crs.name.lower():
        raise Refusal("crs_missing", file=raw.file, layer=raw.name)
    return crs


def _same(one: CRS, other: CRS) -> bool:
    return (is_lonlat(one) and is_lonlat(other)) or one.equals(other, ignore_axis_order=True)


def _fits(crs: CRS, geometry: Geometries) -> bool:
    """Whether most coordinates are of the size this CRS has: at most 180 in degrees, beyond it in metres."""
    xy = shapely.get_coordinates(geometry)
    size = np.abs(xy[np.isfinite(xy).all(axis=1)]).max(axis=1)
    return not len(size) or bool(np.median(size) <= 180) == crs.is_geographic


def _unwrap_collections(sieve: Sieve, geometry: Geometries, types: tuple[int, ...]) -> None:
    """A collection of nothing but polygons (or lines) is a multipolygon (or multiline) in other words."""
    for k in np.flatnonzero(sieve.kept & (shapely.get_type_id(geometry) == 7)).tolist():
        count = int(shapely.get_num_geometries(geometry[k]))
        if count > sieve.limits.rings:
            sieve.refuse_one(k, "too_many_rings", rings=count, most=sieve.limits.rings)
            continue
        parts = shapely.get_parts(geometry[k])
        kinds = set(shapely.get_type_id(parts).tolist())
        if kinds <= {3} and 3 in types:
            mended = shapely.multipolygons(parts)
        elif kinds <= {1} and 1 in types:
            mended = shapely.multilinestrings(parts)
        else:
            continue
        sieve.mend(k, "geometry type", "GeometryCollection", mended.geom_type)
        geometry[k] = mended


def _ring_counts(geometry: Geometries) -> IntArray:
    """Rings of each geometry, all parts together."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    rings = np.where(shapely.get_type_id(parts) == 3, shapely.get_num_interior_rings(parts) + 1, 1)
    return np.bincount(owner, weights=rings, minlength=len(geometry)).astype(np.int64)


def _flat(sieve: Sieve, geometry: Geometries) -> Geometries:
    """Without heights and measures; heights of zero are a habit of the format, no line per row."""
    high = np.flatnonzero(shapely.has_z(geometry) | shapely.has_m(geometry))
    if not len(high):
        return geometry
    z, owner = shapely.get_coordinates(geometry[high], include_z=True, return_index=True)
    told = np.unique(owner[z[:, 2] != 0])
    for k in high[told].tolist():
        sieve.mend(k, "heights", part("three_dimensional"), part("two_dimensional"))
    if len(told) < len(high):
        sieve.report.note("zero_heights_dropped", file=sieve.raw.file, layer=sieve.raw.name)
    geometry[high] = shapely.force_2d(geometry[high])
    return geometry


def _to_wgs84(sieve: Sieve, geometry: Geometries, crs: CRS, options: ReadOptions) -> Geometries:
    """Lon/lat on the lattice: projected back where need be, and shifted back from a Chinese web-map datum."""
    raw, report = sieve.raw, sieve.report
    if not is_lonlat(crs):
        try:
            geometry = to_lonlat(geometry, crs)
        except ProjError:
            raise Refusal("crs_unreadable", file=raw.file, crs=shown(crs.name)) from None
        report.note("transformed", file=raw.file, layer=raw.name, crs=shown(crs.name))
        if any(
            word in (crs.geodetic_crs or crs).name.lower() for word in ("beijing", "xian", "xi'an", "unknown")
        ):
            report.warn("datum_rough", file=raw.file, datum=shown((crs.geodetic_crs or crs).name))
    out = _rows_with(
        geometry,
        lambda xy: (
            ~(np.abs(xy) <= np.array([180.0, 90.0])).all(axis=1)
        ),  # infinite where it cannot be transformed
    )
    swapped = _rows_with(geometry, lambda xy: ~(np.abs(xy[:, ::-1]) <= np.array([180.0, 90.0])).all(axis=1))
    sieve.refuse(
        out, "coordinate_out_of_range", lambda k: {"hint": _range_hint(k not in set(swapped.tolist()))}
    )
    geometry[~sieve.kept] = None
    datum = options.datums.get(sieve.role) or raw.datum or options.datum
    if datum in UNSHIFT:
        geometry = np.asarray(shapely.transform(geometry, UNSHIFT[datum]), dtype=object)
        report.mend(sieve.role, None, "datum", DATUM_WORDS[datum], "WGS-84")
        report.warn("datum_converted", file=raw.file, datum=DATUM_WORDS[datum])
    return np.asarray(shapely.transform(geometry, round_degrees), dtype=object)


def _refuse_degrees_as_metres(sieve: Sieve, geometry: Geometries, crs: CRS, said_by: object) -> None:
    """A projected CRS over coordinates that are all small enough for degrees: one of the two is wrong."""
    xy = shapely.get_coordinates(geometry)
    unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
    if len(xy) and (np.abs(xy) <= np.array([180.0, 90.0])).all() and unit > 0.1:
        raise Refusal("crs_contradicts", file=sieve.raw.file, crs=shown(crs.name), said_by=said_by)


def _range_hint(swap_fits: bool) -> object:
    return part("swapped_maybe") if swap_fits else part("metres_maybe")


def valid(sieve: Sieve, geometry: Geometries) -> Geometries:
    """Valid polygons: small broken ones are repaired and reported, large ones refused, naming the fault."""
    for k in np.flatnonzero(sieve.kept & ~shapely.is_valid(geometry)).tolist():
        reason = _fault(str(shapely.is_valid_reason(geometry[k])))
        corners = int(shapely.get_num_coordinates(geometry[k]))
        if corners > sieve.limits.repair_vertices:
            sieve.refuse_one(k, "geometry_invalid", reason=reason)
            continue
        repaired = shapely.transform(
            shapely.make_valid(geometry[k], method="structure", keep_collapsed=False), round_degrees
        )
        if not _is_sound_polygon(repaired):
            sieve.refuse_one(k, "geometry_collapsed", reason=reason)
            continue
        sieve.mend(
            k,
            "shape",
            reason,
            part(
                "repaired_with", type=repaired.geom_type, corners=int(shapely.get_num_coordinates(repaired))
            ),
        )
        geometry[k] = repaired
    geometry[~sieve.kept] = None
    return geometry


def _fault(said: str) -> object:
    """What GEOS says of an invalid polygon, as `Self-intersection[116.3 39.9]`."""
    fault, _, at = said.rstrip("]").partition("[")
    return part(_FAULTS[fault], at=at) if fault in _FAULTS and at else part("geos_other", said=shown(said))


def _is_sound_polygon(geometry: Any) -> bool:
    return (
        shapely.get_type_id(geometry) in POLYGONS
        and bool(shapely.is_valid(geometry))
        and shapely.area(geometry) > 0
    )


def in_local_metres(geometry: Geometries, kept: BoolArray) -> Geometries:
    """In metres of the CRS at the middle of the rows."""
    if not kept.any():
        return geometry
    lon, lat = np.median(shapely.get_coordinates(shapely.centroid(geometry[kept])), axis=0)
    return to_metres(geometry, local_crs(float(lon), float(lat)))


def refuse_sizes(sieve: Sieve, footprint_m2: FloatArray) -> None:
    limits = sieve.limits
    facts = lambda k: {  # noqa: E731 - the same facts for three refusals
        "area_m2": f"{footprint_m2[k]:,.1f}",
        "least": limits.building_m2_least,
        "most": limits.building_m2_most,
    }
    sieve.refuse(
        np.flatnonzero(sieve.kept & ~(footprint_m2 > 0)),
        "geometry_collapsed",
        lambda k: {"reason": part("no_area")},
    )
    sieve.refuse(
        np.flatnonzero(sieve.kept & (footprint_m2 < limits.building_m2_least)), "building_too_small", facts
    )
    sieve.refuse(
        np.flatnonzero(sieve.kept & (footprint_m2 > limits.building_m2_most)), "building_too_large", facts
    )


def within(sieve: Sieve, geometry: Geometries, extent: tuple[float, float, float, float] | None) -> None:
    """Refuse what lies outside the extent and its margin; say so when swapping would put it inside."""
    if extent is None:
        return
    west, south, east, north = _wider(extent, sieve.limits.extent_margin_m)
    bounds = shapely.bounds(geometry)
    outside = (bounds[:, 0] < west) | (bounds[:, 1] < south) | (bounds[:, 2] > east) | (bounds[:, 3] > north)
    swapped = (
        (bounds[:, 1] >= west) & (bounds[:, 0] >= south) & (bounds[:, 3] <= east) & (bounds[:, 2] <= north)
    )
    sieve.refuse(
        np.flatnonzero(sieve.kept & outside),
        "outside_extent",
        lambda k: {
            "hint": part("swapped" if swapped[k] else "check_crs"),
            "margin_m": f"{sieve.limits.extent_margin_m:g}",
        },
    )
    geometry[~sieve.kept] = None


def _wider(extent: tuple[float, float, float, float], margin_m: float) -> tuple[float, float, float, float]:
    west, south, east, north = extent
    up = margin_m / 111_000
    across = margin_m / (111_000 * max(0.05, float(np.cos(np.radians((south + north) / 2)))))
    return west - across, south - up, east + across, north + up


def refuse_twins(sieve: Sieve, geometry: Geometries, strict: bool) -> None:
    """Two rows on one footprint: in an upload a mistake, in an operator's file both stay with a warning.

    Footprints that overlap otherwise are real life; how many there are is said.
    """
    twin_of = _exact_twins(geometry, np.flatnonzero(sieve.kept))
    single = np.array([k for k in np.flatnonzero(sieve.kept) if k not in twin_of], dtype=np.int64)
    areas = shapely.area(geometry)
    overlapping = 0
    for first, second in _overlapping_pairs(sieve.raw.file, geometry[single]):
        one, other = single[first], single[second]
        shared = shapely.area(shapely.intersection(geometry[one], geometry[other]))
        same = shared > 0.98 * np.maximum(areas[one], areas[other])
        twin_of.update(zip(other[same].tolist(), one[same].tolist(), strict=True))
        overlapping += int(((shared > 0.02 * np.minimum(areas[one], areas[other])) & ~same).sum())
    if overlapping:
        sieve.report.warn("footprints_overlap", file=sieve.raw.file, pairs=overlapping)
    if twin_of and strict:
        sieve.refuse(
            sorted(twin_of), "footprint_twice", lambda k: {"other": row_part(sieve.label(twin_of[k]))}
        )
    elif twin_of:
        row, earlier = min(twin_of.items())
        names = {"row": row_part(sieve.label(row)), "other": row_part(sieve.label(earlier))}
        sieve.report.warn("footprints_twice", file=sieve.raw.file, count=len(twin_of), **names)


def _exact_twins(geometry: Geometries, rows: IntArray) -> dict[int, int]:
    """Rows whose footprint, corner by corner, is that of an earlier row: row -> earlier row."""
    seen: dict[bytes, int] = {}
    twin_of: dict[int, int] = {}
    for k, shape in zip(rows.tolist(), shapely.to_wkb(shapely.normalize(geometry[rows])), strict=True):
        if seen.setdefault(shape, k) != k:
            twin_of[k] = seen[shape]
    return twin_of


def _overlapping_pairs(file: str, geometry: Geometries) -> Iterator[tuple[IntArray, IntArray]]:
    """Pairs (i < j) whose inner ground may be shared, some dozen buildings at a time.

    Hundreds of buildings around each other's place are no town: going on would take hours.
    """
    tree = shapely.STRtree(geometry)
    west, south, east, north = shapely.bounds(geometry).T
    inner = shapely.box(west + 1e-7, south + 1e-7, east - 1e-7, north - 1e-7)  # a centimetre: no shared walls
    for start in range(0, len(geometry), _AT_ONCE):
        near = tree.query(inner[start : start + _AT_ONCE])
        if near.shape[1] > _STACKED * _AT_ONCE:
            raise Refusal("buildings_stacked", file=file, pairs=f"over {near.shape[1]:,}", rows=len(geometry))
        first, second = near[0] + start, near[1]
        upper = first < second
        first, second = first[upper], second[upper]
        meets = shapely.intersects(geometry[first], geometry[second])
        first, second = first[meets], second[meets]
        crossing = ~shapely.touches(geometry[first], geometry[second])
        if crossing.any():
            yield first[crossing], second[crossing]


def _rows_with(geometry: Geometries, wrong: Callable[[FloatArray], Any]) -> IntArray:
    """Rows with a corner for which `wrong` holds."""
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    return np.unique(owner[wrong(xy)]) if len(xy) else np.zeros(0, dtype=np.int64)
