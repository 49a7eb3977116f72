"""Phones send what was written without signal: per entry an answer, for nobody else, and never twice."""

import base64
import re
from io import BytesIO
from uuid import uuid4

from PIL import Image
from sqlalchemy import text

from tests.views.world import A

KEY = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "_" * 43}
WRAPPED = base64.b64encode(b"w" * 64).decode()
WHEN = "2026-03-02T11:30:00+08:00"


def enrolled(browser):
    handset = str(uuid4())
    said = browser.post("/api/handsets", json={"id": handset, "public_key": KEY, "private_key": WRAPPED})
    assert said.status_code == 201
    return handset


def visit(number, building, **more):
    body = {"building_id": building, "happened_at": WHEN, "result": "nobody home", **more}
    return {"client_id": str(uuid4()), "number": number, "kind": "visit", "body": body}


def send(browser, handset, *entries, **more):
    return browser.post("/api/sent", json={"handset": handset, "entries": entries, **more})


def test_nobody_and_leaders_send_nothing(client, as_leader):
    handset = str(uuid4())

    assert send(client, handset).status_code == 401
    assert send(as_leader, handset).status_code == 403


def test_a_phone_that_is_not_known_is_told_so(as_coordinator):
    assert send(as_coordinator, str(uuid4())).get_json()["code"] == "handset_unknown"


def test_the_key_is_given_back_to_its_person_alone(as_coordinator, as_manager):
    handset = enrolled(as_coordinator)

    own = as_coordinator.get(f"/api/handsets/{handset}").get_json()
    theirs = as_manager.get(f"/api/handsets/{handset}").get_json()

    assert (own["private_key"], own["next"]) == (WRAPPED, 1)
    assert own["token"]
    assert theirs["private_key"] is None
    assert theirs["secret"] != own["secret"]


def test_entries_are_written_in_order_and_answered_one_by_one(as_coordinator, session, world):
    building = world.buildings[f"{A}-0"]
    handset = enrolled(as_coordinator)
    wrong = visit(2, building, result="stormy")
    last = visit(3, building, result="met", said=[{"asked": "灯坏了"}])
    arrival = {
        "client_id": str(uuid4()),
        "number": 4,
        "kind": "arrival",
        "body": {
            "building_id": building,
            "door": "402",
            "from_on": "2026-03-01",
            "residents": [{"name": "新来的"}],
            "consent": True,
        },
    }

    early = send(as_coordinator, handset, arrival, last, unsent=4).get_json()
    whole = send(as_coordinator, handset, visit(1, building), wrong, last, arrival, unsent=0).get_json()

    assert [(one["state"], one["status"]) for one in early["entries"]] == [("waiting", 202)] * 2
    assert [(one["state"], one["status"]) for one in whole["entries"]] == [
        ("done", 200),
        ("refused", 422),
        ("done", 200),
        ("done", 200),
    ]
    assert (early["next"], whole["next"]) == (1, 5)
    assert whole["entries"][1]["code"] == "fields_malformed"
    assert set(whole["entries"][3]["answer"]) >= {"household_id", "dwelling_id", "building_id"}
    assert "新来的" not in str(whole)
    held = session.execute(text("SELECT unsent FROM handset WHERE id = :id"), {"id": handset})
    assert held.scalar_one() == 0


def test_sent_again_it_is_answered_again_and_other_words_are_refused_beside_it(as_coordinator, world):
    handset = enrolled(as_coordinator)
    first, second = (visit(number, world.buildings[f"{A}-0"]) for number in (1, 2))
    other = {**first, "body": {**first["body"], "result": "met"}}
    once = send(as_coordinator, handset, first).get_json()

    again = send(as_coordinator, handset, first, second).get_json()
    changed = send(as_coordinator, handset, other, second).get_json()

    assert again["entries"][0] == once["entries"][0]
    assert [(one["state"], one["status"]) for one in changed["entries"]] == [("refused", 409), ("done", 200)]
    assert changed["entries"][0]["code"] == "client_id_reused"


