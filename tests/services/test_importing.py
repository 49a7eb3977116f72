"""A district becomes rows, and becomes other rows when it is imported again."""

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import func, select, text

from app.errors import Refusal
from app.geo.crs import to_lonlat
from app.geo.partition import pieces
from app.geo.plots import Band, Edges, LineClass
from app.geo.readers.report import ImportReport
from app.models import (
    Building,
    Compound,
    Dwelling,
    Edit,
    Employer,
    Green,
    Grid,
    Landlord,
    Place,
    Plan,
    Plot,
    Rental,
    Street,
    Water,
)
from app.services import drafts
from app.services.importing import NewPlace, attribution_of, cut_ground, expected_place, store_district
from app.services.personal import open_places
from app.services.plot_tables import read_plots, stored_polygons
from app.services.publishing import plan_faults, publish, read_plan
from tests.geo.towns import PLACE, here, houses, town
from tests.services.imported import (
    DISTRICT,
    EAST,
    NEW,
    SUBDISTRICT,
    WEST,
    given_draft,
    given_town,
    place,
    small_town,
    with_admin,
    with_house,
    without,
    without_codes,
)
from tests.services.refusals import refused
from tests.services.registered import close


def shapes(session, column, *where):
    return [to_shape(found) for found in session.scalars(select(column).where(*where))]


def test_places_stand_in_one_tree_with_their_names_in_both_scripts(session):
    given_town(session)

    rows = {
        row.path: (row.level, row.name, row.name_pinyin, row.name_initials)
        for row in session.scalars(select(Place))
    }

    assert rows == {
        DISTRICT: ("district", "锦原区", "Jinyuan Qu", "jyq"),
        f"{DISTRICT}.{SUBDISTRICT}": ("subdistrict", "柳荫街道", "Liuyin Jiedao", "lyjd"),
        f"{DISTRICT}.{SUBDISTRICT}.{WEST}": ("community", "1社区", "1 Shequ", "1sq"),
        f"{DISTRICT}.{SUBDISTRICT}.{EAST}": ("community", "2社区", "2 Shequ", "2sq"),
    }


def test_the_outline_of_each_place_is_exactly_the_ground_of_its_plots(session):
    given_town(session)

    for code in (DISTRICT, WEST, EAST):
        own = place(session, code)
        within = [] if code == DISTRICT else [Plot.community_id == own.id]
        union = shapely.coverage_union_all(shapes(session, Plot.geometry, *within))
        assert shapely.equals_exact(
            shapely.normalize(shapely.multipolygons([union])), shapely.normalize(to_shape(own.outline)), 0.0
        )


def test_every_building_is_stored_with_a_point_in_its_plot(session, at_commit):
    stored = given_town(session)
    at_commit(session)

    plots = read_plots(session, stored.tessellation_id)
    points = shapes(session, Building.position)
    _, plot = shapely.STRtree(plots.polygons).query(points, predicate="within")

    assert len(points) == stored.counts["building"] == 32
    assert np.bincount(plot, minlength=len(plots)).tolist() == plots.buildings.tolist()
    assert session.scalar(select(func.sum(Building.households))) == plots.table.households.sum() == 32 * 40


def test_a_place_says_whose_data_its_last_import_was(session):
    store_district(session, small_town(), NEW, attribution="© OpenStreetMap contributors")
    first = place(session, DISTRICT).attribution

    store_district(session, small_town(), DISTRICT)

    assert first == "© OpenStreetMap contributors"
    assert place(session, DISTRICT).attribution is None


@pytest.mark.parametrize(
    ("files", "given", "said"),
    [
        (["district.gpkg"], None, None),
        (["district.gpkg"], "  ", None),
        (["buildings.geojson", "streets.OSM.PBF"], None, "© OpenStreetMap contributors"),
        (["长治.osm"], "长治市", "长治市 · © OpenStreetMap contributors"),
        (["长治.osm"], "© OpenStreetMap contributors, 2026", "© OpenStreetMap contributors, 2026"),
        (["district.gpkg"], "长治市自然资源局", "长治市自然资源局"),
    ],
)
def test_openstreetmap_is_named_whatever_is_given(files, given, said):
    assert attribution_of(files, given) == said


