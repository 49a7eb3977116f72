"""Files of hazards: what stands in them, what must not, and that taking one is written down."""

import csv
import io

import pytest
from sqlalchemy import text

from app.models import Tessellation
from tests.views.test_heat import given_hazards
from tests.views.world import HERE, A, B


@pytest.fixture
def hazards(session, world):
    """An overdue gas hazard in A and one of fire in B."""
    return given_hazards(session, world)


@pytest.fixture
def few_in_a(session, world):
    """The building with a hazard in A and another are of three households, by the newest plots."""
    older = session.scalar(
        text("SELECT max(id) FROM tessellation WHERE place_id = :p"), {"p": world.places[HERE]}
    )
    newer = Tessellation(place_id=world.places[HERE], version=99)
    session.add(newer)
    session.flush()
    session.execute(
        text("""
            INSERT INTO tessellation_plot (tessellation_id, plot_id, households, buildings)
            SELECT :newer, plot_id, CASE WHEN EXISTS (SELECT FROM building
                WHERE ST_Covers(plot.geometry, position) AND code = ANY(:codes)) THEN 3 ELSE households END,
                buildings
            FROM tessellation_plot JOIN plot ON plot.id = plot_id WHERE tessellation_id = :older
        """),
        {"newer": newer.id, "older": older, "codes": [f"{A}-0", f"{A}-1"]},
    )
    session.commit()


def rows_of(answer) -> list[dict]:
    return [row for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))) if row["kind"]]


def test_a_file_has_the_hazards_that_are_meant(as_leader, hazards):
    answer = as_leader.get(f"/api/places/{HERE}/hazards/export?state=overdue")

    assert answer.status_code == 200
    (row,) = rows_of(answer)
    assert (row["id"], row["kind"], row["overdue"], row["withheld"]) == (
        str(hazards[A]),
        "gas",
        "True",
        "False",
    )
    assert float(row["lon"]) == pytest.approx(113.1005, abs=1e-3)
    assert "canary" not in answer.text


def test_where_few_live_a_file_does_not_say_where(as_leader, hazards, few_in_a):
    rows = {row["id"]: row for row in rows_of(as_leader.get(f"/api/places/{HERE}/hazards/export"))}

    hidden, shown = rows[str(hazards[A])], rows[str(hazards[B])]
    assert [hidden[name] for name in ("lon", "lat", "building", "site", "withheld")] == [
        "",
        "",
        "",
        "",
        "True",
    ]
    assert shown["lon"]
    assert shown["building"]


@pytest.mark.parametrize(("form", "head"), [("xlsx", b"PK"), ("gpkg", b"SQLite format 3")])
def test_files_are_what_they_are_called_and_taking_one_is_written_down(
    as_leader,
    hazards,
    session,
    people,
    form,
    head,
):
    answer = as_leader.get(f"/api/places/{HERE}/hazards/export?format={form}")

    assert answer.data.startswith(head)
    taken = session.execute(text("SELECT person_id, facts FROM audit WHERE act = 'hazard.exported'")).one()
    assert taken.person_id == people["leader"]
    assert taken.facts["format"] == form


def test_what_a_sheet_does_not_hold_is_refused_and_nothing_dropped(as_leader, hazards, monkeypatch):
    monkeypatch.setattr("app.services.hazard_files.MOST_SHEET_ROWS", 1)
    address = f"/api/places/{HERE}/hazards/export"

    refused = as_leader.get(f"{address}?format=xlsx")

    assert refused.json["code"] == "sheet_too_small"
    assert len(rows_of(as_leader.get(address))) == 2


def test_requests_are_as_open311_has_them(as_leader, hazards, few_in_a):
    told = as_leader.get(f"/api/open311/requests.json?jurisdiction_id={HERE}&status=open").json

    by_id = {one["service_request_id"]: one for one in told}
    assert by_id.keys() == {str(hazards[A]), str(hazards[B])}
    shown, hidden = by_id[str(hazards[B])], by_id[str(hazards[A])]
    assert (shown["status"], shown["service_code"], shown["service_name"]) == ("open", "fire", "Fire")
    assert shown["lat"] is not None
    assert (hidden["lat"], hidden["long"], hidden["address"]) == (None, None, None)
    closed = as_leader.get(f"/api/open311/requests.json?jurisdiction_id={HERE}&status=closed").json
    assert closed == []


def test_others_take_no_files(as_coordinator, as_leader):
    assert as_coordinator.get(f"/api/places/{HERE}/hazards/export").status_code == 403
    assert as_leader.get("/api/places/140498/hazards/export").status_code == 403
    assert as_leader.get("/api/open311/requests.json?jurisdiction_id=140498").status_code == 403
