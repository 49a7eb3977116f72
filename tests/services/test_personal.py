"""Personal rows are seen for a purpose, by who serves or manages the place, and the read is written down."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from psycopg2 import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.errors import Refusal
from app.services.access import enter_scope
from app.services.due import my_grids
from app.services.personal import PURPOSES, open_own, open_places, open_registers
from app.services.register_map import one_grid
from tests.services.mapped import DISTRICT, PATHS, E, W
from tests.services.registered import CANARY_NAMES, close, on_duty, staff

TABLES = ("dwelling", "household", "resident", "stay", "landlord", "rental")


def names(session):
    return session.scalars(text("SELECT name FROM resident ORDER BY name")).all()


def of(*grids):
    return sorted(name for name in CANARY_NAMES if any(grid in name for grid in grids))


def counts(session):
    return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES}  # noqa: S608


def test_without_a_purpose_nobody_sees_a_row(session, made):
    manager = staff(session, "manager")
    enter_scope(session, manager)
    session.execute(text("SELECT set_config('gridkeeper.staff', :path, true)"), {"path": DISTRICT})

    assert counts(session) == dict.fromkeys(TABLES, 0)


def test_a_manager_sees_the_rows_of_the_places_managed(session, made):
    open_registers(session, staff(session, "manager", W), "ledger")

    assert names(session) == of("W1", "W2", "W3")
    assert counts(session) == {table: 3 if table in ("landlord", "rental") else 6 for table in TABLES}


@pytest.mark.parametrize("kind", ["primary", "deputy"])
def test_a_coordinator_sees_the_grids_answered_for_and_no_neighbour(session, made, kind):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2", kind)
    open_registers(session, actor, "visit")

    assert names(session) == of("W2")
    assert counts(session) == {table: 1 if table in ("landlord", "rental") else 2 for table in TABLES}


@pytest.mark.parametrize(
    "lost",
    [
        "DELETE FROM role WHERE person_id = :person",
        "UPDATE role SET until = CURRENT_DATE - 1 WHERE person_id = :person",
        "UPDATE role SET place_id = (SELECT id FROM place WHERE code = :east) WHERE person_id = :person",
    ],
    ids=["revoked", "run out", "of another place"],
)
def test_a_coordinator_whose_role_does_not_hold_sees_nobody(session, made, lost):
    actor, grid = staff(session, "coordinator", W), made.map.grids["W2"]
    on_duty(session, actor, made, "W2")
    enter_scope(session, staff(session, "leader"))
    now = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [one.id for one in my_grids(session, actor.person_id)] == [grid.id]
    assert one_grid(session, grid.id, actor, now)["exact"]
    role = {"person": actor.person_id, "east": E}
    session.execute(text(lost), {name: role[name] for name in role if f":{name}" in lost})

    open_registers(session, actor, "visit")

    assert names(session) == []
    assert my_grids(session, actor.person_id) == []
    assert not one_grid(session, grid.id, actor, now)["exact"]


def test_a_role_for_a_place_above_opens_the_grid(session, made):
    actor = staff(session, "coordinator", DISTRICT)
    on_duty(session, actor, made, "W2")
    community = made.map.grids["W2"].community_id
    session.execute(text("DELETE FROM role WHERE place_id = :place"), {"place": community})
    open_registers(session, actor, "visit")

    assert names(session) == of("W2")


def test_a_coordinator_without_a_grid_sees_nobody(session, made):
    open_registers(session, staff(session, "coordinator", W), "visit")

    assert names(session) == []


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_leader_sees_no_row_whatever_for(session, made, purpose):
    open_registers(session, staff(session, "leader"), purpose)

    assert counts(session) == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize(
    ("purpose", "seen"), [("ledger", 0), ("visit", 0), ("request", 12), ("retention", 12)]
)
def test_an_administrator_sees_rows_only_to_answer_and_to_remove(session, made, purpose, seen):
    open_registers(session, staff(session, "administrator"), purpose)

    assert len(names(session)) == seen


def test_a_resident_sees_the_own_household(session, made):
    open_own(session, made.households["E1"][1].id)

    assert names(session) == ["金丝雀E12"]
    assert counts(session) == {**dict.fromkeys(TABLES, 1), "landlord": 0, "rental": 0}


def test_nothing_is_written_outside_what_was_opened(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    open_registers(session, actor, "registration")

    for statement in (
        f"UPDATE dwelling SET building_id = {made.building('W1').id}",  # noqa: S608
        f"INSERT INTO dwelling (building_id, code) VALUES ({made.building('W1').id}, '901')",  # noqa: S608
    ):
        with pytest.raises(DBAPIError) as caught, session.begin_nested():
            session.execute(text(statement))
        assert isinstance(caught.value.orig, errors.InsufficientPrivilege)


def test_the_community_of_a_row_is_where_its_building_stands_whatever_is_written(session, made):
    open_places(session, [DISTRICT], "import")
    east = made.map.places[E].id
    row = session.execute(
        text(
            "INSERT INTO dwelling (building_id, community_id, code) "
            "VALUES (:b, :c, '901') RETURNING community_id"
        ),
        {"b": made.building("W1").id, "c": east},
    ).scalar_one()

    assert row == made.map.places[W].id


def test_a_household_cannot_be_of_another_building_than_its_dwelling(session, made):
    open_places(session, [DISTRICT], "import")
    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        session.execute(
            text("UPDATE household SET building_id = :other WHERE id = :id"),
            {"other": made.building("E1").id, "id": made.households["W1"][0].id},
        )

    assert isinstance(caught.value.orig, errors.ForeignKeyViolation)


@pytest.mark.parametrize("counts", ["register_counts", "home_counts"])
def test_counts_need_no_purpose_but_keep_to_the_scope(session, made, counts):
    enter_scope(session, staff(session, "leader", E))
    asked = f"FROM {counts}('2026-01-01')"
    rows = session.execute(
        text(f"SELECT building_id, households, residents, floating, rentals {asked}")
    ).all()

    assert sorted(rows) == sorted((made.building(grid).id, 2, 2, 1, 1) for grid in ("E1", "E2", "E3"))
    assert names(session) == []
    enter_scope(session, None)
    assert session.scalar(text(f"SELECT count(*) {asked}")) == 0


def test_rows_follow_a_building_that_comes_to_another_community(session, made):
    session.execute(
        text("UPDATE place SET outline = (SELECT outline FROM place WHERE code = :w) WHERE code = :e"),
        {"w": W, "e": E},
    )
    session.execute(
        text("UPDATE place SET outline = ST_Multi(ST_Translate(outline, 1, 0)) WHERE code = :w"), {"w": W}
    )

    moved = session.scalar(text("SELECT reseat_registers(CAST(:path AS ltree))"), {"path": DISTRICT})
    open_registers(session, staff(session, "manager", E), "ledger")

    assert moved > 0
    assert set(of("W1", "W2", "W3")) <= set(names(session))


def test_a_read_is_written_down_with_whose_rows_and_what_for(session, made):
    manager = staff(session, "manager")
    opened = open_registers(session, manager, "ledger")
    whose = [household.id for household in made.households["W1"]]
    opened.seen("export", f"building {made.building('W1').id}", [*whose, whose[0]])
    close(session)

    row = session.execute(text("SELECT person_id, act, about, purpose, households FROM audit")).one()

    assert row == (
        *(manager.person_id, "registers.export", f"building {made.building('W1').id}", "ledger"),
        sorted(whose),
    )


def test_a_purpose_that_is_unknown_opens_nothing(session, made):
    with pytest.raises(Refusal, match="curiosity"):
        open_registers(session, staff(session, "manager"), "curiosity")

    assert names(session) == []
    assert PATHS[W].startswith(DISTRICT)
