"""From files to a `District`: what a clerk or an operator has, in any usual format, made fit to divide.

The story: each file is recognised by an allow-list, parsed in a child process with limits and no network,
its columns found by common names, its rows taken, mended or refused one by one; then the outline is found,
everything comes into metres of one CRS, and the report says what became of every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from app.errors import Refusal
from app.geo.crs import Geometries, likely_shift, local_crs, to_metres
from app.geo.district import District
from app.geo.readers.boundary import derive, far_off, inside, on_lattice, unite
from app.geo.readers.child import in_child
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.report import ImportReport, Mended, Refused, Remark

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import CRS
    from shapely import MultiPolygon, Polygon

__all__ = ["ImportReport", "Limits", "ReadOptions", "read_buildings", "read_district"]

ROLES = ("buildings", "streets", "boundary", "water", "railways", "compounds", "admin")
_NEAR_M = 100.0  # lines and water that come no nearer to the outline than this are of no use

# What every layer has, even an empty one.
_COLUMNS: dict[str, dict[str, str]] = {
    "buildings": {
        "code": "str",
        "name": "str",
        "households": "int64",
        "households_source": "str",
        "kind": "str",
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
    "compounds": {"code": "str", "name": "str"},
    "admin": {"level": "str", "code": "str", "name": "str"},
    "boundary": {"code": "str", "name": "str"},
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
) -> District:
    """Read a district from one file with several layers, a file per layer, or both (its own file wins)."""
    options = options or ReadOptions()
    limits = limits or Limits.for_operator()
    own = dict(zip(ROLES, (buildings, streets, boundary, water, railways, compounds, admin), strict=True))
    report = ImportReport()
    layers = _read_all(source, own, options, limits, report)
    if "buildings" not in layers:
        raise Refusal(
            "layer_missing",
            file=_called(source),
            layer="buildings",
            found=", ".join(sorted(layers)) or "none",
        )
    crs = _crs_of(layers)
    metres = {role: (to_metres(geometry, crs), columns) for role, (geometry, columns) in layers.items()}
    from_osm = source is not None and boundary is None and source.name.lower().endswith((".pbf", ".osm"))
    outline, outline_source = _outline(metres, options, crs, report, named=from_osm)
    frames = {role: _frame(role, *metres.get(role, _nothing(role)), crs) for role in _COLUMNS}
    frames["buildings"] = _belonging(frames["buildings"], layers["buildings"][1]["row"], outline, report)
    for role in ("streets", "water", "railways", "compounds", "admin"):
        frames[role] = _near(role, frames[role], outline, report)
    _tell_shift(frames, crs, options, report)
    del frames["boundary"]
    return District(crs=crs, outline=outline, outline_source=outline_source, report=report, **frames)


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


# --- Files -------------------------------------------------------------------------------------------------


def _read_all(
    source: Path | None,
    own: Mapping[str, Path | None],
    options: ReadOptions,
    limits: Limits,
    report: ImportReport,
) -> dict[str, Layer]:
    """Every layer from its own file where there is one, the others from the source."""
    layers: dict[str, Layer] = {}
    if source is not None:
        wanted = [role for role in ROLES if own[role] is None]
        layers.update(_read(source, wanted, options, limits, report))
    for role, path in own.items():
        if path is not None:
            found = _read(path, [role], options, limits, report)
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
    if not path.is_file():
        raise Refusal("file_missing", file=str(path))
    if path.stat().st_size > limits.file_mb * 1e6:
        raise Refusal(
            "file_too_large",
            file=file,
            size_mb=f"{path.stat().st_size / 1e6:.1f}",
            most_mb=f"{limits.file_mb:g}",
        )
    request = {
        "path": str(path.resolve()),
        "file": file,
        "roles": list(roles),
        "options": {**asdict(options), "columns": dict(options.columns), "layers": dict(options.layers)},
        "extent": extent,
    }
    said, arrays = in_child("layers", request, limits, file=file)
    report.add(_report_of(said["report"]))
    layers: dict[str, Layer] = {}
    for role, words in said["words"].items():
        geometry = _geometry(arrays[f"{role}/wkb"], arrays[f"{role}/lengths"], file)
        columns = {key: values for key, values in arrays.items() if key.startswith(f"{role}/")}
        numbers = {key.partition("/")[2]: values for key, values in columns.items()}
        del numbers["wkb"], numbers["lengths"]
        layers[role] = (geometry, {**words, **numbers})
        if any(len(values) != len(geometry) for values in layers[role][1].values()):
            raise Refusal("reader_stopped", file=file)
    return layers


def _geometry(flat: Any, lengths: Any, file: str) -> Geometries:
    """Geometries sent by the child, each valid, two-dimensional and on the globe, or nothing is believed."""
    ends = np.cumsum(lengths)
    if len(lengths) and (lengths.min() < 0 or ends[-1] != len(flat)):
        raise Refusal("reader_stopped", file=file)
    blob = flat.tobytes()
    pieces = np.empty(len(lengths), dtype=object)
    pieces[:] = [
        blob[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
    ]
    geometry: Geometries = shapely.from_wkb(pieces)
    xy = shapely.get_coordinates(geometry)
    sound = bool(shapely.is_valid(geometry).all()) and not shapely.has_z(geometry).any()
    if not sound or not np.isfinite(xy).all() or (np.abs(xy) > [180.0, 90.0]).any():
        raise Refusal("reader_stopped", file=file)
    return geometry


def _report_of(said: Mapping[str, Any]) -> ImportReport:
    return ImportReport(
        rows=dict(said["rows"]),
        mends=[Mended(**m) for m in said["mends"]],
        refusals=[Refused(**r) for r in said["refusals"]],
        notes=[Remark(**n) for n in said["notes"]],
        warnings=[Remark(**w) for w in said["warnings"]],
    )


# --- Frames in metres --------------------------------------------------------------------------------------


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


def _outline(
    metres: Mapping[str, Layer], options: ReadOptions, crs: CRS, report: ImportReport, *, named: bool
) -> tuple[Polygon | MultiPolygon, str]:
    """The outline, and where it comes from; `named`: the boundary is already that of the place asked for."""
    areas, _ = metres.get("boundary", _nothing("boundary"))
    if options.place and not named:
        return unite(_areas_called(options.place, metres), report), "named"
    if len(areas):
        return unite(areas, report), "named" if options.place else "file"
    if options.bbox is not None:
        return on_lattice(to_metres(np.array([shapely.box(*options.bbox)]), crs)[0]), "extent"
    buildings = metres["buildings"][0]
    streets = metres.get("streets", _nothing("streets"))[0]
    return derive(buildings[~far_off(buildings)], streets, report), "derived"


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
    raise Refusal("place_missing", file="The input", place=place, found=", ".join(known[:20]) or "none")


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
) -> GeoDataFrame:
    """The buildings of the district: valid in metres, most of each inside the outline."""
    geometry = np.array(buildings.geometry.values, dtype=object)
    for k in np.flatnonzero(~shapely.is_valid(geometry)).tolist():  # two corners fell on one centimetre
        geometry[k] = on_lattice(shapely.make_valid(geometry[k], method="structure", keep_collapsed=False))
        report.mend("buildings", rows[k], "shape", "invalid on the 1 cm lattice", "repaired")
    belongs, share = inside(outline, geometry)
    belongs &= shapely.area(geometry) > 0
    for k in np.flatnonzero(~belongs).tolist():
        report.refuse("buildings", rows[k], "outside_outline", share=f"{share[k]:.0%}")
    astride = int((belongs & (share < 1)).sum())
    if astride:
        report.note("buildings_astride", count=astride)
    kept = buildings.set_geometry(geometry, crs=buildings.crs)[belongs].reset_index(drop=True)
    if not len(kept):
        raise Refusal("no_buildings_left")
    return kept


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


def _tell_shift(
    frames: Mapping[str, GeoDataFrame], crs: CRS, options: ReadOptions, report: ImportReport
) -> None:
    """Warn where the buildings lie off the streets in the way of a shifted datum."""
    streets = frames["streets"]
    on_ground = streets[~streets.bridge & ~streets.tunnel].geometry.values
    shift = likely_shift(np.array(frames["buildings"].geometry.values), np.array(on_ground), crs)
    if shift is not None:
        report.warn("shift_likely", **shift)


def _called(source: Path | None) -> str:
    return source.name if source is not None else "the input"
