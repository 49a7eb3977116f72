"""The registers at the door over HTTP: who gets in, what is sent, and what is shown."""

import re
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.models import RulePack
from app.services.rules import DECREE_663, USUAL, as_json, changed
from tests.views.conftest import PASSWORD
from tests.views.world import NORTH, SIDE, WEST, A, B

NAME, PHONE = "金丝雀甲", "19900770055"


@pytest.fixture
def house(world):
    """A building of the coordinator's grid."""
    return world.buildings[f"{A}-0"]


@pytest.fixture
def neighbour(world):
    """One of another community's."""
    return world.buildings[f"{B}-0"]


def arrival(where, **more):
    return {
        "client_id": str(uuid4()),
        "from_on": "2026-03-01",
        "residents": [{"name": NAME, "phone": PHONE, "registered_here": False}],
        "consent": True,
        **where,
        **more,
    }


@pytest.fixture
def household(as_coordinator, house):
    answer = as_coordinator.post("/api/arrivals", json=arrival({"building_id": house, "door": "101"}))
    assert answer.status_code == 201, answer.json
    return answer.json["household_id"]


def reads(session):
    return session.execute(
        text("SELECT act, about, purpose, households FROM audit WHERE households IS NOT NULL ORDER BY id")
    ).all()


def test_an_arrival_is_seen_on_the_building_and_the_households_page_and_each_read_is_logged(
    as_coordinator, session, house, household
):
    front = as_coordinator.get(f"/buildings/{house}")
    page = as_coordinator.get(f"/households/{household}")

    assert NAME in front.text
    assert PHONE not in front.text
    assert NAME in page.text
    assert PHONE in page.text
    assert f'action="/households/{household}/' in page.text  # the code by which they read about themselves
    assert {answer.headers["Cache-Control"] for answer in (front, page)} == {"no-store"}
    assert reads(session) == [
        ("registers.view", f"building {house}", "visit", [household]),
        ("registers.view", f"household {household}", "visit", [household]),
    ]


def test_the_way_from_the_map_and_back(as_coordinator, house, household):
    front = as_coordinator.get(f"/buildings/{house}").text
    page = as_coordinator.get(f"/households/{household}").text

    assert f'href="/households/{household}"' in front
    assert f'href="/buildings/{house}"' in page
    for shown in (front, page):
        assert re.search(r'href="/map\?place=\d+&amp;grid=\d+#18\.2/[\d.]+/[\d.]+"', shown)


def test_a_manager_of_the_place_sees_it_and_others_do_not(
    as_manager, as_leader, as_administrator, as_stranger, client, household, house
):
    assert as_manager.get(f"/api/households/{household}").json["residents"][0]["name"] == NAME
    for browser in (as_leader, as_administrator):
        assert browser.get(f"/api/households/{household}").status_code == 403
        assert browser.get(f"/buildings/{house}").status_code == 403
    assert as_stranger.get(f"/api/households/{household}").status_code == 404
    assert as_stranger.get(f"/buildings/{house}").status_code == 403
    assert client.get(f"/api/households/{household}").status_code == 401


def test_a_building_in_the_community_but_in_no_grid_of_ones_own_tells_who_serves_it(
    as_coordinator, session, world, house, household
):
    session.execute(text("UPDATE duty SET during = tstzrange(lower(during), now())"))
    session.execute(
        text(
            "INSERT INTO duty (grid_id, person_id, kind, during)"
            " VALUES (:g, :p, 'primary', tstzrange(now(), NULL))"
        ),
        {"g": world.grids["140499", A], "p": world.people["stranger"]},
    )
    session.commit()

    page = as_coordinator.get(f"/buildings/{house}?lang=en").text

    assert "Person stranger answers for it" in page
    assert NAME not in page
    assert as_coordinator.get(f"/api/buildings/{house}/dwellings").status_code == 404
    refused = as_coordinator.post("/api/arrivals", json=arrival({"building_id": house, "door": "9"}))
    assert (refused.status_code, refused.json["code"]) == (403, "building_not_served")


def test_the_visit_form_asks_only_what_is_missing(as_coordinator, household):
    before = as_coordinator.get(f"/visits/new?household={household}&lang=en").text
    (resident,) = as_coordinator.get(f"/api/households/{household}").json["residents"]
    assert resident["missing"] == ["age_band"]
    known = before.split('class="people-list known"')[1].split("</ul>")[0]
    assert 'type="tel"' not in known
    assert f'name="age-{resident["id"]}"' in known

    sent = {
        "client_id": str(uuid4()),
        "happened_at": "2026-03-02T03:00:00Z",
        "result": "met",
        "household_id": household,
        "verified": True,
        "consent": True,
        "residents": [{"id": resident["id"], "age_band": "16 or over"}],
        "said": [{"asked": "灯", "promised": "修", "due_on": "2026-03-09"}, {"asked": None}],
    }
    written = as_coordinator.post("/api/visits", json=sent)
    again = as_coordinator.post("/api/visits", json=sent)

    assert (written.status_code, written.json["late"], written.json["again"]) == (201, False, False)
    assert again.json == {**written.json, "again": True}
    after = as_coordinator.get(f"/api/households/{household}").json
    assert (after["residents"][0]["missing"], len(after["visits"]), len(after["promises"])) == ([], 1, 1)
    assert f'name="age-{resident["id"]}"' not in as_coordinator.get(f"/visits/new?household={household}").text


