"""Re-balancing in the browser: grids have left their band, a manager sees it, looks at proposals, takes one.

On a site of its own, with a worker, for the journey changes what others look at.
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import open_engine, transaction
from app.services.alerts import look
from tests.browser.conftest import DESKTOP, PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
WORK_MS = 180_000
PICTURES = os.environ.get("PICTURES")  # a folder to keep what was seen in


@pytest.fixture(scope="module")
def site(demo_of):
    """A demo of its own in which sixty households moved into one building, and somebody who does the work."""
    logins, folder = demo_of("rebalance")
    with running_site(logins, folder) as made:
        sixty_households_move_in(made)
        environ = {
            **os.environ,
            "DATABASE_URL": logins.owner.url.render_as_string(hide_password=False),
            "DATABASE_APP_URL": logins.app.url.render_as_string(hide_password=False),
            "GRIDKEEPER_UPLOADS": str(made.settings.uploads),
        }
        worker = subprocess.Popen(
            [sys.executable, "-c", "from app import jobs; jobs.run_worker()"], cwd=ROOT, env=environ
        )
        yield made
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


def sixty_households_move_in(site) -> None:
    """Into the fullest grid in band, as an import would count it: its smallest plots get more."""
    with transaction(open_engine(site.settings.logins.owner)) as session:
        session.execute(
            text("""
                WITH fullest AS (
                    SELECT grid.id, grid.plan_id FROM grid JOIN plan ON plan.id = grid.plan_id
                    WHERE plan.id = :plan AND grid.households BETWEEN plan.least AND plan.most
                    ORDER BY grid.households DESC LIMIT 1
                ), few AS (
                    SELECT counted.tessellation_id, counted.plot_id
                    FROM fullest JOIN grid_plot ON grid_plot.grid_id = fullest.id
                    JOIN tessellation_plot AS counted ON counted.plot_id = grid_plot.plot_id
                        AND counted.tessellation_id = grid_plot.tessellation_id
                    WHERE counted.households > 0 ORDER BY counted.households, counted.plot_id LIMIT 6
                )
                UPDATE tessellation_plot AS counted SET households = counted.households + 10 FROM few
                WHERE counted.tessellation_id = few.tessellation_id AND counted.plot_id = few.plot_id
            """),
            {"plan": site.plan_id},
        )
        place_id = session.scalar(text("SELECT place_id FROM plan WHERE id = :plan"), {"plan": site.plan_id})
        assert look(session, place_id) == 1


def keep_picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_manager_puts_right_what_has_left_its_band(visit, site):
    manager = visit("manager", "/map")
    page = manager.page
    expect(page.locator(".side .alerts")).to_contain_text("One grid has left its band")
    manager.sees_the_map()
    keep_picture(page, "map")
    page.get_by_role("link", name="Re-balance").click()
    page.wait_for_url(re.compile(r"/plans/\d+/rebalance"))

    page.get_by_role("button", name=re.compile("^Mend")).click()
    expect(page.locator(".proposal").first).to_be_visible(timeout=WORK_MS)
    expect(page.locator(".move").first).to_be_visible()
    expect(page.locator(".proposal").first).to_contain_text("the least possible")
    manager.finds_no_barrier()
    page.wait_for_timeout(3000 if PICTURES else 0)
    keep_picture(page, "proposals")
    page.locator(".proposal").first.get_by_role("button", name="Make this a draft").click()

    page.wait_for_url(re.compile(r"/plans/\d+/compare"))
    with transaction(site.engine) as session:
        drafts = session.execute(
            text("SELECT edit.kind, edit.parameters ->> 'want' FROM edit JOIN plan ON plan.id = edit.plan_id"
                 " WHERE plan.state = 'draft'")
        ).all()  # fmt: skip
    assert drafts == [("rebalance", "mend")]


@pytest.mark.parametrize(("size", "locale"), [(DESKTOP, "zh-CN"), (PHONE, "en-GB")])
def test_an_estate_that_opens_is_planned_for(visit, site, size, locale):
    manager = visit("manager", f"/plans/{site.plan_id}/rebalance", size, locale=locale)
    page = manager.page
    page.locator('.wish[data-want="opens"]').click()
    page.locator("#estate-search").fill("1")
    page.locator(".estate-found button").first.click()
    page.locator(".estate-list input").fill("400")
    keep_picture(page, f"estate-{locale}")

    page.locator(".estate .primary").click()

    expect(page.locator(".proposal").first).to_be_visible(timeout=WORK_MS)
    manager.finds_no_barrier()
    page.wait_for_timeout(3000 if PICTURES else 0)
    keep_picture(page, f"opened-{locale}")
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide
