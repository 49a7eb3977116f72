"""A district put together from its files: outline, layers, and the ground they share."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from app.errors import Refusal, english
from app.geo.crs import LONLAT, Geometries, local_crs, to_lonlat, to_metres
from app.geo.district import District
from app.geo.outline import inside
from app.geo.plots import LineClass
from app.geo.readers import ReadOptions, read_district
from app.geo.readers.boundary import derive, unite
from app.geo.readers.report import ImportReport
from tests.geo.reader_files import feature, geojson, nodes, osm, read, way
from tests.geo.test_crs import town as shifted_town

ZONE = local_crs(120.1, 30.2)
X0, Y0 = shapely.get_coordinates(to_metres(np.array([Point(120.1, 30.2)]), ZONE))[0].round()


def at(x: float, y: float) -> tuple[float, float]:
    """A place x metres east and y metres north of the corner, in lon/lat."""
    return tuple(shapely.get_coordinates(to_lonlat(np.array([Point(X0 + x, Y0 + y)]), ZONE))[0])


def ground(west: float, south: float, width: float, height: float) -> Polygon:
    """A rectangle in metres from the corner, as lon/lat."""
    return Polygon(
        [at(west + dx * width, south + dy * height) for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))]
    )


def line(*places: tuple[float, float]) -> LineString:
    return LineString([at(*place) for place in places])


def layer(path: Path, called: str, shapes: list[Any], **columns: list[Any]) -> Path:
    gpd.GeoDataFrame(columns, geometry=shapes, crs=LONLAT).to_file(path, layer=called, driver="GPKG")
    return path


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Three houses, the last outside the boundary; streets of several kinds; Chinese layer names."""
    path = tmp_path / "town.gpkg"
    houses = [ground(20, 20, 20, 10), ground(60, 20, 20, 10), ground(500, 20, 20, 10)]
    layer(path, "楼栋", houses, 楼栋编码=["A1", "A2", "A3"], 户数=[30, 12, 7], 用途=["住宅", "住宅", "商业"])
    layer(
        path,
        "道路",
        [line((0, k * 10), (200, k * 10)) for k in range(6)] + [line((0, 5_000), (9, 5_000))],
        highway=[
            "primary",
            "tertiary",
            "service",
            "footway",
            "railway_rail",
            "railway_subway",
            "residential",
        ],
        name=["大街", None, None, None, None, None, "far"],
        bridge=["yes", "no", "F", None, "T", None, None],
        tunnel=[None, None, "building_passage", None, None, "yes", None],
        layer=["1", "0", None, None, "1", "-2", "x"],
    )
    layer(path, "边界", [ground(0, 0, 200, 100)], name=["town"])
    layer(path, "水系", [line((0, 90), (200, 90)), ground(150, 40, 20, 20)], kind=["river", "lake"])
    return path


def test_a_geopackage_becomes_a_district_in_metres_of_its_zone(town: Path):
    district = read_district(town)

    assert district.crs.to_epsg() == 4549
    assert district.outline_source == "file"
    assert district.outline.area == pytest.approx(20_000, rel=1e-3)
    assert district.buildings.code.tolist() == ["A1", "A2"]
    assert district.buildings.households.tolist() == [30, 12]
    assert district.buildings.area.tolist() == pytest.approx([200, 200], rel=1e-2)
    assert [len(layer) for layer in (district.water, district.compounds, district.admin)] == [2, 0, 0]


def test_corners_lie_on_whole_centimetres(town: Path):
    district = read_district(town)

    xy = shapely.get_coordinates([*district.buildings.geometry, *district.streets.geometry, district.outline])
    assert (xy == np.round(xy, 2)).all()


def test_streets_are_sorted_into_classes_and_footways_left_out_with_a_count(town: Path):
    district = read_district(town)

    kinds = dict(zip(district.streets.highway, district.streets.kind, strict=True))
    assert kinds == {
        "primary": LineClass.ARTERIAL,
        "tertiary": LineClass.SECONDARY,
        "service": LineClass.LOCAL,
    }
    assert district.streets.bridge.tolist() == [True, False, False]
    assert district.streets.tunnel.tolist() == [False, False, True]
    assert district.streets.layer.tolist() == [1, 0, 0]
    assert district.report.to_dict()["refused_by_reason"]["streets"] == {"not_a_street": 2}


