"""`gridkeeper db …`: the database started, stopped, brought up to date and looked into."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from app import cluster
from app.errors import Refusal

EXIT_REFUSED = 3


@click.group("db")
def db() -> None:
    """Start, stop and upgrade the database, or look into it."""


@db.command("start")
def start() -> None:
    """Start the private database, making what is missing of it."""
    with told_plainly():
        if not elsewhere():
            cluster.ensure(cluster.own_cluster())
            click.echo(f"The database answers in {cluster.own_cluster().sockets}.")


@db.command("stop")
def stop() -> None:
    """Stop the private database, ending its connections."""
    with told_plainly():
        if not elsewhere():
            stopped = cluster.stop(cluster.own_cluster())
            click.echo("The database is stopped." if stopped else "No database was running.")


@db.command("upgrade")
@click.option("--to", "revision", default="head", show_default=True, help="Schema to bring it to.")
def upgrade(revision: str) -> None:
    """Bring the schema up to date, in one transaction."""
    from app.config import logins
    from app.db import upgrade as bring_up

    with told_plainly():
        click.echo(f"The schema is {bring_up(logins().owner, revision)}.")


@db.command("psql", context_settings={"ignore_unknown_options": True})
@click.option(
    "--role",
    type=click.Choice(["owner", "app", "public"]),
    default="owner",
    show_default=True,
    help="Whose rights to have.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(role: str, arguments: tuple[str, ...]) -> None:
    """Open psql; what follows goes to it, e.g. gridkeeper db psql -- -c 'TABLE place'."""
    from app.config import logins
    from app.db import psql_call

    with told_plainly():
        command, secret = psql_call(getattr(logins(), role))
        os.execvpe(command[0], [*command, *arguments], {**os.environ, **secret})  # noqa: S606


def elsewhere() -> bool:
    """Whether someone else runs the server, and then says so."""
    if os.environ.get("DATABASE_URL"):
        click.echo("DATABASE_URL is set: that server is not ours to start or stop.")
        return True
    return False


@contextmanager
def told_plainly() -> Iterator[None]:
    """A refusal ends the command with its sentence and status 3."""
    try:
        yield
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(EXIT_REFUSED)
