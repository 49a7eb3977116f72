"""Maps on paper from our own data: vectors at a true scale, hatches that survive a black-and-white copier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo.crs import to_lonlat, to_metres
from app.services.certificate_map import round_down, round_up

LAYERS = ("green", "water", "water_line", "rail", "local", "secondary", "arterial", "building")
HATCHES = 6  # patterns; four colour any map of pieces, grids in two pieces may need another
STREET_M = {"arterial": 16.0, "secondary": 11.0, "local": 6.0}  # width as drawn
MARGIN = 0.04  # of the frame, around what is shown
TOLERANCE_MM = 0.08
LABEL_MM, GRID_LABEL_MM, LEAST_LABEL_MM = 3.2, 5.0, 2.4
READ_NEAR_MM = 240.0  # a wider sheet hangs on a wall: all that is written on it grows with its width

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class GridDrawn:
    """A grid: its border, the number of its hatch (None: not hatched), its label with its place and height.

    chosen: the sheet's own.
    """

    path: str
    hatch: int | None
    label: str
    x: float
    y: float
    size: float
    chosen: bool = False


@dataclass(frozen=True)
class GroundDrawn:
    """The ground in millimetres of paper, x to the right and y down.

    scale: metres on the ground per metre of paper. layers: SVG paths by name. streets: path and width in
    millimetres.
    """

    width: float
    height: float
    scale: int
    bar_m: int
    bar_mm: float
    layers: dict[str, str]
    streets: list[tuple[str, float]]


@dataclass(frozen=True)
class PaperMap(GroundDrawn):
    """Grids upon the ground. labels: words with their place."""

    buildings: str
    grids: list[GridDrawn]
    labels: list[tuple[str, float, float]]


@dataclass(frozen=True)
class Shown:
    """A grid to draw: its outline in degrees, and what stands on it."""

    outline: shapely.Geometry
    label: str
    code: str = ""
    chosen: bool = False


def drawn(
    session: Session,
    grids: Sequence[Shown],
    focus: shapely.Geometry,
    width_mm: float,
    height_mm: float,
    *,
    hatched: bool = True,
    numbers: Sequence[tuple[str, float, float]] = (),
) -> PaperMap:
    """Draw grids upon the ground, as large as the frame takes `focus` at a scale one can say.

    focus: what must be on the sheet, in degrees. hatched: tell
    neighbours apart by patterns. numbers: words at points in degrees, as numbers of buildings.
    """
    crs = _upright(shapely.centroid(focus))
    around = shapely.bounds(to_metres(np.array([focus]), crs))[0]
    west, south, east, north = (float(side) for side in around)
    most = 1 - 2 * MARGIN
    per_mm = max((east - west) / (width_mm * most), (north - south) / (height_mm * most), 1e-3)
    scale = round_up(per_mm * 1000)
    per_mm = scale / 1000
    left = (west + east) / 2 - width_mm * per_mm / 2
    top = (south + north) / 2 + height_mm * per_mm / 2
    frame = shapely.box(left, top - height_mm * per_mm, left + width_mm * per_mm, top)
    paper = _Paper(left, top, per_mm, frame)
    box = to_lonlat(np.array([frame]), crs)[0]
    found = _ground(session, box, crs)
    metres = to_metres(np.array([one.outline for one in grids], dtype=object), crs)
    bar_m = round_down(min(60.0, width_mm / 3) * per_mm)
    bar_mm = round(bar_m / per_mm, 2)
    placed = _grids(paper, grids, metres, hatched)
    k = larger(width_mm)
    taken = [
        (width_mm - 11 * k, 5 * k, width_mm, 25 * k),  # the arrow
        (0.0, height_mm - 13 * k, bar_mm + 20 * k, height_mm),  # the bar
        *(_box(one.label, one.x, one.y, one.size * 1.2) for one in placed if not one.chosen),
    ]
    return PaperMap(
        width=width_mm,
        height=height_mm,
        scale=scale,
        bar_m=bar_m,
        bar_mm=bar_mm,
        layers={name: paper.path(found.get(name, [])) for name in ("green", "water", "water_line", "rail")},
        streets=[
            (paper.path(found.get(kind, [])), round(max(STREET_M[kind] / per_mm, 0.35), 2))
            for kind in ("local", "secondary", "arterial")
        ],
        buildings=paper.path(found.get("building", [])),
        grids=placed,
        labels=_labels(paper, crs, [*numbers, *found.get("names", [])], taken),
    )


def _upright(middle: shapely.Point) -> CRS:
    """Metres around a point, north straight up and lengths true: its own meridian in the middle.

    The CRS of a zone would turn a sheet at the zone's edge by more than a degree.
    """
    return CRS.from_proj4(
        f"+proj=tmerc +lat_0=0 +lon_0={middle.x:.2f} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m +no_defs"
    )


@dataclass(frozen=True)
class _Paper:
    """The sheet: where its upper left corner lies in metres, and how many of them a millimetre holds."""

    left: float
    top: float
    per_mm: float
    frame: shapely.Geometry

    def put(self, shapes: Any) -> Any:
        """Shapes in metres, in millimetres of the sheet."""
        return shapely.transform(
            shapes, lambda xy: (xy - [self.left, self.top]) / [self.per_mm, -self.per_mm]
        )

    def path(self, metres: Sequence[shapely.Geometry]) -> str:
        """What lies in the frame as one SVG path."""
        if not len(metres):
            return ""
        cut = shapely.intersection(np.asarray(metres, dtype=object), self.frame)
        return path_of(self.put(cut[~shapely.is_empty(cut)]))


def path_of(on_paper: Any) -> str:
    """Shapes in millimetres as one SVG path, without corners nobody sees."""
    return "".join(_svg(part) for part in shapely.get_parts(shapely.simplify(on_paper, TOLERANCE_MM)))


def _svg(part: shapely.Geometry) -> str:
    if part.geom_type == "Polygon":
        return "".join(_line(ring, closed=True) for ring in shapely.get_rings(part))
    return _line(part, closed=False) if part.geom_type in ("LineString", "LinearRing") else ""


def _line(line: shapely.Geometry, *, closed: bool) -> str:
    corners = np.round(shapely.get_coordinates(line), 2)
    if len(corners) < 2:
        return ""
    said = "L".join(f"{x:g} {y:g}" for x, y in (corners[:-1] if closed else corners))
    return f"M{said}{'Z' if closed else ''}"


def _grids(paper: _Paper, grids: Sequence[Shown], metres: Any, hatched: bool) -> list[GridDrawn]:
    hatches = coloured(metres) if hatched else [None] * len(grids)
    made = []
    k = larger(_width(paper))
    for one, outline, hatch in zip(grids, metres, hatches, strict=True):
        seen = shapely.intersection(outline, paper.frame)
        if shapely.is_empty(seen) or shapely.area(seen) == 0:
            continue
        circle = shapely.maximum_inscribed_circle(seen, paper.per_mm)
        (x, y), (u, v) = shapely.get_coordinates(paper.put(circle))
        made.append(
            GridDrawn(
                paper.path([outline]),
                hatch,
                one.label,
                round(float(x), 2),
                round(float(y), 2),
                _label_size(one.label, float(np.hypot(u - x, v - y)), k),
                one.chosen,
            )
        )
    return made


def coloured(shapes: Any) -> list[int]:
    """A number for each polygon, so that no two that share a border have the same as long as HATCHES last.

    The one with most neighbours first (Welsh & Powell 1967).

    >>> row = shapely.box([0, 1, 2], 0, [1, 2, 3], 1)
    >>> first, middle, last = coloured(row)
    >>> first == last != middle
    True
    """
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="intersects").T
    beside: list[set[int]] = [set() for _ in range(len(shapes))]
    for one, other in pairs:
        if one < other and shapely.length(shapely.intersection(shapes[one], shapes[other])) > 0:
            beside[one].add(int(other))
            beside[other].add(int(one))
    found = [-1] * len(shapes)
    for one in sorted(range(len(shapes)), key=lambda at: (-len(beside[at]), at)):
        taken = {found[other] for other in beside[one]}
        found[one] = next((number for number in range(HATCHES) if number not in taken), one % HATCHES)
    return found


def larger(width_mm: float) -> float:
    """How many times larger words are on a sheet that hangs on a wall than on one in the hand."""
    return max(1.0, width_mm / READ_NEAR_MM)


def _label_size(words: str, radius_mm: float, k: float) -> float:
    """How high the label of a grid may be to fit into the largest circle in it. k: as of `larger`."""
    ems = sum(1.0 if ord(letter) > 0x2E80 else 0.6 for letter in words)
    return round(float(np.clip(2 * radius_mm / max(ems, 1.0), LEAST_LABEL_MM * k, GRID_LABEL_MM * k)), 2)


def _width(paper: _Paper) -> float:
    return float(shapely.get_coordinates(paper.put(paper.frame))[:, 0].max())


def _labels(
    paper: _Paper, crs: CRS, said: Sequence[tuple[str, float, float]], taken: Sequence[Box]
) -> list[tuple[str, float, float]]:
    """Words with their place, none upon another or on what is taken: what comes first stays."""
    if not said:
        return []
    points = to_metres(shapely.points([(lon, lat) for _, lon, lat in said]), crs)
    placed = shapely.get_coordinates(paper.put(points))
    width, height = (float(side) for side in shapely.get_coordinates(paper.put(paper.frame)).max(axis=0))
    kept: list[tuple[str, float, float]] = []
    boxes = list(taken)
    for (words, _, _), (x, y) in zip(said, placed, strict=True):
        box = _box(words, float(x), float(y), LABEL_MM * larger(width))
        inside = box[0] > 0 and box[1] > 0 and box[2] < width and box[3] < height
        if inside and not any(_meet(box, other) for other in boxes):
            kept.append((words, round(float(x), 2), round(float(y), 2)))
            boxes.append(box)
    return kept


def _box(words: str, x: float, y: float, high: float) -> Box:
    """What words about so high take up around a point, in millimetres: left, top, right, bottom."""
    half = high * 0.36 * sum(2 if ord(letter) > 0x2E80 else 1.1 for letter in words) / 1.4
    return (x - half, y - high / 2, x + half, y + high / 2)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ground(session: Session, box: shapely.Geometry, crs: CRS) -> dict[str, list[Any]]:
    """What lies in a box, in metres, by layer; `names` are words at points in degrees."""
    west, south, east, north = (float(side) for side in shapely.bounds(box))
    found: dict[str, list[Any]] = {
        layer: list(to_metres(np.asarray(shapes, dtype=object), crs))
        for layer, shapes in ground_in(session, (west, south, east, north)).items()
    }
    asked = {"west": west, "south": south, "east": east, "north": north}
    found["names"] = [(row.name, row.lon, row.lat) for row in session.execute(_NAMES, asked)]
    return found


def ground_in(
    session: Session, box: tuple[float, float, float, float], layers: Sequence[str] = LAYERS
) -> dict[str, list[shapely.Geometry]]:
    """What lies in a box (west, south, east, north) by layer, all in degrees."""
    asked = {**dict(zip(("west", "south", "east", "north"), box, strict=True)), "layers": list(layers)}
    found: dict[str, list[shapely.Geometry]] = {}
    for row in session.execute(_GROUND, asked):
        found.setdefault(row.layer, []).append(shapely.from_wkb(bytes(row.shape)))
    return found


def attribution(session: Session, path: str) -> str:
    """Whom the ground of a place is from, as a map has to say."""
    return session.scalar(_ATTRIBUTION, {"path": path}) or ""


_BOX = "ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
_GROUND = text(f"""
    SELECT * FROM (
        SELECT 'green' AS layer, ST_AsBinary(geometry) AS shape FROM green
        WHERE geometry && {_BOX} AND 'green' = ANY(:layers)
        UNION ALL
        SELECT CASE ST_Dimension(geometry) WHEN 2 THEN 'water' ELSE 'water_line' END, ST_AsBinary(geometry)
        FROM water WHERE geometry && {_BOX} AND NOT tunnel
        UNION ALL
        SELECT 'rail', ST_AsBinary(geometry) FROM railway
        WHERE geometry && {_BOX} AND NOT tunnel AND 'rail' = ANY(:layers)
        UNION ALL
        SELECT CASE WHEN kind IN ('arterial', 'secondary') THEN kind ELSE 'local' END, ST_AsBinary(geometry)
        FROM street WHERE geometry && {_BOX} AND NOT tunnel
            AND (kind IN ('arterial', 'secondary') OR 'local' = ANY(:layers))
        UNION ALL
        SELECT 'building', ST_AsBinary(geometry) FROM building
        WHERE geometry && {_BOX} AND retired_at IS NULL AND 'building' = ANY(:layers)
    ) AS found WHERE layer = ANY(:layers)
""")  # noqa: S608 (constants)
_ATTRIBUTION = text("""
    SELECT string_agg(DISTINCT attribution, ' · ') FROM place
    WHERE attribution IS NOT NULL AND (path <@ CAST(:path AS ltree) OR path @> CAST(:path AS ltree))
""")
# Of each street the longest piece carries the name.
_NAMES = text(f"""
    SELECT name, ST_X(middle) AS lon, ST_Y(middle) AS lat FROM (
        SELECT DISTINCT ON (name) name, ST_Length(geometry) AS length,
            ST_LineInterpolatePoint(geometry, 0.5) AS middle
        FROM street WHERE geometry && {_BOX} AND name IS NOT NULL ORDER BY name, ST_Length(geometry) DESC
    ) AS named
    ORDER BY length DESC LIMIT 80
""")  # noqa: S608 (constants)
