"""Signing in and out, and the persons who may: added, changed, given roles, retired. Every act is audited."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm import Session

from app.errors import Refusal, part
from app.models import Person, Place, Role, SignIn
from app.services import audit, second_factor
from app.services.access import ADMINISTRATOR, ADMINISTRATORS, KINDS, Actor, Grant, require
from app.services.passwords import Passwords, check_new_password, new_password

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written no more often
TEMPORARY = timedelta(hours=72)  # how long a password given by someone else is good for
TOKEN_BYTES = 32

ACCOUNT = re.compile(r"[a-z][a-z0-9.-]{1,31}")
PHONE = re.compile(r"[0-9+() -]{0,30}")
LONGEST_NAME = 80

# Asked by every request: a row for each role that holds, one without where there is none.
WHO = text("""
    SELECT sign_in.id, sign_in.seen_at, person.id AS person_id, person.account, person.name,
        person.password_until, role.kind, place.path::text, EXISTS (
            SELECT FROM second_factor
            WHERE second_factor.person_id = person.id AND second_factor.confirmed_at IS NOT NULL
        ) AS has_second_factor
    FROM sign_in
    JOIN person ON person.id = sign_in.person_id AND person.session_key = sign_in.session_key
    LEFT JOIN role ON role.person_id = person.id AND (role.until IS NULL OR role.until >= :today)
    LEFT JOIN place ON place.id = role.place_id
    WHERE sign_in.token_hash = :token AND sign_in.ended_at IS NULL
        AND sign_in.seen_at > :used AND sign_in.begun_at > :begun AND person.active
    ORDER BY role.id
""")


# --- Sessions --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignedIn:
    """A session that holds: whose it is, and whether an own password is still to be chosen.

    kept_alive: its last use was written just now.
    """

    actor: Actor
    sign_in_id: int
    password_is_given: bool
    kept_alive: bool = False
    has_second_factor: bool = False


@dataclass(frozen=True)
class Kept:
    """What is kept of an account's password; nothing for an account there is not.

    is_given: somebody else gave it, and an own one is to be chosen.
    """

    person_id: int | None = None
    password_hash: str | None = None
    is_given: bool = False


def kept_of(session: Session, account: str, now: datetime) -> Kept:
    """What a password for the account is compared with: nothing where nobody may sign in."""
    person = session.scalar(select(Person).where(Person.account == account.strip().lower(), Person.active))
    if person is None or (person.password_until is not None and person.password_until <= now):
        return Kept()
    return Kept(person.id, person.password_hash, person.password_until is not None)


def begin(session: Session, person_id: int, client: str, now: datetime) -> str:
    """Begin a session; returns its token, which is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    person = session.get_one(Person, person_id)
    session.add(
        SignIn(
            token_hash=_token_hash(token),
            person_id=person.id,
            session_key=person.session_key,
            client=client,
            begun_at=now,
            seen_at=now,
        )
    )
    audit.record(session, person.id, "signed_in", _about(person))
    return token


def signed_in(
    session: Session, token: str, now: datetime, today: date, *, by_hand: bool = True
) -> SignedIn | None:
    """The session a token stands for, while it holds, with the person's roles of today.

    by_hand: whether the person did something just now, and so keeps the session from ending unused.
    """
    asked = {"token": _token_hash(token), "today": today, "used": now - IDLE, "begun": now - ABSOLUTE}
    rows = session.execute(WHO, asked).all()
    if not rows:
        return None
    found = rows[0]
    is_due = by_hand and found.seen_at < now - SEEN_EVERY
    if is_due:
        session.execute(update(SignIn).where(SignIn.id == found.id).values(seen_at=now))
    roles = tuple(Grant(row.kind, row.path) for row in rows if row.kind is not None)
    actor = Actor(found.person_id, found.account, found.name, roles)
    return SignedIn(actor, found.id, found.password_until is not None, is_due, found.has_second_factor)


