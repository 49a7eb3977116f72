"""The web application put together: settings, database, what guards each request, and the views."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import config, views
from app.assets import asset
from app.db import open_engine
from app.views import errors, guard, headers, language, packed, session
from app.views.openapi import describe

STATEMENT_SECONDS = 30
PUBLIC_STATEMENT_SECONDS = 10
CONNECTIONS = 10


def make_app(settings: config.Settings | None = None) -> APIFlask:
    """An application with its own connections to the database."""
    chosen = settings or config.settings()
    app: Any = APIFlask(
        "app",
        title="Gridkeeper",
        version="1",
        spec_path="/api/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    app.extensions["settings"] = chosen
    app.extensions["engine"] = open_engine(
        chosen.logins.app,
        statement_seconds=STATEMENT_SECONDS,
        pool_size=CONNECTIONS,
        small_questions=True,
    )
    app.extensions["public_engine"] = (
        open_engine(  # what nobody need sign in for, as the role that reads no more
            chosen.logins.public,
            statement_seconds=PUBLIC_STATEMENT_SECONDS,
            pool_size=CONNECTIONS,
            small_questions=True,
        )
    )
    app.config["TRUSTED_HOSTS"] = list(chosen.hosts)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_template_global(asset)
    app.json.ensure_ascii = False
    for part in (session, language, guard, errors, packed):
        part.install(app)
    views.register(app)
    describe(app)
    if chosen.proxies:
        app.wsgi_app = ProxyFix(
            app.wsgi_app, x_for=chosen.proxies, x_proto=chosen.proxies, x_host=chosen.proxies
        )
    app.wsgi_app = headers.Headers(app.wsgi_app, chosen.https)
    return app  # type: ignore[no-any-return]
