"""What comes in is checked once, before any view sees it."""

from __future__ import annotations

import json

import pytest

from app.errors import Refusal
from app.views.wire import DEEPEST, read_json

DEEP = 100_000


def deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"{", "no JSON"),
        (b"{'a': 1}", "no JSON"),
        (b'{"a": NaN}', "no number"),
        (b'{"a": -Infinity}', "no number"),
        (b'{"a": 1e999}', "no number"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": {"b": 1, "b": 1}}', "stands twice"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (deep(DEEPEST + 1), "nested deeper"),
        (deep(DEEP), "nested deeper"),
        (b"[" * DEEP, "nested deeper"),
        (b"1" * 5000, "too many digits"),
    ],
)
def test_what_is_no_sound_json_is_refused(body, what):
    with pytest.raises(Refusal) as caught:
        read_json(body)

    assert caught.value.code == "body_malformed"
    assert what in str(caught.value)


@pytest.mark.parametrize("body", [rb'{"a": "\u0000"}', rb'{"\u0000": 1}', rb'["\ud800"]'])
def test_what_is_no_text_is_refused(body):
    with pytest.raises(Refusal, match="no text"):
        read_json(body)


def test_sound_json_is_read():
    read = {"a": [1, -2.5e3, None, True, "网格 😀"], "b": {}}

    assert read_json(json.dumps(read).encode()) == read
    assert read_json(deep(DEEPEST)) is not None


@pytest.mark.parametrize(
    "body", [b"[" * DEEP, deep(DEEP), b'{"a":' * 20_000, b'{"a": NaN}', b"\xff", b"nonsense"]
)
def test_a_bad_body_is_a_problem_and_no_fault(as_administrator, body):
    answer = as_administrator.post("/api/people", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json["code"] == "body_malformed"
    assert answer.mimetype == "application/problem+json"


def test_a_body_of_over_a_megabyte_is_not_read(as_administrator):
    answer = as_administrator.post(
        "/api/people", data=b'"' + b"x" * 1_000_001 + b'"', content_type="application/json"
    )

    assert answer.status_code == 413
    assert answer.json["code"] == "body_too_large"
    assert answer.json["facts"] == {"most_mb": 1}


@pytest.mark.parametrize("path", ["/api/people?q=%00", "/people?q=a%00b", "/api/people?q=%ED%A0%80"])
def test_an_address_that_is_no_text_is_refused(as_administrator, path):
    assert as_administrator.get(path).status_code in (200, 400)
    if "%00" in path:
        assert as_administrator.get(path).status_code == 400


def test_a_form_that_is_no_text_is_refused(client):
    assert client.post("/sign-in", data={"account": "a\0b", "password": "x"}).status_code == 400


def test_nothing_of_a_body_is_read_for_who_may_not_send_it(as_leader):
    answer = as_leader.post("/api/people", data=b"[" * DEEP, content_type="application/json")

    assert answer.status_code == 403


def test_a_wrong_method_names_the_right_ones(as_administrator):
    answer = as_administrator.put("/api/people", json={})

    assert answer.status_code == 405
    assert answer.json["code"] == "method_not_allowed"
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_fields_that_are_wrong_are_named(as_administrator):
    answer = as_administrator.post("/api/people", json={"account": 7, "name": "x" * 81, "king": True})

    assert answer.status_code == 422
    assert answer.json["code"] == "fields_malformed"
    assert set(answer.json["facts"]["errors"]["json"]) == {"account", "name", "king"}


@pytest.mark.parametrize(("language", "title"), [("en", "Nothing here"), ("zh", "此处没有内容")])
def test_problems_speak_the_language_of_the_request(client, language, title):
    assert client.get("/api/nothing", headers={"Accept-Language": language}).json["title"] == title
    assert title in client.get(f"/nothing?lang={language}").text
