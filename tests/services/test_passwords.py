"""Which passwords are good enough, and how they are kept."""

from __future__ import annotations

import pytest

from app.config import Hashing
from app.errors import Refusal
from app.services.passwords import LEAST, MOST, Passwords, check_new_password, new_password

CHEAP = Hashing(time_cost=1, memory_kib=8, lanes=1)
GOOD = [
    "seven green kites over Hangu",
    "correct willow bridge kettle",
    "十五个字以上的密码也可以用中文来写",
    "🦊🐢 fourteen quiet rivers",
    "x7#kQ9!mZ2$pL5&w",
    "a" * 3 + " tree beside the eastern well",
]


def refusal(password, *about):
    with pytest.raises(Refusal) as caught:
        check_new_password(password, *about)
    return caught.value.code


@pytest.mark.parametrize("password", GOOD)
def test_words_of_ones_own_are_good(password):
    check_new_password(password, "wang.fang", "王芳", "wang fang")


def test_length_is_counted_in_characters_and_nothing_is_cut_off():
    assert refusal("short words ok") == "password_too_short"
    assert refusal("网" * (LEAST - 1)) == "password_too_short"
    assert refusal("ab cd ef gh " * 11) == "password_too_long"
    signs = "abcdefghijklmnopqrstuvwxyz0123456789!?#$%&/()="
    mixed = "".join(signs[n * n % 43] for n in range(MOST))
    check_new_password(mixed)
    hashing = Passwords(CHEAP)
    kept = hashing.hashed(mixed)
    assert hashing.fits(mixed, kept)
    assert not hashing.fits(mixed[:-1], kept)


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password123456789",
        "p@ssw0rdp@ssw0rd!",
        "123456789012345",
        "111111111111111",
        "qwertyuiopasdfgh",
        "poiuytrewqlkjhgf",
        "abcdefghijklmnop",
        "iloveyouiloveyou",
        "woaini1314520520",
        "aaaaaaaabbbbbbbb",
        "abcabcabcabcabcabc",
        "Admin@123456789!",
        "密码密码密码密码密码密码密码密码",
        "letmeinletmein2026",
        "welcome1234567890",
    ],
)
def test_what_is_tried_first_is_refused(password):
    assert refusal(password) in ("password_common", "password_about_you")


def test_thousands_of_common_ones_are_refused():
    common = [
        "password",
        "welcome",
        "admin",
        "qwerty",
        "letmein",
        "dragon",
        "monkey",
        "iloveyou",
        "sunshine",
        "mima",
    ]
    made = {
        (word * 4)[:length] + str(digits)
        for word in common
        for length in (12, 14, 16, 18)
        for digits in [*range(1970, 2027), 123, 1234, 12345, 123456, 111, 888, 666, 520]
    }
    long_enough = [password for password in made if LEAST <= len(password) <= MOST]

    assert len(long_enough) > 2000
    accepted = []
    for password in long_enough:
        try:
            check_new_password(password)
            accepted.append(password)
        except Refusal:
            pass
    assert accepted == []


@pytest.mark.parametrize(
    "password",
    ["wang.fang.wang.fang", "Gridkeeper2026!!", "gridkeeper gridkeeper", "王芳王芳王芳王芳王芳王芳王芳王芳"],
)
def test_account_name_and_product_are_refused(password):
    assert refusal(password, "wang.fang", "王芳", "wang fang") == "password_about_you"


def test_a_password_fits_however_its_characters_are_put_together():
    hashing = Passwords(CHEAP)

    assert hashing.fits("cafe\u0301 with a view of it", hashing.hashed("caf\u00e9 with a view of it"))


def test_nothing_fits_where_nothing_is_kept():
    hashing = Passwords(CHEAP)

    assert not hashing.fits("anything at all", None)
    assert not hashing.fits("", None)
    assert not hashing.fits("anything at all", "$argon2id$nonsense")


def test_passwords_are_kept_by_argon2id_as_rfc_9106_has_it_for_little_memory():
    kept = Passwords(Hashing()).hashed(GOOD[0])

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Passwords(CHEAP).is_dated(kept)
    assert not Passwords(Hashing()).is_dated(kept)


def test_a_password_to_give_away_is_good_and_never_the_same():
    made = {new_password() for _ in range(500)}

    assert len(made) == 500
    for password in made:
        check_new_password(password, "wang.fang", "王芳")
