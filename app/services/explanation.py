"""Why a plan is as it is: what is out of band and why, the worst five, how many grids have how many."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.services import plan_guard, reading

WORST = 5
MOST_BARS = 60


def explanation(
    session: Session, plan_id: int, scope: reading.Scope, told: plan_guard.Told = plan_guard.ALL
) -> dict[str, Any]:
    """Of the grids of a plan in scope; special grids, which the band is not held against, are left out.

    worst: those out of band first, then by how far they are from the target. told: what the reader is told of
    households; grids whose count is not are in no bar and not among the worst.
    """
    of_plan = reading.plan(session, plan_id, scope)
    found = reading.grids(session, plan_id, scope, told=told)["grids"]
    ordinary = [grid for grid in found if grid["in_band"] is not None]
    grids = [grid for grid in ordinary if grid["households"] is not None]
    furthest = sorted(grids, key=lambda grid: (grid["in_band"], -abs(grid["deviation"]), grid["code"]))
    held = [grid["households"] if grid["load"] is None else grid["load"] for grid in grids]
    return {
        "plan": plan_id,
        "version": of_plan["version"],
        "out_of_band": [_told(grid) for grid in ordinary if not grid["in_band"]],
        "worst": [_told(grid) for grid in furthest[:WORST]],
        "histogram": histogram(held, of_plan["target"]),
    }


def _told(grid: dict[str, Any]) -> dict[str, Any]:
    return {
        "grid": {"id": grid["id"], "code": grid["code"]},
        "households": grid["households"],
        "deviation": grid["deviation"],
        "reason": grid["reason"],
        "remedy": grid["remedy"],
        "show": grid["bbox"],
    }


def histogram(held: list[float], target: int) -> list[dict[str, int]]:
    """How many grids hold `from` to below `to`: bars a twentieth of the target wide or more.

    >>> [bar["grids"] for bar in histogram([300, 305, 331], 300)]
    [2, 0, 1]
    """
    if not held:
        return []
    width = max(1, round(target / 20))
    while max(held) // width - min(held) // width >= MOST_BARS:
        width *= 2
    first, last = int(min(held) // width), int(max(held) // width)
    counts = [0] * (last - first + 1)
    for value in held:
        counts[int(value // width) - first] += 1
    return [
        {"from": (first + k) * width, "to": (first + k + 1) * width, "grids": count}
        for k, count in enumerate(counts)
    ]
