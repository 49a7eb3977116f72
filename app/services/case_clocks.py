"""The clock of a case: how long each stage may take, when it turns amber and red, and when it stands.

Limits are those of the day a hazard was reported, hours those of the rules of that day. A clock that runs in
working time stands at night and on holidays by itself; it is stopped only while a case is pending, and each
stop is written down. A stage that is over is told upwards, and so is the day a pending case was to be looked
at again.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import ClockStop, Hazard
from app.models.hazards import SEVERITIES
from app.services import rule_packs, work_days
from app.services.rule_packs import InForce
from app.services.work_days import Calendar
from app.services.work_time import WorkTime, work_time

# Which stage a state belongs to; a state without one has no clock.
STAGES = {
    "reported": "accept",
    **dict.fromkeys(("accepted", "filed", "returned"), "dispatch"),
    **dict.fromkeys(("dispatched", "handling", "rework"), "handle"),
    **dict.fromkeys(("claimed done", "verified"), "verify"),
}
UNTIL_DONE = ("accept", "dispatch", "handle")
FILED_WITHIN = timedelta(hours=1)  # of an emergency, after its report: first they call, then they write
ESCALATED_AT_ONCE = 1_000
ENDS = {"stage": "stage_due_at", "amber": "amber_at", "due": "due_at"}  # columns of the moments of a clock


@dataclass(frozen=True)
class Clock:
    """How the hours of one case are counted. hours: of each stage. work: None for the clock on the wall.

    amber: share (0–1) of a stage after which its clock turns amber.
    """

    hours: dict[str, float]
    work: WorkTime | None
    amber: float
    limit_id: int
    rule_pack_id: int | None

    def after(self, start: datetime, hours: float) -> datetime:
        """When so many hours have passed."""
        if self.work is None:
            return start + timedelta(hours=hours)
        return self.work.after(start, hours)

    def between(self, first: datetime, last: datetime) -> float:
        """How many hours pass from a moment to another; 0 where that is not later."""
        if self.work is None:
            return max(0.0, (last - first) / timedelta(hours=1))
        return self.work.between(first, last)

    def done_by(self, start: datetime, *stages: str) -> datetime:
        """By when stages that begin now are over."""
        return self.after(start, sum(self.hours[stage] for stage in stages))


@dataclass(frozen=True)
class Stood:
    """What a clock showed when it was stopped, as JSON keeps it, by the names of ENDS.

    left: hours that were left. over: moments (ISO 8601) of what had none left, and `escalated`, when it was
    told upwards.
    """

    left: dict[str, float]
    over: dict[str, str]


def clock_of(
    session: Session, path: str | None, kind: str, severity: int, mechanism: str, day: date
) -> Clock:
    """The clock of a hazard reported on a day at a place; an emergency goes by the clock on the wall.

    path: `place.path`. Refused with `hazard_limits_missing`.
    """
    row = _limit(session, kind, severity, day)
    return _clock(row, rule_packs.in_force(session, path, day), work_days.read_calendar(session), mechanism)


def _limit(session: Session, kind: str, severity: int, day: date) -> Row[Any]:
    """The limits of that day, those of the kind before those of all; refused with `hazard_limits_missing`."""
    row = session.execute(_LIMIT, {"kind": kind, "severity": severity, "day": day}).first()
    if row is None:
        raise Refusal("hazard_limits_missing", severity=severity, day=day)
    return row


def _clock(row: Row[Any], rules: InForce, calendar: Calendar, mechanism: str) -> Clock:
    clocks = rules.rules.clocks
    runs_always = mechanism == "emergency" or not row.working_time
    return Clock(
        {stage: row._mapping[f"{stage}_hours"] for stage in (*UNTIL_DONE, "verify")},
        None if runs_always else work_time(calendar, clocks),
        clocks.amber_percent / 100,
        row.id,
        rules.id,
    )


class ManyClocks:
    """The clocks of many hazards of many days: limits and rules are asked for once between their changes.

    What was reported before there were limits goes by the first there were.
    """

    def __init__(self, session: Session) -> None:
        self.calendar = work_days.read_calendar(session)
        self.first: date | None = session.scalar(_FIRST_LIMIT)
        self.changes: list[date] = list(session.scalars(_CHANGES))
        self._limit = cache(partial(_limit, session))
        self._rules = cache(partial(rule_packs.in_force, session))
        self._made = cache(self._make)

    def of(self, path: str, kind: str, severity: int, day: date) -> Clock:
        """The clock of an ordinary case; refused with `hazard_limits_missing`."""
        at = bisect_right(self.changes, max(day, self.first or day))
        return self._made(path, kind, severity, self.changes[at - 1] if at else day)

    def _make(self, path: str, kind: str, severity: int, since: date) -> Clock:
        return _clock(self._limit(kind, severity, since), self._rules(path, since), self.calendar, "ordinary")


def done_by(session: Session, path: str, now: datetime) -> dict[int, datetime]:
    """By when a hazard reported now would be done, for each severity, by the limits of all kinds.

    Refused with `hazard_limits_missing`.
    """
    rules, calendar = rule_packs.in_force(session, path, now.date()), work_days.read_calendar(session)
    limits = {severity: _limit(session, "", severity, now.date()) for severity in SEVERITIES}
    return {
        severity: _clock(row, rules, calendar, "ordinary").done_by(now, *UNTIL_DONE)
        for severity, row in limits.items()
    }


def begin(hazard: Hazard, clock: Clock, reported_at: datetime) -> None:
    """Start the clocks of a hazard that is new; `reported_at` in the zone of the city."""
    _begin(hazard, clock, hazard.state_since, reported_at)


def begin_anew(session: Session, hazard: Hazard, clock: Clock, reported_at: datetime) -> None:
    """The clocks a hazard sorted anew would have had; the times it stood are given back."""
    asked = {"hazard": hazard.id, "state": hazard.state}
    came = session.scalar(_CAME, asked) or hazard.state_since
    _begin(hazard, clock, came, reported_at)
    stops = [
        tuple(moment.astimezone(reported_at.tzinfo) for moment in row)
        for row in session.execute(_STOPS, asked)
    ]
    for column in ENDS.values():
        end = getattr(hazard, column)
        for first, last in stops:
            if end is not None and end > first:
                end = _later(clock, end, clock.between(first, last))
        setattr(hazard, column, end)


def _begin(hazard: Hazard, clock: Clock, since: datetime, reported_at: datetime) -> None:
    hazard.due_at = clock.done_by(reported_at, *UNTIL_DONE)
    hazard.limit_id, hazard.rule_pack_id = clock.limit_id, clock.rule_pack_id
    enter(hazard, clock, since.astimezone(reported_at.tzinfo), reported_at)


def _later(clock: Clock, end: datetime, hours: float) -> datetime:
    """No hours leave a moment where it is, also one that is not worked."""
    return clock.after(end, hours) if hours else end


def begun(clock: Clock, reported_at: datetime) -> tuple[datetime, datetime, datetime]:
    """Of an ordinary case nobody has accepted yet: by when it is done, its stage ends, and it turns amber."""
    return (
        clock.done_by(reported_at, *UNTIL_DONE),
        clock.done_by(reported_at, "accept"),
        clock.after(reported_at, clock.hours["accept"] * clock.amber),
    )


def enter(hazard: Hazard, clock: Clock, now: datetime, reported_at: datetime) -> None:
    """Start the clock of the stage a case comes into; none where it has none."""
    stage = STAGES.get(hazard.state)
    if stage is None:
        hazard.stage_due_at = hazard.amber_at = None
    elif hazard.state == "accepted" and hazard.mechanism == "emergency":
        hazard.stage_due_at = reported_at + FILED_WITHIN
        hazard.amber_at = reported_at + FILED_WITHIN * clock.amber
    else:
        hazard.stage_due_at = clock.done_by(now, stage)
        hazard.amber_at = clock.after(now, clock.hours[stage] * clock.amber)
    hazard.escalated_at = None


def stop(session: Session, hazard: Hazard, clock: Clock, now: datetime, why: str) -> Stood:
    """Let the clock stand, and write down why; what `go_on` needs."""
    ends = {
        name: end.astimezone(now.tzinfo)
        for name, column in ENDS.items()
        if (end := getattr(hazard, column)) is not None
    }
    left = {name: clock.between(now, end) for name, end in ends.items()}
    over = {name: ends[name].isoformat() for name, hours in left.items() if not hours}
    if hazard.escalated_at is not None:
        over["escalated"] = hazard.escalated_at.isoformat()
    hazard.stage_due_at = hazard.amber_at = hazard.escalated_at = None
    session.add(ClockStop(hazard_id=hazard.id, from_at=now, why=why))
    return Stood(left, over)


def go_on(session: Session, hazard: Hazard, clock: Clock, now: datetime, stood: Stood) -> None:
    """Let the clock run again with the hours that were left.

    What was over before stays over, and is not told upwards once more.
    """
    session.execute(_GO_ON, {"hazard": hazard.id, "now": now})
    for name, hours in stood.left.items():
        if hours:
            setattr(hazard, ENDS[name], clock.after(now, hours))
        elif name in stood.over:
            setattr(hazard, ENDS[name], datetime.fromisoformat(stood.over[name]))
        elif name != "due":  # a step written before `over` was kept
            setattr(hazard, ENDS[name], now)
    told = stood.over.get("escalated")
    hazard.escalated_at = None if told is None else datetime.fromisoformat(told)


def colour(hazard: Hazard | object, now: datetime) -> str | None:
    """What the clock of a row with the columns of a hazard shows: green, amber, red, `stands`; None: over."""
    row: Hazard = hazard  # type: ignore[assignment]
    if row.closed_at is not None:
        return None
    if row.stage_due_at is None:
        return "stands"
    if row.stage_due_at < now:
        return "red"
    return "amber" if row.amber_at is not None and row.amber_at <= now else "green"


def escalate(session: Session, now: datetime) -> int:
    """Tell upwards, once a stage, of every case whose stage is over: a step of nobody's; how many there were.

    So is told, once a stop, of a pending case whose day to be looked at again is over. Of each at most
    ESCALATED_AT_ONCE; whoever comes next finds the others. now: in the zone of the city.
    """
    asked = {"now": now, "today": now.date(), "most": ESCALATED_AT_ONCE}
    return sum(len(session.execute(one, asked).all()) for one in (_ESCALATE_STAGES, _ESCALATE_PENDING))


_LIMIT = text("""
    SELECT id, working_time, accept_hours, dispatch_hours, handle_hours, verify_hours FROM hazard_limit
    WHERE severity = :severity AND from_on <= :day AND (kind = :kind OR kind IS NULL)
    ORDER BY kind IS NULL, from_on DESC LIMIT 1
