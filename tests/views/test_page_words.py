"""Every page in both languages: no id where words should be, no word of the other language's frame."""

from __future__ import annotations

import re

import pytest

from app.views.errors import FOR_PROGRAMS
from app.words import LANGUAGES
from tests.test_words import EN
from tests.views.test_access_matrix import PLAIN_ARGUMENTS
from tests.views.world import EAST_STREET, HERE, A

MARK = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)
SAID_IN = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')


def pages(app, world):
    """Every address that is read by people."""
    values = {
        **PLAIN_ARGUMENTS,
        "code": HERE,
        "plan_id": world.plans[EAST_STREET],
        "grid_id": world.grids[EAST_STREET, A],
        "person_id": world.people["leader"],
    }
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            unread = rule.rule.startswith(
                ("/api/", "/tiles/", "/static/", "/health", "/board/registers", "/board/take-away")
            )
            unread = unread or rule.rule.endswith((".pdf", ".js", ".webmanifest"))
            unread = unread or rule.rule.startswith(FOR_PROGRAMS) or "photos" in rule.rule
            if "GET" in rule.methods and not unread and rule.arguments <= set(values):
                yield app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("browser", ["client", "as_administrator", "as_manager", "as_coordinator"])
def test_no_page_shows_an_id(request, app, world, browser, language, caplog):
    seen = 0
    for address in [*pages(app, world), "/nothing"]:
        answer = request.getfixturevalue(browser).get(address, query_string={"lang": language})
        shown = " ".join([MARK.sub(" ", answer.text), *SAID_IN.findall(answer.text)])
        assert not (set(re.findall(r"[a-z0-9-]+", shown)) & {name for name in EN if "-" in name}), address
        assert "{$" not in shown.replace(" ", "")
        if answer.status_code == 200:
            assert f'lang="{ {"en": "en", "zh": "zh-Hans"}[language] }"' in answer.text, address
            seen += 1
        answer.close()

    assert seen >= 1
    assert "no words for" not in caplog.text


def test_the_language_is_kept_in_links_and_in_a_cookie(as_administrator):
    page = as_administrator.get("/people?lang=zh")

    assert 'href="/people/new?lang=zh"' in page.text
    assert "人员" in as_administrator.get("/people").text
    assert "Staff" in as_administrator.get("/people?lang=en").text


@pytest.mark.parametrize(
    ("preferred", "word"),
    [
        ("zh-CN,zh;q=0.9", "登录"),
        ("en-GB", "Sign in"),
        ("fr", "Sign in"),
        ("fr,zh-TW;q=0.5", "登录"),
        ("", "Sign in"),
    ],
)
def test_the_browser_is_believed_where_nothing_was_chosen(client, preferred, word):
    assert word in client.get("/sign-in", headers={"Accept-Language": preferred}).text


@pytest.mark.parametrize("said", ["xx", "", "EN", "../zh"])
def test_another_language_is_not_taken(client, said):
    answer = client.get("/sign-in", query_string={"lang": said})

    assert answer.status_code == 200
    assert "language=" not in str(answer.headers.getlist("Set-Cookie"))


def test_numbers_and_dates_are_written_as_the_language_does(app):
    from datetime import UTC, date, datetime

    from app.views.language import day, moment, number

    with app.test_request_context("/?lang=en"):
        assert (number(1234567), number(0.5, 2)) == ("1,234,567", "0.50")
        assert day(date(2026, 3, 2)) == "2 Mar 2026"
        assert moment(datetime(2026, 3, 2, 20, 5, tzinfo=UTC)) == "3 Mar 2026, 04:05"
    with app.test_request_context("/?lang=zh"):
        assert number(1234567) == "1,234,567"
        assert day(date(2026, 3, 2)) == "2026年3月2日"
        assert moment(datetime(2026, 3, 2, 20, 5, tzinfo=UTC)) == "2026年3月3日 04:05"
