"""A station: its six haves, meetings and their minutes, notices on the board, corrections between offices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Correction, Meeting, Notice, StationCheck
from app.models.station import MEETING_KINDS, SIX_HAVES
from app.services import audit, rule_packs, work_days
from app.services.access import REGISTRARS, Actor, require
from app.services.jobs import place_called
from app.services.measures import Measure

LONGEST_TITLE, LONGEST_TEXT, LONGEST_MINUTES = 80, 2_000, 8_000
LONGEST_NOTICE_DAYS = 366


# --- Six haves -------------------------------------------------------------------------------------------


def look(
    session: Session,
    actor: Actor,
    place_code: str,
    what: str,
    photo: tuple[bytes, str] | None,
    today: date,
    *,
    there: bool,
) -> int:
    """Write down whether a station has one of the six, as it was seen today; its id.

    photo: its bytes, written anew, and their type.
    """
    place = place_called(session, place_code)
    require(actor, REGISTRARS, [place.path])
    if what not in SIX_HAVES or place.level != "community":
        raise Refusal("fields_malformed", fields="what" if what not in SIX_HAVES else "place")
    check = StationCheck(
        place_id=place.id,
        what=what,
        there=there,
        looked_on=today,
        photo=photo and photo[0],
        photo_type=photo and photo[1],
        person_id=actor.person_id,
    )
    session.add(check)
    session.flush()
    audit.record(
        session, actor.person_id, "station.looked", f"place {place_code}", {"what": what, "there": there}
    )
    return check.id


def six_haves(session: Session, path: str) -> list[tuple[Row[Any], dict[str, Row[Any]], Measure]]:
    """Communities of a place, what was last seen of each of the six, and how many of six there are.

    What nobody looked at is not there in the dictionary: not measured is not missing.
    """
    rows = session.execute(_CHECKED, {"path": path}).all()
    found = []
    for place in session.execute(_COMMUNITIES, {"path": path}):
        seen = {row.what: row for row in rows if row.place_id == place.id}
        there = sum(row.there for row in seen.values())
        found.append((place, seen, Measure(there, len(seen))))
    return found


def photo_of(session: Session, check_id: int, path: str) -> tuple[bytes, str]:
    """The photo of a check within a place; `not_found` where there is none."""
    row = session.execute(_PHOTO, {"check": check_id, "path": path}).first()
    if row is None:
        raise Refusal("not_found")
    return bytes(row.photo), row.photo_type


# --- Meetings --------------------------------------------------------------------------------------------


def keep_meeting(
    session: Session, actor: Actor, place_code: str, kind: str, held_on: date, minutes: str, today: date
) -> int:
    """Keep the minutes of a meeting or feedback day; its id."""
    place = place_called(session, place_code)
    require(actor, REGISTRARS, [place.path])
    if kind not in MEETING_KINDS:
        raise Refusal("fields_malformed", fields="kind")
    if held_on > today:
        raise Refusal("day_to_come", day=held_on.isoformat(), today=today.isoformat())
    said = _said(minutes, "minutes", LONGEST_MINUTES)
    made = Meeting(place_id=place.id, kind=kind, held_on=held_on, minutes=said, person_id=actor.person_id)
    session.add(made)
    session.flush()
    audit.record(session, actor.person_id, "meeting.kept", f"meeting {made.id}", {"kind": kind})
    return made.id


def meetings(session: Session, path: str) -> Sequence[Row[Any]]:
    """The last fifty of a place, the newest first."""
    return session.execute(_MEETINGS, {"path": path}).all()


# --- Notices ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """A notice in both languages; the English may be empty."""

    title_zh: str
    text_zh: str
    title_en: str = ""
    text_en: str = ""


def hang(
    session: Session,
    actor: Actor,
    place_code: str,
    grid_code: str | None,
    words: Words,
    from_on: date,
    until_on: date,
    today: date,
) -> int:
    """Hang a notice for a grid or all grids of a place; its id. Refused with `days_disordered` and more."""
    place = place_called(session, place_code)
    require(actor, REGISTRARS, [place.path])
    last = from_on + timedelta(days=LONGEST_NOTICE_DAYS)
    if until_on < max(from_on, today) or until_on > last:
        raise Refusal("notice_days", first=from_on.isoformat(), last=until_on.isoformat())
    if grid_code and session.scalar(_GRID_CODE, {"code": grid_code, "path": place.path}) is None:
        raise Refusal("not_found")
    if bool(words.title_en.strip()) != bool(words.text_en.strip()):
        raise Refusal("fields_malformed", fields="text_en" if words.title_en.strip() else "title_en")
    notice = Notice(
        place_id=place.id,
        grid_code=grid_code or None,
        title_zh=_said(words.title_zh, "title_zh", LONGEST_TITLE),
        text_zh=_said(words.text_zh, "text_zh", LONGEST_TEXT),
        title_en=words.title_en.strip()[:LONGEST_TITLE],
        text_en=words.text_en.strip()[:LONGEST_TEXT],
        from_on=from_on,
        until_on=until_on,
        person_id=actor.person_id,
    )
    session.add(notice)
    session.flush()
    audit.record(session, actor.person_id, "notice.hung", f"notice {notice.id}", {"place": place_code})
    return notice.id


def take_down(session: Session, actor: Actor, notice_id: int) -> None:
    """Take a notice off the board; `not_found` where it does not hang."""
    row = session.execute(_NOTICE, {"notice": notice_id}).first()
    if row is None:
        raise Refusal("not_found")
    require(actor, REGISTRARS, [row.path])
    session.execute(text("DELETE FROM notice WHERE id = :notice"), {"notice": notice_id})
    audit.record(session, actor.person_id, "notice.taken_down", f"notice {notice_id}")


def board(session: Session, path: str, today: date) -> Sequence[Row[Any]]:
    """Notices that hang today or will, for a place, those above it and all beneath."""
    return session.execute(_BOARD, {"path": path, "today": today}).all()


def notice(session: Session, notice_id: int) -> Row[Any]:
    """One notice with its place's path; `not_found` where there is none."""
    row = session.execute(_NOTICE, {"notice": notice_id}).first()
    if row is None:
        raise Refusal("not_found")
    return row


