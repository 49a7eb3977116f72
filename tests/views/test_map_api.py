"""The read API of the map over HTTP."""

import json

import pytest
from sqlalchemy import text

from app.views import map_schemas as schemas
from tests.views.world import ELSEWHERE, HERE, NORTH, SIDE, WEST, A, B, C

LON, LAT = WEST + 0.5 * SIDE, NORTH - 0.5 * SIDE


@pytest.fixture
def addresses(world):
    """Each route of the map with its schema."""
    plan, grid = world.plans[HERE], world.grids[HERE, A]
    return {
        "/api/places": schemas.Places,
        f"/api/places/{HERE}": schemas.OnePlace,
        f"/api/places/{HERE}/plans": schemas.Plans,
        f"/api/plans/{plan}": schemas.Plan,
        f"/api/plans/{plan}/grids": schemas.Grids,
        f"/api/plans/{plan}/border": schemas.InnerBorder,
        f"/api/grids/{grid}": schemas.OneGrid,
        f"/api/grids/{grid}/buildings?sort=address&limit=2": schemas.Buildings,
        f"/api/plans/{plan}/at?lon={LON}&lat={LAT}": schemas.At,
        f"/api/places/{HERE}/nearest-building?lon={LON}&lat={LAT}": schemas.Nearest,
        f"/api/places/{HERE}/search?q=长安&plan={plan}": schemas.Found,
    }


def test_nobody_reads(client, addresses):
    assert {client.get(address).status_code for address in addresses} == {401}


def test_strangers_read_what_is_theirs(as_stranger, addresses):
    statuses = {address: as_stranger.get(address).status_code for address in addresses}

    assert statuses.pop("/api/places") == 200
    assert set(statuses.values()) == {403}
    assert {place["code"][:6] for place in as_stranger.get("/api/places").json["places"]} == {ELSEWHERE}


def test_every_answer_is_as_it_is_described(as_manager, addresses):
    for address, schema in addresses.items():
        answer = as_manager.get(address)

        assert answer.status_code == 200, address
        assert schema().validate(answer.json) == {}, address
        assert set(answer.json) == {field.data_key or name for name, field in schema().fields.items()}, (
            address
        )


@pytest.mark.parametrize("more", ["surprise=1", "lang=tlh", "lon=1&lon=2&x=y"])
def test_what_is_not_known_is_not_taken(as_manager, addresses, more):
    for address in addresses:
        answer = as_manager.get(f"{address}{'&' if '?' in address else '?'}{more}")

        assert answer.status_code == 422, address
        assert answer.json["code"] == "fields_malformed"


def test_a_language_may_stand_in_every_address(as_manager, addresses):
    for address in addresses:
        assert as_manager.get(f"{address}{'&' if '?' in address else '?'}lang=zh").status_code == 200


@pytest.mark.parametrize(
    "point",
    [
        "",
        "lon=113",
        "lon=nan&lat=1",
        "lon=1&lat=inf",
        "lon=181&lat=0",
        "lon=0&lat=-90.5",
        "lon=a&lat=b",
        "lon=&lat=",
    ],
)
def test_a_point_is_two_numbers_of_degrees(as_manager, world, point):
    for address in (f"/api/plans/{world.plans[HERE]}/at", f"/api/places/{HERE}/nearest-building"):
        assert as_manager.get(f"{address}?{point}").status_code == 422


@pytest.mark.parametrize(
    "page",
    ["limit=0", "limit=501", "limit=1e3", "sort=geometry", "sort=code;--", "descending=maybe", "after="],
)
def test_a_page_is_asked_for_in_known_words(as_manager, world, page):
    answer = as_manager.get(f"/api/grids/{world.grids[HERE, A]}/buildings?{page}")

    assert answer.status_code == 422


@pytest.mark.parametrize("cursor", ["!", "AAAA", "WyJjb2RlIiwxLDFd", "WyJjb2RlIl0=", "bnVsbA==", "W" * 400])
def test_a_cursor_of_no_page_is_refused(as_manager, world, cursor):
    answer = as_manager.get(f"/api/grids/{world.grids[HERE, A]}/buildings?after={cursor}")

    assert answer.status_code == 400
    assert answer.json["code"] == "request_malformed"


