"""Tables of words, as spreadsheets write them: CSV and XLSX, within the limits.

Nothing in a file is reckoned, fetched or followed: of a workbook the cells of its first sheet are read, of a
cell its text or number. What a spreadsheet has spoilt already (numbers rounded to fifteen digits, `1.99E+10`)
is told, not guessed.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any
from xml.parsers import expat
from zipfile import is_zipfile

from app.errors import Refusal, part
from app.geo.formula_safe import unguarded
from app.geo.readers.archive import Archive
from app.geo.readers.options import Limits
from app.geo.readers.report import shown
from app.geo.readers.text import clean, fits, is_common_chinese

CSV, WORKBOOK = "csv", "xlsx"
_STRINGS = "xl/sharedstrings.xml"
_SHEETS = "xl/worksheets/"
_EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number
_EXPONENT = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_SEPARATORS = ",;\t"
LOST = "0E0"  # a number whose digits are lost, told as spreadsheets tell such

Line = tuple[int, list[str | None]]


@dataclass
class Table:
    """A table whose first row names its columns.

    rows: number in the file and cells, None where empty. mended: (row, column, why) that was put right;
    wrong: (row, column, code of the refusal) that cannot be. encoding: of a CSV.
    """

    head: list[str]
    rows: list[Line]
    encoding: str
    mended: list[tuple[int, str, str]] = field(default_factory=list)
    wrong: list[tuple[int, str, str]] = field(default_factory=list)


def read_table(octets: bytes, file: str, limits: Limits) -> Table:
    """A CSV (UTF-8, UTF-16 or GB18030; commas, semicolons or tabs) or an XLSX.

    Refused with `file_empty`, `file_too_large`, `table_too_large`, `encoding_unknown`, `columns_twice`,
    `row_ragged`, `file_damaged`, `file_unsafe` and, for workbooks, what `Archive` says.
    """
    if not octets.strip():
        raise Refusal("file_empty", file=file)
    if len(octets) > limits.file_mb * 1e6:
        size = part("over", n=limits.file_mb)
        raise Refusal("file_too_large", file=file, size_mb=size, most_mb=limits.file_mb)
    if is_zipfile(BytesIO(octets)):
        return _table(_workbook(octets, file, limits), file, "utf-8", WORKBOOK, limits)
    words, encoding = _decoded(octets, file)
    return _table(_separated(words, file, limits), file, encoding, CSV, limits)


def _table(lines: list[Line], file: str, encoding: str, kind: str, limits: Limits) -> Table:
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        raise Refusal("file_empty", file=file)
    head = [" ".join((name or "").split()) for name in lines[0][1]]
    while head and not head[-1]:
        head.pop()
    if len(head) > limits.columns:
        raise Refusal("table_too_large", file=file, what=len(head), most=limits.columns)
    _refuse_twice(head, file)
    table = Table(head, [], encoding)
    for number, cells in lines[1:]:
        if any(cells[len(head) :]) or (kind == CSV and len(cells) < len(head)):
            raise Refusal("row_ragged", file=file, row=number, cells=len(cells), columns=len(head))
        _add(table, number, [*cells, *[None] * len(head)][: len(head)])
    return table


def _refuse_twice(head: list[str], file: str) -> None:
    plain = [unicodedata.normalize("NFKC", name).casefold() for name in head]
    twice = sorted({name for name in plain if name and plain.count(name) > 1})
    if twice:
        raise Refusal("columns_twice", file=file, columns=", ".join(twice))


def _add(table: Table, number: int, cells: list[str | None]) -> None:
    """A row with its texts cleaned, and what was found about them."""
    words = clean([unguarded(cell) for cell in cells])
    for at in words.changed:
        table.mended.append((number, table.head[at], "text"))
    for at, code in words.broken.items():
        table.wrong.append((number, table.head[at], code))
    for name, cell in zip(table.head, words.values, strict=True):
        if cell is not None and _EXPONENT.fullmatch(cell):
            table.wrong.append((number, name, "digits_lost"))
    table.rows.append((number, words.values))


# --- CSV --------------------------------------------------------------------------------------------------


def _decoded(octets: bytes, file: str) -> tuple[str, str]:
    """The text of a CSV and its encoding."""
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif fits([octets], "utf-8-sig"):
        encoding = "utf-8-sig"
    elif fits([octets], "gb18030") and is_common_chinese([octets]):
        encoding = "gb18030"
    else:
        raise Refusal("encoding_unknown", file=file)
    try:
        return octets.decode(encoding), encoding.removesuffix("-sig")
    except UnicodeError:
        raise Refusal("encoding_unknown", file=file) from None


def _separated(words: str, file: str, limits: Limits) -> list[Line]:
    first = words.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(words, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    try:
        for cells in reader:
            if cells:
                lines.append((reader.line_num, [cell or None for cell in cells]))
            if len(lines) > limits.rows + 1:
                raise Refusal(
                    "table_too_large", file=file, what=part("over", n=limits.rows), most=limits.rows
                )
    except csv.Error as error:
        raise Refusal("file_damaged", file=file, what=part("parser_said", said=shown(error))) from None
    return lines


# --- XLSX -------------------------------------------------------------------------------------------------


def _workbook(octets: bytes, file: str, limits: Limits) -> list[Line]:
    archive = Archive(BytesIO(octets), file, limits)
    sheets = [name for name in archive.named(".xml") if name.startswith(_SHEETS)]
    if not sheets:
        raise Refusal("file_damaged", file=file, what=part("no_sheet"))
    first = min(sheets, key=lambda name: (len(name), name))  # sheet2 before sheet10
    strings = _Strings(file).read(archive.read(_STRINGS)) if _STRINGS in archive.members else []
    return _Sheet(file, strings, limits).read(archive.read(first))


class _Xml:
    """An XML file read piece by piece, without document types, entities or anything fetched."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = lambda name, given: self.begins(name.rpartition(":")[2], given)
        self._parser.EndElementHandler = lambda name: self.ends(name.rpartition(":")[2])
        self._parser.CharacterDataHandler = self._says
        self._parser.StartDoctypeDeclHandler = self._refuse

    def begins(self, name: str, given: dict[str, str]) -> None:
        raise NotImplementedError

    def ends(self, name: str) -> None:
        raise NotImplementedError

    def parse(self, octets: bytes) -> None:
        try:
            self._parser.Parse(octets, True)
        except expat.ExpatError as error:
            what = part("parser_said", said=shown(error))
            raise Refusal("file_damaged", file=self.file, what=what) from None

    def _says(self, words: str) -> None:
        if self.text is not None:
            self.text.append(words)

    def _refuse(self, *_: Any) -> None:
        raise Refusal("file_unsafe", file=self.file, what=part("own_definitions"))


