"""Pages of duties: read by the staff, changed by who manages there; the handover and its sheet."""

import pytest
from sqlalchemy import text

from app.models import Person, Role
from tests.views.world import EAST_STREET, ELSEWHERE, HERE, A, B, E

TABS = ("roster", "leave", "staffing", "proposals", "training", "names")


@pytest.fixture
def grid(world):
    return world.grids[HERE, A]


@pytest.fixture
def ann(session, world):
    person = Person(account="ann", name="Ann Otter")
    session.add(person)
    session.flush()
    session.add(Role(person_id=person.id, kind="coordinator", place_id=world.places[A]))
    session.commit()
    return person.id


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_manager_reads_every_tab(as_manager, ann, tab, language):
    page = as_manager.get(f"/duties?place={HERE}&tab={tab}&lang={language}")

    assert page.status_code == 200
    assert page.text.count('aria-current="page"') >= 1


@pytest.mark.parametrize("who", ["as_coordinator", "as_leader", "as_administrator"])
def test_others_read_the_roster_and_staffing_alone(request, who):
    page = request.getfixturevalue(who).get(f"/duties?place={A}&tab=training")

    assert page.status_code == 200
    assert "Roster" in page.text
    assert "Training" not in page.text


@pytest.mark.parametrize(("place", "status"), [(E, 403), (ELSEWHERE, 403), ("000000", 404)])
def test_duties_elsewhere_are_not_shown(as_manager, place, status):
    assert as_manager.get(f"/duties?place={place}").status_code == status


def test_a_grid_is_handed_over_and_the_sheet_follows(as_manager, grid, ann):
    page = as_manager.get(f"/duties/grids/{grid}")
    handed = as_manager.post(f"/duties/grids/{grid}/handover", data={"person": ann, "note": "keys"})
    sheet = as_manager.get(handed.location)

    assert "Hand over now" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert (handed.status_code, sheet.status_code) == (302, 200)
    assert "Takes: Ann Otter" in sheet.text
    assert sheet.headers["Cache-Control"] == "no-store"
    assert "Ann Otter" in as_manager.get(f"/duties?place={A}").text


def test_a_handover_that_cannot_be_is_refused_on_the_page(as_manager, grid, ann, world):
    stranger = world.people["stranger"]
    path = f"/duties/grids/{grid}/handover"

    assert as_manager.post(path, data={"person": stranger}).status_code == 422
    assert as_manager.post(path, data={"person": "x"}).status_code == 422
    assert as_manager.post(path, data={"person": ann, "note": "x" * 1001}).status_code == 422
    assert as_manager.get(f"/duties/handover/{grid}/999999").status_code == 404


def test_a_deputy_is_added_and_ended(as_manager, session, grid, ann):
    path = f"/duties/grids/{grid}/deputies"
    assert as_manager.post(path, data={"person": ann}).status_code == 302
    duty = session.scalar(text("SELECT max(id) FROM duty WHERE kind = 'deputy'"))

    assert "Ann Otter" in as_manager.get(f"/duties?place={A}").text
    assert as_manager.post(path, data={"person": ann}).status_code == 422
    assert as_manager.post(f"{path}/{duty}/end").status_code in (302, 404)  # 404: begun this very moment


def test_leave_is_written_down_and_taken_back(as_manager, session, ann, as_stranger):
    form = {"person": ann, "from_on": "2026-03-02", "until_on": "2026-03-06", "place": A, "tab": "leave"}
    refused = as_stranger.post("/duties/absences", data=form)
    assert as_manager.post("/duties/absences", data=form).status_code == 302
    leave = session.scalar(text("SELECT max(id) FROM absence"))

    assert refused.status_code in (403, 422)
    assert "Ann Otter" in as_manager.get(f"/duties?place={A}&tab=leave").text
    assert as_manager.post("/duties/absences", data=form).status_code == 422
    assert as_stranger.post(f"/duties/absences/{leave}/removal").status_code == 403
    assert as_manager.post(f"/duties/absences/{leave}/removal").status_code == 302
    assert as_manager.post(f"/duties/absences/{leave}/removal").status_code == 404


def test_a_course_is_added_and_attended(as_manager, session, ann):
    form = {"place": A, "tab": "training", "name": "消防", "kind": "special", "holds_months": "12"}
    assert as_manager.post("/duties/courses", data=form).status_code == 302
    course = session.scalar(text("SELECT max(id) FROM course"))
    came = {"course": course, "people": [ann], "held_on": "2026-03-01", "place": A, "tab": "training"}

    assert as_manager.post("/duties/attendances", data=came).status_code == 302
    assert "1 attendance in all" in as_manager.get(f"/duties?place={A}&tab=training").text
    assert as_manager.post("/duties/attendances", data={**came, "held_on": "2026-03-09"}).status_code == 422
    assert as_manager.post("/duties/courses", data={**form, "name": ""}).status_code == 422
    assert as_manager.post("/duties/courses", data={**form, "place": E}).status_code == 403


def test_a_proposal_is_accepted_as_it_was_looked_at(as_manager, session, ann):
    form = {"place": B, "tab": "proposals", "mark": "0" * 16}

    assert as_manager.post("/duties/proposals", data=form).status_code == 422
    assert as_manager.post("/duties/proposals", data={**form, "place": E}).status_code == 403


@pytest.mark.parametrize("path", ["/rentals", "/needs", "/indicators", "/duties"])
def test_a_building_head_with_an_account_and_no_role_reads_nothing(sign_in, session, path):
    head = Person(account="head", name="Head of a building")
    session.add(head)
    session.commit()

    assert sign_in(head.id).get(path).status_code == 403


def test_a_manager_says_which_name_the_public_reads(as_manager, client, session, ann, world):
    grid = world.grids[EAST_STREET, A]
    as_manager.post(f"/duties/grids/{grid}/handover", data={"person": ann})
    since = text("UPDATE duty SET during = tstzrange('2026-01-01', NULL) WHERE person_id = :ann")
    session.execute(since, {"ann": ann})  # the database's own clock began it
    session.commit()
    path = f"/duties/people/{ann}/public-name"
    said = {"place": A, "tab": "names"}

    def read():
        return [one["name"] for one in client.get(f"/find/grids/{grid}").json["card"]["coordinators"]]

    before = read()
    assert as_manager.post(path, data={**said, "name": " 小  獭 "}).status_code == 302
    shown = as_manager.get(f"/duties?place={A}&tab=names").text
    assert (before, read()) == (["Ann Otter"], ["小 獭"])
    assert 'value="小 獭"' in shown
    assert as_manager.post(path, data={**said, "name": "x" * 41}).status_code == 422
    assert as_manager.post(path, data=said).status_code == 302
    assert read() == ["Ann Otter"]
    acts = session.scalars(text("SELECT act FROM audit WHERE act = 'person.work_name'")).all()
    assert len(acts) == 2
    elsewhere = f"/duties/people/{world.people['stranger']}/public-name"
    assert as_manager.post(elsewhere, data={**said, "name": "x"}).status_code == 403
