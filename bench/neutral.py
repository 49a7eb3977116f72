"""Scores of a division from its geometry alone, whoever made it; nothing here knows how grids come about.

The definitions, and so the numbers, are those of the published comparison of partitioners:

    in10, in20: share of grids within 10 % (20 %) of the target, ends included.
    contiguous: share of grids in one piece; parts that touch at a corner are two, slivers below 1 m² none.
    pp_mean, pp_p10: 4πA/P² (Polsby & Popper 1991) of the grids, mean and 10th percentile.
    buildings_cut: footprints with more than 1 % (and 1 m²) outside the grid that holds most of them.
    gap_m2, overlap_m2, outside_m2: what is wider than 2 cm, as stored corners are rounded.
    invalid_edges: grids with a side that matches no neighbour's (`coverage_invalid_edges`).
    street_share: share of the border between grids within 2 m of a carriageway's or river's line.
    spans, spans_unbridged: share of grids with more than 20 m of a river or railway well inside, and of
        those without any street over it there.
    forced: grids over the band that hold one building over the band. infeasible: grids on an island or
        exclave whose households no number of grids can share within the band. `…_free` leaves both out,
        and grids without households.
    k_excess: how many more free grids there are than their households ÷ target, as a share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyogrio
import shapely

from app.geo.plots import BoolArray, FloatArray, IntArray

Shapes = npt.NDArray[np.object_]
Scores = dict[str, float]

SLIVER_M2 = 1.0
HAIR_M = 0.05  # slits narrower than twice this, inside a grid, are noise
SLIT_M = 0.01
SHRUNK_M = 0.1
CUT_SHARE, CUT_M2 = 0.01, 1.0
STREET_M = 2.0
STEP_M = 5.0
RIM_M = 1.0  # border this near to the outline is no border between grids
CORE_M, SPAN_M, BRIDGE_M = 4.0, 20.0, 20.0
LINKED = ["motorway", "trunk", "primary", "secondary", "tertiary"]
ROADS = [*LINKED, *(f"{road}_link" for road in LINKED)]
ROADS += ["unclassified", "residential", "living_street", "service", "pedestrian", "road"]
BARRIERS = {"river", "canal", "rail", "light_rail"}


@dataclass(frozen=True)
class Ground:
    """What a division is scored against, all in metres of one CRS.

    units: polygons that have households (plots, or footprints). footprints: what should not be cut.
    lines: carriageways and rivers that a border may run on. barriers: rivers and railways a grid should not
    span; streets over them are looked for in `streets`.
    """

    units: Shapes
    households: IntArray
    footprints: Shapes
    lines: Shapes
    streets: Shapes
    barriers: Shapes
    boundary: shapely.Geometry


def score(
    cells: Shapes, ground: Ground, label: IntArray | None = None, *, target: int = 300, share: float = 0.10
) -> Scores:
    """Every score of one division.

    cells: one (multi)polygon per grid. label: cell of each unit, -1 for none; found by place if not given.
    """
    label = cells_of(ground.units, cells) if label is None else label
    whole, parts = _without_slivers(cells)
    return {
        **_loads(label, ground, cells, target, share),
        "contiguous": float((parts == 1).mean()),
        **_shapes(whole),
        "buildings_cut": _cut(ground.footprints, cells),
        **_tiling(cells, ground.boundary),
        "street_share": _street_share(whole, ground),
        **_spans(whole, ground),
    }


def score_files(district: Path, grids: Path, layer: str = "grids") -> Scores:
    """Scores of a file of grids against a district's file, read without any of our readers."""
    crs = _crs_of(district)
    ground = ground_of_file(district, crs)
    found = gpd.read_file(grids, layer=layer).to_crs(crs)
    cells = found.geometry.to_numpy()
    label = cells_of(ground.units, cells)
    return {**score(cells, ground, label), "buildings_outside": int((label < 0).sum())}


def ground_of_file(district: Path, crs: object) -> Ground:
    """Buildings with their point inside the outline, cut off at it; what lies beyond is nobody's grid."""
    layers = {name for name, _ in pyogrio.list_layers(district)}

    def layer(name: str) -> gpd.GeoDataFrame:
        found = gpd.read_file(district, layer=name) if name in layers else gpd.GeoDataFrame(geometry=[])
        return found.to_crs(crs) if len(found) else found

    buildings = layer("buildings")
    boundary = layer("boundary")
    outline = shapely.union_all(boundary.geometry.to_numpy()) if len(boundary) else None
    footprints = buildings.geometry.to_numpy()
    inside = np.ones(len(buildings), bool)
    if outline is not None:
        shapely.prepare(outline)
        inside = shapely.intersects(outline, shapely.point_on_surface(footprints))
        footprints = footprints[inside]
        over = ~shapely.covers(outline, footprints)
        footprints[over] = shapely.intersection(footprints[over], outline)
    streets = _roads(layer("streets"))
    return Ground(
        units=footprints,
        households=buildings["households"].fillna(0).to_numpy(np.int64)[inside],
        footprints=footprints,
        lines=streets,
        streets=streets,
        barriers=np.concatenate([_barriers(layer("water")), _barriers(layer("railways"))]),
        boundary=outline if outline is not None else shapely.Polygon(),
    )


