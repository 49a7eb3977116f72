"""Every word on screen is there in both languages, says the same, and is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import jinja2
import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor
from jinja2 import nodes

from app.errors import PARTS, SENTENCES
from app.geo.readers.report import REMARKS
from app.services.access import KINDS
from app.services.problems import KINDS as PROBLEMS
from app.views.errors import DEFAULT_STATUS, STATUS
from app.words import FOLDER, LANGUAGES, words

APP = FOLDER.parent
SCRIPTS = [
    path
    for path in sorted((APP / "static" / "src").rglob("*.js"))
    if path.name not in ("map_file.js", "one_page.js", "take_away.js")
]
TEMPLATES = sorted((APP / "templates").rglob("*.html"))
MODULES = [path for path in sorted(APP.rglob("*.py")) if "static" not in path.parts]

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SIGNS = 4  # so many letters may be the same in both languages: units, not words

# Ids put together from a code: every code must have its words.
FAMILIES = {
    "refusal-": {code.replace("_", "-") for code in SENTENCES},
    "part-": {code.replace("_", "-") for code in PARTS},
    "remark-": {code.replace("_", "-") for code in REMARKS},
    "role-": set(KINDS),
    "plan-problem-": {kind.replace("_", "-") for kind in PROBLEMS},
    "problem-title-": {str(status) for status in {*STATUS.values(), DEFAULT_STATUS}},
}


class Variables(Visitor):
    """The variables of a message."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:
        self.names.add(node.id.name)


@cache
def entries(language: str) -> list[tuple[Path, ftl.EntryType]]:
    files = sorted((FOLDER / language).glob("*.ftl"))
    return [(file, entry) for file in files for entry in FluentParser().parse(file.read_text("utf-8")).body]


def messages(language: str) -> dict[str, ftl.Message]:
    return {entry.id.name: entry for _, entry in entries(language) if isinstance(entry, ftl.Message)}


def variables(message: ftl.Message) -> set[str]:
    found = Variables()
    found.visit(message)
    return found.names


def written(message: ftl.Message) -> str:
    """The words of a message as they stand in the file, without its variables."""

    class Words(Visitor):
        said = ""

        def visit_TextElement(self, node: ftl.TextElement) -> None:
            self.said += node.value

    found = Words()
    found.visit(message)
    return found.said


EN, ZH = messages("en"), messages("zh")


def template_calls() -> Iterator[tuple[Path, str, bool, set[str] | None]]:
    """Where templates ask for words: file, id or its beginning, whether it is whole, names of the facts."""
    environment = jinja2.Environment(autoescape=True)
    for path in TEMPLATES:
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if not isinstance(call.node, nodes.Name) or call.node.name != "t" or not call.args:
                continue
            facts = None if call.dyn_kwargs else {pair.key for pair in call.kwargs}
            first = call.args[0]
            if isinstance(first, nodes.Const):
                yield path, first.value, True, facts
            elif isinstance(first, nodes.Concat) and isinstance(first.nodes[0], nodes.Const):
                yield path, first.nodes[0].value, False, None


