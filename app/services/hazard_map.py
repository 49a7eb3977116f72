"""Open hazards for the map: each as a point while a view has few, else counted by cells of the ground.

No word anybody wrote and nobody's name is told: kind, severity, state, clock, and the building or compound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.access import Actor
from app.services.hazards import OVERDUE, Wanted, conditions

MOST_POINTS = 2_000  # of one view
CELLS_ACROSS = 40  # of the longer side of a view, so that there are fewer cells than points
LEAST_CELL_M = 25.0
METRES_A_DEGREE = 111_320.0  # of latitude, on the sphere
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class InView:
    """Open hazards of a view: points, or cells where there are more than `MOST_POINTS`.

    kinds: code and names of those among the points. cell_m: side of a cell in metres; None with points.
    """

    points: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[dict[str, str]] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    cell_m: float | None = None


def in_view(
    session: Session, actor: Actor, place: str, box: Box, now: datetime, most: int = MOST_POINTS
) -> InView:
    """What is open in a view of a place, of the communities whose cases the actor reads.

    box: west, south, east, north in degrees. now: aware; what was due before it is overdue.
    Refused with `not_found` and `not_in_scope`, as `hazards.list_hazards` is.
    """
    where, asked = conditions(session, actor, Wanted(place=place, is_open=True, box=box), now)
    rows = session.execute(text(_POINTS.format(where=where)), {**asked, "most": most + 1}).all()
    if len(rows) > most:
        size = cell_m(box)
        step = size / METRES_A_DEGREE
        cells = session.execute(text(_CELLS.format(where=where)), {**asked, "step": step})
        return InView(cells=[dict(row._mapping) for row in cells], cell_m=size)
    kinds = session.execute(_KINDS, {"kinds": sorted({row.kind for row in rows})})
    return InView([dict(row._mapping) for row in rows], [dict(row._mapping) for row in kinds])


def cell_m(box: Box) -> float:
    """The side of a cell in metres: 25 m, doubled until the longer side of the view has at most forty.

    Steps of two, so that cells stay the same while the view moves.
    """
    west, south, east, north = box
    widest = min(abs(south), abs(north)) if south * north > 0 else 0.0  # degrees of latitude
    across = abs(east - west) * METRES_A_DEGREE * math.cos(math.radians(widest))
    along = abs(north - south) * METRES_A_DEGREE
    doubled = math.ceil(math.log2(max(1.0, max(across, along) / CELLS_ACROSS / LEAST_CELL_M)))
    return float(LEAST_CELL_M * 2**doubled)


# The page of points ends early where there are too many, before anything is joined to them.
_POINTS = f"""
    WITH found AS MATERIALIZED (
        SELECT id, kind, severity, state, due_at, {OVERDUE} AS overdue, position, building_id, compound_id
        FROM hazard WHERE {{where}} LIMIT :most
    )
    SELECT found.id, found.kind, found.severity, found.state, found.due_at, found.overdue,
        ST_X(found.position) AS lon, ST_Y(found.position) AS lat,
        coalesce(building.name, building.address, building.code, compound.name, compound.code) AS site
    FROM found LEFT JOIN building ON building.id = found.building_id
    LEFT JOIN compound ON compound.id = found.compound_id ORDER BY found.id
"""  # noqa: S608 (constants)
# Rows of cells are as high everywhere; along each, cells are as wide in metres as its middle has it.
_CELLS = f"""
    SELECT count(*) AS hazards, max(severity) AS worst, count(*) FILTER (WHERE {OVERDUE}) AS overdue,
        round(avg(ST_X(position))::numeric, 6)::float8 AS lon,
        round(avg(ST_Y(position))::numeric, 6)::float8 AS lat
    FROM (
        SELECT position, severity, closed_at, state, due_at, floor(ST_Y(position) / :step) AS row
        FROM hazard WHERE {{where}}
    ) AS hazard
    GROUP BY row, floor(ST_X(position) * cos(radians((row + 0.5) * :step)) / :step)
    ORDER BY row, lon
"""  # noqa: S608 (constants)
_KINDS = text("""
    SELECT code, name_en, name_zh FROM hazard_kind WHERE code = ANY(:kinds) ORDER BY position, code
""")
