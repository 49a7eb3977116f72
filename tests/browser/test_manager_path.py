"""The manager's path: choose files, see the report, import, split, compare, publish, and what goes wrong.

On a site of its own, with a worker, for these journeys change what others look at.
"""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

import geodata
from app.db import transaction
from tests.browser.conftest import COMMUNITIES, PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
WORKER = f"""
from app import jobs
jobs.HEARTBEAT_SECONDS = 0.5
jobs.run_worker(program=({sys.executable!r}, "-m", "tests.browser.held_jobs"))
"""
READ_MS, WORK_MS = 60_000, 180_000
DEMO_SEED = 1


@pytest.fixture(scope="module")
def hold(tmp_path_factory):
    """While this file is there, splits stay half-way."""
    return tmp_path_factory.mktemp("hold") / "splits"


@pytest.fixture(scope="module")
def site(demo_of, hold):
    """A demo of its own, and somebody who does the work."""
    logins, folder = demo_of("manager_path")
    with running_site(logins, folder) as made:
        environ = {
            **os.environ,
            "DATABASE_URL": logins.owner.url.render_as_string(hide_password=False),
            "DATABASE_APP_URL": logins.app.url.render_as_string(hide_password=False),
            "GRIDKEEPER_UPLOADS": str(made.settings.uploads),
            "HELD_JOBS": str(hold),
        }
        worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environ)
        yield made
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


@pytest.fixture(scope="module")
def layers():
    """The demo's own ground, as its files tell it."""
    return geodata.district(communities=COMMUNITIES, seed=DEMO_SEED)


@pytest.fixture(scope="module")
def changed_file(layers, tmp_path_factory):
    """The demo a year later: three buildings are gone, and in five there live ten households more."""
    buildings = layers["buildings"].iloc[3:].copy()
    buildings.iloc[:5, buildings.columns.get_loc("households")] += 10
    path = tmp_path_factory.mktemp("files") / "锦原区2027.gpkg"
    geodata.write({**layers, "buildings": buildings}, path)
    return path


@pytest.fixture(scope="module")
def other_file(layers, tmp_path_factory):
    """A district elsewhere, with codes of its own."""
    moved = {}
    for name, layer in layers.items():
        layer = layer.copy()
        layer["geometry"] = layer.geometry.translate(xoff=0.5)
        for column in ("code", "parent", "community", "compound"):
            if column in layer:
                layer[column] = layer[column].str.replace("^140499", "140498", regex=True)
        moved[name] = layer
    path = tmp_path_factory.mktemp("files") / "elsewhere.gpkg"
    geodata.write(moved, path)
    return path


def counted(site, table):
    with transaction(site.engine) as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608


def sends(visited, *paths):
    """Choose files and wait for what was read."""
    visited.page.locator("#files").set_input_files([str(path) for path in paths])
    visited.page.wait_for_url(re.compile(r"/import/\d+"))


def test_a_manager_brings_his_district_up_to_date_splits_and_publishes(visit, site, changed_file, hold):
    manager = visit("manager", "/import")
    page = manager.page
    buildings, in_force = counted(site, "building WHERE retired_at IS NULL"), site.plan_id

    sends(manager, changed_file)
    expect(page.get_by_text("Nothing is stored yet")).to_be_visible(timeout=READ_MS)
    expect(page.locator(".drawing path").first).to_be_attached()
    expect(page.locator("#place option:checked")).to_contain_text("same ground")
    assert counted(site, "building WHERE retired_at IS NULL") == buildings
    manager.finds_no_barrier()

    page.get_by_label("Whose data").fill("长治市")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="What moved")).to_be_visible(timeout=WORK_MS)
    figures = page.locator(".figures").last
    expect(figures).to_contain_text(re.compile(r"Changed\s*5"))
    expect(figures).to_contain_text(re.compile(r"Gone\s*3"))
    assert counted(site, "building WHERE retired_at IS NULL") == buildings - 3

    page.get_by_role("link", name="Split into grids").click()
    page.get_by_role("button", name="400 (300–500)").click()
    expect(page.get_by_text(re.compile(r"About \d+ grids from"))).to_be_visible()
    hold.touch()
    page.get_by_role("button", name="Split into A").click()
    expect(page.locator(".job-step")).to_contain_text("Dividing into grids", timeout=WORK_MS)
    page.reload()  # the page finds its work again
    expect(page.locator(".job-step")).to_contain_text("Dividing into grids")
    expect(page.get_by_role("button", name="Split into A")).to_be_disabled()
    hold.unlink()
    expect(page.locator("#outcome")).to_contain_text("ready as a draft", timeout=WORK_MS)
    page.get_by_role("link", name="Before and after").click()
    page.wait_for_url(re.compile(r"/plans/\d+/compare"))
    draft = int(page.url.split("/")[-2])

    expect(page.locator(".swipe-map canvas")).to_have_count(2, timeout=WORK_MS)
    expect(page.locator(".compared-whose")).to_have_text("长治市")
    divider = page.get_by_role("slider", name="Divider between before and after")
    divider.focus()
    page.keyboard.press("Home")
    expect(divider).to_have_attribute("aria-valuenow", "0")
    expect(page.locator(".swipe-side.before")).to_have_attribute("inert", "")
    expect(page.get_by_text("Households changing hands")).to_be_visible()
    expect(page.get_by_text(re.compile(r"coordinators? change"))).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("cannot be taken back")
    dialog.get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile("/map"))
    manager.sees_the_map()
    plans = {plan["id"]: plan["state"] for plan in manager.asks(f"/api/places/{site.place}/plans")["plans"]}
    assert (plans[draft], plans[in_force]) == ("published", "retired")


