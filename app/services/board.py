"""The board of a place: how many hazards are open and overdue, what was closed on time, and where it fails.

Counts by place and day come from `hazard_tally`, so that a million hazards cost as much as a thousand; what
is overdue to the minute, and in which grids, from the index of hazards whose clock runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models.hazards import WAITING
from app.services.access import LEADERS, MANAGERS, Actor, require
from app.services.lookup import BENEATH, OF_SMALLEST_PLAN, in_scope
from app.services.measures import Measure, rounded
from app.services.periods import Period

READERS = LEADERS | MANAGERS
WORST_GRIDS = 10
HOURS_A_DAY = 24
_DUE = ("due", "due closed", "on time")
_MOVED = ("reported", "filed", "gone")


@dataclass(frozen=True)
class Week:
    """A week of the period, cut to it. open: how many were at its end. on_time: of what was due in it."""

    days: Period
    reported: int
    gone: int
    open: int
    on_time: Measure


@dataclass(frozen=True)
class OfKind:
    """Open and overdue hazards of one kind."""

    kind: str
    open: int
    overdue: int


@dataclass(frozen=True)
class Worst:
    """A grid with overdue cases, and why: how many stand in which state and are of which kind.

    code: None for hazards reported where no plan was in force. coordinator: who answers for the grid in
    force of that code; None where nobody does. in_force: whether there is one.
    """

    code: str | None
    community: str
    overdue: int
    oldest: datetime
    states: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    name: str | None = None
    coordinator: str | None = None
    in_force: bool = False
    community_pinyin: str | None = None


@dataclass(frozen=True)
class Board:
    """Figures of a place. median_days: from report to closing; None where nothing was closed.

    filed: of what was reported. closed, on_time: of what was due, as far as its day is over. vacant: grids
    in force that nobody answers for, of all.
    """

    period: Period
    open: int
    overdue: int
    filed: Measure
    closed: Measure
    on_time: Measure
    was_on_time: Measure
    median_days: Decimal | None
    was_median_days: Decimal | None
    closed_in_period: int
    weeks: list[Week]
    kinds: list[OfKind]
    worst: list[Worst]
    vacant: Measure


def places(session: Session, actor: Actor) -> Sequence[Row[Any]]:
    """Places whose board a person may read, those above first: id, code, name, name_pinyin, level, path."""
    rows = session.execute(_PLACES, in_scope(actor.scope)).all()
    return [row for row in rows if actor.covers(READERS, row.path)]


def place_chosen(session: Session, actor: Actor, code: str | None) -> Row[Any] | None:
    """The place of that code, else the first a person may read; None where there is none.

    Refused with `not_found` and `not_in_scope`.
    """
    if code:
        place = place_called(session, code)
        require(actor, READERS, [place.path])
        return place
    found = places(session, actor)
    return found[0] if found else None


def place_called(session: Session, code: str) -> Row[Any]:
    """The place of a code, whoever asks; `not_found` where there is none."""
    place = session.execute(_PLACE, {"code": code}).first()
    if place is None:
        raise Refusal("not_found")
    return place


def board(
    session: Session,
    place: Row[Any],
    period: Period,
    now: datetime,
    timezone: ZoneInfo,
    without: Sequence[int] = (),
) -> Board:
    """Figures of a place over a period, and how it stands now.

    without: communities of it that are not counted; of the grids, too, that are worst.
    """
    today = now.astimezone(timezone).date()
    of = {"place": place.id, "without": list(without)}
    counts = _counts(session, of, period, today)
    was = _counts(session, of, period.former, today, _DUE)
    open_now = _by_kind(session, of, "open", None)
    overdue = _by_kind(session, of, "waiting", today)
    moments = {**_moments(place.path, now, today, timezone), "without": list(without)}
    for kind, n in session.execute(_OVERDUE_TODAY, moments):
        overdue[kind] = overdue.get(kind, 0) + n
    kinds = [OfKind(kind, open_now[kind], overdue.get(kind, 0)) for kind in open_now]
    hours = _hours(session, of, period)
    return Board(
        period=period,
        open=sum(open_now.values()),
        overdue=sum(overdue.values()),
        filed=Measure(counts.sum("filed", period), counts.sum("reported", period)),
        closed=Measure(counts.sum("due closed"), counts.sum("due")),
        on_time=Measure(counts.sum("on time"), counts.sum("due")),
        was_on_time=Measure(was.sum("on time"), was.sum("due")),
        median_days=median_days(hours),
        was_median_days=median_days(_hours(session, of, period.former)),
        closed_in_period=sum(n for _, n in hours),
        weeks=_weeks(counts, period, sum(open_now.values())),
        kinds=sorted(kinds, key=lambda one: (-one.open, one.kind)),
        worst=worst(session, place, now, without=without),
        vacant=vacancies(session, place.path),
    )


@dataclass
class Counts:
    """How many of what on which day."""

    by_day: dict[str, dict[date, int]] = field(default_factory=dict)

    def sum(self, what: str, days: Period | None = None) -> int:
        """All of a sort, or those of some days."""
        found = self.by_day.get(what, {})
        return sum(n for day, n in found.items() if days is None or days.first <= day <= days.last)

    def after(self, what: str, last: date) -> int:
        """Those of the days after one."""
        return sum(n for day, n in self.by_day.get(what, {}).items() if day > last)


def _counts(
    session: Session,
    of: Mapping[str, Any],
    period: Period,
    today: date,
    wanted: Sequence[str] = (*_DUE, *_MOVED),
) -> Counts:
    """What came and went since a period began, and what was due in it; or what is wanted of that.

    What is due today is not counted yet, for its day is not over. What came and went after the period is
    there to reckon back from now.
    """
    until_yesterday = min(period.last, today - timedelta(days=1))
    found = Counts()
    for sort, last in ((_DUE, until_yesterday), (_MOVED, None)):
        what = [one for one in sort if one in wanted]
        if not what:
            continue
        asked = {**of, "what": what, "first": period.first, "last": last}
        for row in session.execute(_BY_DAY, asked):
            found.by_day.setdefault(row.what, {})[row.day] = row.n
    return found


def _weeks(counts: Counts, period: Period, open_now: int) -> list[Week]:
    """Week by week; how many were open then is reckoned back from now."""
    return [
        Week(
            days=week,
            reported=counts.sum("reported", week),
            gone=counts.sum("gone", week),
            open=open_now - counts.after("reported", week.last) + counts.after("gone", week.last),
            on_time=Measure(counts.sum("on time", week), counts.sum("due", week)),
        )
        for week in period.weeks()
    ]


def median_days(hours: Iterable[tuple[int, int]]) -> Decimal | None:
    """The median of whole hours and how often each occurs, in days to one place; None of nothing.

    Of an even number the mean of the two in the middle.

    >>> str(median_days([(24, 1), (48, 2), (240, 1)])), str(median_days([(24, 1), (36, 1)])), median_days([])
    ('2.0', '1.3', None)
    """
    counted = sorted(hours)
    whole = sum(n for _, n in counted)
    if whole <= 0:
        return None

    def at(rank: int) -> int:
        seen = 0
        for value, n in counted:
            seen += n
            if seen > rank:
                return value
        raise AssertionError(rank)

    middle = Decimal(at((whole - 1) // 2) + at(whole // 2)) / 2
    return rounded(middle / HOURS_A_DAY, 1)


def worst(
    session: Session,
    place: Row[Any],
    now: datetime,
    most: int = WORST_GRIDS,
    without: Sequence[int] = (),
) -> list[Worst]:
    """The grids with most overdue cases, with the states they stand in, their kinds and who answers.

    without: communities whose grids are not among them.
    """
    sought = {"place": place.id, "path": place.path, "now": now, "most": most, "without": list(without)}
    rows = session.execute(_WORST, sought).all()
    codes = [row.grid_code for row in rows if row.grid_code is not None]
    of_grid = {row.code: row for row in session.execute(_GRIDS_CALLED, {"codes": codes})} if codes else {}
    why: dict[tuple[int, str | None], dict[str, dict[str, int]]] = {}
    asked = {
        "communities": [row.community_id for row in rows],
        "codes": codes,
        "without": len(codes) < len(rows),
        "now": now,
    }
    for row in session.execute(_WHY, asked) if rows else ():
        of = why.setdefault((row.community_id, row.grid_code), {"states": {}, "kinds": {}})
        of["states"][row.state] = of["states"].get(row.state, 0) + row.n
        of["kinds"][row.kind] = of["kinds"].get(row.kind, 0) + row.n
    return [
        _worst(row, why.get((row.community_id, row.grid_code), {}), of_grid.get(row.grid_code))
        for row in rows
    ]


def _worst(row: Row[Any], why: Mapping[str, Mapping[str, int]], grid: Row[Any] | None) -> Worst:
    return Worst(
        code=row.grid_code,
        community=row.community,
        overdue=row.n,
        oldest=row.oldest,
        states=_most_first(why.get("states", {})),
        kinds=_most_first(why.get("kinds", {})),
        name=grid.name if grid else None,
        coordinator=grid.coordinator if grid else None,
        in_force=grid is not None,
        community_pinyin=row.community_pinyin,
    )


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def vacancies(session: Session, path: str) -> Measure:
    """Grids in force that nobody answers for, of all of them."""
    row = session.execute(_VACANT, {"path": path}).one()
    return Measure(row.vacant, row.grids)


def settle(session: Session) -> None:
    """Put together what triggers appended to the counts of hazards, so that they stay few."""
    session.execute(text("SELECT settle_hazard_tally()"))


def _by_kind(session: Session, of: Mapping[str, Any], what: str, before: date | None) -> dict[str, int]:
    """Counts by kind, of days before one where given."""
    rows = session.execute(_OF_KIND, {**of, "what": what, "before": before})
    return {row.kind: row.n for row in rows if row.n}


def _hours(session: Session, of: Mapping[str, Any], period: Period) -> list[tuple[int, int]]:
    rows = session.execute(_HOURS, {**of, "first": period.first, "last": period.last})
    return [(row.hours, row.n) for row in rows]


def _moments(path: str, now: datetime, today: date, timezone: ZoneInfo) -> dict[str, Any]:
    return {"path": path, "now": now, "midnight": Period(today, today).moments(timezone)[0]}


_PLACES = text("""
    SELECT id, code, name, name_pinyin, level, path::text AS path, srid FROM place
    WHERE :everywhere OR path <@ ANY (CAST(:scope AS ltree[])) ORDER BY place.path
