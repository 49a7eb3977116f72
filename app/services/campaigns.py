"""Targets of campaigns: the share that is to be reached by a day, and what was reached on each day until now.

What is counted are cases and sites, so that nothing here tells of households or of anybody. No place is set
beside another, and no share stands without what it is of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Campaign
from app.models.campaigns import CAMPAIGN_MEASURES
from app.services import audit
from app.services.access import OVERSEERS, Actor, require
from app.services.board import place_called
from app.services.measures import Measure, rounded
from app.services.periods import Period

MEASURES = CAMPAIGN_MEASURES
LONGEST_NAME = 80
LONGEST_DAYS = 366
MOST_SHOWN = 8
WHOLE_PERCENT = 100


@dataclass(frozen=True)
class Wanted:
    """A target to be set. kind: of hazards, None for all. target_percent: 1 to 100."""

    name_zh: str
    name_en: str
    measure: str
    kind: str | None
    target_percent: int
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Standing:
    """A campaign and how it stands.

    period: its first day to its last. reached: what was so at the end of each day until today, or until the
    day it ended.
    """

    campaign: Row[tuple[object, ...]]
    period: Period
    reached: list[Measure]
    today: date

    @property
    def now(self) -> Measure:
        """What is reached."""
        return self.reached[-1] if self.reached else Measure(0, 0)

    @property
    def state(self) -> str:
        """`ahead`, `behind`, `reached` or `missed`; `empty` where there is nothing to count yet, `to come`
        before its first day.
        """
        share = self.now.percent()
        if not self.reached:
            return "to come"
        if share is None:
            return "empty"
        if share >= self.campaign.target_percent:
            return "reached"
        if self.today > self.period.last:
            return "missed"
        return "ahead" if share >= self.aimed()[len(self.reached) - 1] else "behind"

    def aimed(self) -> list[Decimal]:
        """The line to the target, in percent, one for each day: from what was so at first, evenly."""
        begins = (self.reached[0].percent() if self.reached else None) or Decimal(0)
        return aimed(begins, self.campaign.target_percent, self.period.days)


def aimed(begins: Decimal, target: int, days: int) -> list[Decimal]:
    """A line from a share to a target over so many days, in percent; flat where it is reached at first.

    >>> [str(share) for share in aimed(Decimal(20), 80, 4)]
    ['20.0', '40.0', '60.0', '80.0']
    """
    first = min(begins, Decimal(target))
    return [rounded(first + (target - first) * at / max(days - 1, 1), 1) for at in range(days)]


def set_target(session: Session, actor: Actor, place_code: str, wanted: Wanted, today: date) -> int:
    """Set a target for a place; its id. Refused with `campaign_days`, `fields_malformed` and more."""
    place = place_called(session, place_code)
    require(actor, OVERSEERS, [place.path])
    first, last = wanted.from_on, wanted.until_on
    if not (first < last <= first + timedelta(days=LONGEST_DAYS)) or last < today:
        raise Refusal("campaign_days", first=first.isoformat(), last=last.isoformat())
    name_zh, name_en = wanted.name_zh.strip(), wanted.name_en.strip()
    kinds = session.scalars(text("SELECT code FROM hazard_kind")).all()
    malformed = {
        "name_zh": not 0 < len(name_zh) <= LONGEST_NAME,
        "name_en": len(name_en) > LONGEST_NAME,
        "measure": wanted.measure not in MEASURES,
        "kind": wanted.kind is not None and (wanted.measure != "closed" or wanted.kind not in kinds),
        "target": not 1 <= wanted.target_percent <= WHOLE_PERCENT,
    }
    if any(malformed.values()):
        raise Refusal(
            "fields_malformed", fields=", ".join(name for name, is_so in malformed.items() if is_so)
        )
    made = Campaign(
        place_id=place.id,
        name_zh=name_zh,
        name_en=name_en,
        measure=wanted.measure,
        kind=wanted.kind,
        target_percent=wanted.target_percent,
        from_on=first,
        until_on=last,
        person_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    facts = {"place": place_code, "measure": wanted.measure, "target": wanted.target_percent}
    audit.record(session, actor.person_id, "campaign.set", f"campaign {made.id}", facts)
    return made.id


def take_back(session: Session, actor: Actor, campaign_id: int) -> None:
    """Take a target back; `not_found` where there is none."""
    row = session.execute(_ONE, {"campaign": campaign_id}).first()
    if row is None:
        raise Refusal("not_found")
    require(actor, OVERSEERS, [row.path])
    session.execute(text("DELETE FROM campaign WHERE id = :campaign"), {"campaign": campaign_id})
    audit.record(
        session, actor.person_id, "campaign.taken_back", f"campaign {campaign_id}", {"name": row.name_zh}
    )


def standing(session: Session, path: str, now: datetime, timezone: ZoneInfo) -> list[Standing]:
    """The campaigns of a place and of all beneath it, the soonest to end first, those over after them."""
    today = now.astimezone(timezone).date()
    rows = session.execute(_OF_PLACE, {"path": path, "today": today, "most": MOST_SHOWN}).all()
    return [_standing(session, row, today, timezone) for row in rows]


def _standing(session: Session, row: Row[tuple[object, ...]], today: date, timezone: ZoneInfo) -> Standing:
    period = Period(row.from_on, row.until_on)
    until = Period(row.from_on, min(row.until_on, today))
    reached = _reached(session, row, until, timezone) if until.last >= until.first else []
    return Standing(row, period, reached, today)


def _reached(
    session: Session, row: Row[tuple[object, ...]], until: Period, timezone: ZoneInfo
) -> list[Measure]:
    begins, after = until.moments(timezone)
    asked = {
        "path": row.path,
        "kind": row.kind,
        "first": until.first,
        "last": until.last,
        "begins": begins,
        "after": after,
        "zone": timezone.key,
    }
    days = session.execute(_BY_DAY[row.measure], asked).all()
    return [Measure(day.part, day.whole) for day in days]


_COLUMNS = """
    SELECT campaign.id, name_zh, name_en, measure, kind, target_percent, from_on, until_on,
        place.code AS place_code, place.name AS place, place.name_pinyin AS place_pinyin,
        place.path::text AS path
    FROM campaign JOIN place ON place.id = place_id
