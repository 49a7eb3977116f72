"""The web application on a database with two districts, and people in it who are named by what they are.

`client` is nobody; `as_manager`, `as_coordinator` … are signed in. Each test is rolled back. The application
works on one connection then: what needs several at once (threads, LISTEN) uses `live_app`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import create_app
from app.config import Hashing, Settings
from app.db import open_engine, transaction
from app.services import accounts
from app.services.job_news import News
from app.services.passwords import passwords
from tests.services.fully_registered import IDENTITY_KEY
from tests.views.world import Beings, World, make_world

CHEAP = Hashing(time_cost=1, memory_kib=8, lanes=1)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # noon in Shanghai
PASSWORD = "seven green kites over Hangu"  # noqa: S105


class Clock:
    """A time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(scope="session")
def views_logins(new_database, worker_id):
    """A database of its own for views: what the world holds is committed there."""
    return new_database(f"views_{worker_id}")


@pytest.fixture(scope="session")
def world(views_logins) -> World:
    """Two districts with plans, committed once. Read it; what a test changes is rolled back."""
    engine = open_engine(views_logins.app)
    with transaction(engine) as session:
        made = make_world(session, passwords(CHEAP), PASSWORD, NOON)
    engine.dispose()
    return made


@pytest.fixture(scope="session")
def views_engine(views_logins) -> Iterator[Engine]:
    engine = open_engine(views_logins.app)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def views_settings(views_logins, tmp_path_factory) -> Settings:
    return Settings(
        logins=views_logins,
        secret_key=b"a key for tests and nothing else",
        uploads=tmp_path_factory.mktemp("uploads"),
        exports=tmp_path_factory.mktemp("exports"),
        hashing=CHEAP,
        identity_key=IDENTITY_KEY,
    )


@pytest.fixture(scope="session")
def made_app(views_settings):
    made = create_app(views_settings)
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False  # answer as in production
    yield made
    made.extensions["engine"].dispose()
    made.extensions["public_engine"].dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(made_app, world, views_engine, clock):
    """The application on one connection, rolled back after the test; it remembers nothing of other tests."""
    _forget(made_app)
    own = made_app.extensions["engine"], made_app.extensions["settings"]
    public = made_app.extensions["public_engine"]
    with views_engine.connect() as connection:
        whole = connection.begin()
        connection.begin_nested()  # so that sessions make savepoints of their own
        made_app.extensions["engine"] = connection
        made_app.extensions["public_engine"] = connection  # sees what the test made; rights: test_find.py
        before = made_app.extensions.pop("news", None)
        made_app.extensions["news"] = News(views_engine)  # it listens on a connection of its own
        made_app.extensions["settings"] = replace(own[1], clock=clock)
        yield made_app
        made_app.extensions["engine"], made_app.extensions["settings"] = own
        made_app.extensions["public_engine"] = public
        del made_app.extensions["news"]
        if before is not None:
            made_app.extensions["news"] = before
        whole.rollback()


def _forget(made_app) -> None:
    """Full buckets, so that no test pays for what another asked; and no hazards that another undid."""
    kept = [name for name in made_app.extensions if name.startswith("buckets ") or name == "heat_points"]
    for name in kept:
        del made_app.extensions[name]


@pytest.fixture
def live_app(made_app, world):
    """The application on its own connections; what it commits stays for the tests that follow."""
    return made_app


@pytest.fixture
def session(app) -> Iterator[Session]:
    """To look into the database, and to make in it, what the test's requests see too."""
    with Session(app.extensions["engine"], join_transaction_mode="create_savepoint") as opened:
        yield opened


class Browser(FlaskClient):
    """A test client that sends the page's token with what it changes, unless told not to."""

    held: tuple[str | None, str] | None = None  # the cookie with which a token was shown, and the token

    def open(self, *args, with_token: bool = True, **kwargs):
        if with_token and kwargs.get("method", "GET") not in ("GET", "HEAD", "OPTIONS"):
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("X-CSRFToken", self._token())
            kwargs["headers"] = headers
        return super().open(*args, **kwargs)

    def _token(self) -> str:
        """That of a page read before, as long as the cookie it was shown with is the same."""
        if self.held is None or self.held[0] != self._cookie():
            shown = self._shown_token()
            self.held = (self._cookie(), shown)
        return self.held[1]

    def _cookie(self) -> str | None:
        cookie = self.get_cookie(self.application.config["SESSION_COOKIE_NAME"])
        return None if cookie is None else cookie.value

    def _shown_token(self) -> str:
        page = super().open("/me", method="GET", follow_redirects=True)
        found = re.search(r'name="csrf-token" content="([^"]+)"', page.get_data(as_text=True))
        return found.group(1) if found else ""


@pytest.fixture
def sign_in(app) -> Callable[[int], Browser]:
    """A browser in which a person is signed in."""

    def enter(person_id: int) -> Browser:
        settings = app.extensions["settings"]
        with transaction(app.extensions["engine"]) as opened:
            token = accounts.begin(opened, person_id, "test", settings.clock())
        app.test_client_class = Browser
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
        return browser

    return enter


@pytest.fixture
def client(app) -> Browser:
    """A browser in which nobody is signed in."""
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def people(world: World) -> Beings:
    """Ids of persons by account, as in `people["manager"]`."""
    return world.people


@pytest.fixture
def as_administrator(sign_in, people) -> Browser:
    """Administers the whole deployment."""
    return sign_in(people["administrator"])


@pytest.fixture
def as_district_administrator(sign_in, people) -> Browser:
    """Administers the first district."""
    return sign_in(people["administrator.here"])


@pytest.fixture
def as_manager(sign_in, people) -> Browser:
    """Manages the first district."""
    return sign_in(people["manager"])


@pytest.fixture
def as_coordinator(sign_in, people) -> Browser:
    """Walks one community of the first district."""
    return sign_in(people["coordinator"])


@pytest.fixture
def as_leader(sign_in, people) -> Browser:
    """Reads the first district."""
    return sign_in(people["leader"])


@pytest.fixture
def as_stranger(sign_in, people) -> Browser:
    """Manages the other district."""
    return sign_in(people["stranger"])


@pytest.fixture
def unset_paper(monkeypatch) -> None:
    """Sheets of paper come as the pages they are set from: a PDF is packed, and takes a second to set."""

    def page(pages: Sequence[str], css: str) -> bytes:
        return "\n".join([*pages, css]).encode()

    monkeypatch.setattr("app.services.pdf.pdf_of", page)
    monkeypatch.setattr("app.views.paper.pdf_of", page)
