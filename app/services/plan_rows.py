"""Plans as rows: the grids of a division measured, numbered, and written with their plots."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoSeries
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.geo import codes, measure
from app.geo.crs import Geometries, round_degrees, to_lonlat, to_metres
from app.geo.doors import FEWEST
from app.geo.partition import grid_count, outlines
from app.geo.plots import Band, BoolArray, FloatArray, IntArray
from app.models.plans import SPECIAL_KINDS
from app.reasons import Reason
from app.services.bulk import copy_rows, hex_of, insert_rows, many, new_ids, shapes_of
from app.services.naming import NOBODYS, Buildings, named, with_codes
from app.services.plot_tables import StoredPlots

SHARES = (
    *("load", "deviation", "compactness", "completeness"),
    *("physical_share", "inner_physical_share", "street_share"),
)
COMMUNITY_DIGITS = 12
# Of rows `grid` and `plan`: what the band is held against, and who is held against it and found outside.
LOAD = "coalesce(grid.load, grid.households)"
_STARTS = "CAST(:class_starts AS float8[])"  # the fourth is one more than the most allowed
CLASS = f"width_bucket(CASE WHEN {LOAD} > ({_STARTS})[4] - 1 THEN ceil({LOAD}) ELSE {LOAD} END, {_STARTS})"
SPECIAL = f"grid.kind IN {SPECIAL_KINDS}"
OUT_OF_BAND = f"NOT {SPECIAL} AND {LOAD} NOT BETWEEN plan.least AND plan.most"
# Of the same: whether the place has locked the grid of that code, and whether it is locked in that plan.
PLACE_LOCK = "EXISTS (SELECT FROM lock WHERE lock.place_id = plan.place_id AND lock.grid_code = grid.code)"
IS_LOCKED = f"coalesce(CASE WHEN plan.state = 'draft' THEN grid.own_lock END, {PLACE_LOCK})"
LABEL_M = 2.0  # a label point need not be exact


@dataclass(frozen=True)
class Grids:
    """The grids of a division, number by number, as they are written.

    outline: lon/lat. community: `place.id`. figures: as `measure.figures`, with completeness. label: a point
    with room around it. reasons: why a grid is out of band. load: what is balanced instead of households.
    kinds, names: None where all are ordinary.
    """

    outline: Geometries
    metres: Geometries
    community: IntArray
    figures: pd.DataFrame
    label: Geometries
    reasons: Mapping[int, Reason]
    load: FloatArray | None = None
    kinds: Sequence[str] | None = None
    names: Sequence[str | None] | None = None


@dataclass(frozen=True)
class Known:
    """Of each building of a place: what is known of it, and on which plot it stands (-1 for none)."""

    answers: pd.DataFrame
    plot: IntArray
    called: Sequence[str] = ()
    households: IntArray | None = None
    entrances: IntArray | None = None
    marked: BoolArray | None = None

    @property
    def buildings(self) -> Buildings:
        """How they are called, where that was read."""
        if self.households is None:
            return NOBODYS
        return Buildings(self.called, self.households, self.plot, self.entrances, self.marked)


def read_known(
    session: Session, plots: StoredPlots, box: tuple[float, float, float, float] | None = None
) -> Known:
    """What is known of the buildings that stand there now, by the plots of a version.

    box: west, south, east and north in degrees, where only a part is looked at.
    """
    facts: dict[str, Any] = {"place": plots.place_id, "fewest": FEWEST}
    if box is not None:
        facts |= dict(zip(("west", "south", "east", "north"), box, strict=True))
    rows = session.execute(_KNOWN if box is None else _KNOWN_IN_BOX, facts).all()
    answers = pd.DataFrame(
        {
            "households_counted": np.array([row.counted for row in rows], bool),
            "named": np.array([row.named for row in rows], bool),
            "use_known": np.array([row.used for row in rows], bool),
        }
    )
    where = np.full(len(rows), -1, np.int64)
    if rows:
        points = shapes_of(row.position for row in rows)
        point, plot = shapely.STRtree(plots.polygons).query(points, predicate="intersects")
        where[point[::-1]] = plot[::-1]
    households = np.array([row.households for row in rows], np.int64)
    entrances = np.array([row.entrances for row in rows], np.int64)
    marked = np.array([row.marked for row in rows], np.bool_)
    return Known(answers, where, [row.called for row in rows], households, entrances, marked)


def _known(where: str) -> TextClause:
    return text(f"""
        SELECT households_source <> 'estimate' AS counted, name IS NOT NULL AS named,
            kind IS NOT NULL AS used, coalesce(name, code) AS called, households,
            ST_AsBinary(position) AS position, coalesce(door.entrances, 0) AS entrances,
            mark.id IS NOT NULL AS marked
        FROM building LEFT JOIN entrance_mark AS mark ON mark.building_id = building.id
        LEFT JOIN (
            SELECT building_id, count(*) AS entrances
            FROM entrance JOIN building AS own ON own.id = building_id
            WHERE own.place_id = :place {where.format("own")}
            GROUP BY building_id HAVING count(*) >= :fewest
        ) AS door ON door.building_id = building.id
        WHERE building.place_id = :place AND retired_at IS NULL {where.format("building")}
        ORDER BY building.id
    """)  # noqa: S608 (constants)


_KNOWN = _known("")
_KNOWN_IN_BOX = _known("AND {0}.position && ST_MakeEnvelope(:west, :south, :east, :north, 4326)")


def measured(
    plots: StoredPlots,
    grid: IntArray,
    band: Band,
    reasons: Mapping[int, Reason],
    known: Known,
    *,
    load: FloatArray | None = None,
    kinds: Sequence[str] | None = None,
    names: Sequence[str | None] | None = None,
    only: int | None = None,
) -> Grids:
    """The grids of a division: `grid` is the number, 0 … k-1, of each plot's grid.

    load: of each plot, where it is balanced instead of households. kinds, names: of each grid.
    only: so many, the first, are measured; of the others but the plots beside these are known.
    """
    reasons = named(reasons, grid, known.buildings)
    count = grid_count(grid) if only is None else only
    inside = grid < count
    outline = outlines(plots.polygons[inside], grid[inside])
    metres = to_metres(outline, plots.crs)
    beside = [shapely.Polygon()] * (grid_count(grid) - count)
    figures = measure.figures(
        *(plots.table, grid, GeoSeries([*metres, *beside]), band, plots.buildings, load),
        None if kinds is None else np.append(_special(kinds), np.zeros(len(beside), np.bool_)),
    ).iloc[:count]
    figures = figures.copy()
    held = known.plot >= 0
    figures["completeness"] = measure.completeness(
        known.answers[held], grid[known.plot[held]], len(outline)
    ).to_numpy()
    _, first = np.unique(grid, return_index=True)
    label = to_lonlat(_label_points(metres), plots.crs)
    held_to = None if load is None else np.bincount(grid, load)[:count].round(3).astype(np.float64)
    community = plots.community[first[:count]]
    return Grids(outline, metres, community, figures, label, reasons, held_to, kinds, names)


def _special(kinds: Sequence[str]) -> BoolArray:
    return np.array([kind in SPECIAL_KINDS for kind in kinds], np.bool_)


def _label_points(metres: Geometries) -> Geometries:
    """The middle of the largest circle within each grid's largest part."""
    parts, of = shapely.get_parts(metres, return_index=True)
    order = np.lexsort((-shapely.area(parts), of))
    _, first = np.unique(of[order], return_index=True)
    radius = shapely.maximum_inscribed_circle(parts[order][first], LABEL_M)
    return np.asarray(shapely.get_point(radius, 0), dtype=object)


