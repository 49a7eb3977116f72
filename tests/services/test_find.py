"""What residents find without signing in, asked as the public role."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.models import Notice, Office
from app.services import find
from app.services.public_flood import Buckets, Flow
from tests.services.mapped import DISTRICT, SUBDISTRICT, E, W
from tests.services.registered import (
    CANARY_LANDLORD,
    CANARY_NAMES,
    CANARY_PHONES,
    given_registers,
    on_duty,
    staff,
)

NOW, TODAY = datetime(2026, 3, 2, 4, tzinfo=UTC), date(2026, 3, 2)


@pytest.fixture
def made(root_session):
    """A district with people in it, an office and a notice, looked at by the public from then on."""
    session = root_session
    session.execute(text("SET LOCAL ROLE gridkeeper_app"))
    made = given_registers(session)
    walker = staff(session, "coordinator", W)
    on_duty(session, walker, made, "W1")
    session.execute(
        text("UPDATE person SET office_phone = '0355-2020', work_name = '小秦' WHERE id = :id"),
        {"id": walker.person_id},
    )
    session.add(Office(place_id=made.map.places[DISTRICT].id, phone="0355-1", hours_zh="九点到五点"))
    session.add(Office(place_id=made.map.places[W].id, phone="0355-2", supervision_phone="0355-3"))
    session.add(
        Notice(
            place_id=made.map.places[SUBDISTRICT].id,
            title_zh="停水",
            text_zh="周三停水",
            title_en="",
            text_en="",
            from_on=TODAY,
            until_on=TODAY,
            person_id=walker.person_id,
        )
    )
    session.flush()
    session.execute(text("RESET ROLE"))
    session.execute(text("SET LOCAL ROLE gridkeeper_public"))
    return made


def test_a_grid_is_told_with_who_answers_for_it(root_session, made):
    card = find.card(root_session, made.map.grids["W1"].id, NOW, TODAY)

    assert card["code"] == f"{W}001"
    assert [(one["name"], one["phone"]) for one in card["coordinators"]] == [("小秦", "0355-2020")]
    assert card["above"] == ["锦原区", "槐康街道"]
    assert card["office"]["phone"] == "0355-2", "the nearest above holds"
    assert [one["title_zh"] for one in card["notices"]] == ["停水"]
    assert card["services"]


def test_who_answered_before_or_is_gone_is_not_named(root_session, made):
    grid = made.map.grids["W1"].id
    before = find.card(root_session, grid, datetime(2025, 6, 1, tzinfo=UTC), TODAY)
    root_session.execute(text("RESET ROLE"))
    root_session.execute(text("UPDATE person SET active = false"))
    root_session.execute(text("SET LOCAL ROLE gridkeeper_public"))

    assert "小秦" not in {one["name"] for one in before["coordinators"]}
    assert find.card(root_session, grid, NOW, TODAY)["coordinators"] == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE role SET until = CURRENT_DATE - 1", "DELETE FROM role", "UPDATE role SET kind = 'manager'"],
)
def test_whose_role_is_over_is_not_named(root_session, made, statement):
    grid = made.map.grids["W1"].id
    root_session.execute(text("RESET ROLE"))
    root_session.execute(text(statement))
    root_session.execute(text("SET LOCAL ROLE gridkeeper_public"))

    assert find.card(root_session, grid, NOW, TODAY)["coordinators"] == []


def test_a_press_on_the_map_finds_the_grid(root_session, made):
    label = find.card(root_session, made.map.grids["E2"].id, NOW, TODAY)["label"]

    assert find.card_at(root_session, *label, NOW, TODAY)["code"] == f"{E}005"
    assert find.card_at(root_session, 10.0, 50.0, NOW, TODAY) is None


def test_a_building_is_found_with_its_grid(root_session, made):
    building = made.building("E2")
    found = find.search(root_session, building.code)

    assert found[0]["id"] == building.id
    assert found[0]["grid"]["code"] == f"{E}005"
    told = find.building(root_session, building.id, NOW, TODAY)
    assert told["card"]["code"] == f"{E}005"


@pytest.mark.parametrize("words", ["", "%", "__", "%%%", " * ", "-- ", "1"])
def test_what_holds_no_word_lists_nothing(root_session, made, words):
    with pytest.raises(Refusal) as refused:
        find.search(root_session, words)

    assert refused.value.code == "search_too_short"


@pytest.mark.parametrize("words", ["号", "楼楼", "14", "路 ", "B1", "长安", "%%11"])
def test_no_question_lists_more_than_ten(root_session, made, words):
    try:
        found = find.search(root_session, words)
    except Refusal as refused:
        assert refused.code == "search_too_short"
    else:
        assert len(found) <= find.MOST


def test_nothing_of_another_place_is_found_in_one(root_session, made):
    building = made.building("E2")

    assert find.search(root_session, building.code, W) == []
    assert find.search(root_session, building.code, SUBDISTRICT)


def test_namesakes_elsewhere_do_not_crowd_out_those_of_the_place(root_session, made, monkeypatch):
    monkeypatch.setattr(find, "CANDIDATES", 1)
    for grid in ("W1", "E2"):
        building = made.building(grid)
        place = W if grid == "W1" else E
        found = find.search(root_session, building.code[:9], place)
        assert [one["grid"]["code"][: len(place)] for one in found if one["kind"] == "building"] == [place]


def test_a_screen_keeps_its_community_and_no_more(root_session, made):
    kept = find.pack(root_session, W, NOW, TODAY)

    assert [one["code"] for one in kept["grids"]] == [f"{W}00{number}" for number in (1, 2, 3)]
    assert len(kept["buildings"]) >= 3
    with pytest.raises(Refusal, match="community"):
        find.pack(root_session, DISTRICT, NOW, TODAY)


def test_no_resident_is_in_anything_told(root_session, made):
    said = [
        find.pack(root_session, W, NOW, TODAY),
        find.pack(root_session, E, NOW, TODAY),
        [find.card(root_session, grid.id, NOW, TODAY) for grid in made.map.grids.values()],
        [find.building(root_session, rows[0].id, NOW, TODAY) for rows in made.map.buildings.values() if rows],
    ]
    for canary in (*CANARY_NAMES, *CANARY_PHONES, CANARY_LANDLORD):
        said.append(find.search(root_session, canary))
        assert said[-1] == [], canary
    written = json.dumps(said, ensure_ascii=False, default=str)

    canaries = (*CANARY_NAMES, *CANARY_PHONES, CANARY_LANDLORD, "household")
    assert not [canary for canary in canaries if canary in written]


@pytest.mark.parametrize("table", ["resident", "household", "person", "duty", "dwelling", "hazard", "need"])
def test_the_public_role_reads_no_such_table(root_session, made, table):
    with pytest.raises(Exception, match="permission denied"), root_session.begin_nested():
        root_session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 (names of ours)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plan SET version = version + 1",
        "UPDATE duty SET during = tstzrange(lower(during), '2026-02-01')"
        " WHERE upper(during) IS NULL AND lower(during) < '2026-02-01'",
        "UPDATE office SET phone = '0355-9', changed_at = now() + interval '1 s'",
        "UPDATE notice SET until_on = '2026-03-01', from_on = '2026-03-01'",
        "UPDATE person SET office_phone = '0355-8'",
    ],
)
def test_the_version_changes_with_what_is_shown(root_session, made, statement):
    before = find.version(root_session, W, NOW, TODAY)
    again = find.version(root_session, W, NOW, TODAY)
    root_session.execute(text("RESET ROLE"))
    root_session.execute(text("SET LOCAL session_replication_role = replica"))
    root_session.execute(text(statement))
    root_session.execute(text("SET LOCAL ROLE gridkeeper_public"))

    assert before == again
    assert find.version(root_session, W, NOW, TODAY) != before


def test_the_border_is_one_word_until_it_changes(root_session, made):
    grid, building = made.map.grids["W1"], made.building("W1")
    before = find.border_of_grid(root_session, grid.id)

    assert before == find.border_around(root_session, building.id)
    assert before[1] == find.card(root_session, grid.id, NOW, TODAY)["border"]
    assert find.border_of_grid(root_session, 0) is None


def test_a_bucket_is_emptied_and_refills():
    time = [0.0]
    buckets = Buckets(Flow(3, 0.5), Flow(100, 10), lambda: time[0])
    for _ in range(3):
        buckets.take("one")
    with pytest.raises(Refusal) as refused:
        buckets.take("one")
    buckets.take("other")
    time[0] += 2

    buckets.take("one")
    assert refused.value.facts["seconds"] == 3


def test_all_together_have_a_bucket_too():
    buckets = Buckets(Flow(5, 1), Flow(10, 1), lambda: 0.0)
    with pytest.raises(Refusal):
        for number in range(11):
            buckets.take(f"client {number}")