def test_rails_among_the_streets_are_railways_and_subways_below_ground_are_not(town: Path):
    district = read_district(town)

    assert district.railways.kind.tolist() == ["rail"]
    assert district.railways.bridge.tolist() == [True]


def test_a_building_outside_the_boundary_is_refused_by_name(town: Path):
    report = read_district(town).report

    outside = [r for r in report.refusals if r.code == "outside_outline"]
    assert [r.row for r in outside] == ["row 3 (A3)"]
    assert report.figures["buildings"] == {"rows": 3, "taken": 2, "mended": 0, "refused": 1}


def test_lines_far_beyond_the_outline_are_left_out_and_counted(town: Path):
    remark = next(n for n in read_district(town).report.notes if n.code == "beyond_outline")

    assert (remark.facts["layer"], remark.facts["count"]) == ("streets", 1)


def test_a_report_can_be_written_as_json_with_a_reason_for_each_row(town: Path):
    said = json.loads(json.dumps(read_district(town).report.to_dict()))

    assert [r["why"] for r in said["refused"] if r["layer"] == "buildings"] == [
        "most of it lies outside the outline (0% inside)."
    ]


def test_each_layer_may_come_from_its_own_file(town: Path, tmp_path: Path):
    house = {"type": "Polygon", "coordinates": [list(map(list, ground(20, 60, 20, 10).exterior.coords))]}
    houses = geojson(tmp_path / "houses.geojson", feature("H1", geometry=house))

    district = read_district(town, buildings=houses)

    assert district.buildings.code.tolist() == ["H1"]
    assert len(district.streets) == 3


def test_streets_without_a_word_on_their_kind_are_all_local(tmp_path: Path):
    path = layer(tmp_path / "roads.gpkg", "roads", [line((0, 0), (9, 9))], name=["x"])

    streets = read(path, "streets")

    assert streets["kind"] == [LineClass.LOCAL]
    assert "streets_without_kind" in streets.remarks


def test_a_column_of_street_classes_can_be_named(tmp_path: Path):
    path = layer(tmp_path / "roads.gpkg", "roads", [line((0, 0), (9, 9))], sort=["主干路"])

    assert read(path, "streets", columns={"highway": "sort"})["kind"] == [LineClass.ARTERIAL]


def test_a_boundary_drawn_as_a_closed_line_is_the_ground_within(tmp_path: Path):
    path = layer(tmp_path / "a.gpkg", "buildings", [ground(20, 20, 20, 10)], households=[5])
    layer(path, "boundary", [ground(0, 0, 200, 100).boundary])

    district = read_district(path)

    assert district.outline_source == "file"
    assert district.outline.area == pytest.approx(20_000, rel=1e-3)
    assert [english(mend.after) for mend in district.report.mends] == ["the area within"]


@pytest.mark.parametrize("role", ["buildings", "boundary"])
def test_a_layer_of_points_where_areas_must_be_is_refused_by_its_first_row(tmp_path: Path, role: str):
    shapes = {"buildings": ground(20, 20, 20, 10), "boundary": ground(0, 0, 200, 100)}
    for name, shape in shapes.items():
        layer(tmp_path / "a.gpkg", name, [shape.centroid if name == role else shape])

    with pytest.raises(Refusal) as said:
        read_district(tmp_path / "a.gpkg")

    assert said.value.code == "rows_refused"
    assert "Point" in str(said.value)


def test_a_file_without_buildings_is_no_district(tmp_path: Path):
    path = layer(tmp_path / "roads.gpkg", "streets", [line((0, 0), (9, 9))], highway=["primary"])

    with pytest.raises(Refusal, match="no layer “buildings”"):
        read_district(path)


# --- The outline --------------------------------------------------------------------------------------------


def rect(west: float, south: float, width: float, height: float) -> Polygon:
    return shapely.box(west, south, west + width, south + height)


def areas(*shapes: Any) -> Geometries:
    return np.array(shapes, dtype=object)


