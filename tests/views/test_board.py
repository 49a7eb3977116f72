"""The board as a page: read by leaders and managers of the place, with a link behind every figure."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.models import Hazard
from tests.views.conftest import NOON
from tests.views.world import EAST_STREET, HERE, A, B, C, E


@pytest.fixture
def hazards(session, world):
    """In A one overdue and one closed in time, in B one that is not due yet."""
    building, position, community = session.execute(
        text("SELECT building.id, position, place.id FROM building, place WHERE place.code = :code LIMIT 1"),
        {"code": A},
    ).one()
    other = session.scalar(text("SELECT id FROM place WHERE code = :code"), {"code": B})
    reported = NOON - timedelta(days=20)

    def hazard(community_id, due_days, closed_days=None):
        closed = None if closed_days is None else reported + timedelta(days=closed_days)
        return Hazard(
            community_id=community_id, grid_code=f"{A}001", building_id=building, position=position,
            kind="gas", origin="coordinator", reported_at=reported,
            due_at=reported + timedelta(days=due_days), state="handling" if closed is None else "closed",
            state_since=reported, closed_at=closed,
        )  # fmt: skip

    def refused():
        one = hazard(community, 5, 3)
        one.state = "refused"
        return one

    session.add_all([hazard(community, 5), hazard(community, 5, 3), hazard(other, 30), refused()])
    session.flush()


def figure(page, name):
    """The linked number beneath a name."""
    found = re.search(rf'<dt>{name}</dt><dd[^>]*><a href="([^"]+)"[^>]*>\s*(.*?)\s*</a>', page.text)
    return found.group(2).strip(), found.group(1).replace("&amp;", "&")


COUNTED = {"Open": 2, "Overdue": 1, "Closed on time": 2, "Closed": 1, "Median time to close": 1, "Filed": 4}


@pytest.mark.parametrize("who", ["as_leader", "as_manager"])
@pytest.mark.usefixtures("hazards")
def test_figures_open_the_cases_they_count(request, who):
    browser = request.getfixturevalue(who)
    page = browser.get(f"/board?place={HERE}&lang=en")

    assert page.status_code == 200
    assert figure(page, "Open") == ("2", f"/hazards?place={HERE}&open=1")
    assert figure(page, "Overdue") == ("1", f"/hazards?place={HERE}&overdue=1")
    value, address = figure(page, "Closed on time")
    assert value == "50.0 %"
    assert address.startswith(f"/hazards?place={HERE}&due=1&state=reported&")
    assert address.endswith("&from=2025-12-03&to=2026-03-01")  # today is not over
    listed = {name: browser.get(figure(page, name)[1]).text.count("case-row") for name in COUNTED}
    assert listed == COUNTED
    assert re.search(r'<th scope="row">Gas</th>', page.text)
    assert f"/hazards?place={HERE}&overdue=1&grid={A}001" in page.text.replace("&amp;", "&")


@pytest.mark.usefixtures("hazards")
def test_place_and_period_are_those_of_the_address(as_leader):
    page = as_leader.get(f"/board?place={B}&from=2026-02-20&to=2026-03-01&lang=zh")

    assert figure(page, "未结案")[0] == "1"
    assert figure(page, "超期")[0] == "0"
    assert "无数据" in figure(page, "按期结案率")[0]
    assert "2026年2月20日" in page.text


def test_a_board_without_a_single_hazard_says_so(as_leader):
    page = as_leader.get(f"/board?place={C}&lang=en")

    assert "Nothing is overdue." in page.text
    assert "no data" in page.text
    assert "0.0 %" not in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/board?place=000000", 404),
        (f"/board?place={E}", 403),
        ("/board?from=soon", 422),
        ("/board?from=2026-03-01&to=2026-02-01", 422),
        (f"/board/registers?place={E}", 403),
    ],
)
def test_what_is_not_there_or_not_ones_own_is_refused(as_leader, path, status):
    assert as_leader.get(path).status_code == status


@pytest.mark.parametrize("who", ["as_coordinator", "as_administrator"])
def test_the_board_is_for_leaders_and_managers(request, who):
    assert request.getfixturevalue(who).get("/board").status_code == 403


def test_register_figures_come_apart_and_in_words(as_leader):
    told = as_leader.get(f"/board/registers?place={EAST_STREET}&lang=en").json

    assert told == {
        "verification": {"rate": "no data", "counted": "n = 0"},
        "promises_kept": {"rate": "no data", "counted": "n = 0"},
    }


@pytest.mark.usefixtures("hazards")
def test_the_map_to_take_away_is_a_file_and_taking_it_is_written_down(as_leader, people, session):
    answer = as_leader.get(f"/board/take-away?place={HERE}&from=2026-02-01&to=2026-02-28")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="hazards-{HERE}-2026-02-28.html"'
    assert 'id="hazards"' in answer.text
    taken = session.execute(
        text("SELECT about, facts FROM audit WHERE act = 'report.taken' AND person_id = :leader"),
        {"leader": people["leader"]},
    ).all()
    assert [tuple(row) for row in taken] == [
        (f"place {HERE}", {"from": "2026-02-01", "to": "2026-02-28", "bandwidth_m": 150})
    ]


def test_nobody_takes_the_map_of_another_place(as_leader):
    assert as_leader.get(f"/board/take-away?place={E}").status_code == 403
