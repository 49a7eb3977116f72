"""Procedural cities to measure divisions on: the same for the same size and seed, any size up to a million.

A convex outline is cut again and again across its longest side, at nearly right angles, until the pieces
are blocks of a few hectares; the cuts are arterial, secondary and local streets by the ground they part.
A river meanders through. Blocks are filled with rows of towers, slabs, point houses or bungalows,
whose households are heavy-tailed (a tower has up to 250), or stay empty as parks and works.

    >>> city = generated(3_000, seed=1)
    >>> len(city.buildings), city.households
    (71, 2919)

These are the cities of the published comparison of partitioners (docs/benchmarks.md): every random number is
drawn in the same order, so that seed 1 has 2,919, 59,856 and 1,024,964 households in its three sizes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely import affinity, ops
from shapely.geometry import LineString, Polygon, box

Random = np.random.Generator
Points = npt.NDArray[np.float64]
Lines = list[tuple[str, LineString]]

SIZES = {"small": 3_000, "medium": 60_000, "large": 1_020_000}
CRS = "EPSG:32650"
DENSITY_PER_KM2 = 6_000.0
HALF_WIDTH_M = {"arterial": 20.0, "secondary": 12.0, "local": 6.0, "river": 45.0}
HIGHWAY = {"arterial": "primary", "secondary": "secondary", "local": "residential"}
CLOSE_ENOUGH_SHARE = 0.04
EAST_NORTH_M = (500_000.0, 4_000_000.0)  # where files put the middle of the city: on the zone's meridian

CORNERS = 11
BLOCK_M2 = 46_000.0
ARTERIAL_M2, SECONDARY_M2 = 600_000.0, 150_000.0  # a street that parts more ground than this is one
PARK_SHARE, WORK_SHARE, MIXED_SHARE = 0.06, 0.12, 0.35
PAVEMENT_M, SETBACK_M = 3.0, 2.0
LEAST_YARD_M2 = 150.0


@dataclass(frozen=True)
class City:
    """A generated city in metres of `CRS`, its middle near (0, 0).

    buildings: households, block (row of `blocks` it stands in), kind (of most buildings of its block).
    streets: cls `arterial` | `secondary` | `local` | `river`; lines that meet, but are not noded.
    blocks: the ground between them, tiling the boundary.
    """

    buildings: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    blocks: gpd.GeoDataFrame
    boundary: Polygon

    @property
    def households(self) -> int:
        return int(self.buildings["households"].sum())


@dataclass(frozen=True)
class Kind:
    """A way to build: footprint, the gaps between houses of a row and between rows (metres), how many
    households a house has, and the share of places that are built upon."""

    width: float
    depth: float
    gap: float
    row_gap: float
    households: Callable[[Random], int]
    filled: float


KINDS = {
    "tower": Kind(26, 20, 24, 34, lambda rng: int(np.clip(rng.lognormal(4.85, 0.38), 48, 250)), 0.85),
    "slab": Kind(
        54, 12, 14, 18, lambda rng: int(rng.integers(2, 6)) * int(rng.choice([10, 12, 14, 16])), 0.92
    ),
    "point": Kind(20, 16, 12, 14, lambda rng: int(np.clip(rng.lognormal(3.2, 0.45), 8, 90)), 0.88),
    "bungalow": Kind(
        13,
        9,
        3,
        4,
        lambda rng: min(9, int(1 + rng.poisson(0.8) + (rng.random() < 0.05) * rng.integers(2, 6))),
        0.93,
    ),
    "work": Kind(36, 24, 16, 16, lambda rng: int(rng.integers(0, 3) * (rng.random() < 0.2)), 0.8),
}


class Waves:
    """A smooth field in about [-1, 1] over the plane: the sum of a few random waves of about `length_m`."""

    def __init__(self, rng: Random, length_m: float) -> None:
        self.wave = rng.normal(0, 2 * np.pi / length_m, (8, 2))
        self.phase = rng.uniform(0, 2 * np.pi, 8)

    def __call__(self, x: float, y: float) -> float:
        return float(np.cos(self.wave[:, 0] * x + self.wave[:, 1] * y + self.phase).sum() / 2.8)


def generated(households: int, seed: int = 1) -> City:
    """A city of about so many households: density is tried anew until the total is within 4 %.

    A large city is tried four times at most, a small one, where chance weighs more, twelve times.
    """
    density, best, nearest = DENSITY_PER_KM2, None, math.inf
    for _ in range(12 if households < 20_000 else 4):
        city = of_density(households, seed, density)
        off = abs(city.households / households - 1)
        if off < nearest:
            best, nearest = city, off
        if nearest < CLOSE_ENOUGH_SHARE:
            break
        density *= max(0.6, min(1.6, city.households / households))
    assert best is not None
    return best


def of_density(households: int, seed: int, density_per_km2: float) -> City:
    """A city on ground for so many households; it holds more or fewer, by what chance builds there."""
    rng = np.random.default_rng(seed)
    ground_m2 = households / density_per_km2 * 1e6
    radius = math.sqrt(ground_m2 / math.pi)
    hull = _hull(rng, ground_m2, radius)
    grain = Waves(rng, max(3 * radius, 1500))
    use, small_use = Waves(rng, 1400.0), Waves(rng, 700.0)
    corners, lines = _cut_up(rng, hull, grain)
    boundary = Polygon(hull)
    river = _river(rng, radius)
    blocks = np.array(list(_parted([Polygon(xy) for xy in corners], river)), object)
    lines += [("river", part) for part in shapely.get_parts(river.intersection(boundary))]
    streets = gpd.GeoDataFrame(
        {"cls": [cls for cls, _ in lines]}, geometry=[line for _, line in lines], crs=CRS
    )
    return City(
        _buildings(rng, blocks, streets, use, small_use),
        streets,
        gpd.GeoDataFrame({"block": np.arange(len(blocks))}, geometry=blocks, crs=CRS),
        boundary,
    )


def write(city: City, path: Path) -> None:
    """The city as the GeoPackage an office would send: buildings, streets, water (the river), boundary.

    Streets run on over the river wherever they meet it, as on bridges.
    """
    river = city.streets[city.streets["cls"] == "river"]
    streets = city.streets[city.streets["cls"] != "river"]
    layers = {
        "buildings": city.buildings[["households", "geometry"]],
        "streets": gpd.GeoDataFrame(
            {"highway": streets["cls"].map(HIGHWAY)}, geometry=streets.geometry, crs=CRS
        ),
        "water": gpd.GeoDataFrame({"kind": river["cls"]}, geometry=river.geometry, crs=CRS),
        "boundary": gpd.GeoDataFrame(geometry=[city.boundary], crs=CRS),
    }
    path.unlink(missing_ok=True)
    for name, layer in layers.items():
        placed = layer.set_geometry(layer.geometry.translate(*EAST_NORTH_M))
        placed.to_file(path, layer=name, driver="GPKG", index=False)


def _hull(rng: Random, ground_m2: float, radius: float) -> Points:
    """Corners of a convex outline of that area."""
    angle = np.sort((np.arange(CORNERS) + rng.uniform(-0.3, 0.3, CORNERS)) * 2 * np.pi / CORNERS)
    reach = radius * rng.uniform(0.92, 1.12, CORNERS)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None]
    hull = np.array(Polygon(ring).convex_hull.exterior.coords)[:-1]
    return hull * math.sqrt(ground_m2 / _area(hull))


def _area(corners: Points) -> float:
    x, y = corners.T
    return 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))


def _cut_up(rng: Random, hull: Points, grain: Waves) -> tuple[list[Points], Lines]:
    """Blocks as corners, and the streets that part them; where `grain` is low, blocks are small."""
    open_ground, blocks, lines = [hull], [], []
    while open_ground:
        ground = open_ground.pop()
        area, middle = _area(ground), ground.mean(0)
        if area < BLOCK_M2 * math.exp(0.55 * grain(*middle) + rng.normal(0, 0.35)) or len(ground) < 3:
            blocks.append(ground)
            continue
        across = _turned(_longest_side(ground), math.radians(rng.normal(0, 7)))
        reach = ground @ across
        through = middle + across * (reach.max() - reach.min()) * rng.uniform(-0.13, 0.13)
        one, other, cut = _cut(ground, through, across)
        if len(cut) != 2 or min(_area(one), _area(other)) < 0.15 * area:
            blocks.append(ground)
            continue
        cls = "arterial" if area > ARTERIAL_M2 else "secondary" if area > SECONDARY_M2 else "local"
        lines.append((cls, LineString(cut)))
        open_ground += [one, other]
    return blocks, lines


def _longest_side(corners: Points) -> Points:
    """Its direction, of length 1."""
    sides = np.roll(corners, -1, 0) - corners
    length = np.hypot(*sides.T)
    longest = int(np.argmax(length))
    direction: Points = sides[longest] / length[longest]
    return direction


def _turned(direction: Points, angle: float) -> Points:
    x, y = direction
    return np.array([x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)])


def _cut(corners: Points, through: Points, across: Points) -> tuple[Points, Points, list[Points]]:
    """The halves of a convex polygon cut through a point at right angles to `across`, and the cut's ends."""
    side = (corners - through) @ across
    left: list[Points] = []
    right: list[Points] = []
    cut: list[Points] = []
    for k, (corner, here) in enumerate(zip(corners, side, strict=True)):
        following, there = corners[(k + 1) % len(corners)], side[(k + 1) % len(corners)]
        (left if here >= 0 else right).append(corner)
        if here * there < 0:
            crossing = corner + (following - corner) * (here / (here - there))
            left.append(crossing)
            right.append(crossing)
            cut.append(crossing)
    return np.array(left), np.array(right), cut


