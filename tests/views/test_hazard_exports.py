"""Files of hazards: what stands in them, what must not, and that taking one is written down."""

import csv
import io
import sqlite3
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app import job_kinds, jobs
from app.config import SHANGHAI
from app.models import Tessellation
from app.services import made_files
from tests.views.conftest import NOON
from tests.views.test_heat import given_hazards
from tests.views.world import ELSEWHERE, HERE, A, B


@pytest.fixture
def hazards(session, world):
    """An overdue gas hazard in A and one of fire in B."""
    return given_hazards(session, world)


@pytest.fixture
def few_in_a(session, world):
    """The building with a hazard in A and another are of three households, by the newest plots."""
    older = session.scalar(
        text("SELECT max(id) FROM tessellation WHERE place_id = :p"), {"p": world.places[HERE]}
    )
    newer = Tessellation(place_id=world.places[HERE], version=99)
    session.add(newer)
    session.flush()
    session.execute(
        text("""
            INSERT INTO tessellation_plot (tessellation_id, plot_id, households, buildings)
            SELECT :newer, plot_id, CASE WHEN EXISTS (SELECT FROM building
                WHERE ST_Covers(plot.geometry, position) AND code = ANY(:codes)) THEN 3 ELSE households END,
                buildings
            FROM tessellation_plot JOIN plot ON plot.id = plot_id WHERE tessellation_id = :older
        """),
        {"newer": newer.id, "older": older, "codes": [f"{A}-0", f"{A}-1"]},
    )
    session.commit()


def rows_of(answer) -> list[dict]:
    return [row for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))) if row["kind"]]


def test_a_file_has_the_hazards_that_are_meant(as_leader, hazards):
    answer = as_leader.get(f"/api/places/{HERE}/hazards/export?state=overdue")

    assert answer.status_code == 200
    (row,) = rows_of(answer)
    assert (row["id"], row["kind"], row["overdue"], row["withheld"]) == (
        str(hazards[A]),
        "gas",
        "True",
        "False",
    )
    assert float(row["lon"]) == pytest.approx(113.1005, abs=1e-3)
    assert "canary" not in answer.text


def test_where_few_live_a_file_does_not_say_where(as_leader, hazards, few_in_a):
    rows = {row["id"]: row for row in rows_of(as_leader.get(f"/api/places/{HERE}/hazards/export"))}

    hidden, shown = rows[str(hazards[A])], rows[str(hazards[B])]
    assert [hidden[name] for name in ("lon", "lat", "building", "site", "withheld")] == [
        "",
        "",
        "",
        "",
        "True",
    ]
    assert shown["lon"]
    assert shown["building"]


@pytest.mark.parametrize(("form", "head"), [("xlsx", b"PK"), ("gpkg", b"SQLite format 3")])
def test_files_are_what_they_are_called_and_taking_one_is_written_down(
    as_leader,
    hazards,
    session,
    people,
    form,
    head,
):
    answer = as_leader.get(f"/api/places/{HERE}/hazards/export?format={form}")

    assert answer.data.startswith(head)
    taken = session.execute(text("SELECT person_id, facts FROM audit WHERE act = 'hazard.exported'")).one()
    assert taken.person_id == people["leader"]
    assert taken.facts["format"] == form


def test_what_a_sheet_does_not_hold_is_refused_and_nothing_dropped(as_leader, hazards, monkeypatch):
    monkeypatch.setattr("app.services.hazard_files.MOST_SHEET_ROWS", 1)
    address = f"/api/places/{HERE}/hazards/export"

    refused = as_leader.get(f"{address}?format=xlsx")

    assert refused.json["code"] == "sheet_too_small"
    assert len(rows_of(as_leader.get(address))) == 2


@pytest.fixture
def folder(app, monkeypatch, tmp_path):
    """Where files made for somebody lie."""
    made = tmp_path / "exports"
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], exports=made))
    return made


@pytest.fixture
def do(app, session, folder, monkeypatch):
    """Have a file made here and now, on the test's connection."""

    def done(job_id):
        engine = app.extensions["engine"]
        monkeypatch.setattr(job_kinds, "exports_folder", lambda: folder)
        monkeypatch.setattr(job_kinds, "timezone", lambda: SHANGHAI)
        with jobs.transaction(engine) as opened:
            attempt = jobs.jobs.take_up(opened, job_id)
        jobs.do(engine, job_id, attempt)

    return done


@pytest.fixture
def many(monkeypatch):
    """Two hazards are many."""
    monkeypatch.setattr(made_files, "MADE_APART", 1)


def asked_for(browser, form, code=HERE, more=""):
    return browser.post(f"/api/places/{code}/hazards/files?format={form}&state=all{more}")


@pytest.mark.parametrize(("form", "head"), [("xlsx", b"PK"), ("gpkg", b"SQLite format 3")])
def test_what_is_long_is_made_beside_and_fetched(
    as_leader, hazards, many, session, people, do, tmp_path, form, head
):
    at_once = as_leader.get(f"/api/places/{HERE}/hazards/export?format={form}&state=all")
    answer = asked_for(as_leader, form)
    again = asked_for(as_leader, form)
    before = as_leader.get(answer.location).json["file"]
    early = as_leader.get(before["address"])
    do(before["id"])
    (after,) = as_leader.get("/api/hazard-files").json["files"]
    fetched = as_leader.get(after["address"])
    body = fetched.data
    fetched.close()

    assert at_once.json["code"] == "file_made_apart"
    assert (answer.status_code, before["state"], again.json["file"]["id"]) == (202, "queued", before["id"])
    assert (early.status_code, early.json["code"]) == (409, "file_not_ready")
    assert (after["state"], after["rows"], after["bytes"]) == ("done", 2, len(body))
    assert body.startswith(head)
    assert fetched.headers["Content-Disposition"].endswith(f"hazards-{HERE}.{form}")
    acts = session.execute(
        text("SELECT act FROM audit WHERE person_id = :leader AND act LIKE 'hazard.%' ORDER BY id"),
        {"leader": people["leader"]},
    )
    assert [act for (act,) in acts] == ["hazard.exported", "hazard.file_taken"]
    assert "leader" in told_beside(body, form, tmp_path)


