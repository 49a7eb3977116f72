"""Rentals, letters, needs and the page that follows a need, through the browser's requests."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text

from app.services.personal import open_places
from tests.views.world import HERE, A, C

LANDLORD, RESIDENT = "房东金丝雀", "金丝雀甲"


@pytest.fixture
def home(session, world):
    """A household in the coordinator's grid: ids of its dwelling, household and resident."""
    return _home(session, world, A)


@pytest.fixture
def home_elsewhere(session, world):
    """One in a community the coordinator does not walk."""
    return _home(session, world, C)


def _home(session, world, community):
    open_places(session, [HERE], "import")
    seat = {"building": world.buildings[f"{community}-0"], "community": world.places[community]}
    dwelling = session.scalar(
        text("INSERT INTO dwelling (building_id, code) VALUES (:building, '302') RETURNING id"), seat
    )
    household = session.scalar(
        text(
            "INSERT INTO household (dwelling_id, building_id, community_id, begun_on)"
            " VALUES (:dwelling, :building, :community, '2026-01-05') RETURNING id"
        ),
        {"dwelling": dwelling, **seat},
    )
    resident = session.scalar(
        text(
            "INSERT INTO resident (household_id, building_id, community_id, name, source, purpose)"
            " VALUES (:household, :building, :community, :name, 'visit', 'registration') RETURNING id"
        ),
        {"household": household, "name": RESIDENT, **seat},
    )
    session.execute(
        text(
            "INSERT INTO stay (resident_id, household_id, building_id, community_id, from_on)"
            " VALUES (:resident, :household, :building, :community, '2026-01-05')"
        ),
        {"resident": resident, "household": household, **seat},
    )
    session.commit()
    return {"dwelling": dwelling, "household": household, "resident": resident}


def registered(browser, home, **more):
    form = {
        "dwelling": home["dwelling"],
        "landlord": LANDLORD,
        "phone": "19900880000",
        "begun_on": "2026-02-01",
    }
    return browser.post("/rentals", data={**form, **more})


def asked(browser, home, **more):
    form = {
        "household": home["household"],
        "service": "jobs",
        "purpose": "找工作",
        "until_on": "2026-08-01",
        "consents": "yes",
    }
    return browser.post("/needs", data={**form, **more})


def png():
    drawn = BytesIO()
    Image.new("RGB", (30, 40), "white").save(drawn, "PNG")
    drawn.seek(0)
    return drawn


@pytest.mark.parametrize("browser", ["as_leader", "as_administrator"])
@pytest.mark.parametrize(
    "path", ["/rentals", "/letters", "/needs", "/rentals/1", "/needs/1", "/letters/1/scan"]
)
def test_who_keeps_no_registers_is_not_let_in(request, browser, path):
    assert request.getfixturevalue(browser).get(path).status_code == 403


def test_a_home_of_another_grid_is_not_there(as_coordinator, as_manager, home_elsewhere):
    dwelling = home_elsewhere["dwelling"]

    assert as_coordinator.get(f"/rentals/new?dwelling={dwelling}").status_code == 404
    assert registered(as_coordinator, home_elsewhere).status_code == 404
    assert asked(as_coordinator, home_elsewhere).status_code == 404
    assert as_manager.get(f"/rentals/new?dwelling={dwelling}").status_code == 200


