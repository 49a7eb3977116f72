"""The wishes of a split and the locks of a place over HTTP."""

import json
from datetime import date

import pytest
from sqlalchemy import text

from app.models import RulePack
from app.services.rules import SHIPPED, USUAL, as_json, changed
from tests.views.world import HERE, A

SPLITS, LOCKS = f"/api/places/{HERE}/splits", f"/api/places/{HERE}/locks"
BAND = {"target": 300, "least": 270, "most": 330}
SQUARE = {"type": "Polygon", "coordinates": [[[113.1, 36.19], [113.2, 36.19], [113.2, 36.2], [113.1, 36.19]]]}
FAR = {"type": "Polygon", "coordinates": [[[10**400, 36.1], [113.2, 36.1], [113.2, 36.2], [10**400, 36.1]]]}
ALL = {
    "coordinators": 7,
    "weights": "households + 2*buildings",
    "lines": {"arterial": "follow", "river": "never"},
    "seeds": [[113.101, 36.199]],
    "locked": False,
    "special": [{"kind": "market", "name": "集市", "polygon": SQUARE}],
    "keep_special": False,
    "compounds": "whole",
    "micro": {"least": 50, "most": 80},
    "slot": "A",
}


def test_every_wish_is_kept_in_the_job(as_manager):
    answer = as_manager.post(SPLITS, json={**BAND, **ALL, "seed": 3})

    assert answer.status_code == 202, answer.json
    assert answer.json["job"]["parameters"] == {**ALL, "seed": 3}


def test_what_is_as_always_is_not_kept(as_manager):
    usual = {
        "coordinators": None,
        "weights": None,
        "lines": {},
        "seeds": [],
        "locked": True,
        "special": [],
        "keep_special": True,
        "micro": None,
        "slot": None,
    }

    answer = as_manager.post(SPLITS, json={**BAND, **usual})

    assert answer.json["job"]["parameters"] == {**BAND, "seed": 1}