def actor_of(session: Session, person_id: int, today: date) -> Actor:
    """A person with the roles that hold today."""
    person = session.get_one(Person, person_id)
    held = session.execute(
        select(Role.kind, text("place.path::text"))
        .outerjoin(Place, Place.id == Role.place_id)
        .where(Role.person_id == person_id, or_(Role.until.is_(None), Role.until >= today))
        .order_by(Role.id)
    ).all()
    roles = tuple(Grant(kind, path) for kind, path in held) if person.active else ()
    return Actor(person.id, person.account, person.name, roles)


def end(session: Session, sign_in_id: int, now: datetime) -> None:
    """Sign out."""
    found = session.get_one(SignIn, sign_in_id)
    found.ended_at = now
    audit.record(session, found.person_id, "signed_out", f"person {found.person_id}")


def end_all(session: Session, by: Actor | None, person_id: int, now: datetime) -> None:
    """Sign a person out everywhere."""
    person = session.get_one(Person, person_id)
    _end_sessions(session, person, now)
    audit.record(session, _id(by), "signed_out_everywhere", _about(person))


@dataclass(frozen=True)
class SessionSeen:
    """A session that holds, as its person sees it."""

    id: int
    begun_at: datetime
    seen_at: datetime


def sessions_of(session: Session, person_id: int, now: datetime) -> list[SessionSeen]:
    """The sessions of a person that hold, the latest used first."""
    found = session.scalars(
        select(SignIn)
        .where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.seen_at > now - IDLE,
            SignIn.begun_at > now - ABSOLUTE,
        )
        .order_by(SignIn.seen_at.desc())
    )
    return [SessionSeen(one.id, one.begun_at, one.seen_at) for one in found]


def sign_in_failed(session: Session, person_id: int) -> None:
    """Write down that a wrong password was given for an account there is."""
    audit.record(session, None, "sign_in_failed", f"person {person_id}")


# --- Passwords -------------------------------------------------------------------------------------------


def change_password(
    session: Session, person_id: int, hashing: Passwords, present: str, wanted: str, now: datetime
) -> None:
    """Choose one's own password, knowing the present one. Every session ends; the view begins a new one."""
    prove(session, person_id, hashing, present)
    person = session.get_one(Person, person_id)
    if present == wanted:
        raise Refusal("password_same")
    check_new_password(wanted, person.account, person.name, person.name_pinyin or "")
    person.password_hash, person.password_until = hashing.hashed(wanted), None
    _end_sessions(session, person, now)
    audit.record(session, person.id, "password_changed", _about(person))


def prove(session: Session, person_id: int, hashing: Passwords, password: str) -> None:
    """Hold a password against a person's own, as before something that not every session may do.

    Refused with `password_wrong`; that guessing is slowed down is for who asks.
    """
    if not hashing.fits(password, session.get_one(Person, person_id).password_hash):
        raise Refusal("password_wrong")


def keep_anew(session: Session, person_id: int, hashing: Passwords, password: str) -> None:
    """Keep a password that has just proved right by today's parameters."""
    session.get_one(Person, person_id).password_hash = hashing.hashed(password)


def give_password(
    session: Session,
    by: Actor | None,
    person_id: int,
    hashing: Passwords,
    now: datetime,
    wanted: str | None = None,
) -> str:
    """Give a person a new password, to be changed at the next sign-in; returns it.

    wanted: one that its owner chose, at the command line: it is checked and stays.
    """
    person = _other(session, by, person_id)
    if wanted is not None:
        check_new_password(wanted, person.account, person.name, person.name_pinyin or "")
    given = wanted or new_password()
    person.password_hash = hashing.hashed(given)
    person.password_until = None if wanted is not None else now + TEMPORARY
    _end_sessions(session, person, now)
    audit.record(session, _id(by), "password_given", _about(person))
    return given


# --- Persons ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoleHeld:
    """A role of a person as administrators see it; until: its last day."""

    id: int
    kind: str
    place_code: str | None
    place_name: str | None
    path: str | None
    until: date | None
    holds: bool


