"""Things that belong together, pair by pair: the one place that asks for connected components."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from app.geo.plots import IntArray


def joined(count: int, a: IntArray, b: IntArray) -> IntArray:
    """Component number of each of `count` things, where a[k] and b[k] belong together.

    >>> joined(4, np.array([0, 2]), np.array([3, 1]))
    array([0, 1, 1, 0])
    """
    graph = coo_array((np.ones(len(a), bool), (a, b)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
