"""What an operation of the editor would do to a draft. It is asked while somebody waits, and nothing is
stored: the answer is moves, which are sent as an edit once they please.

Read are the grids an operation is about and, where it may touch them, their neighbours: it costs the same in
a plan of thirty grids and in one of thousands. What geometry or a lock forbids is no error but the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal, torn_part
from app.geo import editing, partition, repairing
from app.geo.crs import Geometries, to_metres
from app.geo.editing import Excerpt
from app.geo.plots import Band, BoolArray, FloatArray, IntArray
from app.geo.split.load import STEP, band_in_steps, in_steps
from app.geo.split.steering import area_of, taken_out
from app.models import Plan
from app.models.plans import SPECIAL_KINDS
from app.services.access import BIGGEST_ID
from app.services.bulk import shapes_of
from app.services.edit_part import buildings_on, grids_of, part_of, plots_in
from app.services.kept_wishes import moving_as_one, wishes_of
from app.services.plan_rows import IS_LOCKED
from app.services.residents_moved import Residents, sum_of, untold
from app.services.wishes import lines_of, loads_of

RESIDENTIAL = "residential"
SEED = 1  # the same question has the same answer


@dataclass(frozen=True)
class Scene:
    """A part of a draft as an operation sees it.

    ids: of the plots, rising. grids: rows in the order of their numbers. unit: how much of the excerpt's load
    is one household or one of the plan's formula. held: the locked building on each plot that has one, by
    name.
    """

    plan: Plan
    ids: IntArray
    grids: Sequence[Row[Any]]
    excerpt: Excerpt
    crs: CRS
    unit: int
    held: Mapping[int, str]

    def number(self, grid_id: int) -> int:
        """Number of a grid; `grid_unknown` where the plan has none of that id."""
        for number, row in enumerate(self.grids):
            if row.id == grid_id:
                return number
        raise Refusal("grid_unknown", grid=grid_id)

    def numbers_of(self, plot_ids: Sequence[int]) -> IntArray:
        """Positions of plots that are all here."""
        return np.searchsorted(self.ids, np.array(sorted(plot_ids), np.int64)).astype(np.int64)

    def name(self, number: int) -> int | str:
        """How a grid is called in moves: by its id, or `new:1` …"""
        known = len(self.grids)
        return int(self.grids[number].id) if number < known else f"new:{number - known + 1}"


@dataclass(frozen=True)
class Planned:
    """An operation that is ready to run.

    kind: of the edit it becomes. new: what a grid it makes is. residents: counts those on plots.
    """

    scene: Scene
    run: Callable[[], IntArray]
    kind: str
    new: Mapping[str, Any] = field(default_factory=lambda: {"kind": RESIDENTIAL, "name": None})
    facts: Mapping[str, Any] = field(default_factory=dict)
    residents: Residents = untold


def operate(
    session: Session, plan_id: int, version: int, act: Mapping[str, Any], residents: Residents = untold
) -> dict[str, Any]:
    """What an operation would do: moves, new grids, and the figures of every grid it changes.

    act: `do`, a key of ACTS or `repair`, and what that takes. residents: counts those on plots. Refused with
    `plan_not_draft`, `plan_changed`, `grid_unknown`, `plot_unknown`, `building_not_here` and
    `drawn_malformed`; what geometry or a lock forbids stands in the answer as `refusal`.
    """
    plan = draft_at(session, plan_id, version)
    if act["do"] == "repair":
        return _repaired(session, plan, act, residents)
    planned = replace(ACTS[act["do"]](session, plan, act), residents=residents)
    try:
        after, refusal = planned.run(), None
    except Refusal as refused:
        after, refusal = planned.scene.excerpt.grid, told_refusal(session, planned, refused)
    return {"version": plan.version, **told_outcome(planned, after, act), "refusal": refusal}


def draft_at(session: Session, plan_id: int, version: int) -> Plan:
    """A draft that is still at the version somebody saw; `not_found`, `plan_not_draft`, `plan_changed`."""
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise Refusal("not_found")
    if plan.state != "draft":
        raise Refusal("plan_not_draft", plan=plan_id, state=plan.state)
    if version != plan.version:
        raise Refusal("plan_changed", plan=plan_id, yours=version, current=plan.version)
    return plan


# --- The acts --------------------------------------------------------------------------------------------


def _give(session: Session, plan: Plan, act: Mapping[str, Any]) -> Planned:
    homes = _homes(session, plan, act)
    scene = read_scene(session, plan, [act["to"], *homes.values()])
    plots, to = scene.numbers_of([*homes]), scene.number(act["to"])
    return Planned(scene, lambda: editing.give(scene.excerpt, plots, to), "move")


def _homes(session: Session, plan: Plan, act: Mapping[str, Any]) -> dict[int, int]:
    """The plots that are to be given, by id or by the buildings on them, and the grid each is in."""
    if act.get("plots"):
        found = grids_of(session, plan.id, act["plots"])
        if missing := sorted({*act["plots"]} - {*found}):
            raise Refusal("plot_unknown", plot=missing[0])
        return found
    rows = session.execute(_OF_BUILDINGS, {"plan": plan.id, "buildings": act["buildings"]}).all()
    if missing := sorted({*act["buildings"]} - {row.building_id for row in rows}):
        raise Refusal("building_not_here", building=missing[0], count=len(missing))
    return {row.plot_id: row.grid_id for row in rows}


# Of a building divided by its entrances the plots of all of them.
_OF_BUILDINGS = text("""
    WITH asked AS (
        SELECT building.id, building.position, plan.id AS plan_id, plan.tessellation_id
        FROM building, plan
        WHERE building.id = ANY(CAST(:buildings AS bigint[])) AND building.retired_at IS NULL
            AND plan.id = :plan
    ), behind AS (
        SELECT asked.id, door.plot_id FROM asked JOIN plot_entrance AS door
            ON door.tessellation_id = asked.tessellation_id AND door.building_id = asked.id
    )
    SELECT asked.id AS building_id, grid_plot.plot_id, grid_plot.grid_id
    FROM asked JOIN plot ON ST_Intersects(plot.geometry, asked.position)
    JOIN grid_plot ON grid_plot.plan_id = asked.plan_id AND grid_plot.plot_id = plot.id
    WHERE asked.id NOT IN (SELECT id FROM behind)
    UNION
    SELECT behind.id, grid_plot.plot_id, grid_plot.grid_id
    FROM behind JOIN grid_plot ON grid_plot.plan_id = :plan AND grid_plot.plot_id = behind.plot_id
