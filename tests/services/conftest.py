"""What many tests of services begin with; a module that needs another beginning makes its own."""

import pytest

from tests.services.mapped import DISTRICT, W
from tests.services.registered import given_registers, on_duty, staff


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
