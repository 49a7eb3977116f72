"""Plots tile the ground, hold every building whole, and know what runs between them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Refusal
from app.geo.crs import to_lonlat
from app.geo.district import District
from app.geo.plots import IntArray, LineClass
from app.geo.tessellate import Tessellation, tessellate
from tests.geo.towns import here, houses, town

SQUARE = shapely.box(0, 0, 300, 300)


def assert_sound(district: District, plots: Tessellation, whole: IntArray | None = None) -> None:
    """No gap, no overlap, every edge matched, also as stored; every building (or those) whole in its plot."""
    stored = to_lonlat(plots.polygons, district.crs)
    for polygons in (plots.polygons, stored):
        assert shapely.is_valid(polygons).all()
        assert (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON).all()
        assert shapely.is_empty(shapely.coverage_invalid_edges(polygons)).all()
    off_by = shapely.symmetric_difference(shapely.union_all(plots.polygons), district.outline)
    assert shapely.is_empty(shapely.buffer(off_by, -0.008, join_style="mitre"))
    held = plots.plot_of_building >= 0
    some = np.flatnonzero(held) if whole is None else np.intersect1d(np.flatnonzero(held), whole)
    footprints = shapely.intersection(district.buildings.geometry.to_numpy()[some], district.outline)
    beyond = shapely.difference(footprints, plots.polygons[plots.plot_of_building[some]])
    assert (shapely.area(beyond) <= 1.0).all()  # scraps of overlaps too small to count as such
    assert plots.table.households.sum() == district.buildings["households"][held].sum()


def plot_at(plots: Tessellation, x: float, y: float) -> int:
    (found,) = np.flatnonzero(shapely.intersects(plots.polygons, here(shapely.Point(x, y))))
    return int(found)


def line_between(plots: Tessellation, one: int, other: int) -> dict[LineClass, tuple[float, bool]]:
    """Class of the line two plots share -> metres, wall."""
    edges = plots.table.edges
    rows = (edges.i == min(one, other)) & (edges.j == max(one, other))
    return {
        LineClass(kind): (round(float(metres), 2), bool(wall))
        for kind, metres, wall in zip(edges.kind[rows], edges.metres[rows], edges.wall[rows], strict=True)
    }


def test_each_house_gets_the_ground_nearest_to_it():
    district = town(shapely.box(0, 0, 60, 30), houses(2, 1))

    plots = tessellate(district)

    assert_sound(district, plots)
    assert len(plots.polygons) == 2
    np.testing.assert_allclose(plots.table.area, 900, rtol=0.02)
    assert line_between(plots, 0, 1) == {LineClass.INSIDE_BLOCK: (pytest.approx(30, abs=0.5), False)}


def test_a_street_is_a_border_even_where_another_line_would_be_nearer():
    district = town(shapely.box(0, 0, 60, 30), houses(2, 1), streets=[[(25, -5), (25, 35)]])

    plots = tessellate(district)

    assert_sound(district, plots)
    assert sorted(plots.table.area.round(1)) == [750, 1050]
    assert line_between(plots, 0, 1) == {LineClass.LOCAL: (30, False)}


def test_wall_sharing_houses_meet_at_their_wall():
    row = [shapely.box(x, 10, x + 6, 22) for x in range(6, 54, 6)]
    district = town(shapely.box(0, 0, 60, 40), row)

    plots = tessellate(district)

    assert_sound(district, plots)
    for k in range(len(row) - 1):
        shared = shapely.intersection(*plots.polygons[plots.plot_of_building[[k, k + 1]]])
        x = shapely.get_coordinates(shared)[:, 0]
        assert np.ptp(x) <= 1.0, "the border leaves the line of the wall"


def test_overlapping_footprints_share_a_plot_and_the_report_says_so():
    district = town(
        SQUARE, [shapely.box(50, 50, 80, 80), shapely.box(70, 60, 100, 90), shapely.box(200, 50, 230, 80)]
    )

    plots = tessellate(district)

    assert_sound(district, plots)
    assert plots.plot_of_building[0] == plots.plot_of_building[1] != plots.plot_of_building[2]
    assert [(note.code, note.row, note.m2) for note in plots.notes] == [("overlap", 1, 200)]


def test_a_building_over_a_street_is_not_cut():
    arch = shapely.box(100, 140, 200, 155)
    district = town(SQUARE, [arch, shapely.box(20, 20, 40, 40)], streets=[[(150, -5), (150, 305)]])

    plots = tessellate(district)

    assert_sound(district, plots)
    assert plots.plot_of_building[0] == plot_at(plots, 195, 150) == plot_at(plots, 105, 150)


def test_parts_of_one_building_on_two_sides_of_a_street_share_a_plot():
    twin = shapely.MultiPolygon([shapely.box(100, 100, 130, 120), shapely.box(170, 100, 200, 120)])
    district = town(SQUARE, [twin, *houses(2, 2, at=(20, 200))], streets=[[(150, -5), (150, 305)]])

    plots = tessellate(district)

    assert_sound(district, plots)
    assert plot_at(plots, 115, 110) == plot_at(plots, 185, 110) == plots.plot_of_building[0]


def test_parts_apart_are_not_joined_over_more_households_than_a_grid_may_have():
    twin = shapely.MultiPolygon([shapely.box(9, 9, 21, 21), shapely.box(159, 9, 171, 21)])
    between = houses(4, 1, at=(39, 9))
    strip = shapely.box(0, 0, 180, 30)

    few = tessellate(town(strip, [twin, *between], households=30), most=330)
    many = tessellate(town(strip, [twin, *between], households=100), most=330)

    assert len(set(few.plot_of_building)) == 1
    assert [note.code for note in many.notes] == ["parts_apart"]
    assert len(set(many.plot_of_building)) == 5


def test_a_compound_stays_whole_over_its_own_lane_unless_it_is_larger_than_a_grid():
    yard = shapely.box(100, 100, 200, 200)
    inside = houses(3, 3, at=(106, 106))
    lane = [[(150, -5), (150, 305)]]

    whole = town(SQUARE, inside, households=30, streets=lane, compounds=[yard])
    plots = tessellate(whole, most=330)
    assert_sound(whole, plots)
    assert len(set(plots.plot_of_building)) == 1

    divided = town(SQUARE, inside, households=40, streets=lane, compounds=[yard])
    plots = tessellate(divided, most=330)
    assert_sound(divided, plots)
    assert len(set(plots.plot_of_building)) == 9


def test_a_building_astride_the_outline_belongs_where_most_of_it_lies():
    district = town(
        SQUARE, [shapely.box(280, 50, 305, 70), shapely.box(295, 200, 320, 220)], households=[7, 9]
    )

    plots = tessellate(district)

    assert plots.plot_of_building.tolist() == [plot_at(plots, 285, 60), -1]
    assert plots.table.households.sum() == 7
    assert {(note.code, note.row, note.m2) for note in plots.notes} == {
        ("astride_outline", 0, 100),
        ("beyond_outline", 1, 400),
    }
    assert plot_at(plots, 297, 210) != plot_at(plots, 285, 60)


def test_a_river_is_a_wall_and_a_bridge_opens_it():
    river = shapely.box(-10, 140, 310, 170)
    banks = [*houses(9, 2, at=(15, 50)), *houses(9, 2, at=(15, 200))]
    north_and_south = lambda plots: line_classes_across(plots, 155)  # noqa: E731 - named for reading

    shut = town(SQUARE, banks, water=[river])
    plots = tessellate(shut)
    assert_sound(shut, plots)
    assert north_and_south(plots) == {(LineClass.RIVER, True)}

    bridged = town(SQUARE, banks, water=[river], streets=[[(150, -5), (150, 305)]])
    plots = tessellate(bridged)
    assert_sound(bridged, plots)
    assert (LineClass.RIVER, False) in north_and_south(plots)


def line_classes_across(plots: Tessellation, y: float) -> set[tuple[LineClass, bool]]:
    """Classes of the lines between plots centred north and south of y."""
    edges, north = plots.table.edges, plots.table.xy[:, 1] > here(shapely.Point(0, y)).y
    rows = north[edges.i] != north[edges.j]
    return {(LineClass(k), bool(w)) for k, w in zip(edges.kind[rows], edges.wall[rows], strict=True)}


def test_a_lake_one_can_walk_around_is_no_wall():
    lake = shapely.box(100, 100, 200, 200)
    district = town(SQUARE, [*houses(9, 2, at=(15, 20)), *houses(9, 2, at=(15, 230))], water=[lake])

    plots = tessellate(district)

    assert_sound(district, plots)
    assert not plots.table.edges.wall.any()
    assert plots.polygons[plot_at(plots, 150, 150)].area == pytest.approx(10_000, rel=0.01)


def test_a_railway_is_a_wall_but_where_a_street_crosses_it():
    homes = [*houses(9, 3, at=(15, 20)), *houses(9, 3, at=(15, 180))]
    district = town(SQUARE, homes, railways=[[(-5, 150), (305, 150)]], streets=[[(10, -5), (10, 305)]])

    plots = tessellate(district)

    assert_sound(district, plots)
    edges = plots.table.edges
    rail = edges.kind == LineClass.RAIL
    assert edges.metres[rail & edges.wall].sum() > 200
    assert 10 < edges.metres[rail & ~edges.wall].sum() < 100


def test_the_strip_between_two_tracks_is_nobodys_grid():
    homes = [*houses(9, 3, at=(15, 20)), *houses(9, 3, at=(15, 190))]
    tracks = [[(-5, 140), (305, 140)], [(-5, 165), (305, 165)]]
    district = town(SQUARE, homes, railways=tracks)

    plots = tessellate(district)

    strip = plot_at(plots, 150, 152)
    edges = plots.table.edges
    assert (~edges.wall[(edges.i == strip) | (edges.j == strip)]).any()


def test_administrative_areas_are_walls_when_asked_for():
    halves = [shapely.box(0, 0, 137, 300), shapely.box(137, 0, 300, 300)]
    district = town(SQUARE, houses(9, 9, at=(15, 15)), admin=halves)

    plots = tessellate(district, within="community")

    assert_sound(district, plots)
    edges = plots.table.edges
    assert edges.wall.any()
    assert (plots.area_of_plot[edges.i[edges.wall]] != plots.area_of_plot[edges.j[edges.wall]]).all()
    assert set(plots.area_of_plot) == {0, 1}
    assert not tessellate(district).table.edges.wall.any()


def test_a_compound_across_an_asked_for_border_is_divided_there_and_a_building_is_not():
    halves = [shapely.box(0, 0, 150, 300), shapely.box(150, 0, 300, 300)]
    yard, hall = shapely.box(100, 20, 220, 120), shapely.box(130, 200, 200, 230)
    district = town(
        SQUARE,
        [shapely.box(110, 50, 130, 70), shapely.box(180, 50, 200, 70), hall],
        compounds=[yard],
        admin=halves,
    )

    plots = tessellate(district, within="community")

    assert_sound(district, plots)
    assert plots.plot_of_building[0] != plots.plot_of_building[1]
    assert {(note.code, note.row, note.m2) for note in plots.notes} == {
        ("compound_divided", 0, 5000),
        ("astride_area", 2, 600),
    }
    edges = plots.table.edges
    apart = plots.area_of_plot[edges.i] != plots.area_of_plot[edges.j]
    np.testing.assert_array_equal(apart, edges.wall)


def test_ground_forgotten_between_two_areas_goes_to_the_nearest():
    areas = [shapely.box(0, 0, 130, 300), shapely.box(170, 0, 300, 300)]
    district = town(SQUARE, houses(9, 9, at=(15, 15)), admin=areas)

    plots = tessellate(district, within="community")

    assert set(plots.area_of_plot) == {0, 1}


def test_a_footprint_that_belongs_outside_is_cut_nowhere_and_counted_nowhere():
    foreign = shapely.box(280, 100, 340, 160)
    district = town(SQUARE, houses(9, 9, at=(15, 15)))
    district = dataclasses.replace(district, foreign=np.array([here(foreign)], dtype=object))

    plots = tessellate(district)

    within = shapely.intersection(here(foreign), district.outline)
    (holder,) = np.flatnonzero(shapely.area(shapely.intersection(plots.polygons, within)) > 1)
    assert plots.table.households.sum() == 81 * 10
    assert shapely.area(shapely.intersection(plots.polygons[holder], within)) == pytest.approx(within.area)


def test_a_scrap_between_street_and_compound_goes_to_its_neighbour():
    shed = [(184.75, 42.1), (178.38, 73.23), (141.18, 65.61), (147.55, 34.48)]
    yard = [(150.67, 69.05), (120.11, 151.18), (100.09, 143.73), (130.65, 61.6)]
    streets = [
        [(28.21, 134.02), (225.36, 76.47), (-7.43, 4.98), (177.01, 112.98)],
        [(162.96, 38.93), (13.23, 228.81)],
    ]
    district = town(SQUARE, [shapely.Polygon(shed)], streets=streets, compounds=[shapely.Polygon(yard)])

    plots = tessellate(district)

    assert_sound(district, plots)
    assert plots.table.area.min() > 1_000


def test_a_footprint_over_a_gap_in_the_outline_counts_where_its_inner_point_lies():
    outline = shapely.difference(SQUARE, shapely.box(148, -1, 160, 301))
    district = town(outline, [shapely.box(60, 100, 200, 130), *houses(4, 2, at=(170, 200))], households=5)

    plots = tessellate(district)

    assert plots.plot_of_building[0] == plot_at(plots, 100, 115)
    assert [(note.code, note.row) for note in plots.notes if note.code == "parts_apart"] == [
        ("parts_apart", 0)
    ]


def test_a_district_whose_only_building_lies_beyond_has_no_households():
    district = town(SQUARE, [shapely.box(295, 10, 330, 40)], households=9)

    plots = tessellate(district)

    assert plots.table.households.sum() == 0
    assert plots.plot_of_building.tolist() == [-1]


def test_an_unknown_level_is_refused_with_those_there_are():
    district = town(SQUARE, houses(2, 2), admin=[SQUARE])

    with pytest.raises(Refusal, match=r"subdistrict.*community"):
        tessellate(district, within="subdistrict")


def test_far_ground_is_open_and_comes_in_pieces():
    district = town(shapely.box(0, 0, 1000, 600), houses(3, 3))

    plots = tessellate(district)

    assert_sound(district, plots)
    open_ground = plots.buildings == 0
    assert open_ground.sum() >= 10
    assert plots.table.area[open_ground].max() < 60_000
    assert plots.table.area[~open_ground].max() < 15_000


@pytest.mark.parametrize("streets", [[], [[(150, -5), (150, 305)], [(-5, 150), (305, 150)]]])
def test_islands_exclaves_and_holes_are_tiled(streets):
    holed = shapely.difference(SQUARE, shapely.box(140, 200, 200, 260))
    outline = shapely.MultiPolygon([holed, shapely.box(400, 0, 500, 100)])
    district = town(outline, [*houses(4, 4), *houses(3, 3, at=(405, 6))], streets=streets)

    plots = tessellate(district)

    assert_sound(district, plots)


def test_a_district_without_buildings_still_is_tiled():
    district = town(SQUARE, streets=[[(150, -5), (150, 305)]])

    plots = tessellate(district)

    assert_sound(district, plots)
    assert plots.table.households.sum() == 0


def test_streets_that_do_not_quite_meet_still_bound_blocks():
    cross = [[(-5, 150), (146, 150)], [(150, -5), (150, 305)], [(154, 150), (305, 150)]]
    district = town(SQUARE, houses(9, 9, at=(15, 15)), streets=cross)

    plots = tessellate(district)

    assert_sound(district, plots)
    local = plots.table.edges.kind == LineClass.LOCAL
    assert plots.table.edges.metres[local].sum() == pytest.approx(600, abs=10)


def test_a_median_between_two_carriageways_is_no_plot():
    homes = [*houses(9, 3, at=(15, 20)), *houses(9, 3, at=(15, 190))]
    district = town(SQUARE, homes, streets=[[(-5, 145), (305, 145)], [(-5, 155), (305, 155)]])

    plots = tessellate(district)

    assert_sound(district, plots)
    assert (plots.buildings > 0).all()


def test_one_core_or_two_cut_the_same_plots():
    district = town(SQUARE, houses(9, 9), streets=[[(150, -5), (150, 305)], [(-5, 150), (305, 150)]])

    one, two = tessellate(district, workers=1), tessellate(district, workers=2)

    assert (shapely.to_wkb(one.polygons) == shapely.to_wkb(two.polygons)).all()
    for name in ("i", "j", "metres", "kind", "wall"):
        np.testing.assert_array_equal(getattr(one.table.edges, name), getattr(two.table.edges, name))


def test_edges_and_outline_add_up_to_every_perimeter():
    district = town(SQUARE, houses(9, 9), streets=[[(120, -5), (150, 305)]])

    table = tessellate(district).table

    edges = table.edges
    shared = np.bincount(edges.i, edges.metres, len(table)) + np.bincount(edges.j, edges.metres, len(table))
    np.testing.assert_allclose(shared + table.outer, table.perimeter, atol=1e-6)
    assert (edges.i < edges.j).all()


def boxes(most: float) -> st.SearchStrategy[shapely.Polygon]:
    return st.builds(
        lambda x, y, w, h, turn: shapely.affinity.rotate(shapely.box(x, y, x + w, y + h), turn),
        *(st.floats(0, 280), st.floats(0, 280), st.floats(2, most), st.floats(2, most), st.floats(0, 90)),
    )


corners = st.tuples(st.floats(-20, 320), st.floats(-20, 320))
lines = st.lists(st.lists(corners, min_size=2, max_size=4, unique=True), max_size=5)
CHANNEL = shapely.buffer(shapely.LineString([(100, -10), (120, 310)]), 6)
outlines = st.sampled_from(
    [
        SQUARE,
        shapely.difference(SQUARE, CHANNEL),
        shapely.union(SQUARE, shapely.box(380, 20, 440, 70)),
        shapely.difference(SQUARE, shapely.box(60, 60, 140, 90)),
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    outlines,
    st.lists(boxes(60), max_size=16),
    lines,
    st.lists(boxes(200), max_size=2),
    lines,
    st.lists(boxes(120), max_size=2),
)
def test_whatever_stands_where_plots_are_sound(outline, buildings, streets, water, railways, compounds):
    district = town(outline, buildings, streets=streets, water=water, railways=railways, compounds=compounds)

    plots = tessellate(district)

    # A footprint over a gap in the outline has no plot that could hold it whole; the notes say so.
    apart = [note.row for note in plots.notes if note.code == "parts_apart"]
    kept = np.setdiff1d(np.arange(len(buildings)), apart)
    assert_sound(district, plots, kept)
