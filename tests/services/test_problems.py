"""What is amiss with a plan is listed, worst first, and nothing where all is well."""

from __future__ import annotations

import shapely
from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import select, text

from app.models import Compound, Grid, GridPlot, Person, Place, Plan
from app.services.importing import store_district
from app.services.problems import problems
from app.services.publishing import publish
from tests.services.imported import DISTRICT, EAST, WEST, given_draft, given_town, small_town


def given_plan(session) -> Plan:
    given_town(session)
    return session.get_one(Plan, given_draft(session))


def kinds(found) -> list[str]:
    return [one["kind"] for one in found["problems"]]


def first(found, kind: str):
    return next(one for one in found["problems"] if one["kind"] == kind)


def grids(session, plan: Plan) -> list[Grid]:
    return list(session.scalars(select(Grid).where(Grid.plan_id == plan.id).order_by(Grid.code)))


def a_coordinator(session) -> Person:
    person = Person(account="wang.fang", name="王芳")
    session.add(person)
    session.flush()
    return person


def on_duty(session, grid: Grid, person: Person) -> None:
    asked = text("""
        INSERT INTO duty (grid_id, person_id, kind, during)
        VALUES (:grid, :person, 'primary', tstzrange(now() - interval '1 day', NULL))
    """)
    session.execute(asked, {"grid": grid.id, "person": person.id})


def test_a_plan_without_faults_lacks_but_its_coordinators(session):
    plan = given_plan(session)

    found = problems(session, plan.id)

    assert found["version"] == plan.version
    assert kinds(found) == ["vacancy"] * 8
    assert [one["facts"]["grid"] for one in found["problems"]] == [grid.code for grid in grids(session, plan)]


def test_a_grid_of_a_draft_is_manned_by_who_is_planned_or_has_its_code_in_force(session):
    plan = given_plan(session)
    publish(session, plan.id, plan.version)
    person = a_coordinator(session)
    one, other = grids(session, plan)[:2]
    on_duty(session, one, person)
    draft = session.get_one(Plan, given_draft(session))
    planned = next(grid for grid in grids(session, draft) if grid.code == other.code)
    planned.planned_id = person.id
    session.flush()

    in_force = [p["facts"]["grid"] for p in problems(session, plan.id)["problems"]]
    drafted = [p["facts"]["grid"] for p in problems(session, draft.id)["problems"] if p["kind"] == "vacancy"]

    assert one.code not in in_force
    assert other.code in in_force
    assert {one.code, other.code}.isdisjoint(drafted)


def test_grids_out_of_band_come_with_those_furthest_out_first(session):
    plan = given_plan(session)
    counts = [40] * 32
    counts[0], counts[31] = 90, 140
    store_district(session, small_town(households=counts), DISTRICT)
    session.expire_all()

    found = [one for one in problems(session, plan.id)["problems"] if one["kind"] == "out_of_band"]

    assert [(one["facts"]["held"], one["facts"]["beyond"]) for one in found] == [(260, 84), (210, 34)]
    assert {one["facts"]["way"] for one in found} == {"above"}


def test_a_grid_in_pieces_shows_what_is_torn_off(session):
    plan = given_plan(session)
    home, far = _apart(session, plan)
    plot = session.scalars(
        select(GridPlot.plot_id).where(GridPlot.grid_id == home.id).order_by(GridPlot.plot_id)
    ).first()
    _move(session, plan, plot, far)

    worst = problems(session, plan.id)["problems"][0]

    assert (worst["kind"], worst["facts"]["pieces"]) == ("grid_in_pieces", 2)
    assert worst["grids"] == [{"id": far.id, "code": far.code}]
    assert worst["plots"] == [plot]


def _apart(session, plan: Plan) -> tuple[Grid, Grid]:
    """Two grids of one community that share no line."""
    found = grids(session, plan)
    return next(
        (one, other)
        for one in found
        for other in found
        if one.community_id == other.community_id
        and one.id != other.id
        and other.code not in one.measures["neighbours"]
    )


def _move(session, plan: Plan, plot: int, to: Grid) -> None:
    """As a layer drawn elsewhere may have it."""
    asked = {"plan": plan.id, "plot": plot, "to": to.id}
    session.execute(
        text("UPDATE grid_plot SET grid_id = :to WHERE plan_id = :plan AND plot_id = :plot"), asked
    )
    session.execute(
        text("""
            UPDATE grid SET outline = ST_Multi(ST_Union(outline, plot.geometry))
            FROM plot WHERE plot.id = :plot AND grid.id = :to
        """),
        asked,
    )
    session.expire_all()


def test_a_compound_in_two_grids_is_a_fault_unless_it_is_too_large_for_one(session):
    plan = given_plan(session)
    one, other = next(
        (a, b)
        for a in grids(session, plan)
        for b in grids(session, plan)
        if a.community_id == b.community_id and b.code in a.measures["neighbours"]
    )
    both = shapely.union_all([to_shape(one.outline), to_shape(other.outline)])
    place = session.scalars(select(Place).where(Place.code == DISTRICT)).one()
    grid_wide = shapely.multipolygons([both]) if both.geom_type == "Polygon" else both
    session.add(Compound(place_id=place.id, code="C1", name="柳荫里", geometry=from_shape(grid_wide, 4326)))
    session.flush()

    too_large = problems(session, plan.id)
    plan.most = 400
    session.flush()
    found = problems(session, plan.id)

    assert "compound_divided" not in kinds(too_large)
    divided = first(found, "compound_divided")
    assert divided["facts"]["compound"] == "柳荫里"
    assert sorted(divided["facts"]["grids"]) == sorted([one.code, other.code])
    assert len(divided["plots"]) > 0


def test_a_code_of_another_community_is_none(session):
    plan = given_plan(session)
    grid = grids(session, plan)[0]
    grid.code = f"{EAST}901" if grid.code.startswith(WEST) else f"{WEST}901"
    session.flush()

    found = first(problems(session, plan.id), "code_missing")

    assert found["grids"] == [{"id": grid.id, "code": grid.code}]
    assert found["facts"]["community"] in (WEST, EAST)
