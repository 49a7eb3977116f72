"""Plans as files for other programmes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from apiflask import APIBlueprint
from apiflask.fields import String
from apiflask.validators import OneOf
from flask import Response

from app.services import audit
from app.views import map_schemas as schemas
from app.views.map_api import STRICT
from app.views.session import actor, work

bp = APIBlueprint("exports", __name__, tag="Plans")

FORMATS = ("gpkg", "shp", "kml", "geojson", "qgis")
TYPES = (
    *("application/geopackage+sqlite3", "application/zip"),
    "application/vnd.google-earth.kml+xml",
)
BYTES = {"schema": {"type": "string", "format": "binary"}}
JSON_FILE = {"application/geo+json": {"schema": {"type": "object"}}}
CONTENT = dict.fromkeys(TYPES, BYTES) | JSON_FILE
ANSWERS: Any = {200: {"description": "The file", "content": CONTENT}}
CHUNK_BYTES = 1 << 18


class ExportFormat(schemas.Asked):
    """Which kind of file."""

    format = String(
        load_default="gpkg",
        validate=OneOf(FORMATS),
        metadata={"description": "qgis: a GeoPackage with plots, buildings and styles"},
    )


@bp.get("/api/plans/<int:plan_id>/export")
@bp.input(ExportFormat, **STRICT)
@bp.doc(summary="A plan as a file", responses=ANSWERS)
def export(plan_id: int, asked: dict[str, Any]) -> Response:
    """The grids of a plan for another programme; nothing names persons, households are in fives."""
    from app.services import exports  # geopandas takes a second: only when something is exported

    form = asked["format"]
    with work() as session:
        read = exports.read_export(session, plan_id, form)
        audit.record(session, actor().person_id, "plan.exported", f"plan {plan_id}", {"format": form})
    folder = Path(tempfile.mkdtemp(prefix="gridkeeper-export-"))
    try:
        path = folder / read.file_name(form)
        exports.write_export(path, read, form)
        opened, size = path.open("rb"), path.stat().st_size
    finally:  # what is open can be read to its end
        shutil.rmtree(folder)
    answer = Response(_read(opened), mimetype=exports.FORMATS[form][1])
    answer.call_on_close(opened.close)  # also where nothing is read of it, as for HEAD
    answer.content_length = size
    answer.headers.set("Content-Disposition", "attachment", filename=path.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _read(opened: BinaryIO) -> Iterator[bytes]:
    with opened:
        while chunk := opened.read(CHUNK_BYTES):
            yield chunk
