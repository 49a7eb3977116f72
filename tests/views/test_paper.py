"""Sheets as PDF, and what is scanned from them."""

from __future__ import annotations

import json
import re
import zlib
from itertools import permutations

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from app.geo.crs import to_metres
from app.geo.walking import length
from app.services import find, paper, paper_map, walking
from app.services.paper_map import HATCHES, coloured
from tests.views.world import EAST_STREET, HERE, A


@pytest.fixture
def grid(world):
    return world.grids[EAST_STREET, A]


@pytest.fixture
def building(world):
    return world.buildings[f"{A}-0"]


@pytest.fixture
def border(session, grid):
    return find.border_of_grid(session, grid)[1]


def unpacked(answer):
    """A PDF with its streams unpacked."""
    found = [answer.data]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", answer.data, re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue  # a font or a picture, packed otherwise
    return b"\n".join(found)


def pages(answer):
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", unpacked(answer)))


@pytest.mark.parametrize("sheet", ["card", "buildings", "walk"])
def test_a_sheet_of_a_grid_is_a_pdf(as_coordinator, grid, sheet):
    answer = as_coordinator.get(f"/paper/grids/{grid}/{sheet}.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")


def test_an_atlas_has_a_page_for_each_grid_and_one_for_all(as_manager):
    answer = as_manager.get(f"/paper/places/{EAST_STREET}/atlas.pdf")

    assert pages(answer) == 3


@pytest.mark.parametrize(("size", "width_pt"), [("A1", 1684), ("A0", 2384)])
def test_a_wall_sheet_is_one_page_of_its_size(as_manager, size, width_pt):
    answer = as_manager.get(f"/paper/places/{EAST_STREET}/wall.pdf?size={size}")

    assert pages(answer) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+)", unpacked(answer))
    assert float(box[1]) == pytest.approx(width_pt, abs=2)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/paper/grids/987654321/card.pdf", 404),
        (f"/paper/places/{EAST_STREET}/wall.pdf?size=A9", 422),
    ],
)
def test_what_cannot_be_printed_is_refused(as_manager, path, status):
    assert as_manager.get(path).status_code == status


def test_a_stranger_prints_nothing_of_it(as_stranger, grid):
    assert as_stranger.get(f"/paper/grids/{grid}/walk.pdf").status_code == 403


def test_the_scale_is_true(session, grid, clock):
    sheet = paper.grid_sheet(session, grid, clock(), clock().date())
    outline = shapely.from_geojson(json.dumps(sheet.card["outline"]))
    west, south, east, _ = (float(side) for side in shapely.bounds(outline))
    metres = shapely_metres(session, west, south, east)
    chosen = next(one for one in sheet.map.grids if one.chosen)
    across = [float(x) for x in re.findall(r"[ML]([-\d.]+) ", chosen.path)]

    on_paper_mm = max(across) - min(across)
    assert on_paper_mm == pytest.approx(metres * 1000 / sheet.map.scale, rel=0.002)
    assert sheet.map.bar_mm == pytest.approx(sheet.map.bar_m * 1000 / sheet.map.scale, rel=0.001)


def shapely_metres(session, west, south, east):
    return session.scalar(
        text("""
            SELECT ST_Distance(
                ST_SetSRID(ST_MakePoint(:west, :south), 4326)::geography,
                ST_SetSRID(ST_MakePoint(:east, :south), 4326)::geography)
        """),
        {"west": west, "south": south, "east": east},
    )


def test_neighbours_have_other_hatches():
    x, y = (part.ravel() for part in np.mgrid[0:6, 0:6])
    squares = shapely.box(x, y, x + 1, y + 1)

    found = coloured(squares)

    assert max(found) < HATCHES
    for one in range(len(squares)):
        for other in range(one):
            if shapely.length(shapely.intersection(squares[one], squares[other])) > 0:
                assert found[one] != found[other]


def test_a_scanned_sheet_opens_the_form_of_who_keeps_the_register(as_coordinator, building, border):
    answer = as_coordinator.get(f"/q/building/{building}/{border}")

    assert answer.location == f"/buildings/{building}"


