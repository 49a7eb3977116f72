"""The corpus of bad inputs, and how a case is judged, whichever way it went in."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
EXTENT = (120.100, 30.200, 120.120, 30.220)  # the fixture: an invented community
RESIDENTS = "import.residents"
TARGETS = ("import.buildings", RESIDENTS)
MEMORY_MB, DISK_MB, SECONDS = 300, 200, 10


@dataclass
class Outcome:
    """What reading one file came to."""

    accepted: bool = False
    message: str = ""
    code: str = ""
    seconds: float = 0
    child_mb: float = 0
    grown_mb: float = 0
    report: dict[str, Any] = field(default_factory=dict)
    crashed: str = ""
    problems: list[str] = field(default_factory=list)  # stored rows that break a rule
    left: list[str] = field(default_factory=list)  # files left behind
    note: str = ""


class Sentinel:
    """A loopback port that must hear nothing."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            self.calls += 1
            connection.close()


def generate(corpus: Path, folder: Path, port: int) -> Path:
    """Write the corpus' files; it is standard library only and knows no other folder."""
    files = folder / "files"
    command = [
        sys.executable,
        "-B",
        str(corpus / "generate.py"),
        str(files),
        "--sentinel",
        f"http://127.0.0.1:{port}",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=corpus)
    return files


def cases(corpus: Path, files: Path) -> list[dict[str, Any]]:
    """The cases of the reference manifest; the fresh one may name other sentinels but no other cases."""
    manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    fresh = files / "manifest.json"
    if fresh.is_file():
        written = {case["id"]: case for case in json.loads(fresh.read_text(encoding="utf-8"))["cases"]}
        return [written.get(case["id"], case) for case in manifest["cases"]]
    return list(manifest["cases"])


def is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")


def looks_garbled(text: str) -> bool:
    """GBK or UTF-8 taken for a Western code page."""
    for encoding in ("utf-8", "gb18030"):
        try:
            again = text.encode("latin-1").decode(encoding)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if again != text and any("\u4e00" <= c <= "\u9fff" for c in again):
            return True
    return False


def judge(case: dict[str, Any], outcome: Outcome, calls: int) -> tuple[str, str]:
    """passed or failed, and why. calls: how often the sentinel heard something meanwhile."""
    faults = [*general_faults(case, outcome), *outcome_faults(case, outcome), *must_faults(case, outcome)]
    if calls:
        faults.append("the sentinel was called")
    said = (
        f"accepted ({summary(outcome)})"
        if outcome.accepted
        else f"refused [{outcome.code}] {outcome.message}"
    )
    judged = {*EVERYWHERE, *CHECKS}
    later = [word for word in case["must"] if word not in judged and not word.startswith("under_")]
    note = f" (not judged here: {', '.join(later)})" if later else ""
    text = f"{outcome.seconds:4.1f}s {said[:200]}{note}{outcome.note}"
    return ("failed", f"{'; '.join(faults)} | {text}") if faults else ("passed", text)


# --- What the outcomes and the words of `must` ask ----------------------------------------------------------


def general_faults(case: dict[str, Any], outcome: Outcome) -> list[str]:
    faults = []
    if outcome.crashed:
        faults.append(f"crashed: {outcome.crashed}")
    slow = [int(word[6:-1]) for word in case["must"] if word.startswith("under_") and word[6:-1].isdigit()]
    if outcome.seconds > min(slow, default=SECONDS):
        faults.append(f"took {outcome.seconds:.1f} s")
    if outcome.grown_mb > MEMORY_MB or outcome.child_mb > MEMORY_MB + 80:  # an idle reader has about 60 MB
        faults.append(f"memory: worker +{outcome.grown_mb:.0f} MB, reader {outcome.child_mb:.0f} MB")
    if not outcome.accepted and any(word in outcome.message for word in INSIDE):
        faults.append("the message shows the inside")
    if outcome.left:
        faults.append(f"files left behind: {outcome.left[:3]}")
    return faults + outcome.problems


