"""GeoPackage, read as what it is: an SQLite file with well-known binary in it.

Read with `sqlite3` rather than GDAL: cell types stay as stored (GDAL turns 'about 30' in an integer column
into 0), damage is seen, and nothing in the file can make the reader open anything else.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.errors import Refusal, part
from app.geo.readers.columns import useful_columns
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.raw import RawLayer, from_wkb
from app.geo.readers.report import ImportReport, shown
from app.geo.readers.text import decode_columns

_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_LEGIBLE = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
# A damaged schema turns up in SQLite's own messages, and those may be no UTF-8.
_DAMAGE = (sqlite3.Error, UnicodeDecodeError, OverflowError)
_LONGEST = 2**31 - 1  # SQLite counts bytes in 32 bits
_JOURNAL_BEGINS = bytes.fromhex("d9d505f920a163d7")
_PRAGMAS = ("quick_check", "table_xinfo", "trusted_schema", "cell_size_check", "query_only")


class GeoPackage:
    """An open GeoPackage, read-only; its schema is not trusted and no function in it is run."""

    def __init__(self, path: Path, file: str, limits: Limits) -> None:
        self.path, self.file, self.limits = path, file, limits
        if _has_unwritten_changes(path):
            raise Refusal("file_open_elsewhere", file=file)
        self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        self._database.text_factory = bytes
        self._database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, int(min(_LONGEST, limits.file_mb * 1e6)))
        self._database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self._database.set_authorizer(_authorise)
        try:
            self._database.execute("PRAGMA trusted_schema = OFF")
            self._database.execute("PRAGMA cell_size_check = ON")
            sound = self._database.execute("PRAGMA quick_check(1)").fetchone()
            if sound is None or sound[0] != b"ok":
                raise Refusal("file_damaged", file=file, what=part("own_check_failed"))
            self.layers = self._feature_tables()
        except _DAMAGE as error:
            what = part("parser_said", said=shown(error))
            raise Refusal("file_damaged", file=file, what=what) from None

    def close(self) -> None:
        self._database.close()

    def _feature_tables(self) -> list[str]:
        rows = self._database.execute(
            "SELECT c.table_name, m.type, m.sql FROM gpkg_contents c LEFT JOIN sqlite_master m ON m.name "
            "= c.table_name "
            "WHERE c.data_type = 'features' ORDER BY c.rowid"
        ).fetchall()
        if len(rows) > self.limits.members:
            raise Refusal("too_many_layers", file=self.file, layers=len(rows), most=self.limits.members)
        names = []
        for name, kind, sql in rows:
            virtual = isinstance(sql, bytes) and sql.lstrip().upper().startswith(b"CREATE VIRTUAL")
            if not isinstance(name, bytes) or kind != b"table" or virtual:
                raise Refusal("layer_not_a_table", file=self.file, layer=shown(_text(name)))
            names.append(_text(name))
        if not names:
            raise Refusal("no_layers", file=self.file)
        return names

    def layer(self, name: str, role: str, options: ReadOptions, report: ImportReport) -> RawLayer:
        """One feature table: its geometry, and the columns of use for the role as Python values."""
        try:
            return self._layer(name, role, options, report)
        except _DAMAGE as error:
            what = part("parser_said", said=shown(error))
            raise Refusal("file_damaged", file=self.file, what=what) from None

    def _layer(self, name: str, role: str, options: ReadOptions, report: ImportReport) -> RawLayer:
        described = self._database.execute(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (name,)
        ).fetchall()
        if len(described) != 1:
            raise Refusal(
                "file_damaged",
                file=self.file,
                what=part("geometry_columns", layer=shown(name), count=len(described)),
            )
        geometry_column, srs_id = described[0]
        about = self._database.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
        if any(column[6] in (2, 3) for column in about):
            raise Refusal(
                "layer_not_a_table", file=self.file, layer=shown(name)
            )  # computed by the file's own formula
        columns = [column[1] for column in about]
        if geometry_column not in columns:
            raise Refusal(
                "file_damaged", file=self.file, what=part("geometry_column_gone", layer=shown(name))
            )
        if len(columns) - 1 > self.limits.columns:
            raise Refusal(
                "too_many_columns",
                file=self.file,
                layer=shown(name),
                columns=len(columns) - 1,
                most=self.limits.columns,
            )
        others = [_text(column) for column in columns if column != geometry_column]
        read = useful_columns(role, others, options.columns)
        ordered = [geometry_column, *(column for column in columns if _text(column) in read)]
        listed = ", ".join(_quoted(_text(column)) for column in ordered)
        cursor = self._database.execute(f"SELECT {listed} FROM {_quoted(name)}")  # noqa: S608 - names quoted
        table = cursor.fetchmany(self.limits.rows + 1)
        if len(table) > self.limits.rows:
            raise Refusal(
                "too_many_rows",
                file=self.file,
                layer=shown(name),
                rows=f"over {self.limits.rows}",
                most=self.limits.rows,
            )
        values = list(zip(*table, strict=True)) if table else [()] * len(ordered)
        raw_columns: dict[str, list[Any]] = {
            column.decode("latin-1"): list(cells)
            for column, cells in zip(ordered[1:], values[1:], strict=True)
        }
        layer = RawLayer(
            file=self.file,
            name=shown(name),
            word="row",
            numbers=range(1, len(table) + 1),
            geometry=np.empty(0, dtype=object),
            columns=decode_columns(
                raw_columns,
                [("utf-8", part("gpkg_standard"))],
                options.encoding,
                file=self.file,
                layer=name,
                report=report,
            ),
            crs=self._crs(srs_id),
            typed=True,
        )
        _decode_geometry(layer, values[0], srs_id)
        return layer

    def _crs(self, srs_id: Any) -> str | None:
        """What the file says of a reference system; None for the two undefined ones."""
        row = self._database.execute(
            "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE "
            "srs_id = ?",
            (srs_id,),
        ).fetchone()
        if row is None or srs_id in (0, -1) or not isinstance(srs_id, int):
            return None
        organization, number, definition = row
        if isinstance(organization, bytes) and organization.upper() == b"EPSG" and isinstance(number, int):
            return f"EPSG:{number}"
        text = _text(definition)
        return text if text and text.lower() != "undefined" else None


def _has_unwritten_changes(path: Path) -> bool:
    """Whether changes still lie beside the file, where opening it as immutable would not see them."""
    log, journal = Path(f"{path}-wal"), Path(f"{path}-journal")
    if log.is_file() and log.stat().st_size:
        return True
    if not journal.is_file():
        return False
    with journal.open("rb") as opened:  # one that is done with is emptied or begins with zeros
        return opened.read(len(_JOURNAL_BEGINS)) == _JOURNAL_BEGINS


def _decode_geometry(layer: RawLayer, blobs: Iterable[Any], srs_id: int) -> None:
    """Strip the GeoPackage header of each blob and decode the rest."""
    wkb: list[bytes | None] = []
    for k, blob in enumerate(blobs):
        body, code = _body(blob, srs_id)
        if code is not None:
            layer.faults[k] = (code, {})
        wkb.append(body)
    layer.geometry, undecodable = from_wkb(wkb)
    for k in undecodable.tolist():
        layer.faults.setdefault(k, ("geometry_unreadable", {}))
    foreign = shapely.get_srid(layer.geometry)
    for k in np.flatnonzero((foreign != 0) & (foreign != srs_id) & (foreign != -1)).tolist():
        layer.faults.setdefault(k, ("geometry_other_crs", {}))


def _body(blob: Any, srs_id: int) -> tuple[bytes | None, str | None]:
    """The well-known binary inside one GeoPackage geometry, or the code of what is wrong with it."""
    if blob is None:
        return None, None
    if not isinstance(blob, bytes) or len(blob) < 13 or blob[:2] != b"GP" or blob[2] != 0:
        return None, "geometry_unreadable"
    flags = blob[3]
    envelope = _ENVELOPE_BYTES.get((flags >> 1) & 7)
    if envelope is None or flags & 0x20 or len(blob) < 8 + envelope + 5:
        return None, "geometry_unreadable"
    said = struct.unpack_from("<i" if flags & 1 else ">i", blob, 4)[0]
    if said not in (srs_id, 0, -1):
        return None, "geometry_other_crs"
    return blob[8 + envelope :], None


def _authorise(
    action: int, first: str | None, second: str | None, database: str | None, trigger: str | None
) -> int:
    """Reading and a few pragmas; no function, no view's inside, no other file."""
    if trigger is not None:
        return sqlite3.SQLITE_DENY
    if action in _LEGIBLE or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
