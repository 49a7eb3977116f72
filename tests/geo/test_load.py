"""A formula over plot columns is arithmetic and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal
from app.geo.split.load import COLUMNS, KNOWN, columns_of, read_formula

PLOTS = columns_of(np.array([10, 0, 300]), np.array([1, 0, 2]), np.array([5_000.0, 20_000.0, 100.0]))


@pytest.mark.parametrize(
    ("formula", "loads"),
    [
        ("households", [10, 0, 300]),
        ("households + 0.5*buildings", [10.5, 0, 301]),
        ("households + 10*area_ha", [15, 20, 300.1]),
        ("max(households, 50*buildings)", [50, 0, 300]),
        ("min(households, 40, 100) / 4", [2.5, 0, 10]),
        ("-(0 - households) * +2", [20, 0, 600]),
        ("households/3", [3.333, 0, 100]),
        ("7", [7, 7, 7]),
    ],
)
def test_a_formula_is_worked_out_for_every_plot_in_thousandths(formula, loads):
    assert read_formula(formula).of(PLOTS).tolist() == loads


@pytest.mark.parametrize(
    ("formula", "part"),
    [
        ("", ""),
        ("households +", ""),
        ("households + rent", "rent"),
        ("__import__('os').system('true')", "__import__('os').system('true')"),
        ("households.__class__", "households.__class__"),
        ("(lambda: 1)()", "(lambda: 1)()"),
        ("[households for households in (1,)]", "[households for households in (1,)]"),
        ("households ** 9999", "households ** 9999"),
        ("households // 2", "households // 2"),
        ("households if 1 else 2", "households if 1 else 2"),
        ("max(*households)", "*households"),
        ("max(households, key=min)", "max(households, key=min)"),
        ("max()", "max()"),
        ("open('x')", "open('x')"),
        ("'households'", "'households'"),
        ("True", "True"),
        ("1e308", "1e308"),
        ("households and 1", "households and 1"),
        ("households < 3", "households < 3"),
        ("1j", "1j"),
        ("9" * 199, "9" * 40),
    ],
)
def test_what_is_no_arithmetic_is_refused_and_named(formula, part):
    with pytest.raises(Refusal) as refused:
        read_formula(formula)

    assert refused.value.code == "formula_malformed"
    assert part in str(refused.value.facts["part"])


@pytest.mark.parametrize(
    "formula", ["(" * 90 + "1" + ")" * 90, "-" * 100 + "1", "1+" * 120 + "1", "\0", "a" * 9_999]
)
def test_deep_and_long_formulas_are_refused_and_not_run_into(formula):
    try:
        read_formula(formula)
    except Refusal as refused:
        assert refused.code == "formula_malformed"


def test_a_plot_without_a_load_refuses_the_formula():
    with pytest.raises(Refusal) as divided:
        read_formula("households / buildings").of(PLOTS)
    with pytest.raises(Refusal) as negative:
        read_formula("households - 100*buildings").of(PLOTS)

    assert divided.value.code == "formula_without_value"
    assert (negative.value.code, negative.value.facts["least"]) == ("formula_below_zero", -90.0)


@pytest.mark.parametrize(
    "formula", ["households + 2*open_hazards", "rental_rooms", "max(1, visits_due)", "0*open_hazards + 1"]
)
def test_a_column_that_nobody_has_counted_is_refused_by_name(formula):
    with pytest.raises(Refusal) as refused:
        read_formula(formula).of(PLOTS)

    assert refused.value.code == "formula_column_unknown"
    assert refused.value.facts["column"] in formula
    assert tuple(PLOTS) == KNOWN


@pytest.mark.parametrize("formula", ["0", "households - households", "area_ha / 1000000"])
def test_a_formula_that_is_0_everywhere_is_refused(formula):
    with pytest.raises(Refusal) as refused:
        read_formula(formula).of(PLOTS)

    assert refused.value.code == "formula_without_load"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        loads = read_formula(text).of(PLOTS)
    except Refusal as refused:
        assert refused.code.startswith("formula_")
    else:
        assert len(loads) == 3
        assert (loads >= 0).all()


@given(
    st.lists(
        st.sampled_from([*COLUMNS, "+", "-", "*", "/", "(", ")", ",", "min", "max", "2", ".5"]), max_size=12
    )
)
def test_any_words_of_the_language_are_read_or_refused(words):
    try:
        read_formula(" ".join(words)).of(PLOTS)
    except Refusal as refused:
        assert refused.code.startswith("formula_")