def test_anybody_else_comes_to_the_public_card(client, building, grid, border):
    assert client.get(f"/q/building/{building}/{border}").location == f"/find?building={building}"
    assert client.get(f"/q/grid/{grid}").location == f"/find?grid={grid}"


@pytest.mark.parametrize("kind", ["building", "grid"])
def test_a_sheet_older_than_the_border_says_so(client, building, grid, kind):
    number = building if kind == "building" else grid

    answer = client.get(f"/q/{kind}/{number}/0000dead")

    assert answer.status_code == 200
    assert "sheet is old" in answer.text
    assert f"/find?{kind}={number}" in answer.text


def test_the_page_offers_the_sheets_of_a_place(as_manager, grid):
    page = as_manager.get(f"/paper?place={EAST_STREET}").text

    assert f"/paper/grids/{grid}/walk.pdf" in page
    assert f"/paper/places/{EAST_STREET}/atlas.pdf" in page
    assert as_manager.get(f"/paper?place={HERE}").status_code == 200


def test_a_walk_sheet_is_in_walking_order_and_numbered_so_on_its_map(session, grid, clock):
    listed, walked = (
        made(session, grid, clock(), clock().date()) for made in (paper.buildings_sheet, paper.walk_sheet)
    )
    by_address, in_order = ([one["id"] for one in sheet.buildings] for sheet in (listed, walked))
    metres = walking.metres_between(session, by_address, 4545)
    placed, numbered = ({words: (x, y) for words, x, y in one.map.labels} for one in (listed, walked))

    stops = [by_address.index(one) for one in in_order]
    assert sorted(stops) == [0, 1, 2, 3]
    assert listed.metres is None
    assert walked.metres == pytest.approx(
        min(length(metres, list(one)) for one in permutations(range(4))), abs=1
    )
    assert {str(at + 1): placed[str(stop + 1)] for at, stop in enumerate(stops)}.items() <= numbered.items()


def test_words_on_a_map_lie_on_nothing_that_stands_there():
    crs = paper_map._upright(shapely.Point(113.1, 36.2))
    streets = [(f"路{number}", 113.1 + 0.0005 * number, 36.2) for number in range(20)]
    west, south, east, north = shapely.bounds(
        shapely.buffer(to_metres(np.array([shapely.Point(113.105, 36.2)]), crs), 1_000)
    )[0]
    sheet = paper_map._Paper(west, north, 10.0, shapely.box(west, south, east, north))

    free = paper_map._labels(sheet, crs, streets, [])
    kept = paper_map._labels(sheet, crs, streets, [(90.0, 80.0, 110.0, 120.0)])

    boxes = [paper_map._box(words, x, y, paper_map.LABEL_MM) for words, x, y in free]
    assert not any(paper_map._meet(one, other) for at, one in enumerate(boxes) for other in boxes[:at])
    assert 3 < len(kept) < len(free)
    assert all(not 90 < x < 110 for _, x, _ in kept)


def test_a_wall_of_several_communities_tells_their_grids_apart(session, clock):
    sheet = paper.place_sheet(session, HERE, "A1", clock(), clock().date())

    labels = [group.label(card) for group in sheet.groups for card in group.cards]
    assert len(sheet.groups) > 1
    assert len(set(labels)) == len(labels) == len(sheet.cards)
    assert {one.label for one in sheet.map.grids} == set(labels)


def test_the_number_of_a_grid_fits_into_it_where_it_can():
    wide, thin = shapely.box(0, 0, 400, 400), shapely.box(400, 0, 440, 400)
    sheet = paper_map._Paper(0.0, 400.0, 10.0, shapely.box(0, 0, 440, 400))
    shown = [paper_map.Shown(one, "A001") for one in (wide, thin)]

    large, small = paper_map._grids(sheet, shown, np.array([wide, thin]), False)

    assert large.size == paper_map.GRID_LABEL_MM
    assert paper_map.LEAST_LABEL_MM <= small.size < large.size
