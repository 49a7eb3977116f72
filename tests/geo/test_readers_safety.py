"""Files that mean harm, and the fences around those who read them."""

import errno
import json
import os
import socket
import stat
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.errors import SENTENCES, Refusal
from app.geo import readers
from app.geo.readers import Limits, ReadOptions, child, read_buildings, work
from app.geo.readers.options import Limits as SameLimits
from app.geo.readers.report import REMARKS
from tests.geo.reader_files import (
    EXTENT,
    box,
    feature,
    geojson,
    geopackage,
    kml,
    osm,
    placemark,
    refusal_of,
    shapefile,
    wkb,
)

STRICT = ReadOptions(strict=True)


def code_of(path: Path, **options: Any) -> str | None:
    refusal = refusal_of(path, **options)
    return None if refusal is None else refusal.code


def written(path: Path, octets: bytes) -> Path:
    path.write_bytes(octets)
    return path


# --- Formats by allow-list ----------------------------------------------------------------------------------

VRT = (
    b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
    b"</OGRVRTLayer></OGRVRTDataSource>"
)


@pytest.mark.parametrize(
    ("name", "octets", "code"),
    [
        ("a.geojson", b"", "file_empty"),
        ("a.geojson", VRT, "format_mismatch"),
        ("a.kml", VRT, "format_mismatch"),
        ("a.kml", b"<html>log in</html>", "format_mismatch"),
        ("a.shp", VRT, "format_unknown"),
        ("a.vrt", VRT, "format_unknown"),
        ("a.csv", b"a,b", "format_unknown"),
        ("a.gpkg", b"{}", "format_mismatch"),
        ("a.geojson", b"SQLite format 3\0", "format_mismatch"),
        ("a.zip", b"hello", "format_mismatch"),
        ("a.osm.pbf", b"hello", "format_mismatch"),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 4_000, "file_damaged"),
        ("a.zip", b"PK\x03\x04 and no more", "file_damaged"),
    ],
)
def test_a_file_is_only_what_its_name_and_its_first_bytes_agree_on(
    tmp_path: Path, name: str, octets: bytes, code: str
):
    assert code_of(written(tmp_path / name, octets)) == code


@pytest.mark.parametrize("name", ["TOWN.GEOJSON", "town.json", "镇.geojson"])
def test_the_ending_may_be_written_in_any_case(tmp_path: Path, name: str):
    assert code_of(geojson(tmp_path / name, feature("B1"))) is None


# --- JSON and XML -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('"households": 12', '"households": NaN', "file_not_understood"),
        ('"households": 12', '"households": -Infinity', "file_not_understood"),
        ('"households": 12', '"households": 1' + "0" * 5_000, "file_not_understood"),
        ('"households": 12', '"households": 12, "households": 13', "file_not_understood"),
        ('"households": 12', '"x": ' + "[" * 10_000 + "]" * 10_000, "too_deep"),
        (
            '"households": 12',
            '"x": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\\\\"[[", "households": 12',
            None,
        ),
        ("}]}", "}]", "file_damaged"),
        ('"FeatureCollection"', '"Topology"', "file_not_understood"),
        ('"properties"', '"attributes"', "file_not_understood"),
        ('"type": "Feature",', "", "file_not_understood"),
    ],
)
def test_json_is_taken_by_the_letter(tmp_path: Path, before: str, after: str, code: str | None):
    text = geojson(tmp_path / "a.geojson", feature("B1")).read_text().replace(before, after, 1)

    assert code_of(written(tmp_path / "b.geojson", text.encode())) == code


@pytest.mark.parametrize(
    "body",
    [
        "<NetworkLink><Link><href>http://127.0.0.1/x.kml</href></Link></NetworkLink>",
        "<Folder>" * 100 + "</Folder>" * 100,
    ],
)
def test_kml_that_leads_elsewhere_or_nowhere_is_refused(tmp_path: Path, body: str):
    assert code_of(kml(tmp_path / "a.kml", body)) in ("file_unsafe", "too_deep")