@dataclass(frozen=True)
class PersonSeen:
    """A person as administrators see them."""

    id: int
    account: str
    name: str
    name_pinyin: str | None
    office_phone: str | None
    active: bool
    password_is_given: bool
    last_seen: datetime | None
    roles: tuple[RoleHeld, ...]


def people(session: Session, by: Actor, today: date, words: str = "") -> list[PersonSeen]:
    """The persons an administrator keeps, by name: those whose every role lies in his or her places."""
    asked = select(Person).order_by(Person.active.desc(), Person.name.collate("pinyin"), Person.id)
    for word in words.split():
        like = f"%{_escaped(word)}%"
        columns = (Person.account, Person.name, Person.name_pinyin, Person.office_phone)
        asked = asked.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
    found = _seen(session, session.scalars(asked).all(), today)
    return [person for person in found if _is_kept_by(by, person)]


def everybody(session: Session, today: date) -> list[PersonSeen]:
    """All persons by account, for the command line."""
    return _seen(session, session.scalars(select(Person).order_by(Person.account)).all(), today)


def person(session: Session, person_id: int, today: date) -> PersonSeen:
    """One person."""
    return _seen(session, [_known(session, person_id)], today)[0]


def add_person(
    session: Session,
    by: Actor | None,
    account: str,
    name: str,
    *,
    hashing: Passwords,
    now: datetime,
    office_phone: str = "",
    name_pinyin: str = "",
    role: str | None = None,
    place: str | None = None,
    until: date | None = None,
    today: date | None = None,
    password: str | None = None,
) -> tuple[int, str]:
    """Add a person; returns id and password.

    by: None at the command line, where everything is allowed. place: its code; None: the whole deployment.
    password: a chosen one, which stays; without it one is made that must be changed at the first sign-in.
    """
    account = account.strip().lower()
    if not ACCOUNT.fullmatch(account):
        raise Refusal("account_malformed", account=account[:40])
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"account {account}"))))
    if session.scalar(select(Person.id).where(Person.account == account)) is not None:
        raise Refusal("account_taken", account=account)
    added = Person(
        account=account,
        name=_name(name),
        name_pinyin=name_pinyin.strip() or _pinyin(name),
        office_phone=_phone(office_phone),
    )
    if by is not None and role is None:  # whoever has no role is for the whole deployment's administrators
        require(by, ADMINISTRATORS, [None])
    if password is not None:
        check_new_password(password, account, added.name, added.name_pinyin or "")
    given = password or new_password()
    added.password_hash = hashing.hashed(given)
    added.password_until = None if password is not None else now + TEMPORARY
    session.add(added)
    session.flush()
    audit.record(session, _id(by), "person_added", _about(added), {"account": account, "name": added.name})
    if role is not None:
        grant_role(session, by, added.id, role, place, until=until, today=today or now.date())
    return added.id, given


def change_person(
    session: Session,
    by: Actor | None,
    person_id: int,
    *,
    name: str | None = None,
    office_phone: str | None = None,
) -> None:
    """Change what staff see of a person."""
    changed = _known(session, person_id, lock=True)
    before = {"name": changed.name, "office_phone": changed.office_phone}
    if name is not None and name.strip() != changed.name:
        changed.name, changed.name_pinyin = _name(name), _pinyin(name)
    if office_phone is not None:
        changed.office_phone = _phone(office_phone)
    after = {"name": changed.name, "office_phone": changed.office_phone}
    facts = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if facts:
        audit.record(session, _id(by), "person_changed", _about(changed), facts)


def deactivate(session: Session, by: Actor | None, person_id: int, now: datetime) -> None:
    """Retire a person: nobody signs in as them, what they did stays."""
    retired = _other(session, by, person_id)
    _keep_an_administrator(session, retired)
    if not retired.active:
        return
    retired.active = False
    _end_sessions(session, retired, now)
    audit.record(session, _id(by), "person_deactivated", _about(retired))


