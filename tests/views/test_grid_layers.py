"""Sending a grid layer, the job it becomes, and its report, over HTTP."""

import io
import json

import pytest
from sqlalchemy import select, text

from app import job_kinds
from app.db import transaction
from app.errors import Refusal
from app.models import Job, Plan, Upload
from app.services import jobs
from tests.views.world import COLUMNS, HERE, NORTH, SIDE, WEST, A, B, C

LAYERS = f"/api/places/{HERE}/layers"


def layer(*communities: str, east: float = 0.0) -> bytes:
    """A polygon for each community, as GeoJSON."""
    features = []
    for community in communities:
        column, columns = COLUMNS[community]
        west, right = WEST + east + column * SIDE, WEST + east + (column + columns) * SIDE
        ring = [[west, NORTH - 2 * SIDE], [right, NORTH - 2 * SIDE], [right, NORTH], [west, NORTH]]
        features.append(
            {
                "type": "Feature",
                "properties": {"网格编码": f"{community}001", "网格名称": f"{column}网格"},
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def connected(session, world):
    """The plots of the district know their neighbours."""
    session.execute(
        text("""
            INSERT INTO plot_edge (tessellation_id, plot_id, neighbour_id, kind, wall, metres)
            SELECT own.tessellation_id, one.id, other.id, 'local', false, 100
            FROM tessellation_plot AS own
            JOIN tessellation_plot AS near USING (tessellation_id)
            JOIN tessellation ON tessellation.id = own.tessellation_id
            JOIN plot AS one ON one.id = own.plot_id JOIN plot AS other ON other.id = near.plot_id
            WHERE tessellation.place_id = :place AND one.id < other.id
                AND ST_Length(ST_Intersection(one.geometry, other.geometry)) > 0
        """),
        {"place": world.places[HERE]},
    )
    session.commit()


def sent(browser, content: bytes, name: str = "网格.geojson", **more):
    body = {"file": (io.BytesIO(content), name), **more}
    return browser.post(LAYERS, data=body, content_type="multipart/form-data")


def done(app, monkeypatch, job_id: int) -> None:
    """Do the job as a worker does."""
    engine = app.extensions["engine"]
    monkeypatch.setattr(job_kinds, "uploads_folder", lambda: app.extensions["settings"].uploads)
    with transaction(engine) as opened:
        attempt = jobs.take_up(opened, job_id)
        job = jobs.find(opened, job_id)
        opened.expunge(job)
    try:
        job_kinds.DOERS[job.kind](engine, job, attempt, lambda step, share: None)
    except Refusal as refusal:
        with transaction(engine) as opened:
            jobs.fail(opened, job_id, attempt, refusal)


def test_from_a_file_to_a_draft_and_its_report(app, as_manager, session, connected, monkeypatch):
    asked = sent(as_manager, layer(A, B, C), target="300")
    assert asked.status_code == 202, asked.json
    job = asked.json["job"]
    assert (job["kind"], job["state"]) == ("layer", "queued")
    assert as_manager.get("/api/uploads").json == {"uploads": []}  # it is no ground to import

    done(app, monkeypatch, job["id"])

    ended = as_manager.get(asked.headers["Location"]).json
    assert ended["state"] == "done", ended["refusal"]
    plan = session.get_one(Plan, ended["result"]["plan"])
    assert (plan.state, plan.slot) == ("draft", "A")
    report = as_manager.get(f"/api/plans/{plan.id}/layer-report").json
    assert report["counts"] == dict.fromkeys(report["counts"], 0)
    assert report["grids"] == 3 and report["file"] == "网格.geojson"
    grids = as_manager.get(f"/api/plans/{plan.id}/grids").json["grids"]
    assert [(grid["code"], grid["name"], grid["households"]) for grid in grids] == [
        (f"{code}001", f"{COLUMNS[code][0]}网格", 300) for code in (A, B, C)
    ]
    upload = session.get_one(Upload, job["upload_id"])
    assert upload.state == "imported"
    assert not (app.extensions["settings"].uploads / upload.folder).exists()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"{", "a.geojson", "file_damaged"),
        (layer(A, east=1.0), "far.geojson", "layer_elsewhere"),
        (layer(A), "a.gpkg", "format_mismatch"),
    ],
)
def test_what_cannot_be_read_ends_the_job_with_why_and_leaves_nothing(
    app, as_manager, session, connected, monkeypatch, content, name, code
):
    plans = session.scalars(select(Plan.id)).all()
    job = sent(as_manager, content, name).json["job"]

    done(app, monkeypatch, job["id"])

    ended = as_manager.get(f"/api/jobs/{job['id']}").json
    assert (ended["state"], ended["refusal"]["code"]) == ("failed", code)
    assert name in ended["refusal"]["detail"]
    assert session.scalars(select(Plan.id)).all() == plans
    upload = session.get_one(Upload, job["upload_id"])
    assert upload.state == "discarded"
    assert not (app.extensions["settings"].uploads / upload.folder).exists()


@pytest.mark.parametrize(
    "more",
    [{"datum": "mars"}, {"target": "1"}, {"least": "200"}, {"target": "x"}],
)
def test_wishes_that_make_no_sense_are_refused_at_once(as_manager, session, more):
    answer = sent(as_manager, layer(A), **more)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert session.scalars(select(Job.id).where(Job.kind == "layer")).all() == []


def test_a_file_is_needed(as_manager):
    nothing = as_manager.post(LAYERS, data={"datum": "wgs84"}, content_type="multipart/form-data")
    text_instead = as_manager.post(LAYERS, data={"file": ""}, content_type="multipart/form-data")

    assert (nothing.status_code, text_instead.status_code) == (422, 422)


def test_a_plan_made_otherwise_has_no_report(as_manager, world):
    answer = as_manager.get(f"/api/plans/{world.plans[HERE]}/layer-report")

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
