"""Zipped shapefiles, read by the format's own description (ESRI 1998, dBASE III).

Every count is checked against the bytes that are there before it is believed.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from app.errors import Refusal, part
from app.geo.crs import Geometries
from app.geo.plots import FloatArray
from app.geo.readers.archive import Archive
from app.geo.readers.columns import the_layer
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.raw import RawLayer, objects
from app.geo.readers.report import ImportReport, shown
from app.geo.readers.text import decode_columns

_POLYGONS, _POLYLINES, _POINTS, _WITH_Z = (5, 15, 25), (3, 13, 23), (1, 11, 21), (13, 15)
_TYPE_WORDS = {
    8: "MultiPoint",
    18: "MultiPoint",
    28: "MultiPoint",
    31: "MultiPatch",
}
_ORDINARY = (
    ".shp",
    ".shx",
    ".dbf",
    ".prj",
    ".cpg",
    ".qpj",
    ".sbn",
    ".sbx",
    ".shp.xml",
    ".qix",
    ".fix",
    ".cst",
    ".qmd",
)

# What a .cpg may say, and the language driver byte of the .dbf. 0x03 and 0x57 mean "whatever the computer
# used" and say nothing.
_CODE_PAGES = {
    "utf8": "utf-8", "65001": "utf-8", "936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "gb18030":
    "gb18030",
    "54936": "gb18030", "950": "big5hkscs", "big5": "big5hkscs", "932": "cp932", "shiftjis": "cp932", "949":
    "cp949",
    "euckr": "cp949", "1252": "cp1252", "88591": "latin-1", "iso88591": "latin-1", "1251": "cp1251", "1250":
    "cp1250",
}  # fmt: skip
_DRIVERS = {0x4D: "gb18030", 0x4F: "big5hkscs", 0x13: "cp932", 0x4E: "cp949", 0xC9: "cp1251", 0xC8: "cp1250"}


def read_shapefile(
    path: Path, file: str, limits: Limits, options: ReadOptions, report: ImportReport, role: str
) -> RawLayer:
    """The one shapefile in a zip, or the one that is named."""
    archive = Archive(path, file, limits)
    stems = [name.removesuffix(".shp") for name in archive.named(".shp")]
    if not stems:
        raise Refusal("member_missing", file=file, member=part("a_shp"))
    given = {key: value.lower() for key, value in options.layers.items()}
    stem = the_layer(role, stems, given, file=file)
    if f"{stem}.dbf" not in archive.members:
        raise Refusal("member_missing", file=file, member=f"{shown(stem, 60)}.dbf")
    others = [name for name in archive.members if not name.endswith(_ORDINARY)]
    if others:
        report.note("members_ignored", file=file, members=shown(", ".join(others)))
    if f"{stem}.shx" not in archive.members:
        report.mend("file", None, ".shx index", part("missing"), part("in_order"))
        report.note("index_missing", file=file)
    shapes = _Shapes(archive.read(f"{stem}.shp"), file, limits, report)
    table = _Table(archive.read(f"{stem}.dbf"), file, limits)
    if len(table) != len(shapes):
        raise Refusal(
            "file_damaged", file=file, what=part("shapes_and_rows", shapes=len(shapes), rows=len(table))
        )
    columns = decode_columns(
        table.columns(),
        _stated(archive, stem, table.driver),
        options.encoding,
        file=file,
        layer=stem,
        report=report,
    )
    crs = (
        archive.read(f"{stem}.prj").decode("utf-8", "replace").strip()
        if f"{stem}.prj" in archive.members
        else ""
    )
    layer = RawLayer(
        file,
        stem,
        "record",
        range(1, len(shapes) + 1),
        np.empty(0, dtype=object),
        columns,
        crs[:20_000] or None,
    )
    layer.geometry = shapes.geometry(layer)
    return _without_deleted(layer, table.deleted, report)


def _stated(archive: Archive, stem: str, driver: int) -> list[tuple[str, object]]:
    """The encodings the file states, with who says so."""
    stated: list[tuple[str, object]] = []
    if f"{stem}.cpg" in archive.members:
        said = archive.read(f"{stem}.cpg")[:40].decode("ascii", "replace").strip()
        page = re.sub(r"^(ansi|oem|cp|windows|ms)+", "", re.sub(r"[\s_-]+", "", said.lower()))
        if page in _CODE_PAGES:
            stated.append((_CODE_PAGES[page], ".cpg"))
    if driver in _DRIVERS:
        stated.append((_DRIVERS[driver], part("the_dbf")))
    return stated


def _without_deleted(layer: RawLayer, deleted: npt.NDArray[np.bool_], report: ImportReport) -> RawLayer:
    """Rows that dBASE marks as deleted are no rows; how many there were is said."""
    if not deleted.any():
        return layer
    report.warn("rows_deleted", file=layer.file, count=int(deleted.sum()))
    keep = np.flatnonzero(~deleted).tolist()
    position = {old: new for new, old in enumerate(keep)}
    layer.geometry = layer.geometry[keep]
    layer.columns = {name: [values[k] for k in keep] for name, values in layer.columns.items()}
    layer.numbers = [layer.numbers[k] for k in keep]
    layer.faults = {position[k]: fault for k, fault in layer.faults.items() if k in position}
    layer.mends = [(position[k], *rest) for k, *rest in layer.mends if k in position]  # type: ignore[misc]
    return layer


@dataclass
class _Record:
    kind: int
    rings: list[FloatArray]
    high: bool


class _Shapes:
    """The records of a .shp, each checked against the bytes it has."""

    def __init__(self, octets: bytes, file: str, limits: Limits, report: ImportReport) -> None:
        self.file, self.limits = file, limits
        if (
            len(octets) < 100
            or struct.unpack_from(">i", octets)[0] != 9994
            or struct.unpack_from("<i", octets, 28)[0] != 1000
        ):
            raise Refusal("file_damaged", file=file, what=part("no_shp_header"))
        stated = struct.unpack_from(">i", octets, 24)[0] * 2
        if stated != len(octets):
            report.mend(
                "file",
                None,
                ".shp length",
                part("bytes_stated", n=f"{stated:,}"),
                part("bytes_read", n=f"{len(octets):,}"),
            )
        self.records: list[_Record] = []
        self.faults: dict[int, tuple[str, dict[str, object]]] = {}
        start = 100
        while start < len(octets):
            start = self._record(octets, start)

    def __len__(self) -> int:
        return len(self.records)

    def _record(self, octets: bytes, start: int) -> int:
        """Read the record at `start` and return where the next begins."""
        number = len(self.records) + 1
        if number > self.limits.rows:
            raise Refusal(
                "too_many_rows",
                file=self.file,
                layer=".shp",
                rows=part("over", n=self.limits.rows),
                most=self.limits.rows,
            )
        if start + 12 > len(octets):
            raise self._damaged(number)
        length: int = struct.unpack_from(">i", octets, start + 4)[0] * 2
        end = start + 8 + length
        if length < 4 or end > len(octets):
            raise self._damaged(number)
        kind = struct.unpack_from("<i", octets, start + 8)[0]
        record = _Record(kind, [], False)
        if kind in _POLYGONS + _POLYLINES:
            record = self._parts(octets[start + 8 : end], kind, number)
        elif kind in _POINTS:
            record = self._point(octets[start + 8 : end], kind, number)
        elif kind != 0:
            known = _TYPE_WORDS.get(kind) or part("unknown_type")
            facts: dict[str, object] = {"type": known, "wanted": part("a_line_or_polygon")}
            self.faults[number - 1] = ("geometry_type", facts)
        self.records.append(record)
        return end

    def _point(self, content: bytes, kind: int, number: int) -> _Record:
        if len(content) < 20:
            raise self._damaged(number)
        high = kind == 11 and len(content) >= 28 and struct.unpack_from("<d", content, 20)[0] != 0
        return _Record(kind, [np.frombuffer(content, "<f8", 2, 4).reshape(1, 2)], high)

    def _parts(self, content: bytes, kind: int, number: int) -> _Record:
        if len(content) < 44:
            raise self._damaged(number)
        parts, points = struct.unpack_from("<2i", content, 36)
        if parts < 0 or points < 0 or 44 + 4 * parts + 16 * points > len(content):
            raise self._damaged(number)
        if points > self.limits.vertices:
            self.faults[number - 1] = (
                "too_many_vertices",
                {"vertices": points, "most": self.limits.vertices},
            )
            return _Record(kind, [], False)
        if parts > self.limits.rings:
            self.faults[number - 1] = ("too_many_rings", {"rings": parts, "most": self.limits.rings})
            return _Record(kind, [], False)
        starts = np.frombuffer(content, "<i4", parts, 44).astype(np.int64)
        bounds = np.append(starts, points)
        if (parts == 0) != (points == 0) or (parts and (bounds[0] != 0 or (np.diff(bounds) <= 0).any())):
            raise self._damaged(number)
        xy = np.frombuffer(content, "<f8", 2 * points, 44 + 4 * parts).reshape(-1, 2)
        high = False
        heights_at = 44 + 4 * parts + 16 * points + 16
        if kind in _WITH_Z and heights_at + 8 * points <= len(content):
            high = bool((np.frombuffer(content, "<f8", points, heights_at) != 0).any())
        return _Record(kind, np.split(xy, bounds[1:-1]) if parts else [], high)

    def _damaged(self, number: int) -> Refusal:
        return Refusal("file_damaged", file=self.file, what=part("shp_record_cut_off", number=number))

    def geometry(self, layer: RawLayer) -> Geometries:
        """Polygons, lines and points; what is wrong with a record goes to the layer's faults and mends."""
        layer.faults.update(self.faults)
        built = objects([None] * len(self.records))
        for k, record in enumerate(self.records):
            if k in self.faults or not record.rings:
                continue
            if record.high:
                layer.mends.append((k, "heights", part("three_dimensional"), part("two_dimensional")))
            if any(not np.isfinite(ring).all() for ring in record.rings):
                layer.faults[k] = ("coordinate_not_a_number", {})
            elif record.kind in _POINTS:
                built[k] = shapely.Point(record.rings[0][0])
            elif record.kind in _POLYLINES:
                built[k] = self._lines(k, record, layer)
            else:
                built[k] = self._polygon(k, record, layer)
        return built

    def _lines(self, k: int, record: _Record, layer: RawLayer) -> Any:
        if any(len(part) < 2 for part in record.rings):
            layer.faults[k] = ("ring_too_short", {})
            return None
        lines = [shapely.LineString(part) for part in record.rings]
        return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)

    def _polygon(self, k: int, record: _Record, layer: RawLayer) -> Any:
        """Rings turn clockwise around ground, the other way around holes; the smallest ring holds a hole."""
        rings = []
        for ring in record.rings:
            if (ring[0] != ring[-1]).any():
                layer.mends.append((k, "ring", part("not_closed"), part("closed")))
                ring = np.vstack([ring, ring[:1]])
            if len(ring) < 4:
                layer.faults[k] = ("ring_too_short", {})
                return None
            rings.append(ring)
        if len(rings) == 1:
            return shapely.Polygon(rings[0])
        turned = [shapely.is_ccw(shapely.LinearRing(ring)) for ring in rings]
        shells = [shapely.Polygon(ring) for ring, hole in zip(rings, turned, strict=True) if not hole]
        holes: list[list[FloatArray]] = [[] for _ in shells]
        for ring in (ring for ring, hole in zip(rings, turned, strict=True) if hole):
            inner = shapely.point_on_surface(shapely.Polygon(ring))
            around = [s for s, shell in enumerate(shells) if shapely.intersects(shell, inner)]
            if around:
                holes[min(around, key=lambda s: float(shells[s].area))].append(ring)
            else:  # a hole in nothing is ground drawn the wrong way round
                layer.mends.append((k, "ring", part("hole_alone"), part("taken_as_part")))
                shells.append(shapely.Polygon(ring))
                holes.append([])
        whole = [shapely.Polygon(shell.exterior, inner) for shell, inner in zip(shells, holes, strict=True)]
        return whole[0] if len(whole) == 1 else shapely.MultiPolygon(whole)


