"""A stored plan is re-balanced: read on today's ground, proposals, one of them accepted; and alerts."""

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select, text

from app import rebalance_commands
from app.errors import Refusal
from app.geo.partition import pieces
from app.geo.plots import Band, LineClass
from app.ground_commands import _stored_lines
from app.models import Alert, Building, Edit, Grid, GridPlot, Job, MicroGrid, Plan
from app.services import jobs, rebalance
from app.services.alerts import look, open_alerts
from app.services.importing import store_district
from app.services.kept_wishes import moving_as_one, wishes_of
from app.services.locks import lock_grid
from app.services.micro_grids import micro_faults
from app.services.publishing import plan_faults, publish
from app.services.rebalance import accept, ask_rebalance, propose, read_present, result_of
from tests.services.imported import (
    DISTRICT,
    WEST,
    given_draft,
    given_plan_in_force,
    given_town,
    place,
    small_town,
)
from tests.services.test_steered_splits import point, split

BAND_80 = Band.around(80, 0.10)


def given_mixed_plan(session, **changed: int) -> int:
    """A plan in force of the town with 10 to 30 households a house, some of which changed afterwards."""
    houses = [10 + 7 * house % 21 for house in range(32)]
    given_town(session, small_town(households=houses))
    plan_id = publish(session, given_draft(session), 1).plan_id
    now = [changed.get(f"B{house}", count) for house, count in enumerate(houses)]
    store_district(session, small_town(households=now), DISTRICT)
    return plan_id


def counts(**changed: int) -> list[int]:
    """Households of the town's 32 houses, 40 each but for those named `B<number>`."""
    return [changed.get(f"B{house}", 40) for house in range(32)]


def given_other_households(session, **changed: int):
    return store_district(session, small_town(households=counts(**changed)), DISTRICT)


def given_job(session, plan_id: int, want: str = "mend", **more) -> Job:
    """A job of the kind `rebalance` that is done."""
    job = ask_rebalance(session, plan_id, None, want=want, seed=1, **more)
    attempt = jobs.take_up(session, job.id)
    opens = {int(building): count for building, count in job.parameters.get("buildings", {}).items()}
    present = read_present(session, plan_id, opens)
    jobs.finish(session, job.id, attempt, result_of(present, want, 1))
    session.expire_all()
    return session.get_one(Job, job.id)


def codes_of(session, plan_id: int) -> set[str]:
    return set(session.scalars(select(Grid.code).where(Grid.plan_id == plan_id)))


def test_a_plan_in_force_is_read_with_the_households_of_today(session):
    plan_id = given_plan_in_force(session).plan_id
    given_other_households(session, B0=90)

    present = read_present(session, plan_id)

    assert present.table.households.sum() == 32 * 40 + 50
    assert None not in present.codes
    assert set(present.codes) == codes_of(session, plan_id)
    assert (np.bincount(present.grid) > 0).all()


def test_a_proposal_becomes_a_draft_whose_codes_are_kept(session, at_commit):
    plan_id = given_mixed_plan(session, B0=50)
    job = given_job(session, plan_id)

    draft_id = accept(session, plan_id, job.id, 1)
    at_commit(session)

    chosen = job.result["proposals"][0]
    assert plan_faults(session, draft_id) == []
    assert codes_of(session, draft_id) == codes_of(session, plan_id)
    edit = session.scalars(select(Edit).where(Edit.plan_id == draft_id)).one()
    assert (edit.kind, edit.version, edit.parameters["want"]) == ("rebalance", 1, "mend")
    assert set(edit.moves) == {str(move["plot"]) for move in chosen["moves"]}
    for move in chosen["moves"]:
        grid = session.scalar(
            select(Grid.code)
            .join(GridPlot, GridPlot.grid_id == Grid.id)
            .where(GridPlot.plan_id == draft_id, GridPlot.plot_id == move["plot"])
        )
        assert grid == move["to"]
    assert chosen["in_band_before"] < chosen["in_band_after"]
    assert chosen["lower_bound"] <= chosen["households_moved"]


def test_one_coordinator_more_takes_the_next_code_that_was_never_used(session, at_commit):
    plan_id = given_plan_in_force(session).plan_id
    job = given_job(session, plan_id, "one_more")

    draft_id = accept(session, plan_id, job.id, 1)
    at_commit(session)

    new = codes_of(session, draft_id) - codes_of(session, plan_id)
    assert len(new) == 1
    assert codes_of(session, plan_id) < codes_of(session, draft_id)
    assert plan_faults(session, draft_id) == []


