"""Whether the site can work: for whatever watches it."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import current_app
from flask.typing import ResponseReturnValue

from app.db import is_well

bp = APIBlueprint("health", __name__, enable_openapi=False)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """200 while the database answers, else 503; nothing else is told."""
    if not is_well(current_app.extensions["engine"]):
        return {"database": "unreachable"}, 503, {"Retry-After": "10"}
    return {"database": "ok"}, 200
