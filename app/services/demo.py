"""The demo: an invented district imported, divided and published, with staff, people and four accounts."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Duty, Person, Role
from app.services import accounts
from app.services.demo_hazards import invent_hazards
from app.services.demo_registers import HOUSEHOLDS, invent_registers
from app.services.demo_station import invent_stations
from app.services.latin import latin
from app.services.passwords import Passwords, new_password

if TYPE_CHECKING:  # the engine takes a second to load; told again, the demo does without
    from app.services.splitting import Transactions

CODE, NAME = "140499", "锦原区"  # a county-level code that is not in use
COMMUNITIES, SEED = 10, 1
TARGET, TOLERANCE = 300, 0.10
VACANT_EVERY = 25  # one grid in so many has no coordinator
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红春梅建国志文婷雪慧宁晨浩宇欣怡佳琪子涵海燕晓东"
Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Account:
    """A person to sign in as. where: name of the place, empty for the whole deployment."""

    account: str
    role: str
    where: str
    password: str


@dataclass(frozen=True)
class Demo:
    """What there is to see. made: whether anything was missing."""

    place: str
    plan_id: int
    grids: int
    vacant: int
    accounts: list[Account]
    made: bool


def make_demo(
    transactions: Transactions,
    kept_in: Path,
    hashing: Passwords,
    now: datetime,
    *,
    communities: int = COMMUNITIES,
    seed: int = SEED,
    households: int = HOUSEHOLDS,
    hazards: int | None = None,
    workers: int = 1,
    progress: Tell = lambda step, share: None,
) -> Demo:
    """Make what is missing of the demo, and tell what is there.

    households: how many are registered, with invented people. hazards: how many; three per hundred
        households where not given. now: in the zone of the city.
    kept_in: the file, readable by us alone, that keeps the generated passwords, so that they can be told
        again.
    """
    with transactions() as session:
        there, plan_id = _standing(session)
        if not there:
            _refuse_among_others(session, kept_in)
    made = plan_id is None
    if not there:
        _import(transactions, communities, seed, workers, progress)
    if plan_id is None:
        plan_id = _divide(transactions, seed, workers, progress)
    with transactions() as session:
        told = _accounts(session, plan_id, kept_in, hashing, now)
        _staff(session, plan_id, seed, now)
    progress("Inventing people", 0.96)
    with transactions() as session:
        invent_registers(session, CODE, households, seed, now)
        invent_hazards(session, CODE, seed, now, hazards)
        invent_stations(session, CODE, seed, now)
        grids, vacant = session.execute(_STAFFED, {"plan": plan_id, "now": now}).one()
    return Demo(f"{NAME} ({CODE})", plan_id, grids, vacant, told, made)


_STAFFED = text("""
    SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
        SELECT FROM duty
        WHERE grid_id = grid.id AND duty.kind = 'primary' AND during @> CAST(:now AS timestamptz)
    )) FROM grid WHERE plan_id = :plan
""")


def _standing(session: Session) -> tuple[bool, int | None]:
    """Whether the district is imported, and its plan in force."""
    row = session.execute(
        text("""
            SELECT EXISTS (SELECT FROM tessellation WHERE place_id = place.id) AS there, plan.id AS plan
            FROM place LEFT JOIN plan ON plan.place_id = place.id AND plan.state = 'published'
            WHERE place.code = :code
        """),
        {"code": CODE},
    ).first()
    return (False, None) if row is None else (row.there, row.plan)


def _import(transactions: Transactions, communities: int, seed: int, workers: int, progress: Tell) -> None:
    """Through the same door as a city's own file."""
    import geodata
    from app.geo.readers import read_district
    from app.services.importing import NewPlace, cut_ground, store_district

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "demo.gpkg"
        progress("Inventing a district", 0.0)
        geodata.write(geodata.district(communities, seed), file)
        progress("Reading", 0.25)
        district = read_district(file)
    ground = cut_ground(
        district, CODE, workers=workers, progress=lambda share: progress("Cutting plots", 0.3 + 0.4 * share)
    )
    with transactions() as session:
        store_district(session, ground, NewPlace(CODE, NAME))