def test_plots_come_back_as_they_were_cut(session):
    ground = cut_ground(small_town(), DISTRICT)
    stored = store_district(session, ground, NEW)

    back = read_plots(session, stored.tessellation_id)

    cut = ground.tessellation
    assert shapely.equals_exact(back.metres, cut.polygons, 0.0).all()
    assert back.table.households.tolist() == cut.table.households.tolist()
    assert back.table.outer == pytest.approx(cut.table.outer)
    assert back.table.edges.i.tolist() == cut.table.edges.i.tolist()
    assert back.table.edges.kind.tolist() == cut.table.edges.kind.tolist()
    assert back.table.edges.metres == pytest.approx(cut.table.edges.metres)
    assert back.table.edges.wall.tolist() == cut.table.edges.wall.tolist()


def test_a_river_with_a_bridge_and_without_may_be_between_two_plots(session):
    ground = cut_ground(small_town(), DISTRICT)
    table = ground.tessellation.table
    twice = [np.append(given, [given[0]] * 2) for given in (table.edges.i, table.edges.j, table.edges.metres)]
    kind = np.append(np.append([LineClass.RIVER], table.edges.kind[1:]), [LineClass.RIVER] * 2)
    wall = np.append(table.edges.wall, [False, True])
    edges = Edges(*twice, kind.astype(np.int8), wall)
    cut = replace(ground.tessellation, table=replace(table, edges=edges))

    stored = store_district(session, replace(ground, tessellation=cut), NEW)

    rows = session.execute(
        text(
            "SELECT wall, metres FROM plot_edge WHERE kind = 'river' AND tessellation_id = :id ORDER BY wall"
        ),
        {"id": stored.tessellation_id},
    ).all()
    metres = table.edges.metres[0]
    assert [tuple(row) for row in rows] == [(False, 2 * metres), (True, metres)]


def test_without_codes_of_communities_the_place_itself_stands_for_them(session):
    given_town(session, without_codes(small_town()))

    assert session.scalars(select(Place.code)).all() == [DISTRICT]
    assert set(session.scalars(select(Plot.community_id))) == {place(session, DISTRICT).id}


def test_areas_of_other_places_are_no_communities(session):
    made = small_town()
    foreign = made.admin.assign(code=["120101001001", "120101001002", "120101001"])

    given_town(session, replace(made, admin=foreign))

    assert session.scalars(select(Place.code)).all() == [DISTRICT]


def test_ground_in_no_community_belongs_to_the_place_itself(session):
    # the eastern half was left out of both communities: too much to have been forgotten
    given_town(session, with_admin(small_town(), {WEST: (0, 60), EAST: (60, 120)}))

    own = session.scalar(select(func.count()).where(Plot.community_id == place(session, DISTRICT).id))
    assert own > 0
    codes = {code[:12] for code in session.scalars(grids_of(given_draft(session)))}
    assert codes == {WEST, EAST, "140499000000"}


def grids_of(plan_id):
    return select(Grid.code).where(Grid.plan_id == plan_id).order_by(Grid.code)


def test_subdistricts_serve_where_there_are_no_communities(session):
    made = small_town()
    given_town(session, replace(made, admin=made.admin.iloc[[2]].reset_index(drop=True)))

    assert session.scalars(select(Place.code).order_by(Place.code)).all() == [DISTRICT, SUBDISTRICT]
    assert session.scalars(grids_of(given_draft(session))).first() == "140499001000001"


def test_a_community_can_be_imported_alone(session):
    given = NewPlace(WEST, "荫华社区")

    store_district(session, without_codes(small_town()), given)

    assert place(session, WEST).level == "community"
    assert all(code.startswith(WEST) for code in session.scalars(grids_of(given_draft(session, code=WEST))))


# --- Refusals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["1404", "14049a", "", "140499001001001", "１４０４９９"])
def test_a_code_that_is_none_is_refused(session, code):
    assert refused(store_district, session, small_town(), NewPlace(code, "x")) == "place_code_malformed"


def test_a_new_place_needs_a_name_and_a_code_that_is_free(session):
    assert refused(store_district, session, small_town(), NewPlace(DISTRICT, " ")) == "place_name_missing"

    given_town(session)
    assert refused(store_district, session, small_town(), NEW) == "place_exists"


def test_a_place_that_is_not_there_cannot_be_imported_again(session):
    assert refused(store_district, session, small_town(), DISTRICT) == "place_unknown"
    assert (
        refused(store_district, session, small_town(), NewPlace(WEST, "x", parent="140400"))
        == "place_unknown"
    )