class _Strings(_Xml):
    """The texts that cells point at."""

    def read(self, octets: bytes) -> list[str]:
        self.found: list[str] = []
        self.whole: list[str] = []
        self.parse(octets)
        return self.found

    def begins(self, name: str, given: dict[str, str]) -> None:
        if name == "si":
            self.whole = []
        elif name == "t":
            self.text = []

    def ends(self, name: str) -> None:
        if name == "t" and self.text is not None:
            self.whole += self.text
            self.text = None
        elif name == "rPh":  # how it is read aloud, not what is written
            self.whole = self.whole[:-1]
        elif name == "si":
            self.found.append("".join(self.whole))


class _Sheet(_Xml):
    """The cells of one sheet."""

    def __init__(self, file: str, strings: list[str], limits: Limits) -> None:
        super().__init__(file)
        self.strings, self.limits = strings, limits
        self.lines: list[Line] = []
        self.number = 0
        self.cells: list[str | None] = []
        self.kind, self.at, self.words = "n", 0, ""

    def read(self, octets: bytes) -> list[Line]:
        self.parse(octets)
        return self.lines

    def begins(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            said = given.get("r", "")
            self.number = int(said) if said.isdigit() and len(said) < 8 else self.number + 1
            self.cells = []
        elif name == "c":
            self.kind, self.words = given.get("t", "n"), ""
            self.at = self._column(given.get("r", ""))
        elif name in ("v", "t"):
            self.text = []

    def ends(self, name: str) -> None:
        if name in ("v", "t") and self.text is not None:
            self.words += "".join(self.text)
            self.text = None
        elif name == "c":
            self.cells += [None] * (self.at + 1 - len(self.cells))
            self.cells[self.at] = self._value()
        elif name == "row":
            self.lines.append((self.number, self.cells))
            if len(self.lines) > self.limits.rows + 1:
                most = self.limits.rows
                raise Refusal("table_too_large", file=self.file, what=part("over", n=most), most=most)

    def _column(self, reference: str) -> int:
        named = _REFERENCE.fullmatch(reference)
        at = len(self.cells)
        if named:
            at = 0
            for letter in named[1]:
                at = at * 26 + ord(letter) - ord("A") + 1
            at -= 1
        if at >= 10 * self.limits.columns:
            raise Refusal("table_too_large", file=self.file, what=at + 1, most=self.limits.columns)
        return at

    def _value(self) -> str | None:
        """A cell as text: a number with all its digits, or LOST."""
        if self.kind == "s":
            said = self.words.strip()
            known = said.isdigit() and int(said) < len(self.strings)
            return self.strings[int(said)] or None if known else None
        if self.kind != "n":
            return self.words or None
        try:
            number = float(self.words) if self.words.strip() else None
        except ValueError:
            return self.words
        if number is None:
            return None
        if abs(number) >= _EXACT:
            return LOST
        return str(int(number)) if number == int(number) else repr(number)
