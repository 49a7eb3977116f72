"""What heat and lists of hazards say outside never speaks of fewer than five households.

A few hundred towns a run; `script/check-guard` looks at as many as it is told.
"""

import os

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.geo.density import Frame
from app.models import Tessellation
from app.services import heat, heat_guard, heat_sheet
from app.services.heat import Wish
from app.services.heat_points import KeptPoints
from tests.services import guard_cases as cases
from tests.services.hazardous import REPORTED, given_hazard
from tests.services.mapped import DISTRICT, given_map

CASES = int(os.environ.get("GUARD_CASES", "200"))
MANY = settings(
    max_examples=CASES, deadline=None, derandomize=CASES <= 200, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@st.composite
def stories(draw):
    """A town, hazards off the ground of few, and two sets of them on it."""
    town = draw(cases.towns())
    few = list(town.untold().plots)
    assume(few)
    many = [plot for plot in range(cases.SIDE**2) if plot not in few]
    elsewhere = draw(cases.hazards(st.sampled_from(many))) if many else cases.Hazards(())
    here, other = (draw(cases.hazards(st.sampled_from(few))) for _ in range(2))
    return town, elsewhere, here, other


@MANY
@given(stories(), cases.wishes(), cases.frames())
def test_heat_outside_tells_nothing_of_few_households(story, wish, frame):
    cases.check_heat(*story, wish, frame)


@MANY
@given(cases.towns(), cases.hazards())
def test_files_tell_no_place_among_few_households(town, hazards):
    cases.check_files(town, hazards)


@MANY
@given(cases.towns())
def test_nothing_told_outside_less_anything_else_tells_of_few_households(town):
    cases.check_sums(town)


@MANY
@given(cases.towns(), st.integers(0, 2**32))
def test_nothing_about_few_follows_from_two_days_with_other_borders_and_counts(town, seed):
    cases.check_twice(town, np.random.default_rng(seed))


def test_who_subtracts_finds_what_one_sum_leaves_of_another():
    """The attacker itself: it finds what is told, and what follows."""
    weights = np.array([40, 3, 12, 0])
    everything = np.ones(4)
    told = np.eye(4)

    assert cases.leaks(np.array([everything, told[0], told[3]]), weights) is None
    assert cases.leaks(np.array([everything, told[0], told[2]]), weights) == [1]
    assert cases.leaks(np.array([told[0] + told[1], told[0] + told[2], told[2]]), weights) == [1]
    assert cases.leaks(np.array([told[1] + told[3]]), weights) == [1]


def counted_anew(session, made, plot, households: int, version=99, becomes=None) -> None:
    """A newer version of the same plots, on one of which live so many. becomes: what takes its place."""
    newer = Tessellation(place_id=made.places[DISTRICT].id, version=version)
    session.add(newer)
    session.flush()
    session.execute(
        text("""
            INSERT INTO tessellation_plot (tessellation_id, plot_id, households, buildings)
            SELECT :newer, CASE WHEN plot_id = :plot THEN :becomes ELSE plot_id END,
                CASE WHEN plot_id = :plot THEN :households ELSE households END, buildings
            FROM tessellation_plot WHERE tessellation_id = :older
        """),
        {
            "newer": newer.id,
            "plot": plot.id,
            "becomes": becomes or plot.id,
            "households": households,
            "older": made.plan.tessellation_id,
        },
    )


def test_ground_of_few_is_that_of_the_newest_plots(session):
    made, kept = given_map(session), KeptPoints()
    few = given_hazard(session, made, "W1").id
    shown = given_hazard(session, made, "E2").id
    plot = made.plots["W1"][0]
    counted_anew(session, made, plot, 4)
    ground = heat.ground_of(session, DISTRICT, None)
    points = kept.of(session)

    assert set(points.id) == {few, shown}
    outside = heat_guard.without(points, heat_guard.untold_in(session, ground).ground)
    assert set(outside.id) == {shown}


def test_the_picture_outside_is_blank_where_few_live_and_shows_the_rest(session):
    made, kept = given_map(session), KeptPoints()
    given_hazard(session, made, "W1", severity=3)
    given_hazard(session, made, "E3", severity=3)
    plot = made.plots["W1"][0]
    counted_anew(session, made, plot, 1)
    ground = heat.ground_of(session, DISTRICT, None)
    wish = Wish(0, int(REPORTED.timestamp()) + 60, bandwidth_m=50)

    few = heat_guard.untold_in(session, ground).ground
    hidden = heat_guard.blanked(few, ground.frame)
    outside = heat_guard.without(kept.of(session), few)
    drawn, _ = heat_guard.shown_outside(kept, outside, ground, wish, ground.frame, hidden)

    assert 0 < hidden.mean() < 0.1
    assert not drawn[hidden].any()
    assert drawn.max() > 0
    column = np.argwhere(drawn == drawn.max())[0][1]
    assert column > ground.frame.pixels / 2  # in the east


def test_a_sheet_has_no_colour_for_a_grid_of_three_households(session):
    made, kept = given_map(session), KeptPoints()
    for grid in ("W1", "W3", "E2"):
        given_hazard(session, made, grid)
    ground = heat.ground_of(session, DISTRICT, None)
    wish = Wish(0, int(REPORTED.timestamp()) + 60, bandwidth_m=50)

    drawn = heat_sheet.sheet(session, kept, ground, wish, ground.box, heat_sheet.Look("grid"))

    colours = [area.colour for area in drawn.areas]  # W1, W2, W3, E1, E2, E3
    assert colours[2] == heat_sheet.UNTOLD
    assert colours[0] == colours[4] == drawn.swatches[0].colour
    assert [colours[k] for k in (1, 3, 5)] == [None] * 3
    assert drawn.bandwidth_m == 100
    assert drawn.bar_mm * drawn.scale / 1000 == pytest.approx(drawn.bar_m, rel=0.001)


def test_pixels_are_blank_as_soon_as_they_touch_such_ground():
    frame = Frame(0.8, 0.39, 1e-5, 10)
    lon = (frame.west + frame.pixel * np.array([2.5, 4.2])) * 360 - 180
    strip = shapely.box(lon[0], 30, lon[1], 40)

    hidden = heat_guard.blanked(np.array([strip]), frame)

    assert hidden.all(axis=0).tolist() == [False, False, True, True, True, *[False] * 5]


def withheld_now(session):
    return {*heat_guard.untold_in(session, heat.ground_of(session, DISTRICT, None)).plots}


def test_ground_that_was_withheld_stays_so_when_more_live_there(session):
    made = given_map(session)
    plot = made.plots["W1"][0]
    counted_anew(session, made, plot, 3, version=98)
    before = withheld_now(session)
    counted_anew(session, made, plot, 40, version=99)

    after = withheld_now(session)

    assert plot.id in before
    assert len(before) == 2  # and the smallest beside it
    assert after == before


def test_new_plots_on_ground_that_was_withheld_are_withheld_too(session):
    made = given_map(session)
    plot = made.plots["W1"][0]
    counted_anew(session, made, plot, 3, version=98)
    withheld_now(session)
    cut = session.scalar(
        text("""
            INSERT INTO plot (community_id, geometry, area_m2, perimeter_m)
            SELECT community_id, geometry, area_m2, perimeter_m FROM plot WHERE id = :plot RETURNING id
        """),
        {"plot": plot.id},
    )
    counted_anew(session, made, plot, 40, version=99, becomes=cut)

    assert cut in withheld_now(session)


def test_grids_of_a_plan_that_is_over_are_chosen_beside_too(session):
    """Reports of its time still count by its grids, whether or not anybody asked then."""
    made = given_map(session)
    plot = made.plots["W1"][0]
    counted_anew(session, made, plot, 3)
    retire = "UPDATE plan SET state = 'retired', retired_at = clock_timestamp() WHERE id = :plan"
    session.execute(text(retire), {"plan": made.plan.id})

    found = withheld_now(session)
    kept = session.execute(text("SELECT state, plots FROM withheld")).all()

    in_w1 = {one.id for one in made.plots["W1"]}
    assert plot.id in found
    assert len(found & in_w1) >= 2
    assert any(f"{made.plan.id}retired" in row.state for row in kept)
    assert {plot for row in kept for plot in row.plots} == found


def test_nothing_is_chosen_anew_while_borders_and_counts_stay(session, monkeypatch):
    made = given_map(session)
    counted_anew(session, made, made.plots["W1"][0], 3)
    first = withheld_now(session)
    asked = []
    monkeypatch.setattr(heat_guard, "settled", lambda *_: asked.append(1))

    assert withheld_now(session) == first
    assert asked == []