def _river(rng: Random, radius: float) -> LineString:
    """A meandering line across the whole city."""
    angle, along = rng.uniform(0, np.pi), np.linspace(-1.4 * radius, 1.4 * radius, 60)
    aside = (
        rng.uniform(-0.3, 0.3) * radius
        + 0.12 * radius * np.sin(along / radius * 4 + rng.uniform(0, 6))
        + 0.04 * radius * np.sin(along / radius * 11)
    )
    x = along * math.cos(angle) - aside * math.sin(angle)
    y = along * math.sin(angle) + aside * math.cos(angle)
    return LineString(np.stack([x, y], axis=1))


def _parted(blocks: list[Polygon], river: LineString) -> Iterator[Polygon]:
    """The blocks; those that the river crosses, in their parts."""
    shapely.prepare(river)
    for block in blocks:
        if block.intersects(river):
            yield from (part for part in shapely.get_parts(ops.split(block, river)) if part.area > 1)
        else:
            yield block


def _buildings(
    rng: Random,
    blocks: npt.NDArray[np.object_],
    streets: gpd.GeoDataFrame,
    use: Waves,
    small_use: Waves,
) -> gpd.GeoDataFrame:
    footprints, households, block_of, kinds = [], [], [], []
    for number, yard in enumerate(_yards(blocks, streets)):
        if yard.is_empty or yard.area < LEAST_YARD_M2:
            continue
        middle = blocks[number].centroid
        kind = _use_of_block(rng, middle.x, middle.y, use, small_use)
        if kind is None:
            continue
        houses, counts = _filled(rng, yard, middle.coords[0], kind)
        footprints += houses
        households += counts
        block_of += [number] * len(houses)
        kinds += [kind] * len(houses)
    columns = {"households": households, "block": block_of, "kind": kinds}
    return gpd.GeoDataFrame(columns, geometry=footprints, crs=CRS)


