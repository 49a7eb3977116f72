"""How many coordinators a place needs, and who should answer for which grid.

Proposals are assignments of one coordinator to each grid that are the best there are for one of three ends:
least walking from the station, most buildings kept by who had them, fewest changes. What an end leaves open
is decided by the others, so that no proposal gives away what costs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import duties
from app.services.fives import fives_of
from app.services.rule_packs import needed
from app.services.tile_layers import FEW

ENDS = ("walking", "buildings", "changes")
EARTH_M = 6_371_000.0
FORBIDDEN = 1e12  # dearer than any sum of what is allowed


@dataclass(frozen=True)
class Staffed:
    """A place below: its grids in force, coordinators on duty, residents registered elsewhere, and the need.

    floating: None is “few”. needed: one for each grid, or more where the floating population asks for more.
    """

    code: str
    name: str
    grids: int
    on_duty: int
    floating: int | None
    needed: int

    @property
    def short(self) -> int:
        """How many are missing."""
        return max(0, self.needed - self.on_duty)


def staffing(session: Session, path: str, per_coordinator: int, *, in_fives: bool) -> list[Staffed]:
    """Coordinators needed, by the places just below one (itself where none is), within `gridkeeper.scope`.

    in_fives: for who keeps no registers there.
    """
    fives = fives_of(session)
    found = []
    for row in session.execute(_STAFFING, {"path": path}):
        floating = fives.told(row.floating, row.code) if in_fives else row.floating
        people = FEW if floating is None else floating
        needs = max(row.grids, needed(people, per_coordinator))
        found.append(Staffed(row.code, row.name, row.grids, row.on_duty, floating, needs))
    return found


@dataclass(frozen=True)
class Change:
    """A grid that comes to another coordinator, or to its first, or to none."""

    grid_id: int
    grid: str
    community: str
    from_name: str | None
    to_id: int | None
    to_name: str | None
    metres: float | None


@dataclass(frozen=True)
class Proposal:
    """An assignment. ends: those it is the best for; people of one station walk as far, whoever has which.

    metres: from the stations to the grids, one way, summed. mark: of its changes.
    """

    ends: tuple[str, ...]
    metres: float
    kept: int
    buildings: int
    changes: list[Change]
    vacant: int
    mark: str


def proposals(session: Session, path: str, today: date) -> list[Proposal]:
    """The best assignment for each end, of coordinators and grids in force of a place; like ones are one."""
    grids = session.execute(_GRIDS, {"path": path}).all()
    people = session.execute(_PEOPLE, {"path": path, "today": today}).all()
    if not grids or not people:
        return []
    found: dict[str, Proposal] = {}
    for end in ENDS:
        made = _proposal(end, people, grids)
        known = found.get(made.mark)
        found[made.mark] = made if known is None else replace(known, ends=(*known.ends, end))
    return list(found.values())


def accept(session: Session, path: str, mark: str, actor_id: int | None, today: date) -> int:
    """Let a proposal's changes begin now; how many there were.

    Refused with `assignment_changed` where things are no longer as they were when it was looked at.
    """
    found = next((one for one in proposals(session, path, today) if one.mark == mark), None)
    if found is None:
        raise Refusal("assignment_changed")
    for change in found.changes:
        duties.assign(session, change.grid_id, change.to_id, actor_id, today)
    return len(found.changes)


def best(
    metres: NDArray[np.float64], kept: NDArray[np.int64], holds: NDArray[np.bool_], end: str
) -> list[tuple[int, int]]:
    """Pairs (person, grid) of the best assignment for an end; each person and each grid at most once.

    metres: person by grid, inf where the person may not answer there. kept: buildings of the grid they have.
    holds: whether they answer for it now. The two other ends break ties.

    >>> far = np.array([[100.0, 900.0], [200.0, 300.0]])
    >>> now = np.array([[False, True], [True, False]])
    >>> best(far, now * 5, now, "walking"), best(far, now * 5, now, "changes")
    ([(0, 0), (1, 1)], [(0, 1), (1, 0)])
    """
    allowed = np.isfinite(metres)
    walk = np.where(allowed, metres, 0.0)
    parts = {
        "walking": walk / max(1.0, float(walk.max())),
        "buildings": 1 - kept / max(1, int(kept.max())),
        "changes": (~holds).astype(float),
    }
    cost = parts[end] + sum(parts[other] for other in ENDS if other != end) * 1e-4
    people, grids = linear_sum_assignment(np.where(allowed, cost, FORBIDDEN))
    return [
        (int(person), int(grid)) for person, grid in zip(people, grids, strict=True) if allowed[person, grid]
    ]


def _proposal(end: str, people: Sequence[Row[Any]], grids: Sequence[Row[Any]]) -> Proposal:
    metres = _distances(people, grids)
    holds = np.array([[person.id == grid.person_id for grid in grids] for person in people])
    kept = holds * np.array([grid.buildings for grid in grids])
    pairs = {grid: person for person, grid in best(metres, kept, holds, end)}
    # One coordinator answers for several grids where there are too few of them: nobody is to be found for
    # such a grid, and it stays with who holds it.
    stays = [
        number for number, grid in enumerate(grids) if number not in pairs and grid.person_id is not None
    ]
    pairs |= {number: int(person) for number in stays for person in np.flatnonzero(holds[:, number])}
    changes = [
        _change(grid, number, pairs[number], people, metres)
        for number, grid in enumerate(grids)
        if number in pairs and people[pairs[number]].id != grid.person_id
    ]
    said = ";".join(f"{one.grid_id}:{one.from_name}:{one.to_id}" for one in changes)
    return Proposal(
        (end,),
        float(
            sum(metres[person, grid] for grid, person in pairs.items() if np.isfinite(metres[person, grid]))
        ),
        int(sum(kept[person, grid] for grid, person in pairs.items() if grid not in stays))
        + sum(grids[number].buildings for number in stays),
        sum(grid.buildings for grid in grids),
        changes,
        len(grids) - len(pairs.keys() | set(stays)),
        hashlib.sha256(said.encode()).hexdigest()[:16],
    )


def _change(
    grid: Row[Any], number: int, person: int | None, people: Sequence[Row[Any]], metres: NDArray[np.float64]
) -> Change:
    to = None if person is None else people[person]
    away = None if person is None else float(metres[person, number])
    return Change(grid.id, grid.code, grid.community, grid.person, to and to.id, to and to.name, away)


def _distances(people: Sequence[Row[Any]], grids: Sequence[Row[Any]]) -> NDArray[np.float64]:
    """Metres as the crow flies from each person's station to each grid; inf where they may not answer."""
    lon, lat = (np.radians([[getattr(one, axis) for one in people]]).T for axis in ("lon", "lat"))
    to_lon, to_lat = (np.radians([[getattr(one, axis) for one in grids]]) for axis in ("lon", "lat"))
    east = (to_lon - lon) * np.cos((to_lat + lat) / 2)
    away: NDArray[np.float64] = EARTH_M * np.hypot(east, to_lat - lat)
    may = np.array([[_beneath(grid.path, person.paths) for grid in grids] for person in people])
    return np.where(may, away, np.inf)


