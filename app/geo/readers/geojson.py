"""GeoJSON, parsed strictly: what RFC 7946 and JSON itself forbid is refused, not interpreted.

Python's parser takes NaN, Infinity and duplicate keys, and stops with an error of its own on deep nesting;
GDAL takes more. Two parsers that differ over one file are how a checked value is not the stored value, so
there is only this one.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.errors import Refusal, part
from app.geo.crs import Geometries
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.raw import RawLayer, objects
from app.geo.readers.report import ImportReport, shown

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONLAT_NAMES = re.compile(
    r"(OGC:.*CRS:?.*84|CRS:?84|EPSG:.*:?(4326|4490)|WGS-?_?84|CGCS-?_?2000)$", re.IGNORECASE
)
_SHIFTED_NAMES = {
    "gcj02": re.compile(r"GCJ[-_ ]?(0?2)?|火星", re.IGNORECASE),
    "bd09": re.compile(r"BD[-_ ]?0?9|百度", re.IGNORECASE),
}
# GeoJSON type -> how deep its rings lie: a point has none, a line is a ring by itself, a polygon has
# rings, a multipolygon has polygons.
_DEPTH = {"Point": -1, "LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
_OTHER_TYPES = ("MultiPoint", "GeometryCollection")


def read_geojson(
    path: Path, file: str, limits: Limits, options: ReadOptions, report: ImportReport
) -> RawLayer:
    """The features of one GeoJSON file."""
    text = _text(path.read_bytes(), file, options, report)
    document = _parse(text, file, limits)
    features = _features(document, file)
    if len(features) > limits.rows:
        raise Refusal("too_many_rows", file=file, layer="features", rows=len(features), most=limits.rows)
    crs, datum = _crs(document)
    layer = RawLayer(
        file=file,
        name="features",
        word="feature",
        numbers=range(1, len(features) + 1),
        geometry=np.empty(0, dtype=object),
        columns=_columns([f["properties"] for f in features], [f.get("id") for f in features], file, limits),
        crs=crs,
        datum=datum,
        typed=True,
    )
    layer.geometry = _geometries([f["geometry"] for f in features], layer, limits)
    return layer


def _text(octets: bytes, file: str, options: ReadOptions, report: ImportReport) -> str:
    """The file as text: UTF-8, or what its byte order mark or the person says."""
    marked = [encoding for mark, encoding in _MARKS if octets.startswith(mark)]
    encoding = marked[0] if marked else options.encoding or "utf-8"
    try:
        text = octets.decode(encoding)
    except LookupError:
        raise Refusal("encoding_wrong", file=file, encoding=encoding) from None
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise Refusal("encoding_wrong", file=file, encoding=encoding) from None
        raise Refusal("not_utf8", file=file, byte=error.start, looks=_looks_like(octets)) from None
    if encoding == "utf-8-sig":
        report.note("byte_order_mark", file=file)
    elif encoding != "utf-8":
        report.mend("file", None, "encoding", encoding.upper(), "UTF-8")
        report.warn("encoding_found", file=file, stated="UTF-8", encoding=encoding.upper())
    return text


def _looks_like(octets: bytes) -> object:
    try:
        octets.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return part("maybe_gbk")


def _parse(text: str, file: str, limits: Limits) -> Any:
    if not text.strip():
        raise Refusal("file_empty", file=file)
    if _depth(text) > limits.depth:
        raise Refusal("too_deep", file=file, most=limits.depth)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        what = part("not_json", said=error.msg, line=error.lineno, column=error.colno)
        raise Refusal("file_damaged", file=file, what=what) from None
    except _NotGeoJSONError as error:
        raise Refusal("file_not_understood", file=file, what=error.what) from None
    except ValueError as error:  # more digits than Python turns into a number
        what = part("parser_said", said=shown(error))
        raise Refusal("file_not_understood", file=file, what=what) from None


def _depth(text: str) -> int:
    """How deep brackets nest outside of strings, a million characters at a time."""
    octets = np.frombuffer(re.sub(r"\\.", "", text).encode("utf-8", "surrogatepass"), dtype=np.uint8)
    deepest = level = inside = 0
    for start in range(0, len(octets), 1_000_000):
        part = octets[start : start + 1_000_000]
        quotes = np.cumsum(part == ord('"')) + inside
        open_text = quotes % 2 == 0
        steps = ((part == ord("[")) | (part == ord("{"))).astype(np.int32) - (
            (part == ord("]")) | (part == ord("}"))
        )
        levels = level + np.cumsum(np.where(open_text, steps, 0))
        deepest, level, inside = max(deepest, int(levels.max())), int(levels[-1]), int(quotes[-1] % 2)
    return deepest


class _NotGeoJSONError(Exception):
    def __init__(self, what: dict[str, object]) -> None:
        super().__init__(what)
        self.what = what


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _NotGeoJSONError(part("member_twice", name=shown(twice, 40)))
    return members


def _constant(word: str) -> Any:
    raise _NotGeoJSONError(part("no_json_number", word=word))


def _features(document: Any, file: str) -> list[dict[str, Any]]:
    """The features, each with properties and geometry as the standard has them."""
    if not isinstance(document, dict):
        raise Refusal("file_not_understood", file=file, what=part("no_collection"))
    features = [document] if document.get("type") == "Feature" else document.get("features")
    if document.get("type") not in ("Feature", "FeatureCollection") or not isinstance(features, list):
        raise Refusal("file_not_understood", file=file, what=part("no_collection"))
    for k, feature in enumerate(features, 1):
        sound = isinstance(feature, dict) and feature.get("type") == "Feature" and "geometry" in feature
        if not sound or not isinstance(feature.get("properties", 0), dict | None):
            raise Refusal("file_not_understood", file=file, what=part("no_feature", number=k))
        if not isinstance(feature["geometry"], dict | None):
            raise Refusal("file_not_understood", file=file, what=part("geometry_no_object", number=k))
    return features


def _crs(document: dict[str, Any]) -> tuple[str | None, str | None]:
    """The CRS, lon/lat unless an old-style `crs` member says otherwise, and a shifted datum it names."""
    if "crs" not in document:
        return "OGC:CRS84", None
    said = document["crs"]
    if said is None:
        return None, None  # GeoJSON 2008: no CRS can be assumed
    name = (
        said.get("properties", {}).get("name")
        if isinstance(said, dict) and isinstance(said.get("properties"), dict)
        else None
    )
    if not isinstance(name, str) or said.get("type") != "name":
        return f"“crs”: {shown(said)}", None  # no CRS, and nobody will take it for one
    for datum, pattern in _SHIFTED_NAMES.items():
        if pattern.search(name):
            return "OGC:CRS84", datum
    return ("OGC:CRS84" if _LONLAT_NAMES.search(name.strip()) else name[:2_000]), None


def _columns(
    rows: Sequence[dict[str, Any] | None], ids: Sequence[Any], file: str, limits: Limits
) -> dict[str, list[Any]]:
    """One list per property, None where a feature lacks it; the feature's own id as a column `id`."""
    names: dict[str, None] = {}
    for row in rows:
        if row:
            names.update(dict.fromkeys(row))
            if len(names) > limits.columns:
                raise Refusal(
                    "too_many_columns",
                    file=file,
                    layer="features",
                    columns=part("over", n=limits.columns),
                    most=limits.columns,
                )
    columns = {name: [row.get(name) if row else None for row in rows] for name in names}
    if "id" not in columns and any(value is not None for value in ids):
        columns["id"] = list(ids)
    return columns


