"""The life of a case: one table says which act leads from which state to which, by whom, in which mechanism.

ordinary      on the spot with a photo and filed, or accepted, filed, dispatched, handled, checked, closed
coordination  a meeting of the community, with its date, files it
emergency     whoever must know is called first; it is filed within an hour after, and not before the call
approval      handed up against a receipt, tracked until the answer, which is told to whoever reported it

What the table has not is refused. A step is written with every act and never altered; `told` of a step is
what whoever reported reads. A grave hazard is closed only after another person than who did the work has
looked: one who neither was handed it, nor began it, nor claimed it done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Hazard, Step
from app.models.hazards import MECHANISMS, OPEN, SEVERITIES
from app.services import audit, case_clocks
from app.services.access import BIGGEST_ID, LEADERS, MANAGERS, REGISTRARS, Actor
from app.services.case_clocks import STAGES, Clock, Stood

SAME, BACK = "same", "back"  # stays in its state; returns to the one it had before it was pending
GRAVE = 3
REOPENED_WITHIN = timedelta(days=30)
LOOKED_AT_AGAIN_WITHIN = timedelta(days=180)  # of a case that is pending
LONGEST_TEXT = 1_000
ORDINARY, COORDINATION, EMERGENCY, APPROVAL = MECHANISMS
BY_HANDLING = frozenset({ORDINARY, COORDINATION, EMERGENCY})
EVERY = frozenset(MECHANISMS)


@dataclass(frozen=True)
class Arc:
    """One act of the table. needs: what must be told with it. mechanisms: those that know it."""

    act: str
    states: tuple[str, ...]
    to: str
    who: frozenset[str]
    mechanisms: frozenset[str] = EVERY
    needs: tuple[str, ...] = ()


ARCS = (
    # taking a report on
    Arc("accept", ("reported",), "accepted", MANAGERS, EVERY - {EMERGENCY}),
    Arc("call", ("reported",), "accepted", REGISTRARS, frozenset({EMERGENCY}), ("called",)),
    Arc("call", ("accepted",), SAME, REGISTRARS, frozenset({EMERGENCY}), ("called",)),
    Arc("classify", ("reported", "accepted"), SAME, MANAGERS),
    Arc("refuse", ("reported", "accepted"), "refused", MANAGERS, needs=("reason",)),
    Arc("duplicate", ("reported", "accepted", "filed"), "duplicate", MANAGERS, needs=("of",)),
    Arc("on_the_spot", ("reported", "accepted"), "closed", REGISTRARS, frozenset({ORDINARY}), ("photo",)),
    # filing it and handing it out
    Arc("file", ("accepted",), "filed", MANAGERS, EVERY - {COORDINATION}),
    Arc("meet", ("accepted",), "filed", MANAGERS, frozenset({COORDINATION}), ("met_on", "decision")),
    Arc("dispatch", ("filed", "returned", "rework"), "dispatched", MANAGERS, BY_HANDLING, ("office",)),
    Arc(
        *("hand_up", ("filed", "returned", "rework"), "dispatched", MANAGERS),
        *(frozenset({APPROVAL}), ("office", "receipt")),
    ),
    # handling it
    Arc("begin", ("dispatched", "rework"), "handling", REGISTRARS, BY_HANDLING),
    Arc("track", ("dispatched", "rework"), "handling", MANAGERS, frozenset({APPROVAL}), ("note",)),
    Arc("track", ("handling",), SAME, MANAGERS, frozenset({APPROVAL}), ("note",)),
    Arc("claim", ("handling",), "claimed done", REGISTRARS, BY_HANDLING),
    Arc("answer", ("handling",), "claimed done", MANAGERS, frozenset({APPROVAL}), ("answer",)),
    Arc("return", ("dispatched", "handling"), "returned", REGISTRARS, needs=("reason",)),
    # checking it
    Arc("verify", ("claimed done",), "verified", REGISTRARS, BY_HANDLING),
    Arc("tell", ("claimed done",), "verified", REGISTRARS, frozenset({APPROVAL}), ("told",)),
    Arc("fail", ("claimed done",), "rework", REGISTRARS, needs=("reason",)),
    Arc("close", ("verified",), "closed", MANAGERS),
    Arc("evaluate", ("closed",), "evaluated", MANAGERS | LEADERS, needs=("note",)),
    Arc("reopen", ("closed", "evaluated"), "filed", REGISTRARS, needs=("reason",)),
    # aside
    Arc(
        *("pend", ("accepted", "filed", "dispatched", "handling", "returned", "rework"), "pending"),
        *(MANAGERS, EVERY, ("reason", "review_on")),
    ),
    Arc("resume", ("pending",), BACK, MANAGERS),
    Arc("supervise", OPEN, SAME, LEADERS, needs=("note",)),
)
TABLE: Mapping[tuple[str, str], Arc] = MappingProxyType(
    {(state, arc.act): arc for arc in ARCS for state in arc.states}
)
ACTS = tuple(dict.fromkeys(arc.act for arc in ARCS))
WORDS = ("reason", "called", "decision", "office", "receipt", "answer")  # facts that are words


@dataclass(frozen=True)
class Said:
    """What is told with an act: words for staff (`note`), for whoever reported (`told`), and facts.

    facts: by name, as the table needs them: words, `of` (a hazard), `met_on` and `review_on` (days),
    `handler_id` (staff), and for `classify` kind, severity and mechanism.
    """

    note: str = ""
    told: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def next_acts(state: str, mechanism: str, actor: Actor, path: str) -> list[Arc]:
    """What somebody may do with a case at a place, in the order of the table."""
    return [
        arc
        for arc in ARCS
        if state in arc.states and mechanism in arc.mechanisms and actor.covers(arc.who, path)
    ]


def handlers(session: Session, path: str, today: date) -> list[dict[str, Any]]:
    """Who may be handed a case at a place: coordinators and managers there, by name."""
    rows = session.execute(_HANDLERS, {"path": path, "today": today})
    return [dict(row._mapping) for row in rows]


def act(
    session: Session, actor: Actor, hazard_id: int, name: str, version: int, said: Said, now: datetime
) -> Hazard:
    """Do something with a case: its state, clocks and step in one transaction; the hazard as it is then.

    version: that of the case as the actor saw it. now: in the zone of the city. Refused with `not_found`,
    `hazard_changed`, `case_not_now`, `case_mechanism`, `not_in_scope`, `case_fact_missing`,
    `case_photo_missing`, `case_recheck_by_another`, `case_grave_not_on_the_spot`, `case_reopened_late`,
    `case_review_past`, `case_review_late`, `case_duplicate_of`, `case_call_first`, `fields_malformed`.
    """
    hazard, path = _locked(session, hazard_id)
    arc = _arc(hazard, name, actor, path)
    if hazard.version != version:
        raise Refusal("hazard_changed", hazard=hazard_id, yours=version, current=hazard.version)
    facts = _facts(session, hazard, arc, said, now)
    clock = clock_of(session, hazard, path, now)
    before = hazard.state
    done = _Doing(session, actor, hazard, path, clock, facts, now)
    try:
        with session.no_autoflush:  # a state and what belongs to it are written at once
            _come_to(session, hazard, arc)
            EFFECTS.get(name, _nothing)(done)
    except Refusal:
        session.expire(hazard)  # nothing by half, also where the transaction goes on
        raise
    if hazard.state != before:
        hazard.state_since = now
        if arc.to != BACK:
            _run(done, before)
    hazard.version += 1
    _write(session, actor, hazard, arc, before, said, done.facts, now)
    return hazard


def clock_of(session: Session, hazard: Hazard, path: str, now: datetime) -> Clock:
    """The clock of a case: by the limits and hours of the day it was reported."""
    day = hazard.reported_at.astimezone(now.tzinfo).date()
    return case_clocks.clock_of(session, path, hazard.kind, hazard.severity, hazard.mechanism, day)


# --- What must hold before an act -------------------------------------------------------------------------


def _locked(session: Session, hazard_id: int) -> tuple[Hazard, str]:
    known = 0 <= hazard_id <= BIGGEST_ID
    found = session.get(Hazard, hazard_id, with_for_update=True, populate_existing=True) if known else None
    if found is None:
        raise Refusal("not_found")
    return found, session.execute(_PATH, {"place": found.community_id}).scalar_one()


def _arc(hazard: Hazard, name: str, actor: Actor, path: str) -> Arc:
    arc = TABLE.get((hazard.state, name))
    of_act = [one for one in ARCS if one.act == name]
    if not any(actor.covers(one.who, path) for one in of_act):
        raise Refusal("not_in_scope")
    if arc is None:
        raise Refusal("case_not_now", act=name, state=hazard.state.replace(" ", "_"))
    if hazard.mechanism not in arc.mechanisms:
        raise Refusal("case_mechanism", act=name, mechanism=hazard.mechanism)
    return arc


def _facts(session: Session, hazard: Hazard, arc: Arc, said: Said, now: datetime) -> dict[str, Any]:
    """The facts of a step, each looked at; what is needed and not told is refused."""
    told = {**said.facts, "note": said.note, "told": said.told}
    for name in ("note", "told", *WORDS):
        if len(str(told.get(name) or "")) > LONGEST_TEXT:
            raise Refusal("fields_malformed", fields=name)
    for name in arc.needs:
        if name != "photo" and not (str(told[name]).strip() if told.get(name) is not None else ""):
            raise Refusal("case_fact_missing", fact=name)
    if "photo" in arc.needs and session.scalar(_PHOTO_AFTER, {"hazard": hazard.id}) is None:
        raise Refusal("case_photo_missing")
    given = {name: value for name, value in said.facts.items() if value not in (None, "")}
    if "review_on" in arc.needs:
        _check_review(given["review_on"], now.date())
    return given


def _check_review(review_on: date, today: date) -> None:
    if review_on <= today:
        raise Refusal("case_review_past", day=review_on)
    if review_on > today + LOOKED_AT_AGAIN_WITHIN:
        raise Refusal("case_review_late", day=review_on, days=LOOKED_AT_AGAIN_WITHIN.days)


# --- What an act does besides changing the state ----------------------------------------------------------


@dataclass
class _Doing:
    """An act under way. facts: what its step will tell."""

    session: Session
    actor: Actor
    hazard: Hazard
    path: str
    clock: Clock
    facts: dict[str, Any]
    now: datetime

    @property
    def reported_at(self) -> datetime:
        return self.hazard.reported_at.astimezone(self.now.tzinfo)


def _come_to(session: Session, hazard: Hazard, arc: Arc) -> None:
    if arc.to == BACK:
        hazard.state = session.execute(_BEFORE_PENDING, {"hazard": hazard.id}).scalar_one()
    elif arc.to != SAME:
        hazard.state = arc.to


def _run(doing: _Doing, before: str) -> None:
    """Start the clock of a stage, or let that of the same stage run on."""
    hazard = doing.hazard
    if hazard.state == "pending":
        return
    if not runs_on(hazard.mechanism, before, hazard.state):
        case_clocks.enter(hazard, doing.clock, doing.now, doing.reported_at)


def runs_on(mechanism: str, before: str, state: str) -> bool:
    """Whether the clock of one state is that of the next: of the same stage, and nothing began anew."""
    if state in ("rework", "returned"):
        return False
    files_in_an_hour = mechanism == EMERGENCY and before == "accepted"
    return STAGES.get(before) == STAGES.get(state) and not files_in_an_hour


def _nothing(doing: _Doing) -> None:
    pass


def _classify(doing: _Doing) -> None:
    """Sort a report anew: kind, severity, mechanism; its clocks are those it would have had."""
    hazard, facts = doing.hazard, doing.facts
    wanted = {name: facts.get(name, getattr(hazard, name)) for name in ("kind", "severity", "mechanism")}
    if wanted["severity"] not in SEVERITIES or wanted["mechanism"] not in MECHANISMS:
        raise Refusal("fields_malformed", fields="mechanism")
    if doing.session.scalar(_KIND, {"kind": wanted["kind"]}) is None:
        raise Refusal("hazard_kind_unknown", kind=wanted["kind"])
    facts |= {f"{name}_before": getattr(hazard, name) for name in wanted}
    for name, value in wanted.items():
        setattr(hazard, name, value)
    doing.clock = clock_of(doing.session, hazard, doing.path, doing.now)
    case_clocks.begin_anew(doing.session, hazard, doing.clock, doing.reported_at)


def _over(doing: _Doing) -> None:
    """The end of a case; a phone may be minutes fast, and nothing is over before it is reported."""
    doing.hazard.closed_at = max(doing.now, doing.reported_at)


def _duplicate(doing: _Doing) -> None:
    """The other one must be an open case of one's places."""
    hazard, of = doing.hazard, doing.facts["of"]
    known = isinstance(of, int) and 0 <= of <= BIGGEST_ID and of != hazard.id
    other = doing.session.get(Hazard, of, with_for_update=True, populate_existing=True) if known else None
    has_own = doing.session.scalar(_HAS_DUPLICATES, {"hazard": hazard.id})
    if other is None or other.state not in OPEN or has_own:
        raise Refusal("case_duplicate_of", of=of)
    path = doing.session.execute(_PATH, {"place": other.community_id}).scalar_one()
    if not doing.actor.covers(MANAGERS, path):
        raise Refusal("not_in_scope")
    hazard.duplicate_of = of
    _over(doing)


