"""The words the database knows for grids, slots, lines and courses, for who checks what comes in."""

from __future__ import annotations

from app.models import duties, plans, plots, station

GRID_KINDS = plans.GRID_KINDS
SPECIAL_KINDS = plans.SPECIAL_KINDS
SLOTS = plans.SLOTS
LINE_CLASSES = plots.LINE_CLASSES
COURSE_KINDS = duties.COURSE_KINDS
FIVE_DUTIES = station.FIVE_DUTIES
PERIODS = station.PERIODS
SIX_HAVES = station.SIX_HAVES
MEETING_KINDS = station.MEETING_KINDS
OUTCOMES = station.OUTCOMES
