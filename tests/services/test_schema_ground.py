"""Geometry that is not sound is not stored, and places are one tree."""

import pytest
from psycopg2 import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.models import Base
from tests.services.ground_in_database import DISTRICT, given_ground

BOW_TIE = "POLYGON((113 36, 113.001 36.001, 113.001 36, 113 36.001, 113 36))"
BROKEN = {
    "a bow-tie": f"ST_GeomFromText('{BOW_TIE}', 4326)",
    "an empty polygon": "ST_GeomFromText('POLYGON EMPTY', 4326)",
    "no ground": "ST_GeomFromText('POLYGON((113 36, 113.001 36, 113 36, 113 36))', 4326)",
    "NaN": """ST_SetSRID(ST_GeomFromGeoJSON('{"type": "Polygon", "coordinates":"""
    """ [[[113, 36], [113.001, 36], [NaN, 36.001], [113, 36]]]}'), 4326)""",
    "infinity": """ST_SetSRID(ST_GeomFromGeoJSON('{"type": "Polygon", "coordinates":"""
    """ [[[113, 36], [1e999, 36], [113, 36.001], [113, 36]]]}'), 4326)""",
    "metres for degrees": "ST_MakeEnvelope(500000, 4000000, 500010, 4000010, 4326)",
    "latitude before longitude": "ST_MakeEnvelope(36, 113, 36.001, 113.001, 4326)",
    "half a continent": "ST_MakeEnvelope(100, 30, 120, 40, 4326)",
    "another coordinate system": "ST_MakeEnvelope(113, 36, 113.001, 36.001, 4490)",
    "a line": "ST_GeomFromText('LINESTRING(113 36, 113.001 36.001)', 4326)",
    "three dimensions": "ST_Force3D(ST_MakeEnvelope(113, 36, 113.001, 36.001, 4326))",
    "nothing": "NULL",
}
# A check, the column's type (geometry type, SRID, dimensions), or NOT NULL.
REFUSALS = (errors.CheckViolation, errors.InvalidParameterValue, errors.NotNullViolation)
TABLES = {
    "plot": "INSERT INTO plot (community_id, geometry, area_m2, perimeter_m) VALUES (:place, {shape}, 1, 1)",
    "compound": "INSERT INTO compound (place_id, code, geometry) VALUES (:place, 'c', ST_Multi({shape}))",
    "building": "INSERT INTO building (place_id, code, households, households_source, geometry, position)"
    " VALUES (:place, 'b', 1, 'register', ST_Multi({shape}),"
    " ST_SetSRID(ST_MakePoint(113.0005, 36.0005), 4326))",
    "green": "INSERT INTO green (place_id, geometry) VALUES (:place, ST_Multi({shape}))",
    "place": "INSERT INTO place (level, code, name, path, srid, outline)"
    " VALUES ('district', '140498', 'Elsewhere', '140498', 4546, ST_Multi({shape}))",
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("table", TABLES)
def test_broken_geometry_is_refused(session, table, what):
    place = given_ground(session).places[DISTRICT].id
    statement = TABLES[table].format(shape=BROKEN[what])

    with pytest.raises(DBAPIError) as caught:
        run(session, statement, place)

    assert isinstance(caught.value.orig, REFUSALS)


@pytest.mark.parametrize("table", TABLES)
def test_sound_geometry_is_taken(session, table):
    place = given_ground(session).places[DISTRICT].id

    run(session, TABLES[table].format(shape="ST_MakeEnvelope(113, 36, 113.001, 36.001, 4326)"), place)


def run(session, statement, place):
    session.execute(text(statement), {"place": place} if ":place" in statement else {})


def test_every_geometry_column_has_its_check_and_its_index(session):
    columns = session.execute(
        text("""
            SELECT f_table_name, f_geometry_column, srid FROM geometry_columns
            WHERE (f_table_name, f_geometry_column) <> ('grid', 'label') -- worked out from the outline
                AND f_table_name <> 'public_grid' -- a view of grids
        """)
    ).all()
    checks = {
        row[0] for row in session.execute(text("SELECT conname FROM pg_constraint WHERE contype = 'c'"))
    }
    indexes = {
        row[0]
        for row in session.execute(
            text("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%USING gist%'")
        )
    }

    assert len(columns) == 15
    assert {row.srid for row in columns} == {4326}
    assert {f"{table}_{column}_sound" for table, column, _ in columns} <= checks
    read_by_plan = {"comment_position_index"}  # nobody asks what comments lie somewhere
    assert {f"{table}_{column}_index" for table, column, _ in columns} - read_by_plan <= indexes


def test_a_position_outside_its_building_is_refused(session):
    place = given_ground(session).places[DISTRICT].id
    statement = TABLES["building"].format(shape="ST_MakeEnvelope(113.1, 36, 113.101, 36.001, 4326)")

    with pytest.raises(DBAPIError, match="building_position_inside"):
        run(session, statement, place)


@pytest.mark.parametrize(
    ("level", "code", "path", "why"),
    [
        ("community", "140499001003", "140499.140499001.140499001003", "place_parent_path_place"),
        ("community", "140499001003", "140499.140499001001", "place_path_ends_in_code"),
        ("community", "140498001003", "140499.140498001003", "place_code_below_parent"),
        ("community", "140499001", "140499.140499001", "place_code_length"),
        ("district", "14049x", "14049x", "place_code_digits"),
        ("city", "140498001001", "140498001001", "place_level_known"),
        ("district", "140499", "140499", "unique"),
    ],
)
def test_a_place_hangs_below_its_parent(session, level, code, path, why):
    given_ground(session)

    with pytest.raises(DBAPIError, match=why):
        session.execute(
            text(
                "INSERT INTO place (level, code, name, path, srid, outline) SELECT :level, :code, 'New', "
                "CAST(:path AS ltree), 4546, outline FROM place LIMIT 1"
            ),
            {"level": level, "code": code, "path": path},
        )


def test_names_sort_by_pinyin_where_asked(session):
    names = session.scalars(
        text(
            "SELECT name FROM unnest(ARRAY['长治', '北关', '安阳', '中山']) AS name"
            " ORDER BY name COLLATE pinyin"
        )
    ).all()

    assert names == ["安阳", "北关", "长治", "中山"]


def test_tables_and_columns_are_named_as_the_glossary_does():
    assert set(Base.metadata.tables) == {
        *["place", "building", "compound", "street", "water", "railway", "green"],
        *["tessellation", "plot", "tessellation_plot", "plot_edge"],
        *["plan", "grid", "grid_plot", "edit", "person", "role", "duty"],
        *["sign_in", "sign_in_attempt", "audit", "upload", "job", "ground_version", "tile"],
        *["campaign", "rounding", "withheld"],
        *["alert", "lock", "micro_grid", "block_ground", "certificate"],
        *["entrance", "entrance_mark", "plot_entrance", "layer_report"],
        *["answer", "presence", "review", "comment", "place_setting"],
        *["absence", "appeal", "attendance", "audit_seal", "calendar_day", "correction"],
        *["course", "dwelling", "employer", "handover", "helper", "identity", "household", "landlord"],
        *["letter", "mediation", "meeting", "need", "notice", "office", "own_code"],
        *["promise", "recovery_code", "referral", "rental", "resident", "rule_pack"],
        *["second_factor", "service", "station_check", "stay", "subject_request", "task"],
        *["task_done", "tenancy", "tombstone", "visit", "zero_report"],
        *["clock_stop", "hazard", "hazard_kind", "hazard_limit", "hazard_photo"],
        *["inspection", "inspection_done", "month_report", "step"],
        *["handset", "hazard_tally", "sent", "site_note"],
    }