def _on_the_spot(doing: _Doing) -> None:
    if doing.hazard.severity == GRAVE:
        raise Refusal("case_grave_not_on_the_spot")
    _claim(doing)
    _over(doing)


def _dispatch(doing: _Doing) -> None:
    hazard, facts = doing.hazard, doing.facts
    handler = facts.get("handler_id")
    known = {one["id"] for one in handlers(doing.session, doing.path, doing.now.date())}
    if handler is not None and handler not in known:
        raise Refusal("fields_malformed", fields="handler_id")
    hazard.office, hazard.handler_id = str(facts["office"]).strip(), handler


def _return(doing: _Doing) -> None:
    doing.hazard.returned += 1
    doing.hazard.handler_id = None


def _claim(doing: _Doing) -> None:
    doing.hazard.done_at, doing.hazard.done_by = doing.now, doing.actor.person_id


def _verify(doing: _Doing) -> None:
    hazard = doing.hazard
    if hazard.severity == GRAVE and doing.actor.person_id in _workers(doing):
        raise Refusal("case_recheck_by_another")
    hazard.checked_by = doing.actor.person_id


def _workers(doing: _Doing) -> set[int | None]:
    """Whoever had a hand in the work: who was handed it, who began it last, who claimed it done."""
    began = doing.session.scalar(_BEGAN, {"hazard": doing.hazard.id})
    return {doing.hazard.handler_id, began, doing.hazard.done_by}


