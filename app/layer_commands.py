"""`gridkeeper export | layer`: plans as files for other programmes, and grids drawn there as drafts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.cli import DATUMS, FILE, Pair, refusals_as_messages
from app.ground_commands import transactions

FORMATS = ("gpkg", "shp", "kml", "geojson", "qgis")
NAMED = 3  # findings of one kind that the terminal names


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


@click.command()
@click.argument("file", type=FILE)
@click.option("--place", "code", required=True, metavar="CODE", help="Place whose grids the file holds.")
@click.option(
    "--target", type=click.IntRange(2, 100_000), help="Households per grid.  [default: as in force]"
)
@click.option(
    "--tolerance", type=click.FloatRange(0, 0.9), default=0.10, show_default=True, help="As a share."
)
@click.option("--layer", "layer_name", help="Layer of a GeoPackage that has several.")
@click.option(
    "--column", "columns", type=Pair(("code", "name", "kind")), multiple=True, help="Column of a field."
)
@click.option("--crs", help="Coordinate system of a file that names none or a wrong one, e.g. EPSG:4547.")
@click.option("--datum", type=click.Choice(DATUMS), default="wgs84", show_default=True)
@click.option("--encoding", help="Encoding of attributes that are garbled, e.g. gb18030.")
@click.option("--by-entrance", is_flag=True, help="On plots where marked buildings are divided.")
@click.option("--report", "report_file", type=FILE, help="Also write what snapping took, as JSON.")
def layer(file: Path, code: str, report_file: Path | None, **given: Any) -> None:
    """Make a draft of a grid layer drawn elsewhere: GeoPackage, zipped Shapefile, KML or GeoJSON.

    Each polygon is snapped to plots: a plot goes to the polygon that covers most of it, ground in no polygon
    joins a neighbour, no grid crosses communities or is in pieces. What that took is told.
    """
    from app.geo.plots import Band
    from app.geo.readers.options import Limits, ReadOptions
    from app.services import audit, grid_layers
    from app.services.whole_file import check_writable, whole_file

    options = ReadOptions(
        columns=dict(given["columns"]),
        layers={"grids": given["layer_name"]} if given["layer_name"] else {},
        crs=given["crs"],
        datum=given["datum"],
        encoding=given["encoding"],
    )
    wanted = grid_layers.Wanted(entrances=given["by_entrance"])
    if given["target"] is not None:
        band = Band.around(given["target"], given["tolerance"])
        wanted = replace(wanted, target=band.target, least=band.least, most=band.most)
    with refusals_as_messages():
        if report_file is not None:
            check_writable(report_file)
        opens = transactions()
        drawn = grid_layers.read_layer(file, options, Limits.for_operator())
        with opens() as session:
            ground = grid_layers.read_ground(session, code, wanted)
        snapped = grid_layers.snap(ground, drawn)
        with opens() as session:
            plan_id = grid_layers.write(session, ground, snapped)
            facts = {"place": code, "file": drawn.file, "counts": snapped.report["counts"]}
            audit.record(session, None, "plan.layer", f"plan {plan_id}", facts)
        if report_file is not None:
            with whole_file(report_file) as unfinished:
                unfinished.write_text(
                    json.dumps(snapped.report, ensure_ascii=False, indent=1) + "\n", "utf-8"
                )
    for line in _lines(snapped.report):
        click.echo(line)
    click.echo(
        f"Draft {plan_id} has {snapped.report['grids']:,} grids. "
        f"Publish it with: gridkeeper publish {plan_id}"
    )


FOUND = {
    "cut": "buildings cut by a drawn line, each whole in one grid now",
    "uncovered": "patches of ground in no polygon, given to neighbours",
    "doubled": "pairs of polygons that share ground",
    "torn": "parts torn off their grid, given to neighbours or grids of their own",
    "divided": "polygons over several communities",
    "lost": "polygons without a plot",
    "renumbered": "grids with another code than the file says",
}


def _lines(report: dict[str, Any]) -> list[str]:
    """What snapping took, for the terminal; of each kind the first few by name."""
    lines = [
        f"{report['file']}: {report['polygons']:,} polygons, {report['outside']:,} outside the place, "
        f"{report['reading']['refused_count']:,} rows left out."
    ]
    for kind, words in FOUND.items():
        count = report["counts"][kind]
        if count:
            named = "; ".join(_one(row) for row in report["found"][kind][:NAMED])
            lines.append(f"{count:,} {words}: {named}{'; …' if count > NAMED else ''}")
    if report["datum"]:
        lines.append(f"The polygons fit the place far better with --datum {report['datum']}.")
    lines.append(
        f"In no polygon {report['uncovered_m2']:,.0f} m2 ({report['uncovered_households']:,} households), "
        f"in two {report['doubled_m2']:,.0f} m2; drawn borders moved {report['moved_m2']:,.0f} m2 "
        f"of {report['ground_m2']:,.0f}."
    )
    return lines


def _one(row: dict[str, Any]) -> str:
    """A finding in a few words."""
    parts = []
    if "building" in row:
        parts.append(f"building {row['building']['name'] or row['building']['code']}")
    if "wanted" in row:
        parts.append(row["wanted"])
    parts += [" and ".join(row["polygons"])] if "polygons" in row else []
    if "m2" in row:
        parts.append(f"{row['m2']:,.0f} m2")
    if "households" in row:
        parts.append(f"{row['households']:,} households")
    to = f" -> {', '.join(row['grids'][:NAMED])}" if row.get("grids") else ""
    return ", ".join(parts) + to
