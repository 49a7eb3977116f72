"""The training log: who took part in which course when, how long it holds, and whose has run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Attendance, Course
from app.models.duties import COURSE_KINDS
from app.services import audit
from app.services.access import MANAGERS, Actor, require
from app.services.jobs import place_called
from app.services.months import months_on

LONGEST_NAME = 80
LONGEST_MONTHS = 120


@dataclass(frozen=True)
class CourseSeen:
    """A course with how often somebody took part, counted anew, and who of the coordinators is overdue."""

    id: int
    name: str
    kind: str
    holds_months: int | None
    attendances: int
    people: int
    last_on: date | None
    overdue: list[str]


def courses(session: Session, path: str, today: date) -> list[CourseSeen]:
    """Courses of a place and of those above it."""
    staff = session.execute(_STAFF, {"path": path, "today": today}).all()
    seen = []
    for course in session.execute(_COURSES, {"path": path}):
        asked = {"course": course.id, "people": [one.id for one in staff]}
        last = {row.person_id: row.last_on for row in session.execute(_LAST, asked)}
        overdue = [one.name for one in staff if _is_overdue(last.get(one.id), course.holds_months, today)]
        counts = session.execute(_ATTENDED, {"course": course.id}).one()
        seen.append(CourseSeen(**course._mapping, **counts._mapping, overdue=overdue))
    return seen


def add_course(
    session: Session, actor: Actor, place_code: str, name: str, kind: str, holds_months: int | None
) -> int:
    """A course for the coordinators of a place; its id. Refused with `fields_malformed`."""
    place = place_called(session, place_code)
    require(actor, MANAGERS, [place.path])
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refusal("fields_malformed", fields="name")
    if kind not in COURSE_KINDS:
        raise Refusal("fields_malformed", fields="kind")
    if holds_months is not None and not 0 < holds_months <= LONGEST_MONTHS:
        raise Refusal("fields_malformed", fields="holds_months")
    course = Course(place_id=place.id, name=name, kind=kind, holds_months=holds_months)
    session.add(course)
    session.flush()
    audit.record(session, actor.person_id, "course.added", f"course {course.id}", {"name": name})
    return course.id


def attend(
    session: Session, actor: Actor, course_id: int, people: Sequence[int], held_on: date, today: date
) -> int:
    """Write down who took part on a day; how many of them were not written down already.

    Refused with `not_found`, `day_to_come` and, for somebody who is no coordinator there, `not_in_scope`.
    """
    row = session.execute(_PLACE_OF, {"course": course_id}).first()
    if row is None:
        raise Refusal("not_found")
    require(actor, MANAGERS, [row.path])
    if held_on > today:
        raise Refusal("day_to_come", day=held_on.isoformat(), today=today.isoformat())
    known = {one.id for one in session.execute(_STAFF, {"path": row.path, "today": today})}
    if not set(people) <= known:
        raise Refusal("not_in_scope")
    added = 0
    for person_id in sorted(set(people)):
        if session.get(Attendance, (course_id, person_id, held_on)) is None:
            session.add(
                Attendance(
                    course_id=course_id, person_id=person_id, held_on=held_on, entered_by=actor.person_id
                )
            )
            added += 1
    session.flush()
    facts = {"people": sorted(set(people)), "on": held_on.isoformat()}
    audit.record(session, actor.person_id, "course.attended", f"course {course_id}", facts)
    return added


def staff_of(session: Session, path: str, today: date) -> list[tuple[int, str]]:
    """Coordinators of a place: id and name."""
    return [(row.id, row.name) for row in session.execute(_STAFF, {"path": path, "today": today})]


def _is_overdue(last_on: Any, holds_months: int | None, today: date) -> bool:
    if last_on is None:
        return True
    return holds_months is not None and months_on(last_on, holds_months) <= today


_COURSES = text("""
    SELECT course.id, course.name, course.kind, holds_months
    FROM course JOIN place ON place.id = course.place_id
    WHERE place.path @> CAST(:path AS ltree) OR place.path <@ CAST(:path AS ltree)
    ORDER BY course.name, course.id
""")
_ATTENDED = text("""
    SELECT count(*)::int AS attendances, count(DISTINCT person_id)::int AS people, max(held_on) AS last_on
    FROM attendance
    WHERE course_id = :course
""")
_LAST = text("""
    SELECT person_id, max(held_on) AS last_on FROM attendance
    WHERE course_id = :course AND person_id = ANY (:people) GROUP BY person_id
""")
_PLACE_OF = text("""
    SELECT place.path::text FROM course JOIN place ON place.id = course.place_id WHERE course.id = :course
""")
_STAFF = text("""
    SELECT person.id, person.name FROM person
    WHERE person.active AND EXISTS (
        SELECT FROM role JOIN place ON place.id = role.place_id
        WHERE role.person_id = person.id AND role.kind = 'coordinator'
            AND (role.until IS NULL OR role.until >= :today) AND place.path <@ CAST(:path AS ltree)
    )
    ORDER BY person.name, person.id
""")
