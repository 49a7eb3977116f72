"""`gridkeeper entrances`: which large buildings may be divided by their entrances."""

from __future__ import annotations

import click

from app.cli import refusals_as_messages
from app.ground_commands import transactions


@click.command()
@click.option("--place", "code", required=True, metavar="CODE", help="Place that the buildings are in.")
@click.option("--mark", "marked", multiple=True, metavar="BUILDING", help="Let this building be divided.")
@click.option(
    "--unmark", "unmarked", multiple=True, metavar="BUILDING", help="Keep this building whole again."
)
def entrances(code: str, marked: tuple[str, ...], unmarked: tuple[str, ...]) -> None:
    """Mark buildings by their codes, and list those marked and those that could be.

    A building can be marked where its entrances are known: import them as the layer entrances. A mark
    divides nothing by itself; it counts in `split --place CODE --by-entrance marked`.
    """
    from app.services import entrance_marks

    with refusals_as_messages(), transactions()() as session:
        for building in marked:
            entrance_marks.mark(session, code, entrance_marks.building_called(session, code, building))
        known = {one["building"]["code"]: one["id"] for one in entrance_marks.listed(session, code)["marks"]}
        for building in unmarked:
            if building not in known:
                raise click.UsageError(f"Building {building} is not marked.")
            entrance_marks.unmark(session, code, known[building])
        found = entrance_marks.listed(session, code)
    click.echo(f"{len(found['marks']):,} marked, {found['known']:,} with known entrances.")
    for mark, rows in (("x", found["marks"]), (" ", found["unmarked"])):
        for row in rows:
            called = row["building"]["name"] or ""
            click.echo(
                f"[{mark}] {row['building']['code']}  {row['households']:,} households, "
                f"{row['entrances']:,} entrances  {called}".rstrip()
            )
