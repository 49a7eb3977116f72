"""Marking buildings to be divided by their entrances, over HTTP."""

import pytest
from sqlalchemy import text

from tests.views.world import HERE

MARKS = f"/api/places/{HERE}/entrance-marks"
BAND = {"target": 300, "least": 270, "most": 330}


@pytest.fixture
def tower(session):
    """A building of the place with two entrances known."""
    building = session.execute(
        text("""
            SELECT building.id, building.code, building.name, building.name_pinyin,
                households FROM building
            JOIN place ON place.id = building.place_id
            WHERE place.code = :place AND retired_at IS NULL ORDER BY building.id LIMIT 1
        """),
        {"place": HERE},
    ).one()
    session.execute(
        text("""
            INSERT INTO entrance (building_id, code, households, position)
            SELECT id, number::text, CASE number WHEN 1 THEN households ELSE 0 END, position
            FROM building, generate_series(1, 2) AS number WHERE id = :id
        """),
        {"id": building.id},
    )
    return building


def test_a_manager_marks_lists_and_unmarks_a_building(as_manager, tower):
    about = {
        "building": {
            "id": tower.id,
            "code": tower.code,
            "name": tower.name,
            "name_pinyin": tower.name_pinyin,
        },
        "households": tower.households,
        "entrances": 2,
    }
    assert as_manager.get(MARKS).json == {"marks": [], "unmarked": [about], "known": 1}

    made = as_manager.post(MARKS, json={"building": tower.id})
    assert made.status_code == 201
    again = as_manager.post(MARKS, json={"building": tower.id})
    assert again.json == made.json
    assert as_manager.get(MARKS).json == {"marks": [{**made.json, **about}], "unmarked": [], "known": 1}

    assert as_manager.delete(f"{MARKS}/{made.json['id']}").status_code == 204
    gone = as_manager.delete(f"{MARKS}/{made.json['id']}")
    assert (gone.status_code, gone.json["code"]) == (404, "not_found")


def test_a_building_without_known_entrances_is_refused_with_the_remedy(as_manager, session, tower):
    session.execute(text("DELETE FROM entrance"))

    answer = as_manager.post(MARKS, json={"building": tower.id})

    assert answer.json["code"] == "entrances_unknown"
    assert 400 <= answer.status_code < 500


def test_only_managers_of_the_place_mark(as_coordinator, tower):
    assert as_coordinator.get(MARKS).status_code == 403
    assert as_coordinator.post(MARKS, json={"building": tower.id}).status_code == 403


def test_a_split_is_asked_for_with_entrances(as_manager):
    answer = as_manager.post(f"/api/places/{HERE}/splits", json={**BAND, "entrances": True})

    assert answer.json["job"]["parameters"] == {**BAND, "entrances": True, "seed": 1}