def _crs_of(district: Path) -> object:
    buildings = gpd.read_file(district, layer="buildings")
    return buildings.estimate_utm_crs() if buildings.crs.is_geographic else buildings.crs


def _roads(streets: gpd.GeoDataFrame) -> Shapes:
    if "highway" in streets and streets["highway"].notna().any():
        streets = streets[streets["highway"].isin(ROADS)]
    return np.asarray(streets.geometry.to_numpy(), object)


def _barriers(layer: gpd.GeoDataFrame) -> Shapes:
    """Lines of rivers, canals and railways on the ground; surfaces of water have no line."""
    if not len(layer):
        return np.empty(0, object)
    kind = "kind" if "kind" in layer else "railway" if "railway" in layer else "waterway"
    keep = layer.geometry.geom_type.isin(["LineString", "MultiLineString"])
    if kind in layer:
        keep &= layer[kind].isin(BARRIERS)
    for above_or_below in ("tunnel", "bridge"):
        if above_or_below in layer:
            keep &= ~layer[above_or_below].isin(["yes", "true", "1", True, 1, "viaduct"])
    return np.asarray(layer.geometry[keep].to_numpy(), object)


def cells_of(units: Shapes, cells: Shapes) -> IntArray:
    """The cell in which a point of each unit lies, the first where two do; -1 for none."""
    unit, cell = shapely.STRtree(cells).query(shapely.point_on_surface(units), predicate="intersects")
    found = np.full(len(units), -1, np.int64)
    found[unit[::-1]] = cell[::-1]
    return found


def count_limits(households: int, target: int = 300, share: float = 0.10) -> bool:
    """Whether any number of grids can have that many households between them, all within the band.

    >>> count_limits(400), count_limits(620)
    (False, True)
    """
    least, most = math.ceil(target * (1 - share) - 1e-9), math.floor(target * (1 + share) + 1e-9)
    return math.ceil(households / most) <= math.floor(households / least)


def _loads(label: IntArray, ground: Ground, cells: Shapes, target: int, share: float) -> Scores:
    known = label >= 0
    households = np.bincount(label[known], ground.households[known], len(cells))
    off = np.abs(households / target - 1.0)
    largest = np.zeros(len(cells))
    np.maximum.at(largest, label[known], ground.households[known])
    most = target * (1 + share)
    forced = (households > most) & (largest > most)
    infeasible = _on_hopeless_islands(cells, ground, target, share) & ~forced & (households > 0)
    free = ~forced & ~infeasible & (households > 0)
    expected = households[free].sum() / target
    return {
        "grids": len(cells),
        "households": int(ground.households.sum()),
        "households_unassigned": int(ground.households[~known].sum()),
        "households_min": float(households.min()),
        "households_max": float(households.max()),
        "in5": float((off <= 0.05 + 1e-9).mean()),
        "in10": float((off <= 0.10 + 1e-9).mean()),
        "in20": float((off <= 0.20 + 1e-9).mean()),
        "forced": int(forced.sum()),
        "infeasible": int(infeasible.sum()),
        "uninhabited": int((households == 0).sum()),
        "in10_free": _mean(off[free] <= 0.10 + 1e-9),
        "in20_free": _mean(off[free] <= 0.20 + 1e-9),
        "k_excess": float(free.sum() / max(1.0, expected) - 1),
    }


def _mean(values: npt.NDArray[np.generic]) -> float:
    return float(values.mean()) if len(values) else math.nan


def _on_hopeless_islands(cells: Shapes, ground: Ground, target: int, share: float) -> BoolArray:
    """Which cells stand on a part of the outline whose households admit no division within the band."""
    hopeless = np.zeros(len(cells), bool)
    islands = shapely.get_parts(ground.boundary)
    if not len(islands):
        return hopeless
    tree = shapely.STRtree(islands)
    unit, island = tree.query(shapely.point_on_surface(ground.units), predicate="intersects")
    total = np.bincount(island, ground.households[unit], len(islands))
    dead = np.array([not count_limits(int(households), target, share) for households in total])
    cell, island = tree.query(shapely.point_on_surface(cells), predicate="intersects")
    hopeless[cell] = dead[island]
    return hopeless


def _without_slivers(cells: Shapes) -> tuple[Shapes, IntArray]:
    """The cells without slivers and hair-fine slits, and of how many parts each is."""
    whole, parts = cells.copy(), np.ones(len(cells), np.int64)
    for number in np.flatnonzero(shapely.get_type_id(cells) != shapely.GeometryType.POLYGON):
        opened = cells[number]
        for width in (HAIR_M, -2 * HAIR_M, HAIR_M):
            opened = opened.buffer(width, join_style="mitre")
        large = [part for part in shapely.get_parts(opened) if part.area > SLIVER_M2]
        if large:
            whole[number] = shapely.MultiPolygon(large) if len(large) > 1 else large[0]
        parts[number] = max(1, len(large))
    return whole, parts


