"""The ledgers over HTTP: who opens them, what stands in no address, and what becomes of a file."""

import io
import zipfile

import pytest
from sqlalchemy import text

from app.models import Dwelling, Household, Resident, Stay
from app.services import ledgers
from app.services.personal import open_places
from tests.views.conftest import NOON
from tests.views.world import EAST_STREET, HERE, A, B

NAME = "金丝雀春"


@pytest.fixture
def households(session, world):
    """One household in A and one in B."""
    open_places(session, [HERE], "import")
    made = {}
    for code in (A, B):
        seat = {"building_id": world.buildings[f"{code}-0"], "community_id": world.places[code]}
        dwelling = Dwelling(code="302", floor=3, **seat)
        session.add(dwelling)
        session.flush()
        household = Household(dwelling_id=dwelling.id, begun_on=NOON.date(), **seat)
        session.add(household)
        session.flush()
        resident = Resident(
            household_id=household.id,
            name=f"{NAME}{code[-1]}",
            phone="19900770011",
            source="visit",
            purpose="registration",
            **seat,
        )
        session.add(resident)
        session.flush()
        session.add(Stay(resident_id=resident.id, household_id=household.id, from_on=NOON.date(), **seat))
        made[code] = household.id
    session.commit()
    return made


def reads(session):
    return session.execute(
        text("SELECT act, purpose, households FROM audit WHERE act LIKE 'registers.%' ORDER BY id")
    ).all()


def test_a_manager_has_all_rows_and_the_look_is_written_down(as_manager, households, session):
    answer = as_manager.get("/registers")

    assert answer.status_code == 200
    assert f"{NAME}1" in answer.text
    assert f"{NAME}2" in answer.text
    assert "199****0011" in answer.text
    assert "19900770011" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert reads(session) == [("registers.view", "ledger", sorted(households.values()))]


def test_a_coordinator_has_the_own_grid_alone(as_coordinator, households, session):
    answer = as_coordinator.get("/registers")

    assert f"{NAME}1" in answer.text
    assert f"{NAME}2" not in answer.text
    assert reads(session)[0].households == [households[A]]


@pytest.mark.parametrize("browser", ["as_leader", "as_administrator"])
@pytest.mark.parametrize("path", ["/registers", "/registers/print"])
def test_who_reads_counts_opens_no_ledger(request, households, browser, path):
    assert request.getfixturevalue(browser).get(path).status_code == 403


def test_words_count_in_the_body_and_not_in_an_address(as_manager, households, session):
    ignored = as_manager.get(f"/registers?q={NAME}1")
    found = as_manager.post("/registers", data={"q": f"{NAME}1"})

    assert f"{NAME}2" in ignored.text
    assert f"{NAME}1" in found.text
    assert f"{NAME}2" not in found.text
    assert reads(session)[-1][:2] == ("registers.search", "search")


@pytest.mark.parametrize("part", ["table", "more"])
def test_a_part_of_the_page_has_rows_and_no_frame(as_manager, households, part):
    answer = as_manager.post("/registers", data={}, headers={"X-Part": part})

    assert f"{NAME}1" in answer.text
    assert "<html" not in answer.text


def test_what_is_none_of_ours_counts_as_not_said(as_manager, households):
    strange = {
        "ledger": "x",
        "order": "-name",
        "show": "x",
        "grid": "1e9",
        "after": "-4",
        "columns": "id_number",
    }

    assert as_manager.get("/registers", query_string=strange).status_code == 200
    assert as_manager.post("/registers", data={**strange, "q": "%_'"}).status_code == 200


def test_chosen_columns_are_shown_and_no_others(as_manager, households):
    answer = as_manager.get(
        "/registers?columns=address&columns=residents&lang=en", headers={"X-Part": "table"}
    )

    assert "Persons" in answer.text
    assert NAME not in answer.text


def test_sums_are_told_without_a_row(as_manager, households, session):
    answer = as_manager.post("/registers/totals", data={})

    assert answer.get_json()["rows"] == "2"
    assert reads(session) == []


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_file_names_its_mark_and_the_audit_knows_it(as_manager, households, session, form):
    answer = as_manager.post("/registers/export?lang=en", data={"format": form}, buffered=True)

    name = answer.headers["Content-Disposition"].partition("filename=")[2]
    mark = name.rpartition(".")[0].rpartition("-")[2]
    about = session.scalar(text("SELECT about FROM audit WHERE act = 'registers.export'"))
    assert about == f"ledger residents {mark}"
    held = answer.data
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as made:
            held = made.read("xl/worksheets/sheet1.xml")
    assert mark in held.decode()
    assert f"{NAME}2" in held.decode()
    assert "19900770011" not in held.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_too_long_for_paper_says_so_and_leads_back(as_manager, households, monkeypatch):
    monkeypatch.setattr(ledgers, "PRINTED", 0)

    page = as_manager.post("/registers/print?lang=en", data={"ledger": "residents"}).get_data(as_text=True)

    assert "too many for paper" in page
    assert '<a href="/registers?ledger=residents' in page
    assert "<h1>" in page


def test_paper_has_the_sums_of_each_sheet(as_manager, households, session):
    answer = as_manager.post("/registers/print?lang=en", data={})

    assert "This sheet" in answer.text
    assert "Up to here" in answer.text
    assert reads(session)[0].act == "registers.print"


def test_what_is_missing_of_a_grid_is_listed_with_the_way_to_it(as_manager, world, households, session):
    answer = as_manager.get(f"/registers/clears?grid={world.grids[HERE, A]}&of=hazards&lang=en")

    assert answer.status_code == 200
    assert f"/households/{households[A]}" in answer.text
    assert f"/households/{households[B]}" not in answer.text
    assert reads(session) == [("registers.view", "ledger", [households[A]])]


def test_anothers_grid_is_not_found(as_coordinator, world, households):
    assert as_coordinator.get(f"/registers/clears?grid={world.grids[HERE, B]}").status_code == 404


def test_counts_on_the_map_hold_nobody_and_are_not_kept(as_manager, as_leader, world, households, session):
    plan, grid = world.plans[HERE], world.grids[HERE, A]
    view = "west=113&south=36&east=114&north=37"
    for path in (
        f"/api/plans/{plan}/residents",
        f"/api/grids/{grid}/residents",
        f"/api/places/{HERE}/residents?{view}",
    ):
        answer = as_manager.get(path)
        assert answer.status_code == 200
        assert NAME not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    smallest = world.grids[EAST_STREET, A]  # of the plans in force there; two would be told apart
    assert as_leader.get(f"/api/grids/{smallest}/residents").get_json()["counts"]["households"] is None
    assert as_leader.get(f"/api/grids/{grid}/residents").status_code == 403
    assert as_leader.get(f"/api/places/{HERE}/residents?{view}").status_code == 403
    assert reads(session) == []
