"""What the public sent and staff have not looked at: words that may name somebody, and photos.

Until then nobody is shown it, in no list, case, heat or export. Whoever looks puts out of sight what names
somebody, or drops it; that they did is written down, what it was is not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import audit, hazards
from app.services.access import BIGGEST_ID, REGISTRARS, Actor, require
from app.services.lookup import in_scope
from app.services.named_people import redacted

PAGE = 50


def waiting(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Hazards in the places of who asks with words or photos to look at, the oldest first, PAGE at most.

    Each with the words as they are proposed to be shown; that they were read is written down.
    """
    # Only where they may settle it: a leader's wider place would fill the page with what is not theirs.
    asked = {**in_scope(actor.scope_of(REGISTRARS)), "most": PAGE}
    rows = session.execute(_WAITING, asked).mappings().all()
    photos: dict[int, list[int]] = {}
    for one in session.execute(_PHOTOS, {"hazards": [row["id"] for row in rows]}):
        photos.setdefault(one.hazard_id, []).append(one.id)
    for row in rows:
        audit.record(session, actor.person_id, "hazard.held_read", f"hazard {row['id']}")
    return [
        {
            **row,
            "proposed_site": redacted(row["site"]),
            "proposed": redacted(row["description"]),
            "photos": photos.get(row["id"], []),
        }
        for row in rows
    ]


def count(session: Session, actor: Actor) -> int:
    """How many hazards wait in the places of who asks; nothing of them is read."""
    return int(session.scalar(_COUNT, in_scope(actor.scope_of(REGISTRARS))) or 0)


def settle_words(session: Session, actor: Actor, hazard_id: int, site: str, description: str) -> None:
    """Let these words be shown in place of those held; empty ones drop them.

    Refused with `not_found`, `not_in_scope`, `words_not_held`, `fields_malformed`.
    """
    for name, said, longest in (
        ("site", site, hazards.LONGEST_SITE),
        ("description", description, hazards.LONGEST_TEXT),
    ):
        if len(said) > longest:
            raise Refusal("fields_malformed", fields=name)
    row = _hazard(session, hazard_id)
    require(actor, REGISTRARS, [row.path])
    if not row.held:
        raise Refusal("words_not_held")
    session.execute(_SETTLE, {"hazard": hazard_id, "site": site.strip(), "description": description.strip()})
    dropped = not site.strip() and not description.strip()
    audit.record(
        session, actor.person_id, "hazard.words_settled", f"hazard {hazard_id}", {"dropped": dropped}
    )


def photo(session: Session, actor: Actor, photo_id: int) -> Any:
    """A photo that waits, for who is to look at it: photo, photo_type; `not_found`, `not_in_scope`."""
    row = _photo(session, photo_id)
    require(actor, REGISTRARS, [row.path])
    return row


def settle_photo(session: Session, actor: Actor, photo_id: int, now: datetime, *, shown: bool) -> None:
    """Let a photo be seen by who may see the case, or by nobody; `not_found`, `not_in_scope`."""
    row = _photo(session, photo_id)
    require(actor, REGISTRARS, [row.path])
    asked = {"photo": photo_id, "person": actor.person_id, "now": now, "shown": shown}
    session.execute(_SETTLE_PHOTO, asked)
    audit.record(session, actor.person_id, "hazard.photo_looked", f"hazard {row.hazard_id}", {"shown": shown})


def _hazard(session: Session, hazard_id: int) -> Any:
    row = session.execute(_HAZARD, {"hazard": min(hazard_id, BIGGEST_ID)}).first()
    if row is None:
        raise Refusal("not_found")
    return row


def _photo(session: Session, photo_id: int) -> Any:
    row = session.execute(_PHOTO, {"photo": min(photo_id, BIGGEST_ID)}).first()
    if row is None:
        raise Refusal("not_found")
    return row


# Both indexed by what waits alone, so a million reports that wait for nothing cost nothing.
_THOSE = """
    WITH waiting AS (
        SELECT id FROM hazard WHERE held
        UNION
        SELECT hazard_id FROM hazard_photo WHERE by_public AND looked_by IS NULL
    )
"""
_IN_SCOPE = ":everywhere OR place.path <@ ANY(CAST(:scope AS ltree[]))"
_COUNT = text(f"""{_THOSE}
    SELECT count(*) FROM waiting JOIN hazard USING (id) JOIN place ON place.id = hazard.community_id
    WHERE {_IN_SCOPE}
""")  # noqa: S608 (constants)
_WAITING = text(f"""{_THOSE}
    SELECT hazard.id, hazard.kind, hazard_kind.name_en, hazard_kind.name_zh, hazard.site,
        hazard.description, hazard.held, hazard.reported_at, hazard.grid_code, place.name AS community,
        place.path::text AS path, coalesce(building.name, building.address, building.code) AS building
    FROM waiting JOIN hazard USING (id)
    JOIN hazard_kind ON hazard_kind.code = hazard.kind
    JOIN place ON place.id = hazard.community_id
    LEFT JOIN building ON building.id = hazard.building_id
    WHERE {_IN_SCOPE}
    ORDER BY hazard.reported_at, hazard.id LIMIT :most
""")  # noqa: S608 (constants)
_PHOTOS = text("""
    SELECT id, hazard_id FROM hazard_photo
    WHERE hazard_id = ANY(:hazards) AND by_public AND looked_by IS NULL ORDER BY id
""")
_HAZARD = text("""
    SELECT held, place.path::text AS path FROM hazard JOIN place ON place.id = community_id
    WHERE hazard.id = :hazard FOR NO KEY UPDATE OF hazard
""")
_SETTLE = text("""
    UPDATE hazard SET site = :site, description = :description, held = false WHERE id = :hazard
""")
_PHOTO = text("""
    SELECT photo, photo_type, hazard_id, place.path::text AS path
    FROM hazard_photo JOIN hazard ON hazard.id = hazard_id JOIN place ON place.id = hazard.community_id
    WHERE hazard_photo.id = :photo AND by_public AND looked_by IS NULL
""")
_SETTLE_PHOTO = text("""
    UPDATE hazard_photo SET looked_by = :person, looked_at = :now, shown = :shown WHERE id = :photo
""")
