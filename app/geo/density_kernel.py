"""The one loop of `density` over all points, compiled; in a file of its own, for numba's cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np

from app.geo.plots import FloatArray

Function = TypeVar("Function", bound=Callable[..., object])


def _fast(function: Function) -> Function:
    """Compiled, cached on disk and free of the interpreter lock, with the types kept for mypy."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@_fast
def shared_out(
    x: FloatArray, y: FloatArray, weights: FloatArray, west: float, north: float, step: float, nodes: int
) -> FloatArray:
    """Each weight among the four nodes around it, the nearer the more; shape (nodes, nodes)."""
    total = np.zeros((nodes, nodes))
    for k in range(len(x)):
        column, row = (x[k] - west) / step, (y[k] - north) / step
        if 0 <= column < nodes - 1 and 0 <= row < nodes - 1:
            left, top = int(column), int(row)
            right, down = column - left, row - top
            total[top, left] += weights[k] * (1 - right) * (1 - down)
            total[top, left + 1] += weights[k] * right * (1 - down)
            total[top + 1, left] += weights[k] * (1 - right) * down
            total[top + 1, left + 1] += weights[k] * right * down
    return total
