"""`gridkeeper export` as a person at the terminal sees it."""

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from app.cli import main
from tests.geo.towns import PLACE, here, houses

CODE = "140497"


@pytest.fixture(scope="module")
def run(new_database, worker_id, tmp_path_factory):
    """The commands on a database with a town of 32 houses and a draft."""
    made = new_database(f"layer_commands_{worker_id}")
    environment = {
        variable: login.url.set(drivername="postgresql").render_as_string(hide_password=False)
        for variable, login in (("DATABASE_URL", made.owner), ("DATABASE_APP_URL", made.app))
    }
    folder = tmp_path_factory.mktemp("cluster")

    def call(*arguments):
        runner = CliRunner(env={**environment, "GRIDKEEPER_CLUSTER": str(folder)})
        return runner.invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    town = folder / "town.gpkg"

    def layer(role, shapes, **columns):
        rows = gpd.GeoDataFrame(columns, geometry=[here(shape) for shape in shapes], crs=PLACE)
        rows.to_file(town, layer=role, driver="GPKG")

    layer("buildings", houses(8, 4), code=[f"B{k}" for k in range(32)], households=[40] * 32)
    layer("streets", [shapely.LineString([(120, 0), (120, 120)])], highway=["residential"])
    layer("boundary", [shapely.box(0, 0, 240, 120)], name=["锦原区"])
    assert call("import", town, "--place", CODE, "--name", "锦原区").exit_code == 0
    assert call("split", "--place", CODE, "--target", 160).exit_code == 0
    return call


@pytest.mark.parametrize("name", ["plan.gpkg", "plan.zip", "plan.kml", "plan.geojson"])
def test_the_ending_of_a_file_says_its_format(run, tmp_path, name):
    done = run("export", 1, "-o", tmp_path / name)

    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"{name}: 8 grids of 锦原区 {CODE}")
    assert len(gpd.read_file(tmp_path / name)) == 8


def test_an_ending_that_says_nothing_needs_the_format_named(run, tmp_path):
    silent = run("export", 1, "-o", tmp_path / "plan.txt")
    named = run("export", 1, "-o", tmp_path / "plan.gpkg", "--format", "qgis")

    assert (silent.exit_code, named.exit_code) == (2, 0)
    assert "--format" in silent.output
    assert len(gpd.read_file(tmp_path / "plan.gpkg", layer="buildings")) == 32


def test_what_cannot_be_exported_leaves_no_file(run, tmp_path):
    unknown = run("export", 99, "-o", tmp_path / "plan.gpkg")
    nowhere = run("export", 1, "-o", tmp_path / "none" / "plan.gpkg")

    assert (unknown.exit_code, nowhere.exit_code) == (3, 4)
    assert "There is no plan 99" in unknown.output
    assert [*tmp_path.iterdir()] == []
