"""Two people at once: who comes second waits, looks again, and nothing is left half done.

In each test one transaction has done its work and is not committed yet when the other begins, on a
connection of its own. Without the lock the other would go on with what it saw before.
"""

from functools import partial
from itertools import count

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range

from app.db import open_engine, transaction
from app.errors import Refusal
from app.models import Duty, Grid, Person, Place, Plan, Tessellation
from app.services import importing
from app.services.importing import NewPlace, cut_ground, store_district
from app.services.plot_tables import current
from app.services.publishing import plan_faults, publish
from app.services.splitting import divide, prepare, write
from tests.services.imported import (
    BAND,
    DISTRICT,
    EAST,
    NEW,
    WEST,
    given_draft,
    given_town,
    place,
    small_town,
    with_house,
    without,
    without_codes,
)
from tests.services.test_publishing import LONG_AGO
from tests.services.two_at_once import second_of_two

NUMBERS = count()


@pytest.fixture
def engine(new_database, worker_id):
    """A database of its own: what is done here is committed."""
    opened = open_engine(new_database(f"races_{worker_id}_{next(NUMBERS)}").app)
    yield opened
    opened.dispose()


@pytest.fixture
def done(engine):
    """Do something in a transaction of its own."""

    def act(work):
        with transaction(engine) as session:
            answer = work(session)
            session.flush()
            session.expunge_all()  # rows stay readable afterwards
            return answer

    return act


@pytest.fixture
def second_of(engine):
    """What the second of two answers, or the code it was refused with."""
    return partial(second_of_two, engine)


def imports(made, given=DISTRICT):
    """What stores a district; it is cut beforehand."""
    ground = cut_ground(made, given if isinstance(given, str) else given.code)
    return lambda session: store_district(session, ground, given)


def publishes(plan_id, version=1):
    return lambda session: publish(session, plan_id, version)


def plans(session, state):
    return session.scalars(select(Plan).where(Plan.state == state).order_by(Plan.id)).all()


# --- Publishing ------------------------------------------------------------------------------------------


def test_of_two_published_at_once_the_later_is_in_force(done, second_of):
    first, one, other = done(given_three)
    person = done(lambda session: given_duties(session, first))

    answer = second_of(publishes(one), publishes(other))

    assert answer.retired_plan_id == one
    assert answer.duties_kept == 1
    with_duties = done(lambda session: plans_of_duties(session, person))
    assert with_duties == [(first, False), (one, False), (other, True)]
    assert done(lambda session: [plan.id for plan in plans(session, "published")]) == [other]
    assert done(lambda session: [plan.id for plan in plans(session, "retired")]) == [first, one]


def given_three(session):
    """A plan in force and two drafts."""
    given_town(session)
    first = given_draft(session)
    publish(session, first, 1)
    return first, given_draft(session, seed=2), given_draft(session, seed=3)


def given_duties(session, plan_id):
    grid = session.scalars(select(Grid).where(Grid.plan_id == plan_id).order_by(Grid.code)).first()
    person = Person(account="liming", name="李明")
    session.add(person)
    session.flush()
    session.add(Duty(grid_id=grid.id, person_id=person.id, kind="primary", during=Range(LONG_AGO, None)))
    return person.id


def plans_of_duties(session, person_id):
    """(plan, whether it still holds) of each duty, the oldest first."""
    asked = select(Grid.plan_id, Duty.during).join(Grid, Grid.id == Duty.grid_id)
    rows = session.execute(asked.where(Duty.person_id == person_id).order_by(Duty.id)).all()
    return [(plan_id, during.upper is None) for plan_id, during in rows]


def test_a_plan_is_published_once(done, second_of):
    draft = done(given_town_and_draft)

    assert second_of(publishes(draft), publishes(draft)) == "plan_not_draft"


def given_town_and_draft(session):
    given_town(session)
    return given_draft(session)


def test_who_looked_at_the_version_before_someones_change_is_told(done, second_of):
    draft = done(given_town_and_draft)

    def changes(session):
        session.execute(text("UPDATE plan SET version = version + 1 WHERE id = :id"), {"id": draft})

    assert second_of(changes, publishes(draft)) == "plan_changed"
    assert done(lambda session: plans(session, "published")) == []


def test_a_draft_that_an_import_is_moving_is_not_published_as_it_was(done, second_of):
    draft = done(given_town_and_draft)

    answer = second_of(imports(without(small_town(), "B31")), publishes(draft))

    assert answer == "plan_changed"
    moved = done(lambda session: session.get_one(Plan, draft).version)
    assert (moved, done(publishes(draft, 2)).plan_id) == (2, draft)


