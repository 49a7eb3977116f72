"""The demo's people: invented households in the buildings of a place that has none yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services import bulk
from app.services.personal import open_places

if TYPE_CHECKING:  # loaded only where people are invented
    from geodata.people import House, Table

HOUSEHOLDS = 3_000  # what a demo gets unless more are wanted: a few seconds
SHOWN_FIRST = 2  # the grids of the account `coordinator` are registered in full


def invent_registers(
    session: Session, path: str, households: int, seed: int, now: datetime
) -> dict[str, int]:
    """Give the buildings of a place invented people, and what there is to tell of them.

    Where there is any dwelling already, nothing is done. Whole buildings are filled, those of the first grids
    before all others, until there are `households`; as many as the buildings have at most.
    path: `place.path`. Returns rows by table, empty where nothing was done.
    """
    from geodata.people import population

    open_places(session, [path], "import")
    if households <= 0 or session.scalar(text("SELECT EXISTS (SELECT FROM dwelling)")):
        return {}
    rng = np.random.default_rng(seed)
    houses = _chosen(_houses(session, path), households, rng)
    services = session.execute(text("SELECT id, office FROM service WHERE active ORDER BY code")).all()
    made = population(houses, now.date(), rng, [(row.id, row.office) for row in services])
    return _store(session, made)


def _houses(session: Session, path: str) -> list[tuple[int, House]]:
    """Buildings with the place of their grid among the grids by code, in that order."""
    from geodata.people import House

    doors: dict[int, list[tuple[int, int]]] = {}
    for row in session.execute(_DOORS, {"path": path}):
        doors.setdefault(row.building_id, []).append((row.id, row.households))
    return [
        (
            row.rank,
            House(
                row.id, row.community_id, row.kind, row.floors or 1, row.households,
                doors.get(row.id, ()), row.compound_id, row.compound_kind, row.coordinator,
            ),
        )
        for row in session.execute(_HOUSES, {"path": path})
    ]  # fmt: skip


def _chosen(ranked: Sequence[tuple[int, House]], households: int, rng: np.random.Generator) -> list[House]:
    first = [house for rank, house in ranked if rank <= SHOWN_FIRST]
    others = [house for rank, house in ranked if rank > SHOWN_FIRST]
    there = sum(house.households for house in first)
    taken = set()
    for at in rng.permutation(len(others)).tolist():
        if there >= households:
            break
        taken.add(at)
        there += others[at].households
    return first + [house for at, house in enumerate(others) if at in taken]


def _store(session: Session, made: dict[str, Table]) -> dict[str, int]:
    from geodata.people import REFERENCES

    ids: dict[str, list[int]] = {}
    for name, table in made.items():
        ids[name] = bulk.new_ids(session, name, len(table.rows)).tolist()
        named = {
            at: ids[REFERENCES[column]] for at, column in enumerate(table.columns) if column in REFERENCES
        }
        rows = [(own, *_with_ids(row, named)) for own, row in zip(ids[name], table.rows, strict=True)]
        bulk.insert_rows(session, name, ("id", *table.columns), rows)
    bulk.analyze_registers(session)
    return {name: len(table.rows) for name, table in made.items()}


def _with_ids(row: tuple[Any, ...], named: dict[int, list[int]]) -> list[Any]:
    given = list(row)
    for at, ids in named.items():
        if given[at] is not None:
            given[at] = ids[given[at]]
    return given


_DOORS = text("""
    SELECT entrance.id, building_id, entrance.households
    FROM entrance JOIN building ON building.id = building_id JOIN place ON place.id = building.place_id
    WHERE place.path <@ CAST(:path AS ltree) AND building.retired_at IS NULL
    ORDER BY building_id, entrance.code
""")
# The coordinator is who answers for the grid now, else who did last.
_HOUSES = text("""
    WITH grids AS (
        SELECT grid.id, grid.outline, dense_rank() OVER (ORDER BY grid.code) AS rank,
            (SELECT person_id FROM duty WHERE grid_id = grid.id AND kind = 'primary'
             ORDER BY lower(during) DESC LIMIT 1) AS coordinator
        FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        JOIN place ON place.id = plan.place_id AND place.path <@ CAST(:path AS ltree)
    )
    SELECT DISTINCT ON (building.code, building.id)
        building.id, building.kind, building.floors, building.households, building.compound_id,
        compound.kind AS compound_kind, building_community(building.id) AS community_id,
        coalesce(grids.rank, 1000000) AS rank, grids.coordinator
    FROM building JOIN place ON place.id = building.place_id
    LEFT JOIN compound ON compound.id = building.compound_id
    LEFT JOIN grids ON ST_Contains(grids.outline, building.position)
    WHERE place.path <@ CAST(:path AS ltree) AND building.retired_at IS NULL
    ORDER BY building.code, building.id, rank
""")
