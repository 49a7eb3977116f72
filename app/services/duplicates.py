"""Copies of plans: a draft that begins as another plan is, on the plots of today."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.plots import Band
from app.models import Edit, Place, Plan
from app.services import audit
from app.services.new_drafts import free_slot, new_draft, slots_taken
from app.services.plot_tables import ON_NEWEST_GROUND, newest_of_plan


def duplicate(session: Session, plan_id: int, actor_id: int | None, slot: str | None = None) -> Plan:
    """Make a draft that is what a plan is, whatever that plan's state.

    slot: where it shall lie; None: in the first that is free, in none where all are taken. Of a plan on
    former plots the copy is moved to today's, as drafts are when a place is imported. Refused with
    `plan_unknown` and `slot_taken`.
    """
    place_id = session.scalar(select(Plan.place_id).where(Plan.id == plan_id))
    if place_id is None:
        raise Refusal("plan_unknown", plan=plan_id)
    # One takes a slot at a time. Place before plan, as everywhere: else two wait for each other.
    session.get_one(Place, place_id, with_for_update={"key_share": True})
    source = session.get_one(Plan, plan_id, with_for_update={"read": True}, populate_existing=True)
    draft = new_draft(
        session,
        source.place_id,
        source.tessellation_id,
        Band(source.target, source.least, source.most),
        actor_id,
        slot=_slot(session, source.place_id, slot),
        weights=source.weights,
    )
    copied = {"from": source.id, "to": draft.id, "draft": source.state == "draft"}
    for question in (_GRIDS, _PLOTS, _MICRO_GRIDS, _MICRO_PLOTS):
        session.execute(question, copied)
    first = select(Edit.kind, Edit.parameters).where(Edit.plan_id == source.id).order_by(Edit.version)
    kind, parameters = session.execute(first.limit(1)).first() or ("import", {})
    parameters = {**parameters, "copy_of": {"plan": source.id, "version": source.version}}
    session.add(
        Edit(
            plan_id=draft.id,
            version=1,
            base_version=0,
            kind=kind,
            moves={},
            parameters=parameters,
            made_by=actor_id,
        )
    )
    session.flush()
    session.expire_all()
    _move_to_newest(session, draft, actor_id)
    audit.record(session, actor_id, "plan.duplicated", f"plan {draft.id}", parameters["copy_of"])
    return draft


def _slot(session: Session, place_id: int, wanted: str | None) -> str | None:
    if wanted is None:
        return free_slot(session, place_id)
    if holder := slots_taken(session, place_id).get(wanted):
        raise Refusal("slot_taken", slot=wanted, plan=holder)
    return wanted


def _move_to_newest(session: Session, draft: Plan, actor_id: int | None) -> None:
    """Onto the plots of today, where the plan that was copied lies on former ones."""
    asked = text(f"SELECT {ON_NEWEST_GROUND} FROM plan WHERE id = :plan")  # noqa: S608 (a constant)
    if session.scalar(asked, {"plan": draft.id}):
        return
    from app.services.drafts import carry_draft  # shapely: only when plots are other ones

    carry_draft(session, draft, newest_of_plan(session, draft.id), actor_id)


_SAME = "name, kind, planned_id, outline, households, buildings, area_m2, load, reason, measures"
_GRIDS = text(f"""
    INSERT INTO grid (plan_id, community_id, code, own_lock, {_SAME})
    SELECT :to, community_id, code, CASE WHEN :draft THEN own_lock END, {_SAME}
    FROM grid WHERE plan_id = :from ORDER BY code
""")  # noqa: S608 (constants)
_PLOTS = text("""
    INSERT INTO grid_plot (plan_id, plot_id, grid_id, tessellation_id, community_id)
    SELECT :to, placed.plot_id, new.id, placed.tessellation_id, placed.community_id
    FROM grid_plot AS placed JOIN grid AS old ON old.id = placed.grid_id
    JOIN grid AS new ON new.plan_id = :to AND new.code = old.code
    WHERE placed.plan_id = :from
""")
_MICRO_GRIDS = text("""
    INSERT INTO micro_grid (plan_id, grid_id, number, outline, households, buildings, area_m2)
    SELECT :to, new.id, micro.number, micro.outline, micro.households, micro.buildings, micro.area_m2
    FROM micro_grid AS micro JOIN grid AS old ON old.id = micro.grid_id
    JOIN grid AS new ON new.plan_id = :to AND new.code = old.code
    WHERE micro.plan_id = :from
""")
_MICRO_PLOTS = text("""
    UPDATE grid_plot AS own SET micro_grid_id = new.id
    FROM grid_plot AS placed JOIN micro_grid AS old ON old.id = placed.micro_grid_id, micro_grid AS new
    WHERE own.plan_id = :to AND placed.plan_id = :from AND placed.plot_id = own.plot_id
        AND new.grid_id = own.grid_id AND new.number = old.number
""")