@pytest.mark.parametrize(
    "entity", ['<!ENTITY x SYSTEM "file:///etc/hostname">', '<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">', ""]
)
def test_kml_with_definitions_of_its_own_is_refused(tmp_path: Path, entity: str):
    first = f'<?xml version="1.0"?><!DOCTYPE kml [{entity}]>'

    assert code_of(kml(tmp_path / "a.kml", placemark("&x;" if entity else "x"), first)) == "file_unsafe"


def test_an_osm_file_with_entities_is_refused(tmp_path: Path):
    path = osm(tmp_path / "a.osm", '<node id="1" lat="30" lon="120"><tag k="name" v="&x;"/></node>')
    text = path.read_text().replace("<osm", '<!DOCTYPE osm [<!ENTITY x SYSTEM "file:///etc/hostname">]><osm')

    assert code_of(written(path, text.encode())) == "file_damaged"


# --- Zips ---------------------------------------------------------------------------------------------------


def zip_with(path: Path, name: str, octets: bytes = b"x", mode: int = stat.S_IFREG | 0o644) -> Path:
    shapefile(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo(name)
        member.external_attr, member.create_system = mode << 16, 3
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, octets)
    return path


@pytest.mark.parametrize(
    "name", ["../up.txt", "a/../../up.txt", "/srv/abs.txt", "C:\\abs.txt", "..\\up.txt", "in.zip"]
)
def test_a_member_that_leaves_its_folder_or_is_an_archive_is_refused(tmp_path: Path, name: str):
    assert code_of(zip_with(tmp_path / "a.zip", name)) == "file_unsafe"


def test_a_link_in_a_zip_is_refused(tmp_path: Path):
    assert (
        code_of(zip_with(tmp_path / "a.zip", "bld.sbn", b"/etc/passwd", stat.S_IFLNK | 0o777))
        == "file_unsafe"
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")  # zipfile warns while it writes the bad file
def test_two_members_of_one_name_are_refused(tmp_path: Path):
    assert code_of(zip_with(tmp_path / "a.zip", "BLD.shp")) == "file_unsafe"


def test_what_systems_leave_in_every_zip_is_passed_over(tmp_path: Path):
    assert code_of(zip_with(tmp_path / "a.zip", "__MACOSX/._bld.shp")) is None


def test_a_zip_is_measured_before_it_is_unpacked(tmp_path: Path):
    path = zip_with(tmp_path / "a.zip", "bld.sbn", b"\0" * 3_000_000)

    assert path.stat().st_size < 10_000
    assert code_of(path, limits=Limits(unpacked_mb=2)) == "archive_too_large"
    assert code_of(path, limits=Limits(members=3)) == "archive_too_large"


def test_an_encrypted_zip_is_refused(tmp_path: Path):
    octets = bytearray(shapefile(tmp_path / "a.zip").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = octets.find(mark)
        while start >= 0:
            octets[start + offset] |= 1
            start = octets.find(mark, start + 4)

    assert code_of(written(tmp_path / "b.zip", bytes(octets))) == "archive_encrypted"


def test_a_zip_whose_member_lies_about_its_bytes_is_damaged(tmp_path: Path):
    octets = shapefile(tmp_path / "a.zip").read_bytes()
    spoilt = octets[:60] + bytes(b ^ 0xFF for b in octets[60:70]) + octets[70:]

    assert code_of(written(tmp_path / "b.zip", spoilt)) == "file_damaged"


# --- Limits -------------------------------------------------------------------------------------------------


def test_limits_for_the_operator_are_ten_times_those_for_uploads():
    upload, operator = Limits.for_uploads(), Limits.for_operator()

    for name in (
        "file_mb",
        "unpacked_mb",
        "members",
        "rows",
        "vertices",
        "rings",
        "columns",
        "households",
        "seconds",
    ):
        assert getattr(operator, name) == 10 * getattr(upload, name), name
    assert SameLimits is Limits


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(rows=1), "too_many_rows"),
        (Limits(columns=2), "too_many_columns"),
        (Limits(depth=4), "too_deep"),
    ],
)
def test_a_file_larger_than_its_limits_is_refused(tmp_path: Path, limits: Limits, code: str):
    path = geojson(tmp_path / "a.geojson", feature("B1"), feature("B2", box(3)))

    assert code_of(path, limits=limits) == code


