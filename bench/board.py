"""What leaders wait for over HTTP with a million hazards: board, lists, report, heat, files.

    script/bench board [--hazards 1000000] [--grids 3400] [--count 40] [--no-browser] [--no-files] [-o FILE]

The database is that of the environment (GRIDKEEPER_CLUSTER or DATABASE_URL), at the head of the migrations. A
city of squares is made in it once, 30 km wide, with hazards of a year around some hundred middles, two in
five of them open; later runs measure what is there. One process serves; questions are asked one after the
other by a leader of the whole city. Milliseconds are p50 / p95. The browser is a headless Chromium without a
graphics card.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from app import create_app
from app.config import logins
from app.db import open_engine, transaction
from app.services import accounts
from bench.registers import entered
from bench.tiles import _gridkeeper, _served
from tests.browser.chromium import CHROMIUM, FLAGS

CODE = "990900"
WEST, SOUTH, SIDE = 113.0, 36.1, 0.3
AT_ONCE = 100_000
OPEN_SHARE = 0.4
DAYS = 365
LOOK_SECONDS = 0.5


def main() -> None:
    ask = argparse.ArgumentParser(
        prog="script/bench board", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--hazards", type=int, default=1_000_000)
    ask.add_argument("--grids", type=int, default=3_400)
    ask.add_argument("--count", type=int, default=40, help="questions of each kind, fewer of slow ones")
    ask.add_argument("--no-browser", action="store_true", help="leave out the first paint")
    ask.add_argument("--no-files", action="store_true", help="leave out the exports of everything")
    ask.add_argument("-o", "--output", type=Path, help="write the table here too, as Markdown")
    given = ask.parse_args()
    lines = []
    for line in report(given):
        print(line, flush=True)
        lines.append(line)
    if given.output:
        given.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(given: argparse.Namespace) -> Iterator[str]:
    """Make the city where it is not there, and measure, line by line."""
    owner = open_engine(logins().owner, statement_seconds=0)
    with ExitStack() as held:
        database = held.enter_context(owner.connect().execution_options(isolation_level="AUTOCOMMIT"))
        make_city(database, given.hazards, given.grids)
        counts = database.execute(_COUNTS).one()
        cookie = held.enter_context(signed_in(database))
        server = held.enter_context(_served(_gridkeeper, "/health"))
        yield f"{counts.hazards:,} hazards ({counts.open:,} open), {counts.grids:,} grids"
        yield ""
        yield "| what | p50 / p95 ms | kB |"
        yield "|---|---|---|"
        for name, path in questions(database).items():
            yield row(name, *asked(server, path, cookie, given.count))
        if not given.no_files:
            yield sent_file(server, cookie)
            for form in ("xlsx", "gpkg"):
                yield made_file(server, form, cookie)
        if not given.no_browser:
            yield from painted(f"http://{server.host}:{server.port}", cookie)
    owner.dispose()


def questions(database: Connection) -> dict[str, str]:
    """What is asked, by what it is called in the table."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    whole = f"west={WEST}&south={SOUTH}&east={WEST + SIDE}&north={SOUTH + SIDE}"
    ago = {days: today - timedelta(days=days) for days in (1, 100, 130, 200, 230, 364)}
    month = today.replace(day=1) - timedelta(days=1)
    community = f"{CODE}000000"
    heat = f"/api/places/{CODE}/heat"
    return {
        "board of the city, 90 days": f"/board?place={CODE}",
        "board of the city, a year": f"/board?place={CODE}&from={ago[364]}&to={today}",
        "board of a community": f"/board?place={community}",
        "list: open": f"/hazards?place={CODE}&open=1",
        "list: overdue": f"/hazards?place={CODE}&overdue=1",
        "list: overdue, one kind": f"/hazards?place={CODE}&overdue=1&kind=gas",
        "list: closed in a month long ago": f"/hazards?place={CODE}&closed=1&from={ago[230]}&to={ago[200]}",
        "list: due in a month, closed": (
            f"/hazards?place={CODE}&due=1&from={ago[130]}&to={ago[100]}&state=closed"
        ),
        "list: as it stood 100 days ago, overdue": f"/hazards?place={CODE}&overdue=1&at={ago[100]}",
        "monthly report": f"/reports/{CODE}/{month:%Y-%m}",
        "monthly report as PDF": f"/reports/{CODE}/{month:%Y-%m}.pdf",
        "heat: page": f"/heat?place={CODE}",
        "heat: summary": heat,
        "heat: overdue gas": f"{heat}?state=overdue&kind=gas",
        "heat: counts by grid": f"{heat}/areas",
        "heat: counts and hot spots by grid": f"{heat}/areas?spots=true",
        "heat: sites of a spot": f"{heat}/sites?lon={WEST + SIDE / 2}&lat={SOUTH + SIDE / 2}",
        "heat: the view as PDF": f"{heat}/sheet.pdf?{whole}",
    }


