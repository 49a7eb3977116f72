"""A stored place is divided as a manager wishes: locks, special grids, seeds, loads, micro-grids, slots."""

from contextlib import nullcontext

import pytest
import shapely
from sqlalchemy import func, select, text

from app.errors import Refusal
from app.geo.crs import to_lonlat
from app.geo.plots import Band
from app.models import Building, Edit, Grid, GridPlot, MicroGrid, Plan
from app.services import locks, reading
from app.services.checks import Where, micro_grids_are_whole
from app.services.importing import store_district
from app.services.micro_grids import micro_faults
from app.services.publishing import plan_faults, publish
from app.services.splitting import split_place
from app.services.wishes import Asked, asked_of, checked
from tests.geo.towns import PLACE, here
from tests.services.imported import (
    BAND,
    DISTRICT,
    given_plan_in_force,
    given_town,
    small_town,
    with_house,
)


def split(session, seed=1, band=BAND, **wishes) -> Plan:
    asked = checked(Asked(**wishes))
    made = split_place(lambda: nullcontext(session), DISTRICT, band, seed, asked=asked)
    return session.get_one(Plan, made)


def grids(session, plan) -> list[Grid]:
    return list(session.scalars(select(Grid).where(Grid.plan_id == plan.id).order_by(Grid.code)))


def plots_of(session, grid) -> set[int]:
    return set(session.scalars(select(GridPlot.plot_id).where(GridPlot.grid_id == grid.id)))


def square(west, south, east, north, kind="market", name="集市"):
    shape = to_lonlat([here(shapely.box(west, south, east, north))], PLACE)[0]
    return {"kind": kind, "name": name, "polygon": shapely.geometry.mapping(shape)}


def point(x, y):
    lonlat = to_lonlat([here(shapely.Point(x, y))], PLACE)[0]
    return [lonlat.x, lonlat.y]


def test_a_locked_grid_keeps_its_plots_and_its_code(session):
    given_plan_in_force(session)
    before = grids(session, session.scalars(select(Plan)).one())
    locks.lock_grid(session, DISTRICT, before[1].code)

    plan = split(session, seed=9)

    after = {grid.code: grid for grid in grids(session, plan)}
    assert plots_of(session, after[before[1].code]) == plots_of(session, before[1])
    assert plan_faults(session, plan.id) == []
    edit = session.scalars(select(Edit).where(Edit.plan_id == plan.id)).one()
    assert edit.parameters["locks_held"]["grids"] == [before[1].code]


def test_a_grid_that_locked_ones_shut_in_names_them_and_one_to_unlock(session):
    given_plan_in_force(session)  # eight grids of 160
    before = grids(session, session.scalars(select(Plan)).one())
    for grid in before[1:]:
        locks.lock_grid(session, DISTRICT, grid.code)

    plan = split(session, band=Band(110, 99, 121))

    told = reading.grids(session, plan.id, None)["grids"]
    (free,) = [grid for grid in told if grid["reason"] and grid["reason"]["code"] == "shut_in"]
    around = free["reason"]["facts"]["around"]
    assert around
    assert set(around) <= {grid.code for grid in before[1:]}
    assert all(code in free["reason"]["sentence"]["zh"] for code in around)
    assert free["remedy"]["code"] == "unlock_beside"
    facts = free["remedy"]["facts"]
    assert (facts["together_households"], facts["grids"]) == (320, 3)
    assert facts["around"][0] in free["remedy"]["sentence"]["en"]


def test_locks_can_be_left_aside_and_added_for_once(session):
    given_plan_in_force(session)
    before = grids(session, session.scalars(select(Plan)).one())
    locks.lock_grid(session, DISTRICT, before[1].code)

    aside = split(session, seed=9, locked=False)
    added = split(session, seed=9, locks=[before[0].code])

    parameters = session.scalars(select(Edit.parameters).where(Edit.plan_id == aside.id)).one()
    assert "locks_held" not in parameters
    kept = {grid.code: plots_of(session, grid) for grid in grids(session, added)}
    assert all(kept[grid.code] == plots_of(session, grid) for grid in before[:2])


