"""The map page as people use it: with a mouse, by keyboard, on a phone, in two languages, day and night."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.db import transaction
from tests.browser.conftest import MAP_MS, PHONE, Visit

pytestmark = pytest.mark.browser

PANEL = "article.grid-panel"
ROWS = "tbody tr[data-row]"
THE_WORLD = "west=-180&south=-90&east=180&north=90"
# Whether the map has drawn a hazard.
DRAWN = """
    id => globalThis.gridMap?.getLayer('hazard')
        && globalThis.gridMap.queryRenderedFeatures({ layers: ['hazard'] })
           .some(one => one.properties.id === id)
"""
HOSTILE = "<img src=x onerror=document.title='hit'>"


@pytest.fixture
def reader(visit) -> Visit:
    """A manager with the list before him; the map may still be drawn."""
    visited = visit("manager")
    visited.page.wait_for_selector(ROWS)
    return visited


@pytest.fixture
def manager(visit) -> Visit:
    visited = visit("manager")
    visited.sees_the_map()
    return visited


def grids(visited: Visit) -> list[dict]:
    return visited.asks(f"/api/plans/{visited.site.plan_id}/grids")["grids"]


def press_grid(visited: Visit, grid: dict) -> None:
    """Press the map where a grid's label stands."""
    press(visited, grid["label"])


def press(visited: Visit, position: list[float]) -> None:
    where = visited.page.evaluate("position => globalThis.gridMap.project(position)", position)
    box = visited.page.locator("#map canvas").bounding_box()
    visited.page.mouse.click(box["x"] + where["x"], box["y"] + where["y"])


def state_of(page: Page, layer: str, feature: int) -> dict:
    """How the map highlights a grid or building."""
    return page.evaluate(
        "([sourceLayer, id]) => globalThis.gridMap.getFeatureState({ source: 'plan', sourceLayer, id })",
        [layer, feature],
    )


def panel_number(page: Page, name: str) -> str:
    return page.locator(f"{PANEL} .figures div", has_text=name).locator("dd").inner_text()


def a_press_on_a_grid_shows_the_figures_the_server_has(manager):
    grid = grids(manager)[3]

    press_grid(manager, grid)

    panel = manager.page.locator(PANEL)
    expect(panel.get_by_role("heading", name=f"Grid {grid['code'][-3:]}")).to_be_visible()
    expect(panel.locator(".grid-households")).to_have_text(f"{grid['households']} households")
    assert panel_number(manager.page, "Buildings") == str(grid["buildings"])
    assert panel_number(manager.page, "Area") == f"{grid['area_m2'] / 10_000:.1f}\u202fha"
    assert panel_number(manager.page, "Compactness") == f"{grid['compactness']:.2f}"
    whole = manager.asks(f"/api/grids/{grid['id']}")
    expect(panel.locator(".filter-line .chip")).to_have_count(len(whole["neighbours"]))
    expect(panel.get_by_text(whole["coordinator"]["name"])).to_be_visible()


def a_building_seen_from_afar_is_pointed_at_without_a_name(manager):
    """Up to zoom 15 tiles tell of a building only where it stands."""
    page = manager.page
    grid = grids(manager)[0]
    building = manager.asks(f"/api/grids/{grid['id']}/buildings?limit=1")["buildings"][0]
    page.evaluate("center => globalThis.gridMap.jumpTo({ center, zoom: 14.4 })", building["position"])
    manager.sees_the_map()
    where = page.evaluate("position => globalThis.gridMap.project(position)", building["position"])
    box = page.locator("#map canvas").bounding_box()

    page.mouse.move(box["x"] + where["x"] + 1, box["y"] + where["y"])
    page.mouse.move(box["x"] + where["x"], box["y"] + where["y"])

    expect(page.locator(".map-tip")).to_contain_text(f"{grid['households']} households")


