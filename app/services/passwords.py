"""Passwords: which are good enough (NIST SP 800-63B-4), how they are kept (Argon2id, RFC 9106), new ones."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.config import Hashing
from app.errors import Refusal

LEAST, MOST = 15, 128  # characters; a second factor would allow 8
KEPT_APART = 8  # characters that must be left when what everybody tries is taken away
AT_ONCE = 2  # each takes Hashing.memory_kib

# What the lists of leaked passwords are made of; everything below is found inside longer ones too.
COMMON = """
password passwort passw0rd p@ssword p@ssw0rd pa55word passphrase letmein welcome admin administrator root
login master secret changeme default guest user test tester qwerty qwertz azerty qazwsx asdf zxcv iloveyou
monkey dragon sunshine princess football baseball basketball superman batman shadow michael jordan
jennifer hunter trustno1 starwars computer internet whatever freedom summer winter spring autumn monday
friday january february march april june july august september october november december china beijing
shanghai shenzhen guangzhou woaini woaiwojia nihao aini mima wangge shequ jiedao juweihui correct horse
battery staple hello hallo google microsoft windows samsung huawei xiaomi tencent alibaba weixin wechat
abc123 abcd1234 a1b2c3 1q2w3e 1qaz 2wsx 3edc 520 521 1314 666 888 密码 管理员 网格 社区 街道 你好 中国 我爱你
""".split()  # noqa: SIM905 - a list is longer than it is readable
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "0123456789", "1234567890")
OURS = ("gridkeeper", "grid", "keeper", "网格管理")

SYLLABLES = [c + v for c in "bdfghjklmnprstvwz" for v in "aeiou"]


class Passwords:
    """Makes and checks what is kept of a password."""

    def __init__(self, hashing: Hashing) -> None:
        self._hasher = PasswordHasher(hashing.time_cost, hashing.memory_kib, hashing.lanes)
        self._turn = BoundedSemaphore(AT_ONCE)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        with self._turn:
            return self._hasher.hash(_normal(password))

    def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password; takes as long where nothing is kept."""
        with self._turn:
            try:
                return self._hasher.verify(kept or self._nobodys, _normal(password)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_dated(self, kept: str) -> bool:
        """Whether it was kept by other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


@cache
def passwords(hashing: Hashing) -> Passwords:
    """One for each choice of parameters: it limits how many are checked at once."""
    return Passwords(hashing)


def check_new_password(password: str, *about: str) -> None:
    """Refuse a password that is too short, too long, common, or made of what is known of the person.

    about: account, name and such. No rule says which kinds of characters to use, and nothing is cut off.
    """
    length = len(_normal(password))
    if length < LEAST:
        raise Refusal("password_too_short", length=length, least=LEAST)
    if length > MOST:
        raise Refusal("password_too_long", length=length, most=MOST)
    plain = _normal(password).casefold()
    known = [part for words in about for part in re.split(r"[\s._-]+", words.casefold()) if len(part) > 1]
    if len(_without(plain, [*OURS, *known])) < KEPT_APART:
        raise Refusal("password_about_you")
    core = _unit(re.sub(r"[\d\W_]{1,6}$", "", plain))  # a year or a sign at the end makes no difference
    left = _once(_without_rows(_without(core, [*COMMON, *OURS, *known])))
    if len(left) < KEPT_APART or len(set(plain)) < KEPT_APART - 2:
        raise Refusal("password_common")


def new_password() -> str:
    """One to give to somebody: five groups that can be read out, 64 bits.

    >>> len(new_password()) >= LEAST
    True
    """
    return "-".join(secrets.choice(SYLLABLES) + secrets.choice(SYLLABLES) for _ in range(5))


def _normal(password: str) -> str:
    """The same characters however a keyboard puts them together."""
    return unicodedata.normalize("NFKC", password)


def _without(plain: str, words: list[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        plain = plain.replace(word, "")
    return plain


def _without_rows(plain: str) -> str:
    """Without runs of three and more along the keyboard, the alphabet or the digits, either way."""
    for run in _runs():
        plain = plain.replace(run, "")
    return plain


@cache
def _runs() -> list[str]:
    both = [row for one in ROWS for row in (one, one[::-1])]
    runs = {row[a:b] for row in both for a in range(len(row)) for b in range(a + 3, len(row) + 1)}
    return sorted(runs, key=lambda run: (-len(run), run))


def _unit(plain: str) -> str:
    """What a text is repeated from, also where the last time is cut off.

    >>> _unit("dragondragondrag"), _unit("dragonfly")
    ('dragon', 'dragonfly')
    """
    repeated = (n for n in range(1, len(plain) // 2 + 1) if plain[n:] == plain[:-n])
    return plain[: next(repeated, len(plain))]


def _once(plain: str) -> str:
    """What a repetition repeats, once: aaaa → a, xyxy → xy.

    >>> _once("tokiotokiotokio"), _once("aaaabc")
    ('tokio', 'abc')
    """
    return re.sub(r"(.+?)\1+", r"\1", plain)
