"""`gridkeeper user …` as a person at the terminal sees it."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli import main
from app.db import open_engine
from app.services.passwords import LEAST

SECRET_KEY = "a key for tests and nothing else, long enough"  # noqa: S105


@pytest.fixture
def logins(new_database, worker_id, request):
    return new_database(f"users_{abs(hash(request.node.name)) % 10**8}_{worker_id}")


@pytest.fixture
def run(logins, monkeypatch):
    for name, login in (("DATABASE_URL", logins.owner), ("DATABASE_APP_URL", logins.app)):
        url = login.url.set(drivername="postgresql").render_as_string(hide_password=False)
        monkeypatch.setenv(name, url)
    monkeypatch.setenv("GRIDKEEPER_SECRET_KEY", SECRET_KEY)

    def typed(*arguments, given=None):
        return CliRunner().invoke(main, ["user", *arguments], input=given, catch_exceptions=False)

    return typed


@pytest.fixture
def asked(logins):
    engine = open_engine(logins.app)

    def ask(question):
        with engine.connect() as connection:
            return list(connection.execute(text(question)))

    yield ask
    engine.dispose()


def first(run):
    return run("add", "root.admin", "--name", "王管理", "--role", "administrator")


def test_the_first_administrator_is_added_and_told_a_password(run, asked):
    done = first(run)

    password = re.search(r"root\.admin signs in with the password (\S+)\n", done.output).group(1)
    assert len(password) >= LEAST
    [(name, pinyin, kept)] = asked("SELECT name, name_pinyin, password_hash FROM person")
    assert (name, pinyin) == ("王管理", "wang guan li")
    assert kept.startswith("$argon2id$")
    assert password not in kept
    assert asked("SELECT kind, place_id FROM role") == [("administrator", None)]


def test_what_is_done_is_audited_without_the_password(run, asked):
    password = re.search(r"password (\S+)\n", first(run).output).group(1)

    rows = asked("SELECT person_id, act, facts::text FROM audit ORDER BY id")

    assert [(row.person_id, row.act) for row in rows] == [(None, "person_added"), (None, "role_granted")]
    assert password not in str(rows)


def test_a_password_can_be_piped_in_and_is_not_printed(run, asked):
    done = run(
        *["add", "root.admin", "--name", "Root", "--role", "administrator", "--password-stdin"],
        given="seven green kites over Hangu\n",
    )

    assert "kites" not in done.output
    assert done.exit_code == 0
    assert asked("SELECT password_until FROM person") == [(None,)]


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["--password-stdin"], "too short\n", "The password has 9 characters"),
        (["--place", "999999"], None, "There is no place 999999."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_added(run, asked, arguments, given, said):
    done = run("add", "root.admin", "--name", "Root", "--role", "administrator", *arguments, given=given)

    assert done.exit_code == 3
    assert said in done.output
    assert asked("SELECT id FROM person") == []


def test_a_manager_needs_a_place(run):
    done = run("add", "manager", "--name", "M", "--role", "manager")

    assert done.exit_code == 3
    assert "needs a place" in done.output


def test_accounts_are_listed_with_roles(run):
    first(run)

    assert "administrator everywhere" in run("list").output


def test_the_last_administrator_stays(run):
    first(run)

    done = run("deactivate", "root.admin")

    assert done.exit_code == 3
    assert "last administrator" in done.output


def test_a_person_is_retired(run, asked):
    first(run)
    run("add", "second", "--name", "Second", "--role", "administrator")

    done = run("deactivate", "second")

    assert done.output == "second is retired.\n"
    assert asked("SELECT account FROM person WHERE NOT active") == [("second",)]


def test_a_new_password_is_told_and_ends_sessions(run, asked):
    first(run)
    [(before,)] = asked("SELECT session_key FROM person")

    done = run("password", "root.admin")

    assert "root.admin signs in with the password" in done.output
    assert asked("SELECT session_key FROM person") != [(before,)]


def test_an_unknown_account_is_refused(run):
    done = run("password", "nobody")

    assert done.exit_code == 3
    assert "There is no account “nobody”" in done.output
