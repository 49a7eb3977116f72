"""The monthly report of a place: figures, and words in both languages, a draft until somebody says final.

Figures are read anew as long as it is a draft. When somebody says it is final they are kept with the words,
so that what was handed in stays what it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models.hazards import WAITING
from app.services import audit, board
from app.services.access import MANAGERS, Actor, require
from app.services.board import READERS, Board
from app.services.hazard_kinds import kind_names
from app.services.heat import ground_of
from app.services.heat_guard import Untold, untold_in
from app.services.lookup import BENEATH, OF_SMALLEST_PLAN
from app.services.measures import Measure
from app.services.periods import Period, month_of
from app.services.tile_layers import FEW
from app.words import LANGUAGES, words

PARTS = ("summary", "grids", "plans")
LONGEST_PART = 4_000
OFFERED_MONTHS = 12
MAPS = ("overdue", "reported")
MEASURES = ("filed", "closed", "on_time", "was_on_time", "vacant")
COUNTS = ("open", "overdue", "closed_in_period", "median_days", "was_median_days")
Words = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Report:
    """A month's report. version: 0 where nothing was saved yet. figures: as `figures_of` gives them."""

    month: date
    words: Words
    version: int
    figures: dict[str, Any]
    edited_at: datetime | None = None
    editor: str | None = None
    final_at: datetime | None = None
    finisher: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether nobody may change it any more."""
        return self.final_at is not None


def month_called(name: str, today: date) -> date:
    """The first day of a month up to this one, as in `2026-10`; `month_unknown` for anything else."""
    try:
        month = date.fromisoformat(f"{name}-01")
    except ValueError:
        raise Refusal("month_unknown", month=name) from None
    if len(name) != len("2026-10") or month > today or month.year < 1970:
        raise Refusal("month_unknown", month=name)
    return month


def months(session: Session, place_id: int, today: date) -> list[Row[Any]]:
    """The last twelve months, the newest first: month, version, edited_at, final_at, editor."""
    asked = {"place": place_id, "last": today.replace(day=1), "count": OFFERED_MONTHS}
    return list(session.execute(_MONTHS, asked))


def report(session: Session, place: Row[Any], month: date, now: datetime, timezone: ZoneInfo) -> Report:
    """The report of a month, as it was saved, else as it is proposed."""
    row = session.execute(_REPORT, {"place": place.id, "month": month}).first()
    if row is not None and row.final_at is not None:
        figures = row.figures
    else:
        figures = figures_of(session, place, month, now, timezone)
    return Report(
        month=month,
        words=row.words if row else proposed(session, figures, month),
        version=row.version if row else 0,
        figures=figures,
        edited_at=row.edited_at if row else None,
        editor=row.editor if row else None,
        final_at=row.final_at if row else None,
        finisher=row.finisher if row else None,
    )


def figures_of(
    session: Session, place: Row[Any], month: date, now: datetime, timezone: ZoneInfo
) -> dict[str, Any]:
    """What a report says in numbers and maps, as JSON has it; `counted_at` tells when.

    Open and overdue are as of `counted_at`; all else is of the month as far as it has come. Where communities
    with one to four households have fewer than five together, they are left out of the sums. Refused with
    `report_too_few` for a place with one to four households, of which any figure would speak.
    """
    from app.services.shaded_map import shaded_map  # takes a second to import, and only reports draw

    today = now.astimezone(timezone).date()
    whole = month_of(month)
    period = Period(month, min(whole.last, today))
    kept_back = untold_in(session, ground_of(session, place.code, None))  # what is printed leaves the house
    untold = untold_grids(session, place.path, kept_back)
    found = board.board(session, place, period, now, timezone, without=kept_back.left_out)
    by_grid = session.execute(_BY_GRID, {"path": place.path, "now": now, **_moments(period, timezone)}).all()
    counts = {name: {row.grid_code: getattr(row, name) for row in by_grid} for name in MAPS}
    maps = {name: shaded_map(session, place, of, untold) for name, of in counts.items()}
    return {
        "counted_at": now.isoformat(),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        **{name: _plain(value) for name, value in _counts(found).items()},
        **{name: [measure.part, measure.whole] for name, measure in _measures(found).items()},
        "kinds": [asdict(one) for one in found.kinds],
        "weeks": [_week(one) for one in found.weeks],
        "worst": [
            {**asdict(one), "oldest": one.oldest.isoformat()} for one in found.worst if one.code not in untold
        ],
        "left_out": len(kept_back.left_out),
        "maps": {name: asdict(drawn) for name, drawn in maps.items() if drawn is not None},
    }


def untold_grids(session: Session, path: str, untold: Untold) -> set[str]:
    """Codes of grids about which nothing is told beside the sums of their communities and of the place.

    Those with one to four households, and others with them until the sums less what is told speak of five
    or more; which, goes by households alone, never by what was counted. Chosen within each community, so
    that the reports of places above and beneath agree. Of grids no longer in force those with so few.
    Refused with `report_too_few`.
    """
    rows = session.execute(_GRIDS, {"path": path}).all()
    if untold.few or 0 < sum(row.households for row in rows if row.in_force) < FEW:
        raise Refusal("report_too_few")
    return set(untold.grids) | {row.code for row in rows if 0 < row.households < FEW}


def measure(figures: Mapping[str, Any], name: str) -> Measure:
    """A rate of a report's figures."""
    part, whole = figures[name]
    return Measure(part, whole)


