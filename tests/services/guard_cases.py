"""Towns of a few plots with hazards on them, and what must hold of everything said outside about any of them.

A plot has none to eight households; a grid is a few plots. What is told outside (heat on every zoom, with
every filter and time, files, rates) must not depend on what is on residential ground with fewer than five
households: the same town with other hazards there gives the same answers to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import shapely
from hypothesis import strategies as st

from app.geo.density import Frame, to_degrees, to_world
from app.models.hazards import STATES
from app.services.guard_five import beside_totals
from app.services.hazard_files import Hidden, told
from app.services.heat import STANDINGS, Ground, Wish
from app.services.heat_areas import Areas, told_rates
from app.services.heat_guard import LEAST_BANDWIDTH_M, blanked, shown_outside, without
from app.services.heat_points import NEVER, KeptPoints, Points

SIDE = 4
WEST, NORTH = 113.1, 36.2
COMMUNITY = 7
DAY = 86_400
FEW = 5
KINDS = ("fire", "gas", "noise")
KEPT = tuple(number for number, state in enumerate(STATES) if state not in ("refused", "duplicate"))
CLOSED = tuple(STATES.index(state) for state in ("closed", "evaluated"))
CORNER = to_world(np.array([WEST]), np.array([NORTH]))


@dataclass(frozen=True)
class Town:
    """Plots in rows from the north-west, each so many degrees wide. grids: number of each plot's grid."""

    wide: float
    households: tuple[int, ...]
    grids: tuple[int, ...]

    @property
    def plots(self) -> np.ndarray:
        column, row = np.arange(SIDE**2) % SIDE, np.arange(SIDE**2) // SIDE
        west, north = WEST + column * self.wide, NORTH - row * self.wide
        return shapely.box(west, north - self.wide, west + self.wide, north)

    @property
    def is_few(self) -> np.ndarray:
        counted = np.array(self.households)
        return (counted > 0) & (counted < FEW)


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


def lists_of(town: Town, points: Points) -> list[dict]:
    """Rows as the database would give them, as they may leave the house."""
    lon, lat = to_degrees(points.x, points.y)
    plot = ((NORTH - lat) / town.wide).astype(int) * SIDE + ((lon - WEST) / town.wide).astype(int)
    counted = grid_households(town)
    rows = [
        {
            "id": int(points.id[k]),
            "kind": KINDS[points.kind[k]],
            "severity": int(points.severity[k]),
            "state": STATES[points.state[k]],
            "community": "140499001001",
            "grid": f"g{town.grids[plot[k]]}",
            "site": "building",
            "building": f"house {plot[k]}",
            "lon": float(lon[k]),
            "lat": float(lat[k]),
            "reported_at": datetime.fromtimestamp(int(points.reported[k]), UTC),
            "due_at": datetime.fromtimestamp(int(points.due[k]), UTC),
        }
        for k in range(len(points))
    ]
    few = frozenset(("140499001001", f"g{grid}") for grid, n in counted.items() if 0 < n < FEW)
    untold = frozenset({"140499001001"}) if few_in_all(town) < FEW else frozenset()
    return told(rows, Hidden(town.plots[town.is_few], few, untold), UTC)


def few_in_all(town: Town) -> int:
    """Households of all plots with one to four."""
    return int(np.array(town.households)[town.is_few].sum())


def grid_households(town: Town) -> dict[int, int]:
    counted: dict[int, int] = {}
    for grid, households in zip(town.grids, town.households, strict=True):
        counted[grid] = counted.get(grid, 0) + households
    return counted


