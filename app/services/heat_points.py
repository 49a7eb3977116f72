"""All hazards as numbers in memory, so that heat and counts come for any filter without reading them again.

A million hazards take about 150 MB a process. They are read once, in the binary form of COPY, whose rows are
of one length; from then on only what was written since: rows whose transaction the last look's snapshot did
not see. So nothing is missed that another transaction commits late, and a case that was closed is gone from
the heat with the next question.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo.density import to_world
from app.geo.plots import BoolArray, FloatArray, IntArray
from app.models.hazards import STATES

NEVER = np.iinfo(np.int64).max
NO_HAZARD = tuple(STATES.index(state) for state in ("refused", "duplicate"))
WAITING = tuple(STATES.index(state) for state in ("claimed done", "verified"))
STANDING_STILL = STATES.index("pending")

_FIELDS = (
    *(("id", ">i8"), ("lon", ">f8"), ("lat", ">f8"), ("kind", ">i4"), ("severity", ">i4"), ("state", ">i4")),
    *(("community", ">i8"), ("reported", ">i8"), ("due", ">i8"), ("closed", ">i8"), ("changed", ">i8")),
)
_HEAD_BYTES, _TAIL_BYTES = 19, 2  # of the binary form of COPY: its signature and flags, and its end
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        *(part for name, kind in _FIELDS for part in ((f"{name}_bytes", ">i4"), (name, kind))),
    ]
)
SmallArray = npt.NDArray[np.int8]
Numbers = IntArray | SmallArray
Seen = tuple[str, str]  # a snapshot, and the transaction that took it
_SNAPSHOT = re.compile(r"[0-9]+:[0-9]+:[0-9,]*")


@dataclass(frozen=True)
class Points:
    """Hazards, one a place in each array, shape (n,); none that was refused or is another's duplicate.

    kinds: their codes, weights: of each kind; `kind` counts among them. x, y: in world coordinates
    (`app.geo.density`). state counts among `STATES`. reported, due, closed: seconds since 1970, closed NEVER
    while it is open. mark: one word that is the same in every process as long as nothing changes.
    """

    kinds: tuple[str, ...]
    weights: FloatArray
    id: IntArray
    x: FloatArray
    y: FloatArray
    kind: SmallArray
    severity: SmallArray
    state: SmallArray
    community: IntArray
    reported: IntArray
    due: IntArray
    closed: IntArray
    mark: str

    def __len__(self) -> int:
        return len(self.id)


@dataclass
class KeptPoints:
    """What one process keeps. `of` is what is asked.

    made: what others worked out of the points as they are; lasting: what is good for most of them later, too.
    """

    made: dict[Any, Any] = field(default_factory=dict)
    lasting: dict[Any, Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _rows: np.ndarray[Any, Any] | None = None
    _points: Points | None = None
    _snapshot: Seen | None = None

    def of(self, session: Session) -> Points:
        """All hazards as this transaction sees them, or as one saw them a moment ago."""
        with self._lock:
            kinds = session.execute(_KINDS).all()
            codes = tuple(row.code for row in kinds)
            weights = np.array([row.weight for row in kinds], np.float64)
            known = self._points
            if known is not None and known.kinds != codes:
                self._rows, known = None, None
            snapshot, own = session.execute(_NOW_SEEN).one()
            fresh = _read(session, codes, self._snapshot if self._rows is not None else None)
            rows = fresh if self._rows is None else _merged(self._rows, fresh)
            if known is None or rows is not self._rows or not np.array_equal(known.weights, weights):
                self._points = known = _points(rows, codes, weights)
                self.made.clear()
            self._rows, self._snapshot = rows, (snapshot, own)
            return known

    def once(self, key: Any, make: Any, most: int = 64) -> Any:
        """What was made under a key of the points as they are, else made now; the oldest go first."""
        if key not in self.made:
            value = make()
            with self._lock:
                while len(self.made) >= most:
                    self.made.pop(next(iter(self.made)))
                self.made[key] = value
            return value
        return self.made[key]

    def keep(self, key: Any, value: Any, most: int = 8) -> None:
        """Keep something beyond the next change; the oldest go first."""
        with self._lock:
            self.lasting.pop(key, None)
            while len(self.lasting) >= most:
                self.lasting.pop(next(iter(self.lasting)))
            self.lasting[key] = value


def among(values: Numbers, wanted: tuple[int, ...]) -> BoolArray:
    """Which of these numbers are wanted."""
    return np.isin(values, np.array(wanted, values.dtype))


def _read(session: Session, kinds: tuple[str, ...], since: Seen | None) -> np.ndarray[Any, Any]:
    """Rows not seen by a snapshot (None: all), in order of their ids."""
    if since is not None and not _SNAPSHOT.fullmatch(since[0]):
        raise ValueError(f"{since[0]} is no snapshot")
    newer = "true" if since is None else _NEWER.format(snapshot=since[0], own=int(since[1]))
    listed = ", ".join(f"'{code}'" for code in kinds)
    states = ", ".join(f"'{state}'" for state in STATES)
    asked = _COPY.format(kinds=listed, states=states, newer=newer)
    out = io.BytesIO()
    session.connection().connection.cursor().copy_expert(asked, out)
    body = out.getbuffer()[_HEAD_BYTES:-_TAIL_BYTES]
    return np.frombuffer(body, _ROW)


def _merged(rows: np.ndarray[Any, Any], fresh: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Rows with those that are fresh in their place; the same array where nothing is different."""
    if not len(fresh):
        return rows
    at = np.searchsorted(rows["id"], fresh["id"])
    known = (at < len(rows)) & (rows["id"][np.minimum(at, len(rows) - 1)] == fresh["id"]) if len(rows) else (
        np.zeros(len(fresh), bool)
    )  # fmt: skip
    changed = np.zeros(len(fresh), bool)
    changed[known] = rows[at[known]] != fresh[known]
    if known.all() and not changed.any():
        return rows
    merged = rows.copy()
    merged[at[changed]] = fresh[changed]
    if known.all():
        return merged
    both = np.concatenate([merged, fresh[~known]])
    return both[np.argsort(both["id"], kind="stable")]


