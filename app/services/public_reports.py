"""What anybody reports of a site, without signing in: written down as a hazard, its words looked at first.

It is about a place: a building or a point, one of the kinds the public may report. Words that may name
somebody are held, and photos shown to nobody, until staff have looked (`held.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import case_photos, follow_codes, hazards
from app.services.named_people import found_in

MOST_PHOTOS = 3
LONGEST_SITE, LONGEST_TEXT = hazards.LONGEST_SITE, 1_000


@dataclass(frozen=True)
class Said:
    """What somebody reports. sent_as: made with the form, so that a form sent twice is one report."""

    sent_as: UUID
    kind: str
    site: str = ""
    description: str = ""
    building_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    photos: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A report that is written down. held: its words wait for staff. code: to follow it by, told once."""

    hazard_id: int
    grid_code: str | None
    code: str
    held: bool
    photos: int


def kinds(session: Session) -> list[dict[str, Any]]:
    """What the public may report, in its order."""
    return hazards.kinds(session, for_public=True)


def take(session: Session, said: Said, key: bytes, now: datetime) -> Taken:
    """Write a report down. key: what codes are made and hashed with. now: in the zone of the city.

    Refused as `hazards.report` is, and with `photos_too_many` and what `case_photos.add` says of a photo.
    """
    if len(said.photos) > MOST_PHOTOS:
        raise Refusal("photos_too_many", most=MOST_PHOTOS)
    if len(said.description) > LONGEST_TEXT:
        raise Refusal("fields_malformed", fields="description")
    if said.building_id is not None:
        said = replace(said, lon=None, lat=None)
    code = follow_codes.code_of(key, said.sent_as)
    held = bool(found_in(said.site) or found_in(said.description))
    report = hazards.Report(
        kind=said.kind,
        reported_at=now,
        building_id=said.building_id,
        lon=said.lon,
        lat=said.lat,
        site=said.site,
        description=said.description,
        client_id=said.sent_as,
        origin="public",
        held=held,
        follow_hash=follow_codes.hashed(key, code),
    )
    made = hazards.report(session, None, report, now)
    for photo in said.photos:
        case_photos.add(session, made.id, photo, by_public=True)
    return Taken(made.id, made.grid_code, code, held, len(said.photos))
