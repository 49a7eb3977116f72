"""Handing a grid over: every open thing on one sheet, who gave it to whom, and how much was open then.

The sheet names doors, never people: whoever takes over meets them at the door. What stands on it is read for
the purpose `handover`, and told in the audit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Handover
from app.services import duties, rule_packs
from app.services.access import Actor
from app.services.lookup import standing_in
from app.services.personal import Registers
from app.services.visiting_hours import period_begins

KINDS = (
    *("hazard", "inspection", "verification", "never", "promise", "need", "letter", "move_out", "employer"),
    *("zero_report", "appeal"),
)
LONGEST_NOTE = 1_000


@dataclass(frozen=True)
class OpenThing:
    """Something that waits in a grid. kind: of KINDS. door: the dwelling, empty for the whole building.

    said: what it is about, as in a service or what was promised. due_on: None where no day was set.
    """

    kind: str
    building: str
    door: str
    said: str
    due_on: date | None
    household_id: int | None


def open_things(
    registers: Registers, grid_id: int, now: datetime, timezone: ZoneInfo, act: str = "view"
) -> list[OpenThing]:
    """Everything open in a grid, by kind, day and building; the read is told in the audit.

    act: `view`, or `print` for the sheet.
    """
    session, today = registers.session, now.astimezone(timezone).date()
    grid = session.execute(_GRID, {"grid": grid_id}).first()
    if grid is None:
        raise Refusal("not_found")
    clocks = rule_packs.in_force(session, grid.path, today).rules.clocks
    asked = {
        "buildings": list(session.scalars(_BUILDINGS, {"grid": grid_id})),
        "since": period_begins(now.astimezone(timezone), clocks.verification_months),  # as /today counts
        "soon": today + timedelta(days=clocks.letter_warning_days),
        "check_days": clocks.move_out_check_days,
        "today": today,
        "code": grid.code,
        "timezone": timezone.key,
    }
    found = [OpenThing(**row._mapping) for row in session.execute(_OPEN, asked)]
    registers.seen(act, f"grid {grid_id}", [one.household_id for one in found if one.household_id])
    return sorted(found, key=_order)


def counted(things: Sequence[OpenThing]) -> dict[str, int]:
    """How many there are of each kind, all kinds named."""
    found = Counter(one.kind for one in things)
    return {kind: found[kind] for kind in KINDS}


def hand_over(
    session: Session,
    actor: Actor,
    grid_id: int,
    person_id: int,
    things: Sequence[OpenThing],
    note: str,
    today: date,
) -> int:
    """Make somebody the primary of a grid from now on and keep what was open; the id of the handover.

    Refused as `duties.assign` says, with `handed_to_the_same` and `note_too_long`.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refusal("note_too_long", most=LONGEST_NOTE)
    former = session.scalar(_PRIMARY, {"grid": grid_id})
    if former == person_id:
        raise Refusal("handed_to_the_same")
    duties.assign(session, grid_id, person_id, actor.person_id, today)
    made = Handover(
        grid_id=grid_id,
        from_id=former,
        to_id=person_id,
        note=note or None,
        open_things=counted(things),
        made_by=actor.person_id,
    )
    session.add(made)
    session.flush()
    return made.id


def handovers(session: Session, grid_id: int) -> Sequence[Row[Any]]:
    """Handovers of a grid, the last first."""
    return session.execute(_LISTED, {"grid": grid_id, "handover": None}).all()


def handover(session: Session, grid_id: int, handover_id: int) -> Row[Any]:
    """One of them; `not_found` where the grid has no such."""
    row = session.execute(_LISTED, {"grid": grid_id, "handover": handover_id}).first()
    if row is None:
        raise Refusal("not_found")
    return row


def _order(thing: OpenThing) -> tuple[int, date, str, str]:
    return (KINDS.index(thing.kind), thing.due_on or date.max, thing.building, thing.door)