def test_one_coordinator_for_a_whole_city_needs_no_band(as_manager):
    answer = as_manager.post(SPLITS, json={"coordinators": 1})

    assert answer.status_code == 202
    assert answer.json["job"]["parameters"] == {"coordinators": 1, "seed": 1}


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({**BAND, "weights": "households + rent"}, "formula_malformed"),
        ({**BAND, "weights": "households + 2*open_hazards"}, "formula_column_unknown"),
        ({**BAND, "special": [{"kind": "market", "name": "x", "polygon": FAR}]}, "special_malformed"),
        ({**BAND, "micro": {"least": 80, "most": 50}}, "micro_malformed"),
        (
            {**BAND, "special": [{"kind": "market", "name": "x", "polygon": {"type": "Point"}}]},
            "special_malformed",
        ),
        (
            {**BAND, "special": [{"kind": "market", "name": "x", "polygon": SQUARE}] * 2},
            "special_named_twice",
        ),
        ({**BAND, "lines": {"canal": "never"}}, "fields_malformed"),
        ({**BAND, "lines": {"river": "sometimes"}}, "fields_malformed"),
        ({**BAND, "seeds": [[113.1]]}, "fields_malformed"),
        ({**BAND, "slot": "D"}, "fields_malformed"),
        ({**BAND, "special": [{"kind": "castle", "name": "x", "polygon": SQUARE}]}, "fields_malformed"),
        ({"weights": "households + 5*buildings"}, "band_missing"),
        ({"target": 300}, "band_missing"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_before_any_work(as_manager, session, wish, code):
    jobs = text("SELECT count(*) FROM job")
    before = session.scalar(jobs)

    answer = as_manager.post(SPLITS, json=wish)

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["detail"]
    assert session.scalar(jobs) == before


def test_who_says_no_numbers_gets_those_of_the_places_rules(as_manager, session):
    rules = changed(SHIPPED[USUAL], {"size.target": 280, "size.least": 250, "size.most": 320})
    session.add(RulePack(code=USUAL, from_on=date(2025, 1, 1), settings=as_json(rules)))
    session.commit()

    said = as_manager.get(SPLITS.removesuffix("/splits")).json["size"]
    job = as_manager.post(SPLITS, json={"seed": 1}).json["job"]

    assert said == {"target": 280, "least": 250, "most": 320}
    assert {name: job["parameters"][name] for name in said} == said


def test_a_refusal_speaks_the_language_of_who_asked(as_manager):
    wish = {**BAND, "weights": "households + rent"}

    answer = as_manager.post(SPLITS, json=wish, headers={"Accept-Language": "zh"})

    assert "公式" in answer.json["detail"]


def test_grids_and_buildings_are_locked_and_unlocked(as_manager, world):
    grid = as_manager.post(LOCKS, json={"grid": f"{A}001"})
    building = as_manager.post(LOCKS, json={"building": world.buildings[f"{A}-0"]})
    listed = as_manager.get(LOCKS).json

    assert (grid.status_code, building.status_code) == (201, 201)
    assert listed["grids"] == [{"id": grid.json["id"], "code": f"{A}001"}]
    assert listed["buildings"][0]["building"]["code"] == f"{A}-0"
    rows = as_manager.get(f"/api/plans/{world.plans[HERE]}/grids").json["grids"]
    assert [row["code"] for row in rows if row["locked"]] == [f"{A}001"]

    assert as_manager.delete(f"{LOCKS}/{grid.json['id']}").status_code == 204
    assert as_manager.delete(f"{LOCKS}/{grid.json['id']}").json["code"] == "not_found"
    assert as_manager.get(LOCKS).json["grids"] == []


@pytest.mark.parametrize("what", [{}, {"grid": "1", "building": 1}])
def test_a_lock_is_of_one_thing(as_manager, what):
    assert as_manager.post(LOCKS, json=what).json["code"] == "lock_of_one_thing"


def test_only_managers_of_the_place_lock(client, as_leader, as_coordinator, as_stranger):
    browsers = (client, as_leader, as_coordinator, as_stranger)
    codes = [browser.post(LOCKS, json={"grid": f"{A}001"}).json["code"] for browser in browsers]

    assert codes == ["not_signed_in", "not_allowed", "not_allowed", "not_in_scope"]


@pytest.fixture
def draft(session, world) -> int:
    """A draft of the first district, split with wishes."""
    plan = session.execute(
        text("""
            INSERT INTO plan (place_id, tessellation_id, name, target, least, most, version, slot, weights)
            SELECT place_id, tessellation_id, 'Draft', target, least, most, 1, 'B', 'households*2'
            FROM plan WHERE id = :plan RETURNING id
        """),
        {"plan": world.plans[HERE]},
    ).scalar_one()
    session.execute(
        text("""
            INSERT INTO edit (plan_id, version, base_version, kind, moves, parameters)
            VALUES (:plan, 1, 0, 'split', '{}', CAST(:parameters AS jsonb))
        """),
        {"plan": plan, "parameters": json.dumps({"target": 300, "slot": "B"})},
    )

    return int(plan)


def test_only_who_decides_about_the_whole_place_is_told_what_a_split_was_asked_for(
    as_manager, as_leader, as_coordinator, as_administrator, draft, session, world
):
    session.execute(
        text("UPDATE plan SET state = 'retired', retired_at = now() WHERE id = :plan"),
        {"plan": world.plans[HERE]},
    )
    session.execute(
        text("UPDATE plan SET state = 'published', published_at = now() WHERE id = :plan"), {"plan": draft}
    )
    browsers = (as_manager, as_leader, as_administrator, as_coordinator)

    told = [browser.get(f"/api/plans/{draft}").json["parameters"] for browser in browsers]
    listed = [
        {plan["id"]: plan["parameters"] for plan in browser.get(f"/api/places/{HERE}/plans").json["plans"]}
        for browser in browsers
    ]

    assert [bool(parameters) for parameters in told] == [True, True, True, False]
    assert [bool(plans[draft]) for plans in listed] == [True, True, True, False]


def test_who_manages_a_part_is_not_told_what_the_split_of_the_whole_was_asked_for(
    as_manager, draft, session, world
):
    session.execute(
        text("UPDATE role SET place_id = :place WHERE person_id = :person"),
        {"place": world.places[A], "person": world.people["manager"]},
    )

    told = as_manager.get(f"/api/plans/{draft}")

    assert (told.status_code, told.json["parameters"]) == (200, None)


def test_a_plan_tells_its_slot_and_what_its_split_was_asked_for(as_manager, draft):
    told = as_manager.get(f"/api/plans/{draft}").json

    assert (told["slot"], told["weights"], told["parameters"]) == (
        "B",
        "households*2",
        {"target": 300, "slot": "B"},
    )