def test_an_administrator_imports_a_new_district(visit, site, other_file):
    administrator = visit("administrator", "/import")
    page = administrator.page

    sends(administrator, other_file)
    expect(page.locator("#code")).to_have_value("140498", timeout=READ_MS)
    page.locator("#name").fill("新区")
    page.get_by_role("button", name="Import").click()

    expect(page.get_by_text("Imported")).to_be_visible(timeout=WORK_MS)
    assert counted(site, "place WHERE code = '140498'") == 1
    assert list(site.settings.uploads.iterdir()) == []


def test_a_broken_file_says_which_and_what_to_do_and_stores_nothing(visit, site, tmp_path):
    broken = tmp_path / "楼栋.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [{"type"', encoding="utf-8")
    manager = visit("manager", "/import")
    before = counted(site, "building")

    sends(manager, broken)

    said = manager.page.get_by_role("alert").first
    expect(said).to_contain_text("楼栋.geojson", timeout=READ_MS)
    expect(manager.page.get_by_role("link", name="Choose other files")).to_be_visible()
    assert counted(site, "building") == before
    manager.page.get_by_role("button", name="Discard").click()
    manager.page.wait_for_url(re.compile("/import$"))


def test_rows_left_out_are_listed_with_the_reason(visit, tmp_path):
    square = [[113.1, 36.2], [113.1004, 36.2], [113.1004, 36.1996], [113.1, 36.1996], [113.1, 36.2]]
    houses = [
        {"type": "Feature", "properties": {"code": f"B{n}", "households": count}, "geometry": shape}
        for n, (count, shape) in enumerate(
            [
                (12, {"type": "Polygon", "coordinates": [square]}),
                (-3, {"type": "Polygon", "coordinates": [[[x + 0.001, y] for x, y in square]]}),
                (5, {"type": "Point", "coordinates": [113.1, 36.2]}),
            ]
        )
    ]
    path = tmp_path / "buildings.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": houses}), encoding="utf-8")
    manager = visit("manager", "/import")

    sends(manager, path)

    expect(manager.page.get_by_text("1 row left out")).to_be_visible(timeout=READ_MS)
    expect(manager.page.get_by_text("1 change made")).to_be_visible()
    reasons = manager.page.locator("details table").first
    expect(reasons).to_contain_text(re.compile("its geometry is a point", re.IGNORECASE))
    expect(reasons).to_contain_text("B2")


def test_a_split_is_cancelled_and_nothing_is_stored(visit, site, hold):
    manager = visit("manager", f"/split?place={site.place}")
    page = manager.page
    before = counted(site, "plan")

    hold.touch()
    page.get_by_role("button", name="Split into A").click()
    expect(page.locator(".job-step")).to_contain_text("Dividing into grids", timeout=WORK_MS)
    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("Cancelled. Nothing was stored.")).to_be_visible(timeout=20_000)
    hold.unlink()
    assert counted(site, "plan") == before
    expect(page.get_by_role("button", name="Split into A")).to_be_enabled()


@pytest.mark.parametrize("path", ["/import", "/split", "/plans"])
def test_the_pages_fit_a_phone_in_chinese(visit, path):
    manager = visit("manager", path, size=PHONE, locale="zh-CN", color_scheme="dark")
    page = manager.page

    expect(page.locator("main h1")).to_have_text(re.compile("导入|划分|方案"))
    page.wait_for_load_state("networkidle")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    manager.finds_no_barrier()
