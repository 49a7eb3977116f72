"""Where coordinates live: the projected CRS of a place, the two lattices, and China's shifted datums.

Stored as lon/lat on a 1e-8 degree lattice, computed in metres on a 1 cm lattice. Lon comes before lat
everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from app.geo.plots import FloatArray

LATTICE_DEG = 1e-8
LATTICE_M = 0.01

Geometries = npt.NDArray[np.object_]

LONLAT = CRS.from_epsg(4326)

# Roughly the ground where CGCS2000 is the national datum. Near a land border either CRS serves:
# only metres matter, and both are true to a few parts in ten thousand there.
_CHINA = shapely.Polygon(
    [
        (73.4, 39.6), (74.6, 37.0), (77.5, 35.2), (78.6, 31.0), (81.3, 29.9), (88.0, 27.3), (92.0, 26.7),
        (97.2, 27.8), (97.3, 23.7), (99.0, 21.0), (106.6, 21.4), (107.5, 17.0), (109.5, 3.0), (117.5, 7.0),
        (119.8, 15.5), (122.6, 21.3), (124.0, 26.0), (123.6, 38.0), (124.6, 40.0), (128.2, 41.4),
        (129.8, 42.3), (130.9, 42.3), (131.6, 44.8), (133.5, 45.0), (135.3, 48.6), (130.8, 48.4),
        (127.8, 50.6), (126.0, 53.2), (123.4, 53.8), (119.8, 53.4), (119.0, 50.4), (116.5, 50.1),
        (115.2, 47.9), (119.5, 46.8), (111.6, 45.0), (105.0, 41.4), (96.4, 42.9), (90.9, 45.3),
        (90.0, 48.0), (87.5, 49.4), (85.0, 48.2), (82.0, 45.2), (80.0, 45.0), (80.0, 42.0), (76.0, 40.6),
    ]
)  # fmt: skip


def local_crs(lon: float, lat: float) -> CRS:
    """The projected CRS in metres for a place: CGCS2000 3-degree Gauss-Kruger in China, else UTM on WGS-84.

    The Chinese zones are those without a zone prefix in the easting, EPSG:4534 (75° E) to 4554 (135° E).

    >>> local_crs(114.06, 22.54).to_epsg(), local_crs(7.42, 43.74).to_epsg()
    (4547, 32632)
    """
    if shapely.contains_xy(_CHINA, lon, lat):
        zone = min(max(round((lon - 75) / 3), 0), 20)
        return _crs(f"EPSG:{4534 + zone}")
    zone = min(max(int((lon + 180) // 6) + 1, 1), 60)
    return _crs(f"EPSG:{(32600 if lat >= 0 else 32700) + zone}")


def to_metres(geometry: Geometries, crs: CRS) -> Geometries:
    """Lon/lat geometries in metres of `crs`, on the 1 cm lattice; keeps the shape of the array."""
    project = _transform(_name(LONLAT.srs), _name(crs.srs))
    return _apply(geometry, lambda xy: round_metres(project(xy)))


def to_lonlat(geometry: Geometries, crs: CRS) -> Geometries:
    """Geometries of any CRS as lon/lat on the 1e-8 degree lattice; keeps the shape of the array."""
    project = _transform(_name(crs.srs), _name(LONLAT.srs))
    return _apply(geometry, lambda xy: round_degrees(project(xy)))


def round_degrees(lonlat: FloatArray) -> FloatArray:
    """On the lattice of 1e-8 degree, about a millimetre: equality of stored corners is exact.

    >>> round_degrees(np.array([[116.123456784, 39.9]])).tolist()
    [[116.12345678, 39.9]]
    """
    return np.round(lonlat, 8)


def round_metres(xy: FloatArray) -> FloatArray:
    """On the lattice of 1 cm: two corners that round to the same centimetre are the same corner."""
    return np.round(xy, 2)


def is_lonlat(crs: CRS) -> bool:
    """Whether `crs` is longitude and latitude on WGS-84 or CGCS2000, equal within decimetres."""
    return (
        bool(crs.is_geographic)
        and crs.ellipsoid is not None
        and "beijing" not in crs.name.lower()
        and (
            crs.to_epsg(min_confidence=20) in (4326, 4490, 4979, 4480)
            or crs.name.replace(" ", "_").upper() in ("GCS_WGS_1984", "WGS_84", "WGS_84_(CRS84)", "CGCS2000")
            or "CHINA_GEODETIC_COORDINATE_SYSTEM_2000" in crs.name.upper()
        )
    )


# The customary box outside of which map makers apply no shift (as in eviltransform and prcoords).
_SHIFTED_LON = (72.004, 137.8347)
_SHIFTED_LAT = (0.8293, 55.8271)
_KRASOVSKY_A = 6378245.0
_KRASOVSKY_EE = 0.00669342162296594323
_BD_DLON, _BD_DLAT = 0.0065, 0.0060


def wgs84_to_gcj02(lonlat: FloatArray) -> FloatArray:
    """WGS-84 to GCJ-02, the shifted datum of Chinese web maps; unchanged outside the customary box.

    lonlat: shape (n, 2). Formula as published in eviltransform and prcoords (CC0).
    """
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    inside = (
        (lon >= _SHIFTED_LON[0])
        & (lon <= _SHIFTED_LON[1])
        & (lat >= _SHIFTED_LAT[0])
        & (lat <= _SHIFTED_LAT[1])
    )
    return np.where(inside[:, None], lonlat + _gcj02_shift(lonlat), lonlat)


def gcj02_to_wgs84(lonlat: FloatArray) -> FloatArray:
    """GCJ-02 to WGS-84, exact to 1e-10 degree by iteration; lonlat has shape (n, 2)."""
    return _inverse(wgs84_to_gcj02, lonlat)


def gcj02_to_bd09(lonlat: FloatArray) -> FloatArray:
    """GCJ-02 to BD-09, the second shift of one map maker; lonlat has shape (n, 2)."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    turn = np.pi * 3000.0 / 180.0
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * turn)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * turn)
    return np.column_stack([radius * np.cos(angle) + _BD_DLON, radius * np.sin(angle) + _BD_DLAT])