def a_building_of_the_list_is_gone_to_and_marked(manager):
    grid = grids(manager)[0]
    press_grid(manager, grid)
    building = manager.asks(f"/api/grids/{grid['id']}/buildings?limit=1")["buildings"][0]

    manager.page.locator(f"{PANEL} .rows button", has_text=building["code"]).first.click()
    manager.sees_the_map()

    assert state_of(manager.page, "building", building["id"]) == {"chosen": True}
    assert manager.page.evaluate("globalThis.gridMap.getZoom()") >= 16.9


def the_keyboard_alone_leads_to_a_grid_and_back(reader):
    page = reader.page
    page.locator(ROWS).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    chosen = sorted(grid["code"] for grid in grids(reader))[1]
    expect(page.locator(PANEL)).to_be_focused()
    expect(page).to_have_url(re.compile(f"grid={chosen}"))

    page.keyboard.press("Escape")

    expect(page.locator(PANEL)).to_have_count(0)
    expect(page.locator(f"{ROWS}:focus")).to_have_attribute("data-row", "1")


def enter_on_the_map_chooses_the_grid_in_its_middle(manager):
    page = manager.page
    page.locator("#map canvas").focus()
    page.keyboard.press("Enter")

    expect(page.locator(PANEL)).to_be_visible()


def arrows_on_the_map_lead_from_grid_to_grid(manager):
    page = manager.page
    press_grid(manager, grids(manager)[0])
    expect(page.locator(PANEL)).to_be_visible()
    first = page.url
    page.locator("#map canvas").focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)

    expect(page.locator(".map-said")).to_contain_text("households")
    assert parse_qs(urlsplit(page.url).query)["grid"] != parse_qs(urlsplit(first).query)["grid"]
    expect(page.locator("#map canvas")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator(PANEL)).to_have_count(0)


def a_pressed_building_is_marked_with_its_grid_and_its_row(manager):
    page, grid = manager.page, grids(manager)[1]
    building = manager.asks(f"/api/grids/{grid['id']}/buildings?limit=5")["buildings"][-1]
    where = "position => globalThis.gridMap.jumpTo({ center: position, zoom: 17 })"
    page.evaluate(where, building["position"])
    manager.sees_the_map()
    press(manager, building["position"])

    row = page.locator(f"{PANEL} [data-building='{building['id']}']")
    expect(row).to_have_attribute("aria-current", "true")
    expect(row).to_be_in_viewport()
    expect(page).to_have_url(re.compile(f"grid={grid['code']}"))
    assert state_of(page, "building", building["id"])["chosen"] is True


def a_row_under_the_pointer_outlines_its_grid(manager):
    page = manager.page
    page.locator(ROWS).nth(2).hover()

    hovered = sorted(grids(manager), key=lambda grid: grid["code"])[2]
    assert state_of(page, "grid", hovered["id"])["hover"] is True


def test_an_answer_that_comes_late_is_not_shown_over_a_later_one(reader):
    page = reader.page
    slow, quick = grids(reader)[:2]
    held = []
    page.route(f"**/api/grids/{slow['id']}", lambda route: held.append(route))
    reader.forgiven.append("ERR_ABORTED")
    page.locator(ROWS).nth(0).click()
    page.get_by_role("button", name="All grids").click()
    page.locator(ROWS).nth(1).click()
    expect(page.locator(f"{PANEL} .rows li").first).to_be_attached()

    for route in held:
        route.abort()

    expect(page.locator(".grid-households")).to_have_text(f"{quick['households']} households")
    expect(page.locator(f"{PANEL} .notice.warn", has_text="cannot be reached")).to_have_count(0)


def test_an_address_without_a_plan_shows_the_one_in_force(manager):
    page = manager.page
    page.evaluate("location.hash = '#15/36.2/113.1'")
    manager.sees_the_map()

    expect(page.locator(".side-title h2")).to_have_text(f"{len(grids(manager))} grids")
    page.evaluate(
        "address => history.pushState(null, '', address)", f"/map?place={manager.site.place}#14/36.2/113.1"
    )
    page.evaluate("location.hash = '#13/36.2/113.1'")
    expect(page.locator(".side-title h2")).to_have_text(f"{len(grids(manager))} grids")


