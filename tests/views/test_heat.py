"""Heat over HTTP: who sees it of which places, pictures that are pictures, looks that are written down."""

import io
from datetime import timedelta

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import text

from app.geo.density import to_world
from app.models import Hazard
from tests.views.conftest import NOON
from tests.views.world import HERE, NORTH, SIDE, WEST, A, B, E


@pytest.fixture
def hazards(session, world):
    """Those of `given_hazards`."""
    return given_hazards(session, world)


def given_hazards(session, world) -> dict[str, int]:
    """An overdue gas hazard in A, one of fire in B, one of gas in E, which is another district's."""
    made = {}
    for code, kind, due in ((A, "gas", -2), (B, "fire", 5), (E, "gas", 5)):
        building = session.execute(
            text("SELECT id, position FROM building WHERE code = :code"), {"code": f"{code}-0"}
        ).one()
        hazard = Hazard(
            community_id=world.places[code],
            building_id=building.id,
            position=building.position,
            kind=kind,
            severity=3,
            description="canary words",
            origin="coordinator",
            reported_at=NOON - timedelta(days=10),
            due_at=NOON + timedelta(days=due),
            state="handling",
            state_since=NOON - timedelta(days=10),
        )
        session.add(hazard)
        session.flush()
        made[code] = hazard.id
    session.commit()
    return made


def tile_of(zoom: int = 13) -> str:
    """The tile in which the first district lies."""
    x, y = to_world(np.array([WEST + SIDE]), np.array([NORTH - SIDE]))
    return f"/tiles/heat/{HERE}/{zoom}/{int(x[0] * 2**zoom)}/{int(y[0] * 2**zoom)}.png"


def test_leaders_and_managers_see_the_heat_of_their_places(as_leader, as_manager, hazards):
    for browser in (as_leader, as_manager):
        told = browser.get(f"/api/places/{HERE}/heat").json

        assert told["hazards"] == 2
        assert told["top"] > 0
        assert {one["kind"]: (one["open"], one["overdue"]) for one in told["kinds"]} == {
            "gas": (1, 1),
            "fire": (1, 0),
        }


def test_others_do_not(client, as_coordinator, as_leader, hazards):
    assert client.get(f"/api/places/{HERE}/heat").status_code == 401
    assert as_coordinator.get(f"/api/places/{HERE}/heat").status_code == 403
    assert as_leader.get("/api/places/140498/heat").status_code == 403


def test_a_tile_is_a_picture_and_is_not_drawn_twice(as_leader, hazards):
    answer = as_leader.get(f"{tile_of()}?top=5&bandwidth=250")

    assert answer.mimetype == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size == (256, 256)
    again = as_leader.get(
        f"{tile_of()}?top=5&bandwidth=250", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_tile_of_nothing_is_clear_and_one_of_heat_is_not(as_leader, hazards):
    def opacity(query):
        data = as_leader.get(f"{tile_of()}?top=1&{query}").data
        return max(Image.open(io.BytesIO(data)).convert("RGBA").getchannel("A").tobytes())

    assert opacity("kind=noise") == 0
    assert opacity("kind=gas") > 0
    assert opacity("kind=gas&theme=dark&change=true&from=2026-02-15") > 0


def test_numbers_that_name_no_tile_are_refused(as_leader):
    assert as_leader.get(f"/tiles/heat/{HERE}/3/9/0.png?top=1").status_code == 400


def test_areas_and_their_outlines_go_together(as_leader, hazards):
    for level in ("grid", "community", "subdistrict"):
        told = as_leader.get(f"/api/places/{HERE}/heat/areas?level={level}&spots=true").json
        drawn = as_leader.get(f"/api/places/{HERE}/heat/outlines?level={level}").json

        assert sum(area["hazards"] for area in told["areas"]) == 2
        assert [area["id"] for area in told["areas"]] == [one["id"] for one in drawn["features"]]
        assert {area["spot"] for area in told["areas"]} == {None}  # so few that nothing can be said


def test_sites_lead_to_cases_and_the_look_is_written_down(as_leader, hazards, session, people):
    told = as_leader.get(f"/api/places/{HERE}/heat/sites?kind=gas&state=overdue").json

    assert [case["id"] for site in told["sites"] for case in site["cases"]] == [hazards[A]]
    assert told["sites"][0]["name"] == "0号楼"
    row = session.execute(text("SELECT person_id, about, facts FROM audit WHERE act = 'hazard.listed'")).one()
    assert (row.person_id, row.about) == (people["leader"], f"place {HERE}")
    assert row.facts["hazards"] == [hazards[A]]


def test_no_words_of_a_case_and_nobody_are_in_any_answer(as_leader, hazards):
    for path in ("heat", "heat/sites", "heat/areas"):
        assert "canary" not in as_leader.get(f"/api/places/{HERE}/{path}").text


def test_a_time_that_ends_before_it_begins_and_a_strange_kind_are_refused(as_leader):
    assert as_leader.get(f"/api/places/{HERE}/heat?from=2026-03-02&to=2026-03-01").status_code == 422
    assert as_leader.get(f"/api/places/{HERE}/heat?kind=ufo").status_code == 422


def test_the_page_opens_for_who_may_see_heat(as_leader, as_coordinator):
    assert as_leader.get("/heat").status_code == 200
    assert as_coordinator.get("/heat").status_code == 403
