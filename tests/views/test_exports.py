"""Plans as files, over HTTP."""

import json
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

from app.services.exports import FORMATS
from tests.views.world import HERE

STARTS = {
    "gpkg": b"SQLite format 3\0",
    "shp": b"PK\x03\x04",
    "kml": b"<?xml",
    "geojson": b'{"type": "FeatureCollection"',
    "qgis": b"SQLite format 3\0",
}


@pytest.mark.parametrize("form", [*FORMATS])
def test_a_manager_gets_a_plan_as_a_file(as_manager, world, form):
    left_before = [*Path(tempfile.gettempdir()).glob("gridkeeper-export-*")]

    answer = as_manager.get(f"/api/plans/{world.plans[HERE]}/export?format={form}", buffered=True)

    assert answer.status_code == 200
    assert answer.data.startswith(STARTS[form])
    assert answer.mimetype == FORMATS[form][1]
    assert FORMATS[form][0] in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert [*Path(tempfile.gettempdir()).glob("gridkeeper-export-*")] == left_before


def test_every_export_is_written_down(as_manager, world, session):
    plan = world.plans[HERE]

    as_manager.get(f"/api/plans/{plan}/export?format=geojson", buffered=True)

    facts = session.scalars(
        text("SELECT facts FROM audit WHERE act = 'plan.exported' AND about = :about"),
        {"about": f"plan {plan}"},
    ).all()
    assert facts == [{"format": "geojson"}]


def test_a_format_nobody_knows_is_refused(as_manager, world):
    answer = as_manager.get(f"/api/plans/{world.plans[HERE]}/export?format=dwg")

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_leader_does_not_take_a_plan_away(as_leader, world):
    assert as_leader.get(f"/api/plans/{world.plans[HERE]}/export").status_code == 403


def test_geojson_has_all_grids(as_manager, world):
    answer = as_manager.get(f"/api/plans/{world.plans[HERE]}/export?format=geojson", buffered=True)

    assert len(json.loads(answer.data)["features"]) == 3