def check_heat(
    town: Town, elsewhere: Hazards, here: Hazards, other: Hazards, wish: Wish, frame: Frame
) -> None:
    """Heat outside is blank on ground of few, and the same whatever hazards are there."""
    few = town.plots[town.is_few]
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

    Where all ground of few has fewer than five together no row is about it.
    """
    points = points_of(town, given)
    few, counted = town.plots[town.is_few], grid_households(town)
    lon, lat = to_degrees(points.x, points.y)
    rows = {row["id"]: row for row in lists_of(town, points)}
    for k in range(len(points)):
        on_few = any(shapely.intersects_xy(few, lon[k], lat[k])) if len(few) else False
        row = rows.get(int(points.id[k]))
        if row is None:
            assert on_few, "a row is left out that may be told"
            assert few_in_all(town) < FEW, "a row is left out that may be told"
            continue
        assert not (on_few and few_in_all(town) < FEW), "a row can only be about few"
        assert row["withheld"] == on_few
        told_place = (row["lon"], row["lat"], row["building"], row["site"])
        assert all(value is None for value in told_place) if on_few else row["lon"] == lon[k]
        assert row["grid"] is None or not 0 < counted[int(row["grid"][1:])] < FEW
        assert "description" not in row


def check_rates(town: Town, given: Hazards) -> None:
    """No rate tells of few households, by itself or beside the total of its community."""
    counted = grid_households(town)
    numbers = tuple(sorted(counted))
    households = tuple(counted[number] for number in numbers)
    names = tuple(map(str, numbers))
    areas = Areas(
        "grid", (), numbers, names, names, households, ("c",) * len(numbers), np.empty(len(numbers), object)
    )
    found = np.full(len(numbers), 1 + len(given.rows))

    rates = told_rates(areas, found)

    untold = [count for count, rate in zip(households, rates, strict=True) if rate is None and count]
    assert all(rate is None for count, rate in zip(households, rates, strict=True) if 0 < count < FEW)
    total = sum(households)
    assert not untold or sum(untold) >= FEW or total < FEW, "the total less the others tells of few"


def check_sums(town: Town) -> None:
    """Nothing that can be reckoned from sums and grids beside them speaks of few households.

    Told: the sum of all, of each community (west and east of the town), and of the grids that are told. Of
    every set of grids with one to four households together it is asked whether its count follows from these.
    A community that is few itself has no report, and its sum is not told.
    """
    counted = grid_households(town)
    numbers = sorted(counted)
    households = np.array([counted[number] for number in numbers])
    community = np.array(numbers) % 2
    told = beside_totals(households.tolist(), community.tolist())
    of_communities = [community == side for side in np.unique(community)]
    if any(0 < households[own].sum() < FEW for own in of_communities):
        return
    known = np.array(
        [np.ones(len(numbers)), *of_communities, *np.eye(len(numbers))[[one is not None for one in told]]],
        float,
    )
    rank = np.linalg.matrix_rank(known)
    for chosen in range(1, 2 ** len(numbers)):
        sought = np.array([chosen >> at & 1 for at in range(len(numbers))], float)
        if 0 < households @ sought < FEW:
            assert np.linalg.matrix_rank(np.vstack([known, sought])) > rank, "sums tell of few"


def check_all(rng: np.random.Generator) -> None:
    """One town by chance, held to all of the promises: what hypothesis does, a good deal faster."""
    town = Town(
        float(rng.choice((0.0003, 0.001, 0.003))),
        tuple(rng.integers(0, 9, SIDE**2).tolist()),
        tuple(rng.integers(0, 5, SIDE**2).tolist()),
    )
    few, many = np.flatnonzero(town.is_few), np.flatnonzero(~town.is_few)
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
    check_rates(town, here)
    check_sums(town)


def _by_chance(rng: np.random.Generator, plots: np.ndarray) -> Hazards:
    count = int(rng.integers(0, 13)) if len(plots) else 0
    columns = (
        plots[rng.integers(0, max(1, len(plots)), count)],
        *(rng.choice((0.02, 0.3, 0.5, 0.98), count) for _ in range(2)),
        *(rng.integers(0, 3, count), rng.integers(1, 4, count), rng.choice(KEPT, count)),
        *(rng.integers(1, 31, count), rng.integers(0, 21, count), rng.integers(0, 21, count)),
    )
    return Hazards(tuple(zip(*(column.tolist() for column in columns), strict=True)))
