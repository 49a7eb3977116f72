"""Bringing registers in through the browser: looking, entering, rows left over; who may."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import text

from app.services.personal import open_places
from tests.views.world import ELSEWHERE, HERE, A

HEAD = "楼栋编码,房屋编号,姓名,联系电话\r\n"
GOOD, LOST = f"{A}-0,801,金丝雀甲,19900770001\r\n", "NOWHERE,801,金丝雀乙,\r\n"


def send(browser, rows, way="look", place=HERE):
    data = {"place": place, "way": way, "file": (BytesIO((HEAD + rows).encode()), "居民.csv")}
    return browser.post("/import/registers", data=data, content_type="multipart/form-data")


def names(session):
    open_places(session, [HERE], "import")
    return session.scalars(text("SELECT name FROM resident ORDER BY name")).all()


def audited(session):
    return [
        (row.act, row.about, row.facts.get("code"))
        for row in session.execute(
            text("SELECT act, about, facts FROM audit WHERE act LIKE 'registers.import%' ORDER BY id")
        )
    ]


@pytest.mark.parametrize("browser", ["as_coordinator", "as_leader"])
def test_only_who_manages_or_administers_brings_registers_in(request, browser):
    assert request.getfixturevalue(browser).get("/import/registers").status_code == 403
    assert send(request.getfixturevalue(browser), GOOD, "enter").status_code == 403


def test_a_stranger_brings_nothing_in(as_stranger, session):
    assert send(as_stranger, GOOD, "enter").status_code == 403
    assert names(session) == []
    assert ELSEWHERE in as_stranger.get("/import/registers").text


@pytest.mark.parametrize("browser", ["as_manager", "as_district_administrator"])
def test_a_file_is_looked_at_then_entered(request, browser, session):
    browser = request.getfixturevalue(browser)
    looked = send(browser, GOOD + LOST)
    before = names(session)
    entered = send(browser, GOOD + LOST, "enter")

    assert (looked.status_code, before) == (200, [])
    assert "No building has this code" in looked.text
    assert "金丝雀" not in looked.text + entered.text
    assert names(session) == ["金丝雀甲"]
    about = f"place {HERE}"
    assert audited(session) == [("registers.import_looked", about, None), ("registers.imported", about, None)]


def test_rows_left_over_come_as_a_file(as_manager, session):
    answer = send(as_manager, GOOD + LOST, "worklist")

    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    assert [line.split(",")[2] for line in answer.data.decode("utf-8-sig").splitlines()] == [
        "姓名",
        "金丝雀乙",
    ]
    assert names(session) == []


def test_a_refused_file_is_written_down_with_its_hash_and_nothing_stored(as_manager, session):
    answer = send(as_manager, GOOD + f"{A}-0,802,金丝雀丙,1.99E+10\r\n", "enter")

    assert answer.status_code == 422
    assert "lost digits" in answer.text
    assert "金丝雀" not in answer.text
    assert names(session) == []
    assert audited(session) == [("registers.import_refused", f"place {HERE}", "register_rows_wrong")]
