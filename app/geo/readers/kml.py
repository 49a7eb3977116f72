"""KML and KMZ: placemarks with polygons or lines. Whatever would open another document is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np
import shapely

from app.errors import Refusal, part
from app.geo.readers.archive import Archive
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.raw import RawLayer, objects
from app.geo.readers.report import ImportReport, shown

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CHINESE = ("gbk", "gb2312", "gb18030", "cp936")
_FETCHING = ("NetworkLink", "NetworkLinkControl", "Update")
_DRAWN = ("Polygon", "LineString", "Point", "Model", "Track", "MultiTrack")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$", re.ASCII)


def read_kml(path: Path, file: str, limits: Limits, options: ReadOptions, report: ImportReport) -> RawLayer:
    """The placemarks of a KML file."""
    return _read(path.read_bytes(), file, limits, options, report)


def read_kmz(path: Path, file: str, limits: Limits, options: ReadOptions, report: ImportReport) -> RawLayer:
    """The one KML document in a KMZ; its pictures are ignored."""
    archive = Archive(path, file, limits)
    documents = archive.named(".kml")
    if len(documents) != 1:
        raise Refusal("member_missing", file=file, member=part("one_kml"))
    return _read(archive.read(documents[0]), file, limits, options, report)


def _read(octets: bytes, file: str, limits: Limits, options: ReadOptions, report: ImportReport) -> RawLayer:
    declared = _DECLARED.match(octets)
    encoding = options.encoding or (declared[1].decode("ascii").lower() if declared else None)
    if encoding in _CHINESE:  # expat knows no encoding of several bytes but UTF
        try:
            octets = octets.decode("gb18030").encode("utf-8")
        except UnicodeDecodeError:
            raise Refusal("encoding_wrong", file=file, encoding=encoding) from None
        report.note("encoding_stated", file=file, encoding="GB18030", said_by=part("first_line"))
        encoding = "utf-8"
    reader = _Placemarks(file, limits)
    parser = expat.ParserCreate(encoding if encoding == "utf-8" else None, namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = reader.refuse_doctype
    try:
        parser.Parse(octets, True)
    except (expat.ExpatError, ValueError) as error:
        what = part("not_xml", said=shown(error))
        raise Refusal("file_damaged", file=file, what=what) from None
    if reader.top != "kml":
        raise Refusal("file_not_understood", file=file, what=part("not_kml"))
    return reader.layer()


class _Placemarks:
    """What is kept of a document while it is parsed: the name, data and rings of each placemark."""

    def __init__(self, file: str, limits: Limits) -> None:
        self.file, self.limits = file, limits
        self.top = ""
        self._open: list[str] = []
        self._attributes: list[dict[str, str]] = []
        self._text: list[str] = []
        self._placemark: dict[str, Any] | None = None
        self._found: list[dict[str, Any]] = []

    def refuse_doctype(self, *_: object) -> None:
        raise Refusal("file_unsafe", file=self.file, what=part("own_definitions"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self.top = self.top or tag
        self._open.append(tag)
        self._attributes.append(attributes)
        self._text = []
        if len(self._open) > self.limits.depth:
            raise Refusal("too_deep", file=self.file, most=self.limits.depth)
        if tag in _FETCHING:
            raise Refusal("file_unsafe", file=self.file, what=part("link_elsewhere"))
        if tag == "Placemark":
            if self._placemark is not None:
                raise Refusal("file_not_understood", file=self.file, what=part("placemark_within"))
            if len(self._found) >= self.limits.rows:
                raise Refusal(
                    "too_many_rows",
                    file=self.file,
                    layer="placemarks",
                    rows=part("over", n=self.limits.rows),
                    most=self.limits.rows,
                )
            self._placemark = {"data": {}, "shapes": []}
        elif self._placemark is not None and self._is_shape(tag):
            self._placemark["shapes"].append((tag, []))

    def _is_shape(self, tag: str) -> bool:
        """A ring is a shape by itself only where it does not bound a polygon."""
        return tag in _DRAWN or (tag == "LinearRing" and "Polygon" not in self._open)

    def end(self, name: str) -> None:
        tag = self._open.pop()
        attributes = self._attributes.pop()
        text = "".join(self._text).strip()
        self._text = []
        mark = self._placemark
        if mark is None:
            return
        if tag == "Placemark":
            self._found.append(mark)
            self._placemark = None
        elif tag == "name" and self._open[-1] == "Placemark":
            mark["data"]["name"] = text
        elif tag == "coordinates" and mark["shapes"]:
            mark["shapes"][-1][1].append(("innerBoundaryIs" in self._open, text))
        elif tag == "value" and self._open[-1] == "Data":
            self._put(mark, self._attributes[-1].get("name"), text)
        elif tag == "SimpleData":
            self._put(mark, attributes.get("name"), text)

    def text(self, text: str) -> None:
        self._text.append(text)

    def _put(self, mark: dict[str, Any], name: str | None, text: str) -> None:
        if name:
            mark["data"][name] = text or None
        if len(mark["data"]) > self.limits.columns:
            most = self.limits.columns
            raise Refusal(
                "too_many_columns",
                file=self.file,
                layer="placemarks",
                columns=part("over", n=most),
                most=most,
            )

    def layer(self) -> RawLayer:
        """All placemarks as a layer; KML is lon/lat on WGS-84 by definition."""
        names = dict.fromkeys(name for mark in self._found for name in mark["data"])
        columns = {name: [mark["data"].get(name) for mark in self._found] for name in names}
        layer = RawLayer(
            self.file,
            "placemarks",
            "placemark",
            range(1, len(self._found) + 1),
            objects([None] * len(self._found)),
            columns,
            "OGC:CRS84",
        )
        for k, mark in enumerate(self._found):
            layer.geometry[k] = self._geometry(k, mark["shapes"], layer)
        return layer

    def _geometry(self, k: int, shapes: list[tuple[str, list[tuple[bool, str]]]], layer: RawLayer) -> Any:
        """One geometry of the shapes of a placemark; several polygons are a multipolygon."""
        kinds = {kind for kind, _ in shapes}
        if not shapes:
            return None
        if kinds not in ({"Polygon"}, {"LineString"}, {"Point"}) or (kinds == {"Point"} and len(shapes) > 1):
            layer.faults[k] = (
                "geometry_type",
                {"type": _named(kinds), "wanted": part("a_line_or_polygon")},
            )
            return None
        if sum(len(rings) for _, rings in shapes) > self.limits.rings:
            layer.faults[k] = (
                "too_many_rings",
                {"rings": sum(len(r) for _, r in shapes), "most": self.limits.rings},
            )
            return None
        parts = []
        for kind, rings in shapes:
            shape = self._shape(k, kind, rings, layer)
            if shape is None:
                return None
            parts.append(shape)
        if len(parts) == 1:
            return parts[0]
        return shapely.MultiPolygon(parts) if kinds == {"Polygon"} else shapely.MultiLineString(parts)

    def _shape(self, k: int, kind: str, rings: list[tuple[bool, str]], layer: RawLayer) -> Any:
        positions = []
        for _, text in rings:
            xyz = _positions(text)
            if xyz is None:
                layer.faults[k] = ("position_not_numbers", {})
                return None
            positions.append(xyz)
        if kind == "Point":
            return self._point(k, positions, layer)
        if kind == "Polygon":
            positions = [self._closed(k, ring, layer) for ring in positions]
        if not positions or any(len(ring) < (4 if kind == "Polygon" else 2) for ring in positions):
            layer.faults[k] = ("ring_too_short", {})
            return None
        if kind == "LineString":
            return shapely.LineString(positions[0])
        outer = [ring for (inner, _), ring in zip(rings, positions, strict=True) if not inner]
        holes = [ring for (inner, _), ring in zip(rings, positions, strict=True) if inner]
        if len(outer) != 1:
            layer.faults[k] = ("ring_too_short", {})
            return None
        return shapely.Polygon(outer[0], holes)

    def _point(self, k: int, positions: list[Any], layer: RawLayer) -> Any:
        if len(positions) != 1 or len(positions[0]) != 1:
            layer.faults[k] = ("position_not_numbers", {})
            return None
        return shapely.Point(positions[0][0])

    def _closed(self, k: int, ring: Any, layer: RawLayer) -> Any:
        if len(ring) < 3 or (ring[0] == ring[-1]).all():
            return ring
        layer.mends.append((k, "ring", part("not_closed"), part("closed")))
        return np.vstack([ring, ring[:1]])


def _named(kinds: set[str]) -> object:
    """The one kind of shape in a placemark, or that there are several."""
    return min(kinds) if len(kinds) == 1 else part("mixed_types", said=shown(" and ".join(sorted(kinds))))


def _positions(text: str) -> Any:
    """`lon,lat[,height]` with blanks between; None where it is anything else."""
    places = [place.split(",") for place in re.sub(r"\s*,\s*", ",", text).split()]
    if not places or any(len(place) not in (2, 3) for place in places):
        return None
    if not all(_NUMBER.match(number) for place in places for number in place if number):
        return None
    width = min(len([n for n in place if n]) for place in places)
    if width < 2:
        return None
    return np.array([[float(number) for number in place[:width]] for place in places])