def module_calls() -> Iterator[tuple[Path, str, bool, set[str] | None]]:
    """Likewise in Python: `text("…")`, `t("…")`, `words(…)("…")`, and ids begun by a literal."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            asked = node.func.func if isinstance(node.func, ast.Call) else node.func
            if not isinstance(asked, ast.Name) or asked.id not in ("t", "text", "words"):
                continue
            if asked.id == "words" and not isinstance(node.func, ast.Call):
                continue
            first = node.args[0]
            dynamic = any(keyword.arg is None for keyword in node.keywords)
            facts = None if dynamic else {str(keyword.arg) for keyword in node.keywords}
            said = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            if re.fullmatch(r"[a-z0-9-]+", said):  # SQLAlchemy's `text` says more
                yield path, said, True, facts


def script_calls() -> Iterator[tuple[Path, str, bool, set[str] | None]]:
    """Likewise in JavaScript: `t('…'` and t(`beginning-${…}`."""
    for path in SCRIPTS:
        source = path.read_text(encoding="utf-8")
        source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
        for quote, name in re.findall(r"""(?<![\w.$])t\(\s*(['"`])([a-z0-9-]+)""", source):
            whole = re.search(rf"""(?<![\w.$])t\(\s*{quote}{re.escape(name)}{quote}""", source) is not None
            yield path, name, whole, None


def beginnings() -> set[str]:
    """Beginnings of ids that are put together in the code, as in `"role-" + kind`."""
    sources = [path.read_text(encoding="utf-8") for path in [*SCRIPTS, *TEMPLATES, *MODULES]]
    return {name for source in sources for name in re.findall(r"""["'`]([a-z][a-z0-9-]*-)["'`{$]""", source)}


def quoted() -> set[str]:
    """Every text in quotes that could be an id."""
    sources = [path.read_text(encoding="utf-8") for path in [*SCRIPTS, *TEMPLATES, *MODULES]]
    return {name for source in sources for name in re.findall(r"""["'`]([a-z][a-z0-9-]+)["'`]""", source)}


@cache
def calls() -> list[tuple[Path, str, bool, set[str] | None]]:
    return [*template_calls(), *module_calls(), *script_calls()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_is_understood(language):
    junk = [(file.name, entry.content) for file, entry in entries(language) if isinstance(entry, ftl.Junk)]

    assert junk == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_id_stands_twice(language):
    seen: set[str] = set()
    twice = set()
    for _, entry in entries(language):
        if isinstance(entry, ftl.Message):
            (twice if entry.id.name in seen else seen).add(entry.id.name)

    assert twice == set()


def test_both_languages_have_the_same_files_and_ids():
    files = [sorted(path.name for path in (FOLDER / language).glob("*.ftl")) for language in LANGUAGES]

    assert files[0] == files[1]
    assert sorted(set(EN) ^ set(ZH)) == []


def test_both_languages_have_the_same_variables():
    """But for `$said`, what another program says in English: Chinese leaves it out."""
    both = {name: (variables(EN[name]), variables(ZH[name])) for name in EN.keys() & ZH.keys()}
    differing = {name: sets for name, sets in both.items() if sets[0] - {"said"} != sets[1] - {"said"}}

    assert differing == {}
    assert [name for name, (_, zh) in both.items() if "said" in zh] == []


def test_what_is_asked_for_is_there():
    missing = sorted({(path.name, name) for path, name, whole, _ in calls() if whole and name not in EN})

    assert missing == []


def test_what_is_asked_for_gets_the_facts_it_names():
    wrong = [
        (path.name, name, sorted(facts), sorted(variables(EN[name])))
        for path, name, whole, facts in calls()
        if whole and facts is not None and name in EN and facts != variables(EN[name])
    ]

    assert wrong == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_its_words(family):
    missing = sorted(code for code in FAMILIES[family] if family + code not in EN)

    assert missing == []


@pytest.mark.parametrize(
    ("prefix", "sentences"), [("refusal-", SENTENCES), ("remark-", REMARKS), ("part-", PARTS)]
)
def test_messages_name_only_facts_their_english_sentence_has(prefix: str, sentences: dict[str, str]):
    wrong = {}
    for code, sentence in sentences.items():
        message = EN.get(prefix + code.replace("_", "-"))
        facts = {field.split(".")[0].split("[")[0] for _, field, _, _ in Formatter().parse(sentence) if field}
        if message is not None and not variables(message) <= facts:
            wrong[code] = variables(message) - facts

    assert wrong == {}


def test_no_words_are_left_over():
    begun = tuple(beginnings() | {family for family in FAMILIES if family != "refusal-"})
    refusals = {"refusal-" + code for code in FAMILIES["refusal-"]}
    used = quoted() | refusals
    unused = [
        name for name in EN if name not in used and not (name.startswith(begun) and name[:8] != "refusal-")
    ]

    assert sorted(unused) == []


def test_chinese_is_chinese_and_english_is_not():
    letters = {name: re.sub(r"[\W\d_]", "", written(message)) for name, message in ZH.items()}

    assert [name for name, said in letters.items() if len(said) > SIGNS and not CHINESE.search(said)] == []
    assert [name for name, message in EN.items() if CHINESE.search(written(message))] == []


def test_facts_are_put_in_and_numbers_counted():
    assert words("en")("people-count", n=1) == "1 person"
    assert words("en")("people-count", n=1200) == "1,200 people"
    assert words("zh")("people-count", n=3) == "共3人"


def test_words_that_are_missing_are_told_and_break_nothing(caplog):
    assert words("en")("no-such-words") == "no-such-words"
    assert "no words for 'no-such-words'" in caplog.text
