"""Eight people edit one draft at once: nothing is lost, torn or overwritten unseen.

Without the plan's lock, or without looking whether all is as its author saw it, the same race must fail: else
it would show nothing. `script/check-races` runs longer ones.
"""

from itertools import count

import pytest
from sqlalchemy import select

from app.db import open_engine
from app.models import Plan
from app.services import editing
from tests.services.edit_races import given_race, race

THREADS, EDITS = 8, 25
NUMBERS = count()


@pytest.fixture
def engine(new_database, worker_id):
    opened = open_engine(new_database(f"edits_{worker_id}_{next(NUMBERS)}").app, pool_size=2 * THREADS)
    yield opened
    opened.dispose()


@pytest.mark.slow
def test_eight_at_once_lose_nothing(engine, capsys):
    report = race(engine, given_race(engine), THREADS, EDITS)
    with capsys.disabled():
        print(f"\n{report.told()}")  # noqa: T201

    assert report.is_well, report.told()
    assert len(report.acknowledged) > THREADS * EDITS / 4
    assert report.refused["edit_conflict"] > 0


def without_the_lock(session, plan_id, base):
    """The plan as anybody may read it."""
    return session.scalars(select(Plan).where(Plan.id == plan_id)).one()


@pytest.mark.parametrize(
    ("name", "instead"),
    [("locked_plan", without_the_lock), ("check_same", lambda *given: None)],
    ids=["without the lock", "without the check"],
)
def test_without_lock_or_check_the_race_is_lost(engine, monkeypatch, name, instead):
    monkeypatch.setattr(editing, name, instead)

    report = race(engine, given_race(engine), THREADS, 10)

    assert not report.is_well
