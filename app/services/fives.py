"""Counts of households and residents in fives, for all who do not keep or divide what is counted.

A count is said as the multiple of five below or above it, the nearer the likelier, and the same count of a
place always as the same: random rounding to base 5, fixed by place and count (I. P. Fellegi, “Controlled
random rounding”, Survey Methodology 1, 1975; Statistics Canada publishes its censuses so). Whatever is then
subtracted from whatever, of two days, drafts, borders or levels, is a multiple of five: nobody reckons one to
four households from it. One to four themselves are said as “few”.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from os.path import commonpath
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.services.tile_layers import FEW

DRAWN_BYTES = 8


@dataclass(frozen=True)
class Fives:
    """How this installation rounds. key: its own and secret, that nobody can tell which way a count went."""

    key: str

    def of(self, count: int, place: str) -> int:
        """A count of something in a place, in fives; unbiased over all places. place: code of the place.

        >>> fives = Fives("a key")
        >>> [fives.of(count, "140499001001") for count in (0, 5, 300)], fives.of(301, "140499001001") % 5
        ([0, 5, 300], 0)
        """
        below, rest = divmod(count, FEW)
        said = hashlib.sha256(f"{self.key} {place} {count}".encode()).digest()[:DRAWN_BYTES]
        drawn = int.from_bytes(said, "big") / 256**DRAWN_BYTES
        return FEW * (below + int(drawn * FEW < rest))

    def told(self, count: int, place: str) -> int | None:
        """The same; None where it must be said as “few”."""
        return None if 0 < count < FEW else self.of(count, place)


_KNOWN: WeakKeyDictionary[Engine, Fives] = WeakKeyDictionary()


def fives_of(session: Session) -> Fives:
    """How the installation of a database rounds; the key is made with it, and goes where its backups go."""
    engine = session.get_bind().engine
    if engine not in _KNOWN:
        _KNOWN[engine] = Fives(session.scalars(_KEY).one())
    return _KNOWN[engine]


def code_in(*paths: str) -> str:
    """The code of the place at a path; of several, of the smallest place that holds them all.

    A sum is told by that, so that a place and the one place in it are told the same.

    >>> code_in("140499.140499001"), code_in("1.12.123", "1.12.124"), code_in("1.12.123", "1.13.131")
    ('140499001', '12', '1')
    """
    return commonpath([path.replace(".", "/") for path in paths]).rpartition("/")[2]


_KEY = text("SELECT key FROM rounding")