def test_the_code_of_a_place_begins_with_that_of_the_place_above(session):
    given_town(session)

    assert (
        refused(store_district, session, small_town(), NewPlace("140498001", "x", DISTRICT))
        == "place_code_not_below"
    )


def moved(made, east_m):
    """The same town elsewhere."""
    away = lambda shape: shapely.transform(shape, lambda xy: xy + np.array([east_m, 0.0]))  # noqa: E731
    frames = {
        name: frame.set_geometry([away(shape) for shape in frame.geometry], crs=PLACE)
        for name in ("buildings", "streets", "admin")
        if (frame := getattr(made, name)) is not None
    }
    return replace(made, outline=away(made.outline), **frames)


def test_a_district_is_not_imported_over_its_communities(session):
    alone = without_codes(small_town())
    store_district(session, alone, NewPlace(WEST, "荫华社区"))

    assert refused(store_district, session, small_town(), NEW) == "place_imported_with"
    with pytest.raises(Refusal, match="imported with 荫华社区"):
        expected_place(session, DISTRICT, "锦原区")


def test_a_place_lies_within_the_one_above_and_beside_its_siblings(session):
    bare_district = Place(
        level="district", code=DISTRICT, name="x", path=DISTRICT, srid=4546,
        outline=func.ST_GeomFromText("MULTIPOLYGON(((111 36,111.01 36,111.01 36.2,111 36.2,111 36)))", 4326),
    )  # fmt: skip
    session.add(bare_district)
    session.flush()
    far = moved(without_codes(small_town()), 20_000)
    assert refused(store_district, session, far, NewPlace(WEST, "x")) == "place_outside_parent"

    store_district(session, without_codes(small_town()), NewPlace(WEST, "荫华社区"))
    half = moved(without_codes(small_town()), 100)
    assert refused(store_district, session, half, NewPlace(EAST, "x")) == "place_overlaps"

    store_district(session, moved(without_codes(small_town()), 240), NewPlace(EAST, "槐宁社区"))
    assert place(session, EAST).path == f"{DISTRICT}.{EAST}"


def test_ground_is_imported_with_one_place_only(session):
    given_town(session)

    inner = town(shapely.box(0, 0, 120, 120), houses(4, 4))
    assert refused(store_district, session, inner, WEST) == "place_imported_with"
    with pytest.raises(Refusal, match="imported with"):
        expected_place(session, "140499001009", "x")


def test_files_of_another_place_are_refused(session):
    given_town(session)

    assert refused(store_district, session, moved(small_town(), 5_000), DISTRICT) == "place_elsewhere"


# --- What files hold -------------------------------------------------------------------------------------


def test_lines_are_cut_off_far_beyond_the_place_and_closed_to_single_ones(session):
    long = [(-200_000, 60), (200_000, 60)]
    made = small_town(
        streets=[long, [(120, 0), (120, 120)]], water=[shapely.box(-300_000, -50, 300_000, -10)]
    )

    given_town(session, made)

    wide = max(shape.bounds[2] - shape.bounds[0] for shape in shapes(session, Street.geometry))
    assert wide < 0.1
    assert max(shape.bounds[2] - shape.bounds[0] for shape in shapes(session, Water.geometry)) < 0.1


def test_green_is_kept_for_the_map(session):
    park = here(shapely.box(10, 22, 60, 28))
    crossed = here(shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]))  # is mended
    green = gpd.GeoDataFrame(
        {"kind": ["park", None], "name": ["柳荫公园", None]}, geometry=[park, crossed], crs=PLACE
    )

    given_town(session, replace(small_town(), green=green))

    kept = {(row.kind, row.name, row.name_pinyin) for row in session.scalars(select(Green))}
    assert kept == {("park", "柳荫公园", "Liuyin Gongyuan"), (None, None, None)}


def test_a_building_knows_its_compound_and_kinds_are_known_words(session):
    made = small_town(compounds=[shapely.box(5, 5, 60, 60)])
    made = replace(made, compounds=made.compounds.assign(kind=["出租大院"], name=["柳荫大院"]))

    given_town(session, made)

    compound = session.scalars(select(Compound)).one()
    assert (compound.kind, compound.name_initials) == ("rental compound", "lydy")
    inside = session.scalars(select(Building.code).where(Building.compound_id == compound.id)).all()
    assert sorted(inside) == ["B0", "B1", "B8", "B9"]