def test_one_coordinator_fewer_gives_up_one_code(session):
    plan_id = given_plan_in_force(session).plan_id
    job = given_job(session, plan_id, "one_fewer")

    draft_id = accept(session, plan_id, job.id, 1)

    assert len(codes_of(session, plan_id) - codes_of(session, draft_id)) == 1
    assert plan_faults(session, draft_id) == []


def test_an_estate_that_opens_is_counted_before_it_stands(session):
    plan_id = given_plan_in_force(session).plan_id
    building = session.scalars(select(Building).where(Building.code == "B0")).one()

    present = read_present(session, plan_id, {building.id: 200})

    assert present.added == 160
    assert present.table.households.sum() == 32 * 40 + 160
    found = propose(present, "opens", 1)
    assert {len(np.unique(one.grid)) - len(present.codes) for one in found} >= {1}


def test_a_building_that_is_not_here_cannot_open(session):
    plan_id = given_plan_in_force(session).plan_id

    with pytest.raises(Refusal) as refused:
        read_present(session, plan_id, {2**40: 100})

    assert refused.value.code == "building_not_here"


def test_a_proposal_for_a_plan_that_was_changed_or_imported_anew_is_refused(session):
    plan_id = given_plan_in_force(session).plan_id
    job = given_job(session, plan_id, "one_more")
    given_other_households(session, B0=90)

    with pytest.raises(Refusal) as refused:
        accept(session, plan_id, job.id, 1)

    assert refused.value.code == "plots_changed"


def test_what_no_job_found_cannot_be_accepted(session):
    plan_id = given_plan_in_force(session).plan_id
    job = given_job(session, plan_id, "one_more")

    for job_id, number in [(job.id, 99), (job.id + 1, 1)]:
        with pytest.raises(Refusal) as refused:
            accept(session, plan_id, job_id, number)
        assert refused.value.code == "proposal_unknown"


def given_steered_plan(session, changed: int, made=None, **wishes) -> int:
    """A plan in force that was split as wished; then house B0 has so many households."""
    houses = [10 + 7 * house % 21 for house in range(32)]
    more = made or {}
    given_town(session, small_town(households=houses, **more))
    plan_id = split(session, **wishes).id
    publish(session, plan_id, 1)
    store_district(session, small_town(households=[changed, *houses[1:]], **more), DISTRICT)
    return plan_id


STREETS = {"streets": [[(120, 0), (120, 120)], [(0, 60), (240, 60)]]}


@pytest.mark.parametrize("want", ["mend", "one_more", "one_fewer"])
def test_no_proposal_crosses_a_line_that_the_split_was_never_to_cross(session, want):
    plan_id = given_steered_plan(session, 60, STREETS, lines={"local": "never"}, band=BAND_80)

    present = read_present(session, plan_id)

    edges = present.plots.table.edges
    street = replace(edges, wall=edges.wall | (edges.kind == LineClass.LOCAL))
    assert (pieces(street, present.grid) == 1).all()
    found = propose(present, want, 1)
    assert found
    assert all((pieces(street, one.grid) <= 1).all() for one in found)


def test_wishes_are_handed_on_from_draft_to_draft(session):
    seeds = [point(15, 15), point(225, 105)]
    plan_id = given_steered_plan(session, 60, STREETS, lines={"local": "never"}, seeds=seeds, slot="A")
    job = given_job(session, plan_id, "one_more")

    draft_id = accept(session, plan_id, job.id, 1)
    second = given_job(session, draft_id, "one_more")
    third_id = accept(session, draft_id, second.id, 1)

    asked = read_present(session, third_id).asked
    assert (asked.lines, asked.seeds, asked.slot) == ({"local": "never"}, seeds, None)
    assert wishes_of(session, third_id) == wishes_of(session, draft_id) == asked


def test_an_accepted_proposal_takes_the_first_free_slot_and_none_where_all_are_taken(session):
    plan_id = given_mixed_plan(session, B0=80)
    split(session, slot="A")
    job = given_job(session, plan_id, "one_more")

    drafts = [accept(session, plan_id, job.id, 1) for _ in range(3)]

    assert [session.get_one(Plan, draft).slot for draft in drafts] == ["B", "C", None]
    assert {session.get_one(Plan, draft).state for draft in drafts} == {"draft"}


def test_lines_to_follow_steer_a_rebalancing_too(session, monkeypatch):
    plan_id = given_steered_plan(session, 60, STREETS, lines={"local": "follow"})
    asked = []
    known = rebalance.proposals
    monkeypatch.setattr(
        rebalance, "proposals", lambda *a, **more: asked.append(more["lines"]) or known(*a, **more)
    )

    propose(read_present(session, plan_id), "one_more", 1)

    assert asked == [{LineClass.LOCAL: "follow"}]


