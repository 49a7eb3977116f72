"""A granted objection ends what it names: in the database, for that purpose, until the household lifts it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.services import arrivals, exchange, homes, ledgers, register_map, retention, subject_requests
from app.services.access import enter_scope
from app.services.clears import buildings_of_grid, clears, missing
from app.services.ledgers import Asked
from app.services.personal import open_places, open_registers
from tests.services.mapped import DISTRICT
from tests.services.refusals import refusing
from tests.services.registered import CANARY_NAMES, given_registers, staff

NOW = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
NAME = CANARY_NAMES[0]


@pytest.fixture
def made(session):
    return given_registers(session)


@pytest.fixture
def manager(session, made):
    return staff(session, "manager")


@pytest.fixture
def household(made):
    return made.households["W1"][0].id


def objecting(session, household):
    registers = open_places(session, [DISTRICT], "request")
    return registers, subject_requests.ask(registers, household, "object", "别列出我", NOW, NOW.date()).id


def listed(session, manager, **asked):
    return ledgers.page(open_registers(session, manager, "ledger"), Asked(**asked), NOW).rows


def counts(session, manager, made):
    enter_scope(session, manager)
    plan = made.map.grids["W1"].plan_id
    found = register_map.grid_counts(session, plan, manager, manager.scope, NOW)
    return next(row["households"] for row in found if row["id"] == made.map.grids["W1"].id)


def exchanged(session):
    return NAME in exchange.export(open_places(session, [DISTRICT], "exchange"), DISTRICT)[0].decode()


def test_it_ends_lists_searches_and_their_counts_and_not_the_visit(session, made, manager, household):
    before, counted = len(listed(session, manager)), counts(session, manager, made)
    registers, asked = objecting(session, household)

    subject_requests.answer(registers, asked, "grant", "", NOW, ["lists"])

    assert len(listed(session, manager)) == before - 1
    assert listed(session, manager, q=NAME) == []
    totals = ledgers.totals(open_registers(session, manager, "ledger"), Asked(), NOW)
    assert (totals["rows"], totals["residents"]) == (before - 1, before - 1)
    assert counts(session, manager, made) == counted - 1
    assert exchanged(session)
    seen = homes.household(open_registers(session, manager, "visit"), household)
    assert (seen.objected, seen.residents[0].name) == (["ledger", "search"], NAME)

    subject_requests.lift(open_places(session, [DISTRICT], "request"), asked, NOW)

    assert len(listed(session, manager)) == before
    acts = session.scalars(text("SELECT act FROM audit WHERE about = :one"), {"one": f"request {asked}"})
    assert {"request.answered", "objection.lifted"} <= set(acts)


def test_it_ends_the_exchange_and_not_the_lists(session, made, manager, household):
    before = len(listed(session, manager))
    registers, asked = objecting(session, household)
    assert exchanged(session)

    registers = open_places(session, [DISTRICT], "request")
    subject_requests.answer(registers, asked, "grant", "", NOW, ["exchange"])

    assert not exchanged(session)
    assert len(listed(session, manager)) == before


def test_one_that_is_granted_ends_something(session, made, household):
    registers, asked = objecting(session, household)

    for stops in ((), ("everything",)):
        with refusing("objection_stops_nothing"):
            subject_requests.answer(registers, asked, "grant", "", NOW, stops)


def test_one_that_is_refused_ends_nothing(session, made, manager, household):
    registers, asked = objecting(session, household)

    subject_requests.answer(registers, asked, "refuse", "为防火所需", NOW, ["lists"])

    assert listed(session, manager, q=NAME)


def test_it_goes_along_when_all_move_and_can_be_lifted_there(session, made, manager, household):
    registers, asked = objecting(session, household)
    subject_requests.answer(registers, asked, "grant", "", NOW, ["lists"])
    registers = open_registers(session, manager, "visit")
    residents = [one.id for one in homes.household(registers, household).residents]
    where = arrivals.Where(building_id=made.building("W1").id, door="9-901")

    moved = arrivals.move(registers, residents, where, NOW.date(), NOW.date())

    assert moved.household_id != household
    assert listed(session, manager, q=NAME) == []
    subject_requests.lift(open_places(session, [DISTRICT], "request"), asked, NOW)
    assert len(listed(session, manager, q=NAME)) == 1


def test_its_request_is_kept_while_it_is_in_force(session, made, household):
    registers, asked = objecting(session, household)
    subject_requests.answer(registers, asked, "grant", "", NOW, ["lists"])
    registers = open_places(session, [DISTRICT], "retention")
    later = date(2046, 3, 2)

    def requests():
        return [one for one in retention.dry_run(registers, later) if one.rule == "request" and one.rows]

    assert requests() == []
    subject_requests.lift(open_places(session, [DISTRICT], "request"), asked, NOW)
    registers = open_places(session, [DISTRICT], "retention")
    assert len(requests()) == 1


def test_clears_neither_list_it_nor_take_its_door_for_empty(session, made, manager, household):
    def gauge():
        registers = open_registers(session, manager, "ledger")
        buildings = buildings_of_grid(registers, made.map.grids["W1"].id)
        lacking = missing(registers, buildings, "families", NOW)
        return {one.of: (one.filled, one.required) for one in clears(registers, buildings, NOW)}, lacking

    before, _ = gauge()
    registers, asked = objecting(session, household)
    subject_requests.answer(registers, asked, "grant", "", NOW, ["lists"])

    after, lacking = gauge()

    assert after["families"] == before["families"]
    assert lacking == []
    assert after["persons"][1] == before["persons"][1] - 1