def place_codes(session: Session, place_id: int) -> dict[int, str]:
    """Code by `place.id`, of a place and all beneath it."""
    asked = text("""
        SELECT place.id, place.code FROM place, place AS own
        WHERE own.id = :place AND place.path <@ own.path
    """)
    return {row.id: row.code for row in session.execute(asked, {"place": place_id})}


def grid_codes(
    grids: Grids,
    code_of: Mapping[int, str],
    place_id: int,
    kept: Mapping[int, str] | None = None,
    used: Iterable[str] = (),
) -> list[str]:
    """Codes of the grids of a plan, number by number.

    Those of a first plan stand in reading order: community code and three digits. In a place that knows
    no communities they are plain numbers. Ground that lies in none of a place's communities counts as one
    whose code is the place's own, filled up with zeros. Later plans keep codes, and a new grid takes the
    next number that was never used.

    code_of: as from `place_codes`. kept: code by number of the grids that have theirs. used: codes no new
    grid may have.
    """
    begins = stems(grids.community, code_of, place_id)
    fresh = codes.number(grids.metres, begins if any(begins) else None)
    left = {number: code for number, code in (kept or {}).items() if _stem(code) == _stem(fresh[number])}
    taken = {*used, *left.values()}
    if not taken:
        return fresh
    result = []
    for number, code in enumerate(fresh):
        stem = _stem(code)
        numbers = [int(other[len(stem) :]) for other in taken if _stem(other) == stem]
        following = f"{stem}{max(numbers, default=0) + 1:0{len(code) - len(stem)}d}"
        result.append(left.get(number, following))
        taken.add(result[-1])
    return result


