"""Identity numbers of 18 characters (GB 11643-1999): whether one is sound, and what of it may be shown.

Six digits for a place, eight for the day of birth, three for the order on that day, and a check character by
ISO 7064 MOD 11-2. Numbers of 15 digits are not valid any more since 2013 and are not taken.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.errors import Refusal

LENGTH, TAIL = 18, 4
EARLIEST = date(1900, 1, 1)  # nobody alive was born before
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # powers of two modulo 11
_CHECKS = "10X98765432"
_SOUND = re.compile(r"[1-9]\d{16}[\dX]")
# As a spreadsheet writes what it took for a number.
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d{2}|\d{15,18}\.0*")


def clean(said: str) -> str:
    """The number as it is kept: narrow, without spaces and hyphens, a capital X.

    Refused with `id_number_malformed`, with `id_number_mangled` where a spreadsheet has rounded it, and with
    `id_number_check` where it does not fit its own check character. No refusal repeats it.

    >>> clean("110105 19491231 002x"), clean("１１０１０５１９４９１２３１００２Ｘ")
    ('11010519491231002X', '11010519491231002X')
    """
    plain = re.sub(r"[\s\-–—']", "", unicodedata.normalize("NFKC", said)).upper()
    if _ROUNDED.fullmatch(plain):
        raise Refusal("id_number_mangled")
    if not _SOUND.fullmatch(plain) or _born_on(plain) is None:
        raise Refusal("id_number_malformed")
    if check_of(plain[:-1]) != plain[-1]:
        # 15 digits survive a spreadsheet, the last three become noughts.
        raise Refusal("id_number_mangled" if plain.endswith("000") else "id_number_check")
    return plain


def check_of(digits: str) -> str:
    """The check character of the 17 digits before it.

    >>> check_of("11010519491231002"), check_of("44052418800101001")
    ('X', '4')
    """
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


def born_on(number: str) -> date:
    """The day of birth in a clean number.

    >>> born_on("11010519491231002X").isoformat()
    '1949-12-31'
    """
    found = _born_on(number)
    if found is None:
        raise ValueError("not a clean number")
    return found


def _born_on(number: str) -> date | None:
    try:
        told = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return told if told >= EARLIEST else None