""")


def _draw(session: Session, plan: Plan, act: Mapping[str, Any]) -> Planned:
    """Of what is drawn, or of plots or buildings that are named."""
    if act.get("polygon") is None:
        homes = _homes(session, plan, act)
        grids = sorted({*homes.values()})
        scene = read_scene(session, plan, [*grids, *neighbours_of(session, plan.id, grids)])
        plots = scene.numbers_of([*homes])
    else:
        drawn = drawn_polygon(act["polygon"])
        grids = grids_under(session, plan, drawn)
        scene = read_scene(session, plan, [*grids, *neighbours_of(session, plan.id, grids)])
        plots = editing.plots_under(scene.excerpt.polygons, in_metres(drawn, scene.crs))
    return Planned(scene, lambda: editing.draw(scene.excerpt, plots), "draw", new_grid(act))


def new_grid(act: Mapping[str, Any]) -> dict[str, Any]:
    """What a grid that is drawn is: its kind and name."""
    return {"kind": act.get("kind") or RESIDENTIAL, "name": act.get("name")}


def grids_under(session: Session, plan: Plan, drawn: shapely.Geometry) -> list[int]:
    """Ids of the grids under a polygon in degrees; refused with `drawn_holds_no_plot` where there is none."""
    under = session.scalars(_UNDER, {"plan": plan.id, "drawn": shapely.to_wkb(drawn)})
    if not (grids := sorted({*under})):
        raise Refusal("drawn_holds_no_plot")
    return grids


_UNDER = text("""
    SELECT DISTINCT grid_plot.grid_id
    FROM plot JOIN grid_plot ON grid_plot.plan_id = :plan AND grid_plot.plot_id = plot.id
    WHERE ST_Intersects(plot.geometry, ST_GeomFromWKB(:drawn, 4326))
