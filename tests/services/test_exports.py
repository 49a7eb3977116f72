"""Plans as files: read back by programmes that are not ours, to the last decimal, telling no small count."""

import json
import re
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import select, text

from app.errors import Refusal
from app.models import Grid
from app.services import qgis_style
from app.services.bulk import shapes_of
from app.services.exports import FORMATS, read_export, write_export
from tests.services.mapped import given_map

COLOURS = Path(__file__).parents[2] / "app/static/src/core/colours.js"
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture
def plan(session):
    """A plan of six grids: W3 has 3 households and a name that is a formula, E1 has nobody."""
    made = given_map(session, state="draft")
    made.grids["W1"].name = "柳荫里第一网格"
    made.grids["W3"].name = '=HYPERLINK("http://x","y")'
    made.grids["E2"].kind = "market"
    session.flush()
    return made


def exported(session, plan, form: str, folder: Path) -> Path:
    read = read_export(session, plan.plan.id, form)
    path = folder / read.file_name(form)
    write_export(path, read, form)
    return path


def stored(session, plan) -> dict[str, shapely.Geometry]:
    rows = session.execute(
        text("SELECT code, ST_AsBinary(outline) AS shape FROM grid WHERE plan_id = :plan"),
        {"plan": plan.plan.id},
    ).all()
    return dict(zip([row.code for row in rows], shapes_of(row.shape for row in rows), strict=True))


@pytest.mark.parametrize("form", ["gpkg", "shp", "kml", "geojson", "qgis"])
def test_geopandas_reads_back_every_corner_as_it_is_stored(session, plan, form, tmp_path):
    path = exported(session, plan, form, tmp_path)

    read = gpd.read_file(path, **({"layer": "grids"} if form in ("gpkg", "qgis") else {}))

    known = stored(session, plan)
    assert read.crs.to_epsg() == 4326
    assert set(read["code"]) == {*known}
    ours = np.array([known[code] for code in read["code"]], object)
    theirs = shapely.force_2d(read.geometry.to_numpy())
    assert shapely.equals_exact(shapely.normalize(theirs), _alike(shapely.normalize(ours), theirs), 0.0).all()
    named = dict(zip(read["code"], read["grid_name" if form == "kml" else "name"], strict=True))
    assert named[plan.grids["W1"].code] == "柳荫里第一网格"


def _alike(ours, theirs):
    """A multipolygon of one part is a polygon where the format has it so."""
    return np.array(
        [
            shapely.get_geometry(mine, 0) if other.geom_type == "Polygon" else mine
            for mine, other in zip(ours, theirs, strict=True)
        ],
        object,
    )


