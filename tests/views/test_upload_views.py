"""Uploads over HTTP: received and read, one's own alone, refused as a whole where they are too much."""

import json

import pytest

from app import job_kinds, jobs
from app.models import Job, Upload
from tests.services.test_uploads import houses
from tests.views.world import HERE


def sent(browser, *files):
    """Send files as a browser's form does; werkzeug's own builder leaves a temporary file open."""
    head = '--edge\r\nContent-Disposition: form-data; name="files"; filename="{}"\r\n\r\n'
    parts = [head.format(name).encode() + content + b"\r\n" for name, content in files]
    body = b"".join(parts) + b"--edge--\r\n"
    return browser.post("/api/uploads", data=body, content_type="multipart/form-data; boundary=edge")


@pytest.fixture
def do(app, monkeypatch):
    """Have a job done here and now, on the test's connection."""

    def done(job_id):
        engine = app.extensions["engine"]
        root = app.extensions["settings"].uploads
        monkeypatch.setattr(job_kinds, "uploads_folder", lambda: root)
        monkeypatch.setattr(job_kinds, "_workers", lambda: 1)
        with jobs.transaction(engine) as session:
            attempt = jobs.jobs.take_up(session, job_id)
        jobs.do(engine, job_id, attempt)

    return done


@pytest.fixture
def read(as_manager, do):
    """An upload that was read."""
    answer = sent(as_manager, ("楼栋.geojson", houses(columns=6, broken=True))).json
    do(answer["job"]["id"])
    return answer["upload"]["id"]


def folders(app):
    return list(app.extensions["settings"].uploads.iterdir())


def test_files_are_received_and_read_as_a_job(as_manager, do):
    answer = sent(as_manager, ("楼栋.geojson", houses()))
    before = as_manager.get(answer.location).json
    do(answer.json["job"]["id"])
    after = as_manager.get(answer.location).json

    assert (answer.status_code, before["state"], before["report"]) == (202, "received", None)
    assert before["files"] == [{"name": "楼栋.geojson", "bytes": len(houses()), "role": "buildings"}]
    assert (after["state"], after["job"]["state"], after["report"]["households"]) == ("read", "done", 120)
    assert after["preview"]["paths"]["buildings"].startswith("M")


def test_an_empty_text_in_the_place_of_files_is_refused(as_manager, app):
    body = b'--edge\r\nContent-Disposition: form-data; name="files"\r\n\r\n\r\n--edge--\r\n'
    before = folders(app)

    answer = as_manager.post("/api/uploads", data=body, content_type="multipart/form-data; boundary=edge")

    assert (answer.status_code, answer.json["code"]) == (422, "upload_empty")
    assert folders(app) == before


def test_a_report_is_worded_in_the_language_of_the_page(as_manager, read):
    in_english = as_manager.get(f"/api/uploads/{read}?lang=en").json["report"]
    in_chinese = as_manager.get(f"/api/uploads/{read}?lang=zh").json["report"]

    assert any("boundary" in warning["words"] for warning in in_english["warnings"])
    assert any("边界" in warning["words"] for warning in in_chinese["warnings"])
    assert in_english["mended"]
    assert in_english["places"]


def test_a_file_that_cannot_be_read_is_refused_by_name_and_nothing_is_stored(as_manager, do):
    answer = sent(as_manager, ("楼栋.geojson", b'{"type": "FeatureCollection", "feat')).json
    do(answer["job"]["id"])
    after = as_manager.get(f"/api/uploads/{answer['upload']['id']}").json

    assert (after["state"], after["report"], after["job"]["state"]) == ("refused", None, "failed")
    assert "楼栋.geojson" in after["job"]["refusal"]["detail"]


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ([], 422, "upload_empty"),
        ([("town.gpkg", b"x" * 20_000_001)], 413, "file_too_large"),
        ([("town.gpkg", b"x" * 70_000_000)], 413, "body_too_large"),
        ([(f"{n}.geojson", b"{}") for n in range(11)], 413, "upload_too_many_files"),
    ],
)
def test_too_much_is_refused_and_leaves_nothing(app, as_manager, session, files, status, code):
    folders_before, before = folders(app), session.query(Upload).count()
    answer = sent(as_manager, *files)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert session.query(Upload).count() == before
    assert folders(app) == folders_before


def test_who_may_not_send_sends_nothing(client, as_coordinator, as_leader):
    codes = [
        sent(browser, ("a.geojson", houses())).json["code"] for browser in (client, as_coordinator, as_leader)
    ]

    assert codes == ["not_signed_in", "not_allowed", "not_allowed"]