def _points(rows: np.ndarray[Any, Any], kinds: tuple[str, ...], weights: FloatArray) -> Points:
    """Rows as arrays of the machine's own order."""
    state = rows["state"].astype(np.int8) - 1  # PostgreSQL counts from one
    kept = ~among(state, NO_HAZARD)
    rows, state = rows[kept], state[kept]
    x, y = to_world(rows["lon"].astype(np.float64), rows["lat"].astype(np.float64))
    closed = rows["closed"].astype(np.int64)
    newest = int(rows["changed"].max()) if len(rows) else 0
    mark = f"{len(rows)}-{newest}-{int(rows['changed'].astype(np.int64).sum())}-{hash_of(weights)}"
    return Points(
        kinds,
        weights,
        rows["id"].astype(np.int64),
        x,
        y,
        rows["kind"].astype(np.int8) - 1,
        rows["severity"].astype(np.int8),
        state,
        rows["community"].astype(np.int64),
        rows["reported"].astype(np.int64),
        rows["due"].astype(np.int64),
        np.where(closed == 0, NEVER, closed),
        mark,
    )


def hash_of(weights: FloatArray) -> int:
    """A number for weights that is the same in every process."""
    return int.from_bytes(np.ascontiguousarray(weights).tobytes(), "little") % 1_000_003


def with_only(points: Points, kept: BoolArray | IntArray) -> Points:
    """Some of the points."""
    names = ("id", "x", "y", "kind", "severity", "state", "community", "reported", "due", "closed")
    return replace(points, **{name: getattr(points, name)[kept] for name in names})


_KINDS = text("SELECT code, weight FROM hazard_kind ORDER BY code")
# A snapshot does not name the transaction that takes it among those that are not over.
_NOW_SEEN = text("SELECT pg_current_snapshot()::text, coalesce(pg_current_xact_id_if_assigned()::text, '0')")
_NEWER = (
    "changed_in >= pg_snapshot_xmin('{snapshot}'::pg_snapshot)::text::bigint"
    " AND (NOT pg_visible_in_snapshot(changed_in::text::xid8, '{snapshot}'::pg_snapshot)"
    " OR changed_in = {own})"
)
_COPY = """
    COPY (
        SELECT id, ST_X(position), ST_Y(position),
            array_position(ARRAY[{kinds}]::text[], kind)::int4, severity::int4,
            array_position(ARRAY[{states}]::text[], state)::int4, community_id,
            floor(extract(epoch FROM reported_at))::int8, floor(extract(epoch FROM due_at))::int8,
            coalesce(floor(extract(epoch FROM closed_at))::int8, 0), changed_in
        FROM hazard WHERE {newer} ORDER BY id
    ) TO STDOUT (FORMAT binary)
"""
