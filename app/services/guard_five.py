"""The guard of five: whoever reads counts and no rows is told none about fewer than five households.

A count of two in a building names people to whoever knows the stairs. Counts of households are told in fives
(`app.services.fives`). Of hazards the ground they are on is withheld; beside sums that are told it could be
reckoned by subtraction, so what is told of a whole tree of places is chosen at once (`told_in_tree`), that
maps, files and reports of every level agree.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.geo.plots import BoolArray, IntArray
from app.services.tile_layers import FEW

Groups = Sequence[IntArray]


class Told:
    """What of a tree of sums may be told, by level: 0 for the parts, then their sums, then sums of these.

    told: by level, whether each is told whole. untold: by level, what none of those told within it speaks of.
    """

    def __init__(self, counts: IntArray, groups: Groups, withheld: BoolArray) -> None:
        self.counts = [counts]
        for group in groups:
            self.counts.append(_sums(self.counts[-1], group))
        self._order = [np.argsort(group, kind="stable") for group in groups]
        self._ends = [np.cumsum(np.bincount(group)) for group in groups]
        self.told = [~_is_few(of_level) for of_level in self.counts]
        self.told[0] &= ~withheld
        self.untold = [np.where(self.told[0], 0, counts)]

    def within(self, level: int, one: int) -> IntArray:
        """What a sum is the sum of."""
        ends = self._ends[level - 1]
        return self._order[level - 1][ends[one - 1] if one else 0 : ends[one]]

    def left(self, level: int) -> IntArray:
        """Of each at a level what stays unknown to who knows it, if it is told."""
        return np.where(self.told[level], 0, self.untold[level])

    def open_up(self, level: int, one: int) -> None:
        """Tell nothing of one, so that something of it stays unknown beside a sum."""
        self.told[level][one] = False
        if level == 0:
            self.untold[0][one] = self.counts[0][one]
        elif not self.untold[level][one]:
            smallest = self.smallest(level, one)
            if smallest is not None:
                self.open_up(level - 1, smallest)
                self.untold[level][one] = self.untold[level - 1][smallest]

    def smallest(self, level: int, one: int) -> int | None:
        """The smallest told within a sum that counts anybody; None where there is none."""
        within = self.within(level, one)
        within = within[self.told[level - 1][within] & (self.counts[level - 1][within] > 0)]
        return int(within[np.argmin(self.counts[level - 1][within])]) if len(within) else None


def told_in_tree(counts: IntArray, groups: Groups, withheld: BoolArray, sums_withheld: BoolArray) -> Told:
    """What of a tree of sums may be told side by side: no difference of sums is about fewer than five.

    A sum less all that is told within it leaves a rest. Every set of parts that can be reckoned from what is
    told is made up of such rests, so it is enough that each is nought or five and more. Where it is not, the
    next smallest part is withheld too (complementary suppression: Cox 1980, “Suppression methodology and
    statistical disclosure control”, JASA 75), and where nothing is left to withhold, the sum.

    counts: of the parts, shape (parts,). groups: for each level the number of the sum above, from 0 on: of
    each part, then of each of these sums. withheld, sums_withheld: parts, and sums of the first level, that
    something else keeps from being told.

    >>> nothing = np.zeros(5, bool), np.zeros(2, bool)
    >>> few = told_in_tree(np.array([40, 3, 12, 300, 9]), [np.array([0, 0, 0, 1, 1])], *nothing)
    >>> few.told[0].tolist(), few.told[1].tolist()
    ([True, False, False, True, True], [True, True])
    """
    made = Told(counts, groups, withheld)
    for level, group in enumerate(groups, start=1):
        made.untold.append(_sums(made.left(level - 1), group))
        for one in np.flatnonzero(_is_few(made.untold[level])).tolist():
            _protect(made, level, one)
        made.told[level] = ~_is_few(made.untold[level])
        if level == 1:
            for kept in np.flatnonzero(made.told[level] & sums_withheld).tolist():
                made.open_up(level, kept)
    return made


def _protect(made: Told, level: int, one: int) -> None:
    """Withhold more within a sum until that is nought or five and more, or nothing is left to withhold."""
    while _is_few(made.untold[level][one]):
        smallest = made.smallest(level, one)
        if smallest is None:
            return
        made.open_up(level - 1, smallest)
        made.untold[level][one] = made.left(level - 1)[made.within(level, one)].sum()


def _sums(counts: IntArray, group: IntArray) -> IntArray:
    """Sums by group."""
    found = np.zeros(int(group.max()) + 1 if len(group) else 0, np.int64)
    np.add.at(found, group, counts)
    return found


def _is_few(counts: IntArray) -> BoolArray:
    return np.asarray((counts > 0) & (counts < FEW))