def test_an_upload_is_nobody_elses(as_manager, as_stranger, as_administrator, read):
    for browser in (as_stranger, as_administrator):
        assert browser.get(f"/api/uploads/{read}").status_code == 403
        assert browser.delete(f"/api/uploads/{read}").status_code == 403
        assert browser.post(f"/api/uploads/{read}/import", json={"code": HERE}).status_code == 403
        assert browser.get("/api/uploads").json["uploads"] == []
    assert [one["id"] for one in as_manager.get("/api/uploads").json["uploads"]] == [read]


def test_files_are_read_again_with_other_options(as_manager, do, read):
    wish = {"options": {"datum": "gcj02", "registered": True}, "roles": {"0": "buildings"}}
    answer = as_manager.post(f"/api/uploads/{read}/readings", json=wish)
    do(answer.json["job"]["id"])
    after = as_manager.get(f"/api/uploads/{read}").json

    assert answer.status_code == 202
    assert after["options"] == wish["options"]
    assert list(after["report"]["households_by_source"]) == ["register"]
    assert any(mend["what"] == "datum" for mend in after["report"]["mended"])


@pytest.mark.parametrize(
    "wish",
    [
        {"options": {"datum": "mars"}},
        {"options": {"extent": [0, 0, 1, 1]}},
        {"roles": {"0": "secrets"}},
        {"roles": {"first": "buildings"}},
        {"options": {"household_m2": 0}},
    ],
)
def test_options_nobody_knows_are_refused(as_manager, read, wish):
    answer = as_manager.post(f"/api/uploads/{read}/readings", json=wish)

    assert (answer.status_code, answer.json["code"]) == (422, "fields_malformed")


def test_what_was_read_is_imported_as_a_new_place(as_administrator, do, app, session):
    answer = sent(as_administrator, ("楼栋.geojson", houses(columns=6, east=0.5))).json
    do(answer["job"]["id"])
    upload = answer["upload"]["id"]
    asked = as_administrator.post(f"/api/uploads/{upload}/import", json={"code": "140497", "name": "新区"})
    do(asked.json["job"]["id"])
    after = as_administrator.get(f"/api/uploads/{upload}").json

    assert (asked.status_code, after["state"], after["job"]["state"]) == (202, "imported", "done")
    assert after["job"]["result"]["place"] == "140497"
    assert after["job"]["result"]["counts"]["building"] == 6
    assert session.get(Upload, upload).folder not in [folder.name for folder in folders(app)]
    assert as_administrator.get("/api/places/140497").json["buildings"] == 6


def test_a_cancelled_import_stores_nothing(as_administrator, do, session):
    answer = sent(as_administrator, ("楼栋.geojson", houses(columns=6, east=0.5))).json
    do(answer["job"]["id"])
    upload = answer["upload"]["id"]
    asked = as_administrator.post(f"/api/uploads/{upload}/import", json={"code": "140497", "name": "新区"})
    job_id = asked.json["job"]["id"]
    as_administrator.post(f"/api/jobs/{job_id}/cancellation")
    session.expire_all()
    do_nothing = session.get(Job, job_id).state

    assert do_nothing == "cancelled"
    assert as_administrator.get("/api/places/140497").status_code == 404
    assert as_administrator.get(f"/api/uploads/{upload}").json["state"] == "read"


def test_discarding_removes_the_files(app, as_manager, session, read):
    folder = session.get(Upload, read).folder
    answer = as_manager.delete(f"/api/uploads/{read}")

    assert answer.status_code == 204
    assert folder not in [one.name for one in folders(app)]
    assert as_manager.get("/api/uploads").json["uploads"] == []
    assert as_manager.post(f"/api/uploads/{read}/import", json={"code": HERE}).json["code"] == "upload_gone"


def test_registers_are_reached_from_the_import_of_ground(as_manager, as_administrator):
    for browser in (as_manager, as_administrator):
        assert 'href="/import/registers"' in browser.get("/import").text
        assert browser.get("/import/registers").status_code == 200


@pytest.mark.parametrize("page", ["/import", "/split", "/plans"])
def test_the_managers_pages_are_there(as_manager, page):
    answer = as_manager.get(page)

    assert answer.status_code == 200
    assert "page-facts" in answer.text


def test_the_page_of_an_upload_is_its_persons_own(as_manager, as_stranger, read):
    assert as_manager.get(f"/import/{read}").status_code == 200
    assert as_stranger.get(f"/import/{read}").status_code == 403


def test_names_that_would_leave_the_quarantine_do_not(app, as_manager):
    answer = sent(as_manager, ("../../../../tmp/evil.geojson", houses())).json

    assert answer["upload"]["files"][0]["name"] == "evil.geojson"
    assert json.dumps(answer).count("tmp") == 0
