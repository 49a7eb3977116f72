"""Rows on their way from a raw layer to the district: which are still in, and what is said of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from app.errors import Refusal, row_part
from app.geo.crs import Geometries
from app.geo.plots import BoolArray
from app.geo.readers.options import Limits
from app.geo.readers.raw import RawLayer, objects
from app.geo.readers.report import ImportReport, shown

# What a file gives of these it must give for good: to go on without would be to make it up.
_NEEDED = ("buildings", "boundary", "grids")


@dataclass
class Rows:
    """Rows of one layer that were taken: geometry in lon/lat on the lattice, columns as in `District`."""

    geometry: Geometries
    columns: dict[str, npt.NDArray[Any] | list[str | None]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.geometry)

    def where(self, keep: BoolArray) -> Rows:
        """Only some of the rows."""
        picked = {
            name: values[keep]
            if isinstance(values, np.ndarray)
            else [v for v, k in zip(values, keep, strict=True) if k]
            for name, values in self.columns.items()
        }
        return Rows(self.geometry[keep], picked)


def exploded(rows: Rows) -> Rows:
    """Multilines and rings as single lines; polygons stay as they are."""
    multi = shapely.get_type_id(rows.geometry) == 5
    if not multi.any():
        return rows
    pieces = [shapely.get_parts(g) if m else objects([g]) for g, m in zip(rows.geometry, multi, strict=True)]
    owner = np.repeat(np.arange(len(rows)), [len(piece) for piece in pieces])
    columns = {
        name: values[owner] if isinstance(values, np.ndarray) else [values[k] for k in owner]
        for name, values in rows.columns.items()
    }
    return Rows(np.concatenate(pieces), columns)


class Sieve:
    """The rows of one layer on their way through: which are still in, and what the report says of them."""

    def __init__(self, role: str, raw: RawLayer, report: ImportReport, limits: Limits) -> None:
        if len(raw) > limits.rows:
            raise Refusal("too_many_rows", file=raw.file, layer=raw.name, rows=len(raw), most=limits.rows)
        if len(raw.columns) > limits.columns:
            raise Refusal(
                "too_many_columns",
                file=raw.file,
                layer=raw.name,
                columns=len(raw.columns),
                most=limits.columns,
            )
        self.role, self.raw, self.report, self.limits = role, raw, report, limits
        self.kept: BoolArray = np.ones(len(raw), dtype=bool)
        self._codes: Sequence[Any] | None = None
        report.found(role, len(raw))

    def named_by(self, codes: Sequence[Any] | None) -> None:
        """Rows are named in messages by their number and this column."""
        self._codes = codes

    def label(self, k: int) -> str:
        """What a person calls row k: `feature 3 (B9)`."""
        name = f"{self.raw.word} {self.raw.numbers[k]}"
        code = self._codes[k] if self._codes is not None else None
        return (
            name if code is None or str(code) == str(self.raw.numbers[k]) else f"{name} ({shown(code, 40)})"
        )

    def refuse(
        self, rows: Iterable[int], code: str, facts: Callable[[int], Mapping[str, object]] = lambda k: {}
    ) -> None:
        """Leave rows out; the first reason stands."""
        for k in rows:
            if self.kept[k]:
                self.kept[k] = False
                self.report.refuse(self.role, self.label(int(k)), code, **facts(int(k)))

    def refuse_one(self, k: int, code: str, **facts: object) -> None:
        """Leave one row out."""
        self.refuse([k], code, lambda _: facts)

    def mend(self, k: int, what: str, before: object, after: object) -> None:
        """Write down a change, if the row is still in."""
        if self.kept[k]:
            self.report.mend(self.role, self.label(int(k)), what, before, after)

    def finish(self, rows: Rows, strict: bool, only: BoolArray | None = None) -> Rows:
        """The rows that came through; with `strict` all must, and of some layers at least one."""
        refused = [r for r in self.report.refusals if r.layer == self.role]
        bad = [r for r in refused if r.code != "not_a_street"]
        none_left = self.role in _NEEDED and not self.kept.any()
        if bad and (strict or none_left):
            raise Refusal(
                "rows_refused",
                file=self.raw.file,
                refused=len(bad),
                rows=len(self.raw),
                row=row_part(bad[0].row),
                why=bad[0].why,
                all=[{"row": r.row, "code": r.code, "facts": dict(r.facts), "why": r.why} for r in bad[:100]],
            )
        return rows.where(self.kept if only is None else self.kept & only)
