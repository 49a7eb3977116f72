"""Indicators by grid: so many of so many, over a quarter, with what may be ranked and what is contested.

No indicator counts how much was entered, none is about a person. Where nothing is to be counted it says so:
that is neither 0 % nor 100 %.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.plots import BoolArray, IntArray
from app.models import Appeal
from app.services import audit, rule_packs
from app.services.access import COORDINATOR, LEADERS, MANAGERS, Actor, require
from app.services.guard_five import Told, levels_of, shown, told_in_tree
from app.services.lookup import OF_SMALLEST_PLAN
from app.services.measures import NOTHING, Flow, Measure, ranked
from app.services.months import months_on

# Name and what its n counts; the words say how each is worked out.
INDICATORS = (
    *("verification", "entry_on_time", "rental_registration", "tenant_registration", "completeness"),
    *("accuracy", "cancelled_on_leaving", "promises_kept", "referrals_answered", "employer_contacts"),
)
# What is assessed of cases (app.services.assessment); contested likewise.
CASE_MEASURES = ("case_on_time", "case_closed", "case_check_passed", "case_stayed_closed")
LONGEST_APPEAL = 500
QUARTER_MONTHS = 3
WEEK = 7
FLOW_DAYS = 2 * WEEK


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
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

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
    """A grid and its measures by name. contested: names of those somebody appealed against.

    path: of its community. own, served: whether who asked is its primary, or one who answers for it at all.
    """

    id: int
    code: str
    name: str | None
    community: str
    path: str
    households: int
    coordinator: str | None
    own: bool
    served: bool
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
        return ranked(self.grids, lambda grid: grid.measures[indicator], lambda grid: grid.code)


def figures(
    session: Session, actor: Actor, path: str, quarter: Quarter, now: datetime, timezone: ZoneInfo
) -> Figures:
    """Measures of the grids in force of a place over a quarter, as far as it has come.

    Counted within `gridkeeper.scope`; who is a coordinator and nothing else reads the grids they answer for.
    """
    asked = {
        "path": path,
        "person": actor.person_id,
        "only_own": {grant.kind for grant in actor.roles} == {COORDINATOR},
    }
    grids = session.execute(_GRIDS, asked).all()
    over = _over(session, path, quarter, now, timezone)
    counted: dict[int, dict[str, Measure]] = {}
    for row in session.execute(_COUNTED, {**over, "grids": [grid.id for grid in grids]}):
        counted.setdefault(row.grid_id, {})[row.name] = Measure(row.part, row.whole)
    appealed = contested(session, [grid.code for grid in grids], quarter)
    made = [_of_grid(row, counted.get(row.id, {}), appealed) for row in grids]
    total = {name: sum((grid.measures[name] for grid in made), start=NOTHING) for name in INDICATORS}
    return Figures(quarter, total, made)


def opened(actor: Actor, grids: Sequence[OfGrid]) -> set[int]:
    """Ids of grids of which somebody is told figures about fewer than five: who answers or manages there."""
    managed = {path for path in {grid.path for grid in grids} if actor.covers(MANAGERS, path)}
    return {grid.id for grid in grids if grid.served or grid.path in managed}


def told(measure: Measure) -> Measure | None:
    """A measure as leaders are told it; None: it is about fewer than five, or they are missing to the whole.

    >>> told(Measure(3, 4)), told(Measure(1, 6)), told(Measure(5, 6)), told(Measure(6, 11))
    (None, None, None, Measure(part=6, whole=11))
    >>> told(Measure(0, 0)), told(Measure(0, 6)), told(Measure(6, 6))
    (Measure(part=0, whole=0), Measure(part=0, whole=6), Measure(part=6, whole=6))
    """
    counts = (measure.whole, measure.part, measure.whole - measure.part)
    return measure if all(shown(count) is not None for count in counts) else None


def told_beside(
    found: Figures, indicator: str, actor: Actor
) -> tuple[Measure | None, dict[int, Measure | None]]:
    """The total of an indicator and its measures by grid as somebody may be told them, side by side.

    What is told must not give away what is not, beside the totals of all places above and beneath: another
    grid of the community is guarded too, and the total of a larger place leaves out what would be too little
    beside its communities (`told_in_tree`). Where a community has too little to guard, its total is not told.
    """
    said: dict[int, Measure | None] = {grid.id: grid.measures[indicator] for grid in found.grids}
    read = opened(actor, found.grids)
    guarded = [grid for grid in found.grids if grid.id not in read]
    if not guarded:
        return found.total[indicator], said
    tree = told_in_tree(
        [_counts(grid.measures[indicator]) for grid in guarded],
        levels_of([grid.path for grid in guarded]),
        protected=1,
    )
    for grid, is_told in zip(guarded, tree.told[0].tolist(), strict=True):
        if not is_told:
            said[grid.id] = None
    return _total_told(found.total[indicator], tree), said


def _counts(measure: Measure) -> tuple[int, int, int]:
    """What a measure speaks of, each for itself."""
    return measure.whole, measure.part, measure.whole - measure.part


def _total_told(total: Measure, tree: Told) -> Measure | None:
    """A total without what must stay untold of its grids; None where it is of a community, or all it has."""
    if tree.told[-1][0]:
        return total
    is_community = len(tree.told) == len(("grids", "community"))
    whole, part, _ = (int(count) for count in tree.left(-1)[0])
    if is_community or whole == total.whole:
        return None
    return Measure(total.part - part, total.whole - whole)


@dataclass(frozen=True)
class FlowTold:
    """Residents of a place over two weeks: first and last day of each line, by day or by week.

    is_whole: whether all communities are in it; those that would be too little beside the others are not.
    """

    lines: list[tuple[date, date, Flow]]
    is_whole: bool = True


def flow_told(session: Session, actor: Actor, path: str, until: date) -> FlowTold:
    """Residents of a place over two weeks, as somebody may be told them.

    By day up to `until` for who manages the place; all others read what `told_of_flows` says.
    """
    sunday = until - timedelta(days=until.isoweekday() % WEEK)
    first = sunday - timedelta(days=FLOW_DAYS - 1)
    of_community: dict[str, list[tuple[date, Flow]]] = {}
    for row in session.execute(_FLOW, {"path": path, "first": first, "last": until}):
        one = Flow(row.opening, row.came, row.went, row.closing)
        of_community.setdefault(row.path, []).append((row.day, one))
    if not of_community:
        return FlowTold([])
    if actor.covers(MANAGERS, path):
        return FlowTold(_added([_days(days) for days in of_community.values()]))
    known = np.array([actor.covers(MANAGERS, community) for community in of_community])
    of_weeks = {
        community: [(day, one) for day, one in days if day <= sunday]
        for community, days in of_community.items()
    }
    return told_of_flows(of_weeks, known)


def told_of_flows(of_community: Mapping[str, Sequence[tuple[date, Flow]]], known: BoolArray) -> FlowTold:
    """The sum of communities, as who manages none of them or only those `known` may be told it.

    By day where no number is about fewer than five, nor what it leaves beside the flows of all places in this
    one and around it (`told_in_tree`); else by weeks; else not at all. Weeks leave out communities that would
    be too little beside the others, as long as those that are told are the most.

    of_community: by path, the days of two weeks of the calendar that are over: their borders do not move, so
    days and weeks are told of the same time.
    """
    days = [_days(flows) for flows in of_community.values()]
    weeks = [_weeks(flows) for flows in of_community.values()]
    levels = levels_of(list(of_community))
    by_day, by_week = (told_in_tree(_numbers(lines, known), levels, protected=0) for lines in (days, weeks))
    if not by_week.told[-1][0]:
        told = _told_parts(by_week)
        lines = [one for one, is_told in zip(weeks, told, strict=True) if is_told]
        return FlowTold(_added(lines), is_whole=False) if 2 * len(lines) > len(weeks) else FlowTold([])
    # days are told where weeks are too: else they would tell what weeks leave out
    return FlowTold(_added(days if by_day.told[-1][0] else weeks))


def _days(flows: Sequence[tuple[date, Flow]]) -> list[tuple[date, date, Flow]]:
    """The last two weeks, a line a day."""
    return [(day, day, one) for day, one in flows[-FLOW_DAYS:]]


def _weeks(flows: Sequence[tuple[date, Flow]]) -> list[tuple[date, date, Flow]]:
    """Two weeks, a line each."""
    return [_week(flows[begin : begin + WEEK]) for begin in range(0, FLOW_DAYS, WEEK)]


def _told_parts(tree: Told) -> BoolArray:
    """Which parts are in some sum that is told whole, or told themselves."""
    told, at = tree.told[0].copy(), np.arange(len(tree.told[0]))
    for level, group in enumerate(tree.groups, start=1):
        at = group[at]
        told |= tree.told[level][at]
    return told


def _numbers(lines: Sequence[Sequence[tuple[date, date, Flow]]], known: BoolArray) -> IntArray:
    """All numbers of each community's lines, a row each; none of those that are known anyway."""
    rows = [
        [count for *_, one in of for count in (one.opening, one.came, one.went, one.closing)] for of in lines
    ]
    return np.where(known[:, None], 0, np.array(rows, np.int64))


