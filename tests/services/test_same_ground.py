"""The same ground at several times: summed on one plan's grids, so that new borders never look like a change.

0 1 | 4 5        plots of 0.001 degrees with a building of 75 households each
2 3 | 6 7
"""

import pytest
import shapely
from sqlalchemy import text

from app.errors import Refusal
from app.models import Building, Plot, Tessellation, TessellationPlot
from app.services.same_ground import on_same_ground
from tests.services.ground_in_database import DISTRICT, SIDE, WEST_CODE, given_plan, square, stored
from tests.services.test_comparison import WHERE
from tests.services.test_schema_plans import publish


def outlined(session, ground, letters):
    """Give the grids the outlines of their plots."""
    for letter, grid in ground.grids.items():
        own = [WHERE[n] for n, name in enumerate(letters.replace(" ", "")) if name == letter]
        grid.outline = stored(shapely.union_all([square(*spot) for spot in own]), many=True)
    session.flush()


@pytest.fixture
def two(session):
    """A plan in force and a draft on the same plots, otherwise divided."""

    def make(before="AABB CCCC", after="ABAB CCCC"):
        ground = given_plan(session, before)
        outlined(session, ground, before)
        first = ground.plan
        publish(session, first)
        ground.plan, ground.grids = None, {}
        given_plan(session, after, ground=ground)
        outlined(session, ground, after)
        return first.id, ground.plan.id, ground

    return make


def given_building(session, ground, at, code="b"):
    spot = shapely.Point(at)
    building = Building(
        place_id=ground.places[DISTRICT].id,
        code=code,
        households=75,
        households_source="register",
        geometry=stored(spot.buffer(SIDE / 50), many=True),
        position=stored(spot),
    )
    session.add(building)
    session.flush()
    return building


def middle(column, row, east=0.5):
    west, _, _, north = square(column, row).bounds
    return west + east * SIDE, north - SIDE / 2


def next_version(session, ground, plots):
    """A version with other plots: [(shape, households)], all in the west community; the east stays."""
    version = Tessellation(place_id=ground.places[DISTRICT].id, version=2)
    session.add(version)
    session.flush()
    for shape, households in plots:
        plot = Plot(
            community_id=ground.places[WEST_CODE].id, geometry=stored(shape), area_m2=1, perimeter_m=1
        )
        session.add(plot)
        session.flush()
        session.add(
            TessellationPlot(tessellation_id=version.id, plot_id=plot.id, households=households, buildings=1)
        )
    session.add_all(
        TessellationPlot(tessellation_id=version.id, plot_id=plot.id, households=75, buildings=1)
        for plot in ground.plots[4:]
    )
    session.flush()
    return version


def by_grid(one, told):
    codes = {grid["id"]: grid["code"] for grid in told["grids"]}
    return {codes[row["grid"]]: row["households"] for row in one["grids"]}


def test_a_new_division_of_the_same_ground_changes_nothing(session, two):
    before, after, _ = two()

    told = on_same_ground(session, after, None, [before])

    assert len(told["times"]) == 1  # the plots are the same, then and now
    assert by_grid(told["times"][0], told) == {"1": 150, "2": 150, "3": 300}
    assert told["times"][0]["in_band"] == 1
    assert told["times"][0]["placed"] == {"by_plot": 8, "by_building": 0, "by_ground": 0}


def test_later_counts_are_summed_on_the_same_grids(session, two):
    first, _, ground = two()
    west = [(square(0, 0), 75), (square(1, 0), 75), (square(0, 1), 75), (square(1, 1), 200)]
    later = next_version(session, ground, west)

    told = on_same_ground(session, first, None)

    then, now = told["times"]
    assert (then["plan"], now["plan"], now["ground"]) == (first, None, later.id)
    assert by_grid(then, told) == {"1": 150, "2": 150, "3": 300}
    assert by_grid(now, told) == {"1": 150, "2": 275, "3": 300}
    assert (then["in_band"], now["in_band"]) == (1, 2)
    assert now["placed"] == {"by_plot": 4, "by_building": 0, "by_ground": 4}
    assert now["not_comparable"]["astride_plots"] == 0


def test_the_point_inside_the_building_decides_not_the_ground(session, two):
    first, _, ground = two("AABB CCCC")
    astride = shapely.union_all([square(0, 0, rows=1), square(0, 1)])  # mostly in neither
    given_building(session, ground, middle(0, 1))
    next_version(session, ground, [(astride, 90), (square(1, 0), 75), (square(1, 1), 75)])

    told = on_same_ground(session, first, None)

    now = told["times"][-1]
    assert by_grid(now, told) == {"1": 75, "2": 165, "3": 300}
    assert now["placed"]["by_building"] == 1
    assert now["not_comparable"]["astride_plots"] == 0


def test_a_plot_whose_buildings_lie_in_several_grids_is_told(session, two):
    first, _, ground = two("AABB CCCC")
    lower = shapely.union_all([shapely.box(*square(0, 0).bounds), square(0, 1), square(1, 1)])
    given_building(session, ground, middle(0, 0), "upper")
    given_building(session, ground, middle(0, 1), "lower")
    next_version(session, ground, [(lower, 90), (square(1, 0), 75)])

    told = on_same_ground(session, first, None)

    now = told["times"][-1]
    assert by_grid(now, told) == {"1": 75, "2": 90, "3": 300}  # most of its ground lies in the second
    assert now["not_comparable"]["astride_plots"] == 1
    assert now["not_comparable"]["astride_households"] == 90


def test_buildings_pulled_down_since_still_say_where_they_stood(session, two):
    first, _, ground = two("AABB CCCC")
    gone = given_building(session, ground, middle(0, 1))
    session.execute(text("UPDATE building SET retired_at = now() WHERE id = :id"), {"id": gone.id})
    astride = shapely.union_all([square(0, 0), square(0, 1)])
    next_version(session, ground, [(astride, 90), (square(1, 0), 75), (square(1, 1), 75)])

    told = on_same_ground(session, first, None)

    assert by_grid(told["times"][-1], told)["2"] == 165


def test_ground_outside_every_grid_is_told(session, two):
    first, _, ground = two("AABB CCCC")
    next_version(session, ground, [*((square(*at), 75) for at in WHERE[:4]), (square(9, 9), 33)])

    told = on_same_ground(session, first, None)

    missing = told["times"][-1]["not_comparable"]
    assert (missing["outside_plots"], missing["outside_households"]) == (1, 33)
    assert told["times"][-1]["households"] == 600


def test_no_more_is_told_than_is_in_scope(session, two):
    first, *_ = two()

    told = on_same_ground(session, first, (f"{DISTRICT}.{WEST_CODE}",))

    assert [grid["code"] for grid in told["grids"]] == ["1", "2"]
    assert told["times"][0]["households"] == 300
    assert told["times"][0]["not_comparable"]["outside_plots"] == 0


def test_a_moment_stands_for_the_plan_in_force_then(session, two):
    _, draft, _ = two()
    now = session.scalar(text("SELECT clock_timestamp()"))

    assert len(on_same_ground(session, draft, None, [now])["times"]) == 1
    for others, code in (([now.replace(year=1999)], "no_plan_at"), ([10**12], "plans_not_comparable")):
        with pytest.raises(Refusal) as caught:
            on_same_ground(session, draft, None, others)
        assert caught.value.code == code
    with pytest.raises(Refusal) as caught:
        on_same_ground(session, 10**12, None)
    assert caught.value.code == "plan_unknown"
