"""A grid drawn along an exact border is one edit: open ground is cut, what lies within is the grid."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import select, text

from app.errors import Refusal
from app.geo.partition import soundness
from app.models import Edit, Grid, Lock, Tessellation
from app.services.cuts import cut_ground
from app.services.edit_history import edits
from app.services.editing import restore, reverse
from app.services.exact_drawing import draw_exactly, rehearse
from app.services.operations import drawn_polygon
from app.services.publishing import plan_faults
from tests.services.drawn_drafts import Draft, given_drawn, stored
from tests.services.test_cuts import TWO_ROWS, at, plan_of, plots_now

GREEN = (-20, -20, 240, 10)  # west, south, east, north in metres: a strip of 10 m in the south of three plots
BESIDE = (-20, -20, 60, 10)
THROUGH_HOUSES = (-20, -20, 240, 40)


def ring(box: tuple[float, float, float, float]) -> dict[str, object]:
    west, south, east, north = box
    corners = at((west, south), (east, south), (east, north), (west, north), (west, south))
    return {"type": "Polygon", "coordinates": [corners]}


def drawing(box: tuple[float, float, float, float], **more: object) -> dict[str, object]:
    return {"polygon": ring(box), "kind": "park", "name": "绿带", **more}


def the_new(session, draft: Draft) -> Grid:
    known = list(draft.grids.values())
    return session.scalars(select(Grid).where(Grid.plan_id == draft.plan, Grid.id.not_in(known))).one()


def test_ground_is_cut_and_the_grid_made_in_one_edit_that_is_undone_and_redone(session, at_commit):
    draft = given_drawn(session, TWO_ROWS)
    drawn = stored(session, draft)

    saved = draw_exactly(session, draft.plan, 1, drawing(GREEN, note="Trees"))
    at_commit(session)

    plots, made = plots_now(session, draft), the_new(session, draft)
    assert (saved.version, plan_of(session, draft).version, [*saved.made]) == (2, 2, ["new:1"])
    assert (made.kind, made.name, made.households) == ("park", "绿带", 0)
    assert made.area_m2 == pytest.approx(240 * 10, abs=1)
    assert soundness(plots.metres, shapely.union_all(plots.metres)).sound
    assert plan_faults(session, draft.plan) == []
    edit = session.scalars(select(Edit).where(Edit.plan_id == draft.plan, Edit.version == 2)).one()
    assert (edit.kind, edit.note, edit.parameters["exact"]) == ("draw", "Trees", True)
    assert edit.tessellation_id == plots.tessellation_id
    after = stored(session, draft)
    reverse(session, draft.plan, 2, 2)
    at_commit(session)
    assert stored(session, draft) == drawn
    reverse(session, draft.plan, 3, 3)
    at_commit(session)
    assert stored(session, draft) == after
    restore(session, draft.plan, 4, 1)
    at_commit(session)
    assert stored(session, draft) == drawn


def test_households_on_pieces_that_change_grid_are_counted_in_the_history(session):
    draft = given_drawn(session, TWO_ROWS)

    draw_exactly(session, draft.plan, 1, drawing((-20, -20, 170, 70)))  # round two houses, between two rows

    last = edits(session, draft.plan, limit=1)[0]
    assert last["households"] == the_new(session, draft).households == 2 * 75


def test_households_that_come_back_with_pieces_are_counted_too(session):
    """Undone, redone, gone back over: the same two houses change hands each time."""
    draft = given_drawn(session, TWO_ROWS)
    draw_exactly(session, draft.plan, 1, drawing((-20, -20, 170, 70)))

    reverse(session, draft.plan, 2, 2)
    reverse(session, draft.plan, 3, 3)
    restore(session, draft.plan, 4, 1)
    restore(session, draft.plan, 5, 2)

    assert [edit["households"] for edit in edits(session, draft.plan, limit=5)] == [2 * 75] * 5


def test_a_border_between_plots_cuts_nothing(session):
    draft = given_drawn(session, TWO_ROWS)

    draw_exactly(session, draft.plan, 1, drawing((-20, -20, 80, 80)))

    edit = session.scalars(select(Edit).where(Edit.plan_id == draft.plan, Edit.version == 2)).one()
    assert edit.tessellation_id is None
    assert the_new(session, draft).area_m2 == pytest.approx(80 * 80, abs=1)


def test_a_building_in_the_way_is_named_and_nothing_is_done(session):
    draft = given_drawn(session, TWO_ROWS)

    with pytest.raises(Refusal) as caught:
        draw_exactly(session, draft.plan, 1, drawing(THROUGH_HOUSES))

    assert caught.value.code == "building_in_the_way"
    assert str(caught.value.facts["building"]).endswith("号楼")
    assert plan_of(session, draft).version == 1


def test_what_it_would_come_to_is_told_and_nothing_stays_of_it(session):
    draft = given_drawn(session, TWO_ROWS)
    before, versions = stored(session, draft), _versions(session)

    told = rehearse(session, draft.plan, 1, {"do": "draw", "exact": True, **drawing(GREEN)})
    refused = rehearse(session, draft.plan, 1, {"do": "draw", "exact": True, **drawing(THROUGH_HOUSES)})

    assert stored(session, draft) == before
    assert (_versions(session), plan_of(session, draft).version) == (versions, 1)
    new = next(row for row in told["after"] if row["grid"] == "new:1")
    assert (new["households_after"], new["pieces"], told["cuts"]) == (0, 1, 3)
    assert (told["moves"], told["refusal"], told["households_moved"]) == ({}, None, 0)
    west, _, east, _ = shapely.bounds(shapely.geometry.shape(told["outline"]))
    assert np.allclose([west, east], [at((0, 0))[0][0], at((240, 0))[0][0]], atol=1e-6)
    assert refused["refusal"]["code"] == "building_in_the_way"


def test_a_trial_copies_no_more_of_the_ground_than_it_looks_at(session):
    draft = given_drawn(session, "A A B B C C D D\nA A B B C C D D")
    drawn = shapely.boundary(drawn_polygon(ring(BESIDE)))  # through the plot in the south-west

    tried = cut_ground(session, plan_of(session, draft), drawn, within=[draft.grids["A"]])

    copied = text("SELECT plot_id FROM tessellation_plot WHERE tessellation_id = :made")
    there = {*session.scalars(copied, {"made": tried.tessellation_id})}
    assert there & {*draft.plots} == {draft.plots[number] for number in (0, 1, 2, 9, 10)}
    assert there - {*draft.plots} == {*tried.origin}
    assert {*tried.origin.values()} == {draft.plots[8]}


def _versions(session) -> list[int]:
    return list(session.scalars(select(Tessellation.id).order_by(Tessellation.id)))


def test_a_locked_grid_gives_no_piece_and_takes_none_back(session):
    draft = given_drawn(session, TWO_ROWS)
    locked = session.begin_nested()
    session.add(Lock(place_id=draft.place, grid_code=draft.codes["A"]))
    session.flush()

    with pytest.raises(Refusal) as given:
        draw_exactly(session, draft.plan, 1, drawing(BESIDE))
    locked.rollback()
    draw_exactly(session, draft.plan, 1, drawing(BESIDE))
    session.add(Lock(place_id=draft.place, grid_code=draft.codes["A"]))
    session.flush()
    with pytest.raises(Refusal) as undone:
        reverse(session, draft.plan, 2, 2)

    assert (given.value.code, given.value.facts["grid"]) == ("grid_is_locked", draft.codes["A"])
    assert set(given.value.facts["plots"]) <= set(draft.plots)  # plots that are there
    assert (undone.value.code, undone.value.facts["grid"]) == ("grid_is_locked", draft.codes["A"])


def test_a_locked_building_goes_neither_with_a_piece_nor_back(session):
    draft = given_drawn(session, TWO_ROWS)
    house = text(
        "INSERT INTO lock (place_id, building_id) SELECT place_id, id FROM building WHERE code = :code"
    )
    locked = session.begin_nested()
    session.execute(house, {"code": "B4"})
    round_it = drawing((-20, -20, 70, 70))  # round the house of the plot in the south-west

    with pytest.raises(Refusal) as given:
        draw_exactly(session, draft.plan, 1, round_it)
    locked.rollback()
    draw_exactly(session, draft.plan, 1, round_it)
    session.execute(house, {"code": "B4"})
    with pytest.raises(Refusal) as undone:
        reverse(session, draft.plan, 2, 2)

    assert (given.value.code, given.value.facts["building"]) == ("building_is_locked", "4号楼")
    assert (undone.value.code, undone.value.facts["building"]) == ("building_is_locked", "4号楼")


def test_what_it_tears_off_goes_to_a_neighbour(session):
    draft = given_drawn(session, "A A A B\nA A A B")

    draw_exactly(session, draft.plan, 1, drawing((90, -20, 150, 200), kind="site"))

    made = the_new(session, draft)
    pieces = [
        len(shapely.get_parts(to_shape(grid.outline)))
        for grid in session.scalars(select(Grid).where(Grid.plan_id == draft.plan))
    ]
    assert pieces == [1] * 3
    assert made.area_m2 == pytest.approx(60 * 160, abs=1)
