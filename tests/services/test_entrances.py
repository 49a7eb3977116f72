"""Large buildings divided by their entrances: known, marked, divided where asked, counted apart."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.errors import Refusal
from app.models import Audit, Building, Edit, Entrance, Grid, Plan, PlotEntrance, Tessellation
from app.reasons import remedy_words
from app.services import alerts, entrance_marks, locks, lookup, reading
from app.services.certificates import certificate_of_plan, plan_ground
from app.services.checks import Where, entrances_add_up, figures_add_up, grids_add_up, plots_tile
from app.services.importing import store_district
from app.services.plot_tables import current, newest_of_plan, read_plots
from app.services.publishing import plan_faults, publish
from app.services.rebalance import read_present
from app.services.splitting import split_place, told_of
from app.services.wishes import Asked
from tests.geo.towns import PLACE
from tests.services.imported import BAND, DISTRICT, NEW, given_town, small_town, with_house, without

TOWER = "B9"
HOUSEHOLDS = [40] * 9 + [480] + [40] * 22
NOWHERE = Where(None, "")
INTO = {
    "PLOT_ENTRANCE:": "INSERT INTO plot_entrance"
    " (tessellation_id, plot_id, building_id, code, households, position)",
    "ENTRANCE:": "INSERT INTO entrance (building_id, code, households, position)",
}


def with_entrances(made, entrances: dict[str, list[int]]):
    """Entrances along the southern wall of buildings, by code, with households."""
    rows = []
    for code, households in entrances.items():
        place = int(np.flatnonzero(made.buildings["code"] == code)[0])
        west, south, east, _ = made.buildings.geometry.iloc[place].bounds
        for k, count in enumerate(households):
            x = west + (east - west) * (k + 0.5) / len(households)
            rows.append((place, f"{k + 1}", f"{k + 1}单元", count, shapely.Point(round(x, 2), south + 1)))
    names = ("building", "code", "name", "households")
    table = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    layer = gpd.GeoDataFrame(table, geometry=[row[4] for row in rows], crs=PLACE)
    report = replace(made.report, rows={**made.report.rows, "entrances": len(rows)})
    return replace(made, entrances=layer, report=report)


def tower_town(shares=(160, 160, 160), **more):
    """The small town with one tower of 480 households and three entrances."""
    return with_entrances(small_town(households=HOUSEHOLDS, **more), {TOWER: list(shares)})


def tower(session) -> Building:
    return session.scalars(select(Building).where(Building.code == TOWER)).one()


def mark_tower(session) -> int:
    return entrance_marks.mark(session, DISTRICT, tower(session).id)


def split(session, **wishes) -> Plan:
    asked = Asked(**{"entrances": True, **wishes})
    made = split_place(lambda: nullcontext(session), DISTRICT, BAND, 1, asked=asked)
    return session.get_one(Plan, made)


def in_band(session, plan) -> int:
    return session.scalar(
        select(func.count()).where(Grid.plan_id == plan.id, Grid.households.between(plan.least, plan.most))
    )


def grids_of_tower(session, plan) -> dict[str, int]:
    """Households of the tower in each grid that has some."""
    return {
        row.code: row.households
        for row in session.execute(
            text("""
                SELECT grid.code, sum(door.households)::int AS households
                FROM plot_entrance AS door JOIN grid_plot USING (tessellation_id, plot_id)
                JOIN grid ON grid.id = grid_plot.grid_id WHERE grid.plan_id = :plan GROUP BY grid.code
            """),
            {"plan": plan.id},
        )
    }


def plots_of_tower(session, plan) -> list[int]:
    """Ids of the plots that its footprint lies on."""
    asked = text("""
        SELECT plot.id FROM grid_plot JOIN plot ON plot.id = plot_id
        JOIN building ON ST_Area(ST_Intersection(building.geometry, plot.geometry)) > 1e-12
        WHERE plan_id = :plan AND building.code = :tower ORDER BY plot.id
    """)
    return list(session.scalars(asked, {"plan": plan.id, "tower": TOWER}))


# --- Known and marked ------------------------------------------------------------------------------------


def test_an_import_stores_entrances_within_their_building(session):
    stored = given_town(session, tower_town())

    assert stored.counts["entrance"] == 3
    rows = session.scalars(select(Entrance).order_by(Entrance.code)).all()
    assert [(row.code, row.name, row.households) for row in rows] == [
        (str(k), f"{k}单元", 160) for k in (1, 2, 3)
    ]
    inside = text("""
        SELECT bool_and(ST_Contains(building.geometry, entrance.position))
        FROM entrance JOIN building ON building.id = building_id
    """)
    assert session.scalar(inside)


def test_files_without_entrances_leave_those_that_still_fit(session):
    given_town(session, tower_town())

    same = store_district(session, small_town(households=HOUSEHOLDS), DISTRICT)
    assert same.counts["entrance"] == 3

    fewer = [40] * 9 + [300] + [40] * 22
    changed = store_district(session, small_town(households=fewer), DISTRICT)
    assert changed.changes.entrances_dropped == 3
    assert session.scalar(select(func.count()).select_from(Entrance)) == 0


def test_only_a_building_whose_entrances_are_known_can_be_marked(session):
    given_town(session, tower_town())
    other = session.scalars(select(Building).where(Building.code == "B0")).one()

    with pytest.raises(Refusal) as refused:
        entrance_marks.mark(session, DISTRICT, other.id)
    assert refused.value.code == "entrances_unknown"
    for building in (10**12, 2**70):
        with pytest.raises(Refusal, match="no building"):
            entrance_marks.mark(session, DISTRICT, building)

    assert mark_tower(session) == mark_tower(session)


def test_marks_are_listed_taken_off_and_written_down(session):
    given_town(session, tower_town())
    before = entrance_marks.listed(session, DISTRICT)
    made = mark_tower(session)
    marked = entrance_marks.listed(session, DISTRICT)
    entrance_marks.unmark(session, DISTRICT, made)
    acts = session.scalars(select(Audit.act).order_by(Audit.id)).all()

    row = {
        "building": {"id": tower(session).id, "code": TOWER, "name": None, "name_pinyin": None},
        "households": 480,
        "entrances": 3,
    }
    assert before == {"marks": [], "unmarked": [row], "known": 1}
    assert marked == {"marks": [{"id": made, **row}], "unmarked": [], "known": 1}
    assert entrance_marks.listed(session, DISTRICT) == before
    assert [act for act in acts if act.startswith("entrance")] == [
        "entrance_mark.made",
        "entrance_mark.removed",
    ]
    with pytest.raises(Refusal, match="nothing"):
        entrance_marks.unmark(session, DISTRICT, made)


# --- Divided ---------------------------------------------------------------------------------------------


def test_a_marked_tower_is_divided_only_where_a_split_asks_for_it(session, at_commit):
    given_town(session, tower_town())
    mark_tower(session)

    whole = split(session, entrances=False)
    divided = split(session)
    at_commit(session)

    assert whole.tessellation_id == current(session, whole.place_id).id
    assert grids_of_tower(session, whole) == {}
    assert session.get_one(Tessellation, divided.tessellation_id).plain_id == whole.tessellation_id
    assert sum(grids_of_tower(session, divided).values()) == 480
    assert len(grids_of_tower(session, divided)) == 3
    assert in_band(session, divided) > in_band(session, whole)
    assert plan_faults(session, divided.id) == []
    households = select(func.sum(Grid.households)).where(Grid.plan_id == divided.id)
    assert session.scalar(households) == sum(HOUSEHOLDS)
    edit = session.scalars(select(Edit).where(Edit.plan_id == divided.id)).one()
    assert edit.parameters["entrances"] is True
    assert edit.parameters["divided_by_entrance"] == [TOWER]


def test_plots_of_the_divided_version_tile_the_place_and_others_keep_their_ids(session):
    given_town(session, tower_town())
    mark_tower(session)

    plan = split(session)

    plain = read_plots(session, current(session, plan.place_id).id)
    divided = read_plots(session, plan.tessellation_id)
    assert len(divided) == len(plain) + 2
    assert len(set(divided.ids) & set(plain.ids)) > 0.7 * len(plain)
    assert divided.table.households.sum() == plain.table.households.sum()
    assert divided.buildings.sum() == plain.buildings.sum()
    assert plots_tile(session, NOWHERE) == "1 places"
    assert figures_add_up(session, NOWHERE) == "they are"
    assert grids_add_up(session, NOWHERE) == "they do"
    assert entrances_add_up(session, NOWHERE) == "they do"


def test_the_same_marks_give_the_same_version(session):
    given_town(session, tower_town())
    mark_tower(session)

    first, second = split(session), split(session)

    assert first.tessellation_id == second.tessellation_id


def test_without_marks_nothing_is_divided_and_that_is_told(session):
    given_town(session, tower_town())

    plan = split(session)

    assert plan.tessellation_id == current(session, plan.place_id).id
    assert [one.code for one in told_of(session, plan.id)] == ["entrances_unmarked"]


def test_a_mark_whose_entrances_are_gone_is_told(session):
    given_town(session, tower_town())
    mark_tower(session)
    session.execute(text("DELETE FROM entrance"))

    plan = split(session)

    assert [(one.code, dict(one.facts)) for one in told_of(session, plan.id)] == [
        ("entrances_whole", {"count": 1})
    ]


def test_a_locked_tower_stays_whole_as_long_as_the_lock_counts(session):
    given_town(session, tower_town())
    mark_tower(session)
    locks.lock_building(session, DISTRICT, tower(session).id)

    kept = split(session)
    ignored = split(session, locked=False)

    assert grids_of_tower(session, kept) == {}
    assert [(one.code, dict(one.facts)) for one in told_of(session, kept.id)] == [
        ("entrances_whole", {"count": 1})
    ]
    assert len(grids_of_tower(session, ignored)) == 3


def test_a_plan_with_a_divided_tower_is_published_and_balanced_again_on_its_own_plots(session, at_commit):
    given_town(session, tower_town())
    mark_tower(session)
    plan = split(session)

    publish(session, plan.id, 1)
    at_commit(session)

    assert read_present(session, plan.id).plots.tessellation_id == plan.tessellation_id


def given_divided_in_force(session) -> tuple[Plan, dict[str, int]]:
    """A plan in force with the tower in several grids, and the tower's households in each."""
    given_town(session, tower_town())
    mark_tower(session)
    plan = split(session)
    publish(session, plan.id, 1)
    return plan, grids_of_tower(session, plan)


