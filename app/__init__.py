"""Gridkeeper: grid management on plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiflask import APIFlask

    from app.config import Settings


def create_app(settings: Settings | None = None) -> APIFlask:
    """The web application. settings: those of the environment where none are given."""
    from app.web import make_app  # the command line imports this package too and must start quickly

    return make_app(settings)
