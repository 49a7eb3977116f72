"""The life of a plan, as its people live it: submitted, sent back, approved, in force on its day, past.

On a site of its own, for the journey changes what others look at.
"""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app import jobs as working
from app.db import open_engine, transaction
from app.services import due_plans, jobs
from tests.browser.conftest import MAP_MS, PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(demo_of):
    """A demo whose plan has been in force for a month."""
    logins, folder = demo_of("plan_life")
    with running_site(logins, folder) as made:
        owner = open_engine(logins.owner)
        with transaction(owner) as session:  # what no app can: the past is written by hand
            session.execute(text("ALTER TABLE plan DISABLE TRIGGER plan_is_frozen"))
            session.execute(text("UPDATE plan SET published_at = now() - interval '30 days'"))
            session.execute(text("ALTER TABLE plan ENABLE TRIGGER plan_is_frozen"))
        owner.dispose()
        yield made


def the_day_comes(site, day):
    """What a worker does when it finds the day has come."""
    with transaction(site.engine) as session:
        (job,) = due_plans.ask_due(session, day)
        attempt = jobs.take_up(session, job)
    working.do(site.engine, job, attempt)


def card(visited, words):
    return visited.page.locator(".draft-card").filter(has_text=words)


def presses_the_map(visited):
    box = visited.page.locator(".review-canvas").bounding_box()
    visited.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_plan_is_submitted_sent_back_approved_and_in_force_on_its_day(visit, site):
    today = datetime.now(site.settings.timezone).date()
    plans = f"/plans?place={site.place}"

    manager = visit("manager", plans)
    manager.page.get_by_role("button", name="Copy").first.click()
    expect(card(manager, "Plan 2")).to_contain_text("draft")
    manager.finds_no_barrier()
    card(manager, "Plan 2").get_by_role("button", name="Submit").click()
    dialog = manager.page.get_by_role("dialog")
    dialog.get_by_label("Note to the leaders").fill("as it was")
    dialog.get_by_role("button", name="Submit").click()
    expect(card(manager, "Plan 2")).to_contain_text("waiting for review")
    expect(card(manager, "Plan 2").get_by_role("button", name="Publish")).to_have_count(0)

    leader = visit("leader", plans)
    expect(leader.page.get_by_text("A plan waits for your decision")).to_be_visible()
    leader.page.get_by_role("link", name=re.compile("Draft A · Plan 2")).click()
    leader.page.wait_for_url(re.compile(r"/plans/\d+/review"))
    review = leader.page.url.removeprefix(site.url)
    leader.sees_the_map()
    leader.page.get_by_role("button", name="Comment", exact=True).click()
    presses_the_map(leader)
    expect(leader.page.locator(".comment-where")).to_contain_text(re.compile(r"Pinned to grid \d+"))
    leader.page.get_by_label("What is to change here?").fill("Why this way?")
    leader.page.get_by_role("button", name="Send", exact=True).click()
    expect(leader.page.locator(".comments").first).to_contain_text("Why this way?")
    expect(leader.page.get_by_role("button", name="Comment 1")).to_be_visible()
    leader.finds_no_barrier()
    leader.page.get_by_role("button", name="Send back").click()
    expect(leader.page.get_by_text("Say what is to change")).to_be_visible()
    leader.page.get_by_label("Note to the managers").fill("Look at the pin")
    leader.page.get_by_role("button", name="Send back").click()
    expect(leader.page.locator(".tag").first).to_have_text("sent back")

    manager.page.reload()
    expect(card(manager, "Plan 2")).to_contain_text("“Look at the pin”")
    card(manager, "Plan 2").get_by_role("link", name="1 open comment").click()
    manager.page.get_by_role("button", name="Settle").click()
    expect(manager.page.get_by_text("1 settled comment")).to_be_visible()
    manager.page.get_by_role("button", name="Submit").click()
    manager.page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(manager.page.locator(".tag").first).to_have_text("waiting for review")

    leader.goes_to(review)
    tomorrow = today + timedelta(days=1)
    expect(leader.page.get_by_label("In force from")).to_have_value(tomorrow.isoformat())
    leader.page.get_by_role("button", name="Approve").click()
    expect(leader.page.locator(".tag").first).to_have_text("approved")
    the_day_comes(site, tomorrow)

    manager.goes_to(plans)
    expect(manager.page.locator("tr").filter(has_text="Plan 2")).to_contain_text("in force")
    yesterday = today - timedelta(days=1)
    manager.goes_to(f"/map?place={site.place}&date={yesterday}")
    expect(manager.page.locator(".map-day")).to_contain_text(f"As of {yesterday.day} ")
    expect(manager.page.locator(".where-plan")).to_contain_text("Plan 1")
    manager.sees_the_map()
    manager.page.locator("tbody tr").first.click()
    expect(manager.page.locator(".people")).to_contain_text("林晓", timeout=MAP_MS)
    manager.page.get_by_role("button", name="Back to today").click()
    expect(manager.page.locator(".where-plan")).to_contain_text("Plan 2")
    expect(manager.page.locator(".map-day")).to_be_hidden()
    expect(manager.page).not_to_have_url(re.compile("date="))


