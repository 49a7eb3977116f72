"""What comes in, checked once at the edge: JSON that is strict, text that is text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import isfinite
from typing import Any, NoReturn

from app.errors import Refusal, part

DEEPEST = 32
TOO_DEEP = part("deeper_than", levels=DEEPEST)


def read_json(body: bytes) -> Any:
    """JSON as its standard has it: UTF-8, no NaN or Infinity, no key twice; nested DEEPEST deep at most."""
    try:
        read = json.loads(
            body.decode("utf-8"),
            parse_constant=_no_number,
            parse_float=_finite,
            object_pairs_hook=_single_keys,
        )
    except UnicodeDecodeError:
        raise Refusal("body_malformed", what=part("not_utf8")) from None
    except json.JSONDecodeError as error:
        what = part("no_json_from", line=error.lineno, column=error.colno)
        raise Refusal("body_malformed", what=what) from None
    except RecursionError:
        raise Refusal("body_malformed", what=TOO_DEEP) from None
    except ValueError:  # an integer of thousands of digits
        raise Refusal("body_malformed", what=part("digits_too_many")) from None
    check_text(_strings(read))
    return read


def check_text(strings: Iterable[str]) -> None:
    """Refuse what the database cannot store as text: NUL, and halves of characters."""
    for string in strings:
        if "\0" in string or any("\ud800" <= character <= "\udfff" for character in string):
            raise Refusal("text_malformed")


def _no_number(word: str) -> NoReturn:
    raise Refusal("body_malformed", what=part("no_number", word=word))


def _finite(digits: str) -> float:
    return number if isfinite(number := float(digits)) else _no_number(digits[:20])


def _single_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise Refusal("body_malformed", what=part("key_twice"))
    return read


def _strings(read: Any, depth: int = 0) -> Iterable[str]:
    """Every key and text in what was read."""
    if isinstance(read, str):
        yield read
    elif isinstance(read, dict | list):
        if depth == DEEPEST:
            raise Refusal("body_malformed", what=TOO_DEEP)
        if isinstance(read, dict):
            yield from read
            read = list(read.values())
        for value in read:
            yield from _strings(value, depth + 1)
