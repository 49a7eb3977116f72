from __future__ import annotations

import subprocess
import sys

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.geo import partition
from app.geo.plots import Band, Edges, LineClass, PlotTable
from app.geo.split import (
    Division,
    Settings,
    grid_counts,
    ground_of,
    kernels,
    labels_for,
    split,
    weights_for,
)
from app.geo.split.tiles import tiles_for
from tests.geo.drawing import Drawn, draw_plots

BAND = Band(300, 270, 330)


def divide(plots: PlotTable, seed: int = 1, **options: object) -> Division:
    return split(plots, BAND, np.random.default_rng(seed), **options)


def lattice(columns: int, rows: int, households: int | str) -> Drawn:
    return draw_plots("\n".join([" ".join("A" * columns)] * rows), households)


def load(plots: PlotTable, division: Division) -> list[int]:
    return np.bincount(division.grid, plots.households).astype(int).tolist()


def test_a_place_of_2198_households_gets_seven_grids_and_not_eight():
    plots = lattice(14, 11, " ".join(["14"] * 112 + ["15"] * 42)).table
    assert plots.households.sum() == 2198

    division = divide(plots)

    assert division.grid.max() + 1 == 7
    assert BAND.holds(np.array(load(plots, division))).all()
    assert division.reasons == {}


def test_both_ends_of_the_band_belong_to_it():
    plots = draw_plots("A . B . C . D", households="269 270 330 331").table

    division = divide(plots)

    assert sorted(division.reasons) == [0, 3]


def test_an_island_with_few_households_is_a_grid_of_its_own():
    plots = draw_plots(
        """
        A A A . B
        A A A . B
        """,
        households={"A": 50, "B": 20},
    ).table

    division = divide(plots)

    island = division.grid[3]
    assert sorted(load(plots, division)) == [40, 300]
    assert division.reasons[island].code == "component_too_small"
    assert division.reasons[island].facts["component_households"] == 40


def test_ground_where_nobody_lives_is_a_grid_and_says_so():
    plots = draw_plots("A A . B B", households={"A": 150, "B": 0}).table

    division = divide(plots)

    assert load(plots, division) == [300, 0]
    assert division.reasons[1].code == "uninhabited"


def test_a_tower_of_500_households_stands_alone_and_its_neighbours_fare_well():
    plots = draw_plots("A A A T A A A", households={"A": 100, "T": 500}).table

    division = divide(plots)

    assert load(plots, division) == [300, 500, 300]
    assert {grid: reason.code for grid, reason in division.reasons.items()} == {1: "one_plot_too_large"}
    assert division.reasons[1].facts["plot"] == 3


def test_ground_too_small_for_a_grid_joins_the_tower_beside_it():
    plots = draw_plots("A A A A A T", households={"A": 60, "T": 500}).table
    stranded = draw_plots("A A A A A T B", households={"A": 60, "T": 500, "B": 30}).table

    assert load(plots, divide(plots)) == [300, 500]
    assert load(stranded, divide(stranded)) == [300, 530]


def test_a_tower_is_no_dump_for_ground_that_could_be_a_grid():
    plots = draw_plots("A A A A A A T", households={"A": 100, "T": 345}).table

    assert load(plots, divide(plots)) == [300, 300, 345]


def test_a_total_of_400_admits_no_division_and_the_reason_says_so():
    plots = draw_plots("A A A A", households=100).table

    division = divide(plots)

    assert load(plots, division) == [400]
    assert division.reasons[0].code == "component_admits_no_division"
    assert division.reasons[0].facts["component_households"] == 400


def test_a_river_divides_and_a_bridge_joins():
    river = draw_plots("A A A~B B B", households={"A": 50, "B": 50}).table
    bridge = draw_plots("A A A^B B B", households={"A": 50, "B": 50}).table

    apart, together = divide(river), divide(bridge)

    assert load(river, apart) == [150, 150]
    assert apart.component.tolist() == [0, 0, 0, 1, 1, 1]
    assert load(bridge, together) == [300]


def test_a_pair_that_touches_over_a_wall_and_over_a_bridge_is_joined():
    river = draw_plots("A~B", households=150).table
    line = river.edges
    both = Edges(
        np.append(line.i, 0),
        np.append(line.j, 1),
        np.append(line.metres, 2.0),
        np.append(line.kind, np.int8(LineClass.RIVER)),
        np.append(line.wall, False),
    )
    plots = PlotTable(river.households, river.area, river.perimeter, river.outer, river.xy, both)

    assert load(plots, divide(plots)) == [300]


