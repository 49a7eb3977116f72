"""Kinds of hazards and how long each stage of a case may take: data with dates, kept by administrators.

A limit is never changed: a newer one holds from its day on, and cases reported before keep theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import HazardKind, HazardLimit
from app.services import audit
from app.services.access import ADMINISTRATORS, Actor, require
from app.services.hazards import SEVERITIES

STAGES = ("accept", "dispatch", "handle", "verify")
LONGEST_NAME, MOST_WEIGHT = 40, 100.0
MOST_HOURS = 2_000  # of all stages: a year worked, and no ten years where one hour a day is
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Limit:
    """How many hours each stage may take. kind: None for every kind without limits of its own."""

    kind: str | None
    severity: int
    from_on: date
    working_time: bool
    hours: dict[str, float]


def kinds(session: Session) -> list[dict[str, Any]]:
    """All kinds in their order, retired ones too, with how many hazards are open."""
    return [dict(row) for row in session.execute(_KINDS).mappings()]


def limits(session: Session) -> list[dict[str, Any]]:
    """All limits: those of all kinds first, the newest before."""
    return [dict(row) for row in session.execute(_LIMITS).mappings()]


def keep_kind(
    session: Session,
    actor: Actor,
    code: str,
    names: tuple[str, str],
    weight: float,
    now: datetime,
    *,
    by_public: bool,
    retired: bool = False,
) -> None:
    """Add a kind, or change one by its code. names: English, Chinese.

    Kinds are everybody's: refused with `not_in_scope` to administrators of a place alone, and with
    `fields_malformed`.
    """
    names = (names[0].strip(), names[1].strip())
    if not re.fullmatch("[a-z_]{1,40}", code):
        raise Refusal("fields_malformed", fields="code")
    if not all(0 < len(name) <= LONGEST_NAME for name in names):
        raise Refusal("fields_malformed", fields="name")
    if not 0 < weight <= MOST_WEIGHT:
        raise Refusal("fields_malformed", fields="weight")
    require(actor, ADMINISTRATORS, [None])
    kind = session.get(HazardKind, code) or HazardKind(code=code, position=_next(session))
    kind.name_en, kind.name_zh = names
    kind.weight, kind.by_public = weight, by_public
    kind.retired_at = (kind.retired_at or now) if retired else None
    session.add(kind)
    session.flush()
    facts = {"weight": weight, "by_public": by_public, "retired": retired}
    audit.record(session, actor.person_id, "hazard_kind.kept", f"hazard_kind {code}", facts)


def add_limit(session: Session, actor: Actor, limit: Limit, today: date) -> int:
    """Let limits hold from a day on that is not over; the id.

    Refused with `not_in_scope`, `rules_backdated`, `rules_too_far`, `hazard_kind_unknown`,
    `hazard_limits_long`, `fields_malformed`.
    """
    require(actor, ADMINISTRATORS, [None])
    if limit.from_on < today:
        raise Refusal("rules_backdated", day=limit.from_on.isoformat(), today=today.isoformat())
    if limit.from_on > today + FARTHEST:
        raise Refusal("rules_too_far", day=limit.from_on.isoformat())
    if limit.kind is not None and session.get(HazardKind, limit.kind) is None:
        raise Refusal("hazard_kind_unknown", kind=limit.kind)
    if limit.severity not in SEVERITIES:
        raise Refusal("fields_malformed", fields="severity")
    for stage in STAGES:
        if not limit.hours[stage] > 0:  # what is no number is not either
            raise Refusal("fields_malformed", fields=f"{stage}_hours")
    if sum(limit.hours[stage] for stage in STAGES) > MOST_HOURS:
        raise Refusal("hazard_limits_long", most=MOST_HOURS)
    asked = {"kind": limit.kind, "severity": limit.severity, "from_on": limit.from_on}
    if session.scalar(_THERE, asked):
        raise Refusal("fields_malformed", fields="from_on")
    made = HazardLimit(
        **asked,
        working_time=limit.working_time,
        **{f"{stage}_hours": limit.hours[stage] for stage in STAGES},
    )
    session.add(made)
    session.flush()
    facts = {"kind": limit.kind, "severity": limit.severity, "from_on": limit.from_on.isoformat()}
    audit.record(session, actor.person_id, "hazard_limit.made", f"hazard_limit {made.id}", facts)
    return made.id


def _next(session: Session) -> int:
    return int(session.scalar(text("SELECT coalesce(max(position), 0) + 1 FROM hazard_kind")) or 1)


_KINDS = text("""
    SELECT code, name_en, name_zh, weight, by_public, retired_at FROM hazard_kind ORDER BY position, code
""")
_LIMITS = text("""
    SELECT hazard_limit.id, kind, name_en, name_zh, severity, from_on, working_time, accept_hours,
        dispatch_hours, handle_hours, verify_hours
    FROM hazard_limit LEFT JOIN hazard_kind ON hazard_kind.code = kind
    ORDER BY kind IS NOT NULL, hazard_kind.position, from_on DESC, severity
""")
_THERE = text("""
    SELECT EXISTS (SELECT FROM hazard_limit
        WHERE kind IS NOT DISTINCT FROM :kind AND severity = :severity AND from_on = :from_on)
""")
