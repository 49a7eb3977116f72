"""Notes about a building: of who serves it, about the site, of nobody; they go along on the phone."""

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.services import due, pack, site_notes
from app.services.personal import open_registers
from tests.services.mapped import W
from tests.services.registered import given_registers, on_duty, staff
from tests.services.sent_orders import NOW


@pytest.fixture
def made(session):
    return given_registers(session)


@pytest.fixture
def coordinator(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    return actor


@pytest.fixture
def registers(session, coordinator):
    return open_registers(session, coordinator, "visit")


@pytest.fixture
def building(made):
    return made.building("W2").id


def told(session, building):
    return [one.words for one in site_notes.of_building(session, building)]


def code_of(refused, *asked):
    with pytest.raises(Refusal) as caught:
        refused(*asked)
    return caught.value.code


def test_a_note_goes_along_on_the_phone_until_it_is_struck(session, registers, coordinator, building):
    first = site_notes.write(registers, coordinator, building, "  东单元晚八点后  上锁 ", NOW)
    site_notes.write(registers, coordinator, building, "院内有犬", NOW)

    taken = pack.pack(registers, due.my_grids(session, coordinator.person_id), NOW)
    (along,) = [one["notes"] for one in taken["buildings"] if one["id"] == building]
    assert along == told(session, building) == ["院内有犬", "东单元晚八点后 上锁"]

    (found_by,) = [one["words"].split("\n") for one in taken["buildings"] if one["id"] == building]
    assert "院内有犬" in found_by

    site_notes.strike(registers, coordinator, building, first, NOW)
    site_notes.strike(registers, coordinator, building, first, NOW)
    assert told(session, building) == ["院内有犬"]
    acts = session.scalars(text("SELECT act FROM audit WHERE act LIKE 'site_note.%' ORDER BY id")).all()
    assert acts == ["site_note.written", "site_note.written", "site_note.struck"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (" ", "fields_malformed"),
        ("长" * 301, "fields_malformed"),
        ("302住王女士", "note_names_somebody"),
        ("钥匙找 13812345678", "note_names_somebody"),
    ],
)
def test_what_is_no_note_about_the_site_is_not_taken(session, registers, coordinator, building, said, code):
    assert code_of(site_notes.write, registers, coordinator, building, said, NOW) == code
    assert told(session, building) == []


def test_who_does_not_serve_a_building_notes_and_strikes_nothing(registers, coordinator, made, building):
    note = site_notes.write(registers, coordinator, building, "院内有犬", NOW)
    elsewhere, nowhere = made.building("E1").id, 987654321
    write, strike = site_notes.write, site_notes.strike

    assert code_of(write, registers, coordinator, elsewhere, "院内有犬", NOW) == "building_not_served"
    assert code_of(strike, registers, coordinator, elsewhere, note, NOW) == "building_not_served"
    assert code_of(strike, registers, coordinator, building, note + 1, NOW) == "not_found"
    assert code_of(write, registers, coordinator, nowhere, "院内有犬", NOW) == "not_found"


def test_a_building_takes_twenty_notes(registers, coordinator, building):
    for number in range(site_notes.MOST):
        site_notes.write(registers, coordinator, building, f"第 {number} 条", NOW)

    assert code_of(site_notes.write, registers, coordinator, building, "还有", NOW) == "notes_too_many"