def _fail(doing: _Doing) -> None:
    doing.hazard.reworked += 1
    doing.hazard.checked_by = doing.actor.person_id


def _close(doing: _Doing) -> None:
    hazard = doing.hazard
    if hazard.severity == GRAVE and hazard.checked_by in {None, *_workers(doing)}:
        raise Refusal("case_recheck_by_another")
    _over(doing)


def _reopen(doing: _Doing) -> None:
    hazard = doing.hazard
    if hazard.closed_at is None or doing.now > hazard.closed_at + REOPENED_WITHIN:
        raise Refusal("case_reopened_late", days=REOPENED_WITHIN.days)
    doing.facts["due_before"] = hazard.due_at
    hazard.closed_at = hazard.done_at = hazard.done_by = hazard.checked_by = None
    hazard.reopened += 1
    hazard.due_at = doing.clock.done_by(doing.now, "dispatch", "handle")


def _file(doing: _Doing) -> None:
    """An emergency is filed once somebody was called, also one that was sorted anew after it was accepted."""
    if doing.hazard.mechanism != EMERGENCY:
        return
    if not doing.session.scalar(_CALLED, {"hazard": doing.hazard.id}):
        raise Refusal("case_call_first")
    doing.facts["within_an_hour"] = doing.now <= doing.reported_at + case_clocks.FILED_WITHIN


