"""A screen in a lobby: 1080×1920, by keys alone, with and without network; and a page on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import PHONE, Visit

pytestmark = pytest.mark.browser

KIOSK = (1080, 1920)
COMMUNITY = "140499001001"


@pytest.fixture
def stranger(browser, site):
    """A visitor nobody knows, and what their browser is given to keep."""
    opened: list[tuple[BrowserContext, Visit]] = []

    def go(path: str, size: tuple[int, int], **wishes) -> Visit:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="en-GB", reduced_motion="reduce", **wishes
        )
        page = context.new_page()
        visited = Visit(page, site)
        opened.append((context, visited))
        page.on("console", lambda message: message.type != "log" and visited.said.append(message.text))
        page.on("pageerror", lambda error: visited.said.append(str(error)))
        page.on("request", lambda wanted: visited.asked.append(wanted.url))
        page.clock.install()
        visited.goes_to(path)
        page.wait_for_selector("html[data-ready]", timeout=60_000)
        return visited

    yield go
    for context, visited in opened:
        kept = context.cookies(), visited.page.evaluate("localStorage.length + sessionStorage.length")
        context.close()
        visited.nothing_went_wrong()
        assert kept == ([], 0)


def test_a_resident_finds_the_grid_by_keys_and_the_screen_starts_over(stranger, site):
    kiosk = stranger(f"/find?place={COMMUNITY}&kiosk&lang=zh", KIOSK)
    page = kiosk.page
    pack = kiosk.asks(f"/find/pack/{COMMUNITY}")
    at = {name: number for number, name in enumerate(pack["columns"])}
    building = next(row for row in pack["buildings"] if row[at["name"]] and row[at["initials"]])

    page.keyboard.type(building[at["initials"]])
    first = page.locator("#find-0")
    expect(first).to_contain_text(building[at["name"]])
    expect(page.locator("#find-words")).to_have_attribute("aria-expanded", "true")
    kiosk.finds_no_barrier()
    page.keyboard.press("Enter")

    answer = page.locator(".find-answer")
    own = next(grid for grid in pack["grids"] if grid["id"] == building[at["grid"]])
    expect(answer).to_contain_text(own["code"])
    expect(answer).to_be_focused()
    expect(page.locator(".find-countdown")).to_contain_text("秒后返回首页")
    kiosk.finds_no_barrier()
    page.emulate_media(media="print")  # the slip: the card alone, and all of it
    assert answer.evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    expect(page.locator(".find-map")).to_be_hidden()
    page.emulate_media(media="screen")

    page.clock.fast_forward(50_000)
    expect(page.locator(".find-countdown")).to_have_class(re.compile("soon"))
    page.keyboard.press("Tab")  # somebody is still there
    page.clock.fast_forward(50_000)
    expect(answer).to_be_visible()
    page.clock.fast_forward(61_000)
    expect(answer).to_be_hidden()
    expect(page.locator("#find-words")).to_have_value("")
    expect(page.locator("#find-words")).to_be_focused()


def test_a_screen_answers_without_network(stranger, site):
    kiosk = stranger(f"/find?place={COMMUNITY}&kiosk&lang=en", KIOSK)
    kiosk.forgiven.append("Failed to load resource")
    page = kiosk.page
    pack = kiosk.asks(f"/find/pack/{COMMUNITY}")
    at = {name: number for number, name in enumerate(pack["columns"])}
    building = next(row for row in pack["buildings"] if row[at["address"]])
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    expect(page.get_by_role("heading", name="Which grid am I in?")).to_be_visible()

    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("html[data-kept]", timeout=60_000)
    page.context.set_offline(True)
    page.keyboard.type(building[at["address"]])
    expect(page.locator("#find-0")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.locator(".find-answer")).to_contain_text("Your coordinator")
    expect(page.locator(".find-offline")).to_contain_text("The network is gone")


def test_a_place_is_reported_on_a_phone(stranger, site):
    found = stranger("/find?lang=en", PHONE).asks("/find/search?q=140499001001001")["found"][0]
    lon, lat = found["position"]
    phone = stranger(f"/find?lang=en&grid={found['grid']['id']}", PHONE)
    phone.finds_no_barrier()
    phone.goes_to(f"/find/report?lon={lon}&lat={lat}&lang=en")
    phone.finds_no_barrier()
    phone.page.locator(".report-kind").first.click()
    phone.page.get_by_label("In your words").fill("The exit is blocked by boxes")
    phone.page.get_by_role("button", name="Send").click()

    code = phone.page.locator(".given-code output").inner_text()
    assert len(code.replace(" ", "").replace("-", "")) == 12
