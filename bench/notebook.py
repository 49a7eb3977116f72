"""Figures as they are measured, one JSON object a line: a run that is cut short can be taken up again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shapely

Row = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("numpy", "scipy", "numba", "shapely", "geopandas", "pymetis", "kahip")
MEASURED = ("app/geo/**/*.py", *(f"bench/{name}.py" for name in ("cases", "neutral", "one", "peers")))


class Notebook:
    """Rows by section. What was measured with other code than today's, or in a section begun anew, goes."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.path, self.resume, self.code = path, resume, code_hash()
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._rows = [row for row in map(json.loads, lines) if row["code"] == self.code]

    def begin(self, section: str) -> None:
        """Forget the section's rows, unless the run is resumed."""
        if not self.resume:
            self._rows = [row for row in self._rows if row["section"] != section]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("".join(json.dumps(row) + "\n" for row in self._rows), encoding="utf-8")

    def has(self, section: str, key: str) -> bool:
        """Whether it is noted already."""
        return any(row["key"] == key for row in self.rows(section))

    def note(self, section: str, key: str, figures: Row) -> None:
        """Write down what was measured, with how busy the machine was."""
        row = {"section": section, "key": key, **figures, "code": self.code, "load": os.getloadavg()[0]}
        self._rows.append(row)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def row(self, section: str, key: str, measure: Callable[[], Row]) -> Row:
        """The row of that key, measured if it is not noted yet."""
        if not self.has(section, key):
            self.note(section, key, measure())
        return next(row for row in self.rows(section) if row["key"] == key)

    def rows(self, section: str) -> list[Row]:
        """What is noted of a section, in the order of measuring."""
        return [row for row in self._rows if row["section"] == section]


def code_hash() -> str:
    """Stands for the source of the engine, of the peers and of the scores."""
    paths = sorted(path for pattern in MEASURED for path in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:12]


def machine() -> list[str]:
    """What the figures were measured on and with; no names of hosts."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
    return [
        f"{_cpu_model()}, {len(os.sched_getaffinity(0))} cores, {_memory_gb():.0f} GB of memory, "
        f"{platform.system()} on {platform.machine()}",
        f"Python {platform.python_version()}, {', '.join(versions)}, GEOS {shapely.geos_version_string}",
        f"Gridkeeper at commit {_commit()}",
    ]


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _commit() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "app/geo", "bench")
    return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")
