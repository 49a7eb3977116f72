"""Cuts of open ground: a draft gets a version of the plots of its own, in which some are cut along a line.

That version names the one it was cut from; plots that did not change keep their ids and are carried over by
the database itself. The plan stays on it as long as the plain version below is the newest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import Geometries, to_lonlat, to_metres
from app.geo.cutting import CutPlots, Standing, cut_plots
from app.geo.plots import IntArray, LineClass, PlotTable
from app.models import Place, Plan, Tessellation
from app.services.bulk import copy_rows, hex_of, new_ids, shapes_of
from app.services.editing import Saved, locked_plan, switch_ground
from app.services.operations import draft_at, drawn_line, drawn_polygon, in_metres
from app.services.plot_tables import edges_of, lines_at

MOST_PLOTS = 400  # of one cut
WORDS = [line.words for line in LineClass]


def cut(
    session: Session, plan_id: int, base: int, asked: Mapping[str, Any], actor_id: int | None = None
) -> Saved:
    """Cut plots of a draft along a line, or along the border of a polygon.

    asked: `line` or `polygon`; `plots`, ids of those to be cut, without them all that it crosses; `note`.
    Refused as `editing.save` says, with `drawn_malformed`, `plot_unknown`, `cut_too_long`,
    `building_in_the_way`, `cut_cuts_nothing` and `plots_do_not_match`.
    """
    drawn = _drawn(asked)
    plan = plan_to_cut(session, plan_id, base)
    done = cut_ground(session, plan, drawn, asked.get("plots"))
    said = {name: asked[name] for name in ("plots", "line", "polygon") if asked.get(name) is not None}
    return switch_ground(
        session,
        *(plan_id, base, done.tessellation_id, done.moves, actor_id),
        note=asked.get("note"),
        parameters=said,
    )


def rehearse(session: Session, plan_id: int, version: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What cutting named plots along a line would come to, told as `operate` tells it; nothing is stored.

    `moves` are none, for the pieces are not there yet. Besides, `cuts` (how many plots are cut), `pieces` (of
    each of them: `plot` and `areas_m2`, the larger first) and `outline` (the line within them, as GeoJSON).
    Refused with `plan_not_draft`, `plan_changed`, `plot_unknown` and `drawn_malformed`; what is in the way
    stands in the answer as `refusal`.
    """
    line = drawn_line(asked["line"])
    plan = draft_at(session, plan_id, version)
    act = {name: asked[name] for name in ("do", "plots", "line")}
    said = {"version": plan.version, "kind": "cut", "moves": {}, "grids": {}, "parameters": act, "after": []}
    try:
        near = _near(session, plan, _wanted(session, plan, line, asked["plots"]))
        drawn = in_metres(line, near.crs)
        done = _cut(session, plan, near, drawn)
    except Refusal as refused:
        if refused.code == "plot_unknown":
            raise
        return said | {"refusal": {"code": refused.code, "facts": dict(refused.facts)}}
    parts = np.flatnonzero(~done.is_whole)
    own = np.unique(done.origin[parts])
    pieces = [
        {
            "plot": int(near.ids[plot]),
            "areas_m2": sorted(done.table.area[parts[done.origin[parts] == plot]].round(1).tolist())[::-1],
        }
        for plot in own.tolist()
    ]
    parts_across = shapely.get_parts(shapely.intersection(drawn, shapely.union_all(near.metres[own])))
    across = shapely.multilinestrings(parts_across[shapely.get_dimensions(parts_across) == 1])
    outline = dict(shapely.geometry.mapping(to_lonlat(np.array([across], object), near.crs)[0]))
    return said | {"cuts": len(pieces), "pieces": pieces, "outline": outline, "refusal": None}


def plan_to_cut(session: Session, plan_id: int, base: int) -> Plan:
    """The draft whose ground is to be cut, its row taken till the transaction ends; refused as `locked_plan`.

    The place first, as an import does, so that the two never wait for each other; it counts the versions.
    """
    place_id = session.scalar(select(Plan.place_id).where(Plan.id == plan_id))
    session.scalars(select(Place).where(Place.id == place_id).with_for_update(key_share=True)).all()
    return locked_plan(session, plan_id, base)


@dataclass(frozen=True)
class CutGround:
    """A new version of a draft's plots, which the draft does not lie on yet.

    moves: each plot that is no more leaves its grid, each that is new comes to the grid its ground was in.
    origin: {new plot: the plot it is a piece of}.
    """

    tessellation_id: int
    moves: dict[int, tuple[int | None, int | None]]
    origin: dict[int, int]


