"""`gridkeeper import | split --place | publish | check`, as a person at the terminal sees them."""

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from app.cli import main
from tests.geo.towns import PLACE, here, houses

CODE = "140499"


@pytest.fixture(scope="module")
def addresses(new_database, worker_id):
    made = new_database(f"ground_commands_{worker_id}")
    return {
        variable: login.url.set(drivername="postgresql").render_as_string(hide_password=False)
        for variable, login in (("DATABASE_URL", made.owner), ("DATABASE_APP_URL", made.app))
    }


@pytest.fixture
def run(addresses, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")

    def call(*arguments):
        runner = CliRunner(env={**addresses, "GRIDKEEPER_CLUSTER": str(folder)})
        return runner.invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return call


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Town after town, as GeoPackages: 32 houses, then one less."""
    folder = tmp_path_factory.mktemp("files")

    def write(name, count):
        def layer(role, shapes, **columns):
            rows = gpd.GeoDataFrame(columns, geometry=[here(shape) for shape in shapes], crs=PLACE)
            rows.to_file(folder / name, layer=role, driver="GPKG")

        layer(
            "buildings", houses(8, 4)[:count], code=[f"B{k}" for k in range(count)], households=[40] * count
        )
        layer("streets", [shapely.LineString([(120, 0), (120, 120)])], highway=["residential"])
        layer("boundary", [shapely.box(0, 0, 240, 120)], name=["锦原区"])
        return folder / name

    return write("first.gpkg", 32), write("second.gpkg", 31)


@pytest.fixture
def attribution(addresses):
    def find():
        with engine.connect() as connection:
            return connection.scalar(text("SELECT attribution FROM place WHERE code = :code"), {"code": CODE})

    engine = create_engine(addresses["DATABASE_URL"])
    yield find
    engine.dispose()


def test_from_a_file_to_a_plan_in_force(run, files, attribution):
    first, second = files

    dry = run("import", first, "--place", CODE, "--name", "锦原区", "--dry-run")
    assert (dry.exit_code, dry.output.splitlines()[-1]) == (0, "Nothing was stored.")
    assert "buildings: 32 rows, 32 can be taken" in dry.output

    named = ("--name", "锦原区", "--attribution", "长治市")
    stored = run("import", first, "--place", CODE, *named, "--workers", 1)
    assert stored.exit_code == 0, stored.output
    assert "Stored as place 140499, plots version 1" in stored.output
    assert "32 building" in stored.output
    assert attribution() == "长治市"

    split = run("split", "--place", CODE, "--target", 160, "--workers", 1)
    assert split.exit_code == 0, split.output
    assert "is a draft of 锦原区 (140499): 8 grids" in split.output

    published = run("publish", "--place", CODE)
    assert published.exit_code == 0, published.output
    assert "is in force" in published.output
    assert "Vacant grids: 8" in published.output

    again = run("import", second, "--place", CODE, "--workers", 1)
    assert "Buildings: 0 new, 0 changed, 1 gone, 31 the same" in again.output
    assert "plots version 2" in again.output

    checked = run("check")
    failed = [line for line in checked.output.splitlines() if line.startswith("FAIL")]
    assert failed == [
        "FAIL  What was saved survives a power cut: off: fsync, full_page_writes, synchronous_commit"
    ]
    assert checked.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "--place", CODE], "Name a DISTRICT file"),
        (["publish"], "Name a PLAN_ID"),
        (["publish", "1", "--place", CODE], "Name a PLAN_ID"),
        (["split"], "--place CODE"),
        (["split", "town.gpkg"], "-o FILE"),
        (["split", "--place", CODE, "-o", "grids.gpkg"], "--output needs a DISTRICT file"),
        (["split", "--place", CODE, "--within", "community"], "--within needs a DISTRICT file"),
    ],
)
def test_a_command_line_that_says_too_little_or_too_much_ends_with_2(run, arguments, said):
    done = run(*arguments)

    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["split", "--place", "140498"], "There is no place 140498"),
        (["publish", "--place", "140498"], "There is no place 140498"),
        (["publish", "987654321"], "There is no plan 987654321"),
        (["import", "gone.gpkg", "--place", "1404", "--name", "x"], "“1404” is no code of a place"),
        (["import", "gone.gpkg", "--place", "140498"], "The new place has no name"),
        (["import", "gone.gpkg", "--place", "140498", "--name", "x"], "There is no file gone.gpkg"),
    ],
)
def test_a_refusal_is_one_sentence_and_ends_with_3(run, arguments, said):
    done = run(*arguments)

    assert done.exit_code == 3
    assert said in done.output
    assert "Traceback" not in done.output


def test_help_tells_of_all_commands(run):
    listed = run("--help").output

    for command in ("import", "split", "publish", "demo", "check"):
        assert f"  {command} " in listed
