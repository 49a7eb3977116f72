"""The page of figures: read by each role, contested by a coordinator, answered by a manager."""

import pytest
from sqlalchemy import text

from app.services.indicators import INDICATORS
from tests.views.world import HERE, A, E


@pytest.fixture
def grid(world):
    return world.grids[HERE, A]


def contest(browser, grid, words="They were away."):
    form = {"grid": grid, "indicator": "verification", "quarter": "2026Q1", "place": A, "words": words}
    return browser.post("/indicators/appeals", data=form)


@pytest.mark.parametrize("who", ["as_manager", "as_coordinator", "as_leader", "as_administrator"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_everybody_of_the_staff_reads_figures(request, who, language):
    page = request.getfixturevalue(who).get(f"/indicators?place={A}&lang={language}")

    assert page.status_code == 200
    assert {"en": "no data", "zh": "无数据"}[language] in page.text
    assert "0.0 %" not in page.text


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_figure_opens_the_buildings_behind_it(as_manager, grid, indicator):
    page = as_manager.get(f"/indicators/grids/{grid}?indicator={indicator}&quarter=2026Q1")

    assert page.status_code == 200
    assert "Nothing is missing here" in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/indicators?place=000000", 404),
        (f"/indicators?place={E}", 403),
        ("/indicators?quarter=2026Q4", 422),
        ("/indicators?indicator=volume", 200),
    ],
)
def test_what_is_not_there_or_not_ones_own_is_refused(as_manager, path, status):
    assert as_manager.get(path).status_code == status


def test_an_unknown_indicator_has_nothing_behind_it(as_manager, grid):
    assert as_manager.get(f"/indicators/grids/{grid}?indicator=volume").status_code == 404


def test_a_coordinator_contests_and_a_manager_answers(as_coordinator, as_manager, session, grid):
    assert contest(as_coordinator, grid).status_code == 302
    appeal = session.scalar(text("SELECT max(id) FROM appeal"))
    assert "contested" in as_manager.get(f"/indicators?place={A}").text
    answer = f"/indicators/appeals/{appeal}/answer"
    form = {"words": "Counted anew.", "upheld": "yes", "place": A}

    assert as_coordinator.post(answer, data=form).status_code == 403
    assert as_manager.post(answer, data={**form, "words": ""}).status_code == 422
    assert as_manager.post(answer, data=form).status_code == 302
    assert "Counted anew." in as_coordinator.get(f"/indicators?place={A}").text
    assert as_manager.post(answer, data=form).status_code == 404


def test_an_appeal_without_words_is_refused_on_the_page(as_coordinator, grid):
    answer = contest(as_coordinator, grid, " ")

    assert answer.status_code == 422
    assert "what is not right" in answer.text


def test_a_grid_of_others_is_not_contested(as_coordinator, world):
    assert contest(as_coordinator, world.grids[HERE, "140499001002"]).status_code == 422
    assert contest(as_coordinator, "x").status_code == 404
