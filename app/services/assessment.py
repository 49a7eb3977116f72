"""How grids and offices see their cases through, over a quarter: rates with their n, cases behind, appeals.

How much was reported or closed is never a measure. Rates of fewer than twenty cases are not ranked: chance
decides them. Whoever answers for a grid contests a figure as they contest an indicator (`indicators`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import indicators
from app.services.access import COORDINATOR, READERS_OF_CASES, Actor
from app.services.indicators import CASE_MEASURES, Quarter
from app.services.lookup import in_scope
from app.services.measures import NOTHING, Measure, ranked

GRID, OFFICE = "grid", "office"
SORTS = (GRID, OFFICE)
MOST_BEHIND = 200


@dataclass(frozen=True)
class Assessed:
    """A grid or an office with its measures.

    key: code of the grid or name of the office, empty where none is known. id: of the grid in force.
    own: whether who asks answers for it. contested: names of measures somebody appealed against.
    """

    key: str
    measures: dict[str, Measure]
    id: int | None = None
    name: str | None = None
    community: str | None = None
    community_pinyin: str | None = None
    coordinator: str | None = None
    own: bool = False
    contested: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Assessment:
    """All of a place. total: of all cases, whoever they belong to."""

    quarter: Quarter
    total: dict[str, Measure]
    all: list[Assessed]

    def ranked(self, measure: str) -> tuple[list[Assessed], list[Assessed]]:
        """Those with enough to compare, the best first; and the others by their key."""
        return ranked(self.all, lambda one: one.measures[measure], lambda one: one.key)


def assessment(
    session: Session, actor: Actor, path: str, sort: str, quarter: Quarter, now: datetime, timezone: ZoneInfo
) -> Assessment:
    """Measures of the grids or offices of a place, of cases due in a quarter up to yesterday.

    Who is a coordinator and nothing else reads the grids they answer for, and no offices.
    """
    rows = session.execute(_COUNTED[sort], _over(actor, path, quarter, now, timezone)).all()
    made = [Assessed(row.key, _measures(row)) for row in rows]
    if sort == GRID:
        made = _with_grids(session, actor, made, quarter)
    if _only_walks(actor):
        made = [one for one in made if one.own]
    total = {name: sum((one.measures[name] for one in made), start=NOTHING) for name in CASE_MEASURES}
    return Assessment(quarter, total, made)


def behind(
    session: Session,
    actor: Actor,
    path: str,
    sort: str,
    key: str,
    measure: str,
    quarter: Quarter,
    now: datetime,
    timezone: ZoneInfo,
) -> Sequence[Row[Any]]:
    """The cases that count against a grid or office, the first 200 by the day they were due.

    Returns id, kind, severity, reported_at, due_at, closed_at, state, reworked and reopened of each. Refused
    with `not_found` and, for a grid of others, `not_your_grid`.
    """
    if measure not in CASE_MEASURES or sort not in SORTS:
        raise Refusal("not_found")
    if _only_walks(actor):
        own = session.execute(_GRIDS, {"codes": [key], "person": actor.person_id}).first()
        if sort == OFFICE or own is None or not own.own:
            raise Refusal("not_your_grid")
    asked = {**_over(actor, path, quarter, now, timezone), "key": key, "most": MOST_BEHIND}
    return session.execute(_BEHIND[sort, measure], asked).all()


def _only_walks(actor: Actor) -> bool:
    return {grant.kind for grant in actor.roles} == {COORDINATOR}


def _with_grids(session: Session, actor: Actor, made: Sequence[Assessed], quarter: Quarter) -> list[Assessed]:
    """With what is known of the grids in force of these codes."""
    codes = [one.key for one in made if one.key]
    known = {row.code: row for row in session.execute(_GRIDS, {"codes": codes, "person": actor.person_id})}
    contested = indicators.contested(session, codes, quarter)
    return [_with_grid(one, known.get(one.key), frozenset(contested.get(one.key, ()))) for one in made]


def _with_grid(one: Assessed, grid: Row[Any] | None, contested: frozenset[str]) -> Assessed:
    if grid is None:
        return one
    return Assessed(
        one.key, one.measures, grid.id, grid.name, grid.community, grid.community_pinyin, grid.coordinator,
        grid.own, contested,
    )  # fmt: skip


def _measures(row: Row[Any]) -> dict[str, Measure]:
    return {
        "case_on_time": Measure(row.on_time, row.due),
        "case_closed": Measure(row.closed, row.due),
        "case_check_passed": Measure(row.passed, row.checked),
        "case_stayed_closed": Measure(row.stayed, row.was_closed),
    }


def _over(actor: Actor, path: str, quarter: Quarter, now: datetime, timezone: ZoneInfo) -> dict[str, Any]:
    """Cases due from the quarter's first day to its last, or to yesterday: today is not over.

    Of a place above the actor's own only what lies in theirs is counted.
    """
    today = now.astimezone(timezone).date()
    return {
        **in_scope(actor.scope_of(READERS_OF_CASES)),
        "path": path,
        "since": datetime.combine(quarter.first, time(), timezone),
        "until": datetime.combine(min(quarter.next.first, today), time(), timezone),
    }


_CLOSED = "state IN ('closed', 'evaluated')"
_KEYS = {GRID: "coalesce(grid_code, '')", OFFICE: "office"}
_DUE = """
    FROM hazard WHERE community_id IN (
            SELECT id FROM place WHERE path <@ CAST(:path AS ltree)
                AND (:everywhere OR path <@ ANY(CAST(:scope AS ltree[])))
        )
        AND due_at >= :since AND due_at < :until AND state NOT IN ('refused', 'duplicate')
"""
_COUNTED = {
    sort: text(f"""
        SELECT {key} AS key, count(*)::int AS due,
            (count(*) FILTER (WHERE {_CLOSED}))::int AS closed,
            (count(*) FILTER (WHERE {_CLOSED} AND closed_at <= due_at))::int AS on_time,
            (count(*) FILTER (WHERE {_CLOSED} OR reworked > 0))::int AS checked,
            (count(*) FILTER (WHERE {_CLOSED} AND reworked = 0))::int AS passed,
            (count(*) FILTER (WHERE {_CLOSED} OR reopened > 0))::int AS was_closed,
            (count(*) FILTER (WHERE {_CLOSED} AND reopened = 0))::int AS stayed
        {_DUE} GROUP BY 1 ORDER BY 1
    """)
    for sort, key in _KEYS.items()
}
_AGAINST = {
    "case_on_time": f"NOT ({_CLOSED} AND closed_at <= due_at)",
    "case_closed": f"NOT ({_CLOSED})",
    "case_check_passed": "reworked > 0",
    "case_stayed_closed": "reopened > 0",
}
_BEHIND = {
    (sort, measure): text(f"""
        SELECT id, kind, severity, reported_at, due_at, closed_at, state, reworked, reopened
        {_DUE} AND {key} = :key AND {against} ORDER BY due_at, id LIMIT :most
    """)
    for sort, key in _KEYS.items()
    for measure, against in _AGAINST.items()
}
_GRIDS = text("""
    SELECT grid.id, grid.code, grid.name, place.name AS community,
        place.name_pinyin AS community_pinyin, person.name AS coordinator, EXISTS (
        SELECT FROM duty AS own WHERE own.grid_id = grid.id AND own.person_id = :person
            AND own.during @> clock_timestamp()
    ) AS own
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND duty.during @> clock_timestamp()
    LEFT JOIN person ON person.id = duty.person_id
    WHERE grid.code = ANY (:codes)
""")
