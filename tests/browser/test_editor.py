"""The map editor: borders dragged, pushed and pressed, grids divided, saved behind, together with others.

On a site of its own, for these journeys change drafts; each has a draft of its own.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.db import transaction
from app.services import duplicates
from tests.browser.conftest import PHONE, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NEAR = 15.6
SAVED_MS = 30_000

# A plot at the border of two grids that may change hands, nearest to the middle of the map: where the
# border is, and where the pointer goes, in pixels of the page.
MOVABLE = """() => {
  const { plan, ground } = gridEditor;
  const box = document.querySelector('#map').getBoundingClientRect();
  const bar = document.querySelector('#bar').getBoundingClientRect();
  const middle = [box.x + box.width * 0.3, Math.max(bar.bottom + 60, box.y + box.height * 0.42)];
  const onPage = point => { const { x, y } = gridMap.project(point); return [x + box.x, y + box.y]; };
  const found = [];
  for (const plot of ground.plots()) {
    for (const [id, { open }] of ground.around(plot.id)) {
      const other = ground.plot(id);
      if (!open || !other || other.households === 0 || ground.plotAt(other.point) !== other) continue;
      const [to, from] = [plan.gridOf(plot.id), plan.gridOf(id)];
      if (to === from || plan.grid(to).community !== plan.grid(from).community) continue;
      const line = ground.line(plot.id, id)[0];
      if (!line || line.length < 4) continue;
      const at = Math.floor(line.length / 4) * 2;
      const border = onPage([(line[at - 2] + line[at]) / 2, (line[at - 1] + line[at + 1]) / 2]);
      found.push({ plot: id, from, to, border, point: onPage(other.point),
        away: Math.hypot(border[0] - middle[0], border[1] - middle[1]) });
    }
  }
  found.sort((one, other) => one.away - other.away);
  for (const one of found.slice(0, 60)) {
    if (gridEditor.ground.missing([one.from, one.to].flatMap(id => plan.grid(id).plots)).length) continue;
    const shown = gridEditor.preview({ kind: 'move', moves: { [one.plot]: [one.from, one.to] }, grids: {} });
    gridEditor.preview(null);
    if (!shown.refusal) return one;
  }
  return null;
}"""


@pytest.fixture(scope="module")
def site(demo_of):
    """A demo of its own."""
    with running_site(*demo_of("editor")) as made:
        yield made


@pytest.fixture
def draft(site):
    """A draft that begins as the plan in force."""
    with transaction(site.engine) as session:
        session.execute(text("UPDATE plan SET slot = NULL WHERE slot IS NOT NULL"))
        return duplicates.duplicate(session, site.plan_id, None).id


class Editing:
    """What a manager does with the editor."""

    def __init__(self, visited, plan):
        self.visited, self.page, self.plan = visited, visited.page, plan

    def opens(self, language="en"):
        self.visited.goes_to(f"/plans/{self.plan}/edit?lang={language}")
        self.page.wait_for_function("() => Boolean(globalThis.gridEditor?.plan)", timeout=SAVED_MS)
        self.visited.sees_the_map()
        self.page.evaluate("zoom => void gridMap.jumpTo({ zoom })", NEAR)
        self.page.wait_for_function(
            "() => gridMap.loaded() && gridEditor.ground.size > 0"
            " && gridMap.queryRenderedFeatures({ layers: ['edit-border'] }).length > 0",
            timeout=60_000,
        )
        return self

    def chooses_tool(self, name):
        self.page.locator(f'[data-tool="{name}"]').click()

    def finds_a_border(self):
        found = self.page.evaluate(MOVABLE)
        assert found is not None
        return found

    def drags(self, start, end):
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=6)
        mouse.up()

    def households(self, grid):
        return self.page.evaluate("id => gridEditor.plan.grid(id)?.households ?? null", grid)

    def grid_of(self, plot):
        return self.page.evaluate("plot => gridEditor.plan.gridOf(plot)", plot)

    def previews(self):
        return self.page.evaluate("() => gridEditor.previewed?.moves.size ?? 0")

    def sees_saved(self, version):
        self.page.wait_for_function(
            "version => gridEditor.saving === 'saved' && gridEditor.version === version",
            arg=version,
            timeout=SAVED_MS,
        )

    def sees_saving(self, words):
        expect(self.page.locator("#saving")).to_contain_text(words, timeout=SAVED_MS)


@pytest.fixture
def manager(visit, draft):
    return lambda **wishes: Editing(visit("manager", "/me", **wishes), draft)


def stored(site, plan, plot):
    with transaction(site.engine) as session:
        asked = "SELECT grid_id FROM grid_plot WHERE plan_id = :plan AND plot_id = :plot"
        return session.scalar(text(asked), {"plan": plan, "plot": plot})


def test_a_border_is_dragged_saved_undone_and_done_again(manager, site):
    editor = manager().opens()
    editor.chooses_tool("border")
    found = editor.finds_a_border()
    before = {grid: editor.households(grid) for grid in (found["from"], found["to"])}

    editor.drags(found["border"], found["point"])
    moved = editor.previews()
    expect(editor.page.get_by_role("button", name="Accept")).to_be_enabled()
    editor.visited.finds_no_barrier()
    editor.page.keyboard.press("Enter")
    editor.sees_saved(2)

    assert moved >= 1
    assert sum(before.values()) == editor.households(found["from"]) + editor.households(found["to"])
    assert editor.households(found["from"]) < before[found["from"]]
    assert stored(site, editor.plan, found["plot"]) == found["to"]

    editor.page.keyboard.press("Control+z")
    editor.sees_saved(3)
    assert editor.households(found["from"]) == before[found["from"]]
    assert stored(site, editor.plan, found["plot"]) == found["from"]

    editor.opens()
    assert editor.grid_of(found["plot"]) == found["from"]
    editor.page.keyboard.press("Control+Shift+z")
    editor.sees_saved(4)
    assert stored(site, editor.plan, found["plot"]) == found["to"]


def test_what_is_not_accepted_is_not_done(manager):
    editor = manager().opens()
    editor.chooses_tool("border")
    found = editor.finds_a_border()

    editor.drags(found["border"], found["point"])
    shown = editor.previews()
    editor.page.keyboard.press("Escape")

    assert (shown > 0, editor.previews()) == (True, 0)
    assert editor.grid_of(found["plot"]) == found["from"]
    assert editor.page.evaluate("() => gridEditor.version") == 1


def test_a_border_is_pushed_with_nothing_but_keys(manager):
    editor = manager().opens()
    page = editor.page
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => gridEditor.selection.grids.length === 1")
    page.keyboard.press("b")
    page.wait_for_function("() => gridEditor.selection.grids.length === 2")

    for _ in range(8):  # borders where nothing may go are passed over
        for arrow in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
            if editor.previews() == 0:
                page.keyboard.press(arrow)
        if editor.previews():
            break
        page.keyboard.press("]")
    assert editor.previews() == 1
    expect(page.locator("#said")).to_contain_text("households")
    page.keyboard.press("Enter")

    editor.sees_saved(2)


def test_a_border_is_moved_without_dragging_by_pressing_its_plots(manager, site):
    editor = manager().opens()
    editor.chooses_tool("border")
    found = editor.finds_a_border()

    editor.page.mouse.click(*found["border"])
    editor.page.mouse.click(*found["point"])
    expect(editor.page.get_by_role("button", name="Accept")).to_be_enabled()
    editor.page.get_by_role("button", name="Accept").click()
    editor.sees_saved(2)

    assert stored(site, editor.plan, found["plot"]) == found["to"]


def test_a_grid_is_divided_by_a_line_and_named(manager, site):
    editor = manager().opens()
    page = editor.page
    grids = page.evaluate("() => gridEditor.plan.size")
    grid = page.evaluate(
        """() => {
          const grid = [...gridEditor.plan.grids()].find(({ plots }) => plots.length > 6);
          const [west, south, east, north] = grid.bbox;
          const [map, side] = ['#map', '#side'].map(id => document.querySelector(id).getBoundingClientRect());
          const padding = { top: 200, bottom: 140, left: 80, right: Math.max(0, map.right - side.left) + 40 };
          gridMap.fitBounds([[west, south], [east, north]], { padding, duration: 0 });
          return grid.id;
        }"""
    )
    page.wait_for_function(
        "id => gridMap.loaded() && !gridEditor.ground.missing(gridEditor.plan.grid(id).plots).length",
        arg=grid,
        timeout=SAVED_MS,
    )
    start, end = page.evaluate(
        """id => {
          const box = document.querySelector('#map').getBoundingClientRect();
          const [west, south, east, north] = gridEditor.plan.grid(id).bbox;
          return [west, east].map(edge => {
            const { x, y } = gridMap.project([edge, (south + north) / 2]);
            return [x + box.x, y + box.y];
          });
        }""",
        grid,
    )
    page.keyboard.press("x")
    page.mouse.click(*start)
    page.mouse.click(*end)
    page.wait_for_function("() => gridEditor.previewed?.edit.kind === 'divide'")
    page.keyboard.press("Enter")
    editor.sees_saved(2)
    assert page.evaluate("() => gridEditor.plan.size") == grids + 1
    codes = page.evaluate("() => [...gridEditor.plan.grids()].map(grid => grid.code)")
    assert len(set(codes)) == grids + 1
    assert all(re.fullmatch(r"\d{15}", code) for code in codes)

    page.evaluate("id => void gridEditor.select({ grids: [id] })", grid)
    editor.chooses_tool("rename")
    page.locator('#bar input[name="name"]').fill("Old market")
    page.locator('#bar select[name="kind"]').select_option("market")
    page.locator("#bar").get_by_role("button", name="Save").click()
    editor.sees_saved(3)
    with transaction(site.engine) as session:
        asked = text("SELECT name, kind FROM grid WHERE id = :id")
        assert session.execute(asked, {"id": grid}).one() == ("Old market", "market")


# Pixels of the map that nothing lies over, from the bar of a tool down to the card.
FREE = """() => {
  const [bar, card] = ['#bar', '.edit-card'].map(one => document.querySelector(one).getBoundingClientRect());
  return card.top - bar.bottom;
}"""


def test_a_finger_drags_a_border(manager, site):
    editor = manager(size=PHONE).opens()
    page = editor.page
    editor.chooses_tool("border")
    found = editor.finds_a_border()
    touch = page.context.new_cdp_session(page)

    def sends(kind, points):
        points = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    (x, y), (to_x, to_y) = found["border"], found["point"]
    sends("touchStart", [(x, y)])
    for step in range(1, 5):
        sends("touchMove", [(x + (to_x - x) * step / 4, y + (to_y - y) * step / 4)])
    assert page.locator("#bar").is_hidden()  # the hand needs the room
    sends("touchEnd", [])
    expect(page.locator(".edit-card.at-work")).to_be_visible()
    assert page.evaluate(FREE) >= PHONE[1] / 2
    page.get_by_role("button", name="More figures").tap()
    expect(page.locator(".edit-card")).to_contain_text("Compactness")
    page.get_by_role("button", name="Accept").tap()
    editor.sees_saved(2)

    assert stored(site, editor.plan, found["plot"]) == found["to"]


def test_without_a_network_an_edit_waits_and_is_sent_when_it_is_back(manager, site):
    editor = manager().opens()
    editor.visited.forgiven += ["net::ERR", "Failed to fetch"]
    editor.chooses_tool("border")
    found = editor.finds_a_border()

    editor.page.context.set_offline(True)
    editor.drags(found["border"], found["point"])
    editor.page.keyboard.press("Enter")
    editor.sees_saving("kept here")
    assert stored(site, editor.plan, found["plot"]) == found["from"]

    editor.page.context.set_offline(False)
    editor.sees_saved(2)
    assert stored(site, editor.plan, found["plot"]) == found["to"]


def test_an_edit_that_waits_outlives_a_reload(manager, site):
    editor = manager().opens()
    editor.visited.forgiven.append("net::ERR")
    editor.chooses_tool("border")
    found = editor.finds_a_border()
    saves = re.compile(rf"/api/plans/{editor.plan}/edits$")

    editor.page.route(saves, lambda route: route.abort())
    editor.drags(found["border"], found["point"])
    editor.page.keyboard.press("Enter")
    editor.sees_saving("kept here")
    editor.page.unroute(saves)
    editor.opens()
    editor.sees_saved(2)

    assert stored(site, editor.plan, found["plot"]) == found["to"]


def test_two_managers_see_each_other_s_edits(manager):
    one, other = manager().opens(), manager(size=(1200, 760)).opens("zh")
    one.chooses_tool("border")
    found = one.finds_a_border()

    one.drags(found["border"], found["point"])
    one.page.keyboard.press("Enter")
    one.sees_saved(2)
    other.sees_saved(2)

    assert other.grid_of(found["plot"]) == found["to"]
    assert other.households(found["from"]) == one.households(found["from"])


def test_a_compound_is_drawn_changed_and_taken_off(manager, site):
    editor = manager().opens()
    page = editor.page
    box = page.locator("#map").bounding_box()
    at = lambda x, y: (box["x"] + box["width"] * 0.3 + x, box["y"] + box["height"] * 0.55 + y)  # noqa: E731
    listed = lambda: editor.visited.asks(f"/api/places/{site.place}/compounds")["compounds"]  # noqa: E731
    drawn = lambda: [one for one in listed() if one["drawn"]]  # noqa: E731
    editor.chooses_tool("compound")

    for corner in (at(0, 0), at(120, 0), at(120, 90), at(0, 90)):
        page.mouse.click(*corner)
    page.get_by_role("textbox", name="Name").fill("老槐院")
    page.get_by_role("button", name="Add the compound").click()
    expect(page.get_by_role("combobox", name="Compound", exact=True)).to_contain_text("老槐院")
    before = drawn()
    page.get_by_role("combobox", name="Compound", exact=True).select_option(label="老槐院")
    shown = page.evaluate(
        "corner => { const { x, y } = gridMap.project(corner); return [x, y]; }",
        before[0]["polygon"]["coordinates"][0][2],
    )
    page.mouse.click(box["x"] + shown[0], box["y"] + shown[1])
    page.mouse.click(box["x"] + shown[0] + 60, box["y"] + shown[1] + 40)
    page.get_by_role("combobox", name="Kind", exact=True).select_option(label="estate")
    page.get_by_role("button", name="Save the compound").click()
    expect(page.get_by_role("combobox", name="Compound", exact=True)).to_have_value("0")
    after = drawn()

    assert [one["name"] for one in before] == ["老槐院"]
    assert [(one["id"], one["kind"]) for one in after] == [(before[0]["id"], "estate")]
    rings = [one[0]["polygon"]["coordinates"][0] for one in (before, after)]
    assert len(rings[1]) == len(rings[0])
    assert len({tuple(corner) for corner in rings[0]} - {tuple(corner) for corner in rings[1]}) == 1

    page.get_by_role("combobox", name="Compound", exact=True).select_option(label="老槐院")
    page.get_by_role("button", name="Take off").click()
    expect(page.get_by_role("combobox", name="Compound", exact=True)).to_have_count(0)
    assert drawn() == []