def reactivate(session: Session, by: Actor | None, person_id: int) -> None:
    """Let a retired person sign in again, with the roles that still hold."""
    back = _other(session, by, person_id)
    if back.active:
        return
    back.active = True
    audit.record(session, _id(by), "person_reactivated", _about(back))


def confirm_second_factor(
    session: Session, person_id: int, said: str, key: bytes, now: datetime, mark: str | None
) -> list[str]:
    """Set it up as `second_factor.confirm` does, and sign the person out everywhere.

    The password alone began their sessions. Whoever confirmed is to be signed in anew.
    """
    codes = second_factor.confirm(session, person_id, said, key, now, mark)
    end_all(session, None, person_id, now)
    return codes


def remove_second_factor(session: Session, by: Actor | None, person_id: int, now: datetime) -> None:
    """Take a person's second factor away, and end their sessions: they set up another."""
    person = _other(session, by, person_id)
    _end_sessions(session, person, now)
    second_factor.remove(session, _id(by), person_id)


def grant_role(
    session: Session,
    by: Actor | None,
    person_id: int,
    kind: str,
    place: str | None,
    *,
    until: date | None,
    today: date,
) -> int:
    """Give a person a role for a place (None: the whole deployment); returns its id.

    An administrator gives roles only within his or her own places, and never to himself or herself.
    """
    granted = _other(session, by, person_id)
    if kind not in KINDS:
        raise Refusal("role_unknown", role=kind[:40], roles=[part("role_kind", kind=kind) for kind in KINDS])
    if place is None and kind != ADMINISTRATOR:
        raise Refusal("role_needs_place", role=kind)
    if until is not None and until < today:
        raise Refusal("role_in_the_past")
    place_id, path = _place(session, place)
    if by is not None:
        require(by, ADMINISTRATORS, [path])
    role = session.scalar(
        select(Role).where(
            Role.person_id == person_id, Role.kind == kind, Role.place_id.is_not_distinct_from(place_id)
        )
    )
    if role is None:
        role = Role(person_id=person_id, kind=kind, place_id=place_id, until=until)
        session.add(role)
    elif role.until == until:
        raise Refusal("role_held", name=granted.name)
    else:
        if until is not None and place is None:
            _keep_an_administrator(session, granted)
        role.until = until
    session.flush()
    facts = {"role": kind, "place": place, "until": until and until.isoformat()}
    audit.record(session, _id(by), "role_granted", _about(granted), facts)
    return role.id


def revoke_role(session: Session, by: Actor | None, person_id: int, role_id: int) -> None:
    """Take a role from a person."""
    revoked_from = _other(session, by, person_id)
    role = session.scalar(select(Role).where(Role.id == role_id, Role.person_id == person_id))
    if role is None:
        raise Refusal("not_found")
    place = session.get(Place, role.place_id) if role.place_id is not None else None
    if by is not None:
        require(by, ADMINISTRATORS, [place.path if place else None])
    if role.kind == ADMINISTRATOR and role.place_id is None:
        _keep_an_administrator(session, revoked_from)
    session.delete(role)
    session.flush()
    facts = {"role": role.kind, "place": place.code if place else None}
    audit.record(session, _id(by), "role_revoked", _about(revoked_from), facts)


def person_id_of(session: Session, account: str) -> int:
    """The person of an account."""
    found = session.scalar(select(Person.id).where(Person.account == account.strip().lower()))
    if found is None:
        raise Refusal("account_unknown", account=account[:40])
    return found


@dataclass(frozen=True)
class PlaceChoice:
    """A place a role may be given for; depth: 1 for a district."""

    code: str
    name: str
    level: str
    depth: int


def places_to_grant(session: Session, by: Actor) -> list[PlaceChoice]:
    """The tree of places an administrator may give roles for."""
    rows = session.execute(
        text("SELECT code, name, level, nlevel(path), path::text FROM place ORDER BY path")
    ).all()
    return [PlaceChoice(*row[:4]) for row in rows if by.covers(ADMINISTRATORS, row[4])]


