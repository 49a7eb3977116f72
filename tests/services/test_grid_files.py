import json
import resource
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from app.errors import Refusal
from app.services import grid_files, whole_file
from tests.services.plans import FIVE_GRIDS, plan_of


@pytest.fixture
def plan():
    return plan_of(FIVE_GRIDS, households={"A": 75, "B": 60, "C": 100, "D": 20, "E": 60})


def test_layers_grids_and_plots_are_written_in_lonlat(tmp_path, plan):
    path = tmp_path / "grids.gpkg"

    grid_files.write_grids(path, plan)

    assert [name for name, _ in pyogrio.list_layers(path)] == ["grids", "plots"]
    grids, plots = gpd.read_file(path, layer="grids"), gpd.read_file(path, layer="plots")
    assert grids.crs.to_epsg() == plots.crs.to_epsg() == 4326
    assert list(grids.columns) == [*grid_files.GRID_COLUMNS, "geometry"]
    assert list(plots.columns) == ["plot", "grid", "households", "buildings", "area_m2", "geometry"]
    assert grids["households"].tolist() == [300, 300, 300, 80, 480]
    assert plots.groupby("grid")["households"].sum().to_dict() == dict(
        zip(grids["code"], grids["households"], strict=True)
    )


def test_neighbours_are_named_by_code_and_reasons_are_sentences(tmp_path, plan):
    grid_files.write_grids(tmp_path / "grids.gpkg", plan)

    grids = gpd.read_file(tmp_path / "grids.gpkg", layer="grids").set_index("code")

    assert grids["neighbours"].to_dict() == {"1": "2,4", "2": "1,3,5", "3": "2,5", "4": "1,5", "5": "2,3,4"}
    assert grids["in_band"].tolist() == [True, True, True, False, False]
    assert grids.loc["1", "reason"] == ""
    assert grids.loc["4", "reason"].endswith("may do better.")
    assert grids.loc["4", "deviation"] == pytest.approx(-220 / 300, abs=1e-6)


def test_corners_lie_on_the_lattice_and_are_shared(tmp_path, plan):
    grid_files.write_grids(tmp_path / "grids.gpkg", plan)

    grids = gpd.read_file(tmp_path / "grids.gpkg", layer="grids").geometry.to_numpy()
    corners = shapely.get_coordinates(grids)

    assert (corners == np.round(corners, 8)).all()
    assert shapely.coverage_is_valid(grids)


def test_the_same_plan_gives_the_same_bytes(tmp_path, plan):
    for name in ("one.gpkg", "other.gpkg"):
        grid_files.write_grids(tmp_path / name, plan)

    one, other = ((tmp_path / name).read_bytes() for name in ("one.gpkg", "other.gpkg"))

    assert one == other


def test_an_older_file_is_replaced_whole(tmp_path, plan):
    path = tmp_path / "grids.gpkg"
    path.write_text("something else")

    grid_files.write_grids(path, plan)

    assert len(gpd.read_file(path, layer="grids")) == 5
    assert [found.name for found in tmp_path.iterdir()] == ["grids.gpkg"]


def refused(path: Path, plan) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        grid_files.write_grids(path, plan)
    return refusal.value


def test_a_missing_folder_is_named(tmp_path, plan):
    no = refused(tmp_path / "nowhere" / "grids.gpkg", plan)

    assert no.code == "folder_missing"
    assert (
        str(no) == f"There is no folder {tmp_path}/nowhere to write grids.gpkg in. "
        "Make it, or name another place."
    )


def test_a_folder_is_not_overwritten(tmp_path, plan):
    assert refused(tmp_path, plan).code == "path_is_folder"


def test_where_one_may_not_write_the_reason_is_given(plan):
    no = refused(Path("/proc/grids.gpkg"), plan)

    assert no.code == "not_writable"
    assert "no such file or directory" in str(no)


def test_a_place_that_cannot_be_written_is_known_before_the_work(tmp_path):
    whole_file.check_writable(tmp_path / "grids.gpkg")

    with pytest.raises(Refusal) as refusal:
        whole_file.check_writable(Path("/proc/grids.gpkg"))
    assert refusal.value.code == "not_writable"
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_leaves_the_former_file_and_no_other(tmp_path, plan, monkeypatch):
    path = tmp_path / "grids.gpkg"
    path.write_text("the former plan")
    monkeypatch.setattr(whole_file, "LEAST_FREE_BYTES", 2**62)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        no = refused(path, plan)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert no.code == "disk_full"
    assert path.read_text() == "the former plan"
    assert [found.name for found in tmp_path.iterdir()] == ["grids.gpkg"]


def test_a_fault_of_ours_is_not_called_a_full_disk_but_leaves_no_half_file(tmp_path):
    with pytest.raises(ZeroDivisionError), whole_file.whole_file(tmp_path / "grids.gpkg") as unfinished:
        unfinished.write_text("half")
        _ = 1 / 0

    assert list(tmp_path.iterdir()) == []


def test_the_report_says_how_and_how_well(tmp_path, plan):
    path = tmp_path / "report.json"

    grid_files.write_report(
        path,
        plan,
        version="0.1.0",
        parameters={"target": 300, "seed": 7, "district": Path("town.gpkg")},
        imported={"buildings": {"taken": np.int64(24), "refused": 0}},
    )

    report = json.loads(path.read_text(encoding="utf-8"))
    assert report["parameters"] == {"target": 300, "seed": 7, "district": "town.gpkg"}
    assert report["band"] == {"target": 300, "least": 270, "most": 330}
    assert report["import"] == {"buildings": {"taken": 24, "refused": 0}}
    assert report["summary"]["in_band"] == 0.6
    assert report["summary"]["completeness_mean"] is None
    assert report["geometry"]["grids"]["gap_m2"] == 0
    assert [row["code"] for row in report["grids"]] == list("12345")
    assert report["grids"][3]["reason_zh"].startswith("此处没有找到")


def test_the_table_shows_figures_and_the_worst_grids(plan):
    text = grid_files.quality_table(plan)

    assert text.splitlines()[0] == "5 grids · 1,460 households · target 300 (270–330)"
    assert "In band               3 / 5 = 60.0 %" in text
    assert text.splitlines()[-3].split() == ["code", "households", "deviation", "reason"]
    assert text.splitlines()[-2].split()[:3] == ["4", "80", "-73"]


def test_columns_stand_under_each_other_in_chinese_too(plan):
    lines = grid_files.quality_table(plan, "zh").splitlines()
    head, *rows = lines[-3:]

    ends = {
        grid_files._width(line[: line.index(word) + len(word)])
        for line, word in zip([head, *rows], ["偏差", "-73 %", "+60 %"], strict=True)
    }
    assert len(ends) == 1


def test_no_more_than_five_grids_are_listed():
    plan = plan_of("A B C D E F G", households=10)

    lines = grid_files.quality_table(plan).splitlines()

    assert "5 of 7 out of band" in lines[-7]


def test_a_plan_in_band_lists_no_grids():
    assert "Furthest" not in grid_files.quality_table(plan_of("A B", households=300))
