"""What a row of a file of hazards says: columns by common names, cells as moments, degrees and grades."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from app.errors import Refusal
from app.geo.readers.tables import Table
from app.models.hazards import SEVERITIES
from app.services.hazards import LONGEST_TEXT
from app.services.register_rows import columns_called
from app.services.visits import AHEAD

# field -> names of its column, as `plain` writes them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": (
        *("编号", "案件编号", "事件编号", "隐患编号", "工单编号", "工单号"),
        *("id", "sourceid", "caseid", "incidentid", "uniquekey", "incidentkey", "servicerequestid"),
    ),
    "occurred_at": (
        *("发生时间", "上报时间", "发现时间", "受理时间", "时间"),
        *("occurredat", "reportedat", "occurred", "createddate", "requesteddatetime", "datetime", "time"),
    ),
    "closed_at": ("结案时间", "办结时间", "关闭时间", "closedat", "closed", "closeddate", "closedtime"),
    "kind": (
        *("类别", "类型", "隐患类别", "事件类型", "问题类型"),
        *("kind", "type", "category", "complainttype", "servicename", "servicecode"),
    ),
    "severity": ("等级", "严重程度", "隐患等级", "severity", "level", "grade"),
    "detail": ("描述", "内容", "详情", "问题描述", "detail", "details", "description", "descriptor"),
    "lon": ("经度", "lon", "lng", "long", "longitude", "x"),
    "lat": ("纬度", "lat", "latitude", "y"),
}
NONE_CHOSEN: Mapping[str, str] = {}
NEEDED = ("id", "occurred_at", "lon", "lat")
GRADES = {
    **{str(grade): grade for grade in SEVERITIES},
    **dict.fromkeys(("一般", "低", "轻微", "general", "low", "minor"), 1),
    **dict.fromkeys(("较大", "中", "中等", "serious", "medium", "moderate"), 2),
    **dict.fromkeys(("重大", "高", "严重", "特大", "grave", "high", "major", "severe"), 3),
}
LONGEST_ID = 200
OLDEST_YEAR = 1900
SPOILT = {"digits_lost": "digits-lost"}  # else the cell holds what is no text
_MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]\s*(\d{1,2})\s*[:时]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2})(?:\.\d+)?\s*秒?|\s*分)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
# Month first: only with AM or PM, for without it 03/04 is read both ways.
_AMERICAN = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP])\.?M\.?", re.IGNORECASE
)


class Unsound(Exception):
    """A row that cannot be taken; why: code of words for that."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Said:
    """A row as it is understood: moments in the zone of the city, degrees as they stand in the file."""

    row: int
    id: str
    occurred_at: datetime
    closed_at: datetime | None
    kind: str | None
    severity: int
    detail: str
    lon: float
    lat: float


@dataclass
class Understood:
    """Rows that say something sound, and the others: row -> code of words for what is wrong with it.

    ids: of every row that has one, sound or not. columns: field -> what its column is headed. ignored:
    columns nobody asked for.
    """

    rows: list[Said] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def columns_of(table: Table, file: str, chosen: Mapping[str, str] = NONE_CHOSEN) -> dict[str, int]:
    """Which column holds which field. Refused with `hazard_columns_missing`.

    chosen: field -> what its column is headed; what the file has not is found by its name.
    """
    said = {name: table.head.index(head) for name, head in chosen.items() if head and head in table.head}
    named = columns_called(table, COLUMNS)
    found = said | {name: at for name, at in named.items() if name not in said and at not in said.values()}
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Refusal("hazard_columns_missing", file=file, columns=", ".join(missing))
    return found


def understood(table: Table, file: str, now: datetime, chosen: Mapping[str, str] = NONE_CHOSEN) -> Understood:
    """The rows of a table as they are understood. now: in the zone of the city; nothing lies after it.

    chosen: as `columns_of` has it. Of rows with one id the first is taken and the others are wrong, whatever
    else they say.
    """
    columns = columns_of(table, file, chosen)
    made = Understood(columns={name: table.head[at] for name, at in columns.items()})
    used = set(made.columns.values())
    made.ignored = [name for name in table.head if name and name not in used]
    spoilt = {row: SPOILT.get(code, "cell-broken") for row, head, code in table.wrong if head in used}
    seen: set[str] = set()
    for number, cells in table.rows:
        said = {name: cells[at] for name, at in columns.items()}
        try:
            _add(made, number, said, spoilt.get(number), seen, now)
        except Unsound as unsound:
            made.wrong[number] = unsound.why
    return made


