"""What was asked of a split, as it comes over the wire and is kept in the edit, and what it means here.

`Asked` names things as people do: codes, points and polygons in degrees. `resolved` finds the plots they
mean and refuses what contradicts something else, naming both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from app.errors import Refusal
from app.geo import partition
from app.geo.crs import Geometries, to_metres
from app.geo.plots import Band, BoolArray, FloatArray, IntArray, LineClass, PlotTable
from app.geo.split import Settings, Wishes, engine_of, steering
from app.geo.split.load import KNOWN, columns_of, read_formula
from app.models.plans import SPECIAL_KINDS

LINES = {line.words: line for line in LineClass}
LEAST_IN_STEPS = 100  # of a mean that is told as a target
LEAST_MEAN = 10  # load of a grid: bands are whole numbers, ten per cent around less is none
ENOUGH_MEAN = 1_000
RESIDENTIAL = "residential"


@dataclass(frozen=True)
class Asked:
    """Wishes in words; each is as if not asked where it has its default.

    coordinators: grids in all, instead of a target. weights: formula balanced instead of households.
    lines: `never`, `follow`, `free` or `avoid` by class. seeds: (lon, lat) that each begin a grid.
    locked: keep what the place has locked. locks: codes of grids to be kept besides.
    special: grids drawn by hand, {kind, name, polygon} with a GeoJSON polygon in degrees.
    keep_special: those of the plan in force stay. compounds: `whole` to keep them whole where a grid can
    hold them. micro: {least, most} households of the micro-grids in each grid. entrances: marked
    buildings are divided by their entrances. slot: of the draft.
    """

    coordinators: int | None = None
    weights: str | None = None
    lines: Mapping[str, str] = field(default_factory=dict)
    seeds: Sequence[Sequence[float]] = ()
    locked: bool = True
    locks: Sequence[str] = ()
    special: Sequence[Mapping[str, Any]] = ()
    keep_special: bool = True
    compounds: str | None = None
    micro: Mapping[str, int] | None = None
    entrances: bool = False
    slot: str | None = None

    def kept(self) -> dict[str, Any]:
        """As JSON, without what was not asked for."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: value for name, value in given.items() if value != getattr(NOTHING, name) and value != []
        }


NOTHING = Asked()


def asked_of(parameters: Mapping[str, Any]) -> Asked:
    """What an edit or a job kept."""
    return Asked(**{one.name: parameters[one.name] for one in fields(Asked) if one.name in parameters})


def checked(asked: Asked) -> Asked:
    """Refuse what is wrong in itself, before there is any ground to look at.

    Refused with `formula_malformed`, `formula_column_unknown`, `micro_malformed`, `special_malformed`,
    `special_named_twice`.
    """
    if asked.weights is not None:
        read_formula(asked.weights).check(KNOWN)
    if asked.micro is not None and not 0 < asked.micro["least"] <= asked.micro["most"]:
        raise Refusal("micro_malformed", **asked.micro)
    for one in asked.special:
        drawn_polygon(one)
    names = [one["name"] for one in asked.special]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Refusal("special_named_twice", name=twice)
    return asked


def drawn_polygon(special: Mapping[str, Any]) -> shapely.Geometry:
    """The polygon of a special grid, in degrees; refused with `special_malformed`."""
    try:
        drawn = shapely.geometry.shape(special["polygon"])
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, shapely.errors.ShapelyError):
        raise Refusal("special_malformed", name=special["name"]) from None
    sound = drawn.geom_type in ("Polygon", "MultiPolygon") and not drawn.is_empty and drawn.is_valid
    if not sound or not shapely.covers(shapely.box(-180, -90, 180, 90), drawn):
        raise Refusal("special_malformed", name=special["name"])
    return drawn


@dataclass(frozen=True)
class Former:
    """The grids of the plan in force, in the order of their codes. outlines: lon/lat."""

    codes: Sequence[str] = ()
    kinds: Sequence[str] = ()
    names: Sequence[str | None] = ()
    outlines: Geometries = field(default_factory=lambda: np.zeros(0, object))


@dataclass(frozen=True)
class Locks:
    """What a place has locked: grids by code, buildings by code, and the plots these stand on (-1: none); of
    a building divided by its entrances those of all of them."""

    grids: Sequence[str] = ()
    buildings: Sequence[str] = ()
    plots: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))


NO_FORMER, NO_LOCKS = Former(), Locks()


@dataclass(frozen=True)
class Ground:
    """Where wishes come true. polygons: plots in metres of `crs`. former_of: number of the former grid each
    plot lies in, -1 for none. compound: number of each plot's compound, -1 for none."""

    table: PlotTable
    buildings: IntArray
    polygons: Geometries
    crs: CRS
    community: IntArray
    former: Former = NO_FORMER
    former_of: IntArray | None = None
    locks: Locks = NO_LOCKS
    compound: IntArray | None = None


@dataclass(frozen=True)
class Fixed:
    """A grid that is left alone. what: how refusals call it; code: None for a new one."""

    what: str
    plots: IntArray
    code: str | None = None
    kind: str = RESIDENTIAL
    name: str | None = None


