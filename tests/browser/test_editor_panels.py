"""The panels of the editor: all that can be done to grids without the map, problems, history, coordinators.

On a site of its own, for these journeys change drafts; each has a draft of its own.
"""

import os
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import transaction
from app.services import editing, operations, problems
from app.services.duplicates import duplicate
from tests.browser.conftest import DESKTOP, PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURES = os.environ.get("PICTURES")  # a folder to keep what was seen in
MOST_TABS = 80
JOURNEY_S = 30


@pytest.fixture(scope="module")
def site(demo_of):
    """A demo of its own."""
    with running_site(*demo_of("panels")) as made:
        yield made


@pytest.fixture
def draft(site):
    """A copy of the plan in force, to be changed; its id."""
    with transaction(site.engine) as session:
        manager = session.scalar(text("SELECT id FROM person WHERE account = 'manager'"))
        return duplicate(session, site.plan_id, manager).id


class Editor:
    """What a manager does in the panels, by keys alone unless a test presses something."""

    def __init__(self, visited, draft):
        self.visited, self.page, self.draft = visited, visited.page, draft

    def is_open(self):
        self.page.wait_for_selector("#tab-problems .badge")
        return self

    def goes_by_tab_to(self, selector):
        """Tab until the focus is there; the way is open to everybody who has only keys."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by Tab to {selector}")

    def types(self, words):
        self.page.keyboard.type(words)

    def presses(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def is_told(self, words):
        expect(self.page.locator("#said")).to_have_text(re.compile(words))

    def is_saved(self):
        expect(self.page.locator("#saving")).to_have_attribute("data-state", "saved")

    def edits(self):
        return self.visited.asks(f"/api/plans/{self.draft}/edits?limit=10")["edits"]

    def grids(self):
        return {grid["id"]: grid for grid in self.visited.asks(f"/api/plans/{self.draft}/grids")["grids"]}

    def keeps_picture(self, name):
        if PICTURES:
            self.page.wait_for_timeout(2500)
            self.page.screenshot(path=Path(PICTURES) / f"panels-{name}.png")


@pytest.fixture
def editor(visit, draft):
    def opened(size=DESKTOP, **wishes):
        return Editor(visit("manager", f"/plans/{draft}/edit", size, **wishes), draft).is_open()

    return opened


def a_building_to_give(site, draft, *, throws_out=False):
    """A grid, a building in it, and the neighbour that may have it: the first that is no trouble.

    throws_out: one that takes a grid out of its band.
    """
    pairs = text("""
        SELECT DISTINCT one.id AS grid, one.code, other.id AS neighbour, other.code AS neighbour_code,
            building.id AS building, building.code AS building_code
        FROM grid AS one JOIN grid AS other ON other.plan_id = one.plan_id
            AND other.community_id = one.community_id AND ST_DWithin(one.outline, other.outline, 1e-7)
        JOIN building ON ST_Within(building.position, one.outline)
            AND ST_DWithin(building.position, other.outline, 0.0003)
        WHERE one.plan_id = :plan AND one.id <> other.id ORDER BY one.code, building.code
    """)
    with transaction(site.engine) as session:
        for pair in session.execute(pairs, {"plan": draft}):
            act = {"do": "give", "buildings": [pair.building], "to": pair.neighbour}
            told = operations.operate(session, draft, 1, act)
            if told["refusal"] is None and told["households_moved"] and len(told["after"]) == 2:
                is_out = any(row["in_band_before"] and not row["in_band_after"] for row in told["after"])
                if is_out == throws_out:
                    return pair, told
    raise AssertionError("no building of the demo can be given away")


def a_problem_to_mend(site, draft, version):
    """How many problems come before the first that a proposal mends for good, and how many there are."""
    with transaction(site.engine) as session:
        found = problems.problems(session, draft)["problems"]
        for number, problem in enumerate(found):
            act = {"do": "repair", "grid": problem["grids"][0]["id"]}
            if problem["kind"] == "out_of_band":
                first, *_ = [*operations.operate(session, draft, version, act)["proposals"], None]
                if first and all(row["in_band_after"] for row in first["after"]):
                    return number, len(found)
    raise AssertionError("the engine has no proposal for any grid")


def test_a_building_goes_to_a_neighbour_by_keys_alone_and_is_read_aloud(editor, site, draft):
    pair, told = a_building_to_give(site, draft)
    manager = editor()
    began = time.monotonic()

    manager.goes_by_tab_to('#list input[type="search"]')
    manager.types(pair.code)
    expect(manager.page.locator("#list [data-grid]")).to_have_count(1)
    manager.goes_by_tab_to("#list [data-grid]")
    manager.presses("Enter")
    expect(manager.page.locator("#list h2")).to_be_focused()
    manager.goes_by_tab_to('#list [data-act="give"]')
    manager.presses("Enter")
    expect(manager.page.locator(".picker")).to_be_visible()
    manager.goes_by_tab_to('.picker input[type="search"]')
    manager.types(pair.building_code)
    expect(manager.page.locator(".picker-list li")).to_have_count(1)
    manager.goes_by_tab_to('.picker-list input[type="checkbox"]')
    manager.presses("Space")
    manager.goes_by_tab_to("#desk-neighbour")
    manager.types(pair.neighbour_code[-3:])
    manager.goes_by_tab_to('[data-act="preview"]')
    manager.presses("Enter")
    expect(manager.page.locator(".offer-title")).to_be_focused()
    manager.is_told("change")
    manager.keeps_picture("offer")
    manager.visited.finds_no_barrier()
    manager.goes_by_tab_to('.offer input[type="text"]')
    manager.types("Nearer to its coordinator")
    manager.presses("Enter")
    expect(manager.page.locator("#list h2")).to_be_focused()
    manager.is_told(f"Grid {pair.code[-3:]} now .* households")
    manager.is_saved()

    assert time.monotonic() - began < JOURNEY_S
    last, *_ = manager.edits()
    assert (last["kind"], last["note"]) == ("move", "Nearer to its coordinator")
    assert last["households"] == told["households_moved"]
    after = {row["grid"]: row["households_after"] for row in told["after"]}
    grids = manager.grids()
    assert {grid: grids[grid]["households"] for grid in after} == after


def test_a_problem_is_found_by_n_and_mended_by_a_proposal_seen_before(editor, site, draft):
    _, told = a_building_to_give(site, draft, throws_out=True)
    manager = editor()
    page = manager.page
    page.evaluate("edit => void gridEditor.perform(edit)", told)
    manager.is_saved()
    mended, before = a_problem_to_mend(site, draft, version=2)
    expect(page.locator("#tab-problems .badge")).to_have_text(str(before))

    manager.presses("n")
    manager.is_told("Problem 1 of")
    manager.presses(*["n"] * mended)
    problem = page.locator('.problem[aria-current="true"]')
    expect(problem).to_contain_text("Out of band")
    manager.is_told(f"Problem {mended + 1} of")
    manager.visited.finds_no_barrier()
    manager.goes_by_tab_to('[data-act="mend"]')
    manager.presses("Enter")
    expect(page.locator(".offer-title")).to_be_focused()
    expect(page.locator(".edit-card.at-work .card-people")).to_contain_text("resident")
    expect(page.locator(".offer .hands-line")).to_contain_text("resident")
    manager.keeps_picture("repair")
    manager.presses("Escape")
    expect(page.locator(".edit-card.at-work")).to_have_count(0)
    assert len(manager.edits()) == 2
    manager.goes_by_tab_to('[data-act="mend"]')
    manager.presses("Enter")
    expect(page.locator(".offer-title")).to_be_focused()
    manager.goes_by_tab_to('.offer button[type="submit"]')
    manager.presses("Enter")
    manager.is_saved()

    expect(page.locator("#tab-problems .badge")).not_to_have_text(str(before))
    assert int(page.locator("#tab-problems .badge").inner_text()) < before
    assert manager.edits()[0]["parameters"]["do"] == "repair"


def test_the_history_leads_back_to_any_state_and_undo_brings_back_what_was_left(editor, site, draft):
    pair, told = a_building_to_give(site, draft)
    manager = editor()
    page = manager.page
    page.evaluate("edit => void gridEditor.perform(edit)", {**told, "note": "tried"})
    manager.is_saved()
    was = manager.grids()[pair.grid]["households"]

    page.get_by_role("tab", name="History").click()
    expect(page.locator(".history-row").first).to_contain_text("tried")
    page.locator('.history-row[data-version="1"]').click()
    expect(page.locator(".history-card")).to_contain_text("State 1")
    expect(page.locator(".history-card tbody tr")).to_have_count(1)
    manager.keeps_picture("history")
    manager.visited.finds_no_barrier()
    page.get_by_role("button", name="Go back to this state").click()
    expect(page.locator(".history-row").first).to_contain_text("Back to state 1")

    assert manager.edits()[0]["kind"] == "restore"
    assert manager.grids()[pair.grid]["households"] == was + told["households_moved"]
    page.get_by_role("button", name="Compare two").click()
    page.locator('.history-row[data-version="3"]').click()
    page.locator('.history-row[data-version="1"]').click()
    expect(page.locator(".history-card")).to_contain_text("Both are the same")
    page.keyboard.press("Control+z")
    expect(page.locator(".history-rows .undone")).to_have_count(1)
    manager.is_saved()
    assert manager.grids()[pair.grid]["households"] == was


@pytest.mark.parametrize(("size", "picture"), [(DESKTOP, "zh"), (PHONE, "zh-phone")])
def test_a_grid_gets_a_name_and_a_coordinator_in_chinese(editor, size, picture):
    manager = editor(size, locale="zh-CN")
    page = manager.page
    if size == PHONE:
        page.get_by_role("tab", name="网格").click()  # the sheet comes up
    row = page.locator("#list [data-grid]").first
    grid = int(row.get_attribute("data-grid"))
    row.click()
    page.get_by_role("button", name="名称、编号、类型").click()
    page.get_by_label("名称").fill("东市场")
    page.get_by_label("编号").fill("0")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("请填写1至999之间的编号。")).to_be_visible()
    page.get_by_label("编号").fill("901")
    manager.keeps_picture(f"details-{picture}")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#list h2")).to_contain_text("东市场")
    page.locator("#list").get_by_role("button", name="安排协理员").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("东市场网格由谁负责？")
    manager.visited.finds_no_barrier()
    manager.keeps_picture(f"assign-{picture}")
    choice = dialog.locator(".assign-row").nth(1)
    name = choice.locator("strong").inner_text()
    choice.click()
    dialog.get_by_role("button", name="确定").click()
    manager.is_told(f"已安排{name}负责东市场网格")
    manager.is_saved()

    now = manager.grids()[grid]
    assert (now["name"], now["code"][-3:], now["planned"]["name"]) == ("东市场", "901", name)
    if size == PHONE:
        page.get_by_role("button", name="着色依据").tap()
        page.get_by_role("combobox", name="着色依据").select_option("coordinator")
        expect(page.locator("#colour-card .legend")).to_contain_text(name)
        manager.keeps_picture(f"colour-{picture}")
        manager.visited.finds_no_barrier()
        page.keyboard.press("Escape")
        expect(page.locator("#colour-card")).to_be_hidden()
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide


def test_single_letters_can_be_switched_off(editor):
    manager = editor()
    page = manager.page
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Next problem")
    manager.visited.finds_no_barrier()
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name="Close").click()

    page.keyboard.press("n")
    expect(page.get_by_role("tab", name="Problems")).to_have_attribute("aria-selected", "false")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("localStorage.clear()")


# A plot at the corner of three grids of a community that may go to either of the two others, and those.
TWO_WAYS = """async () => {
  const { plan, ground } = gridEditor;
  await ground.need(gridEditor.row.bbox);
  for (const { id } of ground.plots()) {
    const from = plan.gridOf(id);
    const near = [...ground.around(id)].filter(([, { open }]) => open).map(([other]) => plan.gridOf(other));
    const mayGo = to =>
      to !== from && plan.grid(to)?.community === plan.grid(from).community &&
      !gridEditor.judged({ kind: 'move', moves: { [id]: [from, to] }, grids: {} });
    const ways = [...new Set(near)].filter(mayGo);
    if (ways.length > 1) return { plot: id, from, mine: ways[0], theirs: ways[1] };
  }
  return null;
}"""


def test_what_two_changed_is_settled_piece_by_piece_on_the_map(editor, site, draft):
    manager = editor()
    page = manager.page
    manager.visited.forgiven += ["net::ERR", "Failed to fetch", "409"]
    found = page.evaluate(TWO_WAYS)
    page.context.set_offline(True)
    edit = """({ plot, from, mine }) => void gridEditor.perform({ kind: 'move', parameters: {},
        moves: { [plot]: [from, mine] }, grids: { [from]: { name: [null, 'Mine'] } } })"""
    page.evaluate(edit, found)
    with transaction(site.engine) as session:
        colleague = session.scalar(text("SELECT id FROM person WHERE account = 'administrator'"))
        named = {found["from"]: {"name": (None, "Theirs")}}
        moves = {found["plot"]: (found["from"], found["theirs"])}
        editing.save(session, draft, 1, editing.Wanted("move", moves, changes=named), colleague)
    page.context.set_offline(False)

    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".conflict-pieces > li")).to_have_count(2)
    expect(page.locator(".pin")).to_have_count(1)
    on_map = "plot => (gridEditor.previewed?.plan ?? gridEditor.plan).gridOf(plot)"
    for version, grid in (("mine", "mine"), ("theirs", "theirs")):
        dialog.locator(f'input[name="conflict-seen"][value="{version}"]').check()
        assert page.evaluate(on_map, found["plot"]) == found[grid]
    dialog.locator('input[name="conflict-seen"][value="chosen"]').check()
    dialog.locator('[data-piece="0"] input[value="mine"]').check()
    assert page.evaluate(on_map, found["plot"]) == found["mine"]
    manager.keeps_picture("conflict")
    manager.visited.finds_no_barrier()
    dialog.get_by_role("button", name="Let it be so").click()
    expect(dialog).to_have_count(0)
    manager.is_saved()

    last = manager.edits()[0]
    assert (last["version"], last["plots"]) == (3, 1)
    assert page.evaluate("plot => gridEditor.plan.gridOf(plot)", found["plot"]) == found["mine"]
    assert manager.grids()[found["from"]]["name"] == "Theirs"


def test_an_exact_grid_and_a_lock_are_edits_of_the_list_that_ctrl_z_takes_back(editor, site, draft):
    manager = editor()
    page = manager.page
    with transaction(site.engine) as session:
        grid, ring = session.execute(OPEN_GROUND, {"plan": draft}).one()
    page.evaluate("id => void gridEditor.select({ grids: [id] })", grid)
    page.locator("#list").get_by_role("button", name="New grid from it").click()
    page.get_by_label("What lies within an outline").check()
    page.get_by_label("Outline", exact=True).fill(ring)
    page.get_by_label("Exactly: open ground is cut").check()
    page.get_by_label("Kind", exact=True).select_option("park")
    page.locator('#list [data-act="preview"]').click()
    expect(page.locator(".offer-title")).to_be_focused()
    expect(page.locator(".offer")).to_contain_text("cut along the outline")
    manager.keeps_picture("exact")
    manager.visited.finds_no_barrier()
    page.locator('.offer button[type="submit"]').click()
    manager.is_saved()
    page.wait_for_function("() => gridEditor.version === 2")
    last = manager.edits()[0]
    assert (last["kind"], last["parameters"]["exact"], last["ground"] is None) == ("draw", True, False)
    made = page.evaluate("() => gridEditor.selection.grids[0]")
    assert manager.grids()[made]["kind"] == "park"
    page.keyboard.press("Control+z")
    page.wait_for_function("() => gridEditor.version === 3 && gridEditor.saving === 'saved'")
    assert made not in manager.grids()

    page.evaluate("id => void gridEditor.select({ grids: [id] })", grid)
    page.locator("#list").get_by_role("button", name="Lock").click()
    expect(page.locator("#list").get_by_role("button", name="Unlock")).to_be_visible()
    manager.is_saved()
    assert manager.grids()[grid]["locked"]
    page.locator("#map canvas").first.focus()
    page.keyboard.press("Control+z")
    expect(page.locator("#list").get_by_role("button", name="Lock", exact=True)).to_be_visible()
    manager.is_saved()
    assert not manager.grids()[grid]["locked"]
    assert [edit["kind"] for edit in manager.edits()[:2]] == ["undo", "change"]


def ground_to_give(site, draft):
    """A plot nobody has built on, and a neighbour that may have it."""
    beside = text("""
        SELECT DISTINCT own.plot_id AS plot, own.grid_id AS grid, beyond.grid_id AS neighbour
        FROM plan JOIN grid_plot AS own ON own.plan_id = plan.id
        JOIN tessellation_plot AS counted ON counted.tessellation_id = plan.tessellation_id
            AND counted.plot_id = own.plot_id AND counted.buildings = 0
        JOIN plot_edge AS edge ON edge.tessellation_id = plan.tessellation_id
            AND own.plot_id IN (edge.plot_id, edge.neighbour_id)
        JOIN grid_plot AS beyond ON beyond.plan_id = plan.id AND beyond.grid_id <> own.grid_id
            AND beyond.plot_id IN (edge.plot_id, edge.neighbour_id)
        WHERE plan.id = :plan ORDER BY plot, neighbour
    """)
    with transaction(site.engine) as session:
        for pair in session.execute(beside, {"plan": draft}):
            act = {"do": "give", "plots": [pair.plot], "to": pair.neighbour}
            if operations.operate(session, draft, 1, act)["refusal"] is None:
                return pair
    raise AssertionError("no open ground of the demo can be given away")


def test_a_line_open_ground_and_a_compound_need_no_map(editor, site, draft):
    pair = ground_to_give(site, draft)
    manager = editor()
    page = manager.page
    desk = page.locator("#list")

    def looks_at(grid, act):
        page.evaluate("id => void gridEditor.select({ grids: [id] })", grid)
        if not desk.locator(f'[data-act="{act}"]').count():
            page.evaluate("() => void gridEditor.select({ grids: [] })")
            page.evaluate("id => void gridEditor.select({ grids: [id] })", grid)
        desk.locator(f'[data-act="{act}"]').click()
        expect(desk.locator('[data-act="preview"]')).to_be_visible()

    def previews_and_accepts(version, picture):
        desk.locator('[data-act="preview"]').click()
        expect(desk.locator(".offer-title")).to_be_focused()
        manager.keeps_picture(picture)
        manager.visited.finds_no_barrier()
        desk.locator('.offer button[type="submit"]').click()
        page.wait_for_function("version => gridEditor.version === version", arg=version)
        manager.is_saved()

    looks_at(pair.grid, "ground")
    desk.locator('[data-act="preview"]').click()
    expect(desk.get_by_text("Tick at least one plot.")).to_be_visible()
    desk.locator(f'.picker-list input[value="{pair.plot}"]').check()
    assert page.evaluate("() => [...gridEditor.selection.plots]") == [pair.plot]
    desk.get_by_label("To which neighbour?").select_option(str(pair.neighbour))
    manager.keeps_picture("ground")
    previews_and_accepts(2, "ground-offer")
    assert page.evaluate("plot => gridEditor.plan.gridOf(plot)", pair.plot) == pair.neighbour

    looks_at(pair.neighbour, "cut")
    desk.locator(f'.picker-list input[value="{pair.plot}"]').check()
    desk.get_by_role("button", name="Grid ").first.click()
    assert page.evaluate("() => gridEditor.selection.plots") == []  # hatched no longer
    looks_at(pair.neighbour, "cut")
    desk.locator(f'.picker-list input[value="{pair.plot}"]').check()
    desk.get_by_label("Across the middle").check()
    manager.keeps_picture("cut")
    desk.locator('[data-act="preview"]').click()
    expect(desk.locator(".offer")).to_contain_text("Becomes")
    plots = page.evaluate("() => gridEditor.plan.plots")
    manager.keeps_picture("cut-offer")
    desk.locator('.offer button[type="submit"]').click()
    page.wait_for_function("() => gridEditor.version === 3")
    manager.is_told("can go to different grids")
    assert page.evaluate("() => gridEditor.plan.plots") > plots
    assert manager.edits()[0]["kind"] == "cut"

    grids = len(manager.grids())
    looks_at(pair.grid, "divide")
    desk.get_by_label("Halfway between two buildings").check()
    ids = (
        desk.get_by_label("Between building")
        .locator("option")
        .evaluate_all("all => all.map(one => one.value)")
    )
    desk.get_by_label("And building").select_option(ids[0])
    desk.locator('[data-act="preview"]').click()
    expect(desk.get_by_role("alert")).to_contain_text("Choose two buildings that stand apart.")
    desk.get_by_label("And building").select_option(ids[-1])
    manager.keeps_picture("divide")
    previews_and_accepts(4, "divide-offer")
    assert len(manager.grids()) == grids + 1
    assert manager.edits()[0]["parameters"]["do"] == "divide_by_line"

    listed = lambda: manager.visited.asks(f"/api/places/{site.place}/compounds")["compounds"]  # noqa: E731
    drawn = lambda: [(one["name"], one["kind"], one["buildings"]) for one in listed() if one["drawn"]]  # noqa: E731
    looks_at(pair.neighbour, "compound")
    houses = manager.visited.asks(f"/api/grids/{pair.neighbour}/buildings?limit=500")["buildings"]
    near, far = page.evaluate(NEAR_AND_FAR, houses)
    tick = lambda house: desk.locator(f'.picker-list input[value="{house}"]').check()  # noqa: E731
    tick(near[0])
    tick(far)
    desk.locator('[data-act="preview"]').click()
    expect(desk.get_by_role("alert")).to_contain_text("does not touch the other buildings")
    desk.locator(f'.picker-list input[value="{far}"]').uncheck()
    tick(near[1])
    desk.get_by_role("textbox", name="Name").fill("老槐院")
    manager.keeps_picture("compound")
    desk.locator('[data-act="preview"]').click()
    expect(desk.locator(".offer-title")).to_have_text("老槐院 · rental compound")
    expect(desk.locator(".offer-title")).to_be_focused()
    manager.keeps_picture("compound-offer")
    manager.visited.finds_no_barrier()
    desk.locator('.offer button[type="submit"]').click()
    manager.is_told("The rental compound is on the map.")
    page.wait_for_function(
        "() => gridMap.loaded() && gridMap.queryRenderedFeatures({ layers: ['compound'] })"
        ".some(({ properties }) => properties.name === '老槐院')"
    )
    assert drawn() == [("老槐院", "rental compound", 2)]

    looks_at(pair.neighbour, "compound")
    desk.get_by_label("Compound", exact=True).select_option(label="老槐院")
    desk.get_by_label("Kind", exact=True).select_option(label="estate")
    desk.locator('[data-act="preview"]').click()
    expect(desk.locator(".offer")).to_contain_text("The outline stays: 2 buildings")
    desk.locator('.offer button[type="submit"]').click()
    manager.is_told("The compound is changed.")
    assert drawn() == [("老槐院", "estate", 2)]
    looks_at(pair.neighbour, "compound")
    desk.get_by_label("Compound", exact=True).select_option(label="老槐院")
    desk.get_by_role("button", name="Take off").click()
    manager.is_told("is taken off the map")
    assert drawn() == []


# Of buildings as the API tells them the ids of two on plots that touch, and of one that touches neither.
NEAR_AND_FAR = """houses => {
  const { ground } = gridEditor;
  const plots = new Map(houses.map(({ id, position }) => [id, ground.plotAt(position).id]));
  const touch = (one, other) => ground.around(plots.get(one)).has(plots.get(other));
  const ids = [...plots.keys()];
  for (const one of ids)
    for (const other of ids.filter(id => touch(one, id))) {
      const isNear = id => [one, other].some(near => plots.get(id) === plots.get(near) || touch(id, near));
      const far = ids.find(id => !isNear(id));
      if (far !== undefined) return [[one, other], far];
    }
  return null;
}"""


# The most roomy open ground within a plot: a square of 12 m that no building is near, as corners to paste.
OPEN_GROUND = text("""
    WITH open AS (
        SELECT grid_plot.grid_id, ST_MaximumInscribedCircle(ST_Difference(plot.geometry, coalesce((
            SELECT ST_Union(building.geometry) FROM building
            WHERE ST_Intersects(building.geometry, plot.geometry)
        ), 'SRID=4326;POLYGON EMPTY'::geometry))) AS circle
        FROM grid_plot JOIN plot ON plot.id = grid_plot.plot_id WHERE grid_plot.plan_id = :plan
    ), roomy AS (
        SELECT grid_id, (circle).center AS centre FROM open ORDER BY (circle).radius DESC LIMIT 1
    )
    SELECT grid_id, ST_AsGeoJSON(ST_MakeEnvelope(
        ST_X(centre) - 0.00008, ST_Y(centre) - 0.00006, ST_X(centre) + 0.00008, ST_Y(centre) + 0.00006, 4326
    )) FROM roomy
""")
