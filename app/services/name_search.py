"""Finding people by name, in characters or as typed in Latin letters, where row-level security is in force.

Only operators that give nothing away may use an index beneath a policy: comparing letters does, `LIKE` and
regular expressions do not. So a name is found by its beginning, by ranges of first characters; what follows
is looked at among those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MOST_CHARACTERS = 4  # of a name whose characters are told by their sounds
_LETTERS = re.compile(r"[a-z]+")
_BEGINNINGS = ("zh", "ch", "sh")


@dataclass(frozen=True)
class NameSearch:
    """What a name begins with. first: characters, one range of names each, which go to the one after it.

    ways: how what was typed may sound, each a set of characters for the first, the second … of a name; none
    where characters were typed. Sets are compared a hundred times as quickly as a pattern made of them.
    """

    first: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...] = ()

    @property
    def until(self) -> list[str]:
        """The ends of the ranges, without them."""
        return [word[:-1] + chr(ord(word[-1]) + 1) for word in self.first]


def name_search(words: str) -> NameSearch | None:
    """How to find names by what was typed; None where no name can be meant.

    >>> name_search("王伟")
    NameSearch(first=('王伟',), ways=())
    >>> "王" in name_search("ww").first, name_search("12") is None
    (True, True)
    """
    said = re.sub(r"[\s'’·]", "", words)
    if not said or said[-1] >= chr(0x10FFFF):
        return None
    if not said.isascii():
        return NameSearch((said,))
    said = said.lower()
    if not _LETTERS.fullmatch(said):
        return None
    ways = [way for way in _ways(said) if all(_sounding(part) for part in way)]
    if not ways:
        return None
    first = sorted({character for way in ways for character in _sounding(way[0])})
    return NameSearch(tuple(first), tuple(tuple(_sounding(part) for part in way) for way in ways))


def _ways(said: str) -> list[tuple[str, ...]]:
    """How letters may be divided among characters: each by its sound or first letter, the last one begun.

    Of several ways those with fewest characters, and those that are whole sounds throughout.

    >>> _ways("zw"), _ways("liwei"), _ways("xian")
    ([('z', 'w')], [('li', 'wei')], [('xi', 'an'), ('xian',)])
    """
    found: list[tuple[str, ...]] = []

    def divide(rest: str, parts: tuple[str, ...]) -> None:
        if len(parts) >= MOST_CHARACTERS:
            return
        if rest in _begun():
            found.append((*parts, rest))
        for length in range(1, min(len(rest), 7)):
            part = rest[:length]
            if length == 1 or part in _BEGINNINGS or part in _sounds():
                divide(rest[length:], (*parts, part))

    divide(said, ())
    fewest = min(map(len, found), default=0)
    return sorted(way for way in found if len(way) == fewest or all(_is_whole(part) for part in way))


def _is_whole(part: str) -> bool:
    return len(part) > 1 and part in _sounds()


def _sounding(part: str) -> str:
    """The characters whose sound begins so."""
    return _begun().get(part, "") if part not in _sounds() else _sounds()[part] + _longer(part)


@lru_cache(maxsize=2000)
def _longer(part: str) -> str:
    return "".join(sorted(set(_begun()[part]) - set(_sounds()[part])))


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    """Characters by sound without its tone, of those that GB 2312 has."""
    from pypinyin import Style, pinyin  # its tables take a moment to load

    found: dict[str, list[str]] = {}
    for code in range(0x4E00, 0x9FA6):
        character = chr(code)
        if not _is_common(character):
            continue
        for sound in pinyin(character, style=Style.NORMAL, heteronym=True)[0]:
            found.setdefault(sound.replace("ü", "v"), []).append(character)
    return {sound: "".join(characters) for sound, characters in found.items()}


def _is_common(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=1)
def _begun() -> dict[str, str]:
    """Characters by every beginning of their sounds."""
    found: dict[str, set[str]] = {}
    for sound, characters in _sounds().items():
        for length in range(1, len(sound) + 1):
            found.setdefault(sound[:length], set()).update(characters)
    return {beginning: "".join(sorted(characters)) for beginning, characters in found.items()}