""")


def _divide_by_line(session: Session, plan: Plan, act: Mapping[str, Any]) -> Planned:
    scene = read_scene(session, plan, [act["grid"]])
    line = in_metres(drawn_line(act["line"]), scene.crs)
    return Planned(
        scene, lambda: editing.divide_by_line(scene.excerpt, 0, line), "divide", _like(scene.grids[0])
    )


def _divide_into(session: Session, plan: Plan, act: Mapping[str, Any]) -> Planned:
    scene = read_scene(session, plan, [act["grid"]])
    rng = np.random.default_rng(SEED)
    return Planned(
        scene,
        lambda: editing.divide_into(scene.excerpt, 0, act["parts"], rng),
        "divide",
        _like(scene.grids[0]),
    )


def _like(grid: Row[Any]) -> dict[str, Any]:
    """What a grid cut from another one is."""
    return {"kind": grid.kind, "name": None}


def _merge(session: Session, plan: Plan, act: Mapping[str, Any]) -> Planned:
    scene = read_scene(session, plan, act["grids"])
    others = np.arange(1, len(scene.grids))
    return Planned(scene, lambda: editing.merge(scene.excerpt, 0, others), "merge")


def _follow_street(session: Session, plan: Plan, act: Mapping[str, Any]) -> Planned:
    scene = read_scene(session, plan, act["grids"])
    rows = streets_near(session, plan, act["grids"])
    wanted = act["street"]
    named = {row.name for row in rows if row.id == wanted} if isinstance(wanted, int) else {wanted}
    lines = [row for row in rows if row.id == wanted or (row.name is not None and row.name in named)]
    shown = next((row.name for row in lines if row.name), str(wanted))
    street = shapely.union_all(to_metres(shapes_of(row.line for row in lines), scene.crs))
    return Planned(
        scene,
        lambda: editing.follow_street(scene.excerpt, 0, 1, street),
        "move",
        facts={"street": shown},
    )


def _rebalance_pair(session: Session, plan: Plan, act: Mapping[str, Any]) -> Planned:
    scene = read_scene(session, plan, act["grids"])
    rng = np.random.default_rng(SEED)
    return Planned(scene, lambda: repairing.rebalance_pair(scene.excerpt, 0, 1, rng), "move")


ACTS: dict[str, Callable[[Session, Plan, Mapping[str, Any]], Planned]] = {
    "give": _give,
    "draw": _draw,
    "divide_by_line": _divide_by_line,
    "divide_into": _divide_into,
    "merge": _merge,
    "follow_street": _follow_street,
    "rebalance_pair": _rebalance_pair,
}


def _repaired(session: Session, plan: Plan, act: Mapping[str, Any], residents: Residents) -> dict[str, Any]:
    """Proposals to repair a grid, best first; none where nothing helps, or where `refusal` says why."""
    grid = act["grid"]
    scene = read_scene(session, plan, [grid, *neighbours_of(session, plan.id, [grid])])
    rng = np.random.default_rng(SEED)
    planned = Planned(scene, lambda: scene.excerpt.grid, "move", _like(scene.grids[0]), residents=residents)
    answer: dict[str, Any] = {"version": plan.version, "grid": grid, "proposals": [], "refusal": None}
    try:
        ways = repairing.repairs(scene.excerpt, 0, rng)
    except Refusal as refused:
        return answer | {"refusal": told_refusal(session, planned, refused)}
    told = [told_outcome(replace(planned, kind=way.kind), way.grid, act) for way in ways]
    return answer | {"proposals": told}


def streets_between(session: Session, plan_id: int, one: int, other: int) -> list[dict[str, Any]]:
    """Streets that the border of two grids can be moved onto, longest first.

    Those of one name are one street. Refused with `not_found`, `grid_unknown`, `grids_apart`.
    """
    if max(one, other) > BIGGEST_ID:
        raise Refusal("not_found")
    plan = session.get_one(Plan, plan_id)
    scene = read_scene(session, plan, [one, other])
    if one == other or not editing.touching(scene.excerpt, 0, 1):
        raise Refusal("grids_apart", grid=scene.grids[0].code, other=scene.grids[-1].code)
    rows = streets_near(session, plan, [one, other])
    lines = to_metres(shapes_of(row.line for row in rows), scene.crs)
    metres = editing.metres_along(scene.excerpt.polygons, lines)
    streets: dict[int | str, list[int]] = {}
    for place, row in enumerate(rows):
        streets.setdefault(row.name or row.id, []).append(place)
    found = [
        {"id": rows[own[0]].id, "name": rows[own[0]].name, "metres": round(float(metres[own].sum()), 1)}
        for own in streets.values()
        if metres[own].sum() >= editing.WORTH_FOLLOWING_M and _can_follow(scene.excerpt, lines[own])
    ]
    return sorted(found, key=lambda street: (-street["metres"], street["id"]))


def _can_follow(excerpt: Excerpt, lines: Geometries) -> bool:
    try:
        editing.follow_street(excerpt, 0, 1, shapely.union_all(lines))
    except Refusal:  # it lies elsewhere, or the border runs along it already: none to offer
        return False
    return True


def streets_near(session: Session, plan: Plan, grids: Sequence[int]) -> Sequence[Row[Any]]:
    """Streets on the ground near some grids, in the order of their ids."""
    return session.execute(_STREETS, {"place": plan.place_id, "grids": list(grids)}).all()


_STREETS = text("""
    SELECT street.id, street.name, ST_AsBinary(street.geometry) AS line FROM street
    WHERE street.place_id = :place AND NOT street.tunnel AND EXISTS (
        SELECT FROM grid WHERE grid.id = ANY(CAST(:grids AS bigint[]))
            AND street.geometry && grid.outline AND ST_Intersects(street.geometry, grid.outline)
    )
    ORDER BY street.id
