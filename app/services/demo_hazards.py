"""The demo's hazards: half a year of cases in all states, and inspections; for measurements up to a million.

States, days and clocks follow from the acts by the same table and clocks as those of real cases.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.models import Hazard
from app.services import bulk, case_clocks, case_life, inspections
from app.services.case_clocks import Clock

if TYPE_CHECKING:
    from geodata.hazards import Life

MOST_TOLD = 20_000  # cases with a life of their own; more are these again, moved a little, without steps
JITTER_M, AT_ONCE = 60.0, 100_000
PENDING_DAYS = 45
OFFICES = ("物业服务中心", "燃气公司", "街道应急办", "城管中队", "供电所", "社区居委会")
REASONS = {
    "refuse": "经核实不属于安全隐患",
    "return": "不属于本单位职责",
    "fail": "现场仍未整改到位",
    "pend": "需更换配件，暂缺",
}
COLUMNS = (
    *("id", "community_id", "grid_code", "coordinator_id", "building_id", "position", "kind", "severity"),
    *("origin", "mechanism", "reported_by", "reported_at", "state", "state_since", "version", "office"),
    *("handler_id", "due_at", "stage_due_at", "amber_at", "done_at", "done_by", "checked_by", "review_on"),
    *("closed_at", "reworked", "returned", "limit_id", "rule_pack_id"),
)
STEP = (
    "id",
    "hazard_id",
    "number",
    "act",
    "from_state",
    "to_state",
    "person_id",
    "at",
    "entered_at",
    "facts",
)


def invent_hazards(session: Session, path: str, seed: int, now: datetime, count: int | None = None) -> int:
    """Give the buildings of a place invented hazards and inspections; how many hazards there are then.

    path: `place.path`. count: three per hundred households where not given. Where there is any hazard
    already, nothing is done.
    """
    from geodata.hazards import PER_HOUSEHOLD, Place, lives

    if count == 0 or session.scalar(text("SELECT EXISTS (SELECT FROM hazard)")):
        return 0
    rows = session.execute(_PLACES, {"path": path}).all()
    places = [Place(row.id, row.lon, row.lat, row.households, row.kind, row.compound_kind) for row in rows]
    wanted = round(sum(place.households for place in places) * PER_HOUSEHOLD) if count is None else count
    told = lives(places, min(wanted, MOST_TOLD), now, np.random.default_rng(seed))
    manager = session.scalar(text("SELECT id FROM person WHERE account = 'manager'"))
    _Storing(session, path, rows, manager, now).store(told)
    _inspect(session, path, now.date())
    if wanted > len(told) > 0:
        _again(session, wanted - len(told), seed)
    return wanted


def _inspect(session: Session, path: str, today: date) -> None:
    """Inspections that began some weeks ago, so that a few are due."""
    for kind, months in inspections.OFTEN.items():
        asked = {"path": path, "months": months, "kind": kind}
        session.execute(
            inspections.NEW_COMPOUNDS if kind == "compound" else inspections.NEW_EMPLOYERS,
            {**asked, "today": today - timedelta(days=12)},
        )


def _again(session: Session, more: int, seed: int) -> None:
    """The cases there are once more and once more, each moved a little: for measurements."""
    session.execute(text("SELECT setseed(:seed)"), {"seed": (seed % 1_000) / 1_000})
    asked = {"jitter": JITTER_M / 110_000, "last": session.scalar(text("SELECT max(id) FROM hazard"))}
    for first in range(0, more, AT_ONCE):
        session.execute(_AGAIN, {**asked, "first": first, "until": min(more, first + AT_ONCE)})
    session.execute(text("ANALYZE hazard"))


class _Storing:
    """Writes lives down by COPY, each walked through the table of acts."""

    def __init__(
        self, session: Session, path: str, places: Sequence[Row[Any]], manager: int | None, now: datetime
    ) -> None:
        self.session, self.places, self.manager, self.now = session, places, manager, now

        @cache
        def clock(kind: str, severity: int, mechanism: str) -> Clock:
            return case_clocks.clock_of(session, path, kind, severity, mechanism, now.date())

        self.clock = clock
        self.steps: list[list[Any]] = []
        self.stops: list[list[Any]] = []

    def store(self, lives: Sequence[Life]) -> None:
        """Hazards, steps and stops of the clock."""
        ids = bulk.new_ids(self.session, "hazard", len(lives)).tolist()
        made = [self._walk(own, life) for own, life in zip(ids, lives, strict=True)]
        rows = [[getattr(hazard, name) for name in COLUMNS] for hazard in made]
        bulk.copy_rows(self.session, "hazard", COLUMNS, rows)
        step_ids = bulk.new_ids(self.session, "step", len(self.steps)).tolist()
        bulk.copy_rows(
            self.session, "step", STEP, ([own, *row] for own, row in zip(step_ids, self.steps, strict=True))
        )
        bulk.copy_rows(self.session, "clock_stop", ("hazard_id", "from_at", "until_at", "why"), self.stops)
        self.session.execute(text("ANALYZE hazard"))

    def _walk(self, own: int, life: Life) -> Hazard:
        place = self.places[life.place]
        by_public = life.origin == "public"
        reporter = self.manager if life.origin == "manager" else place.coordinator_id
        hazard = Hazard(
            id=own,
            community_id=place.community_id,
            grid_code=place.grid_code,
            coordinator_id=place.coordinator_id,
            building_id=None if life.outdoors else place.id,
            position=f"SRID=4326;POINT({life.lon:.8f} {life.lat:.8f})",
            kind=life.kind,
            severity=life.severity,
            origin=life.origin,
            mechanism=life.mechanism,
            reported_by=None if by_public else reporter,
            reported_at=life.reported_at,
            state="reported",
            state_since=life.reported_at,
            version=1,
            office="",
            reworked=0,
            returned=0,
        )
        clock = self.clock(life.kind, life.severity, life.mechanism)
        case_clocks.begin(hazard, clock, life.reported_at)
        self._step(hazard, "report", None, hazard.reported_by, life.reported_at, {})
        left: dict[str, float] = {}
        for act, at in life.acts:
            left = self._act(hazard, clock, act, at, left)
        return hazard

    def _act(
        self, hazard: Hazard, clock: Clock, act: str, at: datetime, left: dict[str, float]
    ) -> dict[str, float]:
        """One act of a life: what the table says, and who does it."""
        before, arc = hazard.state, case_life.TABLE[hazard.state, act]
        by_manager = "coordinator" not in arc.who
        person = self.manager if by_manager else hazard.coordinator_id or self.manager
        if act in ("verify", "tell") and hazard.severity == case_life.GRAVE:
            person = self.manager
        facts: dict[str, Any] = {"reason": REASONS[act]} if act in REASONS else {}
        hazard.state = arc.to if arc.to not in (case_life.SAME, case_life.BACK) else "handling"
        hazard.state_since, hazard.version = at, hazard.version + 1
        if act in ("dispatch", "hand_up"):
            hazard.office = facts["office"] = OFFICES[hazard.id % len(OFFICES)]
            hazard.handler_id = hazard.coordinator_id
        elif act in ("claim", "answer", "on_the_spot"):
            hazard.done_at, hazard.done_by = at, person
        elif act in ("verify", "tell", "fail"):
            hazard.checked_by = person
        hazard.returned += act == "return"
        hazard.reworked += act == "fail"
        if hazard.state in ("closed", "refused"):
            hazard.closed_at = at
        if act == "pend":
            ends = {"stage": hazard.stage_due_at, "amber": hazard.amber_at, "due": hazard.due_at}
            left = {name: clock.between(at, end) for name, end in ends.items() if end is not None}
            hazard.review_on, hazard.stage_due_at, hazard.amber_at = (
                (at + timedelta(days=PENDING_DAYS)).date(),
                None,
                None,
            )
            facts |= {"review_on": hazard.review_on.isoformat(), "hours_left": left}
            self.stops.append([hazard.id, at, None, REASONS["pend"]])
        elif act == "resume":
            hazard.review_on = None
            self.stops[-1][2] = at
            hazard.stage_due_at = clock.after(at, left["stage"])
            hazard.amber_at = clock.after(at, left["amber"])
            hazard.due_at = clock.after(at, left["due"]) if left["due"] else hazard.due_at
        elif hazard.state != before and not case_life.runs_on(hazard.mechanism, before, hazard.state):
            case_clocks.enter(hazard, clock, at, hazard.reported_at)
        self._step(hazard, act, before, person, at, facts)
        return left

    def _step(
        self,
        hazard: Hazard,
        act: str,
        before: str | None,
        person: int | None,
        at: datetime,
        facts: dict[str, Any],
    ) -> None:
        told = json.dumps(facts, ensure_ascii=False)
        row = [hazard.id, hazard.version, act, before, hazard.state, person, at, at, told]
        self.steps.append(row)


_PLACES = text("""
    WITH grids AS (
        SELECT grid.code, grid.outline,
            (SELECT person_id FROM duty WHERE grid_id = grid.id AND kind = 'primary'
             ORDER BY lower(during) DESC LIMIT 1) AS coordinator_id
        FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        JOIN place ON place.id = plan.place_id AND place.path <@ CAST(:path AS ltree)
    )
    SELECT DISTINCT ON (building.code, building.id)
        building.id, ST_X(position) AS lon, ST_Y(position) AS lat, coalesce(building.households, 0) AS
        households, building.kind, compound.kind AS compound_kind,
        building_community(building.id) AS community_id, grids.code AS grid_code, grids.coordinator_id
    FROM building JOIN place ON place.id = building.place_id
    LEFT JOIN compound ON compound.id = building.compound_id
    LEFT JOIN grids ON ST_Contains(grids.outline, building.position)
    WHERE place.path <@ CAST(:path AS ltree) AND building.retired_at IS NULL
    ORDER BY building.code, building.id, grids.code
""")
_AGAIN = text("""
    WITH told AS MATERIALIZED (
        SELECT hazard.*, row_number() OVER (ORDER BY id) - 1 AS number
        FROM hazard WHERE state <> 'pending' AND id <= :last
    ),
    copies AS MATERIALIZED (
        SELECT copy % (SELECT count(*) FROM told) AS number
        FROM generate_series(CAST(:first AS bigint), CAST(:until AS bigint) - 1) AS copy
    )
    INSERT INTO hazard (community_id, grid_code, coordinator_id, position, kind, severity, origin, mechanism,
        reported_at, state, state_since, version, office, handler_id, due_at, stage_due_at, amber_at,
        done_at, closed_at, reworked, returned, limit_id, rule_pack_id)
    SELECT community_id, grid_code, coordinator_id,
        ST_ReducePrecision(ST_Translate(position, (random() - 0.5) * 2 * :jitter,
            (random() - 0.5) * 2 * :jitter), 1e-8),
        kind, severity, origin, mechanism, reported_at, state, state_since, version, office, handler_id,
        due_at, stage_due_at, amber_at, done_at, closed_at, reworked, returned, limit_id, rule_pack_id
    FROM copies JOIN told USING (number)
""")
