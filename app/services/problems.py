"""What is amiss with a plan, as a list to walk through: worst first, each with what to show on the map.

Figures and outlines are those stored with the grids. Only grids that may lie in pieces, for their outline has
several parts or a wall runs through them, are looked at plot by plot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import round_degrees
from app.models import Plan
from app.services.edit_part import Part, part_of, plots_in
from app.services.plan_rows import LOAD, OUT_OF_BAND

# The worst first: where one cannot walk through one's grid, what was to stay together, who has too much.
KINDS = ("grid_in_pieces", "compound_divided", "out_of_band", "vacancy", "code_missing")

Problem = dict[str, Any]


def problems(session: Session, plan_id: int) -> dict[str, Any]:
    """Every fault of a plan: `kind`, `grids` as id and code, `plots` to draw, `bbox` in degrees, `facts`.

    grid_in_pieces: facts `pieces`; draws what is not of the largest piece.
    compound_divided: facts `compound`, `households`, `grids`; draws what is outside the grid with most of it.
        One with more households than a grid may have is divided rightly.
    out_of_band: facts `held`, `least`, `most`, `beyond` (how far out), `way` (above or below) and `counted`
        (households, or by formula).
    vacancy: nobody is primary coordinator, or in a draft is to be. code_missing: the grid's code is none of
        its community; facts `community`.
    Refused with `not_found`.
    """
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise Refusal("not_found")
    rows = {row.id: row for row in session.execute(_GRIDS, {"plan": plan_id})}
    found = [
        *_in_pieces(session, plan, rows),
        *_compounds_divided(session, plan, rows),
        *_out_of_band(plan, rows.values()),
        *(_about(row, "vacancy") for row in rows.values() if not row.is_manned),
        *(_about(row, "code_missing", community=row.community) for row in rows.values() if row.is_strange),
    ]
    return {"plan": plan_id, "version": plan.version, "problems": found}


# A draft's coordinator is the one planned, else who has the grid of the same code in the plan in force.
_GRIDS = text(f"""
    WITH manned AS MATERIALIZED (
        SELECT DISTINCT own.code FROM duty JOIN grid AS own ON own.id = duty.grid_id
        JOIN plan AS theirs ON theirs.id = own.plan_id
        JOIN plan AS asked ON asked.id = :plan AND asked.place_id = theirs.place_id
            AND (theirs.id = asked.id OR asked.state = 'draft' AND theirs.state = 'published')
        WHERE duty.kind = 'primary' AND duty.during @> now()
    )
    SELECT grid.id, grid.code, {LOAD} AS held, {OUT_OF_BAND} AS is_out, place.code AS community,
        place.level = 'community' AND left(grid.code, 12) <> place.code AS is_strange,
        (plan.state = 'draft' AND grid.planned_id IS NOT NULL)
            OR EXISTS (SELECT FROM manned WHERE manned.code = grid.code) AS is_manned,
        ST_NumGeometries(grid.outline) > 1 AS has_parts,
        ST_XMin(grid.outline) AS west, ST_YMin(grid.outline) AS south,
        ST_XMax(grid.outline) AS east, ST_YMax(grid.outline) AS north
    FROM grid JOIN plan ON plan.id = grid.plan_id JOIN place ON place.id = grid.community_id
    WHERE grid.plan_id = :plan ORDER BY grid.code
