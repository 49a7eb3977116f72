"""Duties as people live them: a manager hands a grid over, and the sheet says what was open."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(demo_of):
    """A demo of its own: the journey changes who answers."""
    with running_site(*demo_of("duties")) as made:
        yield made


def test_a_manager_hands_a_grid_over(visit, site):
    manager = visit("manager", "/duties")
    page = manager.page
    row = page.locator(".roster tbody tr").filter(has_text="林晓").first
    code = row.get_by_role("link").first.inner_text()
    manager.finds_no_barrier()
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=f"Grid {code}")).to_be_visible()
    expect(page.get_by_text("林晓 answers for it now")).to_be_visible()
    manager.finds_no_barrier()
    chosen = page.get_by_label("Who takes it over").locator("option:not([disabled])").first
    name = chosen.inner_text().split(" · ")[0]
    page.get_by_label("Who takes it over").select_option(chosen.get_attribute("value"))
    page.get_by_label("Note").fill("Keys at the desk")
    page.get_by_role("button", name=re.compile("Hand over now")).click()

    expect(page).to_have_url(re.compile(r"/duties/handover/\d+/\d+"))
    expect(page.locator(".sheet")).to_contain_text(f"Handover of grid {code}")
    expect(page.locator(".sheet")).to_contain_text("Gives: 林晓")
    expect(page.locator(".sheet")).to_contain_text(f"Takes: {name}")
    expect(page.locator(".sheet")).to_contain_text("Keys at the desk")
    expect(page.locator(".signatures p")).to_have_count(3)
    manager.finds_no_barrier()

    manager.goes_to("/duties")
    expect(page.locator(".roster tbody tr").filter(has_text=code)).to_contain_text(name)


def test_a_coordinator_ticks_off_a_task_on_a_phone(visit, site):
    coordinator = visit("coordinator", "/station", PHONE)
    page = coordinator.page
    done = page.get_by_role("button", name="Done")
    before = done.count()
    coordinator.finds_no_barrier()
    done.first.click()

    expect(page.get_by_text(re.compile("done on")).first).to_be_visible()
    expect(page.get_by_role("button", name="Done")).to_have_count(before - 1)


def test_an_administrator_foresees_a_switch_of_permits(visit, site):
    administrator = visit("administrator", "/rules")
    page = administrator.page
    page.get_by_label("Rule pack").select_option("permit-2014")
    page.get_by_role("button", name="Show what changes").click()

    expect(page.locator("#preview")).to_contain_text("Issued within, days")
    expect(page.get_by_role("button", name=re.compile("Let it hold from"))).to_be_visible()
    administrator.finds_no_barrier()


@pytest.mark.parametrize("path", ["/indicators", "/duties?tab=proposals", "/duties?tab=training"])
def test_pages_of_figures_and_duties_have_no_barrier(visit, path):
    visit("manager", path).finds_no_barrier()