def test_a_plot_that_rounding_would_break_loses_the_corner_that_breaks_it():
    # a notch so thin that both its sides come to lie on each other
    notched = shapely.Polygon([(0, 0), (50, 40), (100, 0), (100, 50), (50, 40.0004), (0, 50)])
    pair = np.array([here(notched), here(shapely.box(100, 0, 150, 50))], dtype=object)
    assert shapely.is_valid(pair).all()
    assert not shapely.is_valid(to_lonlat(pair, PLACE)).all()

    kept = stored_polygons(pair, PLACE)

    assert shapely.is_valid(kept).all()
    assert shapely.area(kept).min() > 0


# --- Imported again --------------------------------------------------------------------------------------


def test_files_that_changed_nothing_make_no_new_version(session):
    first = given_town(session)
    draft = given_draft(session)
    before = {row.code: row.id for row in session.scalars(select(Building))}

    again = store_district(session, small_town(), DISTRICT)

    assert (again.version, again.tessellation_id) == (1, first.tessellation_id)
    assert not again.changes.new_version
    assert again.changes.plots == {"carried": first.counts["plot"], "new": 0, "dropped": 0}
    assert again.changes.buildings == {"new": 0, "changed": 0, "gone": 0, "same": 32}
    assert again.changes.matched == {"code": 32, "ground": 0}
    assert again.changes.rows == again.changes.drafts == []
    assert {row.code: row.id for row in session.scalars(select(Building))} == before
    assert session.get_one(Plan, draft).version == 1


def test_what_does_not_touch_the_plots_is_brought_up_to_date_without_a_new_version(session):
    given_town(session)
    renamed = small_town()
    renamed = replace(
        renamed,
        buildings=renamed.buildings.assign(name="新楼"),
        streets=renamed.streets.assign(name="长兴路"),
    )

    again = store_district(session, renamed, DISTRICT)

    assert (again.version, again.changes.new_version) == (1, False)
    assert again.changes.buildings["changed"] == 32
    assert set(session.scalars(select(Building.name))) == {"新楼"}
    assert set(session.scalars(select(Street.name))) == {"长兴路"}


@pytest.mark.parametrize(
    "other",
    [
        small_town(households=[41, *[40] * 31]),
        small_town(streets=[]),
        small_town(streets=[[(120, 0), (120, 120)], [(0, 60), (240, 60)]]),
        without(small_town(), "B31"),
    ],
    ids=["households", "a street less", "a street more", "a building less"],
)
def test_whatever_touches_the_plots_makes_a_new_version(session, other):
    given_town(session)

    again = store_district(session, other, DISTRICT)

    assert (again.version, again.changes.new_version) == (2, True)


def test_plots_that_did_not_change_are_carried_over(session):
    first = given_town(session)

    again = store_district(session, small_town(households=[41, *[40] * 31]), DISTRICT)

    assert again.changes.plots == {"carried": first.counts["plot"], "new": 0, "dropped": 0}
    ids = [read_plots(session, stored.tessellation_id).ids.tolist() for stored in (first, again)]
    assert ids[0] == ids[1]


def test_the_report_names_buildings_that_are_new_changed_and_gone(session):
    given_town(session)
    changed = with_house(without(small_town(), "B31"), 24, 24, households=15)
    changed.buildings.loc[0, "households"] = 50

    again = store_district(session, changed, DISTRICT)

    assert again.changes.buildings == {"new": 1, "changed": 1, "gone": 1, "same": 30}
    assert again.changes.households == {"before": 1280, "after": 1280 + 10 - 40 + 15}
    assert again.changes.rows == [
        {"what": "changed", "code": "B0", "households": [40, 50]},
        {"what": "gone", "code": "B31", "households": [40, None]},
        {"what": "new", "code": "new", "households": [None, 15]},
    ]
    assert again.changes.plots["carried"] > 20
    gone = session.scalars(select(Building).where(Building.code == "B31")).one()
    assert gone.retired_at is not None


def numbered(made):
    """Without codes: rows are numbered, as the reader does."""
    report = ImportReport()
    report.note("codes_made", file="town.gpkg", layer="buildings")
    codes = [str(number + 1) for number in range(len(made.buildings))]
    return replace(made, report=report, buildings=made.buildings.assign(code=codes))


