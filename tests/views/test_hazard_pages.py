"""Pages of hazards and inspections: the list, the report, the case, in both languages."""

from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.services.cases import picture
from tests.views.world import HERE, A, E

LANGUAGES = ("en", "zh")


@pytest.fixture
def building(world):
    return world.buildings[f"{A}-0"]


def form(building, **more):
    return {
        "client_id": str(uuid4()),
        "kind": "gas",
        "severity": "2",
        "building": building,
        "description": "hose is cracked",
        "photo": (BytesIO(picture()), "a.jpg"),
        **more,
    }


@pytest.fixture
def hazard(as_coordinator, building, session):
    assert as_coordinator.post("/hazards/new", data=form(building)).status_code == 302
    return session.scalar(text("SELECT max(id) FROM hazard"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_written_and_its_case_shown(as_coordinator, building, hazard, language, session):
    page = as_coordinator.get(f"/hazards/{hazard}?lang={language}")

    assert page.status_code == 200
    assert "hose is cracked" in page.text
    photo = session.scalar(text("SELECT id FROM hazard_photo"))
    assert f"/hazards/photos/{photo}" in page.text
    assert as_coordinator.get(f"/hazards/photos/{photo}").mimetype == "image/jpeg"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["as_manager", "as_coordinator", "as_leader"])
def test_the_list_is_read_by_who_is_concerned(request, who, hazard, language):
    page = request.getfixturevalue(who).get(f"/hazards?all=1&lang={language}")

    assert f"/hazards/{hazard}" in page.text
    assert ("Report a hazard" in page.text) == (language == "en" and who != "as_leader")


def test_strangers_and_administrators_read_no_case(as_stranger, as_administrator, hazard, building):
    assert as_stranger.get(f"/hazards/{hazard}").status_code == 403
    assert f"/hazards/{hazard}" not in as_stranger.get("/hazards?all=1").text
    assert as_administrator.get("/hazards").status_code == 403
    assert as_stranger.get(f"/hazards/new?building={building}").status_code == 403


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("open=1", True),
        ("overdue=1", False),
        ("mine=1", True),
        ("closed=1", False),
        ("kind=gas&severity=2", True),
        ("kind=fire", False),
        ("from=2026-03-01&to=2026-03-02", True),
        ("from=2026-02-01&to=2026-02-20", False),
        (f"place={A}&open=1", True),
        ("from=2026-03-01&to=2026-03-02&due=1&closed=1", False),
    ],
)
def test_the_address_says_which(as_coordinator, hazard, asked, found):
    page = as_coordinator.get(f"/hazards?{asked}")

    assert page.status_code == 200
    assert (f"/hazards/{hazard}" in page.text) == found


def test_a_list_elsewhere_or_malformed_is_refused(as_coordinator):
    assert as_coordinator.get(f"/hazards?place={E}").status_code == 403
    assert as_coordinator.get("/hazards?west=x").status_code == 422
    assert as_coordinator.get("/hazards?from=yesterday").status_code == 422


def test_a_kind_that_is_retired_keeps_its_name(as_coordinator, hazard, session):
    retired = "UPDATE hazard_kind SET retired_at = now(), name_en = 'Old hoses' WHERE code = 'gas'"
    session.execute(text(retired))
    session.commit()

    assert "<b>Old hoses</b>" in as_coordinator.get("/hazards?all=1&lang=en").text
    assert "<h1>Old hoses " in as_coordinator.get(f"/hazards/{hazard}?lang=en").text


