"""The guard of five: whoever reads counts and no rows is told none about fewer than five households.

A count of two in a building names people to whoever knows the stairs. What is under the guard is said as
“few”; what can be reckoned from its neighbours is for the reader to leave out (`shown_parts`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from app.services.tile_layers import FEW


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


def shown_parts(parts: Sequence[int]) -> list[int | None]:
    """Parts of a sum: where one alone would be guarded, the next smallest is too.

    Whoever tells the sum beside them withholds it where all that are guarded come to few.

    >>> shown_parts([40, 3, 12]), shown_parts([40, 3, 2]), shown_parts([40, 12])
    ([40, None, None], [40, None, None], [40, 12])
    """
    told = [shown(part) for part in parts]
    if told.count(None) == 1:
        _hide_next(parts, told)
    return told


def beside_a_total(parts: Sequence[int], told: Sequence[int | None]) -> list[int | None]:
    """Parts that are guarded already, beside a sum that is told; where one alone is, another is too.

    Likewise where all that are guarded come to few together, for that is what the total leaves.

    >>> beside_a_total([40, 12, 6], [40, None, 6]), beside_a_total([40, 2, 1, 7], [40, None, None, 7])
    ([40, None, None], [40, None, None, None])
    """
    told = list(told)
    while (told.count(None) == 1 or 0 < _untold(parts, told) < FEW) and _hide_next(parts, told):
        pass
    return told


def beside_totals(parts: Sequence[int], groups: Sequence[Hashable]) -> list[int | None]:
    """Parts of several sums that are told, each part of one: guarded, and beside its own sum.

    So what is told of a whole, of a group of it and of the parts agrees: no sum less others tells of few,
    but where a group itself is few. groups: to which sum each part belongs.

    >>> beside_totals([40, 3, 12, 300, 9], ["a", "a", "a", "b", "b"])
    [40, None, None, 300, 9]
    """
    told: list[int | None] = [None] * len(parts)
    members: dict[Hashable, list[int]] = {}
    for at, group in enumerate(groups):
        members.setdefault(group, []).append(at)
    for of_group in members.values():
        own = [parts[at] for at in of_group]
        for at, part in zip(of_group, beside_a_total(own, [shown(part) for part in own]), strict=True):
            told[at] = part
    return told


def _hide_next(parts: Sequence[int], told: list[int | None]) -> bool:
    """Guard the smallest part that is told and not nought; whether there was one."""
    open_to_sight = [at for at, part in enumerate(told) if part]
    if open_to_sight:
        told[min(open_to_sight, key=lambda at: parts[at])] = None
    return bool(open_to_sight)


def _untold(parts: Sequence[int], told: Sequence[int | None]) -> int:
    """What the parts that are guarded come to."""
    return sum(part for part, said in zip(parts, told, strict=True) if said is None)
