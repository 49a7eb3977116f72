"""Settings from the environment, read once at the edge.

DATABASE_URL          another PostGIS server, as its owner; without it the private cluster serves
DATABASE_APP_URL      the same database as the app role; without it the owner steps down to that role
DATABASE_PUBLIC_URL   likewise for the read-only public role

GRIDKEEPER_SECRET_KEY   signs sessions; without it one is made and kept beside the cluster's secrets
GRIDKEEPER_IDENTITY_KEY identity numbers are kept under it, where a rule pack has them; without it one is made
                        and kept beside the cluster's secrets. Changed or lost, no number can be read any more
GRIDKEEPER_HOSTS        host names the site answers to, by commas; 127.0.0.1 and localhost without it
GRIDKEEPER_HTTPS        1 where people come by HTTPS: cookies then travel by nothing else
GRIDKEEPER_PROXIES      how many proxies of ours stand in front, whose X-Forwarded-… are believed; 0
GRIDKEEPER_TIMEZONE     whose days and hours people read; Asia/Shanghai
GRIDKEEPER_SECOND_FACTOR  1: managers and administrators need a second factor, 0: not; 1 where people come by
                        HTTPS, else 0
GRIDKEEPER_UPLOADS      folder of files sent in; `uploads` beside the cluster without it
GRIDKEEPER_EXPORTS      folder of files made to be taken; `exports` beside the cluster without it
GRIDKEEPER_AUDIT_HEADS  file to which the head of the audit's chain is written once a day, best on
                        another machine; `audit-heads` beside the cluster without it
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app import cluster
from app.errors import Refusal

DRIVER = "postgresql+psycopg2"
OWN_HOSTS = ("127.0.0.1", "localhost")
SECRET_KEY_BYTES = 32
MOST_STREAMS = 16  # progress streams open at once in a web process, each on a thread of its own
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Login:
    """How to come into the database. role: stepped down to once inside, None to stay who one is."""

    url: URL
    role: str | None = None


@dataclass(frozen=True)
class Logins:
    """owner: migrations only. app: everything people do. public: reads what anybody may see."""

    owner: Login
    app: Login
    public: Login


@dataclass(frozen=True)
class Hashing:
    """What Argon2id spends on a password: RFC 9106's choice for little memory."""

    time_cost: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


@dataclass(frozen=True)
class Settings:
    """What the web application must know; tests pass their own.

    proxies: how many proxies in front are believed. second_factor: whether managers and administrators sign
    in with a code too. clock: the time now, with its zone.
    """

    logins: Logins
    secret_key: bytes = field(repr=False)
    uploads: Path
    exports: Path
    hosts: tuple[str, ...] = OWN_HOSTS
    https: bool = False
    proxies: int = 0
    timezone: ZoneInfo = SHANGHAI
    hashing: Hashing = Hashing()
    second_factor: bool = False
    identity_key: bytes = field(default=b"", repr=False)  # none: identity numbers are refused
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """What the environment asks for."""
    beside = cluster.own_cluster(environ).folder
    hosts = tuple(name.strip() for name in environ.get("GRIDKEEPER_HOSTS", "").split(",") if name.strip())
    proxies = environ.get("GRIDKEEPER_PROXIES") or "0"
    if not proxies.isdecimal():
        raise Refusal("setting_malformed", setting="GRIDKEEPER_PROXIES", wanted="a number such as 1")
    return Settings(
        logins=logins(environ),
        secret_key=secret_key(environ, beside / "secrets" / "web"),
        uploads=uploads_folder(environ),
        exports=exports_folder(environ),
        hosts=hosts or OWN_HOSTS,
        https=environ.get("GRIDKEEPER_HTTPS", "") not in ("", "0"),
        proxies=int(proxies),
        timezone=timezone(environ),
        identity_key=identity_key(environ),
        second_factor=(environ.get("GRIDKEEPER_SECOND_FACTOR") or environ.get("GRIDKEEPER_HTTPS", ""))
        not in ("", "0"),
    )


