"""Hazards by grid, community or subdistrict: how many, how many for 1,000 households, in classes, hot spots.

Hazards are counted where they are, on the ground as it is divided today, so that a time can be compared with
another. A rate tells how many households there are; it is reckoned with them in fives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo.density import to_degrees
from app.geo.hot_spots import HotSpots, hot_spots, neighbours
from app.geo.locate import located
from app.geo.plots import FloatArray, IntArray
from app.services.fives import fives_of
from app.services.heat import Ground, Wish, chosen
from app.services.heat_points import KeptPoints, Points
from app.services.reading import COUNTED
from app.services.tile_layers import FEW

GRID, COMMUNITY, SUBDISTRICT = "grid", "community", "subdistrict"
LEVELS = (GRID, COMMUNITY, SUBDISTRICT)
COUNT, RATE = "count", "rate"
MEASURES = (COUNT, RATE)
NATURAL, QUANTILES = "natural", "quantiles"
WAYS = (NATURAL, QUANTILES)
CLASSES = 5
SEED = 5  # of the permutations: the same question has the same answer
OUTLINE_DEG = 0.0001  # corners of communities are told to about 10 m


@dataclass(frozen=True)
class Areas:
    """The areas of one level. key: changes when they do.

    households: in fives, few as they are and never told.
    parents: of each grid the code of its community, of a place the path of that above.
    """

    level: str
    key: tuple[Any, ...]
    ids: tuple[int, ...]
    codes: tuple[str, ...]
    names: tuple[str | None, ...]
    households: tuple[int, ...]
    parents: tuple[str, ...]
    outlines: np.ndarray[Any, Any]

    def __len__(self) -> int:
        return len(self.ids)


def areas_of(session: Session, kept: KeptPoints, ground: Ground, level: str) -> Areas:
    """The areas of a place somebody may see: grids of the plan in force, or places with an outline."""
    if level != GRID:
        return _places(session, ground, level)
    plans = session.execute(_PLANS, {"path": ground.path}).all()
    key = (GRID, ground.communities, tuple((plan.id, plan.version, plan.tessellation_id) for plan in plans))

    def make() -> Areas:
        asked = {"plans": [plan.id for plan in plans], "communities": list(ground.communities)}
        return _read(session, GRID, key, session.execute(_GRIDS, asked).all())

    found: Areas = kept.once(key, make)
    return found


def _places(session: Session, ground: Ground, level: str) -> Areas:
    asked = {"path": ground.path, "communities": list(ground.communities), "level": level}
    rows = session.execute(_PLACES, asked).all()
    return _read(session, level, (level, ground.communities, ground.path), rows)


def _read(session: Session, level: str, key: tuple[Any, ...], rows: Sequence[Any]) -> Areas:
    fives = fives_of(session)
    outlines = shapely.from_wkb(np.array([bytes(row.outline) for row in rows], dtype=object))
    return Areas(
        level,
        key,
        tuple(row.id for row in rows),
        tuple(row.code for row in rows),
        tuple(row.name for row in rows),
        tuple(fives.told(row.households, row.rounded_in) or row.households for row in rows),
        tuple(row.parent for row in rows),
        np.asarray(outlines, dtype=object),
    )


def counts(kept: KeptPoints, points: Points, ground: Ground, areas: Areas, wish: Wish) -> IntArray:
    """How many hazards a wish means in each area."""
    some = chosen(kept, points, ground, wish)
    where = _where(kept, points, areas)[some.at]
    return np.bincount(where[where >= 0], minlength=len(areas))


def _where(kept: KeptPoints, points: Points, areas: Areas) -> IntArray:
    """In which area each of all hazards is; −1: in none."""

    def make() -> IntArray:
        before: tuple[Points, IntArray] | None = kept.lasting.get(areas.key)
        where = np.full(len(points), -1)
        fresh = np.ones(len(points), bool)
        if before is not None and len(before[0]):
            known, found = before
            at = np.minimum(np.searchsorted(known.id, points.id), len(known) - 1)
            fresh = (known.id[at] != points.id) | (known.x[at] != points.x) | (known.y[at] != points.y)
            where[~fresh] = found[at[~fresh]]
        where[fresh] = _located(points.x[fresh], points.y[fresh], areas)
        kept.keep(areas.key, (points, where))
        return where

    found: IntArray = kept.once(("where", points.mark, areas.key), make)
    return found


def _located(x: FloatArray, y: FloatArray, areas: Areas) -> IntArray:
    """In which area each place in world coordinates is, on a border the first of them; −1: in none."""
    return located(*to_degrees(x, y), areas.outlines)


def told(
    kept: KeptPoints,
    points: Points,
    ground: Ground,
    areas: Areas,
    wish: Wish,
    *,
    measure: str = COUNT,
    way: str = NATURAL,
    before: Wish | None = None,
    with_spots: bool = False,
) -> dict[str, Any]:
    """What a map of areas shows: for each its count, rate, class and whether it is a hot spot; the classes.

    before: another time, of which the counts stand beside. A rate is None where it must not be told.
    """
    found = counts(kept, points, ground, areas, wish)
    then = counts(kept, points, ground, areas, before) if before is not None else None
    rates = told_rates(areas, found)
    values = (
        found.astype(float) if measure == COUNT else np.array([np.nan if r is None else r for r in rates])
    )
    bounds, classes = classed(values, way)
    spots = _spots(kept, points, ground, areas, wish, measure, values) if with_spots else None
    return {
        "areas": [
            {
                "id": areas.ids[k],
                "code": areas.codes[k],
                "name": areas.names[k],
                "hazards": int(found[k]),
                "rate": rates[k],
                "class": None if classes[k] < 0 else int(classes[k]),
                "before": None if then is None else int(then[k]),
                "spot": None if spots is None else _spot(spots, k),
            }
            for k in range(len(areas))
        ],
        "bounds": bounds,
        "told_of": int((~np.isnan(values)).sum()),
    }


def told_rates(areas: Areas, found: IntArray) -> list[float | None]:
    """Hazards for 1,000 households by area.

    Of households in fives: a rate and its count tell of no others. An area with few households has no rate,
    nor one without any.
    """
    return [
        round(1000 * int(count) / households, 2) if households >= FEW else None
        for count, households in zip(found, areas.households, strict=True)
    ]


def classed(values: FloatArray, way: str) -> tuple[list[float], IntArray]:
    """Upper bounds of the classes, and the class of each value: 0 for none, −1 where there is no value.

    Natural breaks (Fisher 1958, Jenks) or quantiles of what is over 0; fewer where there are few values.
    """
    classes = np.where(np.isnan(values), -1, 0)
    over = ~np.isnan(values) & (values > 0)
    if not over.any():
        return [], classes
    bounds = _bounds(values[over], way)
    classes[over] = 1 + np.searchsorted(bounds, values[over] - 1e-9)
    return [round(float(bound), 2) for bound in bounds], classes


def _bounds(values: FloatArray, way: str) -> FloatArray:
    distinct = np.unique(values)
    if len(distinct) <= CLASSES:
        return distinct
    import mapclassify  # takes a second, and only this needs it

    if way == NATURAL:
        return np.asarray(mapclassify.FisherJenks(values, CLASSES).bins)
    return np.unique(mapclassify.Quantiles(values, CLASSES).bins)


def _spots(
    kept: KeptPoints,
    points: Points,
    ground: Ground,
    areas: Areas,
    wish: Wish,
    measure: str,
    values: FloatArray,
) -> HotSpots:
    def make() -> HotSpots:
        first, second = kept.once(("beside", areas.key), lambda: neighbours(areas.outlines))
        return hot_spots(values, first, second, np.random.default_rng(SEED))

    key = ("spots", points.mark, ground.communities, areas.key, wish, measure)
    found: HotSpots = kept.once(key, make)
    return found


def _spot(spots: HotSpots, k: int) -> str | None:
    """`hot`, `cold`, `even` (nothing that chance would not bring), None where nothing can be said."""
    if np.isnan(spots.z[k]):
        return None
    if not spots.is_significant[k]:
        return "even"
    return "hot" if spots.z[k] > 0 else "cold"


def outlines(areas: Areas) -> dict[str, Any]:
    """The areas as GeoJSON, corners to ten metres; neighbours stay neighbours."""
    shapes = shapely.coverage_simplify(areas.outlines, OUTLINE_DEG) if len(areas) else []
    features = [
        {
            "type": "Feature",
            "id": areas.ids[k],
            "properties": {"code": areas.codes[k], "name": areas.names[k]},
            "geometry": _rounded(shape),
        }
        for k, shape in enumerate(shapes)
    ]
    return {"type": "FeatureCollection", "features": features}


def _rounded(shape: shapely.Geometry) -> dict[str, Any]:
    made: dict[str, Any] = shapely.geometry.mapping(shapely.transform(shape, lambda xy: xy.round(6)))
    return made


# The plan at or nearest above the place, else those beneath it that lie in no other's.
_PLANS = text("""
    WITH in_force AS (
        SELECT plan.id, plan.version, plan.tessellation_id, place.path FROM plan
        JOIN place ON place.id = plan.place_id WHERE plan.state = 'published'
    ), above AS (
        SELECT * FROM in_force WHERE path @> CAST(:path AS ltree) ORDER BY nlevel(path) DESC LIMIT 1
    )
    SELECT id, version, tessellation_id FROM above
    UNION ALL
    SELECT id, version, tessellation_id FROM in_force
    WHERE NOT EXISTS (SELECT FROM above) AND path <@ CAST(:path AS ltree)
        AND NOT EXISTS (SELECT FROM in_force AS o WHERE o.path @> in_force.path AND o.path <> in_force.path)
    ORDER BY id
