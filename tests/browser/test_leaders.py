"""What a leader does: from the heat to a case in two presses, the heat that fades, the report on paper."""

from __future__ import annotations

import re
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import transaction
from app.models import Job
from app.services import accounts, made_files, months
from tests.services.cases import goes, reported

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ZONE = ZoneInfo("Asia/Shanghai")
STEPS = ("accept", "file", "dispatch", "begin", "claim", "verify", "close")


def here() -> datetime:
    return datetime.now(UTC).astimezone(ZONE)


@contextmanager
def office(site):
    """A transaction, and the manager in it."""
    with transaction(site.engine) as session:
        manager = session.scalar(text("SELECT id FROM person WHERE account = 'manager'"))
        yield session, accounts.actor_of(session, manager, here().date())


@pytest.fixture
def late(site) -> int:
    """A gas hazard of two months ago that nobody has looked at since."""
    with office(site) as (session, manager):
        building = session.scalar(text("SELECT min(id) FROM building WHERE retired_at IS NULL"))
        return reported(session, manager, building, here() - timedelta(days=60))


@pytest.fixture
def file_made(site) -> int:
    """A file of hazards that a worker has made for the leader, for the list on the page of heat."""
    with transaction(site.engine) as session:
        leader = session.scalar(text("SELECT id FROM person WHERE account = 'leader'"))
        job = Job(
            kind=made_files.KIND,
            state="done",
            asked_by=leader,
            parameters={"place": site.place, "format": "xlsx", "rows": 21_000},
            result={"rows": 21_000, "bytes": 1_200_000},
            ended_at=here(),
        )
        session.add(job)
        session.flush()
        return job.id


def streams_of(pdf: bytes) -> list[bytes]:
    """What is packed in a PDF, unpacked; streams packed in another way are left out."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(packed))
        except zlib.error:
            continue
    return found


def letters_of(streams: list[bytes]) -> str:
    """The letters that the fonts of a PDF say they draw: what its maps to Unicode lead to."""
    found = {
        bytes.fromhex(one.decode())
        for stream in streams
        if b"beginbfchar" in stream
        for one in re.findall(rb"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>", stream)
    }
    return "".join(one.decode("utf-16-be", "replace") for one in found)


def test_a_leader_goes_from_the_heat_to_a_late_case_in_two_presses_and_sees_it_fade(
    visit, site, late, file_made
):
    leader = visit("leader", f"/heat?place={site.place}&lang=en")
    page = leader.page
    number = page.locator("button.heat-number[data-kind='gas'][data-state='overdue']")
    expect(number).to_be_visible()
    before = int(number.inner_text().replace(",", ""))

    number.click()
    expect(page.locator(".heat-sites .muted").first).to_contain_text(f"{before} hazard")
    listed = page.get_by_role("link", name="As a list of cases").get_attribute("href")
    page.locator(".heat-site a[data-case]").first.click()
    page.wait_for_url(re.compile(r"/hazards/\d+"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gas")

    leader.goes_to(f"{listed}&lang=en")
    expect(page.locator("#count")).to_contain_text(str(before))
    weight = leader.asks(f"/api/places/{site.place}/heat?kind=gas&state=overdue")["weight"]
    with office(site) as (session, manager):
        goes(session, manager, late, *STEPS, now=here())
    leader.goes_to(f"/heat?place={site.place}&kind=gas&state=overdue&lang=en")
    expect(page.locator(".heat-meant")).to_contain_text(f"{before - 1} hazard")
    assert leader.asks(f"/api/places/{site.place}/heat?kind=gas&state=overdue")["weight"] < weight

    leader.sees_the_map()
    with page.expect_download() as taken:
        page.locator("[data-take='png']").click()
    picture = taken.value.path().read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 50_000  # a map, not a white sheet
    expect(page.locator(f"a[href*='/{file_made}']")).to_be_attached()
    leader.finds_no_barrier()


@pytest.mark.parametrize(
    ("language", "head", "part"),
    [("en", "Monthly report on hazards", "What comes next"), ("zh", "隐患治理月报", "下月打算")],
)
def test_a_leader_opens_the_report_prints_it_and_looks_at_it(visit, site, language, head, part):
    today = here().date()
    month = f"{months.months_on(today.replace(day=1), -1):%Y-%m}"
    leader = visit("leader", f"/reports?place={site.place}&lang={language}")
    page = leader.page
    page.locator(f"a[href*='/{month}']:not([download])").click()
    sheet = page.locator("article.report")
    expect(sheet.get_by_role("heading", level=1)).to_contain_text(head)
    leader.finds_no_barrier()

    page.emulate_media(media="print")
    expect(page.locator("[data-act='print']")).to_be_hidden()
    expect(sheet.locator(".sheet-map svg[role='img']").first).to_be_visible()
    expect(sheet.get_by_text(part)).to_be_visible()
    page.emulate_media(media="screen")

    with page.expect_download() as taken:
        page.get_by_role("link", name="PDF", exact=True).click()
    pdf = taken.value.path().read_bytes()
    assert pdf.startswith(b"%PDF-")
    streams = streams_of(pdf)
    assert 1 <= sum(len(re.findall(rb"/Type /Page\b", stream)) for stream in streams) <= 6
    letters = letters_of(streams)
    assert set(head) - {" "} <= set(letters), set(head) - set(letters)


def test_on_a_phone_all_tasks_of_a_leader_are_whole_and_in_reach(visit, site):
    leader = visit("leader", f"/reports?place={site.place}&lang=en", size=(390, 844))
    page = leader.page
    tasks = page.locator(".rail :is(a, button):visible")
    cut = """all => all.filter(one => {
        const at = one.getBoundingClientRect();
        return at.left < 0 || at.right > innerWidth || at.bottom > innerHeight || at.height < 44;
    }).length"""
    assert (tasks.count(), tasks.evaluate_all(cut)) == (6, 0)
    more = page.get_by_role("button", name="More")
    more.click()

    expect(tasks).to_have_count(12)  # eight tasks, language, theme, me, and what opened them
    assert tasks.evaluate_all(cut) == 0
    leader.finds_no_barrier()
    page.keyboard.press("Escape")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.click()
    page.get_by_role("link", name="Figures").click()
    page.wait_for_url(re.compile("/indicators"))