def test_locked_buildings_stay_in_the_grid_of_their_code(session):
    given_plan_in_force(session)
    before = session.scalars(select(Plan)).one()
    buildings = session.scalars(select(Building).order_by(Building.code)).all()
    code_of = {
        row.id: row.code
        for row in session.execute(
            text("""
                SELECT building.id, grid.code FROM building
                JOIN grid ON ST_Contains(grid.outline, building.position) WHERE grid.plan_id = :plan
            """),
            {"plan": before.id},
        )
    }
    chosen = buildings[::5]
    for building in chosen:
        locks.lock_building(session, DISTRICT, building.id)

    for seed in (2, 3, 4):
        plan = split(session, seed=seed)
        now = {
            row.id: row.code
            for row in session.execute(
                text("""
                    SELECT building.id, grid.code FROM building
                    JOIN grid ON ST_Contains(grid.outline, building.position) WHERE grid.plan_id = :plan
                """),
                {"plan": plan.id},
            )
        }
        assert {one.id: now[one.id] for one in chosen} == {one.id: code_of[one.id] for one in chosen}
        assert plan_faults(session, plan.id) == []


def test_locks_are_listed_made_once_and_taken_off(session):
    given_plan_in_force(session)
    code = grids(session, session.scalars(select(Plan)).one())[0].code
    building = session.scalars(select(Building).order_by(Building.id)).first()

    first, again = (locks.lock_grid(session, DISTRICT, code) for _ in range(2))
    held = locks.lock_building(session, DISTRICT, building.id)

    assert first == again
    assert locks.listed(session, DISTRICT) == {
        "grids": [{"id": first, "code": code}],
        "buildings": [
            {"id": held, "building": {"id": building.id, "code": building.code, "name": building.name}}
        ],
    }
    locks.unlock(session, DISTRICT, held)
    assert locks.listed(session, DISTRICT)["buildings"] == []
    with pytest.raises(Refusal) as refused:
        locks.unlock(session, DISTRICT, held)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda session: locks.lock_grid(session, DISTRICT, "999"), "locked_grid_unknown"),
        (lambda session: locks.lock_building(session, DISTRICT, 2**40), "locked_building_unknown"),
        (lambda session: locks.lock_grid(session, "nowhere", "1"), "place_unknown"),
        (lambda session: split(session, locks=["999"]), "locked_grid_unknown"),
        (lambda session: split(session, seeds=[[0.0, 0.0]]), "seed_outside"),
        (lambda session: split(session, seeds=[point(15, 15), point(15.5, 15)]), "seeds_in_one_plot"),
        (
            lambda session: split(
                session, coordinators=2, special=[square(0, 0, 60, 60)], seeds=[point(75, 15), point(15, 75)]
            ),
            "coordinators_too_few",
        ),
        (lambda session: split(session, special=[square(1, 1, 1.1, 1.1)]), "special_holds_no_plot"),
        (lambda session: split(session, special=[square(0, 0, 240, 120)]), "special_across_communities"),
        (
            lambda session: split(session, special=[square(0, 0, 60, 60), square(30, 0, 90, 60, name="二")]),
            "special_over_other",
        ),
        (
            lambda session: split(session, special=[square(0, 0, 60, 60)], seeds=[point(15, 15)]),
            "seed_on_fixed",
        ),
        (lambda session: split(session, weights="households / 0"), "formula_without_value"),
        (lambda session: split(session, weights="0*households"), "formula_without_load"),
        (lambda session: split(session, weights="rental_rooms"), "formula_column_unknown"),
        (lambda session: split(session, weights="area_ha", coordinators=4), "formula_too_small"),
        (lambda session: split(session, micro={"least": 9, "most": 3}), "micro_malformed"),
    ],
)
def test_wishes_that_cannot_be_are_refused_by_name(session, act, code):
    given_plan_in_force(session)

    with pytest.raises(Refusal) as refused:
        act(session)

    assert refused.value.code == code
    assert str(refused.value)


