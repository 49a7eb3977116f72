"""Where is what, as PostGIS answers it."""

import pytest
import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import select, text

from app.models import Building, Grid
from app.services.importing import store_district
from app.services.lookup import buildings_in_grid, grid_at, nearest_building
from tests.services.imported import (
    DISTRICT,
    EAST,
    SUBDISTRICT,
    WEST,
    given_plan_in_force,
    small_town,
    without,
)

WEST_PATH, EAST_PATH = (f"{DISTRICT}.{SUBDISTRICT}.{code}" for code in (WEST, EAST))


@pytest.fixture
def plan_id(session):
    return given_plan_in_force(session).plan_id


def grids(session, plan_id):
    return session.scalars(select(Grid).where(Grid.plan_id == plan_id).order_by(Grid.code)).all()


def test_the_grid_at_a_point(session, plan_id):
    for grid in grids(session, plan_id):
        inside = shapely.point_on_surface(to_shape(grid.outline))
        assert grid_at(session, plan_id, inside.x, inside.y).code == grid.code

    assert grid_at(session, plan_id, 0, 0) is None
    assert grid_at(session, plan_id + 1, inside.x, inside.y) is None


def test_on_a_border_the_lower_code_answers(session, plan_id):
    one, *others = grids(session, plan_id)
    corners = [
        set(map(tuple, shapely.get_coordinates(to_shape(grid.outline)).tolist())) for grid in (one, *others)
    ]
    corner = min(corners[0] & set.union(*corners[1:]))

    assert grid_at(session, plan_id, *corner).code == one.code


def test_a_scope_hides_the_grids_of_others(session, plan_id):
    first = grids(session, plan_id)[0]
    inside = shapely.point_on_surface(to_shape(first.outline))
    own, other = (WEST_PATH, EAST_PATH) if first.code.startswith(WEST) else (EAST_PATH, WEST_PATH)

    seen = [
        grid_at(session, plan_id, inside.x, inside.y, scope) for scope in ([own], [DISTRICT], [other], [])
    ]

    assert [found is not None for found in seen] == [True, True, False, False]


def test_the_buildings_of_a_grid_are_those_it_counts(session, plan_id):
    for grid in grids(session, plan_id):
        found = buildings_in_grid(session, grid.id)
        assert len(found) == grid.buildings
        assert sum(building.households for building in found) == grid.households
        assert [building.code for building in found] == sorted(building.code for building in found)


def test_retired_buildings_are_not_listed(session, plan_id):
    grid = grids(session, plan_id)[0]
    listed = [building.code for building in buildings_in_grid(session, grid.id)]
    store_district(session, without(small_town(), listed[0]), DISTRICT)

    assert [building.code for building in buildings_in_grid(session, grid.id)] == listed[1:]


def test_the_nearest_building_is_near_in_metres_and_not_in_degrees(session):
    """At 36° north a degree to the east is a fifth shorter: 9.9 m there come before 11.1 m to the north."""
    given = "MULTIPOLYGON(((111 36,111.01 36,111.01 36.01,111 36.01,111 36)))"
    own = session.scalar(
        text("""
            INSERT INTO place (level, code, name, path, srid, outline)
            VALUES ('district', '140498', 'x', '140498', 4546, ST_GeomFromText(:given, 4326)) RETURNING id
        """),
        {"given": given},
    )
    for code, lon, lat in (("east", 111.00011, 36.005), ("north", 111.0, 36.00510)):
        session.execute(
            text("""
                INSERT INTO building (place_id, code, households, households_source, geometry, position)
                SELECT :place, :code, 1, 'register', ST_Multi(ST_Expand(point, 0.000001)), point
                FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point) AS here
            """),
            {"place": own, "code": code, "lon": lon, "lat": lat},
        )

    found = nearest_building(session, 111.0, 36.005)

    assert found.code == "east"
    assert found.distance_m == pytest.approx(9.8, abs=0.1)


def test_the_nearest_building_in_scope_and_standing(session, plan_id):
    east = session.scalars(select(Building).where(Building.code == "B7")).one()
    point = to_shape(east.position)

    assert nearest_building(session, point.x, point.y).code == "B7"
    assert nearest_building(session, point.x, point.y).distance_m == 0
    assert nearest_building(session, point.x, point.y, [WEST_PATH]).code == "B3"
    assert nearest_building(session, point.x, point.y, []) is None
    assert nearest_building(session, point.x, point.y, within=WEST_PATH).code == "B3"
    store_district(session, without(small_town(), "B7"), DISTRICT)
    assert nearest_building(session, point.x, point.y).code in ("B6", "B15")
