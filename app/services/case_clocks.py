"""The clock of a case: how long each stage may take, when it turns amber and red, and when it stands.

Limits are those of the day a hazard was reported, hours those of the rules of that day. A clock that runs in
working time stands at night and on holidays by itself; it is stopped only while a case is pending, and each
stop is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import ClockStop, Hazard
from app.services import rule_packs, work_days
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


def clock_of(
    session: Session, path: str | None, kind: str, severity: int, mechanism: str, day: date
) -> Clock:
    """The clock of a hazard reported on a day at a place; an emergency goes by the clock on the wall.

    path: `place.path`. Refused with `hazard_limits_missing`.
    """
    row = session.execute(_LIMIT, {"kind": kind, "severity": severity, "day": day}).first()
    if row is None:
        raise Refusal("hazard_limits_missing", severity=severity, day=day)
    rules = rule_packs.in_force(session, path, day)
    clocks = rules.rules.clocks
    runs_always = mechanism == "emergency" or not row.working_time
    return Clock(
        {stage: row._mapping[f"{stage}_hours"] for stage in (*UNTIL_DONE, "verify")},
        None if runs_always else work_time(work_days.read_calendar(session), clocks),
        clocks.amber_percent / 100,
        row.id,
        rules.id,
    )


def done_by(session: Session, path: str, severity: int, now: datetime) -> datetime:
    """By when a hazard of this severity would be done that is reported now, by the limits of all kinds."""
    clock = clock_of(session, path, "", severity, "ordinary", now.date())
    return clock.done_by(now, *UNTIL_DONE)


def begin(hazard: Hazard, clock: Clock, reported_at: datetime) -> None:
    """Start the clocks of a hazard that is new, or sorted anew; `reported_at` in the zone of the city."""
    hazard.due_at = clock.done_by(reported_at, *UNTIL_DONE)
    hazard.limit_id, hazard.rule_pack_id = clock.limit_id, clock.rule_pack_id
    enter(hazard, clock, hazard.state_since.astimezone(reported_at.tzinfo), reported_at)


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


def stop(session: Session, hazard: Hazard, clock: Clock, now: datetime, why: str) -> dict[str, float]:
    """Let the clock stand, and write down why; the hours that were left, for `go_on`."""
    ends = {"stage": hazard.stage_due_at, "amber": hazard.amber_at, "due": hazard.due_at}
    left = {
        name: clock.between(now, end.astimezone(now.tzinfo)) for name, end in ends.items() if end is not None
    }
    hazard.stage_due_at = hazard.amber_at = None
    session.add(ClockStop(hazard_id=hazard.id, from_at=now, why=why))
    return left


def go_on(session: Session, hazard: Hazard, clock: Clock, now: datetime, left: dict[str, float]) -> None:
    """Let the clock run again with the hours that were left; what was over before stays over."""
    session.execute(_GO_ON, {"hazard": hazard.id, "now": now})
    if left.get("due"):
        hazard.due_at = clock.after(now, left["due"])
    if "stage" in left:
        hazard.stage_due_at = clock.after(now, left["stage"])
        hazard.amber_at = clock.after(now, left["amber"])
    hazard.escalated_at = None


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

    At most ESCALATED_AT_ONCE; whoever comes next finds the others.
    """
    rows = session.execute(_ESCALATE, {"now": now, "most": ESCALATED_AT_ONCE})
    return len(rows.all())


_LIMIT = text("""
    SELECT id, working_time, accept_hours, dispatch_hours, handle_hours, verify_hours FROM hazard_limit
    WHERE severity = :severity AND from_on <= :day AND (kind = :kind OR kind IS NULL)
    ORDER BY kind IS NULL, from_on DESC LIMIT 1
""")
_GO_ON = text("UPDATE clock_stop SET until_at = :now WHERE hazard_id = :hazard AND until_at IS NULL")
_ESCALATE = text("""
    WITH late AS (
        SELECT id FROM hazard
        WHERE closed_at IS NULL AND escalated_at IS NULL AND stage_due_at < :now
        ORDER BY stage_due_at LIMIT :most FOR UPDATE SKIP LOCKED
    ),
    told AS (
        UPDATE hazard SET escalated_at = :now, version = version + 1
        FROM late WHERE hazard.id = late.id
        RETURNING hazard.id, hazard.version, hazard.state, hazard.stage_due_at
    )
    INSERT INTO step (hazard_id, number, act, from_state, to_state, at, facts)
    SELECT id, version, 'escalated', state, state, :now, jsonb_build_object('due_at', stage_due_at) FROM told
    RETURNING hazard_id
""")
