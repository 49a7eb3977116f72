"""Charts as numbers: where each bar, point and tick of a small SVG stands, so that they print as they show.

Lengths are in units of the drawing's own box; whoever draws chooses colours and words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

WIDTH, HEIGHT = 420, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 12, 26
GROUP_SHARE = 0.72  # of the room of a group that its bars take
LABEL_ROOM = 62  # units a label below the axis needs
TICKS = 4


@dataclass(frozen=True)
class Tick:
    """A line across the chart."""

    y: float
    value: float


@dataclass(frozen=True)
class Bar:
    """A column that stands on the axis. series: which of a group; at: which group."""

    x: float
    y: float
    width: float
    height: float
    series: int
    at: int
    value: float


@dataclass(frozen=True)
class Point:
    """A value of a line."""

    x: float
    y: float
    at: int
    value: float


@dataclass(frozen=True)
class Chart:
    """What is drawn.

    labels: x and number of the groups whose names have room. lines: as `points` of polylines.
    """

    ticks: list[Tick]
    labels: list[tuple[float, int]]
    bars: list[Bar]
    points: list[Point]
    lines: list[str]


def columns(groups: Sequence[Sequence[float]]) -> Chart:
    """Columns in groups, as reported and closed week by week.

    >>> chart = columns([(3, 1), (4, 0)])
    >>> [tick.value for tick in chart.ticks], [bar.value for bar in chart.bars if bar.height > 0]
    ([0, 1, 2, 3, 4], [3, 1, 4])
    """
    top, step = _top(max((value for group in groups for value in group), default=0))
    room = _room(len(groups))
    bars = [
        _bar(at, series, value, room, len(group), top)
        for at, group in enumerate(groups)
        for series, value in enumerate(group)
    ]
    return Chart(_ticks(top, step), _labels(len(groups)), bars, [], [])


def line(values: Sequence[float | Decimal | None], top: float | None = None) -> Chart:
    """One line through the middle of each group; it breaks where there is no value.

    top: of the axis, 100 for a share in percent; without it as high as the values need.

    >>> line([1, None, 3, 4]).lines
    ['273.5,50.0 364.5,12.0']
    """
    known = [float(value) for value in values if value is not None]
    highest, step = _top(max(known, default=0)) if top is None else (top, top / TICKS)
    points: list[list[Point]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            points.append([])
        else:
            points[-1].append(Point(_middle(at, len(values)), _y(float(value), highest), at, float(value)))
    lines = [" ".join(f"{point.x},{point.y}" for point in run) for run in points if len(run) > 1]
    return Chart(_ticks(highest, step), _labels(len(values)), [], [p for run in points for p in run], lines)


def _bar(at: int, series: int, value: float, room: float, series_count: int, top: float) -> Bar:
    width = room * GROUP_SHARE / series_count
    x = LEFT + at * room + room * (1 - GROUP_SHARE) / 2 + series * width
    y = _y(value, top)
    return Bar(round(x, 1), y, round(width * 0.92, 1), round(HEIGHT - BOTTOM - y, 1), series, at, value)


def _room(count: int) -> float:
    return (WIDTH - LEFT - RIGHT) / max(count, 1)


def _middle(at: int, count: int) -> float:
    return round(LEFT + (at + 0.5) * _room(count), 1)


def _y(value: float, top: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 1)


def _ticks(top: float, step: float) -> list[Tick]:
    count = round(top / step)
    return [Tick(_y(step * number, top), step * number) for number in range(count + 1)]


def _labels(count: int) -> list[tuple[float, int]]:
    """Every so manieth group has its name, so that none lies upon another."""
    every = max(1, ceil(count * LABEL_ROOM / (WIDTH - LEFT - RIGHT)))
    return [(_middle(at, count), at) for at in range(0, count, every)]


def _top(highest: float) -> tuple[float, float]:
    """The end of an axis and the step of its ticks: whole, 1, 2 or 5 times a power of ten, about four.

    >>> _top(0), _top(7), _top(83), _top(1_204)
    ((4, 1), (8, 2), (100, 20), (1500, 500))
    """
    least = max(highest / TICKS, 1)
    power = 10 ** floor(log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * 0.8)
    return (max(ceil(highest / step), 1) * step if highest else step * TICKS), step
