"""The split studio: settings, before and after under a divider, drafts A, B and C, by mouse, finger and keys.

On a site of its own, with a worker, for these journeys change what others look at.
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
WORKER = "from app import jobs; jobs.run_worker()"
WORK_MS = 180_000


@pytest.fixture(scope="module")
def site(demo_of):
    """A demo of its own, and somebody who does the work."""
    logins, folder = demo_of("studio")
    with running_site(logins, folder) as made:
        environ = {
            **os.environ,
            "DATABASE_URL": logins.owner.url.render_as_string(hide_password=False),
            "DATABASE_APP_URL": logins.app.url.render_as_string(hide_password=False),
            "GRIDKEEPER_UPLOADS": str(made.settings.uploads),
        }
        worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environ)
        yield made
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


class Manager:
    """What a manager does in the studio."""

    def __init__(self, visited):
        self.visited, self.page = visited, visited.page
        self.divider = self.page.get_by_role("slider", name=re.compile("Divider|分隔线"))

    def opens(self, section):
        self.page.locator(f"#section-{section} > summary").click()

    def splits_into(self, slot):
        self.page.get_by_role("button", name=f"Split into {slot}").click()
        expect(self.page.get_by_role("progressbar")).to_be_visible()
        expect(self.page.locator("#said")).to_contain_text("ready as a draft", timeout=WORK_MS)

    def chooses_draft(self, slot):
        self.page.get_by_role("tab", name=slot).click()

    def sees_the_map(self):
        self.visited.sees_the_map()

    def looks_at(self):
        """Middle and zoom of the map before."""
        return self.page.evaluate(
            "(map => [map.getCenter().lng, map.getCenter().lat, map.getZoom()])(studioMaps.before.map)"
        )

    def looks_from(self, zoom):
        """Look closer at the middle of the maps."""
        self.page.evaluate("zoom => studioMaps.before.map.jumpTo({ zoom })", zoom)

    def sees_after(self, layer, *, drawn):
        """Waits until the map after has features of a layer, or none."""
        self.page.wait_for_function(
            "([layer, drawn]) => studioMaps.after.map.loaded()"
            " && studioMaps.after.map.queryRenderedFeatures({ layers: [layer] }).length > 0 === drawn",
            arg=[layer, drawn],
        )

    def sees_share(self, percent):
        expect(self.divider).to_have_attribute("aria-valuenow", str(percent))


@pytest.fixture
def manager(visit):
    return lambda path="/split", **wishes: Manager(visit("manager", path, **wishes))


def test_a_manager_tries_two_drafts_compares_and_publishes_the_better(manager, site):
    studio = manager()
    page = studio.page
    expect(page.locator("#draft")).to_contain_text("Draft A is empty")
    in_force = site.plan_id

    page.get_by_role("button", name="By coordinators").click()
    page.get_by_label("Coordinators", exact=True).fill("18")
    expect(page.locator(".expected")).to_contain_text("About 18 grids")
    studio.splits_into("A")
    expect(page.get_by_role("tab", name="A")).to_contain_text("18 grids")
    studio.sees_share(50)
    expect(page.locator(".outcome .histogram .former").first).to_be_attached()
    expect(page.locator(".outcome .histogram .column").first).to_be_attached()
    studio.visited.finds_no_barrier()

    studio.sees_the_map()
    before = studio.looks_at()
    page.locator(".worst button").first.click()
    expect(page.locator("#picked")).to_contain_text("Grid")
    studio.sees_the_map()
    assert studio.looks_at() != before

    studio.chooses_draft("B")
    expect(page.locator("#draft")).to_contain_text("Draft B is empty")
    page.get_by_role("button", name="400 (300–500)").click()
    studio.splits_into("B")
    table = page.locator(".beside")
    expect(table.locator("tbody tr").first.locator("td").nth(1)).to_have_text("18")
    expect(table.locator("tbody tr").first.locator("td").nth(2)).to_have_text(re.compile(r"\d+"))
    expect(page.get_by_role("heading", name="Changing hands")).to_be_visible()
    assert "slot=B" in page.url

    page.reload()  # a view is a link
    expect(page.get_by_role("tab", name="B")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("button", name="Publish")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile("/map"))
    plans = {
        plan["id"]: plan["state"] for plan in studio.visited.asks(f"/api/places/{site.place}/plans")["plans"]
    }
    assert plans[in_force] == "retired"
    assert sorted(plans.values()).count("draft") == 1


def test_the_divider_goes_by_keys_by_buttons_and_by_the_pointer(manager, site):
    """The draft left by the journey before lies beside the plan in force."""
    studio = manager()
    page, divider = studio.page, studio.divider

    divider.focus()
    page.keyboard.press("ArrowRight")
    studio.sees_share(52)
    page.keyboard.press("PageDown")
    studio.sees_share(42)
    page.keyboard.press("Home")
    studio.sees_share(0)
    expect(page.locator(".swipe-side.before")).to_have_attribute("inert", "")
    page.keyboard.press("End")
    studio.sees_share(100)
    page.get_by_role("button", name="Both").click()
    studio.sees_share(50)
    expect(divider).to_have_attribute("aria-valuetext", re.compile("50 %"))

    box, stage = divider.bounding_box(), page.locator("#swipe").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 0.25, box["y"] + 60)
    page.mouse.up()
    studio.sees_share(25)


def test_seeds_and_special_grids_are_set_on_the_map_by_keys_alone(manager):
    studio = manager()
    page = studio.page
    studio.sees_the_map()
    studio.opens("fixed")

    page.get_by_role("button", name="Set seed points").press("Enter")
    page.get_by_role("button", name="Set here").press("Enter")
    page.get_by_role("button", name="Done").press("Enter")
    expect(page.locator(".fixed-list")).to_contain_text("Seed point 1")

    page.get_by_role("button", name="Draw a special grid").press("Enter")
    canvas = page.locator(".swipe-side.before canvas")
    canvas.focus()
    for way in (None, "ArrowRight", "ArrowDown"):
        if way:
            page.keyboard.press(way)
            studio.page.wait_for_timeout(400)  # the map glides
        page.keyboard.press("Space")
    expect(page.locator("#sketch")).to_contain_text("3 corners")
    page.keyboard.press("Backspace")
    expect(page.locator("#sketch")).to_contain_text("2 corners")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".fixed-list")).to_contain_text("Special grid 1")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("早市")
    studio.visited.finds_no_barrier()

    page.get_by_role("button", name="Remove Seed point 1").click()
    expect(page.locator(".fixed-list")).not_to_contain_text("Seed point 1")


def test_a_grid_locked_on_the_map_stays_as_it_is(manager, site):
    studio = manager()
    page = studio.page
    studio.sees_the_map()
    page.locator(".swipe-side.before canvas").focus()
    page.keyboard.press("Enter")  # the grid in the middle
    page.get_by_role("button", name="Lock this grid").click()
    expect(page.get_by_role("button", name="Unlock this grid")).to_be_visible()
    studio.opens("fixed")
    name = page.locator(".fixed-list .fixed-name").first.inner_text()
    locked = studio.visited.asks(f"/api/places/{site.place}/locks")["grids"]
    assert [one["code"][-3:] for one in locked] == [name.split()[-1]]

    page.get_by_role("button", name=f"Unlock {name}").click()
    expect(page.locator("#section-fixed .fixed")).to_contain_text("Nothing is fixed")
    assert studio.visited.asks(f"/api/places/{site.place}/locks")["grids"] == []


def test_a_formula_that_cannot_be_read_is_said_beside_it(manager):
    studio = manager()
    page = studio.page
    studio.visited.forgiven.append("422")

    studio.opens("weights")
    page.get_by_label("Grids shall be equal in").select_option(label="A formula")
    page.get_by_label("Formula", exact=True).fill("households + rent")
    page.locator("#start").click()

    expect(page.locator("#error-weights")).to_contain_text("rent")
    expect(page.get_by_label("Formula", exact=True)).to_be_focused()


def test_what_cannot_be_is_said_beside_its_field(manager):
    studio = manager()
    page = studio.page

    page.get_by_role("button", name="Own numbers").click()
    page.get_by_label("Fewest").first.fill("9000")
    page.locator("#start").click()

    expect(page.locator("#error-band")).to_contain_text("between fewest and most")
    expect(page.get_by_label("Target")).to_have_attribute("aria-invalid", "true")


def test_the_studio_in_chinese_on_a_phone(manager):
    studio = manager(size=PHONE, locale="zh-CN", color_scheme="dark")
    page = studio.page

    expect(page.get_by_role("button", name="划分为草案A")).to_be_visible()
    page.get_by_role("button", name="结果").click()
    expect(page.get_by_role("tab", name="A")).to_be_visible()
    page.get_by_role("button", name="调整后").click()
    studio.sees_share(0)
    page.wait_for_load_state("networkidle")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    studio.visited.finds_no_barrier()


def test_micro_grids_are_drawn_switched_off_and_listed(manager, site):
    studio = manager()
    page = studio.page
    studio.chooses_draft("C")
    studio.opens("micro")
    page.get_by_label("Divide every grid once more").check()
    studio.splits_into("C")
    switch = page.get_by_role("button", name="Micro-grids", exact=True)
    expect(switch).to_have_attribute("aria-pressed", "true")
    studio.looks_from(zoom=16)

    studio.sees_after("micro-grid", drawn=True)
    studio.sees_after("micro-grid-label", drawn=True)

    switch.click()
    expect(page).to_have_url(re.compile("hide=micro"))
    studio.sees_after("micro-grid", drawn=False)

    plan = next(
        one for one in studio.visited.asks(f"/api/places/{site.place}/plans")["plans"] if one["slot"] == "C"
    )
    grid = studio.visited.asks(f"/api/plans/{plan['id']}/grids")["grids"][0]
    page.goto(f"{site.url}/map?place={site.place}&plan={plan['id']}&grid={grid['code']}")
    of_grid = studio.visited.asks(f"/api/grids/{grid['id']}")["micro_grids"]
    rows = page.locator(".grid-panel section").filter(has_text="Micro-grids").locator("li")
    expect(rows).to_have_count(len(of_grid))
    expect(rows.first).to_contain_text(f"{of_grid[0]['households']} households")
    expect(page.locator(".swatch.micro")).to_be_attached()


def test_a_tower_is_marked_divided_by_its_entrances_and_kept_whole_again(manager, site):
    studio = manager("/split?slot=C")
    page = studio.page
    marks = f"/api/places/{site.place}/entrance-marks"
    largest = studio.visited.asks(marks)["unmarked"][0]
    code = largest["building"]["code"]

    studio.opens("entrances")
    divides = page.get_by_label(re.compile("Divide marked buildings"))
    expect(divides).to_be_disabled()
    page.get_by_label("Mark a building").select_option(str(largest["building"]["id"]))
    keeps = page.get_by_role("button", name=re.compile("Keep .* whole again"))
    expect(keeps).to_be_visible()
    expect(page.locator("#section-entrances .section-now")).to_have_text("whole, 1 marked")
    assert [mark["building"]["code"] for mark in studio.visited.asks(marks)["marks"]] == [code]

    divides.check()
    expect(page.locator("#section-entrances .section-now")).to_have_text("1 divided")
    studio.visited.finds_no_barrier()
    studio.splits_into("C")
    plans = studio.visited.asks(f"/api/places/{site.place}/plans")["plans"]
    [draft] = [plan for plan in plans if plan["state"] == "draft" and plan["slot"] == "C"]
    parameters = studio.visited.asks(f"/api/plans/{draft['id']}")["parameters"]
    assert parameters["entrances"] is True
    assert parameters["divided_by_entrance"] == [code]

    keeps.click()
    expect(page.locator("#section-entrances .section-now")).to_have_text("0 divided")
    assert studio.visited.asks(marks)["marks"] == []
