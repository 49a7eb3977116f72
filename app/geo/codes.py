"""Grid codes of a first plan: community code and three digits, west to east, north to south.

As the Beijing unit-grid standard (DB11) numbers them: 6 county + 3 subdistrict + 3 community + 3
sequence digits. A district without communities uses a short code with as many digits as needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import shapely

from app.errors import Refusal
from app.geo.partition import Polygons
from app.geo.plots import IntArray

COMMUNITY_CODE = re.compile(r"\d{12}", re.ASCII)
MOST_GRIDS = 999


def number(grids: Polygons, community: Sequence[str] | None = None) -> list[str]:
    """A code for each grid, in reading order within its community, from 001.

    Refused with `community_code_malformed` for a code that is not twelve digits, and with
    `too_many_grids` for a community of more than 999.

    grids: polygons in metres. community: the 12-digit code of each; None numbers them all together.

    >>> number(np.array([shapely.box(1, 0, 2, 1), shapely.box(0, 0, 1, 1)]))
    ['2', '1']
    >>> number(np.array([shapely.box(0, 0, 1, 1)]), ["140402001003"])
    ['140402001003001']
    """
    codes = [""] * len(grids)
    if community is None:
        width = len(str(len(grids)))
        for sequence, grid in enumerate(reading_order(grids), start=1):
            codes[grid] = f"{sequence:0{width}d}"
        return codes
    for code in sorted(set(community)):
        if not COMMUNITY_CODE.fullmatch(code):
            raise Refusal("community_code_malformed", community=code)
        members = np.array([place for place, own in enumerate(community) if own == code])
        if len(members) > MOST_GRIDS:
            raise Refusal("too_many_grids", community=code, grids=len(members), most=MOST_GRIDS)
        for sequence, grid in enumerate(members[reading_order(grids[members])], start=1):
            codes[grid] = f"{code}{sequence:03d}"
    return codes


def reading_order(grids: Polygons) -> IntArray:
    """The grids as one reads a page: rows from north to south, each from west to east.

    Grids are not laid out in rows, so rows are made: bands as high as the side of a square of the mean
    grid's area, counted from the northern end. A grid is in the row of its centroid; where two centroids
    lie at the same easting the northern comes first, then the one given first.

    grids: polygons in metres. Returns positions, first to last.

    >>> ground = [shapely.box(x, y, x + 1, y + 1) for y in (0, 1) for x in (0, 1)]
    >>> reading_order(np.array(ground))
    array([2, 3, 0, 1])
    """
    if len(grids) == 0:
        return np.empty(0, np.int64)
    x, y = np.round(shapely.get_coordinates(shapely.centroid(grids)), 2).T
    north = shapely.total_bounds(grids)[3]
    row_m = np.sqrt(shapely.area(grids).mean())
    row = np.floor((north - y) / row_m).astype(np.int64)
    return np.lexsort((np.arange(len(grids)), -y, x, row))