def _add(
    made: Understood,
    number: int,
    cells: Mapping[str, str | None],
    spoilt: str | None,
    seen: set[str],
    now: datetime,
) -> None:
    if spoilt is not None:
        raise Unsound(spoilt)
    own = cells["id"]
    if own is None or len(own) > LONGEST_ID:
        raise Unsound("no-id" if own is None else "long-id")
    made.ids[number] = own
    if own in seen:
        raise Unsound("id-twice")
    seen.add(own)
    made.rows.append(_said(number, own, cells, now))


def _said(number: int, own: str, cells: Mapping[str, str | None], now: datetime) -> Said:
    zone = now.tzinfo or UTC
    occurred_at = moment(cells["occurred_at"], zone)
    closed = cells.get("closed_at")
    closed_at = None if closed is None else moment(closed, zone)
    if occurred_at is None or (closed is not None and closed_at is None):
        raise Unsound("bad-date")
    if max(occurred_at, closed_at or occurred_at) > now + AHEAD:
        raise Unsound("ahead")
    if closed_at is not None and closed_at < occurred_at:
        raise Unsound("closed-before")
    grade = GRADES.get((cells.get("severity") or "1").strip().casefold())
    if grade is None:
        raise Unsound("bad-severity")
    detail = (cells.get("detail") or "").strip()
    if len(detail) > LONGEST_TEXT:
        raise Unsound("long-detail")
    lon, lat = _degrees(cells["lon"], cells["lat"])
    return Said(number, own, occurred_at, closed_at, cells.get("kind"), grade, detail, lon, lat)


def moment(said: str | None, zone: tzinfo) -> datetime | None:
    """A moment, of the zone where it names none; None where it is not understood.

    >>> moment("2025/3/14 1:20", UTC).isoformat(), moment("2025年3月14日", UTC).isoformat()
    ('2025-03-14T01:20:00+00:00', '2025-03-14T00:00:00+00:00')
    >>> moment("03/14/2025 12:20:00 AM", UTC).isoformat(), moment("14.3.2025", UTC), moment("2025-02-30", UTC)
    ('2025-03-14T00:20:00+00:00', None, None)
    >>> moment("9999-12-31T23:59:59Z", timezone(timedelta(hours=8)))  # how some write that it never ended
    """
    words = (said or "").strip()
    found, american = _MOMENT.fullmatch(words), _AMERICAN.fullmatch(words)
    try:
        if found:
            *numbers, offset = found.groups()
            year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
            at = datetime(year, month, day, hour, minute, second, tzinfo=_zone(offset, zone))
        elif american:
            month, day, year, hour, minute, second = (int(number or 0) for number in american.groups()[:6])
            if not 1 <= hour <= 12:
                return None
            half = 12 if american[7].upper() == "P" else 0
            at = datetime(year, month, day, hour % 12 + half, minute, second, tzinfo=zone)
        else:
            return None
        return at.astimezone(zone) if at.year >= OLDEST_YEAR else None
    except (ValueError, OverflowError):  # no such day or hour, or none in that zone
        return None


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    if offset is None:
        return zone
    if offset.upper() == "Z":
        return UTC
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return timezone(-ahead if offset[0] == "-" else ahead)


def _degrees(lon: str | None, lat: str | None) -> tuple[float, float]:
    """Degrees as numbers. Two noughts are how programmes write that they know no place."""
    if lon is None or lat is None:
        raise Unsound("no-coordinates")
    try:
        east, north = float(lon), float(lat)
    except ValueError:
        raise Unsound("bad-coordinates") from None
    if not (math.isfinite(east) and math.isfinite(north)):
        raise Unsound("bad-coordinates")
    if east == 0 and north == 0:
        raise Unsound("no-coordinates")
    if max(abs(east), abs(north)) > 180:
        raise Unsound("not-degrees")
    return east, north
