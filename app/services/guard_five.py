"""The guard of five: whoever reads counts and no rows is told none about fewer than five households.

A count of two in a building names people to whoever knows the stairs. What is under the guard is said as
“few”; what can be reckoned from its neighbours is for the reader to leave out (`shown_parts`).
"""

from __future__ import annotations

from collections.abc import Sequence

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
    """Parts whose sum is told beside them: where one alone would be guarded, the next smallest is too.

    >>> shown_parts([40, 3, 12]), shown_parts([40, 3, 2]), shown_parts([40, 12])
    ([40, None, None], [40, None, None], [40, 12])
    """
    return beside_a_total(parts, [shown(part) for part in parts])


def beside_a_total(parts: Sequence[int], told: Sequence[int | None]) -> list[int | None]:
    """As `shown_parts`, of parts that are guarded already: where one alone is, the next smallest is too.

    Likewise where all that are guarded come to few together, for that is what the total leaves.

    >>> beside_a_total([40, 12, 6], [40, None, 6]), beside_a_total([40, 2, 1, 7], [40, None, None, 7])
    ([40, None, None], [40, None, None, None])
    """
    told = list(told)
    while told.count(None) == 1 or 0 < _untold(parts, told) < FEW:
        open_to_sight = [at for at, part in enumerate(told) if part]
        if not open_to_sight:
            break
        told[min(open_to_sight, key=lambda at: parts[at])] = None
    return told


def _untold(parts: Sequence[int], told: Sequence[int | None]) -> int:
    """What the parts that are guarded come to."""
    return sum(part for part, said in zip(parts, told, strict=True) if said is None)
