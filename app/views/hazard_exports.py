"""Hazards for other programmes: files, and requests as Open311 has them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import DateTime, Float, Integer, List, Nested, String
from apiflask.validators import OneOf, Range, Regexp
from flask import Response, request, send_file, stream_with_context, url_for

from app.errors import Refusal
from app.services import audit, spreadsheets
from app.services.access import OVERSEERS, require
from app.services.hazard_kinds import kind_names
from app.views import ledger_cells
from app.views import map_schemas as schemas
from app.views.errors import worded
from app.views.heat import CODES, Wished, wish_of
from app.views.language import language, text
from app.views.map_api import STRICT
from app.views.packed import json_answer
from app.views.session import actor, here, now, settings, work

bp = APIBlueprint("hazard_exports", __name__, tag="Hazards")

FILE_TYPES = (spreadsheets.CSV, spreadsheets.XLSX, "application/geopackage+sqlite3")
BYTES = {"schema": {"type": "string", "format": "binary"}}
ANSWERS: Any = {200: {"description": "The file", "content": dict.fromkeys(FILE_TYPES, BYTES)}}
PART_BYTES = 1 << 20
USUAL_DAYS = 90  # as Open311 has it, where no time is named


class FileWished(Wished):
    """Which hazards, as which file."""

    format = String(load_default="csv", validate=OneOf(("csv", "xlsx", "gpkg")))


class Refused(Schema):
    """Why a file could not be made."""

    code = String()
    detail = String()


class FileAsked(Schema):
    """A file that waits to be made, is made, or is there until a day is over."""

    id = Integer()
    name = String()
    state = String(metadata={"description": "queued, running, done, failed or cancelled"})
    share = Float()
    rows = Integer(allow_none=True)
    bytes = Integer(allow_none=True)
    until = String(allow_none=True)
    address = String(metadata={"description": "Where it is fetched once it is done"})
    refusal = Nested(Refused, allow_none=True)


class FileOrAddress(Schema):
    """The file that is made, or where a short one is had at once."""

    file = Nested(FileAsked, allow_none=True)
    at_once = String(allow_none=True)


class OneFile(Schema):
    """One of one's own files."""

    file = Nested(FileAsked)


class FilesAsked(Schema):
    """One's own files, the newest first."""

    files = List(Nested(FileAsked))


class RequestsWished(schemas.Asked):
    """As in Open311 GeoReport v2. jurisdiction_id: code of a place."""

    jurisdiction_id = String(required=True, validate=Regexp(r"^[0-9]{1,15}$"))
    status = String(load_default=None, validate=OneOf(("open", "closed")))
    service_code = String(load_default="", validate=CODES)
    start_date = DateTime(load_default=None, metadata={"description": "None: 90 days before the end"})
    end_date = DateTime(load_default=None, metadata={"description": "None: now"})
    page = Integer(load_default=1, validate=Range(1, 1_000))
    page_size = Integer(load_default=100, validate=Range(1, 1_000))


class Request(Schema):
    """A request as Open311 has it; where it must not be told where, lat, long and address are null."""

    service_request_id = String()
    status = String()
    status_notes = String()
    service_name = String()
    service_code = String()
    description = String(allow_none=True)
    agency_responsible = String(allow_none=True)
    service_notice = String(allow_none=True)
    requested_datetime = String()
    updated_datetime = String()
    expected_datetime = String()
    address = String(allow_none=True)
    address_id = String(allow_none=True)
    zipcode = String(allow_none=True)
    lat = Float(allow_none=True)
    long = Float(allow_none=True)
    media_url = String(allow_none=True)


@bp.get("/api/places/<string:code>/hazards/export")
@bp.input(FileWished, **STRICT)
@bp.doc(summary="Hazards as a file", responses=ANSWERS)
def export(code: str, asked: dict[str, Any]) -> Response:
    """CSV, workbook or GeoPackage; it never says where a hazard is among fewer than five households.

    CSV and workbook are sent as they are made; a GeoPackage is made first. Workbooks and GeoPackages of more
    than 20,000 hazards are refused: ask for such a file, and fetch it when it is made.
    """
    from app.services import hazard_files, heat, made_files

    form, zone = asked["format"], settings().timezone
    with work() as session:
        ground = heat.ground_of(session, code, actor().scope_of(OVERSEERS))
        wish = wish_of(kind_names(session, language()), asked)
        if form in made_files.FORMS:
            rows = hazard_files.counted(session, ground, wish, zone)
            hazard_files.check_fits(form, rows)
            if made_files.is_made_apart(form, rows):
                raise Refusal("file_made_apart", rows=rows, most=made_files.MADE_APART)
        hidden = hazard_files.hidden_in(session, ground)
        facts = {"format": form, "state": wish.standing, "kinds": list(wish.kinds)}
        audit.record(session, actor().person_id, "hazard.exported", f"place {code}", facts)
    meant = hazard_files.taken(work, ground, wish, hidden, zone)
    notes = _notes(code)
    body = _geopackage(meant, notes) if form == "gpkg" else hazard_files.parts(form, meant, notes)
    answer = Response(stream_with_context(body), mimetype=hazard_files.FORMATS[form])
    answer.headers.set("Content-Disposition", "attachment", filename=f"hazards-{code}.{form}")
    return answer