""")  # noqa: S608 (constants)


def _about(row: Row[Any], kind: str, **facts: Any) -> Problem:
    """A problem of one whole grid."""
    return {
        "kind": kind,
        "grids": [{"id": row.id, "code": row.code}],
        "plots": [],
        "bbox": [row.west, row.south, row.east, row.north],
        "facts": {"grid": row.code, **facts},
    }


def _out_of_band(plan: Plan, rows: Iterable[Row[Any]]) -> list[Problem]:
    """Grids out of band, those furthest out first."""
    found = []
    counted = "households" if plan.weights is None else "formula"
    for row in rows:
        if row.is_out:
            held = float(row.held)
            beyond = round(max(plan.least - held, held - plan.most), 3)
            way = "above" if held > plan.most else "below"
            limits = {"least": plan.least, "most": plan.most}
            facts = {"held": held, **limits, "beyond": beyond, "way": way, "counted": counted}
            found.append(_about(row, "out_of_band", **facts))
    return sorted(found, key=lambda one: -float(one["facts"]["beyond"]))


# --- In pieces -------------------------------------------------------------------------------------------


def _in_pieces(session: Session, plan: Plan, rows: dict[int, Row[Any]]) -> list[Problem]:
    walled = session.scalars(_WALLED, {"plan": plan.id, "version": plan.tessellation_id})
    suspects = sorted({*walled, *(row.id for row in rows.values() if row.has_parts)})
    if not suspects:
        return []
    part = part_of(session, plan, plan.tessellation_id, plots_in(session, plan.id, suspects), suspects)
    found = []
    for number, count in enumerate(part.pieces().tolist()):
        if count > 1:
            torn = part.torn_off(number)
            one = _about(rows[suspects[number]], "grid_in_pieces", pieces=count)
            found.append(one | {"plots": torn.tolist(), "bbox": _box(part, torn)})
    return found


# Grids that have a line on which no grid reaches across inside them.
_WALLED = text("""
    SELECT DISTINCT one.grid_id FROM plot_edge
    JOIN grid_plot AS one ON one.plan_id = :plan AND one.plot_id = plot_edge.plot_id
    JOIN grid_plot AS other ON other.plan_id = :plan AND other.plot_id = plot_edge.neighbour_id
    WHERE plot_edge.tessellation_id = :version AND plot_edge.wall AND one.grid_id = other.grid_id
""")


def _box(part: Part, plots: Any) -> list[float]:
    shapes = part.plots.polygons[part.plots.numbers_of(plots)]
    box: list[float] = round_degrees(np.array(shapely.total_bounds(shapes))).tolist()
    return box


# --- Compounds -------------------------------------------------------------------------------------------


def _compounds_divided(session: Session, plan: Plan, rows: dict[int, Row[Any]]) -> list[Problem]:
    asked = {"plan": plan.id, "place": plan.place_id, "version": plan.tessellation_id}
    parts: dict[int, list[Row[Any]]] = {}
    for row in session.execute(_COMPOUNDS, asked):
        parts.setdefault(row.id, []).append(row)
    return [
        _compound(shares, rows)
        for shares in parts.values()
        if plan.weights is not None or sum(share.households for share in shares) <= plan.most
    ]


def _compound(shares: Sequence[Row[Any]], rows: dict[int, Row[Any]]) -> Problem:
    main = max(shares, key=lambda share: (share.households, len(share.plots), -share.grid_id))
    held = sorted((rows[share.grid_id] for share in shares), key=lambda row: row.code)
    return {
        "kind": "compound_divided",
        "grids": [{"id": row.id, "code": row.code} for row in held],
        "plots": sorted(plot for share in shares if share is not main for plot in share.plots),
        "bbox": [main.west, main.south, main.east, main.north],
        "facts": {
            "compound": main.called,
            "households": sum(share.households for share in shares),
            "grids": [row.code for row in held],
        },
    }


# What each grid has of a compound that several have plots of, by a point inside each plot.
_COMPOUNDS = text("""
    WITH share AS (
        SELECT compound.id, grid_plot.grid_id, sum(counted.households)::int AS households,
            array_agg(grid_plot.plot_id ORDER BY grid_plot.plot_id) AS plots
        FROM compound
        JOIN plot ON plot.geometry && compound.geometry
            AND ST_Intersects(compound.geometry, ST_PointOnSurface(plot.geometry))
        JOIN grid_plot ON grid_plot.plan_id = :plan AND grid_plot.plot_id = plot.id
        JOIN tessellation_plot AS counted
            ON counted.tessellation_id = :version AND counted.plot_id = plot.id
        WHERE compound.place_id = :place GROUP BY compound.id, grid_plot.grid_id
    )
    SELECT share.*, coalesce(compound.name, compound.code) AS called,
        ST_XMin(geometry) AS west, ST_YMin(geometry) AS south,
        ST_XMax(geometry) AS east, ST_YMax(geometry) AS north
    FROM share JOIN compound ON compound.id = share.id
    WHERE share.id IN (SELECT id FROM share GROUP BY id HAVING count(*) > 1)
    ORDER BY compound.code, share.grid_id
""")
