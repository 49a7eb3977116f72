"""Residents on the map, as counts: by grid for who reads the plan, by building for who keeps registers.

Nobody's row is told. Who manages a grid's community or answers for the grid has its counts as they are;
everybody else has them in fives (`app.services.fives`), on any day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import rule_packs
from app.services.access import MANAGERS, Actor
from app.services.clears import buildings_of_grid, clears
from app.services.duties import coordinates
from app.services.fives import Fives, code_in, fives_of
from app.services.lookup import OF_SMALLEST_PLAN, in_scope
from app.services.personal import open_registers, verified_since
from app.services.visiting_hours import period_begins

COUNTS = ("households", "residents", "floating", "rentals", "verified")
OF_HOUSEHOLDS = ("residents", "floating", "verified")
MOST_BUILDINGS = 1_500  # of one view; a view of more is too far away for counts of buildings
Box = tuple[float, float, float, float]


def grid_counts(
    session: Session, plan_id: int, actor: Actor, scope: tuple[str, ...] | None, now: datetime
) -> list[dict[str, Any]]:
    """The counts of all grids of a plan in scope, by code; None where a count must be said as “few”.

    Of a plan that is not in force there are only those whose counts are told as they are: registers are kept
    by the grids in force.

    now: aware, in the zone of the city; `verified` counts from the beginning of its quarter.
    """
    months = rule_packs.around(session, scope, now.date()).rules.clocks.verification_months
    asked = {
        "plan": plan_id,
        "since": period_begins(now, months),
        "person": actor.person_id,
        **in_scope(scope),
    }
    rows = [row._asdict() for row in session.execute(_GRIDS, asked)]
    exact = [_told(row, _counts(row), exact=True) for row in rows if _is_exact(row, actor)]
    others = [row for row in rows if row["in_force"] and not _is_exact(row, actor)]
    fives = fives_of(session)
    made = exact + [_told(row, _in_fives(_counts(row), row["path"], fives), exact=False) for row in others]
    return sorted(made, key=lambda row: str(row["code"]))


def one_grid(session: Session, grid_id: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """The counts of a grid, and for who keeps its registers the six clears and what is let as a whole.

    Refused with `not_allowed` for all others where the plan is not in force, as `grid_counts` leaves it out.
    """
    of_grid = session.execute(_GRID, {"grid": grid_id, "person": actor.person_id}).one()
    told: dict[str, Any] = {"id": grid_id, "exact": _is_exact(of_grid._asdict(), actor)}
    if not told["exact"]:
        counts = grid_counts(session, of_grid.plan_id, actor, actor.scope, now)
        mine = next((row for row in counts if row["id"] == grid_id), None)
        if mine is None:
            raise Refusal("not_allowed")
        return {**told, "counts": _only_counts(mine), "clears": [], "compounds": []}
    registers = open_registers(session, actor, "ledger")
    buildings = buildings_of_grid(registers, grid_id)
    given = {"buildings": buildings, "since": verified_since(registers, now), "today": now.date()}
    row = session.execute(_COUNTED, given).one()
    return {
        **told,
        "counts": {name: int(row._mapping[name] or 0) for name in COUNTS},
        "clears": [vars(one) for one in clears(registers, buildings, now)],
        "compounds": [_compound(one._asdict(), now) for one in session.execute(_COMPOUNDS, given)],
    }


def building_counts(session: Session, actor: Actor, box: Box, now: datetime) -> list[dict[str, Any]] | None:
    """The counts of the buildings in a view whose registers somebody keeps; None where there are too many.

    box: west, south, east, north in degrees.
    """
    registers = open_registers(session, actor, "ledger")
    west, south, east, north = box
    asked = {"west": west, "south": south, "east": east, "north": north, "most": MOST_BUILDINGS + 1}
    buildings = list(session.scalars(_IN_VIEW, asked))
    if len(buildings) > MOST_BUILDINGS:
        return None
    found = session.execute(_BUILDINGS, {"buildings": buildings, "since": verified_since(registers, now)})
    return [
        {
            "id": row.id,
            "position": [row.lon, row.lat],
            "compound": row.compound,
            **{name: int(row._mapping[name] or 0) for name in COUNTS},
        }
        for row in found
    ]


def _is_exact(row: Mapping[str, Any], actor: Actor) -> bool:
    return bool(row["served"]) or actor.covers(MANAGERS, row["path"])


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(row[name] or 0) for name in COUNTS}


def _told(row: Mapping[str, Any], counts: Mapping[str, int | None], *, exact: bool) -> dict[str, Any]:
    return {"id": row["id"], "code": row["code"], "exact": exact, **counts}


def _in_fives(counts: Mapping[str, int], path: str, fives: Fives) -> dict[str, int | None]:
    """The counts of a grid in a community as all others read them. path: of the community.

    Of a grid with few households, and of what few of them have, nothing but that.
    """
    told = {name: fives.told(counts[name], code_in(path)) for name in COUNTS}
    if told["households"] is None:
        told |= dict.fromkeys(OF_HOUSEHOLDS)
    return told


def _compound(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A rental compound, with the day of the city on which it was last visited."""
    told, at = dict(row), row["visited_at"]
    del told["visited_at"]
    return {**told, "visited_on": at and at.astimezone(now.tzinfo).date().isoformat()}


