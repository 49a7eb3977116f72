"""From files to a `District`: what a clerk or an operator has, in any usual format, made fit to divide.

The story: each file is recognised by an allow-list, parsed in a child process with limits and no network,
its columns found by common names, its rows taken, mended or refused one by one; then the outline is found,
everything comes into metres of one CRS, and the report says what became of every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from app.errors import Refusal, english, filled, part, refused_part, row_part, sentence
from app.geo.crs import Geometries, likely_shift, local_crs, to_lonlat, to_metres
from app.geo.district import District
from app.geo.outline import IN_DOUBT, inside
from app.geo.readers.boundary import derive, far_off, on_lattice, unite
from app.geo.readers.child import in_child
from app.geo.readers.entrances import fitted
from app.geo.readers.ground import POLYGONS
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.report import REMARKS, ImportReport, Mended, Refused, Remark

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import CRS
    from shapely import MultiPolygon, Polygon

__all__ = [
    "ImportReport",
    "Limits",
    "ReadOptions",
    "read_buildings",
    "read_district",
    "read_drawn",
    "size_mb",
]

ROLES = (
    *("buildings", "streets", "boundary", "water", "railways", "compounds", "admin", "green", "entrances"),
)
_NEAR_M = 100.0  # lines and water that come no nearer to the outline than this are of no use

# What every layer has, even an empty one.
_COLUMNS: dict[str, dict[str, str]] = {
    "buildings": {
        "code": "str",
        "name": "str",
        "households": "int64",
        "households_source": "str",
        "kind": "str",
        "address": "str",
        "floors": "int64",
    },
    "streets": {
        "kind": "int8",
        "highway": "str",
        "name": "str",
        "bridge": "bool",
        "tunnel": "bool",
        "layer": "int64",
    },
    "water": {"kind": "str", "name": "str", "tunnel": "bool"},
    "railways": {"kind": "str", "name": "str", "bridge": "bool", "tunnel": "bool", "layer": "int64"},
    "compounds": {"code": "str", "name": "str", "kind": "str", "address": "str"},
    "admin": {"level": "str", "code": "str", "name": "str"},
    "boundary": {"code": "str", "name": "str"},
    "green": {"kind": "str", "name": "str"},
    "entrances": {"building": "str", "code": "str", "name": "str", "households": "int64"},
    "grids": {"code": "str", "name": "str", "kind": "str"},
}

Layer = tuple[Geometries, dict[str, Any]]
Extent = tuple[float, float, float, float]


def read_district(
    source: Path | None = None,
    *,
    options: ReadOptions | None = None,
    limits: Limits | None = None,
    buildings: Path | None = None,
    streets: Path | None = None,
    boundary: Path | None = None,
    water: Path | None = None,
    railways: Path | None = None,
    compounds: Path | None = None,
    admin: Path | None = None,
    green: Path | None = None,
    entrances: Path | None = None,
    names: Mapping[str, str] | None = None,
) -> District:
    """Read a district from one file with several layers, a file per layer, or both (its own file wins).

    names: role -> what the person called its file ("source" for the one with several layers), where that
        is not the name it lies under.
    """
    options = options or ReadOptions()
    limits = limits or Limits.for_operator()
    files = (buildings, streets, boundary, water, railways, compounds, admin, green, entrances)
    own = dict(zip(ROLES, files, strict=True))
    report = ImportReport()
    called = dict(names or {})
    layers = _read_all(source, own, options, limits, report, called)
    if "buildings" not in layers:
        raise Refusal(
            "layer_missing",
            file=called.get("source") or _called(source),
            role="buildings",
            layer="buildings",
            found=", ".join(sorted(layers)) or part("none"),
        )
    crs = _crs_of(layers)
    metres = {role: _in_metres(role, *layer, crs, report) for role, layer in layers.items()}
    source_name = called.get("source") or ("" if source is None else source.name)
    from_osm = boundary is None and source_name.lower().endswith((".pbf", ".osm"))
    outline, outline_source = _outline(metres, options, crs, report, named=from_osm)
    frames = {role: _frame(role, *metres.get(role, _nothing(role)), crs) for role in ROLES}
    frames["buildings"], foreign = _belonging(
        frames["buildings"], metres["buildings"][1]["row"], outline, report
    )
    for role in ("streets", "water", "railways", "compounds", "admin", "green"):
        frames[role] = _near(role, frames[role], outline, report)
    doors = metres.get("entrances", _nothing("entrances"))[1].get("row", [])
    frames["entrances"] = fitted(frames["entrances"], doors, frames["buildings"], report)
    _tell_shift(frames, crs, report)
    del frames["boundary"]
    return District(
        crs=crs, outline=outline, outline_source=outline_source, report=report, foreign=foreign, **frames
    )


def read_buildings(
    path: Path,
    options: ReadOptions,
    limits: Limits,
    extent: Extent | None = None,
    *,
    name: str | None = None,
) -> tuple[GeoDataFrame, ImportReport]:
    """The buildings of one file, in lon/lat on the 1e-8 degree lattice, with columns as in `District`.

    extent: west, south, east, north in degrees of the place the buildings are for. name: what the person
        called the file.
    """
    report = ImportReport()
    layers = _read(path, ["buildings"], options, limits, report, extent, name)
    geometry, columns = layers["buildings"]
    from pyproj import CRS

    return _frame("buildings", geometry, columns, CRS.from_epsg(4326)), report


def read_drawn(
    path: Path, options: ReadOptions, limits: Limits, *, name: str | None = None
) -> tuple[GeoDataFrame, list[str], ImportReport]:
    """Grids that were drawn elsewhere, in lon/lat on the lattice, with columns as in `_COLUMNS`.

    name: what the person called the file. Returns them, what each row is called in messages, and the report.
    """
    report = ImportReport()
    geometry, columns = _read(path, ["grids"], options, limits, report, name=name)["grids"]
    from pyproj import CRS

    return _frame("grids", geometry, columns, CRS.from_epsg(4326)), list(columns["row"]), report


def _read_all(
    source: Path | None,
    own: Mapping[str, Path | None],
    options: ReadOptions,
    limits: Limits,
    report: ImportReport,
    names: Mapping[str, str],
) -> dict[str, Layer]:
    """Every layer from its own file where there is one, the others from the source."""
    layers: dict[str, Layer] = {}
    if source is not None:
        wanted = [role for role in ROLES if own[role] is None]
        layers.update(_read(source, wanted, options, limits, report, name=names.get("source")))
    for role, path in own.items():
        if path is not None:
            found = _read(path, [role], options, limits, report, name=names.get(role))
            if role == "streets" and "railways" in layers:
                found.pop("railways", None)  # the railways' own layer counts
            layers.update(found)
    return layers


def _read(
    path: Path,
    roles: Sequence[str],
    options: ReadOptions,
    limits: Limits,
    report: ImportReport,
    extent: Extent | None = None,
    name: str | None = None,
) -> dict[str, Layer]:
    """Parse one file in a child process and look again at what comes back."""
    file = name or path.name
    size = size_mb(path, file)
    if size > limits.file_mb:
        raise Refusal("file_too_large", file=file, size_mb=f"{size:.1f}", most_mb=f"{limits.file_mb:g}")
    request = {
        "path": str(path.resolve()),
        "file": file,
        "roles": list(roles),
        "options": asdict(options),
        "extent": extent,
    }
    said, arrays = in_child("layers", request, limits, file=file)
    try:
        layers = {role: _layer(role, words, arrays) for role, words in said["words"].items()}
        report.add(_report_of(said["report"]))
    except (KeyError, TypeError, ValueError, AttributeError, shapely.GEOSException):
        raise Refusal("reader_stopped", file=file) from None  # not what our reader sends: it was led astray
    return layers


def size_mb(path: Path, file: str) -> float:
    """The size of a file that is there and may be read."""
    try:
        if not path.is_file():
            raise Refusal("file_missing", file=str(path))
        with path.open("rb"):
            return path.stat().st_size / 1e6
    except PermissionError:
        raise Refusal("file_unreadable", file=file) from None


def _layer(role: str, words: Mapping[str, Any], arrays: Mapping[str, Any]) -> Layer:
    """A layer sent by the child; ValueError and the like where it is not of the form agreed on."""
    geometry = _geometry(arrays[f"{role}/wkb"], arrays[f"{role}/lengths"])
    columns = {key.partition("/")[2]: values for key, values in arrays.items() if key.startswith(f"{role}/")}
    del columns["wkb"], columns["lengths"]
    columns |= words
    for name, values in columns.items():
        kind = _COLUMNS[role].get(name, "str")
        sound = isinstance(values, list) if kind == "str" else isinstance(values, np.ndarray)
        if not sound or len(values) != len(geometry):
            raise ValueError(f"column {name} of {role} is no column of it")
        if kind == "str" and not all(isinstance(value, str | None) for value in values):
            raise ValueError(f"column {name} of {role} holds other than text")
    return geometry, columns


def _geometry(flat: Any, lengths: Any) -> Geometries:
    """Geometries sent by the child, each valid, two-dimensional and on the globe, or nothing is believed."""
    ends = np.cumsum(lengths)
    if len(lengths) and (lengths.min() < 0 or ends[-1] != len(flat)):
        raise ValueError("geometries and their lengths do not add up")
    blob = flat.tobytes()
    pieces = np.empty(len(lengths), dtype=object)
    pieces[:] = [
        blob[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
    ]
    geometry: Geometries = shapely.from_wkb(pieces)
    xy = shapely.get_coordinates(geometry)
    sound = bool(shapely.is_valid(geometry).all()) and not shapely.has_z(geometry).any()
    if not sound or not np.isfinite(xy).all() or (np.abs(xy) > [180.0, 90.0]).any():
        raise ValueError("a geometry is not sound")
    return geometry


def _report_of(said: Mapping[str, Any]) -> ImportReport:
    """The report sent by the child; every sentence in it can be said."""
    report = ImportReport(
        rows={layer: int(rows) for layer, rows in said["rows"].items()},
        mends=[Mended(**m) for m in said["mends"]],
        refusals=[Refused(**r) for r in said["refusals"]],
        notes=[Remark(**n) for n in said["notes"]],
        warnings=[Remark(**w) for w in said["warnings"]],
    )
    for refused in report.refusals:
        sentence(refused.code, {"row": refused.row, **refused.facts})
    for remark in (*report.notes, *report.warnings):
        filled(REMARKS[remark.code], remark.facts)
    for mended in report.mends:
        english(mended.before), english(mended.after)
    return report


def _crs_of(layers: Mapping[str, Layer]) -> CRS:
    """The local CRS at the middle of the boundary, or of the buildings where there is none."""
    geometry = layers["boundary"][0] if len(layers.get("boundary", ((), {}))[0]) else layers["buildings"][0]
    if not len(geometry):
        raise Refusal("no_buildings_left")
    west, south, east, north = shapely.total_bounds(geometry)
    if east - west > 6 or north - south > 6:
        lon, lat = np.median(shapely.get_coordinates(shapely.centroid(geometry)), axis=0)
    else:
        lon, lat = (west + east) / 2, (south + north) / 2
    return local_crs(float(lon), float(lat))


def _in_metres(
    role: str, geometry: Geometries, columns: Mapping[str, Any], crs: CRS, report: ImportReport
) -> Layer:
    """A layer in metres, its polygons valid there too; those that vanish on the lattice are refused."""
    geometry = to_metres(geometry, crs)
    areas = np.isin(shapely.get_type_id(geometry), POLYGONS)
    for k in np.flatnonzero(areas & ~shapely.is_valid(geometry)).tolist():  # two corners on one centimetre
        geometry[k] = on_lattice(shapely.make_valid(geometry[k], method="structure", keep_collapsed=False))
        if shapely.area(geometry[k]) > 0:
            report.mend(role, columns["row"][k], "shape", part("invalid_on_lattice"), part("repaired"))
        else:
            report.refuse(role, columns["row"][k], "geometry_collapsed", reason=part("thinner_than_lattice"))
    left = ~areas | (shapely.area(geometry) > 0)
    if left.all():
        return geometry, dict(columns)
    return geometry[left], {
        name: values[left] if isinstance(values, np.ndarray) else list(compress(values, left))
        for name, values in columns.items()
    }


def _outline(
    metres: Mapping[str, Layer], options: ReadOptions, crs: CRS, report: ImportReport, *, named: bool
) -> tuple[Polygon | MultiPolygon, str]:
    """The outline, and where it comes from; `named`: the boundary is already that of the place asked for.

    A box asked for cuts an outline that is given, and is the outline where none is.
    """
    if options.place and not named:
        outline = unite(_areas_called(options.place, metres), report)
        return _cut_to_box(outline, options.bbox, crs, report, part("the_area", name=options.place)), "named"
    if "boundary" in metres:
        areas, _ = metres["boundary"]
        if not len(areas):
            raise _unusable_boundary(report)
        outline = unite(areas, report)
        called = part("the_area", name=options.place) if options.place else part("the_boundary")
        return _cut_to_box(outline, options.bbox, crs, report, called), "named" if options.place else "file"
    if options.bbox is not None:
        return on_lattice(to_metres(np.array([shapely.box(*options.bbox)]), crs)[0]), "extent"
    buildings = metres["buildings"][0]
    streets = metres.get("streets", _nothing("streets"))[0]
    return derive(buildings[~far_off(buildings)], streets, report), "derived"


def _unusable_boundary(report: ImportReport) -> Refusal:
    refused = next((r for r in report.refusals if r.layer == "boundary"), None)
    why: object = ""
    if refused is not None:
        said = refused_part(refused.code, refused.facts)
        why = part("first_refused", row=row_part(refused.row), why=said)
    return Refusal("boundary_unusable", rows=report.rows.get("boundary", 0), why=why)


def _cut_to_box(
    outline: Polygon | MultiPolygon, box: Extent | None, crs: CRS, report: ImportReport, called: object
) -> Polygon | MultiPolygon:
    """The part of the outline within a box in degrees, if there is one."""
    if box is None:
        return outline
    # Only the box near the outline: a box around half the globe has no place in a local CRS.
    around = shapely.box(*shapely.total_bounds(to_lonlat(np.array([outline]), crs)))
    near = shapely.intersection(shapely.box(*box), shapely.buffer(around, 0.01, join_style="mitre"))
    if shapely.is_empty(near):
        raise Refusal("box_elsewhere", outline=called)
    left = on_lattice(shapely.intersection(outline, to_metres(np.array([near]), crs)[0]))
    if shapely.is_empty(left):
        raise Refusal("box_elsewhere", outline=called)
    hectares = [f"{shapely.area(ground) / 10_000:,.1f}" for ground in (left, outline)]
    report.note("outline_cut", left_ha=hectares[0], whole_ha=hectares[1])
    return left


def _areas_called(place: str, metres: Mapping[str, Layer]) -> Geometries:
    """The boundary or administrative areas with these names, joined by commas."""
    wanted = {name.strip().casefold() for name in place.split(",")}
    known: list[str] = []
    for role in ("boundary", "admin"):
        geometry, columns = metres.get(role, _nothing(role))
        names = [name or "" for name in columns["name"]]
        found = [k for k, name in enumerate(names) if name.casefold() in wanted]
        if {names[k].casefold() for k in found} == wanted:
            return geometry[found]
        known += names
    raise Refusal(
        "place_missing",
        file=part("the_input_first"),
        place=place,
        found=", ".join(known[:20]) or part("none"),
    )


def _frame(role: str, geometry: Geometries, columns: Mapping[str, Any], crs: CRS) -> GeoDataFrame:
    """A layer as a table, with exactly the columns it should have."""
    from geopandas import GeoDataFrame  # a second to import: only once there is something to hold

    kinds = _COLUMNS[role]
    table = {
        name: np.array(columns[name], dtype=object if kind == "str" else kind)
        if name in columns
        else _blank(kind, len(geometry))
        for name, kind in kinds.items()
    }
    return GeoDataFrame(table, geometry=geometry, crs=crs)


def _blank(kind: str, count: int) -> Any:
    return np.full(count, None, dtype=object) if kind == "str" else np.zeros(count, dtype=kind)


def _nothing(role: str) -> Layer:
    return np.empty(0, dtype=object), {name: _blank(kind, 0) for name, kind in _COLUMNS[role].items()}


def _belonging(
    buildings: GeoDataFrame, rows: Sequence[str], outline: Polygon | MultiPolygon, report: ImportReport
) -> tuple[GeoDataFrame, Geometries]:
    """The buildings that `inside` finds to belong to the outline, and footprints of others that reach in."""
    footprints = np.array(buildings.geometry.values, dtype=object)
    belongs, share = inside(outline, footprints)
    for k in np.flatnonzero(~belongs).tolist():
        code = "astride_outside" if share[k] > IN_DOUBT[0] else "outside_outline"
        report.refuse("buildings", rows[k], code, share=f"{share[k]:.0%}")
    astride = int((belongs & (share < 1)).sum())
    if astride:
        report.note("buildings_astride", count=astride)
    kept = buildings[belongs].reset_index(drop=True)
    if not len(kept):
        raise Refusal("no_buildings_left")
    return kept, footprints[~belongs & (share > 0)]


def _near(
    role: str, frame: GeoDataFrame, outline: Polygon | MultiPolygon, report: ImportReport
) -> GeoDataFrame:
    """What comes near the outline; the rest is counted and left out."""
    if not len(frame):
        return frame
    reach = shapely.buffer(outline, _NEAR_M, quad_segs=2)
    shapely.prepare(reach)
    near = shapely.intersects(reach, frame.geometry.values) & ~shapely.is_empty(frame.geometry.values)
    if not near.all():
        report.note("beyond_outline", layer=role, count=int((~near).sum()), near_m=f"{_NEAR_M:g}")
    return frame[near].reset_index(drop=True)


def _tell_shift(frames: Mapping[str, GeoDataFrame], crs: CRS, report: ImportReport) -> None:
    """Warn where the buildings lie off the streets in the way of a shifted datum, and name the remedy.

    A layer that was moved back already is right: then it is the other that should not have been.
    """
    streets = frames["streets"]
    on_ground = streets[~streets.bridge & ~streets.tunnel].geometry.values
    shift = likely_shift(np.array(frames["buildings"].geometry.values), np.array(on_ground), crs)
    if shift is None:
        return
    remedy = f"{shift['layer']}={shift['datum']}"
    if any(mend.layer == shift["layer"] and mend.what == "datum" for mend in report.mends):
        remedy = "streets=wgs84" if shift["layer"] == "buildings" else "buildings=wgs84"
    report.warn("shift_likely", **shift, remedy=remedy)


def _called(source: Path | None) -> object:
    return source.name if source is not None else part("the_input")
