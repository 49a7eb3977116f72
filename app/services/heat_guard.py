"""What heat and lists of hazards may say outside: in public, in files, on paper.

Nothing that leaves the house speaks of fewer than five households. Residential ground with one to four of
them is left blank, and so is the next smallest beside it where the two could be told apart by subtraction;
hazards that are there are left out before anything is reckoned: nothing drawn around it depends on them, on
no zoom, for no kind and no time. Ground where nobody lives (markets, sites, streets) is shown. No kernel is
narrower than 100 m.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo.density import Frame, to_degrees
from app.geo.plots import BoolArray, FloatArray
from app.services.guard_five import Told, told_in_tree
from app.services.heat import Ground, Wish, chosen, picture
from app.services.heat_points import KeptPoints, Points, with_only
from app.services.lookup import OF_SMALLEST_PLAN
from app.services.tile_layers import FEW

LEAST_BANDWIDTH_M = 100

Shapes = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True)
class Untold:
    """What of a place is not told outside beside all that is.

    plots: ids, and ground: their polygons in degrees. grids: codes of grids, also of former plans, of which
    no count is told. communities: codes of those of which nothing on such ground is told. left_out: their
    ids; they are in no sum of the place, not even where several have five together: on another day they might
    not. few: whether all of it has one to four households.
    """

    plots: tuple[int, ...]
    grids: frozenset[str]
    communities: frozenset[str]
    left_out: tuple[int, ...]
    few: bool
    ground: Shapes = field(default_factory=lambda: np.empty(0, object))


@dataclass(frozen=True)
class Before:
    """What of a place was not told before: ids of plots, and codes of grids."""

    plots: frozenset[int] = frozenset()
    grids: frozenset[str] = frozenset()


NOTHING = Before()


def untold_in(session: Session, ground: Ground) -> Untold:
    """Which ground, grids and communities of a place are not told, that no sum less others tells of few.

    Plots are the parts: in files each hazard stands at its place, so what is withheld of a grid follows from
    its count less these. Residential ground with one to four households is withheld, and with it the next
    smallest until a grid, and a community, have five or more on such ground (`told_in_tree`).

    What once was withheld stays so, for borders and counts of two days choose otherwise. When either has
    changed, it is chosen anew beside every plan that ever was in force: files and reports name the grid of
    a hazard's day.
    """
    asked = {"communities": list(ground.communities), "path": ground.path}
    kept = {row.community_id: row for row in session.execute(_KEPT, asked)}
    now = {row.community_id: row for row in session.execute(_STATES, asked)}
    before = Before(
        frozenset(plot for row in kept.values() for plot in row.plots),
        frozenset(code for row in kept.values() for code in row.grids),
    )
    if any(community not in kept or kept[community].state != row.state for community, row in now.items()):
        plans: list[int | None] = [*sorted({plan for row in now.values() for plan in row.plans}), None]
        before = settled(before, [partial(_chosen_anew, session, {**asked, "plan": plan}) for plan in plans])
        session.execute(_KEEP, {**asked, "plots": sorted(before.plots), "grids": sorted(before.grids)})
    found = untold_of(session.execute(_PLOTS, {**asked, "plan": None}).all(), before)
    shapes = {row.id: bytes(row.shape) for row in session.execute(_SHAPES, {"plots": list(found.plots)})}
    polygons = shapely.from_wkb([shapes[plot] for plot in found.plots])
    return replace(found, ground=np.asarray(polygons, dtype=object))


def settled(before: Before, beside: Sequence[Callable[[Before], Untold]]) -> Before:
    """What is withheld beside several divisions of the same ground at once: until none needs more.

    beside: each chooses beside one of them, given what is withheld already.
    """
    while True:
        known = before
        for choose in beside:
            found = choose(before)
            before = Before(before.plots.union(found.plots), before.grids | found.grids)
        if before == known:
            return before


def _chosen_anew(session: Session, asked: Mapping[str, Any], before: Before) -> Untold:
    """What is not told beside the grids of a plan that was in force, or of those that are.

    Plots that took the place of others that were not told are not told either.
    """
    rows = session.execute(_PLOTS, asked).all()
    if asked["plan"] is not None:
        divided = {row.community_id for row in rows if row.grid}
        rows = [row for row in rows if row.community_id in divided]
    here = {row.plot for row in rows}
    again = here.intersection(session.scalars(_SAME_GROUND, {"plots": sorted(before.plots - here)}))
    return untold_of(rows, replace(before, plots=before.plots | again))


def untold_of(rows: Sequence[Any], before: Before = NOTHING) -> Untold:
    """The same of plots with households, without their polygons.

    rows: plot, households, grid (code or None), community (code), community_id, and version of
    the plots; of a community the newest version counts, of older ones plots with one to four households are
    withheld too. before: what was withheld before, and is so again.
    """
    newest: dict[int, int] = {}
    for row in rows:
        newest[row.community_id] = max(newest.get(row.community_id, 0), row.version)
    now = [row for row in rows if row.version == newest[row.community_id]]
    if not now:
        return Untold(tuple(sorted(before.plots)), before.grids, frozenset(), (), few=False)
    told, grids, communities = _tree(now, before)
    older = {row.plot for row in rows if row.version != newest[row.community_id] and row.households < FEW}
    withheld = {row.plot for row, is_told in zip(now, told.told[0].tolist(), strict=True) if not is_told}
    untold = {row.grid for row, grid in zip(now, grids, strict=True) if row.grid and not told.told[1][grid]}
    silent = {
        row.community: row.community_id
        for row, community in zip(now, communities, strict=True)
        if not told.told[2][community]
    }
    return Untold(
        plots=tuple(sorted(withheld | older | before.plots)),
        grids=before.grids | untold,
        communities=frozenset(silent),
        left_out=tuple(silent.values()),
        few=sum(row.households for row in now) < FEW,
    )


def _tree(rows: Sequence[Any], before: Before) -> tuple[Told, list[int], list[int]]:
    """What may be told of plots, grids and communities; the number of each plot's grid, and of its community.

    A plot that lies in no grid is told beside the grids of its community, as one of its own.
    """
    names = [row.grid or f"{row.community} {row.plot}" for row in rows]
    _, first, grid = np.unique(np.array(names), return_index=True, return_inverse=True)
    community = np.unique([rows[at].community for at in first], return_inverse=True)[1]
    households = np.array([row.households for row in rows])
    withheld = np.array([row.plot in before.plots for row in rows])
    silent = np.array([rows[at].grid in before.grids for at in first])
    told = told_in_tree(households, [grid, community], withheld, silent)
    return told, grid.tolist(), community[grid].tolist()


def without(points: Points, few: Shapes) -> Points:
    """Points without those that lie in some polygons. Their mark is another for other ground."""
    if not len(few) or not len(points):
        return points
    lon, lat = to_degrees(points.x, points.y)
    hidden = on_ground(lon, lat, few)
    kept = with_only(points, ~hidden)
    return _marked(kept, hidden)


def on_ground(lon: FloatArray, lat: FloatArray, few: Shapes) -> BoolArray:
    """Which places in degrees are in one of some polygons, or on its edge."""
    found = np.zeros(len(lon), bool)
    found[shapely.STRtree(few).query(shapely.points(lon, lat), predicate="intersects")[0]] = True
    return found


def _marked(points: Points, hidden: BoolArray) -> Points:
    """With a mark of its own, so that what is worked out of them is not taken for that of all."""
    left_out = hashlib.sha256(np.packbits(hidden).tobytes()).hexdigest()[:20]
    return replace(points, mark=f"{points.mark} without {left_out}")


def blanked(few: Shapes, frame: Frame) -> BoolArray:
    """The pixels of a frame that some polygons touch; rows from the north."""
    found = np.zeros((frame.pixels, frame.pixels), bool)
    if not len(few):
        return found
    edge: FloatArray = np.arange(frame.pixels + 1, dtype=np.float64) * frame.pixel
    lon, _ = to_degrees(np.asarray(frame.west + edge, np.float64), np.full(len(edge), 0.5))
    _, lat = to_degrees(np.full(len(edge), 0.5), np.asarray(frame.north + edge, np.float64))
    for shape in few:
        west, south, east, north = shape.bounds
        left, right = np.searchsorted(lon, [west, east], side="left") - 1
        top, bottom = np.searchsorted(-lat, [-north, -south], side="left") - 1
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, frame.pixels - 1), min(bottom, frame.pixels - 1)
        if right < left or bottom < top:
            continue
        boxes = shapely.box(
            lon[None, left : right + 1],
            lat[top + 1 : bottom + 2, None],
            lon[None, left + 1 : right + 2],
            lat[top : bottom + 1, None],
        )
        found[top : bottom + 1, left : right + 1] |= shapely.intersects(boxes, shape)
    return found


def shown_outside(
    kept: KeptPoints, outside: Points, ground: Ground, wish: Wish, frame: Frame, blank: BoolArray
) -> tuple[FloatArray, int]:
    """Weight per hectare as it may be shown outside, 0 where it stays blank, and how many hazards are in it.

    outside: points `without` those on ground of few. blank: the pixels that touch it, by `blanked`.
    """
    some = chosen(kept, outside, ground, wish)
    drawn = picture(some, frame, max(wish.bandwidth_m, LEAST_BANDWIDTH_M))
    drawn[blank] = 0
    return drawn, len(some)


# Of each place its newest plots with buildings whole; also those of places above and beneath. A plot that is
# newer than the plan lies where its inside does.
_PLOTS = text(f"""
    WITH newest AS MATERIALIZED (
        SELECT DISTINCT ON (tessellation.place_id) tessellation.id
        FROM tessellation JOIN place ON place.id = tessellation.place_id
        WHERE plain_id IS NULL AND (place.path @> CAST(:path AS ltree) OR place.path <@ CAST(:path AS ltree))
        ORDER BY tessellation.place_id, version DESC
    ), in_force AS MATERIALIZED (
        SELECT grid.id, grid.plan_id, grid.community_id, grid.code, grid.outline
        FROM grid JOIN plan ON plan.id = grid.plan_id
        JOIN place AS planned ON planned.id = plan.place_id JOIN place ON place.id = grid.community_id
        WHERE grid.community_id = ANY(CAST(:communities AS bigint[])) AND CASE
            WHEN CAST(:plan AS bigint) IS NULL THEN plan.state = 'published' AND {OF_SMALLEST_PLAN}
            ELSE plan.id = CAST(:plan AS bigint) END
    ), given AS MATERIALIZED (
        SELECT grid_plot.plot_id, in_force.code FROM in_force
        JOIN grid_plot ON grid_plot.plan_id = in_force.plan_id AND grid_plot.grid_id = in_force.id
    )
    SELECT newest.id AS version, plot.id AS plot, households, plot.community_id, place.code AS community,
        coalesce(given.code, (
            SELECT code FROM in_force WHERE in_force.community_id = plot.community_id
                AND ST_Contains(outline, ST_PointOnSurface(plot.geometry)) ORDER BY code LIMIT 1
        )) AS grid
    FROM newest JOIN tessellation_plot ON tessellation_id = newest.id AND households > 0
    JOIN plot ON plot.id = plot_id AND plot.community_id = ANY(CAST(:communities AS bigint[]))
    JOIN place ON place.id = plot.community_id LEFT JOIN given ON given.plot_id = plot.id
    ORDER BY plot.id, newest.id
