"""Engines and transactions for the three roles, the scope of a transaction, and migrations.

Views and commands open the transaction; services take its session and never commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session

from app.cluster import program
from app.config import Login, timezone
from app.errors import Refusal

if TYPE_CHECKING:  # takes a third of a second to import; only migrations need it
    from alembic.config import Config

Transaction = Session  # what views call the session they hand to services
DatabaseFault = DBAPIError  # what the driver says no to
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
SCOPE = "gridkeeper.scope"
CONNECT_SECONDS = 5
WAIT_SECONDS = 2  # for a connection, when all are in use
INSUFFICIENT_PRIVILEGE = "42501"
DISK_FULL = "53100"
# Ended after its time, too many connections, a lock not to be had, two that waited for each other.
BUSY = ("57014", "53300", "55P03", "40P01")
NOT_INSTALLED = "0A000"  # what CREATE EXTENSION answers for a package that is not there


def open_engine(
    login: Login, *, statement_seconds: int = 60, pool_size: int = 5, small_questions: bool = False
) -> Engine:
    """Connections as one role, made when first needed.

    statement_seconds: a statement that takes longer is ended; 0 lets it run. small_questions: the planner is
    to rely on indices and on one process; starting another takes longer than a small answer.
    """
    settings = {"statement_timeout": f"{statement_seconds}s", "timezone": "UTC", "jit": "off"}
    settings["gridkeeper.zone"] = timezone().key  # what is kept by day goes by the city's
    if small_questions:
        settings |= {"max_parallel_workers_per_gather": "0", "random_page_cost": "1.1"}
    if login.role is not None:
        settings["role"] = login.role
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    engine = create_engine(
        login.url,
        connect_args={"options": options, "connect_timeout": CONNECT_SECONDS},
        pool_pre_ping=True,
        pool_size=pool_size,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,  # the words of an error end up in logs
    )
    event.listen(engine, "handle_error", _without_values)
    return engine


def _without_values(failed: ExceptionContext) -> None:
    for error in (failed.original_exception, failed.sqlalchemy_exception):
        if error is not None:
            _keep_first_line(error)


def _keep_first_line(error: BaseException) -> None:
    """Of what PostgreSQL says; the rest (DETAIL, CONTEXT) holds people's data, and errors are logged."""
    if error.args:
        error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


@contextmanager
def transaction(engine: Engine, scope: Sequence[str] | None = None) -> Iterator[Session]:
    """A session that commits when its block ends well and undoes everything when it does not.

    scope: paths of the places whose personal tables it may see; None for none at all.
    """
    with _reachable(), Session(engine) as session, session.begin():
        if scope is not None:
            set_scope(session, scope)
        yield session


def is_well(engine: Engine) -> bool:
    """Whether the database answers."""
    try:
        with transaction(engine) as session:
            return session.scalar(select(1)) == 1
    except Refusal:
        return False


def set_scope(session: Session, paths: Sequence[str]) -> None:
    """Let this transaction, and only this one, see rows of these places and all beneath them.

    Unset, empty or over: no rows. Never `SET` on a pooled connection: the next request would inherit it.

    paths: `place.path` values.
    """
    session.execute(select(func.set_config(SCOPE, ",".join(paths), True)))


def upgrade(owner: Login, revision: str = "head") -> str:
    """Bring the schema to a revision, in one transaction; nothing to do where it is there.

    Returns the revision the schema has then.
    """
    from alembic import command
    from alembic.runtime.migration import MigrationContext

    with _owner_connection(owner) as connection:
        command.upgrade(_migrations(connection), revision)
        return MigrationContext.configure(connection).get_current_revision() or "base"


def check_schema(owner: Login) -> None:
    """Refuse a database whose schema is behind or ahead of what this code was written for."""
    known = sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    with _owner_connection(owner) as connection:
        made = connection.scalar(select(func.to_regclass("alembic_version")))
        found = (
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if made else None
        )
    if found != known[-1]:
        behind = found is None or found in known
        raise Refusal("schema_behind" if behind else "schema_ahead", found=found or "empty", wanted=known[-1])


def downgrade(owner: Login, revision: str) -> None:
    """Take the schema back to a revision."""
    from alembic import command

    with _owner_connection(owner) as connection:
        command.downgrade(_migrations(connection), revision)


def psql_call(login: Login) -> tuple[list[str], dict[str, str]]:
    """The command line of psql for a login, and what its environment needs: no password is seen in `ps`."""
    from psycopg2.extensions import make_dsn

    given = dict(login.url.translate_connect_args(username="user", database="dbname"), **login.url.query)
    secret = {"PGPASSWORD": str(given.pop("password"))} if "password" in given else {}
    if login.role is not None:
        given["options"] = f"-c role={login.role}"
    return [str(program("psql")), make_dsn(**given)], secret


@contextmanager
def _owner_connection(owner: Login) -> Iterator[Connection]:
    engine = open_engine(owner, statement_seconds=0)
    try:
        with _reachable(), engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        what = str(error.orig).strip().splitlines()[0]
        code = getattr(error.orig, "pgcode", None)
        if code == INSUFFICIENT_PRIVILEGE:
            raise Refusal("database_lacks_right", what=what) from error
        if code == NOT_INSTALLED:
            raise Refusal("extension_missing", extensions=what) from error
        raise
    finally:
        engine.dispose()


@contextmanager
def _reachable() -> Iterator[None]:
    """A server that does not answer is a refusal with its remedy; other errors pass."""
    try:
        yield
    except NoConnectionLeft as error:
        raise Refusal("database_busy") from error
    except OperationalError as error:
        if error.connection_invalidated or getattr(error.orig, "pgcode", None) is None:
            what = (str(error.orig).strip().splitlines() or [""])[0]
            raise Refusal("database_unreachable", what=what) from error
        if getattr(error.orig, "pgcode", None) in BUSY:
            raise Refusal("database_busy") from error
        if getattr(error.orig, "pgcode", None) == DISK_FULL:
            raise Refusal("database_full") from error
        raise
    except psycopg2.Error as error:  # of a COPY, which goes past SQLAlchemy
        _keep_first_line(error)
        raise


def _migrations(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
