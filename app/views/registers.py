"""The four ledgers as pages, on paper and as files.

What is searched for may be a name: it is sent in the body, never in an address, and nothing is kept by
the browser. Every answer with rows is written down as read.
"""

from __future__ import annotations

import secrets
import tempfile
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import ledgers, spreadsheets
from app.services.clears import CLEARS, MOST, buildings_of_grid, clears, missing
from app.services.ledgers import BY_NAME, Asked, Column
from app.services.personal import open_registers
from app.views import ledger_cells
from app.views.language import number, text
from app.views.session import actor, here, work

bp = APIBlueprint("registers", __name__, enable_openapi=False)

MOST_Q = 60
FORMATS = {"xlsx": spreadsheets.XLSX, "csv": spreadsheets.CSV}
PAPER_ROWS = 28  # of a sheet A4 across


@bp.route("/registers", methods=["GET", "POST"])
def ledger() -> ResponseReturnValue:
    """A ledger: the page, or with `X-Part` what changes in it (`table`, or `more` rows)."""
    asked = _asked()
    part = request.headers.get("X-Part")
    with work() as session:
        registers = open_registers(session, actor(), "search" if asked.q else "ledger")
        shown = ledgers.page(registers, asked, here(), "search" if asked.q else "view")
        grids = [] if part else ledgers.grids_to_choose(registers, here())
    template = {"table": "registers_table.html", "more": "registers_rows.html"}.get(
        part or "", "registers.html"
    )
    return render_template(template, page=shown, grids=grids, **_about(asked))


@bp.post("/registers/totals")
def totals() -> ResponseReturnValue:
    """How many rows there are and what their columns come to, as words."""
    asked = _asked()
    with work() as session:
        registers = open_registers(session, actor(), "search" if asked.q else "ledger")
        found = ledgers.totals(registers, asked, here())
        if asked.q:  # a count, too, tells whether somebody is there
            registers.seen_of_none("search", f"totals {asked.ledger}")
    return jsonify({name: number(value) for name, value in found.items()})


@bp.route("/registers/print", methods=["GET", "POST"])
def paper() -> ResponseReturnValue:
    """The ledger for printing, with the sums of each sheet and those carried on."""
    asked, mark = _asked(), _mark()
    with work() as session:
        registers = open_registers(session, actor(), "ledger")
        sums = ledgers.totals(registers, asked, here())
        fits = sums["rows"] <= ledgers.PRINTED
        rows = list(ledgers.all_rows(registers, asked, here(), "print", mark)) if fits else []
        grids = ledgers.grids_to_choose(registers, here())
    grid = next((one for one in grids if one["id"] == asked.grid), None)
    sheets = _sheets(rows, _columns(asked))
    about = {"sheets": sheets, "sums": sums, "fits": fits, "mark": mark, "grid": grid, "at": here()}
    return render_template("registers_print.html", most=ledgers.PRINTED, **about, **_about(asked))


@bp.post("/registers/export")
def export() -> ResponseReturnValue:
    """The ledger as a workbook or as CSV, with who took it, when, and a mark that the audit knows."""
    asked, mark = _asked(), _mark()
    form = request.form.get("format", "xlsx")
    form = form if form in FORMATS else "xlsx"
    columns = _columns(asked)
    spool = tempfile.SpooledTemporaryFile(max_size=1 << 23)  # noqa: SIM115 (the answer closes it)
    with work() as session:
        registers = open_registers(session, actor(), "ledger")
        sums = ledgers.totals(registers, asked, here())
        rows = ledgers.all_rows(registers, asked, here(), "export", mark)
        written = ([ledger_cells.plain(row, column) for column in columns] for row in rows)
        head = [ledger_cells.title(column) for column in columns]
        if form == "xlsx":
            spreadsheets.write_xlsx(
                spool, text("ledger-name", ledger=asked.ledger), head, written, _notes(sums, mark)
            )
        else:
            spreadsheets.write_csv(spool, head, written, _notes(sums, mark))
    size = spool.tell()
    spool.seek(0)
    answer = Response(iter(lambda: spool.read(1 << 18), b""), mimetype=FORMATS[form])
    answer.call_on_close(spool.close)
    answer.content_length = size
    name = f"{asked.ledger}-{here():%Y%m%d}-{mark}.{form}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.get("/registers/clears")
