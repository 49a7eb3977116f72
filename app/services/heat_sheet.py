"""The view of the page of heat as a sheet: a map on paper with its legend, good for anybody.

It leaves the house, so it keeps behind the guard: no kernel is narrower than 100 m, hazards on ground with
one to four households, or withheld beside it, are left out before anything is reckoned, that ground is
blank, grids with so few have no colour, and a rate is told as `told_rates` tells it. What is drawn is drawn
by us, from our own data: heat as one picture, all else as vectors in web Mercator, as on the screen.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.density import Frame, to_degrees, to_world
from app.geo.partition import Polygons
from app.services import heat, heat_areas, heat_guard, heat_picture, paper_map
from app.services.certificate_map import round_down, round_up
from app.services.heat import Ground, Wish
from app.services.heat_areas import COUNT, GRID, Areas
from app.services.heat_guard import LEAST_BANDWIDTH_M
from app.services.heat_points import KeptPoints, Points
from app.services.paper_map import STREET_M
from app.services.tile_layers import FEW

WIDTH_MM, PIXELS, ROWS = 277.0, 800, 416  # of the map on A4 lying, and of the picture upon it
HEIGHT_MM = WIDTH_MM * ROWS / PIXELS
BAR_MM = 60.0
LEAST_SCALE = 1_000
# The largest scale number each layer of the ground is drawn to: farther off it would be a blot.
LAYERS_TO = {
    "water": 10**9,
    "water_line": 60_000,
    "green": 100_000,
    "rail": 100_000,
    "building": 12_000,
    "arterial": 10**9,
    "secondary": 150_000,
    "local": 40_000,
}
BORDERS_TO, LABELLED = 600, 60  # areas in sight with more have no borders, no labels
LABEL_MM = 5.0
UNTOLD, NONE = "untold", "none"
THEME = "light"  # paper is
FAR, NO_CHANGE = 0.5, 2  # as src/core/heat_colours.js has it


@dataclass(frozen=True)
class Look:
    """How hazards are shown. view: `heat`, or a level of areas. change: the difference from before."""

    view: str = "heat"
    measure: str = COUNT
    spots: bool = False
    change: bool = False


@dataclass(frozen=True)
class Swatch:
    """A colour of the legend, and the least and most of its class; None, None: what its name says."""

    colour: str
    least: float | None = None
    most: float | None = None
    name: str = ""


@dataclass(frozen=True)
class Drawn:
    """An area on the sheet. spot: `hot`, `cold` or None."""

    path: str
    colour: str | None
    spot: str | None


@dataclass(frozen=True)
class Sheet(paper_map.GroundDrawn):
    """Heat or areas upon the ground; the scale is that in the middle.

    hazards: how many it is made of. bandwidth_m: as drawn. picture: of heat, as an address with all in it.
    top: weight per hectare of the strongest colour. ramp: its colours, from the faintest on.
    """

    borders: str
    hazards: int
    bandwidth_m: int
    attribution: str
    picture: str | None = None
    top: float = 0.0
    ramp: Sequence[tuple[float, ...]] = ()
    areas: Sequence[Drawn] = ()
    swatches: Sequence[Swatch] = ()
    labels: Sequence[tuple[str, float, float]] = ()
    has_blank: bool = False


@dataclass(frozen=True)
class _Paper:
    """Where the sheet lies in world coordinates: its upper left corner, and how much a millimetre is."""

    left: float
    top: float
    per_mm: float
    scale: int

    @property
    def box(self) -> shapely.Geometry:
        """The ground of the sheet in world coordinates."""
        return shapely.box(
            self.left, self.top, self.left + WIDTH_MM * self.per_mm, self.top + HEIGHT_MM * self.per_mm
        )

    @property
    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the sheet."""
        west, north, east, south = shapely.bounds(self.box)
        lon, lat = to_degrees(np.array([west, east]), np.array([south, north]))
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    @property
    def frame(self) -> Frame:
        """The square whose middle rows are the sheet."""
        side = WIDTH_MM * self.per_mm
        return Frame(self.left, self.top - (side - HEIGHT_MM * self.per_mm) / 2, side, PIXELS)

    def put(self, lonlat: Any) -> Any:
        """Shapes in degrees as millimetres of the sheet, cut to it; those without anything on it empty."""
        world = shapely.transform(lonlat, lambda xy: np.column_stack(to_world(xy[:, 0], xy[:, 1])))
        cut = shapely.intersection(world, self.box)
        return shapely.transform(cut, lambda xy: (xy - [self.left, self.top]) / self.per_mm)


