"""How many residents change hands with plots, as the registers have them.

Counts, and of nobody's row; for who manages all of a plan, whose registers they are. To everybody else none
is told: of a few plots most counts would be about fewer than five.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.access import MANAGERS, Actor
from app.services.personal import open_registers

Residents = Callable[[Sequence[int]], Mapping[int, int] | None]


def untold(plots: Sequence[int]) -> None:
    """Where nobody is there to be told."""


def counter(session: Session, actor: Actor, plan_id: int) -> Residents:
    """Tells how many residents live on plots, {plot: residents}; None to who does not manage the whole plan.

    Plots nobody lives on are left out. A building that its entrances divide counts where its middle lies.
    """
    place = session.execute(_PLACE, {"plan": plan_id}).first()
    if place is None or not actor.covers(MANAGERS, place.path):
        return untold
    open_registers(session, actor, "ledger")

    def count(plots: Sequence[int]) -> dict[int, int]:
        rows = session.execute(_RESIDENTS, {"plots": list(plots), "place": place.id})
        return {row.plot: row.residents for row in rows}

    return count


def sum_of(told: Mapping[int, int] | None, plots: Sequence[int]) -> int | None:
    """Residents on some of the plots that were told of; None where none was told.

    >>> sum_of({7: 3, 9: 4}, [7, 8]), sum_of(None, [7])
    (3, None)
    """
    return None if told is None else sum(told.get(plot, 0) for plot in plots)


_PLACE = text("""
    SELECT place.id, place.path::text AS path FROM plan JOIN place ON place.id = plan.place_id
    WHERE plan.id = :plan
""")
_RESIDENTS = text("""
    SELECT stands.plot, sum(household.residents)::int AS residents
    FROM (
        SELECT DISTINCT ON (building.id) building.id AS building, plot.id AS plot
        FROM plot JOIN building ON building.position && plot.geometry
            AND ST_Intersects(plot.geometry, building.position)
            AND building.place_id = :place AND building.retired_at IS NULL
        WHERE plot.id = ANY(CAST(:plots AS bigint[]))
        ORDER BY building.id, plot.id
    ) AS stands
    JOIN household ON household.building_id = stands.building AND household.ended_on IS NULL
    WHERE household.residents > 0
    GROUP BY stands.plot
""")