def clears_page() -> str:
    """The six clears of a grid (`?grid=`) or building (`?building=`), and what one (`&of=`) misses."""
    grid, building = (request.args.get(name, "", str) for name in ("grid", "building"))
    of = request.args.get("of") if request.args.get("of") in CLEARS else None
    with work() as session:
        registers = open_registers(session, actor(), "ledger")
        grids = ledgers.grids_to_choose(registers, here())
        chosen = next((one for one in grids if str(one["id"]) == grid), None)
        if grid and chosen is None:  # there is none, or it is somebody else's
            raise Refusal("not_found")
        if chosen is None and not building and grids:
            chosen = grids[0]
        one = _number(building)
        ids = [] if one is None else [one]
        if not ids and chosen is not None:
            ids = buildings_of_grid(registers, chosen["id"])
        gauge = clears(registers, ids, here())
        rows = missing(registers, ids, of, here()) if of else []
    about = {"gauge": gauge, "rows": rows, "of": of, "grids": grids, "chosen": chosen}
    return render_template("clears.html", building=building if ids else "", most=MOST, **about)


def _asked() -> Asked:
    """What a form, or an address without words, asks for. What is none of ours counts as not said."""
    said: Any = request.form if request.method == "POST" else request.args
    name = said.get("ledger", "")
    name = name if name in BY_NAME else "residents"
    ledger = BY_NAME[name]
    order = said.get("order", "")
    sort = order.lstrip("-")
    column = ledger.column(sort)
    known = [one.name for one in ledger.columns]
    chosen = tuple(one for one in known if one in said.getlist("columns"))
    return Asked(
        name,
        request.form.get("q", "")[:MOST_Q].strip(),
        _number(said.get("grid")),
        show if (show := said.get("show", "")) in ledger.filters else None,
        sort if column is not None and column.sort else None,
        order.startswith("-"),
        _number(said.get("after")),
        columns=chosen,
    )


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 18 else None


def _columns(asked: Asked) -> list[Column]:
    """Those chosen, else the usual ones, in the ledger's order."""
    every = BY_NAME[asked.ledger].columns
    return [one for one in every if (one.name in asked.columns if asked.columns else one.usual)]


def _about(asked: Asked) -> dict[str, Any]:
    columns = _columns(asked)
    return {
        "asked": asked,
        "ledger": BY_NAME[asked.ledger],
        "ledgers": ledgers.LEDGERS,
        "columns": columns,
        "title": ledger_cells.title,
        "said": ledger_cells.said,
        "linked": _linked,
    }


def _linked(row: dict[str, Any], ledger: str) -> str:
    """The page of what a row tells."""
    if ledger == "coordinators":
        return f"/map?plan={row['plan_id']}&grid={row['grid']}"
    return (
        f"/households/{row['household_id']}" if "household_id" in row else f"/buildings/{row['building_id']}"
    )


def _sheets(rows: list[dict[str, Any]], columns: list[Column]) -> list[dict[str, Any]]:
    """Rows by sheet of paper, with its own sums and those up to its end."""
    summed = [column.name for column in columns if column.summed]
    running = dict.fromkeys(summed, 0)
    sheets = []
    for begin in range(0, len(rows), PAPER_ROWS):
        mine = rows[begin : begin + PAPER_ROWS]
        own = {name: sum(int(row[name] or 0) for row in mine) for name in summed}
        running = {name: running[name] + own[name] for name in summed}
        sheets.append({"rows": mine, "own": own, "running": running, "from": begin + 1})
    return sheets


def _notes(sums: dict[str, int], mark: str) -> list[str]:
    who = actor()
    return [
        text("ledger-file-rows", n=sums["rows"]),
        text("ledger-file-by", name=who.name, account=who.account, when=ledger_cells.when(here())),
        text("ledger-file-mark", mark=mark),
    ]


def _mark() -> str:
    """A word no other file has; the audit's row of the export holds it too."""
    return secrets.token_hex(5)
