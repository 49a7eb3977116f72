"""In which language a request is answered, and how numbers and dates are written in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from app.services.access import is_public
from app.words import LANGUAGES, LOCALES, in_words, words

COOKIE = "language"
COOKIE_SECONDS = 365 * 24 * 3600
BABEL_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


def language() -> str:
    """What the address says, else the cookie, else what the browser prefers, else English."""
    if "language" not in g:
        said = (request.args.get("lang"), request.cookies.get(COOKIE))
        preferred = request.accept_languages.best_match(["en", "zh", "zh-Hans", "zh-CN", "zh-Hant", "zh-TW"])
        g.language = next((one for one in said if one in LANGUAGES), (preferred or "en")[:2])
    return str(g.language)


@contextmanager
def speaking(other: str) -> Iterator[None]:
    """Answer in another language for a while, as for a paper that has both."""
    before = language()
    g.language = other
    try:
        yield
    finally:
        g.language = before


def text(name: str, /, **facts: object) -> str:
    """Words of the request's language; `t` in templates."""
    return words(language())(name, **facts)


def said(fact: object) -> str:
    """A fact by itself, in words of the request's language."""
    return str(in_words(language(), fact))


def number(value: float, decimals: int | None = None) -> str:
    """A number as the language writes it, with its separators."""
    return _number(value + 0, decimals, BABEL_LOCALES[language()])  # -0.0 is 0.0 then


@lru_cache(maxsize=4096, typed=True)  # a table of figures says the same few numbers again and again
def _number(value: float, decimals: int | None, locale: str) -> str:
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale))


def day(value: date | datetime) -> str:
    """A day as the language writes it; of a moment, the day it was here."""
    if isinstance(value, datetime):
        value = value.astimezone(current_app.extensions["settings"].timezone)
    return str(format_date(value, format="medium", locale=BABEL_LOCALES[language()]))


def month(value: date) -> str:
    """A month as the language writes it."""
    pattern = "MMMM y" if language() == "en" else "y年M月"
    return str(format_date(value, pattern, locale=BABEL_LOCALES[language()]))


def day_and_month(value: date) -> str:
    """A day without its year, as in a chart."""
    pattern = "d MMM" if language() == "en" else "M月d日"
    return str(format_date(value, pattern, locale=BABEL_LOCALES[language()]))


def weekday(value: date) -> str:
    """The day of the week, short."""
    return str(format_date(value, "EEE", locale=BABEL_LOCALES[language()]))


def moment(value: datetime) -> str:
    """A day and time as the language writes it, here."""
    zone = current_app.extensions["settings"].timezone
    return str(
        format_datetime(
            value,
            "d MMM y, HH:mm" if language() == "en" else "y年M月d日 HH:mm",
            tzinfo=zone,
            locale=BABEL_LOCALES[language()],
        )
    )


def address_in(other: str) -> str:
    """The address of this page in another language."""
    arguments = {**request.args.to_dict(), "lang": other}
    return f"{request.path}?{urlencode(arguments)}"


def install(app: Flask) -> None:
    """Words, numbers and dates for templates; the language kept in links and in a cookie."""
    app.add_template_global(text, "t")
    app.add_template_global(address_in)
    app.add_template_filter(number)
    app.add_template_filter(day, "date")
    app.add_template_filter(moment)
    app.add_template_filter(month)
    app.add_template_filter(day_and_month)
    app.add_template_filter(weekday)

    @app.context_processor
    def of_request() -> dict[str, Any]:
        return {"language": language(), "html_language": LOCALES[language()]}

    @app.url_defaults
    def keep(endpoint: str, values: dict[str, Any]) -> None:
        if request and request.args.get("lang") in LANGUAGES and endpoint != "static":
            values.setdefault("lang", request.args["lang"])

    @app.after_request
    def remember(response: Response) -> Response:
        said = request.args.get("lang")
        if is_public(request.endpoint):  # screens and visitors are told nothing to keep
            return response
        if said in LANGUAGES and request.cookies.get(COOKIE) != said:
            secure = app.config["SESSION_COOKIE_SECURE"]
            response.set_cookie(COOKIE, said, max_age=COOKIE_SECONDS, samesite="Lax", secure=secure)
        return response