def test_seeds_keep_a_grid_of_their_own(session):
    plan_id = given_steered_plan(session, 60, seeds=[point(15, 15), point(45, 15)], band=BAND_80)

    present = read_present(session, plan_id)

    own = np.flatnonzero(present.locked.plots)
    assert len(np.unique(present.grid[own])) == len(own) == 2
    for want in ("mend", "one_more", "one_fewer"):
        assert all((one.grid[own] == present.grid[own]).all() for one in propose(present, want, 1))


def test_a_compound_kept_whole_moves_as_one(session):
    present = read_present(session, given_steered_plan(session, 60, band=BAND_80))
    table, grid, edges = present.table, present.grid, present.table.edges
    linked = ~edges.wall & (grid[edges.i] == grid[edges.j])
    pair = [int(edges.i[linked][0]), int(edges.j[linked][0])]
    compound = np.full(len(grid), -1, np.int64)
    compound[pair] = 0

    group = moving_as_one(table, grid, compound, present.band.most)

    assert group[pair[0]] == group[pair[1]]
    assert len(np.unique(group)) == len(grid) - 1
    for want in ("mend", "one_more", "one_fewer"):
        for one in propose(replace(present, group=group), want, 1):
            assert one.grid[pair[0]] == one.grid[pair[1]]
            assert one.households_moved == table.households[one.moved].sum()
            assert np.array_equal(one.moved, np.flatnonzero(one.grid != grid))


def test_a_compound_too_heavy_or_in_several_grids_already_is_not_kept_whole(session):
    present = read_present(session, given_steered_plan(session, 60, band=BAND_80))
    one_grid = np.where(present.grid == 0, 0, -1)
    everywhere = np.zeros(len(present.grid), np.int64)

    assert len(np.unique(moving_as_one(present.table, present.grid, one_grid, 10))) == len(present.grid)
    assert len(np.unique(moving_as_one(present.table, present.grid, everywhere, 10**6))) == len(present.grid)


def test_micro_grids_are_made_anew_in_the_draft(session, at_commit):
    plan_id = given_steered_plan(session, 60, micro={"least": 40, "most": 80})
    job = given_job(session, plan_id, "one_more")

    draft_id = accept(session, plan_id, job.id, 1)
    at_commit(session)

    assert session.scalar(select(func.count()).where(MicroGrid.plan_id == draft_id)) > 0
    assert micro_faults(session, draft_id) == []
    assert plan_faults(session, draft_id) == []


def test_an_import_tells_of_micro_grids_it_drops(session):
    given_town(session)
    draft = split(session, micro={"least": 40, "most": 80})
    had = session.scalar(select(func.count()).where(MicroGrid.plan_id == draft.id))

    stored = given_other_households(session, B0=45)

    assert stored.changes.drafts[0].micro_grids_dropped == had > 0
    assert any(f"Micro-grids dropped: {had}." in line for line in _stored_lines(stored))


def test_a_plan_that_changes_while_a_proposal_is_worked_out_is_refused(session, monkeypatch):
    given_town(session)
    draft_id = given_draft(session)
    job = given_job(session, draft_id, "one_more")
    worked_out = rebalance._ready

    def meanwhile(*given):
        ready = worked_out(*given)
        session.execute(text("UPDATE plan SET version = version + 1 WHERE id = :id"), {"id": draft_id})
        return ready

    monkeypatch.setattr(rebalance, "_ready", meanwhile)
    with pytest.raises(Refusal) as refused:
        accept(session, draft_id, job.id, 1)

    assert refused.value.code == "plan_changed"


def test_the_terminal_takes_only_plans_of_the_place_that_is_named(session):
    plan_id = given_plan_in_force(session).plan_id

    assert rebalance_commands._plan_of(session, DISTRICT, None) == plan_id
    assert rebalance_commands._plan_of(session, DISTRICT, plan_id) == plan_id
    for code, named, refusal in [
        (WEST, plan_id, "plan_elsewhere"),
        (DISTRICT, 2**40, "plan_unknown"),
        (WEST, None, "no_plan_in_force"),
    ]:
        with pytest.raises(Refusal) as refused:
            rebalance_commands._plan_of(session, code, named)
        assert refused.value.code == refusal