def cut_ground(
    session: Session,
    plan: Plan,
    drawn: shapely.Geometry,
    plots: Sequence[int] | None = None,
    within: Sequence[int] | None = None,
) -> CutGround:
    """Cut plots of a draft along a line in degrees; its row is taken. Refused as `cut` says.

    within: for a trial that is taken back, ids of the grids it looks at. The new version holds their plots
        alone, for writing those of a whole city takes longer than anything else here.
    """
    near = _near(session, plan, _wanted(session, plan, drawn, plots))
    done = _cut(session, plan, near, in_metres(drawn, near.crs))
    ids, tessellation_id = _write(session, plan, near, done, within)
    fresh = np.flatnonzero(done.changed)
    origin = zip(ids[fresh].tolist(), near.ids[done.origin[fresh]].tolist(), strict=True)
    return CutGround(tessellation_id, _moves(near, done, ids), dict(origin))


def _drawn(asked: Mapping[str, Any]) -> shapely.Geometry:
    """The line to cut along, in degrees."""
    if asked.get("polygon") is not None:
        return shapely.boundary(drawn_polygon(asked["polygon"]))
    return drawn_line(asked["line"])


# --- Reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Near:
    """The plots to be cut and all that touch one of them, in rising order of ids.

    grid: id of the grid of each. metres: their ground. wanted: positions of those to be cut. lines: every
    line with an end in them, by ids; `table` has those within.
    """

    ids: IntArray
    grid: IntArray
    community: IntArray
    polygons: Geometries
    metres: Geometries
    buildings: IntArray
    table: PlotTable
    wanted: IntArray
    lines: Sequence[Row[Any]]
    crs: CRS


def _wanted(session: Session, plan: Plan, drawn: shapely.Geometry, plots: Sequence[int] | None) -> list[int]:
    """Ids of the plots that the line crosses, of those named if any are."""
    asked = {"plan": plan.id, "line": shapely.to_wkb(drawn)}
    found = sorted(session.scalars(_CROSSED, asked))
    if plots is not None:
        here = set(session.scalars(_HERE, {"plan": plan.id, "plots": list(plots)}))
        if missing := sorted({*plots} - here):
            raise Refusal("plot_unknown", plot=missing[0])
        found = [plot for plot in found if plot in here]
    if not found:
        raise Refusal("cut_cuts_nothing")
    if len(found) > MOST_PLOTS:
        raise Refusal("cut_too_long", plots=len(found), most=MOST_PLOTS)
    return found


_CROSSED = text("""
    SELECT plot.id FROM plot JOIN grid_plot ON grid_plot.plan_id = :plan AND grid_plot.plot_id = plot.id
    WHERE ST_Intersects(plot.geometry, ST_GeomFromWKB(:line, 4326))
""")
_HERE = text("""
    SELECT plot_id FROM grid_plot WHERE plan_id = :plan AND plot_id = ANY(CAST(:plots AS bigint[]))
""")


def _near(session: Session, plan: Plan, wanted: Sequence[int]) -> Near:
    asked = {"plan": plan.id, "version": plan.tessellation_id, "plots": list(wanted)}
    rows = session.execute(_BESIDE, asked).all()
    ids = np.array([row.id for row in rows], np.int64)
    lines, here = lines_at(session, plan.tessellation_id, ids.tolist()), {*ids.tolist()}
    srid = session.scalars(select(Place.srid).where(Place.id == plan.place_id)).one()
    crs = CRS.from_epsg(srid)
    polygons = shapes_of(row.geometry for row in rows)
    metres = to_metres(polygons, crs)
    table = PlotTable(
        households=np.array([row.households for row in rows], np.int64),
        area=np.array([row.area_m2 for row in rows], np.float64),
        perimeter=np.array([row.perimeter_m for row in rows], np.float64),
        outer=np.zeros(len(ids)),
        xy=shapely.get_coordinates(shapely.centroid(metres)),
        edges=edges_of([row for row in lines if {row.plot_id, row.neighbour_id} <= here], ids),
    )
    return Near(
        ids,
        np.array([row.grid_id for row in rows], np.int64),
        np.array([row.community_id for row in rows], np.int64),
        polygons,
        metres,
        np.array([row.buildings for row in rows], np.int64),
        table,
        np.searchsorted(ids, np.array(wanted, np.int64)),
        lines,
        crs,
    )


