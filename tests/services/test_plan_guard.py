"""What who only looks at plans is told of households: fives, and of no single building."""

import pytest

from app import reasons
from app.services import plan_guard
from app.services.fives import Fives
from app.services.plan_guard import Told

FIVES = Fives("a key")
IDS = {"1": 1, "2": 2, "3": 3}


def told(*known, by_formula=False):
    """Of grids 1, 2 and 3 of one community, of which some are known."""
    communities = {**dict.fromkeys(IDS, "c"), **dict.fromkeys(IDS.values(), "c")}
    names = frozenset(name for code in known for name in (code, IDS[code]))
    return Told(names, FIVES, {1: 297, 2: 3, 3: 0}, communities, "d", by_formula)


def five(count, place="c"):
    return FIVES.told(count, place)


def test_who_manages_is_told_everything_as_it_is_counted():
    assert plan_guard.ALL.is_all
    assert plan_guard.ALL.of_grid(7, 3) == 3
    assert plan_guard.ALL.of(3) == 3


def test_a_grid_is_told_the_same_by_id_and_code_and_the_own_grid_exactly():
    seen = told("1")

    assert seen.of_grid(1, 297) == seen.of_grid("1", 297) == 297
    assert seen.of_grid(2, 297) == seen.of_grid("2", 297) == five(297)
    assert seen.of_grid(2, 3) is None
    assert not seen.is_all
    assert seen.drawn == {1: five(297), 2: None, 3: 0}


def compared():
    rows = [
        {
            "code": code, "state": "kept", "before_id": IDS[code], "after_id": IDS[code],
            "households_before": 301, "households_after": 304,
            "households_gained": 4, "households_lost": 1,
        }
        for code in IDS
    ]  # fmt: skip
    flows = [
        {"from": "2", "to": "1", "households": 4, "buildings": 1},
        {"from": None, "to": "3", "households": 9, "buildings": 2},
    ]
    person = {f"households_{name}": 603 for name in ("before", "after", "gained", "lost")}
    people = [{"grids": ["1"], **person}]
    sums = {"households": 912, "households_moved": 12}
    return {**sums, "grids": rows, "coordinators": people, "flows": flows}


def test_two_plans_beside_each_other_are_in_fives_all_through():
    said = plan_guard.comparison_told(compared(), told(), told())

    assert (said["households"], said["households_moved"]) == (five(912, "d"), five(12, "d"))
    for row in said["grids"]:
        assert (row["households_before"], row["households_after"]) == (five(301), five(304))
        assert row["households_gained"] is row["households_lost"] is None
    assert [flow["households"] for flow in said["flows"]] == [None, five(9)]
    assert [flow["buildings"] for flow in said["flows"]] == [1, 2]
    assert said["coordinators"][0]["households_after"] == five(603, "d")
    assert plan_guard.comparison_told(compared(), plan_guard.ALL, plan_guard.ALL) == compared()


def test_a_new_grid_has_no_count_before_and_the_own_one_is_exact():
    found = compared()
    found["grids"][1] |= {"before_id": None, "households_before": None}

    said = plan_guard.comparison_told(found, told("1"), told("1"))["grids"]

    assert (said[0]["households_before"], said[0]["households_after"]) == (301, 304)
    assert said[1]["households_before"] is None


def test_the_own_grid_keeps_what_it_gains_and_loses():
    row = plan_guard.comparison_told(compared(), told("1"), told("1"))["grids"][0]

    assert (row["households_gained"], row["households_lost"]) == (4, 1)


def test_what_a_formula_makes_of_a_grid_is_not_told():
    """Ten times the households, in fives, are the households."""
    facts = {"component_households": 410, "least": 270}
    why = reasons.sentences("component_too_small", {"reason_facts": facts}, 41)
    seen = told("1", by_formula=True)

    assert plan_guard.deviation_told(2970, 300, seen, 2) is None
    assert plan_guard.deviation_told(330, 300, seen, 1) == 0.1
    assert seen.held(2, 2970) is None
    assert plan_guard.reason_told(why, seen, 2)["reason"] | {"code": 0} == {
        "code": 0,
        "facts": {},
        "sentence": None,
    }