def test_a_file_too_large_is_not_even_opened(tmp_path: Path):
    path = written(tmp_path / "a.geojson", b" " * 1_100_000)

    with pytest.raises(Refusal, match=r"1\.1 MB, more than the 1 MB"):
        read_buildings(path, STRICT, Limits(file_mb=1))


# --- The child process --------------------------------------------------------------------------------------


def test_the_child_reads_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = geopackage(tmp_path / "a.gpkg", (wkb(), "B1", "平安里", 12))

    rows, report = read_buildings(path, STRICT, Limits.for_uploads(), EXTENT)

    assert rows.crs.to_epsg() == 4326
    assert rows.drop(columns="geometry").to_dict("records") == [
        {
            "code": "B1",
            "name": "平安里",
            "households": 12,
            "households_source": "imported",
            "kind": "residential",
            "address": None,
            "floors": 0,
        }
    ]
    assert json.loads(json.dumps(report.to_dict()))["layers"]["buildings"]["taken"] == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.gpkg"]


def test_a_refusal_comes_out_of_the_child_as_it_was_said(tmp_path: Path):
    path = geojson(tmp_path / "a.geojson", feature("B1"), feature("B2"))

    with pytest.raises(Refusal) as said:
        read_buildings(path, STRICT, Limits.for_uploads(), EXTENT, name="名单.geojson")

    assert said.value.code == "rows_refused"
    assert "名单.geojson" in str(said.value) and "feature 2 (B2)" in str(said.value)


def run_in_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, limits: Limits) -> Any:
    """Run a few lines in place of a reader, behind the same fences."""
    script = tmp_path / "boot.py"
    script.write_text(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from app.geo.readers import child, work\n"
        f"def task(request, limits, folder):\n    {body}\n    return {{'said': str(said)}}, {{}}\n"
        "work.TASKS['layers'] = task\nchild._main(sys.argv[2:])\n"
    )
    monkeypatch.setattr(child, "_BOOT", f"exec(open({str(script)!r}).read())")
    return child.in_child("layers", {}, limits, file="a.geojson")[0]["said"]


def test_the_child_cannot_reach_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    heard: list[bool] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        thread = threading.Thread(target=lambda: heard.append(_accepts(server)))
        thread.start()
        with pytest.raises(Refusal) as said:
            body = f"import socket; said = socket.create_connection(('127.0.0.1', {port}), 0.2)"
            run_in_child(monkeypatch, tmp_path, body, Limits())
        thread.join()

    assert said.value.code == "reader_stopped"
    assert heard == [False]


def _accepts(server: socket.socket) -> bool:
    try:
        server.accept()
    except TimeoutError:
        return False
    return True


@pytest.mark.skipif(os.geteuid() != 0, reason="an empty network of its own needs root or user namespaces")
def test_the_child_has_a_network_without_interfaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    body = "said = open('/proc/net/dev').read().count(':') "

    assert run_in_child(monkeypatch, tmp_path, body, Limits()) == "1"  # loopback, and that is down


@pytest.mark.parametrize(
    "body", ["import os; said = os.system('true')", "import subprocess; said = subprocess.run(['true'])"]
)
def test_the_child_cannot_start_programmes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str):
    with pytest.raises(Refusal) as said:
        run_in_child(monkeypatch, tmp_path, body, Limits())

    assert said.value.code == "reader_stopped"


