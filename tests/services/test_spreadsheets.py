"""Files of rows: what a spreadsheet finds in them, and that nothing in them reckons."""

import csv
import io
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree

import pytest

from app.services.spreadsheets import write_csv, write_xlsx

ROWS = [("=1+1", 3, date(2026, 11, 26), datetime(2026, 11, 26, 12), None), ("柳荫里", 0, None, None, "@x")]
HEAD = ("A", "B", "C", "D", "E")
NOTE = "mark abc"
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def sheet():
    out = io.BytesIO()
    write_xlsx(out, "居民[台账]", HEAD, ROWS, [NOTE])
    with zipfile.ZipFile(out) as made:
        assert made.testzip() is None
        names = set(made.namelist())
        assert {"[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"} <= names
        assert 'name="居民台账"' in made.read("xl/workbook.xml").decode()
        for name in names:
            ElementTree.fromstring(made.read(name))  # noqa: S314 (our own)
        return ElementTree.fromstring(made.read("xl/worksheets/sheet1.xml"))  # noqa: S314 (our own)


def cells(sheet):
    return {cell.get("r"): "".join(cell.itertext()) for cell in sheet.iter(f"{CELL}c")}


def test_a_workbook_keeps_numbers_days_and_times_as_such(sheet):
    found = cells(sheet)

    assert (found["B2"], found["B3"]) == ("3", "0")
    assert found["C2"] == "46352"  # days since 1899-12-30
    assert found["D2"] == "46352.500000"
    assert "E2" not in found


def test_no_cell_of_a_workbook_is_a_formula(sheet):
    assert list(sheet.iter(f"{CELL}f")) == []
    assert (cells(sheet)["A2"], cells(sheet)["E3"]) == ("'=1+1", "'@x")


def test_notes_stand_beneath_the_rows_and_outside_the_filter(sheet):
    assert cells(sheet)["A5"] == NOTE
    assert sheet.find(f"{CELL}autoFilter").get("ref") == "A1:E3"


def test_csv_opens_in_excel_and_reckons_nothing():
    out = io.BytesIO()
    write_csv(out, HEAD, ROWS, [NOTE])

    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert rows[1] == ["'=1+1", "3", "2026-11-26", "2026-11-26 12:00", ""]
    assert rows[-1] == [NOTE]