def households_of(session, plan: Plan) -> dict[str, int]:
    return dict(session.execute(select(Grid.code, Grid.households).where(Grid.plan_id == plan.id)).all())


@pytest.mark.parametrize("by", ["lock", "name"])
def test_a_locked_grid_with_a_part_of_the_tower_stays_though_no_entrances_are_asked_for(
    session, at_commit, by
):
    in_force, shares = given_divided_in_force(session)
    before = households_of(session, in_force)

    for code in shares:
        if by == "lock":
            made = locks.lock_grid(session, DISTRICT, code)
            other = split(session, entrances=False)
            locks.unlock(session, DISTRICT, made)
        else:
            other = split(session, entrances=False, locks=[code])
        assert households_of(session, other)[code] == before[code]
        assert grids_of_tower(session, other)[code] == shares[code]
        assert sum(households_of(session, other).values()) == sum(HOUSEHOLDS)
    assert grids_of_tower(session, split(session, entrances=False)) == {}


def test_a_locked_grid_whose_part_of_the_tower_can_no_longer_be_told_is_refused(session):
    _, shares = given_divided_in_force(session)
    locks.lock_grid(session, DISTRICT, min(shares))
    session.execute(text("DELETE FROM entrance"))

    with pytest.raises(Refusal) as refused:
        split(session)

    assert refused.value.code == "locked_grid_divided"
    assert dict(refused.value.facts) == {"grid": min(shares), "building": TOWER}


