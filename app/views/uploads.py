"""Files sent in: received into quarantine, read, imported or discarded."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Dict, File, Float, List, Nested, String
from apiflask.validators import Length, OneOf, Range, Regexp
from flask import request, url_for
from werkzeug.datastructures import FileStorage

from app.errors import row_part
from app.services import jobs, uploads
from app.views.errors import worded
from app.views.jobs import told
from app.views.language import said as said_of
from app.views.language import text
from app.views.session import actor, settings, work

bp = APIBlueprint("uploads", __name__, tag="Uploads")

NAME = Length(1, 120)
ROWS_NAMED, MENDS_SHOWN = 12, 200


class Sent(Schema):
    """One file with several layers, or a file for each layer."""

    files = List(File(), load_default=list)  # type: ignore[no-untyped-call]


class Options(Schema):
    """How to read, where the files do not say it themselves."""

    datum = String(validate=OneOf(uploads.DATUMS))
    crs = String(validate=Length(1, 40), allow_none=True)
    encoding = String(validate=Length(1, 40), allow_none=True)
    place = String(validate=NAME, allow_none=True)
    registered = Boolean()
    strict = Boolean(metadata={"description": "Refuse the files whole when one row cannot be taken"})
    household_m2 = Float(validate=Range(10, 1000))
    layers = Dict(keys=String(validate=OneOf(uploads.ROLES)), values=String(validate=NAME))
    columns = Dict(keys=String(validate=OneOf(uploads.FIELDS)), values=String(validate=NAME))


class Reading(Schema):
    """How to read the files again. roles: number of the file -> what it holds."""

    options = Nested(Options, unknown="raise", load_default=dict)
    roles = Dict(
        keys=String(validate=Regexp("^[0-9]$")),
        values=String(validate=OneOf(("", uploads.SOURCE, *uploads.ROLES))),
        load_default=dict,
    )


class Import(Schema):
    """Where to: the code of a place; with a name it is a new one, beneath `parent` or at the top."""

    code = String(required=True, validate=Regexp(r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$"))
    name = String(load_default=None, validate=NAME, allow_none=True)
    parent = String(load_default=None, validate=Regexp("^[0-9]{6,9}$"), allow_none=True)
    attribution = String(load_default=None, validate=NAME, allow_none=True)


class Uploads(Schema):
    """What is neither imported nor discarded."""

    uploads = List(Dict())


@bp.get("/api/uploads")
@bp.output(Uploads)
@bp.doc(summary="What I sent in")
def listing() -> dict[str, Any]:
    """One's own uploads that are neither imported nor discarded."""
    with work() as session:
        found = uploads.open_ones(session, actor().person_id)
        return {"uploads": [uploads.described(upload, brief=True) for upload in found]}


@bp.post("/api/uploads")
@bp.input(Sent, location="files", arg_name="sent")
@bp.doc(summary="Send files in", responses={202: "Received; they are being read"})
def send(sent: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Files of a district, to be read into a report. Nothing they hold is stored before it is imported."""
    root = settings().uploads
    files = [file for file in sent["files"] if isinstance(file, FileStorage)]  # an empty text is none
    try:
        kept = uploads.keep(root, ((file.filename or "", file.stream) for file in files))
    finally:
        for together in request.files.listvalues():
            for one in together:
                one.close()
    try:
        with work() as session:
            upload = uploads.receive(session, actor().person_id, kept)
            job, _ = jobs.ask(session, "read_upload", asked_by=actor().person_id, upload_id=upload.id)
            answer = {"upload": _told(upload, job), "job": told(job)}
    except BaseException:
        uploads.drop(root, kept.folder)
        raise
    return answer, 202, {"Location": url_for("uploads.show", upload_id=answer["upload"]["id"])}


@bp.get("/api/uploads/<int:upload_id>")
@bp.doc(summary="An upload and its report", responses={200: "The upload"})
def show(upload_id: int) -> dict[str, Any]:
    """What was sent, how it was read, the report, and the last job."""
    with work() as session:
        upload = uploads.find(session, upload_id, actor().person_id)
        return _told(upload, jobs.of_upload(session, upload_id))


@bp.post("/api/uploads/<int:upload_id>/readings")
@bp.input(Reading, arg_name="wish")
@bp.doc(summary="Read the files again, otherwise", responses={202: "They are being read"})
def read_again(upload_id: int, wish: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Read with other options: another datum, another role of a file, another named area."""
    with work() as session:
        upload = uploads.find(session, upload_id, actor().person_id)
        uploads.choose(session, upload, wish["options"], wish["roles"])
        job, _ = jobs.ask(
            session, "read_upload", asked_by=actor().person_id, upload_id=upload_id, parameters=wish
        )
        answer = {"job": told(job)}
    return answer, 202, {"Location": url_for("jobs.show", job_id=answer["job"]["id"])}


@bp.post("/api/uploads/<int:upload_id>/import")
@bp.input(Import, arg_name="wish")
@bp.doc(summary="Import what was read", responses={202: "It is being imported"})
def import_it(upload_id: int, wish: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Store what was read as a new place, or as what a place looks like now."""
    with work() as session:
        job = uploads.ask_import(session, upload_id, actor(), **wish)
        answer = {"job": told(job)}
    return answer, 202, {"Location": url_for("jobs.show", job_id=answer["job"]["id"])}


@bp.delete("/api/uploads/<int:upload_id>")
@bp.doc(summary="Discard an upload", responses={204: "The files are removed"})
def discard(upload_id: int) -> tuple[str, int]:
    """Remove the files; that they were sent stays written down."""
    with work() as session:
        upload = uploads.find(session, upload_id, actor().person_id)
        uploads.discard(session, settings().uploads, upload, by=actor().person_id)
    return "", 204


def _told(upload: Any, job: Any) -> dict[str, Any]:
    """An upload for the wire, with the reasons of its report in words."""
    said = uploads.described(upload)
    said["job"] = told(job) if job is not None else None
    if said["report"] is not None:
        said["report"] = dict(said["report"])
        said["report"]["refused"] = reasons_told(said["report"]["refused"])
        said["report"]["mended"] = [_mended(row) for row in said["report"]["mended"][:MENDS_SHOWN]]
        for kind in ("notes", "warnings"):
            said["report"][kind] = [remark_told(remark) for remark in said["report"][kind]]
    return said


def reasons_told(refused: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows left out, by layer and reason in words; rarer reasons first, for they are the surprises."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for row in refused:
        why = worded(row["code"], {"row": row["row"], **row["facts"]})
        reasons.setdefault((row["layer"], why), []).append(row["row"])
    told = [
        {"layer": layer, "why": why, "count": len(rows), "rows": [_row(row) for row in rows[:ROWS_NAMED]]}
        for (layer, why), rows in reasons.items()
    ]
    return sorted(told, key=lambda reason: reason["count"])


def _mended(row: dict[str, Any]) -> dict[str, Any]:
    """One change, in words."""
    what = text("mend-what", what=row["what"].strip(".").replace(" ", "-"))
    changed = {"before": said_of(row["before"]), "after": said_of(row["after"])}
    return {**row, "row": row["row"] and _row(row["row"]), "what": what, **changed}


def _row(label: str) -> str:
    return said_of(row_part(label))


def remark_told(remark: dict[str, Any]) -> dict[str, Any]:
    words = text("remark-" + remark["code"].replace("_", "-"), **remark["facts"])
    return {"code": remark["code"], "facts": remark["facts"], "words": words}
