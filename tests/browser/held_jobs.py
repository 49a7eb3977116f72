"""A program for the worker of browser tests: a split stays half-way while the file HELD_JOBS is there."""

import os
import sys
import time
from pathlib import Path

from app import job_kinds, jobs

split = job_kinds.split


def held(engine, job, attempt, tell):
    hold = Path(os.environ["HELD_JOBS"])

    def tell_and_wait(step, share):
        tell(step, share)
        while step == "dividing" and hold.exists():
            time.sleep(0.05)

    split(engine, job, attempt, tell_and_wait)


# The test run imports every module for its docstring examples: only the program takes the split's place.
if __name__ == "__main__":
    job_kinds.DOERS["split"] = held
    sys.exit(jobs.main(sys.argv[1:]))
