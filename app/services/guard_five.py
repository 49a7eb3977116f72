"""The guard of five: whoever reads counts and no rows is told none about fewer than five households.

A count of two in a building names people to whoever knows the stairs. Counts of households are told in fives
(`app.services.fives`). Of hazards the ground they are on is withheld; beside sums that are told it could be
reckoned by subtraction, so what is told of a whole tree of places is chosen at once (`told_in_tree`), that
maps, files and reports of every level agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.geo.plots import BoolArray, IntArray
from app.services.tile_layers import FEW

Groups = Sequence[IntArray]


def shown(count: int | None, households: int | None = None) -> int | None:
    """A count as leaders are told it: None where it must be said as “few”.

    households: whom it is about, where the count is of something else, as of residents.

    >>> shown(5), shown(4), shown(0), shown(12, households=3), shown(0, households=3)
    (5, None, 0, None, None)
    """
    about = count if households is None else households
    if count is None or about is None:
        return None
    return count if about == 0 or about >= FEW else None


class Told:
    """What of a tree of sums may be told, by level: 0 for the parts, then their sums, then sums of these.

    told: by level, whether each is told whole. untold: by level, what none of those told within it speaks of,
    by column. Of a sum that is not told whole, `counts - untold` may be told: it is no more than its parts.
    """

    def __init__(self, counts: IntArray, groups: Groups, withheld: BoolArray | None) -> None:
        self.counts = [counts]
        for group in groups:
            self.counts.append(_sums(self.counts[-1], group))
        self.groups = list(groups)
        self._order = [np.argsort(group, kind="stable") for group in groups]
        self._ends = [np.cumsum(np.bincount(group)) for group in groups]
        self.told = [_tells(of_level) for of_level in self.counts]
        if withheld is not None:
            self.told[0] &= ~withheld
        self.untold = [np.where(self.told[0][:, None], 0, counts)]

    def within(self, level: int, one: int) -> IntArray:
        """What a sum is the sum of."""
        ends = self._ends[level - 1]
        return self._order[level - 1][ends[one - 1] if one else 0 : ends[one]]

    def left(self, level: int) -> IntArray:
        """Of each at a level what stays unknown to who knows it, if it is told; by column."""
        return np.where(self.told[level][:, None], 0, self.untold[level])

    def open_up(self, level: int, one: int) -> None:
        """Tell nothing of one, so that something of it stays unknown beside a sum."""
        self.told[level][one] = False
        if level == 0:
            self.untold[0][one] = self.counts[0][one]
        elif not self.untold[level][one].any():
            within = self.within(level, one)
            within = within[self.told[level - 1][within]]
            size = self.counts[level - 1][within, 0]
            within, size = within[size > 0], size[size > 0]
            if len(within):
                smallest = int(within[np.argmin(size)])
                self.open_up(level - 1, smallest)
                self.untold[level][one] = self.untold[level - 1][smallest]


def told_in_tree(
    counts: Any,
    groups: Groups,
    protected: int | None = None,
    withheld: BoolArray | None = None,
    sums_withheld: BoolArray | None = None,
) -> Told:
    """What of a tree of sums may be told side by side: no difference of sums is about fewer than five.

    A sum less all that is told within it leaves a rest. Every set of parts that can be reckoned from what is
    told is made up of such rests, so it is enough that each is nought or five and more. Where it is not, the
    next smallest part is withheld too (complementary suppression: Cox 1980, “Suppression methodology and
    statistical disclosure control”, JASA 75), and where nothing is left to withhold, the sum.

    counts: of the parts, shape (parts,) or (parts, columns): all columns of a part are told or none. groups:
    for each level the number of the sum above, from 0 on: of each part, then of each of these sums.
    protected: how many levels of sums are kept so; sums above leave out what would be too little beside them
    (`untold`), so that what is told in a place does not hang on its neighbours. None: all.
    withheld, sums_withheld: parts, and sums of the first level, that something else keeps from being told.

    >>> few = told_in_tree(np.array([40, 3, 12, 300, 9]), [np.array([0, 0, 0, 1, 1])])
    >>> few.told[0].tolist(), few.told[1].tolist()
    ([True, False, False, True, True], [True, True])
    """
    table = np.asarray(counts, np.int64)
    made = Told(table.reshape(len(table), -1), groups, withheld)
    for level, group in enumerate(groups, start=1):
        made.untold.append(_sums(made.left(level - 1), group))
        for one in np.flatnonzero(~_tells(made.untold[level])):
            if protected is None or level <= protected:
                _protect(made, level, int(one))
        made.told[level] = _tells(made.untold[level])
        if level == 1 and sums_withheld is not None:
            for kept in np.flatnonzero(made.told[level] & sums_withheld).tolist():
                made.open_up(level, kept)
    return made


def _protect(made: Told, level: int, one: int) -> None:
    """Withhold more within a sum until that is nought or five and more, or nothing is left to withhold."""
    within = made.within(level, one)
    while True:
        short = _is_few(made.untold[level][one])
        helps = made.told[level - 1][within] & (made.counts[level - 1][within][:, short] > 0).any(axis=1)
        if not short.any() or not helps.any():
            return
        can = within[helps]
        counted = made.counts[level - 1][can]
        order = np.lexsort((counted[:, 0], -(counted[:, short] > 0).sum(axis=1)))
        made.open_up(level - 1, int(can[order[0]]))
        made.untold[level][one] = made.left(level - 1)[within].sum(axis=0)


def levels_of(paths: Sequence[str]) -> list[IntArray]:
    """Groups of a tree whose parts lie in places with these paths, up to the smallest place with all of them.

    >>> [group.tolist() for group in levels_of(["1.2.3", "1.2.3", "1.2.4", "1.5"])]
    [[0, 0, 1, 2], [0, 0, 1], [0, 0]]
    """
    groups: list[IntArray] = []
    above = list(paths)
    while above:
        names, group = np.unique(above, return_inverse=True)
        groups.append(group)
        if len(names) == 1:
            break
        deepest = max(name.count(".") for name in names)
        above = [name.rpartition(".")[0] if name.count(".") == deepest else name for name in names.tolist()]
    return groups


def _sums(counts: IntArray, group: IntArray) -> IntArray:
    """Sums by group and column."""
    found = np.zeros((int(group.max()) + 1 if len(group) else 0, counts.shape[1]), np.int64)
    np.add.at(found, group, counts)
    return found


def _is_few(counts: IntArray) -> BoolArray:
    return (counts > 0) & (counts < FEW)


def _tells(counts: IntArray) -> BoolArray:
    """Which rows speak of none but nought or five and more in every column."""
    return np.asarray(~_is_few(counts).any(axis=1))
