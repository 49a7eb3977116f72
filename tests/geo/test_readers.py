"""Rows of buildings: taken, mended or refused, whatever format they come in."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from app.errors import Refusal
from app.geo.crs import wgs84_to_gcj02
from app.geo.readers import Limits, ReadOptions
from app.geo.readers.estimate import estimate_households
from tests.geo.reader_files import (
    EXTENT,
    LAT,
    LON,
    box,
    dbf,
    feature,
    geojson,
    geopackage,
    kml,
    placemark,
    read,
    refusal_of,
    shapefile,
    shp,
    why_row,
    wkb,
    zip_bytes,
    zipped,
)

PINGAN = "平安里一号楼"
TWO = [("S0", PINGAN, 9), ("S1", "和睦苑", 8)]


# --- What is well formed is taken as it is ------------------------------------------------------------------


def every_format(folder: Path) -> list[Path]:
    return [
        geojson(folder / "a.geojson", feature("B1"), feature("B2", box(3))),
        geopackage(folder / "a.gpkg", (wkb(), "B1", "x", 12), (wkb(box(3)), "B2", "y", 12)),
        shapefile(folder / "a.zip"),
        kml(folder / "a.kml", placemark("K1") + placemark("K2", box(3))),
        zipped(
            folder / "a.kmz",
            {"doc.kml": kml(folder / "b.kml", placemark() + placemark("K2", box(3))).read_bytes()},
        ),
    ]


@pytest.mark.parametrize("number", range(5))
def test_a_sound_file_is_taken_whole_without_a_warning(tmp_path: Path, number: int):
    path = every_format(tmp_path)[number]

    rows = read(path, strict=True, extent=EXTENT)

    assert rows.figures == {"rows": 2, "taken": 2, "mended": 0, "refused": 0}
    assert rows.report.warnings == []
    assert shapely.get_type_id(rows.geometry).tolist() == [3, 3]


def test_every_row_is_taken_or_mended_or_refused(tmp_path: Path):
    path = geojson(
        tmp_path / "a.geojson",
        feature("B1"),
        feature("B2", box(3), name="B\u200b2"),
        feature("B3", [[LON, LAT], [LON, LAT], [LON, LAT], [LON, LAT]]),
    )

    rows = read(path)

    assert rows.figures == {"rows": 3, "taken": 1, "mended": 1, "refused": 1}
    assert rows["code"] == ["B1", "B2"]
    assert rows.refused == [("feature 3 (B3)", "geometry_collapsed")]


def test_an_upload_with_one_bad_row_is_refused_whole_and_names_it(tmp_path: Path):
    path = geojson(tmp_path / "a.geojson", feature("B1"), feature("B2", box(3), households=-3))

    refusal = refusal_of(path)

    assert refusal is not None and refusal.code == "rows_refused"
    assert "feature 2 (B2)" in str(refusal) and "-3" in str(refusal)


def test_stored_corners_lie_on_the_lattice(tmp_path: Path):
    ring = [[x + 1.23456e-10, y] for x, y in box()]

    rows = read(geojson(tmp_path / "a.geojson", feature("B1", ring)))

    xy = shapely.get_coordinates(rows.geometry)
    assert (xy == np.round(xy, 8)).all()


# --- Columns ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "column", ["households", "HH", "units", "户数", "总户数", "住户数", "Household_Count", "ＨＨ"]
)
def test_the_households_are_found_under_common_names(tmp_path: Path, column: str):
    plain = feature("B1")
    del plain["properties"]["households"]
    plain["properties"][column] = 31

    rows = read(geojson(tmp_path / "a.geojson", plain))

    assert rows["households"] == [31]
    assert rows["households_source"] == ["imported"]


def test_a_column_can_be_named(tmp_path: Path):
    path = geojson(tmp_path / "a.geojson", feature("B1", census=44))

    assert read(path, columns={"households": "census"})["households"] == [44]
    with pytest.raises(Refusal, match="no column “cencus”"):
        read(path, columns={"households": "cencus"})


def test_two_columns_that_differ_are_not_chosen_between(tmp_path: Path):
    differing = refusal_of(geojson(tmp_path / "a.geojson", feature("B1", HOUSEHOLDS=44)))
    alike = refusal_of(geojson(tmp_path / "b.geojson", feature("B1", HOUSEHOLDS=12)))

    assert differing is not None and differing.code == "column_ambiguous"
    assert "--column households=NAME" in str(differing)
    assert alike is None


def test_without_a_column_households_are_estimated_and_the_formula_is_said(tmp_path: Path):
    path = kml(tmp_path / "a.kml", placemark(ring=box(side=0.0003)))

    rows = read(path, household_m2=100)

    ground = 0.0003 * 0.0003 * 96_280 * 110_870  # m² of the square at 30° N
    assert rows["households"] == [int(ground * 6 * 0.8 / 100 + 0.5)]
    assert rows["households_source"] == ["estimate"]
    formula = next(n for n in rows.report.notes if n.code == "households_estimated")
    assert "0.8 / 100 m²" in formula.words


def test_the_estimate_takes_floors_then_height_then_the_footprint():
    footprint = np.array([600.0, 600.0, 600.0, 100.0, 40.0, 30.0, 600.0])
    floors = np.array([10, np.nan, np.nan, np.nan, 1, 1, 10])
    height = np.array([90, 32, np.nan, np.nan, np.nan, np.nan, np.nan])
    residential = np.array([True] * 6 + [False])

    found = estimate_households(footprint, floors, height, residential, ReadOptions(household_m2=80))

    assert found.tolist() == [60, 60, 36, 2, 1, 0, 0]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (-3, "households_out_of_range"),
        (10_001, "households_out_of_range"),
        (10**18, "households_out_of_range"),
        (3.5, "households_not_a_number"),
        (1e300, "households_not_a_number"),
        (True, "households_not_a_number"),
        ([12], "households_not_a_number"),
        ("about 30", "households_not_a_number"),
        ("NaN", "households_not_a_number"),
        ("1e3", "households_not_a_number"),
        ("", "households_missing"),
        (None, "households_missing"),
    ],
)
def test_what_is_no_count_of_households_is_refused(tmp_path: Path, value: Any, why: str):
    path = geojson(tmp_path / "a.geojson", feature("B1"), feature("B2", box(3), households=value))

    assert why_row(path) == why


def test_for_the_operator_a_bad_count_is_estimated_and_reported(tmp_path: Path):
    rows = read(geojson(tmp_path / "a.geojson", feature("B1", households="about 30")))

    assert rows["households_source"] == ["estimate"]
    assert rows.mended == [
        ("feature 1 (B1)", "households", "about 30", f"{rows['households'][0]} (estimated)")
    ]


@pytest.mark.parametrize("text", ["12", " 12 ", "１２", "12.0", "12户", "12 户"])
def test_a_number_written_as_text_is_mended(tmp_path: Path, text: str):
    rows = read(geojson(tmp_path / "a.geojson", feature("B1", households=text)), strict=True)

    assert rows["households"] == [12]
    assert [what for _, what, *_ in rows.mended] == ["households"]


# --- Codes and names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["B1", "b1", "B1 ", "B 1", "Ｂ1"])
def test_codes_that_people_would_take_for_one_are_refused(tmp_path: Path, other: str):
    path = geojson(tmp_path / "a.geojson", feature("B1"), feature(other, box(3)))

    assert why_row(path) == "code_twice"


def test_for_the_operator_a_code_that_comes_twice_gets_a_number(tmp_path: Path):
    rows = read(geojson(tmp_path / "a.geojson", feature("B1"), feature("B1", box(3)), feature(None, box(6))))

    assert rows["code"] == ["B1", "B1-2", "row 3"]
    assert rows.figures["mended"] == 2


def test_a_code_rounded_to_a_float_has_lost_digits(tmp_path: Path):
    assert why_row(geojson(tmp_path / "a.geojson", feature(4403050080010400012.0))) == "digits_lost"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("\u202etxet\u202c 1", "txet 1"),
        ("Buil\u200bding\ufeff", "Building"),
        ("a\nb\tc\x07", "a b c"),
        (" 平安里\u3000一号 ", "平安里 一号"),
        (PINGAN.encode().decode("latin-1"), PINGAN),
    ],
)
def test_names_lose_what_hides_or_garbles_them_and_the_report_says_so(tmp_path: Path, name: str, kept: str):
    rows = read(geojson(tmp_path / "a.geojson", feature("B1", name=name)), strict=True)

    assert rows["name"] == [kept]
    assert [(row, what, after) for row, what, _, after in rows.mended] == [("feature 1 (B1)", "name", kept)]


@pytest.mark.parametrize(
    "name", ["=1+1", "<script>alert(1)</script>", "Café Müller", "Снежинск", "서울 101동", PINGAN]
)
def test_ordinary_names_are_kept_to_the_letter(tmp_path: Path, name: str):
    rows = read(geojson(tmp_path / "a.geojson", feature("B1", name=name)), strict=True)

    assert (rows["name"], rows.mended) == ([name], [])


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a\0b", "text_broken"),
        ("平\ufffd里", "text_garbled"),
        ({"zh": "x"}, "text_not_text"),
        ("字" * 201, "text_too_long"),
    ],
)
def test_names_that_cannot_be_stored_are_refused(tmp_path: Path, name: Any, why: str):
    assert why_row(geojson(tmp_path / "a.geojson", feature("B1", name=name))) == why


def test_half_a_character_is_refused(tmp_path: Path):
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature("B1", name="\ud800x")]}))

    assert why_row(path) == "text_broken"


# --- Footprints ---------------------------------------------------------------------------------------------


def test_a_small_bow_tie_is_repaired_and_its_crossing_named(tmp_path: Path):
    x, y = LON, LAT
    ring = [[x, y], [x + 0.001, y + 0.001], [x + 0.001, y], [x, y + 0.001], [x, y]]

    rows = read(geojson(tmp_path / "a.geojson", feature("B1", ring)), strict=True)

    assert shapely.is_valid(rows.geometry).all()
    assert rows.mended[0][1] == "shape" and "Self-intersection[120.1005 30.2005]" in rows.mended[0][2]


def test_a_large_tangle_is_refused_rather_than_repaired(tmp_path: Path):
    rng = np.random.default_rng(1)
    ring = np.round([LON, LAT] + rng.random((300, 2)) * 0.001, 9).tolist()

    assert why_row(geojson(tmp_path / "a.geojson", feature("B1", [*ring, ring[0]]))) == "geometry_invalid"


@pytest.mark.parametrize(
    ("geometry", "why"),
    [
        ({"type": "Point", "coordinates": [LON, LAT]}, "geometry_type"),
        ({"type": "LineString", "coordinates": box()}, "geometry_type"),
        ({"type": "Polygon", "coordinates": []}, "geometry_empty"),
        ({"type": "Polygon", "coordinates": [box()[:2] + box()[:1]]}, "ring_too_short"),
        ({"type": "Polygon", "coordinates": [[[str(x), str(y)] for x, y in box()]]}, "position_not_numbers"),
        ({"type": "Polygon", "coordinates": [[[x] for x, _ in box()]]}, "position_not_numbers"),
        ({"type": "Polygon", "coordinates": [[[True, y] for _, y in box()]]}, "position_not_numbers"),
        ({"type": "Polygon", "coordinates": [[[10**400, y] for _, y in box()]]}, "coordinate_not_a_number"),
        (
            {"type": "Polygon", "coordinates": [[[LON + k * 1e-3, LAT] for k in (0, 1, 2, 0)]]},
            "geometry_collapsed",
        ),
        ({"type": "Polygon", "coordinates": [[[y, x] for x, y in box()]]}, "coordinate_out_of_range"),
        ({"type": "Polygon", "coordinates": [[[x + 1, y] for x, y in box()]]}, "outside_extent"),
        ({"type": "Polygon", "coordinates": [box(side=1e-6)]}, "building_too_small"),
        ({"type": "Polygon", "coordinates": [box(side=0.01)]}, "building_too_large"),
    ],
)
def test_what_is_no_footprint_here_is_refused(tmp_path: Path, geometry: dict[str, Any], why: str):
    path = geojson(tmp_path / "a.geojson", feature("B1", box(6)), feature("B2", geometry=geometry))

    assert why_row(path) == why


def test_swapped_axes_are_named(tmp_path: Path):
    swapped = [[y, x] for x, y in box()]
    nearer = (30.2, 30.1, 30.22, 30.12)  # a place where swapping stays on the globe

    far = refusal_of(geojson(tmp_path / "a.geojson", feature("B1", swapped)))
    near = refusal_of(
        geojson(
            tmp_path / "b.geojson",
            feature("B1", [[30.1, 30.2], [30.101, 30.2], [30.1, 30.201], [30.1, 30.2]]),
        ),
        extent=nearer,
    )

    assert far is not None and "swapped" in str(far)
    assert near is None or "swapped" in str(near)


def test_heights_are_dropped_and_reported_unless_zero(tmp_path: Path):
    high = [[*p, 3.0 + k] for k, p in enumerate(box())]
    flat = [[*p, 0] for p in box(3)]

    rows = read(geojson(tmp_path / "a.geojson", feature("B1", high), feature("B2", flat)), strict=True)

    assert not shapely.has_z(rows.geometry).any()
    assert [(row, what) for row, what, *_ in rows.mended if what == "heights"] == [
        ("feature 1 (B1)", "heights")
    ]


def test_heights_at_some_corners_only_are_reported_too(tmp_path: Path):
    ring = [[*p, 5.0] if k % 2 else p for k, p in enumerate(box())]

    rows = read(geojson(tmp_path / "a.geojson", feature("B1", ring)), strict=True)

    assert [what for _, what, *_ in rows.mended] == ["heights"]


def test_an_open_ring_is_closed_and_reported(tmp_path: Path):
    rows = read(
        geojson(tmp_path / "a.geojson", feature("B1", box()[:-1]), feature("B2", box(3))), strict=True
    )

    assert rows.mended == [("feature 1 (B1)", "ring", "not closed", "closed")]
    assert rows.geometry[0].equals(shapely.Polygon(box()))


@pytest.mark.parametrize(
    "twin", [box(), box()[::-1], box()[2:-1] + box()[:3], [[x + 1e-9, y] for x, y in box()]]
)
def test_two_buildings_on_one_footprint_are_refused(tmp_path: Path, twin: Any):
    path = geojson(tmp_path / "a.geojson", feature("B1"), feature("B2", twin))

    assert why_row(path) == "footprint_twice"
    assert read(path).remarks >= {"footprints_twice"}  # for the operator both stay, with a warning


def test_overlapping_buildings_are_taken_and_counted(tmp_path: Path):
    path = geojson(tmp_path / "a.geojson", feature("B1"), feature("B2", box(0.25)), feature("B3", box(0.5)))

    rows = read(path, strict=True)  # B3 shares only a wall with B1

    assert len(rows) == 3
    assert next(w for w in rows.report.warnings if w.code == "footprints_overlap").facts["pairs"] == 2


def test_a_pile_of_buildings_is_refused_before_it_costs_hours(tmp_path: Path):
    pile = [feature(f"M{k}", [[x + k * 1e-7, y] for x, y in box(side=0.0004)]) for k in range(1_500)]

    refusal = refusal_of(geojson(tmp_path / "a.geojson", *pile))

    assert refusal is not None and refusal.code == "buildings_stacked"


def test_one_corner_too_many_is_too_many(tmp_path: Path):
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    circle = np.column_stack([LON + 0.0005 * np.cos(turn), LAT + 0.0005 * np.sin(turn)]).tolist()
    path = geojson(tmp_path / "a.geojson", feature("B1", [*circle, circle[0]]))

    assert why_row(path, limits=Limits(vertices=21)) is None
    assert why_row(path, limits=Limits(vertices=20)) == "too_many_vertices"


# --- Coordinate systems and datums --------------------------------------------------------------------------


def test_a_shapefile_in_a_projected_system_is_brought_to_degrees(tmp_path: Path):
    zone = CRS.from_epsg(4549)
    metres = shapely.transform(
        shapely.Polygon(box()), Transformer.from_crs(4326, zone, always_xy=True).transform, interleaved=False
    )
    square = [list(place) for place in metres.exterior.coords]
    prj = zone.to_wkt("WKT1_ESRI").encode()

    rows = read(shapefile(tmp_path / "a.zip", [square], prj=prj), strict=True, extent=EXTENT)
    contradiction = refusal_of(shapefile(tmp_path / "b.zip", prj=prj))  # degrees, said to be metres

    assert shapely.get_coordinates(rows.geometry) == pytest.approx(np.array(box()), abs=2e-8)
    assert "transformed" in rows.remarks
    assert contradiction is not None and contradiction.code == "crs_contradicts"


@pytest.mark.parametrize(
    "crs", ["EPSG:3857", {"type": "link", "properties": {"href": "http://127.0.0.1/"}}, None]
)
def test_a_crs_member_that_cannot_be_true_is_refused(tmp_path: Path, crs: Any):
    member = {"type": "name", "properties": {"name": crs}} if isinstance(crs, str) else crs

    refusal = refusal_of(geojson(tmp_path / "a.geojson", feature("B1"), crs=member))

    assert refusal is not None and refusal.code.startswith("crs_")


def test_a_missing_crs_is_asked_for_and_can_be_given(tmp_path: Path):
    path = shapefile(tmp_path / "a.zip", prj=None)

    refusal = refusal_of(path)

    assert refusal is not None and refusal.code == "crs_missing" and "--crs" in str(refusal)
    assert len(read(path, crs="EPSG:4490")) == 2


@pytest.mark.parametrize(
    "words",
    [
        "+proj=longlat +nadgrids=/etc/passwd",
        "+proj=longlat +nadgrids=@/etc/passwd",
        "+init=/etc/passwd:x",
        'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.25],EXTENSION["PROJ4_GRIDS","/etc/passwd"]],'
        'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],'
        'EXTENSION["PROJ4","+proj=longlat +geoidgrids=/etc/passwd"]]',
    ],
)
def test_a_crs_that_opens_another_file_is_refused(tmp_path: Path, words: str):
    refusal = refusal_of(shapefile(tmp_path / "a.zip", prj=words.encode()))

    assert refusal is not None and refusal.code == "file_unsafe"


def test_web_mercator_as_common_software_writes_it_is_read(tmp_path: Path):
    metres = [[[x * 111_319.4908, 3_500_000 + y * 100_000] for x, y in box()]]

    rows = read(shapefile(tmp_path / "a.zip", metres, prj=CRS.from_epsg(3857).to_wkt("WKT1_GDAL").encode()))

    assert "transformed" in rows.remarks


def test_nonsense_in_a_prj_is_no_crs(tmp_path: Path):
    refusal = refusal_of(shapefile(tmp_path / "a.zip", prj=b"not a projection"))

    assert refusal is not None and refusal.code == "crs_unreadable"


def in_zone(epsg: int) -> list[list[float]]:
    """The ring of `box` in metres of this zone."""
    project = Transformer.from_crs(4326, epsg, always_xy=True)
    return [list(project.transform(x, y)) for x, y in box()]


def wrongly_labelled(folder: Path) -> list[tuple[Path, str]]:
    """Files whose CRS is nonsense or not that of their coordinates, and the true one."""
    link = {"type": "link", "properties": {"href": "http://127.0.0.1/"}}
    metres = bytes(shapely.to_wkb(shapely.Polygon(in_zone(4549)), byte_order=1))
    return [
        (shapefile(folder / "nonsense.zip", [box()], prj=b"not a projection"), "EPSG:4326"),
        (shapefile(folder / "zone.zip", [in_zone(4548)], prj=CRS(4549).to_wkt().encode()), "EPSG:4548"),
        (geopackage(folder / "degrees.gpkg", (wkb(), "B1", "x", 1), srs=4549), "EPSG:4490"),
        (geopackage(folder / "metres.gpkg", (metres, "B1", "x", 1)), "EPSG:4549"),
        (geojson(folder / "metres.geojson", feature("B1", in_zone(4549))), "EPSG:4549"),
        (geojson(folder / "link.geojson", feature("B1"), crs=link), "EPSG:4326"),
    ]


@pytest.mark.parametrize("number", range(6))
def test_a_named_crs_wins_over_a_wrong_one_in_the_file_and_is_reported(tmp_path: Path, number: int):
    path, crs = wrongly_labelled(tmp_path)[number]

    rows = read(path, crs=crs)

    assert shapely.get_coordinates(rows.geometry) == pytest.approx(np.array(box()), abs=2e-8)
    assert "coordinate system" in [what for _, what, *_ in rows.mended]
    assert "crs_replaced" in rows.remarks


def test_a_named_crs_that_only_other_files_can_have_leaves_a_file_as_it_says(tmp_path: Path):
    rows = read(geojson(tmp_path / "a.geojson", feature("B1")), crs="EPSG:4549")

    assert shapely.get_coordinates(rows.geometry) == pytest.approx(np.array(box()), abs=2e-8)
    assert (rows.mended, "crs_kept" in rows.remarks) == ([], True)


def test_a_named_crs_that_cannot_be_true_is_refused_as_such(tmp_path: Path):
    path = shapefile(tmp_path / "a.zip", prj=None)

    with pytest.raises(Refusal, match=r"cannot be .*, as --crs says"):
        read(path, crs="EPSG:4549")
    with pytest.raises(Refusal, match="EPSG:nonsense is not understood"):
        read(path, crs="EPSG:nonsense")


@pytest.mark.parametrize(("datums", "moved"), [({"buildings": "gcj02"}, True), ({"streets": "gcj02"}, False)])
def test_one_layer_alone_may_be_shifted_back(tmp_path: Path, datums: dict[str, str], moved: bool):
    shifted = wgs84_to_gcj02(np.array(box(10, 10)))

    rows = read(geojson(tmp_path / "a.geojson", feature("B1", shifted.tolist())), datums=datums)

    expected = np.array(box(10, 10)) if moved else shifted
    assert shapely.get_coordinates(rows.geometry) == pytest.approx(expected, abs=2e-8)


def test_what_a_person_says_of_one_layer_wins_over_the_datum_a_file_names(tmp_path: Path):
    member = {"type": "name", "properties": {"name": "GCJ-02"}}

    rows = read(geojson(tmp_path / "a.geojson", feature("B1"), crs=member), datums={"buildings": "wgs84"})

    assert shapely.get_coordinates(rows.geometry) == pytest.approx(np.array(box()), abs=2e-8)


@pytest.mark.parametrize("by", ["option", "member"])
def test_a_shifted_datum_is_undone_and_reported(tmp_path: Path, by: str):
    shifted = wgs84_to_gcj02(np.array(box(10, 10))).tolist()
    member = {"crs": {"type": "name", "properties": {"name": "GCJ-02"}}} if by == "member" else {}
    options = {"datum": "gcj02"} if by == "option" else {}

    rows = read(geojson(tmp_path / "a.geojson", feature("B1", shifted), **member), strict=True, **options)

    assert shapely.get_coordinates(rows.geometry) == pytest.approx(np.array(box(10, 10)), abs=2e-8)
    assert ("datum", "GCJ-02", "WGS-84") in [tuple(m[1:]) for m in rows.mended]
    assert "datum_converted" in rows.remarks


# --- Encodings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cpg", "driver"),
    [(None, 0), (b"UTF-8", 0), (b"1252", 0), (None, 0x57), (b"GBK", 0), (b"936", 0), (None, 0x4D)],
)
def test_chinese_names_come_out_whole_whatever_the_file_says(tmp_path: Path, cpg: bytes | None, driver: int):
    told = cpg in (b"GBK", b"936") or driver == 0x4D
    path = shapefile(tmp_path / "a.zip", dbf=dbf(TWO, "gbk", driver), cpg=cpg)

    rows = read(path, strict=True, extent=EXTENT)

    assert rows["name"] == [PINGAN, "和睦苑"]
    assert ("encoding_found" in rows.remarks) == (not told)


def test_western_names_are_not_taken_for_chinese(tmp_path: Path):
    rows = [("S0", "Café Müller", 9), ("S1", "Straße", 8)]

    assert read(shapefile(tmp_path / "a.zip", dbf=dbf(rows, "cp1252"), cpg=b"1252"))["name"] == [
        r[1] for r in rows
    ]


def test_text_in_no_known_encoding_is_asked_about(tmp_path: Path):
    path = shapefile(
        tmp_path / "a.zip", dbf=dbf([("S0", "Café à", 1), ("S1", "Straße", 2)], "cp1252"), cpg=None
    )

    refusal = refusal_of(path)

    assert refusal is not None and refusal.code == "encoding_unknown" and "--encoding" in str(refusal)
    assert read(path, encoding="cp1252")["name"] == ["Café à", "Straße"]


def test_geojson_in_gbk_is_refused_and_in_utf16_mended(tmp_path: Path):
    text = json.dumps(
        {"type": "FeatureCollection", "features": [feature("B1", name=PINGAN)]}, ensure_ascii=False
    )
    (tmp_path / "gbk.geojson").write_bytes(text.encode("gbk"))
    (tmp_path / "utf16.geojson").write_bytes(text.encode("utf-16"))
    (tmp_path / "bom.geojson").write_bytes(text.encode("utf-8-sig"))

    refusal = refusal_of(tmp_path / "gbk.geojson")

    assert refusal is not None and refusal.code == "not_utf8" and "GBK" in str(refusal)
    assert read(tmp_path / "gbk.geojson", encoding="gbk")["name"] == [PINGAN]
    assert read(tmp_path / "utf16.geojson", strict=True).mended == [(None, "encoding", "UTF-16", "UTF-8")]
    assert "byte_order_mark" in read(tmp_path / "bom.geojson", strict=True).remarks


def test_gbk_in_a_geopackage_and_in_kml_is_read(tmp_path: Path):
    package = geopackage(
        tmp_path / "a.gpkg",
        (wkb(), "B1", "x", 1),
        sql="UPDATE buildings SET name = CAST(X'C6BDB0B2C0EF' AS TEXT)",
    )
    document = kml(tmp_path / "a.kml", placemark("平安里"), '<?xml version="1.0" encoding="GBK"?>', "gbk")

    assert read(package)["name"] == ["平安里"]
    assert read(document)["name"] == ["平安里"]


# --- Shapefiles and GeoPackages of their own kind -----------------------------------------------------------


def test_holes_and_parts_of_a_shapefile_find_each_other(tmp_path: Path):
    outer, hole, other = box()[::-1], [[x + 5e-5, y + 5e-5] for x, y in box(side=1e-4)], box(2)[::-1]

    rows = read(shapefile(tmp_path / "a.zip", [[outer, other, hole]]), strict=True)

    parts = shapely.get_parts(rows.geometry[0])
    assert shapely.get_num_interior_rings(parts).tolist() == [1, 0]


def test_a_hole_in_nothing_is_a_part_drawn_the_wrong_way(tmp_path: Path):
    rows = read(shapefile(tmp_path / "a.zip", [[box()[::-1], box(2)]]), strict=True)

    assert rows.geometry[0].geom_type == "MultiPolygon"
    assert [what for _, what, *_ in rows.mended] == ["ring"]


def test_deleted_rows_of_a_dbf_are_left_out_and_counted(tmp_path: Path):
    rows = read(shapefile(tmp_path / "a.zip", dbf=dbf([("*", "S0", "gone", 1), ("S1", "there", 2)])))

    assert rows["name"] == ["there"]
    assert "rows_deleted" in rows.remarks


@pytest.mark.parametrize(
    "members",
    [
        {"dbf": None},
        {"dbf": dbf(TWO, stated=1)},
        {"dbf": dbf(TWO, stated=2_000_000_000)},
        {"dbf": dbf(TWO[:1])},
        {"shp": shp([box(), box(3)])[:-50]},
        {"shp": shp([box(), box(3)])[:144] + b"\xff\xff\xff\x7f" + shp([box(), box(3)])[148:]},
        {"shp": b""},
    ],
)
def test_a_shapefile_whose_counts_do_not_add_up_is_refused(tmp_path: Path, members: dict[str, bytes | None]):
    refusal = refusal_of(shapefile(tmp_path / "a.zip", **members))

    assert refusal is not None and refusal.code in ("file_damaged", "member_missing")


def test_a_null_shape_and_a_point_are_no_buildings(tmp_path: Path):
    assert why_row(shapefile(tmp_path / "a.zip", [box(), None])) == "geometry_missing"
    assert why_row(shapefile(tmp_path / "b.zip", shp=shp([box(), box(3)], kind=1))) == "geometry_type"


def test_text_in_a_number_column_of_a_geopackage_is_no_number(tmp_path: Path):
    path = geopackage(tmp_path / "a.gpkg", (wkb(), "B1", "x", "about 30"))  # GDAL reads 0 here

    assert why_row(path) == "households_not_a_number"


def test_odd_table_names_are_just_names(tmp_path: Path):
    path = geopackage(tmp_path / "a.gpkg", (wkb(), "B1", "x", 1), table='x"; DROP TABLE y; --')

    assert len(read(path, strict=True)) == 1


CURVE = b"\x01\x0a\x00\x00\x00\x01\x00\x00\x00" + shapely.to_wkb(shapely.LineString(box()), byte_order=1)


@pytest.mark.parametrize(
    ("blob", "why"),
    [
        (b"\xff" * 40, "geometry_unreadable"),
        (wkb()[:5] + b"\xff\xff\xff\x7f", "geometry_unreadable"),
        (CURVE, "geometry_unreadable"),
        (b"\x01\x03\x00\x00\x00\x00\x00\x00\x00", "geometry_empty"),
        (shapely.to_wkb(shapely.Point(LON, LAT)), "geometry_type"),
        (None, "geometry_missing"),
    ],
)
def test_blobs_that_are_no_polygon_are_refused(tmp_path: Path, blob: bytes | None, why: str):
    path = geopackage(tmp_path / "a.gpkg", (wkb(box(3)), "B1", "x", 1), (blob, "B2", "y", 2))

    assert why_row(path) == why


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DROP TABLE gpkg_contents", "file_damaged"),
        ("ALTER TABLE buildings RENAME TO b; CREATE VIEW buildings AS SELECT * FROM b", "layer_not_a_table"),
        ("DELETE FROM buildings", "layer_empty"),
        ("UPDATE gpkg_geometry_columns SET srs_id = -1", "crs_missing"),
        ("UPDATE gpkg_contents SET data_type = 'tiles'", "no_layers"),
    ],
)
def test_a_geopackage_without_a_plain_layer_is_refused(tmp_path: Path, sql: str, code: str):
    refusal = refusal_of(geopackage(tmp_path / "a.gpkg", (wkb(), "B1", "x", 1), sql=sql))

    assert refusal is not None and refusal.code == code


def test_a_layer_named_wrongly_is_asked_for_by_its_role(tmp_path: Path):
    path = geopackage(tmp_path / "a.gpkg", (wkb(), "B1", "x", 1))

    with pytest.raises(Refusal, match=r"no layer “楼栋” .*--layer buildings=NAME, or give --buildings FILE"):
        read(path, layers={"buildings": "楼栋"})


def test_a_geopackage_that_is_open_in_another_program_is_not_read_half(tmp_path: Path):
    path = geopackage(tmp_path / "a.gpkg", (wkb(), "B1", "x", 1))
    elsewhere = sqlite3.connect(path)
    elsewhere.execute("PRAGMA journal_mode = WAL")
    elsewhere.execute("UPDATE buildings SET households = 2")
    elsewhere.commit()

    with pytest.raises(Refusal, match="open in another program or was not closed; close it there"):
        read(path)
    elsewhere.close()

    assert read(path)["households"] == [2]


def test_a_geopackage_left_in_the_middle_of_a_change_is_not_read(tmp_path: Path):
    path = geopackage(tmp_path / "a.gpkg", (wkb(), "B1", "x", 1))
    journal = Path(f"{path}-journal")

    journal.write_bytes(b"\0" * 512)
    finished = read(path)
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + b"\0" * 504)
    unfinished = refusal_of(path)

    assert len(finished) == 1
    assert unfinished is not None and unfinished.code == "file_open_elsewhere"


def test_of_several_layers_one_must_be_named(tmp_path: Path):
    members = {
        f"{stem}.{end}": octets
        for stem in "ab"
        for end, octets in (("shp", shp([box()])), ("dbf", dbf(TWO[:1])))
    }
    path = zipped(tmp_path / "a.zip", members)

    refusal = refusal_of(path)

    assert refusal is not None and refusal.code == "layer_ambiguous" and "a, b" in str(refusal)
    assert len(read(path, layers={"buildings": "b"}, crs="EPSG:4326")) == 1


def test_a_zip_of_something_else_lacks_a_shapefile(tmp_path: Path):
    path = tmp_path / "a.zip"
    path.write_bytes(zip_bytes({"a.geojson": b"{}"}))

    refusal = refusal_of(path)

    assert refusal is not None and refusal.code == "member_missing"
