"""What cannot be done, proved: counts that admit no division, and plots that fit no grid."""

from __future__ import annotations

import numpy as np

from app.geo.plots import Band, BoolArray, IntArray
from app.geo.split.kernels import compiled

FITS, STUCK, UNDECIDED = 1, 0, -1


def count_limits(total: int, band: Band) -> range:
    """The numbers of grids k for which `total` households can lie in band: least * k <= total <= most * k.

    Whole numbers only, so that 330 is within 10 % of 300 and 331 is not. An empty range means that no
    division whatever can succeed; with 300 ± 10 % this is so below 270, and for 331-539, 661-809,
    991-1079 and 1321-1349.

    >>> count_limits(2198, Band(300, 270, 330))
    range(7, 9)
    >>> count_limits(330, Band(300, 270, 330))
    range(1, 2)
    >>> len(count_limits(331, Band(300, 270, 330))), len(count_limits(400, Band(300, 270, 330)))
    (0, 0)
    """
    fewest, most = max(1, -(-total // max(1, band.most))), total // max(1, band.least)
    return range(fewest, max(fewest, most + 1))


def best_count(total: int, band: Band) -> int:
    """The number of grids whose mean is closest to the target; of two equally close, the fewer.

    A number that admits an in-band division goes before one that does not.

    >>> best_count(2198, Band(300, 270, 330))  # 314 a grid rather than 275
    7
    >>> [best_count(total, Band(300, 270, 330)) for total in (0, 40, 400, 500)]
    [1, 1, 1, 2]
    """
    down = max(1, total // band.target)
    up = down + 1
    # |total / k - target| compared crosswise, in whole numbers.
    nearest = down if abs(total - band.target * down) * up <= abs(total - band.target * up) * down else up
    feasible = count_limits(total, band)
    return min(max(nearest, feasible.start), feasible.stop - 1) if feasible else nearest


@compiled
def fits_a_grid(
    start: IntArray, neighbour: IntArray, passable: BoolArray, households: IntArray, plot: int,
    least: int, most: int, budget: int, mark: IntArray,
) -> int:  # fmt: skip
    """Whether any connected set of whole plots with `plot` in it holds least..most households.

    Exact search: take the largest neighbour that still fits, or rule it out, and so on; empty plots are
    taken at once, for they only help. Returns `FITS`, `STUCK` (proved: every case was tried) or
    `UNDECIDED` after `budget` steps. mark: zeros, shape (n,), given back as zeros.
    """
    n = len(mark)
    inside = np.empty(n, dtype=np.int64)
    chosen = np.empty(n, dtype=np.int64)
    size_before = np.empty(n, dtype=np.int64)
    sum_before = np.empty(n, dtype=np.int64)
    ruled_out = np.zeros(n, dtype=np.bool_)
    depth, size, total = 0, 0, 0
    candidate = plot
    answer = UNDECIDED
    for _ in range(budget):
        if candidate >= 0:  # take it, and the empty ground it opens up
            if size > 0:
                chosen[depth], size_before[depth], sum_before[depth] = candidate, size, total
                ruled_out[depth] = False
                depth += 1
            head = size
            inside[size] = candidate
            mark[candidate] = 1
            size += 1
            total += households[candidate]
            while head < size:
                for line in range(start[inside[head]], start[inside[head] + 1]):
                    other = neighbour[line]
                    if passable[line] and mark[other] == 0 and households[other] == 0:
                        mark[other] = 1
                        inside[size] = other
                        size += 1
                head += 1
        else:  # nothing fits: rule out the last one taken
            while depth > 0 and ruled_out[depth - 1]:
                depth -= 1
                mark[chosen[depth]] = 0
            if depth == 0:
                answer = STUCK
                break
            while size > size_before[depth - 1]:
                size -= 1
                mark[inside[size]] = 0
            total = sum_before[depth - 1]
            mark[chosen[depth - 1]] = 2
            ruled_out[depth - 1] = True
        if least <= total <= most:
            answer = FITS
            break
        candidate = -1
        for i in range(size):
            for line in range(start[inside[i]], start[inside[i] + 1]):
                other = neighbour[line]
                if mark[other] != 0 or not passable[line] or total + households[other] > most:
                    continue
                if candidate < 0 or households[other] > households[candidate]:
                    candidate = int(other)
    for i in range(size):
        mark[inside[i]] = 0
    for i in range(depth):
        mark[chosen[i]] = 0
    return answer


@compiled
def stuck_plots(
    start: IntArray, neighbour: IntArray, passable: BoolArray, households: IntArray, fewest: int, least: int,
    most: int, budget: int,
) -> BoolArray:  # fmt: skip
    """Plots of fewest..most households of which `fits_a_grid` proves that they fit no grid."""
    stuck = np.zeros(len(households), dtype=np.bool_)
    mark = np.zeros(len(households), dtype=np.int64)
    for plot in range(len(households)):
        if fewest <= households[plot] <= most:
            found = fits_a_grid(start, neighbour, passable, households, plot, least, most, budget, mark)
            stuck[plot] = found == STUCK
    return stuck
