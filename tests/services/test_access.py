"""Roles hold for their place and all beneath it; what an object belongs to is found in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.models import Building, Person, Role
from app.services.access import (
    ANYBODY,
    MANAGERS,
    PLACES,
    SIGNED_IN,
    Actor,
    Grant,
    Rule,
    allow,
    allow_there,
    enter_scope,
    paths_of,
)
from tests.services.ground_in_database import DISTRICT, EAST_CODE, WEST_CODE, given_plan, square, stored
from tests.services.refusals import refused

EAST, WEST = f"{DISTRICT}.{EAST_CODE}", f"{DISTRICT}.{WEST_CODE}"


def someone(*grants):
    return Actor(1, "someone", "Someone", tuple(Grant(kind, path) for kind, path in grants))


@pytest.mark.parametrize(
    ("held", "asked", "covers", "touches"),
    [
        (DISTRICT, DISTRICT, True, True),
        (DISTRICT, EAST, True, True),
        (EAST, DISTRICT, False, True),
        (EAST, WEST, False, False),
        ("140498", EAST, False, False),
        ("14049", DISTRICT, False, False),
        (None, DISTRICT, True, True),
        (None, None, True, True),
        (DISTRICT, None, False, True),
    ],
)
def test_a_role_covers_its_place_and_touches_what_holds_it(held, asked, covers, touches):
    manager = someone(("manager", held))

    assert manager.covers(MANAGERS, asked) is covers
    assert manager.touches(MANAGERS, asked) is touches


def test_the_right_role_in_the_wrong_place_and_the_wrong_role_in_the_right_one_are_no_right():
    both = someone(("manager", EAST), ("leader", WEST))

    assert not both.covers(MANAGERS, WEST)


@pytest.mark.parametrize(
    ("grants", "scope"),
    [
        ([], ()),
        ([("leader", EAST)], (EAST,)),
        ([("leader", EAST), ("manager", DISTRICT)], (DISTRICT,)),
        ([("leader", EAST), ("leader", WEST)], (EAST, WEST) if EAST < WEST else (WEST, EAST)),
        ([("leader", EAST), ("administrator", None)], None),
    ],
)
def test_the_scope_is_the_places_of_all_roles_each_once(grants, scope):
    assert someone(*grants).scope == scope


def test_a_role_that_is_not_asked_for_is_refused():
    assert refused(allow, someone(("leader", None)), Rule(MANAGERS)) == "not_allowed"
    assert refused(allow, someone(), Rule(MANAGERS)) == "not_allowed"
    allow(someone(), Rule(SIGNED_IN))
    allow(someone(), Rule(ANYBODY))


def test_whoever_has_no_role_reaches_no_object(session):
    given_plan(session)

    rule = Rule(SIGNED_IN, at="place", how="touches")

    assert refused(allow_there, session, someone(), rule, {"code": DISTRICT}) == "not_in_scope"


def test_objects_lead_to_their_places(session):
    ground = given_plan(session)
    grid = ground.grids["A"]
    house = square(2, 0).buffer(-0.0002)
    building = Building(
        place_id=ground.places[DISTRICT].id,
        code="1",
        households=1,
        households_source="register",
        geometry=stored(house, many=True),
        position=stored(house.centroid),
    )
    session.add(building)
    session.flush()

    assert paths_of(session, PLACES["place"], EAST_CODE) == [EAST]
    assert paths_of(session, PLACES["plan"], ground.plan.id) == [DISTRICT]
    assert paths_of(session, PLACES["grid"], grid.id) == [WEST]
    assert paths_of(session, PLACES["building"], building.id) == [EAST]


def test_a_person_belongs_to_all_places_of_their_roles_also_those_that_are_over(session):
    ground = given_plan(session)
    person = Person(account="p", name="P")
    session.add(person)
    session.flush()
    assert paths_of(session, PLACES["person"], person.id) == [None]

    session.add(Role(person_id=person.id, kind="leader", place_id=ground.places[EAST_CODE].id))
    session.add(
        Role(person_id=person.id, kind="manager", place_id=ground.places[WEST_CODE].id, until="2020-01-01")
    )
    session.flush()

    assert set(paths_of(session, PLACES["person"], person.id)) == {EAST, WEST}


@pytest.mark.parametrize("name", [name for name, place_of in PLACES.items() if place_of.question])
@pytest.mark.parametrize("value", [0, -1, 2**63, 10**30])
def test_what_is_not_there_is_not_found(session, name, value):
    given_plan(session)
    wanted = str(value) if name == "place" else value

    assert refused(paths_of, session, PLACES[name], wanted) == "not_found"


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (None, ""),
        (someone(), ""),
        (someone(("leader", EAST)), EAST),
        (someone(("administrator", None)), DISTRICT),
    ],
)
def test_the_transaction_is_told_the_scope_and_nothing_is_left_of_an_earlier_one(session, actor, seen):
    given_plan(session)
    enter_scope(session, someone(("leader", "140498")))

    enter_scope(session, actor)

    assert session.scalar(text("SELECT current_setting('gridkeeper.scope')")) == seen
