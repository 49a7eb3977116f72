"""Two people at once in the registers: who comes second waits, and sees what the first has done."""

from datetime import date
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from app.db import open_engine, transaction
from app.geo.readers.options import Limits
from app.models import Building, Compound
from app.services import arrivals, register_import, rentals
from app.services.arrivals import Where
from app.services.personal import open_registers
from app.services.rentals import Let
from tests.services.mapped import DISTRICT, W
from tests.services.registered import given_registers, on_duty, staff
from tests.services.two_at_once import second_of_two

TODAY = date(2026, 3, 2)
NUMBERS = count()


@pytest.fixture
def engine(new_database, worker_id):
    """A database of its own: what is done here is committed."""
    opened = open_engine(new_database(f"register_races_{worker_id}_{next(NUMBERS)}").app)
    yield opened
    opened.dispose()


@pytest.fixture
def actor(engine, made):
    """Whoever answers for W1."""
    with transaction(engine) as session:
        found = staff(session, "coordinator", W)
        on_duty(session, found, made, "W1")
        return found


@pytest.fixture
def made(engine):
    with transaction(engine) as session:
        rows = given_registers(session)
        session.expunge_all()  # rows stay readable afterwards
        return rows


@pytest.fixture
def done(engine, actor):
    """Do something with the registers in a transaction of its own."""

    def act(work):
        with transaction(engine) as session:
            return work(open_registers(session, actor, "registration"))

    return act


@pytest.fixture
def second_of(engine, actor):
    """What the second of two answers, begun before the first has committed; or the code of its refusal."""

    def opened(act):
        return lambda session: act(open_registers(session, actor, "registration"))

    return lambda first, second: second_of_two(engine, opened(first), opened(second))


@pytest.fixture
def household(made):
    return made.households["W1"][0].id


@pytest.fixture
def both(done, made, household):
    """The two who live in a household."""
    people = [{"name": "第二人"}]

    def come(registers):
        where = Where(household_id=household)
        sent = str(uuid4())
        return arrivals.arrive(registers, where, people, TODAY, TODAY, client_id=sent, consent=True)

    return [made.residents["W1"][0].id, *done(come).residents]


def leaves(resident_id):
    return lambda registers: arrivals.depart(registers, [resident_id], TODAY, TODAY)


def ended_on(registers, household):
    asked = text("SELECT ended_on FROM household WHERE id = :id")
    return registers.session.scalar(asked, {"id": household})


def test_a_household_ends_when_its_last_two_leave_at_once(second_of, done, both, household):
    second = second_of(leaves(both[0]), leaves(both[1]))

    assert second.ended
    assert done(lambda registers: ended_on(registers, household)) == TODAY


def test_a_household_lives_on_when_a_departure_is_taken_back_while_another_leaves(
    second_of, done, both, household
):
    gone = done(leaves(both[0])).stays[0]
    second = second_of(lambda registers: arrivals.take_back(registers, gone, TODAY), leaves(both[1]))

    assert not second.ended
    assert done(lambda registers: ended_on(registers, household)) is None


def test_a_dwelling_is_let_once_by_two_at_once(second_of, made):
    dwelling = made.dwellings["W1"][0].id
    said = Let("赵房东", None, TODAY)

    def registers_it(registers):
        return rentals.register(registers, said, dwelling_id=dwelling)

    assert second_of(registers_it, registers_it) == "rental_registered_already"


def test_a_compound_is_let_once_by_two_at_once(engine, second_of, made):
    with transaction(engine) as session:
        building = session.scalars(select(Building).where(Building.code == made.building("W1").code)).one()
        compound = Compound(
            place_id=building.place_id,
            code="yard",
            kind="rental compound",
            geometry=building.geometry,
        )
        session.add(compound)
        session.flush()
        asked = {"compound": compound.id, "id": building.id}
        session.execute(text("UPDATE building SET compound_id = :compound WHERE id = :id"), asked)

    def registers_it(registers):
        return rentals.register(registers, Let("赵房东", None, TODAY), compound_id=asked["compound"])

    assert second_of(registers_it, registers_it) == "rental_registered_already"


def test_tenants_are_named_once_by_two_at_once(second_of, done, made):
    dwelling, tenants = made.dwellings["W1"][1].id, made.households["W1"][1].id
    rental = done(lambda registers: rentals.panel(registers, dwelling, TODAY)["rental"]["id"])

    def lets(registers):
        return rentals.let(registers, rental, tenants, TODAY, None)

    assert second_of(lets, lets) == "tenancy_open_already"


def test_a_file_brought_in_by_two_at_once_is_entered_once(second_of, made):
    octets = f"楼栋编码,房屋编号,姓名\r\n{made.building('W1').code},901,赵甲\r\n".encode()
    limits = Limits.for_uploads()

    def brings(place):
        def act(registers):
            report, _ = register_import.bring_in(registers, place, octets, "r.csv", limits, TODAY)
            return [line.why for line in report.lines]

        return act

    assert second_of(brings(DISTRICT), brings(W)) == ["known"]
