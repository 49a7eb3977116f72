"""Other ways to divide the same plots: METIS, KaHIP and plain squares.

Each takes a PlotTable and the number of grids wanted and answers a grid number per plot, as our own
`split` does. A metre of border inside a block costs the partitioners five times a metre on a line.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from app.geo.plots import IntArray, LineClass, PlotTable

OFF_LINE_COST = 5.0
METIS_UFACTOR = 100  # per mille of imbalance allowed; the better of METIS's usual settings for this task
KAHIP_IMBALANCE = 0.05
KAHIP_ECO = 1


def squares(plots: PlotTable, wanted: int) -> IntArray:
    """Squares of the mean area; a plot goes where its centroid lies."""
    side = float(np.sqrt(plots.area.sum() / wanted))
    column, row = np.floor((plots.xy - plots.xy.min(0)) / side).astype(np.int64).T
    return np.unique(column * (row.max() + 1) + row, return_inverse=True)[1].astype(np.int64)


def metis(plots: PlotTable, wanted: int) -> IntArray:
    """METIS k-way, contiguous, ufactor 100, best of 3 cuts; one connected part at a time, as it requires."""
    import pymetis

    options = pymetis.Options(contig=1, ufactor=METIS_UFACTOR, ncuts=3, seed=1)
    graph = _graph(plots)
    _, part = connected_components(graph, directed=False)
    grid = np.empty(len(plots), np.int64)
    used = 0
    for number in range(int(part.max()) + 1):
        members = np.flatnonzero(part == number)
        share = plots.households[members].sum() / max(1, plots.households.sum())
        count = min(len(members), max(1, round(wanted * float(share))))
        inner = csr_array(graph[members][:, members])
        label = np.zeros(len(members), np.int64)
        if count > 1:
            label = np.array(
                pymetis.part_graph(
                    count,
                    xadj=inner.indptr.tolist(),
                    adjncy=inner.indices.tolist(),
                    vweights=plots.households[members].tolist(),
                    eweights=inner.data.astype(int).tolist(),
                    recursive=False,
                    options=options,
                )[1]
            )
        _, label = np.unique(label, return_inverse=True)
        grid[members] = used + label
        used += int(label.max()) + 1
    return grid


def kahip_eco(plots: PlotTable, wanted: int) -> IntArray:
    """KaHIP's kaffpa, eco, 5 % imbalance."""
    import kahip

    graph = _graph(plots)
    label = kahip.kaffpa(
        plots.households.tolist(),
        graph.indptr.tolist(),
        graph.data.astype(int).tolist(),
        graph.indices.tolist(),
        wanted,
        KAHIP_IMBALANCE,
        1,
        1,
        KAHIP_ECO,
    )[1]
    return np.unique(np.array(label), return_inverse=True)[1].astype(np.int64)


def _graph(plots: PlotTable) -> csr_array:
    """Plots as a weighted graph; walls are left out."""
    edges = plots.edges
    way = ~edges.wall
    cost = edges.metres * np.where(edges.kind == LineClass.INSIDE_BLOCK, OFF_LINE_COST, 1.0)
    i, j, weight = edges.i[way], edges.j[way], cost[way]
    n = len(plots)
    rows, columns = np.concatenate([i, j]), np.concatenate([j, i])
    graph = coo_array((np.tile(weight, 2), (rows, columns)), shape=(n, n)).tocsr()
    graph.data = np.maximum(1, np.round(graph.data))
    return csr_array(graph)
