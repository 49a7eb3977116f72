"""Work on many grids at once: tiles of grids, whose plots no two threads touch.

The number of tiles depends on the grids alone, and every tile has a seed of its own, so the result is the
same whatever the number of threads. Tilings are drawn anew for each round, so that no border stays put.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

import numpy as np

from app.geo.plots import FloatArray, IntArray
from app.geo.split import kernels
from app.geo.split.kernels import Desk, Ground, Labels, SeedArray

Answer = TypeVar("Answer")

GRIDS_PER_TILE = 64  # at least; a tile's outer pairs wait for another tiling
MOST_TILES = 32
SPARE_NUMBERS = 16  # for grids that a tile may add in one round


class Crew:
    """Threads, a desk for each of them, and the randomness for the tiles they work on."""

    def __init__(self, ground: Ground, labels: Labels, seed: int, workers: int) -> None:
        self.ground, self.labels = ground, labels
        self.rng = np.random.default_rng(seed)
        self.workers = max(1, min(workers, tiles_for(int(labels.grids.sum()))))
        self.desks: SimpleQueue[Desk] = SimpleQueue()
        for _ in range(self.workers):
            self.desks.put(kernels.desk_for(ground))

    def work(self, task: Callable[[Labels, Desk, SeedArray], Answer]) -> list[Answer]:
        """Do a task on every tile of a new tiling; the answers in the order of the tiles."""
        tiles = tile(self.ground, self.labels, self.rng)
        seeds = self.rng.integers(0, 2**63, size=(len(tiles), 1), dtype=np.uint64)

        def one(labels: Labels, seed: SeedArray) -> Answer:
            desk = self.desks.get()
            try:
                return task(labels, desk, seed)
            finally:
                self.desks.put(desk)

        if self.workers == 1:
            answers = [one(labels, seed) for labels, seed in zip(tiles, seeds, strict=True)]
        else:
            with ThreadPoolExecutor(self.workers) as pool:
                answers = list(pool.map(one, tiles, seeds))
        self.labels.grids[:] = np.bincount(
            self.ground.component[self.labels.first[self.labels.plots > 0]],
            minlength=len(self.labels.grids),
        )
        return answers


def tile(ground: Ground, labels: Labels, rng: np.random.Generator) -> list[Labels]:
    """Views of the labels, one per tile: shared grids, but numbers and counts of its own.

    How far a tile may leave the number of grids of a component is its share of what is left to the whole.
    """
    used = np.flatnonzero(labels.plots > 0)
    free = np.flatnonzero(labels.plots == 0)
    count = tiles_for(len(used))
    number = _halves(ground.xy[labels.first[used]], count, rng.uniform(0, np.pi))
    component = ground.component[labels.first[used]]
    spare = min(SPARE_NUMBERS, len(free) // count)
    labels.tile[:] = -1
    labels.tile[used] = number
    labels.tile[free[: spare * count]] = np.repeat(np.arange(count), spare)
    fewer, more = np.maximum(labels.grids - labels.fewest, 0), np.maximum(labels.most - labels.grids, 0)

    def view(one: int) -> Labels:
        mine = used[number == one]
        grids = np.bincount(component[number == one], minlength=len(labels.grids)).astype(np.int64)
        whole = np.maximum(labels.grids, 1)
        return labels._replace(
            grids=grids,
            fewest=grids - fewer * grids // whole,
            most=grids + more * grids // whole,
            numbers=np.concatenate([mine, free[one * spare : (one + 1) * spare]]),
        )

    return [view(one) for one in range(count)]


def tiles_for(grids: int) -> int:
    """A power of two, by the number of grids alone."""
    return min(MOST_TILES, 1 << max(0, (grids // GRIDS_PER_TILE).bit_length() - 1))


def _halves(xy: FloatArray, count: int, turn: float) -> IntArray:
    """Halve points across a direction, each half across the other one, and so on: `count` tiles, 0.."""
    number = np.zeros(len(xy), dtype=np.int64)
    parts = [np.arange(len(xy))]
    while len(parts) < count:
        along = xy @ np.array([np.cos(turn), np.sin(turn)])
        parts = [
            half
            for part in parts
            for half in np.split(part[np.argsort(along[part], kind="stable")], [len(part) // 2])
        ]
        turn += np.pi / 2
    for one, part in enumerate(parts):
        number[part] = one
    return number