def test_a_rental_from_registering_to_a_signed_contract(as_coordinator, home, session):
    address = registered(as_coordinator, home).location
    let = as_coordinator.post(
        f"{address}/tenancies", data={"household": home["household"], "from_on": "2026-02-01", "until_on": ""}
    )
    signed = as_coordinator.post(
        f"{address}/letters",
        data={
            "kind": "contract",
            "signed_on": "2026-02-01",
            "expires_on": "2026-03-20",
            "scan": (png(), "a.png"),
        },
        content_type="multipart/form-data",
    )
    page = as_coordinator.get(f"{address}?lang=zh")

    assert (let.status_code, signed.status_code) == (302, 302)
    assert RESIDENT in page.text
    assert "19900880000" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    scan = re.search(r"/letters/\d+/scan", page.text)[0]
    answer = as_coordinator.get(scan)
    assert (answer.mimetype, answer.data[:2]) == ("image/jpeg", b"\xff\xd8")
    listed = as_coordinator.get("/rentals").text
    assert "199****0000" in listed
    assert "19900880000" not in listed
    assert "302" in as_coordinator.get("/letters").text
    reads = session.execute(text("SELECT about, households FROM audit WHERE purpose = 'rental'")).all()
    assert len(reads) >= 3
    assert all(row.households == [home["household"]] for row in reads)


def test_a_letter_is_printed_in_both_languages_and_speaks_of_safety_alone(as_coordinator, home):
    number = registered(as_coordinator, home).location.rsplit("/", 1)[1]
    for kind, words in (
        ("contract", ("房屋租赁合同", "Rental contract")),
        ("safety-letter", ("安全责任书",)),
    ):
        page = as_coordinator.get(f"/letters/print?kind={kind}&rental={number}")

        assert page.status_code == 200
        assert all(word in page.text for word in (*words, LANDLORD))
        assert not re.search("生育|计生|怀孕|婚|pregnan|reproduc|marri", page.text)
    assert as_coordinator.get(f"/letters/print?kind=duty-statement&rental={number}").status_code == 422


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"landlord": ""}, 422),
        ({"phone": "my sister"}, 422),
        ({"begun_on": "soon"}, 422),
        ({"rooms": "two"}, 422),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_stays_typed(as_coordinator, home, wrong, code):
    answer = registered(as_coordinator, home, **wrong)

    assert answer.status_code == 422
    assert "2026-02-01" in answer.text or "begun_on" in wrong
    assert "my sister" not in re.sub(r'value="[^"]*"', "", answer.text)


def test_a_need_is_asked_referred_and_followed_without_signing_in(as_coordinator, client, home):
    page = asked(as_coordinator, home, resident=home["resident"])
    code = re.search(r"<output>([A-Z0-9-]{14})</output>", page.text)[1]
    need = re.search(r"/needs/(\d+)/referrals", page.text)[1]
    as_coordinator.post(f"/needs/{need}/referrals", data={"office": "employment"})
    followed = client.post("/follow", data={"code": code})

    assert "Job information" in followed.text
    assert "Employment service" in followed.text
    assert RESIDENT not in followed.text
    assert "找工作" not in followed.text
    assert code not in str(followed.request.url)
    assert code not in as_coordinator.get(f"/needs/{need}").text, "it is shown once"


def test_who_withdraws_by_the_code_leaves_nothing(as_coordinator, client, home, session):
    code = re.search(r"<output>([A-Z0-9-]{14})</output>", asked(as_coordinator, home).text)[1]
    answer = client.post("/follow/withdrawal", data={"code": code})
    open_places(session, [HERE], "need")

    assert answer.status_code == 200
    assert session.scalar(text("SELECT count(*) FROM need")) == 0
    assert client.post("/follow", data={"code": code}).status_code == 404


def test_without_consent_nothing_is_written(as_coordinator, home, session):
    before = session.scalar(text("SELECT count(*) FROM audit WHERE act LIKE 'need.%'"))
    answer = asked(as_coordinator, home, consents="")
    open_places(session, [HERE], "need")

    assert answer.status_code == 422
    assert session.scalar(text("SELECT count(*) FROM need")) == 0
    assert session.scalar(text("SELECT count(*) FROM audit WHERE act LIKE 'need.%'")) == before


def test_wrong_codes_slow_down(client):
    answers = [client.post("/follow", data={"code": f"ABCD-EFGH-JK{n:02}"}) for n in range(6)]

    assert [answer.status_code for answer in answers] == [404] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
