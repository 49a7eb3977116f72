"""`gridkeeper certificate | verify`: what geometry says of grids, and whether it still says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import FILE, limits_of, options_of, progress_bar, reading_options, refusals_as_messages
from app.ground_commands import EXIT_CHECK, transactions

if TYPE_CHECKING:
    from app.geo.district import District
    from app.services.file_split import FileSplit

# How a file was read is as much a parameter as the target; limits and where it went are not.
NOT_PARAMETERS = ("output", "map_file", "report_file", "certificate_file", "workers", "language")


@click.command()
@click.argument("plan_id", type=int)
@click.option("-o", "--output", type=FILE, required=True, help="JSON to write.")
@click.option("--grids", "grids_file", type=FILE, help="Also write the plan's grids as a GeoPackage.")
def certificate(plan_id: int, output: Path, grids_file: Path | None) -> None:
    """Examine a plan of the database and write its certificate.

    The certificate holds what geometry alone says: areas, gaps, overlaps, cut buildings, pieces, households;
    with the parameters, the versions and a fingerprint of the grids. `verify` checks grids against it.
    """
    from app.services.certificates import (
        certificate_of_plan,
        plan_ground,
        write_certificate,
        write_plan_grids,
    )
    from app.services.whole_file import check_writable

    with refusals_as_messages():
        for path in (output, grids_file):
            if path is not None:
                check_writable(path)
        with transactions()() as session:
            plan = plan_ground(session, plan_id)
        made = certificate_of_plan(plan, datetime.now(UTC))
        write_certificate(output, made)
        if grids_file is not None:
            write_plan_grids(grids_file, plan.grids)
    sizes, faults = made["sizes"], made["checks"]["faults"]
    click.echo(
        f"Plan {plan_id}: {sizes['grids']:,} grids, {sizes['in_band']:,} in band, "
        f"{faults or 'no'} {'fault' if faults == 1 else 'faults'}. Fingerprint {made['sha256']}."
    )
    for fault in made["faults"]:
        click.echo(f"  {fault['sentence']['en']}")
    if faults:
        sys.exit(EXIT_CHECK)


@click.command()
@click.argument("grids_file", metavar="GRIDS", type=FILE)
@click.argument("district_file", metavar="DISTRICT", type=FILE)
@click.option("--certificate", "certificate_file", type=FILE, help="Hold the grids against this certificate.")
@click.option(
    "--target",
    type=click.IntRange(2, 100_000),
    help="Households per grid.  [default: the certificate's, else 300]",
)
@click.option("--tolerance", type=click.FloatRange(0, 0.9), help="As a share.  [default: 0.1]")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@reading_options("--area")
def verify(grids_file: Path, district_file: Path, certificate_file: Path | None, **given: Any) -> None:
    """Check the layer grids of GRIDS against DISTRICT, from geometry alone.

    Whoever made the grids: nothing of how this software divides is used. Checked are areas, gaps, overlaps,
    cut buildings, whether each grid is one piece, its households counted anew from the buildings, and,
    against a certificate, every figure and the fingerprint. Buildings that the certificate names as divided
    by their entrances are counted apart, their households where their entrances are. DISTRICT is read as
    `split` reads it; give the same options. Ends with status 1 where something is wrong; a grid out of band
    is no fault in itself.
    """
    from app.geo.readers import read_district
    from app.geo.readers.grids import read_grids
    from app.services.certificate_text import verdict_lines
    from app.services.certificates import certified_doors, ground_of, read_certificate, verify

    with refusals_as_messages():
        certified = None if certificate_file is None else read_certificate(certificate_file)
        limits = limits_of(given)
        with progress_bar() as tell:
            tell("Reading", 0.0)
            grids = read_grids(grids_file, limits)
            district = read_district(district_file, options=options_of(given), limits=limits)
            tell("Examining", 0.5)
            band = _band(certified, given["target"], given["tolerance"])
            ground = ground_of(district, certified_doors(district, certified))
            verdict = verify(grids, ground, band, datetime.now(UTC), certified)
            tell("Done", 1.0)
    for line in verdict_lines(verdict, given["language"]):
        click.echo(line)
    if verdict.faults:
        sys.exit(EXIT_CHECK)


def _band(certified: Mapping[str, Any] | None, target: int | None, tolerance: float | None) -> Any:
    from app.geo.plots import Band

    if certified is not None and target is None and tolerance is None:
        return Band(**{name: certified["band"][name] for name in ("target", "least", "most")})
    return Band.around(target or 300, 0.1 if tolerance is None else tolerance)


def write_split_certificate(
    path: Path, made: FileSplit, district: District, parameters: Mapping[str, Any], subject: str
) -> None:
    """The certificate of a division that was written to files."""
    from app.services.certificates import certificate_of_split, write_certificate

    named = {
        key: value
        for key, value in parameters.items()
        if key not in NOT_PARAMETERS and not key.startswith("limit_")
    }
    plain = json.loads(json.dumps(named, default=str))
    now = datetime.now(UTC)
    write_certificate(path, certificate_of_split(made.plan, district, plain, subject, now, made.doors))
