"""What stands on a piece of ground: one function per kind of quarter, each filling a site.

A filler works in the site's own frame (x along the rows, y to the back of them, north or nearly so) and
returns a `Filled`, which `Frame.turned` brings back to the map. Lanes that should reach a street end at the
edge of the site.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, affinity, box

STOREY_M = 3.0
SLAB_DEPTH_M = 12.0
ENTRANCE_M = 15.0
LANE_CLEAR_M = 4.5
SHOP, OVERLAPPING, ARCH, ASTRIDE = "沿街商铺", "搭建重叠", "过街楼", "跨区界"
"""A name, and the remarks on houses that stand where houses should not."""

CLEAR_SHARE = 0.4
ROW_GAP_RATIO = (1.0, 1.2)
"""Gap between two rows as a multiple of their height: the winter sun must reach the ground floor."""


@dataclass(frozen=True)
class Building:
    """One footprint in metres; number counts the houses of an estate from 1 (0: not numbered)."""

    outline: Polygon
    kind: str
    floors: int
    households: int = 0
    entrances: int = 1
    name: str = ""
    number: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Lane:
    """A street inside a site; `gates` says which ends (start, end) should be led on to the next street."""

    line: LineString
    highway: str
    gates: tuple[bool, bool] = (True, True)


@dataclass
class Filled:
    """What a filler put on a site."""

    buildings: list[Building] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    greens: list[tuple[Polygon, str]] = field(default_factory=list)
    waters: list[Polygon] = field(default_factory=list)
    compounds: list[tuple[Polygon, str]] = field(default_factory=list)

    @property
    def households(self) -> int:
        return sum(building.households for building in self.buildings)


@dataclass(frozen=True)
class Frame:
    """The site's own axes: turned by angle (radians) about a hub."""

    hub: tuple[float, float]
    angle: float

    @staticmethod
    def of(site: Polygon, lean: float = 0.0) -> "Frame":
        """Along the sides of the site that run east-west, at most 20 degrees off; lean (degrees) is added."""
        sides = np.diff(shapely.get_coordinates(site.exterior), axis=0)
        degrees = (np.degrees(np.arctan2(sides[:, 1], sides[:, 0])) + 90) % 180 - 90
        length = np.hypot(*sides.T) * (np.abs(degrees) < 32)
        degrees = float((degrees * length).sum() / length.sum()) if length.sum() > 20 else 0.0
        degrees = float(np.clip(degrees, -20, 20)) + lean
        return Frame((site.centroid.x, site.centroid.y), float(np.radians(degrees)))

    def _turn(self, xy: np.ndarray, angle: float) -> np.ndarray:
        cos, sin = np.cos(angle), np.sin(angle)
        return xy @ np.array([[cos, sin], [-sin, cos]])

    def inward(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """From the map into the site's own axes."""
        return shapely.transform(geometry, lambda xy: self._turn(xy - self.hub, -self.angle))

    def outward(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Back to the map."""
        return shapely.transform(geometry, lambda xy: self._turn(xy, self.angle) + self.hub)

    def turned(self, filled: Filled) -> Filled:
        """Everything a filler made, brought back to the map."""
        return Filled(
            [replace(b, outline=self.outward(b.outline)) for b in filled.buildings],
            [replace(lane, line=self.outward(lane.line)) for lane in filled.lanes],
            [(self.outward(g), kind) for g, kind in filled.greens],
            [self.outward(w) for w in filled.waters],
            [(self.outward(c), kind) for c, kind in filled.compounds],
        )


def largest(shape: shapely.Geometry) -> Polygon:
    """The largest polygon of whatever a cut left over; empty when there is none."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return max(parts, key=lambda p: p.area) if parts else Polygon()


def spans(site: shapely.Geometry, low: float, high: float) -> list[tuple[float, float]]:
    """Where along x a strip from low to high lies in the site: tried on five lines across it."""
    west, _, east, _ = site.bounds
    free = [(west, east)]
    for y in np.linspace(low, high, 5):
        cut = shapely.intersection(site, LineString([(west - 1, y), (east + 1, y)]))
        here = [(p.bounds[0], p.bounds[2]) for p in shapely.get_parts(cut) if p.length > 0]
        free = [(max(a, c), min(b, d)) for a, b in free for c, d in here if min(b, d) - max(a, c) > 1]
    return free


def slab(x: float, y: float, length: float, depth: float, bays: int) -> Polygon:
    """A long house; on its north side a stair bay stands out at each entrance (none when bays is 0)."""
    if not bays:
        return box(x, y, x + length, y + depth)
    step = length / bays
    top = []
    for k in range(bays):
        middle = x + (k + 0.5) * step
        top += [
            (middle - 1.5, y + depth - 1.2),
            (middle - 1.5, y + depth),
            (middle + 1.5, y + depth),
            (middle + 1.5, y + depth - 1.2),
        ]
    return Polygon([(x + length, y + depth - 1.2), (x + length, y), (x, y), (x, y + depth - 1.2), *top])


def tower(x: float, y: float, width: float, depth: float, wings: int) -> Polygon:
    """A tower with cut-in corners, of one or two wings side by side."""
    parts = []
    step = width / wings
    for k in range(wings):
        west = x + k * step
        parts += [
            box(west + step * 0.18, y, west + step * 0.82, y + depth),
            box(west, y + depth * 0.22, west + step, y + depth * 0.74),
        ]
    return largest(shapely.union_all(parts, grid_size=0.001))


def bent_block(x: float, y: float, width: float, depth: float, wing: float, shape: str) -> Polygon:
    """An L, U or E shaped house, its arms pointing south."""
    parts = [box(x, y + depth - wing, x + width, y + depth)]
    arms = {"L": [0.0], "U": [0.0, 1.0], "E": [0.0, 0.5, 1.0], "T": [0.5]}[shape]
    parts += [box(x + a * (width - wing), y, x + a * (width - wing) + wing, y + depth) for a in arms]
    return largest(shapely.union_all(parts, grid_size=0.001))


def _first_row(site: Polygon, depth: float) -> float:
    """Where the southernmost row of houses fits: slanted sites have no room right at their southern tip."""
    west, south, east, north = site.bounds
    for y in np.arange(south, north - depth, 3.0):
        if any(b - a > CLEAR_SHARE * (east - west) for a, b in spans(site, y, y + depth)):
            return float(y)
    return float(south)


def _spine(site: Polygon, rng: np.random.Generator, at: float | None = None) -> LineString | None:
    """The main lane of an estate, through the site from south to north."""
    west, south, east, north = site.bounds
    if at is None:
        at = west + ((east - west) * rng.uniform(0.45, 0.55) if east - west > 120 else 9.0)
    x = at
    cut = site.intersection(LineString([(x, south - 1), (x, north + 1)]))
    lines = [p for p in shapely.get_parts(cut) if p.length > 30]
    return max(lines, key=lambda p: p.length) if lines else None


def _estate_lanes(site: Polygon, lane_ys: list[float], rng: np.random.Generator) -> list[Lane]:
    """The spine and a few lanes across it, each ending inside the wall."""
    spine = _spine(site, rng)
    if spine is None:
        return []
    lanes = [Lane(spine, "service", (True, bool(rng.random() < 0.6)))]
    x, (south, north) = spine.coords[0][0], spine.bounds[1::2]
    inner = site.buffer(-7)
    for y in lane_ys:
        if not south + 8 < y < north - 8 or inner.is_empty:
            continue
        for a, b in spans(inner, y - 1, y + 1):
            if a < x < b and b - a > 50:
                lanes.append(Lane(LineString([(a, y), (x, y), (b, y)]), "service", (False, False)))
    return lanes


def _fill_span(
    a: float, b: float, lengths: list[float], gap: float, rng: np.random.Generator
) -> list[tuple[float, int]]:
    """Places of houses between a and b: (x, which of lengths); the first length is the usual one.

    Houses of the usual length come first, others where they fit; then some are made longer if there is room.
    """
    chosen: list[int] = []
    used = -gap
    while True:
        order = (
            [0, *rng.permutation(len(lengths))] if rng.random() < 0.8 else list(rng.permutation(len(lengths)))
        )
        fits = [int(k) for k in order if used + gap + lengths[int(k)] <= b - a]
        if not fits:
            break
        chosen.append(fits[0])
        used += gap + lengths[fits[0]]
    if not chosen:
        return []
    for place in rng.permutation(len(chosen)):
        now = lengths[chosen[place]]
        longer = [k for k, length in enumerate(lengths) if length > now and used + length - now <= b - a]
        if longer:
            chosen[place] = max(longer, key=lambda k: lengths[k])
            used += lengths[chosen[place]] - now
    slack = (b - a) - used
    stretch = min(slack / max(1, len(chosen) - 1), 6.0) if len(chosen) > 1 else 0.0
    x = a + (slack - stretch * (len(chosen) - 1)) * rng.choice([0.0, 0.5, 1.0])
    places = []
    for k in chosen:
        places.append((x, k))
        x += lengths[k] + gap + stretch
    return places


def slab_estate(site: Polygon, rng: np.random.Generator, walled: bool, floors: int = 6) -> Filled:
    """Rows of south-facing slabs of the 1980s and 90s, 3 to 5 entrances each, two dwellings a landing."""
    filled = Filled()
    inner = site.buffer(-5)
    if inner.is_empty:
        return filled
    _, _, _, north = inner.bounds
    depth = SLAB_DEPTH_M + rng.uniform(-0.8, 1.0)
    height = floors * STOREY_M
    room = north - _first_row(inner, depth) - depth
    gaps = max(1.0, np.floor(room / (depth + height * ROW_GAP_RATIO[0])))
    pitch = min(room / gaps, depth + height * ROW_GAP_RATIO[1]) if room > depth + height else depth + height
    entrance = ENTRANCE_M + rng.uniform(-1.0, 1.0)
    usual = int(rng.integers(3, 6))
    entrances = [usual, *[e for e in (5, 4, 3, 2) if e != usual]]
    lengths = [e * entrance for e in entrances]
    bays = bool(rng.random() < 0.6)
    rows = np.arange(_first_row(inner, depth), north - depth + 0.1, pitch)
    filled.lanes = _estate_lanes(site, [float(y + depth + 4) for y in rows[:-1:2]], rng)
    free = (
        inner.difference(shapely.union_all([lane.line for lane in filled.lanes]).buffer(LANE_CLEAR_M))
        if filled.lanes
        else inner
    )
    gap = rng.uniform(7, 10)
    number = 0
    for y in rows:
        for a, b in spans(free, y, y + depth):
            for x, k in _fill_span(a, b, lengths, gap, rng):
                number += 1
                e = entrances[k]
                dwellings = e * floors * 2
                households = dwellings - int(rng.binomial(dwellings, 0.05))
                outline = slab(x, float(y), lengths[k], depth, e if bays else 0)
                filled.buildings.append(
                    Building(outline, "residential", floors, households, e, number=number)
                )
    _add_small_public(filled, free, rng)
    if walled and number >= 4:
        filled.compounds.append((site, "estate"))
    return filled


def _add_small_public(filled: Filled, free: shapely.Geometry, rng: np.random.Generator) -> None:
    """A kindergarten in place of one slab of a large estate; a heat-exchange house where there is room."""
    homes = [k for k, b in enumerate(filled.buildings) if b.entrances >= 4]
    if len(filled.buildings) >= 9 and len(homes) > 2:
        k = homes[int(rng.integers(len(homes)))]
        west, south, _, north = filled.buildings[k].outline.bounds
        filled.buildings[k] = Building(
            bent_block(west + 6, south - 3, 34, north - south + 3, 9, "L"), "school", 3, name="幼儿园"
        )
    taken = shapely.union_all([b.outline for b in filled.buildings])
    _, south, _, north = free.bounds
    for y in (south + 1, north - 10):
        for a, b in spans(free, y, y + 9):
            for x in (a + 1, b - 13):
                hut = box(x, y, x + 12, y + 8)
                if b - a > 14 and taken.distance(hut) > 4:
                    filled.buildings.append(Building(hut, "public", 1, name="换热站"))
                    return


def tower_estate(site: Polygon, rng: np.random.Generator, high: bool) -> Filled:
    """A gated estate of the 2000s and later: slabs of eleven storeys and, when high, towers behind."""
    filled = Filled()
    inner = site.buffer(-8)
    if inner.is_empty:
        return filled
    _, south, _, north = inner.bounds
    filled.lanes = _estate_lanes(
        site, [float(south + (north - south) * share) for share in (0.28, 0.72)], rng
    )
    free = (
        inner.difference(shapely.union_all([lane.line for lane in filled.lanes]).buffer(LANE_CLEAR_M))
        if filled.lanes
        else inner
    )
    storeys = int(rng.integers(18, 34))
    y, number, row = _first_row(inner, 18.0), 0, 0
    while y < north - 14:
        towers_here = high and (row > 0 or rng.random() < 0.5)
        if towers_here:
            depth, floors = float(rng.uniform(17, 20)), int(np.clip(storeys + rng.integers(-3, 4), 18, 33))
            widths, gap = [26.0, 44.0], rng.uniform(20, 28)
        else:
            depth, floors = 13.5, 11
            widths, gap = [2 * 17.0, 3 * 17.0], rng.uniform(14, 18)
        found = spans(free, y, y + depth)
        if sum(b - a for a, b in found) < CLEAR_SHARE * (inner.bounds[2] - inner.bounds[0]):
            y += 3
            continue
        for a, b in found:
            for x, k in _fill_span(a, b, widths, gap, rng):
                number += 1
                if towers_here:
                    landings = k + 1
                    per_floor = int(rng.integers(4, 7)) if landings == 1 else int(rng.integers(6, 9))
                    households = int(np.clip(floors * per_floor * rng.uniform(0.85, 0.96), 100, 240))
                    outline = tower(x, y, widths[k], depth, landings)
                else:
                    landings = k + 2
                    households = landings * floors * 2 - int(rng.binomial(landings * floors * 2, 0.08))
                    outline = slab(x, y, widths[k], depth, landings)
                filled.buildings.append(
                    Building(outline, "residential", floors, households, landings, number=number)
                )
        height = floors * STOREY_M
        y += depth + (
            height * rng.uniform(0.62, 0.75) if towers_here else height * rng.uniform(*ROW_GAP_RATIO)
        )
        row += 1
    middle = free.centroid.buffer(22, quad_segs=6).intersection(free)
    garden = largest(middle.difference(shapely.union_all([b.outline.buffer(3) for b in filled.buildings])))
    if garden.area > 300:
        filled.greens.append((garden, "garden"))
    if number >= 3:
        filled.compounds.append((site, "estate"))
    return filled


def _courtyard(
    x: float, y: float, width: float, depth: float, faces_south: bool, rng: np.random.Generator
) -> Polygon:
    """A courtyard house filling its lot wall to wall, in one of the usual shapes."""
    wing, hall = min(4.2, width * 0.3), min(6.0, depth * 0.34)
    pick = rng.random()
    west, east = box(x, y, x + wing, y + depth), box(x + width - wing, y, x + width, y + depth)
    north, south = box(x, y + depth - hall, x + width, y + depth), box(x, y, x + width, y + hall * 0.8)
    if pick < 0.28:
        parts = [north, west, east, south]
    elif pick < 0.55:
        parts = [north, west, east]
    elif pick < 0.75:
        parts = [north, west, south] if faces_south else [north, east]
    elif pick < 0.9:
        parts = [north, west] if rng.random() < 0.5 else [north, east]
    else:
        parts = [box(x, y + depth * 0.35, x + width, y + depth)]
    return largest(shapely.union_all(parts, grid_size=0.001))


def _rental_yard(x: float, y: float, width: float, depth: float, rng: np.random.Generator) -> list[Building]:
    """Rows of single rooms round a yard behind one gate: 15 to 40 households in all."""
    low = 4.5
    outlines = [
        box(x + 1, y + depth - 1 - low, x + width - 1, y + depth - 1),
        box(x + 1, y + 1, x + width - 6, y + 1 + low),
        box(x + 1, y + 7.5, x + 1 + low, y + depth - 7.5),
        box(x + width - 1 - low, y + 7.5, x + width - 1, y + depth - 7.5),
    ]
    if width > 30:
        outlines.append(box(x + width / 2 - 3.5, y + 10, x + width / 2 + 3.5, y + depth - 10))
    total = int(rng.integers(15, 41))
    lengths = np.array([o.area for o in outlines])
    shares = np.floor(total * lengths / lengths.sum()).astype(int)
    shares[0] += total - shares.sum()
    return [
        Building(o, "residential", 1 if rng.random() < 0.7 else 2, int(h))
        for o, h in zip(outlines, shares, strict=True)
    ]


def old_quarter(site: Polygon, rng: np.random.Generator) -> Filled:
    """Courtyard houses along lanes (胡同, 巷), two lots deep, with a rental compound here and there."""
    filled = Filled()
    west, south, east, north = site.bounds
    lane_m = 4.4
    height = north - south + lane_m
    count = max(1, round(height / (2 * rng.uniform(15, 18) + lane_m)))
    lot = min(20.0, (height / count - lane_m) / 2 - 0.3)
    pitch = 2 * lot + lane_m
    start = south + ((north - south) - (count * pitch - lane_m)) / 2
    uprights = [west + (east - west) * s for s in ((0.5,) if east - west < 190 else (0.34, 0.68))]
    for x in uprights:
        line = _spine(site, rng, x + float(rng.uniform(-8, 8)))
        if line is not None:
            filled.lanes.append(Lane(line, "living_street"))
    free = site.buffer(-0.5)
    if filled.lanes:
        free = free.difference(shapely.union_all([lane.line for lane in filled.lanes]).buffer(lane_m / 2))
    for k in range(count):
        base = start + k * pitch
        if k and (through := spans(site, base - lane_m / 2 - 0.5, base - lane_m / 2 + 0.5)):
            a, b = max(through, key=lambda s: s[1] - s[0])
            y = base - lane_m / 2
            bends = [(x, y) for x in np.linspace(a, b, 5)]
            dead = rng.random() < 0.25
            filled.lanes.append(
                Lane(LineString(bends[: 4 if dead else 5]), "living_street", (True, not dead))
            )
        yards: list[tuple[float, float]] = []
        for a, b in spans(free, base, base + 2 * lot):
            x = a + rng.uniform(5, 90)
            while x + 40 < b:
                width = rng.uniform(26, 36)
                if rng.random() < 0.42:
                    yards.append((x, x + width))
                    filled.compounds.append(
                        (box(x + 0.3, base + 0.3, x + width - 0.3, base + 2 * lot - 0.3), "rental compound")
                    )
                    filled.buildings += _rental_yard(x, base, width, 2 * lot, rng)
                x += width + rng.uniform(60, 130)
        for low, faces_south in ((base, True), (base + lot, False)):
            for a, b in spans(free, low, low + lot):
                _court_row(filled, [(a, b)], yards, low, lot, faces_south, rng)
    return filled


def _court_row(
    filled: Filled,
    free: list[tuple[float, float]],
    yards: list[tuple[float, float]],
    y: float,
    depth: float,
    faces_south: bool,
    rng: np.random.Generator,
) -> None:
    for c, d in yards:
        free = [p for a, b in free for p in ((a, min(b, c)), (max(a, d), b)) if p[1] - p[0] > 8]
    for a, b in free:
        lots = max(1, round((b - a) / rng.uniform(11.5, 16)))
        edges = np.linspace(a, b, lots + 1)
        edges[1:-1] += rng.uniform(-1.5, 1.5, lots - 1)
        for left, right in pairwise(edges):
            if rng.random() < 0.05:
                continue
            households = int(rng.choice([1, 2, 3], p=[0.45, 0.35, 0.2]))
            outline = _courtyard(left, y, right - left, depth, faces_south, rng)
            filled.buildings.append(
                Building(outline, "residential", 1 if rng.random() < 0.9 else 2, households)
            )


def urban_village(site: Polygon, rng: np.random.Generator) -> Filled:
    """Self-built houses let by the room, hardly an arm's length apart, some over their neighbour's line."""
    filled = Filled()
    inner = site.buffer(-2)
    _, south, _, north = inner.bounds
    depth = rng.uniform(10.5, 12)
    y, row = south, 0
    spine = _spine(site, rng)
    if spine is not None:
        filled.lanes.append(Lane(spine, "residential"))
    while y + depth < north:
        if row % 2 == 0 and row:
            through = spans(inner, y + 0.5, y + 3.5)
            for a, b in through[:1]:
                filled.lanes.append(
                    Lane(
                        LineString([(x, y + 2 + rng.uniform(-0.4, 0.4)) for x in np.linspace(a, b, 6)]),
                        "living_street",
                        (False, False),
                    )
                )
            y += 4.6
        free = inner.difference(spine.buffer(LANE_CLEAR_M)) if spine is not None else inner
        for a, b in spans(free, y, y + depth):
            x = a + rng.uniform(0, 4)
            while x + 12 < b:
                width = rng.uniform(8.5, 12)
                gap = rng.uniform(0.8, 2.2) if rng.random() > 0.05 else -1.4
                if rng.random() > 0.05:
                    house = box(x, y + rng.uniform(0, 0.8), x + width, y + depth - rng.uniform(0, 0.8))
                    remark = OVERLAPPING if gap < 0 else ""
                    floors = int(rng.integers(2, 6))
                    households = int(np.clip(rng.poisson(1.2 * floors), 2, 10))
                    filled.buildings.append(
                        Building(
                            affinity.rotate(house, rng.uniform(-1.2, 1.2)),
                            "residential",
                            floors,
                            households,
                            remark=remark,
                        )
                    )
                x += width + gap
        y += depth + (rng.uniform(1.0, 2.0) if row % 2 == 0 else 0.8)
        row += 1
    if len(filled.buildings) > 5:
        filled.compounds.append((site, "urban village"))
    return filled


def work_unit(site: Polygon, rng: np.random.Generator) -> Filled:
    """An office in front of its own housing: the 单位大院."""
    filled = slab_estate(site, rng, walled=False, floors=5)
    homes = [b for b in filled.buildings if b.kind == "residential"]
    if len(homes) >= 3:
        first = homes[0].outline.bounds
        office = bent_block(first[0], first[1] - 2, first[2] - first[0], first[3] - first[1] + 2, 10, "T")
        filled.buildings = [b for b in filled.buildings if b is not homes[0]]
        filled.buildings.append(Building(office, "public", 6, name="办公楼"))
    filled.compounds.append((site, "work-unit compound"))
    return filled


def factory(site: Polygon, rng: np.random.Generator) -> Filled:
    """Halls along a yard lane, an office, and a dormitory."""
    filled = Filled()
    inner = site.buffer(-6)
    if inner.is_empty:
        return filled
    _, south, _, north = inner.bounds
    spine = _spine(site, rng)
    free = inner
    if spine is not None:
        filled.lanes.append(Lane(spine, "service", (True, False)))
        free = inner.difference(spine.buffer(8))
    y, row = south, 0
    while y + 14 < north:
        depth = 14.0 if row == 0 else rng.uniform(24, 42)
        if y + depth > north:
            break
        for a, b in spans(free, y, y + depth):
            lengths = [46.0, 30.0] if row == 0 else [rng.uniform(60, 110), 48.0, 30.0]
            for n, (x, k) in enumerate(_fill_span(a, b, lengths, 14, rng)):
                if row == 0:
                    dorm = n == 1 and lengths[k] > 40
                    kind = "residential" if dorm else "industrial"
                    filled.buildings.append(
                        Building(
                            slab(x, y, lengths[k], depth, 0),
                            kind,
                            4,
                            int(rng.integers(24, 48)) if dorm else 0,
                            2,
                            "职工宿舍" if dorm else "厂部办公楼",
                        )
                    )
                else:
                    filled.buildings.append(
                        Building(box(x, y, x + lengths[k], y + depth), "industrial", 1, name="车间")
                    )
        y += depth + 16
        row += 1
    filled.compounds.append((site, "industrial park"))
    return filled


def school(site: Polygon, rng: np.random.Generator) -> Filled:
    """Teaching houses beside a running track."""
    filled = Filled()
    inner = site.buffer(-8)
    if inner.is_empty:
        return filled
    west, south, east, north = inner.bounds
    long, wide = min(105.0, (east - west) * 0.9, (north - south) * 0.9), 44.0
    upright = (north - south) > (east - west) * 0.8
    for margin in (0.0, 8.0, 16.0):
        hub = (
            (west + margin + wide / 2, (south + north) / 2)
            if upright
            else ((west + east) / 2, north - margin - wide / 2)
        )
        half = (0.0, long / 2 - wide / 2) if upright else (long / 2 - wide / 2, 0.0)
        track = LineString(
            [(hub[0] - half[0], hub[1] - half[1]), (hub[0] + half[0], hub[1] + half[1])]
        ).buffer(wide / 2, quad_segs=8)
        if inner.contains(track):
            filled.greens.append((track, "sports ground"))
            break
    rest = (
        inner.difference(shapely.union_all([g for g, _ in filled.greens]).buffer(8))
        if filled.greens
        else inner
    )
    names = ["教学楼", "实验楼", "综合楼", "食堂"]
    y = rest.bounds[1] if not rest.is_empty else south
    while y + 22 < north and names:
        found = [s for s in spans(rest, y, y + 20) if s[1] - s[0] > 46]
        for a, b in found[:1]:
            width = min(72.0, b - a - 2)
            outline = (
                bent_block(a + 1, y, width, 20, 10, "L")
                if rng.random() < 0.4
                else box(a + 1, y + 4, a + 1 + width, y + 15)
            )
            filled.buildings.append(Building(outline, "school", 4, name=names.pop(0)))
        y += 20 + rng.uniform(16, 24)
    return filled


def hospital(site: Polygon, rng: np.random.Generator) -> Filled:
    """Out-patients in front, wards behind: an E-shaped house and a tower on a podium."""
    filled = Filled()
    inner = site.buffer(-10)
    shapes = [("门诊楼", "E", 80.0, 38.0, 5), ("住院楼", "U", 74.0, 30.0, 14), ("医技楼", "L", 50.0, 26.0, 4)]
    return _stack(filled, inner, shapes, "hospital", 22, rng)


def _stack(
    filled: Filled,
    inner: shapely.Geometry,
    shapes: list[tuple[str, str, float, float, int]],
    kind: str,
    gap: float,
    rng: np.random.Generator,
) -> Filled:
    """One large house behind the other, each where it fits."""
    if inner.is_empty:
        return filled
    _, y, _, north = inner.bounds
    for name, shape, width, depth, floors in shapes:
        while y + depth < north:
            found = [s for s in spans(inner, y, y + depth) if s[1] - s[0] > width * 0.6]
            if found:
                a, b = max(found, key=lambda s: s[1] - s[0])
                width = min(width, b - a)
                x = a + (b - a - width) * rng.uniform(0.3, 0.7)
                outline = (
                    box(x, y, x + width, y + depth)
                    if shape == "I"
                    else bent_block(x, y, width, depth, depth * 0.36, shape)
                )
                filled.buildings.append(Building(outline, kind, floors, name=name))
                y += depth + gap
                break
            y += 8
    return filled


def market(site: Polygon, rng: np.random.Generator) -> Filled:
    """A market hall with rows of stalls behind it."""
    filled = _stack(Filled(), site.buffer(-6), [("农贸市场大厅", "I", 76.0, 48.0, 2)], "market", 10, rng)
    if not filled.buildings:
        return filled
    rest = site.buffer(-6).difference(shapely.union_all([b.outline for b in filled.buildings]).buffer(8))
    _, y, _, north = rest.bounds
    count = 0
    while y + 7 < north and count < 14:
        for a, b in spans(rest, y, y + 7):
            for x, _ in _fill_span(a, b, [42.0, 26.0], 6, rng):
                count += 1
                filled.buildings.append(
                    Building(box(x, y, x + 26, y + 7), "market", 1, name=f"摊棚{count}排")
                )
        y += 14
    return filled


def core(site: Polygon, rng: np.random.Generator) -> Filled:
    """Shopping centre on a podium, offices and a hotel, with a square."""
    shapes = [
        ("购物中心", "U", 96.0, 60.0, 5),
        ("商务大厦", "I", 40.0, 24.0, 20),
        ("大酒店", "L", 56.0, 30.0, 14),
        ("区政务大厅", "E", 74.0, 34.0, 6),
    ]
    first = int(rng.integers(len(shapes)))
    filled = _stack(Filled(), site.buffer(-9), shapes[first:] + shapes[:first], "commercial", 20, rng)
    filled.buildings = [replace(b, kind="public") if b.name.startswith("区") else b for b in filled.buildings]
    rest = site.buffer(-6).difference(shapely.union_all([b.outline for b in filled.buildings]).buffer(9))
    square = largest(rest.buffer(-9)).buffer(9).simplify(1)
    if square.area > 1500 and rng.random() < 0.5:
        filled.greens.append((largest(square.intersection(site)), "square"))
    return filled


def building_site(site: Polygon, rng: np.random.Generator) -> Filled:
    """Towers going up: nobody lives there yet."""
    planned = tower_estate(site, rng, high=True)
    built = [
        replace(
            b,
            kind="construction",
            households=0,
            floors=int(b.floors * rng.uniform(0.1, 0.6)) + 1,
            name="在建楼",
        )
        for b in planned.buildings
        if rng.random() < 0.8
    ]
    return Filled(built, planned.lanes[:1])


def park(site: Polygon, rng: np.random.Generator) -> Filled:
    """Lawn, a lake with a pavilion by the water, and walks round it."""
    filled = Filled(greens=[(site, "park")])
    hub = largest(site.buffer(-30))
    if hub.is_empty:
        return filled
    hub = hub.centroid if hub.contains(hub.centroid) else hub.representative_point()
    west, south, east, north = site.bounds
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    swing = 1 + 0.22 * np.sin(2 * angles + rng.uniform(0, 6)) + 0.12 * np.sin(3 * angles + rng.uniform(0, 6))
    reach = np.c_[np.cos(angles) * (east - west), np.sin(angles) * (north - south)] * 0.24 * swing[:, None]
    lake = largest(Polygon(reach + np.array([hub.x, hub.y])).intersection(site.buffer(-24)))
    if lake.area < 1500:
        return filled
    lake = largest(lake.buffer(-6).buffer(6))
    filled.waters.append(lake)
    walk = lake.buffer(13).exterior
    filled.lanes.append(Lane(LineString(walk.simplify(0.8).coords), "footway", (False, False)))
    for end in ((hub.x, south - 5), (hub.x, north + 5), (west - 5, hub.y)):
        way = LineString([(hub.x, hub.y), end]).intersection(site).difference(lake.buffer(13))
        legs = [leg for leg in shapely.get_parts(way) if leg.length > 8]
        if legs:
            leg = max(legs, key=lambda g: g.distance(lake))
            near_first = Point(leg.coords[0]).distance(lake) < Point(leg.coords[-1]).distance(lake)
            filled.lanes.append(Lane(leg if near_first else leg.reverse(), "footway", (False, True)))
    shore = walk.interpolate(float(rng.uniform(0, walk.length)))
    away = np.array([shore.x - hub.x, shore.y - hub.y]) * (1 + 14 / max(1.0, shore.distance(hub)))
    pavilion = Point(hub.x + away[0], hub.y + away[1]).buffer(5.5, quad_segs=2)
    if site.buffer(-4).contains(pavilion):
        filled.buildings.append(Building(pavilion, "public", 1, name="湖心亭"))
    return filled


def fields(site: Polygon, rng: np.random.Generator) -> Filled:
    """Open ground at the fringe: strips of farmland, here a row of greenhouses, there a few farmhouses."""
    filled = Filled()
    inner = site.buffer(-22)
    if inner.is_empty:
        return filled
    _, south, _, north = inner.bounds
    pick = rng.random()
    if pick < 0.3:
        y = south + (north - south) * rng.uniform(0.1, 0.5)
        for _ in range(int(rng.integers(3, 9))):
            for a, b in spans(inner, y, y + 9)[:1]:
                if b - a > 66:
                    filled.buildings.append(
                        Building(box(a + 2, y, a + 60, y + 9), "industrial", 1, name="温室大棚")
                    )
            y += 15
    elif pick < 0.6:
        _farmhouses(filled, inner, rng)
    used = (
        shapely.union_all([b.outline for b in filled.buildings]).buffer(9) if filled.buildings else Polygon()
    )
    x = site.bounds[0]
    while x < site.bounds[2]:
        width = rng.uniform(45, 120)
        strip = largest(
            site.buffer(-3).intersection(box(x + 1, south - 99, x + width - 1, north + 99)).difference(used)
        )
        if strip.area > 900:
            filled.greens.append((strip, "farmland" if rng.random() < 0.8 else "orchard"))
        x += width
    return filled


def _farmhouses(filled: Filled, inner: Polygon, rng: np.random.Generator) -> None:
    """A loose double row of farmhouses along a track; one or two households each."""
    _, south, _, north = inner.bounds
    y = south + (north - south) * rng.uniform(0.2, 0.6)
    for a, b in spans(inner, y - 16, y + 16)[:1]:
        filled.lanes.append(
            Lane(LineString([(a, y), ((a + b) / 2, y + rng.uniform(-1, 1)), (b, y)]), "living_street")
        )
        for low in (y + 4, y - 15):
            x = a + rng.uniform(0, 30)
            while x + 14 < b:
                if rng.random() < 0.75:
                    house = _courtyard(x, low, 12.0, 11.0, True, rng)
                    filled.buildings.append(Building(house, "residential", 1, int(rng.integers(1, 3))))
                x += rng.uniform(15, 26)


def station(site: Polygon, rng: np.random.Generator) -> Filled:
    """Station house on its forecourt."""
    filled = _stack(
        Filled(),
        site.buffer(-8),
        [("火车站", "I", 84.0, 24.0, 3), ("站前旅社", "L", 46.0, 24.0, 8)],
        "public",
        18,
        rng,
    )
    rest = largest(
        site.buffer(-4).difference(shapely.union_all([b.outline for b in filled.buildings]).buffer(6))
    )
    if rest.area > 1500:
        filled.greens.append((rest, "square"))
    return filled


def shops(
    zone: shapely.Geometry, edge: LineString, offset_m: float, rng: np.random.Generator
) -> list[Building]:
    """Shop houses of one to three storeys along a street.

    zone: ground they may stand on; edge: middle of the street; offset_m: from there to the front of the
    shops, to the left when positive.
    """
    houses = []
    s = rng.uniform(2, 12)
    shapely.prepare(zone)
    side = np.sign(offset_m)
    while s < edge.length - 8:
        length = float(rng.choice([16, 22, 30, 40, 54]))
        depth = rng.uniform(9.5, 12.5)
        middle = edge.interpolate(s + length / 2)
        a, b = edge.interpolate(max(0, s + length / 2 - 6)), edge.interpolate(s + length / 2 + 6)
        along = np.array([b.x - a.x, b.y - a.y])
        norm = np.hypot(*along)
        if norm > 1:
            along = along / norm
            across = np.array([-along[1], along[0]]) * side
            front = np.array([middle.x, middle.y]) + across * abs(offset_m)
            corners = [front - along * length / 2, front + along * length / 2]
            corners += [corners[1] + across * depth, corners[0] + across * depth]
            house = Polygon(corners)
            if zone.contains(house):
                houses.append(Building(house, "commercial", int(rng.integers(1, 4)), name=SHOP))
                s += length + rng.uniform(1, 5)
                continue
        s += 9
    return houses


def parcels(site: shapely.Geometry, goal_m2: float, frame: Frame, rng: np.random.Generator) -> list[Polygon]:
    """Cut a block into parcels of about goal_m2 along the axes of the frame, a wall's width apart."""
    done: list[Polygon] = []
    stack = [frame.inward(part) for part in shapely.get_parts(site) if part.geom_type == "Polygon"]
    while stack:
        piece = stack.pop()
        west, south, east, north = piece.bounds
        if piece.area < goal_m2 * 1.55 or max(east - west, north - south) < 120:
            done.append(piece)
            continue
        share = rng.uniform(0.4, 0.6)
        if east - west > north - south:
            x = west + (east - west) * share
            halves = [
                box(west - 1, south - 1, x - 0.6, north + 1),
                box(x + 0.6, south - 1, east + 1, north + 1),
            ]
        else:
            y = south + (north - south) * share
            halves = [
                box(west - 1, south - 1, east + 1, y - 0.6),
                box(west - 1, y + 0.6, east + 1, north + 1),
            ]
        for half in halves:
            stack += [
                p
                for p in shapely.get_parts(piece.intersection(half))
                if p.geom_type == "Polygon" and p.area > 400
            ]
    return [frame.outward(piece) for piece in done]


def plain_parts(shape: Polygon | MultiPolygon) -> list[Polygon]:
    """The polygons of a shape, largest first."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return sorted(parts, key=lambda p: -p.area)
