"""Whether a division of a district is what it says it is: found from geometry alone.

This module is a second opinion. It knows nothing of plots, of which plot has which grid, or of anything else
the engine works with: only grids as polygons, an outline, and footprints with their households. So a fault
of the engine cannot hide here, and grids made by hand or by another program can be examined too.

Ground amiss counts from a square decimetre on (`LEAST_M2`). Coordinates are rounded when they are stored;
what is narrower than 2 cm along the outline or along the wall of a building comes from that and is
forgiven. Between two grids no width is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from app.geo.crs import Geometries, round_degrees, to_lonlat, to_metres

IntArray = npt.NDArray[np.int64]

LEAST_M2 = 0.01
SLIT_M = 0.01  # half the width of what rounding can open
NEAR_M = 0.05  # a grid this near to a gap is named with it

FAULTS = (
    "code_twice",
    "grid_invalid",
    "grid_in_pieces",
    "gap",
    "overlap",
    "outside",
    "building_cut",
    "building_in_no_grid",
    "households_differ",
    "band_differs",
)


@dataclass(frozen=True)
class Grids:
    """Grids as somebody states them, in the order of the file.

    lonlat: (multi)polygons in degrees. households: as stated, shape (k,). in_band: as stated, None where the
    file does not say. special: grids that the band is not held against. load: what is balanced instead of
    households, as stated; no look at the ground could count it.
    """

    codes: Sequence[str]
    lonlat: Geometries
    households: IntArray
    in_band: npt.NDArray[np.bool_] | None = None
    special: npt.NDArray[np.bool_] | None = None
    load: npt.NDArray[np.float64] | None = None

    @property
    def ordinary(self) -> npt.NDArray[np.bool_]:
        """The grids that the band is held against."""
        return np.ones(len(self.codes), np.bool_) if self.special is None else ~self.special

    def held(self, counted: IntArray) -> npt.NDArray[np.float64] | IntArray:
        """What the band is held against, where so many households were counted."""
        return counted if self.load is None else self.load


@dataclass(frozen=True)
class Ground:
    """What is to be divided, in metres of `crs`.

    footprints: one (multi)polygon per building, with its code and households. divided: buildings that a
    manager let be divided by their entrances; None where there are none. doors: where their households are
    counted instead, as points, with the building's position and the households of each.
    is_counted: False where the buildings of that time are no longer known; then nothing is said of
    buildings, and the households are believed.
    """

    crs: CRS
    outline: shapely.Geometry
    codes: Sequence[str]
    footprints: Geometries
    households: IntArray
    divided: npt.NDArray[np.bool_] | None = None
    doors: Doors | None = None
    is_counted: bool = True


@dataclass(frozen=True)
class Doors:
    """Entrances of divided buildings: points in metres, position of the building, households behind each."""

    points: Geometries
    building: IntArray
    households: IntArray


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a code of FAULTS, its facts, and where (lon/lat)."""

    code: str
    facts: Mapping[str, Any]
    lon: float
    lat: float


@dataclass(frozen=True)
class Finding:
    """What geometry says of grids.

    Areas in m². counted, buildings: per grid, in the order given. gap_m2, overlap_m2, outside_m2 and the
    numbers are those of `faults`. area_error_m2: |sum of the grids' areas - area of the outline|; up to
    rounding_m2, a centimetre along the whole outline, it comes from rounding.
    """

    outline_m2: float
    grids_m2: float
    gap_m2: float
    overlap_m2: float
    outside_m2: float
    area_error_m2: float
    rounding_m2: float
    counted: IntArray
    buildings: IntArray
    buildings_in_all: int
    households_in_all: int
    buildings_cut: int
    buildings_divided: int
    buildings_in_no_grid: int
    grids_in_pieces: int
    grids_invalid: int
    faults: list[Fault] = field(default_factory=list)