""")
_PLACE = text(
    "SELECT id, code, name, name_pinyin, level, path::text AS path, srid FROM place WHERE code = :code"
)
# What a place counts less what communities of it do.
_N = "sum(CASE WHEN place_id = :place THEN n ELSE -n END)"
_COUNTED_IN = "place_id = ANY (CAST(:place AS bigint) || CAST(:without AS bigint[]))"
_NOT_IN = "community_id <> ALL (CAST(:without AS bigint[]))"
_BY_DAY = text(f"""
    SELECT what, day, {_N}::int AS n FROM hazard_tally
    WHERE {_COUNTED_IN} AND what = ANY (:what) AND day >= :first
        AND (CAST(:last AS date) IS NULL OR day <= :last)
    GROUP BY what, day
""")  # noqa: S608 - constants
_OF_KIND = text(f"""
    SELECT kind, {_N}::int AS n FROM hazard_tally
    WHERE {_COUNTED_IN} AND what = :what AND (CAST(:before AS date) IS NULL OR day < :before)
    GROUP BY kind ORDER BY kind
""")  # noqa: S608 - constants
_HOURS = text(f"""
    SELECT hours, {_N}::int AS n FROM hazard_tally
    WHERE {_COUNTED_IN} AND what = 'closed' AND day BETWEEN :first AND :last
    GROUP BY hours HAVING {_N} > 0 ORDER BY hours