def _geometries(members: Sequence[dict[str, Any] | None], layer: RawLayer, limits: Limits) -> Geometries:
    """Geometries of all features; those of one type are built together."""
    geometry = objects([None] * len(members))
    of_type: dict[str, list[int]] = {}
    for k, member in enumerate(members):
        if member is None:
            continue
        kind = member.get("type")
        coordinates = member.get("coordinates")
        if kind in _DEPTH and isinstance(coordinates, list):
            if not coordinates:
                layer.faults[k] = ("geometry_empty", {})
            else:
                of_type.setdefault(kind, []).append(k)
        elif kind == "GeometryCollection" and _all_polygons(member):
            of_type.setdefault("MultiPolygon", []).append(k)
            layer.mends.append((k, "geometry type", "GeometryCollection", "MultiPolygon"))
        else:
            known = kind if isinstance(kind, str) and kind in _OTHER_TYPES else part("unknown_type")
            layer.faults[k] = ("geometry_type", {"type": known, "wanted": part("a_line_or_polygon")})
    for kind, rows in of_type.items():
        shapes = [_coordinates(members[k]) for k in rows]
        _build(kind, rows, shapes, geometry, layer, limits)
    return geometry


def _all_polygons(member: dict[str, Any]) -> bool:
    parts = member.get("geometries")
    return (
        isinstance(parts, list)
        and bool(parts)
        and all(
            isinstance(p, dict) and p.get("type") == "Polygon" and isinstance(p.get("coordinates"), list)
            for p in parts
        )
    )


def _coordinates(member: Any) -> list[Any]:
    if member["type"] == "GeometryCollection":
        return [part["coordinates"] for part in member["geometries"]]
    return list(member["coordinates"])


