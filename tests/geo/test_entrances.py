"""Marked buildings become plots by entrance; all else stays as it was, and plots still tile the ground."""

from __future__ import annotations

import numpy as np
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from app.geo.certificate import Doors
from app.geo.crs import to_lonlat
from app.geo.district import District
from app.geo.entrances import DividedPlots, Standing, divided_by_entrances
from app.geo.plots import LineClass
from app.geo.tessellate import Tessellation, tessellate
from tests.geo.towns import here, town

SLAB = shapely.box(20, 40, 100, 54)
HOUSE = shapely.box(60, 80, 72, 92)
GROUND = shapely.box(0, 0, 120, 110)


def doors_of(households: list[list[int]], points: list[list[tuple[float, float]]]) -> Doors:
    """Entrances, by building."""
    flat = [here(shapely.Point(point)) for own in points for point in own]
    building = np.repeat(np.arange(len(points)), [len(own) for own in points])
    counts = [count for own in households for count in own]
    return Doors(np.array(flat, dtype=object), building, np.array(counts, np.int64))


def standing_in(district: District, plots: Tessellation) -> Standing:
    footprints = district.buildings.geometry.to_numpy()
    return Standing(
        footprints,
        shapely.point_on_surface(footprints),
        plots.plot_of_building,
        district.buildings["households"].to_numpy(np.int64),
    )


def divide(district: District, doors: Doors, wanted: list[int]) -> tuple[Tessellation, DividedPlots]:
    plots = tessellate(district)
    standing = standing_in(district, plots)
    done = divided_by_entrances(plots.polygons, plots.table, standing, doors, np.array(wanted, np.int64))
    assert_sound(district, plots, done)
    return plots, done


def assert_sound(district: District, before: Tessellation, done: DividedPlots) -> None:
    """No gap, no overlap, every edge matched, also as stored; households and metres are all there."""
    for polygons in (done.polygons, to_lonlat(done.polygons, district.crs)):
        assert shapely.is_valid(polygons).all()
        assert (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON).all()
        assert shapely.is_empty(shapely.coverage_invalid_edges(polygons)).all()
    union = shapely.coverage_union_all(done.polygons)
    assert shapely.area(shapely.symmetric_difference(union, before.outline)) < 0.01 * before.outline.length
    table = done.table
    assert table.households.sum() == before.table.households.sum()
    assert done.buildings.sum() == before.buildings.sum()
    assert np.allclose(table.area, shapely.area(done.polygons))
    assert np.allclose(table.perimeter, shapely.length(done.polygons))
    inner = sum(np.bincount(end, table.edges.metres, len(table)) for end in (table.edges.i, table.edges.j))
    assert np.allclose(inner + table.outer, table.perimeter, atol=0.1)
    assert (table.edges.i < table.edges.j).all()
    whole = np.setdiff1d(np.arange(len(district.buildings)), done.divided)
    footprints = district.buildings.geometry.to_numpy()[whole]
    left = shapely.difference(footprints, done.polygons[done.plot_of_building[whole]])
    assert (shapely.area(left) < 0.5).all()


def test_a_slab_with_four_entrances_becomes_four_plots_each_with_its_door():
    district = town(GROUND, [SLAB, HOUSE], households=[200, 10])
    doors = doors_of([[40, 50, 60, 50]], [[(30, 41), (50, 41), (70, 41), (90, 41)]])

    before, done = divide(district, doors, [0])

    assert len(done.polygons) == len(before.polygons) + 3
    assert done.divided.tolist() == [0] and not done.whole
    assert done.table.households[done.plot_of_door].tolist() == [40, 50, 60, 50]
    assert shapely.contains_properly(done.polygons[done.plot_of_door], doors.points).all()
    assert (done.origin[done.plot_of_door] == before.plot_of_building[0]).all()


