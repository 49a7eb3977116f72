"""Operations on a stored draft: what they answer, and what is said of what cannot be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import select, text

from app.errors import Refusal
from app.models import Grid, GridPlot, Plan, Plot
from app.services.dividing_lines import streets_through
from app.services.importing import store_district
from app.services.locks import lock_building, lock_grid
from app.services.operations import operate, streets_between
from app.services.publishing import publish
from tests.services.imported import DISTRICT, given_draft, given_town, small_town

MIXED = [10 + 7 * house % 21 for house in range(32)]  # households, 10 to 30


@pytest.fixture
def plan(session) -> Plan:
    """A draft of the small town: 8 grids of 4 houses of 40 households in two communities."""
    given_town(session)
    return session.get_one(Plan, given_draft(session))


def does(session, plan: Plan, do: str, **act) -> dict[str, Any]:
    return operate(session, plan.id, plan.version, {"do": do, **act})


def grids(session, plan: Plan) -> list[Grid]:
    return list(session.scalars(select(Grid).where(Grid.plan_id == plan.id).order_by(Grid.code)))


def plots_of(session, grid: Grid) -> list[int]:
    own = select(GridPlot.plot_id).where(GridPlot.grid_id == grid.id)
    return list(session.scalars(own.order_by(GridPlot.plot_id)))


def neighbours(session, plan: Plan) -> tuple[Grid, Grid]:
    """Two grids of one community that touch."""
    by_code = {grid.code: grid for grid in grids(session, plan)}
    return next(
        (grid, by_code[code])
        for grid in by_code.values()
        for code in grid.measures["neighbours"]
        if by_code[code].community_id == grid.community_id
    )


def ground(session, plot: int) -> shapely.Geometry:
    return to_shape(session.get_one(Plot, plot).geometry)


def plot_at_border(session, one: Grid, other: Grid) -> int:
    """The plot of a grid that shares most of a line with another."""
    beyond = to_shape(other.outline)
    plots = plots_of(session, one)
    shared = [shapely.intersection(ground(session, plot), beyond).length for plot in plots]
    return plots[int(np.argmax(shared))]


def building_on(session, plot: int) -> int:
    asked = text("""
        SELECT building.id FROM building JOIN plot ON ST_Intersects(plot.geometry, building.position)
        WHERE plot.id = :plot
    """)
    return session.scalars(asked, {"plot": plot}).one()


def test_two_grids_are_merged_and_their_figures_told(session, plan):
    one, other = neighbours(session, plan)

    told = does(session, plan, "merge", grids=[one.id, other.id])

    assert (told["refusal"], told["kind"], told["grids"]) == (None, "merge", {})
    assert told["moves"] == {str(plot): [other.id, one.id] for plot in plots_of(session, other)}
    after = {row["grid"]: row for row in told["after"]}
    assert after[one.id]["households_after"] == one.households + other.households
    assert after[other.id]["gone"] is True
    assert (after[one.id]["in_band_before"], after[one.id]["in_band_after"]) == (True, False)
    assert (told["households_moved"], told["buildings_moved"]) == (other.households, other.buildings)


def test_a_building_is_given_to_the_neighbour_with_the_plot_it_stands_on(session, plan):
    one, other = neighbours(session, plan)
    plot = plot_at_border(session, one, other)

    told = does(session, plan, "give", buildings=[building_on(session, plot)], to=other.id)

    assert told["refusal"] is None
    assert told["moves"] == {str(plot): [one.id, other.id]}


def test_what_would_be_cut_off_is_named_and_shown(session, plan):
    first, last = grids(session, plan)[0], grids(session, plan)[-1]
    own = [grid for grid in grids(session, plan) if grid.community_id == first.community_id]
    apart = next(g for g in own if g is not first and g.code not in first.measures["neighbours"])
    plot = plots_of(session, first)[0]

    told = does(session, plan, "give", plots=[plot], to=apart.id)
    across = does(session, plan, "give", plots=[plot], to=last.id)

    facts = told["refusal"]["facts"]
    assert (told["moves"], told["refusal"]["code"]) == ({}, "grid_in_pieces")
    assert (facts["grid"], facts["pieces"], facts["plots"]) == (apart.code, 2, [plot])
    assert len(facts["buildings"]) == 1
    assert across["refusal"]["code"] == "community_crossed"


def test_a_grid_is_divided_by_a_line_and_into_parts(session, plan):
    grid = grids(session, plan)[0]
    west, south, east, north = to_shape(grid.outline).bounds
    middle = west + 0.52 * (east - west)

    line = [[middle, south - 1e-4], [middle, north + 1e-4]]
    by_line = does(session, plan, "divide_by_line", grid=grid.id, line=line)
    in_parts = does(session, plan, "divide_into", grid=grid.id, parts=2)

    for told in (by_line, in_parts):
        assert (told["refusal"], told["kind"]) == (None, "divide")
        assert told["grids"] == {"new:1": {"kind": grid.kind, "name": None}}
        assert {to for _, to in told["moves"].values()} == {"new:1"}
    assert [row["households_after"] for row in in_parts["after"]] == [80, 80]


def test_a_special_grid_is_drawn_over_plots(session, plan):
    grid = grids(session, plan)[0]
    plot = plots_of(session, grid)[0]
    drawn = shapely.geometry.mapping(shapely.buffer(ground(session, plot), 2e-6))

    told = does(session, plan, "draw", polygon=drawn, kind="market", name="集市")

    assert told["refusal"] is None
    assert told["grids"] == {"new:1": {"kind": "market", "name": "集市"}}
    assert told["moves"] == {str(plot): [grid.id, "new:1"]}
    new = next(row for row in told["after"] if row["grid"] == "new:1")
    assert (new["code"], new["in_band_after"], new["households_before"]) == (None, None, None)


@pytest.mark.parametrize(
    "polygon",
    [
        {},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
    ],
)
def test_a_polygon_that_is_none_is_refused(session, plan, polygon):
    with pytest.raises(Refusal) as caught:
        does(session, plan, "draw", polygon=polygon)

    assert caught.value.code == "drawn_malformed"


def test_a_grid_out_of_band_gets_proposals_that_bring_it_back(session):
    given_town(session, small_town(households=MIXED))
    plan = session.get_one(Plan, given_draft(session))
    store_district(session, small_town(households=[MIXED[0] + 30, *MIXED[1:]]), DISTRICT)
    session.expire_all()
    out = next(grid for grid in grids(session, plan) if not 144 <= grid.households <= 176)

    told = does(session, plan, "repair", grid=out.id)

    best = told["proposals"][0]
    assert told["refusal"] is None
    assert best["kind"] == "move"
    assert {row["grid"]: row["in_band_after"] for row in best["after"]}[out.id] is True
    moved = [way["households_moved"] for way in told["proposals"]]
    assert moved[0] == min(moved)


def test_a_grid_that_is_well_needs_no_repair(session, plan):
    told = does(session, plan, "repair", grid=grids(session, plan)[0].id)

    assert (told["proposals"], told["refusal"]["code"]) == ([], "nothing_to_repair")


def test_two_grids_are_evened_out(session):
    given_town(session, small_town(households=MIXED))
    plan = session.get_one(Plan, given_draft(session))
    one, other = neighbours(session, plan)

    told = does(session, plan, "rebalance_pair", grids=[one.id, other.id])

    if told["refusal"] is None:
        after = [row["households_after"] for row in told["after"]]
        assert abs(after[0] - after[1]) < abs(one.households - other.households)
    else:
        assert told["refusal"]["code"] == "nothing_changes"


def test_what_is_locked_stays(session, plan):
    publish(session, plan.id, plan.version)
    second = session.get_one(Plan, given_draft(session))
    one, other = neighbours(session, second)
    plot = plot_at_border(session, one, other)
    building = building_on(session, plot)
    lock_building(session, DISTRICT, building)

    held = does(session, second, "give", plots=[plot], to=other.id)
    lock_grid(session, DISTRICT, other.code)
    shut = does(session, second, "give", plots=[plot], to=other.id)

    assert held["refusal"]["code"] == "building_is_locked"
    assert held["refusal"]["facts"]["plot"] == plot
    assert held["refusal"]["facts"]["grid"] == one.code
    assert (shut["refusal"]["code"], shut["refusal"]["facts"]["grid"]) == ("grid_is_locked", other.code)


def test_a_border_is_moved_back_onto_its_street(session):
    lines = [[(120, 0), (120, 120)], [(60, 0), (60, 120)]]
    given_town(session, small_town(streets=lines, households=20))
    plan = session.get_one(Plan, given_draft(session))
    one, other = neighbours(session, plan)
    plot = plot_at_border(session, one, other)
    moved = text("UPDATE grid_plot SET grid_id = :to WHERE plan_id = :plan AND plot_id = :plot")
    session.execute(moved, {"plan": plan.id, "plot": plot, "to": other.id})

    listed = streets_between(session, plan.id, one.id, other.id)
    told = does(session, plan, "follow_street", grids=[one.id, other.id], street=listed[0]["id"])
    nowhere = does(session, plan, "follow_street", grids=[one.id, other.id], street="长兴路")

    assert listed[0]["metres"] == pytest.approx(120, abs=1)
    assert told["moves"] == {str(plot): [other.id, one.id]}
    assert nowhere["refusal"]["code"] == "street_not_between"
    assert nowhere["refusal"]["facts"]["street"] == "长兴路"


def test_streets_through_a_grid_say_what_both_halves_would_have(session, plan):
    one = grids(session, plan)[0]
    west, south, east, north = to_shape(one.outline).bounds
    middle = (west + east) / 2
    session.execute(
        text("""
            INSERT INTO street (place_id, name, kind, geometry)
            SELECT place_id, :name, kind, ST_GeomFromText(:line, 4326) FROM street LIMIT 1
        """),
        {"name": "新街", "line": f"LINESTRING ({middle} {south - 0.001}, {middle} {north + 0.001})"},
    )

    listed = streets_through(session, plan.id, one.id)
    [street] = [street for street in listed if street["name"] == "新街"]
    told = does(session, plan, "divide_by_line", grid=one.id, line=street["line"])

    assert street["metres"] > 10
    after = sorted((row["households_after"] for row in told["after"]), reverse=True)
    assert (told["refusal"], after) == (None, street["households"])
    with pytest.raises(Refusal) as unknown:
        streets_through(session, plan.id, 10**9)
    assert unknown.value.code == "grid_unknown"


def test_an_operation_is_for_a_draft_at_the_version_one_saw(session, plan):
    first = grids(session, plan)[0]
    divided = {"do": "divide_into", "grid": first.id, "parts": 2}
    with pytest.raises(Refusal) as stale:
        operate(session, plan.id, plan.version + 1, divided)
    with pytest.raises(Refusal) as elsewhere:
        does(session, plan, "divide_into", grid=10**9, parts=2)
    with pytest.raises(Refusal) as plotless:
        does(session, plan, "give", plots=[10**9], to=first.id)
    publish(session, plan.id, plan.version)
    with pytest.raises(Refusal) as published:
        operate(session, plan.id, plan.version, divided)

    codes = [caught.value.code for caught in (stale, elsewhere, plotless, published)]
    assert codes == ["plan_changed", "grid_unknown", "plot_unknown", "plan_not_draft"]