def sheet(
    session: Session,
    kept: KeptPoints,
    ground: Ground,
    wish: Wish,
    box: tuple[float, float, float, float],
    look: Look,
) -> Sheet:
    """What is in sight of a box (west, south, east, north) as a sheet. Refused with `heat_view_empty`.

    wish: of which the bandwidth is raised to what the guard asks.
    """
    paper = _paper(box)
    few = heat_guard.untold_in(session, ground).ground
    points = heat_guard.without(kept.of(session), few)
    level = look.view if look.view != "heat" else GRID
    areas = heat_areas.areas_of(session, kept, ground, level)
    shapes = paper.put(areas.outlines) if len(areas) else areas.outlines
    seen = ~shapely.is_empty(shapes)
    found = paper_map.ground_in(
        session, paper.degrees, [name for name, most in LAYERS_TO.items() if paper.scale <= most]
    )
    metre_mm = 1000 / paper.scale
    bar_m = round_down(BAR_MM / metre_mm)
    has_borders = bool(seen.sum() <= BORDERS_TO)
    base: dict[str, Any] = {
        "width": WIDTH_MM,
        "height": round(HEIGHT_MM, 2),
        "scale": paper.scale,
        "bar_m": bar_m,
        "bar_mm": round(bar_m * metre_mm, 2),
        "layers": {name: _path(paper, found.get(name, [])) for name in LAYERS_TO if name not in STREET_M},
        "streets": [
            (_path(paper, found.get(kind, [])), round(max(STREET_M[kind] * metre_mm, 0.25), 2))
            for kind in ("local", "secondary", "arterial")
        ],
        "borders": paper_map.path_of(shapes[seen]) if has_borders else "",
        "hazards": len(heat.chosen(kept, points, ground, wish)),
        "bandwidth_m": max(wish.bandwidth_m, LEAST_BANDWIDTH_M),
        "attribution": paper_map.attribution(session, ground.path),
    }
    if look.view == "heat":
        return Sheet(**base, **_heat(kept, points, ground, wish, paper, few, look))
    return Sheet(**base, **_areas(kept, points, ground, wish, areas, shapes, look))


def _paper(box: tuple[float, float, float, float]) -> _Paper:
    """The sheet on which a box is as large as a scale one can say allows."""
    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise Refusal("heat_view_empty")
    x, y = to_world(np.array([west, east]), np.array([north, south]))
    middle_x, middle_y = float(x.mean()), float(y.mean())
    metres = Frame(middle_x, middle_y, 0.0, 1).metres  # of a world unit, in the middle
    per_mm_m = metres * max(float(x[1] - x[0]) / WIDTH_MM, float(y[1] - y[0]) / HEIGHT_MM)
    scale = max(LEAST_SCALE, round_up(per_mm_m * 1000))
    per_mm = scale / 1000 / metres
    return _Paper(middle_x - WIDTH_MM * per_mm / 2, middle_y - HEIGHT_MM * per_mm / 2, per_mm, scale)


def _path(paper: _Paper, lonlat: Sequence[shapely.Geometry]) -> str:
    return paper_map.path_of(paper.put(np.asarray(lonlat, dtype=object))) if len(lonlat) else ""