@pytest.mark.parametrize(
    ("body", "limits", "code"),
    [
        ("said = len(bytearray(100_000_000))", Limits(memory_mb=50), "reading_took_too_much_memory"),
        ("said = [0 for _ in iter(int, 1)]", Limits(memory_mb=50), "reading_took_too_much_memory"),
        ("said = sum(0 for _ in iter(int, 1))", Limits(seconds=1), "reading_took_too_long"),
        ("import time; said = time.sleep(60)", Limits(seconds=1), "reading_took_too_long"),
        ("import os; said = os.kill(os.getpid(), 11)", Limits(), "reader_stopped"),
        ("import os; said = os.kill(os.getpid(), 9)", Limits(), "reader_killed"),  # as when memory runs out
        ("child._write = lambda *_: bytearray(10**12); said = 0", Limits(), "reading_took_too_much_memory"),
        ("raise OSError(28, 'No space left on device')", Limits(), "no_room_to_read"),
    ],
)
def test_the_child_is_stopped_when_it_takes_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, limits: Limits, code: str
):
    with pytest.raises(Refusal) as said:
        run_in_child(monkeypatch, tmp_path, body, limits)

    assert said.value.code == code


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        '{"arr',
        "[]",
        "{}",
        '{"arrays": [["buildings/wkb", "<f8", 1]]}',
        '{"arrays": [["buildings/wkb", "|O", 0]]}',
        '{"refusal": "no"}',
        '{"refusal": {"code": "invented", "facts": {}}}',
        '{"refusal": {"code": "file_too_large", "facts": {}}}',
    ],
)
def test_an_answer_in_no_known_form_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None
):
    body = "import os; "
    if answer is not None:
        body += f"open('arrays.bin', 'w').close(); open('answer.json', 'w').write({answer!r}); "

    with pytest.raises(Refusal) as said:
        run_in_child(monkeypatch, tmp_path, body + "os._exit(0)", Limits())

    assert said.value.code == "reader_stopped"
    assert "a.geojson" in str(said.value)


REPORT: dict[str, Any] = {"rows": {}, "mends": [], "refusals": [], "notes": [], "warnings": []}
NO_ROWS = {"buildings/wkb": np.empty(0, np.uint8), "buildings/lengths": np.empty(0, np.int64)}


@pytest.mark.parametrize(
    ("said", "arrays"),
    [
        ({"words": {"buildings": {}}, "report": REPORT}, {}),
        ({"words": {"invented": {}}, "report": REPORT}, {}),
        ({"words": [], "report": REPORT}, NO_ROWS),
        ({"words": {"buildings": {"code": [["B1"]]}}, "report": REPORT}, NO_ROWS),
        ({"words": {"buildings": {"households": []}}, "report": REPORT}, NO_ROWS),
        ({"words": {"buildings": {}}, "report": {**REPORT, "rows": []}}, NO_ROWS),
        ({"words": {"buildings": {}}, "report": {**REPORT, "notes": [{"code": "x", "facts": {}}]}}, NO_ROWS),
        (
            {"words": {"buildings": {}}, "report": REPORT},
            {"buildings/wkb": np.zeros(9, np.uint8), "buildings/lengths": np.array([9])},
        ),
    ],
)
def test_rows_in_no_known_form_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: dict[str, Any], arrays: dict[str, Any]
):
    monkeypatch.setattr(readers, "in_child", lambda *_, **__: (said, arrays))

    with pytest.raises(Refusal) as refusal:
        read_buildings(geojson(tmp_path / "a.geojson", feature("B1")), STRICT, Limits())

    assert refusal.value.code == "reader_stopped"


def test_limits_beyond_what_a_system_counts_to_are_no_limits(tmp_path: Path):
    path = geopackage(tmp_path / "a.gpkg", (wkb(), "B1", "x", 12))
    boundless = Limits(seconds=float("inf"), memory_mb=1e300, file_mb=3_000, unpacked_mb=float("inf"))

    rows, _ = read_buildings(path, STRICT, boundless)

    assert rows.code.tolist() == ["B1"]


def test_a_full_disk_is_said_to_be_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)

    with pytest.raises(Refusal, match="no room left in"):
        read_buildings(geojson(tmp_path / "a.geojson", feature("B1")), STRICT, Limits())


def test_a_file_that_may_not_be_read_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    path = geojson(tmp_path / "a.geojson", feature("B1"))
    monkeypatch.setattr(Path, "open", forbidden)  # root may read whatever its mode is

    with pytest.raises(Refusal, match=r"You may not read a\.geojson"):
        read_buildings(path, STRICT, Limits())


def test_nothing_the_child_sends_is_unpickled():
    for module in (child, work):
        assert "pickle" not in Path(module.__file__ or "").read_text(encoding="utf-8").replace(
            "unpickled", ""
        )


def test_every_sentence_is_whole():
    for sentence in [*SENTENCES.values(), *REMARKS.values()]:
        assert sentence.strip().endswith((".", "?", "{why}")), sentence