def test_a_day_before_the_first_plan_says_so_and_a_day_can_be_chosen(visit, site):
    manager = visit("manager", f"/map?place={site.place}&date=2001-02-03")
    page = manager.page
    expect(page.get_by_text("On 3 February 2001 no plan was in force")).to_be_visible()

    day = datetime.now(site.settings.timezone).date() - timedelta(days=3)
    page.get_by_label("On the day").fill(day.isoformat())
    page.get_by_label("On the day").press("Tab")

    expect(page.locator(".where-plan")).to_contain_text("Plan 1")
    expect(page).to_have_url(re.compile(f"date={day}"))
    page.go_back()
    expect(page.get_by_text("On 3 February 2001 no plan was in force")).to_be_visible()


def test_a_manager_assigns_who_answers_for_a_grid(visit, site):
    manager = visit("manager", f"/map?place={site.place}")
    page = manager.page
    manager.sees_the_map()
    page.locator("tbody tr").first.click()
    page.get_by_role("button", name="Change the coordinator").click()
    dialog = page.get_by_role("dialog", name=re.compile("Who answers"))
    expect(dialog.get_by_label("Coordinator")).to_contain_text("households")
    manager.finds_no_barrier()

    dialog.get_by_label("Coordinator").select_option("")
    dialog.get_by_role("button", name="Assign").click()

    expect(page.get_by_role("button", name="Assign a coordinator")).to_be_visible(timeout=MAP_MS)
    expect(page.locator(".grid-panel")).to_contain_text(re.compile("vacant", re.IGNORECASE))


def test_an_administrator_lets_leaders_approve_every_plan(visit, site):
    administrator = visit("administrator", f"/plans?place={site.place}")
    switch = administrator.page.get_by_label("Managers publish without a leader’s approval")
    expect(switch).to_be_checked()
    switch.uncheck()
    expect(administrator.page.get_by_text("Plans need an approval now.")).to_be_visible()

    manager = visit("manager", f"/plans?place={site.place}")
    expect(manager.page.get_by_text("once a leader has approved them")).to_be_visible()
    administrator.page.get_by_label("Managers publish without").check()
    expect(administrator.page.get_by_text("Managers publish alone now.")).to_be_visible()


def test_two_plans_are_compared_on_the_same_ground(visit, site):
    with transaction(site.engine) as session:
        ids = session.scalars(text("SELECT id FROM plan ORDER BY id")).all()
    manager = visit("manager", f"/plans/{ids[-1]}/compare?with={ids[0]}")

    ground = manager.page.locator(".same-ground")

    expect(ground).to_contain_text("nothing on the ground changed")


@pytest.mark.parametrize("path", ["review", "compare"])
def test_the_pages_of_a_plan_fit_a_phone_in_chinese(visit, site, path):
    leader = visit("leader", f"/plans/{site.plan_id}/{path}", size=PHONE, locale="zh-CN", color_scheme="dark")
    page = leader.page

    page.wait_for_load_state("networkidle")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    leader.finds_no_barrier()


def test_buildings_that_change_hands_are_a_list_on_a_phone(visit, site):
    with transaction(site.engine) as session:
        ids = session.scalars(text("SELECT id FROM plan ORDER BY id")).all()
    code = f"{site.place}001001001"
    building = {
        "id": 1, "code": f"{code}0001", "name": "云光雅居 12号楼", "name_pinyin": "Yunguangyaju 12 Hao Lou",
        "households": 160, "from": code, "to": f"{code[:-3]}002", "position": [113.1, 36.2],
    }  # fmt: skip
    told = {"total": 1, "households": 160, "people": 400, "buildings": [building], "next": None}
    manager = visit("manager", "/me", PHONE)
    page = manager.page
    page.route("**/moved-buildings?*", lambda route: route.fulfill(json=told))
    manager.goes_to(f"/plans/{ids[-1]}/compare?with={ids[0]}&lang=en")
    row = page.locator("#moved tbody tr")
    expect(row).to_contain_text("Yunguangyaju 12 Hao Lou")

    wider = "all => all.map(one => one.scrollWidth - one.clientWidth).filter(more => more > 1)"
    assert page.locator(".table-frame, html").evaluate_all(wider) == []
    assert [cell.get_attribute("data-name") for cell in row.locator("td").all()] == [
        "Households",
        "From grid",
        "To grid",
    ]
    with page.expect_request("**/moved-buildings?*sort=name*"):
        page.locator("#moved thead").get_by_role("button", name="Building").click()
