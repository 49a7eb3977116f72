"""A whole invented district as tables in longitude and latitude."""

import math
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, Polygon

from geodata import admin, blocks
from geodata.blocks import Builder, Standing, Town
from geodata.buildings import ARCH, ASTRIDE, OVERLAPPING, SHOP, Building
from geodata.names import Names
from geodata.streets import (
    DUAL_CARRIAGEWAY_M,
    DUAL_OFFSET_M,
    SNAP_M,
    Net,
    Street,
    Warp,
    build_net,
    skeleton,
)
from geodata.tables import tables

FEWEST, MOST = 1, 120
HOUSEHOLDS_SMALL, HOUSEHOLDS_LARGE = 3_000, 2_400
DENSITY_PER_KM2 = 4_000.0
"""Of the square on which the streets are first laid out; a larger one is tried when room runs out."""

TRIES = 8
OVERLAP_M2 = 0.3
ARCH_M = 34.0
BARN_M = (10.0, 8.0)
BARNS = 2


def mean_households(communities: int) -> int:
    """Households of an average community: 3,000 up to ten communities, 2,400 from fifty on."""
    share = min(1.0, max(0.0, (communities - 10) / 40))
    return round(HOUSEHOLDS_SMALL + (HOUSEHOLDS_LARGE - HOUSEHOLDS_SMALL) * share)


def district(communities: int = 10, seed: int = 1) -> dict[str, gpd.GeoDataFrame]:
    """Generate a district; the same arguments always give the same tables.

    communities: 1 to 120, each of about 3,000 households (2,400 in a large district).
    Returns layers by name (buildings, entrances, streets, water, railways, green, compounds, boundary,
    admin, places), in longitude and latitude rounded to 1e-8 degree.
    """
    if not FEWEST <= communities <= MOST:
        raise ValueError(f"communities must be {FEWEST} to {MOST}, not {communities}")
    target = communities * mean_households(communities)
    side = 1000 * math.sqrt(target / DENSITY_PER_KM2)
    for _ in range(TRIES):
        rng = np.random.default_rng(seed)
        net, town, names = _built(side, target, communities, rng)
        if town.households >= target * 0.97:
            break
        side *= max(1.025, (target / town.households) ** 0.4)
    streets = _carriageways(net, town)
    _tidy(net, town, streets, rng)
    return tables(net, town, streets, _communities(net, town, communities), names)


def write(layers: dict[str, gpd.GeoDataFrame], path: str | os.PathLike[str]) -> None:
    """Write the layers into one GeoPackage, replacing a file that is there."""
    path = Path(path)
    path.unlink(missing_ok=True)
    for name, layer in layers.items():
        layer.to_file(path, layer=name, driver="GPKG", index=False)


def _built(side_m: float, target: int, communities: int, rng: np.random.Generator) -> tuple[Net, Town, Names]:
    names = Names(rng)
    bones = skeleton(side_m, rng)
    warp = Warp.draw(side_m, rng)
    uses = blocks.plan_uses(bones, communities, rng)
    net = build_net(bones, blocks.grains(uses), names, warp, rng)
    return net, Builder(net, uses, target, names, rng).run(), names


def _carriageways(net: Net, town: Town) -> list[Street]:
    """All streets as they are driven: the dual one as two lines, every crossing a shared corner."""
    streets = _with_dual(net, [*net.streets, *town.lanes])
    lines = [s.line for s in streets]
    edges = shapely.get_parts(shapely.union_all(lines, grid_size=SNAP_M))
    owner = shapely.STRtree(lines).nearest(shapely.line_interpolate_point(edges, 0.5, normalized=True))
    joined = []
    for k in np.unique(owner):
        merged = shapely.line_merge(shapely.union_all(edges[owner == k]))
        street = streets[k]
        joined += [
            Street(part, street.highway, street.name, street.bridge, street.oneway, street.width_m)
            for part in shapely.get_parts(merged)
            if part.length > SNAP_M * 5
        ]
    return joined


def _with_dual(net: Net, streets: list[Street]) -> list[Street]:
    """Replace the middle of the dual street by its two carriageways; side streets end at the nearer one."""
    middles = shapely.points([s.line.interpolate(0.5, normalized=True).coords[0] for s in streets])
    on_dual = shapely.dwithin(net.dual, middles, 0.5)
    strip = net.dual.buffer(DUAL_OFFSET_M, cap_style="flat")
    decks = [s for s, here in zip(streets, on_dual, strict=True) if here and s.bridge]
    deck_zone = shapely.union_all([s.line.buffer(DUAL_OFFSET_M + 8, cap_style="flat") for s in decks])
    first = next(s for s, here in zip(streets, on_dual, strict=True) if here)
    result = []
    for side in (1, -1):
        for axis in shapely.get_parts(net.dual):
            line = axis.offset_curve(side * DUAL_OFFSET_M)
            line = line if side == -1 else line.reverse()
            for zone, bridge in ((line.difference(deck_zone), False), (line.intersection(deck_zone), True)):
                result += [
                    Street(p, first.highway, first.name, bridge, True, DUAL_CARRIAGEWAY_M)
                    for p in shapely.get_parts(zone)
                    if p.length > 1
                ]
    for k, (street, here) in enumerate(zip(streets, on_dual, strict=True)):
        line = street.line
        if here:
            continue
        if k == net.loose_end:
            line = shapely.ops.substring(line, 0, line.length - 1.4)
        if line.intersects(strip):
            sides = [p for p in shapely.get_parts(line.difference(strip)) if p.length > 3]
            if len(sides) == 1:
                line = sides[0]
        result.append(Street(line, street.highway, street.name, street.bridge, street.oneway))
    return result


