"""Grids broken by hand: each fault is found, named and placed."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS

from app.faults import FAULTS as WORDED
from app.faults import words
from app.geo import certificate
from app.geo.certificate import FAULTS, Doors, Grids, Ground, examine, fingerprint, sizes
from app.geo.crs import to_lonlat, to_metres

CRS_114E = CRS.from_epsg(4547)
EAST, NORTH = 500_000.0, 2_500_000.0  # somewhere around Shenzhen
SIDE = 100.0


def square(column: float, row: float, width: float = 1.0, height: float = 1.0) -> shapely.Polygon:
    """A box in units of a block's side."""
    west, south = EAST + column * SIDE, NORTH + row * SIDE
    return shapely.box(west, south, west + width * SIDE, south + height * SIDE)


def metres(*corners: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])


def grids_of(shapes: dict[str, shapely.Geometry], households: list[int] | None = None) -> Grids:
    stored = to_lonlat(np.array(list(shapes.values()), dtype=object), CRS_114E)
    return Grids(list(shapes), stored, np.array(households or [300] * len(shapes)))


FOUR = {"001": square(0, 0), "002": square(1, 0), "003": square(0, 1), "004": square(1, 1)}
HOUSES = {name: shapely.buffer(shapely.centroid(block), 10, quad_segs=2) for name, block in FOUR.items()}


def ground_of(houses: dict[str, shapely.Geometry] = HOUSES, households: int = 300) -> Ground:
    rounded = to_metres(to_lonlat(np.array(list(houses.values()), dtype=object), CRS_114E), CRS_114E)
    counts = np.full(len(houses), households)
    return Ground(CRS_114E, square(0, 0, 2, 2), [f"B{name}" for name in houses], rounded, counts)


def faults_of(grids: Grids, ground: Ground | None = None) -> list[tuple[str, dict]]:
    found = examine(grids, ground or ground_of(), 270, 330)
    return [(fault.code, dict(fault.facts)) for fault in found.faults]


def test_grids_that_are_as_they_should_be_have_no_fault():
    found = examine(grids_of(FOUR), ground_of(), 270, 330)

    assert found.faults == []
    assert found.counted.tolist() == [300] * 4
    assert found.buildings.tolist() == [1] * 4
    assert found.outline_m2 == 4 * SIDE**2
    assert abs(found.area_error_m2) < found.rounding_m2


def test_a_gap_of_a_square_metre_is_found_between_its_grids():
    dented = metres((0, 0), (100, 0), (100, 50), (99, 50), (99, 51), (100, 51), (100, 100), (0, 100))

    [(code, facts)] = faults_of(grids_of({**FOUR, "001": dented}))

    assert (code, facts["m2"], facts["grids"]) == ("gap", 1.0, ["001", "002"])


def test_a_fault_says_where_it_is():
    dented = metres((0, 0), (100, 0), (100, 50), (99, 50), (99, 51), (100, 51), (100, 100), (0, 100))

    [fault] = examine(grids_of({**FOUR, "001": dented}), ground_of(), 270, 330).faults

    there = to_metres(np.array([shapely.Point(fault.lon, fault.lat)]), CRS_114E)[0]
    assert shapely.distance(there, shapely.Point(EAST + 99.5, NORTH + 50.5)) < 1


def test_a_gap_as_narrow_as_a_hair_counts_between_grids_but_not_along_the_outline():
    narrow = metres((0, 0), (99.99, 0), (99.99, 100), (0, 100))  # 1 cm along 002: 1 m²
    rim = metres((0, 0.01), (100, 0), (100, 100), (0, 100))  # 1 cm along the outline: 0.5 m²

    assert [(code, facts["m2"]) for code, facts in faults_of(grids_of({**FOUR, "001": narrow}))] == [
        ("gap", 1.0)
    ]
    assert faults_of(grids_of({**FOUR, "001": rim})) == []


def test_ground_in_two_grids_is_an_overlap_of_both():
    grown = metres((0, 0), (102, 0), (102, 100), (0, 100))

    [(code, facts)] = faults_of(grids_of({**FOUR, "001": grown}))

    assert (code, facts) == ("overlap", {"grids": ["001", "002"], "m2": 200.0})


def test_ground_beyond_the_outline_is_told_with_its_grid():
    grown = metres((-3, 0), (100, 0), (100, 100), (-3, 100))

    [(code, facts)] = faults_of(grids_of({**FOUR, "001": grown}))

    assert (code, facts) == ("outside", {"grids": ["001"], "m2": 300.0})


def test_a_building_across_a_border_is_cut_and_one_along_it_is_not():
    astride = metres((95, 40), (105, 40), (105, 50), (95, 50))
    along = metres((100, 60), (110, 60), (110, 70), (100, 70))
    ground = ground_of({**HOUSES, "astride": astride, "along": along}, households=10)
    grids = grids_of(FOUR, [20, 20, 10, 10])

    found = examine(grids, ground, 10, 20)

    assert [(fault.code, dict(fault.facts)) for fault in found.faults] == [
        ("building_cut", {"building": "Bastride", "grids": ["001", "002"], "m2": 50.0})
    ]
    assert found.buildings_cut == 1


