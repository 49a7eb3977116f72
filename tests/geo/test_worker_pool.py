"""Workers end with the process they work for, even where it is killed and cannot tell them."""

import os
import signal
import subprocess
import sys
import time

import psutil

BUSY = """
import os, sys, time
from app.geo.tessellate import worker_pool

if __name__ == "__main__":
    with worker_pool(2) as pool:
        print(*{*pool.map(worker_number, range(8))}, flush=True)
        time.sleep(600)
"""
HELPER = "import os, time\n\ndef worker_number(task):\n    time.sleep(0.1)\n    return os.getpid()\n"


def test_no_worker_outlives_a_killed_parent(tmp_path):
    (tmp_path / "numbering.py").write_text(HELPER)
    (tmp_path / "busy.py").write_text("from numbering import worker_number\n" + BUSY)
    path = os.pathsep.join([str(tmp_path), os.getcwd()])
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "busy.py"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    workers = [int(number) for number in parent.stdout.readline().split()]
    assert workers
    assert all(psutil.pid_exists(number) for number in workers)

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    until = time.monotonic() + 60
    while (left := [number for number in workers if runs(number)]) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def runs(number):
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