""")
_FIRST_LIMIT = text("SELECT min(from_on) FROM hazard_limit WHERE kind IS NULL")
_CHANGES = text("""
    SELECT from_on FROM hazard_limit UNION SELECT from_on FROM rule_pack WHERE withdrawn_at IS NULL
    ORDER BY from_on
""")
_GO_ON = text("UPDATE clock_stop SET until_at = :now WHERE hazard_id = :hazard AND until_at IS NULL")
# The latest step that led into a state; one that was pending is in it again, not anew.
_CAME = text("""
    SELECT at FROM step
    WHERE hazard_id = :hazard AND to_state = :state AND act <> 'resume'
        AND from_state IS DISTINCT FROM to_state
    ORDER BY number DESC LIMIT 1
""")
_STOPS = text("""
    SELECT from_at, until_at FROM clock_stop
    WHERE hazard_id = :hazard AND until_at IS NOT NULL ORDER BY from_at
""")
_ESCALATE = """
    WITH late AS (
        SELECT id FROM hazard
        WHERE closed_at IS NULL AND escalated_at IS NULL AND {late}
        ORDER BY {end} LIMIT :most FOR UPDATE SKIP LOCKED
    ),
    told AS (
        UPDATE hazard SET escalated_at = :now, version = version + 1
        FROM late WHERE hazard.id = late.id
        RETURNING hazard.id, hazard.version, hazard.state, hazard.{end} AS over_at
    )
    INSERT INTO step (hazard_id, number, act, from_state, to_state, at, facts)
    SELECT id, version, 'escalated', state, state, :now, jsonb_build_object('{fact}', over_at) FROM told
    RETURNING hazard_id
"""
_ESCALATE_STAGES = text(_ESCALATE.format(late="stage_due_at < :now", end="stage_due_at", fact="due_at"))
# That no stage is due says nothing more than `pending` does; it lets the index of stages find them.
_ESCALATE_PENDING = text(
    _ESCALATE.format(
        late="stage_due_at IS NULL AND state = 'pending' AND review_on < :today",
        end="review_on",
        fact="review_on",
    )
)
