"""Where two plans differ, or two versions of a draft: ground that changes hands, and the buildings on it.

Between plans a grid is the same where its code is, for codes pass on; between versions of one plan where its
row is, so that a new number moves nobody. A plot that the earlier plan does not know lay in the grid that
held a point inside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Plan
from app.services import edit_history
from app.services.bulk import shapes_of
from app.services.lookup import Scope
from app.services.residents_moved import Residents, sum_of, untold

DECIMALS = 7  # of a map in the browser: a centimetre
SORTS = {
    "code": "standing.code",
    "name": "coalesce(standing.name, standing.code)",
    "households": "standing.households",
    "from": "moved.source",
    "to": "moved.target",
}


@dataclass(frozen=True)
class State:
    """A plan at a version. grid: key of each plot's grid. codes: code by key."""

    plan_id: int
    version: int
    tessellation_id: int
    place_id: int
    grid: Mapping[int, int | str]
    codes: Mapping[int | str, str]


@dataclass(frozen=True)
class Moved:
    """Plots of the later state that were in another grid before; `source` and `target` are codes."""

    before: State
    after: State
    plots: list[int]
    source: list[str | None]
    target: list[str]


def state_of(session: Session, plan_id: int, version: int | None, *, by_code: bool) -> State:
    """A plan as it is, or as it was at a version.

    by_code: whether grids are known by their codes, else by their rows. Refused with `plan_unknown` and as
    `edit_history.past` says.
    """
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    if version is None or version == plan.version:
        rows = session.execute(_NOW, {"plan": plan_id}).all()
        codes = {row.grid_id: row.code for row in rows}
        grid = {row.plot_id: row.grid_id for row in rows}
        found, ground = plan.version, plan.tessellation_id
    else:
        then = edit_history.state(session, plan_id, version)
        codes = {own["id"]: own["code"] for own in then["grids"]}
        grid = {plot: own["id"] for own in then["grids"] for plot in own["plots"]}
        found, ground = version, then["ground"]
    if by_code:
        grid = {plot: codes[own] for plot, own in grid.items()}
        codes = {code: code for code in codes.values()}
    return State(plan_id, found, ground, plan.place_id, grid, codes)


_NOW = text("""
    SELECT grid_plot.plot_id, grid_plot.grid_id, grid.code
    FROM grid_plot JOIN grid ON grid.id = grid_plot.grid_id WHERE grid_plot.plan_id = :plan
""")


def moved(
    session: Session,
    before: tuple[int, int | None],
    after: tuple[int, int | None],
    scope: Scope = None,
) -> Moved:
    """Plots that change hands from one plan and version to another; None: the version it is at.

    scope: paths of the places that may be told of. Refused with `plans_not_comparable`.
    """
    by_code = before[0] != after[0]
    earlier = state_of(session, *before, by_code=by_code)
    later = state_of(session, *after, by_code=by_code)
    if earlier.place_id != later.place_id:
        raise Refusal("plans_not_comparable")
    grid = dict(earlier.grid)
    fresh = sorted(later.grid.keys() - grid.keys())
    if fresh:
        gone = sorted(grid.keys() - later.grid.keys())
        for row in session.execute(_LAY_IN, {"fresh": fresh, "gone": gone}):
            grid[row.plot] = earlier.grid[row.former]
    plots = sorted(plot for plot, own in later.grid.items() if grid.get(plot) != own)
    if scope is not None:
        plots = list(session.scalars(_SEEN, {"plots": plots, "scope": list(scope)}))
    source = [earlier.codes[grid[plot]] if plot in grid else None for plot in plots]
    return Moved(earlier, later, plots, source, [later.codes[later.grid[plot]] for plot in plots])


_LAY_IN = text("""
    SELECT fresh.id AS plot, former.id AS former
    FROM plot AS fresh JOIN plot AS former
        ON ST_Intersects(former.geometry, ST_PointOnSurface(fresh.geometry))
    WHERE fresh.id = ANY(CAST(:fresh AS bigint[])) AND former.id = ANY(CAST(:gone AS bigint[]))
    ORDER BY fresh.id, former.id DESC
""")
_SEEN = text("""
    SELECT plot.id FROM plot JOIN place ON place.id = plot.community_id
    WHERE plot.id = ANY(CAST(:plots AS bigint[])) AND place.path <@ ANY(CAST(:scope AS ltree[]))
    ORDER BY plot.id
""")


