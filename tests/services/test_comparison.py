"""What changes from one plan to another: drawn on two communities of four plots with 75 households each."""

import pytest
import shapely
from sqlalchemy import text

from app.errors import Refusal
from app.models import Person, Plot, Tessellation, TessellationPlot
from app.services import comparison
from tests.services.ground_in_database import DISTRICT, EAST_CODE, given_plan, square, stored
from tests.services.test_schema_plans import publish

WHERE = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (3, 0), (2, 1), (3, 1)]  # column and row of each plot


@pytest.fixture
def two(session):
    """Make a plan in force and a draft beside it from letters; grids keep their numbers by letter order."""

    def make(before, after):
        ground = given_plan(session, before)
        first, own = ground.plan, dict(ground.grids)
        for letter, grid in own.items():
            where = [WHERE[n] for n, name in enumerate(before.replace(" ", "")) if name == letter]
            grid.outline = stored(shapely.union_all([square(*spot) for spot in where]), many=True)
        session.flush()
        publish(session, first)
        ground.plan, ground.grids = None, {}
        given_plan(session, after, ground=ground)
        return first.id, ground.plan.id, own, ground

    return make


def given_duty(session, grid, person):
    duty = "INSERT INTO duty (grid_id, person_id, kind, during) VALUES (:g, :p, 'primary', '[2020-01-01,)')"
    session.execute(text(duty), {"g": grid.id, "p": person.id})


def by_code(compared):
    return {grid["code"]: grid for grid in compared["grids"]}


def test_nothing_changes_between_equal_plans(session, two):
    before, after, *_ = two("AABB CCCC", "AABB CCCC")

    compared = comparison.compare(session, before, after)

    assert (compared["households_moved"], compared["buildings_moved"]) == (0, 0)
    assert (compared["grids_kept"], compared["grids_new"], compared["grids_void"]) == (3, 0, 0)
    assert compared["flows"] == compared["coordinators"] == []


def test_a_plot_that_moves_takes_its_households_along(session, two):
    before, after, *_ = two("AABB CCCC", "AAAB CCCC")

    compared = comparison.compare(session, before, after)

    assert compared["flows"] == [{"from": "2", "to": "1", "households": 75, "buildings": 1}]
    assert compared["households"] == 600
    assert compared["households_moved"] == 75
    grids = by_code(compared)
    assert (grids["1"]["households_gained"], grids["2"]["households_lost"]) == (75, 75)
    assert (grids["1"]["households_before"], grids["1"]["households_after"]) == (150, 225)


def test_grids_are_new_or_void_by_their_code(session, two):
    before, after, *_ = two("AABB CCCC", "AAAA BBBB")

    compared = comparison.compare(session, before, after)

    assert {code: grid["state"] for code, grid in by_code(compared).items()} == {
        "1": "kept",
        "2": "kept",
        "3": "void",
    }
    assert compared["households_moved"] == 150 + 300


def test_coordinators_are_told_of_what_they_gain_and_lose(session, two):
    before, after, grids, _ = two("AABB CCCC", "AAAB CCCC")
    people = [Person(account=name.lower(), name=name) for name in ("Li", "Wang", "Zhao")]
    session.add_all(people)
    session.flush()
    for person, letter in zip(people, "ABC", strict=True):
        given_duty(session, grids[letter], person)

    told = comparison.compare(session, before, after)["coordinators"]

    assert [(one["name"], one["households_before"], one["households_after"]) for one in told] == [
        ("Li", 150, 225),
        ("Wang", 150, 75),
    ]


def test_two_coordinators_of_one_name_are_two(session, two):
    before, after, grids, _ = two("AABB CCCC", "AAAB CCCC")
    people = [Person(account=account, name="李伟") for account in ("li1", "li2")]
    session.add_all(people)
    session.flush()
    for person, letter in zip(people, "AB", strict=True):
        given_duty(session, grids[letter], person)

    told = comparison.compare(session, before, after)["coordinators"]

    assert [(one["name"], one["grids"]) for one in told] == [("李伟", ["1"]), ("李伟", ["2"])]


