"""What a phone takes along: enough to walk without signal, and nothing of anybody."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import text

from app.models import Employer, Grid, Person, Plan
from app.services import border_news, due, pack
from app.services.personal import open_registers
from tests.services.mapped import CANARIES, W, stored
from tests.services.registered import (
    CANARY_LANDLORD,
    CANARY_NAMES,
    CANARY_PHONES,
    staff,
)

NOW = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
SOON = datetime(2026, 1, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))  # after the plan came into force


@pytest.fixture
def taken(session, coordinator):
    registers = open_registers(session, coordinator, "visit")
    return pack.pack(registers, due.my_grids(session, coordinator.person_id), NOW)


def test_it_holds_one_s_own_grids_with_their_buildings_and_streets(made, taken):
    assert [grid["code"] for grid in taken["grids"]] == [made.map.grids["W2"].code]
    assert {one["id"] for one in taken["buildings"]} == {one.id for one in made.map.buildings["W2"]}
    assert all(one["ground"]["type"] in ("Polygon", "MultiPolygon") for one in taken["buildings"])
    assert taken["streets"]
    assert "gas" in [kind["code"] for kind in taken["kinds"]]


def test_what_is_due_has_door_reason_and_missing_fields(made, taken):
    (first, second) = taken["due"]

    assert {one["household_id"] for one in taken["due"]} == {one.id for one in made.households["W2"]}
    assert (first["kind"], first["door"], second["door"]) == ("verification", "101", "201")
    assert first["missing"] == ["visit_hour"]


def test_no_name_number_or_word_of_anybody_is_in_it(taken):
    written = json.dumps(taken, default=str, ensure_ascii=False)

    planted = [*CANARY_NAMES, *CANARY_PHONES, CANARY_LANDLORD, *CANARIES, "19900880000", "16 or over"]
    assert [word for word in planted if word in written] == []


def test_help_and_firms_are_asked_without_signal_too(session, made, coordinator):
    building = made.building("W2").id
    open_registers(session, coordinator, "registration")
    session.add_all(
        Employer(building_id=building, name=name, begun_on=SOON.date(), **told)
        for name, told in (
            ("李老板面馆", {"kind": "shop", "size": "1-9", "contact_name": "金丝雀联系人"}),
            ("满员工厂", {"size": "1-9", "contact_name": "金丝雀甲", "contact_phone": "19900770099"}),
        )
    )
    session.flush()

    taken = pack.pack(
        open_registers(session, coordinator, "visit"), due.my_grids(session, coordinator.person_id), NOW
    )

    (firm,) = taken["employers"]
    assert (firm["building_id"], firm["missing"]) == (building, ["contact_phone"])
    assert firm["name"].endswith("面馆")
    assert "李老板" not in firm["name"]
    assert "金丝雀" not in json.dumps(taken["employers"], ensure_ascii=False)
    assert {"code", "name_en", "name_zh"} <= set(taken["services"][0])
    facts = session.scalar(text("SELECT facts FROM audit WHERE about = 'pack'"))
    assert facts == {"employers": 1}


def test_taking_it_along_is_written_down(session, taken):
    acts = session.scalars(text("SELECT act FROM audit WHERE about = 'due'")).all()

    assert acts == ["registers.view"]


def test_the_walk_calls_at_every_building_once(taken):
    stops, metres = taken["walk"]["stops"], taken["walk"]["metres"]

    assert sorted(stops) == sorted({one["building_id"] for one in taken["due"]})
    assert [len(row) for row in metres] == [len(stops)] * len(stops)


def test_who_answers_for_nothing_takes_nothing_along(session, made):
    nobody = staff(session, "coordinator", W)

    taken = pack.pack(open_registers(session, nobody, "visit"), [], NOW)

    assert (taken["grids"], taken["buildings"], taken["due"], taken["walk"]["stops"]) == ([], [], [], [])


def test_a_change_of_borders_says_what_came_what_went_and_who_hands_over(session, made, coordinator):
    colleague = Person(account="colleague", name="赵同事")
    session.add(colleague)
    session.flush()
    came, went = made.map.buildings["W2"][0], made.map.buildings["W1"][0]
    former_plan(session, made, coordinator, colleague, came, went)

    (change,) = border_news.changes(
        session, coordinator.person_id, due.my_grids(session, coordinator.person_id), SOON
    )

    passed = {(one.way, one.building_id): one.who for one in change.passed}
    assert (change.joined, change.left) == (1, 1)
    assert passed["joined", came.id] == "赵同事"
    assert ("left", went.id) in passed


def test_no_change_is_told_of_for_longer_than_a_month(session, made, coordinator):
    came, went = made.map.buildings["W2"][0], made.map.buildings["W1"][0]
    former_plan(session, made, coordinator, None, came, went)

    grids = due.my_grids(session, coordinator.person_id)

    assert border_news.changes(session, coordinator.person_id, grids, SOON + timedelta(days=40)) == []


def former_plan(session, made, coordinator, colleague, came, went):
    """A plan before the one in force, in which a building of W2 was a colleague's and one of W1 was ours."""
    moment = made.map.plan.published_at
    former = Plan(
        place_id=made.map.plan.place_id,
        tessellation_id=made.map.plan.tessellation_id,
        name="Before",
        target=300,
        least=270,
        most=330,
    )
    session.add(former)
    session.flush()
    now = made.map.grids["W2"]
    for number, (base, more, less, person) in enumerate(
        [
            (now, went, came, coordinator.person_id),
            (made.map.grids["W1"], came, went, colleague and colleague.id),
        ],
        start=1,
    ):
        outline = shapely.union(to_shape(base.outline), to_shape(more.geometry))
        outline = shapely.difference(outline, to_shape(less.geometry))
        grid = Grid(
            plan_id=former.id,
            community_id=now.community_id,
            code=f"{W}90{number}",
            outline=stored(outline),
            households=300,
            buildings=2,
            area_m2=10_000,
        )
        session.add(grid)
        session.flush()
        if person is not None:
            session.execute(
                text("""
                    INSERT INTO duty (grid_id, person_id, kind, during)
                    VALUES (:grid, :person, 'primary', tstzrange('2025-01-01', :moment))
                """),
                {"grid": grid.id, "person": person, "moment": moment},
            )
    session.execute(
        text(
            "UPDATE plan SET state = 'retired', published_at = :begun, retired_at = :moment WHERE id = :plan"
        ),
        {"begun": datetime(2025, 1, 1, tzinfo=UTC), "moment": moment, "plan": former.id},
    )
