"""`given_registers` with a row of every personal table in each grid, and ages for the retention."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import inspect, select, text, tuple_
from sqlalchemy.orm import Session

from app.models import (
    Employer,
    Helper,
    Letter,
    Need,
    OwnCode,
    Promise,
    Referral,
    Rental,
    Service,
    SubjectRequest,
    Tenancy,
    Visit,
)
from app.models.base import Base
from app.services import id_numbers, identities
from app.services.personal import open_places
from tests.services.mapped import DISTRICT, HOUSEHOLDS
from tests.services.registered import FIRST_DAY, Registered, close, given_registers
from tests.services.standing import where_it_stands

CANARY_EMPLOYER, CANARY_CONTACT, CANARY_PROMISE = "用工金丝雀", "联系人金丝雀", "承诺金丝雀"
CANARY_NEED, CANARY_RESULT, CANARY_REQUEST = "需求金丝雀", "转介金丝雀", "申请金丝雀"
CANARY_HEAD = "楼长金丝雀"
IDENTITY_KEY = b"identity numbers of tests are kept under it"
BORN = date(1990, 1, 1)
NOON = datetime(2026, 2, 2, 4, tzinfo=UTC)


def given_everything(session: Session) -> Registered:
    """A row of every table of the registers in each grid; every word of a person is a canary."""
    return where_it_stands(session, "fully_registered", _make)


def _make(session: Session) -> Registered:
    made = given_registers(session)
    open_places(session, [DISTRICT], "import")
    service = session.scalars(select(Service).order_by(Service.id)).first()
    assert service is not None
    for grid in HOUSEHOLDS:
        _everything_of(session, made, grid, service.id)
    session.flush()
    identities.bring_in(
        open_places(session, [DISTRICT], "import"),
        [
            identities.Brought(first.id, first.building_id, first.community_id, BORN, number_of(grid), True)
            for grid, (first, _) in made.residents.items()
        ],
        IDENTITY_KEY,
    )
    close(session)
    return made


def number_of(grid: str) -> str:
    """An invented identity number of the first resident of a grid: of no place there is."""
    digits = f"990101{BORN:%Y%m%d}{701 + list(HOUSEHOLDS).index(grid)}"
    return digits + id_numbers.check_of(digits)


def _everything_of(session: Session, made: Registered, grid: str, service_id: int) -> None:
    home, let = made.households[grid]
    seat = {"building_id": home.building_id, "community_id": home.community_id}
    person = made.map.coordinator
    rental = session.scalars(select(Rental).where(Rental.building_id == home.building_id)).one()
    tenancy = Tenancy(rental_id=rental.id, household_id=let.id, from_on=FIRST_DAY, **seat)
    employer = Employer(
        building_id=home.building_id,
        name=f"{CANARY_EMPLOYER}{grid}",
        contact_name=f"{CANARY_CONTACT}{grid}",
        contact_phone="19900990000",
        begun_on=FIRST_DAY,
    )
    visit = Visit(
        client_id=str(uuid5(NAMESPACE_URL, grid)),
        dwelling_id=home.dwelling_id,
        household_id=home.id,
        person_id=person.id,
        result="met",
        verified=True,
        happened_at=NOON,
        **seat,
    )
    need = Need(
        household_id=home.id,
        service_id=service_id,
        purpose=f"{CANARY_NEED}{grid}",
        consented_at=NOON,
        until_on=NOON.date() + timedelta(days=180),
        owner_id=person.id,
        code_hash=_hash("need", grid),
        **seat,
    )
    head = Helper(building_id=home.building_id, name=f"{CANARY_HEAD}{grid}", begun_on=FIRST_DAY)
    session.add_all([tenancy, employer, head, visit, need])
    session.flush()
    session.add_all(
        [
            Letter(rental_id=rental.id, kind="contract", signed_on=FIRST_DAY, **seat),
            Promise(visit_id=visit.id, promised=f"{CANARY_PROMISE}{grid}", due_on=date(2026, 3, 1), **seat),
            Referral(
                need_id=need.id,
                office="Office",
                owner_id=person.id,
                made_on=FIRST_DAY,
                due_on=FIRST_DAY + timedelta(days=15),
                result=f"{CANARY_RESULT}{grid}",
                result_on=FIRST_DAY + timedelta(days=9),
                **seat,
            ),
            SubjectRequest(
                household_id=home.id,
                kind="correct",
                words=f"{CANARY_REQUEST}{grid}",
                made_at=NOON,
                due_on=date(2026, 3, 4),
                **seat,
            ),
            OwnCode(
                household_id=home.id,
                code_hash=_hash("code", grid),
                made_at=NOON,
                expires_at=NOON + timedelta(days=7),
                **seat,
            ),
        ]
    )
    session.flush()


def canaries(session: Session) -> dict[str, int]:
    """Every planted word of a person and the building it belongs to; asked by who sees all rows."""
    question = text("""
        SELECT name, building_id FROM resident UNION ALL SELECT phone, building_id FROM resident
        UNION ALL SELECT name, building_id FROM landlord
        UNION ALL SELECT name, building_id FROM employer
        UNION ALL SELECT contact_name, building_id FROM employer
        UNION ALL SELECT name, building_id FROM helper
        UNION ALL SELECT promised, building_id FROM promise UNION ALL SELECT purpose, building_id FROM need
        UNION ALL SELECT result, building_id FROM referral
        UNION ALL SELECT words, building_id FROM subject_request
    """)
    return {word: building for word, building in session.execute(question)}  # noqa: C416


def _hash(what: str, grid: str) -> bytes:
    return hashlib.sha256(f"{what} {grid}".encode()).digest()


def kept_loaded(session: Session, made: Registered) -> Registered:
    """Commit, with every object read and let go of: no later transaction may be allowed to read it again."""
    open_places(session, [DISTRICT], "import")
    kinds: dict[type[Base], list[Base]] = {}
    for row in session:
        kinds.setdefault(type(row), []).append(row)
    for kind, rows in kinds.items():  # one question for all of a table: there are hundreds of rows
        keys = [inspect(row).identity for row in rows]
        those = select(kind).where(tuple_(*inspect(kind).primary_key).in_(keys))
        read = session.scalars(those.execution_options(populate_existing=True)).all()
        assert len(read) == len(rows)
    session.expunge_all()
    session.commit()
    return made
