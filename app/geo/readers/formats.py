"""The allow-list: which files are read at all, and by which of our readers.

The name says what a file claims to be, its first bytes must agree, and then exactly one reader opens it.
None of them follows a reference to another file or address, and GDAL is not among them: its sixty drivers
guess from content, and some fetch.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app.errors import Refusal, part
from app.geo.readers.columns import find_layers, the_layer
from app.geo.readers.geojson import read_geojson
from app.geo.readers.geopackage import GeoPackage
from app.geo.readers.kml import read_kml, read_kmz
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.raw import RawLayer
from app.geo.readers.report import ImportReport
from app.geo.readers.shapefile import read_shapefile

# ending -> format. The longer ending wins.
_ENDINGS = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".zip": "zipped shapefile",
    ".gpkg": "GeoPackage",
    ".kml": "KML",
    ".kmz": "KMZ",
    ".osm.pbf": "OpenStreetMap PBF",
    ".pbf": "OpenStreetMap PBF",
    ".osm": "OpenStreetMap XML",
}
_WORDED = {"zipped shapefile": part("zipped_shapefile"), "XML of another kind": part("other_xml")}
_UTF_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def recognise(path: Path, file: str) -> str:
    """The format of a file, by its name, if its first bytes agree."""
    ending = next((e for e in _ENDINGS if file.lower().endswith(e)), None)
    if ending is None:
        raise Refusal("format_unknown", file=file, allowed=part("formats_read"))
    with path.open("rb") as opened:
        head = opened.read(512)
    if not head:
        raise Refusal("file_empty", file=file)
    named, looks = _ENDINGS[ending], _looks_like(head)
    if named not in looks:
        hint = part("looks_like", format=_WORDED.get(looks[0], looks[0])) if looks else ""
        raise Refusal("format_mismatch", file=file, named=_WORDED.get(named, named), looks=hint)
    return named


def _looks_like(head: bytes) -> tuple[str, ...]:
    """The formats whose files begin like this."""
    if head.startswith(b"SQLite format 3\0"):
        return ("GeoPackage",)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ("zipped shapefile", "KMZ")
    if head[4:5] == b"\x0a" and b"OSMHeader" in head[:64]:
        return ("OpenStreetMap PBF",)
    text = head
    for mark in _UTF_MARKS:
        text = text.removeprefix(mark)
    text = text.replace(b"\0", b"").lstrip()
    if text.startswith((b"{", b"[")):
        return ("GeoJSON",)
    if text.startswith(b"<"):
        if b"<kml" in text:
            return ("KML",)
        if b"<osm" in text:
            return ("OpenStreetMap XML",)
        known_elsewhere = (b"<OGRVRT", b"<VRTDataset", b"<html", b"<gml", b"<wfs", b"<!DOCTYPE html")
        return ("XML of another kind",) if text.startswith(known_elsewhere) else ("KML", "OpenStreetMap XML")
    return ()


class Source:
    """One file of an allowed format."""

    def __init__(
        self, path: Path, file: str, limits: Limits, options: ReadOptions, report: ImportReport
    ) -> None:
        self.path, self.file = path, file
        self.limits, self.options, self.report = limits, options, report
        self.format = recognise(path, file)

    def layers(self, roles: list[str]) -> Iterator[tuple[str, RawLayer]]:
        """The layers that hold what is asked for; for one role, the only layer whatever its name."""
        if self.format == "GeoPackage":
            yield from self._package(roles)
        elif self.format.startswith("OpenStreetMap"):
            from app.geo.readers.osm import OsmFile, check_pbf  # osmium takes a moment to import

            if self.format == "OpenStreetMap PBF":
                check_pbf(self.path, self.file)
            yield from OsmFile(self.path, self.file, self.limits, self.report).layers(roles, self.options)
        else:
            role = roles[0]  # these hold one layer; without a word on what it is, it is the buildings
            yield role, self._single(role)

    def _package(self, roles: list[str]) -> Iterator[tuple[str, RawLayer]]:
        with closing(GeoPackage(self.path, self.file, self.limits)) as package:
            if len(roles) == 1:
                chosen = {roles[0]: the_layer(roles[0], package.layers, self.options.layers, file=self.file)}
            else:
                chosen = find_layers(roles, package.layers, self.options.layers, file=self.file)
            for role, layer in chosen.items():
                yield role, package.layer(layer, role, self.options, self.report)

    def _single(self, role: str) -> RawLayer:
        if self.format == "zipped shapefile":
            return read_shapefile(self.path, self.file, self.limits, self.options, self.report, role)
        read = {"GeoJSON": read_geojson, "KML": read_kml, "KMZ": read_kmz}[self.format]
        return read(self.path, self.file, self.limits, self.options, self.report)
