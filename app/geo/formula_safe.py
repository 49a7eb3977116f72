"""Text that a spreadsheet shows instead of reckoning with it.

A name that begins with `=`, `+`, `-` or `@` is a formula to Excel and its like, and may fetch or send. An
apostrophe before it, which they take for "this is text", is put there on the way out and taken off on the way
in.
"""

from __future__ import annotations

import re

_SIGNS = "=+\\-@\t\r\n＝＋－＠"  # the wide ones count too, where Chinese is typed
_FORMULA = re.compile(f"'*[{_SIGNS}]")
_GUARDED = re.compile(f"'+[{_SIGNS}]")


def guarded(text: str | None) -> str | None:
    """Text as it is written to a file.

    >>> guarded("=1+1"), guarded("柳荫里"), guarded("O'Hara"), guarded(None)
    ("'=1+1", '柳荫里', "O'Hara", None)
    """
    return f"'{text}" if text is not None and _FORMULA.match(text) else text


def unguarded(text: str | None) -> str | None:
    """Text as it was before it was written to a file.

    >>> [unguarded(guarded(text)) for text in ("=1+1", "'=1", "-3", "柳荫里", "'", None)]
    ['=1+1', "'=1", '-3', '柳荫里', "'", None]
    """
    return text[1:] if text is not None and _GUARDED.match(text) else text