def examine(grids: Grids, ground: Ground, least: int, most: int) -> Finding:
    """Look at everything that geometry can tell: tiling, pieces, buildings, households, band.

    least, most: households of the band, in whole numbers, ends included.
    """
    stored_invalid = ~shapely.is_valid(grids.lonlat) | shapely.is_empty(grids.lonlat)
    metres = to_metres(grids.lonlat, ground.crs)
    polygons = _mended(metres)
    place = _Places(ground.crs)
    faults = [*_codes_twice(grids, polygons, place)]
    invalid = stored_invalid | ~shapely.is_valid(metres)
    faults += [
        place.fault("grid_invalid", polygons[k], grid=grids.codes[k])
        for k in np.flatnonzero(invalid).tolist()
    ]
    in_pieces = _pieces(grids.codes, polygons, place)
    overlaps = _overlaps(grids.codes, polygons, place)
    union = _union(polygons)
    edge = shapely.buffer(shapely.boundary(ground.outline), 2 * SLIT_M, quad_segs=2)
    gaps = _amiss("gap", shapely.difference(ground.outline, union), edge, grids.codes, polygons, place)
    outside = _amiss("outside", shapely.difference(union, ground.outline), edge, grids.codes, polygons, place)
    home, cut = _homes(ground, polygons)
    told = _told_of_buildings(grids.codes, ground, home, cut, place)
    counted, buildings = _counted(ground, home, polygons)
    if not ground.is_counted:
        counted = grids.households
    wrong = _miscounted(grids, polygons, counted, least, most, place)
    faults += [*in_pieces, *gaps, *overlaps, *outside, *told, *wrong]
    is_divided = ground.divided if ground.divided is not None else np.zeros(len(home), bool)
    return Finding(
        outline_m2=float(shapely.area(ground.outline)),
        grids_m2=float(shapely.area(polygons).sum()),
        gap_m2=_sum_m2(gaps),
        overlap_m2=_sum_m2(overlaps),
        outside_m2=_sum_m2(outside),
        area_error_m2=abs(float(shapely.area(polygons).sum() - shapely.area(ground.outline))),
        rounding_m2=SLIT_M * float(shapely.length(ground.outline)),
        counted=counted,
        buildings=buildings,
        buildings_in_all=len(ground.footprints),
        households_in_all=int(ground.households.sum()),
        buildings_cut=len({int(k) for k, *_ in cut if not is_divided[k]}),
        buildings_divided=len({int(k) for k, *_ in cut if is_divided[k]}),
        buildings_in_no_grid=int((home < 0).sum()),
        grids_in_pieces=len(in_pieces),
        grids_invalid=int(invalid.sum()),
        faults=sorted(faults, key=lambda fault: FAULTS.index(fault.code)),
    )


def sizes(
    households: npt.NDArray[np.float64] | IntArray, target: int, least: int, most: int
) -> dict[str, Any]:
    """How even grids are: how many there are, how many in band, within 10 % and 20 %, and the spread.

    households: of each grid, or what is balanced instead.

    Whole numbers only, so that 330 is within 10 % of 300 and 331 is not.

    >>> sizes(np.array([300, 331, 250]), 300, 270, 330)["in_band"]
    1
    >>> sizes(np.array([300, 331, 250]), 300, 270, 330)["in_20"]
    3
    """
    off = np.abs(households - target)
    some = len(households) > 0
    return {
        "grids": len(households),
        "in_band": int(((households >= least) & (households <= most)).sum()),
        "in_10": int((10 * off <= target).sum()),
        "in_20": int((5 * off <= target).sum()),
        "min": households.min().item() if some else None,
        "median": float(np.median(households)) if some else None,
        "max": households.max().item() if some else None,
        "mean": round(float(households.mean()), 2) if some else None,
    }


CANONICAL = (
    "Grids in rising order of their codes (by Unicode code point). For each: the code in UTF-8, a zero byte, "
    "the households in decimal digits, a zero byte, and the outline as ISO well-known binary: little-endian, "
    "two-dimensional, always MultiPolygon, longitude before latitude in EPSG:4326, every coordinate rounded "
    "to 1e-8 degree, and in the normal form of GEOS (the order of rings and where they begin). SHA-256 over "
    "all of it, in hexadecimal."
)


def fingerprint(grids: Grids) -> str:
    """SHA-256 over grids in the form that `CANONICAL` describes: it changes with any corner, count or code.

    It does not change with the order of grids, with where a ring begins, or with the file they are in.
    """
    return hashlib.sha256(b"".join(_records(grids))).hexdigest()


def grid_fingerprints(grids: Grids) -> list[str]:
    """The first 16 digits of SHA-256 over each grid's part of that form, in rising order of codes."""
    return [hashlib.sha256(record).hexdigest()[:16] for record in _records(grids)]


def _records(grids: Grids) -> list[bytes]:
    shapes = shapely.normalize(_multi(shapely.transform(shapely.force_2d(grids.lonlat), round_degrees)))
    wkb = shapely.to_wkb(shapes, output_dimension=2, byte_order=1, flavor="iso")
    order = sorted(range(len(wkb)), key=lambda k: grids.codes[k])
    return [f"{grids.codes[k]}\0{int(grids.households[k])}\0".encode() + wkb[k] for k in order]


def _multi(shapes: Geometries) -> Geometries:
    single = shapely.get_type_id(shapes) == 3
    result = np.array(shapes, dtype=object)
    result[single] = [shapely.MultiPolygon([shape]) for shape in result[single]]
    return result


