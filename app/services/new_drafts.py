"""Drafts as they begin: numbered by their place, in a slot or in none."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.geo.plots import Band
from app.models import Plan
from app.models.plans import SLOTS


def new_draft(
    session: Session,
    place_id: int,
    tessellation_id: int,
    band: Band,
    actor_id: int | None,
    *,
    slot: str | None,
    weights: str | None,
    name: str | None = None,
) -> Plan:
    """A draft without grids, at version 1; its place is locked by who asks. name: else the next number."""
    before = session.scalar(select(func.count()).select_from(Plan).where(Plan.place_id == place_id)) or 0
    draft = Plan(
        place_id=place_id,
        tessellation_id=tessellation_id,
        name=name or f"#{before + 1}",
        version=1,
        target=band.target,
        least=band.least,
        most=band.most,
        slot=slot,
        weights=weights,
        made_by=actor_id,
    )
    session.add(draft)
    session.flush()
    return draft


def slots_taken(session: Session, place_id: int) -> dict[str, int]:
    """The slots in which a draft of a place lies: {slot: plan}."""
    held = select(Plan.slot, Plan.id).where(
        Plan.place_id == place_id, Plan.state == "draft", Plan.slot.is_not(None)
    )
    return {str(row.slot): row.id for row in session.execute(held)}


def free_slot(session: Session, place_id: int) -> str | None:
    """The first slot without a draft; none where all are taken: nobody asked for one to be retired."""
    taken = slots_taken(session, place_id)
    return next((slot for slot in SLOTS if slot not in taken), None)