def test_a_lock_of_the_divided_tower_holds_all_its_plots(session):
    in_force, shares = given_divided_in_force(session)
    locks.lock_building(session, DISTRICT, tower(session).id)

    present = read_present(session, in_force.id)
    again = split(session, entrances=False)

    plots = select(PlotEntrance.plot_id).where(PlotEntrance.tessellation_id == in_force.tessellation_id)
    own = present.plots.numbers_of(np.array(session.scalars(plots).all()))
    assert len(own) == 3 and present.locked.plots[own].all()
    assert grids_of_tower(session, again) == shares


@pytest.mark.parametrize("households", [0, 100, 481, 999])
def test_a_divided_tower_that_opens_changes_at_all_its_entrances(session, households):
    in_force, _ = given_divided_in_force(session)

    present = read_present(session, in_force.id, {tower(session).id: households})

    assert present.added == households - 480
    added = present.table.households - present.plots.table.households
    assert sorted(added[added != 0])[0] >= (households - 480) // 3
    assert np.count_nonzero(added) == (1 if households == 481 else 3)


# --- Imported again --------------------------------------------------------------------------------------


def test_drafts_and_the_plan_in_force_keep_the_tower_divided_when_the_place_is_imported_again(
    session, at_commit
):
    given_town(session, tower_town())
    mark_tower(session)
    in_force, draft = split(session), split(session)
    publish(session, in_force.id, 1)
    shares = grids_of_tower(session, in_force)

    again = with_entrances(
        with_house(without(small_town(households=HOUSEHOLDS), "B31"), 3, 3), {TOWER: [160, 160, 160]}
    )
    stored = store_district(session, again, DISTRICT)
    at_commit(session)

    session.refresh(draft)
    now = session.get_one(Tessellation, draft.tessellation_id)
    assert now.plain_id == stored.tessellation_id
    assert grids_of_tower(session, draft) == shares
    assert [moved.plan_id for moved in stored.changes.drafts] == [draft.id]
    assert newest_of_plan(session, in_force.id) == now.id
    assert grids_of_tower(session, in_force) == shares
    raised = alerts.open_alerts(session, DISTRICT, None)
    assert not {alert["grid"]["code"] for alert in raised} & set(shares)


