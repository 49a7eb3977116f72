"""The bones of the city: streets, river, railway, and the blocks between them.

Everything is laid out on a plain grid (u, v) in metres, with the centre at 0, 0, and then bent by a smooth
field into (x, y), so that no street is quite straight and no crossing quite square. River and railway cut the
bent net.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from geodata.names import Names

CARRIAGEWAY_M = {
    "primary": 18.0,
    "secondary": 13.0,
    "tertiary": 9.0,
    "residential": 6.5,
    "living_street": 3.2,
    "service": 4.0,
    "footway": 2.0,
}
"""Width of the carriageway by class of street."""

RESERVE_M = {
    "primary": 20.0,
    "secondary": 14.0,
    "tertiary": 10.0,
    "residential": 6.5,
    "ditch": 2.0,
    "canal": 12.0,
}
"""Half the width between the building lines, from the middle of the street (or ditch, or canal)."""

DUAL_OFFSET_M = 9.5
DUAL_CARRIAGEWAY_M = 11.0
RAIL_RESERVE_M = 16.0
RIVER_CORRIDOR_M = 50.0
CANAL_WIDTH_M = 9.0
BLOCK_SPACING_M = 400.0
RIVER_ROW_M = 520.0
RAIL_COLUMN_M = 450.0
SNAP_M = 0.01
RAIL_BRIDGE_M = 45.0
OVERSHOOT_M = 110.0
FRINGE_LOSS = 0.13
"""Share of the cells beyond the last streets that are left out, so that the outline has bays."""


@dataclass(frozen=True)
class Street:
    """A piece of street: its middle line in metres and what the map says of it."""

    line: LineString
    highway: str
    name: str
    bridge: bool = False
    oneway: bool = False
    width_m: float = 0.0

    @property
    def width(self) -> float:
        return self.width_m or CARRIAGEWAY_M[self.highway]


@dataclass(frozen=True)
class Warp:
    """Bends the plain grid: a turn, perhaps mirrored, and a few long waves."""

    turn: np.ndarray
    wave_numbers: np.ndarray
    phases: np.ndarray
    amplitudes: np.ndarray

    @staticmethod
    def draw(side_m: float, rng: np.random.Generator) -> "Warp":
        angle = np.radians(rng.uniform(2.0, 9.0) * rng.choice([-1, 1]))
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        mirror = np.diag(rng.choice([-1.0, 1.0], 2))
        swap = np.eye(2) if rng.random() < 0.6 else np.array([[0.0, 1.0], [1.0, 0.0]])
        count = 5
        lengths = np.clip(side_m, 2400, 3600) * rng.uniform(0.75, 1.5, count)
        headings = rng.uniform(0, 2 * np.pi, count)
        waves = np.c_[np.cos(headings), np.sin(headings)] * (2 * np.pi / lengths)[:, None]
        pushes = rng.uniform(0, 2 * np.pi, count)
        amplitudes = np.c_[np.cos(pushes), np.sin(pushes)] * (lengths * 0.021)[:, None]
        return Warp(rotation @ mirror @ swap, waves, rng.uniform(0, 2 * np.pi, count), amplitudes)

    def __call__(self, uv: np.ndarray) -> np.ndarray:
        """Plain (u, v) to bent (x, y), both n × 2 in metres."""
        uv = np.asarray(uv, float)
        moved = uv + np.sin(uv @ self.wave_numbers.T + self.phases) @ self.amplitudes
        return np.round(moved @ self.turn.T, 3)


@dataclass(frozen=True)
class Skeleton:
    """The main grid before it is bent: lines of streets, and which cell carries the river or the railway."""

    us: np.ndarray
    vs: np.ndarray
    u_classes: list[str]
    v_classes: list[str]
    river_row: int
    rail_column: int
    kept: np.ndarray
    centre: tuple[int, int]
    ring_cell: tuple[int, int]
    ring_east: bool
    radial: list[tuple[int, int]]

    @property
    def shape(self) -> tuple[int, int]:
        """Cells along u and along v, the fringe beyond the last street included."""
        return len(self.us) - 1, len(self.vs) - 1

    def middle(self, cell: tuple[int, int]) -> np.ndarray:
        i, j = cell
        return np.array([(self.us[i] + self.us[i + 1]) / 2, (self.vs[j] + self.vs[j + 1]) / 2])

    def is_fringe(self, cell: tuple[int, int]) -> bool:
        return cell[0] in (0, self.shape[0] - 1) or cell[1] in (0, self.shape[1] - 1)


@dataclass(frozen=True)
class Net:
    """The bent city: all streets, water, rail, and the blocks (faces) between them."""

    streets: list[Street]
    faces: np.ndarray
    face_cells: list[tuple[int, int]]
    in_river: np.ndarray
    outline: Polygon
    river: Polygon
    river_line: LineString
    river_name: str
    canal: shapely.Geometry
    rails: list[tuple[LineString, bool]]
    level_crossings: np.ndarray
    dual: shapely.Geometry
    loose_end: int


def _spaced(length_m: float, wide: float, wide_at: float, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Places of parallel lines, the two outermost being field borders; one strip is made wider.

    wide: width of that strip in metres; wide_at: where it should be, as a share of the streets.
    Returns the places, centred on 0, and the index of the wide strip.
    """
    streets = max(4, round(length_m / BLOCK_SPACING_M))
    gaps = BLOCK_SPACING_M * rng.uniform(0.8, 1.2, streets - 1)
    strip = int(np.clip(round(wide_at * (streets - 2)), 0, streets - 2))
    gaps[strip] = wide * rng.uniform(0.97, 1.05)
    gaps = np.concatenate([[rng.uniform(190, 260)], gaps, [rng.uniform(190, 260)]])
    places = np.concatenate([[0.0], np.cumsum(gaps)])
    return places - places[-1] / 2, strip + 1


