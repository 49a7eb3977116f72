"""What the child process does: open one file, read the layers asked for, answer with rows and a report."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.errors import Refusal, part
from app.geo.readers import formats, rows
from app.geo.readers.child import Answer, Task
from app.geo.readers.columns import find_columns
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.report import ImportReport, shown
from app.geo.readers.sieve import Rows


def read_layers(request: dict[str, Any], limits: Limits, folder: Path) -> Answer:
    """Read one file: the request names path, file, roles, options and maybe an extent."""
    options = ReadOptions(**request["options"])
    report = ImportReport()
    source = formats.Source(Path(request["path"]), request["file"], limits, options, report)
    read: dict[str, Rows] = {}
    for role, raw in source.layers(request["roles"]):
        report.note("layer_read", file=source.file, role=role, layer=raw.name, rows=len(raw))
        if role == "buildings":
            if not len(raw):
                raise Refusal("layer_empty", file=source.file, layer=raw.name)
            read[role] = rows.building_rows(raw, options, limits, report, request.get("extent"))
        elif role == "streets":
            for layer, found in rows.street_rows(raw, options, limits, report).items():
                read[layer] = _joined(read[layer], found) if layer in read else found
        elif role == "railways":
            found = rows.railway_rows(raw, options, limits, report)
            read[role] = _joined(read[role], found) if role in read else found
        elif role == "water":
            read[role] = rows.water_rows(raw, options, limits, report)
        elif role == "green":
            read[role] = rows.green_rows(raw, options, limits, report)
        elif role == "grids":
            if not len(raw):
                raise Refusal("layer_empty", file=source.file, layer=raw.name)
            read[role] = rows.drawn_grid_rows(raw, options, limits, report)
        elif role == "entrances":
            read[role] = rows.entrance_rows(raw, options, limits, report)
        else:
            read[role] = rows.area_rows(role, raw, options, limits, report)
    return _packed(read, report)


def given_grids(request: dict[str, Any], limits: Limits, folder: Path) -> Answer:
    """Read the grids of a file as they are written: nothing mended, nothing left out."""
    options, report = ReadOptions(), ImportReport()
    source = formats.Source(Path(request["path"]), request["file"], limits, options, report)
    [(_, raw)] = source.layers(["grids"])
    column = find_columns("grids", raw.columns, {}, file=source.file)
    for field in ("code", "households"):
        if field not in column:
            found = ", ".join(shown(name) for name in raw.columns)
            raise Refusal("grids_column_missing", file=source.file, column=field, found=found or part("none"))
    code = ["" if value is None else str(value).strip() for value in raw.columns[column["code"]]]
    stated = [_whole(value, source.file, k) for k, value in enumerate(raw.columns[column["households"]], 1)]
    arrays = {"households": np.array(stated, np.int64)}
    if "in_band" in column:
        arrays["in_band"] = np.array([bool(value) for value in raw.columns[column["in_band"]]], np.bool_)
    shapes = np.where(shapely.is_missing(raw.geometry), shapely.Polygon(), raw.geometry)
    wkb = [bytes(b) for b in shapely.to_wkb(shapes)]
    arrays["wkb"] = np.frombuffer(b"".join(wkb), dtype=np.uint8)
    arrays["lengths"] = np.array([len(b) for b in wkb], dtype=np.int64)
    kinds = raw.columns[column["kind"]] if "kind" in column else [None] * len(code)
    kind = ["" if value is None else str(value).strip() for value in kinds]
    return {"code": code, "kind": kind, "crs": raw.crs}, arrays


def _whole(value: object, file: str, row: int) -> int:
    """Households as a whole number, whatever type the column is of."""
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number < 2**31 or number != int(number):
        raise Refusal("grids_count_unreadable", file=file, row=row, found=shown(value))
    return int(number)


def _joined(one: Rows, other: Rows) -> Rows:
    """Rows of two layers in one."""
    columns = {
        name: np.concatenate([values, np.asarray(other.columns[name])])
        if isinstance(values, np.ndarray)
        else [*values, *other.columns[name]]
        for name, values in one.columns.items()
    }
    return Rows(np.concatenate([one.geometry, other.geometry]), columns)


def _packed(read: dict[str, Rows], report: ImportReport) -> Answer:
    """Geometries as well-known binary end to end with their lengths; numbers as arrays; words as JSON."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    words: dict[str, dict[str, list[str | None]]] = {}
    for role, found in read.items():
        wkb = [bytes(b) for b in shapely.to_wkb(found.geometry)]
        arrays[f"{role}/wkb"] = np.frombuffer(b"".join(wkb), dtype=np.uint8)
        arrays[f"{role}/lengths"] = np.array([len(b) for b in wkb], dtype=np.int64)
        words[role] = {}
        for name, values in found.columns.items():
            if isinstance(values, np.ndarray):
                arrays[f"{role}/{name}"] = values
            else:
                words[role][name] = values
    return {"words": words, "report": asdict(report)}, arrays


TASKS: dict[str, Task] = {"layers": read_layers, "grids": given_grids}
