"""Entries of phones end as if each had come once, in order, whatever the way doubled, reordered or lost."""

import os
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.errors import Refusal
from app.models import Person
from app.services import handsets, sent
from app.services.access import Actor
from tests.services.registered import staff
from tests.services.sent_orders import (
    BANDS,
    MOST_SENT,
    NOW,
    given_handset,
    given_world,
    other_phone,
    six,
    written,
)

SERVER_KEY = b"a key for tests and nothing else"
# All 873 orders of up to six entries take minutes: `script/check-sent` tries them.
EVERY_ORDER_OF = int(os.environ.get("SENT_ORDERS", "3"))
SEQUENCES = int(os.environ.get("SENT_SEQUENCES", "25"))


@pytest.fixture
def world(session):
    return given_world(session)


@pytest.fixture
def coordinator(world):
    return world.coordinator


@pytest.fixture
def acts(world):
    return world.acts


def test_in_order_once_is_what_everything_else_is_held_against(world):
    entries = six()

    (people, calls), states = world.attempt(entries)

    assert [one.age_band for one in people] == [BANDS[2], None]
    assert [one.client_id for one in calls] == [entries[at].client_id for at in (0, 2, 4, 5)]
    assert [states[one.client_id] for one in entries] == ["done"] * 3 + ["refused"] + ["done"] * 2


@pytest.mark.parametrize("count", range(1, EVERY_ORDER_OF + 1))
def test_every_order_ends_as_in_order_once(world, count):
    entries = six()[:count]
    expected = world.attempt(entries)

    for order in permutations(entries):
        assert world.attempt([*order, order[0]]) == expected


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(data=st.data())
def test_up_to_six_in_any_order_each_up_to_ten_times(world, data):
    entries = six()[: data.draw(st.integers(1, 6), label="entries")]
    repeats = [
        entry
        for entry in entries
        for _ in range(data.draw(st.integers(1, MOST_SENT), label=f"of {entry.number}"))
    ]
    order = data.draw(st.permutations(repeats), label="order")
    expected = world.attempt(entries)

    assert world.attempt(order) == expected


def test_two_phones_of_one_person_have_their_own_order(session, world, coordinator):
    first, second = (given_handset(session, coordinator) for _ in range(2))
    of_first = [written(1, result="met"), written(2, result="nobody home")]
    of_second = [written(1, "arrival", name="新来的"), written(2, result="refused")]

    world.deliver(first, reversed(of_first))
    world.deliver(second, reversed(of_second))

    ids = [one.client_id for one in (*of_first, *of_second)]
    awaited, became = sent.became(session, coordinator, second, ids)
    assert ([one.state for one in became.values()], awaited) == (["done"] * 4, 3)


def test_what_two_phones_send_at_once_ends_as_each_once_in_its_own_order(world):
    once = [*((0, one) for one in six()), *((1, one) for one in other_phone())]
    expected = world.attempt_two(once)
    turned = [once[at] for at in (9, 0, 8, 5, 7, 4, 6, 3, 2, 1, 9, 0)]

    *_, people, last_holds = expected
    assert (len(people), last_holds) == (3, True)
    assert world.attempt_two(turned) == expected


def test_what_came_too_early_waits_and_says_so(session, coordinator, acts):
    handset = given_handset(session, coordinator)
    early = written(2)

    before = sent.take(session, coordinator, handset, early, acts, NOW)
    sent.take(session, coordinator, handset, written(1), acts, NOW)
    after = sent.take(session, coordinator, handset, early, acts, NOW)

    assert (before.state, after.state) == ("waiting", "done")
    assert session.scalars(text("SELECT body FROM sent WHERE body IS NOT NULL")).all() == []


def refused(session, *asked):
    with pytest.raises(Refusal) as caught:
        sent.take(session, *asked, NOW)
    return caught.value.code


def test_the_same_id_with_other_words_is_refused_and_changes_nothing(session, coordinator, acts):
    handset = given_handset(session, coordinator)
    one = written(1, result="met")
    sent.take(session, coordinator, handset, one, acts, NOW)
    other = written(1, client_id=one.client_id, result="nobody home")

    assert refused(session, coordinator, handset, other, acts) == "client_id_reused"
    assert sent.take(session, coordinator, handset, one, acts, NOW).state == "done"
    assert refused(session, coordinator, handset, written(1, result="refused"), acts) == "number_taken"