def _heat(
    kept: KeptPoints, points: Points, ground: Ground, wish: Wish, paper: _Paper, few: Polygons, look: Look
) -> dict[str, Any]:
    """The heat as a picture, and what its colours mean."""
    hidden = heat_guard.blanked(few, paper.frame)
    drawn, _ = heat_guard.shown_outside(kept, points, ground, wish, paper.frame, hidden)
    if look.change:
        drawn = drawn - heat_guard.shown_outside(kept, points, ground, wish.before, paper.frame, hidden)[0]
    rows = slice((PIXELS - ROWS) // 2, (PIXELS + ROWS) // 2)
    drawn, hidden = drawn[rows], hidden[rows]
    top = heat.rounded_up(float(np.abs(drawn).max()))
    levels = heat_picture.change_levels if look.change else heat_picture.levels
    blank = hidden if hidden.any() else None
    made = heat_picture.png(levels(drawn, top), THEME, is_change=look.change, blank=blank)
    return {
        "picture": "data:image/png;base64," + base64.b64encode(made).decode("ascii"),
        "top": top,
        "ramp": (heat_picture.CHANGES if look.change else heat_picture.RAMPS)[THEME],
        "has_blank": blank is not None,
    }


def _areas(
    kept: KeptPoints,
    points: Points,
    ground: Ground,
    wish: Wish,
    areas: Areas,
    shapes: Polygons,
    look: Look,
) -> dict[str, Any]:
    """Areas in the colours of their classes, and the classes."""
    before = wish.before if look.change else None
    told = heat_areas.told(
        kept, points, ground, areas, wish, measure=look.measure, before=before, with_spots=look.spots
    )
    of_areas = [
        None if 0 < households < FEW else one
        for one, households in zip(told["areas"], areas.households, strict=True)
    ]
    classes = _changes(of_areas) if look.change else [one and one["class"] for one in of_areas]
    ramp = [_rgb(colour) for colour in (heat_picture.CHANGES if look.change else heat_picture.RAMPS)[THEME]]
    first = 0 if look.change else 1  # class 0 of counts is none at all
    colours = [_colour(number, ramp, first) for number in classes]
    seen = [k for k in range(len(areas)) if not shapely.is_empty(shapes[k])]
    return {
        "areas": [Drawn(paper_map.path_of(shapes[k]), colours[k], _spot(of_areas[k])) for k in seen],
        "swatches": _swatches(told["bounds"], ramp, look),
        "labels": _labels(areas, shapes, seen),
        "has_blank": any(colours[k] == UNTOLD for k in seen),
    }


def _colour(number: int | None, ramp: Sequence[str], first: int) -> str | None:
    if number is None:
        return UNTOLD
    return ramp[number - first] if number >= first else None


def _spot(one: dict[str, Any] | None) -> str | None:
    return one["spot"] if one and one["spot"] in ("hot", "cold") else None


def _changes(of_areas: Sequence[dict[str, Any] | None]) -> list[int | None]:
    """Which of the five colours of a difference each area has."""
    more = [None if one is None else int(one["hazards"]) - int(one["before"]) for one in of_areas]
    most = max((abs(value) for value in more if value), default=0)
    return [
        value if value is None else NO_CHANGE if value == 0
        else NO_CHANGE + int(np.sign(value)) * (2 if abs(value) > FAR * most else 1)
        for value in more
    ]  # fmt: skip


def _swatches(bounds: Sequence[float], ramp: Sequence[str], look: Look) -> list[Swatch]:
    if look.change:
        return [Swatch(colour, name=name) for colour, name in zip(ramp, CHANGE_NAMES, strict=True)]
    least = [1.0 if look.measure == COUNT else 0.0]
    least += [bound + 1 if look.measure == COUNT else bound for bound in bounds[:-1]]
    classes = [Swatch(ramp[k], low, high) for k, (low, high) in enumerate(zip(least, bounds, strict=False))]
    return [*classes, Swatch("#ffffff", name=NONE)]


def _labels(areas: Areas, shapes: Polygons, seen: Sequence[int]) -> list[tuple[str, float, float]]:
    """What areas are called, where there is room for it."""
    if len(seen) > LABELLED:
        return []
    circles = shapely.maximum_inscribed_circle(shapes[seen], 0.5)
    middle = shapely.get_coordinates(shapely.get_point(circles, 0))
    called = [areas.codes[k][-3:] if areas.level == GRID else areas.names[k] or areas.codes[k] for k in seen]
    return [
        (words, round(float(x), 2), round(float(y), 2))
        for words, (x, y), room in zip(called, middle, shapely.length(circles), strict=True)
        if room > LABEL_MM
    ]


def _rgb(colour: Sequence[float]) -> str:
    """A colour on white paper, as its opacity leaves it."""
    *channels, opacity = colour
    return "#" + "".join(f"{round(255 - (255 - channel) * opacity):02x}" for channel in channels)


CHANGE_NAMES = ("far-less", "less", "same", "more", "far-more")
