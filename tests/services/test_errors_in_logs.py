"""What an error of the database says ends up in logs: it must hold nothing of what people wrote."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db import open_engine, transaction
from app.services.bulk import copy_rows

SECRET = "someone-s-name"  # noqa: S105


@pytest.fixture(scope="module")
def engine(new_database, worker_id):
    engine = open_engine(new_database(f"error_words_{worker_id}").app)
    yield engine
    engine.dispose()


def logged(caught):
    return "".join(traceback.format_exception(caught.value))


def test_an_error_keeps_its_kind_and_loses_the_values(engine):
    add = text("INSERT INTO person (account, name) VALUES (:account, 'x')")
    with pytest.raises(DBAPIError) as caught, transaction(engine) as session:
        session.execute(add, [{"account": SECRET}, {"account": SECRET}])

    assert "duplicate key value" in logged(caught)
    assert SECRET not in logged(caught)
    assert caught.value.orig.diag.constraint_name == "person_account_unique"


def test_an_error_of_a_copy_loses_the_values_too(engine):
    with pytest.raises(IntegrityError) as caught, transaction(engine) as session:
        copy_rows(session, "person", ("account", "name"), [(SECRET, "x"), (SECRET, "y")])

    assert "duplicate key value" in logged(caught)
    assert SECRET not in logged(caught)
