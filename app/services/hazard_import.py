"""Hazards brought in from tables of points: each row taken, there already, or refused with why; in one piece.

What is taken is a case like others, from a file: in the community and grid in force where it lies, of who
serves that grid now, with its day by the limits of the day it happened. It is entered as reported or, where
the file says when it ended, as closed, with one step. A file brought in again changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo import crs
from app.geo.formula_safe import guarded
from app.geo.plots import FloatArray
from app.geo.readers.options import Limits
from app.geo.readers.tables import read_table
from app.services import audit, bulk, case_clocks
from app.services.access import MANAGERS, Actor, require
from app.services.hazard_rows import Said, understood
from app.services.jobs import place_called
from app.services.named_people import found_in
from app.services.register_import import key

TAKEN, REPEATED, REFUSED = "taken", "repeated", "refused"
AT_ONCE = 10_000  # points and ids of a question
DIGITS = 8  # of degrees, as points are kept
# What brings points of a shifted datum to where they are.
FROM_DATUM: dict[str, Callable[[FloatArray], FloatArray]] = {
    "gcj02": crs.gcj02_to_wgs84,
    "bd09": crs.bd09_to_wgs84,
}
HAZARD = (
    *("id", "community_id", "grid_code", "coordinator_id", "position", "kind", "severity", "description"),
    *("held", "origin", "reported_at", "state", "state_since", "due_at", "stage_due_at", "amber_at"),
    *("closed_at", "limit_id", "rule_pack_id", "source_id", "entered_at", "source"),
)
STEP = ("id", "hazard_id", "number", "act", "to_state", "at", "facts", "entered_at")


LONGEST_SOURCE = 240  # a name of a file, and the code of a place before it


def usual_source(place: str, file: str) -> str:
    """By what rows are known again where nothing is said: files of two places may have one name."""
    return f"{place} {file}"


@dataclass(frozen=True)
class Wanted:
    """How a file is read. source: by which it is known again. kinds: what the file calls a kind -> our code.

    kind: code of every other kind; None: such rows are refused. datum: of its coordinates. columns: field ->
    what its column is headed, where it was chosen.
    """

    place: str
    source: str
    kind: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    datum: str = "wgs84"
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """A row that goes in. site: its community, grid and coordinator. point: as PostGIS reads it."""

    said: Said
    kind: str
    site: Row[Any]
    point: str
    held: bool

    @property
    def state(self) -> str:
        """What is over where it comes from is closed here."""
        return "reported" if self.said.closed_at is None else "closed"


@dataclass(frozen=True)
class Line:
    """What became of a row. id: as the file has it. why: code of words for why it was refused."""

    row: int
    id: str
    outcome: str
    why: str = ""


@dataclass
class Report:
    """Every row of a file in order. held: rows taken whose words may name somebody. ignored: columns.

    columns: field -> what its column is headed. kinds: what the file calls kinds that are none of ours, and
    how many rows do, the commonest first.
    """

    file: str
    sha256: str
    encoding: str
    lines: list[Line] = field(default_factory=list)
    held: int = 0
    closed: int = 0
    ignored: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each outcome."""
        counted = Counter(line.outcome for line in self.lines)
        return {outcome: counted[outcome] for outcome in (TAKEN, REPEATED, REFUSED)}

    @property
    def refused(self) -> dict[str, list[int]]:
        """Numbers of the refused rows by why they were, the commonest reason first."""
        found: dict[str, list[int]] = defaultdict(list)
        for line in self.lines:
            if line.outcome == REFUSED:
                found[line.why].append(line.row)
        return dict(sorted(found.items(), key=lambda one: -len(one[1])))


