"""Tiles: what is drawn for whom; borders stay shared, labels stand once, what is kept is still true."""

import gzip
from math import asinh, floor, pi, radians, tan

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from sqlalchemy import text

from app.errors import Refusal
from app.services import tile_layers, tiles
from tests.services.mapped import (
    CANARIES,
    DISTRICT,
    PATHS,
    SIDE,
    SOUTH,
    WEST,
    E,
    W,
    given_map,
    given_micro_grids,
)

ALL = range(8, 18)
EVERYWHERE = None


@pytest.fixture
def mapped(session):
    return given_map(session)


def tiles_over(z, west=WEST, south=SOUTH, side=SIDE):
    """Addresses of all tiles over a square."""

    def column(lon):
        return floor((lon + 180) / 360 * 2**z)

    def row(lat):
        return floor((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)

    for x in range(column(west), column(west + side) + 1):
        for y in range(row(south + side), row(south) + 1):
            yield z, x, y


def middle(z):
    return next(tiles_over(z, WEST + SIDE / 2, SOUTH + SIDE / 2, 0))


def decoded(packed):
    return mapbox_vector_tile.decode(gzip.decompress(packed)) if packed else {}


def features(session, source, z, layer):
    """All features of a layer over the district, with the tile each was found in."""
    for address in tiles_over(z):
        drawn = decoded(tiles.tile(session, source, *address))
        yield from drawn.get(layer, {"features": []})["features"]


def names(found, attribute="id"):
    return {one["properties"][attribute] for one in found}


# --- What is drawn ---------------------------------------------------------------------------------------


def test_a_plan_shows_grids_from_afar_and_plots_and_buildings_from_z14(session, mapped):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    layers = {z: set(decoded(tiles.tile(session, source, *middle(z)))) for z in (7, 8, 12, 14)}

    assert layers[7] == set()
    assert layers[8] == {"grid"}
    assert layers[12] == {"grid", "grid_label"}
    assert {"grid", "plot", "building"} <= layers[14]


def test_ground_shows_more_the_nearer_one_looks(session, mapped):
    source = tiles.ground_source(session, DISTRICT, EVERYWHERE)

    kinds = {z: names(features(session, source, z, "street"), "kind") for z in (9, 13)}
    layers = {z: set(decoded(tiles.tile(session, source, *middle(z)))) for z in (9, 14)}

    assert kinds == {9: {"arterial"}, 13: {"arterial", "local"}}
    assert "building" not in layers[9]
    assert {"place", "street", "building"} <= layers[14]


def test_a_grid_tells_its_class_and_what_is_wrong_with_it(session, mapped):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    (tile,) = [decoded(tiles.tile(session, source, *address)) for address in tiles_over(9)]
    found = {one["properties"]["id"]: one["properties"] for one in tile["grid"]["features"]}
    of = {name: found[grid.id] for name, grid in mapped.grids.items()}

    assert [of[name].get("class") for name in ("W1", "W2", "W3", "E1", "E2", "E3")] == [0, -2, -3, None, 1, 3]
    assert [name for name in of if of[name]["out_of_band"]] == ["W2", "W3", "E1", "E2", "E3"]
    assert [name for name in of if of[name]["vacant"]] == ["W3", "E3"]
    assert [name for name in of if of[name]["reason"]] == ["W2"]
    assert [name for name in of if of[name]["uninhabited"]] == ["E1"]
    assert of["E2"]["households"] == 331
    assert tile["grid"]["features"][0]["id"] == tile["grid"]["features"][0]["properties"]["id"]


def test_counts_under_five_are_not_told(session, mapped):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    grids = {one["properties"]["id"]: one["properties"] for one in features(session, source, 9, "grid")}
    buildings = list(features(session, source, 15, "building"))

    assert grids[mapped.grids["W3"].id]["households"] == grids[mapped.grids["E1"].id]["households"] == "few"
    assert {"few", 14} <= names(buildings, "households")
    assert all(said == "few" or said >= 5 for said in names(buildings, "households"))


def test_no_grid_of_a_draft_is_vacant(session):
    mapped = given_map(session, state="draft")
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    assert names(features(session, source, 9, "grid"), "vacant") == {False}


def test_names_are_in_their_own_script_and_in_latin_letters(session, mapped):
    source = tiles.ground_source(session, DISTRICT, EVERYWHERE)

    (street,) = features(session, source, 9, "street")
    places = list(features(session, source, 12, "name"))

    assert street["properties"]["name"] == "长兴路"
    assert street["properties"]["name_pinyin"] == "Changxinglu"
    assert {"锦原区", "柳阳社区"} <= names(places, "name")


def test_ground_tells_no_figure(session, mapped):
    source = tiles.ground_source(session, DISTRICT, EVERYWHERE)

    told = {
        key for z in (14, 17) for one in features(session, source, z, "building") for key in one["properties"]
    }

    assert told == {"id", "code", "kind", "name", "name_pinyin", "address"}


@pytest.mark.parametrize("z", ALL)
def test_no_tile_names_a_person(session, mapped, z):
    sources = [
        tiles.plan_source(session, mapped.plan.id, EVERYWHERE),
        tiles.ground_source(session, DISTRICT, EVERYWHERE),
    ]

    drawn = [
        tiles.draw(session, source, *address) for source in sources for address in list(tiles_over(z))[:16]
    ]

    assert any(drawn)
    assert not [canary for canary in CANARIES for tile in drawn if canary.encode() in tile]


def test_micro_grids_are_drawn_from_close_up_with_number_and_households(session):
    mapped = given_map(session, state="draft")
    given_micro_grids(session, mapped, (62, 3))
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    layers = {z: set(decoded(tiles.tile(session, source, *middle(z)))) for z in (13, 14, 15)}
    found = [one["properties"] for one in features(session, source, 16, "micro_grid_label")]

    assert [z for z, seen in layers.items() if "micro_grid" in seen] == [14, 15]
    assert [z for z, seen in layers.items() if "micro_grid_label" in seen] == [15]
    own = [mapped.grids[name].id for name in ("W1", "E2")]
    told = sorted((one["grid"], one["number"], one["households"]) for one in found)
    assert told == sorted((grid, *figures) for grid in own for figures in ((1, 62), (2, "few")))


def test_a_line_between_two_micro_grids_is_drawn_once(session):
    mapped = given_map(session, state="draft")
    given_micro_grids(session, mapped)
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    for address in tiles_over(15):
        drawn = decoded(tiles.tile(session, source, *address)).get("micro_grid", {"features": []})["features"]
        for lines in (shapely.geometry.shape(one["geometry"]) for one in drawn):
            assert lines.length > 0
            assert shapely.union_all(shapely.get_parts(lines)).length == pytest.approx(lines.length, rel=1e-3)


# --- Borders and labels ----------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [10, 11, 12, 13, 14, 16])
def test_neighbours_share_their_border_at_every_zoom(session, mapped, z):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    for address in list(tiles_over(z))[:6]:
        drawn = decoded(tiles.tile(session, source, *address)).get("grid", {"features": []})["features"]
        shapes = np.array([shapely.geometry.shape(one["geometry"]) for one in drawn])

        assert shapely.is_valid(shapes).all()
        union = shapely.union_all(shapes)
        assert sum(shapely.area(shapes)) - union.area <= 2  # units of 4096: no overlap
        assert sum(shapely.Polygon(ring).area for ring in holes(union)) <= 2  # and no gap


def holes(shape):
    return [ring for part in shapely.get_parts(shape) for ring in part.interiors]


@pytest.mark.parametrize(
    ("layer", "z", "what"),
    [("grid_label", 13, "grid"), ("grid_label", 15, "grid"), ("building_label", 16, "building")],
)
def test_every_label_stands_once_over_all_tiles(session, mapped, layer, z, what):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    found = [one["properties"]["id"] for one in features(session, source, z, layer)]

    buildings = [one for of_grid in mapped.buildings.values() for one in of_grid]
    of = {"grid": mapped.grids.values(), "building": buildings}
    assert sorted(found) == sorted(row.id for row in of[what])


def test_a_label_lies_in_its_tile_and_in_its_grid(session, mapped):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    for address in tiles_over(14):
        drawn = decoded(tiles.tile(session, source, *address))
        shapes = {one["id"]: shapely.geometry.shape(one["geometry"]) for one in drawn["grid"]["features"]}
        for one in drawn.get("grid_label", {"features": []})["features"]:
            point = shapely.geometry.shape(one["geometry"])
            assert shapes[one["id"]].buffer(1).covers(point)
            assert 0 <= point.x <= 4096
            assert 0 <= point.y <= 4096


# --- For whom --------------------------------------------------------------------------------------------


def test_a_coordinator_sees_the_grids_plots_and_buildings_of_the_own_community_only(session, mapped):
    source = tiles.plan_source(session, mapped.plan.id, (PATHS[W],))

    own = {one.id for name, one in mapped.grids.items() if name.startswith("W")}
    plots = {plot.id for name, of in mapped.plots.items() if name.startswith("W") for plot in of}
    buildings = {one.id for name, of in mapped.buildings.items() if name.startswith("W") for one in of}

    assert names(features(session, source, 12, "grid")) == own
    assert names(features(session, source, 12, "grid_label")) == own
    assert names(features(session, source, 15, "plot")) == plots
    assert names(features(session, source, 14, "building")) == buildings
    assert names(features(session, source, 16, "building_label")) == buildings


def test_micro_grids_are_seen_as_their_grid_is(session):
    mapped = given_map(session, state="draft")
    given_micro_grids(session, mapped)
    source = tiles.plan_source(session, mapped.plan.id, (PATHS[W],))

    seen = {
        layer: names(features(session, source, 16, layer), "grid")
        for layer in ("micro_grid", "micro_grid_label")
    }

    assert list(seen.values()) == [{mapped.grids["W1"].id}] * 2


def test_a_compound_is_seen_where_it_stands(session, mapped):
    sources = [tiles.plan_source(session, mapped.plan.id, (PATHS[code],)) for code in (W, E)]

    seen = [names(features(session, source, 14, "compound_label"), "name") for source in sources]

    assert seen == [{"柳荫里小区"}, set()]


def test_beyond_the_scope_a_building_is_a_shape_without_a_name(session, mapped):
    source = tiles.ground_source(session, DISTRICT, (PATHS[E],))

    found = list(features(session, source, 16, "building"))
    foreign = [one["properties"] for one in found if "id" not in one["properties"]]
    own = {one["properties"]["code"][0] for one in found if "id" in one["properties"]}

    assert own == {"E"}
    assert foreign
    assert all(set(told) == {"kind"} for told in foreign)
    assert {one["properties"]["address"][:2] for one in features(session, source, 16, "building_label")} == {
        "光复"
    }


def test_a_scope_above_the_place_sees_all_of_it(session, mapped):
    whole, above = (
        tiles.plan_source(session, mapped.plan.id, scope) for scope in (EVERYWHERE, (PATHS[DISTRICT],))
    )

    assert whole == above


def test_a_scope_elsewhere_sees_nothing(session, mapped):
    source = tiles.plan_source(session, mapped.plan.id, ("140496",))

    assert tiles.tile(session, source, *middle(12)) == b""


# --- What is kept ----------------------------------------------------------------------------------------


def test_a_tile_is_drawn_once(session, mapped, monkeypatch):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)
    first = tiles.tile(session, source, *middle(12))
    monkeypatch.setattr(tiles, "draw", None)

    assert tiles.tile(session, source, *middle(12)) == first