def _divide(transactions: Transactions, seed: int, workers: int, progress: Tell) -> int:
    from app.geo.plots import Band
    from app.services.publishing import publish
    from app.services.splitting import split_place

    plan_id = split_place(
        transactions,
        CODE,
        Band.around(TARGET, TOLERANCE),
        seed,
        workers=workers,
        progress=lambda share: progress("Dividing", 0.7 + 0.25 * share),
    )
    with transactions() as session:
        publish(session, plan_id, 1)
    return plan_id


# --- Accounts --------------------------------------------------------------------------------------------


def _accounts(
    session: Session, plan_id: int, kept_in: Path, hashing: Passwords, now: datetime
) -> list[Account]:
    """The four to sign in with; one whose password is not known any more gets a new one."""
    community = session.execute(
        text("""
            SELECT place.code, place.name FROM grid JOIN place ON place.id = grid.community_id
            WHERE plan_id = :plan ORDER BY grid.code LIMIT 1
        """),
        {"plan": plan_id},
    ).one()
    wanted = [
        ("administrator", "系统管理员", None, ""),
        ("manager", "网格管理员", CODE, NAME),
        ("coordinator", "林晓", community.code, community.name),
        ("leader", "分管领导", CODE, NAME),
    ]
    kept = _kept(kept_in)
    told = []
    for account, name, place, where in wanted:
        found = session.execute(
            text("SELECT id, password_hash IS NOT NULL AS open FROM person WHERE account = :account"),
            {"account": account},
        ).first()
        password = kept.get(account) or new_password()
        if found is None:
            accounts.add_person(
                session, None, account, name,
                hashing=hashing, now=now, role=account, place=place, password=password,
            )  # fmt: skip
        elif account not in kept:
            accounts.give_password(session, None, found.id, hashing, now, wanted=password)
        told.append(Account(account, account, where, password))
    _keep(kept_in, {one.account: one.password for one in told})
    return told


def _refuse_among_others(session: Session, kept_in: Path) -> None:
    """Somebody's real account of the same name must not become the demo's."""
    names = sorted({"administrator", "manager", "coordinator", "leader"} - set(_kept(kept_in)))
    taken = session.scalar(
        text("SELECT min(account) FROM person WHERE account = ANY(:names)"), {"names": names}
    )
    if taken is not None:
        raise Refusal("demo_account_taken", account=taken)


def _kept(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(account): str(password) for account, password in found.items()}


def _keep(file: Path, passwords: dict[str, str]) -> None:
    file.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        os.fchmod(opened.fileno(), 0o600)
        json.dump(passwords, opened, indent=1)


# --- Staff -----------------------------------------------------------------------------------------------


def _staff(session: Session, plan_id: int, seed: int, now: datetime) -> None:
    """A coordinator for every grid but a few, whose last one left some weeks ago; none of them signs in."""
    grids = session.execute(
        text("SELECT id, community_id FROM grid WHERE plan_id = :plan ORDER BY code"), {"plan": plan_id}
    ).all()
    if session.scalar(text("SELECT EXISTS (SELECT FROM person WHERE account = 'coordinator-001')")):
        return  # whoever answers for what by now
    from sqlalchemy.dialects.postgresql import Range

    rng = np.random.default_rng(seed)
    first = accounts.person_id_of(session, "coordinator")
    people = [_coordinator(number, rng) for number in range(1, len(grids) + 1)]
    session.add_all(people)
    session.flush()
    session.add_all(
        Role(person_id=person.id, kind="coordinator", place_id=grid.community_id)
        for person, grid in zip(people, grids, strict=True)
    )
    for number, (person, grid) in enumerate(zip(people, grids, strict=True)):
        begun = now - timedelta(days=int(rng.integers(200, 900)))
        left = number % VACANT_EVERY == VACANT_EVERY // 2
        until = now - timedelta(days=int(rng.integers(5, 60))) if left else None
        who = first if number < 2 else person.id
        session.add(Duty(grid_id=grid.id, person_id=who, kind="primary", during=Range(begun, until)))
    session.flush()


def _coordinator(number: int, rng: np.random.Generator) -> Person:
    given = "".join(rng.choice(list(GIVEN), size=int(rng.integers(1, 3))))
    surname = str(rng.choice(list(SURNAMES)))
    pinyin = f"{latin(surname).pinyin} {latin(given).pinyin}"
    return Person(account=f"coordinator-{number:03d}", name=f"{surname}{given}", name_pinyin=pinyin)
