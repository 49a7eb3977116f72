"""Chinese names in Latin letters: pinyin to read and show, first letters to search by."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_RUNS = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^㐀-䶿一-鿿豈-﫿]+")


class Latin(NamedTuple):
    """`pinyin` to show, `initials` in small letters to search by; both None for a name without Chinese."""

    pinyin: str | None
    initials: str | None


@lru_cache(maxsize=100_000)
def latin(name: str | None) -> Latin:
    """A name in Latin letters.

    >>> latin("柳荫里小区 3号楼")
    Latin(pinyin='Liuyinlixiaoqu 3 Haolou', initials='lylxq3hl')
    >>> latin("Rue Grimaldi")
    Latin(pinyin=None, initials=None)
    """
    if not name or not _HAN.search(name):
        return Latin(None, None)
    from pypinyin import lazy_pinyin  # its tables take a moment to load

    words, initials = [], []
    for run in _RUNS.findall(name):
        if _HAN.match(run):
            syllables = lazy_pinyin(run)
            words.append("".join(syllables).capitalize())
            initials += [syllable[0] for syllable in syllables]
        elif run.strip():
            words.append(run.strip())
            initials.append(re.sub(r"\W", "", run).lower())
    return Latin(" ".join(words), "".join(initials))