# Those to be cut, and what touches them, be it in a corner. Step by step: of plots imported a moment ago the
# statistics know nothing, and every plot would be held against every other for each of those to be cut.
_BESIDE = text("""
    WITH own AS MATERIALIZED (SELECT geometry FROM plot WHERE id = ANY(CAST(:plots AS bigint[]))),
    beside AS MATERIALIZED (
        SELECT DISTINCT plot.id FROM own JOIN plot ON ST_Intersects(own.geometry, plot.geometry)
    )
    SELECT plot.id, plot.community_id, plot.area_m2, plot.perimeter_m, counted.households, counted.buildings,
        grid_plot.grid_id, ST_AsBinary(plot.geometry) AS geometry
    FROM beside JOIN grid_plot ON grid_plot.plan_id = :plan AND grid_plot.plot_id = beside.id
    JOIN plot ON plot.id = beside.id
    JOIN tessellation_plot AS counted ON counted.tessellation_id = :version AND counted.plot_id = beside.id
    ORDER BY plot.id
""")


# --- Cutting ---------------------------------------------------------------------------------------------


def _cut(session: Session, plan: Plan, near: Near, line: shapely.Geometry) -> CutPlots:
    """The cut; `building_in_the_way` names the building and says where it is."""
    asked = {
        "place": plan.place_id,
        "version": plan.tessellation_id,
        "plots": near.ids[near.wanted].tolist(),
    }
    houses = session.execute(_FOOTPRINTS, asked).all()
    rows = session.execute(_STANDING, asked).all()
    standing = Standing(
        to_metres(shapes_of(row.spot for row in rows), near.crs),
        np.searchsorted(near.ids, np.array([row.plot_id for row in rows], np.int64)),
        np.array([row.households for row in rows], np.int64),
        np.array([row.buildings for row in rows], np.int64),
    )
    footprints = to_metres(shapes_of(row.footprint for row in houses), near.crs)
    try:
        return cut_plots(near.metres, near.table, near.buildings, near.wanted, line, footprints, standing)
    except Refusal as refused:
        if refused.code != "building_in_the_way":
            raise
        house = houses[int(str(refused.facts["building"]))]
        facts = {"id": house.id, "position": [house.lon, house.lat]}
        raise Refusal("building_in_the_way", building=house.called, **facts) from None


_FOOTPRINTS = text("""
    SELECT DISTINCT building.id, coalesce(building.name, building.code) AS called,
        ST_X(building.position) AS lon, ST_Y(building.position) AS lat,
        ST_AsBinary(building.geometry) AS footprint
    FROM plot JOIN building ON ST_Intersects(plot.geometry, building.geometry)
    WHERE plot.id = ANY(CAST(:plots AS bigint[])) AND building.place_id = :place
        AND building.retired_at IS NULL
    ORDER BY building.id
""")
# A building that the version divides stands behind each of its entrances.
_STANDING = text("""
    SELECT plot.id AS plot_id, 1 AS buildings, ST_AsBinary(building.position) AS spot,
        CASE WHEN door.building_id IS NULL THEN building.households ELSE 0 END AS households
    FROM plot JOIN building ON ST_Intersects(plot.geometry, building.position)
    LEFT JOIN (
        SELECT DISTINCT building_id FROM plot_entrance WHERE tessellation_id = :version
    ) AS door ON door.building_id = building.id
    WHERE plot.id = ANY(CAST(:plots AS bigint[])) AND building.place_id = :place
        AND building.retired_at IS NULL
    UNION ALL
    SELECT plot_id, 0, ST_AsBinary(position), households FROM plot_entrance
    WHERE tessellation_id = :version AND plot_id = ANY(CAST(:plots AS bigint[]))
""")


def _moves(near: Near, done: CutPlots, ids: IntArray) -> dict[int, tuple[int | None, int | None]]:
    """Plots that are no more leave their grid, those in their place come to it."""
    gone = np.unique(done.origin[done.changed])
    moves: dict[int, tuple[int | None, int | None]] = {
        plot: (grid, None)
        for plot, grid in zip(near.ids[gone].tolist(), near.grid[gone].tolist(), strict=True)
    }
    fresh = np.flatnonzero(done.changed)
    homes = near.grid[done.origin[fresh]].tolist()
    return moves | {plot: (None, grid) for plot, grid in zip(ids[fresh].tolist(), homes, strict=True)}