""")  # noqa: S608 - constants
_OVERDUE_TODAY = text(f"""
    SELECT kind, count(*) AS n FROM hazard
    WHERE {WAITING} AND {BENEATH} AND {_NOT_IN} AND due_at >= :midnight AND due_at < :now GROUP BY kind
""")  # noqa: S608 - constants
# All that wait are kept by grid; those not due yet are few. Of equals all are looked at for the oldest.
_WORST = text(f"""
    WITH waiting AS (
        SELECT kind AS key, {_N}::int AS n FROM hazard_tally
        WHERE {_COUNTED_IN} AND what = 'waiting in' GROUP BY kind
    ),
    early AS (
        SELECT community_id || ' ' || coalesce(grid_code, '') AS key, count(*)::int AS n FROM hazard
        WHERE {WAITING} AND {BENEATH} AND {_NOT_IN} AND due_at >= :now GROUP BY community_id, grid_code
    ),
    late AS (
        SELECT split_part(key, ' ', 1)::bigint AS community_id,
            nullif(substr(key, strpos(key, ' ') + 1), '') AS grid_code,
            waiting.n - coalesce(early.n, 0) AS n
        FROM waiting LEFT JOIN early USING (key)
    )
    SELECT most.*, first.due_at AS oldest, place.name AS community,
        place.name_pinyin AS community_pinyin FROM (
        SELECT * FROM late WHERE n > 0 ORDER BY n DESC FETCH FIRST :most ROWS WITH TIES
    ) AS most JOIN place ON place.id = community_id
    CROSS JOIN LATERAL (
        SELECT due_at FROM hazard
        WHERE {WAITING} AND hazard.community_id = most.community_id
            AND hazard.grid_code IS NOT DISTINCT FROM most.grid_code
        ORDER BY due_at LIMIT 1
    ) AS first
    ORDER BY n DESC, oldest, grid_code LIMIT :most
""")  # noqa: S608 - constants
_WHY = text(f"""
    SELECT community_id, grid_code, state, kind, count(*)::int AS n FROM hazard
    WHERE {WAITING} AND due_at < :now AND community_id = ANY (:communities)
        AND (grid_code = ANY (:codes) OR (:without AND grid_code IS NULL))
    GROUP BY community_id, grid_code, state, kind
""")  # noqa: S608 - constants
_GRIDS_CALLED = text("""
    SELECT grid.code, grid.name, person.name AS coordinator
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND duty.during @> clock_timestamp()
    LEFT JOIN person ON person.id = duty.person_id
    WHERE grid.code = ANY (:codes)
""")
_VACANT = text(f"""
    SELECT count(*)::int AS grids, (count(*) FILTER (WHERE duty.grid_id IS NULL))::int AS vacant
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place AS planned ON planned.id = plan.place_id
    JOIN place ON place.id = grid.community_id
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND duty.during @> clock_timestamp()
    WHERE place.path <@ CAST(:path AS ltree) AND {OF_SMALLEST_PLAN}
""")  # noqa: S608 - constants
