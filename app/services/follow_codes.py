"""Codes by which whoever reported a place follows what becomes of it: 59 bits, kept as a hash alone."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from app.services.needs import CODE_LENGTH, CODE_LETTERS, plain_code
from app.services.own_codes import spaced


def hashed(key: bytes, code: str) -> bytes:
    """What is kept of a code; typed with spaces, dashes or small letters it is the same.

    Another prefix than that of needs: the same letters never open both.

    >>> hashed(b"k", "abcd-efgh-jkmn") == hashed(b"k", " ABCD EFGH JKMN")
    True
    """
    return hmac.new(key, b"hazard " + plain_code(code).encode(), hashlib.sha256).digest()


def code_of(key: bytes, sent_as: UUID) -> str:
    """The code of what was sent with this id: sent twice, it is told the same again and kept nowhere.

    >>> from uuid import UUID
    >>> code_of(b"k", UUID(int=7)) == code_of(b"k", UUID(int=7)) != code_of(b"l", UUID(int=7))
    True
    """
    made = int.from_bytes(hmac.new(key, b"follow " + sent_as.bytes, hashlib.sha256).digest(), "big")
    signs = []
    for _ in range(CODE_LENGTH):
        made, at = divmod(made, len(CODE_LETTERS))
        signs.append(CODE_LETTERS[at])
    return spaced("".join(signs))