def test_buildings_locked_to_one_grid_that_hold_too_much_are_refused_by_its_code(session):
    given_plan_in_force(session)
    grid = grids(session, session.scalars(select(Plan)).one())[0]
    standing = text(
        "SELECT building.id FROM building, grid WHERE ST_Contains(outline, position) AND grid.id = :grid"
    )
    for building in session.scalars(standing.columns(Building.id), {"grid": grid.id}).all():
        locks.lock_building(session, DISTRICT, building)

    with pytest.raises(Refusal) as refused:
        split(session, band=type(BAND).around(80, 0.1))

    assert (refused.value.code, refused.value.facts["grid"]) == ("locked_too_large", grid.code)


def test_a_special_grid_is_left_alone_outside_the_band_and_stays_in_the_next_plan(session, at_commit):
    given_town(session)

    plan = split(session, special=[square(0, 0, 60, 60)])

    market = next(grid for grid in grids(session, plan) if grid.kind == "market")
    assert (market.name, market.households, market.buildings) == ("集市", 160, 4)
    assert market.reason is None
    seen = reading.grids(session, plan.id, None)["grids"]
    own = next(row for row in seen if row["id"] == market.id)
    assert (own["kind"], own["class"], own["in_band"]) == ("market", None, None)
    told = reading.plan(session, plan.id, None)
    assert told["special"] == 1
    publish(session, plan.id, 1)
    later = split(session, seed=5, band=type(BAND).around(320, 0.1))
    kept = next(grid for grid in grids(session, later) if grid.kind == "market")
    assert (kept.code, kept.name) == (market.code, "集市")
    assert plots_of(session, kept) == plots_of(session, market)
    gone = split(session, seed=5, keep_special=False)
    assert {grid.kind for grid in grids(session, gone)} == {"residential"}
    at_commit(session)


def test_an_out_of_band_special_grid_counts_for_nothing(session):
    given_town(session)

    plan = split(session, special=[square(0, 0, 30, 120, kind="park")])  # a strip of 160 households
    small = split(session, special=[square(0, 0, 30, 30, kind="park")])

    for made in (plan, small):
        rows = reading.grids(session, made.id, None)["grids"]
        out = [row for row in rows if row["in_band"] is False]
        assert reading.plan(session, made.id, None)["out_of_band"] == len(out)
        assert all(row["kind"] == "residential" for row in out)


def test_seeds_begin_grids_of_their_own(session):
    given_town(session)

    plan = split(session, seeds=[point(15, 15), point(45, 15), point(15, 45)])

    codes = [
        session.scalar(
            text("""
                SELECT code FROM grid WHERE plan_id = :plan
                AND ST_Contains(outline, ST_SetSRID(ST_MakePoint(:x, :y), 4326))
            """),
            {"plan": plan.id, "x": x, "y": y},
        )
        for x, y in (point(15, 15), point(45, 15), point(15, 45))
    ]
    assert len(set(codes)) == 3


def test_a_number_of_coordinators_makes_the_band(session):
    given_town(session)

    plan = split(session, coordinators=6)

    assert len(grids(session, plan)) == 6
    assert (plan.target, plan.least, plan.most) == (215, 194, 236)  # of a mean of 213, as a round number


def test_a_load_too_small_for_whole_numbers_is_refused_with_the_factor_that_mends_it(session):
    given_town(session)

    with pytest.raises(Refusal) as refused:
        split(session, coordinators=6, weights="households/100")
    factor = refused.value.facts["factor"]
    plan = split(session, coordinators=6, weights=f"{factor}*(households/100)")

    assert (refused.value.code, factor) == ("formula_too_small", 1_000)
    assert len(grids(session, plan)) == 6
    assert 0 < plan.least < plan.target < plan.most


def test_fewer_coordinators_than_parts_that_do_not_join_are_told_of(session):
    given_town(session)

    plan = split(session, coordinators=1)

    assert len(grids(session, plan)) == 2
    parameters = session.scalars(select(Edit.parameters).where(Edit.plan_id == plan.id)).one()
    assert parameters["told"] == [{"code": "grids_forced", "facts": {"wanted": 1, "made": 2}}]