def _yards(blocks: npt.NDArray[np.object_], streets: gpd.GeoDataFrame) -> Iterator[shapely.Geometry]:
    """What of each block may be built upon: away from the carriageways along it and from the river."""
    lines = streets.geometry.to_numpy()
    half_width = streets["cls"].map(HALF_WIDTH_M).to_numpy(np.float64)
    block, line = shapely.STRtree(lines).query(blocks, predicate="dwithin", distance=0.5)
    order = np.argsort(block, kind="stable")
    block, line = block[order], line[order]
    start = np.searchsorted(block, np.arange(len(blocks) + 1))
    strips = shapely.buffer(lines, half_width + PAVEMENT_M, cap_style="flat")
    for number, whole in enumerate(blocks):
        yard = whole
        for along in line[start[number] : start[number + 1]]:
            yard = yard.difference(strips[along])
        yield yard.buffer(-SETBACK_M)


def _use_of_block(rng: Random, x: float, y: float, use: Waves, small_use: Waves) -> str | None:
    """The kind of most houses there; None for a park, a school ground, a building site."""
    height = use(x, y) + rng.normal(0, 0.45)
    detail = small_use(x, y) + rng.normal(0, 0.5)
    if rng.random() < PARK_SHARE:
        return None
    if rng.random() < WORK_SHARE:
        return "work"
    if height > 0.70:
        return "tower"
    if height > -0.25:
        return "slab"
    return "point" if detail > 0.15 else "bungalow"


def _filled(
    rng: Random, yard: shapely.Geometry, middle: tuple[float, float], kind: str
) -> tuple[list[Polygon], list[int]]:
    """Houses in rows along the yard's long side, and their households; those that would stick out are left
    away."""
    angle = _angle_of(yard) + rng.normal(0, 2)
    level = affinity.rotate(yard, -angle, origin=middle)
    houses, households = _rows(rng, level.bounds, kind)
    if not houses:
        return [], []
    shapely.prepare(level)
    inside = np.flatnonzero(shapely.contains(level, np.array(houses, object)))
    turned = [affinity.rotate(houses[k], angle, origin=middle) for k in inside]
    return turned, [households[k] for k in inside]


def _angle_of(yard: shapely.Geometry) -> float:
    """Direction of the longer side of the smallest rectangle around it, in degrees."""
    corners = np.array(yard.minimum_rotated_rectangle.exterior.coords)[:-1]
    sides = corners[1] - corners[0], corners[2] - corners[1]
    longer = max(sides, key=lambda side: side @ side)
    return math.degrees(math.atan2(longer[1], longer[0]))


def _rows(
    rng: Random, bounds: tuple[float, float, float, float], main_kind: str
) -> tuple[list[Polygon], list[int]]:
    """Rows of houses over a whole rectangle, some rows of another kind in a mixed block."""
    west, south, east, north = bounds
    houses, households = [], []
    mixed = rng.random() < MIXED_SHARE
    y = south
    while y < north:
        other = mixed and rng.random() < 0.3
        kind = KINDS[str(rng.choice(["slab", "point", "bungalow"])) if other else main_kind]
        depth = kind.depth * rng.uniform(0.85, 1.2)
        x = west + rng.uniform(0, 8)
        while x < east:
            width = kind.width * rng.uniform(0.8, 1.25)
            if rng.random() < kind.filled:
                houses.append(box(x, y, x + width, y + depth))
                households.append(kind.households(rng))
            x += width + kind.gap * rng.uniform(0.8, 1.3)
        y += depth + kind.row_gap * rng.uniform(0.8, 1.3)
    return houses, households