def a_slash_goes_to_the_search_and_enter_to_what_it_found(reader):
    page, grid = reader.page, grids(reader)[5]
    page.keyboard.press("/")
    page.keyboard.type(grid["code"][-6:])
    expect(page.locator("#found [role=option]").first).to_contain_text(grid["code"])
    page.keyboard.press("Enter")

    expect(page.locator(".grid-households")).to_have_text(f"{grid['households']} households")


def a_building_is_found_by_its_address_and_its_grid_chosen(reader):
    page = reader.page
    grid = grids(reader)[2]
    building = reader.asks(f"/api/grids/{grid['id']}/buildings?limit=1&sort=address")["buildings"][0]
    page.fill("#search", building["code"])
    page.locator("#found [role=option]").first.click()

    expect(page).to_have_url(re.compile(f"grid={grid['code']}"))


def a_search_that_finds_nothing_says_what_to_try(reader):
    reader.page.fill("#search", "no such thing")

    expect(reader.page.locator("#found")).to_contain_text("Nothing is called “no such thing” here")


def the_list_is_in_the_order_of_any_column(reader):
    page = reader.page
    page.get_by_role("button", name="Households").click()
    shown = [int(row) for row in page.locator(f"{ROWS} td.households").all_inner_texts()]

    most_first = sorted((grid["households"] for grid in grids(reader)), reverse=True)
    assert shown == most_first[: len(shown)]
    expect(page.locator("th.households")).to_have_attribute("aria-sort", "descending")


def filters_count_what_they_keep(reader):
    out = [grid for grid in grids(reader) if not grid["in_band"]]
    chip = reader.page.get_by_role("button", name=re.compile("^Out of band"))

    expect(chip).to_have_text(f"Out of band{len(out)}")


def test_ten_thousand_grids_are_listed_and_ordered_without_delay(visit, site):
    visited = visit("manager", "/me")
    few = grids(visited)
    many = [
        {**few[number % len(few)], "id": 10**6 + number, "code": f"{number:015d}"} for number in range(10_000)
    ]
    many = [{**grid, "community": site.place, "area_m2": 100} for grid in many]
    answer = {"plan": site.plan_id, "version": 1, "grids": many}
    visited.page.route("**/api/plans/*/grids", lambda route: route.fulfill(json=answer))
    visited.goes_to("/map")
    page = visited.page
    expect(page.locator(".side-title h2")).to_have_text("10,000 grids")

    took_ms = page.evaluate("""() => {
        const began = performance.now();
        document.querySelector('th.households button').click();
        document.querySelector('.table-frame').getBoundingClientRect();
        return performance.now() - began;
    }""")
    page.locator(ROWS).first.focus()
    page.keyboard.press("End")

    expect(page.locator(f"{ROWS}:focus")).to_have_attribute("data-row", "9999")
    assert page.locator(ROWS).count() <= 60
    assert took_ms < 1000


def test_a_link_restores_place_grid_layers_and_camera(manager, visit):
    page, grid = manager.page, grids(manager)[1]
    press_grid(manager, grid)
    page.get_by_role("button", name="Layers").click()
    page.get_by_label("Plots").uncheck()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Closer").click()
    manager.sees_the_map()
    link = page.url.removeprefix(manager.site.url)

    again = visit("manager", link)
    again.sees_the_map()

    expect(again.page.locator(".grid-households")).to_have_text(f"{grid['households']} households")
    assert "hide=plots" in again.page.url
    assert again.page.evaluate("globalThis.gridMap.getZoom()") == pytest.approx(
        page.evaluate("globalThis.gridMap.getZoom()"), abs=0.02
    )


