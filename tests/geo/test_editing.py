"""Acts on a drawn plan: what each does, what it refuses, and what must hold of all of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Refusal
from app.geo import editing, repairing
from app.geo.editing import Excerpt
from app.geo.partition import pieces
from app.geo.plots import Band
from tests.geo.drawing import draw_plots

RNG = np.random.default_rng


THIRTY = Band(30, 27, 33)


def excerpt_of(drawing: str, households: int | str = 10, band: Band = THIRTY, **more) -> Excerpt:
    """A drawn plan; every plot one building, nothing locked, one community."""
    drawn = draw_plots(drawing, households)
    n, k = len(drawn.grid), len(drawn.names)
    given = Excerpt(
        drawn.table,
        drawn.grid,
        drawn.polygons,
        np.zeros(n, np.int64),
        np.ones(n, np.int64),
        drawn.table.households,
        band,
        np.zeros(n, np.bool_),
        np.zeros(k, np.bool_),
        np.zeros(k, np.bool_),
        np.arange(n),
    )
    return replace(given, **more)


def shown(grid: np.ndarray, columns: int) -> list[str]:
    """Grids as letters, row by row."""
    return ["".join("ABCDEFGH"[number] for number in row) for row in grid.reshape(-1, columns)]


def refusal(act, *given, **more) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*given, **more)
    return caught.value


def line(*corners: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(corners)


THREE_ROWS = """
    A A A B
    A A A B
    A A A B
