"""The demo is made once, and told again as often as one likes."""

import stat
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import func, select, text

from app.config import Hashing
from app.db import open_engine, transaction
from app.errors import Refusal
from app.models import Duty, Person, Plan, Role
from app.services.demo import make_demo
from app.services.passwords import Passwords
from app.services.personal import open_places

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUICK = Hashing(time_cost=1, memory_kib=8, lanes=1)


@pytest.fixture(scope="module")
def transactions(new_database, worker_id):
    engine = open_engine(new_database(f"demo_{worker_id}").app)
    yield partial(transaction, engine)
    engine.dispose()


@pytest.fixture(scope="module")
def kept_in(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "demo-accounts.json"


@pytest.fixture(scope="module")
def demo(transactions, kept_in):
    return make_demo(transactions, kept_in, Passwords(QUICK), NOW, communities=1, households=900)


def test_a_district_is_imported_divided_and_in_force(demo, transactions):
    assert demo.made
    assert demo.place == "锦原区 (140499)"
    with transactions() as session:
        assert session.get_one(Plan, demo.plan_id).state == "published"
    assert 10 <= demo.grids <= 20


def test_four_accounts_open_with_their_passwords(demo, transactions):
    assert [one.account for one in demo.accounts] == ["administrator", "manager", "coordinator", "leader"]
    hashing = Passwords(QUICK)
    with transactions() as session:
        for one in demo.accounts:
            person = session.scalars(select(Person).where(Person.account == one.account)).one()
            assert hashing.fits(one.password, person.password_hash)
            assert person.password_until is None
            assert session.scalar(select(Role.kind).where(Role.person_id == person.id)) == one.role


def test_passwords_are_kept_where_only_we_can_read_them(demo, kept_in):
    assert stat.S_IMODE(kept_in.stat().st_mode) == 0o600


def test_coordinators_answer_for_grids_and_few_are_vacant_since_a_day(demo, transactions):
    with transactions() as session:
        duties = session.scalars(select(Duty.during)).all()
        ended = [during.upper for during in duties if during.upper is not None]
        open_accounts = session.scalar(select(func.count()).where(Person.password_hash.is_not(None)))
        own = session.scalar(
            text(
                "SELECT count(*) FROM duty JOIN person ON person.id = person_id WHERE account = 'coordinator'"
            )
        )

    assert (len(duties), len(ended)) == (demo.grids, demo.vacant)
    assert all(day < NOW for day in ended)
    assert open_accounts == 4
    assert own == 2


def test_names_of_coordinators_are_spelt_in_two_words(demo, transactions):
    with transactions() as session:
        spelt = session.scalars(select(Person.name_pinyin).where(Person.account.like("coordinator-%"))).all()

    assert all(len(name.split()) == 2 and name.istitle() for name in spelt)


def counted(session):
    open_places(session, ["140499"], "ledger")
    return {
        table: session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
        for table in ("household", "resident", "visit", "letter", "employer")
    }


def test_people_are_invented_and_the_coordinators_own_grids_are_registered_in_full(demo, transactions):
    with transactions() as session:
        there = counted(session)
        missing = session.scalar(
            text("""
            SELECT count(*) FROM duty JOIN person ON person.id = person_id AND account = 'coordinator'
            JOIN grid ON grid.id = grid_id
            JOIN building ON ST_Contains(grid.outline, building.position) AND building.households > 0
            WHERE NOT EXISTS (SELECT FROM household WHERE household.building_id = building.id)
            """)
        )

    assert 900 <= there["household"] < 1300
    assert there["resident"] > 2 * there["household"]
    assert min(there.values()) > 0
    assert missing == 0


def test_told_again_nobody_is_invented_anew(demo, transactions, kept_in):
    with transactions() as session:
        before = counted(session)

    make_demo(transactions, kept_in, Passwords(QUICK), NOW, communities=1, households=2000)

    with transactions() as session:
        assert counted(session) == before


def test_told_again_nothing_is_made_anew(demo, transactions, kept_in):
    again = make_demo(transactions, kept_in, Passwords(QUICK), NOW, communities=1)

    assert not again.made
    assert again.accounts == demo.accounts
    assert (again.plan_id, again.grids, again.vacant) == (demo.plan_id, demo.grids, demo.vacant)


def test_a_lost_file_means_new_passwords(demo, transactions, kept_in):
    kept_in.unlink()

    again = make_demo(transactions, kept_in, Passwords(QUICK), NOW, communities=1)

    assert {one.password for one in again.accounts}.isdisjoint(one.password for one in demo.accounts)
    with transactions() as session:
        kept = session.scalar(select(Person.password_hash).where(Person.account == "leader"))
    assert Passwords(QUICK).fits(again.accounts[3].password, kept)


def test_the_planner_knows_of_the_registers_at_once(demo, transactions):
    with transactions() as session:
        known = dict(
            session.execute(
                text("SELECT relname, reltuples FROM pg_class WHERE relname IN ('resident', 'stay', 'visit')")
            ).all()
        )

    assert set(known) == {"resident", "stay", "visit"}
    assert min(known.values()) > 100


def test_staff_is_made_once_even_where_nobody_has_a_duty_any_more(demo, transactions, kept_in):
    with transactions() as session:
        people = session.scalar(select(func.count()).select_from(Person))
        session.execute(text("UPDATE duty SET during = tstzrange(lower(during), lower(during) + '1 day')"))
        session.execute(text("UPDATE plan SET state = 'retired', retired_at = now()"))

    again = make_demo(transactions, kept_in, Passwords(QUICK), NOW, communities=1)

    assert again.made
    assert again.plan_id != demo.plan_id
    assert again.vacant == again.grids
    with transactions() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == people


def test_a_real_account_of_the_same_name_is_never_made_the_demos(new_database, worker_id, tmp_path):
    engine = open_engine(new_database(f"not_a_demo_{worker_id}").app)
    elsewhere = partial(transaction, engine)
    with elsewhere() as session:
        session.add(Person(account="manager", name="王芳"))

    with pytest.raises(Refusal) as refused:
        make_demo(elsewhere, tmp_path / "demo-accounts.json", Passwords(QUICK), NOW, communities=1)

    assert (refused.value.code, refused.value.facts["account"]) == ("demo_account_taken", "manager")
    with elsewhere() as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 0
        assert session.scalars(select(Person)).one().password_hash is None
    engine.dispose()


def test_hazards_are_in_all_stages_and_what_they_tell_goes_together(demo, transactions):
    with transactions() as session:
        states = dict(session.execute(text("SELECT state, count(*) FROM hazard GROUP BY state")).all())
        households = session.scalar(text("SELECT sum(households) FROM building"))
        broken = session.scalar(
            text("""
                SELECT count(*) FROM hazard
                JOIN step ON step.hazard_id = hazard.id AND step.number = hazard.version
                WHERE step.to_state <> hazard.state OR hazard.community_id IS NULL
                    OR (hazard.closed_at IS NULL AND state <> 'pending' AND stage_due_at IS NULL)
                    OR (state = 'pending') <> EXISTS (
                        SELECT FROM clock_stop WHERE hazard_id = hazard.id AND until_at IS NULL
                    )
            """)
        )
        stepless = session.scalar(
            text(
                "SELECT count(*) FROM hazard WHERE NOT EXISTS (SELECT FROM step WHERE hazard_id = hazard.id)"
            )
        )

    assert sum(states.values()) == round(households * 0.03)
    assert {"closed", "handling", "refused"} <= set(states)
    assert (broken, stepless) == (0, 0)


def test_stations_have_a_past_and_what_hangs_is_in_both_languages(demo, transactions, kept_in):
    with transactions() as session:
        count = {
            table: session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
            for table in ("meeting", "task_done", "station_check", "correction", "zero_report", "campaign")
        }
        whole = session.scalar(text("SELECT count(*) FROM notice WHERE text_zh <> '' AND text_en <> ''"))
        ahead = session.scalar(
            text(
                "SELECT (SELECT count(*) FROM meeting WHERE held_on > :today)"
                " + (SELECT count(*) FROM task_done WHERE done_on > :today)"
            ),
            {"today": NOW.date()},
        )
        own = session.scalar(
            text("""
                SELECT count(*) FROM task_done JOIN person ON person.id = person_id
                WHERE account = 'coordinator' AND done_on >= date_trunc('week', CAST(:today AS date))
            """),
            {"today": NOW.date()},
        )

    assert min(count.values()) > 0
    assert count["meeting"] > 8
    assert count["zero_report"] <= 2 * (demo.grids - demo.vacant)
    assert (whole, ahead, own) == (4, 0, 0)
    make_demo(transactions, kept_in, Passwords(QUICK), NOW, communities=1)
    with transactions() as session:
        assert session.scalar(text("SELECT count(*) FROM notice")) == whole
