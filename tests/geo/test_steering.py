"""What a manager wishes of a split holds, whatever the ground."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.errors import Refusal
from app.geo import partition
from app.geo.plots import Band, LineClass, PlotTable
from app.geo.split import Settings, Wishes, engine_of, split
from app.geo.split.steering import (
    anchor,
    area_of,
    band_for,
    micro_grids,
    parted,
    parts_of,
    shared_out,
    taken_out,
    with_walls,
)
from tests.geo.drawing import draw_plots
from tests.geo.test_split import lattice

BAND = Band(300, 270, 330)
QUICK = Settings(sweeps=2, mending_sweeps=2, mend_rounds=3, trees_per_group=3, rounds=2)
SEVERAL = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
SIGNS = " |#~:"


def divide(plots: PlotTable, wishes: Wishes, band: Band = BAND, seed: int = 1):
    return split(plots, band, np.random.default_rng(seed), settings=QUICK, wishes=wishes)


@st.composite
def towns(draw: st.DrawFn) -> PlotTable:
    """Blocks of houses between streets, now and then a river, with any households."""
    columns, rows = draw(st.integers(6, 14)), draw(st.integers(4, 9))
    between = draw(st.lists(st.sampled_from("   ||#~"), min_size=columns - 1, max_size=columns - 1))
    line = "".join(f"A{sign}" for sign in between) + "A"
    counts = draw(st.lists(st.integers(0, 60), min_size=columns * rows, max_size=columns * rows))
    return draw_plots("\n".join([line] * rows), " ".join(map(str, counts))).table


def one_piece(plots: PlotTable, grid) -> bool:
    return bool((partition.pieces(plots.edges, grid) == 1).all())


@given(towns(), st.data())
@SEVERAL
def test_fixed_grids_are_left_exactly_alone(plots, data):
    before = divide(plots, Wishes()).grid
    chosen = data.draw(st.lists(st.integers(0, int(before.max())), min_size=1, max_size=3, unique=True))
    fixed = np.full(len(plots), -1, np.int64)
    for number, grid in enumerate(chosen):
        fixed[before == grid] = number

    after = divide(plots, Wishes(fixed=fixed), seed=2)

    for number in range(len(chosen)):
        mine = np.unique(after.grid[fixed == number])
        assert len(mine) == 1
        assert np.array_equal(after.grid == mine[0], fixed == number)
    assert one_piece(plots, after.grid)


@given(towns(), st.data())
@SEVERAL
def test_no_two_seeds_share_a_grid(plots, data):
    plot = st.integers(0, len(plots) - 1)
    seeds = np.array(data.draw(st.lists(plot, min_size=2, max_size=5, unique=True)), np.int64)

    try:
        division = divide(plots, Wishes(seeds=seeds))
    except Refusal as refused:
        assert refused.code == "seeds_too_many"  # more than their ground has room for
        return

    assert len(np.unique(division.grid[seeds])) == len(seeds)
    assert one_piece(plots, division.grid)


def test_neighbouring_seeds_are_parted_too():
    plots = lattice(12, 10, 10).table  # four grids
    seeds = np.array([52, 53, 64, 65])

    division = divide(plots, Wishes(seeds=seeds))

    assert len(np.unique(division.grid[seeds])) == 4
    assert one_piece(plots, division.grid)


def test_parting_takes_as_many_neighbours_as_it_needs():
    plots = lattice(8, 8, 10).table
    quarters = (np.arange(64) // 32) * 2 + (np.arange(64) % 8) // 4
    apart = np.array([0, 1, 2])

    grid = parted(plots, quarters.astype(np.int64), apart, 160)

    assert len(np.unique(grid[apart])) == 3
    assert one_piece(plots, grid)
    assert np.bincount(grid).min() > 4


@given(towns(), st.sampled_from([LineClass.LOCAL, LineClass.ARTERIAL, LineClass.RIVER]))
@SEVERAL
def test_lines_never_to_be_crossed_are_not(plots, line):
    division = divide(plots, Wishes(lines={line: "never"}))

    walled = with_walls(plots.edges, {line: "never"})
    assert (partition.pieces(walled, division.grid) == 1).all()
    assert np.array_equal(division.component, parts_of(walled, len(plots)))


def test_a_line_is_followed_more_and_crossed_more_as_wished():
    plots = draw_plots("\n".join(["A A A A A#A A A A A A A"] * 10), 10).table
    arterial = plots.edges.kind == LineClass.ARTERIAL

    def along(manner: str) -> float:
        grid = divide(plots, Wishes(lines={LineClass.ARTERIAL: manner}), Band(300, 240, 360)).grid
        border = grid[plots.edges.i] != grid[plots.edges.j]
        return float(plots.edges.metres[arterial & border].sum())

    assert along("follow") > along("avoid")


@given(towns(), st.integers(1, 12))
@SEVERAL
def test_as_many_grids_as_coordinators_where_the_parts_allow_it(plots, count):
    assume(plots.households.sum() > 100)
    parts = int(parts_of(plots.edges, len(plots)).max()) + 1

    division = divide(plots, Wishes(count=count), band_for(float(plots.households.sum()), count))

    made = int(division.grid.max()) + 1
    assert made == max(count, parts)
    assert [(one.code, dict(one.facts)) for one in division.told] == (
        [] if made == count else [("grids_forced", {"wanted": count, "made": made})]
    )


def test_grids_are_shared_out_by_largest_remainder():
    load = np.array([500, 300, 200])
    component = np.array([0, 1, 2])

    assert shared_out(np.repeat(load, 10) // 10, np.repeat(component, 10), 10, np.zeros(3, int)).tolist() == [
        5,
        3,
        2,
    ]
    assert shared_out(np.repeat(load, 10) // 10, np.repeat(component, 10), 4, np.zeros(3, int)).tolist() == [
        2,
        1,
        1,
    ]
    assert shared_out(
        np.repeat(load, 10) // 10, np.repeat(component, 10), 4, np.array([0, 0, 2])
    ).tolist() == [1, 1, 2]


def test_another_load_is_balanced_than_households():
    plots = lattice(12, 10, 10).table
    load = np.where(np.arange(120) % 12 < 6, 15.0, 5.0)  # the same sum, most of it in the west

    division = divide(plots, Wishes(load=load))

    assert BAND.holds(np.bincount(division.grid, load)).all()
    assert not BAND.holds(np.bincount(division.grid, plots.households)).all()


def test_loads_of_fractions_are_balanced_in_thousandths():
    plots = lattice(12, 10, 10).table
    load = np.full(120, 9.876)

    division = divide(plots, Wishes(load=load), Band(300, 270, 330))

    held = np.bincount(division.grid, load)
    assert BAND.holds(held).all()
    assert held.sum() == pytest.approx(120 * 9.876)


def test_a_weight_of_households_is_no_wish_at_all():
    plots = lattice(12, 10, 10).table

    weighted = divide(plots, Wishes(load=plots.households.astype(float)))

    assert np.array_equal(weighted.grid, divide(plots, Wishes()).grid)
    assert np.array_equal(weighted.grid, split(plots, BAND, np.random.default_rng(1), settings=QUICK).grid)


def test_what_is_locked_together_stays_together_and_apart_from_others():
    plots = lattice(12, 10, 10).table
    locked = np.full(120, -1, np.int64)
    locked[[0, 1, 2, 12]] = 0
    locked[[3, 4, 15]] = 1

    division = divide(plots, Wishes(locked=locked))

    first, second = (np.unique(division.grid[locked == number]) for number in (0, 1))
    assert (len(first), len(second)) == (1, 1)
    assert first[0] != second[0]


def test_compounds_stay_whole_unless_a_grid_cannot_hold_them():
    plots = lattice(12, 10, 10).table
    whole = np.full(120, -1, np.int64)
    whole[[5, 6, 17, 18]] = 0
    whole[60:] = 1  # 600 households

    division = divide(plots, Wishes(whole=whole))

    assert len(np.unique(division.grid[whole == 0])) == 1
    assert [(one.code, dict(one.facts)) for one in division.told] == [("compounds_divided", {"count": 1})]


def test_a_compound_in_pieces_is_divided_and_one_joined_by_a_lock_is_not():
    plots = lattice(12, 10, 10).table
    whole, locked = np.full(120, -1, np.int64), np.full(120, -1, np.int64)
    whole[[0, 1, 4, 5]] = 0
    whole[[60, 61, 64, 65]] = 1
    locked[[61, 62, 63, 64]] = 0

    division = divide(plots, Wishes(whole=whole, locked=locked))

    assert len(np.unique(division.grid[60:66])) == 1
    assert [(one.code, dict(one.facts)) for one in division.told] == [("compounds_divided", {"count": 1})]


def test_a_compound_with_two_seeds_is_divided():
    plots = lattice(12, 10, 10).table
    whole = np.full(120, -1, np.int64)
    whole[[0, 1, 2]] = 0

    division = divide(plots, Wishes(whole=whole, seeds=np.array([0, 2])))

    assert division.grid[0] != division.grid[2]
    assert [one.code for one in division.told] == ["compounds_divided"]


def test_the_first_of_several_areas_is_that_of_a_plot():
    plots = shapely.box([0, 2, 9], 0, [1, 3, 10], 1)
    areas = shapely.box([2, 0, 0], 0, [3, 1.5, 3], 1)

    assert area_of(plots, areas).tolist() == [1, 0, -1]
    assert area_of(plots, areas[:0]).tolist() == [-1, -1, -1]


@given(towns())
@SEVERAL
def test_micro_grids_tile_their_grid_and_their_sums_are_exact(plots):
    grid = divide(plots, Wishes()).grid
    whole = np.zeros(int(grid.max()) + 1, bool)
    whole[0] = True

    micro = micro_grids(plots, grid, Band(65, 50, 80), engine_of(np.random.default_rng(1), QUICK), whole)

    assert np.array_equal(micro < 0, grid == 0)
    inside = micro >= 0
    for number in np.unique(grid[inside]):
        own = np.unique(micro[grid == number])
        sums = [plots.households[micro == one].sum() for one in own]
        assert sum(sums) == plots.households[grid == number].sum()
        assert not np.isin(micro[grid != number], own).any()
    if inside.any():
        ground = taken_out(plots, np.flatnonzero(inside))
        assert one_piece(ground, micro[inside])


def test_an_anchor_takes_the_way_with_fewest_households():
    plots = draw_plots("A A A\nA A A\nA A A", "1 90 1  1 90 1  1 1 1").table

    joined = anchor(plots, np.array([0, 2]), np.arange(9))
    apart = anchor(plots, np.array([0, 2]), np.array([0, 2, 3, 5]))

    assert joined.tolist() == [0, 2, 3, 5, 6, 7, 8]
    assert apart is None


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (Wishes(count=1, seeds=np.array([0, 50])), "coordinators_too_few"),
        (Wishes(count=121), "coordinators_too_many"),
        (Wishes(seeds=np.arange(9)), "seeds_too_many"),
        (Wishes(seeds=np.array([7, 7])), "seeds_in_one_plot"),
        (Wishes(seeds=np.array([0, 1]), locked=np.where(np.arange(120) < 2, 0, -1)), "seeds_in_one_lock"),
        (Wishes(locked=np.zeros(120, np.int64)), "locked_too_large"),
    ],
)
def test_wishes_that_contradict_each_other_are_refused(wishes, code):
    with pytest.raises(Refusal) as refused:
        divide(lattice(12, 10, 10).table, wishes)

    assert refused.value.code == code


def test_a_locked_grid_out_of_band_says_that_it_is_locked_and_a_special_one_nothing():
    plots = lattice(12, 10, 10).table
    fixed = np.full(120, -1, np.int64)
    fixed[[0, 1]], fixed[[10, 11]] = 0, 1

    division = divide(plots, Wishes(fixed=fixed, special=np.array([False, True])))

    assert division.reasons[int(division.grid[0])].code == "locked"
    assert int(division.grid[10]) not in division.reasons


def shut_in_by(drawing: str, households, special: str = ""):
    """Why the free ground (`.`) of a drawing is out of band where its letters are grids left alone."""
    plots = draw_plots(drawing, households)
    left = [plots.names[number] for number in plots.grid]
    alone = sorted({name for name in left if name != "o"})
    fixed = np.array([alone.index(name) if name != "o" else -1 for name in left])
    special_of = np.array([name in special for name in alone])
    division = divide(plots.table, Wishes(fixed=fixed, special=special_of))
    return {left[np.argmax(division.grid == number)]: why for number, why in division.reasons.items()}


def test_ground_that_only_locked_grids_cut_off_says_which_and_which_one_to_unlock():
    why = shut_in_by("o A B B", {"o": 100, "A": 200, "B": 150})["o"]  # with A it makes a grid

    assert (why.code, why.facts["component_households"], why.facts["around_plots"]) == ("shut_in", 100, (1,))
    assert (why.remedy.code, why.remedy.facts["around_plots"]) == ("unlock_beside", (1,))
    assert (why.remedy.facts["together_households"], why.remedy.facts["grids"]) == (300, 1)


def test_unlocking_is_no_remedy_where_it_does_not_add_up():
    why = shut_in_by("o A", {"o": 100, "A": 300})["o"]  # 400: neither one grid nor two

    assert (why.code, why.remedy.code) == ("shut_in", "special_grid")


def test_what_lies_beyond_a_locked_grid_is_counted_too():
    why = shut_in_by("o A o o", {"o": 100, "A": 300})["o"]  # 600 in all, 400 without the far side

    assert why.remedy.facts["together_households"] == 600


def test_a_special_grid_shuts_in_too_but_is_not_to_be_unlocked():
    why = shut_in_by("o A", {"o": 100, "A": 200}, special="A")["o"]

    assert (why.code, why.facts["around_plots"], why.remedy.code) == ("shut_in", (1,), "special_grid")


def test_what_was_not_found_says_which_grids_were_left_out_of_the_search():
    why = shut_in_by("o o o|A", "200 200 200 300")["o"]

    assert (why.code, why.facts["around_plots"]) == ("stuck_plots", (3,))


def test_an_island_beside_a_locked_grid_is_still_an_island():
    why = shut_in_by("o~A A", {"o": 100, "A": 100})["o"]

    assert why.code == "component_too_small"


@given(towns(), st.integers(0, 99))
@SEVERAL
def test_the_same_wishes_and_seed_give_the_same_grids(plots, seed):
    wishes = Wishes(lines={LineClass.LOCAL: "follow"}, load=plots.households * 0.5, seeds=np.array([0]))

    one, again = (
        divide(plots, wishes, Band(150, 135, 165), seed),
        divide(plots, wishes, Band(150, 135, 165), seed),
    )

    assert np.array_equal(one.grid, again.grid)
