"""Hazards for other programmes: files, and requests as Open311 has them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import DateTime, Float, Integer, String
from apiflask.validators import OneOf, Range, Regexp
from flask import Response, stream_with_context

from app.services import audit, spreadsheets
from app.services.access import OVERSEERS, require
from app.services.hazard_kinds import kind_names
from app.views import map_schemas as schemas
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

    CSV and workbook are sent as they are made; a GeoPackage is made first.
    """
    from app.services import hazard_files, heat

    form, zone = asked["format"], settings().timezone
    with work() as session:
        ground = heat.ground_of(session, code, actor().scope_of(OVERSEERS))
        wish = wish_of(kind_names(session, language()), asked)
        hidden = hazard_files.hidden_in(session, ground)
        if form == "xlsx":
            hazard_files.fits_a_sheet(session, ground, wish, zone)
        facts = {"format": form, "state": wish.standing, "kinds": list(wish.kinds)}
        audit.record(session, actor().person_id, "hazard.exported", f"place {code}", facts)
    rows = hazard_files.taken(work, ground, wish, hidden, zone)
    if form == "gpkg":
        body = _geopackage(rows)
    else:
        about = text("hazard-file-about", place=code, day=here().date())
        body = hazard_files.parts(form, rows, about)
    answer = Response(stream_with_context(body), mimetype=hazard_files.FORMATS[form])
    answer.headers.set("Content-Disposition", "attachment", filename=f"hazards-{code}.{form}")
    return answer


def _geopackage(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """The file in parts; it is gone when it has been sent."""
    from app.services import hazard_files

    folder = tempfile.TemporaryDirectory(prefix="gridkeeper-hazards-")
    path = Path(folder.name) / "hazards.gpkg"
    try:
        hazard_files.write_geopackage(path, rows)
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
