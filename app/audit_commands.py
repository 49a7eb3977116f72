"""`gridkeeper audit …`: where the chain of the audit ends, and whether it holds."""

from __future__ import annotations

import sys

import click

from app.db_commands import told_plainly
from app.ground_commands import EXIT_CHECK, transactions


@click.group()
def audit() -> None:
    """Look at the chain that the audit is sealed into."""


@audit.command("head")
def head() -> None:
    """Print the last seal, to be kept elsewhere: NUMBER:HASH, when it was made, rows under it."""
    from app.services import audit_chain

    with told_plainly(), transactions()() as session:
        last = audit_chain.head(session)
    made = f"{last.made_at:%Y-%m-%dT%H:%M:%SZ}" if last.made_at else "never"
    click.echo(f"{last} {made} {last.rows}")


@audit.command("verify")
@click.option("--head", "known", metavar="NUMBER:HASH", help="A head kept elsewhere: it must still be there.")
def verify(known: str | None) -> None:
    """Reckon the chain anew from the rows there are; status 1 where it does not hold."""
    from app.services import audit_chain

    with told_plainly(), transactions()() as session:
        verdict = audit_chain.verify(session, known)
    for number in verdict.broken:
        click.echo(f"Seal {number} does not hold: one of its rows, or it itself, was changed or removed.")
    for number in verdict.missing:
        click.echo(f"Seal {number} is gone.")
    if verdict.head_lost:
        click.echo(
            f"The head {known} is not of this chain: the chain was made anew since it was written down."
        )
    if not verdict.holds:
        sys.exit(EXIT_CHECK)
    click.echo(f"{verdict.head.rows:,} rows under {verdict.head.seal:,} seals: the chain holds.")
    if verdict.unsealed:
        click.echo(
            f"{verdict.unsealed:,} rows wait to be sealed, since {verdict.waiting_since:%Y-%m-%d %H:%M} UTC."
        )
