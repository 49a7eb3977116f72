"""`gridkeeper split` as a person at the terminal meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner, Result

from app.cli import main
from tests.geo.towns import houses, town

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def three_blocks(tmp_path: Path) -> Path:
    return write_three_blocks(tmp_path / "three_blocks.gpkg")


def write_three_blocks(path: Path) -> Path:
    """A GeoPackage of three blocks, each of 12 houses with 25 households, between streets."""
    blocks = [houses(4, 3, at=(x, 9)) for x in (9, 139, 269)]
    district = town(
        shapely.box(0, 0, 390, 90),
        [house for block in blocks for house in block],
        households=25,
        streets=[[(130, -10), (130, 100)], [(260, -10), (260, 100)]],
    )
    for name in ("buildings", "streets"):
        getattr(district, name).to_crs(4326).to_file(path, layer=name)
    boundary = gpd.GeoSeries([district.outline], crs=district.crs).to_crs(4326)
    boundary.to_frame("geometry").set_geometry("geometry").to_file(path, layer="boundary")
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["split", *(str(word) for word in words)])


def test_three_blocks_of_300_households_become_three_grids(three_blocks: Path, tmp_path: Path):
    result = run(three_blocks, "-o", tmp_path / "grids.gpkg")

    assert result.exit_code == 0, result.output
    grids = gpd.read_file(tmp_path / "grids.gpkg", layer="grids")
    with (GOLDEN / "three_blocks.csv").open(encoding="utf-8") as golden:
        expected = list(csv.DictReader(golden))
    found = [
        {
            "code": row.code,
            "households": str(row.households),
            "buildings": str(row.buildings),
            "area_m2": f"{row.area_m2:.0f}",
            "street_share": f"{row.street_share:.2f}",
            "neighbours": row.neighbours,
        }
        for row in grids.sort_values("code").itertuples()
    ]
    assert found == expected
    assert "3 / 3 = 100.0 %" in result.output
    plots = gpd.read_file(tmp_path / "grids.gpkg", layer="plots")
    assert plots["households"].sum() == 900
    assert set(plots["grid"]) == set(grids["code"])


def test_the_same_seed_gives_the_same_bytes_on_one_core_or_two(three_blocks: Path, tmp_path: Path):
    for name, workers in (("one", 1), ("two", 2)):
        assert run(three_blocks, "-o", tmp_path / f"{name}.gpkg", "--workers", workers).exit_code == 0

    assert (tmp_path / "one.gpkg").read_bytes() == (tmp_path / "two.gpkg").read_bytes()


def test_the_report_says_what_was_asked_found_and_done(three_blocks: Path, tmp_path: Path):
    report_file = tmp_path / "report.json"

    result = run(three_blocks, "-o", tmp_path / "g.gpkg", "--seed", 7, "--report", report_file)

    assert result.exit_code == 0, result.output
    report = json.loads(report_file.read_text(encoding="utf-8"))
    assert report["parameters"]["seed"] == 7
    assert report["import"]["layers"]["buildings"] == {"rows": 36, "taken": 36, "mended": 0, "refused": 0}
    assert report["import"]["outline"] == "file"
    assert report["geometry"]["grids"]["sound"] and report["geometry"]["plots"]["sound"]
    assert [grid["households"] for grid in report["grids"]] == [300, 300, 300]


def test_a_map_is_written_beside_the_grids(three_blocks: Path, tmp_path: Path):
    result = run(three_blocks, "-o", tmp_path / "g.gpkg", "--map", tmp_path / "map.html")

    assert result.exit_code == 0, result.output
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "leaflet" in page.lower()
    assert "<script src" not in page and "<link" not in page


def test_another_target_gives_other_grids(three_blocks: Path, tmp_path: Path):
    assert run(three_blocks, "-o", tmp_path / "g.gpkg", "--target", 100).exit_code == 0

    grids = gpd.read_file(tmp_path / "g.gpkg", layer="grids")
    assert grids["households"].tolist() == [100] * 9


def test_without_a_boundary_one_is_drawn_and_the_person_is_told(three_blocks: Path, tmp_path: Path):
    for name in ("buildings", "streets"):
        gpd.read_file(three_blocks, layer=name).to_file(tmp_path / f"{name}.geojson")

    result = run(
        "--buildings", tmp_path / "buildings.geojson", "--streets", tmp_path / "streets.geojson",
        "-o", tmp_path / "g.gpkg",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    assert "No boundary given" in result.stderr
    assert len(gpd.read_file(tmp_path / "g.gpkg", layer="grids")) == 3


def test_an_input_that_cannot_be_used_ends_with_3_and_one_sentence(tmp_path: Path):
    (tmp_path / "town.gpkg").write_bytes(b"no such thing")

    result = run(tmp_path / "town.gpkg", "-o", tmp_path / "g.gpkg")

    assert result.exit_code == 3
    assert "town.gpkg" in result.stderr and "Traceback" not in result.output
    assert not (tmp_path / "g.gpkg").exists()


def test_an_unwritable_output_ends_with_4_before_any_work(three_blocks: Path, tmp_path: Path):
    result = run(three_blocks, "-o", tmp_path / "nowhere" / "g.gpkg")

    assert result.exit_code == 4
    assert "nowhere" in result.stderr


def test_no_file_is_written_over_another_that_was_named(three_blocks: Path, tmp_path: Path):
    before = three_blocks.read_bytes()

    over_input = run(three_blocks, "-o", three_blocks)
    over_output = run(three_blocks, "-o", tmp_path / "g.gpkg", "--report", tmp_path / "g.gpkg")

    assert (over_input.exit_code, over_output.exit_code) == (4, 4)
    assert "named twice" in over_input.stderr
    assert three_blocks.read_bytes() == before


def test_what_is_written_is_a_geopackage_by_name_too(three_blocks: Path, tmp_path: Path):
    result = run(three_blocks, "-o", tmp_path / "grids.shp")

    assert result.exit_code == 4
    assert ".gpkg" in result.stderr


def test_one_layer_may_be_in_a_shifted_datum(three_blocks: Path, tmp_path: Path):
    result = run(three_blocks, "-o", tmp_path / "g.gpkg", "--datum", "wgs84", "--datum", "streets=gcj02")

    assert result.exit_code == 0, result.output
    grids = gpd.read_file(tmp_path / "g.gpkg", layer="grids")
    assert grids["street_share"].max() < 1, "the streets have moved away from between the blocks"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("-o", "g.gpkg"),
        ("town.gpkg",),
        ("town.gpkg", "-o", "g.gpkg", "--column", "rooms=x"),
        ("town.gpkg", "-o", "g.gpkg", "--bbox", "1,2,3"),
        ("town.gpkg", "-o", "g.gpkg", "--target", "1"),
        ("town.gpkg", "-o", "g.gpkg", "--datum", "mars"),
    ],
)
def test_a_wrong_command_line_ends_with_2(words):
    assert run(*words).exit_code == 2


def test_help_names_inputs_outputs_and_exit_codes():
    text = run("--help").output

    for word in ("GeoPackage", ".osm.pbf", "--within", "--max-rows", "Exit codes", "Examples", "gcj02"):
        assert word in text


def test_a_manager_steers_a_split_from_the_terminal(three_blocks: Path, tmp_path: Path):
    market = tmp_path / "market.geojson"
    west = gpd.read_file(three_blocks, layer="buildings").iloc[[0]].to_crs(4546)
    polygon = gpd.GeoSeries([shapely.buffer(west.geometry.iloc[0], 12)], crs=4546).to_crs(4326).iloc[0]
    feature = {"type": "Feature", "properties": {"kind": "market", "name": "集市"}}
    feature["geometry"] = shapely.geometry.mapping(polygon)
    market.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")

    result = run(
        *(three_blocks, "-o", tmp_path / "grids.gpkg", "--coordinators", 4, "--special", market),
        *("--lines", "local=follow", "--micro", "50-100", "--weights", "households + 0*area_ha"),
    )

    assert result.exit_code == 0, result.output
    grids = gpd.read_file(tmp_path / "grids.gpkg", layer="grids")
    micro = gpd.read_file(tmp_path / "grids.gpkg", layer="micro_grids")
    assert len(grids) == 4
    assert grids[grids["kind"] == "market"]["name"].tolist() == ["集市"]
    sums = micro.groupby("grid")["households"].sum()
    ordinary = grids[grids["kind"] == "residential"].set_index("code")["households"]
    assert sums.to_dict() == ordinary.to_dict()
    assert "special, outside the band 1" in result.output


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--weights", "households + rent"], 3, "“rent” cannot stand"),
        (["--lines", "canal=never"], 2, "“canal” is none of"),
        (["--micro", "80-50"], 2, "not of the form 50-80"),
        (["--seeds", "nowhere.txt"], 2, "neither LON,LAT nor a text file"),
        (["--lock", "001"], 2, "--lock needs a place in the database"),
        (["--slot", "A"], 2, "--slot needs a place in the database"),
        (["--seeds", "0,0"], 3, "lies outside the place"),
        (["--coordinators", "9999"], 3, "more than the"),
    ],
)
def test_wishes_that_cannot_be_are_refused_at_the_terminal(
    three_blocks: Path, tmp_path: Path, words: list[str], status: int, said: str
):
    result = run(three_blocks, "-o", tmp_path / "grids.gpkg", *words)

    assert result.exit_code == status, result.output
    assert said in " ".join(result.output.split())
    assert not (tmp_path / "grids.gpkg").exists()


@pytest.mark.parametrize(
    ("option", "kind", "coordinates", "properties", "status", "said"),
    [
        ("--seeds", "Point", 5, {}, 2, "no point in degrees"),
        ("--seeds", "Point", ["a", 1], {}, 2, "no point in degrees"),
        ("--seeds", "Point", [999, 1], {}, 2, "no point in degrees"),
        ("--special", "Polygon", [[[0, 0], [1, 0], [1, 1], [0, 0]]], ["kind"], 3, "is no GeoJSON of Polygon"),
        ("--special", "Polygon", 5, {"kind": "market"}, 3, "no sound polygon"),
    ],
)
def test_a_file_of_wishes_that_is_not_sound_is_refused(
    three_blocks: Path, tmp_path: Path, option, kind, coordinates, properties, status, said
):
    feature = {"type": "Feature", "properties": properties}
    feature["geometry"] = {"type": kind, "coordinates": coordinates}
    wishes = tmp_path / "wishes.geojson"
    wishes.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")

    result = run(three_blocks, "-o", tmp_path / "grids.gpkg", option, wishes)

    assert result.exit_code == status, result.output
    assert said in " ".join(result.output.split())


def test_seed_points_come_from_a_file_too(three_blocks: Path, tmp_path: Path):
    middles = gpd.read_file(three_blocks, layer="buildings").to_crs(4546).centroid.to_crs(4326)
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("".join(f"{point.x},{point.y}\n" for point in middles.iloc[[0, 1]]), encoding="utf-8")

    result = run(three_blocks, "-o", tmp_path / "grids.gpkg", "--seeds", seeds)

    assert result.exit_code == 0, result.output
    grids = gpd.read_file(tmp_path / "grids.gpkg", layer="grids")
    holding = [grids.index[grids.contains(point)][0] for point in middles.iloc[[0, 1]]]
    assert holding[0] != holding[1]
