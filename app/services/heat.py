"""The heat of hazards: which are meant, how much each weighs, and how dense that is around each spot.

What a hazard weighs is its kind's weight × what its severity adds × how late its case is × whether it only
waits for its re-check. Nothing of it speaks of a person: a hazard is of a site.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from scipy.ndimage import maximum_filter
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.density import Frame, density, distance_m, tile_frame, to_degrees, to_world
from app.geo.plots import BoolArray, FloatArray, IntArray
from app.models.hazards import WAITING as CLOCK_RUNS
from app.services import tiles
from app.services.heat_points import NEVER, STANDING_STILL, WAITING, KeptPoints, Points, among, with_only
from app.services.lookup import in_scope

OPEN, OVERDUE, CLOSED, ALL = "open", "overdue", "closed", "all"
STANDINGS = (OPEN, OVERDUE, CLOSED, ALL)
SEVERITY_WEIGHTS = np.array([0.0, 1.0, 2.0, 4.0])  # by severity, 1 to 3
LATEST_DAYS = 30  # so late that it weighs twice
WAITING_WEIGHT = 0.5  # claimed done: somebody still has to look
DAY = 86_400
USUAL_BANDWIDTH = 250  # metres
WEEKS = 26  # of the slider
SPOTS = 6
WHOLE_PIXELS = 512  # a side, of the picture of a whole place
LEAST_SHARE = 0.25  # of the most, from which on a summit is named
MOST_SITES = 60
HECTARE = 10_000

Scope = tuple[str, ...] | None


@dataclass(frozen=True)
class Wish:
    """Which hazards are meant: reported in a time, and how they stand at its end.

    kinds, severities: empty for all. since, until: seconds since 1970; until is not after now.
    """

    since: int
    until: int
    standing: str = OPEN
    kinds: tuple[str, ...] = ()
    severities: tuple[int, ...] = ()
    bandwidth_m: int = USUAL_BANDWIDTH

    def moved(self, days: int, *, stretched: bool) -> Wish:
        """The same some days earlier or later; stretched: the beginning stays."""
        since = self.since if stretched else self.since + days * DAY
        return replace(self, since=since, until=self.until + days * DAY)

    @property
    def before(self) -> Wish:
        """The same over as long a time just before."""
        return replace(self, since=2 * self.since - self.until, until=self.since)


@dataclass(frozen=True)
class Ground:
    """A place as far as a person may see it. communities: ids; box: west, south, east, north in degrees."""

    code: str
    path: str
    communities: tuple[int, ...]
    box: tuple[float, float, float, float]
    name: str = ""
    name_pinyin: str | None = None

    @property
    def frame(self) -> Frame:
        """The square around it, for a picture of all of it."""
        west, south, east, north = self.box
        x, y = to_world(np.array([west, east]), np.array([north, south]))
        side = max(float(x[1] - x[0]), float(y[1] - y[0])) * 1.04
        middle_x, middle_y = float(x.mean()), float(y.mean())
        return Frame(middle_x - side / 2, middle_y - side / 2, side, WHOLE_PIXELS)


@dataclass(frozen=True)
class Chosen:
    """The hazards a wish means. at: where they are among all points; weight: of each, shape as at."""

    points: Points
    at: IntArray
    x: FloatArray
    y: FloatArray
    weight: FloatArray

    def __len__(self) -> int:
        return len(self.at)


def ground_of(session: Session, code: str, scope: Scope) -> Ground:
    """The part of a place somebody may see; `not_found` where there is no such place."""
    row = session.execute(_GROUND, {"code": code, **in_scope(scope)}).first()
    if row is None:
        raise Refusal("not_found")
    box = (row.west, row.south, row.east, row.north)
    return Ground(code, row.path, tuple(row.communities or ()), box, row.name, row.name_pinyin)


def chosen(kept: KeptPoints, points: Points, ground: Ground, wish: Wish) -> Chosen:
    """The hazards of a ground that a wish means, with what each weighs at its end."""

    def make() -> Chosen:
        at = np.flatnonzero(_of_ground(kept, points, ground) & meant(points, wish))
        return Chosen(points, at, points.x[at], points.y[at], weight_of(points, at, wish))

    found: Chosen = kept.once(("chosen", points.mark, ground.communities, _without_bandwidth(wish)), make)
    return found


def _of_ground(kept: KeptPoints, points: Points, ground: Ground) -> BoolArray:
    made: BoolArray = kept.once(
        ("ground", points.mark, ground.communities), lambda: among(points.community, ground.communities)
    )
    return made


def _without_bandwidth(wish: Wish) -> Wish:
    return replace(wish, bandwidth_m=0)


def meant(points: Points, wish: Wish) -> BoolArray:
    """Which of all points a wish means."""
    found = (points.reported >= wish.since) & (points.reported < wish.until)
    if wish.standing == CLOSED:
        found &= points.closed < wish.until
    elif wish.standing != ALL:
        found &= points.closed >= wish.until
    if wish.standing == OVERDUE:
        found &= is_late(points, wish.until)
    if wish.kinds:
        found &= among(points.kind, tuple(points.kinds.index(kind) for kind in wish.kinds))
    if wish.severities:
        found &= among(points.severity, wish.severities)
    return found


def is_late(points: Points, until: int) -> BoolArray:
    """Which open cases are past their day, as lists of cases have it: one whose clock stands is not.

    Of the past it is known when a case was closed and when it was due, not how it stood in between.
    """
    stands = among(points.state, (STANDING_STILL, *WAITING)) & (points.closed == NEVER)
    late: BoolArray = (points.due < until) & (points.closed >= until) & ~stands
    return late


def weight_of(points: Points, at: IntArray, wish: Wish) -> FloatArray:
    """What each of some hazards weighs at the end of a wish."""
    late = np.clip((wish.until - points.due[at]) / (LATEST_DAYS * DAY), 0, 1)
    late[points.closed[at] < wish.until] = 0
    waits = among(points.state[at], WAITING)
    weight = points.weights[points.kind[at]] * SEVERITY_WEIGHTS[points.severity[at]] * (1 + late)
    return np.asarray(np.where(waits, WAITING_WEIGHT, 1.0) * weight)


def tile(some: Chosen, z: int, x: int, y: int, bandwidth_m: int) -> FloatArray:
    """Weight per hectare on the pixels of a tile; `tile_unknown` where the numbers name none."""
    tiles.check_address(z, x, y)
    return density(some.x, some.y, some.weight, tile_frame(z, x, y), bandwidth_m) * HECTARE


def picture(some: Chosen, frame: Frame, bandwidth_m: int) -> FloatArray:
    """Weight per hectare on the pixels of any frame."""
    return density(some.x, some.y, some.weight, frame, bandwidth_m) * HECTARE


def summits(some: Chosen, ground: Ground, bandwidth_m: int) -> tuple[float, list[dict[str, Any]]]:
    """The most weight per hectare there is, and where it is hottest, hottest first."""
    frame = ground.frame
    drawn = picture(some, frame, bandwidth_m)
    most = float(drawn.max())
    if most <= 0:
        return 0.0, []
    apart = 2 * int(np.ceil(frame.bandwidth(bandwidth_m) / frame.pixel)) + 1
    row, column = np.nonzero((drawn == maximum_filter(drawn, apart)) & (drawn >= LEAST_SHARE * most))
    hottest = np.argsort(-drawn[row, column])[:SPOTS]
    x = frame.west + (column[hottest] + 0.5) * frame.pixel
    y = frame.north + (row[hottest] + 0.5) * frame.pixel
    lon, lat = to_degrees(np.asarray(x, np.float64), np.asarray(y, np.float64))
    return most, [
        {
            "lon": round(float(lon[k]), 6),
            "lat": round(float(lat[k]), 6),
            "density": round(float(drawn[row[at], column[at]]), 4),
            "hazards": len(near(some, float(x[k]), float(y[k]), bandwidth_m)),
        }
        for k, at in enumerate(hottest)
    ]


def summary(kept: KeptPoints, points: Points, ground: Ground, wish: Wish) -> dict[str, Any]:
    """What a page needs to know before it draws: how many, how dense, where, of which kinds, when."""

    def make() -> dict[str, Any]:
        some = chosen(kept, points, ground, wish)
        most, spots = summits(some, ground, wish.bandwidth_m)
        return {
            "hazards": len(some),
            "weight": round(float(some.weight.sum()), 2),
            "top": rounded_up(most),
            "spots": spots,
            "kinds": _by_kind(kept, points, ground, wish),
            "weeks": _by_week(kept, points, ground, wish),
        }

    found: dict[str, Any] = kept.once(("summary", points.mark, ground.communities, wish), make)
    return found


def top_of_change(kept: KeptPoints, points: Points, ground: Ground, wish: Wish, before: Wish) -> float:
    """The largest difference of density between two times, up or down."""

    def make() -> float:
        now, then = (chosen(kept, points, ground, one) for one in (wish, before))
        frame = ground.frame
        change = picture(now, frame, wish.bandwidth_m) - picture(then, frame, wish.bandwidth_m)
        return rounded_up(float(np.abs(change).max()))

    found: float = kept.once(("change", points.mark, ground.communities, wish, before), make)
    return found


def rounded_up(most: float) -> float:
    """To two digits, so that legends have round numbers and a scale seldom changes."""
    if most <= 0:
        return 0.0
    size = 10.0 ** (np.floor(np.log10(most)) - 1)
    return float(np.round(np.ceil(most / size) * size, 10))


def _by_kind(kept: KeptPoints, points: Points, ground: Ground, wish: Wish) -> list[dict[str, Any]]:
    """How many of each kind are open and overdue at the end of the time, whatever else is wished."""
    every = replace(wish, kinds=(), severities=(), standing=OPEN)
    some = chosen(kept, points, ground, every)
    number = len(points.kinds)
    kind, late = points.kind[some.at], is_late(points, wish.until)[some.at]
    opened = np.bincount(kind, minlength=number)
    overdue = np.bincount(kind[late], minlength=number)
    return [
        {"kind": code, "open": int(opened[k]), "overdue": int(overdue[k])}
        for k, code in enumerate(points.kinds)
        if opened[k]
    ]


def _by_week(kept: KeptPoints, points: Points, ground: Ground, wish: Wish) -> list[dict[str, Any]]:
    """For the slider: the ends of weeks up to the end of the time, and how many are meant at each."""
    every = replace(wish, since=0, until=NEVER, standing=ALL)
    some = with_only(points, chosen(kept, points, ground, every).at)
    ends = [wish.moved(-7 * back, stretched=is_stretched(wish)) for back in range(WEEKS - 1, -1, -1)]
    times = [replace(one, kinds=(), severities=()) for one in ends]
    return [{"until": one.until, "hazards": int(meant(some, one).sum())} for one in times]


def is_stretched(wish: Wish) -> bool:
    """Whether the time has no beginning of its own: then its end moves alone."""
    return wish.since == 0


def near(some: Chosen, x: float, y: float, radius_m: float) -> IntArray:
    """The hazards within metres of a place in world coordinates, nearest first; among `some.at`."""
    metre = distance_m(x, y, x + 1e-9, y) / 1e-9
    apart = np.hypot(some.x - x, some.y - y) * metre
    inside = np.flatnonzero(apart <= radius_m)
    return np.asarray(inside[np.argsort(apart[inside], kind="stable")])


def sites(
    session: Session, some: Chosen, spot: tuple[float, float], radius_m: float, until: int
) -> dict[str, Any]:
    """The sites with hazards around a spot in degrees, heaviest first, each with its cases.

    At most MOST_SITES; `more` says how many hazards are left out. No residents' names: there are none here.
    """
    x, y = to_world(np.array([spot[0]]), np.array([spot[1]]))
    around = near(some, float(x[0]), float(y[0]), radius_m)
    return listed(session, some, around, until)


def listed(session: Session, some: Chosen, which: IntArray, until: int) -> dict[str, Any]:
    """Some of the chosen hazards, by site."""
    most = which[:LISTED]
    weights = dict(zip(some.points.id[some.at[most]].tolist(), some.weight[most].tolist(), strict=True))
    rows = session.execute(_SITES, {"ids": list(weights), "until": until}).all()
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        site = found.setdefault(row.key, {**_site(row), "weight": 0.0, "cases": []})
        site["weight"] += weights[row.id]
        site["cases"].append(_case(row))
    made = sorted(found.values(), key=lambda site: -site["weight"])[:MOST_SITES]
    for site in made:
        site["weight"] = round(site["weight"], 2)
        site["cases"].sort(key=lambda case: (not case["overdue"], -case["severity"], case["due_at"]))
    return {"sites": made, "hazards": len(which), "more": len(which) - sum(len(s["cases"]) for s in made)}


def _site(row: Any) -> dict[str, Any]:
    return {
        "site": row.site_kind,
        "id": row.site_id,
        "name": row.site_name,
        "grid": row.grid_code,
        "position": [row.lon, row.lat],
    }


def _case(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "severity": row.severity,
        "state": row.state,
        "overdue": row.overdue,
        "reported_at": row.reported_at.isoformat(),
        "due_at": row.due_at.isoformat(),
    }


def moments(since: datetime | None, until: datetime | None, now: datetime) -> tuple[int, int]:
    """A time in whole seconds. until: not after now, and the next of every ten minutes where it is now;
    since None: from ever.

    Not the second, so that what was worked out for one person serves the next.
    """
    soon = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0) + timedelta(minutes=10)
    ends = soon if until is None or until >= now else until
    begins = 0 if since is None else int(since.timestamp())
    if begins >= ends.timestamp():
        raise Refusal("heat_time_empty")
    return begins, int(ends.timestamp())


def check_kinds(known: Collection[str], kinds: Sequence[str]) -> None:
    """Refuse kinds there are none of: `heat_kind_unknown`."""
    for kind in kinds:
        if kind not in known:
            raise Refusal("heat_kind_unknown", kind=kind)


LISTED = 500
_GROUND = text("""
    SELECT place.path::text AS path, name, name_pinyin, ST_XMin(outline) AS west, ST_YMin(outline) AS south,
        ST_XMax(outline) AS east, ST_YMax(outline) AS north,
        (SELECT array_agg(beneath.id ORDER BY beneath.id) FROM place AS beneath
         WHERE beneath.path <@ place.path
             AND (:everywhere OR beneath.path <@ ANY(CAST(:scope AS ltree[])))) AS communities
    FROM place WHERE code = :code