@pytest.mark.parametrize("count", ["100001", "9" * 5000])
def test_a_building_of_a_file_has_no_more_households_than_one_can(session, tmp_path, count):
    given_town(session)
    file = tmp_path / "estate.csv"
    file.write_text(f"building,households\nB0,100000\nB1,{count}\n")

    with pytest.raises(Refusal) as refused:
        rebalance_commands._estate(session, DISTRICT, file)

    assert (refused.value.code, refused.value.facts["row"]) == ("estate_count_out_of_range", 3)


def test_a_retired_plan_is_not_rebalanced(session):
    given_town(session)
    former = publish(session, given_draft(session), 1).plan_id
    publish(session, given_draft(session, seed=2), 1)

    with pytest.raises(Refusal) as refused:
        ask_rebalance(session, former, None, want="mend", seed=1)

    assert refused.value.code == "plan_is_retired"


def alerts_of(session) -> list[dict]:
    return open_alerts(session, place(session, DISTRICT).path, None)


def test_a_grid_that_leaves_its_band_raises_one_alert_and_settles_when_it_is_back(session):
    plan_id = given_plan_in_force(session).plan_id
    assert alerts_of(session) == []

    given_other_households(session, B0=90)
    given_other_households(session, B0=95)

    (alert,) = alerts_of(session)
    assert (alert["plan"], alert["households"], alert["least"], alert["most"]) == (plan_id, 215, 144, 176)

    given_other_households(session, B0=45)

    assert alerts_of(session) == []
    assert session.scalar(select(func.count()).select_from(Alert)) == 1


def test_a_new_building_counts_for_the_grid_whose_ground_it_stands_on(session):
    from tests.services.imported import with_house

    given_plan_in_force(session)

    store_district(session, with_house(small_town(), 100, 56, households=60), DISTRICT)

    assert [alert["households"] for alert in alerts_of(session)] == [220]


def test_a_grid_published_out_of_band_raises_none(session):
    given_town(session, small_town(households=counts(B0=300)))
    plan_id = publish(session, given_draft(session), 1).plan_id
    out = session.scalar(
        select(func.count()).where(Grid.plan_id == plan_id, Grid.households > 176).select_from(Grid)
    )
    assert out > 0

    look(session, place(session, DISTRICT).id)

    assert alerts_of(session) == []


def test_a_grid_published_out_of_band_raises_one_when_it_is_further_off_or_beyond_the_other_end(session):
    given_town(session, small_town(households=counts(B0=300)))
    publish(session, given_draft(session), 1)

    given_other_households(session, B0=320)
    (further,) = alerts_of(session)
    given_other_households(session, B0=300)
    assert alerts_of(session) == []
    given_other_households(session, B0=290)
    assert alerts_of(session) == []
    given_other_households(session, B0=1)

    (beyond,) = alerts_of(session)
    assert further["grid"] == beyond["grid"]
    assert (further["households"] > 320, beyond["households"] < 144) == (True, True)


def test_another_plan_in_force_settles_the_alerts_of_the_former(session):
    given_plan_in_force(session)
    given_other_households(session, B0=90)
    assert alerts_of(session)

    publish(session, given_draft(session, seed=3), 1)

    assert alerts_of(session) == []
    settled = session.scalar(text("SELECT count(*) FROM alert WHERE settled_at IS NOT NULL"))
    assert settled == 1


def test_what_is_locked_and_special_grids_stay_and_raise_no_alert(session):
    given_town(session)
    plan_id = given_draft(session)
    locked, special = sorted(codes_of(session, plan_id))[:2]
    session.execute(
        text("UPDATE grid SET kind = 'market' WHERE plan_id = :plan AND code = :code"),
        {"plan": plan_id, "code": special},
    )
    publish(session, plan_id, 1)
    lock_grid(session, DISTRICT, locked)
    given_other_households(session, **{f"B{house}": 60 for house in range(32)})

    present = read_present(session, plan_id)

    held = {present.codes[number] for number in np.flatnonzero(present.locked.grids)}
    assert held == {locked, special}
    assert present.kinds[present.codes.index(special)] == "market"
    assert special not in {alert["grid"]["code"] for alert in alerts_of(session)}
    assert not read_present(session, plan_id, locked=False).locked.grids[present.codes.index(locked)]


def test_alerts_are_seen_within_the_scope_only(session):
    given_plan_in_force(session)
    given_other_households(session, B0=90)
    path = place(session, DISTRICT).path

    (alert,) = open_alerts(session, path, None)
    community = alert["grid"]["code"][:12]

    assert open_alerts(session, path, (f"{path}.140499001.{community}",)) == [alert]
    assert open_alerts(session, path, ("140498",)) == []
    assert session.get_one(Plan, alert["plan"]).state == "published"