def test_what_is_drawn_for_one_scope_is_not_kept_for_another(session, mapped):
    whole, part = (tiles.plan_source(session, mapped.plan.id, scope) for scope in (EVERYWHERE, (PATHS[W],)))

    assert tiles.tile(session, whole, *middle(11)) != tiles.tile(session, part, *middle(11))
    assert whole.mark(*middle(11)) != part.mark(*middle(11))


@pytest.mark.parametrize(
    "change",
    {
        "an edit": "UPDATE plan SET version = version + 1 WHERE id = :plan",
        "publishing": "UPDATE plan SET state = 'published', published_at = now() WHERE id = :plan",
        "a building": "UPDATE building SET households = 9 WHERE code = 'W1-001'",
        "a street": "UPDATE street SET name = '新名路' WHERE name = '长兴路'",
        "a compound": "DELETE FROM compound",
        "a place": "UPDATE place SET name = '新名社区' WHERE name = '柳阳社区'",
    }.items(),
    ids=lambda change: change[0],
)
def test_a_change_is_another_version(session, change):
    mapped = given_map(session, state="draft")
    before = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    session.execute(text(change[1]), {"plan": mapped.plan.id} if ":plan" in change[1] else {})
    after = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    assert after.version != before.version
    assert after.mark(9, 1, 1) != before.mark(9, 1, 1)


