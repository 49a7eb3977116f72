"""Who lives where, as its coordinator writes it down in the stairwell, on a phone; and looks at it again.

On a site of its own, for the journey changes what others look at.
"""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import transaction
from tests.browser.conftest import PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME, PHONE_NUMBER = "金丝雀新来", "19900112233"


@pytest.fixture(scope="module")
def site(demo_of):
    with running_site(*demo_of("registers")) as made:
        yield made


@pytest.fixture(scope="module")
def house(site):
    """A building of the coordinator's own grid."""
    with transaction(site.engine) as session:
        return session.scalar(
            text("""
                SELECT min(building.id) FROM duty JOIN person ON person.id = duty.person_id
                JOIN grid ON grid.id = duty.grid_id
                JOIN building ON ST_Contains(grid.outline, building.position)
                WHERE person.account = 'coordinator' AND duty.during @> now() AND building.households > 0
            """)
        )


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_coordinator_registers_an_arrival_and_a_departure_on_a_phone(visit, site, house):
    visited = visit("coordinator", f"/buildings/{house}", PHONE)
    visited.forgiven.append("422")  # what is refused on purpose
    page = visited.page
    visited.finds_no_barrier()
    assert fits(page)
    page.goto(f"{site.url}/registers")
    assert fits(page)
    page.go_back()

    page.get_by_role("link", name="Register an arrival").click()
    page.get_by_label("Door", exact=True).fill("909")
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Phone", exact=True).fill(PHONE_NUMBER)
    page.get_by_label("16 or over").check()
    page.get_by_label("registered elsewhere").check()
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("consent")
    page.get_by_label("They were told what this is kept for").check()
    visited.finds_no_barrier()
    assert fits(page)
    page.get_by_role("button", name="Register", exact=True).click()

    page.wait_for_url(re.compile(r"/households/\d+"))
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_role("link", name=PHONE_NUMBER)).to_be_visible()
    visited.finds_no_barrier()
    assert fits(page)
    household = page.url.rpartition("/")[2]

    page.get_by_role("link", name="Visit", exact=True).click()
    page.get_by_label("in the evening").check()
    page.get_by_label("All of this is right").check()
    page.get_by_label("Asked", exact=True).fill("门灯不亮")
    page.get_by_label("Promised", exact=True).fill("换灯")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("They were told what this is kept for").check()
    until = page.get_by_label("Until", exact=True)
    until.fill(until.get_attribute("min"))  # today, in the city
    visited.finds_no_barrier()
    assert fits(page)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/buildings/\d+"))
    door = page.locator(".door").filter(has_text="909")
    expect(door).to_contain_text("verified")

    page.goto(f"{site.url}/today")
    page.get_by_role("button", name="Promise", exact=True).click()
    expect(page.locator(".due-rows").get_by_text("换灯")).to_be_visible()
    visited.finds_no_barrier()
    assert fits(page)

    page.goto(f"{site.url}/households/{household}")
    page.get_by_role("button", name="Left", exact=True).click()
    page.get_by_role("button", name="Register the departure").click()
    expect(page.get_by_text("the household ended")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    page.get_by_role("button", name="Left", exact=True).click()
    page.get_by_role("button", name="Register the departure").click()
    expect(page.get_by_text("the household ended")).to_be_visible()
    page.goto(f"{site.url}/buildings/{house}")
    expect(page.locator(".door").filter(has_text="909")).to_contain_text("empty")
    assert NAME not in page.content()
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_what_was_written_without_a_signal_is_sent_once_it_is_back(visit, site, house):
    visited = visit("coordinator", f"/arrivals/new?building={house}", PHONE)
    page = visited.page
    page.get_by_label("Door", exact=True).fill("910")
    page.get_by_label("Name", exact=True).fill("金丝雀无信号")
    page.get_by_label("They were told what this is kept for").check()
    visited.forgiven.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.locator("#sending")).to_contain_text("No signal")  # the phone's own line may say so, too
    page.context.set_offline(False)

    page.wait_for_url(re.compile(r"/households/\d+"))
    with transaction(site.engine) as session:
        session.execute(text("SELECT set_config('gridkeeper.purpose', 'request', true)"))
        session.execute(
            text("SELECT set_config('gridkeeper.buildings', :house, true)"), {"house": str(house)}
        )
        assert session.scalar(text("SELECT count(*) FROM resident WHERE name = '金丝雀无信号'")) == 1
