"""零报告: once a month every grid is reported, in one tap, also where nothing was. Missing is not zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.errors import Refusal
from app.services import audit
from app.services.due import Grid
from app.services.lookup import standing_in
from app.services.personal import Registers
from app.services.visiting_hours import month_begins, month_ends

EARLY = 5  # days before a month is over in which it may be reported already
GRACE = 5  # days after it in which a report is in time
BACK = 2  # months before this one that are still shown


@dataclass(frozen=True)
class Month:
    """A grid's month. state: zero, changes, missing, or open: it is not over and nobody has reported.

    figures: arrivals, departures, visits; as reported, else as known now. late: reported after the days of
    grace. may: whether it can be reported now.
    """

    grid_id: int
    grid_code: str
    month: date
    state: str
    late: bool
    may: bool
    filed_at: datetime | None
    figures: dict[str, int]


def months(registers: Registers, grids: Sequence[Grid], now: datetime) -> list[Month]:
    """The last months of grids, the earliest first; but for this one none before a grid came into force.

    now: in the city's own zone.
    """
    wanted = [month_begins(now.date(), back) for back in range(BACK, -1, -1)]
    made = []
    for grid in grids:
        since = registers.session.scalar(_SINCE, {"code": grid.code})
        begun = now.date() if since is None else since.astimezone(now.tzinfo).date()
        made += [
            _month(registers, grid, month, now)
            for month in wanted
            if month_ends(month) >= begun or month == wanted[-1]
        ]
    return made


def file(registers: Registers, grid: Grid, day: date, now: datetime) -> Month:
    """Report a grid's month with what is known of it now; once.

    day: any of that month. Refused with `zero_report_early` and `zero_report_filed`.
    """
    month = month_begins(day)
    known = _month(registers, grid, month, now)
    if known.filed_at is not None:
        raise Refusal("zero_report_filed", grid=grid.code, month=month.isoformat()[:7])
    if not known.may:
        first = month_ends(month) - timedelta(days=EARLY - 1)
        raise Refusal("zero_report_early", month=month.isoformat()[:7], day=first)
    row = {
        "grid": grid.id,
        "month": month,
        "person": registers.person_id,
        "at": now,
        **known.figures,
    }
    if registers.session.scalar(_FILE, row) is None:  # somebody else did meanwhile
        raise Refusal("zero_report_filed", grid=grid.code, month=month.isoformat()[:7])
    facts = {"month": month.isoformat(), **known.figures}
    audit.record(registers.session, registers.person_id, "zero_report.filed", f"grid {grid.id}", facts)
    return _month(registers, grid, month, now)


def _month(registers: Registers, grid: Grid, month: date, now: datetime) -> Month:
    """A month as it was reported, else as it stands."""
    asked = {"code": grid.code, "month": month}
    row = registers.session.execute(_REPORT, asked).first()
    last = month_ends(month)
    if row is not None:
        figures = {name: getattr(row, name) for name in ("arrivals", "departures", "visits")}
        filed_at = row.filed_at.astimezone(now.tzinfo)
        state = "changes" if any(figures.values()) else "zero"
        late = filed_at.date() > last + timedelta(days=GRACE)
        return Month(grid.id, grid.code, month, state, late, False, filed_at, figures)
    over = now.date() > last
    may = now.date() > last - timedelta(days=EARLY)
    figures = _figures(registers, grid, month, last, now)
    late = now.date() > last + timedelta(days=GRACE)
    return Month(grid.id, grid.code, month, "missing" if over else "open", late, may, None, figures)


def _figures(registers: Registers, grid: Grid, first: date, last: date, now: datetime) -> dict[str, int]:
    begins = datetime(first.year, first.month, first.day, tzinfo=now.tzinfo)
    ends = begins + timedelta(days=(last - first).days + 1)
    asked: dict[str, Any] = {"grid": grid.id, "first": first, "last": last, "begins": begins, "ends": ends}
    return {
        name: int(count) for name, count in registers.session.execute(_FIGURES, asked).one()._mapping.items()
    }


_SINCE = text("""
    SELECT min(plan.published_at) FROM grid JOIN plan ON plan.id = grid.plan_id WHERE grid.code = :code
""")
_REPORT = text("""
    SELECT arrivals, departures, visits, filed_at FROM zero_report JOIN grid ON grid.id = zero_report.grid_id
    WHERE grid.code = :code AND month = :month ORDER BY filed_at LIMIT 1
""")
_FILE = text("""
    INSERT INTO zero_report (grid_id, month, person_id, filed_at, arrivals, departures, visits)
    VALUES (:grid, :month, :person, :at, :arrivals, :departures, :visits)
    ON CONFLICT (grid_id, month) DO NOTHING RETURNING id
""")
_FIGURES = text(f"""
    WITH standing AS MATERIALIZED (SELECT building.id FROM {standing_in(":grid")})
    SELECT
        (SELECT count(*) FROM stay WHERE from_on BETWEEN :first AND :last
            AND building_id IN (SELECT id FROM standing)) AS arrivals,
        (SELECT count(*) FROM stay WHERE until_on BETWEEN :first AND :last
            AND building_id IN (SELECT id FROM standing)) AS departures,
        (SELECT count(*) FROM visit WHERE happened_at >= :begins AND happened_at < :ends
            AND building_id IN (SELECT id FROM standing)) AS visits
""")  # noqa: S608 (constants)
