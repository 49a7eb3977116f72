"""Signing in and keeping people, in a browser."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from app import create_app
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(params=[False, True], ids=["http", "as if https"])
def own_site(site, request):
    """Our site once more, with cookies for HTTP or for HTTPS."""
    app = create_app(replace(site.settings, https=request.param))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", "__Host-gridkeeper" if request.param else "gridkeeper"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["engine"].dispose()


def test_chromium_keeps_the_session_on_this_computer_either_way(browser, site, own_site):
    url, name = own_site
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{url}/me")
    page.fill("#account", "administrator")
    page.fill("#password", site.passwords["administrator"])
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(f"{url}/me")
    [cookie] = [one for one in context.cookies() if one["name"].endswith("gridkeeper")]
    assert cookie["name"] == name
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["secure"] is name.startswith("__Host-")
    assert page.evaluate("document.cookie.includes('gridkeeper')") is False
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(f"{url}/sign-in")
    context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/1", "/people/2", "/me"])
def test_pages_about_people_have_no_barrier_and_fit(visit, path, size):
    visited = visit("administrator", path, size)

    visited.finds_no_barrier()
    assert visited.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_administrator_adds_a_person_who_chooses_a_password(visit, browser, site):
    at_work = visit("administrator", "/people").page
    at_work.get_by_role("link", name="Add a person").click()
    at_work.get_by_label("Name", exact=True).fill("王芳")
    at_work.get_by_label("Account").fill("wang.fang")
    at_work.get_by_label("Role", exact=True).select_option("leader")
    at_work.get_by_label("Area").select_option(site.place)
    at_work.get_by_role("button", name="Add a person").click()
    given = at_work.locator("output").inner_text()

    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Account").fill("wang.fang")
    page.get_by_label("Password").fill(given)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This password was given to you")).to_be_visible()
    page.get_by_label("Present password").fill(given)
    page.get_by_label("New password", exact=True).fill("seven green kites over Hangu")
    page.get_by_label("New password once more").fill("seven green kites over Hangu")
    page.get_by_role("button", name="Change password").click()

    expect(page).to_have_url(f"{site.url}/map")
    context.close()
