"""Certificates of stored plans."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.faults import FIGURES
from app.faults import words as fault_words
from app.services import kept_certificates
from app.services.certificate_map import drawing
from app.services.certificates import certificate_of_plan, engine_mark, plan_ground, sheet_of_plan
from app.services.importing import store_district
from app.services.kept_certificates import Sheet, certificate_mark, keep_sheet, kept_sheet
from app.services.publishing import publish
from app.services.rebalance import ask_rebalance, read_present, result_of, write_draft
from tests.services.imported import (
    BAND,
    DISTRICT,
    given_draft,
    given_plan_in_force,
    given_town,
    small_town,
    with_house,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def plan_id(session):
    given_town(session)
    return given_draft(session, seed=7)


def test_a_stored_plan_is_examined_from_its_geometry(session, plan_id):
    made = certificate_of_plan(plan_ground(session, plan_id), NOON)

    assert made["faults"] == []
    assert made["sizes"]["households"] == made["checks"]["households_in_all"] == 32 * 40
    assert made["checks"]["buildings_in_all"] == 32
    assert (made["checks"]["gap_m2"], made["checks"]["overlap_m2"], made["checks"]["buildings_cut"]) == (
        0,
        0,
        0,
    )
    assert made["checks"]["area_error_m2"] <= made["checks"]["rounding_m2"]


def test_it_says_how_the_plan_was_made_and_of_what(session, plan_id):
    made = certificate_of_plan(plan_ground(session, plan_id), NOON)

    assert made["parameters"]["seed"] == 7
    assert made["band"] == {"target": 160, "least": 144, "most": 176}
    assert made["tessellation"] == {"version": 1, "is_newest": True}
    assert (made["subject"]["place"], made["subject"]["version"], made["edits"]) == (DISTRICT, 1, [])
    assert made["certified_at"] == "2026-03-01T12:00:00+00:00"
    assert made["software"]["engine"] == engine_mark()


def test_nothing_in_it_but_the_time_changes_from_one_day_to_the_next(session, plan_id):
    one = certificate_of_plan(plan_ground(session, plan_id), NOON)
    other = certificate_of_plan(plan_ground(session, plan_id), NOON.replace(day=2))

    assert {name for name in one if one[name] != other[name]} == {"certified_at"}


def test_households_that_were_tampered_with_show(session, plan_id):
    before = certificate_of_plan(plan_ground(session, plan_id), NOON)
    session.execute(
        text("UPDATE grid SET households = households + 1 WHERE plan_id = :plan AND code LIKE '%1'"),
        {"plan": plan_id},
    )

    after = certificate_of_plan(plan_ground(session, plan_id), NOON)

    assert {fault["code"] for fault in after["faults"]} == {"households_differ"}
    assert after["faults"][0]["sentence"]["zh"].endswith("户。")
    assert after["sha256"] != before["sha256"]


def test_of_a_plan_on_former_ground_buildings_are_not_counted(session, plan_id):
    publish(session, plan_id, 1)
    store_district(session, with_house(small_town(), 112, 50), DISTRICT)

    made = certificate_of_plan(plan_ground(session, plan_id), NOON)

    assert made["tessellation"]["is_newest"] is False
    assert made["checks"]["buildings_cut"] is None
    assert made["faults"] == []


def test_a_plan_that_is_not_there_is_refused(session):
    with pytest.raises(Refusal) as refused:
        plan_ground(session, 10**9)

    assert refused.value.code == "not_found"


def test_the_map_is_true_to_its_scale(session, plan_id):
    plan = plan_ground(session, plan_id)

    drawn = drawing(plan.grids, plan.ground.crs, BAND)

    assert len(drawn.shapes) == len(plan.grids.codes)
    assert drawn.bar_mm == pytest.approx(drawn.bar_m * 1000 / drawn.scale, abs=0.01)
    assert drawn.width == pytest.approx(240 * 1000 / drawn.scale, rel=0.02)
    assert {shape.kind for shape in drawn.shapes} <= {"in", "few", "many", "nobody"}


def test_special_grids_and_loads_are_drawn_as_the_band_is_held(session, plan_id):
    plan = plan_ground(session, plan_id)
    special = np.arange(len(plan.grids.codes)) == 0
    load = plan.grids.households * 10.0
    few = replace(plan.grids, households=np.full(len(special), 5, np.int64), special=special)

    kinds = [
        [one.kind for one in drawing(grids, plan.ground.crs, BAND).shapes]
        for grids in (few, replace(few, load=load, special=None))
    ]

    assert kinds[0] == ["in", *["few"] * (len(special) - 1)]
    assert kinds[1] == ["many"] * len(special)


def test_a_plan_made_by_rebalancing_says_how(session):
    plan_id = given_plan_in_force(session).plan_id
    job = ask_rebalance(session, plan_id, None, want="one_more", seed=5)
    result = result_of(read_present(session, plan_id), "one_more", 5)
    draft = write_draft(session, plan_id, result, result["proposals"][0], dict(job.parameters))

    made = certificate_of_plan(plan_ground(session, draft), NOON)

    assert (made["parameters"]["want"], made["parameters"]["seed"]) == ("one_more", 5)
    assert (made["edits"], made["faults"]) == ([], [])


def test_every_figure_that_may_differ_has_a_name_in_both_languages(session, plan_id):
    made = certificate_of_plan(plan_ground(session, plan_id), NOON)

    for figure in (*made["checks"], *made["sizes"]):
        said = fault_words("figure_differs", {"figure": figure, "stated": 1, "found": 2})
        assert FIGURES[figure].en in said.en
        assert FIGURES[figure].zh in said.zh


# --- Kept ------------------------------------------------------------------------------------------------


def keep(session, plan_id):
    """Make a sheet and keep it; its mark."""
    mark = certificate_mark(session, plan_id)
    keep_sheet(session, plan_id, mark, sheet_of_plan(plan_ground(session, plan_id), NOON))
    return mark


def test_what_is_kept_is_what_was_made(session, plan_id):
    made = sheet_of_plan(plan_ground(session, plan_id), NOON)

    keep_sheet(session, plan_id, "mark", made)

    assert kept_sheet(session, plan_id, "mark") == made
    assert kept_sheet(session, plan_id, "another") is None
    assert kept_sheet(session, plan_id + 1, "mark") is None


@pytest.mark.parametrize(
    "change",
    {
        "an edit": "UPDATE plan SET version = version + 1 WHERE id = :plan",
        "another name": "UPDATE plan SET name = 'Spring' WHERE id = :plan",
        "publishing": "UPDATE plan SET state = 'published', published_at = now() WHERE id = :plan",
        "another band": "UPDATE plan SET most = most + 1 WHERE id = :plan",
        "a grid's households": "UPDATE grid SET households = households + 1 WHERE plan_id = :plan",
        "a grid's outline": "UPDATE grid SET outline = ST_Reverse(outline) WHERE plan_id = :plan",
        "a grid's kind": "UPDATE grid SET kind = 'park' WHERE plan_id = :plan",
        "a reason": "UPDATE grid SET reason = 'uninhabited' WHERE plan_id = :plan",
        "a fact of a reason": "UPDATE grid SET measures = '{\"label\": null}' WHERE plan_id = :plan",
        "a building": "UPDATE building SET households = households + 1",
        "a place": "UPDATE place SET name = '新名区'",
        "a version of plots": "INSERT INTO tessellation (place_id, version) SELECT id, 2 FROM place",
    }.items(),
    ids=lambda change: change[0],
)
def test_nothing_stale_is_kept(session, plan_id, change):
    before = keep(session, plan_id)

    session.execute(text(change[1]), {"plan": plan_id} if ":plan" in change[1] else {})
    after = certificate_mark(session, plan_id)

    assert kept_sheet(session, plan_id, before) is not None
    assert after != before
    assert kept_sheet(session, plan_id, after) is None


def test_another_software_makes_another_certificate(session, plan_id, monkeypatch):
    before = keep(session, plan_id)

    monkeypatch.setattr(kept_certificates, "software_mark", lambda: "another")

    assert certificate_mark(session, plan_id) != before


def test_a_new_certificate_takes_the_place_of_the_former(session, plan_id):
    keep(session, plan_id)
    session.execute(text("UPDATE plan SET name = 'Spring' WHERE id = :plan"), {"plan": plan_id})

    mark = keep(session, plan_id)

    assert kept_sheet(session, plan_id, mark).certificate["subject"]["name"] == "Spring"
    assert session.scalar(text("SELECT count(*) FROM certificate")) == 1


def test_what_is_kept_is_bounded(session, plan_id, monkeypatch):
    monkeypatch.setattr(kept_certificates, "MOST_KEPT", 1)
    other = given_draft(session, seed=8)
    keep(session, plan_id)
    session.execute(text("UPDATE certificate SET made_at = made_at - interval '1 day'"))

    keep_sheet(session, other, "mark", Sheet({"format": "any"}, None))

    assert session.scalars(text("SELECT plan_id FROM certificate")).all() == [other]


def test_a_plan_that_is_not_there_has_no_mark(session):
    with pytest.raises(Refusal) as refused:
        certificate_mark(session, 10**9)

    assert refused.value.code == "not_found"
