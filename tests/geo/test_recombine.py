"""Blocks of a few neighbours are put together as is cheapest: beside all ways there are, one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from app.geo.plots import Band, IntArray, LineClass, PlotTable
from app.geo.split import Settings, grid_counts, ground_of, kernels, labels_for, weights_for
from app.geo.split.kernels import Ground, Weights
from tests.geo.drawing import draw_plots

BAND = Band(30, 24, 36)
SIDE = 3  # plots in each direction
ORDINARY = Settings()
START = np.repeat(np.arange(SIDE), SIDE)  # a grid a row


def blocks(households: list[int]) -> PlotTable:
    """Nine plots, each a block of its own."""
    row = "|".join("A" * SIDE)
    drawing = f"\n{'-' * len(row)}\n".join([row] * SIDE)
    return draw_plots(drawing, " ".join(map(str, households))).table


def cost(ground: Ground, grid: IntArray, w: Weights) -> float:
    """What grids cost, infinite when one is not in one piece: summed up plot by plot."""
    owner = np.repeat(np.arange(len(grid)), np.diff(ground.start))
    inside = grid[owner] == grid[ground.neighbour]
    links = coo_matrix((inside & ground.passable, (owner, ground.neighbour)), shape=(len(grid), len(grid)))
    links.eliminate_zeros()
    if connected_components(links, directed=False)[0] > len(np.unique(grid)):
        return float("inf")
    total = 0.0
    for number in np.unique(grid):
        row = ground.own[grid == number].sum(axis=0)
        lines = inside & (grid[owner] == number)
        row[kernels.PERIMETER] -= ground.metres[lines].sum()
        row[kernels.PRICE] -= ground.price[lines].sum()
        total += kernels.row_cost(row, w)
    return total


def cheapest_of_all(plots: PlotTable, ground: Ground, w: Weights) -> float:
    """Of all divisions into three grids within the band, or the loads at the start."""
    loads = np.bincount(START, plots.households)
    least, most = min(BAND.least, loads.min()), max(BAND.most, loads.max())
    cheapest = float("inf")
    for tail in product(range(SIDE), repeat=SIDE**2 - 1):
        tried = np.array([0, *tail])
        sums = np.bincount(tried, plots.households, SIDE)
        if sums.min() >= least and sums.max() <= most and len(np.unique(tried)) == SIDE:
            cheapest = min(cheapest, cost(ground, tried, w))
    return cheapest


def recombined(
    plots: PlotTable, tries: int = 40, asked: Settings = ORDINARY
) -> tuple[Ground, Weights, IntArray]:
    ground = ground_of(plots, BAND, asked)
    counts = grid_counts(ground, BAND, Settings())
    w, labels, desk = weights_for(BAND, Settings()), labels_for(ground, counts), kernels.desk_for(ground)
    kernels.load_labels(ground, labels, START, w)
    seed = np.array([1], dtype=np.uint64)
    for _ in range(tries):
        kernels.recombine(ground, labels, desk, np.arange(SIDE), 0, 0.0, w, seed)
    assert (desk.place == -1).all()
    assert np.isinf(desk.board.cost).all()
    return ground, w, labels.grid.copy()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(5, 15), min_size=SIDE**2, max_size=SIDE**2))
def test_no_way_to_put_blocks_together_is_cheaper(households):
    plots = blocks(households)
    ground, w, grid = recombined(plots)

    assert cost(ground, grid, w) == pytest.approx(cheapest_of_all(plots, ground, w))


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(5, 15), min_size=SIDE**2, max_size=SIDE**2))
def test_nor_is_any_where_borders_are_welcome(households):
    plots = blocks(households)
    welcome = Settings(line_price=dict.fromkeys(LineClass, -1.5), shape=0.1)
    ground, w, grid = recombined(plots, asked=welcome)

    assert cost(ground, grid, w) == pytest.approx(cheapest_of_all(plots, ground, w))


def test_an_exchange_of_blocks_that_no_single_move_leads_to():
    plots = blocks([20, 10, 10, 10, 10, 10, 10, 10, 0])  # rows of 40, 30 and 20

    _, _, grid = recombined(plots)

    assert np.bincount(grid, plots.households).tolist() == [30, 30, 30]