def standing(session):
    found = session.scalars(select(Building).where(Building.retired_at.is_(None)))
    return {to_shape(row.geometry).wkb: row.id for row in found}


def test_buildings_without_codes_stay_what_they_are_when_a_row_is_taken_out(session):
    """Then the rows behind it are numbered anew, and each number stands for another building."""
    given_town(session, numbered(small_town()))
    before = standing(session)

    again = store_district(session, numbered(without(small_town(), "B4")), DISTRICT)

    after = standing(session)
    assert len(after) == 31
    assert after.items() <= before.items()
    assert again.changes.buildings == {"new": 0, "changed": 27, "gone": 1, "same": 4}
    assert again.changes.matched == {"code": 4, "ground": 27}
    assert again.changes.rows[0] == {
        "what": "changed",
        "code": "5",
        "households": [40, 40],
        "former_code": "6",
    }

    back = store_district(session, numbered(small_town()), DISTRICT)

    assert back.changes.buildings["new"] == back.changes.buildings["gone"] == 0
    assert standing(session) == before


def test_buildings_under_codes_of_another_scheme_are_found_by_their_ground(session):
    given_town(session)
    before = standing(session)
    made = small_town()
    other = replace(made, buildings=made.buildings.assign(code=[f"1404-{k:03d}" for k in range(32)]))

    again = store_district(session, other, DISTRICT)

    assert again.changes.matched == {"code": 0, "ground": 32}
    assert again.changes.buildings == {"new": 0, "changed": 32, "gone": 0, "same": 0}
    assert again.changes.rows[0]["former_code"] == "B0"
    assert not again.changes.new_version
    assert standing(session) == before


def test_codes_may_change_hands(session):
    given_town(session)
    before = {row.code: row.id for row in session.scalars(select(Building))}
    made = small_town()
    codes = [*made.buildings["code"]]
    codes[0], codes[1] = codes[1], codes[0]

    store_district(session, replace(made, buildings=made.buildings.assign(code=codes)), DISTRICT)

    after = {row.code: row.id for row in session.scalars(select(Building))}
    assert (after.pop("B0"), after.pop("B1")) == (before.pop("B1"), before.pop("B0"))
    assert after == before


def test_a_building_that_comes_back_is_the_same_one(session):
    given_town(session)
    was = session.scalar(select(Building.id).where(Building.code == "B31"))
    store_district(session, without(small_town(), "B31"), DISTRICT)

    again = store_district(session, small_town(), DISTRICT)

    back = session.scalars(select(Building).where(Building.code == "B31")).one()
    assert (back.id, back.retired_at) == (was, None)
    assert again.changes.buildings["changed"] == 1


def test_compounds_and_base_map_are_replaced(session):
    yard = shapely.box(5, 5, 60, 60)
    given_town(session, small_town(compounds=[yard, shapely.box(130, 5, 180, 60)]))
    streets = session.scalar(select(func.count()).select_from(Street))

    store_district(session, small_town(compounds=[yard]), DISTRICT)

    assert session.scalars(select(Compound.code)).all() == ["C0"]
    assert session.scalar(select(func.count()).select_from(Street)) == streets
    assert session.scalar(select(func.count()).where(Building.compound_id.is_not(None))) == 4


def test_a_compound_that_the_register_names_stays(session):
    given_town(session, small_town(compounds=[shapely.box(5, 5, 60, 60)]))
    building = session.scalars(select(Building).where(Building.compound_id.is_not(None))).first()
    compound_id, seat = building.compound_id, {"building_id": building.id}
    open_places(session, [DISTRICT], "import")
    landlord = Landlord(name="赵房东", **seat)
    session.add(landlord)
    session.flush()
    session.add(Rental(compound_id=compound_id, landlord_id=landlord.id, begun_on=date(2026, 1, 1), **seat))
    session.flush()
    close(session)

    store_district(session, small_town(), DISTRICT)

    assert session.scalars(select(Compound.id)).all() == [compound_id]
    assert session.scalar(select(func.count()).where(Building.compound_id.is_not(None))) == 0