@bp.post("/api/places/<string:code>/hazards/files")
@bp.input(FileWished, **STRICT)
@bp.output(FileOrAddress, status_code=202)
@bp.doc(summary="Have a file of hazards made", responses={200: "It is short: the address has it at once"})
def ask_for_file(code: str, asked: dict[str, Any]) -> Any:
    """A workbook or GeoPackage of many hazards is made beside and kept for 24 hours, for who asks alone.

    What is short, and CSV, is had at once from the address in the answer. The same wish while a file is made
    is the same file.
    """
    from app.services import hazard_files, heat, made_files

    form = asked["format"]
    with work() as session:
        ground = heat.ground_of(session, code, actor().scope_of(OVERSEERS))
        wish = wish_of(kind_names(session, language()), asked)
        rows = hazard_files.counted(session, ground, wish, settings().timezone)
        if not made_files.is_made_apart(form, rows):
            query = request.query_string.decode()
            at_once = f"{url_for('hazard_exports.export', code=code)}?{query}"
            return {"file": None, "at_once": at_once}, 200
        job = made_files.ask(session, actor(), ground, form, wish, rows, _notes(code))
        told = _file(job)
    return {"file": told, "at_once": None}, 202, {"Location": url_for(".file", job_id=told["id"])}


@bp.get("/api/hazard-files")
@bp.input(schemas.Asked, **STRICT)
@bp.output(FilesAsked)
@bp.doc(summary="Files of hazards made for oneself")
def files(asked: dict[str, Any]) -> dict[str, Any]:
    """Those that wait, are made, or are there, and those of the last day that could not be made."""
    from app.services import made_files

    with work() as session:
        return {"files": [_file(job) for job in made_files.of_person(session, actor().person_id)]}


@bp.get("/api/hazard-files/<int:job_id>")
@bp.input(schemas.Asked, **STRICT)
@bp.output(OneFile)
@bp.doc(summary="How far a file of hazards is")
def file(job_id: int, asked: dict[str, Any]) -> dict[str, Any]:
    """Its state and share (0–1), and until when it is there; one's own alone."""
    from app.services import made_files

    with work() as session:
        return {"file": _file(made_files.find(session, actor().person_id, job_id))}


@bp.get("/api/hazard-files/<int:job_id>/content")
@bp.input(schemas.Asked, **STRICT)
@bp.doc(
    summary="Fetch a file of hazards",
    responses={**ANSWERS, 409: "It is still being made", 410: "It is no longer there"},
)
def content(job_id: int, asked: dict[str, Any]) -> Response:
    """The file, for who asked for it and as long as they may read the same part of the place."""
    from app.services import hazard_files, made_files

    with work() as session:
        job = made_files.find(session, actor().person_id, job_id)
        path = made_files.taken(session, actor(), job, settings().exports)
        name, form = made_files.described(job).name, job.parameters["format"]
    answer = send_file(
        path, hazard_files.FORMATS[form], as_attachment=True, download_name=name, etag=False, max_age=0
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file(job: Any) -> dict[str, Any]:
    """A file for the wire, with the words of its refusal."""
    from app.services import made_files

    told = made_files.described(job)
    refusal = told.refusal and {
        "code": told.refusal["code"],
        "detail": worded(told.refusal["code"], told.refusal["facts"]),
    }
    return {
        **{name: getattr(told, name) for name in ("id", "name", "state", "share", "rows", "bytes")},
        "until": told.until and told.until.isoformat(),
        "address": url_for(".content", job_id=told.id),
        "refusal": refusal,
    }


def _notes(code: str) -> list[str]:
    """What a file says of itself, and who took it when."""
    who = actor()
    return [
        text("hazard-file-about", place=code, day=here().date()),
        text("ledger-file-by", name=who.name, account=who.account, when=ledger_cells.when(here())),
    ]


def _geopackage(rows: Iterator[dict[str, Any]], notes: list[str]) -> Iterator[bytes]:
    """The file in parts; it is gone when it has been sent."""
    from app.services import hazard_files

    folder = tempfile.TemporaryDirectory(prefix="gridkeeper-hazards-")
    path = Path(folder.name) / "hazards.gpkg"
    try:
        hazard_files.write_geopackage(path, rows, notes)
    except BaseException:
        folder.cleanup()
        raise
    return _sent(path, folder)


def _sent(path: Path, folder: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with folder, path.open("rb") as made:
        while part := made.read(PART_BYTES):
            yield part


@bp.get("/api/open311/requests.json")
@bp.input(RequestsWished, **STRICT)
@bp.output(Request(many=True))
@bp.doc(summary="Hazards as Open311 requests")
def requests(asked: dict[str, Any]) -> Response:
    """Newest first, a page at a time; that they were taken is written down."""
    from app.services import hazard_files, heat

    code = asked["jurisdiction_id"]
    until = _aware(asked["end_date"]) or now()
    since = _aware(asked["start_date"]) or until - timedelta(days=USUAL_DAYS)
    with work() as session:
        ground = heat.ground_of(session, code, actor().scope_of(OVERSEERS))
        require(actor(), OVERSEERS, [ground.path], "touches")
        wanted = hazard_files.Requests(
            since,
            until,
            asked["status"],
            tuple(filter(None, asked["service_code"].split(","))),
            asked["page"],
            asked["page_size"],
        )
        names = kind_names(session, language())
        found = hazard_files.requests(session, ground, wanted, names, settings().timezone)
        facts = {"format": "open311", "requests": len(found)}
        audit.record(session, actor().person_id, "hazard.exported", f"place {code}", facts)
    return json_answer(found)


def _aware(moment: datetime | None) -> datetime | None:
    """A moment without a zone is one of the city."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=settings().timezone)
