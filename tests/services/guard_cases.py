"""Towns of a few plots with hazards on them, and what must hold of everything said outside about any of them.

A plot has none to eight households; a grid is a few plots, a community one or two grids, a subdistrict one
or two communities. What heat tells outside (on every zoom, with every filter and time) must not depend on
what is on residential ground that is withheld: the same town with other hazards there gives the same answers
to the bit. What is told of hazards in numbers and lists is subtracted: whoever gathers all of it, of every
place, file, report and map, must not be able to reckon anything about fewer than five households (`leaks`).
Counts of households and residents are in fives (`fives_cases`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import combinations
from typing import NamedTuple

import numpy as np
import shapely
from hypothesis import strategies as st

from app.geo.density import Frame, to_degrees, to_world
from app.models.hazards import STATES
from app.services.fives import Fives
from app.services.hazard_files import Hidden, told
from app.services.heat import STANDINGS, Ground, Wish
from app.services.heat_guard import (
    LEAST_BANDWIDTH_M,
    NOTHING,
    Before,
    Untold,
    blanked,
    settled,
    shown_outside,
    untold_of,
    without,
)
from app.services.heat_points import NEVER, KeptPoints, Points
from tests.services import fives_cases

SIDE = 4
WEST, NORTH = 113.1, 36.2
COMMUNITY = 7
DAY = 86_400
FEW = 5
KINDS = ("fire", "gas", "noise")
KEPT = tuple(number for number, state in enumerate(STATES) if state not in ("refused", "duplicate"))
CLOSED = tuple(STATES.index(state) for state in ("closed", "evaluated"))
# Communities by the number of their grid, and the places above them: two subdistricts of a district.
COMMUNITIES = ("c0", "c0", "c1", "c1", "c2")
BESIDE = (1, 0, 3, 2, 4)  # another grid of the same community
PATHS = {"c0": "d.s0.c0", "c1": "d.s0.c1", "c2": "d.s1.c2"}
PLACES = ("d", "d.s0", "d.s1", *PATHS.values())
CORNER = to_world(np.array([WEST]), np.array([NORTH]))


@dataclass(frozen=True)
class Town:
    """Plots in rows from the north-west, each so many degrees wide. grids: number of each plot's grid.

    earlier: the same town before it was divided and counted anew; of it something was told outside.
    """

    wide: float
    households: tuple[int, ...]
    grids: tuple[int, ...]
    earlier: Town | None = None

    @property
    def plots(self) -> np.ndarray:
        column, row = np.arange(SIDE**2) % SIDE, np.arange(SIDE**2) // SIDE
        west, north = WEST + column * self.wide, NORTH - row * self.wide
        return shapely.box(west, north - self.wide, west + self.wide, north)

    @property
    def is_few(self) -> np.ndarray:
        counted = np.array(self.households)
        return (counted > 0) & (counted < FEW)

    @property
    def community(self) -> list[str]:
        """Of each plot."""
        return [COMMUNITIES[grid] for grid in self.grids]

    def within(self, place: str) -> np.ndarray:
        """Which plots are in a place."""
        return np.array([f"{PATHS[one]}.".startswith(f"{place}.") for one in self.community])

    def untold(self, place: str = "d") -> Untold:
        """What is not told outside of a place, with polygons."""
        return _untold(self, place)


@lru_cache(maxsize=64)
def _untold(town: Town, place: str) -> Untold:
    within, communities = town.within(place), town.community
    rows = [
        Plot(plot, households, f"g{town.grids[plot]}", community, int(community[1:]), 1)
        for plot, (households, community) in enumerate(zip(town.households, communities, strict=True))
        if households and within[plot]
    ]
    before = NOTHING
    if town.earlier is not None:
        known = town.earlier.untold()
        was = [row._replace(grid=f"g{town.earlier.grids[row.plot]}") for row in rows]
        before = Before(frozenset(plot for plot in known.plots if within[plot]), known.grids)
        before = settled(before, [partial(untold_of, was), partial(untold_of, rows)])
    found = untold_of(rows, before)
    return replace(found, ground=town.plots[list(found.plots)])


class Plot(NamedTuple):
    """A row of the plots of a town."""

    plot: int
    households: int
    grid: str
    community: str
    community_id: int
    version: int


@dataclass(frozen=True)
class Hazards:
    """So many hazards: plot, and where in it (0–1), kind, severity, state, and days of its life."""

    rows: tuple[tuple[int, float, float, int, int, int, int, int, int], ...]


def towns():
    households = st.lists(st.integers(0, 8), min_size=SIDE**2, max_size=SIDE**2).map(tuple)
    grids = st.lists(st.integers(0, 4), min_size=SIDE**2, max_size=SIDE**2).map(tuple)
    return st.builds(Town, st.sampled_from((0.0003, 0.001, 0.003)), households, grids)


ANY_PLOT = st.integers(0, SIDE**2 - 1)


def hazards(plots=ANY_PLOT):
    inside = st.sampled_from((0.02, 0.3, 0.5, 0.98))
    row = st.tuples(
        plots, inside, inside, st.integers(0, 2), st.integers(1, 3), st.sampled_from(KEPT),
        st.integers(1, 30), st.integers(0, 20), st.integers(0, 20),
    )  # fmt: skip
    return st.builds(Hazards, st.lists(row, max_size=12).map(tuple))


def wishes():
    return st.builds(
        lambda since, days, standing, kinds, severities, bandwidth: Wish(
            since * DAY,
            (since + days) * DAY,
            standing,
            tuple(sorted(kinds)),
            tuple(sorted(severities)),
            bandwidth,
        ),
        st.sampled_from((0, 5, 12)),
        st.sampled_from((1, 7, 60)),
        st.sampled_from(STANDINGS),
        st.sets(st.sampled_from(KINDS), max_size=2),
        st.sets(st.integers(1, 3), max_size=2),
        st.sampled_from((50, 80, 100, 250, 1000)),
    )


def frames():
    """Views of the town from afar, of all of it, and of a corner; 24 pixels are enough to find a leak."""
    return st.builds(
        lambda zoom, x, y: Frame(CORNER[0][0] + x / 2**zoom, CORNER[1][0] + y / 2**zoom, 1 / 2**zoom, 24),
        st.integers(9, 18),
        st.sampled_from((-0.6, -0.1, 0.0)),
        st.sampled_from((-0.6, -0.1, 0.0)),
    )


def points_of(town: Town, given: Hazards) -> Points:
    rows = np.array(given.rows, np.float64).reshape(-1, 9)
    plot = rows[:, 0].astype(int)
    lon = WEST + (plot % SIDE + rows[:, 1]) * town.wide
    lat = NORTH - (plot // SIDE + rows[:, 2]) * town.wide
    x, y = to_world(lon, lat)
    state = rows[:, 5].astype(np.int8)
    reported = rows[:, 6].astype(np.int64) * DAY
    closed = np.where(np.isin(state, CLOSED), reported + rows[:, 8].astype(np.int64) * DAY, NEVER)
    return Points(
        KINDS,
        np.array([3.0, 3.0, 1.0]),
        np.arange(1, len(rows) + 1),
        x,
        y,
        rows[:, 3].astype(np.int8),
        rows[:, 4].astype(np.int8),
        state,
        np.full(len(rows), COMMUNITY),
        reported,
        reported + rows[:, 7].astype(np.int64) * DAY,
        closed,
        mark=repr(given.rows),
    )


def lists_of(
    town: Town, points: Points, place: str = "d", grids: tuple[int, ...] | None = None
) -> list[dict]:
    """Rows of a place as the database would give them, as they may leave the house.

    grids: of each plot on the day of the hazards; None: as the town is divided now.
    """
    grids = grids or town.grids
    lon, lat = to_degrees(points.x, points.y)
    plot = ((NORTH - lat) / town.wide).astype(int) * SIDE + ((lon - WEST) / town.wide).astype(int)
    counted = grid_households(town)
    within = town.within(place)
    rows = [
        {
            "id": int(points.id[k]),
            "kind": KINDS[points.kind[k]],
            "severity": int(points.severity[k]),
            "state": STATES[points.state[k]],
            "community": town.community[plot[k]],
            "grid": f"g{grids[plot[k]]}",
            "site": "building",
            "building": f"house {plot[k]}",
            "lon": float(lon[k]),
            "lat": float(lat[k]),
            "reported_at": datetime.fromtimestamp(int(points.reported[k]), UTC),
            "due_at": datetime.fromtimestamp(int(points.due[k]), UTC),
        }
        for k in range(len(points))
        if within[plot[k]]
    ]
    of_plans = [counted, *([grid_households(town.earlier)] if town.earlier else [])]
    few = frozenset(
        (COMMUNITIES[grid], f"g{grid}") for one in of_plans for grid, n in one.items() if 0 < n < FEW
    )
    untold = town.untold(place)
    return told(rows, Hidden(untold.ground, few, untold.grids, untold.communities), UTC)


def grid_households(town: Town) -> dict[int, int]:
    counted: dict[int, int] = {}
    for grid, households in zip(town.grids, town.households, strict=True):
        counted[grid] = counted.get(grid, 0) + households
    return counted


def check_heat(
    town: Town, elsewhere: Hazards, here: Hazards, other: Hazards, wish: Wish, frame: Frame
) -> None:
    """Heat outside is blank on ground that is withheld, and the same whatever hazards are on that of few."""
    few = town.untold().ground
    hidden = blanked(few, frame)
    ground = Ground("1", "1", (COMMUNITY,), (WEST, NORTH - 1, WEST + 1, NORTH))

    def outside(wished: Wish, *given: Hazards):
        rows = tuple(row for some in given for row in some.rows)
        points = without(points_of(town, Hazards(rows)), few)
        return shown_outside(KeptPoints(), points, ground, wished, frame, hidden)

    drawn, count = outside(wish, elsewhere, here)
    again, count_again = outside(wish, elsewhere, other)

    assert count == count_again, "how many are in it depends on what is on ground of few"
    assert drawn.tobytes() == again.tobytes(), "it depends on what is on ground of few"
    assert not drawn[hidden].any(), "ground of few is not blank"
    assert (hidden == touched(few, frame)).all(), "other pixels are blank than those of ground of few"
    wider = replace(wish, bandwidth_m=max(wish.bandwidth_m, LEAST_BANDWIDTH_M))
    assert drawn.tobytes() == outside(wider, elsewhere, here)[0].tobytes(), "a kernel is under 100 m"


def touched(few: np.ndarray, frame: Frame) -> np.ndarray:
    """Pixels that meet ground of few, looked at one by one."""
    edge = np.arange(frame.pixels + 1) * frame.pixel
    lon, _ = to_degrees(frame.west + edge, np.full(len(edge), 0.5))
    _, lat = to_degrees(np.full(len(edge), 0.5), frame.north + edge)
    boxes = shapely.box(lon[None, :-1], lat[1:, None], lon[None, 1:], lat[:-1, None])
    if not len(few):
        return np.zeros(boxes.shape, bool)
    return shapely.intersects(boxes, shapely.union_all(few))


def check_files(town: Town, given: Hazards) -> None:
    """No row of a file tells a place on ground of few, a building there, or a grid of few.

    Of a community of few no row is about such ground; all other rows are there.
    """
    points = points_of(town, given)
    untold, counted = town.untold(), grid_households(town)
    lon, lat = to_degrees(points.x, points.y)
    rows = {row["id"]: row for row in lists_of(town, points)}
    for k, (plot, *_) in enumerate(given.rows):
        hides = bool(shapely.intersects_xy(untold.ground, lon[k], lat[k]).any()) if untold.plots else False
        assert hides or not town.is_few[plot], "ground of few is told"
        row = rows.get(int(points.id[k]))
        if row is None:
            assert hides, "a row is left out that may be told"
            of_community = np.array(town.community) == town.community[plot]
            assert 0 < np.array(town.households)[of_community].sum() < FEW, (
                "a row is left out that may be told"
            )
            continue
        assert row["withheld"] == hides
        told_place = (row["lon"], row["lat"], row["building"], row["site"])
        assert all(value is None for value in told_place) if hides else row["lon"] == lon[k]
        assert row["grid"] is None or not 0 < counted[int(row["grid"][1:])] < FEW
        assert "description" not in row


def leaks(known: np.ndarray, weights: np.ndarray) -> list[int] | None:
    """Parts about which something can be reckoned that are fewer than five together; None: there are none.

    known: what is told, as sums of parts: a row each, 1 for each part in it; whoever knows them knows all
    their sums and differences, and theirs. weights: whom each part is about. Of every set of parts with one
    to four together it is asked whether any such difference is about them alone, but for parts that weigh
    nothing.
    """
    nothing = weights == 0
    some = np.flatnonzero((weights > 0) & (weights < FEW))
    of_part = dict(zip(some.tolist(), weights[some].tolist(), strict=True))
    sets = [
        one
        for size in range(1, FEW)
        for one in combinations(of_part, size)
        if sum(map(of_part.__getitem__, one)) < FEW
    ]
    if not sets or not len(known):
        return None
    inside = np.tile(nothing, (len(sets) + 1, 1))  # the last: only what weighs nothing
    for number, one in enumerate(sets):
        inside[number, list(one)] = True
    # what is known is a space: whatever in it is about a set alone is as long when it is put on that space
    _, size, basis = np.linalg.svd(np.unique(known, axis=0), full_matrices=False)
    basis = basis[size > 1e-9]
    onto = (basis.T @ basis)[None] * inside[:, :, None] * inside[:, None, :]
    alone = (np.linalg.eigvalsh(onto) > 1 - 1e-7).sum(axis=1)
    found = np.flatnonzero(alone[:-1] > alone[-1])
    return None if not len(found) else [int(part) for part in sets[found[0]]]


def sums_outside(town: Town, grids: tuple[int, ...] | None = None) -> np.ndarray:
    """All that is told outside of hazards on which plots, as sums of plots, whatever is filtered.

    grids: of each plot on the day of the hazards, by which reports count; None: as the town is divided now.

    A hazard is put on each plot, and it is seen what is said of it: by files of every place, maps that are
    taken away or printed, and monthly reports. What is said of a filter or a time is said of the same plots,
    for what is withheld goes by households alone; so the difference of two filters is one more filter.
    """
    probe = Hazards(tuple((plot, 0.5, 0.5, 0, 1, KEPT[0], 1, 1, 1) for plot in range(SIDE**2)))
    points, day = points_of(town, probe), grids or town.grids
    everywhere = np.arange(SIDE**2)
    known: list[np.ndarray] = []
    for place in PLACES:
        within, untold = town.within(place), town.untold(place)
        alike: dict[tuple, list[int]] = {}
        for row in lists_of(town, points, place, grids):
            said = (row["lon"], row["lat"], row["grid"], row["community"])
            alike.setdefault(said, []).append(row["id"] - 1)
        known += [np.isin(everywhere, plots) for plots in alike.values()]
        drawn = np.isin(everywhere, without(points, untold.ground).id - 1) & within
        now = {grid: (np.array(town.grids) == grid) & within for grid in set(town.grids)}
        households = grid_households(town)
        known += [drawn]  # the sheet's count, and the map's of each grid
        known += [drawn & plots for grid, plots in now.items() if not 0 < households[grid] < FEW]
        if not untold.few:  # the report: of the place, and of grids
            left_out = np.isin([int(one[1:]) for one in town.community], untold.left_out)
            known += [within & ~left_out]
            of_day = {grid: (np.array(day) == grid) & within for grid in set(day)}
            known += [plots for grid, plots in of_day.items() if f"g{grid}" not in untold.grids]
    return np.array(known, float)


def check_sums(town: Town) -> None:
    """Nothing that can be reckoned from all that is told outside is about few households.

    And nobody is kept in the dark without need: all ground without households is told, and all grids but
    those of few and one beside each.
    """
    known = sums_outside(town)
    found = leaks(known, np.array(town.households))
    assert found is None, f"sums tell of plots {found}"
    untold = town.untold()
    assert all(town.households[plot] for plot in untold.plots), "ground of nobody is withheld"
    counted = grid_households(town)
    few = {grid for grid, n in counted.items() if 0 < n < FEW}
    assert len(untold.grids) <= 2 * len(few), "more grids are withheld than need be"


def check_twice(town: Town, rng: np.random.Generator) -> None:
    """Nothing about few follows from all that is told before and after a town is divided and counted anew.

    Of what was reported before: files of both days, and reports, which count by the grids of the day.
    """
    move = rng.random(SIDE**2) < rng.choice((0.1, 0.5))
    grids = [(other if moves else grid) for grid, other, moves in zip(
        town.grids, [BESIDE[grid] for grid in town.grids], move, strict=True
    )]  # fmt: skip
    counted = np.array(town.households) + rng.integers(-1, 2, SIDE**2) * (np.array(town.households) > 1)
    later = replace(town, grids=tuple(grids), households=tuple(counted.tolist()), earlier=town)
    now = sums_outside(later, town.grids)
    found = leaks(np.vstack([sums_outside(town), now]), np.maximum(town.households, later.households))
    assert found is None, f"sums of two days tell of plots {found}"
    found = leaks(now, np.array(later.households))
    assert found is None, f"what is told of former days tells of plots {found}"


def check_all(rng: np.random.Generator) -> None:
    """One town by chance, held to all of the promises: what hypothesis does, a good deal faster."""
    town = Town(
        float(rng.choice((0.0003, 0.001, 0.003))),
        tuple((rng.integers(0, 9, SIDE**2) * (rng.random(SIDE**2) < rng.choice((0.2, 0.6, 1)))).tolist()),
        tuple(rng.integers(0, 5, SIDE**2).tolist()),
    )
    untold = np.isin(np.arange(SIDE**2), town.untold().plots)
    few, many = np.flatnonzero(untold), np.flatnonzero(~untold)
    elsewhere, here, other = (_by_chance(rng, plots) for plots in (many, few, few))
    zoom = int(rng.integers(9, 19))
    x, y = (float(rng.choice((-0.6, -0.1, 0.0))) for _ in range(2))
    frame = Frame(CORNER[0][0] + x / 2**zoom, CORNER[1][0] + y / 2**zoom, 1 / 2**zoom, 24)
    since, days = int(rng.choice((0, 5, 12))), int(rng.choice((1, 7, 60)))
    kinds = tuple(kind for kind in KINDS if rng.random() < 0.3)
    severities = tuple(severity for severity in (1, 2, 3) if rng.random() < 0.3)
    bandwidth = int(rng.choice((50, 80, 100, 250, 1000)))
    standing = str(rng.choice(STANDINGS))
    wish = Wish(since * DAY, (since + days) * DAY, standing, kinds, severities, bandwidth)
    check_heat(town, elsewhere, here, other, wish, frame)
    check_files(town, Hazards(elsewhere.rows + here.rows))
    check_sums(town)
    check_twice(town, rng)
    fives_cases.check_figures(fives_cases.Days(rng), Fives(str(rng.integers(2**60))))


def _by_chance(rng: np.random.Generator, plots: np.ndarray) -> Hazards:
    count = int(rng.integers(0, 13)) if len(plots) else 0
    columns = (
        plots[rng.integers(0, max(1, len(plots)), count)],
        *(rng.choice((0.02, 0.3, 0.5, 0.98), count) for _ in range(2)),
        *(rng.integers(0, 3, count), rng.integers(1, 4, count), rng.choice(KEPT, count)),
        *(rng.integers(1, 31, count), rng.integers(0, 21, count), rng.integers(0, 21, count)),
    )
    return Hazards(tuple(zip(*(column.tolist() for column in columns), strict=True)))
