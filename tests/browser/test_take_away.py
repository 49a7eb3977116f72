"""The page of hazards that was taken away, opened from the disk where there is no network."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from app.services import board, take_away
from app.services.heat_points import KeptPoints
from app.services.periods import Period
from tests.services.hazardous import given_hazard
from tests.services.mapped import DISTRICT, given_map


@pytest.fixture
def file(session, tmp_path):
    made = given_map(session)
    for grid in ("W1", "W2", "E2"):
        given_hazard(session, made, grid)
    place = board.place_called(session, DISTRICT)
    now, february = datetime(2026, 3, 2, 4, tzinfo=UTC), Period(date(2026, 2, 1), date(2026, 2, 28))
    page = take_away.take_away(
        session, KeptPoints(), place, february, now, ZoneInfo("Asia/Shanghai"), language="zh"
    )
    path = tmp_path / "hazards.html"
    path.write_text(page, encoding="utf-8")
    return path


def test_it_opens_plays_and_changes_with_no_network(browser, file):
    context = browser.new_context(offline=True, locale="en-GB")
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)

    page.goto(file.as_uri())
    assert page.locator("h1").inner_text() == "锦原区"  # in its maker's language, not the browser's
    page.get_by_role("button", name="English").click()
    assert "28 Feb 2026: 3 open hazards" in page.locator(".week").inner_text()
    assert page.locator("img.heat").get_attribute("src").startswith("data:image/png")

    page.get_by_role("slider").press("Home")
    assert "0 open hazards" in page.locator(".week").inner_text()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".week")).to_contain_text("3 open hazards")
    page.get_by_role("button", name="Pause").click()

    page.get_by_role("button", name="Reported by grid").click()
    assert page.locator(".classes .swatch").count() == 3
    page.get_by_role("button", name="中文").click()
    assert page.locator("h1").inner_text() == "锦原区"
    assert page.locator("html").get_attribute("lang") == "zh-CN"

    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert faults == []
    context.close()
