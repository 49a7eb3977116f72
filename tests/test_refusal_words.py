"""Every refusal has its sentence for the browser, in both languages, from the same facts."""

import re
import string
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from app.errors import SENTENCES

WORDS = Path(__file__).parent.parent / "app" / "words"
LANGUAGES = ("en", "zh")
PREFIX = "refusal-"
FLAG = re.compile(r"(?<!\w)--\w|\b[A-Z]+_[A-Z]+\b|gridkeeper |script/")
CHINESE = re.compile("[\u4e00-\u9fff]")


def source(language: str) -> str:
    return (WORDS / language / "refusals.ftl").read_text(encoding="utf-8")


def messages(language: str) -> dict[str, ast.Message]:
    """code -> message; what is no message at all is a fault of its own."""
    body = FluentParser().parse(source(language)).body
    junk = [entry.content for entry in body if isinstance(entry, ast.Junk)]
    assert junk == []
    found = [entry for entry in body if isinstance(entry, ast.Message)]
    assert all(entry.id.name.startswith(PREFIX) for entry in found)
    assert len({entry.id.name for entry in found}) == len(found)
    return {entry.id.name.removeprefix(PREFIX).replace("-", "_"): entry for entry in found}


class Variables(Visitor):
    """Facts a message names: those it shows, and those it only chooses its words by."""

    def __init__(self) -> None:
        self.shown: set[str] = set()
        self.chosen_by: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.shown.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:
        self.chosen_by.add(node.selector.id.name)
        for variant in node.variants:
            self.visit(variant)


def variables(message: ast.Message) -> Variables:
    found = Variables()
    found.visit(message)
    return found


def facts(code: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(SENTENCES[code]) if field}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_message_and_no_message_lacks_its_code(language: str):
    codes = set(messages(language))

    assert codes == set(SENTENCES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_made_of_the_facts_of_its_sentence(language: str):
    found = {code: variables(message) for code, message in messages(language).items()}

    assert {code: said.shown | said.chosen_by for code, said in found.items()} == {
        code: facts(code) for code in SENTENCES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_a_sentence_without_rests(language: str):
    bundle = FluentBundle([{"en": "en", "zh": "zh-Hans"}[language]], use_isolating=False)
    bundle.add_resource(FluentResource(source(language)))
    for code, message in messages(language).items():
        sample = {name: f"‹{name}›" for name in facts(code)}
        said, errors = bundle.format_pattern(
            bundle.get_message(PREFIX + code.replace("_", "-")).value, sample
        )

        assert errors == [], code
        assert "{" not in said, code
        assert said.endswith((".", "。", "!", "›")), said
        assert all(sample[name] in said for name in variables(message).shown), said
        assert not FLAG.search(said), f"{code}: a person in the browser has no command line"
        assert bool(CHINESE.search(said)) == (language == "zh"), said
