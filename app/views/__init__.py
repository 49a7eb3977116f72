"""Thin blueprints: parse → one service → answer. Each module of this list has a `bp`."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

MODULES = (
    "health",
    "sign_in",
    "me",
    "people",
    "people_api",
    "assets",
    "pages",
    "jobs",
    "uploads",
    "plans",
    "operations",
    "rebalance",
    "review",
    "plan_history",
    "locks",
    "edits",
    "entrances",
    "compounds",
    "exports",
    "grid_layers",
    "differences",
    "manager_pages",
    "tiles",
    "map_api",
    "certificates",
    "registers",
    "register_map",
    "rights",
    "rules",
    "rules_api",
    "rentals",
    "letters",
    "needs",
    "follow",
    "find",
    "find_report",
    "held",
    "public_tiles",
    "offices",
    "ogc",
    "paper",
    "indicators",
    "board",
    "assessment",
    "reports",
    "register_import",
    "hazard_import",
    "duties",
    "homes_api",
    "helpers",
    "homes",
    "site_notes",
    "own_data",
    "second_factor",
    "station",
    "campaigns",
    "employers",
    "employers_api",
    "sent",
    "heat",
    "heat_sheet",
    "hazard_map",
    "hazards",
    "hazard_exports",
    "hazards_api",
    "phone",
    "inspections",
    "case_limits",
)


def register(app: Flask) -> None:
    """Put every blueprint on the application."""
    for name in MODULES:
        app.register_blueprint(import_module(f"app.views.{name}").bp)
