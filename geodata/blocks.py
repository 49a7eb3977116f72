"""What each block is for, and filling it, from the middle of the city outwards until everybody is housed."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from geodata import buildings as fill
from geodata.buildings import Building, Filled, Frame
from geodata.names import Names
from geodata.streets import (
    CANAL_WIDTH_M,
    DUAL_CARRIAGEWAY_M,
    DUAL_OFFSET_M,
    RAIL_RESERVE_M,
    RESERVE_M,
    Net,
    Skeleton,
    Street,
    radial_cells,
)

GRAIN_M2 = {"old": 38_000.0, "estate": 62_000.0, "modern": 78_000.0, "village": 75_000.0, "core": 70_000.0}
"""Blocks of these uses are divided by streets down to about this size; others not at all."""

HIGH_SHARE = 0.2
"""Share of the households that live in towers of more than a hundred."""

HEAVY_PLOT, LARGEST_WHOLE = 100, 345
HEAVY_SHARE = 0.06
"""Share of the households in walled compounds between the two, which go into one grid whole."""

HOUSEHOLDS_PER_SCHOOL = 4_200
HOUSEHOLDS_PER_HOSPITAL = 22_000
HOUSEHOLDS_PER_MARKET = 11_000
HOUSEHOLDS_PER_SITE = 14_000
FIELD_SHARE = 0.25
"""Share of the cells beyond the last streets that stay fields even when room is short."""

FRONTAGE_M = 15.0
GATE_REACH_M = 48.0
SMALLEST_SITE_M2 = 900.0
NARROWEST_SITE_M = 30.0


Filler = Callable[[Polygon, np.random.Generator], Filled]


@dataclass(frozen=True)
class Compound:
    """A walled piece of ground that stays whole."""

    outline: Polygon
    kind: str
    name: str
    face: int


@dataclass(frozen=True)
class Standing:
    """A building, the block it stands in, and the estate it is named after (empty for none)."""

    building: Building
    face: int
    estate: str


@dataclass
class Town:
    """Everything that was built so far."""

    standing: list[Standing] = field(default_factory=list)
    lanes: list[Street] = field(default_factory=list)
    greens: list[tuple[Polygon, str, str]] = field(default_factory=list)
    waters: list[tuple[Polygon, str]] = field(default_factory=list)
    compounds: list[Compound] = field(default_factory=list)
    stems: dict[int, str] = field(default_factory=dict)
    households: int = 0
    high: int = 0
    heavy: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, use: str) -> None:
        self.counts[use] = self.counts.get(use, 0) + 1


def plan_uses(bones: Skeleton, communities: int, rng: np.random.Generator) -> dict[tuple[int, int], str]:
    """The use of every cell of the main grid.

    Old quarters lie round the centre, the park on the river, works along the railway, villages at the edge,
    new estates on the side away from the old town.
    """
    columns, rows = bones.shape
    cells = [(i, j) for i in range(columns) for j in range(rows) if bones.kept[i, j]]
    centre = np.array([bones.us[bones.centre[0]], bones.vs[bones.centre[1]]])
    far = {cell: float(np.hypot(*(bones.middle(cell) - centre))) for cell in cells}
    uses = {cell: "fringe" if bones.is_fringe(cell) else "estate" for cell in cells}
    inner = sorted((c for c in cells if uses[c] == "estate"), key=lambda c: far[c])
    plain = [c for c in inner if c[0] != bones.rail_column and c[1] != bones.river_row]
    rail = [c for c in inner if c[0] == bones.rail_column and c[1] != bones.river_row]
    river = [c for c in inner if c[1] == bones.river_row and c[0] != bones.rail_column]

    for cell in plain[: max(1, communities // 22)]:
        uses[cell] = "core"
    if rail:
        uses[rail[0]] = "station"
    for cell in rail[::-1][: max(1, communities // 14)]:
        uses[cell] = "factory"
    for cell in river[: 1 + communities // 30]:
        uses[cell] = "park"
    slanting = [*radial_cells(bones), bones.ring_cell]
    free = [c for c in plain if uses[c] == "estate" and c not in slanting]
    heading = rng.uniform(0, 2 * np.pi)
    toward = np.array([np.cos(heading), np.sin(heading)])

    def old_first(cell: tuple[int, int]) -> float:
        return far[cell] - 0.35 * float((bones.middle(cell) - centre) @ toward) + float(rng.normal(0, 90))

    ranked = sorted([(old_first(c), c) for c in free])
    old = [c for _, c in ranked[: max(1, round(communities * 0.3))]]
    free = [c for c in free if c not in old]
    outer = sorted(free, key=lambda c: -far[c])
    villages = (
        outer[:: max(1, len(outer) // max(1, round(communities / 9)))][: max(1, round(communities / 9))]
        if outer
        else []
    )
    free = [c for c in free if c not in villages]
    modern = sorted(
        free, key=lambda c: float((bones.middle(c) - centre) @ toward) + float(rng.normal(0, 150))
    )
    modern = modern[: max(1, round(communities * 0.32))]
    fringe = [c for c in cells if uses[c] == "fringe"]
    for k in rng.permutation(len(fringe))[: 2 + round(FIELD_SHARE * len(fringe))]:
        uses[fringe[k]] = "field"
    uses.update(
        dict.fromkeys(old, "old") | dict.fromkeys(villages, "village") | dict.fromkeys(modern, "modern")
    )
    return uses


def grains(uses: dict[tuple[int, int], str]) -> dict[tuple[int, int], float]:
    """How far each cell is divided by streets, m²."""
    return {cell: GRAIN_M2.get(use, 130_000.0 if use == "fringe" else 1e9) for cell, use in uses.items()}


class Builder:
    """Fills the blocks of a net one after the other; `town` holds the result."""

    def __init__(
        self, net: Net, uses: dict[tuple[int, int], str], target: int, names: Names, rng: np.random.Generator
    ) -> None:
        self.net, self.uses, self.target, self.names, self.rng = net, uses, target, names, rng
        self.town = Town()
        self._lines = np.array([s.line for s in net.streets], dtype=object)
        self._tree = shapely.STRtree(self._lines)
        bands = [s.line.buffer(self._reserve(s)) for s in net.streets]
        bands += [r.buffer(RAIL_RESERVE_M) for r, _ in net.rails]
        bands.append(net.canal.buffer(RESERVE_M["canal"]))
        bands += [net.outline.exterior.buffer(RESERVE_M["ditch"] + 3)]
        self._bands = np.array(bands, dtype=object)
        self._band_tree = shapely.STRtree(self._bands)

    def _reserve(self, street: Street) -> float:
        if self.is_dual(street):
            return DUAL_OFFSET_M + DUAL_CARRIAGEWAY_M / 2 + 9.0
        return RESERVE_M[street.highway]

    def is_dual(self, street: Street) -> bool:
        return bool(self.net.dual.dwithin(street.line.interpolate(0.5, normalized=True), 0.5))

    def run(self) -> Town:
        """Special uses first, then homes from the middle outwards until the target is met, then fields."""
        net, rng = self.net, self.rng
        points = shapely.get_coordinates(shapely.point_on_surface(net.faces))
        residential = {"old", "estate", "modern", "fringe"}
        hub = points[[self.uses[c] in ("core", "old") for c in net.face_cells]].mean(axis=0)
        far = np.hypot(*(points - hub).T) + rng.normal(0, 60, len(points))
        far += np.array(
            [
                {"fringe": 600.0, "old": -900.0, "modern": -300.0}.get(self.uses[c], 0.0)
                for c in net.face_cells
            ]
        )
        order = sorted(
            range(len(points)), key=lambda k: (self.uses[net.face_cells[k]] in residential, far[k])
        )
        for face in order:
            self._fill_face(face)
        return self.town

    def _fill_face(self, face: int) -> None:
        ground = self._buildable(face)
        use = self.uses[self.net.face_cells[face]]
        if self.net.in_river[face]:
            bank = self.net.faces[face].difference(self.net.river.buffer(1.5))
            for part in fill.plain_parts(bank):
                strip = fill.largest(part.difference(self._near_bands(part)))
                if strip.area > 600:
                    self.town.greens.append((strip, "riverside", f"{self.net.river_name}滨河绿地"))
            return
        for part in fill.plain_parts(ground):
            if part.buffer(-NARROWEST_SITE_M / 2).is_empty or part.area < SMALLEST_SITE_M2:
                if part.area > 500:
                    self.town.greens.append((part, "verge", "街头绿地"))
                continue
            self._fill_part(part, face, use)

    def _near_bands(self, shape: shapely.Geometry) -> shapely.Geometry:
        near = np.sort(self._band_tree.query(shape, predicate="intersects"))
        return shapely.union_all(self._bands[near])

    def _buildable(self, face: int) -> shapely.Geometry:
        """The block without the ground kept free along streets, rails, canal and outline."""
        shape = self.net.faces[face]
        open_ground = shape.difference(self._near_bands(shape))
        return open_ground.buffer(-6, join_style="mitre").buffer(6, join_style="mitre").simplify(0.4)

    def _fill_part(self, part: Polygon, face: int, use: str) -> None:
        frame = Frame.of(part)
        whole = {"park": fill.park, "station": fill.station, "factory": fill.factory}
        if use == "park" and self.town.counts.get("park", 0) > self.town.counts.get("riverside", 0) + 1:
            use = "estate"
        if use in whole:
            self._place_whole(part, face, use, whole[use])
            return
        full = self.town.households >= self.target
        if use == "field" or (full and use not in ("core", "village")):
            self._add(
                fill.fields(frame.inward(part), self.rng), frame, face, part, [part], ""
            ) if part.area > 8000 else None
            return
        if use == "old":
            self._place_old(part, face, frame)
        elif use == "village":
            self._place_village(part, face)
        else:
            self._place_estates(part, face, use, frame)

    def _place_whole(self, part: Polygon, face: int, use: str, filler: Filler) -> None:
        endings = {"park": "公园", "station": "火车站", "factory": ""}
        self.town.count(use)
        sites = [part]
        if use == "factory" and part.area > 60_000:
            sites = fill.parcels(part, 45_000, Frame.of(part), self.rng)
        if use == "station":
            sites = fill.parcels(part, 22_000, Frame.of(part), self.rng)
            rails = shapely.union_all([r for r, _ in self.net.rails])
            sites.sort(key=lambda s: s.distance(rails) + 0.2 * s.centroid.distance(part.centroid))
        for k, site in enumerate(sites):
            if use == "station" and (k or self.town.counts[use] > 1):
                self._place_home(site, face, "estate", sites)
                continue
            frame = Frame.of(site)
            name = self.names.factory() if use == "factory" else self.names.place(endings[use])
            if k == 0:
                self.town.stems.setdefault(face, name.removesuffix("火车站") or name)
            self._add(filler(frame.inward(site), self.rng), frame, face, site, sites, name)

    def _place_old(self, part: Polygon, face: int, frame: Frame) -> None:
        filled = fill.old_quarter(frame.inward(part), self.rng)
        self._add(filled, frame, face, part, [part], "", self.names.lanes(len(filled.lanes)))

    def _place_village(self, part: Polygon, face: int) -> None:
        if (
            self.town.counts.get("village", 0) >= max(1, round(self.target / 24_000)) * 2
            or part.area < 14_000
        ):
            self._place_estates(part, face, "estate", Frame.of(part))
            return
        self.town.count("village")
        sites = fill.parcels(part, 48_000, Frame.of(part), self.rng)
        for site in sites:
            frame = Frame.of(site)
            name = self.names.village()
            self.town.stems.setdefault(face, name)
            self._add(fill.urban_village(frame.inward(site), self.rng), frame, face, site, sites, name)

    def _place_estates(self, part: Polygon, face: int, use: str, frame: Frame) -> None:
        fronts = self._fronts(face) if not part.buffer(-NARROWEST_SITE_M - FRONTAGE_M).is_empty else []
        kept_back = (
            shapely.union_all([edge.buffer(offset + FRONTAGE_M) for edge, offset, _ in fronts])
            if fronts
            else Polygon()
        )
        zone = part.intersection(kept_back)
        inner = part.difference(kept_back).buffer(-4, join_style="mitre").buffer(4, join_style="mitre")
        sites = []
        for piece in fill.plain_parts(inner):
            if piece.area > SMALLEST_SITE_M2 and not piece.buffer(-NARROWEST_SITE_M / 2).is_empty:
                sites += fill.parcels(
                    piece, {"modern": 44_000.0, "core": 17_000.0}.get(use, 38_000.0), frame, self.rng
                )
        if not sites:
            self.town.greens.append((part, "verge", "街头绿地"))
            return
        before = len(self.town.lanes)
        for site in sites:
            self._place_home(site, face, use, sites)
        lanes = [lane.line for lane in self.town.lanes[before:]]
        if lanes:
            zone = zone.difference(shapely.union_all(lanes).buffer(5.5))
        for edge, offset, side in fronts:
            row = fill.shops(zone, edge, side * (offset + 1.0), self.rng)
            zone = zone.difference(shapely.union_all([b.outline for b in row]).buffer(1.5)) if row else zone
            self.town.standing += [Standing(b, face, "") for b in row]

    def _fronts(self, face: int) -> list[tuple[LineString, float, float]]:
        """Sides of the block with shops: middle of the street, set-back, and on which hand the block lies."""
        shape = self.net.faces[face]
        rim = shape.buffer(0.6)
        inside = shape.buffer(-1)
        chance = {"primary": 0.45, "secondary": 0.65, "tertiary": 0.4, "residential": 0.1}
        fronts = []
        for k in np.sort(self._tree.query(shape, predicate="intersects")):
            street = self.net.streets[k]
            for edge in shapely.get_parts(street.line.intersection(rim)):
                if edge.geom_type != "LineString" or edge.length < 60 or street.bridge:
                    continue
                if self.rng.random() > chance[street.highway]:
                    continue
                middle = edge.interpolate(0.5, normalized=True)
                ahead = edge.interpolate(edge.length / 2 + 1)
                left = Point(middle.x - (ahead.y - middle.y) * 4, middle.y + (ahead.x - middle.x) * 4)
                fronts.append((edge, self._reserve(street), 1.0 if inside.contains(left) else -1.0))
        return fronts

    def _place_home(self, site: Polygon, face: int, use: str, sites: list[Polygon]) -> None:
        """One parcel: a public house if one is due, else homes."""
        town, rng = self.town, self.rng
        small = site.area < SMALLEST_SITE_M2 or site.buffer(-NARROWEST_SITE_M / 2).is_empty
        if small or town.households >= self.target:
            if site.area > 400:
                town.greens.append((site, "verge", "街头绿地"))
            return
        lean = float(rng.uniform(-4, 4)) if site.area > 20_000 else 0.0
        frame = Frame.of(site, lean)
        inner = frame.inward(site)
        due = self._due(site.area)
        if use == "core":
            self._add(fill.core(inner, rng), frame, face, site, sites, "")
            return
        if due:
            town.count(due)
            filler = {
                "school": fill.school,
                "hospital": fill.hospital,
                "market": fill.market,
                "site": fill.building_site,
            }[due]
            ending = {
                "school": "小学" if town.counts[due] % 2 else "中学",
                "hospital": "医院",
                "market": "市场",
                "site": "在建项目",
            }[due]
            self._add(filler(inner, rng), frame, face, site, sites, self.names.place(ending))
            return
        high = town.high < HIGH_SHARE * max(town.households, 4000) and use != "old"
        if use == "modern" or (high and rng.random() < 0.2):
            name, filled = self.names.estate("new"), fill.tower_estate(inner, rng, high)
        elif rng.random() < 0.1 and site.area > 15_000:
            name, filled = self.names.work_unit(), fill.work_unit(inner, rng)
        else:
            name, filled = (
                self.names.estate("old"),
                fill.slab_estate(inner, rng, walled=bool(rng.random() < 0.7)),
            )
        town.stems.setdefault(face, name)
        self._add(filled, frame, face, site, sites, name)

    def _due(self, area_m2: float) -> str:
        """Which public use the households so far are still owed, if the parcel suits it."""
        town = self.town
        shares = (
            ("hospital", HOUSEHOLDS_PER_HOSPITAL, 12_000, 34_000),
            ("market", HOUSEHOLDS_PER_MARKET, 9_000, 24_000),
            ("school", HOUSEHOLDS_PER_SCHOOL, 12_000, 36_000),
            ("site", HOUSEHOLDS_PER_SITE, 12_000, 40_000),
        )
        for use, per, low, high in shares:
            if low < area_m2 < high and town.counts.get(use, 0) < (town.households + per * 0.6) / per:
                return use
        return ""

    def _add(
        self,
        filled: Filled,
        frame: Frame,
        face: int,
        site: Polygon,
        sites: list[Polygon],
        name: str,
        lane_names: list[str] | None = None,
    ) -> None:
        """Bring what a filler made back to the map and into the town."""
        town = self.town
        filled = frame.turned(filled)
        if not filled.buildings and not filled.greens:
            if site.area > 500 and name:
                town.greens.append((site, "verge", "街头绿地"))
            return
        others = shapely.union_all([s for s in sites if s is not site]) if len(sites) > 1 else Polygon()
        for k, lane in enumerate(filled.lanes):
            line = self._led_out(lane, face, others)
            if line is not None:
                town.lanes.append(Street(line, lane.highway, lane_names[k] if lane_names else ""))
        town.standing += [Standing(b, face, name) for b in filled.buildings]
        town.greens += [(g, kind, name if kind == "park" else "") for g, kind in filled.greens]
        town.waters += [(w, f"{name}湖") for w in filled.waters]
        whole = filled.households
        for outline, kind in filled.compounds:
            if kind in ("estate", "work-unit compound") and HEAVY_PLOT < whole <= LARGEST_WHOLE:
                if town.heavy + whole > HEAVY_SHARE * max(town.households, 4000):
                    continue
                town.heavy += whole
            title = self.names.rental_yard() if kind == "rental compound" else name
            town.compounds.append(Compound(outline, kind, title, face))
        town.households += filled.households
        if whole > LARGEST_WHOLE:
            town.high += sum(b.households for b in filled.buildings if b.households > HEAVY_PLOT)

    def _led_out(self, lane: fill.Lane, face: int, others: shapely.Geometry) -> LineString | None:
        """The lane with each gated end led on to the street beyond, or drawn back if there is none."""
        xy = shapely.get_coordinates(lane.line)
        first = self._gate(xy[1], xy[0], face, others) if lane.gates[0] else None
        last = self._gate(xy[-2], xy[-1], face, others) if lane.gates[1] else None
        line = LineString(xy)
        start = 5.0 if first is None and lane.gates[0] else 0.0
        end = line.length - (5.0 if last is None and lane.gates[1] else 0.0)
        if end - start < 12:
            return None
        kept = shapely.get_coordinates(shapely.ops.substring(line, start, end))
        parts = [[first] if first is not None else [], kept.tolist(), [last] if last is not None else []]
        return LineString([tuple(p) for part in parts for p in part])

    def _gate(
        self, before: np.ndarray, end: np.ndarray, face: int, others: shapely.Geometry
    ) -> tuple[float, float] | None:
        """Where a lane that leaves its site at `end` meets the street; None when something is in the way."""
        heading = (end - before) / np.hypot(*(end - before))
        ray = LineString([end, end + heading * GATE_REACH_M])
        hits = shapely.get_coordinates(self.net.faces[face].exterior.intersection(ray))
        if not len(hits):
            return None
        hit = hits[np.argmin(np.hypot(*(hits - end).T))]
        street = self._tree.nearest(Point(hit))
        way = LineString([end, hit])
        if self._lines[street].distance(Point(hit)) > 0.6 or self.net.streets[street].bridge:
            return None
        if not others.is_empty and way.intersection(others).length > 0.5:
            return None
        return float(hit[0]), float(hit[1])


def water_shapes(net: Net, town: Town) -> shapely.Geometry:
    """All water as one shape, the canal at its width."""
    return shapely.union_all([net.river, net.canal.buffer(CANAL_WIDTH_M / 2), *[w for w, _ in town.waters]])
