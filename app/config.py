"""Settings from the environment, read once at the edge.

DATABASE_URL          another PostGIS server, as its owner; without it the private cluster serves
DATABASE_APP_URL      the same database as the app role; without it the owner steps down to that role
DATABASE_PUBLIC_URL   likewise for the read-only public role
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app import cluster
from app.errors import Refusal

DRIVER = "postgresql+psycopg2"


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
