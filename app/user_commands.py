"""`gridkeeper user …`: who may sign in, from the terminal; how the first administrator comes to be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from app.db_commands import told_plainly

if TYPE_CHECKING:
    from app.services.passwords import Passwords

KINDS = ("administrator", "manager", "coordinator", "leader")

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of the input; it stays."
)


@click.group("user")
def user() -> None:
    """Add, list and retire the persons who sign in."""


@user.command("add")
@click.argument("account")
@click.option("--name", required=True, help="Name, as others read it.")
@click.option("--role", type=click.Choice(KINDS), required=True)
@click.option("--place", metavar="CODE", help="Place of the role; without it an administrator of everything.")
@click.option("--phone", default="", help="Office phone.")
@password_option
def add(account: str, name: str, role: str, place: str | None, phone: str, password_stdin: bool) -> None:
    """Add a person ACCOUNT with a role, and print the password."""
    from app.services import accounts

    with told_plainly(), _at_work() as (session, hashing, now):
        _, given = accounts.add_person(
            session,
            None,
            account,
            name,
            role=role,
            place=place,
            office_phone=phone,
            hashing=hashing,
            now=now,
            password=_typed() if password_stdin else None,
        )
    _tell(account, given, password_stdin)


@user.command("list")
def listing() -> None:
    """List everybody, with roles."""
    from app.services import accounts

    with told_plainly(), _at_work() as (session, _, now):
        for person in accounts.everybody(session, now.date()):
            roles = ", ".join(
                f"{role.kind} {role.place_code or 'everywhere'}" for role in person.roles if role.holds
            )
            state = "" if person.active else "  (retired)"
            click.echo(f"{person.account:<24} {person.name:<24} {roles or 'no role'}{state}")


@user.command("password")
@click.argument("account")
@password_option
def password(account: str, password_stdin: bool) -> None:
    """Give ACCOUNT a new password, print it, and end every session of theirs."""
    from app.services import accounts

    with told_plainly(), _at_work() as (session, hashing, now):
        given = accounts.give_password(
            session,
            None,
            accounts.person_id_of(session, account),
            hashing,
            now,
            wanted=_typed() if password_stdin else None,
        )
    _tell(account, given, password_stdin)


@user.command("deactivate")
@click.argument("account")
def deactivate(account: str) -> None:
    """Retire ACCOUNT: nobody signs in as them any more, what they did stays."""
    from app.services import accounts

    with told_plainly(), _at_work() as (session, _, now):
        accounts.deactivate(session, None, accounts.person_id_of(session, account), now)
    click.echo(f"{account} is retired.")


@contextmanager
def _at_work() -> Iterator[tuple[Any, Passwords, Any]]:
    """A transaction as the app, how passwords are kept, and the time here."""
    from app.config import settings
    from app.db import open_engine, transaction
    from app.services.passwords import passwords

    chosen = settings()
    engine = open_engine(chosen.logins.app)
    try:
        with transaction(engine) as session:
            yield session, passwords(chosen.hashing), chosen.clock().astimezone(chosen.timezone)
    finally:
        engine.dispose()


def _typed() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _tell(account: str, given: str, chosen: bool) -> None:
    if chosen:
        click.echo(f"{account} signs in with the password you gave.")
    else:
        click.echo(f"{account} signs in with the password {given}")
        click.echo(
            "It is shown only now, is good for three days, and is changed at the first sign-in.", err=True
        )
