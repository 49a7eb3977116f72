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

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Appeal
from app.services import audit, rule_packs
from app.services.access import COORDINATOR, LEADERS, MANAGERS, Actor, require
from app.services.fives import Fives, code_in, fives_of
from app.services.lookup import OF_SMALLEST_PLAN
from app.services.measures import LEAST_TO_RANK, NOTHING, Flow, Measure, ranked
from app.services.months import months_on

# Name and what its n counts; the words say how each is worked out.
INDICATORS = (
    *("verification", "entry_on_time", "rental_registration", "tenant_registration", "completeness"),
    *("accuracy", "cancelled_on_leaving", "promises_kept", "referrals_answered", "employer_contacts"),
)
# What is assessed of cases (app.services.assessment); contested likewise.
CASE_MEASURES = ("case_on_time", "case_closed", "case_check_passed", "case_stayed_closed")
LEAST_IN_FIVES = 50  # where a step of five is a tenth
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
    """Measures of a place and of each of its grids. path: of the place."""

    path: str
    quarter: Quarter
    total: dict[str, Measure]
    grids: list[OfGrid]


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
    return Figures(path, quarter, total, made)


def opened(actor: Actor, grids: Sequence[OfGrid]) -> set[int]:
    """Ids of grids of which somebody is told figures about fewer than five: who answers or manages there."""
    managed = {path for path in {grid.path for grid in grids} if actor.covers(MANAGERS, path)}
    return {grid.id for grid in grids if grid.served or grid.path in managed}


def told(measure: Measure, place: str, fives: Fives) -> Measure | None:
    """A measure in fives, as all read it who do not keep what is counted; None where it is of few.

    place: code of the community, or of the place a total is of.

    >>> told(Measure(3, 4), "140499001001", Fives("a key")) is None
    True
    >>> told(Measure(0, 300), "140499001001", Fives("a key"))
    Measure(part=0, whole=300)
    """
    whole = fives.told(measure.whole, place)
    return None if whole is None else Measure(min(fives.of(measure.part, place), whole), whole)


def total_told(found: Figures, indicator: str, read: Collection[int], fives: Fives) -> Measure | None:
    """The total of an indicator as somebody is told it. read: ids of the grids told exactly, by `opened`."""
    total = found.total[indicator]
    if len(read) == len(found.grids):
        return total
    paths = {grid.path for grid in found.grids if grid.measures[indicator].whole}
    return told(total, code_in(*paths or {found.path}), fives)


def grids_told(
    found: Figures, indicator: str, read: Collection[int], fives: Fives
) -> dict[int, Measure | None]:
    """The measures of grids, by id, as somebody is told them. read: as for the total."""
    return {
        grid.id: grid.measures[indicator]
        if grid.id in read
        else told(grid.measures[indicator], code_in(grid.path), fives)
        for grid in found.grids
    }


def ranked_as_told(
    found: Figures, said: Mapping[int, Measure | None], read: Collection[int]
) -> list[tuple[OfGrid, Measure]]:
    """Grids with enough to compare, the best first, by what is told of them.

    In fives a share needs more behind it before it says who does better; the exact order would tell of the
    few that decide it. read: ids of grids told exactly.
    """
    least = {True: LEAST_TO_RANK, False: LEAST_IN_FIVES}
    many = [
        (grid, measure)
        for grid in found.grids
        if (measure := said[grid.id]) is not None and measure.whole >= least[grid.id in read]
    ]
    return ranked(many, lambda one: one[1], lambda one: one[0].code)[0]


@dataclass(frozen=True)
class FlowTold:
    """Residents of a place over two weeks: first and last day of each line, by day or by week.

    A number is None where it is “few”. in_fives: whether they are told so; what comes and goes need then not
    make up the difference.
    """

    lines: Sequence[tuple[date, date, Flow | FewFlow]]
    in_fives: bool = False


@dataclass(frozen=True)
class FewFlow:
    """A flow in fives; None is “few”."""

    opening: int | None
    came: int | None
    went: int | None
    closing: int | None
    balances = True  # nothing that rounding leaves to be seen


def flow_told(session: Session, actor: Actor, path: str, until: date) -> FlowTold:
    """Residents of a place over two weeks, as somebody may be told them.

    By day up to `until` for who manages the place; all others read what `in_fives` says of the last two weeks
    of the calendar that are over.
    """
    sunday = until - timedelta(days=until.isoweekday() % WEEK)
    first = sunday - timedelta(days=FLOW_DAYS - 1)
    of_day: dict[date, Flow] = {}
    lived_in = set()
    for row in session.execute(_FLOW, {"path": path, "first": first, "last": until}):
        one = Flow(row.opening, row.came, row.went, row.closing)
        of_day[row.day] = of_day[row.day] + one if row.day in of_day else one
        lived_in |= {row.path} if row.opening or row.came else set()
    days = sorted(of_day.items())
    if actor.covers(MANAGERS, path) or not days:
        return FlowTold([(day, day, one) for day, one in days[-FLOW_DAYS:]])
    over = [(day, one) for day, one in days if day <= sunday]
    return in_fives(over, code_in(*lived_in or {path}), fives_of(session))


def in_fives(days: Sequence[tuple[date, Flow]], place: str, fives: Fives) -> FlowTold:
    """Two weeks of a place, by day where no number is “few”, else by weeks. place: its code."""
    lines = [(day, day, _told_flow(one, place, fives)) for day, one in days]
    if any(None in vars(one).values() for *_, one in lines):
        weeks = [_week(days[begin : begin + WEEK]) for begin in range(0, len(days), WEEK)]
        lines = [(first, last, _told_flow(one, place, fives)) for first, last, one in weeks]
    return FlowTold(lines, in_fives=True)


def _told_flow(one: Flow, place: str, fives: Fives) -> FewFlow:
    return FewFlow(*(fives.told(count, place) for count in (one.opening, one.came, one.went, one.closing)))


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
