"""Every refusal has its sentence for the browser, in both languages, from the same facts."""

import ast as python
import dataclasses
import json
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from app.errors import SENTENCES, Refusal, part
from app.geo.readers import read_district
from app.views.errors import SECRET_FACTS
from app.words import in_words, words

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
    """Those of the sentence that an answer holds."""
    named = {field for _, field, _, _ in string.Formatter().parse(SENTENCES[code]) if field}
    return named - set(SECRET_FACTS.get(code, ()))


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


# --- Facts -----------------------------------------------------------------------------------------------

PHRASE = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}")
# What names itself in both languages: a format, and a name of GeoJSON, as they stand in the file.
NAMES = ("OpenStreetMap PBF", "EPSG", "dBASE")
# Said on the command line or in the log alone, before anybody is served.
ON_THE_COMMAND_LINE = {
    "cli.py", "cluster.py", "config.py", "db.py", "db_commands.py", "ground_commands.py", "serve_commands.py",
    "serving.py", "user_commands.py", "web_server.py",
}  # fmt: skip
TOLD = (PREFIX, "part-", "remark-", "mend-")
TELLING = {"Refusal", "refuse", "refuse_one", "note", "warn", "mend", "part", "_MalformedError"}
FORMULA = part("formula", net_share="0.8", household_m2="85", floor_m="3")
# A fact of each name as it may come; those that choose words come in every way they are known in.
VALUES = {
    "file": "楼栋.gpkg", "layer": "楼栋", "place": "锦原区", "other": "柳阳社区", "parent": "140499",
    "name": "王芳", "member": "楼栋.shp", "kinds": "步行街", "field": "households", "columns": "户数、总户数",
    "column": "户数", "kind": "footway", "crs": "EPSG:4547", "row": part("row", word="row", number="7"),
    "why": "图形是空的。", "what": part("a_line"), "hint": part("swapped"), "reason": part("no_area"),
    "looks": part("looks_like", format="KML"), "wanted": part("a_polygon"), "said_by": part("the_file"),
    "outline": part("the_boundary"), "formula": FORMULA,
    "allowed": part("formats_read"), "roles": [part("role_kind", kind="manager")], "said": "no element found",
    "until": date(2026, 1, 31), "named": part("zipped_shapefile"), "role": "buildings", "state": "done",
    "type": "Polygon", "datum": "GCJ-02", "stated": "UTF-8", "encoding": "GB18030", "word": "feature",
}  # fmt: skip


def samples(message: ast.Message) -> Iterator[dict[str, object]]:
    """Facts for a message, once for each way it can go."""
    chosen: dict[str, list[str]] = {}

    class Ways(Visitor):
        def visit_SelectExpression(self, node: ast.SelectExpression) -> None:
            keys = [variant.key.name for variant in node.variants if isinstance(variant.key, ast.Identifier)]
            if isinstance(node.selector, ast.VariableReference) and not {"one", "other"} & set(keys):
                chosen.setdefault(node.selector.id.name, []).extend(keys)
            self.generic_visit(node)

    Ways().visit(message)
    found = variables(message)
    plain = {name: VALUES.get(name, 3) for name in found.shown | found.chosen_by}
    yield plain
    for name, keys in chosen.items():
        yield from ({**plain, name: key} for key in keys)


def told(language: str) -> Iterator[tuple[str, str]]:
    """Everything that is told of refusals, remarks and their parts: id, sentence."""
    for file in ("refusals.ftl", "parts.ftl", "work.ftl"):
        for entry in FluentParser().parse((WORDS / language / file).read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message) and entry.id.name.startswith(
                (PREFIX, "part-", "remark-", "mend-")
            ):
                for sample in samples(entry):
                    yield entry.id.name, words(language)(entry.id.name, **sample)