def bd09_to_gcj02(lonlat: FloatArray) -> FloatArray:
    """BD-09 to GCJ-02, exact to 1e-10 degree by iteration; lonlat has shape (n, 2)."""
    return _inverse(gcj02_to_bd09, lonlat)


def bd09_to_wgs84(lonlat: FloatArray) -> FloatArray:
    """BD-09 to WGS-84 in one step."""
    return gcj02_to_wgs84(bd09_to_gcj02(lonlat))


UNSHIFT: dict[str, Callable[[FloatArray], FloatArray]] = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}


def _gcj02_shift(lonlat: FloatArray) -> FloatArray:
    """The shift in degrees at each point."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    pi = np.pi
    lat_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    lat_m += (2 * np.sin(6 * pi * x) + 2 * np.sin(2 * pi * x) + 2 * np.sin(pi * y)) * 20 / 3
    lat_m += (4 * np.sin(pi * y / 3) + 16 * np.sin(pi * y / 12) + 32 * np.sin(pi * y / 30)) * 20 / 3
    lon_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    lon_m += (2 * np.sin(6 * pi * x) + 2 * np.sin(2 * pi * x) + 2 * np.sin(pi * x)) * 20 / 3
    lon_m += (4 * np.sin(pi * x / 3) + 15 * np.sin(pi * x / 12) + 30 * np.sin(pi * x / 30)) * 20 / 3
    phi = np.radians(lonlat[:, 1])
    magic = 1 - _KRASOVSKY_EE * np.sin(phi) ** 2
    metres_per_lat = np.radians(_KRASOVSKY_A * (1 - _KRASOVSKY_EE) / magic**1.5)
    metres_per_lon = np.radians(_KRASOVSKY_A / np.sqrt(magic) * np.cos(phi))
    return np.column_stack([lon_m / metres_per_lon, lat_m / metres_per_lat])


def _inverse(forward: Callable[[FloatArray], FloatArray], shifted: FloatArray) -> FloatArray:
    """Undo `forward` by fixed-point iteration; each round gains about two digits."""
    guess = shifted
    for _ in range(20):
        error = forward(guess) - shifted
        guess = guess - error
        if not len(error) or np.abs(error).max() < 1e-11:
            break
    return guess


def likely_shift(buildings: Geometries, streets: Geometries, crs: CRS) -> dict[str, object] | None:
    """Whether un-shifting the buildings (or the streets) would take the buildings off the carriageways.

    Only ever a warning. Counts the buildings that a carriageway crosses as the files are, and after each
    un-shifting; speaks up when an un-shifting removes most of many crossings. Both layers shifted alike
    cannot be seen this way.

    buildings, streets: geometries in metres of `crs`; streets without tunnels and bridges.
    Returns the facts (layer, datum, and the share of buildings crossed as is and after), or None.
    """
    if len(buildings) < 30 or len(streets) < 3:
        return None
    to_degrees = Transformer.from_crs(crs, LONLAT, always_xy=True)
    x, y = shapely.get_coordinates(shapely.centroid(buildings)).T
    centre = np.array([to_degrees.transform(np.median(x), np.median(y))])
    if not shapely.contains_xy(_CHINA, centre[0, 0], centre[0, 1]):
        return None
    sample = buildings[:: max(1, len(buildings) // 3000)]
    crossed = _crossed(sample, streets, (0.0, 0.0))
    best: dict[str, object] | None = None
    fewest = crossed
    for datum, unshift in UNSHIFT.items():
        back = _metres(unshift(centre), to_degrees) - _metres(centre, to_degrees)
        for layer, (dx, dy) in (("buildings", back), ("streets", -back)):
            after = _crossed(sample, streets, (dx, dy))
            if after < fewest:
                fewest = after
                best = {"layer": layer, "datum": datum, "crossed_share": round(crossed / len(sample), 3)}
                best["crossed_share_after"] = round(after / len(sample), 3)
    many = crossed >= max(10, 0.04 * len(sample))
    return best if many and fewest <= 0.4 * crossed else None


def _crossed(buildings: Geometries, streets: Geometries, shift: tuple[float, float]) -> int:
    """How many buildings, moved by `shift` metres, a street runs through."""
    moved = shapely.transform(buildings, lambda xy: xy + np.array(shift))
    tree = shapely.STRtree(streets)
    # A cheap first look; the exact test follows.
    pairs = tree.query(shapely.envelope(moved), predicate="intersects")
    hit = shapely.intersects(moved[pairs[0]], streets[pairs[1]])
    return len(np.unique(pairs[0][hit]))


def _metres(lonlat: FloatArray, to_degrees: Transformer) -> FloatArray:
    x, y = to_degrees.transform(lonlat[:, 0], lonlat[:, 1], direction="INVERSE")
    return np.array([x[0], y[0]])


@lru_cache(maxsize=64)
def _crs(code: str) -> CRS:
    return CRS.from_user_input(code)


@lru_cache(maxsize=256)
def _name(words: str) -> str:
    """What a CRS that was made of these words is called: by its code where it has one.

    Kept, for a CRS of our own (a sheet of paper upright around its middle) is looked for among all codes for
    ten milliseconds, and a sheet asks twenty times.
    """
    name: str = CRS.from_user_input(words).to_string()
    return name


@lru_cache(maxsize=64)
def _transform(source: str, target: str) -> Callable[[FloatArray], FloatArray]:
    transformer = Transformer.from_crs(source, target, always_xy=True)

    def project(xy: FloatArray) -> FloatArray:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return project


def _apply(geometry: Geometries, change: Callable[[FloatArray], FloatArray]) -> Geometries:
    moved: Any = shapely.transform(geometry, change)
    return np.asarray(moved, dtype=object)
