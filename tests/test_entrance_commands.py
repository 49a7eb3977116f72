"""`gridkeeper entrances`, and `split --by-entrance`, as a person at the terminal sees them."""

import json

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from app.cli import main
from tests.geo.towns import PLACE, here, houses

CODE = "140498"
HOUSEHOLDS = [40] * 9 + [480] + [40] * 22


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """32 houses, one of them with 480 households and four entrances."""
    path = tmp_path_factory.mktemp("towns") / "town.gpkg"
    shapes = houses(8, 4)

    def layer(role, shapes, **columns):
        rows = gpd.GeoDataFrame(columns, geometry=[here(shape) for shape in shapes], crs=PLACE)
        rows.to_file(path, layer=role, driver="GPKG")

    west, south, east, north = shapes[9].bounds
    doors = [shapely.Point(x, y) for x in (west + 1, east - 1) for y in (south + 1, north - 1)]
    layer("buildings", shapes, code=[f"B{k}" for k in range(32)], households=HOUSEHOLDS)
    layer("streets", [shapely.LineString([(120, 0), (120, 120)])], highway=["residential"])
    layer("boundary", [shapely.box(0, 0, 240, 120)], name=["锦原区"])
    layer("entrances", doors, building=["B9"] * 4, unit=["1", "2", "3", "4"], households=[120] * 4)
    return path


@pytest.fixture(scope="module")
def run(new_database, worker_id, tmp_path_factory):
    made = new_database(f"entrance_commands_{worker_id}")
    environment = {
        variable: login.url.set(drivername="postgresql").render_as_string(hide_password=False)
        for variable, login in (("DATABASE_URL", made.owner), ("DATABASE_APP_URL", made.app))
    }
    folder = tmp_path_factory.mktemp("cluster")

    def call(*arguments):
        runner = CliRunner(env={**environment, "GRIDKEEPER_CLUSTER": str(folder)})
        return runner.invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return call


def test_from_an_import_over_a_mark_to_a_divided_tower(run, town):
    imported = run("import", town, "--place", CODE, "--name", "锦原区")
    assert "4 entrance" in imported.output, imported.output

    listed = run("entrances", "--place", CODE)
    assert listed.output.splitlines() == [
        "0 marked, 1 with known entrances.",
        "[ ] B9  480 households, 4 entrances",
    ]
    marked = run("entrances", "--place", CODE, "--mark", "B9")
    assert marked.output.splitlines()[1] == "[x] B9  480 households, 4 entrances"
    whole = run("split", "--place", CODE, "--target", 160)
    divided = run("split", "--place", CODE, "--target", 160, "--by-entrance", "marked")
    assert (whole.exit_code, divided.exit_code) == (0, 0)
    unmarked = run("entrances", "--place", CODE, "--unmark", "B9")
    assert unmarked.output.splitlines() == listed.output.splitlines()
    told = run("split", "--place", CODE, "--target", 160, "--by-entrance", "marked")
    assert "none is marked" in told.output


def test_what_cannot_be_marked_is_refused_and_named(run, town):
    run("import", town, "--place", CODE, "--name", "锦原区")

    unknown = run("entrances", "--place", CODE, "--mark", "B0")
    assert (unknown.exit_code, "B0" in unknown.output) == (3, True)
    nowhere = run("entrances", "--place", CODE, "--mark", "Z9")
    assert (nowhere.exit_code, "Z9" in nowhere.output) == (3, True)
    assert run("entrances", "--place", CODE, "--unmark", "B0").exit_code == 2
    assert run("split", "--place", CODE, "--by-entrance", "B9").exit_code == 2


def test_a_file_is_divided_by_entrance_certified_and_verified(run, town, tmp_path):
    grids, certificate = tmp_path / "grids.gpkg", tmp_path / "certificate.json"

    made = run(
        *("split", town, "-o", grids, "--target", 160, "--by-entrance", "B9"),
        *("--certificate", certificate, "--report", tmp_path / "report.json"),
    )
    assert made.exit_code == 0, made.output
    assert "Divided by their entrances: B9." in made.output
    written = json.loads(certificate.read_text(encoding="utf-8"))
    assert (written["checks"]["buildings_cut"], written["checks"]["buildings_divided"]) == (0, 1)
    [building] = written["divided"]
    assert building["building"] == "B9"
    assert [one["households"] for one in building["entrances"]] == [120] * 4
    assert gpd.read_file(grids, layer="grids")["households"].sum() == sum(HOUSEHOLDS)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["plots"]["divided_by_entrance"] == ["B9"]

    again = run("verify", grids, town, "--certificate", certificate)
    assert again.exit_code == 0, again.output
    without = run("verify", grids, town, "--target", 160)
    assert (without.exit_code, "B9" in without.output) == (1, True)


def test_nothing_is_divided_unless_asked_and_only_what_can_be(run, town, tmp_path):
    whole = run("split", town, "-o", tmp_path / "whole.gpkg", "--target", 160)
    every = run("split", town, "-o", tmp_path / "all.gpkg", "--target", 160, "--by-entrance", "all")
    unknown = run("split", town, "-o", tmp_path / "no.gpkg", "--by-entrance", "B9,B3")
    marked = run("split", town, "-o", tmp_path / "no.gpkg", "--by-entrance", "marked")

    assert "Divided" not in whole.output
    assert "Divided by their entrances: B9." in every.output
    assert (unknown.exit_code, "B3" in unknown.output) == (3, True)
    assert marked.exit_code == 2
