"""Other ways to divide the same plots: METIS, KaHIP, k-means, power diagrams, a space-filling curve, squares.

Each takes a PlotTable and the number of grids wanted and answers a grid number per plot, as our own `split`
does. All work on the same graph as ours, walls left out. A metre of border inside a block costs the
partitioners five times a metre on a line. Settings are those of the published comparison, which for METIS
and KaHIP were the best found for this task.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from app.geo.plots import FloatArray, IntArray, LineClass, PlotTable

Way = Callable[[PlotTable, int], IntArray]

OFF_LINE_COST = 5.0
METIS_CUTS = 3
KAHIP_IMBALANCE = 0.05
KAHIP_FAST, KAHIP_ECO = 0, 1
HILBERT_BITS = 15
KMEANS_TURNS = 30
POWER_TURNS, POWER_MOVES = 200, 60


def metis(plots: PlotTable, wanted: int, *, ufactor: int, recursive: bool = False) -> IntArray:
    """METIS, best of 3 cuts: k-way with contiguous parts, or recursive bisection.

    One connected part at a time, as it requires. ufactor: imbalance allowed, per mille. It may leave parts
    empty; the numbers that are used are closed up.
    """
    import pymetis

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
                    recursive=recursive,
                    options=pymetis.Options(
                        contig=int(not recursive), ufactor=ufactor, ncuts=METIS_CUTS, seed=1
                    ),
                )[1]
            )
        label = _closed_up(label)
        grid[members] = used + label
        used += int(label.max()) + 1
    return grid


def kahip(plots: PlotTable, wanted: int, *, mode: int) -> IntArray:
    """KaHIP's kaffpa, 5 % imbalance."""
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
        mode,
    )[1]
    return _closed_up(np.array(label))


def hilbert(plots: PlotTable, wanted: int) -> IntArray:
    """Equal shares of households along Hilbert's curve."""
    order = np.argsort(_along_hilbert(plots.xy), kind="stable")
    households = plots.households[order]
    middle = np.cumsum(households) - households / 2
    grid = np.empty(len(plots), np.int64)
    grid[order] = np.minimum((middle * wanted / households.sum()).astype(np.int64), wanted - 1)
    return _closed_up(grid)


def _along_hilbert(xy: FloatArray) -> IntArray:
    """How far along the curve each point's cell lies."""
    cells = 1 << HILBERT_BITS
    extent = float(np.ptp(xy[:, 0]))
    x, y = ((xy - xy.min(0)) / extent * (cells - 1)).astype(np.int64).clip(0, cells - 1).T
    along = np.zeros(len(xy), np.int64)
    side = cells // 2
    while side:
        right, top = (x & side) > 0, (y & side) > 0
        along += side * side * ((3 * right) ^ top)
        x = np.where(~top & right, cells - 1 - x, x)
        y = np.where(~top & right, cells - 1 - y, y)
        x, y = np.where(top, x, y), np.where(top, y, x)
        side //= 2
    return along


def kmeans(plots: PlotTable, wanted: int) -> IntArray:
    """Lloyd's k-means, plots weighted by their households, begun at plots drawn by that weight."""
    rng = np.random.default_rng(0)
    weight = plots.households + 0.01
    centre = plots.xy[rng.choice(len(plots), wanted, replace=False, p=weight / weight.sum())]
    grid = np.zeros(len(plots), np.int64)
    for _ in range(KMEANS_TURNS):
        nearest = cKDTree(centre).query(plots.xy)[1].astype(np.int64)
        if (nearest == grid).all():
            break
        grid = nearest
        centre = _middles(plots.xy, weight, grid, centre)
    return _closed_up(grid)


