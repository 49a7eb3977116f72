from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.geo.plots import Band, IntArray
from app.geo.split.limits import FITS, STUCK, UNDECIDED, best_count, count_limits, fits_a_grid, stuck_plots

BAND = Band(300, 270, 330)


@pytest.mark.parametrize(
    "total", [0, 269, 331, 400, 539, 661, 809, 991, 1079, 1321, 1349], ids=lambda total: f"{total} households"
)
def test_some_totals_admit_no_division(total: int):
    assert not count_limits(total, BAND)


@given(st.integers(1350, 10**7))
def test_every_total_from_1350_on_admits_one(total: int):
    assert count_limits(total, BAND)


@given(st.integers(0, 5000), st.integers(1, 20))
def test_a_count_is_feasible_when_its_mean_lies_in_band(total: int, count: int):
    assert (count in count_limits(total, BAND)) == (270 * count <= total <= 330 * count)


@given(st.integers(1350, 10**6))
def test_the_best_count_has_the_mean_closest_to_the_target(total: int):
    best = best_count(total, BAND)

    assert all(abs(total / best - 300) <= abs(total / (best + step) - 300) + 1e-9 for step in (-1, 1))


def chain(households: list[int]) -> tuple[IntArray, IntArray, np.ndarray]:
    """The lines of plots in a row."""
    n = len(households)
    neighbours = [[other for other in (plot - 1, plot + 1) if 0 <= other < n] for plot in range(n)]
    start = np.concatenate([[0], np.cumsum([len(row) for row in neighbours])]).astype(np.int64)
    neighbour = np.array(list(itertools.chain(*neighbours)), dtype=np.int64)
    return start, neighbour, np.ones(len(neighbour), dtype=np.bool_)


@settings(deadline=None)
@given(st.lists(st.sampled_from([0, 5, 40, 90, 150, 200, 250, 400]), min_size=1, max_size=9))
def test_a_plot_in_a_row_is_stuck_exactly_when_no_run_around_it_falls_in_band(households: list[int]):
    mark = np.zeros(len(households), dtype=np.int64)
    count = np.array(households, dtype=np.int64)

    for plot in range(len(households)):
        answer = fits_a_grid(*chain(households), count, plot, 270, 330, 10_000, mark)

        runs = [
            sum(households[first : last + 1])
            for first in range(plot + 1)
            for last in range(plot, len(households))
        ]
        assert answer == (FITS if any(270 <= total <= 330 for total in runs) else STUCK)
        assert not mark.any()


def test_a_search_cut_short_proves_nothing():
    households = [250, *([9] * 60)]
    mark = np.zeros(len(households), dtype=np.int64)

    answer = fits_a_grid(*chain(households), np.array(households), 0, 271, 273, 2, mark)

    assert answer == UNDECIDED


def test_only_towers_are_held_to_fit_some_grid():
    households = [100, 120, 250, 150, 90, 90, 20]

    found = stuck_plots(*chain(households), np.array(households), 30, 270, 330, 1000)

    assert np.flatnonzero(found).tolist() == [0, 1, 2]
    assert not stuck_plots(*chain(households), np.array(households), 260, 270, 330, 1000).any()