def test_hazards_are_a_layer_whose_points_open_cards(visit, site):
    asked = visit("manager", "/today").asks(f"/api/places/{site.place}/hazards/open?{THE_WORLD}")
    hazard = next(one for one in asked["points"] if one["overdue"])
    manager = visit("manager", f"/map#18/{hazard['lat']}/{hazard['lon']}")
    page = manager.page
    page.wait_for_selector(ROWS)
    page.get_by_role("button", name="Layers").click()
    page.get_by_label("Hazards, open ones").check()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("show=hazards"))
    expect(page.locator(".hazard-legend")).to_contain_text("ring: overdue")
    page.wait_for_function(DRAWN, arg=hazard["id"], timeout=MAP_MS)

    point = page.evaluate("at => globalThis.gridMap.project(at)", [hazard["lon"], hazard["lat"]])
    page.locator("#map canvas").click(position={"x": point["x"], "y": point["y"]})

    card = page.locator(f"[data-hazard='{hazard['id']}']")
    expect(card).to_contain_text("overdue since")
    expect(card.get_by_role("link", name="Open the case")).to_have_attribute(
        "href", f"/hazards/{hazard['id']}"
    )
    manager.finds_no_barrier()
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".hazard-cards")).to_have_count(0)


def back_leads_to_the_grid_before(manager):
    page = manager.page
    first, second = grids(manager)[:2]
    press_grid(manager, first)
    expect(page).to_have_url(re.compile(f"grid={first['code']}"))
    press_grid(manager, second)
    expect(page).to_have_url(re.compile(f"grid={second['code']}"))

    page.go_back()

    expect(page.locator(".grid-households")).to_have_text(f"{first['households']} households")


def test_the_other_language_keeps_the_view(manager):
    page, grid = manager.page, grids(manager)[1]
    press_grid(manager, grid)
    expect(page).to_have_url(re.compile("grid="))

    page.get_by_role("link", name="中文").click()
    manager.sees_the_map()

    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator(".grid-households")).to_have_text(f"{grid['households']}户")


