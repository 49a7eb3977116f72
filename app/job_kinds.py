"""What each kind of job does, in the process that `app.jobs` started for it.

Each stores what it made in the transaction that ends the job, so that a job cancelled meanwhile leaves
nothing behind.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine

from app.config import exports_folder, timezone, uploads_folder
from app.db import transaction
from app.errors import Refusal
from app.models import Job, Place, Upload
from app.services import audit, jobs, uploads

Tell = Callable[[str, float], None]  # step, and share of the whole (0–1)


def read_upload(engine: Engine, job: Job, attempt: int, tell: Tell) -> None:
    """Read the files of an upload and keep the report; nothing they hold is stored."""
    from app.services import upload_report

    root, upload = uploads_folder(), _upload(engine, job)
    tell("reading", 0.02)
    try:
        district = uploads.read(root, upload)
    except Refusal as refusal:
        with transaction(engine) as session:
            uploads.was_refused(session, session.get_one(Upload, upload.id), refusal)
            jobs.fail(session, job.id, attempt, refusal)
        return
    tell("reporting", 0.8)
    report, drawing = upload_report.report(district), upload_report.drawing(district)
    with transaction(engine) as session:
        report["places"] = upload_report.places_there(session, upload_report.hull(district))
        uploads.was_read(session, session.get_one(Upload, upload.id), report, drawing)
        jobs.finish(session, job.id, attempt, {"upload": upload.id})


def import_upload(engine: Engine, job: Job, attempt: int, tell: Tell) -> None:
    """Read the files once more and store them as a new place, or as what a place looks like now."""
    from app.services.ground_cache import StoredGround
    from app.services.importing import NewPlace, attribution_of, cut_ground, store_district

    root, upload = uploads_folder(), _upload(engine, job)
    chosen = job.parameters
    new = None if chosen["name"] is None else NewPlace(chosen["code"], chosen["name"], chosen["parent"])
    place = new or chosen["code"]
    named = [file["name"] for file in upload.files if file["role"] is not None]
    attribution = attribution_of(named, chosen.get("attribution"))
    tell("reading", 0.01)
    district = uploads.read(root, upload)
    tell("cutting", 0.1)
    ground = cut_ground(
        district,
        chosen["code"],
        workers=_workers(),
        progress=_part(tell, "cutting", 0.1, 0.75),
        cache=StoredGround(partial(transaction, engine)),
    )
    with transaction(engine) as session:
        stored = store_district(
            session, ground, place, job.asked_by, _part(tell, "storing", 0.75, 0.99), attribution=attribution
        )
        uploads.was_imported(session, session.get_one(Upload, upload.id), stored.place_code)
        result: dict[str, Any] = {
            "place": stored.place_code,
            "version": stored.version,
            "counts": stored.counts,
            "changes": None if stored.changes is None else asdict(stored.changes),
        }
        session.get_one(Job, job.id).place_id = stored.place_id
        jobs.finish(session, job.id, attempt, result)
    uploads.drop(root, upload.folder)


def split(engine: Engine, job: Job, attempt: int, tell: Tell) -> None:
    """Divide a place into grids; the result is a draft."""
    from app.geo.plots import Band
    from app.services import splitting
    from app.services.wishes import asked_of

    chosen, asked = job.parameters, asked_of(job.parameters)
    band = None if asked.coordinators else Band(chosen["target"], chosen["least"], chosen["most"])
    tell("preparing", 0.0)
    with transaction(engine) as session:
        code = session.get_one(Place, job.place_id).code
        prepared = splitting.prepare(session, code, asked)
    divided = splitting.divide(
        prepared, band, chosen["seed"], workers=_workers(), progress=_part(tell, "dividing", 0.03, 0.95)
    )
    tell("storing", 0.95)
    with transaction(engine) as session:
        plan_id = splitting.write(session, prepared, divided, actor_id=job.asked_by)
        audit.record(session, job.asked_by, "plan.split", f"plan {plan_id}", {"place": code, **chosen})
        result: dict[str, Any] = {"plan": plan_id, "place": code}
        if divided.told:
            result["told"] = [asdict(one) for one in divided.told]
        jobs.finish(session, job.id, attempt, result)


def rebalance(engine: Engine, job: Job, attempt: int, tell: Tell) -> None:
    """Look for proposals to re-balance a plan; nothing is stored but they."""
    from app.services import rebalance

    chosen = job.parameters
    opens = {int(building): households for building, households in chosen.get("buildings", {}).items()}
    tell("preparing", 0.0)
    with transaction(engine) as session:
        present = rebalance.read_present(session, chosen["plan"], opens, locked=chosen["locked"])
    tell("balancing", 0.4)
    result = rebalance.result_of(present, chosen["want"], chosen["seed"])
    with transaction(engine) as session:
        jobs.finish(session, job.id, attempt, result)


def publish(engine: Engine, job: Job, attempt: int, tell: Tell) -> None:
    """Bring an approved plan into force on its day."""
    from app.services import due_plans

    tell("publishing", 0.1)
    with transaction(engine) as session:
        jobs.finish(session, job.id, attempt, due_plans.publish_due(session, job.parameters))


def layer(engine: Engine, job: Job, attempt: int, tell: Tell) -> None:
    """Make a draft of a grid layer drawn elsewhere; its files go, whatever comes of it."""
    root, upload = uploads_folder(), _upload(engine, job)
    try:
        _snap(engine, job, attempt, tell, upload)
    except Refusal as refusal:
        with transaction(engine) as session:
            uploads.was_refused(session, session.get_one(Upload, upload.id), refusal)
            uploads.discard(session, root, session.get_one(Upload, upload.id), by=None)
        raise
    uploads.drop(root, upload.folder)


def _snap(engine: Engine, job: Job, attempt: int, tell: Tell, upload: Upload) -> None:
    from app.services import grid_layers

    tell("reading", 0.02)
    drawn = uploads.read_grids(uploads_folder(), upload)
    tell("preparing", 0.2)
    with transaction(engine) as session:
        code = session.get_one(Place, job.place_id).code
        ground = grid_layers.read_ground(session, code, grid_layers.Wanted(**job.parameters))
    tell("snapping", 0.4)
    snapped = grid_layers.snap(ground, drawn)
    tell("storing", 0.85)
    with transaction(engine) as session:
        plan_id = grid_layers.write(session, ground, snapped, job.asked_by)
        facts = {"place": code, "file": drawn.file, "counts": snapped.report["counts"]}
        audit.record(session, job.asked_by, "plan.layer", f"plan {plan_id}", facts)
        uploads.was_imported(session, session.get_one(Upload, upload.id), code)
        result: dict[str, Any] = {"plan": plan_id, "place": code, "report": snapped.report}
        jobs.finish(session, job.id, attempt, result)


def hazard_file(engine: Engine, job: Job, attempt: int, tell: Tell) -> None:
    """Write hazards into a file that waits a day for who asked for it."""
    from app.services import made_files

    zone = timezone()
    today = datetime.now(zone).date()
    made_files.make(partial(transaction, engine), exports_folder(), job, attempt, today, zone, tell)


DOERS: dict[str, Callable[[Engine, Job, int, Tell], None]] = {
    "read_upload": read_upload,
    "import_upload": import_upload,
    "split": split,
    "rebalance": rebalance,
    "layer": layer,
    "publish": publish,
    "hazard_file": hazard_file,
}


def _upload(engine: Engine, job: Job) -> Upload:
    with transaction(engine) as session:
        upload = session.get_one(Upload, job.upload_id)
        session.expunge(upload)
    if upload.state not in uploads.OPEN:
        raise Refusal("upload_gone")
    return upload


def _part(tell: Tell, step: str, start: float, end: float) -> Callable[[float], None]:
    """What tells shares of one part of the whole."""
    return lambda share: tell(step, start + (end - start) * share)


def _workers() -> int:
    return len(os.sched_getaffinity(0))
