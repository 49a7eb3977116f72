"""Grid layers in: a plan read back is the same plan, and what does not fit is put right and told."""

from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import func, select, text

from app.errors import Refusal
from app.geo.crs import to_lonlat, to_metres, wgs84_to_gcj02
from app.geo.readers.options import Limits, ReadOptions
from app.models import Edit, Grid, GridPlot, Plan
from app.services import grid_layers
from app.services.certificates import certificate_of_plan, plan_ground
from app.services.exports import read_export, write_export
from app.services.grid_layers import Wanted
from app.services.importing import store_district
from app.services.publishing import plan_faults, publish
from app.services.rebalance import read_present
from tests.geo.towns import PLACE, here
from tests.services.imported import (
    BAND,
    DISTRICT,
    EAST,
    WEST,
    given_draft,
    given_plan_in_force,
    given_town,
    small_town,
)

W1, W2, E1 = (0, 0, 60, 120), (60, 0, 120, 120), (120, 0, 240, 120)
TOWN_LONLAT = shapely.get_coordinates(to_lonlat(np.array([here(shapely.Point(0, 0))], object), PLACE))
WANTED = Wanted(BAND.target, BAND.least, BAND.most)


def layer(folder: Path, *boxes: tuple, name: str = "layer.geojson", **columns) -> Path:
    """A file of boxes in metres of the town, written as lon/lat by another programme."""
    shapes = np.array(
        [here(box if isinstance(box, shapely.Geometry) else shapely.box(*box)) for box in boxes], object
    )
    frame = gpd.GeoDataFrame(
        columns or {"code": [f"{k}" for k in range(len(boxes))]}, geometry=to_lonlat(shapes, PLACE), crs=4326
    )
    frame.to_file(folder / name)
    return folder / name


def brought_in(
    session, path: Path, wanted: Wanted = WANTED, options: ReadOptions | None = None
) -> tuple[int, dict]:
    drawn = grid_layers.read_layer(path, options or ReadOptions(), Limits.for_uploads())
    ground = grid_layers.read_ground(session, DISTRICT, wanted)
    snapped = grid_layers.snap(ground, drawn)
    return grid_layers.write(session, ground, snapped), snapped.report


def plan_rows(session, plan_id: int) -> list[tuple]:
    """What a plan is, but for ids: each plot's grid by code, and each grid's attributes and outline."""
    plots = session.execute(
        select(GridPlot.plot_id, Grid.code, Grid.name, Grid.kind)
        .join(Grid, Grid.id == GridPlot.grid_id)
        .where(GridPlot.plan_id == plan_id)
        .order_by(GridPlot.plot_id)
    ).all()
    grids = session.execute(
        text("""
            SELECT code, name, kind, community_id, households, buildings, area_m2, load, reason,
                measures::text, encode(ST_AsBinary(outline), 'hex')
            FROM grid WHERE plan_id = :plan ORDER BY code
        """),
        {"plan": plan_id},
    ).all()
    return [tuple(row) for row in (*plots, *grids)]


def grid_at(session, plan_id: int, x: float, y: float) -> str:
    """Code of the grid at a point in metres of the town."""
    [point] = to_lonlat(np.array([here(shapely.Point(x, y))], object), PLACE)
    return session.scalar(
        text(
            "SELECT code FROM grid WHERE plan_id = :plan "
            "AND ST_Intersects(outline, ST_SetSRID(ST_MakePoint(:x, :y), 4326))"
        ),
        {"plan": plan_id, "x": point.x, "y": point.y},
    )


