"""The attributes of rows: names and codes as clean text, whole households, flags and levels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from app.errors import part, row_part
from app.geo.plots import BoolArray, FloatArray, IntArray
from app.geo.readers.estimate import classify, estimate_households, stated_formula
from app.geo.readers.options import ReadOptions
from app.geo.readers.raw import RawLayer
from app.geo.readers.report import shown
from app.geo.readers.sieve import Sieve
from app.geo.readers.text import Words, clean

_WHOLE = re.compile(r"([+-]?[0-9]{1,18})(\.0*)?( ?户)?")
NO = frozenset(("", "no", "n", "f", "false", "0", "none", "否"))


def cells(raw: RawLayer, name: str | None) -> list[Any]:
    return raw.columns[name] if name is not None else [None] * len(raw)


def tag_of(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def texts(sieve: Sieve, raw: RawLayer, column: str | None, what: str, strict: bool) -> list[str | None]:
    """A column of text without hidden characters, no longer than the limit."""
    words = clean(cells(raw, column))
    _tell_of(sieve, words, what, strict)
    most = sieve.limits.name_characters
    for k, value in enumerate(words.values):
        if value is not None and len(value) > most:
            if strict:
                sieve.refuse_one(k, "text_too_long", what=what, characters=len(value), most=most)
            else:
                sieve.mend(k, what, part("characters", n=len(value)), part("first_characters", n=most))
            words.values[k] = value[:most]
    return words.values


def plain_texts(raw: RawLayer, column: str | None, most: int) -> list[str | None]:
    """A column of text that is only shown: what is not fit to be shown is left blank, and no row minds."""
    words = clean(cells(raw, column))
    return [
        None if value is None or k in words.broken or len(value) > most else value
        for k, value in enumerate(words.values)
    ]


def floor_counts(raw: RawLayer, column: str | None) -> IntArray:
    """Floors above ground, 0 where unknown."""
    floors = np.nan_to_num(measures(cells(raw, column)))
    return np.where((floors >= 1) & (floors <= 200), floors, 0).astype(np.int64)


def _tell_of(sieve: Sieve, words: Words, what: str, strict: bool) -> None:
    for k, code in words.broken.items():
        if strict:
            sieve.refuse_one(k, code, what=what)
        else:
            sieve.mend(k, what, part(code), words.values[k])
    for k, (before, after) in words.changed.items():
        sieve.mend(k, what, before, after)


def building_codes(sieve: Sieve, raw: RawLayer, column: str | None, strict: bool) -> list[str | None]:
    """A code per building, each once. Codes alike but for case, width or blanks are the same code."""
    if column is None:
        sieve.report.note("codes_made", file=raw.file, layer=raw.name)
        return [str(number) for number in raw.numbers]
    codes = texts(sieve, raw, column, "code", strict)
    blank = [k for k, code in enumerate(codes) if code is None and sieve.kept[k]]
    if strict:
        sieve.refuse(blank, "code_missing", lambda k: {"column": shown(column, 40)})
    taken: dict[str, int] = {}
    for k, code in enumerate(codes):
        if not sieve.kept[k] or code is None:
            continue
        key = _code_key(code)
        if key not in taken:
            taken[key] = k
        elif strict:
            sieve.refuse_one(k, "code_twice", other=row_part(sieve.label(taken[key])))
        else:
            codes[k] = _unused(code, taken, k)
            sieve.mend(k, "code", code, codes[k])
    for k in blank:
        codes[k] = _unused(f"row {raw.numbers[k]}", taken, k)
        sieve.mend(k, "code", None, codes[k])
    return codes


def _code_key(code: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", code)).casefold()


def _unused(code: str, taken: dict[str, int], k: int) -> str:
    """The code, with the first number that makes it new if it is taken."""
    candidate, number = code, 2
    while _code_key(candidate) in taken:
        candidate, number = f"{code}-{number}", number + 1
    taken[_code_key(candidate)] = k
    return candidate


def building_uses(
    raw: RawLayer, found: Mapping[str, str], footprint_m2: FloatArray
) -> npt.NDArray[np.object_]:
    """The use of each building, by what its row says and by its size."""
    said = {
        name: [tag_of(value) or None for value in cells(raw, found.get(name))]
        for name in ("kind", "building", "amenity", "landuse")
    }
    return classify([said["kind"], said["building"]], said["amenity"], said["landuse"], footprint_m2)


def household_counts(
    sieve: Sieve,
    raw: RawLayer,
    found: Mapping[str, str],
    use: npt.NDArray[np.object_],
    footprint_m2: FloatArray,
    options: ReadOptions,
) -> tuple[IntArray, list[str | None]]:
    """Households and where they come from.

    A missing column is estimated; a bad number is refused, or estimated where the reading is not strict.
    """
    residential = use == "residential"
    estimate: IntArray | None = None

    def estimated() -> IntArray:
        floors = measures(cells(raw, found.get("floors")))
        height = measures(cells(raw, found.get("height")))
        return estimate_households(footprint_m2, floors, height, residential, options)

    if "households" not in found:
        sieve.report.note("households_estimated", file=raw.file, formula=stated_formula(options))
        return estimated(), ["estimate"] * len(raw)
    values = raw.columns[found["households"]]
    counts, wrong = _counts(values, sieve.limits.households)
    if raw.typed:
        for k in (k for k, value in enumerate(values) if isinstance(value, str) and k not in wrong):
            text, number = part("as_text", value=shown(values[k], 30)), part("as_number", n=int(counts[k]))
            sieve.mend(k, "households", text, number)
    source: list[str | None] = ["register" if options.registered else "imported"] * len(raw)
    for k, (code, value) in wrong.items():
        if options.strict:
            sieve.refuse_one(k, code, value=shown(value, 30), most=sieve.limits.households)
        elif sieve.kept[k]:
            estimate = estimated() if estimate is None else estimate
            counts[k], source[k] = min(int(estimate[k]), sieve.limits.households), "estimate"
            sieve.mend(k, "households", value, part("estimated", n=int(counts[k])))
    if estimate is not None:
        sieve.report.note("households_estimated", file=raw.file, formula=stated_formula(options))
    return counts, source


def entrance_counts(sieve: Sieve, raw: RawLayer, found: Mapping[str, str]) -> IntArray:
    """Households behind each entrance, -1 where the cell is empty; rows with a bad number are refused."""
    if "households" not in found:
        return np.full(len(raw), -1, np.int64)
    counts, wrong = _counts(raw.columns[found["households"]], sieve.limits.households)
    for k, (code, value) in wrong.items():
        if code == "households_missing":
            counts[k] = -1
        else:
            sieve.refuse_one(k, code, value=shown(value, 30), most=sieve.limits.households)
    return counts


def _counts(values: list[Any], most: int) -> tuple[IntArray, dict[int, tuple[str, Any]]]:
    """Whole numbers between 0 and `most`; what is none: position -> (refusal code, value)."""
    wrong: dict[int, tuple[str, Any]] = {}
    counts = np.zeros(len(values), dtype=np.int64)
    for k, value in enumerate(values):
        if type(value) is int:
            number: int = value
        elif isinstance(value, float) and value == value and abs(value) < 1e15 and value == int(value):
            number = int(value)
        elif isinstance(value, str) and (
            match := _WHOLE.fullmatch(unicodedata.normalize("NFKC", value[:40]).strip())
        ):
            number = int(match[1])
        else:
            blank = value is None or value == "" or value != value
            wrong[k] = ("households_missing" if blank else "households_not_a_number", value)
            continue
        if number < 0 or number > most:
            wrong[k] = ("households_out_of_range", value)
        else:
            counts[k] = number
    return counts, wrong


def measures(values: list[Any]) -> FloatArray:
    """Numbers out of a column of numbers or text (`12`, `12.5 m`, `5;6`); NaN where there is none."""
    found = np.full(len(values), np.nan)
    for k, value in enumerate(values):
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[k] = min(max(float(value), -1e9), 1e9) if abs(value) < 1e300 else np.nan
        elif isinstance(value, str) and (match := re.match(r"\s*(\d{1,6}(?:\.\d{1,9})?)", value, re.ASCII)):
            found[k] = float(match[1])
    return found


def line_columns(sieve: Sieve, raw: RawLayer, found: Mapping[str, str], strict: bool) -> dict[str, Any]:
    return {
        "name": texts(sieve, raw, found.get("name"), "name", strict),
        "bridge": flags(cells(raw, found.get("bridge"))),
        "tunnel": flags(cells(raw, found.get("tunnel"))),
        "layer": np.nan_to_num(layers(cells(raw, found.get("layer")))).astype(np.int64),
    }


def flags(values: list[Any]) -> BoolArray:
    """True where a tag says anything but no: `yes`, `T`, `viaduct`, 1."""
    return np.array(
        [
            value.strip().casefold() not in NO if isinstance(value, str) else bool(value) and value == value
            for value in values
        ],
        dtype=bool,
    )


def layers(values: list[Any]) -> FloatArray:
    texts = [str(value).strip() if value is not None else "" for value in values]
    return np.array(
        [float(text) if re.fullmatch(r"[+-]?\d{1,2}(\.0)?", text, re.ASCII) else 0.0 for text in texts]
    )