def asked(
    server: http.client.HTTPConnection, path: str, cookie: str, count: int
) -> tuple[float, list[float], int]:
    """Milliseconds of the first answer and of those after it, and bytes of one."""
    first, size = _timed(server, path, cookie)
    more = [_timed(server, path, cookie)[0] for _ in range(count if first < 1_000 else max(3, count // 10))]
    return first, more, size


def _timed(server: http.client.HTTPConnection, path: str, cookie: str) -> tuple[float, int]:
    began = time.perf_counter()
    server.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = server.getresponse()
    body = answer.read()
    milliseconds = 1000 * (time.perf_counter() - began)
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} for {path}: {body[:300]!r}")
    return milliseconds, len(body)


def row(name: str, first: float, more: list[float], size: int) -> str:
    ordered = sorted(more)
    p50, p95 = statistics.median(ordered), ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    return f"| {name} (first time {first:,.0f} ms) | {p50:,.0f} / {p95:,.0f} | {size / 1000:,.0f} |"


def sent_file(server: http.client.HTTPConnection, cookie: str) -> str:
    """All hazards as CSV, sent as it is made: until its first bytes, until its last, and how large it is."""
    began = time.perf_counter()
    path = f"/api/places/{CODE}/hazards/export?format=csv&state=all"
    server.request("GET", path, headers={"Cookie": cookie})
    answer = server.getresponse()
    size = len(answer.read(1))
    first = time.perf_counter() - began
    while part := answer.read(1 << 20):
        size += len(part)
    whole = time.perf_counter() - began
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} for {path}")
    return f"| all hazards as csv: first bytes, all | {first:.1f} s, {whole:.1f} s | {size / 1000:,.0f} |"


def made_file(server: http.client.HTTPConnection, form: str, cookie: str) -> str:
    """All hazards as a file that a worker makes: until it is there, its size, and the worker's memory."""
    cookie, token = entered(server, cookie)
    headers = {"Cookie": cookie, "X-CSRFToken": token}
    running = subprocess.Popen(["gridkeeper", "worker"], stderr=subprocess.DEVNULL)
    try:
        began = time.perf_counter()
        told = _said(server, "POST", f"/api/places/{CODE}/hazards/files?format={form}&state=all", headers)
        while told["file"]["state"] in ("queued", "running"):
            time.sleep(LOOK_SECONDS)
            told = _said(server, "GET", f"/api/hazard-files/{told['file']['id']}", headers)
        seconds = time.perf_counter() - began
        if told["file"]["state"] != "done":
            raise RuntimeError(f"no {form} was made: {told['file']}")
        memory = _most_memory(running.pid)
    finally:
        running.terminate()
        running.wait()
    name = f"all hazards as {form}, made by a worker with at most {memory:,.0f} MB"
    return f"| {name} | {seconds:.0f} s | {told['file']['bytes'] / 1000:,.0f} |"


def _said(server: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str]) -> Any:
    server.request(method, path, headers=headers)
    answer = server.getresponse()
    body = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{answer.status} for {path}: {body[:300]!r}")
    return json.loads(body)


