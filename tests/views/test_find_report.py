"""A place is reported by anybody, looked at by staff, and followed by its code."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text

from tests.views.world import NORTH, SIDE, WEST, A

LON, LAT = WEST + 0.5 * SIDE, NORTH - 0.5 * SIDE
OURS = {"Origin": "http://localhost"}


def picture():
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    made.seek(0)
    return made, "photo.jpg"


def send(client, headers=OURS, **said):
    form = {"sent_as": str(uuid4()), "kind": "gas", "lon": LON, "lat": LAT, "description": "楼道里有煤气味"}
    return client.post("/find/report", data={**form, **said}, headers=headers, with_token=False)


def code_in(answer):
    return re.search(r"<output>([^<]+)</output>", answer.text)[1]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_nothing_comes_from_another_site(client, session, headers):
    assert send(client, headers).status_code == 403
    assert session.scalar(text("SELECT count(*) FROM hazard")) == 0


def test_a_report_needs_no_session_and_makes_none(client, session):
    form = client.get(f"/find/report?lon={LON}&lat={LAT}&lang=zh")
    answer = send(client)

    assert form.status_code == 200
    assert answer.status_code == 201
    assert "Set-Cookie" not in form.headers
    assert "Set-Cookie" not in answer.headers
    row = session.execute(text("SELECT origin, held, reported_by, grid_code, description FROM hazard")).one()
    assert (row.origin, row.held, row.reported_by, row.grid_code) == ("public", False, None, f"{A}001")


def test_somebody_signed_in_reports_as_anybody(as_manager, session):
    assert send(as_manager).status_code == 201
    assert session.scalar(text("SELECT reported_by FROM hazard")) is None


def test_sent_twice_it_is_one_report_with_one_code(client, session):
    sent_as = str(uuid4())
    codes = {code_in(send(client, sent_as=sent_as)) for _ in range(2)}

    assert len(codes) == 1
    assert session.scalar(text("SELECT count(*) FROM hazard")) == 1


def test_it_is_followed_by_its_code(client):
    code = code_in(send(client))

    followed = client.post("/follow", data={"code": code.lower().replace(" ", "-")})

    assert followed.status_code == 200
    assert "written down" in followed.text or "已登记" in followed.text
    assert client.post("/follow", data={"code": "AAAA BBBB CCCC"}).status_code == 404


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"kind": "nothing"}, 422),
        ({"lon": "", "lat": ""}, 422),
        ({"lon": 10, "lat": 50}, 422),
        ({"building": 987654321}, 404),
        ({"sent_as": "x"}, 400),
        ({"description": "x" * 1001}, 422),
        ({"photo": (io.BytesIO(b"no picture"), "x.jpg")}, 422),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(client, session, said, status):
    answer = send(client, **said)

    assert answer.status_code == status
    assert 'class="notice bad"' in answer.text
    assert session.scalar(text("SELECT count(*) FROM hazard")) == 0


def test_a_flood_of_reports_runs_dry(client):
    codes = [send(client).status_code for _ in range(7)]

    assert codes[:5] == [201] * 5
    assert codes[5:] == [429] * 2


def test_neither_a_flood_nor_another_sites_form_is_read(client, monkeypatch):
    for _ in range(5):
        send(client)
    monkeypatch.setattr("app.views.find_report.nobodys_work", None)
    monkeypatch.setattr(
        "app.views.guard.check_text", lambda said: pytest.fail("read") if "kind" in said else None
    )

    refused = send(client)

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert "Set-Cookie" not in refused.headers
    assert send(client, headers={"Origin": "https://elsewhere.example"}).status_code == 403


def test_the_form_lets_the_browser_say_where_it_stands(client):
    assert '<meta name="referrer" content="same-origin">' in client.get("/find/report").text


def test_a_page_full_of_what_is_a_leaders_alone_hides_nothing(client, session, monkeypatch):
    from app.services import held
    from app.services.access import Actor, Grant

    assert send(client, description="王先生家漏气").status_code == 201
    path = session.scalar(text("SELECT path::text FROM place WHERE code = :code"), {"code": A})
    both = (Grant("leader", path.partition(".")[0]), Grant("manager", path))
    person = session.scalar(text("SELECT min(id) FROM person"))

    def seen(*roles):
        return len(held.waiting(session, Actor(person, "x", "x", roles)))

    assert (seen(*both), seen(both[0]), seen(Grant("manager", None))) == (1, 0, 1)


def test_words_that_may_name_somebody_are_shown_to_nobody_until_staff_have_looked(
    client, as_manager, as_stranger, session
):
    assert send(client, description="王先生家漏气，电话13800138000").status_code == 201
    hazard = session.scalar(text("SELECT id FROM hazard WHERE held"))
    before = as_manager.get(f"/api/hazards/{hazard}")
    listed = as_manager.get("/hazards/held").text

    assert "王先生" not in before.text
    assert "王先生家漏气" in listed
    assert "■■■家漏气，■■■" in listed
    assert "王先生" not in as_stranger.get("/hazards/held").text
    assert as_stranger.post(f"/hazards/held/{hazard}", data={"description": "x"}).status_code == 403
    shown = as_manager.post(f"/hazards/held/{hazard}", data={"act": "show", "description": "■■■家漏气"})
    assert shown.status_code == 302
    assert "■■■家漏气" in as_manager.get(f"/api/hazards/{hazard}").json["description"]
    assert as_manager.post(f"/hazards/held/{hazard}", data={"act": "drop"}).status_code == 409
    acts = session.scalars(text("SELECT act FROM audit WHERE about = :about"), {"about": f"hazard {hazard}"})
    assert {"hazard.held_read", "hazard.words_settled"} <= set(acts)


def test_a_photo_of_the_public_waits(client, as_manager, as_stranger, session):
    assert send(client, photo=picture()).status_code == 201
    photo, hazard = session.execute(text("SELECT id, hazard_id FROM hazard_photo WHERE NOT shown")).one()

    assert as_manager.get(f"/api/hazards/{hazard}").json["photos"] == []
    assert as_stranger.get(f"/hazards/held/photos/{photo}").status_code == 403
    assert as_manager.get(f"/hazards/held/photos/{photo}").mimetype == "image/jpeg"
    as_manager.post(f"/hazards/held/photos/{photo}", data={"act": "show"})
    assert [one["id"] for one in as_manager.get(f"/api/hazards/{hazard}").json["photos"]] == [photo]
    assert as_manager.get(f"/hazards/held/photos/{photo}").status_code == 404


def test_words_may_be_dropped_whole(client, as_manager, session):
    send(client, description="找李女士", site="王先生门口")
    hazard = session.scalar(text("SELECT id FROM hazard"))

    as_manager.post(f"/hazards/held/{hazard}", data={"act": "drop", "description": "x"})

    row = session.execute(text("SELECT site, description, held FROM hazard")).one()
    assert tuple(row) == ("", "", False)
