"""In a stairwell without signal: what is due is there, what is written is kept, sealed, and arrives once.

In a browser of its own, which is killed.
"""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import transaction
from tests.browser.chromium import CHROMIUM, FLAGS, QUIET_FLAGS
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKED = "金丝雀想修灯"
HELP = "SELECT purpose FROM need WHERE purpose LIKE :ours ORDER BY id"


@pytest.fixture
def phone(browser, tmp_path):
    """Opens the browser of one phone, again and again on the same storage."""
    folder = tmp_path / "storage"

    def on():
        return browser.browser_type.launch_persistent_context(
            folder,
            executable_path=CHROMIUM,
            args=[*FLAGS, *QUIET_FLAGS],
            viewport={"width": PHONE[0], "height": PHONE[1]},
            has_touch=True,
            locale="en-GB",
            reduced_motion="reduce",
        )

    on.folder = folder
    yield on
    kill(folder)


def kill(folder):
    """End every process of the browser on this storage, as a battery does."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        if str(folder).encode() in command:
            os.kill(int(entry.name), signal.SIGKILL)


def sign_in(page, site, path):
    page.goto(f"{site.url}/sign-in?next={path}")
    page.fill("#account", "coordinator")
    page.fill("#password", site.passwords["coordinator"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{path}")
    page.locator("#phone-line").wait_for(state="attached")  # the store is there by then


READY = """async () => {
    const opened = await new Promise(done => {
        const asked = indexedDB.open('gridkeeper-phone');
        asked.onsuccess = () => done(asked.result);
    });
    const kept = name => new Promise(done => {
        const asked = opened.transaction(name).objectStore(name).count();
        asked.onsuccess = () => done(asked.result);
    });
    const counts = opened.objectStoreNames.length ? [await kept('handsets'), await kept('packs')] : [0];
    opened.close();
    return counts.every(count => count === 1) && (await caches.match('/phone')) !== undefined
        && navigator.serviceWorker.controller !== null;
}"""


def is_ready(page):
    """The worker answers for this page, the phone is known, and what is due is taken along."""
    for _ in range(100):
        if page.evaluate(READY):
            return
        page.wait_for_timeout(200)
    pytest.fail("the phone took nothing along")


def visit_without_signal(page, site, number):
    page.goto(f"{site.url}/today")
    page.locator(".due-rows a").nth(number).click()
    page.get_by_label("nobody home").check()
    page.get_by_label("Asked").fill(f"{ASKED}{number}")
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url("**/today")


def help_without_signal(page, site):
    """A visit at whose door somebody asks for help, and is given its code."""
    page.goto(f"{site.url}/today")
    page.locator(".due-rows a[href*='household=']").last.click()
    page.get_by_label("met somebody").check()
    page.get_by_role("button", name="Add a need").click()
    page.get_by_label("Service", exact=True).select_option(index=1)
    page.get_by_label("What it is about").fill(ASKED)
    page.get_by_label("The household was told").check()
    expect(page.locator("[data-need-code]")).to_have_text(re.compile(r"^\w{4}-\w{4}-\w{4}$"))
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url("**/today")


def asked_of(site, question="SELECT asked FROM promise WHERE asked LIKE :ours ORDER BY id"):
    """What was asked for in visits of this journey, in the order in which it came."""
    with transaction(site.engine) as session:
        session.execute(text("SELECT set_config('gridkeeper.purpose', 'request', true)"))
        session.execute(
            text(
                "SELECT set_config('gridkeeper.staff', (SELECT string_agg(path::text, ',') FROM place), true)"
            )
        )
        return session.scalars(text(question), {"ours": f"{ASKED}%"}).all()


def test_what_was_written_without_signal_survives_the_phone_and_arrives_once_in_order(phone, site):
    before = asked_of(site)  # by a former try of this journey, where there was one
    helped = asked_of(site, HELP)
    context = phone()
    page = context.pages[0]
    sign_in(page, site, "/today")
    is_ready(page)
    context.set_offline(True)

    for number in range(3):
        visit_without_signal(page, site, number)
    help_without_signal(page, site)
    expect(page.locator("#phone-line")).to_contain_text("4 entries are kept on this phone, sealed")
    stored = b"".join(part.read_bytes() for part in phone.folder.rglob("IndexedDB/**/*") if part.is_file())
    assert len(stored) > 1000
    assert "金丝雀".encode() not in stored
    assert "金丝雀".encode("utf-16-le") not in stored
    kill(phone.folder)

    context = phone()
    context.clear_cookies()  # a browser that was killed may keep them or not
    page = context.pages[0]
    context.set_offline(True)
    page.goto(f"{site.url}/me")
    expect(page.locator("#entries li[data-state=unsent]")).to_have_count(4)
    context.set_offline(False)
    page.goto(f"{site.url}/phone")
    expect(page.locator("#phone-line")).to_contain_text("You are signed out. 4 entries are kept")
    sign_in(page, site, "/phone")  # sent from the page without signal, which holds no token
    expect(page.locator("#entries li[data-state=done]")).to_have_count(4)
    expect(page.locator("#phone-line")).to_be_hidden()
    context.close()

    assert asked_of(site) == [*before, *(f"{ASKED}{number}" for number in range(3))]
    assert asked_of(site, HELP) == [*helped, ASKED]
