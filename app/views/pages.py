"""The map page, and what the frame around every page needs to know."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request

from app.assets import parts
from app.services.access import MANAGERS, READERS_OF_CASES, REGISTRARS
from app.views.session import actor, today

bp = APIBlueprint("pages", __name__, enable_openapi=False)

THEMES = ("light", "dark")
BIG = "big"


@bp.app_context_processor
def frame() -> dict[str, Any]:
    """Light or dark where somebody has chosen (empty: as the system wishes), big type; parts of scripts."""
    theme, big = request.cookies.get("theme", ""), request.cookies.get("type") == BIG
    return {"theme": theme if theme in THEMES else "", "big_type": big, "parts": parts}


@bp.get("/map")
def map_page() -> str:
    """The map of grids; what it shows is in the address, and the browser asks for it."""
    facts = {
        "mayManage": actor().holds(MANAGERS),
        "keepsRegisters": actor().holds(REGISTRARS),
        "readsCases": actor().holds(READERS_OF_CASES),
        "today": today().isoformat(),
    }
    return render_template("map.html", facts=facts)