# --- In common -------------------------------------------------------------------------------------------


def _id(by: Actor | None) -> int | None:
    return by.person_id if by is not None else None


def _known(session: Session, person_id: int, lock: bool = False) -> Person:
    asked = select(Person).where(Person.id == person_id)
    found = session.scalar(asked.with_for_update(key_share=True) if lock else asked)
    if found is None:
        raise Refusal("not_found")
    return found


def _other(session: Session, by: Actor | None, person_id: int) -> Person:
    """A person who is not the administrator himself or herself, locked."""
    if by is not None and by.person_id == person_id:
        raise Refusal("own_rights")
    return _known(session, person_id, lock=True)


def _keep_an_administrator(session: Session, losing: Person) -> None:
    """Refuse to take the last one who administers the whole deployment."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("administrators"))))
    able = (
        select(Role.person_id)
        .join(Person, Person.id == Role.person_id)
        .where(
            Role.kind == ADMINISTRATOR,
            Role.place_id.is_(None),
            Role.until.is_(None),
            Person.active,
            Person.password_hash.is_not(None),
        )
    )
    those = set(session.scalars(able).all())
    if those == {losing.id}:
        raise Refusal("last_administrator", name=losing.name)


def _end_sessions(session: Session, person: Person, now: datetime) -> None:
    person.session_key = secrets.token_urlsafe(16)
    session.execute(
        update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=now)
    )
    session.flush()


def _seen(session: Session, found: Sequence[Person], today: date) -> list[PersonSeen]:
    ids = [person.id for person in found]
    roles: dict[int, list[RoleHeld]] = {one: [] for one in ids}
    asked = (
        select(Role, Place.code, Place.name, text("place.path::text"))
        .outerjoin(Place, Place.id == Role.place_id)
        .where(Role.person_id.in_(ids))
        .order_by(Role.id)
    )
    for role, code, name, path in session.execute(asked):
        holds = role.until is None or role.until >= today
        roles[role.person_id].append(RoleHeld(role.id, role.kind, code, name, path, role.until, holds))
    seen_at = select(SignIn.person_id, func.max(SignIn.seen_at)).where(SignIn.person_id.in_(ids))
    last = dict(session.execute(seen_at.group_by(SignIn.person_id)).all())
    return [
        PersonSeen(
            one.id,
            one.account,
            one.name,
            one.name_pinyin,
            one.office_phone,
            one.active,
            one.password_until is not None,
            last.get(one.id),
            tuple(roles[one.id]),
        )
        for one in found
    ]


def is_kept_by(session: Session, by: Actor, person_id: int, today: date) -> bool:
    """Whether a person is still an administrator's to keep: not after the last role there is revoked."""
    return _is_kept_by(by, person(session, person_id, today))


def _is_kept_by(by: Actor, seen: PersonSeen) -> bool:
    paths = [role.path for role in seen.roles] or [None]
    return all(by.covers(ADMINISTRATORS, path) for path in paths)


def _place(session: Session, code: str | None) -> tuple[int | None, str | None]:
    if code is None:
        return None, None
    row = session.execute(
        text("SELECT id, path::text FROM place WHERE code = :code"), {"code": code}
    ).one_or_none()
    if row is None:
        raise Refusal("place_unknown", place=code[:40])
    return row[0], row[1]


def _name(name: str) -> str:
    name = " ".join(name.split(" ")).strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refusal("person_name_malformed")
    return name


def _phone(phone: str) -> str | None:
    phone = phone.strip()
    if not PHONE.fullmatch(phone):
        raise Refusal("phone_malformed", phone=phone[:40])
    return phone or None


def _pinyin(name: str) -> str | None:
    """How a Chinese name is said, for search; None for a name in letters."""
    if name.isascii():
        return None
    from pypinyin import lazy_pinyin  # a third of a second, and only here

    return " ".join(lazy_pinyin(name.strip()))


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _about(person: Person) -> str:
    return f"person {person.id}"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
