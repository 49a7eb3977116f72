"""The walk of a day: metres between buildings over the streets there are, and the order to call at them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo import walking
from app.geo.plots import FloatArray

AROUND_DEG = 0.003  # about 300 m: streets on which a detour goes round
MOST = 120  # stops in one walk; a day has fewer
SEED = 1  # the same stops, the same walk


def metres_between(session: Session, buildings: Sequence[int], srid: int) -> FloatArray:
    """Metres over the streets between buildings, in their order.

    srid: of the projected CRS of the place.
    """
    rows = session.execute(_POSITIONS, {"ids": list(buildings), "srid": srid})
    at = {row.id: (row.x, row.y) for row in rows}
    stops = np.array([at[building] for building in buildings], dtype=float).reshape(-1, 2)
    asked = {"ids": list(buildings), "srid": srid, "around": AROUND_DEG}
    lines = [shapely.from_wkb(bytes(wkb)) for wkb in session.scalars(_STREETS, asked)]
    return walking.walked_metres(np.array(lines, dtype=object), stops)


def order(metres: FloatArray, start: int | None = None) -> list[int]:
    """In which order to call at stops; positions in the matrix. start: the one to begin at."""
    return walking.walk(metres, np.random.default_rng(SEED), start)


_POSITIONS = text("""
    SELECT id, ST_X(at) AS x, ST_Y(at) AS y
    FROM (SELECT id, ST_Transform(position, :srid) AS at FROM building WHERE id = ANY(:ids)) AS placed
""")
_STREETS = text("""
    SELECT ST_AsBinary(ST_Transform(street.geometry, :srid)) FROM street
    WHERE street.geometry && (
        SELECT ST_Expand(ST_SetSRID(ST_Extent(position)::geometry, 4326), :around)
        FROM building WHERE id = ANY(:ids)
    )
    ORDER BY street.id
""")
