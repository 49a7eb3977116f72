"""Birth date and identity number of a resident, where the rules of a place have them: kept, shown, revealed.

Both are off in every pack that is shipped. Of a number are kept a keyed hash, by which one and the same is
known again, and its last four characters. The whole number is kept only where the exchange file of the place
must have it: encrypted, and told only to who says why, with a line in the audit that its resident reads.

The keys are made of one that stands in the configuration and in no table. Each number has a key of its own,
bound to its resident: what is copied to another row cannot be read there, and a statement that is seen on its
way to the database gives away the number that stands in it anyway, and no other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError

from app.errors import Refusal
from app.services import audit, id_numbers, rule_packs
from app.services.personal import Registers
from app.services.rules import Identity

TOLD = ("birth_date", "id_number")  # as they are called where somebody tells them
LEAST_REASON, LONGEST_REASON = 8, 300  # characters
MOST_REVEALED, WITHIN = 20, timedelta(hours=1)  # by one person
# The key is random already: it needs no stretching. The digest tells a number that was altered.
SEALING = "cipher-algo=aes256, compress-algo=0, s2k-mode=1"


@dataclass(frozen=True)
class Shown:
    """What a page may show of a resident: the day of birth, and the tail of the number.

    whole: the number is kept whole, encrypted.
    """

    born_on: date | None
    tail: str | None
    whole: bool


@dataclass(frozen=True)
class Keys:
    """What numbers are hashed and encrypted with; made of the key of the configuration."""

    key: bytes

    def __post_init__(self) -> None:
        if not self.key:
            raise Refusal("identity_key_missing")

    def __repr__(self) -> str:
        return "Keys()"

    def hash_of(self, number: str) -> bytes:
        """What a number is known again by."""
        return self._made("hash", number)

    def seal_of(self, resident_id: int, number_hash: bytes) -> str:
        """The key under which one resident's number is encrypted."""
        return self._made("seal", f"{resident_id} {number_hash.hex()}").hex()

    def _made(self, what: str, of: str) -> bytes:
        return hmac.new(self.key, f"{what} {of}".encode(), hashlib.sha256).digest()


def asked_in(registers: Registers, community_id: int, day: date) -> Identity:
    """What the rules of a community have about birth dates and numbers on a day."""
    path = registers.session.scalar(_PATH, {"community": community_id})
    return rule_packs.in_force(registers.session, path, day).rules.identity


def asked_of(registers: Registers, building_id: int, day: date) -> Identity:
    """The same for the community of a building."""
    community = registers.session.scalar(_COMMUNITY, {"building": building_id})
    return asked_in(registers, int(community or 0), day)


def told_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """The part of what was told of a resident that is kept here."""
    return {name: given[name] for name in TOLD if name in given}


def of_household(registers: Registers, household_id: int) -> dict[int, Shown]:
    """What may be shown of the residents of a household, by resident; the read is the household's."""
    rows = registers.session.execute(_OF_HOUSEHOLD, {"household": household_id})
    return {row.resident_id: Shown(row.born_on, row.number_tail, row.whole) for row in rows}


def keep(registers: Registers, resident_id: int, told: Mapping[str, Any], key: bytes, today: date) -> None:
    """Write down, change or take out a birth date or a number. told: of TOLD, None takes it out.

    Refused with `not_found`, with `birth_date_off` and `id_number_off` where the rules do not have them,
    `born_ahead`, `birth_dates_differ`, and as `id_numbers.clean` refuses.
    """
    if not told:
        return
    seat = registers.session.execute(_SEAT, {"resident": resident_id}).first()
    if seat is None:
        raise Refusal("not_found")
    rules = asked_in(registers, seat.community_id, today)
    wanted = wished(rules, told, today)
    former = registers.session.execute(_FORMER, {"resident": resident_id}).first()
    born = wanted.get("birth_date", former.born_on if former else None)
    number = wanted.get("id_number")
    if born is not None and number is not None and id_numbers.born_on(number) != born:
        raise Refusal("birth_dates_differ")
    row = {"resident": resident_id, "born_on": born, "person": registers.person_id, **seat._mapping}
    row |= {"hash": None, "tail": None, "sealed": None}
    if number is not None:
        row |= _kept(registers, [(resident_id, number)], Keys(key), [rules.exchange_number])[0]
    elif "id_number" not in wanted and former is not None:
        row |= {"hash": former.number_hash, "tail": former.number_tail, "sealed": former.number_sealed}
    registers.session.execute(_KEEP if born or row["hash"] else _FORGET, row)
    facts = {"fields": sorted(told)}
    audit.record(registers.session, registers.person_id, "resident.changed", f"resident {resident_id}", facts)


