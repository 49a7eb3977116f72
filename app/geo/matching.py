"""Which building of today's files is which of those that were known before."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import shapely

from app.geo.crs import Geometries
from app.geo.plots import BoolArray, IntArray

SAME_SHARE = 0.8  # of the ground two footprints cover together: one building, drawn twice
NEAR_SHARE = 0.5  # enough where the code is the same too


class Match(IntEnum):
    """Why two are one, the best reason first."""

    CODE_AND_GROUND = 0
    GROUND = 1
    CODE = 2


def matched(
    codes: Sequence[str],
    footprints: Geometries,
    former_codes: Sequence[str],
    former_footprints: Geometries,
    standing: BoolArray,
    codes_made: bool = False,
) -> IntArray:
    """The former building each one is, -1 for one that is new; no former one is taken twice.

    A building is the ground it stands on: where the same code and the same ground name different ones, the
    ground decides, so that renumbered files keep their buildings. A code whose building stands elsewhere
    now is believed only where codes were not made up from the order of rows.

    footprints: polygons in any one CRS. standing: which former ones were there until now; they come first.
    codes_made: whether the files have no codes of their own.

    >>> houses = np.array([shapely.box(x, 0, x + 9, 9) for x in (0, 10, 20)], dtype=object)
    >>> matched(["1", "2"], houses[1:], ["1", "2", "3"], houses, np.ones(3, bool), codes_made=True)
    array([1, 2])
    """
    new, old = shapely.STRtree(former_footprints).query(footprints, predicate="intersects")
    both = shapely.area(shapely.intersection(footprints[new], former_footprints[old]))
    share = both / (shapely.area(footprints)[new] + shapely.area(former_footprints)[old] - both)
    same = np.array([codes[n] == former_codes[o] for n, o in zip(new, old, strict=True)], dtype=bool)
    if not codes_made:
        far_new, far_old = _same_codes(codes, former_codes)
        new, old = np.append(new, far_new), np.append(old, far_old)
        share = np.append(share, np.zeros(len(far_new)))
        same = np.append(same, np.ones(len(far_new), bool))
    why = np.full(len(new), -1)
    why[same & ((share > 0) | (not codes_made))] = Match.CODE
    why[share >= SAME_SHARE] = Match.GROUND
    why[same & (share >= NEAR_SHARE)] = Match.CODE_AND_GROUND

    result = np.full(len(codes), -1, np.int64)
    taken = np.zeros(len(former_codes), bool)
    order = np.lexsort((old, new, -share, ~standing[old], why))
    for pair in order[why[order] >= 0]:
        if result[new[pair]] < 0 and not taken[old[pair]]:
            result[new[pair]] = old[pair]
            taken[old[pair]] = True
    return result


def _same_codes(
    codes: Sequence[str], former_codes: Sequence[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs with the same code; a code may have had several buildings, one after the other."""
    having: dict[str, list[int]] = {}
    for number, code in enumerate(former_codes):
        having.setdefault(code, []).append(number)
    pairs = [(number, other) for number, code in enumerate(codes) for other in having.get(code, ())]
    listed = np.array(pairs, np.int64).reshape(-1, 2)
    return listed[:, 0], listed[:, 1]
