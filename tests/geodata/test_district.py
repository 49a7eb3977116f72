"""The invented district is always the same, adds up, and looks like ground that people live on."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

import geodata
from geodata.buildings import ARCH, ASTRIDE, OVERLAPPING
from geodata.tables import DISTRICT_CODE, METRIC_CRS

SEEDS = (1, 2, 7)
COMMUNITIES = 10
HOUSEHOLDS = (29_000, 32_000)
COMMUNITY_HOUSEHOLDS = (2_200, 4_000)
BUILDINGS = (2_000, 5_000)
MOST_IN_LARGE_BUILDINGS = 0.30
LARGE_BUILDING = 100
SUBDISTRICT_DIGITS, COMMUNITY_DIGITS = 9, 12
BRIDGES = (2, 6)
"""A dual carriageway crosses on two decks."""
ROUNDING_M2 = 0.01
OVERLAP_M2 = 0.5
KINDS = {
    "residential",
    "commercial",
    "school",
    "hospital",
    "market",
    "industrial",
    "public",
    "construction",
}


@pytest.fixture(scope="module", params=SEEDS)
def layers(request: pytest.FixtureRequest) -> dict[str, gpd.GeoDataFrame]:
    return geodata.district(COMMUNITIES, request.param)


@pytest.fixture(scope="module")
def metric(layers: dict[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    return {name: layer.to_crs(METRIC_CRS) for name, layer in layers.items()}


def places(layers: dict[str, gpd.GeoDataFrame], level: str) -> gpd.GeoDataFrame:
    admin = layers["admin"]
    return admin[admin["level"] == level]


def unusual(buildings: gpd.GeoDataFrame, *remarks: str) -> np.ndarray:
    return buildings["remark"].isin(remarks).to_numpy()


def assert_same(first: dict[str, gpd.GeoDataFrame], second: dict[str, gpd.GeoDataFrame]) -> None:
    assert list(first) == list(second)
    for name, layer in first.items():
        assert layer.to_wkb().equals(second[name].to_wkb()), name


def test_the_same_seed_gives_the_same_bytes():
    once, again = geodata.district(2, 5), geodata.district(2, 5)

    assert_same(once, again)


def test_another_seed_gives_another_city():
    one, other = geodata.district(2, 1), geodata.district(2, 2)

    assert not one["buildings"].geometry.iloc[0].equals(other["buildings"].geometry.iloc[0])


def test_a_file_holds_what_was_made(tmp_path: Path):
    made = geodata.district(2, 3)

    geodata.write(made, tmp_path / "demo.gpkg")

    assert [name for name, _ in pyogrio.list_layers(tmp_path / "demo.gpkg")] == list(made)
    read = gpd.read_file(tmp_path / "demo.gpkg", layer="buildings")
    assert read["code"].tolist() == made["buildings"]["code"].tolist()
    assert read.to_wkb()["geometry"].equals(made["buildings"].to_wkb()["geometry"])


@pytest.mark.parametrize("communities", [0, 1_000])
def test_a_number_of_communities_nobody_needs_is_refused(communities: int):
    with pytest.raises(ValueError, match="communities must be"):
        geodata.district(communities)


def test_households_add_up_to_the_size_asked_for(layers):
    buildings = layers["buildings"]
    households = buildings["households"].sum()

    assert HOUSEHOLDS[0] <= households <= HOUSEHOLDS[1]
    assert BUILDINGS[0] <= len(buildings) <= BUILDINGS[1]
    assert places(layers, "community")["households"].sum() == households
    assert places(layers, "subdistrict")["households"].sum() == households


def test_every_community_has_its_share(layers):
    loads = layers["buildings"].groupby("community")["households"].sum()

    assert len(loads) == COMMUNITIES
    assert loads.between(*COMMUNITY_HOUSEHOLDS).all()


def test_few_households_live_in_buildings_too_large_to_balance(layers):
    households = layers["buildings"]["households"]

    share = households[households > LARGE_BUILDING].sum() / households.sum()

    assert share <= MOST_IN_LARGE_BUILDINGS


def test_codes_have_their_digits_and_lead_to_their_parents(layers):
    communities, subdistricts = places(layers, "community"), places(layers, "subdistrict")

    assert subdistricts["code"].str.fullmatch(DISTRICT_CODE + r"\d{3}").all()
    assert communities["code"].str.len().eq(COMMUNITY_DIGITS).all()
    assert communities["code"].str[:SUBDISTRICT_DIGITS].eq(communities["parent"]).all()
    assert communities["parent"].isin(subdistricts["code"]).all()
    assert layers["buildings"]["code"].str[:COMMUNITY_DIGITS].isin(communities["code"]).all()


@pytest.mark.parametrize(
    ("layer", "column"),
    [
        ("buildings", "code"),
        ("buildings", "name"),
        ("buildings", "address"),
        ("compounds", "code"),
        ("compounds", "name"),
        ("admin", "code"),
        ("admin", "name"),
    ],
)
def test_what_must_be_unique_is(layers, layer: str, column: str):
    values = layers[layer][column]

    assert values.notna().all()
    assert values.is_unique


def test_all_geometry_is_valid_and_on_the_lattice(layers):
    for name, layer in layers.items():
        corners = shapely.get_coordinates(layer.geometry.to_numpy())

        assert layer.geometry.is_valid.all(), name
        assert not layer.geometry.is_empty.any(), name
        assert np.array_equal(corners, np.round(corners, 8)), name


@pytest.mark.parametrize("level", ["subdistrict", "community"])
def test_places_tile_the_district(layers, metric, level: str):
    outlines = places(layers, level).geometry.to_numpy()
    area = places(metric, level).area.sum()

    assert (shapely.get_type_id(outlines) == shapely.GeometryType.POLYGON).all()
    assert not shapely.get_num_interior_rings(layers["boundary"].geometry.iloc[0])
    assert shapely.coverage_is_valid(outlines)
    assert shapely.coverage_union_all(outlines).equals(layers["boundary"].geometry.iloc[0])
    assert area == pytest.approx(metric["boundary"].area.sum(), abs=ROUNDING_M2)


def test_a_community_is_the_place_its_buildings_stand_in(layers):
    buildings, communities = layers["buildings"], places(layers, "community").reset_index(drop=True)
    ordinary = buildings[~unusual(buildings, ARCH, ASTRIDE)]

    where = dict(zip(communities["code"], communities.geometry, strict=True))

    assert shapely.contains([where[c] for c in ordinary["community"]], ordinary.geometry.to_numpy()).all()


def test_only_the_barns_stand_astride_the_outline(layers):
    buildings, outline = layers["buildings"], layers["boundary"].geometry.iloc[0]

    crossing = ~buildings.within(outline)

    assert crossing.sum() == unusual(buildings, ASTRIDE).sum() > 0
    assert buildings[crossing]["remark"].eq(ASTRIDE).all()


def test_only_the_arch_stands_over_a_carriageway(metric):
    buildings, streets = metric["buildings"], metric["streets"]
    streets = streets[streets["highway"] != "footway"]
    lanes = streets.buffer(streets["width_m"] / 2 - 0.1).to_numpy()

    house, _ = shapely.STRtree(lanes).query(buildings.geometry.to_numpy(), predicate="intersects")

    assert buildings.iloc[np.unique(house)]["remark"].tolist() == [ARCH]


def test_no_building_stands_in_water_or_on_the_rails(metric):
    buildings, water = metric["buildings"], metric["water"]
    wet = water[water["kind"] != "canal"].geometry.tolist()
    wet += water[water["kind"] == "canal"].buffer(4).tolist() + metric["railways"].buffer(3).tolist()

    house, _ = shapely.STRtree(wet).query(buildings.geometry.to_numpy(), predicate="intersects")

    assert len(house) == 0


def test_footprints_overlap_only_in_the_village(metric):
    buildings = metric["buildings"]
    outlines = buildings.geometry.to_numpy()
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    first, second = first[first < second], second[first < second]

    shared = shapely.area(shapely.intersection(outlines[first], outlines[second])) > OVERLAP_M2
    villages = metric["compounds"][metric["compounds"]["kind"] == "urban village"]["code"]

    assert shared.any()
    assert unusual(buildings, OVERLAPPING)[first[shared]].all()
    assert buildings["compound"].iloc[first[shared]].isin(villages).all()


def test_compounds_cross_no_street_except_at_their_gates(metric):
    compounds = metric["compounds"].geometry.to_numpy()
    streets = metric["streets"]
    public = streets[
        ~streets["highway"].isin(["service", "living_street", "footway"]) & streets["name"].notna()
    ]

    yard, _ = shapely.STRtree(public.geometry.to_numpy()).query(compounds, predicate="intersects")

    assert len(yard) == 0


def test_a_building_in_a_compound_lies_whole_in_it(metric):
    buildings, compounds = metric["buildings"], metric["compounds"]
    inside = buildings[buildings["compound"].notna()]
    yards = dict(zip(compounds["code"], compounds.buffer(0.5), strict=True))

    assert len(inside) > 0
    assert shapely.contains([yards[c] for c in inside["compound"]], inside.geometry.to_numpy()).all()


def test_tall_buildings_have_known_entrances_that_add_up(metric):
    buildings, doors = metric["buildings"].set_index("code"), metric["entrances"]
    tall = buildings[
        (buildings["kind"] == "residential") & (buildings["households"] >= 100) & (buildings["entrances"] > 1)
    ]

    counted = doors.groupby("building")

    assert len(tall) > 10
    assert (counted["households"].sum().sort_index() == tall["households"].sort_index()).all()
    assert (counted.size().sort_index() == tall["entrances"].sort_index()).all()
    footprints = buildings.loc[doors["building"]].geometry.to_numpy()
    assert shapely.contains_properly(footprints, doors.geometry.to_numpy()).all()
    assert doors["code"].is_unique


def test_the_river_is_crossed_by_a_few_bridges(layers):
    streets, water = layers["streets"], layers["water"]
    river = water[water["kind"] == "river"].union_all()

    over = streets[streets.intersects(river)]

    assert over["bridge"].all()
    assert BRIDGES[0] <= len(over) <= BRIDGES[1]


def test_everything_a_city_has_is_there(layers):
    assert set(layers["buildings"]["kind"]) == KINDS
    assert {"river", "lake", "canal"} == set(layers["water"]["kind"])
    assert {"estate", "rental compound", "urban village", "industrial park"} <= set(
        layers["compounds"]["kind"]
    )
    assert {"primary", "secondary", "tertiary", "residential", "service", "living_street"} <= set(
        layers["streets"]["highway"]
    )
    assert {"park", "farmland", "sports ground"} <= set(layers["green"]["kind"])
    assert layers["streets"]["oneway"].any()


@pytest.mark.slow
def test_fifty_communities_are_a_district_of_a_hundred_and_twenty_thousand():
    layers = geodata.district(50, 1)

    loads = places(layers, "community")["households"]
    assert loads.sum() == pytest.approx(120_000, rel=0.03)
    assert loads.between(1_700, 3_300).all()
    assert len(layers["buildings"]) > 9_000
    assert 6 <= len(places(layers, "subdistrict")) <= 8