def _beneath(path: str, paths: Sequence[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in paths)


_STAFFING = text("""
    WITH below AS (
        SELECT place.id, place.code, place.name, place.path FROM place
        WHERE (parent_path = CAST(:path AS ltree) OR (
            path = CAST(:path AS ltree) AND NOT EXISTS (
                SELECT FROM place AS child WHERE child.parent_path = CAST(:path AS ltree)
            ))) AND (path <@ ANY (scope_paths()) OR path @> ANY (scope_paths()))
    ),
    counted AS MATERIALIZED (
        SELECT community_id, sum(floating) AS floating FROM home_counts(now()) GROUP BY community_id
    )
    SELECT below.code, below.name, count(DISTINCT grid.id)::int AS grids,
        count(DISTINCT duty.person_id)::int AS on_duty, (
            SELECT coalesce(sum(floating), 0)::int FROM counted JOIN place ON place.id = community_id
            WHERE place.path <@ below.path
        ) AS floating
    FROM below
    LEFT JOIN place AS community ON community.path <@ below.path AND community.path <@ ANY (scope_paths())
    LEFT JOIN grid ON grid.community_id = community.id
        AND EXISTS (SELECT FROM plan WHERE plan.id = grid.plan_id AND plan.state = 'published')
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND duty.during @> clock_timestamp()
    GROUP BY below.code, below.name, below.path ORDER BY below.code
""")
_GRIDS = text("""
    SELECT grid.id, grid.code, grid.buildings, place.path::text, place.name AS community,
        ST_X(grid.label) AS lon, ST_Y(grid.label) AS lat, person.id AS person_id, person.name AS person
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary' AND duty.during @> clock_timestamp()
    LEFT JOIN person ON person.id = duty.person_id
    WHERE place.path <@ CAST(:path AS ltree) ORDER BY grid.code, grid.id
""")
# A station stands in the community somebody has a role for; of a larger place, about its middle.
_PEOPLE = text("""
    SELECT person.id, person.name, array_agg(place.path::text ORDER BY place.path) AS paths,
        avg(ST_X(ST_PointOnSurface(place.outline))) AS lon, avg(ST_Y(ST_PointOnSurface(place.outline))) AS lat
    FROM person JOIN role ON role.person_id = person.id AND role.kind = 'coordinator'
        AND (role.until IS NULL OR role.until >= :today)
    JOIN place ON place.id = role.place_id
    WHERE person.active AND (place.path <@ CAST(:path AS ltree) OR place.path @> CAST(:path AS ltree))
        AND NOT EXISTS (
            SELECT FROM absence WHERE absence.person_id = person.id AND from_on <= :today
                AND until_on >= CAST(:today AS date) + 30
        )
    GROUP BY person.id ORDER BY person.name, person.id
""")
