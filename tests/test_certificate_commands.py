"""`gridkeeper verify` and `certificate` as a person at the terminal meets them."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copy

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner, Result

from app.cli import main
from tests.test_split_command import write_three_blocks


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("divided")
    district = write_three_blocks(folder / "three_blocks.gpkg")
    grids, made = folder / "grids.gpkg", folder / "certificate.json"
    result = run("split", district, "-o", grids, "--certificate", made, "--seed", 5)
    assert result.exit_code == 0, result.output
    return grids, district, made


@pytest.fixture
def divided(once: tuple[Path, Path, Path], tmp_path: Path) -> tuple[Path, Path, Path]:
    """Grids, the district they divide, and their certificate."""
    grids, district, made = once
    return Path(copy(grids, tmp_path)), district, Path(copy(made, tmp_path))


def rewrite(path: Path, change) -> None:
    """Read the grids, change them, write them again."""
    grids = gpd.read_file(path, layer="grids")
    path.unlink()
    change(grids).to_file(path, layer="grids")


def test_grids_as_they_were_written_pass(divided):
    grids, district, made = divided

    result = run("verify", grids, district, "--certificate", made)

    assert result.exit_code == 0, result.output
    assert "Nothing is wrong." in result.output
    assert json.loads(made.read_text())["sha256"] in result.output
    assert "WRONG" not in result.output


def test_the_certificate_holds_what_it_takes_to_check_again(divided):
    _, _, made = divided

    said = json.loads(made.read_text(encoding="utf-8"))

    assert said["format"] == "gridkeeper certificate 1"
    assert said["parameters"]["seed"] == 5
    assert said["band"] == {"target": 300, "least": 270, "most": 330}
    assert said["sizes"]["in_band"] == said["sizes"]["grids"] == 3
    assert (said["checks"]["gap_m2"], said["checks"]["buildings_cut"]) == (0.0, 0)
    assert said["checks"]["buildings_in_all"] == 36
    assert len(said["software"]["engine"]) == len(said["sha256"]) == 64
    assert [grid["code"] for grid in said["grids"]] == ["1", "2", "3"]
    assert not any("/" in str(value) for name, value in said["parameters"].items() if name != "district")


def test_a_bite_out_of_a_grid_is_found_and_placed(divided):
    grids, district, made = divided

    def bite(frame):
        ground = frame.to_crs(frame.estimate_utm_crs())
        middle = ground.geometry.iloc[0].representative_point()
        hole = shapely.box(middle.x, middle.y, middle.x + 1, middle.y + 1)
        ground.loc[ground.index[0], "geometry"] = ground.geometry.iloc[0].difference(hole)
        return ground.to_crs(4326)

    rewrite(grids, bite)
    result = run("verify", grids, district, "--certificate", made)

    assert result.exit_code == 1
    assert "1.00 m² lie in no grid, beside 1." in result.output
    assert "Grid 1 is not as it was certified" in result.output
    assert " At " in result.output


def test_other_households_are_found_with_and_without_a_certificate(divided):
    grids, district, made = divided
    rewrite(grids, lambda frame: frame.assign(households=frame["households"] + [0, 10, 0]))

    alone = run("verify", grids, district)
    against = run("verify", grids, district, "--certificate", made, "--language", "zh")

    assert alone.exit_code == against.exit_code == 1
    assert "Grid 2 states 310 households; its buildings hold 300." in alone.output
    assert "网格2写明310户，按楼栋清点为300户。" in against.output
    assert "网格2与出证时不同" in against.output


def test_a_certificate_that_was_touched_up_is_found_out(divided):
    grids, district, made = divided
    said = json.loads(made.read_text(encoding="utf-8"))
    said["sizes"]["in_band"], said["sha256"] = 2, "0" * 64
    made.write_text(json.dumps(said), encoding="utf-8")

    result = run("verify", grids, district, "--certificate", made)

    assert result.exit_code == 1
    assert "The certificate states 2 for “grids in band”; it is 3." in result.output
    assert "not 0000000000000000… as certified" in result.output


def test_a_grid_that_went_missing_is_named(divided):
    grids, district, made = divided
    rewrite(grids, lambda frame: frame[frame["code"] != "3"])

    result = run("verify", grids, district, "--certificate", made)

    assert result.exit_code == 1
    assert "Grid 3 of the certificate is not in the file." in result.output
    assert "with 25 households stands in no grid." in result.output


def test_grids_without_the_columns_it_takes_are_refused(divided):
    grids, district, _ = divided
    rewrite(grids, lambda frame: frame[["code", "geometry"]])

    result = run("verify", grids, district)

    assert result.exit_code == 3
    assert "has no column “households”" in result.output


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "gridkeeper certificate 1"}', "\x00"])
def test_what_is_no_certificate_is_refused(divided, text):
    grids, district, made = divided
    made.write_text(text, encoding="utf-8")

    result = run("verify", grids, district, "--certificate", made)

    assert result.exit_code == 3
    assert "is no certificate of this software" in result.output


@pytest.mark.parametrize(
    "told",
    [
        5,
        [5],
        [{"building": "B1"}],
        [{"building": 1, "entrances": []}],
        [{"building": "B1", "entrances": [{"households": -1, "position": [1, 2]}]}],
        [{"building": "B1", "entrances": [{"households": 1, "position": [1]}]}],
        [{"building": "B1", "entrances": [{"households": 1, "position": [1, float("nan")]}]}],
    ],
)
def test_divided_buildings_that_are_not_told_as_they_should_be_are_refused(divided, told):
    grids, district, made = divided
    said = json.loads(made.read_text(encoding="utf-8")) | {"divided": told}
    made.write_text(json.dumps(said), encoding="utf-8")

    result = run("verify", grids, district, "--certificate", made)

    assert result.exit_code == 3
    assert "is no certificate of this software" in result.output