def power_diagram(plots: PlotTable, wanted: int) -> IntArray:
    """Balanced centroidal power diagram (Cohen-Addad, Klein & Young 2018), best of 200 turns.

    A centre with too many households loses weight, one with too few gains, by the square of the distance to
    the next; the nearest weighted centre is found among points lifted by sqrt(w_max - w) (Aurenhammer 1987).
    """
    weight = plots.households + 1e-6
    grid = hilbert(plots, wanted)
    wanted = int(grid.max()) + 1
    centre = _middles(plots.xy, weight, grid, np.zeros((wanted, 2)))
    lift = np.zeros(wanted)
    flat = np.concatenate([plots.xy, np.zeros((len(plots), 1))], axis=1)
    target = plots.households.sum() / wanted
    best, fewest_off = grid, np.inf
    for turn in range(POWER_TURNS):
        height = np.sqrt(lift.max() - lift)
        lifted = cKDTree(np.concatenate([centre, height[:, None]], axis=1))
        grid = lifted.query(flat, workers=2)[1].astype(np.int64)
        load = np.bincount(grid, plots.households, wanted) / target
        off = float((np.abs(load - 1) > 0.1).mean())
        if off < fewest_off:
            best, fewest_off = grid, off
        if turn % 10 == 0:
            apart = cKDTree(centre).query(centre, k=2)[0][:, 1] ** 2
        lift -= 0.25 / (1 + turn / 60) * apart * np.clip(load - 1, -1, 1)
        if turn < POWER_MOVES and turn % 3 == 2:
            centre = _middles(plots.xy, weight, grid, centre)
    return _closed_up(best)


def _middles(xy: FloatArray, weight: FloatArray, grid: IntArray, before: FloatArray) -> FloatArray:
    """Weighted middle of each grid; where one has no plots, its former middle."""
    total = np.bincount(grid, weight, len(before))
    sums = np.stack([np.bincount(grid, weight * axis, len(before)) for axis in xy.T], axis=1)
    return np.where(total[:, None] > 0, sums / np.maximum(total, 1e-9)[:, None], before)


def squares(plots: PlotTable, wanted: int) -> IntArray:
    """Squares of the mean area; a plot goes where its centroid lies."""
    column, row = np.floor((plots.xy - plots.xy.min(0)) / _square_side(plots, wanted)).astype(np.int64).T
    return _closed_up(column * (row.max() + 1) + row)


def drawn_squares(plots: PlotTable, wanted: int, boundary: shapely.Geometry) -> np.ndarray:
    """The squares of `squares` as they are drawn with a ruler, through buildings, cut off at the boundary."""
    side = _square_side(plots, wanted)
    low, high = plots.xy.min(0), plots.xy.max(0)
    columns, rows = (np.ceil((high - low) / side) + 2).astype(int)
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(-1, columns), np.arange(-1, rows)))
    west, south = low[0] + x * side, low[1] + y * side
    drawn = shapely.intersection(shapely.box(west, south, west + side, south + side), boundary)
    return np.asarray(drawn[shapely.area(drawn) > 1.0], object)


def _square_side(plots: PlotTable, wanted: int) -> float:
    return float(np.sqrt(plots.area.sum() / wanted))


def _closed_up(label: IntArray) -> IntArray:
    """Numbers 0.. without holes, in the same order."""
    return np.unique(label, return_inverse=True)[1].ravel().astype(np.int64)


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


WAYS: dict[str, Way] = {
    "METIS contig, ufactor 100": lambda plots, wanted: metis(plots, wanted, ufactor=100),
    "METIS contig, ufactor 50": lambda plots, wanted: metis(plots, wanted, ufactor=50),
    "METIS recursive": lambda plots, wanted: metis(plots, wanted, ufactor=1, recursive=True),
    "KaHIP eco": lambda plots, wanted: kahip(plots, wanted, mode=KAHIP_ECO),
    "KaHIP fast": lambda plots, wanted: kahip(plots, wanted, mode=KAHIP_FAST),
    "power diagram": power_diagram,
    "Hilbert chunks": hilbert,
    "k-means": kmeans,
    "squares": squares,
}
