"""The loop of `locate`: for each polygon the points near it, each held to its edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from app.geo.plots import FloatArray, IntArray

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """`numba.njit`, cached on disk and free of the interpreter lock, with the types kept for mypy."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def held(
    x: FloatArray,
    y: FloatArray,
    first_of_cell: IntArray,
    cells: IntArray,
    boxes: IntArray,
    corner_x: FloatArray,
    corner_y: FloatArray,
    first_of_ring: IntArray,
    first_of_shape: IntArray,
    where: IntArray,
) -> None:
    """Write into `where` the number of the first polygon that holds each point, on its edge included.

    x, y: of points in the order of their cells, those of cell k from first_of_cell[k] to the next; cells: how
    many there are across and down. boxes: of each polygon the cells it touches: first and last column, first
    and last row. Rings are closed; first_of_ring: where the corners of each begin; first_of_shape: where the
    rings of each polygon do. where: −1 for each point.
    """
    for shape in range(len(boxes)):
        first, last = first_of_shape[shape], first_of_shape[shape + 1]
        for row in range(boxes[shape, 2], boxes[shape, 3] + 1):
            begins = row * cells[0]
            for at in range(
                first_of_cell[begins + boxes[shape, 0]], first_of_cell[begins + boxes[shape, 1] + 1]
            ):
                if where[at] >= 0:
                    continue
                inside = False
                for ring in range(first, last):
                    for k in range(first_of_ring[ring], first_of_ring[ring + 1] - 1):
                        ax, ay, bx, by = corner_x[k], corner_y[k], corner_x[k + 1], corner_y[k + 1]
                        if ay > by:  # the same edge seen from both sides gives the same numbers
                            ax, ay, bx, by = bx, by, ax, ay
                        if y[at] < ay or y[at] > by:
                            continue
                        side = (bx - ax) * (y[at] - ay) - (by - ay) * (x[at] - ax)
                        if side == 0.0 and min(ax, bx) <= x[at] <= max(ax, bx):
                            where[at] = shape  # on the edge
                            break
                        if side > 0 and y[at] < by:
                            inside = not inside
                    if where[at] >= 0:
                        break
                if inside and where[at] < 0:
                    where[at] = shape