def test_lines_between_entrances_run_inside_the_block_and_are_no_walls():
    district = town(GROUND, [SLAB, HOUSE], households=[200, 10])
    doors = doors_of([[100, 100]], [[(40, 41), (80, 41)]])

    _, done = divide(district, doors, [0])

    one, other = sorted(done.plot_of_door.tolist())
    edges = done.table.edges
    between = (edges.i == one) & (edges.j == other)
    assert edges.kind[between].tolist() == [LineClass.INSIDE_BLOCK]
    assert edges.wall[between].tolist() == [False]


def test_a_building_stands_on_one_side_though_it_is_its_own_mirror_image():
    district = town(GROUND, [SLAB], households=[200])
    doors = doors_of([[100, 100]], [[(40, 41), (80, 41)]])

    _, done = divide(district, doors, [0])

    spot = shapely.point_on_surface(district.buildings.geometry.to_numpy()[0])
    assert shapely.intersects(done.polygons, spot).sum() == 1


def test_plots_that_do_not_touch_the_building_keep_ground_and_lines():
    rows = [shapely.box(10 + 40 * k, 10, 40 + 40 * k, 22) for k in range(5)]
    district = town(shapely.box(0, 0, 210, 40), rows, households=60)
    doors = doors_of([[30, 30]], [[(18, 11), (32, 11)]])

    before, done = divide(district, doors, [0])

    far = [before.plot_of_building[k] for k in (2, 3, 4)]
    now = [int(np.flatnonzero(done.origin == plot)[0]) for plot in far]
    assert shapely.equals_exact(before.polygons[far], done.polygons[now], tolerance=0.0).all()


def test_other_buildings_on_the_plot_stay_whole():
    tower = shapely.box(55, 48, 65, 70)  # overlaps the slab: one plot for both
    district = town(GROUND, [SLAB, tower], households=[200, 30])
    doors = doors_of([[100, 100]], [[(30, 41), (90, 41)]])

    before, done = divide(district, doors, [0])

    assert before.plot_of_building[0] == before.plot_of_building[1]
    assert len(done.polygons) == len(before.polygons) + 1
    piece = done.plot_of_building[1]
    assert sorted(done.table.households[done.plot_of_door].tolist()) == [100, 130]
    assert done.table.households[piece] == 130


def test_a_building_stays_whole_where_its_entrances_do_not_allow_it():
    district = town(GROUND, [SLAB, HOUSE, shapely.box(90, 80, 100, 90)], households=[200, 10, 8])
    doors = doors_of([[100, 90], [10], [4, 4]], [[(30, 41), (90, 41)], [(61, 81)], [(91, 81), (30, 42)]])

    before, done = divide(district, doors, [0, 1, 2])

    assert done.whole == {0: "miscounted", 1: "few_entrances", 2: "entrance_elsewhere"}
    assert len(done.polygons) == len(before.polygons)
    assert done.divided.tolist() == []


def test_two_doors_on_one_spot_divide_nothing():
    district = town(GROUND, [SLAB], households=[200])
    doors = doors_of([[100, 100]], [[(30, 41), (30, 41)]])

    _, done = divide(district, doors, [0])

    assert done.whole == {0: "entrance_cut_off"}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(21, 99), st.integers(41, 53)), min_size=2, max_size=7, unique=True),
    st.integers(0, 89),
)
def test_wherever_the_doors_are_plots_tile_the_ground(points: list[tuple[int, int]], turn: int):
    slab, house = (shapely.affinity.rotate(shape, turn, origin=(60, 55)) for shape in (SLAB, HOUSE))
    turned = [shapely.affinity.rotate(shapely.Point(point), turn, origin=(60, 55)) for point in points]
    streets = [[(-60, 20), (200, 31)], [(-60, 97), (200, 104)]]
    district = town(
        shapely.box(-40, -40, 160, 150), [slab, house], households=[10 * len(points), 7], streets=streets
    )
    doors = doors_of([[10] * len(points)], [[(point.x, point.y) for point in turned]])

    before, done = divide(district, doors, [0])

    assert len(done.polygons) == len(before.polygons) + len(points) - 1 or done.whole