def test_nothing_told_in_chinese_holds_english_words():
    english = []
    for name, sentence in told("zh"):
        left = sentence
        for known in NAMES:
            left = left.replace(known, "")
        if PHRASE.search(left) or "{" in sentence or sentence == name:
            english.append(sentence)

    assert english == []


def test_everything_that_can_be_told_is_told_in_english():
    assert [sentence for name, sentence in told("en") if "{" in sentence or sentence == name] == []


def phrases(node: python.AST) -> Iterator[str]:
    """Texts of two and more English words among the facts of a call."""
    for inner in python.walk(node):
        if isinstance(inner, python.Constant) and isinstance(inner.value, str) and PHRASE.search(inner.value):
            yield inner.value


def telling(tree: python.AST) -> Iterator[python.AST]:
    """Facts that are told: of calls that refuse, remark or mend, of faults and mends kept while decoding."""
    for node in python.walk(tree):
        if isinstance(node, python.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in TELLING:
                yield from (keyword.value for keyword in node.keywords)
                yield from node.args[3:] if name == "mend" else node.args[2:]
            elif name == "append" and isinstance(node.args[0], python.Tuple):
                yield from node.args[0].elts[2:]  # a mend: row, what, before, after
        elif isinstance(node, python.Assign) and "faults" in python.unparse(node.targets[0]):
            yield node.value


def test_no_fact_is_a_phrase_in_english():
    """It would stand in a Chinese sentence: such a fact is a `part`, which both languages have words for."""
    found = []
    for path in sorted(WORDS.parent.rglob("*.py")):
        if path.name not in ON_THE_COMMAND_LINE:
            tree = python.parse(path.read_text(encoding="utf-8"))
            found += [(path.name, said) for facts in telling(tree) for said in phrases(facts)]

    assert found == []


def test_a_refused_file_is_told_in_chinese_from_end_to_end(tmp_path: Path):
    file = tmp_path / "楼栋.zip"
    file.write_bytes(b"PK\x05\x06" + bytes(18))
    with pytest.raises(Refusal) as caught:
        read_district(file)

    facts = json.loads(json.dumps(caught.value.facts, default=str))

    assert str(caught.value).startswith("楼栋.zip lacks a .shp. Zip the .shp, .dbf and .prj together")
    assert words("zh")("refusal-member-missing", **facts) == (
        "楼栋.zip 缺少 .shp 文件。请把 .shp、.dbf、.prj 一起压缩后再上传。"
    )


def test_a_report_is_told_in_chinese_from_end_to_end(tmp_path: Path):
    square = [[116.3, 39.9], [116.3002, 39.9], [116.3002, 39.9002], [116.3, 39.9002]]
    bow_tie = [[116.301, 39.9], [116.3012, 39.9002], [116.3012, 39.9], [116.301, 39.9002], [116.301, 39.9]]
    features = [
        {"type": "Feature", "properties": {"code": code, "households": households}, "geometry": geometry}
        for code, households, geometry in [
            ("B1", "12", {"type": "Polygon", "coordinates": [square]}),
            ("B2", "many", {"type": "Polygon", "coordinates": [bow_tie]}),
            ("B3", 4, {"type": "Point", "coordinates": [116.3, 39.9]}),
        ]
    ]
    file = tmp_path / "楼栋.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = json.loads(json.dumps(dataclasses.asdict(read_district(file).report)))

    said = [in_words("zh", fact) for mend in report["mends"] for fact in (mend["before"], mend["after"])]
    said += [
        words("zh")(PREFIX + row["code"].replace("_", "-"), **row["facts"]) for row in report["refusals"]
    ]
    for remark in (*report["notes"], *report["warnings"]):
        said.append(words("zh")("remark-" + remark["code"].replace("_", "-"), **remark["facts"]))

    assert [sentence for sentence in said if PHRASE.search(str(sentence)) or "{" in str(sentence)] == []
    assert {"没有闭合", "已闭合", "文本“12”", "数字12", "图形是点，而这里要面。"} <= set(said), said
