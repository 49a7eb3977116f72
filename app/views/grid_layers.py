"""A grid layer drawn elsewhere: sent in, made a draft in the background, and the report of what that took."""

from __future__ import annotations

import json
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, File, Integer, String
from apiflask.validators import Length, OneOf, Range
from flask import request, url_for
from werkzeug.datastructures import FileStorage

from app.errors import Refusal
from app.services import plan_guard, reading, uploads
from app.views.jobs import told
from app.views.session import actor, settings, work
from app.views.uploads import NAME, reasons_told, remark_told

bp = APIBlueprint("grid_layers", __name__, tag="Plans")

READING = ("datum", "crs", "encoding")
COLUMNS = {"code_column": "code", "name_column": "name", "kind_column": "kind"}
WANTED = ("target", "least", "most", "entrances")


class LayerSent(Schema):
    """A file of grids, and how it is to be read where it does not say so itself."""

    file = File(required=True)  # type: ignore[no-untyped-call]
    datum = String(validate=OneOf(uploads.DATUMS))
    crs = String(validate=Length(1, 40))
    encoding = String(validate=Length(1, 40))
    layer = String(validate=NAME, metadata={"description": "Layer of a GeoPackage that has several"})
    code_column = String(validate=NAME)
    name_column = String(validate=NAME)
    kind_column = String(validate=NAME)
    target = Integer(validate=Range(2, 100_000), metadata={"description": "Else as the plan in force has it"})
    least = Integer(validate=Range(1, 100_000))
    most = Integer(validate=Range(2, 200_000))
    entrances = Boolean(metadata={"description": "On plots where marked buildings are divided by entrances"})


@bp.post("/api/places/<string:code>/layers")
@bp.input(LayerSent, location="form_and_files", arg_name="sent")
@bp.doc(summary="Make a draft of a grid layer drawn elsewhere", responses={202: "The job that does it"})
def send(code: str, sent: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Snap each polygon of a GeoPackage, zipped Shapefile, KML or GeoJSON to plots.

    The job ends with the draft and a report; files that cannot be read end it with why, and store nothing.
    """
    file = sent["file"]
    if not isinstance(file, FileStorage):  # an empty text is none
        raise Refusal("upload_empty")
    if sent.get("target") is None and (sent.keys() & {"least", "most"}):
        raise Refusal("band_missing")
    root = settings().uploads
    try:
        kept = uploads.as_layer(root, uploads.keep(root, [(file.filename or "", file.stream)]))
    finally:
        for together in request.files.listvalues():
            for one in together:
                one.close()
    wanted = {name: sent[name] for name in WANTED if name in sent}
    try:
        with work() as session:
            job = uploads.ask_layer(session, actor().person_id, code, kept, _options(sent), wanted)
            answer = {"job": told(job)}
    except BaseException:
        uploads.drop(root, kept.folder)
        raise
    return answer, 202, {"Location": url_for("jobs.show", job_id=answer["job"]["id"])}


def _options(sent: dict[str, Any]) -> dict[str, Any]:
    """The reader's options, as it knows them."""
    options = {name: sent[name] for name in READING if name in sent}
    columns = {field: sent[name] for name, field in COLUMNS.items() if name in sent}
    return (
        options
        | ({"columns": columns} if columns else {})
        | ({"layers": {uploads.GRIDS: sent["layer"]}} if "layer" in sent else {})
    )


@bp.get("/api/plans/<int:plan_id>/layer-report")
@bp.doc(summary="What snapping a grid layer took", responses={200: "The report"})
def report(plan_id: int) -> dict[str, Any]:
    """Buildings cut, ground uncovered or doubled, grids torn, divided, lost or renumbered, each with a bbox.

    404 for a plan that was not made of a layer.
    """
    from app.services import grid_layers

    with work() as session:
        found = dict(grid_layers.report_of(session, plan_id))
        if not reading.plan_told(session, plan_id, actor())[1].is_all:
            found["households"] = found["uncovered_households"] = None
            found["found"] = {
                kind: sorted(plan_guard.without_counts(rows), key=lambda row: json.dumps(row, sort_keys=True))
                for kind, rows in found["found"].items()
            }  # in no order that tells of households
    read = found["reading"]
    found["reading"] = {
        **read,
        "refused": reasons_told(read["refused"]),
        "warnings": [remark_told(remark) for remark in read["warnings"]],
    }
    return found
