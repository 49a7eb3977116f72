"""The app of who walks: what anybody may fetch holds nothing of anybody; the pack is its own person's."""

import json
import re

from sqlalchemy import text

from app.assets import BUILD
from app.services import pack
from tests.views.world import A


def test_the_shell_is_the_same_for_everybody_and_nobody_is_named(client, as_coordinator):
    shown = client.get("/phone")
    signed_in = as_coordinator.get("/phone")

    assert shown.status_code == 200
    assert shown.get_data() == signed_in.get_data()
    assert "csrf" not in shown.get_data(as_text=True)
    assert "Set-Cookie" not in shown.headers


def test_the_shell_speaks_the_language_that_is_asked_for(client):
    english, chinese = (client.get(f"/phone?lang={one}") for one in ("en", "zh"))

    assert (english.headers["Content-Language"], chinese.headers["Content-Language"]) == ("en", "zh")
    assert "上报" in chinese.get_data(as_text=True)


def test_the_worker_knows_files_that_are_there_and_all_the_shell_asks_for(client):
    worker = client.get("/worker.js")
    files = json.loads(re.search(r"self\.FILES = (\[.*?\]);", worker.get_data(as_text=True)).group(1))
    shell = client.get("/phone").get_data(as_text=True)

    asked = set(re.findall(r'(?:src|href)="(/static/build/[^"#]+)', shell))
    assert worker.headers["Cache-Control"] == "no-cache"
    assert all((BUILD / path.rpartition("/")[2]).is_file() for path in files)
    assert asked <= set(files)


def test_the_manifest_names_icons_that_are_there(client):
    manifest = client.get("/manifest.webmanifest").get_json(force=True)

    assert manifest["start_url"] == "/today"
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_pages_of_who_walks_lead_to_the_app_and_others_do_not(as_coordinator, as_manager):
    walks, manages = (browser.get("/me").get_data(as_text=True) for browser in (as_coordinator, as_manager))

    assert 'rel="manifest"' in walks
    assert "data-walks=" in walks
    assert "data-walks=" not in manages


def test_pages_of_staff_say_whose_they_are_and_which_forms_sign_out_here(as_manager, client, world):
    page = as_manager.get("/me").get_data(as_text=True)

    assert f'data-person="{world.people["manager"]}"' in page
    leaves = re.findall(r'<form method="post" action="([^"]+)"[^>]* data-leaves>', page)
    assert leaves == ["/sign-out", "/me/sign-out-everywhere"]
    assert "data-person" not in client.get("/sign-in").get_data(as_text=True)


def test_the_pack_holds_one_s_own_buildings(as_coordinator, as_stranger, as_leader, client, world):
    own = as_coordinator.get("/api/pack").get_json()
    theirs = as_stranger.get("/api/pack").get_json()

    assert {one["code"] for one in own["buildings"]} == {f"{A}-{number}" for number in range(4)}
    assert theirs["buildings"] == []  # a manager has no grid of their own to walk
    assert own["person_id"] == world.people["coordinator"]
    assert as_leader.get("/api/pack").status_code == 403
    assert client.get("/api/pack").status_code == 401


def test_all_that_is_packed_reaches_the_phone(as_coordinator, world, monkeypatch):
    """What a schema does not name is left out of the answer without a word."""
    shop = {"building_id": world.buildings[f"{A}-0"], "name": "小店", "begun_on": "2026-02-01"}
    as_coordinator.post("/api/employers", json={**shop, "kind": "shop"})
    made, packed = pack.pack, {}
    monkeypatch.setattr(pack, "pack", lambda *given: packed.setdefault("told", made(*given)))

    told = as_coordinator.get("/api/pack").get_json()

    assert told.keys() == packed["told"].keys()
    assert told["services"][0].keys() >= {"code", "name_en", "name_zh"}
    assert told["need_days"] == packed["told"]["need_days"]
    assert told["employers"] == packed["told"]["employers"]
    assert told["employer_sizes"] == ["1-9", "10-49", "50-299", "300 or more"]
    assert [firm["missing"] for firm in told["employers"]] == [["size", "contact_name", "contact_phone"]]


def test_today_names_hazards_that_somebody_says_are_done(as_coordinator, session, world):
    hazard = as_coordinator.post(
        "/api/hazards",
        json={
            "client_id": "5f1501b5-535a-4fcc-a9b1-dfbe907382ea",
            "happened_at": "2026-03-02T11:30:00+08:00",
            "kind": "gas",
            "severity": 3,
            "building_id": world.buildings[f"{A}-0"],
        },
    ).get_json()["id"]
    address = "/today?lang=en"

    assert "Hazards to re-check" not in as_coordinator.get(address).get_data(as_text=True)
    session.execute(
        text("UPDATE hazard SET state = 'claimed done', done_at = reported_at WHERE id = :id"), {"id": hazard}
    )
    session.commit()
    shown = as_coordinator.get(address).get_data(as_text=True)
    assert "Hazards to re-check" in shown
    assert f"/hazards/{hazard}" in shown