@pytest.mark.parametrize("form", [*FORMATS])
def test_the_same_plan_gives_the_same_bytes(session, plan, form, tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir(), second.mkdir()

    files = [exported(session, plan, form, folder).read_bytes() for folder in (first, second)]

    assert files[0] == files[1]
    assert [path.name for path in second.iterdir()] == [
        read_export(session, plan.plan.id, form).file_name(form)
    ]


def test_counts_under_five_are_told_by_no_column_and_others_in_fives(session, plan, tmp_path):
    read = gpd.read_file(exported(session, plan, "gpkg", tmp_path), layer="grids").set_index("code")

    few, nobody = read.loc[plan.grids["W3"].code], read.loc[plan.grids["E1"].code]
    assert few[["households", "load", "deviation"]].isna().all()
    assert few["class"] == 0
    assert (nobody["households"], nobody["class"]) == (0, 7)
    assert read.loc[plan.grids["W1"].code, ["households", "class"]].tolist() == [300, 3]
    above = read.loc[plan.grids["E2"].code]  # of 331
    assert above["households"] in (330, 335)
    assert above["deviation"] == round(above["load"] / plan.plan.target - 1, 4)
    assert np.isnan(above["class"])


def test_buildings_and_plots_tell_no_count_under_five_either(session, plan, tmp_path):
    path = exported(session, plan, "qgis", tmp_path)

    for layer in ("buildings", "plots"):
        households = gpd.read_file(path, layer=layer)["households"].dropna()
        assert len(households) and (households % 5 == 0).all()
    buildings = gpd.read_file(path, layer="buildings")
    assert set(buildings["grid"]) == {grid.code for grid in plan.grids.values()}
    assert not {"address", "person", "coordinator"} & {*buildings.columns}


def test_no_file_names_a_person(session, plan, tmp_path):
    for form in FORMATS:
        content = exported(session, plan, form, tmp_path).read_bytes()
        if form == "shp":
            with zipfile.ZipFile(
                tmp_path / read_export(session, plan.plan.id, form).file_name(form)
            ) as packed:
                content = b"".join(packed.read(name) for name in packed.namelist())
        assert b"Canary" not in content and b"canary" not in content


def test_a_name_that_is_a_formula_is_text_to_a_spreadsheet(session, plan, tmp_path):
    for form in ("gpkg", "shp", "kml", "geojson"):
        read = gpd.read_file(exported(session, plan, form, tmp_path))
        names = dict(zip(read["code"], read["grid_name" if form == "kml" else "name"], strict=True))
        assert names[plan.grids["W3"].code] == '\'=HYPERLINK("http://x","y")'


def test_geojson_is_as_rfc_7946_has_it(session, plan, tmp_path):
    whole = json.loads(exported(session, plan, "geojson", tmp_path).read_text(encoding="utf-8"))

    assert whole["type"] == "FeatureCollection" and "crs" not in whole
    assert len(whole["features"]) == 6
    for feature in whole["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            outer, *holes = [shapely.LinearRing(ring) for ring in polygon]
            assert outer.is_ccw and not any(hole.is_ccw for hole in holes)
    numbers = re.findall(r"\d+\.(\d+)", json.dumps([one["geometry"] for one in whole["features"]]))
    assert max(len(decimals) for decimals in numbers) == 8


def test_a_shapefile_says_its_datum_and_its_encoding(session, plan, tmp_path):
    with zipfile.ZipFile(exported(session, plan, "shp", tmp_path)) as packed:
        endings = {Path(name).suffix for name in packed.namelist()}
        projection = packed.read(next(name for name in packed.namelist() if name.endswith(".prj")))
        encoding = packed.read(next(name for name in packed.namelist() if name.endswith(".cpg")))

    assert endings == {".shp", ".shx", ".dbf", ".prj", ".cpg"}
    assert projection.startswith(b'GEOGCS["GCS_WGS_1984"')
    assert encoding == b"UTF-8"


def test_kml_shows_code_and_households_in_our_colours(session, plan, tmp_path):
    document = ElementTree.fromstring(exported(session, plan, "kml", tmp_path).read_bytes())[0]  # noqa: S314
    marks = {mark.findtext(f"{KML}name"): mark for mark in document.iter(f"{KML}Placemark")}
    styles = {f"#{style.get('id')}": style for style in document.iter(f"{KML}Style")}

    assert {*marks} >= {f"{plan.grids['W1'].code} · 300", f"{plan.grids['W3'].code} · –"}
    used = {mark.findtext(f"{KML}styleUrl") for mark in marks.values()}
    assert used <= {*styles}
    in_band = styles[marks[f"{plan.grids['W1'].code} · 300"].findtext(f"{KML}styleUrl")]
    assert in_band.findtext(f"{KML}PolyStyle/{KML}color") == "99f7f7f7"


def test_qgis_finds_a_style_for_every_layer_with_a_rule_for_every_class(session, plan, tmp_path):
    path = exported(session, plan, "qgis", tmp_path)

    database = sqlite3.connect(path)
    rows = database.execute(
        "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
    ).fetchall()
    [(kind,)] = database.execute("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'")
    database.close()

    assert kind == "attributes"
    assert {(table, geometry, default) for table, geometry, default, _ in rows} == {
        ("grids", "geom", 1),
        ("plots", "geom", 1),
        ("buildings", "geom", 1),
    }
    qml = ElementTree.fromstring({table: style for table, _, _, style in rows}["grids"])  # noqa: S314
    filters = [rule.get("filter") for rule in qml.iter("rule")]
    assert filters == [f'"class" = {number}' for number in range(8)] + ['"class" IS NULL']
    symbols = {symbol.get("name") for symbol in qml.iter("symbol")}
    assert {rule.get("symbol") for rule in qml.iter("rule")} == symbols
    assert [rule.get("label") for rule in qml.iter("rule")][2:5] == ["240–269 ▼", "270–330", "331–360 ▲"]
    assert "\"code\" || ' · ' ||" in qml.find(".//text-style").get("fieldName")


def test_colours_are_those_of_the_legend():
    source = COLOURS.read_text(encoding="utf-8")

    [fills] = re.findall(r"CLASS_FILLS = \[(.*?)\]", source)
    [inks] = re.findall(r"CLASS_INKS = \[(.*?)\]", source)
    assert [colour.strip(" '") for colour in fills.split(",")] == [*qgis_style.FILLS]
    assert [None if ink.strip() == "null" else ink.strip(" '") for ink in inks.split(",")] == [
        *qgis_style.INKS
    ]
    assert f"UNINHABITED = '{qgis_style.UNINHABITED_FILL}'" in source


def test_a_plan_that_is_not_there_is_refused(session):
    with pytest.raises(Refusal) as refused:
        read_export(session, 10**9, "gpkg")

    assert refused.value.code == "plan_unknown"
    assert session.scalars(select(Grid)).all() == []
