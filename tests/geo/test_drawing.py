"""The drawings themselves: every other test stands on them."""

import pytest
import shapely

from app.geo.plots import LineClass
from tests.geo.drawing import draw, draw_plots


def test_letters_become_plots_in_reading_order():
    plots = draw_plots("""
        A A|B
        . B B
    """)

    assert plots.names == ["A", "B"]
    assert plots.grid.tolist() == [0, 0, 1, 1, 1]
    assert plots.table.xy.tolist() == [[5, 15], [15, 15], [25, 15], [15, 5], [25, 5]]
    assert list(zip(plots.edges.i, plots.edges.j, strict=True)) == [(0, 1), (1, 2), (1, 3), (2, 4), (3, 4)]
    assert plots.table.outer.tolist() == [30, 10, 20, 20, 20]


def test_signs_between_letters_are_the_lines_between_plots():
    plots = draw_plots("""
        A|B
        ~+#
        C D
    """)
    lines = dict(zip(zip(plots.edges.i, plots.edges.j, strict=True), plots.edges.kind, strict=True))

    assert lines == {
        (0, 1): LineClass.LOCAL,
        (0, 2): LineClass.RIVER,
        (1, 3): LineClass.ARTERIAL,
        (2, 3): LineClass.INSIDE_BLOCK,
    }
    assert plots.edges.wall.tolist() == [False, True, False, False]


@pytest.mark.parametrize("households", [7, "7 7 7", {"A": 7, "B": 7}])
def test_households_are_one_number_a_drawing_or_by_letter(households):
    assert draw_plots("A A B", households=households).table.households.tolist() == [7, 7, 7]


def test_grids_share_exact_corners():
    grids = draw("""
        A A B
        C C B
    """)

    assert shapely.coverage_is_valid(grids.to_numpy()[[1, 2]])
    assert grids["A"].intersection(grids["B"]).length == 10
