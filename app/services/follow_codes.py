"""Codes by which whoever reported a place follows what becomes of it: told once, kept as a hash alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from app.services.needs import CODE_LENGTH, CODE_LETTERS
from app.services.own_codes import spaced


def new_code() -> str:
    """A new code as it is read out and written down: of letters none of which is taken for another.

    59 bits, so that trying (`throttle`) leads nowhere.
    """
    return spaced("".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)))


def hashed(key: bytes, code: str) -> bytes:
    """What is kept of a code; typed with spaces, dashes or small letters it is the same.

    Another prefix than that of needs: the same letters never open both.

    >>> hashed(b"k", "abcd-efgh-jkmn") == hashed(b"k", " ABCD EFGH JKMN")
    True
    """
    plain = "".join(sign for sign in code.upper() if sign in CODE_LETTERS)
    return hmac.new(key, b"hazard " + plain.encode(), hashlib.sha256).digest()