def _stem(code: str) -> str:
    """What stands before the number of a grid: the community, or nothing."""
    return code[:COMMUNITY_DIGITS] if len(code) > COMMUNITY_DIGITS else ""


def stems(community: IntArray, code_of: Mapping[int, str], place_id: int) -> list[str]:
    """What the code of each grid begins with: the 12 digits of its community, or nothing.

    community: `place.id` of each grid. code_of: as from `place_codes`.
    """
    if len(code_of[place_id]) < COMMUNITY_DIGITS and (community == place_id).all():
        return [""] * len(community)
    return [code_of[place].ljust(COMMUNITY_DIGITS, "0") for place in community.tolist()]


def write_grids(
    session: Session, plan_id: int, plots: StoredPlots, grid: IntArray, grids: Grids, code: Sequence[str]
) -> IntArray:
    """Write the grids of a plan and the plots of each; answers the grids' ids by number."""
    ids = new_ids(session, "grid", len(grids.outline))
    rows = grid_values(plots, grids, code)
    insert_rows(
        session,
        "grid",
        ["id", "plan_id", "community_id", "code", "kind", "name", *GRID_VALUES],
        [
            (id_, plan_id, community, own, kind, name, *values)
            for id_, community, own, kind, name, values in zip(
                ids.tolist(),
                grids.community.tolist(),
                code,
                grids.kinds or ["residential"] * len(ids),
                grids.names or [None] * len(ids),
                rows,
                strict=True,
            )
        ],
    )
    write_grid_plots(session, plan_id, plots, ids[grid])
    return ids


GRID_VALUES = ("outline", "households", "buildings", "area_m2", "load", "reason", "measures")


def grid_values(plots: StoredPlots, grids: Grids, code: Sequence[str]) -> list[tuple[Any, ...]]:
    """Outline and figures of each grid, in the order of `GRID_VALUES`."""
    figures = grids.figures
    points = shapely.get_coordinates(grids.label)
    shapes = hex_of(many(grids.outline))
    return [
        (
            shapes[number],
            int(figures["households"][number]),
            int(figures["buildings"][number]),
            float(figures["area_m2"][number]),
            None if grids.load is None else float(grids.load[number]),
            grids.reasons[number].code if number in grids.reasons else None,
            json.dumps(_measures(plots, grids, number, code, points), ensure_ascii=False),
        )
        for number in range(len(grids.outline))
    ]


def _measures(
    plots: StoredPlots, grids: Grids, number: int, code: Sequence[str], points: FloatArray
) -> dict[str, Any]:
    """What `grid.measures` holds: shares (null: unknown), neighbours by code, label, why and what helps."""
    figures = grids.figures
    said: dict[str, Any] = {name: _share(figures[name][number]) for name in SHARES}
    said["largest_plot"] = int(figures["largest_plot"][number])
    said["neighbours"] = in_order(code[other] for other in figures["neighbours"][number])
    said["label"] = [float(value) for value in round_degrees(points[number])]
    if number in grids.reasons:
        reason = grids.reasons[number]
        said["reason_facts"] = _facts(plots, reason.facts, code)
        if reason.remedy is not None:
            said["remedy"] = {"code": reason.remedy.code, "facts": _facts(plots, reason.remedy.facts, code)}
    return said


def in_order(codes: Iterable[str]) -> list[str]:
    """Codes as numbers are in order.

    >>> in_order(["10", "9"])
    ['9', '10']
    """
    return sorted(codes, key=lambda code: (len(code), code))


def _share(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)


def _facts(plots: StoredPlots, facts: Mapping[str, Any], code: Sequence[str]) -> dict[str, Any]:
    return {name: _by_id(plots, name, value) for name, value in with_codes(facts, code).items()}


def _by_id(plots: StoredPlots, name: str, value: Any) -> Any:
    """Facts name plots by number; what is stored names them by id."""
    if name in ("plot", "neighbour_plot"):
        return int(plots.ids[value])
    if name in ("plots", "around_plots"):
        return [int(plots.ids[plot]) for plot in value]
    return value


def write_grid_plots(session: Session, plan_id: int, plots: StoredPlots, grid_id: IntArray) -> None:
    """Write which grid each plot is in."""
    copy_rows(
        session,
        "grid_plot",
        ["plan_id", "plot_id", "grid_id", "tessellation_id", "community_id"],
        (
            (plan_id, plot, own, plots.tessellation_id, community)
            for plot, own, community in zip(
                plots.ids.tolist(), grid_id.tolist(), plots.community.tolist(), strict=True
            )
        ),
    )
