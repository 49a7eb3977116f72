"""Who answers, stands in and is away; grids handed over with all that is open; proposals; training."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import text

from app.models import Dwelling, Employer, Inspection, Person, Promise, Role, Visit
from app.services import duties, duty_roster, handovers, staff_plans, training
from app.services.access import Actor, Grant, enter_scope
from app.services.personal import open_places, open_registers
from app.services.visiting_hours import period_begins
from tests.services.hazardous import given_hazard
from tests.services.mapped import DISTRICT, PATHS, E, W
from tests.services.refusals import refused
from tests.services.registered import CANARY_NAMES, close, staff

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime.now(UTC)  # duties begin and end by the database's clock
TODAY = NOW.astimezone(ZONE).date()


@pytest.fixture
def manager(session, made):
    actor = staff(session, "manager")
    enter_scope(session, actor)
    return actor


def coordinator(session, made, account, code=W):
    """Somebody with the role of a coordinator for a place."""
    person = Person(account=account, name=account.title())
    session.add(person)
    session.flush()
    session.add(Role(person_id=person.id, kind="coordinator", place_id=made.map.places[code].id))
    session.flush()
    return person


def rows(session, path=DISTRICT):
    return {row.code[-1]: row for row in duty_roster.roster(session, PATHS[path], TODAY)}


# --- Roster ----------------------------------------------------------------------------------------------


def test_the_roster_says_who_answers_and_since_when_nobody_does(session, made, manager):
    found = rows(session)

    assert [found[str(number)].person is None for number in range(1, 7)] == [
        False, False, True, False, False, True,
    ]  # fmt: skip
    assert found["1"].since == datetime(2026, 2, 1, tzinfo=UTC)
    assert found["3"].vacant_since == datetime(2026, 1, 1, tzinfo=UTC)  # since the plan is in force


def test_a_vacancy_counts_from_the_day_the_last_one_left(session, made, manager):
    person = coordinator(session, made, "ann")
    session.execute(
        text("INSERT INTO duty (grid_id, person_id, kind, during)"
             " VALUES (:grid, :person, 'primary', '[2026-01-10,2026-01-20)')"),
        {"grid": made.map.grids["W3"].id, "person": person.id},
    )  # fmt: skip

    assert rows(session)["3"].vacant_since == datetime(2026, 1, 20, tzinfo=UTC)


def test_the_roster_keeps_to_the_scope(session, made):
    enter_scope(session, staff(session, "leader", W))

    assert sorted(rows(session)) == ["1", "2", "3"]


def test_the_history_has_no_gap_that_is_not_named(session, made, manager):
    person = coordinator(session, made, "ann")
    grid = made.map.grids["W3"].id
    for begins, ends in (("2026-01-10", "2026-01-20"), ("2026-02-01", "2026-02-11")):
        session.execute(
            text("INSERT INTO duty (grid_id, person_id, kind, during)"
                 " VALUES (:grid, :person, 'primary', tstzrange(:begins, :ends))"),
            {"grid": grid, "person": person.id, "begins": begins, "ends": ends},
        )  # fmt: skip

    spans = duty_roster.history(session, grid, NOW)

    assert [one.person for one in spans] == ["Ann", None, "Ann", None]
    assert all(one.ends == other.begins for one, other in pairwise(spans))
    assert duty_roster.days_of(spans[1], NOW) == 12


def test_a_deputy_stands_in_until_ended(session, made, manager):
    person = coordinator(session, made, "ann")
    grid = made.map.grids["W1"].id
    duty = duty_roster.deputise(session, grid, person.id, manager.person_id, TODAY, TODAY, ZONE)

    assert rows(session)["1"].deputies == ["Ann"]
    assert [row.name for row in duty_roster.deputies(session, grid)] == ["Ann"]
    again = refused(duty_roster.deputise, session, grid, person.id, manager.person_id, TODAY, None, ZONE)
    assert again == "deputy_already"
    duty_roster.end_deputy(session, grid, duty, manager.person_id)
    assert rows(session)["1"].deputies is None
    assert refused(duty_roster.end_deputy, session, grid, duty, manager.person_id) == "not_found"


def test_a_deputy_stands_in_until_the_day_is_over_in_the_city(session, made, manager):
    person, grid = coordinator(session, made, "ann"), made.map.grids["W1"].id
    duty_roster.deputise(session, grid, person.id, manager.person_id, TODAY, TODAY, ZONE)
    (row,) = duty_roster.deputies(session, grid)

    assert row.ends == datetime.combine(TODAY + timedelta(days=1), time(), ZONE)


def test_who_stands_in_until_a_leave_begins_does_not_cover_it(session, made, manager):
    ann, bob = coordinator(session, made, "ann"), coordinator(session, made, "bob")
    grid, first = made.map.grids["W3"], TODAY + timedelta(days=3)
    duties.assign(session, grid.id, ann.id, None, TODAY)
    duty_roster.take_leave(session, ann.id, first, first, None, TODAY)
    until = first - timedelta(days=1)
    duty = duty_roster.deputise(session, grid.id, bob.id, None, TODAY, until, ZONE)
    before = duty_roster.absences(session, PATHS[W], TODAY, ZONE)[0].uncovered
    duty_roster.end_deputy(session, grid.id, duty, None)
    duty_roster.deputise(session, grid.id, bob.id, None, TODAY, first, ZONE)

    assert before == [grid.code]
    assert duty_roster.absences(session, PATHS[W], TODAY, ZONE)[0].uncovered == []


def test_a_deputy_must_be_a_coordinator_there_and_the_day_to_come(session, made, manager):
    other = coordinator(session, made, "eve", E)
    ann = coordinator(session, made, "ann")
    grid, yesterday = made.map.grids["W1"].id, TODAY - timedelta(days=1)

    assert (
        refused(duty_roster.deputise, session, grid, other.id, None, TODAY, None, ZONE) == "not_a_coordinator"
    )
    assert refused(duty_roster.deputise, session, grid, ann.id, None, TODAY, yesterday, ZONE) == "day_passed"


def test_two_primaries_at_once_are_refused_by_the_database(session, made, manager):
    person = coordinator(session, made, "ann")
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError, match="duty_one_primary"), session.begin_nested():
        session.execute(
            text("INSERT INTO duty (grid_id, person_id, kind, during)"
                 " VALUES (:grid, :person, 'primary', '[2026-03-01,)')"),
            {"grid": made.map.grids["W1"].id, "person": person.id},
        )  # fmt: skip


def test_who_is_away_is_on_the_roster_with_grids_nobody_covers(session, made, manager):
    ann, bob = coordinator(session, made, "ann"), coordinator(session, made, "bob")
    grid = made.map.grids["W3"]
    duties.assign(session, grid.id, ann.id, None, TODAY)
    leave = duty_roster.take_leave(session, ann.id, TODAY, TODAY + timedelta(days=6), None, TODAY)

    assert rows(session)["3"].away_until == TODAY + timedelta(days=6)
    assert duty_roster.absences(session, PATHS[W], TODAY, ZONE)[0].uncovered == [grid.code]
    duty_roster.deputise(session, grid.id, bob.id, None, TODAY, None, ZONE)
    assert duty_roster.absences(session, PATHS[W], TODAY, ZONE)[0].uncovered == []
    assert refused(duty_roster.take_leave, session, ann.id, TODAY, TODAY, None, TODAY) == "leave_twice"
    duty_roster.withdraw_leave(session, leave, None)
    assert duty_roster.absences(session, PATHS[W], TODAY, ZONE) == []


@pytest.mark.parametrize(("first", "last"), [(1, 0), (-3, -1), (0, 400)])
def test_leave_has_days_that_can_be(session, made, first, last):
    days = [TODAY + timedelta(days=number) for number in (first, last)]

    assert refused(duty_roster.take_leave, session, made.map.coordinator.id, *days, None, TODAY) == (
        "days_disordered"
    )


# --- Handover --------------------------------------------------------------------------------------------


def opened(session, actor):
    return open_registers(session, actor, "handover")


def given_open_things(session, made):
    """In W1: a promise, an employer without a contact; both households are to be verified."""
    open_places(session, [DISTRICT], "import")
    household = made.households["W1"][0]
    visit = Visit(
        client_id=str(uuid4()), building_id=household.building_id, dwelling_id=household.dwelling_id,
        household_id=household.id, community_id=household.community_id,
        person_id=made.map.coordinator.id, result="met", verified=False, happened_at=NOW, entered_at=NOW,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    seat = {"building_id": household.building_id, "community_id": household.community_id}
    session.add(Promise(visit_id=visit.id, promised="修灯", due_on=TODAY, **seat))
    session.add(Employer(name="小店", begun_on=TODAY, building_id=household.building_id))
    session.flush()
    close(session)


def test_everything_open_in_a_grid_is_on_the_sheet_and_the_read_is_told(session, made, manager):
    given_open_things(session, made)
    things = handovers.open_things(opened(session, manager), made.map.grids["W1"].id, NOW, ZONE, "print")

    assert handovers.counted(things) == {
        "hazard": 0, "inspection": 0, "verification": 2, "never": 0, "promise": 1, "need": 0, "letter": 0,
        "move_out": 0, "employer": 1, "zero_report": len(unreported(made)), "appeal": 0,
    }  # fmt: skip
    assert [(one.door, one.said) for one in things if one.kind == "promise"] == [("101", "修灯")]
    told = session.execute(text("SELECT act, purpose, households FROM audit WHERE purpose IS NOT NULL")).one()
    assert (told.act, told.purpose) == ("registers.print", "handover")
    assert told.households == sorted(one.id for one in made.households["W1"])


def test_hazards_inspections_doors_nobody_called_at_and_missing_reports_are_on_the_sheet(
    session, made, manager
):
    grid, building = made.map.grids["W1"], made.building("W1")
    hazard = given_hazard(session, made.map, "W1")
    given_hazard(session, made.map, "W1", closed_days=1)
    given_hazard(session, made.map, "W2")
    for days, looked_at in enumerate(made.map.buildings["W1"][:2]):
        session.add(
            Inspection(
                community_id=grid.community_id, building_id=looked_at.id, about="灭火器", every_months=3,
                due_on=TODAY + timedelta(days=days),
            )
        )  # fmt: skip
    open_places(session, [DISTRICT], "import")
    session.add(Dwelling(building_id=building.id, code="909", community_id=grid.community_id))
    session.flush()
    close(session)
    things = handovers.open_things(opened(session, manager), grid.id, NOW, ZONE)

    def of(kind):
        return [(one.door, one.said) for one in things if one.kind == kind]

    assert of("hazard") == [("", f"燃气 · Gas #{hazard.id}")]
    assert of("inspection") == [("", "灭火器")]
    assert of("never") == [("909", "")]
    assert of("zero_report") == [("", month) for month in unreported(made)]


def unreported(made):
    """The months since the plan is in force that are over, of the last eleven."""
    months, day = [], made.map.plan.published_at.astimezone(ZONE).date().replace(day=1)
    while day < TODAY.replace(day=1):
        months.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=32)).replace(day=1)
    return months[-11:]


def test_a_household_verified_last_quarter_is_to_be_verified(session, made, manager):
    begins = period_begins(NOW.astimezone(ZONE))
    open_places(session, [DISTRICT], "import")
    for household, at in zip(made.households["W1"], (begins, begins - timedelta(seconds=1)), strict=True):
        session.add(
            Visit(
                client_id=str(uuid4()), building_id=household.building_id, dwelling_id=household.dwelling_id,
                household_id=household.id, community_id=household.community_id,
                person_id=made.map.coordinator.id, result="met", verified=True, happened_at=at, entered_at=at,
            )
        )  # fmt: skip
    session.flush()
    close(session)
    things = handovers.open_things(opened(session, manager), made.map.grids["W1"].id, NOW, ZONE)

    assert [one.household_id for one in things if one.kind == "verification"] == [made.households["W1"][1].id]


def test_no_name_or_phone_of_a_person_is_on_the_sheet(session, made, manager):
    given_open_things(session, made)
    things = handovers.open_things(opened(session, manager), made.map.grids["W1"].id, NOW, ZONE)

    assert not any(name in str(things) for name in (*CANARY_NAMES, "1990077", "房东"))


def test_a_grid_is_handed_over_with_what_was_open(session, made, manager):
    given_open_things(session, made)
    ann, grid = coordinator(session, made, "ann"), made.map.grids["W1"].id
    things = handovers.open_things(opened(session, manager), grid, NOW, ZONE)
    number = handovers.hand_over(session, manager, grid, ann.id, things, " keys at the desk ", TODAY)
    kept = handovers.handover(session, grid, number)

    assert (kept.from_name, kept.to_name, kept.note) == ("Canary Wren", "Ann", "keys at the desk")
    assert kept.open_things["verification"] == 2
    assert rows(session)["1"].person == "Ann"
    again = refused(handovers.hand_over, session, manager, grid, ann.id, things, "", TODAY)
    assert again == "handed_to_the_same"
    assert refused(handovers.handover, session, made.map.grids["W2"].id, number) == "not_found"


def test_of_a_grid_without_people_nothing_is_open(session, made, manager):
    close(session)

    assert handovers.open_things(opened(session, manager), made.map.grids["W2"].id, NOW, ZONE) != []
    leader = staff(session, "leader", W)
    told = handovers.open_things(opened(session, leader), made.map.grids["W2"].id, NOW, ZONE)
    assert {one.kind for one in told} == {"zero_report"}  # which is of no household


# --- Proposals and staffing ------------------------------------------------------------------------------


def proposed(session, end, path=W):
    return next(one for one in staff_plans.proposals(session, PATHS[path], TODAY) if end in one.ends)


def test_fewest_changes_leaves_who_answers_and_fills_vacancies(session, made, manager):
    people = [coordinator(session, made, name) for name in ("ann", "bob", "cat")]
    duties.assign(session, made.map.grids["W1"].id, people[0].id, None, TODAY)
    duties.assign(session, made.map.grids["W2"].id, people[1].id, None, TODAY)

    found = proposed(session, "changes")

    assert [(one.from_name, one.to_name) for one in found.changes] == [(None, "Cat")]
    assert (found.kept, found.vacant) == (len(made.map.buildings["W1"] + made.map.buildings["W2"]), 0)


def test_nobody_is_proposed_where_the_role_does_not_hold(session, made, manager):
    coordinator(session, made, "eve", E)
    coordinator(session, made, "ann", W)
    changes = {
        one.grid[:12]: one.to_name for one in proposed(session, "walking", DISTRICT).changes if one.to_name
    }

    assert changes == {W: "Ann", E: "Eve"}


def test_more_grids_than_people_leave_vacancies(session, made, manager):
    coordinator(session, made, "ann")

    assert proposed(session, "walking").vacant == 1  # the other one stays with who holds it


def test_who_answers_for_two_grids_keeps_the_second(session, made, manager):
    ann = coordinator(session, made, "ann")
    for grid in ("W1", "W2", "W3"):
        duties.assign(session, made.map.grids[grid].id, ann.id if grid != "W3" else None, None, TODAY)

    for end in staff_plans.ENDS:
        found = proposed(session, end)
        assert all(change.to_name for change in found.changes)
        assert found.vacant + len(found.changes) == 1
        assert found.kept == len(made.map.buildings["W1"] + made.map.buildings["W2"])


def test_the_nearest_grid_is_proposed_for_least_walking(session, made, manager):
    """The point inside the community lies in its middle band."""
    coordinator(session, made, "ann")

    (change,) = [one for one in proposed(session, "walking").changes if one.to_name == "Ann"]

    assert change.grid == made.map.grids["W2"].code
    assert 0 <= change.metres < 400


def test_a_proposal_is_accepted_once_and_as_it_was_looked_at(session, made, manager):
    ann = coordinator(session, made, "ann")
    found = proposed(session, "changes")
    wrong = refused(staff_plans.accept, session, PATHS[W], "0" * 16, None, TODAY)
    done = staff_plans.accept(session, PATHS[W], found.mark, None, TODAY)

    assert wrong == "assignment_changed"
    assert done == len(found.changes)
    assert ann.name in [row.person for row in rows(session, W).values()]
    assert proposed(session, "changes").changes == []


def test_proposals_that_are_the_same_are_one(session, made, manager):
    """Of one station everybody walks as far, so least walking is fewest changes too."""
    coordinator(session, made, "ann")
    coordinator(session, made, "bob")
    found = staff_plans.proposals(session, PATHS[W], TODAY)

    assert len({one.mark for one in found}) == len(found)
    assert sorted(end for one in found for end in one.ends) == sorted(staff_plans.ENDS)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_assignment_walks_less(seed):
    from itertools import permutations

    rng = np.random.default_rng(seed)
    metres = rng.uniform(10, 2000, (5, 5))
    holds = np.eye(5, dtype=bool)
    pairs = staff_plans.best(metres, holds.astype(int), holds, "walking")
    least = min(
        sum(metres[person, grid] for grid, person in enumerate(order)) for order in permutations(range(5))
    )

    assert sum(metres[person, grid] for person, grid in pairs) == pytest.approx(least, rel=1e-3)


def test_staff_needed_is_one_for_each_grid_or_more_for_the_floating_population(session, made, manager):
    place = f"{DISTRICT}.{DISTRICT}001"
    by_place = {one.code: one for one in staff_plans.staffing(session, place, 1, in_fives=False)}
    of_leader = staff_plans.staffing(session, place, 1, in_fives=True)

    assert [(by_place[code].grids, by_place[code].on_duty, by_place[code].floating) for code in (W, E)] == [
        (3, 1, 3), (3, 1, 3),
    ]  # fmt: skip
    assert [by_place[code].short for code in (W, E)] == [2, 2]
    assert [(one.floating, one.needed) for one in of_leader] == [(None, 5)] * 2  # few, as five
    assert staff_plans.needed(6_000, 500) == 12
    assert staff_plans.needed(10_000, 500) == 20


# --- Training --------------------------------------------------------------------------------------------


def test_attendances_are_counted_anew_and_who_is_overdue_is_named(session, made, manager):
    ann, bob = coordinator(session, made, "ann"), coordinator(session, made, "bob")
    course = training.add_course(session, manager, DISTRICT, "消防", "special", 12)
    training.attend(session, manager, course, [ann.id, bob.id], date(2025, 1, 10), TODAY)
    again = training.attend(session, manager, course, [ann.id, bob.id], date(2025, 1, 10), TODAY)
    training.attend(session, manager, course, [ann.id], TODAY, TODAY)
    (seen,) = training.courses(session, PATHS[DISTRICT], TODAY)

    assert again == 0
    assert (seen.attendances, seen.people, seen.last_on, seen.overdue) == (3, 2, TODAY, ["Bob"])


def test_what_was_learnt_for_good_does_not_run_out(session, made, manager):
    ann = coordinator(session, made, "ann")
    course = training.add_course(session, manager, W, "上岗", "pre-job", None)
    before = training.courses(session, PATHS[W], TODAY)[0].overdue
    training.attend(session, manager, course, [ann.id], date(2020, 1, 1), TODAY)

    assert (before, training.courses(session, PATHS[W], TODAY)[0].overdue) == (["Ann"], [])


def test_training_is_kept_by_who_manages_there_for_who_works_there(session, made, manager):
    eve = coordinator(session, made, "eve", E)
    course = training.add_course(session, manager, W, "上岗", "pre-job", None)
    stranger = Actor(1, "x", "X", (Grant("manager", PATHS[E]),))
    tomorrow = TODAY + timedelta(days=1)

    assert refused(training.attend, session, manager, course, [eve.id], TODAY, TODAY) == "not_in_scope"
    assert refused(training.attend, session, stranger, course, [], TODAY, TODAY) == "not_in_scope"
    assert refused(training.attend, session, manager, course, [], tomorrow, TODAY) == "day_to_come"
    assert refused(training.add_course, session, manager, W, " ", "special", None) == "fields_malformed"
    assert refused(training.add_course, session, manager, W, "A", "secret", None) == "fields_malformed"
    assert refused(training.add_course, session, manager, W, "A", "special", 0) == "fields_malformed"