def outcome_faults(case: dict[str, Any], outcome: Outcome) -> list[str]:
    may_refuse = case["outcome"] in ("reject", "repair_or_reject") or "reject_is_also_fine" in case["must"]
    if outcome.crashed:
        return []
    if not outcome.accepted:
        return [] if may_refuse else ["refused"]
    if case["outcome"] == "reject":
        return ["accepted"]
    changed = outcome.report["mended"] or outcome.report["warnings"]
    if case["outcome"] == "accept" and (changed or outcome.report["refused"]):
        return ["accepted with mends, refusals or warnings"]
    remarked = [note["code"] for note in outcome.report["notes"] if note["code"] not in USUAL_NOTES]
    if case["outcome"] in ("repair", "repair_or_reject") and not changed and not remarked:
        return ["accepted without a word on what was changed"]
    return []


def must_faults(case: dict[str, Any], outcome: Outcome) -> list[str]:
    faults = []
    for word in case["must"]:
        check = CHECKS.get(word)
        if check is not None and not check(outcome):
            faults.append(word)
    return faults


def mended(outcome: Outcome, *whats: str) -> bool:
    return not outcome.accepted or any(m["what"] in whats for m in outcome.report["mended"])


CHECKS: dict[str, Callable[[Outcome], bool]] = {
    "message_names_swap_or_extent": lambda o: any(w in o.message for w in ("swapped", "outside the place")),
    "offset_reported": lambda o: mended(o, "datum"),
    "reported": lambda o: (
        not o.accepted or bool(o.report["mended"] or o.report["notes"] or o.report["warnings"])
    ),
    "row_named": lambda o: o.accepted or any(char.isdigit() for char in o.message),
    "no_mojibake": lambda o: "mojibake" not in o.problems,
    "one_row": lambda o: not o.accepted or o.report["layers"]["buildings"]["rows"] == 1,
    "nothing_stored": lambda o: not o.accepted,
    "message_names_precision": lambda o: any(w in o.message for w in ("digits", "rounded")),
}
# Asked of every case, whether it says so or not.
EVERYWHERE = (
    "reject_is_also_fine", "not_5xx", "db_alive", "stored_valid", "stored_2d", "stored_without_controls",
    "memory_bounded", "disk_bounded", "no_outbound", "no_file_outside", "no_local_read", "no_pii_in_error",
)  # fmt: skip
# What no message may show.
INSIDE = ("Traceback", "SELECT ", str(ROOT), "gridkeeper-read", "badinputs-")
# Ordinary remarks; any other says that something in the file was out of the ordinary.
USUAL_NOTES = ("layer_read", "columns_found", "codes_made", "households_estimated", "members_ignored")


def inner(own: Path) -> Path:
    """A temporary folder for one case alone, so deep that a member path climbing out of it is still seen."""
    temporary = own / "1" / "2" / "3" / "4" / "tmp"
    temporary.mkdir(parents=True)
    return temporary


def left_behind(own: Path) -> list[str]:
    """What a reader left in its own temporary folder, or around it."""
    found = (p.relative_to(own) for p in own.rglob("*"))
    return [str(p) for p in found if not "1/2/3/4/tmp".startswith(str(p))]


def escaped() -> set[str]:
    """What the corpus' zips would write where they say, if a reader let them."""
    return {str(p) for folder in ("/tmp", ".") for p in Path(folder).glob("zs_*")}  # noqa: S108 - named there


def told_of_residents(rows: int, encoding: str, mended: list[str], left_over: int) -> dict[str, Any]:
    """A report of residents in the words in which these judge reports.

    mended: why each cell was put right.
    """
    encodings = [] if encoding == "utf-8" else [{"code": "encoding_found", "encoding": encoding}]
    return {
        "layers": {"residents": {"rows": rows}},
        "mended": [{"what": why} for why in mended],
        "warnings": encodings,
        "notes": [],
        "refused": [{"code": "left over"}] * left_over,
    }


def summary(outcome: Outcome) -> str:
    figures = next(iter(outcome.report["layers"].values()), {})
    kinds = sorted({m["what"] for m in outcome.report["mended"]})
    return f"{figures.get('rows', 0)} rows" + (f"; mended: {', '.join(kinds)}" if kinds else "")
