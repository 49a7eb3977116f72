"""Names are given once, and every character has a reading."""

import numpy as np

from geodata.names import Names, pinyin

MANY = 3_000


def test_no_estate_is_named_twice():
    names = Names(np.random.default_rng(1))

    given = [names.estate("old") for _ in range(MANY)]

    assert len(set(given)) == MANY


def test_every_character_has_a_reading():
    names = Names(np.random.default_rng(1))
    given = [names.great_street("路") for _ in range(100)]
    given += [names.estate(age) for age in ("old", "new") for _ in range(300)]
    given += [name for _ in range(30) for name in names.lanes(5)]
    given += [names.village() for _ in range(100)] + [names.work_unit() for _ in range(20)]
    given += [names.community(""), names.subdistrict(), names.rental_yard(), names.place("大道")]

    without = [name for name in given if not pinyin(name).isascii()]

    assert without == []
