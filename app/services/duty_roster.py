"""The roster: who answers for which grid, who stands in, who is away, and since when a grid is vacant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, delete, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Absence, Duty, Person
from app.services import audit
from app.services.duties import grid_in_force, may_answer

LONGEST_LEAVE_DAYS = 366
LONGEST_WORK_NAME = 40


def roster(session: Session, path: str, today: date) -> Sequence[Row[Any]]:
    """Every grid in force of a place, by code, with its primary and deputies; within `gridkeeper.scope`.

    vacant_since: when the last primary of that code left, else when the plan came into force; None where
    somebody answers. away_until: the last day the primary is on leave, where they are today.
    """
    return session.execute(_ROSTER, {"path": path, "today": today}).all()


@dataclass(frozen=True)
class Span:
    """Who answered for a grid of that code over a time; nobody where person is None."""

    person: str | None
    begins: datetime
    ends: datetime | None


def history(session: Session, grid_id: int, now: datetime) -> list[Span]:
    """Primaries of the grid and of those before it with its code, with every time nobody answered."""
    rows = session.execute(_HISTORY, {"grid": grid_id}).all()
    spans: list[Span] = []
    for row in rows:
        last = spans[-1].ends if spans else row.begins
        if last is not None and last < row.begins:
            spans.append(Span(None, last, row.begins))
        if spans and spans[-1].person == row.name and spans[-1].ends == row.begins:
            spans[-1] = Span(row.name, spans[-1].begins, row.ends)  # over a change of plans
        else:
            spans.append(Span(row.name, row.begins, row.ends))
    if spans and spans[-1].ends is not None and spans[-1].ends < now:
        spans.append(Span(None, spans[-1].ends, None))
    return spans


def deputies(session: Session, grid_id: int) -> Sequence[Row[Any]]:
    """Who stands in for the primary of a grid now or later: id, name, from when, until when."""
    return session.execute(_DEPUTIES, {"grid": grid_id}).all()


def deputise(
    session: Session,
    grid_id: int,
    person_id: int,
    actor_id: int | None,
    today: date,
    until: date | None,
    timezone: ZoneInfo,
) -> int:
    """Let a coordinator stand in for the primary of a grid in force from now on; the id of the duty.

    until: the last day, in the city's timezone; None for until it is ended. Refused with `not_found`,
    `plan_not_in_force`, `not_a_coordinator`, `deputy_already` and `day_passed`.
    """
    grid = grid_in_force(session, grid_id)
    if not may_answer(session, grid_id, person_id, today):
        raise Refusal("not_a_coordinator", grid=grid.code)
    if until is not None and until < today:
        raise Refusal("day_passed", day=until.isoformat(), today=today.isoformat())
    if session.scalar(_ANSWERS, {"grid": grid_id, "person": person_id}):
        raise Refusal("deputy_already", grid=grid.code)
    now = session.scalar(select(text("clock_timestamp()")))
    ends = datetime.combine(until + timedelta(days=1), time(), timezone) if until else None
    duty = Duty(grid_id=grid_id, person_id=person_id, kind="deputy", during=Range(now, ends))
    session.add(duty)
    session.flush()
    facts = {"person": person_id, "until": until and until.isoformat()}
    audit.record(session, actor_id, "duty.deputised", f"grid {grid_id}", facts)
    return duty.id


def end_deputy(session: Session, grid_id: int, duty_id: int, actor_id: int | None) -> None:
    """End a deputy's duty now; `not_found` where it is over or of another grid."""
    ended = session.scalar(_END_DEPUTY, {"grid": grid_id, "duty": duty_id})
    if ended is None:
        raise Refusal("not_found")
    audit.record(session, actor_id, "duty.deputy_ended", f"grid {grid_id}", {"person": ended})


# --- Leave -----------------------------------------------------------------------------------------------


def absences(session: Session, path: str, today: date, timezone: ZoneInfo) -> Sequence[Row[Any]]:
    """Who of a place's coordinators is away today or later, and which of their grids has no deputy then."""
    return session.execute(_ABSENCES, {"path": path, "today": today, "zone": timezone.key}).all()


