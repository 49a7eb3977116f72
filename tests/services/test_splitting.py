"""A stored place is divided: read, computed outside any transaction, written as a draft."""

from contextlib import contextmanager, nullcontext

import numpy as np
import pytest
from sqlalchemy import func, select

from app.errors import Refusal
from app.models import Edit, Grid, GridPlot, Plan
from app.services.file_split import split_district
from app.services.importing import NewPlace, store_district
from app.services.plot_tables import current
from app.services.publishing import plan_faults, publish
from app.services.splitting import divide, plan_summary, prepare, split_place, write
from tests.services.imported import (
    BAND,
    DISTRICT,
    EAST,
    WEST,
    given_draft,
    given_town,
    place,
    small_town,
    with_house,
    without_codes,
)


def grids_of(session, plan_id):
    return session.scalars(select(Grid).where(Grid.plan_id == plan_id).order_by(Grid.code)).all()


def test_a_split_is_a_draft_with_every_plot_in_a_grid(session, at_commit):
    stored = given_town(session)

    plan_id = given_draft(session)
    at_commit(session)

    plan = session.get_one(Plan, plan_id)
    assert (plan.state, plan.version, plan.tessellation_id) == ("draft", 1, stored.tessellation_id)
    assert (plan.target, plan.least, plan.most) == (160, 144, 176)
    assert plan_faults(session, plan_id) == []
    placed = session.scalar(select(func.count()).select_from(GridPlot).where(GridPlot.plan_id == plan_id))
    assert placed == stored.counts["plot"]
    grids = grids_of(session, plan_id)
    assert sum(grid.households for grid in grids) == 32 * 40
    assert sum(grid.buildings for grid in grids) == 32


def test_grids_carry_their_measures(session):
    given_town(session)

    grids = grids_of(session, given_draft(session))

    for grid in grids:
        said = grid.measures
        assert said["deviation"] == pytest.approx((grid.households - 160) / 160, abs=1e-6)
        assert 0 < said["compactness"] <= 1
        assert set(said["neighbours"]) <= {other.code for other in grids} - {grid.code}
        assert len(said["label"]) == 2
        assert (grid.reason is None) == (144 <= grid.households <= 176) == ("reason_facts" not in said)


def test_the_edit_tells_how_the_plan_was_made(session):
    given_town(session)

    plan_id = given_draft(session, seed=7)

    edit = session.scalars(select(Edit).where(Edit.plan_id == plan_id)).one()
    assert (edit.kind, edit.base_version, edit.version, edit.moves) == ("split", 0, 1, {})
    assert edit.parameters == {"target": 160, "least": 144, "most": 176, "seed": 7}


def test_grids_are_those_of_the_file_for_the_same_seed(session):
    given_town(session)
    in_file = split_district(small_town(), BAND, 3, within="8").plan.grids

    stored = grids_of(session, given_draft(session, seed=3))

    assert [(grid.code, grid.households, round(grid.area_m2)) for grid in stored] == sorted(
        zip(in_file["code"], in_file["households"], in_file["area_m2"].round(), strict=True)
    )


def test_the_same_seed_gives_the_same_grids_and_another_may_not(session):
    given_town(session)

    one, other = (
        [(grid.code, grid.outline.desc) for grid in grids_of(session, given_draft(session, seed=5))]
        for _ in range(2)
    )

    assert one == other


def test_no_grid_crosses_communities_and_codes_say_which(session):
    given_town(session)

    for grid in grids_of(session, given_draft(session)):
        assert grid.community_id == place(session, grid.code[:12]).id
        assert grid.code[:12] in (WEST, EAST)


def test_a_place_without_communities_gets_short_codes(session):
    given_town(session, without_codes(small_town()))

    codes = [grid.code for grid in grids_of(session, given_draft(session))]

    assert codes == [str(number) for number in range(1, len(codes) + 1)]


def test_a_later_plan_keeps_the_codes_of_the_plan_in_force(session):
    given_town(session)
    first = given_draft(session)
    publish(session, first, 1)
    old = {grid.code: grid.outline.desc for grid in grids_of(session, first)}

    smaller = split_place(lambda: nullcontext(session), DISTRICT, type(BAND).around(80, 0.1), 1)

    new = [grid.code for grid in grids_of(session, smaller)]
    assert set(old) < set(new)
    fresh = sorted(set(new) - set(old))
    west = [code for code in fresh if code.startswith(WEST)]
    count = sum(code.startswith(WEST) for code in old)
    assert west == [f"{WEST}{count + k:03d}" for k in range(1, len(west) + 1)]
    again = {grid.code: grid.outline.desc for grid in grids_of(session, given_draft(session))}
    assert again == old


def test_nothing_is_open_while_dividing(session):
    given_town(session)
    open_now, seen = [0], []

    @contextmanager
    def transactions():
        open_now[0] += 1
        yield session
        open_now[0] -= 1

    split_place(transactions, DISTRICT, BAND, progress=lambda share: seen.append((share, open_now[0])))

    assert {count for share, count in seen if share < 1} == {0}
    assert [share for share, _ in seen] == sorted(share for share, _ in seen)


def test_a_cancelled_split_stores_nothing(session):
    given_town(session)
    asked = []

    with pytest.raises(Refusal) as refusal:
        split_place(
            lambda: nullcontext(session),
            DISTRICT,
            BAND,
            cancelled=lambda: bool(asked.append(1)) or len(asked) > 3,
        )

    assert refusal.value.code == "split_cancelled"
    assert session.scalar(select(func.count()).select_from(Plan)) == 0


def test_a_place_imported_meanwhile_is_not_overwritten(session):
    given_town(session)
    prepared = prepare(session, DISTRICT)
    divided = divide(prepared, BAND, 1)

    store_district(session, with_house(small_town(), 24, 24), DISTRICT)

    with pytest.raises(Refusal, match="start the split again"):
        write(session, prepared, divided)
    assert current(session, place(session, DISTRICT).id).version == 2


@pytest.mark.parametrize(
    ("code", "refused"),
    [("140400", "place_unknown"), (WEST, "split_at_other_place"), (EAST, "split_at_other_place")],
)
def test_only_the_place_that_was_imported_can_be_divided(session, code, refused):
    given_town(session)

    with pytest.raises(Refusal) as refusal:
        prepare(session, code)

    assert refusal.value.code == refused
    assert "{" not in str(refusal.value)


def test_the_district_of_a_community_imported_alone_is_not_divided(session):
    store_district(session, without_codes(small_town()), NewPlace(WEST, "荫华社区"))

    assert {grid.code[:12] for grid in grids_of(session, given_draft(session, code=WEST))} == {WEST}


def test_a_plan_in_a_line(session):
    given_town(session)

    summary = plan_summary(session, given_draft(session))

    assert summary.place == "锦原区 (140499)"
    assert summary.grids == summary.in_band + summary.explained
    assert np.isclose(summary.grids, 8, atol=1)
