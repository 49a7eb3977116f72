"""`gridkeeper report` as a person at the terminal sees it: the map to take away, whole or not at all."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from app.cli import main
from app.db import open_engine
from tests.services.hazardous import given_hazard
from tests.services.mapped import DISTRICT, given_map


@pytest.fixture(scope="module")
def run(new_database, worker_id, tmp_path_factory):
    """The command on a database of its own, with one hazard in it."""
    made = new_database(f"report_command_{worker_id}")
    engine = open_engine(made.app)
    with Session(engine) as session, session.begin():
        given_hazard(session, given_map(session))
    engine.dispose()
    environment = {
        variable: login.url.set(drivername="postgresql").render_as_string(hide_password=False)
        for variable, login in (("DATABASE_URL", made.owner), ("DATABASE_APP_URL", made.app))
    }
    folder = tmp_path_factory.mktemp("cluster")

    def call(*arguments):
        runner = CliRunner(env={**environment, "GRIDKEEPER_CLUSTER": str(folder)})
        return runner.invoke(main, ["report", *map(str, arguments)])

    return call


def test_a_file_is_written_that_is_about_the_place_and_period(run, tmp_path):
    file = tmp_path / "hazards.html"
    done = run("--place", DISTRICT, "--from", "2026-02-01", "--to", "2026-02-28", "-o", file)

    assert done.exit_code == 0, done.output
    assert re.match(r"hazards\.html: 锦原区, 2026-02-01 to 2026-02-28, \d+\.\d MB\.", done.output)
    assert 'id="hazards"' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("--place", "999999"), "not", 3),
        (("--place", DISTRICT, "--from", "2026-02-02", "--to", "2026-02-01"), "no period", 3),
        (("--place", DISTRICT, "--bandwidth", "20"), "bandwidth", 2),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(run, tmp_path, arguments, said, code):
    file = tmp_path / "hazards.html"
    done = run(*arguments, "-o", file)

    assert (done.exit_code, file.exists()) == (code, False)
    assert said in done.output