def _build(
    kind: str, rows: list[int], shapes: list[list[Any]], out: Geometries, layer: RawLayer, limits: Limits
) -> None:
    """Build all rows of one type at once; if one is malformed, each by itself, so that only it is refused."""
    try:
        out[rows] = _assemble(kind, shapes, rows, layer, limits)
    except _MalformedError as malformed:
        if len(rows) == 1:
            layer.faults[rows[0]] = (malformed.code, malformed.facts)
            return
        again = set(rows)
        layer.mends = [
            mend for mend in layer.mends if mend[0] not in again or mend[1] not in ("ring", "heights")
        ]
        for row, shape in zip(rows, shapes, strict=True):
            _build(kind, [row], [shape], out, layer, limits)


class _MalformedError(Exception):
    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def _assemble(
    kind: str, shapes: list[list[Any]], rows: list[int], layer: RawLayer, limits: Limits
) -> Geometries:
    depth = _DEPTH[kind]
    if depth < 0:
        at = np.arange(len(shapes))
        return np.asarray(shapely.points(_flat(_positions(shapes), at, rows, layer)))
    parts, part_of = (shapes, np.arange(len(shapes))) if depth < 2 else _opened(shapes)
    rings, ring_of = (parts, np.arange(len(parts))) if depth == 0 else _opened(parts)
    lengths = np.array([len(ring) if isinstance(ring, list) else -1 for ring in rings], dtype=np.int64)
    if (lengths < 0).any():
        raise _MalformedError("position_not_numbers")
    owner = part_of[ring_of]
    totals = np.bincount(owner, weights=lengths, minlength=len(shapes))
    if totals.max(initial=0) > limits.vertices:
        raise _MalformedError("too_many_vertices", vertices=int(totals.max()), most=limits.vertices)
    xy = _flat(_positions(list(chain.from_iterable(rings))), np.repeat(owner, lengths), rows, layer)
    lines = "LineString" in kind
    shortest = 2 if lines else 4
    starts = np.concatenate([[0], np.cumsum(lengths)])
    if not lines:
        open_rings = [
            r for r in range(len(rings)) if lengths[r] >= 3 and (xy[starts[r]] != xy[starts[r + 1] - 1]).any()
        ]
        if open_rings:
            xy = np.insert(xy, starts[[r + 1 for r in open_rings]], xy[starts[open_rings]], axis=0)
            lengths[open_rings] += 1
            layer.mends += [(rows[owner[r]], "ring", part("not_closed"), part("closed")) for r in open_rings]
    if (lengths < shortest).any():
        raise _MalformedError("ring_too_short")
    index = np.repeat(np.arange(len(rings)), lengths)
    if lines:
        built: Geometries = np.asarray(shapely.linestrings(xy, indices=index))
        return built if depth == 0 else np.asarray(shapely.multilinestrings(built, indices=ring_of))
    ringed = shapely.linearrings(xy, indices=index)
    polygons: Geometries = np.asarray(shapely.polygons(ringed, indices=ring_of))
    return polygons if depth == 1 else np.asarray(shapely.multipolygons(polygons, indices=part_of))


def _flat(xyz: Any, owner: Any, rows: list[int], layer: RawLayer) -> Any:
    """Positions without heights; heights other than zero are said to be dropped."""
    if xyz.shape[1] > 2:
        layer.mends += [
            (rows[k], "heights", part("three_dimensional"), part("two_dimensional"))
            for k in np.unique(owner[xyz[:, 2] != 0])
        ]
    return xyz[:, :2]


def _opened(nested: list[Any]) -> tuple[list[Any], Any]:
    """The members of a list of lists in one list, and which list each came from; no list may be empty."""
    if not all(isinstance(inner, list) and inner for inner in nested):
        raise _MalformedError("position_not_numbers")
    return list(chain.from_iterable(nested)), np.repeat(
        np.arange(len(nested)), [len(inner) for inner in nested]
    )


def _positions(positions: list[Any]) -> Any:
    """Positions as an array (n, 2) or (n, 3); numbers only, no texts that look like numbers."""
    if set(map(type, positions)) != {list}:
        raise _MalformedError("position_not_numbers")
    widths = set(map(len, positions))
    if not widths <= {2, 3, 4} or not set(map(type, chain.from_iterable(positions))) <= {int, float}:
        raise _MalformedError("position_not_numbers")
    width = min(3, max(widths))
    even = (
        positions if widths == {width} else [[*position, 0][:width] for position in positions]
    )  # a height missing here and there is none
    try:
        return np.array(even, dtype=np.float64)
    except OverflowError:
        raise _MalformedError("coordinate_not_a_number") from None
