"""Two managers who set the inspections of a place up at once."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import text

from app.db import open_engine, transaction
from app.models import Compound
from app.services import inspections
from tests.services.mapped import DISTRICT
from tests.services.registered import given_registers, staff
from tests.services.two_at_once import second_of_two

TODAY = date(2026, 3, 2)
NUMBERS = count()


@pytest.fixture
def engine(new_database, worker_id):
    """A database of its own: what is done here is committed."""
    opened = open_engine(new_database(f"inspections_{worker_id}_{next(NUMBERS)}").app)
    yield opened
    opened.dispose()


def rental_compound(session, building):
    compound = Compound(
        place_id=building.place_id, code="yard", kind="rental compound", geometry=building.geometry
    )
    session.add(compound)
    session.flush()
    asked = {"compound": compound.id, "id": building.id}
    session.execute(text("UPDATE building SET compound_id = :compound WHERE id = :id"), asked)


def test_a_compound_is_inspected_once_though_two_set_it_up_at_once(engine):
    with transaction(engine) as session:
        made = given_registers(session)
        rental_compound(session, made.building("W1"))
        manager = staff(session, "manager", DISTRICT)

    def set_up(session):
        return inspections.set_up(session, manager, DISTRICT, TODAY)

    first = []
    second = second_of_two(engine, lambda session: first.append(set_up(session)), set_up)

    assert (first, second) == ([1], 0)
    with transaction(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM inspection WHERE ended_on IS NULL")) == 1


def test_what_ended_is_set_up_again(engine):
    with transaction(engine) as session:
        made = given_registers(session)
        rental_compound(session, made.building("W1"))
        manager = staff(session, "manager", DISTRICT)
        inspections.set_up(session, manager, DISTRICT, TODAY)
        inspections.end(session, manager, session.scalar(text("SELECT id FROM inspection")), TODAY)

        assert inspections.set_up(session, manager, DISTRICT, TODAY) == 1
