"""Pages of who walks, of the public and of paper, for people who see, hear or move otherwise (axe-core)."""

import pytest
from playwright.sync_api import expect

from app.services.demo import CODE
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

OF_COORDINATOR = ("/today", "/walk", "/me", "/buildings/{building}", "/visits/new?building={building}")
OF_MANAGER = (
    "/paper",
    "/offices",
    "/hazards/held",
    f"/duties?place={CODE}&tab=names",
    "/ogc",
    "/ogc/collections/grids/items?f=html",
    "/follow",
    "/find/report?type=big",
)


def test_pages_for_the_field_have_no_barrier(visit):
    coordinator = visit("coordinator", "/today", size=PHONE)
    link = coordinator.page.locator("#walk h2 a").first.get_attribute("href")
    building = link.split("?")[0].rpartition("/")[2]
    for path in OF_COORDINATOR:
        coordinator.goes_to(in_language(path.format(building=building), "zh"))
        if path == "/walk":
            expect(coordinator.page.locator(".due-building").first).to_be_visible()
        coordinator.finds_no_barrier()


def test_pages_of_the_public_and_of_paper_have_no_barrier(visit):
    manager = visit("manager", "/paper", size=DESKTOP)
    for path in OF_MANAGER:
        manager.goes_to(in_language(path, "en"))
        manager.finds_no_barrier()


def in_language(path, language):
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def test_a_code_is_typed_where_no_camera_reads_it_and_big_type_stays(visit):
    coordinator = visit("coordinator", "/today", size=PHONE)
    page = coordinator.page
    page.locator("#phone-line").wait_for(state="attached")  # the phone knows whose it is by then
    coordinator.goes_to("/walk")
    first = page.locator(".due-building").first
    number = first.get_attribute("data-building")
    page.get_by_role("button", name="Scan a code").click()
    coordinator.finds_no_barrier()
    page.get_by_label("Number beside the code").fill(f"http://elsewhere.example/q/building/{number}/0000dead")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("heading", name="This sheet is old")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url(f"**/buildings/{number}*")

    coordinator.goes_to("/me")
    page.get_by_role("button", name="Big type").click()
    coordinator.goes_to("/walk")
    assert page.evaluate("document.documentElement.dataset.type") == "big"
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.due-building a')).fontSize)")
    assert size >= 19
    coordinator.goes_to("/me")
    page.get_by_role("button", name="Big type").click()
    assert page.evaluate("document.documentElement.dataset.type ?? 'usual'") == "usual"