@dataclass(frozen=True)
class Resolved:
    """What was asked, by numbers of plots. load: of each plot, None where households are balanced.

    fixed: in the order of their numbers in `wishes`. locked_codes: of each group of locked buildings.
    """

    wishes: Wishes
    band: Band
    load: FloatArray | None
    fixed: list[Fixed]
    locked_codes: list[str]
    locked_plots: list[IntArray]

    def kinds(self, grid: IntArray) -> tuple[list[str], list[str | None]]:
        """Kind and name of each grid of the division."""
        count = int(grid.max()) + 1 if len(grid) else 0
        kinds: list[str] = [RESIDENTIAL] * count
        names: list[str | None] = [None] * count
        for one in self.fixed:
            kinds[grid[one.plots[0]]], names[grid[one.plots[0]]] = one.kind, one.name
        return kinds, names

    def codes(self, grid: IntArray) -> dict[int, str]:
        """Codes that must be kept, by number of the grid of the division."""
        kept = {int(grid[one.plots[0]]): one.code for one in self.fixed if one.code is not None}
        locked = zip(self.locked_plots, self.locked_codes, strict=True)
        return kept | {int(grid[plots[0]]): code for plots, code in locked}


def resolved(asked: Asked, ground: Ground, band: Band | None) -> Resolved:
    """Find what was asked on this ground.

    band: what is wanted; None where a number of coordinators is, which makes its own. Refused by the codes of
    the functions below, and with `coordinators_too_few`, `formula_too_small` and `locked_too_large`.
    """
    load = loads_of(asked.weights, ground.table, ground.buildings)
    lines = lines_of(asked)
    fixed = _fixed(asked, ground)
    number = np.full(len(ground.table), -1, np.int64)
    for place, one in enumerate(fixed):
        number[one.plots] = place
    walled = replace(ground.table, edges=steering.with_walls(ground.table.edges, lines))
    codes, locked_plots = _locked_buildings(asked, ground, walled, number)
    locked = np.full(len(ground.table), -1, np.int64)
    for place, plots in enumerate(locked_plots):
        locked[plots] = place
    wishes = Wishes(
        count=asked.coordinators,
        load=load,
        lines=lines,
        seeds=_seeds(asked, ground, fixed, number),
        fixed=number if fixed else None,
        special=np.array([one.kind in SPECIAL_KINDS for one in fixed], np.bool_),
        locked=locked if codes else None,
        whole=ground.compound if asked.compounds == "whole" else None,
    )
    balanced = ground.table.households if load is None else load
    if asked.coordinators is not None:
        left = asked.coordinators - len(fixed)
        if left < 1:
            raise Refusal("coordinators_too_few", coordinators=asked.coordinators, needed=len(fixed) + 1)
        total = float(balanced[number < 0].sum())
        if load is not None and total / left < LEAST_MEAN:
            raise _too_small(asked, total / left)
        band = steering.band_for(_in_steps(total / left), 1)
    if band is None:
        raise ValueError("neither a band nor a number of coordinators")
    for code, plots in zip(codes, locked_plots, strict=True):
        if len(plots) > 1 and (held := float(balanced[plots].sum())) > band.most:
            raise Refusal("locked_too_large", grid=code, households=round(held), most=band.most)
    return Resolved(wishes, band, load, fixed, codes, locked_plots)


def _in_steps(mean: float) -> float:
    """A mean as a round target: of few grids it would tell, times their number, how many live there.

    >>> [_in_steps(mean) for mean in (64.2, 297.4, 1847.0)]
    [64.2, 295.0, 1850.0]
    """
    if mean < LEAST_IN_STEPS:
        return mean
    step = 5 * 10.0 ** (math.floor(math.log10(mean)) - 2)
    return step * round(mean / step)


def _too_small(asked: Asked, mean: float) -> Refusal:
    """Bands are whole numbers: what is counted must be many times one, and it is said how many."""
    factor = 10 ** math.ceil(math.log10(ENOUGH_MEAN / mean)) if mean > 0 else ENOUGH_MEAN
    return Refusal(
        "formula_too_small",
        formula=asked.weights,
        coordinators=asked.coordinators,
        mean=round(mean, 3),
        factor=factor,
    )


def lines_of(asked: Asked) -> dict[LineClass, str]:
    """How borders should take to lines of a class."""
    return {LINES[name]: manner for name, manner in asked.lines.items()}


def loads_of(weights: str | None, table: PlotTable, buildings: IntArray) -> FloatArray | None:
    """The load of each plot by a formula; None for households."""
    if weights is None or len(table) == 0:
        return None
    return read_formula(weights).of(columns_of(table.households, buildings, table.area))


