"""Open ground of a draft is cut: a version of the plots of its own, an edit like any other."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geoalchemy2.shape import to_shape
from pyproj import CRS
from sqlalchemy import select, text

from app.errors import Refusal
from app.geo.crs import to_lonlat
from app.geo.partition import soundness
from app.models import Edit, Grid, Lock, Plan, Tessellation
from app.services.cuts import cut, rehearse
from app.services.editing import reverse
from app.services.importing import store_district
from app.services.operations import operate
from app.services.plot_tables import current, newest_of_plan, read_plots
from app.services.publishing import plan_faults
from tests.services.drawn_drafts import ORIGIN_M, SRID, Draft, given_drawn, stored
from tests.services.imported import DISTRICT, given_draft, given_town, small_town

TWO_ROWS = """
    A A B B
    A A B B
"""
SOUTH_OF_THE_HOUSES = [(-40, 10), (400, 10)]  # houses stand in the middle of plots of 80 m
THROUGH_HOUSES = [(-40, 40), (400, 40)]


def at(*corners: tuple[float, float]) -> list[list[float]]:
    """Corners of a drawing, in degrees."""
    points = shapely.points(np.array(corners, float) + ORIGIN_M)
    return shapely.get_coordinates(to_lonlat(points, CRS.from_epsg(SRID))).tolist()


def plan_of(session, draft: Draft) -> Plan:
    return session.get_one(Plan, draft.plan, populate_existing=True)


def plots_now(session, draft: Draft):
    return read_plots(session, plan_of(session, draft).tessellation_id)


def grounds(session, draft: Draft) -> dict[int, shapely.Geometry]:
    grids = session.scalars(select(Grid).where(Grid.plan_id == draft.plan)).all()
    return {grid.id: to_shape(grid.outline) for grid in grids}


def test_plots_are_cut_and_all_that_hangs_on_them_fits(session, at_commit):
    draft = given_drawn(session, TWO_ROWS)
    before, plain = grounds(session, draft), current(session, draft.place)

    saved = cut(session, draft.plan, 1, {"line": at(*SOUTH_OF_THE_HOUSES), "note": "Pavement"})
    at_commit(session)

    plots = plots_now(session, draft)
    assert (saved.version, plan_of(session, draft).version) == (2, 2)
    assert len(plots) == 8 + 4
    assert sorted(plots.table.area.round().tolist()) == [800] * 4 + [5600] * 4 + [6400] * 4
    assert plots.table.households.sum() == 8 * 75
    assert plots.table.households[plots.table.area.round() == 800].tolist() == [0] * 4
    assert plots.buildings.sum() == 8
    assert soundness(plots.metres, shapely.union_all(plots.metres)).sound
    assert plan_faults(session, draft.plan) == []
    now = grounds(session, draft)
    for grid, ground in before.items():  # but for a corner rounded to the lattice on the way
        assert shapely.hausdorff_distance(now[grid], ground) <= 1e-8
    assert current(session, draft.place) == plain
    edit = session.scalars(select(Edit).where(Edit.plan_id == draft.plan, Edit.version == 2)).one()
    assert (edit.kind, edit.note) == ("cut", "Pavement")
    assert edit.tessellation_id == plots.tessellation_id


def test_a_cut_is_told_before_it_is_made_and_nothing_stays_of_it(session):
    draft = given_drawn(session, TWO_ROWS)
    crossed = [
        plot
        for plot, ground in stored_grounds(session, draft).items()
        if ground.intersects(shapely.LineString(at(*SOUTH_OF_THE_HOUSES)))
    ]
    asked = {"do": "cut", "plots": crossed[:1], "line": at(*SOUTH_OF_THE_HOUSES)}

    told = rehearse(session, draft.plan, 1, asked)
    through = rehearse(session, draft.plan, 1, {**asked, "line": at(*THROUGH_HOUSES)})
    beside = rehearse(session, draft.plan, 1, {**asked, "line": at((-90, -90), (-80, -90))})
    with pytest.raises(Refusal) as strange:
        rehearse(session, draft.plan, 1, {**asked, "plots": [10**9]})
    with pytest.raises(Refusal) as stale:
        rehearse(session, draft.plan, 2, asked)

    [cut_one] = told["pieces"]
    assert (told["cuts"], told["moves"], told["refusal"], cut_one["plot"]) == (1, {}, None, crossed[0])
    assert cut_one["areas_m2"] == pytest.approx([5600, 800], abs=1)
    assert shapely.geometry.shape(told["outline"]).length > 0
    assert through["refusal"]["code"] == "building_in_the_way"
    assert beside["refusal"]["code"] == "cut_cuts_nothing"
    assert (strange.value.code, stale.value.code) == ("plot_unknown", "plan_changed")
    assert len(plots_now(session, draft)) == 8


def stored_grounds(session, draft: Draft) -> dict[int, shapely.Geometry]:
    """The ground of each plot, by id."""
    plots = plots_now(session, draft)
    return dict(zip(plots.ids.tolist(), plots.polygons, strict=True))


def test_plots_that_are_not_concerned_keep_their_ids_and_lines(session):
    draft = given_drawn(session, "A A B B B")

    cut(session, draft.plan, 1, {"line": at((10, -40), (10, 200))})

    plots, plain = plots_now(session, draft), read_plots(session, current(session, draft.place).id)
    kept = np.intersect1d(plots.ids, plain.ids)
    assert sorted(set(draft.plots) - set(kept.tolist())) == draft.plots[:1]
    inner = np.bincount(plots.table.edges.i, plots.table.edges.metres, len(plots))
    inner += np.bincount(plots.table.edges.j, plots.table.edges.metres, len(plots))
    assert np.allclose(inner + plots.table.outer, plots.table.perimeter, atol=0.05)
    assert plots.table.edges.metres.sum() == pytest.approx(plain.table.edges.metres.sum() + 80, abs=0.1)


def test_a_neighbour_whose_ring_gets_a_corner_is_another_plot(session):
    draft = given_drawn(session, "A A B B")

    cut(session, draft.plan, 1, {"line": at(*SOUTH_OF_THE_HOUSES), "plots": draft.plots[:1]})

    plots = plots_now(session, draft)
    assert len(plots) == 5
    assert set(plots.ids.tolist()) & set(draft.plots) == set(draft.plots[2:])


def test_a_building_is_never_cut_but_named(session):
    draft = given_drawn(session, TWO_ROWS)

    with pytest.raises(Refusal) as caught:
        cut(session, draft.plan, 1, {"line": at(*THROUGH_HOUSES)})

    assert caught.value.code == "building_in_the_way"
    assert caught.value.facts["building"].endswith("号楼")
    assert len(caught.value.facts["position"]) == 2
    assert plan_of(session, draft).version == 1


def test_a_cut_is_undone_and_done_again_to_the_very_rows(session, at_commit):
    draft = given_drawn(session, TWO_ROWS)
    drawn = stored(session, draft)
    cut(session, draft.plan, 1, {"line": at(*SOUTH_OF_THE_HOUSES)})
    after = stored(session, draft)

    reverse(session, draft.plan, 2, 2)
    at_commit(session)
    undone = stored(session, draft)
    reverse(session, draft.plan, 3, 3)
    at_commit(session)

    assert undone == drawn
    assert stored(session, draft) == after
    assert plan_faults(session, draft.plan) == []


def test_a_plan_stays_on_its_cut_version_and_can_be_cut_again(session, at_commit):
    draft = given_drawn(session, TWO_ROWS)
    cut(session, draft.plan, 1, {"line": at(*SOUTH_OF_THE_HOUSES)})
    first = plan_of(session, draft).tessellation_id

    assert newest_of_plan(session, draft.plan) == first
    cut(session, draft.plan, 2, {"line": at((10, -40), (10, 200))})
    at_commit(session)

    second = session.get_one(Tessellation, plan_of(session, draft).tessellation_id)
    assert (second.cut_from_id, second.plain_id) == (first, current(session, draft.place).id)
    assert newest_of_plan(session, draft.plan) == second.id
    assert plan_faults(session, draft.plan) == []


def test_a_grid_is_drawn_along_an_exact_border(session, at_commit):
    draft = given_drawn(session, TWO_ROWS)
    ring = at((-20, -20), (240, -20), (240, 10), (-20, 10), (-20, -20))
    park = {"type": "Polygon", "coordinates": [ring]}

    cut(session, draft.plan, 1, {"polygon": park})
    told = operate(session, draft.plan, 2, {"do": "draw", "polygon": park, "kind": "park", "name": "绿带"})
    at_commit(session)

    assert told["refusal"] is None
    assert told["households_moved"] == 0
    assert len(told["moves"]) == 3


def test_a_cut_beside_a_locked_grid_and_in_it_leaves_its_ground(session):
    draft = given_drawn(session, TWO_ROWS)
    session.add(Lock(place_id=draft.place, grid_code=draft.codes["B"]))
    session.flush()

    cut(session, draft.plan, 1, {"line": at(*SOUTH_OF_THE_HOUSES)})

    assert plan_of(session, draft).version == 2


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"line": [[0, 0], [0, 0]]}, "drawn_malformed"),
        ({"line": [[0, 0], [1, 1]]}, "cut_cuts_nothing"),
        ({"polygon": {"type": "Point", "coordinates": [0, 0]}}, "drawn_malformed"),
        ({"line": at(*SOUTH_OF_THE_HOUSES), "plots": [10**9]}, "plot_unknown"),
    ],
)
def test_what_cannot_be_cut_is_refused(session, asked, code):
    draft = given_drawn(session, TWO_ROWS)

    with pytest.raises(Refusal) as caught:
        cut(session, draft.plan, 1, asked)

    assert caught.value.code == code


def test_a_cut_lasts_until_the_plots_it_was_cut_from_are_other_ones(session, at_commit):
    given_town(session)
    plan = session.get_one(Plan, given_draft(session))
    store_district(session, small_town(), DISTRICT)  # brings nothing new
    line = _through_open_ground(session, plan)
    cut(session, plan.id, plan.version, {"line": line})
    own = plan.tessellation_id

    store_district(session, small_town(), DISTRICT)
    stays = session.get_one(Plan, plan.id, populate_existing=True).tessellation_id
    store_district(session, small_town(households=41), DISTRICT)
    at_commit(session)
    moved = session.get_one(Plan, plan.id, populate_existing=True).tessellation_id

    assert stays == own
    assert moved == current(session, plan.place_id).id
    assert plan_faults(session, plan.id) == []


def _through_open_ground(session, plan: Plan) -> list[list[float]]:
    """A line across the plot furthest to the west, beside its house."""
    plots = read_plots(session, plan.tessellation_id)
    first = plots.polygons[int(np.argmin(shapely.bounds(plots.polygons)[:, 0]))]
    west, south, east, north = shapely.bounds(first)
    x = west + (east - west) / 20
    return [[x, south - 1e-5], [x, north + 1e-5]]


def test_entrances_of_a_divided_building_come_along(session, at_commit):
    draft = given_drawn(session, "A A B B")
    version = plan_of(session, draft).tessellation_id
    divided = text("""
        INSERT INTO plot_entrance (tessellation_id, building_id, code, plot_id, households, position)
        SELECT :version, id, '1单元', :plot, households, position FROM building
        WHERE code = 'B0' AND place_id = :place
    """)
    session.execute(divided, {"version": version, "plot": draft.plots[0], "place": draft.place})

    cut(session, draft.plan, 1, {"line": at((-40, 10), (100, 10)), "plots": draft.plots[:1]})
    at_commit(session)

    plots = plots_now(session, draft)
    rows = session.execute(
        text("SELECT plot_id, households FROM plot_entrance WHERE tessellation_id = :version"),
        {"version": plots.tessellation_id},
    ).all()
    large = plots.ids[np.argmax(plots.table.area.round() == 5600)]
    assert [(row.plot_id, row.households) for row in rows] == [(large, 75)]
    assert plots.table.households.sum() == 4 * 75


def test_a_ring_within_a_plot_cuts_nothing_but_what_it_encloses(session):
    draft = given_drawn(session, "A A B B")
    ring = at((4, 4), (20, 4), (20, 20), (4, 20), (4, 4))

    cut(session, draft.plan, 1, {"polygon": {"type": "Polygon", "coordinates": [ring]}})

    areas = sorted(plots_now(session, draft).table.area.round().tolist())
    assert areas == [256, 6400 - 256, 6400, 6400, 6400]
