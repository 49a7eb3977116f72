"""Publishing: a draft becomes the plan in force, the former one is retired, duties pass on by grid code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import Geometries
from app.geo.partition import outlines, pieces, same_ground
from app.geo.plots import IntArray
from app.models import Place, Plan
from app.services import alerts, locks
from app.services.bulk import shapes_of
from app.services.micro_grids import make_missing_micro_grids, micro_faults
from app.services.plot_tables import StoredPlots, read_plots
from app.services.review import must_be_publishable


@dataclass(frozen=True)
class Published:
    """What publishing did.

    duties_kept: handed over by grid code, those to come too. duties_ended: the others; their grid is no
    more, or somebody else is planned for it. vacant: grids without a primary now. duties_begun: of those
    planned, who did not answer for the grid of that code before.
    """

    plan_id: int
    place_id: int
    retired_plan_id: int | None
    duties_kept: int
    duties_ended: int
    vacant: int
    duties_begun: int


def publish(
    session: Session,
    plan_id: int,
    version: int,
    actor_id: int | None = None,
    *,
    today: date | None = None,
) -> Published:
    """Make a draft the plan in force of its place.

    version: the one its publisher looked at. today: the day it is there, which an approval must have come to;
    None: nobody says. Who is planned for a grid is its primary from now on. Refused with `plan_unknown`,
    `plan_not_draft`, `plan_changed`, as `review.must_be_publishable` says and, for a plan that is not one
    piece of ground per grid, `plan_unsound`.
    """
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    session.get_one(Place, plan.place_id, with_for_update={"key_share": True})  # one publishes at a time
    session.refresh(plan, with_for_update=True)
    if plan.state != "draft":
        raise Refusal("plan_not_draft", plan=plan_id, state=plan.state)
    if plan.version != version:
        raise Refusal("plan_changed", plan=plan_id, yours=version, current=plan.version)
    must_be_publishable(session, plan, today)
    make_missing_micro_grids(session, plan_id)
    refuse_unsound(session, plan_id)
    moment = session.scalar(text("SELECT clock_timestamp()"))
    former_id = session.scalar(
        text("""
            UPDATE plan SET state = 'retired', retired_at = :moment
            WHERE place_id = :place AND state = 'published' RETURNING id
        """),
        {"place": plan.place_id, "moment": moment},
    )
    plan.state, plan.published_at = "published", moment
    session.flush()
    handed = {"former": former_id, "plan": plan_id, "moment": moment}
    ended = session.execute(_END_DUTIES, handed).all()
    kept = len(session.execute(_FUTURE_DUTIES, handed).all())
    lost = len(ended) + (session.scalar(_LEFT_BEHIND, handed) or 0)
    for duty in ended:
        handed_over = len(session.execute(_HAND_OVER, {**handed, "duty": duty.id, "until": duty.until}).all())
        kept, lost = kept + handed_over, lost - handed_over
    begun = len(session.execute(_BEGIN_PLANNED, handed).all())
    locks.put_in_force(session, plan_id, plan.place_id, actor_id)
    alerts.look(session, plan.place_id)
    vacant = session.scalar(_VACANT, handed) or 0
    return Published(plan_id, plan.place_id, former_id, kept, lost, vacant, begun)


def refuse_unsound(session: Session, plan_id: int) -> None:
    """Refuse with `plan_unsound` a plan whose grids or micro-grids are not what they must be."""
    faults = plan_faults(session, plan_id) + micro_faults(session, plan_id)
    if faults:
        raise Refusal("plan_unsound", plan=plan_id, grids=", ".join(faults[:5]), count=len(faults))


def newest_draft(session: Session, place_code: str) -> int:
    """The draft of a place that was made last; refused with `place_unknown` and `no_draft`."""
    place = session.scalars(select(Place).where(Place.code == place_code)).first()
    if place is None:
        raise Refusal("place_unknown", place=place_code)
    drafts = select(Plan.id).where(Plan.place_id == place.id, Plan.state == "draft")
    found = session.scalar(drafts.order_by(Plan.id.desc()).limit(1))
    if found is None:
        raise Refusal("no_draft", place=f"{place.name} ({place_code})")
    return found


def version_of(session: Session, plan_id: int) -> int:
    """How many edits a plan has by now."""
    found = session.scalar(select(Plan.version).where(Plan.id == plan_id))
    if found is None:
        raise Refusal("plan_unknown", plan=plan_id)
    return found


# Duties that hold now end at this moment; `until` is when they would have.
_END_DUTIES = text("""
    WITH holding AS (
        SELECT duty.id, upper(duty.during) AS until FROM duty JOIN grid ON grid.id = duty.grid_id
        WHERE grid.plan_id = :former AND duty.during @> CAST(:moment AS timestamptz)
          AND lower(duty.during) < :moment
        ORDER BY duty.id FOR UPDATE OF duty
    )
    UPDATE duty SET during = tstzrange(lower(duty.during), :moment) FROM holding
    WHERE duty.id = holding.id RETURNING duty.id, holding.until
