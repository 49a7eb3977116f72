"""Notes about a building: a locked stair, a dog, who has the key of the yard. About the site, of nobody.

They go along on the phone, which holds no name and no number of anybody, so none is taken that may hold one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models.site_notes import LONGEST_NOTE, SiteNote
from app.services import audit, homes
from app.services.access import Actor
from app.services.named_people import found_in
from app.services.personal import Registers

__all__ = ["LONGEST_NOTE", "MOST", "of_building", "strike", "write"]

MOST = 20  # of one building; who has more to say strikes what holds no more


def of_building(session: Session, building_id: int) -> Sequence[Row[Any]]:
    """What is noted of a building now, the newest first: id, words, written_at, writer."""
    return session.execute(_OF_BUILDING, {"building": building_id}).all()


def write(registers: Registers, actor: Actor, building_id: int, said: str, now: datetime) -> int:
    """Note something about a building one serves; its id.

    Refused with `not_found`, `building_not_served`, `fields_malformed`, `note_names_somebody` and
    `notes_too_many`.
    """
    session = registers.session
    homes.require_open(registers, building_id)
    words = " ".join(said.split())
    if not 0 < len(words) <= LONGEST_NOTE or not words.isprintable():
        raise Refusal("fields_malformed", fields="words")
    if found_in(words):
        raise Refusal("note_names_somebody")
    if len(of_building(session, building_id)) >= MOST:
        raise Refusal("notes_too_many", most=MOST)
    made = SiteNote(building_id=building_id, words=words, written_by=actor.person_id, written_at=now)
    session.add(made)
    session.flush()
    audit.record(session, actor.person_id, "site_note.written", f"building {building_id}", {"note": made.id})
    return made.id


def strike(registers: Registers, actor: Actor, building_id: int, note_id: int, now: datetime) -> None:
    """Let a note hold no more, whoever wrote it; again: nothing. Refused with `not_found`,
    `building_not_served`.
    """
    session = registers.session
    homes.require_open(registers, building_id)
    note = session.get(SiteNote, note_id)
    if note is None or note.building_id != building_id:
        raise Refusal("not_found")
    if note.struck_at is not None:
        return
    note.struck_by, note.struck_at = actor.person_id, now
    session.flush()
    audit.record(session, actor.person_id, "site_note.struck", f"building {building_id}", {"note": note_id})


_OF_BUILDING = text("""
    SELECT site_note.id, words, written_at, person.name AS writer
    FROM site_note JOIN person ON person.id = written_by
    WHERE building_id = :building AND struck_at IS NULL ORDER BY site_note.id DESC
""")