def told_beside(body, form, folder):
    """What a file says of itself."""
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return packed.read("xl/worksheets/sheet1.xml").decode()
    (folder / "taken.gpkg").write_bytes(body)
    opened = sqlite3.connect(folder / "taken.gpkg")
    (told,) = opened.execute("SELECT description FROM gpkg_contents").fetchone()
    opened.close()
    return told


def test_what_is_short_and_csv_are_had_at_once(as_leader, hazards, monkeypatch):
    address = asked_for(as_leader, "xlsx").json["at_once"]
    short = as_leader.get(address)
    monkeypatch.setattr(made_files, "MADE_APART", 1)
    streamed = asked_for(as_leader, "csv").json

    assert short.data.startswith(b"PK")
    assert streamed["file"] is None
    assert len(rows_of(as_leader.get(streamed["at_once"]))) == 2


def test_a_file_is_of_who_asked_for_it_alone(as_leader, as_manager, as_coordinator, hazards, many, do):
    made = asked_for(as_leader, "gpkg").json["file"]
    do(made["id"])

    assert as_manager.get(made["address"]).json["code"] == "not_allowed"
    assert as_manager.get(f"/api/hazard-files/{made['id']}").json["code"] == "not_allowed"
    assert as_manager.get(f"/api/jobs/{made['id']}").json["code"] in ("not_allowed", "not_found")
    assert as_manager.get("/api/hazard-files").json["files"] == []
    assert as_manager.get(f"/api/places/{HERE}/jobs").json["jobs"] == []
    assert asked_for(as_coordinator, "gpkg").json["code"] == "not_allowed"
    assert asked_for(as_leader, "gpkg", ELSEWHERE).json["code"] == "not_in_scope"


def test_a_file_is_what_its_asker_may_read_when_it_is_made_and_fetched(
    as_leader, people, world, session, hazards, many, do
):
    whole = asked_for(as_leader, "gpkg").json["file"]
    do(whole["id"])
    session.execute(
        text("UPDATE role SET place_id = :place WHERE person_id = :leader"),
        {"place": world.places[A], "leader": people["leader"]},
    )
    session.commit()
    narrowed = as_leader.get(whole["address"])

    assert (narrowed.status_code, narrowed.json["code"]) == (410, "file_gone")


def test_files_whose_day_is_over_are_gone(as_leader, session, hazards, many, do, folder):
    made = asked_for(as_leader, "xlsx").json["file"]
    do(made["id"])
    (folder / f"{made['id']}-9.gpkg-journal").write_bytes(b"of an attempt that was cut off")
    (folder / "somebody's own.gpkg").write_bytes(b"not ours to remove")
    early = made_files.purge(session, folder)
    session.execute(text("UPDATE job SET ended_at = now() - interval '25 hours' WHERE id = :id"), made)
    session.commit()

    assert early == 0
    assert as_leader.get(made["address"]).json["code"] == "file_gone"
    assert as_leader.get("/api/hazard-files").json["files"] == []
    assert made_files.purge(session, folder) == 2
    assert [file.name for file in folder.iterdir()] == ["somebody's own.gpkg"]


def test_another_time_is_another_file(as_leader, hazards, many):
    until_now = asked_for(as_leader, "xlsx").json["file"]["id"]
    last_day = (NOON - timedelta(days=5)).date().isoformat()
    until_then = asked_for(as_leader, "xlsx", more=f"&to={last_day}").json["file"]["id"]

    assert until_then != until_now


def test_nobody_has_more_files_made_than_there_is_room_for(as_leader, hazards, many, monkeypatch):
    monkeypatch.setattr(made_files, "MOST_KEPT", 1)
    asked_for(as_leader, "xlsx")
    refused = asked_for(as_leader, "gpkg")
    monkeypatch.setattr("app.services.hazard_files.MOST_SHEET_ROWS", 1)

    assert (refused.status_code, refused.json["code"]) == (409, "files_too_many")
    assert asked_for(as_leader, "xlsx").json["code"] == "sheet_too_small"


def test_requests_are_as_open311_has_them(as_leader, hazards, few_in_a):
    told = as_leader.get(f"/api/open311/requests.json?jurisdiction_id={HERE}&status=open").json

    by_id = {one["service_request_id"]: one for one in told}
    assert by_id.keys() == {str(hazards[A]), str(hazards[B])}
    shown, hidden = by_id[str(hazards[B])], by_id[str(hazards[A])]
    assert (shown["status"], shown["service_code"], shown["service_name"]) == ("open", "fire", "Fire")
    assert shown["lat"] is not None
    assert (hidden["lat"], hidden["long"], hidden["address"]) == (None, None, None)
    closed = as_leader.get(f"/api/open311/requests.json?jurisdiction_id={HERE}&status=closed").json
    assert closed == []


def test_others_take_no_files(as_coordinator, as_leader):
    assert as_coordinator.get(f"/api/places/{HERE}/hazards/export").status_code == 403
    assert as_leader.get("/api/places/140498/hazards/export").status_code == 403
    assert as_leader.get("/api/open311/requests.json?jurisdiction_id=140498").status_code == 403