def test_a_hairline_gap_between_two_wards_closes_and_a_street_between_them_stays():
    report = ImportReport()

    hairline = unite(areas(rect(0, 0, 100, 100), rect(100.4, 0, 100, 100)), report)
    street = unite(areas(rect(0, 0, 100, 100), rect(108, 0, 100, 100)), report)

    assert hairline.geom_type == "Polygon"
    assert hairline.area == pytest.approx(20_040, abs=3)
    assert street.geom_type == "MultiPolygon"
    assert [m.what for m in report.mends] == ["hairline gaps"]


def test_holes_islands_and_exclaves_stay():
    ring = rect(0, 0, 100, 100).difference(rect(40, 40, 20, 20))

    outline = unite(areas(ring, rect(300, 0, 10, 10)), ImportReport())

    assert outline.equals(MultiPolygon([ring, rect(300, 0, 10, 10)]))


def test_one_boundary_polygon_is_taken_as_it_is_even_with_a_narrow_inlet():
    fjord = rect(0, 0, 100, 100).difference(rect(50, 20, 0.5, 80))

    assert unite(areas(fjord), ImportReport()).equals(fjord)


def test_a_derived_outline_holds_all_buildings_with_the_streets_among_them():
    houses = areas(*[rect(x, y, 20, 10) for x in (0, 90, 180) for y in (0, 80)])
    report = ImportReport()

    outline = derive(houses, areas(LineString([(0, 50), (200, 50)])), report)

    assert outline.geom_type == "Polygon"
    assert shapely.covers(outline, houses).all()
    assert outline.covers(LineString([(0, 50), (200, 50)]))
    assert outline.bounds == pytest.approx((-20, -20, 220, 110), abs=3)
    assert [w.code for w in report.warnings] == ["boundary_derived"]


def test_a_derived_outline_holds_the_park_that_buildings_stand_around():
    ring = [rect(x, y, 20, 20) for x in range(0, 900, 60) for y in range(0, 900, 60)]
    park = rect(250, 250, 400, 400)
    houses = areas(*[house for house in ring if not house.intersects(park.buffer(70))])

    outline = derive(houses, areas(), ImportReport())

    assert outline.geom_type == "Polygon"
    assert len(outline.interiors) == 0
    assert outline.covers(park)


def test_a_hamlet_nearby_is_joined_to_a_derived_outline_and_a_far_one_is_not():
    near = derive(areas(rect(0, 0, 20, 10), rect(700, 0, 20, 10)), areas(), ImportReport())
    far = derive(areas(rect(0, 0, 20, 10), rect(7_000, 0, 20, 10)), areas(), ImportReport())

    assert (near.geom_type, far.geom_type) == ("Polygon", "MultiPolygon")


def test_only_where_about_half_of_a_building_lies_inside_its_inner_point_decides():
    outline = rect(0, 0, 100, 100)
    arm_inside = [shapely.union(rect(100, 0, 10, 40), rect(100 - w, 18, w, 4)) for w in (30, 89)]
    arm_outside = [shapely.union(rect(90, 0, 10, 40), rect(100, 18, w, 4)) for w in (30, 92)]
    houses = areas(*arm_inside, *arm_outside)

    belongs, share = inside(outline, houses)

    inner_inside = shapely.intersects(outline, shapely.point_on_surface(houses))
    assert share == pytest.approx([0.23, 0.47, 0.77, 0.52], abs=0.01)
    assert inner_inside.tolist() == [True, True, False, False]
    assert belongs.tolist() == [False, True, True, False]


def test_a_building_astride_belongs_where_most_of_it_lies():
    outline = rect(0, 0, 100, 100)
    houses = areas(rect(10, 10, 10, 10), rect(94, 50, 10, 10), rect(97, 70, 10, 10), rect(200, 0, 10, 10))

    belongs, share = inside(outline, houses)

    assert belongs.tolist() == [True, True, False, False]
    assert share == pytest.approx([1, 0.6, 0.3, 0])


def test_a_boundary_without_rows_is_refused_and_not_replaced(town: Path):
    empty = gpd.GeoDataFrame({"name": []}, geometry=[], crs=LONLAT)
    empty.to_file(town, layer="边界", driver="GPKG", geometry_type="Polygon")

    with pytest.raises(Refusal, match="None of the 0 rows of the boundary"):
        read_district(town)


