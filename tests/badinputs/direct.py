"""A case straight through the readers: the functions an upload goes through, in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas  # noqa: F401 - before the cases fork, so that none of them pays for it
import numpy as np
import shapely

from app.errors import Refusal
from app.geo.readers import Limits, ReadOptions, read_buildings
from app.services import register_import
from tests.badinputs.corpus import (
    EXTENT,
    RESIDENTS,
    TARGETS,
    Outcome,
    escaped,
    inner,
    is_hidden,
    left_behind,
    looks_garbled,
    told_of_residents,
)


def try_case(case: dict[str, Any], files: Path, _: object) -> Outcome | None:
    """Read the file of a case, and look for what was left behind. None: nothing to try it on."""
    if case["target"] not in TARGETS or case["kind"] != "file":
        return None
    outside = escaped()
    with tempfile.TemporaryDirectory(prefix="badinputs-case-") as own:
        way = read_residents if case["target"] == RESIDENTS else read
        outcome = run(files / case["file"], case["upload_name"], inner(Path(own)), way)
        time.sleep(0.02)
        outcome.left = sorted({*left_behind(Path(own)), *(escaped() - outside)})
    outcome.note = f" [reader {outcome.child_mb:.0f} MB]"
    return outcome


def run(path: Path, upload_name: str, temporary: Path, way: Callable[[Path, str], dict[str, Any]]) -> Outcome:
    """Read the file in a forked process, so that whatever happens there cannot happen here."""
    outcome = Outcome()
    source, sink = os.pipe()
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(source)
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        with os.fdopen(sink, "w", encoding="utf-8") as out:
            json.dump(way(path, upload_name), out)
        os._exit(0)
    os.close(sink)
    with os.fdopen(source, encoding="utf-8") as answer:
        said = answer.read()
    _, status = os.waitpid(pid, 0)
    if status != 0 or not said:
        outcome.crashed = f"the worker ended with status {status}"
    else:
        outcome = Outcome(**json.loads(said))
    outcome.seconds = time.monotonic() - start
    return outcome


def read(path: Path, upload_name: str) -> dict[str, Any]:
    """As an upload is read: strict, with the limits for uploads; what is kept is looked at again."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found: dict[str, Any] = {}
    try:
        rows, report = read_buildings(
            path, ReadOptions(strict=True), Limits.for_uploads(), EXTENT, name=upload_name
        )
        found = {"accepted": True, "report": report.to_dict(), "problems": stored_problems(rows)}
    except Refusal as refusal:
        found = {"code": refusal.code, "message": str(refusal)}
    except Exception:  # noqa: BLE001 - the verdict is that it crashed
        found = {"crashed": traceback.format_exc()[-600:]}
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {**found, "child_mb": child / 1024, "grown_mb": grown / 1024}


def read_residents(path: Path, upload_name: str) -> dict[str, Any]:
    """A table of residents as it is understood before it meets the database."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found: dict[str, Any] = {}
    try:
        table, said = register_import.read(
            path.read_bytes(),
            upload_name,
            Limits.for_uploads(),
            date.today(),
        )
        names = [one.name or "" for one in said.rows]
        whys = [why for _, _, why in said.mended]
        garbled = any("\ufffd" in name or looks_garbled(name) for name in names)
        hidden = any(is_hidden(c) for name in names for c in name)
        found = {
            "accepted": True,
            "report": told_of_residents(len(said.rows), table.encoding, whys, 0),
            "problems": ["mojibake"] * garbled + ["controls in text"] * hidden,
        }
    except Refusal as refusal:
        found = {"code": refusal.code, "message": str(refusal)}
    except Exception:  # noqa: BLE001 - the verdict is that it crashed
        found = {"crashed": traceback.format_exc()[-600:]}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {**found, "grown_mb": grown / 1024}


def stored_problems(rows: Any) -> list[str]:
    """Every rule stored buildings must satisfy."""
    geometry = np.array(rows.geometry.values, dtype=object)
    limits = Limits.for_uploads()
    xy = shapely.get_coordinates(geometry)
    names = [name for name in [*rows["name"], *rows["code"]] if name is not None]
    west, south, east, north = EXTENT
    wide = 0.06
    checks = {
        "no rows": len(rows) > 0,
        "invalid geometry": shapely.is_valid(geometry).all(),
        "not two-dimensional": not (shapely.has_z(geometry).any() or shapely.has_m(geometry).any()),
        "not a polygon": np.isin(shapely.get_type_id(geometry), (3, 6)).all(),
        "empty geometry": not shapely.is_empty(geometry).any(),
        "no number": np.isfinite(xy).all(),
        "off the lattice": (np.round(xy, 8) == xy).all(),
        "outside": ((xy >= [west - wide, south - wide]) & (xy <= [east + wide, north + wide])).all(),
        "wrong CRS": rows.crs.to_epsg() == 4326,
        "households": rows["households"].between(0, limits.households).all(),
        "codes not unique": rows["code"].is_unique and rows["code"].notna().all(),
        "text too long": all(len(name) <= limits.name_characters for name in names),
        "controls in text": not any(is_hidden(c) for name in names for c in name),
        "mojibake": not any("\ufffd" in name or looks_garbled(name) for name in names),
        "local file read": not any("root:" in name or "/bin/" in name for name in names),
    }
    return [what for what, sound in checks.items() if not sound]
