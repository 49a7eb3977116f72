"""A town on several days and as several plans, and what must hold of every count a leader reads of it.

All are read with the same eyes: registers by grid and their totals, indicators, flows, two drafts beside the
plan in force, several times on the same ground, a plan's file. Whoever subtracts any from any must find
nought, or five and more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from app.services import indicators, plan_guard, register_map
from app.services.access import Actor, Grant
from app.services.exports import tell_in_fives
from app.services.fives import Fives
from app.services.measures import Flow, Measure
from app.services.plan_guard import Told

FEW = 5
SIZES = (0, 1, 2, 3, 4, 5, 6, 9, 30, 80)
CODES = tuple("ABCDEF")
LEADER = Actor(1, "a", "A", (Grant("leader", "d"),))
SUNDAY = date(2026, 3, 22)
QUARTER = indicators.quarter_of(SUNDAY)


class Days:
    """Pieces of ground with their grid in force and in two drafts, and who lives there on three days.

    From day to day few come and few go. pieces: shape (pieces, 3), the number of the grid in each plan.
    households, residents, verified: shape (3 days, pieces).
    """

    def __init__(self, rng: np.random.Generator) -> None:
        at = rng.integers(0, len(CODES), 18)
        moved = np.where(rng.random((18, 2)) < 0.3, rng.integers(0, len(CODES), (18, 2)), at[:, None])
        self.pieces = np.column_stack([at, moved])
        first = rng.choice(SIZES, 18)
        changes = rng.integers(-2, 3, (2, 18)) * (rng.random((2, 18)) < 0.2)
        self.households = np.maximum(0, np.vstack([first, first + np.cumsum(changes, 0)]))
        self.residents = self.households * rng.integers(1, 4)
        self.verified = rng.binomial(self.households, rng.choice((0.1, 0.5, 1.0)))
        self.came, self.went = rng.poisson(rng.choice((0.1, 2, 20)), (2, 14))

    def of_grids(self, plan: int, counts: np.ndarray) -> list[int]:
        """Sums of one day by the grids of a plan."""
        return np.bincount(self.pieces[:, plan], counts, len(CODES)).astype(int).tolist()


def place_of(code: str) -> str:
    """The community of a grid: there are two."""
    return f"c{CODES.index(code) // 3}"


def told_of(days: Days, plan: int, fives: Fives) -> Told:
    """What a leader is told of a plan, as the service makes it."""
    communities: dict[int | str, str] = {}
    for at, code in enumerate(CODES):
        communities[at] = communities[code] = place_of(code)
    counts = dict(enumerate(days.of_grids(plan, days.households[0])))
    return Told(frozenset(), fives, counts, communities, "d")


def compared(days: Days, before: int, after: int) -> dict[str, Any]:
    """Two plans of the first day as `comparison.compare` has them; grids are numbered as their codes are."""
    lived = days.households[0]
    pairs = [(CODES[was], CODES[now]) for was, now in days.pieces[:, [before, after]]]
    flows = [
        {"from": was, "to": now, "buildings": 1, "households": sum(
            int(n) for n, pair in zip(lived, pairs, strict=True) if pair == (was, now)
        )}
        for was, now in sorted({pair for pair in pairs if pair[0] != pair[1]})
    ]  # fmt: skip

    def of(code: str, end: str) -> int:
        return sum(flow["households"] for flow in flows if flow[end] == code)

    old, new = (days.of_grids(plan, lived) for plan in (before, after))
    rows = [
        {
            "code": code, "state": "kept", "before_id": at, "after_id": at,
            "households_before": old[at], "households_after": new[at],
            "households_gained": of(code, "to"), "households_lost": of(code, "from"),
        }
        for at, code in enumerate(CODES)
    ]  # fmt: skip
    names = [f"households_{name}" for name in ("before", "after", "gained", "lost")]
    people = [
        {"grids": list(own), **{name: sum(row[name] for row in rows if row["code"] in own) for name in names}}
        for own in ("AC", "BE")
    ]
    moved = sum(flow["households"] for flow in flows)
    whole = int(lived.sum())
    return {
        "households": whole, "households_moved": moved, "grids": rows, "flows": flows, "coordinators": people
    }  # fmt: skip


def counts_in(found: Any, name: str = "") -> Iterator[int]:
    """Every count of households, residents and whom else in an answer."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from counts_in(value, key)
    elif isinstance(found, list):
        for one in found:
            yield from counts_in(one, name)
    elif found is not None and any(of in name for of in ("households", "residents", "verified", "floating")):
        yield int(found)