class _Places:
    """Faults with the place where they are."""

    def __init__(self, crs: CRS) -> None:
        self.crs = crs

    def fault(self, code: str, where: shapely.Geometry, **facts: Any) -> Fault:
        point = shapely.point_on_surface(where)
        if shapely.is_empty(point):
            return Fault(code, facts, float("nan"), float("nan"))
        lon, lat = shapely.get_coordinates(to_lonlat(np.array([point]), self.crs))[0]
        return Fault(code, facts, round(float(lon), 7), round(float(lat), 7))


def _mended(metres: Geometries) -> Geometries:
    """The ground that is meant, also of polygons that cross themselves; parts that share a line in one."""
    result = np.array(metres, dtype=object)
    wrong = ~shapely.is_valid(result)
    result[wrong] = shapely.make_valid(result[wrong])
    several = shapely.get_num_geometries(result) > 1
    result[several] = [shapely.union_all(shapely.get_parts(one)) for one in result[several]]
    return result


def _codes_twice(grids: Grids, polygons: Geometries, place: _Places) -> list[Fault]:
    seen: set[str] = set()
    found = []
    for code, polygon in zip(grids.codes, polygons, strict=True):
        if code in seen:
            found.append(place.fault("code_twice", polygon, grid=code))
        seen.add(code)
    return found


def _pieces(codes: Sequence[str], polygons: Geometries, place: _Places) -> list[Fault]:
    """Grids that one cannot walk through without leaving them; pieces that meet in a corner are apart."""
    found = []
    for k in np.flatnonzero(shapely.get_num_geometries(polygons) > 1).tolist():
        parts = [part for part in shapely.get_parts(polygons[k]) if shapely.area(part) > LEAST_M2]
        if len(parts) > 1:
            smallest = min(parts, key=shapely.area)
            m2 = round(float(shapely.area(smallest)), 2)
            found.append(
                place.fault("grid_in_pieces", smallest, grid=codes[k], pieces=len(parts), smallest_m2=m2)
            )
    return found


def _matches(polygons: Geometries) -> npt.NDArray[np.bool_]:
    """Of each polygon, whether every edge is matched by its neighbour's: then it overlaps nothing."""
    return np.asarray(shapely.is_empty(shapely.coverage_invalid_edges(polygons)))


def _union(polygons: Geometries) -> shapely.Geometry:
    """All ground in some grid."""
    if _matches(polygons).all():
        return shapely.coverage_union_all(polygons)
    return shapely.union_all(polygons)


def _overlaps(codes: Sequence[str], polygons: Geometries, place: _Places) -> list[Fault]:
    """Ground in two grids."""
    suspects = np.flatnonzero(~_matches(polygons))
    one, other = shapely.STRtree(polygons[suspects]).query(polygons[suspects], predicate="intersects")
    pairs = one < other
    one, other = suspects[one[pairs]], suspects[other[pairs]]
    shared = shapely.intersection(polygons[one], polygons[other])
    found = []
    for k in np.flatnonzero(shapely.area(shared) > LEAST_M2).tolist():
        m2 = round(float(shapely.area(shared[k])), 2)
        grids = sorted((codes[one[k]], codes[other[k]]))
        found.append(place.fault("overlap", _largest(shared[k]), grids=grids, m2=m2))
    return found


def _amiss(
    code: str,
    ground: shapely.Geometry,
    edge: shapely.Geometry,
    codes: Sequence[str],
    polygons: Geometries,
    place: _Places,
) -> list[Fault]:
    """Each piece of ground in no grid, or in one beyond the outline, with the grids beside or upon it."""
    if shapely.is_empty(ground):
        return []
    parts = [part for part in shapely.get_parts(ground) if shapely.area(part) > LEAST_M2]
    wide = [part for whole in parts for part in shapely.get_parts(_but_slits(whole, edge))]
    wide = [part for part in wide if shapely.area(part) > LEAST_M2]
    if not wide:
        return []
    tree = shapely.STRtree(polygons)
    found = []
    for part in wide:
        if code == "gap":
            near = tree.query(part, predicate="dwithin", distance=NEAR_M)
        else:
            near = tree.query(shapely.point_on_surface(part), predicate="intersects")
        grids = sorted(codes[k] for k in near)
        found.append(place.fault(code, part, grids=grids, m2=round(float(shapely.area(part)), 2)))
    return found


def _but_slits(part: shapely.Geometry, edge: shapely.Geometry) -> shapely.Geometry:
    """Without what rounding the outline's corners opens along it."""
    rest = shapely.difference(part, edge)
    if shapely.area(rest) <= LEAST_M2:
        return rest
    return part


