"""巡查: buildings, compounds, markets and building sites that are looked at again and again.

A rental compound is looked at every three months, a market or a building site every month, unless a manager
says otherwise. What is found is a hazard that the inspection names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Inspection, InspectionDone
from app.services import audit
from app.services.access import BIGGEST_ID, MANAGERS, REGISTRARS, Actor, require
from app.services.hazards import path_of
from app.services.jobs import place_called
from app.services.lookup import in_scope
from app.services.months import months_on
from app.services.personal import open_registers

AHEAD = timedelta(days=14)  # an inspection is on the list so long before its day
OFTEN = {"compound": 3, "market": 1, "site": 1}  # months
LONGEST_TEXT = 300
PAGE = 200


@dataclass(frozen=True)
class Due:
    """An inspection, and where.

    about: what is looked at, or the kind of OFTEN it was set up as. mine: in a grid the person answers for.
    building_id: to report from.
    """

    id: int
    about: str
    every_months: int
    due_on: date
    last_on: date | None
    where: str
    building_id: int | None
    compound_id: int | None
    community: str
    overdue: bool
    mine: bool


def due(session: Session, actor: Actor, today: date, *, mine: bool = False) -> list[Due]:
    """What is to be looked at within a fortnight in the actor's places, the oldest first; PAGE at most.

    mine: in grids one answers for alone. Names of firms are read as of registers.
    """
    open_registers(session, actor, "employer")
    asked = {
        **in_scope(actor.scope_of(REGISTRARS)),
        "person": actor.person_id,
        "until": today + AHEAD,
        "mine": mine,
        "most": PAGE,
    }
    rows = session.execute(_DUE, asked)
    return [Due(**row._mapping, overdue=row.due_on < today) for row in rows]


def set_up(session: Session, actor: Actor, place_code: str, today: date) -> int:
    """Let every rental compound, market and building site of a place be inspected that is not yet; how many.

    What is looked at is kept as the kind, for each reader's language. The first days are spread over the
    months between two.
    Of two who ask at once the second waits, and makes what the first has not.
    Refused with `not_found`, `not_in_scope`.
    """
    place = place_called(session, place_code)
    require(actor, MANAGERS, [place.path])
    open_registers(session, actor, "employer")
    made = 0
    for kind, months in OFTEN.items():
        asked = {"path": place.path, "months": months, "today": today, "kind": kind}
        question = NEW_COMPOUNDS if kind == "compound" else NEW_EMPLOYERS
        made += len(session.execute(question, asked).all())
    audit.record(session, actor.person_id, "inspection.set_up", f"place {place_code}", {"made": made})
    return made


def done(
    session: Session,
    actor: Actor,
    inspection_id: int,
    done_on: date,
    today: date,
    *,
    note: str = "",
    hazard_id: int | None = None,
) -> date:
    """Write an inspection down as done; the day of the next. hazard_id: what was found, None: nothing.

    Refused with `not_found`, `not_in_scope`, `day_in_future`, `fields_malformed`.
    """
    inspection = _own(session, actor, inspection_id, REGISTRARS)
    if done_on > today:
        raise Refusal("day_in_future", day=done_on)
    if len(note) > LONGEST_TEXT:
        raise Refusal("fields_malformed", fields="note")
    if hazard_id is not None:
        require(actor, REGISTRARS, [path_of(session, hazard_id)])
    session.add(
        InspectionDone(
            inspection_id=inspection_id,
            done_on=done_on,
            hazard_id=hazard_id,
            note=note.strip(),
            person_id=actor.person_id,
        )
    )
    inspection.last_on = max(done_on, inspection.last_on or done_on)
    inspection.due_on = months_on(inspection.last_on, inspection.every_months)
    session.flush()
    facts = {"hazard": hazard_id}
    audit.record(session, actor.person_id, "inspection.done", f"inspection {inspection_id}", facts)
    return inspection.due_on


def end(session: Session, actor: Actor, inspection_id: int, today: date) -> None:
    """Let a place be inspected no more. Refused with `not_found` and `not_in_scope`."""
    _own(session, actor, inspection_id, MANAGERS).ended_on = today
    session.flush()
    audit.record(session, actor.person_id, "inspection.ended", f"inspection {inspection_id}")


def _own(session: Session, actor: Actor, inspection_id: int, kinds: frozenset[str]) -> Inspection:
    known = 0 <= inspection_id <= BIGGEST_ID
    found = session.get(Inspection, inspection_id, with_for_update=True) if known else None
    if found is None or found.ended_on is not None:
        raise Refusal("not_found")
    path = session.execute(_PATH, {"place": found.community_id}).scalar_one()
    require(actor, kinds, [path])
    return found


def history(session: Session, inspection_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """When inspections were done and what was found, the last first, by inspection."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in session.execute(_DONE, {"ids": list(inspection_ids)}).mappings():
        found.setdefault(row["inspection_id"], []).append(dict(row))
    return found