# --- Writing ---------------------------------------------------------------------------------------------


def _write(
    session: Session, plan: Plan, near: Near, done: CutPlots, within: Sequence[int] | None
) -> tuple[IntArray, int]:
    """The new version of the plots: ids of those in `done`, and the version's."""
    fresh = np.flatnonzero(done.changed)
    polygons = near.polygons[done.origin].copy()
    polygons[fresh] = _in_degrees(near, done.polygons[fresh])
    unmatched = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons))
    if not shapely.is_valid(polygons).all() or unmatched.any():
        raise Refusal("plots_do_not_match", count=len(fresh))
    own = session.get_one(Tessellation, plan.tessellation_id)
    newest = select(func.max(Tessellation.version)).where(Tessellation.place_id == plan.place_id)
    made = Tessellation(
        place_id=plan.place_id,
        version=session.scalars(newest).one() + 1,
        plain_id=own.plain_id or own.id,
        cut_from_id=own.id,
    )
    session.add(made)
    session.flush()
    ids = near.ids[done.origin]
    ids[fresh] = new_ids(session, "plot", len(fresh))
    _write_plots(session, near, done, ids, polygons, fresh)
    gone = near.ids[np.unique(done.origin[fresh])].tolist()
    asked = {"own": own.id, "made": made.id, "gone": gone}
    if within is not None:
        grids = sorted({*within, *near.grid.tolist()})
        asked |= {"near": near.ids.tolist(), "plan": plan.id, "grids": grids}
    session.execute(_CARRY_PLOTS if within is None else _CARRY_SOME_PLOTS, asked)
    counted = zip(
        ids[fresh].tolist(),
        done.table.households[fresh].tolist(),
        done.buildings[fresh].tolist(),
        strict=True,
    )
    columns = ["tessellation_id", "plot_id", "households", "buildings"]
    copy_rows(session, "tessellation_plot", columns, ((made.id, *row) for row in counted))
    session.execute(_CARRY_LINES if within is None else _CARRY_SOME_LINES, asked)
    _write_lines(session, made.id, near, done, ids)
    _write_entrances(session, asked, near, done, ids)
    return ids, made.id


def _in_degrees(near: Near, metres: Geometries) -> Geometries:
    """Plots in degrees: corners that were there are the very same, only new ones are rounded."""
    was = dict(
        zip(
            map(tuple, shapely.get_coordinates(near.metres).tolist()),
            shapely.get_coordinates(near.polygons).tolist(),
            strict=True,
        )
    )
    fresh = to_lonlat(metres, near.crs)
    corners = zip(
        shapely.get_coordinates(metres).tolist(), shapely.get_coordinates(fresh).tolist(), strict=True
    )
    kept = [was.get(tuple(corner), made) for corner, made in corners]
    return np.asarray(shapely.set_coordinates(fresh, np.array(kept)), dtype=object)


def _write_plots(
    session: Session, near: Near, done: CutPlots, ids: IntArray, polygons: Geometries, fresh: IntArray
) -> None:
    columns = ["id", "community_id", "geometry", "area_m2", "perimeter_m"]
    rows = zip(
        ids[fresh].tolist(),
        near.community[done.origin[fresh]].tolist(),
        hex_of(polygons[fresh]),
        done.table.area[fresh].tolist(),
        done.table.perimeter[fresh].tolist(),
        strict=True,
    )
    copy_rows(session, "plot", columns, rows)