""")
# Nobody is handed a duty that somebody is planned for already: one primary at a time, no deputy twice.
_SAME_DUTY = """planned.kind = duty.kind AND (duty.kind = 'primary' OR planned.person_id = duty.person_id)"""
# A primary who is planned for later takes over then.
_HAND_OVER = text(f"""
    INSERT INTO duty (grid_id, person_id, kind, during)
    SELECT new.id, duty.person_id, duty.kind, tstzrange(:moment, LEAST(:until, later.begins))
    FROM duty JOIN grid AS old ON old.id = duty.grid_id
    JOIN grid AS new ON new.plan_id = :plan AND new.code = old.code
    CROSS JOIN LATERAL (
        SELECT min(lower(planned.during)) AS begins FROM duty AS planned
        WHERE planned.grid_id = new.id AND {_SAME_DUTY}
            AND planned.during && tstzrange(:moment, :until)
    ) AS later
    WHERE duty.id = :duty AND (later.begins IS NULL OR later.begins > :moment)
        AND (duty.kind <> 'primary' OR new.planned_id IS NULL OR new.planned_id = duty.person_id)
        AND (duty.kind <> 'deputy' OR new.planned_id IS DISTINCT FROM duty.person_id)
    RETURNING id
""")  # noqa: S608 (constants)
# Until somebody takes over who is planned for later.
_BEGIN_PLANNED = text("""
    INSERT INTO duty (grid_id, person_id, kind, during)
    SELECT grid.id, grid.planned_id, 'primary', tstzrange(:moment, (
        SELECT min(lower(later.during)) FROM duty AS later
        WHERE later.grid_id = grid.id AND later.kind = 'primary' AND lower(later.during) > :moment
    ))
    FROM grid WHERE grid.plan_id = :plan AND grid.planned_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM duty WHERE duty.grid_id = grid.id AND duty.kind = 'primary'
            AND duty.during @> CAST(:moment AS timestamptz)
    )
    RETURNING id
""")
# What has not begun yet goes along as it is.
_FUTURE_DUTIES = text(f"""
    UPDATE duty SET grid_id = new.id FROM grid AS old, grid AS new
    WHERE old.id = duty.grid_id AND old.plan_id = :former AND lower(duty.during) >= :moment
      AND new.plan_id = :plan AND new.code = old.code AND NOT EXISTS (
          SELECT FROM duty AS planned
          WHERE planned.grid_id = new.id AND {_SAME_DUTY} AND planned.during && duty.during
      )
    RETURNING duty.id
""")  # noqa: S608 (constants)
_LEFT_BEHIND = text("""
    SELECT count(*) FROM duty JOIN grid ON grid.id = duty.grid_id
    WHERE grid.plan_id = :former AND lower(duty.during) >= :moment
""")
_VACANT = text("""
    SELECT count(*) FROM grid WHERE plan_id = :plan AND NOT EXISTS (
        SELECT FROM duty WHERE grid_id = grid.id AND duty.kind = 'primary'
          AND during @> CAST(:moment AS timestamptz)
    )
""")


@dataclass(frozen=True)
class StoredPlan:
    """A plan as arrays. grid: number of each plot's grid in `codes` and `outlines`, -1 for none."""

    plots: StoredPlots
    grid: IntArray
    ids: list[int]
    codes: list[str]
    outlines: Geometries
    kinds: list[str]


def read_plan(session: Session, plan_id: int, plots: StoredPlots | None = None) -> StoredPlan:
    """A plan with its plots and the outlines of its grids as stored.

    plots: those of its version, where they were read already.
    """
    if plots is None:
        named = session.scalar(text("SELECT tessellation_id FROM plan WHERE id = :id"), {"id": plan_id})
        if named is None:
            raise Refusal("plan_unknown", plan=plan_id)
        plots = read_plots(session, named)
    grids = session.execute(
        text(
            "SELECT id, code, kind, ST_AsBinary(outline) AS outline FROM grid "
            "WHERE plan_id = :id ORDER BY code, id"
        ),
        {"id": plan_id},
    ).all()
    number = {row.id: place for place, row in enumerate(grids)}
    rows = session.execute(
        text("SELECT plot_id, grid_id FROM grid_plot WHERE plan_id = :id"), {"id": plan_id}
    ).all()
    grid = np.full(len(plots), -1, np.int64)
    where = plots.numbers_of(np.array([row.plot_id for row in rows], np.int64))
    grid[where] = [number[row.grid_id] for row in rows]
    return StoredPlan(
        plots,
        grid,
        [row.id for row in grids],
        [row.code for row in grids],
        shapes_of(row.outline for row in grids),
        [row.kind for row in grids],
    )


def plan_faults(session: Session, plan_id: int) -> list[str]:
    """Codes of the grids that are not what a grid is, and `?` for plots in none.

    A grid is one piece of ground, and its outline is the union of its plots: exactly, corner by corner.
    """
    stored = read_plan(session, plan_id)
    if (stored.grid < 0).any() or len(stored.codes) == 0:
        return ["?"]
    torn = pieces(stored.plots.table.edges, stored.grid)
    torn = np.append(torn, np.zeros(len(stored.codes) - len(torn), np.int64))
    other = ~same_ground(stored.outlines, outlines(stored.plots.polygons, stored.grid))
    return [code for code, parts, off in zip(stored.codes, torn, other, strict=True) if parts != 1 or off]
