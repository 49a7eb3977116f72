"""The command line: `gridkeeper split` and what follows it."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from app.db_commands import db
from app.errors import Refusal
from app.geo.readers.options import Limits, ReadOptions
from app.steering_options import (
    MARKED,
    STORED_ONLY,
    asked_from,
    buildings_named,
    steering_options,
    told_lines,
)

if TYPE_CHECKING:
    from app.geo.district import District
    from app.geo.plots import Band
    from app.services.file_split import FileSplit

EXIT_INPUT = 3
EXIT_OUTPUT = 4
USUAL_TARGET, USUAL_TOLERANCE = 300, 0.10  # of a file, which no place's rules concern
OUTPUT_CODES = {
    *("folder_missing", "path_is_folder", "not_writable", "disk_full", "leaflet_missing"),
    *("same_file", "not_a_geopackage_name"),
}

ROLES = (
    *("buildings", "streets", "boundary", "water", "railways", "compounds", "admin", "green", "entrances"),
)
Decorator = Callable[[Callable[..., None]], Callable[..., None]]
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
FILE = click.Path(path_type=Path, dir_okay=False)
READING_SHARE, WRITING_SHARE = 0.12, 0.08  # of the whole time, about

FLAGS = {"locks": "lock", "slot": "slot", "ignore_locks": "ignore-locks", "drop_special": "drop-special"}
OSM_ENDINGS = (".osm", ".pbf")
OSM_ATTRIBUTION = "© OpenStreetMap contributors"

EPILOG = """
\b
Examples
  gridkeeper split town.gpkg -o grids.gpkg
  gridkeeper split town.gpkg -o grids.gpkg --map map.html --report report.json
  gridkeeper split monaco.osm.pbf --place Monaco -o grids.gpkg
  gridkeeper split --buildings b.geojson --streets s.zip --boundary p.geojson -o grids.gpkg
  gridkeeper split town.gpkg -o grids.gpkg --column households=总户数 --datum gcj02
  gridkeeper split town.gpkg -o grids.gpkg --within community
  gridkeeper split --place 140499 --target 280
  gridkeeper split --place 140499 --coordinators 42 --lock 140499001001007 --slot B
  gridkeeper split town.gpkg -o grids.gpkg --lines arterial=follow,river=never --micro 50-80
  gridkeeper split town.gpkg -o grids.gpkg --special malls.geojson --seeds 113.12,36.19
  gridkeeper split town.gpkg -o grids.gpkg --weights "households + 5*area_ha" --target 320

\b
Exit codes
  0  the grids were written
  1  a fault of ours; nothing was written by half
  2  the command line is wrong
  3  the input cannot be used as it is; the message says what to do
  4  the output cannot be written
"""


class Commands(click.Group):
    """Commands of other modules are imported when asked for, so that every one of them starts fast."""

    later: ClassVar = {
        "serve": "app.serve_commands",
        "worker": "app.serve_commands",
        "import": "app.ground_commands",
        "publish": "app.ground_commands",
        "rebalance": "app.rebalance_commands",
        "entrances": "app.entrance_commands",
        "export": "app.layer_commands",
        "layer": "app.layer_commands",
        "report": "app.report_commands",
        "demo": "app.ground_commands",
        "check": "app.ground_commands",
        "certificate": "app.certificate_commands",
        "verify": "app.certificate_commands",
        "user": "app.user_commands",
        "audit": "app.audit_commands",
        "registers": "app.register_commands",
        "hazards": "app.hazard_commands",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.later})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.later and cmd_name not in self.commands:
            attribute = cmd_name + "_" * iskeyword(cmd_name)
            self.add_command(getattr(import_module(self.later[cmd_name]), attribute), cmd_name)
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("gridkeeper"), prog_name="gridkeeper")
def main() -> None:
    """Gridkeeper divides a district's ground into grids of about 300 households."""


main.add_command(db)


class Pair(click.ParamType[tuple[str, str]]):
    """`FIELD=NAME`, with the fields one may name."""

    name = "FIELD=NAME"

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = fields

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value[0], value[1]
        field, sign, name = str(value).partition("=")
        if not sign or not name:
            self.fail(f"“{value}” is not of the form FIELD=NAME.", param, ctx)
        if field not in self.fields:
            self.fail(f"“{field}” is none of {', '.join(self.fields)}.", param, ctx)
        return field, name