def _tidy(net: Net, town: Town, streets: list[Street], rng: np.random.Generator) -> None:
    """Drop what came to stand on a carriageway, in water or in another house; then add the oddities."""
    outlines = np.array([s.building.outline for s in town.standing], dtype=object)
    hard = [s.line.buffer(s.width / 2) for s in streets if s.highway != "footway"]
    hard += [r.buffer(4) for r, _ in net.rails]
    hard += list(shapely.get_parts(blocks.water_shapes(net, town)))
    hit, other = shapely.STRtree(np.array(hard, dtype=object)).query(outlines, predicate="intersects")
    area = shapely.area(shapely.intersection(outlines[hit], np.array(hard, dtype=object)[other]))
    bad = set(hit[area > 0.01].tolist())
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    area = shapely.area(shapely.intersection(outlines[first], outlines[second]))
    for a, b, shared in sorted(zip(first.tolist(), second.tolist(), area.tolist(), strict=True)):
        meant = town.standing[a].building.remark == OVERLAPPING
        if shared > OVERLAP_M2 and not meant and a not in bad:
            bad.add(b)
    bad |= {k for k, o in enumerate(outlines) if not net.outline.contains(o) or not o.is_valid}
    town.standing = [s for k, s in enumerate(town.standing) if k not in bad]
    town.standing += _oddities(net, town, streets, rng)


def _oddities(net: Net, town: Town, streets: list[Street], rng: np.random.Generator) -> list[Standing]:
    """A house on an arch over a small street, two barns astride the outline; shops in the way give place."""
    faces = shapely.STRtree(net.faces)
    lines = shapely.STRtree([s.line for s in streets])
    hard = shapely.union_all([net.river, net.canal, *[r for r, _ in net.rails]])
    shapely.prepare(hard)
    found: list[Standing] = []

    def stands_free(house: Polygon, margin_m: float) -> bool:
        """Whether nothing but shops is there; if so they are taken away."""
        near = [k for k, s in enumerate(town.standing) if s.building.outline.dwithin(house, margin_m)]
        if any(town.standing[k].building.name != SHOP for k in near):
            return False
        for k in reversed(near):
            del town.standing[k]
        return True

    ranks = {"residential": 0, "tertiary": 1, "living_street": 2}
    small = [s for s in streets if s.highway in ranks and s.line.length > 60 and not s.bridge]
    small.sort(key=lambda s: (ranks[s.highway], s.line.distance(net.outline.centroid)))
    for street, share in ((s, share) for s in small for share in (0.5, 0.35, 0.65, 0.25, 0.75)):
        house = _across(street.line, share, ARCH_M, 12.0)
        alone = len(lines.query(house, predicate="intersects")) == 1 and net.outline.contains(house)
        if alone and not hard.dwithin(house, 20) and stands_free(house, 1.0):
            face = int(faces.query(house.representative_point(), predicate="intersects")[0])
            found.append(Standing(Building(house, "residential", 6, 24, 2, "过街楼", remark=ARCH), face, ""))
            break
    rim = shapely.orient_polygons(net.outline).exterior
    barns = 0
    for s in rng.permutation(np.arange(40, rim.length - 40, 25.0)):
        house = _across(shapely.ops.substring(rim, s - 8, s + 8), 0.5, *BARN_M)
        share = house.intersection(net.outline).area / house.area
        clear = (
            0.52 < share < 0.75
            and not hard.dwithin(house, 30)
            and not len(lines.query(house, predicate="dwithin", distance=14))
        )
        if clear and stands_free(house, 1.5):
            face = int(faces.nearest(house.intersection(net.outline).representative_point()))
            found.append(Standing(Building(house, "industrial", 1, name="库房", remark=ASTRIDE), face, ""))
            barns += 1
        if barns == BARNS:
            break
    return found


def _across(line: LineString, share: float, length_m: float, depth_m: float) -> Polygon:
    """A rectangle square across a line at a share of its length, a little more of it on the left."""
    at = share * line.length
    a, b = line.interpolate(max(0.0, at - 5)), line.interpolate(min(line.length, at + 5))
    along = np.array([b.x - a.x, b.y - a.y])
    along /= np.hypot(*along)
    across = np.array([-along[1], along[0]])
    hub = np.array([(a.x + b.x) / 2, (a.y + b.y) / 2]) + across * length_m * 0.07
    x, y = across * length_m / 2, along * depth_m / 2
    return Polygon([hub - x - y, hub + x - y, hub + x + y, hub - x + y])


def _communities(net: Net, town: Town, communities: int) -> np.ndarray:
    """The community of every block; the river is a border wherever the numbers allow it."""
    weights = np.zeros(len(net.faces))
    for s in town.standing:
        weights[s.face] += s.building.households
    points = shapely.get_coordinates(shapely.centroid(net.faces))
    graph = admin.neighbours(net.faces)
    river = net.river_line.buffer(1.0)
    walled = {k: dict(near) for k, near in graph.items()}
    for a in np.flatnonzero(net.in_river):
        for b in [b for b in walled[a] if net.in_river[b]]:
            shared = shapely.intersection(net.faces[a], net.faces[b])
            if shared.intersection(river).length > 0.5 * shared.length:
                del walled[a][b], walled[b][a]
    ideal = weights.sum() / communities
    best, worst = None, np.inf
    for links in (walled, graph):
        islands = admin.pieces(list(range(len(weights))), links)
        if len(islands) > communities or min(weights[p].sum() for p in islands) < 0.6 * ideal:
            continue
        labels = admin.divide(communities, weights, points, links)
        off = float(np.abs(np.bincount(labels, weights, communities) / ideal - 1).max())
        if off < worst:
            best, worst = labels, off
        if off < 0.24:
            break
    return admin.in_reading_order(best, points, weights)
