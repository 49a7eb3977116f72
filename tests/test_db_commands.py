"""`gridkeeper db …` as a person at the terminal sees it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.db_commands import db

ROOT = Path(__file__).parent.parent
HEAD = max(file.name[:4] for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


@pytest.fixture
def elsewhere(new_database, worker_id, request):
    """DATABASE_URL of a bare database, as its owner."""
    owner = new_database(f"{request.node.name}_{worker_id}", "bare").owner.url
    return owner.set(drivername="postgresql").render_as_string(hide_password=False)


def run(*arguments, **environment):
    return CliRunner(env={"DATABASE_URL": None, **environment}).invoke(db, arguments, catch_exceptions=False)


def test_upgrade_brings_the_schema_to_its_head(elsewhere):
    first, second = (run("upgrade", DATABASE_URL=elsewhere) for _ in range(2))

    assert first.output == second.output == f"The schema is {HEAD}.\n"


@pytest.mark.parametrize("act", ["start", "stop"])
def test_another_server_is_neither_started_nor_stopped(act):
    done = run(act, DATABASE_URL="postgresql://owner@db.example/town")

    assert done.exit_code == 0
    assert "not ours" in done.output


def test_a_server_that_does_not_answer_is_refused_with_the_remedy(tmp_path):
    done = run("upgrade", DATABASE_URL=f"postgresql://owner@/town?host={tmp_path}")

    assert done.exit_code == 3
    assert "Run `gridkeeper db start`, or check DATABASE_URL." in done.output
    assert "Traceback" not in done.output


def test_start_and_stop_refuse_a_path_too_long_for_a_socket():
    done = run("start", GRIDKEEPER_CLUSTER="/tmp/" + "d" * 120)  # noqa: S108

    assert done.exit_code == 3
    assert "bytes, more than the 107 possible" in done.output


def test_psql_opens_with_the_rights_of_a_role(elsewhere):
    done = subprocess.run(
        [sys.executable, "-c", "from app.db_commands import db; db()", "psql", "--role", "public", "-Atc",
         "SELECT current_user"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": elsewhere.replace("gridkeeper_owner", "postgres")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert done.stdout == "gridkeeper_public\n", done.stderr