def _pend(doing: _Doing) -> None:
    hazard = doing.hazard
    hazard.review_on = doing.facts["review_on"]
    stood = case_clocks.stop(doing.session, hazard, doing.clock, doing.now, str(doing.facts["reason"]))
    doing.facts |= {"hours_left": stood.left, "over": stood.over}


def _resume(doing: _Doing) -> None:
    hazard = doing.hazard
    hazard.review_on = None
    row = doing.session.execute(_STOOD, {"hazard": hazard.id}).one()
    case_clocks.go_on(doing.session, hazard, doing.clock, doing.now, Stood(row.left, row.over))


EFFECTS = {
    "classify": _classify,
    "refuse": _over,
    "duplicate": _duplicate,
    "on_the_spot": _on_the_spot,
    "file": _file,
    "dispatch": _dispatch,
    "hand_up": _dispatch,
    "return": _return,
    "claim": _claim,
    "answer": _claim,
    "verify": _verify,
    "tell": _verify,
    "fail": _fail,
    "close": _close,
    "reopen": _reopen,
    "pend": _pend,
    "resume": _resume,
}


def _write(
    session: Session,
    actor: Actor,
    hazard: Hazard,
    arc: Arc,
    before: str,
    said: Said,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    """The step of an act; photos taken after the work that no step has yet are its own."""
    step = Step(
        hazard_id=hazard.id,
        number=hazard.version,
        act=arc.act,
        from_state=before,
        to_state=hazard.state,
        person_id=actor.person_id,
        at=now,
        note=said.note.strip(),
        told=said.told.strip(),
        facts=_as_json(facts),
    )
    session.add(step)
    session.flush()
    if arc.act in ("on_the_spot", "claim", "answer"):
        session.execute(_OWN_PHOTOS, {"hazard": hazard.id, "step": step.id})
    told = {"from": before, "to": hazard.state}
    audit.record(session, actor.person_id, f"hazard.{arc.act}", f"hazard {hazard.id}", told)


def _as_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


_PATH = text("SELECT path::text FROM place WHERE id = :place")
_KIND = text("SELECT code FROM hazard_kind WHERE code = :kind AND retired_at IS NULL")
_HANDLERS = text("""
    SELECT DISTINCT person.id, person.name FROM person JOIN role ON role.person_id = person.id
    LEFT JOIN place ON place.id = role.place_id
    WHERE person.active AND role.kind IN ('coordinator', 'manager')
        AND (role.until IS NULL OR role.until >= :today)
        AND (role.place_id IS NULL OR CAST(:path AS ltree) <@ place.path)
    ORDER BY person.name, person.id LIMIT 200
""")
_HAS_DUPLICATES = text("SELECT EXISTS (SELECT FROM hazard WHERE duplicate_of = :hazard)")
# A photo of the work done that no step has taken for its own yet.
_PHOTO_AFTER = text("""
    SELECT id FROM hazard_photo
    WHERE hazard_id = :hazard AND shows = 'after' AND shown AND step_id IS NULL LIMIT 1
""")
_OWN_PHOTOS = text("""
    UPDATE hazard_photo SET step_id = :step
    WHERE hazard_id = :hazard AND shows = 'after' AND step_id IS NULL
""")
_BEFORE_PENDING = text("""
    SELECT from_state FROM step WHERE hazard_id = :hazard AND act = 'pend' ORDER BY number DESC LIMIT 1
""")
_STOOD = text("""
    SELECT facts -> 'hours_left' AS left, coalesce(facts -> 'over', '{}') AS over FROM step
    WHERE hazard_id = :hazard AND act = 'pend' ORDER BY number DESC LIMIT 1
""")
_BEGAN = text("""
    SELECT person_id FROM step WHERE hazard_id = :hazard AND act = 'begin' ORDER BY number DESC LIMIT 1
""")
_CALLED = text("SELECT EXISTS (SELECT FROM step WHERE hazard_id = :hazard AND act = 'call')")
