"""Employers over HTTP: registered, their gaps shown, corrected, gone."""

import pytest
from sqlalchemy import text

from tests.views.world import A, B

CONTACT, PHONE = "金丝雀联系人", "19900990099"


@pytest.fixture
def house(world):
    return world.buildings[f"{A}-0"]


@pytest.fixture
def employer(as_coordinator, house):
    answer = as_coordinator.post(
        "/api/employers",
        json={"building_id": house, "name": "春平五金", "kind": "shop", "begun_on": "2026-02-01"},
    )
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def test_an_employer_without_contact_and_statement_is_a_gap_that_shows(as_coordinator, house, employer):
    (one,) = as_coordinator.get(f"/api/employers?building={house}").json["employers"]

    assert one["gaps"] == ["contact", "phone", "size", "statement"]
    assert "no safety contact" in as_coordinator.get(f"/buildings/{house}?lang=en").text


def test_a_contact_is_whole_on_the_own_page_masked_in_lists_and_each_look_is_logged(
    as_coordinator, session, house, employer
):
    told = {"contact_name": CONTACT, "contact_phone": PHONE, "size": "1-9"}
    assert as_coordinator.patch(f"/api/employers/{employer}", json=told).status_code == 200

    front = as_coordinator.get(f"/buildings/{house}").text
    page = as_coordinator.get(f"/employers/{employer}").text

    assert "199****0099" in front
    assert PHONE not in front
    assert PHONE in page
    looked = "SELECT purpose, households FROM audit WHERE act = 'registers.view' AND about = :about"
    for about, purpose in ((f"employers of building {house}", "visit"), (f"employer {employer}", "employer")):
        assert session.execute(text(looked), {"about": about}).all() == [(purpose, [])]
    changed = session.scalar(text("SELECT facts::text FROM audit WHERE act = 'employer.changed'"))
    assert CONTACT not in changed


def test_one_that_is_gone_is_on_no_list(as_coordinator, house, employer):
    path = f"/api/employers/{employer}"

    assert as_coordinator.patch(path, json={"ended_on": "2026-01-31"}).json["code"] == "day_before_another"
    assert as_coordinator.patch(path, json={"ended_on": "2026-03-02"}).status_code == 200
    assert as_coordinator.get(f"/api/employers?building={house}").json == {"employers": []}


def test_strangers_do_not_find_it(as_stranger, as_leader, as_coordinator, world, employer):
    assert as_stranger.get(f"/employers/{employer}").status_code == 404
    assert as_stranger.patch(f"/api/employers/{employer}", json={"size": "1-9"}).status_code == 404
    assert as_leader.get(f"/employers/{employer}").status_code == 403
    there = world.buildings[f"{B}-0"]
    assert as_coordinator.get(f"/api/employers?building={there}").status_code == 404
    sent = {"building_id": there, "name": "x", "begun_on": "2026-02-01"}
    assert as_coordinator.post("/api/employers", json=sent).json["code"] == "building_not_served"


@pytest.mark.parametrize("name", ["", "   "])
def test_a_name_is_wanted(as_coordinator, house, name):
    sent = {"building_id": house, "name": name, "begun_on": "2026-02-01"}

    assert as_coordinator.post("/api/employers", json=sent).status_code == 422


def test_the_monthly_report_is_one_tap_on_today(sign_in, world, clock):
    clock.passes(days=28)  # 30 March
    as_coordinator = sign_in(world.people["coordinator"])
    assert "File as zero" in as_coordinator.get("/today?lang=en").text
    grid = world.grids["140499", A]

    filed = as_coordinator.post("/api/zero-reports", json={"grid_id": grid, "month": "2026-03-01"})

    assert (filed.status_code, filed.json["state"]) == (201, "zero")
    again = as_coordinator.post("/api/zero-reports", json={"grid_id": grid, "month": "2026-03-01"})
    assert again.json["code"] == "zero_report_filed"
    others = as_coordinator.post(
        "/api/zero-reports", json={"grid_id": world.grids["140499", B], "month": "2026-03-01"}
    )
    assert others.json["code"] == "grid_not_served"
    assert "filed 30 Mar 2026" in as_coordinator.get("/today?lang=en").text