def told_of_registers(days: Days, fives: Fives) -> Iterator[tuple[int, int | None]]:
    """Each count of registers and what is told of it, on every day: by grid, and of the place."""
    for day in range(3):
        of_day = [days.of_grids(0, of[day]) for of in (days.households, days.residents, days.verified)]
        counts = [
            {"households": one, "residents": two, "floating": two // 2, "rentals": one // 3, "verified": sure}
            for one, two, sure in zip(*of_day, strict=True)
        ]
        for code, of_grid in zip(CODES, counts, strict=True):
            said = register_map._in_fives(of_grid, f"d.{place_of(code)}", fives)
            yield from ((of_grid[name], said[name]) for name in ("households", "rentals"))
            if said["households"] is not None:
                yield from ((of_grid[name], said[name]) for name in register_map.OF_HOUSEHOLDS)
        grids = [
            indicators.OfGrid(
                at, code, None, "", f"d.{place_of(code)}", 0, None, False, False,
                {"verification": Measure(counts[at]["verified"], counts[at]["households"])}, frozenset(),
            )
            for at, code in enumerate(CODES)
        ]  # fmt: skip
        total = sum((grid.measures["verification"] for grid in grids), start=Measure(0, 0))
        figures = indicators.Figures("d", QUARTER, {"verification": total}, grids)
        read = indicators.opened(LEADER, grids)
        of_all = indicators.total_told(figures, "verification", read, fives)
        by_grid = indicators.grids_told(figures, "verification", read, fives)
        wholes = [(grid.measures["verification"], by_grid[grid.id]) for grid in grids]
        for measure, said_of in [*wholes, (total, of_all)]:
            yield measure.whole, said_of and said_of.whole
            if said_of is not None and 0 < said_of.part < said_of.whole:
                yield measure.part, said_of.part


def told_of_flows(days: Days, fives: Fives) -> Iterator[int]:
    """What is told of who came and left."""
    opening = 60 + np.concatenate([[0], np.cumsum(days.came - days.went)[:-1]])
    flows = [
        (SUNDAY - timedelta(days=13 - k), Flow(int(begun), int(came), int(went), int(begun + came - went)))
        for k, (begun, came, went) in enumerate(zip(opening, days.came, days.went, strict=True))
    ]
    for *_, line in indicators.in_fives(flows, "d", fives).lines:
        yield from (count for count in vars(line).values() if count is not None)


def told_of_plans(days: Days, fives: Fives) -> Iterator[int]:
    """What is told of three plans beside each other, of several times on one, and in a file."""
    told = [told_of(days, plan, fives) for plan in range(3)]
    for before, after in ((0, 1), (0, 2), (1, 2)):
        yield from counts_in(
            plan_guard.comparison_told(compared(days, before, after), told[before], told[after])
        )
    for plan in range(3):
        yield from (count for count in told[plan].drawn.values() if count is not None)
        times = [
            {
                "households": int(lived.sum()), "not_comparable": {"astride_households": 3},
                "grids": [{"grid": at, "households": n} for at, n in enumerate(days.of_grids(plan, lived))],
            }
            for lived in days.households
        ]  # fmt: skip
        yield from counts_in(plan_guard.same_ground_told({"times": times}, told[plan]))
        grids = pd.DataFrame({
            "code": CODES, "community": [place_of(code) for code in CODES],
            "households": pd.array(days.of_grids(plan, days.households[0]), "Int64"),
            "load": pd.array(days.of_grids(plan, days.households[0]), "Float64"),
        })  # fmt: skip
        tell_in_fives(fives, 300, False, grids)
        yield from (int(n) for name in ("households", "load") for n in grids[name].dropna())


def check_figures(days: Days, fives: Fives) -> None:
    """Every count told is nought or a multiple of five, and no more than four from what was counted.

    So are all sums and differences of them: what is told is what would be told of a town in which no number
    speaks of one to four. “Few” is said of these alone.
    """
    for count, said in told_of_registers(days, fives):
        assert (said is None) == (0 < count < FEW) or said in (0, FEW), f"{said} is told of {count}"
        assert said is None or abs(said - count) < FEW, f"{said} is told of {count}"
        assert said is None or said % FEW == 0, f"{said} is told of {count}"
    odd = [one for one in (*told_of_plans(days, fives), *told_of_flows(days, fives)) if one % FEW]
    assert not odd, f"{odd} are told, from which few could be reckoned"