def _added(lines: Sequence[Sequence[tuple[date, date, Flow]]]) -> list[tuple[date, date, Flow]]:
    """The lines of several communities as one."""
    return [
        (of[0][0], of[0][1], sum((one for *_, one in of[1:]), start=of[0][2]))
        for of in zip(*lines, strict=True)
    ]


def _week(days: Sequence[tuple[date, Flow]]) -> tuple[date, date, Flow]:
    flows = [one for _, one in days]
    came, went = sum(one.came for one in flows), sum(one.went for one in flows)
    return days[0][0], days[-1][0], Flow(flows[0].opening, came, went, flows[-1].closing)


def behind(
    session: Session,
    actor: Actor,
    grid_id: int,
    indicator: str,
    quarter: Quarter,
    now: datetime,
    timezone: ZoneInfo,
) -> Sequence[Row[Any]]:
    """The buildings of a grid in which something is missing for an indicator: id, code, name, part, whole.

    Refused with `not_in_scope` for who neither answers for the grid nor manages its place.
    """
    if indicator not in INDICATORS:
        raise Refusal("not_found")
    path = session.scalar(_PATH, {"grid": grid_id})
    if session.execute(_OWN, {"grid": grid_id, "person": actor.person_id}).first() is None:
        require(actor, MANAGERS, [path])
    over = _over(session, path, quarter, now, timezone)
    return session.execute(_BEHIND, {**over, "grid": grid_id, "name": indicator}).all()


