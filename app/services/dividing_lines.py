"""Streets that a grid of a draft could be divided along, for those who draw no line on a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo import editing
from app.geo.crs import to_lonlat, to_metres
from app.models import Plan
from app.services.access import BIGGEST_ID
from app.services.bulk import shapes_of
from app.services.operations import Scene, read_scene, streets_near


def streets_through(session: Session, plan_id: int, grid_id: int) -> list[dict[str, Any]]:
    """Streets within a grid, those first that divide it most evenly, then the longer ones.

    Each with `line`, corners [lon, lat] of its longest part there, to be sent as the line of `divide_by_line`
    or of a cut; `metres` of it; and `households` of both grids it would make, the larger first: None where
    it does not divide the grid, for all lies on one side or something is locked. Those of one name are one
    street.
    Refused with `not_found` and `grid_unknown`.
    """
    if grid_id > BIGGEST_ID:
        raise Refusal("not_found")
    plan = session.get_one(Plan, plan_id)
    scene = read_scene(session, plan, [grid_id])
    rows = streets_near(session, plan, [grid_id])
    lines = to_metres(shapes_of(row.line for row in rows), scene.crs)
    streets: dict[int | str, list[int]] = {}
    for place, row in enumerate(rows):
        streets.setdefault(row.name or row.id, []).append(place)
    found = []
    for own in streets.values():
        line = editing.line_through(scene.excerpt.polygons, lines[own])
        if line is not None:
            first = rows[own[0]]
            found.append({"id": first.id, "name": first.name, **_told(scene, line)})
    return sorted(found, key=_evenness)


def _told(scene: Scene, line: shapely.LineString) -> dict[str, Any]:
    degrees = to_lonlat(np.array([line], object), scene.crs)[0]
    return {
        "metres": round(float(line.length), 1),
        "line": shapely.get_coordinates(degrees).tolist(),
        "households": _halves(scene, line),
    }


def _halves(scene: Scene, line: shapely.LineString) -> list[int] | None:
    """Households of the two grids the line would make, the larger first."""
    try:
        after = editing.divide_by_line(scene.excerpt, 0, line)
    except Refusal:  # it is none to divide along; open ground may still be cut there
        return None
    counts = np.bincount(after, scene.excerpt.table.households, 2).astype(np.int64)
    return sorted(counts.tolist(), reverse=True)


def _evenness(street: dict[str, Any]) -> tuple[int, float, int]:
    halves: Sequence[int] = street["households"] or (0, -1)
    return -min(halves), -street["metres"], street["id"]
