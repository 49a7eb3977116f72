"""A plan as a table plot → grid: its outlines, its pieces, its moves and its faults.

Grids are numbered 0 … k-1 and `grid[p]` is the grid of plot p. Nothing here changes what it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from app.errors import Refusal
from app.geo.joined import joined
from app.geo.plots import Band, BoolArray, Edges, FloatArray, IntArray, PlotTable

Polygons = npt.NDArray[np.object_]


def outlines(plot_geometry: Polygons, grid: IntArray) -> Polygons:
    """The ground of each grid: its plots joined along the corners they share.

    A coverage union: it moves no corner and leaves no slit, given that neighbours share exact corners.

    plot_geometry: one (multi)polygon per plot. grid: shape (n,).
    Returns one (multi)polygon per grid 0 … k-1, empty for a number that no plot has.

    >>> plots = draw_plots("A A B")
    >>> [grid.bounds for grid in outlines(plots.polygons, plots.grid)]
    [(0.0, 0.0, 20.0, 10.0), (20.0, 0.0, 30.0, 10.0)]
    """
    members = plots_of(grid)
    joined = np.full(len(members), shapely.Polygon(), dtype=object)
    for number, plots in enumerate(members):
        if len(plots) == 1:
            joined[number] = plot_geometry[plots[0]]
        elif len(plots):
            joined[number] = shapely.coverage_union_all(plot_geometry[plots])
    return joined


def plots_of(grid: IntArray) -> list[IntArray]:
    """The plots of each grid 0 … k-1, in rising order.

    >>> [plots.tolist() for plots in plots_of(np.array([1, 0, 1]))]
    [[1], [0, 2]]
    """
    order = np.argsort(grid, kind="stable")
    ends = np.searchsorted(grid[order], np.arange(1, grid_count(grid)))
    return np.split(order, ends) if len(grid) else []


def grid_count(grid: IntArray) -> int:
    """How many grid numbers there are, unused ones included."""
    return int(grid.max()) + 1 if len(grid) else 0


def piece_of(edges: Edges, grid: IntArray) -> IntArray:
    """A number for each plot's piece: plots of one grid that can be walked without leaving it have the same.

    Two plots are joined where they share a line that is no wall; a shared corner is not enough.

    >>> plots = draw_plots("A B A")
    >>> piece_of(plots.edges, plots.grid)
    array([0, 1, 2])
    """
    inside = ~edges.wall & (grid[edges.i] == grid[edges.j])
    return joined(len(grid), edges.i[inside], edges.j[inside])


def pieces(edges: Edges, grid: IntArray) -> IntArray:
    """Of how many pieces each grid is made: 1 as it should be, 0 for a number that no plot has.

    >>> plots = draw_plots("A B A")
    >>> pieces(plots.edges, plots.grid)
    array([2, 1])
    """
    _, one_plot_each = np.unique(piece_of(edges, grid), return_index=True)
    return np.bincount(grid[one_plot_each], minlength=grid_count(grid))


@dataclass(frozen=True)
class Moves:
    """Plots that change grid: `plots[m]` goes from `came_from[m]` to `goes_to[m]`; an edit as data."""

    plots: IntArray
    came_from: IntArray
    goes_to: IntArray

    def __len__(self) -> int:
        return len(self.plots)

    def undone(self) -> Moves:
        """The moves that take these back.

        >>> moves(np.array([0, 1]), np.array([0, 0])).undone().goes_to
        array([1])
        """
        return Moves(self.plots, self.goes_to, self.came_from)


def moves(before: IntArray, after: IntArray) -> Moves:
    """What must move to make one plan of the other, in rising order of plots.

    >>> moves(np.array([0, 0, 1]), np.array([0, 1, 1]))
    Moves(plots=array([1]), came_from=array([0]), goes_to=array([1]))
    """
    plots = np.flatnonzero(before != after)
    return Moves(plots, before[plots], after[plots])


def apply(grid: IntArray, wanted: Moves) -> IntArray:
    """The plan after the moves.

    Refused with `plot_moved` when a plot is no longer in the grid it should come from.
    """
    elsewhere = grid[wanted.plots] != wanted.came_from
    if elsewhere.any():
        plot = int(wanted.plots[elsewhere][0])
        expected = int(wanted.came_from[elsewhere][0])
        raise Refusal("plot_moved", plot=plot, expected=expected, found=int(grid[plot]))
    after = grid.copy()
    after[wanted.plots] = wanted.goes_to
    return after


@dataclass(frozen=True)
class Problem:
    """One fault of a plan: a code and its facts, the grids it is about, and the plots to draw."""

    code: str
    grids: tuple[int, ...]
    plots: IntArray
    facts: Mapping[str, int] = field(default_factory=dict)


def problems(table: PlotTable, grid: IntArray, band: Band, compound: IntArray | None = None) -> list[Problem]:
    """Every fault of a plan, in the order of grids, those of one kind together.

    `grid_in_pieces`: facts `pieces`; draws all but the largest piece (by households, then area).
    `out_of_band`: facts `households`, `least`, `most`; draws the whole grid.
    `compound_divided`: facts `compound`; draws its plots outside the grid that holds most of it.

    compound: number of the compound each plot belongs to, -1 for none.

    >>> plots = draw_plots("A B A", households=150)
    >>> [(p.code, p.grids, p.plots.tolist()) for p in problems(plots.table, plots.grid, Band(300, 270, 330))]
    [('grid_in_pieces', (0,), [2]), ('out_of_band', (1,), [1])]
    """
    return [
        *_grids_in_pieces(table, grid),
        *_grids_out_of_band(table, grid, band),
        *(_compounds_divided(table, grid, compound) if compound is not None else []),
    ]


def _grids_in_pieces(table: PlotTable, grid: IntArray) -> list[Problem]:
    piece = piece_of(table.edges, grid)
    found = []
    for number in np.flatnonzero(pieces(table.edges, grid) > 1):
        plots = np.flatnonzero(grid == number)
        main = largest(table.households, table.area, plots, piece)
        count = len(np.unique(piece[plots]))
        found.append(
            Problem("grid_in_pieces", (int(number),), plots[piece[plots] != main], {"pieces": count})
        )
    return found


def _grids_out_of_band(table: PlotTable, grid: IntArray, band: Band) -> list[Problem]:
    households = np.bincount(grid, weights=table.households).astype(np.int64)
    used = np.bincount(grid) > 0
    return [
        Problem(
            "out_of_band",
            (int(number),),
            np.flatnonzero(grid == number),
            {"households": int(households[number]), "least": band.least, "most": band.most},
        )
        for number in np.flatnonzero(used & ~band.holds(households))
    ]


def _compounds_divided(table: PlotTable, grid: IntArray, compound: IntArray) -> list[Problem]:
    in_one = np.flatnonzero(compound >= 0)
    pairs = np.unique(np.stack([compound[in_one], grid[in_one]]), axis=1)
    numbers, grids_each = np.unique(pairs[0], return_counts=True)
    found = []
    for number in numbers[grids_each > 1]:
        plots = np.flatnonzero(compound == number)
        astray = plots[grid[plots] != largest(table.households, table.area, plots, grid)]
        grids = tuple(int(g) for g in np.unique(grid[plots]))
        found.append(Problem("compound_divided", grids, astray, {"compound": int(number)}))
    return found


def torn_off(edges: Edges, grid: IntArray, number: int, load: IntArray, area: FloatArray) -> IntArray:
    """The plots of a grid outside its main piece: that with most load, then ground.

    load, area: of each plot.

    >>> plots = draw_plots("A A B A", households=100)
    >>> torn_off(plots.edges, plots.grid, 0, plots.table.households, plots.table.area)
    array([3])
    """
    members = np.flatnonzero(grid == number)
    piece = piece_of(edges, grid)
    return np.asarray(members[piece[members] != largest(load, area, members, piece)], dtype=np.int64)


def largest(load: IntArray, area: FloatArray, plots: IntArray, label: IntArray) -> int:
    """The label that most load of these plots has; then area, then the lower label, decide.

    load, area, label: of each plot there is.
    """
    labels, place = np.unique(label[plots], return_inverse=True)
    held = np.bincount(place, weights=load[plots])
    ground = np.bincount(place, weights=area[plots])
    return int(labels[np.lexsort((-labels, ground, held))[-1]])


def same_ground(one: Polygons, other: Polygons) -> BoolArray:
    """Which polygons are the same corner by corner, wherever their rings begin; a missing one is not."""
    padded = np.full(len(one), shapely.Polygon(), dtype=object)
    padded[: len(other)] = other
    return np.array(
        [bool(shapely.equals_exact(_ordered(a), _ordered(b), 0.0)) for a, b in zip(one, padded, strict=True)],
        dtype=np.bool_,
    )


def _ordered(ground: shapely.Geometry) -> shapely.Geometry:
    return shapely.normalize(shapely.multipolygons(shapely.get_parts(ground)))


@dataclass(frozen=True)
class Soundness:
    """Whether polygons tile an outline; all four numbers are 0 when they do.

    gap_m2: ground of the outline in no polygon. outside_m2: ground of polygons beyond the outline.
    overlap_m2: ground in two polygons. area_error_m2: |sum of areas - area of the outline|.
    """

    polygons: int
    invalid: int
    invalid_edges: int
    gap_m2: float
    overlap_m2: float
    outside_m2: float
    area_error_m2: float

    @property
    def sound(self) -> bool:
        """No invalid polygon or unmatched edge, and less than a square decimetre amiss in all."""
        amiss_m2 = self.gap_m2 + self.overlap_m2 + self.outside_m2
        return self.invalid == self.invalid_edges == 0 and amiss_m2 <= 0.01


SLIT_M = 0.01


def _wide_m2(ground: shapely.Geometry) -> float:
    """Area of what is wider than two slits (an opening, as the neutral scorer of divisions does)."""
    core = shapely.buffer(ground, -SLIT_M, join_style="mitre")
    return float(shapely.area(shapely.buffer(core, SLIT_M, join_style="mitre")))


def soundness(polygons: Polygons, outline: shapely.Geometry) -> Soundness:
    """Whether the polygons are a coverage of exactly the outline.

    `coverage_invalid_edges` sees overlaps and unmatched corners but no open gap, so the union of all
    is compared with the outline as well. What is narrower than 2 cm there comes from rounding the outline's
    corners and is forgiven; between polygons nothing is.

    polygons: valid or not; outline: as it was given; both in metres.

    >>> plots = draw_plots("A A B")
    >>> soundness(plots.polygons, plots.outline).sound, soundness(plots.polygons[1:], plots.outline).gap_m2
    (True, 100.0)
    """
    invalid = ~shapely.is_valid(polygons)
    unmatched = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons))
    fine = not (invalid.any() or unmatched.any())
    mended = polygons if fine else shapely.make_valid(polygons)
    union = shapely.coverage_union_all(polygons) if fine else shapely.union_all(mended)
    suspects = mended[unmatched]
    one, other = shapely.STRtree(suspects).query(suspects, predicate="intersects")
    shared = shapely.intersection(suspects[one[one < other]], suspects[other[one < other]])
    return Soundness(
        polygons=len(polygons),
        invalid=int(invalid.sum()),
        invalid_edges=int(unmatched.sum()),
        gap_m2=_wide_m2(shapely.difference(outline, union)),
        overlap_m2=float(shapely.area(shared).sum()),
        outside_m2=_wide_m2(shapely.difference(union, outline)),
        area_error_m2=abs(float(shapely.area(polygons).sum() - shapely.area(outline))),
    )