def test_ground_that_is_new_is_compared_by_where_it_lies(session, two):
    before, _, _, ground = two("AABB CCCC", "AABB CCCC")
    place = ground.places[DISTRICT].id
    newer = Tessellation(place_id=place, version=2)
    # The plot in the north-west is another one now: same ground, new row.
    fresh = Plot(
        community_id=ground.plots[0].community_id,
        geometry=stored(square(0, 0)),
        area_m2=10_000,
        perimeter_m=400,
    )
    session.add_all([newer, fresh])
    session.flush()
    ground.plots = [fresh, *ground.plots[1:]]
    session.add_all(
        TessellationPlot(tessellation_id=newer.id, plot_id=plot.id, households=80, buildings=1)
        for plot in ground.plots
    )
    session.flush()
    ground.tessellation, ground.plan, ground.grids = newer, None, {}
    given_plan(session, "AABB CCCC", ground=ground)

    compared = comparison.compare(session, before, ground.plan.id)

    assert not compared["same_ground"]
    assert compared["households"] == 8 * 80
    assert (compared["households_moved"], compared["flows"]) == (0, [])


def test_only_the_grids_of_ones_places_are_told_of(session, two):
    before, after, *_ = two("AABB CCCC", "AAAB CCCC")

    compared = comparison.compare(session, before, after, [f"{DISTRICT}.{EAST_CODE}"])

    assert [grid["code"] for grid in compared["grids"]] == ["3"]
    assert (compared["households"], compared["households_moved"]) == (300, 0)


def test_the_plan_in_force_is_what_a_draft_is_compared_with(session, two):
    before, after, *_ = two("AABB CCCC", "AAAB CCCC")

    assert comparison.plan_before(session, after) == before
    assert comparison.plan_before(session, before) is None


def test_a_plan_that_was_published_is_compared_with_the_one_before_it_and_its_coordinators(session, two):
    before, after, grids, _ = two("AABB CCCC", "AAAB CCCC")
    li, wang = (Person(account=name.lower(), name=name) for name in ("Li", "Wang"))
    session.add_all([li, wang])
    session.flush()
    given_duty(session, grids["A"], li)
    given_duty(session, grids["B"], wang)
    foretold = comparison.compare(session, before, after)
    ends = ("UPDATE duty SET during = tstzrange(lower(during), now())", RETIRES, PUBLISHES)
    for statement in ends:
        session.execute(text(statement), {"before": before, "after": after})

    assert comparison.plan_before(session, after) == before
    assert comparison.plan_before(session, before) is None
    assert comparison.compare(session, before, after) == foretold
    assert [one["name"] for one in foretold["coordinators"]] == ["Li", "Wang"]


RETIRES = "UPDATE plan SET state = 'retired', retired_at = now() WHERE id = :before"
PUBLISHES = "UPDATE plan SET state = 'published', published_at = clock_timestamp() WHERE id = :after"


def test_a_draft_is_discarded_at_the_version_one_saw(session):
    ground = given_plan(session)
    with pytest.raises(Refusal) as stale:
        comparison.retire_draft(session, ground.plan.id, 7, None)
    comparison.retire_draft(session, ground.plan.id, ground.plan.version, None)
    session.refresh(ground.plan)
    with pytest.raises(Refusal) as over:
        comparison.retire_draft(session, ground.plan.id, ground.plan.version, None)

    assert (stale.value.code, over.value.code) == ("plan_changed", "plan_not_draft")
    assert ground.plan.state == "retired"


def test_plans_of_two_places_are_not_compared(session, two):
    before, *_ = two("AABB CCCC", "AABB CCCC")

    with pytest.raises(Refusal) as caught:
        comparison.compare(session, before, 10**9)

    assert caught.value.code == "plans_not_comparable"
