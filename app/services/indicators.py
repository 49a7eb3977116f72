"""Indicators by grid: so many of so many, over a quarter, with what may be ranked and what is contested.

No indicator counts how much was entered, none is about a person. Where nothing is to be counted it says so:
that is neither 0 % nor 100 %.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Appeal
from app.services import audit, rule_packs
from app.services.access import COORDINATOR, LEADERS, MANAGERS, Actor, require
from app.services.measures import FEW, NOTHING, Flow, Measure
from app.services.months import months_on

# Name and what its n counts; the words say how each is worked out.
INDICATORS = (
    *("verification", "entry_on_time", "rental_registration", "tenant_registration", "completeness"),
    *("accuracy", "cancelled_on_leaving", "promises_kept", "referrals_answered", "employer_contacts"),
)
LONGEST_APPEAL = 500
QUARTER_MONTHS = 3
FLOW_DAYS = 14


@dataclass(frozen=True)
class Quarter:
    """A quarter of a year. first: its first day."""

    first: date

    @property
    def name(self) -> str:
        """As in `2026Q1`."""
        return f"{self.first.year}Q{(self.first.month - 1) // QUARTER_MONTHS + 1}"

    @property
    def next(self) -> Quarter:
        """The one after it."""
        return Quarter(months_on(self.first, QUARTER_MONTHS))

    @property
    def former(self) -> Quarter:
        """The one before it."""
        return Quarter(months_on(self.first, -QUARTER_MONTHS))


def quarter_of(day: date) -> Quarter:
    """The quarter a day is in.

    >>> quarter_of(date(2026, 11, 26)).name
    '2026Q4'
    """
    return Quarter(date(day.year, (day.month - 1) // QUARTER_MONTHS * QUARTER_MONTHS + 1, 1))


def quarter_called(name: str, today: date) -> Quarter:
    """A quarter up to this one, by name; `quarter_unknown` for anything else."""
    year, _, number = name.partition("Q")
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4")):
        raise Refusal("quarter_unknown", quarter=name)
    if not date.min.year < int(year) < date.max.year:
        raise Refusal("quarter_unknown", quarter=name)
    found = Quarter(date(int(year), QUARTER_MONTHS * (int(number) - 1) + 1, 1))
    if found.first > today:
        raise Refusal("quarter_unknown", quarter=name)
    return found


@dataclass(frozen=True)
class OfGrid:
    """A grid and its measures by name. contested: names of those somebody appealed against."""

    id: int
    code: str
    name: str | None
    community: str
    households: int
    coordinator: str | None
    own: bool
    measures: dict[str, Measure]
    contested: frozenset[str]


@dataclass(frozen=True)
class Figures:
    """Measures of a place and of each of its grids."""

    quarter: Quarter
    total: dict[str, Measure]
    grids: list[OfGrid]

    def ranked(self, indicator: str) -> tuple[list[OfGrid], list[OfGrid]]:
        """Grids with enough to compare, the best first; and the others by code."""
        many = [grid for grid in self.grids if grid.measures[indicator].may_be_ranked]
        others = [grid for grid in self.grids if not grid.measures[indicator].may_be_ranked]

        def worse(grid: OfGrid) -> tuple[float, str]:
            measure = grid.measures[indicator]
            return (-measure.part / measure.whole, grid.code)

        return sorted(many, key=worse), others


def figures(
    session: Session, actor: Actor, path: str, quarter: Quarter, now: datetime, timezone: ZoneInfo
) -> Figures:
    """Measures of the grids in force of a place over a quarter, as far as it has come.

    Counted within `gridkeeper.scope`; who is a coordinator and nothing else reads the grids they answer for.
    """
    today = now.astimezone(timezone).date()
    rules = rule_packs.in_force(session, path, min(today, months_on(quarter.first, QUARTER_MONTHS))).rules
    asked = {
        "path": path,
        "person": actor.person_id,
        "only_own": {grant.kind for grant in actor.roles} == {COORDINATOR},
        "since": datetime.combine(quarter.first, time(), timezone),
        "until": min(now, datetime.combine(quarter.next.first, time(), timezone)),
        "day": min(today, quarter.next.first),
        "entry_hours": rules.clocks.entry_hours,
        "quarter": quarter.name,
    }
    grids = session.execute(_GRIDS, asked).all()
    counted: dict[int, dict[str, Measure]] = {}
    for row in session.execute(_COUNTED, {**asked, "grids": [grid.id for grid in grids]}):
        counted.setdefault(row.grid_id, {})[row.name] = Measure(row.part, row.whole)
    contested = _contested(session, [grid.code for grid in grids], quarter)
    made = [_of_grid(row, counted.get(row.id, {}), contested) for row in grids]
    total = {name: sum((grid.measures[name] for grid in made), start=NOTHING) for name in INDICATORS}
    return Figures(quarter, total, made)


def reads_few(actor: Actor, path: str) -> bool:
    """Whether somebody may be told figures about fewer than five: who manages the place or answers there."""
    return actor.touches(MANAGERS | {COORDINATOR}, path)


def told(measure: Measure, *, few: bool) -> Measure | None:
    """A measure as it may be told; None: too few to tell.

    >>> told(Measure(3, 4), few=False), told(Measure(3, 4), few=True), told(Measure(0, 0), few=False)
    (None, Measure(part=3, whole=4), Measure(part=0, whole=0))
    """
    return measure if few or measure.whole == 0 or measure.whole >= FEW else None


def flow(session: Session, path: str, first: date, last: date) -> list[tuple[date, Flow]]:
    """Residents of a place day by day: what there was, who came and left, what there is."""
    rows = session.execute(_FLOW, {"path": path, "first": first, "last": last}).all()
    return [(row.day, Flow(row.opening, row.came, row.went, row.closing)) for row in rows]


def behind(
    session: Session, grid_id: int, indicator: str, quarter: Quarter, now: datetime, timezone: ZoneInfo
) -> Sequence[Row[Any]]:
    """The buildings of a grid in which something is missing for an indicator: id, code, name, part, whole."""
    if indicator not in INDICATORS:
        raise Refusal("not_found")
    path = session.scalar(_PATH, {"grid": grid_id})
    today = now.astimezone(timezone).date()
    rules = rule_packs.in_force(session, path, today).rules
    asked = {
        "since": datetime.combine(quarter.first, time(), timezone),
        "until": min(now, datetime.combine(quarter.next.first, time(), timezone)),
        "day": min(today, quarter.next.first),
        "entry_hours": rules.clocks.entry_hours,
        "grid": grid_id,
        "name": indicator,
    }
    return session.execute(_BEHIND, asked).all()


# --- Appeals ---------------------------------------------------------------------------------------------


def contest(
    session: Session, actor: Actor, grid_id: int, indicator: str, quarter: Quarter, words: str
) -> int:
    """A coordinator says that a figure of their own grid is not right; it is `contested` until answered.

    Refused with `not_your_grid`, `appeal_without_words` and `appeal_open_already`.
    """
    words = words.strip()
    if indicator not in INDICATORS:
        raise Refusal("not_found")
    grid = session.execute(_OWN, {"grid": grid_id, "person": actor.person_id}).first()
    if grid is None:
        raise Refusal("not_your_grid")
    if not words or len(words) > LONGEST_APPEAL:
        raise Refusal("appeal_without_words", most=LONGEST_APPEAL)
    if indicator in _contested(session, [grid.code], quarter).get(grid.code, ()):
        raise Refusal("appeal_open_already", grid=grid.code)
    appeal = Appeal(
        community_id=grid.community_id,
        grid_code=grid.code,
        indicator=indicator,
        quarter=quarter.name,
        words=words,
        made_by=actor.person_id,
    )
    session.add(appeal)
    session.flush()
    facts = {"grid": grid.code, "indicator": indicator, "quarter": quarter.name}
    audit.record(session, actor.person_id, "indicator.contested", f"appeal {appeal.id}", facts)
    return appeal.id


def answer(
    session: Session, actor: Actor, appeal_id: int, words: str, now: datetime, *, upheld: bool
) -> None:
    """A manager of the place settles an appeal, once, in words."""
    appeal = session.get(Appeal, appeal_id, with_for_update=True)
    if appeal is None or appeal.answered_at is not None:
        raise Refusal("not_found")
    path = session.scalar(text("SELECT path::text FROM place WHERE id = :id"), {"id": appeal.community_id})
    require(actor, MANAGERS, [path])
    words = words.strip()
    if not words or len(words) > LONGEST_APPEAL:
        raise Refusal("appeal_without_words", most=LONGEST_APPEAL)
    appeal.answer, appeal.upheld = words, upheld
    appeal.answered_by, appeal.answered_at = actor.person_id, now
    session.flush()
    audit.record(session, actor.person_id, "indicator.answered", f"appeal {appeal_id}", {"upheld": upheld})


def appeals(session: Session, actor: Actor, path: str) -> Sequence[Row[Any]]:
    """Appeals of a place, open ones first; a coordinator's own where they manage and lead nothing there."""
    everything = actor.touches(MANAGERS | LEADERS, path)
    return session.execute(
        _APPEALS, {"path": path, "everything": everything, "person": actor.person_id}
    ).all()


