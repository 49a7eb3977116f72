"""The six clears and the counts on the map: filled of required, what is missing, and who is told how much."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.models import Dwelling, Letter, Promise, Rental, Visit
from app.services import register_map
from app.services.access import enter_scope
from app.services.clears import CLEARS, buildings_of_grid, clears, missing
from app.services.fives import Fives
from app.services.personal import open_places, open_registers
from tests.services.mapped import DISTRICT, PATHS, E, W
from tests.services.registered import on_duty, staff

NOW = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
WORLD = (-180.0, -90.0, 180.0, 90.0)


def gauge(session, made, actor, grid="W1"):
    registers = open_registers(session, actor, "ledger")
    buildings = buildings_of_grid(registers, made.map.grids[grid].id)
    return {one.of: (one.filled, one.required) for one in clears(registers, buildings, NOW)}


def lacking(session, made, actor, of, grid="W1"):
    registers = open_registers(session, actor, "ledger")
    return missing(registers, buildings_of_grid(registers, made.map.grids[grid].id), of, NOW)


def test_each_clear_is_filled_of_required(session, made, manager):
    assert gauge(session, made, manager) == {
        "families": (2, 2),
        "persons": (2, 2),
        "facilities": (0, 1),
        "hazards": (0, 2),
        "needs": (0, 0),
        "hotspots": (0, 0),
    }


def test_what_is_done_fills_and_what_is_not_is_listed(session, made, manager):
    open_places(session, [DISTRICT], "import")
    household = made.households["W1"][0]
    seat = {"building_id": household.building_id, "community_id": household.community_id}
    session.add(Dwelling(code="999", **seat))
    visit = Visit(
        client_id="00000000-0000-4000-8000-000000000001",
        household_id=household.id,
        dwelling_id=household.dwelling_id,
        person_id=made.map.coordinator.id,
        result="met",
        happened_at=NOW - timedelta(days=2),
        **seat,
    )
    session.add(visit)
    session.flush()
    for due, kept in ((NOW.date(), None), (NOW.date(), NOW.date()), (NOW.date() + timedelta(days=1), None)):
        session.add(Promise(visit_id=visit.id, promised="x", due_on=due, kept_on=kept, **seat))
    rental = session.query(Rental).filter_by(building_id=household.building_id).one()
    session.add(
        Letter(
            rental_id=rental.id,
            kind="safety letter",
            signed_on=date(2026, 1, 1),
            expires_on=NOW.date(),
            **seat,
        )
    )
    session.flush()

    told = gauge(session, made, manager)
    assert told["families"] == (2, 3)
    assert told["hazards"] == (1, 2)
    assert told["hotspots"] == (1, 2)
    assert told["facilities"] == (1, 1)
    assert [row["door"] for row in lacking(session, made, manager, "families")] == ["999"]
    assert [row["household_id"] for row in lacking(session, made, manager, "hazards")] == [
        made.households["W1"][1].id
    ]


def test_a_promise_made_at_a_building_alone_is_a_hotspot_too(session, made, manager):
    open_places(session, [DISTRICT], "import")
    household = made.households["W1"][0]
    seat = {"building_id": household.building_id, "community_id": household.community_id}
    visit = Visit(
        client_id="00000000-0000-4000-8000-000000000002",
        person_id=made.map.coordinator.id,
        result="met",
        happened_at=NOW - timedelta(days=2),
        **seat,
    )
    session.add(visit)
    session.flush()
    session.add(Promise(visit_id=visit.id, promised="x", due_on=NOW.date(), **seat))
    session.flush()

    assert gauge(session, made, manager)["hotspots"] == (0, 1)
    assert [row["dwelling_id"] for row in lacking(session, made, manager, "hotspots")] == [None]


@pytest.mark.parametrize("of", CLEARS)
def test_as_many_are_listed_as_are_missing(session, made, manager, of):
    filled, required = gauge(session, made, manager)[of]

    assert len(lacking(session, made, manager, of)) == required - filled


def test_a_list_of_households_is_written_down(session, made, manager):
    lacking(session, made, manager, "hazards")

    row = session.execute(text("SELECT act, about, households FROM audit WHERE act LIKE 'registers.%'")).one()
    assert row == ("registers.view", "clears hazards", sorted(one.id for one in made.households["W1"]))


def test_a_letter_that_is_over_fills_nothing(session, made, manager):
    open_places(session, [DISTRICT], "import")
    rental = session.query(Rental).filter_by(building_id=made.building("W1").id).one()
    session.add(
        Letter(
            rental_id=rental.id,
            building_id=rental.building_id,
            community_id=rental.community_id,
            kind="safety letter",
            signed_on=date(2025, 1, 1),
            expires_on=NOW.date() - timedelta(days=1),
        )
    )
    session.flush()

    assert gauge(session, made, manager)["facilities"] == (0, 1)
    assert lacking(session, made, manager, "facilities")[0]["rental_id"] == rental.id


def test_a_coordinator_has_nothing_of_a_neighbours_grid(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")

    assert gauge(session, made, actor)["families"] == (0, 0)


def counts(session, made, actor):
    enter_scope(session, actor)
    told = register_map.grid_counts(session, made.map.plan.id, actor, actor.scope, NOW)
    return {row["id"]: row for row in told}


def test_a_manager_has_counts_as_they_are(session, made, manager):
    row = counts(session, made, manager)[made.map.grids["W1"].id]

    assert (row["households"], row["residents"], row["floating"], row["exact"]) == (2, 2, 1, True)


def test_a_leader_is_told_few_where_there_are_fewer_than_five(session, made):
    row = counts(session, made, staff(session, "leader"))[made.map.grids["W1"].id]

    assert [row[name] for name in register_map.COUNTS] == [None] * 5
    assert row["exact"] is False


def test_counts_on_the_map_are_in_fives_and_of_a_grid_of_few_there_are_none():
    fives = Fives("a key")
    grid = {"households": 9, "residents": 21, "floating": 6, "rentals": 3, "verified": 8}

    said = register_map._in_fives(grid, PATHS[W], fives)
    of_few = register_map._in_fives(grid | {"households": 4}, PATHS[W], fives)

    assert said == {name: fives.told(count, W) for name, count in grid.items()}
    assert said["rentals"] is None
    assert [of_few[name] for name in ("households", *register_map.OF_HOUSEHOLDS)] == [None] * 4


def test_a_plan_not_in_force_tells_its_counts_to_those_alone_who_read_the_rows(session, made, manager):
    session.execute(
        text("UPDATE plan SET state = 'retired', retired_at = now() WHERE id = :id"), {"id": made.map.plan.id}
    )
    leader = staff(session, "leader")

    assert counts(session, made, manager)[made.map.grids["W1"].id]["households"] == 2
    assert counts(session, made, leader) == {}
    with pytest.raises(Refusal) as caught:
        register_map.one_grid(session, made.map.grids["W1"].id, leader, NOW)
    assert caught.value.code == "not_allowed"


def test_a_coordinator_has_the_own_grid_exactly_and_others_as_leaders_do(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    told = counts(session, made, actor)

    assert told[made.map.grids["W2"].id]["households"] == 2
    assert told[made.map.grids["W1"].id]["households"] is None
    assert made.map.grids["E1"].id not in told


def test_one_grid_tells_the_clears_to_who_keeps_it(session, made, manager):
    grid = made.map.grids["W1"].id
    enter_scope(session, manager)
    of_manager = register_map.one_grid(session, grid, manager, NOW)
    leader = staff(session, "leader")
    enter_scope(session, leader)
    of_leader = register_map.one_grid(session, grid, leader, NOW)

    assert of_manager["counts"]["households"] == 2
    assert len(of_manager["clears"]) == len(CLEARS)
    assert of_leader["counts"]["households"] is None
    assert of_leader["clears"] == of_leader["compounds"] == []


def test_buildings_are_counted_for_who_keeps_their_registers(session, made, manager):
    of_manager = register_map.building_counts(session, manager, WORLD, NOW)
    of_other = register_map.building_counts(session, staff(session, "manager", E), WORLD, NOW)
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    of_coordinator = register_map.building_counts(session, actor, WORLD, NOW)

    assert {row["id"] for row in of_manager} == {made.building(grid).id for grid in made.households}
    assert {row["id"] for row in of_other} == {made.building(grid).id for grid in ("E1", "E2", "E3")}
    assert [(row["id"], row["households"], row["rentals"]) for row in of_coordinator] == [
        (made.building("W2").id, 2, 1)
    ]


def test_a_view_of_too_many_buildings_is_told_none(session, made, manager, monkeypatch):
    monkeypatch.setattr(register_map, "MOST_BUILDINGS", 3)

    assert register_map.building_counts(session, manager, WORLD, NOW) is None