def test_night_recolours_the_map_at_once(manager):
    def ground() -> str:
        return manager.page.evaluate("globalThis.gridMap.getPaintProperty('land', 'fill-color')")

    assert ground() == "#f7f6f3"

    manager.page.get_by_role("button", name="Theme").click()

    expect(manager.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert ground() == "#1b1e22"
    manager.page.reload()
    expect(manager.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_community_shows_its_own_grids_only(reader):
    page = reader.page
    community = next(place for place in reader.asks("/api/places")["places"] if place["level"] == "community")
    page.locator(".where").click()
    page.locator("#chooser .places button.level-community").first.click()

    own = [grid for grid in grids(reader) if grid["community"] == community["code"]]
    expect(page).to_have_url(re.compile(f"place={community['code']}"))
    expect(page.locator(".side-title h2")).to_have_text(f"{len(own)} grids")


def test_a_coordinator_sees_her_own_community(visit):
    coordinator = visit("coordinator")
    coordinator.page.wait_for_selector(ROWS)

    communities = {grid["community"] for grid in grids(coordinator)}
    assert len(communities) == 1
    expect(coordinator.page.locator(".rail").get_by_role("link", name="Split")).to_have_count(0)


def test_on_a_phone_the_sheet_has_three_stops_and_nothing_runs_out_sideways(visit):
    phone = visit("manager", size=PHONE)
    phone.page.wait_for_selector(ROWS)
    page, side = phone.page, phone.page.locator(".side")
    heights = []
    for stop in ("peek", "half", "full"):
        expect(side).to_have_attribute("data-stop", stop)
        heights.append(side.bounding_box()["height"])
        page.get_by_role("button", name="More or less of the panel").click()

    assert heights == sorted(set(heights))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_a_phone_what_is_pressed_is_large_enough(visit):
    phone = visit("manager", size=PHONE)
    phone.page.wait_for_selector(ROWS)

    small = phone.page.evaluate("""() => [...document.querySelectorAll('button, a, input, summary')]
        .filter(one => one.checkVisibility() && one.offsetParent && !one.closest('.skip, svg, thead'))
        .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
        .filter(([, { width, height }]) => width > 1 && (height < 39.5 || width < 39.5))
        .map(([html]) => html)""")
    assert small == []


def walks(visited: Visit, *steps: Callable[[Visit], None]) -> None:
    """Steps on one page, each from where a visit begins: to load and draw a map takes eight CPU seconds."""
    page = visited.page
    camera = (
        "(({ lng, lat }, zoom) => ({ center: [lng, lat], zoom }))(gridMap.getCenter(), gridMap.getZoom())"
    )
    begun = page.evaluate(camera)
    for step in steps:
        step(visited)
        page.fill("#search", "")
        if page.locator(PANEL).count():
            page.get_by_role("button", name="All grids").click()
            expect(page.locator(PANEL)).to_have_count(0)
        page.evaluate("camera => { document.activeElement.blur(); gridMap.jumpTo(camera); }", begun)
        page.wait_for_selector('body[data-map="idle"]', timeout=MAP_MS)


def test_the_list_and_the_search_lead_to_grids(manager):
    walks(
        manager,
        filters_count_what_they_keep,
        the_keyboard_alone_leads_to_a_grid_and_back,
        a_slash_goes_to_the_search_and_enter_to_what_it_found,
        a_building_is_found_by_its_address_and_its_grid_chosen,
        a_search_that_finds_nothing_says_what_to_try,
        search_and_popovers_have_no_barrier,
        the_list_is_in_the_order_of_any_column,
    )


def test_the_map_leads_to_grids_and_buildings(manager):
    walks(
        manager,
        a_building_of_the_list_is_gone_to_and_marked,
        a_press_on_a_grid_shows_the_figures_the_server_has,
        arrows_on_the_map_lead_from_grid_to_grid,
        back_leads_to_the_grid_before,
        enter_on_the_map_chooses_the_grid_in_its_middle,
        a_row_under_the_pointer_outlines_its_grid,
        a_building_seen_from_afar_is_pointed_at_without_a_name,
        a_pressed_building_is_marked_with_its_grid_and_its_row,
    )


STATES = [
    ("the list", {}, ""),
    ("a grid, in Chinese and dark", {"locale": "zh-CN", "color_scheme": "dark"}, "grid"),
    ("a grid", {}, "grid"),
    ("a phone", {"size": PHONE}, "grid"),
    ("a phone in Chinese and dark", {"size": PHONE, "locale": "zh-CN", "color_scheme": "dark"}, ""),
]


@pytest.mark.parametrize(("wishes", "state"), [one[1:] for one in STATES], ids=[one[0] for one in STATES])
def test_no_state_has_a_barrier(visit, site, wishes, state):
    visited = visit("manager", "/me", **wishes)
    shown = f"&grid={grids(visited)[0]['code']}" if state == "grid" else ""
    visited.goes_to(f"/map?place={site.place}&plan={site.plan_id}{shown}")
    expect(visited.page.locator(f"{PANEL} .rows li" if shown else ROWS).first).to_be_attached()

    visited.finds_no_barrier()


def search_and_popovers_have_no_barrier(reader):
    page = reader.page
    page.fill("#search", "1404")
    expect(page.locator("#found [role=option]").first).to_be_visible()
    reader.finds_no_barrier()
    page.keyboard.press("Escape")
    for name in ("Layers", "Jinyuan"):
        page.get_by_role("button", name=re.compile(name)).first.click()
        reader.finds_no_barrier()
        page.keyboard.press("Escape")


def test_a_place_without_a_plan_says_how_many_grids_it_would_have(visit, site):
    visited = visit("manager", "/sign-in")
    with without_plans(visited):
        visited.goes_to("/map")
        households = visited.asks("/api/places")["places"][0]["households"]

        link = visited.page.get_by_role("link", name=f"Split into about {round(households / 300)} grids")
        expect(link).to_have_attribute("href", f"/split?place={site.place}")
        visited.finds_no_barrier()


def test_without_any_district_there_is_a_way_to_one(visit):
    visited = visit("manager", "/me")
    visited.page.route("**/api/places", lambda route: route.fulfill(json={"places": []}))
    visited.goes_to("/map")

    expect(visited.page.get_by_role("heading", name="No district yet")).to_be_visible()
    expect(visited.page.get_by_role("link", name="Import a district")).to_have_attribute("href", "/import")
    visited.finds_no_barrier()


def test_whoever_may_not_split_is_told_who_can(visit):
    visited = visit("leader", "/me")
    with without_plans(visited):
        visited.goes_to("/map")

        expect(visited.page.locator(".empty")).to_contain_text("A manager of this area can make the plan.")
        expect(visited.page.locator(".empty a")).to_have_count(0)


def test_a_busy_server_is_said_calmly_and_tried_again(visit):
    visited = visit("manager", "/me")
    visited.forgiven.append("503")
    visited.page.route("**/tiles/plan/**", lambda route: route.fulfill(status=503, body=""))
    visited.goes_to("/map")
    expect(visited.page.locator(".map-notice")).to_contain_text("the server is busy")

    visited.page.unroute("**/tiles/plan/**")

    expect(visited.page.locator(".map-notice")).to_be_hidden(timeout=30_000)
    drawn = visited.page.evaluate(
        "globalThis.gridMap.queryRenderedFeatures({ layers: ['grid-fill'] }).length"
    )
    assert drawn > 0


def test_without_a_network_the_list_can_be_asked_for_again(visit):
    visited = visit("manager", "/me")
    visited.forgiven.append("ERR_FAILED")
    visited.page.route("**/api/places", lambda route: route.abort())
    visited.goes_to("/map")
    expect(visited.page.locator(".side")).to_contain_text("The server cannot be reached")

    visited.page.unroute("**/api/places")
    visited.page.get_by_role("button", name="Try again").click()

    expect(visited.page.locator(ROWS).first).to_be_visible()


def test_a_session_that_is_over_leads_back_to_the_same_view(manager):
    page, grid = manager.page, grids(manager)[0]
    manager.forgiven.append("401")
    page.context.clear_cookies()
    press_grid(manager, grid)
    page.get_by_role("button", name="Sign in again").click()
    page.fill("#account", "manager")
    page.fill("#password", manager.site.passwords["manager"])
    page.get_by_role("button", name="Sign in").click()
    manager.sees_the_map()

    expect(page.locator(".grid-households")).to_have_text(f"{grid['households']} households")


def test_names_are_text_and_never_markup(visit, site):
    with transaction(site.engine) as session:
        rows = session.execute(
            text("""
                UPDATE building SET name = :name, address = :name WHERE id IN (SELECT min(id) FROM building)
                RETURNING id, code
            """),
            {"name": HOSTILE},
        ).one()
        session.execute(text("UPDATE person SET name = :name WHERE account = 'leader'"), {"name": HOSTILE})
    visited = visit("manager")
    visited.sees_the_map()
    visited.page.fill("#search", rows.code)
    option = visited.page.locator("#found [role=option]").first
    expect(option).to_contain_text(HOSTILE)
    option.click()
    visited.sees_the_map()

    expect(visited.page.locator(PANEL)).to_be_visible()
    expect(visited.page.locator("img")).to_have_count(0)
    assert "hit" not in visited.page.title()


class without_plans:
    """While it lasts, the server answers this visitor that no place has a plan."""

    def __init__(self, visited: Visit) -> None:
        self.page = visited.page

    def __enter__(self) -> None:
        self.page.route("**/api/places/*/plans", lambda route: route.fulfill(json={"plans": []}))
        self.page.route("**/api/places", self._without)

    def __exit__(self, *error: object) -> None:
        self.page.unroute("**/api/places/*/plans")
        self.page.unroute("**/api/places")

    @staticmethod
    def _without(route) -> None:
        places = route.fetch().json()["places"]
        route.fulfill(json={"places": [{**place, "plan": None} for place in places]})