def proposed(session: Session, figures: Mapping[str, Any], month: date) -> Words:
    """What a report could say, in both languages, from its figures alone."""
    return {language: _in_words(session, figures, month, language) for language in LANGUAGES}


def save(
    session: Session, actor: Actor, place: Row[Any], month: date, said: Words, version: int, now: datetime
) -> int:
    """Keep the words of a report; its new version. Refused with `report_changed` and `report_final`.

    said: by language and part. version: the one that was edited, 0 where there was none.
    """
    require(actor, MANAGERS, [place.path])
    _check(said)
    asked = {"place": place.id, "month": month, "person": actor.person_id, "now": now, "words": _json(said)}
    if version == 0:
        made = session.execute(_MAKE, asked).first()
        if made is None:
            raise _stale(session, place.id, month, version)
        saved: int = made.version
    else:
        changed = session.execute(_CHANGE, {**asked, "version": version}).first()
        if changed is None:
            raise _stale(session, place.id, month, version)
        saved = changed.version
    facts = {"place": place.code, "month": month.isoformat(), "version": saved}
    audit.record(session, actor.person_id, "report.saved", f"month_report {place.code}", facts)
    return saved


def finish(
    session: Session,
    actor: Actor,
    place: Row[Any],
    month: date,
    version: int,
    now: datetime,
    timezone: ZoneInfo,
) -> None:
    """Say that a report is final: words and figures stay as they are.

    Refused with `report_month_not_over`, `report_changed`, `report_final`, and `report_not_saved`.
    """
    require(actor, READERS, [place.path])
    if month_of(month).last >= now.astimezone(timezone).date():
        raise Refusal("report_month_not_over", month=f"{month:%Y-%m}")
    if version == 0:
        raise Refusal("report_not_saved", month=f"{month:%Y-%m}")
    figures = figures_of(session, place, month, now, timezone)
    asked = {"place": place.id, "month": month, "version": version, "figures": _json(figures)}
    done = session.execute(_FINISH, {**asked, "person": actor.person_id, "now": now}).first()
    if done is None:
        raise _stale(session, place.id, month, version)
    facts = {"place": place.code, "month": month.isoformat(), "version": version}
    audit.record(session, actor.person_id, "report.final", f"month_report {place.code}", facts)


def _stale(session: Session, place_id: int, month: date, version: int) -> Refusal:
    row = session.execute(_REPORT, {"place": place_id, "month": month}).first()
    if row is None:
        return Refusal("not_found")
    if row.final_at is not None:
        return Refusal("report_final", month=f"{month:%Y-%m}")
    return Refusal("report_changed", yours=version, current=row.version)


def _check(said: Words) -> None:
    known = set(said) == set(LANGUAGES) and all(set(parts) == set(PARTS) for parts in said.values())
    if not known:
        raise Refusal("fields_malformed", fields="words")
    if any(len(part) > LONGEST_PART for parts in said.values() for part in parts.values()):
        raise Refusal("report_too_long", most=LONGEST_PART)


def _in_words(session: Session, figures: Mapping[str, Any], month: date, language: str) -> dict[str, str]:
    """The parts of a report in a language; each sentence is left out where it would say nothing."""
    tell = words(language)
    kinds = kind_names(session, language)
    on_time, was = measure(figures, "on_time"), measure(figures, "was_on_time")
    filed = measure(figures, "filed")
    summary = [
        tell(
            "bulletin-drafted-moved",
            reported=filed.whole,
            filed=filed.part,
            closed=figures["closed_in_period"],
        ),
        tell("bulletin-drafted-open", open=figures["open"], overdue=figures["overdue"]),
    ]
    if on_time.whole:
        rate = str(on_time.percent(2))
        summary.append(tell("bulletin-drafted-on-time", rate=rate, part=on_time.part, whole=on_time.whole))
    if on_time.whole and was.whole:
        summary.append(tell("bulletin-drafted-before", rate=str(was.percent(2))))
    if figures["median_days"] is not None:
        summary.append(tell("bulletin-drafted-median", days=figures["median_days"]))
    named = [
        tell("bulletin-drafted-named", name=kinds[one["kind"]], n=one["open"]) for one in figures["kinds"][:3]
    ]
    if named:
        summary.append(tell("bulletin-drafted-kinds", kinds=tell("list-comma").join(named)))
    return {
        "summary": _sentences(summary, language),
        "grids": _sentences(_of_grids(figures, language), language),
        "plans": tell("bulletin-drafted-plans", overdue=figures["overdue"]),
    }