""")


# --- Reading ---------------------------------------------------------------------------------------------


def read_scene(
    session: Session,
    plan: Plan,
    grid_ids: Sequence[int],
    ground: int | None = None,
    moves: Mapping[int, tuple[int | None, int | None]] | None = None,
) -> Scene:
    """Some grids of a plan with all of their plots; `grid_unknown` where one is not of the plan.

    ground, moves: a version of plots that the plan does not lie on yet, and what that does to its grids: each
    plot that is no more leaves one of these grids, each that is new comes to one.
    """
    order = list(dict.fromkeys(grid_ids))
    rows = {row.id: row for row in session.execute(_GRIDS, {"plan": plan.id, "grids": order})}
    if missing := [grid for grid in order if grid not in rows]:
        raise Refusal("grid_unknown", grid=missing[0])
    version, changed = ground or plan.tessellation_id, moves or {}
    placed = {plot: grid for plot, grid in plots_in(session, plan.id, order).items() if plot not in changed}
    placed |= {plot: to for plot, (_, to) in changed.items() if to is not None}
    part = part_of(session, plan, version, placed, order)
    inside = np.flatnonzero(part.inside)
    ids, plots = part.plots.ids[inside], part.plots
    metres = to_metres(plots.polygons[inside], plots.crs)
    table = taken_out(plots.table, inside)
    table = replace(table, xy=shapely.get_coordinates(shapely.centroid(metres)))
    buildings, grid = plots.buildings[inside], part.grid[inside]
    load, band, unit = _held(plan, _known_load(plan, table, buildings), table.households)
    asked = wishes_of(session, plan.id)
    held = {row.plot_id: row.called for row in _locked_buildings(session, plan, version, ids)}
    compound = area_of(plots.polygons[inside], _compounds(session, plan, plots.polygons[inside]))
    group = moving_as_one(replace(table, households=load), grid, compound, band.most)
    excerpt = Excerpt(
        table,
        grid,
        metres,
        plots.community[inside],
        buildings,
        load,
        band,
        np.isin(ids, np.array([*held], np.int64)),
        np.array([rows[one].is_locked for one in order], np.bool_),
        _special(rows[one].kind for one in order),
        np.arange(len(ids)) if group is None else group,
        lines_of(asked),
    )
    return Scene(plan, ids, [rows[one] for one in order], excerpt, plots.crs, unit, held)


def _special(kinds: Any) -> BoolArray:
    return np.array([kind in SPECIAL_KINDS for kind in kinds], np.bool_)


def _known_load(plan: Plan, table: Any, buildings: IntArray) -> FloatArray | None:
    """The load of each plot by the plan's formula; None for households."""
    try:
        return loads_of(plan.weights, table, buildings)
    except Refusal as refused:
        if refused.code != "formula_without_load":
            raise
        return np.zeros(len(table))  # not so in the whole place, but among these grids