def test_the_plan_in_force_keeps_the_tower_divided_however_often_the_place_is_imported(session, at_commit):
    given_town(session, tower_town())
    mark_tower(session)
    in_force = split(session)
    publish(session, in_force.id, 1)
    shares = grids_of_tower(session, in_force)

    plain = small_town(households=HOUSEHOLDS)
    for town in (with_house(without(plain, "B31"), 3, 3), plain):
        stored = store_district(session, with_entrances(town, {TOWER: [160, 160, 160]}), DISTRICT)
        at_commit(session)

        newest = session.get_one(Tessellation, newest_of_plan(session, in_force.id))
        assert newest.plain_id == stored.tessellation_id
        raised = alerts.open_alerts(session, DISTRICT, None)
        assert not {alert["grid"]["code"] for alert in raised} & set(shares)


def test_a_strangers_split_divides_no_more_of_the_plan_in_force(session, at_commit):
    def town(made):
        return with_entrances(made, {TOWER: [160] * 3, "B3": [20, 20]})

    given_town(session, town(small_town(households=HOUSEHOLDS)))
    mark_tower(session)
    plan = split(session)
    publish(session, plan.id, 1)
    again = with_house(without(small_town(households=HOUSEHOLDS), "B31"), 3, 3)
    store_district(session, town(again), DISTRICT)
    before = newest_of_plan(session, plan.id)
    other = session.scalars(select(Building).where(Building.code == "B3")).one()
    entrance_marks.mark(session, DISTRICT, other.id)

    stranger = split(session)

    assert stranger.tessellation_id != before
    assert newest_of_plan(session, plan.id) == before


