import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal
from app.geo import partition
from app.geo.plots import Band
from tests.geo.drawing import draw_plots

BAND = Band(300, 270, 330)


def test_an_outline_is_the_ground_of_its_plots_with_every_corner_kept():
    plots = draw_plots("""
        A A B
        A B B
    """)

    a, b = partition.outlines(plots.polygons, plots.grid)

    assert (a.area, b.area) == (300, 300)
    assert a.intersection(b).length == 30
    assert shapely.coverage_is_valid([a, b])


def test_a_courtyard_is_a_hole_and_ground_apart_a_second_part():
    plots = draw_plots("""
        A A A . B
        A . A . .
        A A A . B
    """)

    a, b = partition.outlines(plots.polygons, plots.grid)

    assert (a.geom_type, len(a.interiors)) == ("Polygon", 1)
    assert (b.geom_type, len(b.geoms)) == ("MultiPolygon", 2)


def test_a_number_that_no_plot_has_gets_no_ground():
    plots = draw_plots("A A")

    empty, all_of_it = partition.outlines(plots.polygons, np.array([1, 1]))

    assert empty.is_empty
    assert all_of_it.area == 200


def test_a_grid_is_in_one_piece_only_over_shared_lines_not_over_corners():
    plots = draw_plots("""
        A B
        B A
    """)

    assert partition.pieces(plots.edges, plots.grid).tolist() == [2, 2]


def test_a_river_parts_a_grid_and_a_bridge_joins_it():
    river = draw_plots("""
        A A
        ~~~
        A A
    """)
    bridge = draw_plots("""
        A A
        ~~^
        A A
    """)

    assert partition.pieces(river.edges, river.grid).tolist() == [2]
    assert partition.pieces(bridge.edges, bridge.grid).tolist() == [1]


def test_an_unused_grid_number_has_no_piece():
    plots = draw_plots("A B")

    assert partition.pieces(plots.edges, np.array([0, 2])).tolist() == [1, 0, 1]


def test_a_plot_without_neighbours_is_a_piece():
    plots = draw_plots("A . A")

    assert partition.pieces(plots.edges, plots.grid).tolist() == [2]


def test_a_plot_moved_meanwhile_is_not_moved_again():
    mine = partition.moves(np.array([0, 0, 1]), np.array([0, 1, 1]))

    with pytest.raises(Refusal) as refused:
        partition.apply(np.array([0, 2, 1]), mine)

    assert refused.value.code == "plot_moved"
    assert refused.value.facts == {"plot": 1, "expected": 0, "found": 2}


plans = st.integers(0, 12).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 3), min_size=n, max_size=n) for _ in range(2)])
)


@given(plans)
def test_moves_lead_from_one_plan_to_the_other_and_back(two_plans):
    before, after = (np.array(plan, np.int64) for plan in two_plans)
    wanted = partition.moves(before, after)

    assert partition.apply(before, wanted).tolist() == after.tolist()
    assert partition.apply(after, wanted.undone()).tolist() == before.tolist()


@given(st.lists(st.integers(0, 4), min_size=16, max_size=16))
def test_outlines_tile_the_ground_whatever_the_plan(grid):
    plots = draw_plots("\n".join(["A A A A"] * 4))
    grids = partition.outlines(plots.polygons, np.array(grid))

    assert partition.soundness(grids[~shapely.is_empty(grids)], plots.outline).sound


def test_a_sound_plan_has_no_problems():
    plots = draw_plots("A A B B", households=150)

    assert partition.problems(plots.table, plots.grid, BAND, compound=np.array([0, 0, -1, -1])) == []


def test_a_grid_in_pieces_draws_all_but_its_most_populous_piece():
    plots = draw_plots("A B A A", households="200 300 50 50")

    problem, *_ = partition.problems(plots.table, plots.grid, BAND)

    assert (problem.code, problem.grids, problem.plots.tolist()) == ("grid_in_pieces", (0,), [2, 3])
    assert problem.facts == {"pieces": 2}


def test_a_grid_out_of_band_says_by_what_count():
    plots = draw_plots("A A B", households="200 131 330")

    problem, *others = partition.problems(plots.table, plots.grid, BAND)

    assert (problem.code, problem.grids, problem.plots.tolist()) == ("out_of_band", (0,), [0, 1])
    assert problem.facts == {"households": 331, "least": 270, "most": 330}
    assert others == []


def test_a_divided_compound_draws_the_plots_outside_its_main_grid():
    plots = draw_plots("A A B", households="100 200 300")

    (problem,) = partition.problems(plots.table, plots.grid, BAND, compound=np.array([-1, 7, 7]))

    assert (problem.code, problem.grids) == ("compound_divided", (0, 1))
    assert problem.plots.tolist() == [1]
    assert problem.facts == {"compound": 7}


def test_plots_that_tile_their_outline_are_sound():
    plots = draw_plots("""
        A A B
        A B .
    """)

    sound = partition.soundness(plots.polygons, plots.outline)

    assert sound == partition.Soundness(5, 0, 0, 0.0, 0.0, 0.0, 0.0)
    assert sound.sound


def test_an_open_gap_is_seen_though_every_edge_is_matched():
    plots = draw_plots("A A A")

    holed = partition.soundness(plots.polygons[[0, 2]], plots.outline)

    assert (holed.invalid_edges, holed.gap_m2, holed.sound) == (0, 100.0, False)


def test_an_overlap_is_measured_and_its_edges_counted():
    outline = shapely.box(0, 0, 20, 10)
    overlapping = np.array([shapely.box(0, 0, 11, 10), shapely.box(10, 0, 20, 10)])

    found = partition.soundness(overlapping, outline)

    assert (found.invalid_edges, found.overlap_m2, found.area_error_m2, found.sound) == (2, 10.0, 10.0, False)


def test_a_hairline_at_the_rim_is_rounding_and_a_strip_is_not():
    outline = shapely.box(0, 0, 100, 100)

    hairline = partition.soundness(np.array([shapely.box(0, 0, 99.985, 100)]), outline)
    strip = partition.soundness(np.array([shapely.box(0, 0, 99.95, 100)]), outline)
    beyond = partition.soundness(np.array([shapely.box(0, 0, 101, 100)]), outline)

    assert hairline.sound
    assert not strip.sound
    assert strip.gap_m2 == pytest.approx(5)
    assert beyond.outside_m2 == pytest.approx(100) and not beyond.sound


def test_a_bow_tie_is_counted_as_invalid_not_raised():
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])

    assert partition.soundness(np.array([bow_tie]), shapely.box(0, 0, 10, 10)).invalid == 1