def bring_in(
    session: Session,
    person_id: int | None,
    wanted: Wanted,
    octets: bytes,
    file: str,
    limits: Limits,
    now: datetime,
) -> Report:
    """Enter the hazards of a file, in the caller's transaction. now: in the zone of the city.

    Refused as `read_table` says and with `place_unknown`, `hazard_columns_missing`, `hazard_kind_unknown` (of
    `wanted`) and `hazard_limits_missing`.
    """
    path = str(place_called(session, wanted.place).path)
    session.execute(_ONE_AT_A_TIME, {"source": wanted.source})
    ours = _ours(session)
    kind_of = _kinds(ours, wanted)
    table = read_table(octets, file, limits)
    rows = understood(table, file, now, wanted.columns)
    report = Report(file, hashlib.sha256(octets).hexdigest(), table.encoding)
    report.ignored, report.columns = rows.ignored, rows.columns
    report.kinds = _not_ours(ours, [said.kind for said in rows.rows])
    there = _there(session, wanted.source, list(rows.ids.values()))
    wrong = {row: why for row, why in rows.wrong.items() if rows.ids.get(row) not in there}
    new = [said for said in rows.rows if said.id not in there]
    wrong |= {said.row: "unknown-kind" for said in new if kind_of(said.kind) is None}
    new = [said for said in new if said.row not in wrong]
    sites, outside = _sites(session, path, wanted.datum, new)
    wrong |= outside
    sound = [said for said in new if said.row not in wrong]
    names = {words: bool(found_in(words)) for words in {said.detail for said in sound}}
    taken = [Taken(said, str(kind_of(said.kind)), *sites[said.row], names[said.detail]) for said in sound]
    _enter(session, wanted.source, taken, now)
    report.held = sum(one.held for one in taken)
    report.closed = sum(one.state == "closed" for one in taken)
    report.lines = [_line(row, rows.ids.get(row, ""), wrong, there) for row, _ in table.rows]
    _written(session, person_id, wanted, report, "hazards.imported")
    return report


def look(
    session: Session,
    person_id: int | None,
    wanted: Wanted,
    octets: bytes,
    file: str,
    limits: Limits,
    now: datetime,
) -> Report:
    """What `bring_in` would do; nothing of it stays but that somebody looked."""
    with session.begin_nested() as undone:
        report = bring_in(session, person_id, wanted, octets, file, limits, now)
        undone.rollback()
    _written(session, person_id, wanted, report, "hazards.import_looked")
    return report