class Datum(click.ParamType[tuple[str, str]]):
    """`DATUM`, for every layer, or `ROLE=DATUM`."""

    name = "[ROLE=]DATUM"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value[0], value[1]
        role, _, datum = str(value).rpartition("=")
        if datum not in DATUMS:
            self.fail(f"“{datum}” is none of {', '.join(DATUMS)}.", param, ctx)
        if role and role not in ROLES:
            self.fail(f"“{role}” is none of {', '.join(ROLES)}.", param, ctx)
        return role, datum


class Box(click.ParamType[tuple[float, float, float, float]]):
    """`WEST,SOUTH,EAST,NORTH` in degrees."""

    name = "W,S,E,N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float, float, float]:
        try:
            west, south, east, north = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"“{value}” is not four numbers W,S,E,N in degrees.", param, ctx)
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            self.fail(f"“{value}” is no box: west < east and south < north, in degrees.", param, ctx)
        return west, south, east, north


def reading_options(area_flag: str, area_help: str = "") -> Decorator:
    """Where the layers are, and how to read what the files do not say themselves.

    area_flag: what the option for a named area is called.
    """
    columns = ("households", "code", "name", "kind", "floors", "height", "address", "highway")
    options: list[Decorator] = [
        *(
            click.option(f"--{role}", type=FILE, help=f"Layer {role} from a file of its own.")
            for role in ROLES
        ),
        click.option(
            "--layer", "layers", type=Pair(ROLES), multiple=True, help="Role of a layer, e.g. buildings=楼栋."
        ),
        click.option(
            "--column",
            "columns",
            type=Pair(columns),
            multiple=True,
            help="Column of a field, e.g. households=总户数.",
        ),
        click.option(
            "--crs", help="Coordinate system of files that name none or a wrong one, e.g. EPSG:4547."
        ),
        click.option(
            "--datum",
            "datums",
            type=Datum(),
            multiple=True,
            help="Datum of all coordinates, or ROLE=DATUM of one layer: wgs84 (default), cgcs2000, gcj02 or"
            " bd09; the last two are the shifted ones of Chinese web maps.",
        ),
        click.option("--encoding", help="Encoding of attributes that are garbled, e.g. gb18030."),
        click.option(
            area_flag,
            "area",
            metavar="NAME",
            help=f"Named area of an OpenStreetMap file to take as the district.{area_help}",
        ),
        click.option("--bbox", type=Box(), help="Box in degrees: cuts the boundary, or stands for it."),
        click.option("--registered", is_flag=True, help="The household numbers come from the register."),
        click.option(
            "--household-m2",
            type=click.FloatRange(10, 1000),
            default=ReadOptions().household_m2,
            show_default=True,
            help="Net floor area per household, where households must be estimated.",
        ),
        *_limit_options(),
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _limit_options() -> list[Decorator]:
    operator = Limits.for_operator()
    return [
        click.option(
            _limit_flag(field.name),
            f"limit_{field.name}",
            type=click.FloatRange(min=0) if field.type == "float" else click.IntRange(min=1),
            default=getattr(operator, field.name),
            show_default=True,
            help="Limit on what a file may be or hold.",
        )
        for field in dataclasses.fields(Limits)
    ]


def _limit_flag(field: str) -> str:
    """`--max-rows`, but `--min-building-m2` and `--max-building-m2`."""
    name = field.replace("_", "-")
    if name.endswith("-least"):
        return f"--min-{name.removesuffix('-least')}"
    return f"--max-{name.removesuffix('-most')}"


@main.command(epilog=EPILOG)
@click.argument("district", type=FILE, required=False)
@click.option("-o", "--output", type=FILE, help="GeoPackage to write: layers grids and plots.")
@click.option(
    "--target",
    type=click.IntRange(2, 100_000),
    help=f"Households per grid.  [default: as the rules of the place say; of a file {USUAL_TARGET}]",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(0, 0.9),
    help="How far a grid may be off the target, as a share of it.  [default: as the rules say, else 0.1]",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same grids.")
@click.option("--within", metavar="LEVEL", help="Level of the layer admin whose borders no grid crosses.")
@click.option("--map", "map_file", type=FILE, help="Also write a map that opens without any network.")
@click.option("--attribution", default="", help="Whose data it is, shown on the map.")
@click.option("--report", "report_file", type=FILE, help="Also write everything found and done, as JSON.")
@click.option(
    "--certificate", "certificate_file", type=FILE, help="Also write the certificate of the grids, as JSON."
)
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option(
    "--workers", type=click.IntRange(1), default=None, help="Processes to use.  [default: one per core]"
)
@steering_options
@reading_options("--place", " Without a file: code of a place in the database, to be divided there.")
def split(district: Path | None, output: Path | None, **given: Any) -> None:
    """Divide DISTRICT, or a place in the database, into grids of about equal households.

    DISTRICT is a GeoPackage with layers buildings and streets and, where there, water, railways,
    boundary, compounds, admin and entrances; or an OpenStreetMap extract (.osm.pbf, .osm). Each layer may
    instead come from a file of its own: GeoPackage, GeoJSON or zipped Shapefile. Households are read
    from a column (households, 户数 …), else estimated from floor area, and the report says so. Without
    a boundary one is drawn around the buildings.

    Every grid is one piece of ground. It follows streets, rivers and building gaps, never cuts a
    building, and together the grids cover the district without gap or overlap. A grid that cannot
    have the wanted number of households says why.

    A manager may wish more: a number of coordinators, another load than households, lines to follow or
    never to cross, points that begin a grid, special grids drawn by hand, micro-grids, and in a place
    of the database grids that stay as they are. What contradicts itself is refused and named.
    """
    from_files = district is not None or given["buildings"] is not None
    if not from_files and given["area"] is None:
        raise click.UsageError("Name a DISTRICT file, give --buildings FILE, or --place CODE.")
    if from_files and output is None:
        raise click.UsageError("Name the GeoPackage to write with -o FILE.")
    with refusals_as_messages():
        if output is not None and from_files:
            with progress_bar() as tell:
                _split(district, output, given, tell)
        else:
            _split_stored({"output": output, **given})


def _split_stored(given: dict[str, Any]) -> None:
    from app.ground_commands import split_stored

    aside = ("output", "map_file", "report_file", "certificate_file", "within", *ROLES)
    if named := [name for name in aside if given.get(name) is not None]:
        raise click.UsageError(f"--{named[0].removesuffix('_file')} needs a DISTRICT file.")
    if given["by_entrance"] not in (None, MARKED):
        raise click.UsageError("Of a place in the database: --by-entrance marked.")
    with progress_bar() as tell:
        lines = split_stored(given, tell)
    for line in lines:
        click.echo(line)


def _split(
    source: Path | None, output: Path, given: dict[str, Any], tell: Callable[[str, float], None]
) -> None:
    from app.geo.plots import Band  # numpy and friends take a second: --help does without
    from app.geo.readers import read_district
    from app.services.file_split import split_district
    from app.services.grid_files import quality_table, write_grids

    if named := [name for name in STORED_ONLY if given[name]]:
        raise click.UsageError(f"--{FLAGS[named[0]]} needs a place in the database: give --place CODE.")
    asked = asked_from(given)
    _check_outputs(source, output, given)
    given = {**given, "target": given["target"] or USUAL_TARGET}
    given["tolerance"] = USUAL_TOLERANCE if given["tolerance"] is None else given["tolerance"]
    band = Band.around(given["target"], given["tolerance"])
    workers = given["workers"] or len(os.sched_getaffinity(0))
    tell("Reading", 0.0)
    district = read_district(
        source, options=options_of(given), limits=limits_of(given), **{r: given[r] for r in ROLES}
    )
    tell("Dividing", READING_SHARE)
    result = split_district(
        district,
        band,
        given["seed"],
        within=given["within"],
        workers=workers,
        progress=lambda share: tell("Dividing", READING_SHARE + (1 - READING_SHARE - WRITING_SHARE) * share),
        asked=asked,
        by_entrance=buildings_named(given["by_entrance"]),
    )
    tell("Writing", 1 - WRITING_SHARE)
    write_grids(output, result.plan)
    _write_extras(result, district, band, source, given)
    tell("Done", 1.0)
    divided = result.divided(district)
    lines = [f"Divided by their entrances: {', '.join(divided)}."] if divided else []
    for line in [*import_lines(district), *told_lines(result.told), *lines]:
        click.echo(line, err=True)
    click.echo(quality_table(result.plan, given["language"]))


def _check_outputs(source: Path | None, output: Path, given: dict[str, Any]) -> None:
    """Say before the work what can not be written after it."""
    from app.services.one_page import check_leaflet
    from app.services.whole_file import check_writable

    if output.suffix.lower() != ".gpkg":
        raise Refusal("not_a_geopackage_name", file=output)
    inputs = [path for path in (source, *(given[role] for role in ROLES)) if path is not None]
    seen = {path.resolve() for path in inputs}
    for path in (output, given["map_file"], given["report_file"], given["certificate_file"]):
        if path is None:
            continue
        if path.resolve() in seen:
            raise Refusal("same_file", file=path)
        seen.add(path.resolve())
        check_writable(path)
    if given["map_file"] is not None:
        check_leaflet()


def _write_extras(
    result: FileSplit, district: District, band: Band, source: Path | None, given: dict[str, Any]
) -> None:
    from app.services.grid_files import write_report
    from app.services.map_file import write_map

    name = given["area"] or (source or given["buildings"]).name.split(".")[0]
    if given["map_file"] is not None:
        is_osm = source is not None and source.name.endswith(OSM_ENDINGS)
        attribution = given["attribution"] or (OSM_ATTRIBUTION if is_osm else "")
        write_map(given["map_file"], result.plan, district, title=name, attribution=attribution)
    parameters = {key: value for key, value in given.items() if value not in (None, ())}
    if "area" in parameters:
        parameters["place"] = parameters.pop("area")
    if given["certificate_file"] is not None:
        from app.certificate_commands import write_split_certificate

        write_split_certificate(given["certificate_file"], result, district, parameters, name)
    if given["report_file"] is not None:
        write_report(
            given["report_file"],
            result.plan,
            version=version("gridkeeper"),
            parameters={"district": source, **parameters},
            imported={"outline": district.outline_source, **district.report.to_dict()},
            cut=result.notes(district),
        )


def import_lines(district: District) -> list[str]:
    """What a person at the terminal should know of the import: rows not simply taken, and warnings."""
    report = district.report
    lines = [
        f"{layer}: {count['rows']:,} rows, {count['mended']:,} mended, {count['refused']:,} left out"
        for layer, count in report.figures.items()
        if count["mended"] or count["refused"]
    ]
    told = [note.words for note in report.notes if note.code in ("boundary_derived", "households_estimated")]
    warned = [f"Please check: {warning.words}" for warning in report.warnings]
    return [*lines, *told, *dict.fromkeys(warned)]  # layer after layer may say the same


def options_of(given: dict[str, Any]) -> ReadOptions:
    """How to read, as the command line says."""
    names = {field.name for field in dataclasses.fields(ReadOptions)} & given.keys()
    datums = dict(given["datums"])
    return ReadOptions(
        **{name: given[name] for name in names - {"columns", "layers", "datums"}},
        place=given["area"],
        columns=dict(given["columns"]),
        layers=dict(given["layers"]),
        datum=datums.pop("", DATUMS[0]),
        datums=datums,
    )


def limits_of(given: dict[str, Any]) -> Limits:
    """The limits that the command line sets."""
    return Limits(**{field.name: given[f"limit_{field.name}"] for field in dataclasses.fields(Limits)})


@contextmanager
def refusals_as_messages() -> Any:
    """A refusal ends the command with its sentence and its exit code."""
    try:
        yield
    except Refusal as refusal:
        click.echo(f"\n{refusal}" if sys.stderr.isatty() else str(refusal), err=True)
        sys.exit(EXIT_OUTPUT if refusal.code in OUTPUT_CODES else EXIT_INPUT)


@contextmanager
def progress_bar() -> Any:
    """A bar on the terminal with the step and the time left; nothing where nobody looks."""
    with click.progressbar(
        length=1000,
        file=sys.stderr,
        show_eta=True,
        item_show_func=lambda step: step,
        hidden=not sys.stderr.isatty(),
    ) as bar:

        def tell(step: str, share: float) -> None:
            bar.update(max(0, round(share * 1000) - bar.pos), step)

        yield tell