def skeleton(side_m: float, rng: np.random.Generator) -> Skeleton:
    """Draw the main grid for a district about side_m across."""
    stretch = rng.uniform(0.94, 1.1)
    us, rail_column = _spaced(side_m * stretch - 450, RAIL_COLUMN_M, 0.8, rng)
    vs, river_row = _spaced(side_m / stretch - 450, RIVER_ROW_M, 0.3, rng)
    start = int(rng.integers(2))
    u_classes = [
        "ditch",
        *["secondary" if k % 2 == start else "primary" for k in range(len(us) - 2)],
        "ditch",
    ]
    v_classes = ["ditch", *["secondary" if k % 2 else "primary" for k in range(len(vs) - 2)], "ditch"]

    columns, rows = len(us) - 1, len(vs) - 1
    cells = np.array(
        [[((us[i] + us[i + 1]) / 2, (vs[j] + vs[j + 1]) / 2) for j in range(rows)] for i in range(columns)]
    )
    reach = np.abs(cells) / np.array([us[-1], vs[-1]])
    kept = (reach**3.2).sum(axis=2) + rng.normal(0, 0.10, (columns, rows)) < 1.12
    kept &= rng.random((columns, rows)) > FRINGE_LOSS
    kept[1:-1, 1:-1] |= (reach[1:-1, 1:-1] ** 3.2).sum(axis=2) < 0.85
    middle = int(np.argmin(np.abs(us[1:-1] + 0.1 * us[-1]))) + 1
    above = [j for j in range(1, rows) if j > river_row]
    centre = (middle, above[max(0, (len(above) - 1) // 3)])
    kept = _one_piece(kept, centre)
    radial = _radial(centre, rail_column, river_row, rows)
    toward_east = len(radial) > 1 and radial[1][0] > radial[0][0]
    ring_east = not toward_east and rail_column < columns - 2
    ring_cell = (
        min(columns - 2, max(rail_column + 1, columns - 3)) if ring_east else 1 + (columns > 8),
        rows - 2 - (rows > 8),
    )
    u_classes[ring_cell[0] + ring_east] = v_classes[ring_cell[1] + 1] = "primary"
    return Skeleton(
        us, vs, u_classes, v_classes, river_row, rail_column, kept, centre, ring_cell, ring_east, radial
    )


def _radial(centre: tuple[int, int], rail_column: int, river_row: int, rows: int) -> list[tuple[int, int]]:
    """Crossings along a slanting avenue that leaves the centre, away from the river."""
    step = 1 if rail_column - centre[0] > centre[0] - 1 else -1
    length = 2 + rows // 5
    i, j = centre
    crossings = []
    while 1 <= i <= rail_column and river_row < j <= rows - 1 and len(crossings) <= length:
        crossings.append((i, j))
        i, j = i + step, j + 1
    return crossings


def _reached(free: np.ndarray, start: tuple[int, int]) -> np.ndarray:
    """The free cells that can be walked to from a start cell, side by side."""
    reached = np.zeros_like(free)
    stack = [start]
    while stack:
        i, j = stack.pop()
        if 0 <= i < free.shape[0] and 0 <= j < free.shape[1] and free[i, j] and not reached[i, j]:
            reached[i, j] = True
            stack += [(i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)]
    return reached


def _one_piece(kept: np.ndarray, centre: tuple[int, int]) -> np.ndarray:
    """The kept cells that hang together with the centre, with holes filled."""
    outside = _reached(np.pad(~_reached(kept, centre), 1, constant_values=True), (0, 0))
    return ~outside[1:-1, 1:-1]


@dataclass
class _Plain:
    """Straight segments of the plain grid, which know where others meet them."""

    segments: list[tuple[int, float, float, float, str, str]] = field(default_factory=list)
    long: int = 0

    def add(self, axis: int, at: float, start: float, end: float, highway: str, name: str) -> None:
        """axis 0: u = at, v from start to end; axis 1: v = at, u from start to end."""
        self.segments.append((axis, at, start, end, highway, name))

    def bent(self, warp: Warp, more: np.ndarray) -> list[tuple[LineString, str, str]]:
        """Every segment as a bent line with a corner wherever another one (or a point of more) meets it."""
        lines = []
        for axis, at, start, end, highway, name in self.segments:
            meets = [s[1] for s in self.segments if s[0] != axis and s[2] - 1e-6 <= at <= s[3] + 1e-6]
            meets += [point[1 - axis] for point in more if abs(point[axis] - at) < 1e-6]
            steps = np.linspace(start, end, max(2, int((end - start) / 28)))
            along = np.array(sorted([m for m in meets if start <= m <= end] + list(steps)))
            marks = np.array(sorted(m for m in meets if start <= m <= end))
            near = (
                np.abs(along[:, None] - marks[None, :]).min(axis=1)
                if len(marks)
                else np.full(len(along), 99.0)
            )
            along = along[(near < 1e-9) | (near > 6.0) | (along == start) | (along == end)]
            along = along[np.concatenate([[True], np.diff(along) > 1e-9])]
            uv = np.empty((len(along), 2))
            uv[:, axis], uv[:, 1 - axis] = at, along
            lines.append((LineString(warp(uv)), highway, name))
        return lines


def _cuts(
    box: tuple[float, float, float, float], grain_m2: float, axes: tuple[int, ...], rng: np.random.Generator
) -> list:
    """Split a rectangle (u0, u1, v0, v1) by small streets until its parts are about grain_m2."""
    u0, u1, v0, v1 = box
    area = (u1 - u0) * (v1 - v0)
    if area < grain_m2 * 1.5:
        return []
    axis = 0 if (u1 - u0) > (v1 - v0) else 1
    if axis not in axes:
        axis = axes[0]
    low, high = (u0, u1) if axis == 0 else (v0, v1)
    if high - low < 130:
        return []
    at = low + (high - low) * rng.uniform(0.38, 0.62)
    highway = "tertiary" if area > 110_000 else "residential"
    first, second = (
        ((u0, at, v0, v1), (at, u1, v0, v1)) if axis == 0 else ((u0, u1, v0, at), (u0, u1, at, v1))
    )
    span = (v0, v1) if axis == 0 else (u0, u1)
    return [
        (axis, at, *span, highway),
        *_cuts(first, grain_m2, axes, rng),
        *_cuts(second, grain_m2, axes, rng),
    ]


def _beside(line: np.ndarray, distance_m: np.ndarray | float) -> np.ndarray:
    """The line moved sideways, to the left for positive distances."""
    along = np.gradient(line, axis=0)
    along /= np.hypot(*along.T)[:, None]
    return line + np.c_[-along[:, 1], along[:, 0]] * np.broadcast_to(distance_m, len(line))[:, None]


def _ending(ends: np.ndarray) -> str:
    """Streets that run north-south are 路, those that run east-west 街."""
    (x0, y0), (x1, y1) = ends
    return "路" if abs(y1 - y0) > abs(x1 - x0) else "街"


@dataclass(frozen=True)
class _River:
    """The river's water and middle line, the streets on its banks, and the ground between these."""

    water: Polygon
    middle: LineString
    banks: list[LineString]
    corridor: Polygon


def build_net(
    bones: Skeleton,
    grains: dict[tuple[int, int], float],
    names: Names,
    warp: Warp,
    rng: np.random.Generator,
) -> Net:
    """Bend the grid, lay river and railway over it, and find the blocks.

    grains: for each cell the size in m² at which its blocks stop being divided by streets.
    """
    plain = _plain_streets(bones, grains, names, warp, rng)
    ring_uv, tangents = _ring(bones)
    bent = plain.bent(warp, tangents)
    river = _river(bones, warp, rng)
    rail = LineString(warp(_rail(bones, rng)))
    canal = _canal(bones, warp, rng)
    river_name = names.place("河")

    streets = _over_canal(_cut(bones, plain, bent, river, rail), canal)
    streets += [
        Street(bank, "tertiary", f"{river_name}{side}路")
        for bank, side in zip(river.banks, "北南", strict=True)
    ]
    if len(ring_uv):
        streets.append(Street(LineString(warp(ring_uv)), "primary", names.place("环路")))
    if len(bones.radial) > 1:
        points = np.array([(bones.us[i], bones.vs[j]) for i, j in bones.radial])
        steps = [np.linspace(a, b, 15)[:-1] for a, b in pairwise(points)]
        streets.append(
            Street(LineString(warp(np.vstack([*steps, points[-1:]]))), "primary", names.place("大道"))
        )

    walls = [river.middle, rail, canal, *_field_borders(bones, warp, rng)]
    joined = shapely.union_all([s.line for s in streets] + walls, grid_size=SNAP_M)
    faces, cells = _inside(shapely.get_parts(shapely.polygonize(shapely.get_parts(joined))), bones, warp)
    outline = shapely.coverage_union_all(faces)
    streets = _clipped(streets, outline)
    dual_name = plain.segments[_dual(bones, plain)][5]
    dual = shapely.line_merge(shapely.union_all([s.line for s in streets if s.name == dual_name]))
    near, rail_deck = outline.buffer(OVERSHOOT_M), river.corridor.buffer(25)
    rails = [
        (part, bridge)
        for zone, bridge in ((near.difference(rail_deck), False), (near.intersection(rail_deck), True))
        for part in shapely.get_parts(rail.intersection(zone))
    ]
    crossings = shapely.get_parts(shapely.intersection([s.line for s in streets if not s.bridge], rail))
    here = shapely.intersects(crossings, outline) & ~shapely.intersects(crossings, rail_deck)
    return Net(
        streets=streets,
        faces=faces,
        face_cells=cells,
        in_river=shapely.contains(river.corridor.buffer(0.1), shapely.point_on_surface(faces)),
        outline=outline,
        river=river.water.intersection(near),
        river_line=river.middle.intersection(near),
        river_name=river_name,
        canal=canal.intersection(near),
        rails=rails,
        level_crossings=crossings[here & (shapely.get_type_id(crossings) == 0)],
        dual=dual,
        loose_end=_loose_end(streets, dual),
    )


def _plain_streets(
    bones: Skeleton,
    grains: dict[tuple[int, int], float],
    names: Names,
    warp: Warp,
    rng: np.random.Generator,
) -> _Plain:
    """The long streets of the main grid first, then the small ones that divide its cells."""
    us, vs = bones.us, bones.vs
    plain = _Plain()
    for axis, places, others, classes in ((0, us, vs, bones.u_classes), (1, vs, us, bones.v_classes)):
        low, high = others[0] - OVERSHOOT_M - 20, others[-1] + OVERSHOOT_M + 20
        for at, highway in list(zip(places, classes, strict=True))[1:-1]:
            ends = [(at, low), (at, high)] if axis == 0 else [(low, at), (high, at)]
            plain.add(axis, at, low, high, highway, names.great_street(_ending(warp(ends))))
    plain.long = len(plain.segments)
    undivided = [*radial_cells(bones), bones.ring_cell, (bones.rail_column, bones.river_row)]
    for i, j in np.argwhere(bones.kept).tolist():
        if (i, j) in undivided:
            continue
        on_rail, on_river = i == bones.rail_column, j == bones.river_row
        axes: tuple[int, ...] = (1,) if on_rail else (0,) if on_river else (0, 1)
        if bones.is_fringe((i, j)):
            axes = (1,) if i in (0, bones.shape[0] - 1) else (0,)
        grain = grains[i, j] * (2.2 if on_rail or on_river else 1.0)
        box = (us[i], us[i + 1], vs[j], vs[j + 1])
        for axis, at, start, end, highway in _cuts(box, grain, axes, rng):
            ends = [(at, start), (at, end)] if axis == 0 else [(start, at), (end, at)]
            plain.add(axis, at, start, end, highway, names.small_street(_ending(warp(ends))))
    return plain


def _cut(
    bones: Skeleton, plain: _Plain, bent: list[tuple[LineString, str, str]], river: _River, rail: LineString
) -> list[Street]:
    """End the streets at river and railway, save those few that cross: by bridges, or on the level."""
    bridging = _bridging(bones, plain)
    along = [k for k in range(plain.long) if plain.segments[k][0] == 1]
    over_rail = [k for k in along if plain.segments[k][4] == "primary"]
    seconds = [k for k in along if plain.segments[k][4] == "secondary"]
    level = seconds[:: max(1, len(seconds) // 2)][:2]
    rail_strip = rail.buffer(RAIL_RESERVE_M, cap_style="flat")
    rail_deck = rail.buffer(RAIL_BRIDGE_M, cap_style="flat")
    streets: list[Street] = []

    def add(line: shapely.Geometry, k: int, shortest_m: float, bridge: bool = False) -> None:
        _, highway, name = bent[k]
        parts = [p for p in shapely.get_parts(line) if p.length > shortest_m]
        streets.extend(Street(p, highway, name, bridge) for p in parts)

    for k, (line, _, _) in enumerate(bent):
        dry = line.difference(river.corridor)
        if k in bridging:
            add(line.intersection(river.corridor), k, 1, bridge=True)
        if k in over_rail:
            add(dry.difference(rail_deck), k, 1)
            add(dry.intersection(rail_deck), k, 1, bridge=True)
        else:
            add(dry if k in level else dry.difference(rail_strip), k, 25)
    return streets


def _clipped(streets: list[Street], outline: Polygon) -> list[Street]:
    """Great streets run on a little beyond the outline, small ones end at it."""
    far, near = outline.buffer(OVERSHOOT_M), outline.buffer(2 * SNAP_M)
    shapely.prepare([far, near])
    return [
        replace(street, line=part)
        for street in streets
        for part in shapely.get_parts(
            street.line.intersection(far if street.highway in ("primary", "secondary") else near)
        )
        if part.geom_type == "LineString" and part.length > 2
    ]


def _loose_end(streets: list[Street], dual: shapely.Geometry) -> int:
    """A small street whose last corner lies on another street: there it will stop short; -1 for none."""
    lines = [s.line for s in streets]
    tree = shapely.STRtree(lines)
    meeting = [
        k
        for k, s in enumerate(streets)
        if s.highway == "residential"
        and s.line.length > 120
        and len(tree.query(Point(s.line.coords[-1]), predicate="dwithin", distance=2 * SNAP_M)) > 1
        and not dual.dwithin(s.line, 1)
    ]
    return meeting[len(meeting) // 2] if meeting else -1


def radial_cells(bones: Skeleton) -> list[tuple[int, int]]:
    """The cells that the slanting avenue cuts in two."""
    pairs = pairwise(bones.radial)
    return [(min(a[0], b[0]), min(a[1], b[1])) for a, b in pairs]


def _ring(bones: Skeleton) -> tuple[np.ndarray, np.ndarray]:
    """The rounded corner of the ring road and the two points where it leaves the straight streets."""
    i, j = bones.ring_cell
    if (
        bones.ring_cell in radial_cells(bones)
        or bones.is_fringe((i, j))
        or i == bones.rail_column
        or j <= bones.river_row
    ):
        return np.empty((0, 2)), np.empty((0, 2))
    corner = np.array([bones.us[i + bones.ring_east], bones.vs[j + 1]])
    radius = 0.86 * min(bones.us[i + 1] - bones.us[i], bones.vs[j + 1] - bones.vs[j])
    sign = -1.0 if bones.ring_east else 1.0
    hub = corner + radius * np.array([sign, -1.0])
    angles = np.linspace(0, np.pi / 2, 18)
    arc = hub + radius * np.c_[-sign * np.cos(angles), np.sin(angles)]
    arc[0, 0], arc[-1, 1] = corner[0], corner[1]
    return arc, arc[[0, -1]]


def _river(bones: Skeleton, warp: Warp, rng: np.random.Generator) -> _River:
    """The river from edge to edge of the city, winding inside its row, wider here and narrower there."""
    low, high = bones.vs[bones.river_row], bones.vs[bones.river_row + 1]
    u = np.arange(bones.us[0] - 300, bones.us[-1] + 300, 18.0)
    room = (high - low) / 2 - RIVER_CORRIDOR_M - 75
    waves = np.sin(u * 2 * np.pi / rng.uniform(1300, 1900) + rng.uniform(0, 6))
    waves = waves + 0.45 * np.sin(u * 2 * np.pi / rng.uniform(620, 800) + rng.uniform(0, 6))
    middle = warp(np.c_[u, (low + high) / 2 + room * waves / 1.45])
    half = 30.0 + 5.0 * np.sin(np.linspace(0, rng.uniform(9, 14), len(middle)) + rng.uniform(0, 6))
    water = Polygon(np.vstack([_beside(middle, half), _beside(middle, -half)[::-1]]))
    sides = [np.round(_beside(middle, side * RIVER_CORRIDOR_M), 3) for side in (1, -1)]
    sides.sort(key=lambda side: -float(side[:, 1].mean()))
    corridor = Polygon(np.vstack([sides[0], sides[1][::-1]]))
    return _River(water, LineString(middle), [LineString(side) for side in sides], corridor)


def _rail(bones: Skeleton, rng: np.random.Generator) -> np.ndarray:
    """The railway from edge to edge, in one long bend inside its column."""
    low, high = bones.us[bones.rail_column], bones.us[bones.rail_column + 1]
    v = np.arange(bones.vs[0] - 300, bones.vs[-1] + 300, 40.0)
    room = (high - low) / 2 - 110
    bend = np.sin(v * np.pi / (bones.vs[-1] * rng.uniform(1.3, 1.9)) + rng.uniform(0, 6))
    return np.c_[(low + high) / 2 + room * bend, v]


def _bridging(bones: Skeleton, plain: _Plain) -> list[int]:
    """Which of the long streets cross the river: primaries first, two to four in all, spread out."""
    across = [k for k in range(plain.long) if plain.segments[k][0] == 0]
    chosen = [k for k in across if plain.segments[k][4] == "primary"]
    if len(chosen) > 4:
        chosen = [chosen[int(k)] for k in np.linspace(0, len(chosen) - 1, 4).round()]
    return chosen if len(chosen) > 1 else across[1:3]


def _dual(bones: Skeleton, plain: _Plain) -> int:
    """The street with two carriageways: the primary across the river nearest the centre."""
    at = bones.us[bones.centre[0]]
    primaries = [
        k for k in range(plain.long) if plain.segments[k][0] == 0 and plain.segments[k][4] == "primary"
    ]
    return min(primaries or [0], key=lambda k: abs(plain.segments[k][1] - at))


def _over_canal(streets: list[Street], canal: LineString) -> list[Street]:
    """Streets across the canal get a short bridge."""
    deck = canal.buffer(CANAL_WIDTH_M / 2 + 3, cap_style="flat")
    result = []
    for s in streets:
        if s.bridge or not s.line.intersects(canal):
            result.append(s)
            continue
        result += [
            Street(p, s.highway, s.name) for p in shapely.get_parts(s.line.difference(deck)) if p.length > 1
        ]
        result += [Street(p, s.highway, s.name, True) for p in shapely.get_parts(s.line.intersection(deck))]
    return result


def _canal(bones: Skeleton, warp: Warp, rng: np.random.Generator) -> LineString:
    """A canal that runs in from the fields beyond the last street, along the upper fringe."""
    low, high = bones.vs[-2], bones.vs[-1]
    u = np.arange(bones.us[0] - 50, bones.us[-1] + 50, 35.0)
    v = low + (high - low) * (0.36 + 0.10 * np.sin(u / 420 + rng.uniform(0, 6)))
    return LineString(warp(np.c_[u, v]))


def _field_borders(bones: Skeleton, warp: Warp, rng: np.random.Generator) -> list[LineString]:
    """The outermost lines: borders of fields, straight for a while and then stepping in or out."""
    borders = []
    for axis, places, others in ((0, bones.us, bones.vs), (1, bones.vs, bones.us)):
        for at, sign in ((places[0], -1.0), (places[-1], 1.0)):
            along = np.arange(others[0] - 150, others[-1] + 150, 170.0)
            along = along + rng.uniform(-40, 40, len(along))
            uv = np.empty((len(along), 2))
            uv[:, axis] = at + sign * rng.uniform(-45, 50, len(along))
            uv[:, 1 - axis] = along
            borders.append(LineString(warp(uv)))
    return borders


def _inside(faces: np.ndarray, bones: Skeleton, warp: Warp) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """The faces of kept cells, south-west first, and the cell of each."""
    cells, polygons = [], []
    us, vs = bones.us.copy(), bones.vs.copy()
    us[0], vs[0], us[-1], vs[-1] = us[0] - 60, vs[0] - 60, us[-1] + 60, vs[-1] + 60
    for i, j in np.argwhere(bones.kept):
        ring = shapely.box(us[i], vs[j], us[i + 1], vs[j + 1]).segmentize(28)
        polygons.append(shapely.transform(ring, warp))
        cells.append((int(i), int(j)))
    points = shapely.point_on_surface(faces)
    face, cell = shapely.STRtree(polygons).query(points, predicate="intersects")
    first = dict(zip(face.tolist()[::-1], cell.tolist()[::-1], strict=True))
    chosen = sorted(first, key=lambda k: (round(points[k].y, -1), points[k].x))
    return faces[chosen], [cells[first[k]] for k in chosen]
