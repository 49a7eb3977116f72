"""A map of hazards to take away: one page with heat over time and grids by their counts, good for anybody.

It leaves the house, so it keeps behind the guard: heat has a bandwidth of 100 m or more, hazards on ground
with one to four households are not in it and that ground is blank, grids with so few have no figure. Nothing
in it names a case, a building or a person.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.geo.density import Frame, to_degrees
from app.geo.plots import BoolArray, FloatArray
from app.services import heat, heat_areas, heat_guard, heat_picture
from app.services.heat import ALL, OPEN, OVERDUE, Ground, Wish
from app.services.heat_points import KeptPoints, Points
from app.services.map_file import drawn
from app.services.one_page import one_page
from app.services.paper_map import attribution
from app.services.periods import Period
from app.services.shaded_map import classed
from app.services.tile_layers import FEW
from app.words import LANGUAGES, words

USUAL_BANDWIDTH_M = 150
MOST_FRAMES = 27
MOST_CORNERS = 300_000  # of streets, about 2 MB; with more only the larger ones are drawn
LONLAT = CRS.from_epsg(4326)
RATE_PLACES = 1
NAMES = (
    *("heat", "open", "overdue", "reported", "rate", "play", "pause", "week", "blank", "few", "none"),
    *("unit", "guard", "layers", "made", "hazards"),
)


def take_away(
    session: Session,
    kept: KeptPoints,
    place: Row[Any],
    period: Period,
    now: datetime,
    timezone: ZoneInfo,
    bandwidth_m: int = USUAL_BANDWIDTH_M,
    language: str | None = None,
) -> str:
    """The page as HTML text. place: with code, name, path, srid. bandwidth_m: raised to what the guard asks.

    language: in which it opens, its maker's; None: in that of the browser it is opened in.

    Refused with `leaflet_missing`.
    """
    ground = heat.ground_of(session, place.code, None)
    points = kept.of(session)
    few = heat_guard.untold_in(session, ground).ground
    outside = heat_guard.without(points, few)  # for both: the difference would tell
    bandwidth_m = max(bandwidth_m, heat_guard.LEAST_BANDWIDTH_M)
    told = {
        "language": language,
        "title": {"en": place.name_pinyin or place.name, "zh": place.name},
        "attribution": attribution(session, place.path),
        "period": [period.first.isoformat(), period.last.isoformat()],
        "made": now.astimezone(timezone).date().isoformat(),
        "words": {language: _words(language, bandwidth_m) for language in LANGUAGES},
        "heat": _heat(kept, outside, few, ground, period, now, timezone, bandwidth_m),
        **_areas(session, kept, outside, ground, period, now, timezone),
        "base": _base(session, place),
    }
    title = " · ".join(dict.fromkeys(told["title"].values()))
    return one_page(title, told, named="hazards", look="take_away", show="showHazards")


def facts(period: Period, bandwidth_m: int) -> dict[str, Any]:
    """What the audit keeps of a map that was taken away."""
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "bandwidth_m": max(bandwidth_m, heat_guard.LEAST_BANDWIDTH_M),
    }


def _words(language: str, bandwidth_m: int) -> dict[str, str]:
    """All the page says, by short names."""
    tell = words(language)
    return {name: tell(f"take-away-{name}", metres=bandwidth_m) for name in NAMES}


def _heat(
    kept: KeptPoints,
    outside: Points,
    few: heat_guard.Shapes,
    ground: Ground,
    period: Period,
    now: datetime,
    timezone: ZoneInfo,
    bandwidth_m: int,
) -> dict[str, Any]:
    """What was open at the end of each week, as pictures over the ground, blank where few live."""
    frame = ground.frame
    blank = heat_guard.blanked(few, frame)
    weeks = period.weeks()
    weeks = weeks[:: -ceil(len(weeks) / MOST_FRAMES)][::-1]
    dense, counts = [], []
    for week in weeks:
        ends = min(week.moments(timezone)[1], now)
        wish = Wish(0, int(ends.timestamp()), OPEN, bandwidth_m=bandwidth_m)
        picture, count = heat_guard.shown_outside(kept, outside, ground, wish, frame, blank)
        dense.append(picture)
        counts.append(count)
    top = max((float(picture.max()) for picture in dense), default=0.0)
    return {
        "bounds": _bounds(frame),
        "top": round(top, 3),
        "ramp": [list(colour) for colour in heat_picture.RAMPS["light"]],
        "frames": [
            {"day": week.last.isoformat(), "open": count, "image": _image(picture, top, blank)}
            for week, count, picture in zip(weeks, counts, dense, strict=True)
        ],
    }


def _image(picture: FloatArray, top: float, blank: BoolArray) -> str:
    made = heat_picture.png(heat_picture.levels(picture, top), "light", blank=blank)
    return "data:image/png;base64," + base64.b64encode(made).decode("ascii")


def _bounds(frame: Frame) -> list[list[float]]:
    """South-west and north-east of a frame, latitude first as Leaflet has it."""
    x = np.array([frame.west, frame.west + frame.side])
    y = np.array([frame.north + frame.side, frame.north])
    lon, lat = to_degrees(x, y)
    return [[round(float(lat[k]), 7), round(float(lon[k]), 7)] for k in (0, 1)]


def _areas(
    session: Session,
    kept: KeptPoints,
    points: Points,
    ground: Ground,
    period: Period,
    now: datetime,
    timezone: ZoneInfo,
) -> dict[str, Any]:
    """Grids in force with their counts and rates; None where a grid has one to four households."""
    areas = heat_areas.areas_of(session, kept, ground, heat_areas.GRID)
    since, until = period.moments(timezone)
    ends = int(min(until, now).timestamp())
    of_period = Wish(int(since.timestamp()), ends, ALL)
    wishes = {"open": Wish(0, ends, OPEN), "overdue": Wish(0, ends, OVERDUE), "reported": of_period}
    counts = {name: heat_areas.counts(kept, points, ground, areas, wish) for name, wish in wishes.items()}
    told = [not 0 < households < FEW for households in areas.households]
    measures = {
        name: _measure([int(n) if ok else None for n, ok in zip(found, told, strict=True)])
        for name, found in counts.items()
    }
    measures["rate"] = _measure(heat_areas.told_rates(areas, counts["reported"]))
    return {
        "measures": measures,
        "grids": {
            "code": list(areas.codes),
            "name": list(areas.names),
            "outlines": drawn(areas.outlines, LONLAT),
        },
    }


def _measure(values: Sequence[float | None]) -> dict[str, Any]:
    """Values and their shades: −1 for what is not told, 0 for nought, else the class from 1 on."""
    known = [0.0 if value is None else float(value) for value in values]
    shades, classes = classed([round(value * 10**RATE_PLACES) for value in known])
    return {
        "values": list(values),
        "shades": [-1 if value is None else shade for value, shade in zip(values, shades, strict=True)],
        "classes": [[low / 10**RATE_PLACES, high / 10**RATE_PLACES] for low, high in classes],
    }


def _base(session: Session, place: Row[Any]) -> dict[str, Any]:
    """Water, and as many of the streets as a page can hold."""
    rows = session.execute(_GROUND, {"path": place.path}).all()
    shapes: dict[str, list[bytes]] = {name: [] for name in ("water", "local", "secondary", "arterial")}
    for row in rows:
        shapes[row.name].append(bytes(row.shape))
    ready = {name: np.asarray(shapely.from_wkb(np.array(of, dtype=object))) for name, of in shapes.items()}
    for name in ("local", "secondary"):
        streets = [ready[kind] for kind in ("local", "secondary", "arterial")]
        if sum(int(shapely.get_num_coordinates(of).sum()) for of in streets) > MOST_CORNERS:
            ready[name] = ready[name][:0]
    return {name: drawn(of, LONLAT) for name, of in ready.items()}


_GROUND = text("""
    WITH here AS (SELECT outline FROM place WHERE path = CAST(:path AS ltree)),
    source AS (
        SELECT id FROM place WHERE path <@ CAST(:path AS ltree) OR path @> CAST(:path AS ltree)
    )
    SELECT street.kind AS name, ST_AsBinary(ST_Simplify(street.geometry, 0.00001)) AS shape
    FROM street, here
    WHERE street.place_id IN (SELECT id FROM source) AND street.kind IN ('local', 'secondary', 'arterial')
        AND ST_Intersects(street.geometry, here.outline)
    UNION ALL
    SELECT 'water', ST_AsBinary(ST_Simplify(water.geometry, 0.00001)) FROM water, here
    WHERE water.place_id IN (SELECT id FROM source) AND ST_Dimension(water.geometry) = 2
        AND ST_Intersects(water.geometry, here.outline)
""")
