"""A browser, and a site with a small demo district for it to visit.

`visit` opens a page as one of the demo's people, and ends by asking that nothing went wrong unseen: no word
on the console (the browser reports broken rules of content security there), no request to another host.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import Engine
from werkzeug.serving import make_server

from app import create_app
from app.cluster import Cluster
from app.config import Hashing, Logins, Settings
from app.db import open_engine, transaction
from app.services.demo import CODE, Demo, make_demo
from app.services.passwords import passwords
from tests.browser.chromium import CHROMIUM, FLAGS, QUIET_FLAGS

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DEMO = "template_demo"
CHEAP = Hashing(time_cost=1, memory_kib=8, lanes=1)
COMMUNITIES = 2
DESKTOP, PHONE = (1280, 800), (390, 844)  # few pixels: they are drawn without a graphics card
MAP_MS = 60_000  # drawing without a graphics card
SHORT_LIVED = "--js-flags=--no-turbofan"  # pages live for seconds: that compiler costs more than it gains
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey that fails is walked once more, and the summary names it (R).

    Drawn without a graphics card while other work has the processor, a browser now and then misses a press.
    A fault of ours fails twice.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, *QUIET_FLAGS, SHORT_LIVED]
        )
        yield chromium
        chromium.close()


@dataclass
class Site:
    """A running application with a demo district in force, and who may sign in there."""

    url: str
    engine: Engine
    settings: Settings
    plan_id: int
    passwords: dict[str, str]
    place: str = CODE
    states: dict[str, Any] = field(default_factory=dict)  # what the browser keeps of who signed in


DemoOf = Callable[[str], tuple[Logins, Path]]


@pytest.fixture(scope="session")
def demo_of(
    new_database: Callable[..., Logins], test_cluster: Cluster, worker_id: str, tmp_path_factory: Any
) -> DemoOf:
    """Copy the demo into a database of that name, with a folder of its own; the demo is made once a run."""
    kept = test_cluster.folder / "demo.json"

    def copy(name: str) -> tuple[Logins, Path]:
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                unfinished = kept.with_suffix(".new")
                _demo(new_database(DEMO, "template_at_head"), unfinished)
                unfinished.rename(kept)
        folder = tmp_path_factory.mktemp(name)
        shutil.copy(kept, folder / "demo.json")
        return new_database(f"{name}_{worker_id}", DEMO), folder

    return copy


def _demo(logins: Logins, kept_in: Path) -> Demo:
    """Make what is missing of the demo, and tell what is there."""
    engine = open_engine(logins.app)
    now = datetime.now(UTC)
    made = make_demo(
        lambda: transaction(engine), kept_in, passwords(CHEAP), now, communities=COMMUNITIES
    )  # fmt: skip
    engine.dispose()  # a database that somebody is connected to cannot be copied
    return made


@pytest.fixture(scope="session")
def site(demo_of: DemoOf) -> Iterator[Site]:
    """The site all visit that change nothing in it."""
    with running_site(*demo_of("browser")) as made:
        yield made


@contextmanager
def running_site(logins: Logins, folder: Path) -> Iterator[Site]:
    """A site of one's own on a copy of the demo, or on an empty database at the head of the migrations."""
    settings = Settings(
        logins=logins,
        secret_key=b"a key for tests only",
        uploads=folder / "uploads",
        exports=folder / "exports",
        hashing=CHEAP,
    )
    demo = _demo(logins, folder / "demo.json")
    engine = open_engine(logins.app)
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(
        f"http://127.0.0.1:{server.port}", engine, settings, demo.plan_id,
        {one.account: one.password for one in demo.accounts},
    )  # fmt: skip
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["engine"].dispose()
    app.extensions["public_engine"].dispose()
    engine.dispose()


@dataclass
class Visit:
    """A page somebody looks at, and what was said and asked for meanwhile."""

    page: Page
    site: Site
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)  # parts of what may be said, where a test provokes it

    def goes_to(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def sees_the_map(self) -> None:
        """Waits until everything is drawn."""
        self.page.wait_for_selector('body[data-map="idle"]', timeout=MAP_MS)

    def asks(self, path: str) -> Any:
        """What the API answers to this person."""
        answer = self.page.request.get(self.site.url + path)
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def finds_no_barrier(self) -> None:
        """Nothing serious in this state for people who see, hear or move otherwise (axe-core)."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))  # not a script tag: the page forbids others'
        found = self.page.evaluate(
            "axe.run(document, { resultTypes: ['violations'] }).then(all => all.violations)"
        )
        serious = [
            (one["id"], [node["html"] for node in one["nodes"][:3]], one["nodes"][0]["failureSummary"])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], json.dumps(serious, indent=1, ensure_ascii=False)

    def nothing_went_wrong(self) -> None:
        said = [text for text in self.said if not any(part in text for part in self.forgiven)]
        hosts = {urlsplit(url).netloc for url in self.asked if not url.startswith(("data:", "blob:"))}
        assert said == []
        assert hosts <= {urlsplit(self.site.url).netloc}


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[dict[Any, BrowserContext]]:
    """One for each sort of visitor, for all tests: scripts are fetched and compiled once."""
    opened: dict[Any, BrowserContext] = {}
    yield opened
    for context in opened.values():
        context.close()


@pytest.fixture
def visit(
    browser: Browser, site: Site, contexts: dict[Any, BrowserContext]
) -> Iterator[Callable[..., Visit]]:
    """Open a page as somebody: `visit("manager", "/map")`. What a former visit chose is forgotten."""
    made: list[Visit] = []

    def go(
        account: str = "manager", path: str = "/map", size: tuple[int, int] = DESKTOP, **wishes: Any
    ) -> Visit:
        wishes = {"locale": "en-GB", "color_scheme": "light", "has_touch": size == PHONE, **wishes}
        state = _signed_in(browser, site, account)
        sort = (site.url, account, size, tuple(sorted(wishes.items())))
        if sort not in contexts:
            contexts[sort] = browser.new_context(
                viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **wishes
            )
        context = contexts[sort]
        if not any(visited.page.context == context for visited in made):
            context.set_offline(False)  # a journey that broke off without signal left it so
            context.clear_cookies()
            context.add_cookies(state["cookies"])
        visited = Visit(context.new_page(), site)
        made.append(visited)
        page = visited.page
        page.on("console", lambda message: message.type != "log" and visited.said.append(message.text))
        page.on("pageerror", lambda error: visited.said.append(str(error)))
        page.on("request", lambda wanted: visited.asked.append(wanted.url))
        visited.goes_to(path)
        return visited

    yield go
    for visited in made:
        visited.page.close()
    for visited in made:
        visited.nothing_went_wrong()


def _signed_in(browser: Browser, site: Site, account: str) -> Any:
    """What a browser keeps after that person signed in; once for a run."""
    if account not in site.states:
        with closing_context(browser) as context:
            page = context.new_page()
            page.goto(f"{site.url}/sign-in")
            page.fill("#account", account)
            page.fill("#password", site.passwords[account])
            page.get_by_role("button", name="Sign in").click()
            expect(page).not_to_have_url(f"{site.url}/sign-in")
            site.states[account] = context.storage_state()
    return site.states[account]


@contextmanager
def closing_context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB")
    try:
        yield context
    finally:
        context.close()
