"""The finished city as tables: codes, names, addresses, coordinates."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely import Point

from geodata import admin
from geodata.blocks import Town
from geodata.buildings import largest
from geodata.names import Names, pinyin
from geodata.streets import CANAL_WIDTH_M, Net, Street

ORIGIN = (113.1, 36.2)
"""Longitude and latitude of the middle: a spot chosen for its zone, not a claim about the place."""

METRIC_CRS = "EPSG:4547"
"""CGCS2000, 3-degree zone round 114° E."""

DISTRICT_CODE = "140499"
"""A county-level code that is not in use."""

LATTICE_DECIMALS = 8
SMALLEST_GREEN_M2 = 60.0
TALL = 100  # households from which on the entrances of a building are known
DOOR_INSIDE_M = 1.5


def _lonlat(geometries: list | np.ndarray) -> np.ndarray:
    """Metres round the middle of the district to longitude and latitude on the lattice."""
    to_metres = Transformer.from_crs("EPSG:4490", METRIC_CRS, always_xy=True)
    back = Transformer.from_crs(METRIC_CRS, "EPSG:4490", always_xy=True)
    hub = np.array(to_metres.transform(*ORIGIN))

    def convert(xy: np.ndarray) -> np.ndarray:
        lon, lat = back.transform(*(xy + hub).T)
        return np.round(np.c_[lon, lat], LATTICE_DECIMALS)

    return shapely.transform(np.array(list(geometries), dtype=object), convert)


def _frame(
    columns: dict[str, list], geometries: list | np.ndarray, *, metres: bool = True
) -> gpd.GeoDataFrame:
    shapes = _lonlat(geometries) if metres else geometries
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=list(shapes), crs="EPSG:4326")


class _Addresses:
    """Door numbers: even on one side of a street, odd on the other, growing along it; none given twice."""

    def __init__(self, streets: list[Street]) -> None:
        self._named = [s for s in streets if s.name]
        self._tree = shapely.STRtree([s.line for s in self._named])
        extents: dict[str, list[tuple[float, float]]] = {}
        for s in self._named:
            extents.setdefault(s.name, []).extend([s.line.coords[0][:2], s.line.coords[-1][:2]])
        self._axis = {}
        for name, ends in extents.items():
            xy = np.array(ends)
            spread = xy.max(axis=0) - xy.min(axis=0)
            along = 0 if spread[0] >= spread[1] else 1
            self._axis[name] = (along, float(xy[:, along].min()))
        self._given: dict[str, int] = {}

    def at(self, shape: shapely.Geometry) -> str:
        """The door plate of a house or of an estate's gate."""
        middle = shape.centroid
        street = self._named[int(self._tree.nearest(shape))]
        along, start = self._axis[street.name]
        here = street.line.interpolate(street.line.project(middle))
        side = (middle.y if along == 0 else middle.x) > (here.y if along == 0 else here.x)
        number = 2 * int(max(0.0, (middle.x if along == 0 else middle.y) - start) // 9) + 1 + int(side)
        plate = f"{street.name}{number}号"
        times = self._given[plate] = self._given.get(plate, 0) + 1
        return plate if times == 1 else f"{street.name}{number}-{times - 1}号"


def tables(
    net: Net, town: Town, streets: list[Street], labels: np.ndarray, names: Names
) -> dict[str, gpd.GeoDataFrame]:
    """All layers by name.

    labels: the community of every block, from 0.
    """
    communities = int(labels.max()) + 1
    community_of = labels[[s.face for s in town.standing]]
    households = np.array([s.building.households for s in town.standing])
    loads = np.bincount(community_of, households, communities)

    shapes = [shapely.coverage_union_all(_lonlat(net.faces[labels == k])) for k in range(communities)]
    subdistrict_of = _subdistricts(shapes, loads)
    codes, sub_codes = _codes(subdistrict_of)
    addresses = _Addresses(streets)

    compound_codes = _compound_codes(town, [codes[labels[c.face]] for c in town.compounds])
    gates = {c.name: addresses.at(c.outline) for c in town.compounds}
    layers = {"buildings": _building_table(town, community_of, codes, compound_codes, gates, addresses)}
    layers["entrances"] = _entrance_table(town, community_of, layers["buildings"]["code"].tolist())
    layers["streets"] = _frame(
        {
            "name": [s.name or None for s in streets],
            "name_pinyin": [pinyin(s.name) if s.name else None for s in streets],
            "highway": [s.highway for s in streets],
            "oneway": [s.oneway for s in streets],
            "bridge": [s.bridge for s in streets],
            "layer": [int(s.bridge) for s in streets],
            "width_m": [s.width for s in streets],
        },
        [s.line for s in streets],
    )
    layers["water"] = _water_table(net, town)
    layers["railways"] = _frame(
        {
            "name": ["锦原铁路"] * len(net.rails),
            "railway": ["rail"] * len(net.rails),
            "bridge": [bridge for _, bridge in net.rails],
            "layer": [int(bridge) for _, bridge in net.rails],
        },
        [line for line, _ in net.rails],
    )
    layers["green"] = _green_table(town)
    layers["compounds"] = _frame(
        {
            "code": compound_codes,
            "name": [c.name for c in town.compounds],
            "kind": [c.kind for c in town.compounds],
            "community": [codes[labels[c.face]] for c in town.compounds],
            "address": [gates[c.name] for c in town.compounds],
        },
        [c.outline for c in town.compounds],
    )
    outline = shapely.coverage_union_all(np.array(shapes))
    layers["boundary"] = _frame(
        {"code": [DISTRICT_CODE], "name": ["锦原区"], "level": ["district"]}, [outline], metres=False
    )
    layers["admin"] = _admin_table(
        town, labels, community_of, shapes, subdistrict_of, codes, sub_codes, loads, names
    )
    layers["places"] = _places_table(net, town, layers["admin"], community_of, codes)
    return layers


def _subdistricts(shapes: list, loads: np.ndarray) -> np.ndarray:
    """The subdistrict of every community, about as many as the root of their number."""
    count = max(1, round(math.sqrt(len(shapes))))
    graph = admin.neighbours(
        np.array([shapely.transform(s, lambda xy: xy * 1e5) for s in shapes], dtype=object)
    )
    points = shapely.get_coordinates(shapely.centroid(shapes))
    ones = np.ones(len(shapes))
    if len(admin.pieces(list(range(len(shapes))), graph)) > 1:
        return np.zeros(len(shapes), int)
    return admin.in_reading_order(admin.divide(count, ones, points, graph), points, loads)


def _codes(subdistrict_of: np.ndarray) -> tuple[list[str], list[str]]:
    """Twelve digits for each community, nine for each subdistrict."""
    sub_codes = [f"{DISTRICT_CODE}{k + 1:03d}" for k in range(int(subdistrict_of.max()) + 1)]
    next_free = dict.fromkeys(sub_codes, 0)
    codes = []
    for k in subdistrict_of:
        next_free[sub_codes[k]] += 1
        codes.append(f"{sub_codes[k]}{next_free[sub_codes[k]]:03d}")
    return codes, sub_codes


def _compound_codes(town: Town, communities: list[str]) -> list[str]:
    counts: dict[str, int] = {}
    codes = []
    for community in communities:
        counts[community] = counts.get(community, 0) + 1
        codes.append(f"{community}9{counts[community]:03d}")
    return codes


def _building_table(
    town: Town,
    community_of: np.ndarray,
    codes: list[str],
    compound_codes: list[str],
    gates: dict[str, str],
    addresses: _Addresses,
) -> gpd.GeoDataFrame:
    """One row per building, by community, then in the order in which they were built."""
    outlines = [s.building.outline for s in town.standing]
    compounds = [c.outline for c in town.compounds]
    inside = np.full(len(outlines), -1)
    if compounds:
        house, yard = shapely.STRtree(compounds).query(
            shapely.point_on_surface(outlines), predicate="intersects"
        )
        inside[house] = yard
    order = np.lexsort((np.arange(len(outlines)), community_of))
    counts: dict[str, int] = {}
    gates = dict(gates)
    doors: dict[str, int] = {}
    rows: dict[str, list] = {
        k: []
        for k in (
            "code",
            "name",
            "address",
            "kind",
            "households",
            "floors",
            "entrances",
            "community",
            "compound",
            "remark",
        )
    }
    for k in order:
        s, b = town.standing[k], town.standing[k].building
        community = codes[community_of[k]]
        counts[community] = counts.get(community, 0) + 1
        yard = town.compounds[inside[k]] if inside[k] >= 0 else None
        group = yard.name if yard is not None else s.estate
        if group and group not in gates:
            gates[group] = addresses.at(b.outline)
        plate = gates[group] if group else addresses.at(b.outline)
        label = f"{b.number}号楼" if b.number else b.name
        name = f"{group} {_numbered(label, group, doors)}" if group else f"{plate}{b.name}"
        rows["code"].append(f"{community}{counts[community]:04d}")
        rows["name"].append(name)
        rows["address"].append(f"{plate} {name}" if group else plate)
        rows["kind"].append(b.kind)
        rows["households"].append(b.households)
        rows["floors"].append(b.floors)
        rows["entrances"].append(b.entrances)
        rows["community"].append(community)
        rows["compound"].append(compound_codes[inside[k]] if inside[k] >= 0 else None)
        rows["remark"].append(b.remark or None)
    return _frame(rows, [outlines[k] for k in order])


def _entrance_table(town: Town, community_of: np.ndarray, codes: list[str]) -> gpd.GeoDataFrame:
    """The entrances of tall residential buildings, from one end to the other, with the households of each.

    codes: of the buildings, in the order of their table.
    """
    order = np.lexsort((np.arange(len(town.standing)), community_of))
    rows: dict[str, list] = {name: [] for name in ("building", "code", "name", "households")}
    doors: list[Point] = []
    for code, k in zip(codes, order, strict=True):
        b = town.standing[k].building
        if b.kind != "residential" or b.households < TALL or b.entrances < 2:
            continue
        for number, door in enumerate(_doors(b.outline, b.entrances)):
            rows["building"].append(code)
            rows["code"].append(f"{code}-{number + 1}")
            rows["name"].append(f"{number + 1}单元")
            rows["households"].append(b.households // b.entrances + (number < b.households % b.entrances))
            doors.append(door)
    return _frame(rows, doors)


def _doors(outline: shapely.Geometry, count: int) -> list[Point]:
    """Points just inside the wall along the longer side of a building, one in the middle of each share."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(outline))
    sides = np.hypot(*np.diff(corners, axis=0).T)
    side = int(np.argmax(np.round(sides[:2], 3)))
    start, end = corners[side], corners[side + 1]
    room = outline.buffer(-DOOR_INSIDE_M, join_style="mitre")
    wall = [Point(start + (end - start) * (number + 0.5) / count) for number in range(count)]
    return [shapely.get_point(shapely.shortest_line(room, point), 0) for point in wall]


def _numbered(label: str, group: str, doors: dict[str, int]) -> str:
    """The label of one house of a group: a door number when it has none, a number added when it is taken."""
    times = doors[group + label] = doors.get(group + label, 0) + 1
    if not label:
        return f"{times}号"
    return label if times == 1 else f"{label}{times}"


def _green_table(town: Town) -> gpd.GeoDataFrame:
    """Parks, verges, fields; necks narrower than a metre are cut, for rounding would tie knots into them."""
    grounds = [
        (largest(shape.buffer(-0.5, join_style="mitre").buffer(0.5, join_style="mitre")), kind, name)
        for shape, kind, name in town.greens
    ]
    grounds = [row for row in grounds if row[0].area > SMALLEST_GREEN_M2]
    return _frame(
        {"name": [name or None for *_, name in grounds], "kind": [kind for _, kind, _ in grounds]},
        [shape for shape, *_ in grounds],
    )


def _water_table(net: Net, town: Town) -> gpd.GeoDataFrame:
    rows = [(net.river_name, "river", part) for part in shapely.get_parts(net.river)]
    rows += [(name, "lake", shape) for shape, name in town.waters]
    rows += [(f"{net.river_name[:-1]}渠", "canal", part) for part in shapely.get_parts(net.canal)]
    widths = [CANAL_WIDTH_M if kind == "canal" else None for _, kind, _ in rows]
    return _frame(
        {"name": [r[0] for r in rows], "kind": [r[1] for r in rows], "width_m": widths}, [r[2] for r in rows]
    )


def _admin_table(
    town: Town,
    labels: np.ndarray,
    community_of: np.ndarray,
    shapes: list,
    subdistrict_of: np.ndarray,
    codes: list[str],
    sub_codes: list[str],
    loads: np.ndarray,
    names: Names,
) -> gpd.GeoDataFrame:
    rows: dict[str, list] = {k: [] for k in ("level", "code", "parent", "name", "name_pinyin", "households")}
    geometries = []
    by_community = [_stem(town, labels, community_of, k) for k in range(len(codes))]
    for k, code in enumerate(sub_codes):
        members = np.flatnonzero(subdistrict_of == k)
        name = names.subdistrict()
        _append(rows, "subdistrict", code, DISTRICT_CODE, name, int(loads[members].sum()))
        geometries.append(shapely.coverage_union_all(np.array(shapes, dtype=object)[members]))
    for k, code in enumerate(codes):
        _append(
            rows,
            "community",
            code,
            sub_codes[subdistrict_of[k]],
            names.community(by_community[k]),
            int(loads[k]),
        )
        geometries.append(shapes[k])
    return _frame(rows, geometries, metres=False)


def _append(rows: dict[str, list], level: str, code: str, parent: str, name: str, households: int) -> None:
    for key, value in zip(rows, (level, code, parent, name, pinyin(name), households), strict=True):
        rows[key].append(value)


def _stem(town: Town, labels: np.ndarray, community_of: np.ndarray, community: int) -> str:
    """After what a community is called: the estate with most households in it."""
    sums: dict[str, int] = {}
    for k in np.flatnonzero(community_of == community):
        s = town.standing[k]
        if s.estate:
            sums[s.estate] = sums.get(s.estate, 0) + s.building.households
    return max(sums, key=lambda name: sums[name]).removesuffix("家属院") if sums else ""


def _places_table(
    net: Net, town: Town, places: gpd.GeoDataFrame, community_of: np.ndarray, codes: list[str]
) -> gpd.GeoDataFrame:
    """Offices of the committees, the station, level crossings."""
    rows: list[tuple[str, str, Point]] = []
    names = dict(zip(places["code"], places["name"], strict=True))
    points = shapely.point_on_surface([s.building.outline for s in town.standing])
    xy = shapely.get_coordinates(points)
    for k, code in enumerate(codes):
        mine = np.flatnonzero(community_of == k)
        middle = xy[mine].mean(axis=0)
        fit = [m for m in mine if town.standing[m].building.kind in ("commercial", "public")] or mine.tolist()
        office = min(fit, key=lambda m: float(np.hypot(*(xy[m] - middle))))
        rows.append((f"{names[code]}居委会", "committee office", points[office]))
    for s, point in zip(town.standing, points, strict=True):
        if s.building.name == "火车站":
            rows.append((s.estate, "railway station", point))
    rows += [(f"{k + 1}号道口", "level crossing", p) for k, p in enumerate(net.level_crossings)]
    return _frame({"name": [r[0] for r in rows], "kind": [r[1] for r in rows]}, [r[2] for r in rows])
