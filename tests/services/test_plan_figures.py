import numpy as np
import pytest

from app.reasons import REASONS, words
from tests.services.plans import FIVE_GRIDS, Why, known, plan_of


def test_grids_carry_code_figures_and_reason():
    plan = plan_of("A A|B", households="150 150 331")

    a, b = plan.grids.to_dict(orient="records")

    assert (a["code"], a["households"], a["in_band"], a["reason"]) == ("1", 300, True, "")
    assert (b["code"], b["households"], b["in_band"], b["reason_code"]) == ("2", 331, False, "not_found")
    assert b["reason"].startswith("No division into 270 to 330 households was found")
    assert b["reason_zh"].startswith("此处没有找到270至330户的划法")
    assert a["neighbours"] == [1]


def test_completeness_is_asked_of_the_buildings_within():
    plan = plan_of(
        "A A|B",
        households=300,
        known=known(households_counted=[True] * 4, named=[True, False, False, True], use_known=[False] * 4),
        plot_of_building=np.array([0, 1, 2, -1]),
    )

    assert plan.grids["completeness"].tolist() == [pytest.approx(3 / 6), pytest.approx(1 / 3)]


def test_completeness_is_unknown_when_nobody_says_what_is_known():
    assert plan_of("A", households=300).grids["completeness"].isna().all()


def test_grids_of_communities_get_fifteen_digits():
    plan = plan_of("A A|B", households=300, community=["140402001001"] * 2 + ["140402001002"])

    assert plan.grids["code"].tolist() == ["140402001001001", "140402001002001"]


def test_grids_and_plots_are_sound_as_stored():
    found = plan_of(FIVE_GRIDS, households=50).soundness()

    assert found["grids"].sound
    assert found["plots"].sound
    assert (found["grids"].polygons, found["plots"].polygons) == (5, 24)


FACTS = {"households": 700, "least": 270, "most": 330, "plot_households": 500, "component_households": 40}
FACTS |= {"around": ["003"]}


@pytest.mark.parametrize("code", [code for code in REASONS if "/" not in code])
def test_every_reason_is_a_sentence_in_both_languages(code):
    said = words(code, FACTS)

    assert said.en.endswith(".")
    assert said.zh.endswith("。")
    assert "{" not in said.en + said.zh


def test_a_reason_names_its_numbers():
    reason = Why("one_plot_too_large", FACTS)

    plan = plan_of("A", households=700, reasons={0: reason})

    assert "500 households by itself, more than 330" in plan.grids["reason"][0]
