"""Drawn plans: letters on a square lattice become plots and grids that share exact corners.

A letter is a square, 10 m wide unless said otherwise, `.` is ground outside the district. What stands between
two letters is the line between them, a blank being an ordinary line inside a block:

    A A|B B        `|` and `-` a local street      `#` an arterial street
    ---+---        `:` a compound's wall           `/` an administrative line
    A C C B        `~` a river and `%` a railway, both walls; `^` a river with a bridge
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely

from app.geo.plots import Edges, IntArray, LineClass, PlotTable

SIDE_M = 10.0

SIGNS = {
    " ": LineClass.INSIDE_BLOCK,
    ":": LineClass.COMPOUND,
    "|": LineClass.LOCAL,
    "-": LineClass.LOCAL,
    "#": LineClass.ARTERIAL,
    "^": LineClass.RIVER,
    "~": LineClass.RIVER,
    "%": LineClass.RAIL,
    "/": LineClass.ADMINISTRATIVE,
}
WALLS = "~%"


@dataclass(frozen=True)
class Drawn:
    """What a drawing holds; plots are numbered as they are read, row by row.

    names: the letters in order of the alphabet, so that grid 0 is the first of them.
    grid: number of each plot's letter.
    """

    names: list[str]
    grid: IntArray
    polygons: np.ndarray
    table: PlotTable

    @property
    def edges(self) -> Edges:
        return self.table.edges

    @cached_property
    def outline(self) -> shapely.Geometry:
        return shapely.union_all(self.polygons)


def draw(drawing: str) -> gpd.GeoSeries:
    """One polygon in metres per letter, on an index of letters.

    >>> draw("A A .")["A"].bounds
    (0.0, 0.0, 20.0, 10.0)
    """
    plots = draw_plots(drawing)
    polygons = [shapely.union_all(plots.polygons[plots.grid == grid]) for grid in range(len(plots.names))]
    return gpd.GeoSeries(polygons, index=plots.names)


def draw_plots(drawing: str, households: int | str | Mapping[str, int] = 1, side_m: float = SIDE_M) -> Drawn:
    """Every letter a plot of its own; plots of one letter are one grid.

    households: of each plot: one number for all, a second drawing of numbers, or a number per
        letter, which each of its plots then has.
    side_m: how long the side of a plot is.

    >>> draw_plots("A|B B", households="10 20 30").table.households
    array([10, 20, 30])
    """
    lines = [line for line in textwrap.dedent(drawing).splitlines() if line.strip()]
    cells = [line for line in lines if any(sign.isalpha() or sign == "." for sign in line)]
    between = _lines_below(lines)
    rows, columns = len(cells), max(len(line) + 1 for line in cells) // 2
    letters = np.full((rows, columns), ".")
    for r, line in enumerate(cells):
        found = list(line[::2])
        letters[r, : len(found)] = found

    row, column = np.nonzero(letters != ".")
    number = np.full(letters.shape, -1)
    number[row, column] = np.arange(len(row))
    x, y = column * side_m, (rows - 1 - row) * side_m
    polygons = shapely.box(x, y, x + side_m, y + side_m)

    pairs: list[tuple[int, int, str]] = []
    for r, c in zip(row, column, strict=True):
        if c + 1 < columns and number[r, c + 1] >= 0:
            pairs.append((number[r, c], number[r, c + 1], cells[r][2 * c + 1]))
        if r + 1 < rows and number[r + 1, c] >= 0:
            pairs.append((number[r, c], number[r + 1, c], between[r][2 * c : 2 * c + 1] or " "))
    pairs.sort()
    names, grid = np.unique(letters[row, column], return_inverse=True)
    edges = Edges(
        i=np.array([pair[0] for pair in pairs], np.int64),
        j=np.array([pair[1] for pair in pairs], np.int64),
        metres=np.full(len(pairs), side_m),
        kind=np.array([SIGNS[pair[2]] for pair in pairs], np.int8),
        wall=np.array([pair[2] in WALLS for pair in pairs], bool),
    )
    shared = np.bincount(np.r_[edges.i, edges.j], minlength=len(row)) * side_m
    table = PlotTable(
        households=_households(households, letters[row, column]),
        area=shapely.area(polygons),
        perimeter=shapely.length(polygons),
        outer=shapely.length(polygons) - shared,
        xy=shapely.get_coordinates(shapely.centroid(polygons)),
        edges=edges,
    )
    return Drawn([str(name) for name in names], grid.astype(np.int64), polygons, table)


def _lines_below(lines: list[str]) -> list[str]:
    """The signs drawn below each row of letters, blank where nothing is drawn."""
    below: list[str] = []
    for line in lines:
        if any(sign.isalpha() or sign == "." for sign in line):
            below.append("")
        else:
            below[-1] = line
    return below


def _households(households: int | str | Mapping[str, int], letters: np.ndarray) -> IntArray:
    if isinstance(households, str):
        counts = [int(word) for word in households.split() if word != "."]
        assert len(counts) == len(letters), f"{len(letters)} plots, {len(counts)} numbers of households"
        return np.array(counts, np.int64)
    if isinstance(households, Mapping):
        return np.array([households[letter] for letter in letters], np.int64)
    return np.full(len(letters), households, np.int64)