_GRID = text("""
    SELECT grid.code, place.path::text FROM grid JOIN place ON place.id = grid.community_id
    WHERE grid.id = :grid
""")
_BUILDINGS = text(f"SELECT building.id FROM {standing_in(':grid')}")  # noqa: S608 (constants)
_PRIMARY = text("""
    SELECT person_id FROM duty
    WHERE grid_id = :grid AND kind = 'primary' AND during @> clock_timestamp()
""")
_OPEN = text("""
    WITH here AS MATERIALIZED (
        SELECT id, coalesce(name, address, code) AS building FROM building WHERE id = ANY (:buildings)
    )
    SELECT 'verification' AS kind, here.building, dwelling.code AS door, '' AS said, NULL::date AS due_on,
        household.id AS household_id
    FROM household JOIN here ON here.id = household.building_id
    JOIN dwelling ON dwelling.id = household.dwelling_id
    WHERE household.ended_on IS NULL AND NOT EXISTS (
        SELECT FROM visit WHERE visit.household_id = household.id AND verified AND happened_at >= :since
    )
    UNION ALL
    SELECT 'promise', here.building, coalesce(dwelling.code, ''), coalesce(promised, asked), due_on,
        visit.household_id
    FROM promise JOIN here ON here.id = promise.building_id JOIN visit ON visit.id = promise.visit_id
    LEFT JOIN dwelling ON dwelling.id = visit.dwelling_id WHERE kept_on IS NULL
    UNION ALL
    SELECT 'need', here.building, dwelling.code, service.name_zh,
        (SELECT min(due_on) FROM referral WHERE referral.need_id = need.id AND result IS NULL), household.id
    FROM need JOIN here ON here.id = need.building_id JOIN household ON household.id = need.household_id
    JOIN dwelling ON dwelling.id = household.dwelling_id JOIN service ON service.id = need.service_id
    WHERE need.state <> 'done' AND need.until_on >= :today
    UNION ALL
    SELECT 'letter', here.building, coalesce(dwelling.code, ''), letter.kind, letter.expires_on, NULL
    FROM letter JOIN here ON here.id = letter.building_id
    LEFT JOIN rental ON rental.id = letter.rental_id LEFT JOIN dwelling ON dwelling.id = rental.dwelling_id
    LEFT JOIN employer ON employer.id = letter.employer_id
    WHERE letter.expires_on <= :soon AND rental.ended_on IS NULL AND employer.ended_on IS NULL
        AND NOT EXISTS (
            SELECT FROM letter AS later WHERE later.kind = letter.kind AND later.signed_on > letter.signed_on
                AND (later.rental_id = letter.rental_id OR later.employer_id = letter.employer_id)
        )
    UNION ALL
    SELECT 'move_out', here.building, coalesce(dwelling.code, ''), '', tenancy.until_on + :check_days,
        tenancy.household_id
    FROM tenancy JOIN here ON here.id = tenancy.building_id JOIN rental ON rental.id = tenancy.rental_id
    LEFT JOIN dwelling ON dwelling.id = rental.dwelling_id
    WHERE tenancy.until_on <= :today AND EXISTS (
        SELECT FROM stay WHERE stay.household_id = tenancy.household_id AND stay.until_on IS NULL
    )
    UNION ALL
    SELECT 'employer', here.building, '', employer.name, NULL, NULL
    FROM employer JOIN here ON here.id = employer.building_id
    WHERE ended_on IS NULL AND contact_phone IS NULL
    UNION ALL
    SELECT 'hazard', coalesce(here.building, hazard.site), '',
        hazard_kind.name_zh || ' · ' || hazard_kind.name_en || ' #' || hazard.id, hazard.due_at::date, NULL
    FROM hazard JOIN hazard_kind ON hazard_kind.code = hazard.kind
    LEFT JOIN here ON here.id = hazard.building_id
    WHERE hazard.closed_at IS NULL AND (here.id IS NOT NULL OR hazard.grid_code = :code)
    UNION ALL
    SELECT 'inspection', here.building, '', about, due_on, NULL
    FROM inspection LEFT JOIN employer ON employer.id = inspection.employer_id
    JOIN here ON here.id = coalesce(
        inspection.building_id, employer.building_id,
        (SELECT min(building.id) FROM building WHERE building.compound_id = inspection.compound_id)
    )
    WHERE inspection.ended_on IS NULL AND due_on <= :today
    UNION ALL
    SELECT 'never', here.building, dwelling.code, '', NULL, NULL
    FROM dwelling JOIN here ON here.id = dwelling.building_id
    WHERE dwelling.retired_at IS NULL AND dwelling.use <> 'other'
        AND NOT EXISTS (
            SELECT FROM household WHERE household.dwelling_id = dwelling.id AND household.ended_on IS NULL
        )
        AND NOT EXISTS (SELECT FROM visit WHERE visit.dwelling_id = dwelling.id)
    UNION ALL
    SELECT 'zero_report', '', '', to_char(month, 'YYYY-MM'), (month + interval '1 month')::date, NULL
    FROM generate_series(
        greatest(
            date_trunc('month', CAST(:today AS date) - interval '11 months'),
            date_trunc('month', (
                SELECT min(plan.published_at) FROM grid JOIN plan ON plan.id = grid.plan_id
                WHERE grid.code = :code
            ) AT TIME ZONE :timezone)
        ),
        date_trunc('month', CAST(:today AS date)) - interval '1 month', interval '1 month'
    ) AS month
    WHERE NOT EXISTS (
        SELECT FROM zero_report JOIN grid ON grid.id = zero_report.grid_id
        WHERE grid.code = :code AND zero_report.month = CAST(month AS date)
    )
    UNION ALL
    SELECT 'appeal', '', '', indicator || ' ' || quarter, NULL, NULL
    FROM appeal WHERE grid_code = :code AND answered_at IS NULL
""")
_LISTED = text("""
    SELECT handover.id, former.name AS from_name, next.name AS to_name, next.office_phone AS to_phone,
        maker.name AS maker, handover.made_at, note, open_things
    FROM handover LEFT JOIN person AS former ON former.id = from_id
    JOIN person AS next ON next.id = to_id LEFT JOIN person AS maker ON maker.id = handover.made_by
    WHERE grid_id = :grid AND (CAST(:handover AS bigint) IS NULL OR handover.id = :handover)
    ORDER BY handover.id DESC
""")
