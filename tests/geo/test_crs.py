import numpy as np
import prcoords
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from app.geo import crs

PLACES = st.lists(st.tuples(st.floats(74, 134), st.floats(18, 53)), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("place", "lon", "lat", "epsg"),
    [
        ("Shenzhen", 114.06, 22.54, 4547),
        ("Jinan", 117.0, 36.65, 4548),
        ("Changzhi", 113.1, 36.2, 4547),
        ("Kashgar", 75.99, 39.47, 4534),
        ("Fuyuan, on the eastern border", 134.3, 48.36, 4554),
        ("Monaco", 7.42, 43.74, 32632),
        ("Seoul", 127.05, 37.5, 32652),
        ("Buenos Aires", -58.4, -34.6, 32721),
        ("the date line", 180.0, 0.0, 32660),
    ],
)
def test_each_place_is_measured_in_its_own_zone(place: str, lon: float, lat: float, epsg: int):
    assert crs.local_crs(lon, lat).to_epsg() == epsg, place


def test_metres_and_degrees_return_to_the_same_centimetre():
    zone = crs.local_crs(117.0, 36.65)
    square = np.array([shapely.box(117.0, 36.65, 117.001, 36.651), None], dtype=object)

    metres = crs.to_metres(square, zone)
    again = crs.to_metres(crs.to_lonlat(metres, zone), zone)

    assert (shapely.get_coordinates(metres) == shapely.get_coordinates(again)).all()
    assert again[1] is None
    assert 9_000 < metres[0].area < 11_000


@pytest.mark.parametrize("name", ["EPSG:4326", "EPSG:4490", "OGC:CRS84"])
def test_wgs84_and_cgcs2000_need_no_change(name: str):
    assert crs.is_lonlat(CRS.from_user_input(name))


@pytest.mark.parametrize("name", ["EPSG:4214", "EPSG:4610", "EPSG:4547", "EPSG:3857"])
def test_beijing54_xian80_and_projected_systems_do(name: str):
    assert not crs.is_lonlat(CRS.from_user_input(name))


@given(PLACES)
def test_gcj02_and_bd09_are_those_of_prcoords(places: list[tuple[float, float]]):
    lonlat = np.array(places)
    gcj = np.array([prcoords.wgs_gcj((lat, lon)) for lon, lat in places])[:, ::-1]
    bd = np.array([prcoords.gcj_bd((lat, lon)) for lon, lat in gcj])[:, ::-1]

    assert crs.wgs84_to_gcj02(lonlat) == pytest.approx(gcj, abs=1e-11)
    assert crs.gcj02_to_bd09(gcj) == pytest.approx(bd, abs=1e-11)


@given(PLACES)
@settings(max_examples=50)
def test_un_shifting_is_exact(places: list[tuple[float, float]]):
    lonlat = np.array(places)
    shifted = crs.gcj02_to_bd09(crs.wgs84_to_gcj02(lonlat))

    assert crs.bd09_to_wgs84(shifted) == pytest.approx(lonlat, abs=1e-9)
    assert crs.gcj02_to_wgs84(crs.wgs84_to_gcj02(lonlat)) == pytest.approx(lonlat, abs=1e-9)


def test_nothing_is_shifted_outside_china():
    monaco = np.array([[7.42, 43.74]])

    assert (crs.wgs84_to_gcj02(monaco) == monaco).all()
    assert (crs.gcj02_to_wgs84(monaco) == monaco).all()


def town(shift: bool) -> tuple[crs.Geometries, crs.Geometries, CRS]:
    """Streets 100 m apart and eighty buildings in each block, in Jinan; shifted to GCJ-02 if asked."""
    zone = crs.local_crs(117.0, 36.65)
    x0, y0 = shapely.get_coordinates(crs.to_metres(np.array([shapely.Point(117.0, 36.65)]), zone))[0]
    side = np.arange(0, 601, 100)
    streets = [shapely.LineString([(x0 + d, y0), (x0 + d, y0 + 600)]) for d in side]
    streets += [shapely.LineString([(x0, y0 + d), (x0 + 600, y0 + d)]) for d in side]
    corners = [
        (x0 + i + a, y0 + j + b) for i in side[:-1] for j in side[:-1] for a in (15, 55) for b in (15, 40, 65)
    ]
    buildings = np.array([shapely.box(x, y, x + 30, y + 15) for x, y in corners])
    if shift:
        degrees = crs.to_lonlat(buildings, zone)
        buildings = crs.to_metres(shapely.transform(degrees, crs.wgs84_to_gcj02), zone)
    return buildings, np.array(streets), zone


def test_buildings_on_the_carriageways_are_told_to_be_shifted():
    buildings, streets, zone = town(shift=True)

    warning = crs.likely_shift(buildings, streets, zone)

    assert warning is not None
    assert (warning["layer"], warning["datum"]) == ("buildings", "gcj02")
    assert warning["crossed_share_after"] == 0


def test_a_town_in_its_place_raises_no_warning():
    assert crs.likely_shift(*town(shift=False)) is None
