"""Heads of buildings and safety contacts: who sees them, where, and that the audit names nobody."""

from datetime import date

import pytest
from sqlalchemy import text

from app.services import employers, helpers
from app.services.personal import open_registers
from tests.services.mapped import W
from tests.services.refusals import refusing
from tests.services.registered import given_registers, on_duty, staff

TODAY = date(2026, 3, 2)
HEAD, CONTACT, PHONE = "楼长金丝雀", "联系人金丝雀", "19900660001"


@pytest.fixture
def made(session):
    return given_registers(session)


@pytest.fixture
def registers(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W1")
    return open_registers(session, actor, "registration")


def seen(registers, building):
    found = helpers.of_buildings(registers, [building], TODAY, f"building {building}")
    return [(one.kind, one.name, one.phone, one.employer) for one in found]


def test_a_head_and_an_employers_contact_are_told_together_until_the_head_ends(session, made, registers):
    building = made.building("W1").id
    head = helpers.add(registers, building, f" {HEAD} ", "199 0066 0001", TODAY, TODAY)
    told = {"name": "小店", "contact_name": CONTACT}
    employers.add(registers, building, TODAY, told, TODAY)

    assert seen(registers, building) == [("head", HEAD, PHONE, None), ("contact", CONTACT, None, "小店")]

    assert helpers.end(registers, head, TODAY) == building
    assert seen(registers, building) == [("contact", CONTACT, None, "小店")]
    said = session.execute(text("SELECT about, facts::text FROM audit WHERE act LIKE 'helper.%'")).all()
    assert [about for about, _ in said] == [f"helper {head}"] * 2
    assert not any(HEAD in facts or PHONE in facts for _, facts in said)


def test_others_buildings_are_not_served(session, made, registers):
    there = made.building("E1").id

    with refusing("building_not_served"):
        helpers.add(registers, there, HEAD, "", TODAY, TODAY)
    assert seen(registers, there) == []


@pytest.mark.parametrize(
    ("name", "phone", "since", "code"),
    [
        ("  ", "", TODAY, "fields_malformed"),
        (HEAD, "keine", TODAY, "telephone_malformed"),
        (HEAD, "", date(2026, 3, 3), "day_in_future"),
    ],
)
def test_a_head_has_a_name_and_a_day_that_came(made, registers, name, phone, since, code):
    with refusing(code):
        helpers.add(registers, made.building("W1").id, name, phone, since, TODAY)
