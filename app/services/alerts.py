"""Alerts: a grid of the plan in force has left its band since it was published.

Looked for whenever households change (an import) and when a plan is published. A grid raises one alert,
which settles by itself when the grid is back in its band or its plan is no longer in force. What was out of
band when it was published raises one only when it is further off since, or beyond the other end of the band:
as it is, it was published. Nor do special grids raise any, which no band concerns,
and plans balanced by a formula, whose band is in another unit.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.lookup import Scope, in_scope
from app.services.plan_rows import SPECIAL
from app.services.plot_tables import NEWEST_OF_PLAN


def look(session: Session, place_id: int) -> int:
    """Raise and settle the alerts of a place; answers how many are open now."""
    session.flush()
    facts = {"place": place_id}
    session.execute(_SETTLE_FORMER, facts)
    session.execute(_SETTLE, facts)
    session.execute(_RAISE, facts)
    return int(session.scalar(_OPEN, facts) or 0)


def open_alerts(session: Session, path: str, scope: Scope) -> list[dict[str, Any]]:
    """Alerts of the place at this path and of the places above and beneath it, as far as one may see them."""
    rows = session.execute(_LISTED, {"path": path, **in_scope(scope)}).all()
    return [
        {
            "id": row.id,
            "grid": {"id": row.grid_id, "code": row.code},
            "plan": row.plan_id,
            "households": row.households,
            "least": row.least,
            "most": row.most,
            "raised_at": row.raised_at.isoformat(),
        }
        for row in rows
    ]


# Households of each grid in force, counted on the newest plots: those the plan knows by their id, the
# others by the ground they lie on.
_TODAY = f"""
    WITH in_force AS (
        SELECT plan.id, plan.least, plan.most, {NEWEST_OF_PLAN} AS newest
        FROM plan
        WHERE plan.place_id = :place AND plan.state = 'published' AND plan.weights IS NULL
    ), located AS (
        SELECT counted.households, coalesce(kept.grid_id, (
            SELECT grid.id FROM grid JOIN plot ON plot.id = counted.plot_id
            WHERE kept.grid_id IS NULL AND grid.plan_id = in_force.id
                AND ST_Intersects(grid.outline, ST_PointOnSurface(plot.geometry))
            ORDER BY grid.code LIMIT 1
        )) AS grid_id
        FROM in_force
        JOIN tessellation_plot AS counted ON counted.tessellation_id = in_force.newest
        LEFT JOIN grid_plot AS kept ON kept.plan_id = in_force.id AND kept.plot_id = counted.plot_id
    ), today AS (
        SELECT grid.id AS grid_id, grid.plan_id, in_force.least, in_force.most,
            grid.households AS published, coalesce(sum(located.households), 0)::int AS households
        FROM in_force JOIN grid ON grid.plan_id = in_force.id
        LEFT JOIN located ON located.grid_id = grid.id
        WHERE NOT {SPECIAL}
        GROUP BY grid.id, in_force.least, in_force.most
    ), compared AS (
        SELECT *, greatest(least - households, households - most, 0)
                > greatest(least - published, published - most, 0)
            OR (published < least AND households > most)
            OR (published > most AND households < least) AS has_left
        FROM today
    )
"""  # noqa: S608 (constants)
_RAISE = text(f"""
    {_TODAY}
    INSERT INTO alert (grid_id, households, least, most)
    SELECT grid_id, households, least, most FROM compared WHERE has_left
    ON CONFLICT (grid_id) WHERE settled_at IS NULL DO UPDATE SET households = excluded.households
""")  # noqa: S608 (constants)
_SETTLE = text(f"""
    {_TODAY}
    UPDATE alert SET settled_at = clock_timestamp() FROM compared
    WHERE alert.grid_id = compared.grid_id AND alert.settled_at IS NULL AND NOT compared.has_left
""")  # noqa: S608 (constants)
_SETTLE_FORMER = text("""
    UPDATE alert SET settled_at = clock_timestamp() FROM grid JOIN plan ON plan.id = grid.plan_id
    WHERE alert.grid_id = grid.id AND plan.place_id = :place AND plan.state <> 'published'
        AND alert.settled_at IS NULL
""")
_OPEN = text("""
    SELECT count(*) FROM alert JOIN grid ON grid.id = alert.grid_id JOIN plan ON plan.id = grid.plan_id
    WHERE plan.place_id = :place AND alert.settled_at IS NULL
""")
_LISTED = text("""
    SELECT alert.id, alert.grid_id, grid.code, grid.plan_id, alert.households, alert.least, alert.most,
        alert.raised_at
    FROM alert JOIN grid ON grid.id = alert.grid_id JOIN plan ON plan.id = grid.plan_id
    JOIN place ON place.id = plan.place_id JOIN place AS community ON community.id = grid.community_id
    WHERE alert.settled_at IS NULL AND plan.state = 'published'
        AND (community.path <@ CAST(:path AS ltree) OR place.path @> CAST(:path AS ltree)
            AND community.path @> CAST(:path AS ltree))
        AND (CAST(:everywhere AS boolean) OR community.path <@ ANY (CAST(:scope AS ltree[])))
    ORDER BY grid.code
""")
