"""Bringing hazards in through the browser: looking, columns and kinds that are chosen, entering; who may."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import text

from tests.views.world import HERE, NORTH, SIDE, WEST

AT = f"{WEST + SIDE / 2:.6f},{NORTH - SIDE / 2:.6f}"
HEAD = "id,occurred_at,closed_at,kind,detail,borough,lon,lat\n"
ROWS = (
    f"9953245,2026-02-01T02:00:00,,shooting,loud,BRONX,{AT}\n"
    f"9953252,2026-02-01T02:22:00,2026-02-03T10:00:00,shooting,,MANHATTAN,{AT}\n"
    "9953253,2026-02-01T02:22:00,,shooting,,MANHATTAN,-73.947385,40.807699\n"
)


def send(browser, octets=HEAD + ROWS, way="look", place=HERE, **more):
    data = {"place": place, "way": way, "file": (BytesIO(octets.encode()), "points.csv"), **more}
    return browser.post("/import/hazards", data=data, content_type="multipart/form-data")


def stored(session):
    rows = session.execute(text("SELECT source, source_id, kind, state FROM hazard ORDER BY source_id"))
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("browser", ["as_coordinator", "as_leader", "as_district_administrator"])
def test_only_who_manages_brings_hazards_in(request, browser, session):
    browser = request.getfixturevalue(browser)

    assert browser.get("/import/hazards").status_code == 403
    assert send(browser, way="enter").status_code == 403
    assert stored(session) == []


def test_a_stranger_brings_nothing_in_here(as_stranger, session):
    assert send(as_stranger, way="enter").status_code == 403
    assert stored(session) == []


def test_a_file_is_looked_at_its_kinds_are_said_and_it_is_entered(as_manager, session):
    looked = send(as_manager)
    assert looked.status_code == 200
    assert 'name="theirs" value="shooting"' in looked.text
    assert "There is no such kind of hazard" in looked.text
    said = {"theirs": ["shooting"], "ours": ["noise"]}
    assert "It lies outside the place." in send(as_manager, **said).text
    assert stored(session) == []

    entered = send(as_manager, way="enter", **said)

    assert "<dt>taken</dt><dd>2</dd>" in entered.text
    assert stored(session) == [
        (f"{HERE} points.csv", "9953245", "noise", "reported"),
        (f"{HERE} points.csv", "9953252", "noise", "closed"),
    ]
    again = send(as_manager, way="enter", **said)
    assert "<dt>there already</dt><dd>2</dd>" in again.text
    assert f"/hazards?place={HERE}&amp;all=1" in entered.text
    acts = session.scalars(text("SELECT act FROM audit WHERE act LIKE 'hazards.import%' ORDER BY id")).all()
    assert acts == ["hazards.import_looked"] * 2 + ["hazards.imported"] * 2


def test_columns_that_are_not_found_by_name_are_chosen(as_manager, session):
    head = "number,when it was,east,north\n"
    row = f"7,2026-02-01 02:00,{AT}\n"
    refused = send(as_manager, head + row)
    assert refused.status_code == 422
    assert "<option>when it was</option>" in refused.text

    chosen = {"id": "number", "occurred_at": "when it was", "lon": "east", "lat": "north"}
    columns = {f"column-{field}": head for field, head in chosen.items()}
    entered = send(as_manager, head + row, "enter", **columns, kind="other", source="survey")

    assert entered.status_code == 200
    assert "<option selected>when it was</option>" in entered.text
    assert stored(session) == [("survey", "7", "other", "reported")]


def test_the_report_has_a_line_for_every_row_with_why_and_what_to_do(as_manager, session):
    answer = send(as_manager, way="report", kind="other")

    assert answer.mimetype == "text/csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["2", "9953245", "taken"],
        ["3", "9953252", "taken"],
        ["4", "9953253", "refused"],
    ]
    assert "bring the file in for the place it lies in" in lines[3]
    assert stored(session) == []


def test_a_file_that_is_none_is_refused_and_written_down(as_manager, session):
    answer = send(as_manager, "\n", "enter")

    assert answer.status_code == 422
    assert 'class="notice bad"' in answer.text
    facts = session.scalar(text("SELECT facts FROM audit WHERE act = 'hazards.import_refused'"))
    assert facts["code"] == "file_empty"


def test_it_is_found_from_where_hazards_and_files_are(as_manager, as_leader):
    for page in ("/import", "/hazards"):
        assert 'href="/import/hazards"' in as_manager.get(page).text
    assert 'href="/import/hazards"' not in as_leader.get("/hazards").text
