"""Golden figures of the field's own reports, and what a rate is made of."""

from decimal import Decimal

import pytest

from app.services.fives import Fives
from app.services.indicators import told
from app.services.measures import NOTHING, Flow, Measure, arithmetic_growth, compound_growth


@pytest.mark.parametrize(
    ("part", "whole", "places", "percent"),
    [
        (382, 460, 1, "83.0"),
        (69, 80, 1, "86.3"),
        (69, 80, 2, "86.25"),
        (911, 972, 2, "93.72"),
        (737, 972, 2, "75.82"),
        (1, 8, 2, "12.50"),
        (1, 2000, 1, "0.1"),  # half up: 0.05 is not rounded to even
        (0, 5, 1, "0.0"),
        (5, 5, 1, "100.0"),
    ],
)
def test_a_rate_is_rounded_once_and_half_up(part, whole, places, percent):
    assert str(Measure(part, whole).percent(places)) == percent


def test_of_nothing_there_is_no_rate():
    assert NOTHING.percent() is None


@pytest.mark.parametrize(("whole", "ranked"), [(1, False), (19, False), (20, True)])
def test_fewer_than_twenty_are_not_ranked(whole, ranked):
    assert Measure(whole, whole).may_be_ranked is ranked


@pytest.mark.parametrize(("part", "whole"), [(-1, 2), (3, 2)])
def test_no_more_than_all_can_be_counted(part, whole):
    with pytest.raises(ValueError, match="no share"):
        Measure(part, whole)


def test_neither_way_of_growing_gives_what_was_reported():
    """From 564,000 to 1,480,000 in six years was told as 23.2 % a year."""
    assert compound_growth(564_000, 1_480_000, 6) == Decimal("17.4")
    assert arithmetic_growth(564_000, 1_480_000, 6) == Decimal("27.1")
    assert compound_growth(0, 5, 1) is None
    assert arithmetic_growth(0, 5, 1) is None


@pytest.mark.parametrize(
    ("flow", "balances"), [(Flow(13_120, 299, 4, 13_415), True), (Flow(13_120, 299, 4, 13_423), False)]
)
def test_opening_and_in_less_out_is_closing(flow, balances):
    assert flow.balances is balances


def test_growth_of_a_flow_says_nothing_of_nothing():
    assert Flow(0, 3, 0, 3).growth_percent is None
    assert Flow(200, 3, 0, 203).growth_percent == Decimal("1.5")


@pytest.mark.parametrize(
    ("part", "whole", "is_told"), [(0, 4, False), (0, 5, True), (1, 6, True), (5, 6, True), (0, 0, True)]
)
def test_leaders_are_told_nothing_of_fewer_than_five(part, whole, is_told):
    said = told(Measure(part, whole), "c", Fives("a key"))

    assert (said is not None) is is_told
    assert said is None or (said.part % 5, said.whole % 5) == (0, 0)
