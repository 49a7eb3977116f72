"""Residents who change hands: counts for who manages the whole plan, for nobody else."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.models import Building, Dwelling, Household, Place, Resident, Stay
from app.services.access import Actor, Grant
from app.services.differences import differences, moved, moved_buildings
from app.services.exact_drawing import rehearse
from app.services.operations import operate
from app.services.personal import open_places
from app.services.residents_moved import counter
from tests.services.drawn_drafts import DISTRICT, WEST, Draft, given_drawn
from tests.services.drawn_drafts import moved as save_moves
from tests.services.test_exact_drawing import drawing

COMMUNITY = f"{DISTRICT}.{DISTRICT}{WEST[6:]}"
FIRST_DAY = date(2026, 1, 5)


def person(kind: str, path: str) -> Actor:
    return Actor(1, "li", "Li", (Grant(kind, path),))


def given_residents(session, draft: Draft, house: str, count: int) -> None:
    """A household of so many in a house."""
    open_places(session, [DISTRICT], "import")
    building = session.scalars(
        select(Building).where(Building.place_id == draft.place, Building.code == house)
    ).one()
    community = session.scalars(select(Place.id).where(Place.path == COMMUNITY)).one()
    seat = {"building_id": building.id, "community_id": community}
    dwelling = Dwelling(building_id=building.id, code="101", use="home")
    session.add(dwelling)
    session.flush()
    household = Household(dwelling_id=dwelling.id, begun_on=FIRST_DAY, **seat)
    session.add(household)
    session.flush()
    for number in range(count):
        resident = Resident(
            household_id=household.id,
            name=f"Resident {number}",
            age_band="16 or over",
            source="visit",
            purpose="registration",
            **seat,
        )
        session.add(resident)
        session.flush()
        session.add(Stay(resident_id=resident.id, household_id=household.id, from_on=FIRST_DAY, **seat))
    session.flush()


@pytest.fixture
def draft(session) -> Draft:
    made = given_drawn(session, "A A B B")
    given_residents(session, made, "B1", 3)
    given_residents(session, made, "B2", 4)
    return made


def test_who_manages_the_plan_is_told_of_an_offer(session, draft):
    residents = counter(session, person("manager", DISTRICT), draft.plan)
    act = {"do": "give", "plots": [draft.plots[1]], "to": draft.grids["B"]}

    told = operate(session, draft.plan, 1, act, residents)

    assert (told["people_moved"], told["buildings_moved"]) == (3, 1)


def test_an_exact_drawing_counts_them_on_the_pieces(session, draft):
    residents = counter(session, person("manager", DISTRICT), draft.plan)

    told = rehearse(session, draft.plan, 1, drawing((70, -20, 250, 70)), residents)

    assert (told["refusal"], told["people_moved"]) == (None, 7)


def test_so_are_differences_of_two_states(session, draft):
    residents = counter(session, person("manager", DISTRICT), draft.plan)
    save_moves(session, draft, 1, draft.moves("B", 1, source="A"))
    found = moved(session, (draft.plan, 1), (draft.plan, 2))

    said = differences(session, found, residents)
    page = moved_buildings(session, found, residents, sort="code", descending=False, limit=9, after=0)

    assert (said["people"], said["features"][0]["properties"]["people"], page["people"]) == (3, 3, 3)


@pytest.mark.parametrize(("kind", "path"), [("manager", COMMUNITY), ("leader", DISTRICT)])
def test_nobody_else_is_told(session, draft, kind, path):
    residents = counter(session, person(kind, path), draft.plan)

    assert residents(draft.plots) is None