def test_a_building_divided_by_its_entrances_is_counted_apart_and_by_its_doors():
    astride = metres((95, 40), (105, 40), (105, 50), (95, 50))
    ground = ground_of({**HOUSES, "astride": astride}, households=10)
    doors = Doors(
        np.array([shapely.Point(EAST + 97, NORTH + 45), shapely.Point(EAST + 103, NORTH + 45)]),
        np.array([4, 4]),
        np.array([6, 4]),
    )
    marked = replace(ground, divided=np.array([False] * 4 + [True]), doors=doors)

    found = examine(grids_of(FOUR, [16, 14, 10, 10]), marked, 10, 20)

    assert found.faults == []
    assert (found.buildings_cut, found.buildings_divided) == (0, 1)


def test_a_building_in_no_grid_is_named_with_its_households():
    three = {code: shape for code, shape in FOUR.items() if code != "004"}

    found = faults_of(grids_of(three))

    assert [code for code, _ in found] == ["gap", "building_in_no_grid"]
    assert found[1][1] == {"building": "B004", "households": 300}


def test_a_grid_in_two_pieces_is_one_even_where_they_meet_in_a_corner():
    crossed = {
        "001": shapely.MultiPolygon([FOUR["001"], FOUR["004"]]),
        "002": FOUR["002"],
        "003": FOUR["003"],
    }

    [(code, facts)] = faults_of(grids_of(crossed, [600, 300, 300]))

    assert (code, facts) == ("grid_in_pieces", {"grid": "001", "pieces": 2, "smallest_m2": 10_000.0})


def test_households_that_are_not_those_of_the_buildings_are_named():
    [(code, facts)] = faults_of(grids_of(FOUR, [300, 301, 300, 300]))

    assert (code, facts) == ("households_differ", {"grid": "002", "stated": 301, "counted": 300})


def test_a_grid_said_to_be_in_band_that_is_not_is_named():
    stated = replace(grids_of(FOUR, [200] * 4), in_band=np.array([True, False, False, False]))

    [(code, facts)] = faults_of(stated, ground_of(households=200))

    assert (code, facts["grid"], facts["counted"]) == ("band_differs", "001", 200)


def test_an_outline_that_crosses_itself_is_told_and_judged_by_the_ground_it_means():
    bowtie = metres((0, 0), (100, 0), (0, 100), (100, 100))

    found = faults_of(grids_of({**FOUR, "001": bowtie}))

    assert found[0] == ("grid_invalid", {"grid": "001"})
    assert [facts["m2"] for code, facts in found if code == "gap"] == pytest.approx([2500.0, 2500.0])


def test_two_grids_of_one_code_are_told():
    doubled = replace(grids_of(FOUR), codes=["001", "001", "003", "004"])

    assert [code for code, _ in faults_of(doubled)] == ["code_twice"]


def test_ground_whose_buildings_are_no_longer_known_is_judged_by_its_grids_alone():
    unknown = replace(ground_of({}), is_counted=False)

    found = examine(grids_of(FOUR, [1, 2, 3, 4]), unknown, 270, 330)

    assert found.faults == []
    assert found.counted.tolist() == [1, 2, 3, 4]


def test_the_fingerprint_is_that_of_the_ground_and_the_counts_not_of_how_they_are_written():
    given = grids_of(FOUR, [300, 301, 302, 303])
    turned = Grids(
        given.codes[::-1], shapely.normalize(shapely.reverse(given.lonlat[::-1])), given.households[::-1]
    )
    moved = replace(given, lonlat=shapely.transform(given.lonlat, lambda xy: xy + np.array([0, 1e-8])))
    more = replace(given, households=given.households + np.array([0, 0, 1, 0]))

    assert fingerprint(given) == fingerprint(turned)
    assert len({fingerprint(one) for one in (given, moved, more)}) == 3


def test_the_fingerprint_stays_what_its_description_makes_it():
    """Worked out from `CANONICAL` with the standard library alone."""
    import hashlib
    import struct

    corners = [(114.0, 22.0), (114.0, 22.001), (114.001, 22.001), (114.001, 22.0), (114.0, 22.0)]
    ring = b"".join(struct.pack("<dd", *corner) for corner in corners)
    polygon = struct.pack("<BII", 1, 3, 1) + struct.pack("<I", 5) + ring
    record = b"001\x00300\x00" + struct.pack("<BII", 1, 6, 1) + polygon

    given = Grids(["001"], np.array([shapely.Polygon(corners[::-1])]), np.array([300]))

    assert fingerprint(given) == hashlib.sha256(record).hexdigest()


def test_sizes_count_in_whole_numbers():
    found = sizes(np.array([270, 330, 331, 360, 240, 0]), 300, 270, 330)

    assert (found["in_band"], found["in_10"], found["in_20"]) == (2, 2, 5)
    assert (found["min"], found["median"], found["max"]) == (0, 300.0, 360)


def test_no_grids_at_all_are_a_gap_as_large_as_the_outline():
    nothing = Grids([], np.empty(0, dtype=object), np.zeros(0, np.int64))

    found = examine(nothing, ground_of(), 270, 330)

    assert found.gap_m2 == 4 * SIDE**2
    assert found.buildings_in_no_grid == 4
    assert sizes(found.counted, 300, 270, 330)["median"] is None


def test_it_uses_nothing_of_the_engine():
    tree = ast.parse(Path(certificate.__file__).read_text(encoding="utf-8"))
    taken = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}

    assert {module for module in taken if module.startswith("app.")} == {"app.geo.crs"}


def test_every_fault_of_geometry_has_its_words():
    assert set(FAULTS) <= set(WORDED)
    said = words("gap", {"m2": 1.0, "grids": ["001", "002"]})
    assert said.en == "1.00 m² lie in no grid, beside 001, 002."
    assert said.zh == "001、002旁有1.00平方米不在任何网格内。"
