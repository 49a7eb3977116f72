"""The cities that divisions are measured on stay what they were when others were measured on them."""

import shapely

from app.geo.plots import LineClass
from app.geo.readers import read_district
from bench import city
from bench.plain_plots import plain_plots


def test_a_seed_gives_the_city_it_always_gave():
    small = city.generated(city.SIZES["small"], seed=1)

    assert (len(small.buildings), small.households) == (71, 2_919)  # the published city


def test_blocks_tile_the_boundary_and_hold_their_buildings():
    small = city.generated(city.SIZES["small"], seed=2)
    blocks = small.blocks.geometry

    assert abs(blocks.area.sum() - small.boundary.area) < 1
    assert shapely.covers(
        blocks.to_numpy()[small.buildings["block"]], small.buildings.geometry.to_numpy()
    ).all()


def test_a_city_is_read_as_any_district_is(tmp_path):
    small = city.generated(city.SIZES["small"], seed=1)
    city.write(small, tmp_path / "city.gpkg")

    district = read_district(tmp_path / "city.gpkg")

    assert int(district.buildings["households"].sum()) == small.households
    assert set(district.water["kind"]) == {"river"}
    assert abs(district.outline.area / small.boundary.area - 1) < 0.001


def test_plain_plots_tile_the_city_and_keep_its_households():
    small = city.generated(city.SIZES["small"], seed=1)

    polygons, table, buildings = plain_plots(small)

    assert abs(shapely.area(polygons).sum() - small.boundary.area) < 1
    assert int(table.households.sum()) == small.households
    assert int(buildings.sum()) == len(small.buildings)


def test_every_metre_of_a_plain_plots_border_is_shared_or_on_the_outline():
    small = city.generated(city.SIZES["small"], seed=1)

    _, table, _ = plain_plots(small)
    edges = table.edges

    assert abs(table.outer.sum() / small.boundary.length - 1) < 0.01
    assert (edges.i < edges.j).all()
    assert (edges.wall == (edges.kind == LineClass.RIVER)).all()
    assert set(edges.kind) >= {LineClass.INSIDE_BLOCK, LineClass.LOCAL, LineClass.RIVER}
