"""`gridkeeper hazards import` as a person at the terminal sees it."""

import csv

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli import main
from app.db import open_engine
from tests.services.mapped import DISTRICT, SIDE, SOUTH, WEST, given_map

AT = f"{WEST + SIDE * 0.08:.6f},{SOUTH + SIDE / 2:.6f}"
# As a city's service line writes them, with a row in another city and one that ended before it began.
POINTS = f"""id,occurred_at,closed_at,kind,detail,location_type,lon,lat
64345465,2025-03-14T01:20:00,,Animal-Abuse,Neglected,House,{AT}
64349550,2025-03-14T00:44:00,2025-03-14T02:10:00,Animal-Abuse,Tortured,House,{AT}
64349551,2025-03-14T00:44:00,2025-03-13T02:10:00,Animal-Abuse,Tortured,House,{AT}
64341111,2025-03-13T10:00:00,,Noise,Barking,House,-73.881825,40.656513
"""


@pytest.fixture(scope="module")
def engine(new_database, worker_id):
    made = new_database(f"hazard_commands_{worker_id}")
    opened = open_engine(made.app)
    with Session(opened) as session, session.begin():
        given_map(session)
    yield opened, made
    opened.dispose()


@pytest.fixture
def run(engine, tmp_path):
    _, made = engine
    environment = {
        variable: login.url.set(drivername="postgresql").render_as_string(hide_password=False)
        for variable, login in (("DATABASE_URL", made.owner), ("DATABASE_APP_URL", made.app))
    }
    file = tmp_path / "points.csv"
    file.write_text(POINTS, encoding="utf-8")

    def call(*arguments):
        runner = CliRunner(env={**environment, "GRIDKEEPER_CLUSTER": str(tmp_path)})
        return runner.invoke(main, ["hazards", "import", str(file), *map(str, arguments)])

    return call


def count(engine):
    with Session(engine[0]) as session:
        return session.scalar(text("SELECT count(*) FROM hazard"))


def test_looked_at_entered_and_entered_again(run, engine, tmp_path):
    report = tmp_path / "report.csv"
    asked = ("--place", DISTRICT, "--kind-of", "Animal-Abuse=other", "--report", report)
    looked = run(*asked, "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert "nothing stored; would be: taken 2, there already 0, refused 2." in looked.output
    assert count(engine) == 0

    done = run(*asked)
    assert done.exit_code == 0, done.output
    assert "1 row refused, the first is row 4: It ended before it happened." in done.output
    assert "Columns not read: location_type." in done.output
    with report.open(encoding="utf-8-sig", newline="") as lines:
        told = [line[2] for line in csv.reader(lines)]
    assert told == ["What became of it", "taken", "taken", "refused", "refused"]
    assert count(engine) == 2

    again = run(*asked, "--language", "zh")
    assert "录入0, 已有2, 未录入2" in again.output.replace("\u2068", "").replace("\u2069", "")
    assert count(engine) == 2


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("--place", "999999"), "999999", 3),
        (("--place", DISTRICT, "--kind", "dragons"), "dragons", 3),
        (("--place", DISTRICT, "--kind-of", "noise"), "THEIRS=CODE", 2),
    ],
)
def test_what_cannot_be_is_said_and_nothing_stored(run, engine, arguments, said, code):
    before = count(engine)
    done = run(*arguments, "--source", "other")

    assert (done.exit_code, count(engine)) == (code, before)
    assert said in done.output
