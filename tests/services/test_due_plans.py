"""A worker that runs publishes what was approved for today: once, and without being asked."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import open_engine, transaction
from app.models import Person, Plan
from app.services import review
from tests.services.imported import given_draft, given_town

ROOT = Path(__file__).parents[2]
WORKER = """
from app import jobs
jobs.HEARTBEAT_SECONDS, jobs.LOOK_SECONDS, jobs.DUE_SECONDS = 0.2, 0.1, 0.2
jobs.run_worker()
"""
LONGEST_S = 60


@pytest.fixture
def logins(new_database, worker_id):
    return new_database(f"due_{worker_id}")


@pytest.fixture
def engine(logins):
    opened = open_engine(logins.app)
    yield opened
    opened.dispose()


@pytest.fixture
def approved(engine):
    """A draft that was approved for today before any worker ran."""
    with transaction(engine) as session:
        given_town(session)
        draft = given_draft(session)
        manager, leader = Person(account="m", name="M"), Person(account="l", name="L")
        session.add_all([manager, leader])
        session.flush()
        today = datetime.now(UTC).date()
        review.submit(session, draft, 1, manager.id)
        review.approve(session, draft, 1, leader.id, effective_on=today, today=today)
    return draft


@pytest.mark.slow
def test_two_workers_publish_a_plan_once(engine, logins, approved):
    environ = {
        **os.environ,
        "DATABASE_URL": logins.owner.url.render_as_string(hide_password=False),
        "DATABASE_APP_URL": logins.app.url.render_as_string(hide_password=False),
        "GRIDKEEPER_TIMEZONE": "UTC",
    }
    workers = [subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environ) for _ in range(2)]
    try:
        until = time.monotonic() + LONGEST_S
        while state(engine, approved) == "draft" and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(1)  # several looks more
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.wait(30)

    assert state(engine, approved) == "published"
    with transaction(engine) as session:
        assert session.scalars(text("SELECT state FROM job WHERE kind = 'publish'")).all() == ["done"]
        acts = session.scalars(text("SELECT act FROM audit ORDER BY id")).all()
    assert acts == ["plan.submitted", "plan.approved", "plan.published"]


def state(engine, plan_id):
    with transaction(engine) as session:
        return session.get_one(Plan, plan_id).state