def differences(session: Session, found: Moved, residents: Residents = untold) -> dict[str, Any]:
    """Ground that changes hands as GeoJSON: a feature for each pair of grids, the most households first.

    residents: counts those on plots; `people` is null where it tells none.
    """
    rows = session.execute(_PLOTS, {"plots": found.plots, "version": found.after.tessellation_id}).all()
    pair_of = dict(zip(found.plots, zip(found.source, found.target, strict=True), strict=True))
    groups: dict[tuple[str | None, str], list[int]] = {}
    for k, row in enumerate(rows):
        groups.setdefault(pair_of[row.id], []).append(k)
    shapes, living = shapes_of(row.geometry for row in rows), residents(found.plots)
    features = [
        _feature(pair, [rows[k] for k in members], shapely.coverage_union_all(shapes[members]), living)
        for pair, members in groups.items()
    ]
    features.sort(key=lambda one: (-one["properties"]["households"], -one["properties"]["area_m2"]))
    said = [one["properties"] for one in features]
    return {
        "type": "FeatureCollection",
        "before": {"plan": found.before.plan_id, "version": found.before.version},
        "after": {"plan": found.after.plan_id, "version": found.after.version},
        "same_ground": found.before.tessellation_id == found.after.tessellation_id,
        "households": sum(one["households"] for one in said),
        "buildings": sum(one["buildings"] for one in said),
        "people": sum_of(living, found.plots),
        "features": features,
    }


_PLOTS = text("""
    SELECT plot.id, counted.households, counted.buildings, plot.area_m2,
        ST_AsBinary(plot.geometry) AS geometry
    FROM tessellation_plot AS counted JOIN plot ON plot.id = counted.plot_id
    WHERE counted.tessellation_id = :version AND plot.id = ANY(CAST(:plots AS bigint[]))
    ORDER BY plot.id
""")


def _feature(
    pair: tuple[str | None, str],
    rows: list[Any],
    ground: shapely.Geometry,
    living: Mapping[int, int] | None,
) -> dict[str, Any]:
    parts = shapely.get_parts(ground)
    middle = shapely.point_on_surface(parts[np.argmax(shapely.area(parts))])
    rounded = shapely.transform(ground, lambda xy: np.round(xy, DECIMALS))
    return {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(rounded),
        "properties": {
            "from": pair[0],
            "to": pair[1],
            "households": sum(row.households for row in rows),
            "buildings": sum(row.buildings for row in rows),
            "people": sum_of(living, [row.id for row in rows]),
            "plots": len(rows),
            "area_m2": round(sum(row.area_m2 for row in rows), 1),
            "label": [round(value, DECIMALS) for value in shapely.get_coordinates(middle)[0].tolist()],
            "bbox": [round(value, DECIMALS) for value in ground.bounds],
        },
    }


def moved_buildings(
    session: Session,
    found: Moved,
    residents: Residents = untold,
    *,
    sort: str,
    descending: bool,
    limit: int,
    after: int,
) -> dict[str, Any]:
    """A page of the buildings that stand there now on ground that changes hands.

    sort: a key of SORTS. after: how many came before this page. Returns the rows, how many there are in all
    with their households and residents (`people`, None where none is told), and `next`, None on the last
    page.
    """
    way = "DESC" if descending else "ASC"
    asked = {
        "plots": found.plots,
        "source": found.source,
        "target": found.target,
        "place": found.after.place_id,
        "limit": limit,
        "after": after,
    }
    total = session.execute(_COUNTED, asked).one()
    rows = session.execute(text(_BUILDINGS.format(order=SORTS[sort], way=way)), asked).all()
    return {
        "total": total.buildings,
        "households": total.households,
        "people": sum_of(residents(found.plots), found.plots),
        "buildings": [
            {
                "id": row.id,
                "code": row.code,
                "name": row.name,
                "name_pinyin": row.name_pinyin,
                "households": row.households,
                "from": row.source,
                "to": row.target,
                "position": [row.lon, row.lat],
            }
            for row in rows
        ],
        "next": after + limit if after + limit < total.buildings else None,
    }


# From each plot to the buildings on it: the point inside decides, as it does for counting.
_STANDING = """
    FROM unnest(CAST(:plots AS bigint[]), CAST(:source AS text[]), CAST(:target AS text[]))
        AS moved (plot, source, target)
    JOIN plot ON plot.id = moved.plot
    JOIN building AS standing ON ST_Intersects(plot.geometry, standing.position)
        AND standing.place_id = :place AND standing.retired_at IS NULL
"""
_COUNTED = text(f"""
    SELECT count(*)::int AS buildings, coalesce(sum(standing.households), 0)::int AS households {_STANDING}
""")
_BUILDINGS = f"""
    SELECT standing.id, standing.code, standing.name, standing.name_pinyin, standing.households,
        moved.source, moved.target, ST_X(standing.position) AS lon, ST_Y(standing.position) AS lat
    {_STANDING}
    ORDER BY {{order}} {{way}} NULLS LAST, standing.id LIMIT :limit OFFSET :after
"""