def test_a_coordinator_who_leaves_is_another_version(session, mapped):
    before = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    session.execute(
        text("UPDATE duty SET during = tstzrange(lower(during), now()) WHERE grid_id = :grid"),
        {"grid": mapped.grids["W1"].id},
    )
    after = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)
    found = {one["properties"]["id"]: one["properties"] for one in features(session, after, 9, "grid")}

    assert after.version != before.version
    assert found[mapped.grids["W1"].id]["vacant"]


def test_a_new_version_takes_the_place_of_the_old(session, mapped):
    for name in ("一号路", "二号路"):
        session.execute(text("UPDATE street SET name = :name WHERE kind = 'arterial'"), {"name": name})
        source = tiles.ground_source(session, DISTRICT, EVERYWHERE)
        drawn = decoded(tiles.tile(session, source, *middle(9)))

    assert names(drawn["street"]["features"], "name") == {"二号路"}
    assert session.scalar(text("SELECT count(*) FROM tile")) == 1


def test_what_is_kept_is_bounded(session, mapped):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)
    addresses = list(tiles_over(14))
    for number, address in enumerate(addresses):
        tiles.tile(session, source, *address)
        session.execute(
            text(
                "UPDATE tile SET drawn_at = now() + :number * interval '1 second'"
                " WHERE z = :z AND x = :x AND y = :y"
            ),
            {"number": number, **dict(zip("zxy", address, strict=True))},
        )
    sizes = dict(
        session.execute(
            text("SELECT (z, x, y)::text, octet_length(content) + 200 FROM tile ORDER BY drawn_at DESC")
        ).all()
    )

    session.execute(tiles.SWEEP, {"most": sum(list(sizes.values())[:2])})

    kept = session.scalars(text("SELECT (z, x, y)::text FROM tile ORDER BY drawn_at DESC")).all()
    assert kept == list(sizes)[:2]