def test_a_departure_ends_the_household_and_is_taken_back(as_coordinator, household):
    (resident,) = as_coordinator.get(f"/api/households/{household}").json["residents"]
    sent = {"residents": [resident["id"]], "until_on": "2026-03-02"}

    left = as_coordinator.post("/api/departures", json=sent).json

    assert left == {"household_id": household, "stays": [resident["stay_id"]], "ended": True}
    assert as_coordinator.get(f"/api/households/{household}").json["residents"] == []
    assert NAME not in as_coordinator.get(f"/households/{household}").text
    assert as_coordinator.post("/api/departures", json=sent).json["code"] == "stay_over"
    assert as_coordinator.delete(f"/api/departures/{resident['stay_id']}").status_code == 200
    assert NAME in as_coordinator.get(f"/households/{household}").text


def test_a_field_is_corrected(as_coordinator, household):
    (resident,) = as_coordinator.get(f"/api/households/{household}").json["residents"]
    path = f"/api/residents/{resident['id']}"

    assert as_coordinator.patch(path, json={"phone": "138 1234 5678"}).status_code == 200
    bad = as_coordinator.patch(path, json={"phone": "call me"})

    assert (bad.status_code, bad.json["code"]) == (422, "telephone_malformed")
    now = as_coordinator.get(f"/api/households/{household}").json["residents"][0]
    assert now["phone"] == "13812345678"


@pytest.mark.parametrize(
    "broken",
    [
        {"residents": []},
        {"residents": [{"name": ""}]},
        {"client_id": "7"},
        {"from_on": "yesterday"},
        {"from_on": "2026-03-03"},
        {"consent": False},
        {"door": None},
        {"source": "rumour"},
    ],
)
def test_a_broken_arrival_is_a_problem_and_writes_nothing(as_coordinator, session, house, broken):
    answer = as_coordinator.post("/api/arrivals", json=arrival({"building_id": house, "door": "7"}, **broken))

    assert answer.status_code == 422
    assert NAME not in answer.text
    assert as_coordinator.get(f"/api/buildings/{house}/dwellings").json["doors"] == []


@pytest.mark.parametrize("page", ["/today", "/registers"])
def test_the_lists_of_rentals_letters_and_needs_are_reached(as_coordinator, page):
    shown = as_coordinator.get(page).text

    for path in ("/rentals", "/letters", "/needs"):
        assert f'href="{path}"' in shown
        assert as_coordinator.get(path).status_code == 200


def test_today_lists_what_is_due_with_its_reason(as_coordinator, as_manager, world, house, household):
    page = as_coordinator.get("/today?lang=en").text

    assert "Verify the entry" in page
    assert f"/visits/new?household={household}" in page
    assert NAME not in page
    (building,) = as_coordinator.get("/api/due").json["buildings"]
    assert (building["id"], [one["kind"] for one in building["due"]]) == (house, ["verification"])
    assert as_manager.get("/api/due").json == {"grids": [], "buildings": []}
    grid = world.grids["140499", A]
    assert len(as_manager.get(f"/api/due?grid={grid}").json["buildings"]) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "path",
    [
        "/buildings/{house}",
        "/households/{household}",
        "/visits/new?household={household}",
        "/arrivals/new?building={house}",
        "/today",
    ],
)
def test_pages_are_in_both_languages(as_coordinator, house, household, path, language, caplog):
    address = path.format(house=house, household=household)
    answer = as_coordinator.get(f"{address}{'&' if '?' in address else '?'}lang={language}")

    assert answer.status_code == 200
    assert f'lang="{ {"en": "en", "zh": "zh-Hans"}[language] }"' in answer.text
    assert "no words for" not in caplog.text


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_what_lies_in_no_year_of_ours_is_a_problem(as_coordinator, household, year):
    sent = {
        "client_id": str(uuid4()),
        "happened_at": f"{year}-01-01T00:00:00Z",
        "result": "met",
        "household_id": household,
    }

    assert as_coordinator.post("/api/visits", json=sent).status_code == 422
    month = {"grid_id": 1, "month": f"{year}-12-31"}
    assert as_coordinator.post("/api/zero-reports", json=month).status_code == 422


@pytest.mark.parametrize(
    "path", ["/visits/new", "/arrivals/new", "/visits/new?household=x", "/households/999999"]
)
def test_what_names_nothing_is_not_found(as_coordinator, path):
    assert as_coordinator.get(path).status_code == 404


