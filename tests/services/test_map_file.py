import json
import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from app.errors import Refusal
from app.geo.bands import UNINHABITED, class_ranges, deviation_class
from app.geo.plots import Band
from app.services import map_file
from tests.services.districts import district_of
from tests.services.plans import FIVE_GRIDS, plan_of

HOSTILE = "</script><script>alert(1)</script> {{ 7 * 7 }} {% endraw %}"


def page_of(tmp_path, title: str = "Town", **more) -> str:
    plan = plan_of(FIVE_GRIDS, households={"A": 75, "B": 60, "C": 100, "D": 20, "E": 60})
    map_file.write_map(tmp_path / "map.html", plan, district_of(plan), title=title, **more)
    return (tmp_path / "map.html").read_text(encoding="utf-8")


def plan_in(page: str) -> dict:
    return json.loads(re.search(r'id="plan">(.*?)</script>', page, re.DOTALL)[1])


def test_nothing_in_the_page_is_fetched(tmp_path):
    page = page_of(tmp_path)

    assert not re.findall(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=", page)
    assert not re.findall(r"url\((?!#)[^)]*\)", page.replace("url(#hatch-${", ""))
    assert not re.findall(
        r"cdn|jsdelivr|unpkg|googleapis|bootstrap|jquery|font-?awesome", page, re.IGNORECASE
    )
    assert "default-src 'none'" in page


def test_the_same_plan_gives_the_same_page(tmp_path):
    assert page_of(tmp_path) == page_of(tmp_path)


def test_a_name_is_text_never_code(tmp_path):
    page = page_of(tmp_path, title=HOSTILE)

    assert "<script>alert" not in page
    assert plan_in(page)["title"]["en"] == HOSTILE
    assert "<title>&lt;/script&gt;" in page


def test_the_page_carries_grids_figures_and_ground(tmp_path):
    plan = plan_in(page_of(tmp_path, title_zh="某镇", attribution="Town survey"))

    assert plan["title"] == {"en": "Town", "zh": "某镇"}
    assert plan["grids"]["code"] == list("12345")
    assert plan["grids"]["class"] == [3, 3, 3, 0, 6]
    assert plan["grids"]["neighbours"][3] == [0, 4]
    assert plan["grids"]["completeness"] == [None] * 5
    assert plan["summary"]["in_band"] == 0.6
    layers = {name: len(shapes["rings"]) for name, shapes in plan["base"].items()}
    assert layers == {
        "land": 1,
        "compounds": 1,
        "water": 1,
        "streams": 1,
        "railways": 1,
        "local": 0,  # the one there is lies in a tunnel
        "secondary": 0,
        "arterial": 1,
        "buildings": 24,
    }


def test_labels_stand_inside_their_grid(tmp_path):
    plan = plan_of("A A A\nA . .\nB B B", households=300)
    map_file.write_map(tmp_path / "map.html", plan, district_of(plan), title="Town")
    columns = plan_in((tmp_path / "map.html").read_text(encoding="utf-8"))["grids"]

    for label, grid in zip(columns["label"], plan.stored_grids, strict=True):
        assert grid.contains(shapely.Point(np.array(label) * map_file.LATTICE_DEG))


def test_too_many_buildings_are_left_out_rather_than_make_the_page_heavy(tmp_path, monkeypatch):
    monkeypatch.setattr(map_file, "MOST_CORNERS", 24 * 5 - 1)

    assert plan_in(page_of(tmp_path))["base"]["buildings"] == {"rings": [], "corners": [], "xy": []}


def test_without_leaflet_the_remedy_is_named(tmp_path):
    with pytest.raises(Refusal) as refused:
        page_of(tmp_path, leaflet=tmp_path / "nowhere")

    assert refused.value.code == "leaflet_missing"
    assert "script/setup" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(Refusal) as refused:
        page_of(tmp_path / "nowhere")

    assert refused.value.code == "folder_missing"


bands = st.tuples(st.integers(1, 1000), st.integers(0, 400), st.integers(0, 400)).map(
    lambda triple: Band(triple[0], max(0, triple[0] - triple[1]), triple[0] + triple[2])
)


@given(bands, st.integers(0, 3000))
def test_the_colour_of_a_count_is_that_of_its_range(band, households):
    kind = int(deviation_class(np.array([households]), band)[0])

    if households == 0:
        assert kind == UNINHABITED
    else:
        least, most = class_ranges(band)[kind]
        assert least <= households
        assert most is None or households <= most


def test_the_band_alone_is_neutral_and_classes_are_as_wide_as_it_reaches():
    law = Band(400, 300, 500)

    assert deviation_class(np.array([299, 300, 500, 501, 601, 701]), law).tolist() == [
        2,
        3,
        3,
        4,
        5,
        6,
    ]


def test_drawn_geometries_come_back_within_a_step():
    shapes = np.array(
        [
            shapely.Polygon(
                [(8, 47), (8.01, 47), (8.01, 47.01)],
                holes=[[(8.005, 47.001), (8.008, 47.001), (8.008, 47.004)]],
            ),
            shapely.MultiPolygon([shapely.box(7, 46, 7.1, 46.1), shapely.box(7.2, 46, 7.3, 46.1)]),
        ],
        dtype=object,
    )

    steps = map_file.drawn(shapes, CRS.from_epsg(4326))

    assert (steps["rings"], steps["corners"]) == ([2, 2], [4, 4, 5, 5])
    back = np.cumsum(np.array(steps["xy"]).reshape(-1, 2), axis=0) * map_file.LATTICE_DEG
    rings = shapely.get_rings(shapely.get_parts(shapes))
    assert np.abs(back - shapely.get_coordinates(rings)).max() <= map_file.LATTICE_DEG / 2 + 1e-12
