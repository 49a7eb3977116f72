"""Who asks: the session cookie, the person behind it, and the transaction for them.

In a view: `with work() as session:` and `actor()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, login_user, logout_user  # type: ignore[import-untyped]
from flask_login import current_user as flask_user

from app.config import Settings
from app.db import DatabaseFault, Transaction, transaction
from app.errors import Refusal
from app.services import accounts
from app.services.access import Actor, enter_scope
from app.services.accounts import SignedIn
from app.services.passwords import Passwords, passwords
from app.services.throttle import client_of


class Visitor:
    """What Flask-Login knows of somebody signed in: the token that is in the cookie."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, found: SignedIn) -> None:
        self.token = token
        self.signed_in = found

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.token


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found


def now() -> datetime:
    """The time, by the clock of the settings."""
    return settings().clock()


def today() -> date:
    """The day it is here."""
    return now().astimezone(settings().timezone).date()


def here() -> datetime:
    """The time in the city's own zone, for what goes by its days and hours."""
    return now().astimezone(settings().timezone)


def hashing() -> Passwords:
    """How passwords are kept."""
    return passwords(settings().hashing)


def client() -> str:
    """Where the request comes from, as a keyed hash."""
    return client_of(settings().secret_key, request.remote_addr)


def signed_in() -> SignedIn | None:
    """The session of this request, if it holds; looked up once a request."""
    if "signed_in" not in g:
        g.signed_in = flask_user.signed_in if flask_user.is_authenticated else None
    found: SignedIn | None = g.signed_in
    return found


def actor() -> Actor:
    """The person who asks; `not_signed_in` where nobody is."""
    found = signed_in()
    if found is None:
        raise Refusal("not_signed_in")
    return found.actor


def actor_now(session: Transaction) -> Actor | None:
    """The person who asks as they are now, for answers that take long; None once they are signed out."""
    token = getattr(flask_user, "token", None)
    found = accounts.signed_in(session, token, now(), today(), by_hand=False) if token else None
    return found.actor if found else None


@contextmanager
def work() -> Iterator[Transaction]:
    """A transaction as the app that sees the personal rows of the person's places; it commits if all is well.

    Nobody signed in: no personal rows. The first of a request that reads goes on in the transaction in which
    the person and their rights were looked up.
    """
    found = signed_in()
    opened = _opened()
    with opened.ends:
        opened.enter_scope(found)
        yield opened.session


@contextmanager
def public_work() -> Iterator[Transaction]:
    """A transaction as the public role, for what is shown to anybody; whoever is signed in sees no more."""
    with transaction(current_app.extensions["public_engine"]) as opened:
        yield opened


@contextmanager
def nobodys_work() -> Iterator[Transaction]:
    """A transaction as the app for what anybody may write; whoever is signed in counts for nobody."""
    with transaction(current_app.extensions["engine"]) as opened:
        enter_scope(opened, None)
        yield opened


@contextmanager
def first_questions() -> Iterator[Transaction]:
    """As `work`, for what is asked before the view: if all is well it stays open for the view to go on in."""
    found = signed_in()
    opened = _opened()
    with opened.ends:
        opened.enter_scope(found)
        yield opened.session
        opened.stays_open()


class Opened:
    """A transaction that is not over yet; `ends` commits it, or undoes it where an error passes."""

    def __init__(self) -> None:
        self.ends = ExitStack()
        self.session = self.ends.enter_context(transaction(current_app.extensions["engine"]))
        self._has_scope = False

    def enter_scope(self, found: SignedIn | None) -> None:
        """Say once whose rows may be seen."""
        if not self._has_scope:
            enter_scope(self.session, found.actor if found else None)
            self._has_scope = True

    def stays_open(self) -> None:
        """Leave it to whoever asks next in this request."""
        self.ends = self.ends.pop_all()
        g.opened = self


def _opened() -> Opened:
    """The transaction this request left open, or a new one."""
    found: Opened = g.pop("opened", None) or Opened()
    return found


def settle() -> None:
    """End what is still open: before anything that takes long, or that must last whatever follows."""
    opened: Opened | None = g.pop("opened", None)
    if opened is not None:
        opened.ends.close()


def enter(person_id: int) -> None:
    """Sign a person in: a new session with a new token, and nothing of the old cookie."""
    old = signed_in()
    settle()
    with transaction(current_app.extensions["engine"]) as session:
        if old is not None:
            accounts.end(session, old.sign_in_id, now())
        token = accounts.begin(session, person_id, client(), now())
        found = accounts.signed_in(session, token, now(), today())
    cookie.clear()
    g.pop("csrf_token", None)
    if found is not None:
        login_user(Visitor(token, found))
        g.signed_in = found


def leave() -> None:
    """Forget the session in this browser."""
    logout_user()
    cookie.clear()
    g.pop("csrf_token", None)
    g.signed_in = None


def install(app: Flask) -> None:
    """Flask-Login with our own persons; the cookie named and guarded as HTTP or HTTPS allows."""
    chosen: Settings = app.extensions["settings"]
    app.secret_key = chosen.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-gridkeeper" if chosen.https else "gridkeeper",
        SESSION_COOKIE_SECURE=chosen.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    manager = LoginManager()
    manager.session_protection = None  # it ends sessions of phones, whose address changes
    manager.init_app(app, add_context_processor=False)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> Visitor | None:
        opened = _opened()
        with opened.ends:
            found = accounts.signed_in(opened.session, token, now(), today())
            if found is not None and not found.kept_alive:  # what was written lasts, and nobody waits for it
                opened.stays_open()
        return Visitor(token, found) if found else None

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        with suppress(Refusal, DatabaseFault):  # nothing was written, and the answer is made
            settle()

    @app.context_processor
    def for_templates() -> dict[str, Any]:
        # Only what was looked up already: a page that says the database is down must not ask it.
        found: SignedIn | None = g.get("signed_in")
        asking = found.actor if found else None
        kinds = {grant.kind for grant in asking.roles} if asking else set()
        return {"me": asking, "kinds": kinds}