def wished(rules: Identity, told: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What was told, clean, as far as the rules have it; taking something out is always possible."""
    clean: dict[str, Any] = dict(told)
    if told.get("birth_date") is not None:
        if not rules.birth_date:
            raise Refusal("birth_date_off")
        if told["birth_date"] > today:
            raise Refusal("born_ahead", day=told["birth_date"])
    if told.get("id_number") is not None:
        if not rules.id_number:
            raise Refusal("id_number_off")
        clean["id_number"] = id_numbers.clean(told["id_number"])
        if id_numbers.born_on(clean["id_number"]) > today:
            raise Refusal("id_number_malformed")
    return clean


# --- The whole number ------------------------------------------------------------------------------------


def a_reason(said: str) -> str:
    """Why somebody wants to read whole numbers, as the audit keeps it. Refused with `reason_missing`."""
    why = " ".join(said.split())[:LONGEST_REASON]
    if len(why) < LEAST_REASON:
        raise Refusal("reason_missing", least=LEAST_REASON)
    return why


def resident(registers: Registers, resident_id: int) -> Row[Any]:
    """Whose number it is: id, household_id, name, number_tail; told as a read. Refused with `not_found`."""
    row = registers.session.execute(_WHOSE, {"resident": resident_id}).first()
    if row is None or row.number_tail is None:
        raise Refusal("not_found")
    registers.seen("view", f"resident {resident_id}", [row.household_id])
    return row


def reveal(registers: Registers, resident_id: int, reason: str, key: bytes, now: datetime) -> str:
    """The whole number of a resident for who says why; told in the audit.

    Refused with `not_found`, `reason_missing`, `reveals_too_often`, `number_not_whole` where only its end is
    kept, `number_unreadable` where the key is another one or the row was tampered with.
    """
    why = a_reason(reason)
    asked = {"person": registers.person_id, "since": now - WITHIN}
    if (registers.session.scalar(_REVEALED, asked) or 0) >= MOST_REVEALED:
        raise Refusal("reveals_too_often", most=MOST_REVEALED)
    row = registers.session.execute(_WHOSE, {"resident": resident_id}).first()
    if row is None:
        raise Refusal("not_found")
    if row.number_sealed is None:
        raise Refusal("number_not_whole")
    number = opened(registers, [(resident_id, row.number_hash, row.number_sealed)], Keys(key))[resident_id]
    registers.seen("reveal", f"resident {resident_id}", [row.household_id], {"reason": why})
    return number


def opened(registers: Registers, sealed: Sequence[tuple[int, bytes, bytes]], keys: Keys) -> dict[int, str]:
    """Numbers by resident, each checked against its hash. sealed: resident, hash and what is encrypted.

    Refused with `number_unreadable`.
    """
    if not sealed:
        return {}
    asked = {
        "residents": [one[0] for one in sealed],
        "sealed": [bytes(one[2]) for one in sealed],
        "keys": [keys.seal_of(one[0], bytes(one[1])) for one in sealed],
    }
    try:
        with registers.session.begin_nested():
            rows = registers.session.execute(_OPEN, asked).all()
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != WRONG_KEY:
            raise
        raise Refusal("number_unreadable") from None
    found = {row.resident: str(row.number) for row in rows}
    for resident, number_hash, _ in sealed:
        if not hmac.compare_digest(keys.hash_of(found[resident]), bytes(number_hash)):
            raise Refusal("number_unreadable")
    return found


def _kept(
    registers: Registers, numbers: Sequence[tuple[int, str]], keys: Keys, whole: Iterable[bool]
) -> list[dict[str, Any]]:
    """What is kept of clean numbers, in their order: hash, tail and, where it is kept whole, sealed."""
    made: list[dict[str, Any]] = [
        {"hash": keys.hash_of(number), "tail": number[-id_numbers.TAIL :], "sealed": None}
        for _, number in numbers
    ]
    sealing = [at for at, one in enumerate(whole) if one]
    if sealing:
        asked = {
            "at": sealing,
            "numbers": [numbers[at][1] for at in sealing],
            "keys": [keys.seal_of(numbers[at][0], made[at]["hash"]) for at in sealing],
            "options": SEALING,
        }
        for row in registers.session.execute(_SEAL, asked):
            made[row.at]["sealed"] = row.sealed
    return made


# --- Many at once: files ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Brought:
    """What a file says of one resident, clean, and whether the rules there keep numbers whole."""

    resident_id: int
    building_id: int
    community_id: int
    birth_date: date | None
    id_number: str | None
    whole: bool


def bring_in(registers: Registers, brought: Collection[Brought], key: bytes) -> int:
    """Keep what a file says of residents of whom nothing is kept yet; how many. What is there stays."""
    rows = [one for one in brought if one.birth_date is not None or one.id_number is not None]
    numbered = [one for one in rows if one.id_number is not None]
    made: dict[int, dict[str, Any]] = {}
    if numbered:
        numbers = [(one.resident_id, one.id_number or "") for one in numbered]
        kept = _kept(registers, numbers, Keys(key), [one.whole for one in numbered])
        made = {one.resident_id: values for one, values in zip(numbered, kept, strict=True)}
    nothing = {"hash": None, "tail": None, "sealed": None}
    written = [
        {
            "resident": one.resident_id,
            "building_id": one.building_id,
            "community_id": one.community_id,
            "born_on": one.birth_date,
            "person": registers.person_id,
            **made.get(one.resident_id, nothing),
        }
        for one in rows
    ]
    if written:
        registers.session.execute(_FILL, written)
    return len(rows)


def rules_by_community(registers: Registers, day: date) -> Any:
    """A function from a community's id to what its rules have, each asked once."""
    return cache(lambda community_id: asked_in(registers, community_id, day))


WRONG_KEY = "39000"  # what pgcrypto answers where a key does not fit, or what it opens was altered
_PATH = text("SELECT path::text FROM place WHERE id = :community")
_COMMUNITY = text("SELECT building_community(:building)")
_SEAT = text("SELECT building_id, community_id FROM resident WHERE id = :resident FOR UPDATE")
_FORMER = text("""
    SELECT born_on, number_hash, number_tail, number_sealed FROM identity WHERE resident_id = :resident
""")
_OF_HOUSEHOLD = text("""
    SELECT identity.resident_id, born_on, number_tail, number_sealed IS NOT NULL AS whole
    FROM identity JOIN resident ON resident.id = identity.resident_id
    WHERE resident.household_id = :household
""")
_ROW = """
    INSERT INTO identity (resident_id, building_id, community_id, born_on, number_hash, number_tail,
        number_sealed, entered_by)
    VALUES (:resident, :building_id, :community_id, :born_on, :hash, :tail, :sealed, :person)
    ON CONFLICT (resident_id) DO UPDATE SET """
_KEEP = text(
    _ROW
    + """born_on = EXCLUDED.born_on, number_hash = EXCLUDED.number_hash,
        number_tail = EXCLUDED.number_tail, number_sealed = EXCLUDED.number_sealed,
        entered_by = EXCLUDED.entered_by, entered_at = now()"""
)
# The three of a number go together: of one that is there nothing is written over.
_FILL = text(
    _ROW
    + """born_on = coalesce(identity.born_on, EXCLUDED.born_on),
        number_hash = coalesce(identity.number_hash, EXCLUDED.number_hash),
        number_tail = coalesce(identity.number_tail, EXCLUDED.number_tail),
        number_sealed = CASE WHEN identity.number_hash IS NULL OR identity.number_hash = EXCLUDED.number_hash
            THEN coalesce(identity.number_sealed, EXCLUDED.number_sealed) ELSE identity.number_sealed END"""
)
_FORGET = text("DELETE FROM identity WHERE resident_id = :resident")
_WHOSE = text("""
    SELECT resident.id, resident.household_id, resident.name, number_tail, number_hash, number_sealed
    FROM identity JOIN resident ON resident.id = identity.resident_id WHERE resident.id = :resident
""")
_REVEALED = text("""
    SELECT count(*) FROM audit WHERE person_id = :person AND act = 'registers.reveal' AND at > :since
""")
_SEAL = text("""
    SELECT at, pgp_sym_encrypt(number, key, :options) AS sealed
    FROM unnest(CAST(:at AS int[]), CAST(:numbers AS text[]), CAST(:keys AS text[])) AS told (at, number, key)
""")
_OPEN = text("""
    SELECT resident, pgp_sym_decrypt(sealed, key) AS number
    FROM unnest(CAST(:residents AS bigint[]), CAST(:sealed AS bytea[]), CAST(:keys AS text[]))
        AS told (resident, sealed, key)
""")
