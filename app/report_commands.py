"""`gridkeeper report`: the map of hazards to take away, as one page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from app.cli import FILE, refusals_as_messages
from app.ground_commands import transactions

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--place", "code", required=True, metavar="CODE", help="Place the map is of.")
@click.option("--from", "first", type=DAY, help="First day.  [default: 90 days before the last]")
@click.option("--to", "last", type=DAY, help="Last day.  [default: today]")
@click.option(
    "--bandwidth",
    type=click.IntRange(100, 2_000),
    default=150,
    show_default=True,
    help="Metres over which heat is smoothed; 100 is the least that may leave the house.",
)
@click.option(
    "--language", type=click.Choice(["en", "zh"]), help="In which it opens.  [default: the browser's]"
)
@click.option("-o", "--output", type=FILE, required=True, help="File to write, as in hazards.html.")
def report(
    code: str,
    first: datetime | None,
    last: datetime | None,
    bandwidth: int,
    language: str | None,
    output: Path,
) -> None:
    """Write a map of hazards as one page that opens with no network: heat over time, grids by their counts.

    Nothing in it names a case, a building or a person, and none of its figures is about fewer than five
    households.
    """
    from app.config import settings
    from app.services import audit, board, periods, take_away
    from app.services.heat_points import KeptPoints
    from app.services.one_page import check_leaflet
    from app.services.whole_file import check_writable, whole_file

    configured = settings()
    now, zone = configured.clock(), configured.timezone
    asked = {name: day.date().isoformat() for name, day in (("from", first), ("to", last)) if day is not None}
    with refusals_as_messages():
        check_writable(output)
        check_leaflet()
        period = periods.chosen(asked, now.astimezone(zone).date())
        with transactions()() as session:
            place = board.place_called(session, code)
            points = KeptPoints()
            page = take_away.take_away(session, points, place, period, now, zone, bandwidth, language)
            audit.record(session, None, "report.taken", f"place {code}", take_away.facts(period, bandwidth))
        with whole_file(output) as unfinished:
            unfinished.write_text(page, encoding="utf-8")
    click.echo(f"{output.name}: {place.name}, {period.first} to {period.last}, {len(page) / 1e6:.1f} MB.")