def micro_band(micro: Mapping[str, int]) -> Band:
    """The band of micro-grids, the target in its middle."""
    return Band((micro["least"] + micro["most"]) // 2, micro["least"], micro["most"])


def micro_of(
    table: PlotTable, grid: IntArray, asked: Asked, whole: BoolArray, rng: np.random.Generator
) -> IntArray:
    """Number of each plot's micro-grid in all, -1 for none; lines are taken as they were for the grids.

    asked: with `micro`. whole: by number of grid, those that have none.
    """
    lines = lines_of(asked)
    settings = Settings()
    settings = replace(settings, line_price=steering.line_prices(settings.line_price, lines))
    walled = replace(table, edges=steering.walls_between(table.edges, lines, grid))
    return steering.micro_grids(walled, grid, micro_band(asked.micro or {}), engine_of(rng, settings), whole)


def former_of(polygons: Geometries, former: Former) -> IntArray:
    """Number of the former grid each plot lies in, -1 for none. polygons: lon/lat, as the outlines."""
    return steering.area_of(polygons, former.outlines)


def _fixed(asked: Asked, ground: Ground) -> list[Fixed]:
    """The grids that are left alone: locked ones, special ones of the plan in force, those drawn by hand.

    Refused with `locked_grid_unknown`, `locked_grid_in_pieces`, `special_holds_no_plot`, `special_in_pieces`,
    `special_over_other`.
    """
    found: list[Fixed] = []
    taken = np.full(len(ground.table), -1, np.int64)
    former = ground.former
    wanted = {*asked.locks, *(ground.locks.grids if asked.locked else ())}
    for code in sorted(set(asked.locks) - set(former.codes)):
        raise Refusal("locked_grid_unknown", grid=code)
    for number, (code, kind) in enumerate(zip(former.codes, former.kinds, strict=True)):
        special = kind in SPECIAL_KINDS
        if code not in wanted and not (special and asked.keep_special):
            continue
        plots = np.flatnonzero(ground.former_of == number)
        if len(plots) == 0 or _pieces(ground.table, plots) != 1:
            raise Refusal("locked_grid_in_pieces", grid=code)
        taken[plots] = len(found)
        found.append(Fixed(code, plots, code, kind, former.names[number]))
    for one in asked.special:
        plots = _drawn(one, ground)
        if (other := taken[plots].max()) >= 0:
            raise Refusal("special_over_other", name=one["name"], other=found[other].what)
        taken[plots] = len(found)
        found.append(Fixed(one["name"], plots, None, one["kind"], one["name"]))
    return found


def _drawn(special: Mapping[str, Any], ground: Ground) -> IntArray:
    """The plots of a special grid drawn by hand: those most of which it covers."""
    name = special["name"]
    drawn = to_metres(np.array([drawn_polygon(special)], object), ground.crs)[0]
    if not shapely.is_valid(drawn):
        drawn = shapely.make_valid(drawn)
    plots = steering.plots_under(ground.polygons, drawn)
    if len(plots) == 0:
        raise Refusal("special_holds_no_plot", name=name)
    if len(np.unique(ground.community[plots])) > 1:
        raise Refusal("special_across_communities", name=name)
    if (parts := _pieces(ground.table, plots)) != 1:
        raise Refusal("special_in_pieces", name=name, pieces=parts)
    return plots


def _pieces(table: PlotTable, plots: IntArray) -> int:
    """Of how many pieces some plots are."""
    mine = np.zeros(len(table), np.int64)
    mine[plots] = 1
    return int(partition.pieces(table.edges, mine)[1])


def _locked_buildings(
    asked: Asked, ground: Ground, walled: PlotTable, fixed: IntArray
) -> tuple[list[str], list[IntArray]]:
    """For each former grid with locked buildings its code, and the plots that hold these together.

    Refused with `locked_buildings_apart` where no way within the former grid joins them.
    """
    if not asked.locked or ground.former_of is None or len(ground.locks.plots) == 0:
        return [], []
    plots = np.unique(ground.locks.plots[ground.locks.plots >= 0])
    plots = plots[(fixed[plots] < 0) & (ground.former_of[plots] >= 0)]
    codes, groups = [], []
    for number in np.unique(ground.former_of[plots]).tolist():
        members = plots[ground.former_of[plots] == number]
        within = np.flatnonzero((ground.former_of == number) & (fixed < 0))
        code = ground.former.codes[number]
        joined = steering.anchor(walled, members, within)
        if joined is None:
            raise Refusal("locked_buildings_apart", grid=code)
        codes.append(code)
        groups.append(joined)
    return codes, groups


def _seeds(asked: Asked, ground: Ground, fixed: Sequence[Fixed], number: IntArray) -> IntArray:
    """The plots of the seed points; refused with `seed_outside` and `seed_on_fixed`."""
    if not asked.seeds:
        return np.zeros(0, np.int64)
    points = to_metres(shapely.points(np.array(asked.seeds, np.float64)), ground.crs)
    point, plot = shapely.STRtree(ground.polygons).query(points, predicate="intersects")
    found = np.full(len(points), -1, np.int64)
    found[point[::-1]] = plot[::-1]
    for place, (own, (lon, lat)) in enumerate(zip(found.tolist(), asked.seeds, strict=True), 1):
        if own < 0:
            raise Refusal("seed_outside", seed=place, lon=round(lon, 6), lat=round(lat, 6))
        if number[own] >= 0:
            raise Refusal("seed_on_fixed", seed=place, grid=fixed[number[own]].what)
    return found
