"""Divisions of small cities stay as good as tests/golden/quality.csv; `python -m bench.golden` writes it."""

from functools import cache

import pytest

from app.geo.split import Settings
from bench import golden
from bench.cases import Case

CASES = golden.golden_cases()


@cache
def case_of(name: str) -> Case:
    return CASES[name]()


def test_the_table_has_every_case():
    assert list(golden.read()) == list(CASES)


@pytest.mark.parametrize("name", CASES)
def test_no_division_is_worse_than_it_was(name):
    found = golden.figures(case_of(name))

    assert golden.worse(found, golden.read()[name]) == []


@pytest.mark.parametrize(
    ("worsened", "fault"),
    [
        (
            {"mends": 0, "mend_rounds": 0, "settlings": 0, "sweeps": 0, "mending_sweeps": 0, "rounds": 0},
            "in_band",
        ),
        ({"shape": 0.0}, "compactness_mean"),
        ({"line": 0.0}, "street_share"),
    ],
)
def test_a_worse_engine_is_caught(worsened, fault):
    name = next(iter(CASES))

    found = golden.figures(case_of(name), Settings(**worsened))

    assert any(words.startswith(fault) for words in golden.worse(found, golden.read()[name]))