def test_ground_that_changes_hands_is_in_fives_and_few_are_not_told():
    features = [
        {"properties": {"from": was, "to": now, "households": n, "buildings": 1}}
        for was, now, n in (("2", "1", 2), ("1", "2", 3), ("1", "3", 41))
    ]

    said = plan_guard.differences_told({"features": features, "households": 44}, told(), told())

    assert [one["properties"]["households"] for one in said["features"]] == [five(41), None, None]
    assert [one["properties"]["to"] for one in said["features"]] == ["3", "2", "1"]  # not by two and three
    assert said["households"] == five(44, "d")


def test_several_times_on_the_same_ground_are_in_fives():
    gone = {"astride_plots": 2, "astride_households": 3}
    times = [
        {"households": n, "grids": [{"grid": 2, "households": n}], "not_comparable": gone} for n in (101, 103)
    ]

    said = plan_guard.same_ground_told({"times": times}, told())["times"]

    assert [one["grids"][0]["households"] for one in said] == [five(101), five(103)]
    assert said[0]["not_comparable"] == {"astride_plots": 2, "astride_households": None}


@pytest.mark.parametrize(("count", "is_told"), [(41, True), (3, False)])
def test_a_reason_is_worded_anew_in_fives(count, is_told):
    facts = {"component_households": count, "least": 270}
    said = reasons.sentences("component_too_small", {"reason_facts": facts}, count)

    heard = plan_guard.reason_told(said, told(), "2")["reason"]

    if is_told:
        assert heard["facts"]["component_households"] == five(41)
        assert f"{five(41)} households" in heard["sentence"]["en"]
        assert f"{five(41)}户" in heard["sentence"]["zh"]
    else:
        assert (heard["facts"], heard["sentence"]) == ({}, None)
    assert plan_guard.reason_told(said, told("2"), "2") == said


def test_a_certificate_is_in_fives_and_has_no_mark_that_holds_a_count():
    out = {"code": "2", "households": 41, "deviation": -0.8633, "reason": None, "remedy": None}
    made = {
        "band": {"target": 300, "least": 270, "most": 330},
        "sizes": {"min": 41, "median": 301.5, "mean": 220.33, "max": 321, "households": 661, "in_band": 2},
        "checks": {"households_in_all": 661, "gap_m2": 0.0},
        "divided": [{"building": "b", "entrances": [{"households": 12, "grid": "1"}]}],
        "out_of_band": [out],
        "faults": [
            {"code": "building_in_no_grid", "facts": {"households": 2}, "sentence": {"en": "2"}},
            {"code": "gap", "facts": {"m2": 3.0}, "sentence": {"en": "3 m²"}},
        ],
        "grids": [
            {"code": code, "households": n, "sha256": mark}
            for code, n, mark in (("1", 299, "a"), ("2", 41, "b"), ("3", 321, "c"))
        ],
        "sha256": "abc",
    }

    said = plan_guard.certificate_told(made, told("1"))

    assert [row["households"] for row in said["grids"]] == [299, five(41), five(321)]
    assert [row["sha256"] for row in said["grids"]] == ["a", None, None]
    assert said["sha256"] is None
    assert said["sizes"]["min"] == five(41)
    assert said["sizes"]["in_band"] == 2
    assert all(said["sizes"][name] % 5 == 0 for name in plan_guard.OVER_ALL)
    assert said["checks"] == {"households_in_all": five(661, "d"), "gap_m2": 0.0}
    assert said["out_of_band"][0]["deviation"] == round(five(41) / 300 - 1, 4)
    assert [fault["sentence"] for fault in said["faults"]] == [None, {"en": "3 m²"}]
    assert said["divided"][0]["entrances"][0] == {"households": None, "grid": "1"}
    assert plan_guard.certificate_told(made, plan_guard.ALL) == made
    weighed = plan_guard.certificate_told(made, told(by_formula=True))
    assert [weighed["sizes"][name] for name in plan_guard.OVER_ALL] == [None] * 4
    assert weighed["out_of_band"][0]["deviation"] is None
    uncounted = made | {"checks": {"households_in_all": None}}
    assert plan_guard.certificate_told(uncounted, told())["checks"]["households_in_all"] is None
