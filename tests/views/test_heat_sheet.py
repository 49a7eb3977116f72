"""The view of the page of heat as a sheet: with all a map needs, behind the guard, and written down."""

from __future__ import annotations

from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from sqlalchemy import text

from tests.views.test_hazard_exports import few_in_a as few_in_a
from tests.views.test_heat import given_hazards
from tests.views.world import ELSEWHERE, HERE, NORTH, SIDE, WEST, A

VIEW = {"west": WEST, "east": WEST + 6 * SIDE, "south": NORTH - 3 * SIDE, "north": NORTH + SIDE}


@pytest.fixture(autouse=True)
def _forgotten(app):
    """What other tests undid is not kept in memory."""
    app.extensions.pop("heat_points", None)


@pytest.fixture
def hazards(session, world):
    return given_hazards(session, world)


def taken(browser, form="svg", place=HERE, **asked):
    return browser.get(f"/api/places/{place}/heat/sheet.{form}?{urlencode({**VIEW, **asked})}")


def words(answer) -> str:
    return " ".join(ElementTree.fromstring(answer.data).itertext())  # noqa: S314 - our own


@pytest.mark.parametrize(("language", "head"), [("en", "Heat of hazards"), ("zh", "隐患热力图")])
@pytest.mark.parametrize("view", ["heat", "grid", "community"])
def test_a_sheet_has_title_legend_time_scale_and_reach(as_leader, hazards, language, head, view):
    answer = taken(as_leader, lang=language, view=view, bandwidth=50, spots="true")

    said = words(answer)
    assert answer.mimetype == "image/svg+xml"
    assert head in said
    assert "100 m" in said or "100米" in said
    assert "1 : " in said
    assert "n = 2" in said
    assert ("data:image/png" in answer.text) == (view == "heat")


def test_a_difference_and_rates_are_drawn_too(as_leader, hazards):
    assert "Difference from the period before" in words(
        taken(as_leader, change="true", **{"from": "2026-02-15"})
    )
    assert "as before" in words(taken(as_leader, change="true", view="grid", **{"from": "2026-02-15"}))
    assert "Hazards per 1,000 households" in words(taken(as_leader, view="grid", measure="rate"))


@pytest.mark.parametrize("view", ["heat", "grid"])
def test_what_is_among_three_households_is_not_on_it(as_leader, hazards, few_in_a, session, view):
    before = taken(as_leader, view=view)
    session.execute(text("UPDATE hazard SET severity = 1, kind = 'fire' WHERE id = :id"), {"id": hazards[A]})
    session.commit()

    assert before.data == taken(as_leader, view=view).data
    assert "n = 1" in words(before)
    assert ("Nothing is told about this ground" in words(before)) == (view == "heat")


def test_it_is_a_pdf_as_well_and_that_it_was_taken_is_written_down(as_manager, hazards, session):
    answer = taken(as_manager, "pdf", state="overdue", kind="gas")

    assert answer.data.startswith(b"%PDF-")
    row = session.execute(text("SELECT act, about, facts FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert (row.act, row.about) == ("heat.taken", f"place {HERE}")
    assert row.facts == {"format": "pdf", "state": "overdue", "kinds": ["gas"], "view": "heat"}


def test_others_take_none_and_a_view_of_nothing_is_refused(client, as_coordinator, as_leader, hazards):
    assert taken(client).status_code == 401
    assert taken(as_coordinator).status_code == 403
    assert taken(as_leader, place=ELSEWHERE).status_code == 403
    assert taken(as_leader, west=WEST + 1).status_code == 422
