"""A throw-away PostGIS cluster for the tests: one for the whole run, a database for each worker.

It is made by the first test that asks for it and removed when the run ends. A run that was killed leaves its
cluster behind; the next one removes it. Nothing here ever looks at DATABASE_URL or at `.cluster/`.
"""

import fcntl
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.cluster import DATABASE, SUPERUSER, Cluster, connect, ensure, remove
from app.config import Login, Logins, cluster_logins
from app.db import open_engine, upgrade

CLUSTER_VARIABLE = "GRIDKEEPER_TEST_CLUSTER"
TEMPLATE = "template_at_head"


def pytest_configure(config: pytest.Config) -> None:
    """The run's first process names the folder; workers of pytest-xdist inherit the name."""
    if not hasattr(config, "workerinput"):
        os.environ[CLUSTER_VARIABLE] = str(
            _shelter() / f"gridkeeper-test-{os.getpid()}-{secrets.token_hex(4)}"
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ.pop(CLUSTER_VARIABLE))
        if folder.exists():
            remove(Cluster(folder, throwaway=True))


@pytest.fixture(scope="session")
def test_cluster() -> Cluster:
    """A running cluster whose database `gridkeeper` is bare and whose template is migrated."""
    made = Cluster(Path(os.environ[CLUSTER_VARIABLE]), throwaway=True)
    lock = made.folder.with_name(made.folder.name + ".lock")
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not made.folder.exists():
            _remove_left_behind()
            ensure(made)
            _create_database(made, TEMPLATE, DATABASE)
            upgrade(cluster_logins(made, TEMPLATE).owner)
    lock.unlink(missing_ok=True)
    return made


@pytest.fixture(scope="session")
def new_database(test_cluster: Cluster) -> Callable[[str, str], Logins]:
    """Make a database of that name and tell how to come in; `bare` has only the extensions."""

    def make(name: str, template: str = TEMPLATE) -> Logins:
        _create_database(test_cluster, name, DATABASE if template == "bare" else template)
        return cluster_logins(test_cluster, name)

    return make


@pytest.fixture(scope="session")
def database(new_database: Callable[..., Logins], worker_id: str) -> Logins:
    """This worker's database, at the head of the migrations and empty."""
    return new_database(f"test_{worker_id}")


@pytest.fixture(scope="session")
def app_engine(database: Logins) -> Iterator[Engine]:
    engine = open_engine(database.app)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def root_engine(database: Logins) -> Iterator[Engine]:
    """As the superuser, who may become any role."""
    engine = open_engine(Login(database.owner.url.set(username=SUPERUSER)))
    yield engine
    engine.dispose()


@pytest.fixture
def session(app_engine: Engine) -> Iterator[Session]:
    """As the app; rolled back after the test."""
    with Session(app_engine) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def root_session(root_engine: Engine) -> Iterator[Session]:
    """As the superuser, to become other roles by `SET LOCAL ROLE`; rolled back after the test."""
    with Session(root_engine) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def at_commit() -> Callable[[Session], None]:
    """What the database checks at commit, without committing."""

    def check(checked: Session) -> None:
        checked.flush()
        checked.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        checked.execute(text("SET CONSTRAINTS ALL DEFERRED"))

    return check


def _create_database(made: Cluster, name: str, template: str) -> None:
    connection = connect(made, SUPERUSER, "postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER gridkeeper_owner')
    connection.close()


def _shelter() -> Path:
    """Where temporary folders go; /tmp where the customary place is too deep for a socket."""
    folder = Path(tempfile.gettempdir())
    return folder if len(str(folder)) < 50 else Path("/tmp")  # noqa: S108 (the folder in it is closed)


def _remove_left_behind() -> None:
    """Clusters of runs that are no more."""
    for folder in _shelter().glob("gridkeeper-test-*"):
        run = re.fullmatch(r"gridkeeper-test-(\d+)-[0-9a-f]+", folder.name)
        if run and not Path(f"/proc/{run.group(1)}").exists():
            remove(Cluster(folder, throwaway=True))