def _of_grid(row: Row[Any], counted: dict[str, Measure], contested: dict[str, Collection[str]]) -> OfGrid:
    measures = {name: counted.get(name, NOTHING) for name in INDICATORS}
    return OfGrid(
        row.id,
        row.code,
        row.name,
        row.community,
        row.households,
        row.coordinator,
        row.own,
        measures,
        frozenset(contested.get(row.code, ())),
    )


def _contested(session: Session, codes: Sequence[str], quarter: Quarter) -> dict[str, Collection[str]]:
    rows = session.execute(_OPEN, {"codes": list(codes), "quarter": quarter.name})
    found: dict[str, Collection[str]] = {row.grid_code: row.names for row in rows}
    return found


# Of plans in force at several levels the grid of the smallest place counts, so that no building counts twice.
_GRIDS = text("""
    SELECT grid.id, grid.code, grid.name, place.name AS community, grid.households,
        person.name AS coordinator, coalesce(person.id = :person, false) AS own
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place AS planned ON planned.id = plan.place_id
    JOIN place ON place.id = grid.community_id
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND duty.during @> clock_timestamp()
    LEFT JOIN person ON person.id = duty.person_id
    WHERE place.path <@ CAST(:path AS ltree) AND place.path <@ ANY (scope_paths())
        AND NOT EXISTS (
            SELECT FROM plan AS finer JOIN place AS smaller ON smaller.id = finer.place_id
            WHERE finer.state = 'published' AND smaller.path <@ planned.path AND smaller.id <> planned.id
                AND place.path <@ smaller.path
        )
        AND (NOT :only_own OR EXISTS (
            SELECT FROM duty AS own WHERE own.grid_id = grid.id AND own.person_id = :person
                AND own.during @> clock_timestamp()
        ))
    ORDER BY grid.code
""")
_COUNTED = text("""
    WITH counted AS MATERIALIZED (
        SELECT * FROM indicator_counts(:since, :until, :day, :entry_hours)
    ),
    standing AS MATERIALIZED (
        SELECT building.id, grid.id AS grid_id
        FROM building JOIN grid ON grid.id = ANY (:grids) AND ST_Contains(grid.outline, building.position)
        WHERE building.id IN (SELECT building_id FROM counted)
    )
    SELECT standing.grid_id, counted.name, sum(part)::int AS part, sum(whole)::int AS whole
    FROM counted JOIN standing ON standing.id = counted.building_id
    GROUP BY standing.grid_id, counted.name
""")
_FLOW = text("SELECT * FROM resident_flow(CAST(:path AS ltree), :first, :last) ORDER BY day")
_BEHIND = text("""
    SELECT building.id, building.code, building.name, building.address,
        sum(part)::int AS part, sum(whole)::int AS whole
    FROM indicator_counts(:since, :until, :day, :entry_hours) AS counted
    JOIN building ON building.id = counted.building_id
    JOIN grid ON grid.id = :grid AND ST_Contains(grid.outline, building.position)
    WHERE counted.name = :name
    GROUP BY building.id HAVING sum(part) < sum(whole)
    ORDER BY sum(whole) - sum(part) DESC, building.code
""")
_PATH = text(
    "SELECT place.path::text FROM grid JOIN place ON place.id = grid.community_id WHERE grid.id = :grid"
)
_OWN = text("""
    SELECT grid.code, grid.community_id FROM grid JOIN duty ON duty.grid_id = grid.id
    WHERE grid.id = :grid AND duty.person_id = :person AND duty.during @> clock_timestamp() LIMIT 1
""")
_OPEN = text("""
    SELECT grid_code, array_agg(indicator) AS names FROM appeal
    WHERE grid_code = ANY (:codes) AND quarter = :quarter AND answered_at IS NULL GROUP BY grid_code
""")
_APPEALS = text("""
    SELECT appeal.*, maker.name AS maker, answerer.name AS answerer, place.name AS community
    FROM appeal JOIN place ON place.id = appeal.community_id
    JOIN person AS maker ON maker.id = appeal.made_by
    LEFT JOIN person AS answerer ON answerer.id = appeal.answered_by
    WHERE place.path <@ CAST(:path AS ltree) AND place.path <@ ANY (scope_paths())
        AND (:everything OR appeal.made_by = :person)
    ORDER BY answered_at IS NOT NULL, appeal.made_at DESC LIMIT 100
""")
