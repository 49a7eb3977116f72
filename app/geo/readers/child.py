"""Reading in a child process that can do no harm: little memory, little time, no network.

The parent starts a fresh interpreter, hands it a request as JSON, and takes back JSON and plain arrays.
After it has parsed a hostile file the child is not trusted: nothing it sends is unpickled, and the parent
looks again at every geometry.
"""

from __future__ import annotations

import ctypes
import errno
import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from app.errors import SENTENCES, Refusal, sentence
from app.geo.readers.options import Limits

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).parents[3]
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from app.geo.readers.child import _main; _main(sys.argv[2:])"
)
# One thread and one arena each: thread stacks and arenas would eat the address space the child may have.
_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OSMIUM_POOL_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "PROJ_NETWORK": "OFF",
}
_DTYPES = ("<f8", "<i8", "|i1", "|b1", "|u1")
_EXIT_MEMORY, _EXIT_DISK = 3, 4
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_MOST = 2**63 - 1  # of any limit of the system's
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000

Answer = tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]


def in_child(task: str, request: Mapping[str, object], limits: Limits, *, file: str) -> Answer:
    """Run `app.geo.readers.work.TASKS[task](request)` in a child process and return what it answers.

    Raises the child's own Refusal, or `reading_took_too_long`, `reading_took_too_much_memory`,
    `reader_killed`, `no_room_to_read`, `reader_stopped`.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="gridkeeper-read-"))
    except OSError as error:
        raise _no_room(error, file) from None
    try:
        _ask(folder, {"task": task, "limits": asdict(limits), **request}, file)
        status = _run(folder, limits)
        if status is None or status == -signal.SIGXCPU:
            raise Refusal("reading_took_too_long", file=file, seconds=f"{limits.seconds:g}")
        if status == _EXIT_MEMORY:
            raise Refusal("reading_took_too_much_memory", file=file, memory_mb=f"{limits.memory_mb:g}")
        if status == _EXIT_DISK:
            raise Refusal("no_room_to_read", file=file, folder=tempfile.gettempdir())
        if status == -signal.SIGKILL:  # not by us: the kernel's choice when memory runs out
            raise Refusal("reader_killed", file=file)
        if status != 0:
            trouble = (folder / "errors.txt").read_text(encoding="utf-8", errors="replace")[-4000:]
            _log.error("The reader of %s stopped with status %s: %s", file, status, trouble)
            raise Refusal("reader_stopped", file=file)
        return _answer(folder, file)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ask(folder: Path, request: Mapping[str, object], file: str) -> None:
    try:
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    except OSError as error:
        raise _no_room(error, file) from None


def _no_room(error: OSError, file: str) -> Exception:
    """The refusal where a disk is full, even so full that no folder is found; any other error as it is."""
    if error.errno in _DISK_FULL:
        return Refusal("no_room_to_read", file=file, folder=tempfile.gettempdir())
    if isinstance(error, FileNotFoundError):
        return Refusal("no_room_to_read", file=file, folder=os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - named
    return error


def _run(folder: Path, limits: Limits) -> int | None:
    """Start the child and return its status (negative: a signal), or None if it took longer than its time."""
    environment = {**_ENVIRONMENT, "TMPDIR": str(folder), "PATH": "/usr/bin:/bin"}
    with (folder / "errors.txt").open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-c", _BOOT, str(_ROOT), str(folder)],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            close_fds=True,
            start_new_session=True,
        )
        try:
            return process.wait(limits.seconds + 2)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answer(folder: Path, file: str) -> Answer:
    """What the child wrote: JSON, and arrays as plain bytes described by it; or nothing is believed."""
    try:
        said = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
        refusal = _refusal_in(said, file)
        if refusal is None:
            return said, _arrays(said.pop("arrays"), (folder / "arrays.bin").read_bytes())
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        _log.error("The reader of %s answered in no known form: %r", file, error)
        raise Refusal("reader_stopped", file=file) from None
    raise refusal


def _refusal_in(said: Mapping[str, Any], file: str) -> Refusal | None:
    """The refusal that is the answer, if it is one of ours and its facts complete the sentence."""
    if "refusal" not in said:
        return None
    code, facts = said["refusal"]["code"], {"file": file, **said["refusal"]["facts"]}
    if code not in SENTENCES:
        raise KeyError(code)
    sentence(code, facts)
    return Refusal(code, **facts)


def _arrays(described: list[Any], flat: bytes) -> dict[str, np.ndarray[Any, Any]]:
    arrays, start = {}, 0
    for name, dtype, count in described:
        if dtype not in _DTYPES or not 0 <= count <= len(flat):
            raise ValueError(f"array {name!r} is not of the form agreed on")
        arrays[name] = np.frombuffer(flat, dtype=dtype, count=count, offset=start)
        start += arrays[name].nbytes
    return arrays


def _main(arguments: list[str]) -> None:
    """Fence first, then import what parses, then read."""
    folder = Path(arguments[0])
    _cut_network()
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    limits = Limits(**request.pop("limits"))
    from app.geo.readers.work import TASKS  # imports the parsers, behind the fence

    _limit(limits)
    _forbid()
    try:
        try:
            answer, arrays = TASKS[request.pop("task")](request, limits, folder)
        except Refusal as refusal:
            answer, arrays = {"refusal": {"code": refusal.code, "facts": dict(refusal.facts)}}, {}
        _write(folder, answer, arrays)
    except (MemoryError, RecursionError):
        os._exit(_EXIT_MEMORY)
    except OSError as error:
        if error.errno not in _DISK_FULL:
            raise
        os._exit(_EXIT_DISK)
    os._exit(0)  # no destructors on half-parsed things


def _write(folder: Path, answer: Mapping[str, object], arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    described = []
    with (folder / "arrays.bin").open("wb") as out:
        for name, array in arrays.items():
            flat = np.ascontiguousarray(array)
            described.append([name, flat.dtype.str, int(flat.size)])
            out.write(flat.tobytes())
    text = json.dumps({**answer, "arrays": described}, default=str)
    (folder / "answer.json").write_text(text, encoding="utf-8")


def _cut_network() -> None:
    """An empty network of its own, where the system lets us (as root, or in a user namespace)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET | _CLONE_NEWIPC) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC)


def _limit(limits: Limits) -> None:
    """Memory counts from here: what Python and the libraries took to start is not the file's doing."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    memory = pages * resource.getpagesize() + limits.memory_mb * 1e6
    written = (limits.unpacked_mb + limits.file_mb * 4) * 1e6
    seconds = min(1e9, limits.seconds) + 1
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),  # at the hard limit the signal would be SIGKILL
        (resource.RLIMIT_FSIZE, written, written),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _set_limit(what, soft, hard)


def _set_limit(what: int, soft: float, hard: float) -> None:
    """No more than the system counts to, nor than this process may have already."""
    now = resource.getrlimit(what)[1]
    most = _MOST if now == resource.RLIM_INFINITY else now
    resource.setrlimit(what, (int(min(most, soft)), int(min(most, hard))))


def _forbid() -> None:
    """The second fence: no socket, no other programme, whatever a parser has in mind."""

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(
            ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.")
        ):
            raise PermissionError(f"a reader may not: {event}")

    sys.addaudithook(refuse)


Task = Callable[[dict[str, Any], Limits, Path], Answer]
__all__ = ["Answer", "Task", "in_child"]
