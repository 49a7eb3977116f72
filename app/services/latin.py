"""Chinese names in Latin letters: pinyin to read and show, first letters to search by.

As maps spell them (rules of 1984 for place names, GB/T 16159): the word for what it is stands apart, with the
one syllable that tells it from others (Xingyang Henglu), and an apostrophe where syllables could be misread.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_RUNS = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|[^㐀-䶿一-鿿豈-﫿]+")
# What a thing is. 里 and 园 are none: in names of estates they belong to the name.
_GENERIC = (
    *(
        "自治县",
        "开发区",
        "风景区",
        "城中村",
        "里弄",
        "工业园区",
        "工业园",
        "步行街",
        "商业街",
        "家属院",
        "立交桥",
    ),
    *("街道", "社区", "小区", "园区", "大道", "大街", "公路", "公园", "花园", "广场", "大院", "新村", "新区"),
    *("胡同", "铁路", "高速", "高架", "环路", "隧道", "通道", "步道", "绿道", "水库", "大桥", "大厦", "市场"),
    *("超市", "夜市", "中心", "医院", "学校", "小学", "中学", "大学"),
    *("省", "市", "区", "县", "镇", "乡", "路", "街", "巷", "弄", "河", "江", "湖", "渠", "桥"),
)
_LONG_ONLY = ("村", "山", "溪", "道")  # names of two syllables with these are one word
_WAYS = ("大道", "大街", "路", "街", "巷", "弄", "道")
_WHICH_WAY = "东西南北中前后上下内外左右横纵直支"  # one of these stays with the word for the way
_BEHIND_A_NUMBER = re.compile("号(?=.)")


class Latin(NamedTuple):
    """`pinyin` to show, `initials` in small letters to search by; both None for a name without Chinese."""

    pinyin: str | None
    initials: str | None


@lru_cache(maxsize=100_000)
def latin(name: str | None) -> Latin:
    """A name in Latin letters.

    >>> latin("柳荫里小区 3号楼")
    Latin(pinyin='Liuyinli Xiaoqu 3 Hao Lou', initials='lylxq3hl')
    >>> latin("长安东路").pinyin, latin("山东路").pinyin
    ("Chang'an Donglu", 'Shandong Lu')
    >>> latin("Rue Grimaldi")
    Latin(pinyin=None, initials=None)
    """
    if not name or not _HAN.search(name):
        return Latin(None, None)
    from pypinyin import lazy_pinyin  # its tables take a moment to load

    words, initials = [], []
    for run in _RUNS.findall(name):
        if _HAN.match(run):
            syllables = lazy_pinyin(run, v_to_u=True)
            initials += [syllable[0].replace("ü", "v") for syllable in syllables]
            ends = _word_ends(run) if len(syllables) == len(run) else [len(syllables)]
            words += [_joined(syllables[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        elif run.strip():
            words.append(run.strip())
            initials.append(re.sub(r"\W", "", run).lower())
    return Latin(" ".join(words), "".join(initials))


def _word_ends(name: str) -> list[int]:
    """Where the words of a name end.

    >>> _word_ends("锦原区"), _word_ends("中山东路"), _word_ends("号楼"), _word_ends("王村")
    ([2, 3], [2, 4], [1, 2], [2])
    """
    if _BEHIND_A_NUMBER.match(name):
        return [1, *(1 + end for end in _word_ends(name[1:]))]
    own = next((word for word in _GENERIC if name.endswith(word)), None)
    own = own or next((word for word in _LONG_ONLY if name.endswith(word) and len(name) > 2), name)
    if own == name:
        return [len(name)]
    begins = len(name) - len(own)
    if own in _WAYS and begins > 2 and name[begins - 1] in _WHICH_WAY:
        begins -= 1
    return [begins, len(name)]


def _joined(syllables: list[str]) -> str:
    """Syllables as one word.

    >>> _joined(["chang", "an"]), _joined(["gu", "lou"])
    ("Chang'an", 'Gulou')
    """
    word = "".join(
        f"'{syllable}" if place and syllable[0] in "aoe" else syllable
        for place, syllable in enumerate(syllables)
    )
    return word[:1].upper() + word[1:]
