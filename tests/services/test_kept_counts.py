"""What a household keeps of its stays, visits and promises is what they come to, whoever wrote them."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.services import arrivals, homes, retention, visits
from app.services.arrivals import Where
from app.services.personal import open_places
from app.services.visits import Call, Said
from tests.services.mapped import DISTRICT
from tests.services.registered import given_registers

NOW = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
KEY = b"a key for tests"

KEPT = text("SELECT residents, floating, visited_at, verified_at, promises FROM household WHERE id = :id")
WRONG = text("""
    SELECT household.id FROM household
    WHERE (residents, floating, told, visited_at, verified_at, promises) IS DISTINCT FROM (
        (SELECT count(*) FROM stay WHERE household_id = household.id AND until_on IS NULL),
        (SELECT count(*) FROM stay JOIN resident ON resident.id = resident_id
         WHERE stay.household_id = household.id AND until_on IS NULL AND registered_here IS FALSE),
        (SELECT count(age_band) + count(registered_here) FROM stay JOIN resident ON resident.id = resident_id
         WHERE stay.household_id = household.id AND until_on IS NULL),
        (SELECT max(happened_at) FROM visit WHERE household_id = household.id),
        (SELECT max(happened_at) FROM visit WHERE household_id = household.id AND verified),
        (SELECT count(*) FROM promise JOIN visit ON visit.id = visit_id
         WHERE household_id = household.id AND kept_on IS NULL AND due_on IS NOT NULL)
    )
""")


@pytest.fixture
def made(session):
    return given_registers(session)


@pytest.fixture
def registers(session, made):
    person = made.map.coordinator.id
    opened = open_places(session, [DISTRICT], "registration")
    return type(opened)(session, "registration", person, opened.paths)


def kept(session, household):
    return tuple(session.execute(KEPT, {"id": household}).one())


def test_counts_follow_arrivals_moves_departures_corrections_visits_and_removals(session, made, registers):
    home, other = (one.id for one in made.households["W1"])
    owner, tenant = (one.id for one in made.residents["W1"])

    assert kept(session, home) == (1, 0, None, None, 0)
    assert kept(session, other)[:2] == (1, 1)

    arrivals.arrive(
        registers, Where(household_id=home), [{"name": "新来的", "registered_here": False}], TODAY, TODAY,
        client_id=str(uuid4()), consent=True,
    )  # fmt: skip
    assert kept(session, home)[:2] == (2, 1)

    homes.change_resident(registers, owner, {"registered_here": False})
    assert kept(session, home)[:2] == (2, 2)

    arrivals.move(registers, [owner], Where(household_id=other), TODAY, TODAY)
    assert (kept(session, home)[:2], kept(session, other)[:2]) == ((1, 1), (2, 2))

    left = arrivals.depart(registers, [tenant], TODAY, TODAY)
    assert kept(session, other)[:2] == (1, 1)
    arrivals.take_back(registers, left.stays[0], TODAY)
    assert kept(session, other)[:2] == (2, 2)

    said = [Said("灯坏了", "修好", TODAY), Said("想学电脑")]
    sent = Call(str(uuid4()), NOW, "met", household_id=home, verified=True, said=said)
    done = visits.visit(registers, sent, NOW, KEY)
    later = NOW + timedelta(hours=1)
    visits.visit(registers, Call(str(uuid4()), later, "nobody home", household_id=home), later, KEY)
    assert kept(session, home)[2:] == (later, NOW, 1)

    promise = session.scalar(
        text("SELECT id FROM promise WHERE visit_id = :id AND due_on IS NOT NULL"), {"id": done.visit_id}
    )
    visits.keep_promise(registers, promise, TODAY, TODAY)
    assert kept(session, home)[4] == 0

    session.execute(text("DELETE FROM promise"))
    session.execute(text("DELETE FROM visit WHERE household_id = :id"), {"id": home})
    assert kept(session, home)[2:] == (None, None, 0)

    retention.forget(registers, other, everything=True)
    assert session.execute(WRONG).all() == []


def test_a_door_that_becomes_a_home_at_a_visit_was_visited(session, made, registers):
    door = homes.add_dwellings(registers, made.building("W1").id, ["909"])[0]
    sent = Call(str(uuid4()), NOW, "met", dwelling_id=door, arrived=[{"name": "新来的"}], consent=True)

    household = visits.visit(registers, sent, NOW, KEY).household_id

    assert kept(session, household) == (1, 0, NOW, None, 0)


def test_policies_ask_their_settings_once_for_a_question(session):
    told = session.scalars(
        text("SELECT qual FROM pg_policies WHERE schemaname = 'public' AND policyname IN ('opened', 'kept')")
    ).all()

    assert len(told) > 30
    every_row = [qual for qual in told if qual.count("current_setting('grid") != qual.count("AS said)")]
    assert every_row == []
