"""Names of built scripts and styles: what script/build wrote into `app/static/build`, and under what name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.errors import Refusal

BUILD = Path(__file__).parent / "static" / "build"
MANIFEST = BUILD / "manifest.json"
ADDRESS = "/static/build/"

_read: tuple[int, Mapping[str, Any]] = (0, {})  # when the manifest was written, and what it said


def asset(name: str) -> str:
    """Address of a built file by its plain name: `map.js` is at `/static/build/map-4KQZ2X7A.js`.

    Refused with `pages_not_built` where script/build has not run since the file came to be.
    """
    built = _manifest().get("names", {}).get(name)
    if built is None:
        raise Refusal("pages_not_built", file=name)
    return f"{ADDRESS}{built}"


def parts(name: str) -> list[str]:
    """Addresses of what a script imports, so that a page can ask for all of it together."""
    return [f"{ADDRESS}{part}" for part in _manifest().get("parts", {}).get(name, ())]


def worker_script(name: str, names: Iterable[str]) -> str:
    """A built service worker, behind the list `self.FILES` of what it keeps; a new build is a new worker.

    names: plain names of built files; scripts are kept with all that they import.
    """
    names = tuple(names)
    files = {asset(one) for one in names}.union(*(parts(one) for one in names))
    script = (BUILD / asset(name).rpartition("/")[2]).read_text(encoding="utf-8")
    return f"self.FILES = {json.dumps(sorted(files))};\n{script}"


def _manifest() -> Mapping[str, Any]:
    """The manifest, read anew when a build has replaced it."""
    global _read
    try:
        written = MANIFEST.stat().st_mtime_ns
        if written != _read[0]:
            _read = (written, json.loads(MANIFEST.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    return _read[1]