def test_the_plan_in_force_keeps_its_version_and_drafts_move(session, at_commit):
    first = given_town(session)
    in_force = given_draft(session)
    publish(session, in_force, 1)
    draft = given_draft(session, seed=2)

    again = store_district(session, with_house(without(small_town(), "B31"), 24, 24), DISTRICT)
    at_commit(session)

    assert session.get_one(Plan, in_force).tessellation_id == first.tessellation_id
    moved_plan = session.get_one(Plan, draft)
    assert (moved_plan.tessellation_id, moved_plan.version) == (again.tessellation_id, 2)
    assert plan_faults(session, draft) == plan_faults(session, in_force) == []
    report = again.changes.drafts[0]
    assert report.plan_id == draft
    assert report.plots_placed == again.changes.plots["new"] > 0
    assert all(row["households"][1] is not None for row in report.grids)
    edit = session.scalars(select(Edit).where(Edit.plan_id == draft, Edit.kind == "import")).one()
    assert (edit.base_version, edit.version) == (1, 2)
    placed = {int(plot) for plot, (was, now) in edit.moves.items() if was is None and now is not None}
    assert len(placed) == report.plots_placed
    publish(session, draft, 2)


def test_a_draft_follows_when_the_files_learn_of_communities(session, at_commit):
    given_town(session, without_codes(small_town()))
    draft = given_draft(session)

    store_district(session, small_town(), DISTRICT)
    at_commit(session)

    assert plan_faults(session, draft) == []
    for grid in session.scalars(select(Grid).where(Grid.plan_id == draft)):
        assert grid.community_id == place(session, grid.code[:12]).id


def test_ground_that_is_new_joins_its_neighbours_grid(session, at_commit):
    given_town(session)
    draft = given_draft(session)
    larger = town(shapely.box(0, 0, 300, 120), houses(10, 4), households=40, streets=[[(120, 0), (120, 120)]])
    larger = with_admin(larger, {WEST: (0, 120), EAST: (120, 300)})

    again = store_district(session, larger, DISTRICT)
    at_commit(session)

    assert again.changes.households == {"before": 32 * 40, "after": 40 * 40}
    assert plan_faults(session, draft) == []


def test_a_part_torn_off_joins_a_neighbour_or_stands_alone(session):
    """Where the middle of a grid goes to another, what is left of it beyond is no part of it any more."""
    given_town(session)
    draft = given_draft(session)
    before = read_plan(session, draft)
    west = before.plots.community == place(session, WEST).id
    x = shapely.get_x(shapely.centroid(before.plots.metres))
    stripes = np.where(west, np.digitize(x, here(shapely.Point(40, 0)).x + np.array([0, 40])), 3)
    stripes[stripes == 2] = 0  # one grid on both sides of another
    torn = replace(before, grid=stripes.astype(np.int64), codes=["1", "2", "3", "4"], ids=[1, 2, 3, 4])

    joined = drafts.placed(torn, before.plots, Band(10_000, 9_000, 11_000))
    alone = drafts.placed(torn, before.plots, Band(160, 144, 176))

    assert joined.max() == 3
    assert alone.max() == 4
    for label in (joined, alone):
        numbers = np.unique(label, return_inverse=True)[1]
        assert (pieces(before.plots.table.edges, numbers) == 1).all()


def test_who_lives_there_goes_along_when_the_border_of_communities_moves(session):
    given_town(session)
    open_places(session, [DISTRICT], "import")
    house = session.execute(
        text("""
            SELECT building.id, place.id AS community FROM building JOIN place ON place.code = :west
            WHERE building_community(building.id) = place.id
            ORDER BY ST_X(building.position) DESC, building.code LIMIT 1
        """),
        {"west": WEST},
    ).one()
    employer = Employer(building_id=house.id, name="小店", begun_on=date(2026, 1, 1))
    session.add_all([Dwelling(building_id=house.id, code="101"), employer])
    session.flush()
    asked = text("SELECT DISTINCT place.code FROM dwelling JOIN place ON place.id = community_id")
    assert session.scalars(asked).all() == [WEST]

    moved = with_admin(small_town(streets=[[(90, 0), (90, 120)]]), {WEST: (0, 90), EAST: (90, 240)})
    store_district(session, moved, DISTRICT)

    open_places(session, [f"{DISTRICT}.{SUBDISTRICT}.{EAST}"], "import")
    assert session.scalars(asked).all() == [EAST]
    session.refresh(employer)
    assert employer.community_id != house.community
