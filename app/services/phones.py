"""Telephone numbers of people, written in one way."""

from __future__ import annotations

import re
import unicodedata

from app.errors import Refusal

_PHONE = re.compile(r"\+?[0-9]{5,15}")
_BETWEEN = re.compile(r"[\s()\-–—.]")


def clean(phone: str | None) -> str | None:
    """A number without what people put between its digits; None where there is none.

    Wide digits become narrow ones. Refused with `telephone_malformed`, which does not repeat the number.

    >>> clean("１９９ 0000-0001"), clean("+86 199 0000 0001"), clean("  ")
    ('19900000001', '+8619900000001', None)
    """
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", phone or ""))
    if not bare:
        return None
    if not _PHONE.fullmatch(bare):
        raise Refusal("telephone_malformed")
    return bare
