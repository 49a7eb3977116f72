"""OGC API – Features over HTTP, by the tests of the standard's own suite that apply (Annex A of 17-069r4)."""

from __future__ import annotations

import json

import pytest

from app.models import Role
from tests.views.world import HERE, NORTH, SIDE, WEST, A, E

DOCUMENTS = ("", "/api", "/conformance", "/collections", "/collections/grids", "/collections/grids/items")


@pytest.fixture(autouse=True)
def coordinator_elsewhere(session, world):
    """Who answers for a grid that is published is a coordinator there: nobody else is named."""
    session.add(Role(person_id=world.people["stranger"], kind="coordinator", place_id=world.places[E]))
    session.commit()


def links(answer, rel):
    return [link for link in answer.json["links"] if link["rel"] == rel]


def items(client, name="grids", **asked):
    return client.get(f"/ogc/collections/{name}/items", query_string=asked)


def test_the_landing_page_leads_on(client):
    answer = client.get("/ogc")

    for rel in ("service-desc", "conformance", "data", "self"):
        for link in links(answer, rel):
            assert client.get(link["href"]).status_code == 200, rel


@pytest.mark.parametrize("path", DOCUMENTS)
def test_each_document_is_there_for_people_too(client, path):
    asked = client.get(f"/ogc{path}", headers={"Accept": "text/html"})
    said = client.get(f"/ogc{path}?f=html")

    assert asked.mimetype == said.mimetype == "text/html"
    assert "Set-Cookie" not in said.headers


def test_the_classes_told_are_the_ones_kept(client):
    classes = client.get("/ogc/conformance").json["conformsTo"]

    assert {one.rpartition("/")[2] for one in classes} == {"core", "oas30", "html", "geojson"}


def test_the_description_names_every_collection(client):
    answer = client.get("/ogc/api")

    assert answer.mimetype == "application/vnd.oai.openapi+json"
    paths = json.loads(answer.data)["paths"]
    for one in client.get("/ogc/collections").json["collections"]:
        assert f"/collections/{one['id']}/items" in paths
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        assert west < east
        assert south < north


@pytest.mark.parametrize("name", ["grids", "buildings", "duties"])
def test_a_collection_is_read_through_page_by_page(client, name):
    whole = items(client, name, limit=1000).json["features"]
    found, address = [], f"/ogc/collections/{name}/items?limit=2"
    while address:
        answer = client.get(address)
        assert len(answer.json["features"]) <= 2
        found += answer.json["features"]
        address = next((link["href"] for link in links(answer, "next")), None)

    assert whole
    assert [one["id"] for one in found] == [one["id"] for one in whole]


def test_the_next_page_keeps_what_was_asked(client):
    answer = items(client, "buildings", limit=1, kind="none at all")

    assert answer.json["features"] == []
    answer = items(client, "buildings", limit=1, bbox=f"{WEST},{NORTH - 1},{WEST + 1},{NORTH}")
    assert "bbox=" in links(answer, "next")[0]["href"]


def test_features_are_geojson_with_a_link_to_each(client):
    answer = items(client)
    one = answer.json["features"][0]
    alone = client.get(f"/ogc/collections/grids/items/{one['id']}")

    assert answer.mimetype == alone.mimetype == "application/geo+json"
    assert {name: alone.json[name] for name in one} == one
    assert one["geometry"]["type"] == "MultiPolygon"


def test_a_box_takes_what_it_touches(client):
    inside = items(client, bbox=f"{WEST},{NORTH - SIDE},{WEST + SIDE},{NORTH}").json["features"]
    high = items(client, bbox=f"{WEST},{NORTH - SIDE},0,{WEST + SIDE},{NORTH},9").json["features"]
    beside = items(client, bbox="10,50,11,51").json["features"]
    around_the_world = items(client, bbox="170,-90,114,90").json["features"]

    assert {one["properties"]["community"] for one in inside} == {A}
    assert high == inside
    assert beside == []
    assert len(around_the_world) == len(items(client).json["features"])


def test_time_is_that_of_duties(client):
    def found(said):
        return len(items(client, "duties", datetime=said).json["features"])

    everything = len(items(client, "duties").json["features"])
    assert everything == found("2026-03-01T00:00:00Z/..") == found("2026-03-01T00:00:00Z")
    assert found("../2020-01-01T00:00:00Z") == 0


def test_a_limit_over_the_most_is_the_most(client):
    assert items(client, limit=10**9).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 0},
        {"limit": "x"},
        {"limit": -1},
        {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"},
        {"bbox": "1,9,2,3"},
        {"bbox": "nan,1,2,3"},
        {"datetime": "yesterday"},
        {"datetime": "2026-01-02T00:00:00Z/2026-01-01T00:00:00Z"},
        {"datetime": "../.."},
        {"cursor": "nonsense"},
        {"f": "xml"},
        {"households": "5"},
        {"bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326"},
    ],
)
def test_what_is_malformed_or_unknown_is_refused(client, asked):
    assert items(client, **asked).status_code == 400


@pytest.mark.parametrize(
    "path", ["nothing", "nothing/items", "grids/items/987654321", f"grids/items/{10**30}"]
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(f"/ogc/collections/{path}").status_code == 404


def test_no_figure_of_households_and_no_staff_but_work_names(client):
    said = b"".join(
        items(client, name, limit=1000).data for name in ("grids", "buildings", "duties")
    ).decode()

    assert "household" not in said
    assert "account" not in said
    assert "Person stranger" in said


def test_other_sites_may_read_it(client):
    assert items(client).headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/find?place={HERE}").headers.get("Access-Control-Allow-Origin") is None