def test_nobody_sends_for_another_or_learns_of_their_entries(session, coordinator, acts):
    handset = given_handset(session, coordinator)
    one = written(1)
    sent.take(session, coordinator, handset, one, acts, NOW)
    stranger = another(session)
    theirs = given_handset(session, stranger)

    assert refused(session, stranger, handset, written(2), acts) == "handset_unknown"
    assert refused(session, stranger, theirs, one, acts) == "client_id_reused"
    assert sent.became(session, stranger, theirs, [one.client_id]) == (1, {})


def another(session) -> Actor:
    person = Person(account="another", name="Another")
    session.add(person)
    session.flush()
    return Actor(person.id, person.account, person.name, ())


def test_the_secret_is_one_persons_and_one_phones(session, coordinator):
    handset = given_handset(session, coordinator)
    key = handsets.key(session, coordinator, handset, SERVER_KEY)

    assert key.private_key == b"k" * 48
    assert len(bytes.fromhex(key.secret)) == 32
    others = [
        handsets.key(session, another(session), handset, SERVER_KEY),
        handsets.key(session, coordinator, UUID(int=5), SERVER_KEY),
    ]
    assert [one.private_key for one in others] == [None, None]
    assert len({key.secret, *(one.secret for one in others)}) == 3


def test_a_phone_that_is_to_be_wiped_takes_nothing_and_opens_nothing(session, coordinator, acts):
    handset = given_handset(session, coordinator)
    sent.greet(session, coordinator, handset, 4, 1, NOW)
    administrator = staff(session, "administrator")
    handsets.ask_wipe(session, administrator, coordinator.person_id, handset, NOW)

    assert refused(session, coordinator, handset, written(1), acts) == "handset_wiped"
    with pytest.raises(Refusal, match="wiped"):
        handsets.key(session, coordinator, handset, SERVER_KEY)

    handsets.wiped(session, coordinator, handset, 4, NOW + timedelta(hours=1))
    (gone,) = handsets.wiped_of(session, coordinator.person_id)
    told = session.execute(text("SELECT act, facts FROM audit WHERE act LIKE 'handset.wipe%' ORDER BY id"))
    assert (gone.wiped_unsent, gone.unsent) == (4, 0)
    assert [(row.act, row.facts["unsent"]) for row in told] == [
        ("handset.wipe_asked", 4),
        ("handset.wiped", 4),
    ]


def test_a_server_put_back_to_an_earlier_day_waits_for_nothing_that_will_not_come(session, coordinator, acts):
    handset = given_handset(session, coordinator)
    late = written(7)
    before = sent.take(session, coordinator, handset, late, acts, NOW)

    sent.greet(session, coordinator, handset, 1, 7, NOW)

    assert before.state == "waiting"
    assert sent.take(session, coordinator, handset, late, acts, NOW).state == "done"


def test_an_entry_that_no_table_takes_is_refused_alone_and_leaves_nothing(
    session, world, coordinator, acts, caplog
):
    def broken(session, body):
        acts["visit"](session, {**body, "result": "met", "band": BANDS[1]})
        if body["how"] == "twice":
            session.execute(text("INSERT INTO handset SELECT * FROM handset"))
        if body["how"] == "too big":
            session.execute(text("SELECT 2147483647::integer + 1"))
        session.execute(text("SELECT :said"), {"said": body["how"]})
        return {}

    handset = given_handset(session, coordinator)
    faults = [
        written(at, "hazard", how=how) for at, how in enumerate(("twice", "too big", "秘\0", "秘\ud83d"), 1)
    ]
    last = written(5, result="nobody home")

    wired = {**acts, "hazard": broken}
    settled = [sent.take(session, coordinator, handset, one, wired, NOW) for one in (*faults, last)]

    assert [one.state for one in settled] == ["refused"] * 4 + ["done"]
    assert {one.answer["code"] for one in settled[:4]} == {"entry_not_taken"}
    assert [one.client_id for one in world.ends()[1]] == [last.client_id]
    assert [line.split(": ")[1].split(" at ")[0] for line in caplog.messages] == [
        "IntegrityError",
        "DataError",
        "ValueError",
        "UnicodeEncodeError",
    ]
    assert "秘" not in caplog.text


def test_a_fault_of_the_server_settles_nothing(session, coordinator, acts):
    def broken(session, body):
        raise OSError("no disk")

    handset = given_handset(session, coordinator)
    with pytest.raises(OSError, match="no disk"), session.begin_nested():
        sent.take(session, coordinator, handset, written(1), {"visit": broken}, NOW)

    assert sent.take(session, coordinator, handset, written(1, result="met"), acts, NOW).state == "done"
