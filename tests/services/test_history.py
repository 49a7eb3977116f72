"""The past restored: the plan in force on a day, the grid something lay in then, and who answered for it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range

from app.errors import Refusal
from app.models import Audit, Duty, Grid, Person, Role
from app.services import duties, history, reading
from app.services.publishing import publish
from tests.services.imported import DISTRICT, EAST, WEST, given_draft, given_plan_in_force, place

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 3, 4, tzinfo=UTC)  # noon in Shanghai
TODAY = date(2026, 3, 3)


# --- Which moment is meant -------------------------------------------------------------------------------


def meant(when):
    return history.moment_of(when, NOW, SHANGHAI)


def test_a_day_means_its_end_where_the_place_lies():
    assert meant(date(2026, 3, 2)) == datetime(2026, 3, 2, 15, 59, 59, 999999, tzinfo=UTC)


def test_today_means_now():
    assert meant(date(2026, 3, 3)) == NOW


def test_a_moment_without_a_zone_is_of_the_place():
    assert meant(datetime(2026, 3, 3, 9)) == datetime(2026, 3, 3, 1, tzinfo=UTC)
    assert meant(datetime(2026, 3, 3, 1, tzinfo=UTC)) == datetime(2026, 3, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("when", [date(2026, 3, 4), datetime(2026, 3, 3, 13), NOW + timedelta(seconds=1)])
def test_what_is_still_to_come_is_refused(when):
    with pytest.raises(Refusal, match="still to come"):
        meant(when)


# --- Plans and duties of then ----------------------------------------------------------------------------


@pytest.fixture
def two_plans(session):
    """The town's first plan, with a coordinator on its first grid, and the second that took its place."""
    first = given_plan_in_force(session).plan_id
    grid = session.scalar(text("SELECT min(id) FROM grid WHERE plan_id = :plan"), {"plan": first})
    person = Person(account="li", name="李明", office_phone="123")
    deputy = Person(account="wang", name="王芳")
    session.add_all([person, deputy])
    session.flush()
    began = datetime.now(UTC) - timedelta(days=400)
    session.add(Duty(grid_id=grid, person_id=person.id, kind="primary", during=Range(began, None)))
    session.add(Duty(grid_id=grid, person_id=deputy.id, kind="deputy", during=Range(began, None)))
    session.flush()
    before = session.scalar(text("SELECT clock_timestamp()"))
    second = publish(session, given_draft(session, seed=2), 1).plan_id
    return {"first": first, "second": second, "grid": grid, "before": before}


def path_of(session, code=DISTRICT):
    return place(session, code).path


def test_the_plan_of_a_moment_is_the_one_in_force_then(session, two_plans):
    now = session.scalar(text("SELECT clock_timestamp()"))
    moments = (two_plans["before"] - timedelta(days=999), two_plans["before"], now)

    found = [history.plan_at(session, path_of(session), moment) for moment in moments]

    assert found[0] is None
    assert [plan["id"] for plan in found[1:]] == [two_plans["first"], two_plans["second"]]
    assert found[1]["to"] == found[2]["from"]


def test_a_community_goes_by_the_plan_of_the_place_above(session, two_plans):
    then = history.plan_at(session, path_of(session, WEST), two_plans["before"])

    assert (then["id"], then["place"]) == (two_plans["first"], DISTRICT)


def test_the_history_of_a_place_is_its_plans_the_newest_first(session, two_plans):
    given_draft(session, seed=3)

    told = history.plans_in_force(session, path_of(session))

    assert [plan["id"] for plan in told] == [two_plans["second"], two_plans["first"]]
    assert told[0]["to"] is None


def building_in(session, grid):
    return session.execute(
        text("""
            SELECT building.id, ST_X(position) AS lon, ST_Y(position) AS lat FROM building
            JOIN grid ON ST_Contains(grid.outline, building.position) WHERE grid.id = :grid
            ORDER BY building.id LIMIT 1
        """),
        {"grid": grid},
    ).one()


def test_who_answered_for_a_building_on_a_day(session, two_plans):
    house = building_in(session, two_plans["grid"])
    first, then = two_plans["first"], two_plans["before"]

    by_building = history.answered(session, first, then, None, building_id=house.id)
    by_point = history.answered(session, first, then, None, point=(house.lon, house.lat))

    assert by_building == by_point
    assert by_building[0]["grid"]["id"] == two_plans["grid"]
    assert (by_building[0]["primary"]["name"], by_building[0]["primary"]["office_phone"]) == ("李明", "123")
    assert [one["name"] for one in by_building[0]["deputies"]] == ["王芳"]


def test_a_vacancy_is_told_as_it_was(session, two_plans):
    house = building_in(session, two_plans["grid"])
    long_before = two_plans["before"] - timedelta(days=500)

    (told,) = history.answered(session, two_plans["first"], long_before, None, building_id=house.id)

    assert (told["primary"], told["deputies"]) == (None, [])


def test_nothing_is_told_of_ground_out_of_scope(session, two_plans):
    house = building_in(session, two_plans["grid"])
    own = session.scalar(
        text("SELECT place.code FROM grid JOIN place ON place.id = community_id WHERE grid.id = :grid"),
        {"grid": two_plans["grid"]},
    )
    other = path_of(session, EAST if own == WEST else WEST)

    answered = history.answered(
        session, two_plans["first"], two_plans["before"], (other,), building_id=house.id
    )

    assert answered == []