""")  # noqa: S608 (constants)
_SHAPES = text("SELECT id, ST_AsBinary(geometry) AS shape FROM plot WHERE id = ANY(CAST(:plots AS bigint[]))")
_KEPT = text("""
    SELECT community_id, state, plots, grids FROM withheld
    WHERE community_id = ANY(CAST(:communities AS bigint[]))
""")
# Of each community the plans that are or were in force there, and a word that is another when one of them, or
# the newest plots, are others.
_STATE = """
    WITH ever AS (
        SELECT DISTINCT grid.community_id, plan.id, plan.state FROM plan JOIN grid ON grid.plan_id = plan.id
        WHERE plan.published_at IS NOT NULL AND grid.community_id = ANY(CAST(:communities AS bigint[]))
    )
    SELECT place.id AS community_id, concat_ws(' ', (
            SELECT max(tessellation.id) FROM tessellation JOIN place AS counted ON counted.id = place_id
            WHERE plain_id IS NULL AND (counted.path @> place.path OR counted.path <@ place.path)
        ), (
            SELECT string_agg(ever.id || ever.state, ' ' ORDER BY ever.id) FROM ever
            WHERE community_id = place.id
        )) AS state, ARRAY(SELECT ever.id FROM ever WHERE community_id = place.id) AS plans
    FROM place WHERE place.id = ANY(CAST(:communities AS bigint[])) ORDER BY place.id
