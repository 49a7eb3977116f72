"""Every word people read, in English and Chinese: Project Fluent files by area, told by id.

`words("zh")("map-title", n=3)` in Python, `t('map-title', n=3)` in templates, the same in the browser.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh")
LOCALES = {"en": "en", "zh": "zh-Hans"}  # as `lang` in HTML and as Fluent and Babel know them

log = logging.getLogger("gridkeeper")
Text = Callable[..., str]


@cache
def words(language: str) -> Text:
    """The words of one language: a function from an id and its facts to text."""
    bundle = _bundle(language)

    def text(name: str, /, **facts: object) -> str:
        """The message of this id; a fact that is a `part` of a sentence (app.errors) is worded, too."""
        pattern = bundle.get_message(name).value if bundle.has_message(name) else None
        if pattern is None:  # a test finds it before anybody sees it; a page with a hole beats none
            log.error("no words for %r in %s", name, language)
            return name
        formatted, _ = bundle.format_pattern(pattern, {k: in_words(language, v) for k, v in facts.items()})
        return str(formatted)

    return text


def in_words(language: str, fact: object) -> object:
    """A fact as a sentence of the language has it: parts (app.errors) by their own words, the rest as it is.

    >>> in_words("zh", {"part": "a_line"}), in_words("en", [{"part": "a_line"}, {"part": "none"}])
    ('线', 'a line, none')
    """
    text = words(language)
    if isinstance(fact, Mapping) and "part" in fact:
        named = {name: value for name, value in fact.items() if name != "part"}
        return text("part-" + str(fact["part"]).replace("_", "-"), **named)
    if isinstance(fact, Mapping) and "refusal" in fact:
        return text("refusal-" + str(fact["refusal"]).replace("_", "-"), **fact["facts"]).rstrip(".。")
    if isinstance(fact, list | tuple):
        return text("list-comma").join(str(in_words(language, one)) for one in fact)
    return _native(fact)


def has_words(language: str, name: str) -> bool:
    """Whether there is such an id; for ids made from codes."""
    return _bundle(language).has_message(name)


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([LOCALES[language]], use_isolating=False)
    for file in sorted((FOLDER / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle


def _native(fact: object) -> object:
    """What Fluent can format: numbers (for plurals) and dates as they are, all else as text."""
    if isinstance(fact, bool):
        return str(fact).lower()
    return fact if isinstance(fact, int | float | Decimal | date | str) else str(fact)