def _most_memory(process: int) -> float:
    """The most memory a process ever had, in MB, its children's left out."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1000


def painted(address: str, cookie: str) -> Iterator[str]:
    """The page of heat in a browser that has seen nothing yet: first paint, and until all is drawn."""
    from playwright.sync_api import sync_playwright

    name, _, value = cookie.partition("=")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for again in ("first visit", "next visit"):
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": address}])
            page = context.new_page()
            began = time.perf_counter()
            page.goto(f"{address}/heat?place={CODE}")
            page.wait_for_selector('body[data-map="idle"]', timeout=120_000)
            drawn = 1000 * (time.perf_counter() - began)
            paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            yield f"| heat in a browser, {again}: first paint, all drawn | {paint:,.0f}, {drawn:,.0f} | |"
            context.close()
        chromium.close()


@contextmanager
def signed_in(database: Connection) -> Iterator[str]:
    """The cookie of a leader of the city who may do nothing any more when the run ends."""
    app = create_app()
    person = database.execute(
        text("""
            INSERT INTO person (account, name) VALUES ('benchmark', 'Benchmark')
            ON CONFLICT (account) DO UPDATE SET active = true RETURNING id
        """)
    ).scalar_one()
    database.execute(
        text("""
            INSERT INTO role (person_id, kind, place_id)
            SELECT :id, 'leader', id FROM place WHERE code = :c
            ON CONFLICT DO NOTHING  -- a run cut off could not take it away
        """),
        {"id": person, "c": CODE},
    )
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


def make_city(database: Connection, hazards: int, grids: int) -> None:
    """The city and its hazards, as far as they are not there."""
    side = round(grids**0.5)
    made = {"c": CODE, "west": WEST, "south": SOUTH, "step": SIDE / side, "side": side}
    if not database.scalar(text("SELECT EXISTS (SELECT FROM place WHERE code = :c)"), {"c": CODE}):
        with database.engine.begin() as whole:
            for question in _CITY:
                whole.execute(text(question), made)
    there = database.scalar(text("SELECT count(*) FROM hazard")) or 0
    database.execute(text("SELECT setseed(0.1)"))
    for first in range(there, hazards, AT_ONCE):
        database.execute(
            _HAZARDS,
            {**made, "n": min(AT_ONCE, hazards - first), "days": DAYS, "open": OPEN_SHARE, "wide": SIDE},
        )
    if there >= hazards and not database.scalar(
        text("SELECT EXISTS (SELECT FROM hazard_tally WHERE is_fresh)")
    ):
        return
    database.execute(text("SELECT settle_hazard_tally()"))
    for table in ("hazard", "hazard_tally", "grid", "plot", "tessellation_plot", "grid_plot", "place"):
        database.execute(text(f"VACUUM ANALYZE {table}"))


_BOX = """ST_ReducePrecision(ST_MakeEnvelope(
    :west + ({x0}) * :step, :south + ({y0}) * :step,
    :west + ({x1}) * :step, :south + ({y1}) * :step, 4326), 1e-8)"""
_WHOLE = _BOX.format(x0="0", y0="0", x1=":side", y1=":side")
_ROW = _BOX.format(x0="0", y0="y", x1=":side", y1="y + 1")
_SQUARE = _BOX.format(x0="x", y0="y", x1="x + 1", y1="y + 1")
# A community is a row of squares, ten rows are a subdistrict; a grid is one plot.
_CITY = (
    f"""
    INSERT INTO place (level, code, name, path, srid, outline)
    SELECT 'district', :c, '测量城', CAST(:c AS ltree), 4546, ST_Multi({_WHOLE})
    """,
    f"""
    INSERT INTO place (level, code, name, path, srid, outline)
    SELECT 'subdistrict', :c || lpad(s::text, 3, '0'), '街道' || s,
        text2ltree(:c || '.' || :c || lpad(s::text, 3, '0')), 4546,
        ST_Multi({_BOX.format(x0="0", y0="s * 10", x1=":side", y1="least(s * 10 + 10, :side)")})
    FROM generate_series(0, (:side - 1) / 10) AS s
    """,  # noqa: S608 (constants)
    f"""
    INSERT INTO place (level, code, name, path, srid, outline)
    SELECT 'community', above.code || lpad(y::text, 3, '0'), '社区' || y,
        above.path || text2ltree(above.code || lpad(y::text, 3, '0')), 4546, ST_Multi({_ROW})
    FROM generate_series(0, :side - 1) AS y
    JOIN place AS above ON above.code = :c || lpad((y / 10)::text, 3, '0')
    """,  # noqa: S608 (constants)
    "INSERT INTO tessellation (place_id, version) SELECT id, 1 FROM place WHERE code = :c",
    """
    INSERT INTO plan (place_id, tessellation_id, name, target, least, most)
    SELECT place.id, tessellation.id, 'measured', 300, 270, 330
    FROM place JOIN tessellation ON place_id = place.id WHERE code = :c
    """,
    f"""
    INSERT INTO grid (plan_id, community_id, code, outline, households, buildings, area_m2)
    SELECT plan.id, place.id, place.code || lpad((x + 1)::text, 3, '0'), ST_Multi({_SQUARE}), 300, 1, 200000
    FROM generate_series(0, :side - 1) AS y CROSS JOIN generate_series(0, :side - 1) AS x
    JOIN place ON place.code = :c || lpad((y / 10)::text, 3, '0') || lpad(y::text, 3, '0')
    JOIN plan ON plan.place_id = (SELECT id FROM place WHERE code = :c)
    """,  # noqa: S608 (constants)
    f"""
    INSERT INTO plot (community_id, geometry, area_m2, perimeter_m)
    SELECT place.id, {_SQUARE}, 200000, 1800
    FROM generate_series(0, :side - 1) AS y CROSS JOIN generate_series(0, :side - 1) AS x
    JOIN place ON place.code = :c || lpad((y / 10)::text, 3, '0') || lpad(y::text, 3, '0')
    """,  # noqa: S608 (constants)
    """
    INSERT INTO tessellation_plot (tessellation_id, plot_id, households, buildings)
    SELECT plan.tessellation_id, plot.id, 300, 1 FROM plot
    JOIN place ON place.id = plot.community_id AND place.code LIKE :c || '%'
    JOIN plan ON plan.place_id = (SELECT id FROM place WHERE code = :c)
    """,
    """
    INSERT INTO grid_plot (plan_id, plot_id, grid_id, tessellation_id, community_id)
    SELECT grid.plan_id, plot.id, grid.id, plan.tessellation_id, plot.community_id
    FROM plot JOIN grid ON grid.community_id = plot.community_id
        AND ST_Covers(grid.outline, ST_Centroid(plot.geometry))
    JOIN plan ON plan.id = grid.plan_id AND plan.place_id = (SELECT id FROM place WHERE code = :c)
    """,
    """
    UPDATE plan SET state = 'published', published_at = now()
    WHERE place_id = (SELECT id FROM place WHERE code = :c)
    """,
)
# Around 400 middles that lie as if by chance, a few kilometres wide each.
_HAZARDS = text("""
    WITH chosen AS MATERIALIZED (
        SELECT floor(400 * random()) AS m, 0.006 * sqrt(-2 * ln(1 - random())) AS far,
            2 * pi() * random() AS turn, random() AS age, random() < :open AS is_open, random() AS took,
            (ARRAY['gas', 'fire', 'electric', 'noise'])[1 + floor(4 * random())::int] AS kind,
            1 + floor(3 * random() ^ 2)::int AS severity
        FROM generate_series(1, :n)
    ),
    drawn AS MATERIALIZED (
        SELECT *, now() - make_interval(secs => 86400 * :days * age) AS reported_at,
            least(:wide - 1e-6, greatest(1e-6,
                :wide * mod((m * 0.6180339)::numeric, 1) + far * cos(turn))) AS x,
            least(:wide - 1e-6, greatest(1e-6,
                :wide * mod((m * 0.7548776)::numeric, 1) + far * sin(turn))) AS y
        FROM chosen
    )
    INSERT INTO hazard (community_id, grid_code, position, kind, severity, origin, reported_at, state,
        state_since, due_at, closed_at)
    SELECT grid.community_id, grid.code,
        ST_ReducePrecision(ST_SetSRID(ST_MakePoint(:west + x, :south + y), 4326), 1e-8),
        drawn.kind, severity, 'import', reported_at, CASE WHEN is_open THEN 'handling' ELSE 'closed' END,
        reported_at, reported_at + interval '5 days',
        CASE WHEN NOT is_open THEN least(now(), reported_at + took * interval '9 days') END
    FROM drawn
    JOIN grid ON grid.code = :c || lpad((floor(y / :step)::int / 10)::text, 3, '0')
        || lpad(floor(y / :step)::int::text, 3, '0') || lpad((1 + floor(x / :step)::int)::text, 3, '0')
""")
_COUNTS = text("""
    SELECT count(*) AS hazards, count(*) FILTER (WHERE closed_at IS NULL) AS open,
        (SELECT count(*) FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published') AS grids
    FROM hazard
""")


if __name__ == "__main__":
    main()
