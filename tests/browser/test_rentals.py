"""A coordinator's days with rentals and needs, on a phone; a resident who follows, and a manager's table.

On a site of its own, for the journeys change what others look at.
"""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import transaction
from app.services.personal import open_places
from tests.browser.conftest import PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A household in a grid of the account `coordinator` whose dwelling nobody lets.
NOT_LET = text("""
    SELECT household.id, household.building_id, building.code, dwelling.code AS door
    FROM household JOIN dwelling ON dwelling.id = household.dwelling_id
    JOIN building ON building.id = household.building_id
    JOIN grid ON ST_Contains(grid.outline, building.position)
    JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN duty ON duty.grid_id = grid.id AND duty.during @> now()
    JOIN person ON person.id = duty.person_id AND person.account = 'coordinator'
    WHERE household.ended_on IS NULL
        AND NOT EXISTS (SELECT FROM rental WHERE rental.dwelling_id = dwelling.id)
        AND NOT EXISTS (SELECT FROM need WHERE need.household_id = household.id)
    ORDER BY household.id LIMIT 1
""")


@pytest.fixture(scope="module")
def site(demo_of):
    with running_site(*demo_of("rentals")) as made:
        yield made


@pytest.fixture
def home(site):
    with transaction(site.engine) as session:
        open_places(session, [site.place], "import")
        return session.execute(NOT_LET).one()


def photo():
    drawn = BytesIO()
    Image.new("RGB", (60, 80), "white").save(drawn, "JPEG")
    return {"name": "contract.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


def test_a_dwelling_is_registered_as_let_with_tenants_and_a_signed_contract(visit, home):
    visited = visit("coordinator", f"/households/{home.id}", PHONE)
    page = visited.page
    page.get_by_role("link", name="Register a rental").click()
    page.get_by_label("Landlord").fill("赵房东")
    page.get_by_label("Telephone").fill("199 0000 0001")
    page.get_by_label("Rooms").fill("2")
    visited.finds_no_barrier()
    page.get_by_role("button", name="Register").click()

    expect(page.get_by_role("link", name="19900000001")).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).first.click()  # the household that lives there
    expect(page.get_by_text("Say they moved out")).to_be_visible()
    page.get_by_label("Scan or photo").last.set_input_files(photo())
    page.get_by_role("button", name="Add", exact=True).last.click()

    expect(page.get_by_role("link", name="Scan")).to_be_visible()
    expect(page.locator(".tags")).to_contain_text("Contract · until")
    expect(page.locator(".tags")).to_contain_text("Safety letter · missing")
    visited.finds_no_barrier()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".panel-head").get_by_role("link", name="Safety letter").click()
    expect(page.locator(".sheet h1")).to_have_text("出租房屋安全责任书")
    expect(page.locator(".sheet")).to_contain_text("赵房东")

    visited.goes_to(f"/households/{home.id}")
    expect(page.locator("#rental")).to_contain_text("赵房东")
    visited.goes_to("/rentals")
    expect(page.locator(".rentals")).to_contain_text("赵房东")
    expect(page.locator(".rentals")).not_to_contain_text("19900000001")


def test_a_need_is_asked_referred_answered_and_followed_by_the_resident(visit, browser, site, home):
    visited = visit("coordinator", f"/households/{home.id}", PHONE)
    page = visited.page
    page.get_by_role("link", name="Add a need").click()
    page.get_by_label("Service").select_option(label="Legal aid · Legal aid centre")
    page.get_by_label("What it is about").fill("押金未退，想咨询律师")
    page.get_by_role("checkbox").check()
    visited.finds_no_barrier()
    page.get_by_role("button", name="Save").click()
    code = page.locator("output").inner_text()
    assert re.fullmatch(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", code)
    page.get_by_role("button", name="Refer").click()
    expect(page.locator(".referrals")).to_contain_text("Legal aid centre")
    expect(page.locator("output")).to_have_count(0)

    resident = browser.new_context(locale="zh-CN", viewport={"width": PHONE[0], "height": PHONE[1]})
    theirs = resident.new_page()
    theirs.goto(f"{site.url}/follow")
    theirs.get_by_label("查询码").fill(code.lower())
    theirs.get_by_role("button", name="查询").click()
    expect(theirs.locator("main")).to_contain_text("已转介")
    expect(theirs.locator("main")).to_contain_text("法律援助中心")
    assert code not in theirs.url

    page.get_by_label("What came of it").fill("已约定3月5日面谈")
    page.get_by_role("button", name="Save the answer").click()
    expect(page.locator("h1")).to_contain_text("done")
    theirs.goto(f"{site.url}/follow")
    theirs.get_by_label("查询码").fill(code)
    theirs.get_by_role("button", name="查询").click()
    expect(theirs.locator("main")).to_contain_text("已约定3月5日面谈")
    theirs.get_by_role("button", name="撤回需求").click()
    expect(theirs.locator("main")).to_contain_text("未留任何记录")
    resident.close()
    visited.goes_to(f"/households/{home.id}")
    expect(page.locator("#needs")).to_contain_text("Nothing was asked for")


def test_a_manager_looks_at_a_table_and_enters_it(visit, home):
    known = f"{home.code},9901,试某,１９９００００００９９"
    rows = f"楼栋编码,房屋编号,姓名,联系电话\r\n{known}\r\nNOWHERE,1,试某某,\r\n"
    table = {"name": "居民.csv", "mimeType": "text/csv", "buffer": rows.encode("gb18030")}
    visited = visit("manager", "/import/registers")
    page = visited.page
    page.get_by_label("File").set_input_files(table)
    page.get_by_role("button", name="Look first").click()

    expect(page.locator(".figures")).to_contain_text("Taken")
    expect(page.locator(".table")).to_contain_text("No building has this code")
    expect(page.locator("main")).to_contain_text("GB18030")
    expect(page.locator("main")).not_to_contain_text("试某")
    visited.finds_no_barrier()
    page.get_by_label("File").set_input_files(table)
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("heading", name="Entered")).to_be_visible()
    visited.goes_to(f"/buildings/{home.building_id}")
    expect(page.locator("main")).to_contain_text("9901")
