"""Photos of a site: drawn anew, without what the camera wrote beside them; sent twice, kept once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import hazards, scans
from app.services.access import REGISTRARS, Actor, require

MOST_BYTES = 8_000_000
LONGEST_SIDE = 1_600  # pixels: a meter's hose can be told, and a phone sends it over one bar of signal
MOST_PHOTOS = 12  # of a hazard
SHOWS = ("before", "after")


def add(
    session: Session,
    hazard_id: int,
    sent: bytes,
    shows: str = "before",
    *,
    by_public: bool = False,
) -> int:
    """Keep a photo of a hazard; its id, that of the first where it was sent before.

    One of the public waits until staff have looked. Refused with `scan_too_large`, `scan_type_unknown`,
    `scan_damaged`, `photos_too_many`. Whoever calls has looked whether the hazard is theirs.
    """
    if shows not in SHOWS:
        raise Refusal("fields_malformed", fields="shows")
    asked = {"hazard": hazard_id, "hash": hashlib.sha256(sent).digest()}
    kept = session.scalar(_KEPT, asked)
    if kept is not None:
        return int(kept)
    session.execute(_LOCK, asked)  # so that two at once are counted
    if (session.scalar(_COUNT, asked) or 0) >= MOST_PHOTOS:
        raise Refusal("photos_too_many", most=MOST_PHOTOS)
    drawn = scans.drawn_anew(sent, LONGEST_SIDE, MOST_BYTES)
    row = {**asked, "shows": shows, "photo": drawn, "type": scans.JPEG, "public": by_public}
    made = session.scalar(_ADD, row)
    return int(made if made is not None else session.scalar(_KEPT, asked) or 0)


def add_there(session: Session, actor: Actor, hazard_id: int, read: Callable[[], bytes], shows: str) -> int:
    """Keep a photo sent by somebody who keeps the registers where the hazard is; read for nobody else.

    Refused with `not_found` and `not_in_scope`, then as reading it is, then as `add` says.
    """
    require(actor, REGISTRARS, [hazards.path_of(session, hazard_id)])
    return add(session, hazard_id, read(), shows)


def photo(session: Session, photo_id: int) -> Any:
    """A photo with its type and the path of its hazard's community; `not_found` where none is to be shown."""
    row = session.execute(_PHOTO, {"photo": photo_id}).first()
    if row is None:
        raise Refusal("not_found")
    return row


_KEPT = text("SELECT id FROM hazard_photo WHERE hazard_id = :hazard AND hash = :hash")
_LOCK = text("SELECT id FROM hazard WHERE id = :hazard FOR NO KEY UPDATE")
_COUNT = text("SELECT count(*) FROM hazard_photo WHERE hazard_id = :hazard")
_ADD = text("""
    INSERT INTO hazard_photo (hazard_id, shows, photo, photo_type, hash, by_public, shown)
    VALUES (:hazard, :shows, :photo, :type, :hash, :public, NOT :public)
    ON CONFLICT (hazard_id, hash) DO NOTHING RETURNING id
""")
_PHOTO = text("""
    SELECT photo, photo_type, place.path::text AS path
    FROM hazard_photo JOIN hazard ON hazard.id = hazard_id JOIN place ON place.id = hazard.community_id
    WHERE hazard_photo.id = :photo AND shown
""")
