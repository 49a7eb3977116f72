"""Density by lattice is that of the direct sum, on every zoom and with every bandwidth."""

import numpy as np
import pytest

from app.geo.density import (
    AROUND_M,
    Frame,
    density,
    direct_density,
    tile_frame,
    to_degrees,
    to_world,
)

MIDDLE = to_world(np.array([113.15]), np.array([36.22]))


def clusters(count: int = 20_000, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points in forty clusters over a city, with weights as hazards have them."""
    rng = np.random.default_rng(seed)
    middles = np.column_stack([rng.uniform(113.10, 113.20, 40), rng.uniform(36.18, 36.26, 40)])
    lonlat = middles[rng.integers(0, 40, count)] + rng.normal(0, 0.002, (count, 2))
    x, y = to_world(lonlat[:, 0], lonlat[:, 1])
    return x, y, rng.choice([1.0, 2.0, 3.0, 6.0, 12.0], count)


@pytest.mark.parametrize("zoom", range(12, 20))
@pytest.mark.parametrize("bandwidth_m", [60, 100, 250, 1000])
def test_density_is_that_of_a_direct_sum_within_one_percent(zoom, bandwidth_m):
    x, y, weights = clusters()
    frame = tile_frame(zoom, int(x[0] * 2**zoom), int(y[0] * 2**zoom))
    rng = np.random.default_rng(zoom)
    row, column = rng.integers(0, 256, (2, 60))
    at_x, at_y = frame.west + (column + 0.5) * frame.pixel, frame.north + (row + 0.5) * frame.pixel
    if bandwidth_m / frame.metres < frame.bandwidth(bandwidth_m):
        bandwidth_m = frame.bandwidth(bandwidth_m) * frame.metres  # as wide as it is drawn

    drawn = density(x, y, weights, frame, bandwidth_m)

    exact = direct_density(x, y, weights, at_x, at_y, bandwidth_m)
    dense = exact >= 0.01 * drawn.max()
    assert dense.any()
    assert np.abs(drawn[row, column] / exact - 1)[dense].max() < 0.01
    assert np.abs(drawn[row, column] - exact).max() < 0.01 * drawn.max()


def test_tiles_meet_without_a_seam():
    x, y, weights = clusters()
    column, row = int(MIDDLE[0][0] * 2**14), int(MIDDLE[1][0] * 2**14)
    whole = density(x, y, weights, Frame(column / 2**14, row / 2**14, 2 / 2**14, 512), 250)

    left, right = (density(x, y, weights, tile_frame(14, column + k, row), 250) for k in (0, 1))

    assert np.allclose(np.hstack([left, right]), whole[:256], rtol=0.005, atol=0.002 * whole.max())


def test_the_sum_over_the_ground_is_the_weight_there_is():
    x, y = MIDDLE
    frame = Frame(x[0] - 2e-5, y[0] - 2e-5, 4e-5)

    drawn = density(x, y, np.array([6.0]), frame, 100)

    area_m2 = (frame.pixel * frame.metres) ** 2
    assert drawn.sum() * area_m2 == pytest.approx(6.0, rel=0.002)


def test_no_points_are_no_heat():
    empty = np.array([])

    assert not density(empty, empty, empty, tile_frame(14, 13_000, 6_400), 100).any()


def test_a_kernel_narrower_than_pixels_is_drawn_as_wide_as_they_can_show():
    frame = tile_frame(8, 208, 100)

    assert frame.bandwidth(100) * frame.metres > 100
    assert frame.bandwidth(100_000) == pytest.approx(100_000 / frame.metres)


def test_world_coordinates_lead_back_to_degrees():
    lon, lat = np.array([-179.5, 0.1, 113.15]), np.array([-70.0, 0.2, 36.22])

    there = to_degrees(*to_world(lon, lat))

    assert np.allclose(there, [lon, lat], atol=1e-10)


def test_a_metre_on_the_equator_is_its_share_of_the_way_around():
    assert Frame(0.5, 0.5 - 5e-7, 1e-6).metres == pytest.approx(AROUND_M, rel=1e-9)
