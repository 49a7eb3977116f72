"""Mediation: disputes settled before they grow. The file is its mediator's alone; others know how many.

Parties stand in it by their initials. It is on no map, in no ledger and in no export.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Mediation
from app.models.station import OUTCOMES, PARTY
from app.services import audit
from app.services.access import REGISTRARS, Actor, require
from app.services.jobs import place_called

INITIALS = re.compile(f"{PARTY}( {PARTY}){{1,5}}")
LONGEST = 2_000


def enter(session: Session, actor: Actor) -> None:
    """Let this transaction see the files of who asks, and no others."""
    session.execute(_ENTER, {"mediator": str(actor.person_id)})


def take_on(session: Session, actor: Actor, place_code: str, parties: str, about: str, today: date) -> int:
    """Open a file; its id. Refused with `parties_not_initials`: two to six of them."""
    place = place_called(session, place_code)
    require(actor, REGISTRARS, [place.path])
    parties, about = " ".join(parties.split()), about.strip()
    if not INITIALS.fullmatch(parties):
        raise Refusal("parties_not_initials")
    if not about or len(about) > LONGEST:
        raise Refusal("fields_malformed", fields="about")
    enter(session, actor)
    made = Mediation(
        place_id=place.id, mediator_id=actor.person_id, parties=parties, about=about, opened_on=today
    )
    session.add(made)
    session.flush()
    audit.record(session, actor.person_id, "mediation.opened", f"mediation {made.id}")
    return made.id


def close(session: Session, actor: Actor, mediation_id: int, outcome: str, today: date) -> None:
    """Close one's own file; `not_found` for another's or one that is closed."""
    if outcome not in OUTCOMES:
        raise Refusal("fields_malformed", fields="outcome")
    enter(session, actor)
    made = session.get(Mediation, mediation_id)
    if made is None or made.outcome is not None:
        raise Refusal("not_found")
    made.outcome, made.closed_on = outcome, today
    session.flush()
    audit.record(
        session, actor.person_id, "mediation.closed", f"mediation {mediation_id}", {"outcome": outcome}
    )


def own(session: Session, actor: Actor) -> Sequence[Row[Any]]:
    """One's own files, open ones first."""
    enter(session, actor)
    return session.execute(_OWN).all()


_ENTER = text("SELECT set_config('gridkeeper.mediator', :mediator, true)")
_OWN = text("""
    SELECT mediation.id, parties, about, opened_on, outcome, closed_on, place.name AS place
    FROM mediation JOIN place ON place.id = place_id
    ORDER BY outcome IS NOT NULL, opened_on DESC, mediation.id DESC LIMIT 200
""")
