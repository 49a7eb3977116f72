"""Counts in fives: what they say, and that nothing about few follows from any two of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.services.fives import Fives, fives_of
from tests.services import fives_cases as cases

KEYS = st.text("0123456789abcdef", min_size=8, max_size=8)


class AsCounted(Fives):
    """Who is told everything."""

    def of(self, count, place):
        return count

    def told(self, count, place):
        return count


@given(st.integers(0, 10**7), st.sampled_from(["140499001001", "140499"]), KEYS)
def test_a_count_is_told_as_the_five_below_or_above_it(count, place, key):
    said = Fives(key).of(count, place)

    assert said % 5 == 0
    assert abs(said - count) < 5
    assert said == Fives(key).of(count, place)


@given(st.integers(0, 10**6), KEYS)
def test_few_are_said_as_few_and_nothing_else_is(count, key):
    assert (Fives(key).told(count, "c") is None) == (0 < count < 5)


@pytest.mark.parametrize("rest", [1, 2, 3, 4])
def test_counts_are_not_bent_up_or_down(rest):
    fives = Fives("a key")
    said = [fives.of(5 * n + rest, f"c{place}") - 5 * n for n in range(60, 160) for place in range(60)]

    assert np.mean(said) == pytest.approx(rest, abs=0.13)  # four standard errors of 6,000 throws


def test_another_installation_rounds_otherwise():
    ours, theirs = Fives("ours"), Fives("theirs")

    assert [ours.of(n, "c") for n in range(300)] != [theirs.of(n, "c") for n in range(300)]


def test_an_installation_has_a_key_of_its_own_and_keeps_it(session):
    key = session.scalar(text("SELECT key FROM rounding"))

    assert len(key) == 72
    assert fives_of(session) == fives_of(session) == Fives(key)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 2**32), KEYS)
def test_days_drafts_and_files_less_each_other_tell_of_no_few(seed, key):
    cases.check_figures(cases.Days(np.random.default_rng(seed)), Fives(key))


@pytest.mark.parametrize("seed", range(20))
def test_the_same_look_finds_what_is_told_as_it_is_counted(seed):
    with pytest.raises(AssertionError, match="told"):
        cases.check_figures(cases.Days(np.random.default_rng(seed)), AsCounted("a key"))
