"""Why grids are out of band, and the remedy that was worked out: each drawn so that one is right."""

import numpy as np
import pytest

from app.geo.plots import Band
from app.geo.split import reasons
from app.reasons import REASONS, REMEDIES, remedy_words, words
from app.services.naming import Buildings, named, with_codes
from tests.geo.drawing import draw_plots

BAND = Band(300, 270, 330)


def why(drawing: str, households, names: str = ""):
    """Reasons of a drawn plan, by letter."""
    plots = draw_plots(drawing, households)
    found = reasons(plots.table, plots.grid, BAND)
    return {plots.names[number]: reason for number, reason in found.items()}


def test_of_a_building_above_the_band_the_entrances_would_help_and_into_how_many_parts():
    reason = why("A T", {"A": 300, "T": 700})["T"]

    assert (reason.code, reason.facts["plot_households"]) == ("one_plot_too_large", 700)
    assert (reason.remedy.code, reason.remedy.facts) == ("entrances", {"plot": 1, "parts": 3})


def test_an_island_whose_neighbour_takes_it_in_needs_a_bridge():
    found = why("A~B B", {"A": 60, "B": 120})  # 60 and 240 make 300

    assert found["A"].code == "component_too_small"
    assert found["A"].remedy.code == "join_across"
    facts = found["A"].remedy.facts
    assert (facts["neighbour_plot"], facts["neighbour_households"]) == (1, 240)
    assert (facts["together_households"], facts["grids"]) == (300, 1)
    assert found["B"].remedy.facts["neighbour_households"] == 60


def test_a_neighbour_with_which_it_does_not_add_up_is_no_remedy():
    found = why("A~B B", {"A": 200, "B": 150})["A"]  # 500: neither one grid nor two

    assert found.remedy.code == "accept"


def test_a_border_on_paper_is_moved_sooner_than_a_bridge_is_drawn():
    plots = draw_plots("B~A/C", {"A": 100, "B": 200, "C": 200})
    walled = plots.edges.kind == 1
    edges = type(plots.edges)(
        plots.edges.i, plots.edges.j, plots.edges.metres, plots.edges.kind, plots.edges.wall | walled
    )
    table = type(plots.table)(**{**vars(plots.table), "edges": edges})

    found = reasons(table, plots.grid, BAND)

    facts = found[0].remedy.facts
    assert (facts["neighbour_plot"], facts["line"], facts["together_households"]) == (2, 1, 300)


def test_where_a_few_live_on_their_own_a_special_grid_is_the_way():
    assert why("A . B", {"A": 40, "B": 300})["A"].remedy.code == "special_grid"
    assert why("A . B", {"A": 0, "B": 300})["A"].remedy.code == "special_grid"
    assert why("A A . B", {"A": 200, "B": 300})["A"].remedy.code == "accept"


def test_two_towers_that_block_each_other_are_proved_stuck_with_what_stands_beside():
    found = why("A T U B B B B", "1 179 174 300 300 300 300")["T"]

    assert found.code == "stuck_plots"
    assert 179 in found.facts["plots_households"]
    assert set(found.facts["beside_households"]) <= {1, 174}


def test_the_entrances_of_the_plot_that_unblocks_are_named_and_no_other():
    nothing = why("A T U B B B B", "1 179 174 300 300 300 300")[
        "T"
    ]  # 90 + 174 + 1 and 179 + 87 + 1 fall short
    beside = why("A T U B B B B", "10 181 165 300 300 300 300")["T"]  # 91 + 165 + 10 too, 181 + 83 + 10 not

    assert nothing.remedy.code == "accept"
    assert (beside.remedy.code, beside.remedy.facts["plot"]) == ("entrances", 2)


def test_what_was_not_found_says_how_far_one_looked():
    reason = why("A A B B B B C C C", 100)["B"]  # 400, between 200 and 300

    assert reason.code == "not_found"
    assert (reason.facts["neighbours"], reason.facts["adding_up"]) == (2, 1)
    assert reason.facts["plots_households"] == (100, 100, 100)
    assert reason.remedy.code == "again"
    assert (reason.remedy.facts["together_households"], reason.remedy.facts["grids"]) == (600, 2)