def take_leave(
    session: Session, person_id: int, from_on: date, until_on: date, actor_id: int | None, today: date
) -> int:
    """Write down that somebody is away. Refused with `days_disordered` and `leave_twice`."""
    if not from_on <= until_on or until_on < today or (until_on - from_on).days > LONGEST_LEAVE_DAYS:
        raise Refusal("days_disordered", first=from_on.isoformat(), last=until_on.isoformat())
    overlapping = select(Absence.id).where(
        Absence.person_id == person_id, Absence.from_on <= until_on, Absence.until_on >= from_on
    )
    if session.scalar(overlapping.limit(1)) is not None:
        raise Refusal("leave_twice", first=from_on.isoformat(), last=until_on.isoformat())
    absence = Absence(person_id=person_id, from_on=from_on, until_on=until_on, made_by=actor_id)
    session.add(absence)
    session.flush()
    facts = {"from": from_on.isoformat(), "until": until_on.isoformat()}
    audit.record(session, actor_id, "leave.taken", f"person {person_id}", facts)
    return absence.id


def withdraw_leave(session: Session, absence_id: int, actor_id: int | None) -> None:
    """Forget that somebody is to be away; `not_found` where it is not written."""
    gone = delete(Absence).where(Absence.id == absence_id).returning(Absence.person_id)
    person_id = session.scalar(gone)
    if person_id is None:
        raise Refusal("not_found")
    audit.record(session, actor_id, "leave.withdrawn", f"person {person_id}")


def person_of_leave(session: Session, absence_id: int) -> int:
    """Whose leave it is."""
    absence = session.get(Absence, absence_id)
    if absence is None:
        raise Refusal("not_found")
    return absence.person_id


def works_in(session: Session, person_id: int, paths: Sequence[str | None], today: date) -> bool:
    """Whether somebody is a coordinator whose role holds within one of these places; None: anywhere."""
    asked = {
        "person": person_id,
        "today": today,
        "everywhere": None in paths,
        "paths": [path for path in paths if path],
    }
    return session.scalar(_WORKS_IN, asked) is not None


# --- What the public reads of them ------------------------------------------------------------------------


def public_names(session: Session, path: str, today: date) -> Sequence[Row[Any]]:
    """A place's coordinators by name: id, name, work_name (None: the name itself is shown), office phone."""
    return session.execute(_PUBLIC_NAMES, {"path": path, "today": today}).all()


def name_for_public(session: Session, person_id: int, said: str, actor_id: int | None) -> None:
    """Let the public read this name of somebody, as `小秦` of 秦晓梅; none: their own name again.

    Refused with `not_found` and `person_name_malformed`.
    """
    name = " ".join(said.split())
    if len(name) > LONGEST_WORK_NAME or not name.isprintable():
        raise Refusal("person_name_malformed")
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal("not_found")
    if person.work_name == (name or None):
        return
    person.work_name = name or None
    session.flush()
    audit.record(session, actor_id, "person.work_name", f"person {person_id}", {"own": not name})


