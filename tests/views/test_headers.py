"""What every answer says to the browser, and what the site does not listen to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import create_app
from app.config import OWN_HOSTS, Login
from app.views.headers import ALWAYS, CSP

ANSWERS = {
    "a page": ("GET", "/sign-in", 200),
    "a redirect": ("GET", "/map", 302),
    "nothing there": ("GET", "/nothing", 404),
    "nothing of the API": ("GET", "/api/nothing", 404),
    "not signed in": ("GET", "/api/people", 401),
    "a wrong method": ("PUT", "/sign-in", 405),
    "a forged form": ("POST", "/sign-in", 400),
    "a static file": ("GET", "/static/css/tokens.css", 200),
    "a static file that is not": ("GET", "/static/../config.py", 404),
    "health": ("GET", "/health", 200),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_carries_the_headers(client, what):
    method, path, status = ANSWERS[what]

    answer = client.open(path, method=method, with_token=False)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert answer.headers.get_all("Content-Security-Policy") == [CSP]
    assert len(answer.headers["X-Request-ID"]) == 16
    answer.close()


def test_the_policy_is_the_one_agreed():
    assert CSP == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; "
        "form-action 'self'; base-uri 'none'"
    )


@pytest.mark.parametrize(
    "path", ["/me", "/people", "/api/people", "/api/me", "/nothing", "/sign-in", "/health"]
)
def test_what_may_be_personal_is_kept_nowhere(as_administrator, path):
    assert as_administrator.get(path).headers["Cache-Control"] == "no-store"


def test_a_fault_is_told_without_what_went_wrong(app, as_administrator, monkeypatch, caplog):
    def fails(*_):
        raise RuntimeError("SELECT secret FROM /work/table")

    monkeypatch.setattr("app.services.accounts.people", fails)

    page, document = as_administrator.get("/people"), as_administrator.get("/api/people")

    for answer in (page, document):
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["Content-Security-Policy"] == CSP
        assert answer.headers["X-Request-ID"] in answer.text
        assert answer.headers["X-Request-ID"] in caplog.text
    assert document.json["code"] == "internal"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example", "", "a b"]
)
def test_other_hosts_names_are_not_answered(client, host):
    answer = client.get("/sign-in", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert answer.headers["Content-Security-Policy"] == CSP


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8011", "localhost"])
def test_our_own_names_are_answered(client, host):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_proxy_is_believed_only_when_told_to(views_settings):
    seen = {}

    def ask(settings):
        app = create_app(settings)

        @app.before_request
        def look():
            from flask import request

            seen["address"], seen["secure"] = request.remote_addr, request.is_secure

        app.test_client().get(
            "/health", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        )
        app.extensions["engine"].dispose()
        return dict(seen)

    assert ask(views_settings) == {"address": "127.0.0.1", "secure": False}
    assert ask(replace(views_settings, proxies=1)) == {"address": "203.0.113.7", "secure": True}


def test_by_https_the_cookie_is_bound_to_the_host_and_travels_by_nothing_else(views_settings):
    app = create_app(replace(views_settings, https=True))
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    app.extensions["engine"].dispose()

    [cookie] = answer.headers.get_all("Set-Cookie")
    assert cookie.startswith("__Host-gridkeeper=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.fixture
def without_database(views_settings, tmp_path):
    nowhere = views_settings.logins.app.url.update_query_dict({"host": str(tmp_path)})
    app = create_app(replace(views_settings, logins=replace(views_settings.logins, app=Login(nowhere))))
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def test_without_a_database_everything_says_so_and_when_to_come_back(without_database):
    client = without_database.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token"

    page, document, health = client.get("/me"), client.get("/api/me"), client.get("/health")

    for answer in (page, document, health):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "socket" not in answer.text
    assert document.json["code"] == "database_unreachable"
    assert document.json["facts"] == {}
    assert page.mimetype == "text/html"


def test_hosts_are_those_of_this_computer_unless_told(views_settings):
    assert views_settings.hosts == OWN_HOSTS