@pytest.mark.parametrize("form", ["gpkg", "shp", "kml", "geojson", "qgis"])
def test_a_plan_that_was_written_and_is_read_back_is_the_same_plan(session, form, tmp_path):
    given_plan_in_force(session)
    plan_id = given_draft(session, seed=2)
    session.execute(
        text("""
            UPDATE grid SET name = CASE code WHEN :west THEN '=柳荫里' ELSE '菜市场' END,
                kind = CASE code WHEN :west THEN 'mixed' ELSE 'market' END
            WHERE plan_id = :plan AND code IN (:west, :east)
        """),
        {"plan": plan_id, "west": f"{WEST}001", "east": f"{EAST}002"},
    )
    before = plan_rows(session, given_layer(session, tmp_path, plan_id, "gpkg", "before"))  # measured anew

    back = given_layer(session, tmp_path, plan_id, form, "after")

    after = plan_rows(session, back)
    assert after == before
    figures = [row for row in plan_rows(session, plan_id) if len(row) == 4]
    assert [row for row in after if len(row) == 4] == figures


def given_layer(session, folder: Path, plan_id: int, form: str, name: str) -> int:
    """A plan written to a file of a format and read back."""
    read = read_export(session, plan_id, form)
    path = folder / f"{name}-{read.file_name(form)}"
    write_export(path, read, form)
    made, report = brought_in(session, path)
    assert report["counts"] == dict.fromkeys(report["counts"], 0)
    assert report["uncovered_m2"] < 0.1 and report["moved_m2"] < 0.1
    return made


def test_a_layer_is_a_draft_with_one_edit_in_a_free_slot(session, tmp_path):
    given_town(session)

    plan_id, report = brought_in(
        session, layer(tmp_path, W1, W2, E1, name="网格.gpkg", 名称=["甲", "乙", "丙"])
    )

    plan = session.get_one(Plan, plan_id)
    [edit] = session.scalars(select(Edit).where(Edit.plan_id == plan_id)).all()
    assert (plan.state, plan.slot, plan.version) == ("draft", "A", 1)
    assert (edit.kind, edit.moves, edit.parameters["file"]) == ("layer", {}, "网格.gpkg")
    grids = session.execute(
        select(Grid.code, Grid.name, Grid.households).where(Grid.plan_id == plan_id).order_by(Grid.code)
    ).all()
    assert [tuple(row) for row in grids] == [
        (f"{WEST}001", "甲", 320),
        (f"{WEST}002", "乙", 320),
        (f"{EAST}001", "丙", 640),
    ]
    assert grid_layers.report_of(session, plan_id) == report
    assert plan_faults(session, plan_id) == []


def test_slots_of_other_drafts_are_left_alone(session, tmp_path):
    given_town(session)
    path = layer(tmp_path, W1, W2, E1)

    slots = [session.get_one(Plan, brought_in(session, path)[0]).slot for _ in range(4)]

    assert slots == ["A", "B", "C", None]
    assert session.scalar(select(func.count()).where(Plan.state == "draft")) == 4


def test_a_building_cut_by_a_drawn_line_is_named_with_the_grid_it_is_whole_in(session, tmp_path):
    given_town(session)
    row = session.execute(
        text("SELECT id, ST_AsBinary(ST_Envelope(geometry)) FROM building WHERE code = 'B9'")
    ).one()
    house = small_town().buildings.set_index("code").geometry["B9"]
    west, _, east, _ = (
        value - 500_000
        for value in house.bounds[:1] + house.bounds[:1] + house.bounds[2:3] + house.bounds[2:3]
    )
    line = west + 0.25 * (east - west)

    plan_id, report = brought_in(
        session, layer(tmp_path, (0, 0, line, 120), (line, 0, 120, 120), E1, code=["a", "b", "c"])
    )

    cut = {found["building"]["code"]: found for found in report["found"]["cut"]}
    assert "B9" in cut and cut["B9"]["building"]["id"] == row.id
    assert cut["B9"]["polygons"] == ["b", "a"]
    assert cut["B9"]["shares"] == [pytest.approx(0.75, abs=0.02), pytest.approx(0.25, abs=0.02)]
    assert cut["B9"]["grids"] == [
        grid_at(session, plan_id, line, (house.bounds[1] + house.bounds[3]) / 2 - 4_000_000)
    ]
    assert report["counts"]["cut"] == len(cut) == 4
    _, south, _, north = cut["B9"]["bbox"]
    assert north > south