""")
_GRIDS = text("""
    SELECT grid.id, grid.code, grid.name, place.code AS parent, ST_AsBinary(grid.outline) AS outline,
        grid.households, place.code AS rounded_in
    FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = ANY(CAST(:plans AS bigint[]))
        AND grid.community_id = ANY(CAST(:communities AS bigint[]))
    ORDER BY grid.code, grid.id
""")
_PLACES = text(f"""
    WITH counted AS MATERIALIZED ({COUNTED.text})
    SELECT place.id, place.code, place.name, ltree2text(subpath(place.path, 0, -1)) AS parent,
        ST_AsBinary(place.outline) AS outline,
        coalesce(beneath.households, 0) AS households,
        CASE beneath.places WHEN 1 THEN beneath.code ELSE place.code END AS rounded_in
    FROM place, LATERAL (
        SELECT sum(counted.households)::int AS households, count(*) AS places, min(smaller.code) AS code
        FROM place AS smaller JOIN counted ON counted.community_id = smaller.id AND counted.households > 0
        WHERE smaller.path <@ place.path
    ) AS beneath
    WHERE place.level = :level AND place.path <@ CAST(:path AS ltree)
        AND place.id = ANY(CAST(:communities AS bigint[]))
    ORDER BY place.code
""")  # noqa: S608 (constants)
