"""Tiles over HTTP: who gets them, packed or not, and when a browser's own is still good."""

import gzip
from math import asinh, floor, pi, radians, tan

import mapbox_vector_tile
import pytest
from sqlalchemy import text

from tests.views.world import EAST_STREET, HERE, NORTH, SIDE, WEST, A

LON, LAT = WEST + 0.5 * SIDE, NORTH - 0.5 * SIDE


def where(z, lon=LON, lat=LAT):
    return z, floor((lon + 180) / 360 * 2**z), floor((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)


@pytest.fixture
def plan(world):
    """Address of a tile of the plan of the first district."""

    def address(z=14, code=HERE, version="1"):
        return f"/tiles/plan/{world.plans[code]}/{version}/{'/'.join(map(str, where(z)))}.mvt"

    return address


def ground(z=14):
    return f"/tiles/ground/{HERE}/1/{'/'.join(map(str, where(z)))}.mvt"


def decoded(answer):
    return mapbox_vector_tile.decode(answer.data)


def test_nobody_gets_a_tile(client, plan):
    assert client.get(plan()).status_code == client.get(ground()).status_code == 401


def test_a_stranger_gets_no_tile(as_stranger, plan):
    answer = as_stranger.get(plan())

    assert answer.status_code == 403
    assert answer.json["code"] == "not_in_scope"


def test_there_are_no_tiles_of_what_is_not_there(as_administrator):
    assert as_administrator.get("/tiles/plan/987654321/1/0/0/0.mvt").status_code == 404
    assert as_administrator.get("/tiles/ground/nowhere/1/0/0/0.mvt").status_code == 404


@pytest.mark.parametrize("address", ["3/8/0", "3/0/8", "23/0/0", f"{10**30}/0/0", f"0/{10**30}/0"])
def test_numbers_that_name_no_tile_are_refused(as_manager, world, address):
    for whole in (
        f"/tiles/ground/{HERE}/1/{address}.mvt",
        f"/tiles/plan/{world.plans[HERE]}/1/{address}.mvt",
    ):
        answer = as_manager.get(whole)

        assert answer.status_code == 400
        assert answer.json["code"] == "tile_unknown"


@pytest.mark.parametrize("address", ["-1/0/0", "1.5/0/0", "a/0/0", "1/0", f"0/0/{'9' * 5000}"])
def test_what_is_no_number_is_no_address(as_manager, address):
    assert as_manager.get(f"/tiles/ground/{HERE}/1/{address}.mvt").status_code == 404


def test_a_manager_gets_a_tile_of_the_whole_plan(as_manager, plan):
    answer = as_manager.get(plan())

    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {one["properties"]["code"][:12] for one in decoded(answer)["grid"]["features"]} > {A}


def test_a_coordinator_gets_the_own_community(as_coordinator, plan):
    drawn = decoded(as_coordinator.get(plan(z=15)))

    assert {one["properties"]["code"] for one in drawn["grid"]["features"]} == {f"{A}001"}
    assert {one["properties"]["code"][:12] for one in drawn["building"]["features"]} == {A}


def test_no_tile_carries_a_person(as_manager, plan, session):
    session.execute(text("UPDATE person SET office_phone = '0355-7777777', name_pinyin = 'canarywren'"))
    session.commit()
    names = session.scalars(text("SELECT name FROM person UNION SELECT account FROM person")).all()

    drawn = [as_manager.get(address(z)).data for address in (plan, ground) for z in (10, 14, 17)]

    told = [
        word for word in (*names, "0355-7777777", "canarywren") for tile in drawn if word.encode() in tile
    ]
    assert not told


def test_a_draft_is_for_those_who_decide(as_coordinator, as_leader, plan, session, world):
    draft = session.scalar(
        text("""
            INSERT INTO plan (place_id, tessellation_id, name, target, least, most)
            SELECT place_id, tessellation_id, 'Draft', target, least, most FROM plan WHERE id = :plan
            RETURNING id
        """),
        {"plan": world.plans[HERE]},
    )
    session.commit()
    address = f"/tiles/plan/{draft}/1/0/0/0.mvt"

    assert as_leader.get(address).status_code == 204
    assert as_coordinator.get(address).json["code"] == "not_allowed"


def test_a_tile_is_packed_for_who_can_unpack_it(as_manager, plan):
    packed = as_manager.get(plan(), headers={"Accept-Encoding": "gzip, br"})
    plain = as_manager.get(plan(), headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_where_nothing_is_drawn_there_is_no_content(as_manager, world):
    answer = as_manager.get(f"/tiles/plan/{world.plans[HERE]}/1/14/0/0.mvt")

    assert answer.status_code == 204
    assert answer.data == b""


@pytest.mark.parametrize("of", ["plan", "ground"])
def test_what_the_browser_has_is_not_sent_again(as_manager, plan, of):
    address = plan() if of == "plan" else ground()
    mark = as_manager.get(address).headers["ETag"]

    again = as_manager.get(address, headers={"If-None-Match": mark})

    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == mark


def test_even_what_the_browser_has_is_asked_for_by_right(as_manager, as_stranger, client, plan):
    known = {"If-None-Match": as_manager.get(plan()).headers["ETag"]}

    assert as_stranger.get(plan(), headers=known).status_code == 403
    assert client.get(plan(), headers=known).status_code == 401


def test_a_coordinator_knows_another_tile_by_another_mark(as_manager, as_coordinator, plan):
    known = {"If-None-Match": as_manager.get(plan()).headers["ETag"]}

    assert as_coordinator.get(plan(), headers=known).status_code == 200


def test_after_a_change_of_the_ground_the_tile_is_sent_anew(as_manager, plan, session):
    known = {address: as_manager.get(address).headers["ETag"] for address in (plan(15), ground(15))}

    session.execute(text("UPDATE building SET name = '新楼' WHERE code LIKE :code"), {"code": f"{A}%"})
    session.commit()
    again = [as_manager.get(address, headers={"If-None-Match": mark}) for address, mark in known.items()]

    assert [answer.status_code for answer in again] == [200, 200]
    for answer in again:
        assert "新楼" in {one["properties"].get("name") for one in decoded(answer)["building"]["features"]}


def test_after_publishing_the_tile_is_sent_anew(as_manager, plan, session, world):
    known = as_manager.get(plan()).headers["ETag"]

    session.execute(
        text("UPDATE plan SET state = 'retired', retired_at = now() WHERE id = :plan"),
        {"plan": world.plans[HERE]},
    )
    session.commit()

    assert as_manager.get(plan(), headers={"If-None-Match": known}).status_code == 200


def test_any_version_in_the_address_answers_with_today(as_manager, plan):
    assert as_manager.get(plan(version="0-long-gone")).data == as_manager.get(plan()).data


def test_two_plans_over_the_same_ground_are_two_things(as_manager, plan):
    whole, part = (decoded(as_manager.get(plan(code=code))) for code in (HERE, EAST_STREET))

    assert len(whole["grid"]["features"]) > len(part["grid"]["features"])