"""
_ONE = text(f"{_COLUMNS} WHERE campaign.id = :campaign")
_OF_PLACE = text(f"""
    {_COLUMNS} WHERE place.path <@ CAST(:path AS ltree)
    ORDER BY until_on < :today, abs(until_on - CAST(:today AS date)), campaign.id LIMIT :most
""")
# Day by day, how many there were until its end, and of how many it was so.
_SUMMED = """
    SELECT CAST(sum(coalesce(came.n, 0)) OVER (ORDER BY day) AS integer) AS whole,
        CAST(sum(coalesce(went.n, 0)) OVER (ORDER BY day) AS integer) AS part
    FROM generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day') AS day
    LEFT JOIN (SELECT came, count(*) AS n FROM counted GROUP BY came) AS came ON came = CAST(day AS date)
    LEFT JOIN (SELECT went, count(*) AS n FROM counted GROUP BY went) AS went ON went = CAST(day AS date)
    ORDER BY day
"""
_BY_DAY = {
    # Those that stood open when it began and those reported since; refused ones and duplicates were none.
    "closed": text(f"""
        WITH counted AS (
            SELECT greatest(CAST(reported_at AT TIME ZONE :zone AS date), CAST(:first AS date)) AS came,
                CAST(closed_at AT TIME ZONE :zone AS date) AS went
            FROM hazard JOIN place ON place.id = community_id
            WHERE place.path <@ CAST(:path AS ltree) AND state NOT IN ('refused', 'duplicate')
                AND (CAST(:kind AS text) IS NULL OR hazard.kind = :kind)
                AND reported_at < :after AND (closed_at IS NULL OR closed_at >= :begins)
        )
        {_SUMMED}
    """),  # noqa: S608 (constants)
    # Sites that are inspected again and again, as they are now; each counts from its first time on.
    "inspected": text(f"""
        WITH counted AS (
            SELECT CAST(:first AS date) AS came, (
                SELECT min(done_on) FROM inspection_done
                WHERE inspection_id = inspection.id AND done_on BETWEEN :first AND :last
            ) AS went
            FROM inspection JOIN place ON place.id = community_id
            WHERE place.path <@ CAST(:path AS ltree) AND ended_on IS NULL
        )
        {_SUMMED}
    """),  # noqa: S608 (constants)
}


def names(rows: Sequence[Standing], language: str) -> dict[int, str]:
    """What campaigns are called in a language; in Chinese where there is no English."""
    return {
        one.campaign.id: (one.campaign.name_en if language == "en" else "") or one.campaign.name_zh
        for one in rows
    }