def test_ground_in_no_polygon_joins_its_neighbours_and_is_told(session, tmp_path):
    given_town(session)

    plan_id, report = brought_in(session, layer(tmp_path, W1, (60, 0, 90, 120), E1))

    [patch] = report["found"]["uncovered"]
    assert patch["households"] == 160 and patch["m2"] == pytest.approx(30 * 120, rel=0.1)
    assert patch["grids"] == [f"{WEST}002"] and patch["made"] == []
    assert report["uncovered_m2"] == pytest.approx(30 * 120, rel=0.02)
    assert grid_at(session, plan_id, 110, 60) == f"{WEST}002"
    assert plan_faults(session, plan_id) == []


def test_a_community_without_any_polygon_is_a_grid_that_is_told(session, tmp_path):
    given_town(session)

    plan_id, report = brought_in(session, layer(tmp_path, W1, W2))

    [patch] = report["found"]["uncovered"]
    assert (patch["households"], patch["grids"], patch["made"]) == (640, [f"{EAST}001"], [f"{EAST}001"])
    assert plan_faults(session, plan_id) == []


def test_doubled_ground_goes_to_the_larger_share_and_whole_plots_to_the_smaller_polygon(session, tmp_path):
    given_town(session)

    plan_id, report = brought_in(
        session,
        layer(
            tmp_path, (0, 0, 120, 120), E1, (0, 0, 30, 60), code=["a", "b", "c"], kind=["居民", "", "市场"]
        ),
    )

    [pair] = report["found"]["doubled"]
    assert pair["polygons"] == ["a", "c"] and pair["m2"] == pytest.approx(30 * 60, rel=0.02)
    assert pair["households"] == 80
    kinds = dict(session.execute(select(Grid.code, Grid.kind).where(Grid.plan_id == plan_id)).all())
    market = grid_at(session, plan_id, 15, 30)
    assert (kinds[market], kinds[grid_at(session, plan_id, 15, 90)]) == ("market", "residential")
    assert pair["grids"] == [market]


def test_a_polygon_over_two_communities_becomes_two_grids(session, tmp_path):
    given_town(session)

    plan_id, report = brought_in(
        session, layer(tmp_path, (0, 0, 60, 120), (60, 0, 180, 120), (180, 0, 240, 120), code=["a", "b", "c"])
    )

    [divided] = report["found"]["divided"]
    assert divided["polygons"] == ["b"] and divided["strayed_plots"] == 0
    assert sorted(divided["grids"]) == sorted(
        {grid_at(session, plan_id, 90, 60), grid_at(session, plan_id, 150, 60)}
    )
    assert len(divided["grids"]) == 2 and len(divided["communities"]) == 2
    assert plan_faults(session, plan_id) == []


def test_a_strip_over_the_border_of_a_community_joins_its_neighbour(session, tmp_path):
    given_town(session)
    bulge = shapely.union_all([shapely.box(0, 0, 120, 120), shapely.box(115, 0, 150, 28)])

    plan_id, report = brought_in(session, layer(tmp_path, bulge, shapely.difference(shapely.box(*E1), bulge)))

    [divided] = report["found"]["divided"]
    assert (divided["strayed_plots"], divided["strayed_households"]) == (1, 40)
    assert report["grids"] == 2
    assert grid_at(session, plan_id, 135, 14) == f"{EAST}001"


def test_a_grid_torn_in_pieces_is_mended_and_told(session, tmp_path):
    given_town(session)
    two = shapely.MultiPolygon([shapely.box(0, 0, 60, 120), shapely.box(90, 92, 120, 120)])

    plan_id, report = brought_in(
        session, layer(tmp_path, two, shapely.difference(shapely.box(*W2), two), E1, code=["a", "b", "c"])
    )

    [torn] = report["found"]["torn"]
    assert (torn["polygons"], torn["plots"], torn["households"], torn["made"]) == (["a"], 1, 40, [])
    assert torn["grids"] == [grid_at(session, plan_id, 75, 60)]
    assert plan_faults(session, plan_id) == []