def _shapes(cells: Shapes) -> Scores:
    area, perimeter = shapely.area(cells), shapely.length(cells)
    compactness = np.divide(4 * np.pi * area, perimeter**2, out=np.zeros(len(cells)), where=perimeter > 0)
    return {
        "pp_mean": float(compactness.mean()),
        "pp_median": float(np.median(compactness)),
        "pp_p10": float(np.percentile(compactness, 10)),
    }


def _cut(footprints: Shapes, cells: Shapes) -> int:
    footprints = footprints[~shapely.is_empty(footprints)]
    tree = shapely.STRtree(cells)
    shrunk = shapely.buffer(footprints, -SHRUNK_M)
    shrunk = np.where(shapely.is_empty(shrunk), footprints, shrunk)
    shapely.prepare(cells)
    building, cell = tree.query(shapely.point_on_surface(shrunk), predicate="intersects")
    whole = np.zeros(len(footprints), bool)
    whole[building[shapely.covers(cells[cell], shrunk[building])]] = True
    doubtful = footprints[~whole]
    if not len(doubtful):
        return 0
    building, cell = tree.query(doubtful, predicate="intersects")
    common = shapely.area(shapely.intersection(doubtful[building], cells[cell]))
    main = np.zeros(len(doubtful))
    np.maximum.at(main, building, common)
    area = shapely.area(doubtful)
    elsewhere = area - main
    return int(((elsewhere > CUT_SHARE * area) & (elsewhere > CUT_M2)).sum())


def _tiling(cells: Shapes, boundary: shapely.Geometry) -> Scores:
    union = shapely.union_all(cells)
    one, other = shapely.STRtree(cells).query(cells, predicate="intersects")
    one, other = one[one < other], other[one < other]
    rounded = shapely.set_precision(cells, 0.001)
    scores: Scores = {
        "overlap_m2": _wide_m2(shapely.intersection(cells[one], cells[other])),
        "invalid_edges": int((~shapely.is_empty(shapely.coverage_invalid_edges(rounded))).sum()),
    }
    if boundary.is_empty:
        holes = [shapely.Polygon(hole) for part in shapely.get_parts(union) for hole in part.interiors]
        return {**scores, "gap_m2": _wide_m2(np.array(holes, object)), "outside_m2": math.nan}
    gap, outside = shapely.difference(boundary, union), shapely.difference(union, boundary)
    return {**scores, "gap_m2": _wide_m2(gap), "outside_m2": _wide_m2(outside)}


def _wide_m2(ground: Shapes | shapely.Geometry) -> float:
    """Area of what is wider than two slits."""
    core = shapely.buffer(ground, -SLIT_M, join_style="mitre")
    return float(np.sum(shapely.area(shapely.buffer(core, SLIT_M, join_style="mitre"))))


def _street_share(cells: Shapes, ground: Ground) -> float:
    """Metre by metre (in steps of 5 m), over the border that is not the outline."""
    rings = shapely.segmentize(shapely.boundary(cells), STEP_M)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    metres = np.hypot(*np.diff(xy, axis=0).T)
    real = (np.diff(ring) == 0) & (metres > 0) & (metres <= STEP_M * 1.01)
    middle, metres = shapely.points((xy[:-1] + xy[1:])[real] / 2), metres[real]
    rim = ground.boundary.boundary if not ground.boundary.is_empty else shapely.union_all(cells).boundary
    shapely.prepare(rim)
    inner = ~shapely.dwithin(middle, rim, RIM_M)
    middle, metres = middle[inner], metres[inner]
    on_line = np.zeros(len(middle), bool)
    on_line[shapely.STRtree(ground.lines).query(middle, predicate="dwithin", distance=STREET_M)[0]] = True
    return float(metres[on_line].sum() / max(float(metres.sum()), 1e-9))


def _spans(cells: Shapes, ground: Ground) -> Scores:
    if not len(ground.barriers):
        return {"spans": 0.0, "spans_unbridged": 0.0}
    core = shapely.buffer(cells, -CORE_M)
    cell, barrier = shapely.STRtree(ground.barriers).query(core, predicate="intersects")
    inside = shapely.intersection(core[cell], ground.barriers[barrier])
    spanned = _sums(shapely.length(inside), cell, len(cells)) > SPAN_M
    bridges = shapely.intersection(shapely.union_all(ground.streets), shapely.union_all(ground.barriers))
    points = shapely.get_parts(bridges)
    near, _ = shapely.STRtree(points).query(inside, predicate="dwithin", distance=BRIDGE_M)
    bridged = np.zeros(len(cells), bool)
    bridged[cell[near]] = True
    return {"spans": float(spanned.mean()), "spans_unbridged": float((spanned & ~bridged).mean())}


def _sums(values: FloatArray, group: IntArray, count: int) -> FloatArray:
    return np.bincount(group, values, count).astype(np.float64)