"""
_STATES = text(_STATE)
_KEEP = text(f"""
    INSERT INTO withheld (community_id, state, plots, grids)
    SELECT community_id, state, ARRAY(
            SELECT id FROM plot
            WHERE id = ANY(CAST(:plots AS bigint[])) AND plot.community_id = now.community_id ORDER BY id
        ), ARRAY(
            SELECT DISTINCT code FROM grid
            WHERE code = ANY(CAST(:grids AS text[])) AND grid.community_id = now.community_id ORDER BY code
        )
    FROM ({_STATE}) AS now
    ON CONFLICT (community_id) DO UPDATE SET state = excluded.state,
        plots = ARRAY(SELECT DISTINCT unnest(withheld.plots || excluded.plots) ORDER BY 1),
        grids = ARRAY(SELECT DISTINCT unnest(withheld.grids || excluded.grids) ORDER BY 1)
""")  # noqa: S608 (constants)
# Plots on the ground of others, which may be newer or older.
_SAME_GROUND = text("""
    SELECT other.id FROM plot JOIN plot AS other
        ON ST_Intersects(other.geometry, ST_PointOnSurface(plot.geometry))
    WHERE plot.id = ANY(CAST(:plots AS bigint[]))
    UNION
    SELECT other.id FROM plot JOIN plot AS other
        ON plot.geometry && other.geometry AND ST_Intersects(plot.geometry, ST_PointOnSurface(other.geometry))
    WHERE plot.id = ANY(CAST(:plots AS bigint[]))
""")
