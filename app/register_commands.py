"""`gridkeeper registers …`: tables of residents in, and the exchange file out and in."""

from __future__ import annotations

import csv
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from app.cli import refusals_as_messages
from app.ground_commands import transactions

FILE = click.Path(dir_okay=False, path_type=Path)
READ = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def registers() -> None:
    """Bring registers in from tables, and write the exchange file."""


@registers.command("import")
@click.argument("file", type=READ)
@click.option("--place", "code", required=True, metavar="CODE", help="Place whose buildings are meant.")
@click.option("--dry-run", is_flag=True, help="Say what would become of every row, and store nothing.")
@click.option("--report", type=FILE, help="Write a CSV with a line for every row.")
@click.option("--worklist", type=FILE, help="Write the rows left over, each with why.")
def bring_in(file: Path, code: str, dry_run: bool, report: Path | None, worklist: Path | None) -> None:
    """Enter the residents of a CSV or XLSX file, all or nothing.

    A building is found by its code, an address or coordinates. Rows whose building is not found are left
    over: correct them in the worklist and bring that in. A row that is wrong stops the file.
    """
    from app.config import identity_key, timezone
    from app.geo.readers.options import Limits
    from app.services import register_import
    from app.words import words

    today = datetime.now(timezone()).date()
    with refusals_as_messages(), transactions()() as session:
        opened = register_import.open_place(session, code)
        way = register_import.look if dry_run else register_import.bring_in
        limits = Limits.for_operator()
        told, table = way(opened, code, file.read_bytes(), file.name, limits, today, identity_key())
    say = words("en")
    if report is not None:
        with report.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows(report_lines(told, say))
    if worklist is not None:
        worklist.write_bytes(register_import.worklist(told, table, lambda why: say(f"row-{why}")))
    counts = ", ".join(f"{number:,} {outcome}" for outcome, number in told.counts.items())
    if told.not_kept:
        click.echo(f"{told.not_kept:,} ID numbers were looked at and not kept: the rules do not have them.")
    click.echo(f"{'Would be' if dry_run else 'Rows'}: {counts}; {len(told.mended):,} cells mended.")


@registers.command("export")
@click.option("--place", "code", required=True, metavar="CODE", help="Place whose registers are meant.")
@click.option("-o", "--output", "file", required=True, type=FILE, help="The exchange file (CSV) to write.")
@click.option(
    "--numbers",
    "reason",
    metavar="REASON",
    help="With birth dates and whole ID numbers, where the rules say so; why stands in the audit.",
)
def export(code: str, file: Path, reason: str | None) -> None:
    """Write the exchange file of a place. It holds personal data; that it was written is logged."""
    from app.config import identity_key, timezone
    from app.services import exchange, register_import

    today = datetime.now(timezone()).date()
    numbers = None if reason is None else exchange.Numbers(reason, identity_key(), today)
    with refusals_as_messages(), transactions()() as session:
        opened = register_import.open_place(session, code, "exchange")
        octets, rows = exchange.export(opened, code, numbers)
    private = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # nobody else may read it
    with os.fdopen(private, "wb") as out:
        out.write(octets)
    click.echo(f"{rows:,} rows in {file}.")


def report_lines(told: Any, say: Any) -> list[list[object]]:
    """What became of every row, with a head; no value of a person."""
    head: list[list[object]] = [["row", "outcome", "why"]]
    return head + [[line.row, line.outcome, say(f"row-{line.why}")] for line in told.lines]
