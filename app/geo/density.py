"""Kernel density: how much weight of points lies around each spot, per square metre.

A Gaussian of one bandwidth around every point (Silverman 1986, Density Estimation, 4.2). Points are shared
out linearly among the nodes of a lattice (Wand 1994, Fast Computation of Multivariate Kernel Estimators), the
lattice is smoothed along one axis and then the other, and pixels are read off between its nodes: the work
depends on the picture and hardly on the number of points. `direct_density` is the sum itself, for comparison.

Points and pictures are in world coordinates: web Mercator with the whole world one unit wide, x to the east
and y to the south. It keeps shapes, so around a tile a metre is the same length in every direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cosh, hypot, pi

import numpy as np
from scipy.ndimage import gaussian_filter

from app.geo.density_kernel import shared_out
from app.geo.plots import FloatArray

AROUND_M = 40_075_016.685578  # the equator of web Mercator
PIXELS = 256
NODES_PER_BANDWIDTH = 8  # keeps sharing out and reading off within half a percent
FEWEST_NODES = 3.5  # in a bandwidth, where pixels are wider
LEAST_PIXELS = 2.0  # a narrower kernel would flicker from pixel to pixel; it is drawn this wide
REACH = 4.0  # bandwidths beyond which a point counts no more: 0.03 % of what it is at its middle


@dataclass(frozen=True)
class Frame:
    """A square piece of the world, of so many pixels a side. west, north, side: in world coordinates."""

    west: float
    north: float
    side: float
    pixels: int = PIXELS

    @property
    def pixel(self) -> float:
        """How wide a pixel is."""
        return self.side / self.pixels

    @property
    def metres(self) -> float:
        """How many metres a world unit is in its middle."""
        return AROUND_M / cosh(pi * (1 - 2 * (self.north + self.side / 2)))

    def bandwidth(self, bandwidth_m: float) -> float:
        """The bandwidth it is drawn with, in world coordinates: no narrower than its pixels can show."""
        return max(bandwidth_m / self.metres, LEAST_PIXELS * self.pixel)


def tile_frame(z: int, x: int, y: int) -> Frame:
    """The ground of a tile.

    >>> tile_frame(1, 1, 0)
    Frame(west=0.5, north=0.0, side=0.5, pixels=256)
    """
    side = 1 / 2**z
    return Frame(x * side, y * side, side)


def to_world(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Degrees in world coordinates.

    >>> x, y = to_world(np.array([0.0, 180.0]), np.array([0.0, 85.051128779806604]))
    >>> x.round(6).tolist(), abs(y.round(6)).tolist()
    ([0.5, 1.0], [0.5, 0.0])
    """
    return (lon + 180) / 360, 0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * pi)


def to_degrees(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """World coordinates in degrees: what `to_world` takes."""
    return x * 360 - 180, np.degrees(np.arctan(np.sinh(pi * (1 - 2 * y))))


def density(
    x: FloatArray, y: FloatArray, weights: FloatArray, frame: Frame, bandwidth_m: float
) -> FloatArray:
    """Weight per square metre in the middle of each pixel of a frame, rows from the north.

    x, y, weights: shape (n,), in world coordinates; points outside count as far as they reach in.
    Within 1 % of `direct_density` wherever there is at least 1 % of the most in the picture, as long as the
    bandwidth is `LEAST_PIXELS` wide or more.
    """
    width = frame.bandwidth(bandwidth_m)
    step = max(frame.pixel / np.ceil(FEWEST_NODES * frame.pixel / width), width / NODES_PER_BANDWIDTH)
    margin = int(np.ceil(REACH * width / step)) + 1
    nodes = int(np.ceil(frame.side / step)) + 2 * margin + 1
    # With nodes a pixel apart or a part of one, some are the middles of pixels.
    west, north = (corner + frame.pixel / 2 - margin * step for corner in (frame.west, frame.north))
    shared = shared_out(x, y, weights, west, north, step, nodes)
    # Sharing out widens each point by a sixth of a step squared.
    sigma = (width**2 - step**2 / 6) ** 0.5 / step
    smooth = gaussian_filter(shared, sigma, mode="constant", truncate=REACH)
    at = margin + np.arange(frame.pixels) * frame.pixel / step
    return np.asarray(_between(_between(smooth, at).T, at).T / (step * frame.metres) ** 2)


def direct_density(
    x: FloatArray, y: FloatArray, weights: FloatArray, at_x: FloatArray, at_y: FloatArray, bandwidth_m: float
) -> FloatArray:
    """The Gaussian sum itself at some places (shape (m,)): slow and exact. Weight per square metre."""
    metres = AROUND_M / np.cosh(pi * (1 - 2 * at_y))
    found = np.empty(len(at_x))
    for k in range(len(at_x)):
        apart = ((x - at_x[k]) ** 2 + (y - at_y[k]) ** 2) * metres[k] ** 2
        found[k] = (weights * np.exp(-apart / (2 * bandwidth_m**2))).sum()
    return found / (2 * pi * bandwidth_m**2)


def distance_m(x: float, y: float, other_x: float, other_y: float) -> float:
    """Metres between two near places in world coordinates.

    >>> round(distance_m(0.5, 0.5, 0.5 + 1 / AROUND_M, 0.5))
    1
    """
    return hypot(x - other_x, y - other_y) * AROUND_M / cosh(pi * (1 - 2 * y))


def _between(rows: FloatArray, at: FloatArray) -> FloatArray:
    """Rows at places between them, straight from one to the next."""
    before = np.minimum(at.astype(np.int64), len(rows) - 2)
    share = (at - before)[:, None]
    return np.asarray(rows[before] * (1 - share) + rows[before + 1] * share)