def test_a_boundary_of_lines_is_refused_and_not_replaced(town: Path):
    layer(town, "边界", [line((0, 0), (200, 0), (200, 100))], name=["town"])

    with pytest.raises(Refusal, match="polygon is needed"):
        read_district(town)


def test_a_boundary_that_vanishes_on_the_lattice_is_refused(town: Path):
    layer(town, "边界", [ground(0, 0, 200, 0.003)], name=["town"])

    with pytest.raises(Refusal, match=r"the boundary can serve as an outline .*thinner than 1 cm"):
        read_district(town)


def box_of(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    return (*at(west, south), *at(east, north))


def test_a_box_cuts_the_boundary_and_the_report_says_so(town: Path):
    district = read_district(town, options=ReadOptions(bbox=box_of(-50, -50, 50, 400)))

    assert district.outline_source == "file"
    assert district.outline.bounds[2] == pytest.approx(X0 + 50, abs=1)
    assert district.outline.area == pytest.approx(5_000, rel=1e-2)
    assert district.buildings.code.tolist() == ["A1"]
    cut = next(n for n in district.report.notes if n.code == "outline_cut")
    assert cut.facts == {"left_ha": "0.5", "whole_ha": "2.0"}


@pytest.mark.parametrize("bbox", [(120.2, 30.2, 120.3, 30.3), (-10.0, -10.0, -9.0, -9.0)])
def test_a_box_beside_the_boundary_is_refused(town: Path, bbox: tuple[float, float, float, float]):
    with pytest.raises(Refusal, match="--bbox shares no ground with the boundary"):
        read_district(town, options=ReadOptions(bbox=bbox))


def test_a_box_around_half_the_globe_leaves_the_boundary_as_it_is(town: Path):
    district = read_district(town, options=ReadOptions(bbox=(0, -80, 179, 80)))

    assert district.outline.equals(read_district(town).outline)


@pytest.mark.parametrize(
    ("called", "role"),
    [("边界", "boundary"), ("水系", "water"), ("compounds", "compounds"), ("admin", "admin")],
)
def test_an_area_whose_inlet_closes_on_the_lattice_is_mended(town: Path, called: str, role: str):
    ring = [(0, 0), (100, 0), (100, 80), (25.003, 80), (25.003, 10), (25, 10), (25, 80), (0, 80)]
    inlet = Polygon([at(x, y) for x, y in ring])
    layer(town, called, [inlet], name=["inlet"])

    district = read_district(town)

    mends = [m for m in district.report.mends if english(m.before) == "invalid on the 1 cm lattice"]
    assert [(m.layer, m.row, english(m.after)) for m in mends] == [(role, "row 1", "repaired")]
    area = district.outline if role == "boundary" else getattr(district, role).geometry[0]
    assert inlet.is_valid and area.is_valid
    assert area.area == pytest.approx(8_000, rel=1e-3)


def test_an_area_thinner_than_the_lattice_is_refused_by_row(town: Path):
    layer(town, "compounds", [ground(0, 0, 50, 0.003), ground(0, 0, 50, 50)], name=["thin", "broad"])

    district = read_district(town)

    assert district.compounds.name.tolist() == ["broad"]
    assert [(r.row, r.code) for r in district.report.refusals if r.layer == "compounds"] == [
        ("row 1", "geometry_collapsed")
    ]


@pytest.mark.parametrize(
    ("given", "remedy"), [({}, "buildings=gcj02"), ({"datum": "gcj02"}, "streets=wgs84")]
)
def test_a_likely_shift_names_a_remedy_that_helps(tmp_path: Path, given: dict[str, str], remedy: str):
    buildings, streets, zone = shifted_town(shift=True)
    path = layer(tmp_path / "town.gpkg", "buildings", list(to_lonlat(buildings, zone)))
    layer(path, "streets", list(to_lonlat(streets, zone)))

    warned = read_district(path, options=ReadOptions(**given)).report.warnings  # type: ignore[arg-type]
    told = next(w for w in warned if w.code == "shift_likely").words
    role, _, datum = remedy.partition("=")
    options = ReadOptions(**given, datums={role: datum})  # type: ignore[arg-type]
    mended = read_district(path, options=options).report.warnings

    assert f"Try --datum {remedy}." in told
    assert "shift_likely" not in {w.code for w in mended}


# --- OpenStreetMap ------------------------------------------------------------------------------------------


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """Two houses on either side of a ward border, a shop, a school, a street and a river."""
    corners: list[tuple[float, float]] = []
    ways: list[str] = []

    def ring(number: int, west: float, south: float, width: float, height: float, **tags: str) -> None:
        first = len(corners) + 1
        shape = ground(west, south, width, height)
        corners.extend(shape.exterior.coords[:4])
        ways.append(way(number, [*range(first, first + 4), first], **tags))

    ring(1, 20, 20, 20, 20, building="apartments", building__levels="10", name="一号楼")
    ring(2, 120, 20, 20, 20, building="yes", shop="supermarket")
    ring(3, 320, 20, 20, 20, building="house")
    ring(4, 60, 60, 20, 20, building="yes")
    ring(5, 50, 50, 40, 40, amenity="school")
    ring(6, 0, 0, 200, 100)
    first = len(corners) + 1
    corners.extend([at(0, 45), at(200, 45), at(0, 95), at(200, 95)])
    ways.append(way(7, [first, first + 1], highway="residential", name="街"))
    ways.append(way(8, [first + 2, first + 3], waterway="river", tunnel="no"))
    relation = (
        '<relation id="9" version="1"><member type="way" ref="6" role="outer"/><tag k="type" v="boundary"/>'
        '<tag k="boundary" v="administrative"/><tag k="admin_level" v="10"/>'
        '<tag k="name" v="平安社区"/></relation>'
        '<relation id="10" version="1"><member type="way" ref="99" role="outer"/>'
        '<member type="relation" ref="9" role="subarea"/><tag k="type" v="boundary"/>'
        '<tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/>'
        '<tag k="name" v="平安街道"/></relation>'
    )
    return osm(tmp_path / "village.osm", nodes(*corners) + "".join(ways) + relation)


def by_code(district: District) -> dict[str, tuple[str, int]]:
    rows = district.buildings
    return dict(zip(rows.code, zip(rows.kind, rows.households, strict=True), strict=True))


def test_openstreetmap_gives_buildings_streets_water_and_areas(village: Path):
    district = read_district(village, options=ReadOptions(place="平安社区"))

    assert district.outline_source == "named"
    assert district.outline.area == pytest.approx(20_000, rel=1e-3)
    assert by_code(district) == {"w1": ("residential", 34), "w2": ("commercial", 0), "w4": ("education", 0)}
    assert district.streets.name.tolist() == ["街"]
    assert district.water.kind.tolist() == ["river"]
    assert district.admin[["level", "name"]].to_numpy().tolist() == [["10", "平安社区"]]


def test_an_incomplete_area_is_united_from_its_complete_parts_with_a_warning(village: Path):
    district = read_district(village, options=ReadOptions(place="平安街道"))

    assert len(district.buildings) == 3
    assert "place_incomplete" in {w.code for w in district.report.warnings}


def test_a_place_may_be_named_in_any_file_with_areas(town: Path):
    halves = [ground(0, 0, 50, 100), ground(50, 0, 150, 100)]
    layer(town, "行政区划", halves, name=["东区", "西区"], level=["12", "12"])

    district = read_district(town, options=ReadOptions(place="西区"))

    assert district.outline_source == "named"
    assert district.buildings.code.tolist() == ["A2"]
    assert district.admin.level.tolist() == ["12", "12"]


def test_an_unknown_place_is_refused_with_those_there_are(village: Path):
    with pytest.raises(Refusal, match="平安社区"):
        read_district(village, options=ReadOptions(place="和睦社区"))


def test_a_box_may_be_the_outline(village: Path):
    west, south = at(10, 10)
    east, north = at(50, 50)

    district = read_district(village, options=ReadOptions(bbox=(west, south, east, north)))

    assert district.outline_source == "extent"
    assert district.buildings.code.tolist() == ["w1"]


def test_without_a_name_the_outline_is_drawn_around_all_buildings(village: Path):
    district = read_district(village)

    assert district.outline_source == "derived"
    assert len(district.buildings) == 4
