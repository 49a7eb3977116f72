"""The public page over HTTP: nobody signs in, nothing is kept in the browser, floods run dry."""

from __future__ import annotations

import json
import re
from datetime import date

import mapbox_vector_tile
import pytest
from sqlalchemy import text

from app.models import Dwelling, Household, Resident, Stay
from app.services.personal import open_places
from app.services.public_flood import Buckets, Flow
from app.views import flood
from tests.services.registered import CANARY_NAMES, CANARY_PHONES
from tests.views.test_map_tiles import where
from tests.views.world import EAST_STREET, ELSEWHERE, HERE, NORTH, SIDE, WEST, A

LON, LAT = WEST + 0.5 * SIDE, NORTH - 0.5 * SIDE
TILE = "/".join(map(str, where(14)))
ADDRESSES = (
    *(
        "/find",
        f"/find?place={A}&kiosk=1&lang=zh",
        "/find?lang=en",
        "/find/search?q=长安路1",
        "/find/version",
    ),
    *(f"/find/at?lon={LON}&lat={LAT}", f"/find/pack/{A}", "/find/worker.js"),
    *(f"/ogc/tiles/{HERE}", f"/ogc/tiles/{HERE}/{TILE}.mvt"),
)


@pytest.fixture
def canaries(session, world):
    """Residents in the first building."""
    open_places(session, [HERE], "import")
    building = world.buildings[f"{A}-0"]
    seat = {"building_id": building, "community_id": world.places[A]}
    dwelling = Dwelling(building_id=building, code="101", use="home")
    session.add(dwelling)
    session.flush()
    household = Household(dwelling_id=dwelling.id, begun_on=date(2026, 1, 1), **seat)
    session.add(household)
    session.flush()
    resident = Resident(
        household_id=household.id,
        name=CANARY_NAMES[0],
        phone=CANARY_PHONES[0],
        age_band="16 or over",
        registered_here=True,
        source="visit",
        purpose="registration",
        **seat,
    )
    session.add(resident)
    session.flush()
    session.add(
        Stay(
            resident_id=resident.id,
            household_id=household.id,
            from_on=date(2026, 1, 1),
            **seat,
        )
    )
    session.commit()


@pytest.mark.parametrize("address", ADDRESSES)
def test_anybody_reads_it_and_is_given_no_cookie(client, canaries, address):
    answer = client.get(address)

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    for canary in (CANARY_NAMES[0], CANARY_PHONES[0]):
        assert canary.encode() not in answer.data


def test_somebody_signed_in_sees_no_more(client, as_administrator):
    address = f"/find/at?lon={LON}&lat={LAT}"

    assert as_administrator.get(address).json == client.get(address).json


def test_a_point_leads_to_its_grid(client, session, world):
    session.execute(
        text(
            "INSERT INTO duty (grid_id, person_id, kind, during)"
            " VALUES (:grid, :person, 'primary', '[2026-01-01,)')"
        ),
        {"grid": world.grids[EAST_STREET, A], "person": world.people["coordinator"]},
    )
    session.commit()
    card = client.get(f"/find/at?lon={LON}&lat={LAT}").json["card"]

    assert card["community"]["code"] == A
    assert [one["name"] for one in card["coordinators"]] == ["Person coordinator"]
    assert "household" not in json.dumps(card)


def test_of_two_plans_the_one_of_the_smaller_place_holds(client, world):
    card = client.get(f"/find/at?lon={LON}&lat={LAT}").json["card"]

    assert card["id"] == world.grids[EAST_STREET, A]


def test_a_building_is_found_by_its_address(client, world):
    found = client.get("/find/search?q=长安路1号").json["found"]

    assert 0 < len(found) <= 10
    assert all(one["grid"]["id"] for one in found)
    told = client.get(f"/find/buildings/{world.buildings[f'{A}-1']}").json
    assert told["card"]["community"]["code"] == A


@pytest.mark.parametrize("words", ["", "%", "%25%25", "_", "__", " "])
def test_no_list_of_all(client, words):
    answer = client.get(f"/find/search?q={words}")

    assert (answer.status_code, answer.json["code"]) == (422, "search_too_short")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/find?place=nowhere", 404),
        ("/find/grids/987654321", 404),
        (f"/find/grids/{10**30}", 404),
        ("/find/buildings/987654321", 404),
        ("/find/pack/nowhere", 404),
        (f"/find/pack/{HERE}", 413),
        ("/find/at?lon=1", 400),
        ("/find/at?lon=181&lat=0", 400),
        ("/find/at?lon=nan&lat=0", 400),
        ("/ogc/tiles/nowhere/0/0/0.mvt", 404),
        (f"/ogc/tiles/{HERE}/3/8/0.mvt", 400),
    ],
)
def test_what_is_not_there_is_refused(client, address, status):
    assert client.get(address).status_code == status