def test_polygons_without_a_plot_and_beyond_the_place_are_told(session, tmp_path):
    given_town(session)

    _, report = brought_in(
        session,
        layer(tmp_path, W1, W2, E1, (1, 1, 3, 3), (900, 900, 990, 990), code=["a", "b", "c", "tiny", "far"]),
    )

    assert [found["polygons"] for found in report["found"]["lost"]] == [["tiny"]]
    assert (report["polygons"], report["outside"], report["grids"]) == (5, 1, 3)


def test_codes_of_the_file_are_kept_where_they_can_be(session, tmp_path):
    given_town(session)
    codes = [f"{WEST}007", f"{WEST}007", f"{WEST}009"]

    plan_id, report = brought_in(session, layer(tmp_path, W1, W2, E1, 网格编码=codes))

    assert grid_at(session, plan_id, 30, 60) == f"{WEST}007"
    found = {row["wanted"]: row["grids"] for row in report["found"]["renumbered"]}
    assert found == {f"{WEST}007": [f"{WEST}008"], f"{WEST}009": [f"{EAST}001"]}


def test_without_codes_those_of_the_plan_in_force_pass_on_by_overlap(session, tmp_path):
    given_plan_in_force(session)
    in_force = session.scalar(select(Plan.id).where(Plan.state == "published"))
    path = tmp_path / "plain.geojson"
    shapes = gpd.GeoSeries(
        shapely.from_wkb(
            [
                bytes(row)
                for row in session.scalars(
                    text(
                        "SELECT ST_AsBinary(outline) FROM grid WHERE plan_id = :p ORDER BY ST_XMin(outline)"
                    ),
                    {"p": in_force},
                )
            ]
        ),
        crs=4326,
    )
    shapes.to_file(path)

    plan_id, report = brought_in(session, path, Wanted())

    codes = [
        set(session.scalars(select(Grid.code).where(Grid.plan_id == plan))) for plan in (in_force, plan_id)
    ]
    assert codes[0] == codes[1]
    assert report["counts"]["renumbered"] == 0
    plan = session.get_one(Plan, plan_id)
    assert (plan.target, plan.least, plan.most) == (BAND.target, BAND.least, BAND.most)


def test_words_that_are_no_code_become_the_name(session, tmp_path):
    given_town(session)

    plan_id, _ = brought_in(session, layer(tmp_path, W1, W2, E1, code=["一网格", "二网格", "G-3"]))

    assert set(session.scalars(select(Grid.name).where(Grid.plan_id == plan_id))) == {
        "一网格",
        "二网格",
        "G-3",
    }


def in_gcj02(folder: Path, *boxes: tuple) -> Path:
    """A file of boxes whose coordinates come from a Chinese web map."""
    frame = gpd.read_file(layer(folder, *boxes))
    moved = shapely.transform(frame.geometry.to_numpy(), wgs84_to_gcj02)
    frame.set_geometry(moved, crs=4326).to_file(folder / "gcj.geojson")
    return folder / "gcj.geojson"


def test_a_shifted_datum_is_read_as_told(session, tmp_path):
    given_town(session)
    path = in_gcj02(tmp_path, W1, W2, E1)

    _, report = brought_in(session, path, options=ReadOptions(datum="gcj02"))

    assert report["counts"]["uncovered"] == 0 and report["datum"] is None
    assert report["moved_m2"] < 20  # the shift is undone to a few centimetres
    with pytest.raises(Refusal) as refused:  # half a kilometre off, and the town is 240 m wide
        brought_in(session, path)
    assert refused.value.code == "layer_elsewhere"