# --- Appeals ---------------------------------------------------------------------------------------------


def contest(
    session: Session, actor: Actor, grid_id: int, indicator: str, quarter: Quarter, words: str
) -> int:
    """A coordinator says that a figure of their own grid is not right; it is `contested` until answered.

    Refused with `not_your_grid`, `appeal_without_words` and `appeal_open_already`.
    """
    words = words.strip()
    if indicator not in INDICATORS and indicator not in CASE_MEASURES:
        raise Refusal("not_found")
    grid = session.execute(_OWN, {"grid": grid_id, "person": actor.person_id}).first()
    if grid is None:
        raise Refusal("not_your_grid")
    if not words or len(words) > LONGEST_APPEAL:
        raise Refusal("appeal_without_words", most=LONGEST_APPEAL)
    if indicator in contested(session, [grid.code], quarter).get(grid.code, ()):
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


def _over(session: Session, path: str, quarter: Quarter, now: datetime, timezone: ZoneInfo) -> dict[str, Any]:
    """A quarter as far as it has come, by the rules of its last day, for `indicator_counts` and `_sums`."""
    today = now.astimezone(timezone).date()
    rules = rule_packs.in_force(session, path, min(today, quarter.last)).rules
    return {
        "since": datetime.combine(quarter.first, time(), timezone),
        "until": min(now, datetime.combine(quarter.next.first, time(), timezone)),
        "first": quarter.first,
        "after": quarter.next.first,
        "today": today,
        "entry_hours": rules.clocks.entry_hours,
    }


def _of_grid(row: Row[Any], counted: dict[str, Measure], contested: dict[str, Collection[str]]) -> OfGrid:
    measures = {name: counted.get(name, NOTHING) for name in INDICATORS}
    return OfGrid(
        row.id,
        row.code,
        row.name,
        row.community,
        row.path,
        row.households,
        row.coordinator,
        row.own,
        row.served,
        measures,
        frozenset(contested.get(row.code, ())),
    )


def contested(session: Session, codes: Sequence[str], quarter: Quarter) -> dict[str, Collection[str]]:
    """What somebody appealed against and nobody settled yet, by the code of the grid."""
    rows = session.execute(_OPEN, {"codes": list(codes), "quarter": quarter.name})
    found: dict[str, Collection[str]] = {row.grid_code: row.names for row in rows}
    return found


# No building counts twice.
_GRIDS = text(f"""
    SELECT grid.id, grid.code, grid.name, place.name AS community, place.path::text AS path,
        grid.households, person.name AS coordinator, coalesce(person.id = :person, false) AS own, EXISTS (
            SELECT FROM duty AS own WHERE own.grid_id = grid.id AND own.person_id = :person
                AND own.during @> clock_timestamp()
        ) AS served
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place AS planned ON planned.id = plan.place_id
    JOIN place ON place.id = grid.community_id
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND duty.during @> clock_timestamp()
    LEFT JOIN person ON person.id = duty.person_id
    WHERE place.path <@ CAST(:path AS ltree) AND place.path <@ ANY (scope_paths())
        AND {OF_SMALLEST_PLAN}
        AND (NOT :only_own OR EXISTS (
            SELECT FROM duty AS own WHERE own.grid_id = grid.id AND own.person_id = :person
                AND own.during @> clock_timestamp()
        ))
    ORDER BY grid.code
""")  # noqa: S608 (constants)
_COUNTED = text("""
    SELECT grid_id, name, part::int, whole::int
    FROM indicator_sums(:since, :until, :first, :after, :today, :entry_hours, :grids)
""")
_FLOW = text("""
    SELECT flows.path::text AS path, day, opening, came, went, closing
    FROM resident_flows(CAST(:path AS ltree), :first, :last) AS flows ORDER BY flows.path, day
""")
_BEHIND = text("""
    SELECT building.id, building.code, building.name, building.address,
        sum(part)::int AS part, sum(whole)::int AS whole
    FROM indicator_counts(:since, :until, :first, :after, :today, :entry_hours) AS counted
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
