"""Invented people: as many as the houses hold, the same for the same seed, none whose phone could ring."""

from datetime import date

import numpy as np
import pytest

from geodata.people import REFERENCES, House, population

TODAY = date(2026, 11, 26)
HOUSES = [
    *(House(number, 7, "residential", 6, 60, coordinator=3) for number in range(40)),
    House(100, 7, "residential", 18, 120, entrances=[(1, 60), (2, 60)], coordinator=3),
    *(
        House(200 + n, 7, "residential", 3, 20, compound=5, compound_kind="rental compound")
        for n in range(10)
    ),
    House(300, 7, "commercial", 4, 0, coordinator=3),
]
LIVED_IN = 40 * 60 + 120 + 10 * 20


def made(seed: int = 1):
    return population(HOUSES, TODAY, np.random.default_rng(seed), [(1, "employment office")])


def column(table, name):
    at = table.columns.index(name)
    return [row[at] for row in table.rows]


@pytest.fixture(scope="module")
def people():
    return made()


def test_every_household_of_a_house_is_there_once(people):
    assert column(people["household"], "ended_on").count(None) == LIVED_IN


def test_about_two_and_a_half_persons_a_household_and_two_fifths_from_elsewhere(people):
    here = column(people["stay"], "until_on").count(None)
    registered = column(people["resident"], "registered_here")

    assert 2.4 < here / LIVED_IN < 2.9
    assert registered.count(False) / len(registered) == pytest.approx(0.40, abs=0.04)


def test_rows_refer_to_rows_of_the_same_building(people):
    for table in people.values():
        building = table.columns.index("building_id")
        for at, name in enumerate(table.columns):
            if name in REFERENCES and name != "landlord_id":
                other = people[REFERENCES[name]]
                seat = other.columns.index("building_id")
                assert all(
                    other.rows[row[at]][seat] == row[building] for row in table.rows if row[at] is not None
                )


def test_no_two_doors_behind_one_entrance_have_one_number(people):
    doors = list(
        zip(
            *(column(people["dwelling"], name) for name in ("building_id", "entrance_id", "code")),
            strict=True,
        )
    )

    assert len(set(doors)) == len(doors)


def test_a_rental_compound_is_let_as_one_besides_its_dwellings(people):
    assert [one for one in column(people["rental"], "compound_id") if one is not None] == [5]


def test_no_phone_begins_as_an_operators_does(people):
    phones = [phone for phone in column(people["resident"], "phone") if phone]

    assert len(phones) > 1000
    assert all(phone.startswith("154") and len(phone) == 11 for phone in phones)


def test_nothing_happens_after_today(people):
    assert max(moment.date() for moment in column(people["visit"], "happened_at")) < TODAY
    assert max(column(people["household"], "begun_on")) < TODAY


def test_a_house_of_nobodys_grid_was_never_visited(people):
    assert not set(column(people["visit"], "building_id")) & {200 + n for n in range(10)}


def test_the_same_seed_gives_the_same_people_and_another_seed_others(people):
    assert made()["resident"].rows == people["resident"].rows
    assert made(2)["resident"].rows != people["resident"].rows
