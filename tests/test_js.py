"""The browser's pure modules, tested by Node's own test runner."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_pure_modules_of_the_browser():
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    files = sorted(str(file) for file in (ROOT / "tests" / "js").glob("*.test.js"))

    run = subprocess.run(
        ["node", "--test", *files], env={**os.environ, "PATH": path}, cwd=ROOT, capture_output=True, text=True
    )

    assert run.returncode == 0, run.stdout + run.stderr