def test_a_building_s_page_holds_its_notes_and_hazards(as_coordinator, as_manager, house):
    path = f"/buildings/{house}/notes"
    reported = {"happened_at": "2026-03-02T11:30:00+08:00", "kind": "gas", "severity": 3}
    as_coordinator.post("/api/hazards", json={**reported, "client_id": str(uuid4()), "building_id": house})
    assert as_coordinator.post(path, data={"words": "院内有犬"}).location.endswith(
        f"/buildings/{house}#notes"
    )
    refused = as_coordinator.post(path, data={"words": "找王女士"})
    page = as_manager.get(f"/buildings/{house}").text
    note = int(re.search(rf'action="{path}/(\d+)/removal"', page)[1])

    assert refused.status_code == 422
    assert 'value="找王女士"' in refused.text
    assert "院内有犬" in page
    assert re.search(r'href="/hazards/\d+"', page)
    assert as_coordinator.post(f"{path}/{note}/removal").status_code == 302
    assert "院内有犬" not in as_coordinator.get(f"/buildings/{house}").text


def test_held_reports_are_counted_for_who_may_settle_them(as_manager, as_leader, as_stranger, client):
    where = {"lon": WEST + SIDE / 2, "lat": NORTH - SIDE / 2}
    client.post(
        "/find/report",
        data={"sent_as": str(uuid4()), "kind": "gas", "description": "王先生家漏气", **where},
        headers={"Origin": "http://localhost"},
        with_token=False,
    )

    assert as_manager.get("/api/hazards/held").json == {"waiting": 1}
    assert as_stranger.get("/api/hazards/held").json == {"waiting": 0}
    assert as_leader.get("/api/hazards/held").status_code == 403
    assert "data-held" in as_manager.get("/map").text
    assert "data-held" not in as_leader.get("/map").text


@pytest.fixture
def with_numbers(session):
    """The rules have birth dates and ID numbers, the exchange file whole ones."""
    rules = changed(
        DECREE_663, {f"identity.{name}": 1 for name in ("birth_date", "id_number", "exchange_number")}
    )
    session.add(RulePack(code=USUAL, from_on=date(2026, 1, 1), settings=as_json(rules)))
    session.commit()


NUMBER = "11010519491231002X"


def test_forms_have_no_place_for_numbers_where_the_rules_have_none(as_coordinator, household):
    page = as_coordinator.get(f"/households/{household}").text
    resident = re.search(r'data-resident="(\d+)"', page)[1]
    for field, value in (("id_number", NUMBER), ("birth_date", "1949-12-31")):
        answer = as_coordinator.patch(f"/api/residents/{resident}", json={field: value})
        assert (answer.status_code, answer.json["code"]) == (422, f"{field}_off")
        assert value not in answer.text
        assert f'name="{field}"' not in page
    assert as_coordinator.get(f"/residents/{resident}/id-number").status_code == 404


def test_a_number_is_shown_by_its_end_and_whole_for_reason_and_password(
    as_coordinator, as_stranger, as_leader, session, household, with_numbers
):
    empty = as_coordinator.get(f"/households/{household}").text
    resident = re.search(r'data-resident="(\d+)"', empty)[1]
    told = {"birth_date": "1949-12-31", "id_number": "110105 19491231 002x"}
    wrong = as_coordinator.patch(f"/api/residents/{resident}", json={**told, "id_number": "1.10105E+17"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "id_number_mangled")
    assert as_coordinator.patch(f"/api/residents/{resident}", json=told).status_code == 200

    page, front = as_coordinator.get(f"/households/{household}").text, f"/residents/{resident}/id-number"
    assert 'name="id_number"' in empty
    assert "002X" in page
    assert NUMBER not in page
    assert [b.get(front).status_code for b in (as_coordinator, as_stranger, as_leader)] == [200, 404, 403]
    given = {"reason": "核对居住证申请材料", "password": PASSWORD}
    for missing in ({**given, "password": "wrong"}, {**given, "reason": "要看"}):
        answer = as_coordinator.post(front, data=missing)
        assert answer.status_code == 422
        assert "19491231" not in answer.text
    answer = as_coordinator.post(front, data=given)
    assert (answer.status_code, "110105 19491231 002X" in answer.text) == (200, True)
    assert answer.headers["Cache-Control"] == "no-store"
    acts = session.execute(
        text("SELECT households, facts ->> 'reason' FROM audit WHERE act = 'registers.reveal'")
    ).all()
    assert acts == [([household], given["reason"])]
    code = re.search(
        r"<output>([A-Z0-9-]{14})</output>", as_coordinator.post(f"/households/{household}/own-code").text
    )
    as_leader.post("/my-data", data={"code": code[1]})
    own = as_leader.get("/my-data").text
    assert given["reason"] in own
    assert "002X" in own
    assert NUMBER not in own
