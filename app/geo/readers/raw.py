"""A layer as it stands in a file, before anything is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from app.geo.crs import Geometries


@dataclass
class RawLayer:
    """One layer of one file: geometries and columns as written, in the file's own CRS.

    file, name: for messages. word: what a row is called there (feature, record, row); numbers: and how it
        is counted.
    geometry: shapely geometries, None where there is none or none that can be decoded (then `faults` says
        why).
    columns: column -> one Python value per row, None where missing.
    crs: as the file states it, None where it does not. crs_certain: its format allows no other.
    typed: the format tells numbers from texts, so a number as text is odd.
    faults: row position -> refusal code and facts. mends: (row position, what, before, after) done while
        decoding.
    """

    file: str
    name: str
    word: str
    numbers: Sequence[int]
    geometry: Geometries
    columns: dict[str, list[Any]]
    crs: str | None
    datum: str | None = None
    crs_certain: bool = False
    typed: bool = False
    faults: dict[int, tuple[str, dict[str, object]]] = field(default_factory=dict)
    mends: list[tuple[int, str, object, object]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.geometry)


def from_wkb(blobs: Sequence[bytes | None]) -> tuple[Geometries, npt.NDArray[np.intp]]:
    """Geometries of a list of WKB, and the positions of those that are not WKB."""
    values = np.array([*blobs, None], dtype=object)[:-1]
    try:
        decoded = np.asarray(shapely.from_wkb(values, on_invalid="ignore"), dtype=object)
    except NotImplementedError:  # there is a curve among them: one by one
        decoded = objects([_decoded(blob) for blob in blobs])
    given = np.array([blob is not None for blob in blobs], dtype=bool)
    return decoded, np.flatnonzero(given & shapely.is_missing(decoded))


def _decoded(blob: bytes | None) -> Any:
    try:
        return shapely.from_wkb(blob, on_invalid="ignore")
    except NotImplementedError:
        return None


def objects(values: Sequence[Any]) -> Geometries:
    """A one-dimensional object array, whatever the values are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
