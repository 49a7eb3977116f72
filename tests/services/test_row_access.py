"""Rows as the app role asks for them in SQL: every personal table by everybody in every scope.

What is expected is worked out from the grids alone: how many rows of a table lie in those a person may see.
"""

import pytest
from psycopg2 import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.services.access import enter_scope
from app.services.field_register import OF_PERSONS
from app.services.personal import PURPOSES, open_own, open_registers
from tests.services.fully_registered import given_everything
from tests.services.mapped import DISTRICT, E, W
from tests.services.registered import on_duty, staff

TWICE = ("dwelling", "household", "resident", "stay")  # rows of each grid; of all other tables one
WEST, EAST = ("W1", "W2", "W3"), ("E1", "E2", "E3")
# Role, its place, the grid on duty in; grids whose rows are seen for ordinary purposes, and to answer.
PEOPLE = {
    "manager of all": ("manager", DISTRICT, None, WEST + EAST, WEST + EAST),
    "manager west": ("manager", W, None, WEST, WEST),
    "manager east": ("manager", E, None, EAST, EAST),
    "coordinator west": ("coordinator", W, "W2", ("W2",), ("W2",)),
    "coordinator east": ("coordinator", E, "E3", ("E3",), ("E3",)),
    "coordinator without grid": ("coordinator", W, None, (), ()),
    "leader": ("leader", DISTRICT, None, (), ()),
    "administrator": ("administrator", DISTRICT, None, (), WEST + EAST),
    "administrator west": ("administrator", W, None, (), WEST),
}
ANSWERING = ("request", "import", "exchange", "retention")


@pytest.fixture
def made(session):
    return given_everything(session)


def seen(session):
    return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) for table in OF_PERSONS}  # noqa: S608


def rows_in(grids):
    return {table: len(grids) * (2 if table in TWICE else 1) for table in OF_PERSONS}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_table_for_every_purpose(session, made, who):
    kind, place, grid, ordinary, answering = PEOPLE[who]
    actor = staff(session, kind, place)
    if grid is not None:
        on_duty(session, actor, made, grid)
    enter_scope(session, actor)
    tried = 0
    for purpose in PURPOSES:
        open_registers(session, actor, purpose)
        expected = rows_in(answering if purpose in ANSWERING else ordinary)

        assert seen(session) == expected, purpose
        tried += len(expected)
    assert tried == len(PURPOSES) * len(OF_PERSONS) == 13 * 17


@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_without_a_purpose_no_table_shows_a_row(session, made, who):
    if who is not None:
        enter_scope(session, staff(session, *PEOPLE[who][:2]))
    for setting, value in (
        ("staff", DISTRICT),
        ("buildings", str(made.building("W1").id)),
        ("household", "1"),
    ):
        session.execute(
            text("SELECT set_config(:name, :value, true)"), {"name": f"gridkeeper.{setting}", "value": value}
        )

    assert seen(session) == dict.fromkeys(OF_PERSONS, 0)


@pytest.mark.parametrize("table", OF_PERSONS)
def test_nothing_is_changed_or_removed_outside_what_was_opened(session, made, table):
    open_registers(session, staff(session, "manager", W), "registration")
    outside = {"community": made.map.places[E].id}
    change = text(f"UPDATE {table} SET id = id WHERE community_id = :community")  # noqa: S608
    removal = text(f"DELETE FROM {table} WHERE community_id = :community")  # noqa: S608

    assert session.execute(change, outside).rowcount == 0
    assert session.execute(removal, outside).rowcount == 0


def test_a_household_sees_what_is_held_about_it_and_nothing_of_the_neighbours(session, made):
    home, let = made.households["W1"]
    open_own(session, home.id)
    first = seen(session)
    open_own(session, let.id)
    second = seen(session)

    of_home = dict.fromkeys(
        ("dwelling", "household", "resident", "stay", "visit", "promise", "need", "referral", "identity"), 1
    )
    of_home |= dict.fromkeys(("subject_request", "own_code"), 1)
    of_let = dict.fromkeys(("dwelling", "household", "resident", "stay", "tenancy"), 1)
    assert first == dict.fromkeys(OF_PERSONS, 0) | of_home
    assert second == dict.fromkeys(OF_PERSONS, 0) | of_let


@pytest.mark.parametrize("table", OF_PERSONS)
def test_the_public_role_may_not_even_ask(root_session, table):
    root_session.execute(text("SET LOCAL ROLE gridkeeper_public"))
    with pytest.raises(DBAPIError) as caught, root_session.begin_nested():
        root_session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608

    assert isinstance(caught.value.orig, errors.InsufficientPrivilege)


@pytest.mark.parametrize("table", OF_PERSONS)
def test_the_app_cannot_switch_the_guard_off(session, table):
    for statement in (
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY opened ON {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(DBAPIError) as caught, session.begin_nested():
            session.execute(text(statement))
        assert isinstance(caught.value.orig, errors.InsufficientPrivilege)


@pytest.mark.parametrize("table", OF_PERSONS)
def test_its_owner_sees_no_row_either(root_session, table):
    given_everything(root_session)
    root_session.execute(text("SET LOCAL ROLE gridkeeper_owner"))

    assert root_session.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608