# --- Refusals and cost -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0), (10**30, 0, 0)]
)
def test_numbers_that_name_no_tile_are_refused(session, address):
    with pytest.raises(Refusal) as refused:
        tiles.check_address(*address)

    assert refused.value.code == "tile_unknown"


@pytest.mark.parametrize("what", ["place", "plan"])
def test_what_is_not_there_has_no_tiles(session, what):
    with pytest.raises(Refusal) as refused:
        if what == "plan":
            tiles.plan_source(session, 2**62, EVERYWHERE)
        else:
            tiles.ground_source(session, "nowhere", EVERYWHERE)

    assert refused.value.code == "not_found"


def test_a_tile_on_which_all_is_too_small_is_empty(session, mapped):
    sources = [
        tiles.plan_source(session, mapped.plan.id, EVERYWHERE),
        tiles.ground_source(session, DISTRICT, EVERYWHERE),
    ]

    assert [set(decoded(tiles.tile(session, source, 0, 0, 0))) for source in sources] == [set(), set()]


def test_every_layer_is_asked_for_in_the_words_of_its_scope():
    for layers in (tile_layers.GROUND, tile_layers.PLAN):
        for z in range(tile_layers.DEEPEST_ZOOM + 1):
            assert "{" not in tile_layers.question(layers, z, scoped=True)


def test_at_z14_plots_and_buildings_are_specks_that_tell_what_the_pointer_needs(session, mapped):
    source = tiles.plan_source(session, mapped.plan.id, EVERYWHERE)

    told = {
        (z, layer): {key for one in features(session, source, z, layer) for key in one["properties"]}
        for z in (14, 15)
        for layer in ("plot", "building")
    }

    assert told[14, "plot"] == set()
    assert told[14, "building"] == {"id", "grid"}
    assert told[15, "plot"] == {"id", "grid"}
    assert {"id", "grid", "code", "kind", "households"} <= told[15, "building"]


@pytest.mark.parametrize("z", [tile_layers.FLAT_FROM, tile_layers.FLAT_FROM + 3])
@pytest.mark.parametrize("latitude", [0.02, 40.0, 71.0])
def test_on_a_small_tile_degrees_are_even_to_less_than_a_unit(z, latitude):
    def row(lat):
        return (1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z

    y = floor(row(latitude))
    _, south, _, north = tiles.reach(z, 0, y)

    for share in np.linspace(-1 / 64, 65 / 64, 50):
        lat = north - share * (north - south)
        assert abs((row(lat) - y) - share) * tile_layers.EXTENT < 1