def test_a_winged_building_gives_every_entrance_one_piece_of_ground():
    wings = shapely.union_all(
        [shapely.box(20, 20, 100, 30), shapely.box(20, 20, 30, 90), shapely.box(90, 20, 100, 90)]
    )
    district = town(GROUND, [wings, shapely.box(50, 60, 60, 70)], households=[300, 5])
    points = [(25, 85), (25, 45), (60, 25), (95, 45), (95, 85)]
    doors = doors_of([[60] * 5], [points])

    before, done = divide(district, doors, [0])

    assert done.divided.tolist() == [0]
    assert len(done.polygons) == len(before.polygons) + 4


def test_two_marked_towers_on_one_plot_are_divided_together():
    pair = [shapely.box(20, 40, 60, 54), shapely.box(58, 40, 100, 54)]  # they overlap: one plot
    district = town(GROUND, pair, households=[120, 130])
    doors = doors_of([[60, 60], [65, 65]], [[(30, 47), (50, 47)], [(70, 47), (90, 47)]])

    before, done = divide(district, doors, [0, 1])

    assert done.divided.tolist() == [0, 1]
    assert len(done.polygons) == len(before.polygons) + 3
    assert done.table.households[done.plot_of_door].tolist() == [60, 60, 65, 65]


def test_a_line_of_several_classes_keeps_its_metres_of_each():
    """A piece along two kinds of line has its share of both, and walls stay as long as they were."""
    slab, across = shapely.box(20, 12, 100, 26), shapely.box(20, 60, 100, 72)
    district = town(GROUND, [slab, across], households=[200, 40], streets=[[(-10, 43), (60, 43)]])
    doors = doors_of([[100, 100]], [[(40, 19), (80, 19)]])

    before, done = divide(district, doors, [0])

    own = before.plot_of_building[0]
    touching = (before.table.edges.i == own) | (before.table.edges.j == own)
    edges, origin = done.table.edges, done.origin
    still = (origin[edges.i] == own) ^ (origin[edges.j] == own)
    for kind in np.unique(before.table.edges.kind[touching]):
        was = before.table.edges.metres[touching & (before.table.edges.kind == kind)].sum()
        now = edges.metres[still & (edges.kind == kind)].sum()
        assert abs(now - was) < 0.1


def test_nothing_is_asked_and_nothing_changes():
    district = town(GROUND, [SLAB, HOUSE], households=[200, 10])
    doors = doors_of([[100, 100]], [[(40, 41), (80, 41)]])

    before, done = divide(district, doors, [])

    assert shapely.equals_exact(done.polygons, before.polygons, tolerance=0.0).all()
    for name in ("i", "j", "metres", "kind", "wall"):
        assert np.array_equal(getattr(done.table.edges, name), getattr(before.table.edges, name))


def test_a_building_whose_point_lies_beyond_the_outline_stays_with_its_plot():
    """Its point on the surface is in the part beyond, and no plot is there."""
    parts = [(100, 60, 119.5, 64), (100, 84, 119.5, 88), (100, 60, 102, 88), (119, 60, 124, 88)]
    house = shapely.union_all([shapely.box(*part) for part in parts])
    far = shapely.box(10, 80, 20, 90)
    yard = shapely.box(18, 30, 119.9, 95)
    district = town(GROUND, [SLAB, house, far], households=[90, 40, 7], compounds=[yard])
    plots = tessellate(district)
    doors = doors_of([[30, 30, 30]], [[(30, 41), (60, 41), (90, 41)]])

    done = divided_by_entrances(
        plots.polygons, plots.table, standing_in(district, plots), doors, np.array([0])
    )

    assert shapely.intersects(plots.polygons, shapely.point_on_surface(here(house))).sum() == 0
    assert done.plot_of_building[1] == done.plot_of_door[2]
    assert done.table.households[done.plot_of_door].tolist() == [30, 30, 70]
    assert done.table.households[done.plot_of_building[2]] == 7
    assert done.buildings.sum() == 3
