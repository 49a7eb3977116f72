"""What many tests of services begin with; a module that needs another beginning makes its own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.services.mapped import DISTRICT, W
from tests.services.registered import given_registers, on_duty, staff
from tests.services.standing import Standing, stands_ready


@pytest.fixture(scope="session")
def standing(new_database, worker_id) -> Iterator[Standing]:
    """Where districts stand ready."""
    made = Standing(new_database, worker_id)
    yield made
    made.dispose()


@pytest.fixture
def session(app_engine: Engine, standing: Standing) -> Iterator[Session]:
    """As the app; rolled back after the test. It may go to a database in which a district stands."""
    with Session(app_engine) as opened:
        yield stands_ready(opened, standing)
        opened.rollback()


@pytest.fixture
def made(session):
    """The district of `given_map` with people in its registers."""
    return given_registers(session)


@pytest.fixture
def manager(session, made):
    """Manages the district."""
    return staff(session, "manager", DISTRICT)


@pytest.fixture
def coordinator(session, made):
    """Whoever answers for W2."""
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    return actor
