"""Ledgers: whose rows stand in them, in which order, found how; that each look is written down; the sums."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.models import Employer, Letter, Need, Visit
from app.services.access import enter_scope
from app.services.ledgers import BY_NAME, LEDGERS, Asked, all_rows, page, totals
from app.services.personal import open_places, open_registers
from tests.services.mapped import DISTRICT, HOUSEHOLDS, W
from tests.services.registered import on_duty, staff

NOW = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
CLIENT = "00000000-0000-4000-8000-0000000000{:02d}"


def opened(session, actor, purpose="ledger"):
    return open_registers(session, actor, purpose)


def visited(session, made, grid, when, *, verified=True):
    open_places(session, [DISTRICT], "import")
    household = made.households[grid][0]
    session.add(
        Visit(
            client_id=CLIENT.format(len(session.new) + household.id % 90),
            household_id=household.id,
            dwelling_id=household.dwelling_id,
            building_id=household.building_id,
            community_id=household.community_id,
            person_id=made.map.coordinator.id,
            result="met",
            verified=verified,
            happened_at=when,
        )
    )
    session.flush()


def names(rows):
    return [row["names"] for row in rows]


def test_pages_follow_each_other_by_address_and_door_without_a_gap(session, made, manager):
    registers = opened(session, manager)
    seen, after = [], None
    while True:
        one = page(registers, Asked(after=after, limit=5), NOW)
        seen += one.rows
        after = one.after
        if after is None:
            break

    places = [(row["address"], row["door"]) for row in seen]
    assert len(seen) == 2 * len(HOUSEHOLDS)
    assert len({row["id"] for row in seen}) == len(seen)
    assert [door for _, door in places] == ["101", "201"] * len(HOUSEHOLDS)


def test_downwards_the_same_rows_come_the_other_way_round(session, made, manager):
    registers = opened(session, manager)
    up = page(registers, Asked(sort="address"), NOW).rows
    first = page(registers, Asked(sort="address", descending=True, limit=7), NOW)
    rest = page(registers, Asked(sort="address", descending=True, limit=7, after=first.after), NOW)

    assert [row["id"] for row in first.rows + rest.rows] == [row["id"] for row in reversed(up)]


def test_a_coordinator_has_the_rows_of_own_grids_alone(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    registers = opened(session, actor)

    assert names(page(registers, Asked(), NOW).rows) == ["金丝雀W21", "金丝雀W22"]
    assert totals(registers, Asked(), NOW)["rows"] == 2
    assert [row["id"] for row in page(registers, Asked("coordinators"), NOW).rows] == [
        made.map.grids["W2"].id
    ]


@pytest.mark.parametrize("ledger", LEDGERS)
def test_a_leader_has_no_row_of_any_ledger(session, made, ledger):
    registers = opened(session, staff(session, "leader"))

    assert page(registers, Asked(ledger), NOW).rows == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("金丝雀W11", ["金丝雀W11"]),
        ("金丝雀E", [f"金丝雀E{grid}{n}" for grid in (1, 2, 3) for n in (1, 2)]),
        ("jsq", 12),
        ("jinsiq", 12),
        ("jinsiw", 0),
        ("春平路", 6),
        ("丝雀", 0),
        ("100%", 0),
    ],
)
def test_households_are_found_by_name_pinyin_and_address(session, made, manager, words, found):
    rows = page(opened(session, manager, "search"), Asked(q=words), NOW).rows

    assert (len(rows) if isinstance(found, int) else names(rows)) == found


def test_an_address_with_a_door_behind_it_finds_that_door(session, made, manager):
    rows = page(opened(session, manager, "search"), Asked(q="春平路0号 201"), NOW).rows

    assert {row["door"] for row in rows} == {"201"}
    assert len(rows) == 3


def test_households_due_verified_and_never_visited_are_told_apart(session, made, manager):
    visited(session, made, "W1", NOW - timedelta(days=3))
    visited(session, made, "W2", NOW - timedelta(days=100))
    registers = opened(session, manager)

    state = {row["names"]: row["state"] for row in page(registers, Asked(), NOW).rows}
    assert (state["金丝雀W11"], state["金丝雀W21"], state["金丝雀W31"]) == ("verified", "due", "never")
    assert names(page(registers, Asked(show="verified"), NOW).rows) == ["金丝雀W11"]
    assert totals(registers, Asked(show="due"), NOW)["rows"] == 11
    assert totals(registers, Asked(show="never"), NOW)["rows"] == 10


def test_a_grid_has_its_own_rows(session, made, manager):
    rows = page(opened(session, manager), Asked(grid=made.map.grids["E3"].id), NOW).rows

    assert names(rows) == ["金丝雀E31", "金丝雀E32"]


def test_phones_are_masked(session, made, manager):
    row = page(opened(session, manager), Asked(q="金丝雀W11"), NOW).rows[0]

    assert row["phone"] == "199****0000"


@pytest.mark.parametrize("act", ["view", "search"])
def test_each_look_tells_whose_rows_were_shown(session, made, manager, act):
    one = page(opened(session, manager), Asked(limit=3), NOW, act)

    row = session.execute(
        text("SELECT act, about, purpose, households FROM audit WHERE act LIKE 'registers.%'")
    ).one()
    assert row == (f"registers.{act}", "ledger residents", "ledger", sorted(r["id"] for r in one.rows))


def test_a_file_tells_all_rows_and_its_mark(session, made, manager):
    rows = list(all_rows(opened(session, manager), Asked(), NOW, "export", "abc123"))

    about, whose = session.execute(
        text("SELECT about, households FROM audit WHERE act = 'registers.export'")
    ).one()
    assert about == "ledger residents abc123"
    assert whose == sorted(row["id"] for row in rows)


def test_sums_are_those_of_the_map(session, made, manager):
    visited(session, made, "W1", NOW - timedelta(days=3))
    registers = opened(session, manager)
    of_residents = totals(registers, Asked(), NOW)
    of_grids = totals(registers, Asked("coordinators"), NOW)
    enter_scope(session, manager)
    counted = session.execute(
        text("""
            SELECT sum(households), sum(residents), sum(floating), sum(verified), sum(rentals)
            FROM home_counts('2026-01-01')
        """)
    ).one()
    assert (
        session.execute(
            text("""
            SELECT building_id, community_id, households, residents, floating, rentals, verified
            FROM register_counts('2026-01-01') WHERE households + rentals > 0
            EXCEPT SELECT * FROM home_counts('2026-01-01')
        """)
        ).all()
        == []
    )

    summed = tuple(of_residents[name] for name in ("rows", "residents", "floating", "verified"))
    assert summed == tuple(counted[:4]) == (12, 12, 6, 1)
    assert tuple(
        of_grids[n] for n in ("households", "residents", "floating", "verified", "rentals")
    ) == tuple(counted)


def employs(session, building, name):
    employer = Employer(building_id=building.id, name=name, begun_on=date(2025, 1, 1))
    session.add(employer)
    session.flush()
    session.refresh(employer)
    return employer


def states(session, employer, expires):
    """A duty statement that holds until then, or for good."""
    session.add(
        Letter(
            employer_id=employer.id,
            building_id=employer.building_id,
            community_id=employer.community_id,
            kind="duty statement",
            signed_on=date(2025, 3, 1),
            expires_on=expires,
        )
    )


def test_employers_are_told_with_how_long_their_statement_holds(session, made, manager):
    open_places(session, [DISTRICT], "import")
    building = made.building("W1")
    for at, expires in enumerate((None, date(2026, 3, 20), date(2027, 1, 1), date(2026, 2, 1))):
        employer = employs(session, building, f"单位{at}")
        if expires:
            states(session, employer, expires)
    session.flush()
    registers = opened(session, manager)

    rows = page(registers, Asked("employers", sort="employer"), NOW).rows
    assert [row["statement"] for row in rows] == ["none", "expiring", "valid", "expired"]
    missing = page(registers, Asked("employers", show="no_statement"), NOW).rows
    assert [row["employer"] for row in missing] == ["单位0", "单位3"]
    assert page(registers, Asked("employers", q="单位2"), NOW).rows[0]["statement_until"] == date(2027, 1, 1)
    facts = session.scalars(text("SELECT facts FROM audit WHERE about = 'ledger employers'")).first()
    assert len(facts["employers"]) == 4


def test_needs_are_kept_until_their_day(session, made, manager):
    open_places(session, [DISTRICT], "import")
    household = made.households["E1"][0]
    service = session.scalar(text("SELECT id FROM service ORDER BY code LIMIT 1"))
    for at, until in enumerate((NOW.date(), NOW.date() - timedelta(days=1))):
        session.add(
            Need(
                household_id=household.id,
                building_id=household.building_id,
                community_id=household.community_id,
                service_id=service,
                purpose="help",
                consented_at=datetime(2026, 2, 1, tzinfo=UTC),
                until_on=until,
                owner_id=made.map.coordinator.id,
                code_hash=bytes([at]),
            )
        )
    session.flush()

    rows = page(opened(session, manager), Asked("needs"), NOW).rows
    assert [row["kept_until"] for row in rows] == [NOW.date()]
    assert rows[0]["service_zh"]


def test_every_column_that_sorts_and_every_filter_can_be_asked_for(session, made, manager):
    registers = opened(session, manager)
    for ledger in BY_NAME.values():
        for column in ledger.columns:
            if column.sort:
                asked = Asked(ledger.name, sort=column.name, limit=2)
                first = page(registers, asked, NOW)
                again = page(registers, Asked(ledger.name, sort=column.name, limit=2, after=first.after), NOW)
                assert (
                    not {row["id"] for row in first.rows} & {row["id"] for row in again.rows}
                    or not first.after
                )
        for show in ledger.filters:
            rows = page(registers, Asked(ledger.name, show=show, limit=200), NOW).rows
            assert len(rows) == totals(registers, Asked(ledger.name, show=show), NOW)["rows"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("ledger", "column"), [("residents", "visited"), ("employers", "statement_until")])
def test_pages_go_through_rows_without_a_day_once(session, made, manager, ledger, column, descending):
    visited(session, made, "W1", NOW - timedelta(days=3))
    building = made.building("W1")
    for at, expires in enumerate((None, None, date(2026, 3, 20), date(2027, 1, 1))):
        employer = employs(session, building, f"单位{at}")
        if at:
            states(session, employer, expires)
    session.flush()
    registers = opened(session, manager)
    whole = page(registers, Asked(ledger, sort=column, descending=descending, limit=200), NOW).rows
    seen, after = [], None
    for _ in whole:
        asked = Asked(ledger, sort=column, descending=descending, limit=1, after=after)
        one = page(registers, asked, NOW)
        seen += [row["id"] for row in one.rows]
        after = one.after

    assert after is None
    assert seen == [row["id"] for row in whole]


def test_a_row_that_is_gone_does_not_stop_who_pages_on(session, made, manager):
    assert len(page(opened(session, manager), Asked(after=10**12), NOW).rows) == 12