def test_help_and_what_firms_lacked_come_with_a_visit_once(as_coordinator, session, world):
    building = world.buildings[f"{A}-0"]
    shop = {"building_id": building, "name": "小店", "kind": "shop", "begun_on": "2026-02-01"}
    firm = as_coordinator.post("/api/employers", json=shop).json["id"]
    arrived = as_coordinator.post(
        "/api/arrivals",
        json={
            "client_id": str(uuid4()),
            "from_on": "2026-03-01",
            "residents": [{"name": "金丝雀"}],
            "consent": True,
            "building_id": building,
            "door": "101",
        },
    ).json
    service = session.scalar(text("SELECT code FROM service WHERE active ORDER BY id LIMIT 1"))
    need = {"service": service, "purpose": "找托班", "until_on": "2026-08-01", "consents": True}
    entry = visit(
        1,
        None,
        household_id=arrived["household_id"],
        result="met",
        needs=[{**need, "code": "ABCD-EFGH-JKMN"}],
        employers=[{"id": firm, "contact_name": "钱师傅", "size": "1-9"}],
    )
    entry["body"].pop("building_id")
    handset = enrolled(as_coordinator)

    states = [send(as_coordinator, handset, entry).get_json()["entries"][0]["state"] for _ in range(2)]

    assert states == ["done", "done"]
    shown = as_coordinator.get(f"/households/{arrived['household_id']}").text
    assert len(set(re.findall(r"/needs/(\d+)", shown))) == 1
    assert "钱师傅" in as_coordinator.get(f"/employers/{firm}").text
    followed = as_coordinator.post("/follow", data={"code": "abcd efgh jkmn"})
    assert followed.status_code == 200
    assert "/follow/withdraw" in followed.text  # opened by the code that was made on the phone


def test_what_is_not_one_s_own_is_refused_as_its_own_request_would_be(as_coordinator, world):
    handset = enrolled(as_coordinator)

    said = send(as_coordinator, handset, visit(1, world.buildings["140498001001-0"])).get_json()

    (one,) = said["entries"]
    assert (one["state"], one["status"]) == ("refused", 403)
    assert one["detail"]


def test_a_phone_says_that_it_was_emptied(as_coordinator, session):
    handset = enrolled(as_coordinator)

    said = as_coordinator.post(f"/api/handsets/{handset}/wiped", json={"unsent": 3})

    assert said.status_code == 200
    assert send(as_coordinator, handset).get_json()["code"] == "handset_wiped"
    assert session.scalar(text("SELECT facts ->> 'unsent' FROM audit WHERE act = 'handset.wiped'")) == "3"


def test_a_hazard_comes_with_its_photo_once(as_coordinator, session, world):
    handset = enrolled(as_coordinator)
    hazard = {
        "client_id": str(uuid4()),
        "number": 1,
        "kind": "hazard",
        "body": {
            "kind": "gas",
            "severity": 2,
            "happened_at": WHEN,
            "building_id": world.buildings[f"{A}-0"],
            "description": "软管老化",
        },
    }
    picture = BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    photo = {
        "client_id": str(uuid4()),
        "number": 2,
        "kind": "photo",
        "body": {
            "hazard": hazard["client_id"],
            "shows": "before",
            "photo": base64.b64encode(picture.getvalue()).decode(),
        },
    }

    for entries in ([photo], [hazard], [photo, hazard]):
        said = send(as_coordinator, handset, *entries).get_json()

    assert [one["state"] for one in said["entries"]] == ["done", "done"], said
    assert session.scalar(text("SELECT count(*) FROM hazard WHERE description = '软管老化'")) == 1
    assert session.scalar(text("SELECT count(*) FROM hazard_photo")) == 1
    assert session.scalar(text("SELECT origin FROM hazard")) == "coordinator"


def test_an_administrator_has_a_lost_phone_wiped_and_sees_what_was_lost(
    as_coordinator, as_administrator, as_manager, world
):
    handset = enrolled(as_coordinator)
    send(as_coordinator, handset, unsent=2)
    person = world.people["coordinator"]
    address = f"/people/{person}/handsets/{handset}/wipe"

    assert as_manager.post(address).status_code == 403
    assert "2 entries unsent" in as_administrator.get(f"/people/{person}?lang=en").get_data(as_text=True)
    assert as_administrator.post(address).status_code == 302
    assert as_coordinator.get(f"/api/handsets/{handset}").get_json()["code"] == "handset_wiped"
    as_coordinator.post(f"/api/handsets/{handset}/wiped", json={"unsent": 2})
    shown = as_administrator.get(f"/people/{person}?lang=en").get_data(as_text=True)
    assert "2 unsent entries were lost" in shown


def test_a_photo_or_key_that_is_no_ascii_is_malformed(as_coordinator):
    handset = enrolled(as_coordinator)
    body = {"hazard": str(uuid4()), "photo": "照片"}
    photo = {"client_id": str(uuid4()), "number": 1, "kind": "photo", "body": body}

    said = send(as_coordinator, handset, photo)
    key = as_coordinator.post(
        "/api/handsets", json={"id": str(uuid4()), "public_key": KEY, "private_key": "钥" * 64}
    )

    assert [one["state"] for one in said.get_json()["entries"]] == ["refused"]
    assert (key.status_code, key.get_json()["code"]) == (422, "fields_malformed")
