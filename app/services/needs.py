"""Help that a household asked for: by consent, until a day, handed to an office, followed by a code.

Somebody who refuses leaves no row, and who withdraws takes the row and all that hangs on it along: of a
need the audit names the number alone, never whose it was.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Household, Need, Referral, Resident, Service
from app.services import audit, throttle
from app.services.own_codes import spaced
from app.services.personal import Registers

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another: 31
CODE_LENGTH = 12  # 59 bits
ONE_DAY, USUALLY_KEPT = timedelta(days=1), timedelta(days=180)
LONGEST_KEPT = timedelta(days=730)
LONGEST_TEXT = 300
OPEN_STATES = ("open", "referred")
PAGE = 200


@dataclass(frozen=True)
class Asked:
    """What a household asks for. consents: they were told what is written down, and agree.

    code: to follow it by, where it was made and handed over at the door; else one is made.
    """

    service: str
    purpose: str
    until_on: date
    consents: bool
    resident_id: int | None = None
    code: str | None = None


# --- Asking for help --------------------------------------------------------------------------------------


def catalogue(session: Session) -> list[dict[str, Any]]:
    """The services that may be asked for: names in both languages, and the office that does them."""
    return [dict(row) for row in session.execute(_CATALOGUE).mappings()]


def ask(
    registers: Registers,
    household_id: int,
    asked: Asked,
    owner_id: int,
    key: bytes,
    now: datetime,
    today: date,
) -> tuple[int, str]:
    """Write down a need with its owner; returns its id and the code to hand over, which is kept nowhere.

    key: what the code is hashed with. Refused with `need_without_consent`, `service_unknown`, `not_found`,
    `fields_malformed`, `need_kept_too_long`, `need_code_taken`.
    """
    if not asked.consents:
        raise Refusal("need_without_consent")
    purpose = _said("purpose", asked.purpose)
    if not today < asked.until_on <= today + LONGEST_KEPT:
        raise Refusal("need_kept_too_long", last=today + LONGEST_KEPT)
    service = registers.session.execute(_SERVICE, {"code": asked.service}).first()
    if service is None:
        raise Refusal("service_unknown")
    household = registers.find(Household, household_id)
    if household.ended_on is not None:
        raise Refusal("not_found")
    whom = asked.resident_id
    if whom is not None and registers.find(Resident, whom).household_id != household_id:
        raise Refusal("not_found")
    code = _code_at_the_door(registers, asked.code, key) or "".join(
        secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)
    )
    need = Need(
        household_id=household_id,
        building_id=household.building_id,
        community_id=household.community_id,
        resident_id=asked.resident_id,
        service_id=service.id,
        purpose=purpose,
        consented_at=now,
        until_on=asked.until_on,
        owner_id=owner_id,
        code_hash=hashed(key, code),
        made_at=now,
    )
    registers.session.add(need)
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "need.made", f"need {need.id}")
    return need.id, spaced(code)


def _code_at_the_door(registers: Registers, said: str | None, key: bytes) -> str | None:
    """The code that was handed over already, without what it was grouped by."""
    if said is None:
        return None
    plain = plain_code(said)
    if len(plain) != CODE_LENGTH:
        raise Refusal("fields_malformed", fields="code")
    if follow_exists(registers.session, plain, key):
        raise Refusal("need_code_taken")
    return plain


def follow_exists(session: Session, code: str, key: bytes) -> bool:
    """Whether a need has this code, whosever it is."""
    return session.execute(_FOLLOW, {"hash": hashed(key, code)}).first() is not None


def withdraw(registers: Registers, need_id: int) -> int:
    """The household wants it no more: the need goes with its referrals. Returns the household."""
    need = registers.find(Need, need_id)
    household_id = need.household_id
    registers.session.delete(need)
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "need.withdrawn", f"need {need_id}")
    return household_id


# --- Referring --------------------------------------------------------------------------------------------


def refer(registers: Registers, need_id: int, office: str, today: date, due_on: date | None = None) -> int:
    """Hand a need to an office, which is to answer by a day (else within the days of the service).

    Refused with `need_done`, `fields_malformed`, `day_before_another`.
    """
    need = registers.find(Need, need_id)
    if need.state == "done":
        raise Refusal("need_done")
    service = registers.session.get_one(Service, need.service_id)
    due_on = due_on or today + timedelta(days=service.days)
    if due_on < today:
        raise Refusal("day_before_another", day=due_on, earlier=today)
    referral = Referral(
        need_id=need_id,
        building_id=need.building_id,
        community_id=need.community_id,
        office=_said("office", office),
        owner_id=need.owner_id,
        made_on=today,
        due_on=due_on,
    )
    registers.session.add(referral)
    need.state = "referred"
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "need.referred", f"need {need_id}")
    return referral.id


def answer(
    registers: Registers, need_id: int, referral_id: int, result: str, today: date, *, is_done: bool
) -> None:
    """Write down what came of a referral; the need is done with it, or goes on.

    Refused with `not_found`, `referral_answered`, `fields_malformed`.
    """
    need = registers.find(Need, need_id)
    referral = registers.find(Referral, referral_id)
    if referral.need_id != need_id:
        raise Refusal("not_found")
    if referral.result_on is not None:
        raise Refusal("referral_answered")
    referral.result, referral.result_on = _said("result", result), today
    need.state = "done" if is_done else "open"
    registers.session.flush()
    audit.record(registers.session, registers.person_id, "need.answered", f"need {need_id}")


# --- Reading ----------------------------------------------------------------------------------------------


def need(registers: Registers, need_id: int, today: date) -> dict[str, Any]:
    """A need with whose it is and its referrals; the read is logged."""
    row = registers.session.execute(_ONE, {"need": need_id}).mappings().first()
    if row is None:
        raise Refusal("not_found")
    registers.seen("view", f"need {need_id}", [row["household_id"]])
    return _told(registers, [row], today)[0]


def panel(registers: Registers, household_id: int, today: date) -> dict[str, Any]:
    """What the page of a household shows of its needs, the open ones first.

    Whoever shows it says so (`Registers.seen`) with the household.
    """
    rows = registers.session.execute(_OF_HOUSEHOLD, {"household": household_id}).mappings().all()
    return {"household_id": household_id, "needs": _told(registers, rows, today)}


def due(
    registers: Registers, today: date, *, owner_id: int | None = None, after: int = 0
) -> list[dict[str, Any]]:
    """Needs that are not done, as a list shows them: without names, the oldest first; the read is logged.

    owner_id: of one owner alone. after: id of the last one seen; PAGE rows at most.
    """
    asked = {"owner": owner_id, "after": after, "most": PAGE}
    rows = registers.session.execute(_OPEN, asked).mappings().all()
    registers.seen("view", "needs", [row["household_id"] for row in rows])
    return _told(registers, rows, today)


def asking(registers: Registers, household_id: int) -> dict[str, Any]:
    """What the form of a need is filled with: where, and who lives there; the read is logged."""
    row = registers.session.execute(_HOUSEHOLD, {"household": household_id}).mappings().first()
    if row is None:
        raise Refusal("not_found")
    residents = registers.session.execute(_RESIDENTS, {"household": household_id}).mappings().all()
    registers.seen("view", f"household {household_id}", [household_id])
    return {**row, "residents": [dict(one) for one in residents]}


def _told(registers: Registers, rows: Sequence[Any], today: date) -> list[dict[str, Any]]:
    """Needs with their referrals, and whether an answer is overdue."""
    asked = {"needs": [row["id"] for row in rows]}
    referrals: dict[int, list[dict[str, Any]]] = {}
    for one in registers.session.execute(_REFERRALS, asked).mappings():
        overdue = one["result_on"] is None and one["due_on"] < today
        referrals.setdefault(one["need_id"], []).append({**one, "overdue": overdue})
    return [
        {
            **row,
            "referrals": referrals.get(row["id"], []),
            "overdue": any(one["overdue"] for one in referrals.get(row["id"], [])),
        }
        for row in rows
    ]


# --- Following by the code --------------------------------------------------------------------------------


def follow(session: Session, code: str, key: bytes) -> dict[str, Any] | None:
    """What became of the need whose code somebody holds, without names; None where no need has it.

    That it was looked at is written down for the household.
    """
    rows = session.execute(_FOLLOW, {"hash": hashed(key, code)}).mappings().all()
    if not rows:
        return None
    first = rows[0]
    Registers(session, "own-data", None).seen("view", f"need {first['need_id']}", [first["household_id"]])
    return {
        "name_en": first["name_en"],
        "name_zh": first["name_zh"],
        "state": first["state"],
        "made_at": first["made_at"],
        "until_on": first["until_on"],
        "referrals": [dict(row) for row in rows if row["office"] is not None],
    }


def withdraw_by_code(session: Session, code: str, key: bytes) -> bool:
    """Take back the need whose code somebody holds; whether there was one."""
    withdrawn = session.execute(_WITHDRAW, {"hash": hashed(key, code)}).scalar()
    if withdrawn is not None:
        audit.record(session, None, "need.withdrawn", f"need {withdrawn}")
    return withdrawn is not None


def attempt(session: Session, key: bytes, client: str, now: datetime) -> int:
    """Write down that a code is about to be tried; `sign_in_too_often` after a few wrong ones from there."""
    return throttle.attempt(session, key, f"follow {client}", client, now)


def succeeded(session: Session, attempt_id: int) -> None:
    """The code was right: the attempts from there count no more."""
    throttle.succeeded(session, attempt_id)


def hashed(key: bytes, code: str) -> bytes:
    """What is kept of a code; typed with spaces, dashes or small letters it is the same."""
    return hmac.new(key, b"need " + plain_code(code).encode(), hashlib.sha256).digest()


def plain_code(said: str) -> str:
    """A code without what it was grouped by, in the letters it is made of."""
    return "".join(sign for sign in said.upper() if sign in CODE_LETTERS)


def _said(field: str, said: str) -> str:
    plain = " ".join(said.split())
    if not 0 < len(plain) <= LONGEST_TEXT:
        raise Refusal("fields_malformed", fields=field)
    return plain


_CATALOGUE = text("SELECT code, name_en, name_zh, office, days FROM service WHERE active ORDER BY id")
_SERVICE = text("SELECT id FROM service WHERE code = :code AND active")
_SHOWN = """
    need.id, need.household_id, need.building_id, need.purpose, need.state, need.until_on, need.made_at,
    need.consented_at, service.code, service.name_en, service.name_zh, service.office, service.days,
    owner.name AS owner, resident.name AS resident, dwelling.code AS dwelling,
    coalesce(building.name, building.code) AS building
    FROM need
    JOIN service ON service.id = need.service_id
    JOIN person AS owner ON owner.id = need.owner_id
    JOIN household ON household.id = need.household_id
    JOIN dwelling ON dwelling.id = household.dwelling_id
    JOIN building ON building.id = need.building_id
    LEFT JOIN resident ON resident.id = need.resident_id
