"""Rates and growth, computed once and rounded once: what every indicator is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

LEAST_TO_RANK = 20


@dataclass(frozen=True)
class Measure:
    """So many of so many. The whole is the n that stands beside the rate."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no share")

    def __add__(self, other: Measure) -> Measure:
        return Measure(self.part + other.part, self.whole + other.whole)

    @property
    def may_be_ranked(self) -> bool:
        """Whether there are enough to compare with others."""
        return self.whole >= LEAST_TO_RANK

    def percent(self, places: int = 1) -> Decimal | None:
        """In percent, rounded once, half up: one place on screen, two in files; None where there is nothing.

        >>> str(Measure(69, 80).percent()), str(Measure(911, 972).percent(2)), Measure(0, 0).percent()
        ('86.3', '93.72', None)
        """
        return None if self.whole == 0 else rounded(Decimal(100 * self.part) / self.whole, places)


NOTHING = Measure(0, 0)
One = TypeVar("One")


def ranked(
    every: Sequence[One], measure: Callable[[One], Measure], key: Callable[[One], str]
) -> tuple[list[One], list[One]]:
    """Those with enough to compare, the best first; and the others as they come. key: orders equals."""
    many = [one for one in every if measure(one).may_be_ranked]
    others = [one for one in every if not measure(one).may_be_ranked]
    return sorted(many, key=lambda one: (-measure(one).part / measure(one).whole, key(one))), others


def rounded(value: Decimal, places: int) -> Decimal:
    """A decimal half up, as people round."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def compound_growth(before: int, after: int, years: int, places: int = 1) -> Decimal | None:
    """Growth a year in percent as interest has it: (after / before)^(1 / years) − 1; None from nothing.

    >>> str(compound_growth(564_000, 1_480_000, 6))
    '17.4'
    """
    if before <= 0 or years <= 0:
        return None
    return rounded(100 * ((Decimal(after) / before) ** (Decimal(1) / years) - 1), places)


def arithmetic_growth(before: int, after: int, years: int, places: int = 1) -> Decimal | None:
    """Growth a year in percent of the beginning: (after − before) / before / years; None from nothing.

    >>> str(arithmetic_growth(564_000, 1_480_000, 6))
    '27.1'
    """
    if before <= 0 or years <= 0:
        return None
    return rounded(100 * Decimal(after - before) / before / years, places)


@dataclass(frozen=True)
class Flow:
    """A stock over a time: what there was, what came and went, what there is; counted apart, not computed."""

    opening: int
    came: int
    went: int
    closing: int

    def __add__(self, other: Flow) -> Flow:
        return Flow(
            self.opening + other.opening,
            self.came + other.came,
            self.went + other.went,
            self.closing + other.closing,
        )

    @property
    def balances(self) -> bool:
        """Whether opening + in − out = closing."""
        return self.opening + self.came - self.went == self.closing

    @property
    def growth_percent(self) -> Decimal | None:
        """(closing − opening) / opening, in percent; None from nothing."""
        if self.opening == 0:
            return None
        return rounded(Decimal(100 * (self.closing - self.opening)) / self.opening, 1)
