"""A program for workers under test: jobs that count in steps, store something, or go wrong.

`parameters` of the job: {"steps", "seconds" each, "end": "store" | "refuse" | "break" | "crash"}.
"""

import os
import signal
import sys
import time

from app import job_kinds, jobs
from app.db import transaction
from app.errors import Refusal
from app.models import Green
from app.services import jobs as job_rows
from tests.services.ground_in_database import square, stored


def count(engine, job, attempt, tell):
    steps, seconds, end = (job.parameters[name] for name in ("steps", "seconds", "end"))
    for step in range(steps):
        tell("splitting", step / steps)
        time.sleep(seconds)
    if end == "refuse":
        raise Refusal("level_unknown", level="street", found="community")
    if end == "break":
        raise ZeroDivisionError
    if end == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    with transaction(engine) as session:
        session.add(
            Green(place_id=job.place_id, name=f"job {job.id}", geometry=stored(square(0, 0), many=True))
        )
        session.flush()
        job_rows.finish(session, job.id, attempt, {"stored": f"job {job.id}"})


job_kinds.DOERS["split"] = count

if __name__ == "__main__":
    sys.exit(jobs.main(sys.argv[1:]))
