"""Entrances are read as strictly as all else, and held against their buildings."""

import json

import geopandas as gpd
import pytest
import shapely

from app.geo.crs import to_lonlat
from app.geo.readers import read_district
from tests.geo.reader_files import zipped
from tests.geo.towns import PLACE, here

SLAB, HOUSE = shapely.box(20, 40, 100, 54), shapely.box(60, 80, 72, 92)
DOORS = [(30, 41), (60, 41), (90, 41)]


def lonlat(x: float, y: float) -> list[float]:
    point = to_lonlat([here(shapely.Point(x, y))], PLACE)[0]
    return [point.x, point.y]


@pytest.fixture
def town(tmp_path):
    rows = gpd.GeoDataFrame(
        {"code": ["B1", "B2"], "households": [200, 10]}, geometry=[here(SLAB), here(HOUSE)], crs=PLACE
    )
    rows.to_crs(4326).to_file(tmp_path / "town.gpkg", layer="buildings", driver="GPKG")
    return tmp_path / "town.gpkg"


def entrances_file(folder, rows, name="entrances.geojson"):
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Point", "coordinates": lonlat(*at)},
        }
        for at, properties in rows
    ]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def found(district):
    return [
        (int(row.building), row.code, row["name"], int(row.households))
        for _, row in district.entrances.iterrows()
    ]


def refused(district):
    return [(one.row, one.code) for one in district.report.refusals if one.layer == "entrances"]


def test_entrances_of_a_file_of_their_own_are_found_by_chinese_names(town, tmp_path):
    rows = [
        (at, {"楼栋编码": "B1", "单元编码": f"U{k}", "单元": f"{k}单元", "户数": count})
        for k, (at, count) in enumerate(zip(DOORS, (70, 70, 60), strict=True), 1)
    ]

    district = read_district(town, entrances=entrances_file(tmp_path, rows))

    assert found(district) == [(0, "U1", "1单元", 70), (0, "U2", "2单元", 70), (0, "U3", "3单元", 60)]
    assert shapely.contains_properly(here(SLAB), district.entrances.geometry.to_numpy()).all()
    assert refused(district) == []


def test_a_layer_beside_the_buildings_is_read_and_a_district_without_one_has_none(town):
    assert len(read_district(town).entrances) == 0
    assert "entrances" not in read_district(town).report.rows
    rows = {"building": ["B1"] * 2, "name": ["east", "west"], "households": [150, 50]}
    points = [here(shapely.Point(*at)) for at in DOORS[:2]]
    gpd.GeoDataFrame(rows, geometry=points, crs=PLACE).to_crs(4326).to_file(
        town, layer="entrances", driver="GPKG"
    )

    assert found(read_district(town)) == [(0, "east", "east", 150), (0, "west", "west", 50)]


def test_households_that_no_row_tells_are_shared_out_and_that_is_said(town, tmp_path):
    rows = [(at, {"building": "B1"}) for at in DOORS]

    district = read_district(town, entrances=entrances_file(tmp_path, rows))

    assert [row[3] for row in found(district)] == [67, 67, 66]
    assert [row[1] for row in found(district)] == ["1", "2", "3"]
    assert "entrances_shared_out" in [note.code for note in district.report.notes]


def test_a_door_in_front_of_the_wall_is_moved_into_the_building_and_that_is_said(town, tmp_path):
    rows = [
        ((30, 36), {"building": "B1", "households": 100}),
        (DOORS[2], {"building": "B1", "households": 100}),
    ]

    district = read_district(town, entrances=entrances_file(tmp_path, rows))

    assert shapely.contains_properly(here(SLAB), district.entrances.geometry.to_numpy()).all()
    [note] = [note for note in district.report.notes if note.code == "entrances_moved"]
    assert note.facts["count"] == 1


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([(DOORS[0], {"building": "B7", "households": 200})], ["entrance_building_unknown"]),
        ([(DOORS[0], {"building": None, "households": 200})], ["entrance_without_building"]),
        (
            [
                ((30, 20), {"building": "B1", "households": 100}),
                (DOORS[1], {"building": "B1", "households": 100}),
            ],
            ["entrance_far_off", "entrances_miscounted"],
        ),
        (
            [
                (DOORS[0], {"building": "B1", "households": 100}),
                (DOORS[1], {"building": "B1", "households": 90}),
            ],
            ["entrances_miscounted"] * 2,
        ),
        (
            [(DOORS[0], {"building": "B1"}), (DOORS[0], {"building": "B1"}), (DOORS[1], {"building": "B1"})],
            ["entrance_twice", "entrances_miscounted", "entrances_miscounted"],
        ),
        (
            [
                (DOORS[0], {"building": "B1", "households": 200}),
                (DOORS[1], {"building": "B1", "households": -1}),
            ],
            ["households_out_of_range", "entrance_beside_refused"],
        ),
    ],
)
def test_of_a_building_all_entrances_are_taken_or_none(town, tmp_path, rows, codes):
    district = read_district(town, entrances=entrances_file(tmp_path, rows))

    assert sorted(code for _, code in refused(district)) == sorted(codes)
    taken = [row[3] for row in found(district)]
    assert taken == []
    figures = district.report.figures["entrances"]
    assert figures["rows"] == len(rows) == figures["refused"] + len(taken)


def test_households_are_not_shared_out_where_one_entrance_cannot_be_read(town, tmp_path):
    rows = [
        (at, {"building": "B1", "households": said})
        for at, said in zip(DOORS, (None, None, "abc"), strict=True)
    ]

    district = read_district(town, entrances=entrances_file(tmp_path, rows))

    assert found(district) == []
    codes = [code for _, code in refused(district)]
    assert len(codes) == 3 and codes.count("entrance_beside_refused") == 2


def test_buildings_are_no_entrances_and_points_no_buildings(town, tmp_path):
    district = read_district(town, entrances=town)
    assert {code for _, code in refused(district)} == {"geometry_type"}

    mixed = entrances_file(tmp_path, [(DOORS[0], {"code": "B1", "households": 3})], "points.geojson")
    with pytest.raises(Exception, match="polygon"):
        read_district(mixed)


def test_a_zipped_shapefile_and_kml_can_hold_entrances(town, tmp_path):
    rows = {"building": ["B1"] * 2, "unit": ["east", "west"], "hh": [150, 50]}
    points = [here(shapely.Point(*at)) for at in DOORS[:2]]
    frame = gpd.GeoDataFrame(rows, geometry=points, crs=PLACE).to_crs(4326)
    frame.to_file(tmp_path / "doors.shp")
    members = {path.name: path.read_bytes() for path in tmp_path.glob("doors.*")}
    marks = "".join(
        f"<Placemark><name>{unit}</name><ExtendedData><Data name='building'><value>B1</value></Data>"
        f"<Data name='households'><value>{count}</value></Data></ExtendedData>"
        f"<Point><coordinates>{at[0]},{at[1]}</coordinates></Point></Placemark>"
        for unit, count, at in (("east", 150, lonlat(*DOORS[0])), ("west", 50, lonlat(*DOORS[1])))
    )
    kml = tmp_path / "doors.kml"
    kml.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>')

    from_shapes = read_district(town, entrances=zipped(tmp_path / "doors.zip", members))
    from_marks = read_district(town, entrances=kml)

    assert found(from_shapes) == found(from_marks) == [(0, "east", "east", 150), (0, "west", "west", 50)]