def test_other_households_behind_the_entrances_move_drafts_though_plots_stay(session, at_commit):
    given_town(session, tower_town())
    mark_tower(session)
    in_force, draft = split(session), split(session)
    publish(session, in_force.id, 1)
    before = in_force.tessellation_id

    stored = store_district(session, tower_town(shares=(170, 160, 150)), DISTRICT)
    at_commit(session)

    session.refresh(draft)
    assert not stored.changes.new_version
    assert [moved.plan_id for moved in stored.changes.drafts] == [draft.id]
    assert sorted(grids_of_tower(session, draft).values()) == [150, 160, 170]
    assert plan_faults(session, draft.id) == []
    assert newest_of_plan(session, in_force.id) == before
    assert store_district(session, tower_town(shares=(170, 160, 150)), DISTRICT).changes.drafts == []


def test_a_draft_is_whole_again_where_the_new_files_do_not_let_it_be_divided(session, at_commit):
    given_town(session, tower_town())
    mark_tower(session)
    draft = split(session)

    fewer = [40] * 9 + [300] + [40] * 22
    stored = store_district(session, with_house(small_town(households=fewer), 3, 3), DISTRICT)
    at_commit(session)

    session.refresh(draft)
    assert draft.tessellation_id == stored.tessellation_id
    assert plan_faults(session, draft.id) == []


# --- Counted apart ---------------------------------------------------------------------------------------


def test_the_certificate_counts_the_divided_tower_apart_and_cuts_none(session):
    given_town(session, tower_town())
    mark_tower(session)

    made = certificate_of_plan(plan_ground(session, split(session).id), datetime(2026, 1, 1, tzinfo=UTC))

    assert made["faults"] == []
    assert (made["checks"]["buildings_cut"], made["checks"]["buildings_divided"]) == (0, 1)
    assert made["sizes"]["households"] == sum(HOUSEHOLDS)


def test_a_divided_building_that_is_gone_leaves_the_rest_to_be_certified(session):
    given_town(session, tower_town())
    mark_tower(session)
    plan = split(session)
    session.execute(text("UPDATE building SET retired_at = now() WHERE code = :code"), {"code": TOWER})

    made = certificate_of_plan(plan_ground(session, plan.id), datetime(2026, 1, 1, tzinfo=UTC))

    assert (made["divided"], made["checks"]["buildings_in_all"]) == ([], len(HOUSEHOLDS) - 1)


def test_each_grid_lists_its_share_of_the_tower_and_not_the_whole(session):
    given_town(session, tower_town(shares=(170, 160, 150)))
    mark_tower(session)
    plan = split(session)
    shares = grids_of_tower(session, plan)
    grids = {grid.code: grid for grid in session.scalars(select(Grid).where(Grid.plan_id == plan.id))}

    for code, share in shares.items():
        page = reading.grid_buildings(session, grids[code].id)
        [listed] = [building for building in page["buildings"] if building["code"] == TOWER]
        assert listed["households"] == share
        assert {one["grid"]["code"]: one["households"] for one in listed["divided"]} == shares
        assert sorted(listed["plots"]) == plots_of_tower(session, plan)
        assert all(one["plots"] is None for one in page["buildings"] if one["code"] != TOWER)
        assert page["households"] == grids[code].households
        by_size = reading.grid_buildings(session, grids[code].id, sort="households", descending=True)
        assert by_size["buildings"][0]["code"] == TOWER
        found = lookup.buildings_in_grid(session, grids[code].id)
        assert sum(building.households for building in found) == grids[code].households
    others = [grid for code, grid in grids.items() if code not in shares]
    assert all(
        TOWER not in [one["code"] for one in reading.grid_buildings(session, grid.id)["buildings"]]
        for grid in others
    )


