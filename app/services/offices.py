"""What is shown to the public of the office behind the grids of a place: phones, hours, address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services import audit
from app.services.find import OFFICE_COLUMNS
from app.services.jobs import place_called

LONGEST = 200


def office(session: Session, code: str) -> dict[str, Any]:
    """The office of a place: its own, else that of the nearest place above; `set_at` tells whose, or None."""
    place = place_called(session, code)
    row = session.execute(_NEAREST, {"path": place.path}).mappings().first()
    return dict(row) if row else {**dict.fromkeys(OFFICE_COLUMNS, ""), "set_at": None}


def change(session: Session, code: str, said: Mapping[str, str], person_id: int) -> None:
    """Write down what is shown of an office; `fields_malformed` for what is too long."""
    told = {name: " ".join(said.get(name, "").split()) for name in OFFICE_COLUMNS}
    too_long = [name for name, value in told.items() if len(value) > LONGEST]
    if too_long:
        raise Refusal("fields_malformed", fields=", ".join(too_long))
    place = place_called(session, code)
    session.execute(_CHANGE, {**told, "place": place.id, "person": person_id})
    audit.record(session, person_id, "office.changed", f"place {code}", told)


_COLUMNS = ", ".join(OFFICE_COLUMNS)
_NEAREST = text(f"""
    SELECT {_COLUMNS}, code AS set_at FROM office JOIN place ON place.id = office.place_id
    WHERE place.path @> CAST(:path AS ltree) ORDER BY nlevel(place.path) DESC LIMIT 1
""")  # noqa: S608 (constants)
_CHANGE = text(f"""
    INSERT INTO office (place_id, {_COLUMNS}, changed_by)
    VALUES (:place, {", ".join(f":{name}" for name in OFFICE_COLUMNS)}, :person)
    ON CONFLICT (place_id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in OFFICE_COLUMNS)},
        changed_by = excluded.changed_by, changed_at = now()
""")  # noqa: S608 (constants)