_PATH = text("SELECT path::text FROM place WHERE id = :place")
_DUE = text("""
    WITH grids AS (
        SELECT grid.outline FROM duty JOIN grid ON grid.id = duty.grid_id
        JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        WHERE duty.person_id = :person AND duty.during @> clock_timestamp()
    ),
    here AS (
        SELECT inspection.id, about, every_months, due_on, last_on, compound.id AS compound_id,
            coalesce(building.id, working.id) AS building_id, place.name AS community,
            coalesce(employer.name, compound.name, compound.code, building.name, building.address,
                building.code, working.name, working.address, place.name) AS "where",
            coalesce(building.position, working.position, ST_PointOnSurface(compound.geometry)) AS point
        FROM inspection JOIN place ON place.id = inspection.community_id
        LEFT JOIN compound ON compound.id = inspection.compound_id
        LEFT JOIN building ON building.id = inspection.building_id
        LEFT JOIN employer ON employer.id = inspection.employer_id
        LEFT JOIN building AS working ON working.id = employer.building_id
        WHERE inspection.ended_on IS NULL AND due_on <= :until AND employer.ended_on IS NULL
            AND num_nonnulls(inspection.building_id, inspection.compound_id, inspection.employer_id) = 1
            AND (:everywhere OR place.path <@ ANY(CAST(:scope AS ltree[])))
    )
    SELECT * FROM (
        SELECT id, about, every_months, due_on, last_on, "where", building_id, compound_id, community,
            EXISTS (SELECT FROM grids WHERE ST_Intersects(outline, point)) AS mine
        FROM here
    ) AS listed
    WHERE NOT :mine OR mine ORDER BY due_on, id LIMIT :most
""")
NEW_COMPOUNDS = text("""
    INSERT INTO inspection (community_id, compound_id, about, every_months, due_on)
    SELECT building_community(min(building.id)), compound.id, 'compound', :months,
        CAST(:today AS date) + CAST(compound.id * 7 % (30 * :months) AS integer)
    FROM compound JOIN building ON building.compound_id = compound.id AND building.retired_at IS NULL
    JOIN place ON place.path = CAST(:path AS ltree) AND ST_Intersects(place.outline, building.position)
    WHERE compound.kind = 'rental compound' AND NOT EXISTS (
        SELECT FROM inspection AS there WHERE there.compound_id = compound.id AND there.ended_on IS NULL
    )
    GROUP BY compound.id ORDER BY compound.id ON CONFLICT DO NOTHING RETURNING id
""")
NEW_EMPLOYERS = text("""
    INSERT INTO inspection (community_id, employer_id, about, every_months, due_on)
    SELECT employer.community_id, employer.id, employer.kind, :months,
        CAST(:today AS date) + CAST(employer.id * 7 % (30 * :months) AS integer)
    FROM employer JOIN place ON place.id = employer.community_id
    WHERE employer.kind = :kind AND employer.ended_on IS NULL AND place.path <@ CAST(:path AS ltree)
        AND NOT EXISTS (
            SELECT FROM inspection AS there WHERE there.employer_id = employer.id AND there.ended_on IS NULL
        )
    ORDER BY employer.id ON CONFLICT DO NOTHING RETURNING id
""")
_DONE = text("""
    SELECT inspection_id, done_on, hazard_id, note, person.name AS person
    FROM inspection_done JOIN person ON person.id = person_id
    WHERE inspection_id = ANY(:ids) ORDER BY done_on DESC, inspection_done.id DESC
""")
