"""Where something is: the grid at a point, the buildings of a grid, the building nearest to a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

Scope = tuple[str, ...] | None


def _of_building(households: str) -> str:
    """What is told of a building, `households` being the column that has them."""
    return f"""building.id, building.code, building.name, building.name_pinyin, building.address,
    building.kind, building.floors, building.{households} AS households,
    building.households_source AS source, ST_X(building.position) AS lon, ST_Y(building.position) AS lat"""


OF_BUILDING = _of_building("households")
OF_BUILDING_HERE = _of_building("here")  # of `STANDING_IN`


def standing_in(grid: str) -> str:
    """What stands in a grid, as `building`, where `grid` is an expression for its id.

    By the point inside, and of a building that the plan divides by its entrances the households behind those
    in the grid.
    """
    return f"""(
    SELECT building.*, building.households AS here
    FROM grid JOIN building ON ST_Contains(grid.outline, building.position) AND building.retired_at IS NULL
    WHERE grid.id = {grid} AND NOT EXISTS (
        SELECT FROM plan JOIN plot_entrance AS door USING (tessellation_id)
        WHERE plan.id = grid.plan_id AND door.building_id = building.id
    )
    UNION ALL
    SELECT building.*, behind.households
    FROM (
        SELECT building_id, sum(households)::int AS households
        FROM grid_plot JOIN plot_entrance USING (tessellation_id, plot_id)
        WHERE grid_id = {grid} GROUP BY building_id
    ) AS behind JOIN building ON building.id = behind.building_id AND building.retired_at IS NULL
) AS building"""  # noqa: S608 (an expression of ours)


STANDING_IN = standing_in(":grid")
BENEATH = "community_id IN (SELECT id FROM place WHERE path <@ CAST(:path AS ltree))"
# Of plans in force at several levels that of the smallest place counts, where `planned` is the place of a
# plan in force and `place` a community of it.
OF_SMALLEST_PLAN = """NOT EXISTS (
        SELECT FROM plan AS finer JOIN place AS smaller ON smaller.id = finer.place_id
        WHERE finer.state = 'published' AND smaller.path <@ planned.path AND smaller.id <> planned.id
            AND place.path <@ smaller.path
    )"""


def grid_at(session: Session, plan_id: int, lon: float, lat: float, scope: Scope = None) -> Row[Any] | None:
    """The grid of a plan at a point in degrees: id, code, name, community (code); None where there is none.

    On a border the grid whose code comes first.
    """
    return session.execute(GRID_AT, {"plan": plan_id, "lon": lon, "lat": lat, **in_scope(scope)}).first()


def buildings_in_grid(session: Session, grid_id: int) -> Sequence[Row[Any]]:
    """The buildings that stand in a grid, by code."""
    return session.execute(IN_GRID, {"grid": grid_id}).all()


def nearest_building(
    session: Session, lon: float, lat: float, scope: Scope = None, within: str | None = None
) -> Row[Any] | None:
    """The building whose footprint is nearest to a point, with `distance_m`; None where there is none.

    scope: paths of the places whose buildings count; None for all. within: path of the place looked in.
    """
    asked = {"lon": lon, "lat": lat, "within": within, **in_scope(scope)}
    return session.execute(NEAREST, asked).first()


def in_scope(scope: Scope) -> dict[str, Any]:
    """What the questions here are told of a scope."""
    return {"everywhere": scope is None, "scope": list(scope or ())}


GRID_AT = text("""
    SELECT grid.id, grid.code, grid.name, place.code AS community
    FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = :plan AND ST_Intersects(grid.outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
        AND (:everywhere OR place.path <@ ANY(CAST(:scope AS ltree[])))
    ORDER BY grid.code LIMIT 1
""")
# The point inside decides. Ground may have been imported with the plan's place or with one related to it.
IN_GRID = text(f"""
    SELECT {OF_BUILDING_HERE} FROM {STANDING_IN} ORDER BY building.code
""")  # noqa: S608 (constants)
# Which buildings are looked among, where `imported` is the place each was imported with.
AMONG = """
    building.retired_at IS NULL
    AND (CAST(:within AS ltree) IS NULL OR EXISTS (
        SELECT FROM place WHERE path = CAST(:within AS ltree)
            AND (imported.path <@ place.path OR ST_Covers(place.outline, building.position))))
    AND (:everywhere OR EXISTS (
        SELECT FROM place WHERE path = ANY(CAST(:scope AS ltree[]))
            AND (imported.path <@ place.path OR ST_Covers(place.outline, building.position))))
"""
HERE = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
# The index knows degrees, and those are shorter from west to east. So the one it finds first says how far to
# look at most, and among all that come as near as that metres decide. The point is written out: ordered by a
# column of another table, the index would not be asked.
NEAREST = text(f"""
    WITH first AS MATERIALIZED (
        SELECT ST_Distance(building.geometry::geography, {HERE}::geography) + 1 AS reach_m
        FROM building JOIN place AS imported ON imported.id = building.place_id
        WHERE {AMONG} ORDER BY building.geometry <-> {HERE} LIMIT 1
    ),
    near AS MATERIALIZED (
        SELECT ST_Expand(
            {HERE}, reach_m / (110000 * GREATEST(cos(radians(:lat)), 0.001)), reach_m / 110000
        ) AS box
        FROM first
    )
    SELECT {OF_BUILDING}, ST_Distance(building.geometry::geography, {HERE}::geography) AS distance_m
    FROM near, building JOIN place AS imported ON imported.id = building.place_id
    WHERE building.geometry && near.box AND {AMONG}
    ORDER BY distance_m, building.id LIMIT 1
""")  # noqa: S608 (constants)