def test_the_remedy_says_whether_entrances_are_known_and_marked(session):
    given_town(session, tower_town())
    unmarked = split(session, entrances=False)
    mark_tower(session)
    marked = split(session, entrances=False)
    session.execute(text("DELETE FROM entrance"))
    unknown = split(session, entrances=False)

    def remedy(plan):
        [too_large] = session.scalars(
            select(Grid).where(Grid.plan_id == plan.id, Grid.reason == "one_plot_too_large")
        )
        stored = too_large.measures["remedy"]
        return stored["facts"], remedy_words(stored["code"], stored["facts"]).en

    facts, said = remedy(unmarked)
    assert (facts["entrances_known"], facts["is_marked"]) == (3, False)
    assert said == "Mark building B9: 3 entrances of it are known, by which a split can divide it."
    facts, said = remedy(marked)
    assert facts["is_marked"] is True
    assert said.startswith("Split again by entrances: building B9 is marked")
    facts, said = remedy(unknown)
    assert "entrances_known" not in facts
    assert said.startswith("Import the entrances of building B9 and mark it")


# --- What the database itself refuses --------------------------------------------------------------------


def given_divided(session) -> Plan:
    given_town(session, tower_town())
    mark_tower(session)
    return split(session)


@pytest.mark.parametrize(
    "statement",
    [
        "ENTRANCE: SELECT building_id, code || 'x', -1, position FROM entrance",
        "ENTRANCE: SELECT building_id, '', 1, position FROM entrance WHERE code = '1'",
        "ENTRANCE: SELECT building_id, code, households, position FROM entrance",
        "ENTRANCE: SELECT building_id, '9', 1, 'SRID=4326;POINT EMPTY' FROM entrance WHERE code = '1'",
        "ENTRANCE: SELECT building_id, '9', 1, 'SRID=4326;POINT(500 30)' FROM entrance WHERE code = '1'",
        "ENTRANCE: SELECT 0, code, households, position FROM entrance",
        "PLOT_ENTRANCE: SELECT tessellation_id, (SELECT max(id) + 1 FROM plot), building_id, 'x', 1,"
        " position FROM plot_entrance",
        "PLOT_ENTRANCE: SELECT tessellation_id, plot_id, building_id, 'x', -1, position FROM plot_entrance",
        "PLOT_ENTRANCE: SELECT tessellation_id, plot_id, building_id, code, 0, position FROM plot_entrance",
        "PLOT_ENTRANCE: SELECT plain_id, plot_id, building_id, code, households, position"
        " FROM plot_entrance JOIN tessellation ON id = tessellation_id",
        "INSERT INTO entrance_mark (place_id, building_id) SELECT place_id, building_id FROM entrance_mark",
        "INSERT INTO tessellation (place_id, version, plain_id) SELECT place_id, 9, 0"
        " FROM tessellation LIMIT 1",
        "INSERT INTO tessellation (place_id, version, plain_id)"
        " SELECT (SELECT id FROM place WHERE code = '140499001'), 9, id FROM tessellation LIMIT 1",
    ],
)
def test_the_database_refuses_what_cannot_be(session, statement):
    given_divided(session)

    with pytest.raises(IntegrityError), session.begin_nested():
        for short, long in INTO.items():
            statement = statement.replace(short, long)
        session.execute(text(statement))
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_a_plan_cannot_leave_an_entrance_in_no_grid(session, at_commit):
    plan = given_divided(session)
    at_commit(session)

    session.execute(
        text("""
            DELETE FROM grid_plot WHERE plan_id = :plan
                AND plot_id = (SELECT min(plot_id) FROM plot_entrance WHERE tessellation_id = :version)
        """),
        {"plan": plan.id, "version": plan.tessellation_id},
    )
    with pytest.raises(Exception, match="plot"):
        at_commit(session)


def test_entrances_of_a_version_are_all_on_its_plots(session):
    plan = given_divided(session)

    rows = session.scalars(
        select(PlotEntrance).where(PlotEntrance.tessellation_id == plan.tessellation_id)
    ).all()
    assert len({row.plot_id for row in rows}) == len(rows) == 3
    assert sum(row.households for row in rows) == tower(session).households
    assert NEW.code == DISTRICT
