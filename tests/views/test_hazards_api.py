"""Hazards over the API: who may, what is refused, and a case from its report to its end."""

from io import BytesIO
from uuid import uuid4

import pytest

from tests.services.cases import picture
from tests.views.world import A, C

NOON = "2026-03-02T12:00:00+08:00"


@pytest.fixture
def given(world):
    """A report that is taken, on a building of community A."""
    return {
        "client_id": str(uuid4()),
        "happened_at": NOON,
        "kind": "gas",
        "severity": 2,
        "building_id": world.buildings[f"{A}-0"],
        "description": "hose is cracked",
    }


def reported(browser, given, **more):
    answer = browser.post("/api/hazards", json={**given, "client_id": str(uuid4()), **more})
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def acts(browser, hazard, act, version, **more):
    return browser.post(f"/api/hazards/{hazard}/acts", json={"act": act, "version": version, **more})


def photo(colour="red"):
    return {"photo": (BytesIO(picture(colour)), "a.jpg")}


def test_nobody_else_reports_lists_or_opens(client, as_leader, as_stranger, as_manager, given):
    hazard = reported(as_manager, given)["id"]

    assert client.get("/api/hazards").status_code == 401
    assert client.post("/api/hazards", json=given).status_code == 401
    assert as_leader.post("/api/hazards", json=given).status_code == 403
    assert as_stranger.post("/api/hazards", json=given).status_code == 403
    assert as_stranger.get(f"/api/hazards/{hazard}").status_code == 403
    assert as_stranger.get("/api/hazards").get_json()["hazards"] == []
    assert acts(as_stranger, hazard, "accept", 1).status_code == 403
    assert as_manager.get("/api/hazards/999999999").status_code == 404


def test_a_coordinator_reports_once_and_sends_the_photo_after(as_coordinator, given):
    first, again = (as_coordinator.post("/api/hazards", json=given).get_json() for _ in range(2))
    sent = as_coordinator.post(f"/api/hazards/sent/{given['client_id']}/photos", data=photo())

    assert (first["id"], first["again"], again["again"]) == (again["id"], False, True)
    assert sent.status_code == 201
    seen = as_coordinator.get(f"/api/hazards/{first['id']}").get_json()
    assert [one["id"] for one in seen["photos"]] == [sent.get_json()["id"]]
    assert (seen["kind"], seen["clock"], seen["coordinator"]) == ("gas", "green", first["coordinator"])
    assert "accept" not in {one["act"] for one in seen["acts"]}
    missing = as_coordinator.post(f"/api/hazards/sent/{uuid4()}/photos", data=photo())
    assert missing.status_code == 404


def test_a_case_goes_from_its_report_to_its_end(as_manager, as_coordinator, given):
    hazard = reported(as_coordinator, given)["id"]
    version = 1
    for browser, act, more in (
        (as_manager, "accept", {}),
        (as_manager, "file", {}),
        (as_manager, "dispatch", {"office": "gas office", "told": "on Friday"}),
        (as_coordinator, "begin", {}),
        (as_coordinator, "claim", {}),
        (as_manager, "verify", {}),
        (as_manager, "close", {"told": "mended"}),
    ):
        answer = acts(browser, hazard, act, version, **more)
        assert answer.status_code == 200, answer.get_json()
        version = answer.get_json()["version"]

    seen = as_manager.get(f"/api/hazards/{hazard}").get_json()
    assert (seen["state"], seen["clock"], seen["overdue"]) == ("closed", None, False)
    assert [step["told"] for step in seen["steps"] if step["told"]] == ["on Friday", "mended"]


def test_what_is_stale_or_not_now_is_a_conflict(as_manager, given):
    hazard = reported(as_manager, given)["id"]
    acts(as_manager, hazard, "accept", 1)

    stale = acts(as_manager, hazard, "file", 1)
    wrong = acts(as_manager, hazard, "close", 2)

    assert (stale.status_code, stale.get_json()["code"]) == (409, "hazard_changed")
    assert stale.get_json()["facts"]["current"] == 2
    assert (wrong.status_code, wrong.get_json()["code"]) == (409, "case_not_now")


def test_the_same_kind_nearby_is_offered(as_coordinator, given):
    hazard = reported(as_coordinator, given)["id"]
    asked = f"/api/hazards/near?building={given['building_id']}&kind="

    assert [one["id"] for one in as_coordinator.get(f"{asked}gas").get_json()["hazards"]] == [hazard]
    assert as_coordinator.get(f"{asked}fire").get_json()["hazards"] == []


def test_a_list_is_narrowed_by_its_address(as_manager, given, world):
    gas = reported(as_manager, given)["id"]
    fire = reported(as_manager, given, kind="fire", building_id=world.buildings[f"{C}-0"])["id"]

    def listed(asked):
        return [one["id"] for one in as_manager.get(f"/api/hazards?{asked}").get_json()["hazards"]]

    assert listed(f"place={A}") == [gas]
    assert set(listed("kind=gas&kind=fire&open=true&severity=2")) == {gas, fire}
    assert listed("state=closed") == []
    assert as_manager.get("/api/hazards?west=113").status_code == 422
    assert as_manager.get("/api/hazards?state=lost").status_code == 422


def test_a_photo_that_is_none_is_refused(as_manager, given):
    hazard = reported(as_manager, given)["id"]
    sent = {"photo": (BytesIO(b"GIF89a"), "a.gif")}

    assert as_manager.post(f"/api/hazards/{hazard}/photos", data=sent).get_json()["code"] in (
        "scan_type_unknown",
        "scan_damaged",
    )