def test_a_border_follows_the_street_where_both_would_do():
    plots = draw_plots(
        """
        A A A A|A A A A
        A A A A|A A A A
        A A A A|A A A A
        """,
        households=25,
    ).table

    division = divide(plots)

    columns = division.grid.reshape(3, 8)
    assert load(plots, division) == [300, 300]
    assert (columns == columns[0]).all()
    assert columns[0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_two_towers_that_fit_no_grid_are_proved_to_be_stuck():
    plots = draw_plots("A T U A", households={"A": 20, "T": 240, "U": 239}).table

    division = divide(plots)

    assert {reason.code for reason in division.reasons.values()} == {"component_admits_no_division"}

    plots = draw_plots("A T A A A A A", households="9 250 100 200 300 300 191").table
    assert plots.households.sum() == 1350

    division = divide(plots)

    stuck = division.reasons[division.grid[1]]
    assert stuck.code == "stuck_plots"
    assert 1 in stuck.facts["plots"]


def test_a_grid_that_nothing_can_mend_is_mended_only_beside_others():
    plots = draw_plots("A T B C D", households="90 250 200 100 300").table
    usual = Settings()
    ground, w = ground_of(plots, BAND, usual), weights_for(BAND, usual)
    labels = labels_for(ground, grid_counts(ground, BAND, usual))

    def bad(grid: list[int]) -> list[int]:
        kernels.load_labels(ground, labels, np.array(grid), w)
        return sorted(kernels.bad_grids(ground, labels, w).tolist())

    assert ground.stuck.tolist() == [True, True, False, False, False]
    assert bad([0, 0, 1, 1, 2]) == []
    assert bad([0, 0, 1, 2, 2]) == [0, 1, 2]


def test_the_same_seed_gives_the_same_grids_whatever_the_workers():
    plots = lattice(20, 20, " ".join(str(3 + (7 * p) % 23) for p in range(400))).table

    one, again, two = divide(plots), divide(plots), divide(plots, workers=2)

    assert np.array_equal(one.grid, again.grid)
    assert np.array_equal(one.grid, two.grid)


def test_no_plots_make_no_grids():
    nothing = np.zeros(0)
    none = np.zeros(0, np.int64)
    edges = Edges(none, none, nothing, none.astype(np.int8), none.astype(bool))

    division = divide(PlotTable(none, nothing, nothing, nothing, np.zeros((0, 2)), edges))

    assert len(division.grid) == 0


def test_progress_grows_from_nothing_to_all():
    told: list[float] = []

    divide(lattice(10, 10, 9).table, progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 1.0


@st.composite
def districts(draw: st.DrawFn) -> PlotTable:
    """A lattice with holes, walls, streets and any households, parks and towers among them."""
    columns, rows = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    count = columns * rows
    ground = draw(st.lists(st.sampled_from("AAAA."), min_size=count, max_size=count))
    lines = draw(st.lists(st.sampled_from("    |~^"), min_size=count, max_size=count))
    ground[0] = "A"
    rows_drawn = [
        "".join(letter + sign for letter, sign in zip(ground[at : at + columns], lines[at:], strict=False))
        for at in range(0, count, columns)
    ]
    people = st.sampled_from([0, 0, 1, 4, 12, 30, 80, 180, 260, 331, 600])
    living = draw(st.lists(people, min_size=ground.count("A"), max_size=ground.count("A")))
    return draw_plots("\n".join(rows_drawn), " ".join(map(str, living))).table


QUICK = Settings(sweeps=2, mending_sweeps=2, mend_rounds=2, rounds=2)


@settings(max_examples=150, deadline=None)
@given(districts(), st.integers(0, 2**32 - 1))
def test_every_plot_has_one_grid_in_one_piece_that_crosses_no_wall(plots: PlotTable, seed: int):
    division = split(plots, BAND, np.random.default_rng(seed), settings=QUICK)

    grids = int(division.grid.max()) + 1
    assert len(division.grid) == len(plots)
    assert np.unique(division.grid).tolist() == list(range(grids))
    assert sum(load(plots, division)) == plots.households.sum()
    assert (partition.pieces(plots.edges, division.grid) == 1).all()
    assert one_component_each(division)
    assert set(division.reasons) == set(np.flatnonzero(~BAND.holds(np.array(load(plots, division)))))


def test_tiles_worked_on_at_once_give_what_one_thread_gives():
    plots = lattice(56, 56, " ".join(str(3 + (7 * p) % 23) for p in range(56 * 56))).table

    one, two = divide(plots, settings=QUICK), divide(plots, settings=QUICK, workers=2)

    assert tiles_for(int(one.grid.max()) + 1) > 1
    assert np.array_equal(one.grid, two.grid)


@settings(max_examples=25, deadline=None)
@given(districts(), st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_grids(plots: PlotTable, seed: int):
    first, second = (split(plots, BAND, np.random.default_rng(seed), settings=QUICK) for _ in range(2))

    assert np.array_equal(first.grid, second.grid)
    assert first.reasons == second.reasons


def one_component_each(division: Division) -> bool:
    pairs = np.unique(np.stack([division.grid, division.component]), axis=1)
    return pairs.shape[1] == int(division.grid.max()) + 1


AFTER_WARMING = """
from app.geo.split import kernels, limits, split, warm
from app.geo.plots import Band
from tests.geo.drawing import draw_plots
import numpy as np

def compiled():
    functions = {**vars(kernels), **vars(limits)}.values()
    return {f.py_func.__name__: len(f.signatures) for f in functions if hasattr(f, "signatures")}

warm()
before = compiled()
town = draw_plots("A B C D\\nE F G H", households="200 200 200 200\\n200 200 200 200")
assert split(town.table, Band(300, 270, 330), np.random.default_rng(1)).reasons
assert compiled() == before, "a person would have waited for the compiler"
"""


def test_nothing_is_left_to_compile_when_a_person_waits():
    done = subprocess.run([sys.executable, "-c", AFTER_WARMING], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
