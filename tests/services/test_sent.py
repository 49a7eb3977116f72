"""Entries of phones end as if each had come once, in order, whatever the way doubled, reordered or lost."""

import os
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.errors import Refusal
from app.models import Person
from app.services import arrivals, handsets, sent, visits
from app.services.access import Actor
from app.services.arrivals import Where
from app.services.personal import open_registers
from app.services.sent import Entry
from app.services.visits import Call
from tests.services.mapped import W
from tests.services.registered import given_registers, on_duty, staff

NOW = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
SERVER_KEY = b"a key for tests and nothing else"
PUBLIC = {"kty": "EC", "crv": "P-256", "x": "x" * 43, "y": "y" * 43}
BANDS = ("under 14", "14-15", "16 or over")
MOST_SENT = 10  # times one entry is sent
# All 873 orders of up to six entries take minutes: asked for by SENT_ORDERS=6.
EVERY_ORDER_OF = int(os.environ.get("SENT_ORDERS", "3"))
SEQUENCES = int(os.environ.get("SENT_SEQUENCES", "25"))


@pytest.fixture
def made(session):
    return given_registers(session)


@pytest.fixture
def coordinator(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    return actor


@pytest.fixture
def acts(made, coordinator):
    """What views wire up, without their schemas: visits that correct a resident, arrivals."""
    resident = made.residents["W2"][0].id
    household = made.households["W2"][0].id

    def visit(session, body):
        call = Call(
            body["client_id"],
            NOW,
            body["result"],
            household_id=household,
            consent=True,
            residents={resident: {"age_band": body["band"]}} if "band" in body else {},
        )
        return {"visit_id": visits.visit(open_registers(session, coordinator, "visit"), call, NOW).visit_id}

    def arrival(session, body):
        registers = open_registers(session, coordinator, "registration")
        where = Where(household_id=household)
        came = arrivals.arrive(
            registers,
            where,
            [{"name": body["name"]}],
            NOW.date(),
            NOW.date(),
            client_id=body["client_id"],
            consent=True,
        )
        return {"household_id": came.household_id}

    return {"visit": visit, "arrival": arrival}


def given_handset(session, actor):
    made = handsets.enrol(session, actor, uuid4(), PUBLIC, b"k" * 48, NOW)
    return made.id


def written(number, kind="visit", client_id=None, **body):
    body = body or {"result": "met", "band": BANDS[number % 3]}
    return Entry(client_id or uuid4(), number, kind, body)


def six():
    """Entries of which some change the same field, one is refused and one adds somebody."""
    return [
        written(1, result="met", band=BANDS[0]),
        written(2, "arrival", name="新来的"),
        written(3, result="met", band=BANDS[1]),
        written(4, result="nobody home", band=BANDS[2]),  # refused: nobody was met
        written(5, result="met", band=BANDS[2]),
        written(6, result="nobody home"),
    ]


def ends(session, coordinator, made):
    """What a later reader sees: fields, people, visits in the order in which they were written down."""
    registers = open_registers(session, coordinator, "visit")
    household = made.households["W2"][0].id
    ask = registers.session.execute
    return (
        ask(
            text("SELECT name, age_band FROM resident WHERE household_id = :household ORDER BY id"),
            {"household": household},
        ).all(),
        ask(
            text("SELECT client_id, result FROM visit WHERE household_id = :household ORDER BY id"),
            {"household": household},
        ).all(),
    )


def deliver(session, coordinator, handset, acts, entries):
    return [sent.take(session, coordinator, handset, one, acts, NOW) for one in entries]


def attempt(session, coordinator, made, acts, entries):
    """How it ends, and what each entry was answered in the end; undone afterwards."""
    with session.begin_nested() as undone:
        handset = given_handset(session, coordinator)
        deliver(session, coordinator, handset, acts, entries)
        _, became = sent.became(session, coordinator, handset, [one.client_id for one in entries])
        found = ends(session, coordinator, made), {key: one.state for key, one in became.items()}
        undone.rollback()
    return found


def test_in_order_once_is_what_everything_else_is_held_against(session, coordinator, made, acts):
    entries = six()

    (people, calls), states = attempt(session, coordinator, made, acts, entries)

    assert [one.age_band for one in people] == [BANDS[2], None]
    assert [one.client_id for one in calls] == [entries[at].client_id for at in (0, 2, 4, 5)]
    assert [states[one.client_id] for one in entries] == ["done"] * 3 + ["refused"] + ["done"] * 2


@pytest.mark.parametrize("count", range(1, EVERY_ORDER_OF + 1))
def test_every_order_ends_as_in_order_once(session, coordinator, made, acts, count):
    entries = six()[:count]
    expected = attempt(session, coordinator, made, acts, entries)

    for order in permutations(entries):
        assert attempt(session, coordinator, made, acts, [*order, order[0]]) == expected


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(data=st.data())
def test_up_to_six_in_any_order_each_up_to_ten_times(session, coordinator, made, acts, data):
    entries = six()[: data.draw(st.integers(1, 6), label="entries")]
    repeats = [
        entry
        for entry in entries
        for _ in range(data.draw(st.integers(1, MOST_SENT), label=f"of {entry.number}"))
    ]
    order = data.draw(st.permutations(repeats), label="order")
    expected = attempt(session, coordinator, made, acts, entries)

    assert attempt(session, coordinator, made, acts, order) == expected


def test_two_phones_of_one_person_have_their_own_order(session, coordinator, made, acts):
    first, second = (given_handset(session, coordinator) for _ in range(2))
    of_first = [written(1, result="met"), written(2, result="nobody home")]
    of_second = [written(1, "arrival", name="新来的"), written(2, result="refused")]

    deliver(session, coordinator, first, acts, reversed(of_first))
    deliver(session, coordinator, second, acts, reversed(of_second))

    ids = [one.client_id for one in (*of_first, *of_second)]
    awaited, became = sent.became(session, coordinator, second, ids)
    assert ([one.state for one in became.values()], awaited) == (["done"] * 4, 3)


def test_what_came_too_early_waits_and_says_so(session, coordinator, made, acts):
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


def test_the_same_id_with_other_words_is_refused_and_changes_nothing(session, coordinator, made, acts):
    handset = given_handset(session, coordinator)
    one = written(1, result="met")
    sent.take(session, coordinator, handset, one, acts, NOW)
    other = written(1, client_id=one.client_id, result="nobody home")

    assert refused(session, coordinator, handset, other, acts) == "client_id_reused"
    assert sent.take(session, coordinator, handset, one, acts, NOW).state == "done"
    assert refused(session, coordinator, handset, written(1, result="refused"), acts) == "number_taken"


def test_nobody_sends_for_another_or_learns_of_their_entries(session, coordinator, made, acts):
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


def test_a_phone_that_is_to_be_wiped_takes_nothing_and_opens_nothing(session, coordinator, made, acts):
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


def test_a_server_put_back_to_an_earlier_day_waits_for_nothing_that_will_not_come(
    session, coordinator, made, acts
):
    handset = given_handset(session, coordinator)
    late = written(7)
    before = sent.take(session, coordinator, handset, late, acts, NOW)

    sent.greet(session, coordinator, handset, 1, 7, NOW)

    assert before.state == "waiting"
    assert sent.take(session, coordinator, handset, late, acts, NOW).state == "done"


def test_an_entry_that_no_table_takes_is_refused_alone_and_leaves_nothing(
    session, coordinator, made, acts, caplog
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

    settled = deliver(session, coordinator, handset, {**acts, "hazard": broken}, [*faults, last])

    assert [one.state for one in settled] == ["refused"] * 4 + ["done"]
    assert {one.answer["code"] for one in settled[:4]} == {"entry_not_taken"}
    assert [one.client_id for one in ends(session, coordinator, made)[1]] == [last.client_id]
    assert [line.split(": ")[1].split(" at ")[0] for line in caplog.messages] == [
        "IntegrityError",
        "DataError",
        "ValueError",
        "UnicodeEncodeError",
    ]
    assert "秘" not in caplog.text


def test_a_fault_of_the_server_settles_nothing(session, coordinator, made, acts):
    def broken(session, body):
        raise OSError("no disk")

    handset = given_handset(session, coordinator)
    with pytest.raises(OSError, match="no disk"), session.begin_nested():
        sent.take(session, coordinator, handset, written(1), {"visit": broken}, NOW)

    assert sent.take(session, coordinator, handset, written(1, result="met"), acts, NOW).state == "done"
