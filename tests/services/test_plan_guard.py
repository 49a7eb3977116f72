"""What who only looks at plans is told of households: nothing of few, however sums are subtracted."""

import itertools

import numpy as np
import pytest

from app.services import plan_guard
from app.services.guard_five import shown
from app.services.plan_guard import Told

COMMUNITIES = ("1.1", "1.2")


class Town:
    """Pieces of ground that a grid in force and a grid of a draft have in common, with their households.

    Grids are known by code; each lies in one of two communities.
    """

    def __init__(self, rng):
        self.community = {code: COMMUNITIES[at % 2] for at, code in enumerate("ABCDEF")}
        sizes = [0, 1, 2, 3, 4, 5, 6, 9, 30, 80]
        self.pieces = []
        for was in "ABCDEF":
            for code in "ABCDEF":
                same_place = self.community[was] == self.community[code]
                if same_place and (was == code or rng.random() < 0.35):
                    self.pieces.append((was, code, int(rng.choice(sizes))))
        self.sizes = np.array([households for _, _, households in self.pieces])

    def of(self, wanted):
        """The pieces for which this is so, as nought and one for each."""
        return np.array([int(wanted(was, code)) for was, code, _ in self.pieces])

    def plan(self, side):
        """Households of each grid of the plan in force (0) or of the draft (1)."""
        return {code: int(self.sizes @ self.of(lambda *pair, c=code: pair[side] == c)) for code in "ABCDEF"}

    def told_of(self, side, withheld=frozenset()):
        households = self.plan(side)
        codes = list(households)
        is_told, apart = plan_guard.grids_told(
            [self.community[code] for code in codes],
            list(households.values()),
            [c in withheld for c in codes],
        )
        hidden = frozenset(at for at, told in enumerate(is_told) if not told)
        return Told(frozenset(), hidden, apart)


def compared(town):
    """A comparison as the service has it; grids are numbered as their codes are."""
    before, after = town.plan(0), town.plan(1)
    flows = [
        {"from": was, "to": code, "households": n, "buildings": 1}
        for was, code, n in town.pieces
        if was != code
    ]

    def of(code, end):
        return sum(flow["households"] for flow in flows if flow[end] == code)

    rows = [
        {
            "code": code,
            "state": "kept",
            "before_id": at,
            "after_id": at,
            "households_before": before[code],
            "households_after": after[code],
            "households_gained": of(code, "to"),
            "households_lost": of(code, "from"),
        }
        for at, code in enumerate("ABCDEF")
    ]
    people = []
    for grids in ("AC", "BE", "DF"):
        mine = [row for row in rows if row["code"] in grids]
        names = [f"households_{name}" for name in ("before", "after", "gained", "lost")]
        sums = {name: sum(row[name] for row in mine) for name in names}
        people.append({"grids": list(grids), "grids_void": [], **sums})
    moved = sum(flow["households"] for flow in flows)
    whole = int(town.sizes.sum())
    return {
        "households": whole,
        "households_moved": moved,
        "grids": rows,
        "flows": flows,
        "coordinators": people,
    }


def told_sums(town, guarded):
    """Everything a leader reads of both plans, each as the pieces it is a sum of."""
    before = town.told_of(0)
    hidden = frozenset("ABCDEF"[at] for at in before.hidden)
    after = town.told_of(1, plan_guard.astir(town.pieces, hidden))
    found = compared(town)
    said = plan_guard.comparison_told(found, before, after) if guarded else found
    sums = []
    for row in said["grids"]:
        code = row["code"]
        ways = {
            "before": lambda was, _, c=code: was == c,
            "after": lambda _, now, c=code: now == c,
            "gained": lambda was, now, c=code: now == c != was,
            "lost": lambda was, now, c=code: was == c != now,
        }
        sums += [town.of(way) for name, way in ways.items() if row[f"households_{name}"] is not None]
        for person in said["coordinators"]:
            if code == person["grids"][0]:
                for name, way in ways.items():
                    if person[f"households_{name}"] is not None:
                        other = person["grids"][1]
                        swapped = {
                            "before": lambda was, _, c=other: was == c,
                            "after": lambda _, now, c=other: now == c,
                            "gained": lambda was, now, c=other: now == c != was,
                            "lost": lambda was, now, c=other: was == c != now,
                        }[name]
                        sums.append(town.of(way) + town.of(swapped))
    for flow in said["flows"]:
        if flow["households"] is not None:
            sums.append(town.of(lambda was, now, f=flow: (was, now) == (f["from"], f["to"])))
    if said["households_moved"] is not None:
        sums.append(town.of(lambda was, now: was != now))
    for community in COMMUNITIES:
        whole = town.of(lambda was, _, c=community: town.community[was] == c)
        if not guarded or shown(int(town.sizes @ whole)) is not None:
            sums.append(whole)
    return np.array(sums)


def reckoned(town, sums):
    """Pieces with fewer than five households together whose sum follows from what is told; None: no such."""
    lived_in = np.flatnonzero(town.sizes > 0)
    rank = np.linalg.matrix_rank(sums[:, lived_in])
    small = [at for at in range(len(lived_in)) if town.sizes[lived_in[at]] < 5]
    for count in (1, 2, 3, 4):
        for some in itertools.combinations(small, count):
            wanted = np.isin(np.arange(len(lived_in)), some).astype(int)
            if town.sizes[lived_in[list(some)]].sum() < 5:
                more = np.vstack([sums[:, lived_in], wanted])
                if np.linalg.matrix_rank(more) == rank:
                    return [town.pieces[lived_in[at]] for at in some]
    return None


