"""Rows as CSV and as an Excel workbook, with no formula in them but what they say.

An XLSX file is a zip of a few XML files (ECMA-376); rows are written one by one, text within the cell, so
that a hundred thousand rows need no more memory than one.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any
from xml.sax.saxutils import escape

from app.geo.formula_safe import guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
PART_BYTES = 65_536
_BEFORE_1900 = date(1899, 12, 30)  # day 0 of a spreadsheet
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{XLSX}.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
    f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Styles by number: 0 as it is, 1 a day, 2 bold, 3 day and time.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy-mm-dd"/><numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">'
    '<border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def write_xlsx(
    out: IO[bytes], title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], notes: Sequence[str]
) -> None:
    """The workbook of `xlsx_parts` as a file."""
    out.writelines(xlsx_parts(title, head, rows, notes))


def xlsx_parts(
    title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], notes: Sequence[str]
) -> Iterator[bytes]:
    """A workbook of one sheet, in parts: the head stays in sight and filters, notes stand beneath the rows.

    title: of the sheet; what a sheet must not be called by is left out of it.
    """
    name = escape("".join(sign for sign in title if sign not in "[]:*?/\\'")[:31], {'"': "&quot;"})
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for path, part in _PARTS.items():
            made.writestr(path, _HEAD + part)
        made.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{name}" '
            'sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for part in _sheet(head, rows, notes):
                sheet.write(part.encode())
                if sink.held > PART_BYTES:
                    yield sink.given()
    yield sink.given()


class _Sink(io.RawIOBase):
    """What is written, to be taken away as it comes; nobody goes back in it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.held = 0

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        self.held += len(self._parts[-1])
        return len(self._parts[-1])

    def given(self) -> bytes:
        """What came since this was asked last."""
        whole, self._parts, self.held = b"".join(self._parts), [], 0
        return whole


def _sheet(head: Sequence[str], rows: Iterable[Sequence[Any]], notes: Sequence[str]) -> Iterator[str]:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="18" customWidth="1"/>' for at in range(1, len(head) + 1)
    )
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )
    yield _row(1, head, bold=True)
    number = 1
    for number, row in enumerate(rows, start=2):
        yield _row(number, row)
    last = number
    for at, note in enumerate(notes, start=last + 2):
        yield _row(at, [note])
    yield f'</sheetData><autoFilter ref="A1:{column_name(len(head))}{last}"/></worksheet>'


def _row(number: int, row: Sequence[Any], *, bold: bool = False) -> str:
    cells = "".join(_cell(f"{column_name(at)}{number}", value, bold) for at, value in enumerate(row, start=1))
    return f'<row r="{number}">{cells}</row>'


def _cell(where: str, value: Any, bold: bool) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c r="{where}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{where}"><v>{value}</v></c>'
    if isinstance(value, datetime):
        day = (value.date() - _BEFORE_1900).days + (value.hour * 60 + value.minute) / 1440
        return f'<c r="{where}" s="3"><v>{day:.6f}</v></c>'
    if isinstance(value, date):
        return f'<c r="{where}" s="1"><v>{(value - _BEFORE_1900).days}</v></c>'
    said = escape(_printable(guarded(str(value)) or ""))
    style = ' s="2"' if bold else ""
    return f'<c r="{where}" t="inlineStr"{style}><is><t xml:space="preserve">{said}</t></is></c>'


def _printable(said: str) -> str:
    """Without control characters, which XML cannot hold."""
    return "".join(
        sign for sign in said if sign in "\t\n" or (ord(sign) >= 32 and sign not in "\ufffe\uffff")
    )


def column_name(number: int) -> str:
    """What a spreadsheet calls a column.

    >>> column_name(1), column_name(26), column_name(28)
    ('A', 'Z', 'AB')
    """
    name = ""
    while number:
        number, at = divmod(number - 1, 26)
        name = _LETTERS[at] + name
    return name


def write_csv(
    out: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Any]], notes: Sequence[str]
) -> None:
    """The CSV of `csv_parts` as a file."""
    out.writelines(csv_parts(head, rows, notes))


def csv_parts(head: Sequence[str], rows: Iterable[Sequence[Any]], notes: Sequence[str]) -> Iterator[bytes]:
    """CSV as Excel opens it by itself, in parts: UTF-8 with its mark, commas, days as 2026-11-26."""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    written = csv.writer(text)
    written.writerow(head)
    for row in rows:
        written.writerow([_plain(value) for value in row])
        if text.tell() > PART_BYTES:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    written.writerow([])
    for note in notes:
        written.writerow([_plain(note)])
    yield text.getvalue().encode()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return guarded(str(value)) or "" if isinstance(value, str) else str(value)
