"""A program for the worker of browser tests: a split stays half-way while the file HELD_JOBS is there."""

import os
import sys
import time
from pathlib import Path

from app import job_kinds, jobs

HOLD = Path(os.environ["HELD_JOBS"])
split = job_kinds.split


def held(engine, job, attempt, tell):
    def tell_and_wait(step, share):
        tell(step, share)
        while step == "dividing" and HOLD.exists():
            time.sleep(0.05)

    split(engine, job, attempt, tell_and_wait)


job_kinds.DOERS["split"] = held

if __name__ == "__main__":
    sys.exit(jobs.main(sys.argv[1:]))
