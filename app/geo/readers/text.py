"""Words as they come out of files: which encoding, and which characters may be stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.errors import Refusal, part
from app.geo.readers.report import ImportReport

# A NUL, or half of a surrogate pair: what held it is damaged, and no database stores it.
_BROKEN = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
# Besides what is not printable: blanks to tidy, letters that show as nothing, and bytes of UTF-8 taken for
# Latin-1.
_SUSPECT = re.compile(
    "^ | $|  |[\xc2-\xf4\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufffd\uffa0]"
)
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_ANY_BYTES = ("latin-1", "cp1252", "cp1250", "cp1251")
_GARBLED = "\ufffd"


@dataclass
class Words:
    """One column of text, cleaned. changed: position -> (before, after); broken: position -> refusal code."""

    values: list[str | None]
    changed: dict[int, tuple[str, str]] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)


def clean(values: Iterable[Any]) -> Words:
    """Text without characters that hide or turn it; numbers become text, blank becomes None.

    >>> words = clean(["Buil\\u200bding", 12, "", "a\\0b", ["x"]])
    >>> words.values, words.broken
    (['Building', '12', None, 'ab', None], {3: 'text_broken', 4: 'text_not_text'})
    """
    words = Words([])
    for k, value in enumerate(values):
        if value is None:
            words.values.append(None)
            continue
        if not isinstance(value, str):
            words.values.append(_number_as_text(value))
            if isinstance(value, float) and abs(value) >= 2**53:
                words.broken[k] = "digits_lost"
            elif words.values[-1] is None and value == value:  # NaN stands for nothing
                words.broken[k] = "text_not_text"
            continue
        if value.isprintable() and not _SUSPECT.search(value):
            words.values.append(value or None)
            continue
        if _BROKEN.search(value):
            words.broken[k] = "text_broken"
        elif _GARBLED in value:
            words.broken[k] = "text_garbled"
        readable = _readable(_undouble(_BROKEN.sub("", value)))
        if k not in words.broken and readable != value:
            words.changed[k] = (value, readable)
        words.values.append(readable or None)
    return words


def decode_columns(
    columns: dict[str, list[Any]],
    stated: Sequence[tuple[str, object]],
    forced: str | None,
    *,
    file: str,
    layer: str,
    report: ImportReport,
) -> dict[str, list[Any]]:
    """Columns whose texts are still bytes, as text, in an encoding that fits every one of them.

    Tried in turn: the one a person forces, those the file states (with who says so), UTF-8, GB18030. A
    stated encoding that does not fit is reported; GB18030 must yield common Chinese characters, else the
    person is asked.
    """
    names = list(columns)
    cells = [v for name in names for v in columns[name] if isinstance(v, bytes) and not v.isascii()]
    heads = [name.encode("latin-1") for name in names if not name.isascii()]
    encoding = _fitting([*cells, *heads], stated, forced, file=file, layer=layer, report=report)
    return {
        _head(name, encoding): [v.decode(encoding) if isinstance(v, bytes) else v for v in values]
        for name, values in columns.items()
    }


def _fitting(
    samples: list[bytes],
    stated: Sequence[tuple[str, object]],
    forced: str | None,
    *,
    file: str,
    layer: str,
    report: ImportReport,
) -> str:
    if forced is not None:
        if not fits(samples, forced):
            raise Refusal("encoding_wrong", file=file, encoding=forced)
        return forced
    if not samples:
        return "utf-8"
    for encoding, said_by in stated:
        if fits(samples, encoding) and not (encoding in _ANY_BYTES and _is_better_read_otherwise(samples)):
            if encoding.lower().replace("-", "") not in ("utf8",):
                report.note("encoding_stated", file=file, encoding=encoding, said_by=said_by)
            return encoding
    if fits(samples, "utf-8"):
        found = "utf-8"
    elif fits(samples, "gb18030") and is_common_chinese(samples):
        found = "gb18030"
    else:
        raise Refusal("encoding_unknown", file=file)
    before = [
        part("encoding_by", encoding=encoding, said_by=said_by) for encoding, said_by in stated
    ] or part("none_stated")
    if stated or found != "utf-8":
        report.mend(layer, None, "encoding", before, found.upper())
        report.warn("encoding_found", file=file, stated=before, encoding=found.upper())
    return found


def _is_better_read_otherwise(samples: list[bytes]) -> bool:
    """Whether bytes said to be Western are in truth UTF-8 or Chinese; a Western code page fits every byte."""
    return fits(samples, "utf-8") or (fits(samples, "gb18030") and is_common_chinese(samples))


def fits(samples: Iterable[bytes], encoding: str) -> bool:
    try:
        for sample in samples:
            sample.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def is_common_chinese(samples: Iterable[bytes]) -> bool:
    """Whether nearly all of the text, read as GB18030, is in the small set of common characters (GB 2312)."""
    text = "".join(c for sample in samples for c in sample.decode("gb18030") if ord(c) > 127)
    common = sum(1 for c in text if len(c.encode("gb2312", "ignore")) == 2)
    return common >= 0.9 * len(text)


def _head(name: str, encoding: str) -> str:
    """A column name; names are cut to ten bytes in a shapefile, maybe inside a character."""
    return name if name.isascii() else name.encode("latin-1").decode(encoding, "ignore")


def _readable(text: str) -> str:
    """Without controls, bidi and zero-width marks; lines and wide blanks become one blank."""
    shown = []
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "Z" or character in "\t\n\v\f\r\x85":
            shown.append(" ")
        elif category not in ("Cc", "Cf", "Cs") and character not in _UNSEEN:
            shown.append(character)
    return re.sub(" {2,}", " ", "".join(shown)).strip()


def _undouble(text: str) -> str:
    """UTF-8 once taken for Latin-1 (å¹³ for 平) put right, where that yields Chinese, Japanese or Korean."""
    if not any("\xc2" <= c <= "\xf4" for c in text):
        return text
    for encoding in ("latin-1", "cp1252"):
        try:
            once = text.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if any("\u2e80" <= c <= "\ud7ff" for c in once):
            return once
    return text


def _number_as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else None
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return str(int(value)) if value == int(value) else repr(value)
    return None
