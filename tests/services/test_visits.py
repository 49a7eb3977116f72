"""One form at the door: what it writes, what it refuses, and what is due next."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.models import Employer
from app.services import due, employers, homes, needs, visits
from app.services.needs import Asked
from app.services.personal import open_places, open_registers
from app.services.visits import Call, Said
from tests.services.mapped import DISTRICT
from tests.services.refusals import refusing
from tests.services.registered import staff

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 26, 10, tzinfo=ZONE)  # a Thursday
KEY = b"a key for tests"
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def registers(session, coordinator):
    return open_registers(session, coordinator, "visit")


@pytest.fixture
def household(made):
    return made.households["W2"][0].id


def call(household=None, result="met", happened_at=NOW, client_id=None, **more):
    return Call(client_id or str(uuid4()), happened_at, result, household_id=household, **more)


def kinds(session, coordinator, registers, now=NOW):
    """What is due by door: kinds, whether overdue, whether at this hour."""
    found = due.due(registers, due.my_grids(session, coordinator.person_id), now)
    return {(one.door, one.kind): (one.overdue, one.now) for house in found for one in house.due}


def test_one_visit_verifies_corrects_registers_and_keeps_a_promise(session, made, registers, household):
    resident = made.residents["W2"][0].id
    done = visits.visit(
        registers,
        call(
            household,
            verified=True,
            consent=True,
            residents={resident: {"age_band": "14-15"}},
            visit_hour="evening",
            arrived=[{"name": "新来的"}],
            said=[Said("灯坏了", "修好", TODAY + 5 * DAY), Said("想学电脑")],
        ),
        NOW,
        KEY,
    )

    seen = homes.household(registers, household)

    assert done.household_id == household
    assert (seen.visit_hour, [one.name for one in seen.residents][1:]) == ("evening", ["新来的"])
    assert seen.residents[0].age_band == "14-15"
    assert [(one.asked, one.promised, one.due_on) for one in seen.promises] == [
        ("灯坏了", "修好", TODAY + 5 * DAY),
        ("想学电脑", None, None),
    ]
    assert [(one.result, one.verified, one.late) for one in seen.visits] == [("met", True, False)]
    facts = session.scalar(text("SELECT facts::text FROM audit WHERE act = 'visit.written'"))
    assert "灯" not in facts


@pytest.mark.parametrize(
    ("passed", "late"),
    [
        (timedelta(hours=23, minutes=59), False),
        (timedelta(hours=24), False),
        (timedelta(hours=24, seconds=1), True),
        (timedelta(hours=24, minutes=1), True),
    ],
)
def test_what_is_entered_after_24_hours_is_late(registers, household, passed, late):
    done = visits.visit(registers, call(household, happened_at=NOW - passed), NOW, KEY)

    assert done.late is late
    assert homes.household(registers, household).visits[0].late is late


def test_a_visit_sent_twice_is_one_with_one_promise(registers, household):
    sent = call(household, said=[Said("a", "b", TODAY)])
    first, second = (visits.visit(registers, sent, NOW + later, KEY) for later in (0 * DAY, DAY / 24))

    assert (first.visit_id, first.again) == (second.visit_id, False)
    assert second.again
    seen = homes.household(registers, household)
    assert (len(seen.visits), len(seen.promises)) == (1, 1)


def test_another_visit_under_the_same_number_is_refused(registers, made, household):
    sent = str(uuid4())
    visits.visit(registers, call(household, client_id=sent), NOW, KEY)

    for other in (
        call(made.households["W2"][1].id, client_id=sent),
        call(household, "refused", client_id=sent),
    ):
        with pytest.raises(Refusal) as caught:
            visits.visit(registers, other, NOW, KEY)
        assert caught.value.code == "client_id_reused"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"result": "nobody home", "verified": True}, "visit_unmet"),
        ({"result": "refused", "visit_hour": "day", "consent": True}, "visit_unmet"),
        ({"visit_hour": "day"}, "consent_missing"),
        ({"arrived": [{"name": "x"}]}, "consent_missing"),
        ({"said": [Said("a", "b", None)]}, "promise_without_day"),
        ({"happened_at": NOW + timedelta(minutes=6)}, "visit_ahead"),
    ],
)
def test_what_does_not_go_together_is_refused_and_writes_nothing(session, registers, household, more, code):
    with pytest.raises(Refusal) as caught:
        visits.visit(registers, call(household, **more), NOW, KEY)

    assert caught.value.code == code
    assert session.scalar(text("SELECT count(*) FROM visit")) == 0


def test_a_visit_elsewhere_is_not_found(made, registers):
    with pytest.raises(Refusal) as caught:
        visits.visit(registers, call(made.households["W1"][0].id), NOW, KEY)

    assert caught.value.code == "not_found"


def test_who_lives_in_another_household_does_not_leave_by_this_visit(made, registers, household):
    with pytest.raises(Refusal) as caught:
        visits.visit(registers, call(household, departed=[made.residents["W2"][1].id]), NOW, KEY)

    assert caught.value.code == "not_found"


def test_people_met_behind_a_door_of_nobody_begin_a_household(session, made, registers):
    (door,) = homes.add_dwellings(registers, made.building("W2").id, ["501"])
    sent = Call(str(uuid4()), NOW, "met", dwelling_id=door, arrived=[{"name": "新来的"}], consent=True)

    done = visits.visit(registers, sent, NOW, KEY)

    seen = homes.household(registers, done.household_id)
    assert [one.name for one in seen.residents] == ["新来的"]
    assert len(seen.visits) == 1
    assert visits.visit(registers, sent, NOW, KEY).again


# --- What is due -----------------------------------------------------------------------------------------


def test_who_was_not_verified_for_a_quarter_is_overdue_and_who_was_this_quarter_is_done(
    session, registers, coordinator, made, household
):
    assert kinds(session, coordinator, registers) == {
        ("101", "verification"): (True, True),
        ("201", "verification"): (True, True),
    }
    visits.visit(registers, call(household, verified=True), NOW, KEY)
    assert kinds(session, coordinator, registers) == {("201", "verification"): (True, True)}
    january = NOW.replace(year=2027, month=1, day=4)
    assert kinds(session, coordinator, registers, january)["101", "verification"] == (False, True)
    april = NOW.replace(year=2027, month=4, day=5)
    assert kinds(session, coordinator, registers, april)["101", "verification"] == (True, True)


def test_nobody_home_leaves_it_due(session, registers, coordinator, household):
    visits.visit(registers, call(household, "nobody home"), NOW, KEY)

    assert ("101", "verification") in kinds(session, coordinator, registers)


def test_an_evening_household_is_never_proposed_in_the_daytime(session, registers, coordinator, household):
    homes.change_household(registers, household, "evening")

    at = {
        hour: kinds(session, coordinator, registers, NOW.replace(hour=hour))["101", "verification"][1]
        for hour in range(24)
    }

    assert [hour for hour, proposed in at.items() if not proposed] == list(range(8, 18))


def test_a_promise_is_due_within_a_week_overdue_after_its_day_and_gone_once_kept(
    session, registers, coordinator, household
):
    visits.visit(registers, call(household, verified=True, said=[Said("a", "b", TODAY + 8 * DAY)]), NOW, KEY)
    at = ("101", "promise")

    assert at not in kinds(session, coordinator, registers)
    assert kinds(session, coordinator, registers, NOW + DAY)[at][0] is False
    assert kinds(session, coordinator, registers, NOW + 9 * DAY)[at][0] is True
    promise = homes.household(registers, household).promises[0].id
    visits.keep_promise(registers, promise, TODAY, TODAY)
    assert at not in kinds(session, coordinator, registers, NOW + 9 * DAY)


def test_a_door_nobody_has_called_at_is_on_the_list_until_somebody_does(
    session, made, registers, coordinator
):
    (door,) = homes.add_dwellings(registers, made.building("W2").id, ["501"])
    assert kinds(session, coordinator, registers)["501", "never"] == (False, True)

    visits.visit(registers, Call(str(uuid4()), NOW, "nobody home", dwelling_id=door), NOW, KEY)

    assert ("501", "never") not in kinds(session, coordinator, registers)


def merged(session, made, actor):
    """A new plan in force in which the ground of W2 is part of W1, and somebody answers for that."""
    grids = {name: made.map.grids[name].id for name in ("W1", "W2")}
    session.execute(text("UPDATE plan SET state = 'retired', retired_at = now()"))
    plan = session.execute(
        text("""
            INSERT INTO plan (place_id, tessellation_id, name, target, least, most, state, published_at)
            SELECT place_id, tessellation_id, 'Second', target, least, most, 'draft', NULL FROM plan
            RETURNING id
        """)
    ).scalar_one()
    grid = session.execute(
        text("""
            INSERT INTO grid (plan_id, community_id, code, outline, households, buildings, area_m2)
            SELECT :plan, min(community_id), min(code), ST_Multi(ST_Union(outline)), sum(households),
                sum(buildings), sum(area_m2) FROM grid WHERE id IN (:one, :other) RETURNING id
        """),
        {"plan": plan, "one": grids["W1"], "other": grids["W2"]},
    ).scalar_one()
    session.execute(
        text("UPDATE plan SET state = 'published', published_at = now() WHERE id = :plan"), {"plan": plan}
    )
    session.execute(
        text(
            "INSERT INTO duty (grid_id, person_id, kind, during) VALUES (:g, :p, 'primary', '[2026-01-01,)')"
        ),
        {"g": grid, "p": actor.person_id},
    )


def test_what_is_due_follows_the_building_when_borders_change(session, made, registers, coordinator):
    """Nothing of the registers is written, and nothing is lost."""
    before = set(kinds(session, coordinator, registers))
    other = staff(session, "coordinator", "140497001")

    merged(session, made, other)

    assert kinds(session, coordinator, open_registers(session, coordinator, "visit")) == {}
    theirs = open_registers(session, other, "visit")
    found = due.due(theirs, due.my_grids(session, other.person_id), NOW)
    w2 = next(house for house in found if house.id == made.building("W2").id)
    assert {(one.door, one.kind) for one in w2.due} == before
    assert sum(len(house.due) for house in found) == 4


def test_a_grid_of_somebody_else_is_refused_and_a_managers_is_not(session, made, coordinator):
    grid = made.map.grids["E1"].id

    with pytest.raises(Refusal) as caught:
        due.grids_asked(session, coordinator, grid)
    assert caught.value.code == "grid_not_served"
    assert [one.id for one in due.grids_asked(session, staff(session, "manager"), grid)] == [grid]


def test_the_list_is_written_down_as_seen(session, registers, coordinator, made):
    due.due(registers, due.my_grids(session, coordinator.person_id), NOW)

    row = session.execute(text("SELECT act, about, purpose, households FROM audit")).one()
    assert row == (
        *("registers.view", "due", "visit"),
        sorted(household.id for household in made.households["W2"]),
    )


def test_help_asked_for_at_the_door_is_followed_by_the_code_that_was_handed_over(
    session, made, registers, household
):
    wish = Asked("jobs", "电工培训", TODAY + 90 * DAY, consents=True, code="ABCD-EFGH-JKMN")
    sent = call(household, needs=[wish])

    done = visits.visit(registers, sent, NOW, KEY)
    again = visits.visit(registers, sent, NOW, KEY)

    (need,) = needs.panel(registers, household, TODAY)["needs"]
    assert (again.again, done.needs) == (True, (need["id"],))
    assert (need["code"], need["purpose"], need["state"]) == ("jobs", "电工培训", "open")
    assert needs.follow(session, "abcd efgh jkmn", KEY)["name_en"]
    with refusing("need_code_taken"):
        visits.visit(registers, call(household, needs=[wish]), NOW, KEY)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"needs": [Asked("jobs", "x", TODAY + DAY, consents=False)]}, "need_without_consent"),
        ({"result": "refused", "needs": [Asked("jobs", "x", TODAY + DAY, consents=True)]}, "visit_unmet"),
        ({"needs": [Asked("jobs", "x", TODAY + DAY, consents=True, code="ABC")]}, "fields_malformed"),
    ],
)
def test_who_refuses_help_is_written_down_nowhere(session, made, registers, household, more, code):
    with refusing(code), session.begin_nested():
        visits.visit(registers, call(household, **more), NOW, KEY)

    assert session.scalar(text("SELECT count(*) FROM need")) == 0
    assert session.scalar(text("SELECT count(*) FROM audit WHERE act LIKE 'need.%'")) == 0


def test_help_needs_a_household_to_be_for(made, registers):
    door = homes.add_dwellings(registers, made.building("W2").id, ["909"])[0]
    wish = Asked("jobs", "x", TODAY + DAY, consents=True)

    with refusing("need_without_household"):
        visits.visit(registers, Call(str(uuid4()), NOW, "met", dwelling_id=door, needs=[wish]), NOW, KEY)


def test_of_employers_only_what_is_missing_is_asked_and_taken(session, made, registers):
    building = made.building("W2").id
    told = {"name": "小店", "kind": "shop", "contact_name": "李四"}
    shop = employers.add(registers, building, TODAY, told, TODAY)
    elsewhere = Employer(building_id=made.building("W1").id, name="远处", begun_on=TODAY)

    assert employers.to_ask(registers, building) == [
        {"id": shop, "name": "小店", "kind": "shop", "missing": ["size", "contact_phone"]}
    ]

    learnt = {"size": "1-9", "contact_name": "别人", "contact_phone": "19900000001"}
    sent = Call(str(uuid4()), NOW, "met", building_id=building, employers={shop: learnt})
    visits.visit(registers, sent, NOW, KEY)

    held = employers.employer(registers, shop, TODAY)
    assert (held.size, held.contact_name, held.contact_phone) == ("1-9", "李四", "19900000001")
    assert employers.to_ask(registers, building) == []
    open_places(session, [DISTRICT], "import")
    session.add(elsewhere)
    session.flush()
    with refusing("not_found"):
        sent = Call(str(uuid4()), NOW, "met", building_id=building, employers={elsewhere.id: learnt})
        visits.visit(registers, sent, NOW, KEY)