def test_a_load_by_formula_is_what_the_band_is_held_against(session):
    given_town(session)

    plan = split(session, weights="households/2 + 10*buildings", band=type(BAND).around(120, 0.1))

    assert plan.weights == "households/2 + 10*buildings"
    rows = grids(session, plan)
    assert all(grid.load == grid.households / 2 + 10 * grid.buildings for grid in rows)
    seen = reading.grids(session, plan.id, None)["grids"]
    assert [row["in_band"] for row in seen] == [108 <= grid.load <= 132 for grid in rows]
    assert [row["households"] for row in seen] == [grid.households for grid in rows]
    assert sum(grid.households for grid in rows) == 32 * 40


def test_a_draft_takes_the_place_of_the_one_in_its_slot(session):
    given_town(session)

    first, other, second = split(session, slot="A"), split(session, slot="B"), split(session, slot="A")

    session.expire_all()
    assert [(plan.slot, plan.state) for plan in (first, other, second)] == [
        ("A", "retired"),
        ("B", "draft"),
        ("A", "draft"),
    ]


def test_micro_grids_are_unions_of_their_plots_and_add_up(session, at_commit):
    given_town(session)

    plan = split(session, micro={"least": 40, "most": 80})
    at_commit(session)

    assert micro_faults(session, plan.id) == []
    sums = session.execute(
        text("""
            SELECT grid.households, sum(micro_grid.households) AS micro FROM grid
            JOIN micro_grid ON micro_grid.grid_id = grid.id WHERE grid.plan_id = :plan GROUP BY grid.id
        """),
        {"plan": plan.id},
    ).all()
    assert len(sums) == len(grids(session, plan))
    assert all(row.households == row.micro for row in sums)
    assert micro_grids_are_whole(session, Where(None, "")).endswith("micro-grids")


def test_a_micro_grid_that_is_not_its_plots_is_found(session):
    given_town(session)
    plan = split(session, micro={"least": 40, "most": 80})
    one, two = session.scalars(select(MicroGrid).order_by(MicroGrid.id).limit(2)).all()
    one.households, two.outline = 1, one.outline
    session.flush()

    faults = micro_faults(session, plan.id)

    assert len(faults) == 2


def test_micro_grids_of_a_published_plan_never_change(session):
    given_town(session)
    plan = split(session, micro={"least": 40, "most": 80})
    publish(session, plan.id, 1)

    with pytest.raises(Exception, match="never changes"):
        session.execute(text("UPDATE micro_grid SET households = 1 WHERE plan_id = :plan"), {"plan": plan.id})


def test_a_steered_draft_is_carried_to_new_plots_with_kinds_and_loads(session):
    given_town(session)
    wishes = {
        "special": [square(0, 0, 60, 60)],
        "weights": "households*2",
        "micro": {"least": 40, "most": 80},
    }
    plan = split(session, band=type(BAND).around(320, 0.1), **wishes)

    store_district(session, with_house(small_town(), 222, 102), DISTRICT)

    session.expire_all()
    rows = grids(session, plan)
    assert [grid.kind for grid in rows].count("market") == 1
    assert all(grid.load == 2 * grid.households for grid in rows)
    assert session.scalar(select(func.count()).select_from(MicroGrid)) == 0
    assert plan_faults(session, plan.id) == []


def test_a_plan_can_be_made_again_from_its_edit(session):
    given_town(session)
    wishes = {"lines": {"local": "follow"}, "seeds": [point(15, 15)], "special": [square(180, 60, 240, 120)]}
    plan = split(session, seed=4, weights="households + buildings", **wishes)
    kept = session.scalars(select(Edit.parameters).where(Edit.plan_id == plan.id)).one()

    again = split_place(
        lambda: nullcontext(session),
        DISTRICT,
        type(BAND)(kept["target"], kept["least"], kept["most"]),
        kept["seed"],
        asked=asked_of(kept),
    )

    columns = select(GridPlot.plot_id, Grid.code).join(Grid, Grid.id == GridPlot.grid_id)
    made = [
        session.execute(columns.where(Grid.plan_id == number).order_by(GridPlot.plot_id)).all()
        for number in (plan.id, again)
    ]
    assert made[0] == made[1]
    outlines = select(Grid.outline).order_by(Grid.code)
    one, two = (
        [bytes(shape.data) for shape in session.scalars(outlines.where(Grid.plan_id == number))]
        for number in (plan.id, again)
    )
    assert one == two
