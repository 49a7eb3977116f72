"""Run a command and say, as the last line of stderr, the most memory it and its children held together.

Adds up resident memory (shared pages counted once for each process, so rather too much) every 50 ms.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import psutil

MB = 1_000_000


def main() -> int:
    child = subprocess.Popen(sys.argv[1:])
    watched, peak = psutil.Process(child.pid), 0
    while child.poll() is None:
        peak = max(peak, _held(watched))
        time.sleep(0.05)
    print(json.dumps({"peak_mb": peak / MB}), file=sys.stderr)
    return child.returncode


def _held(process: psutil.Process) -> int:
    total = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        return total  # it ended while we looked; the next look is 50 ms away
    return total


if __name__ == "__main__":
    sys.exit(main())
