"""A hazard from the stairwell to its end: reported with a photo, handed out, done, and checked by another."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import transaction
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A building in a grid of the account `coordinator`.
STANDING = text("""
    SELECT building.id FROM building
    JOIN grid ON ST_Contains(grid.outline, building.position)
    JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN duty ON duty.grid_id = grid.id AND duty.during @> now()
    JOIN person ON person.id = duty.person_id AND person.account = 'coordinator'
    WHERE building.retired_at IS NULL ORDER BY building.id LIMIT 1
""")


def photo(colour):
    drawn = BytesIO()
    Image.new("RGB", (80, 60), colour).save(drawn, "JPEG")
    return {"name": "site.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


@pytest.fixture
def standing(site):
    with transaction(site.engine) as session:
        return session.execute(STANDING).one()


def act(visited, words, **fields):
    """Open a step of the case, fill in what it needs, and take it."""
    step = visited.page.locator("details.act").filter(has_text=re.compile(f"^\\s*{words}"))
    step.locator("summary").click()
    for name, value in fields.items():
        step.locator(f"[name={name}]").fill(value)
    step.locator("form button.primary").click()


def test_a_grave_hazard_is_reported_handed_out_done_and_checked_by_another(visit, standing):
    coordinator = visit("coordinator", f"/hazards/new?building={standing.id}&lang=en", PHONE)
    page = coordinator.page
    coordinator.finds_no_barrier()
    page.get_by_role("radio", name="Building structure").check()
    page.get_by_role("radio", name="Grave").check()
    page.locator("#photo").set_input_files(photo("red"))
    expect(page.locator("#photo-shown")).to_be_visible()
    page.locator("#description").fill("balcony is loose")
    if page.locator("#near").is_visible():
        page.get_by_role("checkbox", name="It is another one").check()
    page.locator(".save-bar button").click()
    page.wait_for_url(re.compile(r"/hazards/\d+"))
    case = re.search(r"/hazards/\d+", page.url).group()
    expect(page.get_by_text("balcony is loose")).to_be_visible()
    expect(page.locator(".photos img")).to_have_count(1)

    manager = visit("manager", f"{case}?lang=en")
    act(manager, "Accept")
    act(manager, "File")
    act(manager, "Dispatch", office="housing office")
    expect(manager.page.locator(".tag.state")).to_have_text("Dispatched")
    manager.finds_no_barrier()

    coordinator.forgiven.append("409")
    coordinator.goes_to(case)
    act(coordinator, "Begin")
    act(coordinator, "Done")
    act(coordinator, "Check passed")
    expect(page.get_by_text("somebody who neither was handed it nor did the work")).to_be_visible()

    manager.goes_to(case)
    act(manager, "Check passed")
    act(manager, "Close", told="the balcony was made safe")
    expect(manager.page.locator(".tag.state")).to_have_text("Closed")
    expect(manager.page.get_by_text("Told: the balcony was made safe")).to_be_visible()
    manager.goes_to("/hazards?all=1&kind=structure&lang=en")
    expect(manager.page.locator(f"a[href^='{case}']")).to_be_visible()