def test_lists_show_the_coordinators_and_vacancies_of_a_day(session, two_plans):
    of_then = reading.grids(session, two_plans["first"], None, when=two_plans["before"])["grids"]
    of_now = reading.grids(session, two_plans["first"], None)["grids"]
    own = next(grid for grid in of_then if grid["id"] == two_plans["grid"])
    others = [grid for grid in of_then if grid["id"] != two_plans["grid"]]

    assert own["coordinator"] == {"name": "李明"}
    assert all(grid["coordinator"] is None and grid["vacant_since"] for grid in others)
    assert all(grid["coordinator"] is None and grid["vacant_since"] is None for grid in of_now)
    marks = {
        reading.grids_mark(session, two_plans["first"], None, when) for when in (None, two_plans["before"])
    }
    assert len(marks) == 2


# --- Taking over a grid in force -------------------------------------------------------------------------


@pytest.fixture
def grid(session):
    given_plan_in_force(session)
    return session.query(Grid).order_by(Grid.code).first()


@pytest.fixture
def team(session, grid):
    """Three coordinators of the district, and one who is none there."""
    people = {name: Person(account=name, name=name) for name in ("a", "b", "c", "elsewhere")}
    session.add_all(people.values())
    session.flush()
    for name in ("a", "b", "c"):
        session.add(Role(person_id=people[name].id, kind="coordinator", place_id=place(session, DISTRICT).id))
    session.flush()
    return {name: person.id for name, person in people.items()}


def holders(session, grid):
    rows = session.execute(
        text("""
            SELECT person.name, upper_inf(during) AS lasting FROM duty JOIN person ON person.id = person_id
            WHERE grid_id = :grid AND kind = 'primary' ORDER BY lower(during)
        """),
        {"grid": grid.id},
    )
    return [tuple(row) for row in rows]


def test_a_coordinator_takes_over_from_another_without_a_gap(session, grid, team):
    duties.assign(session, grid.id, team["a"], None, TODAY)
    told = duties.assign(session, grid.id, team["b"], None, TODAY)

    assert told["coordinator"] == {"id": team["b"], "name": "b"}
    assert holders(session, grid) == [("a", False), ("b", True)]
    ends = session.execute(
        text("SELECT upper(during), lead(lower(during)) OVER (ORDER BY lower(during)) FROM duty")
    ).first()
    assert ends[0] == ends[1]


def test_the_same_coordinator_again_is_nothing_new(session, grid, team):
    duties.assign(session, grid.id, team["a"], None, TODAY)
    duties.assign(session, grid.id, team["a"], None, TODAY)

    assert holders(session, grid) == [("a", True)]
    assert session.query(Audit).filter(Audit.act == "duty.assigned").count() == 1


def test_a_grid_is_left_vacant(session, grid, team):
    duties.assign(session, grid.id, team["a"], None, TODAY)

    told = duties.assign(session, grid.id, None, None, TODAY)

    assert told["coordinator"] is None
    assert holders(session, grid) == [("a", False)]


def test_who_is_to_begin_later_still_does(session, grid, team):
    later = datetime.now(UTC) + timedelta(days=30)
    session.add(Duty(grid_id=grid.id, person_id=team["c"], kind="primary", during=Range(later, None)))
    session.flush()

    duties.assign(session, grid.id, team["a"], None, TODAY)

    assert holders(session, grid) == [("a", False), ("c", True)]


def test_a_deputy_who_takes_over_is_deputy_no_more(session, grid, team):
    began = datetime.now(UTC) - timedelta(days=3)
    session.add(Duty(grid_id=grid.id, person_id=team["b"], kind="deputy", during=Range(began, None)))
    session.flush()

    duties.assign(session, grid.id, team["b"], None, TODAY)

    on_duty = history.on_duty(session, grid.id, session.scalar(text("SELECT clock_timestamp()")))
    assert (on_duty["primary"]["name"], on_duty["deputies"]) == ("b", [])


@pytest.mark.parametrize("change", ["no role", "role over", "left", "nobody"])
def test_only_coordinators_of_the_place_answer_for_its_grids(session, grid, team, change):
    who = team["elsewhere"] if change == "no role" else 10**12 if change == "nobody" else team["a"]
    if change == "role over":
        session.execute(text("UPDATE role SET until = '2026-03-02' WHERE person_id = :a"), {"a": who})
    if change == "left":
        session.execute(text("UPDATE person SET active = false WHERE id = :a"), {"a": who})

    with pytest.raises(Refusal) as caught:
        duties.assign(session, grid.id, who, None, TODAY)

    assert caught.value.code == "not_a_coordinator"


def test_coordinators_are_assigned_to_grids_in_force(session, grid, team):
    draft = given_draft(session, seed=2)
    of_draft = session.query(Grid).filter(Grid.plan_id == draft).first()

    with pytest.raises(Refusal) as caught:
        duties.assign(session, of_draft.id, team["a"], None, TODAY)
    assert caught.value.code == "plan_not_in_force"
    with pytest.raises(Refusal) as caught:
        duties.assign(session, 10**12, team["a"], None, TODAY)
    assert caught.value.code == "not_found"


def test_coordinators_are_listed_with_what_they_answer_for(session, grid, team):
    duties.assign(session, grid.id, team["b"], None, TODAY)

    told = duties.coordinators(session, path_of(session), TODAY)

    loads = {one["name"]: (one["grids"], one["households"]) for one in told}
    assert loads == {"a": ([], 0), "b": ([grid.code], grid.households), "c": ([], 0)}