def test_buildings_and_grids_are_named_as_people_name_them():
    plots = draw_plots("A~T B", {"A": 60, "T": 700, "B": 300})
    buildings = Buildings(["9号楼", "12号楼", "附属"], np.array([60, 650, 50]), np.array([0, 1, 1]))

    found = named(reasons(plots.table, plots.grid, BAND), plots.grid, buildings)

    tower = found[plots.names.index("T")]
    assert words(tower.code, tower.facts).en.startswith("Building 12号楼 alone holds 650 households")
    facts = with_codes({**tower.facts, **tower.remedy.facts}, ["001", "002", "003"])
    assert "around 12号楼" in remedy_words(tower.remedy.code, facts).en


FACTS = {
    "households": 400, "least": 270, "most": 330, "component_households": 400, "plot_households": 449,
    "building": "12", "building_households": 449, "on_plot": 1, "plots_households": [179, 174],
    "buildings": ["7", "8"], "beside_households": [174, 20], "neighbours": 4, "adding_up": 2, "parts": 2,
    "neighbour": "011", "neighbour_households": 240, "together_households": 600, "grids": 2, "line": 1,
    "around": ["003", "007"],
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_is_a_sentence_without_rests(code):
    said = words(code.partition("/")[0], FACTS)

    for sentence in said:
        assert "{" not in sentence
        assert sentence[-1] in ".。"


@pytest.mark.parametrize("code", sorted(REMEDIES))
@pytest.mark.parametrize("line", [1, 6])
def test_every_remedy_is_a_sentence_without_rests(code, line):
    said = remedy_words(code.partition("/")[0], {**FACTS, "line": line})

    assert all("{" not in sentence and sentence[-1] in ".。" for sentence in said)


@pytest.mark.parametrize(
    ("neighbours", "adding_up", "en", "zh"),
    [
        (4, 2, "With 2 of 4 grids beside it, it may", "相邻4个网格中，有2个"),
        (3, 3, "With any grid beside it, it may", "任一相邻网格"),
        (3, 0, "None of the 3 grids beside it can", "相邻的3个网格已逐一验证"),
        (1, 0, "With the one grid beside it alone it cannot", "相邻网格只有一个"),
        (0, 0, "another seed or a move by hand", "换一个随机种子"),
    ],
)
def test_how_many_grids_beside_it_may_help_is_said_as_people_say_it(neighbours, adding_up, en, zh):
    said = words("not_found", {**FACTS, "neighbours": neighbours, "adding_up": adding_up})

    assert en in said.en
    assert zh in said.zh


@pytest.mark.parametrize("around", [["003"], ["003", "007"]])
def test_grids_that_shut_another_in_are_named(around):
    for worded, code in ((words, "shut_in"), (remedy_words, "unlock_beside")):
        said = worded(code, {**FACTS, "around": around})

        assert ", ".join(around) in said.en
        assert "、".join(around) in said.zh


@pytest.mark.parametrize("code", ["stuck_plots", "not_found"])
def test_what_was_looked_for_beside_locked_grids_says_so(code):
    said = words(code, FACTS)

    assert said.en.endswith("stays as it is: 003, 007.")
    assert said.zh.endswith("前提是相邻网格（003、007）保持不变。")
    without = {name: value for name, value in FACTS.items() if name != "around"}
    assert said.en.startswith(words(code, without).en)


def test_of_many_names_the_first_are_said_and_how_many_there_are():
    said = words("shut_in", {**FACTS, "around": [f"00{n}" for n in range(6)]})

    assert "000, 001, 002, 003 and 2 more" in said.en
    assert "000、001、002、003等6个" in said.zh


def test_the_reasons_of_the_issue_read_as_they_were_asked_for():
    assert words("one_plot_too_large", FACTS).en == (
        "Building 12 alone holds 449 households, more than 330; no border may cut it."
    )
    assert "7 (179), 8 (174)" in words("stuck_plots", FACTS).en
    assert "8（174户）" in words("stuck_plots", FACTS).zh