def days_of(span: Span, now: datetime) -> int:
    """How many days a time took so far, begun ones counted.

    >>> from datetime import UTC
    >>> begun = datetime(2026, 3, 1, tzinfo=UTC)
    >>> days_of(Span(None, begun, None), begun + timedelta(hours=30))
    2
    """
    return -(-((span.ends or now) - span.begins) // timedelta(days=1))


_HOLDS = "duty.during @> clock_timestamp()"
_ROSTER = text(f"""
    SELECT grid.id, grid.plan_id AS plan, grid.code, grid.name, grid.kind, grid.households, grid.buildings,
        place.name AS community, place.code AS community_code,
        person.id AS person_id, person.name AS person, person.office_phone, lower(duty.during) AS since,
        deputies.names AS deputies, away.until_on AS away_until,
        CASE WHEN person.id IS NULL THEN coalesce(left_at.moment, plan.published_at) END AS vacant_since
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND {_HOLDS}
    LEFT JOIN person ON person.id = duty.person_id
    LEFT JOIN LATERAL (
        SELECT array_agg(stands.name ORDER BY stands.name) AS names FROM duty JOIN person AS stands
        ON stands.id = duty.person_id WHERE duty.grid_id = grid.id AND duty.kind = 'deputy' AND {_HOLDS}
    ) AS deputies ON true
    LEFT JOIN LATERAL (
        SELECT max(until_on) AS until_on FROM absence
        WHERE absence.person_id = person.id AND :today BETWEEN from_on AND until_on
    ) AS away ON true
    LEFT JOIN LATERAL (
        SELECT max(upper(duty.during)) AS moment FROM duty JOIN grid AS former ON former.id = duty.grid_id
        WHERE former.code = grid.code AND former.community_id = grid.community_id
            AND duty.kind = 'primary' AND upper(duty.during) <= clock_timestamp()
    ) AS left_at ON person.id IS NULL
    WHERE place.path <@ CAST(:path AS ltree) AND place.path <@ ANY (scope_paths())
    ORDER BY grid.code, grid.id
""")  # noqa: S608 (constants)
_HISTORY = text("""
    SELECT person.name, lower(duty.during) AS begins, upper(duty.during) AS ends
    FROM grid JOIN grid AS same ON same.code = grid.code AND same.community_id = grid.community_id
    JOIN duty ON duty.grid_id = same.id AND duty.kind = 'primary' AND lower(duty.during) <= clock_timestamp()
    JOIN person ON person.id = duty.person_id
    JOIN plan ON plan.id = same.plan_id AND plan.published_at IS NOT NULL
    WHERE grid.id = :grid ORDER BY lower(duty.during), duty.id
""")
_DEPUTIES = text("""
    SELECT duty.id, person.id AS person_id, person.name, lower(during) AS begins, upper(during) AS ends
    FROM duty JOIN person ON person.id = duty.person_id
    WHERE grid_id = :grid AND kind = 'deputy' AND (upper(during) IS NULL OR upper(during) > clock_timestamp())
    ORDER BY lower(during), duty.id
""")
_ANSWERS = text("""
    SELECT id FROM duty WHERE grid_id = :grid AND person_id = :person
        AND (upper(during) IS NULL OR upper(during) > clock_timestamp()) LIMIT 1
""")
_END_DEPUTY = text("""
    UPDATE duty SET during = tstzrange(lower(during), clock_timestamp())
    WHERE id = :duty AND grid_id = :grid AND kind = 'deputy' AND during @> clock_timestamp()
        AND lower(during) < clock_timestamp()
    RETURNING person_id
""")
_ABSENCES = text(f"""
    SELECT absence.id, person.id AS person_id, person.name, from_on, until_on, (
        SELECT coalesce(array_agg(grid.code ORDER BY grid.code), '{{}}') FROM duty
        JOIN grid ON grid.id = duty.grid_id
        WHERE duty.person_id = person.id AND duty.kind = 'primary' AND {_HOLDS} AND NOT EXISTS (
            SELECT FROM duty AS stands WHERE stands.grid_id = grid.id AND stands.kind = 'deputy'
                AND stands.during && tstzrange(
                    absence.from_on::timestamp AT TIME ZONE :zone,
                    (absence.until_on + 1)::timestamp AT TIME ZONE :zone
                )
        )
    ) AS uncovered
    FROM absence JOIN person ON person.id = absence.person_id
    WHERE until_on >= :today AND EXISTS (
        SELECT FROM role JOIN place ON place.id = role.place_id
        WHERE role.person_id = person.id AND role.kind = 'coordinator'
            AND (place.path <@ CAST(:path AS ltree) OR place.path @> CAST(:path AS ltree))
    )
    ORDER BY from_on, person.name
""")  # noqa: S608 (constants)
_WORKS_IN = text("""
    SELECT role.id FROM role JOIN place ON place.id = role.place_id JOIN person ON person.id = role.person_id
    WHERE role.person_id = :person AND role.kind = 'coordinator' AND person.active
        AND (role.until IS NULL OR role.until >= :today)
        AND (:everywhere OR place.path <@ ANY (CAST(:paths AS ltree[])))
    LIMIT 1
""")
_PUBLIC_NAMES = text("""
    SELECT person.id, person.name, person.work_name, person.office_phone FROM person
    WHERE person.active AND EXISTS (
        SELECT FROM role JOIN place ON place.id = role.place_id
        WHERE role.person_id = person.id AND role.kind = 'coordinator'
            AND (role.until IS NULL OR role.until >= :today) AND place.path <@ CAST(:path AS ltree)
    )
    ORDER BY person.name, person.id
""")