class _Table:
    """The rows of a .dbf as Python values; texts stay bytes until the encoding is known."""

    def __init__(self, octets: bytes, file: str, limits: Limits) -> None:
        self.file = file
        if len(octets) < 33 or octets[0] & 0x07 not in (3, 4, 5):
            raise self._damaged(part("no_dbf_header"))
        rows, head, width = struct.unpack_from("<IHH", octets, 4)
        self.driver = octets[29]
        self.fields: list[tuple[str, str, int, int]] = []
        start, offset = 32, 1
        while start + 32 <= min(head, len(octets)) and octets[start] != 0x0D:
            name = octets[start : start + 11].split(b"\0")[0].decode("latin-1").strip()
            size = octets[start + 16]
            self.fields.append((name, chr(octets[start + 11]), offset, size))
            offset, start = offset + size, start + 32
            if len(self.fields) > limits.columns:
                raise Refusal(
                    "too_many_columns",
                    file=file,
                    layer=".dbf",
                    columns=part("over", n=limits.columns),
                    most=limits.columns,
                )
        if offset != width or not self.fields or head < start:
            raise self._damaged(part("dbf_columns_wrong"))
        there = (len(octets) - head) // width if len(octets) > head else 0
        if there != rows:
            raise self._damaged(part("dbf_rows_wrong", stated=rows, there=there))
        self._cells: npt.NDArray[np.uint8] = np.frombuffer(octets, np.uint8, rows * width, head).reshape(
            rows, width
        )
        self.deleted = self._cells[:, 0] == ord("*")

    def __len__(self) -> int:
        return len(self._cells)

    def columns(self) -> dict[str, list[Any]]:
        """Values by column; where a name comes twice the later ones get a number."""
        table: dict[str, list[Any]] = {}
        for name, kind, offset, size in self.fields:
            block = np.ascontiguousarray(self._cells[:, offset : offset + size])
            texts = [bytes(row).strip(b" \0") for row in block] if size else [b""] * len(block)
            while name in table:
                name += "_"
            table[name] = [_value(text, kind) for text in texts]
        return table

    def _damaged(self, what: dict[str, object]) -> Refusal:
        return Refusal("file_damaged", file=self.file, what=what)


def _value(text: bytes, kind: str) -> Any:
    """One cell: numbers as numbers where they are, everything else as it stands."""
    if not text:
        return None
    if kind in "NF":
        if text.strip(b"*") == b"":
            return None  # dBASE writes stars where a number did not fit
        try:
            return int(text)
        except ValueError:
            pass
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "L":
        return {b"T": True, b"Y": True, b"F": False, b"N": False}.get(text.upper())
    return text