def _only_counts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in COUNTS}


SERVED = f"""(EXISTS (SELECT FROM duty WHERE duty.grid_id = grid.id AND duty.person_id = :person
    AND during @> clock_timestamp()) AND {coordinates("grid")})"""
_GRIDS = text(f"""
    WITH counted AS MATERIALIZED (SELECT * FROM home_counts(:since)),
    standing AS MATERIALIZED (
        SELECT building.id, grid.id AS grid_id, grid.community_id
        FROM grid JOIN building ON ST_Contains(grid.outline, building.position) WHERE grid.plan_id = :plan
    ),
    summed AS MATERIALIZED (
        SELECT standing.grid_id, {", ".join(f"sum({name}) AS {name}" for name in COUNTS)}
        FROM standing JOIN counted ON counted.building_id = standing.id
            AND counted.community_id = standing.community_id
        GROUP BY standing.grid_id
    )
    SELECT grid.id, grid.code, place.path::text AS path, {SERVED} AS served,
        plan.state = 'published' AND {OF_SMALLEST_PLAN} AS in_force,
        {", ".join(f"summed.{name}" for name in COUNTS)}
    FROM grid JOIN place ON place.id = grid.community_id JOIN plan ON plan.id = grid.plan_id
    JOIN place AS planned ON planned.id = plan.place_id
    LEFT JOIN summed ON summed.grid_id = grid.id
    WHERE grid.plan_id = :plan AND (:everywhere OR place.path <@ ANY(CAST(:scope AS ltree[])))
    ORDER BY grid.code
""")  # noqa: S608 (constants)
_GRID = text(f"""
    SELECT grid.plan_id, place.path::text AS path, {SERVED} AS served
    FROM grid JOIN place ON place.id = grid.community_id WHERE grid.id = :grid
""")  # noqa: S608 (constants)
_COUNTED = text("""
    SELECT count(*) AS households, sum(residents) AS residents, sum(floating) AS floating,
        (SELECT count(*) FROM rental WHERE ended_on IS NULL AND building_id = ANY(:buildings)) AS rentals,
        count(*) FILTER (WHERE verified_at >= :since) AS verified
    FROM household WHERE ended_on IS NULL AND building_id = ANY(:buildings)
""")
_IN_VIEW = text("""
    SELECT id FROM building
    WHERE position && ST_MakeEnvelope(:west, :south, :east, :north, 4326) AND retired_at IS NULL LIMIT :most
""")
_BUILDINGS = text("""
    WITH housed AS (
        SELECT building_id, count(*) AS households, sum(residents) AS residents, sum(floating) AS floating,
            count(*) FILTER (WHERE verified_at >= :since) AS verified
        FROM household WHERE ended_on IS NULL AND building_id = ANY(:buildings) GROUP BY building_id
    ),
    letting AS (
        SELECT building_id, count(*) AS rentals FROM rental
        WHERE ended_on IS NULL AND building_id = ANY(:buildings) GROUP BY building_id
    )
    SELECT building.id, ST_X(position) AS lon, ST_Y(position) AS lat, compound.name AS compound,
        housed.households, residents, floating, rentals, verified
    FROM building LEFT JOIN compound ON compound.id = building.compound_id
    LEFT JOIN housed ON housed.building_id = building.id
    LEFT JOIN letting ON letting.building_id = building.id
    WHERE building.id = ANY(:buildings) AND coalesce(housed.households, rentals) > 0 ORDER BY building.id
""")
# Of a rental compound: until when its safety letter holds, and when it was last inspected.
_COMPOUNDS = text("""
    SELECT rental.id AS rental, compound.name, compound.code,
        (SELECT max(expires_on) FROM letter
         WHERE rental_id = rental.id AND letter.kind = 'safety letter')::text AS letter_until,
        (SELECT max(happened_at) FROM visit JOIN building ON building.id = visit.building_id
         WHERE building.compound_id = compound.id) AS visited_at
    FROM rental JOIN compound ON compound.id = rental.compound_id
    WHERE rental.ended_on IS NULL AND rental.building_id = ANY(:buildings) ORDER BY compound.code
""")
