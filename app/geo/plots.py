"""The plot table and its edges: what every part of `app.geo` hands to the next.

`tessellate` makes plots, `split` labels them, `measure` and `partition` read them.
Arrays, not objects: a district has a hundred thousand plots.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class LineClass(IntEnum):
    """What runs along the line between two plots; a higher number wins where two coincide."""

    INSIDE_BLOCK = 0
    ADMINISTRATIVE = 1  # a border on paper, where nothing runs that one could see
    COMPOUND = 2
    LOCAL = 3
    SECONDARY = 4
    ARTERIAL = 5
    RIVER = 6
    RAIL = 7

    @property
    def words(self) -> str:
        """As written in files and reports: `inside block`, `local` …"""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Edges:
    """Which plots touch along a line (rook neighbours), one row per pair and line class.

    A pair of plots that meet along a street here and inside the block there has two rows.

    i, j: plot numbers, i < j, shape (m,), sorted by (i, j, kind).
    metres: length of the shared line, > 0.
    kind: `LineClass` of that line.
    wall: True where a grid may not reach across this line (a river or railway without a bridge,
        an administrative border asked for); a grid is in one piece over rows that are not walls.
    """

    i: IntArray
    j: IntArray
    metres: FloatArray
    kind: npt.NDArray[np.int8]
    wall: BoolArray

    def __len__(self) -> int:
        return len(self.i)


@dataclass(frozen=True)
class PlotTable:
    """What an optimiser needs to know of plots, without their polygons.

    households: shape (n,), >= 0. area in m², perimeter in m, xy the centroid in metres, shape (n, 2).
    outer: metres of each plot's perimeter that lie on the outline (perimeter minus shared metres).
    """

    households: IntArray
    area: FloatArray
    perimeter: FloatArray
    outer: FloatArray
    xy: FloatArray
    edges: Edges

    def __len__(self) -> int:
        return len(self.households)


@dataclass(frozen=True)
class Band:
    """The rule pack's triple: households wanted per grid, and the fewest and most allowed.

    >>> Band.around(300, 0.10)
    Band(target=300, least=270, most=330)
    """

    target: int
    least: int
    most: int

    @classmethod
    def around(cls, target: int, tolerance_share: float) -> Band:
        """The whole numbers within `tolerance_share` (0–1) of the target, ends included."""
        slack = (
            round(target * tolerance_share * 1_000_000) / 1_000_000
        )  # 300 * 1.1 must not become 330.00000000000006
        return cls(target, int(np.ceil(target - slack)), int(np.floor(target + slack)))

    def holds(self, households: IntArray | FloatArray) -> BoolArray:
        """Which counts, or loads, lie in the band."""
        return np.asarray((households >= self.least) & (households <= self.most))
