"""Bringing registers in from tables: looked at first, then entered; nothing of the file is kept."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.geo.readers.options import Limits
from app.services import register_import
from app.services.uploads import clean_name
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.language import text
from app.views.session import actor, today, work

bp = APIBlueprint("register_import", __name__, enable_openapi=False)

LINES_SHOWN = 500
LOOK, ENTER, WORKLIST = "look", "enter", "worklist"


@bp.get("/import/registers")
def form() -> ResponseReturnValue:
    """Which file, for which place."""
    return _page()


@bp.post("/import/registers")
def bring_in() -> ResponseReturnValue:
    """Look at a file, enter it, or get the rows that would be left over; by the button pressed."""
    code, way = fields.words("place"), fields.words("way")
    octets, name = _sent()
    try:
        with work() as session:
            opened = register_import.open_for(session, actor(), code)
            act = register_import.bring_in if way == ENTER else register_import.look
            report, table = act(opened, code, octets, name, Limits.for_uploads(), today())
    except Refusal as refusal:
        with work() as session:
            register_import.refused(session, actor(), code, octets, refusal.code)
        if refusal.code == "not_in_scope":
            raise
        return _page(refused=worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    if way == WORKLIST:
        left_over = register_import.worklist(report, table, lambda why: text(f"row-{why}"))
        return _file(left_over, f"worklist-{code}.csv")
    return _page(report=report, entered=way == ENTER)


def _sent() -> tuple[bytes, str]:
    """The bytes and the name of the file that was sent; none: no bytes."""
    file = request.files.get("file")
    if file is None:
        raise Refusal("upload_empty")
    try:
        return file.stream.read(), clean_name(file.filename or "")
    finally:
        file.close()


def _file(octets: bytes, name: str) -> ResponseReturnValue:
    answer = make_response(octets)
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
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
