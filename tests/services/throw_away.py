"""A PostGIS cluster for one program, at the head of the migrations, that is gone when it ends."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from app.cluster import DATABASE, SUPERUSER, Cluster, connect, ensure, remove
from app.config import cluster_logins
from app.db import open_engine, upgrade


@contextmanager
def databases(pool_size: int = 5) -> Iterator[Callable[[], Engine]]:
    """Makes empty databases, one for each call, and connects as the app."""
    name = f"gk-check-{os.getpid()}-{secrets.token_hex(4)}"
    made = Cluster(Path("/tmp") / name, throwaway=True)  # noqa: S108 - a socket's path is short
    numbers, opened = count(), []
    try:
        ensure(made)
        upgrade(cluster_logins(made, DATABASE).owner)

        def new_engine() -> Engine:
            name = f"check_{next(numbers)}"
            connection = connect(made, SUPERUSER, "postgres")
            with connection.cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{DATABASE}" OWNER gridkeeper_owner')
            connection.close()
            opened.append(open_engine(cluster_logins(made, name).app, pool_size=pool_size))
            return opened[-1]

        yield new_engine
    finally:
        for engine in opened:
            engine.dispose()
        remove(made)
