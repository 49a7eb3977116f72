"""Comments on a draft: of the whole, of one of its grids, or pinned to a point of its map."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Plan
from app.services import audit


def comment_on(
    session: Session,
    plan_id: int,
    actor_id: int,
    words: str,
    *,
    position: tuple[float, float] | None = None,
    grid: str | None = None,
) -> dict[str, Any]:
    """Say something of a draft; without a grid named, one with a point is of the grid that lies there.

    position: lon/lat in degrees. Refused with `plan_unknown`, `plan_not_draft` and `grid_unknown`.
    """
    plan = session.get(Plan, plan_id, with_for_update={"read": True}, populate_existing=True)
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    if plan.state != "draft":
        raise Refusal("plan_not_draft", plan=plan_id, state=plan.state)
    lon, lat = position or (None, None)
    asked = {"plan": plan_id, "grid": grid, "lon": lon, "lat": lat}
    code = session.scalar(_GRID, asked)
    if grid is not None and code is None:
        raise Refusal("grid_unknown", grid=grid)
    made = {**asked, "grid": code, "version": plan.version, "text": words, "actor": actor_id}
    comment_id = session.scalar(_COMMENT, made)
    audit.record(session, actor_id, "comment.made", f"plan {plan_id}", {"comment": comment_id})
    return _told(session, {"comment": comment_id, "plan": None})[0]


def settle(session: Session, comment_id: int, actor_id: int) -> dict[str, Any]:
    """Say that a comment is dealt with; who said so first stays."""
    settled = session.scalar(_SETTLE, {"comment": comment_id, "actor": actor_id})
    if settled is not None:
        audit.record(session, actor_id, "comment.settled", f"plan {settled}", {"comment": comment_id})
    found = _told(session, {"comment": comment_id, "plan": None})
    if not found:
        raise Refusal("not_found")
    return found[0]


def comments_of(session: Session, plan_id: int) -> list[dict[str, Any]]:
    """All comments on a plan, the oldest first: numbers on the map stay what they were."""
    return _told(session, {"comment": None, "plan": plan_id})


def _told(session: Session, asked: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "plan": row.plan_id,
            "version": row.version,
            "text": row.text,
            "position": None if row.lon is None else [row.lon, row.lat],
            "grid": row.grid_code,
            "by": None if row.made_by is None else {"id": row.made_by, "name": row.maker},
            "at": row.made_at.isoformat(),
            "settled_by": None if row.settled_by is None else {"id": row.settled_by, "name": row.settler},
            "settled_at": row.settled_at and row.settled_at.isoformat(),
        }
        for row in session.execute(_COMMENTS, asked)
    ]


_GRID = text("""
    SELECT code FROM grid WHERE plan_id = :plan AND CASE
        WHEN CAST(:grid AS text) IS NOT NULL THEN code = :grid
        ELSE ST_Intersects(outline, ST_SetSRID(
            ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326)) END
    ORDER BY code LIMIT 1
""")
_COMMENT = text("""
    INSERT INTO comment (plan_id, version, text, position, grid_code, made_by)
    VALUES (:plan, :version, :text,
        ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326), :grid, :actor)
    RETURNING id
""")
_SETTLE = text("""
    UPDATE comment SET settled_by = :actor, settled_at = clock_timestamp()
    WHERE id = :comment AND settled_at IS NULL RETURNING plan_id
""")
_COMMENTS = text("""
    SELECT comment.*, ST_X(position) AS lon, ST_Y(position) AS lat, maker.name AS maker,
        settler.name AS settler
    FROM comment
    LEFT JOIN person AS maker ON maker.id = comment.made_by
    LEFT JOIN person AS settler ON settler.id = comment.settled_by
    WHERE comment.plan_id = :plan OR comment.id = :comment ORDER BY comment.id
""")