"""


def test_plots_are_given_to_the_neighbour():
    after = editing.give(excerpt_of(THREE_ROWS), np.array([2, 6]), 1)

    assert shown(after, 4) == ["AABB", "AABB", "AAAB"]


def test_a_plot_that_does_not_touch_the_taker_is_refused_with_what_to_draw():
    found = refusal(editing.give, excerpt_of(THREE_ROWS), np.array([0]), 1)

    assert (found.code, found.facts["grid"], found.facts["pieces"]) == ("grid_in_pieces", 1, 2)
    assert found.facts["plots"].tolist() == [0]


def test_giving_away_the_way_to_a_plot_is_refused():
    torn = refusal(editing.give, excerpt_of("A A A\nA B A\nA B A"), np.array([1, 2, 5]), 1)

    assert (torn.code, torn.facts["grid"], torn.facts["plots"].tolist()) == ("grid_in_pieces", 0, [8])


def test_what_is_locked_does_not_move():
    locked = excerpt_of(THREE_ROWS, closed=np.array([False, True]))
    fixed = excerpt_of(THREE_ROWS, fixed=np.arange(12) == 2)

    assert refusal(editing.give, locked, np.array([2]), 1).code == "grid_is_locked"
    assert refusal(editing.give, fixed, np.array([2]), 1).code == "building_is_locked"
    assert refusal(editing.merge, fixed, 1, np.array([0])).code == "building_is_locked"


def test_no_grid_comes_to_reach_over_communities():
    given = excerpt_of("A A B B", community=np.array([5, 5, 6, 6]))

    found = refusal(editing.give, given, np.array([1]), 1)

    assert (found.code, found.facts["grid"], found.facts["plots"].tolist()) == ("community_crossed", 1, [1])


def test_what_changes_nothing_is_refused():
    assert refusal(editing.give, excerpt_of("A A B"), np.array([2]), 1).code == "nothing_changes"


def test_grids_that_touch_are_merged_into_the_first():
    given = excerpt_of("A B C")

    assert shown(editing.merge(given, 1, np.array([0])), 3) == ["BBC"]
    assert refusal(editing.merge, given, 0, np.array([2])).code == "grid_in_pieces"


# --- Drawing ---------------------------------------------------------------------------------------------


def test_a_grid_is_drawn_by_the_plots_most_of_which_is_covered():
    given = excerpt_of(THREE_ROWS)

    plots = editing.plots_under(given.polygons, shapely.box(-5, 4, 14, 40))

    assert plots.tolist() == [0, 4, 8]
    assert shown(editing.draw(given, plots), 4) == ["CAAB", "CAAB", "CAAB"]


def test_what_a_drawn_grid_tears_off_goes_to_the_neighbour_with_the_longest_line():
    after = editing.draw(excerpt_of(THREE_ROWS), np.array([4, 5, 6]))

    assert shown(after, 4) in (["AAAB", "CCCB", "BBBB"], ["BBBB", "CCCB", "AAAB"])


def test_ground_shut_in_by_a_drawn_grid_goes_to_it():
    ring = np.array([0, 1, 2, 4, 6, 8, 9, 10])
    hall = "1 1 1 1  1 1 1 1  1 1 1 1  9 1 1 1"

    after = editing.draw(excerpt_of("A A A B\nA A A B\nA A A B\nA B B B", hall), ring)

    assert shown(after, 4) == ["CCCB", "CCCB", "CCCB", "ABBB"]


def test_drawing_says_why_it_cannot_be():
    apart = refusal(editing.draw, excerpt_of(THREE_ROWS), np.array([0, 2]))
    across = refusal(editing.draw, excerpt_of("A B", community=np.array([1, 2])), np.array([0, 1]))

    assert (apart.code, apart.facts["pieces"], apart.facts["plots"].tolist()) == ("drawn_in_pieces", 2, [2])
    assert across.code == "drawn_across_communities"
    assert refusal(editing.draw, excerpt_of(THREE_ROWS), np.array([], int)).code == "drawn_holds_no_plot"


def test_a_torn_off_plot_that_is_locked_refuses_the_drawing():
    given = excerpt_of(THREE_ROWS, fixed=np.isin(np.arange(12), (0, 8)))

    assert refusal(editing.draw, given, np.array([4, 5, 6])).code == "building_is_locked"


# --- Dividing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [(40, -10), (-10, 40), (24, 6)])
def test_a_line_divides_a_grid_whichever_way_it_is_drawn_and_though_it_ends_a_little_short(ends):
    after = editing.divide_by_line(excerpt_of(THREE_ROWS), 0, line(*((11, y) for y in ends)))

    assert shown(after, 4) == ["CAAB", "CAAB", "CAAB"]


def test_plots_go_to_the_side_that_most_of_their_ground_lies_on():
    after = editing.divide_by_line(excerpt_of(THREE_ROWS), 0, line((-5, 18), (35, 13)))

    assert shown(after, 4) == ["CCCB", "AACB", "AAAB"]


def test_a_line_beside_the_grid_or_hardly_in_it_divides_nothing():
    given = excerpt_of(THREE_ROWS)

    for drawn in (line((50, 0), (50, 30)), line((11, 16), (11, 14)), line((0.5, -5), (0.5, 35))):
        assert refusal(editing.divide_by_line, given, 0, drawn).code == "line_divides_nothing"


def test_a_scrap_beyond_a_crooked_line_stays_with_its_own():
    hook = line((-5, 15), (15, 15), (15, 40))  # cuts off the upper left corner …
    comb = line((-5, 21), (11, 21), (11, 29), (19, 29), (19, 21), (35, 21))  # … and teeth along the top

    assert shown(editing.divide_by_line(excerpt_of(THREE_ROWS), 0, hook), 4) == ["CAAB", "AAAB", "AAAB"]
    after = editing.divide_by_line(excerpt_of(THREE_ROWS), 0, comb)
    assert (pieces(excerpt_of(THREE_ROWS).table.edges, after) == 1).all()


def test_the_part_with_what_is_locked_stays_the_grid():
    given = excerpt_of(THREE_ROWS, fixed=np.arange(12) == 0)

    assert shown(editing.divide_by_line(given, 0, line((11, 40), (11, -5))), 4) == ["ACCB"] * 3


@pytest.mark.parametrize("parts", [2, 3, 4])
def test_a_grid_is_divided_into_parts_of_equal_load(parts: int):
    given = excerpt_of("\n".join(["A A A A A A"] * 6))

    after = editing.divide_into(given, 0, parts, RNG(1))

    assert np.ptp(np.bincount(after)) <= 1
    assert (pieces(given.table.edges, after) == 1).all()


def test_a_grid_of_few_plots_has_few_parts():
    found = refusal(editing.divide_into, excerpt_of("A A A"), 0, 4, RNG(1))

    assert (found.code, found.facts["most"]) == ("parts_too_many", 3)


def test_what_moves_as_one_is_not_divided():
    given = excerpt_of("A A A A", group=np.array([0, 1, 1, 2]))

    after = editing.divide_into(given, 0, 2, RNG(1))

    assert after[1] == after[2]


# --- Streets ---------------------------------------------------------------------------------------------

WITH_STREETS = """
    A A|A B|B
    A A|A B|B