@pytest.mark.parametrize(
    "address", ["/find?place=nope", "/find?place=nope&lang=zh", "/find/grids/987654321", "/ogc/tiles/nope"]
)
def test_a_refusal_begins_no_session(client, address):
    answer = client.get(address)

    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


@pytest.mark.parametrize(
    ("address", "burst"),
    [("/find?place=nope", 60), ("/find/report?lang=en", 60), ("/ogc/tiles/nope", 400)],
)
def test_pages_and_tiles_run_dry_before_the_database_is_asked(app, client, monkeypatch, address, burst):
    kind = "tile" if "tiles" in address else "look"
    app.extensions[f"buckets {kind}"] = Buckets(Flow(1, 0.001), Flow(1, 0.001))
    assert flood.FLOWS[kind][0].burst == burst
    client.get(address)
    for view in ("find", "find_report", "public_tiles"):
        monkeypatch.setattr(f"app.views.{view}.public_work", None)

    answer = client.get(address)

    assert answer.status_code == 429
    assert "Set-Cookie" not in answer.headers


def test_a_flood_runs_dry_and_says_how_long(client):
    codes = [client.get("/find/search?q=长安路") for _ in range(60)]

    refused = [answer for answer in codes if answer.status_code == 429]
    assert refused
    assert codes[0].status_code == 200
    assert int(refused[0].headers["Retry-After"]) >= 1


def test_the_page_loads_nothing_from_elsewhere(client):
    page = client.get("/find?lang=zh").text

    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    assert "csrf" not in page


def test_the_worker_is_for_the_public_page_alone(client):
    answer = client.get("/find/worker.js")

    assert answer.headers["Service-Worker-Allowed"] == "/find"
    assert answer.mimetype == "text/javascript"
    shell = json.loads(re.search(r"self\.FILES = (\[.*?\]);", answer.text)[1])
    assert shell
    assert all(client.get(path).status_code == 200 for path in shell)


def test_a_tile_tells_grids_without_figures(client):
    answer = client.get(f"/ogc/tiles/{HERE}/{TILE}.mvt")
    layers = mapbox_vector_tile.decode(answer.data)

    assert {feature["properties"]["code"] for feature in layers["grid"]["features"]} >= {f"{A}001"}
    assert not [
        name
        for layer in layers.values()
        for feature in layer["features"]
        for name in feature["properties"]
        if "household" in name or "figures" in name
    ]
    again = client.get(f"/ogc/tiles/{HERE}/{TILE}.mvt", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_tile_json_names_every_layer_there_is(client):
    told = client.get(f"/ogc/tiles/{HERE}").json
    drawn = set()
    for zoom in (12, 14, 16):
        tile = client.get(f"/ogc/tiles/{HERE}/{'/'.join(map(str, where(zoom)))}.mvt")
        drawn |= set(mapbox_vector_tile.decode(tile.data))

    assert told["tiles"] == [f"http://localhost/ogc/tiles/{HERE}/{{z}}/{{x}}/{{y}}.mvt"]
    assert drawn <= {layer["id"] for layer in told["vector_layers"]}
    west, south, east, north = told["bounds"]
    assert west < LON < east
    assert south < LAT < north


def test_a_manager_tells_what_is_read_of_an_office(as_manager, client):
    said = {"place": HERE, "phone": "0355-12345", "hours_zh": "九点到十七点", "supervision_phone": "12345"}
    before = client.get("/find/version").json["version"]

    kept = as_manager.post("/offices", data=said)

    assert kept.status_code == 302
    card = client.get(f"/find/at?lon={LON}&lat={LAT}").json["card"]
    assert (card["office"]["phone"], card["office"]["hours_zh"]) == ("0355-12345", "九点到十七点")
    assert client.get("/find/version").json["version"] != before
    assert "0355-12345" in as_manager.get("/offices").text


def test_of_districts_side_by_side_the_office_of_the_first_is_shown(as_administrator):
    assert f'<option value="{ELSEWHERE}" selected>' in as_administrator.get("/offices").text


def test_an_office_elsewhere_is_not_a_managers_to_change(as_stranger, session):
    answer = as_stranger.post("/offices", data={"place": HERE, "phone": "1"})

    assert answer.status_code == 403
    assert session.scalar(text("SELECT count(*) FROM office")) == 0


def test_too_long_words_of_an_office_stay_in_the_form(as_manager):
    answer = as_manager.post("/offices", data={"place": HERE, "phone": "1" * 201})

    assert answer.status_code == 422
    assert "1" * 201 in answer.text
