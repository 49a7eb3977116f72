"""Grids in force on paper, shaded by a count: vectors, a true scale, and hatches that survive a copier."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.geo.crs import to_metres
from app.geo.partition import Polygons
from app.services.certificate_map import LABEL_MM, LABELLED, fitted, svg_path
from app.services.lookup import OF_SMALLEST_PLAN

WIDTH_MM, MOST_HEIGHT_MM = 178.0, 120.0  # on A4 between its margins, with room for words above
BAR_MM = 40.0  # the scale bar is at most so long
UNTOLD = -1  # nothing is said about it
CLASSES = 4  # of counts above nought; more could not be told apart in print


@dataclass(frozen=True)
class Area:
    """A grid as it is drawn. shade: 0 where nothing was counted, else its class from 1 on; UNTOLD."""

    path: str
    shade: int
    label: str | None
    x: float
    y: float


@dataclass(frozen=True)
class ShadedMap:
    """A map in millimetres of paper, x to the right and y down. scale: metres on the ground per metre.

    classes: the least and the most of each shade from 1 on.
    """

    width: float
    height: float
    scale: int
    bar_m: int
    bar_mm: float
    areas: list[Area]
    classes: list[tuple[int, int]]


def shaded_map(
    session: Session, place: Row[object], counts: Mapping[str, int], untold: Collection[str] = ()
) -> ShadedMap | None:
    """Draw the grids in force of a place as large as the sheet takes them; None where there are none.

    place: with `path` and `srid`. counts: by the code of a grid; what is in no grid in force is not drawn.
    untold: grids about which nothing is said; they look so.
    """
    rows = session.execute(_GRIDS, {"path": place.path}).all()
    if not rows:
        return None
    lonlat = shapely.from_wkb([bytes(row.outline) for row in rows])
    metres = to_metres(np.asarray(lonlat), CRS.from_epsg(place.srid))
    told = [None if row.code in untold else counts.get(row.code, 0) for row in rows]
    return drawn(metres, [row.code for row in rows], told)


def drawn(metres: Polygons, codes: Sequence[str], counts: Sequence[int | None]) -> ShadedMap:
    """The same of outlines in metres; None where nothing is said."""
    sheet = fitted(metres, (WIDTH_MM, MOST_HEIGHT_MM), BAR_MM)
    paper = sheet.paper
    circles = shapely.maximum_inscribed_circle(paper, 0.5)
    middle = shapely.get_coordinates(shapely.get_point(circles, 0))
    has_room = (shapely.length(circles) > LABEL_MM) & (len(paper) <= LABELLED)
    shades, classes = classed([count or 0 for count in counts])
    shades = [UNTOLD if count is None else shade for count, shade in zip(counts, shades, strict=True)]
    return ShadedMap(
        width=sheet.width,
        height=sheet.height,
        scale=sheet.scale,
        bar_m=sheet.bar_m,
        bar_mm=sheet.bar_mm,
        areas=[
            Area(
                svg_path(paper[k]),
                shades[k],
                codes[k][-3:] if has_room[k] else None,
                *(round(float(value), 2) for value in middle[k]),
            )
            for k in range(len(paper))
        ],
        classes=classes,
    )


def classed(counts: Sequence[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """The class of each count, 0 for nought, and the least and most of each class: Fisher & Jenks.

    >>> classed([0, 1, 2, 9, 1])
    ([0, 1, 2, 3, 1], [(1, 1), (2, 2), (9, 9)])
    >>> classed([0, 0])
    ([0, 0], [])
    """
    values = np.asarray(counts)
    found = np.unique(values[values > 0])
    if len(found) == 0:
        return [0] * len(values), []
    if len(found) <= CLASSES:
        upper = found
    else:
        import mapclassify  # takes seconds, and only many different counts need it

        upper = np.unique(mapclassify.FisherJenks(values[values > 0], k=CLASSES).bins)
    shades = np.where(values > 0, np.searchsorted(upper, values) + 1, 0)
    classes = [values[shades == shade] for shade in range(1, len(upper) + 1)]
    return shades.tolist(), [(int(of.min()), int(of.max())) for of in classes]


_GRIDS = text(f"""
    SELECT grid.code, ST_AsBinary(grid.outline) AS outline
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place AS planned ON planned.id = plan.place_id
    JOIN place ON place.id = grid.community_id
    WHERE place.path <@ CAST(:path AS ltree) AND {OF_SMALLEST_PLAN}
    ORDER BY grid.code
""")  # noqa: S608 (constants)
