"""What residents ask for about their own data, each with a day by which it is answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Household, SubjectRequest
from app.models.rights import REQUEST_KINDS
from app.services import audit, retention, rule_packs
from app.services.personal import Registers

LONGEST = 2000
DECISIONS = ("grant", "grant optional", "refuse")
# What a granted objection may end, and the purposes that the database then hides the household from.
STOPS = {"lists": ("ledger", "search"), "exchange": ("exchange",)}


@dataclass(frozen=True)
class Asked:
    """A request as a list shows it. days_left: negative once it is late; None once it is answered."""

    id: int
    kind: str
    state: str
    household_id: int | None
    place: str
    made_at: datetime
    due_on: date
    answered_at: datetime | None
    days_left: int | None


def ask(
    registers: Registers,
    household_id: int,
    kind: str,
    words: str,
    now: datetime,
    today: date,
) -> SubjectRequest:
    """Take in a request of a household. A copy is answered by having it, at once.

    words: what is to be corrected, or why. Refused: `request_kind_unknown`, `request_needs_words`.
    """
    session, words = registers.session, " ".join(words.split())[:LONGEST]
    if kind not in REQUEST_KINDS:
        raise Refusal("request_kind_unknown", kind=kind[:40])
    if kind in ("correct", "object") and not words:
        raise Refusal("request_needs_words")
    household = session.scalar(select(Household).where(Household.id == household_id))
    if household is None:
        raise Refusal("not_found")
    path = session.scalar(_PATH, {"place": household.community_id})
    clocks = rule_packs.in_force(session, path, today).rules.clocks
    days = clocks.deletion_days if kind == "delete" else clocks.request_days
    at_once = kind == "copy"
    made = SubjectRequest(
        household_id=household.id,
        building_id=household.building_id,
        community_id=household.community_id,
        kind=kind,
        words=words,
        state="granted" if at_once else "open",
        made_at=now,
        due_on=today + timedelta(days=days),
        answered_at=now if at_once else None,
    )
    session.add(made)
    session.flush()
    audit.record(session, registers.person_id, "request.made", f"request {made.id}", {"kind": kind})
    return made


def listing(registers: Registers, today: date, state: str = "") -> list[Asked]:
    """The requests one may see, those that wait first, the most urgent on top; without what they say.

    state: `open` or `answered`; else both.
    """
    rows = registers.session.execute(_LISTING, {"state": state}).mappings().all()
    return [
        Asked(**row, days_left=None if row["answered_at"] else (row["due_on"] - today).days) for row in rows
    ]


def of_household(session: Session, household_id: int) -> list[SubjectRequest]:
    """The requests of a household, the latest first."""
    found = select(SubjectRequest).where(SubjectRequest.household_id == household_id)
    return list(session.scalars(found.order_by(SubjectRequest.id.desc())))


def find(registers: Registers, request_id: int) -> SubjectRequest:
    """One request with what it says: that is a read of the household's data."""
    found = registers.session.scalar(select(SubjectRequest).where(SubjectRequest.id == request_id))
    if found is None:
        raise Refusal("not_found")
    if found.household_id is not None:
        registers.seen("view", f"request {request_id}", [found.household_id])
    return found


def answer(
    registers: Registers,
    request_id: int,
    decision: str,
    words: str,
    now: datetime,
    stops: Collection[str] = (),
) -> dict[str, int]:
    """Answer a request; one to delete or to object, when granted, is carried out with it.

    decision: one of DECISIONS; `grant optional` removes only what was given freely. stops: of STOPS, what a
    granted objection ends. Refused: `request_answered`, `request_decision_unknown`, `answer_missing` (a
    refusal says why), `objection_stops_nothing`.

    Returns how many rows of which register were removed.
    """
    session, words = registers.session, " ".join(words.split())[:LONGEST]
    if decision not in DECISIONS:
        raise Refusal("request_decision_unknown", decision=decision[:40])
    found = session.scalar(select(SubjectRequest).where(SubjectRequest.id == request_id).with_for_update())
    if found is None:
        raise Refusal("not_found")
    if found.state != "open":
        raise Refusal("request_answered", request=request_id)
    if decision == "refuse" and not words:
        raise Refusal("answer_missing")
    granted = decision != "refuse"
    if found.kind == "object" and granted:
        found.stops = sorted({purpose for one in stops for purpose in STOPS.get(one, ())})
        if not found.stops:
            raise Refusal("objection_stops_nothing")
    found.state = "granted" if granted else "refused"
    found.answered_at, found.answered_by, found.answer = now, registers.person_id, words
    session.flush()
    gone: dict[str, int] = {}
    if found.kind == "delete" and found.state == "granted" and found.household_id is not None:
        gone = retention.forget(registers, found.household_id, everything=decision == "grant")
    if found.stops and found.household_id is not None:
        _object(session, found.household_id)
    facts = {"kind": found.kind, "state": found.state, "removed": gone}
    facts |= {"stops": found.stops} if found.stops else {}
    audit.record(session, registers.person_id, "request.answered", f"request {request_id}", facts)
    return gone


def lift(registers: Registers, request_id: int, now: datetime) -> None:
    """End a granted objection, because the household asked for that. Refused with `not_found`."""
    session = registers.session
    found = session.scalar(select(SubjectRequest).where(SubjectRequest.id == request_id).with_for_update())
    if found is None or not found.stops or found.lifted_at is not None or found.household_id is None:
        raise Refusal("not_found")
    found.lifted_at = now
    session.flush()
    _object(session, found.household_id)
    audit.record(session, registers.person_id, "objection.lifted", f"request {request_id}")


def _object(session: Session, household_id: int) -> None:
    """Let the household's row be hidden from what its granted objections end, and from nothing else."""
    session.execute(_LOCK_HOUSEHOLD, {"household": household_id})  # else of two at once one would be lost
    session.execute(_OBJECT, {"household": household_id})


_LOCK_HOUSEHOLD = text("SELECT FROM household WHERE id = :household FOR UPDATE")
_OBJECT = text("""
    UPDATE household SET objected = ARRAY(
        SELECT DISTINCT unnest(stops) AS purpose FROM subject_request
        WHERE household_id = :household AND state = 'granted' AND lifted_at IS NULL ORDER BY purpose
    ) WHERE id = :household
""")
_PATH = text("SELECT path::text FROM place WHERE id = :place")
_LISTING = text("""
    SELECT asked.id, asked.kind, asked.state, asked.household_id, place.name AS place, asked.made_at,
        asked.due_on, asked.answered_at
    FROM subject_request AS asked JOIN place ON place.id = asked.community_id
    WHERE :state = '' OR (asked.state = 'open') = (:state = 'open')
    ORDER BY asked.answered_at IS NOT NULL, asked.due_on, asked.id DESC LIMIT 500
""")