def _held(plan: Plan, load: FloatArray | None, households: IntArray) -> tuple[IntArray, Band, int]:
    """What the band is held against in whole numbers, the band in the same unit, and how many make one."""
    band = Band(plan.target, plan.least, plan.most)
    return (households, band, 1) if load is None else (in_steps(load), band_in_steps(band), STEP)


_GRIDS = text(f"""
    SELECT grid.id, grid.code, grid.name, grid.kind, {IS_LOCKED} AS is_locked
    FROM grid JOIN plan ON plan.id = grid.plan_id
    WHERE grid.plan_id = :plan AND grid.id = ANY(CAST(:grids AS bigint[]))
""")  # noqa: S608 (a constant)


def neighbours_of(session: Session, plan_id: int, grid_ids: Sequence[int]) -> list[int]:
    """Ids of the grids that share a line with some grids, without these, in the order of their codes."""
    asked = {"plan": plan_id, "grids": list(grid_ids)}
    return list(session.scalars(_NEIGHBOURS, asked))


_NEIGHBOURS = text("""
    SELECT id FROM grid
    WHERE plan_id = :plan AND NOT id = ANY(CAST(:grids AS bigint[])) AND code IN (
        SELECT jsonb_array_elements_text(measures -> 'neighbours') FROM grid
        WHERE id = ANY(CAST(:grids AS bigint[]))
    )
    ORDER BY code
""")


def _locked_buildings(session: Session, plan: Plan, version: int, plot_ids: IntArray) -> Sequence[Row[Any]]:
    asked = {"place": plan.place_id, "version": version, "plots": plot_ids.tolist()}
    return session.execute(_LOCKED_BUILDINGS, asked).all()


_LOCKED_BUILDINGS = text("""
    SELECT plot.id AS plot_id, min(coalesce(building.name, building.code)) AS called
    FROM lock JOIN building ON building.id = lock.building_id AND building.retired_at IS NULL
    JOIN plot ON plot.id = ANY(CAST(:plots AS bigint[])) AND (
        ST_Intersects(plot.geometry, building.position) OR EXISTS (
            SELECT FROM plot_entrance AS door WHERE door.tessellation_id = :version
                AND door.building_id = building.id AND door.plot_id = plot.id
        )
    )
    WHERE lock.place_id = :place GROUP BY plot.id
""")


def _compounds(session: Session, plan: Plan, polygons: Geometries) -> Geometries:
    """Grounds of the compounds near some plots, in degrees."""
    west, south, east, north = shapely.total_bounds(polygons).tolist()
    asked = {"place": plan.place_id, "west": west, "south": south, "east": east, "north": north}
    return shapes_of(session.scalars(_COMPOUNDS, asked))


_COMPOUNDS = text("""
    SELECT ST_AsBinary(geometry) FROM compound WHERE place_id = :place
        AND geometry && ST_MakeEnvelope(:west, :south, :east, :north, 4326) ORDER BY id
""")


# --- What was drawn --------------------------------------------------------------------------------------

WORLD = shapely.box(-180, -90, 180, 90)


def drawn_polygon(polygon: Mapping[str, Any]) -> shapely.Geometry:
    """A polygon as GeoJSON has it, in degrees; refused with `drawn_malformed`."""
    try:
        drawn = shapely.geometry.shape(polygon)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, shapely.errors.ShapelyError):
        raise Refusal("drawn_malformed", kind="polygon") from None
    sound = drawn.geom_type in ("Polygon", "MultiPolygon") and not drawn.is_empty and drawn.is_valid
    if not sound or not shapely.covers(WORLD, drawn):
        raise Refusal("drawn_malformed", kind="polygon")
    return shapely.force_2d(drawn)


def drawn_line(corners: Sequence[Sequence[float]]) -> shapely.Geometry:
    """A line in degrees; refused with `drawn_malformed`."""
    line = shapely.LineString(corners) if len(corners) > 1 else shapely.LineString()
    if line.length == 0 or not shapely.covers(WORLD, line):
        raise Refusal("drawn_malformed", kind="line")
    return line


def in_metres(shape: shapely.Geometry, crs: CRS) -> shapely.Geometry:
    """One geometry in degrees, in metres; sound where rounding broke it."""
    moved = to_metres(np.array([shape], object), crs)[0]
    return moved if shapely.is_valid(moved) else shapely.make_valid(moved)


