"""`gridkeeper hazards import`: hazards from a table of points with a moment each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import DATUMS, FILE, refusals_as_messages
from app.ground_commands import transactions

if TYPE_CHECKING:
    from app.services.hazard_import import Report

READ = click.Path(exists=True, dir_okay=False, path_type=Path)


class KindOf(click.ParamType[tuple[str, str]]):
    """`THEIRS=CODE`: what a file calls a kind, and ours."""

    name = "THEIRS=CODE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        theirs, _, ours = str(value).rpartition("=")
        if not theirs or not ours:
            self.fail(f"“{value}” is not of the form THEIRS=CODE.", param, ctx)
        return theirs, ours


@click.group()
def hazards() -> None:
    """Bring hazards in from files."""


@hazards.command("import")
@click.argument("file", type=READ)
@click.option("--place", "code", required=True, metavar="CODE", help="Place whose hazards are meant.")
@click.option("--dry-run", is_flag=True, help="Say what would become of every row, and store nothing.")
@click.option("--kind", metavar="CODE", help="Kind of rows whose own is none of ours.  [default: refused]")
@click.option(
    "--kind-of",
    "named",
    type=KindOf(),
    multiple=True,
    help="Our code of a kind of the file, e.g. 油烟=noise.",
)
@click.option(
    "--kinds", "kinds_file", type=READ, help="The same as a table of two columns: theirs, our code."
)
@click.option(
    "--source",
    metavar="NAME",
    help="By which rows are known again with their id.  [default: the file's name]",
)
@click.option("--datum", type=click.Choice(DATUMS), default="wgs84", show_default=True)
@click.option("--report", "report_path", type=FILE, help="Write a CSV with a line for every row.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def bring_in(file: Path, code: str, report_path: Path | None, **given: Any) -> None:
    """Enter the hazards of a CSV or XLSX FILE: points with an id and a moment.

    Columns id, occurred_at, lon and lat, where there closed_at, kind, severity (1 to 3) and detail; the
    names 编号 发生时间 经度 纬度 结案时间 类别 等级 描述 are understood too. Moments are of the city's time
    zone where they name none. Rows that cannot be taken are refused one by one, each with why and what to
    do; all others go in, in one piece. Brought in again, rows that are there are left as they are.
    """
    from app.config import settings
    from app.geo.readers.options import Limits
    from app.services import hazard_import
    from app.services.whole_file import check_writable, whole_file
    from app.words import words

    configured, limits = settings(), Limits.for_operator()
    with refusals_as_messages():
        if report_path is not None:
            check_writable(report_path)
        kinds = dict(given["named"])
        if (table := given["kinds_file"]) is not None:
            kinds = hazard_import.kinds_in(table.read_bytes(), table.name, limits) | kinds
        source = given["source"] or hazard_import.usual_source(code, file.name)
        wanted = hazard_import.Wanted(code, source, given["kind"], kinds, given["datum"])
        act = hazard_import.look if given["dry_run"] else hazard_import.bring_in
        now = configured.clock().astimezone(configured.timezone)
        with transactions()() as session:
            told = act(session, None, wanted, file.read_bytes(), file.name, limits, now)
            if report_path is not None:
                with whole_file(report_path) as unfinished:
                    unfinished.write_bytes(hazard_import.report_file(told, words(given["language"])))
    for line in _lines(told, words(given["language"]), stored=not given["dry_run"]):
        click.echo(line)


def _lines(told: Report, say: Any, *, stored: bool) -> list[str]:
    """What became of the rows, for the terminal: counts, and every reason with the rows it is of."""
    counts = [
        say("hazard-import-counted", outcome=say(f"hazard-outcome-{outcome}"), n=number)
        for outcome, number in told.counts.items()
    ]
    about = say("hazard-import-entered") if stored else say("hazard-import-looked")
    lines = [f"{told.file}: {about}: {', '.join(counts)}."]
    lines.append(say("hazard-import-of-them", closed=told.closed, held=told.held))
    if told.ignored:
        lines.append(say("hazard-import-ignored", columns=", ".join(told.ignored)))
    for why, rows in told.refused.items():
        reason = f"{say(f'hazard-row-{why}')} {say(f'hazard-remedy-{why}')}"
        lines.append(say("hazard-import-refused", n=len(rows), first=rows[0], reason=reason))
    return lines
