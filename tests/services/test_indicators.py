"""Indicators count what is registered, by grid, within the scope, over a quarter; and are contested."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.models import Employer, Promise, Resident, Stay, Tenancy, Visit
from app.services import indicators
from app.services.access import Actor, Grant, enter_scope
from app.services.fives import Fives, fives_of
from app.services.indicators import Quarter, quarter_called, quarter_of
from app.services.measures import Flow, Measure
from app.services.personal import open_places
from tests.services.mapped import DISTRICT, PATHS, SUBDISTRICT, E, W
from tests.services.registered import close, on_duty, staff

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)
FIRST = Quarter(date(2026, 1, 1))


@pytest.fixture
def manager(session, made):
    actor = staff(session, "manager")
    enter_scope(session, actor)
    return actor


def visit(session, made, grid, at, *, verified=True, hours=1, number=0):
    """A call at the household of that number of a grid, entered some hours later."""
    household = made.households[grid][number]
    called = Visit(
        client_id=str(uuid4()), building_id=household.building_id, dwelling_id=household.dwelling_id,
        household_id=household.id, community_id=household.community_id,
        person_id=made.map.coordinator.id, result="met", verified=verified,
        happened_at=at, entered_at=at + timedelta(hours=hours),
    )  # fmt: skip
    session.add(called)
    session.flush()
    return called


def writing(session):
    open_places(session, [DISTRICT], "import")


def read(session, actor, path=DISTRICT, quarter=FIRST, now=NOW):
    close(session)
    return indicators.figures(session, actor, PATHS[path], quarter, now, ZONE)


def pair(measure):
    return measure.part, measure.whole


def of(figures, made, grid):
    (found,) = [one for one in figures.grids if one.id == made.map.grids[grid].id]
    return found


def test_every_indicator_is_counted_by_grid_and_adds_up(session, made, manager):
    figures = read(session, manager)

    assert [one.code for one in figures.grids] == sorted(grid.code for grid in made.map.grids.values())
    assert pair(figures.total["rental_registration"]) == (6, 6)
    assert pair(figures.total["completeness"]) == (24, 24)
    assert pair(figures.total["verification"]) == (0, 12)
    assert figures.total["promises_kept"].percent() is None


def test_a_household_gone_through_in_the_quarter_is_verified_once(session, made, manager):
    writing(session)
    visit(session, made, "W1", datetime(2026, 2, 1, tzinfo=UTC))
    visit(session, made, "W1", datetime(2026, 3, 1, tzinfo=UTC))
    visit(
        session, made, "W2", datetime(2025, 12, 31, 15, 59, tzinfo=UTC)
    )  # the last minute of the year there
    visit(session, made, "E2", datetime(2026, 2, 1, tzinfo=UTC), verified=False)

    figures = read(session, manager)

    assert pair(of(figures, made, "W1").measures["verification"]) == (1, 2)
    assert pair(of(figures, made, "W2").measures["verification"]) == (0, 2)
    assert pair(figures.total["accuracy"]) == (2, 3)


def test_who_was_verified_again_later_counts_in_the_earlier_quarter_too(session, made, manager):
    writing(session)
    visit(session, made, "W1", datetime(2025, 11, 1, tzinfo=UTC))
    visit(session, made, "W1", datetime(2026, 2, 1, tzinfo=UTC))
    visit(session, made, "W2", datetime(2026, 2, 1, tzinfo=UTC))
    former = Quarter(date(2025, 10, 1))

    assert pair(read(session, manager, quarter=former).total["verification"]) == (1, 12)
    assert pair(read(session, manager).total["verification"]) == (2, 12)


def test_a_home_that_is_let_counts_though_the_door_says_otherwise(session, made, manager):
    writing(session)
    dwelling = made.households["W1"][1].dwelling_id
    session.execute(text("UPDATE dwelling SET use = 'home' WHERE id = :id"), {"id": dwelling})
    assert pair(read(session, manager).total["rental_registration"]) == (6, 6)
    writing(session)
    session.execute(
        text("UPDATE rental SET ended_on = '2026-03-01' WHERE dwelling_id = :id"), {"id": dwelling}
    )
    session.execute(
        text("UPDATE rental SET ended_on = '2026-03-01' WHERE dwelling_id = :id"),
        {"id": made.households["W2"][1].dwelling_id},
    )

    assert pair(read(session, manager).total["rental_registration"]) == (4, 5)


def test_sums_of_grids_are_those_of_their_buildings(session, made, manager):
    writing(session)
    visit(session, made, "W1", datetime(2026, 2, 1, tzinfo=UTC))
    visit(session, made, "E2", datetime(2026, 2, 1, tzinfo=UTC), verified=False)
    figures = read(session, manager)
    over = indicators._over(session, PATHS[DISTRICT], FIRST, NOW, ZONE)
    rows = session.execute(
        text("""
            SELECT grid.id, counted.name, sum(part)::int AS part, sum(whole)::int AS whole
            FROM indicator_counts(:since, :until, :first, :after, :today, :entry_hours) AS counted
            JOIN building ON building.id = building_id
            JOIN grid ON grid.id = ANY (:grids) AND ST_Contains(outline, position)
            GROUP BY grid.id, counted.name
        """),
        {**over, "grids": [one.id for one in figures.grids]},
    )
    found = {(row.id, row.name): (row.part, row.whole) for row in rows}

    assert len(found) > 12
    assert found == {
        (grid.id, name): pair(measure)
        for grid in figures.grids
        for name, measure in grid.measures.items()
        if measure.whole
    }


def test_what_is_entered_a_minute_after_its_day_is_late(session, made, manager):
    writing(session)
    at = datetime(2026, 2, 1, tzinfo=UTC)
    visit(session, made, "W1", at, hours=24)
    visit(session, made, "W1", at, hours=24 + 1 / 60)

    assert pair(read(session, manager).total["entry_on_time"]) == (1, 2)


def test_promises_employers_and_tenancies_are_counted(session, made, manager):
    writing(session)
    called = visit(session, made, "W1", datetime(2026, 2, 1, tzinfo=UTC))
    seat = {"building_id": called.building_id, "community_id": called.community_id}
    for due, kept in ((10, 10), (10, 11), (10, None), (28, None)):
        session.add(
            Promise(
                visit_id=called.id, promised="a lamp", due_on=date(2026, 3, due),
                kept_on=kept and date(2026, 3, kept), **seat,
            )
        )  # fmt: skip
    session.add(Employer(name="A", begun_on=date(2026, 1, 1), building_id=called.building_id))
    session.add(
        Employer(name="B", begun_on=date(2026, 1, 1), building_id=called.building_id, contact_phone="1")
    )
    session.flush()

    total = read(session, manager).total

    assert pair(total["promises_kept"]) == (1, 3)  # that of the 28th is not due yet
    assert pair(total["employer_contacts"]) == (1, 2)
    assert pair(total["tenant_registration"]) == (0, 0)


def test_who_moved_out_is_to_be_cancelled(session, made, manager):
    from sqlalchemy import select

    from app.models import Rental

    writing(session)
    for number, grid in enumerate(("W1", "W2")):
        household = made.households[grid][1]
        rental = session.scalars(select(Rental).where(Rental.dwelling_id == household.dwelling_id)).one()
        session.add(
            Tenancy(
                rental_id=rental.id, household_id=household.id, building_id=household.building_id,
                community_id=household.community_id, from_on=date(2026, 1, 5), until_on=date(2026, 3, 1),
                ended=True,
            )
        )  # fmt: skip
        if number == 0:
            stay = session.scalars(select(Stay).where(Stay.household_id == household.id)).one()
            stay.until_on = date(2026, 3, 1)
    session.flush()

    assert pair(read(session, manager).total["cancelled_on_leaving"]) == (1, 2)


def test_what_is_missing_of_a_resident_is_not_complete(session, made, manager):
    writing(session)
    household = made.households["W1"][0]
    resident = Resident(
        household_id=household.id, building_id=household.building_id, community_id=household.community_id,
        name="X", source="visit", purpose="registration",
    )  # fmt: skip
    session.add(resident)
    session.flush()
    session.add(
        Stay(
            resident_id=resident.id, household_id=household.id, building_id=household.building_id,
            community_id=household.community_id, from_on=date(2026, 3, 1),
        )
    )  # fmt: skip
    session.flush()

    assert pair(read(session, manager).total["completeness"]) == (24, 26)


def test_a_grid_of_few_cannot_top_the_list(session, made, manager):
    figures = read(session, manager)
    said = {grid.id: grid.measures["verification"] for grid in figures.grids}

    assert len(said) == 6
    assert indicators.ranked_as_told(figures, said, set(said)) == []


def test_figures_keep_to_the_scope(session, made):
    leader = staff(session, "leader", W)
    enter_scope(session, leader)

    figures = read(session, leader)

    assert {one.code[:12] for one in figures.grids} == {W}
    assert pair(figures.total["verification"]) == (0, 6)


def test_a_coordinator_reads_the_own_grids(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    enter_scope(session, actor)

    assert [one.code for one in read(session, actor).grids] == [made.map.grids["W2"].code]


def test_residents_who_come_and_leave_balance_on_every_day(session, made, manager):
    writing(session)
    household = made.households["E1"][0]
    seat = {"building_id": household.building_id, "community_id": household.community_id}
    for number, (came, left) in enumerate([(2, 4), (4, None), (4, 4)]):
        resident = Resident(
            household_id=household.id, name=f"R{number}", source="visit", purpose="registration", **seat
        )
        session.add(resident)
        session.flush()
        session.add(
            Stay(
                resident_id=resident.id, household_id=household.id, from_on=date(2026, 3, came),
                until_on=left and date(2026, 3, left), **seat,
            )
        )  # fmt: skip
    session.flush()
    close(session)

    told = indicators.flow_told(session, manager, PATHS[DISTRICT], date(2026, 3, 5)).lines[-5:]
    days = [(first, one) for first, _, one in told]

    assert [(day.day, flow.opening, flow.came, flow.went, flow.closing) for day, flow in days] == [
        (1, 12, 0, 0, 12),
        (2, 12, 1, 0, 13),
        (3, 13, 0, 0, 13),
        (4, 13, 2, 2, 13),
        (5, 13, 0, 0, 13),
    ]
    assert all(flow.balances for _, flow in days)


def test_behind_a_figure_stand_the_buildings_where_something_is_missing(session, made, manager):
    close(session)
    grid = made.map.grids["W1"]
    rows = indicators.behind(session, manager, grid.id, "verification", FIRST, NOW, ZONE)

    assert [(row.id, row.part, row.whole) for row in rows] == [(made.building("W1").id, 0, 2)]
    assert indicators.behind(session, manager, grid.id, "rental_registration", FIRST, NOW, ZONE) == []


@pytest.mark.parametrize("name", ["2026Q5", "26Q1", "2026", "", "2026Q2", "0000Q1", "２０２６Q1"])
def test_a_quarter_is_named_as_it_should_be_and_has_begun(name):
    with pytest.raises(Refusal) as caught:
        quarter_called(name, date(2026, 3, 20))

    assert caught.value.code == "quarter_unknown"


def test_quarters_follow_each_other():
    quarter = quarter_of(date(2025, 12, 31))

    assert [quarter.former.name, quarter.name, quarter.next.name] == ["2025Q3", "2025Q4", "2026Q1"]
    assert quarter_called("2025Q4", date(2026, 3, 1)) == quarter


def test_what_is_due_on_the_borders_of_a_quarter_counts_in_it_alone(session, made, manager):
    from sqlalchemy import select

    from app.models import Rental

    writing(session)
    called = visit(session, made, "W1", datetime(2025, 8, 1, tzinfo=UTC))
    seat = {"building_id": called.building_id, "community_id": called.community_id}
    household = made.households["W1"][1]
    rental = session.scalars(select(Rental).where(Rental.dwelling_id == household.dwelling_id)).one()
    for day in (date(2025, 6, 30), date(2025, 7, 1), date(2025, 9, 30), date(2025, 10, 1)):
        session.add(Promise(visit_id=called.id, promised="a lamp", due_on=day, **seat))
        session.add(
            Tenancy(
                rental_id=rental.id, household_id=household.id, from_on=date(2025, 1, 5), until_on=day,
                ended=True, **seat,
            )
        )  # fmt: skip
    session.flush()

    totals = [read(session, manager, quarter=Quarter(date(2025, month, 1))).total for month in (4, 7, 10)]

    assert [pair(total["promises_kept"])[1] for total in totals] == [1, 2, 1]
    assert [pair(total["cancelled_on_leaving"])[1] for total in totals] == [1, 2, 1]


@pytest.mark.parametrize("behind", [False, True])
def test_a_past_quarter_goes_by_the_rules_of_its_last_day(session, made, manager, monkeypatch, behind):
    asked = []

    def in_force(_session, _path, day, real=indicators.rule_packs.in_force):
        asked.append(day)
        return real(_session, _path, day)

    monkeypatch.setattr(indicators.rule_packs, "in_force", in_force)
    past = Quarter(date(2025, 10, 1))
    if behind:
        indicators.behind(session, manager, made.map.grids["W1"].id, "verification", past, NOW, ZONE)
    else:
        read(session, manager, quarter=past)

    assert asked == [date(2025, 12, 31)]


def test_buildings_behind_a_figure_are_for_who_answers_or_manages(session, made, coordinator):
    close(session)
    given = ("verification", FIRST, NOW, ZONE)

    assert indicators.behind(session, coordinator, made.map.grids["W2"].id, *given)
    with pytest.raises(Refusal) as caught:
        indicators.behind(session, coordinator, made.map.grids["W1"].id, *given)
    assert caught.value.code == "not_in_scope"


# --- The guard of five -----------------------------------------------------------------------------------


FIVES = Fives("a key")


def given_measures(*pairs, served=()):
    grids = [
        indicators.OfGrid(
            number, f"g{number}", None, "", PATHS[W], whole, None, number in served, number in served,
            {name: Measure(part, whole) for name in indicators.INDICATORS}, frozenset(),
        )
        for number, (part, whole) in enumerate(pairs)
    ]  # fmt: skip
    total = Measure(sum(part for part, _ in pairs), sum(whole for _, whole in pairs))
    return indicators.Figures(PATHS[W], FIRST, dict.fromkeys(indicators.INDICATORS, total), grids)


def told(actor, *pairs, **named):
    found = given_measures(*pairs, **named)
    asked = found, "verification", indicators.opened(actor, found.grids), FIVES
    total, by_grid = indicators.total_told(*asked), indicators.grids_told(*asked)
    return total and pair(total), [one and pair(one) for one in by_grid.values()]


def five(count, place=W):
    return FIVES.told(count, place)


def actor_of(*roles):
    return Actor(1, "a", "A", tuple(Grant(kind, PATHS[code]) for kind, code in roles))


def test_a_leader_is_told_measures_in_fives_and_nothing_of_few():
    leader = actor_of(("leader", DISTRICT))
    total, grids = told(leader, (1, 4), (9, 31), (31, 31), (0, 12), (0, 0))  # all within one community

    assert total == (five(41), five(78))
    assert grids == [None, (five(9), five(31)), (five(31), five(31)), (0, five(12)), (0, 0)]


def test_a_share_is_never_more_than_its_whole():
    leader = actor_of(("leader", DISTRICT))

    for whole in range(5, 200):
        part, all_of_it = told(leader, (whole - 1, whole))[1][0]
        assert part <= all_of_it


def test_figures_as_counted_are_for_who_manages_the_place_or_serves_the_grid():
    given = ((1, 6), (1, 6), (10, 20))

    assert told(actor_of(("manager", DISTRICT)), *given) == ((12, 32), list(given))
    both = told(actor_of(("leader", DISTRICT), ("coordinator", W)), *given, served={0})
    assert both[1][0] == (1, 6)
    assert both[0] == (five(12), five(32))
    elsewhere = told(actor_of(("leader", DISTRICT), ("manager", E)), *given)
    assert elsewhere[1][0] == (min(FIVES.of(1, W), five(6)), five(6))


def test_grids_are_ranked_by_what_is_told_and_need_more_behind_it_in_fives():
    found = given_measures((20, 21), (40, 60), (30, 60), (45, 49))
    said = indicators.grids_told(found, "verification", (), FIVES)

    in_fives = indicators.ranked_as_told(found, said, set())
    exact = {grid.id: grid.measures["verification"] for grid in found.grids}
    as_counted = indicators.ranked_as_told(found, exact, set(exact))

    assert [grid.id for grid, _ in as_counted] == [0, 3, 1, 2]
    assert [grid.id for grid, _ in in_fives if grid.id in (1, 2)] == [1, 2]
    assert all(measure.whole >= indicators.LEAST_IN_FIVES for _, measure in in_fives)
    assert 0 not in [grid.id for grid, _ in in_fives]


def come(session, made, grid, day, count):
    writing(session)
    household = made.households[grid][0]
    seat = {"building_id": household.building_id, "community_id": household.community_id}
    for number in range(count):
        resident = Resident(
            household_id=household.id, name=f"{day}{number}", source="visit", purpose="registration", **seat
        )
        session.add(resident)
        session.flush()
        session.add(Stay(resident_id=resident.id, household_id=household.id, from_on=day, **seat))
    session.flush()
    close(session)


def test_leaders_read_who_came_in_fives_by_week_where_days_are_few(session, made, manager):
    leader, until = staff(session, "leader"), date(2026, 3, 18)  # a Wednesday
    come(session, made, "W1", date(2026, 3, 3), 3)
    come(session, made, "W1", date(2026, 3, 5), 3)
    come(session, made, "W1", date(2026, 3, 10), 2)
    of_manager = indicators.flow_told(session, manager, PATHS[DISTRICT], until)
    of_leader = indicators.flow_told(session, leader, PATHS[DISTRICT], until)

    assert (len(of_manager.lines), of_manager.in_fives) == (indicators.FLOW_DAYS, False)
    assert [one.came for *_, one in of_manager.lines if one.came] == [3, 2]
    assert of_leader.in_fives

    def said(count):
        return fives_of(session).told(count, SUBDISTRICT)  # the smallest place with all of them

    assert [(first, last, one.opening, one.came, one.closing) for first, last, one in of_leader.lines] == [
        (date(2026, 3, 2), date(2026, 3, 8), said(12), said(6), said(18)),
        (date(2026, 3, 9), date(2026, 3, 15), said(18), None, said(20)),
    ]


def test_days_are_told_in_fives_where_none_of_them_is_few():
    monday = date(2026, 3, 9)
    days = [(monday + timedelta(days=at), Flow(30 + 7 * at, 7, 0, 37 + 7 * at)) for at in range(14)]

    lines = indicators.in_fives(days, "140499", FIVES).lines

    assert len(lines) == indicators.FLOW_DAYS
    assert {one.came for *_, one in lines} == {five(7, "140499")}
    assert all(one.balances for *_, one in lines)


# --- Appeals ---------------------------------------------------------------------------------------------


@pytest.fixture
def coordinator(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    enter_scope(session, actor)
    return actor


def contest(session, actor, made, grid="W2", words="They were away."):
    return indicators.contest(session, actor, made.map.grids[grid].id, "verification", FIRST, words)


def test_a_figure_that_is_contested_says_so_until_it_is_answered(session, made, coordinator):
    appeal = contest(session, coordinator, made)
    boss = staff(session, "manager")

    assert read(session, coordinator).grids[0].contested == {"verification"}
    assert [row.id for row in indicators.appeals(session, coordinator, PATHS[W])] == [appeal]
    indicators.answer(session, boss, appeal, "Counted anew.", NOW, upheld=True)
    assert read(session, coordinator).grids[0].contested == frozenset()
    assert indicators.appeals(session, coordinator, PATHS[W])[0].answer == "Counted anew."


@pytest.mark.parametrize(
    ("grid", "words", "code"),
    [
        ("W1", "Mine?", "not_your_grid"),
        ("W2", " ", "appeal_without_words"),
        ("W2", "x" * 501, "appeal_without_words"),
    ],
)
def test_an_appeal_is_for_ones_own_grid_and_in_words(session, made, coordinator, grid, words, code):
    with pytest.raises(Refusal) as caught:
        contest(session, coordinator, made, grid, words)

    assert caught.value.code == code


def test_a_figure_is_contested_once_at_a_time_and_answered_by_a_manager_there(session, made, coordinator):
    appeal = contest(session, coordinator, made)
    with pytest.raises(Refusal) as twice:
        contest(session, coordinator, made)
    with pytest.raises(Refusal) as stranger:
        indicators.answer(session, coordinator, appeal, "No.", NOW, upheld=False)

    assert (twice.value.code, stranger.value.code) == ("appeal_open_already", "not_in_scope")