def test_a_shifted_datum_is_suspected_where_it_would_make_the_layer_fit(session, tmp_path):
    given_town(session)
    [shift] = to_metres(shapely.points(wgs84_to_gcj02(TOWN_LONLAT)), PLACE)
    east = shift.x - here(shapely.Point(0, 0)).x
    beyond = abs(east) - 100  # so that a part of the town stays uncovered
    boxes = (-beyond, -2_000, 120, 2_000), (120, -2_000, 240 + beyond, 2_000)

    _, report = brought_in(session, in_gcj02(tmp_path, *boxes))

    assert report["datum"] == "gcj02"
    assert report["uncovered_m2"] > 0.3 * report["ground_m2"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.geojson", "file_empty"),
        (b"{", "broken.geojson", "file_damaged"),
        (b"not a zip", "a.zip", "format_mismatch"),
        (b"x", "a.dwg", "format_unknown"),
        (b'{"type": "FeatureCollection", "features": []}', "none.geojson", "layer_empty"),
        (
            b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {},'
            b' "geometry": {"type": "Point", "coordinates": [113, 36]}}]}',
            "points.geojson",
            "rows_refused",
        ),
        (
            b'<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink/></kml>',
            "link.kml",
            "file_unsafe",
        ),
    ],
)
def test_bad_files_are_refused_and_nothing_is_stored(session, tmp_path, content, name, code):
    given_town(session)
    (tmp_path / name).write_bytes(content)

    with pytest.raises(Refusal) as refused:
        brought_in(session, tmp_path / name)

    assert refused.value.code == code
    assert session.scalar(select(func.count()).select_from(Plan)) == 0


def test_a_layer_of_another_place_is_refused_with_how_far_away_it_is(session, tmp_path):
    given_town(session)

    with pytest.raises(Refusal) as refused:
        brought_in(session, layer(tmp_path, (10_000, 0, 10_100, 100)))

    assert refused.value.code == "layer_elsewhere"
    assert 9 < float(refused.value.facts["km"]) < 11


def test_rows_that_are_no_polygons_are_left_out_and_told(session, tmp_path):
    given_town(session)
    shapes = np.array([here(shapely.box(*box)) for box in (W1, W2, E1)] + [here(shapely.Point(5, 5))], object)
    frame = gpd.GeoDataFrame({"code": ["a", "b", "c", "p"]}, geometry=to_lonlat(shapes, PLACE), crs=4326)
    frame.to_file(tmp_path / "mixed.geojson")

    _, report = brought_in(session, tmp_path / "mixed.geojson")

    assert report["reading"]["refused_count"] == 1
    assert report["reading"]["refused"][0]["code"] == "geometry_type"
    assert report["polygons"] == 3


def test_a_place_imported_meanwhile_is_not_given_a_draft_of_old_plots(session, tmp_path):
    given_town(session)
    drawn = grid_layers.read_layer(layer(tmp_path, W1, W2, E1), ReadOptions(), Limits.for_uploads())
    ground = grid_layers.read_ground(session, DISTRICT, WANTED)
    snapped = grid_layers.snap(ground, drawn)
    store_district(session, small_town(streets=[[(120, 0), (120, 120)], [(60, 0), (60, 120)]]), DISTRICT)

    with pytest.raises(Refusal) as refused:
        grid_layers.write(session, ground, snapped)

    assert refused.value.code == "plots_changed"


def test_a_layer_can_be_certified_rebalanced_and_published_like_any_draft(session, tmp_path):
    given_town(session)
    plan_id, _ = brought_in(
        session, layer(tmp_path, W1, W2, (120, 0, 180, 120), (180, 0, 240, 120)), Wanted(320)
    )

    made = certificate_of_plan(plan_ground(session, plan_id), datetime(2026, 1, 1, tzinfo=UTC))
    present = read_present(session, plan_id)
    done = publish(session, plan_id, 1)

    assert made["checks"]["faults"] == 0 and made["parameters"]["file"] == "layer.geojson"
    assert len(present.codes) == 4
    assert done.plan_id == plan_id