""")
_SITES = text(f"""
    SELECT hazard.id, hazard.kind, hazard.severity, hazard.state, hazard.reported_at, hazard.due_at,
        hazard.grid_code,
        {CLOCK_RUNS} AND hazard.due_at < to_timestamp(:until) AS overdue,
        CASE WHEN building.id IS NOT NULL THEN 'building' WHEN compound.id IS NOT NULL THEN 'compound'
            ELSE 'point' END AS site_kind,
        coalesce(building.id, compound.id) AS site_id,
        coalesce(building.name, building.address, building.code, compound.name, compound.code,
            nullif(CASE WHEN hazard.held THEN '' ELSE hazard.site END, '')) AS site_name,
        coalesce('b' || building.id, 'c' || compound.id,
            'p' || round(ST_X(hazard.position)::numeric, 4) || ' ' || round(ST_Y(hazard.position)::numeric, 4)
        ) AS key,
        ST_X(hazard.position) AS lon, ST_Y(hazard.position) AS lat
    FROM hazard LEFT JOIN building ON building.id = hazard.building_id
    LEFT JOIN compound ON compound.id = hazard.compound_id
    WHERE hazard.id = ANY(CAST(:ids AS bigint[])) ORDER BY hazard.id
""")  # noqa: S608 (a constant)
