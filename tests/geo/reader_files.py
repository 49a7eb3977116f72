"""Small files of every format, written by hand so that they can be broken by hand."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.errors import Refusal, english
from app.geo.readers import ImportReport, Limits, ReadOptions, work
from app.geo.readers import _report_of as report_of

LON, LAT = 120.1, 30.2
EXTENT = (120.1, 30.2, 120.12, 30.22)
WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


class Read:
    """What reading came to, without starting a process: rows by column, and the report."""

    def __init__(self, said: dict[str, Any], arrays: dict[str, Any], role: str) -> None:
        self.report: ImportReport = report_of(said["report"])
        self.columns = {
            **said["words"][role],
            **{k.split("/")[1]: v for k, v in arrays.items() if k.startswith(role)},
        }
        ends = np.cumsum(self.columns["lengths"])
        flat = self.columns["wkb"].tobytes()
        pieces = [flat[e - n : e] for e, n in zip(ends, self.columns["lengths"], strict=True)]
        self.geometry = shapely.from_wkb(np.array([*pieces, None], dtype=object)[:-1])

    def __getitem__(self, column: str) -> list[Any]:
        return list(self.columns[column])

    def __len__(self) -> int:
        return len(self.geometry)

    @property
    def figures(self) -> dict[str, int]:
        return next(iter(self.report.figures.values()))

    @property
    def mended(self) -> list[tuple[str | None, str, str, str]]:
        return [(m.row, m.what, str(english(m.before)), str(english(m.after))) for m in self.report.mends]

    @property
    def refused(self) -> list[tuple[str, str]]:
        return [(r.row, r.code) for r in self.report.refusals]

    @property
    def remarks(self) -> set[str]:
        return {remark.code for remark in [*self.report.notes, *self.report.warnings]}


def read(
    path: Path,
    role: str = "buildings",
    limits: Limits | None = None,
    extent: tuple[float, float, float, float] | None = None,
    **options: Any,
) -> Read:
    """Read one layer in this process, as the child would."""
    request = {"path": str(path), "file": path.name, "roles": [role], "extent": extent}
    request["options"] = asdict(ReadOptions(**options))
    said, arrays = work.read_layers(request, limits or Limits.for_uploads(), path.parent)
    return Read(said, arrays, role)


def refusal_of(path: Path, **options: Any) -> Refusal | None:
    """Why a strict reading says no, or None."""
    try:
        read(path, strict=True, extent=options.pop("extent", EXTENT), **options)
    except Refusal as refusal:
        return refusal
    return None


def why_row(path: Path, **options: Any) -> str | None:
    """The code of the first row that a strict reading refuses the file for."""
    refusal = refusal_of(path, **options)
    assert refusal is None or refusal.code == "rows_refused", refusal
    return None if refusal is None else refusal.facts["all"][0]["code"]  # type: ignore[index]


# --- Shapes -------------------------------------------------------------------------------------------------


def box(i: float = 0, j: float = 0, side: float = 0.0002) -> list[list[float]]:
    """The ring of a square building, about 20 m wide, i and j steps of 40 m from the corner."""
    x, y = LON + i * 0.0004, LAT + j * 0.0004
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def feature(code: Any = "B1", ring: Any = None, geometry: Any = None, **properties: Any) -> dict[str, Any]:
    shape = geometry or {"type": "Polygon", "coordinates": [ring or box()]}
    known = {"building_id": code, "name": f"Building {code}", "households": 12, **properties}
    return {"type": "Feature", "properties": known, "geometry": shape}


def geojson(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    document = {"type": "FeatureCollection", "features": list(features), **members}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def geopackage(
    path: Path, *rows: tuple[Any, ...], srs: int = 4326, table: str = "buildings", sql: str = ""
) -> Path:
    """rows: (geometry as WKB or None, code, name, households)."""
    database = sqlite3.connect(path)
    database.executescript(
        """PRAGMA application_id = 1196444487;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id INTEGER PRIMARY KEY, organization,
            organization_coordsys_id INTEGER, definition);
        INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, ''),
            ('GK 120E', 4549, 'EPSG', 4549, ''), ('Undefined', -1, 'NONE', -1, 'undefined');
        CREATE TABLE gpkg_contents (table_name PRIMARY KEY, data_type, identifier, srs_id);
        CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);"""
    )
    quoted = '"' + table.replace('"', '""') + '"'
    database.execute(
        f"CREATE TABLE {quoted} (fid INTEGER PRIMARY KEY, geom BLOB, building_id, name, households)"
    )
    database.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?)", (table, table, srs))
    database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POLYGON', ?, 0, 0)", (table, srs))
    head = b"GP\x00\x01" + struct.pack("<i", srs)
    for wkb, *values in rows:
        blob = None if wkb is None else head + wkb
        database.execute(f"INSERT INTO {quoted} VALUES (NULL, ?, ?, ?, ?)", (blob, *values))  # noqa: S608 - quoted
    database.executescript(sql)
    database.commit()
    database.close()
    return path


def wkb(ring: Any = None) -> bytes:
    return bytes(shapely.to_wkb(shapely.Polygon(ring or box()), byte_order=1))


def shp(rings: list[Any], kind: int = 5) -> bytes:
    """A .shp; each member of `rings` is one ring, a list of rings, or None for a null shape."""
    records = b""
    for number, given in enumerate(rings, 1):
        parts = [] if given is None else given if isinstance(given[0][0], list) else [given]
        points = [point for part in parts for point in part]
        starts = [sum(len(part) for part in parts[:k]) for k in range(len(parts))]
        content = struct.pack("<i", 0)
        if parts:
            content = struct.pack("<i4dii", kind, 0, 0, 0, 0, len(parts), len(points))
            content += struct.pack(f"<{len(parts)}i", *starts) + b"".join(
                struct.pack("<2d", *p) for p in points
            )
        records += struct.pack(">ii", number, len(content) // 2) + content
    words = 50 + len(records) // 2
    return (
        struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words)
        + struct.pack("<ii8d", 1000, kind, *[0.0] * 8)
        + records
    )


def dbf(
    rows: list[tuple[Any, ...]], encoding: str = "utf-8", driver: int = 0, stated: int | None = None
) -> bytes:
    """A .dbf of BLDG_ID, NAME, HOUSEHLD; a row that begins with * is marked as deleted."""
    fields = [(b"BLDG_ID", b"C", 16), (b"NAME", b"C", 64), (b"HOUSEHLD", b"N", 10)]
    width = 1 + sum(size for _, _, size in fields)
    count = len(rows) if stated is None else stated
    head = struct.pack("<4BIHH", 3, 124, 1, 1, count, 33 + 32 * len(fields), width) + b"\0" * 17
    head += bytes([driver]) + b"\0\0"
    for name, kind, size in fields:
        head += name.ljust(11, b"\0") + kind + b"\0" * 4 + bytes([size, 0]) + b"\0" * 14
    body = b""
    for row in rows:
        deleted, cells = (b"*", row[1:]) if row[0] == "*" else (b" ", row)
        body += deleted
        for value, (_, kind, size) in zip(cells, fields, strict=True):
            text = str(value).encode(encoding)
            body += text.rjust(size) if kind == b"N" else text.ljust(size)
    return head + b"\r" + body + b"\x1a"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in members.items():
            archive.writestr(name, octets)
    return path


def shapefile(path: Path, rings: Any = None, rows: Any = None, **members: bytes | None) -> Path:
    """A zipped shapefile; members (shp, dbf, prj, cpg …) replace the usual ones, None leaves one out."""
    rings = rings or [box(k) for k in range(2)]
    rows = rows or [(f"S{k}", f"Building {k}", 10 + k) for k in range(len(rings))]
    usual: dict[str, bytes | None] = {
        "shx": b"",
        "shp": shp(rings),
        "dbf": dbf(rows),
        "prj": WGS84.encode(),
        "cpg": b"UTF-8",
    }
    usual.update(members)
    return zipped(path, {f"bld.{ending}": octets for ending, octets in usual.items() if octets is not None})


def kml(
    path: Path, body: str, first: str = '<?xml version="1.0" encoding="UTF-8"?>', encoding: str = "utf-8"
) -> Path:
    text = f'{first}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
    path.write_bytes(text.encode(encoding))
    return path


def placemark(name: str = "K1", ring: Any = None, more: str = "") -> str:
    places = " ".join(f"{x},{y},0" for x, y in ring or box())
    polygon = (
        f"<outerBoundaryIs><LinearRing><coordinates>{places}</coordinates></LinearRing></outerBoundaryIs>"
    )
    return f"<Placemark><name>{name}</name>{more}<Polygon>{polygon}</Polygon></Placemark>"


def osm(path: Path, body: str) -> Path:
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{body}</osm>', encoding="utf-8")
    return path


def nodes(*places: tuple[float, float], first: int = 1) -> str:
    return "".join(
        f'<node id="{first + k}" version="1" lon="{x}" lat="{y}"/>' for k, (x, y) in enumerate(places)
    )


def way(number: int, refs: list[int], **tags: str) -> str:
    inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    inside += "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())
    return f'<way id="{number}" version="1">{inside}</way>'


def zip_bytes(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, octets in members.items():
            archive.writestr(name, octets)
    return held.getvalue()
