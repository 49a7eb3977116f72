"""The audit is written with what it tells of, and never changed."""

from __future__ import annotations

import pytest
from psycopg2 import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.services import audit


def test_an_act_is_appended_with_person_time_and_facts(session):
    audit.record(session, None, "tried", "grid 7", {"households": 312})

    row = session.execute(text("SELECT person_id, act, about, facts, at IS NOT NULL FROM audit")).one()

    assert tuple(row) == (None, "tried", "grid 7", {"households": 312}, True)


@pytest.mark.parametrize("statement", ["UPDATE audit SET act = ''", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_app_cannot_change_what_was_written(session, statement):
    audit.record(session, None, "tried", "grid 7")

    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        session.execute(text(statement))

    assert isinstance(caught.value.orig, errors.InsufficientPrivilege)


@pytest.mark.parametrize("table", ["audit", "sign_in", "sign_in_attempt", "person", "role"])
def test_the_public_sees_nothing_of_it(root_session, table):
    root_session.execute(text("SET LOCAL ROLE gridkeeper_public"))

    with pytest.raises(DBAPIError) as caught, root_session.begin_nested():
        root_session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608

    assert isinstance(caught.value.orig, errors.InsufficientPrivilege)