# --- Corrections -----------------------------------------------------------------------------------------


def correct(
    session: Session,
    actor: Actor,
    place_code: str,
    building_id: int | None,
    office: str,
    wrong: str,
    better: str,
    today: date,
) -> int:
    """Tell an office that something held is not right; its clock runs in work days by the rules of today."""
    place = place_called(session, place_code)
    require(actor, REGISTRARS, [place.path])
    rules = rule_packs.in_force(session, place.path, today)
    if (
        building_id is not None
        and session.scalar(_BUILDING, {"building": building_id, "path": place.path}) is None
    ):
        raise Refusal("not_found")
    made = Correction(
        place_id=place.id,
        building_id=building_id,
        office=_said(office, "office", LONGEST_TITLE),
        wrong=_said(wrong, "wrong", LONGEST_TEXT),
        better=_said(better, "better", LONGEST_TEXT),
        sent_on=today,
        due_on=work_days.read_calendar(session).after(today, rules.rules.clocks.correction_work_days),
        rule_pack_id=rules.id,
        person_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor.person_id, "correction.sent", f"correction {made.id}", {"place": place_code})
    return made.id


def answer_correction(session: Session, actor: Actor, correction_id: int, answer: str, today: date) -> None:
    """Write down what an office answered, once."""
    made = session.get(Correction, correction_id, with_for_update=True)
    if made is None or made.answer is not None:
        raise Refusal("not_found")
    path = session.scalar(text("SELECT path::text FROM place WHERE id = :id"), {"id": made.place_id})
    require(actor, REGISTRARS, [path])
    made.answer, made.answered_on = _said(answer, "answer", LONGEST_TEXT), today
    session.flush()
    audit.record(session, actor.person_id, "correction.answered", f"correction {correction_id}")


def corrections(session: Session, path: str) -> Sequence[Row[Any]]:
    """Corrections of a place, those without an answer first, the soonest due before."""
    return session.execute(_CORRECTIONS, {"path": path}).all()


def _said(words: str, field: str, longest: int) -> str:
    words = words.strip()
    if not words or len(words) > longest:
        raise Refusal("fields_malformed", fields=field)
    return words


_WITHIN = "place.path <@ CAST(:path AS ltree) AND place.path <@ ANY (scope_paths())"
_COMMUNITIES = text(f"""
    SELECT id, code, name, name_pinyin FROM place WHERE level = 'community' AND {_WITHIN} ORDER BY code
""")  # noqa: S608 (constants)
_CHECKED = text(f"""
    SELECT DISTINCT ON (place_id, what) station_check.id, place_id, what, there, looked_on,
        photo IS NOT NULL AS has_photo
    FROM station_check JOIN place ON place.id = place_id WHERE {_WITHIN}
    ORDER BY place_id, what, looked_on DESC, station_check.id DESC
""")  # noqa: S608 (constants)
_PHOTO = text(f"""
    SELECT photo, photo_type FROM station_check JOIN place ON place.id = place_id
    WHERE station_check.id = :check AND photo IS NOT NULL AND {_WITHIN}
""")  # noqa: S608 (constants)
_MEETINGS = text(f"""
    SELECT meeting.id, kind, held_on, minutes, person.name AS by, place.name AS place
    FROM meeting JOIN place ON place.id = place_id JOIN person ON person.id = person_id
    WHERE {_WITHIN} ORDER BY held_on DESC, meeting.id DESC LIMIT 50
""")  # noqa: S608 (constants)
_GRID_CODE = text("""
    SELECT grid.id FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id
    WHERE grid.code = :code AND place.path <@ CAST(:path AS ltree) LIMIT 1
""")
_OF_NOTICE = """
    SELECT notice.id, grid_code, title_zh, text_zh, title_en, text_en, from_on, until_on,
        person.name AS by, person.office_phone, place.name AS place, place.code AS place_code,
        place.path::text AS path
    FROM notice JOIN place ON place.id = place_id JOIN person ON person.id = person_id
"""
_NOTICE = text(f"{_OF_NOTICE} WHERE notice.id = :notice")
_BOARD = text(f"""
    {_OF_NOTICE} WHERE until_on >= :today AND (place.path @> CAST(:path AS ltree) OR ({_WITHIN}))
    ORDER BY from_on DESC, notice.id DESC LIMIT 100
""")
_BUILDING = text("""
    SELECT building.id FROM building JOIN place ON place.path = CAST(:path AS ltree)
    WHERE building.id = :building AND ST_Covers(place.outline, building.position)
""")
_CORRECTIONS = text(f"""
    SELECT correction.id, office, wrong, better, sent_on, due_on, answer, answered_on, person.name AS by,
        place.name AS place, building.id AS building_id,
        coalesce(building.name, building.address, building.code) AS building
    FROM correction JOIN place ON place.id = correction.place_id JOIN person ON person.id = person_id
    LEFT JOIN building ON building.id = correction.building_id
    WHERE {_WITHIN} ORDER BY answer IS NOT NULL, due_on, correction.id LIMIT 200
""")  # noqa: S608 (constants)