def test_nothing_about_few_follows_from_two_plans_side_by_side():
    for number in range(120):
        town = Town(np.random.default_rng([29, number]))

        assert reckoned(town, told_sums(town, guarded=True)) is None, (number, town.pieces)


def test_the_same_subtraction_finds_somebody_where_all_is_told():
    towns = [Town(np.random.default_rng([29, number])) for number in range(20)]

    assert sum(reckoned(town, told_sums(town, guarded=False)) is not None for town in towns) > 15


def test_most_of_two_plans_is_told_where_many_live_everywhere():
    town = Town(np.random.default_rng(3))
    town.pieces = [(was, code, 40) for was, code, _ in town.pieces]
    town.sizes = np.full(len(town.pieces), 40)

    told = plan_guard.comparison_told(compared(town), town.told_of(0), town.told_of(1))

    assert told == compared(town)


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [
        ({"households": 60, "component_households": 60}, True),
        ({"households": 60, "building_households": 57}, False),  # the rest are three
        ({"households": 60, "plots_households": [30, 20], "beside_households": [2, 40]}, False),
        ({"households": 60, "plots_households": [30, 20]}, True),
    ],
)
def test_a_reason_says_nothing_of_few(facts, is_told):
    reason = {"code": "stuck_plots", "facts": facts, "sentence": {"en": "…", "zh": "…"}}

    said = plan_guard.reason_told({"reason": reason, "remedy": None}, 60, True)
    beside_hidden = plan_guard.reason_told({"reason": reason, "remedy": None}, 60, False)

    assert (
        beside_hidden["reason"]["sentence"] is None
    )  # with a neighbour's count it would tell the neighbour's
    assert said["remedy"] is None
    assert said["reason"] == (reason if is_told else {**reason, "facts": {}, "sentence": None})


def test_a_count_that_grew_by_few_is_told_when_it_grew_by_more():
    def time(*households):
        rows = [{"grid": grid, "households": n, "buildings": 9} for grid, n in enumerate(households)]
        gone = {"astride_plots": 2, "astride_households": 3}
        return {"households": sum(households), "grids": rows, "not_comparable": gone}

    found = {"times": [time(100, 200), time(102, 200), time(106, 200)]}

    said = plan_guard.same_ground_told(found, Told(frozenset()))["times"]

    assert [[row["households"] for row in one["grids"]] for one in said] == [
        [100, 200],
        [None, 200],
        [106, 200],
    ]
    assert [one["households"] for one in said] == [300, None, 306]
    assert said[0]["not_comparable"] == {"astride_plots": 2, "astride_households": None}


def test_ground_that_few_live_on_is_drawn_without_a_count():
    pairs = {("A", "B"): 3, ("A", "C"): 40, ("D", "B"): 50, ("E", "F"): 60}
    features = [
        {"properties": {"from": was, "to": now, "households": n, "buildings": 1}}
        for (was, now), n in pairs.items()
    ]

    said = plan_guard.differences_told({"features": features, "households": 153}, Told(frozenset()), {"B"})

    assert [one["properties"]["households"] for one in said["features"]] == [None, None, None, 60]
    assert said["households"] is None


def test_a_certificate_tells_nothing_of_grids_that_are_not_told():
    made = {
        "sizes": {"min": 40, "median": 300, "mean": 220.0, "max": 320, "households": 660},
        "checks": {"households_in_all": 660},
        "divided": [{"building": "b", "entrances": [{"households": 12, "grid": "1"}]}],
        "out_of_band": [
            {"code": "2", "households": 40, "deviation": -0.9, "reason": {"sentence": {}}, "remedy": None},
            {
                "code": "3",
                "households": 320,
                "deviation": 0.07,
                "reason": None,
                "remedy": {"facts": {"neighbour": "2", "together_households": 360}, "sentence": {}},
            },
        ],
        "faults": [
            {"code": "building_in_no_grid", "facts": {"households": 2}, "sentence": {"en": "2"}},
            {"code": "gap", "facts": {"m2": 3.0}, "sentence": {"en": "3 m²"}},
        ],
        "grids": [
            {"code": "1", "households": 300, "sha256": "a"},
            {"code": "2", "households": 40, "sha256": "b"},
            {"code": "3", "households": 320, "sha256": "c"},
        ],
        "sha256": "abc",
    }

    said = plan_guard.certificate_told(made, Told(frozenset(), frozenset({7})), frozenset({"2"}))

    assert [row["households"] for row in said["grids"]] == [300, None, 320]
    assert [row["sha256"] for row in said["grids"]] == ["a", None, "c"]  # a mark holds its count
    assert [said["sizes"][name] for name in ("min", "median", "mean", "max")] == [None] * 4
    assert said["sha256"] is None
    assert [row["code"] for row in said["out_of_band"]] == ["3", "2"]
    assert said["out_of_band"][0]["remedy"] == {"facts": {}, "sentence": None}
    assert [said["out_of_band"][1][name] for name in ("households", "deviation", "reason")] == [None] * 3
    assert [fault["sentence"] for fault in said["faults"]] == [None, {"en": "3 m²"}]
    assert said["divided"][0]["entrances"][0] == {"households": None, "grid": "1"}
    assert plan_guard.certificate_told(made, plan_guard.ALL, frozenset()) == made
