"""`gridkeeper export`: a plan as a file for other programmes."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli import FILE, refusals_as_messages
from app.ground_commands import transactions

FORMATS = ("gpkg", "shp", "kml", "geojson", "qgis")


@click.command()
@click.argument("plan_id", metavar="PLAN", type=int)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="qgis: a GeoPackage with plots, buildings and styles; shp: zipped.  [default: by the file's name]",
)
@click.option("-o", "--output", type=FILE, required=True, help="File to write.")
def export(plan_id: int, form: str | None, output: Path) -> None:
    """Write the grids of a plan as GeoPackage, zipped Shapefile, KML or GeoJSON.

    Counts under five and what names persons are left out. `gridkeeper layer` reads such a file back as the
    same plan.
    """
    from app.services import audit
    from app.services.exports import FORMATS as KNOWN
    from app.services.exports import read_export, write_export
    from app.services.whole_file import check_writable

    endings = {ending: name for name, (ending, _) in reversed(KNOWN.items())}
    form = form or endings.get(output.suffix.lower())
    if form is None:
        raise click.UsageError(f"Name the --format: {output.name} does not tell by its ending.")
    with refusals_as_messages():
        check_writable(output)
        with transactions()() as session:
            read = read_export(session, plan_id, form)
            audit.record(session, None, "plan.exported", f"plan {plan_id}", {"format": form})
        write_export(output, read, form)
    click.echo(f"{output.name}: {len(read.grids):,} grids of {read.about}.")