def places(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Where somebody may bring hazards in: code, name and depth of each place, those above first."""
    rows = session.execute(_PLACES).mappings()
    return [dict(row) for row in rows if actor.covers(MANAGERS, row["path"])]


def may_bring_in(session: Session, actor: Actor, code: str) -> None:
    """Refuse who does not manage a place: `place_unknown`, `not_in_scope`."""
    require(actor, MANAGERS, [str(place_called(session, code).path)])


def refused(session: Session, person_id: int | None, wanted: Wanted, octets: bytes, why: str) -> None:
    """Write down that a file was refused, and why; in a transaction of its own."""
    facts = {"sha256": hashlib.sha256(octets).hexdigest(), "source": wanted.source, "code": why}
    audit.record(session, person_id, "hazards.import_refused", f"place {wanted.place}", facts)


def heads_in(octets: bytes, file: str, limits: Limits) -> list[str]:
    """What the columns of a table are headed. Refused as `read_table` says."""
    return [name for name in read_table(octets, file, limits).head if name]


def kinds_in(octets: bytes, file: str, limits: Limits) -> dict[str, str]:
    """Kinds from a table of two columns: what a file calls them, and our code. The first row is a head.

    Refused as `read_table` says and with `hazard_kinds_two_columns`.
    """
    table = read_table(octets, file, limits)
    if len(table.head) != 2:
        raise Refusal("hazard_kinds_two_columns", file=file, columns=len(table.head))
    return {theirs: ours for _, (theirs, ours) in table.rows if theirs is not None and ours is not None}


def report_file(report: Report, say: Callable[[str], str]) -> bytes:
    """A CSV with a line for every row: number, id, what became of it, why, and what to do. say: words."""
    written = StringIO(newline="")
    out = csv.writer(written, lineterminator="\r\n")
    out.writerow([say(f"hazard-import-{name}") for name in ("row", "id", "outcome", "why", "remedy")])
    for line in report.lines:
        why = (say(f"hazard-row-{line.why}"), say(f"hazard-remedy-{line.why}")) if line.why else ("", "")
        out.writerow([line.row, guarded(line.id), say(f"hazard-outcome-{line.outcome}"), *why])
    return written.getvalue().encode("utf-8-sig")


def _line(row: int, own: str, wrong: Mapping[int, str], there: Collection[str]) -> Line:
    if row in wrong:
        return Line(row, own, REFUSED, wrong[row])
    return Line(row, own, REPEATED if own in there else TAKEN)


def _written(session: Session, person_id: int | None, wanted: Wanted, report: Report, what: str) -> None:
    facts = {"sha256": report.sha256, "source": wanted.source, "rows": len(report.lines), **report.counts}
    audit.record(session, person_id, what, f"place {wanted.place}", facts)


# --- Kinds ------------------------------------------------------------------------------------------------


def _ours(session: Session) -> dict[str, str]:
    """Our kinds: code by code and by either name, as `key` writes them."""
    rows = session.execute(_KINDS).all()
    return {key(name): row.code for row in rows for name in (row.name_en, row.name_zh, row.code)}


def _kinds(ours: Mapping[str, str], wanted: Wanted) -> Callable[[str | None], str | None]:
    """Our code of what a file calls a kind: by its code, either name, or as it was said to be."""
    for code in {*wanted.kinds.values(), wanted.kind} - {None}:
        if code not in ours.values():
            raise Refusal("hazard_kind_unknown", kind=code)
    named = {**ours, **{key(theirs): code for theirs, code in wanted.kinds.items()}}
    return lambda said: wanted.kind if said is None else named.get(key(said), wanted.kind)


def _not_ours(ours: Mapping[str, str], said: Iterable[str | None]) -> dict[str, int]:
    """What of these is no kind of ours, as it is first written, and how often; the commonest first."""
    counted = Counter(kind for kind in said if kind is not None)
    found: dict[str, tuple[str, int]] = {}
    for kind, n in counted.items():
        plain = key(kind)
        if plain not in ours:
            first, before = found.get(plain, (kind, 0))
            found[plain] = first, before + n
    return dict(sorted(found.values(), key=lambda one: -one[1]))


# --- Where ------------------------------------------------------------------------------------------------


def _sites(
    session: Session, path: str, datum: str, rows: list[Said]
) -> tuple[dict[int, tuple[Row[Any], str]], dict[int, str]]:
    """Of each row within the place the community, grid and coordinator with its point; why others are not."""
    given = np.array([(said.lon, said.lat) for said in rows], np.float64).reshape(-1, 2)
    points = np.round(FROM_DATUM[datum](given) if datum in FROM_DATUM else given, DIGITS)
    found = _within(session, path, points)
    shapes = bulk.hex_of(shapely.points(points)) if len(points) else []
    sites = {rows[at].row: (site, shapes[at]) for at, site in found.items()}
    lost = [at for at in range(len(rows)) if at not in found]
    why = dict.fromkeys(lost, "outside")
    for undone, code in _otherwise(given[lost], datum):
        moved = np.flatnonzero((undone != given[lost]).any(axis=1))
        why |= {lost[moved[at]]: code for at in _within(session, path, undone[moved])}
    return sites, {rows[at].row: code for at, code in why.items()}


def _otherwise(lonlat: FloatArray, datum: str) -> list[tuple[FloatArray, str]]:
    """Where points would lie were the file of another datum, or its columns turned round, with why it is so.

    Which of two shifted datums it is a point does not tell: inside a place of some size it fits both.
    """
    shifted = (crs.wgs84_to_gcj02(lonlat) != lonlat).any(axis=1)[:, None]  # nobody shifts maps elsewhere
    undone = [np.where(shifted, undo(lonlat), lonlat) for name, undo in FROM_DATUM.items() if name != datum]
    return [*((points, "shifted") for points in undone), (lonlat[:, ::-1], "swapped")]


def _within(session: Session, path: str, points: FloatArray) -> dict[int, Row[Any]]:
    """Which points lie in a place, by their number, each with its community and who serves there now."""
    found: dict[int, Row[Any]] = {}
    for first in range(0, len(points), AT_ONCE):
        part = points[first : first + AT_ONCE]
        asked = {"path": path, "lon": part[:, 0].tolist(), "lat": part[:, 1].tolist()}
        found |= {first + row.number - 1: row for row in session.execute(_SITES, asked)}
    return found


# --- Writing ----------------------------------------------------------------------------------------------


def _there(session: Session, source: str, ids: list[str]) -> set[str]:
    """Ids of a source that were brought in before."""
    found: set[str] = set()
    for first in range(0, len(ids), AT_ONCE):
        asked = {"source": source, "ids": ids[first : first + AT_ONCE]}
        found |= set(session.scalars(_THERE, asked))
    return found


def _enter(session: Session, source: str, taken: list[Taken], now: datetime) -> None:
    """Hazards and their first steps by COPY."""
    hazard_ids, step_ids = (bulk.new_ids(session, name, len(taken)).tolist() for name in ("hazard", "step"))
    clocks = case_clocks.ManyClocks(session)
    hazards = ([own, *_hazard(one, clocks), now, source] for own, one in zip(hazard_ids, taken, strict=True))
    bulk.copy_rows(session, "hazard", HAZARD, hazards)
    steps = (
        [step, own, *_step(one, source), now]
        for step, own, one in zip(step_ids, hazard_ids, taken, strict=True)
    )
    bulk.copy_rows(session, "step", STEP, steps)


def _hazard(one: Taken, clocks: case_clocks.ManyClocks) -> list[Any]:
    """A row as `HAZARD` names its columns, without the first and the last two."""
    said, site = one.said, one.site
    clock = clocks.of(site.path, one.kind, said.severity, said.occurred_at.date())
    due_at, *stage = case_clocks.begun(clock, said.occurred_at)
    return [
        *(site.community_id, site.grid_code, site.coordinator_id, one.point, one.kind, said.severity),
        *(said.detail, one.held, "import", said.occurred_at, one.state, said.closed_at or said.occurred_at),
        *(due_at, *(stage if said.closed_at is None else (None, None)), said.closed_at),  # over: no clock
        *(clock.limit_id, clock.rule_pack_id, said.id),
    ]


def _step(one: Taken, source: str) -> list[Any]:
    """A row as `STEP` names its columns, without the first two and the last."""
    facts = json.dumps({"source": source, "source_id": one.said.id}, ensure_ascii=False)
    return [1, "report", one.state, one.said.occurred_at, facts]


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('hazards of ' || :source, 0))")
_PLACES = text("SELECT code, name, name_pinyin, path::text, nlevel(path) AS depth FROM place ORDER BY path")
_KINDS = text(
    "SELECT code, name_en, name_zh FROM hazard_kind WHERE retired_at IS NULL ORDER BY position DESC"
)
_THERE = text("""
    SELECT source_id FROM hazard WHERE source = :source AND source_id = ANY(CAST(:ids AS text[]))
""")
_SITES = text("""
    SELECT spot.number, place.id AS community_id, place.path::text AS path, grid.code AS grid_code,
        grid.coordinator_id
    FROM (
        SELECT number, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point
        FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[]))
            WITH ORDINALITY AS given (lon, lat, number)
    ) AS spot
    JOIN LATERAL (
        SELECT id, path FROM place
        WHERE ST_Covers(outline, spot.point) AND path <@ CAST(:path AS ltree)
        ORDER BY nlevel(path) DESC, code LIMIT 1
    ) AS place ON true
    LEFT JOIN LATERAL (
        SELECT grid.code, duty.person_id AS coordinator_id
        FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary'
            AND duty.during @> clock_timestamp()
        WHERE grid.community_id = place.id AND ST_Intersects(grid.outline, spot.point)
        ORDER BY grid.code LIMIT 1
    ) AS grid ON true
""")
