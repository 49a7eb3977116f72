"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from app.errors import Refusal

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
LEAST_FREE_BYTES = 1 << 20


@contextmanager
def whole_file(path: Path, needs_bytes: int = 0) -> Iterator[Path]:
    """A path to write to; when the block ends well the file takes the place of `path`, else it is gone.

    A reader never sees half a file, and the former file stays when writing fails. GDAL does not say that
    a disk is full: where it fails and less is free than `needs_bytes`, that is taken to be the cause.
    Refused with `folder_missing`, `path_is_folder`, `not_writable` or `disk_full`.
    """
    check_writable(path)
    folder = path.absolute().parent
    unfinished = _unfinished(path)
    try:
        yield unfinished
        _reach_the_disk(unfinished)
        unfinished.replace(path)
    except (OSError, DataSourceError, DataLayerError, FeatureError, GeometryError) as failure:
        tight = shutil.disk_usage(folder).free < needs_bytes + LEAST_FREE_BYTES
        raise _refusal(failure, path, tight) from failure
    finally:
        for leftover in folder.glob(f"{glob.escape(unfinished.name)}*"):  # SQLite leaves journals beside it
            leftover.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Refuse now what `whole_file` would refuse after hours of work."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Refusal("folder_missing", file=path.name, folder=folder)
    if path.is_dir():
        raise Refusal("path_is_folder", file=path)
    trial = _unfinished(path)
    try:
        trial.touch()
        trial.unlink()
    except OSError as failure:
        raise _refusal(failure, path, tight=False) from failure


def _unfinished(path: Path) -> Path:
    return path.absolute().parent / f".{path.stem}.{os.getpid()}{path.suffix}"


def _reach_the_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _refusal(failure: Exception, path: Path, tight: bool) -> Refusal:
    if isinstance(failure, OSError):
        tight, why = failure.errno in NO_ROOM, failure.strerror or str(failure)
    else:
        why = str(failure)
    if tight:
        return Refusal("disk_full", file=path)
    return Refusal("not_writable", file=path, why=why.rstrip(". ").lower())