"""


def test_streets_that_a_border_could_follow_are_told_with_their_metres():
    given = excerpt_of(WITH_STREETS)
    streets = np.array([line((20, -9), (20, 30)), line((33, 0), (33, 20)), line((-5, 10), (60, 10))], object)

    assert editing.metres_along(given.polygons, streets).tolist() == [20.0, 0.0, 50.0]


def test_of_a_street_only_its_longest_part_within_some_ground_is_a_line_through_it():
    given = excerpt_of("A A A A\nA A A A")
    bent = np.array([line((20, -9), (20, 20)), line((20, 20), (20, 30)), line((50, 5), (90, 5))], object)

    through = editing.line_through(given.polygons, bent)

    assert through is not None
    assert through.equals(line((20, 2), (20, 18)))
    assert editing.line_through(given.polygons, np.array([line((-9, 0), (60, 0))], object)) is None
    assert editing.line_through(given.polygons, np.array([line((90, 0), (90, 20))], object)) is None


def test_a_border_moves_onto_a_street_and_plots_on_its_far_side_flip():
    given = excerpt_of(WITH_STREETS)

    assert shown(editing.follow_street(given, 0, 1, line((20, -9), (20, 30))), 5) == ["AABBB"] * 2
    assert shown(editing.follow_street(given, 1, 0, line((40, 30), (40, -9))), 5) == ["AAAAB"] * 2


def test_a_street_that_leaves_a_grid_hardly_anything_lies_not_between_them():
    given = excerpt_of("A|A A A A A B\nA|A A A A A B")

    found = refusal(editing.follow_street, given, 0, 1, line((10, -5), (10, 25)))

    assert found.code == "street_not_between"


def test_ground_stays_whose_new_border_would_not_run_on_the_street():
    given = excerpt_of("A A A B\nA A A B\nA A A B\nA A A B", households="1 1 1 9 " * 4)

    corner = editing.follow_street(given, 0, 1, line((20, 45), (20, 20), (45, 20)))  # around a corner of A

    assert shown(corner, 4) == ["AABB", "AABB", "AAAB", "AAAB"]


def test_a_street_elsewhere_is_none_to_follow():
    given = excerpt_of("A A B B C")

    assert refusal(editing.follow_street, given, 0, 1, line((90, 0), (90, 9))).code == "street_not_between"
    assert refusal(editing.follow_street, given, 0, 2, line((20, 0), (20, 9))).code == "grids_apart"


# --- Repairing -------------------------------------------------------------------------------------------

FOUR = """
    A A A B B B
    A A A B B B
    A A A B B B
    C C C D D D
    C C C D D D
    C C C D D D
"""
UNEVEN = """
    50 30 40 30 30 30
    30 30 40 30 30 30
    30 30 40 20 35 30
    30 30 30 30 30 30
    30 30 30 30 30 30
    40 30 30 30 30 30
