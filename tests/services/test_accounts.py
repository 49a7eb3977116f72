"""Sessions and persons, below the pages: what closes when something is missing, and races."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import text

from app.config import Hashing
from app.db import open_engine, transaction
from app.errors import Refusal
from app.models import Person, Role
from app.services import accounts, throttle
from app.services.passwords import Passwords
from tests.services.ground_in_database import DISTRICT, given_ground

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = date(2026, 3, 2)
CHEAP = Passwords(Hashing(time_cost=1, memory_kib=8, lanes=1))
KEY = b"a key"
PASSWORD = "seven green kites over Hangu"  # noqa: S105


def given_person(session, account="someone", kind="administrator", place=None, **more):
    role = {"role": kind, "place": place} if kind else {}
    return accounts.add_person(
        session,
        None,
        account,
        account,
        hashing=CHEAP,
        now=NOW,
        password=PASSWORD,
        today=TODAY,
        **role,
        **more,
    )[0]


@pytest.mark.parametrize(
    "happens",
    [
        "UPDATE person SET active = false",
        "UPDATE person SET session_key = 'another'",
        "UPDATE sign_in SET ended_at = now()",
        "UPDATE sign_in SET seen_at = seen_at - interval '31 minutes'",
        "UPDATE sign_in SET begun_at = begun_at - interval '13 hours'",
        "UPDATE sign_in SET token_hash = 'another'",
    ],
)
def test_a_session_holds_only_while_all_is_well(session, happens):
    person = given_person(session)
    token = accounts.begin(session, person, "here", NOW)
    assert accounts.signed_in(session, token, NOW, TODAY).actor.person_id == person

    session.execute(text(happens))
    session.expire_all()

    assert accounts.signed_in(session, token, NOW, TODAY) is None


def test_a_token_is_kept_nowhere(session):
    token = accounts.begin(session, given_person(session), "here", NOW)

    assert token not in str(session.execute(text("SELECT * FROM sign_in, audit, person")).all())


def test_roles_that_are_over_and_people_who_are_retired_have_no_rights(session):
    given_ground(session)
    person = given_person(session, kind="manager", place=DISTRICT, until=TODAY)
    assert accounts.actor_of(session, person, TODAY).scope == (DISTRICT,)

    assert accounts.actor_of(session, person, TODAY + timedelta(days=1)).roles == ()
    session.get_one(Person, person).active = False
    session.flush()
    assert accounts.actor_of(session, person, TODAY).roles == ()


def test_a_look_by_itself_keeps_no_session_from_ending(session):
    token = accounts.begin(session, given_person(session), "here", NOW)
    later = NOW + timedelta(minutes=20)

    accounts.signed_in(session, token, later, TODAY, by_hand=False)

    assert accounts.signed_in(session, token, later + timedelta(minutes=15), TODAY) is None


def test_a_password_is_kept_anew_when_the_parameters_changed(session):
    person = given_person(session)
    stronger = Passwords(Hashing(time_cost=2, memory_kib=16, lanes=1))
    before = accounts.kept_of(session, "someone", NOW).password_hash
    assert stronger.is_dated(before)

    accounts.keep_anew(session, person, stronger, PASSWORD)

    after = accounts.kept_of(session, "someone", NOW).password_hash
    assert not stronger.is_dated(after)
    assert stronger.fits(PASSWORD, after)


@pytest.mark.parametrize("account", ["nobody", "retired", "late", "without"])
def test_who_may_not_sign_in_has_nothing_to_compare_with(session, account):
    session.add_all(
        [
            Person(account="retired", name="R", active=False, password_hash="$argon2id$x"),  # noqa: S106
            Person(account="late", name="L", password_hash="$argon2id$x", password_until=NOW),  # noqa: S106
            Person(account="without", name="W"),
        ]
    )
    session.flush()

    assert accounts.kept_of(session, account, NOW).password_hash is None


def test_an_unknown_account_costs_the_work_of_a_wrong_password(monkeypatch):
    real, worked = Passwords(Hashing(time_cost=2, memory_kib=16, lanes=1)), []
    kept = real.hashed(PASSWORD)
    verify = PasswordHasher.verify

    def noted(hasher, against, password):
        worked.append((extract_parameters(against), password))
        return verify(hasher, against, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    answers = [real.fits("not the password", against) for against in (kept, None)]

    assert answers == [False, False]
    assert len(worked) == 2
    assert worked[0] == worked[1]


def test_the_same_role_twice_is_refused_and_another_end_changes_it(session):
    given_ground(session)
    person = given_person(session, kind="manager", place=DISTRICT)

    with pytest.raises(Refusal, match="already"):
        accounts.grant_role(session, None, person, "manager", DISTRICT, until=None, today=TODAY)
    accounts.grant_role(session, None, person, "manager", DISTRICT, until=TODAY, today=TODAY)

    assert [role.until for role in accounts.person(session, person, TODAY).roles] == [TODAY]


@pytest.mark.parametrize("act", ["revoke", "limit", "retire"])
def test_the_last_administrator_of_everything_stays(session, act):
    person = given_person(session)
    given_person(session, "other", None)
    role = session.query(Role).filter_by(person_id=person).one()

    with pytest.raises(Refusal, match="last administrator"):
        if act == "revoke":
            accounts.revoke_role(session, None, person, role.id)
        elif act == "limit":
            accounts.grant_role(session, None, person, "administrator", None, until=TODAY, today=TODAY)
        else:
            accounts.deactivate(session, None, person, NOW)


@pytest.fixture
def own_engine(new_database, worker_id, request):
    engine = open_engine(new_database(f"accounts_{abs(hash(request.node.name)) % 10**8}_{worker_id}").app)
    yield engine
    engine.dispose()


def test_two_administrators_cannot_retire_each_other_at_once(own_engine):
    with transaction(own_engine) as session:
        both = [given_person(session, account) for account in ("one", "two")]
        actors = [accounts.actor_of(session, person, TODAY) for person in both]
    meeting = Barrier(2)

    def retire(by, person):
        try:
            with transaction(own_engine) as session:
                meeting.wait()
                accounts.deactivate(session, by, person, NOW)
                time.sleep(0.2)
            return "done"
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(retire, actors, reversed(both)))

    assert said == ["done", "last_administrator"]


def test_an_account_added_twice_at_once_is_added_once(own_engine):
    def add(_):
        try:
            with transaction(own_engine) as session:
                given_person(session, "twice", None)
            return "added"
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(add, range(4)))

    assert said == ["account_taken"] * 3 + ["added"]


def test_a_hundred_attempts_at_once_are_counted_one_by_one(own_engine):
    def attempt(_):
        try:
            with transaction(own_engine) as session:
                throttle.attempt(session, KEY, "someone", "there", NOW)
            return "tried"
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(attempt, range(100)))

    assert said.count("tried") == throttle.FREE_BY_ACCOUNT
    assert said.count("sign_in_too_often") == 100 - throttle.FREE_BY_ACCOUNT


def test_attempts_are_forgotten_after_a_while(session):
    for _ in range(throttle.FREE_BY_ACCOUNT):
        throttle.attempt(session, KEY, "someone", "there", NOW)
    with pytest.raises(Refusal):
        throttle.attempt(session, KEY, "someone", "there", NOW)

    throttle.attempt(session, KEY, "someone", "there", NOW + throttle.WINDOW + timedelta(seconds=1))
    throttle.attempt(session, KEY, "someone", "there", NOW + timedelta(days=2))

    assert session.scalar(text("SELECT count(*) FROM sign_in_attempt")) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        (None, "nonsense", True),
    ],
)
def test_a_household_is_one_client(one, other, same):
    assert (throttle.client_of(KEY, one) == throttle.client_of(KEY, other)) is same