def test_an_import_waits_for_who_is_changing_a_draft(done, second_of):
    draft = done(given_town_and_draft)

    def changes(session):
        session.execute(text("UPDATE plan SET version = version + 1 WHERE id = :id"), {"id": draft})

    second_of(changes, imports(without(small_town(), "B31")))

    assert done(lambda session: session.get_one(Plan, draft).version) == 3


def test_an_import_leaves_a_plan_alone_that_is_being_published(done, second_of):
    draft = done(given_town_and_draft)

    answer = second_of(publishes(draft), imports(without(small_town(), "B31")))

    assert answer.changes.drafts == []
    plan = done(lambda session: session.get_one(Plan, draft))
    assert (plan.state, plan.version) == ("published", 1)
    assert plan.tessellation_id != answer.tessellation_id
    assert done(lambda session: plan_faults(session, draft)) == []


def test_a_connection_lost_while_rows_are_copied_is_a_refusal_and_leaves_nothing(done, engine, root_engine):
    done(given_town)
    store = imports(without(small_town(), "B31"))
    copy = importing.copy_rows

    def cut_off(session, table, columns, rows):
        if table == "building":
            own = session.scalar(text("SELECT pg_backend_pid()"))
            with root_engine.connect() as root:
                root.execute(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
        copy(session, table, columns, rows)

    with pytest.MonkeyPatch.context() as patched, pytest.raises(Refusal) as refused:
        patched.setattr(importing, "copy_rows", cut_off)
        done(store)

    assert refused.value.code == "database_unreachable"
    assert done(lambda session: session.scalars(select(Tessellation.version)).all()) == [1]


# --- Dividing --------------------------------------------------------------------------------------------


def writes(prepared):
    divided = divide(prepared, BAND, 1)
    return lambda session: write(session, prepared, divided)


def test_a_split_of_plots_that_are_being_replaced_is_refused(done, second_of):
    done(given_town)
    prepared = done(lambda session: prepare(session, DISTRICT))

    assert second_of(imports(without(small_town(), "B31")), writes(prepared)) == "plots_changed"
    assert done(lambda session: plans(session, "draft")) == []


def test_an_import_moves_the_draft_that_is_just_being_written(done, second_of):
    done(given_town)
    prepared = done(lambda session: prepare(session, DISTRICT))

    answer = second_of(writes(prepared), imports(without(small_town(), "B31")))

    (draft,) = done(lambda session: plans(session, "draft"))
    assert [moved.plan_id for moved in answer.changes.drafts] == [draft.id]
    assert draft.tessellation_id == answer.tessellation_id
    assert done(lambda session: plan_faults(session, draft.id)) == []


def test_two_splits_at_once_are_two_drafts(done, second_of):
    done(given_town)
    prepared = done(lambda session: prepare(session, DISTRICT))

    second_of(writes(prepared), writes(prepared))

    assert done(lambda session: [plan.name for plan in plans(session, "draft")]) == ["#1", "#2"]


# --- Importing -------------------------------------------------------------------------------------------


def test_two_imports_of_a_place_make_two_versions(done, second_of):
    done(given_town)

    larger = imports(with_house(small_town(), 24, 24))
    answer = second_of(imports(without(small_town(), "B31")), larger)

    assert answer.version == 3
    assert answer.changes.buildings == {"new": 1, "changed": 1, "gone": 0, "same": 31}
    numbers = done(lambda session: session.scalars(select(Tessellation.version)).all())
    assert sorted(numbers) == [1, 2, 3]
    newest = done(lambda session: current(session, place(session, DISTRICT).id))
    assert newest.id == answer.tessellation_id


def test_a_new_place_is_made_once(second_of):
    assert second_of(imports(small_town(), NEW), imports(small_town(), NEW)) == "place_exists"


COMMUNITY, BESIDE = NewPlace(WEST, "荫华社区"), NewPlace(EAST, "槐宁社区")


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (NEW, COMMUNITY, "place_imported_with"),
        (COMMUNITY, NEW, "place_imported_with"),
        (COMMUNITY, BESIDE, "place_overlaps"),
    ],
    ids=["below", "above", "beside"],
)
def test_ground_is_not_imported_twice_at_once(done, second_of, one, other, code):
    made = without_codes(small_town())

    assert second_of(imports(made, one), imports(made, other)) == code
    assert done(lambda session: session.scalars(select(Place.code)).all()) == [one.code]
