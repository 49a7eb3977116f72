import math

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoSeries
from shapely import Point, Polygon, box

from app.geo import measure, partition
from app.geo.plots import Band
from tests.geo.drawing import draw, draw_plots

BAND = Band(300, 270, 330)


def test_a_ribbon_is_less_compact_than_a_square():
    grids = draw("""
        A A A A
        B B . .
        B B . .
    """)

    score = measure.compactness(grids)

    assert score["A"] < score["B"] < 1


def test_a_square_scores_a_quarter_of_pi_and_a_circle_nearly_one():
    score = measure.compactness(GeoSeries([box(0, 0, 7, 7), Point(0, 0).buffer(50, quad_segs=64)]))

    assert score[0] == pytest.approx(math.pi / 4)
    assert 0.999 < score[1] < 1


def test_a_courtyard_makes_a_grid_less_compact():
    grids = draw("""
        A A A B B B
        A . A B B B
        A A A B B B
    """)

    score = measure.compactness(grids)

    assert score["A"] == pytest.approx(4 * math.pi * 800 / 160**2)
    assert score["B"] == pytest.approx(math.pi / 4)


def test_an_empty_polygon_has_no_compactness_and_the_index_is_kept():
    score = measure.compactness(GeoSeries([Polygon(), box(0, 0, 1, 1)], index=["003", "001"]))

    assert math.isnan(score["003"])
    assert list(score.index) == ["003", "001"]
    assert score.name == "compactness"


def test_the_border_is_split_by_what_runs_along_it():
    plots = draw_plots("""
        A|B B
        A B C
        ~~~~~
        D D D
    """)

    metres = measure.border(plots.table, plots.grid)

    assert metres.loc[0, ["local", "inside block", "river", "outline"]].tolist() == [10, 10, 10, 30]
    assert metres.loc[1, ["local", "inside block", "river", "outline"]].tolist() == [10, 30, 10, 30]
    assert metres.sum(axis=1).tolist() == [60, 80, 40, 80]


def test_lines_within_a_grid_are_no_border():
    plots = draw_plots("A|A")

    metres = measure.border(plots.table, plots.grid)

    assert metres["local"].tolist() == [0]
    assert metres["outline"].tolist() == [60]


def test_every_line_one_can_see_is_a_clear_limit():
    for sign in "|#:~%^":
        plots = draw_plots(f"A{sign}B")
        metres = measure.border(plots.table, plots.grid)
        assert measure.inner_physical_share(metres).tolist() == [1, 1], sign

    for unseen in " /":
        plots = draw_plots(f"A{unseen}B")
        metres = measure.border(plots.table, plots.grid)
        assert measure.inner_physical_share(metres).tolist() == [0, 0], unseen


def test_only_streets_count_as_border_on_streets():
    plots = draw_plots("""
        . B .
        A#C~D
    """)

    share = measure.street_share(measure.border(plots.table, plots.grid))

    assert dict(zip(plots.names, share, strict=True)) == {"A": 1, "B": 0, "C": pytest.approx(1 / 3), "D": 0}


def test_a_grid_alone_has_an_outline_but_no_share_of_inner_border():
    plots = draw_plots("A A")
    metres = measure.border(plots.table, plots.grid)

    assert measure.physical_share(metres).tolist() == [1]
    assert measure.inner_physical_share(metres).isna().all()
    assert measure.street_share(metres).isna().all()


def test_grids_across_a_river_are_neighbours_and_at_a_corner_not():
    plots = draw_plots("""
        A A B
        ~~~
        C C .
        D . .
    """)

    near = measure.neighbours(plots.edges, plots.grid)

    assert near.tolist() == [[1, 2], [0], [0, 3], [2]]


def test_a_plan_of_one_grid_has_no_neighbours():
    plots = draw_plots("A A")

    assert measure.neighbours(plots.edges, plots.grid).tolist() == [[]]


def test_completeness_is_answers_over_questions_and_unknown_without_buildings():
    known = pd.DataFrame({"named": [True, True, False], "use_known": [True, False, False]})

    share = measure.completeness(known, np.array([0, 0, 2]), count=3)

    assert share[0] == pytest.approx(3 / 6)  # two buildings, three indicators, one of them not in the file
    assert math.isnan(share[1])
    assert share[2] == 0


def plan_of(households: list[int]) -> pd.DataFrame:
    """A row of grids, one plot each, with a street between all."""
    letters = "ABCDEFGHIJ"[: len(households)]
    plots = draw_plots("|".join(letters), households=" ".join(map(str, households)))
    return measure.figures(
        plots.table, plots.grid, GeoSeries(plots.polygons), BAND, buildings=np.ones(len(households), np.int64)
    )


def test_figures_name_the_four_principles_of_each_grid():
    grid = plan_of([300, 345]).loc[1]

    assert grid["physical_share"] == 1
    assert grid["load"] == pytest.approx(1.15)
    assert grid["one_piece"]
    assert not grid["in_band"]
    assert grid["deviation"] == pytest.approx(0.15)
    assert (grid["buildings"], grid["area_m2"], grid["neighbours"]) == (1, 100.0, [0])


def test_the_ends_of_the_band_are_in_it():
    assert plan_of([269, 270, 330, 331])["in_band"].tolist() == [False, True, True, False]


def test_the_summary_counts_what_is_in_band_and_what_could_be():
    grids = plan_of([300, 300, 280, 350, 700, 40, 0])
    reasons = {3: "stuck_plots", 4: "one_plot_too_large", 5: "component_too_small", 6: "uninhabited"}

    plan = measure.summary(grids, BAND, reasons)

    assert (plan["grids"], plan["households"]) == (7, 1970)
    assert (plan["households_min"], plan["households_max"]) == (0, 700)
    assert plan["households_median"] == 300
    assert plan["in_band"] == pytest.approx(3 / 7)
    assert plan["in_band_free"] == pytest.approx(3 / 4)
    assert plan["in_20"] == pytest.approx(4 / 7)
    assert plan["in_20_free"] == 1
    assert (plan["forced"], plan["infeasible"], plan["uninhabited"]) == (1, 1, 1)
    assert plan["k_excess"] == pytest.approx(4 / (1230 / 300) - 1)
    assert plan["street_share"] == 1
    assert math.isnan(plan["completeness_mean"])


def test_households_beside_a_plot_above_the_band_are_counted():
    plots = draw_plots("A A B", households="500 40 300")
    outlines = GeoSeries(partition.outlines(plots.polygons, plots.grid))
    grids = measure.figures(plots.table, plots.grid, outlines, BAND, np.ones(3, np.int64))

    plan = measure.summary(grids, BAND, {0: "one_plot_too_large"})

    assert plan["forced_others"] == 40


def test_exactly_a_fifth_off_the_target_is_within_a_fifth():
    plan = measure.summary(plan_of([240, 360, 239, 361]), BAND, {})

    assert plan["in_20"] == 0.5
