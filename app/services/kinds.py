"""The words the database knows for grids, slots and lines, for who checks what comes in."""

from __future__ import annotations

from app.models import plans, plots

GRID_KINDS = plans.GRID_KINDS
SPECIAL_KINDS = plans.SPECIAL_KINDS
SLOTS = plans.SLOTS
LINE_CLASSES = plots.LINE_CLASSES