def uploads_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where files sent in are kept until they are imported or discarded."""
    return Path(environ.get("GRIDKEEPER_UPLOADS") or cluster.own_cluster(environ).folder / "uploads")


def exports_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where files that were made for somebody wait to be taken, for a day."""
    given = environ.get("GRIDKEEPER_EXPORTS")
    return Path(given or cluster.own_cluster(environ).folder / "exports").absolute()


def audit_heads_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Where heads of the audit's chain are written down, out of the database."""
    return Path(environ.get("GRIDKEEPER_AUDIT_HEADS") or cluster.own_cluster(environ).folder / "audit-heads")


def secret_key(environ: Mapping[str, str], file: Path) -> bytes:
    """The key that signs sessions: the one given, else the one in the file, which is made when missing."""
    return _key(environ, "GRIDKEEPER_SECRET_KEY", file)


def identity_key(environ: Mapping[str, str] = os.environ) -> bytes:
    """The key identity numbers are kept under, found or made likewise."""
    file = cluster.own_cluster(environ).folder / "secrets" / "identity"
    return _key(environ, "GRIDKEEPER_IDENTITY_KEY", file)


def _key(environ: Mapping[str, str], setting: str, file: Path) -> bytes:
    if given := environ.get(setting):
        if len(given) < SECRET_KEY_BYTES:
            wanted = f"at least {SECRET_KEY_BYTES} characters"
            raise Refusal("setting_malformed", setting=setting, wanted=wanted)
        return given.encode()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(secrets.token_urlsafe(SECRET_KEY_BYTES).encode())
        try:
            os.link(new, file)  # the first of several processes wins, and no half-written key is read
        except FileExistsError:
            pass
        finally:
            new.unlink()
        return file.read_bytes()
    except PermissionError:
        raise Refusal("cluster_not_yours", folder=file.parent) from None


def timezone(environ: Mapping[str, str] = os.environ) -> ZoneInfo:
    """Whose days and hours people read."""
    name = environ.get("GRIDKEEPER_TIMEZONE") or "Asia/Shanghai"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        wanted = "a name such as Asia/Shanghai"
        raise Refusal("setting_malformed", setting="GRIDKEEPER_TIMEZONE", wanted=wanted) from None


def logins(environ: Mapping[str, str] = os.environ) -> Logins:
    """The three ways into the database that the environment asks for."""
    if not environ.get("DATABASE_URL"):
        return cluster_logins(cluster.own_cluster(environ))
    owner = _url(environ["DATABASE_URL"])

    def login(variable: str, role: str) -> Login:
        given = environ.get(variable)
        return Login(_url(given)) if given else Login(owner, role)

    return Logins(
        Login(owner), login("DATABASE_APP_URL", cluster.APP), login("DATABASE_PUBLIC_URL", cluster.PUBLIC)
    )


def cluster_logins(where: cluster.Cluster, database: str = cluster.DATABASE) -> Logins:
    """The three ways into a database of our own cluster, over its socket."""

    def login(role: str) -> Login:
        address = {"host": str(where.sockets), "port": str(cluster.PORT)}
        url = URL.create(DRIVER, username=role, password=where.secret(role), database=database, query=address)
        return Login(url)

    return Logins(login(cluster.OWNER), login(cluster.APP), login(cluster.PUBLIC))


def _url(given: str) -> URL:
    """The address as SQLAlchemy wants it. What is wrong with it is not repeated: it holds a password.

    >>> _url("postgres://owner:secret@db.example/gridkeeper").drivername
    'postgresql+psycopg2'
    """
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise Refusal("database_url_malformed") from None
    if url.drivername not in ("postgres", "postgresql", DRIVER) or not url.database:
        raise Refusal("database_url_malformed")
    return url.set(drivername=DRIVER)