@pytest.mark.parametrize("words", ["q=", f"q={'x' * 61}", "", "q=a&plan=x", f"q=a&plan={2**63}"])
def test_what_is_searched_for_has_a_length(as_manager, words):
    assert as_manager.get(f"/api/places/{HERE}/search?{words}").status_code == 422


def test_the_plan_searched_in_must_be_theirs_to_read(as_manager, as_coordinator, world):
    assert as_manager.get(f"/api/places/{HERE}/search?q=1&plan=987654321").status_code == 404
    found = as_coordinator.get(f"/api/places/{HERE}/search?q=0&plan={world.plans[HERE]}").json

    assert {grid["code"] for grid in found["grids"]} == {f"{A}001"}
    assert {building["code"][:12] for building in found["buildings"]} == {A}


def test_the_grids_of_another_districts_plan_stay_hidden(as_manager, world):
    answer = as_manager.get(f"/api/places/{HERE}/search?q=001&plan={world.plans[ELSEWHERE]}")

    assert answer.status_code == 200
    assert answer.json["grids"] == []


def test_a_coordinator_reads_the_own_part_of_the_districts_plan(as_coordinator, world):
    plan = as_coordinator.get(f"/api/plans/{world.plans[HERE]}").json
    grids = as_coordinator.get(f"/api/plans/{world.plans[HERE]}/grids").json["grids"]

    assert plan["grids"] == 1
    assert [grid["code"] for grid in grids] == [f"{A}001"]
    assert as_coordinator.get(f"/api/grids/{world.grids[HERE, A]}").json["neighbours"] == []
    assert as_coordinator.get(f"/api/grids/{world.grids[HERE, B]}").status_code == 403


def test_a_coordinator_finds_no_grid_beyond_the_own_community(as_coordinator, world):
    beyond = f"/api/plans/{world.plans[HERE]}/at?lon={LON + 4 * SIDE}&lat={LAT}"

    assert as_coordinator.get(beyond).json == {"grid": None}
    nearest = as_coordinator.get(f"/api/places/{HERE}/nearest-building?lon={LON + 4 * SIDE}&lat={LAT}").json
    assert nearest["building"]["code"].startswith(A)


def test_pages_follow_by_the_cursor_given(as_manager, world):
    address = f"/api/grids/{world.grids[HERE, A]}/buildings?limit=3&sort=name&descending=true"

    first = as_manager.get(address).json
    second = as_manager.get(f"{address}&after={first['next']}").json

    assert [len(page["buildings"]) for page in (first, second)] == [3, 1]
    assert second["next"] is None
    assert first["count"] == second["count"] == 4


def test_the_list_of_grids_is_not_sent_again(as_manager, session, world):
    address = f"/api/plans/{world.plans[HERE]}/grids"
    mark = as_manager.get(address).headers["ETag"]

    unchanged = as_manager.get(address, headers={"If-None-Match": mark})
    session.execute(
        text(
            "UPDATE duty SET during = tstzrange(lower(during), now() - interval '1 day')"
            " WHERE grid_id = :grid"
        ),
        {"grid": world.grids[HERE, A]},
    )
    session.commit()
    changed = as_manager.get(address, headers={"If-None-Match": mark})

    assert unchanged.status_code == 304
    assert changed.status_code == 200
    assert next(one for one in changed.json["grids"] if one["code"] == f"{A}001")["vacant_since"]


def test_large_answers_are_packed(as_manager, world):
    address = f"/api/plans/{world.plans[HERE]}/grids"

    packed = as_manager.get(address, headers={"Accept-Encoding": "gzip"})
    plain = as_manager.get(address, headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    assert len(json.loads(plain.data)["grids"]) == 3


def test_places_of_a_manager_are_a_tree(as_manager):
    found = {place["code"]: place for place in as_manager.get("/api/places").json["places"]}

    assert set(found) == {HERE, A[:9], C[:9], A, B, C}
    assert found[A]["parent"] == A[:9]
    assert found[HERE]["tiles"].startswith(f"/tiles/ground/{HERE}/")
    assert found[HERE]["buildings"] == 12
