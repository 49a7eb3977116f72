"""The map file as a person meets it: opened from a disk, without any network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.services.map_file import write_map
from tests.services.districts import district_of
from tests.services.plans import FIVE_GRIDS, plan_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def map_page(tmp_path_factory) -> Path:
    plan = plan_of(FIVE_GRIDS, households={"A": 75, "B": 60, "C": 100, "D": 20, "E": 60})
    path = tmp_path_factory.mktemp("map") / "map.html"
    write_map(
        path, plan, district_of(plan), title="<b>Town</b>", title_zh="某镇", attribution="Town & survey"
    )
    return path


@pytest.fixture
def reader(browser, map_page, request) -> Iterator[Page]:
    """Somebody who opens the page with the network cut; ends by asking that nothing was said or fetched."""
    width, height, language = getattr(request, "param", (1440, 900, "en-GB"))
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, offline=True, has_touch=width < 700
    )
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda wanted: asked.append(wanted.url))
    page.goto(map_page.as_uri())
    expect(page.locator("path.grid").first).to_be_visible()
    yield page
    context.close()
    assert said == []
    assert asked == [map_page.as_uri()]


on_a_phone = pytest.mark.parametrize("reader", [(390, 844, "zh-CN")], indirect=True)


def test_every_grid_is_drawn_once_and_those_out_of_band_are_hatched(reader):
    expect(reader.locator("path.grid")).to_have_count(5)
    expect(reader.locator("path.grid[fill^='url(#hatch']")).to_have_count(2)


def test_the_ground_is_painted_without_a_tile_server(reader):
    tile = reader.locator("canvas.leaflet-tile").first
    painted = tile.evaluate("c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)")

    assert painted


def test_a_name_is_shown_as_it_is_written(reader):
    expect(reader.locator(".panel h1")).to_have_text("<b>Town</b>")
    expect(reader.locator(".leaflet-control-attribution")).to_have_text("Town & survey")


def test_a_click_on_a_grid_opens_its_facts(reader):
    reader.locator("path.grid").nth(4).click()

    popup = reader.locator(".leaflet-popup")
    expect(popup.locator("h2")).to_have_text("5")
    expect(popup).to_contain_text("480 households ▲ +60 %")
    expect(popup).to_contain_text("No division into 270 to 330 households was found")
    expect(popup).to_contain_text("not measured yet")
    expect(reader.locator("path.grid.chosen")).to_have_count(1)


def test_a_closed_popup_lets_go_of_the_grid(reader):
    reader.locator("path.grid").nth(4).click()
    reader.keyboard.press("Escape")

    expect(reader.locator("path.grid.chosen")).to_have_count(0)


def test_a_row_of_the_list_leads_to_its_grid(reader):
    reader.get_by_role("button", name=re.compile("^4 ?80 households")).click()

    expect(reader.locator(".leaflet-popup h2")).to_have_text("4")


def test_a_typed_code_finds_the_grid_and_an_unknown_one_says_so(reader):
    reader.get_by_label("Find a grid by its code").fill("3")
    expect(reader.locator(".rows li")).to_have_count(1)

    reader.get_by_label("Find a grid by its code").fill("999")
    expect(reader.locator(".panel")).to_contain_text("No grid has this code.")


def test_labels_say_code_households_and_how_far_off(reader):
    labels = reader.locator(".label").all_inner_texts()

    assert sorted(" ".join(label.split()) for label in labels) == [
        *["1 300", "2 300", "3 300"],
        *["4 80 ▼ −73 %", "5 480 ▲ +60 %"],
    ]


def test_one_press_changes_every_word_to_chinese(reader):
    reader.get_by_role("button", name="中文").click()

    expect(reader.locator("h1")).to_have_text("某镇")
    expect(reader.locator(".panel")).to_contain_text("目标300户，允许270至330户。")
    expect(reader.locator("html")).to_have_attribute("lang", "zh-CN")


@on_a_phone
def test_a_phone_shows_the_map_first_and_the_panel_on_demand(reader):
    panel = reader.locator(".panel")
    expect(panel).to_have_class("panel peek")
    expect(reader.locator("h1")).to_have_text("某镇")

    reader.get_by_role("button", name="展开或收起").click()

    expect(panel).to_have_class("panel half")
    expect(panel.get_by_text("户数达标", exact=True)).to_be_visible()


@on_a_phone
def test_nothing_runs_out_of_a_phone_sideways(reader):
    assert reader.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