"""


def test_a_grid_out_of_band_gets_the_cheapest_moves_with_different_neighbours_first():
    given = excerpt_of(FOUR, UNEVEN, Band(275, 243, 305))

    found = repairing.repairs(given, 0, RNG(1))

    changed = [set(np.unique(way.grid[way.grid != given.grid])) for way in found[:2]]
    moved = [int(given.load[way.grid != given.grid].sum()) for way in found[:2]]
    assert moved[0] == 40 <= moved[1]
    assert changed[0] == {1} != changed[1]
    assert all(repairing.standing(given, 0, way.grid) == (0, 0, 0) for way in found[:3])


def test_the_cheapest_of_few_plots_is_what_trying_all_sets_finds():
    given = excerpt_of("A A A B B B\nA A A B B B", "5 9 7 1 5 8 6 9 8 4 3 2", Band(35, 30, 40))

    first = repairing.repairs(given, 0, RNG(1))[0]

    def works(plots: tuple[int, ...]) -> bool:
        grid = given.grid.copy()
        grid[list(plots)] = 1
        in_one_piece = (pieces(given.table.edges, grid) == 1).all()
        return in_one_piece and repairing.standing(given, 0, grid) == (0, 0, 0)

    sets = [s for size in (1, 2, 3) for s in combinations(np.flatnonzero(given.grid == 0).tolist(), size)]
    cheapest = min(int(given.load[list(s)].sum()) for s in sets if works(s))
    assert given.load[first.grid != given.grid].sum() == cheapest


def test_a_grid_in_pieces_is_joined_or_gives_up_what_is_torn_off():
    given = excerpt_of("A B A\nA B B\nA A B", 10, Band(30, 1, 90))

    found = repairing.repairs(given, 0, RNG(1))

    assert {tuple(shown(way.grid, 3)) for way in found} >= {("ABB", "ABB", "AAB"), ("AAA", "ABB", "AAB")}


def test_a_grid_of_hardly_anybody_may_join_its_neighbour_and_one_of_many_be_divided():
    small = repairing.repairs(excerpt_of("A B B B", "1 10 10 10"), 0, RNG(1))
    large = repairing.repairs(excerpt_of("A A A A A A"), 0, RNG(1))

    assert [(way.kind, shown(way.grid, 4)) for way in small] == [("merge", ["BBBB"])]
    assert [(way.kind, shown(way.grid, 6)) for way in large] in (
        [("divide", ["AAABBB"])],
        [("divide", ["BBBAAA"])],
    )


def test_repairing_leaves_what_is_locked_and_says_where_nothing_is_amiss():
    locked = excerpt_of(FOUR, UNEVEN, Band(275, 243, 302), closed=np.array([False, True, False, False]))

    assert all((way.grid[locked.grid == 1] == 1).all() for way in repairing.repairs(locked, 0, RNG(1)))
    assert all(not (way.grid[locked.grid != 1] == 1).any() for way in repairing.repairs(locked, 0, RNG(1)))
    assert refusal(repairing.repairs, locked, 1, RNG(1)).code == "grid_is_locked"
    assert refusal(repairing.repairs, locked, 2, RNG(1)).code == "nothing_to_repair"


def test_two_grids_are_made_as_even_as_their_plots_allow():
    given = excerpt_of("A A A A B B", "10 10 10 10 10 10")

    assert shown(repairing.rebalance_pair(given, 1, 0, RNG(1)), 6) == ["AAABBB"]
    assert refusal(repairing.rebalance_pair, excerpt_of("A A B B"), 0, 1, RNG(1)).code == "nothing_changes"
    assert refusal(repairing.rebalance_pair, excerpt_of("A B C"), 0, 2, RNG(1)).code == "grids_apart"


# --- What must hold of every act -------------------------------------------------------------------------


@st.composite
def given_excerpts(draw) -> Excerpt:
    """A lattice grown into a few grids, with walls, locks and a community border now and then."""
    side = draw(st.integers(3, 6))
    seed = draw(st.integers(0, 10_000))
    rng = RNG(seed)
    drawn = excerpt_of("\n".join([" ".join("A" * side)] * side))
    count = draw(st.integers(2, 4))
    n = side * side
    edges = replace(drawn.table.edges, wall=rng.random(len(drawn.table.edges)) < 0.05)
    grid = np.full(n, -1)
    grid[rng.permutation(n)[:count]] = np.arange(count)
    for _ in range(n):
        for i, j in zip(edges.i, edges.j, strict=True):
            if (grid[i] < 0) != (grid[j] < 0):
                grid[i] = grid[j] = max(grid[i], grid[j])
    households = rng.integers(0, 20, n)
    return replace(
        drawn,
        table=replace(drawn.table, edges=edges, households=households),
        grid=grid,
        load=households,
        closed=rng.random(count) < 0.15,
        special=np.zeros(count, np.bool_),
        fixed=rng.random(n) < 0.05,
        band=Band(60, 40, 80),
    )


def acts(given: Excerpt, rng: np.random.Generator):
    """One of each act, on something random."""
    one, other = rng.permutation(given.count)[:2].tolist()
    low, high = given.table.xy.min() - 8, given.table.xy.max() + 8
    drawn = line(*rng.uniform(low, high, (int(rng.integers(2, 5)), 2)))
    box = shapely.box(*np.sort(rng.uniform(low, high, (2, 2)), axis=0).ravel())
    plots = rng.permutation(len(given.grid))[: int(rng.integers(1, 4))]
    street = line((rng.uniform(low, high) // 10 * 10, low), (rng.uniform(low, high) // 10 * 10, high))
    yield lambda: [editing.give(given, plots, one)]
    yield lambda: [editing.merge(given, one, np.array([other]))]
    yield lambda: [editing.draw(given, editing.plots_under(given.polygons, box))]
    yield lambda: [editing.divide_by_line(given, one, drawn)]
    yield lambda: [editing.divide_into(given, one, int(rng.integers(2, 4)), rng)]
    yield lambda: [editing.follow_street(given, one, other, street)]
    yield lambda: [way.grid for way in repairing.repairs(given, one, rng)]
    yield lambda: [repairing.rebalance_pair(given, one, other, rng)]


@settings(max_examples=60, deadline=None)
@given(given=given_excerpts(), seed=st.integers(0, 10_000))
def test_no_act_loses_a_plot_tears_a_grid_or_moves_what_is_locked(given: Excerpt, seed: int):
    edges = given.table.edges
    before = pieces(edges, given.grid)
    for act in acts(given, RNG(seed)):
        try:
            found = act()
        except Refusal as refused:
            assert np.isin(refused.facts.get("plots", []), np.arange(len(given.grid))).all()
            continue
        for after in found:
            now = pieces(edges, after)
            assert after.shape == given.grid.shape
            assert (after >= 0).all()
            assert (now[: given.count] <= np.maximum(before, 1)[: len(now)]).all()
            assert (now[given.count :] == 1).all()
            moved = after != given.grid
            assert not given.fixed[moved].any()
            assert not given.closed[given.grid[moved]].any()
            assert not given.closed[after[moved][after[moved] < given.count]].any()