_CARRY_PLOTS = text("""
    INSERT INTO tessellation_plot (tessellation_id, plot_id, households, buildings)
    SELECT :made, plot_id, households, buildings FROM tessellation_plot
    WHERE tessellation_id = :own AND NOT plot_id = ANY(CAST(:gone AS bigint[]))
""")
# Those of some grids, and all that touch one of them.
_CARRY_SOME_PLOTS = text("""
    INSERT INTO tessellation_plot (tessellation_id, plot_id, households, buildings)
    WITH own AS MATERIALIZED (
        SELECT plot_id FROM grid_plot WHERE plan_id = :plan AND grid_id = ANY(CAST(:grids AS bigint[]))
    ), beside AS (
        SELECT plot_id FROM own
        UNION SELECT unnest(CAST(:near AS bigint[]))
        UNION SELECT neighbour_id FROM plot_edge JOIN own USING (plot_id) WHERE tessellation_id = :own
        UNION SELECT plot_edge.plot_id FROM plot_edge JOIN own ON own.plot_id = neighbour_id
            WHERE tessellation_id = :own
    )
    SELECT :made, plot_id, households, buildings FROM tessellation_plot JOIN beside USING (plot_id)
    WHERE tessellation_id = :own AND NOT plot_id = ANY(CAST(:gone AS bigint[]))
""")
_CARRY_SOME_LINES = text("""
    INSERT INTO plot_edge (tessellation_id, plot_id, neighbour_id, kind, metres, wall)
    SELECT :made, line.plot_id, line.neighbour_id, kind, metres, wall
    FROM tessellation_plot AS one
    JOIN plot_edge AS line ON line.tessellation_id = :own AND line.plot_id = one.plot_id
    JOIN tessellation_plot AS other ON other.tessellation_id = :made AND other.plot_id = line.neighbour_id
    WHERE one.tessellation_id = :made
""")
_CARRY_LINES = text("""
    INSERT INTO plot_edge (tessellation_id, plot_id, neighbour_id, kind, metres, wall)
    SELECT :made, plot_id, neighbour_id, kind, metres, wall FROM plot_edge
    WHERE tessellation_id = :own AND NOT plot_id = ANY(CAST(:gone AS bigint[]))
        AND NOT neighbour_id = ANY(CAST(:gone AS bigint[]))
""")


def _write_lines(session: Session, made_id: int, near: Near, done: CutPlots, ids: IntArray) -> None:
    """Lines with an end in a plot that is new: those among the plots near as they are now, those towards
    plots further off as they were."""
    edges = done.table.edges
    inner = np.flatnonzero(done.changed[edges.i] | done.changed[edges.j])
    rows: list[tuple[Any, ...]] = []
    for one, other, kind, metres, wall in zip(
        ids[edges.i[inner]].tolist(),
        ids[edges.j[inner]].tolist(),
        edges.kind[inner].tolist(),
        edges.metres[inner].tolist(),
        edges.wall[inner].tolist(),
        strict=True,
    ):
        rows.append((made_id, min(one, other), max(one, other), WORDS[kind], metres, wall))
    here = {*near.ids.tolist()}
    now = dict(zip(near.ids[done.origin].tolist(), ids.tolist(), strict=True))  # of plots that are not cut
    for line in near.lines:
        ends = line.plot_id, line.neighbour_id
        if not here.issuperset(ends):
            one, other = (now.get(end, end) for end in ends)
            if (one, other) != ends:
                rows.append((made_id, min(one, other), max(one, other), line.kind, line.metres, line.wall))
    columns = ["tessellation_id", "plot_id", "neighbour_id", "kind", "metres", "wall"]
    copy_rows(session, "plot_edge", columns, rows)


def _write_entrances(
    session: Session, asked: Mapping[str, Any], near: Near, done: CutPlots, ids: IntArray
) -> None:
    """The entrances of divided buildings, on the plots they lie on now."""
    session.execute(_CARRY_ENTRANCES, asked)
    fresh = np.flatnonzero(done.changed)
    placed = {
        "was": near.ids[done.origin[fresh]].tolist(),
        "now": ids[fresh].tolist(),
    }
    session.execute(_PLACE_ENTRANCES, {**asked, **placed})


_CARRY_ENTRANCES = text("""
    INSERT INTO plot_entrance (tessellation_id, building_id, code, plot_id, name, households, position)
    SELECT :made, building_id, code, plot_id, name, plot_entrance.households, position
    FROM plot_entrance JOIN tessellation_plot AS kept USING (plot_id)
    WHERE plot_entrance.tessellation_id = :own AND kept.tessellation_id = :made
""")
_PLACE_ENTRANCES = text("""
    INSERT INTO plot_entrance (tessellation_id, building_id, code, plot_id, name, households, position)
    SELECT DISTINCT ON (door.building_id, door.code)
        :made, door.building_id, door.code, plot.id, door.name, door.households, door.position
    FROM unnest(CAST(:was AS bigint[]), CAST(:now AS bigint[])) AS placed (was, now)
    JOIN plot ON plot.id = placed.now
    JOIN plot_entrance AS door ON door.tessellation_id = :own AND door.plot_id = placed.was
    ORDER BY door.building_id, door.code, ST_Distance(plot.geometry, door.position)
""")
