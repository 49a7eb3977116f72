"""Pages of a station: read by the staff, kept by who answers there."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text

from tests.views.world import HERE, A, E

TABS = ("calendar", "tasks", "haves", "meetings", "notices", "corrections", "mediation")


def newest(session, table):
    return session.scalar(text(f"SELECT max(id) FROM {table}"))  # noqa: S608 (names of ours)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("who", ["as_manager", "as_coordinator", "as_leader", "as_administrator"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_everybody_of_the_staff_reads_every_tab(request, who, tab, language):
    page = request.getfixturevalue(who).get(f"/station?place={A}&tab={tab}&lang={language}")

    assert page.status_code == 200


def test_a_station_elsewhere_is_not_shown(as_manager):
    assert as_manager.get(f"/station?place={E}").status_code == 403


def test_a_coordinator_writes_down_a_task(as_coordinator, session, world):
    grid = world.grids[HERE, A]
    task = session.scalar(text("SELECT min(id) FROM task"))
    done = as_coordinator.post(
        "/station/tasks", data={"grid": grid, "task": task, "place": A, "tab": "tasks"}
    )

    assert done.status_code == 302
    assert "done on 2 Mar 2026" in as_coordinator.get(f"/station?place={A}&grid={grid}").text
    assert as_coordinator.post("/station/tasks", data={"grid": "x", "task": task}).status_code == 422


def test_who_answers_for_a_grid_begins_with_tasks_and_a_manager_with_the_month(as_coordinator, as_manager):
    own, managed = as_coordinator.get(f"/station?place={A}").text, as_manager.get(f"/station?place={A}").text
    tasks = as_manager.get(f"/station?place={A}&tab=tasks").text

    assert "Know what residents wish" in own
    assert "March 2026" in managed
    assert 'aria-current="date"' in managed
    assert "done in 0 of" in tasks
    assert "April 2026" in as_manager.get(f"/station?place={A}&month=2026-04").text
    assert "March 2026" in as_manager.get(f"/station?place={A}&month=9999-99").text


def test_a_photo_is_written_anew_and_shown(as_coordinator, session):
    picture = BytesIO()
    Image.new("RGB", (30, 20), "red").save(picture, "PNG")
    form = {"place": A, "tab": "haves", "what": "sign", "there": "yes"}
    sent = as_coordinator.post(
        "/station/checks", data={**form, "photo": (BytesIO(picture.getvalue()), "a.png")}
    )
    check = newest(session, "station_check")
    shown = as_coordinator.get(f"/station/places/{A}/photos/{check}")

    assert sent.status_code == 302
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert as_coordinator.post(
        "/station/checks", data={**form, "photo": (BytesIO(b"x"), "a.png")}
    ).status_code in (
        415,
        422,
    )
    assert as_coordinator.get(f"/station/places/{A}/photos/{check + 1}").status_code == 404


def test_a_notice_is_hung_printed_in_both_languages_and_taken_down(as_manager, as_stranger, session):
    form = {
        "place": A, "tab": "notices", "title_zh": "停水", "text_zh": "周六停水", "title_en": "Water",
        "text_en": "None on Saturday", "from_on": "2026-03-02", "until_on": "2026-03-07",
    }  # fmt: skip
    assert as_manager.post("/station/notices", data=form).status_code == 302
    notice = newest(session, "notice")
    sheet = as_manager.get(f"/station/notices/{notice}").text

    assert "周六停水" in sheet
    assert "None on Saturday" in sheet
    assert "张贴至2026年3月7日" in sheet
    assert "until 7 Mar 2026" in sheet
    assert as_stranger.get(f"/station/notices/{notice}").status_code == 403
    assert as_stranger.post(f"/station/notices/{notice}/removal", data=form).status_code == 403
    assert as_manager.post("/station/notices", data={**form, "until_on": "2026-03-01"}).status_code == 422
    assert as_manager.post("/station/notices", data={**form, "until_on": "x"}).status_code == 422
    assert as_manager.post(f"/station/notices/{notice}/removal", data=form).status_code == 302
    assert as_manager.get(f"/station/notices/{notice}").status_code == 404


def test_minutes_and_corrections_are_kept(as_coordinator, session):
    minutes = {"place": A, "tab": "meetings", "kind": "meeting", "held_on": "2026-03-02", "minutes": "修灯"}
    wrong = {"place": A, "tab": "corrections", "office": "房管局", "wrong": "6", "better": "7"}
    assert as_coordinator.post("/station/meetings", data=minutes).status_code == 302
    assert as_coordinator.post("/station/corrections", data=wrong).status_code == 302
    correction = newest(session, "correction")
    page = as_coordinator.get(f"/station?place={A}&tab=corrections").text

    assert "修灯" in as_coordinator.get(f"/station?place={A}&tab=meetings").text
    assert "due 9 Mar 2026" in page
    answer = f"/station/corrections/{correction}/answer"
    assert as_coordinator.post(answer, data={**wrong, "answer": " "}).status_code == 422
    assert as_coordinator.post(answer, data={**wrong, "answer": "改好了"}).status_code == 302
    assert as_coordinator.post("/station/corrections", data={**wrong, "wrong": ""}).status_code == 422


def test_a_mediation_file_is_its_mediators_alone(as_coordinator, as_manager, session):
    form = {"place": A, "tab": "mediation", "parties": "李 王", "about": "噪音扰邻"}
    opened = as_coordinator.post("/station/mediations", data=form)
    whose = "(SELECT id::text FROM person WHERE account = 'coordinator')"
    session.execute(text(f"SELECT set_config('gridkeeper.mediator', {whose}, true)"))
    number = newest(session, "mediation")
    own, others = (one.get(f"/station?place={A}&tab=mediation") for one in (as_coordinator, as_manager))

    assert opened.status_code == 302
    assert "噪音扰邻" in own.text
    assert own.headers["Cache-Control"] == "no-store"
    assert "噪音扰邻" not in others.text
    assert (
        as_manager.post(f"/station/mediations/{number}/closing", data={"outcome": "settled"}).status_code
        == 404
    )
    assert as_coordinator.post("/station/mediations", data={**form, "parties": "李四光"}).status_code == 422
    closing = as_coordinator.post(
        f"/station/mediations/{number}/closing", data={**form, "outcome": "settled"}
    )
    assert closing.status_code == 302
