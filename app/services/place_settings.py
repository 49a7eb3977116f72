"""Settings of a place: its own, else those of the nearest place above that has some, else what is usual."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import Place
from app.services import audit
from app.services.jobs import place_called


@dataclass(frozen=True)
class PlaceSettings:
    """How a place works. set_at: code of the place whose settings these are; None: nobody set any."""

    managers_publish_alone: bool = True
    set_at: str | None = None


def settings_of(session: Session, place: Place) -> PlaceSettings:
    """What holds for a place."""
    row = session.execute(_NEAREST, {"path": place.path}).first()
    return PlaceSettings() if row is None else PlaceSettings(row.managers_publish_alone, row.code)


def settings_at(session: Session, code: str) -> PlaceSettings:
    """What holds for the place with this code."""
    return settings_of(session, place_called(session, code))


def change_settings(
    session: Session, code: str, actor_id: int | None, *, managers_publish_alone: bool
) -> PlaceSettings:
    """Set how a place and all beneath it work that have no settings of their own."""
    place = place_called(session, code)
    facts = {"managers_publish_alone": managers_publish_alone}
    session.execute(_CHANGE, {"place": place.id, "actor": actor_id, **facts})
    audit.record(session, actor_id, "place.settings", f"place {code}", facts)
    return settings_of(session, place)


_NEAREST = text("""
    SELECT place.code, managers_publish_alone
    FROM place_setting JOIN place ON place.id = place_setting.place_id
    WHERE place.path @> CAST(:path AS ltree) ORDER BY nlevel(place.path) DESC LIMIT 1
""")
_CHANGE = text("""
    INSERT INTO place_setting (place_id, managers_publish_alone, changed_by)
    VALUES (:place, :managers_publish_alone, :actor)
    ON CONFLICT (place_id) DO UPDATE SET managers_publish_alone = excluded.managers_publish_alone,
        changed_by = excluded.changed_by, changed_at = now()
""")
