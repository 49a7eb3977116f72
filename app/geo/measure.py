"""How good a plan is, as numbers per grid and for the whole.

The four principles of grid division (界限清晰、任务适当、责任明确、便于考核) are measures here:
clear limits is `physical_share`, suitable tasks is `load`, clear duty is `one_piece`,
easy to assess is `completeness`. Series in, series out, on the index that came in.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from geopandas import GeoSeries

from app.geo.partition import grid_count, pieces
from app.geo.plots import Band, BoolArray, Edges, FloatArray, IntArray, LineClass, PlotTable

OUTLINE = "outline"
STREETS = [LineClass.LOCAL.words, LineClass.SECONDARY.words, LineClass.ARTERIAL.words]
NOT_SEEN = [LineClass.INSIDE_BLOCK.words, LineClass.ADMINISTRATIVE.words]  # the latter is a border on paper

# Asked of every building before work in its grid can be assessed: how many households, counted and not
# estimated (registration, staffing); which building it is by name or address (visits); what it is used
# for (hazards, employers).
INDICATORS = ("households_counted", "named", "use_known")

# Nothing could be done there: the band cannot hold one building, or cannot be met by this ground's total.
FORCED = ("one_plot_too_large",)
INFEASIBLE = ("component_too_small", "component_admits_no_division")


def compactness(grids: GeoSeries) -> pd.Series:
    """How round each grid is: 1 for a circle, near 0 for a ribbon.

    4πA/P² (Polsby & Popper 1991). A courtyard hole counts towards P.

    grids: polygons in metres, one per grid; the index is the grid id.
    Returns one number in (0, 1] per grid, on the same index; NaN for an empty polygon.

    >>> float(round(compactness(draw("A A"))["A"], 3))
    0.698
    """
    area_m2, perimeter_m = grids.area, grids.length
    return (4 * np.pi * area_m2 / perimeter_m.where(perimeter_m > 0) ** 2).rename("compactness")


def households(table: PlotTable, grid: IntArray) -> pd.Series:
    """Households of each grid: the sum over its plots.

    >>> plots = draw_plots("A A B", households="100 190 310")
    >>> households(plots.table, plots.grid).tolist()
    [290, 310]
    """
    return _sums(table.households, grid, "households").astype(np.int64)


def area(table: PlotTable, grid: IntArray) -> pd.Series:
    """Ground of each grid in m²: the sum over its plots.

    >>> plots = draw_plots("A A B")
    >>> area(plots.table, plots.grid).tolist()
    [200.0, 100.0]
    """
    return _sums(table.area, grid, "area_m2")


def load(households: pd.Series, target: int) -> pd.Series:
    """Households as a share of the target: 1 where the task is just right.

    >>> load(pd.Series([330, 150]), target=300).tolist()
    [1.1, 0.5]
    """
    return (households / target).rename("load")


def deviation(households: pd.Series, target: int) -> pd.Series:
    """How far each grid is from the target, as a share of it: -0.1 for a tenth too few.

    >>> deviation(pd.Series([330, 150]), target=300).tolist()
    [0.1, -0.5]
    """
    return ((households - target) / target).rename("deviation")


def border(table: PlotTable, grid: IntArray) -> pd.DataFrame:
    """Metres of each grid's border by what runs along it, summed from the edge table.

    Returns one column per line class in words (`inside block`, `local` …) and `outline`.

    >>> plots = draw_plots("A|B B")
    >>> border(plots.table, plots.grid)[["inside block", "local", "outline"]].loc[0].tolist()
    [0.0, 10.0, 30.0]
    """
    edges, count = table.edges, grid_count(grid)
    between = grid[edges.i] != grid[edges.j]
    metres = np.zeros((count, len(LineClass)))
    for side in (edges.i, edges.j):
        np.add.at(metres, (grid[side[between]], edges.kind[between]), edges.metres[between])
    columns = pd.DataFrame(metres, columns=[kind.words for kind in LineClass])
    columns[OUTLINE] = np.bincount(grid, weights=np.maximum(table.outer, 0.0), minlength=count)
    return columns


def physical_share(border: pd.DataFrame) -> pd.Series:
    """Clear limits (界限清晰): the share of each grid's border that can be seen on the ground.

    That is, on streets, rivers, railways, compound walls or the outline.

    border: metres per grid and line class, as from `border`. Returns shares 0–1; NaN without a border.

    >>> plots = draw_plots("A|B B C")
    >>> physical_share(border(plots.table, plots.grid)).round(3).tolist()
    [1.0, 0.833, 0.75]
    """
    return _share(border, border.columns.drop(NOT_SEEN), border.columns).rename("physical_share")


def inner_physical_share(border: pd.DataFrame) -> pd.Series:
    """As `physical_share`, of the border with other grids only: the outline counts on neither side.

    >>> plots = draw_plots("A|B B C")
    >>> inner_physical_share(border(plots.table, plots.grid)).tolist()
    [1.0, 0.5, 0.0]
    """
    inner = border.columns.drop(OUTLINE)
    return _share(border, inner.drop(NOT_SEEN), inner).rename("inner_physical_share")


def street_share(border: pd.DataFrame) -> pd.Series:
    """The share of each grid's border with other grids that runs on streets of any class.

    >>> plots = draw_plots("A|B~C")
    >>> street_share(border(plots.table, plots.grid)).tolist()
    [1.0, 0.5, 0.0]
    """
    return _share(border, STREETS, border.columns.drop(OUTLINE)).rename("street_share")


def neighbours(edges: Edges, grid: IntArray) -> pd.Series:
    """The grids each grid shares a line with, in rising order; across a river too, at a mere corner not.

    >>> plots = draw_plots('''
    ...     A B
    ...     . C
    ... ''')
    >>> neighbours(plots.edges, plots.grid).tolist()
    [[1], [0, 2], [1]]
    """
    one, other = grid[edges.i], grid[edges.j]
    pairs = np.stack([np.r_[one, other], np.r_[other, one]], axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    ends = np.searchsorted(pairs[:, 0], np.arange(1, grid_count(grid)))
    lists = [other.tolist() for other in np.split(pairs[:, 1], ends)] if len(grid) else []
    return pd.Series(lists, name="neighbours", dtype=object)


def one_piece(edges: Edges, grid: IntArray) -> pd.Series:
    """Clear duty (责任明确): whether a coordinator can walk the whole grid without leaving it.

    >>> plots = draw_plots("A B A")
    >>> one_piece(plots.edges, plots.grid).tolist()
    [False, True]
    """
    return pd.Series(pieces(edges, grid) == 1, name="one_piece")


def completeness(
    known: pd.DataFrame, grid_of_building: IntArray, count: int, indicators: tuple[str, ...] = INDICATORS
) -> pd.Series:
    """Easy to assess (便于考核): the share of the indicators that the plan can answer, per grid.

    Each indicator is asked of each building; the share is answers ÷ (buildings x indicators). An
    indicator that the district's files do not have at all counts as unanswered everywhere. A grid
    without buildings has nothing to answer: NaN, never 0 or 1.

    known: one row per building, True where the column's indicator is answered.
    grid_of_building: grid number of each row. count: how many grids there are.

    >>> known = pd.DataFrame({"named": [True, True, False]})
    >>> completeness(known, np.array([0, 0, 1]), count=3, indicators=("named", "use_known")).tolist()
    [0.5, 0.0, nan]
    """
    present = [indicator for indicator in indicators if indicator in known]
    answers = known[present].to_numpy(dtype=bool).sum(axis=1).astype(np.float64)
    asked = np.bincount(grid_of_building, minlength=count) * float(len(indicators))
    answered = np.bincount(grid_of_building, weights=answers, minlength=count)
    share = np.divide(answered, asked, out=np.full(count, np.nan), where=asked > 0)
    return pd.Series(share, name="completeness")


def figures(
    table: PlotTable,
    grid: IntArray,
    outlines: GeoSeries,
    band: Band,
    buildings: IntArray,
    loads: FloatArray | None = None,
    special: BoolArray | None = None,
) -> pd.DataFrame:
    """Every measure of every grid, one row per grid number 0 … k-1.

    outlines: polygons of the grids in metres. buildings: how many each plot holds.
    loads: of each plot, what is held against the band where that is not households.
    special: whether a grid (a mall, a park) is outside the band test; it counts as `in_band`.
    `completeness` is left to who knows the buildings' columns.
    """
    counted = households(table, grid)
    held = counted if loads is None else _sums(loads, grid, "held").round(3)
    apart = np.zeros(len(counted), np.bool_) if special is None else special
    metres = border(table, grid)
    shapes = GeoSeries(outlines.to_numpy(), index=counted.index)
    return pd.DataFrame(
        {
            "households": counted,
            "largest_plot": _largest(table.households, grid),
            "buildings": _sums(buildings, grid, "buildings").astype(np.int64),
            "area_m2": area(table, grid),
            "load": load(held, band.target),
            "deviation": deviation(held, band.target),
            "compactness": compactness(shapes),
            "physical_share": physical_share(metres),
            "inner_physical_share": inner_physical_share(metres),
            "street_share": street_share(metres),
            "inner_border_m": metres.drop(columns=OUTLINE).sum(axis=1),
            "pieces": pieces(table.edges, grid),
            "one_piece": one_piece(table.edges, grid),
            "held": held,
            "special": apart,
            "in_band": band.holds(held.to_numpy()) | apart,
            "neighbours": neighbours(table.edges, grid),
        }
    )


def summary(grids: pd.DataFrame, band: Band, reasons: Mapping[int, str]) -> dict[str, float | int]:
    """A plan in a few numbers.

    `…_free` leaves out grids where nothing could be done: uninhabited, one plot above the band, or on
    ground whose total admits no division. `forced_others`: households in grids with one plot above the
    band, without that plot's own; many would mean that such grids were made a dump. `k_excess`: grids
    more than households ÷ target, among the free, as a share; below 0 for fewer. Border shares weigh
    every metre alike. Shares are 0–1, NaN where nothing is counted. Special grids (`special`) stand in no
    figure of the band; where another load than households is balanced, it is what the band is held against.

    grids: as from `figures`. reasons: code of each out-of-band grid that has one.
    """
    counts = grids["households"].to_numpy()
    codes = np.array([reasons.get(int(number), "") for number in grids.index], dtype=object)
    forced, infeasible = np.isin(codes, FORCED), np.isin(codes, INFEASIBLE)
    special = grids["special"].to_numpy(dtype=bool) if "special" in grids else np.zeros(len(counts), bool)
    held = grids["held"].to_numpy(dtype=np.float64) if "held" in grids else counts
    inhabited = (counts > 0) | special
    free = (counts > 0) & ~special & ~forced & ~infeasible
    in_band = grids["in_band"].to_numpy(dtype=bool)
    in_20 = np.abs(held - band.target) * 5 <= band.target
    round_ = grids["compactness"].to_numpy(dtype=np.float64)
    expected = held[free].sum() / band.target
    return {
        "grids": len(grids),
        "households": int(counts.sum()),
        "households_mean": _mean(counts),
        "households_median": _percentile(counts, 50),
        "households_p10": _percentile(counts, 10),
        "households_p90": _percentile(counts, 90),
        "households_min": int(counts.min()) if len(counts) else 0,
        "households_max": int(counts.max()) if len(counts) else 0,
        "out_of_band": int((~in_band).sum()),
        "special": int(special.sum()),
        "in_band": _mean(in_band[~special]),
        "in_band_free": _mean(in_band[free]),
        "in_20": _mean(in_20[~special]),
        "in_20_free": _mean(in_20[free]),
        "forced": int(forced.sum()),
        "forced_others": int((counts - grids["largest_plot"].to_numpy())[forced].sum()),
        "infeasible": int(infeasible.sum()),
        "uninhabited": int((~inhabited).sum()),
        "k_excess": float(free.sum() / expected - 1) if expected > 0 else np.nan,
        "one_piece": _mean(grids["one_piece"].to_numpy(dtype=bool)),
        "compactness_mean": _mean(round_),
        "compactness_median": _percentile(round_, 50),
        "compactness_p10": _percentile(round_, 10),
        "street_share": _weighted(grids, "street_share"),
        "inner_physical_share": _weighted(grids, "inner_physical_share"),
        "physical_share_median": _percentile(grids["physical_share"].to_numpy(dtype=np.float64), 50),
        "completeness_mean": _mean(grids["completeness"]) if "completeness" in grids else np.nan,
    }


def _largest(households: IntArray, grid: IntArray) -> pd.Series:
    """Households of the largest plot in each grid."""
    most = np.zeros(grid_count(grid), np.int64)
    np.maximum.at(most, grid, households)
    return pd.Series(most, name="largest_plot")


def _sums(values: FloatArray | IntArray, grid: IntArray, name: str) -> pd.Series:
    return pd.Series(np.bincount(grid, weights=values, minlength=grid_count(grid)), name=name)


def _share(border: pd.DataFrame, part: list[str] | pd.Index, whole: list[str] | pd.Index) -> pd.Series:
    total = border[list(whole)].sum(axis=1)
    return border[list(part)].sum(axis=1) / total.where(total > 0)


def _weighted(grids: pd.DataFrame, column: str) -> float:
    metres = grids["inner_border_m"]
    return float((grids[column] * metres).sum() / metres.sum()) if metres.sum() > 0 else np.nan


def _mean(values: FloatArray | IntArray | pd.Series) -> float:
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else np.nan


def _percentile(values: FloatArray | IntArray, share: int) -> float:
    known = values[~np.isnan(values)]
    return float(np.percentile(known, share)) if len(known) else np.nan