def test_what_may_be_the_same_is_shown_before_it_is_saved(as_coordinator, building, hazard, session):
    shown = as_coordinator.post("/hazards/new", data=form(building))

    assert shown.status_code == 200
    assert "Already reported nearby" in shown.text
    assert session.scalar(text("SELECT count(*) FROM hazard")) == 1
    assert as_coordinator.post("/hazards/new", data=form(building, sure="yes")).status_code == 302
    assert session.scalar(text("SELECT count(*) FROM hazard")) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_says_where_it_goes(as_coordinator, building, language, session, world):
    grid = session.scalar(text("SELECT code FROM grid WHERE id = :id"), {"id": world.grids[HERE, A]})
    page = as_coordinator.get(f"/hazards/new?building={building}&lang={language}")
    nowhere = as_coordinator.get(f"/hazards/new?lang={language}")
    elsewhere = as_coordinator.get("/hazards/new?lon=10&lat=10")

    goes_to = {"en": "Goes to grid {}, Person coordinator", "zh": "交由网格{}，Person coordinator"}[language]
    assert goes_to.format(grid) in page.text
    assert (page.status_code, nowhere.status_code, elsewhere.status_code) == (200, 200, 422)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_step_says_why_on_the_page(as_manager, hazard, language):
    def act(act, version, **more):
        told = {"act": act, "version": version, **more}
        return as_manager.post(f"/hazards/{hazard}/acts?lang={language}", data=told)

    assert act("accept", 1).status_code == 302
    stale = act("file", 1)
    assert stale.status_code == 409
    assert ("meanwhile" if language == "en" else "刚被他人处理过") in stale.text
    assert act("pend", 2, reason="no parts").status_code == 422
    assert act("nothing", 2).status_code == 422
    assert act("pend", 2, reason="no parts", review_on="2026-04-01").status_code == 302
    assert "2026" in as_manager.get(f"/hazards/{hazard}?lang={language}").text


def test_a_photo_of_the_work_comes_with_the_step(as_coordinator, hazard, session):
    told = {"act": "on_the_spot", "version": 1, "photo": (BytesIO(picture("green")), "b.jpg")}

    assert as_coordinator.post(f"/hazards/{hazard}/acts", data=told).status_code == 302
    assert session.scalar(text("SELECT state FROM hazard")) == "closed"
    assert session.scalar(text("SELECT count(*) FROM hazard_photo WHERE shows = 'after'")) == 1


def test_a_refused_step_keeps_no_photo(as_coordinator, hazard, session):
    told = {"act": "on_the_spot", "version": 7, "photo": (BytesIO(picture("green")), "b.jpg")}

    assert as_coordinator.post(f"/hazards/{hazard}/acts", data=told).status_code == 409
    assert session.scalar(text("SELECT count(*) FROM hazard_photo WHERE shows = 'after'")) == 0


@pytest.fixture
def inspected(session, world, building):
    return session.execute(
        text("""
            INSERT INTO inspection (community_id, building_id, about, every_months, due_on)
            VALUES (:place, :building, 'exits', 3, '2026-03-01') RETURNING id
        """),
        {"place": world.places[A], "building": building},
    ).scalar_one()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_inspection_is_due_done_and_due_again(as_coordinator, inspected, session, language):
    assert "exits" in as_coordinator.get(f"/inspections?of=all&lang={language}").text

    assert as_coordinator.post(f"/inspections/{inspected}/done").status_code == 302
    row = session.execute(text("SELECT last_on::text, due_on::text FROM inspection")).one()
    assert row == ("2026-03-02", "2026-06-02")
    assert "exits" not in as_coordinator.get("/inspections?of=all").text


@pytest.mark.parametrize(("language", "words"), [("en", "Fence, scaffolding"), ("zh", "围挡、脚手架")])
def test_what_is_looked_at_by_its_kind_is_told_in_the_readers_language(
    as_coordinator, inspected, session, language, words
):
    session.execute(text("UPDATE inspection SET about = 'site'"))

    assert words in as_coordinator.get(f"/inspections?of=all&lang={language}").text
    assert words in as_coordinator.get(f"/station?tab=calendar&month=2026-03&lang={language}").text


def test_what_an_inspection_found_is_a_hazard_it_names(as_coordinator, inspected, building, session):
    sent = as_coordinator.post("/hazards/new", data=form(building, inspection=inspected))

    assert sent.status_code == 302
    row = session.execute(
        text("SELECT origin, inspection_id FROM hazard JOIN inspection_done ON hazard_id = hazard.id")
    ).one()
    assert row == ("inspection", inspected)


def test_managers_of_the_place_alone_set_inspections_up_and_end_them(
    as_manager, as_coordinator, as_stranger, inspected, session
):
    assert as_coordinator.post("/inspections", data={"place": A}).status_code == 403
    assert as_stranger.post(f"/inspections/{inspected}/end").status_code == 403
    assert as_stranger.post(f"/inspections/{inspected}/done").status_code == 403
    assert as_manager.post("/inspections", data={"place": A}).status_code == 302
    assert as_manager.post(f"/inspections/{inspected}/end").status_code == 302
    assert session.scalar(text("SELECT ended_on::text FROM inspection")) == "2026-03-02"
    assert as_manager.post(f"/inspections/{inspected}/done").status_code == 404
