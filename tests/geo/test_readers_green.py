"""What is read for the map and for lists only: green, addresses, floors, kinds of compounds."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from app.geo.plots import Band
from app.geo.readers import read_district
from app.services.file_split import split_district

WEST, SOUTH = 114.0, 22.5
HOUSES = [(WEST + 0.0005 * k, SOUTH + 0.0002) for k in range(6)]


def box(west, south, width=0.0002, height=0.0002):
    return shapely.box(west, south, west + width, south + height)


@pytest.fixture
def package(tmp_path):
    def write(**layers):
        for name, (shapes, columns) in layers.items():
            frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326")
            frame.to_file(tmp_path / "town.gpkg", layer=name, driver="GPKG")
        return tmp_path / "town.gpkg"

    return write


def buildings(**more):
    count = len(HOUSES)
    columns = {"code": [f"B{k}" for k in range(count)], "households": [30] * count, **more}
    return [box(*house) for house in HOUSES], columns


def test_green_is_read_with_its_kind_and_name(package):
    crossed = shapely.Polygon(
        [(WEST, SOUTH), (WEST + 0.001, SOUTH + 0.001), (WEST + 0.001, SOUTH), (WEST, SOUTH + 0.001)]
    )
    shapes = [box(WEST, SOUTH, 0.002, 0.0001), crossed, shapely.Point(WEST, SOUTH)]
    file = package(
        buildings=buildings(), green=(shapes[:2], {"kind": ["park", None], "name": ["柳荫公园", None]})
    )

    green = read_district(file).green

    assert green[["kind", "name"]].fillna("").to_numpy().tolist() == [["park", "柳荫公园"], ["", ""]]
    assert green.geometry.is_valid.all()


def test_a_file_without_green_has_an_empty_layer(package):
    assert len(read_district(package(buildings=buildings())).green) == 0


def test_green_of_its_own_file(package, tmp_path):
    frame = gpd.GeoDataFrame({"leisure": ["park"]}, geometry=[box(WEST, SOUTH, 0.002)], crs="EPSG:4326")
    frame.to_file(tmp_path / "parks.geojson", driver="GeoJSON")

    read = read_district(package(buildings=buildings()), green=tmp_path / "parks.geojson")

    assert read.green["kind"].tolist() == ["park"]


def test_addresses_and_floors_are_read_and_what_is_broken_is_left_blank(package):
    given = ["柳荫路1号", None, "x" * 5000, "", "3号", "4号"]
    file = package(buildings=buildings(address=given, floors=[6, 0, -2, 999, None, 3]))

    read = read_district(file).buildings

    assert read["address"].fillna("").tolist() == ["柳荫路1号", "", "", "", "3号", "4号"]
    assert read["floors"].tolist() == [6, 0, 0, 0, 0, 3]


def test_compounds_have_kind_and_address(package):
    yard = (
        [box(WEST, SOUTH, 0.001, 0.001)],
        {"code": ["C1"], "kind": ["出租大院"], "address": ["柳荫路2号"]},
    )

    read = read_district(package(buildings=buildings(), compounds=yard)).compounds

    assert read[["kind", "address"]].values.tolist() == [["出租大院", "柳荫路2号"]]


def test_green_changes_no_grid(package):
    parks = ([box(WEST, SOUTH, 0.003, 0.0015)], {"kind": ["park"], "name": ["x"]})
    district = read_district(package(buildings=buildings(), green=parks))
    bare = replace(district, green=district.green.iloc[:0])

    one, other = (split_district(each, Band(60, 50, 70), 1).plan for each in (district, bare))

    assert one.grids.geometry.to_wkt().tolist() == other.grids.geometry.to_wkt().tolist()


OSM = """<?xml version="1.0"?>
<osm version="0.6">
{nodes}
{ways}
</osm>
"""
TAGS = {
    1: {"building": "yes", "addr:street": "柳荫路", "addr:housenumber": "12"},
    2: {"building": "yes", "addr:housenumber": "3"},
    3: {"building": "yes", "addr:full": "锦原区柳荫路5号"},
    4: {"leisure": "park", "name": "柳荫公园"},
    5: {"landuse": "grass"},
    6: {"natural": "wood"},
    7: {"landuse": "residential"},
    8: {"leisure": "park", "building": "yes"},
}


def test_green_and_addresses_of_openstreetmap(tmp_path):
    nodes, ways = [], []
    for way, tags in TAGS.items():
        corners = shapely.get_coordinates(box(WEST + 0.0004 * way, SOUTH))[:-1]
        ids = [10 * way + k for k in range(4)]
        nodes += [
            f'<node id="{id_}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>'
            for id_, (lon, lat) in zip(ids, corners, strict=True)
        ]
        refs = "".join(f'<nd ref="{id_}"/>' for id_ in [*ids, ids[0]])
        said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        ways.append(f'<way id="{way}" version="1">{refs}{said}</way>')
    file = tmp_path / "town.osm"
    file.write_text(OSM.format(nodes="\n".join(nodes), ways="\n".join(ways)), encoding="utf-8")

    read = read_district(file)

    kinds = sorted(zip(read.green["kind"], read.green["name"].fillna(""), strict=True))
    assert kinds == [("grass", ""), ("park", "柳荫公园"), ("wood", "")]
    addresses = dict(zip(read.buildings["code"], read.buildings["address"].fillna(""), strict=True))
    assert addresses == {"w1": "12 柳荫路", "w2": "", "w3": "锦原区柳荫路5号", "w8": ""}
