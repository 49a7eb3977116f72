"""A resident reads what is held and who read it; an administrator removes what is over."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import transaction
from app.services.personal import open_places
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def household(site) -> int:
    """A household of the demo that somebody lives in and was visited at."""
    with transaction(site.engine) as session:
        open_places(session, [site.place], "request")
        found = session.scalar(
            text("""
                SELECT household.id FROM household
                JOIN resident ON resident.household_id = household.id
                JOIN visit ON visit.household_id = household.id
                WHERE household.ended_on IS NULL ORDER BY household.id LIMIT 1
            """)
        )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("language", "looked", "own"), [("en", "looked at", "You"), ("zh", "浏览", "您本人")]
)
def test_a_resident_opens_the_page_and_sees_the_reads(visit, browser, site, household, language, looked, own):
    manager = visit("manager", f"/households/{household}")
    manager.page.get_by_role("button", name="Make a code").click()
    code = manager.page.locator(".own-code output").inner_text()
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="en-GB")
    page = context.new_page()

    page.goto(f"{site.url}/my-data?lang={language}")
    page.fill("#code", code)
    page.locator("button.primary").click()

    reads = page.locator("#reads tbody tr")
    expect(reads.first).to_contain_text(own)
    expect(page.locator("#reads")).to_contain_text(looked)
    expect(page.locator("#reads")).to_contain_text("锦原区")
    page.locator("input[value=correct]").check()
    page.fill("#words", "The phone is an old one.")
    page.locator("#requests button.primary").click()
    expect(page.locator("#requests article").first).to_contain_text("The phone is an old one.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_an_administrator_looks_at_the_dry_run_and_removes(visit, site, household):
    with transaction(site.engine) as session:
        open_places(session, [site.place], "retention")
        session.execute(
            text("""
                UPDATE stay SET from_on = '2020-01-01', until_on = '2020-06-01' WHERE resident_id IN (
                    SELECT resident_id FROM stay WHERE household_id <> :household
                    GROUP BY resident_id HAVING count(*) = 1 ORDER BY resident_id LIMIT 3
                )
            """),
            {"household": household},
        )
    administrator = visit("administrator", "/rights/retention")
    row = administrator.page.locator("tr", has_text=re.compile(r"^\s*Residents who have moved out"))
    foreseen = int(row.locator("td.number").first.inner_text())
    assert foreseen >= 3
    administrator.finds_no_barrier()

    administrator.page.get_by_role("button", name="Remove them now").click()

    expect(administrator.page.locator(".notice.good")).to_contain_text("removed")
    expect(row.locator("td.number").nth(0)).to_have_text("0")
    expect(row.locator("td.number").nth(1)).to_have_text(str(foreseen))


@pytest.mark.parametrize(
    "path", ["/rights", "/rights/reads", "/rights/fields", "/rights/impact", "/rights/requests"]
)
def test_the_centre_has_no_barrier(visit, path):
    visited = visit("administrator", path, PHONE)

    visited.finds_no_barrier()
    assert visited.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
