"""Micro-grids as rows: written with their plan, held against their plots like grids."""

from __future__ import annotations

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo.partition import outlines, pieces, same_ground
from app.geo.plots import IntArray
from app.models.plans import SPECIAL_KINDS
from app.services.bulk import copy_rows, hex_of, many, shapes_of
from app.services.plot_tables import StoredPlots, read_plots


def write_micro_grids(
    session: Session, plan_id: int, plots: StoredPlots, grid_id: IntArray, micro: IntArray
) -> None:
    """Write the micro-grids of a plan and the plots of each; numbers begin at 1 in every grid.

    grid_id: of each plot. micro: number of each plot's micro-grid in all, -1 for none.
    """
    inside = np.flatnonzero(micro >= 0)
    own = micro[inside]
    count = int(own.max()) + 1 if len(own) else 0
    _, first = np.unique(own, return_index=True)
    grid = grid_id[inside][first]
    table = plots.table
    sums = [
        np.bincount(own, values[inside], count) for values in (table.households, plots.buildings, table.area)
    ]
    shapes = hex_of(many(outlines(plots.polygons[inside], own)))
    following: dict[int, int] = {}
    rows = []
    for number in range(count):
        of = int(grid[number])
        following[of] = following.get(of, 0) + 1
        figures = int(sums[0][number]), int(sums[1][number]), float(sums[2][number])
        rows.append((plan_id, of, following[of], shapes[number], *figures))
    columns = ["plan_id", "grid_id", "number", "outline", "households", "buildings", "area_m2"]
    copy_rows(session, "micro_grid", columns, rows)
    made = session.execute(
        text("SELECT grid_id, number, id FROM micro_grid WHERE plan_id = :plan"), {"plan": plan_id}
    )
    id_of = {(row.grid_id, row.number): row.id for row in made}
    ids = np.array([id_of[row[1], row[2]] for row in rows], np.int64)
    session.execute(
        text("""
            UPDATE grid_plot SET micro_grid_id = placed.micro
            FROM unnest(CAST(:plots AS bigint[]), CAST(:micro AS bigint[])) AS placed (plot, micro)
            WHERE grid_plot.plan_id = :plan AND grid_plot.plot_id = placed.plot
        """),
        {"plan": plan_id, "plots": plots.ids[inside].tolist(), "micro": ids[own].tolist()},
    )


def make_missing_micro_grids(session: Session, plan_id: int) -> int:
    """Give micro-grids to the grids of a draft that changed since, where its split asked for such.

    Whatever changes a grid drops its micro-grids, for they divide what it was. Returns how many were made.
    """
    from app.services.kept_wishes import wishes_of  # the engine takes a second; few plans ask for it
    from app.services.publishing import read_plan
    from app.services.wishes import micro_of

    asked = wishes_of(session, plan_id)
    lacking = set(session.scalars(_WITHOUT, {"plan": plan_id, "special": list(SPECIAL_KINDS)}))
    if asked.micro is None or not lacking:
        return 0
    plan = read_plan(session, plan_id)
    whole = np.array([grid_id not in lacking for grid_id in plan.ids], np.bool_)
    seed = np.random.default_rng(plan_id)
    micro = micro_of(plan.plots.table, plan.grid, asked, whole, seed)
    if (micro < 0).all():
        return 0
    write_micro_grids(session, plan_id, plan.plots, np.array(plan.ids, np.int64)[plan.grid], micro)
    return int(micro.max()) + 1


_WITHOUT = text("""
    SELECT id FROM grid WHERE plan_id = :plan AND kind <> ALL(:special)
        AND NOT EXISTS (SELECT FROM micro_grid WHERE grid_id = grid.id)
""")


def micro_faults(session: Session, plan_id: int) -> list[str]:
    """Micro-grids that are not what one is, as `grid code/number`, and grids some of whose plots are in none.

    A micro-grid is one piece, its outline the union of its plots, its counts the sums over them; where a
    grid has micro-grids every plot of it is in one.
    """
    rows = session.execute(_MICRO_GRIDS, {"plan": plan_id}).all()
    if not rows:
        return []
    named = session.scalar(text("SELECT tessellation_id FROM plan WHERE id = :plan"), {"plan": plan_id})
    plots = read_plots(session, int(named or 0))
    number = {row.id: place for place, row in enumerate(rows)}
    placed = session.execute(_PLACED, {"plan": plan_id}).all()
    where = plots.numbers_of(np.array([row.plot_id for row in placed], np.int64))
    micro = np.full(len(plots), len(rows), np.int64)  # the last number: in none
    micro[where] = [number[row.micro_grid_id] for row in placed]
    inside = micro < len(rows)
    torn = np.append(pieces(plots.table.edges, micro), np.zeros(len(rows) + 1, np.int64))[: len(rows)]
    other = ~same_ground(
        shapes_of(row.outline for row in rows), outlines(plots.polygons[inside], micro[inside])
    )
    households = np.bincount(micro, plots.table.households, len(rows) + 1)
    buildings = np.bincount(micro, plots.buildings, len(rows) + 1)
    wrong = [
        f"{row.code}/{row.number}"
        for place, row in enumerate(rows)
        if torn[place] != 1
        or other[place]
        or households[place] != row.households
        or buildings[place] != row.buildings
    ]
    return wrong + list(session.scalars(_LACKING, {"plan": plan_id}))


_MICRO_GRIDS = text("""
    SELECT micro_grid.id, micro_grid.number, micro_grid.households, micro_grid.buildings, grid.code,
        ST_AsBinary(micro_grid.outline) AS outline
    FROM micro_grid JOIN grid ON grid.id = micro_grid.grid_id
    WHERE micro_grid.plan_id = :plan ORDER BY grid.code, micro_grid.number
""")
_PLACED = text("""
    SELECT plot_id, micro_grid_id FROM grid_plot WHERE plan_id = :plan AND micro_grid_id IS NOT NULL
""")
_LACKING = text("""
    SELECT DISTINCT grid.code FROM grid_plot JOIN grid ON grid.id = grid_plot.grid_id
    WHERE grid_plot.plan_id = :plan AND grid_plot.micro_grid_id IS NULL
        AND EXISTS (SELECT FROM micro_grid WHERE micro_grid.grid_id = grid.id)
    ORDER BY grid.code
""")
