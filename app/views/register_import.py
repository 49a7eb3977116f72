"""Bringing registers in from tables: looked at first, then entered; nothing of the file is kept."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, File, Integer, List, Nested, String
from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.geo.readers.options import Limits
from app.geo.readers.tables import Table
from app.services import register_import
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.language import text
from app.views.session import actor, settings, today, work

bp = APIBlueprint("register_import", __name__, tag="Registers")

LINES_SHOWN = 500
LIMITS = replace(Limits.for_uploads(), rows=10_000)  # an answer takes seconds; more by the command line
LOOK, ENTER, WORKLIST = "look", "enter", "worklist"


@bp.get("/import/registers")
@bp.doc(hide=True)
def form() -> ResponseReturnValue:
    """Which file, for which place."""
    return _page()


@bp.post("/import/registers")
@bp.doc(hide=True)
def bring_in() -> ResponseReturnValue:
    """Look at a file, enter it, or get the rows that would be left over; by the button pressed."""
    code, way = fields.words("place"), fields.words("way")
    octets, name = fields.sent_file()
    try:
        report, table = _done(code, octets, name, enter=way == ENTER)
    except Refusal as refusal:
        if refusal.code == "not_in_scope":
            raise
        return _page(refused=worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    if way == WORKLIST:
        left_over = register_import.worklist(report, table, lambda why: text(f"row-{why}"))
        return _file(left_over, f"worklist-{code}.csv")
    return _page(report=report, entered=way == ENTER)


def _done(code: str, octets: bytes, name: str, *, enter: bool) -> tuple[register_import.Report, Table]:
    """Look at a file or enter it; that it was refused is written down, too."""
    act = register_import.bring_in if enter else register_import.look
    try:
        with work() as session:
            opened = register_import.open_for(session, actor(), code)
            return act(opened, code, octets, name, LIMITS, today(), settings().identity_key)
    except Refusal as refusal:
        with work() as session:
            register_import.refused(session, actor(), code, octets, refusal.code)
        raise


def _file(octets: bytes, name: str) -> ResponseReturnValue:
    answer = make_response(octets)
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(report: register_import.Report | None = None, refused: str = "", *, entered: bool = False) -> str:
    with work() as session:
        places = register_import.places(session, actor())
    lines = [] if report is None else [line for line in report.lines if line.outcome != register_import.TAKEN]
    return render_template(
        "import_registers.html",
        places=places,
        given=request.form,
        report=report,
        lines=lines[:LINES_SHOWN],
        more=max(0, len(lines) - LINES_SHOWN),
        columns={name: register_import.column(name) for _, name, _ in report.mended} if report else {},
        refused=refused,
        entered=entered,
    )


class SentTable(Schema):
    """A table of residents, and what is to be done with it."""

    file = File(required=True)  # type: ignore[no-untyped-call]


class Way(Schema):
    """Whether it is entered; else it is only looked at and nothing is stored."""

    enter = Boolean(load_default=False)


class RegisterLine(Schema):
    """What became of a row."""

    row = Integer()
    outcome = String()
    why = String()
    words = String()


class MendedCell(Schema):
    """A cell that was put right: why is `wide` or `text`."""

    row = Integer()
    column = String()
    why = String()


class RegisterReport(Schema):
    """Every row of the file in order; no value of a person."""

    entered = Boolean()
    sha256 = String()
    encoding = String()
    taken = Integer()
    known = Integer()
    left_over = Integer()
    not_kept = Integer(metadata={"description": "ID numbers that the rules do not have: looked at, left out"})
    lines = List(Nested(RegisterLine))
    mended = List(Nested(MendedCell))


@bp.post("/api/places/<code>/register-imports")
@bp.input(SentTable, location="files", arg_name="sent")
@bp.input(Way, location="query", arg_name="way")
@bp.output(RegisterReport)
@bp.doc(summary="Bring residents in from a table")
def bring_in_by_api(code: str, sent: dict[str, Any], way: dict[str, Any]) -> dict[str, Any]:
    """Look at a CSV or XLSX of residents, or enter it: all or nothing, rows without a building left over."""
    octets, name = fields.sent_file()
    report, _ = _done(code, octets, name, enter=way["enter"])
    return {
        "entered": way["enter"],
        "sha256": report.sha256,
        "encoding": report.encoding,
        "taken": report.counts[register_import.TAKEN],
        "known": report.counts[register_import.KNOWN],
        "left_over": report.counts[register_import.LEFT_OVER],
        "not_kept": report.not_kept,
        "lines": [{**asdict(line), "words": text(f"row-{line.why}")} for line in report.lines],
        "mended": [
            {"row": row, "column": register_import.column(field), "why": why}
            for row, field, why in report.mended
        ],
    }
