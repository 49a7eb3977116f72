"""What a manager wishes of a split, as options of the command line; the same words as in the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from app.errors import Refusal
from app.services.kinds import LINE_CLASSES, SLOTS, SPECIAL_KINDS
from app.words import words

Decorator = Callable[[Callable[..., None]], Callable[..., None]]
MANNERS = ("never", "follow", "free", "avoid")
NAMES = (
    *("coordinators", "weights", "lines", "seed_points", "special_file", "micro", "whole_compounds"),
    "by_entrance",
)
MARKED, ALL = "marked", "all"  # of --by-entrance
STORED_ONLY = ("locks", "slot", "ignore_locks", "drop_special")


class Lines(click.ParamType[dict[str, str]]):
    """`CLASS=MANNER,…`"""

    name = "CLASS=MANNER,…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        found = {}
        for word in str(value).split(","):
            line, _, manner = word.strip().partition("=")
            if line not in LINE_CLASSES:
                self.fail(f"“{line}” is none of {', '.join(LINE_CLASSES)}.", param, ctx)
            if manner not in MANNERS:
                self.fail(f"“{manner}” is none of {', '.join(MANNERS)}.", param, ctx)
            found[line] = manner
        return found


class Micro(click.ParamType[dict[str, int]]):
    """`LEAST-MOST`"""

    name = "LEAST-MOST"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, int]:
        if isinstance(value, dict):
            return value
        least, _, most = str(value).partition("-")
        if not (least.isdecimal() and most.isdecimal() and 0 < int(least) <= int(most)):
            self.fail(f"“{value}” is not of the form 50-80.", param, ctx)
        return {"least": int(least), "most": int(most)}


class Seeds(click.ParamType[list[list[float]]]):
    """`LON,LAT`, or a file of them: GeoJSON points, or a line each."""

    name = "LON,LAT|FILE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[list[float]]:
        if isinstance(value, list):
            return value
        if (point := _point(str(value))) is not None:
            return [point]
        path = Path(str(value))
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.fail(f"“{value}” is neither LON,LAT nor a text file that can be read ({error}).", param, ctx)
        if text.lstrip().startswith("{"):
            return [self._of_feature(feature, value, param, ctx) for feature in features_of(path, "Point")]
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        points = [_point(line) for line in lines]
        if None in points:
            self.fail(f"line {points.index(None) + 1} of {value} is not LON,LAT.", param, ctx)
        return [point for point in points if point is not None]

    def _of_feature(
        self, feature: dict[str, Any], value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[float]:
        coordinates = feature["geometry"]["coordinates"]
        listed = isinstance(coordinates, list) and all(type(one) in (int, float) for one in coordinates)
        point = _point(",".join(map(str, coordinates[:2]))) if listed else None
        if point is None:
            shown = json.dumps(coordinates)[:40]
            self.fail(f"{shown} in {value} is no point in degrees, [lon, lat].", param, ctx)
        return point


def _point(text: str) -> list[float] | None:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return [lon, lat] if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def features_of(path: Path, kind: str) -> list[dict[str, Any]]:
    """The features of a GeoJSON file, all of one kind; refused with `wish_file_unreadable`."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        features = read["features"] if read["type"] == "FeatureCollection" else [read]
        sound = isinstance(features, list) and all(
            one["geometry"]["type"] == kind and one["geometry"]["coordinates"] for one in features
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise Refusal("wish_file_unreadable", file=path, kind=kind)
    return list(features)


def special_of(path: Path) -> list[dict[str, Any]]:
    """The special grids of a GeoJSON file: polygons with the properties kind and name."""
    found = []
    for number, feature in enumerate(features_of(path, "Polygon"), 1):
        properties = feature.get("properties") or {}
        if not isinstance(properties, dict):
            raise Refusal("wish_file_unreadable", file=path, kind="Polygon")
        kind, name = properties.get("kind"), properties.get("name") or f"special {number}"
        if kind not in SPECIAL_KINDS:
            raise Refusal("special_kind_unknown", name=name, kind=kind or "–", kinds=", ".join(SPECIAL_KINDS))
        found.append({"kind": kind, "name": str(name), "polygon": feature["geometry"]})
    return found


def steering_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options, each as the API has it."""
    options: list[Decorator] = [
        click.option(
            "--coordinators",
            type=click.IntRange(1, 100_000),
            help="Number of grids in all, instead of --target; ±10 % around the mean.",
        ),
        click.option(
            "--weights",
            metavar="FORMULA",
            help="Balance this instead of households, e.g. “households + 5*area_ha”; of households,"
            " buildings, area_ha, numbers, + - * / ( ), min, max."
            " --target is then in its unit.",
        ),
        click.option(
            "--lines",
            type=Lines(),
            help="How borders take to lines: never (crossed), follow, free or avoid, by class, e.g."
            " arterial=follow,river=never.",
        ),
        click.option(
            "--seeds",
            "seed_points",
            type=Seeds(),
            multiple=True,
            help="Points that each begin a grid of their own.",
        ),
        click.option(
            "--special",
            "special_file",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE.geojson",
            help="Polygons of special grids, with properties kind (mall, market, park, site) and name;"
            " left alone and outside the band.",
        ),
        click.option("--whole-compounds", is_flag=True, help="Keep compounds whole where a grid has room."),
        click.option(
            "--by-entrance",
            metavar="BUILDINGS",
            help="Divide large buildings by their entrances: codes with commas, or all whose entrances are"
            " known; of a place in the database: marked.",
        ),
        click.option("--micro", type=Micro(), help="Also micro-grids in each grid, e.g. 50-80 households."),
        click.option(
            "--lock",
            "locks",
            multiple=True,
            metavar="CODE",
            help="Of a place in the database: leave this grid of the plan in force as it is.",
        ),
        click.option("--ignore-locks", is_flag=True, help="Of a place: divide also what it has locked."),
        click.option("--drop-special", is_flag=True, help="Of a place: divide its special grids again."),
        click.option(
            "--slot", type=click.Choice(SLOTS), help="Of a place: keep the draft as A, B or C, in place of"
            " the one there.",
        ),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def asked_from(given: dict[str, Any]) -> Any:
    """The wishes that stand in a command's options; checked."""
    from app.services.wishes import Asked, checked

    return checked(
        Asked(
            coordinators=given["coordinators"],
            weights=given["weights"],
            lines=given["lines"] or {},
            seeds=[point for points in given["seed_points"] for point in points],
            locked=not given["ignore_locks"],
            locks=list(given["locks"]),
            special=special_of(given["special_file"]) if given["special_file"] else [],
            keep_special=not given["drop_special"],
            compounds="whole" if given["whole_compounds"] else None,
            micro=given["micro"],
            entrances=given["by_entrance"] == MARKED,
            slot=given["slot"],
        )
    )


def buildings_named(given: str | None) -> list[str] | None:
    """Codes of the buildings of a file that may be divided by their entrances; None for all that can be."""
    if given == MARKED:
        raise click.UsageError("--by-entrance marked needs a place in the database: give --place CODE.")
    if given == ALL:
        return None
    return [code for part in (given or "").split(",") if (code := part.strip())]


def told_lines(told: Any) -> list[str]:
    """What could not be had as it was wished, in words."""
    return [words("en")("studio-told", code=one.code, **one.facts) for one in told]