"""
_ONE = text(f"SELECT {_SHOWN} WHERE need.id = :need")
_OF_HOUSEHOLD = text(f"""
    SELECT {_SHOWN} WHERE need.household_id = :household ORDER BY need.state = 'done', need.id DESC
""")
_OPEN = text(f"""
    SELECT {_SHOWN}
    WHERE need.state <> 'done' AND need.id > :after
        AND (CAST(:owner AS bigint) IS NULL OR need.owner_id = :owner)
    ORDER BY need.id LIMIT :most
""")
_REFERRALS = text("""
    SELECT need_id, id, office, made_on, due_on, result, result_on FROM referral
    WHERE need_id = ANY (:needs) ORDER BY id
""")
_HOUSEHOLD = text("""
    SELECT household.id AS household_id, dwelling.code AS dwelling, building.address,
        coalesce(building.name, building.code) AS building
    FROM household JOIN dwelling ON dwelling.id = household.dwelling_id
    JOIN building ON building.id = household.building_id
    WHERE household.id = :household AND household.ended_on IS NULL
""")
_RESIDENTS = text("""
    SELECT resident.id, resident.name FROM resident
    JOIN stay ON stay.resident_id = resident.id AND stay.until_on IS NULL
    WHERE resident.household_id = :household ORDER BY resident.id
""")
_FOLLOW = text("SELECT * FROM follow_need(:hash)")
_WITHDRAW = text("SELECT withdraw_need(:hash)")
