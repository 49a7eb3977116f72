"""A building's doors, who lives behind them, and who comes, moves and leaves."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.services import arrivals, homes
from app.services.arrivals import Where
from app.services.personal import open_registers

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 26, 10, tzinfo=ZONE)
TODAY = NOW.date()
NEWCOMER = {"name": "新来的", "phone": "19911112222", "age_band": "16 or over", "registered_here": False}


@pytest.fixture
def registers(session, coordinator):
    return open_registers(session, coordinator, "registration")


def arrive(registers, where, people=(NEWCOMER,), on=TODAY, client_id=None, consent=True, **more):
    sent = client_id or str(uuid4())
    return arrivals.arrive(registers, where, people, on, TODAY, client_id=sent, consent=consent, **more)


def reads(session):
    return session.execute(text("SELECT act, about, households FROM audit WHERE purpose IS NOT NULL")).all()


def test_a_building_shows_its_doors_by_floor_from_the_top_and_the_read_is_written_down(
    session, made, registers
):
    building = made.building("W2")
    homes.add_dwellings(registers, building.id, ["301", "302", "B1"])

    found = homes.doors(registers, building.id, NOW)
    (stair,) = homes.staircases(session, building.id, found)

    assert [(floor.number, [door.code for door in floor.doors]) for floor in stair.floors] == [
        (3, ["301", "302"]),
        (2, ["201"]),
        (1, ["101"]),
        (None, ["B1"]),
    ]
    assert {door.code: door.state for door in found} == {
        "101": "overdue",
        "201": "overdue",
        "301": "empty",
        "302": "empty",
        "B1": "empty",
    }
    whose = sorted(household.id for household in made.households["W2"])
    assert reads(session) == [("registers.view", f"building {building.id}", whose)]


def test_a_strangers_building_household_and_dwelling_are_not_found(made, registers):
    with pytest.raises(Refusal) as caught:
        homes.require_seen(registers, made.building("W1").id)
    assert caught.value.code == "not_found"
    for act, row in (
        (homes.household, made.households["W1"][0]),
        (homes.living_household, made.households["W1"][0]),
        (homes.dwelling, made.dwellings["W1"][0]),
    ):
        with pytest.raises(Refusal) as caught:
            act(registers, row.id)
        assert caught.value.code == "not_found"


def test_doors_are_added_once_and_a_retired_one_comes_back(session, made, registers):
    building = made.building("W2").id
    first = homes.add_dwellings(registers, building, ["401", " 402 ", "401"])

    assert homes.add_dwellings(registers, building, ["402"]) == first[1:]
    homes.change_dwelling(registers, first[0], retired=True)
    with pytest.raises(Refusal) as caught:
        homes.dwelling(registers, first[0])
    assert caught.value.code == "not_found"
    assert homes.add_dwellings(registers, building, ["401"]) == first[:1]
    assert homes.dwelling(registers, first[0]).code == "401"


def test_a_door_without_a_number_is_refused(made, registers):
    with pytest.raises(Refusal) as caught:
        homes.add_dwellings(registers, made.building("W2").id, ["401", "  "])

    assert caught.value.code == "door_missing"


def test_a_dwelling_in_which_somebody_lives_is_not_retired(made, registers):
    with pytest.raises(Refusal) as caught:
        homes.change_dwelling(registers, made.dwellings["W2"][0].id, retired=True)

    assert (caught.value.code, caught.value.facts["households"]) == ("dwelling_occupied", 1)


def test_doors_of_somebody_elses_building_are_refused_by_name(made, registers):
    with pytest.raises(Refusal) as caught:
        homes.add_dwellings(registers, made.building("W1").id, ["901"])

    assert caught.value.code == "building_not_served"


def test_an_arrival_behind_a_new_door_makes_dwelling_household_resident_and_stay(session, made, registers):
    building = made.building("W2").id
    done = arrive(registers, Where(building_id=building, door="501"), visit_hour="evening")

    seen = homes.household(registers, done.household_id)

    assert (seen.dwelling_code, seen.visit_hour, seen.begun_on) == ("501", "evening", TODAY)
    assert [(one.name, one.phone, one.from_on, one.missing) for one in seen.residents] == [
        ("新来的", "19911112222", TODAY, [])
    ]
    assert session.scalar(text("SELECT purpose FROM resident WHERE name = '新来的'")) == "registration"
    told = session.execute(text("SELECT facts FROM audit WHERE act = 'arrival.registered'")).scalar_one()
    assert told == {"residents": 1, "source": "visit", "consent": True}


def test_an_arrival_sent_twice_is_one(session, made, registers):
    household = made.households["W2"][0].id
    client_id = str(uuid4())
    people = [NEWCOMER, {"name": "她的孩子", "age_band": "under 14"}]

    first = arrive(registers, Where(household_id=household), people, client_id=client_id)
    second = arrive(registers, Where(household_id=household), people, client_id=client_id)

    assert (first.again, second.again) == (False, True)
    assert second.household_id == household
    assert len(homes.household(registers, household).residents) == 3


def test_an_arrival_sent_again_after_they_left_tells_who_they_were(made, registers):
    client_id = str(uuid4())
    first = arrive(registers, Where(building_id=made.building("W2").id, door="501"), client_id=client_id)
    arrivals.depart(registers, first.residents, TODAY, TODAY)

    second = arrive(registers, Where(building_id=made.building("W2").id, door="501"), client_id=client_id)

    assert second.again
    assert second.residents == first.residents


def test_nothing_is_kept_of_who_does_not_consent(session, made, registers):
    with pytest.raises(Refusal) as caught:
        arrive(registers, Where(building_id=made.building("W2").id, door="501"), consent=False)

    assert caught.value.code == "consent_missing"
    assert session.scalar(text("SELECT count(*) FROM dwelling WHERE code = '501'")) == 0


def test_who_leaves_is_on_no_current_page_and_the_household_ends_with_the_last(session, made, registers):
    household, resident = made.households["W2"][0], made.residents["W2"][0]

    left = arrivals.depart(registers, [resident.id], TODAY, TODAY)

    assert left.ended
    seen = homes.household(registers, household.id)
    assert (seen.residents, seen.former, seen.ended_on) == ([], 1, TODAY)
    door = next(one for one in homes.doors(registers, made.building("W2").id, NOW) if one.code == "101")
    assert (door.state, door.use, door.homes) == ("empty", "empty", [])
    with pytest.raises(Refusal) as caught:
        arrive(registers, Where(household_id=household.id))
    assert caught.value.code == "household_ended"
    with pytest.raises(Refusal) as caught:
        arrivals.depart(registers, [resident.id], TODAY, TODAY)
    assert caught.value.code == "stay_over"


def test_a_rental_that_is_left_stays_a_rental(session, made, registers):
    arrivals.depart(registers, [made.residents["W2"][1].id], TODAY, TODAY)

    assert homes.dwelling(registers, made.dwellings["W2"][1].id).use == "rental"


@pytest.mark.parametrize(
    ("day", "code"),
    [(TODAY + timedelta(days=1), "day_in_future"), (date(2026, 1, 4), "day_before_another")],
)
def test_a_departure_has_a_day_between_arrival_and_today(made, registers, day, code):
    with pytest.raises(Refusal) as caught:
        arrivals.depart(registers, [made.residents["W2"][0].id], day, TODAY)

    assert caught.value.code == code


def test_a_departure_is_taken_back_within_a_month(made, registers):
    resident, household = made.residents["W2"][0], made.households["W2"][0].id
    left = arrivals.depart(registers, [resident.id], TODAY - timedelta(days=3), TODAY)

    assert arrivals.take_back(registers, left.stays[0], TODAY) == household
    assert [one.id for one in homes.household(registers, household).residents] == [resident.id]
    arrivals.depart(registers, [resident.id], TODAY, TODAY)
    with pytest.raises(Refusal) as caught:
        arrivals.take_back(registers, left.stays[0], TODAY + timedelta(days=32))
    assert caught.value.code == "departure_final"


def test_who_moves_keeps_what_was_told_and_leaves_the_old_household(made, registers):
    resident = made.residents["W2"][0]
    there = made.households["W2"][1].id

    moved = arrivals.move(registers, [resident.id], Where(household_id=there), TODAY, TODAY)

    assert moved.household_id == there
    assert resident.id in [one.id for one in homes.household(registers, there).residents]
    assert homes.household(registers, made.households["W2"][0].id).ended_on == TODAY


def test_nobody_moves_into_a_building_of_somebody_else(made, registers):
    with pytest.raises(Refusal) as caught:
        arrivals.move(
            registers,
            [made.residents["W2"][0].id],
            Where(building_id=made.building("W1").id, door="901"),
            TODAY,
            TODAY,
        )

    assert caught.value.code == "building_not_served"


def test_a_corrected_field_is_told_in_the_audit_by_name_and_never_by_value(session, made, registers):
    resident = made.residents["W2"][0]

    household = homes.change_resident(registers, resident.id, {"phone": "13812345678", "age_band": None})

    assert household == made.households["W2"][0].id
    seen = homes.household(registers, household).residents[0]
    assert (seen.name, seen.phone, seen.age_band, seen.missing) == (
        *(resident.name, "13812345678", None),
        ["age_band"],
    )
    facts = session.scalar(text("SELECT facts FROM audit WHERE act = 'resident.changed'"))
    assert facts == {"fields": ["age_band", "phone"]}


def test_the_departure_of_a_move_is_not_taken_back(session, made, registers):
    resident, (first, other) = made.residents["W2"][0], made.households["W2"]
    arrivals.move(registers, [resident.id], Where(household_id=other.id), TODAY, TODAY)
    arrivals.depart(registers, [resident.id], TODAY, TODAY)
    moved = session.scalar(text("SELECT id FROM stay WHERE household_id = :id"), {"id": first.id})

    with pytest.raises(Refusal) as caught:
        arrivals.take_back(registers, moved, TODAY)
    assert caught.value.code == "departure_final"