def _homes(ground: Ground, polygons: Geometries) -> tuple[IntArray, list[tuple[int, int, int, float, Any]]]:
    """The grid that holds most of each building, -1 for none; and every cut.

    A cut is (building, its grid, the other grid, m² there, where).
    A wall along a grid's border is no cut, though rounding moves the border a little across it.
    """
    home = np.full(len(ground.footprints), -1, np.int64)
    tree = shapely.STRtree(polygons)
    building, grid = tree.query(ground.footprints, predicate="intersects")
    alone = np.bincount(building, minlength=len(home))[building] == 1
    beside = shapely.touches(ground.footprints[building[alone]], polygons[grid[alone]])
    home[building[alone]] = np.where(beside, -1, grid[alone])
    building, grid = building[~alone], grid[~alone]
    common = shapely.intersection(ground.footprints[building], polygons[grid])
    area = shapely.area(common)
    order = np.lexsort((grid, -area, building))
    building, grid, common, area = building[order], grid[order], common[order], area[order]
    first = np.ones(len(building), bool)
    first[1:] = building[1:] != building[:-1]
    home[building[first]] = np.where(area[first] > 0, grid[first], -1)
    cut = []
    for k in np.flatnonzero(~first & (area > LEAST_M2)).tolist():
        wide = shapely.buffer(
            shapely.buffer(common[k], -SLIT_M, join_style="mitre"), SLIT_M, join_style="mitre"
        )
        if shapely.area(wide) > LEAST_M2:
            whole = int(building[k])
            cut.append((whole, int(home[whole]), int(grid[k]), float(shapely.area(wide)), _largest(wide)))
    return home, cut


def _told_of_buildings(
    codes: Sequence[str],
    ground: Ground,
    home: IntArray,
    cut: Sequence[tuple[int, int, int, float, Any]],
    place: _Places,
) -> list[Fault]:
    divided = ground.divided if ground.divided is not None else np.zeros(len(home), bool)
    found = [
        place.fault(
            "building_cut",
            where,
            building=ground.codes[building],
            grids=sorted((codes[own], codes[other])),
            m2=round(m2, 2),
        )
        for building, own, other, m2, where in cut
        if not divided[building]
    ]
    found += [
        place.fault(
            "building_in_no_grid",
            ground.footprints[k],
            building=ground.codes[k],
            households=int(ground.households[k]),
        )
        for k in np.flatnonzero(home < 0).tolist()
    ]
    return found


def _counted(ground: Ground, home: IntArray, polygons: Geometries) -> tuple[IntArray, IntArray]:
    """Households and buildings of each grid, counted anew.

    A building counts where most of it stands, the households of a divided one where their doors are.
    """
    inside = home >= 0
    buildings = np.bincount(home[inside], minlength=len(polygons)).astype(np.int64)
    own = ground.households.copy()
    households = np.zeros(len(polygons), np.int64)
    if ground.doors is not None and len(ground.doors.points):
        doors = ground.doors
        own[np.unique(doors.building)] = 0
        door, grid = shapely.STRtree(polygons).query(doors.points, predicate="intersects")
        _, first = np.unique(door, return_index=True)  # a door on a border is counted once
        np.add.at(households, grid[first], doors.households[door[first]])
    np.add.at(households, home[inside], own[inside])
    return households, buildings


def _miscounted(
    grids: Grids, polygons: Geometries, counted: IntArray, least: int, most: int, place: _Places
) -> list[Fault]:
    found = [
        place.fault(
            "households_differ",
            polygons[k],
            grid=grids.codes[k],
            stated=int(grids.households[k]),
            counted=int(counted[k]),
        )
        for k in np.flatnonzero(grids.households != counted).tolist()
    ]
    if grids.in_band is None:
        return found
    held = grids.held(counted)
    holds = (held >= least) & (held <= most)
    found += [
        place.fault(
            "band_differs",
            polygons[k],
            grid=grids.codes[k],
            stated=bool(grids.in_band[k]),
            counted=int(counted[k]),
            least=least,
            most=most,
        )
        for k in np.flatnonzero((grids.in_band != holds) & grids.ordinary).tolist()
    ]
    return found


def _largest(ground: shapely.Geometry) -> shapely.Geometry:
    """The largest part, which is where a person should look."""
    return max(shapely.get_parts(ground), key=shapely.area, default=ground)


def _sum_m2(faults: Sequence[Fault]) -> float:
    return round(float(sum(fault.facts["m2"] for fault in faults)), 2)
