"""The small map on a printed certificate: vectors, a true scale, hatches that survive a copier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS

from app.geo.certificate import Grids
from app.geo.crs import to_metres
from app.geo.partition import Polygons
from app.geo.plots import Band

WIDTH_MM, MOST_HEIGHT_MM = 180.0, 118.0  # on A4 between its margins, with room for the heading
TOLERANCE_MM = 0.15  # what nobody sees on paper
BAR_MM = 45.0  # the scale bar is at most so long
LABELLED = 150  # grids; with more, numbers could not be read
LABEL_MM = 2.4  # height of a figure


@dataclass(frozen=True)
class Shape:
    """A grid as it is drawn. kind: `in`, `few`, `many` or `nobody`. label: None where there is no room."""

    path: str
    kind: str
    label: str | None
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """A map in millimetres of paper, x to the right and y down. scale: metres on the ground per metre."""

    width: float
    height: float
    scale: int
    bar_m: int
    bar_mm: float
    shapes: list[Shape]


@dataclass(frozen=True)
class Fitted:
    """Outlines in millimetres of paper, x to the right and y down, as large as a sheet takes them."""

    paper: Polygons
    width: float
    height: float
    scale: int
    bar_m: int
    bar_mm: float


def fitted(metres: Polygons, room: tuple[float, float], longest_bar: float) -> Fitted:
    """Outlines in metres on paper, simplified where they are a coverage.

    room: width and most height in millimetres. longest_bar: millimetres the scale bar takes at most.
    """
    west, south, east, north = shapely.total_bounds(metres)
    metres_per_mm = max((east - west) / room[0], (north - south) / room[1], 1e-6)
    scale = round_up(metres_per_mm * 1000)
    per_mm = scale / 1000
    if shapely.is_valid(metres).all() and shapely.coverage_is_valid(metres):
        metres = shapely.coverage_simplify(metres, TOLERANCE_MM * per_mm)
    bar_m = round_down(longest_bar * per_mm)
    return Fitted(
        paper=shapely.transform(metres, lambda xy: (xy - [west, north]) / [per_mm, -per_mm]),
        width=round((east - west) / per_mm, 1),
        height=round((north - south) / per_mm, 1),
        scale=scale,
        bar_m=bar_m,
        bar_mm=round(bar_m / per_mm, 2),
    )


def drawing(grids: Grids, crs: CRS, band: Band) -> Drawing | None:
    """Draw the grids as large as the sheet takes them; None where there is no ground."""
    metres = to_metres(grids.lonlat, crs)
    if len(metres) == 0 or shapely.is_empty(metres).all():
        return None
    sheet = fitted(metres, (WIDTH_MM, MOST_HEIGHT_MM), BAR_MM)
    paper = sheet.paper
    room = shapely.length(shapely.maximum_inscribed_circle(paper, tolerance=0.5))
    points = shapely.get_coordinates(shapely.point_on_surface(paper))
    if len(points) == len(paper):
        points = shapely.get_coordinates(shapely.get_point(shapely.maximum_inscribed_circle(paper, 0.5), 0))
    is_labelled = len(paper) <= LABELLED
    return Drawing(
        width=sheet.width,
        height=sheet.height,
        scale=sheet.scale,
        bar_m=sheet.bar_m,
        bar_mm=sheet.bar_mm,
        shapes=[
            Shape(
                svg_path(paper[k]),
                _kind(grids, k, band),
                grids.codes[k][-3:] if is_labelled and room[k] > LABEL_MM else None,
                *(round(float(value), 2) for value in points[k]),
            )
            for k in range(len(paper))
            if not shapely.is_empty(paper[k])
        ],
    )


def _kind(grids: Grids, number: int, band: Band) -> str:
    """Special grids are as good as in band: it is not held against them."""
    if grids.households[number] == 0:
        return "nobody"
    held = grids.held(grids.households)[number]
    if not grids.ordinary[number]:
        return "in"
    return "few" if held < band.least else "many" if held > band.most else "in"


def svg_path(shape: shapely.Geometry) -> str:
    """The rings as SVG has them, to a fiftieth of a millimetre."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(
        "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in np.round(shapely.get_coordinates(ring)[:-1], 2)) + "Z"
        for ring in rings
    )


def round_up(value: float) -> int:
    """The next of 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten: a scale one can say.

    >>> round_up(12_345), round_up(2_000)
    (12500, 2000)
    """
    power = 10 ** max(0, int(np.floor(np.log10(value))))
    steps = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return int(np.ceil(next(step for step in steps if step * power >= value - 1e-9) * power))


def round_down(value: float) -> int:
    """The largest of 1, 2, 5 times a power of ten that is no longer: a bar one can read off.

    >>> round_down(730)
    500
    """
    power = 10 ** max(0, int(np.floor(np.log10(max(value, 1)))))
    return int(max(step for step in (1, 2, 5) if step * power <= max(value, 1)) * power)