# --- Telling ---------------------------------------------------------------------------------------------


def told_outcome(planned: Planned, after: IntArray, act: Mapping[str, Any]) -> dict[str, Any]:
    """An operation as the editor shows it and sends it back."""
    scene = planned.scene
    excerpt = scene.excerpt
    done = partition.moves(excerpt.grid, after)
    named = [scene.name(number) for number in range(max(excerpt.count, partition.grid_count(after)))]
    changed = np.unique(np.append(done.came_from, done.goes_to)).tolist()
    moving = scene.ids[done.plots].tolist()
    return {
        "kind": planned.kind,
        "moves": {
            str(plot): [named[one], named[other]]
            for plot, one, other in zip(moving, done.came_from.tolist(), done.goes_to.tolist(), strict=True)
        },
        "grids": {str(name): dict(planned.new) for name in named[excerpt.count :]},
        "parameters": {name: value for name, value in act.items() if value is not None},
        "after": _figures(planned, after, changed),
        "plots_moved": len(done),
        "buildings_moved": int(excerpt.buildings[done.plots].sum()),
        "households_moved": int(excerpt.table.households[done.plots].sum()),
        "people_moved": sum_of(planned.residents(moving), moving),
    }


def _figures(planned: Planned, after: IntArray, changed: Sequence[int]) -> list[dict[str, Any]]:
    """Before and after of each grid that changes; null for a grid that is not there then."""
    scene = planned.scene
    excerpt = scene.excerpt
    size = max(excerpt.count, partition.grid_count(after))
    now = partition.pieces(excerpt.table.edges, after)

    def sums(values: IntArray, grid: IntArray) -> IntArray:
        return np.bincount(grid, values, size).astype(np.int64)

    households = sums(excerpt.table.households, excerpt.grid), sums(excerpt.table.households, after)
    buildings = sums(excerpt.buildings, excerpt.grid), sums(excerpt.buildings, after)
    load = sums(excerpt.load, excerpt.grid), sums(excerpt.load, after)
    rows = []
    for number in changed:
        known = number < excerpt.count
        kind = scene.grids[number].kind if known else planned.new["kind"]
        stands = bool((after == number).any())
        rows.append(
            {
                "grid": scene.name(number),
                "code": scene.grids[number].code if known else None,
                "kind": kind,
                "gone": not stands,
                "households_before": int(households[0][number]) if known else None,
                "households_after": int(households[1][number]) if stands else None,
                "buildings_before": int(buildings[0][number]) if known else None,
                "buildings_after": int(buildings[1][number]) if stands else None,
                "load_before": _load(planned, load[0][number]) if known else None,
                "load_after": _load(planned, load[1][number]) if stands else None,
                "in_band_before": _in_band(planned, kind, load[0][number]) if known else None,
                "in_band_after": _in_band(planned, kind, load[1][number]) if stands else None,
                "pieces": int(now[number]) if stands else 0,
            }
        )
    return rows


def _load(planned: Planned, load: Any) -> float | None:
    """By the plan's formula; None where households are balanced."""
    scene = planned.scene
    return None if scene.plan.weights is None else round(int(load) / scene.unit, 3)


def _in_band(planned: Planned, kind: str, load: Any) -> bool | None:
    return None if kind in SPECIAL_KINDS else bool(planned.scene.excerpt.band.holds(load))


def told_refusal(session: Session, planned: Planned, refused: Refusal) -> dict[str, Any]:
    """A refusal with ids, codes and names for the numbers it came with."""
    scene, facts = planned.scene, {**refused.facts, **planned.facts}
    for name in ("grid", "other"):
        if isinstance(number := facts.get(name), int):
            known = number < len(scene.grids)
            facts[name] = scene.grids[number].code if known else scene.name(number)
    if "plots" in facts:
        facts["plots"] = scene.ids[np.asarray(facts["plots"], np.int64)].tolist()
    if refused.code == "grid_in_pieces":
        facts["buildings"] = buildings_on(session, scene.plan, facts["plots"])
        facts["torn"] = torn_part(facts["buildings"])
    if refused.code == "building_is_locked":
        facts |= {"building": scene.held[facts["plots"][0]], "plot": facts["plots"][0]}
    return {"code": refused.code, "facts": facts}