def _of_grids(figures: Mapping[str, Any], language: str) -> list[str]:
    tell = words(language)
    worst = [one for one in figures["worst"] if one["code"]][:3]
    if not worst:
        return [tell("bulletin-drafted-none-overdue")]
    named = tell("list-comma").join(
        tell("bulletin-drafted-grid", grid=one["code"], n=one["overdue"]) for one in worst
    )
    vacant = measure(figures, "vacant")
    said = [tell("bulletin-drafted-worst", grids=named)]
    return [*said, tell("bulletin-drafted-vacant", n=vacant.part)] if vacant.part else said


def _sentences(said: Sequence[str], language: str) -> str:
    return ("" if language == "zh" else " ").join(said)


def _counts(found: Board) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in COUNTS},
        "reported": sum(week.reported for week in found.weeks),
        "gone": sum(week.gone for week in found.weeks),
    }


def _measures(found: Board) -> dict[str, Measure]:
    return {name: getattr(found, name) for name in MEASURES}


def _week(week: board.Week) -> dict[str, Any]:
    return {
        "first": week.days.first.isoformat(),
        "last": week.days.last.isoformat(),
        **{name: getattr(week, name) for name in ("reported", "gone", "open")},
        "on_time": [week.on_time.part, week.on_time.whole],
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _moments(period: Period, timezone: ZoneInfo) -> dict[str, datetime]:
    since, until = period.moments(timezone)
    return {"since": since, "until": until}


_MONTHS = text("""
    SELECT offered.month::date AS month, report.version, report.edited_at, report.final_at,
        person.name AS editor
    FROM generate_series(0, :count - 1) AS back
    CROSS JOIN LATERAL (SELECT CAST(:last AS date) - make_interval(months => back) AS month) AS offered
    LEFT JOIN month_report AS report ON report.place_id = :place AND report.month = offered.month::date
    LEFT JOIN person ON person.id = report.edited_by
    ORDER BY offered.month DESC
""")
_REPORT = text("""
    SELECT report.*, editor.name AS editor, finisher.name AS finisher
    FROM month_report AS report JOIN person AS editor ON editor.id = report.edited_by
    LEFT JOIN person AS finisher ON finisher.id = report.final_by
    WHERE report.place_id = :place AND report.month = :month
""")
_MAKE = text("""
    INSERT INTO month_report (place_id, month, words, edited_by, edited_at)
    VALUES (:place, :month, CAST(:words AS jsonb), :person, :now)
    ON CONFLICT (place_id, month) DO NOTHING RETURNING version
""")
_CHANGE = text("""
    UPDATE month_report SET words = CAST(:words AS jsonb), version = version + 1,
        edited_by = :person, edited_at = :now
    WHERE place_id = :place AND month = :month AND version = :version AND final_at IS NULL
    RETURNING version
""")
_FINISH = text("""
    UPDATE month_report SET figures = CAST(:figures AS jsonb), final_by = :person, final_at = :now
    WHERE place_id = :place AND month = :month AND version = :version AND final_at IS NULL
    RETURNING version
""")
# Grids in force, and those that were once with as few households as they ever had while they were.
_GRIDS = text(f"""
    SELECT grid.code, grid.community_id, plan.state = 'published' AS in_force,
        min(grid.households)::int AS households
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.published_at IS NOT NULL
    JOIN place AS planned ON planned.id = plan.place_id
    JOIN place ON place.id = grid.community_id
    WHERE grid.{BENEATH} AND (plan.state <> 'published' OR {OF_SMALLEST_PLAN})
    GROUP BY grid.code, grid.community_id, plan.state = 'published' ORDER BY grid.code
""")  # noqa: S608 - constants
_BY_GRID = text(f"""
    SELECT grid_code, sum(overdue)::int AS overdue, sum(reported)::int AS reported FROM (
        SELECT grid_code, count(*) AS overdue, 0 AS reported FROM hazard
        WHERE {WAITING} AND {BENEATH} AND due_at < :now GROUP BY grid_code
        UNION ALL
        SELECT grid_code, 0, count(*) FROM hazard
        WHERE {BENEATH} AND reported_at >= :since AND reported_at < :until GROUP BY grid_code
    ) AS counted WHERE grid_code IS NOT NULL GROUP BY grid_code
""")  # noqa: S608 - constants
