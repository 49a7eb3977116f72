"""Open ground cut along a line: what becomes of plots, their neighbours, their figures and their lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Refusal
from app.geo.cutting import CutPlots, Standing, cut_plots
from app.geo.partition import soundness
from app.geo.plots import LineClass
from tests.geo.drawing import Drawn, draw_plots

NOBODY = Standing(np.zeros(0, object), *[np.zeros(0, np.int64)] * 3)
NO_HOUSES = np.zeros(0, object)


def line(*corners: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(corners)


def cut(
    drawn: Drawn,
    by: shapely.Geometry,
    *wanted: int,
    houses: np.ndarray = NO_HOUSES,
    standing: Standing = NOBODY,
) -> CutPlots:
    """Cut drawn plots, all of them where none is named."""
    plots = np.array(wanted or range(len(drawn.grid)), np.int64)
    buildings = np.zeros(len(drawn.grid), np.int64)
    np.add.at(buildings, standing.plot, standing.buildings)
    return cut_plots(drawn.polygons, drawn.table, buildings, plots, by, houses, standing)


def standing(*houses: tuple[float, float, int, int]) -> Standing:
    """Buildings by their point, plot and households."""
    x, y, plot, households = np.array(houses).T
    return Standing(
        shapely.points(x, y), plot.astype(np.int64), households.astype(np.int64), np.ones(len(x), np.int64)
    )


def test_a_plot_becomes_two_and_its_neighbours_get_the_corners():
    drawn = draw_plots("A A A")

    done = cut(drawn, line((-5, 4), (50, 4)), 1)

    assert sorted(shapely.area(done.polygons[done.origin == 1]).tolist()) == [40, 60]
    assert done.is_whole.tolist() == [True, False, False, True]
    assert done.changed.tolist() == [True, True, True, True]  # for both neighbours have a corner more
    assert soundness(done.polygons, drawn.outline).sound


def test_lines_of_the_pieces_are_of_the_class_they_were():
    drawn = draw_plots("A|A~A")

    done = cut(drawn, line((-5, 4), (50, 4)), 1)

    rows = {
        (int(i), int(j)): (float(m), LineClass(int(k)), bool(w))
        for i, j, m, k, w in zip(
            done.table.edges.i, done.table.edges.j, done.table.edges.metres, done.table.edges.kind,
            done.table.edges.wall, strict=True,
        )
    }  # fmt: skip
    pieces = np.flatnonzero(done.origin == 1)
    assert rows[1, 2] == (10.0, LineClass.INSIDE_BLOCK, False)
    assert {rows[0, int(piece)][1] for piece in pieces} == {LineClass.LOCAL}
    assert {rows[int(piece), 3][1:] for piece in pieces} == {(LineClass.RIVER, True)}
    assert sum(rows[0, int(piece)][0] for piece in pieces) == 10.0


def test_what_stands_on_a_piece_is_counted_there_and_the_rest_with_the_largest():
    drawn = draw_plots("A A", households="50 20")

    done = cut(
        drawn, line((-5, 4), (50, 4)), 0, standing=standing((5, 2, 0, 8), (5, 8, 0, 30), (15, 5, 1, 20))
    )

    by_area = done.table.households[:2][np.argsort(shapely.area(done.polygons[:2]))]
    assert by_area.tolist() == [8, 42]
    assert done.buildings.tolist() in ([1, 1, 1], [1, 1, 1])
    assert done.table.households.sum() == 70


def test_a_building_is_never_cut_and_is_named():
    drawn = draw_plots("A A")
    houses = np.array([shapely.box(13, 3, 17, 7), shapely.box(2, 3, 6, 7)], object)

    with pytest.raises(Refusal) as caught:
        cut(drawn, line((-5, 5), (9, 5)), 0, houses=houses)
    beside = cut(drawn, line((-5, 7), (9.5, 7)), 0, houses=houses)

    assert (caught.value.code, caught.value.facts["building"]) == ("building_in_the_way", 1)
    assert len(beside.polygons) == 3


@pytest.mark.parametrize("by", [line((-5, 30), (50, 30)), line((4, 4), (5, 4)), line((0, -5), (0, 20))])
def test_a_line_that_divides_nothing_is_refused(by):
    with pytest.raises(Refusal) as caught:
        cut(draw_plots("A A"), by)

    assert caught.value.code == "cut_cuts_nothing"


def test_a_scrap_stays_with_the_piece_beside_it():
    with pytest.raises(Refusal):
        cut(draw_plots("A"), line((-5, 9.8), (50, 9.8)))  # 2 m² along the rim
    done = cut(draw_plots("A"), line((-5, 5), (2, 5), (2, 6), (3, 5), (50, 5)))

    assert len(done.polygons) == 2


def test_the_border_of_a_polygon_cuts_too():
    drawn = draw_plots("A A\nA A")

    done = cut(drawn, shapely.boundary(shapely.box(5, 5, 15, 15)))

    assert len(done.polygons) == 8
    assert soundness(done.polygons, drawn.outline).sound


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_whatever_is_cut_the_ground_stays_tiled_and_everybody_counted(seed: int):
    rng = np.random.default_rng(seed)
    drawn = draw_plots("\n".join([" ".join("A" * 4)] * 4), int(rng.integers(1, 50)))
    by = line(*rng.uniform(-5, 45, (int(rng.integers(2, 6)), 2)))
    spots = rng.uniform(0.5, 9.5, (16, 2))
    place = np.array([(10 * (plot % 4), 10 * (3 - plot // 4)) for plot in range(16)])
    here = standing(*((*(spots[p] + place[p]), p, int(rng.integers(0, 30))) for p in range(16)))
    wanted = np.flatnonzero(rng.random(16) < 0.5).tolist() or [5]

    try:
        done = cut(drawn, by, *wanted, standing=here)
    except Refusal as refused:
        assert refused.code == "cut_cuts_nothing"
        return

    edges, table = done.table.edges, done.table
    assert soundness(done.polygons, drawn.outline).sound
    assert table.households.sum() == drawn.table.households.sum()
    assert (table.households >= 0).all()
    assert (done.buildings >= 0).all()
    assert done.buildings.sum() == 16
    assert np.isin(np.flatnonzero(np.bincount(done.origin) > 1), wanted).all()
    inner = sum(np.bincount(end, edges.metres, len(table)) for end in (edges.i, edges.j))
    assert np.allclose(inner + table.outer, table.perimeter, atol=0.05)
    assert (edges.i < edges.j).all()
