"""Tiles of one database through Gridkeeper and through tipg, in one run.

    script/bench tiles [--place CODE] [--count 30] [-o FIGURES.md]

The database is that of the environment (GRIDKEEPER_CLUSTER or DATABASE_URL); the place must have a plan in
force. Both servers are started on loopback, asked for the same tiles one after the other, and ended. Tiles
lie at random over the place. Ours are asked for cold (nothing kept) and kept; tipg keeps nothing. tipg has no
plans, no rights and one table in a tile: what stands in one of our plan tiles is several of its tiles (grids;
from z14 plots and buildings too), whose times and bytes are added up. Milliseconds are p50 / p95, bytes the
largest tile as sent (gzip).
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from math import asinh, floor, pi, radians, tan
from pathlib import Path

from sqlalchemy import Connection, text

from app import create_app
from app.config import logins
from app.db import open_engine, transaction
from app.services import accounts
from app.services.tile_layers import FULL_FROM

ZOOMS = range(10, 18)
NEAR = 14  # from here plots and buildings are drawn
START_SECONDS = 60
MOST_FEATURES = "20000"


@dataclass(frozen=True)
class Asked:
    """What is measured: a place, its plan in force, and points at random in it."""

    code: str
    place_id: int
    plan_id: int
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class Answer:
    """How long an answer took and how many bytes came."""

    ms: float
    size: int


def main() -> None:
    ask = argparse.ArgumentParser(
        prog="script/bench tiles", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    ask.add_argument("--place", help="code of the place; default: the one with most grids in force")
    ask.add_argument("--count", type=int, default=30, choices=range(1, 201), metavar="1–200", help="per zoom")
    ask.add_argument("-o", "--output", type=Path, help="write the table here too, as Markdown")
    given = ask.parse_args()
    lines = list(_report(given.place, given.count))
    if given.output:
        given.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _report(code: str | None, count: int) -> Iterator[str]:
    owner = open_engine(logins().owner, statement_seconds=0)
    with ExitStack() as held:
        database = held.enter_context(owner.connect().execution_options(isolation_level="AUTOCOMMIT"))
        wanted = _asked(database, code, count)
        cookie = held.enter_context(_signed_in(database))
        ours = held.enter_context(_served(_gridkeeper, "/health"))
        peer = held.enter_context(_served(_tipg, "/healthz"))
        what = ["zoom", "tiles", "ground cold", "ground kept", "plan cold", "plan kept", "unchanged", "tipg"]
        head = [*what, "tipg ÷ cold", "tipg ÷ kept", "ground KB", "plan KB", "tipg KB"]
        yield from _say(_row(head), _row(["---"] * len(head)))
        for z in ZOOMS:
            yield from _say(_row(_zoom(database, wanted, z, ours, peer, cookie)))
    owner.dispose()


def _asked(database: Connection, code: str | None, count: int) -> Asked:
    row = database.execute(
        text("""
            SELECT place.code, place.id, plan.id AS plan_id
            FROM plan JOIN place ON place.id = plan.place_id
            WHERE plan.state = 'published' AND place.code = coalesce(:code, place.code)
            ORDER BY (SELECT count(*) FROM grid WHERE plan_id = plan.id) DESC LIMIT 1
        """),
        {"code": code},
    ).first()
    if row is None:
        sys.exit(
            "bench: there is no plan in force to draw; run `gridkeeper demo`, or import and publish one."
        )
    points = database.execute(
        text("""
            SELECT ST_X(dump.geom) AS lon, ST_Y(dump.geom) AS lat
            FROM place, ST_Dump(ST_GeneratePoints(outline, :count, 1)) AS dump WHERE id = :id
        """),
        {"id": row.id, "count": count},
    ).all()
    return Asked(row.code, row.id, row.plan_id, [(point.lon, point.lat) for point in points])


def _zoom(
    database: Connection, asked: Asked, z: int, ours: http.client.HTTPConnection,
    peer: http.client.HTTPConnection, cookie: str,
) -> list[str]:  # fmt: skip
    addresses = [_tile(z, *point) for point in asked.points]
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
    cold: dict[str, list[Answer]] = {}
    kept: dict[str, list[Answer]] = {}
    unchanged, other = [], []
    for address in addresses:
        for kind in ("ground", "plan"):
            source = f"ground/{asked.code}" if kind == "ground" else f"plan/{asked.plan_id}"
            path = f"/tiles/{source}/1/{address}.mvt"
            database.execute(text("DELETE FROM tile"))
            cold.setdefault(kind, []).append(_get(ours, path, headers)[0])
            answer, mark = _get(ours, path, headers)
            kept.setdefault(kind, []).append(answer)
            unchanged.append(_get(ours, path, {**headers, "If-None-Match": mark})[0])
        parts = [_get(peer, path, {"Accept-Encoding": "gzip"})[0] for path in _peer_paths(asked, z, address)]
        other.append(Answer(sum(part.ms for part in parts), sum(part.size for part in parts)))
    return [
        f"z{z}",
        str(len(set(addresses))),
        *(_times(answers) for kind in ("ground", "plan") for answers in (cold[kind], kept[kind])),
        _times(unchanged),
        _times(other),
        *(f"{_percentile(other, 50) / _percentile(times['plan'], 50):.1f}" for times in (cold, kept)),
        *(f"{max(answer.size for answer in answers) / 1000:.0f}" for answers in (*cold.values(), other)),
    ]


def _peer_paths(asked: Asked, z: int, address: str) -> Iterator[str]:
    tables = {"grid": f"plan_id={asked.plan_id}&geom-column=outline&properties=id,code,households"}
    if z >= NEAR:
        told = "id,code,name,name_pinyin,kind,households" if z >= FULL_FROM else "id"
        tables["plot"] = "properties=id"
        tables["building"] = f"place_id={asked.place_id}&geom-column=geometry&properties={told}"
    for table, more in tables.items():
        where = f"/collections/public.{table}/tiles/WebMercatorQuad/{address}"
        yield f"{where}?limit={MOST_FEATURES}&{more}"


def _tile(z: int, lon: float, lat: float) -> str:
    row = (1 - asinh(tan(radians(lat))) / pi) / 2
    return f"{z}/{floor((lon + 180) / 360 * 2**z)}/{floor(row * 2**z)}"


def _get(server: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> tuple[Answer, str]:
    began = time.perf_counter()
    server.request("GET", path, headers=headers)
    answer = server.getresponse()
    body = answer.read()
    ms = 1000 * (time.perf_counter() - began)
    if answer.status not in (200, 204, 304):
        raise RuntimeError(f"{answer.status} for {path}: {body[:300]!r}")
    return Answer(ms, len(body)), answer.headers.get("ETag", "")


# --- Servers ---------------------------------------------------------------------------------------------


@contextmanager
def _signed_in(database: Connection) -> Iterator[str]:
    """The cookie of an administrator who may do nothing any more when the run ends."""
    app = create_app()
    person = database.execute(
        text("""
            INSERT INTO person (account, name) VALUES ('benchmark', 'Benchmark')
            ON CONFLICT (account) DO UPDATE SET active = true RETURNING id
        """)
    ).scalar_one()
    database.execute(text("INSERT INTO role (person_id, kind) VALUES (:id, 'administrator')"), {"id": person})
    try:
        with transaction(app.extensions["engine"]) as session:
            token = accounts.begin(session, person, "bench", datetime.now(UTC))
        signer = app.session_interface.get_signing_serializer(app)
        yield f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token})}"
    finally:
        database.execute(text("DELETE FROM sign_in WHERE person_id = :id"), {"id": person})
        database.execute(text("DELETE FROM role WHERE person_id = :id"), {"id": person})
        database.execute(text("UPDATE person SET active = false WHERE id = :id"), {"id": person})
        app.extensions["engine"].dispose()


def _gridkeeper(port: int) -> tuple[list[str], dict[str, str]]:
    return ["gridkeeper", "serve", "--no-worker", "--port", str(port)], {}


def _tipg(port: int) -> tuple[list[str], dict[str, str]]:
    settings = {
        "TIPG_MAX_FEATURES_PER_TILE": MOST_FEATURES,
        "TIPG_TILE_BUFFER": "64",
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
        "TIPG_DEFAULT_FEATURES_LIMIT": MOST_FEATURES,
        "TIPG_MAX_FEATURES_PER_QUERY": MOST_FEATURES,
    }
    return [sys.executable, "-m", "bench.tipg_server", str(port)], settings


@contextmanager
def _served(command, health: str) -> Iterator[http.client.HTTPConnection]:
    """A server on loopback, asked until it answers, and ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words, settings = command(port)
    running = subprocess.Popen(words, env={**os.environ, **settings}, stderr=subprocess.DEVNULL)
    try:
        server = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        _wait(running, server, health)
        yield server
        server.close()
    finally:
        running.terminate()
        running.wait(START_SECONDS)


def _wait(running: subprocess.Popen[bytes], server: http.client.HTTPConnection, health: str) -> None:
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS and running.poll() is None:
        try:
            server.request("GET", health)
            answer = server.getresponse()
            answer.read()
            if answer.status == 200:
                return
        except OSError:
            server.close()
        time.sleep(0.2)
    raise RuntimeError(f"{running.args[0]} does not answer")


# --- Tables ----------------------------------------------------------------------------------------------


def _times(answers: list[Answer]) -> str:
    return f"{_percentile(answers, 50):.0f} / {_percentile(answers, 95):.0f}"


def _percentile(answers: list[Answer], share: int) -> float:
    times = sorted(answer.ms for answer in answers)
    return times[min(len(times) - 1, len(times) * share // 100)]


def _say(*lines: str) -> Iterator[str]:
    for line in lines:
        print(line, flush=True)
        yield line


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
